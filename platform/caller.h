/* SPDX-License-Identifier: GPL-2.0-or-later */
/* caller.h: has the person behind a bus caller come over the network?  Found out, not believed. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void     adit_caller_find_remote_async  (GDBusConnection *bus, const char *sender, GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean adit_caller_find_remote_finish (GAsyncResult *result);

G_END_DECLS
