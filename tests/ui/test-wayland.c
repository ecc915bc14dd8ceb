/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-wayland.c: a day under a Wayland compositor, which no screen is behind: weston draws into memory.  There is no
 * keyboard either, so that everything is done as an assistive program does it. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "tests/simulator/known.h"

#define RUNTIME  "/run/user/61011"
#define SOCKET   "adit-wayland"
#define PICTURES "/run/adit-display/tmp"
#define SETTLE_MS 500

static GSubprocess *weston;

static const char *
find_missing (void)
{
  static const char *const programs[] = { "weston", "weston-screenshooter" };

  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = g_find_program_in_path (programs[i]);

      if (path == NULL)
        return programs[i];
    }
  return NULL;
}

static void
start_weston (void)
{
  static const char *const argv[] = { "weston", "--backend=headless-backend.so", "--use-pixman", "--no-config", "--idle-time=0",
                                      "--debug", "--socket=" SOCKET, "--width=1100", "--height=860",
                                      "--log=" PICTURES "/weston.log", NULL };

  weston = adit_display_spawn (display, argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  for (guint i = 0; access (RUNTIME "/" SOCKET, F_OK) != 0; i++)
    {
      if (i > SOON_MS / 10)
        g_error ("weston did not come up");
      g_usleep (10000);
    }
  adit_display_set_variable (display, "WAYLAND_DISPLAY", SOCKET);
  adit_display_set_variable (display, "GDK_BACKEND", "wayland");
  adit_display_set_variable (display, "XDG_SESSION_TYPE", "wayland");
  adit_display_set_variable (display, "DISPLAY", NULL);
}

/* --debug lets it look; it names the picture by the time. */
static void
shoot (const char *name)
{
  static const char *const argv[] = { "env", "-C", PICTURES, "weston-screenshooter", NULL };
  g_autofree char *file = g_strdup_printf ("%s.png", name);
  g_autofree char *target = g_build_filename (g_getenv ("ADIT_GALLERY"), file, NULL);
  g_autoptr (AditLabResult) result = NULL;
  g_autoptr (GDir) entries = NULL;
  gboolean is_there = FALSE;
  const char *entry;

  g_usleep (SETTLE_MS * 1000);
  result = adit_display_run (display, argv);
  if (result->status != 0)
    g_error ("weston-screenshooter: %s", result->err);
  entries = g_dir_open (PICTURES, 0, NULL);
  while ((entry = g_dir_read_name (entries)) != NULL)
    if (g_str_has_suffix (entry, ".png"))
      {
        g_autofree char *path = g_build_filename (PICTURES, entry, NULL), *bytes = NULL;
        gsize length;

        is_there = g_file_get_contents (path, &bytes, &length, NULL) &&
                   g_file_set_contents (target, bytes, (gssize) length, NULL);
        (void) g_unlink (path);
      }
  g_assert_true (is_there);
}

/* --- The day --------------------------------------------------------------------------------------------------------------- */

static void
test_first_start (void)
{
  start_weston ();
  account_day_start ();
  adit_ax_wait (ax, "push button", "Create an Account", SOON_MS);
  account_day_type ("Account number", KNOWN_MULLVAD_ACCOUNT);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "push button", "Connect", SERVICE_MS);
}

static void
test_connected (void)
{
  adit_ax_listen (ax);
  adit_ax_press (ax, "push button", "Connect");
  adit_ax_heard (ax, "Connected", TUNNEL_MS);
  adit_ax_wait (ax, "label", ADIT_LAB_EXIT_ADDRESS, TUNNEL_MS);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  shoot ("wayland-connected");
}

static void
test_places (void)
{
  account_day_type ("Search places", "goteborg");
  adit_ax_gone (ax, "label", "USA", SOON_MS);
  adit_ax_press (ax, "push button", "Favourite: Gothenburg");
  account_day_expect ("favourite", "  mullvad/se/got\n");
  account_day_type ("Search places", "");
  adit_ax_wait (ax, "label", "Favourites", SOON_MS);
  adit_ax_wait (ax, "label", "USA", SOON_MS);
}

/* A second window before the first one. */
static void
test_settings (void)
{
  adit_ax_press (ax, "push button", "Names: in the tunnel");
  adit_ax_wait (ax, "label", "In use now", SOON_MS);
  adit_ax_press (ax, "push button", "Test for leaks");
  adit_ax_wait (ax, "push button", "Test for leaks", SERVICE_MS);
  shoot ("wayland-settings");
  adit_ax_press (ax, "*", "Protection");
  adit_ax_press (ax, "check box", "Lockdown");
  account_day_expect ("settings get lockdown", "on\n");
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  adit_ax_wait_is (ax, "check box", "Lockdown", "checked", FALSE, SOON_MS);
  adit_ax_press (ax, "push button", "Close");
  adit_ax_gone (ax, "check box", "Lockdown", SOON_MS);
}

/* By what the window offers to those who do not see its menu, which does not open where there is no pointer. */
static void
test_accounts (void)
{
  adit_ax_act (ax, "frame", "Adit", "win.show-accounts");
  adit_ax_wait (ax, "label", "~days left · Until ", SERVICE_MS);
  adit_ax_act (ax, "frame", "Adit", "win.add-account");
  adit_ax_wait (ax, "*", "Service", SOON_MS);
  shoot ("wayland-add-account");
  adit_ax_act (ax, "frame", "Adit", "win.show-home");    /* a step at a time */
  adit_ax_wait (ax, "*", "Add an Account…", SOON_MS);
  adit_ax_act (ax, "frame", "Adit", "win.show-home");
  adit_ax_wait (ax, "push button", "Disconnect", SOON_MS);
}

static void
test_diagnosis (void)
{
  adit_ax_act (ax, "frame", "Adit", "win.show-diagnosis");
  adit_ax_wait (ax, "label", "Nothing is known to be wrong.", SERVICE_MS);
  shoot ("wayland-diagnosis");
  adit_ax_act (ax, "frame", "Adit", "win.show-home");
  adit_ax_wait (ax, "push button", "Disconnect", SOON_MS);
}

static void
test_disconnected (void)
{
  adit_ax_press (ax, "push button", "Disconnect");
  adit_ax_heard (ax, "Not protected", SERVICE_MS);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  adit_ax_expect_labelled (ax);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
  g_subprocess_force_exit (weston);
  g_subprocess_wait (weston, NULL, NULL);
  g_clear_object (&weston);
}

int
main (int argc, char **argv)
{
  const char *missing = find_missing ();
  int ended;

  if (missing != NULL)
    {
      g_printerr ("SKIP: there is no %s\n", missing);
      return ADIT_LAB_SKIP;
    }
  ended = account_day_begin (&argc, &argv);
  if (ended != 0)
    return ended;
  g_test_add_func ("/wayland/first-start", test_first_start);
  g_test_add_func ("/wayland/connected", test_connected);
  g_test_add_func ("/wayland/places", test_places);
  g_test_add_func ("/wayland/settings", test_settings);
  g_test_add_func ("/wayland/accounts", test_accounts);
  g_test_add_func ("/wayland/diagnosis", test_diagnosis);
  g_test_add_func ("/wayland/disconnected", test_disconnected);
  return account_day_run ();
}
