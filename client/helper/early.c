/* SPDX-License-Identifier: GPL-2.0-or-later */
/* early.c: what adit-early.service runs.  It asks nothing of the disk but /run, which is there from the first moment on;
 * whether a lock is wanted the unit has found out by the marks in /etc/adit. */
#define G_LOG_DOMAIN "adit-early"

#include "client/helper/early.h"

#include <unistd.h>

#include "client/api/explain.h"
#include "client/helper/run-files.h"
#include "platform/platform.h"

static gboolean
set_lock (GError **error)
{
  const AditLockPolicy policy = { .lock = ADIT_LOCK_ALL };    /* without an address of any service: nobody is there to ask it */
  g_autoptr (AditJournal) journal = adit_run_files_open_journal (error);
  g_autoptr (AditPlatform) platform = journal != NULL ? adit_platform_new (journal, NULL) : NULL;

  return platform != NULL && adit_firewall_apply (platform->firewall, &policy, error);
}

/**
 * adit_early_run:
 *
 * Sets the strictest lock and leaves it to the helper; refuses while one is running, which has a better one.
 *
 * Returns: the exit code of the program
 */
int
adit_early_run (void)
{
  g_autoptr (GError) error = NULL;
  int lock = adit_run_files_take_lock (&error);
  gboolean done = lock >= 0 && set_lock (&error);

  if (lock >= 0)
    close (lock);
  if (done)
    return 0;
  g_printerr ("aditd: %s\n", error->message);
  return adit_explain_exit_code (error);
}
