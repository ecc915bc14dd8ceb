/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock-policy.c: compares policies field by field, since padding and unused rows do not count. */
#include "client/model/lock-policy.h"

/**
 * adit_lock_policy_equal:
 * @a: a policy
 * @b: another
 *
 * Returns: whether they let the same packets through
 */
gboolean
adit_lock_policy_equal (const AditLockPolicy *a, const AditLockPolicy *b)
{
  if (a->lock != b->lock || a->n_api != b->n_api || a->n_tunnel_addresses != b->n_tunnel_addresses || a->n_dns != b->n_dns ||
      a->n_more_peers != b->n_more_peers ||
      !adit_endpoint_equal (&a->peer, &b->peer) || !adit_endpoint_equal (&a->inner_peer, &b->inner_peer) ||
      a->transport != b->transport || a->carrier_uid != b->carrier_uid ||
      !adit_reach_equal (&a->reach, &b->reach))
    return FALSE;
  for (guint i = 0; i < a->n_api; i++)
    if (!adit_endpoint_equal (&a->api[i], &b->api[i]))
      return FALSE;
  for (guint i = 0; i < a->n_more_peers; i++)
    if (!adit_endpoint_equal (&a->more_peers[i], &b->more_peers[i]))
      return FALSE;
  for (guint i = 0; i < a->n_tunnel_addresses; i++)
    if (a->tunnel_addresses[i].prefix_bits != b->tunnel_addresses[i].prefix_bits ||
        !adit_address_equal (&a->tunnel_addresses[i].address, &b->tunnel_addresses[i].address))
      return FALSE;
  for (guint i = 0; i < a->n_dns; i++)
    if (!adit_address_equal (&a->dns[i], &b->dns[i]))
      return FALSE;
  return TRUE;
}
