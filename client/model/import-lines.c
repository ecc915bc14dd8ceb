/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-lines.c: one line a fact, its fields parted by tabs, which no field has in it:
 *
 *   adit-import 1
 *   file NAME KIND PROFILE
 *   note LINE REASON fatal|left OPTION SENTENCE
 *   want required|optional OPTION NAME
 *   more HOW-MANY
 *
 * What is not there is a hyphen.  Whoever reads them does not believe whoever wrote them. */
#include "client/model/import-lines.h"

#include <string.h>

#include "client/base/error.h"
#include "client/model/import-files.h"

#define FIRST "adit-import 1"
#define MAX_SENTENCE_BYTES 512
#define MAX_FIELDS 6
/* Room that an outcome can need with all its notes, which are then counted instead. */
#define OUTCOME_BYTES (ADIT_IMPORT_MAX_NOTES * (MAX_SENTENCE_BYTES + 128))

/**
 * adit_import_outcome_new:
 * @file: a file's name
 *
 * Returns: (transfer full): nothing became of it, and nothing was said
 */
AditImportOutcome *
adit_import_outcome_new (const char *file)
{
  AditImportOutcome *self = g_new0 (AditImportOutcome, 1);

  self->file = g_strdup (file);
  self->profile = -1;
  self->report = adit_import_report_new ();
  return self;
}

/**
 * adit_import_outcome_free:
 * @self: an outcome
 */
void
adit_import_outcome_free (AditImportOutcome *self)
{
  adit_import_report_free (self->report);
  g_free (self->file);
  g_free (self);
}

static const char *
or_hyphen (const char *text)
{
  return text != NULL && text[0] != '\0' ? text : "-";
}

/**
 * adit_import_lines_begin:
 * @lines: an empty text
 *
 * Begins a report.
 */
void
adit_import_lines_begin (GString *lines)
{
  g_string_append (lines, FIRST "\n");
}

/**
 * adit_import_lines_add:
 * @lines: a report that was begun
 * @outcome: what became of a file
 *
 * Adds it; where there is no more room for what was said, only how much that was.
 */
void
adit_import_lines_add (GString *lines, const AditImportOutcome *outcome)
{
  const AditImportReport *report = outcome->report;
  gboolean has_room = lines->len + OUTCOME_BYTES < ADIT_IMPORT_LINES_MAX_BYTES;
  guint n_more = report->n_more + (has_room ? 0 : report->notes->len);

  g_string_append_printf (lines, "file\t%s\t%s\t", outcome->file, or_hyphen (adit_profile_kind_get_name (outcome->kind)));
  if (outcome->profile >= 0)
    g_string_append_printf (lines, "%d\n", outcome->profile);
  else
    g_string_append (lines, "-\n");
  for (guint i = 0; has_room && i < report->notes->len; i++)
    {
      const AditImportNote *note = &g_array_index (report->notes, AditImportNote, i);

      g_string_append_printf (lines, "note\t%u\t%s\t%s\t%s\t%s\n", note->line, adit_import_reason_get_name (note->reason),
                              note->fatal ? "fatal" : "left", or_hyphen (note->option), note->sentence);
    }
  for (guint i = 0; has_room && i < report->wanted->len; i++)
    {
      const AditImportWanted *wanted = &g_array_index (report->wanted, AditImportWanted, i);

      g_string_append_printf (lines, "want\t%s\t%s\t%s\n", wanted->required ? "required" : "optional",
                              or_hyphen (wanted->option), wanted->name);
    }
  if (n_more > 0)
    g_string_append_printf (lines, "more\t%u\n", n_more);
}

static gboolean
read_number (const char *text, guint64 max, guint *number)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 0, max, &value, NULL))
    return FALSE;
  *number = (guint) value;
  return TRUE;
}

static gboolean
read_option (const char *text, char *field)
{
  if (strlen (text) >= ADIT_IMPORT_OPTION_MAX_BYTES)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("-<>/?", *p) == NULL)
      return FALSE;
  if (strcmp (text, "-") != 0)
    g_strlcpy (field, text, ADIT_IMPORT_OPTION_MAX_BYTES);
  return TRUE;
}

/* One of two words; *@is_first says which. */
static gboolean
read_word (const char *text, const char *first, const char *second, gboolean *is_first)
{
  *is_first = strcmp (text, first) == 0;
  return *is_first || strcmp (text, second) == 0;
}

static gboolean
read_note (AditImportReport *report, char **fields)
{
  AditImportNote note = { 0 };
  AditImportReason reason = 0;

  while (reason < ADIT_N_IMPORT_REASONS && strcmp (adit_import_reason_get_name (reason), fields[2]) != 0)
    reason++;
  if (reason == ADIT_N_IMPORT_REASONS || report->notes->len >= ADIT_IMPORT_MAX_NOTES ||
      !read_number (fields[1], G_MAXINT32, &note.line) || !read_word (fields[3], "fatal", "left", &note.fatal) ||
      !read_option (fields[4], note.option) || fields[5][0] == '\0' || strlen (fields[5]) > MAX_SENTENCE_BYTES)
    return FALSE;
  note.reason = reason;
  note.sentence = adit_import_report_keep (report, fields[5]);
  report->failed |= note.fatal;
  g_array_append_val (report->notes, note);
  return TRUE;
}

static gboolean
read_wanted (AditImportReport *report, char **fields)
{
  AditImportWanted wanted = { 0 };

  if (report->wanted->len >= ADIT_IMPORT_MAX_WANTED || !read_word (fields[1], "required", "optional", &wanted.required) ||
      !read_option (fields[2], wanted.option) || !adit_import_name_is_valid (fields[3]))
    return FALSE;
  g_strlcpy (wanted.name, fields[3], sizeof wanted.name);
  report->failed |= wanted.required;
  g_array_append_val (report->wanted, wanted);
  return TRUE;
}

static AditImportOutcome *
read_file (char **fields)
{
  g_autoptr (AditImportOutcome) outcome = NULL;
  guint profile;

  if (!adit_import_name_is_valid (fields[1]))
    return NULL;
  outcome = adit_import_outcome_new (fields[1]);
  outcome->kind = adit_profile_kind_find (fields[2]);
  if (outcome->kind == ADIT_PROFILE_NONE && strcmp (fields[2], "-") != 0)
    return NULL;
  if (strcmp (fields[3], "-") != 0)
    {
      if (outcome->kind == ADIT_PROFILE_NONE || !read_number (fields[3], ADIT_IMPORT_MAX_PROFILES - 1, &profile))
        return NULL;
      outcome->profile = (int) profile;
    }
  return g_steal_pointer (&outcome);
}

static gboolean
read_line (GPtrArray *outcomes, const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", MAX_FIELDS + 1);
  guint n_fields = g_strv_length (fields);
  AditImportOutcome *outcome = outcomes->len > 0 ? outcomes->pdata[outcomes->len - 1] : NULL;

  if (n_fields == 4 && strcmp (fields[0], "file") == 0)
    {
      outcome = read_file (fields);
      if (outcome != NULL)
        g_ptr_array_add (outcomes, outcome);
      return outcome != NULL;
    }
  if (outcome == NULL)
    return FALSE;
  if (n_fields == 6 && strcmp (fields[0], "note") == 0)
    return read_note (outcome->report, fields);
  if (n_fields == 4 && strcmp (fields[0], "want") == 0)
    return read_wanted (outcome->report, fields);
  return n_fields == 2 && strcmp (fields[0], "more") == 0 && read_number (fields[1], G_MAXINT32, &outcome->report->n_more);
}

/* As a terminal shows it: no control characters but the tabs between fields, nothing that turns the writing direction. */
static gboolean
line_is_plain (const char *line)
{
  for (const char *p = line; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar letter = g_utf8_get_char (p);

      if (letter != '\t' && (!g_unichar_isprint (letter) || g_unichar_type (letter) == G_UNICODE_FORMAT))
        return FALSE;
    }
  return TRUE;
}

/**
 * adit_import_lines_read:
 * @text: a report, perhaps from a stranger
 * @length: of it
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Returns: (transfer full) (nullable) (element-type AditImportOutcome): what it says of each file
 */
GPtrArray *
adit_import_lines_read (const char *text, gsize length, GError **error)
{
  g_autoptr (GPtrArray) outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_import_outcome_free);
  g_autofree char *copy = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean good = FALSE;

  if (length > 0 && length <= ADIT_IMPORT_LINES_MAX_BYTES && text[length - 1] == '\n' &&
      g_utf8_validate (text, (gssize) length, NULL))
    {
      copy = g_strndup (text, length - 1);
      lines = g_strsplit (copy, "\n", -1);
      good = g_strcmp0 (lines[0], FIRST) == 0;    /* of nothing there is no line */
      for (gsize i = 1; good && lines[i] != NULL; i++)
        good = line_is_plain (lines[i]) && read_line (outcomes, lines[i]);
    }
  if (good)
    return g_steal_pointer (&outcomes);
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_FAILED, "What was said about the file cannot be read");
  return NULL;
}
