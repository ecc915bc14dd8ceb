/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-words.c: what a person reads of a report's day, and of where it goes. */
#include "ui/report-words.h"

#include <string.h>

static void
test_server (void)
{
  AditReportServerAnswer server = { .host = (char *) "", .problem = (char *) "line 3: dsn: no key" };
  g_autofree char *none = adit_report_words_dup_server (&server), *own_none = NULL, *own = NULL, *given = NULL;

  g_assert_cmpstr (adit_report_words_get_host (&server), ==, "Nowhere");
  g_assert_cmpstr (none, ==, "No server is set. Nothing can be sent; a report can be saved.\nline 3: dsn: no key");
  server.problem = (char *) "";
  server.is_own = TRUE;
  own_none = adit_report_words_dup_server (&server);
  g_assert_true (g_str_has_prefix (own_none, "You have set that there is none."));

  server.host = (char *) "reports.example.org";
  g_assert_cmpstr (adit_report_words_get_host (&server), ==, "reports.example.org");
  own = adit_report_words_dup_server (&server);
  g_assert_cmpstr (own, ==, "You have set it. By HTTPS, through the tunnel while connected.");
  server.is_own = FALSE;
  server.is_pinned = TRUE;
  given = adit_report_words_dup_server (&server);
  g_assert_cmpstr (given, ==, "The administrator of this computer has set it. By HTTPS, through the tunnel while connected. "
                              "Only its own certificate is accepted.");
}

/* The day is the report's, wherever somebody is. */
static void
test_row (void)
{
  AditReportRow row = { .reason = (char *) "", .day_s = 1780012800, .state = ADIT_REPORT_STATE_SENT };
  g_autofree char *known = adit_report_words_dup_row (&row), *unknown = NULL;

  g_assert_cmpstr (known, ==, "29 May 2026 · It was sent. Thank you.");
  row.day_s = G_MAXINT64;    /* what no calendar has */
  unknown = adit_report_words_dup_row (&row);
  g_assert_cmpstr (unknown, ==, "It was sent. Thank you.");
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "America/Los_Angeles", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-words/server", test_server);
  g_test_add_func ("/report-words/row", test_row);
  return g_test_run ();
}
