/* SPDX-License-Identifier: GPL-2.0-or-later */
/* page-opener.c: by the desktop's portal where there is one; where nothing opens pages, the address is there to be copied. */
#include "config.h"
#include "ui/page-opener.h"

#include <glib/gi18n.h>

#include "ui/message-dialog.h"

static void
on_response (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  if (g_str_equal (response, "copy"))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (dialog)), adw_message_dialog_get_body (dialog));
}

static void
show_address (GtkWindow *parent, const char *address)
{
  AdwMessageDialog *dialog = adit_message_dialog_new (parent, _("No browser opened this page"), address);

  adw_message_dialog_add_responses (dialog, "close", _("_Close"), "copy", _("C_opy the Address"), NULL);
  adw_message_dialog_set_default_response (dialog, "copy");
  adw_message_dialog_set_close_response (dialog, "close");
  g_signal_connect (dialog, "response", G_CALLBACK (on_response), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *address = user_data;
  g_autoptr (GError) error = NULL;
  GtkWindow *parent;
  gboolean opened;

#if GTK_CHECK_VERSION (4, 10, 0)
  parent = g_object_get_data (source, "parent");
  opened = gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (source), result, &error);
#else
  parent = GTK_WINDOW (source);
  opened = gtk_show_uri_full_finish (parent, result, &error);
#endif
  if (!opened && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_address (parent, address);
}

/**
 * adit_page_open:
 * @widget: in the window from which it is opened
 * @address: an https address of a service's
 */
void
adit_page_open (GtkWidget *widget, const char *address)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));

  g_return_if_fail (g_str_has_prefix (address, "https://"));
#if GTK_CHECK_VERSION (4, 10, 0)
  g_autoptr (GtkUriLauncher) launcher = gtk_uri_launcher_new (address);

  g_object_set_data_full (G_OBJECT (launcher), "parent", g_object_ref (parent), g_object_unref);
  gtk_uri_launcher_launch (launcher, parent, NULL, on_opened, g_strdup (address));
#else
  gtk_show_uri_full (parent, address, GDK_CURRENT_TIME, NULL, on_opened, g_strdup (address));
#endif
}
