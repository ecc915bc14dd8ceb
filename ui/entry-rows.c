/* SPDX-License-Identifier: GPL-2.0-or-later */
/* entry-rows.c: in libadwaita 1.2 the field in an AdwEntryRow is hidden from those who hear the window, and the row around it,
 * which is told of in its place, never has the keyboard: whoever comes there hears nothing.  And its title has one line, which is
 * cut where letters are large: here it stands above the field, over as many lines as it has to. */
#include "config.h"
#include "ui/entry-rows.h"

#include <adwaita.h>

#define TOLD    "with-title-above"
#define SPACING 6    /* as libadwaita has it between the parts of a row */

static void
name_field (AdwEntryRow *row)
{
  GtkEditable *field = gtk_editable_get_delegate (GTK_EDITABLE (row));
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row));

  gtk_accessible_update_property (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

/* Those of libadwaita, of which one is shown where the field is empty and one above where it is not. */
static void
hide_titles (GtkWidget *widget, const char *title)
{
  if (GTK_IS_LABEL (widget) && g_strcmp0 (gtk_label_get_label (GTK_LABEL (widget)), title) == 0)
    gtk_widget_set_visible (widget, FALSE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    hide_titles (child, title);
}

static void
put_title_above (AdwEntryRow *row)
{
  GtkWidget *label = gtk_label_new (NULL), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *parts = g_object_ref (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row)));

  hide_titles (parts, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), NULL);
  g_object_bind_property (row, "title", label, "label", G_BINDING_SYNC_CREATE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_margin_top (label, SPACING);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), parts);
  gtk_widget_set_vexpand (parts, TRUE);
  if (GTK_IS_BOX (parts))
    gtk_box_set_spacing (GTK_BOX (parts), SPACING);    /* which its style sheet gives to a row's own child alone */
  gtk_widget_add_css_class (box, "header");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_unref (parts);
}

/**
 * adit_entry_rows_tell:
 * @widget: a page that has just been made, or a part of one
 *
 * Makes a field with the row's title of what is in each #AdwEntryRow, with that title above it, and a row of a list of that.
 */
void
adit_entry_rows_tell (GtkWidget *widget)
{
  if (gtk_widget_has_css_class (widget, TOLD))
    return;    /* as a part of what is inside */
  if (ADW_IS_ENTRY_ROW (widget))
    {
      gtk_widget_add_css_class (widget, TOLD);
      g_object_set (widget, "accessible-role", GTK_ACCESSIBLE_ROLE_LIST_ITEM, NULL);
      g_object_set (gtk_editable_get_delegate (GTK_EDITABLE (widget)), "accessible-role", GTK_ACCESSIBLE_ROLE_TEXT_BOX, NULL);
      g_signal_connect (widget, "notify::title", G_CALLBACK (name_field), NULL);
      name_field (ADW_ENTRY_ROW (widget));
      put_title_above (ADW_ENTRY_ROW (widget));
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    adit_entry_rows_tell (child);
}
