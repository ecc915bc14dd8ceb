/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list-file.c: sealed, so that nobody can change a list after somebody else has checked it. */
#include "client/worker/list-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/base/error.h"

static gboolean
write_all (int fd, const guint8 *bytes, gsize length)
{
  while (length > 0)
    {
      gssize written = write (fd, bytes, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return FALSE;
      bytes += written;
      length -= (gsize) written;
    }
  return TRUE;
}

static int
seal (const char *name, const guint8 *bytes, gsize length, GError **error)
{
  int fd = memfd_create (name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

  /* Whoever gets it reads from its start: the position is one for all who have it. */
  if (fd >= 0 && write_all (fd, bytes, length) && lseek (fd, 0, SEEK_SET) == 0 &&
      fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
    return fd;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "The worker's answer cannot be passed on: %s", g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/**
 * adit_list_file_seal:
 * @list: what to put there
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Returns: a memory file that can no longer change in content or length, yours to close; -1 with @error set
 */
int
adit_list_file_seal (GBytes *list, GError **error)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (list, &length);

  return seal ("adit-server-list", bytes, length, error);
}

/**
 * adit_list_file_seal_secret:
 * @text: what to put there
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * As adit_list_file_seal(); the kernel forgets it when the last who has it has closed it.
 *
 * Returns: a memory file; -1 with @error set
 */
int
adit_list_file_seal_secret (AditSecret *text, GError **error)
{
  gsize length;
  const guint8 *bytes = adit_secret_peek (text, &length);

  return seal ("adit-configuration", bytes, length, error);
}

/**
 * adit_list_file_read_text:
 * @fd: a file from the helper
 * @max_bytes: how long it may be
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Reads from its start, wherever its position is, because the helper may have read it before.
 *
 * Returns: (transfer full) (nullable): its text, which has no NUL in it
 */
char *
adit_list_file_read_text (int fd, gsize max_bytes, GError **error)
{
  g_autofree char *text = g_malloc0 (max_bytes + 1);
  gsize length = 0;

  while (length < max_bytes + 1)
    {
      gssize got = pread (fd, text + length, max_bytes + 1 - length, (off_t) length);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        break;
      length += (gsize) got;
    }
  if (length > 0 && length <= max_bytes && memchr (text, '\0', length) == NULL)
    return g_steal_pointer (&text);
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_FAILED, "A file from the helper is empty, too long, or no text");
  return NULL;
}
