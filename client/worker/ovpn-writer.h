/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-writer.h: what the two writers of OpenVPN's files share; nobody else includes it. */
#pragma once

#include "client/base/secret.h"
#include "client/model/openvpn-profile.h"

G_BEGIN_DECLS

GString    *adit_ovpn_writer_new           (void);
AditSecret *adit_ovpn_writer_end           (GString *out);
void        adit_ovpn_writer_add_ciphers   (GString *out, const AditOpenvpnProfile *profile);
void        adit_ovpn_writer_add_trust     (GString *out, const AditOpenvpnProfile *profile);
void        adit_ovpn_writer_add_challenge (GString *out, const AditOpenvpnProfile *profile);
void        adit_ovpn_writer_add_numbers   (GString *out, const AditOpenvpnProfile *profile, gboolean udp);
void        adit_ovpn_writer_add_direction (GString *out, const AditOpenvpnProfile *profile);
void        adit_ovpn_writer_add_block     (GString *out, const char *name, const char *text);
void        adit_ovpn_writer_add_keys      (GString *out, const AditOpenvpnProfile *profile);

G_END_DECLS
