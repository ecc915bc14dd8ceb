/* SPDX-License-Identifier: GPL-2.0-or-later */
/* whereabouts.c: the default routes, the neighbours that they name, and what NetworkManager says of their links.  The kernel
 * knows a neighbour's hardware address once something was sent to it; nothing is sent for this. */
#include "platform/linux/whereabouts.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include "client/base/error.h"
#include "platform/linux/marks.h"
#include "platform/linux/netlink.h"
#include "platform/linux/way.h"

/* Our own device, and tunnels of others, lead to no network of this computer's surroundings. */
typedef struct
{
  AditNetworkFacts *facts;
  guint             n_facts, max;
} Reading;

static void
note_way (Reading *reading, guint link, const AditAddress *router)
{
  AditNetworkFacts *facts = NULL;
  char name[IF_NAMESIZE];

  for (guint i = 0; i < reading->n_facts; i++)
    if (reading->facts[i].link == link)
      facts = &reading->facts[i];
  if (facts == NULL)
    {
      if (reading->n_facts == reading->max || link == 0 || if_indextoname (link, name) == NULL ||
          strcmp (name, ADIT_TUNNEL_DEVICE) == 0)
        return;
      facts = &reading->facts[reading->n_facts++];
      *facts = (AditNetworkFacts) { .link = link, .is_settled = TRUE };
    }
  /* The router of IPv4 where there are two: they are one box, or the other one is found by it. */
  if (facts->router.family == ADIT_FAMILY_NONE || router->family == ADIT_FAMILY_IPV4)
    facts->router = *router;
}

static void
on_route (const struct nlmsghdr *message, gpointer data)
{
  const struct rtmsg *route = mnl_nlmsg_get_payload (message);
  const struct nlattr *attribute;
  guint32 table = route->rtm_table, link = 0;
  AditAddress router = { 0 };

  if (message->nlmsg_type != RTM_NEWROUTE || route->rtm_dst_len != 0 || route->rtm_type != RTN_UNICAST ||
      (route->rtm_family != AF_INET && route->rtm_family != AF_INET6))
    return;
  mnl_attr_for_each (attribute, message, sizeof *route)
    if (mnl_attr_get_type (attribute) == RTA_TABLE && mnl_attr_validate (attribute, MNL_TYPE_U32) == 0)
      table = mnl_attr_get_u32 (attribute);
    else if (mnl_attr_get_type (attribute) == RTA_OIF && mnl_attr_validate (attribute, MNL_TYPE_U32) == 0)
      link = mnl_attr_get_u32 (attribute);
    else if (mnl_attr_get_type (attribute) == RTA_GATEWAY)
      adit_netlink_take_address (attribute, route->rtm_family, &router);
  if (table != ADIT_ROUTE_TABLE)
    note_way (data, link, &router);
}

/* What has failed or was never answered says nothing. */
static void
on_neighbour (const struct nlmsghdr *message, gpointer data)
{
  const struct ndmsg *neighbour = mnl_nlmsg_get_payload (message);
  const struct nlattr *attribute, *hardware = NULL;
  AditAddress address = { 0 };
  Reading *reading = data;

  if (message->nlmsg_type != RTM_NEWNEIGH ||
      (neighbour->ndm_state & (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT)) == 0 ||
      (neighbour->ndm_family != AF_INET && neighbour->ndm_family != AF_INET6))
    return;
  mnl_attr_for_each (attribute, message, sizeof *neighbour)
    if (mnl_attr_get_type (attribute) == NDA_DST)
      adit_netlink_take_address (attribute, neighbour->ndm_family, &address);
    else if (mnl_attr_get_type (attribute) == NDA_LLADDR && mnl_attr_get_payload_len (attribute) == ADIT_HARDWARE_BYTES)
      hardware = attribute;
  for (guint i = 0; hardware != NULL && i < reading->n_facts; i++)
    if (reading->facts[i].link == (guint) neighbour->ndm_ifindex && adit_address_equal (&reading->facts[i].router, &address))
      {
        memcpy (reading->facts[i].hardware, mnl_attr_get_payload (hardware), ADIT_HARDWARE_BYTES);
        reading->facts[i].has_hardware = TRUE;
      }
}

static gboolean
ask (guint16 type, const void *header, gsize header_bytes, AditNetlinkEach each, Reading *reading)
{
  AditNetlinkRequest request;

  return adit_netlink_send (NETLINK_ROUTE, adit_netlink_begin (&request, type, NLM_F_DUMP, header, header_bytes), each, reading,
                            0, NULL);
}

/* Without NetworkManager nobody tells the name, so a Wi-Fi network stays unknown; of a kind that is not heard of anything holds
 * that holds for any. */
static AditLinkKind
guess_kind (const char *link)
{
  static const struct { const char *file; AditLinkKind kind; } signs[] = {
    { "phy80211", ADIT_LINK_KIND_WIFI }, { "wireless", ADIT_LINK_KIND_WIFI }, { "tun_flags", ADIT_LINK_KIND_OTHER },
  };
  g_autofree char *uevent = g_build_filename ("/sys/class/net", link, "uevent", NULL), *text = NULL;
  g_autofree char *type = g_build_filename ("/sys/class/net", link, "type", NULL), *number = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    {
      g_autofree char *path = g_build_filename ("/sys/class/net", link, signs[i].file, NULL);

      if (access (path, F_OK) == 0)
        return signs[i].kind;
    }
  if (g_file_get_contents (uevent, &text, NULL, NULL) && strstr (text, "DEVTYPE=wwan") != NULL)
    return ADIT_LINK_KIND_MOBILE;
  /* ARPHRD_ETHER: linux/if_arp.h */
  return g_file_get_contents (type, &number, NULL, NULL) && g_str_equal (g_strstrip (number), "1") ? ADIT_LINK_KIND_WIRED
                                                                                                  : ADIT_LINK_KIND_OTHER;
}

static int
compare_links (gconstpointer a, gconstpointer b)
{
  const AditNetworkFacts *one = a, *other = b;

  return one->link < other->link ? -1 : one->link > other->link;
}

/**
 * adit_whereabouts_find:
 * @bus: (nullable): the system bus
 * @facts: (out caller-allocates) (array length=max): what is seen of each network, by the links' numbers
 * @max: how many fit
 *
 * Returns: how many default routes' networks this computer is in; where there are more than fit the last one is of no kind, so
 * that nothing is concluded from the rest
 */
guint
adit_whereabouts_find (GDBusConnection *bus, AditNetworkFacts *facts, guint max)
{
  const struct rtmsg any_route = { .rtm_family = AF_UNSPEC };
  const struct ndmsg any_neighbour = { .ndm_family = AF_UNSPEC };
  Reading reading = { facts, 0, max };

  if (!ask (RTM_GETROUTE, &any_route, sizeof any_route, on_route, &reading) || reading.n_facts == 0 ||
      !ask (RTM_GETNEIGH, &any_neighbour, sizeof any_neighbour, on_neighbour, &reading))
    return 0;
  if (reading.n_facts == max)
    facts[max - 1] = (AditNetworkFacts) { .link = facts[max - 1].link };
  for (guint i = 0; i < reading.n_facts; i++)
    {
      char name[IF_NAMESIZE];

      if (if_indextoname (facts[i].link, name) == NULL)
        facts[i] = (AditNetworkFacts) { .link = facts[i].link };    /* it has just gone */
      else if (bus == NULL || !adit_networkmanager_tell (bus, name, &facts[i]))
        facts[i].kind = guess_kind (name);
    }
  qsort (facts, reading.n_facts, sizeof *facts, compare_links);
  return reading.n_facts;
}

static gboolean
is_near (const AditAddress *address, AditFamily family)
{
  AditPrefix whole = { *address, address->family == ADIT_FAMILY_IPV4 ? 32 : 128 };

  return address->family == family && adit_address_is_valid (address) && adit_address_is_unicast (address) &&
         adit_prefix_is_local (&whole);
}

/* The router's own address where nobody names resolvers: most of them answer names too. */
static void
add_resolvers (GDBusConnection *bus, const char *link, AditPortalHole *hole)
{
  AditAddress named[ADIT_PORTAL_MAX_RESOLVERS];
  guint n_named = bus != NULL ? adit_networkmanager_list_resolvers (bus, link, named, G_N_ELEMENTS (named)) : 0;

  for (guint i = 0; i < n_named; i++)
    if (is_near (&named[i], hole->gateway.family))
      hole->resolvers[hole->n_resolvers++] = named[i];
  if (hole->n_resolvers == 0)
    hole->resolvers[hole->n_resolvers++] = hole->gateway;
}

/**
 * adit_whereabouts_find_portal:
 * @bus: (nullable): the system bus
 * @hole: (out caller-allocates): the router of the first network that has a near one, and its resolvers
 * @error: return location; %ADIT_ERROR_OFFLINE
 *
 * Returns: whether there is one
 */
gboolean
adit_whereabouts_find_portal (GDBusConnection *bus, AditPortalHole *hole, GError **error)
{
  AditNetworkFacts facts[ADIT_NETWORKS_MAX_HERE];
  guint n_facts = adit_whereabouts_find (bus, facts, G_N_ELEMENTS (facts));

  for (guint i = 0; i < n_facts; i++)
    {
      char name[IF_NAMESIZE];
      AditWay way;

      if (!is_near (&facts[i].router, facts[i].router.family) || adit_address_is_link_local (&facts[i].router) ||
          if_indextoname (facts[i].link, name) == NULL || !adit_way_find (&facts[i].router, &way) ||
          way.link != facts[i].link || !adit_address_is_valid (&way.source))
        continue;
      *hole = (AditPortalHole) { .gateway = facts[i].router, .from = way.source };
      add_resolvers (bus, name, hole);
      return TRUE;
    }
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_OFFLINE, "No network here has a router at a private address");
  return FALSE;
}
