/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reports-private.h: what the files of the reports share. */
#pragma once

#include "client/helper/crash-watch.h"
#include "client/helper/report-limit.h"
#include "client/helper/reports.h"

G_BEGIN_DECLS

/* In a profile's place, with whose names it is kept until another server is set: it says no more than that. */
#define ADIT_REPORT_NAMES "00000000-0000-4000-8000-000000000001"

struct _AditReports
{
  GObject            parent_instance;
  AditReportsParts   parts;
  AditSpool         *spool;     /* (nullable): the folder could not be used when it was looked at last */
  AditReportQueue   *queue;     /* (nullable): the same */
  AditReportLimit   *limit;
  AditWorkerReport  *worker;
  AditReportsGather  gather;
  gpointer           gather_data;
  GPtrArray         *unkept;    /* of crashes whose reports found no room on the disk */
  guint              retry;
  GCancellable      *cancellable;
};

void         adit_reports_tell        (AditReports *self, guint32 owner_uid);
AditConsent  adit_reports_get_consent (AditReports *self, guint32 uid, AditReportServer *server);
gint64       adit_reports_get_now_s   (void);

/* reports-make.c */
gboolean     adit_reports_may_make    (AditReports *self, guint32 owner_uid, AditSpoolKind kind, const char *program,
                                       GError **error);
gboolean     adit_reports_settle      (AditReports *self, guint32 owner_uid, AditSpoolKind kind, const char *program,
                                       const GError *error);
GTask       *adit_reports_begin       (AditReports *self, guint32 owner_uid, AditSpoolKind kind, const char *program, int note_fd,
                                       GPtrArray *lines, GAsyncReadyCallback callback, gpointer user_data);
void         adit_reports_make        (AditReports *self, GTask *task);

/* reports-crash.c */
GPtrArray   *adit_reports_new_unkept  (void);
void         adit_reports_take_crash  (int note_fd, const char *program, guint32 owner_uid, GPtrArray *lines,
                                       AditCrashSettled settled, gpointer reports);

/* reports-post.c */
extern const AditReportPost adit_reports_post;
AditReportWay adit_reports_find_way   (AditReports *self);

G_END_DECLS
