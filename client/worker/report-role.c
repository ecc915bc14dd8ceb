/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-role.c: makes a report, or sends one.  A note is a stranger's word, since whoever crashed may have been taken over, and
 * so is all that a server answers. */
#define G_LOG_DOMAIN "adit-worker"
#include "config.h"
#include "client/worker/roles.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/provider/curl.h"
#include "client/provider/doh.h"
#include "client/report/envelope.h"
#include "client/report/symbols.h"
#include "client/worker/report-make.h"
#include "client/worker/sealed-file.h"
#include "client/worker/send-answer.h"

#define ANSWER_MAX_BYTES 65536    /* a number of 32 digits, or a page of a front that says why not */

G_STATIC_ASSERT (ADIT_WIRE_REPORT_MAX_BYTES == ADIT_REPORT_MAX_BYTES && ADIT_WIRE_FACTS_MAX_BYTES == ADIT_REPORT_FACTS_MAX_BYTES);
G_STATIC_ASSERT (ADIT_WIRE_BUILD_NUMBER_BYTES == ADIT_CRASH_ID_MAX_BYTES);

/* What a note calls our programs; of other files the helper opens none. */
static const char *const programs[ADIT_N_WIRE_PROGRAMS] = {
  [ADIT_WIRE_PROGRAM_HELPER] = "aditd", [ADIT_WIRE_PROGRAM_WORKER] = "adit-worker", [ADIT_WIRE_PROGRAM_COMMAND] = "adit",
  [ADIT_WIRE_PROGRAM_WINDOW] = "adit-gtk",
};

static gboolean
fail (GError **error, AditError code, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, code, text);
  return FALSE;
}

static gboolean
lend (const char *name, const guint8 *build_id, int *program, int *debug, gpointer user_data, GError **error)
{
  AditWorker *worker = user_data;
  AditWireMessage message;

  for (guint i = 0; i < ADIT_N_WIRE_PROGRAMS; i++)
    if (g_str_equal (name, programs[i]))
      {
        adit_wire_begin (&message, ADIT_WIRE_MODULE, worker->attempt);
        message.module.program = i;
        memcpy (message.module.build_number, build_id, ADIT_WIRE_BUILD_NUMBER_BYTES);
        return adit_worker_borrow_module (worker, &message, program, debug, error);
      }
  return TRUE;
}

static gboolean
send_report (AditWorker *worker, AditReport *report, GError **error)
{
  g_autofree char *text = adit_report_make_text (report, error), *key = NULL;
  AditWireMessage message;
  gboolean sent = FALSE;
  int fd;

  if (text == NULL)
    return FALSE;
  fd = adit_sealed_file_begin ("adit-report", error);
  if (fd < 0)
    return FALSE;
  key = adit_report_dup_key (report);
  adit_wire_begin (&message, ADIT_WIRE_REPORT, worker->attempt);
  g_strlcpy (message.report.key, key, sizeof message.report.key);
  message.report.size_text_bytes = (guint32) strlen (text);
  sent = adit_sealed_file_add (fd, text, strlen (text), error) && adit_sealed_file_end (fd, error) &&
         adit_worker_send (worker, &message, fd, error);
  close (fd);
  return sent;
}

/* A client hands in a descriptor of anything: who reads it waits for nobody. */
static AditCrashNote *
read_note (int fd, GError **error)
{
  struct stat status;

  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode))
    return adit_crash_note_read (fd, error);
  fail (error, ADIT_ERROR_INVALID_ARGUMENT, "This is no crash note of ours: it is no file");
  return NULL;
}

static gboolean
serve_make (AditWorker *worker, GError **error)
{
  const AditWireRequest *request = &worker->request.request;
  g_autoptr (GBytes) bytes = adit_sealed_file_read (worker->files_fd, ADIT_REPORT_FACTS_MAX_BYTES, error);
  g_autoptr (AditReportFacts) facts = bytes != NULL ? adit_report_facts_unpack (bytes, error) : NULL;
  g_autofree AditCrashNote *note = NULL;
  g_autoptr (AditReport) report = NULL;
  AditReportMaking making = { .facts = facts, .now_s = request->now_s, .lend = lend, .lend_data = worker };

  if (facts == NULL)
    return FALSE;
  if (strcmp (facts->id, request->report.id) != 0)
    return fail (error, ADIT_ERROR_WORKER_FAILED, "The helper gave one report two numbers");
  if (worker->note_fd >= 0)
    {
      note = read_note (worker->note_fd, error);
      if (note == NULL)
        return FALSE;
      making.note = note;
    }
  report = adit_report_make (&making, error);
  return report != NULL && send_report (worker, report, error);
}

static int
open_connection (const AditEndpoint *endpoint, gpointer user_data, GError **error)
{
  return adit_worker_connect (user_data, endpoint, error);
}

static gboolean
post (AditWorker *worker, AditReport *report, AditHttpAnswer *answer, GError **error)
{
  const AditWireRequest *request = &worker->request.request;
  const AditWireReportTask *task = &request->report;
  const char *const pins[] = { task->pin, NULL };
  gboolean is_pinned = task->pin[0] != '\0';
  g_autofree char *envelope = adit_envelope_write (report, ADIT_VERSION);
  g_autofree char *auth = adit_envelope_dup_auth (task->key, ADIT_VERSION);
  g_autofree char *roots = adit_doh_dup_roots (is_pinned ? NULL : error);
  AditCurlRules rules = { .api = request->api, .n_api = request->n_api, .now_s = request->now_s,
                          .tls = { .roots_pem = roots, .pins = is_pinned ? pins : NULL, .send_server_name = TRUE,
                                   .pin_is_enough = TRUE },
                          .timeout_ms = adit_worker_get_left_ms (worker), .open = open_connection, .open_data = worker };
  g_auto (AditHttpRequest) http = { .method = ADIT_HTTP_POST, .host = task->host, .port = task->port,
                                    .answer_max_bytes = ANSWER_MAX_BYTES, .timeout_ms = rules.timeout_ms };

  if (roots == NULL && !is_pinned)
    return FALSE;
  http.path = adit_envelope_dup_path (task->folder, task->project);
  adit_http_request_add_header (&http, "Content-Type", ADIT_ENVELOPE_TYPE);
  adit_http_request_add_header (&http, "X-Sentry-Auth", auth);
  http.body = adit_secret_new (envelope, strlen (envelope));
  return adit_curl_perform (&rules, &http, answer, error);
}

static gboolean
serve_send (AditWorker *worker, GError **error)
{
  const AditWireRequest *request = &worker->request.request;
  g_autoptr (GBytes) bytes = adit_sealed_file_read (worker->files_fd, ADIT_REPORT_MAX_BYTES, error);
  g_autoptr (AditReport) report = NULL;
  g_auto (AditHttpAnswer) answer = { 0 };
  AditSendHeaders headers;
  AditWireMessage message;

  if (bytes == NULL)
    return FALSE;
  report = adit_report_read (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
  if (report == NULL)
    return FALSE;
  if (strcmp (report->fields[ADIT_REPORT_ID], request->report.id) != 0)
    return fail (error, ADIT_ERROR_INVALID_ARGUMENT, "The report's text is another report's");
  if (!post (worker, report, &answer, error))
    return FALSE;
  headers = (AditSendHeaders) { .status = answer.status, .retry_after = answer.retry_after, .rate_limits = answer.rate_limits,
                                .retry_at_s = answer.retry_at_s };
  adit_wire_begin (&message, ADIT_WIRE_REPORTED, worker->attempt);
  return adit_send_answer_read (&headers, request->now_s, &message.reported, error) &&
         adit_worker_send (worker, &message, -1, error);
}

static gboolean
report_serve (AditWorker *worker, GError **error)
{
  switch (worker->request.request.want)
    {
    case ADIT_WIRE_WANT_REPORT:
      return serve_make (worker, error);
    case ADIT_WIRE_WANT_SEND:
      return serve_send (worker, error);
    default:
      return fail (error, ADIT_ERROR_WORKER_FAILED, "The helper wants what this worker cannot do");
    }
}

/* Which of the two it will be is not known yet. */
static void
report_init (void)
{
  adit_curl_init ();
  adit_doh_init ();
  (void) adit_symbols_init ();
}

const AditWorkerRole adit_worker_report_role = {
  .name = "report",
  .sandbox = ADIT_SANDBOX_REPORT,
  .init = report_init,
  .serve = report_serve,
};
