/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-lines.h: what was said about each file, as lines that a worker writes, the helper passes on unread, and clients read. */
#pragma once

#include "client/model/import-report.h"
#include "client/model/profile-facts.h"

G_BEGIN_DECLS

#define ADIT_IMPORT_MAX_PROFILES    128        /* out of one archive; who wants more has a service's place to choose from */
#define ADIT_IMPORT_LINES_MAX_BYTES 1048576    /* nobody reads a tenth of it */

/* What became of one file. */
typedef struct
{
  char             *file;      /* its name, without folders */
  AditProfileKind   kind;      /* what it was taken for; or none */
  int               profile;   /* the how many'th of the profiles it became, from 0; -1: none */
  AditImportReport *report;
} AditImportOutcome;

AditImportOutcome *adit_import_outcome_new   (const char *file);
void               adit_import_outcome_free  (AditImportOutcome *self);
void               adit_import_lines_begin   (GString *lines);
void               adit_import_lines_add     (GString *lines, const AditImportOutcome *outcome);
GPtrArray         *adit_import_lines_read    (const char *text, gsize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditImportOutcome, adit_import_outcome_free)

G_END_DECLS
