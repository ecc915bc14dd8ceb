/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json-peer.c: jansson, in a file of its own, since our reader answers to the same words. */
#include "tests/unit/json-peer.h"

#include <jansson.h>

static void
append (GString *values, json_t *value)
{
  const char *key;
  json_t *member;
  size_t i;

  switch (json_typeof (value))
    {
    case JSON_OBJECT:
      g_string_append_printf (values, "{%u", (guint) json_object_size (value));
      json_object_foreach (value, key, member)
        {
          g_string_append_printf (values, "%s:", key);
          append (values, member);
        }
      break;
    case JSON_ARRAY:
      g_string_append_printf (values, "[%u", (guint) json_array_size (value));
      json_array_foreach (value, i, member)
        append (values, member);
      break;
    case JSON_STRING:
      g_string_append_printf (values, "\"%u%s", (guint) json_string_length (value), json_string_value (value));
      break;
    case JSON_INTEGER:
      g_string_append_printf (values, "i%" JSON_INTEGER_FORMAT, json_integer_value (value));
      break;
    case JSON_REAL:
      g_string_append_printf (values, "r%.17g", json_real_value (value));
      break;
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
    default:
      g_string_append_c (values, json_is_true (value) ? 't' : json_is_false (value) ? 'f' : 'n');
      break;
    }
  g_string_append_c (values, ';');
}

/**
 * json_peer_dup_values:
 * @text: perhaps JSON
 * @length: its bytes
 *
 * Returns: (transfer full) (nullable): all values in their order, in a notation of the test's own; %NULL where it is no JSON
 */
char *
json_peer_dup_values (const char *text, gsize length)
{
  json_t *root = json_loadb (text, length, JSON_REJECT_DUPLICATES, NULL);
  GString *values;

  if (root == NULL)
    return NULL;
  values = g_string_new (NULL);
  append (values, root);
  json_decref (root);
  return g_string_free (values, FALSE);
}
