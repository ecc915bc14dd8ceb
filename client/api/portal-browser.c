/* SPDX-License-Identifier: GPL-2.0-or-later */
/* portal-browser.c: a process of the person's is put into the hole by the helper and then becomes the browser: whatever that
 * starts may reach the network's router too, and nothing else on the computer. */
#include "client/api/portal-browser.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <glib-unix.h>
#include "client/base/error.h"

#define PAGE_MAX_BYTES 128    /* "http://[", an IPv6 address, "]/" */
#define SELF           "/proc/self/exe"    /* this very build, also where it has been replaced since */

/* Programs that show a page in a window of their own; one that is running already would be told of the page by them, and has no
 * hole.  Each with what keeps that from happening. */
static const char *const browsers[][4] = {
  { "epiphany", "--private-instance" }, { "chromium", "--user-data-dir", NULL }, { "firefox", "--no-remote", "--private-window" },
};

/**
 * adit_portal_browser_make_command:
 * @words: (nullable): a browser and its options; without any, one is looked for
 * @page: what it is to show
 *
 * Returns: (transfer full) (nullable): program and arguments; %NULL where no browser is found
 */
char **
adit_portal_browser_make_command (const char *const *words, const char *page)
{
  GPtrArray *command = g_ptr_array_new ();

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    g_ptr_array_add (command, g_strdup (words[i]));
  for (guint i = 0; command->len == 0 && i < G_N_ELEMENTS (browsers); i++)
    {
      g_autofree char *path = g_find_program_in_path (browsers[i][0]);

      for (guint j = 0; path != NULL && browsers[i][j] != NULL; j++)
        if (g_str_equal (browsers[i][j], "--user-data-dir"))
          g_ptr_array_add (command, g_strdup_printf ("--user-data-dir=%s/adit-portal", g_get_user_runtime_dir ()));
        else
          g_ptr_array_add (command, g_strdup (browsers[i][j]));
    }
  if (command->len == 0)
    {
      g_ptr_array_free (command, TRUE);
      return NULL;
    }
  g_ptr_array_add (command, g_strdup (page));
  g_ptr_array_add (command, NULL);
  return (char **) g_ptr_array_free (command, FALSE);
}

/**
 * adit_portal_browser_dup_page:
 * @gateway: the router's address, as OpenPortal answers it
 *
 * Returns: (transfer full): where its page is
 */
char *
adit_portal_browser_dup_page (const char *gateway)
{
  return g_strdup_printf (strchr (gateway, ':') != NULL ? "http://[%s]/" : "http://%s/", gateway);
}

/**
 * adit_portal_browser_wrap_process:
 * @pid: a process of this person's that has started no other one yet
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Returns: (transfer full) (nullable): a list with one descriptor that stands for it, handle 0
 */
GUnixFDList *
adit_portal_browser_wrap_process (gint64 pid, GError **error)
{
  int pidfd = (int) syscall (SYS_pidfd_open, (pid_t) pid, 0);

  if (pidfd >= 0)
    return g_unix_fd_list_new_from_array (&pidfd, 1);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "No process can be named: %s", g_strerror (errno));
  return NULL;
}

/**
 * adit_portal_browser_become:
 * @command: program and arguments
 *
 * Nothing that it starts gets more than it has.
 *
 * Returns: errno, where it cannot be started
 */
int
adit_portal_browser_become (char **command)
{
  g_autofree char *program = g_find_program_in_path (command[0]);

  if (program == NULL)
    return ENOENT;
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
    execv (program, command);
  return errno;
}

/* Of what this process has open it gets the pipe and what is printed to. */
static int
spawn_self (const char *option, int from, GPid *pid)
{
  char *const argv[] = { (char *) SELF, (char *) option, NULL };
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t signals;
  int failed;

  (void) sigemptyset (&signals);
  (void) sigaddset (&signals, SIGPIPE);    /* which GIO ignores, and programs that are started inherit */
  (void) posix_spawn_file_actions_init (&actions);
  (void) posix_spawnattr_init (&attributes);
  failed = posix_spawn_file_actions_adddup2 (&actions, from, STDIN_FILENO);
  if (failed == 0)
    failed = posix_spawnattr_setsigdefault (&attributes, &signals);
  if (failed == 0)
    failed = posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSIGDEF);
  if (failed == 0)
    failed = posix_spawn (pid, SELF, &actions, &attributes, argv, environ);
  (void) posix_spawnattr_destroy (&attributes);
  (void) posix_spawn_file_actions_destroy (&actions);
  return failed;
}

/**
 * adit_portal_browser_start:
 * @option: what makes this program call adit_portal_browser_wait()
 * @pid: (out): this program once more, to be reaped by the caller
 * @way: (out): where it waits for the page
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Returns: whether it runs
 */
gboolean
adit_portal_browser_start (const char *option, GPid *pid, int *way, GError **error)
{
  int pipe_fds[2], failed;

  if (!g_unix_open_pipe (pipe_fds, FD_CLOEXEC, error))
    return FALSE;
  failed = spawn_self (option, pipe_fds[0], pid);
  close (pipe_fds[0]);
  *way = pipe_fds[1];
  if (failed == 0)
    return TRUE;
  close (pipe_fds[1]);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "It cannot be started: %s", g_strerror (failed));
  return FALSE;
}

/**
 * adit_portal_browser_wait:
 * @fd: where the page comes, once this process has been put into the hole; nothing comes where it was not
 *
 * What a process does that is made for nothing else: waits, and becomes the browser.
 *
 * Returns: the exit code, where that is not to be had
 */
int
adit_portal_browser_wait (int fd)
{
  g_auto (GStrv) command = NULL;
  char page[PAGE_MAX_BYTES] = "";
  gsize length = 0;
  gssize got;

  while (length < sizeof page - 1)
    {
      got = read (fd, page + length, sizeof page - 1 - length);
      if (got == 0 || (got < 0 && errno != EINTR))
        break;
      length += got > 0 ? (gsize) got : 0;
    }
  if (length == 0)
    return 0;
  command = adit_portal_browser_make_command (NULL, page);
  return command == NULL || adit_portal_browser_become (command) != 0 ? 1 : 0;
}
