/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ruleset-outline.c: what the kernel lists is held against what was written, in whatever words. */
#include <string.h>

#include "tests/unit/ruleset-case.h"

static const char *const *
names_of (const AditLinks *links)
{
  return (const char *const *) links->names;
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
        g_assert_false (adit_ruleset_outline_kept (a, c, names_of (ruleset_no_links)));
    }
}

static char *
outline_for (const AditLinks *links, const char *cut, const char *put)
{
  AditLockPolicy policy = ruleset_new_policy (ADIT_LOCK_TUNNEL, TRUE, RULESET_ONE_FAMILY);
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
  g_autofree char *before = outline_for (ruleset_two_links, "}", "}");
  g_autofree char *headless = outline_for (ruleset_two_links, "device \"wlan0\" ", "");
  g_autofree char *foreign = outline_for (ruleset_two_links, "oifname \"lo\" accept", "accept");
  g_autofree char *both = NULL, *extra = outline_for (ruleset_two_links, "\tchain pass {", "\tchain more {\n\t}\n\tchain pass {");
  AditLockPolicy policy = ruleset_new_policy (ADIT_LOCK_TUNNEL, TRUE, RULESET_ONE_FAMILY);
  g_autofree char *text = adit_ruleset_new (&policy, ruleset_two_links), *from = g_strdup (strstr (text, "\tchain egress1"));
  g_autofree char *cut = g_strndup (text, strlen (text) - strlen (from)), *without = g_strconcat (cut, "}\n", NULL), *gone = NULL;

  gone = adit_ruleset_outline (without);
  g_assert_true (adit_ruleset_outline_kept (before, before, names_of (ruleset_two_links)));
  g_assert_true (adit_ruleset_outline_kept (before, gone, left));
  g_assert_true (adit_ruleset_outline_kept (before, headless, left));
  g_assert_false (adit_ruleset_outline_kept (before, gone, names_of (ruleset_two_links)));
  g_assert_false (adit_ruleset_outline_kept (before, headless, names_of (ruleset_two_links)));
  g_assert_false (adit_ruleset_outline_kept (before, foreign, names_of (ruleset_two_links)));
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
  g_test_add_func ("/ruleset-outline/words", test_outline);
  g_test_add_func ("/ruleset-outline/members", test_outline_members);
  g_test_add_func ("/ruleset-outline/kept", test_outline_kept);
  return g_test_run ();
}
