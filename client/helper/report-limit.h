/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-limit.h: how many reports there may be in an hour, of one program and of one person. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_REPORT_MAX_CRASHES_AN_HOUR  3     /* of one program: what goes down again and again says the same each time */
#define ADIT_REPORT_MAX_PROBLEMS_AN_HOUR 10    /* of one person's */

typedef struct _AditReportLimit AditReportLimit;

AditReportLimit *adit_report_limit_open (const char *path);
void             adit_report_limit_free (AditReportLimit *self);
gboolean         adit_report_limit_take (AditReportLimit *self, guint32 uid, const char *what, guint max, gint64 now_s);
void             adit_report_limit_settle (AditReportLimit *self, guint32 uid, const char *what, gboolean counts, gint64 now_s);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditReportLimit, adit_report_limit_free)

G_END_DECLS
