/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-place-list.c: the list that the window shows, up to the size where a slow one would be felt. */
#include "config.h"
#include "client/model/server-list-writer.h"
#include "ui/place-list.h"

#include <libintl.h>
#include <locale.h>

static void
add (AditServerListWriter *writer, const char *country, const char *country_name, const char *city, const char *city_name,
     const char *name)
{
  AditServerListServer server = { .name = name, .provider = "Example", .owned = g_str_has_suffix (name, "1"), .in_country = TRUE,
                                  .weight = 100 };
  AditLocation location = { 0 };

  g_assert_true (adit_place_set (&location.place, country, city, name));
  g_strlcpy (location.country_name, country_name, sizeof location.country_name);
  g_strlcpy (location.city_name, city_name, sizeof location.city_name);
  adit_address_parse ("192.0.2.7", &server.ipv4);
  server.key[0] = 1;
  g_assert_true (adit_server_list_writer_add (writer, &location, 0, 0, &server));
}

static AditServerListWriter *
new_writer (void)
{
  AditServerListHead head = { .service = "mullvad", .fetched_at_s = 1800000000, .ports = { { 53, 53 } }, .n_dns = 1,
                              .mtu_bytes = 1380, .n_ports = 1 };

  adit_address_parse ("10.64.0.1", &head.dns[0]);
  return adit_server_list_writer_new (&head);
}

static AditServerList *
finish (AditServerListWriter *writer)
{
  g_autoptr (GBytes) bytes = adit_server_list_writer_finish (writer);
  g_autoptr (GError) error = NULL;
  AditServerList *list = adit_server_list_new_for_bytes (bytes, &error);

  g_assert_no_error (error);
  return list;
}

static AditServerList *
new_small (void)
{
  AditServerListWriter *writer = new_writer ();

  add (writer, "se", "Sweden", "got", "Göteborg", "se-got-wg-001");
  add (writer, "se", "Sweden", "got", "Göteborg", "se-got-wg-002");
  add (writer, "se", "Sweden", "sto", "Stockholm", "se-sto-wg-001");
  add (writer, "no", "Norway", "osl", "Oslo", "no-osl-wg-001");
  return finish (writer);
}

static AditPlaceList *
new_list (AditServerList *servers)
{
  const AditPlaceLook look = { 0 };
  g_autoptr (AditPlaceSieve) sieve = adit_place_sieve_new (servers, &look);

  return adit_place_list_new (sieve);
}

/* The names in the model, with a bar between them. */
static char *
dup_names (AditPlaceList *list)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr (AditPlaceItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_string_append_printf (names, "%s%s", i > 0 ? "|" : "", adit_place_item_get_name (item));
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
test_tree (void)
{
  g_autoptr (AditServerList) servers = new_small ();
  g_autoptr (AditPlaceList) countries = new_list (servers), cities = NULL, in_city = NULL;
  g_autofree char *country_names = dup_names (countries), *city_names = NULL, *server_names = NULL, *detail = NULL;
  g_autoptr (AditPlaceItem) sweden = g_list_model_get_item (G_LIST_MODEL (countries), 1), city = NULL, server = NULL;
  AditPlace place;

  g_assert_cmpstr (country_names, ==, "Norway|Sweden");
  detail = adit_place_item_dup_detail (sweden);
  g_assert_cmpstr (detail, ==, "2 cities");
  cities = adit_place_list_new_parts (sweden);
  city_names = dup_names (cities);
  g_assert_cmpstr (city_names, ==, "Göteborg|Stockholm");
  city = g_list_model_get_item (G_LIST_MODEL (cities), 0);
  adit_place_item_get_place (city, &place);
  g_assert_cmpstr (place.country, ==, "se");
  g_assert_cmpstr (place.city, ==, "got");
  g_assert_cmpstr (place.server, ==, "");
  in_city = adit_place_list_new_parts (city);
  server_names = dup_names (in_city);
  g_assert_cmpstr (server_names, ==, "se-got-wg-001|se-got-wg-002");
  server = g_list_model_get_item (G_LIST_MODEL (in_city), 1);
  adit_place_item_get_place (server, &place);
  g_assert_cmpstr (place.server, ==, "se-got-wg-002");
  g_assert_null (adit_place_list_new_parts (server));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (in_city), 2));
}

static void
test_search (void)
{
  static const struct { const char *text, *names; } rows[] = {
    { "sweden", "Sweden" }, { "GOTE", "Göteborg" }, { "göteborg", "Göteborg" },
    { "got", "Göteborg|se-got-wg-001|se-got-wg-002" }, { "sweden 001", "se-got-wg-001|se-sto-wg-001" },
    { "stockholm, sweden", "Stockholm" }, { "osl", "Oslo|no-osl-wg-001" },
    { "atlantis", "" }, { " ", "" }, { "swedengot", "" }, { "", "Norway|Sweden" },
  };
  g_autoptr (AditServerList) servers = new_small ();
  g_autoptr (AditPlaceList) list = new_list (servers);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *names = NULL;

      adit_place_list_search (list, rows[i].text);
      names = dup_names (list);
      g_assert_cmpstr (names, ==, rows[i].names);
    }
}

/* A list as services have it, where people type what they call a place themselves. */
static void
test_own_names (void)
{
  static const struct { const char *text, *names; } rows[] = {
    { "goteborg", "Gothenburg" }, { "Göteborg", "Gothenburg" }, { "Sverige", "Sweden" }, { "se-got-wg-001", "se-got-wg-001" },
    { "göteborg, sverige", "Gothenburg" }, { "sverige 001", "se-got-wg-001" }, { "wien", "Vienna" },
    { "wien 001", "at-wn-wg-001" },
  };
  AditServerListWriter *writer = new_writer ();
  g_autoptr (AditServerList) servers = NULL;
  g_autoptr (AditPlaceList) list = NULL;

  add (writer, "se", "Sweden", "got", "Gothenburg", "se-got-wg-001");
  add (writer, "at", "Austria", "wn", "Vienna", "at-wn-wg-001");
  servers = finish (writer);
  list = new_list (servers);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *names = NULL;

      adit_place_list_search (list, rows[i].text);
      names = dup_names (list);
      g_assert_cmpstr (names, ==, rows[i].names);
    }
}

/* Somebody reads, searches and finds in order what countries are called in German; what the service calls them is found, too. */
static void
test_language (void)
{
  static const struct { const char *text, *names; } rows[] = {
    { "", "Norwegen|Schweden|Österreich" }, { "schweden", "Schweden" }, { "oster", "Österreich" }, { "sweden", "Schweden" },
    { "sverige", "Schweden" }, { "oslo norwegen", "Oslo" }, { "en", "Norwegen|Schweden|Gothenburg|Vienna" },
  };
  AditServerListWriter *writer = new_writer ();
  g_autoptr (AditServerList) servers = NULL;
  g_autoptr (AditPlaceList) list = NULL;

  add (writer, "at", "Austria", "wn", "Vienna", "at-wn-wg-001");
  add (writer, "no", "Norway", "osl", "Oslo", "no-osl-wg-001");
  add (writer, "se", "Sweden", "got", "Gothenburg", "se-got-wg-001");
  servers = finish (writer);
  g_setenv ("LANGUAGE", "de", TRUE);
  /* glibc 2.41 translates nothing in the other. */
  if (setlocale (LC_ALL, "en_US.UTF-8") == NULL)
    setlocale (LC_ALL, "C.UTF-8");
  setlocale (LC_COLLATE, "C.UTF-8");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("ADIT_CATALOGUES"));
  list = new_list (servers);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *names = NULL;

      adit_place_list_search (list, rows[i].text);
      names = dup_names (list);
      g_assert_cmpstr (names, ==, rows[i].names);
    }
  g_unsetenv ("LANGUAGE");
  setlocale (LC_ALL, "C");
}

static char *
dup_sifted (AditServerList *servers, const AditPlaceLook *look, const char *text)
{
  g_autoptr (AditPlaceSieve) sieve = adit_place_sieve_new (servers, look);
  g_autoptr (AditPlaceList) list = adit_place_list_new (sieve);

  adit_place_list_search (list, text);
  return dup_names (list);
}

/* What is asked of servers leaves out places that have none, in the list and in what is found. */
static void
test_sieve (void)
{
  static const AditPlaceLook owned = { .filter = { .ownership = ADIT_OWNED_ONLY } }, ipv6 = { .filter = { .only_with_ipv6 = 1 } },
                             rented = { .filter = { .ownership = ADIT_RENTED_ONLY } }, all = { 0 },
                             openvpn = { .protocol = ADIT_PROTOCOL_OPENVPN_UDP }, exits = { .is_exit = TRUE };
  const struct { const AditPlaceLook *look; const char *text, *names; } rows[] = {
    { &all, "", "Norway|Sweden" }, { &rented, "", "Sweden" }, { &ipv6, "", "" }, { &openvpn, "", "" }, { &exits, "", "" },
    { &owned, "got", "Göteborg|se-got-wg-001" }, { &rented, "got", "Göteborg|se-got-wg-002" }, { &rented, "osl", "" },
  };
  g_autoptr (AditServerList) servers = new_small ();
  g_autoptr (AditPlaceSieve) sieve = adit_place_sieve_new (servers, &rented);
  g_autoptr (AditPlaceList) list = adit_place_list_new (sieve), parts = NULL;
  g_autoptr (AditPlaceItem) sweden = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_autofree char *detail = adit_place_item_dup_detail (sweden), *names = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *sifted = dup_sifted (servers, rows[i].look, rows[i].text);

      g_assert_cmpstr (sifted, ==, rows[i].names);
    }
  g_assert_cmpstr (detail, ==, "1 city");
  parts = adit_place_list_new_parts (sweden);
  names = dup_names (parts);
  g_assert_cmpstr (names, ==, "Göteborg");
}

static void
test_found_in_list (void)
{
  static const struct { const char *country, *city, *server; gboolean is_there; const char *name; } rows[] = {
    { NULL, NULL, NULL, TRUE, "Any place" }, { "se", NULL, NULL, TRUE, "Sweden" }, { "se", "sto", NULL, TRUE, "Stockholm" },
    { NULL, NULL, "no-osl-wg-001", TRUE, "no-osl-wg-001" }, { "se", "osl", NULL, FALSE, NULL }, { "de", NULL, NULL, FALSE, NULL },
    { "se", "got", "se-got-wg-009", FALSE, NULL },
  };
  g_autoptr (AditServerList) servers = new_small ();
  const AditPlaceLook look = { 0 };
  g_autoptr (AditPlaceSieve) sieve = adit_place_sieve_new (servers, &look);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditPlaceItem) item = NULL;
      AditPlaceRow row;
      AditPlace place;

      g_assert_true (adit_place_set (&place, rows[i].country, rows[i].city, rows[i].server));
      g_assert_cmpint (adit_place_sieve_find (sieve, &place, &row), ==, rows[i].is_there);
      if (!rows[i].is_there)
        continue;
      item = adit_place_item_new (sieve, row, TRUE);
      g_assert_cmpstr (adit_place_item_get_name (item), ==, rows[i].name);
    }
}

/* How far, how full, and whose: each where it is known. */
static void
test_figures (void)
{
  static const AditPlaceLook here = { .has_near = TRUE, .near = { 59330000, 18070000 } };
  AditServerListHead head = { .service = "ivpn", .fetched_at_s = 1800000000, .ports = { { 53, 53 } }, .n_dns = 1,
                              .mtu_bytes = 1380, .n_ports = 1 };
  AditServerListServer server = { .name = "no-osl-001", .provider = "M247", .in_country = TRUE, .weight = 1, .load = 35,
                                  .has_ipv6_inside = TRUE };
  AditLocation location = { .country_name = "Norway", .city_name = "Oslo" };
  g_autoptr (AditServerList) servers = NULL;
  g_autoptr (AditPlaceSieve) sieve = NULL;
  static const struct { AditPlaceKind kind; const char *figure, *detail; } rows[] = {
    { ADIT_PLACE_CITY, "416 km", "1 server" }, { ADIT_PLACE_SERVER, "35% full", "rented from M247 · WireGuard · IPv6" },
    { ADIT_PLACE_COUNTRY, "", "1 city" }, { ADIT_PLACE_ANY, "", "As the service has it" },
  };
  AditServerListWriter *writer;

  adit_address_parse ("10.64.0.1", &head.dns[0]);
  adit_address_parse ("192.0.2.7", &server.ipv4);
  server.key[0] = 1;
  g_assert_true (adit_place_set (&location.place, "no", "osl", server.name));
  writer = adit_server_list_writer_new (&head);
  g_assert_true (adit_server_list_writer_add (writer, &location, 59913900, 10752200, &server));
  servers = finish (writer);
  sieve = adit_place_sieve_new (servers, &here);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditPlaceItem) item = adit_place_item_new (sieve, (AditPlaceRow) { .kind = rows[i].kind }, FALSE);
      g_autofree char *figure = adit_place_item_dup_figure (item), *detail = adit_place_item_dup_detail (item);

      g_assert_cmpstr (figure, ==, rows[i].figure);
      g_assert_cmpstr (detail, ==, rows[i].detail);
    }
}

static void
test_found_says_where (void)
{
  g_autoptr (AditServerList) servers = new_small ();
  g_autoptr (AditPlaceList) list = new_list (servers);
  g_autoptr (AditPlaceItem) city = NULL, server = NULL;
  g_autofree char *city_detail = NULL, *server_detail = NULL;

  adit_place_list_search (list, "got");
  city = g_list_model_get_item (G_LIST_MODEL (list), 0);
  server = g_list_model_get_item (G_LIST_MODEL (list), 1);
  city_detail = adit_place_item_dup_detail (city);
  server_detail = adit_place_item_dup_detail (server);
  g_assert_cmpstr (city_detail, ==, "Sweden");
  g_assert_cmpstr (server_detail, ==, "Göteborg, Sweden · owned by the service · WireGuard");
}

static void
test_names (void)
{
  static const struct { const char *country, *city, *server, *name; } rows[] = {
    { NULL, NULL, NULL, "Any place" }, { "se", NULL, NULL, "Sweden" }, { "se", "sto", NULL, "Stockholm, Sweden" },
    { "se", "sto", "se-sto-wg-001", "se-sto-wg-001" }, { "de", NULL, NULL, NULL }, { "se", "osl", NULL, NULL },
  };
  g_autoptr (AditServerList) servers = new_small ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = NULL;
      AditPlace place;

      g_assert_true (adit_place_set (&place, rows[i].country, rows[i].city, rows[i].server));
      name = adit_place_list_dup_name (servers, &place);
      g_assert_cmpstr (name, ==, rows[i].name);
    }
}

static void
count_change (GListModel *model, guint position, guint removed, guint added, guint *n_changes)
{
  g_assert_cmpuint (position + added, <=, g_list_model_get_n_items (model));
  (*n_changes)++;
}

/* 10,000 rows: one change a search, whatever it finds, and every row of it can be had. */
static void
test_many (void)
{
  AditServerListWriter *writer = new_writer ();
  g_autoptr (AditServerList) servers = NULL;
  g_autoptr (AditPlaceList) list = NULL;
  g_autoptr (AditPlaceItem) last = NULL;
  guint n_changes = 0;

  for (guint i = 0; i < 10000; i++)
    {
      char country[3] = { (char) ('a' + i / 26 % 26), (char) ('a' + i % 26), '\0' }, name[32], country_name[32];

      g_snprintf (name, sizeof name, "%s-cit-wg-%05u", country, i);
      g_snprintf (country_name, sizeof country_name, "Country %s", country);
      add (writer, country, country_name, "cit", "City", name);
    }
  servers = finish (writer);
  list = new_list (servers);
  g_signal_connect (list, "items-changed", G_CALLBACK (count_change), &n_changes);
  adit_place_list_search (list, "cit-wg");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 10000);
  adit_place_list_search (list, "09999");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  last = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_true (g_str_has_suffix (adit_place_item_get_name (last), "-09999"));
  adit_place_list_search (list, "");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 26 * 26);
  g_assert_cmpuint (n_changes, ==, 3);
}

/* Quickest first as they were printed, and nothing of what is no city here. */
static void
test_latencies (void)
{
  static const char lines[] = "  se-sto         8 ms  Stockholm, Sweden\n  no-osl        12 ms  Oslo, Norway\n  us-nyc  3 ms\n"
                              "  se-got\n\n  se-got -4 ms\n  se-got 99999999999 ms\n";
  static const char *const figures[] = { "12 ms", "8 ms" };
  g_autoptr (AditServerList) servers = new_small ();
  g_autoptr (AditLatencies) latencies = adit_latencies_new (servers, lines);
  const AditPlaceLook look = { .latencies = latencies };
  g_autoptr (AditPlaceSieve) sieve = adit_place_sieve_new (servers, &look);
  g_autoptr (AditPlaceList) countries = adit_place_list_new (sieve);
  AditServerListCity city;

  g_assert_cmpuint (adit_latencies_get_n_known (latencies), ==, 2);
  adit_server_list_get_city (servers, adit_latencies_get_city (latencies, 0), &city);
  g_assert_cmpstr (city.code, ==, "sto");
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      g_autoptr (AditPlaceItem) item = g_list_model_get_item (G_LIST_MODEL (countries), i);
      g_autofree char *figure = adit_place_item_dup_figure (item);

      g_assert_cmpstr (figure, ==, figures[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/place-list/tree", test_tree);
  g_test_add_func ("/place-list/search", test_search);
  g_test_add_func ("/place-list/own-names", test_own_names);
  g_test_add_func ("/place-list/language", test_language);
  g_test_add_func ("/place-list/sieve", test_sieve);
  g_test_add_func ("/place-list/found-in-list", test_found_in_list);
  g_test_add_func ("/place-list/figures", test_figures);
  g_test_add_func ("/place-list/found-says-where", test_found_says_where);
  g_test_add_func ("/place-list/names", test_names);
  g_test_add_func ("/place-list/many", test_many);
  g_test_add_func ("/place-list/latencies", test_latencies);
  return g_test_run ();
}
