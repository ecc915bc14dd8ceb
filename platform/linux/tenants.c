/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tenants.c: their links, routing rules and routes, and whom systemd-resolved asks.  Everything is read and nothing changed; what
 * cannot be read is left out. */
#define G_LOG_DOMAIN "adit-network"
#include "platform/tenants.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include "platform/linux/marks.h"
#include "platform/linux/netlink.h"
#include "platform/linux/resolved-client.h"
#include "platform/linux/tenant-chains.h"

/* tailscale, "netfilter and routing": its table; wg-quick(8): its table and mark, the first port of WireGuard. */
#define TAILSCALE_TABLE 52
#define WG_QUICK_TABLE  51820

/* A prefix that is shorter is somebody's default route. */
#define SHORT_BITS 8

static const struct { AditTenantSet tenant; const char *link; } links[] = {
  { ADIT_TENANT_TAILSCALE, "tailscale" }, { ADIT_TENANT_DOCKER, "docker0" }, { ADIT_TENANT_LIBVIRT, "virbr" },
};

typedef struct
{
  AditTenants          *tenants;
  const AditTunnelSpec *spec;
} Reading;

static AditTenantSet
find_table_owner (guint32 table)
{
  return table == TAILSCALE_TABLE ? ADIT_TENANT_TAILSCALE : table == WG_QUICK_TABLE ? ADIT_TENANT_WG_QUICK : ADIT_TENANT_NONE;
}

static AditTenantSet
find_link_owner (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    if (g_str_has_prefix (name, links[i].link))
      return links[i].tenant;
  return ADIT_TENANT_NONE;
}

static void
read_links (AditTenants *tenants)
{
  struct if_nameindex *all = if_nameindex ();

  for (guint i = 0; all != NULL && all[i].if_index != 0; i++)
    tenants->present |= find_link_owner (all[i].if_name);
  if (all != NULL)
    if_freenameindex (all);
}

/* "local" comes before everything and takes nothing away; rules of a VRF are about its members alone, and those for a device
 * about what is passed on. */
static void
on_rule (const struct nlmsghdr *message, gpointer data)
{
  const struct fib_rule_hdr *header = mnl_nlmsg_get_payload (message);
  guint32 priority = 0, table;
  const struct nlattr *attribute;
  gboolean concerns_us = TRUE;
  Reading *reading = data;
  g_autofree char *what = NULL;
  AditTenantSet owner;

  if (message->nlmsg_type != RTM_NEWRULE || mnl_nlmsg_get_payload_len (message) < sizeof *header)
    return;
  table = header->table;
  mnl_attr_for_each (attribute, message, sizeof *header)
    switch (mnl_attr_get_type (attribute))
      {
      case FRA_PRIORITY: priority = mnl_attr_get_u32 (attribute); break;
      case FRA_TABLE: table = mnl_attr_get_u32 (attribute); break;
      case FRA_L3MDEV: concerns_us &= mnl_attr_get_u8 (attribute) == 0; break;
      case FRA_IIFNAME: concerns_us &= g_str_equal (mnl_attr_get_str (attribute), "lo"); break;
      default: break;
      }
  owner = find_table_owner (table);
  reading->tenants->present |= owner;
  if (!concerns_us || priority >= ADIT_RULE_FIRST || table == RT_TABLE_LOCAL || table == ADIT_ROUTE_TABLE ||
      header->action == FR_ACT_NOP)
    return;
  what = header->action == FR_ACT_TO_TBL ? g_strdup_printf ("rule %u to table %u", priority, table)
                                         : g_strdup_printf ("rule %u", priority);
  adit_tenants_add (reading->tenants, ADIT_CONFLICT_RULE, adit_tenant_get_nick (owner), what);
}

static gboolean
holds_ours (const AditPrefix *prefix, const AditTunnelSpec *spec)
{
  for (guint i = 0; i < spec->n_addresses; i++)
    if (adit_prefix_holds (prefix, &spec->addresses[i].address))
      return TRUE;
  for (guint i = 0; i < spec->n_dns; i++)
    if (adit_prefix_holds (prefix, &spec->dns[i]))
      return TRUE;
  return FALSE;
}

static void
on_route (const struct nlmsghdr *message, gpointer data)
{
  const struct rtmsg *header = mnl_nlmsg_get_payload (message);
  guint32 table, device = 0;
  const struct nlattr *attribute;
  AditPrefix to = { 0 };
  Reading *reading = data;
  char name[IF_NAMESIZE];
  g_autofree char *what = NULL, *prefix = NULL;
  AditTenantSet owner;

  if (message->nlmsg_type != RTM_NEWROUTE || mnl_nlmsg_get_payload_len (message) < sizeof *header ||
      (header->rtm_family != AF_INET && header->rtm_family != AF_INET6) || header->rtm_type != RTN_UNICAST ||
      header->rtm_dst_len < SHORT_BITS || (header->rtm_flags & RTM_F_CLONED))
    return;
  table = header->rtm_table;
  to.address.family = header->rtm_family == AF_INET ? ADIT_FAMILY_IPV4 : ADIT_FAMILY_IPV6;
  to.prefix_bits = header->rtm_dst_len;
  mnl_attr_for_each (attribute, message, sizeof *header)
    switch (mnl_attr_get_type (attribute))
      {
      case RTA_TABLE: table = mnl_attr_get_u32 (attribute); break;
      case RTA_OIF: device = mnl_attr_get_u32 (attribute); break;
      case RTA_DST:
        memcpy (to.address.bytes, mnl_attr_get_payload (attribute),
                MIN (mnl_attr_get_payload_len (attribute), header->rtm_family == AF_INET ? 4u : 16u));
        break;
      default: break;
      }
  if (table == ADIT_ROUTE_TABLE || table == RT_TABLE_LOCAL || if_indextoname (device, name) == NULL ||
      g_str_equal (name, ADIT_TUNNEL_DEVICE) || !holds_ours (&to, reading->spec))
    return;
  owner = find_link_owner (name);
  prefix = adit_prefix_dup_text (&to);
  what = g_strdup_printf ("route %s by %s", prefix, name);
  adit_tenants_add (reading->tenants, ADIT_CONFLICT_RANGE, owner != ADIT_TENANT_NONE ? adit_tenant_get_nick (owner) : name, what);
}

static void
read_routing (Reading *reading)
{
  static const guint8 families[] = { AF_INET, AF_INET6 };
  const struct rtmsg route = { .rtm_family = AF_UNSPEC };
  AditNetlinkRequest request;

  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    {
      const struct fib_rule_hdr rule = { .family = families[i] };

      (void) adit_netlink_send (NETLINK_ROUTE, adit_netlink_begin (&request, RTM_GETRULE, NLM_F_DUMP, &rule, sizeof rule),
                                on_rule, reading, 0, NULL);
    }
  if (reading->spec != NULL)
    (void) adit_netlink_send (NETLINK_ROUTE, adit_netlink_begin (&request, RTM_GETROUTE, NLM_F_DUMP, &route, sizeof route),
                              on_route, reading, 0, NULL);
}

static void
read_resolved (GDBusConnection *bus, AditTenants *tenants)
{
  guint ours = if_nametoindex (ADIT_TUNNEL_DEVICE);
  g_autoptr (GVariant) domains = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_route;
  GVariantIter iter;
  const char *domain;
  gint32 link;

  if (!adit_resolved_is_there (bus, FALSE))
    return;
  domains = adit_resolved_get_domains (bus, &error);
  if (domains == NULL)
    {
      g_debug ("%s", error->message);
      return;
    }
  g_variant_iter_init (&iter, domains);
  while (g_variant_iter_next (&iter, "(i&sb)", &link, &domain, &is_route))
    {
      char name[IF_NAMESIZE];
      AditTenantSet owner;

      if (!g_str_equal (domain, ".") || link <= 0 || (guint) link == ours || if_indextoname ((guint) link, name) == NULL)
        continue;
      owner = find_link_owner (name);
      adit_tenants_add (tenants, ADIT_CONFLICT_RESOLVER, owner != ADIT_TENANT_NONE ? adit_tenant_get_nick (owner) : name, name);
    }
}

/**
 * adit_tenants_read:
 * @bus: (nullable): the system bus
 * @spec: (nullable): the tunnel that is up or is tried
 * @tenants: (out caller-allocates): who else is there, and what of theirs is in the way
 *
 * Looks at this moment's rules; that takes some milliseconds.
 */
void
adit_tenants_read (GDBusConnection *bus, const AditTunnelSpec *spec, AditTenants *tenants)
{
  Reading reading = { .tenants = tenants, .spec = spec };
  g_autoptr (GError) error = NULL;

  *tenants = (AditTenants) { 0 };
  read_links (tenants);
  read_routing (&reading);
  if (!adit_tenant_chains_read (tenants, &error))
    g_debug ("the rules of others cannot be read: %s", error->message);
  if (bus != NULL)
    read_resolved (bus, tenants);
}
