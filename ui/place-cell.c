/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-cell.c: GTK makes a few dozen of these and hands them from row to row. */
#include "config.h"
#include "ui/place-cell.h"

struct _AditPlaceCell
{
  AdwBin           parent_instance;
  AditMirror      *mirror;
  AditPlace        place;
  GtkTreeExpander *expander;
  GtkLabel        *name, *detail;
  GtkWidget       *mark;
};

G_DEFINE_FINAL_TYPE (AditPlaceCell, adit_place_cell, ADW_TYPE_BIN)

static void
show_mark (AditPlaceCell *self)
{
  const AditPlace *chosen = adit_mirror_get_place (self->mirror);

  gtk_widget_set_visible (self->mark, !adit_place_is_any (chosen) && adit_place_equal (chosen, &self->place));
}

static void
adit_place_cell_dispose (GObject *object)
{
  g_clear_object (&ADIT_PLACE_CELL (object)->mirror);
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
  gtk_widget_class_bind_template_child (widget_class, AditPlaceCell, mark);
}

static void
adit_place_cell_init (AditPlaceCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
  return GTK_WIDGET (self);
}

/**
 * adit_place_cell_set_row:
 * @self: a row's widget
 * @row: (nullable): what it shows; its item is an #AditPlaceItem
 */
void
adit_place_cell_set_row (AditPlaceCell *self, GtkTreeListRow *row)
{
  g_autoptr (AditPlaceItem) item = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;
  g_autofree char *detail = item != NULL ? adit_place_item_dup_detail (item) : NULL;

  gtk_tree_expander_set_list_row (self->expander, row);
  if (item == NULL)
    return;
  adit_place_item_get_place (item, &self->place);
  gtk_label_set_label (self->name, adit_place_item_get_name (item));
  gtk_label_set_label (self->detail, detail);
  gtk_widget_set_visible (GTK_WIDGET (self->detail), detail[0] != '\0');
  show_mark (self);
}
