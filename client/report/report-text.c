/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-text.c: a report as lines.  What is read is written again, and has to come out byte for byte: so there is one way only
 * to say a thing, and no place where something else could hide. */
#include "client/report/report.h"

#include <string.h>

#include "client/base/error.h"

#define BACK_END "back end: "
#define THREAD   "thread: "
#define FRAME    "  #"
#define INDENT   "  "    /* of a line in a section */

static const char *const names[ADIT_REPORT_N_FIELDS] = {
  [ADIT_REPORT_PROGRAM] = "program", [ADIT_REPORT_VERSION] = "version", [ADIT_REPORT_BUILD] = "build",
  [ADIT_REPORT_SYSTEM] = "system", [ADIT_REPORT_DAY] = "day", [ADIT_REPORT_ID] = "report", [ADIT_REPORT_SIGNAL] = "signal",
  [ADIT_REPORT_REASON] = "reason", [ADIT_REPORT_CONTACT] = "contact",
};

static const char *const titles[ADIT_N_REPORT_KINDS] = {
  [ADIT_REPORT_OF_CRASH] = "Adit crash report, form 1", [ADIT_REPORT_OF_PROBLEM] = "Adit problem report, form 1",
};

/* What each kind has of the fields; the rest it has to have. */
static const guint only[ADIT_REPORT_N_FIELDS] = {
  [ADIT_REPORT_PROGRAM] = 1 << ADIT_REPORT_OF_CRASH, [ADIT_REPORT_SIGNAL] = 1 << ADIT_REPORT_OF_CRASH,
  [ADIT_REPORT_REASON] = 1 << ADIT_REPORT_OF_CRASH, [ADIT_REPORT_CONTACT] = 1 << ADIT_REPORT_OF_PROBLEM,
};

enum { WORDS, DIAGNOSTICS, LOG, N_SECTIONS };

static const struct { const char *head; guint max_lines; gboolean of_crash; } sections[N_SECTIONS] = {
  [WORDS] = { "words:", ADIT_REPORT_MAX_WORD_LINES, FALSE },
  [DIAGNOSTICS] = { "diagnostics:", ADIT_REPORT_MAX_DIAGNOSTICS, FALSE },
  [LOG] = { "log:", ADIT_REPORT_MAX_LOG_LINES, TRUE },
};

static GPtrArray *
get_lines (AditReport *self, guint section)
{
  return section == WORDS ? self->words : section == DIAGNOSTICS ? self->diagnostics : self->log;
}

/**
 * adit_report_field_get_name:
 * @field: a field
 *
 * Returns: (transfer none): what it is called in both forms
 */
const char *
adit_report_field_get_name (AditReportField field)
{
  g_return_val_if_fail (field < ADIT_REPORT_N_FIELDS, NULL);
  return names[field];
}

static gboolean
refuse (GError **error, const char *what, const char *why)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "This is no report of ours: %s %s", what, why);
  return FALSE;
}

/* Something on one line, without a blank at either end and without what moves a cursor. */
static gboolean
is_line (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length == 0 || length > ADIT_REPORT_MAX_LINE_BYTES || text[0] == ' ' || text[length - 1] == ' ' ||
      !g_utf8_validate (text, (gssize) length, NULL))
    return FALSE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      GUnicodeType type = g_unichar_type (g_utf8_get_char (at));

      if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR ||
          type == G_UNICODE_PARAGRAPH_SEPARATOR)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_word (const char *text)
{
  return is_line (text) && strchr (text, ' ') == NULL && !g_str_equal (text, "-");
}

static gboolean
is_hex (const char *text, gsize most)
{
  gsize length = strlen (text);

  return length > 0 && length <= most && length % 2 == 0 && strspn (text, "0123456789abcdef") == length;
}

static gboolean
is_day (const char *text)
{
  static const char form[] = "dddd-dd-dd";

  for (gsize i = 0; i < sizeof form; i++)
    if (form[i] == 'd' ? !g_ascii_isdigit (text[i]) : text[i] != form[i])
      return FALSE;
  return TRUE;
}

static gboolean
is_frame (const AditReportFrame *frame)
{
  if (frame->module == NULL)
    return frame->build_id == NULL && frame->offset == 0 && frame->function == NULL && frame->file == NULL && frame->line == 0;
  return is_word (frame->module) && strchr (frame->module, '+') != frame->module &&
         (frame->build_id == NULL || is_hex (frame->build_id, 2 * ADIT_CRASH_ID_MAX_BYTES)) &&
         (frame->function == NULL || is_word (frame->function)) && (frame->file == NULL) == (frame->line == 0) &&
         (frame->file == NULL || is_word (frame->file));
}

static gboolean
check_fields (AditReport *self, GError **error)
{
  for (guint i = 0; i < ADIT_REPORT_N_FIELDS; i++)
    {
      gboolean is_of_other = only[i] != 0 && (only[i] & (1u << self->kind)) == 0;

      if (is_of_other ? self->fields[i] != NULL : self->fields[i] == NULL && i != ADIT_REPORT_CONTACT)
        return refuse (error, names[i], is_of_other ? "is of another kind" : "is missing");
      if (self->fields[i] != NULL && !is_line (self->fields[i]))
        return refuse (error, names[i], "is no line");
    }
  if (!is_day (self->fields[ADIT_REPORT_DAY]))
    return refuse (error, names[ADIT_REPORT_DAY], "is none");
  if (strlen (self->fields[ADIT_REPORT_ID]) != 32 || !is_hex (self->fields[ADIT_REPORT_ID], 32))
    return refuse (error, names[ADIT_REPORT_ID], "is no random number");
  return TRUE;
}

static gboolean
check_sections (AditReport *self, GError **error)
{
  for (guint i = 0; i < N_SECTIONS; i++)
    {
      GPtrArray *lines = get_lines (self, i);

      if (self->kind == ADIT_REPORT_OF_CRASH && !sections[i].of_crash && lines->len > 0)
        return refuse (error, sections[i].head, "are of another kind");
      for (guint j = 0; j < lines->len; j++)
        if (*(const char *) lines->pdata[j] != '\0' && !is_line (lines->pdata[j]))
          return refuse (error, sections[i].head, "has what is no line");
    }
  return TRUE;
}

static gboolean
check (AditReport *self, GError **error)
{
  if (!check_fields (self, error) || !check_sections (self, error))
    return FALSE;
  for (guint i = 0; i < self->back_ends->len; i++)
    if (!is_word (self->back_ends->pdata[i]))
      return refuse (error, "a back end", "is no word");
  if (self->kind == ADIT_REPORT_OF_PROBLEM && self->threads->len > 0)
    return refuse (error, "a thread", "is of another kind");
  for (guint i = 0; i < self->threads->len; i++)
    {
      const AditReportThread *thread = self->threads->pdata[i];

      if (!is_line (thread->name))
        return refuse (error, "a thread", "has no name");
      for (guint j = 0; j < thread->frames->len; j++)
        if (!is_frame (thread->frames->pdata[j]))
          return refuse (error, "a frame", "says what it cannot");
    }
  return TRUE;
}

static void
write_frame (GString *text, guint number, const AditReportFrame *frame)
{
  g_string_append_printf (text, FRAME "%u %s ", number, frame->function != NULL ? frame->function : "-");
  if (frame->file != NULL)
    g_string_append_printf (text, "%s:%u ", frame->file, frame->line);
  else
    g_string_append (text, "- ");
  if (frame->module != NULL)
    g_string_append_printf (text, "%s+0x%" G_GINT64_MODIFIER "x", frame->module, frame->offset);
  else
    g_string_append_c (text, '-');
  g_string_append_printf (text, " %s\n", frame->build_id != NULL ? frame->build_id : "-");
}

static void
write_section (GString *text, const char *head, GPtrArray *lines)
{
  g_string_append_printf (text, "%s\n", head);
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, INDENT "%s\n", (const char *) lines->pdata[i]);
}

/**
 * adit_report_write:
 * @self: a report
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT for one that is not complete
 *
 * Returns: (transfer full) (nullable): the form that is kept and shown, UTF-8
 */
char *
adit_report_write (AditReport *self, GError **error)
{
  g_autoptr (GString) text = g_string_new (titles[self->kind]);

  if (!check (self, error))
    return NULL;
  g_string_append_c (text, '\n');
  for (guint i = 0; i < ADIT_REPORT_N_FIELDS; i++)
    if (self->fields[i] != NULL)
      g_string_append_printf (text, "%s: %s\n", names[i], self->fields[i]);
  for (guint i = 0; i < self->back_ends->len; i++)
    g_string_append_printf (text, BACK_END "%s\n", (const char *) self->back_ends->pdata[i]);
  for (guint i = 0; i < self->threads->len; i++)
    {
      const AditReportThread *thread = self->threads->pdata[i];

      g_string_append_printf (text, THREAD "%s\n", thread->name);
      for (guint j = 0; j < thread->frames->len; j++)
        write_frame (text, j, thread->frames->pdata[j]);
    }
  for (guint i = 0; i < N_SECTIONS; i++)
    if (self->kind == ADIT_REPORT_OF_PROBLEM || sections[i].of_crash)
      write_section (text, sections[i].head, get_lines (self, i));
  if (text->len > ADIT_REPORT_MAX_BYTES)
    {
      refuse (error, "all of it", "is too long");
      return NULL;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Takes what can be taken; whether it was all, the comparison says. */
static void
read_frame (AditReportThread *thread, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line + strlen (FRAME), " ", -1);
  AditReportFrame *frame = g_strv_length (words) == 5 ? adit_report_add_frame (thread) : NULL;
  char *cut;

  if (frame == NULL || g_str_equal (words[3], "-"))
    return;
  frame->function = g_str_equal (words[1], "-") ? NULL : g_strdup (words[1]);
  if ((cut = strrchr (words[2], ':')) != NULL)
    {
      guint64 number = g_ascii_strtoull (cut + 1, NULL, 10);

      frame->line = number <= G_MAXINT ? (guint) number : 0;
      *cut = '\0';
      frame->file = g_strdup (words[2]);
    }
  if ((cut = strrchr (words[3], '+')) != NULL)
    {
      frame->offset = g_ascii_strtoull (cut + 1, NULL, 16);
      *cut = '\0';
    }
  frame->module = g_strdup (words[3]);
  frame->build_id = g_str_equal (words[4], "-") ? NULL : g_strdup (words[4]);
}

/* Where the line goes that comes now: N_SECTIONS for none of them. */
static gboolean
read_section (AditReport *self, const char *line, guint *section)
{
  for (guint i = 0; i < N_SECTIONS; i++)
    if (g_str_equal (line, sections[i].head))
      {
        *section = i;
        return TRUE;
      }
  if (*section == N_SECTIONS)
    return FALSE;
  if (g_str_has_prefix (line, INDENT) && get_lines (self, *section)->len < sections[*section].max_lines)
    g_ptr_array_add (get_lines (self, *section), g_strdup (line + strlen (INDENT)));
  return TRUE;
}

static void
read_line (AditReport *self, const char *line, guint *section)
{
  if (read_section (self, line, section))
    return;
  if (g_str_has_prefix (line, FRAME) && self->threads->len > 0)
    read_frame (self->threads->pdata[self->threads->len - 1], line);
  else if (g_str_has_prefix (line, THREAD))
    adit_report_add_thread (self, line + strlen (THREAD));
  else if (g_str_has_prefix (line, BACK_END) && self->back_ends->len < ADIT_REPORT_MAX_BACK_ENDS)
    g_ptr_array_add (self->back_ends, g_strdup (line + strlen (BACK_END)));    /* redacted once is enough */
  else
    for (guint i = 0; i < ADIT_REPORT_N_FIELDS; i++)
      if (g_str_has_prefix (line, names[i]) && g_str_has_prefix (line + strlen (names[i]), ": "))
        {
          g_free (self->fields[i]);
          self->fields[i] = g_strdup (line + strlen (names[i]) + 2);
        }
}

/**
 * adit_report_read:
 * @text: what is said to be a report; anything where @length is 0
 * @length: its size in bytes
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 *
 * Returns: (transfer full) (nullable): the report, of which adit_report_write() makes exactly @text
 */
AditReport *
adit_report_read (const char *text, gsize length, GError **error)
{
  g_autoptr (AditReport) self = adit_report_new ();
  g_autofree char *copy = NULL, *again = NULL;
  g_auto (GStrv) lines = NULL;
  guint section = N_SECTIONS;

  if (length > ADIT_REPORT_MAX_BYTES)
    {
      refuse (error, "all of it", "is too long");
      return NULL;
    }
  copy = g_strndup (length > 0 ? text : "", length);
  lines = g_strsplit (copy, "\n", -1);
  self->kind = g_strcmp0 (lines[0], titles[ADIT_REPORT_OF_PROBLEM]) == 0 ? ADIT_REPORT_OF_PROBLEM : ADIT_REPORT_OF_CRASH;
  for (guint i = 0; lines[i] != NULL; i++)
    read_line (self, lines[i], &section);
  again = adit_report_write (self, error);
  if (again == NULL)
    return NULL;
  if (strlen (again) != length || memcmp (again, text, length) != 0)
    {
      refuse (error, "something in it", "is not as we write it");
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * adit_report_check_text:
 * @text: (transfer full) (nullable): what the helper has kept for a report
 * @error: return location; %ADIT_ERROR_STORE_FAILED where @text is something else; untouched without @text
 *
 * The helper never looks at what a worker has made of a stranger's note, so whoever shows or saves it does: what is in a report
 * is plain lines, which do nothing to a terminal.
 *
 * Returns: (transfer full) (nullable): @text, where it is a report; UTF-8
 */
GBytes *
adit_report_check_text (GBytes *text, GError **error)
{
  g_autoptr (GBytes) taken = text;
  g_autoptr (GError) local = NULL;
  g_autoptr (AditReport) report = NULL;
  const char *bytes;
  gsize length;

  if (text == NULL)
    return NULL;
  bytes = g_bytes_get_data (text, &length);
  report = adit_report_read (bytes, length, &local);
  if (report != NULL)
    return g_steal_pointer (&taken);
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, local->message);
  return NULL;
}
