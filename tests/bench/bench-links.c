/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-links.c: how long a connected computer is without its tunnel when a link comes back and when its relay falls silent, and
 * how often the helper wakes up while nothing happens. */
#include "config.h"
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/lab/links.h"

#define LINK_ROUNDS    8
#define SILENT_ROUNDS  3
#define REST_ROUNDS    1
#define REST_S        60
#define AWAY_MS     1500    /* longer than a flap that the tunnel outlives */
#define BACK_MS    20000

static AditWorld *world;

static void
measure_link (BenchResult *result)
{
  for (guint i = 0; i < LINK_ROUNDS; i++)
    {
      gint64 start_us;

      links_run ("router", "ip link set to-client down");
      if (!adit_world_wait_state (world, "blocked", BACK_MS))
        links_fail (world, "a lost link is not noticed");
      g_usleep (AWAY_MS * 1000);
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
measure_silence (BenchResult *result)
{
  for (guint i = 0; i < SILENT_ROUNDS; i++)
    {
      g_autofree char *server = links_dup_server (world), *rule = NULL;
      const char *address = g_str_equal (server, "se-got-wg-001") ? ADIT_LAB_EXIT_ADDRESS : LINKS_EXIT_APART;
      gint64 start_us;

      rule = g_strdup_printf ("nft 'table ip silent { chain f { type filter hook forward priority 0; ip daddr %s udp dport 51820 "
                              "drop; }; }'", address);
      links_keep_busy (world);
      start_us = g_get_monotonic_time ();
      links_run ("router", rule);
      if (!adit_world_ping (world, ADIT_LAB_GATEWAY, 2 * BACK_MS))
        links_fail (world, "not back");
      bench_result_add_ours (result, bench_get_ms_since (start_us));
      links_run ("router", "nft delete table ip silent");
      links_expect_connected (world);
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
measure_rest (BenchResult *result)
{
  int helper = find_helper ();

  g_usleep (10 * G_USEC_PER_SEC);    /* what the tests before have begun comes to its end */
  for (guint i = 0; i < REST_ROUNDS; i++)
    {
      guint64 before = count_waits (helper);

      g_usleep (REST_S * G_USEC_PER_SEC);
      bench_result_add_ours (result, (double) (count_waits (helper) - before) * 60 / REST_S);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchResult) link = bench_result_new ("link-back", "ms", BENCH_GOAL_FIGURE, 300);
  g_autoptr (BenchResult) silence = bench_result_new ("relay-silent", "ms", BENCH_GOAL_FIGURE, 10000);
  g_autoptr (BenchResult) rest = bench_result_new ("wake-ups-at-rest", "a minute", BENCH_GOAL_FIGURE, 12);

  adit_world_enter ();
  g_unsetenv ("ADIT_DEBUG");
  world = links_new_world (ADIT_WORLD_PLAIN);
  measure_link (link);
  measure_silence (silence);
  measure_rest (rest);
  bench_result_write (link);
  bench_result_write (silence);
  bench_result_write (rest);
  adit_world_free (world);
  return 0;
}
