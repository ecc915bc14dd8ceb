/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route.c: the routing interface's type and its dispatch. */
#include "platform/route.h"

#include "client/base/fault.h"

G_DEFINE_INTERFACE (AditRoute, adit_route, G_TYPE_OBJECT)

static guint diverted_signal;

static void
adit_route_default_init (AditRouteInterface *iface)
{
  /**
   * AditRoute::diverted:
   * @self: an applied back end
   * @now: what other routes would do, if ours did not come first
   */
  diverted_signal = g_signal_new ("diverted", ADIT_TYPE_ROUTE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_UINT);
}

/**
 * adit_route_apply:
 * @self: a back end
 * @spec: the wanted tunnel; its device exists
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED; what was done by then is for adit_route_revert()
 *
 * Addresses, MTU, link up, own table, rules, kernel settings.  Idempotent.
 *
 * Returns: whether all of it is so
 */
gboolean
adit_route_apply (AditRoute *self, const AditTunnelSpec *spec, GError **error)
{
  g_return_val_if_fail (ADIT_IS_ROUTE (self), FALSE);
  g_return_val_if_fail (spec != NULL, FALSE);
  return ADIT_BETWEEN_FAULTS ("route", ADIT_ROUTE_GET_IFACE (self)->apply (self, spec, error));
}

/**
 * adit_route_set_reach:
 * @self: a back end
 * @reach: what may be reached beside the tunnel; copied
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Remembers it for the next tunnel; where one is up its rules are changed at once.  Nothing leaves that the lock does not open,
 * so a rule too many opens nothing.
 *
 * Returns: whether the rules are so
 */
gboolean
adit_route_set_reach (AditRoute *self, const AditReach *reach, GError **error)
{
  g_return_val_if_fail (ADIT_IS_ROUTE (self), FALSE);
  g_return_val_if_fail (reach != NULL, FALSE);
  return ADIT_ROUTE_GET_IFACE (self)->set_reach (self, reach, error);
}

/**
 * adit_route_revert:
 * @self: a back end, used or not
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED with the first thing that could not be undone; the rest is undone
 *
 * Takes everything back by our fixed numbers and the journal, also after a crash.  Idempotent.
 *
 * Returns: whether nothing of ours is left
 */
gboolean
adit_route_revert (AditRoute *self, GError **error)
{
  g_return_val_if_fail (ADIT_IS_ROUTE (self), FALSE);
  return ADIT_BETWEEN_FAULTS ("route-back", ADIT_ROUTE_GET_IFACE (self)->revert (self, error));
}

/**
 * adit_route_emit_diverted:
 * @self: a back end
 * @now: what there is
 *
 * For back ends: tells of routes that lead past the tunnel.
 */
void
adit_route_emit_diverted (AditRoute *self, AditDiversions now)
{
  g_signal_emit (self, diverted_signal, 0, (guint) now);
}
