/* SPDX-License-Identifier: GPL-2.0-or-later */
/* next-router.c: who has asked for a hardware address on a cable that was out waits a second before it asks again, and after
 * three times drops what waits with it: neighbour/IFNAME/retrans_time_ms and mcast_solicit, proc-sys-net-ipv4 and arp(7).  A
 * cable that is put back meanwhile is not asked at once.  Whatever is sent next asks anew where nobody is waiting. */
#include "platform/linux/next-router.h"

#include <errno.h>
#include <sys/socket.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include "platform/linux/netlink.h"
#include "platform/linux/way.h"

static void
on_neighbour (const struct nlmsghdr *message, gpointer data)
{
  const struct ndmsg *neighbour = mnl_nlmsg_get_payload (message);
  guint16 *state = data;

  if (message->nlmsg_type == RTM_NEWNEIGH)
    *state = neighbour->ndm_state;
}

static gboolean
ask (guint16 type, guint link, const AditAddress *router, guint16 *state)
{
  gboolean is_ipv4 = router->family == ADIT_FAMILY_IPV4;
  const struct ndmsg header = { .ndm_family = is_ipv4 ? AF_INET : AF_INET6, .ndm_ifindex = (gint32) link };
  AditNetlinkRequest request;
  struct nlmsghdr *message = adit_netlink_begin (&request, type, 0, &header, sizeof header);

  adit_netlink_put (message, NDA_DST, router->bytes, is_ipv4 ? 4 : 16);
  return adit_netlink_send (NETLINK_ROUTE, message, on_neighbour, state, ENOENT, NULL);
}

/**
 * adit_next_router_ask_again:
 * @to: where the tunnel's packets go
 *
 * Where the kernel waits for an answer of the router on the way there, it forgets that it has asked.  One that has answered is
 * left alone, and where the kernel cannot be asked, so is everything: packets come later then.
 */
void
adit_next_router_ask_again (const AditAddress *to)
{
  const AditAddress *router;
  guint16 state = NUD_NONE;
  AditWay way;

  if (!adit_way_find (to, &way) || way.link == 0)
    return;
  router = way.router.family != ADIT_FAMILY_NONE ? &way.router : to;
  if (ask (RTM_GETNEIGH, way.link, router, &state) && (state & NUD_INCOMPLETE) != 0)
    (void) ask (RTM_DELNEIGH, way.link, router, &state);
}
