/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker-report.h: has a report made, and has one sent, by a worker of its own each time. */
#pragma once

#include <gio/gio.h>
#include "client/model/address.h"
#include "client/report/dsn.h"
#include "client/report/report-facts.h"

G_BEGIN_DECLS

#define ADIT_REPORT_KEY_LENGTH 64    /* hexadecimal digits: what duplicates have in common */

#define ADIT_TYPE_WORKER_REPORT (adit_worker_report_get_type ())
G_DECLARE_FINAL_TYPE (AditWorkerReport, adit_worker_report, ADIT, WORKER_REPORT, GObject)

typedef enum
{
  ADIT_REPORT_SENT,       /* the server has it */
  ADIT_REPORT_LATER,      /* it is there, and wants it at another time */
  ADIT_REPORT_REFUSED,    /* it will not take this one */
} AditReportOutcome;

typedef struct
{
  AditReportOutcome outcome;
  guint             status;           /* of HTTP */
  guint             retry_after_s;    /* nothing before that, also after SENT; 0: it did not say */
} AditReportAnswer;

AditWorkerReport *adit_worker_report_new         (const char *program);
void              adit_worker_report_make_async  (AditWorkerReport *self, const AditReportFacts *facts, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer user_data);
GBytes           *adit_worker_report_make_finish (AditWorkerReport *self, GAsyncResult *result, char **key, GError **error);
void              adit_worker_report_send_async  (AditWorkerReport *self, const AditDsn *dsn, const char *pin,
                                                  const AditAddress *addresses, guint n_addresses, const char *id, GBytes *text,
                                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean          adit_worker_report_send_finish (AditWorkerReport *self, GAsyncResult *result, AditReportAnswer *answer,
                                                  GError **error);

G_END_DECLS
