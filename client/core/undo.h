/* SPDX-License-Identifier: GPL-2.0-or-later */
/* undo.h: takes back everything but the lock. */
#pragma once

#include "platform/platform.h"

G_BEGIN_DECLS

gboolean adit_undo_network (AditPlatform *platform, GError **error);
gboolean adit_undo_tunnels (AditPlatform *platform, GError **error);
gboolean adit_undo_all     (AditPlatform *platform, GError **error);
gboolean adit_undo_but     (AditPlatform *platform, const AditTunnel *spared, GError **error);

G_END_DECLS
