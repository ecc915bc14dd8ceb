/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run-files.c: /run/adit/lock is held for as long as its descriptor is open, so a helper that dies lets go of it. */
#define G_LOG_DOMAIN "adit-helper"

#include "client/helper/run-files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/file.h"

#define LOCK_FILE    ADIT_RUN_DIRECTORY "/lock"
#define JOURNAL_FILE ADIT_RUN_DIRECTORY "/journal"

/**
 * adit_run_files_take_lock:
 * @error: return location; %ADIT_ERROR_OTHER_HELPER where another holds it
 *
 * Returns: a descriptor to keep open for as long as the lock is wanted, and the only one to that file, -1 without it
 */
int
adit_run_files_take_lock (GError **error)
{
  /* Of this process alone: a lock that children inherit would outlive a killed helper in one that has not yet run its program. */
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int fd;

  if (!adit_directory_ensure (ADIT_RUN_DIRECTORY, 0755, error))
    return -1;
  fd = open (LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "Could not open %s: %s", LOCK_FILE, g_strerror (errno));
      return -1;
    }
  if (fcntl (fd, F_SETLK, &whole) < 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_HELPER, "Another helper is running");
      close (fd);
      return -1;
    }
  return fd;
}

/**
 * adit_run_files_open_journal:
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: (transfer full) (nullable): the journal
 */
AditJournal *
adit_run_files_open_journal (GError **error)
{
  return adit_journal_open (JOURNAL_FILE, error);
}

/**
 * adit_run_files_open_store:
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: (transfer full) (nullable): the store
 */
AditStore *
adit_run_files_open_store (GError **error)
{
  static const AditStorePaths paths = {
    .state = ADIT_STATE_DIRECTORY, .cache = "/var/cache/adit", .configuration = ADIT_CONFIGURATION_DIRECTORY,
  };

  return adit_store_open (&paths, error);
}

/**
 * adit_run_files_want_lock:
 * @store: (nullable): settings and last wish
 *
 * Returns: whether this computer was to be locked the last time that somebody said; what cannot be read counts as locked
 */
gboolean
adit_run_files_want_lock (AditStore *store)
{
  AditSettings settings = { 0 };
  AditWish wish = { 0 };
  gboolean settings_lost = FALSE, wish_lost = FALSE;

  return store == NULL || !adit_store_load_settings (store, &settings, &settings_lost, NULL) ||
         !adit_store_load_wish (store, &wish, &wish_lost, NULL) || settings_lost || wish_lost || settings.lockdown ||
         wish.connected;
}
