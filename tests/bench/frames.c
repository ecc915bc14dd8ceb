/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frames.c: listens to the clock by which a window draws. */
#include "tests/bench/frames.h"

#include <time.h>

static GArray *wall_ms, *cpu_ms;
static double wall_start_ms, cpu_start_ms;

static double
read_ms (clockid_t id)
{
  struct timespec now;

  clock_gettime (id, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

static double
get_percentile (GArray *values)
{
  g_array_sort (values, compare);
  return values->len > 0 ? g_array_index (values, double, (values->len - 1) * 95 / 100) : 0;
}

static void
on_before_paint (void)
{
  wall_start_ms = read_ms (CLOCK_MONOTONIC);
  cpu_start_ms = read_ms (CLOCK_THREAD_CPUTIME_ID);
}

static void
on_after_paint (void)
{
  double wall = read_ms (CLOCK_MONOTONIC) - wall_start_ms, cpu = read_ms (CLOCK_THREAD_CPUTIME_ID) - cpu_start_ms;

  g_array_append_val (wall_ms, wall);
  g_array_append_val (cpu_ms, cpu);
}

/**
 * bench_frames_watch:
 * @widget: in a window that is shown
 *
 * From now on each frame of its window counts.
 */
void
bench_frames_watch (GtkWidget *widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);

  wall_ms = g_array_new (FALSE, FALSE, sizeof (double));
  cpu_ms = g_array_new (FALSE, FALSE, sizeof (double));
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), NULL);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), NULL);
}

/**
 * bench_frames_print:
 *
 * Prints how many frames there were and the 95th percentile of what each took, in milliseconds by the clock and of this thread's
 * processor time.
 */
void
bench_frames_print (void)
{
  g_print ("%u %.3f %.3f\n", wall_ms->len, get_percentile (wall_ms), get_percentile (cpu_ms));
}
