/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-person.c: what people have said comes back, and what cannot be read sends nothing. */
#include "client/helper/report-person.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/base/error.h"

#define ME   1000u
#define DSN  "https://0123456789abcdef@reports.example.org/7"
#define MINE "https://0123456789abcdef@mine.example.org/7"
#define PIN  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

typedef struct
{
  char *root, *configuration, *own;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->root = g_dir_make_tmp ("adit-person-XXXXXX", NULL);
  f->configuration = g_build_filename (f->root, "report.conf", NULL);
  f->own = g_build_filename (f->root, "1000.person", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_unlink (f->configuration);
  g_unlink (f->own);
  g_assert_cmpint (g_rmdir (f->root), ==, 0);
  g_free (f->own);
  g_free (f->configuration);
  g_free (f->root);
}

static void
write_file (const char *path, const char *text)
{
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static AditConsent
find (Fixture *f, AditReportServer *server)
{
  AditReportPerson person;

  adit_report_server_clear (server);
  adit_report_person_load (f->root, ME, &person);
  adit_report_server_find (server, f->configuration, &person);
  return adit_report_person_get_consent (&person, server);
}

static void
set_own (Fixture *f, const char *dsn, const char *pin)
{
  AditReportPerson person;
  GError *error = NULL;

  adit_report_person_load (f->root, ME, &person);
  g_assert_true (adit_report_person_set_server (&person, dsn, pin, &error));
  g_assert_no_error (error);
  g_assert_true (adit_report_person_save (f->root, ME, &person, &error));
  g_assert_no_error (error);
}

static void
test_servers (Fixture *f, gconstpointer data)
{
  g_auto (AditReportServer) server = { 0 };
  guint8 first[ADIT_SPOOL_DIGEST_BYTES];

  g_assert_cmpint (find (f, &server), ==, ADIT_CONSENT_ASK);
  g_assert_false (server.is_set);
  g_assert_null (server.problem);
  write_file (f->configuration, "[report]\ndsn=" DSN "\npin=sha256//" PIN "\n");
  find (f, &server);
  g_assert_true (server.is_set);
  g_assert_false (server.is_own);
  g_assert_cmpstr (server.dsn.host, ==, "reports.example.org");
  g_assert_cmpstr (server.pin, ==, PIN);
  memcpy (first, server.digest, sizeof first);
  set_own (f, MINE, "");
  find (f, &server);
  g_assert_true (server.is_own);
  g_assert_cmpstr (server.dsn.host, ==, "mine.example.org");
  g_assert_cmpint (memcmp (first, server.digest, sizeof first), !=, 0);
  set_own (f, "none", "");
  find (f, &server);
  g_assert_false (server.is_set);
  g_assert_true (server.is_own);
  set_own (f, "", "");
  find (f, &server);
  g_assert_cmpmem (server.digest, sizeof server.digest, first, sizeof first);
  write_file (f->configuration, "[report]\ndsn=" DSN "\n");    /* the same server, and any certificate: that is another one */
  find (f, &server);
  g_assert_cmpint (memcmp (first, server.digest, sizeof first), !=, 0);
}

static void
test_always (Fixture *f, gconstpointer data)
{
  g_auto (AditReportServer) server = { 0 };
  AditReportPerson person = { ADIT_CONSENT_ALWAYS };

  write_file (f->configuration, "[report]\ndsn=" DSN "\n");
  find (f, &server);
  memcpy (person.consented, server.digest, sizeof person.consented);
  g_assert_true (adit_report_person_save (f->root, ME, &person, NULL));
  g_assert_cmpint (find (f, &server), ==, ADIT_CONSENT_ALWAYS);
  write_file (f->configuration, "[report]\ndsn=" MINE "\n");
  g_assert_cmpint (find (f, &server), ==, ADIT_CONSENT_ASK);
  g_unlink (f->configuration);
  g_assert_cmpint (find (f, &server), ==, ADIT_CONSENT_ASK);
  person.consent = ADIT_CONSENT_NEVER;
  g_assert_true (adit_report_person_save (f->root, ME, &person, NULL));
  g_assert_cmpint (find (f, &server), ==, ADIT_CONSENT_NEVER);
}

/* A no that no disk keeps holds all the same, and what is kept afterwards holds again. */
static void
test_held (Fixture *f, gconstpointer data)
{
  g_auto (AditReportServer) server = { 0 };
  AditReportPerson person = { ADIT_CONSENT_ALWAYS }, no = { ADIT_CONSENT_NEVER };
  g_autofree char *away = g_build_filename (f->root, "away", NULL);

  write_file (f->configuration, "[report]\ndsn=" DSN "\n");
  find (f, &server);
  memcpy (person.consented, server.digest, sizeof person.consented);
  g_assert_true (adit_report_person_save (f->root, ME, &person, NULL));
  adit_report_person_hold (f->root, ME, &no);
  g_assert_cmpint (find (f, &server), ==, ADIT_CONSENT_NEVER);
  g_assert_false (adit_report_person_save (away, ME, &person, NULL));
  g_assert_cmpint (find (f, &server), ==, ADIT_CONSENT_NEVER);
  g_assert_true (adit_report_person_set_server (&no, "none", "", NULL));
  adit_report_person_hold (f->root, ME, &no);
  find (f, &server);
  g_assert_false (server.is_set);
  g_assert_true (adit_report_person_save (f->root, ME, &person, NULL));
  g_assert_cmpint (find (f, &server), ==, ADIT_CONSENT_ALWAYS);
}

/* A yes that was taken back on a full disk has not come back with the next helper. */
static void
test_full_disk (Fixture *f, gconstpointer data)
{
  const struct rlimit none = { 0, RLIM_INFINITY };
  g_auto (AditReportServer) server = { 0 };
  AditReportPerson person = { ADIT_CONSENT_ALWAYS };
  pid_t helper;
  int status;

  write_file (f->configuration, "[report]\ndsn=" DSN "\n");
  find (f, &server);
  memcpy (person.consented, server.digest, sizeof person.consented);
  g_assert_true (adit_report_person_save (f->root, ME, &person, NULL));
  g_assert_cmpint (find (f, &server), ==, ADIT_CONSENT_ALWAYS);
  helper = fork ();
  if (helper == 0)
    {
      person.consent = ADIT_CONSENT_NEVER;
      signal (SIGXFSZ, SIG_IGN);
      adit_report_person_hold (f->root, ME, &person);
      _exit (setrlimit (RLIMIT_FSIZE, &none) != 0 || adit_report_person_save (f->root, ME, &person, NULL) ||
             find (f, &server) != ADIT_CONSENT_NEVER);
    }
  g_assert_cmpint (waitpid (helper, &status, 0), ==, helper);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpint (find (f, &server), ==, ADIT_CONSENT_ASK);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  static const struct { const char *dsn, *pin; } bad[] = {
    { "http://key@reports.example.org/7", "" }, { "https://reports.example.org/7", "" },
    { "https://key@reports.example.org/", "" },
    { "https://key@192.0.2.1/7", "" }, { "reports.example.org", "" }, { DSN, "short" }, { "", PIN }, { "none", PIN },
    { "https://key:secret@reports.example.org/7", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      AditReportPerson person = { ADIT_CONSENT_ASK, .has_own = TRUE, .dsn = MINE }, before = person;
      g_autoptr (GError) error = NULL;

      g_assert_false (adit_report_person_set_server (&person, bad[i].dsn, bad[i].pin, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_REPORT_SERVER_MALFORMED);
      g_assert_cmpmem (&person, sizeof person, &before, sizeof before);
    }
}

/* The administrator's mistake is told, and nothing is sent. */
static void
test_bad_configuration (Fixture *f, gconstpointer data)
{
  static const char *const bad[] = {
    "nonsense", "[report]\ndsn=http://key@reports.example.org/7\n", "[report]\ndsn=" DSN "\npin=x\n", "[report]\npin=" PIN "\n",
  };
  g_auto (AditReportServer) server = { 0 };
  g_autofree char *elsewhere = g_build_filename (f->root, "elsewhere", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      write_file (f->configuration, bad[i]);
      find (f, &server);
      g_assert_false (server.is_set);
      g_assert_nonnull (server.problem);
    }
  write_file (f->configuration, "");
  find (f, &server);
  g_assert_false (server.is_set);
  g_unlink (f->configuration);
  write_file (elsewhere, "[report]\ndsn=" DSN "\n");
  g_assert_cmpint (symlink (elsewhere, f->configuration), ==, 0);
  find (f, &server);
  g_assert_false (server.is_set);
  g_assert_nonnull (server.problem);
  g_unlink (elsewhere);
}

/* Nobody knows where this person wanted theirs to go. */
static void
test_bad_person (Fixture *f, gconstpointer data)
{
  static const char *const bad[] = {
    "", "nonsense", "[report]\nformat=1\nconsent=perhaps\n", "[report]\nformat=1\nconsent=always\n", "[report]\nconsent=ask\n",
    "[report]\nformat=1\nconsent=ask\ndsn=http://x\npin=\n", "[report]\nformat=2\nconsent=ask\n",
    "[report]\nformat=1\nconsent=always\nconsented=00\n",
  };
  g_auto (AditReportServer) server = { 0 };

  write_file (f->configuration, "[report]\ndsn=" DSN "\n");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      write_file (f->own, bad[i]);
      g_test_expect_message ("adit-reports", G_LOG_LEVEL_WARNING, "*no report of this person's is sent*");
      g_assert_cmpint (find (f, &server), ==, ADIT_CONSENT_ASK);
      g_test_assert_expected_messages ();
      g_assert_false (server.is_set);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/report-person/servers", Fixture, NULL, set_up, test_servers, tear_down);
  g_test_add ("/report-person/always", Fixture, NULL, set_up, test_always, tear_down);
  g_test_add ("/report-person/held", Fixture, NULL, set_up, test_held, tear_down);
  g_test_add ("/report-person/full-disk", Fixture, NULL, set_up, test_full_disk, tear_down);
  g_test_add ("/report-person/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/report-person/bad-configuration", Fixture, NULL, set_up, test_bad_configuration, tear_down);
  g_test_add ("/report-person/bad-person", Fixture, NULL, set_up, test_bad_person, tear_down);
  return g_test_run ();
}
