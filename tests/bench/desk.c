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

static void
expect_root (void)
{
  if (geteuid () == 0)
    return;
  g_printerr ("SKIP: the lab needs root\n");
  exit (BENCH_SKIP);
}

/**
 * bench_desk_new:
 *
 * Ends the program with %BENCH_SKIP where there is no root.
 *
 * Returns: (transfer full): a world with a running helper, in which she is signed in
 */
AditWorld *
bench_desk_new (void)
{
  g_autoptr (AditLabResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AditWorld *world;

  expect_root ();
  adit_world_enter ();
  g_unsetenv ("ADIT_DEBUG");    /* the lab's tests want it; nobody else writes logs while he connects */
  world = adit_world_new (ADIT_WORLD_POLKIT, &error);
  if (world == NULL || !adit_world_start_helper (world, &error))
    g_error ("%s", error->message);
  result = adit_world_adit (world, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ACCOUNT "\n", "login mullvad");
  if (result->status != 0)
    g_error ("sign in: %d: %s", result->status, result->err);
  return world;
}

/**
 * bench_desk_new_with_peer:
 *
 * Ends the program with %BENCH_SKIP where there is no root or no wg-quick.
 *
 * Returns: (transfer full): as bench_desk_new(), and wg-quick is ready to connect
 */
AditWorld *
bench_desk_new_with_peer (void)
{
  AditWorld *world;

  expect_root ();
  if (!wg_quick_fetch ())    /* the lab has no way to the package mirror */
    exit (BENCH_SKIP);
  world = bench_desk_new ();
  wg_quick_set_up ();
  return world;
}
