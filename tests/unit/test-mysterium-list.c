/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-mysterium-list.c: what the service says of its places is taken only where it can be true. */
#include <string.h>

#include "client/provider/mysterium.h"

#define NOW G_GINT64_CONSTANT (1785542400)    /* 2026-08-01 */

static void
test_city_codes (void)
{
  static const struct { const char *city, *code; } rows[] = {
    { "Berlin", "berlin" }, { "New York", "new-york" }, { "Sao Paulo", "sao-paulo" }, { "15letters-abcde", NULL },
    { "Frankfurt am Main", NULL }, { "Frankfurt am Moor", NULL }, { "M\xc3\xbcnchen", NULL }, { "M\xc3\xb6nchen", NULL },
    { "\xe6\x9d\xb1\xe4\xba\xac", NULL }, { "Any", NULL }, { "any", NULL }, { "Saint-Denis", NULL },
    { "Saint Denis", "saint-denis" },
    { "  ", NULL }, { "-", NULL }, { "a/b", NULL }, { "Washington, D.C.", NULL }, { "abcdefghijklmno", "abcdefghijklmno" },
    { "abcdefghijklmnop", NULL }, { " Berlin", NULL }, { "Berlin ", NULL }, { "New  York", NULL },
  };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      char code[ADIT_CODE_MAX_BYTES];

      adit_mysterium_write_city_code (rows[i].city, code);
      g_test_message ("%s: %s", rows[i].city, code);
      g_assert_true (adit_code_is_valid (code));
      g_assert_cmpstr (code, !=, ADIT_MYSTERIUM_ANY_CITY);
      if (rows[i].code != NULL)
        g_assert_cmpstr (code, ==, rows[i].code);
      g_assert_true (g_hash_table_add (seen, g_strdup (code)));    /* no two have the same */
    }
}

#define CITY(name, rest) "{\"city\":" name ",\"total\":4,\"is_available\":true,\"translations\":{\"de\":\"x\"}" rest "}"
#define BERLIN CITY ("\"Berlin\"", ",\"latitude\":52.52,\"longitude\":13.405")
#define COUNTRY(code, cities) "{\"country\":" code ",\"total\":9,\"is_available\":true,\"translations\":{},\"cities\":" cities "}"

static AditServerList *
read_list (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = adit_mysterium_read_locations (text, strlen (text), "\"v1\"", NOW, error);

  return bytes != NULL ? adit_server_list_new_for_bytes (bytes, error) : NULL;
}

static void
test_locations (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditServerList) list = read_list ("[" COUNTRY ("\"SE\"", "null") "," COUNTRY ("\"DE\"", "[" BERLIN "," CITY (
    "\"Frankfurt am Main\"", ",\"latitude\":null") "]") "]", &error);
  AditServerListServer server;
  AditServerListCity city;
  AditServerListCountry country;
  AditPlace place;

  g_assert_no_error (error);
  g_assert_true (adit_server_list_get_head (list)->makes_tunnels);
  g_assert_cmpstr (adit_server_list_get_head (list)->etag, ==, "\"v1\"");
  g_assert_cmpstr (adit_server_list_get_head (list)->service, ==, "mysterium");
  g_assert_cmpint (adit_server_list_get_head (list)->fetched_at_s, ==, NOW);
  g_assert_cmpuint (adit_server_list_get_n_countries (list), ==, 2);
  g_assert_cmpuint (adit_server_list_get_n_servers (list), ==, 4);
  adit_server_list_get_country (list, 0, &country);
  g_assert_cmpstr (country.name, ==, "Germany");
  g_assert_cmpstr (country.code, ==, "de");
  adit_server_list_get_server (list, 0, &server);
  adit_server_list_get_city (list, server.city, &city);
  g_assert_cmpstr (server.name, ==, "de-any");
  g_assert_true (server.in_country);
  g_assert_cmpuint (server.weight, ==, 9);
  g_assert_cmpstr (city.name, ==, "Any city");
  g_assert_cmpint (city.latitude_e6, ==, 52520000);    /* of its first city */
  adit_server_list_get_server (list, 1, &server);
  adit_server_list_get_city (list, server.city, &city);
  g_assert_cmpstr (server.name, ==, "de-berlin");
  g_assert_false (server.in_country);
  g_assert_cmpuint (server.weight, ==, 4);
  g_assert_cmpint (city.longitude_e6, ==, 13405000);
  adit_server_list_get_city (list, 2, &city);
  g_assert_cmpstr (city.name, ==, "Frankfurt am Main");
  g_assert_true (adit_place_set (&place, "se", "any", NULL));
  g_assert_true (adit_server_list_has_place (list, &place));
}

/* Longer than a name may be. */
#define LONG_NAME "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""

static void
test_hostile (void)
{
  /* Next to a good country: how many servers come of this row. */
  static const struct { const char *row; guint n; } rows[] = {
    { COUNTRY ("\"SE\"", "[]"), 1 },
    { COUNTRY ("\"se\"", "[]"), 1 },
    { COUNTRY ("\"XX\"", "[]"), 1 },    /* nobody's code, and shown as it is */
    { "{\"country\":\"SE\",\"total\":1,\"is_available\":true}", 1 },
    { COUNTRY ("\"SE\"", "[" CITY ("\"Lund\"", "") "]"), 2 },
    { COUNTRY ("\"SE\"", "[" CITY ("\"Lund\"", "") "," CITY ("\"Lund\"", "") "]"), 2 },
    { COUNTRY ("\"SE\"", "[" CITY ("\"Lund\"", "") "," CITY ("\"LUND\"", "") "]"), 2 },    /* one code: the first stays */
    { COUNTRY ("\"SE\"", "[" CITY ("\"Lund\"", ",\"latitude\":91") "]"), 1 },
    { COUNTRY ("\"SE\"", "[" CITY ("\"Lund\"", ",\"longitude\":-181") "]"), 1 },
    { COUNTRY ("\"SE\"", "[" CITY ("\"Lund\"", ",\"latitude\":\"55\"") "]"), 1 },
    { COUNTRY ("\"SE\"", "[" CITY ("\"Lu\\u001bnd\"", "") "]"), 1 },
    { COUNTRY ("\"SE\"", "[" CITY ("\"Lu\\u202end\"", "") "]"), 1 },
    { COUNTRY ("\"SE\"", "[" CITY ("\"Lu\\nnd\"", "") "]"), 1 },
    { COUNTRY ("\"SE\"", "[" CITY ("\"\"", "") "]"), 1 },
    { COUNTRY ("\"SE\"", "[" CITY ("null", "") "]"), 1 },
    { COUNTRY ("\"SE\"", "[" CITY ("7", "") "]"), 1 },
    { COUNTRY ("\"SE\"", "[" CITY (LONG_NAME, "") "]"), 1 },
    { COUNTRY ("\"SE\"", "[null,7,[],{},\"Lund\"]"), 1 },
    { COUNTRY ("\"SE\"", "[{\"city\":\"Lund\",\"total\":4,\"is_available\":false}]"), 1 },
    { COUNTRY ("\"SE\"", "[{\"city\":\"Lund\",\"total\":-4,\"is_available\":true}]"), 1 },
    { COUNTRY ("\"SE\"", "[{\"city\":\"Lund\",\"total\":4}]"), 1 },
    { COUNTRY ("\"SE\"", "{}"), 0 },
    { COUNTRY ("\"SE\"", "7"), 0 },
    { COUNTRY ("\"DE\"", "[" CITY ("\"Bonn\"", "") "]"), 0 },    /* twice */
    { COUNTRY ("\"SWE\"", "[]"), 0 },
    { COUNTRY ("\"S\"", "[]"), 0 },
    { COUNTRY ("\"\"", "[]"), 0 },
    { COUNTRY ("\"..\"", "[]"), 0 },
    { COUNTRY ("\"\xc3\xa4\"", "[]"), 0 },
    { COUNTRY ("null", "[]"), 0 },
    { "{\"country\":\"SE\",\"total\":1,\"is_available\":false,\"cities\":[" BERLIN "]}", 0 },
    { "{\"country\":\"SE\",\"total\":1,\"is_available\":\"yes\",\"cities\":[" BERLIN "]}", 0 },
    { "{\"country\":\"SE\",\"total\":1.5,\"is_available\":true,\"cities\":[" BERLIN "]}", 0 },
    { "{}", 0 }, { "null", 0 }, { "[]", 0 }, { "\"SE\"", 0 },
  };
  static const char *const refused[] = {
    "", "null", "{}", "[]", "[{}]", "[", "<html></html>", "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strconcat ("[", COUNTRY ("\"DE\"", "[" BERLIN "]"), ",", rows[i].row, "]", NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (AditServerList) list = read_list (text, &error);

      g_assert_no_error (error);
      if (adit_server_list_get_n_servers (list) != 2 + rows[i].n)
        g_error ("%u servers: %s", adit_server_list_get_n_servers (list) - 2, rows[i].row);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_list (refused[i], &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mysterium-list/city-codes", test_city_codes);
  g_test_add_func ("/mysterium-list/locations", test_locations);
  g_test_add_func ("/mysterium-list/hostile", test_hostile);
  return g_test_run ();
}
