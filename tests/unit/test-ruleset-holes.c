/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ruleset-holes.c: each thing that is let through beside the tunnel, and that nothing else is for its sake. */
#include <string.h>

#include "platform/linux/marks.h"
#include "tests/unit/ruleset-case.h"

/* Beside the tunnel: nothing public, nothing from a public address to a private one of another family, names to the one resolver
 * and only where there is a tunnel; and in no lock that nobody knows. */
static void
test_reach (void)
{
  for (guint i = 0; i < RULESET_N_LOCKS; i++)
    {
      AditLockPolicy policy = ruleset_new_policy (ruleset_locks[i].lock, ruleset_locks[i].has_peer, RULESET_BOTH_FAMILIES);
      gboolean known = ruleset_locks[i].lock <= ADIT_LOCK_TUNNEL, names = known && ruleset_locks[i].lock != ADIT_LOCK_ALL;
      g_autofree char *text = NULL;
      const char *near, *refused;

      ruleset_add_reach (&policy);
      text = adit_ruleset_new (&policy, ruleset_two_links);
      g_assert_cmpuint (ruleset_count (text, "\"eth0\" . 192.168.1.5 . 192.168.1.0/24"), ==, known ? 1 : 0);
      g_assert_cmpuint (ruleset_count (text, "\"eth0\" . fe80::5 . fe80::/64"), ==, known ? 1 : 0);
      g_assert_cmpuint (ruleset_count (text, "\"virbr0\" . 192.168.122.1 . 192.168.122.0/24"), ==, known ? 1 : 0);
      g_assert_cmpuint (ruleset_count (text, "203.0.113.0"), ==, 0);
      g_assert_cmpuint (ruleset_count (text, "2001:db8:1::/64"), ==, 0);
      g_assert_cmpuint (ruleset_count (text, " . 53 ") + ruleset_count (text, " . 53,"), ==, names ? 12 : 0);
      g_assert_cmpuint (ruleset_count (text, " . 192.168.1.1 . 17 . 53,"), ==, names ? 6 : 0);    /* 3 addresses, 2 tables */
      g_assert_cmpuint (ruleset_count (text, "elements = { 0x00000700 }"), ==, known ? 1 : 0);
      if (ruleset_locks[i].lock == ADIT_LOCK_OFF)
        continue;
      refused = strstr (text, "\t\tudp dport { 53, 853 } reject");
      near = strstr (text, "@near4");
      g_assert_true (refused != NULL && near != NULL && refused < near);
      g_assert_true (strstr (text, "fib daddr type 3 reject") < near);
    }
}

/* What a damaged policy says is near is looked at again. */
static void
test_reach_damaged (void)
{
  AditLockPolicy policy = ruleset_new_policy (ADIT_LOCK_TUNNEL, TRUE, RULESET_BOTH_FAMILIES);
  g_autofree char *text = NULL;

  ruleset_add_reach (&policy);
  policy.reach.n_nets = policy.reach.n_resolvers = policy.reach.n_groups = G_MAXUINT;
  g_assert_true (adit_prefix_parse ("192.0.0.0/8", &policy.reach.nets[0].to));
  g_strlcpy (policy.reach.nets[1].link, "a\"b", sizeof policy.reach.nets[1].link);
  text = adit_ruleset_new (&policy, ruleset_two_links);
  g_assert_null (strstr (text, "192.0.0.0/8"));
  g_assert_null (strstr (text, "a\"b"));
  g_assert_null (strstr (text, "none"));
}

/* A carrier that cannot mark is let through as its user's alone; on the wire, where nobody knows users, with the mark that the
 * output chain has set. */
static void
test_carrier (void)
{
  for (guint i = 0; i < RULESET_N_LOCKS; i++)
    {
      AditLockPolicy policy = ruleset_new_policy (ruleset_locks[i].lock, TRUE, RULESET_BOTH_FAMILIES), without = policy;
      gboolean tunnel = ruleset_locks[i].lock == ADIT_LOCK_PEER || ruleset_locks[i].lock == ADIT_LOCK_TUNNEL;
      g_autofree char *text = NULL;

      policy.transport = ADIT_TRANSPORT_TCP;
      g_assert_false (adit_lock_policy_equal (&policy, &without));
      policy.carrier_uid = without.carrier_uid = 61003;
      g_assert_false (adit_lock_policy_equal (&policy, &without));
      text = adit_ruleset_new (&policy, ruleset_two_links);
      g_assert_cmpuint (ruleset_count (text, "{ 61003 . 198.51.100.10 . 6 . 51820 }"), ==, tunnel ? 1 : 0);
      g_assert_cmpuint (ruleset_count (text, "198.51.100.10"), ==, tunnel ? 2 : 0);
      g_assert_cmpuint (ruleset_count (text, "meta mark set meta mark & 0xfffff5ff | 0x00000500 accept"), ==,
                        ruleset_locks[i].lock == ADIT_LOCK_OFF ? 0 : 2);
    }
}

/* Every peer of the tunnel, by its own address and port and by the one protocol; never one's address with another's port. */
static void
test_peers (void)
{
  for (guint i = 0; i < RULESET_N_LOCKS; i++)
    {
      AditLockPolicy policy = ruleset_new_policy (ruleset_locks[i].lock, TRUE, RULESET_BOTH_FAMILIES), without = policy;
      gboolean tunnel = ruleset_locks[i].lock == ADIT_LOCK_PEER || ruleset_locks[i].lock == ADIT_LOCK_TUNNEL;
      g_autofree char *text = NULL, *damaged = NULL;

      policy.n_more_peers = without.n_more_peers = 2;
      g_assert_true (adit_endpoint_parse ("198.51.100.11:443", &policy.more_peers[0]));
      g_assert_true (adit_endpoint_parse ("[2001:db8::11]:53", &policy.more_peers[1]));
      g_assert_false (adit_lock_policy_equal (&policy, &without));
      text = adit_ruleset_new (&policy, ruleset_two_links);
      g_assert_cmpuint (ruleset_count (text, "198.51.100.10 . 17 . 51820"), ==, tunnel ? 2 : 0);
      g_assert_cmpuint (ruleset_count (text, "198.51.100.11 . 17 . 443"), ==, tunnel ? 2 : 0);
      g_assert_cmpuint (ruleset_count (text, "2001:db8::11 . 17 . 53"), ==, tunnel ? 2 : 0);
      g_assert_cmpuint (ruleset_count (text, "198.51.100.1"), ==, tunnel ? 4 : 0);
      g_assert_cmpuint (ruleset_count (text, "2001:db8::11"), ==, tunnel ? 2 : 0);
      policy.n_more_peers = G_MAXUINT;
      damaged = adit_ruleset_new (&policy, ruleset_two_links);
      g_assert_cmpstr (damaged, ==, text);
    }
}

/* One connection, by all of its numbers, once on its way out and once on the wire; in no lock that nobody knows. */
static void
test_kept (void)
{
  static const struct { const char *local, *remote, *member, *set; } flows[] = {
    { "10.10.0.2:22", "203.0.113.80:40000", "{ 10.10.0.2 . 22 . 203.0.113.80 . 40000 }", "@kept4" },
    { "[2001:db8:10::2]:22", "[2001:db8:ff::80]:40000", "{ 2001:db8:10::2 . 22 . 2001:db8:ff::80 . 40000 }", "@kept6" },
  };

  for (guint i = 0; i < RULESET_N_LOCKS; i++)
    for (guint n = 0; n < G_N_ELEMENTS (flows); n++)
      {
        AditLockPolicy policy = ruleset_new_policy (ruleset_locks[i].lock, ruleset_locks[i].has_peer, RULESET_BOTH_FAMILIES);
        AditLockPolicy without = policy;
        g_autofree char *text = NULL, *damaged = NULL;

        g_assert_true (adit_endpoint_parse (flows[n].local, &policy.reach.kept.local));
        g_assert_true (adit_endpoint_parse (flows[n].remote, &policy.reach.kept.remote));
        g_assert_false (adit_lock_policy_equal (&policy, &without));
        text = adit_ruleset_new (&policy, ruleset_two_links);
        g_assert_cmpuint (ruleset_count (text, flows[n].member), ==, ruleset_locks[i].lock <= ADIT_LOCK_TUNNEL ? 2 : 0);
        g_assert_cmpuint (ruleset_count (text, " . 40000"), ==, ruleset_locks[i].lock <= ADIT_LOCK_TUNNEL ? 2 : 0);
        g_assert_cmpuint (ruleset_count (text, flows[n].set), ==, ruleset_locks[i].lock == ADIT_LOCK_OFF ? 0 : 3);
        policy.reach.kept.remote.port = 0;
        damaged = adit_ruleset_new (&policy, ruleset_two_links);
        g_assert_cmpuint (ruleset_count (damaged, flows[n].member), ==, 0);
      }
}

/* Room for a portal opens nothing; what is put into it names who, from where, to where, which port, and for how long. */
static void
test_portal (void)
{
  static const char listed[] = "table inet adit {\n\tset portal4 {\n\t\ttype mark\n%s\t}\n\tset kept4 {\n\t\telements = { 1 }\n"
                               "\t}\n}\n";
  AditLockPolicy policy = ruleset_new_policy (ADIT_LOCK_ALL, FALSE, RULESET_BOTH_FAMILIES), without = policy;
  g_autofree char *text = NULL, *members = NULL, *full = NULL, *empty = NULL, *one = NULL, *other = NULL;
  g_auto (GStrv) each = NULL;
  AditPortalHole hole = { .n_resolvers = 1 };

  policy.reach.has_portal = TRUE;
  g_assert_false (adit_lock_policy_equal (&policy, &without));
  text = adit_ruleset_new (&policy, ruleset_two_links);
  g_assert_cmpuint (ruleset_count (text, "set portal"), ==, 4);
  g_assert_cmpuint (ruleset_count (text, "@portal"), ==, 4);
  g_assert_cmpuint (ruleset_count (text, "flags timeout"), ==, 4);
  g_assert_null (strstr (text, "timeout 3"));

  g_assert_true (adit_address_parse ("10.10.0.1", &hole.gateway) && adit_address_parse ("10.10.0.2", &hole.from) &&
                 adit_address_parse ("10.10.0.3", &hole.resolvers[0]));
  members = adit_ruleset_portal (&hole, 300);
  each = g_strsplit_set (members, ",{", -1);
  for (guint i = 0; each[i] != NULL; i++)
    if (strstr (each[i], "add element") == NULL)
      g_assert_nonnull (strstr (each[i], " timeout 300s"));
  g_assert_cmpuint (ruleset_count (members, " timeout "), ==, 12);
  g_assert_cmpuint (ruleset_count (members, "\"adit-portal\" . 10.10.0.2 . 10.10.0.1 . 6 . "), ==, 4);
  g_assert_cmpuint (ruleset_count (members, "\"adit-portal\" . 10.10.0.2 . 10.10.0.3 . "), ==, 2);
  g_assert_cmpuint (ruleset_count (members, "\"adit-portal\""), ==, 6);
  g_assert_cmpuint (ruleset_count (members, "10.10.0.3 . 17 . 53"), ==, 2);

  /* Its members are the kernel's to take away; all others are looked at. */
  full = g_strdup_printf (listed, "\t\telements = { 3 timeout 5m,\n\t\t\t 4 timeout 5m }\n");
  empty = g_strdup_printf (listed, "");
  one = adit_ruleset_outline (full);
  other = adit_ruleset_outline (empty);
  g_assert_cmpstr (one, ==, other);
  g_assert_nonnull (strstr (one, "elements = { 1 }"));
}

/* Of a tunnel in a tunnel only what has our mark goes to the second server, from our address and to its port; nothing else does,
 * of whatever kind, and no other rule of the tunnel comes before that. */
static void
test_nested (void)
{
  static const struct { const char *exit, *address, *first, *refused; } cases[] = {
    { "198.51.100.30:51820", "198.51.100.30", "{ 10.64.0.2 . 198.51.100.30 . 17 . 51820 }", "\t\tip daddr @inner4 reject" },
    { "[2001:db8:ff::130]:51820", "2001:db8:ff::130", "{ fc00:bbbb:bbbb:bb01::2 . 2001:db8:ff::130 . 17 . 51820 }",
      "\t\tip6 daddr @inner6 reject" },
  };

  for (guint i = 0; i < RULESET_N_LOCKS; i++)
    for (guint n = 0; n < G_N_ELEMENTS (cases); n++)
      {
        AditLockPolicy policy = ruleset_new_policy (ruleset_locks[i].lock, ruleset_locks[i].has_peer, RULESET_BOTH_FAMILIES);
        AditLockPolicy without = policy;
        gboolean tunnel = ruleset_locks[i].lock == ADIT_LOCK_PEER || ruleset_locks[i].lock == ADIT_LOCK_TUNNEL;
        g_autofree char *text = NULL, *forward_refused = NULL;
        const char *chain, *forward;

        ruleset_add_nested (&policy, cases[n].exit);
        g_assert_false (adit_lock_policy_equal (&policy, &without));
        text = adit_ruleset_new (&policy, ruleset_two_links);
        g_assert_cmpuint (ruleset_count (text, cases[n].first), ==, tunnel ? 1 : 0);
        g_assert_cmpuint (ruleset_count (text, cases[n].address), ==, tunnel ? 2 : 0);    /* and no hole on the wire */
        if (ruleset_locks[i].lock == ADIT_LOCK_OFF)
          continue;
        chain = strstr (text, "chain tunnel_output {");
        forward = strstr (text, "chain forward {");
        forward_refused = g_strconcat ("\t\toifname \"" ADIT_TUNNEL_DEVICE "\" ", cases[n].refused + 2, NULL);
        g_assert_true (g_str_has_prefix (strchr (chain, '\n'), "\n\t\tmeta mark & 0x00000f00 == 0x00000500 ip saddr . ip daddr . "
                                         "meta l4proto . th dport @nested4 "));
        g_assert_true (strstr (chain, cases[n].refused) < strstr (chain, "goto tunnel_dns"));
        g_assert_true (strstr (forward, forward_refused) < strstr (forward, "@resolvers4"));
        policy.inner_peer.address.family = ADIT_FAMILY_NONE;
        g_free (text);
        text = adit_ruleset_new (&policy, ruleset_two_links);
        g_assert_cmpuint (ruleset_count (text, cases[n].address), ==, 0);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ruleset-holes/reach", test_reach);
  g_test_add_func ("/ruleset-holes/reach-damaged", test_reach_damaged);
  g_test_add_func ("/ruleset-holes/kept", test_kept);
  g_test_add_func ("/ruleset-holes/portal", test_portal);
  g_test_add_func ("/ruleset-holes/carrier", test_carrier);
  g_test_add_func ("/ruleset-holes/peers", test_peers);
  g_test_add_func ("/ruleset-holes/nested", test_nested);
  return g_test_run ();
}
