/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store.c: small key files with a format number.  What cannot be read means locked, never "default".
 *
 * /etc/adit/services.conf is the administrator's: another address or another root for a service, where a network needs it or a
 * test stands in for the service; and another resolver, in the place of all that ship with Adit.  It is read only when root
 * alone can have written it. */
#define G_LOG_DOMAIN "adit-store"

#include "client/helper/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/file.h"
#include "client/helper/sealed.h"
#include "client/helper/told-api.h"
#include "client/helper/wish-file.h"
#include "client/model/host.h"
#include "client/model/resolver.h"
#include "platform/transport.h"

#define FORMAT 1
#define FILE_MAX_BYTES (64 * 1024)
#define GROUP "adit"
#define LAST_GROUP "last"
#define HTTPS_PORT 443
#define MAX_FURTHER 2    /* addresses of a service that ships with some, found by its name */
#define MAX_TOLD    2    /* and that it has told itself */

struct _AditStore
{
  char     *settings_path, *wish_path, *lockdown_path, *boot_path, *cache, *overrides_path;
  AditAutoConnect auto_connect;    /* as it was loaded or saved last */
  GKeyFile *overrides;    /* (nullable) */
  GHashTable *found_api;  /* service's id to GArray of AditEndpoint: where its name leads */
  GHashTable *told_api;   /* service's id to GArray of AditEndpoint: where it says that it is besides; read when first asked */
  GHashTable *good_api;   /* service's id to AditEndpoint: where it was reached the last time */
};

/* Whoever can write the file, or put another in its place, decides whom we trust. */
static gboolean
only_root_can_write (const char *path)
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
  if (!only_root_can_write (path))
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

/* Answers the file's group, or NULL: with @error for a newer format, with @lost for anything that cannot be read, with neither
 * where there is no file. */
static GKeyFile *
load (const char *path, gboolean *lost, GError **error)
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
  format = g_key_file_get_integer (file, GROUP, "format", NULL);
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

static gboolean
save (GKeyFile *file, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;

  g_key_file_set_integer (file, GROUP, "format", FORMAT);
  text = g_key_file_to_data (file, &length, NULL);
  return adit_file_write (path, text, length, 0600, error);
}

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

      if (!g_key_file_has_key (file, GROUP, *name, NULL))
        continue;
      texts = g_key_file_get_string_list (file, GROUP, *name, NULL, &local);
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

      if (!g_key_file_has_key (file, GROUP, *name, NULL))
        continue;
      texts = g_key_file_get_string_list (file, GROUP, *name, NULL, &error);
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

      g_key_file_set_string_list (file, GROUP, *name, (const char *const *) texts, g_strv_length (texts));
    }
}

/* As with a choice: a key that is used for longer opens nothing. */
static void
load_key_days (GKeyFile *file, guint *days)
{
  g_auto (GStrv) texts = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_key_file_has_key (file, GROUP, ADIT_KEY_DAYS_NAME, NULL))
    return;
  texts = g_key_file_get_string_list (file, GROUP, ADIT_KEY_DAYS_NAME, NULL, &error);
  if (texts == NULL || !adit_settings_set_key_days (days, (const char *const *) texts, &error))
    g_warning ("the setting %s is as if it had never been made: %s", ADIT_KEY_DAYS_NAME, error->message);
}

static void
save_key_days (GKeyFile *file, guint days)
{
  g_auto (GStrv) texts = adit_settings_dup_key_days (days);

  g_key_file_set_string_list (file, GROUP, ADIT_KEY_DAYS_NAME, (const char *const *) texts, g_strv_length (texts));
}

static gboolean
load_auto_connect (GKeyFile *file, AditAutoConnect *when, GError **error)
{
  g_auto (GStrv) texts = NULL;

  if (!g_key_file_has_key (file, GROUP, ADIT_AUTO_CONNECT_NAME, NULL))
    return TRUE;
  texts = g_key_file_get_string_list (file, GROUP, ADIT_AUTO_CONNECT_NAME, NULL, error);
  return texts != NULL && adit_auto_connect_set_texts (when, (const char *const *) texts, error);
}

static void
save_auto_connect (GKeyFile *file, AditAutoConnect when)
{
  g_auto (GStrv) texts = adit_auto_connect_dup_texts (when);

  g_key_file_set_string_list (file, GROUP, ADIT_AUTO_CONNECT_NAME, (const char *const *) texts, g_strv_length (texts));
}

static void
save_reach (GKeyFile *file, const AditReachSettings *reach)
{
  for (const char *const *name = adit_settings_get_names (); *name != NULL; name++)
    {
      g_auto (GStrv) texts = adit_settings_dup_texts (reach, *name);

      g_key_file_set_string_list (file, GROUP, *name, (const char *const *) texts, g_strv_length (texts));
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
  file = load (self->settings_path, lost, &local);
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
  settings->lockdown = g_key_file_get_boolean (file, GROUP, "lockdown", &local) || marked;
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

  g_key_file_set_boolean (file, GROUP, "lockdown", settings->lockdown);
  save_reach (file, &settings->reach);
  save_choice (file, &settings->choice);
  save_key_days (file, settings->key_days);
  save_auto_connect (file, settings->auto_connect);
  /* Raising: the mark first.  Lowering: the mark last.  A crash between the two leaves the stricter one. */
  if (settings->lockdown && !adit_file_write (self->lockdown_path, "", 0, 0644, error))
    return FALSE;
  if (!save (file, self->settings_path, error))
    {
      /* Told as failed, so it must not come true at the next start. */
      if (settings->lockdown && !was_marked)
        (void) adit_file_remove (self->lockdown_path, NULL);
      return FALSE;
    }
  self->auto_connect = settings->auto_connect;
  return settings->lockdown || adit_file_remove (self->lockdown_path, error);
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
  file = load (self->wish_path, lost, &local);
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
  if (!adit_wish_file_take (file, GROUP, wish))
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
  g_autoptr (GKeyFile) file = load (self->wish_path, &lost, NULL);

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
  adit_wish_file_add (file, GROUP, wish);
  if (!save (file, self->wish_path, &error))
    g_warning ("where it was connected to last is still written down: %s", error->message);
  else
    mark_boot (self, wish->connected);
}

static gboolean
save_wish (AditStore *self, const AditWish *wish, gboolean counts, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  AditWish last = counts && wish->connected ? *wish : (AditWish) { 0 };

  adit_wish_file_add (file, GROUP, wish);
  if (self->auto_connect != ADIT_AUTO_CONNECT_OFF && (last.connected || adit_store_load_last (self, &last)))
    adit_wish_file_add (file, LAST_GROUP, &last);
  if (!wish->connected)
    {
      /* A full disk may take nothing more and still let go of what it has. */
      if (!save (file, self->wish_path, NULL) && !adit_file_remove (self->wish_path, error))
        return FALSE;
      mark_boot (self, last.connected && self->auto_connect == ADIT_AUTO_CONNECT_BOOT);
      return TRUE;
    }
  mark_boot (self, TRUE);
  return save (file, self->wish_path, error);
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

/**
 * adit_store_is_overridden:
 * @self: a store
 * @service: a service
 *
 * Returns: whether the administrator has replaced its addresses or its roots
 */
gboolean
adit_store_is_overridden (AditStore *self, const AditService *service)
{
  return self->overrides != NULL && g_key_file_has_group (self->overrides, service->id);
}

/**
 * adit_store_has_own_api:
 * @self: a store
 * @service: a service
 *
 * Returns: whether the administrator says at which addresses it is, and no others are asked then
 */
gboolean
adit_store_has_own_api (AditStore *self, const AditService *service)
{
  return adit_store_is_overridden (self, service) && g_key_file_has_key (self->overrides, service->id, "api-endpoints", NULL);
}

static gboolean
is_among (const AditEndpoint *api, guint n_api, const AditEndpoint *endpoint)
{
  for (guint i = 0; i < n_api; i++)
    if (adit_endpoint_equal (&api[i], endpoint))
      return TRUE;
  return FALSE;
}

/* Behind those that ship with Adit, and then a few: each one is a hole in the lock, which has room for so many. */
static guint
add_found_api (AditStore *self, const AditService *service, AditEndpoint *api, guint n_api, guint max_api)
{
  GArray *found = g_hash_table_lookup (self->found_api, service->id);

  if (n_api > 0)
    max_api = MIN (max_api, n_api + MAX_FURTHER);
  for (guint i = 0; found != NULL && i < found->len && n_api < max_api; i++)
    if (!is_among (api, n_api, &g_array_index (found, AditEndpoint, i)))
      api[n_api++] = g_array_index (found, AditEndpoint, i);
  return n_api;
}

static gboolean
are_equal (GArray *one, GArray *other)
{
  for (guint i = 0; i < MIN (one->len, other->len); i++)
    if (!adit_endpoint_equal (&g_array_index (one, AditEndpoint, i), &g_array_index (other, AditEndpoint, i)))
      return FALSE;
  return one->len == other->len;
}

static char *
dup_told_path (AditStore *self, const AditService *service)
{
  g_autofree char *name = g_strconcat (service->id, ".api", NULL);

  return g_build_filename (self->cache, name, NULL);
}

static GArray *
ensure_told (AditStore *self, const AditService *service)
{
  GArray *told = g_hash_table_lookup (self->told_api, service->id);
  AditEndpoint api[ADIT_SERVICE_MAX_API];
  g_autofree char *path = NULL;

  if (told != NULL)
    return told;
  path = dup_told_path (self, service);
  told = g_array_new (FALSE, TRUE, sizeof (AditEndpoint));
  if (service->tells_api)
    g_array_append_vals (told, api, adit_told_api_load (path, api, G_N_ELEMENTS (api)));
  g_hash_table_insert (self->told_api, (gpointer) service->id, told);
  return told;
}

/* A few, for the same reason.  This computer itself is none, whatever address it has got since. */
static guint
add_told_api (AditStore *self, const AditService *service, AditEndpoint *api, guint n_api, guint max_api)
{
  GArray *told = ensure_told (self, service);

  max_api = MIN (max_api, n_api + MAX_TOLD);
  for (guint i = 0; i < told->len && n_api < max_api; i++)
    {
      const AditEndpoint *endpoint = &g_array_index (told, AditEndpoint, i);

      if (!is_among (api, n_api, endpoint) && !adit_transport_is_own (&endpoint->address))
        api[n_api++] = *endpoint;
    }
  return n_api;
}

/* To the front, where it is still one of them. */
static void
prefer_good_api (AditStore *self, const AditService *service, AditEndpoint *api, guint n_api)
{
  const AditEndpoint *good = g_hash_table_lookup (self->good_api, service->id);
  guint i = 0;

  while (good != NULL && i < n_api && !adit_endpoint_equal (&api[i], good))
    i++;
  if (good == NULL || i == n_api)
    return;
  memmove (&api[1], &api[0], i * sizeof *api);
  api[0] = *good;
}

/**
 * adit_store_prefer_api:
 * @self: a store
 * @service: a service
 * @endpoint: where it was reached
 *
 * Until this process ends, adit_store_get_api() has it first.
 */
void
adit_store_prefer_api (AditStore *self, const AditService *service, const AditEndpoint *endpoint)
{
  g_hash_table_replace (self->good_api, (gpointer) service->id, g_memdup2 (endpoint, sizeof *endpoint));
}

/**
 * adit_store_get_api:
 * @self: a store
 * @service: a service
 * @api: (out caller-allocates) (array length=max_api): the addresses of its API, best first
 * @max_api: how many fit
 *
 * Returns: how many there are
 */
guint
adit_store_get_api (AditStore *self, const AditService *service, AditEndpoint *api, guint max_api)
{
  g_auto (GStrv) ours = NULL;
  const char *const *texts = (const char *const *) service->api_endpoints;
  guint n_api = 0;

  if (adit_store_is_overridden (self, service))
    ours = g_key_file_get_string_list (self->overrides, service->id, "api-endpoints", NULL, NULL);
  if (ours != NULL)
    texts = (const char *const *) ours;
  for (; *texts != NULL && n_api < max_api; texts++)
    {
      if (adit_endpoint_parse (*texts, &api[n_api]))
        n_api++;
      else
        g_warning ("%s: \"%s\" is no address with a port", self->overrides_path, *texts);
    }
  if (ours == NULL)
    {
      n_api = add_told_api (self, service, api, n_api, max_api);
      n_api = add_found_api (self, service, api, n_api, max_api);
    }
  prefer_good_api (self, service, api, n_api);
  return n_api;
}

/**
 * adit_store_set_found_api:
 * @self: a store
 * @service: a service
 * @addresses: (array length=n_addresses): what the name leads to now
 * @n_addresses: how many there are
 *
 * Until this process ends; adit_store_get_api() has them from now on.
 */
void
adit_store_set_found_api (AditStore *self, const AditService *service, const AditAddress *addresses, guint n_addresses)
{
  GArray *found = g_array_new (FALSE, TRUE, sizeof (AditEndpoint));

  for (guint i = 0; i < n_addresses; i++)
    {
      const AditEndpoint endpoint = { .address = addresses[i], .port = HTTPS_PORT };

      g_array_append_val (found, endpoint);
    }
  g_hash_table_replace (self->found_api, (gpointer) service->id, found);
}

/**
 * adit_store_set_told_api:
 * @self: a store
 * @service: a service
 * @api: (array length=n_api): where it says that its API is
 * @n_api: how many there are
 *
 * It has said it over a connection that proved who it is.  What it has said before counts no more; what it may not name is left
 * out, and where the administrator says where it is, all of it.  A full disk costs only that the next helper does not know it.
 *
 * Returns: whether adit_store_get_api() may answer otherwise than before
 */
gboolean
adit_store_set_told_api (AditStore *self, const AditService *service, const AditEndpoint *api, guint n_api)
{
  GArray *before = ensure_told (self, service), *told;
  g_autofree char *path = dup_told_path (self, service);
  g_autoptr (GError) error = NULL;

  if (!service->tells_api || adit_store_has_own_api (self, service))
    return FALSE;
  told = g_array_new (FALSE, TRUE, sizeof (AditEndpoint));
  for (guint i = 0; i < n_api; i++)
    if (adit_service_may_tell_api (&api[i]))
      g_array_append_val (told, api[i]);
  if (are_equal (told, before))
    {
      g_array_unref (told);
      return FALSE;
    }
  if (!adit_told_api_save (path, (const AditEndpoint *) (gpointer) told->data, told->len, &error))
    g_warning ("%s", error->message);
  g_hash_table_replace (self->told_api, (gpointer) service->id, told);
  return TRUE;
}

/**
 * adit_store_get_resolver:
 * @self: a store
 * @position: how many have been asked before
 *
 * Returns: (transfer none) (nullable): whom to ask next for a name; the administrator's is the only one
 */
const AditService *
adit_store_get_resolver (AditStore *self, guint position)
{
  const AditService *resolver = adit_resolver_at (position);

  return position > 0 && resolver != NULL && adit_store_is_overridden (self, resolver) ? NULL : resolver;
}

/**
 * adit_store_dup_api_host:
 * @self: a store
 * @service: a resolver
 *
 * Returns: (transfer full): the name that its certificate must carry
 */
char *
adit_store_dup_api_host (AditStore *self, const AditService *service)
{
  g_autofree char *ours = NULL;

  if (adit_store_is_overridden (self, service))
    ours = g_key_file_get_string (self->overrides, service->id, "host", NULL);
  if (ours != NULL && adit_host_name_is_valid (ours))
    return g_steal_pointer (&ours);
  if (ours != NULL)
    g_warning ("%s: \"%s\" is no host's name", self->overrides_path, ours);
  return g_strdup (service->api_host);
}

/* Two may be at one address, which the kernel's set has once. */
static guint
add_api (AditStore *self, const AditService *service, AditEndpoint *api, guint n_api, guint max_api)
{
  AditEndpoint own[ADIT_SERVICE_MAX_API];
  guint n_own = adit_store_get_api (self, service, own, ADIT_SERVICE_MAX_API);

  for (guint i = 0; i < n_own && n_api < max_api; i++)
    {
      if (!is_among (api, n_api, &own[i]))
        api[n_api++] = own[i];
    }
  return n_api;
}

/**
 * adit_store_get_all_api:
 * @self: a store
 * @api: (out caller-allocates) (array length=max_api): where workers' marked connections may go to while locked
 * @max_api: how many fit
 *
 * Of every resolver, without whom no other can be found, and of every service, since signing in to one must work while locked by
 * another.
 *
 * Returns: how many there are
 */
guint
adit_store_get_all_api (AditStore *self, AditEndpoint *api, guint max_api)
{
  const AditService *service;
  guint n_api = 0;

  for (guint i = 0; (service = adit_store_get_resolver (self, i)) != NULL; i++)
    n_api = add_api (self, service, api, n_api, max_api);
  for (guint i = 0; (service = adit_service_at (i)) != NULL; i++)
    n_api = add_api (self, service, api, n_api, max_api);
  return n_api;
}

/* The roots that this computer's administrator and distribution believe, where the larger distributions keep them. */
static int
open_system_roots (void)
{
  static const char *const paths[] = {
    "/etc/ssl/certs/ca-certificates.crt",    /* Debian, Arch, Alpine */
    "/etc/pki/tls/certs/ca-bundle.crt",      /* Fedora */
    "/etc/ssl/ca-bundle.pem",                /* openSUSE */
  };
  int fd = -1;

  for (gsize i = 0; fd < 0 && i < G_N_ELEMENTS (paths); i++)
    fd = open (paths[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  return fd;
}

/* A file of PEM that services.conf names for @service under @key: -1 with @error unset where it names none.  It is handed on
 * unread. */
static int
open_named (AditStore *self, const AditService *service, const char *key, GError **error)
{
  g_autofree char *path = NULL;
  int fd;

  if (adit_store_is_overridden (self, service))
    path = g_key_file_get_string (self->overrides, service->id, key, NULL);
  if (path == NULL)
    return -1;
  fd = only_root_can_write (path) ? open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
  if (fd < 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_TRUST_UNUSABLE,
                 "The roots of %s in %s cannot be used (%s): not a file that root alone writes",
                 service->name, self->overrides_path, key);
  return fd;
}

/**
 * adit_store_open_trust:
 * @self: a store
 * @service: a service
 * @is_replaced: (out): whether they are the administrator's for this service, in the place of all that ships with Adit
 * @error: return location; %ADIT_ERROR_TRUST_UNUSABLE where roots are named that cannot be used, or none are found
 *
 * Returns: a descriptor of PEM roots, yours to close; -1 with @error unset where the built-in ones are good
 */
int
adit_store_open_trust (AditStore *self, const AditService *service, gboolean *is_replaced, GError **error)
{
  GError *local = NULL;
  int fd = open_named (self, service, "trust", &local);

  *is_replaced = fd >= 0;
  if (local == NULL && fd < 0 && service->trusts_system)
    {
      fd = open_system_roots ();
      if (fd < 0)
        g_set_error_literal (&local, ADIT_ERROR, ADIT_ERROR_TRUST_UNUSABLE,
                             "This computer has no root certificates; install its package ca-certificates");
    }
  if (local != NULL)
    g_propagate_error (error, local);
  return fd;
}

/**
 * adit_store_open_openvpn_trust:
 * @self: a store
 * @service: a service
 * @error: return location; %ADIT_ERROR_TRUST_UNUSABLE where a file is named that cannot be used
 *
 * What the administrator says the service's OpenVPN servers are known by, in the place of what ships with Adit: root
 * certificates in PEM and, if it is another one too, the static key of their handshake.
 *
 * Returns: a descriptor, yours to close; -1 with @error unset where the built-in trust is good
 */
int
adit_store_open_openvpn_trust (AditStore *self, const AditService *service, GError **error)
{
  return open_named (self, service, "openvpn-trust", error);
}
