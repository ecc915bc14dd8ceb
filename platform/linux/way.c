/* SPDX-License-Identifier: GPL-2.0-or-later */
/* way.c: the kernel is asked for a route as if a packet with our mark were to be sent.  That a route is there says nothing of its
 * cable, so the link is asked too. */
#include "platform/linux/way.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/rtnetlink.h>
#include "platform/linux/links.h"
#include "platform/linux/marks.h"
#include "platform/linux/netlink.h"

typedef struct
{
  guint8  type;
  AditWay way;
} Answer;

/* IFF_RUNNING: the link is up and has its carrier, its radio's network or its peer; RFC 2863's operational status. */
static void
on_link (const struct nlmsghdr *message, gpointer data)
{
  const struct ifinfomsg *link = mnl_nlmsg_get_payload (message);
  const struct nlattr *attribute;
  const char *name = "";
  GHashTable *running = data;    /* set of device numbers */

  if (message->nlmsg_type != RTM_NEWLINK || (link->ifi_flags & (IFF_UP | IFF_RUNNING)) != (IFF_UP | IFF_RUNNING))
    return;
  mnl_attr_for_each (attribute, message, sizeof *link)
    if (mnl_attr_get_type (attribute) == IFLA_IFNAME && mnl_attr_validate (attribute, MNL_TYPE_NUL_STRING) == 0)
      name = mnl_attr_get_str (attribute);
  if (strcmp (name, ADIT_TUNNEL_DEVICE) != 0)
    g_hash_table_add (running, GINT_TO_POINTER (link->ifi_index));
}

static GHashTable *
list_running (void)
{
  const struct ifinfomsg any_link = { .ifi_family = AF_UNSPEC };
  g_autoptr (GHashTable) running = g_hash_table_new (NULL, NULL);
  AditNetlinkRequest request;

  if (!adit_netlink_send (NETLINK_ROUTE, adit_netlink_begin (&request, RTM_GETLINK, NLM_F_DUMP, &any_link, sizeof any_link),
                          on_link, running, 0, NULL))
    return NULL;
  return g_steal_pointer (&running);
}

static void
on_route (const struct nlmsghdr *message, gpointer data)
{
  const struct rtmsg *route = mnl_nlmsg_get_payload (message);
  const struct nlattr *attribute;
  Answer *answer = data;

  if (message->nlmsg_type != RTM_NEWROUTE)
    return;
  answer->type = route->rtm_type;
  mnl_attr_for_each (attribute, message, sizeof *route)
    if (mnl_attr_get_type (attribute) == RTA_OIF && mnl_attr_validate (attribute, MNL_TYPE_U32) == 0)
      answer->way.link = mnl_attr_get_u32 (attribute);
    else if (mnl_attr_get_type (attribute) == RTA_GATEWAY)
      adit_netlink_take_address (attribute, route->rtm_family, &answer->way.router);
    else if (mnl_attr_get_type (attribute) == RTA_PREFSRC)
      adit_netlink_take_address (attribute, route->rtm_family, &answer->way.source);
}

/* Neither the kernel's refusal nor a link without a carrier is a fault: there is no way then. */
static gboolean
find_one (const AditAddress *to, GHashTable *running, AditWay *way)
{
  gboolean is_ipv4 = to->family == ADIT_FAMILY_IPV4;
  const struct rtmsg header = { .rtm_family = is_ipv4 ? AF_INET : AF_INET6, .rtm_dst_len = is_ipv4 ? 32 : 128 };
  const guint32 mark = ADIT_MARK;
  AditNetlinkRequest request;
  struct nlmsghdr *message = adit_netlink_begin (&request, RTM_GETROUTE, 0, &header, sizeof header);
  Answer answer = { .type = RTN_UNREACHABLE };

  adit_netlink_put (message, RTA_DST, to->bytes, is_ipv4 ? 4 : 16);
  adit_netlink_put (message, RTA_MARK, &mark, sizeof mark);
  if (!adit_netlink_send (NETLINK_ROUTE, message, on_route, &answer, 0, NULL))
    return FALSE;
  *way = answer.way;
  return answer.type == RTN_LOCAL ||
         (answer.type == RTN_UNICAST && g_hash_table_contains (running, GINT_TO_POINTER ((int) answer.way.link)));
}

/**
 * adit_way_find:
 * @to: (nullable): where to; %NULL: by any default route, whoever's table it is in
 * @way: (out caller-allocates): by which link, to which router, with which address
 *
 * Returns: whether there is a way; also where the kernel cannot be asked for its links, since in doubt a packet may be tried
 */
gboolean
adit_way_find (const AditAddress *to, AditWay *way)
{
  g_autoptr (GHashTable) running = list_running (), uplinks = NULL;
  GHashTableIter iterator;
  gpointer link;

  *way = (AditWay) { 0 };
  if (running == NULL)
    return TRUE;
  if (to != NULL)
    return find_one (to, running, way);
  uplinks = adit_links_list_uplinks (NULL);
  if (uplinks == NULL)
    return TRUE;
  g_hash_table_iter_init (&iterator, uplinks);
  while (g_hash_table_iter_next (&iterator, &link, NULL))
    if (g_hash_table_contains (running, link) && (way->link == 0 || (guint) GPOINTER_TO_INT (link) < way->link))
      way->link = (guint) GPOINTER_TO_INT (link);
  return way->link != 0;
}
