/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reports.c: notes and words go to a worker and come back as a text, which is kept unread; what somebody has said yes to goes to
 * the queue.  Where the folder cannot be used there are no reports, and all else goes on. */
#define G_LOG_DOMAIN "adit-reports"

#include "client/helper/reports.h"

#include <string.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/secret.h"
#include "client/helper/crash-watch.h"
#include "client/helper/report-limit.h"
#include "client/helper/sealed.h"
#include "platform/alarm.h"

#define DAY_S           (24 * 3600)
#define RETRY_S         600    /* what could not be kept is tried again: a disk may have room then */
#define MAX_UNKEPT      4
#define PROBLEM         "problem"

/* In a profile's place, with whose names it is kept until another server is set: it says no more than that. */
#define REPORT_NAMES "00000000-0000-4000-8000-000000000001"

/* A crash of the helper's or a worker's; nobody else has its note. */
typedef struct
{
  int        note_fd;
  char      *program;
  guint32    owner_uid;
  GPtrArray *lines;    /* of AditLogLine */
} Crash;

struct _AditReports
{
  GObject            parent_instance;
  AditReportsParts   parts;
  AditSpool         *spool;     /* (nullable): the folder could not be used when it was looked at last */
  AditReportQueue   *queue;     /* (nullable): the same */
  AditReportLimit   *limit;
  AditWorkerReport  *worker;
  AditReportsGather  gather;
  gpointer           gather_data;
  GPtrArray         *unkept;    /* of Crash: whose reports found no room on the disk */
  guint              retry;
  GCancellable      *cancellable;
};

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AditReports, adit_reports, G_TYPE_OBJECT)

static void
crash_free (Crash *crash)
{
  if (crash->note_fd >= 0)
    close (crash->note_fd);
  g_free (crash->program);
  g_ptr_array_unref (crash->lines);
  g_free (crash);
}

static void
adit_reports_dispose (GObject *object)
{
  AditReports *self = ADIT_REPORTS (object);

  adit_crash_watch_set_take (NULL, NULL);
  g_cancellable_cancel (self->cancellable);
  if (self->parts.session != NULL)
    g_signal_handlers_disconnect_by_data (self->parts.session, self);
  if (self->parts.network != NULL)
    g_signal_handlers_disconnect_by_data (self->parts.network, self);
  self->parts.session = NULL;
  self->parts.network = NULL;
  self->gather = NULL;
  g_clear_handle_id (&self->retry, g_source_remove);
  g_clear_pointer (&self->queue, adit_report_queue_free);
  G_OBJECT_CLASS (adit_reports_parent_class)->dispose (object);
}

static void
adit_reports_finalize (GObject *object)
{
  AditReports *self = ADIT_REPORTS (object);

  g_clear_pointer (&self->spool, adit_spool_close);
  g_clear_pointer (&self->limit, adit_report_limit_free);
  g_clear_pointer (&self->unkept, g_ptr_array_unref);
  g_clear_object (&self->worker);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (adit_reports_parent_class)->finalize (object);
}

static void
adit_reports_class_init (AditReportsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_reports_dispose;
  G_OBJECT_CLASS (klass)->finalize = adit_reports_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ADIT_TYPE_REPORTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                          G_TYPE_UINT);
}

static void
adit_reports_init (AditReports *self)
{
  self->unkept = g_ptr_array_new_with_free_func ((GDestroyNotify) crash_free);
  self->cancellable = g_cancellable_new ();
}

/* --- Sending ---------------------------------------------------------------------------------------------------------------- */

/* Through the tunnel; or as this computer is, where its owner has chosen to be without one for no set time. */
static AditReportWay
find_way (gpointer data)
{
  AditReports *self = data;
  AditSession *session = self->parts.session;
  AditWay way;

  if (session == NULL)
    return ADIT_REPORT_WAY_HELD;
  if (adit_session_get_state (session) == ADIT_STATE_CONNECTED)
    return ADIT_REPORT_WAY_OPEN;
  if (adit_session_get_state (session) != ADIT_STATE_DISCONNECTED || adit_session_get_lock (session) != ADIT_LOCK_OFF ||
      adit_session_is_paused (session))
    return ADIT_REPORT_WAY_HELD;
  if (self->parts.network != NULL && !adit_network_find_way (self->parts.network, NULL, &way))
    return ADIT_REPORT_WAY_OFFLINE;
  return ADIT_REPORT_WAY_OPEN;
}

static gint64
get_now_s (gpointer data)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

typedef struct
{
  AditDsn dsn;
  char    pin[ADIT_DSN_PIN_MAX_BYTES], id[ADIT_REPORT_ID_LENGTH + 1];
  GBytes *text;
  AditReportAnswer answer;
} Post;

static void
post_free (Post *post)
{
  g_bytes_unref (post->text);
  g_free (post);
}

static void
on_posted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Post *post = g_task_get_task_data (task);
  GError *error = NULL;

  if (adit_worker_report_send_finish (ADIT_WORKER_REPORT (source), result, &post->answer, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Looking a name up takes a while, in which what may leave can become another. */
static void
on_name (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AditReports *self = g_task_get_source_object (task);
  Post *post = g_task_get_task_data (task);
  AditNamesAnswer found;
  GError *error = NULL;

  if (!adit_names_find_finish (ADIT_NAMES (source), result, &found, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;
  if (find_way (self) != ADIT_REPORT_WAY_OPEN)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Nothing may leave any more");
      return;
    }
  adit_worker_report_send_async (self->worker, &post->dsn, post->pin[0] != '\0' ? post->pin : NULL, found.addresses,
                                 found.n_addresses, post->id, post->text, g_task_get_cancellable (task), on_posted, task);
  (void) g_steal_pointer (&task);
}

static void
send_report (gpointer data, const AditReportServer *server, const char *id, GBytes *text, GCancellable *cancellable,
             GAsyncReadyCallback callback, gpointer user_data)
{
  AditReports *self = data;
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Post *post = g_new0 (Post, 1);

  g_task_set_source_tag (task, send_report);
  post->dsn = server->dsn;
  g_strlcpy (post->pin, server->pin, sizeof post->pin);
  g_strlcpy (post->id, id, sizeof post->id);
  post->text = g_bytes_ref (text);
  g_task_set_task_data (task, post, (GDestroyNotify) post_free);
  adit_names_find_async (self->parts.names, server->dsn.host, REPORT_NAMES, ADIT_FAMILY_NONE, cancellable, on_name, task);
}

static gboolean
send_report_finish (gpointer data, GAsyncResult *result, AditReportAnswer *answer, GError **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *answer = ((Post *) g_task_get_task_data (G_TASK (result)))->answer;
  return TRUE;
}

static void
tell (gpointer data, guint32 owner_uid)
{
  g_signal_emit (data, signals[SIGNAL_CHANGED], 0, owner_uid);
}

static const AditReportPost own_post = { find_way, get_now_s, send_report, send_report_finish, tell };

static void
on_world_changed (gpointer source, AditReports *self)
{
  if (self->queue != NULL)
    adit_report_queue_look (self->queue);
}

/* --- The folder ------------------------------------------------------------------------------------------------------------- */

/**
 * adit_reports_get_spool:
 * @self: the reports
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Looks at the folder again where it could not be used: it may have been mended.
 *
 * Returns: (transfer none) (nullable): the reports that there are
 */
AditSpool *
adit_reports_get_spool (AditReports *self, GError **error)
{
  if (self->spool != NULL)
    return self->spool;
  self->spool = adit_spool_open (self->parts.directory, error);
  if (self->spool != NULL)
    self->queue = adit_report_queue_new (self->spool, self->parts.directory, self->parts.configuration, &own_post, self);
  return self->spool;
}

/**
 * adit_reports_new:
 * @parts: what it works with
 *
 * Returns: (transfer full): reports; nothing is made or sent before adit_reports_start()
 */
AditReports *
adit_reports_new (const AditReportsParts *parts)
{
  AditReports *self = g_object_new (ADIT_TYPE_REPORTS, NULL);

  self->parts = *parts;
  self->limit = adit_report_limit_open (parts->limits);
  self->worker = adit_worker_report_new (parts->worker);
  return self;
}

/* --- Making ----------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  AditSpoolEntry entry;
  int            note_fd;
  GPtrArray     *lines;        /* (nullable) */
  char          *words, *contact, *id;
} Making;

static void
making_free (Making *making)
{
  if (making->note_fd >= 0)
    close (making->note_fd);
  g_clear_pointer (&making->lines, g_ptr_array_unref);
  g_free (making->words);
  g_free (making->contact);
  g_free (making->id);
  g_free (making);
}

static AditConsent
find_consent (AditReports *self, guint32 uid, AditReportServer *server)
{
  AditReportPerson person;

  adit_report_person_load (self->parts.directory, uid, &person);
  adit_report_server_find (server, self->parts.configuration, &person);
  return adit_report_person_get_consent (&person, server);
}

/* What its owner has said may be another by now than when it was begun. */
static AditSpoolEntry *
keep (AditReports *self, Making *making, GBytes *text, GError **error)
{
  g_auto (AditReportServer) server = { 0 };
  AditSpool *spool = adit_reports_get_spool (self, error);
  AditSpoolEntry *entry = spool != NULL ? adit_spool_add (spool, &making->entry, text, error) : NULL;

  if (entry == NULL)
    return NULL;
  g_message ("there is a report of %s", entry->kind == ADIT_SPOOL_CRASH ? entry->program : "a problem");
  if (entry->kind == ADIT_SPOOL_CRASH && find_consent (self, entry->owner_uid, &server) == ADIT_CONSENT_ALWAYS)
    {
      g_autoptr (GError) local = NULL;

      if (!adit_report_queue_add (self->queue, entry, &server, TRUE, &local))
        g_warning ("a report waits to be sent: %s", local->message);
    }
  tell (self, entry->owner_uid);
  return entry;
}

static void
on_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AditReports *self = g_task_get_source_object (task);
  Making *making = g_task_get_task_data (task);
  g_autofree char *key = NULL;
  g_autoptr (GBytes) text = NULL;
  GError *error = NULL;

  text = adit_worker_report_make_finish (ADIT_WORKER_REPORT (source), result, &key, &error);
  if (text == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (making->entry.kind == ADIT_SPOOL_CRASH && key != NULL)
    g_strlcpy (making->entry.key, key, sizeof making->entry.key);
  if (self->spool != NULL && adit_spool_has_like (self->spool, making->entry.owner_uid, making->entry.key))
    {
      g_info ("a crash is like one that there is a report of");
      g_task_return_pointer (task, g_strdup (""), g_free);
      return;
    }
  if (keep (self, making, text, &error) == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_return_pointer (task, g_strdup (making->entry.id), g_free);
  if (self->queue != NULL)
    adit_report_queue_look (self->queue);
}

/* Takes the task. */
static void
make (AditReports *self, GTask *task)
{
  Making *making = g_task_get_task_data (task);
  g_autoptr (AditReportMaterial) material = NULL;
  AditReportFacts facts;

  if (self->gather == NULL)
    {
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_BUSY, "The helper is going");
      g_object_unref (task);
      return;
    }
  material = adit_report_material_new ();
  material->words = g_strdup (making->words);
  material->contact = g_strdup (making->contact);
  adit_report_material_add_computer (material);
  adit_report_material_add_people (material, "/etc/passwd");
  self->gather (material, making->entry.kind, making->entry.owner_uid, making->lines, self->gather_data);
  adit_report_material_get_facts (material, making->entry.id, making->note_fd, &facts);
  adit_worker_report_make_async (self->worker, &facts, self->cancellable, on_made, task);
}

static GTask *
begin (AditReports *self, guint32 owner_uid, AditSpoolKind kind, const char *program, int note_fd, GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Making *making = g_new0 (Making, 1);
  g_autofree char *id = adit_report_make_id ();
  gint64 now_s = get_now_s (self);

  g_task_set_source_tag (task, adit_reports_add_async);
  making->note_fd = note_fd;
  making->entry.owner_uid = owner_uid;
  making->entry.kind = kind;
  making->entry.day_s = now_s - now_s % DAY_S;
  g_strlcpy (making->entry.id, id, sizeof making->entry.id);
  g_strlcpy (making->entry.program, program, sizeof making->entry.program);
  g_task_set_task_data (task, making, (GDestroyNotify) making_free);
  return task;
}

/* Whether there may be one more; where a crash may not, nothing is wrong. */
static gboolean
may_make (AditReports *self, guint32 owner_uid, AditSpoolKind kind, const char *program, GError **error)
{
  g_auto (AditReportServer) server = { 0 };
  gint64 now_s = adit_alarm_get_now_us () / G_USEC_PER_SEC;

  if (kind == ADIT_SPOOL_CRASH && find_consent (self, owner_uid, &server) == ADIT_CONSENT_NEVER)
    return FALSE;
  if (kind == ADIT_SPOOL_CRASH)
    {
      if (adit_report_limit_take (self->limit, owner_uid, program, ADIT_REPORT_MAX_CRASHES_AN_HOUR, now_s))
        return TRUE;
      g_message ("%s has crashed more than %d times within an hour; no more reports are made of that", program,
                 ADIT_REPORT_MAX_CRASHES_AN_HOUR);
      return FALSE;
    }
  if (adit_report_limit_take (self->limit, owner_uid, PROBLEM, ADIT_REPORT_MAX_PROBLEMS_AN_HOUR, now_s))
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TOO_MANY_REPORTS, "There have been %d reports of problems within the last hour",
               ADIT_REPORT_MAX_PROBLEMS_AN_HOUR);
  return FALSE;
}

/**
 * adit_reports_add_async:
 * @self: the reports
 * @owner_uid: whose it is
 * @kind: a crash or a problem
 * @program: which of ours
 * @note_fd: (transfer full): of a crash: a sealed note; else -1
 * @words: (nullable): of a problem
 * @contact: (nullable): of a problem
 * @callback: called when it is kept, or is not
 * @user_data: for @callback
 *
 * Makes a report.
 */
void
adit_reports_add_async (AditReports *self, guint32 owner_uid, AditSpoolKind kind, const char *program, int note_fd,
                        const char *words, const char *contact, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = begin (self, owner_uid, kind, program, note_fd, callback, user_data);
  Making *making = g_task_get_task_data (task);
  GError *error = NULL;

  making->words = g_strdup (words);
  making->contact = g_strdup (contact);
  if (adit_reports_get_spool (self, &error) != NULL && may_make (self, owner_uid, kind, program, &error))
    {
      make (self, task);
      return;
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_strdup (""), g_free);
  g_object_unref (task);
}

/**
 * adit_reports_add_finish:
 * @self: the reports
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR_STORE_FAILED, %ADIT_ERROR_TOO_MANY_REPORTS, %ADIT_ERROR_WORKER_FAILED,
 *   %ADIT_ERROR_INVALID_ARGUMENT for a note that is none
 *
 * Returns: (transfer full) (nullable): its id, "" where there is to be none
 */
char *
adit_reports_add_finish (AditReports *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- The helper's own ------------------------------------------------------------------------------------------------------- */

/* Where nobody was connected, and one person alone uses Adit here, it is theirs: root opens no window. */
static guint32
find_owner (AditReports *self, guint32 owner_uid)
{
  GPtrArray *accounts = adit_vault_get_accounts (self->parts.vault);
  GPtrArray *profiles = adit_profiles_get_all (self->parts.profiles);
  guint32 found = ADIT_LOG_NOBODY;

  if (owner_uid != ADIT_LOG_NOBODY)
    return owner_uid;
  for (guint i = 0; i < accounts->len + profiles->len; i++)
    {
      guint32 uid = i < accounts->len ? ((AditAccount *) accounts->pdata[i])->owner_uid
                                      : ((AditProfile *) profiles->pdata[i - accounts->len])->owner_uid;

      if (found != ADIT_LOG_NOBODY && found != uid)
        return 0;
      found = uid;
    }
  return found != ADIT_LOG_NOBODY ? found : 0;
}

static void make_of_crash (AditReports *self, Crash *crash);

static gboolean
on_retry (gpointer user_data)
{
  AditReports *self = user_data;
  g_autoptr (GPtrArray) again = g_steal_pointer (&self->unkept);

  self->retry = 0;
  self->unkept = g_ptr_array_new_with_free_func ((GDestroyNotify) crash_free);
  while (again->len > 0)
    make_of_crash (self, g_ptr_array_steal_index (again, 0));
  return G_SOURCE_REMOVE;
}

static void
on_crash_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditReports *self = ADIT_REPORTS (source);
  Crash *crash = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = adit_reports_add_finish (self, result, &error);

  if (id == NULL && g_error_matches (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED) && self->gather != NULL &&
      self->unkept->len < MAX_UNKEPT)
    {
      g_warning ("a report of %s cannot be kept; it is tried again: %s", crash->program, error->message);
      g_ptr_array_add (self->unkept, crash);
      if (self->retry == 0)
        self->retry = g_timeout_add_seconds (RETRY_S, on_retry, self);
      return;
    }
  if (id == NULL)
    g_warning ("there will be no report of %s: %s", crash->program, error->message);
  crash_free (crash);
}

/* Takes the crash. */
static void
make_of_crash (AditReports *self, Crash *crash)
{
  GTask *task = begin (self, crash->owner_uid, ADIT_SPOOL_CRASH, crash->program, dup (crash->note_fd), on_crash_made, crash);
  Making *making = g_task_get_task_data (task);
  GError *error = NULL;

  making->lines = g_ptr_array_ref (crash->lines);
  if (making->note_fd >= 0 && adit_reports_get_spool (self, &error) != NULL)
    {
      make (self, task);
      return;
    }
  if (error == NULL)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_FAILED, "There are too many open files");
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* The bytes of the note, whatever they are, in a file of our own that can change no more. */
static int
copy_note (int note_fd)
{
  AditCrashNote note;
  g_autoptr (AditSecret) bytes = NULL;
  g_autoptr (GError) error = NULL;
  int fd;

  if (pread (note_fd, &note, sizeof note, 0) != (gssize) sizeof note)
    return -1;
  bytes = adit_secret_new (&note, sizeof note);
  fd = adit_sealed_new (bytes, &error);
  if (fd < 0)
    g_warning ("%s", error->message);
  return fd;
}

static void
on_crash (int note_fd, const char *program, guint32 owner_uid, GPtrArray *lines, gpointer user_data)
{
  AditReports *self = user_data;
  g_autoptr (GError) error = NULL;
  Crash *crash;

  owner_uid = find_owner (self, owner_uid);
  if (!may_make (self, owner_uid, ADIT_SPOOL_CRASH, program, &error))
    return;
  crash = g_new0 (Crash, 1);
  crash->note_fd = copy_note (note_fd);
  crash->program = g_strdup (program);
  crash->owner_uid = owner_uid;
  crash->lines = g_ptr_array_ref (lines);
  make_of_crash (self, crash);
}

/**
 * adit_reports_start:
 * @self: the reports
 * @gather: adds what is known of this computer; called until the reports are disposed of
 * @user_data: for @gather
 *
 * From now on crashes of the helper's and the workers' become reports, and what is queued is sent.
 */
void
adit_reports_start (AditReports *self, AditReportsGather gather, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  self->gather = gather;
  self->gather_data = user_data;
  if (adit_reports_get_spool (self, &error) == NULL)
    g_warning ("there are no reports of crashes and problems: %s", error->message);
  g_signal_connect (self->parts.session, "changed", G_CALLBACK (on_world_changed), self);
  if (self->parts.network != NULL)
    g_signal_connect (self->parts.network, "changed", G_CALLBACK (on_world_changed), self);
  adit_crash_watch_set_take (on_crash, self);
  on_world_changed (NULL, self);
}

/* --- What a person says ----------------------------------------------------------------------------------------------------- */

/**
 * adit_reports_send:
 * @self: the reports
 * @entry: one of them
 * @error: return location; %ADIT_ERROR_NO_REPORT_SERVER, %ADIT_ERROR_STORE_FAILED
 *
 * Its owner says yes to its text and to the server that is set for them.
 *
 * Returns: whether it is queued, or was sent before
 */
gboolean
adit_reports_send (AditReports *self, AditSpoolEntry *entry, GError **error)
{
  g_auto (AditReportServer) server = { 0 };
  AditReportPerson person;

  if (entry->state == ADIT_SPOOL_SENT)
    return TRUE;
  if (!adit_reports_find_server (self, entry->owner_uid, &person, &server, error))
    return FALSE;
  if (!server.is_set)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_REPORT_SERVER, "%s",
                   server.problem != NULL ? server.problem : "No server for reports is set");
      return FALSE;
    }
  if (entry->state == ADIT_SPOOL_QUEUED && memcmp (entry->server, server.digest, sizeof server.digest) == 0 &&
      !entry->is_by_always)
    adit_report_queue_retry (self->queue, entry);
  else if (adit_report_queue_add (self->queue, entry, &server, FALSE, error))
    adit_report_queue_look (self->queue);
  else
    return FALSE;
  return TRUE;
}

/**
 * adit_reports_delete:
 * @self: the reports
 * @entry: (transfer full): one of them
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: whether it is gone, and is not sent if it was not yet
 */
gboolean
adit_reports_delete (AditReports *self, AditSpoolEntry *entry, GError **error)
{
  guint32 owner_uid = entry->owner_uid;

  adit_report_queue_stop (self->queue, entry);
  if (!adit_spool_remove (self->spool, entry, error))
    return FALSE;
  tell (self, owner_uid);
  return TRUE;
}

/**
 * adit_reports_get_reason:
 * @self: the reports
 * @entry: one of them
 *
 * Returns: (transfer none): why it is as it is, in the words of GetReports
 */
const char *
adit_reports_get_reason (AditReports *self, const AditSpoolEntry *entry)
{
  static const char *const reasons[ADIT_SPOOL_N_REASONS] = {
    [ADIT_SPOOL_NO_REASON] = "", [ADIT_SPOOL_SERVER_CHANGED] = "server-changed", [ADIT_SPOOL_ASKED_TO_WAIT] = "asked-to-wait",
    [ADIT_SPOOL_UNREACHABLE] = "unreachable", [ADIT_SPOOL_UNTRUSTED] = "untrusted", [ADIT_SPOOL_KEY] = "key",
    [ADIT_SPOOL_TOO_LARGE] = "too-large", [ADIT_SPOOL_NOT_TAKEN] = "not-taken",
  };

  if (entry->state == ADIT_SPOOL_QUEUED)
    switch (find_way (self))
      {
      case ADIT_REPORT_WAY_HELD:
        return "held";
      case ADIT_REPORT_WAY_OFFLINE:
        return "offline";
      case ADIT_REPORT_WAY_OPEN:
      default:
        return entry->is_under_way ? "" : reasons[entry->reason];
      }
  return reasons[entry->reason];
}

/**
 * adit_reports_get_next_try_s:
 * @self: the reports
 * @entry: one of them
 *
 * Returns: when it is tried next, UTC; 0: not by time
 */
gint64
adit_reports_get_next_try_s (AditReports *self, const AditSpoolEntry *entry)
{
  return find_way (self) == ADIT_REPORT_WAY_OPEN && !entry->is_under_way ? adit_report_queue_get_next_try_s (self->queue, entry) : 0;
}

/**
 * adit_reports_find_server:
 * @self: the reports
 * @uid: a person
 * @person: (out caller-allocates): what they have said
 * @server: (out caller-allocates): where theirs go; to be cleared
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: whether that can be told
 */
gboolean
adit_reports_find_server (AditReports *self, guint32 uid, AditReportPerson *person, AditReportServer *server, GError **error)
{
  if (adit_reports_get_spool (self, error) == NULL)
    return FALSE;
  adit_report_person_load (self->parts.directory, uid, person);
  adit_report_server_find (server, self->parts.configuration, person);
  return TRUE;
}

/* What is queued and may no longer go waits for another yes. */
static void
look_again (AditReports *self, guint32 uid, const AditReportServer *server, AditConsent consent)
{
  GPtrArray *entries = adit_spool_get_all (self->spool);

  for (guint i = 0; i < entries->len; i++)
    {
      AditSpoolEntry *entry = entries->pdata[i];
      gboolean is_same = server->is_set && memcmp (server->digest, entry->server, sizeof server->digest) == 0;

      if (entry->owner_uid != uid || entry->state != ADIT_SPOOL_QUEUED)
        continue;
      if (!is_same || (entry->is_by_always && consent != ADIT_CONSENT_ALWAYS))
        (void) adit_report_queue_take_back (self->queue, entry, is_same ? ADIT_SPOOL_NO_REASON : ADIT_SPOOL_SERVER_CHANGED, NULL);
    }
  tell (self, uid);
}

/**
 * adit_reports_set_server:
 * @self: the reports
 * @uid: a person
 * @dsn: their own server, "" for the administrator's, "none" for none
 * @pin: of its certificate, or ""
 * @error: return location; %ADIT_ERROR_REPORT_SERVER_MALFORMED, %ADIT_ERROR_STORE_FAILED, and then it is as before
 *
 * Returns: whether it is set
 */
gboolean
adit_reports_set_server (AditReports *self, guint32 uid, const char *dsn, const char *pin, GError **error)
{
  g_auto (AditReportServer) before = { 0 }, server = { 0 };
  AditReportPerson person;
  g_autoptr (GError) local = NULL;

  if (!adit_reports_find_server (self, uid, &person, &before, error) ||
      !adit_report_person_set_server (&person, dsn, pin, error) ||
      !adit_report_person_save (self->parts.directory, uid, &person, error))
    return FALSE;
  adit_report_server_find (&server, self->parts.configuration, &person);
  look_again (self, uid, &server, adit_report_person_get_consent (&person, &server));
  if (!adit_names_forget (self->parts.names, REPORT_NAMES, &local))
    g_warning ("%s", local->message);
  return TRUE;
}

/**
 * adit_reports_set_consent:
 * @self: the reports
 * @uid: a person
 * @consent: what they say
 * @error: return location; %ADIT_ERROR_NO_REPORT_SERVER for an "always" to nowhere; %ADIT_ERROR_STORE_FAILED, and then it is as
 *   before
 *
 * Returns: whether it holds
 */
gboolean
adit_reports_set_consent (AditReports *self, guint32 uid, AditConsent consent, GError **error)
{
  g_auto (AditReportServer) server = { 0 };
  AditReportPerson person;

  if (!adit_reports_find_server (self, uid, &person, &server, error))
    return FALSE;
  if (consent == ADIT_CONSENT_ALWAYS && !server.is_set)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_REPORT_SERVER, "No server for reports is set");
      return FALSE;
    }
  person.consent = consent;
  memcpy (person.consented, server.digest, sizeof person.consented);
  if (!adit_report_person_save (self->parts.directory, uid, &person, error))
    return FALSE;
  look_again (self, uid, &server, consent);
  return TRUE;
}
