/* SPDX-License-Identifier: GPL-2.0-or-later */
/* map-frames.c: our window, in which one place after the other is chosen, so that the map travels; prints how many frames there
 * were and the 95th percentile of what each took, in milliseconds by the clock and of this thread's processor time. */
#include <time.h>
#include "ui/window.h"

#define WIDTH   1280
#define HEIGHT  800
#define MOVES   8
#define MOVE_MS 1200    /* longer than the map travels */

static AditMirror *mirror;
static GArray *wall_ms, *cpu_ms;
static double wall_start_ms, cpu_start_ms;
static guint n_moves;

static double
read_ms (clockid_t id)
{
  struct timespec now;

  clock_gettime (id, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

static double
get_percentile (GArray *values)
{
  g_array_sort (values, compare);
  return values->len > 0 ? g_array_index (values, double, (values->len - 1) * 95 / 100) : 0;
}

static void
on_before_paint (void)
{
  wall_start_ms = read_ms (CLOCK_MONOTONIC);
  cpu_start_ms = read_ms (CLOCK_THREAD_CPUTIME_ID);
}

static void
on_after_paint (void)
{
  double wall = read_ms (CLOCK_MONOTONIC) - wall_start_ms, cpu = read_ms (CLOCK_THREAD_CPUTIME_ID) - cpu_start_ms;

  if (n_moves == 0)
    return;
  g_array_append_val (wall_ms, wall);
  g_array_append_val (cpu_ms, cpu);
}

static gboolean
on_move (gpointer user_data)
{
  AditServerList *list = adit_mirror_get_list (mirror);
  AditServerListCountry country;
  AditServerListCity city;
  AditPlace place = { 0 };

  if (n_moves == MOVES)
    {
      g_print ("%u %.3f %.3f\n", wall_ms->len, get_percentile (wall_ms), get_percentile (cpu_ms));
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
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (application));
  GdkFrameClock *clock = gtk_widget_get_frame_clock (windows->data);

  g_signal_handlers_disconnect_by_func (self, on_list, application);
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), NULL);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), NULL);
  g_timeout_add (MOVE_MS, on_move, application);
}

static void
on_activate (GApplication *application, gpointer user_data)
{
  GtkWindow *window;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);    /* the lab's desktop wants none */
  mirror = adit_mirror_new ();
  wall_ms = g_array_new (FALSE, FALSE, sizeof (double));
  cpu_ms = g_array_new (FALSE, FALSE, sizeof (double));
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
