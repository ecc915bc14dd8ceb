/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker-start.c: starts workers, each for one request.
 *
 * A worker needs some milliseconds to load its libraries, and whoever asks to connect needs as long to be let in.  So one is
 * started while polkit is asked.  It is confined like any other, has its socket and nothing else, knows nothing, and is told
 * nothing before the yes; after a no, or a while, it is killed. */
#define G_LOG_DOMAIN "adit-worker"

#include "client/helper/worker-start.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/helper/crash-watch.h"

#define WORKER_SOCKET   3                         /* where the worker expects its socket */
#define WORKER_NOTE     4                         /* and the place for a note of its crash: client/worker/roles.h */
#define SPARE_MS        2000                      /* less than its own patience, which is 5 s, and far less than its deadline */
#define AFTER_WASTE_US  (10 * G_USEC_PER_SEC)     /* one who is not let in cannot have a process made with each call */

struct _AditWorkerStart
{
  char              *program;
  AditWorkerRoleName role;
  AditProcess       *spare;           /* (nullable) */
  int                spare_socket;
  guint              spare_source;
  gint64             not_before_us;
};

/* Each its own user, so that none reads another's memory. */
static const struct { const char *name, *user; } roles[ADIT_N_WORKER_ROLES] = {
  [ADIT_WORKER_ROLE_PROVIDER] = { "provider", "adit-provider" },
  [ADIT_WORKER_ROLE_IMPORT] = { "import", "adit-import" },
  [ADIT_WORKER_ROLE_OPENVPN] = { "openvpn", "adit-openvpn" },
  [ADIT_WORKER_ROLE_REPORT] = { "report", "adit-report" },
  [ADIT_WORKER_ROLE_PICTURE] = { "picture", "adit-import" },
};

/**
 * adit_worker_start_role:
 * @program: the worker's absolute path
 * @role: what it is to do
 * @is_ahead: whether nobody waits for it yet; whether it runs is then for adit_process_await() to say
 * @socket: (out): the end that talks to it, which does not block; the caller's
 * @error: return location; %ADIT_ERROR_WORKER_FAILED names the step that failed
 *
 * Returns: (transfer full) (nullable): a worker for one request
 */
AditProcess *
adit_worker_start_role (const char *program, AditWorkerRoleName role, gboolean is_ahead, int *socket, GError **error)
{
  const char *const argv[] = { "adit-worker", "--role", roles[role].name, NULL };
  /* A clean environment: nothing that a person, a service manager or a shell has set reaches OpenSSL or libcurl. */
  static const char *const envp[] = { "OPENSSL_CONF=/dev/null", "LC_ALL=C.UTF-8", NULL };
  AditProcessSpec spec = {
    .path = program, .argv = argv, .envp = envp, .user = roles[role].user, .confinement = ADIT_CONFINEMENT_WORKER, .n_fds = 1,
    .keep_stderr = TRUE, .is_ahead = is_ahead,
  };
  g_autoptr (GError) local = NULL;
  AditProcess *process = NULL;
  int ends[2], note;

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "Could not make a socket for a worker: %s", g_strerror (errno));
      return NULL;
    }
  spec.fds[0].from = ends[1];
  spec.fds[0].to = WORKER_SOCKET;
  note = adit_crash_watch_new_note ();
  if (note >= 0)
    {
      spec.fds[spec.n_fds].from = note;
      spec.fds[spec.n_fds++].to = WORKER_NOTE;
    }
  if (g_unix_set_fd_nonblocking (ends[0], TRUE, &local))
    process = adit_process_start (&spec, &local);
  close (ends[1]);
  if (process != NULL)
    {
      if (note >= 0)
        adit_crash_watch_add (process, note);
      *socket = ends[0];
      return process;
    }
  if (note >= 0)
    close (note);
  close (ends[0]);
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, local->message);
  return NULL;
}

/**
 * adit_worker_start_new:
 * @program: the worker's absolute path
 * @role: what all of its workers are to do
 *
 * Returns: (transfer full): has started nothing yet
 */
AditWorkerStart *
adit_worker_start_new (const char *program, AditWorkerRoleName role)
{
  AditWorkerStart *self = g_new0 (AditWorkerStart, 1);

  self->program = g_strdup (program);
  self->role = role;
  self->spare_socket = -1;
  return self;
}

/**
 * adit_worker_start_free:
 * @self: (nullable): takes the worker that was started ahead along
 */
void
adit_worker_start_free (AditWorkerStart *self)
{
  if (self == NULL)
    return;
  adit_worker_start_dismiss (self);
  g_free (self->program);
  g_free (self);
}

static gboolean
on_spare_old (gpointer user_data)
{
  AditWorkerStart *self = user_data;

  self->spare_source = 0;
  adit_worker_start_dismiss (self);
  return G_SOURCE_REMOVE;
}

/**
 * adit_worker_start_prepare:
 * @self: a start
 *
 * Starts a worker ahead, unless there is one, or one was made for nothing a moment ago.  A failure is told when a worker is
 * needed.
 */
void
adit_worker_start_prepare (AditWorkerStart *self)
{
  if (self->spare != NULL || g_get_monotonic_time () < self->not_before_us)
    return;
  self->spare = adit_worker_start_role (self->program, self->role, TRUE, &self->spare_socket, NULL);
  if (self->spare != NULL)
    self->spare_source = g_timeout_add (SPARE_MS, on_spare_old, self);
}

/**
 * adit_worker_start_dismiss:
 * @self: a start
 *
 * Nobody needs the worker that was started ahead.
 */
void
adit_worker_start_dismiss (AditWorkerStart *self)
{
  g_clear_handle_id (&self->spare_source, g_source_remove);
  if (self->spare == NULL)
    return;
  self->not_before_us = g_get_monotonic_time () + AFTER_WASTE_US;
  adit_process_kill (self->spare);
  g_clear_object (&self->spare);
  close (self->spare_socket);
  self->spare_socket = -1;
}

/**
 * adit_worker_start_take:
 * @self: a start
 * @socket: (out): the end that talks to it; the caller's
 * @error: return location; %ADIT_ERROR_WORKER_FAILED names the step that failed
 *
 * Returns: (transfer full) (nullable): a worker for one request
 */
AditProcess *
adit_worker_start_take (AditWorkerStart *self, int *socket, GError **error)
{
  AditProcess *process;

  if (self->spare == NULL || !adit_process_is_running (self->spare) || !adit_process_await (self->spare, NULL))
    {
      adit_worker_start_dismiss (self);
      return adit_worker_start_role (self->program, self->role, FALSE, socket, error);
    }
  g_clear_handle_id (&self->spare_source, g_source_remove);
  process = g_steal_pointer (&self->spare);
  *socket = self->spare_socket;
  self->spare_socket = -1;
  return process;
}
