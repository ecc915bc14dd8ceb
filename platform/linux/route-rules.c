/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-rules.c: what is wanted is added first, then everything else in our block of priorities goes; so there is no moment in
 * which a packet without our mark finds the main table. */
#include "platform/linux/route-rules.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include "platform/linux/marks.h"
#include "platform/linux/netlink.h"

#define MAX_RULES (7 + 3 * ADIT_TUNNEL_MAX_DNS + ADIT_REACH_MAX_NETS + ADIT_REACH_MAX_POINTS)

/* How much of a port counts: all of it.  From Linux 6.15 on the kernel says so; FRA_SPORT_MASK and FRA_DPORT_MASK of
 * linux/fib_rules.h, which older headers do not have. */
#define SPORT_MASK 28
#define DPORT_MASK 29

typedef struct
{
  guint32     priority;
  guint32     table;
  guint32     mark, mask;
  AditPrefix  to;               /* or none */
  AditFlow    flow;             /* or none: both ends, as a packet leaves */
  guint32     uid;              /* or 0: everybody's */
  gboolean    is_inverted;
  gboolean    is_from_tunnel;
  gboolean    is_dead_end;      /* no table: unreachable */
  guint32     suppress;         /* prefixes of that length and shorter do not count; all bits: no such thing */
} Rule;

typedef struct
{
  int         family;           /* AF_ */
  const Rule *wanted;
  guint       n_wanted;
  GPtrArray  *surplus;          /* whole messages */
} Sweep;

static const Rule nothing = { .suppress = G_MAXUINT32 };

static gboolean rule_equal (const Rule *a, const Rule *b);

/* Several addresses of one link lead to the same rule. */
static guint
add_target (Rule rules[MAX_RULES], guint n, guint32 priority, guint32 table, const AditPrefix *to, guint32 suppress)
{
  rules[n].priority = priority;
  rules[n].to = *to;
  rules[n].table = table;
  rules[n].suppress = suppress;
  for (guint i = 0; i < n; i++)
    if (rule_equal (&rules[i], &rules[n]))
      {
        rules[n] = nothing;
        return n;
      }
  return n + 1;
}

static guint
add_hosts (Rule rules[MAX_RULES], guint n, AditFamily family, guint32 priority, guint32 table, const AditAddress *hosts,
           guint n_hosts, guint32 suppress)
{
  for (guint i = 0; i < MIN (n_hosts, ADIT_TUNNEL_MAX_DNS); i++)
    if (hosts[i].family == family)
      n = add_target (rules, n, priority, table, &(AditPrefix) { hosts[i], family == ADIT_FAMILY_IPV4 ? 32 : 128 }, suppress);
  return n;
}

/* What may be reached beside the tunnel is looked for in main, and only where main has a way of its own to it: by default it
 * would leave for the internet. */
static guint
add_reach (Rule rules[MAX_RULES], guint n, AditFamily family, const AditReach *reach)
{
  n = add_hosts (rules, n, family, ADIT_RULE_RESOLVERS, ADIT_ROUTE_TABLE, reach->inside, reach->n_inside, G_MAXUINT32);
  n = add_hosts (rules, n, family, ADIT_RULE_OUTSIDE, RT_TABLE_MAIN, reach->outside, reach->n_outside, 0);
  for (guint i = 0; i < MIN (reach->n_nets, ADIT_REACH_MAX_NETS); i++)
    {
      const AditReachNet *net = &reach->nets[i];

      if (net->to.address.family == family)
        n = add_target (rules, n, net->is_guests ? ADIT_RULE_GUESTS : ADIT_RULE_LAN, RT_TABLE_MAIN, &net->to, 0);
    }
  /* A group is on the link, whichever route says by which; the lock knows the groups one by one. */
  for (guint i = 0; i < MIN (reach->n_groups, ADIT_REACH_MAX_POINTS); i++)
    if (reach->groups[i].to.address.family == family)
      n = add_target (rules, n, ADIT_RULE_GROUPS, RT_TABLE_MAIN,
                      &(AditPrefix) { reach->groups[i].to.address, family == ADIT_FAMILY_IPV4 ? 32 : 128 }, G_MAXUINT32);
  return n;
}

static guint
list_wanted (AditFamily family, const AditTunnelSpec *spec, const AditReach *reach, Rule rules[MAX_RULES])
{
  guint n = 0;

  for (guint i = 0; i < MAX_RULES; i++)
    rules[i] = nothing;
  if (adit_flow_is_valid (&reach->kept) && reach->kept.local.address.family == family)
    {
      rules[n].priority = ADIT_RULE_KEPT;
      rules[n].flow = reach->kept;
      rules[n++].table = RT_TABLE_MAIN;
    }
  /* Enters the tunnel once more, to be enciphered for the first peer. */
  if (spec->is_nested && spec->more_peers[0].endpoint.address.family == family)
    {
      rules[n].priority = ADIT_RULE_NESTED;
      rules[n].mark = ADIT_MARK;
      rules[n].mask = ADIT_MARK_MASK;
      rules[n].to = (AditPrefix) { spec->more_peers[0].endpoint.address, family == ADIT_FAMILY_IPV4 ? 32 : 128 };
      rules[n++].table = ADIT_ROUTE_TABLE;
    }
  rules[n].priority = ADIT_RULE_MARKED;
  rules[n].mark = ADIT_MARK;
  rules[n].mask = ADIT_MARK_MASK;
  rules[n++].table = RT_TABLE_MAIN;
  if (spec->carrier_uid != 0 && spec->peer.address.family == family)
    {
      rules[n].priority = ADIT_RULE_CARRIER;
      rules[n].uid = spec->carrier_uid;
      rules[n].to = (AditPrefix) { spec->peer.address, family == ADIT_FAMILY_IPV4 ? 32 : 128 };
      rules[n].table = RT_TABLE_MAIN;
      /* Where main has no way, what carries the tunnel must not fall into the tunnel. */
      rules[n + 1] = rules[n];
      rules[n + 1].priority = ADIT_RULE_CARRIER_LOST;
      rules[n + 1].table = RT_TABLE_UNSPEC;
      rules[n + 1].is_dead_end = TRUE;
      n += 2;
    }
  rules[n].priority = ADIT_RULE_FROM_TUNNEL;
  rules[n].is_from_tunnel = TRUE;
  rules[n].suppress = 0;
  rules[n++].table = RT_TABLE_MAIN;
  n = add_hosts (rules, n, family, ADIT_RULE_RESOLVERS, ADIT_ROUTE_TABLE, spec->dns, spec->n_dns, G_MAXUINT32);
  n = add_reach (rules, n, family, reach);
  /* "Not our mark", rather than "no mark": a packet with someone else's bits must not slip past, and one of ours for which the
   * main table has no way must not fall into the tunnel that it carries. */
  rules[n].priority = ADIT_RULE_ALL;
  rules[n].mark = ADIT_MARK;
  rules[n].mask = ADIT_MARK_MASK;
  rules[n].is_inverted = TRUE;
  rules[n++].table = ADIT_ROUTE_TABLE;
  return n;
}

static void
put_flow (struct nlmsghdr *message, const AditFlow *flow, guint address_bytes)
{
  const struct fib_rule_port_range local = { flow->local.port, flow->local.port };
  const struct fib_rule_port_range remote = { flow->remote.port, flow->remote.port };
  const guint8 protocol = IPPROTO_TCP;

  adit_netlink_put (message, FRA_SRC, flow->local.address.bytes, address_bytes);
  adit_netlink_put (message, FRA_DST, flow->remote.address.bytes, address_bytes);
  adit_netlink_put (message, FRA_IP_PROTO, &protocol, sizeof protocol);
  adit_netlink_put (message, FRA_SPORT_RANGE, &local, sizeof local);
  adit_netlink_put (message, FRA_DPORT_RANGE, &remote, sizeof remote);
}

static gboolean
add_rule (int family, const Rule *rule, GError **error)
{
  const guint address_bytes = family == AF_INET ? 4 : 16;
  gboolean has_target = rule->to.address.family != ADIT_FAMILY_NONE, has_flow = adit_flow_is_valid (&rule->flow);
  const guint8 whole = (guint8) (address_bytes * 8);
  const struct fib_rule_hdr header = {
    .family = family, .src_len = has_flow ? whole : 0,
    .dst_len = has_flow ? whole : has_target ? rule->to.prefix_bits : 0,
    .action = rule->is_dead_end ? FR_ACT_UNREACHABLE : FR_ACT_TO_TBL,
    .table = rule->table < 256 ? rule->table : RT_TABLE_UNSPEC, .flags = rule->is_inverted ? FIB_RULE_INVERT : 0,
  };
  const guint8 protocol = ADIT_RULE_PROTOCOL;
  AditNetlinkRequest request;
  struct nlmsghdr *message = adit_netlink_begin (&request, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, &header, sizeof header);

  adit_netlink_put (message, FRA_PRIORITY, &rule->priority, sizeof rule->priority);
  if (!rule->is_dead_end)
    adit_netlink_put (message, FRA_TABLE, &rule->table, sizeof rule->table);
  adit_netlink_put (message, FRA_PROTOCOL, &protocol, sizeof protocol);
  if (rule->mask != 0)
    {
      adit_netlink_put (message, FRA_FWMARK, &rule->mark, sizeof rule->mark);
      adit_netlink_put (message, FRA_FWMASK, &rule->mask, sizeof rule->mask);
    }
  if (rule->is_from_tunnel)
    adit_netlink_put (message, FRA_IIFNAME, ADIT_TUNNEL_DEVICE, sizeof ADIT_TUNNEL_DEVICE);
  if (has_target)
    adit_netlink_put (message, FRA_DST, rule->to.address.bytes, address_bytes);
  if (rule->uid != 0)
    adit_netlink_put (message, FRA_UID_RANGE, &(struct fib_rule_uid_range) { rule->uid, rule->uid },
                      sizeof (struct fib_rule_uid_range));
  if (has_flow)
    put_flow (message, &rule->flow, address_bytes);
  if (rule->suppress != G_MAXUINT32)
    adit_netlink_put (message, FRA_SUPPRESS_PREFIXLEN, &rule->suppress, sizeof rule->suppress);
  return adit_netlink_send (NETLINK_ROUTE, message, NULL, NULL, EEXIST, error);
}

static gboolean
read_user (const void *value, guint length, guint32 *uid)
{
  struct fib_rule_uid_range range;

  if (length != sizeof range)
    return FALSE;
  memcpy (&range, value, sizeof range);
  *uid = range.start;
  return range.start == range.end;
}

static gboolean
read_port (const void *value, guint length, guint16 *port)
{
  struct fib_rule_port_range range;

  if (length != sizeof range)
    return FALSE;
  memcpy (&range, value, sizeof range);
  *port = range.start;
  return range.start == range.end;
}

/* What says something of one connection says all of it; its end was read as a target. */
static gboolean
read_flow (Rule *rule, guint8 protocol, guint8 source_bits)
{
  guint whole = rule->to.address.family == ADIT_FAMILY_IPV4 ? 32 : 128;

  if (protocol == 0 && source_bits == 0 && rule->flow.local.port == 0 && rule->flow.remote.port == 0)
    return TRUE;
  rule->flow.remote.address = rule->to.address;
  if (protocol != IPPROTO_TCP || source_bits != whole || rule->to.prefix_bits != whole || !adit_flow_is_valid (&rule->flow))
    return FALSE;
  rule->to = nothing.to;
  return TRUE;
}

/* FALSE for a rule that says more than ours do. */
static gboolean
read_rule (const struct nlmsghdr *message, Rule *rule)
{
  const struct fib_rule_hdr *header = mnl_nlmsg_get_payload (message);
  const struct nlattr *attribute;
  gboolean is_plain = (header->action == FR_ACT_TO_TBL || header->action == FR_ACT_UNREACHABLE) && header->tos == 0;
  guint address_bytes = header->family == AF_INET ? 4 : 16;
  guint8 flow_protocol = 0;

  *rule = nothing;
  rule->table = header->table;
  rule->is_dead_end = header->action == FR_ACT_UNREACHABLE;
  rule->is_inverted = (header->flags & FIB_RULE_INVERT) != 0;
  mnl_attr_for_each (attribute, message, sizeof *header)
    {
      const void *value = mnl_attr_get_payload (attribute);
      guint length = mnl_attr_get_payload_len (attribute);
      guint32 number = 0;

      if (length == sizeof number)
        memcpy (&number, value, sizeof number);
      switch (mnl_attr_get_type (attribute))
        {
        case FRA_PRIORITY: rule->priority = number; break;
        case FRA_TABLE: rule->table = number; break;
        case FRA_FWMARK: rule->mark = number; break;
        case FRA_FWMASK: rule->mask = number; break;
        case FRA_SUPPRESS_PREFIXLEN: rule->suppress = number; break;
        case FRA_PROTOCOL: is_plain &= length == 1 && *(const guint8 *) value == ADIT_RULE_PROTOCOL; break;
        case FRA_IIFNAME:
          rule->is_from_tunnel = length == sizeof ADIT_TUNNEL_DEVICE && memcmp (value, ADIT_TUNNEL_DEVICE, length) == 0;
          is_plain &= rule->is_from_tunnel;
          break;
        case FRA_DST:
          if (length == address_bytes && header->dst_len <= length * 8)
            {
              rule->to.address.family = header->family == AF_INET ? ADIT_FAMILY_IPV4 : ADIT_FAMILY_IPV6;
              rule->to.prefix_bits = header->dst_len;
              memcpy (rule->to.address.bytes, value, length);
            }
          else
            is_plain = FALSE;
          break;
        case FRA_SRC:
          is_plain &= length == address_bytes;
          rule->flow.local.address.family = header->family == AF_INET ? ADIT_FAMILY_IPV4 : ADIT_FAMILY_IPV6;
          memcpy (rule->flow.local.address.bytes, value, MIN (length, sizeof rule->flow.local.address.bytes));
          break;
        case FRA_UID_RANGE: is_plain &= read_user (value, length, &rule->uid); break;
        case FRA_IP_PROTO: flow_protocol = length == 1 ? *(const guint8 *) value : G_MAXUINT8; break;
        case FRA_SPORT_RANGE: is_plain &= read_port (value, length, &rule->flow.local.port); break;
        case FRA_DPORT_RANGE: is_plain &= read_port (value, length, &rule->flow.remote.port); break;
        case SPORT_MASK:
        case DPORT_MASK:
          is_plain &= length == 2 && memcmp (value, "\xff\xff", 2) == 0;
          break;
        default: is_plain = FALSE; break;
        }
    }
  return read_flow (rule, flow_protocol, header->src_len) && is_plain;
}

static gboolean
rule_equal (const Rule *a, const Rule *b)
{
  return a->priority == b->priority && a->table == b->table && a->mark == b->mark && a->mask == b->mask &&
         a->suppress == b->suppress && a->uid == b->uid &&
         a->is_inverted == b->is_inverted && a->is_from_tunnel == b->is_from_tunnel &&
         a->is_dead_end == b->is_dead_end &&
         adit_prefix_equal (&a->to, &b->to) && adit_flow_equal (&a->flow, &b->flow);
}

static void
on_rule (const struct nlmsghdr *message, gpointer data)
{
  Sweep *self = data;
  const struct fib_rule_hdr *header = mnl_nlmsg_get_payload (message);
  gboolean is_plain;
  Rule rule;

  /* A kernel without the family answers with all families. */
  if (message->nlmsg_type != RTM_NEWRULE || mnl_nlmsg_get_payload_len (message) < sizeof *header ||
      header->family != self->family)
    return;
  is_plain = read_rule (message, &rule);
  if (rule.priority < ADIT_RULE_FIRST || rule.priority > ADIT_RULE_LAST)
    return;
  if (rule.priority == ADIT_RULE_FORMER && header->action == FR_ACT_PROHIBIT)    /* route-former.c looks after these */
    return;
  for (guint i = 0; is_plain && i < self->n_wanted; i++)
    if (rule_equal (&rule, &self->wanted[i]))
      return;
  adit_netlink_keep_copy (message, self->surplus);
}

static gboolean
sweep (int family, const Rule *wanted, guint n_wanted, GError **error)
{
  const struct fib_rule_hdr header = { .family = family };
  g_autoptr (GPtrArray) surplus = g_ptr_array_new_with_free_func (g_free);
  Sweep state = { .family = family, .wanted = wanted, .n_wanted = n_wanted, .surplus = surplus };
  AditNetlinkRequest request;

  if (!adit_netlink_send (NETLINK_ROUTE, adit_netlink_begin (&request, RTM_GETRULE, NLM_F_DUMP, &header, sizeof header),
                          on_rule, &state, 0, error))
    return FALSE;
  /* From the last to the first, so that the rule for everything goes before those which make an exception of it: else a
   * connection that is kept would be led into the tunnel for a moment, and be refused there. */
  for (guint i = surplus->len; i > 0; i--)
    {
      struct nlmsghdr *message = g_ptr_array_index (surplus, i - 1);

      message->nlmsg_type = RTM_DELRULE;
      message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
      if (!adit_netlink_send (NETLINK_ROUTE, message, NULL, NULL, ENOENT, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * adit_route_rules_set:
 * @family: which
 * @spec: whose resolvers go by our table
 * @reach: what is looked for in main nevertheless
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether the rules of marks.h, and no others, stand in our block
 */
gboolean
adit_route_rules_set (AditFamily family, const AditTunnelSpec *spec, const AditReach *reach, GError **error)
{
  const int af = family == ADIT_FAMILY_IPV4 ? AF_INET : AF_INET6;
  Rule rules[MAX_RULES];
  guint n = list_wanted (family, spec, reach, rules);

  for (guint i = 0; i < n; i++)
    if (!add_rule (af, &rules[i], error))
      goto failed;
  if (sweep (af, rules, n, error))
    return TRUE;
failed:
  g_prefix_error (error, "Could not set the routing rules of IPv%d: ", family);
  return FALSE;
}

/**
 * adit_route_rules_remove:
 * @family: which
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether our block is empty
 */
gboolean
adit_route_rules_remove (AditFamily family, GError **error)
{
  if (sweep (family == ADIT_FAMILY_IPV4 ? AF_INET : AF_INET6, NULL, 0, error))
    return TRUE;
  g_prefix_error (error, "Could not remove the routing rules of IPv%d: ", family);
  return FALSE;
}
