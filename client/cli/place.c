/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place.c: from what a person types to a place.  Codes first, because they are exact; then names, without regard to accents, case
 * and the blank between country and city. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>

#include "client/api/answer.h"
#include "client/api/place-names.h"
#include "client/model/own-names.h"
#include "client/model/search.h"

static gboolean
same (const char *folded, const char *a, const char *b)
{
  g_autofree char *a_folded = adit_search_fold (a), *b_folded = adit_search_fold (b);
  g_autofree char *both = g_strconcat (a_folded, b_folded, NULL);

  return g_str_equal (folded, both);
}

/* A city answers to "got", "se-got", "Gothenburg", "Sweden Gothenburg", "Gothenburg, Sweden" and "Göteborg". */
static gboolean
is_city (const char *folded, const AditServerListCity *city, const AditServerListCountry *country)
{
  const char *shown = adit_place_names_get_country (country->code, country->name);

  return same (folded, country->code, city->code) || same (folded, city->name, "") || same (folded, country->name, city->name) ||
         same (folded, city->name, country->name) || same (folded, shown, city->name) || same (folded, city->name, shown) ||
         same (folded, city->code, "") ||
         adit_own_names_has (adit_own_names_find_city (country->code, city->name), folded);
}

static gboolean
find_server (AditServerList *list, const char *text, AditPlace *place)
{
  for (guint i = 0; i < adit_server_list_get_n_servers (list); i++)
    {
      AditServerListServer server;
      AditServerListCity city;
      AditServerListCountry country;

      adit_server_list_get_server (list, i, &server);
      if (g_ascii_strcasecmp (server.name, text) != 0)
        continue;
      adit_server_list_get_city (list, server.city, &city);
      adit_server_list_get_country (list, city.country, &country);
      return adit_place_set (place, country.code, city.code, server.name);
    }
  return FALSE;
}

static gboolean
find_country (AditServerList *list, const char *folded, AditPlace *place)
{
  for (guint i = 0; i < adit_server_list_get_n_countries (list); i++)
    {
      AditServerListCountry country;

      adit_server_list_get_country (list, i, &country);
      if (same (folded, country.code, "") || same (folded, country.name, "") ||
          same (folded, adit_place_names_get_country (country.code, country.name), "") ||
          adit_own_names_has (adit_own_names_find_country (country.code), folded))
        return adit_place_set (place, country.code, NULL, NULL);
    }
  return FALSE;
}

/* How many cities answer to it; @place is the last one, @names all of them. */
static guint
find_cities (AditServerList *list, const char *folded, AditPlace *place, GString *names)
{
  guint found = 0;

  for (guint i = 0; i < adit_server_list_get_n_cities (list); i++)
    {
      AditServerListCity city;
      AditServerListCountry country;

      adit_server_list_get_city (list, i, &city);
      adit_server_list_get_country (list, city.country, &country);
      if (!is_city (folded, &city, &country))
        continue;
      if (adit_place_set (place, country.code, city.code, NULL))
        found++;
      g_string_append_printf (names, "%s%s-%s", names->len > 0 ? ", " : "", country.code, city.code);
    }
  return found;
}

/**
 * adit_cli_resolve_place:
 * @list: the service's servers
 * @text: what was typed
 * @place: (out caller-allocates): the place
 * @error: return location; %ADIT_ERROR_NO_SUCH_PLACE, with the candidates where there are several
 *
 * Returns: whether exactly one place answers to @text
 */
gboolean
adit_cli_resolve_place (AditServerList *list, const char *text, AditPlace *place, GError **error)
{
  g_autofree char *folded = adit_search_fold (text);
  g_autoptr (GString) names = g_string_new (NULL);
  guint n_cities;

  if (find_server (list, text, place) || find_country (list, folded, place))
    return TRUE;
  n_cities = find_cities (list, folded, place, names);
  if (n_cities == 1)
    return TRUE;
  if (n_cities > 1)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE, _("\"%s\" can be any of: %s"), text, names->str);
  else
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE, _("There is no place called \"%s\""), text);
  return FALSE;
}

/**
 * adit_cli_get_list:
 * @cli: this run
 * @service: a service's id, "" for the one of the account
 * @error: return location; %ADIT_ERROR
 *
 * Returns: (transfer full) (nullable): the service's servers
 */
AditServerList *
adit_cli_get_list (AditCli *cli, const char *service, GError **error)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer = NULL;

  answer = adit_cli_call (cli, "GetLocations",
                          g_variant_new ("(s@a{sv})", service, adit_cli_options (cli, "refresh", cli->refresh)), NULL,
                          &fds, error);
  if (answer == NULL)
    return NULL;
  return adit_answer_open_list (answer, fds, error);
}
