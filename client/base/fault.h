/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault.h: where a test kills the helper: before and after each effect on the computer.  Only in a build with -Dtest_faults=true;
 * in any other nothing of it exists, not even the names. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#ifdef ADIT_TEST_FAULTS
#define ADIT_BETWEEN_FAULTS(name, effect) (adit_fault_point (name ":before"), adit_fault_after (name ":after", (effect)))

void     adit_fault_point (const char *name);
gboolean adit_fault_after (const char *name, gboolean done);
#else
#define ADIT_BETWEEN_FAULTS(name, effect) (effect)
#endif

G_END_DECLS
