/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-want.c: connecting and disconnecting by a key of the desktop's, that is by starting the program once more. */
#include "config.h"
#include "tests/ui/account-day.h"

#include "tests/simulator/known.h"

/* Started beside the window that is there. */
static void
run (int status, const char *first, const char *second)
{
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), first, second, NULL };
  g_autoptr (AditLabResult) result = adit_display_run (display, argv);

  g_assert_cmpint (result->status, ==, status);
  g_assert_cmpuint (adit_ax_count (ax, "frame"), ==, 1);
}

static void
test_started (void)
{
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), "--connect", NULL };

  adit_world_expect (world, ADIT_WORLD_ALICE_UID, KNOWN_MULLVAD_ACCOUNT, "login mullvad", 0);
  adit_display_start_program (display, argv);
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
}

static void
test_toggle (void)
{
  run (0, "--toggle", NULL);
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  run (0, "--toggle", NULL);
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
}

/* What stands already is not taken down for it. */
static void
test_connected (void)
{
  adit_ax_wait (ax, "label", "~0:00:0", SOON_MS);
  adit_ax_wait (ax, "label", "~0:00:05", SOON_MS);
  run (0, "--connect", NULL);
  adit_ax_wait (ax, "label", "~0:00:08", SOON_MS);
  run (0, "--disconnect", NULL);
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
  run (0, "--disconnect", NULL);
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
}

static void
test_pause (void)
{
  run (0, "--connect", NULL);
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "pause 5", 0);
  adit_ax_wait (ax, "*", "Paused, not protected", SERVICE_MS);
  run (0, "--toggle", NULL);
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
}

static void
test_wrong (void)
{
  run (2, "--connect", "--toggle");
  run (1, "--nothing", NULL);
  adit_ax_wait (ax, "*", "Connected", SOON_MS);
  run (0, "--disconnect", NULL);
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

int
main (int argc, char **argv)
{
  int ended = account_day_begin (&argc, &argv);

  if (ended != 0)
    return ended;
  g_test_add_func ("/window-want/started", test_started);
  g_test_add_func ("/window-want/toggle", test_toggle);
  g_test_add_func ("/window-want/connected", test_connected);
  g_test_add_func ("/window-want/pause", test_pause);
  g_test_add_func ("/window-want/wrong", test_wrong);
  return account_day_run ();
}
