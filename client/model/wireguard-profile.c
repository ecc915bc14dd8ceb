/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wireguard-profile.c: the last check of a WireGuard file's values, whoever read them. */
#include "client/model/wireguard-profile.h"

#include <string.h>

#include "client/base/error.h"
#include "client/base/field.h"

/**
 * adit_wireguard_profile_new:
 *
 * Returns: (transfer full): a profile with nothing in it
 */
AditWireguardProfile *
adit_wireguard_profile_new (void)
{
  return g_new0 (AditWireguardProfile, 1);
}

/**
 * adit_wireguard_profile_free:
 * @self: a profile; its secrets are wiped
 */
void
adit_wireguard_profile_free (AditWireguardProfile *self)
{
  g_clear_pointer (&self->private_key, adit_secret_unref);
  for (guint i = 0; i < ADIT_WIREGUARD_MAX_PEERS; i++)
    g_clear_pointer (&self->peers[i].preshared_key, adit_secret_unref);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "The profile cannot be used: %s", what);
  return FALSE;
}

/**
 * adit_wireguard_peer_shares_network:
 * @a: a peer
 * @b: another of the same file
 *
 * Returns: whether they have a network in common, which WireGuard gives to the later one
 */
gboolean
adit_wireguard_peer_shares_network (const AditWireguardPeer *a, const AditWireguardPeer *b)
{
  for (guint i = 0; i < a->n_allowed_ips; i++)
    for (guint j = 0; j < b->n_allowed_ips; j++)
      if (adit_prefix_equal (&a->allowed_ips[i], &b->allowed_ips[j]))
        return TRUE;
  return FALSE;
}

static gboolean
peer_is_valid (const AditWireguardPeer *peer, GError **error)
{
  if (adit_field_is_zero (peer->public_key, sizeof peer->public_key))
    return refuse (error, "a peer has no key");
  if (peer->preshared_key != NULL && adit_secret_get_size (peer->preshared_key) != ADIT_WG_KEY_BYTES)
    return refuse (error, "a peer's second key has not the length of one");
  if (!adit_host_is_valid (&peer->endpoint) || !adit_host_is_elsewhere (&peer->endpoint))
    return refuse (error, "a peer is not another computer");
  if (peer->n_allowed_ips == 0 || peer->n_allowed_ips > ADIT_WIREGUARD_MAX_ALLOWED_IPS)
    return refuse (error, "a peer has no networks, or too many");
  for (guint i = 0; i < peer->n_allowed_ips; i++)
    if (!adit_prefix_is_valid (&peer->allowed_ips[i]))
      return refuse (error, "a peer's network is none");
  return TRUE;
}

/**
 * adit_wireguard_profile_is_valid:
 * @self: a profile, perhaps from a stranger
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED with what is wrong
 *
 * Returns: whether a tunnel may be made from it
 */
gboolean
adit_wireguard_profile_is_valid (const AditWireguardProfile *self, GError **error)
{
  guint n_networks = 0;

  if (self->private_key == NULL || adit_secret_get_size (self->private_key) != ADIT_WG_KEY_BYTES)
    return refuse (error, "it has no key");
  if (self->n_addresses == 0 || self->n_addresses > ADIT_TUNNEL_MAX_ADDRESSES)
    return refuse (error, "there is no address for this computer");
  for (guint i = 0; i < self->n_addresses; i++)
    {
      AditHost host = { .address = self->addresses[i].address };

      if (!adit_prefix_is_valid (&self->addresses[i]) || !adit_address_is_valid (&host.address) ||
          !adit_host_is_elsewhere (&host))
        return refuse (error, "an address for this computer is malformed");
      if (i > 0 && self->addresses[i].address.family == self->addresses[0].address.family)
        return refuse (error, "there are two addresses of one family");
    }
  if (self->n_dns > ADIT_TUNNEL_MAX_DNS || self->n_search > ADIT_WIREGUARD_MAX_SEARCH)
    return refuse (error, "it names too many resolvers");
  for (guint i = 0; i < self->n_dns; i++)
    if (!adit_address_is_valid (&self->dns[i]))
      return refuse (error, "a resolver has no address");
  for (guint i = 0; i < self->n_search; i++)
    if (!adit_host_name_is_valid (self->search[i]))
      return refuse (error, "a search domain is none");
  if (self->mtu_bytes != 0 && (self->mtu_bytes < ADIT_TUNNEL_MTU_MIN_BYTES || self->mtu_bytes > ADIT_TUNNEL_MTU_MAX_BYTES))
    return refuse (error, "the packet size is out of bounds");
  if (self->n_peers == 0 || self->n_peers > ADIT_WIREGUARD_MAX_PEERS)
    return refuse (error, "it names no peer, or too many");
  for (guint i = 0; i < self->n_peers; i++)
    n_networks += self->peers[i].n_allowed_ips;
  if (n_networks > ADIT_WIREGUARD_MAX_ALLOWED_IPS)
    return refuse (error, "it names too many networks");
  for (guint i = 0; i < self->n_peers; i++)
    {
      if (!peer_is_valid (&self->peers[i], error))
        return FALSE;
      for (guint j = 0; j < i; j++)
        if (memcmp (self->peers[i].public_key, self->peers[j].public_key, ADIT_WG_KEY_BYTES) == 0 ||
            adit_wireguard_peer_shares_network (&self->peers[i], &self->peers[j]))
          return refuse (error, "two peers are the same, or have the same network");
    }
  return TRUE;
}

/**
 * adit_wireguard_profile_is_whole:
 * @self: a profile
 *
 * Returns: whether its peers take everything, of one family at least
 */
gboolean
adit_wireguard_profile_is_whole (const AditWireguardProfile *self)
{
  guint halves4 = 0, halves6 = 0;

  for (guint i = 0; i < self->n_peers; i++)
    for (guint j = 0; j < self->peers[i].n_allowed_ips; j++)
      *(self->peers[i].allowed_ips[j].address.family == ADIT_FAMILY_IPV4 ? &halves4 : &halves6) |=
        adit_prefix_get_halves (&self->peers[i].allowed_ips[j]);
  return halves4 == 3 || halves6 == 3;
}

static gboolean
peers_are_equal (const AditWireguardPeer *a, const AditWireguardPeer *b)
{
  if (memcmp (a->public_key, b->public_key, sizeof a->public_key) != 0 ||
      !adit_secret_equal (a->preshared_key, b->preshared_key) || !adit_host_equal (&a->endpoint, &b->endpoint) ||
      a->n_allowed_ips != b->n_allowed_ips || a->keepalive_s != b->keepalive_s)
    return FALSE;
  for (guint i = 0; i < a->n_allowed_ips; i++)
    if (!adit_prefix_equal (&a->allowed_ips[i], &b->allowed_ips[i]))
      return FALSE;
  return TRUE;
}

/**
 * adit_wireguard_profile_equal:
 * @a: a profile
 * @b: another
 *
 * Returns: whether each of their values is the same, secrets among them
 */
gboolean
adit_wireguard_profile_equal (const AditWireguardProfile *a, const AditWireguardProfile *b)
{
  if (!adit_secret_equal (a->private_key, b->private_key) || a->n_addresses != b->n_addresses || a->n_dns != b->n_dns ||
      a->n_search != b->n_search || a->mtu_bytes != b->mtu_bytes || a->n_peers != b->n_peers)
    return FALSE;
  for (guint i = 0; i < a->n_addresses; i++)
    if (!adit_prefix_equal (&a->addresses[i], &b->addresses[i]))
      return FALSE;
  for (guint i = 0; i < a->n_dns; i++)
    if (!adit_address_equal (&a->dns[i], &b->dns[i]))
      return FALSE;
  for (guint i = 0; i < a->n_search; i++)
    if (strcmp (a->search[i], b->search[i]) != 0)
      return FALSE;
  for (guint i = 0; i < a->n_peers; i++)
    if (!peers_are_equal (&a->peers[i], &b->peers[i]))
      return FALSE;
  return TRUE;
}
