/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-com-profile.c: how OVPN's servers are spoken to by OpenVPN: the same for all of them. */
#include "client/provider/ovpn-com.h"

#include "client/provider/trust.h"

static void
set_number (AditOpenvpnProfile *profile, AditOpenvpnNumber number, guint32 value)
{
  profile->numbers[number] = value;
  profile->numbers_set |= 1u << number;
}

static void
set_crypto (AditOpenvpnProfile *profile)
{
  static const guint8 ciphers[] = {
    ADIT_OPENVPN_CHACHA20_POLY1305, ADIT_OPENVPN_AES_256_GCM, ADIT_OPENVPN_AES_256_CBC, ADIT_OPENVPN_AES_128_GCM,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ciphers); i++)
    profile->ciphers[profile->n_ciphers++] = ciphers[i];
  profile->fallback_cipher = ADIT_OPENVPN_CHACHA20_POLY1305;
  profile->tls_minor_min = 2;    /* the service's own files say 1.0 */
  profile->ca = g_strdup (adit_trust_ovpn_pem);
  profile->wrap = ADIT_OPENVPN_TLS_AUTH;
  profile->wrap_key = adit_secret_new (adit_trust_ovpn_key, sizeof adit_trust_ovpn_key);
  profile->key_direction = 1;
  /* Without it every certificate of theirs would do, also one that was issued to a customer. */
  profile->server_certificate = TRUE;
  profile->credentials_needed = TRUE;
  profile->receive_compressed = TRUE;    /* allow-compression asym */
}

/**
 * adit_ovpn_com_make_profile:
 * @spec: an OpenVPN tunnel to one of OVPN's servers
 *
 * Whoever enters by one server and leaves by another can do so by UDP alone, which is seen by the port: TCP has only one, and the
 * others are of such exits.
 *
 * Returns: (transfer full) (nullable): its profile; %NULL where there can be none
 */
AditOpenvpnProfile *
adit_ovpn_com_make_profile (const AditTunnelSpec *spec)
{
  g_autoptr (AditOpenvpnProfile) profile = adit_openvpn_profile_new ();
  gboolean is_tcp = spec->transport == ADIT_TRANSPORT_TCP;
  AditOpenvpnRemote *remote = &profile->remotes[profile->n_remotes++];

  if (spec->kind != ADIT_TUNNEL_OPENVPN || (is_tcp && spec->peer.port != ADIT_OVPN_COM_TCP_PORT))
    return NULL;
  remote->host.address = spec->peer.address;
  remote->host.port = spec->peer.port;
  remote->transport = is_tcp ? ADIT_OPENVPN_TCP : ADIT_OPENVPN_UDP;
  set_crypto (profile);
  set_number (profile, ADIT_OPENVPN_RENEG_SEC, 0);    /* when the server wants to */
  set_number (profile, ADIT_OPENVPN_REPLAY_WINDOW, 256);
  /* The service counts who is connected, and misses who goes without a word. */
  set_number (profile, ADIT_OPENVPN_EXIT_NOTIFY, 2);
  for (guint i = 0; i < spec->n_dns && i < ADIT_OPENVPN_MAX_DNS; i++)
    profile->dns[profile->n_dns++] = spec->dns[i];
  return adit_openvpn_profile_is_valid (profile, NULL) ? g_steal_pointer (&profile) : NULL;
}
