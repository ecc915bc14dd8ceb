/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-deed.h: one of our programs is made to die of a fault, and what it has left is read. */
#pragma once

#include <glib.h>
#include "client/helper/run-files.h"
#include "client/report/crash-note.h"

G_BEGIN_DECLS

#define CRASH_FUNCTION    "adit_fault_crash_here"    /* client/base/fault-crash.c */
#define CRASH_HELPER_NOTE ADIT_REPORTS_DIRECTORY "/helper.note"
#define CRASH_SPOOL       ADIT_REPORTS_DIRECTORY
#define CRASH_CLI_HOME    "/run/crash-home"
#define CRASH_CLI_NOTE    CRASH_CLI_HOME "/.local/state/adit/adit.note"

void           crash_want          (const char *name, const char *way);
void           crash_want_nothing  (void);
void           crash_signal        (const char *program);
AditCrashNote *crash_expect_note   (const char *path, const char *program, const char *way);
guint          crash_count_answers (const AditCrashNote *note);
char         **crash_cli_environment (void);
gboolean       crash_spool_has     (const char *text);
void           crash_spool_empty   (void);

G_END_DECLS
