/* SPDX-License-Identifier: GPL-2.0-or-later */
/* file.c: read whole and bounded, write whole or not at all.
 *
 * All of these files lie in directories that only root can write to.  The checks for links and odd kinds of files are there for
 * the day when that is not so. */
#include "client/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/secret.h"

static gboolean
fail (GError **error, const char *what, const char *path)
{
  int saved = errno;

  g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "Could not %s %s: %s", what, path, g_strerror (saved));
  return FALSE;
}

/**
 * adit_file_read:
 * @path: an absolute path, no part of which below its directory may be a link
 * @max_bytes: the longest content that is accepted
 * @length: (out) (optional): how many bytes there are
 * @error: return location; %ADIT_ERROR_STORE_FAILED; a file that does not exist is no error
 *
 * Returns: (transfer full) (nullable): the content with a zero byte behind it; %NULL with @error unset where there is no file
 */
char *
adit_file_read (const char *path, gsize max_bytes, gsize *length, GError **error)
{
  g_autofree char *content = NULL;
  struct stat status;
  gsize have = 0;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

  if (length != NULL)
    *length = 0;
  if (fd < 0)
    {
      if (errno != ENOENT)
        fail (error, "open", path);
      return NULL;
    }
  if (fstat (fd, &status) < 0 || !S_ISREG (status.st_mode) || status.st_size < 0 || (guint64) status.st_size > max_bytes)
    {
      close (fd);
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "%s is not a plain file of at most %" G_GSIZE_FORMAT " bytes",
                   path, max_bytes);
      return NULL;
    }

  content = g_malloc ((gsize) status.st_size + 1);
  while (have < (gsize) status.st_size)
    {
      gssize got = read (fd, content + have, (gsize) status.st_size - have);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        {
          fail (error, "read", path);
          close (fd);
          adit_wipe (content, have);
          return NULL;
        }
      if (got == 0)
        break;
      have += (gsize) got;
    }
  close (fd);
  content[have] = '\0';
  if (length != NULL)
    *length = have;
  return g_steal_pointer (&content);
}

static gboolean
write_all (int fd, const char *bytes, gsize length)
{
  while (length > 0)
    {
      gssize put = write (fd, bytes, length);

      if (put < 0 && errno == EINTR)
        continue;
      if (put <= 0)
        return FALSE;
      bytes += put;
      length -= (gsize) put;
    }
  return TRUE;
}

/* A rename is on disk only when its directory is. */
static void
sync_directory (const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);
  int fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd >= 0)
    {
      (void) fsync (fd);
      close (fd);
    }
}

/**
 * adit_file_write:
 * @path: an absolute path
 * @bytes: the whole new content
 * @length: its size in bytes
 * @mode: the permissions, for instance 0600
 * @error: return location; %ADIT_ERROR_STORE_FAILED, and then the old content is untouched
 *
 * Replaces the file in one step: written beside it, synced, renamed over it.
 *
 * Returns: whether the new content is in place
 */
gboolean
adit_file_write (const char *path, const void *bytes, gsize length, int mode, GError **error)
{
  g_autofree char *beside = g_strconcat (path, ".new", NULL);
  int fd;

  /* What is left there is from a helper that died here; only root could have put anything else. */
  if (unlink (beside) < 0 && errno != ENOENT)
    return fail (error, "clear the way for", path);
  fd = open (beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0)
    return fail (error, "create", beside);

  /* fchmod, because the mask of the process may be tighter than what is asked for. */
  if (!write_all (fd, bytes, length) || fchmod (fd, (mode_t) mode) < 0 || fsync (fd) < 0)
    {
      fail (error, "write", beside);
      close (fd);
      (void) unlink (beside);
      return FALSE;
    }
  close (fd);
  if (rename (beside, path) < 0)
    {
      fail (error, "replace", path);
      (void) unlink (beside);
      return FALSE;
    }
  sync_directory (path);
  return TRUE;
}

/**
 * adit_file_mark:
 * @path: an absolute path
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * An empty file that everybody may see, if it is not there.  It is on disk with whatever is synced next.
 *
 * Returns: whether it is there
 */
gboolean
adit_file_mark (const char *path, GError **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0644);

  if (fd < 0)
    return fail (error, "create", path);
  (void) fchmod (fd, 0644);    /* the mask of the process may be tighter */
  close (fd);
  return TRUE;
}

/**
 * adit_file_remove:
 * @path: an absolute path
 * @error: return location; %ADIT_ERROR_STORE_FAILED; a file that is gone already is no error
 *
 * Returns: whether the file is gone
 */
gboolean
adit_file_remove (const char *path, GError **error)
{
  if (unlink (path) < 0 && errno != ENOENT)
    return fail (error, "remove", path);
  sync_directory (path);
  return TRUE;
}

/**
 * adit_file_exists:
 * @path: an absolute path
 *
 * Returns: whether anything is there, a dangling link included; what cannot be told counts as there
 */
gboolean
adit_file_exists (const char *path)
{
  struct stat status;

  return lstat (path, &status) == 0 || errno != ENOENT;
}

/* Whoever can write to a directory above can put another in the place of one below; a sticky one lets nobody do that. */
static gboolean
is_out_of_reach (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  struct stat status;

  if (stat (parent, &status) < 0 || (status.st_uid != 0 && status.st_uid != geteuid ()) ||
      ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (status.st_mode & S_ISVTX) == 0))
    return FALSE;
  return parent[1] == '\0' || is_out_of_reach (parent);
}

/* By its name and, where a link of root's is in that, by where it really is. */
static gboolean
is_ours_alone (const char *path)
{
  g_autofree char *real = realpath (path, NULL);

  return real != NULL && is_out_of_reach (path) && is_out_of_reach (real);
}

/**
 * adit_directory_ensure:
 * @path: an absolute path whose parent exists
 * @mode: the permissions it is to have
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Makes a directory that belongs to this process's user, or takes the one that is there and does.  Names below it can be relied
 * on: nobody else can put another directory in its place, or in that of one above it.
 *
 * Returns: whether it is there now, ours alone, with @mode
 */
gboolean
adit_directory_ensure (const char *path, int mode, GError **error)
{
  struct stat status;
  gboolean good;
  int fd;

  if (mkdir (path, (mode_t) mode) < 0 && errno != EEXIST)
    return fail (error, "make", path);
  fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return fail (error, "open", path);
  good = fstat (fd, &status) == 0 && status.st_uid == geteuid () &&
         ((status.st_mode & 07777) == (mode_t) mode || fchmod (fd, (mode_t) mode) == 0);
  close (fd);
  if (!good)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "%s does not belong to the user that runs the helper", path);
  else if (!is_ours_alone (path))
    {
      good = FALSE;
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "Others can write to a directory above %s", path);
    }
  return good;
}
