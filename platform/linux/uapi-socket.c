/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uapi-socket.c: whoever can write to this socket owns the tunnel, so only root can; wireguard-go's group may look at its file,
 * which it watches to notice its removal. */
#include "platform/linux/uapi-socket.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <glib-unix.h>
#include "client/base/error.h"
#include "platform/linux/uapi.h"

#define SOCKET_DIRECTORY "/run/wireguard"    /* where wg(8) and wireguard-go look; the path is fixed in both */
#define BACKLOG 4

static gboolean
fill_address (const char *device, struct sockaddr_un *address)
{
  *address = (struct sockaddr_un) { .sun_family = AF_UNIX };
  return g_snprintf (address->sun_path, sizeof address->sun_path, SOCKET_DIRECTORY "/%s.sock", device) <
         (int) sizeof address->sun_path;
}

static gboolean
fail (GError **error, const char *doing, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "%s %s: %s", doing, what, g_strerror (errno));
  return FALSE;
}

static gboolean
ensure_directory (GError **error)
{
  struct stat status;

  if (mkdir (SOCKET_DIRECTORY, 0711) == 0)
    (void) chmod (SOCKET_DIRECTORY, 0711);    /* mkdir went through the umask */
  else if (errno != EEXIST)
    return fail (error, "Could not make", SOCKET_DIRECTORY);
  if (lstat (SOCKET_DIRECTORY, &status) != 0)
    return fail (error, "Could not look at", SOCKET_DIRECTORY);
  if (!S_ISDIR (status.st_mode) || status.st_uid != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED,
                           SOCKET_DIRECTORY " is not a folder that only root may write to");
      return FALSE;
    }
  /* wireguard-go has to reach its own socket's name.  The sockets of others have modes of their own. */
  if ((status.st_mode & S_IXOTH) == 0 && chmod (SOCKET_DIRECTORY, (status.st_mode & 07777) | S_IXOTH) != 0)
    return fail (error, "Could not open the way into", SOCKET_DIRECTORY);
  return TRUE;
}

/**
 * adit_uapi_socket_listen:
 * @device: the device's name
 * @group: wireguard-go's; it may read the socket's file, not connect to it
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * A stale socket of that name goes first.
 *
 * Returns: a listening descriptor (close on exec) that belongs to the caller, or -1
 */
int
adit_uapi_socket_listen (const char *device, gid_t group, GError **error)
{
  struct sockaddr_un address;
  mode_t before;
  int fd, result;

  if (!fill_address (device, &address) || !ensure_directory (error))
    return -1;
  adit_uapi_socket_remove (device);
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  before = umask (0177);    /* the file is born without rights for others */
  result = fd < 0 ? -1 : bind (fd, (struct sockaddr *) &address, sizeof address);
  umask (before);
  if (result == 0 && chown (address.sun_path, 0, group) == 0 && chmod (address.sun_path, 0640) == 0 && listen (fd, BACKLOG) == 0)
    return fd;
  fail (error, "Could not listen on", address.sun_path);
  if (fd >= 0)
    close (fd);
  adit_uapi_socket_remove (device);
  return -1;
}

/**
 * adit_uapi_socket_remove:
 * @device: the device's name
 *
 * Removes the socket's file, if there is one.
 */
void
adit_uapi_socket_remove (const char *device)
{
  struct sockaddr_un address;

  if (fill_address (device, &address))
    unlink (address.sun_path);
}

/* Connects and writes; a request fits into the socket's buffer at once, so neither can block. */
static int
send_request (const char *device, const void *request, gsize length, GError **error)
{
  struct sockaddr_un address;
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  if (fd >= 0 && fill_address (device, &address) && connect (fd, (struct sockaddr *) &address, sizeof address) == 0 &&
      send (fd, request, length, MSG_NOSIGNAL) == (gssize) length)
    return fd;
  fail (error, "Could not talk to WireGuard's process for", device);
  if (fd >= 0)
    close (fd);
  return -1;
}

/* One answer being gathered; the buffer may come to hold a private key. */
typedef struct { char bytes[ADIT_UAPI_MAX_ANSWER_BYTES]; gsize length; } Answer;

/* Takes what is there.  TRUE when the answer is whole; otherwise @error set when it can no longer become so. */
static gboolean
receive (int fd, Answer *answer, GError **error)
{
  while (!adit_uapi_is_complete (answer->bytes, answer->length))
    {
      gssize n;

      if (answer->length == sizeof answer->bytes)
        {
          g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "WireGuard's process answers without end");
          return FALSE;
        }
      n = recv (fd, answer->bytes + answer->length, sizeof answer->bytes - answer->length, MSG_DONTWAIT);
      if (n > 0)
        answer->length += n;
      else if (n == 0)
        {
          g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "WireGuard's process closed its socket");
          return FALSE;
        }
      else if (errno == EAGAIN)
        return FALSE;
      else if (errno != EINTR)
        return fail (error, "Could not read from", "WireGuard's process");
    }
  return TRUE;
}

typedef struct { int fd; Answer answer; GSource *sources[3]; guint n_sources; gboolean done; } Exchange;

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  if (exchange->fd >= 0)
    close (exchange->fd);
  adit_wipe (exchange, sizeof *exchange);
  g_free (exchange);
}

/* The sources hold the task, the task holds the exchange: this is where the circle ends. */
static void
exchange_end (GTask *task, GError *error)
{
  Exchange *exchange = g_task_get_task_data (task);

  if (exchange->done)
    return;
  exchange->done = TRUE;
  g_object_ref (task);
  for (guint i = 0; i < exchange->n_sources; i++)
    {
      g_source_destroy (exchange->sources[i]);
      g_source_unref (exchange->sources[i]);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static gboolean
on_answer (int fd, GIOCondition condition, gpointer data)
{
  Exchange *exchange = g_task_get_task_data (data);
  GError *error = NULL;

  if (receive (fd, &exchange->answer, &error))
    adit_uapi_check_set_answer (exchange->answer.bytes, exchange->answer.length, &error);
  else if (error == NULL)
    return G_SOURCE_CONTINUE;
  exchange_end (data, error);
  return G_SOURCE_REMOVE;
}

static gboolean
on_timeout (gpointer data)
{
  exchange_end (data, g_error_new_literal (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "WireGuard's process did not answer in time"));
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  exchange_end (data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The start was cancelled"));
  return G_SOURCE_REMOVE;
}

static void
exchange_watch (GTask *task, GSource *source, GSourceFunc callback)
{
  Exchange *exchange = g_task_get_task_data (task);

  g_source_set_callback (source, callback, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
  exchange->sources[exchange->n_sources++] = source;
}

/**
 * adit_uapi_exchange_async:
 * @device: the device's name
 * @request: a set request
 * @timeout_ms: how long the answer may take
 * @cancellable: (nullable): ends the wait
 * @callback: called from the main loop
 * @user_data: for @callback
 *
 * Sends a set request and waits until it is taken.
 */
void
adit_uapi_exchange_async (const char *device, AditSecret *request, guint timeout_ms,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);
  gsize length;
  const guint8 *bytes = adit_secret_peek (request, &length);
  GError *error = NULL;

  g_task_set_source_tag (task, adit_uapi_exchange_async);
  g_task_set_task_data (task, exchange, exchange_free);
  exchange->fd = send_request (device, bytes, length, &error);
  if (exchange->fd < 0)
    {
      exchange_end (task, error);
      return;
    }
  exchange_watch (task, g_unix_fd_source_new (exchange->fd, G_IO_IN), G_SOURCE_FUNC (on_answer));
  exchange_watch (task, g_timeout_source_new (timeout_ms), on_timeout);
  if (cancellable != NULL)
    exchange_watch (task, g_cancellable_source_new (cancellable), G_SOURCE_FUNC (on_cancelled));
}

/**
 * adit_uapi_exchange_finish:
 * @result: what the callback got
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the request was taken
 */
gboolean
adit_uapi_exchange_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * adit_uapi_ask:
 * @device: the device's name
 * @request: (array length=request_bytes): a request
 * @request_bytes: its length
 * @timeout_ms: how long the answer may take; the caller is held for that long at most
 * @length: (out): size of the answer in bytes
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: (transfer full): the answer of exactly @length bytes, not terminated; wipe it, it may hold keys
 */
char *
adit_uapi_ask (const char *device, const void *request, gsize request_bytes, guint timeout_ms, gsize *length, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + timeout_ms * G_GINT64_CONSTANT (1000);
  Answer answer = { .length = 0 };
  GError *failure = NULL;
  char *result = NULL;
  int fd = send_request (device, request, request_bytes, error);

  if (fd < 0)
    return NULL;
  while (!receive (fd, &answer, &failure) && failure == NULL)
    {
      struct pollfd wait = { .fd = fd, .events = POLLIN };
      gint64 left_us = deadline_us - g_get_monotonic_time ();

      if (left_us <= 0 || (poll (&wait, 1, (int) (left_us / 1000 + 1)) < 0 && errno != EINTR))
        failure = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "WireGuard's process did not answer in time");
    }
  close (fd);
  if (failure != NULL)
    g_propagate_error (error, failure);
  else
    {
      result = g_memdup2 (answer.bytes, answer.length);
      *length = answer.length;
    }
  adit_wipe (&answer, sizeof answer);
  return result;
}
