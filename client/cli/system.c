/* SPDX-License-Identifier: GPL-2.0-or-later */
/* system.c: recover, which is the helper's own program without the bus. */
#include "config.h"
#include "client/cli/cli.h"

#include <glib/gi18n.h>

#include <errno.h>
#include <unistd.h>

#define HELPER ADIT_LIBEXECDIR "/aditd"

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
      g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, _("Only root can do that: sudo adit recover%s"),
                   cli->open ? " --open" : "");
      return adit_cli_fail (cli, error);
    }
  execv (HELPER, argv);
  g_set_error (&error, ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE, _("%s cannot be started: %s"), HELPER, g_strerror (errno));
  return adit_cli_fail (cli, error);
}
