/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-stack.h: for each thread of this process, where its stack lies and a second one for the signal handler. */
#pragma once

#include <signal.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct { gsize low, high; /* high is the first byte beyond */ } AditStackBounds;

/* Those by which a program dies of its own fault. */
#define ADIT_CRASH_N_SIGNALS 7
extern const int adit_crash_signals[ADIT_CRASH_N_SIGNALS];

void            adit_crash_signals_fill (sigset_t *set);

gboolean        adit_crash_stack_enter      (void);
AditStackBounds adit_crash_stack_get_bounds (void);
AditStackBounds adit_crash_stack_get_second (void);
gboolean        adit_crash_stack_is_beside  (gsize address);

G_END_DECLS
