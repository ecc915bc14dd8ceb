/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-report.h: what a reader of somebody's file says about it: which lines it refused or left out and why, and which other
 * files it names. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_IMPORT_FILE_MAX_BYTES   262144    /* the longest that a service hands out has 20 KiB */
#define ADIT_IMPORT_MAX_NOTES        256       /* nobody reads more; what is beyond is counted */
#define ADIT_IMPORT_MAX_WANTED       16        /* there are fewer options that name a file */
#define ADIT_IMPORT_OPTION_MAX_BYTES 40        /* the longest name of OpenVPN has 30 letters */
#define ADIT_IMPORT_NAME_MAX_BYTES   256       /* a file's name: limits.h, NAME_MAX */

/* Why.  What is refused for one reason may be left out for the same in another line: that is said beside it. */
typedef enum
{
  ADIT_IMPORT_MALFORMED = 0,    /* not the form of such a file, or readable in two ways */
  ADIT_IMPORT_HOOK,             /* would run a program */
  ADIT_IMPORT_PLUGIN,           /* would load a library */
  ADIT_IMPORT_FILE,             /* would read or write a file or folder */
  ADIT_IMPORT_UNKNOWN,          /* no option that we know */
  ADIT_IMPORT_DANGEROUS,        /* would protect less than Adit does */
  ADIT_IMPORT_UNSUPPORTED,      /* known, and nothing that Adit does */
  ADIT_IMPORT_OWN,              /* Adit does that itself, in its own way */
  ADIT_N_IMPORT_REASONS
} AditImportReason;

typedef struct
{
  guint            line;        /* 1 is the first; 0: the file as a whole */
  char             option[ADIT_IMPORT_OPTION_MAX_BYTES];    /* "" where there is none; only letters, digits and - < > / */
  AditImportReason reason;
  gboolean         fatal;       /* nothing is imported; else this line is left out or changed as the sentence says */
  const char      *sentence;    /* English, without an end of line, never anything out of the file; lives as long as the report */
} AditImportNote;

typedef struct
{
  char     option[ADIT_IMPORT_OPTION_MAX_BYTES];
  char     name[ADIT_IMPORT_NAME_MAX_BYTES];    /* as the file says it, without folders */
  gboolean required;                            /* else a person can be asked for what is in it */
} AditImportWanted;

typedef struct
{
  GArray *notes;     /* of AditImportNote, in the order of lines */
  GArray *wanted;    /* of AditImportWanted */
  guint   n_more;    /* notes beyond the limit */
  gboolean failed;   /* one of them was fatal, or a required file is wanted */
  GStringChunk *texts;    /* sentences that are no constants, of a report that was read; or NULL */
} AditImportReport;

/* A file as its reader gets it: whoever opened it, and out of whatever archive, did so with their own rights. */
typedef struct
{
  const char   *name;
  const guint8 *bytes;
  gsize         length;
} AditImportFile;

AditImportReport *adit_import_report_new  (void);
void              adit_import_report_free (AditImportReport *self);
void              adit_import_report_add  (AditImportReport *self, guint line, const char *option, AditImportReason reason,
                                           gboolean fatal, const char *sentence);
void              adit_import_report_want (AditImportReport *self, const char *option, const char *name, gboolean required);
const char       *adit_import_report_keep (AditImportReport *self, const char *sentence);
const char       *adit_import_reason_get_text (AditImportReason reason);
const char       *adit_import_reason_get_name (AditImportReason reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditImportReport, adit_import_report_free)

G_END_DECLS
