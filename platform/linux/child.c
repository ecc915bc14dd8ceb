/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child.c: between fork and exec.
 *
 * Only calls that are safe after a fork of a threaded program (signal-safety(7)): system calls and nothing else, over numbers
 * that lie ready in memory.  No allocation, no GLib function, no log, no name looked up: a lock that another thread held at the
 * fork is held here for ever. */
#include "platform/linux/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/seccomp.h>

#define FIRST_SPARE_FD (ADIT_CONFINEMENT_EXEC_FD + 16)    /* where descriptors wait while the low numbers are dealt out */
#define N_SIGNALS      64                                 /* _NSIG of the kernel on all machine types we build for */

typedef enum
{
  STEP_FDS, STEP_SESSION, STEP_SIGNALS, STEP_LIMITS, STEP_BOUNDING, STEP_USER, STEP_CAPABILITIES, STEP_NO_NEW_PRIVS, STEP_PARENT,
  STEP_LANDLOCK, STEP_FILTER, STEP_EXEC
} Step;

static const char *const step_names[] = {
  "passing descriptors", "making a session", "resetting signals", "setting limits",
  "dropping the bounding set (needs CAP_SETPCAP)", "becoming its user", "setting capabilities", "no_new_privs",
  "watching its parent", "Landlock", "the system call filter", "exec"
};

static void G_GNUC_NORETURN
fail (int error_fd, Step step)
{
  AditChildFailure failure = { step, errno };

  (void) !write (error_fd, &failure, sizeof failure);
  _exit (127);
}

static gboolean
arrange_fds (const AditChild *self, int *error_fd)
{
  int spare[ADIT_PROCESS_MAX_FDS];
  int exec_fd = fcntl (self->exec_fd, F_DUPFD_CLOEXEC, FIRST_SPARE_FD);
  int null_fd = fcntl (self->null_fd, F_DUPFD_CLOEXEC, FIRST_SPARE_FD);
  int report_fd = fcntl (self->error_fd, F_DUPFD_CLOEXEC, FIRST_SPARE_FD);
  int landlock_fd = self->plan->landlock_fd < 0 ? -1 : fcntl (self->plan->landlock_fd, F_DUPFD_CLOEXEC, FIRST_SPARE_FD);
  int last = 2;

  if (exec_fd < 0 || null_fd < 0 || report_fd < 0 || (self->plan->landlock_fd >= 0 && landlock_fd < 0))
    return FALSE;
  *error_fd = report_fd;
  /* Up first and down afterwards: a wanted number may be the present number of another. */
  for (guint i = 0; i < self->n_fds; i++)
    if ((spare[i] = fcntl (self->fds[i].from, F_DUPFD_CLOEXEC, FIRST_SPARE_FD)) < 0)
      return FALSE;

  if (dup3 (report_fd, ADIT_CHILD_ERROR_FD, O_CLOEXEC) < 0)
    return FALSE;
  *error_fd = ADIT_CHILD_ERROR_FD;
  if (dup3 (exec_fd, ADIT_CONFINEMENT_EXEC_FD, O_CLOEXEC) < 0)
    return FALSE;
  if (landlock_fd >= 0 && dup3 (landlock_fd, ADIT_CHILD_LANDLOCK_FD, O_CLOEXEC) < 0)
    return FALSE;
  for (int i = 0; i <= 2; i++)
    if (!(i == STDERR_FILENO && self->keep_stderr) && dup2 (null_fd, i) < 0)
      return FALSE;
  for (guint i = 0; i < self->n_fds; i++)
    if (dup2 (spare[i], self->fds[i].to) < 0)
      return FALSE;

  for (guint i = 0; i < self->n_keep; i++)
    {
      if (self->keep[i] > last + 1 && syscall (SYS_close_range, last + 1, self->keep[i] - 1, 0) != 0)
        return FALSE;
      last = self->keep[i];
    }
  return syscall (SYS_close_range, last + 1, ~0U, 0) == 0;
}

static gboolean
reset_signals (void)
{
  struct sigaction fresh = { .sa_handler = SIG_DFL };
  sigset_t none;

  /* Exec resets handlers but keeps "ignore": a child that cannot be told to end is no child of ours. */
  for (int i = 1; i <= N_SIGNALS; i++)
    if (i != SIGKILL && i != SIGSTOP)
      sigaction (i, &fresh, NULL);    /* the C library refuses its own two; those are never ignored */
  sigemptyset (&none);
  return sigprocmask (SIG_SETMASK, &none, NULL) == 0;
}

static gboolean
set_limits (const AditConfinementPlan *plan)
{
  /* One byte, and not none: a kernel that pipes cores to a program does so in spite of 0, and takes 1 for a no (do_coredump() in
   * its fs/coredump.c).  Where 0 is the most already it stays 0. */
  struct rlimit one = { 1, 1 }, none = { 0, 0 }, files = { plan->max_files, plan->max_files };

  umask (077);
  if (chdir ("/") != 0 || (setrlimit (RLIMIT_CORE, &one) != 0 && setrlimit (RLIMIT_CORE, &none) != 0))
    return FALSE;
  return plan->max_files == 0 || setrlimit (RLIMIT_NOFILE, &files) == 0;
}

static gboolean
drop_bounding_set (guint64 keep)
{
  for (int i = 0; i < 64; i++)
    {
      int held = prctl (PR_CAPBSET_READ, i, 0, 0, 0);

      if (held < 0)    /* EINVAL: past the last capability that this kernel has */
        return errno == EINVAL;
      if (held == 1 && (keep >> i & 1) == 0 && prctl (PR_CAPBSET_DROP, i, 0, 0, 0) != 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
become (const AditChild *self)
{
  if (prctl (PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
    return FALSE;
  if (prctl (PR_SET_KEEPCAPS, self->plan->capabilities != 0, 0, 0, 0) != 0)
    return FALSE;
  /* By number: the C library's wrappers would talk to the parent's other threads, which do not exist here. */
  if (syscall (SYS_setgroups, 0, NULL) != 0 || syscall (SYS_setresgid, self->gid, self->gid, self->gid) != 0)
    return FALSE;
  return syscall (SYS_setresuid, self->uid, self->uid, self->uid) == 0;
}

static gboolean
set_capabilities (guint64 wanted)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

  for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
    data[i].effective = data[i].permitted = data[i].inheritable = (guint32) (wanted >> (32 * i));
  if (syscall (SYS_capset, &header, data) != 0)
    return FALSE;
  for (int i = 0; i < 64; i++)
    if ((wanted >> i & 1) != 0 && prctl (PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0) != 0)
      return FALSE;
  return prctl (PR_SET_KEEPCAPS, 0, 0, 0, 0) == 0;
}

/**
 * adit_child_run:
 * @self: everything the child needs, made before the fork
 *
 * The whole life of a forked child until exec: takes from it what it may not have, in the order that the kernel wants, then runs
 * its program.  The step that fails goes to the parent as an #AditChildFailure; exec closes that pipe.
 */
void
adit_child_run (const AditChild *self)
{
  const AditConfinementPlan *plan = self->plan;
  int error_fd = self->error_fd;

  if (!arrange_fds (self, &error_fd))
    fail (error_fd, STEP_FDS);
  if (setsid () < 0)
    fail (error_fd, STEP_SESSION);
  if (!reset_signals ())
    fail (error_fd, STEP_SIGNALS);
  if (!set_limits (plan))
    fail (error_fd, STEP_LIMITS);
  if (!drop_bounding_set (plan->capabilities))
    fail (error_fd, STEP_BOUNDING);
  if (!become (self))
    fail (error_fd, STEP_USER);
  if (!set_capabilities (plan->capabilities))
    fail (error_fd, STEP_CAPABILITIES);
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    fail (error_fd, STEP_NO_NEW_PRIVS);
  /* After the change of user, which clears it; then look whether the parent died before we asked. */
  if (prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid () != self->parent)
    fail (error_fd, STEP_PARENT);
  if (plan->landlock_fd >= 0 && syscall (SYS_landlock_restrict_self, ADIT_CHILD_LANDLOCK_FD, 0) != 0)
    fail (error_fd, STEP_LANDLOCK);
  if (plan->filter != NULL && syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, plan->filter) != 0)
    fail (error_fd, STEP_FILTER);
  syscall (SYS_execveat, ADIT_CONFINEMENT_EXEC_FD, "", self->argv, self->envp, AT_EMPTY_PATH);
  fail (error_fd, STEP_EXEC);
}

/**
 * adit_child_describe_step:
 * @step: from an #AditChildFailure; any number
 *
 * For the parent, not for the child.
 *
 * Returns: (nullable): what was being done, or %NULL for a number that is no step
 */
const char *
adit_child_describe_step (int step)
{
  return step >= 0 && step < (int) G_N_ELEMENTS (step_names) ? step_names[step] : NULL;
}
