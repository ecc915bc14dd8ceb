/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-pulse.c: while connected: is the peer still there?  Looked at from time to time, and made sure of at once after sleep
 * and on another way out. */
#define G_LOG_DOMAIN "adit-session"

#include "client/core/session-private.h"

#include "client/base/error.h"

#define SLEPT_MIN_US    (6 * G_TIME_SPAN_SECOND)    /* as in Mullvad's client; less is a computer that was busy */
#define PROVE_WITHIN_MS 3000
#define PROVE_POLL_MS     20
/* As in attempt.c: what is lost is sent again, and an answer may take two seconds. */
static const guint again_after_ms[] = { 250, 1000 };

static void arm (AditSession *self);

/* Another server is the next to be tried, and at once: the tunnel was good until now, so nobody is being hurried. */
static void
give_up (AditSession *self, const GError *error)
{
  g_strlcpy (self->avoid, adit_attempt_get_suspect (self->attempt), sizeof self->avoid);
  self->try_number = 1;
  self->at_once = TRUE;
  adit_session_handle (self, ADIT_EVENT_TUNNEL_LOST, ADIT_REASON_NONE, error);
}

/* The main loop's clock stands still during sleep and the wall clock does not.  One that was set forward looks the same, and
 * costs a handshake. */
static gint64
get_slept_us (void)
{
  return g_get_real_time () - g_get_monotonic_time ();
}

static gboolean
on_pulse (gpointer user_data)
{
  AditSession *self = user_data;
  AditTunnel *tunnel = adit_attempt_get_tunnel (self->attempt);
  AditTunnelProgress progress;
  g_autoptr (GError) error = NULL;
  guint64 packets;

  self->pulse_timer = 0;
  if (get_slept_us () - self->slept_us >= SLEPT_MIN_US)
    {
      adit_session_wake (self);
      return G_SOURCE_REMOVE;
    }
  packets = adit_tunnel_count_packets (tunnel);
  if (packets != 0 && packets == self->packets && self->pulse.unanswered_since_us == 0)
    progress = (AditTunnelProgress) { .received_bytes = self->pulse.received_bytes, .sent_bytes = self->pulse.sent_bytes };
  else if (!adit_tunnel_read_progress (tunnel, &progress, &error))
    {
      adit_session_handle (self, ADIT_EVENT_TUNNEL_LOST, ADIT_REASON_NONE, error);
      return G_SOURCE_REMOVE;
    }
  else
    adit_session_look_at_names (self, &progress);
  self->packets = packets;
  /* A peer of OpenVPN owes no answer to data; openvpn itself watches whether it is there, and ends when it is not. */
  if (adit_tunnel_get_kind (tunnel) != ADIT_TUNNEL_OPENVPN)
    switch (adit_pulse_check (&self->pulse, &progress, g_get_monotonic_time ()))
      {
      case ADIT_PULSE_DEAD:
        g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NO_HANDSHAKE, "%s has stopped answering",
                     adit_attempt_blame (self->attempt, &progress));
        give_up (self, error);
        return G_SOURCE_REMOVE;
      case ADIT_PULSE_RENEW:
        if (!adit_attempt_renew (self->attempt, &error))
          g_warning ("the relay could not be asked for a handshake: %s", error->message);
        break;
      case ADIT_PULSE_ASK:
        adit_attempt_probe (self->attempt);
        break;
      case ADIT_PULSE_WELL:
      default:
        break;
      }
  arm (self);
  return G_SOURCE_REMOVE;
}

static void
arm (AditSession *self)
{
  self->pulse_timer = g_timeout_add (adit_pulse_get_pause_ms (&self->pulse), on_pulse, self);
}

/**
 * adit_session_begin_pulse:
 * @self: a session that has just become connected, or has seen a fresh handshake
 */
void
adit_session_begin_pulse (AditSession *self)
{
  adit_session_end_pulse (self);
  self->pulse = (AditPulse) { 0 };
  self->packets = 0;
  self->slept_us = get_slept_us ();
  arm (self);
}

/**
 * adit_session_end_pulse:
 * @self: a session
 */
void
adit_session_end_pulse (AditSession *self)
{
  g_clear_handle_id (&self->pulse_timer, g_source_remove);
}

/* --- A proof that is asked for ---------------------------------------------------------------------------------------------- */

static gboolean
on_prove (gpointer user_data)
{
  AditSession *self = user_data;
  gint64 waited_ms = (g_get_monotonic_time () - self->proving_since_us) / 1000;
  AditTunnelProgress progress;
  g_autoptr (GError) error = NULL;

  if (!adit_tunnel_read_progress (adit_attempt_get_tunnel (self->attempt), &progress, &error))
    {
      self->pulse_timer = 0;
      adit_session_handle (self, ADIT_EVENT_TUNNEL_LOST, ADIT_REASON_NONE, error);
      return G_SOURCE_REMOVE;
    }
  if (progress.handshake_age_ms >= 0)    /* none is left from before */
    {
      g_info ("the relay has proved its key again after %" G_GINT64_FORMAT " ms", waited_ms);
      self->pulse_timer = 0;
      adit_session_begin_pulse (self);
      return G_SOURCE_REMOVE;
    }
  if (waited_ms >= PROVE_WITHIN_MS)
    {
      self->pulse_timer = 0;
      g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NO_HANDSHAKE, "%s has not proved its key again in time",
                   adit_attempt_blame (self->attempt, &progress));
      give_up (self, error);
      return G_SOURCE_REMOVE;
    }
  if (self->n_proofs < G_N_ELEMENTS (again_after_ms) && waited_ms >= again_after_ms[self->n_proofs])
    {
      self->n_proofs++;
      (void) adit_attempt_renew (self->attempt, NULL);
    }
  return G_SOURCE_CONTINUE;
}

/**
 * adit_session_prove:
 * @self: a connected session
 *
 * Has the peer prove its key once more, and goes on to another where it does not.  Routes, resolver and lock stay, and so do the
 * connections inside.
 */
void
adit_session_prove (AditSession *self)
{
  g_autoptr (GError) error = NULL;

  adit_session_end_pulse (self);
  if (!adit_attempt_renew (self->attempt, &error))
    {
      adit_session_handle (self, ADIT_EVENT_TUNNEL_LOST, ADIT_REASON_NONE, error);
      return;
    }
  self->proving_since_us = g_get_monotonic_time ();
  self->n_proofs = 0;
  self->pulse_timer = g_timeout_add (PROVE_POLL_MS, on_prove, self);
}
