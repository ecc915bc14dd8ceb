/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory.h: what the window remembers of how somebody connects and of what they want to hear, beside what the helper has set for
 * everybody on this computer. */
#pragma once

#include "client/model/choice.h"
#include "client/report/report.h"
#include "ui/tidings.h"

G_BEGIN_DECLS

#define ADIT_MEMORY_MAX_RECENT  5
#define ADIT_MEMORY_MAX_REPORTS 20    /* so many the helper keeps of one person */

/* Of a crash, by its random id: somebody has been told once that there is a report. */
typedef struct
{
  char     id[ADIT_REPORT_ID_LENGTH + 1];
  gboolean is_shown;    /* by the window itself; else by the desktop */
} AditMemoryReport;

/* All zero: automatic, by one server, nobody recent on disk, and everything is told. */
typedef struct
{
  gboolean      has_protocol;    /* else it is automatic */
  AditProtocol  protocol;
  gboolean      multihop;        /* in at one place, out at another */
  AditFavourite entry;           /* with @multihop; its service is "" where none was chosen yet */
  gboolean      keeps_recent;    /* on disk; else in memory alone */
  AditFavourite recent[ADIT_MEMORY_MAX_RECENT];    /* the last one first */
  guint         n_recent;
  AditHears     hears;
  gboolean      background;      /* it stays without a window, too */
  AditMemoryReport reports[ADIT_MEMORY_MAX_REPORTS];
  guint         n_reports;
} AditMemory;

void     adit_memory_load       (AditMemory *self, const char *path);
gboolean adit_memory_save       (const AditMemory *self, const char *path, GError **error);
void     adit_memory_add_recent (AditMemory *self, const char *service, const AditPlace *place);
const AditMemoryReport *adit_memory_find_report (const AditMemory *self, const char *id);
void     adit_memory_add_report (AditMemory *self, const char *id, gboolean is_shown);

G_END_DECLS
