/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-spool.c: one file a report, 0600 in a 0700 directory: one fixed record, and behind it the text as a worker handed it up.
 * Nobody here looks at the text: it goes to a worker, or back to its owner.
 *
 * Room is dealt out by person: who makes many pushes out only their own, and where all together are too many, whoever has most
 * loses one. */
#define G_LOG_DOMAIN "adit-reports"

#include "client/helper/report-spool.h"

#include <string.h>

#include "client/base/error.h"
#include "client/base/file.h"

#define MAGIC  "AditRpt"
#define FORMAT 1

typedef struct
{
  char    magic[8];
  guint32 format, size_bytes;
  guint32 owner_uid, text_bytes;
  guint32 kind, state, reason, n_failures;
  guint64 number;
  gint64  day_s, next_try_s;
  guint8  is_by_always;
  char    id[ADIT_REPORT_ID_LENGTH + 1], key[ADIT_REPORT_KEY_LENGTH + 1], program[16];
  guint8  server[ADIT_SPOOL_DIGEST_BYTES];
  guint8  gap[5];                              /* zero */
  gint64  asked_s;                             /* 0 also where a helper wrote it that had no such thing */
  guint8  reserved[80];                        /* zero; room for what a later format of the same size needs */
  guint8  digest[ADIT_SPOOL_DIGEST_BYTES];     /* SHA-256 of all before it and of the text: tells a torn file, not an attacker */
} Record;

G_STATIC_ASSERT (sizeof (Record) == 336);    /* without a hole, which would have a random content */

struct _AditSpool
{
  char      *directory;
  GPtrArray *entries;
  guint64    last_number;
};

static void
digest_record (const Record *record, const void *text, guint8 digest[ADIT_SPOOL_DIGEST_BYTES])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = ADIT_SPOOL_DIGEST_BYTES;

  g_checksum_update (checksum, (const guchar *) record, G_STRUCT_OFFSET (Record, digest));
  g_checksum_update (checksum, text, record->text_bytes);
  g_checksum_get_digest (checksum, digest, &length);
}

static gboolean
is_text (const char *field, gsize size)
{
  return memchr (field, '\0', size) != NULL;
}

/* Takes a file apart; NULL for one that is not whole. */
static AditSpoolEntry *
entry_from_file (const guint8 *bytes, gsize length)
{
  Record record;
  guint8 digest[ADIT_SPOOL_DIGEST_BYTES];
  AditSpoolEntry *entry;

  if (length < sizeof record)
    return NULL;
  memcpy (&record, bytes, sizeof record);
  if (memcmp (record.magic, MAGIC, sizeof record.magic) != 0 || record.format != FORMAT || record.size_bytes != sizeof record ||
      record.text_bytes == 0 || record.text_bytes != length - sizeof record)
    return NULL;
  digest_record (&record, bytes + sizeof record, digest);
  if (memcmp (digest, record.digest, sizeof digest) != 0 || !is_text (record.id, sizeof record.id) ||
      !is_text (record.key, sizeof record.key) || !is_text (record.program, sizeof record.program) ||
      !adit_report_id_is_valid (record.id) || record.kind >= ADIT_SPOOL_N_KINDS || record.state >= ADIT_SPOOL_N_STATES ||
      record.reason >= ADIT_SPOOL_N_REASONS)
    return NULL;
  entry = g_new0 (AditSpoolEntry, 1);
  memcpy (entry->id, record.id, sizeof entry->id);
  memcpy (entry->key, record.key, sizeof entry->key);
  memcpy (entry->program, record.program, sizeof entry->program);
  memcpy (entry->server, record.server, sizeof entry->server);
  entry->owner_uid = record.owner_uid;
  entry->kind = (AditSpoolKind) record.kind;
  entry->state = (AditSpoolState) record.state;
  entry->reason = (AditSpoolReason) record.reason;
  entry->is_by_always = record.is_by_always != 0;
  entry->day_s = record.day_s;
  entry->next_try_s = record.next_try_s;
  entry->asked_s = record.asked_s;
  entry->n_failures = record.n_failures;
  entry->number = record.number;
  entry->text_bytes = record.text_bytes;
  return entry;
}

static char *
dup_path (AditSpool *self, const char *id)
{
  return g_build_filename (self->directory, id, NULL);
}

#define FILE_MAX_BYTES (sizeof (Record) + ADIT_REPORT_MAX_BYTES)

/* The whole file and what it says, NULL where it is not that of @id. */
static guint8 *
read_file (AditSpool *self, const char *id, gsize *length, AditSpoolEntry **entry, GError **error)
{
  g_autofree char *path = dup_path (self, id);
  g_autofree guint8 *bytes = (guint8 *) adit_file_read (path, FILE_MAX_BYTES, length, error);

  *entry = NULL;
  if (bytes == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "%s is gone", path);
      return NULL;
    }
  *entry = entry_from_file (bytes, *length);
  if (*entry != NULL && g_str_equal ((*entry)->id, id))
    return g_steal_pointer (&bytes);
  g_clear_pointer (entry, g_free);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "%s is damaged, or no report of this version's", path);
  return NULL;
}

/* What is no report stays where it is: nothing of ours overwrites it, and it is never sent. */
static void
load_entry (AditSpool *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *bytes = NULL;
  AditSpoolEntry *entry;
  gsize length;

  bytes = read_file (self, name, &length, &entry, &error);
  if (bytes == NULL)
    g_warning ("a report is left out: %s", error->message);
  else if (self->entries->len >= ADIT_SPOOL_MAX)
    {
      g_warning ("%s/%s is left out: there are %u reports already", self->directory, name, self->entries->len);
      g_free (entry);
    }
  else
    {
      self->last_number = MAX (self->last_number, entry->number);
      g_ptr_array_add (self->entries, entry);
    }
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const AditSpoolEntry *left = *(AditSpoolEntry *const *) a, *right = *(AditSpoolEntry *const *) b;

  return left->number != right->number ? (left->number < right->number ? -1 : 1) : strcmp (left->id, right->id);
}

/* Of ours besides reports: notes of the helper's own (crash-watch.c), what a person has said, and a write that was cut short. */
static gboolean
is_known_name (const char *name)
{
  return g_str_equal (name, "helper.note") || g_str_equal (name, "helper.former") || g_str_has_suffix (name, ".person");
}

/**
 * adit_spool_open:
 * @directory: where they are; made when it is not there
 * @error: return location; %ADIT_ERROR_STORE_FAILED, also where it is a link, or somebody else's
 *
 * Returns: (transfer full) (nullable): every report that is whole
 */
AditSpool *
adit_spool_open (const char *directory, GError **error)
{
  g_autoptr (AditSpool) self = g_new0 (AditSpool, 1);
  g_autoptr (GDir) files = NULL;
  g_autoptr (GError) local = NULL;
  const char *name;

  self->directory = g_strdup (directory);
  self->entries = g_ptr_array_new_with_free_func (g_free);
  if (!adit_directory_ensure (directory, 0700, error))
    return NULL;
  files = g_dir_open (directory, 0, &local);
  if (files == NULL)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "Could not read %s: %s", directory, local->message);
      return NULL;
    }
  while ((name = g_dir_read_name (files)) != NULL)
    if (adit_report_id_is_valid (name))
      load_entry (self, name);
    else if (g_str_has_suffix (name, ".new"))
      {
        g_autofree char *path = g_build_filename (directory, name, NULL);

        (void) adit_file_remove (path, NULL);    /* a write in which a helper died: perhaps of what its owner has deleted since */
      }
    else if (!is_known_name (name))
      {
        g_autofree char *shown = g_filename_display_name (name);

        g_warning ("%s/%s is no report and is left alone", directory, shown);
      }
  g_ptr_array_sort (self->entries, compare_entries);
  return g_steal_pointer (&self);
}

/**
 * adit_spool_close:
 * @self: (nullable): the spool; its files stay
 */
void
adit_spool_close (AditSpool *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_free (self->directory);
  g_free (self);
}

/**
 * adit_spool_get_all:
 * @self: the spool
 *
 * Returns: (transfer none) (element-type AditSpoolEntry): all of them, the oldest first
 */
GPtrArray *
adit_spool_get_all (AditSpool *self)
{
  return self->entries;
}

/**
 * adit_spool_find:
 * @self: the spool
 * @id: perhaps one's id
 *
 * Returns: (transfer none) (nullable): it
 */
AditSpoolEntry *
adit_spool_find (AditSpool *self, const char *id)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (g_str_equal (((AditSpoolEntry *) self->entries->pdata[i])->id, id))
      return self->entries->pdata[i];
  return NULL;
}

/**
 * adit_spool_has_like:
 * @self: the spool
 * @owner_uid: whose
 * @key: what duplicates have in common
 *
 * Returns: whether that person has a report of the same already, in whatever state
 */
gboolean
adit_spool_has_like (AditSpool *self, guint32 owner_uid, const char *key)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const AditSpoolEntry *entry = self->entries->pdata[i];

      if (entry->owner_uid == owner_uid && key[0] != '\0' && g_str_equal (entry->key, key))
        return TRUE;
    }
  return FALSE;
}

static guint
count_own (AditSpool *self, guint32 owner_uid)
{
  guint n = 0;

  for (guint i = 0; i < self->entries->len; i++)
    n += ((const AditSpoolEntry *) self->entries->pdata[i])->owner_uid == owner_uid;
  return n;
}

/* What is missed least comes first: what is done with, then what nobody has said yes to, then what somebody has. */
static guint
get_worth (const AditSpoolEntry *entry)
{
  return entry->state == ADIT_SPOOL_QUEUED ? 2 : entry->state == ADIT_SPOOL_WAITING ? 1 : 0;
}

static AditSpoolEntry *
find_least (AditSpool *self, guint32 owner_uid)
{
  AditSpoolEntry *least = NULL;

  for (guint i = 0; i < self->entries->len; i++)
    {
      AditSpoolEntry *entry = self->entries->pdata[i];

      if (entry->owner_uid == owner_uid && !entry->is_under_way && (least == NULL || get_worth (entry) < get_worth (least)))
        least = entry;
    }
  return least;
}

static guint32
find_greediest (AditSpool *self)
{
  guint32 greediest = 0;
  guint most = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      guint32 owner_uid = ((const AditSpoolEntry *) self->entries->pdata[i])->owner_uid;
      guint n = count_own (self, owner_uid);

      if (n > most)
        {
          greediest = owner_uid;
          most = n;
        }
    }
  return greediest;
}

/* Which one goes for another of that person, if one has to. */
static gboolean
find_room (AditSpool *self, guint32 owner_uid, AditSpoolEntry **least, GError **error)
{
  *least = NULL;
  if (count_own (self, owner_uid) >= ADIT_SPOOL_MAX_OWN)
    *least = find_least (self, owner_uid);
  else if (self->entries->len >= ADIT_SPOOL_MAX)
    *least = find_least (self, find_greediest (self));
  else
    return TRUE;
  if (*least != NULL)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_BUSY, "There are too many reports, and all are under way");
  return FALSE;
}

static gboolean
save (AditSpool *self, const AditSpoolEntry *entry, const void *text, GError **error)
{
  g_autofree char *path = dup_path (self, entry->id);
  gsize length = sizeof (Record) + entry->text_bytes;
  g_autofree guint8 *bytes = g_malloc (length);
  Record record;

  memset (&record, 0, sizeof record);
  memcpy (record.magic, MAGIC, sizeof record.magic);
  record.format = FORMAT;
  record.size_bytes = sizeof record;
  record.owner_uid = entry->owner_uid;
  record.text_bytes = (guint32) entry->text_bytes;
  record.kind = entry->kind;
  record.state = entry->state;
  record.reason = entry->reason;
  record.n_failures = entry->n_failures;
  record.number = entry->number;
  record.day_s = entry->day_s;
  record.next_try_s = entry->next_try_s;
  record.asked_s = entry->asked_s;
  record.is_by_always = entry->is_by_always;
  memcpy (record.id, entry->id, sizeof record.id);
  memcpy (record.key, entry->key, sizeof record.key);
  memcpy (record.program, entry->program, sizeof record.program);
  memcpy (record.server, entry->server, sizeof record.server);
  digest_record (&record, text, record.digest);
  memcpy (bytes, &record, sizeof record);
  memcpy (bytes + sizeof record, text, entry->text_bytes);
  return adit_file_write (path, bytes, length, 0600, error);
}

/**
 * adit_spool_add:
 * @self: the spool
 * @entry: all that is to be known of it, but for number and size
 * @text: what is kept; nobody looks at it
 * @error: return location; %ADIT_ERROR_STORE_FAILED, and then the others are as they were; %ADIT_ERROR_BUSY
 *
 * Where there is no room, the oldest one goes of what is missed least.
 *
 * Returns: (transfer none) (nullable): the new report, which is on disk
 */
AditSpoolEntry *
adit_spool_add (AditSpool *self, const AditSpoolEntry *entry, GBytes *text, GError **error)
{
  g_autofree AditSpoolEntry *added = g_memdup2 (entry, sizeof *entry);
  gsize length;
  const void *bytes = g_bytes_get_data (text, &length);
  AditSpoolEntry *least;

  g_return_val_if_fail (adit_report_id_is_valid (entry->id), NULL);
  if (length == 0 || length > ADIT_REPORT_MAX_BYTES)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "A report is of 1 to %u bytes, and this one is not",
                   ADIT_REPORT_MAX_BYTES);
      return NULL;
    }
  if (!find_room (self, entry->owner_uid, &least, error))
    return NULL;
  added->text_bytes = length;
  added->number = self->last_number + 1;
  if (!save (self, added, bytes, error))
    return NULL;
  /* Only now, as a disk that has no room for the new one would lose both. */
  while (least != NULL)    /* once, or twice where a helper died between the two */
    {
      if (!adit_spool_remove (self, least, error) || !find_room (self, entry->owner_uid, &least, error))
        {
          g_autofree char *path = dup_path (self, added->id);

          (void) adit_file_remove (path, NULL);
          return NULL;
        }
      g_message ("the oldest report that is missed least was dropped; there are %u others", self->entries->len);
    }
  self->last_number++;
  g_ptr_array_add (self->entries, added);
  return g_steal_pointer (&added);
}

/**
 * adit_spool_change:
 * @self: the spool
 * @entry: one of them
 * @changed: what is to be known of it from now on; id, owner, number and size are its own
 * @error: return location; %ADIT_ERROR_STORE_FAILED, and then it is as it was
 *
 * Returns: whether it is so, on disk as well
 */
gboolean
adit_spool_change (AditSpool *self, AditSpoolEntry *entry, const AditSpoolEntry *changed, GError **error)
{
  g_autoptr (GBytes) text = adit_spool_read (self, entry, error);

  if (text == NULL || !save (self, changed, g_bytes_get_data (text, NULL), error))
    return FALSE;
  *entry = *changed;
  return TRUE;
}

/**
 * adit_spool_remove:
 * @self: the spool
 * @entry: (transfer full): one of them
 * @error: return location; %ADIT_ERROR_STORE_FAILED, and then it stays
 *
 * Returns: whether it is gone
 */
gboolean
adit_spool_remove (AditSpool *self, AditSpoolEntry *entry, GError **error)
{
  g_autofree char *path = dup_path (self, entry->id);

  return adit_file_remove (path, error) && g_ptr_array_remove (self->entries, entry);
}

/**
 * adit_spool_read:
 * @self: the spool
 * @entry: one of them
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: (transfer full) (nullable): its text, as long as that is what was stored
 */
GBytes *
adit_spool_read (AditSpool *self, const AditSpoolEntry *entry, GError **error)
{
  g_autofree AditSpoolEntry *again = NULL;
  g_autofree guint8 *bytes = NULL;
  gsize length;

  bytes = read_file (self, entry->id, &length, &again, error);
  return bytes != NULL ? g_bytes_new (bytes + sizeof (Record), length - sizeof (Record)) : NULL;
}
