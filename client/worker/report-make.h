/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-make.h: a report out of facts, and the names of our own functions in it. */
#pragma once

#include "client/report/report-facts.h"
#include "client/report/report.h"

G_BEGIN_DECLS

/* Lends one of our programs, whose file is called @name: descriptors that are the caller's, -1 where there is none. */
typedef gboolean (*AditReportLend) (const char *name, const guint8 *build_id, int *program, int *debug, gpointer user_data,
                                    GError **error);

typedef struct
{
  const AditReportFacts *facts;
  const AditCrashNote   *note;     /* (nullable): of a problem there is none */
  gint64                 now_s;
  AditReportLend         lend;     /* with a note */
  gpointer               lend_data;
} AditReportMaking;

AditReport *adit_report_make       (const AditReportMaking *making, GError **error);
char       *adit_report_make_text  (AditReport *report, GError **error);

G_END_DECLS
