/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-pem.h: certificates and keys out of the lines of a block or a file, checked and written anew. */
#pragma once

#include "client/base/secret.h"
#include "client/worker/import-text.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_OVPN_PEM_CERTIFICATES,    /* one or more */
  ADIT_OVPN_PEM_KEY,             /* exactly one private key */
  ADIT_OVPN_PEM_REVOKED,         /* one or more lists */
  ADIT_OVPN_PEM_CRYPT_V2,        /* exactly one key for tls-crypt-v2 */
} AditOvpnPemKind;

AditSecret *adit_ovpn_pem_read        (const AditImportLine *lines, guint n_lines, AditOvpnPemKind kind, gboolean *encrypted,
                                       const char **sentence);
AditSecret *adit_ovpn_static_key_read (const AditImportLine *lines, guint n_lines, const char **sentence);

G_END_DECLS
