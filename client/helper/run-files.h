/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run-files.h: the fixed places of the helper's files, and the lock that keeps a second helper out. */
#pragma once

#include <gio/gio.h>
#include "client/api/lock-traces.h"
#include "client/base/journal.h"
#include "client/helper/store.h"

G_BEGIN_DECLS

#define ADIT_RUN_DIRECTORY   "/run/adit"
#define ADIT_CONFIRM_FILE    ADIT_RUN_DIRECTORY "/confirm"
#define ADIT_STARTED_FILE    ADIT_RUN_DIRECTORY "/started"
#define ADIT_PAUSE_FILE      ADIT_RUN_DIRECTORY "/pause"
#define ADIT_KEPT_FILE       ADIT_RUN_DIRECTORY "/kept"
#define ADIT_REPORT_LIMITS_FILE ADIT_RUN_DIRECTORY "/report-limits"
#define ADIT_HERE_FILE       ADIT_RUN_DIRECTORY "/here"
#define ADIT_STATE_DIRECTORY "/var/lib/adit"
#define ADIT_NETWORKS_FILE   ADIT_STATE_DIRECTORY "/networks"
#define ADIT_NAMES_FILE      ADIT_STATE_DIRECTORY "/names"
#define ADIT_REPORTS_DIRECTORY ADIT_STATE_DIRECTORY "/reports"
#define ADIT_REPORT_CONFIGURATION_FILE ADIT_CONFIGURATION_DIRECTORY "/report.conf"

int          adit_run_files_take_lock    (GError **error);
AditJournal *adit_run_files_open_journal (GError **error);
AditStore   *adit_run_files_open_store   (GError **error);
gboolean     adit_run_files_want_lock    (AditStore *store);

G_END_DECLS
