/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notices-host.h: who shows notifications, and items beside the clock, on Alice's desktop. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _NoticesHost NoticesHost;

NoticesHost *notices_host_new   (void);
void         notices_host_free  (NoticesHost *self);
char        *notices_host_wait  (NoticesHost *self, guint max_ms);
void         notices_host_press (NoticesHost *self, const char *action);
GVariant    *notices_host_ask_item (NoticesHost *self, const char *interface, const char *method, GVariant *arguments);

G_END_DECLS
