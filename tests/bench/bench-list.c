/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-list.c: 20,000 relays taken in (read, checked, indexed, written) beside node and python that do no more than to read the
 * same file's JSON; the list opened again; and searched at each key that somebody presses.  Nobody has to be root for it.
 *
 * Each reads in a process of its own, and says itself how long it took and how much memory it has had at the most. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "tests/bench/bench.h"
#include "tests/bench/relays.h"
#include "client/base/file.h"
#include "client/provider/mullvad-relays.h"
#ifdef BENCH_HAS_WINDOW
#include "ui/place-list.h"
#endif

#define N_RELAYS      20000
#define ROUNDS        20
#define OPENINGS      40
#define OPEN_MS       5
#define SEARCH_MS     5
#define PERCENTILE    95

typedef struct { double ms, mib, synced_ms; } Figures;

static const char python_reader[] =
  "import json, sys, time\n"
  "start = time.perf_counter()\n"
  "with open(sys.argv[1]) as file: value = json.load(file)\n"
  "ms = (time.perf_counter() - start) * 1000\n"
  "assert len(value['wireguard']['relays']) == int(sys.argv[2])\n"
  "peak = [line for line in open('/proc/self/status') if line.startswith('VmHWM')][0].split()[1]\n"
  "print(ms, int(peak) / 1024)\n";

static const char node_reader[] =
  "const fs = require('fs');\n"
  "const start = process.hrtime.bigint();\n"
  "const value = JSON.parse(fs.readFileSync(process.argv[1], 'utf8'));\n"
  "const ms = Number(process.hrtime.bigint() - start) / 1e6;\n"
  "if (value.wireguard.relays.length != Number(process.argv[2])) process.exit(1);\n"
  "const peak = /VmHWM:\\s+(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1];\n"
  "console.log(ms, Number(peak) / 1024);\n";

static double
read_peak_mib (void)
{
  g_autofree char *text = NULL;
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  line = strstr (text, "VmHWM:");
  g_assert_nonnull (line);
  return (double) g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) / 1024;
}

/* What a worker and the helper do with an answer, in a process that does nothing else.  The peers keep nothing, so that the
 * disk's time is a figure of its own. */
static int
take_in (const char *from, const char *to)
{
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) list = NULL;
  g_autoptr (AditServerList) opened = NULL;
  g_autofree char *text = NULL;
  gsize length;
  double ms, synced_ms;

  if (!g_file_get_contents (from, &text, &length, &error) ||
      (list = adit_mullvad_read_relays (text, length, "", 1, &error)) == NULL ||
      (opened = adit_server_list_new_for_bytes (list, &error)) == NULL ||
      !g_file_set_contents_full (to, g_bytes_get_data (list, NULL), (gssize) g_bytes_get_size (list), G_FILE_SET_CONTENTS_NONE,
                                 0600, &error))
    g_error ("%s", error->message);
  ms = bench_get_ms_since (start_us);
  if (!adit_file_write (to, g_bytes_get_data (list, NULL), g_bytes_get_size (list), 0600, &error))
    g_error ("%s", error->message);
  synced_ms = bench_get_ms_since (start_us);
  g_assert_cmpuint (adit_server_list_get_n_servers (opened), ==, N_RELAYS);
  printf ("%f %f %f\n", ms, read_peak_mib (), synced_ms);
  return 0;
}

static Figures
run (const char *const *argv)
{
  g_autofree char *out = NULL, *err = NULL;
  g_autoptr (GError) error = NULL;
  Figures figures = { 0 };
  int status;
  char *rest;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status, &error))
    g_error ("%s", error->message);
  if (!g_spawn_check_wait_status (status, &error))
    g_error ("%s: %s: %s", argv[0], error->message, err);
  figures.ms = g_ascii_strtod (out, &rest);
  figures.mib = g_ascii_strtod (rest, &rest);
  figures.synced_ms = g_ascii_strtod (rest, NULL);
  g_assert_cmpfloat (figures.ms, >, 0);
  g_assert_cmpfloat (figures.mib, >, 0);
  return figures;
}

static void
measure_taking (const char *list, const char *cache)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL), *node = g_find_program_in_path ("node");
  g_autofree char *n_relays = g_strdup_printf ("%d", N_RELAYS), *python = g_find_program_in_path ("python3");
  const char *const ours_argv[] = { self, "take", list, cache, NULL };
  const char *const python_argv[] = { python, "-c", python_reader, list, n_relays, NULL };
  const char *const node_argv[] = { node, "-e", node_reader, list, n_relays, NULL };
  g_autoptr (BenchResult) beside_python = bench_result_new ("list-python", "ms", BENCH_GOAL_RATIO, 1);
  g_autoptr (BenchResult) beside_node = bench_result_new ("list-node", "ms", BENCH_GOAL_NONE, 0);
  g_autoptr (BenchResult) python_memory = bench_result_new ("list-memory-python", "MiB", BENCH_GOAL_NONE, 0);
  g_autoptr (BenchResult) node_memory = bench_result_new ("list-memory-node", "MiB", BENCH_GOAL_RATIO, 0.5);

  g_autoptr (BenchResult) synced = bench_result_new ("list-synced", "ms", BENCH_GOAL_NONE, 0);

  for (guint i = 0; i <= ROUNDS; i++)
    {
      Figures ours = run (ours_argv), pythons = { 0 }, nodes = { 0 };

      if (python != NULL)
        pythons = run (python_argv);
      if (node != NULL)
        nodes = run (node_argv);
      if (i == 0)
        continue;    /* until the file is in memory */
      bench_result_add_ours (beside_python, ours.ms);
      bench_result_add_ours (beside_node, ours.ms);
      bench_result_add_ours (python_memory, ours.mib);
      bench_result_add_ours (node_memory, ours.mib);
      bench_result_add_ours (synced, ours.synced_ms);
      if (python != NULL)
        {
          bench_result_add_peer (beside_python, pythons.ms);
          bench_result_add_peer (python_memory, pythons.mib);
        }
      if (node != NULL)
        {
          bench_result_add_peer (beside_node, nodes.ms);
          bench_result_add_peer (node_memory, nodes.mib);
        }
    }
  bench_result_write (synced);
  if (python != NULL)
    {
      bench_result_write (beside_python);
      bench_result_write (python_memory);
    }
  else
    g_print ("list-python: skipped, there is no python3 on this computer\n");
  if (node != NULL)
    {
      bench_result_write (beside_node);
      bench_result_write (node_memory);
    }
  else
    g_print ("list-node, list-memory-node: skipped, there is no node on this computer\n");
}

static AditServerList *
open_list (const char *cache)
{
  g_autoptr (GError) error = NULL;
  int fd = open (cache, O_RDONLY | O_CLOEXEC);
  AditServerList *list = adit_server_list_new_for_fd (fd, &error);

  g_assert_no_error (error);
  close (fd);
  return list;
}

/* What of the time this thread itself has computed: on a computer with other work the rest is theirs. */
static double
read_computed_ms (void)
{
  struct timespec time;

  g_assert_cmpint (clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time), ==, 0);
  return (double) time.tv_sec * 1e3 + (double) time.tv_nsec / 1e6;
}

static void
measure_opening (const char *cache)
{
  g_autoptr (BenchResult) result = bench_result_new ("list-open", "ms", BENCH_GOAL_FIGURE, OPEN_MS);

  for (guint i = 0; i < OPENINGS; i++)
    {
      double computed_ms = read_computed_ms ();
      gint64 start_us = g_get_monotonic_time ();
      g_autoptr (AditServerList) list = open_list (cache);

      bench_result_add_ours (result, bench_get_ms_since (start_us));
      bench_result_add_bound (result, read_computed_ms () - computed_ms);
      g_assert_cmpuint (adit_server_list_get_n_servers (list), ==, N_RELAYS);
    }
  bench_result_write (result);
}

#ifdef BENCH_HAS_WINDOW
static int
compare (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

/* Letter by letter, as the window does it, and once more backwards; each round in a list that nobody has searched yet. */
static void
measure_search (const char *cache)
{
  static const char *const wishes[] = { "göteborg 17", "country ab", "aa-c000-wg-00900", "nowhere at all",
                                        "goteborg country zz" };
  g_autoptr (BenchResult) result = bench_result_new ("list-search", "ms", BENCH_GOAL_FIGURE, SEARCH_MS);
  double slowest_ms = 0, most_ms = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr (AditServerList) servers = open_list (cache);
      const AditPlaceLook look = { 0 };
      g_autoptr (AditPlaceSieve) sieve = adit_place_sieve_new (servers, &look);
      g_autoptr (AditPlaceList) list = adit_place_list_new (sieve);
      g_autoptr (GArray) keys_ms = g_array_new (FALSE, FALSE, sizeof (double));
      g_autoptr (GArray) computed_ms = g_array_new (FALSE, FALSE, sizeof (double));

      for (guint j = 0; j < G_N_ELEMENTS (wishes); j++)
        for (const char *end = g_utf8_next_char (wishes[j]); ; end = g_utf8_next_char (end))
          {
            g_autofree char *typed = g_strndup (wishes[j], (gsize) (end - wishes[j]));
            double before_ms = read_computed_ms (), ms;
            gint64 start_us = g_get_monotonic_time ();

            adit_place_list_search (list, typed);
            ms = bench_get_ms_since (start_us);
            g_array_append_val (keys_ms, ms);
            before_ms = read_computed_ms () - before_ms;
            g_array_append_val (computed_ms, before_ms);
            if (*end == '\0')
              break;
          }
      g_array_sort (keys_ms, compare);
      g_array_sort (computed_ms, compare);
      bench_result_add_ours (result, g_array_index (keys_ms, double, keys_ms->len * PERCENTILE / 100));
      bench_result_add_bound (result, g_array_index (computed_ms, double, computed_ms->len * PERCENTILE / 100));
      slowest_ms = MAX (slowest_ms, g_array_index (keys_ms, double, keys_ms->len - 1));
      most_ms = MAX (most_ms, g_array_index (computed_ms, double, computed_ms->len - 1));
    }
  bench_result_write (result);
  g_print ("list-search: the slowest of all keys %.3g ms, of which %.3g ms at the most are its own\n", slowest_ms, most_ms);
}
#endif

static void
print_load (void)
{
  double loads[3] = { 0 };

  (void) getloadavg (loads, G_N_ELEMENTS (loads));
  g_print ("load %.2f %.2f %.2f, %u processors\n", loads[0], loads[1], loads[2], g_get_num_processors ());
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL, *list = NULL, *cache = NULL;
  GString *text;

  if (argc == 4 && g_str_equal (argv[1], "take"))
    return take_in (argv[2], argv[3]);
  folder = g_dir_make_tmp ("adit-bench-XXXXXX", NULL);
  g_assert_nonnull (folder);
  list = g_build_filename (folder, "relays.json", NULL);
  cache = g_build_filename (folder, "relays.list", NULL);
  text = bench_relays_new (N_RELAYS);
  g_assert_true (g_file_set_contents (list, text->str, (gssize) text->len, NULL));
  g_print ("%u relays, %.1f MB of JSON\n", N_RELAYS, (double) text->len / 1e6);
  g_string_free (text, TRUE);
  print_load ();
  measure_taking (list, cache);
  measure_opening (cache);
#ifdef BENCH_HAS_WINDOW
  measure_search (cache);
#else
  g_print ("list-search: skipped, this build has no window\n");
#endif
  print_load ();
  g_unlink (list);
  g_unlink (cache);
  g_rmdir (folder);
  return 0;
}
