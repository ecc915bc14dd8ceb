/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window-diagnosis.c: the pages that say what is wrong. */
#include "config.h"
#include "ui/window-private.h"

#include "ui/diagnosis-page.h"
#include "ui/way-out-page.h"

/**
 * adit_window_show_diagnosis:
 * @self: a window
 *
 * Shows that page.
 */
void
adit_window_show_diagnosis (AditWindow *self)
{
  if (gtk_stack_get_child_by_name (self->stack, "diagnosis") == NULL)
    {
      AditDiagnosisPage *page = g_object_new (ADIT_TYPE_DIAGNOSIS_PAGE, NULL);

      adit_diagnosis_page_set_mirror (page, self->mirror);
      gtk_stack_add_named (self->stack, GTK_WIDGET (page), "diagnosis");
    }
  gtk_stack_set_visible_child_name (self->stack, "diagnosis");
}

/**
 * adit_window_open_diagnosis:
 * @self: a window
 *
 * The person wants to know what is wrong.
 */
void
adit_window_open_diagnosis (AditWindow *self)
{
  self->wants_diagnosis = TRUE;
  self->wants_reports = FALSE;
  adw_leaflet_set_visible_child_name (self->leaflet, "main");
  adit_window_show_page (self);
  adit_window_show_problem (self);
}

/**
 * adit_window_show_way_out:
 * @self: a window whose helper has left a lock and is away
 *
 * Shows how to get out of it.
 */
void
adit_window_show_way_out (AditWindow *self)
{
  AditWayOutPage *page = (AditWayOutPage *) gtk_stack_get_child_by_name (self->stack, "way-out");
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (page == NULL)
    {
      page = g_object_new (ADIT_TYPE_WAY_OUT_PAGE, NULL);
      gtk_stack_add_named (self->stack, GTK_WIDGET (page), "way-out");
    }
  adit_way_out_page_show (page, adit_mirror_get_lock_trace (self->mirror), adit_mirror_get_absence (self->mirror));
  if (gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (page))
    return;
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (page));
  /* Not from somebody who is typing beside it. */
  if (focus == NULL || !gtk_widget_get_mapped (focus) || gtk_widget_is_ancestor (focus, GTK_WIDGET (self->stack)))
    adit_way_out_page_take_focus (page);
}
