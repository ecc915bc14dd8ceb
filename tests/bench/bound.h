/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bound.h: what a WireGuard connect takes at the least: wireguard-go, its settings and a ping, and nothing else. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BenchBound BenchBound;

BenchBound *bench_bound_new           (void);
void        bench_bound_free          (BenchBound *self);
double      bench_bound_connect_ms    (BenchBound *self, int ping_fd);
double      bench_bound_disconnect_ms (BenchBound *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchBound, bench_bound_free)

G_END_DECLS
