/* SPDX-License-Identifier: GPL-2.0-or-later */
/* confined.c: whoever starts a worker must have taken everything from it first; it looks, and refuses to run otherwise. */
#include "client/worker/worker.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/report/crash-note.h"
#include "client/worker/roles.h"

static gboolean
refuse (GError **error, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, text);
  return FALSE;
}

/* "CapEff:\t0000000000000000" and its four siblings (proc(5)). */
static gboolean
has_no_capability (void)
{
  static const char *const sets[] = { "\nCapInh:\t", "\nCapPrm:\t", "\nCapEff:\t", "\nCapAmb:\t" };
  g_autofree char *status = NULL;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      const char *line = strstr (status, sets[i]);

      if (line == NULL || strspn (line + strlen (sets[i]), "0") != 16)
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_no_other_descriptor (void)
{
  g_autoptr (GDir) directory = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;

  if (directory == NULL)
    return FALSE;
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_strconcat ("/proc/self/fd/", name, NULL), *target = NULL, *own = NULL;

      if (atoi (name) <= ADIT_WORKER_SOCKET || (atoi (name) == ADIT_WORKER_NOTE && adit_worker_has_note ()))
        continue;
      /* The one that the directory itself is being read through. */
      target = g_file_read_link (path, NULL);
      own = g_strdup_printf ("/proc/%d/fd", (int) getpid ());
      if (target != NULL && !g_str_equal (target, own))
        return FALSE;
    }
  return TRUE;
}

/**
 * adit_worker_has_note:
 *
 * Returns: whether there is a file in memory for this worker's crash, which can take a note and nothing more
 */
gboolean
adit_worker_has_note (void)
{
  const int wanted = F_SEAL_SHRINK | F_SEAL_GROW;
  int seals = fcntl (ADIT_WORKER_NOTE, F_GET_SEALS);
  struct stat status;

  return seals >= 0 && (seals & wanted) == wanted && fstat (ADIT_WORKER_NOTE, &status) == 0 &&
         status.st_size == sizeof (AditCrashNote);
}

/**
 * adit_worker_is_confined:
 * @error: return location; %ADIT_ERROR_NOT_ALLOWED
 *
 * Returns: %TRUE if this process is not root, has no capability, and no descriptor beyond its one socket and the place for a note
 */
gboolean
adit_worker_is_confined (GError **error)
{
  uid_t real, effective, saved;

  if (getresuid (&real, &effective, &saved) != 0 || real == 0 || effective == 0 || saved == 0)
    return refuse (error, "A worker does not run as root");
  if (!has_no_capability ())
    return refuse (error, "A worker does not run with capabilities");
  if (!has_no_other_descriptor ())
    return refuse (error, "A worker does not run with other descriptors than its socket");
  return TRUE;
}
