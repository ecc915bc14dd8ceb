/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ruleset-sets.c: a lock that follows another changes members of sets alone, and settings change rules in their places. */
#include <string.h>

#include "tests/unit/ruleset-case.h"

#define N_SETS          34
#define N_OPTIONAL_SETS 23    /* each of its families, and once more for the wire */

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

/* A change of lock touches members only, so all else has to be the same in every lock under the same settings. */
static void
test_rules_same (gconstpointer data)
{
  AditRulesetParts parts = GPOINTER_TO_UINT (data);
  AditLockPolicy empty = { .lock = ADIT_LOCK_ALL };
  g_autofree char *text = NULL, *wanted = NULL;

  ruleset_add_parts (&empty, parts);
  g_assert_cmpuint (adit_ruleset_get_parts (&empty), ==, parts);
  empty.lock = (AditLock) 77;    /* with the rules, and without any member */
  text = adit_ruleset_new (&empty, ruleset_two_links);
  wanted = cut_members (text);
  g_assert_null (strstr (text, "elements"));
  g_assert_true ((strstr (text, "near4") != NULL) == ((parts & ADIT_RULESET_BESIDE) != 0));
  g_assert_true ((strstr (text, "kept4") != NULL) == ((parts & ADIT_RULESET_KEPT) != 0));
  g_assert_true ((strstr (text, "inner4") != NULL) == ((parts & ADIT_RULESET_NESTED) != 0));
  for (guint i = 0; i < RULESET_N_LOCKS; i++)
    {
      AditLockPolicy policy = ruleset_new_policy (ruleset_locks[i].lock, ruleset_locks[i].has_peer, RULESET_BOTH_FAMILIES);
      g_autofree char *other = (ruleset_add_parts (&policy, parts), adit_ruleset_new (&policy, ruleset_two_links));
      g_autofree char *rest = ruleset_locks[i].lock != ADIT_LOCK_OFF ? cut_members (other) : NULL;

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
  for (guint i = 0; i < RULESET_N_LOCKS; i++)
    for (guint j = 0; j < RULESET_N_LOCKS; j++)
      {
        AditLockPolicy before = ruleset_new_policy (ruleset_locks[i].lock, ruleset_locks[i].has_peer, RULESET_BOTH_FAMILIES);
        AditLockPolicy after = ruleset_new_policy (ruleset_locks[j].lock, ruleset_locks[j].has_peer, RULESET_ONE_FAMILY);
        AditLockPolicy *narrower = (i + j) % 2 == 0 ? &before : &after;
        g_autofree char *change = NULL, *all = NULL, *nothing = NULL;
        g_autoptr (GHashTable) changed = NULL, filled = NULL, wanted = NULL;

        ruleset_add_reach (&before);
        ruleset_add_reach (&after);
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
  AditLockPolicy policy = ruleset_new_policy (ADIT_LOCK_TUNNEL, TRUE, RULESET_BOTH_FAMILIES);
  g_autofree char *anew = NULL, *refill = NULL, *a = NULL, *b = NULL;
  char *hostile_names[] = { (char *) "eth\"0", NULL };
  const AditLinks hostile = { .names = hostile_names, .guests = ruleset_no_links->guests };
  const char *again;

  ruleset_add_parts (&policy, parts);
  anew = adit_ruleset_new (&policy, ruleset_two_links);
  refill = adit_ruleset_refill (&policy, ruleset_two_links);
  again = strstr (refill, "table inet adit {\n\tset holes4 {");
  a = adit_ruleset_outline (strstr (anew, "table inet adit {"));
  b = adit_ruleset_outline (again);
  g_assert_cmpstr (a, ==, b);
  g_assert_null (strstr (refill, "delete table"));
  g_assert_true (g_str_has_prefix (refill, "flush table inet adit\nflush table netdev adit\nflush set inet adit holes4\n"));
  g_assert_cmpuint (ruleset_count (refill, "flush set "), ==, ruleset_count (again, "\tset "));
  /* Whichever settings there were before: their sets go, and can only go if they are there. */
  g_assert_cmpuint (ruleset_count (refill, "delete set inet adit near4\n"), ==, (parts & ADIT_RULESET_BESIDE) != 0 ? 0 : 1);
  g_assert_cmpuint (ruleset_count (refill, "delete set netdev adit kept6\n"), ==, (parts & ADIT_RULESET_KEPT) != 0 ? 0 : 1);
  g_assert_cmpuint (ruleset_count (again, "delete set"), ==, 0);
  g_assert_cmpuint (ruleset_count (refill, "\tset "), ==, ruleset_count (again, "\tset ") + N_OPTIONAL_SETS);
  g_assert_null (adit_ruleset_refill (&policy, &hostile));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ruleset-sets/members", test_members);
  for (guint i = 0; i <= (ADIT_RULESET_BESIDE | ADIT_RULESET_KEPT | ADIT_RULESET_NESTED | ADIT_RULESET_PORTAL); i++)
    {
      g_autofree char *same = g_strdup_printf ("/ruleset-sets/same/%u", i);
      g_autofree char *refill = g_strdup_printf ("/ruleset-sets/refill/%u", i);

      g_test_add_data_func (same, GUINT_TO_POINTER (i), test_rules_same);
      g_test_add_data_func (refill, GUINT_TO_POINTER (i), test_refill);
    }
  return g_test_run ();
}
