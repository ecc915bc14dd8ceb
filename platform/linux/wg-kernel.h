/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-kernel.h: WireGuard in the kernel, through the library that wireguard-tools gives out for embedding. */
#pragma once

#include "platform/tunnel.h"

G_BEGIN_DECLS

#define ADIT_TYPE_WG_KERNEL (adit_wg_kernel_get_type ())
G_DECLARE_FINAL_TYPE (AditWgKernel, adit_wg_kernel, ADIT, WG_KERNEL, GObject)

AditTunnel *adit_wg_kernel_new (void);

G_END_DECLS
