/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile-offer.h: a tunnel out of something that a person has imported: the next of its servers, and what openvpn is lent. */
#pragma once

#include "client/core/tunnel-source.h"
#include "client/helper/answers.h"
#include "client/helper/importer.h"
#include "client/helper/names.h"
#include "client/helper/profiles.h"

G_BEGIN_DECLS

typedef struct
{
  AditProfiles *profiles;
  AditImporter *importer;
  AditNames    *names;
  AditAnswers  *answers;
} AditProfileOffers;

void             adit_profile_offer_async  (const AditProfileOffers *self, const char *id, guint number,
                                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean         adit_profile_offer_foresee (const AditProfileOffers *self, const AditProfile *profile, guint number,
                                             AditTunnelSpec *spec, AditTunnelSecrets *secrets);
AditTunnelOffer *adit_profile_offer_finish (GAsyncResult *result, GError **error);

G_END_DECLS
