/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sleeper.h: puts the lab's computer to sleep by the real logind.  Only the last step, the kernel's, is ours. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _Sleeper Sleeper;

Sleeper *sleeper_new       (void);
guint    sleeper_fall      (Sleeper *self);
void     sleeper_wake      (Sleeper *self);
gboolean sleeper_is_waited_for (Sleeper *self, const char *who);
void     sleeper_free      (Sleeper *self);

G_END_DECLS
