/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-pause.c: a pause that is wished in the window, seen in it, made longer and ended; packets tell what is open. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <string.h>

#include "tests/simulator/known.h"

static void
choose (const char *item)
{
  adit_ax_press (ax, "*", "Pause and More");
  adit_ax_press (ax, "menu item", item);
}

static void
test_pause (void)
{
  account_day_start ();
  account_day_type ("Account number", KNOWN_MULLVAD_ACCOUNT);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "push button", "Connect", SERVICE_MS);
  g_assert_false (adit_ax_has (ax, "*", "Pause and More"));    /* there is nothing to pause */
  adit_ax_press (ax, "push button", "Connect");
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_ax_press (ax, "*", "Pause and More");
  account_day_shoot ("90-pause-menu");
  adit_ax_press (ax, "menu item", "Pause for 5 Minutes");
  adit_ax_wait (ax, "*", "Paused, not protected", SERVICE_MS);
  adit_ax_wait (ax, "label", "~0:04:5", SOON_MS);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  account_day_shoot ("91-paused");
}

static void
test_longer (void)
{
  choose ("Pause for 1 Hour");
  adit_ax_wait (ax, "label", "~0:59:5", SOON_MS);
}

static void
test_resume (void)
{
  adit_ax_press (ax, "push button", "Resume");
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_ax_gone (ax, "label", "Protected again in", SOON_MS);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
}

/* It does not come back then. */
static void
test_disconnect (void)
{
  choose ("Pause for 30 Minutes");
  adit_ax_wait (ax, "*", "Paused, not protected", SERVICE_MS);
  choose ("Disconnect");
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
  adit_ax_wait (ax, "push button", "Connect", SOON_MS);
}

/* "Connected", and a page, there are before it as well: the helper says when it has heard of it. */
static void
wait_for_reconnect (void)
{
  gint64 end_us = g_get_monotonic_time () + SOON_MS * G_TIME_SPAN_MILLISECOND;

  for (gboolean is_heard = FALSE; !is_heard; g_usleep (20000))
    {
      g_autofree char *log = adit_world_dup_log (world);

      is_heard = strstr (log, "user-connect in connected") != NULL;
      if (!is_heard && g_get_monotonic_time () > end_us)
        g_error ("nobody has asked for it");
    }
  for (gboolean is_reached = FALSE; !is_reached; g_usleep (20000))
    {
      g_autofree char *seen = adit_world_ask_web (world, FALSE);

      is_reached = g_str_equal (seen, ADIT_LAB_EXIT_ADDRESS);
      if (!is_reached && g_get_monotonic_time () > end_us + TUNNEL_MS * G_TIME_SPAN_MILLISECOND)
        g_error ("the web server saw \"%s\"", seen);
    }
}

static void
test_reconnect (void)
{
  adit_ax_press (ax, "push button", "Connect");
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  choose ("Reconnect");
  wait_for_reconnect ();
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_ax_press (ax, "push button", "Disconnect");
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
  g_test_add_func ("/window-pause/pause", test_pause);
  g_test_add_func ("/window-pause/longer", test_longer);
  g_test_add_func ("/window-pause/resume", test_resume);
  g_test_add_func ("/window-pause/disconnect", test_disconnect);
  g_test_add_func ("/window-pause/reconnect", test_reconnect);
  return account_day_run ();
}
