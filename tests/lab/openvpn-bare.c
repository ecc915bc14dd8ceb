/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-bare.c: started as root in the client, and ended so that it takes its routes away. */
#include "tests/lab/openvpn-bare.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOG     "/run/lab/bare.log"
#define LOGIN   "<auth-user-pass>\n" ADIT_LAB_OVPN_USER "\n" ADIT_LAB_OVPN_PASSWORD "\n</auth-user-pass>\n"
#define WAIT_MS 10000

/**
 * adit_lab_ovpn_put_file:
 * @path: where to
 * @server: (nullable): where it leads; %NULL: to the lab's usual one
 * @lines: (nullable): more lines of it
 *
 * Writes a service's file, with the login in it, so that nobody has to be asked.
 */
void
adit_lab_ovpn_put_file (const char *path, const AditLabOvpnServer *server, const char *lines)
{
  static const AditLabOvpnServer usual;
  g_autofree char *text = g_strconcat (LOGIN, lines, NULL), *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  if (!adit_lab_ovpn_write_client (path, server != NULL ? server : &usual, text, &error))
    g_error ("%s", error->message);
}

/**
 * adit_lab_ovpn_start_bare:
 * @path: its file
 * @words: it has said when this returns
 *
 * Returns: its process, or 0 where it did not say them, and is gone
 */
GPid
adit_lab_ovpn_start_bare (const char *path, const char *words)
{
  const char *const argv[] = { "openvpn", "--config", path, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid;

  (void) unlink (LOG);
  pid = adit_lab_spawn_logged ("client", 0, argv, LOG, NULL, &error);
  if (pid == 0)
    g_error ("%s", error->message);
  for (guint i = 0; i < WAIT_MS / 5; i++)
    {
      g_autofree char *log = NULL;

      if (g_file_get_contents (LOG, &log, NULL, NULL) && strstr (log, words) != NULL)
        return pid;
      if (waitpid (pid, NULL, WNOHANG) == pid)
        {
          g_test_message ("a bare openvpn ended:\n%s", log);
          return 0;
        }
      g_usleep (5000);
    }
  adit_lab_end (pid);
  return 0;
}

/**
 * adit_lab_ovpn_end_bare:
 * @pid: from adit_lab_ovpn_start_bare(); 0 is no error
 *
 * Ends it as its user would.
 */
void
adit_lab_ovpn_end_bare (GPid pid)
{
  if (pid == 0)
    return;
  kill (pid, SIGTERM);
  for (guint i = 0; i < WAIT_MS; i++)
    {
      if (waitpid (pid, NULL, WNOHANG) == pid)
        return;
      g_usleep (1000);
    }
  adit_lab_end (pid);
}
