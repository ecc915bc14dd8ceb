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
AditJson   *adit_json_first       (AditJson *container, AditJsonType type);
AditJson   *adit_json_next        (AditJson *container, AditJson *value);
AditJson   *adit_json_at          (AditJson *array, guint position);
guint       adit_json_count       (AditJson *array);
const char *adit_json_peek_text   (AditJson *value);
gint64      adit_json_peek_integer (AditJson *value);
gboolean    adit_json_is          (AditJson *value, AditJsonType type);
gboolean    adit_json_is_boolean  (AditJson *value);

gboolean    adit_json_has         (AditJson *object, const char *field);
AditJson   *adit_json_get_object  (AditJson *object, const char *field, GError **error);
AditJson   *adit_json_get_array   (AditJson *object, const char *field, GError **error);
const char *adit_json_get_string  (AditJson *object, const char *field, gsize max_bytes, GError **error);
gboolean    adit_json_get_boolean (AditJson *object, const char *field, gboolean *value, GError **error);
gboolean    adit_json_get_number  (AditJson *object, const char *field, double *value, GError **error);
gboolean    adit_json_get_integer (AditJson *object, const char *field, gint64 min, gint64 max, gint64 *value, GError **error);
gboolean    adit_json_get_time    (AditJson *object, const char *field, gint64 *seconds, GError **error);
gboolean    adit_json_get_key     (AditJson *object, const char *field, guint8 *key, gsize key_bytes, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditJson, adit_json_free)

/* What is no array has no elements, and what is no object no members; a member's name is its key. */
#define ADIT_JSON_FOREACH(array, value)         ADIT_JSON_WALK (array, ADIT_JSON_ARRAY, value)
#define ADIT_JSON_FOREACH_MEMBER(object, value) ADIT_JSON_WALK (object, ADIT_JSON_OBJECT, value)
#define ADIT_JSON_WALK(container, type, value) \
  for ((value) = adit_json_first (container, type); (value) != NULL; (value) = adit_json_next (container, value))

G_END_DECLS
