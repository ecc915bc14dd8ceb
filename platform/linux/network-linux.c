/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network-linux.c: each address that the kernel has, with the kind of link that it is on.  The kernel's events are a bell, and
 * everything is asked for again. */
#define G_LOG_DOMAIN "adit-lock"
#include "platform/linux/network-linux.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include "client/base/error.h"
#include "platform/linux/bell.h"
#include "platform/linux/checks.h"
#include "platform/linux/links.h"
#include "platform/linux/marks.h"
#include "platform/linux/netlink.h"
#include "platform/linux/next-router.h"
#include "platform/linux/ruleset.h"
#include "platform/linux/way.h"
#include "platform/linux/whereabouts.h"

#define BELL_GROUPS (RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE)

struct _AditLinuxNetwork
{
  GObject parent_instance;

  AditBell   *bell;    /* (nullable): nobody listens */
  AditChecks *checks;
  GDBusConnection *bus;    /* (nullable) */
  guint            modems; /* what is heard of them; 0: nothing yet */
};

static void adit_linux_network_iface_init (AditNetworkInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditLinuxNetwork, adit_linux_network, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_NETWORK, adit_linux_network_iface_init))

typedef enum { LINK_NONE = 0, LINK_NEIGHBOURS, LINK_GUESTS } LinkUse;

typedef struct { char name[ADIT_LINK_NAME_BYTES]; LinkUse use; } Link;

typedef struct
{
  GHashTable *uplinks;    /* set of device numbers */
  GHashTable *bridges;    /* the same, with a cable in them */
  GHashTable *links;      /* device number to Link */
  AditNearby *nearby;
  guint       n_nearby, max;
} Reading;

/* Kinds that stand for a cable, where a default route says that they do.  Tunnels of others are none of them. */
static const char *const uplink_kinds[] = { "veth", "bridge", "vlan", "bond", "team", "macvlan", "ipvlan", NULL };

/* A real device has no kind.  What is neither a cable nor a guest's is nothing: an unheard-of kind opens no door. */
static LinkUse
judge (const Reading *reading, const struct ifinfomsg *link, const char *kind)
{
  gboolean is_uplink = g_hash_table_contains (reading->uplinks, GINT_TO_POINTER (link->ifi_index));
  gboolean has_cable = g_hash_table_contains (reading->bridges, GINT_TO_POINTER (link->ifi_index));

  if (link->ifi_type != ARPHRD_ETHER)
    return LINK_NONE;
  if (*kind == '\0' || (is_uplink && g_strv_contains (uplink_kinds, kind)))
    return LINK_NEIGHBOURS;
  return adit_links_kind_is_guests (kind) && !is_uplink && !has_cable ? LINK_GUESTS : LINK_NONE;
}

static void
on_link (const struct nlmsghdr *message, gpointer data)
{
  const struct ifinfomsg *link = mnl_nlmsg_get_payload (message);
  const char *name = "", *kind = "";
  const struct nlattr *attribute;
  Reading *reading = data;
  Link *entry;

  if (message->nlmsg_type != RTM_NEWLINK)
    return;
  mnl_attr_for_each (attribute, message, sizeof *link)
    if (mnl_attr_get_type (attribute) == IFLA_IFNAME && mnl_attr_validate (attribute, MNL_TYPE_NUL_STRING) == 0)
      name = mnl_attr_get_str (attribute);
    else if (mnl_attr_get_type (attribute) == IFLA_LINKINFO)
      kind = adit_links_read_kind (attribute);
  if (!adit_ruleset_link_valid (name) || g_str_equal (name, ADIT_TUNNEL_DEVICE) || g_str_equal (name, "lo"))
    return;
  entry = g_new0 (Link, 1);
  g_strlcpy (entry->name, name, sizeof entry->name);
  entry->use = judge (reading, link, kind);
  g_hash_table_insert (reading->links, GINT_TO_POINTER (link->ifi_index), entry);
}

static gboolean
read_address (const struct nlattr *attribute, guint8 family, AditAddress *address)
{
  guint bytes = family == AF_INET ? 4 : 16;

  if (mnl_attr_get_payload_len (attribute) != bytes)
    return FALSE;
  *address = (AditAddress) { .family = family == AF_INET ? ADIT_FAMILY_IPV4 : ADIT_FAMILY_IPV6 };
  memcpy (address->bytes, mnl_attr_get_payload (attribute), bytes);
  return TRUE;
}

/* With a peer's address the network is the peer's, which is nobody's subnet: such an address stands alone. */
static void
on_address (const struct nlmsghdr *message, gpointer data)
{
  const struct ifaddrmsg *header = mnl_nlmsg_get_payload (message);
  AditAddress own = { 0 }, there = { 0 };
  const struct nlattr *attribute;
  Reading *reading = data;
  const Link *link;
  AditNearby *nearby;

  if (message->nlmsg_type != RTM_NEWADDR || (header->ifa_family != AF_INET && header->ifa_family != AF_INET6))
    return;
  link = g_hash_table_lookup (reading->links, GINT_TO_POINTER ((int) header->ifa_index));
  if (link == NULL || link->use == LINK_NONE || reading->n_nearby >= reading->max)
    return;
  mnl_attr_for_each (attribute, message, sizeof *header)
    if (mnl_attr_get_type (attribute) == IFA_LOCAL)
      (void) read_address (attribute, header->ifa_family, &own);
    else if (mnl_attr_get_type (attribute) == IFA_ADDRESS)
      (void) read_address (attribute, header->ifa_family, &there);
  if (own.family == ADIT_FAMILY_NONE)
    own = there;
  if (!adit_address_is_valid (&own))
    return;
  nearby = &reading->nearby[reading->n_nearby];
  *nearby = (AditNearby) { .address = { own, header->ifa_prefixlen }, .is_guests = link->use == LINK_GUESTS };
  if (!adit_address_equal (&own, &there))
    nearby->address.prefix_bits = own.family == ADIT_FAMILY_IPV4 ? 32 : 128;
  g_strlcpy (nearby->link, link->name, sizeof nearby->link);
  if (adit_prefix_is_valid (&nearby->address))
    reading->n_nearby++;
}

static gboolean
ask (guint16 type, const void *header, gsize header_bytes, AditNetlinkEach each, Reading *reading)
{
  g_autoptr (GError) error = NULL;
  AditNetlinkRequest request;

  if (adit_netlink_send (NETLINK_ROUTE, adit_netlink_begin (&request, type, NLM_F_DUMP, header, header_bytes), each, reading, 0,
                         &error))
    return TRUE;
  g_warning ("cannot read the links and addresses, so none is near: %s", error->message);
  return FALSE;
}

static guint
linux_network_list (AditNetwork *network, AditNearby *nearby, guint max)
{
  const struct ifinfomsg any_link = { .ifi_family = AF_UNSPEC };
  const struct ifaddrmsg any_address = { .ifa_family = AF_UNSPEC };
  g_autoptr (GHashTable) uplinks = adit_links_list_uplinks (NULL), bridges = adit_links_list_bridged (NULL);
  g_autoptr (GHashTable) links = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  Reading reading = { .uplinks = uplinks, .bridges = bridges, .links = links, .nearby = nearby, .max = max };

  if (uplinks == NULL || bridges == NULL || !ask (RTM_GETLINK, &any_link, sizeof any_link, on_link, &reading) ||
      !ask (RTM_GETADDR, &any_address, sizeof any_address, on_address, &reading))
    return 0;
  return reading.n_nearby;
}

static void
on_bell (gpointer user_data)
{
  adit_network_emit_changed (ADIT_NETWORK (user_data));
}

static gboolean
linux_network_watch (AditNetwork *network, GError **error)
{
  AditLinuxNetwork *self = ADIT_LINUX_NETWORK (network);

  if (self->bell == NULL)
    self->bell = adit_bell_new (BELL_GROUPS, on_bell, self, ADIT_ERROR_LOCK_FAILED, error);
  if (self->modems == 0 && self->bus != NULL)
    self->modems = adit_modem_watch (self->bus, on_bell, self);
  return self->bell != NULL;
}

static gboolean
linux_network_find_way (AditNetwork *network, const AditAddress *to, AditWay *way)
{
  return adit_way_find (to, way);
}

static void
linux_network_ask_router_again (AditNetwork *network, const AditAddress *to)
{
  adit_next_router_ask_again (to);
}

static void
linux_network_hush (AditNetwork *network, gboolean is_locked)
{
  adit_checks_hush (ADIT_LINUX_NETWORK (network)->checks, is_locked);
}

static guint
linux_network_identify (AditNetwork *network, AditNetworkFacts *facts, guint max)
{
  return adit_whereabouts_find (ADIT_LINUX_NETWORK (network)->bus, facts, max);
}

static gboolean
linux_network_find_portal (AditNetwork *network, AditPortalHole *hole, GError **error)
{
  return adit_whereabouts_find_portal (ADIT_LINUX_NETWORK (network)->bus, hole, error);
}

static void
adit_linux_network_iface_init (AditNetworkInterface *iface)
{
  iface->find_portal = linux_network_find_portal;
  iface->identify = linux_network_identify;
  iface->ask_router_again = linux_network_ask_router_again;
  iface->hush = linux_network_hush;
  iface->list = linux_network_list;
  iface->find_way = linux_network_find_way;
  iface->watch = linux_network_watch;
}

static void
adit_linux_network_finalize (GObject *object)
{
  AditLinuxNetwork *self = ADIT_LINUX_NETWORK (object);

  g_clear_pointer (&self->bell, adit_bell_free);
  if (self->modems != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->modems);
  g_clear_pointer (&self->checks, adit_checks_free);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (adit_linux_network_parent_class)->finalize (object);
}

static void
adit_linux_network_class_init (AditLinuxNetworkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_linux_network_finalize;
}

static void
adit_linux_network_init (AditLinuxNetwork *self)
{
}

/**
 * adit_linux_network_new:
 * @bus: (nullable): the system bus
 *
 * Returns: (transfer full): this network namespace's links; nobody listens yet
 */
AditNetwork *
adit_linux_network_new (GDBusConnection *bus)
{
  AditLinuxNetwork *self = g_object_new (ADIT_TYPE_LINUX_NETWORK, NULL);

  self->checks = adit_checks_new (bus);
  g_set_object (&self->bus, bus);
  return ADIT_NETWORK (self);
}
