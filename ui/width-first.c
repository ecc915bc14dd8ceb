/* SPDX-License-Identifier: GPL-2.0-or-later */
/* width-first.c: a box asks its children how wide they have to be for the height that it gives to them.  A label that may break
 * its line answers by trying width after width, which would be most of what it costs to show a row. */
#include "config.h"
#include "ui/width-first.h"

static GtkSizeRequestMode
get_mode (GtkWidget *widget G_GNUC_UNUSED)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
         int *natural_baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  if (child != NULL)
    gtk_widget_measure (child, orientation, orientation == GTK_ORIENTATION_HORIZONTAL ? -1 : for_size, minimum, natural,
                        minimum_baseline, natural_baseline);
}

static void
allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  if (child != NULL)
    gtk_widget_allocate (child, width, height, baseline, NULL);
}

/**
 * adit_width_first_new:
 *
 * What is in the child must not ask that way either: a GtkGrid does not, a horizontal GtkBox does.
 *
 * Returns: (transfer full): the layout of a widget with one child
 */
GtkLayoutManager *
adit_width_first_new (void)
{
  return gtk_custom_layout_new (get_mode, measure, allocate);
}
