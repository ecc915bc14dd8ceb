/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-desktop.c: Adit as a part of a desktop: found by its search, beside its clock, and started by its portal, which is
 * the real one. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/simulator/known.h"
#include "tests/ui/notices-host.h"

#define NAME         "org.aditvpn.Adit"
#define SEARCH_PATH  "/org/aditvpn/Adit/SearchProvider"
#define SEARCH       "org.gnome.Shell.SearchProvider2"
#define MENU_PATH    "/StatusNotifierMenu"
#define MENU         "com.canonical.dbusmenu"
#define SERVICE_FILE "/run/adit-display/services/" NAME ".service"
#define PORTALS      "/run/adit-display/portals"
#define PORTAL       "/usr/libexec/xdg-desktop-portal"
#define PERMISSIONS  "/usr/libexec/xdg-permission-store"
#define PORTAL_FILE  "[portal]\nDBusName=" NOTICES_HOST_PORTAL "\n" \
                     "Interfaces=org.freedesktop.impl.portal.Access;org.freedesktop.impl.portal.Background\nUseIn=lab\n"

/* As ui/status-menu.c has its rows. */
enum { ROW_STATE = 1, ROW_BUTTON = 2, ROW_PAUSE_5 = 4, ROW_QUIT = 9 };

static NoticesHost *host;

static GVariant *
ask_bus (const char *method, GVariant *arguments)
{
  return notices_host_ask (host, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method, arguments);
}

static gboolean
is_running (const char *name)
{
  g_autoptr (GVariant) answer = ask_bus ("NameHasOwner", g_variant_new ("(s)", name));
  gboolean is_owned;

  g_variant_get (answer, "(b)", &is_owned);
  return is_owned;
}

static void
wait_ended (void)
{
  for (guint i = 0; i < SOON_MS / 50 && is_running (NAME); i++)
    g_usleep (50000);
  g_assert_false (is_running (NAME));
}

/* --- The search of GNOME Shell -------------------------------------------------------------------------------------------- */

static GVariant *
ask_search (const char *method, GVariant *arguments)
{
  return notices_host_ask (host, NAME, SEARCH_PATH, SEARCH, method, arguments);
}

/* (transfer full): what was found, one behind the other */
static char *
find (const char *words)
{
  g_auto (GStrv) terms = g_strsplit (words, " ", -1);
  g_autoptr (GVariant) answer = ask_search ("GetInitialResultSet", g_variant_new ("(^as)", terms)), ids = NULL;
  g_autofree const char **list = NULL;

  ids = g_variant_get_child_value (answer, 0);
  g_assert_cmpuint (g_variant_n_children (ids), <=, 20);
  list = g_variant_get_strv (ids, NULL);
  return g_strjoinv (" ", (char **) list);
}

static void
expect_found (const char *words, const char *wanted)
{
  g_autofree char *found = find (words);

  if (!g_str_has_prefix (found, wanted) || (wanted[0] == '\0' && found[0] != '\0'))
    g_error ("\"%s\" finds \"%s\", not \"%s\"", words, found, wanted);
}

static void
run_in_api (const char *line)
{
  g_autoptr (GError) error = NULL;

  adit_lab_run_line ("api", line, &error);
  g_assert_no_error (error);
}

/* The bus starts it, and there is no window. */
static void
test_found (void)
{
  g_autofree char *text = g_strdup_printf ("[D-BUS Service]\nName=" NAME "\nExec=%s --gapplication-service\n",
                                           g_getenv ("ADIT_WINDOW"));
  g_autoptr (GVariant) reloaded = NULL, metas = NULL, fewer = NULL;
  g_autofree char *printed = NULL, *narrowed = NULL;
  gint64 start_us;

  g_assert_true (g_file_set_contents (SERVICE_FILE, text, -1, NULL));
  g_assert_cmpint (chmod (SERVICE_FILE, 0644), ==, 0);
  host = notices_host_new ();
  reloaded = ask_bus ("ReloadConfig", NULL);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, KNOWN_MULLVAD_ACCOUNT, "login mullvad", 0);
  start_us = g_get_monotonic_time ();
  expect_found ("goteborg", "se/got/");
  g_test_message ("started and answered in %" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - start_us) / 1000);
  expect_found ("Göteborg", "se/got/");
  expect_found ("Sverige", "se//");
  expect_found ("se-got-wg-001", "se/got/se-got-wg-001");
  expect_found ("gothenburg sweden", "se/got/");
  expect_found ("atlantis", "");
  expect_found ("s", "");    /* one letter is no place */

  fewer = ask_search ("GetSubsearchResultSet", g_variant_new_parsed ("(['se//'], ['stock', 'swed'])"));
  narrowed = g_variant_print (fewer, FALSE);
  g_assert_cmpstr (narrowed, ==, "(['se/sto/'],)");
  metas = ask_search ("GetResultMetas", g_variant_new_parsed ("(['se/got/', 'xx/yy/', 'no such', 'se/got/se-got-wg-001'],)"));
  printed = g_variant_print (metas, FALSE);
  g_assert_nonnull (strstr (printed, "{'id': <'se/got/'>, 'name': <'Gothenburg'>, 'description': <'Sweden'>, 'gicon': <'" NAME
                                     "'>}"));
  g_assert_nonnull (strstr (printed, "'name': <'se-got-wg-001'>, 'description': <'Gothenburg, Sweden"));
  g_assert_null (strstr (printed, "xx"));
  g_assert_cmpuint (adit_ax_count (ax, "frame"), ==, 0);
}

static void
test_chosen (void)
{
  g_autoptr (GVariant) launched = NULL, chosen = NULL, unknown = NULL, too_long = NULL;
  g_autofree char *text = NULL, *endless = NULL;

  launched = ask_search ("LaunchSearch", g_variant_new_parsed ("(['stock', 'swed'], uint32 0)"));
  adit_ax_wait (ax, "label", "Stockholm", SOON_MS);
  adit_ax_gone (ax, "label", "Gothenburg", SOON_MS);
  text = adit_ax_dup_text (ax, "*", "Search places");
  g_assert_cmpstr (text, ==, "stock swed");
  account_day_shoot ("150-searched-by-the-desktop");

  endless = g_strnfill (100000, 'x');
  too_long = ask_search ("LaunchSearch", g_variant_new ("(^asu)", (const char *const []) { endless, NULL }, 0));
  g_free (text);
  text = adit_ax_dup_text (ax, "*", "Search places");
  g_assert_cmpuint (strlen (text), ==, 256);

  unknown = ask_search ("ActivateResult", g_variant_new_parsed ("('xx/yy/', ['x'], uint32 0)"));
  adit_ax_wait (ax, "*", "There is no server in that place.", SOON_MS);
  adit_ax_press (ax, "push button", "~_Close");
  adit_ax_gone (ax, "*", "There is no server in that place.", SOON_MS);
  chosen = ask_search ("ActivateResult", g_variant_new_parsed ("('se/got/', ['goteborg'], uint32 0)"));
  adit_ax_wait (ax, "label", "~Gothenburg, Sweden (se-got-wg-", TUNNEL_MS);
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_ax_press (ax, "push button", "Disconnect");
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);

  /* Closed, it stays for no longer than somebody could still be searching. */
  adit_ax_key (ax, "ctrl+q");
  wait_ended ();
}

/* From nothing to connected. */
static void
test_started_by_choice (void)
{
  g_autoptr (GVariant) chosen = ask_search ("ActivateResult", g_variant_new_parsed ("('se/sto/', ['stock'], uint32 0)"));

  adit_ax_wait (ax, "label", "~Stockholm, Sweden (se-sto-wg-", TUNNEL_MS);
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_ax_key (ax, "ctrl+q");
  wait_ended ();
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "disconnect", 0);
}

/* A service that does not answer is not waited for until somebody has forgotten it. */
static void
test_no_list (void)
{
  g_autoptr (GVariant) chosen = NULL;
  g_autofree char *state = NULL;

  g_assert_cmpint (unlink ("/var/cache/adit/mullvad.servers"), ==, 0);
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  run_in_api ("nft add table inet silent");
  run_in_api ("nft add chain inet silent in { type filter hook input priority 0; policy drop; }");
  chosen = ask_search ("ActivateResult", g_variant_new_parsed ("('se/sto/', ['stock'], uint32 0)"));
  adit_ax_wait (ax, "*", "Your service has not told its places yet.", SERVICE_MS);
  account_day_shoot ("153-no-list-yet");
  adit_ax_press (ax, "push button", "~_Close");
  adit_ax_gone (ax, "*", "Your service has not told its places yet.", SOON_MS);
  run_in_api ("nft delete table inet silent");
  state = adit_world_get_state (world);
  g_assert_cmpstr (state, ==, "disconnected");
  adit_ax_key (ax, "ctrl+q");
  wait_ended ();
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "locations", 0);    /* and it is here again */
}

/* --- Beside the clock ----------------------------------------------------------------------------------------------------- */

static char *
dup_layout (const char *item)
{
  g_autoptr (GVariant) answer = notices_host_ask (host, item, MENU_PATH, MENU, "GetLayout",
                                                  g_variant_new_parsed ("(0, -1, @as [])"));

  return g_variant_print (answer, FALSE);
}

/* The menu follows the state, which takes its time. */
static void
expect_layout (const char *item, const char *wanted)
{
  for (guint i = 0; i < TUNNEL_MS / 50; i++)
    {
      g_autofree char *layout = dup_layout (item);

      if (strstr (layout, wanted) != NULL)
        return;
      g_usleep (50000);
    }
  {
    g_autofree char *layout = dup_layout (item);

    g_error ("\"%s\" is not in the menu %s", wanted, layout);
  }
}

static void
click (const char *item, int row)
{
  g_autoptr (GVariant) answer = notices_host_ask (host, item, MENU_PATH, MENU, "Event",
                                                  g_variant_new ("(isvu)", row, "clicked", g_variant_new_int32 (0), 0));
}

static void
test_menu (void)
{
  g_autofree char *item = NULL, *one = NULL;
  g_autoptr (GVariant) path = NULL, value = NULL, row = NULL;
  g_autoptr (AditLabResult) log = NULL;

  notices_host_forget_items (host);
  account_day_start ();
  item = notices_host_dup_item (host);
  path = notices_host_ask (host, item, "/StatusNotifierItem", "org.freedesktop.DBus.Properties", "Get",
                           g_variant_new ("(ss)", "org.kde.StatusNotifierItem", "Menu"));
  g_variant_get (path, "(v)", &value);
  g_assert_cmpstr (g_variant_get_string (value, NULL), ==, MENU_PATH);
  expect_layout (item, "(1, {'label': <'Not protected'>, 'enabled': <false>}");
  expect_layout (item, "(2, {'label': <'Connect'>}");
  expect_layout (item, "(4, {'label': <'Pause for _5 Minutes'>, 'visible': <false>}");
  row = notices_host_ask (host, item, MENU_PATH, MENU, "GetProperty", g_variant_new ("(is)", ROW_STATE, "label"));
  one = g_variant_print (row, FALSE);
  g_assert_cmpstr (one, ==, "(<'Not protected'>,)");

  click (item, ROW_PAUSE_5);    /* which cannot be seen now: nothing comes of it */
  click (item, ROW_BUTTON);
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  log = adit_world_adit (world, ADIT_WORLD_ALICE_UID, NULL, "diagnose --log");
  g_assert_nonnull (strstr (log->out, "session: connected"));
  g_assert_null (strstr (log->out, "paused for"));
  expect_layout (item, "(1, {'label': <'Connected'>");
  expect_layout (item, "(2, {'label': <'Disconnect'>}");
  expect_layout (item, "(4, {'label': <'Pause for _5 Minutes'>}");
  click (item, ROW_PAUSE_5);
  adit_ax_wait (ax, "*", "Paused, not protected", SERVICE_MS);
  expect_layout (item, "(2, {'label': <'Resume'>}");
  click (item, ROW_BUTTON);
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  expect_layout (item, "(2, {'label': <'Disconnect'>}");
  click (item, ROW_BUTTON);
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
  click (item, ROW_QUIT);
  wait_ended ();
}

/* --- In the background ---------------------------------------------------------------------------------------------------- */

static void
press_switch (void)
{
  adit_ax_press (ax, "check box", "Run in the background");
}

static gboolean
is_on (void)
{
  return adit_ax_is (ax, "check box", "Run in the background", "checked");
}

static void
wait_on (gboolean on)
{
  adit_ax_wait_is (ax, "check box", "Run in the background", "checked", on, SOON_MS);
}

static void
open_automation (void)
{
  adit_ax_key (ax, "ctrl+comma");
  adit_ax_press (ax, "*", "Automation");
}

/* Nobody there who starts programs: that is said, and what can be done without one is done. */
static void
test_no_portal (void)
{
  notices_host_forget_items (host);
  account_day_start ();
  open_automation ();
  press_switch ();
  adit_ax_wait (ax, "*", "Adit stays when its window is closed, but is not started at login.", SOON_MS);
  account_day_shoot ("151-background-no-portal");
  adit_ax_press (ax, "push button", "~_Close");
  g_assert_true (is_on ());
  account_day_shoot ("152-settings-automation");
  press_switch ();
  wait_on (FALSE);
}

static GSubprocess *
start_portal (void)
{
  const char *const argv[] = { PORTAL, NULL };
  GSubprocess *portal = adit_display_spawn (display, argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);

  for (guint i = 0; i < SOON_MS / 50 && !is_running ("org.freedesktop.portal.Desktop"); i++)
    g_usleep (50000);
  g_assert_true (is_running ("org.freedesktop.portal.Desktop"));
  return portal;
}

static GSubprocess *
start_permissions (void)
{
  const char *const argv[] = { PERMISSIONS, NULL };

  g_assert_cmpint (g_mkdir_with_parents (PORTALS, 0755), ==, 0);
  g_assert_true (g_file_set_contents (PORTALS "/lab.portal", PORTAL_FILE, -1, NULL));
  g_assert_cmpint (chmod (PORTALS "/lab.portal", 0644), ==, 0);
  adit_display_set_variable (display, "XDG_DESKTOP_PORTAL_DIR", PORTALS);
  adit_display_set_variable (display, "XDG_CURRENT_DESKTOP", "lab");
  return adit_display_spawn (display, argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
}

/* It ends while it is asked: what can be done without one is done. */
static void
expect_no_portal_left (void)
{
  g_autoptr (GSubprocess) portal = start_portal ();
  g_autofree char *asked = NULL;

  notices_host_hold (host, TRUE);
  press_switch ();
  asked = notices_host_wait_started (host);
  g_assert_false (adit_ax_is (ax, "check box", "Run in the background", "sensitive"));
  g_subprocess_force_exit (portal);
  adit_ax_wait (ax, "*", "Adit stays when its window is closed, but is not started at login.", SOON_MS);
  adit_ax_press (ax, "push button", "~_Close");
  g_assert_true (is_on () && adit_ax_is (ax, "check box", "Run in the background", "sensitive"));
  notices_host_hold (host, FALSE);
  press_switch ();
  wait_on (FALSE);
}

static void
test_portal (void)
{
  g_autoptr (GSubprocess) portal = NULL, permissions = NULL;
  g_autofree char *refused = NULL, *started = NULL, *item = NULL, *ended = NULL;

  if (access (PORTAL, X_OK) != 0 || access (PERMISSIONS, X_OK) != 0)
    {
      g_test_skip ("there is no xdg-desktop-portal");
      return;
    }
  permissions = start_permissions ();
  expect_no_portal_left ();
  portal = start_portal ();
  notices_host_refuse (host, TRUE);
  press_switch ();
  refused = notices_host_wait_started (host);
  g_assert_cmpstr (refused, ==, "adit-gtk --background");
  adit_ax_wait (ax, "*", "This desktop does not let Adit run in the background.", SOON_MS);
  adit_ax_press (ax, "push button", "~_Close");
  g_assert_false (is_on ());

  /* Who closes the settings has said it all the same. */
  notices_host_refuse (host, FALSE);
  notices_host_hold (host, TRUE);
  press_switch ();
  started = notices_host_wait_started (host);
  g_assert_cmpstr (started, ==, "adit-gtk --background");
  adit_ax_key (ax, "Escape");
  adit_ax_gone (ax, "*", "Automation", SOON_MS);
  notices_host_hold (host, FALSE);
  open_automation ();
  wait_on (TRUE);

  /* Closed, it goes on beside the clock, and comes back from there as it was. */
  adit_ax_key (ax, "Escape");
  adit_ax_gone (ax, "*", "Automation", SOON_MS);
  adit_ax_key (ax, "ctrl+w");
  for (guint i = 0; i < SOON_MS / 50 && adit_ax_count (ax, "frame") > 0; i++)
    g_usleep (50000);
  g_assert_cmpuint (adit_ax_count (ax, "frame"), ==, 0);
  g_assert_true (is_running (NAME));
  item = notices_host_dup_item (host);
  click (item, ROW_BUTTON);
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_display_expect_quiet (display);
  click (item, ROW_QUIT);
  wait_ended ();
  g_subprocess_force_exit (portal);
  g_subprocess_force_exit (permissions);
}

/* As the session's start has it: nothing to see but the item, until somebody wants the window; and nothing after it either, where
 * they do not want that any more. */
static void
test_at_login (void)
{
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), "--background", NULL }, *const again[] = { argv[0], NULL };
  g_autoptr (AditLabResult) second = NULL;
  g_autofree char *item = NULL;

  notices_host_forget_items (host);
  adit_display_start_program (display, argv);
  item = notices_host_dup_item (host);
  expect_layout (item, "(1, {'label': <'Connected'>");
  g_assert_cmpuint (adit_ax_count (ax, "frame"), ==, 0);
  click (item, ROW_BUTTON);
  expect_layout (item, "(1, {'label': <'Not protected'>");
  g_assert_cmpuint (adit_ax_count (ax, "frame"), ==, 0);
  second = adit_display_run (display, again);
  g_assert_cmpint (second->status, ==, 0);
  adit_ax_wait (ax, "push button", "Menu", SOON_MS);
  open_automation ();
  adit_ax_wait (ax, "check box", "Run in the background", SOON_MS);
  if (!is_on ())    /* there is no xdg-desktop-portal here */
    {
      press_switch ();
      adit_ax_press (ax, "push button", "~_Close");
    }
  press_switch ();
  wait_on (FALSE);
  adit_ax_key (ax, "Escape");
  adit_ax_gone (ax, "*", "Automation", SOON_MS);
  adit_display_expect_quiet (display);
  adit_ax_key (ax, "ctrl+w");
  wait_ended ();
}

int
main (int argc, char **argv)
{
  int ended = account_day_begin (&argc, &argv);

  if (ended != 0)
    return ended;
  g_test_add_func ("/window-desktop/found", test_found);
  g_test_add_func ("/window-desktop/chosen", test_chosen);
  g_test_add_func ("/window-desktop/started-by-choice", test_started_by_choice);
  g_test_add_func ("/window-desktop/no-list", test_no_list);
  g_test_add_func ("/window-desktop/menu", test_menu);
  g_test_add_func ("/window-desktop/no-portal", test_no_portal);
  g_test_add_func ("/window-desktop/portal", test_portal);
  g_test_add_func ("/window-desktop/at-login", test_at_login);
  ended = account_day_run ();
  notices_host_free (host);
  return ended;
}
