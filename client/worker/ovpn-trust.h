/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-trust.h: what a service's OpenVPN servers are known by, out of the administrator's file. */
#pragma once

#include "client/base/error.h"
#include "client/model/openvpn-profile.h"

G_BEGIN_DECLS

gboolean adit_ovpn_trust_replace (AditOpenvpnProfile *profile, const char *text, GError **error);

G_END_DECLS
