/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-window.c: nothing in it is sent by a key or a press alone: a switch that is off in the beginning comes before. */
#include "config.h"
#include "ui/report-window.h"

#include <glib/gi18n.h>

#include "ui/report-marks.h"
#include "ui/report-server-dialog.h"
#include "ui/report-words.h"
#include "ui/trouble.h"
#include "ui/wrap-layout.h"
#include "ui/wrapping.h"

struct _AditReportWindow
{
  AdwWindow            parent_instance;
  AditMirror          *mirror;
  char                *id;
  char                *shown;     /* (nullable): the name of the server that is; a yes is about that one */
  GBytes              *text;      /* (nullable): until it has come */
  GtkLabel            *heading, *state;
  AdwActionRow        *server;
  AdwPreferencesGroup *words;
  GtkTextView         *view;
  GtkWidget           *agreement, *never, *always, *send;
  GtkSwitch           *agreed;
};

G_DEFINE_FINAL_TYPE (AditReportWindow, adit_report_window, ADW_TYPE_WINDOW)

/* On light and on dark, with letters of their own colour before it. */
static const GdkRGBA mark_colour = { 0.9f, 0.65f, 0.04f, 0.3f };

/* --- What is shown --------------------------------------------------------------------------------------------------------- */

static void
show (AditReportWindow *self)
{
  const AditReportRow *report = self->mirror != NULL ? adit_mirror_find_report (self->mirror, self->id) : NULL;
  const AditReportServerAnswer *server = self->mirror != NULL ? adit_mirror_get_report_server (self->mirror) : NULL;
  gboolean can_send, may_send;
  g_autofree char *where = NULL;

  if (report == NULL || server == NULL)
    return;
  if (self->shown == NULL || !g_str_equal (self->shown, server->name))
    {
      g_free (self->shown);
      self->shown = g_strdup (server->name);
      gtk_switch_set_active (self->agreed, FALSE);
    }
  can_send = report->state == ADIT_REPORT_STATE_WAITING || report->state == ADIT_REPORT_STATE_REFUSED;
  may_send = self->text != NULL && server->host[0] != '\0' && gtk_switch_get_active (self->agreed);
  where = adit_report_words_dup_server (server);
  gtk_label_set_label (self->heading, adit_report_row_get_title (report));
  gtk_label_set_label (self->state, adit_report_row_explain (report));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->server), adit_report_words_get_host (server));
  adw_action_row_set_subtitle (self->server, where);
  gtk_widget_set_visible (self->agreement, can_send && server->host[0] != '\0');
  gtk_widget_set_visible (self->never, can_send && !report->is_problem);
  gtk_widget_set_visible (self->always, can_send && !report->is_problem);
  gtk_widget_set_sensitive (self->always, may_send);
  gtk_widget_set_visible (self->send, can_send);
  gtk_widget_set_sensitive (self->send, may_send);
  gtk_button_set_label (GTK_BUTTON (self->send), report->is_problem ? _("Send") : _("Send Once"));
}

/* Somebody may have deleted it at a terminal. */
static void
follow (AditReportWindow *self)
{
  if (adit_mirror_get_reports (self->mirror) != NULL && adit_mirror_find_report (self->mirror, self->id) == NULL)
    gtk_window_close (GTK_WINDOW (self));
  else
    show (self);
}

static void
mark (GtkTextBuffer *buffer, const char *text, const GArray *marks)
{
  GtkTextTag *tag = gtk_text_buffer_create_tag (buffer, NULL, "background-rgba", &mark_colour, "weight", PANGO_WEIGHT_BOLD, NULL);
  gsize at = 0;
  int offset = 0;

  for (guint i = 0; i < marks->len; i++)
    {
      const AditRedactionSpan *span = &g_array_index (marks, AditRedactionSpan, i);
      GtkTextIter start, end;

      offset += (int) g_utf8_strlen (text + at, (gssize) (span->start - at));
      at = span->start;
      gtk_text_buffer_get_iter_at_offset (buffer, &start, offset);
      gtk_text_buffer_get_iter_at_offset (buffer, &end, offset + (int) g_utf8_strlen (text + at, (gssize) span->length));
      gtk_text_buffer_apply_tag (buffer, tag, &start, &end);
    }
}

static void
on_text (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditReportWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = adit_mirror_get_report_finish (ADIT_MIRROR (source), result, &error);
  g_autoptr (GArray) marks = NULL;
  g_autofree char *words = NULL, *lines = NULL;
  GtkTextBuffer *buffer;
  gsize length;

  if (self->mirror == NULL)
    return;
  if (text == NULL)
    {
      adit_trouble_tell (GTK_WIDGET (self), error);
      return;
    }
  length = g_bytes_get_size (text);
  /* With an end: to those who hear the window GTK 4.8 tells what is inserted without its length. */
  lines = g_strndup (length > 0 ? g_bytes_get_data (text, NULL) : "", length);
  marks = adit_report_marks_find (lines, length);
  words = adit_report_marks_dup_words (marks);
  buffer = gtk_text_view_get_buffer (self->view);
  gtk_text_buffer_set_text (buffer, lines, -1);
  mark (buffer, lines, marks);
  adw_preferences_group_set_description (self->words, words);
  self->text = g_steal_pointer (&text);
  show (self);
}

/* --- What is done with it -------------------------------------------------------------------------------------------------- */

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditReportWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!adit_mirror_report_finish (ADIT_MIRROR (source), result, &error) && self->mirror != NULL)
    adit_trouble_tell (GTK_WIDGET (self), error);
}

static void
on_delete_clicked (AditReportWindow *self)
{
  adit_mirror_delete_report_async (self->mirror, self->id, on_done, g_object_ref (self));
}

static void
on_send_clicked (AditReportWindow *self)
{
  adit_mirror_send_report_async (self->mirror, self->id, self->shown, on_done, g_object_ref (self));
}

static void
on_never_clicked (AditReportWindow *self)
{
  adit_mirror_set_report_consent_async (self->mirror, ADIT_REPORT_CONSENT_NEVER, self->shown, on_done, g_object_ref (self));
  on_delete_clicked (self);
}

/* It is about reports to come; this one has its yes as well. */
static void
on_always_clicked (AditReportWindow *self)
{
  adit_mirror_set_report_consent_async (self->mirror, ADIT_REPORT_CONSENT_ALWAYS, self->shown, on_done, g_object_ref (self));
  on_send_clicked (self);
}

static void
on_change_clicked (AditReportWindow *self)
{
  adit_report_server_ask (GTK_WINDOW (self), self->mirror);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditReportWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error) && self->mirror != NULL)
    adit_trouble_say (GTK_WIDGET (self), _("The report could not be saved."), error->message);
}

static void
on_file_chosen (GtkNativeDialog *chooser, int response, AditReportWindow *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL)
    g_file_replace_contents_bytes_async (file, self->text, NULL, FALSE, G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                         NULL, on_saved, g_object_ref (self));
  g_object_unref (chooser);
}

static void
on_save_clicked (AditReportWindow *self)
{
  GtkFileChooserNative *chooser;

  if (self->text == NULL)
    return;
  chooser = gtk_file_chooser_native_new (_("Save the Report"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"),
                                         _("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), "adit-report.txt");
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_file_chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* --- The window ------------------------------------------------------------------------------------------------------------ */

/* Not before: a window that has given the focus to something before it is there is no window to those who hear it. */
static void
adit_report_window_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (adit_report_window_parent_class)->map (widget);
  gtk_widget_grab_focus (GTK_WIDGET (ADIT_REPORT_WINDOW (widget)->view));
}

static void
adit_report_window_dispose (GObject *object)
{
  AditReportWindow *self = ADIT_REPORT_WINDOW (object);

  g_clear_object (&self->mirror);
  g_clear_pointer (&self->text, g_bytes_unref);
  G_OBJECT_CLASS (adit_report_window_parent_class)->dispose (object);
}

static void
adit_report_window_finalize (GObject *object)
{
  AditReportWindow *self = ADIT_REPORT_WINDOW (object);

  g_free (self->id);
  g_free (self->shown);
  G_OBJECT_CLASS (adit_report_window_parent_class)->finalize (object);
}

static void
adit_report_window_class_init (AditReportWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_report_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = adit_report_window_finalize;
  widget_class->map = adit_report_window_map;
  g_type_ensure (ADIT_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/report-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AditReportWindow, heading);
  gtk_widget_class_bind_template_child (widget_class, AditReportWindow, state);
  gtk_widget_class_bind_template_child (widget_class, AditReportWindow, server);
  gtk_widget_class_bind_template_child (widget_class, AditReportWindow, words);
  gtk_widget_class_bind_template_child (widget_class, AditReportWindow, view);
  gtk_widget_class_bind_template_child (widget_class, AditReportWindow, agreement);
  gtk_widget_class_bind_template_child (widget_class, AditReportWindow, agreed);
  gtk_widget_class_bind_template_child (widget_class, AditReportWindow, never);
  gtk_widget_class_bind_template_child (widget_class, AditReportWindow, always);
  gtk_widget_class_bind_template_child (widget_class, AditReportWindow, send);
  gtk_widget_class_bind_template_callback (widget_class, show);
  gtk_widget_class_bind_template_callback (widget_class, on_change_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_delete_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_never_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_always_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_send_clicked);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
adit_report_window_init (AditReportWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}

/**
 * adit_report_window_new:
 * @parent: the window it belongs to
 * @mirror: which knows of @report
 * @report: what is shown
 *
 * Returns: (transfer none): the window, not yet presented; it closes by itself when the report is gone
 */
GtkWindow *
adit_report_window_new (GtkWindow *parent, AditMirror *mirror, const AditReportRow *report)
{
  AditReportWindow *self = g_object_new (ADIT_TYPE_REPORT_WINDOW, "transient-for", parent, NULL);

  self->mirror = g_object_ref (mirror);
  self->id = g_strdup (report->id);
  g_signal_connect_object (mirror, "reports-changed", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
  show (self);
  adit_mirror_get_report_async (mirror, self->id, on_text, g_object_ref (self));
  return GTK_WINDOW (self);
}
