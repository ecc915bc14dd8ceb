/* SPDX-License-Identifier: GPL-2.0-or-later */
/* name-watch.c: nobody is asked while nobody uses the tunnel, and nobody is called dead while nothing at all comes back: that is
 * for others to judge. */
#include "client/core/name-watch.h"

/* Somebody whose pages do not open waits about as long before looking why. */
#define ASK_EVERY_US  (30 * G_TIME_SPAN_SECOND)
#define ASK_AGAIN_US  (5 * G_TIME_SPAN_SECOND)    /* while nobody answers, so that it is soon known that somebody does again */
#define SILENT_TIMES  2                           /* each is three questions: platform/linux/path.c */
/* Our own question is no use of it, nor is what keeps the tunnel alive: client/core/pulse.c. */
#define IDLE_MAX_BYTES 180

/**
 * adit_name_watch_is_due:
 * @self: what is known so far
 * @progress: the tunnel's counters now
 * @now_us: monotonic time
 *
 * Returns: whether those who answer names are to be asked now; the answer goes to adit_name_watch_told()
 */
gboolean
adit_name_watch_is_due (AditNameWatch *self, const AditTunnelProgress *progress, gint64 now_us)
{
  gboolean is_used = progress->sent_bytes > self->sent_bytes + IDLE_MAX_BYTES;

  self->sent_bytes = progress->sent_bytes;
  if (!is_used || (self->asked_at_us != 0 && now_us - self->asked_at_us < (self->n_silent > 0 ? ASK_AGAIN_US : ASK_EVERY_US)))
    return FALSE;
  self->asked_at_us = now_us;
  if (self->n_silent == 0)
    self->received_bytes = progress->received_bytes;
  return TRUE;
}

/**
 * adit_name_watch_told:
 * @self: what is known so far
 * @is_answered: whether anybody has answered the last question
 * @progress: the tunnel's counters now
 *
 * Returns: whether they are dead now and were not before, or the other way round
 */
gboolean
adit_name_watch_told (AditNameWatch *self, gboolean is_answered, const AditTunnelProgress *progress)
{
  /* A peer that was made anew counts from zero, and that is no word of it. */
  gboolean has_heard = progress->received_bytes != self->received_bytes && progress->received_bytes > 0;
  gboolean before = self->are_dead;

  self->n_silent = is_answered ? 0 : self->n_silent + 1;
  self->are_dead = !is_answered && (before || (self->n_silent >= SILENT_TIMES && has_heard));
  return self->are_dead != before;
}
