/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ruleset.c: every lock against its golden file, and what must hold for all of them.
 * ADIT_GOLDEN_WRITE=1 writes the golden files anew; read the difference before it is kept. */
#include "platform/linux/ruleset.h"

#include <string.h>
#include "platform/linux/marks.h"

#define N_SETS          34
#define N_OPTIONAL_SETS 23    /* each of its families, and once more for the wire */

typedef enum { TUNNEL_ONE_FAMILY, TUNNEL_BOTH_FAMILIES, N_FAMILIES } Families;

static char *no_names[] = { NULL };
static char *two_names[] = { (char *) "eth0", (char *) "wlan0", NULL };
static char *guest_names[] = { (char *) "virbr0", (char *) "vnet0", NULL };
static char *guest_and_uplink_names[] = { (char *) "eth0", (char *) "virbr0", (char *) "vnet0", NULL };
static const AditLinks two = { .names = two_names, .guests = no_names }, none = { .names = no_names, .guests = no_names };
static const AditLinks with_guests = { .names = guest_and_uplink_names, .guests = guest_names };
static const AditLinks dialled = { .names = two_names, .guests = no_names, .has_ppp = TRUE };
static const AditLinks *const two_links = &two, *const no_links = &none;

static const char *const *
names_of (const AditLinks *links)
{
  return (const char *const *) links->names;
}

static const struct { const char *name; guint lock; gboolean has_peer; } locks[] = {
  { "all", ADIT_LOCK_ALL, TRUE },
  { "peer-unknown", ADIT_LOCK_PEER, FALSE },
  { "peer", ADIT_LOCK_PEER, TRUE },
  { "tunnel", ADIT_LOCK_TUNNEL, TRUE },
  { "off", ADIT_LOCK_OFF, TRUE },
  { "unknown", 77, TRUE },
};

static AditLockPolicy
new_policy (guint lock, gboolean has_peer, Families families)
{
  gboolean both = families == TUNNEL_BOTH_FAMILIES;
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
static void
add_reach (AditLockPolicy *policy)
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
static void
add_nested (AditLockPolicy *policy, const char *exit)
{
  g_assert_true (adit_endpoint_parse (exit, &policy->inner_peer));
}

typedef void (*Check) (const char *name, guint lock, const char *text);

static void
for_each_ruleset (Check check)
{
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    for (guint families = 0; families < N_FAMILIES; families++)
      for (guint n_links = 0; n_links <= 2; n_links += 2)
        {
          AditLockPolicy policy = new_policy (locks[i].lock, locks[i].has_peer, families);
          g_autofree char *text = adit_ruleset_new (&policy, n_links == 0 ? no_links : two_links);
          g_autofree char *name = g_strdup_printf ("ruleset-%s-%s-%ulinks.nft", locks[i].name,
                                                   families == TUNNEL_BOTH_FAMILIES ? "both" : "ipv4", n_links);

          g_assert_nonnull (text);
          check (name, locks[i].lock, text);
        }
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    {
      AditLockPolicy policy = new_policy (locks[i].lock, locks[i].has_peer, TUNNEL_BOTH_FAMILIES);
      g_autofree char *name = g_strdup_printf ("ruleset-%s-both-2links-lan.nft", locks[i].name), *text = NULL;

      add_reach (&policy);
      text = adit_ruleset_new (&policy, two_links);
      check (name, locks[i].lock, text);
    }
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    {
      AditLockPolicy policy = new_policy (locks[i].lock, locks[i].has_peer, TUNNEL_BOTH_FAMILIES);
      g_autofree char *name = g_strdup_printf ("ruleset-%s-both-2links-nested.nft", locks[i].name), *text = NULL;

      add_nested (&policy, "198.51.100.30:51820");
      text = adit_ruleset_new (&policy, two_links);
      check (name, locks[i].lock, text);
    }
}

static void
check_golden (const char *name, guint lock, const char *text)
{
  const char *folder = g_getenv ("ADIT_GOLDEN_DIR");
  g_autofree char *path = g_build_filename (folder, name, NULL), *golden = NULL;
  g_autoptr (GError) error = NULL;

  if (g_getenv ("ADIT_GOLDEN_WRITE") != NULL)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_file_get_contents (path, &golden, NULL, &error);
  g_assert_no_error (error);
  if (!g_str_equal (text, golden))
    {
      g_test_message ("%s is not what is made now:\n%s", name, text);
      g_test_fail ();
    }
}

static void
test_golden (void)
{
  if (g_getenv ("ADIT_GOLDEN_DIR") == NULL)
    g_test_skip ("ADIT_GOLDEN_DIR does not say where the golden files are");
  else
    for_each_ruleset (check_golden);
}

static guint
count_words (const char *text, const char *words)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, words)) != NULL; at += strlen (words))
    n++;
  return n;
}

/* What each base chain does with a packet that no rule knows; prerouting decides nothing. */
static void
check_policies (const char *name, guint lock, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  if (lock == ADIT_LOCK_OFF)
    {
      g_assert_null (strchr (text, '{'));
      return;
    }
  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], " hook ") != NULL)
      g_assert_nonnull (strstr (lines[i], strstr (lines[i], "hook prerouting") != NULL ? "policy accept;" : "policy drop;"));
  g_assert_cmpuint (count_words (text, "hook output"), ==, 1);
  g_assert_cmpuint (count_words (text, "hook input"), ==, 1);
  g_assert_cmpuint (count_words (text, "hook forward"), ==, 1);
  g_assert_cmpuint (count_words (text, "hook egress"), ==, strstr (name, "2links") != NULL ? 2 : 0);
}

/* Each rule that accepts says more than a state, and none trusts a flow only for being established. */
static void
check_accepts (const char *name, guint lock, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_null (strstr (text, "established"));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (strstr (lines[i], " accept ") == NULL)
        continue;
      if (strstr (lines[i], "ct state") != NULL)
        g_assert_nonnull (strstr (lines[i], "ct mark & 0x00000f00 == "));
      if (strstr (lines[i], "ct state 0x2") != NULL)
        g_assert_nonnull (strstr (lines[i], "ct direction 1"));
      g_assert_null (strstr (lines[i], "\t\taccept"));
    }
}

/* Marks are compared and set under the mask: anything that looks whole would fail beside other users of marks. */
static void
check_marks (const char *name, guint lock, const char *text)
{
  for (const char *at = text; (at = strstr (at, " mark ")) != NULL; at += strlen (" mark "))
    {
      gboolean sets = g_str_has_prefix (at, " mark set ");
      const char *mask = sets ? "& 0xfffff" : "& 0x00000f00 == ";

      if (sets)
        {
          at = strstr (at + strlen (" mark set "), " mark ");
          g_assert_nonnull (at);
        }
      g_assert_true (g_str_has_prefix (at + strlen (" mark "), mask));
      at += strlen (" mark ") + strlen (mask);
      g_assert_true (sets || g_str_has_prefix (at, "0x00000") ||
                     g_str_has_prefix (at, "@inside ") || g_str_has_prefix (at, "@beside "));
      at -= strlen (" ");
    }
}

/* The API is reached outside of the tunnel only while there is none; the peer only where one is wanted. */
static void
check_holes (const char *name, guint lock, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean tunnel = lock == ADIT_LOCK_PEER || lock == ADIT_LOCK_TUNNEL;
  gboolean api = lock == ADIT_LOCK_ALL || lock == ADIT_LOCK_PEER;
  gboolean peer = tunnel && strstr (name, "peer-unknown") == NULL, both = strstr (name, "both") != NULL;

  g_assert_cmpuint (count_words (text, "192.0.2.10"), ==, api ? 2 : 0);
  g_assert_cmpuint (count_words (text, "192.0.2.10 . 6 . 443"), ==, api ? 2 : 0);
  g_assert_cmpuint (count_words (text, "2001:db8::10 . 6 . 443"), ==, api && both ? 2 : 0);
  g_assert_cmpuint (count_words (text, "198.51.100.10"), ==, peer ? 2 : 0);
  g_assert_cmpuint (count_words (text, "198.51.100.10 . 17 . 51820"), ==, peer ? 2 : 0);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], "@holes") != NULL)
      g_assert_true (g_str_has_prefix (lines[i], "\t\tmeta mark & 0x00000f00 == 0x00000500 ip"));
  g_assert_cmpuint (count_words (text, "10.64.0.2"), ==, !tunnel ? 0 : strstr (name, "nested") != NULL ? 3 : 2);
  g_assert_cmpuint (count_words (text, "{ 10.64.0.2 . 10.64.0.1 }"), ==, tunnel ? 1 : 0);
  g_assert_cmpuint (count_words (text, "bb01::2"), ==, tunnel && both ? 2 : 0);
  g_assert_cmpuint (count_words (text, "elements = { \"" ADIT_TUNNEL_DEVICE "\" }"), ==, tunnel ? 1 : 0);
  g_assert_cmpuint (count_words (text, "elements = { 0x00000600 }"), ==, tunnel ? 2 : 0);
}

/* While sets change a packet can see one before and another after: no rule asks two.  An empty set opens only if it is not asked
 * for what it lacks; the one set that refuses is asked before those that accept, so that who finds it emptied finds these so. */
static void
check_lookups (const char *name, guint lock, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_null (strstr (text, "!= @"));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      guint n_sets = count_words (lines[i], "@") - count_words (lines[i], "@th,");    /* the other is a place in the packet */

      g_assert_cmpuint (n_sets, <=, 1);
      g_assert_true (n_sets == 0 || strstr (lines[i], " accept ") != NULL || strstr (lines[i], " daddr @inner") != NULL);
    }
}

/* What leaves by the tunnel is met by no rule about cables, and is asked whether it is DNS before a rule accepts it that does not
 * name the resolver; what is DNS never comes to such a rule. */
static void
check_order (const char *name, guint lock, const char *text)
{
  const char *output = strstr (text, "chain output {"), *tunnel = strstr (text, "chain tunnel_output {");
  const char *asked, *opened, *dns;
  g_auto (GStrv) rules = NULL;

  if (lock == ADIT_LOCK_OFF)
    return;
  g_assert_true (output != NULL && tunnel != NULL);
  rules = g_strsplit (output, "\n", 5);
  g_assert_true (g_str_has_prefix (rules[2], "\t\toifname \"lo\" accept "));
  g_assert_true (g_str_has_prefix (rules[3], "\t\toifname \"" ADIT_TUNNEL_DEVICE "\" goto tunnel_output "));
  asked = strstr (tunnel, "\t\tmeta l4proto { 6, 17 } th dport { 53, 853 } goto tunnel_dns ");
  opened = strstr (tunnel, "\t\tip saddr @own4 ct mark set");
  g_assert_true (asked != NULL && opened != NULL && asked < opened && opened < strstr (tunnel, "}\n\tchain"));
  g_assert_cmpuint (count_words (text, "@own"), ==, 2);
  dns = strstr (text, "chain tunnel_dns {");
  g_assert_true (dns != NULL && strstr (dns, "@dns4") < strstr (dns, "\t\treject with icmpx 3 ") &&
                 strstr (dns, "\t\treject with icmpx 3 ") < strstr (dns, "chain tunnel_output {"));
}

static void
test_properties (void)
{
  for_each_ruleset (check_policies);
  for_each_ruleset (check_accepts);
  for_each_ruleset (check_marks);
  for_each_ruleset (check_holes);
  for_each_ruleset (check_lookups);
  for_each_ruleset (check_order);
}

/* Beside the tunnel: nothing public, nothing from a public address to a private one of another family, names to the one resolver
 * and only where there is a tunnel; and in no lock that nobody knows. */
static void
test_reach (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    {
      AditLockPolicy policy = new_policy (locks[i].lock, locks[i].has_peer, TUNNEL_BOTH_FAMILIES);
      gboolean known = locks[i].lock <= ADIT_LOCK_TUNNEL, names = known && locks[i].lock != ADIT_LOCK_ALL;
      g_autofree char *text = NULL;
      const char *near, *refused;

      add_reach (&policy);
      text = adit_ruleset_new (&policy, two_links);
      g_assert_cmpuint (count_words (text, "\"eth0\" . 192.168.1.5 . 192.168.1.0/24"), ==, known ? 1 : 0);
      g_assert_cmpuint (count_words (text, "\"eth0\" . fe80::5 . fe80::/64"), ==, known ? 1 : 0);
      g_assert_cmpuint (count_words (text, "\"virbr0\" . 192.168.122.1 . 192.168.122.0/24"), ==, known ? 1 : 0);
      g_assert_cmpuint (count_words (text, "203.0.113.0"), ==, 0);
      g_assert_cmpuint (count_words (text, "2001:db8:1::/64"), ==, 0);
      g_assert_cmpuint (count_words (text, " . 53 ") + count_words (text, " . 53,"), ==, names ? 12 : 0);
      g_assert_cmpuint (count_words (text, " . 192.168.1.1 . 17 . 53,"), ==, names ? 6 : 0);    /* three addresses, two tables */
      g_assert_cmpuint (count_words (text, "elements = { 0x00000700 }"), ==, known ? 1 : 0);
      if (locks[i].lock == ADIT_LOCK_OFF)
        continue;
      refused = strstr (text, "\t\tudp dport { 53, 853 } reject");
      near = strstr (text, "@near4");
      g_assert_true (refused != NULL && near != NULL && refused < near);
      g_assert_true (strstr (text, "fib daddr type 3 reject") < near);
    }
}

/* A carrier that cannot mark is let through as its user's alone; on the wire, where nobody knows users, with the mark that the
 * output chain has set. */
static void
test_carrier (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    {
      AditLockPolicy policy = new_policy (locks[i].lock, TRUE, TUNNEL_BOTH_FAMILIES), without = policy;
      gboolean tunnel = locks[i].lock == ADIT_LOCK_PEER || locks[i].lock == ADIT_LOCK_TUNNEL;
      g_autofree char *text = NULL;

      policy.transport = ADIT_TRANSPORT_TCP;
      g_assert_false (adit_lock_policy_equal (&policy, &without));
      policy.carrier_uid = without.carrier_uid = 61003;
      g_assert_false (adit_lock_policy_equal (&policy, &without));
      text = adit_ruleset_new (&policy, two_links);
      g_assert_cmpuint (count_words (text, "{ 61003 . 198.51.100.10 . 6 . 51820 }"), ==, tunnel ? 1 : 0);
      g_assert_cmpuint (count_words (text, "198.51.100.10"), ==, tunnel ? 2 : 0);
      g_assert_cmpuint (count_words (text, "meta mark set meta mark & 0xfffff5ff | 0x00000500 accept"), ==,
                        locks[i].lock == ADIT_LOCK_OFF ? 0 : 2);
    }
}

/* Every peer of the tunnel, by its own address and port and by the one protocol; never one's address with another's port. */
static void
test_peers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    {
      AditLockPolicy policy = new_policy (locks[i].lock, TRUE, TUNNEL_BOTH_FAMILIES), without = policy;
      gboolean tunnel = locks[i].lock == ADIT_LOCK_PEER || locks[i].lock == ADIT_LOCK_TUNNEL;
      g_autofree char *text = NULL, *damaged = NULL;

      policy.n_more_peers = without.n_more_peers = 2;
      g_assert_true (adit_endpoint_parse ("198.51.100.11:443", &policy.more_peers[0]));
      g_assert_true (adit_endpoint_parse ("[2001:db8::11]:53", &policy.more_peers[1]));
      g_assert_false (adit_lock_policy_equal (&policy, &without));
      text = adit_ruleset_new (&policy, two_links);
      g_assert_cmpuint (count_words (text, "198.51.100.10 . 17 . 51820"), ==, tunnel ? 2 : 0);
      g_assert_cmpuint (count_words (text, "198.51.100.11 . 17 . 443"), ==, tunnel ? 2 : 0);
      g_assert_cmpuint (count_words (text, "2001:db8::11 . 17 . 53"), ==, tunnel ? 2 : 0);
      g_assert_cmpuint (count_words (text, "198.51.100.1"), ==, tunnel ? 4 : 0);
      g_assert_cmpuint (count_words (text, "2001:db8::11"), ==, tunnel ? 2 : 0);
      policy.n_more_peers = G_MAXUINT;
      damaged = adit_ruleset_new (&policy, two_links);
      g_assert_cmpstr (damaged, ==, text);
    }
}

/* What a damaged policy says is near is looked at again. */
static void
test_reach_damaged (void)
{
  AditLockPolicy policy = new_policy (ADIT_LOCK_TUNNEL, TRUE, TUNNEL_BOTH_FAMILIES);
  g_autofree char *text = NULL;

  add_reach (&policy);
  policy.reach.n_nets = policy.reach.n_resolvers = policy.reach.n_groups = G_MAXUINT;
  g_assert_true (adit_prefix_parse ("192.0.0.0/8", &policy.reach.nets[0].to));
  g_strlcpy (policy.reach.nets[1].link, "a\"b", sizeof policy.reach.nets[1].link);
  text = adit_ruleset_new (&policy, two_links);
  g_assert_null (strstr (text, "192.0.0.0/8"));
  g_assert_null (strstr (text, "a\"b"));
  g_assert_null (strstr (text, "none"));
}

/* One connection, by all of its numbers, once on its way out and once on the wire; in no lock that nobody knows. */
static void
test_kept (void)
{
  static const struct { const char *local, *remote, *member, *set; } flows[] = {
    { "10.10.0.2:22", "203.0.113.80:40000", "{ 10.10.0.2 . 22 . 203.0.113.80 . 40000 }", "@kept4" },
    { "[2001:db8:10::2]:22", "[2001:db8:ff::80]:40000", "{ 2001:db8:10::2 . 22 . 2001:db8:ff::80 . 40000 }", "@kept6" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    for (guint n = 0; n < G_N_ELEMENTS (flows); n++)
      {
        AditLockPolicy policy = new_policy (locks[i].lock, locks[i].has_peer, TUNNEL_BOTH_FAMILIES), without = policy;
        g_autofree char *text = NULL, *damaged = NULL;

        g_assert_true (adit_endpoint_parse (flows[n].local, &policy.reach.kept.local));
        g_assert_true (adit_endpoint_parse (flows[n].remote, &policy.reach.kept.remote));
        g_assert_false (adit_lock_policy_equal (&policy, &without));
        text = adit_ruleset_new (&policy, two_links);
        g_assert_cmpuint (count_words (text, flows[n].member), ==, locks[i].lock <= ADIT_LOCK_TUNNEL ? 2 : 0);
        g_assert_cmpuint (count_words (text, " . 40000"), ==, locks[i].lock <= ADIT_LOCK_TUNNEL ? 2 : 0);
        g_assert_cmpuint (count_words (text, flows[n].set), ==, locks[i].lock == ADIT_LOCK_OFF ? 0 : 3);
        policy.reach.kept.remote.port = 0;
        damaged = adit_ruleset_new (&policy, two_links);
        g_assert_cmpuint (count_words (damaged, flows[n].member), ==, 0);
      }
}

/* Room for a portal opens nothing; what is put into it names who, from where, to where, which port, and for how long. */
static void
test_portal (void)
{
  static const char listed[] = "table inet adit {\n\tset portal4 {\n\t\ttype mark\n%s\t}\n\tset kept4 {\n\t\telements = { 1 }\n"
                               "\t}\n}\n";
  AditLockPolicy policy = new_policy (ADIT_LOCK_ALL, FALSE, TUNNEL_BOTH_FAMILIES), without = policy;
  g_autofree char *text = NULL, *members = NULL, *full = NULL, *empty = NULL, *one = NULL, *other = NULL;
  g_auto (GStrv) each = NULL;
  AditPortalHole hole = { .n_resolvers = 1 };

  policy.reach.has_portal = TRUE;
  g_assert_false (adit_lock_policy_equal (&policy, &without));
  text = adit_ruleset_new (&policy, two_links);
  g_assert_cmpuint (count_words (text, "set portal"), ==, 4);
  g_assert_cmpuint (count_words (text, "@portal"), ==, 4);
  g_assert_cmpuint (count_words (text, "flags timeout"), ==, 4);
  g_assert_null (strstr (text, "timeout 3"));

  g_assert_true (adit_address_parse ("10.10.0.1", &hole.gateway) && adit_address_parse ("10.10.0.2", &hole.from) &&
                 adit_address_parse ("10.10.0.3", &hole.resolvers[0]));
  members = adit_ruleset_portal (&hole, 300);
  each = g_strsplit_set (members, ",{", -1);
  for (guint i = 0; each[i] != NULL; i++)
    if (strstr (each[i], "add element") == NULL)
      g_assert_nonnull (strstr (each[i], " timeout 300s"));
  g_assert_cmpuint (count_words (members, " timeout "), ==, 12);
  g_assert_cmpuint (count_words (members, "\"adit-portal\" . 10.10.0.2 . 10.10.0.1 . 6 . "), ==, 4);
  g_assert_cmpuint (count_words (members, "\"adit-portal\" . 10.10.0.2 . 10.10.0.3 . "), ==, 2);
  g_assert_cmpuint (count_words (members, "\"adit-portal\""), ==, 6);
  g_assert_cmpuint (count_words (members, "10.10.0.3 . 17 . 53"), ==, 2);

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

  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    for (guint n = 0; n < G_N_ELEMENTS (cases); n++)
      {
        AditLockPolicy policy = new_policy (locks[i].lock, locks[i].has_peer, TUNNEL_BOTH_FAMILIES), without = policy;
        gboolean tunnel = locks[i].lock == ADIT_LOCK_PEER || locks[i].lock == ADIT_LOCK_TUNNEL;
        g_autofree char *text = NULL, *forward_refused = NULL;
        const char *chain, *forward;

        add_nested (&policy, cases[n].exit);
        g_assert_false (adit_lock_policy_equal (&policy, &without));
        text = adit_ruleset_new (&policy, two_links);
        g_assert_cmpuint (count_words (text, cases[n].first), ==, tunnel ? 1 : 0);
        g_assert_cmpuint (count_words (text, cases[n].address), ==, tunnel ? 2 : 0);    /* and no hole on the wire */
        if (locks[i].lock == ADIT_LOCK_OFF)
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
        text = adit_ruleset_new (&policy, two_links);
        g_assert_cmpuint (count_words (text, cases[n].address), ==, 0);
      }
}

/* All that stands in the tables but the members of sets. */
static char *
cut_members (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (strstr (text, "table inet adit {"), "\n", -1);
  GString *rest = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (!g_str_has_prefix (lines[i], "\t\telements = "))
      g_string_append_printf (rest, "%s\n", lines[i]);
  return g_string_free (rest, FALSE);
}

static void
add_kept (AditLockPolicy *policy)
{
  g_assert_true (adit_endpoint_parse ("10.10.0.2:22", &policy->reach.kept.local));
  g_assert_true (adit_endpoint_parse ("203.0.113.80:40000", &policy->reach.kept.remote));
}

static void
add_parts (AditLockPolicy *policy, AditRulesetParts parts)
{
  if ((parts & ADIT_RULESET_BESIDE) != 0)
    add_reach (policy);
  if ((parts & ADIT_RULESET_KEPT) != 0)
    add_kept (policy);
  if ((parts & ADIT_RULESET_NESTED) != 0)
    add_nested (policy, "198.51.100.30:51820");
  policy->reach.has_portal = (parts & ADIT_RULESET_PORTAL) != 0;
}

/* A change of lock touches members only, so all else has to be the same in every lock under the same settings. */
static void
test_rules_same (gconstpointer data)
{
  AditRulesetParts parts = GPOINTER_TO_UINT (data);
  AditLockPolicy empty = { .lock = ADIT_LOCK_ALL };
  g_autofree char *text = NULL, *wanted = NULL;

  add_parts (&empty, parts);
  g_assert_cmpuint (adit_ruleset_get_parts (&empty), ==, parts);
  empty.lock = (AditLock) 77;    /* with the rules, and without any member */
  text = adit_ruleset_new (&empty, two_links);
  wanted = cut_members (text);
  g_assert_null (strstr (text, "elements"));
  g_assert_true ((strstr (text, "near4") != NULL) == ((parts & ADIT_RULESET_BESIDE) != 0));
  g_assert_true ((strstr (text, "kept4") != NULL) == ((parts & ADIT_RULESET_KEPT) != 0));
  g_assert_true ((strstr (text, "inner4") != NULL) == ((parts & ADIT_RULESET_NESTED) != 0));
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    {
      AditLockPolicy policy = new_policy (locks[i].lock, locks[i].has_peer, TUNNEL_BOTH_FAMILIES);
      g_autofree char *other = (add_parts (&policy, parts), adit_ruleset_new (&policy, two_links));
      g_autofree char *rest = locks[i].lock != ADIT_LOCK_OFF ? cut_members (other) : NULL;

      if (rest != NULL)
        g_assert_cmpstr (rest, ==, wanted);
    }
}

/* What the kernel would make of @text: "inet adit holes4" to its members. */
static void
play (GHashTable *sets, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) parts = g_strsplit (lines[i], " { ", 2);

      if (g_str_has_prefix (lines[i], "flush set "))
        g_hash_table_replace (sets, g_strdup (lines[i] + strlen ("flush set ")), g_strdup (""));
      else
        {
          g_assert_true (g_str_has_prefix (lines[i], "add element "));
          g_assert_cmpstr (g_hash_table_lookup (sets, parts[0] + strlen ("add element ")), ==, "");
          g_hash_table_replace (sets, g_strdup (parts[0] + strlen ("add element ")), g_strdup (parts[1]));
        }
    }
}

static GHashTable *
declared (const AditLockPolicy *policy)
{
  GHashTable *sets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *text = adit_ruleset_sets (policy), *table = NULL, *set = NULL;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (g_strstrip (lines[i]), " ", 4);

      if (g_str_has_prefix (lines[i], "table "))
        {
          g_free (table);
          table = g_strdup (words[1]);
        }
      else if (g_str_has_prefix (lines[i], "set "))
        {
          g_free (set);
          set = g_strdup_printf ("%s adit %s", table, words[1]);
          g_hash_table_replace (sets, g_strdup (set), g_strdup (""));
        }
      else if (g_str_has_prefix (lines[i], "elements "))
        g_hash_table_replace (sets, g_strdup (set), g_strdup (words[3]));
    }
  return sets;
}

static void
assert_same_sets (GHashTable *a, GHashTable *b)
{
  GHashTableIter iter;
  gpointer name, members;

  g_assert_cmpuint (g_hash_table_size (a), ==, g_hash_table_size (b));
  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &name, &members))
    g_assert_cmpstr (members, ==, g_hash_table_lookup (b, name));
}

/* From every lock to every other: the members are those with which the other would have been made. */
static void
test_members (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    for (guint j = 0; j < G_N_ELEMENTS (locks); j++)
      {
        AditLockPolicy before = new_policy (locks[i].lock, locks[i].has_peer, TUNNEL_BOTH_FAMILIES);
        AditLockPolicy after = new_policy (locks[j].lock, locks[j].has_peer, TUNNEL_ONE_FAMILY);
        AditLockPolicy *narrower = (i + j) % 2 == 0 ? &before : &after;
        g_autofree char *change = NULL, *all = NULL, *nothing = NULL;
        g_autoptr (GHashTable) changed = NULL, filled = NULL, wanted = NULL;

        add_reach (&before);
        add_reach (&after);
        narrower->reach.n_nets = narrower->reach.n_resolvers = 0;    /* a group is left, so that the rules are the same */
        change = adit_ruleset_members (&before, &after);
        all = adit_ruleset_members (NULL, &after);
        nothing = adit_ruleset_members (&after, &after);
        changed = declared (&before);
        filled = declared (&before);
        wanted = declared (&after);
        g_assert_cmpuint (g_hash_table_size (wanted), ==, N_SETS - 8);
        play (changed, change);
        assert_same_sets (changed, wanted);
        play (filled, all);
        assert_same_sets (filled, wanted);
        g_assert_cmpstr (nothing, ==, "");
      }
}

/* Between two hooks a packet can pass: a change of rules leaves chains and tables where they are, and sets the same rules. */
static void
test_refill (gconstpointer data)
{
  AditRulesetParts parts = GPOINTER_TO_UINT (data);
  AditLockPolicy policy = new_policy (ADIT_LOCK_TUNNEL, TRUE, TUNNEL_BOTH_FAMILIES);
  g_autofree char *anew = NULL, *refill = NULL, *a = NULL, *b = NULL;
  char *hostile_names[] = { (char *) "eth\"0", NULL };
  const AditLinks hostile = { .names = hostile_names, .guests = no_names };
  const char *again;

  add_parts (&policy, parts);
  anew = adit_ruleset_new (&policy, two_links);
  refill = adit_ruleset_refill (&policy, two_links);
  again = strstr (refill, "table inet adit {\n\tset holes4 {");
  a = adit_ruleset_outline (strstr (anew, "table inet adit {"));
  b = adit_ruleset_outline (again);
  g_assert_cmpstr (a, ==, b);
  g_assert_null (strstr (refill, "delete table"));
  g_assert_true (g_str_has_prefix (refill, "flush table inet adit\nflush table netdev adit\nflush set inet adit holes4\n"));
  g_assert_cmpuint (count_words (refill, "flush set "), ==, count_words (again, "\tset "));
  /* Whichever settings there were before: their sets go, and can only go if they are there. */
  g_assert_cmpuint (count_words (refill, "delete set inet adit near4\n"), ==, (parts & ADIT_RULESET_BESIDE) != 0 ? 0 : 1);
  g_assert_cmpuint (count_words (refill, "delete set netdev adit kept6\n"), ==, (parts & ADIT_RULESET_KEPT) != 0 ? 0 : 1);
  g_assert_cmpuint (count_words (again, "delete set"), ==, 0);
  g_assert_cmpuint (count_words (refill, "\tset "), ==, count_words (again, "\tset ") + N_OPTIONAL_SETS);
  g_assert_null (adit_ruleset_refill (&policy, &hostile));
}

/* What a damaged policy could hold must not reach past an array or open more. */
static void
test_damaged (void)
{
  AditLockPolicy policy = new_policy (ADIT_LOCK_PEER, TRUE, TUNNEL_BOTH_FAMILIES);
  g_autofree char *text = NULL, *empty = NULL;
  AditLockPolicy nothing = { .lock = ADIT_LOCK_PEER }, twice = new_policy (ADIT_LOCK_PEER, TRUE, TUNNEL_BOTH_FAMILIES);

  twice.api[1] = twice.api[0];
  twice.dns[1] = twice.dns[0];
  {
    g_autofree char *once = adit_ruleset_new (&twice, NULL);

    g_assert_cmpuint (count_words (once, "192.0.2.10"), ==, 2);
    g_assert_cmpuint (count_words (once, "{ 10.64.0.1 }"), ==, 1);
  }
  policy.n_api = policy.n_tunnel_addresses = policy.n_dns = G_MAXUINT;
  policy.api[1].port = 0;
  text = adit_ruleset_new (&policy, NULL);
  g_assert_nonnull (text);
  g_assert_null (strstr (text, "2001:db8::10"));
  g_assert_null (strstr (text, "none"));
  empty = adit_ruleset_new (&nothing, NULL);
  g_assert_cmpuint (count_words (empty, "elements = "), ==, 3);    /* the tunnel's doors, for which nobody has an address */
  g_assert_null (strstr (empty, " . 443"));
}

/* A child of a cable in another namespace keeps the mark of its owner: the mark of replies to guests opens only what leads to
 * guests alone, and PPP over Ethernet only where somebody dials in. */
static void
test_guests (void)
{
  AditLockPolicy policy = new_policy (ADIT_LOCK_TUNNEL, TRUE, TUNNEL_BOTH_FAMILIES);
  g_autofree char *without = adit_ruleset_new (&policy, two_links), *text = adit_ruleset_new (&policy, &with_guests);
  g_autofree char *ppp = adit_ruleset_new (&policy, &dialled);
  const char *cable = strstr (text, "device \"eth0\""), *bridge = strstr (text, "device \"virbr0\"");
  const char *first = strstr (cable, "jump guests");

  g_assert_cmpuint (count_words (without, "jump guests"), ==, 0);
  g_assert_cmpuint (count_words (text, "jump guests"), ==, 2);
  g_assert_true (cable < bridge && bridge < first);
  g_assert_cmpuint (count_words (text, "meta mark & 0x00000f00 == @inside accept"), ==, 1);
  g_assert_null (strstr (text, "0x8864"));
  g_assert_cmpuint (count_words (ppp, "ether type 0x8864 accept"), ==, 1);
}

static void
test_hostile_links (void)
{
  static const char *const hostile[] = {
    "", "eth\"0", "eth\\0", "eth*", "*", "eth0;", "a{b", "a}b", "#", "$x", "a b", "a\nb", "a\tb",
    "\xc3\xa9th", "abcdefghijklmnop", "a'b", "a/b", "a,b", NULL };
  static const char *const fine[] = { "eth0", "enp3s0f1", "wlan0.100", "br-12ab", "veth_1", "a@b", "a+b", "abcdefghijklmno",
                                      NULL };
  AditLockPolicy policy = new_policy (ADIT_LOCK_ALL, FALSE, TUNNEL_ONE_FAMILY);

  g_assert_false (adit_ruleset_link_valid (NULL));
  for (guint i = 0; hostile[i] != NULL; i++)
    {
      char *names[] = { (char *) "eth0", (char *) hostile[i], NULL };
      const AditLinks links = { .names = names, .guests = no_names };

      g_assert_false (adit_ruleset_link_valid (hostile[i]));
      g_assert_null (adit_ruleset_new (&policy, &links));
    }
  for (guint i = 0; fine[i] != NULL; i++)
    g_assert_true (adit_ruleset_link_valid (fine[i]));
}

/* The same rules in another wording are the same; a word less, or a rule more, is not. */
static void
test_outline (void)
{
  static const char written[] =
    "table inet adit\ndelete table inet adit\ntable inet adit {\n\tchain output {\n\t\ttype filter hook output priority 0; "
    "policy drop;\n"
    "\t\toifname != \"adit0\" ip6 daddr { ff02::1, fe80::/10 } meta mark & 0x00000f00 == 0x00000500 accept comment \"1\"\n\t}\n"
    "}\n";
  static const char listed[] =
    "table inet adit {\n\n\tchain output {\n\t\ttype filter hook output priority 0; policy drop;\n"
    "\t\toifname != \"adit0\" ip6 daddr { fe80::/10, ff02::1 } (meta mark & 0xf00) == 1280 accept comment \"1\"\n\t}\n}\n";
  static const char *const lost[] = {
    "oifname != \"adit0\" ", "!= ", "ip6 daddr { fe80::/10, ff02::1 } ", ", ff02::1",
    "(meta mark & 0xf00) == 1280 ", "policy drop;", " accept", NULL };
  g_autofree char *a = adit_ruleset_outline (written), *b = adit_ruleset_outline (listed);

  g_assert_cmpstr (a, ==, b);
  for (guint i = 0; lost[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (listed, lost[i], 2);
      g_autofree char *less = g_strconcat (parts[0], parts[1], NULL), *c = adit_ruleset_outline (less);

      g_assert_cmpstr (parts[1], !=, NULL);
      g_assert_cmpstr (a, !=, c);
    }
  {
    g_auto (GStrv) parts = g_strsplit (listed, "\t\toifname", 2);
    g_autofree char *more = g_strconcat (parts[0], "\t\taccept\n\t\toifname", parts[1], NULL), *c = adit_ruleset_outline (more);

    g_assert_cmpstr (a, !=, c);
  }
}

/* Members in another order, and on several lines, are the same; another pair of the same words is not. */
static void
test_outline_members (void)
{
  static const char head[] = "table inet adit {\n\tset holes4 {\n\t\ttype ipv4_addr . inet_proto . inet_service\n";
  static const char written[] = "\t\telements = { 192.0.2.10 . 6 . 443, 198.51.100.10 . 17 . 51820, 192.0.2.11 . 6 . 443 }\n"
                                "\t}\n}\n";
  static const char listed[] = "\t\telements = { 198.51.100.10 . 17 . 51820,\n\t\t\t     192.0.2.10 . 6 . 443,\n"
                               "\t\t\t     192.0.2.11 . 6 . 443 }\n\t}\n}\n";
  static const char *const others[] = {
    "\t\telements = { 192.0.2.10 . 17 . 443, 198.51.100.10 . 6 . 51820, 192.0.2.11 . 6 . 443 }\n\t}\n}\n",
    "\t\telements = { 192.0.2.10 . 6 . 443, 198.51.100.10 . 17 . 51820 }\n\t}\n}\n",
    "\t\telements = { 198.51.100.10 . 17 . 51820,\n\t\t\t     192.0.2.10 . 6 . 443,\n"
      "\t\t\t     192.0.2.11 . 6 . 443,\n\t\t\t     192.0.2.12 . 6 . 443 }\n\t}\n}\n",
    "\t\telements = { 192.0.2.10 . 6 . 443,\n",
    "\t}\n}\n", NULL };
  g_autofree char *text = g_strconcat (head, written, NULL), *a = adit_ruleset_outline (text);
  g_autofree char *list = g_strconcat (head, listed, NULL), *b = adit_ruleset_outline (list);

  g_assert_cmpstr (a, ==, b);
  for (guint i = 0; others[i] != NULL; i++)
    {
      g_autofree char *other = g_strconcat (head, others[i], NULL), *c = adit_ruleset_outline (other);

      g_assert_cmpstr (a, !=, c);
      if (strstr (others[i], "elements") != NULL)
        g_assert_false (adit_ruleset_outline_kept (a, c, names_of (no_links)));
    }
}

static char *
outline_for (const AditLinks *links, const char *cut, const char *put)
{
  AditLockPolicy policy = new_policy (ADIT_LOCK_TUNNEL, TRUE, TUNNEL_ONE_FAMILY);
  g_autofree char *text = adit_ruleset_new (&policy, links), *changed = NULL;
  g_auto (GStrv) parts = g_strsplit (text, cut, 2);

  g_assert_nonnull (parts[1]);
  changed = g_strconcat (parts[0], put, parts[1], NULL);
  return adit_ruleset_outline (changed);
}

static void
test_outline_kept (void)
{
  static const char *const left[] = { "eth0", NULL };
  g_autofree char *before = outline_for (two_links, "}", "}");
  g_autofree char *headless = outline_for (two_links, "device \"wlan0\" ", "");
  g_autofree char *foreign = outline_for (two_links, "oifname \"lo\" accept", "accept");
  g_autofree char *both = NULL, *extra = outline_for (two_links, "\tchain pass {", "\tchain more {\n\t}\n\tchain pass {");
  AditLockPolicy policy = new_policy (ADIT_LOCK_TUNNEL, TRUE, TUNNEL_ONE_FAMILY);
  g_autofree char *text = adit_ruleset_new (&policy, two_links), *from = g_strdup (strstr (text, "\tchain egress1"));
  g_autofree char *cut = g_strndup (text, strlen (text) - strlen (from)), *without = g_strconcat (cut, "}\n", NULL), *gone = NULL;

  gone = adit_ruleset_outline (without);
  g_assert_true (adit_ruleset_outline_kept (before, before, names_of (two_links)));
  g_assert_true (adit_ruleset_outline_kept (before, gone, left));
  g_assert_true (adit_ruleset_outline_kept (before, headless, left));
  g_assert_false (adit_ruleset_outline_kept (before, gone, names_of (two_links)));
  g_assert_false (adit_ruleset_outline_kept (before, headless, names_of (two_links)));
  g_assert_false (adit_ruleset_outline_kept (before, foreign, names_of (two_links)));
  g_assert_false (adit_ruleset_outline_kept (before, foreign, left));
  g_assert_false (adit_ruleset_outline_kept (before, extra, left));
  g_assert_false (adit_ruleset_outline_kept (before, "", left));
  g_assert_false (adit_ruleset_outline_kept (before, gone, NULL));
  both = g_strconcat (gone, "?\n", NULL);
  g_assert_false (adit_ruleset_outline_kept (before, both, left));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ruleset/golden", test_golden);
  g_test_add_func ("/ruleset/properties", test_properties);
  g_test_add_func ("/ruleset/reach", test_reach);
  g_test_add_func ("/ruleset/reach-damaged", test_reach_damaged);
  g_test_add_func ("/ruleset/kept", test_kept);
  g_test_add_func ("/ruleset/portal", test_portal);
  g_test_add_func ("/ruleset/carrier", test_carrier);
  g_test_add_func ("/ruleset/peers", test_peers);
  g_test_add_func ("/ruleset/nested", test_nested);
  g_test_add_func ("/ruleset/members", test_members);
  for (guint i = 0; i <= (ADIT_RULESET_BESIDE | ADIT_RULESET_KEPT | ADIT_RULESET_NESTED | ADIT_RULESET_PORTAL); i++)
    {
      g_autofree char *same = g_strdup_printf ("/ruleset/rules-same/%u", i), *refill = g_strdup_printf ("/ruleset/refill/%u", i);

      g_test_add_data_func (same, GUINT_TO_POINTER (i), test_rules_same);
      g_test_add_data_func (refill, GUINT_TO_POINTER (i), test_refill);
    }
  g_test_add_func ("/ruleset/damaged", test_damaged);
  g_test_add_func ("/ruleset/guests", test_guests);
  g_test_add_func ("/ruleset/hostile-links", test_hostile_links);
  g_test_add_func ("/ruleset/outline", test_outline);
  g_test_add_func ("/ruleset/outline-members", test_outline_members);
  g_test_add_func ("/ruleset/outline-kept", test_outline_kept);
  return g_test_run ();
}
