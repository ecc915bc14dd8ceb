/* SPDX-License-Identifier: GPL-2.0-or-later */
/* throughput.c: the difference of two counts over the time between them; no clock of its own. */
#include "config.h"
#include "ui/throughput.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#define LEAST_CEILING 10000.0    /* bytes a second: what a computer says by itself is no mountain */
#define MAX_GAP_US    (30 * G_USEC_PER_SEC)

/**
 * adit_throughput_clear:
 * @self: counts of a tunnel that is no more
 */
void
adit_throughput_clear (AditThroughput *self)
{
  memset (self, 0, sizeof *self);
}

static void
push (AditThroughput *self, double down, double up)
{
  if (self->n_samples == ADIT_THROUGHPUT_MAX_SAMPLES)
    {
      memmove (self->down, self->down + 1, sizeof self->down - sizeof *self->down);
      memmove (self->up, self->up + 1, sizeof self->up - sizeof *self->up);
      self->n_samples--;
    }
  self->down[self->n_samples] = down;
  self->up[self->n_samples++] = up;
}

/**
 * adit_throughput_add:
 * @self: what was counted so far
 * @now_us: by a clock that never goes back
 * @received_bytes: in all
 * @sent_bytes: in all
 *
 * Counts that are lower than before are of another tunnel, and after a long time nobody knows when it was that they grew: both
 * begin anew.
 */
void
adit_throughput_add (AditThroughput *self, gint64 now_us, guint64 received_bytes, guint64 sent_bytes)
{
  gint64 passed_us = now_us - self->at_us;

  if (self->at_us != 0 && (received_bytes < self->received_bytes || sent_bytes < self->sent_bytes || passed_us > MAX_GAP_US))
    adit_throughput_clear (self);
  else if (self->at_us != 0 && passed_us <= 0)
    return;
  else if (self->at_us != 0)
    push (self, (double) (received_bytes - self->received_bytes) * G_USEC_PER_SEC / (double) passed_us,
          (double) (sent_bytes - self->sent_bytes) * G_USEC_PER_SEC / (double) passed_us);
  self->at_us = now_us;
  self->received_bytes = received_bytes;
  self->sent_bytes = sent_bytes;
}

/**
 * adit_throughput_get_ceiling:
 * @self: what was counted
 *
 * Returns: bytes a second at the top of its graph: 1, 2 or 5 with zeros behind it, so that it seldom moves
 */
double
adit_throughput_get_ceiling (const AditThroughput *self)
{
  static const double steps[] = { 2, 2.5, 2 };
  double most = 0, ceiling = LEAST_CEILING;

  for (guint i = 0; i < self->n_samples; i++)
    most = MAX (most, MAX (self->down[i], self->up[i]));
  for (guint i = 0; ceiling < most; i++)
    ceiling *= steps[i % G_N_ELEMENTS (steps)];
  return ceiling;
}

/**
 * adit_throughput_dup_rate:
 * @bytes_per_s: how fast
 *
 * Returns: (transfer full): in words
 */
char *
adit_throughput_dup_rate (double bytes_per_s)
{
  g_autofree char *size = g_format_size ((guint64) MAX (bytes_per_s, 0));

  /* Translators: an amount of data, such as "1.2 MB", in each second */
  return g_strdup_printf (_("%s/s"), size);
}
