/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-server.c: report server, report consent: where this person's reports go, and when. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>
#include <string.h>

#include "client/base/error.h"
#include "client/report/dsn.h"

#define PIN_PREFIX "sha256//"    /* as curl's --pinnedpubkey has it; it may be left out */

/**
 * adit_cli_get_report_server:
 * @cli: this run
 * @error: return location; %ADIT_ERROR
 *
 * Returns: (transfer full) (nullable): where this person's reports go, and when
 */
AditReportServerAnswer *
adit_cli_get_report_server (AditCli *cli, GError **error)
{
  GVariant *options = adit_cli_options (cli, NULL, FALSE);
  g_autoptr (GVariant) answer = adit_cli_call (cli, "GetReportServer", g_variant_new ("(@a{sv})", options), NULL, NULL, error);

  return answer != NULL ? adit_answer_read_report_server (answer, error) : NULL;
}

/**
 * adit_cli_json_report_server:
 * @server: where reports go
 *
 * Returns: (transfer full): the same as an object
 */
json_t *
adit_cli_json_report_server (const AditReportServerAnswer *server)
{
  return json_pack ("{s:o, s:s, s:b, s:o}", "host", adit_cli_json_text (server->host), "set_by",
                    server->is_own ? "person" : server->host[0] != '\0' ? "administrator" : "nobody", "pinned", server->is_pinned,
                    "problem", adit_cli_json_text (server->problem));
}

static const char *
consent_in_words (AditReportConsent consent)
{
  switch (consent)
    {
    case ADIT_REPORT_CONSENT_ALWAYS:
      return _("Reports of crashes are sent to that server as they come. To be asked again: adit report consent ask");
    case ADIT_REPORT_CONSENT_NEVER:
      return _("No reports are made of crashes. To change that: adit report consent ask");
    case ADIT_REPORT_CONSENT_ASK:
    case ADIT_N_REPORT_CONSENTS:
    default:
      return _("Nothing is sent without a yes of yours to its text.");
    }
}

static void
print_where (const AditReportServerAnswer *server)
{
  if (server->host[0] == '\0')
    g_print ("%s\n", server->is_own ? _("You have said that your reports go nowhere.")
                                    : _("No server for reports is set, so they can be saved, and not sent."));
  else if (server->is_own)
    g_print (_("Your reports go to %s, which you have set.\n"), server->host);
  else
    g_print (_("Your reports go to %s, which the administrator of this computer has set.\n"), server->host);
}

/**
 * adit_cli_report_yes:
 * @cli: this run
 * @method: SendReport, or SetReportConsent with "always"
 * @what: its argument
 *
 * Says yes to the server that is set now, and to no other one, and which one that is.
 *
 * Returns: the exit code
 */
int
adit_cli_report_yes (AditCli *cli, const char *method, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditReportServerAnswer) server = adit_cli_get_report_server (cli, &error);
  int exit_code;

  if (server == NULL)
    return adit_cli_fail (cli, error);
  exit_code = adit_cli_do (cli, method,
                           g_variant_new ("(s@a{sv})", what, g_variant_new_parsed ("{'server': <%s>}", server->name)));
  if (exit_code == ADIT_CLI_OK && !cli->json && g_str_equal (method, "SendReport"))
    print_where (server);
  return exit_code;
}

/**
 * adit_cli_print_report_server:
 * @server: where reports go
 *
 * Says where, who has set that, and when they are sent.
 */
void
adit_cli_print_report_server (const AditReportServerAnswer *server)
{
  print_where (server);
  if (server->problem[0] != '\0')
    g_print (_("What the administrator has set cannot be used: %s\n"), server->problem);
  g_print ("%s\n", consent_in_words (server->consent));
}

static int
show (AditCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditReportServerAnswer) server = adit_cli_get_report_server (cli, &error);

  if (server == NULL)
    return adit_cli_fail (cli, error);
  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set_new (object, "server", adit_cli_json_report_server (server));
      json_object_set_new (object, "consent", json_string (adit_report_consent_get_nick (server->consent)));
      adit_cli_print_json (object);
    }
  else
    adit_cli_print_report_server (server);
  return ADIT_CLI_OK;
}

/* The helper looks at it as well; here what is wrong with it can be said in a person's own language. */
static gboolean
check (const char *dsn, const char *pin, GError **error)
{
  g_autoptr (GError) local = NULL;
  AditDsn parsed;

  if (adit_dsn_parse (dsn, &parsed, &local) &&
      (pin[0] == '\0' || adit_dsn_pin_is_valid (g_str_has_prefix (pin, PIN_PREFIX) ? pin + strlen (PIN_PREFIX) : pin, &local)))
    return TRUE;
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_REPORT_SERVER_MALFORMED, _(local->message));
  return FALSE;
}

/**
 * adit_cli_report_server:
 * @cli: this run; its words behind "server" are none, "none", "default", or a DSN and perhaps a pin
 *
 * Returns: the exit code
 */
int
adit_cli_report_server (AditCli *cli)
{
  const char *dsn = cli->words[1], *pin = dsn != NULL && cli->words[2] != NULL ? cli->words[2] : "";
  g_autoptr (GError) error = NULL;
  gboolean is_default, is_one;
  int exit_code;

  if (dsn == NULL)
    return show (cli);
  is_default = g_str_equal (dsn, "default");
  is_one = !is_default && !g_str_equal (dsn, "none");
  if (is_one && !check (dsn, pin, &error))
    return adit_cli_fail (cli, error);
  exit_code = adit_cli_do (cli, "SetReportServer", g_variant_new ("(ss@a{sv})", is_default ? "" : dsn, pin,
                                                                  adit_cli_options (cli, NULL, FALSE)));
  return exit_code == ADIT_CLI_OK ? show (cli) : exit_code;
}

/**
 * adit_cli_report_consent:
 * @cli: this run; its words behind "consent" are none, or one
 *
 * Returns: the exit code
 */
int
adit_cli_report_consent (AditCli *cli)
{
  int exit_code;

  if (cli->words[1] == NULL)
    return show (cli);
  if (g_str_equal (cli->words[1], "always"))
    exit_code = adit_cli_report_yes (cli, "SetReportConsent", cli->words[1]);
  else
    exit_code = adit_cli_do (cli, "SetReportConsent", g_variant_new ("(s@a{sv})", cli->words[1],
                                                                     adit_cli_options (cli, NULL, FALSE)));
  return exit_code == ADIT_CLI_OK ? show (cli) : exit_code;
}
