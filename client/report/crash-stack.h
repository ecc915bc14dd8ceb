/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-stack.h: for each thread of this process, where its stack lies and a second one for the signal handler. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct { gsize low, high; /* high is the first byte beyond */ } AditStackBounds;

gboolean        adit_crash_stack_enter      (void);
AditStackBounds adit_crash_stack_get_bounds (void);
AditStackBounds adit_crash_stack_get_second (void);
gboolean        adit_crash_stack_is_beside  (gsize address);

G_END_DECLS
