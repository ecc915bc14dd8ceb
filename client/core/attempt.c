/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attempt.c: the order of a connection: offer, lock, device with key and peer, addresses and routes, resolver, first handshake.
 * Begun before its turn is only what nobody outside sees: processes that know no server or may not speak to it yet, before the
 * lock where they need no device; a device without a key after the first lock, while the offer is on its way.
 *
 * Each step begins only when the one before is done, and nothing here undoes anything: a try that fails is undone by the session,
 * which has to be able to do that anyway when a helper dies in the middle. */
#define G_LOG_DOMAIN "adit-session"

#include "client/core/attempt.h"

#include <string.h>

#include "client/base/error.h"
#include "client/model/reach.h"
#include "client/model/tunnel-peers.h"

/* How long a peer may take to prove its key: min (15 s, 4 s x 2^try), the times that Mullvad's client uses. */
#define HANDSHAKE_FIRST_MS  4000
#define HANDSHAKE_MAX_MS   15000

/* The kernel tells nobody of a handshake, so it has to be asked.  Often at first, because a near relay answers in a few
 * milliseconds; seldom afterwards. */
#define POLL_FAST_MS     1
#define POLL_FAST_FOR_MS 100
#define POLL_SLOW_MS     20

/* Who asks the bus which resolver's back end is in charge waits some milliseconds for that.  openvpn is at its first handshake
 * then, and nobody waits for us; before, it waits for its device and for us to hand its management over, 2 to 3 ms. */
#define LOOK_FOR_DNS_MS 5

/* WireGuard itself tries again every 5 s (REKEY_TIMEOUT), but only while there is something to send. */
#define KICK_EVERY_MS 1000
#define DNS_PORT     53    /* RFC 1035, 4.2 */
#define DISCARD_PORT  9    /* RFC 863: nobody listens; the refusal is our first packet back */

/* A link that has just come up may lose the first handshake, and on a link that loses packets any may be lost.  Each
 * wait is longer, for a peer whose answer takes up to two seconds.  After that WireGuard's own times do. */
static const guint again_after_ms[] = { 250, 1000, 3000 };

struct _AditAttempt
{
  GObject           parent_instance;
  AditPlatform     *platform;
  AditTunnelSource *source;
  AditAttemptLock   lock;
  gpointer          lock_data;

  AditAddress       resolvers[ADIT_TUNNEL_MAX_DNS];    /* the user's own */
  guint             n_resolvers;
  AditTunnelOffer  *offer;
  AditTunnel       *tunnel;        /* borrowed from the platform */
  gboolean          is_begun;      /* it has been before there was a lock */
  AditDns          *likely_dns;    /* the same; it has been told nothing yet */
  AditDns          *dns;
  GTask            *task;
  guint             poll_source, dns_source;
  gint64            waiting_since_us, kicked_at_us;
  guint             handshake_timeout_ms;
  gboolean          is_entry_silent;    /* of a tunnel in a tunnel */
  guint             n_again;       /* how often the handshake was begun again */
};

G_DEFINE_FINAL_TYPE (AditAttempt, adit_attempt, G_TYPE_OBJECT)

static void
adit_attempt_dispose (GObject *object)
{
  AditAttempt *self = ADIT_ATTEMPT (object);

  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_clear_handle_id (&self->dns_source, g_source_remove);
  g_clear_pointer (&self->offer, adit_tunnel_offer_free);
  g_clear_object (&self->source);
  G_OBJECT_CLASS (adit_attempt_parent_class)->dispose (object);
}

static void
adit_attempt_class_init (AditAttemptClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_attempt_dispose;
}

static void
adit_attempt_init (AditAttempt *self)
{
}

/* Takes the error.  The task is the last thing that knows this try: nothing of ours runs after it has returned. */
static void
finish (AditAttempt *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_clear_handle_id (&self->dns_source, g_source_remove);
  if (task == NULL)
    return;
  /* Who answers in the service's place is in the server's way as well. */
  if (self->offer != NULL && self->offer->is_untrusted && g_error_matches (error, ADIT_ERROR, ADIT_ERROR_NO_HANDSHAKE))
    error->code = ADIT_ERROR_SERVICE_UNTRUSTED;
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
send_inside (const AditAddress *host, guint16 port, const void *bytes, gsize length)
{
  GSocketFamily family = host->family == ADIT_FAMILY_IPV4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6;
  g_autoptr (GInetAddress) address = g_inet_address_new_from_bytes (host->bytes, family);
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new (address, port);
  g_autoptr (GSocket) socket = g_socket_new (family, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);

  if (socket == NULL)
    return;
  g_socket_set_blocking (socket, FALSE);
  (void) g_socket_send_to (socket, to, bytes, length, NULL, NULL);
}

/* Anything that is sent inside the tunnel makes WireGuard shake hands.  A few bytes to the resolver's discard port tell the far
 * end nothing that it does not know.  Of several peers only the one whose handshake counts has to be woken, and where any will
 * do, all of them. */
static void
kick (AditAttempt *self)
{
  const AditTunnelSpec *spec = &self->offer->spec;
  guint only = adit_tunnel_spec_find_default_peer (spec);
  AditAddress inside;

  self->kicked_at_us = g_get_monotonic_time ();
  for (guint i = 0; i <= spec->n_more_peers; i++)
    if ((only == ADIT_NO_PEER || only == i) && adit_tunnel_spec_find_inside (spec, i, &inside))
      send_inside (&inside, DISCARD_PORT, "", 1);
}

/* Somebody may have asked for the router while the link was out, and its first question may be lost where the link has just come
 * up: a handshake would wait with that for the kernel's next one, a second later. */
static void
ask_router_again (AditAttempt *self)
{
  if (self->platform->network != NULL)
    adit_network_ask_router_again (self->platform->network, &self->offer->spec.peer.address);
}

static gboolean
on_poll (gpointer user_data)
{
  AditAttempt *self = user_data;
  g_autoptr (GError) error = NULL;
  AditTunnelProgress progress;
  gint64 now_us = g_get_monotonic_time ();
  gint64 waited_ms = (now_us - self->waiting_since_us) / 1000;

  self->poll_source = 0;
  if (g_task_return_error_if_cancelled (self->task))
    {
      g_clear_object (&self->task);
      return G_SOURCE_REMOVE;
    }
  if (!adit_tunnel_read_progress (self->tunnel, &progress, &error))
    {
      finish (self, g_steal_pointer (&error));
      return G_SOURCE_REMOVE;
    }
  /* Younger than the wait: a key that was proved to an earlier device says nothing about this one. */
  if (progress.handshake_age_ms >= 0 && progress.handshake_age_ms <= waited_ms + 1000)
    {
      finish (self, NULL);
      return G_SOURCE_REMOVE;
    }
  if (waited_ms >= self->handshake_timeout_ms)
    {
      finish (self, g_error_new (ADIT_ERROR, ADIT_ERROR_NO_HANDSHAKE, "%s did not answer within %u seconds",
                                 adit_attempt_blame (self, &progress), self->handshake_timeout_ms / 1000));
      return G_SOURCE_REMOVE;
    }
  if (self->n_again < G_N_ELEMENTS (again_after_ms) && waited_ms >= again_after_ms[self->n_again])
    {
      self->n_again++;
      (void) adit_attempt_renew (self, NULL);    /* a kind that cannot has no handshake to wait for */
    }
  else if (now_us - self->kicked_at_us >= KICK_EVERY_MS * G_TIME_SPAN_MILLISECOND)
    kick (self);
  self->poll_source = g_timeout_add (waited_ms < POLL_FAST_FOR_MS ? POLL_FAST_MS : POLL_SLOW_MS, on_poll, self);
  return G_SOURCE_REMOVE;
}

static AditDns *
choose_dns (AditPlatform *platform, GError **error)
{
  for (guint i = 0; i < platform->n_dns; i++)
    {
      g_autoptr (GError) local = NULL;

      if (adit_dns_probe (platform->dns[i], &local))
        return platform->dns[i];
      g_debug ("resolver back end %s is not in charge: %s", adit_dns_get_name (platform->dns[i]), local->message);
    }
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "Nothing on this computer that we know decides who answers its names");
  return NULL;
}

static gboolean
on_time_for_dns (gpointer user_data)
{
  AditAttempt *self = user_data;

  self->dns_source = 0;
  self->likely_dns = choose_dns (self->platform, NULL);
  return G_SOURCE_REMOVE;
}

static AditTunnel *
choose_tunnel (AditPlatform *platform, AditTunnelKind kind, GError **error)
{
  g_autoptr (GError) last = NULL;

  for (guint i = 0; i < platform->n_tunnels; i++)
    {
      if (adit_tunnel_get_kind (platform->tunnels[i]) != kind)
        continue;
      g_clear_error (&last);
      if (adit_tunnel_probe (platform->tunnels[i], &last))
        return platform->tunnels[i];
      g_debug ("%s cannot be used: %s", adit_tunnel_get_name (platform->tunnels[i]), last->message);
    }
  g_set_error (error, ADIT_ERROR, kind == ADIT_TUNNEL_OPENVPN ? ADIT_ERROR_NO_OPENVPN : ADIT_ERROR_NO_WIREGUARD,
               "This computer has no %s: %s", kind == ADIT_TUNNEL_OPENVPN ? "OpenVPN" : "WireGuard",
               last != NULL ? last->message : "no way of making a tunnel is known");
  return NULL;
}

/**
 * adit_attempt_foresee:
 * @self: an attempt that has just begun, and of an earlier one nothing is left but a shell
 * @wish: what is wanted
 *
 * To be called before the lock.  openvpn and its worker need no device to load their libraries and to read the file, and some
 * milliseconds for it, as the lock does; openvpn is told nothing before it is in force.  What fails here is told when it is
 * needed, and what was begun ends with the next adit_tunnel_stop().
 *
 * Returns: (transfer full) (nullable): whom the lock is going to open to, where that is known already
 */
AditTunnelSpec *
adit_attempt_foresee (AditAttempt *self, const AditWish *wish)
{
  g_autofree AditTunnelSpec *spec = g_new (AditTunnelSpec, 1);
  AditTunnelSecrets secrets;
  gboolean is_known = adit_tunnel_source_foresee (self->source, wish, spec, &secrets);

  if (adit_tunnel_source_guess_kind (self->source, wish) == ADIT_TUNNEL_OPENVPN)
    self->tunnel = choose_tunnel (self->platform, ADIT_TUNNEL_OPENVPN, NULL);
  self->is_begun = self->tunnel != NULL && adit_tunnel_prepare (self->tunnel);
  if (self->is_begun && is_known)
    adit_tunnel_brief (self->tunnel, spec, &secrets);
  adit_tunnel_secrets_clear (&secrets);
  return is_known ? g_steal_pointer (&spec) : NULL;
}

/**
 * adit_attempt_prepare:
 * @self: an attempt that has just begun
 * @wish: what is wanted
 *
 * What can be known, and begun, while a tunnel is being chosen, once there is a lock and nothing of an earlier tunnel is left.
 * What fails here is told when it is needed.
 */
void
adit_attempt_prepare (AditAttempt *self, const AditWish *wish)
{
  AditTunnelKind kind = adit_tunnel_source_guess_kind (self->source, wish);

  if (self->tunnel == NULL)
    self->tunnel = choose_tunnel (self->platform, kind, NULL);
  if (self->tunnel != NULL && !self->is_begun)
    (void) adit_tunnel_prepare (self->tunnel);
  if (kind != ADIT_TUNNEL_OPENVPN)
    self->likely_dns = choose_dns (self->platform, NULL);
}

/* Where the tunnel comes without somebody who answers names, a person's own are asked, as far as they are behind it. */
static gboolean
ensure_resolver (AditAttempt *self, AditTunnelSpec *spec, GError **error)
{
  if (spec->n_dns > 0)
    return TRUE;
  for (guint i = 0; i < self->n_resolvers; i++)
    if (adit_reach_resolver_is_inside (&self->resolvers[i], spec))
      spec->dns[spec->n_dns++] = self->resolvers[i];
  if (spec->n_dns == 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED,
                 "Nobody is named who answers names through this tunnel; say whom to ask: adit dns");
  return spec->n_dns > 0;
}

/* What the far end assigns passes the same checks as what a service has told, and is locked in before it is used; it has proved
 * itself by then. */
static gboolean
complete (AditAttempt *self, AditTunnelSpec *spec, GError **error)
{
  const AditAddress blocking = spec->dns[0];

  if (!adit_tunnel_complete (self->tunnel, spec))
    return TRUE;
  /* The server names whom it names to everybody, and not who leaves out what is to be left out. */
  if (spec->n_blocks > 0)
    {
      spec->dns[0] = blocking;
      spec->n_dns = 1;
    }
  return ensure_resolver (self, spec, error) && adit_tunnel_spec_is_valid (spec, error) &&
         self->lock (spec, TRUE, self->lock_data, error);
}

static void
on_tunnel_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditAttempt) self = user_data;
  AditTunnelSpec *spec = &self->offer->spec;
  GError *error = NULL;

  if (!adit_tunnel_start_finish (ADIT_TUNNEL (source), result, &error) ||
      g_cancellable_set_error_if_cancelled (g_task_get_cancellable (self->task), &error) || !complete (self, spec, &error) ||
      !adit_route_apply (self->platform->route, spec, &error))
    {
      finish (self, error);
      return;
    }
  g_clear_handle_id (&self->dns_source, g_source_remove);
  self->dns = self->likely_dns != NULL ? self->likely_dns : choose_dns (self->platform, &error);
  if (self->dns == NULL || !adit_dns_apply (self->dns, self->n_resolvers > 0 ? self->resolvers : spec->dns,
                                            self->n_resolvers > 0 ? self->n_resolvers : spec->n_dns, &error))
    {
      finish (self, error);
      return;
    }
  self->waiting_since_us = g_get_monotonic_time ();
  kick (self);
  on_poll (self);    /* some have proved themselves already */
}

/* What was made ready for an offer of another kind. */
static void
forget_tunnel (AditAttempt *self)
{
  (void) adit_tunnel_stop (self->tunnel, NULL);
  self->tunnel = NULL;
  self->is_begun = FALSE;
}

static void
on_offer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditAttempt) self = user_data;
  GCancellable *cancellable = g_task_get_cancellable (self->task);
  GError *error = NULL;

  self->offer = adit_tunnel_source_offer_finish (ADIT_TUNNEL_SOURCE (source), result, &error);
  if (self->offer == NULL || g_cancellable_set_error_if_cancelled (cancellable, &error) ||
      (self->offer->spec.kind == ADIT_TUNNEL_WIREGUARD && !ensure_resolver (self, &self->offer->spec, &error)) ||
      !adit_tunnel_spec_can_start (&self->offer->spec, &error))
    {
      finish (self, error);
      return;
    }
  if (self->tunnel != NULL && adit_tunnel_get_kind (self->tunnel) != self->offer->spec.kind)
    forget_tunnel (self);
  if (self->tunnel == NULL)
    self->tunnel = choose_tunnel (self->platform, self->offer->spec.kind, &error);
  if (self->tunnel != NULL)
    adit_tunnel_brief (self->tunnel, &self->offer->spec, &self->offer->secrets);
  /* Lock before the link comes up: between "interface exists" and "rules applied" a packet could still leave by the old route. */
  if (self->tunnel == NULL || !self->lock (&self->offer->spec, FALSE, self->lock_data, &error))
    {
      finish (self, error);
      return;
    }
  ask_router_again (self);
  adit_tunnel_start_async (self->tunnel, &self->offer->spec, &self->offer->secrets, cancellable, on_tunnel_started,
                           g_object_ref (self));
  if (self->likely_dns == NULL && self->offer->spec.kind == ADIT_TUNNEL_OPENVPN)
    self->dns_source = g_timeout_add (LOOK_FOR_DNS_MS, on_time_for_dns, self);
}

/**
 * adit_attempt_new:
 * @platform: outlives the attempt
 * @source: where the tunnel comes from
 * @lock: puts the connecting lock in force
 * @lock_data: for @lock
 *
 * Returns: (transfer full): an attempt that has not begun
 */
AditAttempt *
adit_attempt_new (AditPlatform *platform, AditTunnelSource *source, AditAttemptLock lock, gpointer lock_data)
{
  AditAttempt *self = g_object_new (ADIT_TYPE_ATTEMPT, NULL);

  self->platform = platform;
  self->source = g_object_ref (source);
  self->lock = lock;
  self->lock_data = lock_data;
  return self;
}

/**
 * adit_attempt_set_resolvers:
 * @self: an attempt
 * @resolvers: (array length=n_resolvers): whom the user wants to be asked for names
 * @n_resolvers: how many; 0: the tunnel's own
 *
 * Counts when the computer is told; an attempt that is past that is the caller's to tell again.
 */
void
adit_attempt_set_resolvers (AditAttempt *self, const AditAddress *resolvers, guint n_resolvers)
{
  self->n_resolvers = MIN (n_resolvers, ADIT_TUNNEL_MAX_DNS);
  for (guint i = 0; i < self->n_resolvers; i++)
    self->resolvers[i] = resolvers[i];
}

/**
 * adit_attempt_set_tunnel_resolvers:
 * @self: an attempt that has got a tunnel
 * @resolvers: whom that asks for names from now on
 *
 * Lock, routes and the computer's resolver are the caller's to tell.
 */
void
adit_attempt_set_tunnel_resolvers (AditAttempt *self, const AditResolvers *resolvers)
{
  g_return_if_fail (self->offer != NULL);
  adit_tunnel_spec_set_resolvers (&self->offer->spec, resolvers);
}

/**
 * adit_attempt_run_async:
 * @self: an attempt that has not begun
 * @wish: what is wanted
 * @avoid: a server that has just failed, "" for none
 * @try_number: 0 for the first try of this wish; a later one waits longer for its handshake
 * @cancellable: (nullable): ends the try at the next step; the session undoes what is there
 * @callback: called when the tunnel is proved, or when the try is over
 * @user_data: for @callback
 *
 * Asks for a tunnel.  All else happens from the main loop, or in adit_attempt_prepare().
 */
void
adit_attempt_run_async (AditAttempt *self, const AditWish *wish, const char *avoid, guint try_number,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (self->task == NULL && self->offer == NULL);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, adit_attempt_run_async);
  self->handshake_timeout_ms = MIN (HANDSHAKE_MAX_MS, HANDSHAKE_FIRST_MS << MIN (try_number, 4));
  adit_tunnel_source_offer_async (self->source, wish, avoid, try_number, cancellable, on_offer, g_object_ref (self));
}

/**
 * adit_attempt_run_finish:
 * @self: an attempt
 * @result: what the callback was given
 * @error: return location; why the try is over
 *
 * Returns: whether the peer has proved its key, with addresses, routes and resolver in place
 */
gboolean
adit_attempt_run_finish (AditAttempt *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * adit_attempt_renew:
 * @self: an attempt whose tunnel is up
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED where the tunnel has to be made anew instead
 *
 * Returns: whether a handshake is under way
 */
gboolean
adit_attempt_renew (AditAttempt *self, GError **error)
{
  ask_router_again (self);
  if (!adit_tunnel_renew (self->tunnel, &self->offer->spec, &self->offer->secrets, error))
    return FALSE;
  kick (self);
  return TRUE;
}

/**
 * adit_attempt_probe:
 * @self: an attempt whose tunnel is up
 *
 * Sends into the tunnel what those who answer names there answer: a question for the root's name servers.  What they say is
 * nobody's to read; that something came back is seen by the tunnel.
 */
void
adit_attempt_probe (AditAttempt *self)
{
  /* RFC 1035, 4.1: a header with one question, recursion not desired; the name of no labels, type NS, class IN. */
  static const guint8 question[] = { 0x41, 0x44, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1 };
  const AditTunnelSpec *spec = &self->offer->spec;

  kick (self);
  for (guint i = 0; i < spec->n_dns; i++)
    send_inside (&spec->dns[i], DNS_PORT, question, sizeof question);
}

/**
 * adit_attempt_set_mtu:
 * @self: an attempt whose tunnel is up
 * @bytes: how long a packet inside may be
 *
 * Counts when the routes are applied again.
 */
void
adit_attempt_set_mtu (AditAttempt *self, guint16 bytes)
{
  self->offer->spec.mtu_bytes = bytes;
}

/**
 * adit_attempt_get_spec:
 * @self: an attempt
 *
 * Returns: (transfer none) (nullable): the tunnel that is tried, once there was an offer
 */
const AditTunnelSpec *
adit_attempt_get_spec (AditAttempt *self)
{
  return self->offer != NULL ? &self->offer->spec : NULL;
}

/**
 * adit_attempt_blame:
 * @self: an attempt whose far end has been asked for a handshake, and has not made one
 * @progress: what has come back meanwhile
 *
 * Of a tunnel in a tunnel it can be said which of the two it was: without the first nothing is heard of either.
 *
 * Returns: (transfer none): who is silent, for the beginning of a sentence; adit_attempt_get_suspect() says it too, from now on
 */
const char *
adit_attempt_blame (AditAttempt *self, const AditTunnelProgress *progress)
{
  const AditTunnelSpec *spec = adit_attempt_get_spec (self);

  if (spec == NULL || !spec->is_nested)
    return "The relay";
  self->is_entry_silent = progress->others_received_bytes == 0;
  return self->is_entry_silent ? "The relay to enter by" : "The relay to leave by";
}

/**
 * adit_attempt_get_suspect:
 * @self: an attempt that has failed
 *
 * Returns: (transfer none): the server that the next one had better not be at: the one that was called, or of a tunnel in a
 *   tunnel the one that did not answer; "" where none was tried
 */
const char *
adit_attempt_get_suspect (AditAttempt *self)
{
  const AditTunnelSpec *spec = adit_attempt_get_spec (self);

  if (spec == NULL)
    return "";
  return spec->entry.place.server[0] != '\0' && (!spec->is_nested || self->is_entry_silent) ? spec->entry.place.server
                                                                                            : spec->location.place.server;
}

/**
 * adit_attempt_has_others:
 * @self: an attempt
 *
 * Returns: whether the next one is at another server
 */
gboolean
adit_attempt_has_others (AditAttempt *self)
{
  return self->offer != NULL && self->offer->has_others;
}

/**
 * adit_attempt_get_begun:
 * @self: an attempt
 *
 * Returns: (transfer none) (nullable): the back end that has begun in adit_attempt_foresee()
 */
AditTunnel *
adit_attempt_get_begun (AditAttempt *self)
{
  return self->is_begun ? self->tunnel : NULL;
}

/**
 * adit_attempt_get_tunnel:
 * @self: an attempt
 *
 * Returns: (transfer none) (nullable): the back end that made the device
 */
AditTunnel *
adit_attempt_get_tunnel (AditAttempt *self)
{
  return self->tunnel;
}

/**
 * adit_attempt_get_dns:
 * @self: an attempt
 *
 * Returns: (transfer none) (nullable): the back end that was told whom to ask
 */
AditDns *
adit_attempt_get_dns (AditAttempt *self)
{
  return self->dns;
}
