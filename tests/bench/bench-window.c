/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-window.c: the window from the start of its program to the first complete frame on the screen ("start") and to the last
 * one before it rests ("ready": ours has asked the helper by then, and shows the place and the account), and what the program
 * keeps in memory two seconds after the first ("memory"), beside the least window that libadwaita can make; and where there is a
 * Chromium, all of Adit's programs beside all of its processes, which an app made with Electron starts with ("whole").
 *
 * With the argument "same" the least window stands on both sides: a ratio that is not 1 then is the measurement's own. */
#include "config.h"
#include "tests/bench/desk.h"

#include "tests/bench/screen.h"
#include "tests/ui/display.h"

#define MAX_MS  20000
#define REST_MS 2000
#define CHROMIUM "/usr/lib/chromium/chromium"

/* A window with a page that has something at its top and something below, and neither its own sandbox, which needs more rights
 * than the lab's person has, nor a graphics card, which the lab's screen has not. */
static const char *const chromium_argv[] = {
  CHROMIUM, "--app=data:text/html,<body>A<p style='margin-top:60px'>window", "--no-sandbox", "--disable-gpu", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--user-data-dir=/tmp/adit-bench-chromium",
  "--window-size=860,620", NULL
};
static const char *const chromium_programs[] = { CHROMIUM, NULL };

typedef struct { double start_ms, ready_ms, pss_mib; } Round;

static char **
dup_environment (AditDisplay *display)
{
  const char *const argv[] = { "/usr/bin/env", NULL };
  g_autoptr (AditLabResult) result = adit_display_run (display, argv);

  return g_strsplit (g_strchomp (result->out), "\n", -1);
}

static Round
go (BenchScreen *screen, char **environment, const char *const *argv, const char *const *programs)
{
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
  round.pss_mib = programs != NULL ? bench_sum (programs, bench_read_pss_mib) : bench_read_pss_mib (child.pid);
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

/* The worker runs while it is asked something and is ended then; where it does not run it has no memory. */
static void
measure_whole (BenchScreen *screen, char **environment, const char *const *our_argv)
{
  const char *const programs[] = { our_argv[0], ADIT_LIBEXECDIR "/aditd", NULL };
  const char *const worker[] = { ADIT_LIBEXECDIR "/adit-worker", NULL };
  g_autoptr (BenchResult) memory = bench_result_new ("window-whole-memory", "MiB", BENCH_GOAL_RATIO, 0.3);
  g_autoptr (BenchResult) start = bench_result_new ("window-whole-start", "ms", BENCH_GOAL_NONE, 0);

  for (guint i = 0; i <= BENCH_ROUNDS; i++)
    {
      Round ours = go (screen, environment, our_argv, programs);
      Round peer = go (screen, environment, chromium_argv, chromium_programs);

      if (i == 0)
        continue;
      bench_result_add_ours (memory, ours.pss_mib + (bench_runs (worker[0]) ? bench_sum (worker, bench_read_pss_mib) : 0));
      bench_result_add_peer (memory, peer.pss_mib);
      bench_result_add_ours (start, ours.start_ms);
      bench_result_add_peer (start, peer.start_ms);
    }
  bench_result_write (memory);
  bench_result_write (start);
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
  const char *const our_argv[] = { program, NULL }, *const peer_argv[] = { peer_program, NULL };
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
        ours = go (screen, environment, our_argv, NULL);
      peer = go (screen, environment, peer_argv, NULL);
      if (i % 2 == 1)
        ours = go (screen, environment, our_argv, NULL);
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
  if (is_same)
    g_print ("window-whole: not measured with the same program on both sides\n");
  else if (!g_file_test (CHROMIUM, G_FILE_TEST_IS_EXECUTABLE))
    g_print ("window-whole: there is no chromium here to measure beside (package chromium)\n");
  else
    measure_whole (screen, environment, our_argv);
  adit_display_free (display);
  adit_world_free (world);
  return 0;
}
