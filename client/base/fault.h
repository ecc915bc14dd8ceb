/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault.h: where a test kills the helper: before and after each effect on the computer; and where one of our programs dies of a
 * fault of its own.  Only in a build with -Dtest_faults=true; in any other nothing of it exists, not even the names. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#ifdef ADIT_TEST_FAULTS
#define ADIT_BETWEEN_FAULTS(name, effect) (adit_fault_point (name ":before"), adit_fault_after (name ":after", (effect)))

void     adit_fault_point (const char *name);
gboolean adit_fault_after (const char *name, gboolean done);

#define ADIT_FAULT_CANARY "canary-of-memory-"    /* with more behind it, in the memory of who crashes */

#define ADIT_CRASH_PREPARE()       adit_fault_crash_prepare ()
#define ADIT_CRASH_POINT(name)     adit_fault_crash_point (name)
#define ADIT_CRASH_ON_SIGNAL(name) adit_fault_crash_on_signal (name)

void     adit_fault_crash_here      (const char *way);
void     adit_fault_crash_prepare   (void);
void     adit_fault_crash_point     (const char *name);
void     adit_fault_crash_on_signal (const char *name);
#else
#define ADIT_BETWEEN_FAULTS(name, effect) (effect)

#define ADIT_CRASH_PREPARE()       ((void) 0)
#define ADIT_CRASH_POINT(name)     ((void) 0)
#define ADIT_CRASH_ON_SIGNAL(name) ((void) 0)
#endif

G_END_DECLS
