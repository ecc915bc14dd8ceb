/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diagnose.c: what is wrong, in a word, a sentence and what to do; then who else rules this computer's network, and what Adit
 * uses on it. */
#include "config.h"
#include "client/cli/cli.h"

#include "build-id.h"
#include "client/api/explain-cause.h"
#include "client/api/local-node.h"
#include "client/model/cause.h"

static json_t *
json_conflicts (GVariant *value)
{
  const char *kind, *by, *what;
  json_t *list = json_array ();
  GVariantIter iter;

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(&s&s&s)", &kind, &by, &what))
    {
      AditConflictKind known = ADIT_CONFLICT_REFUSES;
      AditExplanation words;

      (void) adit_conflict_from_nick (kind, &known);
      adit_explain_conflict (known, &words);
      json_array_append_new (list, json_pack ("{s:s, s:o, s:s, s:s, s:s, s:o}", "conflict", kind, "by", adit_cli_json_text (by),
                                              "what", what, "message", words.what, "hint", words.remedy, "command",
                                              adit_cli_json_text (words.command)));
    }
  return list;
}

static json_t *
json_value (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("a(sss)")))
    return json_conflicts (value);
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
print_conflicts (GVariant *value)
{
  const char *kind, *by, *what;
  GVariantIter iter;

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(&s&s&s)", &kind, &by, &what))
    {
      AditConflictKind known = ADIT_CONFLICT_REFUSES;
      g_autofree char *whose = adit_cli_dup_line (by), *which = adit_cli_dup_line (what);
      AditExplanation words;

      (void) adit_conflict_from_nick (kind, &known);
      adit_explain_conflict (known, &words);
      g_print ("  %-18s %s%s%s: %s %s\n", kind, whose, whose[0] != '\0' ? ", " : "", which, words.what, words.remedy);
      if (words.command[0] != '\0')
        g_print ("  %-18s %s\n", "", words.command);
    }
}

static void
print_value (const char *key, GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("a(sss)")))
    print_conflicts (value);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
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

/* What is to blame comes first. */
static void
tell_cause (AditCli *cli, json_t *object, const char *cause)
{
  AditExplanation words;

  adit_explain_cause (cause, &words);
  if (cli->json)
    {
      json_object_set_new (object, "cause", adit_cli_json_text (cause));
      json_object_set_new (object, "message", json_string (words.what));
      json_object_set_new (object, "hint", adit_cli_json_text (words.remedy));
      json_object_set_new (object, "command", adit_cli_json_text (words.command));
      return;
    }
  g_print ("%s %s\n", words.what, words.remedy);
  if (words.command[0] != '\0')
    g_print ("  %s\n", words.command);
}

/* Nobody who could be asked is there, or who answers does not know the question: that is itself what is wrong. */
static AditCause
find_cause_of_failure (const GError *error)
{
  if (g_error_matches (error, ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE))
    return ADIT_CAUSE_HELPER_MISSING;
  return g_error_matches (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION) ? ADIT_CAUSE_HELPER_OLD : ADIT_CAUSE_NONE;
}

static int
tell_failure (AditCli *cli, const GError *error)
{
  AditCause cause = find_cause_of_failure (error);
  json_t *object;

  if (cause == ADIT_CAUSE_NONE || !cli->json)
    return adit_cli_fail (cli, error);
  object = adit_cli_new_json ();
  tell_cause (cli, object, adit_cause_get_nick (cause));
  json_object_set_new (object, "error", adit_cli_json_error (error));
  adit_cli_print_json (object);
  return adit_explain_exit_code (error);
}

/* Returns: whether it is connected, and none of those that are to be asked for names answers. */
static gboolean
are_names_dead (AditCli *cli)
{
  g_autoptr (GVariant) answer = adit_cli_call (cli, "GetStatus", g_variant_new ("(@a{sv})", adit_cli_options (cli, NULL, FALSE)),
                                               NULL, NULL, NULL);
  g_autoptr (GVariant) dict = answer != NULL ? g_variant_get_child_value (answer, 0) : NULL;
  g_autoptr (AditStatus) status = dict != NULL ? adit_status_new_from_variant (dict) : NULL;

  if (status == NULL || status->state != ADIT_STATE_CONNECTED || status->dns_servers[0] == NULL)
    return FALSE;
  for (char **server = status->dns_servers; *server != NULL; server++)
    if (adit_cli_answers_names (*server))
      return FALSE;
  return TRUE;
}

static const char *
find_cause (AditCli *cli, GVariant *dict)
{
  const char *cause = "", *build_id = "";

  g_variant_lookup (dict, "cause", "&s", &cause);
  g_variant_lookup (dict, "build_id", "&s", &build_id);
  if (!g_str_equal (build_id, ADIT_BUILD_ID))
    return adit_cause_get_nick (ADIT_CAUSE_HELPER_OLD);
  if (cause[0] == '\0' && are_names_dead (cli))
    return adit_cause_get_nick (ADIT_CAUSE_DNS_DEAD);
  return cause;
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
    return tell_failure (cli, error);
  if (cli->json)
    object = adit_cli_new_json ();
  dict = g_variant_get_child_value (answer, 0);
  tell_cause (cli, object, find_cause (cli, dict));
  g_variant_iter_init (&iter, dict);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    {
      if (g_str_equal (key, "cause"))
        continue;
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
