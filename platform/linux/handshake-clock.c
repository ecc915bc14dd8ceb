/* SPDX-License-Identifier: GPL-2.0-or-later */
/* handshake-clock.c: the wall clock is asked once for each new stamp; from then on the age grows with the boot clock. */
#include "platform/linux/handshake-clock.h"

#include <time.h>

static gint64
now_ms (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000) + now.tv_nsec / 1000000;
}

/**
 * adit_handshake_clock_update:
 * @self: what was seen before; all zero at the start of a tunnel
 * @seconds: the stamp just read, since the epoch
 * @nanoseconds: its fraction
 *
 * A stamp that seems to lie in the future counts as seen just now: the wall clock went back between handshake and reading.  A
 * clock that is set later changes nothing.
 *
 * Returns: milliseconds since that handshake, or -1 for the stamp zero: there was none
 */
gint64
adit_handshake_clock_update (AditHandshakeClock *self, gint64 seconds, gint64 nanoseconds)
{
  if (seconds == 0 && nanoseconds == 0)
    {
      *self = (AditHandshakeClock) { 0 };
      return -1;
    }
  if (seconds != self->seconds || nanoseconds != self->nanoseconds)
    {
      gboolean is_time = seconds >= 0 && seconds < G_MAXINT64 / 1000 - 1000;    /* so that the next line cannot overflow */
      gint64 age_ms = is_time ? now_ms (CLOCK_REALTIME) - (seconds * 1000 + nanoseconds / 1000000) : 0;

      self->seconds = seconds;
      self->nanoseconds = nanoseconds;
      self->age_then_ms = MAX (age_ms, 0);
      self->seen_boot_ms = now_ms (CLOCK_BOOTTIME);
    }
  return self->age_then_ms + now_ms (CLOCK_BOOTTIME) - self->seen_boot_ms;
}
