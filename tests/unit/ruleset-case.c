/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ruleset-case.c: the locks, policies and links of which the tests of the rules are made. */
#include "tests/unit/ruleset-case.h"

#include <string.h>

static char *no_names[] = { NULL };
static char *two_names[] = { (char *) "eth0", (char *) "wlan0", NULL };
static const AditLinks two = { .names = two_names, .guests = no_names }, none = { .names = no_names, .guests = no_names };

const AditLinks *const ruleset_two_links = &two, *const ruleset_no_links = &none;

const RulesetLock ruleset_locks[RULESET_N_LOCKS] = {
  { "all", ADIT_LOCK_ALL, TRUE },
  { "peer-unknown", ADIT_LOCK_PEER, FALSE },
  { "peer", ADIT_LOCK_PEER, TRUE },
  { "tunnel", ADIT_LOCK_TUNNEL, TRUE },
  { "off", ADIT_LOCK_OFF, TRUE },
  { "unknown", 77, TRUE },
};

AditLockPolicy
ruleset_new_policy (guint lock, gboolean has_peer, RulesetFamilies families)
{
  gboolean both = families == RULESET_BOTH_FAMILIES;
  AditLockPolicy policy = { .lock = lock, .n_api = both ? 2 : 1, .n_tunnel_addresses = both ? 2 : 1, .n_dns = both ? 2 : 1 };

  g_assert_true (adit_endpoint_parse ("192.0.2.10:443", &policy.api[0]));
  g_assert_true (adit_endpoint_parse ("[2001:db8::10]:443", &policy.api[1]));
  if (has_peer)
    g_assert_true (adit_endpoint_parse ("198.51.100.10:51820", &policy.peer));
  g_assert_true (adit_prefix_parse ("10.64.0.2/32", &policy.tunnel_addresses[0]));
  g_assert_true (adit_prefix_parse ("fc00:bbbb:bbbb:bb01::2/128", &policy.tunnel_addresses[1]));
  g_assert_true (adit_address_parse ("10.64.0.1", &policy.dns[0]));
  g_assert_true (adit_address_parse ("fc00:bbbb:bbbb:bb01::1", &policy.dns[1]));
  return policy;
}

/* By the cable the local network, the groups and a private resolver; by the bridge its guests. */
void
ruleset_add_reach (AditLockPolicy *policy)
{
  static const struct { const char *link, *address; gboolean is_guests; } links[] = {
    { "eth0", "192.168.1.5/24", FALSE }, { "eth0", "203.0.113.5/24", FALSE }, { "eth0", "fd00:1::5/64", FALSE },
    { "eth0", "fe80::5/64", FALSE }, { "eth0", "2001:db8:1::5/64", FALSE }, { "virbr0", "192.168.122.1/24", TRUE },
  };
  AditTunnelSpec spec = { .n_addresses = policy->n_tunnel_addresses };
  AditReachSettings settings = { .lan = ADIT_LAN_SUBNET, .multicast = TRUE, .n_guests = 1, .guests = { "virbr0" }, .n_dns = 1 };
  AditNearby nearby[G_N_ELEMENTS (links)] = { 0 };

  memcpy (spec.addresses, policy->tunnel_addresses, sizeof spec.addresses);
  g_assert_true (adit_address_parse ("192.168.1.1", &settings.dns[0]));
  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_strlcpy (nearby[i].link, links[i].link, sizeof nearby[i].link);
      g_assert_true (adit_prefix_parse (links[i].address, &nearby[i].address));
      nearby[i].is_guests = links[i].is_guests;
    }
  adit_reach_resolve (&policy->reach, &settings, nearby, G_N_ELEMENTS (nearby), &spec);
}

/* The exit, which is reached through the tunnel to another server. */
void
ruleset_add_nested (AditLockPolicy *policy, const char *exit)
{
  g_assert_true (adit_endpoint_parse (exit, &policy->inner_peer));
}

static void
add_kept (AditLockPolicy *policy)
{
  g_assert_true (adit_endpoint_parse ("10.10.0.2:22", &policy->reach.kept.local));
  g_assert_true (adit_endpoint_parse ("203.0.113.80:40000", &policy->reach.kept.remote));
}

void
ruleset_add_parts (AditLockPolicy *policy, AditRulesetParts parts)
{
  if ((parts & ADIT_RULESET_BESIDE) != 0)
    ruleset_add_reach (policy);
  if ((parts & ADIT_RULESET_KEPT) != 0)
    add_kept (policy);
  if ((parts & ADIT_RULESET_NESTED) != 0)
    ruleset_add_nested (policy, "198.51.100.30:51820");
  policy->reach.has_portal = (parts & ADIT_RULESET_PORTAL) != 0;
}

guint
ruleset_count (const char *text, const char *words)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, words)) != NULL; at += strlen (words))
    n++;
  return n;
}
