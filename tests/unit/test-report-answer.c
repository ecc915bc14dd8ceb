/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-answer.c: reports as the helper tells of them, also where it answers nonsense, and what a person reads of each. */
#include "client/api/report-answer.h"

#include <string.h>

#include "client/base/error.h"

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
  g_test_add_func ("/report-answer/other-form", test_other_form);
  return g_test_run ();
}
