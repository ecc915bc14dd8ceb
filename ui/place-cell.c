/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-cell.c: GTK makes a few dozen of these and hands them from row to row. */
#include "config.h"
#include "ui/place-cell.h"

#include <glib/gi18n.h>

#include "ui/place-item.h"
#include "ui/profile-item.h"
#include "ui/width-first.h"

#define MORE_COLUMN 4    /* after those of the template */

struct _AditPlaceCell
{
  AdwBin           parent_instance;
  AditMirror      *mirror;
  AditPlace        place;
  gboolean         is_place, is_entry;
  gboolean         showing;    /* the star follows what is set, and was not pressed */
  char            *profile;    /* (nullable): the id, where the row is one */
  GtkTreeExpander *expander;
  GtkLabel        *name, *detail, *figure;
  AdwBin          *holder;
  GtkGrid         *columns;
  GtkWidget       *mark;
  GtkToggleButton *star;
  GtkWidget       *more;    /* (nullable): made for the first profile that is shown here */
};

G_DEFINE_FINAL_TYPE (AditPlaceCell, adit_place_cell, ADW_TYPE_BIN)

static gboolean
is_chosen (AditPlaceCell *self)
{
  const AditProfileRow *profile = adit_mirror_get_profile (self->mirror);

  if (self->is_place && self->is_entry)
    return adit_place_equal (adit_mirror_get_entry (self->mirror), &self->place);
  if (profile != NULL || self->profile != NULL)
    return profile != NULL && g_strcmp0 (profile->id, self->profile) == 0;
  return self->is_place && adit_place_equal (adit_mirror_get_place (self->mirror), &self->place);
}

static void
show_mark (AditPlaceCell *self)
{
  gtk_widget_set_visible (self->mark, is_chosen (self));
}

/* Anywhere is no place to come back to. */
static void
show_star (AditPlaceCell *self)
{
  gboolean can_be = self->is_place && !adit_place_is_any (&self->place);
  gboolean is_one = can_be && adit_mirror_is_favourite (self->mirror, &self->place);
  const char *icon = is_one ? "starred-symbolic" : "non-starred-symbolic";
  g_autofree char *name = g_strdup_printf (_("Favourite: %s"), gtk_label_get_label (self->name));

  self->showing = TRUE;
  gtk_toggle_button_set_active (self->star, is_one);
  self->showing = FALSE;
  if (g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (self->star)), icon) != 0)    /* it would be measured again */
    gtk_button_set_icon_name (GTK_BUTTON (self->star), icon);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->star), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->star), can_be);
}

/* Asked for when somebody points at it: to set a widget's own, GTK asks the X server twice, for each row that goes by. */
static gboolean
on_star_tooltip (AditPlaceCell *self, int x G_GNUC_UNUSED, int y G_GNUC_UNUSED, gboolean keyboard G_GNUC_UNUSED,
                 GtkTooltip *tooltip)
{
  gtk_tooltip_set_text (tooltip, adit_mirror_is_favourite (self->mirror, &self->place) ? _("Take it from the favourites")
                                                                                       : _("Make it a favourite"));
  return TRUE;
}

static void
on_starred (AditPlaceCell *self)
{
  if (!self->showing)
    adit_mirror_set_favourite (self->mirror, &self->place, gtk_toggle_button_get_active (self->star));
}

static void
on_choice_changed (AditPlaceCell *self)
{
  show_mark (self);
  show_star (self);
}

static void
append_item (GMenu *menu, const char *label, const char *action, const char *id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", id);
  g_menu_append_item (menu, item);
}

static GtkWidget *
new_menu_button (void)
{
  GtkWidget *button = gtk_menu_button_new ();

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

/* What can be done with a profile besides connecting. */
static void
show_menu (AditPlaceCell *self, AditProfileItem *item)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autofree char *label = g_strdup_printf (_("More about %s"), adit_profile_item_get_name (item));

  if (self->more == NULL)
    {
      self->more = new_menu_button ();
      gtk_grid_attach (self->columns, self->more, MORE_COLUMN, 0, 1, 1);
    }
  gtk_widget_set_tooltip_text (self->more, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->more), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (adit_profile_item_takes_login (item))
    append_item (menu, _("_Login…"), "win.profile-login", self->profile);
  append_item (menu, _("Re_name…"), "win.profile-rename", self->profile);
  append_item (menu, _("_Save a Clean Copy…"), "win.profile-export", self->profile);
  append_item (menu, _("_Remove…"), "win.profile-remove", self->profile);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->more), G_MENU_MODEL (menu));
}

static void
show_label (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), text[0] != '\0');
}

/* GTK 4.8 makes no name for a row of what is in it. */
static void
name_row (AditPlaceCell *self, const char *name, const char *detail)
{
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (self));

  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, detail, -1);
}

static void
show_text (AditPlaceCell *self, const char *name, const char *detail, const char *figure)
{
  name_row (self, name, detail);
  show_label (self->name, name);
  show_label (self->detail, detail);
  show_label (self->figure, figure);
}

static void
show_profile (AditPlaceCell *self, AditProfileItem *item)
{
  self->profile = g_strdup (adit_profile_item_get_id (item));
  show_text (self, adit_profile_item_get_name (item), adit_profile_item_get_detail (item), "");
  show_menu (self, item);
}

static void
show_place (AditPlaceCell *self, AditPlaceItem *item)
{
  g_autofree char *detail = adit_place_item_dup_detail (item), *figure = adit_place_item_dup_figure (item);

  adit_place_item_get_place (item, &self->place);
  self->is_place = TRUE;
  show_text (self, adit_place_item_get_name (item), detail, figure);
}

/* Above a group; it can be neither chosen nor unfolded. */
static void
show_heading (AditPlaceCell *self, GtkStringObject *item)
{
  show_text (self, gtk_string_object_get_string (item), "", "");
  gtk_widget_add_css_class (GTK_WIDGET (self->name), "heading");
}

static void
adit_place_cell_dispose (GObject *object)
{
  g_clear_object (&ADIT_PLACE_CELL (object)->mirror);
  g_clear_pointer (&ADIT_PLACE_CELL (object)->profile, g_free);
  G_OBJECT_CLASS (adit_place_cell_parent_class)->dispose (object);
}

static void
adit_place_cell_class_init (AditPlaceCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_place_cell_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/place-cell.ui");
  gtk_widget_class_bind_template_child (widget_class, AditPlaceCell, expander);
  gtk_widget_class_bind_template_child (widget_class, AditPlaceCell, name);
  gtk_widget_class_bind_template_child (widget_class, AditPlaceCell, detail);
  gtk_widget_class_bind_template_child (widget_class, AditPlaceCell, figure);
  gtk_widget_class_bind_template_child (widget_class, AditPlaceCell, mark);
  gtk_widget_class_bind_template_child (widget_class, AditPlaceCell, star);
  gtk_widget_class_bind_template_child (widget_class, AditPlaceCell, holder);
  gtk_widget_class_bind_template_child (widget_class, AditPlaceCell, columns);
  gtk_widget_class_bind_template_callback (widget_class, on_starred);
  gtk_widget_class_bind_template_callback (widget_class, on_star_tooltip);
}

static void
adit_place_cell_init (AditPlaceCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self->holder), adit_width_first_new ());
}

/**
 * adit_place_cell_new:
 * @mirror: knows which place is chosen
 *
 * Returns: (transfer floating): an empty row
 */
GtkWidget *
adit_place_cell_new (AditMirror *mirror)
{
  AditPlaceCell *self = g_object_new (ADIT_TYPE_PLACE_CELL, NULL);

  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (show_mark), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "choice-changed", G_CALLBACK (on_choice_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/**
 * adit_place_cell_set_row:
 * @self: a row's widget
 * @row: (nullable): what it shows; its item is an #AditPlaceItem, an #AditProfileItem or, of a heading, a #GtkStringObject
 * @is_entry: whether the place is where the way to the chosen one begins
 */
void
adit_place_cell_set_row (AditPlaceCell *self, GtkTreeListRow *row, gboolean is_entry)
{
  g_autoptr (GObject) item = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;

  gtk_tree_expander_set_list_row (self->expander, row);
  g_clear_pointer (&self->profile, g_free);
  self->is_place = FALSE;
  self->is_entry = is_entry;
  if (item == NULL)
    return;
  gtk_widget_remove_css_class (GTK_WIDGET (self->name), "heading");
  if (ADIT_IS_PROFILE_ITEM (item))
    show_profile (self, ADIT_PROFILE_ITEM (item));
  else if (ADIT_IS_PLACE_ITEM (item))
    show_place (self, ADIT_PLACE_ITEM (item));
  else
    show_heading (self, GTK_STRING_OBJECT (item));
  if (self->more != NULL)
    gtk_widget_set_visible (self->more, self->profile != NULL);
  on_choice_changed (self);
}
