/* SPDX-License-Identifier: GPL-2.0-or-later */
/* latency-list.c: the cities that answered, the quickest first; the window reads its lines, too (ui/latencies.c). */
#include "client/cli/cli.h"

#include "client/api/time-zone.h"

typedef struct
{
  guint  city;
  gint32 time_ms;
} Row;

static gint
compare_rows (gconstpointer a, gconstpointer b)
{
  const Row *one = a, *other = b;

  return one->time_ms < other->time_ms ? -1 : one->time_ms > other->time_ms;
}

static GArray *
sort_rows (AditServerList *list, const gint32 *times_ms)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));

  for (guint i = 0; i < adit_server_list_get_n_cities (list); i++)
    {
      const Row row = { .city = i, .time_ms = times_ms[i] };

      if (row.time_ms >= 0)
        g_array_append_val (rows, row);
    }
  g_array_sort (rows, compare_rows);
  return rows;
}

static void
print_row (AditCli *cli, AditServerList *list, const Row *row, json_t *json_rows)
{
  AditServerListCity city;
  AditServerListCountry country;
  g_autofree char *code = NULL;

  adit_server_list_get_city (list, row->city, &city);
  adit_server_list_get_country (list, city.country, &country);
  code = g_strconcat (country.code, "-", city.code, NULL);
  if (cli->json)
    json_array_append_new (json_rows, json_pack ("{s:s, s:s, s:i}", "country", country.code, "city", city.code, "latency_ms",
                                                 row->time_ms));
  else
    g_print ("  %-10s %6d ms  %s, %s\n", code, row->time_ms, city.name, country.name);
}

/**
 * adit_cli_latency:
 * @cli: this run; its word, if any, is the service
 *
 * Returns: the exit code
 */
int
adit_cli_latency (AditCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditServerList) list = adit_cli_get_list (cli, cli->words[0] != NULL ? cli->words[0] : "", &error);
  g_autofree AditChoice *choice = g_new0 (AditChoice, 1);
  g_autofree gint32 *times_ms = NULL;
  g_autoptr (GArray) rows = NULL;
  AditPosition near;
  gboolean has_near;
  json_t *json_rows;

  if (list == NULL || !adit_cli_get_choice (cli, choice, &error))
    return adit_cli_fail (cli, error);
  near = choice->near;
  has_near = choice->has_near || adit_time_zone_find_position (ADIT_LOCAL_TIME, ADIT_TIME_ZONES, &near);
  times_ms = g_new (gint32, adit_server_list_get_n_cities (list));
  if (!adit_cli_measure (cli, list, has_near ? &near : NULL, times_ms, &error))
    return adit_cli_fail (cli, error);
  rows = sort_rows (list, times_ms);
  json_rows = json_array ();
  for (guint i = 0; i < rows->len; i++)
    print_row (cli, list, &g_array_index (rows, Row, i), json_rows);
  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set (object, "latencies", json_rows);
      adit_cli_print_json (object);
    }
  json_decref (json_rows);
  return ADIT_CLI_OK;
}
