/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diagnose.c: what is wrong, in a word, a sentence and what to do; then what was looked at, who else rules this computer's
 * network, and what Adit uses on it. */
#include "config.h"
#include "client/cli/cli.h"

#include "build-id.h"
#include "client/api/diagnosis.h"
#include "client/api/local-node.h"

static void
add_words (json_t *object, const AditExplanation *words)
{
  json_object_set_new (object, "message", json_string (words->what));
  json_object_set_new (object, "hint", adit_cli_json_text (words->remedy));
  json_object_set_new (object, "command", adit_cli_json_text (words->command));
}

static json_t *
json_conflicts (AditDiagnosis *diagnosis)
{
  json_t *list = json_array ();

  for (guint i = 0; i < diagnosis->conflicts->len; i++)
    {
      const AditDiagnosisConflict *conflict = &g_array_index (diagnosis->conflicts, AditDiagnosisConflict, i);
      json_t *object = json_pack ("{s:s, s:o, s:s}", "conflict", conflict->nick, "by", adit_cli_json_text (conflict->by), "what",
                                  conflict->what);

      add_words (object, &conflict->words);
      json_array_append_new (list, object);
    }
  return list;
}

static json_t *
json_checks (AditDiagnosis *diagnosis)
{
  json_t *list = json_array ();

  for (guint i = 0; i < diagnosis->checks->len; i++)
    {
      const AditDiagnosisCheck *check = diagnosis->checks->pdata[i];
      json_t *object = json_pack ("{s:s, s:s, s:o}", "check", check->nick, "result", adit_verdict_get_nick (check->verdict),
                                  "cause", adit_cli_json_text (check->blame));

      add_words (object, &check->words);
      json_array_append_new (list, object);
    }
  return list;
}

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

/* What is to blame comes first. */
static void
tell_cause (AditDiagnosis *diagnosis, json_t *object)
{
  json_object_set_new (object, "cause", adit_cli_json_text (diagnosis->cause));
  add_words (object, &diagnosis->words);
  json_object_set_new (object, "checks", json_checks (diagnosis));
}

static int
tell_failure (AditCli *cli, const GError *error)
{
  g_autoptr (AditDiagnosis) diagnosis = adit_diagnosis_new_for_error (error);
  json_t *object;

  if (diagnosis == NULL || !cli->json)
    return adit_cli_fail (cli, error);
  object = adit_cli_new_json ();
  tell_cause (diagnosis, object);
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

static void
print_json (AditDiagnosis *diagnosis)
{
  g_autofree char *node = adit_local_node_describe (ADIT_PROC);
  json_t *object = adit_cli_new_json ();
  GVariantIter iter;
  const char *key;
  GVariant *value;

  tell_cause (diagnosis, object);
  g_variant_iter_init (&iter, diagnosis->facts);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    if (g_str_equal (key, "conflicts"))
      json_object_set_new (object, key, json_conflicts (diagnosis));
    else if (!g_str_equal (key, "cause") && !g_str_equal (key, "checks"))
      /* "version" is the contract's own key. */
      json_object_set_new (object, g_str_equal (key, "version") ? "helper_version" : key, json_value (value));
  json_object_set_new (object, "mysterium_node", json_string (node));
  adit_cli_print_json (object);
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
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) dict = NULL;
  g_autoptr (AditDiagnosis) diagnosis = NULL;
  g_autofree char *text = NULL;

  if (cli->log)
    return adit_cli_log (cli);
  answer = adit_cli_call (cli, "GetDiagnostics", g_variant_new ("(@a{sv})", adit_cli_options (cli, NULL, FALSE)), NULL, NULL,
                          &error);
  if (answer == NULL)
    return tell_failure (cli, error);
  dict = g_variant_get_child_value (answer, 0);
  diagnosis = adit_diagnosis_new (dict, ADIT_BUILD_ID);
  if (diagnosis->cause[0] == '\0' && are_names_dead (cli))
    adit_diagnosis_blame (diagnosis, ADIT_CHECK_NAMES, ADIT_CAUSE_DNS_DEAD);
  if (cli->json)
    {
      print_json (diagnosis);
      return ADIT_CLI_OK;
    }
  text = adit_diagnosis_dup_text (diagnosis);
  g_print ("%s", text);
  return ADIT_CLI_OK;
}
