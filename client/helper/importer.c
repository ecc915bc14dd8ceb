/* SPDX-License-Identifier: GPL-2.0-or-later */
/* importer.c: the helper's end of an import.  A worker is believed in nothing but facts that can be those of a profile and sizes
 * that fit the sealed files it hands up; whatever else it says ends it, and nothing is kept. */
#define G_LOG_DOMAIN "adit-worker"

#include "client/helper/importer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/secret.h"
#include "client/helper/sealed.h"
#include "client/helper/worker-hear.h"
#include "client/helper/worker-start.h"
#include "client/wire/channel.h"

#define DEADLINE_MS 20000    /* a whole archive needs a fraction of a second */
#define MAX_IMPORTS 2        /* at once; each may be given 16 MiB to read */
#define MAX_KNOWN   8        /* as many as somebody goes back and forth between */

/* The server of an OpenVPN profile that was looked up last.  A profile's text never changes, so neither does the answer. */
typedef struct
{
  char           id[ADIT_ACCOUNT_ID_MAX_BYTES];    /* "": none */
  guint          number;
  AditWireServer server;
} Known;

struct _AditImporter
{
  GObject          parent_instance;
  AditWorkerStart *start, *picture_start;
  guint            n_running;
  guint32          last_attempt;

  Known            known[MAX_KNOWN];
  guint            next_known;      /* where the next one goes that is none of these */
};

G_DEFINE_FINAL_TYPE (AditImporter, adit_importer, G_TYPE_OBJECT)

typedef struct
{
  AditProcess  *process;
  int           socket;
  guint         socket_source, deadline_source, cancel_source;
  guint32       attempt;
  AditWireWant  want;
  char          id[ADIT_ACCOUNT_ID_MAX_BYTES];    /* of the profile whose server is asked for */
  guint         number;
  AditImported *imported;
  AditProfileServer *server;
} Ask;

static void
adit_importer_finalize (GObject *object)
{
  adit_worker_start_free (ADIT_IMPORTER (object)->start);
  adit_worker_start_free (ADIT_IMPORTER (object)->picture_start);
  G_OBJECT_CLASS (adit_importer_parent_class)->finalize (object);
}

static void
adit_importer_class_init (AditImporterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_importer_finalize;
}

static void
adit_importer_init (AditImporter *self)
{
}

/**
 * adit_importer_new:
 * @program: the worker's absolute path
 *
 * Returns: (transfer full): an importer
 */
AditImporter *
adit_importer_new (const char *program)
{
  AditImporter *self = g_object_new (ADIT_TYPE_IMPORTER, NULL);

  self->start = adit_worker_start_new (program, ADIT_WORKER_ROLE_IMPORT);
  self->picture_start = adit_worker_start_new (program, ADIT_WORKER_ROLE_PICTURE);
  return self;
}

/**
 * adit_imported_free:
 * @self: (nullable): what was imported; its texts are wiped
 */
void
adit_imported_free (AditImported *self)
{
  if (self == NULL)
    return;
  adit_wipe (self->texts, self->texts_bytes);
  g_free (self->texts);
  if (self->lines_fd >= 0)
    close (self->lines_fd);
  g_free (self);
}

/**
 * adit_profile_server_free:
 * @self: (nullable): a server; its keys are wiped
 */
void
adit_profile_server_free (AditProfileServer *self)
{
  if (self == NULL)
    return;
  adit_wipe (self, sizeof *self);
  g_free (self);
}

static void
ask_free (gpointer data)
{
  Ask *ask = data;

  g_clear_handle_id (&ask->socket_source, g_source_remove);
  g_clear_handle_id (&ask->deadline_source, g_source_remove);
  g_clear_handle_id (&ask->cancel_source, g_source_remove);
  if (ask->socket >= 0)
    close (ask->socket);
  if (ask->process != NULL)
    adit_process_kill (ask->process);
  g_clear_object (&ask->process);
  g_clear_pointer (&ask->imported, adit_imported_free);
  g_clear_pointer (&ask->server, adit_profile_server_free);
  g_free (ask);
}

/* Takes the task and the error.  The last thing that happens to a question. */
static void
finish (GTask *task, GError *error)
{
  Ask *ask = g_task_get_task_data (task);

  g_clear_handle_id (&ask->socket_source, g_source_remove);
  g_clear_handle_id (&ask->deadline_source, g_source_remove);
  g_clear_handle_id (&ask->cancel_source, g_source_remove);
  ADIT_IMPORTER (g_task_get_source_object (task))->n_running--;
  if (error != NULL)
    g_task_return_error (task, error);
  else if (ask->want == ADIT_WIRE_WANT_SERVER)
    g_task_return_pointer (task, g_steal_pointer (&ask->server), (GDestroyNotify) adit_profile_server_free);
  else
    g_task_return_pointer (task, g_steal_pointer (&ask->imported), (GDestroyNotify) adit_imported_free);
  g_object_unref (task);
}

static void
refuse (GTask *task, const char *what)
{
  finish (task, g_error_new (ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "The worker that reads the file %s", what));
}

static gboolean
take_profile (AditImported *imported, const AditWireProfile *profile)
{
  if (imported->n_profiles >= ADIT_IMPORT_MAX_PROFILES)
    return FALSE;
  imported->facts[imported->n_profiles] = profile->facts;
  imported->text_bytes[imported->n_profiles++] = profile->size_text_bytes;
  imported->texts_bytes += profile->size_text_bytes;
  return TRUE;
}

/* The last word: does it fit what came before? */
static gboolean
take_imported (AditImported *imported, const AditWireImported *message, int *fds)
{
  if (message->n_profiles != imported->n_profiles || message->size_texts_bytes != imported->texts_bytes ||
      !adit_sealed_is (fds[0], message->size_lines_bytes) ||
      (imported->n_profiles > 0 && !adit_sealed_is (fds[1], message->size_texts_bytes)))
    return FALSE;
  imported->lines_fd = fcntl (fds[0], F_DUPFD_CLOEXEC, 0);
  imported->texts = g_malloc (imported->texts_bytes + 1);
  for (gsize length = 0; length < imported->texts_bytes;)
    {
      gssize got = pread (fds[1], imported->texts + length, imported->texts_bytes - length, (off_t) length);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return FALSE;
      length += (gsize) got;
    }
  return imported->lines_fd >= 0;
}

static Known *
find_known (AditImporter *self, const char *id)
{
  /* No id is one of a row that is free. */
  for (guint i = 0; id[0] != '\0' && i < MAX_KNOWN; i++)
    if (g_str_equal (self->known[i].id, id))
      return &self->known[i];
  return NULL;
}

static void
keep_server (AditImporter *self, const Ask *ask)
{
  Known *known = find_known (self, ask->id);

  if (known == NULL)
    known = &self->known[self->next_known++ % MAX_KNOWN];
  g_strlcpy (known->id, ask->id, sizeof known->id);
  known->number = ask->number;
  known->server = ask->server->server;
}

/* Answers whether there is more to be read. */
static gboolean
on_message (GTask *task, const AditWireMessage *message, int *fds)
{
  Ask *ask = g_task_get_task_data (task);
  AditWireOp op = (AditWireOp) message->header.op;

  if (op != ADIT_WIRE_FAILED && (op == ADIT_WIRE_SERVER || op == ADIT_WIRE_PEERS) != (ask->want == ADIT_WIRE_WANT_SERVER))
    {
      refuse (task, "answered another question");
      return FALSE;
    }
  switch (op)
    {
    case ADIT_WIRE_PEERS:
      ask->server->peers = message->peers;
      ask->server->is_wireguard = TRUE;
      finish (task, NULL);
      return FALSE;

    case ADIT_WIRE_SERVER:
      ask->server->server = message->server;
      keep_server (g_task_get_source_object (task), ask);
      finish (task, NULL);
      return FALSE;

    case ADIT_WIRE_PROFILE:
      if (ask->want == ADIT_WIRE_WANT_IMPORT && take_profile (ask->imported, &message->profile))
        return TRUE;
      refuse (task, "sent too many profiles");
      return FALSE;

    case ADIT_WIRE_IMPORTED:
      if (take_imported (ask->imported, &message->imported, fds))
        finish (task, NULL);
      else
        refuse (task, "handed over what is not as it said");
      return FALSE;

    case ADIT_WIRE_FAILED:
      finish (task, g_error_new_literal (ADIT_ERROR, (gint) message->failed.error, message->failed.detail));
      return FALSE;

    default:
      refuse (task, "answered another question");
      return FALSE;
    }
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  Ask *ask = g_task_get_task_data (task);
  gboolean more = TRUE;

  while (more)
    {
      AditWireMessage message;
      int fds[ADIT_WIRE_MAX_FDS];
      guint n_fds;
      const char *wrong;
      AditWorkerHeard heard = adit_worker_hear (fd, ask->attempt, &message, fds, &n_fds, &wrong);

      more = FALSE;
      if (heard == ADIT_WORKER_IS_SILENT)
        break;
      if (heard == ADIT_WORKER_SAID)
        more = on_message (task, &message, fds);
      else
        refuse (task, wrong);
      for (guint i = 0; i < n_fds; i++)
        close (fds[i]);
      adit_wipe (&message, sizeof message);
    }
  return G_SOURCE_CONTINUE;    /* removed by finish() */
}

static gboolean
on_deadline (gpointer user_data)
{
  ((Ask *) g_task_get_task_data (user_data))->deadline_source = 0;
  refuse (user_data, "did not answer in time");
  return G_SOURCE_REMOVE;
}

/* Disconnect does not wait for a worker that hangs. */
static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  ((Ask *) g_task_get_task_data (user_data))->cancel_source = 0;
  refuse (user_data, "is not needed any more");
  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (GTask *task)
{
  g_autoptr (GSource) source = g_cancellable_source_new (g_task_get_cancellable (task));

  g_source_set_callback (source, G_SOURCE_FUNC (on_cancelled), task, NULL);
  ((Ask *) g_task_get_task_data (task))->cancel_source = g_source_attach (source, NULL);
}

static gboolean
send_request (Ask *ask, guint number, int files, GError **error)
{
  AditWireMessage message;

  adit_wire_begin (&message, ADIT_WIRE_REQUEST, ask->attempt);
  message.request.want = ask->want;
  message.request.try_number = number;
  message.request.now_s = g_get_real_time () / G_USEC_PER_SEC;
  return adit_channel_send (ask->socket, &message, &files, 1, error);
}

/* The session's own question is never one too many. */
static void
ask_async (AditImporter *self, AditWireWant want, const char *id, guint number, int files, GCancellable *cancellable,
           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Ask *ask = g_new0 (Ask, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, ask_async);
  ask->want = want;
  g_strlcpy (ask->id, id, sizeof ask->id);
  ask->number = number;
  ask->server = g_new0 (AditProfileServer, 1);
  ask->socket = -1;
  ask->attempt = ++self->last_attempt;
  ask->imported = g_new0 (AditImported, 1);
  ask->imported->lines_fd = -1;
  g_task_set_task_data (task, ask, ask_free);
  self->n_running++;
  if (self->n_running > MAX_IMPORTS && want != ADIT_WIRE_WANT_SERVER)
    error = g_error_new (ADIT_ERROR, ADIT_ERROR_BUSY, "Other files are being read");
  else
    ask->process = adit_worker_start_take (want == ADIT_WIRE_WANT_PICTURE ? self->picture_start : self->start, &ask->socket,
                                           &error);
  if (ask->process != NULL && send_request (ask, number, files, &error))
    {
      ask->socket_source = g_unix_fd_add (ask->socket, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, task);
      ask->deadline_source = g_timeout_add (DEADLINE_MS, on_deadline, task);
      if (cancellable != NULL)
        watch_cancellable (task);
    }
  close (files);
  if (error != NULL)
    finish (task, error);
}

/**
 * adit_importer_prepare:
 * @self: an importer
 * @id: a profile's
 *
 * Somebody asks for that profile's server, and it is not known yet whether they may have it: a worker waits for that, unless none
 * is needed.
 */
void
adit_importer_prepare (AditImporter *self, const char *id)
{
  if (find_known (self, id) == NULL)
    adit_worker_start_prepare (self->start);
}

/**
 * adit_importer_dismiss:
 * @self: an importer
 *
 * They may not, or need none.
 */
void
adit_importer_dismiss (AditImporter *self)
{
  adit_worker_start_dismiss (self->start);
}

/**
 * adit_importer_ask_async:
 * @self: an importer
 * @files: a descriptor of a person's files, as their client packed them; taken, and never read here
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Starts a worker that reads them.
 */
void
adit_importer_ask_async (AditImporter *self, int files, GAsyncReadyCallback callback, gpointer user_data)
{
  ask_async (self, ADIT_WIRE_WANT_IMPORT, "", 0, files, NULL, callback, user_data);
}

/**
 * adit_importer_read_picture_async:
 * @self: an importer
 * @picture: a descriptor of a person's picture; taken, and never read here
 * @callback: called with the answer, which adit_importer_ask_finish() has: what its QR code says, where lines would be
 * @user_data: for @callback
 *
 * Starts a worker that reads it.
 */
void
adit_importer_read_picture_async (AditImporter *self, int picture, GAsyncReadyCallback callback, gpointer user_data)
{
  ask_async (self, ADIT_WIRE_WANT_PICTURE, "", 0, picture, NULL, callback, user_data);
}

/**
 * adit_importer_get_known:
 * @self: an importer
 * @id: a profile's
 * @number: which of its servers
 *
 * Returns: (transfer none) (nullable): that server, if it is the profile's last one that was looked up, and of OpenVPN
 */
const AditWireServer *
adit_importer_get_known (AditImporter *self, const char *id, guint number)
{
  Known *known = find_known (self, id);

  return known != NULL && known->number == number ? &known->server : NULL;
}

/**
 * adit_importer_forget:
 * @self: an importer
 * @id: of a profile that goes
 *
 * Its server is known no more.
 */
void
adit_importer_forget (AditImporter *self, const char *id)
{
  Known *known = find_known (self, id);

  if (known != NULL)
    *known = (Known) { .id = "" };
}

/**
 * adit_importer_find_server_async:
 * @self: an importer
 * @id: the profile's
 * @profile: a descriptor of its text; taken, and never read here
 * @number: which of its servers; of WireGuard's all peers are answered
 * @cancellable: (nullable): ends the question and its worker
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Starts a worker that looks it up in the text, unless it is known.
 */
void
adit_importer_find_server_async (AditImporter *self, const char *id, int profile, guint number, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  const AditWireServer *known = adit_importer_get_known (self, id, number);

  if (known != NULL)
    {
      g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
      AditProfileServer *server = g_new0 (AditProfileServer, 1);

      g_task_set_source_tag (task, adit_importer_find_server_async);
      server->server = *known;
      close (profile);
      g_task_return_pointer (task, server, (GDestroyNotify) adit_profile_server_free);
      return;
    }
  ask_async (self, ADIT_WIRE_WANT_SERVER, id, number, profile, cancellable, callback, user_data);
}

/**
 * adit_importer_find_server_finish:
 * @self: an importer
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR_WORKER_FAILED, or what the worker said
 *
 * Returns: (transfer full) (nullable): the server, checked field by field
 */
AditProfileServer *
adit_importer_find_server_finish (AditImporter *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * adit_importer_ask_finish:
 * @self: an importer
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR_WORKER_FAILED, %ADIT_ERROR_BUSY, or what the worker said
 *
 * Returns: (transfer full) (nullable): what it made of them, perhaps no profile
 */
AditImported *
adit_importer_ask_finish (AditImporter *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
