/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report.h: all that a report of a crash or of a problem says, and nothing that two reports of one computer would share. */
#pragma once

#include <glib.h>

#include "client/report/crash-note.h"
#include "client/report/redaction.h"

G_BEGIN_DECLS

#define ADIT_REPORT_MAX_BYTES      (128u << 10)    /* in its form as text */
#define ADIT_REPORT_MAX_LINE_BYTES 600             /* of any one field or line of the log */
#define ADIT_REPORT_MAX_LOG_LINES  120
#define ADIT_REPORT_MAX_THREADS    (ADIT_CRASH_MAX_OTHERS + 2)    /* the last says how many more there were */
#define ADIT_REPORT_ID_LENGTH      32              /* hexadecimal digits: a random number of the report's own */
#define ADIT_REPORT_MAX_BACK_ENDS  16
#define ADIT_REPORT_MAX_WORDS_BYTES (16u << 10)    /* what a person writes about a problem; what is longer is cut */
#define ADIT_REPORT_MAX_WORD_LINES  400            /* as it is kept */
#define ADIT_REPORT_MAX_DIAGNOSTICS 160            /* lines */

typedef enum { ADIT_REPORT_OF_CRASH = 0, ADIT_REPORT_OF_PROBLEM, ADIT_N_REPORT_KINDS } AditReportKind;

typedef enum
{
  ADIT_REPORT_PROGRAM, ADIT_REPORT_VERSION, ADIT_REPORT_BUILD, ADIT_REPORT_SYSTEM, ADIT_REPORT_DAY, ADIT_REPORT_ID,
  ADIT_REPORT_SIGNAL, ADIT_REPORT_REASON,
  ADIT_REPORT_CONTACT,    /* how somebody wants to be answered, as they typed it */
  ADIT_REPORT_N_FIELDS
} AditReportField;

typedef struct
{
  char    *module;      /* NULL for a jump into nowhere; then there is nothing else either */
  char    *build_id;    /* hexadecimal; NULL where the file has none */
  guint64  offset;      /* as the file counts */
  char    *function;    /* these three where somebody has added them: NULL, NULL, 0 */
  char    *file;
  guint    line;
} AditReportFrame;

typedef struct
{
  char      *name;
  GPtrArray *frames;    /* of AditReportFrame, the innermost first */
} AditReportThread;

typedef struct
{
  AditReportKind kind;
  char      *fields[ADIT_REPORT_N_FIELDS];    /* one line each; NULL where the kind has none, or no contact was given */
  GPtrArray *back_ends, *log;                 /* of char *; the last line of the log comes last */
  GPtrArray *threads;                         /* of AditReportThread, of a crash; the one that crashed comes first */
  GPtrArray *words, *diagnostics;             /* of char *, of a problem: what a person wrote, what the checklist says */
} AditReport;

char       *adit_report_make_id     (void);
AditReport *adit_report_new         (void);
void        adit_report_free        (AditReport *self);
gboolean    adit_report_id_is_valid (const char *id);
gboolean    adit_report_set_id      (AditReport *self, const char *id);
void        adit_report_set_build   (AditReport *self, const char *build);
void        adit_report_set         (AditReport *self, AditReportField field, const char *text, const AditRedactionWords *words);
void        adit_report_set_day     (AditReport *self, gint64 seconds);
gboolean    adit_report_set_note    (AditReport *self, const AditCrashNote *note, const AditRedactionWords *words);
void        adit_report_add_log     (AditReport *self, const char *line, const AditRedactionWords *words);
gboolean    adit_report_add_back_end (AditReport *self, const char *name);
void        adit_report_frame_name  (AditReportFrame *frame, const char *function, const char *file, guint line,
                                     const AditRedactionWords *words);
char       *adit_report_dup_key     (AditReport *self);

AditReportThread *adit_report_add_thread (AditReport *self, const char *name);
AditReportFrame  *adit_report_add_frame  (AditReportThread *thread);

/* report-problem.c: what only a problem's has. */
void        adit_report_set_words   (AditReport *self, const char *text, const AditRedactionWords *words);
void        adit_report_set_contact (AditReport *self, const char *text);
gboolean    adit_report_add_diagnosis (AditReport *self, const char *line, const AditRedactionWords *words);

/* report-text.c: the form in which it is kept, and word for word what a person sees before it goes anywhere. */
const char *adit_report_field_get_name (AditReportField field);
char       *adit_report_write       (AditReport *self, GError **error);
AditReport *adit_report_read        (const char *text, gsize length, GError **error);
GBytes     *adit_report_check_text  (GBytes *text, GError **error);

/* report-json.c: the same for programs. */
char       *adit_report_write_json  (AditReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditReport, adit_report_free)

G_END_DECLS
