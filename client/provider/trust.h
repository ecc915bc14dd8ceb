/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trust.h: the roots and keys that ship with the adapters, one file a service; roots in PEM. */
#pragma once

#include "client/model/openvpn-profile.h"

extern const char   adit_trust_mullvad_pem[];
extern const char   adit_trust_ivpn_openvpn_pem[];
extern const guint8 adit_trust_ivpn_openvpn_key[ADIT_OPENVPN_STATIC_KEY_BYTES];
extern const char   adit_trust_ovpn_pem[];                               /* of its OpenVPN servers */
extern const guint8 adit_trust_ovpn_key[ADIT_OPENVPN_STATIC_KEY_BYTES];  /* for --tls-auth */
