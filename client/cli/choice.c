/* SPDX-License-Identifier: GPL-2.0-or-later */
/* choice.c: what is asked of servers, by options and as it is set; favourites, and what a service's resolvers leave out. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>

#include "client/base/error.h"

/* What was typed of each, in the form of the settings; NULL where nothing was. */
static char **
dup_option (AditCli *cli, const char *name)
{
  /* The helper sends no echoes: what they say is a place (latency.c), and this is for where nobody is to be asked. */
  const char *pick = g_strcmp0 (cli->pick, "fastest") == 0 ? "nearest" : cli->pick;
  const struct { const char *name, *text; } options[] = {
    { "pick", pick }, { "ownership", cli->ownership }, { "port", cli->port }, { "with-ipv6", cli->with_ipv6 ? "on" : NULL },
  };

  if (g_str_equal (name, "hosting"))
    return g_strdupv (cli->hosting);
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (g_str_equal (options[i].name, name) && options[i].text != NULL)
      return g_strdupv ((char *[]) { (char *) options[i].text, NULL });
  return NULL;
}

/**
 * adit_cli_read_servers:
 * @cli: this run
 * @choice: (inout): what its options say of servers is set
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether they are what they may be
 */
gboolean
adit_cli_read_servers (AditCli *cli, AditChoice *choice, GError **error)
{
  const char *const *names = adit_choice_get_names ();

  for (guint i = 0; i < adit_choice_get_n_server_names (); i++)
    {
      g_auto (GStrv) texts = dup_option (cli, names[i]);

      if (texts != NULL && !adit_choice_set_texts (choice, names[i], (const char *const *) texts, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * adit_cli_add_servers:
 * @cli: this run
 * @dict: (inout): an a{sv} of Connect, which gets what the options say of servers
 */
void
adit_cli_add_servers (AditCli *cli, GVariantBuilder *dict)
{
  const char *const *names = adit_choice_get_names ();

  for (guint i = 0; i < adit_choice_get_n_server_names (); i++)
    {
      g_auto (GStrv) texts = dup_option (cli, names[i]);

      if (texts != NULL)
        g_variant_builder_add (dict, "{sv}", names[i], g_variant_new_strv ((const char *const *) texts, -1));
    }
  if (cli->favourites)
    g_variant_builder_add (dict, "{sv}", "favourites", g_variant_new_boolean (TRUE));
}

static gboolean
is_at (AditServerList *list, const AditServerListServer *server, const AditPlace *place)
{
  AditServerListCity city;
  AditServerListCountry country;

  adit_server_list_get_city (list, server->city, &city);
  adit_server_list_get_country (list, city.country, &country);
  return (place->country[0] == '\0' || g_str_equal (place->country, country.code)) &&
         (place->city[0] == '\0' || g_str_equal (place->city, city.code)) &&
         (place->server[0] == '\0' || g_str_equal (place->server, server->name));
}

/**
 * adit_cli_check_servers:
 * @list: a service's servers
 * @place: a place of it, or anywhere
 * @filter: what is asked of a server
 * @error: return location; %ADIT_ERROR_FILTERED
 *
 * Said before anything is locked; what the settings ask besides is the helper's to say.
 *
 * Returns: whether there is a server that passes
 */
gboolean
adit_cli_check_servers (AditServerList *list, const AditPlace *place, const AditServerFilter *filter, GError **error)
{
  g_autofree char *what = adit_server_filter_dup_text (filter, ADIT_FILTER_ALL), *where = adit_place_dup_text (place);

  for (guint i = 0; i < adit_server_list_get_n_servers (list); i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (list, i, &server);
      if (is_at (list, &server, place) && adit_server_filter_passes (filter, &server, ADIT_FILTER_ALL))
        return TRUE;
    }
  if (where[0] != '\0')
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_FILTERED, _("At \"%s\" no server is left by %s"), where, what);
  else
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_FILTERED, _("No server is left by %s"), what);
  return FALSE;
}

/**
 * adit_cli_get_choice:
 * @cli: this run
 * @choice: (out caller-allocates): what is set
 * @error: return location
 *
 * Returns: whether the helper says it
 */
gboolean
adit_cli_get_choice (AditCli *cli, AditChoice *choice, GError **error)
{
  g_autoptr (GVariant) all = adit_cli_get_settings (cli, error);

  *choice = (AditChoice) { 0 };
  for (const char *const *name = adit_choice_get_names (); all != NULL && *name != NULL; name++)
    {
      g_autofree const char **texts = NULL;

      if (g_variant_lookup (all, *name, "^a&s", &texts) && !adit_choice_set_texts (choice, *name, texts, error))
        return FALSE;
    }
  return all != NULL;
}

/**
 * adit_cli_set_texts:
 * @cli: this run
 * @name: a setting's name
 * @texts: its value
 *
 * Returns: the exit code
 */
int
adit_cli_set_texts (AditCli *cli, const char *name, const char *const *texts)
{
  return adit_cli_do (cli, "SetSetting", g_variant_new ("(sv@a{sv})", name, g_variant_new_strv (texts, -1),
                                                        adit_cli_options (cli, NULL, FALSE)));
}

static AditServerList *
get_own_list (AditCli *cli, GError **error)
{
  const char *service;
  g_autofree char *account = adit_cli_find_account (cli, &service, error);

  return account != NULL ? adit_cli_get_list (cli, service, error) : NULL;
}

static int
print_texts (AditCli *cli, const char *name, char **texts)
{
  json_t *object, *list;

  for (char **text = texts; !cli->json && *text != NULL; text++)
    g_print ("  %s\n", *text);
  if (!cli->json)
    return ADIT_CLI_OK;
  object = adit_cli_new_json ();
  list = json_array ();
  for (char **text = texts; *text != NULL; text++)
    json_array_append_new (list, json_string (*text));
  json_object_set_new (object, name, list);
  adit_cli_print_json (object);
  return ADIT_CLI_OK;
}

/* --- Favourites ------------------------------------------------------------------------------------------------------------ */

/* "mullvad/se/got", as it is kept; what is already written so is left so, for a service whose list is not at hand. */
static char *
dup_favourite (AditCli *cli, const char *word, GError **error)
{
  g_autoptr (AditServerList) list = NULL;
  g_autofree AditChoice *choice = g_new0 (AditChoice, 1);
  g_auto (GStrv) texts = NULL;

  if (strchr (word, '/') != NULL)
    return g_strdup (word);
  list = get_own_list (cli, error);
  if (list == NULL || !adit_cli_resolve_place (list, word, &choice->favourites[0].place, error))
    return NULL;
  g_strlcpy (choice->favourites[0].service, adit_server_list_get_head (list)->service, sizeof choice->favourites[0].service);
  choice->n_favourites = 1;
  texts = adit_choice_dup_texts (choice, "favourites");
  return g_strdup (texts[0]);
}

/**
 * adit_cli_favourite:
 * @cli: this run; its words are "list", "add PLACE", "remove PLACE" or nothing
 *
 * Returns: the exit code
 */
int
adit_cli_favourite (AditCli *cli)
{
  g_autofree AditChoice *choice = g_new0 (AditChoice, 1);
  const char *verb = cli->words[0] != NULL ? cli->words[0] : "list";
  g_autofree char *place = g_strjoinv (" ", cli->words[0] != NULL ? cli->words + 1 : cli->words), *text = NULL;
  g_auto (GStrv) texts = NULL;
  g_autoptr (GStrvBuilder) changed = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;
  gboolean adds = g_str_equal (verb, "add");
  g_auto (GStrv) all = NULL;

  if (place[0] == '\0' ? !g_str_equal (verb, "list") : !adds && !g_str_equal (verb, "remove"))
    {
      g_printerr (_("adit: say \"adit favourite list\", \"adit favourite add PLACE\" or \"adit favourite remove PLACE\"\n"));
      return ADIT_CLI_USAGE;
    }
  if (!adit_cli_get_choice (cli, choice, &error))
    return adit_cli_fail (cli, error);
  texts = adit_choice_dup_texts (choice, "favourites");
  if (place[0] == '\0')
    return print_texts (cli, "favourites", texts);
  text = dup_favourite (cli, place, &error);
  if (text != NULL && !adds && !g_strv_contains ((const char *const *) texts, text))
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE, _("\"%s\" is no favourite"), text);
  if (error != NULL)
    return adit_cli_fail (cli, error);
  for (char **at = texts; *at != NULL; at++)
    if (adds || !g_str_equal (*at, text))
      g_strv_builder_add (changed, *at);
  if (adds)
    g_strv_builder_add (changed, text);
  all = g_strv_builder_end (changed);
  return adit_cli_set_texts (cli, "favourites", (const char *const *) all);
}

/* --- What resolvers leave out ---------------------------------------------------------------------------------------------- */

static gboolean
check_blocks (AditServerList *list, char **names, GError **error)
{
  const AditServerListHead *head = adit_server_list_get_head (list);
  gboolean has_alone = FALSE;

  for (char **name = names; *name != NULL; name++)
    {
      const AditBlock *block = adit_server_list_find_block (list, *name);

      if (block == NULL)
        {
          g_autoptr (GString) known = g_string_new (NULL);

          for (guint i = 0; i < head->n_blocks; i++)
            g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", head->blocks[i].name);
          g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, _("\"%s\" is not among what this service leaves out: %s"),
                       *name, known->len > 0 ? known->str : _("nothing"));
          return FALSE;
        }
      has_alone |= block->bits == 0;
    }
  if (!has_alone || names[1] == NULL)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT,
               _("This service has a resolver for each list: choose one of them"));
  return FALSE;
}

static int
print_blocks (AditCli *cli, AditServerList *list, const AditChoice *choice)
{
  const AditServerListHead *head = adit_server_list_get_head (list);
  char chosen[ADIT_FILTER_MAX_BLOCKS][ADIT_CODE_MAX_BYTES];
  guint n_chosen = adit_choice_get_blocks (choice, head->service, chosen);
  json_t *object = cli->json ? adit_cli_new_json () : NULL, *rows = json_array ();

  for (guint i = 0; i < head->n_blocks; i++)
    {
      gboolean is_chosen = FALSE;

      for (guint j = 0; j < n_chosen; j++)
        is_chosen |= g_str_equal (chosen[j], head->blocks[i].name);
      if (cli->json)
        json_array_append_new (rows, json_pack ("{s:s, s:b}", "name", head->blocks[i].name, "chosen", is_chosen));
      else
        g_print ("  %-16s %s\n", head->blocks[i].name, is_chosen ? _("left out") : "");
    }
  if (!cli->json && head->n_blocks == 0)
    g_print ("%s\n", _("This service's resolvers leave nothing out."));
  if (!cli->json)
    {
      json_decref (rows);
      return ADIT_CLI_OK;
    }
  json_object_set_new (object, "service", json_string (head->service));
  json_object_set_new (object, "blocks", rows);
  adit_cli_print_json (object);
  return ADIT_CLI_OK;
}

/* Own resolvers are asked in the place of the service's, whatever those leave out. */
static void
warn_of_own (AditCli *cli)
{
  g_autoptr (GVariant) all = adit_cli_get_settings (cli, NULL);
  g_autofree const char **texts = NULL;

  if (all != NULL && g_variant_lookup (all, "dns", "^a&s", &texts) && g_strcmp0 (texts[0], "service") != 0)
    g_printerr (_("adit: your own resolvers are asked instead, whatever those leave out; for the service's: adit dns service\n"));
}

/**
 * adit_cli_block:
 * @cli: this run; its words are "block" and what is to be left out, or "none", or nothing to be told what there is
 *
 * Returns: the exit code
 */
int
adit_cli_block (AditCli *cli)
{
  g_autofree AditChoice *choice = g_new0 (AditChoice, 1);
  g_autoptr (GStrvBuilder) changed = g_strv_builder_new ();
  g_autoptr (AditServerList) list = NULL;
  g_autoptr (GError) error = NULL;
  char **names = cli->words + 1;
  const char *service;
  g_auto (GStrv) all = NULL;
  int exit_code;

  if (!adit_cli_get_choice (cli, choice, &error) || (list = get_own_list (cli, &error)) == NULL)
    return adit_cli_fail (cli, error);
  if (names[0] == NULL)
    return print_blocks (cli, list, choice);
  names += g_str_equal (names[0], "none") ? 1 : 0;
  if (!check_blocks (list, names, &error))
    return adit_cli_fail (cli, error);
  service = adit_server_list_get_head (list)->service;
  for (guint i = 0; i < choice->n_blocks; i++)
    if (!g_str_equal (choice->blocks[i].service, service))
      {
        g_autofree char *text = g_strconcat (choice->blocks[i].service, "/", choice->blocks[i].name, NULL);

        g_strv_builder_add (changed, text);
      }
  for (; *names != NULL; names++)
    {
      g_autofree char *text = g_strconcat (service, "/", *names, NULL);

      g_strv_builder_add (changed, text);
    }
  all = g_strv_builder_end (changed);
  exit_code = adit_cli_set_texts (cli, "block", (const char *const *) all);
  if (exit_code == ADIT_CLI_OK && all[0] != NULL)
    warn_of_own (cli);
  return exit_code;
}
