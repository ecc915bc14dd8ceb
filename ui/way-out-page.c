/* SPDX-License-Identifier: GPL-2.0-or-later */
/* way-out-page.c: starting the helper is what the bus does when it is asked; opening the lock without one is root's alone, so
 * that is a command to copy and no button. */
#include "config.h"
#include "ui/way-out-page.h"

#include <glib/gi18n.h>

#include "ui/copy.h"
#include "ui/wrapping.h"

struct _AditWayOutPage
{
  AdwBin        parent_instance;
  GtkLabel     *title, *detail;
  GtkWidget    *start;
  AdwActionRow *start_row, *open_row;
};

G_DEFINE_FINAL_TYPE (AditWayOutPage, adit_way_out_page, ADW_TYPE_BIN)

static void
on_copy_start (AditWayOutPage *self, GtkButton *button)
{
  adit_copy (button, adw_action_row_get_subtitle (self->start_row));
}

static void
on_copy_open (AditWayOutPage *self, GtkButton *button)
{
  adit_copy (button, adw_action_row_get_subtitle (self->open_row));
}

static void
adit_way_out_page_class_init (AditWayOutPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/way-out-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AditWayOutPage, title);
  gtk_widget_class_bind_template_child (widget_class, AditWayOutPage, detail);
  gtk_widget_class_bind_template_child (widget_class, AditWayOutPage, start);
  gtk_widget_class_bind_template_child (widget_class, AditWayOutPage, start_row);
  gtk_widget_class_bind_template_child (widget_class, AditWayOutPage, open_row);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_start);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_open);
}

static void
adit_way_out_page_init (AditWayOutPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}

/**
 * adit_way_out_page_show:
 * @self: a page
 * @trace: how much speaks for a lock; not nothing
 * @absence: (nullable): why there is no helper
 */
void
adit_way_out_page_show (AditWayOutPage *self, AditLockTrace trace, const GError *absence)
{
  gtk_label_set_label (self->title, trace == ADIT_LOCK_TRACE_SURE ? _("Network is blocked on purpose")
                                                                  : _("Network may be blocked on purpose"));
  gtk_label_set_label (self->detail, absence != NULL ? absence->message : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->start), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  gtk_label_get_label (self->title), -1);
}

/**
 * adit_way_out_page_take_focus:
 * @self: a page that has just come in the place of another one
 *
 * Of a page that comes as a whole nobody is told who does not see it; they are told of where the keyboard is, and what that
 * is for.
 */
void
adit_way_out_page_take_focus (AditWayOutPage *self)
{
  gtk_widget_grab_focus (self->start);
}
