/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reply.h: the answers that all services have in common. */
#pragma once

#include <jansson.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

#define REPLY_JSON "application/json"

void   reply_text      (SoupServerMessage *message, guint status, const char *type, const char *text);
void   reply_json_as   (SoupServerMessage *message, guint status, const char *type, json_t *body);
void   reply_json      (SoupServerMessage *message, guint status, json_t *body);
void   reply_nothing   (SoupServerMessage *message, guint status);
void   reply_tell_time (SoupServerMessage *message, gint64 time_s);
char  *reply_dup_time  (gint64 time_s);
gint64 reply_get_now_s (void);

G_END_DECLS
