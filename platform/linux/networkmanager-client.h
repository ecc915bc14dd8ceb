/* SPDX-License-Identifier: GPL-2.0-or-later */
/* networkmanager-client.h: the questions to NetworkManager, each bounded in time. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ADIT_NETWORKMANAGER_NAME "org.freedesktop.NetworkManager"

gboolean  adit_networkmanager_is_there       (GDBusConnection *bus);
char     *adit_networkmanager_find_file      (GDBusConnection *bus, const char *path, GError **error);
gboolean  adit_networkmanager_has_global_dns (GDBusConnection *bus);
gboolean  adit_networkmanager_reload         (GDBusConnection *bus, GError **error);
void      adit_networkmanager_read_soon      (GDBusConnection *bus);

G_END_DECLS
