/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-make.c: puts a report together out of what the helper hands over unread. */
#include "config.h"
#include "client/worker/report-make.h"

#include <string.h>
#include <unistd.h>

#include "build-id.h"
#include "client/base/error.h"
#include "client/report/symbols.h"

/* Gives the names of one module to its frames in one thread. */
static void
name_frames (AditReportThread *thread, AditSymbols *symbols, const AditCrashFrame *noted, guint n, guint module,
             const AditRedactionWords *words)
{
  for (guint i = 0; i < n; i++)
    {
      g_auto (AditSymbol) symbol = { NULL };
      AditReportFrame *frame = thread->frames->pdata[i];

      if (noted[i].module == module && frame->module != NULL && adit_symbols_find (symbols, noted[i].offset, &symbol))
        adit_report_frame_name (frame, symbol.function, symbol.file, symbol.line, words);
    }
}

static void
name_threads (const AditReportMaking *making, AditReport *report, AditSymbols *symbols, guint module)
{
  const AditCrashNote *note = making->note;
  const AditRedactionWords *words = &making->facts->redact;

  name_frames (report->threads->pdata[0], symbols, note->frames, note->n_frames, module, words);
  for (guint i = 0; i < note->n_others; i++)
    name_frames (report->threads->pdata[1 + i], symbols, note->others[i].frames, note->others[i].n_frames, module, words);
}

/* A file that is missing or of another build is no reason to have no report: its frames keep their numbers. */
static gboolean
name_module (const AditReportMaking *making, AditReport *report, guint module, GError **error)
{
  const AditCrashModule *noted = &making->note->modules[module];
  int program = -1, debug = -1;

  if (noted->build_id_size != ADIT_CRASH_ID_MAX_BYTES)
    return TRUE;
  if (!making->lend (noted->name, noted->build_id, &program, &debug, making->lend_data, error))
    return FALSE;
  if (program >= 0)
    {
      g_autoptr (GError) problem = NULL;
      AditSymbols *symbols = adit_symbols_open (program, debug, noted->build_id, noted->build_id_size, &problem);

      if (symbols != NULL)
        {
          name_threads (making, report, symbols, module);
          adit_symbols_free (symbols);
        }
      else
        g_debug ("%s has no names: %s", noted->name, problem->message);
      close (program);
    }
  if (debug >= 0)
    close (debug);
  return TRUE;
}

static gboolean
add_crash (const AditReportMaking *making, AditReport *report, GError **error)
{
  const AditCrashNote *note = making->note;
  gboolean is_this_build = strncmp (note->build, ADIT_BUILD_ID, sizeof note->build - 1) == 0;

  adit_report_set_note (report, note, &making->facts->redact);
  /* A note of before an update says which build, and nobody knows any more what that was called. */
  adit_report_set (report, ADIT_REPORT_VERSION, is_this_build ? ADIT_VERSION : "another than " ADIT_VERSION, NULL);
  for (guint i = 0; i < note->n_modules; i++)
    if (!name_module (making, report, i, error))
      return FALSE;
  return TRUE;
}

static void
add_problem (const AditReportMaking *making, AditReport *report)
{
  const AditReportFacts *facts = making->facts;

  report->kind = ADIT_REPORT_OF_PROBLEM;
  adit_report_set (report, ADIT_REPORT_VERSION, ADIT_VERSION, NULL);
  adit_report_set_build (report, ADIT_BUILD_ID);
  adit_report_set_words (report, facts->words != NULL ? facts->words : "", &facts->redact);
  adit_report_set_contact (report, facts->contact != NULL ? facts->contact : "");
  for (guint i = 0; facts->diagnostics[i] != NULL; i++)
    adit_report_add_diagnosis (report, facts->diagnostics[i], &facts->redact);
}

/**
 * adit_report_make:
 * @making: what it is made of
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT, or what the lender raises
 *
 * Returns: (transfer full) (nullable): a report, in which nothing stands that was not redacted but the way to answer
 */
AditReport *
adit_report_make (const AditReportMaking *making, GError **error)
{
  const AditReportFacts *facts = making->facts;
  g_autoptr (AditReport) report = adit_report_new ();

  if (!adit_report_set_id (report, facts->id))
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "The report's number is none");
      return NULL;
    }
  adit_report_set (report, ADIT_REPORT_SYSTEM, facts->system, &facts->redact);
  adit_report_set_day (report, making->now_s);
  for (guint i = 0; facts->back_ends[i] != NULL; i++)
    adit_report_add_back_end (report, facts->back_ends[i]);
  for (guint i = 0; facts->log[i] != NULL; i++)
    adit_report_add_log (report, facts->log[i], &facts->redact);
  if (making->note == NULL)
    add_problem (making, report);
  else if (!add_crash (making, report, error))
    return NULL;
  return g_steal_pointer (&report);
}

static void
forget_names (AditReport *report, guint first)
{
  for (guint i = first; i < report->threads->len; i++)
    {
      GPtrArray *frames = ((AditReportThread *) report->threads->pdata[i])->frames;

      for (guint j = 0; j < frames->len; j++)
        if (((AditReportFrame *) frames->pdata[j])->module != NULL)
          adit_report_frame_name (frames->pdata[j], NULL, NULL, 0, NULL);
    }
}

/**
 * adit_report_make_text:
 * @report: a report; of one that is too long what is least needed goes
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 *
 * The names of functions in threads that did not crash go first; then the log, the oldest half of it at a time; then, which only
 * somebody else's note needs, the other names.
 *
 * Returns: (transfer full) (nullable): its text, at most %ADIT_REPORT_MAX_BYTES
 */
char *
adit_report_make_text (AditReport *report, GError **error)
{
  char *text = adit_report_write (report, NULL);

  if (text != NULL)
    return text;
  forget_names (report, 1);
  while ((text = adit_report_write (report, NULL)) == NULL && report->log->len > 0)
    g_ptr_array_remove_range (report->log, 0, (report->log->len + 1) / 2);
  if (text != NULL)
    return text;
  forget_names (report, 0);
  return adit_report_write (report, error);
}
