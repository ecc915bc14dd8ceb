/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-marks.c: a report comes with words in brackets already; they are found again, so that a person sees them at a glance. */
#include "config.h"
#include "ui/report-marks.h"

#include <string.h>
#include <glib/gi18n.h>

/* Whether a word of the redaction's stands there; in a frame's names its blanks are underscores. */
static gboolean
is_word (const char *at, gsize left, const char *word)
{
  gsize length = strlen (word);

  if (length > left)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (at[i] != word[i] && (word[i] != ' ' || at[i] != '_'))
      return FALSE;
  return TRUE;
}

/* The kind whose word begins there, or ADIT_N_REDACTED. */
static AditRedactionKind
find_kind (const char *at, gsize left)
{
  guint kind = 0;

  while (kind < ADIT_N_REDACTED && !is_word (at, left, adit_redaction_kind_get_word ((AditRedactionKind) kind)))
    kind++;
  return (AditRedactionKind) kind;
}

/**
 * adit_report_marks_find:
 * @text: a report, UTF-8
 * @length: its size in bytes
 *
 * Returns: (transfer full) (element-type AditRedactionSpan): where something was taken out, in the order of the text
 */
GArray *
adit_report_marks_find (const char *text, gsize length)
{
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (AditRedactionSpan));

  for (gsize i = 0; i < length; i++)
    {
      AditRedactionKind kind = text[i] == '[' ? find_kind (text + i, length - i) : ADIT_N_REDACTED;
      AditRedactionSpan mark = { i, kind < ADIT_N_REDACTED ? strlen (adit_redaction_kind_get_word (kind)) : 0, kind };

      if (kind < ADIT_N_REDACTED)
        g_array_append_val (marks, mark);
    }
  return marks;
}

/**
 * adit_report_marks_dup_words:
 * @marks: of adit_report_marks_find()
 *
 * Returns: (transfer full): a sentence that says what was taken out, for those who do not see marks, too
 */
char *
adit_report_marks_dup_words (const GArray *marks)
{
  g_autoptr (GString) words = g_string_new (NULL);

  if (marks->len == 0)
    return g_strdup (_("Nothing had to be taken out."));
  for (guint kind = 0; kind < ADIT_N_REDACTED; kind++)
    {
      guint n = 0;

      for (guint i = 0; i < marks->len; i++)
        n += g_array_index (marks, AditRedactionSpan, i).kind == kind ? 1 : 0;
      if (n > 0)
        g_string_append_printf (words, "%s%s × %u", words->len > 0 ? ", " : "",
                                adit_redaction_kind_get_word ((AditRedactionKind) kind), n);
    }
  /* Translators: a list such as "[address] × 3, [host name] × 1"; these words stand in the report, and are English */
  return g_strdup_printf (_("Taken out, and marked: %s"), words->str);
}
