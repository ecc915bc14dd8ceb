/* SPDX-License-Identifier: GPL-2.0-or-later */
/* throughput.h: how much goes through the tunnel, of counts that are looked at now and then. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_THROUGHPUT_MAX_SAMPLES 60

typedef struct
{
  gint64  at_us;                /* of the last count; 0: there is none yet */
  guint64 received_bytes, sent_bytes;
  guint   n_samples;
  double  down[ADIT_THROUGHPUT_MAX_SAMPLES], up[ADIT_THROUGHPUT_MAX_SAMPLES];    /* bytes a second, the oldest first */
} AditThroughput;

void   adit_throughput_clear       (AditThroughput *self);
void   adit_throughput_add         (AditThroughput *self, gint64 now_us, guint64 received_bytes, guint64 sent_bytes);
double adit_throughput_get_ceiling (const AditThroughput *self);
char  *adit_throughput_dup_rate    (double bytes_per_s);

G_END_DECLS
