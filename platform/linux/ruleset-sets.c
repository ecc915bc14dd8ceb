/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ruleset-sets.c: what differs between one lock and another, as named sets of nftables.  The rules are the same for all and look
 * into these sets; an empty one opens nothing.  So a change of state is a change of members, which the kernel takes at one
 * moment and without touching a rule or a hook.  What only some people's settings need is there for these alone. */
#include "platform/linux/ruleset.h"

#include <string.h>
#include "platform/linux/marks.h"

/* The kernel looks a packet up in one generation of one set: a rule that asked two sets could see one before and the other after
 * a change.  So what belongs together is one member: address, protocol and port; sender and resolver. */
#define TYPE_HOLES4  "ipv4_addr . inet_proto . inet_service"
#define TYPE_HOLES6  "ipv6_addr . inet_proto . inet_service"
#define TYPE_CARRIER4 "uid . ipv4_addr . inet_proto . inet_service"
#define TYPE_CARRIER6 "uid . ipv6_addr . inet_proto . inet_service"
#define TYPE_DNS4    "ipv4_addr . ipv4_addr"
#define TYPE_DNS6    "ipv6_addr . ipv6_addr"
#define TYPE_NESTED4 "ipv4_addr . ipv4_addr . inet_proto . inet_service"
#define TYPE_NESTED6 "ipv6_addr . ipv6_addr . inet_proto . inet_service"
#define TYPE_NEAR4   "ifname . ipv4_addr . ipv4_addr"                                 /* by, from, to */
#define TYPE_NEAR6   "ifname . ipv6_addr . ipv6_addr"
#define TYPE_ASKED4  "ifname . ipv4_addr . ipv4_addr . inet_proto . inet_service"
#define TYPE_ASKED6  "ifname . ipv6_addr . ipv6_addr . inet_proto . inet_service"
#define TYPE_HEARD4  "ifname . ipv4_addr . inet_proto . inet_service"
#define TYPE_HEARD6  "ifname . ipv6_addr . inet_proto . inet_service"
#define TYPE_WIRE4   "ipv4_addr . ipv4_addr"
#define TYPE_WIRE6   "ipv6_addr . ipv6_addr"
#define TYPE_POINT4  "ipv4_addr . ipv4_addr . inet_proto . inet_service"
#define TYPE_POINT6  "ipv6_addr . ipv6_addr . inet_proto . inet_service"
#define TYPE_KEPT4   "ipv4_addr . inet_service . ipv4_addr . inet_service"             /* ours, theirs */
#define TYPE_KEPT6   "ipv6_addr . inet_service . ipv6_addr . inet_service"
#define TYPE_PORTAL4 "cgroupsv2 . ipv4_addr . ipv4_addr . inet_proto . inet_service"    /* who, from, to */
#define TYPE_PORTAL6 "cgroupsv2 . ipv6_addr . ipv6_addr . inet_proto . inet_service"
#define TIMEOUT      "\n\t\tflags timeout"
#define INTERVAL     "\n\t\tflags interval"
#define PROTOCOL_TCP 6     /* in numbers, as nft lists them */
#define PROTOCOL_UDP 17

typedef void (*Fill) (GPtrArray *members, const AditLockPolicy *policy, AditFamily family);

/* A lock that nobody knows blocks all, the API too: it cannot have come from our own table. */
static gboolean
opens_api (AditLock lock)
{
  return lock == ADIT_LOCK_ALL || lock == ADIT_LOCK_PEER;
}

static gboolean
opens_tunnel (AditLock lock)
{
  return lock == ADIT_LOCK_PEER || lock == ADIT_LOCK_TUNNEL;
}

/* What is let through beside the tunnel holds in every lock that is known. */
static gboolean
opens_nets (AditLock lock)
{
  return lock == ADIT_LOCK_ALL || lock == ADIT_LOCK_PEER || lock == ADIT_LOCK_TUNNEL;
}

/* A set has each member once, and that is how it is listed. */
static void
add (GPtrArray *members, char *member)
{
  if (g_ptr_array_find_with_equal_func (members, member, g_str_equal, NULL))
    g_free (member);
  else
    g_ptr_array_add (members, member);
}

static void
add_hole (GPtrArray *members, const AditEndpoint *endpoint, guint protocol, AditFamily family)
{
  g_autofree char *address = NULL;

  if (!adit_endpoint_is_valid (endpoint) || endpoint->address.family != family)
    return;
  address = adit_address_dup_text (&endpoint->address);
  add (members, g_strdup_printf ("%s . %u . %u", address, protocol, endpoint->port));
}

static guint
get_protocol (const AditLockPolicy *policy)
{
  return policy->transport == ADIT_TRANSPORT_TCP ? PROTOCOL_TCP : PROTOCOL_UDP;
}

/* On the wire: the API while there is no tunnel, and the peers. */
static void
fill_wire_holes (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  for (guint i = 0; opens_api (policy->lock) && i < MIN (policy->n_api, ADIT_LOCK_MAX_API); i++)
    add_hole (members, &policy->api[i], PROTOCOL_TCP, family);
  if (!opens_tunnel (policy->lock))
    return;
  add_hole (members, &policy->peer, get_protocol (policy), family);
  for (guint i = 0; i < MIN (policy->n_more_peers, ADIT_TUNNEL_MAX_PEERS - 1); i++)
    add_hole (members, &policy->more_peers[i], get_protocol (policy), family);
}

/* The same for what has our mark; a carrier that cannot mark its packets is let through as its user's. */
static void
fill_holes (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  AditLockPolicy marked = *policy;

  if (policy->carrier_uid != 0)
    marked.peer.port = marked.n_more_peers = 0;
  fill_wire_holes (members, &marked, family);
}

static void
fill_carrier (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  g_autofree char *address = NULL;

  if (!opens_tunnel (policy->lock) || policy->carrier_uid == 0 || !adit_endpoint_is_valid (&policy->peer) ||
      policy->peer.address.family != family)
    return;
  address = adit_address_dup_text (&policy->peer.address);
  add (members, g_strdup_printf ("%u . %s . %u . %u", policy->carrier_uid, address, get_protocol (policy), policy->peer.port));
}

/* Valid addresses of the tunnel in @family, each as text; none where the tunnel is shut. */
static GPtrArray *
list_own (const AditLockPolicy *policy, AditFamily family)
{
  GPtrArray *own = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; opens_tunnel (policy->lock) && i < MIN (policy->n_tunnel_addresses, ADIT_TUNNEL_MAX_ADDRESSES); i++)
    {
      const AditAddress *address = &policy->tunnel_addresses[i].address;

      if (adit_address_is_valid (address) && address->family == family)
        add (own, adit_address_dup_text (address));
    }
  return own;
}

static void
fill_own (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  g_autoptr (GPtrArray) own = list_own (policy, family);

  for (guint i = 0; i < own->len; i++)
    add (members, g_strdup (own->pdata[i]));
}

/* The chosen resolvers of a family that the tunnel has. */
static void
fill_resolvers (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  g_autoptr (GPtrArray) own = list_own (policy, family);

  for (guint i = 0; own->len > 0 && i < MIN (policy->n_dns, ADIT_TUNNEL_MAX_DNS); i++)
    if (adit_address_is_valid (&policy->dns[i]) && policy->dns[i].family == family)
      add (members, adit_address_dup_text (&policy->dns[i]));
}

static void
fill_dns (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  g_autoptr (GPtrArray) own = list_own (policy, family), resolvers = g_ptr_array_new_with_free_func (g_free);

  fill_resolvers (resolvers, policy, family);
  for (guint i = 0; i < own->len; i++)
    for (guint j = 0; j < resolvers->len; j++)
      add (members, g_strdup_printf ("%s . %s", (char *) own->pdata[i], (char *) resolvers->pdata[j]));
}

/* Of a tunnel in a tunnel the second peer, which what is sent there reaches enciphered once; ... */
static void
fill_inner (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  const AditEndpoint *inner = &policy->inner_peer;

  if (opens_tunnel (policy->lock) && adit_endpoint_is_valid (inner) && inner->address.family == family)
    add (members, adit_address_dup_text (&inner->address));
}

/* ... so nothing but what is enciphered before goes there: from our addresses, to its one port. */
static void
fill_nested (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  g_autoptr (GPtrArray) own = list_own (policy, family), inner = g_ptr_array_new_with_free_func (g_free);

  fill_inner (inner, policy, family);
  for (guint i = 0; inner->len > 0 && i < own->len; i++)
    add (members, g_strdup_printf ("%s . %s . %u . %u", (char *) own->pdata[i], (char *) inner->pdata[0], PROTOCOL_UDP,
                                   policy->inner_peer.port));
}

/* The two doors of the tunnel itself, by device and by the mark of what went in; shut they are empty. */
static void
fill_tunnel (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  if (opens_tunnel (policy->lock))
    add (members, g_strdup ("\"" ADIT_TUNNEL_DEVICE "\""));
}

static void
fill_inside (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  if (opens_tunnel (policy->lock))
    add (members, g_strdup_printf ("0x%08x", ADIT_CT_MARK_INSIDE));
}

/* --- Beside the tunnel ----------------------------------------------------------------------------------------------------- */

static char *
dup_net_text (const AditPrefix *net)
{
  guint whole = net->address.family == ADIT_FAMILY_IPV4 ? 32 : 128;

  return net->prefix_bits == whole ? adit_address_dup_text (&net->address) : adit_prefix_dup_text (net);
}

static gboolean
net_is_right (const AditReachNet *net, AditFamily family)
{
  return net->from.family == family && net->to.address.family == family && adit_reach_link_is_valid (net->link) &&
         adit_address_is_valid (&net->from) && adit_prefix_is_local (&net->to);
}

/* By its link, for the output chain. */
static void
fill_near (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  const AditReach *reach = &policy->reach;

  for (guint i = 0; opens_nets (policy->lock) && i < MIN (reach->n_nets, ADIT_REACH_MAX_NETS); i++)
    {
      g_autofree char *from = adit_address_dup_text (&reach->nets[i].from), *to = dup_net_text (&reach->nets[i].to);

      if (net_is_right (&reach->nets[i], family))
        add (members, g_strdup_printf ("\"%s\" . %s . %s", reach->nets[i].link, from, to));
    }
}

/* Without it, since a bridge's packet leaves by its port.  Two links may have one address; intervals must not overlap. */
static void
fill_wire (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  const AditReach *reach = &policy->reach;
  guint n = opens_nets (policy->lock) ? MIN (reach->n_nets, ADIT_REACH_MAX_NETS) : 0;

  for (guint i = 0; i < n; i++)
    {
      const AditReachNet *net = &reach->nets[i];
      g_autofree char *from = adit_address_dup_text (&net->from), *to = dup_net_text (&net->to);
      gboolean is_inner = FALSE;

      for (guint j = 0; j < n; j++)
        is_inner = is_inner || (adit_address_equal (&reach->nets[j].from, &net->from) && net_is_right (&reach->nets[j], family) &&
                                reach->nets[j].to.prefix_bits < net->to.prefix_bits &&
                                adit_prefix_contains (&reach->nets[j].to, &net->to));
      if (net_is_right (net, family) && !is_inner)
        add (members, g_strdup_printf ("%s . %s", from, to));
    }
}

typedef enum { POINT_ASKED, POINT_WIRE, POINT_HEARD } PointForm;

static void
add_point (GPtrArray *members, const AditReachPoint *point, AditFamily family, PointForm form)
{
  g_autofree char *from = adit_address_dup_text (&point->from), *to = adit_address_dup_text (&point->to.address);

  if (point->from.family != family || point->to.address.family != family || !adit_reach_link_is_valid (point->link) ||
      !adit_address_is_valid (&point->from) || !adit_endpoint_is_valid (&point->to))
    return;
  if (form == POINT_ASKED)
    add (members, g_strdup_printf ("\"%s\" . %s . %s . %u . %u", point->link, from, to, point->protocol, point->to.port));
  else if (form == POINT_WIRE)
    add (members, g_strdup_printf ("%s . %s . %u . %u", from, to, point->protocol, point->to.port));
  else
    add (members, g_strdup_printf ("\"%s\" . %s . %u . %u", point->link, to, point->protocol, point->to.port));
}

/* A resolver outside only where there is a tunnel for what is found; groups always. */
static void
add_points (GPtrArray *members, const AditLockPolicy *policy, AditFamily family, PointForm form)
{
  const AditReach *reach = &policy->reach;

  for (guint i = 0; opens_tunnel (policy->lock) && i < MIN (reach->n_resolvers, ADIT_REACH_MAX_POINTS); i++)
    add_point (members, &reach->resolvers[i], family, form);
  for (guint i = 0; opens_nets (policy->lock) && i < MIN (reach->n_groups, ADIT_REACH_MAX_POINTS); i++)
    add_point (members, &reach->groups[i], family, form);
}

static void
fill_asked (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  add_points (members, policy, family, POINT_ASKED);
}

static void
fill_asked_wire (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  add_points (members, policy, family, POINT_WIRE);
}

static void
fill_heard (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  for (guint i = 0; opens_nets (policy->lock) && i < MIN (policy->reach.n_groups, ADIT_REACH_MAX_POINTS); i++)
    add_point (members, &policy->reach.groups[i], family, POINT_HEARD);
}

/* The door for answers: shut it is empty, so that flows of before end when nothing beside the tunnel is open any more. */
static void
fill_beside (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  if ((opens_nets (policy->lock) && policy->reach.n_nets > 0) || (opens_tunnel (policy->lock) && policy->reach.n_resolvers > 0))
    add (members, g_strdup_printf ("0x%08x", ADIT_CT_MARK_BESIDE));
}

/* One connection from before, in every lock that is known. */
static void
fill_kept (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
  const AditFlow *kept = &policy->reach.kept;
  g_autofree char *local = NULL, *remote = NULL;

  if (!opens_nets (policy->lock) || !adit_flow_is_valid (kept) || kept->local.address.family != family)
    return;
  local = adit_address_dup_text (&kept->local.address);
  remote = adit_address_dup_text (&kept->remote.address);
  add (members, g_strdup_printf ("%s . %u . %s . %u", local, kept->local.port, remote, kept->remote.port));
}

/* A portal's members are put in by themselves and go by themselves: whoever makes the lock anew begins without. */
static void
fill_portal (GPtrArray *members, const AditLockPolicy *policy, AditFamily family)
{
}

static const struct { const char *table, *name, *type; AditFamily family; Fill fill; AditRulesetParts part; } sets[] = {
  { "inet", "holes4", TYPE_HOLES4, ADIT_FAMILY_IPV4, fill_holes },
  { "inet", "holes6", TYPE_HOLES6, ADIT_FAMILY_IPV6, fill_holes },
  { "inet", "carrier4", TYPE_CARRIER4, ADIT_FAMILY_IPV4, fill_carrier },
  { "inet", "carrier6", TYPE_CARRIER6, ADIT_FAMILY_IPV6, fill_carrier },
  { "inet", "dns4", TYPE_DNS4, ADIT_FAMILY_IPV4, fill_dns },
  { "inet", "dns6", TYPE_DNS6, ADIT_FAMILY_IPV6, fill_dns },
  { "inet", "resolvers4", "ipv4_addr", ADIT_FAMILY_IPV4, fill_resolvers },
  { "inet", "resolvers6", "ipv6_addr", ADIT_FAMILY_IPV6, fill_resolvers },
  { "inet", "own4", "ipv4_addr", ADIT_FAMILY_IPV4, fill_own },
  { "inet", "own6", "ipv6_addr", ADIT_FAMILY_IPV6, fill_own },
  { "inet", "tunnel", "ifname", ADIT_FAMILY_NONE, fill_tunnel },
  { "inet", "inside", "mark", ADIT_FAMILY_NONE, fill_inside },
  { "inet", "inner4", "ipv4_addr", ADIT_FAMILY_IPV4, fill_inner, ADIT_RULESET_NESTED },
  { "inet", "inner6", "ipv6_addr", ADIT_FAMILY_IPV6, fill_inner, ADIT_RULESET_NESTED },
  { "inet", "nested4", TYPE_NESTED4, ADIT_FAMILY_IPV4, fill_nested, ADIT_RULESET_NESTED },
  { "inet", "nested6", TYPE_NESTED6, ADIT_FAMILY_IPV6, fill_nested, ADIT_RULESET_NESTED },
  { "inet", "near4", TYPE_NEAR4 INTERVAL, ADIT_FAMILY_IPV4, fill_near, ADIT_RULESET_BESIDE },
  { "inet", "near6", TYPE_NEAR6 INTERVAL, ADIT_FAMILY_IPV6, fill_near, ADIT_RULESET_BESIDE },
  { "inet", "asked4", TYPE_ASKED4, ADIT_FAMILY_IPV4, fill_asked, ADIT_RULESET_BESIDE },
  { "inet", "asked6", TYPE_ASKED6, ADIT_FAMILY_IPV6, fill_asked, ADIT_RULESET_BESIDE },
  { "inet", "heard4", TYPE_HEARD4, ADIT_FAMILY_IPV4, fill_heard, ADIT_RULESET_BESIDE },
  { "inet", "heard6", TYPE_HEARD6, ADIT_FAMILY_IPV6, fill_heard, ADIT_RULESET_BESIDE },
  { "inet", "beside", "mark", ADIT_FAMILY_NONE, fill_beside, ADIT_RULESET_BESIDE },
  { "inet", "kept4", TYPE_KEPT4, ADIT_FAMILY_IPV4, fill_kept, ADIT_RULESET_KEPT },
  { "inet", "kept6", TYPE_KEPT6, ADIT_FAMILY_IPV6, fill_kept, ADIT_RULESET_KEPT },
  { "inet", "portal4", TYPE_PORTAL4 TIMEOUT, ADIT_FAMILY_IPV4, fill_portal, ADIT_RULESET_PORTAL },
  { "inet", "portal6", TYPE_PORTAL6 TIMEOUT, ADIT_FAMILY_IPV6, fill_portal, ADIT_RULESET_PORTAL },
  { "netdev", "holes4", TYPE_HOLES4, ADIT_FAMILY_IPV4, fill_wire_holes },
  { "netdev", "holes6", TYPE_HOLES6, ADIT_FAMILY_IPV6, fill_wire_holes },
  { "netdev", "inside", "mark", ADIT_FAMILY_NONE, fill_inside },
  { "netdev", "near4", TYPE_WIRE4 INTERVAL, ADIT_FAMILY_IPV4, fill_wire, ADIT_RULESET_BESIDE },
  { "netdev", "near6", TYPE_WIRE6 INTERVAL, ADIT_FAMILY_IPV6, fill_wire, ADIT_RULESET_BESIDE },
  { "netdev", "asked4", TYPE_POINT4, ADIT_FAMILY_IPV4, fill_asked_wire, ADIT_RULESET_BESIDE },
  { "netdev", "asked6", TYPE_POINT6, ADIT_FAMILY_IPV6, fill_asked_wire, ADIT_RULESET_BESIDE },
  { "netdev", "kept4", TYPE_KEPT4, ADIT_FAMILY_IPV4, fill_kept, ADIT_RULESET_KEPT },
  { "netdev", "kept6", TYPE_KEPT6, ADIT_FAMILY_IPV6, fill_kept, ADIT_RULESET_KEPT },
  { "netdev", "portal4", TYPE_POINT4 TIMEOUT, ADIT_FAMILY_IPV4, fill_portal, ADIT_RULESET_PORTAL },
  { "netdev", "portal6", TYPE_POINT6 TIMEOUT, ADIT_FAMILY_IPV6, fill_portal, ADIT_RULESET_PORTAL },
};

/**
 * adit_ruleset_get_parts:
 * @policy: a lock
 *
 * Returns: which rules and sets it needs besides those that every lock has
 */
AditRulesetParts
adit_ruleset_get_parts (const AditLockPolicy *policy)
{
  const AditReach *reach = &policy->reach;

  return (reach->n_nets > 0 || reach->n_resolvers > 0 || reach->n_groups > 0 ? ADIT_RULESET_BESIDE : ADIT_RULESET_ALWAYS) |
         (reach->has_portal ? ADIT_RULESET_PORTAL : ADIT_RULESET_ALWAYS) |
         (adit_flow_is_valid (&reach->kept) ? ADIT_RULESET_KEPT : ADIT_RULESET_ALWAYS) |
         (policy->inner_peer.port != 0 ? ADIT_RULESET_NESTED : ADIT_RULESET_ALWAYS);
}

static gboolean
has_set (guint i, const AditLockPolicy *policy)
{
  return (sets[i].part & ~adit_ruleset_get_parts (policy)) == 0;
}

/* (nullable) "a, b"; %NULL where there is no member, for which nft has no word. */
static char *
join_members (guint i, const AditLockPolicy *policy)
{
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func (g_free);

  sets[i].fill (members, policy, sets[i].family);
  if (members->len == 0)
    return NULL;
  g_ptr_array_add (members, NULL);
  return g_strjoinv (", ", (char **) members->pdata);
}

/**
 * adit_ruleset_append_sets:
 * @text: where to
 * @policy: the wanted lock
 * @table: "inet" or "netdev"
 *
 * Declares the sets of that table that this lock needs, with their members.
 */
void
adit_ruleset_append_sets (GString *text, const AditLockPolicy *policy, const char *table)
{
  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autofree char *members = NULL;

      if (!g_str_equal (sets[i].table, table) || !has_set (i, policy))
        continue;
      g_string_append_printf (text, "\tset %s {\n\t\ttype %s\n", sets[i].name, sets[i].type);
      members = join_members (i, policy);
      if (members != NULL)
        g_string_append_printf (text, "\t\telements = { %s }\n", members);
      g_string_append (text, "\t}\n");
    }
}

/**
 * adit_ruleset_append_emptying:
 * @text: where to
 * @policy: the wanted lock
 *
 * Empties the sets that it needs, and takes the others away, whichever of them are there; no rule may ask them any more.
 */
void
adit_ruleset_append_emptying (GString *text, const AditLockPolicy *policy)
{
  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      /* To declare a set that is there changes nothing, and what is not there could not be named. */
      if (sets[i].part != ADIT_RULESET_ALWAYS)
        g_string_append_printf (text, "table %s " ADIT_NFT_TABLE " {\n\tset %s {\n\t\ttype %s\n\t}\n}\n", sets[i].table,
                                sets[i].name, sets[i].type);
      g_string_append_printf (text, "%s set %s " ADIT_NFT_TABLE " %s\n", has_set (i, policy) ? "flush" : "delete", sets[i].table,
                              sets[i].name);
    }
}

/**
 * adit_ruleset_sets:
 * @policy: a lock, not %ADIT_LOCK_OFF
 *
 * Returns: (transfer full): the sets of both tables alone, for adit_ruleset_outline()
 */
char *
adit_ruleset_sets (const AditLockPolicy *policy)
{
  static const char *const tables[] = { "inet", "netdev" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_string_append_printf (text, "table %s " ADIT_NFT_TABLE " {\n", tables[i]);
      adit_ruleset_append_sets (text, policy, tables[i]);
      g_string_append (text, "}\n");
    }
  return g_string_free (text, FALSE);
}

/**
 * adit_ruleset_members:
 * @before: (nullable): the lock in force, of the same parts, whose other sets are left alone; %NULL: fill all
 * @policy: the wanted lock, not %ADIT_LOCK_OFF
 *
 * The text of one transaction that goes over to another lock where the tables stand whole: members of sets, and nothing else.
 *
 * Returns: (transfer full): nft text, "" where nothing differs
 */
char *
adit_ruleset_members (const AditLockPolicy *before, const AditLockPolicy *policy)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autofree char *old = before != NULL ? join_members (i, before) : NULL, *new = join_members (i, policy);

      if (!has_set (i, policy) || (before != NULL && g_strcmp0 (old, new) == 0))
        continue;
      g_string_append_printf (text, "flush set %s " ADIT_NFT_TABLE " %s\n", sets[i].table, sets[i].name);
      if (new != NULL)
        g_string_append_printf (text, "add element %s " ADIT_NFT_TABLE " %s { %s }\n", sets[i].table, sets[i].name, new);
    }
  return g_string_free (text, FALSE);
}
