/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reports-page.c: shows what the mirror knows; a choice is shown when the helper has taken it. */
#include "config.h"
#include "ui/reports-page.h"

#include <glib/gi18n.h>

#include "client/api/explain.h"
#include "ui/report-server-dialog.h"
#include "ui/report-words.h"
#include "ui/trouble.h"
#include "ui/wrap-layout.h"
#include "ui/wrapping.h"

struct _AditReportsPage
{
  AdwBin               parent_instance;
  AditMirror          *mirror;
  AdwPreferencesGroup *list;
  GtkWidget           *sending;
  AdwComboRow         *consent;
  AdwActionRow        *server;
  char                *shown;      /* (nullable): the name of that server; an "always" is about that one */
  GPtrArray           *rows;       /* (element-type AdwActionRow): owned by the list */
  gboolean             showing;    /* what moves now was not moved by the person */
};

G_DEFINE_FINAL_TYPE (AditReportsPage, adit_reports_page, ADW_TYPE_BIN)

static AdwActionRow *
add_row (AditReportsPage *self, const char *title, const char *subtitle)
{
  AdwActionRow *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title-lines", 0, "subtitle-lines", 0,
                                    "title", title, NULL);

  adw_action_row_set_subtitle (row, subtitle);
  adw_preferences_group_add (self->list, GTK_WIDGET (row));
  g_ptr_array_add (self->rows, row);
  return row;
}

static void
add_report (AditReportsPage *self, const AditReportRow *report)
{
  g_autofree char *words = adit_report_words_dup_row (report);
  AdwActionRow *row = add_row (self, adit_report_row_get_title (report), words);

  adw_action_row_add_suffix (row, g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic", "accessible-role",
                                                GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", report->id);    /* first: GTK looks whether both fit */
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.show-report");
}

/* Nothing to see is said, and why. */
static void
add_none (AditReportsPage *self)
{
  const GError *error = adit_mirror_get_reports_error (self->mirror);
  AditExplanation words = { _("There is no report."), "", "" };

  if (error != NULL)
    adit_explain_error (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED, &words);
  add_row (self, words.what, words.remedy);
}

static void
show (AditReportsPage *self)
{
  const GPtrArray *reports = adit_mirror_get_reports (self->mirror);
  const AditReportServerAnswer *server = adit_mirror_get_report_server (self->mirror);
  g_autofree char *where = NULL;

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->list, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; reports != NULL && i < reports->len; i++)
    add_report (self, reports->pdata[i]);
  if (self->rows->len == 0)
    add_none (self);
  gtk_widget_set_sensitive (self->sending, server != NULL);
  if (server == NULL)
    return;
  g_free (self->shown);
  self->shown = g_strdup (server->name);
  where = adit_report_words_dup_server (server);
  self->showing = TRUE;
  adw_combo_row_set_selected (self->consent, server->consent);
  self->showing = FALSE;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->server), adit_report_words_get_host (server));
  adw_action_row_set_subtitle (self->server, where);
}

static void
on_consent_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditReportsPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (adit_mirror_report_finish (ADIT_MIRROR (source), result, &error) || self->mirror == NULL)
    return;
  show (self);
  adit_trouble_tell (GTK_WIDGET (self), error);
}

static void
on_consent_chosen (AditReportsPage *self)
{
  AditReportConsent consent = (AditReportConsent) adw_combo_row_get_selected (self->consent);

  if (!self->showing && self->mirror != NULL && self->shown != NULL && consent < ADIT_N_REPORT_CONSENTS)
    adit_mirror_set_report_consent_async (self->mirror, consent, self->shown, on_consent_set, g_object_ref (self));
}

static void
on_change_clicked (AditReportsPage *self)
{
  adit_report_server_ask (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->mirror);
}

static void
adit_reports_page_dispose (GObject *object)
{
  AditReportsPage *self = ADIT_REPORTS_PAGE (object);

  g_clear_object (&self->mirror);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->shown, g_free);
  G_OBJECT_CLASS (adit_reports_page_parent_class)->dispose (object);
}

static void
adit_reports_page_class_init (AditReportsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_reports_page_dispose;
  g_type_ensure (ADIT_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/reports-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AditReportsPage, list);
  gtk_widget_class_bind_template_child (widget_class, AditReportsPage, sending);
  gtk_widget_class_bind_template_child (widget_class, AditReportsPage, consent);
  gtk_widget_class_bind_template_child (widget_class, AditReportsPage, server);
  gtk_widget_class_bind_template_callback (widget_class, on_consent_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_change_clicked);
}

static void
adit_reports_page_init (AditReportsPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_preferences_group_set_description (self->list, _("Of crashes and problems, for those who repair Adit. They stay on this "
                                                       "computer; nothing leaves it without your yes."));
  adit_wrap_texts (GTK_WIDGET (self));
}

/**
 * adit_reports_page_set_mirror:
 * @self: a page
 * @mirror: what is shown, from now on and for good
 */
void
adit_reports_page_set_mirror (AditReportsPage *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "reports-changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
}
