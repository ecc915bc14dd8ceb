/* SPDX-License-Identifier: GPL-2.0-or-later */
/* networks.c: which networks are known, and what is done in them. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>

#include "client/model/known-network.h"

#define HERE "here"

/* Bytes of strangers become text for a person, in which nothing moves the cursor. */
static char *
dup_name (GVariant *row)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (row, "name", G_VARIANT_TYPE_BYTESTRING);
  g_autofree char *text = NULL;
  gsize bytes = 0;
  gconstpointer name = value != NULL ? g_variant_get_fixed_array (value, &bytes, 1) : NULL;

  text = g_utf8_make_valid (name != NULL ? name : "", (gssize) bytes);
  return adit_cli_dup_line (text);
}

static void
add_json (json_t *list, GVariant *row)
{
  static const char *const texts[] = { "id", "kind", "trust", "action", "metered" }, *const flags[] = { "here", "has_rule" };
  g_autofree char *name = dup_name (row);
  json_t *object = json_object ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = "";

      g_variant_lookup (row, texts[i], "&s", &text);
      json_object_set_new (object, texts[i], json_string (text));
    }
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      gboolean on = FALSE;

      g_variant_lookup (row, flags[i], "b", &on);
      json_object_set_new (object, flags[i], json_boolean (on));
    }
  json_object_set_new (object, "name", json_string (name));
  json_array_append_new (list, object);
}

static void
print_row (GVariant *row)
{
  g_autofree char *name = dup_name (row);
  const char *id = "", *kind = "", *trust = "", *action = "", *metered = "";
  gboolean is_here = FALSE;

  g_variant_lookup (row, "id", "&s", &id);
  g_variant_lookup (row, "kind", "&s", &kind);
  g_variant_lookup (row, "trust", "&s", &trust);
  g_variant_lookup (row, "action", "&s", &action);
  g_variant_lookup (row, "metered", "&s", &metered);
  g_variant_lookup (row, "here", "b", &is_here);
  /* Translators: what holds for all new networks of a kind, in the place of a network's id. */
  g_print ("%s %-32s  %-6s  %-9s  %-10s  %s%s\n", is_here ? "*" : " ", id[0] != '\0' || is_here ? id : _("(new ones)"), kind,
           trust, action, g_str_equal (metered, "yes") ? _("(metered) ") : "", name);
}

static int
list (AditCli *cli)
{
  g_autoptr (GError) error = NULL;
  GVariant *options = adit_cli_options (cli, NULL, FALSE);
  g_autoptr (GVariant) answer = adit_cli_call (cli, "GetNetworks", g_variant_new ("(@a{sv})", options), NULL, NULL, &error);
  g_autoptr (GVariant) rows = NULL;
  json_t *networks = json_array ();

  if (answer == NULL)
    {
      json_decref (networks);
      return adit_cli_fail (cli, error);
    }
  rows = g_variant_get_child_value (answer, 0);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      if (cli->json)
        add_json (networks, row);
      else
        print_row (row);
    }
  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set (object, "networks", networks);
      adit_cli_print_json (object);
    }
  json_decref (networks);
  return ADIT_CLI_OK;
}

static int
set (AditCli *cli, const char *network, const char *trust, const char *action)
{
  return adit_cli_do (cli, "SetNetwork", g_variant_new ("(sss@a{sv})", network, trust, action,
                                                        adit_cli_options (cli, NULL, FALSE)));
}

/**
 * adit_cli_networks:
 * @cli: this run; its words are "list", "trust [NETWORK [ACTION]]", "distrust [NETWORK [ACTION]]", "set KIND ACTION",
 *   "forget [NETWORK]" or nothing
 *
 * A network is named by its id, or "here".
 *
 * Returns: the exit code
 */
int
adit_cli_networks (AditCli *cli)
{
  guint n = g_strv_length (cli->words);
  const char *what = n > 0 ? cli->words[0] : "list", *network = n > 1 ? cli->words[1] : HERE;

  if (n <= 1 && g_str_equal (what, "list"))
    return list (cli);
  if (g_str_equal (what, "trust"))
    return set (cli, network, "trusted", n > 2 ? cli->words[2] : "ask");
  if (g_str_equal (what, "distrust"))
    return set (cli, network, "untrusted", n > 2 ? cli->words[2] : "connect");
  if (n == 3 && g_str_equal (what, "set"))
    return set (cli, network, "unknown", cli->words[2]);
  if (n <= 2 && g_str_equal (what, "forget"))
    return adit_cli_do (cli, "ForgetNetwork", g_variant_new ("(s@a{sv})", network, adit_cli_options (cli, NULL, FALSE)));
  g_printerr (_("adit: say \"adit networks\", \"adit networks trust|distrust [NETWORK [ACTION]]\", "
                "\"adit networks set wired|wifi|mobile ACTION\" or \"adit networks forget [NETWORK]\"\n"));
  return ADIT_CLI_USAGE;
}
