/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-facts.c: what can be asked of the session; nothing here changes it. */
#include "client/core/session-private.h"

/**
 * adit_session_get_state:
 * @self: a session
 *
 * Returns: where it is
 */
AditState
adit_session_get_state (AditSession *self)
{
  return self->state;
}

/**
 * adit_session_get_reason:
 * @self: a session
 *
 * Returns: why it is blocked, %ADIT_REASON_NONE in every other state
 */
AditReason
adit_session_get_reason (AditSession *self)
{
  return self->reason;
}

/**
 * adit_session_get_diversions:
 * @self: a session
 *
 * Returns: what other routes would do if ours did not come first, as long as there is a tunnel
 */
AditDiversions
adit_session_get_diversions (AditSession *self)
{
  return self->state == ADIT_STATE_CONNECTING || self->state == ADIT_STATE_CONNECTED ? self->diversions : ADIT_DIVERSION_NONE;
}

/**
 * adit_session_get_error:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what led to this state, or what the last undo had to leave
 */
const GError *
adit_session_get_error (AditSession *self)
{
  return self->error;
}

/**
 * adit_session_get_lock:
 * @self: a session
 *
 * Returns: the lock that is in force, %ADIT_LOCK_OFF where none is known to be
 */
AditLock
adit_session_get_lock (AditSession *self)
{
  /* While disconnected only a change of settings can have been refused, and then nothing has changed. */
  return self->lock.refused && self->state != ADIT_STATE_DISCONNECTED ? ADIT_LOCK_OFF : self->lock.lock;
}

/**
 * adit_session_get_lockdown:
 * @self: a session
 *
 * Returns: whether the lock stays while disconnected
 */
gboolean
adit_session_get_lockdown (AditSession *self)
{
  return self->lockdown;
}

/**
 * adit_session_get_reach:
 * @self: a session
 *
 * Returns: (transfer none): what may be reached beside the tunnel, as it was set
 */
const AditReachSettings *
adit_session_get_reach (AditSession *self)
{
  return &self->lock.settings;
}

/**
 * adit_session_get_resolvers:
 * @self: a session
 * @n_resolvers: (out): how many
 *
 * Returns: (transfer none) (nullable) (array length=n_resolvers): whom the computer asks while there is a tunnel: the user's
 * own, or those of the tunnel that is tried or is up
 */
const AditAddress *
adit_session_get_resolvers (AditSession *self, guint *n_resolvers)
{
  const AditTunnelSpec *spec = adit_session_get_spec (self);

  *n_resolvers = spec == NULL ? 0 : self->lock.settings.n_dns > 0 ? self->lock.settings.n_dns : spec->n_dns;
  return spec == NULL ? NULL : self->lock.settings.n_dns > 0 ? self->lock.settings.dns : spec->dns;
}

/**
 * adit_session_get_inside_resolver:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): one that the lock lets be asked inside the tunnel; %NULL where the user's are all outside
 */
const AditAddress *
adit_session_get_inside_resolver (AditSession *self)
{
  return adit_session_lock_get_inside_resolver (&self->lock);
}

/**
 * adit_session_get_wish:
 * @self: a session
 *
 * Returns: (transfer none): what was wanted last
 */
const AditWish *
adit_session_get_wish (AditSession *self)
{
  return &self->wish;
}

/**
 * adit_session_get_spec:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the tunnel that is being tried or is up
 */
const AditTunnelSpec *
adit_session_get_spec (AditSession *self)
{
  return self->attempt != NULL ? adit_attempt_get_spec (self->attempt) : NULL;
}

/**
 * adit_session_get_tunnel:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the back end that made it
 */
AditTunnel *
adit_session_get_tunnel (AditSession *self)
{
  return self->attempt != NULL ? adit_attempt_get_tunnel (self->attempt) : NULL;
}

/**
 * adit_session_get_dns:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the back end that sends names into it
 */
AditDns *
adit_session_get_dns (AditSession *self)
{
  return self->attempt != NULL ? adit_attempt_get_dns (self->attempt) : NULL;
}

/**
 * adit_session_are_several_silent:
 * @self: a session
 *
 * Returns: whether more than one server has not answered since there was an answer, or another way out, or another wish
 */
gboolean
adit_session_are_several_silent (AditSession *self)
{
  return self->are_several_silent;
}

/**
 * adit_session_is_untrusted:
 * @self: a session
 *
 * Returns: whether somebody else has answered in the service's place since there was a tunnel, or another way out, or another
 *   wish; it is told until a later series of tries ends for another reason
 */
gboolean
adit_session_is_untrusted (AditSession *self)
{
  return self->is_untrusted;
}

/**
 * adit_session_loses_long_packets:
 * @self: a session
 *
 * Returns: whether packets of the least length that every link has to carry (RFC 8200, section 5) vanish in the tunnel that is
 * up, although short ones do not
 */
gboolean
adit_session_loses_long_packets (AditSession *self)
{
  return self->state == ADIT_STATE_CONNECTED && self->loses_long;
}

/**
 * adit_session_are_names_dead:
 * @self: a session
 *
 * Returns: whether nobody who is to be asked for names inside the tunnel that is up answers, although something comes back by it
 */
gboolean
adit_session_are_names_dead (AditSession *self)
{
  return self->state == ADIT_STATE_CONNECTED && self->names.are_dead;
}

/**
 * adit_session_get_since_s:
 * @self: a session
 *
 * Returns: seconds since 1970, UTC, at which it became connected; 0 while it is not
 */
gint64
adit_session_get_since_s (AditSession *self)
{
  return self->since_s;
}

/**
 * adit_session_get_revision:
 * @self: a session
 *
 * Returns: a number that grows with each change
 */
guint
adit_session_get_revision (AditSession *self)
{
  return self->revision;
}
