/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-tunnel.c: one try of openvpn: a worker turns the profile into a configuration, openvpn reads it, the worker talks to
 * openvpn.  What the far end says reaches us as the worker's fixed messages, each at its turn and checked field by field.
 *
 * openvpn never moves by itself to another server and never begins anew: whatever it would start again for ends the try, and the
 * session decides, so that the lock is made for each server before it is asked. */
#define G_LOG_DOMAIN "adit-tunnel"
#include "client/helper/openvpn-tunnel.h"

#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#include "build-id.h"
#include "client/base/error.h"
#include "client/helper/sealed.h"
#include "client/helper/worker-hear.h"
#include "client/helper/worker-start.h"
#include "client/wire/channel.h"
#include "platform/openvpn.h"

#define START_MS      15000    /* four round trips and a slow server; as long as a WireGuard relay is waited for at the most */
#define HEARD_AT_ONCE 64       /* messages of a worker; it has seven to say, and then one every few seconds */
#define HEARD_A_S     4
#define LAST_WORD_MS  500      /* the worker knows better than we why openvpn has ended, and says it at once */

struct _AditOpenvpnTunnel
{
  GObject parent_instance;

  char              *program;        /* the worker's */
  AditAnswers       *answers;
  AditOpenvpn       *openvpn;
  AditProcess       *worker;
  gboolean           talks;          /* the worker with openvpn */
  gboolean           prepared;       /* the worker was started ahead and has been told nothing */
  gboolean           briefed;        /* it writes the configuration of the next start, which is to be to that server: */
  AditEndpoint       peer;
  AditTransport      transport;
  guint              remote;
  int                socket;
  guint              socket_source, deadline_source, last_word_source;
  guint32            attempt;        /* each stop begins a new one: answers to an older one are dropped */
  AditWireOp         before;         /* the last message of either side */
  GTask             *task;           /* until packets go through */
  GCancellable      *cancellable;
  gulong             cancelled_id;
  guint16            tcp_port;
  gboolean           running;
  double             patience;       /* how many messages may still come at once */
  gint64             heard_us;       /* when the last one came */
  AditWireAssigned   assigned;
  AditTunnelProgress progress;
  guint              pause_s;
};

static void adit_openvpn_tunnel_iface_init (AditTunnelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditOpenvpnTunnel, adit_openvpn_tunnel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_TUNNEL, adit_openvpn_tunnel_iface_init))

static const char *
openvpn_get_name (AditTunnel *tunnel)
{
  return "openvpn";
}

static AditTunnelKind
openvpn_get_kind (AditTunnel *tunnel)
{
  return ADIT_TUNNEL_OPENVPN;
}

static gboolean
openvpn_probe (AditTunnel *tunnel, GError **error)
{
  return adit_openvpn_probe (NULL, error);
}

/* --- Its ends -------------------------------------------------------------------------------------------------------------- */

/* The last that the worker hears: now it has openvpn say farewell to the server, and ends.  An openvpn that lets it wait was
 * asked, and is not asked again. */
static void
hang_up (AditOpenvpnTunnel *self)
{
  g_clear_handle_id (&self->socket_source, g_source_remove);
  if (self->socket >= 0)
    close (self->socket);
  self->socket = -1;
  if (self->talks && !adit_process_wait (self->worker, ADIT_WIRE_FAREWELL_MS))
    adit_openvpn_kill (self->openvpn);
  self->talks = FALSE;
}

static void
end_worker (AditOpenvpnTunnel *self)
{
  hang_up (self);
  if (self->worker != NULL)
    adit_process_kill (self->worker);
  g_clear_object (&self->worker);
}

/* Takes the task away, so that nothing of this start runs after it has returned. */
static GTask *
take_task (AditOpenvpnTunnel *self)
{
  if (self->cancelled_id != 0)
    g_signal_handler_disconnect (self->cancellable, self->cancelled_id);
  self->cancelled_id = 0;
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->deadline_source, g_source_remove);
  return g_steal_pointer (&self->task);
}

/* What openvpn then does, and that it is gone, is nobody's loss: nobody is left to hear of it. */
static void
openvpn_leave (AditTunnel *tunnel)
{
  AditOpenvpnTunnel *self = ADIT_OPENVPN_TUNNEL (tunnel);

  if (self->running)
    hang_up (self);
}

static gboolean
openvpn_stop (AditTunnel *tunnel, GError **error)
{
  AditOpenvpnTunnel *self = ADIT_OPENVPN_TUNNEL (tunnel);
  g_autoptr (GTask) task = take_task (self);

  self->attempt++;
  g_clear_handle_id (&self->last_word_source, g_source_remove);
  end_worker (self);
  self->running = self->prepared = self->briefed = FALSE;
  self->before = ADIT_WIRE_NONE;
  self->patience = HEARD_AT_ONCE;
  self->assigned = (AditWireAssigned) { 0 };
  self->progress = (AditTunnelProgress) { .handshake_age_ms = -1 };
  if (task != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The tunnel was stopped while it started");
  return adit_openvpn_stop (self->openvpn, error);
}

/* Takes the error.  A start ends with it; a tunnel that was there is lost. */
static void
fail (AditOpenvpnTunnel *self, GError *error)
{
  g_autoptr (AditOpenvpnTunnel) alive = g_object_ref (self);
  g_autoptr (GTask) task = take_task (self);
  g_autoptr (GError) reason = error;
  gboolean was_running = self->running;

  openvpn_stop (ADIT_TUNNEL (self), NULL);
  if (task != NULL)
    g_task_return_error (task, g_steal_pointer (&reason));
  else if (was_running)
    {
      g_message ("%s", reason->message);
      adit_tunnel_emit_lost (ADIT_TUNNEL (alive), reason);
    }
}

/* One that lies is not waited for. */
static void
refuse (AditOpenvpnTunnel *self, const char *what)
{
  self->talks = FALSE;
  fail (self, g_error_new (ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "The worker for OpenVPN %s", what));
}

/* --- What the worker says -------------------------------------------------------------------------------------------------- */

static void
on_openvpn_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AditOpenvpnTunnel *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  int connection = adit_openvpn_start_finish (ADIT_OPENVPN (source), result, &error);
  AditWireMessage message;

  /* One that has been stopped meanwhile has another number, or none of this. */
  if (GPOINTER_TO_UINT (g_task_get_task_data (task)) != self->attempt || self->task == NULL)
    {
      if (connection >= 0)
        close (connection);
      return;
    }
  if (connection < 0)
    {
      fail (self, g_steal_pointer (&error));
      return;
    }
  adit_wire_begin (&message, ADIT_WIRE_MANAGEMENT, self->attempt);
  self->before = ADIT_WIRE_MANAGEMENT;
  self->talks = adit_channel_send (self->socket, &message, &connection, 1, &error);
  if (!self->talks)
    refuse (self, "does not listen");
  close (connection);
}

static void
start_openvpn (AditOpenvpnTunnel *self, int configuration_fd)
{
  GTask *task = g_object_ref (self->task);

  adit_openvpn_start_async (self->openvpn, configuration_fd, self->tcp_port, self->cancellable, on_openvpn_started, task);
}

static void
on_running (AditOpenvpnTunnel *self)
{
  g_autoptr (GTask) task = take_task (self);

  self->running = TRUE;
  adit_answers_accepted (self->answers);
  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static void
on_failed (AditOpenvpnTunnel *self, const AditWireFailed *failed)
{
  AditError code = (AditError) failed->error;

  if (code == ADIT_ERROR_CREDENTIAL_REFUSED)    /* by the server itself, and not by a service */
    code = ADIT_ERROR_LOGIN_REFUSED;
  else if (code == ADIT_ERROR_SERVICE_REFUSED)    /* "come again later", which is worth a later try */
    code = ADIT_ERROR_NO_HANDSHAKE;
  if (adit_answers_refused (self->answers, code))    /* its own token has run out: the next try signs in anew */
    code = ADIT_ERROR_NO_HANDSHAKE;
  self->pause_s = failed->pause_s;
  fail (self, g_error_new_literal (ADIT_ERROR, (gint) code, failed->detail));
}

static void
on_question (AditOpenvpnTunnel *self, const AditWireQuestion *question)
{
  g_autoptr (AditSecret) handle = NULL;

  if (question->handle[0] != '\0')
    handle = adit_secret_new (question->handle, strlen (question->handle));
  adit_answers_ask (self->answers, question->text, question->echo != 0, handle);
}

static void
on_token (AditOpenvpnTunnel *self, const AditWireAuthToken *message)
{
  g_autoptr (AditSecret) token = adit_secret_new (message->token, strlen (message->token));

  adit_answers_keep_token (self->answers, token);
}

static void
on_message (AditOpenvpnTunnel *self, const AditWireMessage *message, const int *fds)
{
  AditWireOp op = (AditWireOp) message->header.op;

  if (op == ADIT_WIRE_FAILED)
    {
      on_failed (self, &message->failed);
      return;
    }
  if (!adit_wire_may_follow (ADIT_WIRE_WANT_OPENVPN, self->before, op))
    {
      refuse (self, "spoke out of turn");
      return;
    }
  if (!adit_wire_is_aside (op))
    self->before = op;
  switch (op)
    {
    case ADIT_WIRE_QUESTION:
      on_question (self, &message->question);
      return;

    case ADIT_WIRE_AUTH_TOKEN:
      on_token (self, &message->auth_token);
      return;

    case ADIT_WIRE_CONFIGURATION:
      start_openvpn (self, fds[0]);
      return;

    case ADIT_WIRE_ASSIGNED:
      self->assigned = message->assigned;
      return;

    case ADIT_WIRE_RUNNING:
      on_running (self);
      return;

    case ADIT_WIRE_PROGRESS:
      self->progress.received_bytes = message->progress.received_bytes;
      self->progress.sent_bytes = message->progress.sent_bytes;
      return;

    default:
      refuse (self, "spoke out of turn");
    }
}

/* One that floods would keep the helper from everything else. */
static gboolean
is_too_much (AditOpenvpnTunnel *self)
{
  gint64 now_us = g_get_monotonic_time ();
  double more = (double) (now_us - self->heard_us) * HEARD_A_S / G_USEC_PER_SEC;

  self->heard_us = now_us;
  self->patience = MIN (self->patience + more, HEARD_AT_ONCE) - 1;
  return self->patience < 0;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (AditOpenvpnTunnel) self = g_object_ref (user_data);
  guint32 attempt = self->attempt;

  /* Several may be waiting; one that ends the try leaves nobody to read from. */
  while (self->attempt == attempt && self->socket == fd)
    {
      AditWireMessage message;
      int fds[ADIT_WIRE_MAX_FDS];
      guint n_fds;
      const char *wrong;
      AditWorkerHeard heard = adit_worker_hear (fd, attempt, &message, fds, &n_fds, &wrong);

      if (heard == ADIT_WORKER_IS_SILENT)
        break;
      if (heard != ADIT_WORKER_SAID)
        refuse (self, wrong);
      else if (is_too_much (self))
        refuse (self, "says too much");
      else
        on_message (self, &message, fds);
      for (guint i = 0; i < n_fds; i++)
        close (fds[i]);
      adit_wipe (&message, sizeof message);
    }
  return G_SOURCE_CONTINUE;    /* removed by end_worker() */
}

static gboolean
on_no_last_word (gpointer user_data)
{
  AditOpenvpnTunnel *self = user_data;

  self->last_word_source = 0;
  fail (self, g_error_new (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "openvpn has ended"));
  return G_SOURCE_REMOVE;
}

static void
on_openvpn_lost (AditOpenvpn *openvpn, const GError *reason, AditOpenvpnTunnel *self)
{
  if (self->last_word_source == 0 && self->socket >= 0 && (self->task != NULL || self->running))
    self->last_word_source = g_timeout_add (LAST_WORD_MS, on_no_last_word, self);
}

/* --- Its beginning --------------------------------------------------------------------------------------------------------- */

static void
lend (AditSecret *secret, char *field, gsize size_bytes)
{
  if (secret != NULL)
    adit_secret_copy_to (secret, field, size_bytes - 1);
}

static void
fill_request (AditWireRequest *request, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets)
{
  AditWireOpenvpn *openvpn = &request->openvpn;
  gboolean by_proxy = adit_endpoint_is_valid (&spec->behind);

  g_strlcpy (request->build_id, ADIT_BUILD_ID, sizeof request->build_id);
  request->want = ADIT_WIRE_WANT_OPENVPN;
  request->now_s = g_get_real_time () / G_USEC_PER_SEC;
  openvpn->remote = by_proxy ? spec->behind : spec->peer;
  if (by_proxy)
    openvpn->proxy = spec->peer;
  openvpn->remote_number = (guint8) secrets->remote;
  openvpn->over_tcp = spec->transport == ADIT_TRANSPORT_TCP;
  g_strlcpy (openvpn->device, adit_openvpn_get_device (), sizeof openvpn->device);
  g_strlcpy (openvpn->management_path, adit_openvpn_get_socket_path (), sizeof openvpn->management_path);
  lend (secrets->username, openvpn->username, sizeof openvpn->username);
  lend (secrets->password, openvpn->password, sizeof openvpn->password);
  lend (secrets->passphrase, openvpn->passphrase, sizeof openvpn->passphrase);
  lend (secrets->answer, openvpn->answer, sizeof openvpn->answer);
  lend (secrets->question, openvpn->question, sizeof openvpn->question);
  lend (secrets->proxy_username, openvpn->proxy_username, sizeof openvpn->proxy_username);
  lend (secrets->proxy_password, openvpn->proxy_password, sizeof openvpn->proxy_password);
  lend (secrets->token, request->token, sizeof request->token);
}

static gboolean
tell_worker (AditOpenvpnTunnel *self, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets, GError **error)
{
  AditWireMessage message;
  gboolean sent;
  int profile;

  if (secrets->profile == NULL)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "There is no profile");
      return FALSE;
    }
  if (self->worker == NULL)
    self->worker = adit_worker_start_role (self->program, ADIT_WORKER_ROLE_OPENVPN, FALSE, &self->socket, error);
  if (self->worker == NULL)
    return FALSE;
  profile = adit_sealed_new (secrets->profile, error);
  if (profile < 0)
    return FALSE;
  adit_wire_begin (&message, ADIT_WIRE_REQUEST, self->attempt);
  fill_request (&message.request, spec, secrets);
  sent = adit_channel_send (self->socket, &message, &profile, 1, error);
  adit_wipe (&message, sizeof message);
  close (profile);
  return sent;
}

static gboolean
on_deadline (gpointer user_data)
{
  AditOpenvpnTunnel *self = user_data;

  self->deadline_source = 0;
  fail (self, g_error_new (ADIT_ERROR, ADIT_ERROR_NO_HANDSHAKE, "The server did not answer within %d seconds", START_MS / 1000));
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled_idle (gpointer user_data)
{
  GTask *task = user_data;
  AditOpenvpnTunnel *self = g_task_get_source_object (task);

  if (self->task == task)
    fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
  return G_SOURCE_REMOVE;
}

/* A handler must not disconnect itself from a cancellable while that emits: it would wait for itself. */
static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  AditOpenvpnTunnel *self = user_data;

  g_idle_add_full (G_PRIORITY_DEFAULT, on_cancelled_idle, g_object_ref (self->task), g_object_unref);
}

/* A worker and openvpn need some milliseconds to load their libraries, and the session as long for the lock and to find the
 * server.  openvpn comes first: it has twice as much to load, and where the lock keeps the other core the worker writes the
 * configuration while openvpn waits for it, and not the other way round.  The device waits for the start; what anybody knows is
 * told to the worker alone. */
static gboolean
openvpn_prepare (AditTunnel *tunnel)
{
  AditOpenvpnTunnel *self = ADIT_OPENVPN_TUNNEL (tunnel);
  g_autoptr (GError) error = NULL, openvpn_error = NULL;

  self->pause_s = 0;    /* of another try, and perhaps of another server */
  if (self->prepared && adit_process_is_running (self->worker))
    return TRUE;
  if (openvpn_stop (tunnel, &error))
    {
      if (!adit_openvpn_prepare (self->openvpn, &openvpn_error))
        g_debug ("not started ahead: %s", openvpn_error->message);
      self->worker = adit_worker_start_role (self->program, ADIT_WORKER_ROLE_OPENVPN, TRUE, &self->socket, &error);
    }
  self->prepared = self->worker != NULL;
  if (!self->prepared)
    {
      adit_openvpn_dismiss (self->openvpn);
      g_debug ("not started ahead: %s", error->message);
    }
  return self->prepared;
}

/* Once.  One that has waited too long has ended by itself. */
static gboolean
take_prepared (AditOpenvpnTunnel *self)
{
  gboolean there = self->prepared && adit_process_is_running (self->worker);

  self->prepared = FALSE;
  return there;
}

/* To turn a file into a configuration the worker needs a millisecond or two, and the kernel as long for the lock.  What the
 * worker writes is read when the start is asked for. */
static void
openvpn_brief (AditTunnel *tunnel, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets)
{
  AditOpenvpnTunnel *self = ADIT_OPENVPN_TUNNEL (tunnel);
  g_autoptr (GError) error = NULL;

  if (!take_prepared (self))
    return;
  self->briefed = tell_worker (self, spec, secrets, &error);
  if (!self->briefed)
    g_debug ("not told ahead: %s", error->message);
  self->peer = spec->peer;
  self->transport = spec->transport;
  self->remote = secrets->remote;
}

/* Once, and for the server alone that it was told of. */
static gboolean
take_briefed (AditOpenvpnTunnel *self, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets)
{
  gboolean briefed = self->briefed && adit_endpoint_equal (&self->peer, &spec->peer) && self->transport == spec->transport &&
                     self->remote == secrets->remote;

  self->briefed = FALSE;
  return briefed;
}

/* Also one that has not been told ahead, but was prepared.  Either was not waited for until now. */
static gboolean
begin (AditOpenvpnTunnel *self, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets, GError **error)
{
  return (take_briefed (self, spec, secrets) ||
          ((take_prepared (self) || openvpn_stop (ADIT_TUNNEL (self), error)) && tell_worker (self, spec, secrets, error))) &&
         adit_process_await (self->worker, error);
}

static void
openvpn_start_async (AditTunnel *tunnel, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  AditOpenvpnTunnel *self = ADIT_OPENVPN_TUNNEL (tunnel);
  /* Without the cancellable, which would turn a success into a tunnel that nobody knows of. */
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, openvpn_start_async);
  self->pause_s = 0;
  if (g_cancellable_set_error_if_cancelled (cancellable, &error) || !begin (self, spec, secrets, &error))
    {
      openvpn_stop (tunnel, NULL);
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, GUINT_TO_POINTER (self->attempt), NULL);
  self->socket_source = g_unix_fd_add (self->socket, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, self);
  self->tcp_port = spec->transport == ADIT_TRANSPORT_TCP ? spec->peer.port : 0;
  self->deadline_source = g_timeout_add (START_MS, on_deadline, self);
  self->task = g_steal_pointer (&task);
  if (cancellable != NULL)
    {
      self->cancellable = g_object_ref (cancellable);
      self->cancelled_id = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), self);
    }
}

static gboolean
openvpn_start_finish (AditTunnel *tunnel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, tunnel), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Whatever the file or the server says of routes: all of a family that has an address goes inside. */
static gboolean
openvpn_complete (AditTunnel *tunnel, AditTunnelSpec *spec)
{
  const AditWireAssigned *assigned = &ADIT_OPENVPN_TUNNEL (tunnel)->assigned;

  spec->n_addresses = MIN (assigned->n_addresses, ADIT_TUNNEL_MAX_ADDRESSES);
  memcpy (spec->addresses, assigned->addresses, sizeof spec->addresses);
  spec->n_dns = MIN (assigned->n_dns, ADIT_TUNNEL_MAX_DNS);
  memcpy (spec->dns, assigned->dns, sizeof spec->dns);
  spec->mtu_bytes = (guint16) MIN (assigned->mtu_bytes, G_MAXUINT16);
  spec->n_allowed_ips = spec->n_addresses;
  for (guint i = 0; i < spec->n_addresses; i++)
    spec->allowed_ips[i] = (AditPrefix) { .address.family = spec->addresses[i].address.family };
  return TRUE;
}

static guint
openvpn_get_pause_s (AditTunnel *tunnel)
{
  return ADIT_OPENVPN_TUNNEL (tunnel)->pause_s;
}

static gboolean
openvpn_read_progress (AditTunnel *tunnel, AditTunnelProgress *progress, GError **error)
{
  AditOpenvpnTunnel *self = ADIT_OPENVPN_TUNNEL (tunnel);

  if (!self->running)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "The tunnel is not started");
      return FALSE;
    }
  *progress = self->progress;
  progress->handshake_age_ms = 0;    /* openvpn says by itself, and at once, when that is over */
  return TRUE;
}

static void
adit_openvpn_tunnel_dispose (GObject *object)
{
  AditOpenvpnTunnel *self = ADIT_OPENVPN_TUNNEL (object);

  /* Only what is ours: another back end may have made the device that is there now. */
  if (self->openvpn != NULL && (self->task != NULL || self->running))
    openvpn_stop (ADIT_TUNNEL (self), NULL);
  end_worker (self);
  if (self->openvpn != NULL)
    adit_openvpn_dismiss (self->openvpn);
  g_clear_object (&self->openvpn);
  g_clear_pointer (&self->program, g_free);
  G_OBJECT_CLASS (adit_openvpn_tunnel_parent_class)->dispose (object);
}

static void
adit_openvpn_tunnel_class_init (AditOpenvpnTunnelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_openvpn_tunnel_dispose;
}

static void
adit_openvpn_tunnel_init (AditOpenvpnTunnel *self)
{
  self->socket = -1;
}

static void
adit_openvpn_tunnel_iface_init (AditTunnelInterface *iface)
{
  iface->get_name = openvpn_get_name;
  iface->get_kind = openvpn_get_kind;
  iface->probe = openvpn_probe;
  iface->prepare = openvpn_prepare;
  iface->brief = openvpn_brief;
  iface->start_async = openvpn_start_async;
  iface->start_finish = openvpn_start_finish;
  iface->complete = openvpn_complete;
  iface->get_pause_s = openvpn_get_pause_s;
  iface->read_progress = openvpn_read_progress;
  iface->leave = openvpn_leave;
  iface->stop = openvpn_stop;
}

/**
 * adit_openvpn_tunnel_new:
 * @worker_program: the worker's absolute path
 * @answers: is told what a server asks, and what it has taken; outlives the back end
 *
 * Returns: (transfer full): the back end "openvpn"
 */
AditTunnel *
adit_openvpn_tunnel_new (const char *worker_program, AditAnswers *answers)
{
  AditOpenvpnTunnel *self = g_object_new (ADIT_TYPE_OPENVPN_TUNNEL, NULL);

  self->program = g_strdup (worker_program);
  self->answers = answers;
  self->openvpn = adit_openvpn_new ();
  g_signal_connect_object (self->openvpn, "lost", G_CALLBACK (on_openvpn_lost), self, 0);
  return ADIT_TUNNEL (self);
}
