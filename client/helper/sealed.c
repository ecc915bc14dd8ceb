/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sealed.c: a file that lives in memory alone, which is wiped by the kernel when the last descriptor is closed. */
#include "client/helper/sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"

/**
 * adit_sealed_new:
 * @secret: what it is to hold
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Returns: a descriptor (close on exec) at the file's beginning, which belongs to the caller, or -1
 */
int
adit_sealed_new (AditSecret *secret, GError **error)
{
  int fd = memfd_create ("adit-sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  const guint8 *bytes;
  gsize length, done = 0;

  bytes = adit_secret_peek (secret, &length);
  while (fd >= 0 && done < length)
    {
      gssize n = write (fd, bytes + done, length - done);

      if (n < 0 && errno != EINTR)
        break;
      done += n > 0 ? (gsize) n : 0;
    }
  if (fd >= 0 && done == length && lseek (fd, 0, SEEK_SET) == 0 &&
      fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
    return fd;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not make a file in memory: %s", g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/**
 * adit_sealed_is:
 * @fd: a descriptor that somebody else has made
 * @size_bytes: how long the file is said to be
 *
 * Only a memory file has seals: no other could keep its reader waiting, or end under a map.
 *
 * Returns: whether it is one of that length that can change no more
 */
gboolean
adit_sealed_is (int fd, gsize size_bytes)
{
  const int wanted = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  int seals = fcntl (fd, F_GET_SEALS);
  struct stat status;

  return seals >= 0 && (seals & wanted) == wanted && fstat (fd, &status) == 0 && (gsize) status.st_size == size_bytes;
}
