/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ruleset.c: every lock against its golden file, and what must hold for all of them.
 * ADIT_GOLDEN_WRITE=1 writes the golden files anew; read the difference before it is kept. */
#include <string.h>

#include "platform/linux/marks.h"
#include "tests/unit/ruleset-case.h"

typedef void (*Check) (const char *name, guint lock, const char *text);

static void
for_each_ruleset (Check check)
{
  for (guint i = 0; i < RULESET_N_LOCKS; i++)
    for (guint families = 0; families < RULESET_N_FAMILIES; families++)
      for (guint n_links = 0; n_links <= 2; n_links += 2)
        {
          AditLockPolicy policy = ruleset_new_policy (ruleset_locks[i].lock, ruleset_locks[i].has_peer, families);
          g_autofree char *text = adit_ruleset_new (&policy, n_links == 0 ? ruleset_no_links : ruleset_two_links);
          g_autofree char *name = g_strdup_printf ("ruleset-%s-%s-%ulinks.nft", ruleset_locks[i].name,
                                                   families == RULESET_BOTH_FAMILIES ? "both" : "ipv4", n_links);

          g_assert_nonnull (text);
          check (name, ruleset_locks[i].lock, text);
        }
  for (guint i = 0; i < RULESET_N_LOCKS; i++)
    {
      AditLockPolicy policy = ruleset_new_policy (ruleset_locks[i].lock, ruleset_locks[i].has_peer, RULESET_BOTH_FAMILIES);
      g_autofree char *name = g_strdup_printf ("ruleset-%s-both-2links-lan.nft", ruleset_locks[i].name), *text = NULL;

      ruleset_add_reach (&policy);
      text = adit_ruleset_new (&policy, ruleset_two_links);
      check (name, ruleset_locks[i].lock, text);
    }
  for (guint i = 0; i < RULESET_N_LOCKS; i++)
    {
      AditLockPolicy policy = ruleset_new_policy (ruleset_locks[i].lock, ruleset_locks[i].has_peer, RULESET_BOTH_FAMILIES);
      g_autofree char *name = g_strdup_printf ("ruleset-%s-both-2links-nested.nft", ruleset_locks[i].name), *text = NULL;

      ruleset_add_nested (&policy, "198.51.100.30:51820");
      text = adit_ruleset_new (&policy, ruleset_two_links);
      check (name, ruleset_locks[i].lock, text);
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
  g_assert_cmpuint (ruleset_count (text, "hook output"), ==, 1);
  g_assert_cmpuint (ruleset_count (text, "hook input"), ==, 1);
  g_assert_cmpuint (ruleset_count (text, "hook forward"), ==, 1);
  g_assert_cmpuint (ruleset_count (text, "hook egress"), ==, strstr (name, "2links") != NULL ? 2 : 0);
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

  g_assert_cmpuint (ruleset_count (text, "192.0.2.10"), ==, api ? 2 : 0);
  g_assert_cmpuint (ruleset_count (text, "192.0.2.10 . 6 . 443"), ==, api ? 2 : 0);
  g_assert_cmpuint (ruleset_count (text, "2001:db8::10 . 6 . 443"), ==, api && both ? 2 : 0);
  g_assert_cmpuint (ruleset_count (text, "198.51.100.10"), ==, peer ? 2 : 0);
  g_assert_cmpuint (ruleset_count (text, "198.51.100.10 . 17 . 51820"), ==, peer ? 2 : 0);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], "@holes") != NULL)
      g_assert_true (g_str_has_prefix (lines[i], "\t\tmeta mark & 0x00000f00 == 0x00000500 ip"));
  g_assert_cmpuint (ruleset_count (text, "10.64.0.2"), ==, !tunnel ? 0 : strstr (name, "nested") != NULL ? 3 : 2);
  g_assert_cmpuint (ruleset_count (text, "{ 10.64.0.2 . 10.64.0.1 }"), ==, tunnel ? 1 : 0);
  g_assert_cmpuint (ruleset_count (text, "bb01::2"), ==, tunnel && both ? 2 : 0);
  g_assert_cmpuint (ruleset_count (text, "elements = { \"" ADIT_TUNNEL_DEVICE "\" }"), ==, tunnel ? 1 : 0);
  g_assert_cmpuint (ruleset_count (text, "elements = { 0x00000600 }"), ==, tunnel ? 2 : 0);
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
      guint n_sets = ruleset_count (lines[i], "@") - ruleset_count (lines[i], "@th,");    /* the other is a place in the packet */

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
  g_assert_cmpuint (ruleset_count (text, "@own"), ==, 2);
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

/* What a damaged policy could hold must not reach past an array or open more. */
static void
test_damaged (void)
{
  AditLockPolicy policy = ruleset_new_policy (ADIT_LOCK_PEER, TRUE, RULESET_BOTH_FAMILIES);
  g_autofree char *text = NULL, *empty = NULL;
  AditLockPolicy nothing = { .lock = ADIT_LOCK_PEER }, twice = ruleset_new_policy (ADIT_LOCK_PEER, TRUE, RULESET_BOTH_FAMILIES);

  twice.api[1] = twice.api[0];
  twice.dns[1] = twice.dns[0];
  {
    g_autofree char *once = adit_ruleset_new (&twice, NULL);

    g_assert_cmpuint (ruleset_count (once, "192.0.2.10"), ==, 2);
    g_assert_cmpuint (ruleset_count (once, "{ 10.64.0.1 }"), ==, 1);
  }
  policy.n_api = policy.n_tunnel_addresses = policy.n_dns = G_MAXUINT;
  policy.api[1].port = 0;
  text = adit_ruleset_new (&policy, NULL);
  g_assert_nonnull (text);
  g_assert_null (strstr (text, "2001:db8::10"));
  g_assert_null (strstr (text, "none"));
  empty = adit_ruleset_new (&nothing, NULL);
  g_assert_cmpuint (ruleset_count (empty, "elements = "), ==, 3);    /* the tunnel's doors, for which nobody has an address */
  g_assert_null (strstr (empty, " . 443"));
}

/* A child of a cable in another namespace keeps the mark of its owner: the mark of replies to guests opens only what leads to
 * guests alone, and PPP over Ethernet only where somebody dials in. */
static void
test_guests (void)
{
  static char *guest_names[] = { (char *) "virbr0", (char *) "vnet0", NULL };
  static char *names[] = { (char *) "eth0", (char *) "virbr0", (char *) "vnet0", NULL };
  const AditLinks with_guests = { .names = names, .guests = guest_names };
  const AditLinks dialled = { .names = ruleset_two_links->names, .guests = ruleset_two_links->guests, .has_ppp = TRUE };
  AditLockPolicy policy = ruleset_new_policy (ADIT_LOCK_TUNNEL, TRUE, RULESET_BOTH_FAMILIES);
  g_autofree char *without = adit_ruleset_new (&policy, ruleset_two_links), *text = adit_ruleset_new (&policy, &with_guests);
  g_autofree char *ppp = adit_ruleset_new (&policy, &dialled);
  const char *cable = strstr (text, "device \"eth0\""), *bridge = strstr (text, "device \"virbr0\"");
  const char *first = strstr (cable, "jump guests");

  g_assert_cmpuint (ruleset_count (without, "jump guests"), ==, 0);
  g_assert_cmpuint (ruleset_count (text, "jump guests"), ==, 2);
  g_assert_true (cable < bridge && bridge < first);
  g_assert_cmpuint (ruleset_count (text, "meta mark & 0x00000f00 == @inside accept"), ==, 1);
  g_assert_null (strstr (text, "0x8864"));
  g_assert_cmpuint (ruleset_count (ppp, "ether type 0x8864 accept"), ==, 1);
}

static void
test_hostile_links (void)
{
  static const char *const hostile[] = {
    "", "eth\"0", "eth\\0", "eth*", "*", "eth0;", "a{b", "a}b", "#", "$x", "a b", "a\nb", "a\tb",
    "\xc3\xa9th", "abcdefghijklmnop", "a'b", "a/b", "a,b", NULL };
  static const char *const fine[] = { "eth0", "enp3s0f1", "wlan0.100", "br-12ab", "veth_1", "a@b", "a+b", "abcdefghijklmno",
                                      NULL };
  AditLockPolicy policy = ruleset_new_policy (ADIT_LOCK_ALL, FALSE, RULESET_ONE_FAMILY);

  g_assert_false (adit_ruleset_link_valid (NULL));
  for (guint i = 0; hostile[i] != NULL; i++)
    {
      char *names[] = { (char *) "eth0", (char *) hostile[i], NULL };
      const AditLinks links = { .names = names, .guests = ruleset_no_links->guests };

      g_assert_false (adit_ruleset_link_valid (hostile[i]));
      g_assert_null (adit_ruleset_new (&policy, &links));
    }
  for (guint i = 0; fine[i] != NULL; i++)
    g_assert_true (adit_ruleset_link_valid (fine[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ruleset/golden", test_golden);
  g_test_add_func ("/ruleset/properties", test_properties);
  g_test_add_func ("/ruleset/damaged", test_damaged);
  g_test_add_func ("/ruleset/guests", test_guests);
  g_test_add_func ("/ruleset/hostile-links", test_hostile_links);
  return g_test_run ();
}
