/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-watch.h: rings a moment after anybody has changed addresses, routes or routing rules. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _AditRouteWatch AditRouteWatch;
typedef void (*AditRouteChanged) (gpointer user_data);

AditRouteWatch *adit_route_watch_new  (AditRouteChanged changed, gpointer user_data, GError **error);
void            adit_route_watch_free (AditRouteWatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditRouteWatch, adit_route_watch_free)

G_END_DECLS
