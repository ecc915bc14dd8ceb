/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-settings.c: what of a session can be set, whatever its state.  In a lock that is in force it holds at once, and the
 * lock comes first: a setting that it does not take is as it was before. */
#include "client/core/session-private.h"

/**
 * adit_session_set_lockdown:
 * @self: a started session; the caller has stored the setting
 * @on: whether the lock is to stay while disconnected
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * Returns: whether the lock is as the setting says
 */
gboolean
adit_session_set_lockdown (AditSession *self, gboolean on, GError **error)
{
  if (self->state == ADIT_STATE_DISCONNECTED &&
      !adit_session_lock_apply (&self->lock, adit_session_table_lock (self->state, on), NULL, error))
    return FALSE;
  self->lockdown = on;
  if (on)
    adit_session_resume (self);    /* who wants more protection does not want it later */
  adit_session_changed (self);
  return TRUE;
}

/**
 * adit_session_set_api:
 * @self: a session, started or not
 * @api: the addresses that workers may be connected to
 * @n_api: how many; what is beyond ADIT_LOCK_MAX_API is left out
 * @error: return location; %ADIT_ERROR_LOCK_FAILED, and then they are as before
 *
 * Returns: whether the lock, where there is one, lets them through
 */
gboolean
adit_session_set_api (AditSession *self, const AditEndpoint *api, guint n_api, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean is_whole;

  if (adit_session_lock_set_api (&self->lock, api, n_api, &is_whole, &local))
    return TRUE;
  if (!is_whole)
    adit_session_handle (self, ADIT_EVENT_LOCK_FAILED, ADIT_REASON_LOCK_FAILED, local);
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * adit_session_set_kept:
 * @self: a session, started or not
 * @flow: the connection that every lock lets stay from now on, or none; whoever sets it has made sure whose it is
 * @error: return location; %ADIT_ERROR_LOCK_FAILED, and then it is as before
 *
 * Returns: whether the lock, where there is one, is so
 */
gboolean
adit_session_set_kept (AditSession *self, const AditFlow *flow, GError **error)
{
  gboolean is_whole;

  if (adit_session_lock_set_kept (&self->lock, flow, &is_whole, error))
    return TRUE;
  if (!is_whole)
    adit_session_handle (self, ADIT_EVENT_LOCK_FAILED, ADIT_REASON_LOCK_FAILED, error != NULL ? *error : NULL);
  return FALSE;
}

/* Whom the computer asks has to be told again where a tunnel has come that far. */
static void
follow_resolvers (AditSession *self)
{
  AditDns *dns = adit_session_get_dns (self);
  g_autoptr (GError) error = NULL;
  const AditAddress *resolvers;
  guint n_resolvers;

  if (self->attempt != NULL)
    adit_attempt_set_resolvers (self->attempt, self->lock.settings.dns, self->lock.settings.n_dns);
  if (dns == NULL || (self->state != ADIT_STATE_CONNECTING && self->state != ADIT_STATE_CONNECTED))
    return;
  resolvers = adit_session_get_resolvers (self, &n_resolvers);
  adit_session_forget_names (self);
  if (!adit_dns_apply (dns, resolvers, n_resolvers, &error))
    adit_session_handle (self, ADIT_EVENT_GAVE_UP, ADIT_REASON_DNS_FAILED, error);
}

/**
 * adit_session_set_reach:
 * @self: a session, started or not; the caller has stored the settings
 * @settings: what may be reached beside the tunnel, and who is asked for names
 * @error: return location; %ADIT_ERROR_LOCK_FAILED, and then it is as before
 *
 * In any lock that is in force it holds at once: the lock first, in one transaction, then the routes, then the resolver.
 *
 * Returns: whether the lock is as the settings say
 */
gboolean
adit_session_set_reach (AditSession *self, const AditReachSettings *settings, GError **error)
{
  const AditReachSettings *before = &self->lock.settings;
  gboolean same_dns = before->n_dns == settings->n_dns, is_whole;

  for (guint i = 0; same_dns && i < before->n_dns; i++)
    same_dns = adit_address_equal (&before->dns[i], &settings->dns[i]);
  if (!adit_session_lock_set_settings (&self->lock, settings, &is_whole, error))
    {
      if (!is_whole)
        adit_session_handle (self, ADIT_EVENT_LOCK_FAILED, ADIT_REASON_LOCK_FAILED, error != NULL ? *error : NULL);
      return FALSE;
    }
  if (!same_dns)
    follow_resolvers (self);
  adit_session_changed (self);
  return TRUE;
}

/**
 * adit_session_set_tunnel_resolvers:
 * @self: a session
 * @resolvers: whom the tunnel that is up asks for names from now on
 * @error: return location; %ADIT_ERROR_LOCK_FAILED or %ADIT_ERROR_TUNNEL_FAILED
 *
 * The lock first, in one transaction: the former resolver is refused before the computer is told of the new one.  Where no tunnel
 * is up nothing is done; the next one is asked for with them.
 *
 * Returns: whether it is so
 */
gboolean
adit_session_set_tunnel_resolvers (AditSession *self, const AditResolvers *resolvers, GError **error)
{
  g_autofree AditTunnelSpec *spec = NULL;
  g_autoptr (GError) local = NULL;

  if (self->state != ADIT_STATE_CONNECTED)
    return TRUE;
  spec = g_memdup2 (adit_session_get_spec (self), sizeof *spec);
  adit_tunnel_spec_set_resolvers (spec, resolvers);
  if (!adit_session_lock_apply (&self->lock, self->lock.lock, spec, &local))
    {
      if (!adit_session_lock_apply (&self->lock, self->lock.lock, adit_session_get_spec (self), NULL))
        adit_session_handle (self, ADIT_EVENT_LOCK_FAILED, ADIT_REASON_LOCK_FAILED, local);
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  adit_attempt_set_tunnel_resolvers (self->attempt, resolvers);
  if (!adit_route_apply (self->platform->route, spec, &local))
    {
      adit_session_handle (self, ADIT_EVENT_TUNNEL_LOST, ADIT_REASON_NONE, local);
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  follow_resolvers (self);
  adit_session_changed (self);
  return TRUE;
}
