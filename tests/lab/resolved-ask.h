/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolved-ask.h: what tests say to the client's systemd-resolved, as other programs do. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ResolvedAsk ResolvedAsk;

ResolvedAsk *resolved_ask_new         (void);
void         resolved_ask_free        (ResolvedAsk *self);

char        *resolved_ask_name        (ResolvedAsk *self, const char *link, const char *name, guint max_ms);
void         resolved_ask_set_link    (ResolvedAsk *self, const char *method, const char *link, GVariant *value);
void         resolved_ask_set_servers (ResolvedAsk *self, const char *link, const char *const *servers);
void         resolved_ask_revert      (ResolvedAsk *self, const char *link);
char        *resolved_ask_dup_servers (ResolvedAsk *self, const char *link);
gboolean     resolved_ask_is_default  (ResolvedAsk *self, const char *link);

G_END_DECLS
