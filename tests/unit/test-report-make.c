/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-make.c: facts and a note become a report: named where our files can say it, redacted, never too long. */
#include "client/worker/report-make.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/report/modules.h"

#define ID  "0123456789abcdef0123456789abcdef"
#define NOW 1700000000

static const char *const none[] = { NULL }, *const users[] = { "alice", NULL };
static const char *const log_lines[] = { "store: /home/Alice/x cannot be read", "session: 192.0.2.7 answers", NULL };
static const char *const back_ends[] = { "nftables", "resolved", NULL };
static const char *const diagnostics[] = { "way: by 192.0.2.1", NULL };

static const AditReportFacts facts = {
  .id = ID, .note_fd = -1, .words = "alice cannot connect to 192.0.2.7", .contact = "alice@example.org",
  .diagnostics = diagnostics, .log = log_lines, .back_ends = back_ends, .system = "Debian on alice",
  .redact = { none, users, none, none },
};

typedef struct { guint n_asked; gboolean fails; } Lender;

static gboolean
lend (const char *name, const guint8 *build_id, int *program, int *debug, gpointer user_data, GError **error)
{
  Lender *lender = user_data;

  lender->n_asked++;
  if (lender->fails)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "gone");
      return FALSE;
    }
  if (strcmp (name, "aditd") == 0 || strcmp (name, "other") == 0)
    *program = open (g_getenv ("ADIT_SYMBOLS_SAMPLE"), O_RDONLY | O_CLOEXEC);
  return TRUE;
}

/* A function of the sample, noted as if it were the helper's; once more of another build; and one that nobody lends. */
static void
fill_note (AditCrashNote *note)
{
  void *library = dlopen (g_getenv ("ADIT_SYMBOLS_SAMPLE"), RTLD_NOW);
  gsize address;
  const AditModule *module;

  g_assert_nonnull (library);
  address = (gsize) dlsym (library, "symbols_sample_called");
  adit_modules_refresh ();
  module = adit_modules_find (address);
  g_assert_nonnull (module);
  adit_crash_note_init (note, "aditd", "6889edc2f00d");
  note->signal = SIGSEGV;
  note->reason = ADIT_CRASH_NO_POINTER;
  note->n_modules = 3;
  for (guint i = 0; i < 3; i++)
    note->modules[i] = module->as_noted;
  g_strlcpy (note->modules[0].name, "aditd", sizeof note->modules[0].name);
  memset (note->modules[1].name, 0, sizeof note->modules[1].name);
  g_strlcpy (note->modules[1].name, "other", sizeof note->modules[1].name);
  note->modules[1].build_id[0] ^= 1;
  memset (note->modules[2].name, 0, sizeof note->modules[2].name);
  g_strlcpy (note->modules[2].name, "libc.so.6", sizeof note->modules[2].name);
  memset (note->modules[0].name + 6, 0, sizeof note->modules[0].name - 6);
  note->n_frames = 3;
  for (guint i = 0; i < 3; i++)
    note->frames[i] = (AditCrashFrame) { .offset = address - module->bias, .module = (guint16) i };
  note->n_others = 2;
  note->others[0].silent = 1;
  g_strlcpy (note->others[1].name, "gmain", sizeof note->others[1].name);
  note->others[1].n_frames = 1;
  note->others[1].frames[0] = note->frames[0];
  dlclose (library);
  g_assert_true (adit_crash_note_check (note, sizeof *note, NULL));
}

static void
test_crash (void)
{
  AditCrashNote note;
  Lender lender = { 0 };
  AditReportMaking making = { &facts, &note, NOW, lend, &lender };
  g_autoptr (AditReport) report = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  const AditReportFrame *frame;

  fill_note (&note);
  report = adit_report_make (&making, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lender.n_asked, ==, 3);
  frame = ((AditReportThread *) report->threads->pdata[0])->frames->pdata[0];
  g_assert_cmpstr (frame->function, ==, "symbols_sample_called");
  g_assert_cmpuint (frame->line, >, 0);
  frame = ((AditReportThread *) report->threads->pdata[0])->frames->pdata[1];
  g_assert_null (frame->function);    /* of another build nothing is believed */
  text = adit_report_make_text (report, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (text, "Adit crash report, form 1\nprogram: aditd\nversion: another than "));
  g_assert_nonnull (strstr (text, "\nbuild: 6889edc2f00d\n"));
  g_assert_nonnull (strstr (text, "\nday: 2023-11-14\nreport: " ID "\n"));
  g_assert_nonnull (strstr (text, "\nback end: nftables\nback end: resolved\n"));
  g_assert_nonnull (strstr (text, "  #0 symbols_sample_called "));
  g_assert_nonnull (strstr (text, "  #1 - - other+0x"));
  g_assert_nonnull (strstr (text, "\nthread: did not answer\nthread: gmain\n  #0 symbols_sample_called "));
  g_assert_null (strstr (text, "alice"));
  g_assert_null (strstr (text, "192.0.2"));
}

/* Whoever wrote it may have written anything into its names, and a frame without a module says nothing else either. */
static void
test_names_of_note (void)
{
  AditCrashNote note;
  Lender lender = { 0 };
  AditReportMaking making = { &facts, &note, NOW, lend, &lender };
  g_autoptr (AditReport) report = NULL;
  g_autofree char *text = NULL;

  fill_note (&note);
  memset (note.modules[0].name, 0, sizeof note.modules[0].name);
  g_strlcpy (note.modules[0].name, "192.0.2.77", sizeof note.modules[0].name);
  memset (note.modules[1].name, 0, sizeof note.modules[1].name);
  g_strlcpy (note.modules[1].name, "lib-alice", sizeof note.modules[1].name);
  g_strlcpy (note.thread, "alice", sizeof note.thread);
  g_strlcpy (note.others[1].name, "alice", sizeof note.others[1].name);
  g_assert_true (adit_crash_note_check (&note, sizeof note, NULL));
  report = adit_report_make (&making, NULL);
  text = adit_report_make_text (report, NULL);
  g_assert_nonnull (text);
  g_assert_null (strstr (text, "alice"));
  g_assert_null (strstr (text, "192.0.2"));
  g_assert_nonnull (strstr (text, " libc.so.6+0x"));
}

static void
test_lender_gone (void)
{
  AditCrashNote note;
  Lender lender = { .fails = TRUE };
  AditReportMaking making = { &facts, &note, NOW, lend, &lender };
  g_autoptr (GError) error = NULL;

  fill_note (&note);
  g_assert_null (adit_report_make (&making, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED);
}

static void
test_problem (void)
{
  AditReportMaking making = { .facts = &facts, .now_s = NOW };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditReport) report = adit_report_make (&making, &error), read = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = adit_report_make_text (report, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "\ncontact: alice@example.org\n"));    /* as it was typed */
  g_assert_nonnull (strstr (text, "\nwords:\n  [user name] cannot connect to [address]\n"));
  g_assert_nonnull (strstr (text, "\ndiagnostics:\n  way: by [address]\n"));
  g_assert_nonnull (strstr (text, "\nsystem: Debian on [user name]\n"));
  read = adit_report_read (text, strlen (text), &error);
  g_assert_no_error (error);
}

static void
test_bad_id (void)
{
  AditReportFacts bad = facts;
  AditReportMaking making = { .facts = &bad, .now_s = NOW };
  g_autoptr (GError) error = NULL;

  bad.id = "../../etc";
  g_assert_null (adit_report_make (&making, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
}

/* The most of everything: the log gives way, and the newest of it stays as long as it can. */
static void
test_long (void)
{
  AditReportMaking making = { .facts = &facts, .now_s = NOW };
  g_autoptr (AditReport) report = adit_report_make (&making, NULL), crash = adit_report_new ();
  g_autofree char *line = g_strnfill (ADIT_REPORT_MAX_LINE_BYTES, ' '), *text = NULL, *named = NULL;
  AditCrashNote note;
  AditReportThread *thread;

  for (gsize i = 0; line[i] != '\0'; i += 2)
    line[i] = 'a';
  for (guint i = 1; i < ADIT_REPORT_MAX_DIAGNOSTICS; i++)
    adit_report_add_diagnosis (report, line, NULL);
  for (guint i = 1; i < ADIT_REPORT_MAX_LOG_LINES; i++)
    adit_report_add_log (report, line, NULL);
  adit_report_add_log (report, "the last", NULL);
  g_assert_null (adit_report_write (report, NULL));
  text = adit_report_make_text (report, NULL);
  g_assert_nonnull (text);
  g_assert_cmpuint (strlen (text), <=, ADIT_REPORT_MAX_BYTES);
  g_assert_true (g_str_has_suffix (text, "\n  the last\n"));

  fill_note (&note);
  adit_report_set_note (crash, &note, NULL);
  adit_report_set (crash, ADIT_REPORT_VERSION, "0.1.0", NULL);
  adit_report_set (crash, ADIT_REPORT_SYSTEM, "Debian", NULL);
  adit_report_set_day (crash, NOW);
  thread = crash->threads->pdata[0];
  for (gsize i = 0; line[i] != '\0'; i += 2)
    line[i + 1] = '_';
  for (AditReportFrame *frame; (frame = adit_report_add_frame (thread)) != NULL;)
    {
      frame->module = g_strdup ("aditd");
      frame->function = g_strdup (line);
      frame->file = g_strdup (line);
      frame->line = 1;
    }
  for (guint i = 0; i < 20; i++)
    {
      AditReportThread *more = adit_report_add_thread (crash, "t");

      for (AditReportFrame *frame; more != NULL && (frame = adit_report_add_frame (more)) != NULL;)
        frame->module = g_strdup ("aditd");
    }
  g_assert_null (adit_report_write (crash, NULL));
  named = adit_report_make_text (crash, NULL);
  g_assert_nonnull (named);
  g_assert_null (strstr (named, line));
}

/* Of many threads with long names the one that crashed keeps its own, and the log stays. */
static void
test_long_others (void)
{
  g_autoptr (AditReport) crash = adit_report_new ();
  g_autofree char *name = g_strnfill (ADIT_REPORT_MAX_LINE_BYTES - 10, 'x'), *text = NULL;
  AditReportThread *more;
  AditCrashNote note;

  fill_note (&note);
  adit_report_set_note (crash, &note, NULL);
  adit_report_set (crash, ADIT_REPORT_VERSION, "0.1.0", NULL);
  adit_report_set (crash, ADIT_REPORT_SYSTEM, "Debian", NULL);
  adit_report_set_day (crash, NOW);
  adit_report_frame_name (((AditReportThread *) crash->threads->pdata[0])->frames->pdata[0], "where_it_died", NULL, 0, NULL);
  adit_report_add_log (crash, "the last", NULL);
  while ((more = adit_report_add_thread (crash, "t")) != NULL)
    for (AditReportFrame *frame; (frame = adit_report_add_frame (more)) != NULL;)
      {
        frame->module = g_strdup ("aditd");
        frame->function = g_strdup (name);
      }
  g_assert_null (adit_report_write (crash, NULL));
  text = adit_report_make_text (crash, NULL);
  g_assert_nonnull (text);
  g_assert_nonnull (strstr (text, "#0 where_it_died "));
  g_assert_nonnull (strstr (text, "the last"));
  g_assert_null (strstr (text, name));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-make/crash", test_crash);
  g_test_add_func ("/report-make/names-of-note", test_names_of_note);
  g_test_add_func ("/report-make/lender-gone", test_lender_gone);
  g_test_add_func ("/report-make/problem", test_problem);
  g_test_add_func ("/report-make/bad-id", test_bad_id);
  g_test_add_func ("/report-make/long", test_long);
  g_test_add_func ("/report-make/long-others", test_long_others);
  return g_test_run ();
}
