/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lab.c: the namespaces, and programs in them.  The addresses are those reserved for documentation; nothing leaves. */
#include "tests/lab/lab.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>
#include <gio/gio.h>

#define RUN_MS        60000    /* one set-up command: some milliseconds; the rest is for a busy or an emulated machine */
#define OUTPUT_BYTES  (1 << 20)
#define GROUPS        "/run/groups"    /* where the computer's own tree of control groups is, while it is needed */

typedef struct { int space_fd, log_fd; gboolean log_output; guint uid; } ChildSetup;

static void
mount_or_die (const char *what, const char *where, const char *type, unsigned long flags, const char *data)
{
  if (mount (what, where, type, flags, data) == 0)
    return;
  g_printerr ("the lab cannot mount %s: %s\n", where, g_strerror (errno));
  _exit (1);
}

/* As udev makes it: for everybody.  Where there is no udev it may be root's alone. */
static void
open_tun (void)
{
  if (access ("/dev/net", F_OK) != 0)
    return;
  mount_or_die ("tmpfs", "/dev/net", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755");
  if (mknod ("/dev/net/tun", S_IFCHR | 0666, makedev (10, 200)) != 0 || chmod ("/dev/net/tun", 0666) != 0)    /* devices.txt */
    g_printerr ("the lab has no TUN: %s\n", g_strerror (errno));
}

/* Two labs beside each other make control groups of the same names: each has a tree of its own for them, called @number. */
static void
enter_group (pid_t number)
{
  g_autofree char *group = g_strdup_printf (GROUPS "/adit-lab-%d", (int) number);
  g_autofree char *members = g_strconcat (group, "/cgroup.procs", NULL);
  int fd = -1;

  g_assert_cmpint (mkdir (GROUPS, 0700), ==, 0);
  if (mount ("cgroup2", GROUPS, "cgroup2", 0, NULL) == 0)
    {
      if ((mkdir (group, 0755) != 0 && errno != EEXIST) || (fd = open (members, O_WRONLY | O_CLOEXEC)) < 0 ||
          write (fd, "0", 1) != 1 || unshare (CLONE_NEWCGROUP) != 0)
        g_printerr ("the lab has no control group of its own: %s\n", g_strerror (errno));
      if (fd >= 0)
        close (fd);
      g_assert_no_errno (umount (GROUPS));
    }
  g_assert_cmpint (rmdir (GROUPS), ==, 0);
}

static int
remove_group (const char *path, const struct stat *status G_GNUC_UNUSED, int type, struct FTW *walk G_GNUC_UNUSED)
{
  if (type == FTW_DP)
    (void) rmdir (path);
  return 0;
}

/* Outside again, when all that was in it has ended. */
static void
leave_group (pid_t number)
{
  g_autofree char *group = g_strdup_printf (GROUPS "/adit-lab-%d", (int) number);

  if (mkdir (GROUPS, 0700) == 0 && mount ("cgroup2", GROUPS, "cgroup2", 0, NULL) == 0)
    (void) nftw (group, remove_group, 8, FTW_DEPTH | FTW_PHYS);
}

/* Process 1 gets no signal that it does not handle, not even its own: abort() would go on to an instruction that nobody may
 * execute, and a failed assertion would be told as a fault of memory. */
static void
on_abort (int number)
{
  _exit (128 + number);
}

/**
 * adit_lab_enter:
 *
 * Moves the rest of the program into mount, process, network, host name, IPC and control group namespaces of its own with an
 * empty /run.  Call it first in main(), while there is one thread.  It returns only inside; the outer process waits and ends
 * with the inner one's status.  Where that is not possible the program says why and ends with %ADIT_LAB_SKIP.
 */
void
adit_lab_enter (void)
{
  pid_t number = getpid (), pid;
  int status;

  if (geteuid () != 0 || unshare (CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC) != 0)
    {
      g_printerr ("SKIP: the lab needs root and new namespaces (%s)\n", geteuid () != 0 ? "not root" : g_strerror (errno));
      exit (ADIT_LAB_SKIP);
    }
  pid = fork ();
  if (pid < 0)
    exit (1);
  if (pid > 0)
    {
      while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
        ;
      leave_group (number);
      exit (WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status));
    }
  /* The inner one is process 1 of its namespace: when it goes, the kernel ends all others in it. */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  signal (SIGABRT, on_abort);
  mount_or_die (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
  mount_or_die ("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
  mount_or_die ("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755");
  enter_group (number);
  open_tun ();
}

/**
 * adit_lab_add_user:
 * @name: a user of the lab's computer, whose /etc may be written
 * @uid: its number, and its group's; one that has that name already keeps its own
 */
void
adit_lab_add_user (const char *name, guint uid)
{
  static const char *const files[] = { "/etc/passwd", "/etc/group" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *before = NULL, *there = g_strdup_printf ("\n%s:", name), *after = NULL;

      g_assert_true (g_file_get_contents (files[i], &before, NULL, NULL));
      if (strstr (before, there) != NULL)
        continue;
      after = i == 0 ? g_strdup_printf ("%s%s:x:%u:%u::/:/usr/sbin/nologin\n", before, name, uid, uid)
                     : g_strdup_printf ("%s%s:x:%u:\n", before, name, uid);
      g_assert_true (g_file_set_contents (files[i], after, -1, NULL));
      g_assert_cmpint (chmod (files[i], 0644), ==, 0);
    }
}

/* The forked child, before exec: only calls that are safe there. */
static void
set_up_child (gpointer user_data)
{
  ChildSetup *setup = user_data;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (setup->log_fd >= 0 && (dup2 (setup->log_fd, STDERR_FILENO) < 0 ||
                             (setup->log_output && dup2 (setup->log_fd, STDOUT_FILENO) < 0)))
    _exit (126);
  if (setup->space_fd >= 0 && setns (setup->space_fd, CLONE_NEWNET) != 0)
    _exit (126);
  if (setup->uid != 0 && (setgroups (0, NULL) != 0 || setgid (setup->uid) != 0 || setuid (setup->uid) != 0))
    _exit (126);
}

static int
open_space (const char *space, GError **error)
{
  g_autofree char *path = g_build_filename ("/run/netns", space, NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "no namespace \"%s\": %s", space, g_strerror (errno));
  return fd;
}

static gboolean
start (const char *space, guint uid, const char *const *argv, int log_fd, GPid *pid, int *out_fd, int *err_fd, GError **error)
{
  ChildSetup setup = { .space_fd = -1, .log_fd = log_fd, .log_output = out_fd == NULL, .uid = uid };
  GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD;
  gboolean ok;

  if (space != NULL && (setup.space_fd = open_space (space, error)) < 0)
    return FALSE;
  ok = g_spawn_async_with_pipes (NULL, (char **) argv, NULL, flags, set_up_child, &setup, pid, NULL, out_fd, err_fd, error);
  if (setup.space_fd >= 0)
    close (setup.space_fd);
  return ok;
}

/**
 * adit_lab_spawn:
 * @space: (nullable): the network namespace
 * @uid: as whom; 0 stays root
 * @argv: program and arguments
 * @error: return location
 *
 * Starts a program that ends with the lab or by adit_lab_end().
 *
 * Returns: its process id, or 0 with @error set
 */
GPid
adit_lab_spawn (const char *space, guint uid, const char *const *argv, GError **error)
{
  GPid pid = 0;

  return start (space, uid, argv, -1, &pid, NULL, NULL, error) ? pid : 0;
}

/**
 * adit_lab_spawn_logged:
 * @space: (nullable): the network namespace
 * @uid: as whom; 0 stays root
 * @argv: program and arguments
 * @log_file: where its words are appended
 * @out_fd: (out) (optional): the reading end of its standard output, which then does not go to @log_file
 * @error: return location
 *
 * As adit_lab_spawn(), for a program whose words matter only when something fails.
 *
 * Returns: its process id, or 0 with @error set
 */
GPid
adit_lab_spawn_logged (const char *space, guint uid, const char *const *argv, const char *log_file, int *out_fd, GError **error)
{
  int log_fd = open (log_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  GPid pid = 0;

  if (log_fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot write %s: %s", log_file, g_strerror (errno));
      return 0;
    }
  if (!start (space, uid, argv, log_fd, &pid, out_fd, NULL, error))
    pid = 0;
  close (log_fd);
  return pid;
}

/**
 * adit_lab_end:
 * @pid: from adit_lab_spawn()
 *
 * Kills that program and waits until it is gone.
 */
void
adit_lab_end (GPid pid)
{
  kill (pid, SIGKILL);
  while (waitpid (pid, NULL, 0) < 0 && errno == EINTR)
    ;
}

/* Reads both pipes until they are closed, too full or the time is over; FALSE for the last two. */
static gboolean
collect (int out_fd, int err_fd, gint64 end, GString *out, GString *err)
{
  struct pollfd fds[2] = { { .fd = out_fd, .events = POLLIN }, { .fd = err_fd, .events = POLLIN } };
  GString *texts[2] = { out, err };

  while (fds[0].fd >= 0 || fds[1].fd >= 0)
    {
      gint64 left_ms = (end - g_get_monotonic_time ()) / 1000;

      if (left_ms <= 0 || out->len + err->len > OUTPUT_BYTES)
        return FALSE;
      poll (fds, 2, (int) left_ms);
      for (guint i = 0; i < 2; i++)
        if (fds[i].fd >= 0 && fds[i].revents != 0)
          {
            char buffer[4096];
            gssize n = read (fds[i].fd, buffer, sizeof buffer);

            if (n > 0)
              g_string_append_len (texts[i], buffer, n);
            else if (n == 0 || errno != EINTR)
              fds[i].fd = -1;
          }
    }
  return TRUE;
}

/**
 * adit_lab_run:
 * @space: (nullable): the network namespace
 * @uid: as whom; 0 stays root
 * @max_ms: after this time it is killed
 * @argv: program and arguments
 * @error: return location; a program that fails is no error here, one that cannot be started is
 *
 * Returns: (transfer full): what it said and how it ended
 */
AditLabResult *
adit_lab_run (const char *space, guint uid, guint max_ms, const char *const *argv, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL), err = g_string_new (NULL);
  gint64 end = g_get_monotonic_time () + max_ms * 1000L;
  AditLabResult *result;
  int out_fd, err_fd, status;
  gboolean in_time;
  GPid pid;

  if (!start (space, uid, argv, -1, &pid, &out_fd, &err_fd, error))
    return NULL;
  in_time = collect (out_fd, err_fd, end, out, err);
  close (out_fd);
  close (err_fd);
  /* A program may close its output and stay: the time counts for that as well. */
  while (in_time && waitpid (pid, &status, WNOHANG) == 0)
    {
      in_time = g_get_monotonic_time () < end;
      g_usleep (1000);
    }
  if (!in_time)
    adit_lab_end (pid);
  result = g_new0 (AditLabResult, 1);
  result->status = !in_time ? -1 : WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
  result->out = g_strdup (out->str);
  result->err = g_strdup (err->str);
  return result;
}

/**
 * adit_lab_result_free:
 * @self: (transfer full): a result
 */
void
adit_lab_result_free (AditLabResult *self)
{
  g_free (self->out);
  g_free (self->err);
  g_free (self);
}

/**
 * adit_lab_run_line:
 * @space: (nullable): the network namespace
 * @line: program and arguments in one line, quoted as in a shell; no shell runs
 * @error: return location
 *
 * Returns: whether the program ended with 0; otherwise @error says what it said
 */
gboolean
adit_lab_run_line (const char *space, const char *line, GError **error)
{
  g_autoptr (AditLabResult) result = NULL;
  g_auto (GStrv) argv = NULL;

  if (!g_shell_parse_argv (line, NULL, &argv, error))
    return FALSE;
  result = adit_lab_run (space, 0, RUN_MS, (const char *const *) argv, error);
  if (result == NULL)
    return FALSE;
  if (result->status != 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "\"%s\" ended with %d: %s", line, result->status, result->err);
  return result->status == 0;
}

/**
 * adit_lab_switch:
 * @space: a network namespace
 * @back_fd: (out): for adit_lab_switch_back()
 * @error: return location
 *
 * Moves the calling thread there, for sockets made in this process.
 *
 * Returns: whether it is there
 */
gboolean
adit_lab_switch (const char *space, int *back_fd, GError **error)
{
  int fd = open_space (space, error);

  if (fd < 0)
    return FALSE;
  *back_fd = open ("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (*back_fd < 0 || setns (fd, CLONE_NEWNET) != 0)
    g_error ("cannot enter the namespace %s: %s", space, g_strerror (errno));
  close (fd);
  return TRUE;
}

/**
 * adit_lab_switch_back:
 * @back_fd: (transfer full): from adit_lab_switch()
 */
void
adit_lab_switch_back (int back_fd)
{
  if (setns (back_fd, CLONE_NEWNET) != 0)
    g_error ("cannot leave a namespace: %s", g_strerror (errno));
  close (back_fd);
}
