/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window.c: the main job in the window, as somebody does it who sees, reads and types; the helper, the bus and the tunnel
 * behind it are real.  The cases are one day: each begins where the one before it ended.  Pictures go to the gallery. */
#include "config.h"
#include "tests/ui/ax.h"

#include <string.h>
#include <sys/utsname.h>

#define WIDTH  860    /* the window as it opens */
#define HEIGHT 620
#define SETTLE_MS  400      /* a pressed button stays down for a quarter of a second */
#define SOON_MS    20000
#define TUNNEL_MS  30000

static AditWorld *world;
static AditDisplay *display;
static AditAx *ax;

static const char *const *
window_argv (void)
{
  static const char *argv[2];

  argv[0] = g_getenv ("ADIT_WINDOW");
  if (argv[0] == NULL)
    g_error ("ADIT_WINDOW has to name adit-gtk; run this through meson test");
  return argv;
}

static void
start_window (void)
{
  adit_display_start_program (display, window_argv ());
}

static void
expect_word (const char *word)
{
  adit_ax_wait (ax, "*", word, TUNNEL_MS);
}

/* A window that is a library's own, with its buttons named or not.  A picture of nothing would have few colours. */
static void
shoot_foreign (const char *name)
{
  g_usleep (SETTLE_MS * 1000);
  g_assert_cmpuint (adit_display_shoot (display, name), >, 50);
  adit_display_expect_quiet (display);
}

static void
shoot (const char *name)
{
  shoot_foreign (name);
  adit_ax_expect_labelled (ax);
}

static void
run_in_client (const char *line)
{
  g_autoptr (GError) error = NULL;

  if (!adit_lab_run_line ("client", line, &error))
    g_error ("%s", error->message);
}

/* --- Morning: nobody is there, nobody is signed in -------------------------------------------------------------------------- */

static void
test_no_helper (void)
{
  start_window ();
  adit_ax_wait (ax, "*", "No helper", SOON_MS);
  adit_ax_wait (ax, "label", "systemctl start aditd", SOON_MS);
  shoot ("01-no-helper");
  adit_ax_press (ax, "push button", "Try Again");    /* still nobody */
  adit_ax_wait (ax, "*", "No helper", SOON_MS);

  /* One that comes is found without being asked for. */
  adit_world_expect_helper (world);
  adit_ax_wait (ax, "push button", "Sign In", SOON_MS);
}

static void
type_number (const char *number)
{
  adit_ax_type (ax, "*", "Account number", number);
  adit_ax_press (ax, "push button", "Sign In");
}

static void
choose_service (const char *way)
{
  adit_ax_key (ax, "space");
  adit_ax_key (ax, way);
  adit_ax_key (ax, way);
  adit_ax_key (ax, "Return");
}

static void
test_sign_in (void)
{
  g_assert_false (adit_ax_is (ax, "push button", "Sign In", "sensitive"));
  shoot ("02-sign-in");

  /* Each service wants to hear what it knows people by. */
  adit_ax_key (ax, "Tab");
  choose_service ("Down");
  adit_ax_wait (ax, "*", "User name", SOON_MS);
  shoot ("02-sign-in-by-name");
  choose_service ("Up");
  adit_ax_gone (ax, "*", "User name", SOON_MS);

  type_number ("12");
  adit_ax_wait (ax, "*", "~cannot be an account", SOON_MS);
  type_number ("9999 9999 9999 9999");
  adit_ax_wait (ax, "*", "~does not accept what was given", SOON_MS);
  shoot ("03-sign-in-wrong-number");

  type_number ("1234 5678 9012 3456");
  expect_word ("Not protected");
  adit_ax_wait (ax, "push button", "Connect", SOON_MS);
  adit_ax_wait (ax, "label", "~days left", SOON_MS);
  shoot ("04-not-protected");
}

static void
test_no_number_left (void)
{
  g_autofree char *tree = adit_ax_dup_tree (ax), *output = adit_display_dup_output (display);

  g_assert_null (strstr (tree, "1234567890123456"));
  g_assert_null (strstr (tree, "1234 5678"));
  g_assert_null (strstr (output, "1234567890123456"));
}

/* --- Noon: connected -------------------------------------------------------------------------------------------------------- */

static void
test_search (void)
{
  adit_ax_wait (ax, "label", "Sweden", SOON_MS);
  adit_ax_key (ax, "ctrl+f");
  adit_ax_type (ax, "*", "Search places", "atlantis");
  adit_ax_wait (ax, "*", "No such place", SOON_MS);
  shoot ("05-no-such-place");
  adit_ax_type (ax, "*", "Search places", "gothe");
  adit_ax_wait (ax, "label", "Gothenburg", SOON_MS);
  adit_ax_gone (ax, "label", "USA", SOON_MS);
  shoot ("06-search");
}

static void
test_connect (void)
{
  adit_ax_key (ax, "ctrl+f");
  adit_ax_key (ax, "Return");    /* the first that was found */
  expect_word ("Connected");
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_ax_wait (ax, "push button", "Disconnect", SOON_MS);
  adit_ax_wait (ax, "label", "~Gothenburg, Sweden (se-got-wg-", SOON_MS);
  adit_ax_wait (ax, "label", ADIT_LAB_EXIT_ADDRESS, TUNNEL_MS);
  adit_ax_wait (ax, "label", "~0:00:0", SOON_MS);
  shoot ("07-connected");
}

/* The clock moves by itself, and a second start raises this window instead of opening another. */
static void
test_stays (void)
{
  g_autoptr (AditLabResult) second = NULL;

  adit_ax_wait (ax, "label", "~0:00:1", 20000);
  second = adit_display_run (display, window_argv ());
  g_assert_cmpint (second->status, ==, 0);
  g_assert_cmpuint (adit_ax_count (ax, "frame"), ==, 1);
}

static void
test_helper_killed (void)
{
  adit_world_kill_helper (world);
  adit_ax_wait (ax, "*", "Network is blocked on purpose", SOON_MS);
  g_assert_false (adit_ax_has (ax, "*", "Connected"));
  adit_ax_wait (ax, "label", "Sweden", SOON_MS);    /* the places stay, and can be searched */
  shoot ("08-helper-killed");
  adit_world_expect_helper (world);
  expect_word ("Connected");
}

static void
test_other_place (void)
{
  adit_ax_type (ax, "*", "Search places", "stockholm");
  adit_ax_key (ax, "ctrl+f");
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "label", "~Stockholm, Sweden (se-sto-wg-", TUNNEL_MS);
  expect_word ("Connected");
  adit_ax_type (ax, "*", "Search places", "");
}

static void
test_disconnect (void)
{
  adit_ax_press (ax, "push button", "Disconnect");
  expect_word ("Not protected");
  adit_ax_gone (ax, "label", ADIT_LAB_EXIT_ADDRESS, SOON_MS);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

/* The relay never answers, and the person does not want to wait. */
static void
test_cancel (void)
{
  run_in_client ("nft add table inet lab-silence");
  run_in_client ("nft add chain inet lab-silence out { type filter hook postrouting priority 300 ; }");
  run_in_client ("nft add rule inet lab-silence out udp dport 51820 drop");
  adit_ax_press (ax, "push button", "Connect");
  expect_word ("Connecting");
  shoot ("09-connecting");
  adit_ax_press (ax, "push button", "Cancel");
  expect_word ("Not protected");
  run_in_client ("nft delete table inet lab-silence");
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

/* --- Afternoon: things stand in the way ------------------------------------------------------------------------------------- */

static void
test_lockdown_and_not_allowed (void)
{
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "lockdown on", 0);
  expect_word ("Blocked on purpose");
  adit_ax_wait (ax, "push button", "Turn Lockdown Off", SOON_MS);
  shoot ("10-lockdown");

  /* Lowering protection asks for a password, and nobody is there who could be asked. */
  adit_ax_press (ax, "push button", "Turn Lockdown Off");
  adit_ax_wait (ax, "*", "You are not allowed to do that.", SOON_MS);
  shoot ("11-not-allowed");
  adit_ax_press (ax, "push button", "Dismiss");
  adit_ax_gone (ax, "*", "You are not allowed to do that.", SOON_MS);
  expect_word ("Blocked on purpose");
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  expect_word ("Not protected");
}

static void
test_offline (void)
{
  run_in_client ("ip -4 route del default");
  run_in_client ("ip -6 route del default");
  adit_ax_wait (ax, "*", "This computer is offline.", SOON_MS);
  shoot ("12-offline");
  run_in_client ("ip -4 route add default via 10.10.0.1");
  run_in_client ("ip -6 route add default via 2001:db8:10::1");
  adit_ax_gone (ax, "*", "This computer is offline.", SOON_MS);
}

static void
test_no_time_left (void)
{
  adit_world_set_fault (world, "expired");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "account --refresh", 0);
  adit_ax_wait (ax, "*", "Your account has no time left.", SOON_MS);
  shoot ("13-no-time-left");

  /* Whether it can connect is for the service to say. */
  adit_ax_press (ax, "push button", "Connect");
  expect_word ("Blocked on purpose");
  shoot ("14-blocked");
  adit_ax_press (ax, "push button", "Disconnect");
  expect_word ("Not protected");
  adit_world_set_fault (world, "");
  adit_ax_press (ax, "push button", "Look Again");
  adit_ax_gone (ax, "*", "Your account has no time left.", SOON_MS);
}

/* --- Evening: other eyes ---------------------------------------------------------------------------------------------------- */

static void
test_narrow (void)
{
  adit_display_resize (display, 360, 640);
  adit_ax_wait (ax, "*", "Not protected", SOON_MS);
  shoot ("15-narrow");
  adit_ax_key (ax, "ctrl+f");
  adit_ax_wait (ax, "push button", "Back", SOON_MS);
  shoot ("16-narrow-places");
  adit_ax_press (ax, "push button", "Back");
  adit_display_resize (display, 360, 294);
  shoot ("17-smallest");
  adit_display_stop_program (display);
}

static void
test_dark (void)
{
  adit_display_set_variable (display, "ADW_DEBUG_COLOR_SCHEME", "prefer-dark");
  start_window ();
  expect_word ("Not protected");
  adit_ax_press (ax, "push button", "Connect");
  expect_word ("Connected");
  adit_ax_wait (ax, "label", ADIT_LAB_EXIT_ADDRESS, TUNNEL_MS);
  shoot ("18-dark-connected");
  adit_display_stop_program (display);
  adit_display_set_variable (display, "ADW_DEBUG_COLOR_SCHEME", NULL);
}

/* A window that opens while the computer is connected says so at once; and in Arabic everything stands on the other side. */
static void
test_right_to_left (void)
{
  AditAxExtents menu;

  g_free (adit_display_install_catalogue (display, "ar", g_getenv ("ADIT_UI_ARABIC")));
  adit_display_make_locale (display, "ar_EG");
  start_window ();
  expect_word ("متصل");
  menu = adit_ax_get_extents (ax, "*", "القائمة");
  g_assert_cmpint (menu.x, <, WIDTH / 2);
  shoot ("19-arabic");
  adit_display_stop_program (display);
  adit_display_make_locale (display, NULL);
}

/* Signed out on the command line: the window that is open learns it. */
static void
test_signed_out_elsewhere (void)
{
  start_window ();
  expect_word ("Connected");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "logout --disconnect", 0);
  adit_ax_wait (ax, "push button", "Sign In", TUNNEL_MS);
  type_number (ADIT_WORLD_ACCOUNT);
  expect_word ("Not protected");
}

/* What is copied for whoever helps says what runs here, and nothing of who uses it and how. */
static void
expect_facts (void)
{
  static const char *const absent[] = { ADIT_WORLD_ACCOUNT, ADIT_LAB_EXIT_ADDRESS, ADIT_LAB_ROUTER_ADDRESS, "alice", "/home" };
  g_autofree char *facts = NULL;
  struct utsname kernel;

  adit_ax_focus (ax, "*", "Troubleshooting");
  adit_ax_key (ax, "Return");
  adit_ax_focus (ax, "*", "Debugging Information");
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "push button", "~_Copy Text", SOON_MS);
  facts = adit_ax_dup_text (ax, "text", "~");
  g_assert_cmpint (uname (&kernel), ==, 0);
  g_assert_nonnull (strstr (facts, "Adit " ADIT_VERSION));
  g_assert_nonnull (strstr (facts, kernel.release));
  for (gsize i = 0; i < G_N_ELEMENTS (absent); i++)
    g_assert_null (strstr (facts, absent[i]));
  g_assert_null (strstr (facts, kernel.nodename));
  adit_ax_key (ax, "alt+Left");
  adit_ax_key (ax, "alt+Left");
}

static void
test_menu (void)
{
  adit_ax_press (ax, "push button", "Menu");
  shoot ("20-menu");
  adit_ax_press (ax, "menu item", "About Adit");
  adit_ax_wait (ax, "label", ADIT_VERSION, SOON_MS);
  adit_ax_wait (ax, "label", "What’s New", SOON_MS);
  adit_ax_wait (ax, "label", "Troubleshooting", SOON_MS);
  shoot_foreign ("21-about");
  adit_ax_focus (ax, "*", "Legal");
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "label", "embeddable-wg-library", SOON_MS);
  adit_ax_wait (ax, "label", "The map", SOON_MS);
  shoot_foreign ("21-about-legal");
  adit_ax_key (ax, "alt+Left");
  expect_facts ();
  adit_ax_key (ax, "Escape");
  adit_ax_key (ax, "Escape");
  adit_ax_press (ax, "push button", "Menu");
  adit_ax_press (ax, "menu item", "Keyboard Shortcuts");
  adit_ax_wait (ax, "label", "Reconnect", SOON_MS);
  shoot_foreign ("22-shortcuts");
  adit_ax_key (ax, "Escape");
  adit_ax_wait_windows (ax, 1, SOON_MS);
  adit_ax_ask_beyond (ax);
  adit_display_expect_quiet (display);
  adit_ax_wait (ax, "push button", "Menu", SOON_MS);
}

static void
test_sign_out (void)
{
  adit_ax_press (ax, "push button", "Menu");
  adit_ax_press (ax, "menu item", "Sign Out…");
  adit_ax_wait (ax, "label", "Sign out of Mullvad?", SOON_MS);
  shoot ("23-sign-out");
  adit_ax_press (ax, "push button", "~Sign Out");
  adit_ax_wait (ax, "push button", "Sign In", TUNNEL_MS);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

int
main (int argc, char **argv)
{
  const char *missing = adit_display_get_missing ();
  g_autoptr (GError) error = NULL;
  int failed;

  if (missing != NULL)
    {
      g_printerr ("SKIP: %s\n", missing);
      return ADIT_LAB_SKIP;
    }
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = adit_world_new (ADIT_WORLD_POLKIT, &error);
  if (world == NULL)
    g_error ("%s", error->message);
  display = adit_display_new (world, WIDTH, HEIGHT);
  ax = adit_ax_new (display);
  g_test_add_func ("/window/no-helper", test_no_helper);
  g_test_add_func ("/window/sign-in", test_sign_in);
  g_test_add_func ("/window/no-number-left", test_no_number_left);
  g_test_add_func ("/window/search", test_search);
  g_test_add_func ("/window/connect", test_connect);
  g_test_add_func ("/window/stays", test_stays);
  g_test_add_func ("/window/helper-killed", test_helper_killed);
  g_test_add_func ("/window/other-place", test_other_place);
  g_test_add_func ("/window/disconnect", test_disconnect);
  g_test_add_func ("/window/cancel", test_cancel);
  g_test_add_func ("/window/lockdown-and-not-allowed", test_lockdown_and_not_allowed);
  g_test_add_func ("/window/offline", test_offline);
  g_test_add_func ("/window/no-time-left", test_no_time_left);
  g_test_add_func ("/window/narrow", test_narrow);
  g_test_add_func ("/window/dark", test_dark);
  g_test_add_func ("/window/right-to-left", test_right_to_left);
  g_test_add_func ("/window/signed-out-elsewhere", test_signed_out_elsewhere);
  g_test_add_func ("/window/menu", test_menu);
  g_test_add_func ("/window/sign-out", test_sign_out);
  failed = g_test_run ();
  adit_ax_free (ax);
  adit_display_free (display);
  adit_world_free (world);
  return failed;
}
