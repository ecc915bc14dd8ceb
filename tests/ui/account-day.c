/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-day.c: Alice's window, her browser, and four services. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <string.h>
#include <unistd.h>

#define SETTLE_MS 400
#define HOME      "/run/adit-display/home"
#define PAGES     HOME "/pages"

AditWorld *world;
AditDisplay *display;
AditAx *ax;

static void
write_as_alice (const char *path, const char *text)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  while (g_str_has_prefix (folder, HOME "/"))    /* her programs make more beside it */
    {
      char *above = g_path_get_dirname (folder);

      g_assert_cmpint (chown (folder, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ALICE_UID), ==, 0);
      g_free (folder);
      folder = above;
    }
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (chown (path, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ALICE_UID), ==, 0);
}

/* What opens https is what her desktop says. */
static void
install_browser (void)
{
  g_autofree char *entry = g_strdup_printf ("[Desktop Entry]\nType=Application\nName=Browser\nExec=%s %%u\nNoDisplay=true\n"
                                            "MimeType=x-scheme-handler/https;\n", g_getenv ("ADIT_UI_BROWSER"));

  write_as_alice (HOME "/.local/share/applications/lab-browser.desktop", entry);
  write_as_alice (HOME "/.config/mimeapps.list", "[Default Applications]\nx-scheme-handler/https=lab-browser.desktop\n");
}

/**
 * account_day_begin:
 * @argc: of main()
 * @argv: of main()
 *
 * account_day_begin_in() the usual world, before the usual screen.
 *
 * Returns: 0, or what the test ends with
 */
int
account_day_begin (int *argc, char ***argv)
{
  return account_day_begin_in (argc, argv, ADIT_WORLD_POLKIT, ACCOUNT_DAY_WIDTH, ACCOUNT_DAY_HEIGHT);
}

/**
 * account_day_begin_in:
 * @argc: of main()
 * @argv: of main()
 * @flags: what the world has
 * @width: of the screen, in pixels
 * @height: of the screen
 *
 * Makes the world, with all services and a helper, and a display without a window.
 *
 * Returns: 0, or what the test ends with
 */
int
account_day_begin_in (int *argc, char ***argv, AditWorldFlags flags, guint width, guint height)
{
  const char *missing = adit_display_get_missing ();
  g_autoptr (GError) error = NULL;

  if (missing != NULL || g_getenv ("ADIT_UI_BROWSER") == NULL)
    {
      g_printerr ("SKIP: %s\n", missing != NULL ? missing : "ADIT_UI_BROWSER names no program");
      return ADIT_LAB_SKIP;
    }
  adit_world_enter ();
  g_test_init (argc, argv, NULL);
  world = adit_world_new (flags, &error);
  if (world == NULL || !adit_world_add_services (world, &error))
    g_error ("%s", error->message);
  g_assert_cmpint (g_mkdir_with_parents ("/etc/polkit-1/rules.d", 0755), ==, 0);
  adit_world_expect_helper (world);
  display = adit_display_new (world, width, height);
  install_browser ();
  ax = adit_ax_new (display);
  return 0;
}

/**
 * account_day_run:
 *
 * Runs the cases and takes the world apart.
 *
 * Returns: what the test ends with
 */
int
account_day_run (void)
{
  int failed = g_test_run ();

  if (failed != 0)
    adit_world_print_log (world);
  adit_ax_free (ax);
  adit_display_free (display);
  adit_world_free (world);
  return failed;
}

/**
 * account_day_start:
 *
 * Opens the window.
 */
void
account_day_start (void)
{
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), NULL };

  adit_display_start_program (display, argv);
  adit_ax_wait (ax, "push button", "Menu", SOON_MS);
}

/**
 * account_day_shoot:
 * @name: of the picture
 *
 * Takes a picture for the gallery, and looks whether all that can be acted upon has a name.
 */
void
account_day_shoot (const char *name)
{
  g_usleep (SETTLE_MS * 1000);
  g_assert_cmpuint (adit_display_shoot (display, name), >, 50);
  adit_display_expect_quiet (display);
  adit_ax_expect_labelled (ax);
}

/**
 * account_day_choose:
 * @service: its place among the services
 *
 * Chooses it in the form, by the keyboard.
 */
void
account_day_choose (guint service)
{
  account_day_pick ("Service", service);
}

/**
 * account_day_pick:
 * @row: the title of a row with a choice
 * @which: its place among what can be chosen
 *
 * Chooses it, by the keyboard.
 */
void
account_day_pick (const char *row, guint which)
{
  adit_ax_focus (ax, "*", row);
  adit_ax_key (ax, "space");
  adit_ax_key (ax, "Home");
  for (guint i = 0; i < which; i++)
    adit_ax_key (ax, "Down");
  adit_ax_key (ax, "Return");
}

/**
 * account_day_type:
 * @title: of a field
 * @text: what it holds afterwards
 */
void
account_day_type (const char *title, const char *text)
{
  adit_ax_type (ax, "*", title, text);
}

/**
 * account_day_sign_in:
 * @service: its place among the services
 * @title: what it calls a number
 * @number: one
 *
 * Fills in the form and presses its button.
 */
void
account_day_sign_in (guint service, const char *title, const char *number)
{
  account_day_choose (service);
  adit_ax_wait (ax, "*", title, SOON_MS);
  account_day_type (title, number);
  adit_ax_press (ax, "push button", "Sign In");
}

/**
 * account_day_open:
 *
 * Opens the page with the accounts.
 */
void
account_day_open (void)
{
  adit_ax_press (ax, "push button", "Menu");
  adit_ax_press (ax, "menu item", "Accounts");
  adit_ax_wait (ax, "*", "Add an Account…", SOON_MS);
}

/**
 * account_day_dup_pages:
 *
 * Returns: (transfer full): where the browser was sent, one a line
 */
char *
account_day_dup_pages (void)
{
  char *text = NULL;

  return g_file_get_contents (PAGES, &text, NULL, NULL) ? text : g_strdup ("");
}

/**
 * account_day_expect:
 * @line: for the command line, as Alice
 * @wanted: what it says, soon; with ~ before it what is in that
 */
void
account_day_expect (const char *line, const char *wanted)
{
  gint64 end_us = g_get_monotonic_time () + SOON_MS * G_TIME_SPAN_MILLISECOND;

  for (;;)
    {
      g_autoptr (AditLabResult) result = adit_world_adit (world, ADIT_WORLD_ALICE_UID, NULL, line);

      if (wanted[0] == '~' ? strstr (result->out, wanted + 1) != NULL : g_str_equal (result->out, wanted))
        return;
      if (g_get_monotonic_time () > end_us)
        g_error ("%s: %s, not %s", line, result->out, wanted);
      g_usleep (50000);
    }
}
