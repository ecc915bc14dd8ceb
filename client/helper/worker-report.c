/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker-report.c: the helper's end of a report.  Nothing of a note, a report or an answer of a server is read here: a worker
 * makes the text, which is kept as it comes, and a worker sends it, to addresses and by a way that are not its own choice. */
#define G_LOG_DOMAIN "adit-worker"

#include "client/helper/worker-report.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/helper/own-files.h"
#include "client/helper/sealed.h"
#include "client/helper/worker-hear.h"
#include "client/helper/worker-start.h"
#include "client/report/report.h"
#include "client/wire/channel.h"
#include "platform/transport.h"

#define DEADLINE_MS 25000    /* longer than the worker's own */
#define CONNECT_MS  5000     /* each address */
#define MAX_MODULES ADIT_CRASH_MAX_MODULES

G_STATIC_ASSERT (ADIT_REPORT_ID_LENGTH == ADIT_WIRE_REPORT_ID_LENGTH && ADIT_REPORT_KEY_LENGTH == ADIT_WIRE_REPORT_KEY_LENGTH);
G_STATIC_ASSERT (ADIT_DSN_KEY_MAX_BYTES == sizeof ((AditWireReportTask *) NULL)->key);
G_STATIC_ASSERT (ADIT_DSN_FOLDER_MAX_BYTES == sizeof ((AditWireReportTask *) NULL)->folder);
G_STATIC_ASSERT (ADIT_DSN_PROJECT_MAX_BYTES == sizeof ((AditWireReportTask *) NULL)->project);
G_STATIC_ASSERT (ADIT_DSN_PIN_MAX_BYTES == sizeof ((AditWireReportTask *) NULL)->pin);

struct _AditWorkerReport
{
  GObject  parent_instance;
  char    *program;
  guint32  last_attempt;
};

G_DEFINE_FINAL_TYPE (AditWorkerReport, adit_worker_report, G_TYPE_OBJECT)

/* One question and its worker.  It lives as long as its task, and as a connection that is being opened for it. */
typedef struct
{
  gatomicrefcount  references;
  GTask           *task;            /* NULL: it is over */
  AditProcess     *process;
  int              socket;
  guint            socket_source, deadline_source, cancel_source;
  GCancellable    *connecting;
  AditWireRequest  request;
  guint            n_connects, n_modules;
  /* the answer */
  GBytes          *text;
  char             key[ADIT_REPORT_KEY_LENGTH + 1];
  AditReportAnswer answer;
} Ask;

static void
adit_worker_report_finalize (GObject *object)
{
  g_free (ADIT_WORKER_REPORT (object)->program);
  G_OBJECT_CLASS (adit_worker_report_parent_class)->finalize (object);
}

static void
adit_worker_report_class_init (AditWorkerReportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_worker_report_finalize;
}

static void
adit_worker_report_init (AditWorkerReport *self)
{
}

/**
 * adit_worker_report_new:
 * @program: the worker's absolute path
 *
 * Returns: (transfer full): starts nothing until there is a report
 */
AditWorkerReport *
adit_worker_report_new (const char *program)
{
  AditWorkerReport *self = g_object_new (ADIT_TYPE_WORKER_REPORT, NULL);

  self->program = g_strdup (program);
  return self;
}

static Ask *
ask_ref (Ask *ask)
{
  g_atomic_ref_count_inc (&ask->references);
  return ask;
}

static void
end_worker (Ask *ask)
{
  g_clear_handle_id (&ask->socket_source, g_source_remove);
  g_clear_handle_id (&ask->deadline_source, g_source_remove);
  g_clear_handle_id (&ask->cancel_source, g_source_remove);
  g_cancellable_cancel (ask->connecting);
  if (ask->socket >= 0)
    close (ask->socket);
  ask->socket = -1;
  if (ask->process != NULL)
    adit_process_kill (ask->process);
  g_clear_object (&ask->process);
}

static void
ask_unref (gpointer data)
{
  Ask *ask = data;

  if (!g_atomic_ref_count_dec (&ask->references))
    return;
  end_worker (ask);
  g_object_unref (ask->connecting);
  g_clear_pointer (&ask->text, g_bytes_unref);
  g_free (ask);
}

/* Takes the error.  Nothing is heard of this worker afterwards. */
static void
finish (Ask *ask, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&ask->task);

  end_worker (ask);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
refuse (Ask *ask, const char *what)
{
  finish (ask, g_error_new (ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "The worker for reports %s", what));
}

static void
answer (Ask *ask, const AditWireMessage *message, const int *fds, guint n_fds)
{
  if (!adit_channel_send (ask->socket, message, fds, n_fds, NULL))
    refuse (ask, "does not listen");
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Ask *ask = user_data;
  g_autoptr (GError) error = NULL;
  int fd = adit_transport_connect_finish (result, &error);
  AditWireMessage message;

  if (ask->task != NULL)
    {
      adit_wire_begin (&message, ADIT_WIRE_CONNECTED, ask->request.header.attempt);
      if (fd < 0)
        message.connected.error = 1 + (error->domain == ADIT_ERROR ? (guint32) error->code : ADIT_ERROR_SERVICE_UNREACHABLE);
      answer (ask, &message, &fd, fd >= 0 ? 1 : 0);
    }
  if (fd >= 0)
    close (fd);
  ask_unref (ask);
}

/* Never by our mark: a report goes the way that every program's packets go, and where those may not leave it does not either. */
static void
connect_to (Ask *ask, const AditEndpoint *endpoint)
{
  gboolean is_named = FALSE;

  for (guint i = 0; i < ask->request.n_api; i++)
    is_named = is_named || adit_endpoint_equal (&ask->request.api[i], endpoint);
  if (!is_named || ++ask->n_connects > ask->request.n_api)
    refuse (ask, "asked for a connection that it may not have");
  else
    adit_transport_connect_async (endpoint, ADIT_WAY_INSIDE, CONNECT_MS, ask->connecting, on_connected, ask_ref (ask));
}

static void
lend_module (Ask *ask, const AditWireModule *module)
{
  AditWireMessage message;
  int fds[2];
  guint n_fds = 0;

  if (++ask->n_modules > MAX_MODULES)
    {
      refuse (ask, "asked for too many files");
      return;
    }
  adit_own_files_open (ADIT_WORKER_REPORT (g_task_get_source_object (ask->task))->program, module, &fds[0], &fds[1]);
  while (n_fds < 2 && fds[n_fds] >= 0)
    n_fds++;
  adit_wire_begin (&message, ADIT_WIRE_MODULE_FILES, ask->request.header.attempt);
  message.module_files.has_program = n_fds > 0;
  message.module_files.has_debug = n_fds > 1;
  answer (ask, &message, fds, n_fds);
  for (guint i = 0; i < n_fds; i++)
    close (fds[i]);
}

static void
take_text (Ask *ask, const AditWireReport *message, int fd)
{
  gsize length = message->size_text_bytes, have = 0;
  g_autofree char *text = g_malloc (length);

  if (!adit_sealed_is (fd, length))
    {
      refuse (ask, "handed over what is not as it said");
      return;
    }
  while (have < length)
    {
      gssize got = pread (fd, text + have, length - have, (off_t) have);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        {
          refuse (ask, "handed over what cannot be read");
          return;
        }
      have += (gsize) got;
    }
  ask->text = g_bytes_new_take (g_steal_pointer (&text), length);
  g_strlcpy (ask->key, message->key, sizeof ask->key);
  finish (ask, NULL);
}

static void
take_reported (Ask *ask, const AditWireReported *message)
{
  static const AditReportOutcome outcomes[ADIT_N_WIRE_SENDS] = {
    [ADIT_WIRE_SEND_DONE] = ADIT_REPORT_SENT, [ADIT_WIRE_SEND_LATER] = ADIT_REPORT_LATER,
    [ADIT_WIRE_SEND_REFUSED] = ADIT_REPORT_REFUSED,
  };

  ask->answer = (AditReportAnswer) { outcomes[message->outcome], message->status, message->retry_after_s };
  finish (ask, NULL);
}

/* A worker that makes a report reads what a stranger has written: it may say that it is no note, and nothing about this computer,
 * such as that its disk is full, after which it would be asked again for ever. */
static gint
get_failure (Ask *ask, const AditWireFailed *message)
{
  if (ask->request.want == ADIT_WIRE_WANT_SEND || message->error == ADIT_ERROR_INVALID_ARGUMENT)
    return (gint) message->error;
  return ADIT_ERROR_WORKER_FAILED;
}

static void
on_message (Ask *ask, const AditWireMessage *message, int *fds)
{
  gboolean sends = ask->request.want == ADIT_WIRE_WANT_SEND;

  switch ((AditWireOp) message->header.op)
    {
    case ADIT_WIRE_FAILED:
      finish (ask, g_error_new_literal (ADIT_ERROR, get_failure (ask, &message->failed), message->failed.detail));
      break;
    case ADIT_WIRE_CONNECT:
      if (!g_cancellable_is_cancelled (g_task_get_cancellable (ask->task)))
        connect_to (ask, &message->connect.endpoint);    /* for a report that is made there is no address to compare with */
      break;
    case ADIT_WIRE_MODULE:
      if (ask->request.report.has_note)
        lend_module (ask, &message->module);
      else
        refuse (ask, "asked for files without a note");
      break;
    case ADIT_WIRE_REPORT:
      if (!sends)
        take_text (ask, &message->report, fds[0]);
      else
        refuse (ask, "answered another question");
      break;
    case ADIT_WIRE_REPORTED:
      if (sends)
        take_reported (ask, &message->reported);
      else
        refuse (ask, "answered another question");
      break;
    default:
      refuse (ask, "answered another question");
      break;
    }
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  Ask *ask = ask_ref (user_data);

  while (ask->task != NULL)
    {
      AditWireMessage message;
      int fds[ADIT_WIRE_MAX_FDS];
      guint n_fds;
      const char *wrong;
      AditWorkerHeard heard = adit_worker_hear (fd, ask->request.header.attempt, &message, fds, &n_fds, &wrong);

      if (heard == ADIT_WORKER_IS_SILENT)
        break;
      if (heard == ADIT_WORKER_SAID)
        on_message (ask, &message, fds);
      else
        refuse (ask, wrong);
      for (guint i = 0; i < n_fds; i++)
        close (fds[i]);
    }
  ask_unref (ask);
  return G_SOURCE_CONTINUE;    /* removed by end_worker() */
}

static gboolean
on_deadline (gpointer user_data)
{
  Ask *ask = user_data;

  ask->deadline_source = 0;
  refuse (ask, "did not answer in time");
  return G_SOURCE_REMOVE;
}

/* The worker may have answered already: that the server has it is not to be lost. */
static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Ask *ask = ask_ref (user_data);

  ask->cancel_source = 0;
  (void) on_readable (ask->socket, G_IO_IN, ask);
  if (ask->task != NULL)
    finish (ask, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The report is not wanted any more"));
  ask_unref (ask);
  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (Ask *ask, GCancellable *cancellable)
{
  g_autoptr (GSource) source = g_cancellable_source_new (cancellable);

  g_source_set_callback (source, G_SOURCE_FUNC (on_cancelled), ask, NULL);
  ask->cancel_source = g_source_attach (source, NULL);
}

static Ask *
ask_new (AditWorkerReport *self, AditWireWant want, const char *id, GTask *task)
{
  Ask *ask = g_new0 (Ask, 1);
  AditWireMessage message;

  g_atomic_ref_count_init (&ask->references);
  ask->socket = -1;
  ask->connecting = g_cancellable_new ();
  ask->task = task;
  adit_wire_begin (&message, ADIT_WIRE_REQUEST, ++self->last_attempt);
  ask->request = message.request;
  ask->request.want = want;
  ask->request.now_s = g_get_real_time () / G_USEC_PER_SEC;
  g_strlcpy (ask->request.report.id, id, sizeof ask->request.report.id);
  g_task_set_task_data (task, ask, ask_unref);
  return ask;
}

/* Starts the worker and gives it the request with what it is about, and @second if there is one. */
static void
start (Ask *ask, GBytes *bytes, int second)
{
  AditWorkerReport *self = g_task_get_source_object (ask->task);
  GCancellable *cancellable = g_task_get_cancellable (ask->task);
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);
  g_autoptr (AditSecret) secret = adit_secret_new (data, length);
  AditWireMessage message = { .request = ask->request };
  GError *error = NULL;
  int fds[2] = { adit_sealed_new (secret, &error), second };

  if (fds[0] >= 0)
    ask->process = adit_worker_start_role (self->program, ADIT_WORKER_ROLE_REPORT, FALSE, &ask->socket, &error);
  if (ask->process != NULL && adit_channel_send (ask->socket, &message, fds, second >= 0 ? 2 : 1, &error))
    {
      ask->socket_source = g_unix_fd_add (ask->socket, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, ask);
      ask->deadline_source = g_timeout_add (DEADLINE_MS, on_deadline, ask);
      if (cancellable != NULL)
        watch_cancellable (ask, cancellable);
    }
  if (fds[0] >= 0)
    close (fds[0]);
  if (error != NULL)
    finish (ask, error);
}

/**
 * adit_worker_report_make_async:
 * @self: who has reports made
 * @facts: what it is made of; copied, its descriptor too
 * @cancellable: (nullable): ends the worker
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Starts a worker that makes the report's text: checks the note, looks for the names of our functions, redacts all but the way to
 * answer.
 */
void
adit_worker_report_make_async (AditWorkerReport *self, const AditReportFacts *facts, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Ask *ask = ask_new (self, ADIT_WIRE_WANT_REPORT, facts->id, task);
  GError *error = NULL;
  g_autoptr (GBytes) packed = adit_report_facts_pack (facts, &error);

  g_task_set_source_tag (task, adit_worker_report_make_async);
  ask->request.report.has_note = facts->note_fd >= 0 ? 1 : 0;
  if (packed != NULL)
    start (ask, packed, facts->note_fd);
  else
    finish (ask, error);
}

/**
 * adit_worker_report_make_finish:
 * @self: who had it made
 * @result: what the callback was given
 * @key: (out): 64 digits that two reports of one crash have in common; yours to free
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT: that is no note, or too much was written; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: (transfer full) (nullable): its text (client/report/report.h), at most %ADIT_REPORT_MAX_BYTES; nobody has to read it
 */
GBytes *
adit_worker_report_make_finish (AditWorkerReport *self, GAsyncResult *result, char **key, GError **error)
{
  Ask *ask;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  ask = g_task_get_task_data (G_TASK (result));
  *key = g_strdup (ask->key);
  return g_steal_pointer (&ask->text);
}

static void
fill_server (AditWireRequest *request, const AditDsn *dsn, const char *pin)
{
  AditWireReportTask *task = &request->report;

  g_strlcpy (task->host, dsn->host, sizeof task->host);
  g_strlcpy (task->folder, dsn->folder, sizeof task->folder);
  g_strlcpy (task->key, dsn->key, sizeof task->key);
  g_strlcpy (task->project, dsn->project, sizeof task->project);
  g_strlcpy (task->pin, pin != NULL ? pin : "", sizeof task->pin);
  task->port = dsn->port;
}

/**
 * adit_worker_report_send_async:
 * @self: who has reports sent
 * @dsn: where to
 * @pin: (nullable): what its certificate is known by, after adit_dsn_pin_is_valid(); else the roots of this computer say
 * @addresses: (array length=n_addresses): where that is, best first; no other is connected to
 * @n_addresses: how many; what is beyond %ADIT_SERVICE_MAX_API is left out
 * @id: the report's number
 * @text: the report
 * @cancellable: (nullable): ends the worker; the server may have the report then, and what it has said until then is told
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Whether it may be sent now is for the caller to know.  The connection carries no mark: it goes through the tunnel where there
 * is one, and with a lock in force and no tunnel it goes nowhere.
 */
void
adit_worker_report_send_async (AditWorkerReport *self, const AditDsn *dsn, const char *pin, const AditAddress *addresses,
                               guint n_addresses, const char *id, GBytes *text, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Ask *ask = ask_new (self, ADIT_WIRE_WANT_SEND, id, task);

  g_task_set_source_tag (task, adit_worker_report_send_async);
  g_task_set_check_cancellable (task, FALSE);    /* an answer that is here is an answer */
  fill_server (&ask->request, dsn, pin);
  ask->request.n_api = MIN (n_addresses, ADIT_SERVICE_MAX_API);
  for (guint i = 0; i < ask->request.n_api; i++)
    {
      ask->request.api[i].address = addresses[i];
      ask->request.api[i].port = dsn->port;
    }
  start (ask, text, -1);
}

/**
 * adit_worker_report_send_finish:
 * @self: who had it sent
 * @result: what the callback was given
 * @said: (out): what the server said
 * @error: return location; %ADIT_ERROR_SERVICE_UNREACHABLE, %ADIT_ERROR_SERVICE_UNTRUSTED (also: not the pinned certificate),
 *   %ADIT_ERROR_SERVICE_NONSENSE (also: an answer that is too long), %ADIT_ERROR_WRONG_CLOCK, %ADIT_ERROR_WORKER_FAILED,
 *   %ADIT_ERROR_INVALID_ARGUMENT (the text is no report, or another one)
 *
 * After an error the server may have the report or not: sent again it has the same number, by which servers leave out the second.
 *
 * Returns: whether it said something
 */
gboolean
adit_worker_report_send_finish (AditWorkerReport *self, GAsyncResult *result, AditReportAnswer *said, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *said = ((Ask *) g_task_get_task_data (G_TASK (result)))->answer;
  return TRUE;
}
