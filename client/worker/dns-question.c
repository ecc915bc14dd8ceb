/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-question.c: writes a question for A records and reads strangers' answers.  No pointer is ever followed: names in an answer
 * are stepped over, so nothing can send us round in circles. */
#include "client/worker/dns-question.h"

#include <string.h>

/* RFC 1035, sections 2.3.4, 3.2 and 4.1 */
#define HEADER_BYTES     12
#define NAME_MAX_BYTES   255
#define LABEL_MAX_BYTES  63
#define POINTER_BITS     0xc0
#define RECORD_BYTES     10      /* type, class, time to live and length, behind the name */
#define TYPE_A           1
#define CLASS_INTERNET   1
#define FLAG_ANSWER      0x8000
#define FLAG_CUT         0x0200
#define FLAG_RECURSE     0x0100
#define OPCODE_BITS      0x7800
#define CODE_BITS        0x000f
#define CODE_NO_NAME     3

static void
write_16 (guint8 *to, guint value)
{
  to[0] = (guint8) (value >> 8);
  to[1] = (guint8) value;
}

static guint
read_16 (const guint8 *from)
{
  return (guint) from[0] << 8 | from[1];
}

/**
 * adit_dns_question_encode:
 * @host: a host name without a dot at its end
 * @id: a random number that the answer has to repeat
 * @message: (out caller-allocates): room for %ADIT_DNS_QUESTION_MAX_BYTES
 *
 * Writes the question for @host's IPv4 addresses.
 *
 * Returns: its length in bytes; 0 if @host is no host name
 */
gsize
adit_dns_question_encode (const char *host, guint16 id, guint8 *message)
{
  gsize at = HEADER_BYTES;

  memset (message, 0, HEADER_BYTES);
  write_16 (message, id);
  write_16 (message + 2, FLAG_RECURSE);
  write_16 (message + 4, 1);
  for (const char *label = host;; label++)
    {
      gsize length = strcspn (label, ".");

      /* Its length in front, and behind the last one the root's. */
      if (length == 0 || length > LABEL_MAX_BYTES || at - HEADER_BYTES + 1 + length + 1 > NAME_MAX_BYTES)
        return 0;
      for (gsize i = 0; i < length; i++)
        if (!g_ascii_isalnum (label[i]) && label[i] != '-')
          return 0;
      message[at++] = (guint8) length;
      memcpy (message + at, label, length);
      at += length;
      label += length;
      if (*label == '\0')
        break;
    }
  message[at++] = 0;
  write_16 (message + at, TYPE_A);
  write_16 (message + at + 2, CLASS_INTERNET);
  return at + 4;
}

/* Moves @at behind a name; FALSE if the message ends before the name does. */
static gboolean
skip_name (const guint8 *message, gsize length, gsize *at)
{
  gsize start = *at;

  while (*at < length && *at - start < NAME_MAX_BYTES)
    {
      guint8 label = message[*at];

      if (label == 0)
        {
          *at += 1;
          return TRUE;
        }
      if ((label & POINTER_BITS) == POINTER_BITS)
        {
          *at += 2;
          return *at <= length;
        }
      if (label > LABEL_MAX_BYTES)
        return FALSE;
      *at += 1 + (gsize) label;
    }
  return FALSE;
}

/* A resolver repeats the question as it was sent, letter by letter but for their size. */
static gboolean
repeats_question (const guint8 *message, gsize length, const char *host, guint16 id)
{
  guint8 question[ADIT_DNS_QUESTION_MAX_BYTES];
  gsize size = adit_dns_question_encode (host, id, question);

  if (size == 0 || length < size)
    return FALSE;
  for (gsize i = HEADER_BYTES; i < size; i++)
    if (g_ascii_tolower ((char) message[i]) != g_ascii_tolower ((char) question[i]))
      return FALSE;
  return TRUE;
}

static gboolean
refuse (GError **error, AditError code, const char *what)
{
  g_set_error (error, ADIT_ERROR, code, "The resolver's answer %s", what);
  return FALSE;
}

static gboolean
check_header (const guint8 *message, gsize length, guint16 id, GError **error)
{
  guint flags = length >= HEADER_BYTES ? read_16 (message + 2) : 0;

  if (length < HEADER_BYTES || length > ADIT_DNS_ANSWER_MAX_BYTES)
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "has not the length of one");
  if (read_16 (message) != id || (flags & FLAG_ANSWER) == 0 || (flags & (OPCODE_BITS | FLAG_CUT)) != 0)
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "is not one to this question");
  if ((flags & CODE_BITS) == CODE_NO_NAME)
    return refuse (error, ADIT_ERROR_SERVICE_UNREACHABLE, "is that there is no such name");
  if ((flags & CODE_BITS) != 0)
    return refuse (error, ADIT_ERROR_SERVICE_UNREACHABLE, "is a failure");
  return TRUE;
}

/**
 * adit_dns_answer_parse:
 * @message: what a resolver sent, without the length in front of it
 * @length: how many bytes
 * @host: the name that was asked for
 * @id: the question's number
 * @address: (out caller-allocates): the first public IPv4 address in it; untouched on failure
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE, or %ADIT_ERROR_SERVICE_UNREACHABLE when it is a proper answer without
 *   such an address; never names what was answered
 *
 * The owners of records are not compared: between the name and its address there may be aliases, and whoever could lie about
 * those could lie about the address.  That it is the right computer is for its certificate to say.
 *
 * Returns: %TRUE with an address
 */
gboolean
adit_dns_answer_parse (const guint8 *message, gsize length, const char *host, guint16 id, AditAddress *address, GError **error)
{
  gsize at = HEADER_BYTES;
  guint n_records;

  if (!check_header (message, length, id, error))
    return FALSE;
  if (read_16 (message + 4) != 1 || !repeats_question (message, length, host, id) || !skip_name (message, length, &at))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "is one to another question");
  at += 4;
  n_records = read_16 (message + 6);
  for (guint i = 0; i < n_records; i++)
    {
      AditAddress found = { .family = ADIT_FAMILY_IPV4 };
      gsize data_bytes;

      if (!skip_name (message, length, &at) || length - at < RECORD_BYTES)
        return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "ends too early");
      data_bytes = read_16 (message + at + 8);
      if (length - at - RECORD_BYTES < data_bytes)
        return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "ends too early");
      if (read_16 (message + at) == TYPE_A && read_16 (message + at + 2) == CLASS_INTERNET)
        {
          if (data_bytes != 4)
            return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "holds an address that is none");
          memcpy (found.bytes, message + at + RECORD_BYTES, 4);
          if (adit_address_is_public (&found))
            {
              *address = found;
              return TRUE;
            }
        }
      at += RECORD_BYTES + data_bytes;
    }
  return refuse (error, ADIT_ERROR_SERVICE_UNREACHABLE, "holds no public address");
}
