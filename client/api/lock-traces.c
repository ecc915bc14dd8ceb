/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock-traces.c: the kernel shows its rules to nobody but root; the files by which the next boot knows that it has to lock can be
 * seen by everybody (data/INVENTORY.md), and `adit recover --open` takes them away. */
#include "client/api/lock-traces.h"

#include <unistd.h>
#include "client/model/state.h"

static gboolean
is_there (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return access (path, F_OK) == 0;
}

/**
 * adit_lock_trace_find:
 * @folder: ADIT_CONFIGURATION_DIRECTORY
 * @last_lock: (nullable): what the helper said last of its lock, if it has been asked; a helper that dies leaves it as it is
 *
 * Returns: how much speaks for it that nothing may leave this computer; with `auto-connect` at boot a connection is wanted also
 * where nothing is locked yet
 */
AditLockTrace
adit_lock_trace_find (const char *folder, const char *last_lock)
{
  if (is_there (folder, "lockdown"))
    return ADIT_LOCK_TRACE_SURE;
  if (!is_there (folder, "connect-at-boot"))
    return ADIT_LOCK_TRACE_NONE;
  if (last_lock == NULL)
    return ADIT_LOCK_TRACE_LIKELY;
  return g_str_equal (last_lock, adit_lock_get_nick (ADIT_LOCK_OFF)) ? ADIT_LOCK_TRACE_NONE : ADIT_LOCK_TRACE_SURE;
}
