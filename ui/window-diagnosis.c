/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window-diagnosis.c: the page that says what is wrong. */
#include "config.h"
#include "ui/window-private.h"

#include "ui/diagnosis-page.h"

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
  adw_leaflet_set_visible_child_name (self->leaflet, "main");
  adit_window_show_page (self);
  adit_window_show_problem (self);
}
