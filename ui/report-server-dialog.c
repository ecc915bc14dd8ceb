/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-server-dialog.c: a server that somebody runs has an address with a key in it, which is no secret: it can only be used to
 * hand in reports. */
#include "config.h"
#include "ui/report-server-dialog.h"

#include <glib/gi18n.h>

#include "ui/entry-rows.h"
#include "ui/message-dialog.h"
#include "ui/password-row.h"
#include "ui/trouble.h"

typedef struct
{
  GtkWindow        *parent;
  AditMirror       *mirror;
  AdwMessageDialog *dialog;
  GtkEditable      *dsn, *pin;
} Question;

static void
question_free (Question *self)
{
  g_object_unref (self->parent);
  g_object_unref (self->mirror);
  g_free (self);
}

static void
on_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWindow) parent = user_data;
  g_autoptr (GError) error = NULL;

  if (!adit_mirror_report_finish (ADIT_MIRROR (source), result, &error) && gtk_widget_get_mapped (GTK_WIDGET (parent)))
    adit_trouble_tell (GTK_WIDGET (parent), error);
}

static void
on_response (AdwMessageDialog *dialog, const char *response, Question *self)
{
  const char *dsn = g_str_equal (response, "none") ? "none" : "", *pin = "";

  if (g_str_equal (response, "cancel"))
    return;
  if (g_str_equal (response, "set"))
    {
      dsn = gtk_editable_get_text (self->dsn);
      pin = gtk_editable_get_text (self->pin);
    }
  adit_mirror_set_report_server_async (self->mirror, dsn, pin, on_set, g_object_ref (self->parent));
}

static void
on_changed (Question *self)
{
  adw_message_dialog_set_response_enabled (self->dialog, "set", gtk_editable_get_text (self->dsn)[0] != '\0');
}

static GtkEditable *
add_entry (GtkWidget *list, const char *title)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_entry_row_set_input_hints (ADW_ENTRY_ROW (row), GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_PRIVATE);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  return GTK_EDITABLE (row);
}

/**
 * adit_report_server_ask:
 * @parent: the window before which it stands
 * @mirror: through which it is set
 *
 * Asks for a server, or whether there is to be none or the administrator's.
 */
void
adit_report_server_ask (GtkWindow *parent, AditMirror *mirror)
{
  const AditReportServerAnswer *server = adit_mirror_get_report_server (mirror);
  Question *self = g_new0 (Question, 1);
  GtkWidget *list = gtk_list_box_new ();

  self->parent = g_object_ref (parent);
  self->mirror = g_object_ref (mirror);
  self->dialog = adit_message_dialog_new (parent, _("Where reports go"),
                                          _("Whoever runs the server has its address, with a key in it (DSN). "
                                            "With another server, what was on its way waits for your yes again."));
  g_object_set_data_full (G_OBJECT (self->dialog), "question", self, (GDestroyNotify) question_free);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  self->dsn = add_entry (list, _("Address, such as https://key@example.org/1"));
  self->pin = add_entry (list, _("Pin of its certificate, where you have one"));
  adit_entry_rows_tell (list);
  adw_message_dialog_set_extra_child (self->dialog, list);
  adw_message_dialog_add_response (self->dialog, "cancel", _("_Cancel"));
  if (server != NULL && server->host[0] != '\0')
    adw_message_dialog_add_response (self->dialog, "none", _("_No Server"));
  if (server != NULL && server->is_own)
    adw_message_dialog_add_response (self->dialog, "administrator", _("The _Administrator’s"));
  /* Translators: a button: reports go to the server that was typed from now on */
  adw_message_dialog_add_response (self->dialog, "set", _("_Use It"));
  adw_message_dialog_set_close_response (self->dialog, "cancel");
  adw_message_dialog_set_response_appearance (self->dialog, "set", ADW_RESPONSE_SUGGESTED);
  g_signal_connect (self->dialog, "response", G_CALLBACK (on_response), self);
  g_signal_connect_swapped (self->dsn, "changed", G_CALLBACK (on_changed), self);
  adit_password_row_guard (GTK_WINDOW (self->dialog));
  on_changed (self);
  gtk_window_present (GTK_WINDOW (self->dialog));
  gtk_widget_grab_focus (GTK_WIDGET (self->dsn));
}
