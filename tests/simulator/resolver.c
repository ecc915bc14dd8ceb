/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolver.c: names.c, by RFC 1035 and RFC 8484, and not by what it is there to test.  Its faults are on RESOLVER_PATH. */
#include "tests/simulator/resolver.h"

#include <arpa/inet.h>
#include <string.h>

#include "tests/simulator/fault.h"
#include "tests/simulator/names.h"
#include "tests/simulator/request.h"

#define TYPE "application/dns-message"

enum { HEADER = 12, A = 1, CNAME = 5, AAAA = 28, INTERNET = 1, NO_SUCH_NAME = 3, ANSWERS = 0x8180, SECONDS = 60 };

static void
add_16 (GByteArray *to, guint value)
{
  guint8 bytes[] = { (guint8) (value >> 8), (guint8) value };

  g_byte_array_append (to, bytes, sizeof bytes);
}

static void
add_name (GByteArray *to, const char *name)
{
  g_auto (GStrv) labels = g_strsplit (name, ".", -1);

  for (guint i = 0; labels[i] != NULL; i++)
    {
      guint8 length = (guint8) strlen (labels[i]);

      g_byte_array_append (to, &length, 1);
      g_byte_array_append (to, (const guint8 *) labels[i], length);
    }
  g_byte_array_append (to, (const guint8 *) "", 1);
}

static void
add_record (GByteArray *to, guint *n, const char *owner, guint type, const guint8 *data, gsize length)
{
  add_name (to, owner);
  add_16 (to, type);
  add_16 (to, INTERNET);
  add_16 (to, 0);
  add_16 (to, SECONDS);
  add_16 (to, (guint) length);
  g_byte_array_append (to, data, (guint) length);
  ++*n;
}

static void
add_alias (GByteArray *to, guint *n, const char *owner, const char *target)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  add_name (data, target);
  add_record (to, n, owner, CNAME, data->data, data->len);
}

static void
add_address (GByteArray *to, guint *n, const char *owner, guint type, const char *text)
{
  guint8 bytes[16];

  if (text != NULL && inet_pton (type == A ? AF_INET : AF_INET6, text, bytes) == 1)
    add_record (to, n, owner, type, bytes, type == A ? 4 : 16);
}

/* The one name of a question in dotted small letters, its type, and where it ends; or NULL. */
static char *
read_question (const guint8 *bytes, gsize length, guint *type, gsize *end)
{
  g_autoptr (GString) name = g_string_new (NULL);
  gsize at = HEADER;

  if (length < HEADER || (bytes[2] & 0x80) != 0 || bytes[4] != 0 || bytes[5] != 1)
    return NULL;
  for (; at < length && bytes[at] != 0; at += 1 + (gsize) bytes[at])
    {
      if (bytes[at] > 63 || at + bytes[at] >= length)
        return NULL;
      g_string_append_printf (name, "%s%.*s", name->len > 0 ? "." : "", bytes[at], (const char *) bytes + at + 1);
    }
  if (at + 5 > length)
    return NULL;
  *type = (guint) bytes[at + 1] << 8 | bytes[at + 2];
  *end = at + 5;
  return g_ascii_strdown (name->str, -1);
}

static gboolean
has_fault (const char *name)
{
  return fault_is_on (name, RESOLVER_PATH, NULL);
}

static gboolean
add_answers (GByteArray *to, guint *n, const char *name, guint type)
{
  const KnownName *known;

  if (has_fault ("dns-no-name"))
    return FALSE;
  if (has_fault ("dns-loop"))
    {
      add_alias (to, n, name, "loop.example");
      add_alias (to, n, "loop.example", name);
      return TRUE;
    }
  if (has_fault ("dns-private") || has_fault ("dns-mixed"))
    {
      if (has_fault ("dns-mixed"))
        add_address (to, n, name, type, type == A ? "198.51.100.20" : "2001:db8:ff::120");
      add_address (to, n, name, type, type == A ? "10.10.0.3" : "fd00::3");
      return TRUE;
    }
  known = names_find (name);
  if (known == NULL)
    return FALSE;
  if (known->alias != NULL)
    {
      add_alias (to, n, name, known->alias);
      return add_answers (to, n, known->alias, type);
    }
  add_address (to, n, name, type, type == A ? known->address4 : type == AAAA ? known->address6 : NULL);
  return TRUE;
}

/* NULL if that is no question. */
static GBytes *
answer_question (const guint8 *question, gsize length)
{
  static const char nonsense[] = "These are no records, but they are long enough to be taken for some.";
  g_autoptr (GByteArray) records = g_byte_array_new (), answer = g_byte_array_new ();
  guint type, n = 0;
  gsize end;
  g_autofree char *name = read_question (question, length, &type, &end);
  gboolean known;

  if (name == NULL)
    return NULL;
  if (has_fault ("dns-nonsense"))
    return g_bytes_new_static (nonsense, sizeof nonsense - 1);
  known = add_answers (records, &n, name, type);
  g_byte_array_append (answer, question, 2);    /* its number */
  add_16 (answer, ANSWERS | (known ? 0 : NO_SUCH_NAME));
  add_16 (answer, 1);
  add_16 (answer, n);
  add_16 (answer, 0);
  add_16 (answer, 0);
  g_byte_array_append (answer, question + HEADER, (guint) (end - HEADER));
  if (has_fault ("dns-other"))
    answer->data[HEADER + 1] ^= 1;    /* one letter of whose address this is */
  g_byte_array_append (answer, records->data, records->len);
  return g_byte_array_free_to_bytes (g_steal_pointer (&answer));
}

/* A question in base64url without padding, as GET has it (RFC 8484, section 4.1). */
static GBytes *
read_64 (const char *text)
{
  g_autofree char *plain = g_strconcat (text, &"==="[3 - (4 - strlen (text) % 4) % 4], NULL);
  gsize length;
  guchar *bytes;

  g_strdelimit (plain, "-", '+');
  g_strdelimit (plain, "_", '/');
  bytes = g_base64_decode (plain, &length);
  return g_bytes_new_take (bytes, length);
}

/**
 * resolver_handle:
 * @message: a request that has %RESOLVER_PATH
 */
void
resolver_handle (SoupServerMessage *message)
{
  const char *type = soup_message_headers_get_content_type (soup_server_message_get_request_headers (message), NULL);
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GBytes) question = NULL, answer = NULL;

  if (request_has_method (message, "POST") && g_strcmp0 (type, TYPE) == 0)
    question = soup_message_body_flatten (soup_server_message_get_request_body (message));
  else if (request_has_method (message, "GET") && query != NULL && g_str_has_prefix (query, "dns="))
    question = read_64 (query + strlen ("dns="));
  if (question != NULL)
    answer = answer_question (g_bytes_get_data (question, NULL), g_bytes_get_size (question));
  soup_server_message_set_status (message, answer != NULL ? 200 : 400, NULL);
  if (answer != NULL)
    soup_server_message_set_response (message, TYPE, SOUP_MEMORY_COPY, g_bytes_get_data (answer, NULL),
                                      g_bytes_get_size (answer));
}
