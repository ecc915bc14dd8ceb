/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store.c: small key files with a format number.  What cannot be read means locked, never "default".
 *
 * /etc/adit/services.conf is the administrator's: another address or another root for a service, where a network needs it or a
 * test stands in for the service; and another resolver, in the place of all that ship with Adit.  It is read only when root
 * alone can have written it. */
#define G_LOG_DOMAIN "adit-store"

#include "client/helper/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/file.h"
#include "client/helper/sealed.h"
#include "client/helper/wish-file.h"

#define FORMAT 1
#define FILE_MAX_BYTES (64 * 1024)
#define LAST_GROUP "last"

/**
 * adit_store_is_roots_own:
 * @path: a file's
 *
 * Whoever can write the file, or put another in its place, decides whom we trust.
 *
 * Returns: whether that is root alone
 */
gboolean
adit_store_is_roots_own (const char *path)
{
  struct stat status;

  return lstat (path, &status) == 0 && S_ISREG (status.st_mode) && status.st_uid == geteuid () &&
         (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static GKeyFile *
load_overrides (const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!adit_file_exists (path))
    return NULL;
  if (!adit_store_is_roots_own (path))
    {
      g_warning ("%s is ignored: others than root can write it", path);
      return NULL;
    }
  text = adit_file_read (path, FILE_MAX_BYTES, &length, &error);
  if (text == NULL || !g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, &error))
    {
      g_warning ("%s is ignored: %s", path, error != NULL ? error->message : "it is gone");
      return NULL;
    }
  return g_steal_pointer (&file);
}

/**
 * adit_store_open:
 * @paths: where the files are
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: (transfer full) (nullable): the store
 */
AditStore *
adit_store_open (const AditStorePaths *paths, GError **error)
{
  g_autoptr (AditStore) self = g_new0 (AditStore, 1);

  if (!adit_directory_ensure (paths->state, 0700, error) || !adit_directory_ensure (paths->cache, 0700, error) ||
      !adit_directory_ensure (paths->configuration, 0755, error))
    return NULL;
  self->settings_path = g_build_filename (paths->state, "settings", NULL);
  self->good_api = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->found_api = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_array_unref);
  self->told_api = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_array_unref);
  self->wish_path = g_build_filename (paths->state, "wanted", NULL);
  self->lockdown_path = g_build_filename (paths->configuration, "lockdown", NULL);
  self->boot_path = g_build_filename (paths->configuration, "connect-at-boot", NULL);
  self->overrides_path = g_build_filename (paths->configuration, "services.conf", NULL);
  self->cache = g_strdup (paths->cache);
  self->overrides = load_overrides (self->overrides_path);
  return g_steal_pointer (&self);
}

/**
 * adit_store_close:
 * @self: (nullable): a store
 */
void
adit_store_close (AditStore *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->overrides, g_key_file_unref);
  g_free (self->settings_path);
  g_clear_pointer (&self->found_api, g_hash_table_unref);
  g_clear_pointer (&self->told_api, g_hash_table_unref);
  g_clear_pointer (&self->good_api, g_hash_table_unref);
  g_free (self->wish_path);
  g_free (self->lockdown_path);
  g_free (self->boot_path);
  g_free (self->overrides_path);
  g_free (self->cache);
  g_free (self);
}

/**
 * adit_store_load_file:
 * @path: a file's
 * @lost: (out): set to %TRUE for a file that cannot be read, and left alone otherwise
 * @error: return location; %ADIT_ERROR_NEWER_FORMAT
 *
 * Returns: (transfer full) (nullable): what stands in it; of a file that is not there neither @lost nor @error say anything
 */
GKeyFile *
adit_store_load_file (const char *path, gboolean *lost, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;
  gsize length;
  int format;

  text = adit_file_read (path, FILE_MAX_BYTES, &length, &local);
  if (text == NULL && local == NULL)
    return NULL;
  if (text == NULL || !g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, &local))
    {
      g_warning ("%s cannot be read: %s", path, local->message);
      *lost = TRUE;
      return NULL;
    }
  format = g_key_file_get_integer (file, ADIT_STORE_GROUP, "format", NULL);
  if (format > FORMAT)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_NEWER_FORMAT,
                   "%s was written by a newer version of Adit (format %d, this one knows %d)", path, format, FORMAT);
      return NULL;
    }
  if (format != FORMAT)
    {
      g_warning ("%s has no format number", path);
      *lost = TRUE;
      return NULL;
    }
  return g_steal_pointer (&file);
}

/**
 * adit_store_save_file:
 * @file: what is to stand in it; its format is added
 * @path: the file's
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: whether it is on disk, now or since it was last saved
 */
gboolean
adit_store_save_file (GKeyFile *file, const char *path, GError **error)
{
  g_autofree char *text = NULL, *there = NULL;
  g_autoptr (GError) local = NULL;
  gsize length, there_length;

  g_key_file_set_integer (file, ADIT_STORE_GROUP, "format", FORMAT);
  text = g_key_file_to_data (file, &length, NULL);
  if (adit_file_write (path, text, length, 0600, &local))
    return TRUE;
  /* A full disk need not take what it has: a person who is connected can try again. */
  there = adit_file_read (path, length, &there_length, NULL);
  if (there != NULL && there_length == length && memcmp (there, text, length) == 0)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * adit_store_has_wish:
 * @self: a store
 *
 * Returns: whether it was ever said what is wanted and that is still there, readable or not
 */
gboolean
adit_store_has_wish (AditStore *self)
{
  return adit_file_exists (self->wish_path);
}

/**
 * adit_store_load_wish:
 * @self: a store
 * @wish: (out caller-allocates): what was wanted last; all zero where that was to be disconnected
 * @lost: (out): whether there was a wish that cannot be read now
 * @error: return location; %ADIT_ERROR_NEWER_FORMAT
 *
 * A disconnect is written down too, so that a lost file cannot pass for one: both are written at the very first start, this one
 * first, so where there are settings, or one of the marks in /etc/adit, its absence is a loss.
 *
 * Returns: whether the helper may go on
 */
gboolean
adit_store_load_wish (AditStore *self, AditWish *wish, gboolean *lost, GError **error)
{
  g_autoptr (GKeyFile) file = NULL;
  g_autoptr (GError) local = NULL;

  *wish = (AditWish) { 0 };
  *lost = FALSE;
  file = adit_store_load_file (self->wish_path, lost, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (file == NULL)
    {
      *lost = *lost || adit_file_exists (self->lockdown_path) || adit_file_exists (self->boot_path) ||
              adit_file_exists (self->settings_path);
      return TRUE;
    }
  if (!adit_wish_file_take (file, ADIT_STORE_GROUP, wish))
    {
      g_warning ("%s does not say what is wanted, or names no account or place", self->wish_path);
      *lost = TRUE;
    }
  return TRUE;
}

/* What adit-early.service looks for before the network comes up, when /var may not be there yet.  Without the mark a connection
 * is as safe as with it; only the next boot is not, so that is said and no more. */
static void
mark_boot (AditStore *self, gboolean connected)
{
  g_autoptr (GError) error = NULL;

  if (connected ? !adit_file_mark (self->boot_path, &error)
                : adit_file_exists (self->boot_path) && !adit_file_remove (self->boot_path, &error))
    g_warning ("%s", error->message);
}

/**
 * adit_store_load_last:
 * @self: a store
 * @wish: (out caller-allocates): where it was connected to last; all zero with %FALSE
 *
 * Kept over a disconnect only where it is to be connected to by itself again.
 *
 * Returns: whether that is known
 */
gboolean
adit_store_load_last (AditStore *self, AditWish *wish)
{
  gboolean lost;
  g_autoptr (GKeyFile) file = adit_store_load_file (self->wish_path, &lost, NULL);

  *wish = (AditWish) { 0 };
  return file != NULL && adit_wish_file_take (file, LAST_GROUP, wish) && wish->connected;
}

/**
 * adit_store_forget_last:
 * @self: a store
 * @account: the id of an account or profile that is gone
 * @wish: what is wanted now, of another one
 *
 * Where it was last is erased if it was by that one.
 */
void
adit_store_forget_last (AditStore *self, const char *account, const AditWish *wish)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  AditWish last;

  if (!adit_store_load_last (self, &last) || !g_str_equal (last.account, account))
    return;
  adit_wish_file_add (file, ADIT_STORE_GROUP, wish);
  if (!adit_store_save_file (file, self->wish_path, &error))
    g_warning ("where it was connected to last is still written down: %s", error->message);
  else
    mark_boot (self, wish->connected);
}

static gboolean
save_wish (AditStore *self, const AditWish *wish, gboolean counts, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  AditWish last = counts && wish->connected ? *wish : (AditWish) { 0 };

  adit_wish_file_add (file, ADIT_STORE_GROUP, wish);
  if (self->auto_connect != ADIT_AUTO_CONNECT_OFF && (last.connected || adit_store_load_last (self, &last)))
    adit_wish_file_add (file, LAST_GROUP, &last);
  if (!wish->connected)
    {
      /* A full disk may take nothing more and still let go of what it has. */
      if (!adit_store_save_file (file, self->wish_path, NULL) && !adit_file_remove (self->wish_path, error))
        return FALSE;
      mark_boot (self, last.connected && self->auto_connect == ADIT_AUTO_CONNECT_BOOT);
      return TRUE;
    }
  mark_boot (self, TRUE);
  return adit_store_save_file (file, self->wish_path, error);
}

/**
 * adit_store_save_wish:
 * @self: a store
 * @wish: what is wanted; of a wish to be disconnected nothing but that is kept, and with auto-connect where it was last
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: whether the file does not say anything else
 */
gboolean
adit_store_save_wish (AditStore *self, const AditWish *wish, GError **error)
{
  return save_wish (self, wish, TRUE, error);
}

/**
 * adit_store_save_trial:
 * @self: a store
 * @wish: what is wanted until it goes back by itself, or is confirmed
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * As adit_store_save_wish(); but where it was last is still the place before.
 *
 * Returns: whether the file does not say anything else
 */
gboolean
adit_store_save_trial (AditStore *self, const AditWish *wish, GError **error)
{
  return save_wish (self, wish, FALSE, error);
}

static char *
dup_list_path (AditStore *self, const AditService *service)
{
  g_autofree char *name = g_strconcat (service->id, ".servers", NULL);

  return g_build_filename (self->cache, name, NULL);
}

/**
 * adit_store_open_list:
 * @self: a store
 * @service: whose servers
 *
 * Returns: a read-only descriptor of the list as a worker wrote it, yours to close; -1 where there is none
 */
int
adit_store_open_list (AditStore *self, const AditService *service)
{
  g_autofree char *path = dup_list_path (self, service);

  return open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

/**
 * adit_store_save_list:
 * @self: a store
 * @service: whose servers
 * @fd: a sealed memfd; stays the caller's
 * @size_bytes: how large the worker says that it is
 * @error: return location; %ADIT_ERROR_WORKER_FAILED for a memfd that could still change, %ADIT_ERROR_STORE_FAILED
 *
 * Copies it to disk without a look at what is in it.
 *
 * Returns: whether it is on disk
 */
gboolean
adit_store_save_list (AditStore *self, const AditService *service, int fd, gsize size_bytes, GError **error)
{
  g_autofree char *path = dup_list_path (self, service);
  gboolean saved;
  void *map;

  if (size_bytes == 0 || !adit_sealed_is (fd, size_bytes))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "The worker handed over a server list that is not sealed");
      return FALSE;
    }
  map = mmap (NULL, size_bytes, PROT_READ, MAP_PRIVATE, fd, 0);
  if (map == MAP_FAILED)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "Could not map the server list: %s", g_strerror (errno));
      return FALSE;
    }
  saved = adit_file_write (path, map, size_bytes, 0644, error);
  munmap (map, size_bytes);
  return saved;
}
