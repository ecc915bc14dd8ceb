/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-select-choice.c: who is drawn of those that fit: the nearest, any city, favourites; what leaves nothing is named; and how
 * one try after the other goes by another port and another kind of address. */
#include "client/provider/select.h"

#include <string.h>

#include "client/base/error.h"
#include "client/model/server-list-writer.h"

#define DRAWS 600
#define EXIT_PORT 3001    /* by which one leaves who has entered elsewhere */

static const struct { const char *country, *city, *name, *provider; gint32 latitude, longitude; gboolean owned, ipv6; } rows[] = {
  { "se", "got", "got-1", "31173", 58, 12, TRUE, TRUE }, { "se", "got", "got-2", "Blix", 58, 12, FALSE, TRUE },
  { "se", "sto", "sto-1", "31173", 59, 18, TRUE, FALSE }, { "us", "nyc", "nyc-1", "M247", 41, -74, FALSE, FALSE },
  { "us", "nyc", "nyc-2", "M247", 41, -74, FALSE, FALSE }, { "us", "nyc", "nyc-3", "M247", 41, -74, FALSE, FALSE },
  { "zz", "any", "zz-1", "", 0, 0, FALSE, FALSE },
};

static guint64
draw (gpointer data)
{
  guint64 *state = data;

  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

static AditServerList *
make_list (gboolean picks_first_port)
{
  AditServerListHead head = { .service = "mullvad", .n_dns = 1, .mtu_bytes = 1380, .picks_first_port = picks_first_port,
                              .ports = { { 2049, 2049 }, { 53, 54 }, { 3000, 3000 } }, .n_ports = 3 };
  AditServerListWriter *writer;
  g_autoptr (GBytes) bytes = NULL;

  adit_address_parse ("10.64.0.1", &head.dns[0]);
  writer = adit_server_list_writer_new (&head);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditServerListServer server = { .name = rows[i].name, .provider = rows[i].provider, .owned = rows[i].owned, .weight = 1,
                                      .in_country = TRUE, .has_ipv6_inside = rows[i].ipv6, .load = ADIT_LOAD_UNKNOWN,
                                      .wireguard_exit_port = EXIT_PORT, .key = { 1 } };
      AditLocation location = { .country_name = "x", .city_name = "y" };

      g_assert_true (adit_place_set (&location.place, rows[i].country, rows[i].city, rows[i].name));
      adit_address_parse ("192.0.2.7", &server.ipv4);
      if (rows[i].ipv6)
        adit_address_parse ("2001:db8::7", &server.ipv6);
      g_assert_true (adit_server_list_writer_add (writer, &location, rows[i].latitude * 1000000, rows[i].longitude * 1000000,
                                                  &server));
    }
  bytes = adit_server_list_writer_finish (writer);
  return adit_server_list_new_for_bytes (bytes, NULL);
}

/* "got-1 got-2": each that was drawn at least once, in the list's order; the first one's share. */
static char *
draw_many (AditSelection *selection, double *share)
{
  g_autoptr (AditServerList) list = make_list (FALSE);
  g_autoptr (GString) names = g_string_new (NULL);
  guint counts[G_N_ELEMENTS (rows)] = { 0 };
  guint64 state = 88172645463325252u;

  selection->random = (AditRandom) { draw, &state };
  for (guint i = 0; i < DRAWS; i++)
    {
      AditTunnelSpec spec;
      g_autoptr (GError) error = NULL;

      adit_select_tunnel (list, selection, &spec, &error);
      g_assert_no_error (error);
      for (gsize j = 0; j < G_N_ELEMENTS (rows); j++)
        counts[j] += g_str_equal (spec.location.place.server, rows[j].name);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (counts[i] > 0)
      g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "", rows[i].name);
  if (share != NULL)
    *share = (double) counts[3] / DRAWS;
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
expect (AditSelection *selection, const char *names)
{
  g_autofree char *drawn = draw_many (selection, NULL);

  g_assert_cmpstr (drawn, ==, names);
}

static void
test_nearest (void)
{
  static const AditPosition oslo = { 59900000, 10700000 }, boston = { 42300000, -71000000 };
  AditPlace place = { 0 };
  AditSelection selection = { .place = &place, .avoid = "", .pick = ADIT_PICK_NEAREST, .near = &oslo };

  expect (&selection, "got-1 got-2");
  selection.avoid = "got-1";
  expect (&selection, "got-2");
  selection.near = &boston;
  expect (&selection, "nyc-1 nyc-2 nyc-3");
  g_assert_true (adit_place_set (&place, "se", NULL, NULL));
  expect (&selection, "got-2");
  selection.filter = &(AditServerFilter) { .ownership = ADIT_OWNED_ONLY };
  expect (&selection, "sto-1");    /* the nearer one is to be avoided */
}

static void
test_random (void)
{
  AditPlace place = { 0 };
  AditSelection selection = { .place = &place, .avoid = "", .pick = ADIT_PICK_RANDOM };
  g_autofree char *drawn = NULL, *by_weight = NULL;
  double share, share_by_weight;

  drawn = draw_many (&selection, &share);
  g_assert_cmpstr (drawn, ==, "got-1 got-2 sto-1 nyc-1 nyc-2 nyc-3 zz-1");
  selection.pick = ADIT_PICK_SERVICE;
  by_weight = draw_many (&selection, &share_by_weight);
  g_assert_cmpstr (by_weight, ==, drawn);
  g_assert_cmpfloat (share, <, 0.12);              /* a third of a quarter */
  g_assert_cmpfloat (share_by_weight, >, 0.12);    /* a seventh */
}

static void
test_favourites (void)
{
  AditPlace place = { 0 }, places[2] = { 0 };
  AditSelection selection = { .place = &place, .avoid = "", .places = places, .n_places = 2 };

  g_assert_true (adit_place_set (&places[0], "se", "sto", NULL) && adit_place_set (&places[1], "us", "nyc", "nyc-2"));
  expect (&selection, "sto-1 nyc-2");
  selection.avoid = "nyc-2";
  expect (&selection, "sto-1");
}

/* Favourites, and a port, are of where one leaves: where one enters is said apart, and the service has a port for it. */
static void
test_entry (void)
{
  g_autoptr (AditServerList) list = make_list (FALSE);
  AditPlace place = { 0 }, favourite, entry;
  AditServerFilter filter = { .port = 55 };
  guint64 state = 88172645463325252u;
  AditSelection selection = { .place = &place, .avoid = "", .places = &favourite, .n_places = 1, .entry = &entry,
                              .filter = &filter, .random = { draw, &state } };

  g_assert_true (adit_place_set (&favourite, "se", NULL, NULL) && adit_place_set (&entry, "us", "nyc", NULL));
  for (guint i = 0; i < DRAWS; i++)
    {
      g_autoptr (GError) error = NULL;
      AditTunnelSpec spec;

      adit_select_tunnel (list, &selection, &spec, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (spec.location.place.country, ==, "se");
      g_assert_cmpstr (spec.entry.place.country, ==, "us");
      g_assert_cmpuint (spec.peer.port, ==, EXIT_PORT);
    }
}

static void
test_what_leaves_nothing (void)
{
  static const AditPosition here = { 1, 1 };
  static const struct { const char *country; AditServerFilter filter; AditPick pick; const AditPosition *near; const char *says; }
  cases[] = {
    { "us", { .ownership = ADIT_OWNED_ONLY, .only_with_ipv6 = 0 }, 0, NULL, "At \"us\" no server is left by ownership owned" },
    { "us", { .ownership = ADIT_RENTED_ONLY, .only_with_ipv6 = 1 }, 0, NULL, "At \"us\" no server is left by with-ipv6 on" },
    { "se", { .ownership = ADIT_RENTED_ONLY, .n_hosting = 1, .hosting = { "31173" } }, 0, NULL,
      "At \"se\" no server is left by ownership rented, hosting 31173" },
    { NULL, { .n_hosting = 2, .hosting = { "a", "b" } }, 0, NULL, "No server is left by hosting a or b" },
    { "zz", { .ownership = ADIT_RENTED_ONLY }, 0, NULL, "At \"zz\" no server is left by ownership rented" },
    { "se", { .port = 55 }, 0, NULL, "At \"se\" no server is left by port 55, which the service does not offer for this" },
    { "zz", { 0 }, ADIT_PICK_NEAREST, &here,
      "At \"zz\" no server is left by pick nearest, while the service does not say where its servers are" },
    { NULL, { 0 }, ADIT_PICK_NEAREST, NULL, "No server is left by pick nearest, while it is not known where this computer is "
                                            "(adit settings set near NORTH,EAST)" },
  };
  g_autoptr (AditServerList) list = make_list (FALSE);
  guint64 state = 1;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AditPlace place;
      AditSelection selection = { .place = &place, .avoid = "", .filter = &cases[i].filter, .pick = cases[i].pick,
                                  .near = cases[i].near, .random = { draw, &state } };
      g_autoptr (GError) error = NULL;
      AditTunnelSpec spec;

      g_assert_true (adit_place_set (&place, cases[i].country, NULL, NULL));
      g_assert_false (adit_select_tunnel (list, &selection, &spec, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_FILTERED);
      g_assert_cmpstr (error->message, ==, cases[i].says);
    }
}

/* The usual port first, then the others; IPv6 each second time, where there is a way and the server has it. */
static void
test_ladder (void)
{
  g_autoptr (AditServerList) list = make_list (TRUE);
  guint64 state = 88172645463325252u;
  AditPlace place;

  for (guint step = 0; step < 40; step++)
    for (guint way = 0; way < 2; way++)
      {
        AditSelection selection = { .place = &place, .avoid = "", .try_number = step, .has_ipv6_outside = way == 1,
                                    .random = { draw, &state } };
        AditTunnelSpec spec;

        g_assert_true (adit_place_set (&place, "se", NULL, NULL));
        g_assert_true (adit_select_tunnel (list, &selection, &spec, NULL));
        g_assert_true ((spec.peer.port == 2049) == (step == 0));
        g_assert_true ((spec.peer.address.family == ADIT_FAMILY_IPV6) ==
                       (way == 1 && step % 2 == 1 && g_str_has_prefix (spec.location.place.server, "got")));
        g_assert_cmpuint (spec.mtu_bytes, ==, spec.peer.address.family == ADIT_FAMILY_IPV6 ? 1360 : 1380);
        selection.filter = &(AditServerFilter) { .port = 53 };
        g_assert_true (adit_select_tunnel (list, &selection, &spec, NULL));
        g_assert_cmpuint (spec.peer.port, ==, 53);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/select-choice/nearest", test_nearest);
  g_test_add_func ("/select-choice/random", test_random);
  g_test_add_func ("/select-choice/favourites", test_favourites);
  g_test_add_func ("/select-choice/entry", test_entry);
  g_test_add_func ("/select-choice/what-leaves-nothing", test_what_leaves_nothing);
  g_test_add_func ("/select-choice/ladder", test_ladder);
  return g_test_run ();
}
