/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-write.h: a WireGuard profile as one clean file, to be kept and exported. */
#pragma once

#include "client/base/secret.h"
#include "client/model/wireguard-profile.h"

G_BEGIN_DECLS

AditSecret *adit_wg_write (const AditWireguardProfile *profile, GError **error);

G_END_DECLS
