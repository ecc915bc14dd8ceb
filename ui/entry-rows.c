/* SPDX-License-Identifier: GPL-2.0-or-later */
/* entry-rows.c: in libadwaita 1.2 the field in an AdwEntryRow is hidden from those who hear the window, and the row around it,
 * which is told of in its place, never has the keyboard: whoever comes there hears nothing. */
#include "config.h"
#include "ui/entry-rows.h"

#include <adwaita.h>

static void
name_field (AdwEntryRow *row)
{
  GtkEditable *field = gtk_editable_get_delegate (GTK_EDITABLE (row));
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row));

  gtk_accessible_update_property (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), title);    /* which has one line and may be cut */
}

/**
 * adit_entry_rows_tell:
 * @widget: a page that has just been made, or a part of one
 *
 * Makes a field with the row's title of what is in each #AdwEntryRow, and a row of a list of that.
 */
void
adit_entry_rows_tell (GtkWidget *widget)
{
  if (ADW_IS_ENTRY_ROW (widget))
    {
      g_object_set (widget, "accessible-role", GTK_ACCESSIBLE_ROLE_LIST_ITEM, NULL);
      g_object_set (gtk_editable_get_delegate (GTK_EDITABLE (widget)), "accessible-role", GTK_ACCESSIBLE_ROLE_TEXT_BOX, NULL);
      g_signal_connect (widget, "notify::title", G_CALLBACK (name_field), NULL);
      name_field (ADW_ENTRY_ROW (widget));
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    adit_entry_rows_tell (child);
}
