/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-select.c: who may be drawn, how often, and with which port. */
#include "client/provider/select.h"

#include <string.h>

#include "client/base/error.h"

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
  AditServerListServer server = { .name = name, .provider = "", .in_country = in_country, .weight = weight };
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
  AditServerListHead head = { .service = "mullvad", .ports = { { 53, 53 }, { 100, 102 }, { 101, 104 } }, .n_ports = 3 };
  AditServerListWriter *writer;
  g_autoptr (GBytes) bytes = NULL;

  adit_address_parse ("10.64.0.1", &head.gateway_ipv4);
  adit_address_parse ("fc00::1", &head.gateway_ipv6);
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
  AditSelection selection = { &place, avoid, TRUE, draw, &state };

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
  AditSelection selection = { &place, "", FALSE, draw_highest, &n };
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/select/weights", test_weights);
  g_test_add_func ("/select/in-country", test_in_country);
  g_test_add_func ("/select/avoid", test_avoid);
  g_test_add_func ("/select/ports", test_ports);
  g_test_add_func ("/select/tunnel", test_tunnel);
  return g_test_run ();
}
