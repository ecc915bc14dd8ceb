/* SPDX-License-Identifier: GPL-2.0-or-later */
/* whereabouts.h: which networks this computer is in. */
#pragma once

#include <gio/gio.h>
#include "client/model/known-network.h"
#include "client/model/portal-hole.h"

G_BEGIN_DECLS

guint adit_whereabouts_find (GDBusConnection *bus, AditNetworkFacts *facts, guint max);

gboolean adit_whereabouts_find_portal (GDBusConnection *bus, AditPortalHole *hole, GError **error);

/* From NetworkManager; FALSE where it does not rule that link. */
gboolean adit_networkmanager_tell (GDBusConnection *bus, const char *link, AditNetworkFacts *facts);
guint    adit_networkmanager_list_resolvers (GDBusConnection *bus, const char *link, AditAddress *resolvers, guint max);

/* From ModemManager. */
typedef void (*AditModemChanged) (gpointer user_data);

gboolean adit_modem_has_manager (GDBusConnection *bus);
void  adit_modem_tell  (GDBusConnection *bus, const char *modem, const char *access_point, AditNetworkFacts *facts);
guint adit_modem_watch (GDBusConnection *bus, AditModemChanged changed, gpointer user_data);

G_END_DECLS
