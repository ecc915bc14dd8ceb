/* SPDX-License-Identifier: GPL-2.0-or-later */
/* locations.c: the list of places, for people by country and city, for programs by server. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>

#include "client/model/search.h"

static gboolean
is_wanted (AditCli *cli, const AditServerListCountry *country, const AditServerListCity *city, const AditServerListServer *server)
{
  if (cli->search == NULL || cli->search[0] == '\0')
    return TRUE;
  return adit_search_matches (cli->search, country->name) || adit_search_matches (cli->search, country->code) ||
         adit_search_matches (cli->search, city->name) || adit_search_matches (cli->search, server->name);
}

static json_t *
json_server (const AditServerListCountry *country, const AditServerListCity *city, const AditServerListServer *server)
{
  return json_pack ("{s:s, s:s, s:s, s:s, s:s, s:o, s:b}", "country", country->code, "country_name", country->name, "city",
                    city->code, "city_name", city->name, "server", server->name, "provider",
                    adit_cli_json_text (server->provider), "owned", server->owned);
}

/* Each city once, with as many of its servers as are wanted. */
static guint
print_city (AditCli *cli, AditServerList *list, const AditServerListCountry *country, const AditServerListCity *city,
            json_t *rows)
{
  guint n_wanted = 0;

  for (guint i = 0; i < city->n_servers; i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (list, city->first_server + i, &server);
      if (!is_wanted (cli, country, city, &server))
        continue;
      n_wanted++;
      if (cli->json)
        json_array_append_new (rows, json_server (country, city, &server));
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
has_wanted (AditCli *cli, AditServerList *list, const AditServerListCountry *country)
{
  for (guint i = 0; i < country->n_cities; i++)
    {
      AditServerListCity city;

      adit_server_list_get_city (list, country->first_city + i, &city);
      for (guint j = 0; j < city.n_servers; j++)
        {
          AditServerListServer server;

          adit_server_list_get_server (list, city.first_server + j, &server);
          if (is_wanted (cli, country, &city, &server))
            return TRUE;
        }
    }
  return FALSE;
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
  json_t *rows;
  guint n_servers = 0;

  if (list == NULL)
    return adit_cli_fail (cli, error);
  rows = json_array ();
  for (guint i = 0; i < adit_server_list_get_n_countries (list); i++)
    {
      AditServerListCountry country;

      adit_server_list_get_country (list, i, &country);
      if (!cli->json && has_wanted (cli, list, &country))
        g_print ("%s (%s)\n", country.name, country.code);
      for (guint j = 0; j < country.n_cities; j++)
        {
          AditServerListCity city;

          adit_server_list_get_city (list, country.first_city + j, &city);
          n_servers += print_city (cli, list, &country, &city, rows);
        }
    }
  if (n_servers == 0)
    {
      json_decref (rows);
      g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE, "Nothing matches");
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
