/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json.h: strict reading of a stranger's JSON.  Every refusal is ADIT_ERROR_SERVICE_NONSENSE and names the field, never a value:
 * the value may be a token. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ADIT_JSON_NULL = 0,
  ADIT_JSON_FALSE,
  ADIT_JSON_TRUE,
  ADIT_JSON_INTEGER,
  ADIT_JSON_REAL,
  ADIT_JSON_STRING,
  ADIT_JSON_ARRAY,
  ADIT_JSON_OBJECT,
} AditJsonType;

/* One value; behind it lie those that are in it, each with its own.  They live as long as the whole text's. */
typedef struct
{
  union { const char *key; guint32 key_position; };    /* in an object; @key_position only while it is read */
  union { const char *text; gint64 integer; double real; };
  guint32 n_members;        /* of a string: its bytes */
  guint32 span : 24, type : 8;    /* so many values are this one and what is in it */
} AditJson;

AditJson   *adit_json_parse       (const void *bytes, gsize length, gsize max_bytes, GError **error);
AditJson   *adit_json_text_read   (const char *bytes, gsize length, gsize *stopped_at);
void        adit_json_free        (AditJson *root);

AditJson   *adit_json_find        (AditJson *object, const char *field);
AditJson   *adit_json_first       (AditJson *container);
AditJson   *adit_json_at          (AditJson *array, guint position);
const char *adit_json_peek_text   (AditJson *value);
gint64      adit_json_peek_integer (AditJson *value);
gboolean    adit_json_is          (AditJson *value, AditJsonType type);

gboolean    adit_json_has         (AditJson *object, const char *field);
AditJson   *adit_json_get_object  (AditJson *object, const char *field, GError **error);
AditJson   *adit_json_get_array   (AditJson *object, const char *field, GError **error);
const char *adit_json_get_string  (AditJson *object, const char *field, gsize max_bytes, GError **error);
gboolean    adit_json_get_boolean (AditJson *object, const char *field, gboolean *value, GError **error);
gboolean    adit_json_get_number  (AditJson *object, const char *field, double *value, GError **error);
gboolean    adit_json_get_integer (AditJson *object, const char *field, gint64 min, gint64 max, gint64 *value, GError **error);
gboolean    adit_json_get_time    (AditJson *object, const char *field, gint64 *seconds, GError **error);
gboolean    adit_json_get_key     (AditJson *object, const char *field, guint8 *key, gsize key_bytes, GError **error);

/* The adapters walk over values in the words of jansson, which reads JSON in the rest of the project. */
typedef AditJson json_t;
typedef gint64 json_int_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, adit_json_free)

#define JSON_INTEGER_FORMAT         G_GINT64_FORMAT
#define json_decref(root)           adit_json_free (root)
#define json_object_get(object, f)  adit_json_find (object, f)
#define json_array_get(array, i)    adit_json_at (array, (guint) (i))
#define json_array_size(array)      (adit_json_is (array, ADIT_JSON_ARRAY) ? (gsize) (array)->n_members : 0)
#define json_object_size(object)    (adit_json_is (object, ADIT_JSON_OBJECT) ? (gsize) (object)->n_members : 0)
#define json_string_value(value)    adit_json_peek_text (value)
#define json_string_length(value)   (adit_json_is (value, ADIT_JSON_STRING) ? (gsize) (value)->n_members : 0)
#define json_integer_value(value)   adit_json_peek_integer (value)
#define json_is_object(value)       adit_json_is (value, ADIT_JSON_OBJECT)
#define json_is_array(value)        adit_json_is (value, ADIT_JSON_ARRAY)
#define json_is_string(value)       adit_json_is (value, ADIT_JSON_STRING)
#define json_is_integer(value)      adit_json_is (value, ADIT_JSON_INTEGER)
#define json_is_true(value)         adit_json_is (value, ADIT_JSON_TRUE)
#define json_is_false(value)        adit_json_is (value, ADIT_JSON_FALSE)
#define json_is_boolean(value)      (json_is_true (value) || json_is_false (value))
#define json_is_number(value)       (json_is_integer (value) || adit_json_is (value, ADIT_JSON_REAL))
#define json_is_null(value)         adit_json_is (value, ADIT_JSON_NULL)

#define json_array_foreach(array, i, value) \
  for ((i) = 0, (value) = json_is_array (array) ? adit_json_first (array) : NULL; (value) != NULL; \
       (value) = ++(i) < (array)->n_members ? (value) + (value)->span : NULL)

/* Counts by itself, as a member does not know how many come behind it. */
#define json_object_foreach(object, name, value) \
  for (AditJson *next_ = json_is_object (object) ? adit_json_first (object) : NULL, \
       *end_ = next_ != NULL ? (object) + (object)->span : NULL; \
       next_ != end_ && ((value) = next_, (name) = next_->key, (void) (name), next_ += next_->span, TRUE); )

G_END_DECLS
