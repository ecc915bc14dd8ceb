/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wireguard-profile.h: everything that Adit takes from somebody's WireGuard file, as values. */
#pragma once

#include "client/base/secret.h"
#include "client/model/host.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_WIREGUARD_MAX_PEERS       ADIT_TUNNEL_MAX_PEERS
#define ADIT_WIREGUARD_MAX_ALLOWED_IPS ADIT_TUNNEL_MAX_ALLOWED_IPS    /* of all peers together */
#define ADIT_WIREGUARD_MAX_SEARCH      8

typedef struct
{
  guint8      public_key[ADIT_WG_KEY_BYTES];
  AditSecret *preshared_key;      /* or NULL */
  AditHost    endpoint;
  AditPrefix  allowed_ips[ADIT_WIREGUARD_MAX_ALLOWED_IPS];    /* without host bits */
  guint       n_allowed_ips;
  guint16     keepalive_s;        /* 0: off */
} AditWireguardPeer;

typedef struct
{
  AditSecret       *private_key;
  AditPrefix        addresses[ADIT_TUNNEL_MAX_ADDRESSES];
  guint             n_addresses;
  AditAddress       dns[ADIT_TUNNEL_MAX_DNS];
  guint             n_dns;
  char              search[ADIT_WIREGUARD_MAX_SEARCH][ADIT_HOST_NAME_MAX_BYTES];
  guint             n_search;
  guint16           mtu_bytes;    /* 0: the file does not say */
  AditWireguardPeer peers[ADIT_WIREGUARD_MAX_PEERS];
  guint             n_peers;
} AditWireguardProfile;

AditWireguardProfile *adit_wireguard_profile_new      (void);
void                  adit_wireguard_profile_free     (AditWireguardProfile *self);
gboolean              adit_wireguard_profile_equal    (const AditWireguardProfile *a, const AditWireguardProfile *b);
gboolean              adit_wireguard_peer_shares_network (const AditWireguardPeer *a, const AditWireguardPeer *b);
gboolean              adit_wireguard_profile_is_whole (const AditWireguardProfile *self);
gboolean              adit_wireguard_profile_is_valid (const AditWireguardProfile *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditWireguardProfile, adit_wireguard_profile_free)

G_END_DECLS
