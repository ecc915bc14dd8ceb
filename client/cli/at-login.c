/* SPDX-License-Identifier: GPL-2.0-or-later */
/* at-login.c: what a desktop runs when somebody logs in.  Nobody is asked anything, and where nothing is to be done nothing is
 * said. */
#include "client/cli/cli.h"

#include "client/base/error.h"

/**
 * adit_cli_connect_at_login:
 * @cli: this run
 *
 * Returns: the exit code
 */
int
adit_cli_connect_at_login (AditCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    adit_cli_call (cli, "Connect", g_variant_new_parsed ("({'last': <true>}, {'interactive': <false>})"), NULL, NULL, &error);

  if (answer != NULL || g_error_matches (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE) ||
      g_error_matches (error, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED))
    return ADIT_CLI_OK;
  return adit_cli_fail (cli, error);
}
