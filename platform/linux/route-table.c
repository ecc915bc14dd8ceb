/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-table.c: the unreachable default comes first and goes last, so that the table never says "not here, look in main". */
#include "platform/linux/route-table.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/rtnetlink.h>
#include "client/model/tunnel-peers.h"
#include "platform/linux/marks.h"
#include "platform/linux/netlink.h"

#define MAX_ROUTES (1 + ADIT_TUNNEL_MAX_ALLOWED_IPS)

/* The kernel prefers the smaller one.  0 would be changed to 1024 for IPv6: ip6_route_add(). */
#define METRIC_TUNNEL       1
#define METRIC_UNREACHABLE  4096

/* As for the rules: what systemd-networkd takes for the kernel's own, it does not delete. */
#define ROUTE_PROTOCOL RTPROT_KERNEL

typedef struct
{
  guint8     type;      /* RTN_UNICAST into the tunnel, or RTN_UNREACHABLE */
  guint32    metric;
  AditPrefix to;
  guint32    index;     /* device; 0 with RTN_UNREACHABLE */
  guint32    mtu;       /* bytes; 0: the device's */
} Route;

typedef struct
{
  int          family;    /* AF_ */
  const Route *wanted;
  guint        n_wanted;
  gboolean     present[MAX_ROUTES];
  GPtrArray   *surplus;   /* whole messages */
} Sweep;

static guint
list_wanted (AditFamily family, const AditTunnelSpec *spec, guint index, Route routes[MAX_ROUTES])
{
  guint n = 0;

  memset (routes, 0, MAX_ROUTES * sizeof *routes);
  routes[n].type = RTN_UNREACHABLE;
  routes[n].metric = METRIC_UNREACHABLE;
  routes[n++].to.address.family = family;
  if (!adit_tunnel_spec_has_family (spec, family))
    return n;
  for (guint i = 0; i < spec->n_allowed_ips; i++)
    if (spec->allowed_ips[i].address.family == family)
      {
        /* Of a tunnel in a tunnel only the first way, to the second peer, takes what the device takes. */
        routes[n].mtu = spec->is_nested && i > 0 ? adit_tunnel_spec_get_nested_mtu_bytes (spec) : 0;
        routes[n].type = RTN_UNICAST;
        routes[n].metric = METRIC_TUNNEL;
        routes[n].to = adit_prefix_mask (&spec->allowed_ips[i]);    /* the kernel refuses a route with bits below */
        routes[n++].index = index;
      }
  return n;
}

static gboolean
add_route (int family, const Route *route, GError **error)
{
  /* Scope "universe" although the device is at hand: with "link", as ip(8) would choose, a route that somebody adds to main
   * with a gateway and no device finds that gateway in the tunnel, and our carrier with it. */
  const struct rtmsg header = {
    .rtm_family = family, .rtm_dst_len = route->to.prefix_bits, .rtm_table = RT_TABLE_UNSPEC, .rtm_protocol = ROUTE_PROTOCOL,
    .rtm_scope = RT_SCOPE_UNIVERSE, .rtm_type = route->type,
  };
  const guint32 table = ADIT_ROUTE_TABLE;
  AditNetlinkRequest request;
  struct nlmsghdr *message = adit_netlink_begin (&request, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &header, sizeof header);

  adit_netlink_put (message, RTA_TABLE, &table, sizeof table);
  adit_netlink_put (message, RTA_PRIORITY, &route->metric, sizeof route->metric);
  if (route->to.prefix_bits > 0)
    adit_netlink_put (message, RTA_DST, route->to.address.bytes, family == AF_INET ? 4 : 16);
  if (route->index != 0)
    adit_netlink_put (message, RTA_OIF, &route->index, sizeof route->index);
  if (route->mtu != 0)
    {
      const struct { struct rtattr header; guint32 value; } metrics = {
        { RTA_LENGTH (sizeof route->mtu), RTAX_MTU }, route->mtu
      };

      adit_netlink_put (message, RTA_METRICS, &metrics, sizeof metrics);
    }
  return adit_netlink_send (NETLINK_ROUTE, message, NULL, NULL, 0, error);
}

/* FALSE where there is more to it than a packet size. */
static gboolean
read_metrics (const struct nlattr *metrics, Route *route)
{
  const struct nlattr *metric;
  gboolean is_plain = TRUE;

  mnl_attr_for_each_nested (metric, metrics)
    if (mnl_attr_get_type (metric) == RTAX_MTU && mnl_attr_get_payload_len (metric) == sizeof route->mtu)
      memcpy (&route->mtu, mnl_attr_get_payload (metric), sizeof route->mtu);
    else
      is_plain = FALSE;
  return is_plain;
}

static gboolean
read_route (const struct nlmsghdr *message, guint32 *table, Route *route)
{
  const struct rtmsg *header = mnl_nlmsg_get_payload (message);
  const struct nlattr *attribute;
  guint address_bytes = header->rtm_family == AF_INET ? 4 : 16;
  gboolean is_plain = header->rtm_src_len == 0 && header->rtm_tos == 0 && header->rtm_protocol == ROUTE_PROTOCOL;

  memset (route, 0, sizeof *route);
  *table = header->rtm_table;
  route->type = header->rtm_type;
  route->to.address.family = header->rtm_family == AF_INET ? ADIT_FAMILY_IPV4 : ADIT_FAMILY_IPV6;
  route->to.prefix_bits = header->rtm_dst_len;
  mnl_attr_for_each (attribute, message, sizeof *header)
    {
      const void *value = mnl_attr_get_payload (attribute);
      guint length = mnl_attr_get_payload_len (attribute);
      guint32 number = 0;

      if (length == sizeof number)
        memcpy (&number, value, sizeof number);
      switch (mnl_attr_get_type (attribute))
        {
        case RTA_TABLE: *table = number; break;
        case RTA_PRIORITY: route->metric = number; break;
        case RTA_OIF: route->index = number; break;
        case RTA_DST: memcpy (route->to.address.bytes, value, MIN (length, address_bytes)); break;
        case RTA_METRICS: is_plain &= read_metrics (attribute, route); break;
        case RTA_GATEWAY: case RTA_MULTIPATH: case RTA_VIA: case RTA_ENCAP: case RTA_PREFSRC: case RTA_NH_ID:
          is_plain = FALSE;
          break;
        default: break;
        }
    }
  if (route->type == RTN_UNREACHABLE)    /* IPv6 hangs it on loopback */
    route->index = 0;
  return is_plain;
}

static gboolean
route_equal (const Route *a, const Route *b)
{
  return a->type == b->type && a->metric == b->metric && a->index == b->index && a->to.prefix_bits == b->to.prefix_bits &&
         adit_address_equal (&a->to.address, &b->to.address);
}

static void
on_route (const struct nlmsghdr *message, gpointer data)
{
  Sweep *self = data;
  const struct rtmsg *header = mnl_nlmsg_get_payload (message);
  gboolean is_plain;
  guint32 table;
  Route route;

  if (message->nlmsg_type != RTM_NEWROUTE || mnl_nlmsg_get_payload_len (message) < sizeof *header ||
      header->rtm_family != self->family)
    return;
  is_plain = read_route (message, &table, &route);
  if (table != ADIT_ROUTE_TABLE)
    return;
  for (guint i = 0; is_plain && i < self->n_wanted; i++)
    if (route_equal (&route, &self->wanted[i]))
      {
        /* One of another packet size is replaced; to delete it afterwards would delete, of IPv6, what has taken its place. */
        self->present[i] = route.mtu == self->wanted[i].mtu;
        return;
      }
  adit_netlink_keep_copy (message, self->surplus);
}

static gboolean
delete_route (struct nlmsghdr *message, GError **error)
{
  message->nlmsg_type = RTM_DELROUTE;
  message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  return adit_netlink_send (NETLINK_ROUTE, message, NULL, NULL, ESRCH, error);
}

static gboolean
is_unreachable (const struct nlmsghdr *message)
{
  return ((const struct rtmsg *) mnl_nlmsg_get_payload (message))->rtm_type == RTN_UNREACHABLE;
}

/* What is there is left alone: to replace it by itself would ring everybody's bells, our own too. */
static gboolean
set (int family, const Route *wanted, guint n_wanted, GError **error)
{
  const struct rtmsg header = { .rtm_family = family };
  g_autoptr (GPtrArray) surplus = g_ptr_array_new_with_free_func (g_free);
  Sweep state = { .family = family, .wanted = wanted, .n_wanted = n_wanted, .surplus = surplus };
  AditNetlinkRequest request;

  if (!adit_netlink_send (NETLINK_ROUTE, adit_netlink_begin (&request, RTM_GETROUTE, NLM_F_DUMP, &header, sizeof header),
                          on_route, &state, 0, error))
    return FALSE;
  for (guint i = 0; i < n_wanted; i++)
    if (!state.present[i] && !add_route (family, &wanted[i], error))
      return FALSE;
  for (guint last = 0; last < 2; last++)
    for (guint i = 0; i < surplus->len; i++)
      if (is_unreachable (g_ptr_array_index (surplus, i)) == (last != 0) && !delete_route (g_ptr_array_index (surplus, i), error))
        return FALSE;
  return TRUE;
}

/**
 * adit_route_table_set:
 * @family: which
 * @spec: the tunnel, whose allowed IPs go into it
 * @index: its device, which is up
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether our table has the ways into the tunnel, the unreachable default, and nothing else
 */
gboolean
adit_route_table_set (AditFamily family, const AditTunnelSpec *spec, guint index, GError **error)
{
  const int af = family == ADIT_FAMILY_IPV4 ? AF_INET : AF_INET6;
  Route routes[MAX_ROUTES];
  guint n = list_wanted (family, spec, index, routes);

  if (set (af, routes, n, error))
    return TRUE;
  g_prefix_error (error, "Could not set the routes of IPv%d: ", family);
  return FALSE;
}

/**
 * adit_route_table_remove:
 * @family: which
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether our table is empty
 */
gboolean
adit_route_table_remove (AditFamily family, GError **error)
{
  if (set (family == ADIT_FAMILY_IPV4 ? AF_INET : AF_INET6, NULL, 0, error))
    return TRUE;
  g_prefix_error (error, "Could not remove the routes of IPv%d: ", family);
  return FALSE;
}
