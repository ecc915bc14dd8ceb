/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-network.c: links that come and go, and sleep.  Everything here is learned from the kernel and from the computer's own
 * services; nothing is sent to find out whether there is a network. */
#define G_LOG_DOMAIN "adit-session"

#include "client/core/session-private.h"

#include "client/base/error.h"

/* A cable that is put back, a DHCP client that makes its route anew: a tunnel that is taken down takes connections with it. */
#define GRACE_MS 1000

#define ANYWHERE6 "2001:db8::1"    /* RFC 3849: for documentation, so nobody has a route to it alone */

/* Of a default route alone no more is known than its link. */
static gboolean
is_other_way (const AditWay *before, const AditWay *now)
{
  if (before->link == 0)
    return FALSE;
  return before->source.family == ADIT_FAMILY_NONE || now->source.family == ADIT_FAMILY_NONE ? before->link != now->link
                                                                                             : !adit_way_equal (before, now);
}

/* The tunnel's own way, or any way where there is no tunnel yet.  A peer may be on the link itself, without a default route. */
static gboolean
find_way (AditSession *self, AditWay *way)
{
  AditNetwork *network = self->platform->network;

  *way = (AditWay) { 0 };
  if (!self->is_watching)
    return TRUE;
  return (self->peer.family != ADIT_FAMILY_NONE && adit_network_find_way (network, &self->peer, way)) ||
         adit_network_find_way (network, NULL, way);
}

/**
 * adit_session_watch_network:
 * @self: a session that is going to want a tunnel
 *
 * Where nobody can listen to the links, the computer counts as online, and what fails is found out by trying.
 */
void
adit_session_watch_network (AditSession *self)
{
  g_autoptr (GError) error = NULL;

  if (self->is_watching || self->platform->network == NULL)
    return;
  self->is_watching = adit_network_watch (self->platform->network, &error);
  if (!self->is_watching)
    g_warning ("changed links will be noticed late: %s", error->message);
}

/**
 * adit_session_is_offline:
 * @self: a session
 *
 * Returns: whether it is known that no packet of a tunnel can leave now
 */
gboolean
adit_session_is_offline (AditSession *self)
{
  AditWay way;

  return !find_way (self, &way);
}

/**
 * adit_session_set_peer:
 * @self: a session whose attempt has an offer
 * @spec: it
 * @error: return location; %ADIT_ERROR_OFFLINE
 *
 * Notes by which way the tunnel's packets leave.
 *
 * Returns: whether there is any
 */
gboolean
adit_session_set_peer (AditSession *self, const AditTunnelSpec *spec, GError **error)
{
  self->peer = spec->peer.address;
  if (find_way (self, &self->way))
    return TRUE;
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_OFFLINE, "No link of this computer leads anywhere");
  return FALSE;
}

/**
 * adit_session_has_ipv6:
 * @self: a session
 *
 * What adit_transport_has_way() finds out with a socket, the session asks its own network, which also tells when it changes.
 *
 * Returns: whether packets of IPv6 find a way out; %FALSE where nobody tells of links
 */
gboolean
adit_session_has_ipv6 (AditSession *self)
{
  AditAddress anywhere;
  AditWay way;

  return self->platform->network != NULL && adit_address_parse (ANYWHERE6, &anywhere) &&
         adit_network_find_way (self->platform->network, &anywhere, &way);
}

/**
 * adit_session_has_gained_ipv6:
 * @self: a session
 *
 * Returns: whether what left no server at the last try may leave one now: there is a way out by IPv6 that was not there then
 */
gboolean
adit_session_has_gained_ipv6 (AditSession *self)
{
  return self->reason == ADIT_REASON_FILTERED && !self->had_ipv6 && adit_session_has_ipv6 (self);
}

/* What is blocked for a reason that passes; not where the lock itself is the trouble, which has its own timer. */
static gboolean
waits_for_network (AditSession *self)
{
  return self->wish.connected && !self->is_paused && !self->has_portal && !self->lock.refused &&
         self->reason != ADIT_REASON_LOCK_FAILED &&
         (adit_session_is_passing (self->reason) || adit_session_has_gained_ipv6 (self));
}

static void
go_offline (AditSession *self)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_OFFLINE, "No link of this computer leads anywhere");

  g_clear_handle_id (&self->grace_timer, g_source_remove);
  adit_session_handle (self, ADIT_EVENT_OFFLINE, ADIT_REASON_OFFLINE, error);
}

static gboolean
on_grace_over (gpointer user_data)
{
  AditSession *self = user_data;

  self->grace_timer = 0;
  if (adit_session_is_offline (self))
    go_offline (self);
  else
    adit_session_follow_network (self);
  return G_SOURCE_REMOVE;
}

static void
follow_connected (AditSession *self, gboolean has_way, gboolean is_other)
{
  if (!has_way && self->grace_timer == 0)
    self->grace_timer = g_timeout_add (GRACE_MS, on_grace_over, self);
  if (!has_way)
    return;
  if (self->grace_timer == 0 && !is_other)
    return;
  g_clear_handle_id (&self->grace_timer, g_source_remove);
  adit_session_prove (self);
}

/* An attempt whose packets went out by a link that is gone would wait five seconds for its next handshake: it begins again. */
static void
follow_connecting (AditSession *self, gboolean has_way, gboolean is_other)
{
  if (!has_way)
    go_offline (self);
  else if (is_other)
    adit_session_handle (self, ADIT_EVENT_TUNNEL_LOST, ADIT_REASON_NONE, NULL);
}

static void
follow_blocked (AditSession *self, gboolean has_way, gboolean is_other)
{
  if (!waits_for_network (self))
    return;
  if (!has_way && self->reason != ADIT_REASON_OFFLINE)
    go_offline (self);
  else if (has_way && (self->reason == ADIT_REASON_OFFLINE || self->reason == ADIT_REASON_FILTERED || is_other))
    {
      self->try_number = self->retry_number = self->pause_ms = 0;
      adit_session_handle (self, ADIT_EVENT_RETRY_DUE, ADIT_REASON_NONE, NULL);
    }
}

/**
 * adit_session_follow_network:
 * @self: a session
 *
 * Looks by which way packets leave now, and does what that asks for.
 */
void
adit_session_follow_network (AditSession *self)
{
  gboolean has_way, is_other;
  AditWay way;

  if (!self->is_watching || self->is_asleep)
    return;
  has_way = find_way (self, &way);
  /* Before there is an offer nobody knows where the packets will go. */
  is_other = has_way && is_other_way (&self->way, &way);
  if (!has_way || is_other)
    g_info ("%s", has_way ? "another way out" : "no way out");
  if (has_way)
    self->way = way;
  if (!has_way || is_other)
    adit_session_forget_silence (self);
  if (self->state == ADIT_STATE_CONNECTED)
    follow_connected (self, has_way, is_other);
  else if (self->state == ADIT_STATE_CONNECTING)
    follow_connecting (self, has_way, is_other);
  else if (self->state == ADIT_STATE_BLOCKED)
    follow_blocked (self, has_way, is_other);
}

/**
 * adit_session_try_again:
 * @self: a session
 *
 * What is blocked for a reason that may be over is tried at once.
 */
void
adit_session_try_again (AditSession *self)
{
  if (self->state != ADIT_STATE_BLOCKED || !waits_for_network (self))
    return;
  self->try_number = self->retry_number = self->pause_ms = 0;
  adit_session_handle (self, ADIT_EVENT_RETRY_DUE, ADIT_REASON_NONE, NULL);
}

/**
 * adit_session_sleep:
 * @self: a session
 *
 * The computer is about to sleep.  The lock stays as it is, in the kernel; what would count the time slept as silence stops.
 */
void
adit_session_sleep (AditSession *self)
{
  self->is_asleep = TRUE;
  adit_session_end_pulse (self);
  g_clear_handle_id (&self->grace_timer, g_source_remove);
  g_info ("the computer goes to sleep: %s", adit_state_get_nick (self->state));
}

/* One handshake is asked for, and not a second one right away because the way is another: a peer answers no more than fifty a
 * second (INITIATIONS_PER_SECOND, linux/drivers/net/wireguard/messages.h), and would leave out the one that counts. */
static void
prove_by_way_of_now (AditSession *self)
{
  AditWay way;

  if (find_way (self, &way))
    self->way = way;
  adit_session_prove (self);
}

/* Other programs have woken up as well and may have set what is theirs. */
static gboolean
apply_again (AditSession *self, GError **error)
{
  const AditTunnelSpec *spec = adit_attempt_get_spec (self->attempt);
  const AditAddress *resolvers;
  guint n_resolvers;

  resolvers = adit_session_get_resolvers (self, &n_resolvers);
  return adit_route_apply (self->platform->route, spec, error) &&
         adit_dns_apply (adit_session_get_dns (self), resolvers, n_resolvers, error);
}

/**
 * adit_session_wake:
 * @self: a session; that it is told twice of one sleep, or was told of none before it, does no harm
 *
 * The computer has slept.  What is wanted is as it was; whether the world is, is found out at once.
 */
void
adit_session_wake (AditSession *self)
{
  g_autoptr (GError) error = NULL;

  self->is_asleep = FALSE;
  g_info ("the computer has slept: %s", adit_state_get_nick (self->state));
  if (!adit_session_lock_again (&self->lock, &error))
    {
      adit_session_handle (self, ADIT_EVENT_LOCK_FAILED, ADIT_REASON_LOCK_FAILED, error);
      return;
    }
  if (self->state == ADIT_STATE_CONNECTED)
    {
      if (apply_again (self, &error))
        prove_by_way_of_now (self);
      else
        adit_session_handle (self, ADIT_EVENT_TUNNEL_LOST, ADIT_REASON_NONE, error);
    }
  else if (self->state == ADIT_STATE_CONNECTING)
    adit_session_handle (self, ADIT_EVENT_TUNNEL_LOST, ADIT_REASON_NONE, NULL);
  else
    adit_session_try_again (self);
  adit_session_follow_network (self);
}
