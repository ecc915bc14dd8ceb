/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network.h: which links, addresses and ways out this computer has, and when that changes.  Nothing is sent to learn it. */
#pragma once

#include <gio/gio.h>
#include "client/model/known-network.h"
#include "client/model/portal-hole.h"
#include "client/model/reach.h"

G_BEGIN_DECLS

#define ADIT_TYPE_NETWORK (adit_network_get_type ())
G_DECLARE_INTERFACE (AditNetwork, adit_network, ADIT, NETWORK, GObject)

/* By which a packet would leave: two equal ones mean the same link, the same next router and the same address of ours. */
typedef struct
{
  guint       link;       /* the system's number of it */
  AditAddress router;     /* none where the destination is on the link */
  AditAddress source;     /* none where that was not asked of the system */
} AditWay;

/* Signal "changed": links, addresses or ways out may be others; nothing is said about what. */
struct _AditNetworkInterface
{
  GTypeInterface parent;

  /* How many addresses were written to @nearby, at most @max: of cables and radios, and of links behind which only guests are.
   * Tunnels, loopback and everything that could not be read are left out. */
  guint (*list) (AditNetwork *self, AditNearby *nearby, guint max);
  /* From the first call on "changed" is told. */
  gboolean (*watch) (AditNetwork *self, GError **error);
  /* The way that a packet of the tunnel's carrier to @to would take, or any way to strangers where that is %NULL.  %FALSE only
   * where it is known that there is none: no route, or none by a link that has a carrier. */
  gboolean (*find_way) (AditNetwork *self, const AditAddress *to, AditWay *way);
  /* Optional.  A router on the way of the tunnel's carrier to @to that has been asked where it is, and has not answered, is asked
   * again with the next packet. */
  void (*ask_router_again) (AditNetwork *self, const AditAddress *to);
  /* Optional.  Other programs' checks of whether there is a network rest as long as this computer is locked: the lock would make
   * them say that there is none.  Idempotent; also undoes what an earlier helper has left. */
  void (*hush) (AditNetwork *self, gboolean is_locked);
  /* Optional.  How many networks packets to strangers leave by, at most @max, were written to @facts. */
  guint (*identify) (AditNetwork *self, AditNetworkFacts *facts, guint max);
  /* Optional.  Where the page of a network is that asks people to show themselves: at its router. */
  gboolean (*find_portal) (AditNetwork *self, AditPortalHole *hole, GError **error);
};

guint    adit_network_list         (AditNetwork *self, AditNearby *nearby, guint max);
gboolean adit_network_watch        (AditNetwork *self, GError **error);
gboolean adit_network_find_way     (AditNetwork *self, const AditAddress *to, AditWay *way);
void     adit_network_ask_router_again (AditNetwork *self, const AditAddress *to);
void     adit_network_hush         (AditNetwork *self, gboolean is_locked);
guint    adit_network_identify     (AditNetwork *self, AditNetworkFacts *facts, guint max);
gboolean adit_network_find_portal  (AditNetwork *self, AditPortalHole *hole, GError **error);
gboolean adit_way_equal            (const AditWay *a, const AditWay *b);
void     adit_network_emit_changed (AditNetwork *self);

G_END_DECLS
