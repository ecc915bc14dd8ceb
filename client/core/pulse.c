/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pulse.c: a WireGuard peer that got data answers within KEEPALIVE_TIMEOUT (10 s) even if it has nothing to say, so data that
 * went out and brought nothing back for longer than that and a lost answer means a dead peer.  An idle tunnel proves nothing
 * either way. */
#include "client/core/pulse.h"

/* KEEPALIVE_TIMEOUT 10 s + REKEY_TIMEOUT 5 s (the WireGuard paper, 6.1), twice, since a packet may be lost. */
#define DEAD_AFTER_US (30 * G_TIME_SPAN_SECOND)

/**
 * adit_pulse_check:
 * @self: what is known so far; all zero at first
 * @progress: the tunnel's counters now
 * @now_us: monotonic time
 *
 * Returns: %FALSE when data has gone unanswered for too long
 */
gboolean
adit_pulse_check (AditPulse *self, const AditTunnelProgress *progress, gint64 now_us)
{
  gboolean heard = progress->received_bytes != self->received_bytes;
  gboolean said = progress->sent_bytes != self->sent_bytes;

  self->received_bytes = progress->received_bytes;
  self->sent_bytes = progress->sent_bytes;
  if (heard)
    self->unanswered_since_us = 0;
  else if (said && self->unanswered_since_us == 0)
    self->unanswered_since_us = now_us;
  return self->unanswered_since_us == 0 || now_us - self->unanswered_since_us < DEAD_AFTER_US;
}
