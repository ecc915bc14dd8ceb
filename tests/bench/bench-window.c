/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-window.c: the window from the start of its program to the first complete frame on the screen ("start") and to the last
 * one before it rests ("ready": ours has asked the helper by then, and shows the place and the account), and what the program
 * keeps in memory two seconds after the first ("memory"), beside the least window that libadwaita can make.
 *
 * With the argument "same" the least window stands on both sides: a ratio that is not 1 then is the measurement's own. */
#include "tests/bench/desk.h"

#include "tests/bench/screen.h"
#include "tests/ui/display.h"

#define MAX_MS  20000
#define REST_MS 2000

typedef struct { double start_ms, ready_ms, pss_mib; } Round;

static char **
dup_environment (AditDisplay *display)
{
  const char *const argv[] = { "/usr/bin/env", NULL };
  g_autoptr (AditLabResult) result = adit_display_run (display, argv);

  return g_strsplit (g_strchomp (result->out), "\n", -1);
}

static Round
go (BenchScreen *screen, char **environment, const char *program)
{
  const char *const argv[] = { program, NULL };
  BenchCaller alice = bench_desk_alice;
  BenchChild child;
  BenchFrames frames;
  gint64 start_us;
  Round round;

  alice.environment = environment;
  child = bench_prepare (&alice, argv);
  start_us = g_get_monotonic_time ();
  bench_release (&child);
  frames = bench_screen_watch (screen, MAX_MS, REST_MS);
  round.start_ms = (double) (frames.first_us - start_us) / 1000;
  round.ready_ms = (double) (frames.last_us - start_us) / 1000;
  round.pss_mib = bench_read_pss_mib (child.pid);
  adit_lab_end (child.pid);
  bench_screen_wait_no_window (screen);
  return round;
}

static BenchResult *
new_result (const char *name, gboolean is_same, const char *unit)
{
  g_autofree char *full_name = g_strdup_printf ("window-%s%s", name, is_same ? "-same" : "");

  return bench_result_new (full_name, unit, BENCH_GOAL_RATIO, 1.25);
}

int
main (int argc, char **argv)
{
  gboolean is_same = argc > 1 && g_str_equal (argv[1], "same");
  const char *missing = adit_display_get_missing ();
  const char *peer_program = g_getenv ("ADIT_BENCH_MINIMAL"), *program = is_same ? peer_program : g_getenv ("ADIT_WINDOW");
  g_autoptr (BenchResult) start = new_result ("start", is_same, "ms"), ready = new_result ("ready", is_same, "ms");
  g_autoptr (BenchResult) memory = new_result ("memory", is_same, "MiB");
  g_autoptr (BenchScreen) screen = NULL;
  g_auto (GStrv) environment = NULL;
  AditDisplay *display;
  AditWorld *world;

  if (missing != NULL)
    {
      g_printerr ("SKIP: there is no %s\n", missing);
      return BENCH_SKIP;
    }
  world = bench_desk_new ();
  display = adit_display_new (world, 1000, 700);
  environment = dup_environment (display);
  screen = bench_screen_new (g_environ_getenv (environment, "DISPLAY"));
  for (guint i = 0; i <= BENCH_ROUNDS; i++)
    {
      Round ours, peer;

      if (i % 2 == 0)
        ours = go (screen, environment, program);
      peer = go (screen, environment, peer_program);
      if (i % 2 == 1)
        ours = go (screen, environment, program);
      if (i == 0)
        continue;    /* the first one reads the programs from the disk, and accessibility is started */
      bench_result_add_ours (start, ours.start_ms);
      bench_result_add_peer (start, peer.start_ms);
      bench_result_add_ours (ready, ours.ready_ms);
      bench_result_add_peer (ready, peer.ready_ms);
      bench_result_add_ours (memory, ours.pss_mib);
      bench_result_add_peer (memory, peer.pss_mib);
    }
  bench_result_write (start);
  bench_result_write (ready);
  bench_result_write (memory);
  adit_display_free (display);
  adit_world_free (world);
  return 0;
}
