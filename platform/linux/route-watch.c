/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-watch.c: a bell, like link-watch.c: what the kernel says is thrown away unread, and whoever listens looks for himself. */
#include "platform/linux/route-watch.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
#include <glib-unix.h>
#include <linux/rtnetlink.h>
#include "client/base/error.h"

#define SETTLE_MS   50    /* a DHCP client or a container changes many at once; the lock holds meanwhile */
#define MAX_READS  256    /* per wake-up, so that a storm of events does not hold the main loop */

struct _AditRouteWatch
{
  int              fd;
  guint            source, timer;
  AditRouteChanged changed;
  gpointer         user_data;
};

static gboolean
on_settled (gpointer user_data)
{
  AditRouteWatch *self = user_data;

  self->timer = 0;
  self->changed (self->user_data);    /* may free us */
  return G_SOURCE_REMOVE;
}

static gboolean
on_event (int fd, GIOCondition condition, gpointer user_data)
{
  AditRouteWatch *self = user_data;
  char discarded[1024];

  for (guint i = 0; i < MAX_READS; i++)
    if (recv (fd, discarded, sizeof discarded, MSG_DONTWAIT) < 0 && errno != ENOBUFS && errno != EINTR)
      break;
  if (self->timer == 0)
    self->timer = g_timeout_add (SETTLE_MS, on_settled, self);
  return G_SOURCE_CONTINUE;
}

/**
 * adit_route_watch_new:
 * @changed: called from the main loop; may be called for nothing, and may free the watch
 * @user_data: for @changed
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: (transfer full) (nullable): a running watch
 */
AditRouteWatch *
adit_route_watch_new (AditRouteChanged changed, gpointer user_data, GError **error)
{
  static const int groups[] = { RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
                                RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE };
  g_autoptr (AditRouteWatch) self = g_new0 (AditRouteWatch, 1);
  struct sockaddr_nl address = { .nl_family = AF_NETLINK };
  gboolean listens;

  self->changed = changed;
  self->user_data = user_data;
  self->fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  listens = self->fd >= 0 && bind (self->fd, (struct sockaddr *) &address, sizeof address) == 0;
  for (guint i = 0; listens && i < G_N_ELEMENTS (groups); i++)
    listens = setsockopt (self->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof groups[i]) == 0;
  if (!listens)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "Could not watch the routes: %s", g_strerror (errno));
      return NULL;
    }
  self->source = g_unix_fd_add (self->fd, G_IO_IN | G_IO_ERR, on_event, self);
  return g_steal_pointer (&self);
}

/**
 * adit_route_watch_free:
 * @self: (transfer full): a watch
 */
void
adit_route_watch_free (AditRouteWatch *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->source, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}
