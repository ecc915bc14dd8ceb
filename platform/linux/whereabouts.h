/* SPDX-License-Identifier: GPL-2.0-or-later */
/* whereabouts.h: which networks this computer is in. */
#pragma once

#include <gio/gio.h>
#include "client/model/known-network.h"

G_BEGIN_DECLS

guint adit_whereabouts_find (GDBusConnection *bus, AditNetworkFacts *facts, guint max);

/* From NetworkManager; FALSE where it does not rule that link. */
gboolean adit_networkmanager_tell (GDBusConnection *bus, const char *link, AditNetworkFacts *facts);

G_END_DECLS
