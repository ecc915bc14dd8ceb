/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-write.c: writes a configuration for openvpn from values alone.  Each line is one of a fixed form, and the only words in it
 * that came out of somebody's file are checked here once more. */
#include "client/worker/ovpn-write.h"

#include <string.h>

#include "client/base/error.h"
#include "client/worker/ovpn-writer.h"

#define SOCKET_PATH_MAX_BYTES 108    /* linux/un.h, UNIX_PATH_MAX */
#define DEVICE_MAX_BYTES      16     /* linux/if.h, IFNAMSIZ */
#define RECEIVE_BYTES         524288 /* the kernel takes no more than net.core.rmem_max, and keeps twice as much: socket(7) */

/* No program, no address, no route and no device but ours; no kernel module that would need rights; nothing kept but it. */
static const char fixed[] =
  "client\n"
  "dev-type tun\n"
  "nobind\n"
  "persist-tun\n"
  "ifconfig-noexec\n"
  "route-noexec\n"
  "script-security 0\n"
  "disable-dco\n"
  "auth-nocache\n"
  "auth-retry none\n"
  "resolv-retry 0\n"
  "verb 3\n";

/* A packet is sent without asking first whether it can be, which saves a call for each: the device always takes one, and a full
 * queue drops one as it does for any program.  Not of TCP; a later openvpn may not know the word. */
static const char fixed_udp[] = "ignore-unknown-option fast-io\nfast-io\n";

/* What a server may tell.  OpenVPN compares the beginning, so a blank stands where a name would otherwise begin a longer one.
 * Routes are not asked for, since everything goes inside; "push-continuation" says that more follows, and is no option. */
static const char *const accepted[] = {
  "ifconfig ", "topology ", "route-gateway ", "dhcp-option DNS ", "dhcp-option DNS6 ", "dhcp-option DOMAIN ",
  "dhcp-option DOMAIN-SEARCH ", "dns search-domains ", "dns server ", "ping ", "ping-restart ", "peer-id ", "cipher ",
  "protocol-flags ", "key-derivation ", "tun-mtu ", "auth-token ", "auth-token-user ", "explicit-exit-notify",
  "push-continuation ",
  "comp-lzo no", "compress stub",
};
static const char *const accepted_ipv6[] = { "ifconfig-ipv6 ", "tun-ipv6" };
static const char *const accepted_compressed[] = { "comp-lzo", "compress" };

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "openvpn cannot be told: %s", what);
  return FALSE;
}

static gboolean
launch_is_valid (const AditOpenvpnProfile *profile, const AditOvpnLaunch *launch, GError **error)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
  const char *path = launch->management_path, *device = launch->device;
  const AditOpenvpnRemote *remote;

  if (launch->remote >= profile->n_remotes)
    return refuse (error, "there is no such server");
  remote = &profile->remotes[launch->remote];
  if (!adit_address_is_valid (&launch->remote_address))
    return refuse (error, "the server has no address");
  if (remote->host.name[0] == '\0' && !adit_address_equal (&remote->host.address, &launch->remote_address))
    return refuse (error, "the server's address is another one");
  if (remote->family != ADIT_FAMILY_NONE && remote->family != launch->remote_address.family)
    return refuse (error, "the server's address is not of its family");
  if (profile->proxy == ADIT_OPENVPN_SOCKS_PROXY && remote->transport == ADIT_OPENVPN_UDP &&
      launch->remote_address.family != ADIT_FAMILY_IPV4)
    return refuse (error, "OpenVPN's SOCKS carries no UDP to an address of IPv6");
  if ((profile->proxy != ADIT_OPENVPN_NO_PROXY) != adit_address_is_valid (&launch->proxy_address))
    return refuse (error, "the proxy's address does not fit");
  if (device == NULL || device[0] == '\0' || strlen (device) >= DEVICE_MAX_BYTES || strpbrk (device, "./") != NULL ||
      strspn (device, letters) != strlen (device))
    return refuse (error, "the device's name is none");
  if (path == NULL || path[0] != '/' || strlen (path) >= SOCKET_PATH_MAX_BYTES || strspn (path, letters) != strlen (path))
    return refuse (error, "the socket's path is none");
  return TRUE;
}

static void
write_remote (GString *out, const AditOpenvpnProfile *profile, const AditOvpnLaunch *launch)
{
  const AditOpenvpnRemote *remote = &profile->remotes[launch->remote];
  g_autofree char *address = adit_address_dup_text (&launch->remote_address);
  g_autofree char *proxy = adit_address_dup_text (&launch->proxy_address);
  const char *source = profile->proxy_credentials_needed ? " stdin" : "";
  guint family = launch->remote_address.family;

  g_string_append_printf (out, "remote %s %u %s%u%s\n", address, remote->host.port,
                          remote->transport == ADIT_OPENVPN_UDP ? "udp" : "tcp", family,
                          remote->transport == ADIT_OPENVPN_UDP ? "" : "-client");
  if (profile->proxy == ADIT_OPENVPN_HTTP_PROXY)
    g_string_append_printf (out, "http-proxy %s %u%s%s\n", proxy, profile->proxy_host.port, source,
                            profile->proxy_credentials_needed ? " basic" : "");
  else if (profile->proxy == ADIT_OPENVPN_SOCKS_PROXY)
    g_string_append_printf (out, "socks-proxy %s %u%s\n", proxy, profile->proxy_host.port, source);
}

static void
write_management (GString *out, const AditOvpnLaunch *launch)
{
  g_string_append_printf (out, "management %s unix\nmanagement-hold\nmanagement-query-passwords\nmanagement-up-down\n",
                          launch->management_path);
  if (launch->management_connect)
    g_string_append (out, "management-client\n");
}

/* All else is ignored, which the empty pattern says: it is the beginning of everything. */
static void
write_filters (GString *out, const AditOpenvpnProfile *profile)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accepted); i++)
    g_string_append_printf (out, "pull-filter accept \"%s\"\n", accepted[i]);
  for (gsize i = 0; !profile->block_ipv6 && i < G_N_ELEMENTS (accepted_ipv6); i++)
    g_string_append_printf (out, "pull-filter accept \"%s\"\n", accepted_ipv6[i]);
  for (gsize i = 0; profile->receive_compressed && i < G_N_ELEMENTS (accepted_compressed); i++)
    g_string_append_printf (out, "pull-filter accept \"%s\"\n", accepted_compressed[i]);
  g_string_append (out, "pull-filter ignore \"\"\n");
}

/* openvpn does one thing at a time, and while it is at another, or waits for a core, what comes must wait for it.  The system's
 * buffer holds some ninety packets.  A file that says how much knows better; of TCP the kernel does. */
static void
write_buffer (GString *out, const AditOpenvpnProfile *profile)
{
  guint32 value;

  if (!adit_openvpn_profile_get_number (profile, ADIT_OPENVPN_RCVBUF, &value))
    g_string_append_printf (out, "rcvbuf %d\n", RECEIVE_BYTES);
}

/* A server that is not told keeps the session for two minutes, and whoever comes from the same port meanwhile gets no answer.
 * When openvpn ends it says so once, and the helper does not wait for more. */
static void
write_farewell (GString *out, const AditOpenvpnProfile *profile)
{
  guint32 value;

  if (!adit_openvpn_profile_get_number (profile, ADIT_OPENVPN_EXIT_NOTIFY, &value))
    g_string_append (out, "explicit-exit-notify 1\n");
}

static void
write_credentials (GString *out, const AditOpenvpnProfile *profile)
{
  if (!profile->credentials_needed)
    return;
  g_string_append (out, "auth-user-pass\n");
  adit_ovpn_writer_add_challenge (out, profile);
}

/**
 * adit_ovpn_write:
 * @profile: what a file said
 * @launch: which of its servers, and where
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED with what does not fit
 *
 * Credentials and passphrases are not in it: openvpn asks for them by its management socket.
 *
 * Returns: (transfer full) (nullable): the configuration, which holds keys
 */
AditSecret *
adit_ovpn_write (const AditOpenvpnProfile *profile, const AditOvpnLaunch *launch, GError **error)
{
  GString *out;

  if (!adit_openvpn_profile_is_valid (profile, error) || !launch_is_valid (profile, launch, error))
    return NULL;
  out = adit_ovpn_writer_new ();
  g_string_append (out, fixed);
  if (profile->remotes[launch->remote].transport == ADIT_OPENVPN_UDP)
    {
      g_string_append (out, fixed_udp);
      write_buffer (out, profile);
      write_farewell (out, profile);
    }
  g_string_append_printf (out, "dev %s\n", launch->device);
  write_management (out, launch);
  write_filters (out, profile);
  write_remote (out, profile, launch);
  adit_ovpn_writer_add_ciphers (out, profile);
  adit_ovpn_writer_add_trust (out, profile);
  write_credentials (out, profile);
  adit_ovpn_writer_add_numbers (out, profile, profile->remotes[launch->remote].transport == ADIT_OPENVPN_UDP);
  if (profile->wrap == ADIT_OPENVPN_TLS_AUTH)
    adit_ovpn_writer_add_direction (out, profile);
  adit_ovpn_writer_add_keys (out, profile);
  return adit_ovpn_writer_end (out);
}
