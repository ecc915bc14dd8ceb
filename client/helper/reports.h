/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reports.h: from a crash or somebody's words to a report that waits, and from a yes to the server. */
#pragma once

#include "client/core/session.h"
#include "client/helper/names.h"
#include "client/helper/profiles.h"
#include "client/helper/report-material.h"
#include "client/helper/report-queue.h"
#include "client/helper/vault.h"
#include "client/base/log-ring.h"

G_BEGIN_DECLS

#define ADIT_REPORT_WORDS_MAX_BYTES   16384
#define ADIT_REPORT_CONTACT_MAX_BYTES 200

#define ADIT_TYPE_REPORTS (adit_reports_get_type ())
G_DECLARE_FINAL_TYPE (AditReports, adit_reports, ADIT, REPORTS, GObject)

/* Signal "changed" (uint owner_uid): something is told differently of that person's reports. */

/* All of it outlives the reports. */
typedef struct
{
  const char   *directory, *configuration, *limits;    /* files: see data/INVENTORY.md */
  AditSession  *session;
  AditNetwork  *network;     /* (nullable) */
  AditVault    *vault;
  AditProfiles *profiles;
  AditNames    *names;
  const char   *worker;      /* the program */
} AditReportsParts;

/* Adds to @material what the owner may know of this computer; @lines (nullable): the log in the place of that of now. */
typedef void (*AditReportsGather) (AditReportMaterial *material, AditSpoolKind kind, guint32 owner_uid, GPtrArray *lines,
                                   gpointer user_data);

AditReports    *adit_reports_new   (const AditReportsParts *parts);
void            adit_reports_start (AditReports *self, AditReportsGather gather, gpointer user_data);
AditSpool      *adit_reports_get_spool (AditReports *self, GError **error);

void            adit_reports_add_async  (AditReports *self, guint32 owner_uid, AditSpoolKind kind, const char *program,
                                         int note_fd, const char *words, const char *contact, GAsyncReadyCallback callback,
                                         gpointer user_data);
char           *adit_reports_add_finish (AditReports *self, GAsyncResult *result, GError **error);

gboolean        adit_reports_send   (AditReports *self, AditSpoolEntry *entry, const char *shown, GError **error);
gboolean        adit_reports_delete (AditReports *self, AditSpoolEntry *entry, GError **error);
const char     *adit_reports_get_reason (AditReports *self, const AditSpoolEntry *entry);
gint64          adit_reports_get_next_try_s (AditReports *self, const AditSpoolEntry *entry);

gboolean        adit_reports_find_server (AditReports *self, guint32 uid, AditReportPerson *person, AditReportServer *server,
                                          GError **error);
gboolean        adit_reports_set_server  (AditReports *self, guint32 uid, const char *dsn, const char *pin, GError **error);
gboolean        adit_reports_set_consent (AditReports *self, guint32 uid, AditConsent consent, const char *shown,
                                          GError **error);

G_END_DECLS
