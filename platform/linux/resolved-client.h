/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolved-client.h: the calls to systemd-resolved, each bounded in time. */
#pragma once

#include "client/model/address.h"
#include <gio/gio.h>

G_BEGIN_DECLS

#define ADIT_RESOLVED_NAME      "org.freedesktop.resolve1"
#define ADIT_RESOLVED_PATH      "/org/freedesktop/resolve1"
#define ADIT_RESOLVED_DIRECTORY "/run/systemd/resolve"

gboolean adit_resolved_is_there      (GDBusConnection *bus, gboolean or_activatable);
gboolean adit_resolved_rules_file    (const char *path);
gboolean adit_resolved_call          (GDBusConnection *bus, const char *method, GVariant *arguments, GError **error);
gboolean adit_resolved_call_optional (GDBusConnection *bus, const char *method, GVariant *arguments, GError **error);
gboolean adit_resolved_revert_link  (GDBusConnection *bus, int link, GError **error);
gboolean adit_resolved_set_servers   (GDBusConnection *bus, int link, const AditAddress *servers, guint n_servers,
                                      GError **error);
gboolean adit_resolved_has_servers   (GDBusConnection *bus, int link, const AditAddress *servers, guint n_servers,
                                      GError **error);
GVariant *adit_resolved_get_domains  (GDBusConnection *bus, GError **error);
gboolean adit_resolved_get_default_route (GDBusConnection *bus, int link, gboolean *is_default, GError **error);

G_END_DECLS
