/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-profiles.c: what is imported, and what the person at the window does with it, one call to the helper each. */
#include "config.h"
#include "ui/mirror-private.h"

#include "client/model/import-report.h"

/* --- What is known --------------------------------------------------------------------------------------------------------- */

/**
 * adit_mirror_get_profiles:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable) (element-type AditProfileRow): what this person has imported; %NULL while that is not known
 */
const GPtrArray *
adit_mirror_get_profiles (AditMirror *self)
{
  return self->profiles;
}

/**
 * adit_mirror_find_profile:
 * @self: a mirror
 * @id: perhaps a profile's
 *
 * Returns: (transfer none) (nullable): this person's profile
 */
const AditProfileRow *
adit_mirror_find_profile (AditMirror *self, const char *id)
{
  for (guint i = 0; self->profiles != NULL && i < self->profiles->len; i++)
    if (g_str_equal (((const AditProfileRow *) self->profiles->pdata[i])->id, id))
      return self->profiles->pdata[i];
  return NULL;
}

/**
 * adit_mirror_get_profile:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable): the profile with which the next connection is made; for somebody without an account there
 * is always one, where anything is imported
 */
const AditProfileRow *
adit_mirror_get_profile (AditMirror *self)
{
  if (self->profile != NULL && adit_mirror_find_profile (self, self->profile) != NULL)
    return adit_mirror_find_profile (self, self->profile);
  if (self->profiles == NULL || self->profiles->len == 0 || adit_mirror_get_account (self) != NULL)
    return NULL;
  return self->profiles->pdata[0];
}

/**
 * adit_mirror_get_profile_id:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable): adit_mirror_get_profile(), also where it was imported a moment ago and the helper's word
 * of it is on its way
 */
const char *
adit_mirror_get_profile_id (AditMirror *self)
{
  const AditProfileRow *profile = adit_mirror_get_profile (self);

  return self->profile != NULL ? self->profile : profile != NULL ? profile->id : NULL;
}

/**
 * adit_mirror_set_profile:
 * @self: a mirror
 * @id: the profile with which the next connection is made, instead of a place
 */
void
adit_mirror_set_profile (AditMirror *self, const char *id)
{
  g_autofree char *copy = g_strdup (id);    /* it may be what is kept already */

  g_free (self->profile);
  self->profile = g_steal_pointer (&copy);
  adit_mirror_tell (self);
}

/**
 * adit_mirror_follow_wish:
 * @self: a mirror
 *
 * The next connection goes where this one went, until another place is chosen.
 */
void
adit_mirror_follow_wish (AditMirror *self)
{
  const AditStatus *status = adit_mirror_get_status (self);

  if (status == NULL || status->account[0] == '\0' || status->state == ADIT_STATE_DISCONNECTED || self->profiles == NULL)
    return;
  if (g_strcmp0 (self->profile, status->account) == 0)
    return;    /* one that was imported a moment ago is not in the list yet */
  g_free (self->profile);
  self->profile = adit_mirror_find_profile (self, status->account) != NULL ? g_strdup (status->account) : NULL;
}

static void
on_profiles (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditMirror) self = user_data;
  g_autoptr (GVariant) answer = adit_mirror_finish (self, source, result, NULL);
  g_autoptr (GPtrArray) rows = NULL;
  GPtrArray *own;
  GError *error = NULL;

  if (answer == NULL)
    return;
  rows = adit_answer_read_profiles (answer, &error);
  if (rows == NULL)
    {
      adit_mirror_set_failure (self, error);
      return;
    }
  own = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_profile_row_free);
  while (rows->len > 0)
    {
      AditProfileRow *row = g_ptr_array_steal_index (rows, 0);

      if (row->mine)
        g_ptr_array_add (own, row);
      else
        adit_profile_row_free (row);
    }
  adit_mirror_take_profiles (self, own);
}

/**
 * adit_mirror_ask_profiles:
 * @self: a mirror
 *
 * Asks the helper what this person has imported.
 */
void
adit_mirror_ask_profiles (AditMirror *self)
{
  adit_mirror_call (self, "GetProfiles", g_variant_new ("(@a{sv})", adit_mirror_no_options ()), on_profiles);
}

/**
 * adit_mirror_remove_profile:
 * @self: a mirror
 * @id: a profile that is not in use
 */
void
adit_mirror_remove_profile (AditMirror *self, const char *id)
{
  adit_mirror_wish (self, "RemoveProfile", g_variant_new ("(s@a{sv})", id, adit_mirror_no_options ()));
}

/**
 * adit_mirror_rename_profile_async:
 * @self: a mirror
 * @id: a profile
 * @name: what it is to be called
 * @callback: ends it by adit_mirror_account_finish()
 * @user_data: for @callback
 */
void
adit_mirror_rename_profile_async (AditMirror *self, const char *id, const char *name, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_rename_profile_async, callback, user_data), "RenameProfile",
                   g_variant_new ("(ss@a{sv})", id, name, adit_mirror_no_options ()), NULL, NULL, NULL);
}

/* --- Its login ------------------------------------------------------------------------------------------------------------- */

static void
on_login_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) answer = adit_mirror_finish (g_task_get_source_object (task), source, result, NULL);

  g_task_return_boolean (task, answer != NULL);
}

/**
 * adit_mirror_set_profile_login_async:
 * @self: a mirror
 * @id: a profile
 * @login: five lines: user name, password, passphrase, user name and password at the proxy; empty where that is not asked
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Has the login kept; it crosses the bus as a descriptor and is not kept here.
 */
void
adit_mirror_set_profile_login_async (AditMirror *self, const char *id, AditSecret *login, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, callback, user_data);
  g_autoptr (GUnixFDList) fds = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, adit_mirror_set_profile_login_async);
  adit_mirror_dismiss_failure (self);
  fds = self->client != NULL ? adit_client_wrap_secret (login, &error) : NULL;
  if (fds == NULL)
    {
      if (error != NULL)
        adit_mirror_set_failure (self, error);
      g_task_return_boolean (task, FALSE);
      return;
    }
  adit_client_call_async (self->client, "SetProfileLogin", g_variant_new ("(sh@a{sv})", id, 0, adit_mirror_no_options ()), fds,
                          self->cancellable, on_login_set, g_steal_pointer (&task));
}

/**
 * adit_mirror_set_profile_login_finish:
 * @self: a mirror
 * @result: what the callback was given
 *
 * Returns: whether it is kept; where it is not, that has been told
 */
gboolean
adit_mirror_set_profile_login_finish (AditMirror *self, GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}

/* --- What its server asks ------------------------------------------------------------------------------------------------ */

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditMirror) self = user_data;
  g_autoptr (GVariant) answer = adit_mirror_finish (self, source, result, NULL);
}

/**
 * adit_mirror_answer:
 * @self: a mirror whose status has a question
 * @answer: what the person says to it
 *
 * Connects again with it; it crosses the bus as a descriptor and is not kept here.
 */
void
adit_mirror_answer (AditMirror *self, AditSecret *answer)
{
  g_autoptr (GUnixFDList) fds = NULL;
  GVariantBuilder options;
  GError *error = NULL;

  adit_mirror_dismiss_failure (self);
  fds = self->client != NULL ? adit_client_wrap_secret (answer, &error) : NULL;
  if (error != NULL)
    adit_mirror_set_failure (self, error);
  if (fds == NULL)
    return;
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "answer", g_variant_new_handle (0));
  adit_client_call_async (self->client, "Reconnect", g_variant_new ("(a{sv})", &options), fds, self->cancellable, on_answered,
                          g_object_ref (self));
}

/* --- A copy of it ---------------------------------------------------------------------------------------------------------- */

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    adit_mirror_set_failure (g_task_get_source_object (task), error);
  g_task_return_boolean (task, error == NULL);
}

static void
on_exported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AditMirror *self = g_task_get_source_object (task);
  GFile *file = g_task_get_task_data (task);
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer = adit_mirror_finish (self, source, result, &fds);
  g_autoptr (GBytes) text = NULL;
  GError *error = NULL;

  if (answer != NULL)
    text = adit_answer_read_file (answer, 0, fds, ADIT_IMPORT_FILE_MAX_BYTES, &error);
  if (text == NULL)
    {
      if (error != NULL)
        adit_mirror_set_failure (self, error);
      g_task_return_boolean (task, FALSE);
      return;
    }
  /* There are keys in it: whoever may read the folder may not read this. */
  g_file_replace_contents_bytes_async (file, text, NULL, FALSE, G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                       self->cancellable, on_written, g_steal_pointer (&task));
}

/**
 * adit_mirror_export_profile_async:
 * @self: a mirror
 * @id: a profile
 * @file: where a copy goes, which its owner alone may read; what was there is replaced once the helper has given it
 * @callback: called when it is there
 * @user_data: for @callback
 *
 * Saves what is kept of a profile, after polkit has asked.
 */
void
adit_mirror_export_profile_async (AditMirror *self, const char *id, GFile *file, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, callback, user_data);

  g_task_set_source_tag (task, adit_mirror_export_profile_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  adit_mirror_dismiss_failure (self);
  if (self->client == NULL)
    {
      g_task_return_boolean (task, FALSE);
      return;
    }
  adit_client_call_async (self->client, "ExportProfile", g_variant_new ("(s@a{sv})", id, adit_mirror_no_options ()), NULL,
                          self->cancellable, on_exported, g_steal_pointer (&task));
}

/**
 * adit_mirror_export_profile_finish:
 * @self: a mirror
 * @result: what the callback was given
 *
 * Returns: whether there is a copy; where there is none, that has been told
 */
gboolean
adit_mirror_export_profile_finish (AditMirror *self, GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
