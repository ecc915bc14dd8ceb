/* SPDX-License-Identifier: GPL-2.0-or-later */
/* owner.h: who has the helper's name on the bus, before a secret is handed to it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void  adit_owner_find_async  (GDBusConnection *bus, int timeout_ms, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
char *adit_owner_find_finish (GAsyncResult *result, GError **error);

G_END_DECLS
