/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel-peers.c: answers as WireGuard does: of two networks that hold an address the narrower one takes it. */
#include "client/model/tunnel-peers.h"

#include <string.h>

/**
 * adit_tunnel_spec_get_peer:
 * @self: a tunnel
 * @n: which peer, from 0
 * @peer: (out caller-allocates): it
 * @first_allowed_ip: (out) (optional): where its allowed IPs begin among the tunnel's
 *
 * Returns: %FALSE where there are not so many
 */
gboolean
adit_tunnel_spec_get_peer (const AditTunnelSpec *self, guint n, AditTunnelPeer *peer, guint *first_allowed_ip)
{
  guint n_more = MIN (self->n_more_peers, ADIT_TUNNEL_MAX_PEERS - 1), first = self->n_allowed_ips;

  if (n > n_more)
    return FALSE;
  /* From behind: what the others have not is the first one's. */
  for (guint i = n_more; i > 0 && i >= MAX (n, 1); i--)
    first -= MIN (first, self->more_peers[i - 1].n_allowed_ips);
  if (n > 0)
    *peer = self->more_peers[n - 1];
  else
    {
      memset (peer, 0, sizeof *peer);
      peer->endpoint = self->peer;
      memcpy (peer->key, self->peer_key, sizeof peer->key);
      peer->n_allowed_ips = (guint16) first;
      peer->keepalive_s = self->keepalive_s;
      first = 0;
    }
  if (first_allowed_ip != NULL)
    *first_allowed_ip = first;
  return TRUE;
}

static gboolean
is_whole (const AditPrefix *prefixes, guint n, AditFamily family)
{
  guint halves = 0;

  for (guint i = 0; i < n; i++)
    if (prefixes[i].address.family == family)
      halves |= adit_prefix_get_halves (&prefixes[i]);
  return halves == 3;
}

/**
 * adit_tunnel_spec_find_default_peer:
 * @self: a tunnel
 *
 * Returns: which peer takes what nobody else does, by IPv4 or else by IPv6, or %ADIT_NO_PEER
 */
guint
adit_tunnel_spec_find_default_peer (const AditTunnelSpec *self)
{
  static const AditFamily families[] = { ADIT_FAMILY_IPV4, ADIT_FAMILY_IPV6 };
  AditTunnelPeer peer;
  guint first;

  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    for (guint n = 0; adit_tunnel_spec_get_peer (self, n, &peer, &first); n++)
      if (is_whole (&self->allowed_ips[first], peer.n_allowed_ips, families[i]))
        return n;
  return ADIT_NO_PEER;
}

/**
 * adit_tunnel_spec_find_peer:
 * @self: a tunnel
 * @address: an address inside
 *
 * Returns: which peer gets what is sent there, or %ADIT_NO_PEER
 */
guint
adit_tunnel_spec_find_peer (const AditTunnelSpec *self, const AditAddress *address)
{
  guint found = ADIT_NO_PEER, first;
  AditTunnelPeer peer;
  gint bits = -1;

  for (guint n = 0; adit_tunnel_spec_get_peer (self, n, &peer, &first); n++)
    for (guint i = first; i < first + peer.n_allowed_ips; i++)
      if (self->allowed_ips[i].prefix_bits > bits && adit_prefix_holds (&self->allowed_ips[i], address))
        {
          bits = self->allowed_ips[i].prefix_bits;
          found = n;
        }
  return found;
}

/* 192.0.2.1 and 2001:db8::1, which are nobody's (RFC 5737, RFC 3849), where they are in it; else one that somebody may have. */
static AditAddress
pick (const AditPrefix *prefix)
{
  static const AditAddress nobody4 = { ADIT_FAMILY_IPV4, { 192, 0, 2, 1 } };
  static const AditAddress nobody6 = { ADIT_FAMILY_IPV6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } };
  const AditAddress *nobody = prefix->address.family == ADIT_FAMILY_IPV4 ? &nobody4 : &nobody6;
  guint last = prefix->address.family == ADIT_FAMILY_IPV4 ? 3 : 15;
  AditAddress address;

  if (adit_prefix_holds (prefix, nobody))
    return *nobody;
  address = adit_prefix_mask (prefix).address;
  if (prefix->prefix_bits < last * 8 + 7)    /* the network's own number is nobody's */
    address.bytes[last] |= 1;
  return address;
}

/**
 * adit_tunnel_spec_find_inside:
 * @self: a tunnel
 * @n: one of its peers
 * @address: (out): an address that this peer gets, and that can be sent to; a resolver's where there is one
 *
 * Returns: %FALSE where others take all that it has, or this computer has no address to send from
 */
gboolean
adit_tunnel_spec_find_inside (const AditTunnelSpec *self, guint n, AditAddress *address)
{
  AditTunnelPeer peer;
  guint first;

  for (guint i = 0; i < MIN (self->n_dns, ADIT_TUNNEL_MAX_DNS); i++)
    if (adit_tunnel_spec_has_family (self, self->dns[i].family) && adit_tunnel_spec_find_peer (self, &self->dns[i]) == n)
      {
        *address = self->dns[i];
        return TRUE;
      }
  if (!adit_tunnel_spec_get_peer (self, n, &peer, &first))
    return FALSE;
  for (guint i = first; i < first + peer.n_allowed_ips; i++)
    {
      AditAddress candidate = pick (&self->allowed_ips[i]);

      if (adit_tunnel_spec_has_family (self, candidate.family) && adit_tunnel_spec_find_peer (self, &candidate) == n)
        {
          *address = candidate;
          return TRUE;
        }
    }
  return FALSE;
}

static guint
get_nested_cost_bytes (const AditTunnelSpec *self)
{
  return ADIT_WG_PADDING_MAX_BYTES + (self->more_peers[0].endpoint.address.family == ADIT_FAMILY_IPV4 ? ADIT_WG_OVERHEAD4_BYTES
                                                                                                     : ADIT_WG_OVERHEAD6_BYTES);
}

/**
 * adit_tunnel_spec_get_nested_mtu_bytes:
 * @self: a tunnel in a tunnel
 *
 * What is sent to the second peer is enciphered, and then has to fit into the device once more: its packet size is that of what
 * is sent to the first.
 *
 * Returns: how long a packet of a program may be
 */
guint16
adit_tunnel_spec_get_nested_mtu_bytes (const AditTunnelSpec *self)
{
  return (guint16) (self->mtu_bytes - MIN (get_nested_cost_bytes (self), self->mtu_bytes));
}

/**
 * adit_tunnel_spec_set_mtu:
 * @self: a tunnel of WireGuard, with its peers
 * @bytes: how long a packet of a program may be, from %ADIT_TUNNEL_MTU_MIN_BYTES to %ADIT_TUNNEL_MTU_MAX_BYTES
 *
 * A tunnel in a tunnel has room for what the inner one adds as well, as far as %ADIT_TUNNEL_MTU_MAX_BYTES go.
 */
void
adit_tunnel_spec_set_mtu (AditTunnelSpec *self, guint16 bytes)
{
  self->mtu_bytes = (guint16) MIN (bytes + (self->is_nested ? get_nested_cost_bytes (self) : 0), ADIT_TUNNEL_MTU_MAX_BYTES);
}
