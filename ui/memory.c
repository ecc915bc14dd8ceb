/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory.c: a small file of the person's own.  What in it is none of ours is left out: nothing in it is worth a message. */
#include "config.h"
#include "ui/memory.h"

#include <errno.h>
#include <string.h>

#include "client/base/error.h"
#include "client/base/file.h"

#define GROUP     "window"
#define MAX_BYTES (16 * 1024)    /* what is written is far below that */

/* --- Places as texts ------------------------------------------------------------------------------------------------------- */

/* As the helper writes favourites: "mullvad/se/got". */
static char **
dup_texts (const AditFavourite *places, guint n)
{
  g_autofree AditChoice *choice = g_new0 (AditChoice, 1);

  for (guint i = 0; i < n; i++)
    choice->favourites[i] = places[i];
  choice->n_favourites = n;
  return adit_choice_dup_texts (choice, "favourites");
}

static guint
read_texts (const char *const *texts, AditFavourite *places, guint max)
{
  g_autofree AditChoice *choice = g_new0 (AditChoice, 1);

  if (texts == NULL || !adit_choice_set_texts (choice, "favourites", texts, NULL))
    return 0;
  for (guint i = 0; i < MIN (choice->n_favourites, max); i++)
    places[i] = choice->favourites[i];
  return MIN (choice->n_favourites, max);
}

/* --- What is heard --------------------------------------------------------------------------------------------------------- */

static const char *const hears_words[ADIT_N_HEARS] = {
  [ADIT_HEARS_ALL] = "all", [ADIT_HEARS_IMPORTANT] = "important", [ADIT_HEARS_NOTHING] = "none",
};

static AditHears
find_hears (const char *word)
{
  for (guint i = 0; i < ADIT_N_HEARS; i++)
    if (g_strcmp0 (hears_words[i], word) == 0)
      return (AditHears) i;
  return ADIT_HEARS_ALL;
}

/* --- Reports --------------------------------------------------------------------------------------------------------------- */

/**
 * adit_memory_find_report:
 * @self: what is remembered
 * @id: a report's
 *
 * Returns: (transfer none) (nullable): that somebody was told of it
 */
const AditMemoryReport *
adit_memory_find_report (const AditMemory *self, const char *id)
{
  for (guint i = 0; i < self->n_reports; i++)
    if (g_str_equal (self->reports[i].id, id))
      return &self->reports[i];
  return NULL;
}

/**
 * adit_memory_add_report:
 * @self: what is remembered
 * @id: a report's, that it does not have yet; one that is none is left out
 * @is_shown: whether the window has shown it
 */
void
adit_memory_add_report (AditMemory *self, const char *id, gboolean is_shown)
{
  AditMemoryReport *added = &self->reports[self->n_reports];

  if (self->n_reports == ADIT_MEMORY_MAX_REPORTS || !adit_report_id_is_valid (id))
    return;
  g_strlcpy (added->id, id, sizeof added->id);
  added->is_shown = is_shown;
  self->n_reports++;
}

static void
read_reports (AditMemory *self, GKeyFile *file, const char *key, gboolean is_shown)
{
  g_auto (GStrv) ids = g_key_file_get_string_list (file, GROUP, key, NULL, NULL);

  for (char **id = ids; id != NULL && *id != NULL; id++)
    if (adit_memory_find_report (self, *id) == NULL)
      adit_memory_add_report (self, *id, is_shown);
}

static void
write_reports (const AditMemory *self, GKeyFile *file, const char *key, gboolean is_shown)
{
  const char *ids[ADIT_MEMORY_MAX_REPORTS];
  gsize n = 0;

  for (guint i = 0; i < self->n_reports; i++)
    if (self->reports[i].is_shown == is_shown)
      ids[n++] = self->reports[i].id;
  if (n > 0)
    g_key_file_set_string_list (file, GROUP, key, ids, n);
}

/* --- The file -------------------------------------------------------------------------------------------------------------- */

/**
 * adit_memory_load:
 * @self: (out caller-allocates): what was remembered; all zero where there is nothing
 * @path: of the file
 */
void
adit_memory_load (AditMemory *self, const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL, *protocol = NULL, *entry = NULL, *hears = NULL;
  g_auto (GStrv) recent = NULL;
  gsize length;

  *self = (AditMemory) { 0 };
  text = adit_file_read (path, MAX_BYTES, &length, NULL);
  if (text == NULL || !g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, NULL))
    return;
  protocol = g_key_file_get_string (file, GROUP, "tunnel", NULL);
  self->has_protocol = protocol != NULL && adit_protocol_from_name (protocol, &self->protocol);
  self->multihop = g_key_file_get_boolean (file, GROUP, "multihop", NULL);
  entry = g_key_file_get_string (file, GROUP, "entry", NULL);
  (void) read_texts ((const char *[]) { entry, NULL }, &self->entry, 1);
  hears = g_key_file_get_string (file, GROUP, "notifications", NULL);
  self->hears = find_hears (hears);
  self->background = g_key_file_get_boolean (file, GROUP, "background", NULL);
  read_reports (self, file, "reports-shown", TRUE);
  read_reports (self, file, "reports-told", FALSE);
  self->keeps_recent = g_key_file_get_boolean (file, GROUP, "keep-recent", NULL);
  recent = g_key_file_get_string_list (file, GROUP, "recent", NULL, NULL);
  if (self->keeps_recent)
    self->n_recent = read_texts ((const char *const *) recent, self->recent, ADIT_MEMORY_MAX_RECENT);
}

/**
 * adit_memory_save:
 * @self: what is to be remembered
 * @path: of the file; its folder is made
 * @error: return location
 *
 * Returns: whether it is on disk, without recent places unless these are to be kept
 */
gboolean
adit_memory_save (const AditMemory *self, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *folder = g_path_get_dirname (path), *text = NULL;
  g_auto (GStrv) recent = dup_texts (self->recent, self->n_recent), entry = dup_texts (&self->entry, 1);
  gsize length;

  if (self->has_protocol)
    g_key_file_set_string (file, GROUP, "tunnel", adit_protocol_to_name (self->protocol));
  g_key_file_set_boolean (file, GROUP, "multihop", self->multihop);
  if (self->entry.service[0] != '\0' && !adit_place_is_any (&self->entry.place))
    g_key_file_set_string (file, GROUP, "entry", entry[0]);
  g_key_file_set_string (file, GROUP, "notifications", hears_words[self->hears]);
  g_key_file_set_boolean (file, GROUP, "background", self->background);
  write_reports (self, file, "reports-shown", TRUE);
  write_reports (self, file, "reports-told", FALSE);
  g_key_file_set_boolean (file, GROUP, "keep-recent", self->keeps_recent);
  if (self->keeps_recent)
    g_key_file_set_string_list (file, GROUP, "recent", (const char *const *) recent, g_strv_length (recent));
  text = g_key_file_to_data (file, &length, NULL);
  if (g_mkdir_with_parents (folder, 0700) == 0)
    return g_file_set_contents_full (path, text, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "%s cannot be made: %s", folder, g_strerror (errno));
  return FALSE;
}

/**
 * adit_memory_add_recent:
 * @self: what is remembered
 * @service: a service's id
 * @place: where somebody connects to; nothing is remembered of anywhere
 *
 * It is the first one from now on; of those that are too many the oldest is forgotten.
 */
void
adit_memory_add_recent (AditMemory *self, const char *service, const AditPlace *place)
{
  AditFavourite added = { .place = *place };
  guint at = 0;

  if (adit_place_is_any (place))
    return;
  g_strlcpy (added.service, service, sizeof added.service);
  while (at < self->n_recent && (!g_str_equal (self->recent[at].service, service) ||
                                 !adit_place_equal (&self->recent[at].place, place)))
    at++;
  if (at == self->n_recent && self->n_recent < ADIT_MEMORY_MAX_RECENT)
    self->n_recent++;
  for (guint i = MIN (at, self->n_recent - 1); i > 0; i--)
    self->recent[i] = self->recent[i - 1];
  self->recent[0] = added;
}
