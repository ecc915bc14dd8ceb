/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-userspace.h: WireGuard by wireguard-go, where the kernel has none. */
#pragma once

#include "platform/tunnel.h"

G_BEGIN_DECLS

#define ADIT_TYPE_WG_USERSPACE (adit_wg_userspace_get_type ())
G_DECLARE_FINAL_TYPE (AditWgUserspace, adit_wg_userspace, ADIT, WG_USERSPACE, GObject)

AditTunnel *adit_wg_userspace_new (void);

G_END_DECLS
