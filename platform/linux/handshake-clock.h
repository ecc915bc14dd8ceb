/* SPDX-License-Identifier: GPL-2.0-or-later */
/* handshake-clock.h: how old a handshake is, when its time stamp comes from a clock that people and NTP may set. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 seconds, nanoseconds;    /* the stamp last seen; both zero: none yet */
  gint64 age_then_ms;             /* its age when first seen */
  gint64 seen_boot_ms;            /* and when that was, on the clock that nobody sets and that runs in suspend */
} AditHandshakeClock;

gint64 adit_handshake_clock_update (AditHandshakeClock *self, gint64 seconds, gint64 nanoseconds);

G_END_DECLS
