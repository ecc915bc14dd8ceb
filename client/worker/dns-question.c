/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-question.c: writes a question for a name's addresses and reads strangers' answers.  A pointer is followed only to what lies
 * before it, and an alias only a few times, so nothing can send us round in circles. */
#include "client/worker/dns-question.h"

#include <string.h>

/* RFC 1035, sections 2.3.4, 3.2 and 4.1; AAAA: RFC 3596, section 2.1 */
#define HEADER_BYTES     12
#define NAME_MAX_BYTES   255
#define LABEL_MAX_BYTES  63
#define POINTER_BITS     0xc0
#define POINTER_OFFSET   0x3fff
#define RECORD_BYTES     10      /* type, class, time to live and length, behind the name */
#define TYPE_A           1
#define TYPE_ALIAS       5
#define TYPE_AAAA        28
#define CLASS_INTERNET   1
#define FLAG_ANSWER      0x8000
#define FLAG_CUT         0x0200
#define FLAG_RECURSE     0x0100
#define OPCODE_BITS      0x7800
#define CODE_BITS        0x000f
#define CODE_NO_NAME     3
#define MAX_ALIASES      8       /* whoever has one computer needs one or two */

/* As on the wire, but without pointers and in small letters, so that two can be compared byte by byte. */
typedef struct
{
  guint8 bytes[NAME_MAX_BYTES];
  gsize  length;
} Name;

typedef struct
{
  Name  owner;
  guint type, class;
  gsize data_at, data_bytes;
} Record;

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

static guint
get_type (const AditDnsQuestion *question)
{
  return question->family == ADIT_FAMILY_IPV6 ? TYPE_AAAA : TYPE_A;
}

/**
 * adit_dns_question_encode:
 * @self: a host name without a dot at its end, a number that the answer has to repeat, and which addresses are wanted
 * @message: (out caller-allocates): room for %ADIT_DNS_QUESTION_MAX_BYTES
 *
 * Writes the question for that host's addresses.
 *
 * Returns: its length in bytes; 0 if it is no host name
 */
gsize
adit_dns_question_encode (const AditDnsQuestion *self, guint8 *message)
{
  gsize at = HEADER_BYTES;

  memset (message, 0, HEADER_BYTES);
  write_16 (message, self->id);
  write_16 (message + 2, FLAG_RECURSE);
  write_16 (message + 4, 1);
  for (const char *label = self->host;; label++)
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
  write_16 (message + at, get_type (self));
  write_16 (message + at + 2, CLASS_INTERNET);
  return at + 4;
}

/* Moves @at behind a name; FALSE if it does not end, is too long, or points anywhere but back. */
static gboolean
read_name (const guint8 *message, gsize length, gsize *at, Name *name)
{
  gsize here = *at, lowest = *at;
  gboolean has_jumped = FALSE;

  name->length = 0;
  while (here < length)
    {
      guint8 label = message[here];

      if ((label & POINTER_BITS) == POINTER_BITS)
        {
          gsize to = length - here >= 2 ? read_16 (message + here) & POINTER_OFFSET : 0;

          if (to < HEADER_BYTES || to >= lowest)
            return FALSE;
          if (!has_jumped)
            *at = here + 2;
          has_jumped = TRUE;
          here = lowest = to;
          continue;
        }
      if (label > LABEL_MAX_BYTES || length - here - 1 < label || name->length + 1 + label > NAME_MAX_BYTES)
        return FALSE;
      name->bytes[name->length++] = label;
      for (guint i = 1; i <= label; i++)
        name->bytes[name->length++] = (guint8) g_ascii_tolower ((char) message[here + i]);
      here += 1 + (gsize) label;
      if (label == 0)
        {
          if (!has_jumped)
            *at = here;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
is_name (const Name *a, const Name *b)
{
  return a->length == b->length && memcmp (a->bytes, b->bytes, a->length) == 0;
}

static gboolean
read_record (const guint8 *message, gsize length, gsize *at, Record *record)
{
  if (!read_name (message, length, at, &record->owner) || length - *at < RECORD_BYTES)
    return FALSE;
  record->type = read_16 (message + *at);
  record->class = read_16 (message + *at + 2);
  record->data_bytes = read_16 (message + *at + 8);
  record->data_at = *at + RECORD_BYTES;
  if (length - record->data_at < record->data_bytes)
    return FALSE;
  *at = record->data_at + record->data_bytes;
  return TRUE;
}

/* A resolver repeats the question as it was sent, letter by letter but for their size. */
static gboolean
repeats_question (const guint8 *message, gsize length, const AditDnsQuestion *asked)
{
  guint8 question[ADIT_DNS_QUESTION_MAX_BYTES];
  gsize size = adit_dns_question_encode (asked, question);

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
    return refuse (error, ADIT_ERROR_SERVICE_REFUSED, "is that there is no such name");
  if ((flags & CODE_BITS) != 0)
    return refuse (error, ADIT_ERROR_SERVICE_REFUSED, "is a failure");
  return TRUE;
}

/* TRUE also for one that is there already, or one too many. */
static gboolean
take_address (const guint8 *message, const Record *record, AditAddress *addresses, guint *n_addresses, GError **error)
{
  AditAddress found = { .family = record->type == TYPE_AAAA ? ADIT_FAMILY_IPV6 : ADIT_FAMILY_IPV4 };

  if (record->data_bytes != (found.family == ADIT_FAMILY_IPV6 ? 16 : 4))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "holds an address that is none");
  memcpy (found.bytes, message + record->data_at, record->data_bytes);
  if (!adit_address_is_public (&found))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "is an address that is not on the public internet");
  for (guint i = 0; i < *n_addresses; i++)
    if (adit_address_equal (&addresses[i], &found))
      return TRUE;
  if (*n_addresses < ADIT_DNS_MAX_ADDRESSES)
    addresses[(*n_addresses)++] = found;
  return TRUE;
}

/* What the records from @at on say of @name: addresses, or that it is an alias; then @name becomes what it is an alias of. */
static gboolean
read_records (const guint8 *message, gsize length, gsize at, guint type, Name *name, AditAddress *addresses,
              guint *n_addresses, gboolean *is_alias, GError **error)
{
  guint n_records = read_16 (message + 6);
  Record record;
  Name next = { 0 };

  *is_alias = FALSE;
  for (guint i = 0; i < n_records; i++)
    {
      if (!read_record (message, length, &at, &record))
        return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "ends too early");
      if (record.class != CLASS_INTERNET || !is_name (&record.owner, name))
        continue;
      if (record.type == type && !take_address (message, &record, addresses, n_addresses, error))
        return FALSE;
      if (record.type == TYPE_ALIAS)
        {
          gsize data_at = record.data_at;

          if (!read_name (message, record.data_at + record.data_bytes, &data_at, &next) ||
              data_at != record.data_at + record.data_bytes)
            return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "holds a name that is none");
          *is_alias = TRUE;
        }
    }
  if (*is_alias)
    *name = next;
  return TRUE;
}

/**
 * adit_dns_answer_parse:
 * @question: what was asked
 * @message: what a resolver sent, without any length in front of it
 * @length: how many bytes
 * @addresses: (out caller-allocates): room for %ADIT_DNS_MAX_ADDRESSES; untouched on failure
 * @n_addresses: (out): how many were found, at least one
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE, or %ADIT_ERROR_SERVICE_REFUSED when it is a proper answer without
 *   any address; never names what was answered
 *
 * Aliases are followed inside this one answer.  An address that is not public spoils all of it: whoever made it wants to have us
 * in a home network, or does not know what they say.
 *
 * Returns: %TRUE with addresses
 */
gboolean
adit_dns_answer_parse (const AditDnsQuestion *question, const guint8 *message, gsize length, AditAddress *addresses,
                       guint *n_addresses, GError **error)
{
  gsize at = HEADER_BYTES;
  Name name;

  if (!check_header (message, length, question->id, error))
    return FALSE;
  if (read_16 (message + 4) != 1 || !repeats_question (message, length, question) || !read_name (message, length, &at, &name))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "is one to another question");
  at += 4;
  for (guint i = 0; i <= MAX_ALIASES; i++)
    {
      AditAddress found[ADIT_DNS_MAX_ADDRESSES];
      guint n_found = 0;
      gboolean is_alias;

      if (!read_records (message, length, at, get_type (question), &name, found, &n_found, &is_alias, error))
        return FALSE;
      if (n_found > 0)
        {
          memcpy (addresses, found, n_found * sizeof *found);
          *n_addresses = n_found;
          return TRUE;
        }
      if (!is_alias)
        return refuse (error, ADIT_ERROR_SERVICE_REFUSED, "holds no address");
    }
  return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "goes round in circles");
}
