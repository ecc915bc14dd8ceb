/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devices.c: what can be done about an account at its service: a new one, a voucher, its devices. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>
#include <string.h>

#include "client/api/answer.h"
#include "client/model/service.h"

#define NUMBER_MAX_BYTES 600    /* what the helper keeps of a credential */

/**
 * adit_cli_find_account:
 * @cli: this run
 * @service: (out) (optional) (transfer none): where it is; "" for that of the current one
 * @error: return location; %ADIT_ERROR_NO_ACCOUNT
 *
 * Returns: (transfer full) (nullable): the id of the account that --account names, by its own id or its service; "" where nothing
 * is said: the current one
 */
char *
adit_cli_find_account (AditCli *cli, const char **service, GError **error)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  const char *found = NULL, *where = "";

  if (service != NULL)
    *service = "";
  if (cli->account == NULL)
    return g_strdup ("");
  answer = adit_cli_call (cli, "GetAccounts", g_variant_new ("(@a{sv})", adit_cli_options (cli, NULL, FALSE)), NULL, NULL, error);
  rows = answer != NULL ? adit_answer_read_accounts (answer, error) : NULL;
  if (rows == NULL)
    return NULL;
  for (guint i = 0; i < rows->len; i++)
    {
      const AditAccountRow *row = rows->pdata[i];

      if (!g_str_equal (row->id, cli->account) && !g_str_equal (row->service, cli->account))
        continue;
      if (found != NULL)
        {
          g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT,
                       _("There are several at %s; name one by its id, from: adit account --json"), cli->account);
          return NULL;
        }
      found = row->id;
      where = row->service;
    }
  if (found == NULL)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, _("There is no account \"%s\""), cli->account);
  if (service != NULL && adit_service_find (where) != NULL)
    *service = adit_service_find (where)->id;
  return g_strdup (found);
}

/* What @method answers about @name by a descriptor. */
static int
print_number (AditCli *cli, const char *method, const char *name, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  GVariant *arguments = g_variant_new ("(s@a{sv})", name, adit_cli_options (cli, NULL, FALSE));
  g_autoptr (GVariant) answer = adit_cli_call (cli, method, arguments, NULL, &fds, &error);
  g_autoptr (GBytes) number = answer != NULL ? adit_answer_read_file (answer, 0, fds, NUMBER_MAX_BYTES, &error) : NULL;
  g_autofree char *text = NULL, *line = NULL;

  if (number == NULL)
    return adit_cli_fail (cli, error);
  text = g_strndup (g_bytes_get_data (number, NULL), g_bytes_get_size (number));
  line = adit_cli_dup_line (text);
  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set_new (object, "number", json_string (line));
      adit_cli_print_json (object);
    }
  else
    g_print ("%s\n%s", line, words);
  adit_wipe (text, strlen (text));
  adit_wipe (line, strlen (line));
  return ADIT_CLI_OK;
}

static int
create (AditCli *cli, const char *service)
{
  g_autofree char *words = g_strdup_printf (_("This number is the account; nobody can give it to you again. Write it down, then: "
                                              "adit login %s\n"), service);

  return print_number (cli, "CreateAccount", service, words);
}

static int
reveal (AditCli *cli, const char *account)
{
  return print_number (cli, "RevealAccount", account, "");
}

static int
add_voucher (AditCli *cli, const char *account)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) voucher = adit_cli_read_credential (_("Voucher"), &error);
  g_autoptr (GUnixFDList) fds = voucher != NULL ? adit_client_wrap_secret (voucher, &error) : NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *until = NULL;
  gint64 expires_at_s;

  if (fds != NULL)
    answer = adit_cli_call (cli, "AddVoucher", g_variant_new ("(sh@a{sv})", account, 0, adit_cli_options (cli, NULL, FALSE)), fds,
                            NULL, &error);
  if (answer == NULL)
    return adit_cli_fail (cli, error);
  g_variant_get (answer, "(x)", &expires_at_s);
  until = adit_cli_dup_local_time (expires_at_s);
  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set_new (object, "expires_at", adit_cli_json_time (expires_at_s));
      adit_cli_print_json (object);
    }
  else
    g_print (_("The account goes until %s now.\n"), until);
  return ADIT_CLI_OK;
}

static void
print_device (GVariant *row, json_t *list)
{
  const char *id = "", *name = "";
  gint64 created_at_s = 0;
  gboolean ours = FALSE;

  g_variant_lookup (row, "id", "&s", &id);
  g_variant_lookup (row, "name", "&s", &name);
  g_variant_lookup (row, "created_at", "x", &created_at_s);
  g_variant_lookup (row, "ours", "b", &ours);
  if (list != NULL)
    json_array_append_new (list, json_pack ("{s:s, s:o, s:o, s:b}", "id", id, "name", adit_cli_json_text (name), "created_at",
                                            adit_cli_json_time (created_at_s), "ours", ours));
  else
    {
      g_autofree char *shown = adit_cli_dup_line (name[0] != '\0' ? name : id), *key = adit_cli_dup_line (id);

      g_print ("%s%s\n  %s\n", shown, ours ? _(" (this computer)") : "", key);
    }
}

static int
list_devices (AditCli *cli, const char *account)
{
  g_autoptr (GError) error = NULL;
  GVariant *arguments = g_variant_new ("(s@a{sv})", account, adit_cli_options (cli, NULL, FALSE));
  g_autoptr (GVariant) answer = adit_cli_call (cli, "GetDevices", arguments, NULL, NULL, &error);
  g_autoptr (GVariant) rows = NULL;
  json_t *list = NULL;

  if (answer == NULL)
    return adit_cli_fail (cli, error);
  rows = g_variant_get_child_value (answer, 0);
  list = cli->json ? json_array () : NULL;
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      print_device (row, list);
    }
  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set_new (object, "devices", list);
      adit_cli_print_json (object);
    }
  return ADIT_CLI_OK;
}

static int
remove_device (AditCli *cli, const char *account, const char *device)
{
  return adit_cli_do (cli, "RemoveDevice", g_variant_new ("(ss@a{sv})", account, device, adit_cli_options (cli, NULL, FALSE)));
}

/**
 * adit_cli_account_at_service:
 * @cli: this run; its words are "create" and a service, "voucher", "devices", "remove" and a device, "use" and an account, or
 * "reveal"
 *
 * Returns: the exit code
 */
int
adit_cli_account_at_service (AditCli *cli)
{
  const char *what = cli->words[0], *argument = cli->words[1];
  static const char *const alone[] = { "voucher", "devices", "reveal", NULL };
  static const char *const about[] = { "create", "remove", "use", NULL };
  gboolean wants = g_strv_contains (about, what);
  g_autoptr (GError) error = NULL;
  g_autofree char *account = NULL;

  if (wants != (argument != NULL) || (!wants && !g_strv_contains (alone, what)))
    {
      g_printerr (_("adit: usage: adit account [list | show | create SERVICE | voucher | devices | remove DEVICE | rotate-key | "
                    "use ACCOUNT | reveal]\n"));
      return ADIT_CLI_USAGE;
    }
  if (g_str_equal (what, "create"))
    return create (cli, argument);
  if (g_str_equal (what, "use"))
    {
      g_free (cli->account);
      cli->account = g_strdup (argument);    /* its id, or its service's name */
    }
  account = adit_cli_find_account (cli, NULL, &error);
  if (account == NULL)
    return adit_cli_fail (cli, error);
  if (g_str_equal (what, "voucher"))
    return add_voucher (cli, account);
  if (g_str_equal (what, "devices"))
    return list_devices (cli, account);
  if (g_str_equal (what, "reveal"))
    return reveal (cli, account);
  if (g_str_equal (what, "use"))
    return adit_cli_do (cli, "UseAccount", g_variant_new ("(s@a{sv})", account, adit_cli_options (cli, NULL, FALSE)));
  return remove_device (cli, account, argument);
}

/**
 * adit_cli_device:
 * @cli: this run; its words are none or "list", or "remove" and a device
 *
 * Returns: the exit code
 */
int
adit_cli_device (AditCli *cli)
{
  const char *what = cli->words[0] != NULL ? cli->words[0] : "list";
  const char *device = cli->words[0] != NULL ? cli->words[1] : NULL;
  gboolean removes = g_str_equal (what, "remove");
  g_autoptr (GError) error = NULL;
  g_autofree char *account = NULL;

  if (removes != (device != NULL) || (!removes && !g_str_equal (what, "list")))
    {
      g_printerr (_("adit: usage: adit device [list | remove DEVICE]\n"));
      return ADIT_CLI_USAGE;
    }
  account = adit_cli_find_account (cli, NULL, &error);
  if (account == NULL)
    return adit_cli_fail (cli, error);
  return removes ? remove_device (cli, account, device) : list_devices (cli, account);
}
