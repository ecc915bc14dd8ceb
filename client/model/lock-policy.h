/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock-policy.h: everything the firewall has to know to say which packets may pass.  The ruleset is a pure function of it. */
#pragma once

#include "client/model/address.h"
#include "client/model/reach.h"
#include "client/model/state.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_LOCK_MAX_API 32    /* every service and resolver with all that may be known of it */

typedef struct
{
  AditLock     lock;
  AditEndpoint api[ADIT_LOCK_MAX_API];     /* tcp, by mark; used by ALL and PEER */
  guint        n_api;
  AditEndpoint peer;                       /* used by PEER and TUNNEL; port 0: not known yet */
  AditEndpoint more_peers[ADIT_TUNNEL_MAX_PEERS - 1];    /* of the same tunnel, reached in the same way */
  guint        n_more_peers;
  AditEndpoint inner_peer;                 /* reached by the peer alone, inside the tunnel; port 0: there is none */
  AditTransport transport;                 /* how the peer is reached */
  guint32      carrier_uid;                /* whose packets go there; 0: those with our mark */
  AditPrefix   tunnel_addresses[ADIT_TUNNEL_MAX_ADDRESSES];
  guint        n_tunnel_addresses;
  AditAddress  dns[ADIT_TUNNEL_MAX_DNS];   /* the only resolvers that may be asked inside the tunnel */
  guint        n_dns;
  AditReach    reach;                      /* what may leave beside the tunnel, in every lock */
} AditLockPolicy;

gboolean adit_lock_policy_equal (const AditLockPolicy *a, const AditLockPolicy *b);

G_END_DECLS
