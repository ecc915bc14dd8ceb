/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory.c: what a process keeps in memory, and how long it has computed. */
#include "tests/bench/bench.h"

#include <string.h>
#include <sys/stat.h>

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

/* Whether @pid runs @program on the client's computer: the lab's servers may be of the same program. */
static gboolean
runs_here (const char *pid, const char *program)
{
  g_autofree char *exe = g_build_filename ("/proc", pid, "exe", NULL), *path = g_file_read_link (exe, NULL);
  g_autofree char *net = g_build_filename ("/proc", pid, "ns", "net", NULL);
  struct stat theirs, client;

  return g_strcmp0 (path, program) == 0 && stat (net, &theirs) == 0 && stat ("/run/netns/client", &client) == 0 &&
         theirs.st_ino == client.st_ino;
}

static guint
add (const char *program, double (*read) (pid_t pid), double *sum)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc", 0, NULL);
  const char *name;
  guint count = 0;

  while ((name = g_dir_read_name (folder)) != NULL)
    if (runs_here (name, program))
      {
        count++;
        *sum += read != NULL ? read ((pid_t) g_ascii_strtoll (name, NULL, 10)) : 0;
      }
  return count;
}

/**
 * bench_runs:
 * @program: the path of a program, as the kernel tells it
 *
 * Returns: whether the client's computer has a process of it
 */
gboolean
bench_runs (const char *program)
{
  double nothing = 0;

  return add (program, NULL, &nothing) > 0;
}

/**
 * bench_sum:
 * @programs: paths as the kernel tells them, ended by %NULL; each has to run on the client's computer
 * @read: what is read of each of their processes
 *
 * Returns: the sum
 */
double
bench_sum (const char *const *programs, double (*read) (pid_t pid))
{
  double sum = 0;

  for (guint i = 0; programs[i] != NULL; i++)
    if (add (programs[i], read, &sum) == 0)
      g_error ("%s does not run", programs[i]);
  return sum;
}
