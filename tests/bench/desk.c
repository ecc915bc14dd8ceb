/* SPDX-License-Identifier: GPL-2.0-or-later */
/* desk.c: puts the lab's parts together; called first in main(). */
#include "tests/bench/desk.h"

#include <unistd.h>
#include "tests/bench/wg-quick.h"

const BenchCaller bench_desk_alice = {
  .space = "client", .uid = ADIT_WORLD_ALICE_UID,
  .scope = "/sys/fs/cgroup/user.slice/user-61011.slice/session-cadit1.scope",    /* where world-people.c has her programs */
};
const BenchCaller bench_desk_root = { .space = "client" };

/**
 * bench_desk_new:
 *
 * Ends the program with %BENCH_SKIP where there is no root or no peer.
 *
 * Returns: (transfer full): a world with a running helper, in which she is signed in
 */
AditWorld *
bench_desk_new (void)
{
  g_autoptr (AditLabResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AditWorld *world;

  if (geteuid () != 0)
    {
      g_printerr ("SKIP: the lab needs root\n");
      exit (BENCH_SKIP);
    }
  if (!wg_quick_fetch ())
    exit (BENCH_SKIP);
  adit_world_enter ();
  g_unsetenv ("ADIT_DEBUG");    /* the lab's tests want it; nobody else writes logs while he connects */
  world = adit_world_new (ADIT_WORLD_POLKIT, &error);
  if (world == NULL || !adit_world_start_helper (world, &error))
    g_error ("%s", error->message);
  wg_quick_set_up ();
  result = adit_world_adit (world, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ACCOUNT "\n", "login mullvad");
  if (result->status != 0)
    g_error ("sign in: %d: %s", result->status, result->err);
  return world;
}
