/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ivpn-profile.c: an OpenVPN tunnel of IVPN's: what the service's own client tells openvpn, in our model. */
#include "client/provider/ivpn.h"

#include "client/provider/trust.h"

static void
set_number (AditOpenvpnProfile *self, AditOpenvpnNumber number, guint32 value)
{
  self->numbers[number] = value;
  self->numbers_set |= 1u << number;
}

/* keepalive 8 30, hand-window 6 and connect-retry 2 6 of the service's own client. */
static void
set_numbers (AditOpenvpnProfile *self)
{
  set_number (self, ADIT_OPENVPN_PING, 8);
  set_number (self, ADIT_OPENVPN_PING_RESTART, 30);
  set_number (self, ADIT_OPENVPN_HAND_WINDOW, 6);
  set_number (self, ADIT_OPENVPN_CONNECT_RETRY, 2);
  set_number (self, ADIT_OPENVPN_CONNECT_RETRY_MAX, 6);
}

/* The servers name their own resolver when they are asked; only another one, which leaves something out, is the profile's. */
static void
set_dns (AditOpenvpnProfile *self, const AditTunnelSpec *spec)
{
  AditAddress plain;

  adit_address_parse (ADIT_IVPN_DNS, &plain);
  for (guint i = 0; i < spec->n_dns; i++)
    if (spec->dns[i].family == ADIT_FAMILY_IPV4 && !adit_address_equal (&spec->dns[i], &plain))
      self->dns[self->n_dns++] = spec->dns[i];
}

/**
 * adit_ivpn_make_profile:
 * @spec: a tunnel of OpenVPN that select.c has drawn
 *
 * Its one server is @spec's peer.  Who signs in is not in it.
 *
 * Returns: (transfer full): a valid profile
 */
AditOpenvpnProfile *
adit_ivpn_make_profile (const AditTunnelSpec *spec)
{
  AditOpenvpnProfile *self = adit_openvpn_profile_new ();

  self->remotes[0].host.address = spec->peer.address;
  self->remotes[0].host.port = spec->peer.port;
  self->remotes[0].transport = spec->transport == ADIT_TRANSPORT_TCP ? ADIT_OPENVPN_TCP : ADIT_OPENVPN_UDP;
  self->remotes[0].family = spec->peer.address.family;
  self->n_remotes = 1;

  /* Inference: the service's client says only "cipher AES-256-CBC", which OpenVPN 2.6 no longer takes for an offer. */
  self->ciphers[0] = ADIT_OPENVPN_AES_256_GCM;
  self->ciphers[1] = ADIT_OPENVPN_AES_256_CBC;
  self->n_ciphers = 2;
  self->fallback_cipher = ADIT_OPENVPN_AES_256_CBC;
  /* "compress" without a word after it, which is the stub's framing; what the server may compress is never what we send. */
  self->compression = ADIT_OPENVPN_COMPRESS_STUB;
  self->receive_compressed = TRUE;

  self->wrap = ADIT_OPENVPN_TLS_AUTH;
  self->key_direction = 1;
  self->wrap_key = adit_secret_new (adit_trust_ivpn_openvpn_key, sizeof adit_trust_ivpn_openvpn_key);
  self->ca = g_strdup (adit_trust_ivpn_openvpn_pem);
  self->server_certificate = TRUE;
  self->credentials_needed = TRUE;
  self->block_ipv6 = TRUE;    /* the service has none inside OpenVPN */
  set_numbers (self);
  set_dns (self, spec);
  return self;
}
