/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-marks.c: each thing that was taken out of a report is found in it again, and nothing else is. */
#include "ui/report-marks.h"

#include <string.h>

static void
expect (const char *text, const char *wanted)
{
  g_autoptr (GArray) marks = adit_report_marks_find (text, strlen (text));
  g_autofree char *words = adit_report_marks_dup_words (marks);

  g_assert_cmpstr (words, ==, wanted);
}

static void
test_words (void)
{
  expect ("", "Nothing had to be taken out.");
  expect ("module [0x12] of [a host name] [user", "Nothing had to be taken out.");
  /* A frame's names have no blanks. */
  expect ("#0 main /src/[user_name]/x.c:3 [e_mail]", "Taken out, and marked: [user name] × 1");
  expect ("to [address], by [address] on [host name]é[address]", "Taken out, and marked: [address] × 3, [host name] × 1");
}

static void
test_places (void)
{
  const char *text = "é [e-mail] [key";
  g_autoptr (GArray) marks = adit_report_marks_find (text, strlen (text));
  const AditRedactionSpan *mark = &g_array_index (marks, AditRedactionSpan, 0);

  g_assert_cmpuint (marks->len, ==, 1);
  g_assert_cmpuint (mark->start, ==, 3);
  g_assert_cmpuint (mark->length, ==, strlen ("[e-mail]"));
  g_assert_cmpint (mark->kind, ==, ADIT_REDACTED_EMAIL);
}

/* What the redaction itself puts there: of each kind, wherever it is. */
static void
test_all_kinds (void)
{
  for (guint kind = 0; kind < ADIT_N_REDACTED; kind++)
    {
      const char *word = adit_redaction_kind_get_word ((AditRedactionKind) kind);
      g_autofree char *text = g_strconcat ("x", word, word, NULL);
      g_autoptr (GArray) marks = adit_report_marks_find (text, strlen (text));

      g_assert_cmpuint (marks->len, ==, 2);
      g_assert_cmpuint (g_array_index (marks, AditRedactionSpan, 1).start, ==, 1 + strlen (word));
      g_assert_cmpuint (g_array_index (marks, AditRedactionSpan, 1).kind, ==, kind);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-marks/words", test_words);
  g_test_add_func ("/report-marks/places", test_places);
  g_test_add_func ("/report-marks/all-kinds", test_all_kinds);
  return g_test_run ();
}
