/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account.c: logout, account. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>

#include "client/api/answer.h"
#include "client/api/errors.h"
#include "client/api/explain.h"

/* As an error elsewhere: what happened is the service's and in the helper's log, what to do is in its words. */
static json_t *
json_key_error (const AditAccountRow *row)
{
  AditExplanation words;
  AditError code;

  if (row->key_error[0] == '\0')
    return json_null ();
  if (!adit_error_from_nick (row->key_error, &code))
    code = ADIT_ERROR_FAILED;
  adit_explain_error (code, &words);
  return json_pack ("{s:s, s:s, s:s}", "name", row->key_error, "message", words.what, "hint", words.remedy);
}

static void
print_key (const AditAccountRow *row)
{
  g_autofree char *changes = row->key_changes_at_s > 0 ? adit_cli_dup_local_time (row->key_changes_at_s) : NULL;
  guint days = (guint) (MAX (row->key_age_s, 0) / (24 * 60 * 60));
  AditExplanation words;
  AditError code;

  if (changes == NULL && row->key_age_s >= 0)
    g_print (ngettext ("  Key: %u day old\n", "  Key: %u days old\n", days), days);
  else if (changes != NULL && row->key_age_s >= 0)
    g_print (ngettext ("  Key: %u day old, changed on %s\n", "  Key: %u days old, changed on %s\n", days), days, changes);
  else if (changes != NULL)
    g_print (_("  Key: to be changed on %s\n"), changes);
  if (!adit_error_from_nick (row->key_error, &code))
    return;
  adit_explain_error (code, &words);
  g_print (_("  The last change of the key failed: %s\n"), words.what);
}

static json_t *
json_row (const AditAccountRow *row)
{
  return json_pack ("{s:s, s:s, s:o, s:b, s:o, s:o, s:o, s:i, s:b, s:b, s:b, s:o, s:o, s:o}", "id", row->id, "service",
                    row->service, "device_name", adit_cli_json_text (row->device_name), "current", row->current, "expires_at",
                    adit_cli_json_time (row->expires_at_s), "checked_at", adit_cli_json_time (row->checked_at_s), "plan",
                    adit_cli_json_text (row->plan), "device_limit", (int) MIN (row->device_limit, G_MAXINT), "inactive",
                    row->is_inactive, "renews", row->is_renewed, "multihop", row->has_multihop, "key_age_s",
                    row->key_age_s < 0 ? json_null () : json_integer (row->key_age_s), "key_changes_at",
                    adit_cli_json_time (row->key_changes_at_s), "key_error", json_key_error (row));
}

static void
print_row (const AditAccountRow *row)
{
  g_autofree char *service = adit_cli_dup_line (row->service_name), *device = adit_cli_dup_line (row->device_name);
  gint64 left_s = row->expires_at_s - g_get_real_time () / G_USEC_PER_SEC;

  g_print ("%s%s\n", service, row->current ? _(" (in use)") : "");
  if (device[0] != '\0')
    g_print (_("  This computer there: %s\n"), device);
  print_key (row);
  if (row->plan[0] != '\0')
    {
      g_autofree char *plan = adit_cli_dup_line (row->plan);

      g_print (_("  Plan: %s\n"), plan);
    }
  if (row->device_limit > 0)
    g_print (ngettext ("  For %u computer\n", "  For up to %u computers\n", row->device_limit), row->device_limit);
  g_print (row->has_multihop ? _("  In at one place and out at another: with --entry\n")
                             : _("  In at one place and out at another: not with this account\n"));
  if (row->is_inactive)
    g_print (_("  Time left: none. Add time, then connect again.\n"));
  else if (row->is_renewed)
    g_print (_("  It goes on by itself.\n"));
  if (row->is_inactive)
    return;
  if (row->expires_at_s == 0)
    g_print (_("  Time left: the service does not say\n"));
  else if (left_s <= 0)
    g_print (_("  Time left: none. Add time, then connect again.\n"));
  else
    {
      g_autofree char *until = adit_cli_dup_local_time (row->expires_at_s);
      guint days = (guint) (left_s / (24 * 60 * 60));

      g_print (ngettext ("  Time left: %u day, until %s\n", "  Time left: %u days, until %s\n", days), days, until);
    }
}

static int
print_rows (AditCli *cli, GVariant *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = adit_answer_read_accounts (answer, &error);
  json_t *list;

  if (rows == NULL)
    return adit_cli_fail (cli, error);
  list = cli->json ? json_array () : NULL;
  for (guint i = 0; i < rows->len; i++)
    {
      if (cli->json)
        json_array_append_new (list, json_row (rows->pdata[i]));
      else
        print_row (rows->pdata[i]);
    }
  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set_new (object, "accounts", list);
      adit_cli_print_json (object);
    }
  else if (rows->len == 0)
    g_print (_("Nobody is signed in. Sign in with: adit login SERVICE\n"));
  return ADIT_CLI_OK;
}

/**
 * adit_cli_logout:
 * @cli: this run
 *
 * Returns: the exit code
 */
int
adit_cli_logout (AditCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *account = adit_cli_find_account (cli, NULL, &error);
  GVariantBuilder options;

  if (account == NULL)
    return adit_cli_fail (cli, error);
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "force", g_variant_new_boolean (cli->force));
  g_variant_builder_add (&options, "{sv}", "disconnect", g_variant_new_boolean (cli->disconnect));
  return adit_cli_do (cli, "LogOut", g_variant_new ("(sa{sv})", account, &options));
}

/**
 * adit_cli_account:
 * @cli: this run; its words say what is to be done, or are none
 *
 * Returns: the exit code
 */
int
adit_cli_account (AditCli *cli)
{
  g_autoptr (GVariant) options = g_variant_ref_sink (adit_cli_options (cli, NULL, FALSE));
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *account = NULL;

  /* "list" and "show" are what is done without a word. */
  if (cli->words[0] != NULL && cli->words[1] == NULL &&
      (g_str_equal (cli->words[0], "list") || g_str_equal (cli->words[0], "show")))
    cli->words++;
  if (cli->words[0] != NULL && !g_str_equal (cli->words[0], "rotate-key"))
    return adit_cli_account_at_service (cli);
  account = adit_cli_find_account (cli, NULL, &error);
  if (account == NULL)
    return adit_cli_fail (cli, error);
  /* Refreshed, it is the current account alone, as the service sees it now. */
  if (cli->words[0] != NULL && cli->words[1] == NULL)
    answer = adit_cli_call (cli, "RotateKey", g_variant_new ("(s@a{sv})", account, options), NULL, NULL, &error);
  else if (cli->words[0] != NULL)
    return adit_cli_account_at_service (cli);    /* which says how it is typed */
  else if (cli->refresh)
    answer = adit_cli_call (cli, "RefreshAccount", g_variant_new ("(s@a{sv})", account, options), NULL, NULL, &error);
  else
    answer = adit_cli_call (cli, "GetAccounts", g_variant_new ("(@a{sv})", options), NULL, NULL, &error);
  return answer != NULL ? print_rows (cli, answer) : adit_cli_fail (cli, error);
}
