/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-marks.h: where in a report something was taken out. */
#pragma once

#include "client/report/redaction.h"

G_BEGIN_DECLS

GArray *adit_report_marks_find      (const char *text, gsize length);
char   *adit_report_marks_dup_words (const GArray *marks);

G_END_DECLS
