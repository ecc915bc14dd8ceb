/* SPDX-License-Identifier: GPL-2.0-or-later */
/* aged-key.h: weeks of a key's life in a moment, and by what address somebody beyond the tunnel knows this computer. */
#pragma once

#include "tests/lab/world.h"

G_BEGIN_DECLS

void  adit_world_change_key (AditWorld *self, const char *service, guint days, gboolean is_other);
char *adit_world_dup_own_address (void);
guint adit_world_count_in_log (AditWorld *self, const char *words);

G_END_DECLS
