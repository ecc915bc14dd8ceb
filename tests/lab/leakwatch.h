/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leakwatch.h: counts what the client really puts on its cable, as allowed or outside, phase by phase. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AditLeakwatch AditLeakwatch;

AditLeakwatch *adit_leakwatch_start       (const char *space, const char *device, GError **error);
void           adit_leakwatch_set_phase   (AditLeakwatch *self, const char *phase, const char *const *allowed);
guint          adit_leakwatch_get_allowed (AditLeakwatch *self, const char *phase);
guint          adit_leakwatch_get_outside (AditLeakwatch *self, const char *phase);
char          *adit_leakwatch_dup_keys    (AditLeakwatch *self, const char *phase);
void           adit_leakwatch_stop        (AditLeakwatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditLeakwatch, adit_leakwatch_stop)

G_END_DECLS
