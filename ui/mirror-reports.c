/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-reports.c: which reports of crashes and problems there are, where they go, and who was told of them; asked for when the
 * helper says that something is new. */
#include "config.h"
#include "ui/mirror-private.h"

#include "client/api/crash-leftover.h"
#include "client/report/report.h"

/* --- What is known --------------------------------------------------------------------------------------------------------- */

/**
 * adit_mirror_get_reports:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable) (element-type AditReportRow): this person's reports, the newest first
 */
const GPtrArray *
adit_mirror_get_reports (AditMirror *self)
{
  return self->reports;
}

/**
 * adit_mirror_find_report:
 * @self: a mirror
 * @id: perhaps a report's
 *
 * Returns: (transfer none) (nullable): this person's report
 */
const AditReportRow *
adit_mirror_find_report (AditMirror *self, const char *id)
{
  for (guint i = 0; self->reports != NULL && i < self->reports->len; i++)
    if (g_str_equal (((const AditReportRow *) self->reports->pdata[i])->id, id))
      return self->reports->pdata[i];
  return NULL;
}

/**
 * adit_mirror_get_report_server:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable): where reports go, and when
 */
const AditReportServerAnswer *
adit_mirror_get_report_server (AditMirror *self)
{
  return self->report_server;
}

/**
 * adit_mirror_get_reports_error:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable): why the helper tells nothing of reports
 */
const GError *
adit_mirror_get_reports_error (AditMirror *self)
{
  return self->reports_error;
}

static void
take_error (AditMirror *self, GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      return;
    }
  g_clear_error (&self->reports_error);
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  g_clear_pointer (&self->report_server, adit_report_server_answer_free);
  self->reports_error = error;
  adit_mirror_tell_reports (self);
}

static void
on_reports (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditMirror) self = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) answer = adit_client_call_finish (ADIT_CLIENT (source), result, NULL, &error);
  GPtrArray *reports = answer != NULL ? adit_answer_read_reports (answer, &error) : NULL;

  if (reports == NULL)
    {
      take_error (self, error);
      return;
    }
  g_clear_error (&self->reports_error);
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  self->reports = reports;
  adit_mirror_tell_reports (self);
}

static void
on_server (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditMirror) self = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) answer = adit_client_call_finish (ADIT_CLIENT (source), result, NULL, &error);
  AditReportServerAnswer *server = answer != NULL ? adit_answer_read_report_server (answer, &error) : NULL;

  if (server == NULL)
    {
      take_error (self, error);
      return;
    }
  g_clear_pointer (&self->report_server, adit_report_server_answer_free);
  self->report_server = server;
  adit_mirror_call (self, "GetReports", g_variant_new ("(@a{sv})", adit_mirror_no_options ()), on_reports);
}

/**
 * adit_mirror_ask_reports:
 * @self: a mirror
 *
 * Asks the helper which reports there are and where they go; it is told once both are known.
 */
void
adit_mirror_ask_reports (AditMirror *self)
{
  adit_mirror_call (self, "GetReportServer", g_variant_new ("(@a{sv})", adit_mirror_no_options ()), on_server);
}

static void
on_given (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditMirror) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!adit_crash_leftover_give_finish (ADIT_CLIENT (source), result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("what is left of a crash is not taken: %s", error->message);
  adit_mirror_ask_reports (self);
}

/**
 * adit_mirror_give_leftovers:
 * @self: a mirror with a helper
 *
 * Gives the helper what this person's programs left as they crashed, and then asks for reports.
 */
void
adit_mirror_give_leftovers (AditMirror *self)
{
  adit_crash_leftover_give_async (self->client, self->cancellable, on_given, g_object_ref (self));
}

/* --- Who was told ---------------------------------------------------------------------------------------------------------- */

static gboolean
is_asked_about (AditMirror *self, const AditReportRow *report)
{
  return !report->is_problem && report->state == ADIT_REPORT_STATE_WAITING && self->report_server != NULL &&
         self->report_server->consent == ADIT_REPORT_CONSENT_ASK;
}

/**
 * adit_mirror_find_new_report:
 * @self: a mirror
 * @for_window: whether it is new as long as no window has shown it; else as long as nobody was told
 *
 * Returns: (transfer none) (nullable): the newest report of a crash that waits for a yes or a no, and is new
 */
const AditReportRow *
adit_mirror_find_new_report (AditMirror *self, gboolean for_window)
{
  for (guint i = 0; self->reports != NULL && i < self->reports->len; i++)
    {
      const AditReportRow *report = self->reports->pdata[i];
      const AditMemoryReport *told = adit_memory_find_report (&self->memory, report->id);

      if (is_asked_about (self, report) && (told == NULL || (for_window && !told->is_shown)))
        return report;
    }
  return NULL;
}

/**
 * adit_mirror_set_reports_told:
 * @self: a mirror
 * @by_window: whether the window shows them
 *
 * None of those that wait now is new any more, also after this window; those that are gone are forgotten.
 */
void
adit_mirror_set_reports_told (AditMirror *self, gboolean by_window)
{
  AditMemory before = self->memory;

  self->memory.n_reports = 0;
  for (guint i = 0; self->reports != NULL && i < self->reports->len; i++)
    {
      const AditReportRow *report = self->reports->pdata[i];
      const AditMemoryReport *told = adit_memory_find_report (&before, report->id);

      if (is_asked_about (self, report))
        adit_memory_add_report (&self->memory, report->id, by_window || (told != NULL && told->is_shown));
    }
  adit_mirror_keep_memory (self);
}

/* --- What is done with one ------------------------------------------------------------------------------------------------- */

static gpointer
read_text (GVariant *answer, GUnixFDList *fds, GError **error)
{
  return adit_report_check_text (adit_answer_read_file (answer, 0, fds, ADIT_REPORT_TEXT_MAX_BYTES, error), error);
}

/**
 * adit_mirror_get_report_async:
 * @self: a mirror
 * @id: a report
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks for the text of it, which is all that would be sent.
 */
void
adit_mirror_get_report_async (AditMirror *self, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_get_report_async, callback, user_data), "GetReport",
                   g_variant_new ("(s@a{sv})", id, adit_mirror_no_options ()), NULL, read_text, (GDestroyNotify) g_bytes_unref);
}

/**
 * adit_mirror_get_report_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: (transfer full) (nullable): the text, UTF-8 without an end
 */
GBytes *
adit_mirror_get_report_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
read_id (GVariant *answer, GUnixFDList *fds, GError **error)
{
  char *id = NULL;

  if (adit_mirror_has_form (answer, "(s)", error))
    g_variant_get (answer, "(s)", &id);
  return id;
}

/**
 * adit_mirror_add_problem_async:
 * @self: a mirror
 * @words: what somebody has to say
 * @contact: how they can be answered; "" where they do not want that
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Has a report made of it, which waits for adit_mirror_send_report_async().
 */
void
adit_mirror_add_problem_async (AditMirror *self, const char *words, const char *contact, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_add_problem_async, callback, user_data), "AddProblem",
                   g_variant_new ("(ss@a{sv})", words, contact, adit_mirror_no_options ()), NULL, read_id, g_free);
}

/**
 * adit_mirror_add_problem_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: (transfer full) (nullable): the report's id
 */
char *
adit_mirror_add_problem_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GVariant *
server_option (const char *shown)
{
  return g_variant_new_parsed ("{'server': <%s>}", shown);
}

/**
 * adit_mirror_send_report_async:
 * @self: a mirror
 * @id: a report that somebody has said yes to
 * @shown: the name of the server that was shown with it: to no other one
 * @callback: ends it by adit_mirror_report_finish()
 * @user_data: for @callback
 *
 * It is sent as soon as it may be; what becomes of it is told by "reports-changed".
 */
void
adit_mirror_send_report_async (AditMirror *self, const char *id, const char *shown, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_send_report_async, callback, user_data), "SendReport",
                   g_variant_new ("(s@a{sv})", id, server_option (shown)), NULL, NULL, NULL);
}

/**
 * adit_mirror_delete_report_async:
 * @self: a mirror
 * @id: a report
 * @callback: ends it by adit_mirror_report_finish()
 * @user_data: for @callback
 */
void
adit_mirror_delete_report_async (AditMirror *self, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_delete_report_async, callback, user_data), "DeleteReport",
                   g_variant_new ("(s@a{sv})", id, adit_mirror_no_options ()), NULL, NULL, NULL);
}

/**
 * adit_mirror_set_report_server_async:
 * @self: a mirror
 * @dsn: where this person's reports go: an address with its key, "" for where the administrator's go, "none" for nowhere
 * @pin: of its certificate's key; "" where any certificate for its name will do
 * @callback: ends it by adit_mirror_report_finish()
 * @user_data: for @callback
 */
void
adit_mirror_set_report_server_async (AditMirror *self, const char *dsn, const char *pin, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_set_report_server_async, callback, user_data), "SetReportServer",
                   g_variant_new ("(ss@a{sv})", dsn, pin, adit_mirror_no_options ()), NULL, NULL, NULL);
}

/**
 * adit_mirror_set_report_consent_async:
 * @self: a mirror
 * @consent: what this person says to sending reports of crashes to come
 * @shown: the name of the server that was shown: an "always" is about no other one
 * @callback: ends it by adit_mirror_report_finish()
 * @user_data: for @callback
 */
void
adit_mirror_set_report_consent_async (AditMirror *self, AditReportConsent consent, const char *shown,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_set_report_consent_async, callback, user_data),
                   "SetReportConsent", g_variant_new ("(s@a{sv})", adit_report_consent_get_nick (consent),
                                                      server_option (shown)), NULL, NULL, NULL);
}

/**
 * adit_mirror_report_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: whether it is so
 */
gboolean
adit_mirror_report_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
