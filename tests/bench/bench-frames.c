/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-frames.c: what the window costs: a frame while the map travels, one while ten thousand servers are scrolled and searched,
 * and the window at rest while connected. */
#include "tests/bench/desk.h"

#include <stdio.h>
#include "tests/ui/display.h"

#define WIDTH    1280
#define HEIGHT   800
#define RUNS     3
#define LEAST_FRAMES 50    /* fewer are no journey */
#define SETTLE_S 10
#define REST_S   30

static void
measure_frames (AditDisplay *display, const char *program, BenchResult *frame, BenchResult *frame_cpu)
{
  const char *const argv[] = { program, NULL };
  g_autoptr (AditLabResult) result = adit_display_run (display, argv);
  double wall_ms, cpu_ms;
  guint n;

  if (result->status != 0 || sscanf (result->out, "%u %lf %lf", &n, &wall_ms, &cpu_ms) != 3 || n < LEAST_FRAMES)
    g_error ("%s: %d: %s%s", argv[0], result->status, result->out, result->err);
  bench_result_add_ours (frame, wall_ms);
  bench_result_add_ours (frame_cpu, cpu_ms);
}

static void
measure_rest (AditDisplay *display, BenchResult *rest)
{
  const char *const env[] = { "/usr/bin/env", NULL }, *const argv[] = { g_getenv ("ADIT_WINDOW"), NULL };
  g_autoptr (AditLabResult) result = adit_display_run (display, env);
  g_auto (GStrv) environment = g_strsplit (g_strchomp (result->out), "\n", -1);
  BenchCaller alice = bench_desk_alice;
  BenchChild child;

  alice.environment = environment;
  child = bench_prepare (&alice, argv);
  bench_release (&child);
  g_usleep (SETTLE_S * G_USEC_PER_SEC);
  for (guint i = 0; i < RUNS; i++)
    {
      double before_s = bench_read_cpu_s (child.pid);

      g_usleep (REST_S * G_USEC_PER_SEC);
      bench_result_add_ours (rest, (bench_read_cpu_s (child.pid) - before_s) / REST_S * 100);
    }
  adit_lab_end (child.pid);
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchResult) frame = bench_result_new ("home-frame", "ms", BENCH_GOAL_FIGURE, 16);
  g_autoptr (BenchResult) frame_cpu = bench_result_new ("home-frame-cpu", "ms", BENCH_GOAL_FIGURE, 16);
  g_autoptr (BenchResult) scroll = bench_result_new ("scroll-frame", "ms", BENCH_GOAL_FIGURE, 16);
  g_autoptr (BenchResult) scroll_cpu = bench_result_new ("scroll-frame-cpu", "ms", BENCH_GOAL_FIGURE, 16);
  g_autoptr (BenchResult) rest = bench_result_new ("home-rest", "%", BENCH_GOAL_FIGURE, 0.2);
  const char *missing = adit_display_get_missing ();
  AditDisplay *display;
  AditWorld *world;

  if (missing != NULL)
    {
      g_printerr ("SKIP: there is no %s\n", missing);
      return BENCH_SKIP;
    }
  world = bench_desk_new ();
  display = adit_display_new (world, WIDTH, HEIGHT);
  for (guint i = 0; i < RUNS; i++)
    {
      measure_frames (display, g_getenv ("ADIT_BENCH_MAP"), frame, frame_cpu);
      measure_frames (display, g_getenv ("ADIT_BENCH_SCROLL"), scroll, scroll_cpu);
    }
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "connect se-got --wait", 0);
  measure_rest (display, rest);
  bench_result_write (frame);
  bench_result_write (frame_cpu);
  bench_result_write (scroll);
  bench_result_write (scroll_cpu);
  bench_result_write (rest);
  adit_display_free (display);
  adit_world_free (world);
  return 0;
}
