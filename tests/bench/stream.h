/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stream.h: so many bytes between the client and the lab's web server, by TCP, whichever way the routes say. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum { BENCH_STREAM_DOWN, BENCH_STREAM_UP } BenchStreamWay;

double bench_stream_run_s (BenchStreamWay way, gsize n_bytes);

G_END_DECLS
