/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kept-names.c: a small key file, one group a host, which has the profiles that asked, so that it goes with the last of them.
 * What is not wholly as it was written is not believed: without it somebody has to be asked again, no more is lost.  Of the time
 * it has the week alone: the day would be one of connecting. */
#define G_LOG_DOMAIN "adit-names"

#include "client/helper/kept-names.h"

#include <string.h>

#include "client/base/file.h"
#include "client/model/host.h"
#include "client/model/settings.h"

#define FORMAT         2
#define GROUP          "adit"
#define PREFIX         "name:"
#define KEY_USERS      "profiles"
#define FILE_MAX_BYTES (96 * 1024)      /* 64 hosts of less than 1100 bytes */
#define WEEK_S         (7 * 86400)
#define MAX_WEEK       527000           /* the year 9999 */

typedef struct
{
  char        host[ADIT_HOST_NAME_MAX_BYTES];
  AditAddress addresses[2][ADIT_NAME_MAX_ADDRESSES];    /* IPv4, IPv6 */
  guint       n_addresses[2];
  gint64      week;                                     /* of the last answer, since 1970 */
  char        users[ADIT_KEPT_NAMES_MAX_USERS][ADIT_ACCOUNT_ID_MAX_BYTES];    /* profiles' ids, the first that came first */
  guint       n_users;
} Entry;

struct _AditKeptNames
{
  char      *path;
  GPtrArray *entries;
};

static const AditFamily families[2] = { ADIT_FAMILY_IPV4, ADIT_FAMILY_IPV6 };
static const char *const keys[2] = { "ipv4", "ipv6" };

static gboolean
load_addresses (GKeyFile *file, const char *group, guint family, Entry *entry)
{
  g_auto (GStrv) texts = g_key_file_get_string_list (file, group, keys[family], NULL, NULL);

  if (texts == NULL)
    return !g_key_file_has_key (file, group, keys[family], NULL);
  for (guint i = 0; texts[i] != NULL; i++)
    {
      AditAddress *address = &entry->addresses[family][entry->n_addresses[family]];

      if (i >= ADIT_NAME_MAX_ADDRESSES || !adit_address_parse (texts[i], address) || !adit_address_is_public (address) ||
          address->family != families[family])
        return FALSE;
      entry->n_addresses[family]++;
    }
  return TRUE;
}

static gboolean
load_users (GKeyFile *file, const char *group, Entry *entry)
{
  g_auto (GStrv) texts = g_key_file_get_string_list (file, group, KEY_USERS, NULL, NULL);

  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      if (i >= ADIT_KEPT_NAMES_MAX_USERS || !g_uuid_string_is_valid (texts[i]))
        return FALSE;
      g_strlcpy (entry->users[entry->n_users++], texts[i], sizeof entry->users[0]);
    }
  return entry->n_users > 0;
}

static gboolean
load_entry (GKeyFile *file, const char *group, Entry *entry)
{
  const char *host = group + strlen (PREFIX);
  AditHost checked;

  if (!g_str_has_prefix (group, PREFIX) || !adit_host_set (&checked, host, 0) || !g_str_equal (checked.name, host))
    return FALSE;
  g_strlcpy (entry->host, host, sizeof entry->host);
  entry->week = g_key_file_get_int64 (file, group, "week", NULL);
  return entry->week > 0 && entry->week <= MAX_WEEK && load_addresses (file, group, 0, entry) &&
         load_addresses (file, group, 1, entry) && load_users (file, group, entry) &&
         entry->n_addresses[0] + entry->n_addresses[1] > 0;
}

static gboolean
load (AditKeptNames *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;
  g_auto (GStrv) groups = NULL;
  gsize length, n_groups;

  if (!adit_file_exists (self->path))
    return TRUE;
  text = adit_file_read (self->path, FILE_MAX_BYTES, &length, NULL);
  if (text == NULL || !g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, NULL) ||
      g_key_file_get_integer (file, GROUP, "format", NULL) != FORMAT)
    return FALSE;
  groups = g_key_file_get_groups (file, &n_groups);
  for (gsize i = 0; i < n_groups; i++)
    {
      Entry entry = { 0 };

      if (g_str_equal (groups[i], GROUP))
        continue;
      if (self->entries->len >= ADIT_KEPT_NAMES_MAX || !load_entry (file, groups[i], &entry))
        return FALSE;
      g_ptr_array_add (self->entries, g_memdup2 (&entry, sizeof entry));
    }
  return TRUE;
}

/**
 * adit_kept_names_open:
 * @path: the file, which need not exist
 *
 * Returns: (transfer full): what is kept; nothing where that cannot be read
 */
AditKeptNames *
adit_kept_names_open (const char *path)
{
  AditKeptNames *self = g_new0 (AditKeptNames, 1);

  self->path = g_strdup (path);
  self->entries = g_ptr_array_new_with_free_func (g_free);
  if (!load (self))
    {
      g_warning ("%s cannot be read; the names in it have to be asked for again", path);
      g_ptr_array_set_size (self->entries, 0);
    }
  return self;
}

/**
 * adit_kept_names_free:
 * @self: (nullable): what is kept; the file stays
 */
void
adit_kept_names_free (AditKeptNames *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->entries);
  g_free (self->path);
  g_free (self);
}

static void
save_entry (GKeyFile *file, const Entry *entry)
{
  g_autofree char *group = g_strconcat (PREFIX, entry->host, NULL);
  const char *users[ADIT_KEPT_NAMES_MAX_USERS];

  for (guint i = 0; i < entry->n_users; i++)
    users[i] = entry->users[i];
  g_key_file_set_string_list (file, group, KEY_USERS, users, entry->n_users);
  g_key_file_set_int64 (file, group, "week", entry->week);
  for (guint family = 0; family < 2; family++)
    {
      g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

      for (guint i = 0; i < entry->n_addresses[family]; i++)
        g_ptr_array_add (texts, adit_address_dup_text (&entry->addresses[family][i]));
      if (texts->len > 0)
        g_key_file_set_string_list (file, group, keys[family], (const char *const *) texts->pdata, texts->len);
    }
}

static gboolean
save (AditKeptNames *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;
  gsize length;

  if (self->entries->len == 0)
    return !adit_file_exists (self->path) || adit_file_remove (self->path, error);
  g_key_file_set_integer (file, GROUP, "format", FORMAT);
  for (guint i = 0; i < self->entries->len; i++)
    save_entry (file, self->entries->pdata[i]);
  text = g_key_file_to_data (file, &length, NULL);
  return adit_file_write (self->path, text, length, 0600, error);
}

/* A clock that was set back makes nothing too old. */
static gboolean
is_old (const Entry *entry, gint64 now_s)
{
  return now_s / WEEK_S - entry->week > ADIT_KEPT_NAMES_MAX_WEEKS;
}

static Entry *
find (AditKeptNames *self, const char *host)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (g_ascii_strcasecmp (((Entry *) self->entries->pdata[i])->host, host) == 0)
      return self->entries->pdata[i];
  return NULL;
}

static gint
find_user (const Entry *entry, const char *profile)
{
  for (guint i = 0; i < entry->n_users; i++)
    if (g_str_equal (entry->users[i], profile))
      return (gint) i;
  return -1;
}

/* What is behind the last one is zero, so that entries can be compared as they are. */
static void
remove_user (Entry *entry, guint n)
{
  entry->n_users--;
  memmove (entry->users[n], entry->users[n + 1], (entry->n_users - n) * sizeof entry->users[0]);
  memset (entry->users[entry->n_users], 0, sizeof entry->users[0]);
}

static void
add_user (Entry *entry, const char *profile)
{
  if (find_user (entry, profile) >= 0)
    return;
  if (entry->n_users == ADIT_KEPT_NAMES_MAX_USERS)
    remove_user (entry, 0);
  g_strlcpy (entry->users[entry->n_users++], profile, sizeof entry->users[0]);
}

/**
 * adit_kept_names_use:
 * @self: what is kept
 * @host: a host's name
 * @profile: the id of a profile that was given what is kept of it
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: whether it stays for that one, too
 */
gboolean
adit_kept_names_use (AditKeptNames *self, const char *host, const char *profile, GError **error)
{
  Entry *entry = find (self, host);

  if (entry == NULL || find_user (entry, profile) >= 0)
    return TRUE;
  add_user (entry, profile);
  return save (self, error);
}

/**
 * adit_kept_names_find:
 * @self: what is kept
 * @host: a host's name
 * @family: of which family; %ADIT_FAMILY_NONE: of both
 * @now_s: what time it is, in seconds since 1970
 * @addresses: (out caller-allocates): room for %ADIT_NAME_MAX_ADDRESSES
 *
 * Returns: how many there are; 0 where nothing is kept, or it is too old
 */
guint
adit_kept_names_find (AditKeptNames *self, const char *host, AditFamily family, gint64 now_s, AditAddress *addresses)
{
  const Entry *entry = find (self, host);
  guint max, n = 0;

  if (entry == NULL || is_old (entry, now_s))
    return 0;
  /* Where there are many of the one family, the other has a place. */
  max = ADIT_NAME_MAX_ADDRESSES -
        (family == ADIT_FAMILY_NONE ? MIN (entry->n_addresses[1], (guint) ADIT_NAME_MAX_ADDRESSES / 2) : 0);
  for (guint i = 0; family != ADIT_FAMILY_IPV6 && i < entry->n_addresses[0] && n < max; i++)
    addresses[n++] = entry->addresses[0][i];
  for (guint i = 0; family != ADIT_FAMILY_IPV4 && i < entry->n_addresses[1] && n < ADIT_NAME_MAX_ADDRESSES; i++)
    addresses[n++] = entry->addresses[1][i];
  return n;
}

static void
make_room (AditKeptNames *self, gint64 now_s)
{
  guint oldest = 0;

  for (guint i = self->entries->len; i > 0; i--)
    if (is_old (self->entries->pdata[i - 1], now_s))
      g_ptr_array_remove_index (self->entries, i - 1);
  if (self->entries->len < ADIT_KEPT_NAMES_MAX)
    return;
  for (guint i = 1; i < self->entries->len; i++)
    if (((Entry *) self->entries->pdata[i])->week < ((Entry *) self->entries->pdata[oldest])->week)
      oldest = i;
  g_ptr_array_remove_index (self->entries, oldest);
}

/**
 * adit_kept_names_put:
 * @self: what is kept
 * @host: a valid host's name
 * @profile: the id of the profile that asked
 * @family: of which family was asked; %ADIT_FAMILY_NONE: of both
 * @now_s: what time it is, in seconds since 1970
 * @addresses: (array length=n_addresses): what was answered, all of it public
 * @n_addresses: how many, at most %ADIT_NAME_MAX_ADDRESSES
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Takes the place of what was answered before about the same family.  The file is written only when that is something new.
 *
 * Returns: whether it is on disk
 */
gboolean
adit_kept_names_put (AditKeptNames *self, const char *host, const char *profile, AditFamily family, gint64 now_s,
                     const AditAddress *addresses, guint n_addresses, GError **error)
{
  Entry *entry = find (self, host), before;

  if (entry == NULL)
    {
      make_room (self, now_s);
      entry = g_new0 (Entry, 1);
      for (guint i = 0; host[i] != '\0' && i < sizeof entry->host - 1; i++)
        entry->host[i] = g_ascii_tolower (host[i]);
      g_ptr_array_add (self->entries, entry);
    }
  before = *entry;
  add_user (entry, profile);
  for (guint of = 0; of < 2; of++)
    {
      if (family != ADIT_FAMILY_NONE && family != families[of])
        continue;
      memset (entry->addresses[of], 0, sizeof entry->addresses[of]);
      entry->n_addresses[of] = 0;
      for (guint i = 0; i < n_addresses && i < ADIT_NAME_MAX_ADDRESSES; i++)
        if (addresses[i].family == families[of])
          entry->addresses[of][entry->n_addresses[of]++] = addresses[i];
    }
  entry->week = CLAMP (now_s / WEEK_S, 1, MAX_WEEK);
  /* What differs in padding alone is written once more. */
  return memcmp (entry, &before, sizeof before) == 0 || save (self, error);
}

/**
 * adit_kept_names_forget:
 * @self: what is kept
 * @profile: a profile's id
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * A name that another profile has asked for too stays.
 *
 * Returns: whether nothing is on disk any more that only this one has asked for, nor its id
 */
gboolean
adit_kept_names_forget (AditKeptNames *self, const char *profile, GError **error)
{
  gboolean changed = FALSE;

  for (guint i = self->entries->len; i > 0; i--)
    {
      Entry *entry = self->entries->pdata[i - 1];
      gint n = find_user (entry, profile);

      if (n < 0)
        continue;
      changed = TRUE;
      remove_user (entry, (guint) n);
      if (entry->n_users == 0)
        g_ptr_array_remove_index (self->entries, i - 1);
    }
  return !changed || save (self, error);
}
