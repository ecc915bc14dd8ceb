/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile-dialogs.c: a login is in the entries, which keep it out of swap, until it has been handed over; nothing else has it. */
#include "config.h"
#include "ui/profile-dialogs.h"

#include <glib/gi18n.h>
#include <string.h>

#include "client/base/secret.h"
#include "ui/entry-rows.h"
#include "ui/import-words.h"
#include "ui/message-dialog.h"
#include "ui/name-row.h"
#include "ui/password-row.h"

#define LOGIN_MAX_BYTES 4096    /* the helper reads no more */

enum { USERNAME, PASSWORD, PASSPHRASE, PROXY_USERNAME, PROXY_PASSWORD, N_LINES };

static const struct { const char *word, *title; } lines[N_LINES] = {
  { "username", N_("User name") }, { "password", N_("Password") }, { "passphrase", N_("Passphrase of the key") },
  { "proxy-username", N_("User name at the proxy") }, { "proxy-password", N_("Password at the proxy") },
};

/* One question about one profile. */
typedef struct
{
  GtkWindow    *parent;
  AditMirror   *mirror;
  char         *id;
  gboolean      connects;
  AdwMessageDialog *dialog;
  GtkEditable  *entries[N_LINES];    /* (nullable): those that are asked for */
} Question;

static Question *
question_new (GtkWindow *parent, AditMirror *mirror, const char *id)
{
  Question *self = g_new0 (Question, 1);

  self->parent = g_object_ref (parent);
  self->mirror = g_object_ref (mirror);
  self->id = g_strdup (id);
  return self;
}

static void
question_free (Question *self)
{
  g_object_unref (self->parent);
  g_object_unref (self->mirror);
  g_free (self->id);
  g_free (self);
}

static AdwMessageDialog *
new_dialog (Question *self, const char *heading, const char *body)
{
  AdwMessageDialog *dialog = adit_message_dialog_new (self->parent, heading, body);

  adw_message_dialog_add_response (dialog, "cancel", _("_Cancel"));
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "question", self, (GDestroyNotify) question_free);
  adit_password_row_guard (GTK_WINDOW (dialog));
  self->dialog = dialog;
  return dialog;
}

/* --- Login ----------------------------------------------------------------------------------------------------------------- */

static void
on_login_kept (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *asked = user_data;

  if (adit_mirror_set_profile_login_finish (ADIT_MIRROR (source), result) && asked->connects)
    {
      adit_mirror_set_profile (ADIT_MIRROR (source), asked->id);
      gtk_widget_activate_action (GTK_WIDGET (asked->parent), "win.connect", NULL);
    }
  question_free (asked);
}

static AditSecret *
read_login (const Question *self)
{
  char text[LOGIN_MAX_BYTES] = "";
  gsize length = 0;
  AditSecret *login;

  for (guint i = 0; i < N_LINES; i++)
    {
      const char *line = self->entries[i] != NULL ? gtk_editable_get_text (self->entries[i]) : "";

      if (length + strlen (line) + N_LINES > sizeof text)    /* each line has an end, also those that come */
        line = "";    /* refused as too short, which it is told as */
      memcpy (text + length, line, strlen (line) + 1);
      length += strlen (line);
      text[length++] = '\n';    /* over the end that came along */
    }
  login = adit_secret_new (text, length);
  adit_wipe (text, sizeof text);
  return login;
}

static void
on_login_answered (AdwMessageDialog *dialog, const char *response, Question *self)
{
  g_autoptr (AditSecret) login = NULL;
  Question *asked;

  if (!g_str_equal (response, "log-in"))
    return;
  login = read_login (self);
  asked = question_new (self->parent, self->mirror, self->id);    /* the dialog's own goes with the dialog */
  asked->connects = self->connects;
  adit_mirror_set_profile_login_async (self->mirror, self->id, login, on_login_kept, asked);
}

static void
on_login_changed (Question *self)
{
  gboolean whole = TRUE;

  for (guint i = 0; i < N_LINES; i++)
    whole = whole && (self->entries[i] == NULL || gtk_editable_get_text (self->entries[i])[0] != '\0');
  adw_message_dialog_set_response_enabled (self->dialog, "log-in", whole);
}

static void
on_login_activated (Question *self)
{
  on_login_changed (self);
  if (adw_message_dialog_get_response_enabled (self->dialog, "log-in"))
    {
      adw_message_dialog_response (self->dialog, "log-in");
      gtk_window_close (GTK_WINDOW (self->dialog));
    }
}

static GtkWidget *
new_entry (Question *self, guint line)
{
  gboolean is_name = line == USERNAME || line == PROXY_USERNAME;
  GtkWidget *row = is_name ? adw_entry_row_new () : adw_password_entry_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(lines[line].title));
  adw_entry_row_set_input_hints (ADW_ENTRY_ROW (row), GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_PRIVATE);
  if (!is_name)
    adit_password_row_name_buttons (row, _("Show or hide what is typed"));
  adit_entry_rows_tell (row);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (on_login_changed), self);
  g_signal_connect_swapped (row, "entry-activated", G_CALLBACK (on_login_activated), self);
  self->entries[line] = GTK_EDITABLE (row);
  return row;
}

/**
 * adit_profile_ask_login:
 * @parent: a window with the action "win.connect"
 * @mirror: through which the login is kept
 * @profile: whose
 * @connects: whether a connection is what the person wants
 *
 * Asks for what its server wants to know: what the file does not hold, or, where it holds all, what it is to be told instead.
 */
void
adit_profile_ask_login (GtkWindow *parent, AditMirror *mirror, const AditProfileRow *profile, gboolean connects)
{
  Question *self = question_new (parent, mirror, profile->id);
  g_autofree char *heading = g_strdup_printf (_("Log in to %s"), profile->name);
  AdwMessageDialog *dialog = new_dialog (self, heading, _("Whoever gave you the file knows what to enter. It is kept for root "
                                                          "alone."));
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *first = NULL;
  const char *const *words = (const char *const *) (adit_import_words_needs_login (profile) ? profile->asks : profile->takes);

  self->connects = connects;
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  for (guint i = 0; i < N_LINES; i++)
    if (g_strv_contains (words, lines[i].word))
      {
        gtk_list_box_append (GTK_LIST_BOX (list), new_entry (self, i));
        if (first == NULL)
          first = GTK_WIDGET (self->entries[i]);
      }
  adw_message_dialog_set_extra_child (dialog, list);
  adw_message_dialog_add_response (dialog, "log-in", connects ? _("C_onnect") : _("_Keep"));
  adw_message_dialog_set_response_appearance (dialog, "log-in", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "log-in");
  g_signal_connect (dialog, "response", G_CALLBACK (on_login_answered), self);
  on_login_changed (self);
  gtk_window_present (GTK_WINDOW (dialog));
  if (first != NULL)
    gtk_widget_grab_focus (first);
}

/* --- Name ------------------------------------------------------------------------------------------------------------------ */

/**
 * adit_profile_ask_name:
 * @parent: the window
 * @mirror: through which it is changed
 * @profile: which is to be called otherwise
 */
void
adit_profile_ask_name (GtkWindow *parent, AditMirror *mirror, const AditProfileRow *profile)
{
  g_autofree char *heading = g_strdup_printf (_("Rename %s"), profile->name);
  AdwMessageDialog *dialog = adit_message_dialog_new (parent, heading, NULL);
  GtkWidget *list = gtk_list_box_new (), *row = adit_name_row_new (mirror, profile);

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  adw_message_dialog_set_extra_child (dialog, list);
  adw_message_dialog_add_response (dialog, "close", _("_Close"));
  adit_password_row_guard (GTK_WINDOW (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (row);
}

/* --- Removal --------------------------------------------------------------------------------------------------------------- */

static void
on_removal_answered (AdwMessageDialog *dialog, const char *response, Question *self)
{
  if (g_str_equal (response, "remove"))
    adit_mirror_remove_profile (self->mirror, self->id);
}

/**
 * adit_profile_ask_removal:
 * @parent: the window
 * @mirror: through which it is removed
 * @profile: what to remove, if the person says so
 */
void
adit_profile_ask_removal (GtkWindow *parent, AditMirror *mirror, const AditProfileRow *profile)
{
  Question *self = question_new (parent, mirror, profile->id);
  g_autofree char *heading = g_strdup_printf (_("Remove %s?"), profile->name);
  AdwMessageDialog *dialog = new_dialog (self, heading, _("Its keys and its login are erased on this computer. To use it again "
                                                          "you need the file that it came from."));

  adw_message_dialog_add_response (dialog, "remove", _("_Remove"));
  adw_message_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (on_removal_answered), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- Copy ------------------------------------------------------------------------------------------------------------------ */

static void
on_copied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  (void) adit_mirror_export_profile_finish (ADIT_MIRROR (source), result);
}

static void
on_file_chosen (GtkNativeDialog *chooser, int response, Question *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL)
    adit_mirror_export_profile_async (self->mirror, self->id, file, on_copied, NULL);
  g_object_unref (chooser);
}

/**
 * adit_profile_ask_copy:
 * @parent: the window
 * @mirror: from which it comes
 * @profile: what to copy, to where the person says
 */
void
adit_profile_ask_copy (GtkWindow *parent, AditMirror *mirror, const AditProfileRow *profile)
{
  Question *self = question_new (parent, mirror, profile->id);
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Save a Clean Copy"), parent, GTK_FILE_CHOOSER_ACTION_SAVE,
                                                               _("_Save"), _("_Cancel"));
  g_autofree char *name = g_strconcat (profile->name, profile->kind == ADIT_PROFILE_OPENVPN ? ".ovpn" : ".conf", NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), g_strdelimit (name, "/", '-'));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_object_set_data_full (G_OBJECT (chooser), "question", self, (GDestroyNotify) question_free);
  g_signal_connect (chooser, "response", G_CALLBACK (on_file_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
