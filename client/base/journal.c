/* SPDX-License-Identifier: GPL-2.0-or-later */
/* journal.c: a key file that is on disk before the change it speaks of is made. */
#include "client/base/journal.h"


#include "client/base/error.h"
#include "client/base/fault.h"
#include "client/base/file.h"

#define JOURNAL_MAX_BYTES (1024 * 1024)    /* a few lines a link; a thousand links fit */

struct _AditJournal
{
  char     *path;
  GKeyFile *items;
};

static gboolean
save (AditJournal *self, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;

  text = g_key_file_to_data (self->items, &length, NULL);
  if (length == 0)
    return adit_file_remove (self->path, error);
  return ADIT_BETWEEN_FAULTS ("journal", adit_file_write (self->path, text, length, 0600, error));
}

/**
 * adit_journal_open:
 * @path: where it is kept
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Opens the journal with what an earlier helper left in it.  A journal that cannot be read as one is put aside (".bad"), because
 * recovery must go on: every back end can also be reverted without it.
 *
 * Returns: (transfer full) (nullable): the journal
 */
AditJournal *
adit_journal_open (const char *path, GError **error)
{
  g_autoptr (AditJournal) self = g_new0 (AditJournal, 1);
  g_autofree char *text = NULL;
  gsize length;
  GError *local = NULL;

  self->path = g_strdup (path);
  self->items = g_key_file_new ();
  text = adit_file_read (path, JOURNAL_MAX_BYTES, &length, &local);
  if (local != NULL)
    {
      g_propagate_error (error, local);
      return NULL;
    }
  if (text != NULL && length > 0 && !g_key_file_load_from_data (self->items, text, length, G_KEY_FILE_NONE, NULL))
    {
      g_autofree char *aside = g_strconcat (path, ".bad", NULL);

      g_warning ("%s is damaged and is put aside as %s", path, aside);
      g_key_file_unref (self->items);
      self->items = g_key_file_new ();
      if (!adit_file_write (aside, text, length, 0600, error) || !adit_file_remove (path, error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * adit_journal_free:
 * @self: (nullable): a journal; what is on disk stays
 */
void
adit_journal_free (AditJournal *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->items, g_key_file_unref);
  g_free (self->path);
  g_free (self);
}

/**
 * adit_journal_note:
 * @self: a journal
 * @group: whose item it is, for instance "route"
 * @key: what is about to be changed
 * @value: what it was, in a form that @group reads back
 * @error: return location; %ADIT_ERROR_STORE_FAILED, and then the change must not be made
 *
 * Returns: whether the item is on disk
 */
gboolean
adit_journal_note (AditJournal *self, const char *group, const char *key, const char *value, GError **error)
{
  g_key_file_set_string (self->items, group, key, value);
  return save (self, error);
}

/**
 * adit_journal_dup:
 * @self: a journal
 * @group: whose item
 * @key: which
 *
 * Returns: (transfer full) (nullable): the value that was noted
 */
char *
adit_journal_dup (AditJournal *self, const char *group, const char *key)
{
  return g_key_file_get_string (self->items, group, key, NULL);
}

/**
 * adit_journal_has:
 * @self: a journal
 * @group: whose items
 *
 * Returns: whether there is anything to undo for @group
 */
gboolean
adit_journal_has (AditJournal *self, const char *group)
{
  return g_key_file_has_group (self->items, group);
}

/**
 * adit_journal_dup_groups:
 * @self: a journal
 *
 * Returns: (transfer full): the groups that have items, %NULL-terminated
 */
char **
adit_journal_dup_groups (AditJournal *self)
{
  return g_key_file_get_groups (self->items, NULL);
}

/**
 * adit_journal_dup_keys:
 * @self: a journal
 * @group: whose items
 *
 * Returns: (transfer full): the keys of @group, %NULL-terminated, empty where there are none
 */
char **
adit_journal_dup_keys (AditJournal *self, const char *group)
{
  char **keys = g_key_file_get_keys (self->items, group, NULL, NULL);

  return keys != NULL ? keys : g_new0 (char *, 1);
}

/**
 * adit_journal_forget:
 * @self: a journal
 * @group: whose items have been undone
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: whether nothing of @group is on disk any more
 */
gboolean
adit_journal_forget (AditJournal *self, const char *group, GError **error)
{
  if (!g_key_file_remove_group (self->items, group, NULL))
    return TRUE;
  return save (self, error);
}
