/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window-reports.c: the page with reports, and the windows about one.  Of a crash it is shown once, when the window opens. */
#include "config.h"
#include "ui/window-private.h"

#include "ui/report-form.h"
#include "ui/report-window.h"
#include "ui/reports-page.h"

/**
 * adit_window_show_reports:
 * @self: a window
 *
 * Shows that page.
 */
void
adit_window_show_reports (AditWindow *self)
{
  if (gtk_stack_get_child_by_name (self->stack, "reports") == NULL)
    {
      AditReportsPage *page = g_object_new (ADIT_TYPE_REPORTS_PAGE, NULL);

      adit_reports_page_set_mirror (page, self->mirror);
      gtk_stack_add_named (self->stack, GTK_WIDGET (page), "reports");
    }
  gtk_stack_set_visible_child_name (self->stack, "reports");
}

/**
 * adit_window_open_reports:
 * @self: a window
 *
 * The person wants to see which reports there are.
 */
void
adit_window_open_reports (AditWindow *self)
{
  self->wants_reports = TRUE;
  adw_leaflet_set_visible_child_name (self->leaflet, "main");
  adit_window_show_page (self);
}

static void
present (AditWindow *self, const AditReportRow *report)
{
  if (self->report == NULL)
    {
      self->report = adit_report_window_new (GTK_WINDOW (self), self->mirror, report);
      g_object_add_weak_pointer (G_OBJECT (self->report), (gpointer *) &self->report);
    }
  gtk_window_present (self->report);
}

/**
 * adit_window_follow_reports:
 * @self: a window, whose mirror may have changed
 *
 * What crashes while somebody is working is told by the desktop, and not put before what they do.
 */
void
adit_window_follow_reports (AditWindow *self)
{
  const AditReportRow *report = NULL;

  if (self->wanted_report != NULL)
    report = adit_mirror_find_report (self->mirror, self->wanted_report);
  if (report != NULL)
    g_clear_pointer (&self->wanted_report, g_free);
  else if (!self->has_looked)
    report = adit_mirror_find_new_report (self->mirror, TRUE);
  self->has_looked = self->has_looked || adit_mirror_get_reports (self->mirror) != NULL;
  if (report == NULL)
    return;
  present (self, report);
  adit_mirror_set_reports_told (self->mirror, TRUE);
}

/**
 * adit_window_show_report:
 * @self: a window
 * @id: perhaps a report's; one that is gone is not shown
 *
 * Shows it as soon as it is known, unless another one is being looked at.
 */
void
adit_window_show_report (AditWindow *self, const char *id)
{
  g_free (self->wanted_report);
  self->wanted_report = g_strdup (id);
  adit_window_follow_reports (self);
}

/**
 * adit_window_report_problem:
 * @self: a window
 *
 * The person has something to say.
 */
void
adit_window_report_problem (AditWindow *self)
{
  AditReportForm *form = adit_report_form_new (GTK_WINDOW (self), self->mirror);

  g_signal_connect_object (form, "made", G_CALLBACK (adit_window_show_report), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (form));
}
