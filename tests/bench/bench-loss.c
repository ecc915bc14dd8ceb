/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-loss.c: how often a relay that is well is given up on a cable that loses five frames of a hundred, each way.  Its
 * argument is for how many seconds; the goal is about an hour, 3600. */
#include "config.h"
#include "tests/bench/bench.h"

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "tests/bench/delay.h"
#include "tests/lab/links.h"

#define LOSS          50         /* of a thousand */
#define DEFAULT_S     75
#define PART_S        15         /* how long each kind of traffic lasts */
#define NOBODY        "10.64.0.99"    /* beyond the exit, which has no such peer */
#define ANSWER_MS     10         /* as long as bench_ping() waits before it sends a second one */
#define SEEN_MS       20000      /* a relay that is gone is given up before that */
#define CHANGES       "/run/bench-changes"
#define LOST          "tunnel-lost in connected"    /* what the helper logs then */

typedef struct { guint n_sent, n_back; } Traffic;

/* Sends for a while, as somebody who works does, who now and then asks for something, who waits, who fetches pages, and who talks
 * to somebody who is not there. */
static void
send_for (AditWorld *world, int ping, guint part, gint64 end_us, Traffic *traffic)
{
  static const guint pauses_ms[] = { 50, 3000, 0, 500, 40 };
  guint kind = part % G_N_ELEMENTS (pauses_ms);
  gint64 part_end_us = MIN (end_us, g_get_monotonic_time () + PART_S * G_USEC_PER_SEC);

  while (g_get_monotonic_time () < part_end_us)
    {
      if (pauses_ms[kind] == 0)
        {
          g_usleep ((gulong) MAX (0, part_end_us - g_get_monotonic_time ()));
          return;
        }
      if (kind == 3)
        g_free (adit_world_ask_web (world, FALSE));
      if (kind == 4)
        g_assert_false (bench_ping (ping, NOBODY, ANSWER_MS));
      else
        {
          traffic->n_sent++;
          traffic->n_back += bench_ping (ping, ADIT_LAB_GATEWAY, ANSWER_MS);
        }
      g_usleep (pauses_ms[kind] * 1000);
    }
}

/* Every change of the state is written down by who is told of it: `adit watch`. */
static GSubprocess *
start_watch (AditWorld *world)
{
  const char *const argv[] = { g_getenv ("ADIT_PROGRAM"), "watch", "--json", NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;
  GSubprocess *watch;

  g_subprocess_launcher_set_stdout_file_path (launcher, CHANGES);
  g_subprocess_launcher_unsetenv (launcher, "ADIT_DEBUG");
  watch = adit_world_spawn (world, 0, launcher, argv, &error);
  if (watch == NULL)
    g_error ("%s", error->message);
  g_usleep (2 * G_USEC_PER_SEC);    /* it has the first state then */
  return watch;
}

/* How often it was told of another state than "connected". */
static guint
end_watch (GSubprocess *watch)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n_told = 0, n_away = 0;

  g_subprocess_send_signal (watch, SIGTERM);
  if (!g_subprocess_wait_check (watch, NULL, NULL) || !g_file_get_contents (CHANGES, &text, NULL, NULL))
    g_error ("nobody has watched the state");
  g_object_unref (watch);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      json_t *told = json_loads (lines[i], 0, NULL);
      const char *state = json_string_value (json_object_get (told, "state"));

      n_told += state != NULL;
      n_away += state != NULL && !g_str_equal (state, "connected");
      json_decref (told);
    }
  g_assert_cmpuint (n_told, >, 0);
  return n_away;
}

static guint
count (AditWorld *world, const char *words)
{
  g_autofree char *log = adit_world_dup_log (world);
  guint n = 0;

  for (const char *at = log; (at = strstr (at, words)) != NULL; at++)
    n++;
  return n;
}

/* A relay that is really gone is seen by the same counters. */
static void
expect_seen (AditWorld *world, BenchDelay *delay, int ping)
{
  GSubprocess *watch = start_watch (world);
  guint before = count (world, LOST);

  bench_delay_set_loss (delay, 1000);
  for (guint i = 0; i < SEEN_MS / 100 && count (world, LOST) == before; i++)
    (void) bench_ping (ping, ADIT_LAB_GATEWAY, 100);
  if (end_watch (watch) == 0 || count (world, LOST) == before)
    links_fail (world, "nobody sees a relay that is gone");
}

int
main (int argc, char **argv)
{
  guint seconds = argc > 1 ? (guint) atoi (argv[1]) : DEFAULT_S;
  g_autofree char *unit = g_strdup_printf ("in %u s", seconds), *before = NULL, *after = NULL;
  g_autoptr (BenchResult) alarms = bench_result_new ("false-alarms", unit, BENCH_GOAL_FIGURE, 0);
  g_autoptr (BenchDelay) delay = NULL;
  g_autoptr (GError) error = NULL;
  Traffic traffic = { 0 };
  BenchDelayCount lost, carried;
  AditWorld *world;
  GSubprocess *watch;
  guint n_away, n_silent;
  gint64 end_us;
  int ping;

  adit_world_enter ();
  g_setenv ("ADIT_DEBUG", "session", TRUE);
  world = links_new_world (ADIT_WORLD_PLAIN);
  delay = bench_delay_new ("client", 0, &error);
  if (delay == NULL)
    g_error ("%s", error->message);
  ping = bench_ping_open ("client");
  if (!bench_ping (ping, ADIT_LAB_GATEWAY, SEEN_MS))
    links_fail (world, "nothing comes through the box");
  links_expect_connected (world);
  before = links_dup_since (world);
  n_silent = count (world, LOST);
  carried = bench_delay_get_count (delay);

  watch = start_watch (world);
  bench_delay_set_loss (delay, LOSS);
  end_us = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  for (guint part = 0; g_get_monotonic_time () < end_us; part++)
    send_for (world, ping, part, end_us, &traffic);
  n_away = end_watch (watch);
  n_silent = count (world, LOST) - n_silent;
  lost = bench_delay_get_count (delay);
  after = links_dup_since (world);
  g_print ("false-alarms: %u of %u frames lost, %u of %u pings answered; %u times another state, %u times a relay given up, %s\n",
           (guint) (lost.n_lost - carried.n_lost),
           (guint) (lost.n_lost - carried.n_lost + lost.n_carried - carried.n_carried), traffic.n_back, traffic.n_sent, n_away,
           n_silent, g_str_equal (before, after) ? "the same tunnel" : "another tunnel");
  bench_result_add_ours (alarms, MAX (n_away, MAX (n_silent, !g_str_equal (before, after))));
  bench_result_write (alarms);
  expect_seen (world, delay, ping);
  adit_world_free (world);
  return 0;
}
