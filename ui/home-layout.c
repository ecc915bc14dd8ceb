/* SPDX-License-Identifier: GPL-2.0-or-later */
/* home-layout.c: the first child is the picture, which needs no room; the second one scrolls.  The picture has a share of the
 * height, more where the rest needs no more, and gives way altogether where what is read and pressed needs the room. */
#include "ui/home-layout.h"

#define LEAST_HEIGHT 420     /* pixels of both: below it the picture is not shown */
#define LEAST_SHARE  0.27
#define MOST_SHARE   0.5

struct _AditHomeLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (AditHomeLayout, adit_home_layout, GTK_TYPE_LAYOUT_MANAGER)

static GtkSizeRequestMode
adit_home_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
adit_home_layout_measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (gtk_widget_get_last_child (widget), orientation, for_size, minimum, natural, NULL, NULL);
}

static int
find_picture_height (int height, int natural_of_rest)
{
  if (height < LEAST_HEIGHT)
    return 0;
  return (int) CLAMP (height - natural_of_rest, height * LEAST_SHARE, height * MOST_SHARE);
}

static void
adit_home_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *picture = gtk_widget_get_first_child (widget), *rest = gtk_widget_get_last_child (widget);
  int natural, of_picture;

  gtk_widget_measure (rest, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
  of_picture = find_picture_height (height, natural);
  gtk_widget_size_allocate (picture, &(GtkAllocation) { 0, 0, width, of_picture }, -1);
  gtk_widget_size_allocate (rest, &(GtkAllocation) { 0, of_picture, width, height - of_picture }, -1);
}

static void
adit_home_layout_class_init (AditHomeLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = adit_home_layout_get_request_mode;
  layout_class->measure = adit_home_layout_measure;
  layout_class->allocate = adit_home_layout_allocate;
}

static void
adit_home_layout_init (AditHomeLayout *self)
{
}
