/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world-people.c: Alice, who sits at the computer, Bob, who does not, and programs started as one of them. */
#include "config.h"
#include "tests/lab/world-private.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Alice sits at the computer.  polkit learns that from logind's files and from the control group that her programs are in. */
#define SESSION   "cadit1"    /* letters and digits alone: libsystemd reads no other */
#define SLICE     "/sys/fs/cgroup/user.slice/user-61011.slice"
#define SCOPE     SLICE "/session-" SESSION ".scope"

#define END_MS    2000    /* for programs that were killed to be gone */

gboolean
adit_world_make_session (GError **error)
{
  adit_world_make_directory ("/run/systemd/sessions");
  adit_world_make_directory ("/run/systemd/users");
  adit_world_make_directory ("/run/systemd/seats");
  adit_world_write_file ("/run/systemd/sessions/" SESSION,
                         "UID=61011\nUSER=alice\nACTIVE=1\nIS_DISPLAY=1\nSTATE=active\nREMOTE=0\nTYPE=wayland\n"
                         "CLASS=user\nSCOPE=session-" SESSION ".scope\nSEAT=seat0\n", 0644);
  adit_world_write_file ("/run/systemd/users/61011",
                         "NAME=alice\nSTATE=active\nDISPLAY=" SESSION "\nSESSIONS=" SESSION "\nACTIVE_SESSIONS=" SESSION
                         "\nSEATS=seat0\nACTIVE_SEATS=seat0\n", 0644);
  adit_world_write_file ("/run/systemd/seats/seat0",
                         "ACTIVE=" SESSION "\nACTIVE_UID=61011\nSESSIONS=" SESSION "\nUIDS=61011\n", 0644);
  if (mount ("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL) == 0 && g_mkdir_with_parents (SCOPE, 0755) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "no control group to be had: %s", g_strerror (errno));
  return FALSE;
}

/* The tree of control groups is the real computer's, so nothing may stay in it: whatever she still runs ends here. */
void
adit_world_remove_session (void)
{
  if (access (SCOPE, F_OK) != 0)
    return;
  for (guint i = 0; i < END_MS; i++)
    {
      g_autofree char *text = NULL;
      g_auto (GStrv) pids = NULL;

      if (!g_file_get_contents (SCOPE "/cgroup.procs", &text, NULL, NULL) || text[0] == '\0')
        break;
      pids = g_strsplit (g_strstrip (text), "\n", -1);
      for (guint n = 0; pids[n] != NULL; n++)
        if (g_ascii_strtoll (pids[n], NULL, 10) > 1)    /* 0 is what the kernel calls one of another process namespace */
          kill ((pid_t) g_ascii_strtoll (pids[n], NULL, 10), SIGKILL);
      g_usleep (1000);
    }
  (void) rmdir (SCOPE);
  (void) rmdir (SLICE);
}

typedef struct { int space_fd; guint uid; } Caller;

/* The forked child, before exec: only calls that are safe there. */
static void
become (gpointer user_data)
{
  Caller *caller = user_data;
  int scope = caller->uid == ADIT_WORLD_ALICE_UID ? open (SCOPE "/cgroup.procs", O_WRONLY | O_CLOEXEC) : -1;

  if (scope >= 0 && write (scope, "0", 1) != 1)
    _exit (126);
  if (setns (caller->space_fd, CLONE_NEWNET) != 0 ||
      (caller->uid != 0 && (setgroups (0, NULL) != 0 || setgid (caller->uid) != 0 || setuid (caller->uid) != 0)))
    _exit (126);
  prctl (PR_SET_PDEATHSIG, SIGKILL);    /* last: the kernel forgets it when the user changes */
}

/**
 * adit_world_spawn:
 * @self: the world
 * @uid: as whom; Alice's programs are in her session, where there is one
 * @launcher: the environment and the standard streams
 * @argv: program and arguments
 * @error: return location
 *
 * Starts a program on the client that ends at the latest with the thread that called this.
 *
 * Returns: (transfer full) (nullable): the process
 */
GSubprocess *
adit_world_spawn (AditWorld *self, guint uid, GSubprocessLauncher *launcher, const char *const *argv, GError **error)
{
  Caller caller = { .space_fd = open ("/run/netns/client", O_RDONLY | O_CLOEXEC), .uid = uid };
  GSubprocess *process;

  if (caller.space_fd < 0)
    g_error ("the client has no namespace: %s", g_strerror (errno));
  g_subprocess_launcher_set_child_setup (launcher, become, &caller, NULL);
  process = g_subprocess_launcher_spawnv (launcher, argv, error);
  g_subprocess_launcher_set_child_setup (launcher, NULL, NULL, NULL);
  close (caller.space_fd);
  return process;
}
