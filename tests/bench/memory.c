/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory.c: what a process keeps in memory, and how long it has computed. */
#include "tests/bench/bench.h"

#include <string.h>

/**
 * bench_read_pss_mib:
 * @pid: a process
 *
 * Returns: of all pages the part that is its own, of shared ones its share (proc(5), smaps_rollup)
 */
double
bench_read_pss_mib (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/smaps_rollup", pid), *text = NULL;
  g_autoptr (GError) error = NULL;
  const char *line;

  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);
  line = strstr (text, "\nPss:");
  g_assert_nonnull (line);
  return (double) g_ascii_strtoull (line + strlen ("\nPss:"), NULL, 10) / 1024;
}

/**
 * bench_read_cpu_s:
 * @pid: a process
 *
 * Returns: seconds that its threads were on a core, with their own code and the kernel's for it
 * (Documentation/scheduler/sched-stats.rst)
 */
double
bench_read_cpu_s (pid_t pid)
{
  g_autofree char *tasks = g_strdup_printf ("/proc/%d/task", pid);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (tasks, 0, &error);
  const char *task;
  guint64 sum_ns = 0;

  if (folder == NULL)
    g_error ("%s", error->message);
  while ((task = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (tasks, task, "schedstat", NULL), *text = NULL;

      if (g_file_get_contents (path, &text, NULL, NULL))    /* one that ends now is missed */
        sum_ns += g_ascii_strtoull (text, NULL, 10);
    }
  return (double) sum_ns / 1e9;
}
