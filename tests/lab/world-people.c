/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world-people.c: who sits at the computer, who has come over the network, and programs started as one of them. */
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

/* Who has logged in, and from where.  polkit learns that from logind's files and from the control group that a program is in.
 * The names have letters and digits alone: libsystemd reads no other. */
static const struct { const char *name, *user; guint uid; const char *seat; } sessions[ADIT_WORLD_N_SESSIONS] = {
  [ADIT_WORLD_ALICE_SEATED] = { "cadit1", "alice", ADIT_WORLD_ALICE_UID, "seat0" },
  [ADIT_WORLD_BOB_SEATED] = { "cadit2", "bob", ADIT_WORLD_BOB_UID, "seat1" },
  [ADIT_WORLD_ALICE_AWAY] = { "cadit3", "alice", ADIT_WORLD_ALICE_UID, NULL },
  [ADIT_WORLD_BOB_AWAY] = { "cadit4", "bob", ADIT_WORLD_BOB_UID, NULL },
};

static char *
dup_scope (guint session)
{
  return g_strdup_printf ("/sys/fs/cgroup/user.slice/user-%u.slice/session-%s.scope", sessions[session].uid,
                          sessions[session].name);
}

/* As logind writes them. */
static void
write_session (guint session)
{
  const char *name = sessions[session].name, *seat = sessions[session].seat;
  g_autofree char *path = g_strconcat ("/run/systemd/sessions/", name, NULL), *text = NULL;

  if (seat == NULL)
    text = g_strdup_printf ("UID=%u\nUSER=%s\nACTIVE=1\nSTATE=active\nREMOTE=1\nTYPE=tty\nCLASS=user\nSERVICE=sshd\n"
                            "REMOTE_HOST=%s\nSCOPE=session-%s.scope\n", sessions[session].uid, sessions[session].user,
                            "10.10.0.3", name);
  else
    {
      g_autofree char *seat_path = g_strconcat ("/run/systemd/seats/", seat, NULL);
      g_autofree char *seat_text = g_strdup_printf ("ACTIVE=%s\nACTIVE_UID=%u\nSESSIONS=%s\nUIDS=%u\n", name,
                                                    sessions[session].uid, name, sessions[session].uid);

      text = g_strdup_printf ("UID=%u\nUSER=%s\nACTIVE=1\nIS_DISPLAY=1\nSTATE=active\nREMOTE=0\nTYPE=wayland\nCLASS=user\n"
                              "SCOPE=session-%s.scope\nSEAT=%s\n", sessions[session].uid, sessions[session].user, name, seat);
      adit_world_write_file (seat_path, seat_text, 0644);
    }
  adit_world_write_file (path, text, 0644);
}

static void
write_user (guint seated)
{
  const char *name = sessions[seated].name, *seat = sessions[seated].seat;
  g_autofree char *path = g_strdup_printf ("/run/systemd/users/%u", sessions[seated].uid);
  g_autofree char *text = g_strdup_printf ("NAME=%s\nSTATE=active\nDISPLAY=%s\nSESSIONS=%s\nACTIVE_SESSIONS=%s\nSEATS=%s\n"
                                           "ACTIVE_SEATS=%s\n", sessions[seated].user, name, name, name, seat, seat);

  adit_world_write_file (path, text, 0644);
}

/* @n of the sessions, from the first on: who has none is nobody to polkit. */
gboolean
adit_world_make_sessions (guint n, GError **error)
{
  adit_world_make_directory ("/run/systemd/sessions");
  adit_world_make_directory ("/run/systemd/users");
  adit_world_make_directory ("/run/systemd/seats");
  if (mount ("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "no control group to be had: %s", g_strerror (errno));
      return FALSE;
    }
  for (guint session = 0; session < n; session++)
    {
      g_autofree char *scope = dup_scope (session);

      if (g_mkdir_with_parents (scope, 0755) != 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "no control group to be had: %s", g_strerror (errno));
          return FALSE;
        }
      write_session (session);
      if (sessions[session].seat != NULL)
        write_user (session);
    }
  return TRUE;
}

typedef struct { int space_fd; guint uid; char *procs; } Caller;

/* The forked child, before exec: only calls that are safe there. */
static void
become (gpointer user_data)
{
  Caller *caller = user_data;
  int scope = caller->procs != NULL ? open (caller->procs, O_WRONLY | O_CLOEXEC) : -1;

  if (scope >= 0 && write (scope, "0", 1) != 1)
    _exit (126);
  if (setns (caller->space_fd, CLONE_NEWNET) != 0 ||
      (caller->uid != 0 && (setgroups (0, NULL) != 0 || setgid (caller->uid) != 0 || setuid (caller->uid) != 0)))
    _exit (126);
  prctl (PR_SET_PDEATHSIG, SIGKILL);    /* last: the kernel forgets it when the user changes */
}

/**
 * adit_world_spawn_in:
 * @self: the world
 * @session: in whose session, or %ADIT_WORLD_NO_SESSION
 * @uid: as whom; root in somebody's session is what sudo makes
 * @launcher: the environment and the standard streams
 * @argv: program and arguments
 * @error: return location
 *
 * Starts a program on the client that ends at the latest with the thread that called this.
 *
 * Returns: (transfer full) (nullable): the process
 */
GSubprocess *
adit_world_spawn_in (AditWorld *self, AditWorldSession session, guint uid, GSubprocessLauncher *launcher,
                     const char *const *argv, GError **error)
{
  g_autofree char *scope = session < ADIT_WORLD_N_SESSIONS ? dup_scope (session) : NULL;
  g_autofree char *procs = scope != NULL ? g_strconcat (scope, "/cgroup.procs", NULL) : NULL;
  Caller caller = { .space_fd = open ("/run/netns/client", O_RDONLY | O_CLOEXEC), .uid = uid, .procs = procs };
  GSubprocess *process;

  if (caller.space_fd < 0)
    g_error ("the client has no namespace: %s", g_strerror (errno));
  g_subprocess_launcher_set_child_setup (launcher, become, &caller, NULL);
  process = g_subprocess_launcher_spawnv (launcher, argv, error);
  g_subprocess_launcher_set_child_setup (launcher, NULL, NULL, NULL);
  close (caller.space_fd);
  return process;
}

/**
 * adit_world_spawn:
 * @self: the world
 * @uid: as whom; Alice's programs are in her session, where there is one
 * @launcher: the environment and the standard streams
 * @argv: program and arguments
 * @error: return location
 *
 * As adit_world_spawn_in(), for whoever sits at the computer or has no session at all.
 *
 * Returns: (transfer full) (nullable): the process
 */
GSubprocess *
adit_world_spawn (AditWorld *self, guint uid, GSubprocessLauncher *launcher, const char *const *argv, GError **error)
{
  return adit_world_spawn_in (self, uid == ADIT_WORLD_ALICE_UID ? ADIT_WORLD_ALICE_SEATED : ADIT_WORLD_NO_SESSION, uid, launcher,
                              argv, error);
}
