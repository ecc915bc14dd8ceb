/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-write.c: writes a profile down as a WireGuard file that wg, wg-quick and our own reader read as the same values. */
#include "client/worker/wg-write.h"

#include <string.h>

#define LINES_BYTES 16384    /* of an interface, and of each peer: its networks need 12 KiB */

static void
write_key (GString *out, const char *name, const guint8 *key)
{
  char *text = g_base64_encode (key, ADIT_WG_KEY_BYTES);

  g_string_append_printf (out, "%s = %s\n", name, text);
  adit_wipe (text, strlen (text));
  g_free (text);
}

static void
write_prefixes (GString *out, const char *name, const AditPrefix *prefixes, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = adit_prefix_dup_text (&prefixes[i]);

      g_string_append_printf (out, "%s%s", i > 0 ? ", " : name, text);
    }
  g_string_append_c (out, '\n');
}

/* Addresses are resolvers and names are domains, on one line. */
static void
write_dns (GString *out, const AditWireguardProfile *profile)
{
  const char *before = "DNS = ";

  for (guint i = 0; i < profile->n_dns; i++, before = ", ")
    {
      g_autofree char *text = adit_address_dup_text (&profile->dns[i]);

      g_string_append_printf (out, "%s%s", before, text);
    }
  for (guint i = 0; i < profile->n_search; i++, before = ", ")
    g_string_append_printf (out, "%s%s", before, profile->search[i]);
  if (profile->n_dns + profile->n_search > 0)
    g_string_append_c (out, '\n');
}

static void
write_peer (GString *out, const AditWireguardPeer *peer)
{
  g_autofree char *host = adit_host_dup_text (&peer->endpoint);
  gboolean bracketed = peer->endpoint.address.family == ADIT_FAMILY_IPV6;

  g_string_append (out, "\n[Peer]\n");
  write_key (out, "PublicKey", peer->public_key);
  if (peer->preshared_key != NULL)
    write_key (out, "PresharedKey", adit_secret_peek (peer->preshared_key, NULL));
  write_prefixes (out, "AllowedIPs = ", peer->allowed_ips, peer->n_allowed_ips);
  g_string_append_printf (out, bracketed ? "Endpoint = [%s]:%u\n" : "Endpoint = %s:%u\n", host, peer->endpoint.port);
  if (peer->keepalive_s > 0)
    g_string_append_printf (out, "PersistentKeepalive = %u\n", peer->keepalive_s);
}

/**
 * adit_wg_write:
 * @profile: what a file said
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED with what does not fit
 *
 * Returns: (transfer full) (nullable): a file that adit_wg_read() reads as @profile
 */
AditSecret *
adit_wg_write (const AditWireguardProfile *profile, GError **error)
{
  AditSecret *result;
  GString *out;

  if (!adit_wireguard_profile_is_valid (profile, error))
    return NULL;
  /* Room for all that it can be, so that growing leaves no copy of a key behind. */
  out = g_string_sized_new ((1 + ADIT_WIREGUARD_MAX_PEERS) * LINES_BYTES);
  g_string_append (out, "[Interface]\n");
  write_key (out, "PrivateKey", adit_secret_peek (profile->private_key, NULL));
  write_prefixes (out, "Address = ", profile->addresses, profile->n_addresses);
  write_dns (out, profile);
  if (profile->mtu_bytes != 0)
    g_string_append_printf (out, "MTU = %u\n", profile->mtu_bytes);
  for (guint i = 0; i < profile->n_peers; i++)
    write_peer (out, &profile->peers[i]);
  result = adit_secret_new (out->str, out->len);
  adit_wipe (out->str, out->allocated_len);
  g_string_free (out, TRUE);
  return result;
}
