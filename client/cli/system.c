/* SPDX-License-Identifier: GPL-2.0-or-later */
/* system.c: diagnose, and recover, which is the helper's own program without the bus. */
#include "config.h"
#include "client/cli/cli.h"

#include <errno.h>
#include <unistd.h>

#include "client/api/local-node.h"

#define HELPER ADIT_LIBEXECDIR "/aditd"

static json_t *
json_value (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return json_string (g_variant_get_string (value, NULL));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return json_boolean (g_variant_get_boolean (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    return json_integer (g_variant_get_uint32 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    {
      json_t *list = json_array ();
      g_autofree const char **texts = g_variant_get_strv (value, NULL);

      for (gsize i = 0; texts[i] != NULL; i++)
        json_array_append_new (list, json_string (texts[i]));
      return list;
    }
  return json_null ();
}

static void
print_value (const char *key, GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    {
      g_autofree const char **texts = g_variant_get_strv (value, NULL);
      g_autofree char *text = g_strjoinv (", ", (char **) texts);

      g_print ("  %-18s %s\n", key, text[0] != '\0' ? text : "-");
    }
  else
    {
      g_autofree char *text = g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ? g_variant_dup_string (value, NULL)
                                                                                   : g_variant_print (value, FALSE);

      g_print ("  %-18s %s\n", key, text[0] != '\0' ? text : "-");
    }
}

/**
 * adit_cli_diagnose:
 * @cli: this run
 *
 * Returns: the exit code
 */
int
adit_cli_diagnose (AditCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = adit_cli_call (cli, "GetDiagnostics",
                                               g_variant_new ("(@a{sv})", adit_cli_options (cli, NULL, FALSE)), NULL,
                                               NULL, &error);
  g_autoptr (GVariant) dict = NULL;
  json_t *object = NULL;
  g_autoptr (GVariant) node = NULL;
  g_autofree char *node_text = NULL;
  GVariantIter iter;
  const char *key;
  GVariant *value;

  if (answer == NULL)
    return adit_cli_fail (cli, error);
  if (cli->json)
    object = adit_cli_new_json ();
  dict = g_variant_get_child_value (answer, 0);
  g_variant_iter_init (&iter, dict);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    {
      /* "version" is the contract's own key. */
      if (!cli->json)
        print_value (key, value);
      else
        json_object_set_new (object, g_str_equal (key, "version") ? "helper_version" : key, json_value (value));
    }
  /* What anybody sees who looks. */
  node_text = adit_local_node_describe (ADIT_PROC);
  node = g_variant_ref_sink (g_variant_new_string (node_text));
  if (!cli->json)
    print_value ("mysterium_node", node);
  else
    json_object_set_new (object, "mysterium_node", json_value (node));
  if (cli->json)
    adit_cli_print_json (object);
  return ADIT_CLI_OK;
}

/**
 * adit_cli_recover:
 * @cli: this run
 *
 * Becomes the helper's own program, which restores the computer and refuses where a helper is running.
 *
 * Returns: the exit code where that program cannot be started
 */
int
adit_cli_recover (AditCli *cli)
{
  char *const argv[] = { (char *) "aditd", (char *) "--recover", cli->open ? (char *) "--open" : NULL, NULL };
  g_autoptr (GError) error = NULL;

  if (geteuid () != 0)
    {
      g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, "Only root can do that: sudo adit recover%s",
                   cli->open ? " --open" : "");
      return adit_cli_fail (cli, error);
    }
  execv (HELPER, argv);
  g_set_error (&error, ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE, "%s cannot be started: %s", HELPER, g_strerror (errno));
  return adit_cli_fail (cli, error);
}
