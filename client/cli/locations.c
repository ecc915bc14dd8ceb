/* SPDX-License-Identifier: GPL-2.0-or-later */
/* locations.c: the list of places, for people by country and city, for programs by server. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>

#include "client/api/place-names.h"
#include "client/api/time-zone.h"
#include "client/model/own-names.h"
#include "client/model/search.h"

/* What is asked of them, and from where they are looked at. */
typedef struct
{
  AditCli     *cli;
  AditChoice  *choice;
  AditPlace    favourites[ADIT_CHOICE_MAX_FAVOURITES];
  guint        n_favourites;
  gboolean     has_near;
  AditPosition near;
  gint32      *times_ms;    /* (nullable): of each city, -1 where it is not known */
  char        *search;      /* (nullable): folded */
  gboolean    *has_found;   /* beside it: of each city, whether its name or its country's is what is looked for */
} Look;

static gboolean
is_favourite (const Look *look, const AditServerListCountry *country, const AditServerListCity *city,
              const AditServerListServer *server)
{
  for (guint i = 0; i < look->n_favourites; i++)
    {
      const AditPlace *place = &look->favourites[i];

      if ((place->country[0] == '\0' || g_str_equal (place->country, country->code)) &&
          (place->city[0] == '\0' || g_str_equal (place->city, city->code)) &&
          (place->server[0] == '\0' || g_str_equal (place->server, server->name)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_wanted (const Look *look, const AditServerListCountry *country, const AditServerListCity *city,
           const AditServerListServer *server)
{
  AditCli *cli = look->cli;

  if (!adit_server_filter_passes (&look->choice->servers.filter, server, ADIT_FILTER_ALL) ||
      (cli->favourites && !is_favourite (look, country, city, server)))
    return FALSE;
  return look->search == NULL || look->has_found[server->city] || adit_search_has (look->search, server->name);
}

/* A city has many servers, each of which is asked about twice. */
static void
begin_search (Look *look, AditServerList *list)
{
  if (look->cli->search == NULL || look->cli->search[0] == '\0')
    return;
  look->search = adit_search_fold (look->cli->search);
  look->has_found = g_new (gboolean, adit_server_list_get_n_cities (list));
  for (guint i = 0; i < adit_server_list_get_n_cities (list); i++)
    {
      AditServerListCity city;
      AditServerListCountry country;

      adit_server_list_get_city (list, i, &city);
      adit_server_list_get_country (list, city.country, &country);
      look->has_found[i] = adit_search_has (look->search, country.name) ||
                           adit_search_has (look->search, adit_place_names_get_country (country.code, country.name)) ||
                           adit_search_has (look->search, country.code) ||
                           adit_search_has (look->search, city.name) ||
                           adit_search_has (look->search, adit_own_names_find_country (country.code)) ||
                           adit_search_has (look->search, adit_own_names_find_city (country.code, city.name));
    }
}

/* In kilometres; -1: not known. */
static gint64
get_distance_km (const Look *look, const AditServerListCity *city)
{
  const AditPosition there = { city->latitude_e6, city->longitude_e6 };

  return look->has_near && (there.latitude_e6 != 0 || there.longitude_e6 != 0)
         ? (gint64) adit_position_measure_m (&look->near, &there) / 1000 : -1;
}

static json_t *
json_number (gint64 number, gboolean is_known)
{
  return is_known ? json_integer (number) : json_null ();
}

static json_t *
json_server (const Look *look, const AditServerListCountry *country, const AditServerListCity *city,
             const AditServerListServer *server)
{
  gint64 distance_km = get_distance_km (look, city), time_ms = look->times_ms != NULL ? look->times_ms[server->city] : -1;

  return json_pack ("{s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:b, s:o, s:o, s:o}", "country", country->code, "country_name",
                    country->name, "city", city->code, "city_name", city->name, "server", server->name, "provider",
                    adit_cli_json_text (server->provider), "owned", server->owned, "ipv6", server->has_ipv6_inside,
                    "load_percent", json_number (server->load, server->load != ADIT_LOAD_UNKNOWN), "distance_km",
                    json_number (distance_km, distance_km >= 0), "latency_ms", json_number (time_ms, time_ms >= 0));
}

/* Each city once, with as many of its servers as are wanted. */
static guint
print_city (const Look *look, AditServerList *list, const AditServerListCountry *country, const AditServerListCity *city,
            json_t *rows)
{
  AditCli *cli = look->cli;
  guint n_wanted = 0;

  for (guint i = 0; i < city->n_servers; i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (list, city->first_server + i, &server);
      if (!is_wanted (look, country, city, &server))
        continue;
      n_wanted++;
      if (cli->json)
        json_array_append_new (rows, json_server (look, country, city, &server));
    }
  if (n_wanted > 0 && !cli->json)
    {
      g_autofree char *code = g_strconcat (country->code, "-", city->code, NULL);

      g_print (ngettext ("  %-10s %s (%u server)\n", "  %-10s %s (%u servers)\n", n_wanted), code, city->name, n_wanted);
    }
  return n_wanted;
}

/* Whether the country has anything wanted; its head is printed before its first city. */
static gboolean
has_wanted (const Look *look, AditServerList *list, const AditServerListCountry *country)
{
  for (guint i = 0; i < country->n_cities; i++)
    {
      AditServerListCity city;

      adit_server_list_get_city (list, country->first_city + i, &city);
      for (guint j = 0; j < city.n_servers; j++)
        {
          AditServerListServer server;

          adit_server_list_get_server (list, city.first_server + j, &server);
          if (is_wanted (look, country, &city, &server))
            return TRUE;
        }
    }
  return FALSE;
}

typedef struct
{
  AditServerListServer  server;
  AditServerListCity    city;
  AditServerListCountry country;
  gint64                distance_km;
  gint32                time_ms;    /* -1: it is not known */
} Row;

static gint
compare_distances (gconstpointer a, gconstpointer b)
{
  /* What is not known comes last, as the greatest does. */
  guint64 one = (guint64) ((const Row *) a)->distance_km, other = (guint64) ((const Row *) b)->distance_km;

  return one < other ? -1 : one > other;
}

static gint
compare_loads (gconstpointer a, gconstpointer b)
{
  const Row *one = a, *other = b;

  return one->server.load != other->server.load ? one->server.load - other->server.load : compare_distances (a, b);
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  guint32 one = (guint32) ((const Row *) a)->time_ms, other = (guint32) ((const Row *) b)->time_ms;

  return one < other ? -1 : one > other ? 1 : compare_distances (a, b);
}

static guint
print_sorted (const Look *look, AditServerList *list, json_t *json_rows)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  const char *sort = look->cli->sort;

  for (guint i = 0; i < adit_server_list_get_n_servers (list); i++)
    {
      Row row;

      adit_server_list_get_server (list, i, &row.server);
      adit_server_list_get_city (list, row.server.city, &row.city);
      adit_server_list_get_country (list, row.city.country, &row.country);
      row.distance_km = get_distance_km (look, &row.city);
      row.time_ms = look->times_ms != NULL ? look->times_ms[row.server.city] : -1;
      if (is_wanted (look, &row.country, &row.city, &row.server))
        g_array_append_val (rows, row);
    }
  g_array_sort (rows, g_str_equal (sort, "load") ? compare_loads : look->times_ms != NULL ? compare_times : compare_distances);
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      g_autofree char *far = g_strdup_printf (_("%u km"), (guint) row->distance_km);
      g_autofree char *load = g_strdup_printf (_("%u%%"), row->server.load), *time = g_strdup_printf (_("%d ms"), row->time_ms);

      if (look->cli->json)
        json_array_append_new (json_rows, json_server (look, &row->country, &row->city, &row->server));
      else
        g_print ("  %-20s %9s %8s %5s  %s, %s\n", row->server.name, row->distance_km >= 0 ? far : "-",
                 row->time_ms >= 0 ? time : "-", row->server.load != ADIT_LOAD_UNKNOWN ? load : "-", row->city.name,
                 adit_place_names_get_country (row->country.code, row->country.name));
    }
  return rows->len;
}

static guint *
order_countries (AditServerList *list)
{
  guint n_countries = adit_server_list_get_n_countries (list);
  g_autofree const char **names = g_new (const char *, n_countries);

  for (guint i = 0; i < n_countries; i++)
    {
      AditServerListCountry country;

      adit_server_list_get_country (list, i, &country);
      names[i] = adit_place_names_get_country (country.code, country.name);
    }
  return adit_place_names_order (names, n_countries);
}

static guint
print_by_place (const Look *look, AditServerList *list, json_t *rows)
{
  g_autofree guint *order = order_countries (list);
  guint n_servers = 0;

  for (guint i = 0; i < adit_server_list_get_n_countries (list); i++)
    {
      AditServerListCountry country;

      adit_server_list_get_country (list, look->cli->json ? i : order[i], &country);
      if (!look->cli->json && has_wanted (look, list, &country))
        g_print ("%s (%s)\n", adit_place_names_get_country (country.code, country.name), country.code);
      for (guint j = 0; j < country.n_cities; j++)
        {
          AditServerListCity city;

          adit_server_list_get_city (list, country.first_city + j, &city);
          n_servers += print_city (look, list, &country, &city, rows);
        }
    }
  return n_servers;
}

/* What is set counts for where this computer is and for what is a favourite; what is asked of servers is what was typed. */
static gboolean
make_look (Look *look, AditServerList *list, GError **error)
{
  AditCli *cli = look->cli;
  static const char *const sorts[] = { "distance", "load", "latency", NULL };
  gboolean is_sorted = cli->sort != NULL && g_strv_contains (sorts, cli->sort);

  if (cli->sort != NULL && !is_sorted && !g_str_equal (cli->sort, "name"))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, _("Places are sorted by name, distance, load or latency"));
      return FALSE;
    }
  if ((is_sorted || cli->favourites || cli->json) && !adit_cli_get_choice (cli, look->choice, error) && !cli->json)
    return FALSE;
  g_clear_error (error);
  look->n_favourites = adit_choice_get_favourites (look->choice, adit_server_list_get_head (list)->service, look->favourites);
  look->near = look->choice->near;
  look->has_near = look->choice->has_near || adit_time_zone_find_position (ADIT_LOCAL_TIME, ADIT_TIME_ZONES, &look->near);
  look->choice->servers = (AditServerWish) { 0 };
  return adit_cli_read_servers (cli, look->choice, error);
}

/**
 * adit_cli_locations:
 * @cli: this run; its word, if any, is the service
 *
 * Returns: the exit code; 4 where a search finds nothing
 */
int
adit_cli_locations (AditCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditServerList) list = adit_cli_get_list (cli, cli->words[0] != NULL ? cli->words[0] : "", &error);
  g_autofree AditChoice *choice = g_new0 (AditChoice, 1);
  g_autofree gint32 *times_ms = NULL;
  Look look = { .cli = cli, .choice = choice };
  json_t *rows;
  guint n_servers;

  if (list == NULL || !make_look (&look, list, &error))
    return adit_cli_fail (cli, error);
  if (g_strcmp0 (cli->sort, "latency") == 0)
    {
      g_autoptr (GError) closed = NULL;

      times_ms = g_new (gint32, adit_server_list_get_n_cities (list));
      look.times_ms = adit_cli_measure (cli, list, look.has_near ? &look.near : NULL, times_ms, &closed) ? times_ms : NULL;
      if (closed != NULL)
        g_printerr (_("adit: sorted by distance instead: %s\n"), closed->message);
    }
  begin_search (&look, list);
  rows = json_array ();
  n_servers = cli->sort != NULL && !g_str_equal (cli->sort, "name") ? print_sorted (&look, list, rows)
                                                                    : print_by_place (&look, list, rows);
  g_free (look.search);
  g_free (look.has_found);
  if (n_servers == 0)
    {
      json_decref (rows);
      g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE, _("Nothing matches"));
      return adit_cli_fail (cli, error);
    }
  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set_new (object, "locations", rows);
      adit_cli_print_json (object);
    }
  else
    json_decref (rows);
  return ADIT_CLI_OK;
}
