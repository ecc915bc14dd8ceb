/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recover.c: `adit recover`.  Undoes what the journal names and our fixed numbers tell;
 * a lock that is wanted is set first, and stays unless it is asked to go. */
#define G_LOG_DOMAIN "adit-recover"

#include "client/helper/recover.h"

#include <unistd.h>

#include "client/api/explain.h"
#include "client/base/error.h"
#include "client/base/file.h"
#include "client/core/undo.h"
#include "client/helper/crash-watch.h"
#include "client/helper/kept.h"
#include "client/helper/run-files.h"

static gboolean
open_lock (AditPlatform *platform, AditStore *store, GError **error)
{
  static const AditWish nothing;
  AditSettings no_lockdown = { 0 };
  AditLockPolicy policy = { .lock = ADIT_LOCK_OFF };
  g_autoptr (GError) local = NULL;
  gboolean lost;

  /* The other settings stay, where they can be read. */
  if (!adit_store_load_settings (store, &no_lockdown, &lost, NULL) || lost)
    no_lockdown = (AditSettings) { 0 };
  no_lockdown.lockdown = FALSE;
  (void) adit_file_remove (ADIT_CONFIRM_FILE, NULL);
  (void) adit_file_remove (ADIT_PAUSE_FILE, NULL);
  (void) adit_file_remove (ADIT_KEPT_FILE, NULL);
  /* First what would close it again at the next start; where the disk takes nothing, that is said and the way is opened. */
  if (!adit_store_save_wish (store, &nothing, &local) || !adit_store_save_settings (store, &no_lockdown, &local))
    g_printerr ("aditd: the next start will lock again: %s\n", local->message);
  if (!adit_firewall_apply (platform->firewall, &policy, error))
    return FALSE;
  adit_network_hush (platform->network, FALSE);
  return TRUE;
}

static gboolean
recover (gboolean open, gboolean *locked, GError **error)
{
  g_autoptr (AditJournal) journal = NULL;
  g_autoptr (AditPlatform) platform = NULL;
  g_autoptr (AditStore) store = NULL;
  g_autoptr (GDBusConnection) bus = NULL;
  GError *undo_error = NULL;

  journal = adit_run_files_open_journal (error);
  if (journal == NULL)
    return FALSE;
  store = adit_run_files_open_store (error);
  if (store == NULL)
    return FALSE;
  /* Without a bus there is no resolved to put back either; the plain file does not need one. */
  bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  platform = adit_platform_new (journal, bus);
  /* Routes into the tunnel keep packets in where a lock has been removed, so they go only behind one. */
  if (!open && !adit_recover_lock (platform, store, locked, error))
    {
      g_prefix_error (error, "Nothing was put back, because the lock could not be set first: ");
      return FALSE;
    }
  (void) adit_undo_all (platform, &undo_error);
  /* Asked for is asked for: a resolver that could not be put back is no reason to keep somebody locked in. */
  if (open && !open_lock (platform, store, error))
    {
      g_clear_error (&undo_error);
      return FALSE;
    }
  if (bus != NULL)
    (void) g_dbus_connection_flush_sync (bus, NULL, NULL);
  if (undo_error == NULL)
    return TRUE;
  g_propagate_error (error, undo_error);
  return FALSE;
}

/**
 * adit_recover_lock:
 * @platform: the back ends
 * @store: (nullable): settings and last wish
 * @locked: (out): whether a lock is wanted, or was there; nothing is touched where it is not
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * Without a running helper: a lock that is wanted, or of which anything is left, is whole afterwards and lets nothing out.
 *
 * Returns: whether that is so
 */
gboolean
adit_recover_lock (AditPlatform *platform, AditStore *store, gboolean *locked, GError **error)
{
  AditLockPolicy policy = { .lock = ADIT_LOCK_ALL };

  (void) adit_kept_read (ADIT_KEPT_FILE, &policy.reach.kept);
  *locked = adit_firewall_is_present (platform->firewall) || adit_run_files_want_lock (store);
  return !*locked || adit_firewall_apply (platform->firewall, &policy, error);
}

/**
 * adit_recover_run:
 * @open: whether the lock is to go too
 *
 * Restores the computer; refuses while a helper is running, since that would put everything back.
 *
 * Returns: the exit code of the program
 */
int
adit_recover_run (gboolean open)
{
  g_autoptr (GError) error = NULL;
  int lock = adit_run_files_take_lock (&error);
  gboolean locked = FALSE, done;

  if (lock >= 0)
    adit_crash_watch_begin ();
  done = lock >= 0 && recover (open, &locked, &error);

  if (lock >= 0)
    {
      adit_crash_watch_end ();
      close (lock);
    }
  if (done)
    {
      g_print ("Everything is as it was before Adit%s\n",
               open     ? ", and the lock is open."
               : locked ? ", except the lock, which is in force. To open it: adit recover --open"
                        : "; there was no lock, and none was wanted.");
      return 0;
    }
  g_printerr ("aditd: %s\n", error->message);
  return adit_explain_exit_code (error);
}
