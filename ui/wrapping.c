/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrapping.c: GTK's buttons are as wide as their text in one line, and libadwaita 1.2 cuts what is chosen, the titles of groups
 * and the names of pages; with large letters or in a language with long words that is more than a telephone has room for. */
#include "config.h"
#include "ui/wrapping.h"

#include <adwaita.h>

#include "ui/menu-width.h"

static void
wrap_label (GtkLabel *label, PangoWrapMode mode)
{
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_wrap_mode (label, mode);
  /* Only where it has to: else it would be as narrow as a row is high enough for. */
  gtk_label_set_natural_wrap_mode (label, GTK_NATURAL_WRAP_NONE);
}

static void
wrap_button (GtkButton *button)
{
  GtkWidget *child = gtk_button_get_child (button);

  if (!GTK_IS_LABEL (child))
    return;
  /* In a row the text beside it gives way; a large one has a line of its own. */
  wrap_label (GTK_LABEL (child), gtk_widget_has_css_class (GTK_WIDGET (button), "pill") ? PANGO_WRAP_WORD_CHAR : PANGO_WRAP_WORD);
  gtk_label_set_justify (GTK_LABEL (child), GTK_JUSTIFY_CENTER);
}

static void
wrap_all_labels (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    {
      wrap_label (GTK_LABEL (widget), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_justify (GTK_LABEL (widget), GTK_JUSTIFY_CENTER);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    wrap_all_labels (child);
}

static void
show_choice (AdwComboRow *row, GParamSpec *property, GtkLabel *label)
{
  gpointer item = adw_combo_row_get_selected_item (row);

  gtk_label_set_label (label, item != NULL ? gtk_string_object_get_string (GTK_STRING_OBJECT (item)) : "");
}

/* What libadwaita shows of its list has one line, whatever is in it: that stays empty, and a label says what is chosen.  No word
 * there is divided; the title beside it gives way. */
static void
wrap_choice (AdwComboRow *row)
{
  g_autoptr (GtkListItemFactory) nothing = gtk_signal_list_item_factory_new ();
  GtkWidget *label;

  if (adw_combo_row_get_list_factory (row) != NULL)
    return;    /* it has been done, as a part of what is inside */
  adw_combo_row_set_list_factory (row, adw_combo_row_get_factory (row));
  adw_combo_row_set_factory (row, nothing);
  label = g_object_new (GTK_TYPE_LABEL, "xalign", 1.0, "justify", GTK_JUSTIFY_RIGHT, NULL);
  wrap_label (GTK_LABEL (label), PANGO_WRAP_WORD);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_box_reorder_child_after (GTK_BOX (gtk_widget_get_parent (label)), label, NULL);    /* before the arrow */
  g_signal_connect (row, "notify::selected-item", G_CALLBACK (show_choice), label);
  show_choice (row, NULL, GTK_LABEL (label));
}

/* Of a group's header: the rows below look after themselves. */
static void
wrap_title (AdwPreferencesGroup *group, GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && g_strcmp0 (gtk_label_get_label (GTK_LABEL (widget)), adw_preferences_group_get_title (group)) == 0)
    wrap_label (GTK_LABEL (widget), PANGO_WRAP_WORD_CHAR);
  if (GTK_IS_LIST_BOX (widget))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    wrap_title (group, child);
}

/**
 * adit_wrap_texts:
 * @widget: a page that has just been made, or a part of one
 *
 * Its texts go over several lines where they have to; those of buttons also when they are given another one later.
 */
void
adit_wrap_texts (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget))
    {
      wrap_button (GTK_BUTTON (widget));
      g_signal_connect (widget, "notify::label", G_CALLBACK (wrap_button), NULL);
      return;
    }
  if (GTK_IS_MENU_BUTTON (widget))
    adit_menu_width_limit (GTK_MENU_BUTTON (widget));
  if (ADW_IS_VIEW_SWITCHER_BAR (widget))    /* the one in the header gives way to it where it does not fit */
    {
      wrap_all_labels (widget);
      return;
    }
  if (ADW_IS_COMBO_ROW (widget))
    wrap_choice (ADW_COMBO_ROW (widget));
  if (ADW_IS_PREFERENCES_GROUP (widget))
    wrap_title (ADW_PREFERENCES_GROUP (widget), widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    adit_wrap_texts (child);
}
