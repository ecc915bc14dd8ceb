/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-envelope.c: an envelope as Sentry's document has it, with what the report's text says and nothing else. */
#include "client/report/envelope.h"

#include <jansson.h>
#include <signal.h>
#include <string.h>

#define ID "0123456789abcdef0123456789abcdef"

static AditReport *
make (AditReportKind kind)
{
  AditReport *report = adit_report_new ();
  AditReportThread *thread;
  AditCrashNote note;

  adit_report_set_id (report, ID);
  adit_report_set (report, ADIT_REPORT_SYSTEM, "Debian GNU/Linux 12 (bookworm), Linux 6.1.0", NULL);
  adit_report_set_day (report, 1700000000);
  adit_report_add_back_end (report, "nftables");
  adit_report_add_log (report, "session: <b>connecting</b> & \"so on\"", NULL);
  adit_report_add_log (report, "session: connected", NULL);
  report->kind = kind;
  if (kind == ADIT_REPORT_OF_PROBLEM)
    {
      adit_report_set_build (report, "6889edc2f00d");
      adit_report_set_words (report, "It stops.\n\nAfter <script>alert(1)</script> & lunch.", NULL);
      adit_report_set_contact (report, "me@example.org");
      adit_report_add_diagnosis (report, "lock: in force", NULL);
    }
  else
    {
      adit_crash_note_init (&note, "aditd", "6889edc2f00d");
      memcpy (note.thread, "pool", sizeof "pool");
      note.signal = SIGSEGV;
      note.reason = ADIT_CRASH_NO_POINTER;
      note.n_modules = 2;
      memcpy (note.modules[0].name, "aditd", sizeof "aditd");
      note.modules[0].build_id_size = 20;
      memset (note.modules[0].build_id, 0xab, 20);
      memcpy (note.modules[1].name, "libc.so.6", sizeof "libc.so.6");
      note.n_frames = 4;
      note.frames[0] = (AditCrashFrame) { .offset = 0x99, .module = 1 };
      note.frames[1].offset = 0x1234;
      note.frames[2].offset = 0x1300;
      note.frames[3].module = ADIT_CRASH_NO_MODULE;
      note.n_others = 2;
      memcpy (note.others[0].name, "gmain", sizeof "gmain");
      note.others[0].n_frames = 2;
      note.others[0].frames[0] = (AditCrashFrame) { .offset = 0x88, .module = 1 };
      note.others[0].frames[1].offset = 0x2000;
      note.others[1].silent = 1;
      g_assert_true (adit_crash_note_check (&note, sizeof note, NULL));
      adit_report_set_note (report, &note, NULL);
      thread = report->threads->pdata[0];
      adit_report_frame_name (thread->frames->pdata[1], "fall_over", "session.c", 7, NULL);
    }
  adit_report_set (report, ADIT_REPORT_VERSION, "0.1.0", NULL);
  return report;
}

/* Header, item header, event; each on its line, and the second says how long the third is. */
static json_t *
unpack (const char *envelope)
{
  g_auto (GStrv) lines = g_strsplit (envelope, "\n", -1);
  json_t *header, *item, *event;
  json_error_t problem;

  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_cmpstr (lines[3], ==, "");
  header = json_loads (lines[0], JSON_REJECT_DUPLICATES, &problem);
  item = json_loads (lines[1], JSON_REJECT_DUPLICATES, &problem);
  event = json_loads (lines[2], JSON_REJECT_DUPLICATES, &problem);
  if (event == NULL)
    g_error ("%s: %s", problem.text, lines[2] + MAX (problem.position, 40) - 40);
  g_assert_cmpuint (json_object_size (header), ==, 1);    /* no time of sending, no DSN */
  g_assert_cmpstr (json_string_value (json_object_get (header, "event_id")), ==, ID);
  g_assert_cmpstr (json_string_value (json_object_get (item, "type")), ==, "event");
  g_assert_cmpint (json_integer_value (json_object_get (item, "length")), ==, (json_int_t) strlen (lines[2]));
  json_decref (header);
  json_decref (item);
  return event;
}

static const char *
get_text (json_t *event, const char *path)
{
  g_auto (GStrv) keys = g_strsplit (path, "/", -1);

  for (guint i = 0; keys[i] != NULL; i++)
    event = g_ascii_isdigit (keys[i][0]) ? json_array_get (event, (size_t) g_ascii_strtoull (keys[i], NULL, 10))
                                         : json_object_get (event, keys[i]);
  return json_string_value (event);
}

static void
test_crash (void)
{
  g_autoptr (AditReport) report = make (ADIT_REPORT_OF_CRASH);
  g_autofree char *envelope = adit_envelope_write (report, "0.2.0");
  json_t *event = unpack (envelope), *frames, *threads;

  g_assert_cmpstr (get_text (event, "event_id"), ==, ID);
  g_assert_cmpstr (get_text (event, "timestamp"), ==, "2023-11-14T00:00:00Z");
  g_assert_cmpstr (get_text (event, "level"), ==, "fatal");
  g_assert_cmpstr (get_text (event, "release"), ==, "adit@0.1.0");
  g_assert_cmpstr (get_text (event, "sdk/version"), ==, "0.2.0");
  g_assert_cmpstr (get_text (event, "sdk/settings/infer_ip"), ==, "never");
  g_assert_cmpstr (get_text (event, "tags/program"), ==, "aditd");
  g_assert_cmpstr (get_text (event, "tags/build"), ==, "6889edc2f00d");
  g_assert_cmpstr (get_text (event, "contexts/os/raw_description"), ==, "Debian GNU/Linux 12 (bookworm), Linux 6.1.0");
  g_assert_cmpstr (get_text (event, "extra/back_ends/0"), ==, "nftables");
  g_assert_cmpstr (get_text (event, "exception/values/0/type"), ==, "SIGSEGV");
  g_assert_cmpstr (get_text (event, "exception/values/0/value"), ==, "a pointer to nothing");
  g_assert_cmpstr (get_text (event, "threads/values/0/name"), ==, "pool");
  g_assert_cmpstr (get_text (event, "modules/aditd"), ==, "abababababababababababababababababababab");
  g_assert_null (get_text (event, "modules/libc.so.6"));
  g_assert_cmpstr (get_text (event, "breadcrumbs/values/0/message"), ==, "session: <b>connecting</b> & \"so on\"");
  g_assert_cmpstr (get_text (event, "breadcrumbs/values/1/message"), ==, "session: connected");

  /* The innermost is the last. */
  frames = json_object_get (json_object_get (json_array_get (json_object_get (json_object_get (event, "exception"), "values"), 0),
                                             "stacktrace"), "frames");
  g_assert_cmpuint (json_array_size (frames), ==, 4);
  g_assert_cmpstr (get_text (frames, "0/function"), ==, "[nowhere]");
  g_assert_cmpstr (get_text (frames, "2/function"), ==, "fall_over");
  g_assert_cmpstr (get_text (frames, "2/filename"), ==, "session.c");
  g_assert_cmpstr (get_text (frames, "2/instruction_addr"), ==, "0x1234");
  g_assert_cmpint (json_integer_value (json_object_get (json_array_get (frames, 2), "lineno")), ==, 7);
  g_assert_true (json_is_true (json_object_get (json_array_get (frames, 2), "in_app")));
  g_assert_null (get_text (frames, "1/function"));
  g_assert_cmpstr (get_text (frames, "3/package"), ==, "libc.so.6");
  g_assert_true (json_is_false (json_object_get (json_array_get (frames, 3), "in_app")));

  /* One thread has crashed, and its frames are the exception's alone; each other one has its own, or none. */
  threads = json_object_get (json_object_get (event, "threads"), "values");
  g_assert_cmpuint (json_array_size (threads), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      json_t *thread = json_array_get (threads, i);

      g_assert_cmpint (json_integer_value (json_object_get (thread, "id")), ==, i);
      g_assert_cmpint (json_is_true (json_object_get (thread, "crashed")), ==, i == 0);
      g_assert_cmpint (json_object_get (thread, "stacktrace") != NULL, ==, i == 1);
    }
  g_assert_cmpstr (get_text (threads, "1/name"), ==, "gmain");
  g_assert_cmpstr (get_text (threads, "1/stacktrace/frames/0/instruction_addr"), ==, "0x2000");
  g_assert_cmpstr (get_text (threads, "1/stacktrace/frames/1/package"), ==, "libc.so.6");
  g_assert_cmpstr (get_text (threads, "2/name"), ==, "did not answer");
  json_decref (event);
}

static void
test_problem (void)
{
  g_autoptr (AditReport) report = make (ADIT_REPORT_OF_PROBLEM);
  g_autofree char *envelope = adit_envelope_write (report, "0.1.0");
  json_t *event = unpack (envelope);

  g_assert_cmpstr (get_text (event, "level"), ==, "info");
  g_assert_cmpstr (get_text (event, "tags/kind"), ==, "problem");
  g_assert_null (get_text (event, "tags/program"));
  g_assert_cmpstr (get_text (event, "logentry/formatted"), ==, "It stops.\n\nAfter <script>alert(1)</script> & lunch.");
  g_assert_cmpstr (get_text (event, "extra/contact"), ==, "me@example.org");
  g_assert_cmpstr (get_text (event, "extra/diagnostics/0"), ==, "lock: in force");
  g_assert_null (json_object_get (event, "exception"));
  g_assert_null (json_object_get (event, "threads"));
  json_decref (event);
}

/* A reader that takes it for a page finds no mark in it, and nothing of it says who sent it. */
static void
test_plain (void)
{
  static const char *const nobody[] = { "user", "server_name", "request", "sent_at", "ip_address", "environment", "dist" };

  for (guint i = 0; i < ADIT_N_REPORT_KINDS; i++)
    {
      g_autoptr (AditReport) report = make (i);
      g_autofree char *envelope = adit_envelope_write (report, "0.1.0");
      json_t *event = unpack (envelope);

      g_assert_null (strpbrk (envelope, "<>&"));
      for (gsize j = 0; j < G_N_ELEMENTS (nobody); j++)
        g_assert_null (json_object_get (event, nobody[j]));
      json_decref (event);
    }
}

/* As the document has them. */
static void
test_address (void)
{
  g_autofree char *path = adit_envelope_dup_path ("", "42"), *deep = adit_envelope_dup_path ("/in/sentry", "7");
  g_autofree char *auth = adit_envelope_dup_auth ("abc", "0.1.0");

  g_assert_cmpstr (path, ==, "/api/42/envelope/");
  g_assert_cmpstr (deep, ==, "/in/sentry/api/7/envelope/");
  g_assert_cmpstr (auth, ==, "Sentry sentry_version=7, sentry_client=adit/0.1.0, sentry_key=abc");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/envelope/crash", test_crash);
  g_test_add_func ("/envelope/problem", test_problem);
  g_test_add_func ("/envelope/plain", test_plain);
  g_test_add_func ("/envelope/address", test_address);
  return g_test_run ();
}
