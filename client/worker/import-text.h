/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-text.h: somebody's file as lines, once it is sure that every reader would see the same lines. */
#pragma once

#include "client/model/import-report.h"

G_BEGIN_DECLS

typedef struct
{
  char    *text;      /* without its end of line and blanks before it; ends with a zero byte */
  guint    number;    /* 1 is the first */
  gboolean indented;
} AditImportLine;

typedef struct
{
  char           *copy;
  gsize           length;
  AditImportLine *lines;
  guint           n_lines;
} AditImportText;

AditImportText *adit_import_text_new  (const AditImportFile *file, gsize max_line_bytes, guint *bad_line, const char **sentence);
void            adit_import_text_free (AditImportText *self);
const char     *adit_import_skip_blanks (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditImportText, adit_import_text_free)

G_END_DECLS
