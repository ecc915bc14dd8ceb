/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-queue.h: when which report is sent: those that somebody has said yes to, one after the other, and none twice. */
#pragma once

#include "client/helper/report-person.h"

G_BEGIN_DECLS

#define ADIT_REPORT_MAX_PAUSE_S (24 * 3600)    /* whatever a server asks for, and however a clock was set back */

typedef enum
{
  ADIT_REPORT_WAY_HELD = 0,    /* nothing may leave, or not in a way that hides who it is from */
  ADIT_REPORT_WAY_OFFLINE,
  ADIT_REPORT_WAY_OPEN,
} AditReportWay;

/* What the queue needs of the world; @data is the first argument of each. */
typedef struct
{
  AditReportWay (*find_way)    (gpointer data);
  gint64        (*get_now_s)   (gpointer data);    /* UTC: it is kept over a restart */
  void          (*send)        (gpointer data, const AditReportServer *server, const char *id, GBytes *text,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean      (*send_finish) (gpointer data, GAsyncResult *result, AditReportAnswer *answer, GError **error);
  void          (*changed)     (gpointer data, guint32 owner_uid);    /* something is told differently of their reports */
} AditReportPost;

typedef struct _AditReportQueue AditReportQueue;

AditReportQueue *adit_report_queue_new  (AditSpool *spool, const char *directory, const char *configuration,
                                         const AditReportPost *post, gpointer post_data);
void             adit_report_queue_free (AditReportQueue *self);
gboolean         adit_report_queue_add  (AditReportQueue *self, AditSpoolEntry *entry, const AditReportServer *server,
                                         gboolean is_by_always, GError **error);
void             adit_report_queue_take_back (AditReportQueue *self, AditSpoolEntry *entry, AditSpoolReason reason);
void             adit_report_queue_look (AditReportQueue *self);
void             adit_report_queue_retry (AditReportQueue *self, AditSpoolEntry *entry);
void             adit_report_queue_stop (AditReportQueue *self, const AditSpoolEntry *entry);
gint64           adit_report_queue_get_next_try_s (AditReportQueue *self, const AditSpoolEntry *entry);
guint            adit_report_get_pause_s (guint n_failures, double chance);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditReportQueue, adit_report_queue_free)

G_END_DECLS
