/* SPDX-License-Identifier: GPL-2.0-or-later */
/* networkmanager-client.h: the questions to NetworkManager about names, each bounded in time. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ADIT_NETWORKMANAGER_NAME "org.freedesktop.NetworkManager"

gboolean  adit_networkmanager_is_there       (GDBusConnection *bus);
char     *adit_networkmanager_find_file      (GDBusConnection *bus, const char *path, GError **error);
gboolean  adit_networkmanager_has_global_dns (GDBusConnection *bus);
gboolean  adit_networkmanager_reload         (GDBusConnection *bus, GError **error);

G_END_DECLS
