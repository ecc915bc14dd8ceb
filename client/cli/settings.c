/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.c: settings, and dns, which is one of them with a name of its own. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>

#include "client/base/error.h"

/* A setting as one text, in the form that "settings set" takes. */
static char *
dup_text (GVariant *value)
{
  g_autofree const char **texts = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return g_strdup (g_variant_get_boolean (value) ? "on" : "off");
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return g_variant_print (value, FALSE);
  texts = g_variant_get_strv (value, NULL);
  return texts[0] != NULL ? g_strjoinv (" ", (char **) texts) : g_strdup ("none");
}

static json_t *
json_setting (GVariant *value)
{
  g_autofree const char **texts = NULL;
  json_t *list;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return json_boolean (g_variant_get_boolean (value));
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return json_null ();
  list = json_array ();
  texts = g_variant_get_strv (value, NULL);
  for (gsize i = 0; texts[i] != NULL; i++)
    json_array_append_new (list, json_string (texts[i]));
  return list;
}

/**
 * adit_cli_get_settings:
 * @cli: this run
 * @error: return location
 *
 * Returns: (transfer full) (nullable): all of them, an a{sv}
 */
GVariant *
adit_cli_get_settings (AditCli *cli, GError **error)
{
  GVariant *options = adit_cli_options (cli, NULL, FALSE);
  g_autoptr (GVariant) answer = adit_cli_call (cli, "GetSettings", g_variant_new ("(@a{sv})", options), NULL, NULL, error);

  return answer != NULL ? g_variant_get_child_value (answer, 0) : NULL;
}

static int
list (AditCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) all = adit_cli_get_settings (cli, &error);
  json_t *object = NULL, *settings = NULL;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (all == NULL)
    return adit_cli_fail (cli, error);
  if (cli->json)
    {
      object = adit_cli_new_json ();
      settings = json_object ();
      json_object_set_new (object, "settings", settings);
    }
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      g_autofree char *text = dup_text (value);

      if (cli->json)
        json_object_set_new (settings, name, json_setting (value));
      else
        g_print ("  %-12s %s\n", name, text);
    }
  if (cli->json)
    adit_cli_print_json (object);
  return ADIT_CLI_OK;
}

static int
get (AditCli *cli, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) all = adit_cli_get_settings (cli, &error), value = NULL;
  g_autofree char *text = NULL;

  if (all == NULL)
    return adit_cli_fail (cli, error);
  value = g_variant_lookup_value (all, name, NULL);
  if (value == NULL)
    {
      g_set_error (&error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, _("\"%s\" is not the name of a setting"), name);
      return adit_cli_fail (cli, error);
    }
  text = dup_text (value);
  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set_new (object, "name", json_string (name));
      json_object_set_new (object, "value", json_setting (value));
      adit_cli_print_json (object);
    }
  else
    g_print ("%s\n", text);
  return ADIT_CLI_OK;
}

/* The helper says what is wrong with a value; here only lists and switches are told apart. */
static int
set (AditCli *cli, const char *name, char **texts)
{
  gboolean on = g_strcmp0 (texts[0], "on") == 0, is_switch = (on || g_strcmp0 (texts[0], "off") == 0) && texts[1] == NULL;
  GVariant *options = adit_cli_options (cli, NULL, FALSE);

  if (g_str_equal (name, "lockdown") && is_switch)
    return adit_cli_do (cli, "SetLockdown", g_variant_new ("(b@a{sv})", on, options));
  if (g_str_equal (name, "multicast") && is_switch)
    return adit_cli_do (cli, "SetSetting", g_variant_new ("(sv@a{sv})", name, g_variant_new_boolean (on), options));
  return adit_cli_do (cli, "SetSetting", g_variant_new ("(sv@a{sv})", name, g_variant_new_strv ((const char *const *) texts, -1),
                                                        options));
}

/**
 * adit_cli_settings:
 * @cli: this run; its words are "list", "get NAME", "set NAME VALUE..." or nothing
 *
 * Returns: the exit code
 */
int
adit_cli_settings (AditCli *cli)
{
  guint n = g_strv_length (cli->words);

  if (n == 0 || (n == 1 && g_str_equal (cli->words[0], "list")))
    return list (cli);
  if (n == 2 && g_str_equal (cli->words[0], "get"))
    return get (cli, cli->words[1]);
  if (n >= 3 && g_str_equal (cli->words[0], "set"))
    return set (cli, cli->words[1], cli->words + 2);
  g_printerr (_("adit: say \"adit settings list\", \"adit settings get NAME\" or \"adit settings set NAME VALUE\"\n"));
  return ADIT_CLI_USAGE;
}

/**
 * adit_cli_dns:
 * @cli: this run; its words are addresses, "service", "block" and what is to be left out, or nothing to be told what is set
 *
 * Returns: the exit code
 */
int
adit_cli_dns (AditCli *cli)
{
  if (cli->words[0] != NULL && g_str_equal (cli->words[0], "block"))
    return adit_cli_block (cli);
  return cli->words[0] == NULL ? get (cli, "dns") : set (cli, "dns", cli->words);
}
