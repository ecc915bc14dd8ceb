/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bell.c: what the kernel says of links, addresses, routes and rules is thrown away unread, and whoever listens looks for
 * himself. */
#include "platform/linux/bell.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
#include <glib-unix.h>
#include <linux/rtnetlink.h>
#include "client/base/error.h"

#define SETTLE_MS   50    /* a DHCP client or a container changes many at once; the lock holds meanwhile */
#define MAX_READS 1024    /* more than the kernel keeps for us; who fills it again meanwhile is heard by the next ring */

struct _AditBell
{
  int          fd;
  guint        source, timer;    /* one of the two */
  AditBellRung rung;
  gpointer     user_data;
};

static gboolean on_event (int fd, GIOCondition condition, gpointer user_data);

static void
listen_on (AditBell *self)
{
  self->source = g_unix_fd_add (self->fd, G_IO_IN | G_IO_ERR, on_event, self);
}

static gboolean
on_settled (gpointer user_data)
{
  AditBell *self = user_data;
  char discarded[1024];

  self->timer = 0;
  for (guint i = 0; i < MAX_READS; i++)
    if (recv (self->fd, discarded, sizeof discarded, MSG_DONTWAIT) < 0 && errno != ENOBUFS && errno != EINTR)
      break;
  listen_on (self);
  self->rung (self->user_data);    /* may free us */
  return G_SOURCE_REMOVE;
}

/* Until it has rung nobody listens: a neighbour who announces routes without end would have this program read without end. */
static gboolean
on_event (int fd, GIOCondition condition, gpointer user_data)
{
  AditBell *self = user_data;

  self->source = 0;
  self->timer = g_timeout_add (SETTLE_MS, on_settled, self);
  return G_SOURCE_REMOVE;
}

/**
 * adit_bell_new:
 * @groups: what to listen for, RTMGRP_* or bits of RTNLGRP_*
 * @rung: called from the main loop, some twenty times a second at most; may be called for nothing, and may free the bell
 * @user_data: for @rung
 * @code: of the error
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a bell that is hung up
 */
AditBell *
adit_bell_new (guint32 groups, AditBellRung rung, gpointer user_data, int code, GError **error)
{
  const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
  g_autoptr (AditBell) self = g_new0 (AditBell, 1);

  self->rung = rung;
  self->user_data = user_data;
  self->fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (self->fd < 0 || bind (self->fd, (const struct sockaddr *) &address, sizeof address) != 0)
    {
      g_set_error (error, ADIT_ERROR, code, "Could not listen for changes of links and routes: %s", g_strerror (errno));
      return NULL;
    }
  listen_on (self);
  return g_steal_pointer (&self);
}

/**
 * adit_bell_free:
 * @self: (transfer full): a bell
 */
void
adit_bell_free (AditBell *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->source, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}
