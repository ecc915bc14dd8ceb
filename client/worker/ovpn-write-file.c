/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-write-file.c: writes a profile down as a client's file that stands alone: what is kept and exported, and what our own
 * reader reads as the same profile again.  OpenVPN reads it, too. */
#include "client/worker/ovpn-write-file.h"

#include <string.h>

#include "client/worker/ovpn-writer.h"

static void
write_remotes (GString *out, const AditOpenvpnProfile *profile)
{
  for (guint i = 0; i < profile->n_remotes; i++)
    {
      const AditOpenvpnRemote *remote = &profile->remotes[i];
      g_autofree char *host = adit_host_dup_text (&remote->host);
      gboolean udp = remote->transport == ADIT_OPENVPN_UDP;

      g_string_append_printf (out, "remote %s %u %s", host, remote->host.port, udp ? "udp" : "tcp");
      if (remote->family != ADIT_FAMILY_NONE)
        g_string_append_printf (out, "%u", remote->family);
      g_string_append (out, udp ? "\n" : "-client\n");
    }
  if (profile->remote_random)
    g_string_append (out, "remote-random\n");
}

static void
write_credentials (GString *out, const char *name, AditSecret *username, AditSecret *password)
{
  g_string_append_printf (out, "<%s>\n%s\n", name, (const char *) adit_secret_peek (username, NULL));
  if (password != NULL)
    g_string_append_printf (out, "%s\n", (const char *) adit_secret_peek (password, NULL));
  g_string_append_printf (out, "</%s>\n", name);
}

/* OpenVPN has no block for SOCKS.  Ours has a name that it is told not to mind; it would ask. */
static void
write_proxy (GString *out, const AditOpenvpnProfile *profile)
{
  gboolean http = profile->proxy == ADIT_OPENVPN_HTTP_PROXY;
  g_autofree char *host = NULL;

  if (profile->proxy == ADIT_OPENVPN_NO_PROXY)
    return;
  host = adit_host_dup_text (&profile->proxy_host);
  g_string_append_printf (out, "%s %s %u", http ? "http-proxy" : "socks-proxy", host, profile->proxy_host.port);
  g_string_append (out, !profile->proxy_credentials_needed ? "\n" : http ? " stdin basic\n" : " stdin\n");
  if (profile->proxy_username == NULL)
    return;
  if (!http)
    g_string_append (out, "ignore-unknown-option socks-proxy-user-pass\n");
  write_credentials (out, http ? "http-proxy-user-pass" : "socks-proxy-user-pass", profile->proxy_username,
                     profile->proxy_password);
}

static void
write_inside (GString *out, const AditOpenvpnProfile *profile)
{
  for (guint i = 0; i < profile->n_dns; i++)
    {
      g_autofree char *address = adit_address_dup_text (&profile->dns[i]);

      g_string_append_printf (out, "dhcp-option DNS %s\n", address);
    }
  for (guint i = 0; i < profile->n_search; i++)
    g_string_append_printf (out, "dhcp-option DOMAIN-SEARCH %s\n", profile->search[i]);
  if (profile->block_ipv6)
    g_string_append (out, "block-ipv6\n");
}

/**
 * adit_ovpn_write_file:
 * @profile: what a file said
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED with what does not fit
 *
 * Whatever the file held is in it, credentials and keys among them, and nothing that adit_ovpn_read() left out.
 *
 * Returns: (transfer full) (nullable): a file that adit_ovpn_read() reads as @profile
 */
AditSecret *
adit_ovpn_write_file (const AditOpenvpnProfile *profile, GError **error)
{
  GString *out;

  if (!adit_openvpn_profile_is_valid (profile, error))
    return NULL;
  out = adit_ovpn_writer_new ();
  g_string_append (out, "client\ndev tun\nnobind\n");
  write_remotes (out, profile);
  write_proxy (out, profile);
  adit_ovpn_writer_add_ciphers (out, profile);
  adit_ovpn_writer_add_trust (out, profile);
  if (profile->username != NULL)
    write_credentials (out, "auth-user-pass", profile->username, profile->password);
  else if (profile->credentials_needed)
    g_string_append (out, "auth-user-pass\n");
  adit_ovpn_writer_add_challenge (out, profile);
  adit_ovpn_writer_add_numbers (out, profile, TRUE);
  write_inside (out, profile);
  adit_ovpn_writer_add_direction (out, profile);
  adit_ovpn_writer_add_keys (out, profile);
  return adit_ovpn_writer_end (out);
}
