/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-links.c: how long a connected computer is without its tunnel when a link comes back and when its relay falls silent, and
 * how often the helper wakes up while nothing happens.  Its arguments are one of them and how many rounds; without, all. */
#include "config.h"
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/lab/links.h"

#define LINK_ROUNDS   50
#define SILENT_ROUNDS  3
#define REST_ROUNDS    1
#define REST_S        60
#define BACK_MS    20000
/* Beyond a flap that the tunnel outlives.  Each another time: the kernel asks for the router's address once a second, and it
 * matters where within one the cable comes back. */
#define AWAY_MS      100
#define AWAY_STEP_MS 130
#define AWAY_STEPS    16
/* The helper looks at a tunnel that is used once a second. */
#define LOOK_STEP_MS 100
#define LOOK_STEPS    10
/* And one that is not, every six. */
#define REST_MS      15000
#define REST_STEP_MS  1500
#define REST_STEPS       4

static AditWorld *world;

static void
measure_link (BenchResult *result, guint rounds)
{
  for (guint i = 0; i < rounds; i++)
    {
      gint64 start_us;

      links_run ("router", "ip link set to-client down");
      if (!adit_world_wait_state (world, "blocked", BACK_MS))
        links_fail (world, "a lost link is not noticed");
      g_usleep ((AWAY_MS + i % AWAY_STEPS * AWAY_STEP_MS) * 1000);
      start_us = g_get_monotonic_time ();
      links_run ("router", "ip link set to-client up");
      if (!adit_world_ping (world, ADIT_LAB_GATEWAY, BACK_MS))
        links_fail (world, "not back");
      bench_result_add_ours (result, bench_get_ms_since (start_us));
      links_expect_connected (world);
    }
}

/* Beginning with the last ping that its relay answers. */
static void
lose_relay (BenchResult *result)
{
  g_autofree char *before = links_dup_server (world), *after = NULL;
  gint64 start_us = g_get_monotonic_time ();

  links_silence (world);
  if (!adit_world_ping (world, ADIT_LAB_GATEWAY, 2 * BACK_MS))
    links_fail (world, "not back");
  bench_result_add_ours (result, bench_get_ms_since (start_us));
  links_end_silence ();
  links_expect_connected (world);
  after = links_dup_server (world);
  if (g_str_equal (before, after))
    links_fail (world, "its relay was not silent");
}

static void
measure_silence (BenchResult *result, guint rounds)
{
  for (guint i = 0; i < rounds; i++)
    {
      g_usleep (i % LOOK_STEPS * LOOK_STEP_MS * 1000);
      links_keep_busy (world);
      lose_relay (result);
    }
}

/* Somebody begins to use a tunnel, and a moment later its relay is gone. */
static void
measure_silence_at_rest (BenchResult *result, guint rounds)
{
  for (guint i = 0; i < rounds; i++)
    {
      g_usleep ((REST_MS + i % REST_STEPS * REST_STEP_MS) * 1000);
      if (!adit_world_ping (world, ADIT_LAB_GATEWAY, BACK_MS))
        links_fail (world, "nothing comes back");
      lose_relay (result);
    }
}

static int
find_helper (void)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *entry;

  while ((entry = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", entry, "comm", NULL), *name = NULL;

      if (g_ascii_isdigit (entry[0]) && g_file_get_contents (path, &name, NULL, NULL) && g_str_equal (g_strstrip (name), "aditd"))
        return atoi (entry);
    }
  links_fail (world, "there is no helper");
}

/* Each time that one of its threads waits, it has been awake before: proc(5), voluntary_ctxt_switches. */
static guint64
count_waits (int helper)
{
  g_autofree char *folder = g_strdup_printf ("/proc/%d/task", helper);
  g_autoptr (GDir) tasks = g_dir_open (folder, 0, NULL);
  guint64 sum = 0;
  const char *task;

  while ((task = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, task, "status", NULL), *text = NULL;
      const char *line;

      if (g_file_get_contents (path, &text, NULL, NULL) && (line = strstr (text, "\nvoluntary_ctxt_switches:")) != NULL)
        sum += g_ascii_strtoull (strchr (line, ':') + 2, NULL, 10);
    }
  return sum;
}

static void
measure_rest (BenchResult *result, guint rounds)
{
  int helper = find_helper ();

  g_usleep (10 * G_USEC_PER_SEC);    /* what the tests before have begun comes to its end */
  for (guint i = 0; i < rounds; i++)
    {
      guint64 before = count_waits (helper);

      g_usleep (REST_S * G_USEC_PER_SEC);
      bench_result_add_ours (result, (double) (count_waits (helper) - before) * 60 / REST_S);
    }
}

static const struct
{
  const char *name, *unit;
  double      goal;
  guint       rounds;
  void      (*measure) (BenchResult *result, guint rounds);
} lines[] = {
  { "link-back", "ms", 300, LINK_ROUNDS, measure_link },
  { "relay-silent", "ms", 10000, SILENT_ROUNDS, measure_silence },
  { "relay-silent-at-rest", "ms", 10000, REST_STEPS, measure_silence_at_rest },
  { "wake-ups-at-rest", "a minute", 12, REST_ROUNDS, measure_rest },
};

int
main (int argc, char **argv)
{
  adit_world_enter ();
  g_unsetenv ("ADIT_DEBUG");
  world = links_new_world (ADIT_WORLD_PLAIN);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (BenchResult) result = bench_result_new (lines[i].name, lines[i].unit, BENCH_GOAL_FIGURE, lines[i].goal);

      if (argc > 1 && !g_str_equal (argv[1], lines[i].name))
        continue;
      lines[i].measure (result, argc > 2 ? (guint) atoi (argv[2]) : lines[i].rounds);
      bench_result_write (result);
    }
  adit_world_free (world);
  return 0;
}
