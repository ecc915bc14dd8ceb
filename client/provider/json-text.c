/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json-text.c: from a text to values.  YAJL knows the grammar (RFC 8259) and tells what it reads, piece by piece; what is kept
 * of it, and how much, is said here and in json-document.c. */
#include "client/provider/json-document.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "client/base/secret.h"

#define NUMBER_MAX_BYTES 64

/* What YAJL allocates may be a piece of a token, and it does not wipe it. */
typedef struct { gsize length; char bytes[]; } Piece;

static void
release (void *context G_GNUC_UNUSED, void *bytes)
{
  Piece *piece = bytes != NULL ? (Piece *) ((char *) bytes - G_STRUCT_OFFSET (Piece, bytes)) : NULL;

  if (piece != NULL)
    adit_wipe (piece->bytes, piece->length);
  g_free (piece);
}

static void *
allocate (void *context G_GNUC_UNUSED, size_t length)
{
  Piece *piece = g_malloc (sizeof *piece + length);

  piece->length = length;
  return piece->bytes;
}

static void *
reallocate (void *context, void *bytes, size_t length)
{
  char *moved = allocate (context, length);

  if (bytes != NULL)
    memcpy (moved, bytes, MIN (length, ((Piece *) ((char *) bytes - G_STRUCT_OFFSET (Piece, bytes)))->length));
  release (context, bytes);
  return moved;
}

static int
take_null (void *document)
{
  return adit_json_document_add (document, ADIT_JSON_NULL) != NULL;
}

static int
take_boolean (void *document, int is_true)
{
  return adit_json_document_add (document, is_true ? ADIT_JSON_TRUE : ADIT_JSON_FALSE) != NULL;
}

static int
take_number (void *document, const char *digits, size_t length)
{
  char text[NUMBER_MAX_BYTES] = "";
  gboolean is_whole;
  AditJson *value;

  if (length >= sizeof text)
    return FALSE;
  memcpy (text, digits, length);
  is_whole = strpbrk (text, ".eE") == NULL;
  value = adit_json_document_add (document, is_whole ? ADIT_JSON_INTEGER : ADIT_JSON_REAL);
  if (value == NULL)
    return FALSE;
  errno = 0;
  if (is_whole)
    value->integer = g_ascii_strtoll (text, NULL, 10);
  else
    value->real = g_ascii_strtod (text, NULL);
  return is_whole ? errno == 0 : (int) isfinite (value->real);
}

static int
take_string (void *document, const unsigned char *text, size_t length)
{
  AditJson *value = adit_json_document_add (document, ADIT_JSON_STRING);

  if (value == NULL)
    return FALSE;
  value->text = adit_json_document_dup_text (document, (const char *) text, length);
  value->n_members = (guint32) length;
  return TRUE;
}

static int
take_key (void *document, const unsigned char *text, size_t length)
{
  return adit_json_document_name (document, (const char *) text, length);
}

static int
open_object (void *document)
{
  return adit_json_document_open (document, ADIT_JSON_OBJECT);
}

static int
open_array (void *document)
{
  return adit_json_document_open (document, ADIT_JSON_ARRAY);
}

static int
close_either (void *document)
{
  return adit_json_document_close (document);
}

/* YAJL takes longer forms than the shortest, surrogates and what is beyond Unicode for UTF-8 (RFC 3629, 3): it is not asked.
 * Half a surrogate pair becomes a question mark with it, or no UTF-8, and the character behind it is lost; NUL would end a text
 * before its end.  In JSON a backslash stands in strings alone, and what is none YAJL refuses. */
static const char *
find_no_character (const char *bytes, gsize length)
{
  const char *end = bytes + length, *at;
  gboolean wants_second = FALSE;

  if (!g_utf8_validate (bytes, (gssize) length, &at))
    return at;
  at = bytes;
  while ((at = memchr (at, '\\', (gsize) (end - at))) != NULL)
    {
      char digits[5] = "";
      guint64 unit = 1;

      if (end - at >= 6 && at[1] == 'u')
        {
          memcpy (digits, at + 2, 4);
          unit = g_ascii_strtoull (digits, NULL, 16);
        }
      if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff) != wants_second)
        return at;
      wants_second = unit >= 0xd800 && unit <= 0xdbff;
      if (wants_second && (end - at < 8 || at[6] != '\\' || at[7] != 'u'))
        return at;
      at += wants_second ? 6 : MIN (2, end - at);
    }
  return NULL;
}

/**
 * adit_json_text_read:
 * @bytes: what a service sent
 * @length: its length in bytes
 * @stopped_at: (out): where it is no longer JSON, or too much
 *
 * Returns: (transfer full) (nullable): its value, which takes so much memory as adit_json_document_new() says
 */
AditJson *
adit_json_text_read (const char *bytes, gsize length, gsize *stopped_at)
{
  static const yajl_callbacks callbacks = {
    .yajl_null = take_null, .yajl_boolean = take_boolean, .yajl_number = take_number, .yajl_string = take_string,
    .yajl_map_key = take_key, .yajl_start_map = open_object, .yajl_end_map = close_either,
    .yajl_start_array = open_array, .yajl_end_array = close_either,
  };
  yajl_alloc_funcs memory = { .malloc = allocate, .realloc = reallocate, .free = release };
  g_autoptr (AditJsonDocument) document = NULL;
  const char *wrong = find_no_character (bytes, length);
  yajl_handle parser;
  gboolean is_read;

  if (wrong != NULL)
    {
      *stopped_at = (gsize) (wrong - bytes);
      return NULL;
    }
  document = adit_json_document_new ();
  parser = yajl_alloc (&callbacks, &memory, document);
  is_read = yajl_config (parser, yajl_dont_validate_strings, 1) != 0 &&
            yajl_parse (parser, (const unsigned char *) bytes, length) == yajl_status_ok &&
            yajl_complete_parse (parser) == yajl_status_ok;
  *stopped_at = yajl_get_bytes_consumed (parser);
  yajl_free (parser);
  return is_read ? adit_json_document_finish (document) : NULL;
}
