/* SPDX-License-Identifier: GPL-2.0-or-later */
/* screen.h: when a window of whatever program shows something, as the X server knows it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BenchScreen BenchScreen;

/* Of g_get_monotonic_time(). */
typedef struct { gint64 first_us, last_us; } BenchFrames;

BenchScreen *bench_screen_new            (const char *display);
void         bench_screen_free           (BenchScreen *self);
BenchFrames  bench_screen_watch          (BenchScreen *self, guint max_ms, guint rest_ms);
void         bench_screen_wait_no_window (BenchScreen *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchScreen, bench_screen_free)

G_END_DECLS
