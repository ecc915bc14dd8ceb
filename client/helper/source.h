/* SPDX-License-Identifier: GPL-2.0-or-later */
/* source.h: answers the session's wish for a tunnel with an account of the vault and a relay that a worker chose, or with what
 * somebody has imported. */
#pragma once

#include "client/core/tunnel-source.h"
#include "client/helper/profile-offer.h"
#include "client/helper/rotation.h"
#include "client/helper/vault.h"
#include "client/helper/worker-proxy.h"

G_BEGIN_DECLS

#define ADIT_TYPE_SOURCE (adit_source_get_type ())
G_DECLARE_FINAL_TYPE (AditSource, adit_source, ADIT, SOURCE, GObject)

AditSource *adit_source_new (AditVault *vault, AditWorkerProxy *proxy, const AditProfileOffers *profiles,
                             const AditChoice *choice);
void        adit_source_set_rotation (AditSource *self, AditRotation *rotation);

/* What resolvers the tunnel that is up is to have from now on; the callback's offer has nothing else that is new. */
void             adit_source_ask_resolvers_async  (AditSource *self, const AditWish *wish, const AditTunnelSpec *spec,
                                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean         adit_source_ask_resolvers_finish (AditSource *self, GAsyncResult *result, AditResolvers *resolvers,
                                                   GError **error);

G_END_DECLS
