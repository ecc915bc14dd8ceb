/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-route.c: the kernel itself is asked which way a packet would take, before, during and after. */
#include <string.h>

#include "client/base/error.h"
#include "platform/linux/marks.h"
#include "tests/lab/route-fixture.h"

static void
test_ways (RouteFixture *f, gconstpointer data)
{
  g_autofree char *before = route_take_listing (), *applied = NULL, *link = NULL;

  route_assert_way ("198.51.100.7", "dev uplink");
  route_apply (f);
  route_assert_protected ();
  route_assert_way ("198.51.100.7", "src 10.64.0.2");
  route_assert_way ("2001:db8:9::7", "src fd00:64::2");
  /* What came out of the tunnel finds the computer's own nets and no way further out. */
  route_set_sysctl (ROUTE_ALL_IPV4 "forwarding", 1);
  route_assert_way ("192.0.2.77 from 203.0.113.9 iif adit0", "dev uplink");
  route_assert_way ("198.51.100.7 from 203.0.113.9 iif adit0", "dev adit0");
  route_set_sysctl (ROUTE_ALL_IPV4 "forwarding", 0);
  link = private_world_run (TRUE, "ip link show adit0");
  g_assert_nonnull (strstr (link, "mtu 1380"));
  g_assert_nonnull (strstr (link, ",UP"));
  applied = route_take_listing ();
  g_assert_null (strstr (applied, "fe80"));
  g_assert_null (strstr (applied, "tentative"));
  route_apply (f);
  route_assert_listing (applied);
  route_revert (f);
  route_assert_listing (before);
  route_revert (f);
  route_assert_listing (before);
}

/* The user who carries the tunnel finds its far end by main, and by nothing else. */
static void
test_carrier (RouteFixture *f, gconstpointer data)
{
  g_autofree char *before = route_take_listing (), *applied = NULL;

  f->spec.kind = ADIT_TUNNEL_OPENVPN;
  f->spec.carrier_uid = 61777;
  route_apply (f);
  route_assert_protected ();
  route_assert_way ("203.0.113.5 uid 61777", "dev uplink");
  route_assert_way ("203.0.113.6 uid 61777", "dev adit0");
  route_assert_way ("203.0.113.5 uid 61778", "dev adit0");
  route_assert_way ("203.0.113.5", "dev adit0");
  applied = route_take_listing ();
  route_apply (f);
  route_assert_listing (applied);
  /* Where there is no way, what carries the tunnel does not go into the tunnel. */
  private_world_do ("ip route del default via 192.0.2.1");
  route_assert_way ("203.0.113.5 uid 61777", ROUTE_NO_ROUTE);
  route_assert_way ("203.0.113.5 uid 61778", "dev adit0");
  private_world_do ("ip route add default via 192.0.2.1");
  route_revert (f);
  route_assert_listing (before);
}

/* What is enciphered for the second of two servers enters the device again, with our address inside; what is enciphered for the
 * first leaves by the cable.  Packets of programs are so much shorter that what is made of them fits. */
static void
test_nested (RouteFixture *f, gconstpointer data)
{
  static const struct { const char *exit, *question; guint mtu; } rows[] = {
    { "203.0.113.9", "203.0.113.9" ROUTE_OURS, 1305 },
    { "2001:db8:9::9", "2001:db8:9::9" ROUTE_OURS, 1285 },
  };
  const AditTunnelSpec usual = f->spec;
  g_autofree char *before = route_take_listing ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditTunnelPeer *inner = &f->spec.more_peers[0];
      g_autofree char *applied = NULL, *mtu = g_strdup_printf ("mtu %u ", rows[i].mtu), *way = NULL, *ask = NULL, *to_exit = NULL;

      f->spec = usual;
      f->spec.is_nested = TRUE;
      f->spec.n_more_peers = 1;
      memset (inner->key, 8, sizeof inner->key);
      g_assert_true (adit_address_parse (rows[i].exit, &inner->endpoint.address));
      inner->endpoint.port = 51820;
      inner->n_allowed_ips = 2;
      memmove (&f->spec.allowed_ips[1], &f->spec.allowed_ips[0], 2 * sizeof f->spec.allowed_ips[0]);
      f->spec.allowed_ips[0] = (AditPrefix) { inner->endpoint.address, i == 0 ? 32 : 128 };
      f->spec.n_allowed_ips = 3;
      route_apply (f);
      route_assert_protected ();
      ask = g_strconcat (i == 0 ? "ip route get " : "ip -6 route get ", rows[i].question, NULL);
      to_exit = private_world_run (FALSE, "%s", ask);
      g_assert_true (strstr (to_exit, "dev adit0") != NULL &&
                     strstr (to_exit, i == 0 ? "src 10.64.0.2" : "src fd00:64::2") != NULL);
      g_assert_null (strstr (to_exit, mtu));
      route_assert_way ("203.0.113.5" ROUTE_OURS, "dev uplink");    /* the first */
      way = private_world_run (FALSE, i == 0 ? "ip route get 198.51.100.7" : "ip -6 route get 2001:db8:9::7");
      g_assert_nonnull (strstr (way, mtu));
      applied = route_take_listing ();
      route_apply (f);
      route_assert_listing (applied);
      /* Where the cable has no way, it does not go into the tunnel that it carries. */
      private_world_do ("ip route del default via 192.0.2.1");
      route_assert_way ("203.0.113.5" ROUTE_OURS, ROUTE_NO_ROUTE);
      private_world_do ("ip route add default via 192.0.2.1");
    }
  f->spec = usual;
  route_apply (f);    /* over to one server: its rule is gone, and so are the packet sizes */
  route_assert_way ("203.0.113.9" ROUTE_OURS, "dev uplink");
  route_revert (f);
  route_assert_listing (before);
}

static void
test_pushed_routes (RouteFixture *f, gconstpointer data)
{
  route_apply (f);
  private_world_do ("ip route add 0.0.0.0/1 via 192.0.2.1");
  private_world_do ("ip route add 128.0.0.0/1 via 192.0.2.1");
  private_world_do ("ip route add 198.51.100.7 via 192.0.2.1");
  private_world_do ("ip route add 10.64.0.1 via 192.0.2.1");
  private_world_do ("ip -6 route add ::/1 via 2001:db8:1::1");
  private_world_do ("ip -6 route add fd00:64::1 via 2001:db8:1::1");
  route_assert_protected ();
  route_remove_device (f);
  route_assert_nowhere ();
  route_assert_way ("10.64.0.1", ROUTE_NOWHERE);
  route_assert_way ("fd00:64::1", ROUTE_NOWHERE);
}

static void
test_narrow (RouteFixture *f, gconstpointer data)
{
  g_autofree char *main_table = NULL;

  f->spec.addresses[0].prefix_bits = 24;
  f->spec.n_allowed_ips = 0;
  route_add_prefix (f->spec.allowed_ips, &f->spec.n_allowed_ips, "10.70.1.2/10");
  route_add_prefix (f->spec.allowed_ips, &f->spec.n_allowed_ips, "198.51.96.0/20");
  route_apply (f);
  route_assert_way ("198.51.100.7", "dev adit0");
  route_assert_way ("10.64.0.1", "dev adit0");
  route_assert_way ("198.51.112.1", ROUTE_NOWHERE);
  main_table = private_world_run (TRUE, "ip route show");
  g_assert_null (strstr (main_table, ADIT_TUNNEL_DEVICE));
  route_assert_way ("2001:db8:9::7", ROUTE_NOWHERE);
}

static void
test_one_family (RouteFixture *f, gconstpointer data)
{
  f->spec.n_addresses = 1;
  route_apply (f);
  route_assert_way ("198.51.100.7", "dev adit0");
  route_assert_way ("2001:db8:9::7", ROUTE_NOWHERE);
  route_assert_way ("2001:db8:1::77", ROUTE_NOWHERE);
  route_assert_way ("2001:db8:9::7" ROUTE_OURS, "dev uplink");
}

static void
test_ipv6_off (RouteFixture *f, gconstpointer data)
{
  g_autofree char *before = NULL, *rules = NULL, *bare = private_world_run (TRUE, "ip -6 rule");

  route_set_sysctl ("net/ipv6/conf/all/disable_ipv6", 1);
  before = route_take_listing ();
  route_apply (f);
  route_assert_way ("198.51.100.7", "dev adit0");
  rules = private_world_run (TRUE, "ip -6 rule");
  g_assert_cmpstr (rules, ==, bare);
  route_revert (f);
  route_assert_listing (before);
}

static void
test_no_device (RouteFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  route_remove_device (f);
  g_assert_false (adit_route_apply (f->route, &f->spec, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
}

static void
add_net (AditReach *reach, const char *to, gboolean is_guests)
{
  g_assert_true (adit_prefix_parse (to, &reach->nets[reach->n_nets].to));
  reach->nets[reach->n_nets++].is_guests = is_guests;
}

static void
set_reach (RouteFixture *f, const AditReach *reach)
{
  g_autoptr (GError) error = NULL;

  adit_route_set_reach (f->route, reach, &error);
  g_assert_no_error (error);
}

/* What may be reached beside the tunnel goes where main has a way of its own to it, and never by the default route; the tunnel's
 * resolvers stay inside, wherever the local network says that it is. */
static void
test_reach (RouteFixture *f, gconstpointer data)
{
  static const AditReach nothing;
  AditReach reach = { .n_inside = 1, .n_outside = 1, .n_groups = 1 };
  g_autofree char *before = NULL, *applied = NULL, *rules = NULL;

  private_world_do ("ip addr add 10.1.0.2/16 dev uplink");
  private_world_do ("ip addr add fd00:1::2/64 dev uplink nodad");
  private_world_do ("ip link add virbr0 type bridge");
  route_set_sysctl ("net/ipv6/conf/virbr0/addr_gen_mode", 1);
  private_world_do ("ip addr add 192.168.122.1/24 dev virbr0");
  private_world_do ("ip link set virbr0 up");
  g_assert_true (adit_address_parse ("9.9.9.9", &reach.inside[0]));
  g_assert_true (adit_address_parse ("10.1.0.1", &reach.outside[0]));
  g_assert_true (adit_endpoint_parse ("239.255.255.250:1900", &reach.groups[0].to));
  before = route_take_listing ();
  route_apply (f);
  applied = route_take_listing ();
  route_assert_way ("10.1.0.7", "dev adit0");
  add_net (&reach, "10.0.0.0/8", FALSE);
  add_net (&reach, "10.0.0.0/8", FALSE);    /* of another address of the same link */
  add_net (&reach, "fd00::/16", FALSE);
  add_net (&reach, "192.168.122.0/24", TRUE);
  set_reach (f, &reach);
  route_assert_protected ();
  route_assert_way ("10.1.0.7", "dev uplink");
  route_assert_way ("10.1.0.1", "dev uplink");
  route_assert_way ("10.2.0.7", "dev adit0");           /* in the range, and main has nothing but its default */
  route_assert_way ("fd00:1::7", "dev uplink");
  route_assert_way ("fd00:2::7", "dev adit0");
  route_assert_way ("192.168.122.7", "dev virbr0");
  route_assert_way ("9.9.9.9", "dev adit0");
  route_assert_way ("239.255.255.250", "dev uplink");
  route_assert_way ("239.255.255.251", "dev adit0");
  private_world_do ("ip route add 9.9.9.9 via 192.0.2.1");
  private_world_do ("ip route add 10.64.0.0/16 via 192.0.2.1");
  route_assert_protected ();
  route_assert_way ("9.9.9.9", "dev adit0");
  private_world_do ("ip route del 9.9.9.9");
  private_world_do ("ip route del 10.64.0.0/16");
  rules = private_world_run (TRUE, "ip rule");
  g_assert_null (strstr (strstr (rules, "to 10.0.0.0/8") + 1, "to 10.0.0.0/8"));
  set_reach (f, &nothing);
  route_assert_listing (applied);
  /* Remembered for the next tunnel, and gone with it. */
  set_reach (f, &reach);
  route_revert (f);
  route_assert_listing (before);
  route_apply (f);
  route_assert_way ("10.1.0.7", "dev uplink");
  route_revert (f);
  route_assert_listing (before);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
#define ADD(path, function, data) g_test_add ("/route/" path, RouteFixture, data, route_set_up, function, route_tear_down)
  ADD ("ways", test_ways, NULL);
  ADD ("carrier", test_carrier, NULL);
  ADD ("nested", test_nested, NULL);
  ADD ("pushed-routes", test_pushed_routes, NULL);
  ADD ("reach", test_reach, NULL);
  ADD ("narrow", test_narrow, NULL);
  ADD ("one-family", test_one_family, NULL);
  ADD ("ipv6-off", test_ipv6_off, NULL);
  ADD ("no-device", test_no_device, NULL);
#undef ADD
  return g_test_run ();
}
