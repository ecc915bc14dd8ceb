/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-facts.c: each technical detail in words, and none where the helper has told nothing. */
#include "ui/facts.h"

static void
expect (AditFact fact, const char *status_text, const char *wanted)
{
  g_autoptr (GVariant) dict = g_variant_ref_sink (g_variant_new_parsed (status_text));
  g_autoptr (AditStatus) status = adit_status_new_from_variant (dict);
  g_autofree char *value = adit_fact_dup_value (fact, status);

  g_assert_cmpstr (value, ==, wanted);
}

static void
test_none (void)
{
  for (guint i = 0; i < ADIT_N_FACTS; i++)
    {
      g_assert_nonnull (adit_fact_get_title (i));
      expect (i, "{'state': <'disconnected'>, 'lock': <'off'>, 'firewall': <'nftables'>}", NULL);
    }
}

static void
test_words (void)
{
  expect (ADIT_FACT_ENDPOINT, "{'endpoint': <'[2001:db8::1]:51820'>}", "[2001:db8::1]:51820");
  expect (ADIT_FACT_PROTOCOL, "{'tunnel': <'wireguard-userspace'>, 'protocol': <'wireguard'>}", "WireGuard, by wireguard-go");
  expect (ADIT_FACT_PROTOCOL, "{'tunnel': <'openvpn'>, 'protocol': <'openvpn-tcp'>}", "OpenVPN by TCP");
  expect (ADIT_FACT_PROTOCOL, "{'tunnel': <'other'>}", "other");
  expect (ADIT_FACT_HANDSHAKE, "{'handshake_age': <int64 90900>}", "0:01:30 ago");
  expect (ADIT_FACT_HANDSHAKE, "{'handshake_age': <int64 -1>}", NULL);
  expect (ADIT_FACT_BYTES, "{'state': <'connected'>, 'received_bytes': <uint64 1500000>, 'sent_bytes': <uint64 0>}",
          "1.5\xc2\xa0MB received, 0 bytes sent");
  expect (ADIT_FACT_MTU, "{'mtu': <uint32 1380>}", "1380 bytes");
  expect (ADIT_FACT_NAMES, "{'dns_servers': <['10.64.0.1', 'fc00::1']>, 'dns_backend': <'systemd-resolved'>}",
          "10.64.0.1, fc00::1, by way of systemd-resolved");
  expect (ADIT_FACT_LOCK, "{'lock': <'tunnel'>, 'firewall': <'nftables'>}", "nftables");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/facts/none", test_none);
  g_test_add_func ("/facts/words", test_words);
  return g_test_run ();
}
