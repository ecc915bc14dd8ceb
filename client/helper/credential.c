/* SPDX-License-Identifier: GPL-2.0-or-later */
/* credential.c: only a pipe or a memfd is read.  Anything else could keep root waiting (a FUSE file does, in spite of
 * O_NONBLOCK) or make it read a file that the caller may not. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/credential.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"

#define MAX_BYTES   4096
#define DEADLINE_MS 10000

typedef struct
{
  int    fd;
  int    own[2];    /* a pipe */
  guint  readable_source, deadline_source;
  gsize  length;
  char   bytes[MAX_BYTES + 1];
} Read;

static void
read_free (Read *self)
{
  g_clear_handle_id (&self->readable_source, g_source_remove);
  g_clear_handle_id (&self->deadline_source, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  for (guint i = 0; i < G_N_ELEMENTS (self->own); i++)
    if (self->own[i] >= 0)
      close (self->own[i]);
  adit_wipe (self, sizeof *self);
  g_free (self);
}

static void
fail (GTask *task, const char *what)
{
  g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED, "The credential %s", what);
  g_object_unref (task);
}

static void
finish (GTask *task)
{
  Read *self = g_task_get_task_data (task);

  while (self->length > 0 && (self->bytes[self->length - 1] == '\n' || self->bytes[self->length - 1] == '\r'))
    self->length--;
  if (self->length == 0)
    {
      fail (task, "is empty");
      return;
    }
  g_task_return_pointer (task, adit_secret_new (self->bytes, self->length), (GDestroyNotify) adit_secret_unref);
  g_object_unref (task);
}

static gboolean
on_deadline (gpointer user_data)
{
  Read *self = g_task_get_task_data (user_data);

  self->deadline_source = 0;
  fail (user_data, "was not written in time");
  return G_SOURCE_REMOVE;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  Read *self = g_task_get_task_data (user_data);
  /* Through a pipe of our own: whether the caller's waits is the caller's to say, since O_NONBLOCK belongs to the open file that
   * both of us hold; splice() is told for itself. */
  gssize got = splice (fd, NULL, self->own[1], NULL, sizeof self->bytes - self->length, SPLICE_F_NONBLOCK);

  if (got > 0)
    got = read (self->own[0], self->bytes + self->length, (gsize) got);
  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (got > 0)
    {
      self->length += (gsize) got;
      if (self->length <= MAX_BYTES)
        return G_SOURCE_CONTINUE;
    }
  self->readable_source = 0;
  if (got > 0)
    fail (user_data, "is too long");
  else if (got < 0)
    fail (user_data, "could not be read");
  else
    finish (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * adit_credential_read_async:
 * @fd: a pipe's reading end or a memfd sealed against change; taken
 * @callback: called with the credential
 * @user_data: for @callback
 *
 * Reads to the end, at most 4096 bytes within 10 seconds; line feeds at the end do not count.
 */
void
adit_credential_read_async (int fd, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Read *self = g_new0 (Read, 1);
  struct stat status;
  gboolean is_pipe, is_memfd;

  g_task_set_source_tag (task, adit_credential_read_async);
  self->fd = fd;
  self->own[0] = self->own[1] = -1;
  g_task_set_task_data (task, self, (GDestroyNotify) read_free);

  is_pipe = fstat (fd, &status) == 0 && S_ISFIFO (status.st_mode);
  is_memfd = fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && fcntl (fd, F_GET_SEALS) > 0 &&
             (fcntl (fd, F_GET_SEALS) & F_SEAL_WRITE) != 0;
  if (is_memfd)
    {
      gssize got = pread (fd, self->bytes, sizeof self->bytes, 0);

      self->length = got > 0 ? (gsize) got : 0;
      if (self->length > MAX_BYTES)
        fail (task, "is too long");
      else
        finish (task);
      return;
    }
  if (!is_pipe || !g_unix_open_pipe (self->own, FD_CLOEXEC, NULL))
    {
      fail (task, "has to come through a pipe or a sealed memory file");
      return;
    }
  self->deadline_source = g_timeout_add (DEADLINE_MS, on_deadline, task);
  self->readable_source = g_unix_fd_add (fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, task);
}

/**
 * adit_credential_read_finish:
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR_CREDENTIAL_MALFORMED
 *
 * Returns: (transfer full) (nullable): the credential
 */
AditSecret *
adit_credential_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
