/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel-spec.h: one tunnel as it is wanted, without its secrets. */
#pragma once

#include "client/model/address.h"
#include "client/model/place.h"

G_BEGIN_DECLS

#define ADIT_WG_KEY_BYTES            32     /* Curve25519: RFC 7748 */
#define ADIT_TUNNEL_MAX_ADDRESSES     2     /* one a family */
#define ADIT_TUNNEL_MAX_DNS           4
#define ADIT_TUNNEL_MAX_BLOCKS        8     /* what its resolver leaves out, by name */
#define ADIT_TUNNEL_MAX_ALLOWED_IPS 256     /* of all peers; "all but the LAN" needs some 60, "all but these three" twice that */
#define ADIT_TUNNEL_MAX_PEERS         8     /* a file of a service has one, one of a company's network a few */
#define ADIT_TUNNEL_MTU_MIN_BYTES  1280     /* IPv6 minimum link MTU: RFC 8200, section 5 */
#define ADIT_TUNNEL_MTU_MAX_BYTES  9000     /* jumbo frames; nothing longer is met on a real uplink */
#define ADIT_WG_OVERHEAD4_BYTES      60     /* IPv4 20, UDP 8, WireGuard's data message 32: its paper, 5.4.6 */
#define ADIT_WG_OVERHEAD6_BYTES      80     /* the same with IPv6 40 */
#define ADIT_WG_PADDING_MAX_BYTES    15     /* to a multiple of 16: the same */

typedef enum { ADIT_TUNNEL_WIREGUARD = 0, ADIT_TUNNEL_OPENVPN } AditTunnelKind;

/* By what a server can be reached. */
typedef enum
{
  ADIT_PROTOCOL_WIREGUARD = 0,
  ADIT_PROTOCOL_OPENVPN_UDP,
  ADIT_PROTOCOL_OPENVPN_TCP,
  ADIT_N_PROTOCOLS
} AditProtocol;

typedef enum { ADIT_TRANSPORT_UDP = 0, ADIT_TRANSPORT_TCP } AditTransport;

/* One of WireGuard's, which takes the next so many of the tunnel's allowed IPs. */
typedef struct
{
  AditEndpoint endpoint;
  guint8       key[ADIT_WG_KEY_BYTES];
  guint16      n_allowed_ips;
  guint16      keepalive_s;        /* 0: off */
} AditTunnelPeer;

/* Whom a tunnel asks for names. */
typedef struct
{
  AditAddress dns[ADIT_TUNNEL_MAX_DNS];
  guint       n_dns;
  char        blocks[ADIT_TUNNEL_MAX_BLOCKS][ADIT_CODE_MAX_BYTES];
  guint       n_blocks;
} AditResolvers;

typedef struct
{
  AditTunnelKind kind;
  AditEndpoint peer;               /* the first hop, or the proxy before it; of WireGuard's peers the first */
  AditEndpoint behind;             /* the server itself, where the first hop is a proxy; else none */
  AditTransport transport;         /* of what goes there; WireGuard has only one */
  guint32      carrier_uid;        /* its packets are this user's, who cannot mark them; 0: they have our mark */
  guint8       peer_key[ADIT_WG_KEY_BYTES];    /* WireGuard's alone */
  AditPrefix   addresses[ADIT_TUNNEL_MAX_ADDRESSES];
  guint        n_addresses;
  AditPrefix   allowed_ips[ADIT_TUNNEL_MAX_ALLOWED_IPS];
  guint        n_allowed_ips;      /* the first peer's, then the others' in their order */
  AditTunnelPeer more_peers[ADIT_TUNNEL_MAX_PEERS - 1];    /* WireGuard's alone */
  guint        n_more_peers;
  gboolean     is_nested;          /* the first peer only carries the second, to which all else goes: a tunnel in a tunnel */
  AditAddress  dns[ADIT_TUNNEL_MAX_DNS];
  guint        n_dns;
  char         blocks[ADIT_TUNNEL_MAX_BLOCKS][ADIT_CODE_MAX_BYTES];    /* what those leave out of their answers */
  guint        n_blocks;
  guint16      mtu_bytes;
  guint16      keepalive_s;        /* the first peer's; 0: off */
  AditLocation location;
  AditLocation entry;              /* where it enters, by another server; all zero: by the one at @location */
} AditTunnelSpec;

void        adit_tunnel_spec_set_resolvers (AditTunnelSpec *self, const AditResolvers *resolvers);

const char *adit_protocol_to_name   (AditProtocol protocol);
gboolean    adit_protocol_from_name (const char *name, AditProtocol *protocol);

gboolean adit_tunnel_spec_can_start  (const AditTunnelSpec *self, GError **error);
gboolean adit_tunnel_spec_is_valid   (const AditTunnelSpec *self, GError **error);
gboolean adit_tunnel_spec_has_family (const AditTunnelSpec *self, AditFamily family);

G_END_DECLS
