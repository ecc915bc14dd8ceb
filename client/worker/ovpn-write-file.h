/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-write-file.h: an OpenVPN profile as one clean file, to be kept and exported. */
#pragma once

#include "client/base/secret.h"
#include "client/model/openvpn-profile.h"

G_BEGIN_DECLS

AditSecret *adit_ovpn_write_file (const AditOpenvpnProfile *profile, GError **error);

G_END_DECLS
