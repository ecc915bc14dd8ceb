/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-tunnel-offer.c: somebody is offered what their service and account have, and told why the rest is not. */
#include "client/model/server-list-writer.h"
#include "ui/tunnel-offer.h"

typedef struct { gboolean by_openvpn, has_exit, makes_tunnels, nests; } Kind;

static AditServerList *
new_list (const Kind *kind)
{
  AditServerListHead head = { .service = "ovpn", .fetched_at_s = 1800000000, .n_dns = 1, .mtu_bytes = 1380,
                              .ports = { { 53, 53, ADIT_PROTOCOL_WIREGUARD }, { 4000, 5000, ADIT_PROTOCOL_WIREGUARD },
                                         { 1194, 1194, ADIT_PROTOCOL_OPENVPN_UDP }, { 443, 443, ADIT_PROTOCOL_OPENVPN_TCP } },
                              .n_ports = 4, .nests_tunnels = kind->nests };
  AditServerListServer server = { .name = "vpn1", .provider = "", .in_country = TRUE, .weight = 1 };
  AditLocation location = { .country_name = "Sweden", .city_name = "Malmo" };
  AditServerListWriter *writer;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  AditServerList *list;

  adit_address_parse ("10.64.0.1", &head.dns[0]);
  if (kind->makes_tunnels)
    head = (AditServerListHead) { .service = "mysterium", .fetched_at_s = 1800000000, .makes_tunnels = TRUE };
  else
    {
      adit_address_parse ("192.0.2.7", &server.ipv4);
      server.key[0] = 1;
      server.wireguard_exit_port = kind->has_exit ? 30000 : 0;
    }
  if (kind->by_openvpn)
    adit_address_parse ("192.0.2.8", &server.openvpn_ipv4);
  g_assert_true (adit_place_set (&location.place, "se", "mma", "vpn1"));
  writer = adit_server_list_writer_new (&head);
  g_assert_true (adit_server_list_writer_add (writer, &location, 0, 0, &server));
  bytes = adit_server_list_writer_finish (writer);
  list = adit_server_list_new_for_bytes (bytes, &error);
  g_assert_no_error (error);
  return list;
}

static void
find (AditTunnelOffer *offer, const Kind *kind, gboolean has_multihop, const AditMemory *memory)
{
  g_autoptr (AditServerList) list = new_list (kind);
  AditAccountRow account = { .service = "ovpn", .has_multihop = has_multihop };

  adit_tunnel_offer_find (offer, list, &account, memory);
}

static void
test_protocols (void)
{
  static const AditMemory automatic, by_tcp = { .has_protocol = TRUE, .protocol = ADIT_PROTOCOL_OPENVPN_TCP };
  AditTunnelOffer offer;

  find (&offer, &(Kind) { .by_openvpn = TRUE }, FALSE, &automatic);
  g_assert_cmpuint (offer.n_protocols, ==, 3);
  g_assert_cmpint (offer.protocol, ==, ADIT_PROTOCOL_WIREGUARD);
  g_assert_cmpstr (offer.protocol_reason, ==, "");
  find (&offer, &(Kind) { .by_openvpn = TRUE }, FALSE, &by_tcp);
  g_assert_cmpint (offer.protocol, ==, ADIT_PROTOCOL_OPENVPN_TCP);

  /* What is remembered from another service is not used at this one. */
  find (&offer, &(Kind) { 0 }, FALSE, &by_tcp);
  g_assert_cmpuint (offer.n_protocols, ==, 1);
  g_assert_cmpint (offer.protocol, ==, ADIT_PROTOCOL_WIREGUARD);
  g_assert_cmpstr (offer.protocol_reason, !=, "");
}

static void
test_multihop (void)
{
  static const AditMemory wanted = { .multihop = TRUE };
  static const AditMemory by_tcp = { .multihop = TRUE, .has_protocol = TRUE, .protocol = ADIT_PROTOCOL_OPENVPN_TCP };
  AditTunnelOffer offer;

  find (&offer, &(Kind) { .has_exit = TRUE }, TRUE, &wanted);
  g_assert_true (offer.multihop);
  g_assert_cmpstr (offer.multihop_reason, ==, "");
  g_assert_cmpstr (offer.port_reason, !=, "");    /* it is the other server's */
  find (&offer, &(Kind) { .has_exit = TRUE, .nests = TRUE }, TRUE, &wanted);
  g_assert_cmpstr (offer.port_reason, ==, "");
  find (&offer, &(Kind) { .has_exit = TRUE }, TRUE, &(AditMemory) { 0 });
  g_assert_false (offer.multihop);
  g_assert_cmpstr (offer.multihop_reason, ==, "");

  /* What is wanted and not to be had is in nobody's way. */
  find (&offer, &(Kind) { .has_exit = TRUE }, TRUE, &by_tcp);
  g_assert_true (offer.multihop);

  /* The plan, the list and the protocol each can say no. */
  find (&offer, &(Kind) { .has_exit = TRUE }, FALSE, &wanted);
  g_assert_false (offer.multihop);
  g_assert_cmpstr (offer.multihop_reason, !=, "");
  find (&offer, &(Kind) { 0 }, TRUE, &wanted);
  g_assert_false (offer.multihop);
  find (&offer, &(Kind) { .has_exit = TRUE, .by_openvpn = TRUE }, TRUE, &by_tcp);
  g_assert_false (offer.multihop);
  g_assert_cmpstr (offer.multihop_reason, ==, "This service has no ports for it by TCP. Choose another protocol.");
}

static void
test_ports (void)
{
  static const AditMemory automatic, by_udp = { .has_protocol = TRUE, .protocol = ADIT_PROTOCOL_OPENVPN_UDP };
  g_autoptr (AditServerList) list = new_list (&(Kind) { .by_openvpn = TRUE });
  g_autofree char *wireguard = NULL, *openvpn = NULL;
  AditTunnelOffer offer;

  find (&offer, &(Kind) { .by_openvpn = TRUE }, FALSE, &automatic);
  wireguard = adit_tunnel_offer_dup_ports (&offer, list);
  g_assert_cmpstr (wireguard, ==, "53, 4000–5000");
  g_assert_true (g_str_equal (offer.ip_reason, "") && g_str_equal (offer.mtu_reason, ""));
  find (&offer, &(Kind) { .by_openvpn = TRUE }, FALSE, &by_udp);
  openvpn = adit_tunnel_offer_dup_ports (&offer, list);
  g_assert_cmpstr (openvpn, ==, "1194");
  g_assert_false (g_str_equal (offer.ip_reason, "") || g_str_equal (offer.mtu_reason, ""));
  find (&offer, &(Kind) { .makes_tunnels = TRUE }, FALSE, &automatic);
  g_assert_cmpstr (offer.port_reason, ==, "The service names the port with each tunnel.");
  g_assert_cmpstr (offer.ip_reason, !=, "");
  g_assert_cmpstr (offer.mtu_reason, ==, "");
}

/* Somebody who has signed in is not told to sign in. */
static void
test_no_list (void)
{
  const AditAccountRow account = { .service = "ovpn", .has_multihop = TRUE };
  static const char *const wanted = "There is no list of this service’s servers yet.";
  AditTunnelOffer offer;

  adit_tunnel_offer_find (&offer, NULL, &account, &(AditMemory) { .multihop = TRUE });
  g_assert_false (offer.multihop);
  g_assert_cmpstr (offer.protocol_reason, ==, wanted);
  g_assert_cmpstr (offer.multihop_reason, ==, wanted);
  g_assert_cmpstr (offer.port_reason, ==, wanted);
}

static void
test_nobody (void)
{
  AditTunnelOffer offer;

  adit_tunnel_offer_find (&offer, NULL, NULL, &(AditMemory) { .multihop = TRUE, .has_protocol = TRUE,
                                                              .protocol = ADIT_PROTOCOL_OPENVPN_UDP });
  g_assert_cmpint (offer.protocol, ==, ADIT_PROTOCOL_WIREGUARD);
  g_assert_false (offer.multihop);
  g_assert_cmpstr (offer.protocol_reason, !=, "");
  g_assert_cmpstr (offer.multihop_reason, !=, "");
  g_assert_cmpstr (offer.port_reason, !=, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tunnel-offer/no-list", test_no_list);
  g_test_add_func ("/tunnel-offer/protocols", test_protocols);
  g_test_add_func ("/tunnel-offer/multihop", test_multihop);
  g_test_add_func ("/tunnel-offer/ports", test_ports);
  g_test_add_func ("/tunnel-offer/nobody", test_nobody);
  return g_test_run ();
}
