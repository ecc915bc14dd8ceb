/* SPDX-License-Identifier: GPL-2.0-or-later */
/* connectivity.h: what another program's check of the internet has found out; nothing is sent for it by us. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _AditConnectivity AditConnectivity;

typedef void (*AditConnectivityTold) (gboolean is_captive, gpointer user_data);

AditConnectivity *adit_connectivity_new  (GDBusConnection *bus, AditConnectivityTold told, gpointer user_data);
void              adit_connectivity_free (AditConnectivity *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditConnectivity, adit_connectivity_free)

G_END_DECLS
