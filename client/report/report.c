/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report.c: puts a report together.  What comes from elsewhere goes through redaction on its way in, so that no report ever holds
 * it as it was. */
#include "client/report/report-line.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "client/base/hex.h"

#define KEY_FRAMES    8    /* what is further out differs by who called, not by what went wrong */
#define DAY_S     86400

static void
free_frame (AditReportFrame *frame)
{
  g_free (frame->module);
  g_free (frame->build_id);
  g_free (frame->function);
  g_free (frame->file);
  g_free (frame);
}

static void
free_thread (AditReportThread *thread)
{
  g_free (thread->name);
  g_ptr_array_unref (thread->frames);
  g_free (thread);
}

/**
 * adit_report_make_id:
 *
 * Sixteen bytes of the kernel's, for one report alone: they tell the receiver that it was sent twice, and nothing else.
 *
 * Returns: (transfer full): 32 hexadecimal digits
 */
char *
adit_report_make_id (void)
{
  guint8 bytes[ADIT_REPORT_ID_LENGTH / 2];
  gsize have = 0;

  while (have < sizeof bytes)
    {
      gssize got = getrandom (bytes + have, sizeof bytes - have, 0);

      if (got < 0 && errno != EINTR)
        g_error ("no random bytes: %s", g_strerror (errno));
      have += got > 0 ? (gsize) got : 0;
    }
  return adit_hex_dup (bytes, sizeof bytes);
}

/**
 * adit_report_new:
 *
 * Returns: (transfer full): a report of a crash, with an id of its own and nothing else
 */
AditReport *
adit_report_new (void)
{
  AditReport *self = g_new0 (AditReport, 1);

  self->back_ends = g_ptr_array_new_with_free_func (g_free);
  self->log = g_ptr_array_new_with_free_func (g_free);
  self->threads = g_ptr_array_new_with_free_func ((GDestroyNotify) free_thread);
  self->words = g_ptr_array_new_with_free_func (g_free);
  self->diagnostics = g_ptr_array_new_with_free_func (g_free);
  self->fields[ADIT_REPORT_ID] = adit_report_make_id ();
  return self;
}

/**
 * adit_report_free:
 * @self: a report
 */
void
adit_report_free (AditReport *self)
{
  for (guint i = 0; i < ADIT_REPORT_N_FIELDS; i++)
    g_free (self->fields[i]);
  g_ptr_array_unref (self->back_ends);
  g_ptr_array_unref (self->log);
  g_ptr_array_unref (self->threads);
  g_ptr_array_unref (self->words);
  g_ptr_array_unref (self->diagnostics);
  g_free (self);
}

/**
 * adit_report_id_is_valid:
 * @id: perhaps a report's number
 *
 * Returns: whether it can be one
 */
gboolean
adit_report_id_is_valid (const char *id)
{
  return strlen (id) == ADIT_REPORT_ID_LENGTH && strspn (id, "0123456789abcdef") == ADIT_REPORT_ID_LENGTH;
}

/**
 * adit_report_set_id:
 * @self: a report
 * @id: its number, where somebody else has drawn it
 *
 * Returns: whether it can be one
 */
gboolean
adit_report_set_id (AditReport *self, const char *id)
{
  if (!adit_report_id_is_valid (id))
    return FALSE;
  g_free (self->fields[ADIT_REPORT_ID]);
  self->fields[ADIT_REPORT_ID] = g_strdup (id);
  return TRUE;
}

/**
 * adit_report_set_build:
 * @self: a report
 * @build: which build of ours it is about
 *
 * As it is: it looks like a token, and is ours.
 */
void
adit_report_set_build (AditReport *self, const char *build)
{
  g_free (self->fields[ADIT_REPORT_BUILD]);
  self->fields[ADIT_REPORT_BUILD] = g_strdup (build);
}

/**
 * adit_report_set:
 * @self: a report
 * @field: any but the day, the id, the build and the contact
 * @text: anything
 * @words: (nullable): what this computer and its owner are called
 */
void
adit_report_set (AditReport *self, AditReportField field, const char *text, const AditRedactionWords *words)
{
  g_return_if_fail (field < ADIT_REPORT_DAY || field == ADIT_REPORT_SIGNAL || field == ADIT_REPORT_REASON);
  g_free (self->fields[field]);
  self->fields[field] = adit_report_dup_line (text, words);
}

/**
 * adit_report_set_day:
 * @self: a report
 * @seconds: since 1970, UTC; not before then
 *
 * Keeps the day alone, of the calendar in Greenwich, which tells nothing of where the computer is.
 */
void
adit_report_set_day (AditReport *self, gint64 seconds)
{
  g_autoptr (GDateTime) day = g_date_time_new_from_unix_utc (MAX (seconds, 0) / DAY_S * DAY_S);

  g_free (self->fields[ADIT_REPORT_DAY]);
  self->fields[ADIT_REPORT_DAY] = day != NULL ? g_date_time_format (day, "%Y-%m-%d") : NULL;
}

/**
 * adit_report_add_thread:
 * @self: a report
 * @name: what the thread is called
 *
 * Returns: (transfer none) (nullable): the thread, %NULL where there are too many
 */
AditReportThread *
adit_report_add_thread (AditReport *self, const char *name)
{
  AditReportThread *thread;

  if (self->threads->len == ADIT_REPORT_MAX_THREADS)
    return NULL;
  thread = g_new0 (AditReportThread, 1);
  thread->name = g_strdup (name);
  thread->frames = g_ptr_array_new_with_free_func ((GDestroyNotify) free_frame);
  g_ptr_array_add (self->threads, thread);
  return thread;
}

/**
 * adit_report_add_frame:
 * @thread: a thread
 *
 * Returns: (transfer none) (nullable): an empty frame outside of the others, %NULL where there are too many
 */
AditReportFrame *
adit_report_add_frame (AditReportThread *thread)
{
  AditReportFrame *frame;

  if (thread->frames->len == ADIT_CRASH_MAX_FRAMES)
    return NULL;
  frame = g_new0 (AditReportFrame, 1);
  g_ptr_array_add (thread->frames, frame);
  return frame;
}

/* A name without blanks, which is what the form needs; "-" stands for none.  They go before redaction too, which would take a
 * path for over at the first one. */
static char *
dup_name (const char *text, const AditRedactionWords *words)
{
  g_autofree char *whole = text != NULL ? g_strdelimit (g_strdup (text), " \t\n", '_') : NULL;
  g_autofree char *name = whole != NULL ? adit_report_dup_line (whole, words) : NULL;

  if (name == NULL || name[0] == '\0' || g_str_equal (name, "-"))
    return NULL;
  return g_strdelimit (g_steal_pointer (&name), " ", '_');
}

static void
add_frames (AditReportThread *thread, const AditCrashNote *note, const AditCrashFrame *frames, guint n,
            const AditRedactionWords *words)
{
  for (guint i = 0; i < n; i++)
    {
      AditReportFrame *frame = adit_report_add_frame (thread);
      const AditCrashModule *module;

      if (frames[i].module == ADIT_CRASH_NO_MODULE)
        continue;
      module = &note->modules[frames[i].module];
      frame->module = dup_name (module->name, words);
      if (frame->module == NULL)
        continue;
      frame->build_id = module->build_id_size > 0 ? adit_hex_dup (module->build_id, module->build_id_size) : NULL;
      frame->offset = frames[i].offset;
    }
}

/* Of a thread that has said nothing its line does; a name has no blanks. */
static void
add_others (AditReport *self, const AditCrashNote *note, const AditRedactionWords *words)
{
  for (guint i = 0; i < note->n_others; i++)
    {
      const AditCrashThread *other = &note->others[i];
      g_autofree char *name = dup_name (other->name, words);
      AditReportThread *thread = adit_report_add_thread (self, other->silent ? "did not answer" : name != NULL ? name : "?");

      add_frames (thread, note, other->frames, other->n_frames, words);
    }
  if (note->n_more > 0)
    {
      g_autofree char *text = g_strdup_printf ("%s%u more", note->n_more == G_MAXUINT8 ? "at least " : "", note->n_more);

      adit_report_add_thread (self, text);
    }
}

/**
 * adit_report_set_note:
 * @self: a report without threads
 * @note: what a dying process wrote, after adit_crash_note_check()
 * @words: (nullable): what this computer and its owner are called, which somebody may have written into its names
 *
 * Its threads come in the note's order.
 *
 * Returns: whether there is room for it
 */
gboolean
adit_report_set_note (AditReport *self, const AditCrashNote *note, const AditRedactionWords *words)
{
  g_autofree char *name = dup_name (note->thread[0] != '\0' ? note->thread : note->program, words);
  g_autofree char *reason = note->reason == ADIT_CRASH_SYSTEM_CALL
                              ? g_strdup_printf ("%s: number %u", adit_crash_reason_describe (note->reason), note->detail)
                              : g_strdup (adit_crash_reason_describe (note->reason));

  if (self->threads->len > 0)
    return FALSE;
  adit_report_set (self, ADIT_REPORT_PROGRAM, note->program, NULL);
  adit_report_set_build (self, note->build);
  adit_report_set (self, ADIT_REPORT_SIGNAL, adit_crash_signal_get_name (note->signal), NULL);
  adit_report_set (self, ADIT_REPORT_REASON, reason, NULL);
  add_frames (adit_report_add_thread (self, name != NULL ? name : "?"), note, note->frames, note->n_frames, words);
  add_others (self, note, words);
  return TRUE;
}

/**
 * adit_report_frame_name:
 * @frame: a frame with a module
 * @function: (nullable): its function
 * @file: (nullable): its file
 * @line: its line there, or 0
 * @words: (nullable): what this computer and its owner are called, who may have built the file in their home
 *
 * Adds what somebody else has found.
 */
void
adit_report_frame_name (AditReportFrame *frame, const char *function, const char *file, guint line,
                        const AditRedactionWords *words)
{
  g_return_if_fail (frame->module != NULL);
  g_free (frame->function);
  g_free (frame->file);
  frame->function = dup_name (function, NULL);    /* a programmer's word, even where somebody is called Mark or Will */
  frame->file = line > 0 ? dup_name (file, words) : NULL;
  frame->line = frame->file != NULL ? line : 0;
}

/**
 * adit_report_add_log:
 * @self: a report
 * @line: a line of the log
 * @words: (nullable): what this computer and its owner are called
 *
 * Adds a line, redacted; the oldest one goes where there are too many.
 */
void
adit_report_add_log (AditReport *self, const char *line, const AditRedactionWords *words)
{
  if (self->log->len == ADIT_REPORT_MAX_LOG_LINES)
    g_ptr_array_remove_index (self->log, 0);
  g_ptr_array_add (self->log, adit_report_dup_line (line, words));
}

/**
 * adit_report_add_back_end:
 * @self: a report
 * @name: one of our own words for a part of the system that we use
 *
 * Returns: whether there was room
 */
gboolean
adit_report_add_back_end (AditReport *self, const char *name)
{
  char *word = self->back_ends->len < ADIT_REPORT_MAX_BACK_ENDS ? dup_name (name, NULL) : NULL;

  if (word == NULL)
    return FALSE;
  g_ptr_array_add (self->back_ends, word);
  return TRUE;
}

/**
 * adit_report_dup_key:
 * @self: a report
 *
 * What two reports of one crash have in common: program, signal and the innermost frames of the thread that crashed, by file and
 * offset and not by name, so that it is the same before and after names were added.  Of two problems none is the other.  For this
 * computer only; it is never sent.
 *
 * Returns: (transfer full): 64 hexadecimal digits
 */
char *
adit_report_dup_key (AditReport *self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  GPtrArray *frames = self->threads->len > 0 ? ((AditReportThread *) self->threads->pdata[0])->frames : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->kind == ADIT_REPORT_OF_PROBLEM)
    g_string_append_printf (text, "%s\n", self->fields[ADIT_REPORT_ID]);
  g_string_append_printf (text, "%s\n%s\n", self->fields[ADIT_REPORT_PROGRAM] != NULL ? self->fields[ADIT_REPORT_PROGRAM] : "",
                          self->fields[ADIT_REPORT_SIGNAL] != NULL ? self->fields[ADIT_REPORT_SIGNAL] : "");
  for (guint i = 0; frames != NULL && i < MIN (frames->len, KEY_FRAMES); i++)
    {
      const AditReportFrame *frame = frames->pdata[i];

      g_string_append_printf (text, "%s %s %" G_GINT64_MODIFIER "x\n", frame->module != NULL ? frame->module : "-",
                              frame->build_id != NULL ? frame->build_id : "-", frame->offset);
    }
  g_checksum_update (sum, (const guchar *) text->str, (gssize) text->len);
  return g_strdup (g_checksum_get_string (sum));
}
