/* SPDX-License-Identifier: GPL-2.0-or-later */
/* delay.h: a longer way to the lab's internet: each frame on a computer's cable arrives later, in both directions; some never. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BenchDelay BenchDelay;

typedef struct { guint64 n_carried, n_dropped, n_lost; } BenchDelayCount;

BenchDelay     *bench_delay_new       (const char *space, guint one_way_us, GError **error);
void            bench_delay_set_way   (BenchDelay *self, guint one_way_us);
void            bench_delay_set_loss  (BenchDelay *self, guint per_mille);
BenchDelayCount bench_delay_get_count (BenchDelay *self);
void            bench_delay_free      (BenchDelay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchDelay, bench_delay_free)

G_END_DECLS
