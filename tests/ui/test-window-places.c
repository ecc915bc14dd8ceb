/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-places.c: a place is found by what people call it, kept as a favourite, filtered, come back to, and entered by way
 * of another one; what the window is to remember it does, and what it is to forget it does. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <glib/gstdio.h>
#include <string.h>
#include "tests/simulator/known.h"

#define MEASURER ADIT_BINDIR "/adit"
#define LIST "/var/cache/adit/mullvad.servers"
#define MEMORY "/run/adit-display/home/.config/adit/window.conf"

static void
search (const char *text)
{
  adit_ax_type (ax, "*", "Search places", text);
}

/* The first of what is found, by the keyboard. */
static void
take (const char *text, const char *found)
{
  search (text);
  adit_ax_wait (ax, "label", found, SOON_MS);
  adit_ax_key (ax, "ctrl+f");
  adit_ax_key (ax, "Return");
}

static void
test_open (void)
{
  account_day_start ();
  account_day_type ("Account number", KNOWN_MULLVAD_ACCOUNT);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "label", "Sweden", SERVICE_MS);
  adit_ax_wait (ax, "label", "As the service has it", SOON_MS);
  g_assert_false (adit_ax_has (ax, "label", "Favourites"));
}

static void
test_search (void)
{
  static const struct { const char *text, *found; } rows[] = {
    { "goteborg", "Gothenburg" }, { "Sverige", "Sweden" }, { "se-got-wg-001", "se-got-wg-001" }, { "Göteborg", "Gothenburg" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      search (rows[i].text);
      adit_ax_gone (ax, "label", "As the service has it", SOON_MS);
      adit_ax_wait (ax, "label", rows[i].found, SOON_MS);
      adit_ax_gone (ax, "label", "USA", SOON_MS);
      if (g_str_equal (rows[i].text, "se-got-wg-001"))
        {
          adit_ax_wait (ax, "label", "Gothenburg, Sweden · owned by the service · WireGuard · IPv6", SOON_MS);
          account_day_shoot ("98-places-server");
        }
      search ("");
      adit_ax_wait (ax, "label", "USA", SOON_MS);
    }
}

/* Whoever types in the list searches. */
static void
test_typing (void)
{
  adit_ax_focus (ax, "push button", "Favourite: USA");
  adit_ax_key (ax, "n");
  adit_ax_key (ax, "e");
  adit_ax_key (ax, "t");
  adit_ax_gone (ax, "label", "USA", SOON_MS);
  adit_ax_wait (ax, "label", "Netherlands", SOON_MS);
  search ("");
  adit_ax_wait (ax, "label", "USA", SOON_MS);
}

/* In the place of the program that measures. */
static void
put_measurer (const char *script)
{
  if (script == NULL)
    g_assert_cmpint (g_rename (MEASURER ".real", MEASURER), ==, 0);
  else
    {
      g_assert_true (g_file_test (MEASURER ".real", G_FILE_TEST_EXISTS) || g_rename (MEASURER, MEASURER ".real") == 0);
      g_assert_true (g_file_set_contents (MEASURER, script, -1, NULL));
      g_assert_cmpint (g_chmod (MEASURER, 0755), ==, 0);
    }
}

/* Only when it is asked for, only where this computer lets people ask, and with what came of it before all others. */
static void
test_latency (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (adit_ax_has (ax, "label", "~ ms"));
  adit_ax_press (ax, "push button", "Filter");
  adit_ax_wait (ax, "label", "~Never by itself", SOON_MS);
  account_day_shoot ("98-places-measure");
  put_measurer ("no program");
  adit_ax_press (ax, "push button", "Measure");
  adit_ax_wait (ax, "label", "It could not be measured.", SERVICE_MS);
  put_measurer ("#!/bin/sh\nif [ \"$LC_ALL\" = C.UTF-8 ]; then exec " MEASURER ".real \"$@\"; fi\nprintf '\\377\\n'\n");
  adit_ax_press (ax, "push button", "Measure");    /* as the kernel begins */
  adit_ax_wait (ax, "label", "~This computer lets nobody measure", SERVICE_MS);
  adit_lab_run_line ("client", "sysctl -qw 'net.ipv4.ping_group_range=0 2147483647'", &error);
  g_assert_no_error (error);
  adit_ax_press (ax, "push button", "Measure");
  adit_ax_wait (ax, "label", "Quickest to answer", SERVICE_MS);    /* and the list is back */
  adit_ax_wait (ax, "label", "~ ms", SOON_MS);
  adit_ax_wait (ax, "push button", "Favourite: Stockholm", SOON_MS);
  account_day_shoot ("98-places-quickest");
  put_measurer (NULL);
}

/* A star is the command line's favourite, from here and from there. */
static void
test_favourites (void)
{
  adit_ax_press (ax, "push button", "Favourite: Sweden");
  adit_ax_wait (ax, "label", "Favourites", SOON_MS);
  account_day_expect ("favourite", "  mullvad/se\n");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "favourite add stockholm", 0);
  adit_ax_wait (ax, "push button", "Favourite: Stockholm", SOON_MS);
  account_day_shoot ("98-places-favourites");
  adit_ax_press (ax, "push button", "Favourite: Sweden");
  account_day_expect ("favourite", "  mullvad/se/sto\n");
  adit_ax_wait (ax, "label", "Favourites", SOON_MS);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "favourite remove stockholm", 0);
  adit_ax_gone (ax, "label", "Favourites", SOON_MS);
}

/* What is not to be shown is not to be connected to either. */
static void
test_filter (void)
{
  adit_ax_press (ax, "push button", "Filter");
  adit_ax_wait (ax, "label", "~4 of 4 fit", SOON_MS);
  account_day_pick ("Machines", 2);
  account_day_expect ("settings get ownership", "rented\n");
  adit_ax_wait (ax, "label", "~0 of 4 fit", SOON_MS);
  account_day_pick ("Machines", 0);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "settings set hosting Elsewhere", 0);
  adit_ax_focus (ax, "*", "Hosting companies");
  adit_ax_wait (ax, "label", "Elsewhere", SOON_MS);
  adit_ax_key (ax, "Return");
  adit_ax_focus (ax, "list item", "Lab");
  adit_ax_key (ax, "Return");
  account_day_expect ("settings get hosting", "Elsewhere Lab\n");    /* another service has the first one */
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "settings set hosting Lab", 0);
  account_day_shoot ("98-places-companies");
  adit_ax_focus (ax, "*", "Hosting companies");
  adit_ax_key (ax, "Return");
  account_day_pick ("Machines", 2);
  account_day_expect ("settings get ownership", "rented\n");
  account_day_shoot ("98-places-filter");
  adit_ax_press (ax, "push button", "Filter");
  adit_ax_wait (ax, "label", "Only rented, at Lab", SOON_MS);
  adit_ax_wait (ax, "*", "No server fits", SOON_MS);
  account_day_shoot ("98-places-none");
  adit_ax_press (ax, "push button", "Show All");
  account_day_expect ("settings get ownership", "any\n");
  account_day_expect ("settings get hosting", "any\n");
  adit_ax_wait (ax, "label", "Sweden", SOON_MS);
  adit_ax_gone (ax, "push button", "Show All", SOON_MS);
}

static void
test_recent (void)
{
  g_assert_false (adit_ax_has (ax, "label", "Recent"));
  take ("goteborg", "Gothenburg");
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  search ("");
  adit_ax_wait (ax, "label", "Recent", SOON_MS);
  adit_ax_wait (ax, "push button", "Favourite: Gothenburg", SOON_MS);
  adit_ax_press (ax, "push button", "Filter");
  adit_ax_wait (ax, "label", "~While the lock is closed no server is asked", SOON_MS);
  g_assert_false (adit_ax_is (ax, "push button", "Measure", "sensitive"));
  adit_ax_press (ax, "push button", "Filter");
}

/* In at one place and out at another: the entry is chosen in the same list. */
static void
test_hops (void)
{
  adit_ax_key (ax, "ctrl+comma");
  adit_ax_press (ax, "*", "Tunnel");
  adit_ax_press (ax, "check box", "Multi-hop");
  adit_ax_key (ax, "Escape");
  adit_ax_wait (ax, "push button", "Out: Gothenburg, Sweden", SOON_MS);
  adit_ax_press (ax, "push button", "In: Any place");
  take ("amsterdam", "Amsterdam");
  adit_ax_wait (ax, "push button", "In: Amsterdam, Netherlands", SOON_MS);
  adit_ax_wait (ax, "label", "~Amsterdam, Netherlands (nl-ams-wg-001)", TUNNEL_MS);
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  search ("");
  account_day_shoot ("98-places-hops");
  adit_ax_press (ax, "push button", "Disconnect");
  adit_ax_wait (ax, "*", "Not protected", TUNNEL_MS);
}

/* Another account's service has other places, and other ways. */
static void
test_service (void)
{
  g_autofree char *number = g_strconcat (KNOWN_IVPN_ACCOUNT, "\n", NULL);

  adit_world_expect (world, ADIT_WORLD_ALICE_UID, number, "login ivpn", 0);
  adit_ax_wait (ax, "label", "Norway", SERVICE_MS);
  adit_ax_wait (ax, "push button", "In: Any place", SOON_MS);    /* of the other service nothing is taken over */
  adit_ax_press (ax, "push button", "Filter");
  account_day_pick ("Protocol", 2);
  adit_ax_wait (ax, "label", "~5 of 6 fit", SOON_MS);
  account_day_shoot ("98-places-services");
  account_day_pick ("Service", 0);
  adit_ax_wait (ax, "push button", "In: Amsterdam, Netherlands", SERVICE_MS);
  adit_ax_press (ax, "push button", "Filter");
  adit_ax_wait (ax, "label", "Sweden", SOON_MS);
}

/* What could not be fetched is not on its way: that is said, and can be tried again. */
static void
start_without_list (void)
{
  adit_world_stop_service (world);
  g_assert_cmpint (g_unlink (LIST), ==, 0);
  account_day_start ();
  adit_ax_wait (ax, "*", "The list of places could not be fetched", TUNNEL_MS);
  adit_ax_wait (ax, "label", "~The service cannot be reached.", SOON_MS);
  g_assert_false (adit_ax_has (ax, "*", "The list of places is on its way"));
  account_day_shoot ("98-places-failed");
  g_assert_true (adit_world_start_service (world, NULL));
  adit_ax_press (ax, "push button", "Try Again");
  adit_ax_gone (ax, "*", "The list of places could not be fetched", SERVICE_MS);
  adit_ax_gone (ax, "push button", "Dismiss", SOON_MS);
}

/* Where somebody was ends with the window, unless they have said otherwise; how they connect stays. */
static void
test_memory (void)
{
  g_autofree char *before = NULL, *after = NULL;

  g_assert_true (g_file_get_contents (MEMORY, &before, NULL, NULL));
  g_assert_null (strstr (before, "got"));
  adit_display_stop_program (display);
  adit_display_set_variable (display, "ADW_DEBUG_COLOR_SCHEME", "prefer-dark");
  start_without_list ();
  adit_ax_wait (ax, "push button", "In: Amsterdam, Netherlands", SOON_MS);
  g_assert_false (adit_ax_has (ax, "label", "Recent"));
  adit_ax_press (ax, "push button", "Filter");
  adit_ax_press (ax, "check box", "Remember recent places");
  adit_ax_press (ax, "push button", "Filter");
  /* GTK lets such a press last 250 ms; to type closes the filter as well, and the press would open it again. */
  adit_ax_gone (ax, "check box", "Remember recent places", SOON_MS);
  take ("stockholm", "Stockholm");
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  search ("");
  adit_ax_wait (ax, "label", "Recent", SOON_MS);
  adit_ax_press (ax, "push button", "Favourite: USA");
  account_day_shoot ("98-places-dark");
  g_assert_true (g_file_get_contents (MEMORY, &after, NULL, NULL));
  g_assert_nonnull (strstr (after, "recent=mullvad/se/sto;"));
}

static void
test_narrow (void)
{
  adit_display_resize (display, 360, 640);
  adit_ax_key (ax, "ctrl+f");
  adit_ax_wait (ax, "push button", "Back", SOON_MS);
  account_day_shoot ("98-places-narrow");
  adit_ax_press (ax, "push button", "Filter");
  account_day_shoot ("98-places-narrow-filter");
  adit_display_resize (display, 360, 294);
  adit_ax_press (ax, "push button", "Filter");
  account_day_shoot ("98-places-smallest");
  adit_display_stop_program (display);
}

int
main (int argc, char **argv)
{
  int ended = account_day_begin_in (&argc, &argv, ADIT_WORLD_POLKIT | ADIT_WORLD_ENTRY, ACCOUNT_DAY_WIDTH,
                                    ACCOUNT_DAY_HEIGHT);

  if (ended != 0)
    return ended;
  g_test_add_func ("/window-places/open", test_open);
  g_test_add_func ("/window-places/search", test_search);
  g_test_add_func ("/window-places/typing", test_typing);
  g_test_add_func ("/window-places/latency", test_latency);
  g_test_add_func ("/window-places/favourites", test_favourites);
  g_test_add_func ("/window-places/filter", test_filter);
  g_test_add_func ("/window-places/recent", test_recent);
  g_test_add_func ("/window-places/hops", test_hops);
  g_test_add_func ("/window-places/service", test_service);
  g_test_add_func ("/window-places/memory", test_memory);
  g_test_add_func ("/window-places/narrow", test_narrow);
  return account_day_run ();
}
