/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window-profiles.c: how files come to the window, and what happens with what was imported. */
#include "config.h"
#include "ui/window-private.h"

#include <glib/gi18n.h>

#include "ui/answer-dialog.h"
#include "ui/import-dialog.h"
#include "ui/import-words.h"
#include "ui/profile-dialogs.h"

/* --- Connecting ------------------------------------------------------------------------------------------------------------ */

/**
 * adit_window_connect:
 * @self: a window
 *
 * Connects to what is chosen, and remembers that a person did: only then is somebody there whom a server's question can be put
 * to.
 */
void
adit_window_connect (AditWindow *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);

  g_free (self->login_profile);
  self->login_profile = g_strdup (adit_mirror_get_profile_id (self->mirror));
  self->login_revision = status != NULL ? status->revision : 0;
  adit_mirror_connect (self->mirror);
}

/**
 * adit_window_follow_login:
 * @self: a window
 *
 * Asks for a login once the helper says that one is missing, or that the server did not take it; and for an answer once it says
 * that the server has a question.
 */
void
adit_window_follow_login (AditWindow *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);
  g_autofree char *id = NULL;

  if (self->login_profile == NULL || status == NULL || status->revision == self->login_revision ||
      status->state == ADIT_STATE_CONNECTING || status->state == ADIT_STATE_DISCONNECTED)
    return;
  if (status->state == ADIT_STATE_BLOCKED && g_str_equal (status->account, self->login_profile) &&
      adit_mirror_find_profile (self->mirror, self->login_profile) == NULL)
    return;    /* the word of it, and of what it asks, is on its way */
  id = g_steal_pointer (&self->login_profile);
  if (status->state != ADIT_STATE_BLOCKED || !g_str_equal (status->account, id))
    return;
  if (status->reason == ADIT_REASON_LOGIN_REFUSED)
    adit_window_log_in (self);
  else if (status->reason == ADIT_REASON_ANSWER_NEEDED)
    adit_window_answer (self);
}

/**
 * adit_window_answer:
 * @self: a window
 *
 * Puts the server's question to the person.
 */
void
adit_window_answer (AditWindow *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);

  if (status != NULL && status->reason == ADIT_REASON_ANSWER_NEEDED)
    adit_answer_ask (GTK_WINDOW (self), self->mirror);
}

/**
 * adit_window_log_in:
 * @self: a window
 *
 * Asks for the login of the profile that is connected with.
 */
void
adit_window_log_in (AditWindow *self)
{
  const AditProfileRow *profile = adit_mirror_get_profile (self->mirror);

  if (profile != NULL && adit_import_words_takes_login (profile))
    adit_profile_ask_login (GTK_WINDOW (self), self->mirror, profile, TRUE);
}

/**
 * adit_window_do_with_profile:
 * @self: a window
 * @action: one of the actions about a profile
 * @id: the profile's
 */
void
adit_window_do_with_profile (AditWindow *self, const char *action, const char *id)
{
  const AditProfileRow *profile = adit_mirror_find_profile (self->mirror, id);

  if (profile == NULL)
    return;    /* removed meanwhile, somewhere else */
  if (g_str_equal (action, "win.profile-login"))
    adit_profile_ask_login (GTK_WINDOW (self), self->mirror, profile, FALSE);
  else if (g_str_equal (action, "win.profile-rename"))
    adit_profile_ask_name (GTK_WINDOW (self), self->mirror, profile);
  else if (g_str_equal (action, "win.profile-export"))
    adit_profile_ask_copy (GTK_WINDOW (self), self->mirror, profile);
  else
    adit_profile_ask_removal (GTK_WINDOW (self), self->mirror, profile);
}

/* --- Importing ------------------------------------------------------------------------------------------------------------- */

/* What was just imported has no login yet, so it is asked for before and not after the network is closed. */
static void
on_connect_wanted (AditWindow *self, const AditProfileRow *profile)
{
  if (adit_import_words_needs_login (profile))
    adit_profile_ask_login (GTK_WINDOW (self), self->mirror, profile, TRUE);
  else
    {
      adit_mirror_set_profile (self->mirror, profile->id);
      adit_window_connect (self);
    }
}

/* For somebody without an account there is no other place, so what was just imported is where the large button leads to. */
static void
choose_imported (AditMirror *mirror, const AditImportAnswer *answer)
{
  const AditStatus *status = adit_mirror_get_status (mirror);

  if (answer->profiles->len == 1 && adit_mirror_get_account (mirror) == NULL && status != NULL &&
      status->state == ADIT_STATE_DISCONNECTED)
    adit_mirror_set_profile (mirror, ((const AditProfileRow *) answer->profiles->pdata[0])->id);
}

static void
on_imported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditImportDialog) dialog = user_data;
  g_autoptr (GError) error = NULL;
  AditImportAnswer *answer = adit_mirror_import_finish (ADIT_MIRROR (source), result, &error);

  if (answer != NULL)
    {
      choose_imported (ADIT_MIRROR (source), answer);
      adit_import_dialog_show (dialog, answer);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gtk_window_destroy (GTK_WINDOW (dialog));    /* that there is no helper is said already */
}

static AditImportDialog *
present_dialog (AditWindow *self)
{
  AditImportDialog *dialog = adit_import_dialog_new (GTK_WINDOW (self), self->mirror);

  g_signal_connect_object (dialog, "connect", G_CALLBACK (on_connect_wanted), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}

/**
 * adit_window_import_wanted:
 * @self: a window
 *
 * Imports what was handed to it, as soon as it is known whether there is a helper.
 */
void
adit_window_import_wanted (AditWindow *self)
{
  g_auto (GStrv) paths = NULL;

  if (self->wanted_files == NULL || adit_mirror_get_presence (self->mirror) != ADIT_PRESENCE_HERE)
    return;
  paths = g_steal_pointer (&self->wanted_files);
  adit_mirror_import_async (self->mirror, (const char *const *) paths, on_imported, g_object_ref (present_dialog (self)));
}

/**
 * adit_window_import:
 * @self: a window
 * @paths: configurations, and the files that they name
 *
 * Imports them, and shows what became of each; without a helper as soon as there is one.
 */
void
adit_window_import (AditWindow *self, const char *const *paths)
{
  if (paths[0] == NULL)
    return;
  g_strfreev (self->wanted_files);
  self->wanted_files = g_strdupv ((char **) paths);
  adit_window_import_wanted (self);
}

static void
import_files (AditWindow *self, GSList *files)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (; files != NULL; files = files->next)
    {
      g_autofree char *path = g_file_get_path (files->data);

      if (path != NULL)
        g_strv_builder_add (paths, path);
    }
  list = g_strv_builder_end (paths);
  adit_window_import (self, (const char *const *) list);
}

/* --- Choosing, pasting and dropping ---------------------------------------------------------------------------------------- */

static void
on_chosen (GtkNativeDialog *chooser, int response, AditWindow *self)
{
  g_autoptr (GListModel) chosen = NULL;
  GSList *files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    chosen = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (chooser));
  for (guint i = chosen != NULL ? g_list_model_get_n_items (chosen) : 0; i > 0; i--)
    files = g_slist_prepend (files, g_list_model_get_item (chosen, i - 1));
  import_files (self, files);
  g_slist_free_full (files, g_object_unref);
  g_object_unref (chooser);
}

/**
 * adit_window_choose_files:
 * @self: a window
 *
 * Lets the person choose files and imports them.
 */
void
adit_window_choose_files (AditWindow *self)
{
  static const char *const endings[] = { "ovpn", "conf", "zip", "png", "jpg", "jpeg", "crt", "cer", "pem", "key", "p12", "txt" };
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Import a Configuration File"), GTK_WINDOW (self),
                                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Import"), _("_Cancel"));
  g_autoptr (GtkFileFilter) ours = gtk_file_filter_new (), all = gtk_file_filter_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    gtk_file_filter_add_suffix (ours, endings[i]);
  gtk_file_filter_set_name (ours, _("VPN configurations and their certificates"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_filter_set_name (all, _("All files"));
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), ours);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), all);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* Files that were copied in a file manager, or the text itself, as a service's site shows it. */
static void
on_pasted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditWindow) self = user_data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);
  const char *text = value != NULL && G_VALUE_HOLDS_STRING (value) ? g_value_get_string (value) : NULL;

  if (self->mirror == NULL || adit_mirror_get_presence (self->mirror) != ADIT_PRESENCE_HERE)
    return;    /* the window closes, or there is no helper any more */
  if (value != NULL && text == NULL)
    import_files (self, g_value_get_boxed (value));
  else
    /* Translators: the name of a configuration that came from the clipboard */
    adit_mirror_import_text_async (self->mirror, text != NULL ? text : "", _("Pasted"), on_imported,
                                   g_object_ref (present_dialog (self)));
}

/**
 * adit_window_paste:
 * @self: a window
 *
 * Imports what somebody has copied.
 */
void
adit_window_paste (AditWindow *self)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));
  gboolean has_files = gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), GDK_TYPE_FILE_LIST);

  gdk_clipboard_read_value_async (clipboard, has_files ? GDK_TYPE_FILE_LIST : G_TYPE_STRING, G_PRIORITY_DEFAULT, NULL, on_pasted,
                                  g_object_ref (self));
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, AditWindow *self)
{
  import_files (self, g_value_get_boxed (value));
  return TRUE;
}

/**
 * adit_window_enable_drop:
 * @self: a window
 *
 * Lets files be dropped on it.
 */
void
adit_window_enable_drop (AditWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
