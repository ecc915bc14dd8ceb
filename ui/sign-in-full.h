/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-in-full.h: the account is used on as many devices as it may be, and what can be done about it. */
#pragma once

#include "client/model/service.h"
#include "ui/mirror.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define ADIT_TYPE_SIGN_IN_FULL (adit_sign_in_full_get_type ())
G_DECLARE_FINAL_TYPE (AditSignInFull, adit_sign_in_full, ADIT, SIGN_IN_FULL, AdwBin)

/* Signal "again": the person wants to sign in, now that there may be room.
 * Signal "all": they want all other devices signed out for it.
 * Signal "cancel": they do not want to sign in any more. */

void adit_sign_in_full_tell     (AditSignInFull *self, AditMirror *mirror, const AditService *service, const GError *error);
void adit_sign_in_full_set_busy (AditSignInFull *self, gboolean busy);

G_END_DECLS
