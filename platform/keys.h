/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keys.h: makes the key that this computer is known by at a service.  It is made here and never leaves. */
#pragma once

#include "client/base/secret.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

AditSecret *adit_keys_generate  (void);
void        adit_keys_to_public (AditSecret *private_key, guint8 public_key[ADIT_WG_KEY_BYTES]);

G_END_DECLS
