/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report.c: a report comes back from its form as it was, nothing else is read as one, and nothing in it was not redacted. */
#include "client/report/report.h"

#include <jansson.h>
#include <signal.h>
#include <string.h>

#include "client/base/error.h"

static const char *const users[] = { "alice", NULL };
static const AditRedactionWords words = { .user_names = users };

static AditReport *
make (void)
{
  AditReport *report = adit_report_new ();
  AditCrashNote note;

  adit_crash_note_init (&note, "aditd", "6889edc2f00d");
  memcpy (note.thread, "pool", sizeof "pool");
  note.signal = SIGSYS;
  note.reason = ADIT_CRASH_SYSTEM_CALL;
  note.detail = 41;
  note.n_modules = 2;
  memcpy (note.modules[0].name, "aditd", sizeof "aditd");
  note.modules[0].build_id_size = 20;
  memset (note.modules[0].build_id, 0xab, 20);
  memcpy (note.modules[1].name, "libstdc++.so.6", sizeof "libstdc++.so.6");
  note.n_frames = 3;
  note.frames[0].offset = 0x1234;
  note.frames[1] = (AditCrashFrame) { .offset = 0x99, .module = 1 };
  note.frames[2].module = ADIT_CRASH_NO_MODULE;
  note.n_others = 2;
  memcpy (note.others[0].name, "alice-1", sizeof "alice-1");
  note.others[0].n_frames = 1;
  note.others[0].frames[0] = (AditCrashFrame) { .offset = 0x77, .module = 1 };
  note.others[1].silent = 1;
  note.n_more = 3;
  g_assert_true (adit_crash_note_check (&note, sizeof note, NULL));
  g_assert_true (adit_report_set_note (report, &note, &words));
  adit_report_set (report, ADIT_REPORT_VERSION, "0.1.0", NULL);
  adit_report_set (report, ADIT_REPORT_SYSTEM, "Debian GNU/Linux 12 (bookworm), Linux 6.1.0-18-amd64, x86_64", &words);
  adit_report_set_day (report, 1700000000);
  g_assert_true (adit_report_add_back_end (report, "nftables"));
  g_assert_true (adit_report_add_back_end (report, "resolved"));
  adit_report_add_log (report, "aditd: session: connecting, lock peer\n", &words);
  adit_report_add_log (report, "", &words);
  adit_report_add_log (report, "  alice has \"1234567890123456\" <b>\xe2\x80\xae & \xc3\xa4\n192.0.2.1\x01", &words);
  return report;
}

static void
test_text (void)
{
  g_autoptr (AditReport) report = make (), read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *expected = NULL, *again = NULL;
  AditReportThread *thread = report->threads->pdata[0];

  adit_report_frame_name (thread->frames->pdata[0], "adit session", "/home/Alice/src/my adit/session.c", 391, &words);
  adit_report_frame_name (thread->frames->pdata[1], "operator new", NULL, 7, &words);
  text = adit_report_write (report, &error);
  g_assert_no_error (error);
  expected = g_strdup_printf (
    "Adit crash report, form 1\nprogram: aditd\nversion: 0.1.0\nbuild: 6889edc2f00d\n"
    "system: Debian GNU/Linux 12 (bookworm), Linux 6.1.0-18-amd64, x86_64\nday: 2023-11-14\nreport: %s\nsignal: SIGSYS\n"
    "reason: system call that is not allowed: number 41\nback end: nftables\nback end: resolved\nthread: pool\n"
    "  #0 adit_session [path]:391 aditd+0x1234 abababababababababababababababababababab\n"
    "  #1 operator_new - libstdc++.so.6+0x99 -\n  #2 - - - -\n"
    "thread: [user_name]-1\n  #0 - - libstdc++.so.6+0x77 -\nthread: did not answer\nthread: 3 more\nlog:\n"
    "  aditd: session: connecting, lock peer\n  \n"
    "  [user name] has \"[account number]\" <b>  & \xc3\xa4 [address]\n", report->fields[ADIT_REPORT_ID]);
  g_assert_cmpstr (text, ==, expected);

  read = adit_report_read (text, strlen (text), &error);
  g_assert_no_error (error);
  again = adit_report_write (read, NULL);
  g_assert_cmpstr (again, ==, text);
}

/* Every place changed, left out or said twice: either it is refused, or it is read as exactly what it then says. */
static void
test_changed (void)
{
  g_autoptr (AditReport) report = make ();
  g_autofree char *text = adit_report_write (report, NULL);
  gsize length = strlen (text);
  static const char others[] = { '\0', '\n', ' ', '-', '#', ':', '+', 'x', '\x1b', (char) 0xff, '9' };
  guint n_refused = 0;

  for (gsize i = 0; i < length; i++)
    for (guint j = 0; j < G_N_ELEMENTS (others) + 2; j++)
      {
        g_autoptr (GString) changed = g_string_new_len (text, (gssize) length);
        g_autoptr (GError) error = NULL;
        g_autoptr (AditReport) read = NULL;

        if (j < G_N_ELEMENTS (others))
          changed->str[i] = others[j];
        else if (j == G_N_ELEMENTS (others))
          g_string_truncate (changed, i);
        else
          g_string_insert_len (changed, (gssize) i, text + i, 1);
        read = adit_report_read (changed->str, changed->len, &error);
        if (read != NULL)
          {
            g_autofree char *again = adit_report_write (read, NULL);

            g_assert_cmpmem (again, strlen (again), changed->str, changed->len);
            continue;
          }
        g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
        n_refused++;
      }
  g_assert_cmpuint (n_refused, >, length);
}

static void
test_refused (void)
{
  static const struct { const char *from, *to; } wrong[] = {
    { "form 1", "form 2" }, { "day: 2023-11-14", "day: 2023-11-14 12:00" }, { "day: 2", "day:  2" }, { "signal: SIGSYS\n", "" },
    { "+0x1234", "+0x01234" }, { "+0x1234", "+0x12ABG" }, { "#1", "#2" }, { "log:\n", "log:\nlog:\n" }, { "abab", "ABAB" },
    { "back end: nftables", "back end: " }, { "  #2 - - - -", "  #2 a - - -" },
    { "program: aditd", "program: aditd\nprogram: aditd" },
  };
  g_autoptr (AditReport) report = make ();
  g_autofree char *text = adit_report_write (report, NULL), *large = g_strnfill (ADIT_REPORT_MAX_BYTES + 1, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GString) changed = g_string_new (text);
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (g_string_replace (changed, wrong[i].from, wrong[i].to, 1), ==, 1);
      if (adit_report_read (changed->str, changed->len, &error) != NULL)
        g_error ("\"%s\" is read", wrong[i].to);
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
    }
  g_assert_null (adit_report_read ("", 0, NULL));
  g_assert_null (adit_report_read (large, strlen (large), NULL));
}

static void
test_bounds (void)
{
  g_autoptr (AditReport) report = make (), read = NULL;
  g_autofree char *line = g_strnfill (3000, ' '), *text = NULL;
  const char *last;

  for (guint i = 0; i < 3000; i += 3)
    memcpy (line + i, "\xc3\xa4 ", 3);
  for (guint i = 0; i < 2 * ADIT_REPORT_MAX_LOG_LINES; i++)
    adit_report_add_log (report, line, NULL);
  for (guint i = 0; i < 2 * ADIT_REPORT_MAX_THREADS; i++)
    {
      AditReportThread *thread = adit_report_add_thread (report, "t");

      g_assert_cmpint (thread != NULL, ==, i + 4 < ADIT_REPORT_MAX_THREADS);
    }
  for (guint i = 2; i < 2 * ADIT_REPORT_MAX_BACK_ENDS; i++)
    g_assert_cmpint (adit_report_add_back_end (report, "b"), ==, i < ADIT_REPORT_MAX_BACK_ENDS);
  g_assert_cmpuint (report->log->len, ==, ADIT_REPORT_MAX_LOG_LINES);
  last = report->log->pdata[0];
  g_assert_cmpuint (strlen (last), <=, ADIT_REPORT_MAX_LINE_BYTES);
  g_assert_true (g_utf8_validate (last, -1, NULL));
  text = adit_report_write (report, NULL);
  g_assert_nonnull (text);
  read = adit_report_read (text, strlen (text), NULL);
  g_assert_nonnull (read);
}

static void
test_json (void)
{
  g_autoptr (AditReport) report = make ();
  g_autofree char *text = adit_report_write_json (report);
  json_error_t error;
  json_t *json = json_loads (text, JSON_REJECT_DUPLICATES, &error), *frame;

  if (json == NULL)
    g_error ("%s", error.text);
  g_assert_null (strpbrk (text, "\n<>&"));
  g_assert_cmpint (json_integer_value (json_object_get (json, "form")), ==, 1);
  g_assert_cmpstr (json_string_value (json_object_get (json, "signal")), ==, "SIGSYS");
  g_assert_cmpstr (json_string_value (json_object_get (json, "report")), ==, report->fields[ADIT_REPORT_ID]);
  g_assert_cmpuint (json_array_size (json_object_get (json, "back_ends")), ==, 2);
  g_assert_cmpstr (json_string_value (json_array_get (json_object_get (json, "log"), 2)), ==, report->log->pdata[2]);
  frame = json_array_get (json_object_get (json_array_get (json_object_get (json, "threads"), 0), "frames"), 0);
  g_assert_cmpint (json_integer_value (json_object_get (frame, "offset")), ==, 0x1234);
  g_assert_true (json_is_null (json_object_get (frame, "function")));
  g_assert_cmpuint (json_array_size (json_object_get (json, "threads")), ==, 4);
  json_decref (json);
}

static AditReport *
make_problem (void)
{
  AditReport *report = adit_report_new ();

  report->kind = ADIT_REPORT_OF_PROBLEM;
  adit_report_set (report, ADIT_REPORT_VERSION, "0.1.0", NULL);
  adit_report_set_build (report, "6889edc2f00d");
  adit_report_set (report, ADIT_REPORT_SYSTEM, "Debian", &words);
  adit_report_set_day (report, 1700000000);
  adit_report_set_words (report, " It stops,\tsays alice:\n\n  #0 - - - -\nlog:\n192.0.2.1\n", &words);
  adit_report_set_contact (report, " me@example.org\n(mornings) ");
  g_assert_true (adit_report_add_diagnosis (report, "lock: in force at 192.0.2.1", &words));
  adit_report_add_log (report, "session: connecting", &words);
  return report;
}

static void
test_problem (void)
{
  g_autoptr (AditReport) report = make_problem (), read = NULL, other = make_problem ();
  g_autofree char *text = adit_report_write (report, NULL), *again = NULL, *expected = NULL, *json = NULL;
  g_autofree char *a = adit_report_dup_key (report), *b = adit_report_dup_key (other);
  g_autoptr (GError) error = NULL;

  expected = g_strdup_printf (
    "Adit problem report, form 1\nversion: 0.1.0\nbuild: 6889edc2f00d\nsystem: Debian\nday: 2023-11-14\nreport: %s\n"
    "contact: me@example.org (mornings)\nwords:\n  It stops, says [user name]:\n  \n  #0 - - - -\n  log:\n  [address]\n"
    "diagnostics:\n  lock: in force at [address]\nlog:\n  session: connecting\n", report->fields[ADIT_REPORT_ID]);
  g_assert_cmpstr (text, ==, expected);
  read = adit_report_read (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpint (read->kind, ==, ADIT_REPORT_OF_PROBLEM);
  g_assert_cmpuint (read->words->len, ==, 5);
  again = adit_report_write (read, NULL);
  g_assert_cmpstr (again, ==, text);
  json = adit_report_write_json (report);
  g_assert_nonnull (strstr (json, "\"kind\":\"problem\""));
  g_assert_cmpstr (a, !=, b);    /* of two problems none is the other, whatever is said of them */

  /* Neither kind has what is the other's. */
  adit_report_set_contact (report, "");
  g_assert_null (report->fields[ADIT_REPORT_CONTACT]);
  g_free (adit_report_write (report, &error));
  g_assert_no_error (error);
  adit_report_set (report, ADIT_REPORT_SIGNAL, "SIGSEGV", NULL);
  g_assert_null (adit_report_write (report, NULL));
  g_clear_pointer (&report->fields[ADIT_REPORT_SIGNAL], g_free);
  adit_report_add_thread (report, "pool");
  g_assert_null (adit_report_write (report, NULL));
  other->kind = ADIT_REPORT_OF_CRASH;
  g_assert_null (adit_report_write (other, NULL));
}

static GBytes *
check_text (const char *text, gsize length, GError **error)
{
  return adit_report_check_text (g_bytes_new (text, length), error);
}

/* What is no report is not shown, whatever else in it is one. */
static void
test_shown (void)
{
  static const struct { const char *from, *to; } wrong[] = {
    { "stops", "\x1b[2J" }, { "stops", "\xe2\x80\xae" }, { "stops", "\r" }, { "stops", "\xff" }, { "words:", "world:" },
    { "form 1", "form 2" },
  };
  g_autoptr (AditReport) report = make_problem ();
  g_autofree char *text = adit_report_write (report, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) good = check_text (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (good, NULL), g_bytes_get_size (good), text, strlen (text));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GString) changed = g_string_new (text);

      g_assert_cmpuint (g_string_replace (changed, wrong[i].from, wrong[i].to, 1), ==, 1);
      g_assert_null (check_text (changed->str, changed->len, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
      g_clear_error (&error);
    }
  g_assert_null (check_text (text, strlen (text) + 1, &error));    /* with a zero byte behind */
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  g_clear_error (&error);
  g_assert_null (check_text ("", 0, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  g_clear_error (&error);
  g_assert_null (adit_report_check_text (NULL, &error));
  g_assert_no_error (error);
}

/* What Unicode has to end a line is no reason to refuse what somebody wrote. */
static void
test_separators (void)
{
  g_autoptr (AditReport) report = make_problem (), read = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  adit_report_set_words (report, "a\xe2\x80\xa8" "b\xc2\x85" "c", NULL);
  adit_report_set_contact (report, "\xe2\x80\xa9me\xe2\x80\xa8here");
  adit_report_add_diagnosis (report, "profile: a\xe2\x80\xa8" "b", NULL);
  text = adit_report_write (report, &error);
  g_assert_no_error (error);
  read = adit_report_read (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->words->len, ==, 3);
  g_assert_cmpstr (read->fields[ADIT_REPORT_CONTACT], ==, "me here");
}

/* A person may write without an end of a line, and much of it. */
static void
test_words (void)
{
  g_autoptr (AditReport) report = make_problem (), read = NULL;
  g_autoptr (GString) large = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < 9000; i++)
    g_string_append (large, i % 7 == 0 ? "\xc3\xa4\xc3\xb6 " : "ab ");
  adit_report_set_words (report, large->str, NULL);
  g_assert_cmpuint (report->words->len, >, ADIT_REPORT_MAX_WORDS_BYTES / ADIT_REPORT_MAX_LINE_BYTES);
  for (guint i = 0; i < report->words->len; i++)
    g_assert_cmpuint (strlen (report->words->pdata[i]), <=, ADIT_REPORT_MAX_LINE_BYTES);
  text = adit_report_write (report, NULL);
  read = adit_report_read (text, strlen (text), NULL);
  g_assert_nonnull (read);

  g_string_assign (large, "");
  for (guint i = 0; i < 3000; i++)
    g_string_append (large, "\xc3\xa4");
  adit_report_set_words (report, large->str, NULL);
  g_assert_cmpuint (report->words->len, ==, 10);
  g_assert_true (g_utf8_validate (report->words->pdata[0], -1, NULL));
  g_string_assign (large, "");
  for (guint i = 0; i < 2 * ADIT_REPORT_MAX_WORD_LINES; i++)
    g_string_append (large, "a\n");
  adit_report_set_words (report, large->str, NULL);
  g_assert_cmpuint (report->words->len, ==, ADIT_REPORT_MAX_WORD_LINES);
  for (guint i = 1; i <= ADIT_REPORT_MAX_DIAGNOSTICS; i++)
    g_assert_cmpint (adit_report_add_diagnosis (report, "fine", NULL), ==, i < ADIT_REPORT_MAX_DIAGNOSTICS);
}

static void
test_id (void)
{
  g_autoptr (AditReport) report = make ();

  g_assert_true (adit_report_set_id (report, "0123456789abcdef0123456789abcdef"));
  g_assert_cmpstr (report->fields[ADIT_REPORT_ID], ==, "0123456789abcdef0123456789abcdef");
  g_assert_false (adit_report_set_id (report, "0123456789ABCDEF0123456789abcdef"));
  g_assert_false (adit_report_set_id (report, "0123456789abcdef0123456789abcde"));
  g_assert_false (adit_report_set_id (report, ""));
  g_assert_cmpstr (report->fields[ADIT_REPORT_ID], ==, "0123456789abcdef0123456789abcdef");
}

/* The same crash has the same key, named or not, on another day, under another id, whatever other threads did; another place has
 * another. */
static void
test_key (void)
{
  g_autoptr (AditReport) one = make (), two = make ();
  g_autofree char *a = NULL, *b = NULL, *c = NULL;
  AditReportThread *thread = two->threads->pdata[0];

  g_assert_cmpstr (one->fields[ADIT_REPORT_ID], !=, two->fields[ADIT_REPORT_ID]);
  adit_report_set_day (two, 1800000000);
  adit_report_add_log (two, "more", NULL);
  ((AditReportFrame *) ((AditReportThread *) two->threads->pdata[1])->frames->pdata[0])->offset++;    /* another thread's */
  adit_report_frame_name (thread->frames->pdata[0], "f", "f.c", 1, NULL);
  a = adit_report_dup_key (one);
  b = adit_report_dup_key (two);
  g_assert_cmpstr (a, ==, b);
  ((AditReportFrame *) thread->frames->pdata[1])->offset++;
  c = adit_report_dup_key (two);
  g_assert_cmpstr (a, !=, c);
}

static void
test_day (void)
{
  g_autoptr (AditReport) report = make ();

  adit_report_set_day (report, 86400 * 365 - 1);
  g_assert_cmpstr (report->fields[ADIT_REPORT_DAY], ==, "1970-12-31");
  adit_report_set_day (report, -5);
  g_assert_cmpstr (report->fields[ADIT_REPORT_DAY], ==, "1970-01-01");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/text", test_text);
  g_test_add_func ("/report/changed", test_changed);
  g_test_add_func ("/report/refused", test_refused);
  g_test_add_func ("/report/bounds", test_bounds);
  g_test_add_func ("/report/json", test_json);
  g_test_add_func ("/report/key", test_key);
  g_test_add_func ("/report/day", test_day);
  g_test_add_func ("/report/problem", test_problem);
  g_test_add_func ("/report/shown", test_shown);
  g_test_add_func ("/report/words", test_words);
  g_test_add_func ("/report/separators", test_separators);
  g_test_add_func ("/report/id", test_id);
  return g_test_run ();
}
