/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-harness.c: that what the tests of the window rely on works, and that it finds what it is there to find. */
#include "config.h"
#include "tests/ui/ax.h"

#include <string.h>

#define WAIT_MS 10000    /* a window is there in half a second here; the rest is for a busy machine */

static AditWorld *world;
static AditDisplay *display;
static AditAx *ax;

static void
start_sample (const char *fault)
{
  const char *const argv[] = { g_getenv ("ADIT_UI_SAMPLE"), fault, NULL };

  adit_display_start_program (display, argv);
  adit_ax_wait (ax, "push button", "Greet", WAIT_MS);
}

/* A driver that ended by a fault of what it stands on is started again, and asked again. */
static void
test_driver_ends (void)
{
  start_sample (NULL);
  adit_ax_break (ax);
  adit_ax_wait (ax, "push button", "Greet", WAIT_MS);
  g_assert_false (adit_ax_has (ax, "label", "Hello Alice"));
  adit_display_stop_program (display);
}

static void
test_press_and_type (void)
{
  g_autofree char *name = NULL, *text = NULL, *tree = NULL;

  start_sample (NULL);
  g_assert_true (adit_ax_has (ax, "label", "Nobody"));
  adit_ax_type (ax, "text", "Who", "Alice");
  text = adit_ax_dup_text (ax, "text", "Who");
  g_assert_cmpstr (text, ==, "Alice");
  adit_ax_press (ax, "push button", "Greet");
  adit_ax_wait (ax, "label", "Hello Alice", WAIT_MS);
  adit_ax_gone (ax, "label", "Nobody", WAIT_MS);
  adit_ax_wait (ax, "*", "~ello Al", 0);
  name = adit_ax_dup_name (ax, "label", "Hello");
  g_assert_cmpstr (name, ==, "Hello Alice");
  tree = adit_ax_dup_tree (ax);
  g_assert_nonnull (strstr (tree, "'Hello Alice'"));
  adit_display_expect_quiet (display);
}

static void
test_states (void)
{
  AditAxExtents extents;

  start_sample (NULL);
  g_assert_false (adit_ax_has (ax, "push button", "Nothing of the kind"));
  g_assert_false (adit_ax_is (ax, "push button", "Stop", "sensitive"));
  g_assert_true (adit_ax_is (ax, "push button", "Greet", "sensitive"));
  g_assert_cmpuint (adit_ax_count (ax, "check box"), ==, 1);
  g_assert_false (adit_ax_is (ax, "check box", "Loudly", "checked"));
  adit_ax_press (ax, "check box", "Loudly");
  for (guint i = 0; i < WAIT_MS / 50 && !adit_ax_is (ax, "check box", "Loudly", "checked"); i++)
    g_usleep (50000);
  g_assert_true (adit_ax_is (ax, "check box", "Loudly", "checked"));
  extents = adit_ax_get_extents (ax, "push button", "Greet");
  g_assert_cmpint (extents.width, >, 20);
  g_assert_cmpint (extents.height, >, 20);
}

/* GTK tells of pages that are behind another one as if they were shown. */
static void
test_hidden (void)
{
  start_sample (NULL);
  g_assert_true (adit_ax_has (ax, "label", "The front"));
  g_assert_false (adit_ax_has (ax, "label", "The back"));
  adit_ax_key (ax, "ctrl+t");
  adit_ax_wait (ax, "label", "The back", WAIT_MS);
  adit_ax_gone (ax, "label", "The front", WAIT_MS);
}

static void
test_keys (void)
{
  start_sample (NULL);
  adit_ax_key (ax, "ctrl+r");
  adit_ax_wait (ax, "label", "Left to right", WAIT_MS);
  adit_ax_focus (ax, "push button", "Greet");
  adit_ax_key (ax, "space");
  adit_ax_wait (ax, "label", "Hello ", WAIT_MS);
  g_assert_false (adit_display_wait_ended (display, 100));
  adit_ax_key (ax, "ctrl+w");
  g_assert_true (adit_display_wait_ended (display, WAIT_MS));
}

static void
test_picture (void)
{
  guint n_empty, n_full;

  adit_display_stop_program (display);
  n_empty = adit_display_shoot (display, "harness-empty");
  start_sample (NULL);
  n_full = adit_display_shoot (display, "harness");
  g_assert_cmpuint (n_empty, ==, 1);
  g_assert_cmpuint (n_full, >, 50);
}

static void
test_resize (void)
{
  int width_before, width_after = 0;

  start_sample (NULL);
  width_before = adit_ax_get_extents (ax, "push button", "Greet").width;
  adit_display_resize (display, 800, 500);
  for (guint i = 0; i < WAIT_MS / 50 && width_after <= width_before; i++)
    width_after = adit_ax_get_extents (ax, "push button", "Greet").width;
  g_assert_cmpint (width_after, >, width_before);
}

static void
test_unlabelled (void)
{
  g_autofree char *without = NULL, *with = NULL;

  start_sample (NULL);
  without = adit_ax_dup_unlabelled (ax);
  g_assert_cmpstr (without, ==, "");
  start_sample ("unlabelled");
  with = adit_ax_dup_unlabelled (ax);
  if (!g_str_has_prefix (with, "push button "))
    g_error ("found \"%s\"", with);
}

static void
test_warning (void)
{
  g_autofree char *before = NULL, *after = NULL;

  start_sample ("warning");
  before = adit_display_find_warning (display);
  g_assert_null (before);
  adit_ax_press (ax, "push button", "Greet");
  adit_ax_wait (ax, "label", "Hello ", WAIT_MS);
  for (guint i = 0; i < WAIT_MS / 50 && after == NULL; i++)
    {
      after = adit_display_find_warning (display);
      g_usleep (50000);
    }
  g_assert_nonnull (after);
  g_assert_nonnull (strstr (after, "Gtk-WARNING"));
}

static void
test_locale (void)
{
  int x_before, x_after;

  start_sample (NULL);
  x_before = adit_ax_get_extents (ax, "push button", "Stop").x;
  adit_display_make_locale (display, "ar_EG");
  start_sample (NULL);
  adit_ax_key (ax, "ctrl+r");
  adit_ax_wait (ax, "label", "Right to left", WAIT_MS);
  x_after = adit_ax_get_extents (ax, "push button", "Stop").x;
  g_assert_cmpint (x_after, <, x_before);
  adit_display_make_locale (display, NULL);
  start_sample (NULL);
  adit_ax_key (ax, "ctrl+r");
  adit_ax_wait (ax, "label", "Left to right", WAIT_MS);
}

/* As narrow as a telephone; the bus and accessibility are new as well. */
static void
test_another_screen (void)
{
  g_autoptr (AditLabResult) result = NULL;
  const char *const argv[] = { "xdotool", "getdisplaygeometry", NULL };

  adit_ax_free (ax);
  adit_display_free (display);
  display = adit_display_new (world, 360, 640);
  ax = adit_ax_new (display);
  result = adit_display_run (display, argv);
  g_assert_true (g_str_has_suffix (result->out, " 640\n"));
  start_sample (NULL);
  adit_ax_press (ax, "push button", "Greet");
  adit_ax_wait (ax, "label", "Hello ", WAIT_MS);
  g_assert_cmpuint (adit_display_shoot (display, "harness-narrow"), >, 50);
}

/* Who she is to the helper: polkit lets an active person do what it does not let anybody do. */
static void
test_session (void)
{
  const char *const argv[] = { g_getenv ("ADIT_PROGRAM"), "disconnect", NULL };
  g_autoptr (AditLabResult) result = NULL;

  adit_world_expect_helper (world);
  adit_world_expect (world, ADIT_WORLD_BOB_UID, NULL, "disconnect", 5);
  result = adit_display_run (display, argv);
  g_assert_cmpstr (result->err, ==, "");
  g_assert_cmpint (result->status, ==, 0);
}

int
main (int argc, char **argv)
{
  const char *missing = adit_display_get_missing ();
  g_autoptr (GError) error = NULL;
  int failed;

  if (missing != NULL)
    {
      g_printerr ("SKIP: there is no %s\n", missing);
      return ADIT_LAB_SKIP;
    }
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = adit_world_new (ADIT_WORLD_POLKIT, &error);
  if (world == NULL)
    g_error ("%s", error->message);
  display = adit_display_new (world, 1000, 700);
  ax = adit_ax_new (display);
  g_test_add_func ("/harness/press-and-type", test_press_and_type);
  g_test_add_func ("/harness/driver-ends", test_driver_ends);
  g_test_add_func ("/harness/states", test_states);
  g_test_add_func ("/harness/hidden", test_hidden);
  g_test_add_func ("/harness/keys", test_keys);
  g_test_add_func ("/harness/picture", test_picture);
  g_test_add_func ("/harness/resize", test_resize);
  g_test_add_func ("/harness/unlabelled", test_unlabelled);
  g_test_add_func ("/harness/warning", test_warning);
  g_test_add_func ("/harness/locale", test_locale);
  g_test_add_func ("/harness/session", test_session);
  g_test_add_func ("/harness/another-screen", test_another_screen);
  failed = g_test_run ();
  adit_ax_free (ax);
  adit_display_free (display);
  adit_world_free (world);
  return failed;
}
