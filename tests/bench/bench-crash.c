/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-crash.c: how long the crash handler keeps a helper that dies while connected, from the signal to the end of the process.
 * Beside it the same death by a signal that nobody can handle: what the kernel needs to clear it away. */
#include "config.h"
#include "tests/bench/desk.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/lab/attack.h"

#define ROUNDS  10
#define GOAL_MS 100
#define END_MS  10000

static double
kill_helper (AditWorld *world, int number)
{
  int pid = adit_attack_find_helper (), fd = (int) syscall (SYS_pidfd_open, pid, 0);
  struct pollfd wait = { .fd = fd, .events = POLLIN };
  gint64 start_us = g_get_monotonic_time ();
  double ms;

  if (pid == 0 || fd < 0 || kill (pid, number) != 0 || poll (&wait, 1, END_MS) != 1)
    g_error ("the helper did not end");
  ms = bench_get_ms_since (start_us);
  close (fd);
  adit_world_kill_helper (world);    /* reaps it */
  adit_world_expect_helper (world);
  if (!adit_world_wait_state (world, "connected", END_MS))
    g_error ("it is not connected again");
  return ms;
}

int
main (int argc, char **argv)
{
  AditWorld *world = bench_desk_new ();
  const char *const connect[] = { g_getenv ("ADIT_PROGRAM"), "connect", "--wait", NULL };
  g_autoptr (BenchResult) result = bench_result_new ("crash", "ms", BENCH_GOAL_FIGURE, GOAL_MS);

  bench_run_ms (&bench_desk_alice, connect);
  for (guint i = 0; i < ROUNDS; i++)
    {
      bench_result_add_ours (result, kill_helper (world, SIGSEGV));
      bench_result_add_peer (result, kill_helper (world, SIGKILL));
    }
  bench_result_write (result);
  adit_world_free (world);
  return 0;
}
