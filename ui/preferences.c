/* SPDX-License-Identifier: GPL-2.0-or-later */
/* preferences.c: a small file of the person's own; it is written only when something is changed. */
#include "config.h"
#include "ui/preferences.h"

#define GROUP "window"
#define KEY   "notifications"

static const char *const words[ADIT_N_HEARS] = {
  [ADIT_HEARS_ALL] = "all", [ADIT_HEARS_IMPORTANT] = "important", [ADIT_HEARS_NOTHING] = "none",
};

static char *
dup_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "adit", "window", NULL);
}

/**
 * adit_preferences_get_hears:
 *
 * Returns: what this person wants to be told; everything, where they have not said
 */
AditHears
adit_preferences_get_hears (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = dup_path (), *word = NULL;

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    word = g_key_file_get_string (file, GROUP, KEY, NULL);
  for (guint i = 0; i < ADIT_N_HEARS; i++)
    if (g_strcmp0 (words[i], word) == 0)
      return (AditHears) i;
  return ADIT_HEARS_ALL;
}

/**
 * adit_preferences_set_hears:
 * @hears: what this person wants to be told
 * @error: return location; why that cannot be written
 *
 * Returns: whether it is kept
 */
gboolean
adit_preferences_set_hears (AditHears hears, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = dup_path (), *folder = g_path_get_dirname (path);

  (void) g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL);
  g_key_file_set_string (file, GROUP, KEY, words[hears]);
  (void) g_mkdir_with_parents (folder, 0700);    /* where it fails, saving says why */
  return g_key_file_save_to_file (file, path, error);
}
