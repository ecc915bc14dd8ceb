/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-write.c: writes a configuration for openvpn from values alone.  Each line is one of a fixed form, and the only words in it
 * that came out of somebody's file are checked here once more. */
#include "client/worker/ovpn-write.h"

#include <string.h>

#include "client/base/error.h"
#include "client/model/openvpn-words.h"

#define KEY_LINE_BYTES 16    /* of OpenVPN's static keys, in hexadecimal */
#define SOCKET_PATH_MAX_BYTES 108    /* linux/un.h, UNIX_PATH_MAX */
#define DEVICE_MAX_BYTES      16     /* linux/if.h, IFNAMSIZ */

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

static void
write_ciphers (GString *out, const AditOpenvpnProfile *profile)
{
  const char *compression = adit_openvpn_compression_get_text (profile->compression);

  g_string_append (out, "data-ciphers ");
  for (guint i = 0; i < profile->n_ciphers; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? ":" : "", adit_openvpn_cipher_get_name (profile->ciphers[i]));
  g_string_append_c (out, '\n');
  if (profile->fallback_cipher != ADIT_OPENVPN_CIPHER_NONE)
    g_string_append_printf (out, "data-ciphers-fallback %s\n", adit_openvpn_cipher_get_name (profile->fallback_cipher));
  if (profile->digest != ADIT_OPENVPN_DIGEST_DEFAULT)
    g_string_append_printf (out, "auth %s\n", adit_openvpn_digest_get_name (profile->digest));
  g_string_append_printf (out, "tls-version-min 1.%u\n", profile->tls_minor_min);
  if (profile->cert_profile != ADIT_OPENVPN_PROFILE_DEFAULT)
    g_string_append_printf (out, "tls-cert-profile %s\n", adit_openvpn_cert_profile_get_name (profile->cert_profile));
  if (profile->tls_ciphers[0] != '\0')
    g_string_append_printf (out, "tls-cipher %s\n", profile->tls_ciphers);
  if (profile->tls_suites[0] != '\0')
    g_string_append_printf (out, "tls-ciphersuites %s\n", profile->tls_suites);
  /* Never "yes": only what comes in may be compressed. */
  g_string_append_printf (out, "allow-compression %s\n", profile->receive_compressed ? "asym" : "no");
  if (compression != NULL)
    g_string_append_printf (out, "%s\n", compression);
}

static void
write_trust (GString *out, const AditOpenvpnProfile *profile)
{
  if (profile->server_certificate)
    g_string_append (out, "remote-cert-tls server\n");
  if (profile->n_usages > 0)
    {
      g_string_append (out, "remote-cert-ku");
      for (guint i = 0; i < profile->n_usages; i++)
        g_string_append_printf (out, " %x", profile->usages[i]);
      g_string_append_c (out, '\n');
    }
  if (profile->extended_usage[0] != '\0')
    g_string_append_printf (out, "remote-cert-eku \"%s\"\n", profile->extended_usage);
  if (profile->server_name[0] != '\0')
    g_string_append_printf (out, "verify-x509-name \"%s\" %s\n", profile->server_name,
                            adit_openvpn_name_type_get_name (profile->server_name_type));
  if (profile->credentials_needed)
    g_string_append (out, "auth-user-pass\n");
  if (profile->credentials_needed && profile->challenge[0] != '\0')
    g_string_append_printf (out, "static-challenge \"%s\" %d\n", profile->challenge, profile->challenge_echo);
}

/* What follows a number in its line. */
static const char *
get_suffix (const AditOpenvpnProfile *profile, AditOpenvpnNumber number)
{
  static const char *const modes[] = { "", " mtu", " fixed" };

  return number == ADIT_OPENVPN_MSSFIX ? modes[profile->mssfix_mode]
         : number == ADIT_OPENVPN_FRAGMENT ? modes[profile->fragment_mode] : "";
}

static void
write_numbers (GString *out, const AditOpenvpnProfile *profile, gboolean udp)
{
  for (AditOpenvpnNumber i = 0; i < ADIT_OPENVPN_N_NUMBERS; i++)
    {
      const char *name = adit_openvpn_number_get_name (i);
      guint32 value, second;

      /* TCP needs neither parts nor farewells, and OpenVPN refuses both. */
      if (name == NULL || (!udp && (i == ADIT_OPENVPN_FRAGMENT || i == ADIT_OPENVPN_EXIT_NOTIFY)) ||
          !adit_openvpn_profile_get_number (profile, i, &value))
        continue;
      g_string_append_printf (out, "%s %u", name, value);
      if (i + 1 < ADIT_OPENVPN_N_NUMBERS && adit_openvpn_number_get_name (i + 1) == NULL &&
          adit_openvpn_profile_get_number (profile, i + 1, &second))
        g_string_append_printf (out, " %u", second);
      g_string_append_printf (out, "%s\n", get_suffix (profile, i));
    }
}

static void
write_block (GString *out, const char *name, const char *text)
{
  if (text != NULL)
    g_string_append_printf (out, "<%s>\n%s</%s>\n", name, text, name);
}

static void
write_static_key (GString *out, const char *name, const AditOpenvpnProfile *profile)
{
  const guint8 *bytes = adit_secret_peek (profile->wrap_key, NULL);

  g_string_append_printf (out, "<%s>\n-----BEGIN OpenVPN Static key V1-----\n", name);
  for (guint i = 0; i < ADIT_OPENVPN_STATIC_KEY_BYTES; i++)
    g_string_append_printf (out, "%02x%s", bytes[i], (i + 1) % KEY_LINE_BYTES == 0 ? "\n" : "");
  g_string_append_printf (out, "-----END OpenVPN Static key V1-----\n</%s>\n", name);
}

static void
write_keys (GString *out, const AditOpenvpnProfile *profile)
{
  if (profile->wrap == ADIT_OPENVPN_TLS_AUTH && profile->key_direction >= 0)
    g_string_append_printf (out, "key-direction %d\n", profile->key_direction);
  write_block (out, "ca", profile->ca);
  write_block (out, "cert", profile->certificate);
  write_block (out, "extra-certs", profile->extra_certificates);
  write_block (out, "crl-verify", profile->revoked);
  if (profile->key != NULL)
    write_block (out, "key", (const char *) adit_secret_peek (profile->key, NULL));
  if (profile->wrap == ADIT_OPENVPN_TLS_AUTH)
    write_static_key (out, "tls-auth", profile);
  else if (profile->wrap == ADIT_OPENVPN_TLS_CRYPT)
    write_static_key (out, "tls-crypt", profile);
  else if (profile->wrap == ADIT_OPENVPN_TLS_CRYPT_V2)
    write_block (out, "tls-crypt-v2", (const char *) adit_secret_peek (profile->wrap_key, NULL));
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
  AditSecret *result;

  if (!adit_openvpn_profile_is_valid (profile, error) || !launch_is_valid (profile, launch, error))
    return NULL;
  /* Room for all that it can be, so that growing leaves no copy of a key behind. */
  out = g_string_sized_new (6 * ADIT_OPENVPN_MAX_PEM_BYTES);
  g_string_append (out, fixed);
  g_string_append_printf (out, "dev %s\n", launch->device);
  write_management (out, launch);
  write_filters (out, profile);
  write_remote (out, profile, launch);
  write_ciphers (out, profile);
  write_trust (out, profile);
  write_numbers (out, profile, profile->remotes[launch->remote].transport == ADIT_OPENVPN_UDP);
  write_keys (out, profile);
  result = adit_secret_new (out->str, out->len);
  adit_wipe (out->str, out->allocated_len);
  g_string_free (out, TRUE);
  return result;
}
