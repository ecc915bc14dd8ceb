/* SPDX-License-Identifier: GPL-2.0-or-later */
/* desk.h: the lab's computer as the benchmarks want it: the active user signed in, polkit and helper running, the peer ready. */
#pragma once

#include "tests/bench/bench.h"
#include "tests/lab/world.h"

G_BEGIN_DECLS

extern const BenchCaller bench_desk_alice, bench_desk_root;

AditWorld *bench_desk_new           (void);
AditWorld *bench_desk_new_with_peer (void);

G_END_DECLS
