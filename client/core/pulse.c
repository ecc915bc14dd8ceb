/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pulse.c: data that went out and brought nothing back is a reason to ask, and a peer that then does not prove its key is dead.
 *
 * Mullvad's client asks after 5 s of silence, or when nothing was said for 120 s, and gives up 15 s later.  The same order here,
 * sooner, because a forced handshake tells a peer that is dead from one that has nothing to say, which a ping does not: whoever
 * only sends gets no answer to his data, and yet a handshake in one round trip. */
#include "client/core/pulse.h"

#define ASK_AFTER_US    (1500 * G_TIME_SPAN_MILLISECOND)
#define RENEW_AFTER_US  (3 * G_TIME_SPAN_SECOND)
/* A second one where the first was lost; not sooner, or the answer of a peer behind a satellite would always come too late. */
#define RENEW_AGAIN_US  (2 * G_TIME_SPAN_SECOND)
#define DEAD_AFTER_US   (6500 * G_TIME_SPAN_MILLISECOND)
#define QUIET_FOR_US    (120 * G_TIME_SPAN_SECOND)
/* A keepalive with its headers is 32 bytes, a handshake 148 (the WireGuard paper, 5.4): nobody's data. */
#define IDLE_MAX_BYTES  180

#define PAUSE_ALARMED_MS  500
#define PAUSE_BUSY_MS    1000
#define PAUSE_IDLE_MS    6000    /* at rest this is what wakes the helper: ten times a minute */

static AditPulseVerdict
judge_silence (AditPulse *self, gint64 now_us)
{
  gint64 waited_us = now_us - self->unanswered_since_us;

  if (waited_us >= DEAD_AFTER_US)
    return ADIT_PULSE_DEAD;
  if (waited_us >= RENEW_AFTER_US && (self->renewed_at_us == 0 || now_us - self->renewed_at_us >= RENEW_AGAIN_US))
    {
      self->renewed_at_us = now_us;
      return ADIT_PULSE_RENEW;
    }
  return waited_us >= ASK_AFTER_US ? ADIT_PULSE_ASK : ADIT_PULSE_WELL;
}

static gboolean
has_shaken_hands_since (const AditTunnelProgress *progress, gint64 ago_us)
{
  return progress->handshake_age_ms >= 0 && progress->handshake_age_ms * G_TIME_SPAN_MILLISECOND <= ago_us;
}

/**
 * adit_pulse_check:
 * @self: what is known so far; all zero at first
 * @progress: the tunnel's counters now
 * @now_us: monotonic time
 *
 * Returns: what is to be done; the peer counts as alive until it has been asked in vain
 */
AditPulseVerdict
adit_pulse_check (AditPulse *self, const AditTunnelProgress *progress, gint64 now_us)
{
  gboolean heard = progress->received_bytes != self->received_bytes;
  gboolean said = progress->sent_bytes != self->sent_bytes;

  /* Peers that were made anew count from zero. */
  self->is_busy = progress->sent_bytes > self->sent_bytes + IDLE_MAX_BYTES;
  self->received_bytes = progress->received_bytes;
  self->sent_bytes = progress->sent_bytes;
  /* One handshake is as long as another: that there was one is told by its age. */
  if (self->renewed_at_us != 0)
    heard = progress->received_bytes != 0 && (heard || has_shaken_hands_since (progress, now_us - self->renewed_at_us));
  if (heard || said || self->quiet_since_us == 0)
    self->quiet_since_us = now_us;
  if (heard)
    self->unanswered_since_us = self->renewed_at_us = 0;
  /* It has been silent since the look before, and how long ago it was said nobody knows: after a long pause, ask at once. */
  else if (said && self->unanswered_since_us == 0)
    self->unanswered_since_us = self->looked_at_us == 0 ? now_us : MAX (self->looked_at_us, now_us - ASK_AFTER_US);
  self->looked_at_us = now_us;
  if (self->unanswered_since_us != 0)
    return judge_silence (self, now_us);
  return now_us - self->quiet_since_us >= QUIET_FOR_US ? ADIT_PULSE_ASK : ADIT_PULSE_WELL;
}

/**
 * adit_pulse_get_pause_ms:
 * @self: what is known so far
 *
 * A tunnel that has just come up is about to be used, and a first look is what later ones are compared with.
 *
 * Returns: after how many milliseconds it is to be looked at again
 */
guint
adit_pulse_get_pause_ms (const AditPulse *self)
{
  if (self->unanswered_since_us != 0)
    return PAUSE_ALARMED_MS;
  return self->is_busy || self->looked_at_us == 0 ? PAUSE_BUSY_MS : PAUSE_IDLE_MS;
}
