/* SPDX-License-Identifier: GPL-2.0-or-later */
/* portal.c: this program itself becomes the one that may reach the network's router, and then the browser: whatever that starts
 * may too, and nothing else on the computer. */
#include "client/cli/cli.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>

/* Programs that show a page in a window of their own; one that is running already would be told of the page by them, and has no
 * hole.  Each with what keeps that from happening. */
static const char *const browsers[][4] = {
  { "epiphany", "--private-instance" }, { "chromium", "--user-data-dir", NULL }, { "firefox", "--no-remote", "--private-window" },
};

static int
close_portal (AditCli *cli)
{
  return adit_cli_do (cli, "ClosePortal", g_variant_new ("(@a{sv})", adit_cli_options (cli, NULL, FALSE)));
}

/* The page, in whatever was typed or is there. */
static char **
make_command (AditCli *cli, const char *page)
{
  GPtrArray *words = g_ptr_array_new ();

  /* "--" is what keeps a browser's options from being ours. */
  for (guint i = 0; cli->words[i] != NULL; i++)
    if (i > 0 || !g_str_equal (cli->words[i], "--"))
      g_ptr_array_add (words, g_strdup (cli->words[i]));
  for (guint i = 0; words->len == 0 && i < G_N_ELEMENTS (browsers); i++)
    {
      g_autofree char *path = g_find_program_in_path (browsers[i][0]);

      for (guint j = 0; path != NULL && browsers[i][j] != NULL; j++)
        if (g_str_equal (browsers[i][j], "--user-data-dir"))
          g_ptr_array_add (words, g_strdup_printf ("--user-data-dir=%s/adit-portal", g_get_user_runtime_dir ()));
        else
          g_ptr_array_add (words, g_strdup (browsers[i][j]));
    }
  if (words->len == 0)
    {
      g_ptr_array_free (words, TRUE);
      return NULL;
    }
  g_ptr_array_add (words, g_strdup (page));
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_free (words, FALSE);
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
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *page = NULL, *program = NULL;
  g_auto (GStrv) command = make_command (cli, "");
  const char *gateway;
  guint32 seconds;
  int pidfd;

  if (cli->words[0] != NULL && cli->words[1] == NULL && g_str_equal (cli->words[0], "close"))
    return close_portal (cli);
  if (command == NULL)
    {
      g_printerr (_("adit: no browser was found; name one: adit portal PROGRAM\n"));
      return ADIT_CLI_FAILED;
    }
  pidfd = (int) syscall (SYS_pidfd_open, getpid (), 0);
  if (pidfd >= 0)
    {
      (void) g_unix_fd_list_append (fds, pidfd, &error);
      close (pidfd);
    }
  if (g_unix_fd_list_get_length (fds) != 1)
    {
      g_printerr ("adit: %s\n", g_strerror (errno));
      return ADIT_CLI_FAILED;
    }
  answer = adit_cli_call (cli, "OpenPortal", g_variant_new ("(h@a{sv})", 0, adit_cli_options (cli, NULL, FALSE)), fds, NULL,
                          &error);
  if (answer == NULL)
    return adit_cli_fail (cli, error);
  g_variant_get (answer, "(&su)", &gateway, &seconds);
  page = g_strdup_printf (strchr (gateway, ':') != NULL ? "http://[%s]/" : "http://%s/", gateway);
  g_printerr (_("For %u minutes this program, and no other, can reach this network's router, %s.\n"), seconds / 60, gateway);
  g_strfreev (command);
  command = make_command (cli, page);
  /* Nothing that it starts gets more than it has. */
  program = g_find_program_in_path (command[0]);
  if (program != NULL && prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
    execv (program, command);
  g_printerr ("adit: %s: %s\n", command[0], g_strerror (program != NULL ? errno : ENOENT));
  (void) close_portal (cli);
  return ADIT_CLI_FAILED;
}
