/* SPDX-License-Identifier: GPL-2.0-or-later */
/* map-frames.c: our window, in which one place after the other is chosen, so that the map travels; prints what its
 * frames took. */
#include "tests/bench/frames.h"

#include "ui/window.h"

#define WIDTH   1280
#define HEIGHT  800
#define MOVES   8
#define MOVE_MS 1200    /* longer than the map travels */

static AditMirror *mirror;
static guint n_moves;

static gboolean
on_move (gpointer user_data)
{
  AditServerList *list = adit_mirror_get_list (mirror);
  AditServerListCountry country;
  AditServerListCity city;
  AditPlace place = { 0 };

  if (n_moves == 0)
    bench_frames_watch (gtk_application_get_windows (user_data)->data);
  if (n_moves == MOVES)
    {
      bench_frames_print ();
      g_application_quit (user_data);
      return G_SOURCE_REMOVE;
    }
  adit_server_list_get_city (list, n_moves++ % adit_server_list_get_n_cities (list), &city);
  adit_server_list_get_country (list, city.country, &country);
  g_assert_true (adit_place_set (&place, country.code, city.code, ""));
  adit_mirror_set_place (mirror, &place);
  return G_SOURCE_CONTINUE;
}

static void
on_list (AditMirror *self, GApplication *application)
{
  g_signal_handlers_disconnect_by_func (self, on_list, application);
  g_timeout_add (MOVE_MS, on_move, application);
}

static void
on_activate (GApplication *application, gpointer user_data)
{
  GtkWindow *window;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);    /* the lab's desktop wants none */
  mirror = adit_mirror_new ();
  window = adit_window_new (ADW_APPLICATION (application), mirror);
  gtk_window_set_default_size (window, WIDTH, HEIGHT);
  gtk_window_present (window);
  g_signal_connect (mirror, "list-changed", G_CALLBACK (on_list), application);
  adit_mirror_look (mirror);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.aditvpn.Frames", G_APPLICATION_DEFAULT_FLAGS);

  g_object_set (application, "resource-base-path", "/org/aditvpn/Adit", NULL);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
