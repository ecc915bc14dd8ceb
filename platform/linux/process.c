/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process.c: fork and exec in our own hands.
 *
 * Everything that may allocate, lock or look up happens here, in the parent; child.c is what runs between fork and exec.  A step
 * that fails there comes back through a pipe that exec closes, so a child either runs with everything taken from it or never
 * runs.
 *
 * Every child dies with the helper (PR_SET_PDEATHSIG), wireguard-go too.  The lock does not need it: it stays in force and
 * blocks.  And a tunnel whose helper is gone serves nobody: nobody would watch its handshakes, and the next helper takes its
 * device down anyway, so it is cleaner that nothing with CAP_NET_ADMIN is left running unwatched. */
#define G_LOG_DOMAIN "adit-process"
#include "platform/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib-unix.h>
#include "client/base/error.h"
#include "platform/linux/child-fork.h"

#define USER_BUFFER_BYTES 16384    /* longest line of the user database that we take */
#define DISPOSE_WAIT_MS   500      /* a killed process needs milliseconds; more only when the kernel holds it */

struct _AditProcess
{
  GObject parent;

  int      pid;
  int      pidfd;
  gboolean running;
  int      report;    /* where a child that was started ahead says why it cannot run, or -1 */
  char    *path;
};

G_DEFINE_FINAL_TYPE (AditProcess, adit_process, G_TYPE_OBJECT)

enum { SIGNAL_EXITED, N_PROCESS_SIGNALS };
static guint process_signals[N_PROCESS_SIGNALS];

static gboolean
look_up_user (const char *name, uid_t *uid, gid_t *gid, GError **error)
{
  g_autofree char *buffer = g_malloc (USER_BUFFER_BYTES);
  struct passwd entry, *found = NULL;
  int result = getpwnam_r (name, &entry, buffer, USER_BUFFER_BYTES, &found);

  if (found == NULL)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "There is no user %s on this computer%s%s", name,
                   result != 0 ? ": " : "", result != 0 ? g_strerror (result) : "");
      return FALSE;
    }
  if (found->pw_uid == 0 || found->pw_gid == 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "The user %s is root; a child may not be", name);
      return FALSE;
    }
  *uid = found->pw_uid;
  *gid = found->pw_gid;
  return TRUE;
}

static int
compare_ints (const void *a, const void *b)
{
  return *(const int *) a - *(const int *) b;
}

static gboolean
plan_fds (const AditProcessSpec *spec, AditChild *p, GError **error)
{
  if (spec->n_fds > ADIT_PROCESS_MAX_FDS)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Too many descriptors for one child: %u", spec->n_fds);
      return FALSE;
    }
  for (guint i = 0; i < spec->n_fds; i++)
    {
      gboolean fits = (spec->fds[i].to == 0 || spec->fds[i].to > 2) && spec->fds[i].to < ADIT_CONFINEMENT_MAX_FILES &&
                      fcntl (spec->fds[i].from, F_GETFD) >= 0;

      for (guint j = 0; j < i; j++)
        fits = fits && spec->fds[j].to != spec->fds[i].to;
      if (!fits)
        {
          g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Descriptor %d cannot become %d", spec->fds[i].from,
                       spec->fds[i].to);
          return FALSE;
        }
      p->fds[i].from = spec->fds[i].from;
      p->fds[i].to = spec->fds[i].to;
      if (spec->fds[i].to > 2)
        p->keep[p->n_keep++] = spec->fds[i].to;
    }
  p->n_fds = spec->n_fds;
  p->keep[p->n_keep++] = ADIT_CONFINEMENT_EXEC_FD;
  p->keep[p->n_keep++] = ADIT_CHILD_ERROR_FD;
  if (p->plan->landlock_fd >= 0)
    p->keep[p->n_keep++] = ADIT_CHILD_LANDLOCK_FD;
  qsort (p->keep, p->n_keep, sizeof p->keep[0], compare_ints);
  return TRUE;
}

/* Waits until exec closes the pipe or the child says why not: a few milliseconds. */
static gboolean
await_exec (int error_fd, const char *path, GError **error)
{
  AditChildFailure failure = { -1, 0 };
  const char *step;
  gssize n;

  do
    n = read (error_fd, &failure, sizeof failure);
  while (n < 0 && errno == EINTR);
  if (n == 0)
    return TRUE;
  step = n == sizeof failure ? adit_child_describe_step (failure.step) : NULL;
  if (step == NULL)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not start %s: the child did not say why", path);
  else
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not start %s: %s: %s", path, step, g_strerror (failure.error));
  return FALSE;
}

/* The source, not the object, owns the descriptor and the duty to reap: a process that is unreferenced leaves no zombie. */
typedef struct { GWeakRef process; int pidfd; } Watch;

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  close (watch->pidfd);
  g_weak_ref_clear (&watch->process);
  g_free (watch);
}

static int
wait_status_of (const siginfo_t *info)
{
  return info->si_code == CLD_EXITED ? (info->si_status & 0xff) << 8
                                     : (info->si_status & 0x7f) | (info->si_code == CLD_DUMPED ? 0x80 : 0);
}

static gboolean
on_pidfd_readable (int fd, GIOCondition condition, gpointer data)
{
  Watch *watch = data;
  g_autoptr (AditProcess) self = g_weak_ref_get (&watch->process);
  siginfo_t info = { 0 };
  int result = waitid (P_PIDFD, watch->pidfd, &info, WEXITED | WNOHANG);

  if (result == 0 && info.si_pid == 0)
    return G_SOURCE_CONTINUE;
  if (self != NULL)
    {
      self->running = FALSE;
      self->pidfd = -1;
      g_debug ("child %d ended: code %d, status %d", self->pid, info.si_code, info.si_status);
      g_signal_emit (self, process_signals[SIGNAL_EXITED], 0, result == 0 ? wait_status_of (&info) : SIGKILL);
    }
  return G_SOURCE_REMOVE;
}

static void
watch_pidfd (AditProcess *self)
{
  Watch *watch = g_new0 (Watch, 1);
  g_autoptr (GSource) source = g_unix_fd_source_new (self->pidfd, G_IO_IN);

  watch->pidfd = self->pidfd;
  g_weak_ref_init (&watch->process, self);
  g_source_set_callback (source, G_SOURCE_FUNC (on_pidfd_readable), watch, watch_free);
  g_source_attach (source, g_main_context_get_thread_default ());
}

/**
 * adit_process_start:
 * @spec: what to run, as whom, with which descriptors
 * @error: return location; %ADIT_ERROR_FAILED names the step that failed, exec included, unless it is started ahead
 *
 * Call it from the main thread: the kernel ties "dies with its parent" to the thread that forked.  The program must be an ELF
 * file (it is run by descriptor), and the main loop must run for the child to be reaped.
 *
 * Returns: (transfer full): the running child
 */
AditProcess *
adit_process_start (const AditProcessSpec *spec, GError **error)
{
  g_autoptr (AditConfinementPlan) plan = NULL;
  g_autoptr (AditProcess) self = NULL;
  AditChild p = {
    .argv = (char *const *) spec->argv, .envp = (char *const *) spec->envp, .keep_stderr = spec->keep_stderr, .parent = getpid (),
  };
  int report[2] = { -1, -1 };

  g_return_val_if_fail (spec->path != NULL && spec->path[0] == '/' && spec->argv != NULL && spec->envp != NULL &&
                        spec->user != NULL, NULL);
  p.exec_fd = p.null_fd = -1;
  if (!look_up_user (spec->user, &p.uid, &p.gid, error))
    return NULL;
  plan = adit_confinement_plan_new (spec->confinement, spec->path, spec->tcp_port, error);
  p.plan = plan;
  if (plan == NULL || !plan_fds (spec, &p, error))
    return NULL;

  p.exec_fd = open (spec->path, O_PATH | O_CLOEXEC);
  p.null_fd = open ("/dev/null", O_RDWR | O_CLOEXEC);
  if (p.exec_fd < 0 || p.null_fd < 0 || pipe2 (report, O_CLOEXEC) != 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not open %s: %s",
                 p.exec_fd < 0 ? spec->path : "/dev/null or a pipe", g_strerror (errno));
  else
    {
      int pid;

      p.error_fd = report[1];
      pid = adit_child_fork (&p);
      close (g_steal_fd (&report[1]));
      if (pid < 0)
        g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not fork: %s", g_strerror (errno));
      else if (!spec->is_ahead && !await_exec (report[0], spec->path, error))
        waitpid (pid, NULL, 0);
      else
        {
          self = g_object_new (ADIT_TYPE_PROCESS, NULL);
          self->pid = pid;
          self->pidfd = (int) syscall (SYS_pidfd_open, pid, 0);    /* ours until we reap it, so the number cannot be another's */
          if (self->pidfd < 0)
            {
              g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not watch %s: %s", spec->path, g_strerror (errno));
              kill (pid, SIGKILL);
              waitpid (pid, NULL, 0);
              g_clear_object (&self);
            }
          else
            {
              self->running = TRUE;
              self->path = g_strdup (spec->path);
              self->report = spec->is_ahead ? g_steal_fd (&report[0]) : -1;
              watch_pidfd (self);
            }
        }
    }
  for (int i = 0; i < 2; i++)
    if (report[i] >= 0)
      close (report[i]);
  if (p.exec_fd >= 0)
    close (p.exec_fd);
  if (p.null_fd >= 0)
    close (p.null_fd);
  return g_steal_pointer (&self);
}

/**
 * adit_process_await:
 * @self: a child
 * @error: return location; %ADIT_ERROR_FAILED names the step that failed, exec included
 *
 * For one that was started ahead: waits until its program runs.  One that does not run ends as any other.
 *
 * Returns: whether its program was run
 */
gboolean
adit_process_await (AditProcess *self, GError **error)
{
  int report = g_steal_fd (&self->report);
  gboolean was_run = report < 0 || await_exec (report, self->path, error);

  if (report >= 0)
    close (report);
  return was_run;
}

static void
send_signal (AditProcess *self, int number)
{
  if (self->running)
    syscall (SYS_pidfd_send_signal, self->pidfd, number, NULL, 0);
}

/**
 * adit_process_wait:
 * @self: a child that has a reason to end
 * @timeout_ms: how long that may take
 *
 * Waits for its end, and leaves reaping and "exited" to the main loop.
 *
 * Returns: whether it has ended
 */
gboolean
adit_process_wait (AditProcess *self, guint timeout_ms)
{
  struct pollfd wait = { .events = POLLIN };
  gint64 deadline_us = g_get_monotonic_time () + timeout_ms * G_GINT64_CONSTANT (1000);

  g_return_val_if_fail (ADIT_IS_PROCESS (self), FALSE);
  wait.fd = self->pidfd;
  while (self->running)
    {
      gint64 left_ms = MAX (0, (deadline_us - g_get_monotonic_time ()) / 1000);
      int n = poll (&wait, 1, (int) left_ms);

      if (n > 0)
        return TRUE;
      if (n == 0 || errno != EINTR)
        return FALSE;
    }
  return TRUE;
}

/**
 * adit_process_kill:
 * @self: a child
 *
 * Ends it at once.  "exited" follows from the main loop.
 */
void
adit_process_kill (AditProcess *self)
{
  g_return_if_fail (ADIT_IS_PROCESS (self));
  send_signal (self, SIGKILL);
}

/**
 * adit_process_stop:
 * @self: a child
 * @timeout_ms: how long it may take over each of the two ways
 *
 * Asks it to end (SIGTERM), and kills it when it does not.  Waits as adit_process_wait().
 *
 * Returns: whether it has ended
 */
gboolean
adit_process_stop (AditProcess *self, guint timeout_ms)
{
  g_return_val_if_fail (ADIT_IS_PROCESS (self), FALSE);
  send_signal (self, SIGTERM);
  if (adit_process_wait (self, timeout_ms))
    return TRUE;
  send_signal (self, SIGKILL);
  return adit_process_wait (self, timeout_ms);
}

/**
 * adit_process_is_running:
 * @self: a child
 *
 * Returns: whether "exited" is still to come
 */
gboolean
adit_process_is_running (AditProcess *self)
{
  g_return_val_if_fail (ADIT_IS_PROCESS (self), FALSE);
  return self->running;
}

/**
 * adit_process_get_pid:
 * @self: a child
 *
 * Returns: its process id, for diagnostics; after its end the number may be another's
 */
int
adit_process_get_pid (AditProcess *self)
{
  g_return_val_if_fail (ADIT_IS_PROCESS (self), -1);
  return self->pid;
}

static void
adit_process_dispose (GObject *object)
{
  AditProcess *self = ADIT_PROCESS (object);

  if (self->running)
    {
      send_signal (self, SIGKILL);
      adit_process_wait (self, DISPOSE_WAIT_MS);
      self->running = FALSE;
    }
  G_OBJECT_CLASS (adit_process_parent_class)->dispose (object);
}

static void
adit_process_finalize (GObject *object)
{
  AditProcess *self = ADIT_PROCESS (object);

  if (self->report >= 0)
    close (self->report);
  g_free (self->path);
  G_OBJECT_CLASS (adit_process_parent_class)->finalize (object);
}

static void
adit_process_class_init (AditProcessClass *class)
{
  G_OBJECT_CLASS (class)->dispose = adit_process_dispose;
  G_OBJECT_CLASS (class)->finalize = adit_process_finalize;

  /**
   * AditProcess::exited:
   * @self: the child
   * @wait_status: as waitpid(2) gives it
   */
  process_signals[SIGNAL_EXITED] = g_signal_new ("exited", ADIT_TYPE_PROCESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                 G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
adit_process_init (AditProcess *self)
{
  self->pidfd = self->report = -1;
}
