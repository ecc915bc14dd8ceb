/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notices-host.h: who shows notifications, and items beside the clock, on Alice's desktop, and what its portal asks. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NOTICES_HOST_PORTAL "org.freedesktop.impl.portal.desktop.lab"    /* on the bus, for a .portal file */

typedef struct _NoticesHost NoticesHost;

NoticesHost *notices_host_new   (void);
void         notices_host_free  (NoticesHost *self);
char        *notices_host_wait  (NoticesHost *self, guint max_ms);
void         notices_host_press (NoticesHost *self, const char *action);
char        *notices_host_wait_started (NoticesHost *self);
void         notices_host_refuse (NoticesHost *self, gboolean refuses);
void         notices_host_hold  (NoticesHost *self, gboolean holds);
GVariant    *notices_host_ask   (NoticesHost *self, const char *name, const char *path, const char *interface, const char *method,
                                 GVariant *arguments);
void         notices_host_forget_items (NoticesHost *self);
char        *notices_host_dup_item (NoticesHost *self);
GVariant    *notices_host_ask_item (NoticesHost *self, const char *interface, const char *method, GVariant *arguments);

G_END_DECLS
