/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-programs.c: how many programs a WireGuard connect starts besides our own.  Counted, not timed: being followed is slow. */
#include "config.h"
#include "tests/bench/desk.h"

#include <stdlib.h>
#include "tests/bench/tracer.h"
#include "tests/bench/wg-quick.h"

#define ROUNDS       10
#define OWN_PROGRAMS 2    /* at the least: the command line, and a worker that the helper starts */

/* The helper on the bus is the one process that works for the command line. */
static pid_t
find_helper (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc", 0, NULL);
  const char *name;
  pid_t found = 0;

  while (found == 0 && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *link = g_build_filename ("/proc", name, "exe", NULL), *path = g_file_read_link (link, NULL);

      if (g_strcmp0 (path, ADIT_LIBEXECDIR "/aditd") == 0)
        found = (pid_t) g_ascii_strtoll (name, NULL, 10);
    }
  if (found == 0)
    g_error ("no helper runs");
  return found;
}

static gboolean
is_ours (const char *path)
{
  return g_str_equal (path, g_getenv ("ADIT_PROGRAM")) || g_str_has_prefix (path, ADIT_LIBEXECDIR "/");
}

static guint
count_foreign (char **programs)
{
  guint count = 0;

  for (guint i = 0; programs[i] != NULL; i++)
    count += !is_ours (programs[i]);
  return count;
}

int
main (int argc, char **argv)
{
  AditWorld *world = bench_desk_new_with_peer ();
  const char *const up[] = { g_getenv ("ADIT_PROGRAM"), "connect", "--wait", NULL };
  const char *const down[] = { g_getenv ("ADIT_PROGRAM"), "disconnect", NULL };
  const char *const peer_up[] = WG_QUICK_UP, *const peer_down[] = WG_QUICK_DOWN;
  g_autoptr (BenchResult) result = bench_result_new ("programs", "programs", BENCH_GOAL_FIGURE, 1);
  pid_t helper = find_helper ();

  for (guint i = 0; i < ROUNDS; i++)
    {
      g_auto (GStrv) ours = bench_trace_programs (&bench_desk_alice, up, helper), peer = NULL;
      g_autofree char *words = g_strjoinv (" ", ours);

      if (i == 0)
        g_print ("ours: %s\n", words);
      if (g_strv_length (ours) - count_foreign (ours) < OWN_PROGRAMS)
        g_error ("the worker was not seen, so the helper was not followed and the count is worth nothing: %s", words);
      bench_run_ms (&bench_desk_alice, down);
      peer = bench_trace_programs (&bench_desk_root, peer_up, 0);
      bench_run_ms (&bench_desk_root, peer_down);
      bench_result_add_ours (result, count_foreign (ours));
      bench_result_add_peer (result, g_strv_length (peer));
    }
  bench_result_write (result);
  adit_world_free (world);
  return 0;
}
