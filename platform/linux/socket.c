/* SPDX-License-Identifier: GPL-2.0-or-later */
/* socket.c: looks a connection up among the kernel's sockets, and who listens where it came in.
 *
 * A person may name a connection that stays outside of the tunnel.  So it has to be one that a service of root's has accepted: a
 * program of a person's own, or one of root's that went out, keeps no hole open. */
#include "platform/socket.h"

#include <netinet/in.h>
#include <string.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include "platform/linux/netlink.h"

typedef struct
{
  const AditFlow *flow;
  gboolean        is_there, is_roots, is_listened;
} Search;

/* As an IPv6 socket writes it, so that both families' sockets compare alike: RFC 4291, 2.5.5.2. */
static void
map_address (guint8 bytes[16], const void *from, guint8 family)
{
  memset (bytes, 0, 16);
  if (family == AF_INET6)
    {
      memcpy (bytes, from, 16);
      return;
    }
  bytes[10] = bytes[11] = 0xff;
  memcpy (bytes + 12, from, 4);
}

static gboolean
is_end (const AditEndpoint *end, guint8 family, const void *address, guint16 port)
{
  guint8 ours[16], theirs[16];

  map_address (ours, end->address.bytes, end->address.family == ADIT_FAMILY_IPV4 ? AF_INET : AF_INET6);
  map_address (theirs, address, family);
  return end->port == g_ntohs (port) && memcmp (ours, theirs, sizeof ours) == 0;
}

/* Any address of its family; a socket of IPv6 may hear IPv4 as well. */
static gboolean
is_any (guint8 family, const guint32 *address)
{
  static const guint8 nothing[16];

  return memcmp (address, nothing, family == AF_INET ? 4 : 16) == 0;
}

static void
on_socket (const struct nlmsghdr *message, gpointer data)
{
  const struct inet_diag_msg *socket = mnl_nlmsg_get_payload (message);
  Search *self = data;
  const AditFlow *flow = self->flow;

  if (mnl_nlmsg_get_payload_len (message) < sizeof *socket)
    return;
  if (socket->idiag_state == TCP_LISTEN)
    {
      gboolean is_here = is_any (socket->idiag_family, socket->id.idiag_src) ||
                         is_end (&flow->local, socket->idiag_family, socket->id.idiag_src, socket->id.idiag_sport);

      self->is_listened |= is_here && g_ntohs (socket->id.idiag_sport) == flow->local.port && socket->idiag_uid == 0;
    }
  else if (is_end (&flow->local, socket->idiag_family, socket->id.idiag_src, socket->id.idiag_sport) &&
           is_end (&flow->remote, socket->idiag_family, socket->id.idiag_dst, socket->id.idiag_dport))
    {
      self->is_there = TRUE;
      self->is_roots |= socket->idiag_state == TCP_ESTABLISHED && socket->idiag_uid == 0;
    }
}

/**
 * adit_socket_find:
 * @flow: a connection
 * @kind: (out): what it is; a connection that is being closed is there until it is
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED where the kernel cannot be asked
 *
 * Returns: whether the kernel has answered
 */
gboolean
adit_socket_find (const AditFlow *flow, AditSocketKind *kind, GError **error)
{
  static const guint8 families[] = { AF_INET, AF_INET6 };
  const guint32 states = 1u << TCP_ESTABLISHED | 1u << TCP_FIN_WAIT1 | 1u << TCP_FIN_WAIT2 | 1u << TCP_CLOSE_WAIT |
                         1u << TCP_LAST_ACK | 1u << TCP_CLOSING | 1u << TCP_LISTEN;
  Search search = { .flow = flow };

  *kind = ADIT_SOCKET_NONE;
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      const struct inet_diag_req_v2 question = {
        .sdiag_family = families[i], .sdiag_protocol = IPPROTO_TCP, .idiag_states = states,
        .id = { .idiag_sport = g_htons (flow->local.port) },
      };
      AditNetlinkRequest request;

      if (!adit_netlink_send (NETLINK_SOCK_DIAG,
                              adit_netlink_begin (&request, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &question, sizeof question),
                              on_socket, &search, 0, error))
        return FALSE;
    }
  if (search.is_there)
    *kind = search.is_roots && search.is_listened ? ADIT_SOCKET_SERVED : ADIT_SOCKET_OTHER;
  return TRUE;
}
