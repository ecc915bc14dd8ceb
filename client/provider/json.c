/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json.c: what is asked of values, with their types and error texts; json-text.c has the grammar. */
#include "client/provider/json.h"

#include <string.h>

#include "client/base/error.h"

#define MAX_TIME_BYTES  40    /* RFC 3339 with nine digits of fraction and a numeric offset has 35 */

static gboolean
refuse (GError **error, const char *field, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: \"%s\" %s", field, what);
  return FALSE;
}

/**
 * adit_json_parse:
 * @bytes: what a service sent
 * @length: its length in bytes
 * @max_bytes: how long it may be
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Reads one object or array and nothing behind it: UTF-8, no key twice, no NUL in a string, at most 16 levels deep and a million
 * values long.
 *
 * Returns: (transfer full) (nullable): the value
 */
AditJson *
adit_json_parse (const void *bytes, gsize length, gsize max_bytes, GError **error)
{
  AditJson *value;
  gsize stopped_at = 0;

  if (length > max_bytes)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE,
                   "The service's answer is too long: %" G_GSIZE_FORMAT " bytes where %" G_GSIZE_FORMAT " are allowed",
                   length, max_bytes);
      return NULL;
    }
  if (length == 0)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is empty");
      return NULL;
    }
  value = adit_json_text_read (bytes, length, &stopped_at);
  if (value != NULL && (adit_json_is (value, ADIT_JSON_OBJECT) || adit_json_is (value, ADIT_JSON_ARRAY)))
    return value;
  adit_json_free (value);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE,
               "The service's answer is not JSON, or nested too deeply, or too much (at byte %" G_GSIZE_FORMAT
               " of %" G_GSIZE_FORMAT ")", stopped_at, length);
  return NULL;
}

/**
 * adit_json_is:
 * @value: (nullable): a value
 * @type: a type
 *
 * Returns: whether it is there and of that type
 */
gboolean
adit_json_is (AditJson *value, AditJsonType type)
{
  return value != NULL && value->type == type;
}

/**
 * adit_json_is_boolean:
 * @value: (nullable): a value
 *
 * Returns: whether it is there, and true or false
 */
gboolean
adit_json_is_boolean (AditJson *value)
{
  return adit_json_is (value, ADIT_JSON_TRUE) || adit_json_is (value, ADIT_JSON_FALSE);
}

/**
 * adit_json_first:
 * @container: (nullable): any value
 * @type: %ADIT_JSON_OBJECT or %ADIT_JSON_ARRAY
 *
 * Returns: (transfer none) (nullable): what comes first in it, if it is of that type
 */
AditJson *
adit_json_first (AditJson *container, AditJsonType type)
{
  return adit_json_is (container, type) && container->n_members > 0 ? container + 1 : NULL;
}

/**
 * adit_json_next:
 * @container: an object or an array
 * @value: one in it
 *
 * Returns: (transfer none) (nullable): what comes behind it in there
 */
AditJson *
adit_json_next (AditJson *container, AditJson *value)
{
  AditJson *next = value + value->span;

  return next < container + container->span ? next : NULL;
}

/**
 * adit_json_count:
 * @array: (nullable): any value
 *
 * Returns: how many elements an array has; 0 of anything else
 */
guint
adit_json_count (AditJson *array)
{
  return adit_json_is (array, ADIT_JSON_ARRAY) ? array->n_members : 0;
}

/**
 * adit_json_find:
 * @object: (nullable): any value
 * @field: a key
 *
 * Returns: (transfer none) (nullable): the value under that key
 */
AditJson *
adit_json_find (AditJson *object, const char *field)
{
  AditJson *value;

  ADIT_JSON_FOREACH_MEMBER (object, value)
    if (strcmp (value->key, field) == 0)
      break;
  return value;
}

/**
 * adit_json_at:
 * @array: (nullable): any value
 * @position: from 0
 *
 * Returns: (transfer none) (nullable): the value there
 */
AditJson *
adit_json_at (AditJson *array, guint position)
{
  AditJson *value = adit_json_is (array, ADIT_JSON_ARRAY) && position < array->n_members ? array + 1 : NULL;

  for (; value != NULL && position > 0; position--)
    value += value->span;
  return value;
}

/**
 * adit_json_peek_text:
 * @value: (nullable): any value
 *
 * Returns: (transfer none) (nullable): a string's text
 */
const char *
adit_json_peek_text (AditJson *value)
{
  return adit_json_is (value, ADIT_JSON_STRING) ? value->text : NULL;
}

/**
 * adit_json_peek_integer:
 * @value: (nullable): any value
 *
 * Returns: an integer; 0 of anything else
 */
gint64
adit_json_peek_integer (AditJson *value)
{
  return adit_json_is (value, ADIT_JSON_INTEGER) ? value->integer : 0;
}

/**
 * adit_json_has:
 * @object: an object
 * @field: a key
 *
 * Returns: %TRUE if the key is there with another value than null
 */
gboolean
adit_json_has (AditJson *object, const char *field)
{
  AditJson *value = adit_json_find (object, field);

  return value != NULL && !adit_json_is (value, ADIT_JSON_NULL);
}

static AditJson *
get (AditJson *object, const char *field, GError **error)
{
  AditJson *value;

  if (!adit_json_is (object, ADIT_JSON_OBJECT))
    {
      refuse (error, field, "is looked for in something that is no object");
      return NULL;
    }
  value = adit_json_find (object, field);
  if (value == NULL)
    refuse (error, field, "is missing");
  return value;
}

/**
 * adit_json_get_object:
 * @object: an object
 * @field: a key
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: (transfer none) (nullable): the object under that key
 */
AditJson *
adit_json_get_object (AditJson *object, const char *field, GError **error)
{
  AditJson *value = get (object, field, error);

  if (value == NULL || adit_json_is (value, ADIT_JSON_OBJECT))
    return value;
  refuse (error, field, "is no object");
  return NULL;
}

/**
 * adit_json_get_array:
 * @object: an object
 * @field: a key
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: (transfer none) (nullable): the array under that key
 */
AditJson *
adit_json_get_array (AditJson *object, const char *field, GError **error)
{
  AditJson *value = get (object, field, error);

  if (value == NULL || adit_json_is (value, ADIT_JSON_ARRAY))
    return value;
  refuse (error, field, "is no array");
  return NULL;
}

/**
 * adit_json_get_string:
 * @object: an object
 * @field: a key
 * @max_bytes: how long it may be, its end included
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: (transfer none) (nullable): the string under that key, which may be empty
 */
const char *
adit_json_get_string (AditJson *object, const char *field, gsize max_bytes, GError **error)
{
  AditJson *value = get (object, field, error);

  if (value == NULL)
    return NULL;
  if (!adit_json_is (value, ADIT_JSON_STRING))
    refuse (error, field, "is no string");
  else if (value->n_members >= max_bytes)
    refuse (error, field, "is too long");
  else
    return adit_json_peek_text (value);
  return NULL;
}

/**
 * adit_json_get_boolean:
 * @object: an object
 * @field: a key
 * @value: (out): what is under that key
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: %TRUE if it is a boolean
 */
gboolean
adit_json_get_boolean (AditJson *object, const char *field, gboolean *value, GError **error)
{
  AditJson *found = get (object, field, error);

  if (found == NULL)
    return FALSE;
  if (!adit_json_is_boolean (found))
    return refuse (error, field, "is neither true nor false");
  *value = adit_json_is (found, ADIT_JSON_TRUE);
  return TRUE;
}

/**
 * adit_json_get_number:
 * @object: an object
 * @field: a key
 * @value: (out): what is under that key
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: %TRUE if it is a finite number
 */
gboolean
adit_json_get_number (AditJson *object, const char *field, double *value, GError **error)
{
  AditJson *found = get (object, field, error);

  if (found == NULL)
    return FALSE;
  if (!adit_json_is (found, ADIT_JSON_INTEGER) && !adit_json_is (found, ADIT_JSON_REAL))
    return refuse (error, field, "is no number");
  *value = adit_json_is (found, ADIT_JSON_INTEGER) ? (double) found->integer : found->real;
  return TRUE;
}

/**
 * adit_json_get_integer:
 * @object: an object
 * @field: a key
 * @min: the least that it may be
 * @max: the most that it may be
 * @value: (out): what is under that key
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: %TRUE if it is an integer within the bounds
 */
gboolean
adit_json_get_integer (AditJson *object, const char *field, gint64 min, gint64 max, gint64 *value, GError **error)
{
  AditJson *found = get (object, field, error);

  if (found == NULL)
    return FALSE;
  if (!adit_json_is (found, ADIT_JSON_INTEGER))
    return refuse (error, field, "is no integer");
  if (adit_json_peek_integer (found) < min || adit_json_peek_integer (found) > max)
    return refuse (error, field, "is out of bounds");
  *value = adit_json_peek_integer (found);
  return TRUE;
}

/**
 * adit_json_get_time:
 * @object: an object
 * @field: a key
 * @seconds: (out): UTC, seconds since 1970; at least 1
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Reads RFC 3339, with or without a fraction, with Z or a numeric offset.  A time without one would be anybody's guess.
 *
 * Returns: %TRUE if it is such a time
 */
gboolean
adit_json_get_time (AditJson *object, const char *field, gint64 *seconds, GError **error)
{
  const char *text = adit_json_get_string (object, field, MAX_TIME_BYTES, error);
  g_autoptr (GDateTime) time = NULL;

  if (text == NULL)
    return FALSE;
  /* GDateTime also reads ordinal and week dates (ISO 8601): the "T" tells the calendar form. */
  if (strlen (text) > 10 && text[4] == '-' && text[7] == '-' && text[10] == 'T')
    time = g_date_time_new_from_iso8601 (text, NULL);
  if (time == NULL || g_date_time_to_unix (time) <= 0)
    return refuse (error, field, "is no time");
  *seconds = g_date_time_to_unix (time);
  return TRUE;
}

/**
 * adit_json_get_key:
 * @object: an object
 * @field: a key of that object
 * @key: (out): where the bytes go
 * @key_bytes: how many there must be
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Reads standard base64 (RFC 4648, section 4) in its one canonical spelling.
 *
 * Returns: %TRUE if it is exactly so many bytes
 */
gboolean
adit_json_get_key (AditJson *object, const char *field, guint8 *key, gsize key_bytes, GError **error)
{
  const char *text = adit_json_get_string (object, field, (key_bytes + 2) / 3 * 4 + 1, error);
  g_autofree guchar *bytes = NULL;
  g_autofree char *again = NULL;
  gsize length;

  if (text == NULL)
    return FALSE;
  bytes = g_base64_decode (text, &length);
  again = length == key_bytes ? g_base64_encode (bytes, length) : NULL;
  /* The decoder skips what it does not know, so only the way back tells whether anything was skipped. */
  if (again == NULL || !g_str_equal (again, text))
    return refuse (error, field, "is no key");
  memcpy (key, bytes, key_bytes);
  return TRUE;
}
