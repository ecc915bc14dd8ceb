/* SPDX-License-Identifier: GPL-2.0-or-later */
/* transport.c: one non-blocking connect.  The mark is on the socket before its first packet,
 * so the lock never sees one without. */
#include "platform/transport.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <glib-unix.h>
#include "client/base/error.h"
#include "platform/linux/marks.h"

typedef struct
{
  int   fd;
  guint timeout_ms;
} Connection;

static void
connection_free (gpointer data)
{
  Connection *self = data;

  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

static void
fail (GTask *task, const char *doing, int code)
{
  g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "%s: %s", doing, g_strerror (code));
}

static socklen_t
fill_address (const AditEndpoint *endpoint, struct sockaddr_storage *address)
{
  struct sockaddr_in *ipv4 = (struct sockaddr_in *) address;
  struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *) address;

  memset (address, 0, sizeof *address);
  if (endpoint->address.family == ADIT_FAMILY_IPV4)
    {
      ipv4->sin_family = AF_INET;
      ipv4->sin_port = g_htons (endpoint->port);
      memcpy (&ipv4->sin_addr, endpoint->address.bytes, sizeof ipv4->sin_addr);
      return sizeof *ipv4;
    }
  ipv6->sin6_family = AF_INET6;
  ipv6->sin6_port = g_htons (endpoint->port);
  memcpy (&ipv6->sin6_addr, endpoint->address.bytes, sizeof ipv6->sin6_addr);
  return sizeof *ipv6;
}

/* A new socket need not be unmarked: a BPF program of the cgroup may have given it bits, which stay. */
static gboolean
set_mark (int fd)
{
  guint32 mark = 0;
  socklen_t length = sizeof mark;

  if (getsockopt (fd, SOL_SOCKET, SO_MARK, &mark, &length) != 0)
    return FALSE;
  mark = (mark & ~ADIT_MARK_MASK) | ADIT_MARK;
  return setsockopt (fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark) == 0;
}

/* Called when the descriptor is ready, the time is over, or the caller has lost interest;
 * @condition is empty for the last two. */
static gboolean
on_ready (int fd, GIOCondition condition, gpointer data)
{
  GTask *task = data;
  Connection *self = g_task_get_task_data (task);
  int code = 0;
  socklen_t length = sizeof code;

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (condition == 0)
    fail (task, "The service did not answer in time", ETIMEDOUT);
  else if (getsockopt (self->fd, SOL_SOCKET, SO_ERROR, &code, &length) != 0)
    fail (task, "Could not ask how the connection went", errno);
  else if (code != 0)
    fail (task, "Could not connect to the service", code);
  else
    g_task_return_boolean (task, TRUE);
  return G_SOURCE_REMOVE;
}

static void
wait_until_ready (GTask *task)
{
  Connection *self = g_task_get_task_data (task);
  g_autoptr (GSource) source = g_unix_fd_source_new (self->fd, G_IO_OUT | G_IO_ERR | G_IO_HUP);

  if (self->timeout_ms > 0)
    g_source_set_ready_time (source, g_get_monotonic_time () + self->timeout_ms * (gint64) 1000);
  if (g_task_get_cancellable (task) != NULL)
    {
      g_autoptr (GSource) cancelled = g_cancellable_source_new (g_task_get_cancellable (task));

      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (source, cancelled);
    }
  g_task_attach_source (task, source, G_SOURCE_FUNC (on_ready));
}

/**
 * adit_transport_connect_async:
 * @endpoint: where to; the caller has checked that the way there is allowed
 * @way: whether it passes the lock by our mark or takes the way of every program
 * @timeout_ms: how long to wait; 0 leaves it to the kernel
 * @cancellable: (nullable): to give up early
 * @callback: called from the caller's main context, never before this returns
 * @user_data: for @callback
 *
 * Opens a TCP connection.
 */
void
adit_transport_connect_async (const AditEndpoint *endpoint, AditTransportWay way, guint timeout_ms,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Connection *self = g_new0 (Connection, 1);
  struct sockaddr_storage address;
  socklen_t length;
  int yes = 1;

  self->fd = -1;
  self->timeout_ms = timeout_ms;
  g_task_set_source_tag (task, adit_transport_connect_async);
  g_task_set_task_data (task, self, connection_free);
  g_task_set_check_cancellable (task, FALSE);    /* on_ready looks; a descriptor that was already returned must not get lost */
  if (g_task_return_error_if_cancelled (task))
    return;
  if (!adit_endpoint_is_valid (endpoint))
    {
      fail (task, "The service's address is no address", EINVAL);
      return;
    }
  length = fill_address (endpoint, &address);
  self->fd = socket (address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
  if (self->fd < 0)
    fail (task, "Could not make a socket", errno);
  else if (way == ADIT_WAY_OUTSIDE && !set_mark (self->fd))
    fail (task, "Could not mark a socket", errno);
  else if (setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) != 0)
    fail (task, "Could not set up a socket", errno);
  else if (connect (self->fd, (struct sockaddr *) &address, length) != 0 && errno != EINPROGRESS)
    fail (task, "Could not connect to the service", errno);
  else
    wait_until_ready (task);
}

/**
 * adit_transport_connect_finish:
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR_SERVICE_UNREACHABLE, or %G_IO_ERROR_CANCELLED
 *
 * Returns: a connected, non-blocking, close-on-exec descriptor that belongs to the caller, or -1
 */
int
adit_transport_connect_finish (GAsyncResult *result, GError **error)
{
  GTask *task;
  Connection *self;
  int fd;

  g_return_val_if_fail (g_task_is_valid (result, NULL), -1);
  task = G_TASK (result);
  if (!g_task_propagate_boolean (task, error))
    return -1;
  self = g_task_get_task_data (task);
  fd = self->fd;
  self->fd = -1;
  return fd;
}

/**
 * adit_transport_has_way:
 * @family: a family
 *
 * Asks the kernel for a route under our mark, as Mullvad's client does it: to connect a datagram socket sends nothing.
 *
 * Returns: whether there is one
 */
gboolean
adit_transport_has_way (AditFamily family)
{
  static const char *const anywhere[] = { [ADIT_FAMILY_IPV4] = "193.138.218.78", [ADIT_FAMILY_IPV6] = "2001:db8:1:2:3:4:5:6" };
  AditEndpoint endpoint = { .port = 1 };
  struct sockaddr_storage address;
  socklen_t length;
  gboolean has_way;
  int fd;

  if (!adit_address_parse (anywhere[family], &endpoint.address))
    return FALSE;
  length = fill_address (&endpoint, &address);
  fd = socket (address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  has_way = fd >= 0 && set_mark (fd) && connect (fd, (struct sockaddr *) &address, length) == 0;
  if (fd >= 0)
    close (fd);
  return has_way;
}

/**
 * adit_transport_is_own:
 * @address: an address
 *
 * Asks the kernel, which gives a socket no address that is not this computer's; where somebody has set that it may, all are
 * taken for its own.  A socket that is bound and not connected sends nothing.
 *
 * Returns: whether it is one of this computer's
 */
gboolean
adit_transport_is_own (const AditAddress *address)
{
  const AditEndpoint endpoint = { .address = *address };
  struct sockaddr_storage own;
  socklen_t length = fill_address (&endpoint, &own);
  int fd = socket (own.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean is_own = fd >= 0 && bind (fd, (struct sockaddr *) &own, length) == 0;

  if (fd >= 0)
    close (fd);
  return is_own;
}
