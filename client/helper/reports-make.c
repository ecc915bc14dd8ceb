/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reports-make.c: a note or somebody's words go to a worker, and come back as a text that is kept unread. */
#define G_LOG_DOMAIN "adit-reports"

#include "client/helper/reports-private.h"

#include <unistd.h>

#include "client/base/error.h"
#include "platform/alarm.h"

#define DAY_S   (24 * 3600)
#define PROBLEM "problem"

typedef struct
{
  AditSpoolEntry entry;
  int            note_fd;
  GPtrArray     *lines;        /* (nullable) */
  char          *words, *contact;
  gboolean       is_held;      /* of adit_reports_may_make(); settled with the answer */
} Making;

static void
making_free (Making *making)
{
  if (making->note_fd >= 0)
    close (making->note_fd);
  g_clear_pointer (&making->lines, g_ptr_array_unref);
  g_free (making->words);
  g_free (making->contact);
  g_free (making);
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
  if (entry->kind == ADIT_SPOOL_CRASH && adit_reports_get_consent (self, entry->owner_uid, &server) == ADIT_CONSENT_ALWAYS)
    {
      g_autoptr (GError) local = NULL;

      if (!adit_report_queue_add (self->queue, entry, &server, TRUE, &local))
        g_warning ("a report waits to be sent: %s", local->message);
    }
  adit_reports_tell (self, entry->owner_uid);
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

/**
 * adit_reports_make:
 * @self: the reports
 * @task: (transfer full): of adit_reports_begin()
 *
 * Has the report made and keeps it.
 */
void
adit_reports_make (AditReports *self, GTask *task)
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

/**
 * adit_reports_begin:
 * @self: the reports
 * @owner_uid: whose it is
 * @kind: a crash or a problem
 * @program: which of ours
 * @note_fd: (transfer full): of a crash: a sealed note; else -1
 * @lines: (nullable): the log until then
 * @callback: called when it is kept, or is not
 * @user_data: for @callback
 *
 * Returns: (transfer full): one that is to be made
 */
GTask *
adit_reports_begin (AditReports *self, guint32 owner_uid, AditSpoolKind kind, const char *program, int note_fd,
                    GPtrArray *lines, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Making *making = g_new0 (Making, 1);
  g_autofree char *id = adit_report_make_id ();
  gint64 now_s = adit_reports_get_now_s ();

  g_task_set_source_tag (task, adit_reports_add_async);
  making->note_fd = note_fd;
  making->lines = lines != NULL ? g_ptr_array_ref (lines) : NULL;
  making->entry.owner_uid = owner_uid;
  making->entry.kind = kind;
  making->entry.day_s = now_s - now_s % DAY_S;
  g_strlcpy (making->entry.id, id, sizeof making->entry.id);
  g_strlcpy (making->entry.program, program, sizeof making->entry.program);
  g_task_set_task_data (task, making, (GDestroyNotify) making_free);
  return task;
}

/**
 * adit_reports_may_make:
 * @self: the reports
 * @owner_uid: whose it would be
 * @kind: a crash or a problem
 * @program: which of ours
 * @error: return location; %ADIT_ERROR_TOO_MANY_REPORTS of problems; where no report is made of a crash nothing is wrong
 *
 * Returns: whether there may be one more; its place is held until adit_reports_settle()
 */
gboolean
adit_reports_may_make (AditReports *self, guint32 owner_uid, AditSpoolKind kind, const char *program, GError **error)
{
  g_auto (AditReportServer) server = { 0 };
  gint64 now_s = adit_alarm_get_now_us () / G_USEC_PER_SEC;

  if (kind == ADIT_SPOOL_CRASH && adit_reports_get_consent (self, owner_uid, &server) == ADIT_CONSENT_NEVER)
    return FALSE;
  if (kind == ADIT_SPOOL_CRASH)
    return adit_report_limit_take (self->limit, owner_uid, program, ADIT_REPORT_MAX_CRASHES_AN_HOUR, now_s);
  if (adit_report_limit_take (self->limit, owner_uid, PROBLEM, ADIT_REPORT_MAX_PROBLEMS_AN_HOUR, now_s))
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TOO_MANY_REPORTS, "There have been %d reports of problems within the last hour",
               ADIT_REPORT_MAX_PROBLEMS_AN_HOUR);
  return FALSE;
}

/**
 * adit_reports_settle:
 * @self: the reports
 * @owner_uid: whose it is
 * @kind: a crash or a problem
 * @program: which of ours
 * @error: (nullable): why there is no report
 *
 * What adit_reports_may_make() allowed is done with.  It counts where there was a report, or would be none another time either;
 * and where a worker has failed at it, which is not to be had over and over.
 *
 * Returns: whether nothing more can come of it
 */
gboolean
adit_reports_settle (AditReports *self, guint32 owner_uid, AditSpoolKind kind, const char *program, const GError *error)
{
  gboolean is_over = error == NULL || g_error_matches (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);

  adit_report_limit_settle (self->limit, owner_uid, kind == ADIT_SPOOL_CRASH ? program : PROBLEM,
                            is_over || g_error_matches (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED),
                            adit_alarm_get_now_us () / G_USEC_PER_SEC);
  return is_over;
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
  GTask *task = adit_reports_begin (self, owner_uid, kind, program, note_fd, NULL, callback, user_data);
  Making *making = g_task_get_task_data (task);
  GError *error = NULL;

  making->words = g_strdup (words);
  making->contact = g_strdup (contact);
  making->is_held = adit_reports_get_spool (self, &error) != NULL &&
                    adit_reports_may_make (self, owner_uid, kind, program, &error);
  if (making->is_held)
    {
      adit_reports_make (self, task);
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
  Making *making = g_task_get_task_data (G_TASK (result));
  GError *local = NULL;
  char *id = g_task_propagate_pointer (G_TASK (result), &local);

  if (making->is_held)
    (void) adit_reports_settle (self, making->entry.owner_uid, making->entry.kind, making->entry.program, local);
  making->is_held = FALSE;
  if (local != NULL)
    g_propagate_error (error, local);
  return id;
}
