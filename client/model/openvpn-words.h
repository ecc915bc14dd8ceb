/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-words.h: how OpenVPN spells the values of a profile, and the bounds of its numbers. */
#pragma once

#include "client/model/openvpn-profile.h"

G_BEGIN_DECLS

const char *adit_openvpn_cipher_get_name       (AditOpenvpnCipher cipher);
AditOpenvpnCipher adit_openvpn_cipher_find     (const char *name);
gboolean    adit_openvpn_cipher_is_aead        (AditOpenvpnCipher cipher);
const char *adit_openvpn_digest_get_name       (AditOpenvpnDigest digest);
const char *adit_openvpn_cert_profile_get_name (AditOpenvpnCertProfile profile);
const char *adit_openvpn_compression_get_text  (AditOpenvpnCompression compression);
const char *adit_openvpn_name_type_get_name    (AditOpenvpnNameType type);
const char *adit_openvpn_number_get_name       (AditOpenvpnNumber number);
gboolean    adit_openvpn_number_fits           (AditOpenvpnNumber number, guint64 value);
gboolean    adit_openvpn_tls_ciphers_are_valid (const char *list);
gboolean    adit_openvpn_tls_suites_are_valid  (const char *list);
gboolean    adit_openvpn_text_is_plain         (const char *text, gboolean ascii);
gboolean    adit_openvpn_credential_is_plain   (const char *text, gsize length);

G_END_DECLS
