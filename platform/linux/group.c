/* SPDX-License-Identifier: GPL-2.0-or-later */
/* group.c: a control group of root's, into which nobody but root can put a process.  Whoever comes in stays in with everything
 * that they start, and ends with it. */
#define G_LOG_DOMAIN "adit-process"

#include "platform/group.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/magic.h>
#include "client/base/error.h"

#define GROUPS         "/sys/fs/cgroup"    /* where nft looks for them too */
#define FILE_MAX_BYTES 4096
#define END_TRIES      100                 /* of 10 ms: a killed process is gone when its parent's kernel says so */

/* Files of the kernel's: adit_file_read() is for our own. */
static char *
read_small (const char *path)
{
  g_autofree char *text = NULL;
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize got;

  if (fd < 0)
    return NULL;
  text = g_malloc0 (FILE_MAX_BYTES);
  got = read (fd, text, FILE_MAX_BYTES - 1);
  close (fd);
  return got >= 0 ? g_steal_pointer (&text) : NULL;
}

static gboolean
write_small (const char *name, const char *file, const char *text)
{
  g_autofree char *path = g_build_filename (GROUPS, name, file, NULL);
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean done = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);

  if (fd >= 0)
    close (fd);
  return done;
}

static gboolean
find_number (const char *text, const char *key, gint64 *number)
{
  const char *at = text != NULL ? strstr (text, key) : NULL;

  if (at == NULL || (at > text && at[-1] != '\n'))
    return FALSE;
  *number = g_ascii_strtoll (at + strlen (key), NULL, 10);
  return TRUE;
}

/* The process that @pidfd stands for, if it is one of @uid's alone: real, effective, saved and of its files. */
static gint64
find_process (int pidfd, guint32 uid)
{
  g_autofree char *info = g_strdup_printf ("/proc/self/fdinfo/%d", pidfd), *text = read_small (info), *path = NULL;
  g_autofree char *status = NULL, *wanted = g_strdup_printf ("Uid:\t%u\t%u\t%u\t%u\n", uid, uid, uid, uid);
  gint64 pid = -1, again = -1;

  if (!find_number (text, "Pid:", &pid) || pid <= 1)
    return -1;
  path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/status", pid);
  status = read_small (path);
  g_free (text);
  text = read_small (info);    /* one that has ended meanwhile has no number any more, so what was read was its own */
  return find_number (text, "Pid:", &again) && again == pid && status != NULL && strstr (status, wanted) != NULL ? pid : -1;
}

/**
 * adit_group_make:
 * @name: of the group, which must not be there
 * @error: return location; %ADIT_ERROR_LOCK_FAILED without control groups
 *
 * Returns: whether it is there, with nobody in it
 */
gboolean
adit_group_make (const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (GROUPS, name, NULL);
  struct statfs where;

  if (statfs (GROUPS, &where) == 0 && where.f_type == CGROUP2_SUPER_MAGIC && mkdir (path, 0755) == 0)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "This computer has no control group for it");
  return FALSE;
}

/**
 * adit_group_join:
 * @name: of a group
 * @pidfd: stands for a process, of which the caller says that it is theirs
 * @uid: the caller's user
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT where it is not theirs, %ADIT_ERROR_LOCK_FAILED
 *
 * Returns: whether that process is in it
 */
gboolean
adit_group_join (const char *name, int pidfd, guint32 uid, GError **error)
{
  gint64 pid = find_process (pidfd, uid);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, pid);

  if (pid < 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "That is no process of yours");
      return FALSE;
    }
  /* One that ends in between leaves its number to another: then both are looked at once more, and nobody stays. */
  if (write_small (name, "cgroup.procs", number) && find_process (pidfd, uid) == pid)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "The program could not be put into a control group");
  return FALSE;
}

/**
 * adit_group_is_empty:
 * @name: of a group
 *
 * Returns: whether nobody is in it, or it is not there
 */
gboolean
adit_group_is_empty (const char *name)
{
  g_autofree char *path = g_build_filename (GROUPS, name, "cgroup.events", NULL), *text = read_small (path);
  gint64 populated = 0;

  return !find_number (text, "populated", &populated) || populated == 0;
}

/**
 * adit_group_end:
 * @name: of a group, whether it is there or not
 *
 * Ends everybody in it, and takes it away.
 */
void
adit_group_end (const char *name)
{
  g_autofree char *path = g_build_filename (GROUPS, name, NULL);

  if (access (path, F_OK) != 0)
    return;
  if (!adit_group_is_empty (name) && !write_small (name, "cgroup.kill", "1"))
    g_warning ("the programs of %s could not be ended", name);
  for (guint i = 0; rmdir (path) != 0 && i < END_TRIES; i++)
    {
      if (errno != EBUSY)
        break;
      g_usleep (10000);
    }
}
