/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysctl.c: a name is the path below /proc/sys, so that a device with a dot in its name needs no care. */
#define G_LOG_DOMAIN "adit-route"
#include "platform/linux/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "client/base/error.h"

#define SYSCTL_PATH "/proc/sys/"    /* proc_sys(5) */

static int
open_setting (const char *name, int flags)
{
  g_autofree char *path = g_strconcat (SYSCTL_PATH, name, NULL);

  return open (path, flags | O_CLOEXEC);
}

/**
 * adit_sysctl_read:
 * @name: for instance "net/ipv4/conf/all/rp_filter"
 * @value: (out): its number
 *
 * Returns: whether there is such a setting and it is one number
 */
gboolean
adit_sysctl_read (const char *name, int *value)
{
  char text[32], *end;
  int fd = open_setting (name, O_RDONLY);
  gssize n;

  if (fd < 0)
    return FALSE;
  n = read (fd, text, sizeof text - 1);
  close (fd);
  if (n <= 0)
    return FALSE;
  text[n] = '\0';
  errno = 0;
  *value = strtol (text, &end, 10);
  return errno == 0 && end != text && (*end == '\n' || *end == '\0');
}

/**
 * adit_sysctl_write:
 * @name: a setting
 * @value: its new number
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether the kernel took it
 */
gboolean
adit_sysctl_write (const char *name, int value, GError **error)
{
  char text[32];
  int length = g_snprintf (text, sizeof text, "%d", value), fd = open_setting (name, O_WRONLY), code = 0;

  if (fd < 0)
    code = errno;
  else
    {
      if (write (fd, text, length) != length)
        code = errno;
      close (fd);
    }
  if (code == 0)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "Could not set %s: %s", name, g_strerror (code));
  return FALSE;
}

/**
 * adit_sysctl_borrow:
 * @journal: where the number before and ours are noted first
 * @group: whose item it is
 * @name: a setting
 * @value: our number
 * @error: return location; %ADIT_ERROR_STORE_FAILED, %ADIT_ERROR_TUNNEL_FAILED
 *
 * A setting that has our number already is left as it is: either it is borrowed already, or it is not ours to give back.
 *
 * Returns: whether the setting has @value now
 */
gboolean
adit_sysctl_borrow (AditJournal *journal, const char *group, const char *name, int value, GError **error)
{
  g_autofree char *item = NULL;
  int before;

  if (!adit_sysctl_read (name, &before))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "Could not read %s", name);
      return FALSE;
    }
  if (before == value)
    return TRUE;
  item = g_strdup_printf ("%d %d", before, value);
  return adit_journal_note (journal, group, name, item, error) && adit_sysctl_write (name, value, error);
}

/**
 * adit_sysctl_give_back:
 * @journal: where it was noted
 * @group: whose item it is
 * @name: a setting
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Puts the number from before back, if the setting still has ours.  The item stays in the journal; doing it again changes nothing
 * but for a setting that somebody else has set to exactly our number since, so the group is forgotten soon after.
 *
 * Returns: whether there is nothing more to give back
 */
gboolean
adit_sysctl_give_back (AditJournal *journal, const char *group, const char *name, GError **error)
{
  g_autofree char *item = adit_journal_dup (journal, group, name);
  int before, ours, now;
  char end;

  if (item == NULL)
    return TRUE;
  if (sscanf (item, "%d %d%c", &before, &ours, &end) != 2)
    {
      g_warning ("The journal's note about %s cannot be read; the setting stays as it is", name);
      return TRUE;
    }
  if (!adit_sysctl_read (name, &now))
    return TRUE;
  if (now != ours)
    {
      g_message ("%s has been changed by another program meanwhile and stays as it is", name);
      return TRUE;
    }
  return adit_sysctl_write (name, before, error);
}
