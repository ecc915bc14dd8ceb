/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-settings.c: runs openvpn over a configuration until it has said what it read ("Current Parameter Settings"), and no
 * further: it is told to connect to a management socket where nobody listens, which it does next and cannot. */
#include "tests/lab/ovpn-settings.h"

#include <gio/gio.h>
#include <string.h>

#include "client/model/openvpn-words.h"

#define BEGIN "Current Parameter Settings:\n"
#define END   "\nOpenVPN 2."

/* "  key = value" under its name and how often that came before; any other line under itself. */
static void
add_line (GHashTable *settings, GHashTable *counts, const char *line)
{
  const char *equals = strstr (line, " = ");
  g_autofree char *name = equals != NULL ? g_strndup (line, (gsize) (equals - line)) : g_strdup (line);
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, g_strstrip (name)));

  g_hash_table_insert (settings, g_strdup_printf ("%s#%u", name, n), g_strdup (equals != NULL ? equals + 3 : ""));
  g_hash_table_insert (counts, g_strdup (name), GUINT_TO_POINTER (n + 1));
}

/**
 * ovpn_settings_ask:
 * @text: a configuration
 * @length: of it
 * @said: (out): all that openvpn said
 *
 * Returns: (transfer full) (nullable): its settings; %NULL if it refused the configuration
 */
GHashTable *
ovpn_settings_ask (const char *text, gsize length, char **said)
{
  g_autoptr (GHashTable) settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = NULL;
  g_auto (GStrv) lines = NULL;
  char *begin, *end;

  /* Nobody's user, who may do nothing: a script, if one were run, could leave no trace; so what was read is what is looked at. */
  child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE,
                            &error, "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--no-new-privs",
                            "openvpn", "--config", "stdin", "--verb", "4", "--suppress-timestamps", "--management",
                            OVPN_SETTINGS_SOCKET, "unix", "--management-client", "--management-query-passwords", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate (child, bytes, NULL, &out, NULL, &error);
  g_assert_no_error (error);
  *said = g_bytes_get_size (out) > 0 ? g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out)) : g_strdup ("");
  begin = strstr (*said, BEGIN);
  end = begin != NULL ? strstr (begin, END) : NULL;
  if (end == NULL || strstr (end, OVPN_SETTINGS_SOCKET) == NULL)
    return NULL;
  begin += strlen (BEGIN);
  lines = g_strsplit (begin, "\n", -1);
  for (gsize i = 0; lines[i] != NULL && !g_str_has_prefix (lines[i], END + 1); i++)
    add_line (settings, counts, lines[i]);
  return g_steal_pointer (&settings);
}

static void G_GNUC_PRINTF (3, 4)
set (GHashTable *settings, const char *key, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_hash_table_insert (settings, strchr (key, '#') != NULL ? g_strdup (key) : g_strconcat (key, "#0", NULL),
                       g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static void
set_inline (GHashTable *settings, const char *key, gboolean there)
{
  if (there)
    set (settings, key, "'[INLINE]'");
}

static void
expect_remote (GHashTable *settings, const AditOpenvpnProfile *profile, const AditOvpnLaunch *launch)
{
  const AditOpenvpnRemote *remote = &profile->remotes[launch->remote];
  g_autofree char *address = adit_address_dup_text (&launch->remote_address);
  g_autofree char *proxy = adit_address_dup_text (&launch->proxy_address);
  guint family = launch->remote_address.family;

  set (settings, "proto", remote->transport == ADIT_OPENVPN_UDP ? "udp%u" : "tcp%u-client", family);
  set (settings, "remote", "'%s'", address);
  set (settings, "remote_port", "'%u'", remote->host.port);
  if (profile->proxy == ADIT_OPENVPN_SOCKS_PROXY)
    {
      set (settings, "socks_proxy_server", "'%s'", proxy);
      set (settings, "socks_proxy_port", "'%u'", profile->proxy_host.port);
    }
  if (profile->proxy != ADIT_OPENVPN_HTTP_PROXY)
    return;
  set (settings, "BEGIN http_proxy", "%s", "");
  set (settings, "END http_proxy", "%s", "");
  set (settings, "server", "'%s'", proxy);
  set (settings, "port", "'%u'", profile->proxy_host.port);
  set (settings, "auth_method_string", "'%s'", profile->proxy_credentials_needed ? "basic" : "none");
  set (settings, "auth_file", "'%s'", profile->proxy_credentials_needed ? "stdin" : "[UNDEF]");
  set (settings, "auth_file_up", "'[UNDEF]'");
  set (settings, "inline_creds", "DISABLED");
  set (settings, "nocache", "ENABLED");
  set (settings, "http_version", "'1.0'");
  set (settings, "user_agent", "'[UNDEF]'");
}

static void
expect_number (GHashTable *settings, const AditOpenvpnProfile *profile, AditOpenvpnNumber number, const char *key)
{
  guint32 value;

  if (adit_openvpn_profile_get_number (profile, number, &value))
    set (settings, key, "%u", value);
}

static void
expect_mtu (GHashTable *settings, const AditOpenvpnProfile *profile, gboolean udp)
{
  guint32 mtu = 1500, fragment = 0, mssfix;
  gboolean has_fragment = udp && adit_openvpn_profile_get_number (profile, ADIT_OPENVPN_FRAGMENT, &fragment);

  if (adit_openvpn_profile_get_number (profile, ADIT_OPENVPN_TUN_MTU, &mtu))
    set (settings, "tun_mtu", "%u", mtu);
  set (settings, "fragment", "%u", fragment);
  if (adit_openvpn_profile_get_number (profile, ADIT_OPENVPN_MSSFIX, &mssfix))
    {
      set (settings, "mssfix", "%u", mssfix);
      set (settings, "mssfix_encap", profile->mssfix_mode == ADIT_OPENVPN_MTU_WHOLE ? "ENABLED" : "DISABLED");
      set (settings, "mssfix_fixed", profile->mssfix_mode == ADIT_OPENVPN_MTU_FIXED ? "ENABLED" : "DISABLED");
    }
  else if (has_fragment)
    set (settings, "mssfix", "%u", fragment);
  else if (mtu != 1500)
    {
      set (settings, "mssfix", "%u", mtu);
      set (settings, "mssfix_fixed", "ENABLED");
    }
}

static void
expect_crypto (GHashTable *settings, const AditOpenvpnProfile *profile)
{
  static const struct { guint alg; const char *flags; } compressions[ADIT_OPENVPN_N_COMPRESSIONS] = {
    /* comp.h: no | asym, stubs only, and what the framing adds */
    [ADIT_OPENVPN_NO_COMPRESSION] = { 0, "24 64" }, [ADIT_OPENVPN_COMP_LZO_NO] = { 1, "24 64" },
    [ADIT_OPENVPN_COMPRESS_STUB] = { 1, "28 76" }, [ADIT_OPENVPN_COMPRESS_STUB_V2] = { 10, "24 72" },
    [ADIT_OPENVPN_COMP_LZO] = { 2, "-- 64" }, [ADIT_OPENVPN_COMPRESS_LZO] = { 2, "-- 64" },
    [ADIT_OPENVPN_COMPRESS_LZ4] = { 4, "-- 68" }, [ADIT_OPENVPN_COMPRESS_LZ4_V2] = { 11, "-- 64" },
  };
  g_autoptr (GString) ciphers = g_string_new (NULL);

  for (guint i = 0; i < profile->n_ciphers; i++)
    g_string_append_printf (ciphers, "%s%s", i > 0 ? ":" : "", adit_openvpn_cipher_get_name (profile->ciphers[i]));
  set (settings, "ncp_ciphers", "'%s'", ciphers->str);
  if (profile->fallback_cipher != ADIT_OPENVPN_CIPHER_NONE)
    set (settings, "ciphername", "'%s'", adit_openvpn_cipher_get_name (profile->fallback_cipher));
  if (profile->digest != ADIT_OPENVPN_DIGEST_DEFAULT)
    set (settings, "authname", "'%s'", adit_openvpn_digest_get_name (profile->digest));
  if (profile->tls_ciphers[0] != '\0')
    set (settings, "cipher_list", "'%s'", profile->tls_ciphers);
  if (profile->tls_suites[0] != '\0')
    set (settings, "cipher_list_tls13", "'%s'", profile->tls_suites);
  if (profile->cert_profile != ADIT_OPENVPN_PROFILE_DEFAULT)
    set (settings, "tls_cert_profile", "'%s'", adit_openvpn_cert_profile_get_name (profile->cert_profile));
  set (settings, "ssl_flags", "%u", (profile->tls_minor_min + 1u) << 6);    /* ssl_common.h, SSLF_TLS_VERSION_MIN_SHIFT */
  set (settings, "comp.alg", "%u", compressions[profile->compression].alg);
  set (settings, "comp.flags", "%.2s", compressions[profile->compression].flags + (profile->receive_compressed ? 3 : 0));
  if (profile->wrap == ADIT_OPENVPN_TLS_AUTH && profile->key_direction >= 0)
    {
      set (settings, "key_direction#0", "%d", profile->key_direction);
      set (settings, "key_direction#1", "%d", profile->key_direction);
    }
  set_inline (settings, "tls_auth_file", profile->wrap == ADIT_OPENVPN_TLS_AUTH);
  set_inline (settings, "tls_crypt_file", profile->wrap == ADIT_OPENVPN_TLS_CRYPT);
  set_inline (settings, "tls_crypt_v2_file", profile->wrap == ADIT_OPENVPN_TLS_CRYPT_V2);
  set_inline (settings, "cert_file", profile->certificate != NULL);
  set_inline (settings, "priv_key_file", profile->key != NULL);
  set_inline (settings, "extra_certs_file", profile->extra_certificates != NULL);
  set_inline (settings, "crl_file", profile->revoked != NULL);
}

static void
expect_trust (GHashTable *settings, const AditOpenvpnProfile *profile)
{
  /* "remote-cert-tls server" is a usage that must be there, and an extended one; what is written behind it replaces either. */
  if (profile->server_certificate)
    {
      set (settings, "remote_cert_ku[i]#0", "65535");
      set (settings, "remote_cert_eku", "'TLS Web Server Authentication'");
    }
  for (guint i = 0; i < profile->n_usages; i++)
    {
      g_autofree char *key = g_strdup_printf ("remote_cert_ku[i]#%u", i);

      set (settings, key, "%u", profile->usages[i]);
    }
  if (profile->extended_usage[0] != '\0')
    set (settings, "remote_cert_eku", "'%s'", profile->extended_usage);
  if (profile->server_name[0] != '\0')
    {
      set (settings, "verify_x509_type", "%u", profile->server_name_type);    /* ssl_verify.h counts as we do */
      set (settings, "verify_x509_name", "'%s'", profile->server_name);
    }
  set (settings, "auth_user_pass_file", "'%s'", profile->credentials_needed ? "stdin" : "[UNDEF]");
}

/**
 * ovpn_settings_expect:
 * @settings: what openvpn reads from the least that we write
 * @profile: a profile
 * @launch: what it is written for
 *
 * Puts into @settings what openvpn must have read from the configuration of @profile.  All else stays: no other line may differ.
 */
void
ovpn_settings_expect (GHashTable *settings, const AditOpenvpnProfile *profile, const AditOvpnLaunch *launch)
{
  static const struct { AditOpenvpnNumber number; const char *key; } numbers[] = {
    { ADIT_OPENVPN_PING, "ping_send_timeout" }, { ADIT_OPENVPN_PING_RESTART, "ping_rec_timeout" },
    { ADIT_OPENVPN_RENEG_SEC, "renegotiate_seconds" }, { ADIT_OPENVPN_RENEG_BYTES, "renegotiate_bytes" },
    { ADIT_OPENVPN_RENEG_PKTS, "renegotiate_packets" }, { ADIT_OPENVPN_HAND_WINDOW, "handshake_window" },
    { ADIT_OPENVPN_TRAN_WINDOW, "transition_window" }, { ADIT_OPENVPN_TLS_TIMEOUT, "tls_timeout" },
    { ADIT_OPENVPN_SERVER_POLL_TIMEOUT, "connect_timeout" }, { ADIT_OPENVPN_SNDBUF, "sndbuf" }, { ADIT_OPENVPN_RCVBUF, "rcvbuf" },
    { ADIT_OPENVPN_CONNECT_RETRY, "connect_retry_seconds" }, { ADIT_OPENVPN_REPLAY_WINDOW, "replay_window" },
    { ADIT_OPENVPN_REPLAY_TIME, "replay_time" },
  };
  gboolean udp = profile->remotes[launch->remote].transport == ADIT_OPENVPN_UDP;
  guint32 value;

  expect_remote (settings, profile, launch);
  expect_mtu (settings, profile, udp);
  expect_crypto (settings, profile);
  expect_trust (settings, profile);
  set (settings, "rcvbuf", udp ? "524288" : "0");    /* ours, where the file says nothing */
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    expect_number (settings, profile, numbers[i].number, numbers[i].key);
  if (adit_openvpn_profile_get_number (profile, ADIT_OPENVPN_PING_RESTART, &value))
    set (settings, "ping_rec_timeout_action", "2");    /* options.h, PING_RESTART */
  set (settings, "explicit_exit_notification", udp ? "1" : "0");    /* ours */
  set (settings, "fast_io", udp ? "ENABLED" : "DISABLED");    /* ours */
  if (udp)
    expect_number (settings, profile, ADIT_OPENVPN_EXIT_NOTIFY, "explicit_exit_notification");
  if (profile->block_ipv6)
    {
      g_hash_table_remove (settings, "accept \"ifconfig-ipv6 \"#0");
      g_hash_table_remove (settings, "accept \"tun-ipv6\"#0");
    }
  if (profile->receive_compressed)
    {
      set (settings, "accept \"comp-lzo\"", "%s", "");
      set (settings, "accept \"compress\"", "%s", "");
    }
}

/**
 * ovpn_settings_differ:
 * @a: settings
 * @b: others
 * @keys: (nullable): which to compare; %NULL for all
 *
 * Returns: how many are not the same, having said which
 */
guint
ovpn_settings_differ (GHashTable *a, GHashTable *b, const char *const *keys)
{
  GHashTable *sides[] = { a, b };
  const char *key, *value;
  guint n = 0;

  for (guint side = 0; side < 2; side++)
    {
      GHashTableIter iter;

      g_hash_table_iter_init (&iter, sides[side]);
      while (g_hash_table_iter_next (&iter, (gpointer *) &key, (gpointer *) &value))
        {
          const char *other = g_hash_table_lookup (sides[1 - side], key);

          if (g_strcmp0 (value, other) == 0 || (side == 1 && other != NULL) || (keys != NULL && !g_strv_contains (keys, key)))
            continue;
          if (side == 0)
            g_printerr ("%s: %s, not %s\n", key, value, other != NULL ? other : "nothing");
          else
            g_printerr ("%s: nothing, not %s\n", key, value);
          n++;
        }
    }
  return n;
}
