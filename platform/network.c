/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network.c: the network's type, its dispatch and its one signal. */
#include "platform/network.h"

#include "client/base/error.h"

G_DEFINE_INTERFACE (AditNetwork, adit_network, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
adit_network_default_init (AditNetworkInterface *iface)
{
  /**
   * AditNetwork::changed:
   * @self: a watched network
   *
   * Links, addresses or ways out may be others than they were.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ADIT_TYPE_NETWORK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * adit_network_list:
 * @self: a back end
 * @nearby: (out caller-allocates) (array length=max): the addresses
 * @max: how many fit; what is beyond is left out
 *
 * Returns: how many there are; none where they cannot be read
 */
guint
adit_network_list (AditNetwork *self, AditNearby *nearby, guint max)
{
  g_return_val_if_fail (ADIT_IS_NETWORK (self), 0);
  return ADIT_NETWORK_GET_IFACE (self)->list (self, nearby, max);
}

/**
 * adit_network_watch:
 * @self: a back end
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * Returns: whether #AditNetwork::changed is told from now on
 */
gboolean
adit_network_watch (AditNetwork *self, GError **error)
{
  g_return_val_if_fail (ADIT_IS_NETWORK (self), FALSE);
  return ADIT_NETWORK_GET_IFACE (self)->watch (self, error);
}

/**
 * adit_network_find_way:
 * @self: a back end
 * @to: (nullable): where to; %NULL for anybody far away
 * @way: (out caller-allocates): how
 *
 * Returns: whether a packet of the tunnel's carrier would leave; where that cannot be told, it would
 */
gboolean
adit_network_find_way (AditNetwork *self, const AditAddress *to, AditWay *way)
{
  g_return_val_if_fail (ADIT_IS_NETWORK (self), TRUE);
  *way = (AditWay) { 0 };
  return ADIT_NETWORK_GET_IFACE (self)->find_way (self, to, way);
}

/**
 * adit_network_ask_router_again:
 * @self: a back end
 * @to: where the tunnel's carrier goes
 *
 * A question for the router that was lost, because a cable was out or a switch was not ready, is not waited for.  Sends nothing
 * itself.
 */
void
adit_network_ask_router_again (AditNetwork *self, const AditAddress *to)
{
  g_return_if_fail (ADIT_IS_NETWORK (self));
  if (ADIT_NETWORK_GET_IFACE (self)->ask_router_again != NULL)
    ADIT_NETWORK_GET_IFACE (self)->ask_router_again (self, to);
}

/**
 * adit_network_hush:
 * @self: a back end
 * @is_locked: whether a lock of ours is in force
 *
 * Lets other programs' checks of the network rest, or work again.  Nothing depends on it: where it fails they are wrong, and
 * their packets are stopped by the lock.
 */
void
adit_network_hush (AditNetwork *self, gboolean is_locked)
{
  g_return_if_fail (ADIT_IS_NETWORK (self));
  if (ADIT_NETWORK_GET_IFACE (self)->hush != NULL)
    ADIT_NETWORK_GET_IFACE (self)->hush (self, is_locked);
}

/**
 * adit_network_identify:
 * @self: a back end
 * @facts: (out caller-allocates) (array length=max): what is seen of each network that this computer is in
 * @max: how many fit; what is beyond is left out
 *
 * Nothing is sent: what nothing has been said to yet has no hardware address.
 *
 * Returns: how many there are; none where they cannot be read
 */
guint
adit_network_identify (AditNetwork *self, AditNetworkFacts *facts, guint max)
{
  g_return_val_if_fail (ADIT_IS_NETWORK (self), 0);
  return ADIT_NETWORK_GET_IFACE (self)->identify != NULL ? ADIT_NETWORK_GET_IFACE (self)->identify (self, facts, max) : 0;
}

/**
 * adit_network_find_portal:
 * @self: a back end
 * @hole: (out caller-allocates): what has to be reached to see the page of a network that asks people to show themselves
 * @error: return location; %ADIT_ERROR_OFFLINE
 *
 * Nothing but near addresses: what a network says of itself opens no way to a stranger.
 *
 * Returns: whether there is such a network
 */
gboolean
adit_network_find_portal (AditNetwork *self, AditPortalHole *hole, GError **error)
{
  g_return_val_if_fail (ADIT_IS_NETWORK (self), FALSE);
  *hole = (AditPortalHole) { 0 };
  if (ADIT_NETWORK_GET_IFACE (self)->find_portal != NULL)
    return ADIT_NETWORK_GET_IFACE (self)->find_portal (self, hole, error);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_OFFLINE, "There is no network");
  return FALSE;
}

/**
 * adit_way_equal:
 * @a: a way
 * @b: another
 *
 * Returns: whether they are the same
 */
gboolean
adit_way_equal (const AditWay *a, const AditWay *b)
{
  return a->link == b->link && adit_address_equal (&a->router, &b->router) && adit_address_equal (&a->source, &b->source);
}

/**
 * adit_network_emit_changed:
 * @self: a back end
 *
 * For back ends.
 */
void
adit_network_emit_changed (AditNetwork *self)
{
  g_return_if_fail (ADIT_IS_NETWORK (self));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
