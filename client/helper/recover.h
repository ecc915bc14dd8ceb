/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recover.h: the way back without a running helper. */
#pragma once

#include "client/helper/store.h"
#include "platform/platform.h"

G_BEGIN_DECLS

gboolean adit_recover_lock (AditPlatform *platform, AditStore *store, gboolean *locked, GError **error);
int      adit_recover_run  (gboolean open);

G_END_DECLS
