/* SPDX-License-Identifier: GPL-2.0-or-later */
/* texts.c: asks inside.c, which is in the window, and measures in the picture what it says is there. */
#include "config.h"
#include "tests/ui/texts.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/ui/display-private.h"
#include "tests/ui/picture.h"

#define REPORT    "/run/adit-display/tmp/inside"
#define WINDOWS   REPORT ".asked"
#define ANSWER_MS 20000
#define RESIZE_MS 10000
/* WCAG 2.1, success criterion 1.4.3: letters from 18 points on, or from 14 in bold, at 96 dots an inch. */
#define LARGE_PX      24
#define LARGE_BOLD_PX 18
#define BOLD          700
#define LARGE_RATIO   3.0
#define LEAST_LETTERS 2    /* a comma has too few pixels to tell its colour */

/* As libadwaita and GTK under Wayland read them without a portal, and as X has them. */
#define HOME     "/run/adit-display/home"
#define DESKTOP  HOME "/.config/glib-2.0/settings/keyfile"
#define SETTINGS HOME "/.xsettingsd"
#define DPI      96

static const AditStyle usual = { FALSE, FALSE, 1, FALSE };
static GSubprocess *settings;    /* gives them to all windows on the screen */

typedef struct
{
  int  x, y, width, height, size_px, weight, sensitive, whole, sideways, cut;
  long n_letters;
  char kind[8], type[64];
  const char *text;
} Thing;

/* What there is instead of an answer. */
static void
fail_without_answer (AditDisplay *display)
{
  const char *state = g_subprocess_get_identifier (display->program) != NULL ? "runs" : "has ended";
  g_autofree char *windows = NULL, *output = adit_display_dup_output (display);

  (void) g_file_get_contents (WINDOWS, &windows, NULL, NULL);
  (void) adit_display_shoot (display, "failure");
  g_error ("the window does not say what it draws; the program %s\n--- its windows when it was asked ---\n%s"
           "--- what it has printed ---\n%s---", state, windows != NULL ? windows : "  it has not heard that it is asked\n",
           output);
}

static char *
ask (AditDisplay *display)
{
  gint64 end_us = g_get_monotonic_time () + ANSWER_MS * G_TIME_SPAN_MILLISECOND;
  char *report = NULL;

  (void) unlink (REPORT);
  (void) unlink (WINDOWS);
  g_subprocess_send_signal (display->program, SIGUSR1);
  while (!g_file_get_contents (REPORT, &report, NULL, NULL))
    {
      if (g_get_monotonic_time () > end_us)
        fail_without_answer (display);
      g_usleep (5000);
    }
  return report;
}

static void
write_as_alice (const char *path, const char *text)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (seteuid (ADIT_WORLD_ALICE_UID), ==, 0);
  if (g_mkdir_with_parents (folder, 0700) != 0 || !g_file_set_contents (path, text, -1, &error))
    g_error ("%s: %s", path, error != NULL ? error->message : "no folder");
  g_assert_cmpint (seteuid (0), ==, 0);
}

static void
write_settings (const AditStyle *style)
{
  g_autofree char *desktop = g_strdup_printf ("[org/gnome/desktop/interface]\ncolor-scheme='%s'\nenable-animations=%s\n"
                                              "text-scaling-factor=%u.0\n[org/gnome/desktop/a11y/interface]\nhigh-contrast=%s\n",
                                              style->is_dark ? "prefer-dark" : "default", style->moves ? "true" : "false",
                                              style->text_scale, style->is_contrast ? "true" : "false");
  g_autofree char *screen = g_strdup_printf ("Xft/DPI %u\nGtk/EnableAnimations %d\n", style->text_scale * DPI * 1024,
                                             style->moves);

  write_as_alice (DESKTOP, desktop);
  write_as_alice (SETTINGS, screen);
}

/**
 * adit_texts_prepare:
 * @display: a display
 *
 * Programs started from now on can be asked, and follow adit_texts_set_style().
 */
void
adit_texts_prepare (AditDisplay *display)
{
  const char *const argv[] = { "xsettingsd", "-c", SETTINGS, NULL };

  adit_display_set_variable (display, "LD_PRELOAD", g_getenv ("ADIT_UI_INSIDE"));
  adit_display_set_variable (display, "ADIT_INSIDE", REPORT);
  adit_display_set_variable (display, "GSETTINGS_BACKEND", "keyfile");
  write_settings (&usual);
  settings = adit_display_spawn (display, argv, G_SUBPROCESS_FLAGS_STDERR_SILENCE);
}

static gboolean
read_thing (const char *line, Thing *thing)
{
  int end = 0;

  if (sscanf (line, "%7s %d %d %d %d %d %d %d %d %d %d %63s%n", thing->kind, &thing->x, &thing->y, &thing->width, &thing->height,
              &thing->size_px, &thing->weight, &thing->sensitive, &thing->whole, &thing->sideways, &thing->cut, thing->type,
              &end) != 12)
    return FALSE;
  thing->text = line[end] == '\t' ? line + end + 1 : "";
  thing->n_letters = g_utf8_strlen (thing->text, -1);
  return TRUE;
}

/**
 * adit_texts_set_style:
 * @display: a display with a program that was started after adit_texts_prepare()
 * @style: what its owner sets
 *
 * As in the desktop's settings, while the program runs; it has followed when this returns.
 */
void
adit_texts_set_style (AditDisplay *display, const AditStyle *style)
{
  g_autofree char *wanted = g_strdup_printf ("%d %d %u %d ", style->is_dark, style->is_contrast, style->text_scale * DPI,
                                             style->moves);
  gint64 end_us = g_get_monotonic_time () + ANSWER_MS * G_TIME_SPAN_MILLISECOND;

  write_settings (style);
  g_subprocess_send_signal (settings, SIGHUP);
  for (;;)
    {
      g_autofree char *report = ask (display);

      if (g_str_has_prefix (report, wanted))
        return;
      if (g_get_monotonic_time () > end_us)
        g_error ("the window has not become %s but %.12s", wanted, report);
      g_usleep (20000);
    }
}

/**
 * adit_texts_wait_width:
 * @display: a display with a program that was started after adit_texts_prepare()
 * @least: of its window, in pixels
 * @most: of its window
 *
 * Waits until the window has been resized.
 *
 * Returns: whether it has; it may want more than it is given
 */
gboolean
adit_texts_wait_width (AditDisplay *display, int least, int most)
{
  gint64 end_us = g_get_monotonic_time () + RESIZE_MS * G_TIME_SPAN_MILLISECOND;

  for (;;)
    {
      g_autofree char *report = ask (display);
      int width = 0;

      if (sscanf (report, "%*d %*d %*d %*d %d", &width) == 1 && width >= least && width <= most)
        return TRUE;
      if (g_get_monotonic_time () > end_us)
        return FALSE;
      g_usleep (20000);
    }
}

/**
 * adit_texts_wait_menu:
 * @display: a display with a program that was started after adit_texts_prepare()
 * @is_open: what is waited for
 *
 * Waits until a menu, or a list of choices, is open, or none is.
 */
void
adit_texts_wait_menu (AditDisplay *display, gboolean is_open)
{
  gint64 end_us = g_get_monotonic_time () + ANSWER_MS * G_TIME_SPAN_MILLISECOND;

  for (;;)
    {
      g_autofree char *report = ask (display);
      int is = -1;

      if (sscanf (report, "%*d %*d %*d %*d %*d %d", &is) == 1 && is == is_open)
        return;
      if (g_get_monotonic_time () > end_us)
        g_error ("%s menu is open", is_open ? "no" : "a");
      g_usleep (20000);
    }
}

/* What cannot be used may be pale: success criterion 1.4.3 leaves it out. */
static void
measure (const Thing *thing, AditPicture *picture, double least_ratio, GString *faults)
{
  gboolean is_large = thing->size_px >= LARGE_PX || (thing->size_px >= LARGE_BOLD_PX && thing->weight >= BOLD);
  double least = is_large && least_ratio < 7 ? LARGE_RATIO : least_ratio, ratio;

  if (!thing->sensitive || !thing->whole || least_ratio == 0 || thing->n_letters < LEAST_LETTERS)
    return;
  ratio = adit_picture_measure_contrast (picture, thing->x, thing->y, thing->width, thing->height);
  if (ratio < least)
    g_string_append_printf (faults, "\n  %.2f to 1 instead of %.1f: \"%s\" (%d pixels, at %d, %d)", ratio, least, thing->text,
                            thing->size_px, thing->x, thing->y);
}

/**
 * adit_texts_dup_faults:
 * @display: a display with a program that was started after adit_texts_prepare()
 * @picture: the file with a picture of it
 * @least_ratio: by how much usual letters have to stand out; 0 to not measure it
 *
 * Looks at the window that came last.
 *
 * Returns: (transfer full): what cannot be read, a line each; "" for nothing
 */
char *
adit_texts_dup_faults (AditDisplay *display, const char *picture, double least_ratio)
{
  g_autofree char *report = ask (display);
  g_auto (GStrv) lines = g_strsplit (report, "\n", -1);
  g_autoptr (AditPicture) pixels = adit_picture_read (picture);
  GString *faults = g_string_new (NULL);
  guint n_texts = 0;

  for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      Thing thing;

      if (!read_thing (lines[i], &thing))
        g_error ("not understood: %s", lines[i]);
      if (thing.sideways)
        g_string_append_printf (faults, "\n  beyond the edge: %s \"%s\" (at %d, %d, %d wide)", thing.type, thing.text, thing.x,
                                thing.y, thing.width);
      if (!g_str_equal (thing.kind, "text"))
        continue;
      n_texts++;
      if (thing.cut)
        g_string_append_printf (faults, "\n  cut short: \"%s\" (at %d, %d, %d wide)", thing.text, thing.x, thing.y, thing.width);
      measure (&thing, pixels, least_ratio, faults);
    }
  if (n_texts == 0)
    g_string_append (faults, "\n  no text at all");
  return g_string_free (faults, FALSE);
}
