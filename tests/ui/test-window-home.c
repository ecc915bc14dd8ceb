/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-home.c: the first page with a real tunnel behind it: the map is at the place and says so in words, the graph's
 * words follow what goes through, what is on or open leads to where it is set, and the details are those of the tunnel. */
#include "config.h"
#include "tests/ui/account-day.h"

#include "tests/simulator/known.h"
#include "tests/ui/texts.h"

#define WIDTH   1600
#define HEIGHT  1000
#define NOTHING "Down 0 bytes/s"
#define EDGE    8    /* of the map, which is not looked at: the window's border moves it a little */
#define MOST_STILL 5    /* different pictures of a map that does not move: each place, connected or not, and no place */
#define JOURNEYS   10    /* until it was seen to move: a busy computer leaves frames out */

static void
run (guint uid, const char *line)
{
  adit_world_expect (world, uid, NULL, line, 0);
}

static void
test_not_connected (void)
{
  account_day_start ();
  account_day_type ("Account number", KNOWN_MULLVAD_ACCOUNT);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "push button", "Connect", SERVICE_MS);
  adit_ax_wait (ax, "push button", "Lock: open", SOON_MS);
  adit_ax_wait (ax, "image", "~Map of the world, with no place marked", SOON_MS);
  g_assert_false (adit_ax_has (ax, "*", "Technical details"));
  g_assert_false (adit_ax_has (ax, "label", "~Down "));
  account_day_shoot ("home-1-not-protected");
}

static void
test_connected (void)
{
  run (ADIT_WORLD_ALICE_UID, "connect se-got --wait");
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_ax_wait (ax, "image", "Map of the world: the traffic leaves the tunnel at Gothenburg, Sweden", SOON_MS);
  adit_ax_wait (ax, "push button", "Lock: only the tunnel", SOON_MS);
  adit_ax_wait (ax, "push button", "Names: in the tunnel", SOON_MS);
  adit_ax_wait (ax, "label", ADIT_LAB_EXIT_ADDRESS, TUNNEL_MS);
  adit_ax_press (ax, "push button", "Copy the exit address");
  adit_ax_wait (ax, "push button", "Copied", SOON_MS);
  adit_ax_wait (ax, "push button", "Copy the exit address", SOON_MS);    /* for a moment alone */
  adit_ax_focus (ax, "push button", "Disconnect");
  adit_ax_key (ax, "ctrl+v");    /* what was copied is taken for a configuration, which it is not */
  adit_ax_wait (ax, "label", "Line 1", SOON_MS);
  adit_ax_press (ax, "push button", "Done");
  adit_ax_gone (ax, "push button", "Done", SOON_MS);
}

/* Pages are asked for until the graph's words have seen one; and then that there are no more. */
static void
test_traffic (void)
{
  gint64 end_us = g_get_monotonic_time () + TUNNEL_MS * G_TIME_SPAN_MILLISECOND;

  adit_ax_wait (ax, "label", "~Down ", SOON_MS);
  for (gboolean is_seen = FALSE; !is_seen;)
    {
      g_autofree char *down = NULL;

      adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
      down = adit_ax_dup_name (ax, "label", "Down ");
      is_seen = !g_str_equal (down, NOTHING);
      if (!is_seen && g_get_monotonic_time () > end_us)
        g_error ("what goes through the tunnel is not seen");
    }
  account_day_shoot ("home-2-connected");
  adit_ax_wait (ax, "label", NOTHING, TUNNEL_MS);
}

static void
test_details (void)
{
  g_assert_false (adit_ax_has (ax, "label", "Endpoint"));
  adit_ax_focus (ax, "*", "Technical details");
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "label", "Endpoint", SOON_MS);
  adit_ax_wait (ax, "label", "~WireGuard, by ", SOON_MS);
  adit_ax_wait (ax, "label", "~ received, ", SOON_MS);
  adit_ax_wait (ax, "label", "~0 bytes", SOON_MS);
  adit_ax_wait (ax, "label", "nftables", SOON_MS);
  adit_display_resize (display, 700, HEIGHT);    /* all of them */
  account_day_shoot ("home-3-details");
  adit_display_resize (display, 860, 620);
}

/* Each leads to its setting, and what others open is told. */
static void
test_chips (void)
{
  adit_ax_press (ax, "push button", "Names: in the tunnel");
  adit_ax_wait (ax, "label", "In use now", SOON_MS);
  adit_ax_key (ax, "Escape");
  adit_ax_gone (ax, "label", "In use now", SOON_MS);
  run (0, "settings set lan subnet");
  adit_ax_wait (ax, "push button", "Local network open", SOON_MS);
  run (0, "lockdown on");
  adit_ax_wait (ax, "push button", "Lockdown on", SOON_MS);
  adit_ax_press (ax, "push button", "Local network open");
  adit_ax_wait (ax, "label", "Local network", SOON_MS);
  adit_ax_key (ax, "Escape");
  adit_ax_gone (ax, "label", "Local network", SOON_MS);
}

/* To the other place, and how many different pictures of the map were seen on the way. */
static guint
travel (void)
{
  static const struct { const char *line, *words; } places[] = {
    { "connect nl-ams", "~leaves the tunnel at Amsterdam" }, { "connect se-got", "~leaves the tunnel at Gothenburg" },
  };
  static guint n_journeys;
  guint to = n_journeys++ % G_N_ELEMENTS (places), n;
  AditAxExtents map = adit_ax_get_extents (ax, "image", "~Map of the world");

  run (ADIT_WORLD_ALICE_UID, places[to].line);
  n = adit_display_count_frames (display, (guint) map.x + EDGE, (guint) map.y + EDGE, (guint) map.width - 2 * EDGE,
                                 (guint) map.height - 2 * EDGE);
  adit_ax_wait (ax, "image", places[to].words, TUNNEL_MS);
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  g_test_message ("%u different pictures of the map", n);
  return n;
}

/* The map goes to a place, and is there at once where the desktop wants nothing to move. */
static void
test_motion (void)
{
  static const AditStyle moving = { .text_scale = 1, .moves = TRUE }, still = { .text_scale = 1 };
  guint n = 0;

  adit_texts_set_style (display, &moving);
  for (guint i = 0; i < JOURNEYS && n <= MOST_STILL; i++)
    n = travel ();
  g_assert_cmpuint (n, >, MOST_STILL);
  adit_texts_set_style (display, &still);
  g_assert_cmpuint (travel (), <=, MOST_STILL);
}

static void
test_two_servers (void)
{
  run (ADIT_WORLD_ALICE_UID, "connect --entry nl-ams se-got --wait");
  adit_ax_wait (ax, "image", "~enters the tunnels at Amsterdam, Netherlands and leaves them at Gothenburg, Sweden", TUNNEL_MS);
  adit_ax_wait (ax, "push button", "By two servers", SOON_MS);
  account_day_shoot ("home-4-two-servers");
  adit_ax_press (ax, "push button", "By two servers");
  adit_ax_wait (ax, "check box", "Multi-hop", SOON_MS);
  adit_ax_key (ax, "Escape");
  adit_ax_gone (ax, "check box", "Multi-hop", SOON_MS);
}

/* The map gives way to what is read and pressed. */
static void
test_sizes (void)
{
  adit_display_resize (display, 360, 640);
  account_day_shoot ("home-5-narrow");
  adit_display_resize (display, 360, 294);
  adit_ax_gone (ax, "image", "~Map of the world", SOON_MS);
  adit_ax_wait (ax, "push button", "Disconnect", SOON_MS);
  account_day_shoot ("home-6-smallest");
  adit_display_resize (display, WIDTH, HEIGHT);
  adit_ax_wait (ax, "image", "~Map of the world", SOON_MS);
  account_day_shoot ("home-7-large");
  adit_display_stop_program (display);
}

static void
test_dark (void)
{
  adit_display_set_variable (display, "ADW_DEBUG_COLOR_SCHEME", "prefer-dark");
  account_day_start ();
  adit_ax_wait (ax, "image", "~enters the tunnels at Amsterdam", SOON_MS);
  account_day_shoot ("home-8-dark");
  adit_display_stop_program (display);
  adit_display_set_variable (display, "ADW_DEBUG_COLOR_SCHEME", NULL);
  adit_display_set_variable (display, "ADW_DEBUG_HIGH_CONTRAST", "1");
  account_day_start ();
  adit_ax_wait (ax, "image", "~enters the tunnels at Amsterdam", SOON_MS);
  account_day_shoot ("home-9-contrast");
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

int
main (int argc, char **argv)
{
  int ended = account_day_begin_in (&argc, &argv, ADIT_WORLD_POLKIT | ADIT_WORLD_ENTRY, WIDTH, HEIGHT);

  if (ended != 0)
    return ended;
  adit_texts_prepare (display);
  g_test_add_func ("/window-home/not-connected", test_not_connected);
  g_test_add_func ("/window-home/connected", test_connected);
  g_test_add_func ("/window-home/traffic", test_traffic);
  g_test_add_func ("/window-home/details", test_details);
  g_test_add_func ("/window-home/chips", test_chips);
  g_test_add_func ("/window-home/motion", test_motion);
  g_test_add_func ("/window-home/two-servers", test_two_servers);
  g_test_add_func ("/window-home/sizes", test_sizes);
  g_test_add_func ("/window-home/dark", test_dark);
  return account_day_run ();
}
