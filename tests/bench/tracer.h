/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tracer.h: which programs a command makes start, itself and in a service that it speaks to. */
#pragma once

#include "tests/bench/bench.h"

G_BEGIN_DECLS

char **bench_trace_programs (const BenchCaller *caller, const char *const *argv, pid_t service);

G_END_DECLS
