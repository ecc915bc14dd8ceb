/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json-text.c: from a text to values (RFC 8259), in one pass and within bounds that are known before the first byte is read.  A
 * list of 20,000 servers has 400,000 values: to allocate each of them costs more time than all the rest, and many times the
 * memory. */
#include "client/provider/json.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "client/base/error.h"
#include "client/base/secret.h"

#define MAX_DEPTH    16         /* the deepest answer in use has 6 levels */
#define MAX_VALUES   1000000    /* 20,000 relays have 400,000; each takes 24 bytes */
#define MAX_KEYS     16384      /* different ones: a relay has some 20, and a list of places one each */
#define NUMBER_MAX_BYTES 64
#define BLOCK_BYTES  65536
#define FIRST_VALUES 64

typedef struct _Block Block;
struct _Block
{
  Block *before;
  gsize  length;
  char   bytes[];
};

/* All of one text's values lie behind it: an object or array first, then what is in it. */
typedef struct
{
  Block    *strings;
  gsize     left_bytes;     /* in the first block */
  guint     n_values, n_room;
  AditJson  values[];
} Document;

typedef struct
{
  const char *text;
  guint32     length, object;    /* the last object that had it */
  guint32     next;              /* which came behind it the last time, plus 1: rows of a list are alike */
  gboolean    is_plain;          /* written as it is meant, so that it can be found again as it is written */
} Key;

typedef struct
{
  const char *start, *at, *end;
  Document   *document;
  GHashTable *known;      /* text -> position in keys, plus 1 */
  GArray     *keys;       /* of Key */
  guint32     last_key;   /* plus 1 */
  guint       n_objects, depth;
} Reader;

static gboolean read_value (Reader *reader, guint32 key);

static Document *
get_document (AditJson *root)
{
  return (Document *) ((char *) root - G_STRUCT_OFFSET (Document, values));
}

static char *
take_bytes (Document *document, gsize length)
{
  Block *block = document->strings;

  if (length > document->left_bytes)
    {
      gsize room = MAX (length, BLOCK_BYTES);

      block = g_malloc (sizeof *block + room);
      block->before = document->strings;
      block->length = room;
      document->strings = block;
      document->left_bytes = room;
    }
  document->left_bytes -= length;
  return block->bytes + block->length - document->left_bytes - length;
}

static void
give_back (Document *document, gsize length)
{
  document->left_bytes += length;
}

/* A position, since the values move when they become more; G_MAXUINT where there are too many. */
static guint
add_value (Reader *reader, AditJsonType type, guint32 key)
{
  Document *document = reader->document;

  if (document->n_values == MAX_VALUES)
    return G_MAXUINT;
  if (document->n_values == document->n_room)
    {
      document->n_room *= 2;
      document = g_realloc (document, sizeof *document + document->n_room * sizeof (AditJson));
      reader->document = document;
    }
  document->values[document->n_values] = (AditJson) { .type = type, .key_position = key, .span = 1 };
  return document->n_values++;
}

static void
skip_blanks (Reader *reader)
{
  while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r' || *reader->at == '\t'))
    reader->at++;
}

static gboolean
take (Reader *reader, char wanted)
{
  skip_blanks (reader);
  if (reader->at == reader->end || *reader->at != wanted)
    return FALSE;
  reader->at++;
  return TRUE;
}

static int
read_hex (const char *at)
{
  int number = 0;

  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (at[i]);

      if (digit < 0)
        return -1;
      number = number * 16 + digit;
    }
  return number;
}

/* Behind "\u": a character, by two of them where it is beyond the first 65536; never half of one, and never the end of a text. */
static gboolean
read_unicode (Reader *reader, char **to)
{
  int first = reader->end - reader->at >= 4 ? read_hex (reader->at) : -1, second;
  gunichar c = (gunichar) first;

  if (first <= 0 || (first >= 0xdc00 && first <= 0xdfff))
    return FALSE;
  reader->at += 4;
  if (first >= 0xd800 && first <= 0xdbff)
    {
      if (reader->end - reader->at < 6 || reader->at[0] != '\\' || reader->at[1] != 'u')
        return FALSE;
      second = read_hex (reader->at + 2);
      if (second < 0xdc00 || second > 0xdfff)
        return FALSE;
      reader->at += 6;
      c = 0x10000 + (((gunichar) first - 0xd800) << 10) + ((gunichar) second - 0xdc00);
    }
  *to += g_unichar_to_utf8 (c, *to);
  return TRUE;
}

static gboolean
read_escape (Reader *reader, char **to)
{
  static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
  const char *name = reader->at < reader->end ? memchr (names, *reader->at, sizeof names - 1) : NULL;

  if (name != NULL)
    {
      *(*to)++ = meant[name - names];
      reader->at++;
      return TRUE;
    }
  if (reader->at == reader->end || *reader->at != 'u')
    return FALSE;
  reader->at++;
  return read_unicode (reader, to);
}

/* Stands for itself in a string; the rest ends it, escapes, or may not be there. */
static const gboolean is_plain[256] = {
  [' '] = TRUE, ['!'] = TRUE, ['#' ... '['] = TRUE, [']' ... 255] = TRUE,
};

/* Behind the first quotation mark.  What comes out is never longer than what is there. */
static const char *
read_string (Reader *reader, guint32 *length)
{
  const char *from = reader->at, *stop = from;
  gsize room, plain;
  char *text, *to;

  while (stop < reader->end && is_plain[(guchar) *stop])
    stop++;
  plain = (gsize) (stop - from);
  while (stop < reader->end && *stop != '"')
    stop += *stop == '\\' ? 2 : 1;
  if (stop >= reader->end)
    return NULL;
  room = (gsize) (stop - from) + 1;
  text = take_bytes (reader->document, room);
  memcpy (text, from, plain);
  to = text + plain;
  reader->at += plain;
  while (reader->at < stop)
    {
      char c = *reader->at++;

      if ((guchar) c < ' ' || (c == '\\' && !read_escape (reader, &to)))
        return NULL;
      if (c != '\\')
        *to++ = c;
    }
  *to = '\0';
  reader->at = stop + 1;
  *length = (guint32) (to - text);
  give_back (reader->document, room - *length - 1);
  return text;
}

/* The key that is expected to come, if it does. */
static guint32
guess_key (Reader *reader)
{
  Key *last = reader->last_key > 0 ? &g_array_index (reader->keys, Key, reader->last_key - 1) : NULL;
  Key *next = last != NULL && last->next > 0 ? &g_array_index (reader->keys, Key, last->next - 1) : NULL;

  if (next == NULL || !next->is_plain || (gsize) (reader->end - reader->at) <= next->length || reader->at[next->length] != '"' ||
      memcmp (reader->at, next->text, next->length) != 0)
    return 0;
  reader->at += next->length + 1;
  return last->next;
}

/* Each key once: its position, plus 1; 0 where it is none. */
static guint32
find_key (Reader *reader)
{
  const char *from = reader->at;
  guint32 length, position;
  const char *text = read_string (reader, &length);

  if (text == NULL)
    return 0;
  position = GPOINTER_TO_UINT (g_hash_table_lookup (reader->known, text));
  if (position > 0)
    {
      give_back (reader->document, length + 1);
      return position;
    }
  if (reader->keys->len == MAX_KEYS)
    return 0;
  /* Each escape is longer than what it stands for; behind the text there is its quotation mark. */
  g_array_append_val (reader->keys, ((Key) { .text = text, .length = length, .is_plain = reader->at - from == length + 1 }));
  g_hash_table_insert (reader->known, (gpointer) text, GUINT_TO_POINTER (reader->keys->len));
  return reader->keys->len;
}

static guint32
read_key (Reader *reader)
{
  guint32 key = 0;

  if (!take (reader, '"'))
    return 0;
  key = guess_key (reader);
  if (key == 0)
    key = find_key (reader);
  if (key > 0 && reader->last_key > 0)
    g_array_index (reader->keys, Key, reader->last_key - 1).next = key;
  reader->last_key = key;
  return key;
}

/* Looked at when all of it is there, so that an object inside that has the same key does not come between. */
static gboolean
has_no_key_twice (Reader *reader, guint position)
{
  AditJson *object = &reader->document->values[position];
  guint32 number = ++reader->n_objects;

  for (AditJson *value = object + 1; value < object + object->span; value += value->span)
    {
      Key *key = &g_array_index (reader->keys, Key, value->key_position - 1);

      if (key->object == number)
        return FALSE;
      key->object = number;
    }
  return TRUE;
}

static gboolean
read_members (Reader *reader, guint position, gboolean is_object)
{
  char last = is_object ? '}' : ']';
  guint32 n = 0;

  if (++reader->depth > MAX_DEPTH)
    return FALSE;
  if (!take (reader, last))
    {
      do
        {
          guint32 key = is_object ? read_key (reader) : 0;

          if ((is_object && (key == 0 || !take (reader, ':'))) || !read_value (reader, key))
            return FALSE;
          n++;
        }
      while (take (reader, ','));
      if (!take (reader, last))
        return FALSE;
    }
  reader->depth--;
  reader->document->values[position].n_members = n;
  reader->document->values[position].span = reader->document->n_values - position;
  return !is_object || has_no_key_twice (reader, position);
}

static gsize
count_digits (const char *at, const char *end)
{
  const char *p = at;

  while (p < end && g_ascii_isdigit (*p))
    p++;
  return (gsize) (p - at);
}

/* Behind its first character. */
static gboolean
read_number (Reader *reader, AditJson *value)
{
  const char *start = reader->at - 1, *p = start + (*start == '-'), *end = reader->end;
  char text[NUMBER_MAX_BYTES];
  gsize digits = count_digits (p, end);
  gboolean is_whole = TRUE;

  if (digits == 0 || (*p == '0' && digits > 1))
    return FALSE;
  p += digits;
  if (p < end && *p == '.')
    {
      is_whole = FALSE;
      digits = count_digits (p + 1, end);
      if (digits == 0)
        return FALSE;
      p += 1 + digits;
    }
  if (p < end && (*p == 'e' || *p == 'E'))
    {
      is_whole = FALSE;
      p += p + 1 < end && (p[1] == '+' || p[1] == '-') ? 2 : 1;
      digits = count_digits (p, end);
      if (digits == 0)
        return FALSE;
      p += digits;
    }
  if ((gsize) (p - start) >= sizeof text)
    return FALSE;
  memcpy (text, start, (gsize) (p - start));
  text[p - start] = '\0';
  reader->at = p;
  errno = 0;
  if (is_whole)
    value->integer = g_ascii_strtoll (text, NULL, 10);
  else
    value->real = g_ascii_strtod (text, NULL);
  value->type = is_whole ? ADIT_JSON_INTEGER : ADIT_JSON_REAL;
  return is_whole ? errno == 0 : (gboolean) isfinite (value->real);
}

static gboolean
read_word (Reader *reader, AditJson *value)
{
  static const struct { const char *word; AditJsonType type; } words[] = {
    { "true", ADIT_JSON_TRUE }, { "false", ADIT_JSON_FALSE }, { "null", ADIT_JSON_NULL },
  };
  const char *start = reader->at - 1;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i].word);

      if ((gsize) (reader->end - start) >= length && memcmp (start, words[i].word, length) == 0)
        {
          value->type = words[i].type;
          reader->at = start + length;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
read_value (Reader *reader, guint32 key)
{
  guint position = add_value (reader, ADIT_JSON_NULL, key);
  AditJson value = { 0 };
  gboolean is_read;
  char c;

  skip_blanks (reader);
  if (position == G_MAXUINT || reader->at == reader->end)
    return FALSE;
  c = *reader->at++;
  if (c == '{' || c == '[')
    {
      reader->document->values[position].type = c == '{' ? ADIT_JSON_OBJECT : ADIT_JSON_ARRAY;
      return read_members (reader, position, c == '{');
    }
  value = reader->document->values[position];
  if (c == '"')
    {
      value.type = ADIT_JSON_STRING;
      value.text = read_string (reader, &value.n_members);
      is_read = value.text != NULL;
    }
  else
    is_read = c == '-' || g_ascii_isdigit (c) ? read_number (reader, &value) : read_word (reader, &value);
  reader->document->values[position] = value;
  return is_read;
}

/* From positions to texts, which stay where they are. */
static void
name_values (Reader *reader)
{
  Document *document = reader->document;

  for (guint i = 0; i < document->n_values; i++)
    {
      guint32 position = document->values[i].key_position;

      document->values[i].key = position > 0 ? g_array_index (reader->keys, Key, position - 1).text : NULL;
    }
}

/**
 * adit_json_text_read:
 * @bytes: what a service sent
 * @length: its length in bytes
 * @stopped_at: (out): where it is no longer JSON, or too much
 *
 * Takes at most 24 bytes for each of a million values, 64 for each of 16384 different keys, and @length for their texts.
 *
 * Returns: (transfer full) (nullable): its value
 */
AditJson *
adit_json_text_read (const char *bytes, gsize length, gsize *stopped_at)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (Key));
  Document *document = g_malloc0 (sizeof *document + FIRST_VALUES * sizeof (AditJson));
  Reader reader = { bytes, bytes, bytes + length, document, known, keys, 0, 0, 0 };
  const char *invalid;
  gboolean is_read = g_utf8_validate (bytes, (gssize) length, &invalid);

  document->n_room = FIRST_VALUES;
  if (is_read)
    {
      is_read = read_value (&reader, 0);
      skip_blanks (&reader);
      invalid = reader.at;
    }
  *stopped_at = (gsize) (invalid - bytes);
  if (is_read && reader.at == reader.end)
    {
      name_values (&reader);
      return reader.document->values;
    }
  adit_json_free (reader.document->values);
  return NULL;
}

/**
 * adit_json_free:
 * @root: (nullable) (transfer full): a whole text's value
 *
 * Frees it with all that is in it, and wipes the texts: one may be a token.
 */
void
adit_json_free (AditJson *root)
{
  Document *document = root != NULL ? get_document (root) : NULL;

  while (document != NULL && document->strings != NULL)
    {
      Block *block = document->strings;

      document->strings = block->before;
      adit_wipe (block->bytes, block->length);
      g_free (block);
    }
  g_free (document);
}
