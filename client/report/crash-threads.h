/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-threads.h: the other threads of a process that crashes, each of which says itself where it is. */
#pragma once

#include "client/report/crash-walk.h"

G_BEGIN_DECLS

#define ADIT_CRASH_THREAD_NAME_BYTES 16    /* TASK_COMM_LEN of Linux: prctl(2), PR_GET_NAME */

typedef struct
{
  char          name[ADIT_CRASH_THREAD_NAME_BYTES];    /* empty unless it has answered */
  AditCrashWalk walk;                                  /* the same; where it is not through with it, what it has until now */
  int           state;                                 /* atomic; crash-threads.c's */
} AditCrashAnswer;

gboolean               adit_crash_threads_install   (void);
int                    adit_crash_threads_get_signal (void);
void                   adit_crash_threads_enter     (void);
void                   adit_crash_threads_leave     (void);
void                   adit_crash_threads_get_name  (char *name);
void                   adit_crash_threads_ask       (void);
const AditCrashAnswer *adit_crash_threads_next      (guint *at);
gboolean               adit_crash_threads_is_whole  (const AditCrashAnswer *answer);
guint                  adit_crash_threads_get_unlisted (void);

G_END_DECLS
