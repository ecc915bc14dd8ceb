/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel-spec.c: the last check before root acts on a tunnel, whoever made it. */
#include "client/model/tunnel-spec.h"

#include <string.h>

#include "client/base/error.h"
#include "client/model/tunnel-peers.h"

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "The tunnel cannot be set up: %s", what);
  return FALSE;
}

/* Loopback, multicast and link-local: never another computer's across a network, and never this computer's inside a tunnel. */
static gboolean
is_local (const AditAddress *address)
{
  static const guint8 loopback_ipv6[16] = { [15] = 1 };
  const guint8 *bytes = address->bytes;

  if (address->family == ADIT_FAMILY_IPV4)
    return bytes[0] == 127 || bytes[0] == 0 || bytes[0] >= 224 || (bytes[0] == 169 && bytes[1] == 254);
  return bytes[0] == 0xff || memcmp (bytes, loopback_ipv6, 16) == 0 || (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80);
}

/**
 * adit_tunnel_spec_has_family:
 * @self: a tunnel
 * @family: which family
 *
 * Returns: whether this computer has an address of @family inside it
 */
gboolean
adit_tunnel_spec_has_family (const AditTunnelSpec *self, AditFamily family)
{
  for (guint i = 0; i < self->n_addresses; i++)
    if (self->addresses[i].address.family == family)
      return TRUE;
  return FALSE;
}

/* What this computer has inside, and what goes there. */
static gboolean
is_inside_valid (const AditTunnelSpec *self, GError **error)
{
  if (self->n_addresses == 0 || self->n_addresses > ADIT_TUNNEL_MAX_ADDRESSES)
    return refuse (error, "there is no address for this computer");
  for (guint i = 0; i < self->n_addresses; i++)
    {
      const AditPrefix *address = &self->addresses[i];

      if (!adit_prefix_is_valid (address) || !adit_address_is_valid (&address->address) || is_local (&address->address))
        return refuse (error, "an address for this computer is malformed");
      if (i > 0 && address->address.family == self->addresses[0].address.family)
        return refuse (error, "there are two addresses of one family");
    }
  if (self->n_allowed_ips == 0 || self->n_allowed_ips > ADIT_TUNNEL_MAX_ALLOWED_IPS)
    return refuse (error, "the allowed addresses are missing or too many");
  for (guint i = 0; i < self->n_allowed_ips; i++)
    if (!adit_prefix_is_valid (&self->allowed_ips[i]))
      return refuse (error, "an allowed address is malformed");
  if (self->n_dns == 0 || self->n_dns > ADIT_TUNNEL_MAX_DNS)
    return refuse (error, "there is no resolver inside the tunnel");
  for (guint i = 0; i < self->n_dns; i++)
    if (!adit_address_is_valid (&self->dns[i]) || is_local (&self->dns[i]))
      return refuse (error, "a resolver's address is malformed");
  if (self->mtu_bytes < ADIT_TUNNEL_MTU_MIN_BYTES || self->mtu_bytes > ADIT_TUNNEL_MTU_MAX_BYTES)
    return refuse (error, "the packet size is out of bounds");
  return TRUE;
}

/* No two are one, and each has its share of what goes inside. */
static gboolean
are_peers_valid (const AditTunnelSpec *self, GError **error)
{
  static const guint8 no_key[ADIT_WG_KEY_BYTES] = { 0 };
  AditTunnelPeer peer, other;
  guint n_taken = 0;

  if (self->n_more_peers > ADIT_TUNNEL_MAX_PEERS - 1)
    return refuse (error, "there are too many peers");
  for (guint i = 0; i < self->n_more_peers; i++)
    n_taken += self->more_peers[i].n_allowed_ips;
  if (self->n_more_peers > 0 && n_taken >= self->n_allowed_ips)
    return refuse (error, "a peer has no networks");
  for (guint i = 0; adit_tunnel_spec_get_peer (self, i, &peer, NULL); i++)
    {
      if (!adit_endpoint_is_valid (&peer.endpoint))
        return refuse (error, "the relay's address is none");
      if (is_local (&peer.endpoint.address))
        return refuse (error, "the relay's address is not another computer's");
      if (memcmp (peer.key, no_key, sizeof no_key) == 0)
        return refuse (error, "the relay has no key");
      if (peer.n_allowed_ips == 0 && i > 0)
        return refuse (error, "a peer has no networks");
      for (guint j = 0; j < i; j++)
        if (adit_tunnel_spec_get_peer (self, j, &other, NULL) && memcmp (peer.key, other.key, sizeof peer.key) == 0)
          return refuse (error, "two peers have the same key");
    }
  return TRUE;
}

/* The first carries exactly the second, which is another computer, and is neither what programs ask nor part of what is inside:
 * what is sent to its address by anybody else is refused. */
static gboolean
is_nesting_valid (const AditTunnelSpec *self, GError **error)
{
  const AditEndpoint *inner = &self->more_peers[0].endpoint;
  const AditPrefix *carried = &self->allowed_ips[0];

  if (!self->is_nested)
    return TRUE;
  if (self->n_more_peers != 1 || self->n_allowed_ips != 1u + self->more_peers[0].n_allowed_ips ||
      !adit_address_equal (&carried->address, &inner->address) ||
      carried->prefix_bits != (inner->address.family == ADIT_FAMILY_IPV4 ? 32 : 128))
    return refuse (error, "the first of two servers has to carry the second alone");
  if (adit_address_equal (&self->peer.address, &inner->address))
    return refuse (error, "it enters and leaves by the same server");
  if (!adit_tunnel_spec_has_family (self, inner->address.family))
    return refuse (error, "there is no address to reach the second server from");
  for (guint i = 0; i < self->n_dns; i++)
    if (adit_address_equal (&self->dns[i], &inner->address))
      return refuse (error, "a resolver is the second server itself");
  if (adit_tunnel_spec_get_nested_mtu_bytes (self) < ADIT_TUNNEL_MTU_MIN_BYTES)
    return refuse (error, "the packet size is out of bounds");
  return TRUE;
}

/**
 * adit_tunnel_spec_can_start:
 * @self: a tunnel, perhaps from a stranger
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED with what is wrong
 *
 * A peer on loopback, multicast or link-local is refused: a service that names one wants to reach this computer or its
 * neighbours.  Private peers are allowed, since people run exits at home.
 *
 * Returns: whether root may let it be begun; OpenVPN's far end says only then what is inside
 */
gboolean
adit_tunnel_spec_can_start (const AditTunnelSpec *self, GError **error)
{
  if (!adit_endpoint_is_valid (&self->peer))
    return refuse (error, "the relay's address is none");
  if (is_local (&self->peer.address))
    return refuse (error, "the relay's address is not another computer's");
  if (self->kind == ADIT_TUNNEL_OPENVPN)
    return (self->transport == ADIT_TRANSPORT_UDP || self->transport == ADIT_TRANSPORT_TCP) && self->carrier_uid != 0 &&
           self->n_more_peers == 0 && !self->is_nested ? TRUE : refuse (error, "nobody is to carry it");
  if (self->kind != ADIT_TUNNEL_WIREGUARD || self->transport != ADIT_TRANSPORT_UDP || self->carrier_uid != 0)
    return refuse (error, "it is of no known kind");
  return are_peers_valid (self, error) && is_inside_valid (self, error) && is_nesting_valid (self, error);
}

/**
 * adit_tunnel_spec_is_valid:
 * @self: a tunnel, perhaps from a stranger
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED with what is wrong
 *
 * Returns: whether root may lead this computer's packets into it
 */
gboolean
adit_tunnel_spec_is_valid (const AditTunnelSpec *self, GError **error)
{
  return adit_tunnel_spec_can_start (self, error) && is_inside_valid (self, error);
}

/* On the bus, in files and on the command line. */
static const char *const protocol_names[ADIT_N_PROTOCOLS] = {
  [ADIT_PROTOCOL_WIREGUARD] = "wireguard",
  [ADIT_PROTOCOL_OPENVPN_UDP] = "openvpn-udp",
  [ADIT_PROTOCOL_OPENVPN_TCP] = "openvpn-tcp",
};

/**
 * adit_protocol_to_name:
 * @protocol: by what a server is reached
 *
 * Returns: (transfer none): its name
 */
const char *
adit_protocol_to_name (AditProtocol protocol)
{
  g_return_val_if_fail ((guint) protocol < ADIT_N_PROTOCOLS, NULL);
  return protocol_names[protocol];
}

/**
 * adit_protocol_from_name:
 * @name: a name
 * @protocol: (out): what it names
 *
 * Returns: whether there is one of that name
 */
gboolean
adit_protocol_from_name (const char *name, AditProtocol *protocol)
{
  for (guint i = 0; i < ADIT_N_PROTOCOLS; i++)
    if (g_str_equal (protocol_names[i], name))
      {
        *protocol = (AditProtocol) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * adit_tunnel_spec_set_resolvers:
 * @self: a tunnel
 * @resolvers: whom it asks for names from now on
 */
void
adit_tunnel_spec_set_resolvers (AditTunnelSpec *self, const AditResolvers *resolvers)
{
  memcpy (self->dns, resolvers->dns, sizeof self->dns);
  self->n_dns = resolvers->n_dns;
  memcpy (self->blocks, resolvers->blocks, sizeof self->blocks);
  self->n_blocks = resolvers->n_blocks;
}
