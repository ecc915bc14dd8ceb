/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dragger.c: a file manager with one file, the one that it is started with, which can be dragged out of its window. */
#include <gtk/gtk.h>

static gboolean has_ended;

static gboolean
on_close (GtkWindow *window)
{
  has_ended = TRUE;
  return FALSE;
}

int
main (int argc, char **argv)
{
  GtkWidget *window, *label;
  GtkDragSource *source;
  GSList *files = NULL;

  if (argc != 2 || !gtk_init_check ())
    return 1;
  files = g_slist_prepend (NULL, g_file_new_for_path (argv[1]));
  window = gtk_window_new ();
  label = gtk_label_new ("Drag me");
  source = gtk_drag_source_new ();
  gtk_drag_source_set_content (source, gdk_content_provider_new_typed (GDK_TYPE_FILE_LIST, files));
  gtk_widget_add_controller (label, GTK_EVENT_CONTROLLER (source));
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), 120, 80);
  gtk_window_set_title (GTK_WINDOW (window), "Files");
  gtk_window_set_child (GTK_WINDOW (window), label);
  g_signal_connect (window, "close-request", G_CALLBACK (on_close), NULL);
  gtk_window_present (GTK_WINDOW (window));
  while (!has_ended)
    g_main_context_iteration (NULL, TRUE);
  g_slist_free_full (files, g_object_unref);
  return 0;
}
