/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-select.c: who may be drawn, how often, and with which port. */
#include "client/provider/select.h"

#include <string.h>

#include "client/base/error.h"
#include "client/model/server-list-writer.h"

/* xorshift64: the same numbers in every run. */
static guint64
draw (gpointer data)
{
  guint64 *state = data;

  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

static guint64
draw_highest (gpointer data)
{
  guint *n = data;

  return (*n)++ < 3 ? G_MAXUINT64 : 5;    /* the end of the range must be drawn again, not wrapped */
}

static void
add (AditServerListWriter *writer, const char *country, const char *city, const char *name, guint64 weight, gboolean in_country)
{
  AditServerListServer server = { .name = name, .provider = "", .in_country = in_country, .weight = weight,
                                  .has_ipv6_inside = TRUE, .load = ADIT_LOAD_UNKNOWN };
  AditLocation location = { 0 };

  g_assert_true (adit_place_set (&location.place, country, city, name));
  strcpy (location.country_name, country);
  strcpy (location.city_name, city);
  adit_address_parse ("192.0.2.7", &server.ipv4);
  server.key[0] = 1;
  g_assert_true (adit_server_list_writer_add (writer, &location, 0, 0, &server));
}

static AditServerList *
make_list (void)
{
  AditServerListHead head = { .service = "mullvad", .ports = { { 53, 53 }, { 100, 102 }, { 101, 104 } }, .n_ports = 3,
                              .n_dns = 2, .mtu_bytes = 1380 };
  AditServerListWriter *writer;
  g_autoptr (GBytes) bytes = NULL;

  adit_address_parse ("10.64.0.1", &head.dns[0]);
  adit_address_parse ("fc00::1", &head.dns[1]);
  writer = adit_server_list_writer_new (&head);
  add (writer, "se", "got", "se-got-1", 100, TRUE);
  add (writer, "se", "got", "se-got-2", 300, TRUE);
  add (writer, "se", "sto", "se-sto-1", 0, TRUE);
  add (writer, "se", "mma", "se-mma-1", G_MAXUINT64, FALSE);
  add (writer, "no", "osl", "no-osl-1", 0, TRUE);
  add (writer, "no", "osl", "no-osl-2", 0, TRUE);
  add (writer, "is", "rey", "is-rey-1", 10, FALSE);
  bytes = adit_server_list_writer_finish (writer);
  return adit_server_list_new_for_bytes (bytes, NULL);
}

typedef struct { GHashTable *servers, *ports; } Drawn;

static guint
count (GHashTable *table, const char *key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (table, key));
}

static gboolean
draw_many (const char *country, const char *city, const char *server, const char *avoid, Drawn *drawn)
{
  g_autoptr (AditServerList) list = make_list ();
  guint64 state = 88172645463325252u;
  AditPlace place;
  AditSelection selection = { .place = &place, .avoid = avoid, .has_ipv6 = TRUE, .random = { draw, &state } };

  drawn->servers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  drawn->ports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_assert_true (adit_place_set (&place, country, city, server));
  for (guint i = 0; i < 4000; i++)
    {
      AditTunnelSpec spec;
      g_autoptr (GError) error = NULL;
      g_autofree char *port = NULL;

      if (!adit_select_tunnel (list, &selection, &spec, &error))
        {
          g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE);
          return FALSE;
        }
      port = g_strdup_printf ("%u", spec.peer.port);
      g_hash_table_insert (drawn->servers, g_strdup (spec.location.place.server),
                           GUINT_TO_POINTER (count (drawn->servers, spec.location.place.server) + 1));
      g_hash_table_insert (drawn->ports, g_strdup (port), GUINT_TO_POINTER (count (drawn->ports, port) + 1));
      g_assert_true (adit_location_is_valid (&spec.location));
    }
  return TRUE;
}

static void
clear (Drawn *drawn)
{
  g_hash_table_unref (drawn->servers);
  g_hash_table_unref (drawn->ports);
}

static void
test_weights (void)
{
  Drawn drawn;

  g_assert_true (draw_many ("se", NULL, NULL, "", &drawn));
  /* not weight 0, not se-mma-1 */
  g_assert_cmpuint (count (drawn.servers, "se-got-1") + count (drawn.servers, "se-got-2"), ==, 4000);
  g_assert_cmpuint (count (drawn.servers, "se-got-2"), >, 2800);
  g_assert_cmpuint (count (drawn.servers, "se-got-2"), <, 3200);
  clear (&drawn);
  g_assert_true (draw_many ("no", NULL, NULL, "", &drawn));    /* all weights zero: evenly */
  g_assert_cmpuint (count (drawn.servers, "no-osl-1"), >, 1800);
  g_assert_cmpuint (count (drawn.servers, "no-osl-2"), >, 1800);
  clear (&drawn);
}

static void
test_in_country (void)
{
  Drawn drawn;

  g_assert_false (draw_many ("is", NULL, NULL, "", &drawn));
  clear (&drawn);
  g_assert_true (draw_many ("is", "rey", NULL, "", &drawn));
  clear (&drawn);
  g_assert_true (draw_many (NULL, NULL, "is-rey-1", "", &drawn));
  clear (&drawn);
  g_assert_true (draw_many (NULL, NULL, NULL, "", &drawn));
  g_assert_cmpuint (count (drawn.servers, "is-rey-1"), ==, 0);
  clear (&drawn);
  g_assert_false (draw_many ("dk", NULL, NULL, "", &drawn));
  clear (&drawn);
  g_assert_false (draw_many ("no", NULL, "se-got-1", "", &drawn));
  clear (&drawn);
}

static void
test_avoid (void)
{
  Drawn drawn;

  g_assert_true (draw_many ("se", "got", NULL, "se-got-2", &drawn));
  g_assert_cmpuint (count (drawn.servers, "se-got-1"), ==, 4000);
  clear (&drawn);
  g_assert_true (draw_many ("se", "sto", NULL, "se-sto-1", &drawn));    /* the only one */
  g_assert_cmpuint (count (drawn.servers, "se-sto-1"), ==, 4000);
  clear (&drawn);
}

static void
test_ports (void)
{
  static const char *const ports[] = { "53", "100", "101", "102", "103", "104" };
  guint sum = 0;
  Drawn drawn;

  g_assert_true (draw_many ("se", NULL, NULL, "", &drawn));
  for (gsize i = 0; i < G_N_ELEMENTS (ports); i++)
    {
      /* 101 and 102 are in two ranges and no likelier for it. */
      g_assert_cmpuint (count (drawn.ports, ports[i]), >, 550);
      g_assert_cmpuint (count (drawn.ports, ports[i]), <, 790);
      sum += count (drawn.ports, ports[i]);
    }
  g_assert_cmpuint (sum, ==, 4000);
  clear (&drawn);
}

static void
test_tunnel (void)
{
  g_autoptr (AditServerList) list = make_list ();
  AditPlace place = { 0 };
  guint n = 0;
  AditSelection selection = { .place = &place, .avoid = "", .random = { draw_highest, &n } };
  AditTunnelSpec spec;

  g_assert_true (adit_select_tunnel (list, &selection, &spec, NULL));
  g_assert_cmpuint (n, >, 3);
  g_assert_cmpuint (spec.n_allowed_ips, ==, 1);
  g_assert_cmpuint (spec.n_dns, ==, 1);
  g_assert_cmpuint (spec.mtu_bytes, ==, 1380);
  g_assert_cmpuint (spec.n_addresses, ==, 0);
  selection.has_ipv6 = TRUE;
  g_assert_true (adit_select_tunnel (list, &selection, &spec, NULL));
  g_assert_cmpuint (spec.n_allowed_ips, ==, 2);
  g_assert_cmpuint (spec.n_dns, ==, 2);
  adit_prefix_parse ("10.1.2.3/32", &spec.addresses[spec.n_addresses++]);
  g_assert_true (adit_tunnel_spec_is_valid (&spec, NULL));
}

/* Of a service that has everything: two hops, both protocols, loads, and what its resolvers leave out. */
static AditServerList *
make_rich_list (void)
{
  static const struct { const char *name, *provider; guint8 load; guint16 exit_port; gboolean owned, openvpn; } rows[] = {
    { "a-1", "Blix", 40, 2001, TRUE, TRUE },  { "a-2", "31173", 10, 2002, FALSE, TRUE }, { "a-3", "Blix", 20, 0, FALSE, FALSE },
    { "b-1", "Blix", 90, 2011, TRUE, FALSE }, { "b-2", "xtom", ADIT_LOAD_UNKNOWN, 0, FALSE, TRUE },
  };
  AditServerListHead head = {
    .service = "ovpn", .n_dns = 1, .mtu_bytes = 1320, .keepalive_s = 25, .picks_least_loaded = TRUE, .picks_first_port = TRUE,
    .ports = { { 9929, 9929, ADIT_PROTOCOL_WIREGUARD }, { 1, 2000, ADIT_PROTOCOL_WIREGUARD },
               { 1194, 1195, ADIT_PROTOCOL_OPENVPN_UDP }, { 443, 443, ADIT_PROTOCOL_OPENVPN_TCP } }, .n_ports = 4,
    .blocks = { { "ads", { 0 }, 1 }, { "malware", { 0 }, 4 }, { "strict", { 0 }, 0 }, { "default", { 0 }, 0 } },
    .n_blocks = 4,
  };
  AditServerListWriter *writer;
  g_autoptr (GBytes) bytes = NULL;

  adit_address_parse ("10.64.0.1", &head.dns[0]);
  adit_address_parse ("100.64.0.0", &head.blocks[0].resolver);
  adit_address_parse ("100.64.0.0", &head.blocks[1].resolver);
  adit_address_parse ("10.0.254.9", &head.blocks[2].resolver);
  adit_address_parse ("10.0.254.2", &head.blocks[3].resolver);
  writer = adit_server_list_writer_new (&head);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditServerListServer server = { .name = rows[i].name, .provider = rows[i].provider, .owned = rows[i].owned,
                                      .in_country = TRUE, .weight = 1, .load = rows[i].load,
                                      .wireguard_exit_port = rows[i].exit_port, .key = { (guint8) (i + 1) } };
      AditLocation location = { .country_name = "x", .city_name = "y" };

      g_assert_true (adit_place_set (&location.place, i < 3 ? "aa" : "bb", "city", rows[i].name));
      adit_address_parse ("192.0.2.0", &server.ipv4);
      server.ipv4.bytes[3] = (guint8) (10 + i);
      server.has_ipv6_inside = i < 3;
      if (rows[i].openvpn)
        {
          server.openvpn_ipv4 = server.ipv4;
          server.openvpn_ipv4.bytes[3] += 100;
          server.openvpn_exit_port = rows[i].exit_port != 0 ? rows[i].exit_port + 1000 : 0;
        }
      g_assert_true (adit_server_list_writer_add (writer, &location, 0, 0, &server));
    }
  bytes = adit_server_list_writer_finish (writer);
  return adit_server_list_new_for_bytes (bytes, NULL);
}

typedef struct
{
  const char      *country, *entry;    /* an entry's country, or NULL */
  AditProtocol     protocol;
  AditServerFilter filter;
  guint            try_number;
  const char      *wanted;             /* SERVER ADDRESS:PORT KEY DNS, of the first draw; NULL: there is none */
} Case;

static void
test_cases (void)
{
  static const Case cases[] = {
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { 0 }, 0, "a-2 192.0.2.11:9929 2 10.64.0.1" },
    { "bb", NULL, ADIT_PROTOCOL_WIREGUARD, { 0 }, 0, "b-1 192.0.2.13:9929 4 10.64.0.1" },
    { "aa", NULL, ADIT_PROTOCOL_OPENVPN_UDP, { 0 }, 0, "a-2 192.0.2.111:1194 0 10.64.0.1" },
    { "aa", NULL, ADIT_PROTOCOL_OPENVPN_TCP, { 0 }, 3, "a-2 192.0.2.111:443 0 10.64.0.1" },
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { .ownership = ADIT_OWNED_ONLY }, 0, "a-1 192.0.2.10:9929 1 10.64.0.1" },
    { "bb", NULL, ADIT_PROTOCOL_WIREGUARD, { .ownership = ADIT_RENTED_ONLY }, 0, "b-2 192.0.2.14:9929 5 10.64.0.1" },
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { .n_hosting = 1, .hosting = { "Blix" } }, 0, "a-3 192.0.2.12:9929 3 10.64.0.1" },
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { .n_hosting = 1, .hosting = { "nobody" } }, 0, NULL },
    { "bb", NULL, ADIT_PROTOCOL_WIREGUARD, { .only_with_ipv6 = 1 }, 0, NULL },
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { .outside = ADIT_IP_IPV6 }, 0, NULL },    /* this computer has no way */
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { .outside = ADIT_IP_IPV4 }, 0, "a-2 192.0.2.11:9929 2 10.64.0.1" },
    { "aa", NULL, ADIT_PROTOCOL_OPENVPN_UDP, { .outside = ADIT_IP_IPV4 }, 0, "a-2 192.0.2.111:1194 0 10.64.0.1" },
    { "aa", NULL, ADIT_PROTOCOL_OPENVPN_UDP, { .outside = ADIT_IP_IPV6 }, 0, NULL },
    { "aa", NULL, ADIT_PROTOCOL_OPENVPN_UDP, { .inside = ADIT_IP_IPV4 }, 0, NULL },
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { .port = 1234 }, 0, "a-2 192.0.2.11:1234 2 10.64.0.1" },
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { .port = 2345 }, 0, NULL },    /* a port that the service does not have */
    { "aa", "bb", ADIT_PROTOCOL_WIREGUARD, { 0 }, 0, "a-2 192.0.2.13:2002 2 10.64.0.1" },
    { "bb", "aa", ADIT_PROTOCOL_WIREGUARD, { 0 }, 0, "b-1 192.0.2.11:2011 4 10.64.0.1" },
    { "bb", "aa", ADIT_PROTOCOL_OPENVPN_UDP, { 0 }, 0, NULL },             /* nobody there is an exit for OpenVPN */
    { "aa", "bb", ADIT_PROTOCOL_OPENVPN_UDP, { 0 }, 0, "a-2 192.0.2.114:3002 0 10.64.0.1" },
    { "aa", "cc", ADIT_PROTOCOL_WIREGUARD, { 0 }, 0, NULL },
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { .n_blocks = 1, .blocks = { "ads" } }, 0, "a-2 192.0.2.11:9929 2 100.64.0.1" },
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { .n_blocks = 2, .blocks = { "ads", "malware" } }, 0,
      "a-2 192.0.2.11:9929 2 100.64.0.5" },
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { .n_blocks = 2, .blocks = { "strict", "ads" } }, 0,
      "a-2 192.0.2.11:9929 2 10.0.254.9" },
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { .n_blocks = 2, .blocks = { "ads", "strict" } }, 0,
      "a-2 192.0.2.11:9929 2 100.64.0.1" },
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { .n_blocks = 1, .blocks = { "gone" } }, 0, "a-2 192.0.2.11:9929 2 10.0.254.2" },
    { "aa", NULL, ADIT_PROTOCOL_WIREGUARD, { .n_blocks = 1, .blocks = { "gone-hard" } }, 0, "a-2 192.0.2.11:9929 2 10.64.0.1" },
  };
  g_autoptr (AditServerList) list = make_rich_list ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AditPlace place, entry;
      guint64 state = 88172645463325252u;
      AditSelection selection = { .place = &place, .protocol = cases[i].protocol, .filter = &cases[i].filter, .avoid = "",
                                  .try_number = cases[i].try_number, .random = { draw, &state } };
      g_autofree char *found = NULL, *peer = NULL, *dns = NULL;
      g_autoptr (GError) error = NULL;
      AditTunnelSpec spec;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_true (adit_server_filter_is_valid (&cases[i].filter));
      g_assert_true (adit_place_set (&place, cases[i].country, NULL, NULL));
      if (cases[i].entry != NULL && adit_place_set (&entry, cases[i].entry, NULL, NULL))
        selection.entry = &entry;
      if (!adit_select_tunnel (list, &selection, &spec, &error))
        {
          gboolean asks = cases[i].filter.port != 0 || cases[i].filter.outside != ADIT_IP_ANY ||
                          cases[i].filter.inside != ADIT_IP_ANY ||
                          adit_server_filter_get_parts (&cases[i].filter) != ADIT_FILTER_NOTHING;

          g_assert_true (g_error_matches (error, ADIT_ERROR, asks ? ADIT_ERROR_FILTERED : ADIT_ERROR_NO_SUCH_PLACE));
          g_assert_null (cases[i].wanted);
          continue;
        }
      peer = adit_endpoint_dup_text (&spec.peer);
      dns = adit_address_dup_text (&spec.dns[0]);
      found = g_strdup_printf ("%s %s %u %s", spec.location.place.server, peer, spec.peer_key[0], dns);
      g_assert_cmpstr (found, ==, cases[i].wanted);
      g_assert_cmpuint (spec.n_dns, ==, 1);
      g_assert_cmpint (spec.transport == ADIT_TRANSPORT_TCP, ==, cases[i].protocol == ADIT_PROTOCOL_OPENVPN_TCP);
      g_assert_cmpint (spec.kind == ADIT_TUNNEL_OPENVPN, ==, cases[i].protocol != ADIT_PROTOCOL_WIREGUARD);
    }
}

/* IPv6 goes inside only where the first of the two takes it, and somebody wants it. */
static void
test_ipv6_inside (void)
{
  static const AditServerFilter by_ipv4 = { .inside = ADIT_IP_IPV4 };
  g_autoptr (AditServerList) list = make_rich_list ();
  AditPlace aa, bb;
  guint64 state = 1;
  AditSelection selection = { .place = &bb, .avoid = "", .has_ipv6 = TRUE, .random = { draw, &state } };
  AditTunnelSpec spec;

  g_assert_true (adit_place_set (&aa, "aa", NULL, NULL) && adit_place_set (&bb, "bb", NULL, NULL));
  g_assert_true (adit_select_tunnel (list, &selection, &spec, NULL));
  g_assert_cmpuint (spec.n_allowed_ips, ==, 1);
  selection.entry = &aa;
  g_assert_true (adit_select_tunnel (list, &selection, &spec, NULL));
  g_assert_cmpuint (spec.n_allowed_ips, ==, 2);
  g_assert_cmpuint (spec.keepalive_s, ==, 25);
  selection.filter = &by_ipv4;
  g_assert_true (adit_select_tunnel (list, &selection, &spec, NULL));
  g_assert_cmpuint (spec.n_allowed_ips, ==, 1);
}

/* One whose tunnels are nested: a-1 and a-2 are one computer, a-3 is no exit, b-1 is alone at its place. */
static AditServerList *
make_nesting_list (void)
{
  static const struct { const char *name, *address; guint16 exit_port; } rows[] = {
    { "a-1", "192.0.2.10", 51820 }, { "a-2", "192.0.2.10", 51820 }, { "a-3", "192.0.2.12", 0 }, { "b-1", "192.0.2.13", 51820 },
  };
  AditServerListHead head = { .service = "mullvad", .ports = { { 53, 53 } }, .n_ports = 1, .n_dns = 1, .mtu_bytes = 1380,
                              .nests_tunnels = TRUE };
  AditServerListWriter *writer;
  g_autoptr (GBytes) bytes = NULL;

  adit_address_parse ("10.64.0.1", &head.dns[0]);
  writer = adit_server_list_writer_new (&head);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditServerListServer server = { .name = rows[i].name, .provider = "", .in_country = TRUE, .load = ADIT_LOAD_UNKNOWN,
                                      .has_ipv6_inside = TRUE, .wireguard_exit_port = rows[i].exit_port,
                                      .key = { (guint8) (i + 1) } };
      AditLocation location = { .country_name = "x", .city_name = "y" };

      g_assert_true (adit_place_set (&location.place, i < 3 ? "aa" : "bb", "city", rows[i].name));
      adit_address_parse (rows[i].address, &server.ipv4);
      adit_address_parse ("2001:db8::1", &server.ipv6);
      g_assert_true (adit_server_list_writer_add (writer, &location, 0, 0, &server));
    }
  bytes = adit_server_list_writer_finish (writer);
  return adit_server_list_new_for_bytes (bytes, NULL);
}

/* IPv6 is a way to the entry alone, at every second try; the exit is reached by IPv4 inside. */
static void
test_nested_ipv6 (void)
{
  g_autoptr (AditServerList) list = make_nesting_list ();
  AditPlace exit, entry;
  guint64 state = 1;
  AditSelection selection = { .place = &exit, .entry = &entry, .avoid = "", .has_ipv6 = TRUE, .has_ipv6_outside = TRUE,
                              .random = { draw, &state } };
  AditTunnelSpec spec;

  g_assert_true (adit_place_set (&exit, "aa", NULL, NULL) && adit_place_set (&entry, "bb", NULL, NULL));
  for (selection.try_number = 0; selection.try_number < 4; selection.try_number++)
    {
      g_assert_true (adit_select_tunnel (list, &selection, &spec, NULL));
      g_assert_cmpint (spec.peer.address.family, ==, selection.try_number % 2 == 1 ? ADIT_FAMILY_IPV6 : ADIT_FAMILY_IPV4);
      g_assert_cmpint (spec.more_peers[0].endpoint.address.family, ==, ADIT_FAMILY_IPV4);
      adit_prefix_parse ("10.1.2.3/32", &spec.addresses[spec.n_addresses++]);
      g_assert_true (adit_tunnel_spec_is_valid (&spec, NULL));
    }
}

/* The version that is wanted at every try; where no server that is called has it, that is said. */
static void
test_outside (void)
{
  g_autoptr (AditServerList) nesting = make_nesting_list (), rich = make_rich_list ();
  AditServerFilter filter = { .outside = ADIT_IP_IPV4 };
  AditPlace place;
  guint64 state = 1;
  AditSelection selection = { .place = &place, .avoid = "", .filter = &filter, .has_ipv6 = TRUE, .has_ipv6_outside = TRUE,
                              .random = { draw, &state } };
  g_autoptr (GError) error = NULL;
  AditTunnelSpec spec;

  g_assert_true (adit_place_set (&place, "aa", NULL, NULL));
  for (selection.try_number = 0; selection.try_number < 4; selection.try_number++)
    {
      g_assert_true (adit_select_tunnel (nesting, &selection, &spec, NULL));
      g_assert_cmpint (spec.peer.address.family, ==, ADIT_FAMILY_IPV4);
    }
  filter.outside = ADIT_IP_IPV6;
  for (selection.try_number = 0; selection.try_number < 4; selection.try_number++)
    {
      g_assert_true (adit_select_tunnel (nesting, &selection, &spec, NULL));
      g_assert_cmpint (spec.peer.address.family, ==, ADIT_FAMILY_IPV6);
    }
  g_assert_false (adit_select_tunnel (rich, &selection, &spec, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_FILTERED);
  g_assert_cmpstr (error->message, ==, "At \"aa\" no server is left by ip-outside ipv6, since none has an address of IPv6");
}

/* A tunnel that a service has made is looked at when it is there. */
static void
test_made_outside (void)
{
  static const struct { AditIpVersion wanted; const char *peer; gboolean is_kept; } cases[] = {
    { ADIT_IP_ANY, "192.0.2.1", TRUE }, { ADIT_IP_ANY, "2001:db8::1", TRUE },
    { ADIT_IP_IPV4, "192.0.2.1", TRUE }, { ADIT_IP_IPV4, "2001:db8::1", FALSE },
  };
  AditPlace place;
  AditServerFilter filter = { 0 };
  AditSelection selection = { .place = &place, .filter = &filter };

  g_assert_true (adit_place_set (&place, "aa", NULL, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AditEndpoint peer = { .port = 1 };
      g_autoptr (GError) error = NULL;

      filter.outside = cases[i].wanted;
      g_assert_true (adit_address_parse (cases[i].peer, &peer.address));
      g_assert_true (adit_select_keeps_version (&selection, &peer, &error) == cases[i].is_kept);
      g_assert_true (cases[i].is_kept || g_error_matches (error, ADIT_ERROR, ADIT_ERROR_FILTERED));
    }
}

/* The tunnel to the one place in the tunnel to the other; never to the same server twice, by name or by address. */
static void
test_nested (void)
{
  static const struct { const char *exit, *entry, *avoid, *wanted; } cases[] = {
    { "bb", "aa", "a-3", "a 192.0.2.10:53 > b-1 192.0.2.13:51820" },
    { "aa", "bb", "", "b-1 192.0.2.13:53 > a 192.0.2.10:51820" },
    { "a-1", "aa", "", "a-3 192.0.2.12:53 > a-1 192.0.2.10:51820" },    /* a-2 is the same computer */
    { "aa", "a-3", "a-1", "a-3 192.0.2.12:53 > a-2 192.0.2.10:51820" },
    { "aa", "a-1", "", NULL },                                          /* the only other is no exit */
    { "a-1", "a-2", "", NULL },
    { "b-1", "b-1", "", NULL },
    { "bb", "bb", "", NULL },
    { "", "b-1", "", "b-1 192.0.2.13:53 > a 192.0.2.10:51820" },        /* b-1 is let go as an exit, or there would be no entry */
    { "a-3", "bb", "", NULL },
    { "bb", "cc", "", NULL },
  };
  g_autoptr (AditServerList) list = make_nesting_list ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint64 seed = 1; seed < 20; seed++)
      {
        gboolean by_name[] = { strchr (cases[i].exit, '-') != NULL, strchr (cases[i].entry, '-') != NULL };
        AditPlace exit, entry;
        guint64 state = 88172645463325252u * seed;
        AditSelection selection = { .place = &exit, .entry = &entry, .avoid = cases[i].avoid, .has_ipv6 = TRUE,
                                    .random = { draw, &state } };
        g_autofree char *found = NULL, *outer = NULL, *inner = NULL;
        g_autoptr (GError) error = NULL;
        AditTunnelSpec spec;

        g_assert_true (adit_place_set (&exit, by_name[0] ? NULL : cases[i].exit, NULL, by_name[0] ? cases[i].exit : NULL));
        g_assert_true (adit_place_set (&entry, by_name[1] ? NULL : cases[i].entry, NULL, by_name[1] ? cases[i].entry : NULL));
        if (!adit_select_tunnel (list, &selection, &spec, &error))
          {
            g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE);
            g_assert_null (cases[i].wanted);
            if (g_str_equal (cases[i].exit, "b-1"))
              g_assert_nonnull (strstr (error->message, "enter"));
            continue;
          }
        outer = adit_endpoint_dup_text (&spec.peer);
        inner = adit_endpoint_dup_text (&spec.more_peers[0].endpoint);
        /* a-1 and a-2 are equally likely, where nothing is said of one. */
        found = g_strdup_printf ("%s %s > %s %s",
                                 spec.peer_key[0] < 3 && spec.entry.place.country[0] == 'a' ? "a" : spec.entry.place.server,
                                 outer,
                                 spec.more_peers[0].key[0] < 3 && !by_name[0] && cases[i].avoid[0] == '\0'
                                 ? "a" : spec.location.place.server, inner);
        g_assert_cmpstr (found, ==, cases[i].wanted);
        g_assert_cmpuint (spec.n_more_peers, ==, 1);
        g_assert_true (spec.is_nested);
        g_assert_cmpuint (spec.n_allowed_ips, ==, 3);
        g_assert_cmpuint (spec.more_peers[0].n_allowed_ips, ==, 2);
        adit_prefix_parse ("10.1.2.3/32", &spec.addresses[spec.n_addresses++]);
        g_assert_true (adit_tunnel_spec_is_valid (&spec, NULL));
      }
}

/* Of a service that makes the tunnels: a place is drawn, by the same rules as a server. */
static void
test_location (void)
{
  static const struct { const char *name, *city; guint64 weight; gboolean in_country; } rows[] = {
    { "aa-any", "any", 5, TRUE }, { "aa-one", "one", 3, FALSE }, { "aa-two", "two", 2, FALSE },
  };
  static const struct { const char *country, *city, *server, *drawn; } wishes[] = {
    { NULL, NULL, NULL, "aa-any" }, { "aa", NULL, NULL, "aa-any" }, { "aa", "two", NULL, "aa-two" },
    { NULL, NULL, "aa-one", "aa-one" }, { "bb", NULL, NULL, NULL }, { "aa", "three", NULL, NULL },
  };
  AditServerListHead head = { .service = "somebody", .makes_tunnels = TRUE };
  AditServerListWriter *writer = adit_server_list_writer_new (&head);
  g_autoptr (AditServerList) list = NULL, usual = make_list ();
  g_autoptr (GBytes) bytes = NULL;
  guint64 state = 1;
  AditPlace place;
  AditSelection selection = { .place = &place, .avoid = "", .random = { draw, &state } };
  AditLocation location;
  AditTunnelSpec spec;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditServerListServer server = { .name = rows[i].name, .provider = "", .in_country = rows[i].in_country,
                                      .weight = rows[i].weight, .load = ADIT_LOAD_UNKNOWN };

      location = (AditLocation) { .country_name = "Aaland", .city_name = "Some \"City\"" };
      g_assert_true (adit_place_set (&location.place, "aa", rows[i].city, rows[i].name));
      g_assert_true (adit_server_list_writer_add (writer, &location, 0, 0, &server));
    }
  bytes = adit_server_list_writer_finish (writer);
  list = adit_server_list_new_for_bytes (bytes, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (adit_place_set (&place, wishes[i].country, wishes[i].city, wishes[i].server));
      g_assert_true (adit_select_location (list, &selection, &location, &error) == (wishes[i].drawn != NULL));
      if (error != NULL)
        g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE);
      else
        g_assert_cmpstr (location.place.server, ==, wishes[i].drawn);
      if (error == NULL)
        g_assert_true (adit_location_is_valid (&location) && strcmp (location.city_name, "Some \"City\"") == 0);
      g_assert_false (adit_select_tunnel (list, &selection, &spec, NULL));
    }
  memset (&place, 0, sizeof place);
  g_assert_false (adit_select_location (usual, &selection, &location, NULL));
  selection.entry = &place;    /* nobody goes through two places of such a service */
  g_assert_false (adit_select_location (list, &selection, &location, NULL));
  selection.entry = NULL;
  selection.protocol = ADIT_PROTOCOL_OPENVPN_UDP;
  g_assert_false (adit_select_location (list, &selection, &location, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/select/outside", test_outside);
  g_test_add_func ("/select/made-outside", test_made_outside);
  g_test_add_func ("/select/weights", test_weights);
  g_test_add_func ("/select/in-country", test_in_country);
  g_test_add_func ("/select/avoid", test_avoid);
  g_test_add_func ("/select/ports", test_ports);
  g_test_add_func ("/select/tunnel", test_tunnel);
  g_test_add_func ("/select/cases", test_cases);
  g_test_add_func ("/select/ipv6-inside", test_ipv6_inside);
  g_test_add_func ("/select/nested", test_nested);
  g_test_add_func ("/select/nested-ipv6", test_nested_ipv6);
  g_test_add_func ("/select/location", test_location);
  return g_test_run ();
}
