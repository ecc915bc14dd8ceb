/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sealed-file.c: sealed, so that nobody can change it after somebody else has checked it. */
#include "client/worker/sealed-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/secret.h"

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static gboolean
fail (GError **error)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "A file cannot be passed on: %s", g_strerror (errno));
  return FALSE;
}

/**
 * adit_sealed_file_begin:
 * @name: what it is called in /proc
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Returns: an empty file, yours to close; -1 with @error set
 */
int
adit_sealed_file_begin (const char *name, GError **error)
{
  int fd = memfd_create (name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0)
    fail (error);
  return fd;
}

/**
 * adit_sealed_file_add:
 * @fd: a file that was begun
 * @bytes: what comes next in it
 * @length: of that
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Returns: whether all of it is there
 */
gboolean
adit_sealed_file_add (int fd, const void *bytes, gsize length, GError **error)
{
  const guint8 *at = bytes;

  while (length > 0)
    {
      gssize written = write (fd, at, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return fail (error);
      at += written;
      length -= (gsize) written;
    }
  return TRUE;
}

/**
 * adit_sealed_file_end:
 * @fd: a file that was begun
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Whoever gets it reads from its start: the position is one for all who have it.
 *
 * Returns: whether it can no longer change in content or length
 */
gboolean
adit_sealed_file_end (int fd, GError **error)
{
  return (lseek (fd, 0, SEEK_SET) == 0 && fcntl (fd, F_ADD_SEALS, SEALS | F_SEAL_SEAL) == 0) || fail (error);
}

typedef struct { guint8 *bytes; gsize length; } Copy;

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  adit_wipe (copy->bytes, copy->length);
  g_free (copy->bytes);
  g_free (copy);
}

/**
 * adit_sealed_file_read:
 * @fd: a file from somebody else; stays the caller's
 * @max_bytes: how long it may be
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT for one that is not sealed, empty, or too long
 *
 * Nothing but a sealed file of memory is read: any other may keep its reader waiting for ever.
 *
 * Returns: (transfer full) (nullable): all that is in it, wiped when it is freed
 */
GBytes *
adit_sealed_file_read (int fd, gsize max_bytes, GError **error)
{
  int seals = fcntl (fd, F_GET_SEALS);
  struct stat status;
  Copy *copy;
  gsize length = 0;

  if (seals < 0 || (seals & SEALS) != SEALS || fstat (fd, &status) != 0 || status.st_size <= 0 ||
      (guint64) status.st_size > max_bytes)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "A file that was handed in is not sealed or too long");
      return NULL;
    }
  copy = g_new0 (Copy, 1);
  copy->length = (gsize) status.st_size;
  copy->bytes = g_malloc (copy->length);
  while (length < copy->length)
    {
      gssize got = pread (fd, copy->bytes + length, copy->length - length, (off_t) length);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        break;
      length += (gsize) got;
    }
  if (length == copy->length)
    return g_bytes_new_with_free_func (copy->bytes, copy->length, copy_free, copy);
  copy_free (copy);
  fail (error);
  return NULL;
}
