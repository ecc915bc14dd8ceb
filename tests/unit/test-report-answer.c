/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-answer.c: reports as the helper tells of them, also where it answers nonsense, and what a person reads of each. */
#include "client/api/report-answer.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/report/report.h"

static GPtrArray *
read_reports (const char *text)
{
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_parsed (text));
  g_autoptr (GError) error = NULL;
  GPtrArray *reports = adit_answer_read_reports (answer, &error);

  g_assert_no_error (error);
  return reports;
}

static void
test_rows (void)
{
  g_autoptr (GPtrArray) reports = read_reports (
    "([{'id': <'00112233445566778899aabbccddeeff'>, 'kind': <'crash'>, 'program': <'aditd'>, 'day': <int64 1780012800>, "
    "'state': <'queued'>, 'reason': <'held'>, 'next_try': <int64 1780020000>}, {'kind': <'problem'>, 'state': <'sent'>}],)");
  const AditReportRow *row = reports->pdata[0];

  g_assert_cmpuint (reports->len, ==, 2);
  g_assert_cmpstr (row->id, ==, "00112233445566778899aabbccddeeff");
  g_assert_false (row->is_problem);
  g_assert_cmpint (row->day_s, ==, 1780012800);
  g_assert_cmpint (row->next_try_s, ==, 1780020000);
  g_assert_cmpint (row->state, ==, ADIT_REPORT_STATE_QUEUED);
  g_assert_cmpstr (adit_report_row_get_title (row), ==, "Adit’s helper crashed");
  g_assert_nonnull (strstr (adit_report_row_explain (row), "as soon as you are connected"));
  row = reports->pdata[1];
  g_assert_true (row->is_problem);
  g_assert_cmpstr (row->id, ==, "");
  g_assert_cmpstr (adit_report_row_explain (row), ==, "It was sent. Thank you.");
}

/* Of what only a newer helper knows nothing is promised; what is no word of ours cannot reach a terminal as it is. */
static void
test_unknown (void)
{
  g_autoptr (GPtrArray) reports = read_reports (
    "([{'kind': <'other'>, 'program': <'a\\u001b[2Jb'>, 'state': <'eaten'>, 'reason': <'?'>, 'day': <'no number'>}],)");
  const AditReportRow *row = reports->pdata[0];

  g_assert_cmpint (row->state, ==, ADIT_REPORT_STATE_WAITING);
  g_assert_cmpint (row->day_s, ==, 0);
  g_assert_cmpstr (row->program, ==, "a?[2Jb");
  g_assert_cmpstr (adit_report_row_get_title (row), ==, "A part of Adit crashed");
}

/* Each state has words, whatever reason there is; and each is called on the bus what the helper understands. */
static void
test_words (void)
{
  for (guint i = 0; i < ADIT_N_REPORT_STATES; i++)
    {
      AditReportRow row = { .program = (char *) "adit", .reason = (char *) "new", .state = (AditReportState) i };

      g_assert_cmpuint (strlen (adit_report_row_explain (&row)), >, 10);
      g_assert_nonnull (adit_report_state_get_nick (row.state));
    }
  g_assert_cmpstr (adit_report_consent_get_nick (ADIT_REPORT_CONSENT_ASK), ==, "ask");
  g_assert_cmpstr (adit_report_consent_get_nick (ADIT_REPORT_CONSENT_ALWAYS), ==, "always");
  g_assert_cmpstr (adit_report_consent_get_nick (ADIT_REPORT_CONSENT_NEVER), ==, "never");
}

static void
test_server (void)
{
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_parsed (
    "({'host': <'reports.example.org'>, 'server': <'0f'>, 'set_by': <'person'>, 'pinned': <true>, 'consent': <'always'>},)"));
  g_autoptr (GVariant) empty = g_variant_ref_sink (g_variant_new_parsed ("({'consent': <'perhaps'>},)"));
  g_autoptr (GError) error = NULL;
  g_autoptr (AditReportServerAnswer) server = adit_answer_read_report_server (answer, &error), none = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (server->host, ==, "reports.example.org");
  g_assert_cmpstr (server->name, ==, "0f");
  g_assert_true (server->is_own);
  g_assert_true (server->is_pinned);
  g_assert_cmpint (server->consent, ==, ADIT_REPORT_CONSENT_ALWAYS);
  none = adit_answer_read_report_server (empty, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (none->host, ==, "");
  g_assert_false (none->is_own);
  g_assert_cmpint (none->consent, ==, ADIT_REPORT_CONSENT_ASK);    /* the careful one */
}

static GBytes *
read_report (const char *text, gsize length, GError **error)
{
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_parsed ("(handle 0,)"));
  g_autoptr (GUnixFDList) fds = NULL;
  int fd = memfd_create ("report", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, text, length), ==, (gssize) length);
  fds = g_unix_fd_list_new_from_array (&fd, 1);
  return adit_answer_read_report (answer, fds, error);
}

/* What is no report is not shown, whatever else in it is one. */
static void
test_text (void)
{
  static const struct { const char *from, *to; } wrong[] = {
    { "waits", "\x1b[2J" }, { "waits", "\xe2\x80\xae" }, { "waits", "\r" }, { "waits", "\xff" }, { "words:", "world:" },
    { "form 1", "form 2" },
  };
  g_autoptr (AditReport) report = adit_report_new ();
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) good = NULL;

  report->kind = ADIT_REPORT_OF_PROBLEM;
  adit_report_set (report, ADIT_REPORT_VERSION, "0.1.0", NULL);
  adit_report_set_build (report, "6889edc2f00d");
  adit_report_set (report, ADIT_REPORT_SYSTEM, "Debian", NULL);
  adit_report_set_day (report, 1700000000);
  adit_report_set_words (report, "It waits", NULL);
  text = adit_report_write (report, &error);
  g_assert_no_error (error);
  good = read_report (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (good, NULL), g_bytes_get_size (good), text, strlen (text));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GString) changed = g_string_new (text);

      g_assert_cmpuint (g_string_replace (changed, wrong[i].from, wrong[i].to, 1), ==, 1);
      g_assert_null (read_report (changed->str, changed->len, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
      g_clear_error (&error);
    }
  g_assert_null (read_report (text, strlen (text) + 1, &error));    /* with a zero byte behind */
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  g_clear_error (&error);
  g_assert_null (read_report ("", 0, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
}

static void
test_other_form (void)
{
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_parsed ("(['x'],)"));
  g_autoptr (GError) error = NULL;

  g_assert_null (adit_answer_read_reports (answer, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION);
  g_clear_error (&error);
  g_assert_null (adit_answer_read_report_server (answer, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-answer/rows", test_rows);
  g_test_add_func ("/report-answer/unknown", test_unknown);
  g_test_add_func ("/report-answer/words", test_words);
  g_test_add_func ("/report-answer/server", test_server);
  g_test_add_func ("/report-answer/text", test_text);
  g_test_add_func ("/report-answer/other-form", test_other_form);
  return g_test_run ();
}
