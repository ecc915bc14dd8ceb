/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-watch.h: notes of the helper and its workers that died of a fault of their own, from where each wrote its own to whoever
 * makes reports of them.  They pass through here unread. */
#pragma once

#include "client/base/log-ring.h"
#include "platform/process.h"

G_BEGIN_DECLS

#define ADIT_CRASH_HELPER "aditd"
#define ADIT_CRASH_WORKER "adit-worker"

/* Called once nothing more is wanted of the note: its report is kept, or there will never be one. */
typedef void (*AditCrashSettled) (void);

/* @note_fd: of a note's size, lent for this call, and of a dead process: keep its bytes before this returns.
 * @program: which of ours has died.  @owner_uid: whose connection there was at that time, or %ADIT_LOG_NOBODY.
 * @lines (element-type AditLogLine): the helper's log until then, the oldest first; lent as well.
 * @settled: (nullable): to be called, at any time, where the note can be given to the next helper again. */
typedef void (*AditCrashTake) (int note_fd, const char *program, guint32 owner_uid, GPtrArray *lines, AditCrashSettled settled,
                               gpointer user_data);

void     adit_crash_watch_begin    (void);
void     adit_crash_watch_end      (void);
void     adit_crash_watch_set_take (AditCrashTake take, gpointer user_data);
int      adit_crash_watch_new_note (void);
void     adit_crash_watch_add      (AditProcess *process, int note_fd);

G_END_DECLS
