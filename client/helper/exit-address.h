/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exit-address.h: the address that the world sees while the tunnel is up.  It lives in memory and nowhere else. */
#pragma once

#include "client/core/session.h"
#include "client/helper/vault.h"
#include "client/helper/worker-proxy.h"

G_BEGIN_DECLS

#define ADIT_TYPE_EXIT_ADDRESS (adit_exit_address_get_type ())
G_DECLARE_FINAL_TYPE (AditExitAddress, adit_exit_address, ADIT, EXIT_ADDRESS, GObject)

/* Signal "found": there is an address now. */

AditExitAddress   *adit_exit_address_new    (AditSession *session, AditVault *vault, AditWorkerProxy *proxy);
void               adit_exit_address_follow (AditExitAddress *self);    /* the session has changed */
const AditAddress *adit_exit_address_get    (AditExitAddress *self);    /* (nullable) */

G_END_DECLS
