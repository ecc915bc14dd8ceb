/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profiles.c: one file a profile, 0600 in a 0700 directory: one fixed record, and behind it the text as a worker handed it up.
 * Nobody here looks at the text: it goes to a worker, or back to its owner. */
#define G_LOG_DOMAIN "adit-profiles"

#include "client/helper/profiles.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/file.h"
#include "client/base/secret.h"
#include "client/model/import-report.h"

#define MAGIC  "AditPrf"
#define FORMAT 1
#define DIGEST_BYTES 32

typedef struct
{
  char             magic[8];
  guint32          format, size_bytes;
  guint32          owner_uid, text_bytes;
  gint64           imported_at_s;
  char             id[ADIT_ACCOUNT_ID_MAX_BYTES];
  AditProfileFacts facts;
  guint8           reserved[512];           /* zero; room for what a later format of the same size needs */
  guint8           digest[DIGEST_BYTES];    /* SHA-256 of all before it and of the text: tells a torn file, not an attacker */
} Record;

#define FILE_MAX_BYTES (sizeof (Record) + ADIT_IMPORT_FILE_MAX_BYTES + 65536)    /* and some, for a newer format's record */

struct _AditProfiles
{
  char      *directory;
  GPtrArray *profiles;
};

static void
digest_record (const Record *record, const guint8 *text, guint8 digest[DIGEST_BYTES])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = DIGEST_BYTES;

  g_checksum_update (checksum, (const guchar *) record, G_STRUCT_OFFSET (Record, digest));
  g_checksum_update (checksum, text, record->text_bytes);
  g_checksum_get_digest (checksum, digest, &length);
}

/* Takes a file apart; NULL for one that is not whole. */
static AditProfile *
profile_from_file (const guint8 *bytes, gsize length)
{
  Record record;
  guint8 digest[DIGEST_BYTES];
  AditProfile *profile;

  if (length < sizeof record)
    return NULL;
  memcpy (&record, bytes, sizeof record);
  if (memcmp (record.magic, MAGIC, sizeof record.magic) != 0 || record.size_bytes != sizeof record ||
      record.text_bytes == 0 || record.text_bytes != length - sizeof record)
    return NULL;
  digest_record (&record, bytes + sizeof record, digest);
  if (memcmp (digest, record.digest, sizeof digest) != 0 || memchr (record.id, '\0', sizeof record.id) == NULL ||
      !g_uuid_string_is_valid (record.id) || !adit_profile_facts_is_valid (&record.facts))
    return NULL;
  profile = g_new0 (AditProfile, 1);
  memcpy (profile->id, record.id, sizeof profile->id);
  profile->owner_uid = record.owner_uid;
  profile->imported_at_s = record.imported_at_s;
  profile->text_bytes = record.text_bytes;
  profile->facts = record.facts;
  return profile;
}

static char *
dup_path (AditProfiles *self, const char *id)
{
  return g_build_filename (self->directory, id, NULL);
}

static gboolean
load_profile (AditProfiles *self, const char *id, GError **error)
{
  g_autofree char *path = dup_path (self, id), *bytes = NULL;
  g_autoptr (GError) local = NULL;
  AditProfile *profile;
  gboolean newer;
  gsize length;

  bytes = adit_file_read (path, FILE_MAX_BYTES, &length, &local);
  if (bytes == NULL)
    {
      /* One that cannot be read is no reason to be without a helper, and so perhaps without a lock. */
      if (local != NULL)
        g_warning ("%s is left out: %s", path, local->message);
      return TRUE;
    }
  newer = length >= G_STRUCT_OFFSET (Record, size_bytes) && memcmp (bytes, MAGIC, sizeof MAGIC) == 0 &&
          ((Record *) bytes)->format > FORMAT;
  profile = newer ? NULL : profile_from_file ((const guint8 *) bytes, length);
  adit_wipe (bytes, length);
  if (newer)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_NEWER_FORMAT, "%s was written by a newer version of Adit", path);
      return FALSE;
    }
  if (profile == NULL || !g_str_equal (profile->id, id))
    {
      /* Left where it is: a person may know how to mend it, and nothing of ours overwrites it. */
      g_warning ("%s is damaged and is left out", path);
      g_free (profile);
      return TRUE;
    }
  g_ptr_array_add (self->profiles, profile);
  return TRUE;
}

static int
compare_profiles (gconstpointer a, gconstpointer b)
{
  const AditProfile *left = *(AditProfile *const *) a, *right = *(AditProfile *const *) b;
  int order = g_utf8_collate (left->facts.name, right->facts.name);

  return order != 0 ? order : strcmp (left->id, right->id);
}

/**
 * adit_profiles_open:
 * @directory: where they are; made when it is not there
 * @error: return location; %ADIT_ERROR_STORE_FAILED, %ADIT_ERROR_NEWER_FORMAT
 *
 * Returns: (transfer full) (nullable): every profile that is whole
 */
AditProfiles *
adit_profiles_open (const char *directory, GError **error)
{
  g_autoptr (AditProfiles) self = g_new0 (AditProfiles, 1);
  g_autoptr (GDir) entries = NULL;
  g_autoptr (GError) local = NULL;
  const char *name;

  self->directory = g_strdup (directory);
  self->profiles = g_ptr_array_new_with_free_func (g_free);
  if (!adit_directory_ensure (directory, 0700, error))
    return NULL;
  entries = g_dir_open (directory, 0, &local);
  if (entries == NULL)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "Could not read %s: %s", directory, local->message);
      return NULL;
    }
  while ((name = g_dir_read_name (entries)) != NULL)
    if (g_uuid_string_is_valid (name) && self->profiles->len < ADIT_MAX_PROFILES && !load_profile (self, name, error))
      return NULL;
  g_ptr_array_sort (self->profiles, compare_profiles);
  return g_steal_pointer (&self);
}

/**
 * adit_profiles_close:
 * @self: (nullable): the profiles
 */
void
adit_profiles_close (AditProfiles *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->profiles, g_ptr_array_unref);
  g_free (self->directory);
  g_free (self);
}

/**
 * adit_profiles_get_all:
 * @self: the profiles
 *
 * Returns: (transfer none) (element-type AditProfile): all of them, by name
 */
GPtrArray *
adit_profiles_get_all (AditProfiles *self)
{
  return self->profiles;
}

/**
 * adit_profiles_find:
 * @self: the profiles
 * @id: perhaps one's id
 *
 * Returns: (transfer none) (nullable): it
 */
AditProfile *
adit_profiles_find (AditProfiles *self, const char *id)
{
  for (guint i = 0; i < self->profiles->len; i++)
    if (g_str_equal (((AditProfile *) self->profiles->pdata[i])->id, id))
      return self->profiles->pdata[i];
  return NULL;
}

/**
 * adit_profiles_find_named:
 * @self: the profiles
 * @uid: who asks; root may see those of all
 * @name: perhaps the name of one of theirs
 *
 * Returns: (transfer none) (nullable): it, unless there are several
 */
AditProfile *
adit_profiles_find_named (AditProfiles *self, guint32 uid, const char *name)
{
  AditProfile *found = NULL;

  for (guint i = 0; i < self->profiles->len; i++)
    {
      AditProfile *profile = self->profiles->pdata[i];

      if ((uid != 0 && profile->owner_uid != uid) || !g_str_equal (profile->facts.name, name))
        continue;
      if (found != NULL)
        return NULL;
      found = profile;
    }
  return found;
}

static gboolean
has_name (AditProfiles *self, guint32 owner_uid, const char *name)
{
  for (guint i = 0; i < self->profiles->len; i++)
    {
      const AditProfile *profile = self->profiles->pdata[i];

      if (profile->owner_uid == owner_uid && g_str_equal (profile->facts.name, name))
        return TRUE;
    }
  return FALSE;
}

static guint
count_own (AditProfiles *self, guint32 owner_uid)
{
  guint n = 0;

  for (guint i = 0; i < self->profiles->len; i++)
    n += ((const AditProfile *) self->profiles->pdata[i])->owner_uid == owner_uid;
  return n;
}

/* People choose by name, so each of theirs has one of its own: "office", "office 2". */
static void
make_name_own (AditProfiles *self, guint32 owner_uid, AditProfileFacts *facts)
{
  g_autofree char *wanted = g_strdup (facts->name);

  for (guint n = 2; has_name (self, owner_uid, facts->name); n++)
    {
      g_autofree char *end = g_strdup_printf (" %u", n);
      gsize room = sizeof facts->name - 1 - strlen (end);
      const char *last = wanted + MIN (strlen (wanted), room);

      /* Not in the middle of a letter. */
      while (((guint8) *last & 0xc0) == 0x80)
        last--;
      memset (facts->name, 0, sizeof facts->name);
      memcpy (facts->name, wanted, (gsize) (last - wanted));
      g_strlcat (facts->name, end, sizeof facts->name);
    }
}

static gboolean
save (AditProfiles *self, const AditProfile *profile, const void *text, GError **error)
{
  g_autofree char *path = dup_path (self, profile->id);
  gsize length = sizeof (Record) + profile->text_bytes;
  g_autofree guint8 *bytes = g_malloc (length);
  Record record;
  gboolean saved;

  memset (&record, 0, sizeof record);
  memcpy (record.magic, MAGIC, sizeof record.magic);
  record.format = FORMAT;
  record.size_bytes = sizeof record;
  record.owner_uid = profile->owner_uid;
  record.text_bytes = (guint32) profile->text_bytes;
  record.imported_at_s = profile->imported_at_s;
  memcpy (record.id, profile->id, sizeof record.id);
  record.facts = profile->facts;
  digest_record (&record, text, record.digest);
  memcpy (bytes, &record, sizeof record);
  memcpy (bytes + sizeof record, text, profile->text_bytes);
  saved = adit_file_write (path, bytes, length, 0600, error);
  adit_wipe (bytes, length);
  return saved;
}

/**
 * adit_profiles_add:
 * @self: the profiles
 * @owner_uid: whose it is
 * @facts: valid facts; where that owner has one of the same name, it gets another
 * @text: what is kept; nobody looks at it
 * @length: of @text
 * @error: return location; %ADIT_ERROR_STORE_FAILED, %ADIT_ERROR_BUSY when there are too many
 *
 * Returns: (transfer none) (nullable): the new profile, which is on disk
 */
AditProfile *
adit_profiles_add (AditProfiles *self, guint32 owner_uid, const AditProfileFacts *facts, const void *text, gsize length,
                   GError **error)
{
  g_autofree AditProfile *profile = g_new0 (AditProfile, 1);
  g_autofree char *id = g_uuid_string_random ();

  g_return_val_if_fail (length > 0 && length <= ADIT_IMPORT_FILE_MAX_BYTES && adit_profile_facts_is_valid (facts), NULL);
  if (self->profiles->len >= ADIT_MAX_PROFILES || count_own (self, owner_uid) >= ADIT_MAX_PROFILES_OWN)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_BUSY, "There are %u profiles already, %u of them yours; remove some",
                   self->profiles->len, count_own (self, owner_uid));
      return NULL;
    }
  g_strlcpy (profile->id, id, sizeof profile->id);
  profile->owner_uid = owner_uid;
  profile->imported_at_s = g_get_real_time () / G_USEC_PER_SEC;
  profile->text_bytes = length;
  profile->facts = *facts;
  make_name_own (self, owner_uid, &profile->facts);
  if (!save (self, profile, text, error))
    return NULL;
  g_ptr_array_add (self->profiles, profile);
  g_ptr_array_sort (self->profiles, compare_profiles);
  return g_steal_pointer (&profile);
}

/**
 * adit_profiles_remove:
 * @self: the profiles
 * @profile: (transfer full): one of them
 * @error: return location; %ADIT_ERROR_STORE_FAILED, and then it stays
 *
 * Returns: whether it is gone
 */
gboolean
adit_profiles_remove (AditProfiles *self, AditProfile *profile, GError **error)
{
  g_autofree char *path = dup_path (self, profile->id), *login = adit_profiles_dup_login_path (self, profile);

  return adit_file_remove (login, error) && adit_file_remove (path, error) && g_ptr_array_remove (self->profiles, profile);
}

/**
 * adit_profiles_dup_login_path:
 * @self: the profiles
 * @profile: one of them
 *
 * Returns: (transfer full): where what was typed for it is kept, if anything was
 */
char *
adit_profiles_dup_login_path (AditProfiles *self, const AditProfile *profile)
{
  return g_strdup_printf ("%s/%s.login", self->directory, profile->id);
}

/* The whole file, as long as it is what was stored. */
static guint8 *
read_whole (AditProfiles *self, const AditProfile *profile, gsize *length, GError **error)
{
  g_autofree char *path = dup_path (self, profile->id);
  guint8 *bytes = (guint8 *) adit_file_read (path, FILE_MAX_BYTES, length, error);
  g_autofree AditProfile *again = bytes != NULL ? profile_from_file (bytes, *length) : NULL;

  if (again != NULL && g_str_equal (again->id, profile->id) && again->text_bytes == profile->text_bytes)
    return bytes;
  if (bytes != NULL)
    {
      adit_wipe (bytes, *length);
      g_free (bytes);
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "%s is damaged", path);
    }
  else if (error != NULL && *error == NULL)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "%s is gone", path);
  return NULL;
}

/**
 * adit_profiles_rename:
 * @self: the profiles
 * @profile: one of them
 * @name: what its owner wants to call it
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT where it is no name, or that of another one of theirs;
 *   %ADIT_ERROR_STORE_FAILED, and then it is called as before
 *
 * Returns: whether it is called so
 */
gboolean
adit_profiles_rename (AditProfiles *self, AditProfile *profile, const char *name, GError **error)
{
  AditProfile renamed = *profile;
  guint8 *bytes;
  gboolean saved;
  gsize length;

  if (g_str_equal (profile->facts.name, name))
    return TRUE;
  if (!adit_name_is_valid (name) || name[0] == ' ' || name[strlen (name) - 1] == ' ')
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "A name is one line of up to %d bytes that can be seen",
                   ADIT_NAME_MAX_BYTES - 1);
      return FALSE;
    }
  if (has_name (self, profile->owner_uid, name))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "Another profile is called \"%s\" already", name);
      return FALSE;
    }
  bytes = read_whole (self, profile, &length, error);
  if (bytes == NULL)
    return FALSE;
  memset (renamed.facts.name, 0, sizeof renamed.facts.name);
  g_strlcpy (renamed.facts.name, name, sizeof renamed.facts.name);    /* it fits: that is part of being a name */
  saved = save (self, &renamed, bytes + sizeof (Record), error);
  adit_wipe (bytes, length);
  g_free (bytes);
  if (!saved)
    return FALSE;
  *profile = renamed;
  g_ptr_array_sort (self->profiles, compare_profiles);
  return TRUE;
}

static gboolean
fill (int fd, const guint8 *bytes, gsize length)
{
  while (length > 0)
    {
      gssize written = write (fd, bytes, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return FALSE;
      bytes += written;
      length -= (gsize) written;
    }
  return fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0;
}

/**
 * adit_profiles_lend:
 * @self: the profiles
 * @profile: one of them
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: a sealed memory file of its text alone, yours to close; -1 with @error set
 */
int
adit_profiles_lend (AditProfiles *self, const AditProfile *profile, GError **error)
{
  gsize length;
  guint8 *bytes = read_whole (self, profile, &length, error);
  int fd;

  if (bytes == NULL)
    return -1;
  fd = memfd_create ("adit-profile", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd >= 0 && !fill (fd, bytes + sizeof (Record), profile->text_bytes))
    {
      close (fd);
      fd = -1;
    }
  adit_wipe (bytes, length);
  g_free (bytes);
  if (fd < 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "No memory for a profile: %s", g_strerror (errno));
  return fd;
}
