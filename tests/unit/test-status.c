/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-status.c: a status is read whole, and what is missing or foreign never reads as open or connected. */
#include "client/api/status.h"

static AditStatus *
parse (const char *text)
{
  g_autoptr (GVariant) dict = g_variant_ref_sink (g_variant_new_parsed (text));

  return adit_status_new_from_variant (dict);
}

static void
test_full (void)
{
  g_autoptr (AditStatus) status = parse ("@a{sv} {'state': <'connected'>, 'country': <'se'>, 'server': <'se-got-wg-001'>, "
                                         "'entry_country': <'nl'>, 'entry_city_name': <'Amsterdam'>, "
                                         "'since': <int64 7>, 'lock': <'tunnel'>, 'lockdown': <true>, "
                                         "'endpoint': <'192.0.2.7:51820'>, 'protocol': <'wireguard'>, 'mtu': <uint32 1380>, "
                                         "'handshake_age': <int64 900>, 'firewall': <'nftables'>, "
                                         "'dns_servers': <['10.64.0.1']>, 'sent_bytes': <uint64 9>, 'revision': <uint32 3>}");

  g_assert_cmpint (status->state, ==, ADIT_STATE_CONNECTED);
  g_assert_cmpstr (status->country, ==, "se");
  g_assert_cmpstr (status->server, ==, "se-got-wg-001");
  g_assert_cmpstr (status->entry_country, ==, "nl");
  g_assert_cmpstr (status->entry_city_name, ==, "Amsterdam");
  g_assert_cmpstr (status->entry_server, ==, "");
  g_assert_cmpint (status->since_s, ==, 7);
  g_assert_cmpstr (status->lock, ==, "tunnel");
  g_assert_true (status->lockdown);
  g_assert_cmpstr (status->dns_servers[0], ==, "10.64.0.1");
  g_assert_cmpstr (status->endpoint, ==, "192.0.2.7:51820");
  g_assert_cmpstr (status->protocol, ==, "wireguard");
  g_assert_cmpstr (status->firewall, ==, "nftables");
  g_assert_cmpuint (status->mtu_bytes, ==, 1380);
  g_assert_cmpint (status->handshake_age_ms, ==, 900);
  g_assert_cmpuint (status->sent_bytes, ==, 9);
  g_assert_cmpuint (status->revision, ==, 3);
  g_assert_false (status->has_error);
}

static void
test_foreign (void)
{
  g_autoptr (AditStatus) empty = parse ("@a{sv} {}");
  g_autoptr (AditStatus) foreign = parse ("@a{sv} {'state': <'paused'>, 'reason': <'tired'>, 'error': <'Odd'>, 'since': <'x'>, "
                                          "'city': <5>}");

  g_assert_cmpint (empty->state, ==, ADIT_STATE_BLOCKED);
  g_assert_cmpstr (empty->lock, ==, "");
  g_assert_nonnull (empty->dns_servers);
  g_assert_cmpstr (empty->endpoint, ==, "");
  g_assert_cmpint (empty->handshake_age_ms, ==, -1);
  g_assert_cmpint (foreign->state, ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (foreign->reason, ==, ADIT_REASON_INTERNAL);
  g_assert_true (foreign->has_error);
  g_assert_cmpint (foreign->error, ==, ADIT_ERROR_FAILED);
  g_assert_cmpint (foreign->since_s, ==, 0);
  g_assert_cmpstr (foreign->city, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/full", test_full);
  g_test_add_func ("/status/foreign", test_foreign);
  return g_test_run ();
}
