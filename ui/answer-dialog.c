/* SPDX-License-Identifier: GPL-2.0-or-later */
/* answer-dialog.c: an answer is in the entry, which keeps it out of swap, until it has been handed over; nothing else has it. */
#include "config.h"
#include "ui/answer-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/entry-rows.h"
#include "ui/message-dialog.h"
#include "ui/password-row.h"

typedef struct
{
  AditMirror       *mirror;
  AdwMessageDialog *dialog;
  GtkEditable      *entry;
} Question;

static void
question_free (Question *self)
{
  g_object_unref (self->mirror);
  g_free (self);
}

static void
on_response (AdwMessageDialog *dialog, const char *response, Question *self)
{
  g_autoptr (AditSecret) answer = NULL;
  const char *text;

  if (!g_str_equal (response, "answer"))    /* the entry may be gone already */
    return;
  text = gtk_editable_get_text (self->entry);
  answer = adit_secret_new (text, strlen (text));
  adit_mirror_answer (self->mirror, answer);
}

static void
on_changed (Question *self)
{
  adw_message_dialog_set_response_enabled (self->dialog, "answer", gtk_editable_get_text (self->entry)[0] != '\0');
}

static void
on_activated (Question *self)
{
  if (gtk_editable_get_text (self->entry)[0] == '\0')
    return;
  adw_message_dialog_response (self->dialog, "answer");
  gtk_window_close (GTK_WINDOW (self->dialog));
}

static GtkWidget *
new_entry (Question *self, gboolean echo)
{
  GtkWidget *row = echo ? adw_entry_row_new () : adw_password_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Answer"));
  adw_entry_row_set_input_hints (ADW_ENTRY_ROW (row), GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_PRIVATE);
  if (!echo)
    adit_password_row_name_buttons (row, _("Show or hide what is typed"));
  adit_entry_rows_tell (row);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (row, "entry-activated", G_CALLBACK (on_activated), self);
  self->entry = GTK_EDITABLE (row);
  return row;
}

/**
 * adit_answer_ask:
 * @parent: the window
 * @mirror: whose status has a question
 *
 * Puts it to the person, and hands their answer over.
 */
void
adit_answer_ask (GtkWindow *parent, AditMirror *mirror)
{
  const AditStatus *status = adit_mirror_get_status (mirror);
  Question *self = g_new0 (Question, 1);
  g_autofree char *heading = g_strdup_printf (_("%s asks"), status->profile);
  /* A stranger's words are shown as text: AdwMessageDialog reads markup only where it is told to. */
  const char *words = status->question[0] != '\0' ? status->question : _("The server asks for one more answer.");
  GtkWidget *list = gtk_list_box_new ();

  self->mirror = g_object_ref (mirror);
  self->dialog = adit_message_dialog_new (parent, heading, words);
  g_object_set_data_full (G_OBJECT (self->dialog), "question", self, (GDestroyNotify) question_free);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), new_entry (self, status->question_echo));
  adw_message_dialog_set_extra_child (self->dialog, list);
  adw_message_dialog_add_responses (self->dialog, "cancel", _("_Cancel"), "answer", _("C_onnect"), NULL);
  adw_message_dialog_set_close_response (self->dialog, "cancel");
  adw_message_dialog_set_response_appearance (self->dialog, "answer", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (self->dialog, "answer");
  g_signal_connect (self->dialog, "response", G_CALLBACK (on_response), self);
  adit_password_row_guard (GTK_WINDOW (self->dialog));
  on_changed (self);
  gtk_window_present (GTK_WINDOW (self->dialog));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}
