/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store-settings.c: what is set, and the mark beside it.  A setting that cannot be read is locked, never "default". */
#define G_LOG_DOMAIN "adit-store"

#include "client/base/error.h"
#include "client/base/file.h"
#include "client/helper/store-private.h"

/**
 * adit_store_has_settings:
 * @self: a store
 *
 * Returns: whether settings were ever saved and are still there, readable or not
 */
gboolean
adit_store_has_settings (AditStore *self)
{
  return adit_file_exists (self->settings_path);
}

/* A setting that is absent is of a file from before there was one, and off; one that cannot be read could be any. */
static gboolean
load_reach (GKeyFile *file, AditReachSettings *reach, GError **error)
{
  for (const char *const *name = adit_settings_get_names (); *name != NULL; name++)
    {
      g_auto (GStrv) texts = NULL;
      g_autoptr (GError) local = NULL;

      if (!g_key_file_has_key (file, ADIT_STORE_GROUP, *name, NULL))
        continue;
      texts = g_key_file_get_string_list (file, ADIT_STORE_GROUP, *name, NULL, &local);
      if (texts == NULL || !adit_settings_set_texts (reach, *name, (const char *const *) texts, &local))
        {
          g_propagate_prefixed_error (error, g_steal_pointer (&local), "%s: ", *name);
          return FALSE;
        }
    }
  return TRUE;
}

/* The same; what of a choice cannot be read opens nothing, and would lock out who has only mistyped a name. */
static void
load_choice (GKeyFile *file, AditChoice *choice)
{
  for (const char *const *name = adit_choice_get_names (); *name != NULL; name++)
    {
      g_auto (GStrv) texts = NULL;
      g_autoptr (GError) error = NULL;

      if (!g_key_file_has_key (file, ADIT_STORE_GROUP, *name, NULL))
        continue;
      texts = g_key_file_get_string_list (file, ADIT_STORE_GROUP, *name, NULL, &error);
      if (texts == NULL || !adit_choice_set_texts (choice, *name, (const char *const *) texts, &error))
        g_warning ("the setting %s is as if it had never been made: %s", *name, error->message);
    }
}

static void
save_choice (GKeyFile *file, const AditChoice *choice)
{
  for (const char *const *name = adit_choice_get_names (); *name != NULL; name++)
    {
      g_auto (GStrv) texts = adit_choice_dup_texts (choice, *name);

      g_key_file_set_string_list (file, ADIT_STORE_GROUP, *name, (const char *const *) texts, g_strv_length (texts));
    }
}

/* As with a choice: a key that is used for longer opens nothing. */
static void
load_key_days (GKeyFile *file, guint *days)
{
  g_auto (GStrv) texts = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_key_file_has_key (file, ADIT_STORE_GROUP, ADIT_KEY_DAYS_NAME, NULL))
    return;
  texts = g_key_file_get_string_list (file, ADIT_STORE_GROUP, ADIT_KEY_DAYS_NAME, NULL, &error);
  if (texts == NULL || !adit_settings_set_key_days (days, (const char *const *) texts, &error))
    g_warning ("the setting %s is as if it had never been made: %s", ADIT_KEY_DAYS_NAME, error->message);
}

static void
save_key_days (GKeyFile *file, guint days)
{
  g_auto (GStrv) texts = adit_settings_dup_key_days (days);

  g_key_file_set_string_list (file, ADIT_STORE_GROUP, ADIT_KEY_DAYS_NAME, (const char *const *) texts, g_strv_length (texts));
}

static gboolean
load_auto_connect (GKeyFile *file, AditAutoConnect *when, GError **error)
{
  g_auto (GStrv) texts = NULL;

  if (!g_key_file_has_key (file, ADIT_STORE_GROUP, ADIT_AUTO_CONNECT_NAME, NULL))
    return TRUE;
  texts = g_key_file_get_string_list (file, ADIT_STORE_GROUP, ADIT_AUTO_CONNECT_NAME, NULL, error);
  return texts != NULL && adit_auto_connect_set_texts (when, (const char *const *) texts, error);
}

static void
save_auto_connect (GKeyFile *file, AditAutoConnect when)
{
  g_auto (GStrv) texts = adit_auto_connect_dup_texts (when);

  g_key_file_set_string_list (file, ADIT_STORE_GROUP, ADIT_AUTO_CONNECT_NAME, (const char *const *) texts, g_strv_length (texts));
}

static void
save_reach (GKeyFile *file, const AditReachSettings *reach)
{
  for (const char *const *name = adit_settings_get_names (); *name != NULL; name++)
    {
      g_auto (GStrv) texts = adit_settings_dup_texts (reach, *name);

      g_key_file_set_string_list (file, ADIT_STORE_GROUP, *name, (const char *const *) texts, g_strv_length (texts));
    }
}

/**
 * adit_store_load_settings:
 * @self: a store
 * @settings: (out caller-allocates): the settings; with lockdown on, and nothing beside the tunnel, whenever that cannot be told
 * @lost: (out): whether there were settings once that cannot be read now
 * @error: return location; %ADIT_ERROR_NEWER_FORMAT
 *
 * /etc/adit/lockdown stands beside the settings, so that a lost file cannot silently lower the protection.
 *
 * Returns: whether the helper may go on
 */
gboolean
adit_store_load_settings (AditStore *self, AditSettings *settings, gboolean *lost, GError **error)
{
  g_autoptr (GKeyFile) file = NULL;
  g_autoptr (GError) local = NULL;
  gboolean marked = adit_file_exists (self->lockdown_path);

  *settings = (AditSettings) { 0 };
  *lost = FALSE;
  file = adit_store_load_file (self->settings_path, lost, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (file == NULL)
    {
      settings->lockdown = marked || *lost;
      *lost = *lost || marked;
      return TRUE;
    }
  settings->lockdown = g_key_file_get_boolean (file, ADIT_STORE_GROUP, "lockdown", &local) || marked;
  if (local != NULL || !load_reach (file, &settings->reach, &local) ||
      !load_auto_connect (file, &settings->auto_connect, &local))
    {
      *settings = (AditSettings) { .lockdown = TRUE };
      *lost = TRUE;
      g_warning ("%s cannot be read: %s", self->settings_path, local->message);
      return TRUE;
    }
  load_choice (file, &settings->choice);
  load_key_days (file, &settings->key_days);
  self->auto_connect = settings->auto_connect;
  return TRUE;
}

/**
 * adit_store_save_settings:
 * @self: a store
 * @settings: the settings
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: whether they are on disk
 */
gboolean
adit_store_save_settings (AditStore *self, const AditSettings *settings, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  gboolean was_marked = adit_file_exists (self->lockdown_path);

  g_key_file_set_boolean (file, ADIT_STORE_GROUP, "lockdown", settings->lockdown);
  save_reach (file, &settings->reach);
  save_choice (file, &settings->choice);
  save_key_days (file, settings->key_days);
  save_auto_connect (file, settings->auto_connect);
  /* Raising: the mark first.  Lowering: the mark last.  A crash between the two leaves the stricter one. */
  if (settings->lockdown && !adit_file_write (self->lockdown_path, "", 0, 0644, error))
    return FALSE;
  if (!adit_store_save_file (file, self->settings_path, error))
    {
      /* Told as failed, so it must not come true at the next start. */
      if (settings->lockdown && !was_marked)
        (void) adit_file_remove (self->lockdown_path, NULL);
      return FALSE;
    }
  self->auto_connect = settings->auto_connect;
  return settings->lockdown || adit_file_remove (self->lockdown_path, error);
}
