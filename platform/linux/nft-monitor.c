/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft-monitor.c: two netlink sockets and a bell that ring.  Whether anything of ours is concerned is found out by looking, so an
 * event that was lost in an overflow does no harm as long as the overflow rings too. */
#include "platform/linux/nft-monitor.h"

#include <errno.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <glib-unix.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include "client/base/error.h"
#include "platform/linux/bell.h"

#define EVENT_BYTES       32768
#define MAX_READS           256    /* per wake-up, so that a storm does not hold the main loop */
#define RECEIVE_BYTES  (1 << 20)

struct _AditNftMonitor
{
  struct mnl_socket *sockets[2];
  guint              sources[2];
  AditBell          *bell;        /* of routes, which a stranger can change without end: a moment later will do for them */
  AditNftChanged     changed;
  gpointer           user_data;
};

/* A NEWGEN message closes each transaction and says who made it: NFTA_GEN_PROC_*, linux/netfilter/nf_tables.h. */
static int
read_generation (const struct nlmsghdr *message, void *data)
{
  char **by = data;
  const struct nlattr *attribute;
  const char *name = NULL;
  guint32 pid = 0;

  if (message->nlmsg_type != ((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_NEWGEN))
    return MNL_CB_OK;
  mnl_attr_for_each (attribute, message, sizeof (struct nfgenmsg))
    {
      if (mnl_attr_get_type (attribute) == NFTA_GEN_PROC_PID && mnl_attr_validate (attribute, MNL_TYPE_U32) == 0)
        pid = ntohl (mnl_attr_get_u32 (attribute));
      else if (mnl_attr_get_type (attribute) == NFTA_GEN_PROC_NAME && mnl_attr_validate (attribute, MNL_TYPE_NUL_STRING) == 0)
        name = mnl_attr_get_str (attribute);
    }
  if (name != NULL)
    {
      g_free (*by);
      *by = g_strdup_printf ("%s[%u]", name, pid);
      g_strcanon (*by, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.[]", '?');
    }
  return MNL_CB_OK;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  AditNftMonitor *self = user_data;
  struct mnl_socket *socket = mnl_socket_get_fd (self->sockets[0]) == fd ? self->sockets[0] : self->sockets[1];
  g_autofree char *by = g_strdup ("");
  g_autofree char *buffer = g_malloc (EVENT_BYTES);

  for (guint i = 0; i < MAX_READS; i++)
    {
      ssize_t length = recv (fd, buffer, EVENT_BYTES, MSG_DONTWAIT);

      if (length < 0 && errno != EINTR && errno != ENOBUFS)
        break;
      if (length > 0 && socket == self->sockets[0])
        mnl_cb_run (buffer, length, 0, 0, read_generation, &by);
    }
  self->changed (by, socket == self->sockets[1], self->user_data);
  return G_SOURCE_CONTINUE;
}

static void
on_bell (gpointer user_data)
{
  AditNftMonitor *self = user_data;

  self->changed ("", TRUE, self->user_data);
}

static struct mnl_socket *
open_socket (int bus, unsigned int group_bits, int group, GError **error)
{
  struct mnl_socket *socket = mnl_socket_open2 (bus, SOCK_CLOEXEC | SOCK_NONBLOCK);
  int bytes = RECEIVE_BYTES;

  if (socket == NULL || mnl_socket_bind (socket, group_bits, MNL_SOCKET_AUTOPID) < 0 ||
      (group != 0 && mnl_socket_setsockopt (socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) < 0))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "cannot listen to the kernel's events: %s", g_strerror (errno));
      if (socket != NULL)
        mnl_socket_close (socket);
      return NULL;
    }
  if (setsockopt (mnl_socket_get_fd (socket), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
    g_debug ("event socket keeps its default buffer: %s", g_strerror (errno));
  return socket;
}

/**
 * adit_nft_monitor_new:
 * @changed: called from the main loop after a change of anyone's rules, of network devices or routes; may be called for nothing
 * @user_data: for @changed
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * Returns: (transfer full) (nullable): a running monitor; not to be freed from inside @changed
 */
AditNftMonitor *
adit_nft_monitor_new (AditNftChanged changed, gpointer user_data, GError **error)
{
  g_autoptr (AditNftMonitor) self = g_new0 (AditNftMonitor, 1);

  self->changed = changed;
  self->user_data = user_data;
  self->sockets[0] = open_socket (NETLINK_NETFILTER, 0, NFNLGRP_NFTABLES, error);
  if (self->sockets[0] == NULL)
    return NULL;
  self->sockets[1] = open_socket (NETLINK_ROUTE, RTMGRP_LINK, 0, error);
  if (self->sockets[1] == NULL)
    return NULL;
  self->bell = adit_bell_new (RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE, on_bell, self, ADIT_ERROR_LOCK_FAILED, error);
  if (self->bell == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (self->sockets); i++)
    self->sources[i] = g_unix_fd_add_full (G_PRIORITY_HIGH, mnl_socket_get_fd (self->sockets[i]), G_IO_IN | G_IO_ERR, on_readable,
                                           self, NULL);
  return g_steal_pointer (&self);
}

/**
 * adit_nft_monitor_free:
 * @self: (nullable): a monitor
 */
void
adit_nft_monitor_free (AditNftMonitor *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (self->sockets); i++)
    {
      g_clear_handle_id (&self->sources[i], g_source_remove);
      if (self->sockets[i] != NULL)
        mnl_socket_close (self->sockets[i]);
    }
  g_clear_pointer (&self->bell, adit_bell_free);
  g_free (self);
}
