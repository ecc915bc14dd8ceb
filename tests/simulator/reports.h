/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reports.h: what the server for reports reads strictly, by Sentry's documents ("Envelopes" and "Event Payloads"). */
#pragma once

#include <jansson.h>
#include <glib.h>

G_BEGIN_DECLS

gboolean reports_refuse         (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
json_t  *reports_read_object    (const char *text, gsize length, const char *what, GError **error);
gboolean reports_is_id          (const char *text);
gboolean reports_is_day         (json_t *time);
gboolean reports_check_members  (json_t *object, const char *const *allowed, const char *what, GError **error);
json_t  *reports_read_envelope  (const char *bytes, gsize length, const char *dsn, GError **error);

gboolean reports_check_event    (json_t *event, const char *id, GError **error);
gboolean reports_check_stack    (json_t *stack, const char *what, GError **error);
gboolean reports_check_images   (json_t *meta, GError **error);

G_END_DECLS
