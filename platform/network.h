/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network.h: which links and addresses this computer has, and when that changes. */
#pragma once

#include <gio/gio.h>
#include "client/model/reach.h"

G_BEGIN_DECLS

#define ADIT_TYPE_NETWORK (adit_network_get_type ())
G_DECLARE_INTERFACE (AditNetwork, adit_network, ADIT, NETWORK, GObject)

/* Signal "changed": links, addresses or ways out may be others; nothing is said about what. */
struct _AditNetworkInterface
{
  GTypeInterface parent;

  /* How many addresses were written to @nearby, at most @max: of cables and radios, and of links behind which only guests are.
   * Tunnels, loopback and everything that could not be read are left out. */
  guint (*list) (AditNetwork *self, AditNearby *nearby, guint max);
  /* From the first call on "changed" is told. */
  gboolean (*watch) (AditNetwork *self, GError **error);
};

guint    adit_network_list         (AditNetwork *self, AditNearby *nearby, guint max);
gboolean adit_network_watch        (AditNetwork *self, GError **error);
void     adit_network_emit_changed (AditNetwork *self);

G_END_DECLS
