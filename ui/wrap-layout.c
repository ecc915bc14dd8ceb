/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrap-layout.c: a line is full when the next one would not fit with its natural width; GTK's flow box puts all in columns. */
#include "ui/wrap-layout.h"

#define SPACING 6

struct _AditWrapLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (AditWrapLayout, adit_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

static int
get_natural (GtkWidget *child, GtkOrientation orientation, int for_size)
{
  int natural;

  gtk_widget_measure (child, orientation, for_size, NULL, &natural, NULL, NULL);
  return natural;
}

/* The first child that is not in the line that @first begins. */
static GtkWidget *
find_line (GtkWidget *first, int width, int *line_width, int *line_height)
{
  GtkWidget *child = first;

  *line_width = *line_height = 0;
  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int child_width = MIN (get_natural (child, GTK_ORIENTATION_HORIZONTAL, -1), width);
      int wanted = *line_width + (child != first ? SPACING : 0) + child_width;

      if (!gtk_widget_should_layout (child))
        continue;
      if (child != first && wanted > width)
        break;
      *line_width = wanted;
      *line_height = MAX (*line_height, get_natural (child, GTK_ORIENTATION_VERTICAL, child_width));
    }
  return child;
}

static void
place_line (GtkWidget *widget, GtkWidget *first, GtkWidget *end, int width, int left, int top, int line_height)
{
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  for (GtkWidget *child = first; child != end; child = gtk_widget_get_next_sibling (child))
    {
      int child_width = MIN (get_natural (child, GTK_ORIENTATION_HORIZONTAL, -1), width);

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_size_allocate (child, &(GtkAllocation) { mirrored ? width - left - child_width : left, top, child_width,
                                                          line_height }, -1);
      left += child_width + SPACING;
    }
}

static GtkSizeRequestMode
adit_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
adit_wrap_layout_measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  int width, height, least = 0;

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
        {
          gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
          *minimum = MAX (*minimum, least);
        }
      (void) find_line (gtk_widget_get_first_child (widget), G_MAXINT / 2, natural, &height);
      *natural = MAX (*natural, *minimum);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;)
    {
      child = find_line (child, for_size < 0 ? G_MAXINT / 2 : for_size, &width, &height);
      *natural += height + (*natural > 0 ? SPACING : 0);
    }
  *minimum = *natural;
}

static void
adit_wrap_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  int top = 0, line_width, line_height;

  for (GtkWidget *child = gtk_widget_get_first_child (widget), *end; child != NULL; child = end)
    {
      end = find_line (child, width, &line_width, &line_height);
      place_line (widget, child, end, width, (width - line_width) / 2, top, line_height);
      top += line_height + SPACING;
    }
}

static void
adit_wrap_layout_class_init (AditWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = adit_wrap_layout_get_request_mode;
  layout_class->measure = adit_wrap_layout_measure;
  layout_class->allocate = adit_wrap_layout_allocate;
}

static void
adit_wrap_layout_init (AditWrapLayout *self)
{
}
