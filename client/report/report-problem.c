/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-problem.c: what a person says of a problem, as lines of a report. */
#include "client/report/report-line.h"

#include <string.h>

/**
 * adit_report_cut_line:
 * @line: (inout): valid UTF-8
 * @max_bytes: how long it may be
 *
 * Cuts what is longer where a character ends.
 */
void
adit_report_cut_line (char *line, gsize max_bytes)
{
  if (strlen (line) > max_bytes)
    *g_utf8_find_prev_char (line, line + max_bytes + 1) = '\0';
  g_strchomp (line);
}

/**
 * adit_report_dup_line:
 * @text: anything
 * @words: (nullable): what this computer and its owner are called
 *
 * Redacted before it is cut: half an address is none that would be found.
 *
 * Returns: (transfer full): one line that fits
 */
char *
adit_report_dup_line (const char *text, const AditRedactionWords *words)
{
  char *line = adit_redact (text, strlen (text), words, NULL);

  g_strdelimit (line, "\n\t", ' ');
  g_strstrip (line);
  adit_report_cut_line (line, ADIT_REPORT_MAX_LINE_BYTES);
  return line;
}

/* How much of a line goes on one of a report's: up to a blank, where there is one in its second half. */
static gsize
find_break (const char *line)
{
  const char *end = line + ADIT_REPORT_MAX_LINE_BYTES, *blank;

  if (strlen (line) <= ADIT_REPORT_MAX_LINE_BYTES)
    return strlen (line);
  blank = g_strrstr_len (line, ADIT_REPORT_MAX_LINE_BYTES, " ");
  if (blank == NULL || blank < line + ADIT_REPORT_MAX_LINE_BYTES / 2)
    blank = g_utf8_find_prev_char (line, end + 1);
  return (gsize) (blank - line);
}

static void
add_paragraph (AditReport *self, const char *line)
{
  do
    {
      gsize length = find_break (line);
      char *part = g_strndup (line, length);

      g_ptr_array_add (self->words, g_strstrip (part));
      line += length;
    }
  while (*line != '\0' && self->words->len < ADIT_REPORT_MAX_WORD_LINES);
}

/**
 * adit_report_set_words:
 * @self: a report of a problem
 * @text: what a person wrote, with its lines; what is beyond %ADIT_REPORT_MAX_WORDS_BYTES is left out
 * @words: (nullable): what this computer and its owner are called
 *
 * Redacts all of it at once: a key may go over several lines.
 */
void
adit_report_set_words (AditReport *self, const char *text, const AditRedactionWords *words)
{
  g_autofree char *redacted = adit_redact (text, strlen (text), words, NULL);
  g_auto (GStrv) lines = NULL;

  g_strdelimit (redacted, "\t", ' ');
  g_strstrip (redacted);
  adit_report_cut_line (redacted, ADIT_REPORT_MAX_WORDS_BYTES);
  lines = g_strsplit (redacted, "\n", -1);
  g_ptr_array_set_size (self->words, 0);
  for (guint i = 0; lines[i] != NULL && self->words->len < ADIT_REPORT_MAX_WORD_LINES; i++)
    add_paragraph (self, g_strstrip (lines[i]));
}

/**
 * adit_report_set_contact:
 * @self: a report of a problem
 * @text: how somebody wants to be answered; "" for not at all
 *
 * The one thing that is not redacted, since that is what it is for.
 */
void
adit_report_set_contact (AditReport *self, const char *text)
{
  g_autofree char *line = adit_redaction_dup_plain (text, strlen (text));

  g_strdelimit (line, "\n\t", ' ');
  g_strstrip (line);
  adit_report_cut_line (line, ADIT_REPORT_MAX_LINE_BYTES);
  g_free (self->fields[ADIT_REPORT_CONTACT]);
  self->fields[ADIT_REPORT_CONTACT] = line[0] != '\0' ? g_steal_pointer (&line) : NULL;
}

/**
 * adit_report_add_diagnosis:
 * @self: a report of a problem
 * @line: a line of what the checklist says
 * @words: (nullable): what this computer and its owner are called
 *
 * Returns: whether there was room
 */
gboolean
adit_report_add_diagnosis (AditReport *self, const char *line, const AditRedactionWords *words)
{
  if (self->diagnostics->len == ADIT_REPORT_MAX_DIAGNOSTICS)
    return FALSE;
  g_ptr_array_add (self->diagnostics, adit_report_dup_line (line, words));
  return TRUE;
}
