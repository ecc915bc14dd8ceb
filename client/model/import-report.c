/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-report.c: collects what was said about a file, within bounds, and lets nothing of the file itself through but names. */
#include "config.h"
#include "client/model/import-report.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct { const char *name, *text; } reasons[ADIT_N_IMPORT_REASONS] = {
  [ADIT_IMPORT_MALFORMED] = { "malformed", N_("This line has not the form that it must have.") },
  [ADIT_IMPORT_HOOK] = { "hook", N_("This line would run a program; Adit never runs one for a file.") },
  [ADIT_IMPORT_PLUGIN] = { "plugin", N_("This line would load a library; Adit never loads one for a file.") },
  [ADIT_IMPORT_FILE] = { "file", N_("This line names a file or folder of this computer; Adit opens none for a file.") },
  [ADIT_IMPORT_UNKNOWN] = { "unknown", N_("Adit does not know this option.") },
  [ADIT_IMPORT_DANGEROUS] = { "dangerous", N_("This line would weaken the protection.") },
  [ADIT_IMPORT_UNSUPPORTED] = { "unsupported", N_("Adit cannot do what this line asks for.") },
  [ADIT_IMPORT_OWN] = { "own", N_("Adit decides this itself.") },
};

/**
 * adit_import_reason_get_text:
 * @reason: why
 *
 * Returns: (transfer none): a sentence in English for lines that have none of their own
 */
const char *
adit_import_reason_get_text (AditImportReason reason)
{
  return reasons[reason < ADIT_N_IMPORT_REASONS ? reason : ADIT_IMPORT_MALFORMED].text;
}

/**
 * adit_import_reason_get_name:
 * @reason: why
 *
 * Returns: (transfer none): its word for programs; never renamed
 */
const char *
adit_import_reason_get_name (AditImportReason reason)
{
  return reasons[reason < ADIT_N_IMPORT_REASONS ? reason : ADIT_IMPORT_MALFORMED].name;
}

/**
 * adit_import_report_new:
 *
 * Returns: (transfer full): an empty report
 */
AditImportReport *
adit_import_report_new (void)
{
  AditImportReport *self = g_new0 (AditImportReport, 1);

  self->notes = g_array_new (FALSE, TRUE, sizeof (AditImportNote));
  self->wanted = g_array_new (FALSE, TRUE, sizeof (AditImportWanted));
  return self;
}

/**
 * adit_import_report_free:
 * @self: a report
 */
void
adit_import_report_free (AditImportReport *self)
{
  g_array_unref (self->notes);
  g_array_unref (self->wanted);
  g_clear_pointer (&self->texts, g_string_chunk_free);
  g_free (self);
}

/* An option's name is shown to a person and may come from a stranger: what is no name is shown as question marks. */
static void
copy_option (char *field, const char *option)
{
  gsize i = 0;

  for (; option != NULL && option[i] != '\0' && i < ADIT_IMPORT_OPTION_MAX_BYTES - 1; i++)
    field[i] = g_ascii_isalnum (option[i]) || strchr ("-<>/", option[i]) != NULL ? option[i] : '?';
  field[i] = '\0';
}

/**
 * adit_import_report_add:
 * @self: a report
 * @line: in which line, 0 for the whole file
 * @option: (nullable): about which option
 * @reason: why
 * @fatal: whether nothing can be imported because of it
 * @sentence: (nullable): a constant; %NULL for the reason's own
 *
 * Notes something.
 */
void
adit_import_report_add (AditImportReport *self, guint line, const char *option, AditImportReason reason, gboolean fatal,
                        const char *sentence)
{
  AditImportNote note = { .line = line, .reason = reason, .fatal = fatal };

  self->failed |= fatal;
  if (self->notes->len >= ADIT_IMPORT_MAX_NOTES)
    {
      self->n_more++;
      return;
    }
  copy_option (note.option, option);
  note.sentence = sentence != NULL ? sentence : adit_import_reason_get_text (reason);
  g_array_append_val (self->notes, note);
}

/**
 * adit_import_report_want:
 * @self: a report
 * @option: which option names a file
 * @name: its name
 * @required: whether nothing can be imported without it
 *
 * Notes that another file is needed.
 */
void
adit_import_report_want (AditImportReport *self, const char *option, const char *name, gboolean required)
{
  AditImportWanted wanted = { .required = required };

  self->failed |= required;
  if (self->wanted->len >= ADIT_IMPORT_MAX_WANTED)
    return;
  copy_option (wanted.option, option);
  g_strlcpy (wanted.name, name, sizeof wanted.name);
  g_array_append_val (self->wanted, wanted);
}

/**
 * adit_import_report_keep:
 * @self: a report
 * @sentence: one that is no constant
 *
 * Returns: (transfer none): a copy that lives as long as the report
 */
const char *
adit_import_report_keep (AditImportReport *self, const char *sentence)
{
  if (self->texts == NULL)
    self->texts = g_string_chunk_new (1024);
  return g_string_chunk_insert_const (self->texts, sentence);
}
