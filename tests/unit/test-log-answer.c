/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-log-answer.c: lines of the helper's as they are shown, also where it answers nonsense. */
#include "client/api/log-answer.h"

#include "client/base/error.h"

static void
test_lines (void)
{
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_parsed (
    "([(uint64 7, int64 1780000000000000, 'warning', 'lock', 'not whole'), (uint64 8, int64 1780000001000000, 'loud', 'x', 'y'), "
    "(uint64 9, int64 1780000002000000, 'info', 'session\\n', 'a\\u001b[2Jb')],)"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = adit_log_answer_read (answer, &error);
  g_autofree char *first = NULL, *second = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, ==, 2);    /* not that of a level that nobody knows */
  g_assert_cmpuint (((AditLogLine *) lines->pdata[1])->number, ==, 9);
  first = adit_log_answer_dup_line (lines->pdata[0]);
  g_assert_cmpstr (first, ==, "20:26:40  warning  lock: not whole");
  second = adit_log_answer_dup_line (lines->pdata[1]);
  g_assert_cmpstr (second, ==, "20:26:42  info     session?: a?[2Jb");
}

/* A time that no calendar has. */
static void
test_no_time (void)
{
  AditLogLine line = { .time_us = G_MAXINT64, .topic = (char *) "t", .text = (char *) "x" };
  g_autofree char *shown = NULL;

  line.time_us = G_MININT64;
  shown = adit_log_answer_dup_line (&line);
  g_assert_cmpstr (shown, ==, "--:--:--  warning  t: x");
}

static void
test_other_form (void)
{
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_parsed ("(['x'],)"));
  g_autoptr (GError) error = NULL;

  g_assert_null (adit_log_answer_read (answer, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log-answer/lines", test_lines);
  g_test_add_func ("/log-answer/no-time", test_no_time);
  g_test_add_func ("/log-answer/other-form", test_other_form);
  return g_test_run ();
}
