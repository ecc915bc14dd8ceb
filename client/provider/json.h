/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json.h: strict reading of a stranger's JSON.  Every refusal is ADIT_ERROR_SERVICE_NONSENSE and names the field, never a value:
 * the value may be a token. */
#pragma once

#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)

json_t     *adit_json_parse       (const void *bytes, gsize length, gsize max_bytes, GError **error);
gboolean    adit_json_has         (json_t *object, const char *field);
json_t     *adit_json_get_object  (json_t *object, const char *field, GError **error);
json_t     *adit_json_get_array   (json_t *object, const char *field, GError **error);
const char *adit_json_get_string  (json_t *object, const char *field, gsize max_bytes, GError **error);
gboolean    adit_json_get_boolean (json_t *object, const char *field, gboolean *value, GError **error);
gboolean    adit_json_get_number  (json_t *object, const char *field, double *value, GError **error);
gboolean    adit_json_get_integer (json_t *object, const char *field, gint64 min, gint64 max, gint64 *value, GError **error);
gboolean    adit_json_get_time    (json_t *object, const char *field, gint64 *seconds, GError **error);
gboolean    adit_json_get_key     (json_t *object, const char *field, guint8 *key, gsize key_bytes, GError **error);

G_END_DECLS
