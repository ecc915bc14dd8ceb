/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker.c: the talk with the helper, the same for every role. */
#include "client/worker/worker.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "client/base/secret.h"

#define SHORT_TIME_US  (20 * G_USEC_PER_SEC)    /* a token, and two calls of 10 s that do not all take that long */
#define LIST_TIME_US   (30 * G_USEC_PER_SEC)    /* 15 s for the list, and as much again on a slow computer */
#define REQUEST_TIME_US (5 * G_USEC_PER_SEC)    /* the helper has its request ready before it starts us */

static gboolean
fail (GError **error, AditError code, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, code, text);
  return FALSE;
}

/* Waits until there is a message, or the time is over. */
static gboolean
receive (AditWorker *self, AditWireMessage *message, gsize *length, int *fds, guint *n_fds, GError **error)
{
  struct pollfd wait = { .fd = self->socket, .events = POLLIN };
  g_autoptr (GError) problem = NULL;
  int ready;

  do
    ready = poll (&wait, 1, (int) adit_worker_get_left_ms (self));
  while (ready < 0 && errno == EINTR);
  if (ready <= 0)
    return fail (error, ADIT_ERROR_WORKER_FAILED, "The helper did not answer in time");
  if (adit_channel_receive (self->socket, message, length, fds, n_fds, &problem))
    return TRUE;
  return fail (error, ADIT_ERROR_WORKER_FAILED, problem != NULL ? problem->message : "The helper has gone");
}

static void
close_all (int *fds, guint n_fds)
{
  for (guint i = 0; i < n_fds; i++)
    close (fds[i]);
}

static void
forget_files (AditWorker *self)
{
  self->list_fd = self->trust_fd = self->openvpn_trust_fd = self->profile_fd = self->files_fd = self->note_fd = -1;
}

/**
 * adit_worker_get_left_ms:
 * @self: a worker
 *
 * Returns: milliseconds until the deadline; 0 after it
 */
guint
adit_worker_get_left_ms (AditWorker *self)
{
  return (guint) MAX (0, (self->end_us - g_get_monotonic_time ()) / 1000);
}

/**
 * adit_worker_receive_request:
 * @self: (out caller-allocates): a worker
 * @socket: its one socket; stays the caller's
 * @error: return location; %ADIT_ERROR_OTHER_VERSION when the helper is of another build
 *
 * Receives the one request and starts its deadline.  After an error @self can still tell the helper about it.
 *
 * Returns: %TRUE with a checked request
 */
gboolean
adit_worker_receive_request (AditWorker *self, int socket, GError **error)
{
  int fds[ADIT_WIRE_MAX_FDS];
  guint n_fds;
  gsize length;
  AditWireRequest *request = &self->request.request;
  gint64 start_us = g_get_monotonic_time ();

  memset (self, 0, sizeof *self);
  self->socket = socket;
  forget_files (self);
  self->end_us = start_us + REQUEST_TIME_US;
  if (!receive (self, &self->request, &length, fds, &n_fds, error))
    return FALSE;
  self->attempt = request->header.attempt;

  /* Of another build nothing further is read: its fields may lie elsewhere. */
  if (!adit_wire_is_of_this_build (&self->request, length))
    {
      close_all (fds, n_fds);
      return fail (error, ADIT_ERROR_OTHER_VERSION, "The helper and its worker are not of one build");
    }
  if (!adit_wire_check_from_helper (&self->request, length, n_fds, error))
    {
      close_all (fds, n_fds);
      return FALSE;
    }
  if (request->header.op != ADIT_WIRE_REQUEST)
    {
      close_all (fds, n_fds);
      return fail (error, ADIT_ERROR_WORKER_FAILED, "The helper's first message is no request");
    }
  if (request->want == ADIT_WIRE_WANT_IMPORT || request->want == ADIT_WIRE_WANT_PICTURE ||
      request->want == ADIT_WIRE_WANT_SERVER || request->want == ADIT_WIRE_WANT_REPORT || request->want == ADIT_WIRE_WANT_SEND)
    self->files_fd = fds[0];
  if (request->report.has_note)
    self->note_fd = fds[1];
  if (request->has_list)
    self->list_fd = fds[0];
  if (request->has_trust)
    self->trust_fd = fds[request->has_list];
  if (request->has_openvpn_trust)
    self->openvpn_trust_fd = fds[n_fds - 1];
  if (request->want == ADIT_WIRE_WANT_OPENVPN)
    self->profile_fd = fds[0];
  self->end_us = start_us + (request->want == ADIT_WIRE_WANT_LIST || request->want == ADIT_WIRE_WANT_CHOOSE ? LIST_TIME_US
                                                                                                            : SHORT_TIME_US);
  return TRUE;
}

/**
 * adit_worker_clear:
 * @self: a worker
 *
 * Closes what came with the request and wipes it: it holds the credential.
 */
void
adit_worker_clear (AditWorker *self)
{
  const int fds[] = { self->list_fd, self->trust_fd, self->openvpn_trust_fd, self->profile_fd, self->files_fd,
                      self->note_fd };

  for (gsize i = 0; i < G_N_ELEMENTS (fds); i++)
    if (fds[i] >= 0)
      close (fds[i]);
  adit_wipe (self, sizeof *self);
  forget_files (self);
}

/**
 * adit_worker_connect:
 * @self: a worker
 * @endpoint: one of the request's API addresses
 * @error: return location; the helper's own code, often %ADIT_ERROR_SERVICE_UNREACHABLE
 *
 * Asks the helper to open a connection, and waits.
 *
 * Returns: a connected socket, yours to close; -1 with @error set
 */
int
adit_worker_connect (AditWorker *self, const AditEndpoint *endpoint, GError **error)
{
  AditWireMessage message;
  int fds[ADIT_WIRE_MAX_FDS];
  guint n_fds;
  gsize length;

  adit_wire_begin (&message, ADIT_WIRE_CONNECT, self->attempt);
  message.connect.endpoint = *endpoint;
  if (!adit_worker_send (self, &message, -1, error) || !receive (self, &message, &length, fds, &n_fds, error))
    return -1;
  if (!adit_wire_check_from_helper (&message, length, n_fds, error) || message.header.op != ADIT_WIRE_CONNECTED ||
      message.header.attempt != self->attempt)
    {
      close_all (fds, n_fds);
      if (error != NULL && *error == NULL)
        fail (error, ADIT_ERROR_WORKER_FAILED, "The helper answered something else");
      return -1;
    }
  if (message.connected.error == 0)
    return fds[0];
  fail (error, (AditError) (message.connected.error - 1), "No connection to the service could be opened");
  return -1;
}

/**
 * adit_worker_receive_fd:
 * @self: a worker
 * @op: a message that brings one descriptor
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Waits for the helper's next message, which is that one or a mistake.
 *
 * Returns: the descriptor, yours to close; -1 with @error set
 */
int
adit_worker_receive_fd (AditWorker *self, AditWireOp op, GError **error)
{
  AditWireMessage message;
  int fds[ADIT_WIRE_MAX_FDS];
  guint n_fds;
  gsize length;

  if (!receive (self, &message, &length, fds, &n_fds, error))
    return -1;
  if (adit_wire_check_from_helper (&message, length, n_fds, NULL) && message.header.op == (guint32) op &&
      message.header.attempt == self->attempt && n_fds == 1)
    return fds[0];
  close_all (fds, n_fds);
  fail (error, ADIT_ERROR_WORKER_FAILED, "The helper sent something else");
  return -1;
}

/**
 * adit_worker_borrow_module:
 * @self: a worker
 * @question: %ADIT_WIRE_MODULE
 * @program: (out): one of our programs, yours to close; -1 where there is none
 * @debug: (out): what was split off from it, yours to close; -1 the same
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Asks the helper for files that this process may not open itself, and waits.
 *
 * Returns: whether there is an answer
 */
gboolean
adit_worker_borrow_module (AditWorker *self, const AditWireMessage *question, int *program, int *debug, GError **error)
{
  AditWireMessage message;
  int fds[ADIT_WIRE_MAX_FDS];
  guint n_fds;
  gsize length;

  *program = *debug = -1;
  if (!adit_worker_send (self, question, -1, error) || !receive (self, &message, &length, fds, &n_fds, error))
    return FALSE;
  if (!adit_wire_check_from_helper (&message, length, n_fds, NULL) || message.header.op != ADIT_WIRE_MODULE_FILES ||
      message.header.attempt != self->attempt)
    {
      close_all (fds, n_fds);
      return fail (error, ADIT_ERROR_WORKER_FAILED, "The helper sent something else");
    }
  if (message.module_files.has_program)
    *program = fds[0];
  if (message.module_files.has_debug)
    *debug = fds[1];
  return TRUE;
}

/**
 * adit_worker_send:
 * @self: a worker
 * @message: begun with adit_wire_begin()
 * @fd: a descriptor to pass along, or -1
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Sends only what the helper would accept: a mistake of ours must show here.
 *
 * Returns: %TRUE once it is sent
 */
gboolean
adit_worker_send (AditWorker *self, const AditWireMessage *message, int fd, GError **error)
{
  return adit_worker_send_with (self, message, &fd, fd >= 0 ? 1 : 0, error);
}

/**
 * adit_worker_send_with:
 * @self: a worker
 * @message: begun with adit_wire_begin()
 * @fds: (array length=n_fds): descriptors to pass along
 * @n_fds: how many
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * As adit_worker_send().
 *
 * Returns: %TRUE once it is sent
 */
gboolean
adit_worker_send_with (AditWorker *self, const AditWireMessage *message, const int *fds, guint n_fds, GError **error)
{
  return adit_wire_check_from_worker (message, message->header.size_bytes, n_fds, error) &&
         adit_channel_send (self->socket, message, fds, n_fds, error);
}

/* One printable line that fits; what cannot be printed becomes a question mark. */
static void
write_detail (char *detail, const char *text)
{
  gsize used = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char_validated (p, -1);
      char one[6] = "?";
      int n = 1;

      if (c == (gunichar) -1 || c == (gunichar) -2)
        break;
      if (g_unichar_isprint (c) && g_unichar_type (c) != G_UNICODE_FORMAT && c != 0x2028 && c != 0x2029)
        n = g_unichar_to_utf8 (c, one);
      if (used + (gsize) n >= ADIT_WIRE_DETAIL_MAX_BYTES)
        break;
      memcpy (detail + used, one, (gsize) n);
      used += (gsize) n;
    }
}

/**
 * adit_worker_send_failed:
 * @self: a worker
 * @failure: what went wrong
 *
 * The last word when there is no better one.  A helper that is gone does not get it, and needs none.
 */
void
adit_worker_send_failed (AditWorker *self, const GError *failure)
{
  AditWireMessage message;

  adit_wire_begin (&message, ADIT_WIRE_FAILED, self->attempt);
  message.failed.error = failure->domain == ADIT_ERROR ? (guint32) failure->code : (guint32) ADIT_ERROR_FAILED;
  message.failed.pause_s = self->pause_s;
  write_detail (message.failed.detail, failure->message);
  (void) adit_worker_send (self, &message, -1, NULL);
}
