/* SPDX-License-Identifier: GPL-2.0-or-later */
/* message-dialog.c: libadwaita 1.2 makes a message as high as its text, also where no screen is: what is said and asked can be
 * moved then, and the buttons stay in sight. */
#include "config.h"
#include "ui/message-dialog.h"

#define LEAST_HEIGHT_PX 120    /* some lines, where there is hardly room */

/* libadwaita's own box for heading, text and fields; %NULL where a newer one can be moved already. */
static GtkWidget *
find_message (GtkWidget *widget)
{
  GtkWidget *found = gtk_widget_has_css_class (widget, "message-area") ? widget : NULL;

  if (GTK_IS_SCROLLED_WINDOW (widget))
    return NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_message (child);
  return found;
}

/* As high as the message is at that width, where there is room; a scrolled window goes by lines of full length. */
static void
measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
         int *natural_baseline)
{
  GtkWidget *viewport = gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (gtk_widget_get_first_child (widget)));

  gtk_widget_measure (gtk_viewport_get_child (GTK_VIEWPORT (viewport)), orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = MIN (*minimum, LEAST_HEIGHT_PX);
}

static void
allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_size_allocate (gtk_widget_get_first_child (widget), &(GtkAllocation) { 0, 0, width, height }, baseline);
}

static GtkSizeRequestMode
get_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/**
 * adit_message_dialog_new:
 * @parent: (nullable): the window before which it stands
 * @heading: (nullable): what it is about
 * @body: (nullable): a text, whoever it is from: it is never markup
 *
 * Returns: (transfer none): the dialog, not yet presented
 */
AdwMessageDialog *
adit_message_dialog_new (GtkWindow *parent, const char *heading, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, body), *message = find_message (dialog), *box;
  GtkScrolledWindow *scroller;
  GtkWidget *room;

  if (message == NULL || !GTK_IS_BOX (gtk_widget_get_parent (message)))
    return ADW_MESSAGE_DIALOG (dialog);
  box = gtk_widget_get_parent (message);
  scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER, NULL);
  room = g_object_new (ADW_TYPE_BIN, "child", scroller, "vexpand", TRUE, "layout-manager",
                       gtk_custom_layout_new (get_mode, measure, allocate), NULL);
  g_object_ref (message);
  gtk_box_remove (GTK_BOX (box), message);
  gtk_scrolled_window_set_child (scroller, message);
  gtk_box_prepend (GTK_BOX (box), room);
  g_object_unref (message);
  return ADW_MESSAGE_DIALOG (dialog);
}
