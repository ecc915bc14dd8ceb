/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link-watch.c: route netlink is used as a bell.  What it says is thrown away unread, and the kernel is asked whether the device
 * is still there under its name; so a burst that overflows the socket is as good as a message. */
#include "platform/linux/link-watch.h"

#include <errno.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>
#include <glib-unix.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include "client/base/error.h"

#define ANSWER_BYTES    8192
#define MAX_READS        256    /* per wake-up, so that a storm of events does not hold the main loop */
#define REMOVE_WAIT_MS  2000    /* the kernel waits for the device's last users; milliseconds as a rule */

struct _AditLinkWatch
{
  char          name[IF_NAMESIZE];
  guint         index;
  int           fd;
  GSource      *source;
  AditLinkGone  gone;
  gpointer      user_data;
};

static gboolean
on_event (int fd, GIOCondition condition, gpointer data)
{
  AditLinkWatch *self = data;
  char discarded[1024];

  for (guint i = 0; i < MAX_READS; i++)
    if (recv (fd, discarded, sizeof discarded, MSG_DONTWAIT) < 0 && errno != ENOBUFS && errno != EINTR)
      break;
  if (if_nametoindex (self->name) == self->index)
    return G_SOURCE_CONTINUE;
  self->gone (self->user_data);    /* may free us: touch nothing afterwards */
  return G_SOURCE_REMOVE;
}

/**
 * adit_link_watch_new:
 * @name: a device that exists
 * @gone: called once from the main loop, when there is no longer that device under that name; may free the watch
 * @user_data: for @gone
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: (transfer full): the watch
 */
AditLinkWatch *
adit_link_watch_new (const char *name, AditLinkGone gone, gpointer user_data, GError **error)
{
  g_autoptr (AditLinkWatch) self = g_new0 (AditLinkWatch, 1);
  struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };

  g_strlcpy (self->name, name, sizeof self->name);
  self->gone = gone;
  self->user_data = user_data;
  self->fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  /* Listen before looking: what happens between the two rings. */
  if (self->fd < 0 || bind (self->fd, (struct sockaddr *) &address, sizeof address) != 0 ||
      (self->index = if_nametoindex (name)) == 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "Could not watch the device %s: %s", name, g_strerror (errno));
      return NULL;
    }
  self->source = g_unix_fd_source_new (self->fd, G_IO_IN | G_IO_ERR);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_event), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  return g_steal_pointer (&self);
}

/**
 * adit_link_watch_free:
 * @self: (transfer full): a watch
 */
void
adit_link_watch_free (AditLinkWatch *self)
{
  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_source_unref (self->source);
    }
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

static int
remove_by_name (struct mnl_socket *socket, const char *name)
{
  char buffer[ANSWER_BYTES];
  struct nlmsghdr *message = mnl_nlmsg_put_header (buffer);
  struct timeval wait = { .tv_sec = REMOVE_WAIT_MS / 1000 };
  gssize n;

  message->nlmsg_type = RTM_DELLINK;
  message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  message->nlmsg_seq = 1;
  mnl_nlmsg_put_extra_header (message, sizeof (struct ifinfomsg));
  mnl_attr_put_strz (message, IFLA_IFNAME, name);
  setsockopt (mnl_socket_get_fd (socket), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  if (mnl_socket_bind (socket, 0, MNL_SOCKET_AUTOPID) < 0 || mnl_socket_sendto (socket, message, message->nlmsg_len) < 0)
    return errno;
  n = mnl_socket_recvfrom (socket, buffer, sizeof buffer);
  if (n < 0)
    return errno;
  return mnl_cb_run (buffer, n, 1, mnl_socket_get_portid (socket), NULL, NULL) < 0 ? errno : 0;
}

/**
 * adit_link_remove:
 * @name: a device; that there is none is no error
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether there is no device of that name any more
 */
gboolean
adit_link_remove (const char *name, GError **error)
{
  struct mnl_socket *socket;
  int result;

  if (if_nametoindex (name) == 0)
    return TRUE;
  socket = mnl_socket_open2 (NETLINK_ROUTE, SOCK_CLOEXEC);
  result = socket == NULL ? errno : remove_by_name (socket, name);
  if (socket != NULL)
    mnl_socket_close (socket);
  if (result == 0 || result == ENODEV || if_nametoindex (name) == 0)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "Could not remove the device %s: %s", name, g_strerror (result));
  return FALSE;
}
