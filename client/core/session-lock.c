/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-lock.c: service, tunnel, settings and links go into one policy; the routes beside the tunnel follow it. */
#define G_LOG_DOMAIN "adit-session"

#include "client/core/session-lock.h"

static void
resolve_reach (AditSessionLock *self, const AditTunnelSpec *spec, AditReach *reach)
{
  AditNearby nearby[ADIT_REACH_MAX_NEARBY];
  guint n_nearby = 0;

  if (self->platform->network != NULL && adit_reach_settings_need_links (&self->settings))
    n_nearby = adit_network_list (self->platform->network, nearby, G_N_ELEMENTS (nearby));
  adit_reach_resolve (reach, &self->settings, nearby, n_nearby, spec);
  reach->kept = self->kept;
  reach->has_portal = self->has_portal;
}

static void
add_tunnel (AditLockPolicy *policy, const AditTunnelSpec *spec)
{
  gboolean own = policy->reach.n_inside + policy->reach.n_outside > 0;
  const AditAddress *dns = own ? policy->reach.inside : spec->dns;

  policy->peer = spec->peer;
  policy->n_more_peers = spec->is_nested ? 0 : spec->n_more_peers;
  for (guint i = 0; i < policy->n_more_peers; i++)
    policy->more_peers[i] = spec->more_peers[i].endpoint;
  if (spec->is_nested)
    policy->inner_peer = spec->more_peers[0].endpoint;
  policy->transport = spec->transport;
  policy->carrier_uid = spec->carrier_uid;
  policy->n_tunnel_addresses = spec->n_addresses;
  for (guint i = 0; i < spec->n_addresses; i++)
    policy->tunnel_addresses[i] = spec->addresses[i];
  policy->n_dns = own ? policy->reach.n_inside : spec->n_dns;
  for (guint i = 0; i < policy->n_dns; i++)
    policy->dns[i] = dns[i];
}

/**
 * adit_session_lock_apply:
 * @self: a lock
 * @lock: the wanted one
 * @spec: (nullable): the tunnel; without one nothing is opened for any
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * Routes beside the tunnel follow the lock: what it does not open, no route lets out.
 *
 * Returns: whether it is in force
 */
gboolean
adit_session_lock_apply (AditSessionLock *self, AditLock lock, const AditTunnelSpec *spec, GError **error)
{
  gboolean has_tunnel = spec != NULL && (lock == ADIT_LOCK_PEER || lock == ADIT_LOCK_TUNNEL);
  AditLockPolicy policy = { .lock = lock, .n_api = self->n_api };
  g_autoptr (GError) route_error = NULL;

  for (guint i = 0; i < self->n_api; i++)
    policy.api[i] = self->api[i];
  if (lock != ADIT_LOCK_OFF)
    resolve_reach (self, has_tunnel ? spec : NULL, &policy.reach);
  if (has_tunnel)
    add_tunnel (&policy, spec);
  self->refused = !adit_firewall_apply (self->platform->firewall, &policy, error);
  if (self->refused)
    return FALSE;
  self->lock = lock;
  self->reach = policy.reach;
  self->has_spec = has_tunnel;
  if (has_tunnel && spec != &self->spec)
    self->spec = *spec;
  if (self->platform->network != NULL)
    adit_network_hush (self->platform->network, lock != ADIT_LOCK_OFF);
  if (!adit_route_set_reach (self->platform->route, &self->reach, &route_error))
    g_warning ("what is beside the tunnel may not be found: %s", route_error->message);
  return TRUE;
}

static gboolean
apply_again (AditSessionLock *self, GError **error)
{
  return adit_session_lock_apply (self, self->lock, self->has_spec ? &self->spec : NULL, error);
}

/**
 * adit_session_lock_again:
 * @self: a lock
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * Returns: whether the one in force, if there is one, was put in force once more
 */
gboolean
adit_session_lock_again (AditSessionLock *self, GError **error)
{
  return self->lock == ADIT_LOCK_OFF || self->refused || apply_again (self, error);
}

/**
 * adit_session_lock_follow:
 * @self: a lock
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * Makes the one in force anew where links, addresses or settings have changed what may be reached beside the tunnel.
 *
 * Returns: whether it is as they say
 */
gboolean
adit_session_lock_follow (AditSessionLock *self, GError **error)
{
  AditReach now;

  if (self->lock == ADIT_LOCK_OFF || self->refused)
    return TRUE;
  resolve_reach (self, self->has_spec ? &self->spec : NULL, &now);
  return adit_reach_equal (&now, &self->reach) || apply_again (self, error);
}

/**
 * adit_session_lock_set_settings:
 * @self: a lock
 * @settings: what may be reached beside the tunnel
 * @is_whole: (out): where it failed, whether the lock of before is known to hold
 * @error: return location; %ADIT_ERROR_LOCK_FAILED, and then the settings are as before
 *
 * Returns: whether the lock is as @settings say
 */
gboolean
adit_session_lock_set_settings (AditSessionLock *self, const AditReachSettings *settings, gboolean *is_whole, GError **error)
{
  AditReachSettings before = self->settings;

  *is_whole = TRUE;
  if (self->platform->network != NULL && adit_reach_settings_need_links (settings) &&
      !adit_network_watch (self->platform->network, error))
    return FALSE;
  self->settings = *settings;
  if (adit_session_lock_follow (self, error))
    return TRUE;
  self->settings = before;
  /* The rules of before are still whole; that they are is made sure of. */
  *is_whole = apply_again (self, NULL);
  return FALSE;
}

/**
 * adit_session_lock_set_api:
 * @self: a lock
 * @api: (array length=n_api): where workers' own connections may go to through every lock
 * @n_api: how many; what is beyond ADIT_LOCK_MAX_API is left out
 * @is_whole: (out): where it failed, whether the lock of before is known to hold
 * @error: return location; %ADIT_ERROR_LOCK_FAILED, and then it is as before
 *
 * Returns: whether the lock, where there is one, is so
 */
gboolean
adit_session_lock_set_api (AditSessionLock *self, const AditEndpoint *api, guint n_api, gboolean *is_whole, GError **error)
{
  AditEndpoint before[ADIT_LOCK_MAX_API];
  guint n_before = self->n_api;

  *is_whole = TRUE;
  memcpy (before, self->api, sizeof before);
  self->n_api = MIN (n_api, ADIT_LOCK_MAX_API);
  for (guint i = 0; i < self->n_api; i++)
    self->api[i] = api[i];
  if (adit_session_lock_again (self, error))
    return TRUE;
  memcpy (self->api, before, sizeof before);
  self->n_api = n_before;
  *is_whole = apply_again (self, NULL);
  return FALSE;
}

/**
 * adit_session_lock_set_kept:
 * @self: a lock
 * @flow: the connection that every lock lets stay, or none
 * @is_whole: (out): where it failed, whether the lock of before is known to hold
 * @error: return location; %ADIT_ERROR_LOCK_FAILED, and then it is as before
 *
 * Returns: whether the lock, where there is one, is so
 */
gboolean
adit_session_lock_set_kept (AditSessionLock *self, const AditFlow *flow, gboolean *is_whole, GError **error)
{
  AditFlow before = self->kept;

  *is_whole = TRUE;
  self->kept = *flow;
  if (adit_session_lock_follow (self, error))
    return TRUE;
  self->kept = before;
  *is_whole = apply_again (self, NULL);
  return FALSE;
}

/**
 * adit_session_lock_set_portal:
 * @self: a lock
 * @has_portal: whether it has room for a hole of a few minutes, which is empty at first
 * @is_whole: (out): where it failed, whether the lock of before is known to hold
 * @error: return location; %ADIT_ERROR_LOCK_FAILED, and then it is as before
 *
 * Returns: whether the lock, where there is one, is so
 */
gboolean
adit_session_lock_set_portal (AditSessionLock *self, gboolean has_portal, gboolean *is_whole, GError **error)
{
  gboolean before = self->has_portal;

  *is_whole = TRUE;
  self->has_portal = has_portal;
  if (adit_session_lock_follow (self, error))
    return TRUE;
  self->has_portal = before;
  *is_whole = apply_again (self, NULL);
  return FALSE;
}

/**
 * adit_session_lock_get_inside_resolver:
 * @self: a lock
 *
 * Returns: (transfer none) (nullable): one that may be asked inside the tunnel; %NULL where the user's are all outside
 */
const AditAddress *
adit_session_lock_get_inside_resolver (AditSessionLock *self)
{
  if (!self->has_spec || self->spec.n_dns == 0)
    return NULL;
  if (self->reach.n_inside + self->reach.n_outside == 0)
    return &self->spec.dns[0];
  return self->reach.n_inside > 0 ? &self->reach.inside[0] : NULL;
}
