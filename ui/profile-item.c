/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile-item.c: what the list of places shows of a profile, kept apart from the mirror's rows, which change under it. */
#include "config.h"
#include "ui/profile-item.h"

#include <string.h>

#include "client/model/search.h"
#include "ui/import-words.h"

struct _AditProfileItem
{
  GObject  parent_instance;
  char    *id, *name, *detail, *key;
  gboolean takes_login;
};

G_DEFINE_FINAL_TYPE (AditProfileItem, adit_profile_item, G_TYPE_OBJECT)

static void
adit_profile_item_finalize (GObject *object)
{
  AditProfileItem *self = ADIT_PROFILE_ITEM (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->detail);
  g_free (self->key);
  G_OBJECT_CLASS (adit_profile_item_parent_class)->finalize (object);
}

static void
adit_profile_item_class_init (AditProfileItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_profile_item_finalize;
}

static void
adit_profile_item_init (AditProfileItem *self)
{
}

/**
 * adit_profile_item_new:
 * @row: a profile
 *
 * Returns: (transfer full): it, as an item of a list
 */
AditProfileItem *
adit_profile_item_new (const AditProfileRow *row)
{
  AditProfileItem *self = g_object_new (ADIT_TYPE_PROFILE_ITEM, NULL);

  self->id = g_strdup (row->id);
  self->name = g_strdup (row->name);
  self->detail = adit_import_words_dup_detail (row);
  self->key = adit_search_fold (row->name);
  self->takes_login = adit_import_words_takes_login (row);
  return self;
}

/**
 * adit_profile_item_get_id:
 * @self: a profile
 *
 * Returns: (transfer none): what the helper calls it
 */
const char *
adit_profile_item_get_id (AditProfileItem *self)
{
  return self->id;
}

/**
 * adit_profile_item_get_name:
 * @self: a profile
 *
 * Returns: (transfer none): what people call it
 */
const char *
adit_profile_item_get_name (AditProfileItem *self)
{
  return self->name;
}

/**
 * adit_profile_item_get_detail:
 * @self: a profile
 *
 * Returns: (transfer none): what stands beside the name
 */
const char *
adit_profile_item_get_detail (AditProfileItem *self)
{
  return self->detail;
}

/**
 * adit_profile_item_takes_login:
 * @self: a profile
 *
 * Returns: whether there is something to log in with, be it in the place of what the file holds
 */
gboolean
adit_profile_item_takes_login (AditProfileItem *self)
{
  return self->takes_login;
}

/**
 * adit_profile_item_matches:
 * @self: a profile
 * @text: what somebody types
 *
 * Returns: whether each of its words is in the name, without regard to case and accents
 */
gboolean
adit_profile_item_matches (AditProfileItem *self, const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " ,\t\n", -1);

  for (char **word = words; *word != NULL; word++)
    {
      g_autofree char *folded = adit_search_fold (*word);

      if (strstr (self->key, folded) == NULL)
        return FALSE;
    }
  return TRUE;
}
