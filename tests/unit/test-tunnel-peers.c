/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-tunnel-peers.c: which peer takes what, and files of peers that root must not act on. */
#include "client/model/tunnel-peers.h"

#include <string.h>

#include "client/base/error.h"

#define MAX_PEERS 4

/* Each peer's networks; the last row that is not there ends it. */
static void
make_spec (AditTunnelSpec *spec, const char *const *networks)
{
  memset (spec, 0, sizeof *spec);
  g_assert_true (adit_prefix_parse ("10.64.0.2/32", &spec->addresses[spec->n_addresses++]));
  g_assert_true (adit_prefix_parse ("fc00::2/128", &spec->addresses[spec->n_addresses++]));
  g_assert_true (adit_address_parse ("10.64.0.1", &spec->dns[spec->n_dns++]));
  spec->mtu_bytes = 1420;
  for (guint i = 0; i < MAX_PEERS && networks[i] != NULL; i++)
    {
      g_auto (GStrv) items = g_strsplit (networks[i], " ", -1);
      AditTunnelPeer peer = { .endpoint.port = (guint16) (i + 1), .key = { 1, (guint8) i }, .keepalive_s = (guint16) (10 + i) };

      g_assert_true (adit_address_parse ("192.0.2.9", &peer.endpoint.address));
      for (; items[peer.n_allowed_ips] != NULL; peer.n_allowed_ips++)
        g_assert_true (adit_prefix_parse (items[peer.n_allowed_ips], &spec->allowed_ips[spec->n_allowed_ips++]));
      if (i > 0)
        spec->more_peers[spec->n_more_peers++] = peer;
      else
        {
          spec->peer = peer.endpoint;
          memcpy (spec->peer_key, peer.key, sizeof peer.key);
          spec->keepalive_s = peer.keepalive_s;
        }
    }
}

static const char *const office[MAX_PEERS] = { "10.9.0.0/16 fd00:9::/48", "0.0.0.0/0 ::/0", "10.9.7.0/24 10.64.0.1/32" };
static const char *const split[MAX_PEERS] = { "10.8.0.0/24", "10.9.0.0/24 10.9.1.0/24" };

static void
test_get (void)
{
  static const guint firsts[] = { 0, 2, 4 };
  AditTunnelSpec spec;
  AditTunnelPeer peer;
  guint first;

  make_spec (&spec, office);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (adit_tunnel_spec_get_peer (&spec, i, &peer, &first));
      g_assert_cmpuint (first, ==, firsts[i]);
      g_assert_cmpuint (peer.n_allowed_ips, ==, 2);
      g_assert_cmpuint (peer.endpoint.port, ==, i + 1);
      g_assert_cmpuint (peer.key[1], ==, i);
      g_assert_cmpuint (peer.keepalive_s, ==, 10 + i);
    }
  g_assert_false (adit_tunnel_spec_get_peer (&spec, 3, &peer, &first));
  g_assert_false (adit_tunnel_spec_get_peer (&spec, ADIT_NO_PEER, &peer, NULL));
  spec.n_more_peers = G_MAXUINT;    /* nobody has looked at it yet */
  g_assert_true (adit_tunnel_spec_get_peer (&spec, ADIT_TUNNEL_MAX_PEERS - 1, &peer, &first));
  g_assert_false (adit_tunnel_spec_get_peer (&spec, ADIT_TUNNEL_MAX_PEERS, &peer, &first));
}

static void
test_default (void)
{
  static const struct { const char *networks[MAX_PEERS]; guint found; } rows[] = {
    { { "0.0.0.0/0" }, 0 }, { { "10.0.0.0/8", "0.0.0.0/0" }, 1 }, { { "10.0.0.0/8", "11.0.0.0/8", "::/0" }, 2 },
    { { "::/0", "0.0.0.0/0" }, 1 }, { { "10.0.0.0/8", "128.0.0.0/1 0.0.0.0/1" }, 1 },
    { { "0.0.0.0/1", "128.0.0.0/1" }, ADIT_NO_PEER },
    { { "10.0.0.0/8" }, ADIT_NO_PEER }, { { "0.0.0.0/1 8000::/1" }, ADIT_NO_PEER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditTunnelSpec spec;

      make_spec (&spec, rows[i].networks);
      g_assert_cmpuint (adit_tunnel_spec_find_default_peer (&spec), ==, rows[i].found);
    }
}

static void
test_find (void)
{
  static const struct { const char *const *networks; const char *address; guint found; } rows[] = {
    { office, "198.51.100.7", 1 }, { office, "10.9.1.1", 0 }, { office, "10.9.7.1", 2 }, { office, "10.64.0.1", 2 },
    { office, "fd00:9::1", 0 }, { office, "fd00:8::1", 1 },
    { split, "10.9.1.1", 1 }, { split, "10.8.0.255", 0 }, { split, "10.8.1.0", ADIT_NO_PEER }, { split, "::1", ADIT_NO_PEER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditTunnelSpec spec;
      AditAddress address;

      make_spec (&spec, rows[i].networks);
      g_assert_true (adit_address_parse (rows[i].address, &address));
      g_assert_cmpuint (adit_tunnel_spec_find_peer (&spec, &address), ==, rows[i].found);
    }
}

/* What is sent to wake a peer arrives there and nowhere else, and is no secret. */
static void
test_inside (void)
{
  static const struct { const char *networks[MAX_PEERS]; guint n; const char *address; } rows[] = {
    { { "0.0.0.0/0 ::/0" }, 0, "10.64.0.1" },                                /* the resolver */
    { { "0.0.0.0/0", "10.64.0.0/24" }, 0, "192.0.2.1" }, { { "0.0.0.0/0", "10.64.0.0/24" }, 1, "10.64.0.1" },
    { { "0.0.0.0/0 ::/0", "10.64.0.0/24 192.0.2.0/24" }, 0, "2001:db8::1" },
    { { "10.8.0.0/24", "10.8.0.0/25" }, 0, NULL },                           /* the other has its beginning: none is guessed */
    { { "10.8.0.7/32" }, 0, "10.8.0.7" }, { { "10.8.0.6/31" }, 0, "10.8.0.6" }, { { "10.8.0.4/30" }, 0, "10.8.0.5" },
    { { "fd00:9::/64" }, 0, "fd00:9::1" }, { { "10.0.0.0/8" }, 1, NULL }, { { "10.0.0.0/8" }, ADIT_NO_PEER, NULL },
  };
  AditTunnelSpec spec;
  AditAddress address;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = NULL;

      make_spec (&spec, rows[i].networks);
      memset (&address, 0, sizeof address);
      g_assert_true (adit_tunnel_spec_find_inside (&spec, rows[i].n, &address) == (rows[i].address != NULL));
      if (rows[i].address == NULL)
        continue;
      text = adit_address_dup_text (&address);
      g_assert_cmpstr (text, ==, rows[i].address);
      g_assert_cmpuint (adit_tunnel_spec_find_peer (&spec, &address), ==, rows[i].n);
    }
  /* No address of this computer to send from. */
  make_spec (&spec, (const char *const[MAX_PEERS]) { "fd00:9::/64" });
  spec.n_addresses = 1;
  g_assert_false (adit_tunnel_spec_find_inside (&spec, 0, &address));
}

static void
test_refused (void)
{
  g_autoptr (GError) error = NULL;
  AditTunnelSpec spec;

  make_spec (&spec, office);
  g_assert_true (adit_tunnel_spec_is_valid (&spec, &error));
  g_assert_no_error (error);
#define ASSERT_REFUSED(change) make_spec (&spec, office); change; g_assert_false (adit_tunnel_spec_is_valid (&spec, NULL))
  ASSERT_REFUSED (spec.n_more_peers = ADIT_TUNNEL_MAX_PEERS);
  ASSERT_REFUSED (spec.n_more_peers = 3);
  ASSERT_REFUSED (memset (spec.more_peers[0].key, 0, ADIT_WG_KEY_BYTES));
  ASSERT_REFUSED (memcpy (spec.more_peers[0].key, spec.peer_key, ADIT_WG_KEY_BYTES));
  ASSERT_REFUSED (memcpy (spec.more_peers[1].key, spec.more_peers[0].key, ADIT_WG_KEY_BYTES));
  ASSERT_REFUSED (spec.more_peers[1].endpoint.port = 0);
  ASSERT_REFUSED (adit_address_parse ("127.0.0.1", &spec.more_peers[1].endpoint.address));
  ASSERT_REFUSED (adit_address_parse ("fe80::1", &spec.more_peers[0].endpoint.address));
  ASSERT_REFUSED (spec.more_peers[1].n_allowed_ips = 0);
  ASSERT_REFUSED (spec.more_peers[1].n_allowed_ips = 4);    /* nothing is left for the first */
  ASSERT_REFUSED (spec.more_peers[1].n_allowed_ips = G_MAXUINT16);
  ASSERT_REFUSED (spec.kind = ADIT_TUNNEL_OPENVPN; spec.carrier_uid = 1);
}

/* In at 198.51.100.1, out at @exit, which is reached from inside. */
static void
make_nested (AditTunnelSpec *spec, const char *exit)
{
  const char *const networks[MAX_PEERS] = { exit, "0.0.0.0/0 ::/0" };

  make_spec (spec, networks);
  g_assert_true (adit_address_parse ("198.51.100.1", &spec->peer.address));
  spec->more_peers[0].endpoint = (AditEndpoint) { spec->allowed_ips[0].address, 51820 };
  spec->mtu_bytes = 1380;
  spec->is_nested = TRUE;
}

static void
test_nested (void)
{
  static const char *const exits[] = { "192.0.2.9/32", "2001:db8::9/128" };
  static const guint16 mtus[] = { 1305, 1285 };    /* 60 or 80 for the outer layer, 15 for its padding */
  g_autoptr (GError) error = NULL;
  AditTunnelSpec spec;
  AditAddress inside;

  for (guint i = 0; i < G_N_ELEMENTS (exits); i++)
    {
      make_nested (&spec, exits[i]);
      g_assert_true (adit_tunnel_spec_is_valid (&spec, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (adit_tunnel_spec_get_nested_mtu_bytes (&spec), ==, mtus[i]);
      adit_tunnel_spec_set_mtu (&spec, 1300);
      g_assert_cmpuint (adit_tunnel_spec_get_nested_mtu_bytes (&spec), ==, 1300);
      adit_tunnel_spec_set_mtu (&spec, ADIT_TUNNEL_MTU_MAX_BYTES);
      g_assert_cmpuint (spec.mtu_bytes, ==, ADIT_TUNNEL_MTU_MAX_BYTES);
      g_assert_true (adit_tunnel_spec_is_valid (&spec, NULL));
      /* The exit's handshake is what counts, and its key what everything inside is for; but not what is sent to itself. */
      g_assert_cmpuint (adit_tunnel_spec_find_default_peer (&spec), ==, 1);
      g_assert_true (adit_tunnel_spec_find_inside (&spec, 1, &inside));
      g_assert_cmpuint (adit_tunnel_spec_find_peer (&spec, &spec.dns[0]), ==, 1);
      g_assert_cmpuint (adit_tunnel_spec_find_peer (&spec, &spec.more_peers[0].endpoint.address), ==, 0);
    }
#define NESTED_REFUSED(change) make_nested (&spec, exits[0]); change; g_assert_false (adit_tunnel_spec_is_valid (&spec, NULL))
  NESTED_REFUSED (spec.n_more_peers = 0);
  NESTED_REFUSED (spec.n_more_peers = 2);
  NESTED_REFUSED (spec.allowed_ips[0].prefix_bits = 31);
  NESTED_REFUSED (spec.allowed_ips[0].address.bytes[3]++);
  NESTED_REFUSED (spec.more_peers[0].endpoint.address.bytes[3]++);
  NESTED_REFUSED (spec.peer.address = spec.more_peers[0].endpoint.address);
  NESTED_REFUSED (spec.more_peers[0].n_allowed_ips = 1);    /* the first would have more than the second's address */
  NESTED_REFUSED (spec.dns[0] = spec.more_peers[0].endpoint.address);
  NESTED_REFUSED (spec.mtu_bytes = ADIT_TUNNEL_MTU_MIN_BYTES + 60 + 15 - 1);
  NESTED_REFUSED (spec.addresses[0] = spec.addresses[1]; spec.n_addresses = 1);    /* no IPv4 of ours to send it from */
  NESTED_REFUSED (memcpy (spec.more_peers[0].key, spec.peer_key, ADIT_WG_KEY_BYTES));
  make_spec (&spec, office);
  spec.is_nested = TRUE;
  g_assert_false (adit_tunnel_spec_is_valid (&spec, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tunnel-peers/get", test_get);
  g_test_add_func ("/tunnel-peers/default", test_default);
  g_test_add_func ("/tunnel-peers/find", test_find);
  g_test_add_func ("/tunnel-peers/inside", test_inside);
  g_test_add_func ("/tunnel-peers/refused", test_refused);
  g_test_add_func ("/tunnel-peers/nested", test_nested);
  return g_test_run ();
}
