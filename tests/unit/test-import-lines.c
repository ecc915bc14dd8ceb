/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-import-lines.c: what was said about files, written and read again, and lines that nobody should believe. */
#include "client/model/import-lines.h"

#include <string.h>

#include "client/base/error.h"

static void
test_again (void)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (AditImportOutcome) one = adit_import_outcome_new ("office.ovpn"), two = adit_import_outcome_new ("b\xc3\xbcro.conf");
  g_autoptr (GPtrArray) outcomes = NULL;
  g_autoptr (GError) error = NULL;
  const AditImportOutcome *again;
  const AditImportNote *note;

  one->kind = ADIT_PROFILE_OPENVPN;
  adit_import_report_add (one->report, 7, "up", ADIT_IMPORT_HOOK, FALSE, NULL);
  adit_import_report_add (one->report, 0, NULL, ADIT_IMPORT_MALFORMED, TRUE, "A sentence.");
  adit_import_report_want (one->report, "ca", "ca.crt", TRUE);
  one->report->n_more = 3;
  two->kind = ADIT_PROFILE_WIREGUARD;
  two->profile = 0;
  adit_import_lines_begin (lines);
  adit_import_lines_add (lines, one);
  adit_import_lines_add (lines, two);
  outcomes = adit_import_lines_read (lines->str, lines->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (outcomes->len, ==, 2);
  again = outcomes->pdata[0];
  g_assert_cmpstr (again->file, ==, "office.ovpn");
  g_assert_cmpint (again->kind, ==, ADIT_PROFILE_OPENVPN);
  g_assert_cmpint (again->profile, ==, -1);
  g_assert_true (again->report->failed);
  g_assert_cmpuint (again->report->n_more, ==, 3);
  g_assert_cmpuint (again->report->notes->len, ==, 2);
  note = &g_array_index (again->report->notes, AditImportNote, 0);
  g_assert_cmpuint (note->line, ==, 7);
  g_assert_cmpstr (note->option, ==, "up");
  g_assert_cmpint (note->reason, ==, ADIT_IMPORT_HOOK);
  g_assert_false (note->fatal);
  g_assert_cmpstr (note->sentence, ==, adit_import_reason_get_text (ADIT_IMPORT_HOOK));
  note = &g_array_index (again->report->notes, AditImportNote, 1);
  g_assert_true (note->fatal);
  g_assert_cmpstr (note->option, ==, "");
  g_assert_cmpstr (note->sentence, ==, "A sentence.");
  g_assert_cmpuint (again->report->wanted->len, ==, 1);
  g_assert_cmpstr (g_array_index (again->report->wanted, AditImportWanted, 0).name, ==, "ca.crt");
  again = outcomes->pdata[1];
  g_assert_cmpint (again->profile, ==, 0);
  g_assert_false (again->report->failed);
}

/* Each sentence that readers have fits, and so do 128 files with all that can be said of them. */
static void
test_much (void)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GPtrArray) outcomes = NULL;
  guint n_notes = 0;

  adit_import_lines_begin (lines);
  for (guint i = 0; i < ADIT_IMPORT_MAX_PROFILES; i++)
    {
      g_autoptr (AditImportOutcome) outcome = adit_import_outcome_new ("x.conf");

      for (guint j = 0; j < ADIT_IMPORT_MAX_NOTES; j++)
        adit_import_report_add (outcome->report, j, "an-option", ADIT_IMPORT_PLUGIN, FALSE, NULL);
      adit_import_lines_add (lines, outcome);
    }
  g_assert_cmpuint (lines->len, <=, ADIT_IMPORT_LINES_MAX_BYTES);
  outcomes = adit_import_lines_read (lines->str, lines->len, NULL);
  g_assert_cmpuint (outcomes->len, ==, ADIT_IMPORT_MAX_PROFILES);
  for (guint i = 0; i < outcomes->len; i++)
    {
      const AditImportReport *report = ((const AditImportOutcome *) outcomes->pdata[i])->report;

      g_assert_cmpuint (report->notes->len + report->n_more, ==, ADIT_IMPORT_MAX_NOTES);
      n_notes += report->notes->len;
    }
  g_assert_cmpuint (n_notes, >, 1000);
}

static void
test_refused (void)
{
  static const char *const bad[] = {
    "", "\n", "adit-import 2\n", "adit-import 1", "adit-import 1\nnote\t1\thook\tleft\tup\tx\n", "adit-import 1\nfile\ta\n",
    "adit-import 1\nfile\ta/b\t-\t-\n", "adit-import 1\nfile\t..\t-\t-\n", "adit-import 1\nfile\ta\tipsec\t-\n",
    "adit-import 1\nfile\ta\t-\t0\n", "adit-import 1\nfile\ta\topenvpn\t128\n", "adit-import 1\nfile\ta\topenvpn\t-1\n",
    "adit-import 1\nfile\ta\t-\t-\nnote\t1\thook\tleft\tup\n", "adit-import 1\nfile\ta\t-\t-\nnote\tx\thook\tleft\tup\tx\n",
    "adit-import 1\nfile\ta\t-\t-\nnote\t1\tother\tleft\tup\tx\n", "adit-import 1\nfile\ta\t-\t-\nnote\t1\thook\tgone\tup\tx\n",
    "adit-import 1\nfile\ta\t-\t-\nnote\t1\thook\tleft\tu p\tx\n", "adit-import 1\nfile\ta\t-\t-\nnote\t1\thook\tleft\tup\t\n",
    "adit-import 1\nfile\ta\t-\t-\nnote\t1\thook\tleft\tup\ta\x1b[2Jb\n", "adit-import 1\nfile\ta\t-\t-\nmore\t-1\n",
    "adit-import 1\nfile\ta\t-\t-\nnote\t1\thook\tleft\tup\ta\xe2\x80\xae\n", "adit-import 1\nfile\ta\t-\t-\nwhat\n",
    "adit-import 1\nfile\ta\t-\t-\nwant\trequired\tca\t../x\n", "adit-import 1\nfile\ta\t-\t-\nwant\tperhaps\tca\tx\n",
    "adit-import 1\nfile\ta\t-\t-\nnote\t1\thook\tleft\tup\tx\ty\n", "adit-import 1\n\n", "adit-import 1\nfile\t\xff\t-\t-\n",
  };
  g_autofree char *longer = g_strnfill (ADIT_IMPORT_LINES_MAX_BYTES + 1, '\n');

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_null (adit_import_lines_read (bad[i], strlen (bad[i]), &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_FAILED);
    }
  g_assert_null (adit_import_lines_read (longer, ADIT_IMPORT_LINES_MAX_BYTES + 1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import-lines/again", test_again);
  g_test_add_func ("/import-lines/much", test_much);
  g_test_add_func ("/import-lines/refused", test_refused);
  return g_test_run ();
}
