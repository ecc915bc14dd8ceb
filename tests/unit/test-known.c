/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-known.c: what makes a network the same one, what its rule may mean, and that only coming into it does anything. */
#include "client/helper/known.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include "client/base/error.h"
#include "platform/fake/fake-network.h"

typedef struct
{
  char            *folder, *path, *here;
  AditFakeNetwork *network;
  AditKnown       *known;
  guint            n_arrived;
  AditNetworkRule  arrived;
  gboolean         is_busy;    /* what is asked for is to be done later */
} Fixture;

static const AditNetworkFacts home = { .kind = ADIT_LINK_KIND_WIFI, .link = 3, .name = "Home", .name_bytes = 4,
                                       .is_protected = TRUE, .is_settled = TRUE, .has_hardware = TRUE,
                                       .hardware = { 2, 0, 0, 0, 0, 1 }, .lease = { 7 } };
static const AditNetworkFacts cable = { .kind = ADIT_LINK_KIND_WIRED, .link = 2, .is_settled = TRUE, .has_hardware = TRUE,
                                        .hardware = { 2, 0, 0, 0, 0, 2 }, .lease = { 8 } };
static const AditNetworkFacts modem = { .kind = ADIT_LINK_KIND_MOBILE, .link = 5, .name = "internet", .name_bytes = 8,
                                        .is_protected = TRUE, .is_settled = TRUE, .has_card = TRUE, .lease = { 9 } };
static const AditNetworkFacts phone = { .kind = ADIT_LINK_KIND_MOBILE, .link = 4, .is_settled = TRUE };

static gboolean
on_arrived (const AditNetworkRule *rule, gpointer user_data)
{
  Fixture *f = user_data;

  f->n_arrived++;
  f->arrived = *rule;
  return !f->is_busy;
}

static void
start (Fixture *f)
{
  g_clear_pointer (&f->known, adit_known_free);
  f->known = adit_known_new (f->path, f->here, ADIT_NETWORK (f->network));
  adit_known_watch (f->known, on_arrived, f);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("adit-known-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "networks", NULL);
  f->here = g_build_filename (f->folder, "here", NULL);
  f->network = adit_fake_network_new ();
  start (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  adit_known_free (f->known);
  g_object_unref (f->network);
  g_remove (f->path);
  g_remove (f->here);
  g_rmdir (f->folder);
  g_free (f->path);
  g_free (f->here);
  g_free (f->folder);
}

static AditNetworkRule
rule_for (Fixture *f, const AditNetworkFacts *facts, AditTrust trust, AditNetworkAction action)
{
  AditNetworkRule rule = { .kind = facts->kind, .is_protected = facts->is_protected, .trust = trust, .action = action,
                           .owner_uid = 1000 };

  adit_network_facts_get_id (facts, adit_known_get_rules (f->known)->salt, rule.id);
  return rule;
}

static void
say (Fixture *f, const AditNetworkRule *rule)
{
  g_autofree AditNetworkRules *rules = g_memdup2 (adit_known_get_rules (f->known), sizeof *rules);
  g_autoptr (GError) error = NULL;

  g_assert_true (adit_network_rules_put (rules, rule, &error));
  g_assert_true (adit_known_save (f->known, rules, &error));
  g_assert_no_error (error);
}

static void
say_new (Fixture *f, AditLinkKind kind, AditNetworkAction action)
{
  AditNetworkRule rule = { .kind = kind, .action = action, .owner_uid = 1000 };

  say (f, &rule);
}

static gboolean
on_limit (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Returns: how often it came anywhere meanwhile */
static guint
wait_ms (Fixture *f, guint ms)
{
  guint before = f->n_arrived;
  gboolean over = FALSE;

  g_timeout_add (ms, on_limit, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  return f->n_arrived - before;
}

/* Each thing that is seen of it makes it another one, the name alone last of all. */
static void
test_same (Fixture *f, gconstpointer data)
{
  AditNetworkRules *rules = adit_known_get_rules (f->known);
  AditNetworkRule rule = rule_for (f, &home, ADIT_TRUST_TRUSTED, ADIT_NETWORK_DISCONNECT);
  AditNetworkFacts copies[] = { home, home, home, home, home, home, home };

  g_assert_true (adit_network_rules_put (rules, &rule, NULL));
  g_assert_cmpint (adit_network_rules_find (rules, &home).action, ==, ADIT_NETWORK_DISCONNECT);
  copies[0].link = 9;    /* the same by another radio */
  copies[0].router.family = ADIT_FAMILY_IPV4;
  g_assert_cmpint (adit_network_rules_find (rules, &copies[0]).action, ==, ADIT_NETWORK_DISCONNECT);
  copies[1].hardware[5]++;
  copies[2].is_protected = FALSE;
  copies[3].lease[0]++;
  copies[4].name[0] = 'h';
  copies[5].has_hardware = FALSE;
  copies[6].kind = ADIT_LINK_KIND_WIRED;
  for (guint i = 1; i < G_N_ELEMENTS (copies); i++)
    {
      AditNetworkRule found = adit_network_rules_find (rules, &copies[i]);

      g_assert_cmpint (found.trust, ==, ADIT_TRUST_UNKNOWN);
      g_assert_cmpint (found.action, ==, ADIT_NETWORK_ASK);
    }
}

/* Of a mobile network card, operator and access point count, and not what its router looks like. */
static void
test_mobile (Fixture *f, gconstpointer data)
{
  AditNetworkRules *rules = adit_known_get_rules (f->known);
  AditNetworkRule rule = rule_for (f, &modem, ADIT_TRUST_TRUSTED, ADIT_NETWORK_DISCONNECT);
  AditNetworkFacts copies[] = { modem, modem, modem, modem, modem, modem };

  g_assert_true (adit_network_rules_put (rules, &rule, NULL));
  copies[0].has_hardware = TRUE;
  copies[0].hardware[5] = 1;
  g_assert_cmpint (adit_network_rules_find (rules, &copies[0]).action, ==, ADIT_NETWORK_DISCONNECT);
  copies[1].lease[0]++;
  copies[2].is_protected = FALSE;
  copies[3].name[0] = 'I';
  copies[4].has_card = FALSE;
  copies[5].is_settled = FALSE;
  for (guint i = 1; i < G_N_ELEMENTS (copies); i++)
    g_assert_cmpint (adit_network_rules_find (rules, &copies[i]).trust, ==, ADIT_TRUST_UNKNOWN);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  AditNetworkFacts open = home, old = modem;
  AditNetworkRule rules[] = { rule_for (f, &home, ADIT_TRUST_UNTRUSTED, ADIT_NETWORK_DISCONNECT),
                              rule_for (f, &home, ADIT_TRUST_UNKNOWN, ADIT_NETWORK_DISCONNECT),
                              { .kind = ADIT_LINK_KIND_WIRED, .action = ADIT_NETWORK_DISCONNECT },
                              { .kind = ADIT_LINK_KIND_WIRED, .trust = ADIT_TRUST_TRUSTED, .action = ADIT_NETWORK_DISCONNECT },
                              rule_for (f, &home, ADIT_TRUST_UNKNOWN, ADIT_NETWORK_ASK),
                              rule_for (f, &modem, ADIT_TRUST_UNKNOWN, ADIT_NETWORK_ASK) };

  open.is_protected = old.is_protected = FALSE;
  rules[5] = rule_for (f, &old, ADIT_TRUST_TRUSTED, ADIT_NETWORK_DISCONNECT);
  rules[4] = rule_for (f, &open, ADIT_TRUST_TRUSTED, ADIT_NETWORK_DISCONNECT);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (adit_network_rules_put (adit_known_get_rules (f->known), &rules[i], &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
    }
}

/* Two ways out: the strictest; one of no kind that anybody knows: as the strictest kind. */
static void
test_strictest (Fixture *f, gconstpointer data)
{
  AditNetworkRules *rules = adit_known_get_rules (f->known);
  AditNetworkRule rule = rule_for (f, &home, ADIT_TRUST_TRUSTED, ADIT_NETWORK_DISCONNECT);
  const AditNetworkFacts both[] = { home, cable }, odd[] = { { .kind = ADIT_LINK_KIND_OTHER } };

  g_assert_true (adit_network_rules_put (rules, &rule, NULL));
  g_assert_cmpint (adit_network_rules_decide (rules, both, 1).action, ==, ADIT_NETWORK_DISCONNECT);
  g_assert_cmpint (adit_network_rules_decide (rules, both, 2).action, ==, ADIT_NETWORK_ASK);
  rules->defaults[ADIT_LINK_KIND_WIRED].action = ADIT_NETWORK_CONNECT;
  g_assert_cmpint (adit_network_rules_decide (rules, both, 2).action, ==, ADIT_NETWORK_CONNECT);
  g_assert_cmpint (adit_network_rules_decide (rules, odd, 1).action, ==, ADIT_NETWORK_CONNECT);
  rules->defaults[ADIT_LINK_KIND_MOBILE].action = ADIT_NETWORK_LOCKDOWN;
  g_assert_cmpint (adit_network_rules_decide (rules, odd, 1).action, ==, ADIT_NETWORK_LOCKDOWN);
  g_assert_cmpint (adit_network_rules_decide (rules, &phone, 1).action, ==, ADIT_NETWORK_LOCKDOWN);
  g_assert_cmpint (adit_network_rules_decide (rules, both, 2).action, ==, ADIT_NETWORK_CONNECT);
}

/* Saying something, staying, losing the link and coming back to the same network are no arrival; another network is. */
static void
test_arrivals (Fixture *f, gconstpointer data)
{
  AditNetworkRule rule = rule_for (f, &home, ADIT_TRUST_TRUSTED, ADIT_NETWORK_DISCONNECT);

  adit_fake_network_set_here (f->network, &home, 1);
  say (f, &rule);
  g_assert_cmpuint (wait_ms (f, 800), ==, 0);
  adit_fake_network_set_here (f->network, NULL, 0);
  g_assert_cmpuint (wait_ms (f, 800), ==, 0);
  adit_fake_network_set_here (f->network, &home, 1);
  g_assert_cmpuint (wait_ms (f, 800), ==, 0);
  adit_fake_network_set_here (f->network, &cable, 1);
  g_assert_cmpuint (wait_ms (f, 800), ==, 1);
  g_assert_cmpint (f->arrived.action, ==, ADIT_NETWORK_ASK);
  g_assert_true (adit_known_asks (f->known));
  adit_fake_network_set_here (f->network, &home, 1);
  g_assert_cmpuint (wait_ms (f, 800), ==, 1);
  g_assert_cmpint (f->arrived.action, ==, ADIT_NETWORK_DISCONNECT);
  g_assert_cmpuint (f->arrived.owner_uid, ==, 1000);
  g_assert_false (adit_known_asks (f->known));

  /* The next helper, on the same network. */
  start (f);
  g_assert_cmpuint (wait_ms (f, 800), ==, 0);
  /* After a reboot the file is gone. */
  g_assert_cmpint (g_remove (f->here), ==, 0);
  start (f);
  g_assert_cmpuint (wait_ms (f, 800), ==, 1);
  g_assert_cmpint (f->arrived.action, ==, ADIT_NETWORK_DISCONNECT);
}

/* What was put off is not done: the next helper comes into it as well, and it is asked for again until it is done or dropped. */
static void
test_put_off (Fixture *f, gconstpointer data)
{
  AditNetworkRule rule = rule_for (f, &home, ADIT_TRUST_TRUSTED, ADIT_NETWORK_CONNECT);

  adit_fake_network_set_here (f->network, &cable, 1);
  say (f, &rule);
  adit_known_end_delay (f->known, FALSE);
  g_assert_cmpuint (wait_ms (f, 800), ==, 0);
  f->is_busy = TRUE;
  adit_fake_network_set_here (f->network, &home, 1);
  g_assert_cmpuint (wait_ms (f, 800), ==, 1);
  start (f);
  g_assert_cmpuint (wait_ms (f, 800), ==, 1);
  f->is_busy = FALSE;
  adit_known_end_delay (f->known, FALSE);
  g_assert_cmpuint (wait_ms (f, 800), ==, 1);
  g_assert_cmpint (f->arrived.action, ==, ADIT_NETWORK_CONNECT);
  adit_known_end_delay (f->known, FALSE);
  g_assert_cmpuint (wait_ms (f, 800), ==, 0);

  /* Dropped; and what was put off where the computer is not any more is nothing. */
  adit_fake_network_set_here (f->network, &cable, 1);
  g_assert_cmpuint (wait_ms (f, 800), ==, 1);
  f->is_busy = TRUE;
  adit_fake_network_set_here (f->network, &home, 1);
  g_assert_cmpuint (wait_ms (f, 800), ==, 1);
  f->is_busy = FALSE;
  adit_known_end_delay (f->known, TRUE);
  start (f);
  g_assert_cmpuint (wait_ms (f, 800), ==, 0);
  f->is_busy = TRUE;
  adit_fake_network_set_here (f->network, &cable, 1);
  g_assert_cmpuint (wait_ms (f, 800), ==, 1);
  adit_fake_network_set_here (f->network, &home, 1);
  g_assert_cmpuint (wait_ms (f, 800), ==, 0);
  adit_known_end_delay (f->known, FALSE);
  g_assert_cmpuint (wait_ms (f, 800), ==, 0);
}

/* A router that has not been spoken to is waited for; then the network is a new one, until it is known. */
static void
test_doubt (Fixture *f, gconstpointer data)
{
  AditNetworkRule rule = rule_for (f, &home, ADIT_TRUST_TRUSTED, ADIT_NETWORK_DISCONNECT);
  AditNetworkFacts silent = home;

  silent.has_hardware = FALSE;
  adit_fake_network_set_here (f->network, &cable, 1);
  say (f, &rule);
  say_new (f, ADIT_LINK_KIND_WIFI, ADIT_NETWORK_CONNECT);
  adit_fake_network_set_here (f->network, &silent, 1);
  g_assert_cmpuint (wait_ms (f, 1200), ==, 0);
  g_assert_cmpuint (wait_ms (f, 1500), ==, 1);
  g_assert_cmpint (f->arrived.action, ==, ADIT_NETWORK_CONNECT);
  g_assert_cmpstr (f->arrived.id, ==, "");
  adit_fake_network_set_here (f->network, &home, 1);
  g_assert_cmpuint (wait_ms (f, 800), ==, 1);
  g_assert_cmpint (f->arrived.action, ==, ADIT_NETWORK_DISCONNECT);
}

/* Of two networks that one counts by which packets leave, and what it costs makes it no other. */
static void
test_metered (Fixture *f, gconstpointer data)
{
  AditNetworkFacts both[] = { home, cable };
  char id[ADIT_NETWORK_ID_BYTES], dear[ADIT_NETWORK_ID_BYTES];
  const guint8 *salt = adit_known_get_rules (f->known)->salt;

  both[0].link = 2;
  both[1].link = 3;
  both[1].metered = ADIT_METERED_YES;
  adit_fake_network_set_here (f->network, NULL, 0);
  g_assert_cmpint (adit_known_find_metered (f->known), ==, ADIT_METERED_UNKNOWN);
  adit_fake_network_set_here (f->network, both, 2);
  adit_fake_network_set_way (f->network, 2);
  g_assert_cmpint (adit_known_find_metered (f->known), ==, ADIT_METERED_UNKNOWN);
  adit_fake_network_set_way (f->network, 3);
  g_assert_cmpint (adit_known_find_metered (f->known), ==, ADIT_METERED_YES);
  adit_fake_network_set_way (f->network, 4);
  g_assert_cmpint (adit_known_find_metered (f->known), ==, ADIT_METERED_UNKNOWN);
  adit_network_facts_get_id (&cable, salt, id);
  adit_network_facts_get_id (&both[1], salt, dear);
  g_assert_cmpstr (id, ==, dear);
}

/* No name and no hardware address on disk, nobody else may read it, and what cannot be read weakens nothing. */
static void
test_file (Fixture *f, gconstpointer data)
{
  AditNetworkRule rule = rule_for (f, &home, ADIT_TRUST_TRUSTED, ADIT_NETWORK_DISCONNECT), *own;
  g_autofree char *text = NULL;
  struct stat status;

  say (f, &rule);
  say_new (f, ADIT_LINK_KIND_MOBILE, ADIT_NETWORK_LOCKDOWN);
  g_assert_cmpint (stat (f->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  g_assert_true (g_file_get_contents (f->path, &text, NULL, NULL));
  g_assert_null (strstr (text, "Home"));
  g_assert_null (strstr (text, "0200"));
  start (f);
  own = adit_network_rules_find_id (adit_known_get_rules (f->known), rule.id);
  g_assert_nonnull (own);
  g_assert_cmpint (own->action, ==, ADIT_NETWORK_DISCONNECT);
  g_assert_cmpint (adit_network_rules_find (adit_known_get_rules (f->known), &phone).action, ==, ADIT_NETWORK_LOCKDOWN);

  for (guint i = 0; i < 3; i++)
    {
      const char *const spoilt[] = { "", "[adit]\nformat=2\n" };
      g_autofree char *more = g_strconcat (text, "\n[wired]\nkind=wired\nprotected=false\ntrust=trusted\naction=disconnect\n"
                                           "owner=0\n", NULL);

      g_assert_true (g_file_set_contents (f->path, i == 2 ? more : spoilt[i], -1, NULL));
      g_test_expect_message ("adit-known", G_LOG_LEVEL_WARNING, "*cannot be read*");
      start (f);
      g_test_assert_expected_messages ();
      g_assert_cmpint (adit_network_rules_find (adit_known_get_rules (f->known), &home).action, ==, ADIT_NETWORK_LOCKDOWN);
      g_assert_cmpint (adit_network_rules_find (adit_known_get_rules (f->known), &cable).action, ==, ADIT_NETWORK_LOCKDOWN);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/known/same", Fixture, NULL, set_up, test_same, tear_down);
  g_test_add ("/known/mobile", Fixture, NULL, set_up, test_mobile, tear_down);
  g_test_add ("/known/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/known/strictest", Fixture, NULL, set_up, test_strictest, tear_down);
  g_test_add ("/known/arrivals", Fixture, NULL, set_up, test_arrivals, tear_down);
  g_test_add ("/known/put-off", Fixture, NULL, set_up, test_put_off, tear_down);
  g_test_add ("/known/doubt", Fixture, NULL, set_up, test_doubt, tear_down);
  g_test_add ("/known/metered", Fixture, NULL, set_up, test_metered, tear_down);
  g_test_add ("/known/file", Fixture, NULL, set_up, test_file, tear_down);
  return g_test_run ();
}
