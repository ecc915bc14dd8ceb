/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-reports.c: the methods about reports of crashes and problems.  A report is its owner's: for everybody else but root
 * there is no such report, whatever else an administrator's password would open to them. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include <gio/gunixfdlist.h>
#include <string.h>

#include "client/base/error.h"
#include "client/base/secret.h"
#include "client/helper/sealed.h"

static AditReports *
get_reports (AditCall *call)
{
  return call->service->parts.reports;
}

static AditSpoolEntry *
find_report (AditCall *call, GError **error)
{
  AditSpool *spool = adit_reports_get_spool (get_reports (call), error);
  AditSpoolEntry *entry = spool != NULL ? adit_spool_find (spool, call->text) : NULL;

  if (entry != NULL && (call->uid == 0 || entry->owner_uid == call->uid))
    return entry;
  if (spool != NULL)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_REPORT, "There is no such report");
  return NULL;
}

/* --- GetReports, GetReport -------------------------------------------------------------------------------------------------- */

static GVariant *
report_row (AditReports *reports, const AditSpoolEntry *entry)
{
  static const char *const kinds[ADIT_SPOOL_N_KINDS] = { [ADIT_SPOOL_CRASH] = "crash", [ADIT_SPOOL_PROBLEM] = "problem" };
  static const char *const states[ADIT_SPOOL_N_STATES] = {
    [ADIT_SPOOL_WAITING] = "waiting", [ADIT_SPOOL_QUEUED] = "queued", [ADIT_SPOOL_SENT] = "sent",
    [ADIT_SPOOL_REFUSED] = "refused",
  };
  GVariantBuilder row;

  g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&row, "{sv}", "id", g_variant_new_string (entry->id));
  g_variant_builder_add (&row, "{sv}", "kind", g_variant_new_string (kinds[entry->kind]));
  g_variant_builder_add (&row, "{sv}", "program", g_variant_new_string (entry->program));
  g_variant_builder_add (&row, "{sv}", "day", g_variant_new_int64 (entry->day_s));
  g_variant_builder_add (&row, "{sv}", "state", g_variant_new_string (states[entry->state]));
  g_variant_builder_add (&row, "{sv}", "reason", g_variant_new_string (adit_reports_get_reason (reports, entry)));
  g_variant_builder_add (&row, "{sv}", "next_try", g_variant_new_int64 (adit_reports_get_next_try_s (reports, entry)));
  return g_variant_builder_end (&row);
}

static void
work_get_reports (AditCall *call)
{
  GError *error = NULL;
  AditSpool *spool = adit_reports_get_spool (get_reports (call), &error);
  GPtrArray *entries;
  GVariantBuilder rows;

  if (spool == NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  entries = adit_spool_get_all (spool);
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = entries->len; i > 0; i--)
    {
      const AditSpoolEntry *entry = entries->pdata[i - 1];

      if (call->uid == 0 || entry->owner_uid == call->uid)
        g_variant_builder_add_value (&rows, report_row (get_reports (call), entry));
    }
  adit_dbus_adit1_complete_get_reports (call->service->skeleton, call->invocation, g_variant_builder_end (&rows));
  adit_call_free (call);
}

static gboolean
on_get_reports (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_get_reports), "GetReports", NULL);
  return TRUE;
}

static int
open_text (AditCall *call, GError **error)
{
  AditSpoolEntry *entry = find_report (call, error);
  g_autoptr (GBytes) text = NULL;
  g_autoptr (AditSecret) bytes = NULL;

  if (entry != NULL)
    text = adit_spool_read (adit_reports_get_spool (get_reports (call), NULL), entry, error);
  if (text == NULL)
    return -1;
  bytes = adit_secret_new (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  return adit_sealed_new (bytes, error);
}

static void
work_get_report (AditCall *call)
{
  GError *error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  int fd = open_text (call, &error);

  if (fd < 0)
    {
      adit_call_fail (call, error);
      return;
    }
  fds = g_unix_fd_list_new_from_array (&fd, 1);
  adit_dbus_adit1_complete_get_report (call->service->skeleton, call->invocation, fds, g_variant_new_handle (0));
  adit_call_free (call);
}

/* Takes the call, of a method that is about one report. */
static gboolean
begin_of_report (AditCall *call, const char *method, const char *id)
{
  call->text = g_strdup (id);
  adit_call_authorise (call, method, NULL);
  return TRUE;
}

static gboolean
on_get_report (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, const char *id, GVariant *options,
               AditBusService *service)
{
  return begin_of_report (adit_call_new (service, invocation, options, work_get_report), "GetReport", id);
}

/* --- AddCrash, AddProblem --------------------------------------------------------------------------------------------------- */

static void
on_crash_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  GError *error = NULL;
  g_autofree char *id = adit_reports_add_finish (ADIT_REPORTS (source), result, &error);

  if (id == NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_add_crash (call->service->skeleton, call->invocation, NULL, id);
  adit_call_free (call);
}

/* Only of programs that people run: of the helper and the workers it has its own word. */
static const char *
get_program (AditCall *call)
{
  static const char *const programs[] = { "adit-gtk", "adit", NULL };
  const char *program = programs[0];

  g_variant_lookup (call->options, "program", "&s", &program);
  return g_strv_contains (programs, program) ? program : NULL;
}

static void
work_add_crash (AditCall *call)
{
  const char *program = get_program (call);
  int fd = call->fd;

  if (program == NULL || !adit_sealed_is (fd, sizeof (AditCrashNote)))
    {
      adit_call_fail (call, g_error_new_literal (ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT,
                                                 program == NULL ? "That is no program that a person runs"
                                                                 : "A note of a crash is a sealed file of another size"));
      return;
    }
  call->fd = -1;
  adit_reports_add_async (get_reports (call), call->uid, ADIT_SPOOL_CRASH, program, fd, NULL, NULL, on_crash_added, call);
}

static gboolean
on_add_crash (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, GVariant *note, GVariant *options,
              AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_add_crash);
  gint32 handle = g_variant_get_handle (note);

  if (fds != NULL && handle >= 0 && handle < g_unix_fd_list_get_length (fds))
    call->fd = g_unix_fd_list_get (fds, handle, NULL);
  if (call->fd < 0)
    adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "No note came with the call"));
  else
    adit_call_authorise (call, "AddCrash", NULL);
  return TRUE;
}

static void
on_problem_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  GError *error = NULL;
  g_autofree char *id = adit_reports_add_finish (ADIT_REPORTS (source), result, &error);

  if (id == NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_add_problem (call->service->skeleton, call->invocation, id);
  adit_call_free (call);
}

static gboolean
is_contact (const char *text)
{
  if (strlen (text) > ADIT_REPORT_CONTACT_MAX_BYTES)
    return FALSE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

static void
work_add_problem (AditCall *call)
{
  const char *contact = g_variant_get_string (call->value, NULL);
  g_autofree char *words = g_strstrip (g_strdup (call->text));
  const char *wrong = NULL;

  if (words[0] == '\0')
    wrong = "A report of a problem has words";
  else if (strlen (words) > ADIT_REPORT_WORDS_MAX_BYTES)
    wrong = "The words are longer than 16 KiB";
  else if (!is_contact (contact))
    wrong = "How to answer is one line of up to 200 bytes";
  if (wrong != NULL)
    {
      adit_call_fail (call, g_error_new_literal (ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, wrong));
      return;
    }
  adit_reports_add_async (get_reports (call), call->uid, ADIT_SPOOL_PROBLEM, "", -1, words, contact[0] != '\0' ? contact : NULL,
                          on_problem_added, call);
}

static gboolean
on_add_problem (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *words, const char *contact,
                GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_add_problem);

  call->text = g_strdup (words);
  call->value = g_variant_ref_sink (g_variant_new_string (contact));
  adit_call_authorise (call, "AddProblem", NULL);
  return TRUE;
}

/* --- SendReport, DeleteReport ----------------------------------------------------------------------------------------------- */

static void
work_send_report (AditCall *call)
{
  GError *error = NULL;
  AditSpoolEntry *entry = find_report (call, &error);
  const char *shown = NULL;

  g_variant_lookup (call->options, "server", "&s", &shown);
  if (entry == NULL || !adit_reports_send (get_reports (call), entry, shown, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_send_report (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_send_report (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *id, GVariant *options,
                AditBusService *service)
{
  return begin_of_report (adit_call_new (service, invocation, options, work_send_report), "SendReport", id);
}

static void
work_delete_report (AditCall *call)
{
  GError *error = NULL;
  AditSpoolEntry *entry = find_report (call, &error);

  if (entry == NULL || !adit_reports_delete (get_reports (call), entry, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_delete_report (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_delete_report (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *id, GVariant *options,
                  AditBusService *service)
{
  return begin_of_report (adit_call_new (service, invocation, options, work_delete_report), "DeleteReport", id);
}

static void
on_reports_changed (AditReports *reports, guint owner_uid, AditBusService *service)
{
  adit_service_tell_reports (service, owner_uid);
}

/**
 * adit_service_connect_report_methods:
 * @service: the service
 *
 * Answers the methods of this file, and tells of changes.
 */
void
adit_service_connect_report_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-get-reports", G_CALLBACK (on_get_reports), service);
  g_signal_connect (service->skeleton, "handle-get-report", G_CALLBACK (on_get_report), service);
  g_signal_connect (service->skeleton, "handle-add-crash", G_CALLBACK (on_add_crash), service);
  g_signal_connect (service->skeleton, "handle-add-problem", G_CALLBACK (on_add_problem), service);
  g_signal_connect (service->skeleton, "handle-send-report", G_CALLBACK (on_send_report), service);
  g_signal_connect (service->skeleton, "handle-delete-report", G_CALLBACK (on_delete_report), service);
  adit_service_connect_report_server_methods (service);
  g_signal_connect (service->parts.reports, "changed", G_CALLBACK (on_reports_changed), service);
}
