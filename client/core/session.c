/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session.c: walks the table.  handle() is the only door between states; entering a state names its lock.
 *
 * At most one attempt exists.  A state that ends one cancels it and waits for its last word before anything is undone, so an
 * old attempt never builds what a new state has just taken down. */
#define G_LOG_DOMAIN "adit-session"

#include "client/core/session-private.h"

#include "client/base/error.h"
#include "client/core/back-off.h"
#include "client/core/undo.h"

/* A failed try lasts at least this long, or a relay that refuses at once would be asked hundreds of times a second. */
#define TRY_PAUSE_MS 1000
/* Tries at one wish before it is said that it does not work; 4 + 8 + 15 s of waiting for handshakes.  From then on in the
 * background, as back-off.c says. */
#define MAX_TRIES 3
#define MAX_PAUSE_S 300    /* openvpn's own longest between two tries (--connect-retry) */
/* A tunnel that dies younger than this is one more failed try,
 * so that one that keeps dying is not made a hundred times a second. */
#define YOUNG_S 10
#define LOCK_RETRY_MS 1000    /* a computer that may be open is no computer to wait for */

G_DEFINE_FINAL_TYPE (AditSession, adit_session, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, SIGNAL_WISHED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void handle (AditSession *self, AditEvent event, AditReason reason, const GError *error);
static void go_on  (AditSession *self);

/**
 * adit_session_changed:
 * @self: a session
 *
 * Tells that something it says of itself is different now.
 */
void
adit_session_changed (AditSession *self)
{
  self->revision++;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* A pause is the user's wish to be disconnected, whatever else is wanted after it. */
static gboolean
wants_tunnel (AditSession *self)
{
  return self->wish.connected && !self->is_paused;
}

static gboolean
wants_lockdown (AditSession *self)
{
  return self->lockdown && !self->is_paused;
}

static gboolean
lock_for_attempt (const AditTunnelSpec *spec, gboolean is_proved, gpointer user_data, GError **error)
{
  AditSession *self = user_data;
  /* Of one that has proved itself the lock is at once the one that it is going to have: nobody waits for a second step. */
  AditLock lock = adit_session_table_lock (is_proved ? ADIT_STATE_CONNECTED : ADIT_STATE_CONNECTING, FALSE);

  return adit_session_set_peer (self, spec, error) && adit_session_lock_apply (&self->lock, lock, spec, error);
}

/**
 * adit_session_is_passing:
 * @reason: why it is blocked
 *
 * Returns: whether it is worth trying again without anybody's doing: the world may get better by itself
 */
gboolean
adit_session_is_passing (AditReason reason)
{
  switch (reason)
    {
    case ADIT_REASON_SERVICE_UNREACHABLE:
    case ADIT_REASON_WRONG_CLOCK:
    case ADIT_REASON_KEY_LOST:
    case ADIT_REASON_NO_HANDSHAKE:
    case ADIT_REASON_OFFLINE:
    case ADIT_REASON_TUNNEL_FAILED:
    case ADIT_REASON_DNS_FAILED:
    case ADIT_REASON_LOCK_FAILED:
    case ADIT_REASON_WORKER_FAILED:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Silence is worth another try anywhere; the rest only where that is one at another server. */
static gboolean
is_worth_next (AditAttempt *attempt, AditReason reason)
{
  switch (reason)
    {
    case ADIT_REASON_NO_HANDSHAKE:
      return TRUE;
    case ADIT_REASON_TUNNEL_FAILED:
    case ADIT_REASON_DNS_FAILED:
    case ADIT_REASON_SERVICE_UNREACHABLE:
    case ADIT_REASON_SERVICE_NONSENSE:
      return adit_attempt_has_others (attempt);
    default:
      return FALSE;
    }
}

static gboolean
on_retry_due (gpointer user_data)
{
  AditSession *self = user_data;

  self->timer = 0;
  self->try_number = 0;
  handle (self, ADIT_EVENT_RETRY_DUE, ADIT_REASON_NONE, NULL);
  return G_SOURCE_REMOVE;
}

/* What was wanted goes on once there is a lock again: a connection, or none.  Where that is lost it stays blocked until the user
 * says it. */
static gboolean
on_lock_due (gpointer user_data)
{
  AditSession *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!adit_session_lock_apply (&self->lock, ADIT_LOCK_ALL, NULL, &error))
    {
      g_debug ("still no lock: %s", error->message);
      return G_SOURCE_CONTINUE;
    }
  self->timer = 0;
  self->try_number = 0;
  if (wants_tunnel (self))
    handle (self, ADIT_EVENT_RETRY_DUE, ADIT_REASON_NONE, NULL);
  else if (!self->lost)
    handle (self, ADIT_EVENT_USER_DISCONNECT, ADIT_REASON_NONE, NULL);
  else
    {
      g_clear_error (&self->error);
      (void) adit_undo_all (self->platform, &self->error);
      self->reason = ADIT_REASON_SETTINGS_LOST;
      adit_session_changed (self);
    }
  return G_SOURCE_REMOVE;
}

static void
arm_retry (AditSession *self)
{
  guint own_pause_ms;

  if (self->lock.refused ||
      (self->reason == ADIT_REASON_LOCK_FAILED && !wants_tunnel (self) && (self->lockdown || self->lost || self->is_paused)))
    {
      self->timer = g_timeout_add (LOCK_RETRY_MS, on_lock_due, self);
      return;
    }
  /* Offline needs no timer: the links tell. */
  if (self->has_portal || !wants_tunnel (self) || self->reason == ADIT_REASON_OFFLINE ||
      (!adit_session_is_passing (self->reason) && !adit_session_has_gained_ipv6 (self)))
    return;
  own_pause_ms = adit_back_off_get_pause_ms (self->retry_number++, g_random_double ());
  self->timer = g_timeout_add (MAX (own_pause_ms, self->pause_ms), on_retry_due, self);
}

/* What the far end asks for is honoured, within reason: it must not keep somebody out for a day. */
static guint
get_pause_ms (AditTunnel *tunnel)
{
  return tunnel != NULL ? 1000 * MIN (adit_tunnel_get_pause_s (tunnel), MAX_PAUSE_S) : 0;
}

static void
note_silence (AditSession *self, const char *server)
{
  self->are_several_silent |= self->silent[0] != '\0' && server[0] != '\0' && !g_str_equal (self->silent, server);
  if (self->silent[0] == '\0')
    g_strlcpy (self->silent, server, sizeof self->silent);
}

/* A try that is followed by another at once has not come far enough to say that it is not so any more. */
static void
note_trust (AditSession *self, const GError *error, gboolean is_followed)
{
  self->is_untrusted = g_error_matches (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED) || (self->is_untrusted && is_followed);
}

/**
 * adit_session_forget_silence:
 * @self: a session
 *
 * There was an answer, or there is another way out, or another wish: who did not answer before says nothing any more.
 */
void
adit_session_forget_silence (AditSession *self)
{
  self->silent[0] = '\0';
  self->are_several_silent = self->is_untrusted = FALSE;
}

static void
on_attempt_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditSession) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean proved = adit_attempt_run_finish (ADIT_ATTEMPT (source), result, &error);
  gboolean was_cancelled = g_cancellable_is_cancelled (self->cancellable);
  gboolean is_offline, is_followed;
  AditReason reason;

  g_clear_object (&self->cancellable);
  if (was_cancelled || self->state != ADIT_STATE_CONNECTING)
    {
      go_on (self);    /* somebody waits for this attempt to be over */
      return;
    }
  if (proved)
    {
      handle (self, ADIT_EVENT_CONFIRMED, ADIT_REASON_NONE, NULL);
      return;
    }

  reason = adit_reason_from_error (error);
  self->pause_ms = get_pause_ms (adit_attempt_get_tunnel (self->attempt));
  g_info ("try %u failed: %s", self->try_number, error->message);
  is_offline = reason == ADIT_REASON_OFFLINE || (adit_session_is_passing (reason) && adit_session_is_offline (self));
  /* Nobody is to blame for a link that is gone: when it is back the same one is tried first. */
  if (!is_offline && adit_attempt_get_suspect (self->attempt)[0] != '\0')
    g_strlcpy (self->avoid, adit_attempt_get_suspect (self->attempt), sizeof self->avoid);
  if (!is_offline && reason == ADIT_REASON_NO_HANDSHAKE)
    note_silence (self, adit_attempt_get_suspect (self->attempt));
  is_followed = is_worth_next (self->attempt, reason) && self->try_number + 1 < MAX_TRIES;
  note_trust (self, error, is_followed && !is_offline);
  if (g_error_matches (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED))
    handle (self, ADIT_EVENT_LOCK_FAILED, reason, error);
  else if (is_offline)
    handle (self, ADIT_EVENT_OFFLINE, ADIT_REASON_OFFLINE, error);
  else if (is_followed)
    {
      self->try_number++;
      handle (self, ADIT_EVENT_TRY_FAILED, ADIT_REASON_NONE, error);
    }
  else
    handle (self, ADIT_EVENT_GAVE_UP, reason, error);
}

static void
ask_for_tunnel (AditSession *self)
{
  g_clear_object (&self->attempt);
  self->attempt = adit_attempt_new (self->platform, self->source, lock_for_attempt, self);
  adit_attempt_set_resolvers (self->attempt, self->lock.settings.dns, self->lock.settings.n_dns);
  self->cancellable = g_cancellable_new ();
  self->had_ipv6 = adit_session_has_ipv6 (self);    /* first: one that comes later is noticed */
  adit_attempt_run_async (self->attempt, &self->wish, self->avoid, self->try_number, self->cancellable, on_attempt_done,
                          g_object_ref (self));
}

static void
begin_attempt (AditSession *self)
{
  ask_for_tunnel (self);
  adit_attempt_prepare (self->attempt, &self->wish);
}

static gboolean
on_pause_over (gpointer user_data)
{
  AditSession *self = user_data;

  self->timer = 0;
  begin_attempt (self);
  return G_SOURCE_REMOVE;
}

/* What could not be undone is told. */
static gboolean
on_remove_shell (gpointer user_data)
{
  AditSession *self = user_data;
  GError *error = NULL;

  self->shell_source = 0;
  if (adit_undo_tunnels (self->platform, &error))
    return G_SOURCE_REMOVE;
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
  adit_session_changed (self);
  return G_SOURCE_REMOVE;
}

/* Who disconnects waits for their network.  The lock goes when nothing can use the tunnel any more: no address, no route, device
 * down, so that its shell lets out nothing and may go after.  If not all of that came to be, the device goes first. */
static gboolean
undo (AditSession *self, GError **error)
{
  gboolean undone;

  g_clear_handle_id (&self->shell_source, g_source_remove);
  /* Without a lock it is the routes into the tunnel, or to nowhere, that keep packets in. */
  if (self->lock.refused && self->state == ADIT_STATE_BLOCKED)
    return TRUE;
  if (self->state != ADIT_STATE_DISCONNECTING)
    return adit_undo_all (self->platform, error);
  undone = adit_undo_network (self->platform, error);
  if (undone)
    self->shell_source = g_idle_add (on_remove_shell, self);
  else
    (void) adit_undo_tunnels (self->platform, NULL);
  return undone;
}

/* The part of entering a state that has to wait until no attempt is running. */
static void
go_on (AditSession *self)
{
  g_autoptr (GError) error = NULL;
  gboolean undone;

  /* Under lockdown nothing is undone without a lock either, although the user asked for it. */
  if (self->state == ADIT_STATE_DISCONNECTING && self->lock.refused && wants_lockdown (self) &&
      !adit_session_lock_apply (&self->lock, ADIT_LOCK_ALL, NULL, &error))
    {
      handle (self, ADIT_EVENT_LOCK_FAILED, ADIT_REASON_LOCK_FAILED, error);
      return;
    }
  undone = undo (self, &error);
  g_clear_object (&self->attempt);
  switch (self->state)
    {
    case ADIT_STATE_DISCONNECTING:
      /* What could not be undone is told, and keeps nobody from their network: the user asked for it back. */
      if (!undone)
        g_propagate_error (&self->error, g_steal_pointer (&error));
      handle (self, ADIT_EVENT_UNDONE, ADIT_REASON_NONE, NULL);
      break;
    case ADIT_STATE_CONNECTING:
      if (self->try_number > 0 && !self->at_once)
        self->timer = g_timeout_add (MAX (TRY_PAUSE_MS, self->pause_ms), on_pause_over, self);
      else
        begin_attempt (self);
      self->at_once = FALSE;
      break;
    case ADIT_STATE_BLOCKED:
      arm_retry (self);
      if (self->has_portal)
        adit_session_changed (self);    /* somebody waits until no route leads into the tunnel */
      break;
    default:
      break;
    }
}

/* The lock of the state comes first; nothing is taken down or built up before it is in force.  @foreseen: (nullable): the tunnel
 * that has been asked for, so that one transaction does for two. */
static gboolean
enter_lock (AditSession *self, AditState next, const AditTunnelSpec *foreseen, GError **error)
{
  const AditTunnelSpec *spec = self->attempt != NULL ? adit_attempt_get_spec (self->attempt) : NULL;

  if (next == ADIT_STATE_DISCONNECTING)
    return TRUE;    /* as before, until the next state's lock is in force */
  return adit_session_lock_apply (&self->lock, adit_session_table_lock (next, wants_lockdown (self)),
                                  next == ADIT_STATE_CONNECTED ? spec : foreseen, error);
}

/* The far end is told while it can be, under the lock that lets packets to it: the next one does not.  Who disconnects and has no
 * lockdown waits for their network alone, and nothing is shut to it. */
static void
take_leave (AditSession *self, AditState next)
{
  if (self->state == ADIT_STATE_CONNECTED && (next != ADIT_STATE_DISCONNECTING || wants_lockdown (self)))
    adit_tunnel_leave (adit_attempt_get_tunnel (self->attempt));
}

/* Where nothing has to be taken down first, a worker looks for the tunnel while the lock is being set, and what makes no device
 * and sends nothing is begun.  That stays within this computer: what is answered, and what a worker asks for, is heard in the
 * main loop, after the lock.  @foreseen: (out) (nullable): whom the lock is going to open to. */
static gboolean
ask_ahead (AditSession *self, AditState next, AditTunnelSpec **foreseen)
{
  if (self->state != ADIT_STATE_DISCONNECTED || next != ADIT_STATE_CONNECTING || self->cancellable != NULL ||
      self->try_number > 0)
    return FALSE;
  self->at_once = FALSE;
  ask_for_tunnel (self);
  *foreseen = adit_attempt_foresee (self->attempt, &self->wish);
  return TRUE;
}

static void
enter (AditSession *self, AditState next, AditReason reason, const GError *cause)
{
  g_autoptr (GError) lock_error = NULL;
  g_autofree AditTunnelSpec *foreseen = NULL;
  guint entry = ++self->entries;
  gboolean is_asked;

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->grace_timer, g_source_remove);
  adit_session_end_pulse (self);
  adit_session_end_mtu (self);
  adit_session_forget_names (self);
  take_leave (self, next);
  is_asked = ask_ahead (self, next, &foreseen);
  if (!enter_lock (self, next, foreseen, &lock_error))
    {
      if (next != ADIT_STATE_BLOCKED)
        {
          handle (self, ADIT_EVENT_LOCK_FAILED, ADIT_REASON_LOCK_FAILED, lock_error);
          return;
        }
      /* The old rules are still whole, since a ruleset is taken whole or not at all;
       * whether they block is all that is unknown. */
      g_critical ("the lock could not be set, traffic may leave unprotected: %s", lock_error->message);
      reason = ADIT_REASON_LOCK_FAILED;
      cause = lock_error;
    }

  self->state = next;
  self->reason = next == ADIT_STATE_BLOCKED ? reason : ADIT_REASON_NONE;
  if (next != ADIT_STATE_DISCONNECTED)
    g_clear_error (&self->error);
  if (cause != NULL)
    self->error = g_error_copy (cause);
  self->since_s = next == ADIT_STATE_CONNECTED ? g_get_real_time () / G_USEC_PER_SEC : 0;
  g_info ("%s%s%s, lock %s", adit_state_get_nick (next), self->reason != ADIT_REASON_NONE ? ": " : "",
          adit_reason_get_nick (self->reason), adit_lock_get_nick (adit_session_get_lock (self)));

  if (next == ADIT_STATE_CONNECTED)
    {
      self->try_number = self->retry_number = self->pause_ms = 0;
      self->avoid[0] = '\0';
      adit_session_forget_silence (self);
      adit_session_begin_pulse (self);
      adit_session_begin_mtu (self);
    }
  adit_session_changed (self);
  if (self->entries != entry)
    return;    /* a listener has already asked for something else */
  if (next == ADIT_STATE_CONNECTED || next == ADIT_STATE_DISCONNECTED)
    return;
  if (is_asked)
    {
      g_clear_handle_id (&self->shell_source, g_source_remove);
      (void) adit_undo_but (self->platform, adit_attempt_get_begun (self->attempt), NULL);
      adit_attempt_prepare (self->attempt, &self->wish);
    }
  else if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);    /* go_on() when it has said its last word */
  else
    go_on (self);
}

/* The only door between states. */
static void
handle (AditSession *self, AditEvent event, AditReason reason, const GError *error)
{
  AditState next = adit_session_table_next (self->state, event);
  gboolean again = next == self->state;

  g_debug ("%s in %s: %s", adit_event_get_nick (event), adit_state_get_nick (self->state), adit_state_get_nick (next));
  /* Staying is nothing, but for a new wish or a new try, and but for a lock that has to be tried again or another reason. */
  if (again && !(next == ADIT_STATE_CONNECTING && event != ADIT_EVENT_UNDONE) &&
      !(next == ADIT_STATE_BLOCKED && (event == ADIT_EVENT_LOCK_FAILED || event == ADIT_EVENT_OFFLINE)))
    return;
  enter (self, next, reason, error);
}

/**
 * adit_session_handle:
 * @self: a session
 * @event: what has happened
 * @reason: why it is to be blocked, where it is going to be
 * @error: (nullable): what led to it
 *
 * For what watches the session's tunnel and its network.
 */
void
adit_session_handle (AditSession *self, AditEvent event, AditReason reason, const GError *error)
{
  handle (self, event, reason, error);
}

static void
on_tunnel_lost (AditTunnel *tunnel, const GError *reason, AditSession *self)
{
  if (self->attempt == NULL || adit_attempt_get_tunnel (self->attempt) != tunnel)
    return;
  if (self->state == ADIT_STATE_CONNECTING ||
      (self->state == ADIT_STATE_CONNECTED && g_get_real_time () / G_USEC_PER_SEC - self->since_s < YOUNG_S))
    self->try_number = MIN (self->try_number + 1, MAX_TRIES);
  self->pause_ms = get_pause_ms (tunnel);
  handle (self, ADIT_EVENT_TUNNEL_LOST, ADIT_REASON_NONE, reason);
}

static void
on_firewall_disturbed (AditFirewall *firewall, gboolean put_back, gint64 gap_us, const char *by, AditSession *self)
{
  g_autoptr (GError) error = NULL;

  g_warning ("%s changed the rules; %s after %" G_GINT64_FORMAT " us", by[0] != '\0' ? by : "another program",
             put_back ? "put back" : "not put back", gap_us);
  if (put_back)
    return;
  g_set_error (&error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "Another program removed the lock and it could not be put back");
  handle (self, ADIT_EVENT_LOCK_FAILED, ADIT_REASON_LOCK_FAILED, error);
}

static void
on_dns_disturbed (AditDns *dns, gboolean put_back, AditSession *self)
{
  g_autoptr (GError) error = NULL;

  if (self->attempt == NULL || adit_attempt_get_dns (self->attempt) != dns)
    return;
  g_warning ("another program changed who answers names; %s", put_back ? "put back" : "not put back");
  if (put_back)
    return;
  g_set_error (&error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "Another program keeps changing who answers this computer's names");
  handle (self, ADIT_EVENT_GAVE_UP, ADIT_REASON_DNS_FAILED, error);
}

static void
on_route_diverted (AditRoute *route, guint now, AditSession *self)
{
  self->diversions = now;
  if (now != ADIT_DIVERSION_NONE)
    g_warning ("this network has routes that lead past the tunnel; they are not followed");
  if (self->state == ADIT_STATE_CONNECTING || self->state == ADIT_STATE_CONNECTED)
    adit_session_changed (self);
}

static void
on_network_changed (AditNetwork *network, AditSession *self)
{
  g_autoptr (GError) error = NULL;

  if (!adit_session_lock_follow (&self->lock, &error))
    handle (self, ADIT_EVENT_LOCK_FAILED, ADIT_REASON_LOCK_FAILED, error);
  else
    adit_session_follow_network (self);
}

static void
adit_session_dispose (GObject *object)
{
  AditSession *self = ADIT_SESSION (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  adit_session_end_pulse (self);
  adit_session_end_mtu (self);
  adit_session_forget_names (self);
  g_clear_handle_id (&self->grace_timer, g_source_remove);
  g_clear_handle_id (&self->shell_source, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->attempt);
  g_clear_object (&self->source);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (adit_session_parent_class)->dispose (object);
}

static void
adit_session_class_init (AditSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_session_dispose;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ADIT_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /* Something is wanted, and nothing done for it yet. */
  signals[SIGNAL_WISHED] = g_signal_new ("wished", ADIT_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
adit_session_init (AditSession *self)
{
  /* The safe values, by name, although zero would do: until start() nothing is known and nothing is claimed. */
  self->state = ADIT_STATE_BLOCKED;
  self->reason = ADIT_REASON_STARTING;
  self->lock.lock = ADIT_LOCK_OFF;
}

/**
 * adit_session_new:
 * @platform: outlives the session
 * @source: where tunnels come from
 *
 * Returns: (transfer full): a session that has touched nothing yet
 */
AditSession *
adit_session_new (AditPlatform *platform, AditTunnelSource *source)
{
  AditSession *self = g_object_new (ADIT_TYPE_SESSION, NULL);

  self->platform = self->lock.platform = platform;
  self->source = g_object_ref (source);
  g_signal_connect_object (platform->firewall, "disturbed", G_CALLBACK (on_firewall_disturbed), self, 0);
  g_signal_connect_object (platform->route, "diverted", G_CALLBACK (on_route_diverted), self, 0);
  if (platform->network != NULL)
    g_signal_connect_object (platform->network, "changed", G_CALLBACK (on_network_changed), self, 0);
  for (guint i = 0; i < platform->n_tunnels; i++)
    g_signal_connect_object (platform->tunnels[i], "lost", G_CALLBACK (on_tunnel_lost), self, 0);
  for (guint i = 0; i < platform->n_dns; i++)
    g_signal_connect_object (platform->dns[i], "disturbed", G_CALLBACK (on_dns_disturbed), self, 0);
  return self;
}

/**
 * adit_session_start:
 * @self: a session that has not started
 * @reason: %ADIT_REASON_STARTING, or why the computer has to stay blocked whatever was wanted
 * @wish: what was wanted last
 * @lockdown: whether lockdown is on
 *
 * Puts the blocked lock in force, undoes what an earlier helper left, then replays the last wish.  A computer on which nothing
 * was wanted and nothing is left is not touched at all, so that starting the helper never cuts a connection of somebody who is
 * not using it.
 */
void
adit_session_start (AditSession *self, AditReason reason, const AditWish *wish, gboolean lockdown)
{
  g_autoptr (GError) error = NULL;
  gboolean present = adit_firewall_is_present (self->platform->firewall);

  self->wish = *wish;
  g_signal_emit (self, signals[SIGNAL_WISHED], 0);
  self->lockdown = lockdown;
  self->lost = reason == ADIT_REASON_SETTINGS_LOST;
  self->lock.lock = present ? ADIT_LOCK_ALL : ADIT_LOCK_OFF;    /* ours, of which kind is not known */
  if (reason == ADIT_REASON_STARTING && !wants_tunnel (self) && !wants_lockdown (self) && !present)
    {
      (void) adit_undo_all (self->platform, &self->error);
      if (self->platform->network != NULL)
        adit_network_hush (self->platform->network, FALSE);
      self->state = ADIT_STATE_DISCONNECTED;
      self->reason = ADIT_REASON_NONE;
      adit_session_changed (self);
      return;
    }

  self->reason = reason;
  if (!adit_session_lock_apply (&self->lock, ADIT_LOCK_ALL, NULL, &error))
    {
      handle (self, ADIT_EVENT_LOCK_FAILED, ADIT_REASON_LOCK_FAILED, error);
      return;
    }
  (void) adit_undo_all (self->platform, &self->error);
  if (wants_tunnel (self))
    adit_session_watch_network (self);
  if (reason != ADIT_REASON_STARTING)
    adit_session_changed (self);
  else if (wants_tunnel (self))
    handle (self, ADIT_EVENT_USER_CONNECT, ADIT_REASON_NONE, NULL);
  else
    handle (self, ADIT_EVENT_USER_DISCONNECT, ADIT_REASON_NONE, NULL);
}

/**
 * adit_session_connect:
 * @self: a started session
 * @wish: what is wanted; the caller has stored it
 * @error: return location; %ADIT_ERROR_LOCK_FAILED where this computer cannot be locked, and then nothing has changed
 *
 * Connects, or goes over to another place; locked all the way.
 *
 * Returns: whether the wish is taken
 */
gboolean
adit_session_connect (AditSession *self, const AditWish *wish, GError **error)
{
  if (!adit_firewall_probe (self->platform->firewall, error))
    return FALSE;
  self->wish = *wish;
  self->wish.connected = TRUE;
  g_signal_emit (self, signals[SIGNAL_WISHED], 0);
  self->lost = FALSE;
  adit_session_end_pause (self);
  self->peer = (AditAddress) { 0 };
  adit_session_watch_network (self);
  self->try_number = self->retry_number = self->pause_ms = 0;
  self->avoid[0] = '\0';
  adit_session_forget_silence (self);
  handle (self, ADIT_EVENT_USER_CONNECT, ADIT_REASON_NONE, NULL);
  return TRUE;
}

/**
 * adit_session_disconnect:
 * @self: a started session; the caller has stored the wish
 *
 * Undoes everything and opens the lock, or closes it to %ADIT_LOCK_ALL under lockdown.
 */
void
adit_session_disconnect (AditSession *self)
{
  self->wish = (AditWish) { 0 };
  self->lost = FALSE;
  adit_session_end_pause (self);
  handle (self, ADIT_EVENT_USER_DISCONNECT, ADIT_REASON_NONE, NULL);
}

/**
 * adit_session_give_up:
 * @self: a started session
 * @error: why the tunnel that is up is of no use any more, such as %ADIT_ERROR_DEVICE_REVOKED
 *
 * Where it is connected, it is blocked from now on, with the reason that belongs to @error.
 */
void
adit_session_give_up (AditSession *self, const GError *error)
{
  if (self->state == ADIT_STATE_CONNECTED)
    handle (self, ADIT_EVENT_GAVE_UP, adit_reason_from_error (error), error);
}
