/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pause.c: pause and resume. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>

#define USUAL_MINUTES 5
#define MAX_MINUTES   1440    /* a day, as the helper allows */

/**
 * adit_cli_pause:
 * @cli: this run; its word is a number of minutes, or there is none
 *
 * Returns: the exit code; the helper answers when the network is open
 */
int
adit_cli_pause (AditCli *cli)
{
  guint64 minutes = USUAL_MINUTES;
  int exit_code;

  if (cli->words[0] != NULL && !g_ascii_string_to_unsigned (cli->words[0], 10, 1, MAX_MINUTES, &minutes, NULL))
    {
      g_printerr (_("adit: a pause lasts from 1 to %d minutes\n"), MAX_MINUTES);
      return ADIT_CLI_USAGE;
    }
  exit_code = adit_cli_do (cli, "Pause", g_variant_new ("(u@a{sv})", (guint) minutes * 60, adit_cli_options (cli, NULL, FALSE)));
  if (exit_code == ADIT_CLI_OK && !cli->json)
    g_printerr (ngettext ("Everything may leave this computer for %u minute; then it is as before. Sooner: adit resume\n",
                          "Everything may leave this computer for %u minutes; then it is as before. Sooner: adit resume\n",
                          (gulong) minutes), (guint) minutes);
  return exit_code;
}

/**
 * adit_cli_resume:
 * @cli: this run
 *
 * Returns: the exit code
 */
int
adit_cli_resume (AditCli *cli)
{
  return adit_cli_do (cli, "Resume", g_variant_new ("(@a{sv})", adit_cli_way_options (cli)));
}
