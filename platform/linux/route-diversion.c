/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-diversion.c: whoever may answer DHCP (options 33 and 121) or advertise routes (RFC 4191) puts routes into the main table.
 * Ours come before that table for every packet without our mark, so they lead nowhere; this only looks whether there are any. */
#include "platform/linux/route-diversion.h"

#include <string.h>
#include <sys/socket.h>
#include <linux/rtnetlink.h>
#include "platform/linux/netlink.h"

/* A prefix that is shorter holds public addresses whatever its first one is: 0.0.0.0/1 does. */
#define SHORT_BITS4 8
#define SHORT_BITS6 3

typedef struct
{
  const AditAddress *peer;
  AditDiversions     found;
} Search;

typedef struct
{
  AditPrefix to;
  guint32    table;
  gboolean   has_gateway;
} Route;

static void
read_route (const struct nlmsghdr *message, Route *route)
{
  const struct rtmsg *header = mnl_nlmsg_get_payload (message);
  const struct nlattr *attribute;

  *route = (Route) { .table = header->rtm_table };
  route->to.address.family = header->rtm_family == AF_INET ? ADIT_FAMILY_IPV4 : ADIT_FAMILY_IPV6;
  route->to.prefix_bits = header->rtm_dst_len;
  mnl_attr_for_each (attribute, message, sizeof *header)
    {
      const void *value = mnl_attr_get_payload (attribute);
      guint length = mnl_attr_get_payload_len (attribute);

      switch (mnl_attr_get_type (attribute))
        {
        case RTA_TABLE:
          if (length == sizeof route->table)
            memcpy (&route->table, value, length);
          break;
        case RTA_DST: memcpy (route->to.address.bytes, value, MIN (length, header->rtm_family == AF_INET ? 4u : 16u)); break;
        case RTA_GATEWAY: case RTA_VIA: case RTA_MULTIPATH: case RTA_NH_ID: route->has_gateway = TRUE; break;
        default: break;
        }
    }
}

static gboolean
holds_public_addresses (const AditPrefix *prefix)
{
  return prefix->prefix_bits < (prefix->address.family == ADIT_FAMILY_IPV4 ? SHORT_BITS4 : SHORT_BITS6) ||
         adit_address_is_public (&prefix->address);
}

/* The kernel's own are the links' addresses, and a default route is what a network is there for. */
static void
on_route (const struct nlmsghdr *message, gpointer data)
{
  Search *self = data;
  const struct rtmsg *header = mnl_nlmsg_get_payload (message);
  Route route;

  if (message->nlmsg_type != RTM_NEWROUTE || mnl_nlmsg_get_payload_len (message) < sizeof *header ||
      (header->rtm_family != AF_INET && header->rtm_family != AF_INET6) || header->rtm_type != RTN_UNICAST ||
      header->rtm_protocol == RTPROT_KERNEL || header->rtm_dst_len == 0 || (header->rtm_flags & RTM_F_CLONED))
    return;
  read_route (message, &route);
  if (route.table != RT_TABLE_MAIN)
    return;
  if (route.has_gateway && holds_public_addresses (&route.to))
    self->found |= ADIT_DIVERSION_ROUTES;
  if (adit_prefix_holds (&route.to, self->peer))
    self->found |= ADIT_DIVERSION_PEER;
}

/**
 * adit_route_find_diversions:
 * @peer: where the tunnel's own packets go
 * @found: (out): what there is now
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether the main table could be read
 */
gboolean
adit_route_find_diversions (const AditAddress *peer, AditDiversions *found, GError **error)
{
  const struct rtmsg header = { .rtm_family = AF_UNSPEC };
  Search search = { .peer = peer };
  AditNetlinkRequest request;

  if (!adit_netlink_send (NETLINK_ROUTE, adit_netlink_begin (&request, RTM_GETROUTE, NLM_F_DUMP, &header, sizeof header),
                          on_route, &search, 0, error))
    return FALSE;
  *found = search.found;
  return TRUE;
}
