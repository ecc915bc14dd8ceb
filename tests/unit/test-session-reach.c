/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-session-reach.c: what may be reached beside the tunnel and who answers names, changed while there is one. */
#include "tests/unit/session-fixture.h"

#include "client/base/error.h"

static void
set_reach (Fixture *f, const AditReachSettings *settings)
{
  g_autoptr (GError) error = NULL;

  g_ptr_array_set_size (f->log, 0);
  adit_session_set_reach (f->session, settings, &error);
  g_assert_no_error (error);
}

static guint
count_nets (Fixture *f)
{
  const AditLockPolicy *policy = adit_fake_firewall_get_policy (f->firewall);

  g_assert_true (adit_reach_equal (&policy->reach, adit_fake_route_get_reach (f->route)));
  return policy->reach.n_nets;
}

/* The lock first, then the routes, for more as for less; and as links come and go. */
static void
test_lan_while_connected (Fixture *f, gconstpointer data)
{
  static const AditReachSettings off, lan = { .lan = ADIT_LAN_SUBNET };

  adit_fake_network_add (f->network, "eth0", "192.168.1.5/24", FALSE);
  session_start_connected (f);
  g_assert_cmpuint (count_nets (f), ==, 0);
  set_reach (f, &lan);
  ASSERT_ORDER (f, "firewall.apply tunnel", "route.set-reach");
  g_assert_cmpuint (count_nets (f), ==, 1);
  g_assert_cmpuint (adit_fake_firewall_get_policy (f->firewall)->n_dns, ==, 1);
  adit_fake_network_add (f->network, "wlan0", "192.168.2.5/24", FALSE);
  g_assert_cmpuint (count_nets (f), ==, 2);
  adit_fake_network_clear (f->network);
  g_assert_cmpuint (count_nets (f), ==, 0);
  adit_fake_network_add (f->network, "eth0", "192.168.1.5/24", FALSE);
  set_reach (f, &off);
  ASSERT_ORDER (f, "firewall.apply tunnel", "route.set-reach");
  g_assert_cmpuint (count_nets (f), ==, 0);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
}

/* Set before the start, it holds in each lock, and the one that opens has nothing of it. */
static void
test_lan_in_each_lock (Fixture *f, gconstpointer data)
{
  static const AditReachSettings lan = { .lan = ADIT_LAN_SUBNET };

  adit_fake_network_add (f->network, "eth0", "192.168.1.5/24", FALSE);
  g_assert_true (adit_session_set_reach (f->session, &lan, NULL));
  g_assert_false (adit_fake_log_has (f->log, "firewall.apply"));
  session_start_connected (f);
  g_assert_cmpuint (count_nets (f), ==, 1);
  g_assert_true (adit_session_set_lockdown (f->session, TRUE, NULL));
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  g_assert_cmpuint (count_nets (f), ==, 1);
  g_assert_true (adit_session_set_lockdown (f->session, FALSE, NULL));
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_OFF);
  g_assert_cmpuint (count_nets (f), ==, 0);
}

static void
expect_resolver (Fixture *f, const char *text)
{
  const AditLockPolicy *policy = adit_fake_firewall_get_policy (f->firewall);
  const AditAddress *told;
  AditAddress wanted;
  guint n_told;

  g_assert_true (adit_address_parse (text, &wanted));
  told = adit_fake_dns_get_servers (f->dns, &n_told);
  g_assert_cmpuint (n_told, ==, 1);
  g_assert_true (adit_address_equal (&told[0], &wanted));
  g_assert_cmpuint (policy->n_dns, ==, 1);
  g_assert_true (adit_address_equal (&policy->dns[0], &wanted));
  g_assert_cmpint (policy->lock, ==, ADIT_LOCK_TUNNEL);
}

/* The lock first, and it stays the tunnel's; one that is refused leaves all as it was; own resolvers are asked all the same. */
static void
test_other_resolvers (Fixture *f, gconstpointer data)
{
  AditResolvers resolvers = { .n_dns = 1, .n_blocks = 1, .blocks = { "ads" } };
  AditReachSettings own = { .n_dns = 1 };
  g_autoptr (GError) refused = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose"), error = NULL;

  g_assert_true (adit_address_parse ("100.64.0.1", &resolvers.dns[0]));
  g_assert_true (adit_session_set_tunnel_resolvers (f->session, &resolvers, NULL));    /* there is none: nothing to do */
  session_start_connected (f);
  expect_resolver (f, "10.64.0.1");
  g_ptr_array_set_size (f->log, 0);
  g_assert_true (adit_session_set_tunnel_resolvers (f->session, &resolvers, NULL));
  ASSERT_ORDER (f, "firewall.apply tunnel", "route.apply", "dns.apply");
  expect_resolver (f, "100.64.0.1");
  g_assert_cmpstr (adit_session_get_spec (f->session)->blocks[0], ==, "ads");
  resolvers.dns[0].bytes[3] = 5;
  adit_fake_firewall_fail_next (f->firewall, "apply", refused);
  g_assert_false (adit_session_set_tunnel_resolvers (f->session, &resolvers, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED);
  expect_resolver (f, "100.64.0.1");
  g_assert_true (adit_address_parse ("9.9.9.9", &own.dns[0]));
  g_assert_true (adit_session_set_reach (f->session, &own, NULL));
  g_assert_true (adit_session_set_tunnel_resolvers (f->session, &resolvers, NULL));
  expect_resolver (f, "9.9.9.9");
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
}

static void
test_lan_that_is_refused (Fixture *f, gconstpointer data)
{
  static const AditReachSettings lan = { .lan = ADIT_LAN_SUBNET };
  g_autoptr (GError) refused = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose"), error = NULL;

  adit_fake_network_add (f->network, "eth0", "192.168.1.5/24", FALSE);
  session_start_connected (f);
  adit_fake_firewall_fail_next (f->firewall, "apply", refused);
  g_assert_false (adit_session_set_reach (f->session, &lan, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED);
  g_assert_cmpint (adit_session_get_reach (f->session)->lan, ==, ADIT_LAN_OFF);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  g_assert_cmpuint (count_nets (f), ==, 0);
  /* What follows a link that comes is no wish that could be refused: the computer is blocked. */
  set_reach (f, &lan);
  adit_fake_firewall_fail_next (f->firewall, "apply", refused);
  adit_fake_network_clear (f->network);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_LOCK_FAILED);
}

static void
test_own_resolvers (Fixture *f, gconstpointer data)
{
  const AditLockPolicy *policy = adit_fake_firewall_get_policy (f->firewall);
  AditReachSettings settings = { .n_dns = 2 };
  static const AditReachSettings service;
  guint n_resolvers;

  g_assert_true (adit_address_parse ("9.9.9.9", &settings.dns[0]));
  g_assert_true (adit_address_parse ("192.168.1.1", &settings.dns[1]));
  adit_fake_network_add (f->network, "eth0", "192.168.1.5/24", FALSE);
  session_start_connected (f);
  ASSERT_ORDER (f, "dns.apply 10.64.0.1");
  set_reach (f, &settings);
  ASSERT_ORDER (f, "firewall.apply tunnel", "route.set-reach", "dns.apply 9.9.9.9 192.168.1.1");
  g_assert_cmpuint (policy->n_dns, ==, 1);
  g_assert_true (adit_address_equal (&policy->dns[0], &settings.dns[0]));
  g_assert_cmpuint (policy->reach.n_resolvers, ==, 2);
  g_assert_cmpuint (policy->reach.n_nets, ==, 0);
  g_assert_true (adit_address_equal (adit_session_get_inside_resolver (f->session), &settings.dns[0]));
  adit_session_get_resolvers (f->session, &n_resolvers);
  g_assert_cmpuint (n_resolvers, ==, 2);
  settings.dns[0] = settings.dns[1];
  settings.n_dns = 1;
  set_reach (f, &settings);
  g_assert_cmpuint (policy->n_dns, ==, 0);
  g_assert_null (adit_session_get_inside_resolver (f->session));
  /* A new attempt begins with them. */
  g_ptr_array_set_size (f->log, 0);
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  session_wait_for (f, ADIT_STATE_CONNECTED);
  ASSERT_ORDER (f, "dns.apply 192.168.1.1");
  g_assert_cmpuint (policy->reach.n_resolvers, ==, 2);
  set_reach (f, &service);
  ASSERT_ORDER (f, "firewall.apply tunnel", "dns.apply 10.64.0.1");
  g_assert_cmpuint (policy->n_dns, ==, 1);
}

/* OpenVPN's server names whom it names to everybody, and is not listened to where something is to be left out. */
static void
test_blocks_over_openvpn (Fixture *f, gconstpointer data)
{
  f->source->blocking = "10.0.254.4";
  session_start_openvpn (f, "10.65.0.2/24", "10.65.0.1");
  session_wait_for (f, ADIT_STATE_CONNECTED);
  expect_resolver (f, "10.0.254.4");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);    /* warnings are part of what is tested */
#define ADD(name, function) g_test_add ("/session-reach/" name, Fixture, NULL, session_set_up, function, session_tear_down)
  ADD ("lan-while-connected", test_lan_while_connected);
  ADD ("lan-in-each-lock", test_lan_in_each_lock);
  ADD ("lan-that-is-refused", test_lan_that_is_refused);
  ADD ("other-resolvers", test_other_resolvers);
  ADD ("blocks-over-openvpn", test_blocks_over_openvpn);
  ADD ("own-resolvers", test_own_resolvers);
  return g_test_run ();
}
