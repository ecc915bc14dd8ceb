/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reports.c: what there is, what people have said of it, and where it goes.  Where the folder cannot be used there are no
 * reports, and all else goes on. */
#define G_LOG_DOMAIN "adit-reports"

#include "client/helper/reports-private.h"

#include <string.h>

#include "client/base/error.h"
#include "client/helper/crash-watch.h"

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AditReports, adit_reports, G_TYPE_OBJECT)

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
  self->unkept = adit_reports_new_unkept ();
  self->cancellable = g_cancellable_new ();
}

/**
 * adit_reports_tell:
 * @self: the reports
 * @owner_uid: of whose something is told differently
 */
void
adit_reports_tell (AditReports *self, guint32 owner_uid)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, owner_uid);
}

/**
 * adit_reports_get_now_s:
 *
 * Returns: the time, UTC
 */
gint64
adit_reports_get_now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/**
 * adit_reports_get_consent:
 * @self: the reports
 * @uid: a person
 * @server: (out caller-allocates): where theirs go; to be cleared
 *
 * Returns: what they have said of it
 */
AditConsent
adit_reports_get_consent (AditReports *self, guint32 uid, AditReportServer *server)
{
  AditReportPerson person;

  adit_report_person_load (self->parts.directory, uid, &person);
  adit_report_server_find (server, self->parts.configuration, &person);
  return adit_report_person_get_consent (&person, server);
}

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
    self->queue = adit_report_queue_new (self->spool, self->parts.directory, self->parts.configuration, &adit_reports_post, self);
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
  static const AditReportPerson nobody;
  g_auto (AditReportServer) server = { 0 };
  g_autoptr (GError) error = NULL;

  self->gather = gather;
  self->gather_data = user_data;
  if (adit_reports_get_spool (self, &error) == NULL)
    g_warning ("there are no reports of crashes and problems: %s", error->message);
  /* Once: whoever asks for their server is told each time, and nobody is to fill the log by asking. */
  adit_report_server_find (&server, self->parts.configuration, &nobody);
  if (server.problem != NULL)
    g_warning ("no report goes to the administrator's server: %s", server.problem);
  g_signal_connect (self->parts.session, "changed", G_CALLBACK (on_world_changed), self);
  if (self->parts.network != NULL)
    g_signal_connect (self->parts.network, "changed", G_CALLBACK (on_world_changed), self);
  adit_crash_watch_set_take (adit_reports_take_crash, self);
  on_world_changed (NULL, self);
}

/* --- What a person says ----------------------------------------------------------------------------------------------------- */

/* A yes is about the server that somebody has seen: an administrator may have set another one since.  Whoever shows a server is
 * told of it then. */
static gboolean
is_as_shown (AditReports *self, guint32 uid, const AditReportServer *server, const char *shown, GError **error)
{
  g_autofree char *name = adit_report_server_dup_name (server);

  if (shown == NULL || g_str_equal (name, shown))
    return TRUE;
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_FAILED, "It waits for you again, since it would go to another server now.");
  adit_reports_tell (self, uid);
  return FALSE;
}

/**
 * adit_reports_send:
 * @self: the reports
 * @entry: one of them
 * @shown: (nullable): the name of the server that its owner has seen, of adit_report_server_dup_name()
 * @error: return location; %ADIT_ERROR_NO_REPORT_SERVER, %ADIT_ERROR_STORE_FAILED; %ADIT_ERROR_FAILED where it would go to
 *   another server than @shown
 *
 * Its owner says yes to its text and to the server that is set for them.
 *
 * Returns: whether it is queued, or was sent before
 */
gboolean
adit_reports_send (AditReports *self, AditSpoolEntry *entry, const char *shown, GError **error)
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
  if (!is_as_shown (self, entry->owner_uid, &server, shown, error))
    return FALSE;
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
 * @error: return location; %ADIT_ERROR_STORE_FAILED, and then it waits
 *
 * It is not sent if it was not yet, also where the disk does not let go of it.
 *
 * Returns: whether it is gone
 */
gboolean
adit_reports_delete (AditReports *self, AditSpoolEntry *entry, GError **error)
{
  guint32 owner_uid = entry->owner_uid;

  adit_report_queue_stop (self->queue, entry);
  if (!adit_spool_remove (self->spool, entry, error))
    {
      if (entry->state == ADIT_SPOOL_QUEUED)
        adit_report_queue_take_back (self->queue, entry, ADIT_SPOOL_NO_REASON);
      return FALSE;
    }
  adit_reports_tell (self, owner_uid);
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
    switch (adit_reports_find_way (self))
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
  if (entry->is_under_way || adit_reports_find_way (self) != ADIT_REPORT_WAY_OPEN)
    return 0;
  return adit_report_queue_get_next_try_s (self->queue, entry);
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

/* What is queued and may no longer go waits for another yes; without the folder nothing is queued. */
static void
look_again (AditReports *self, guint32 uid, const AditReportServer *server, AditConsent consent)
{
  GPtrArray *entries = self->spool != NULL ? adit_spool_get_all (self->spool) : NULL;

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      AditSpoolEntry *entry = entries->pdata[i];
      gboolean is_same = server->is_set && memcmp (server->digest, entry->server, sizeof server->digest) == 0;

      if (entry->owner_uid != uid || entry->state != ADIT_SPOOL_QUEUED)
        continue;
      if (!is_same || (entry->is_by_always && consent != ADIT_CONSENT_ALWAYS))
        adit_report_queue_take_back (self->queue, entry, is_same ? ADIT_SPOOL_NO_REASON : ADIT_SPOOL_SERVER_CHANGED);
    }
  adit_reports_tell (self, uid);
}

/* A no needs no disk: what it takes back is taken back first, and it holds for this helper's life. */
static void
hold_no (AditReports *self, guint32 uid, const AditReportPerson *person)
{
  g_auto (AditReportServer) server = { 0 };

  adit_report_person_hold (self->parts.directory, uid, person);
  adit_report_server_find (&server, self->parts.configuration, person);
  look_again (self, uid, &server, adit_report_person_get_consent (person, &server));
}

/**
 * adit_reports_set_server:
 * @self: the reports
 * @uid: a person
 * @dsn: their own server, "" for the administrator's, "none" for none
 * @pin: of its certificate, or ""
 * @error: return location; %ADIT_ERROR_REPORT_SERVER_MALFORMED; %ADIT_ERROR_STORE_FAILED, and then it is as before, or "none" for
 *   this helper's life
 *
 * Returns: whether it is set, and kept
 */
gboolean
adit_reports_set_server (AditReports *self, guint32 uid, const char *dsn, const char *pin, GError **error)
{
  g_auto (AditReportServer) server = { 0 };
  AditReportPerson person;
  g_autoptr (GError) local = NULL;

  adit_report_person_load (self->parts.directory, uid, &person);
  if (!adit_report_person_set_server (&person, dsn, pin, error))
    return FALSE;
  if (g_str_equal (dsn, "none"))
    hold_no (self, uid, &person);
  if (adit_reports_get_spool (self, error) == NULL || !adit_report_person_save (self->parts.directory, uid, &person, error))
    return FALSE;
  adit_report_server_find (&server, self->parts.configuration, &person);
  look_again (self, uid, &server, adit_report_person_get_consent (&person, &server));
  if (!adit_names_forget (self->parts.names, ADIT_REPORT_NAMES, &local))
    g_warning ("%s", local->message);
  return TRUE;
}

/**
 * adit_reports_set_consent:
 * @self: the reports
 * @uid: a person
 * @consent: what they say
 * @shown: (nullable): of an "always": the name of the server that they have seen, of adit_report_server_dup_name()
 * @error: return location; %ADIT_ERROR_NO_REPORT_SERVER for an "always" to nowhere, %ADIT_ERROR_FAILED for one to another server
 *   than @shown; %ADIT_ERROR_STORE_FAILED, and then it is as before, or a no for this helper's life
 *
 * Returns: whether it holds, and is kept
 */
gboolean
adit_reports_set_consent (AditReports *self, guint32 uid, AditConsent consent, const char *shown, GError **error)
{
  g_auto (AditReportServer) server = { 0 };
  AditReportPerson person;

  adit_report_person_load (self->parts.directory, uid, &person);
  adit_report_server_find (&server, self->parts.configuration, &person);
  if (consent == ADIT_CONSENT_ALWAYS && !server.is_set)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_REPORT_SERVER, "No server for reports is set");
      return FALSE;
    }
  if (consent == ADIT_CONSENT_ALWAYS && !is_as_shown (self, uid, &server, shown, error))
    return FALSE;
  person.consent = consent;
  memcpy (person.consented, server.digest, sizeof person.consented);
  if (consent != ADIT_CONSENT_ALWAYS)
    hold_no (self, uid, &person);
  if (adit_reports_get_spool (self, error) == NULL || !adit_report_person_save (self->parts.directory, uid, &person, error))
    return FALSE;
  look_again (self, uid, &server, consent);
  return TRUE;
}
