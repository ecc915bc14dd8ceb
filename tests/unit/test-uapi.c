/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-uapi.c: the request byte for byte, and answers that a hostile process could give. */
#include "platform/linux/uapi.h"

#include <string.h>
#include "client/base/error.h"
#include "platform/linux/handshake-clock.h"

#define KEY_A "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_B "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

static AditTunnelSpec
new_spec (const char *endpoint)
{
  AditTunnelSpec spec = { .n_addresses = 1, .n_allowed_ips = 2, .n_dns = 1, .mtu_bytes = 1380, .keepalive_s = 25 };

  g_assert_true (adit_endpoint_parse (endpoint, &spec.peer));
  g_assert_true (adit_prefix_parse ("10.64.0.2/32", &spec.addresses[0]));
  g_assert_true (adit_prefix_parse ("0.0.0.0/0", &spec.allowed_ips[0]));
  g_assert_true (adit_prefix_parse ("::/0", &spec.allowed_ips[1]));
  g_assert_true (adit_address_parse ("10.64.0.1", &spec.dns[0]));
  memset (spec.peer_key, 0xff, sizeof spec.peer_key);
  return spec;
}

static AditSecret *
new_key (gsize length)
{
  guint8 bytes[64];

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = i;
  return adit_secret_new (bytes, length);
}

static void
test_request (void)
{
  static const char expected[] =
    "set=1\nprivate_key=" KEY_A "\nfwmark=4660\nlisten_port=0\nreplace_peers=true\npublic_key=" KEY_B "\npreshared_key=" KEY_A
    "\nendpoint=198.51.100.10:51820\npersistent_keepalive_interval=25\nreplace_allowed_ips=true\n"
    "allowed_ip=0.0.0.0/0\nallowed_ip=::/0\n\n";
  AditTunnelSpec spec = new_spec ("198.51.100.10:51820");
  g_autoptr (AditSecret) key = new_key (32);
  const AditTunnelSecrets secrets = { .private_key = key, .preshared_key = key };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) request = adit_uapi_new_set_request (&spec, &secrets, 0x1234, &error);
  gsize length;
  const guint8 *bytes;

  g_assert_no_error (error);
  bytes = adit_secret_peek (request, &length);
  g_assert_cmpmem (bytes, length, expected, strlen (expected));
}

static void
test_request_ipv6 (void)
{
  AditTunnelSpec spec = new_spec ("[2001:db8::1]:443");
  g_autoptr (AditSecret) key = new_key (32);
  const AditTunnelSecrets secrets = { .private_key = key };
  g_autoptr (AditSecret) request = adit_uapi_new_set_request (&spec, &secrets, 1, NULL);
  g_autofree char *text = NULL;
  gsize length;
  const guint8 *bytes = adit_secret_peek (request, &length);

  text = g_strndup ((const char *) bytes, length);
  g_assert_nonnull (strstr (text, "\nendpoint=[2001:db8::1]:443\n"));
  g_assert_null (strstr (text, "preshared_key"));
}

static void
test_request_bad (void)
{
  AditTunnelSpec spec = new_spec ("198.51.100.10:51820");
  g_autoptr (AditSecret) good = new_key (32), shorter = new_key (31), longer = new_key (33);
  AditTunnelSecrets secrets = { .private_key = good };
  g_autoptr (GError) error = NULL;

  g_assert_null (adit_uapi_new_set_request (&spec, &(AditTunnelSecrets) { .private_key = shorter }, 1, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
  g_assert_null (adit_uapi_new_set_request (&spec, &(AditTunnelSecrets) { .preshared_key = good }, 1, NULL));
  secrets.preshared_key = longer;
  g_assert_null (adit_uapi_new_set_request (&spec, &secrets, 1, NULL));
  secrets.preshared_key = NULL;
  secrets.more_preshared_keys[0] = longer;
  g_assert_null (adit_uapi_new_set_request (&spec, &secrets, 1, NULL));
  secrets.more_preshared_keys[0] = NULL;
  spec.n_allowed_ips = ADIT_TUNNEL_MAX_ALLOWED_IPS + 1;
  g_assert_null (adit_uapi_new_set_request (&spec, &secrets, 1, NULL));
}

/* Each peer with its own. */
static void
test_request_peers (void)
{
  static const char expected[] =
    "set=1\nprivate_key=" KEY_A "\nfwmark=1\nlisten_port=0\nreplace_peers=true\npublic_key=" KEY_B
    "\nendpoint=198.51.100.10:51820\npersistent_keepalive_interval=25\nreplace_allowed_ips=true\n"
    "allowed_ip=0.0.0.0/0\nallowed_ip=::/0\n"
    "public_key=" KEY_A "\npreshared_key=" KEY_A "\nendpoint=[2001:db8::9]:443\npersistent_keepalive_interval=0\n"
    "replace_allowed_ips=true\nallowed_ip=10.9.0.0/16\n\n";
  AditTunnelSpec spec = new_spec ("198.51.100.10:51820");
  g_autoptr (AditSecret) key = new_key (32), request = NULL;
  const AditTunnelSecrets secrets = { .private_key = key, .more_preshared_keys = { key } };
  g_autoptr (GError) error = NULL;
  const guint8 *bytes;
  gsize length;

  spec.n_more_peers = 1;
  spec.more_peers[0].n_allowed_ips = 1;
  memcpy (spec.more_peers[0].key, adit_secret_peek (key, NULL), ADIT_WG_KEY_BYTES);
  g_assert_true (adit_endpoint_parse ("[2001:db8::9]:443", &spec.more_peers[0].endpoint));
  g_assert_true (adit_prefix_parse ("10.9.0.0/16", &spec.allowed_ips[spec.n_allowed_ips++]));
  request = adit_uapi_new_set_request (&spec, &secrets, 1, &error);
  g_assert_no_error (error);
  bytes = adit_secret_peek (request, &length);
  g_assert_cmpmem (bytes, length, expected, strlen (expected));
}

/* The most that a file can hold still fits. */
static void
test_request_most (void)
{
  AditTunnelSpec spec = new_spec ("[2001:db8:1111:1111:1111:1111:1111:1111]:51820");
  g_autoptr (AditSecret) key = new_key (32), request = NULL;
  AditTunnelSecrets secrets = { .private_key = key, .preshared_key = key };
  g_autoptr (GError) error = NULL;

  spec.n_more_peers = ADIT_TUNNEL_MAX_PEERS - 1;
  spec.n_allowed_ips = ADIT_TUNNEL_MAX_ALLOWED_IPS;
  spec.keepalive_s = G_MAXUINT16;
  for (guint i = 0; i < spec.n_more_peers; i++)
    {
      spec.more_peers[i] = (AditTunnelPeer) { .endpoint = spec.peer, .key = { 9, (guint8) i }, .n_allowed_ips = 1,
                                              .keepalive_s = G_MAXUINT16 };
      secrets.more_preshared_keys[i] = key;
    }
  for (guint i = 0; i < spec.n_allowed_ips; i++)
    {
      g_autofree char *text = g_strdup_printf ("2001:db8:1111:1111:1111:1111:1111:1%03x/128", i);

      g_assert_true (adit_prefix_parse (text, &spec.allowed_ips[i]));
    }
  request = adit_uapi_new_set_request (&spec, &secrets, G_MAXUINT32, &error);
  g_assert_no_error (error);
  g_test_message ("%" G_GSIZE_FORMAT " bytes", adit_secret_get_size (request));
}

static void
test_set_answer (void)
{
  static const char *const refused[] = {
    "errno=-22\n\n", "errno=1\n\n", "errno=0\n", "errno=0", "", "\n\n", "errno=\n\n", "errno=00\n\n", "errno=+0\n\n",
    "errno= 0\n\n",
    "errno=0\n\n\n", "errno=0\nerrno=0\n\n", "errno=0\nx=1\n\n", "Errno=0\n\n", "x=1\nerrno=0\n\n",
    "errno=99999999999999999999999\n\n", "errno=--1\n\n",
  };
  g_autoptr (GError) error = NULL;

  g_assert_true (adit_uapi_check_set_answer ("errno=0\n\n", 9, &error));
  g_assert_no_error (error);
  g_assert_false (adit_uapi_check_set_answer ("errno=0\n\0\n", 10, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_clear_error (&error);
      if (adit_uapi_check_set_answer (refused[i], strlen (refused[i]), &error))
        g_error ("taken: %s", refused[i]);
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
    }
}

#define HEAD "private_key=" KEY_A "\nlisten_port=41822\nfwmark=4660\n"
#define PEER "public_key=" KEY_B "\npreshared_key=" KEY_A "\nprotocol_version=1\nendpoint=198.51.100.10:51820\n"

static void
test_get_answer (void)
{
  static const char answer[] = HEAD PEER "last_handshake_time_sec=1700000000\nlast_handshake_time_nsec=999999999\n"
    "tx_bytes=18446744073709551615\nrx_bytes=92\npersistent_keepalive_interval=25\nallowed_ip=0.0.0.0/0\nerrno=0\n\n";
  static const char two[] = HEAD PEER
    "rx_bytes=5\nallowed_ip=0.0.0.0/0\npublic_key=" KEY_A "\nlast_handshake_time_sec=7\nerrno=0\n\n";
  g_autoptr (GError) error = NULL;
  AditUapiStatus status;

  g_assert_true (adit_uapi_parse_get_answer (answer, strlen (answer), &status, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (status.fwmark, ==, 0x1234);
  g_assert_cmpuint (status.listen_port, ==, 41822);
  g_assert_cmpuint (status.n_peers, ==, 1);
  g_assert_cmpint (status.peers[0].handshake_s, ==, 1700000000);
  g_assert_cmpint (status.peers[0].handshake_ns, ==, 999999999);
  g_assert_cmpuint (status.peers[0].received_bytes, ==, 92);
  g_assert_cmpuint (status.peers[0].sent_bytes, ==, G_MAXUINT64);

  /* What is said of one peer is not another's. */
  g_assert_true (adit_uapi_parse_get_answer (two, strlen (two), &status, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (status.n_peers, ==, 2);
  g_assert_cmpuint (status.peers[0].received_bytes, ==, 5);
  g_assert_cmpint (status.peers[0].handshake_s, ==, 0);
  g_assert_cmpuint (status.peers[1].received_bytes, ==, 0);
  g_assert_cmpint (status.peers[1].handshake_s, ==, 7);
  g_assert_cmpuint (status.peers[0].key[31], ==, 0xff);
  g_assert_cmpuint (status.peers[1].key[31], ==, 0x1f);

  /* No beginning of it is an answer. */
  for (gsize length = 0; length < strlen (answer); length++)
    g_assert_false (adit_uapi_parse_get_answer (answer, length, &status, NULL));
}

static void
test_get_hostile (void)
{
  static const char *const refused[] = {
    HEAD "errno=-1\n\n", HEAD "errno=0\nlisten_port=1\n\n", HEAD "\nerrno=0\n\n", HEAD "errno=0\n\ntail\n\n", "errno=0\n\n\n\n",
    "fwmark=4294967296\nerrno=0\n\n", "listen_port=65536\nerrno=0\n\n", "listen_port=-1\nerrno=0\n\n",
    "listen_port=0x10\nerrno=0\n\n",
    "rx_bytes=1\nerrno=0\n\n", "last_handshake_time_sec=1\nerrno=0\n\n",    /* of no peer */
    PEER "last_handshake_time_sec=9223372036854775808\nerrno=0\n\n", PEER "last_handshake_time_nsec=1000000000\nerrno=0\n\n",
    PEER "rx_bytes=18446744073709551616\nerrno=0\n\n", PEER "rx_bytes=-1\nerrno=0\n\n", PEER "rx_bytes=\nerrno=0\n\n",
    PEER PEER PEER PEER PEER PEER PEER PEER PEER "errno=0\n\n",    /* one more than a file may have */
    "public_key=00\nerrno=0\n\n", "public_key=" KEY_A "00\nerrno=0\n\n", "private_key=zz\nerrno=0\n\n",
    "=1\nerrno=0\n\n", "novalue\nerrno=0\n\n",
  };
  g_autofree char *line = g_strnfill (5000, 'a'), *long_line = g_strdup_printf ("%s=1\nerrno=0\n\n", line);
  g_autoptr (GString) many = g_string_new (NULL);
  AditUapiStatus status;

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      if (adit_uapi_parse_get_answer (refused[i], strlen (refused[i]), &status, &error))
        g_error ("taken: %s", refused[i]);
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
      g_assert_cmpuint (status.n_peers, ==, 0);
    }
  g_assert_false (adit_uapi_parse_get_answer (long_line, strlen (long_line), &status, NULL));
  while (many->len < ADIT_UAPI_MAX_ANSWER_BYTES)
    g_string_append (many, "allowed_ip=0.0.0.0/0\n");
  g_string_append (many, "errno=0\n\n");
  g_assert_false (adit_uapi_parse_get_answer (many->str, many->len, &status, NULL));
  g_assert_false (adit_uapi_parse_get_answer ("fwmark=1\0\nerrno=0\n\n", 20, &status, NULL));
}

static void
test_handshake_clock (void)
{
  AditHandshakeClock clock = { 0 };
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC, age_ms;

  g_assert_cmpint (adit_handshake_clock_update (&clock, 0, 0), ==, -1);
  age_ms = adit_handshake_clock_update (&clock, now_s - 100, 0);
  g_assert_cmpint (age_ms, >=, 100000);
  g_assert_cmpint (age_ms, <, 160000);
  /* A stamp from the future is new, and then grows old like any other. */
  g_assert_cmpint (adit_handshake_clock_update (&clock, now_s + 5000, 0), <, 60000);
  g_usleep (30000);
  age_ms = adit_handshake_clock_update (&clock, now_s + 5000, 0);
  g_assert_cmpint (age_ms, >=, 30);
  g_assert_cmpint (adit_handshake_clock_update (&clock, G_MAXINT64, 0), >=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/uapi/request", test_request);
  g_test_add_func ("/uapi/request/ipv6", test_request_ipv6);
  g_test_add_func ("/uapi/request/bad", test_request_bad);
  g_test_add_func ("/uapi/request/peers", test_request_peers);
  g_test_add_func ("/uapi/request/most", test_request_most);
  g_test_add_func ("/uapi/set-answer", test_set_answer);
  g_test_add_func ("/uapi/get-answer", test_get_answer);
  g_test_add_func ("/uapi/get-answer/hostile", test_get_hostile);
  g_test_add_func ("/uapi/handshake-clock", test_handshake_clock);
  return g_test_run ();
}
