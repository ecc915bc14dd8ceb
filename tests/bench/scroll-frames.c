/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scroll-frames.c: our page of places with ten thousand servers, which is thrown down for some seconds and in which a word is
 * typed letter by letter then; prints what its frames took. */
#include "tests/bench/frames.h"

#include <string.h>

#include "tests/unit/many-servers.h"
#include "ui/mirror-private.h"
#include "ui/places-page.h"

#define WIDTH     360    /* as the page is in a window of the usual size */
#define HEIGHT    800
#define N_SERVERS 10000
#define STEPS     300    /* frames */
#define STEP      120    /* pixels in each: 7,200 a second, which is a strong throw */
#define WORD      "wg-0999"
#define LETTER_MS 200    /* a search entry waits 150 ms for the next letter */

static gpointer
get_part (gpointer page, const char *name)
{
  return gtk_widget_get_template_child (page, ADIT_TYPE_PLACES_PAGE, name);
}

static gboolean
on_type (gpointer entry)
{
  static gsize n_letters;
  g_autofree char *typed = NULL;

  if (n_letters > strlen (WORD))
    {
      bench_frames_print ();
      g_application_quit (g_application_get_default ());
      return G_SOURCE_REMOVE;
    }
  typed = g_strndup (WORD, n_letters++);
  gtk_editable_set_text (GTK_EDITABLE (entry), typed);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_scroll (GtkWidget *view, GdkFrameClock *clock, gpointer entry)
{
  static guint n_steps;
  GtkAdjustment *at = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));

  if (n_steps++ == STEPS)
    {
      g_timeout_add (LETTER_MS, on_type, entry);
      return G_SOURCE_REMOVE;
    }
  gtk_adjustment_set_value (at, gtk_adjustment_get_value (at) + STEP);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_found (gpointer page)
{
  GtkWidget *view = get_part (page, "view"), *entry = get_part (page, "search");
  GtkSelectionModel *rows = gtk_list_view_get_model (GTK_LIST_VIEW (view));

  if (rows == NULL || g_list_model_get_n_items (G_LIST_MODEL (rows)) < N_SERVERS)
    return G_SOURCE_CONTINUE;
  bench_frames_watch (page);
  gtk_widget_add_tick_callback (view, on_scroll, entry, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_activate (GApplication *application, gpointer user_data)
{
  g_autoptr (AditMirror) mirror = adit_mirror_new ();
  AditPlacesPage *page = g_object_new (ADIT_TYPE_PLACES_PAGE, NULL);
  GtkWidget *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", application, "default-width", WIDTH,
                                    "default-height", HEIGHT, "content", page, NULL);

  adit_places_page_set_mirror (page, mirror);
  adit_mirror_take_list (mirror, many_servers_new (N_SERVERS), NULL);
  gtk_window_present (GTK_WINDOW (window));
  gtk_editable_set_text (GTK_EDITABLE (get_part (page, "search")), "wg");    /* each of them, in one list */
  g_timeout_add (100, on_found, page);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.aditvpn.Frames", G_APPLICATION_DEFAULT_FLAGS);

  g_object_set (application, "resource-base-path", "/org/aditvpn/Adit", NULL);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
