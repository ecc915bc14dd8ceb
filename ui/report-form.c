/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-form.c: words, and how to answer; what is made of them is shown before anything is sent. */
#include "config.h"
#include "ui/report-form.h"

#include <glib/gi18n.h>

#include "ui/entry-rows.h"
#include "ui/password-row.h"
#include "ui/trouble.h"
#include "ui/wrap-layout.h"
#include "ui/wrapping.h"

struct _AditReportForm
{
  AdwWindow    parent_instance;
  AditMirror  *mirror;
  GtkLabel    *intro;
  AdwPreferencesGroup *answer;
  GtkTextView *words;
  GtkEditable *contact;
  GtkSpinner  *spinner;
  GtkWidget   *make;
};

G_DEFINE_FINAL_TYPE (AditReportForm, adit_report_form, ADW_TYPE_WINDOW)

enum { SIGNAL_MADE, N_SIGNALS };
static guint signals[N_SIGNALS];

static char *
dup_words (AditReportForm *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->words);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

static void
show (AditReportForm *self)
{
  g_autofree char *words = dup_words (self);

  gtk_widget_set_visible (GTK_WIDGET (self->spinner), gtk_spinner_get_spinning (self->spinner));
  gtk_widget_set_sensitive (self->make, words[0] != '\0' && !gtk_spinner_get_spinning (self->spinner));
}

static void
on_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditReportForm) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = adit_mirror_add_problem_finish (ADIT_MIRROR (source), result, &error);

  if (self->mirror == NULL)
    return;    /* closed meanwhile: the report waits among the others */
  gtk_spinner_set_spinning (self->spinner, FALSE);
  show (self);
  if (id == NULL)
    {
      adit_trouble_tell (GTK_WIDGET (self), error);
      return;
    }
  /* In this order: a window that is closed has nobody left who listens to it. */
  g_signal_emit (self, signals[SIGNAL_MADE], 0, id);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_make_clicked (AditReportForm *self)
{
  g_autofree char *words = dup_words (self);

  gtk_spinner_set_spinning (self->spinner, TRUE);
  show (self);
  adit_mirror_add_problem_async (self->mirror, words, gtk_editable_get_text (self->contact), on_made, g_object_ref (self));
}

/* Not before: a window that has given the focus to something before it is there is no window to those who hear it. */
static void
adit_report_form_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (adit_report_form_parent_class)->map (widget);
  gtk_widget_grab_focus (GTK_WIDGET (ADIT_REPORT_FORM (widget)->words));
}

static void
adit_report_form_dispose (GObject *object)
{
  g_clear_object (&ADIT_REPORT_FORM (object)->mirror);
  G_OBJECT_CLASS (adit_report_form_parent_class)->dispose (object);
}

static void
adit_report_form_class_init (AditReportFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_report_form_dispose;
  widget_class->map = adit_report_form_map;
  signals[SIGNAL_MADE] = g_signal_new ("made", ADIT_TYPE_REPORT_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                       G_TYPE_STRING);
  g_type_ensure (ADIT_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/report-form.ui");
  gtk_widget_class_bind_template_child (widget_class, AditReportForm, intro);
  gtk_widget_class_bind_template_child (widget_class, AditReportForm, answer);
  gtk_widget_class_bind_template_child (widget_class, AditReportForm, words);
  gtk_widget_class_bind_template_child (widget_class, AditReportForm, contact);
  gtk_widget_class_bind_template_child (widget_class, AditReportForm, spinner);
  gtk_widget_class_bind_template_child (widget_class, AditReportForm, make);
  gtk_widget_class_bind_template_callback (widget_class, on_make_clicked);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
adit_report_form_init (AditReportForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_label_set_label (self->intro, _("Nothing is sent yet. Adit adds what Diagnostics says, settings that are not secret, and "
                                      "its last log lines, and takes out what points at you. Then it shows you all of it."));
  adw_preferences_group_set_description (self->answer, _("How you can be reached is sent as you type it. Without it nobody can "
                                                         "answer you, or knows who you are."));
  adit_wrap_texts (GTK_WIDGET (self));
  adit_entry_rows_tell (GTK_WIDGET (self));
  adit_password_row_guard (GTK_WINDOW (self));
  g_signal_connect_object (gtk_text_view_get_buffer (self->words), "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
}

/**
 * adit_report_form_new:
 * @parent: the window it belongs to
 * @mirror: through which the report is made
 *
 * Returns: (transfer none): the window, not yet presented
 */
AditReportForm *
adit_report_form_new (GtkWindow *parent, AditMirror *mirror)
{
  AditReportForm *self = g_object_new (ADIT_TYPE_REPORT_FORM, "transient-for", parent, NULL);

  self->mirror = g_object_ref (mirror);
  return self;
}
