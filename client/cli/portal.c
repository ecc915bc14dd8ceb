/* SPDX-License-Identifier: GPL-2.0-or-later */
/* portal.c: this program itself becomes the one that may reach the network's router, and then the browser. */
#include "client/cli/cli.h"

#include <unistd.h>
#include <glib/gi18n.h>

#include "client/api/portal-browser.h"

static int
close_portal (AditCli *cli)
{
  return adit_cli_do (cli, "ClosePortal", g_variant_new ("(@a{sv})", adit_cli_options (cli, NULL, FALSE)));
}

/* "--" is what keeps a browser's options from being ours. */
static const char *const *
get_words (AditCli *cli)
{
  return (const char *const *) cli->words + (cli->words[0] != NULL && g_str_equal (cli->words[0], "--"));
}

/**
 * adit_cli_portal:
 * @cli: this run; its words are "close", or a browser and its arguments, or nothing
 *
 * Becomes the browser.
 *
 * Returns: the exit code, where that is not to be had
 */
int
adit_cli_portal (AditCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *page = NULL;
  g_auto (GStrv) command = adit_portal_browser_make_command (get_words (cli), "");
  const char *gateway;
  guint32 seconds;
  int failed;

  if (cli->words[0] != NULL && cli->words[1] == NULL && g_str_equal (cli->words[0], "close"))
    return close_portal (cli);
  if (command == NULL)
    {
      g_printerr (_("adit: no browser was found; name one: adit portal PROGRAM\n"));
      return ADIT_CLI_FAILED;
    }
  fds = adit_portal_browser_wrap_process (getpid (), &error);
  if (fds == NULL)
    return adit_cli_fail (cli, error);
  answer = adit_cli_call (cli, "OpenPortal", g_variant_new ("(h@a{sv})", 0, adit_cli_options (cli, NULL, FALSE)), fds, NULL,
                          &error);
  if (answer == NULL)
    return adit_cli_fail (cli, error);
  g_variant_get (answer, "(&su)", &gateway, &seconds);
  page = adit_portal_browser_dup_page (gateway);
  g_printerr (_("For %u minutes this program, and no other, can reach this network's router, %s.\n"), seconds / 60, gateway);
  g_strfreev (command);
  command = adit_portal_browser_make_command (get_words (cli), page);
  failed = adit_portal_browser_become (command);
  g_printerr ("adit: %s: %s\n", command[0], g_strerror (failed));
  (void) close_portal (cli);
  return ADIT_CLI_FAILED;
}
