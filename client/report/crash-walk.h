/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-walk.h: where a thread was when a signal came, and who had called that. */
#pragma once

#include <ucontext.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize    *addresses;    /* room for max; of a caller an address inside of its call, not behind it */
  guint     max;
  guint     n;            /* atomic: so many are whole, also while the walk goes on and where it came to a fault */
  gboolean  cut;          /* there were more */
} AditCrashWalk;

void adit_crash_walk (AditCrashWalk *walk, const ucontext_t *context);

G_END_DECLS
