/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-com.h: what the files of the adapter for OVPN (ovpn.com) share.  Not to be confused with the files of OpenVPN that the
 * worker reads and writes. */
#pragma once

#include "client/base/secret.h"
#include "client/model/openvpn-profile.h"
#include "client/model/server-list.h"
#include "client/model/tunnel-spec.h"
#include "client/provider/json.h"

G_BEGIN_DECLS

#define ADIT_OVPN_COM_ENTRY_MAX_BYTES  (2 * 1024 * 1024)    /* some hundred servers have 60 KiB */
#define ADIT_OVPN_COM_ANSWER_MAX_BYTES 65536                /* of everything else */
#define ADIT_OVPN_COM_WIREGUARD_PORT   9929
#define ADIT_OVPN_COM_TCP_PORT         443
#define ADIT_OVPN_COM_KEYS_PAGE        "https://www.ovpn.com/account/wireguard/keys"

AditSecret *adit_ovpn_com_read_login (AditSecret *typed, GError **error);
AditSecret *adit_ovpn_com_write_form (AditSecret *login, const char *field, const guint8 *key);
char       *adit_ovpn_com_dup_words  (AditJson *root, AditSecret *login, gboolean *says_too_many);
gboolean    adit_ovpn_com_read_exit  (const void *bytes, gsize length, AditAddress *address, GError **error);
GBytes     *adit_ovpn_com_read_entry (const void *bytes, gsize length, gint64 now_s, GError **error);
AditOpenvpnProfile *adit_ovpn_com_make_profile (const AditTunnelSpec *spec);

G_END_DECLS
