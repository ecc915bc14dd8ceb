/* SPDX-License-Identifier: GPL-2.0-or-later */
/* answer.c: what a server asks beside the password: shown in its own words, answered unseen. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>
#include <unistd.h>

/**
 * adit_cli_can_answer:
 * @cli: this run
 * @error: why there is no connection
 *
 * Returns: whether somebody sits here who can say what is missing
 */
gboolean
adit_cli_can_answer (AditCli *cli, const GError *error)
{
  return g_error_matches (error, ADIT_ERROR, ADIT_ERROR_ANSWER_NEEDED) && !cli->json && isatty (STDIN_FILENO);
}

static char *
dup_prompt (AditCli *cli)
{
  const AditStatus *status = cli->client != NULL ? adit_client_get_status (cli->client) : NULL;

  if (status == NULL || status->question[0] == '\0')
    return g_strdup (_("Answer to what the server asks"));
  return adit_cli_dup_line (status->question);
}

/**
 * adit_cli_read_answer:
 * @cli: this run, whose next call takes the answer along
 * @error: return location; %ADIT_ERROR_CREDENTIAL_MALFORMED
 *
 * Reads it as a credential is read: it counts as one.
 *
 * Returns: whether there is an answer
 */
gboolean
adit_cli_read_answer (AditCli *cli, GError **error)
{
  g_autofree char *prompt = dup_prompt (cli);
  g_autoptr (AditSecret) answer = adit_cli_read_credential (prompt, error);

  g_clear_object (&cli->answer_fds);
  if (answer != NULL)
    cli->answer_fds = adit_client_wrap_secret (answer, error);
  return cli->answer_fds != NULL;
}
