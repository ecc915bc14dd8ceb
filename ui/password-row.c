/* SPDX-License-Identifier: GPL-2.0-or-later */
/* password-row.c: libadwaita 1.2 leaves the button that shows what is hidden without a name for those who hear the window. */
#include "config.h"
#include "ui/password-row.h"

/**
 * adit_password_row_name_buttons:
 * @row: an #AdwPasswordEntryRow
 * @name: what its button does
 */
void
adit_password_row_name_buttons (GtkWidget *row, const char *name)
{
  if (GTK_IS_BUTTON (row))
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  for (GtkWidget *child = gtk_widget_get_first_child (row); child != NULL; child = gtk_widget_get_next_sibling (child))
    adit_password_row_name_buttons (child, name);
}

static gboolean
on_close_request (GtkWindow *dialog)
{
  gtk_window_set_focus (dialog, NULL);
  return FALSE;
}

/**
 * adit_password_row_guard:
 * @dialog: with such rows in it
 *
 * Lets go of the focus before the rows do: libadwaita 1.2 asks a row that is gone for its entry, and crashes.
 */
void
adit_password_row_guard (GtkWindow *dialog)
{
  g_signal_connect (dialog, "close-request", G_CALLBACK (on_close_request), NULL);
}
