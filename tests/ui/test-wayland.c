/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-wayland.c: the main job under a Wayland compositor, which no screen is behind: weston draws into memory.  There is no
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

static void
test_main_job (void)
{
  start_weston ();
  account_day_start ();
  adit_ax_wait (ax, "push button", "Sign In", SOON_MS);
  account_day_type ("Account number", KNOWN_MULLVAD_ACCOUNT);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "push button", "Connect", SERVICE_MS);
  adit_ax_listen (ax);
  adit_ax_press (ax, "push button", "Connect");
  adit_ax_heard (ax, "Connected", TUNNEL_MS);
  adit_ax_wait (ax, "label", ADIT_LAB_EXIT_ADDRESS, TUNNEL_MS);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  shoot ("wayland-connected");

  /* A second window before the first one. */
  adit_ax_press (ax, "push button", "Names: in the tunnel");
  adit_ax_wait (ax, "label", "In use now", SOON_MS);
  shoot ("wayland-settings");
  adit_ax_press (ax, "push button", "Close");
  adit_ax_gone (ax, "label", "In use now", SOON_MS);
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
  g_test_add_func ("/wayland/main-job", test_main_job);
  return account_day_run ();
}
