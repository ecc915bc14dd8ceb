/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ovpn-read.c: files of OpenVPN as services hand them out, as attackers would (P01, P02, P03), and spoilt in every way. */
#include "client/worker/ovpn-read.h"

#include <string.h>

#include "client/worker/ovpn-write.h"
#include "tests/unit/ovpn-sample.h"

#define BASE "client\ndev tun\nremote 192.0.2.1 1194 udp\nremote-cert-tls server\nauth-user-pass\n"
#define CA   "<ca>\n@CA@</ca>\n"
#define BASE_LINES 5

/* Nine of ten: 123 characters, of the 124 that openvpn takes. */
#define NINE "AES-256-GCM:AES-192-GCM:AES-128-GCM:CHACHA20-POLY1305:AES-256-CBC:AES-192-CBC:AES-128-CBC:" \
             "CAMELLIA-256-CBC:CAMELLIA-192-CBC"

typedef struct
{
  AditImportReport *report;
  AditOpenvpnProfile *profile;
} Reading;

static Reading
read_bytes (const char *bytes, gsize length)
{
  const OvpnSample *sample = ovpn_sample_get ();
  const AditImportFile file = { "sample.ovpn", (const guint8 *) bytes, length };
  const AditImportFile others[] = {
    { "ca.crt", (const guint8 *) sample->ca, strlen (sample->ca) },
    { "ta.key", (const guint8 *) sample->static_key, strlen (sample->static_key) },
    { "userpass.txt", (const guint8 *) "somebody\r\nsecret", 16 },
    { "bad.crt", (const guint8 *) "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 58 },
    { "control.crt", (const guint8 *) "\1", 1 },
  };
  Reading self = { adit_import_report_new (), NULL };

  self.profile = adit_ovpn_read (&file, others, G_N_ELEMENTS (others), self.report);
  return self;
}

static Reading
read_text (const char *text)
{
  g_autofree char *filled = ovpn_sample_fill (text);

  return read_bytes (filled, strlen (filled));
}

static void
reading_clear (Reading *self)
{
  adit_import_report_free (self->report);
  g_clear_pointer (&self->profile, adit_openvpn_profile_free);
}

static const AditImportNote *
get_note (const Reading *self, guint i)
{
  g_assert_cmpuint (i, <, self->report->notes->len);
  return &g_array_index (self->report->notes, AditImportNote, i);
}

static const AditImportNote *
find_note (const Reading *self, gboolean fatal)
{
  for (guint i = 0; i < self->report->notes->len; i++)
    if (get_note (self, i)->fatal == fatal)
      return get_note (self, i);
  return NULL;
}

/* Says what the report says, and makes sure that it gives no key away, wherever a file's keys stand. */
static void
show (const Reading *self)
{
  const OvpnSample *sample = ovpn_sample_get ();
  const char *const keys[] = { sample->key, sample->old_key, sample->locked_key, sample->static_key, sample->v2_key, sample->ca };

  for (guint i = 0; i < self->report->notes->len; i++)
    {
      const AditImportNote *note = get_note (self, i);

      g_test_message ("line %u, %s: %s%s: %s", note->line, note->option, note->fatal ? "fatal, " : "",
                      adit_import_reason_get_name (note->reason), note->sentence);
      for (gsize j = 0; note->reason == ADIT_IMPORT_UNKNOWN && note->option[0] != '\0' && j < G_N_ELEMENTS (keys); j++)
        g_assert_null (strstr (keys[j], note->option));
    }
}

static char *
write_profile (const AditOpenvpnProfile *profile)
{
  AditOvpnLaunch launch = { .device = "adit0", .management_path = "/run/adit/m" };
  g_autoptr (AditSecret) text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (adit_address_parse ("192.0.2.1", &launch.remote_address));
  text = adit_ovpn_write (profile, &launch, &error);
  g_assert_no_error (error);
  return g_strndup ((const char *) adit_secret_peek (text, NULL), adit_secret_get_size (text));
}

static void
test_service (gconstpointer data)
{
  const OvpnService *service = data;
  Reading reading = read_text (service->text);
  g_autoptr (GString) notes = g_string_new (NULL);

  show (&reading);
  g_assert_nonnull (reading.profile);
  for (guint i = 0; i < reading.report->notes->len; i++)
    g_string_append_printf (notes, "%s%s", i > 0 ? " " : "", get_note (&reading, i)->option);
  g_assert_cmpstr (notes->str, ==, service->notes);
  g_assert_true (adit_openvpn_profile_is_valid (reading.profile, NULL));
  reading_clear (&reading);
}

static const OvpnService *
find_service (const char *name)
{
  for (guint i = 0; i < n_ovpn_services; i++)
    if (strcmp (ovpn_services[i].name, name) == 0)
      return &ovpn_services[i];
  g_assert_not_reached ();
}

static void
assert_remote (const AditOpenvpnRemote *remote, const char *host, guint port, AditOpenvpnTransport transport, AditFamily family)
{
  g_autofree char *text = adit_host_dup_text (&remote->host);

  g_assert_cmpstr (text, ==, host);
  g_assert_cmpuint (remote->host.port, ==, port);
  g_assert_cmpuint (remote->transport, ==, transport);
  g_assert_cmpuint (remote->family, ==, family);
}

static void
test_values (void)
{
  Reading reading = read_text (find_service ("connections")->text);
  const AditOpenvpnProfile *profile = reading.profile;
  guint32 number;

  g_assert_cmpuint (profile->n_remotes, ==, 3);
  assert_remote (&profile->remotes[0], "192.0.2.51", 1194, ADIT_OPENVPN_UDP, ADIT_FAMILY_NONE);
  assert_remote (&profile->remotes[1], "192.0.2.52", 443, ADIT_OPENVPN_TCP, ADIT_FAMILY_NONE);
  assert_remote (&profile->remotes[2], "2001:db8::53", 8443, ADIT_OPENVPN_TCP, ADIT_FAMILY_IPV6);
  reading_clear (&reading);

  reading = read_text (find_service ("windows")->text);
  profile = reading.profile;
  assert_remote (&profile->remotes[0], "192.0.2.61", 443, ADIT_OPENVPN_TCP, ADIT_FAMILY_NONE);
  g_assert_cmpuint (profile->n_dns, ==, 1);
  g_assert_cmpstr (profile->search[0], ==, "office.example.org");
  g_assert_cmpint (get_note (&reading, 1)->reason, ==, ADIT_IMPORT_DANGEROUS);    /* net_gateway */
  reading_clear (&reading);

  reading = read_text (find_service ("ivpn")->text);
  profile = reading.profile;
  g_assert_true (adit_openvpn_profile_get_number (profile, ADIT_OPENVPN_PING, &number) && number == 8);
  g_assert_true (adit_openvpn_profile_get_number (profile, ADIT_OPENVPN_PING_RESTART, &number) && number == 30);
  g_assert_true (adit_openvpn_profile_get_number (profile, ADIT_OPENVPN_CONNECT_RETRY_MAX, &number) && number == 6);
  g_assert_false (adit_openvpn_profile_get_number (profile, ADIT_OPENVPN_RENEG_SEC, &number));
  g_assert_cmpint (profile->key_direction, ==, 1);
  g_assert_cmpstr (profile->server_name, ==, "se");
  g_assert_cmpuint (profile->server_name_type, ==, ADIT_OPENVPN_NAME_PREFIX);
  g_assert_cmpuint (profile->n_ciphers, ==, 4);
  g_assert_cmpuint (profile->ciphers[3], ==, ADIT_OPENVPN_AES_256_CBC);
  g_assert_cmpuint (profile->fallback_cipher, ==, ADIT_OPENVPN_AES_256_CBC);
  g_assert_cmpuint (profile->compression, ==, ADIT_OPENVPN_COMP_LZO_NO);
  g_assert_false (profile->receive_compressed);
  reading_clear (&reading);

  reading = read_text (find_service ("mullvad-former")->text);
  profile = reading.profile;
  g_assert_cmpmem (adit_secret_peek (profile->username, NULL), adit_secret_get_size (profile->username), "somebody", 8);
  g_assert_cmpmem (adit_secret_peek (profile->password, NULL), adit_secret_get_size (profile->password), "secret", 6);
  g_assert_true (profile->remote_random && profile->credentials_needed);
  reading_clear (&reading);

  reading = read_text (find_service ("locked-key")->text);
  g_assert_true (reading.profile->passphrase_needed && !reading.profile->credentials_needed);
  reading_clear (&reading);

  reading = read_text (find_service ("proxies")->text);
  profile = reading.profile;
  g_assert_cmpuint (profile->proxy, ==, ADIT_OPENVPN_HTTP_PROXY);
  g_assert_true (profile->proxy_credentials_needed && profile->proxy_username == NULL && profile->block_ipv6);
  g_assert_cmpuint (profile->n_dns, ==, 2);
  g_assert_cmpuint (reading.report->wanted->len, ==, 1);
  g_assert_false (g_array_index (reading.report->wanted, AditImportWanted, 0).required);
  reading_clear (&reading);

  reading = read_text (find_service ("access-server")->text);
  g_assert_cmpstr (reading.profile->challenge, ==, "Enter your one-time code");
  g_assert_true (reading.profile->challenge_echo);
  reading_clear (&reading);
}

/* Lines that never reach openvpn.  Whatever becomes of the file, the report names the line and the option. */
typedef struct { const char *line, *option; AditImportReason reason; gboolean fatal; } Hostile;

static const Hostile hostile[] = {
  { "up \"/bin/sh -c id\"", "up", ADIT_IMPORT_HOOK, FALSE },
  { "down /tmp/x", "down", ADIT_IMPORT_HOOK, FALSE },
  { "down-pre", "down-pre", ADIT_IMPORT_HOOK, FALSE },
  { "up-restart", "up-restart", ADIT_IMPORT_HOOK, FALSE },
  { "route-up /tmp/x", "route-up", ADIT_IMPORT_HOOK, FALSE },
  { "route-pre-down /tmp/x", "route-pre-down", ADIT_IMPORT_HOOK, FALSE },
  { "ipchange /tmp/x", "ipchange", ADIT_IMPORT_HOOK, FALSE },
  { "iproute /tmp/x", "iproute", ADIT_IMPORT_HOOK, FALSE },
  { "script-security 2", "script-security", ADIT_IMPORT_HOOK, FALSE },
  { "--script-security 3", "script-security", ADIT_IMPORT_HOOK, FALSE },
  { "script-security 2 system", "script-security", ADIT_IMPORT_HOOK, FALSE },
  { "setenv LD_PRELOAD /tmp/x.so", "setenv", ADIT_IMPORT_HOOK, FALSE },
  { "setenv UV_ID x", "setenv", ADIT_IMPORT_HOOK, FALSE },
  { "setenv-safe X y", "setenv-safe", ADIT_IMPORT_HOOK, FALSE },
  { "setenv opt up /tmp/x", "up", ADIT_IMPORT_HOOK, FALSE },
  { "setenv opt script-security 2", "script-security", ADIT_IMPORT_HOOK, FALSE },
  { "setenv opt --up /tmp/x", "--up", ADIT_IMPORT_UNKNOWN, FALSE },
  { "setenv opt tls-verify /tmp/x", "tls-verify", ADIT_IMPORT_HOOK, TRUE },
  { "setenv opt plugin /tmp/x.so", "plugin", ADIT_IMPORT_PLUGIN, TRUE },
  { "setenv opt setenv opt up /tmp/x", "setenv", ADIT_IMPORT_MALFORMED, TRUE },
  { "setenv opt", "setenv", ADIT_IMPORT_MALFORMED, TRUE },
  { "tls-verify /tmp/x", "tls-verify", ADIT_IMPORT_HOOK, TRUE },
  { "tls-crypt-v2-verify /tmp/x", "tls-crypt-v2-verify", ADIT_IMPORT_HOOK, TRUE },
  { "auth-user-pass-verify /tmp/x via-env", "auth-user-pass-verify", ADIT_IMPORT_HOOK, TRUE },
  { "client-connect /tmp/x", "client-connect", ADIT_IMPORT_HOOK, TRUE },
  { "client-disconnect /tmp/x", "client-disconnect", ADIT_IMPORT_HOOK, TRUE },
  { "client-crresponse /tmp/x", "client-crresponse", ADIT_IMPORT_HOOK, TRUE },
  { "learn-address /tmp/x", "learn-address", ADIT_IMPORT_HOOK, TRUE },
  { "plugin /tmp/x.so", "plugin", ADIT_IMPORT_PLUGIN, TRUE },
  { "engine dynamic", "engine", ADIT_IMPORT_PLUGIN, TRUE },
  { "providers legacy /tmp/x", "providers", ADIT_IMPORT_PLUGIN, TRUE },
  { "pkcs11-providers /tmp/x.so", "pkcs11-providers", ADIT_IMPORT_PLUGIN, TRUE },
  { "pkcs11-id x", "pkcs11-id", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "pkcs12 client.p12", "pkcs12", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "cryptoapicert SUBJ:x", "cryptoapicert", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "capath /etc/ssl", "capath", ADIT_IMPORT_FILE, TRUE },
  { "config /tmp/x.ovpn", "config", ADIT_IMPORT_FILE, TRUE },
  { "client-config-dir /tmp", "client-config-dir", ADIT_IMPORT_FILE, TRUE },
  { "log /etc/passwd", "log", ADIT_IMPORT_FILE, FALSE },
  { "log-append /etc/passwd", "log-append", ADIT_IMPORT_FILE, FALSE },
  { "status /etc/passwd 1", "status", ADIT_IMPORT_FILE, FALSE },
  { "writepid /etc/passwd", "writepid", ADIT_IMPORT_FILE, FALSE },
  { "replay-persist /etc/passwd", "replay-persist", ADIT_IMPORT_FILE, FALSE },
  { "tls-export-cert /etc", "tls-export-cert", ADIT_IMPORT_FILE, FALSE },
  { "tmp-dir /etc", "tmp-dir", ADIT_IMPORT_FILE, FALSE },
  { "cd /", "cd", ADIT_IMPORT_FILE, FALSE },
  { "chroot /tmp", "chroot", ADIT_IMPORT_FILE, FALSE },
  { "dev-node /dev/sda", "dev-node", ADIT_IMPORT_FILE, FALSE },
  { "user root", "user", ADIT_IMPORT_OWN, FALSE },
  { "group root", "group", ADIT_IMPORT_OWN, FALSE },
  { "daemon", "daemon", ADIT_IMPORT_OWN, FALSE },
  { "management 0.0.0.0 7505", "management", ADIT_IMPORT_OWN, FALSE },
  { "management /tmp/x unix /tmp/y", "management", ADIT_IMPORT_OWN, FALSE },
  { "management-external-key", "management-external-key", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "lladdr 00:00:00:00:00:01", "lladdr", ADIT_IMPORT_OWN, FALSE },
  { "mark 51820", "mark", ADIT_IMPORT_DANGEROUS, FALSE },
  { "bind-dev eth0", "bind-dev", ADIT_IMPORT_DANGEROUS, FALSE },
  { "local 0.0.0.0", "local", ADIT_IMPORT_OWN, FALSE },
  { "port-share 127.0.0.1 22", "port-share", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "push-peer-info", "push-peer-info", ADIT_IMPORT_DANGEROUS, FALSE },
  { "no-replay", "no-replay", ADIT_IMPORT_DANGEROUS, FALSE },
  { "cipher none", "cipher", ADIT_IMPORT_DANGEROUS, TRUE },
  { "data-ciphers AES-256-GCM:none", "data-ciphers", ADIT_IMPORT_DANGEROUS, TRUE },
  { "data-ciphers BF-CBC:DES-CBC", "data-ciphers", ADIT_IMPORT_DANGEROUS, FALSE },
  { "auth none", "auth", ADIT_IMPORT_DANGEROUS, TRUE },
  { "tls-cipher DEFAULT:@SECLEVEL=0", "tls-cipher", ADIT_IMPORT_DANGEROUS, FALSE },
  { "tls-cipher TLS-RSA-WITH-NULL-SHA", "tls-cipher", ADIT_IMPORT_DANGEROUS, FALSE },
  { "tls-cert-profile insecure", "tls-cert-profile", ADIT_IMPORT_DANGEROUS, FALSE },
  { "allow-compression yes", "allow-compression", ADIT_IMPORT_DANGEROUS, TRUE },
  { "compress lz4", "compress", ADIT_IMPORT_DANGEROUS, FALSE },
  { "server 10.0.0.0 255.0.0.0", "server", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "mode server", "mode", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "tls-server", "tls-server", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "secret static.key", "secret", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "dev tap0", "dev", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "dev-type tap", "dev-type", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "verify-hash 00", "verify-hash", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "peer-fingerprint 00", "peer-fingerprint", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "crl-verify /etc dir", "crl-verify", ADIT_IMPORT_MALFORMED, TRUE },
  { "remote-cert-tls client", "remote-cert-tls", ADIT_IMPORT_DANGEROUS, TRUE },
  { "socks-proxy 192.0.2.9 9050", "socks-proxy", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "http-proxy 192.0.2.9 3128", "http-proxy", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "socks-proxy 127.0.0.1 9050", "socks-proxy", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "http-proxy-option CUSTOM-HEADER X y", "http-proxy-option", ADIT_IMPORT_UNSUPPORTED, TRUE },
  { "genkey secret /tmp/x", "genkey", ADIT_IMPORT_FILE, TRUE },
  { "UP /tmp/x", NULL, ADIT_IMPORT_UNKNOWN, TRUE },
  { "u\xd1\x80 /tmp/x", NULL, ADIT_IMPORT_MALFORMED, TRUE },
  { "nothing-of-the-kind", "nothing-of-the-kind", ADIT_IMPORT_UNKNOWN, TRUE },
};

static void
test_p01 (gconstpointer data)
{
  const Hostile *row = data;
  /* A duplicate of what the base has must not be why it is refused. */
  gboolean is_base = g_str_has_prefix (row->line, "dev ") || g_str_has_prefix (row->line, "remote-cert-tls");
  g_autofree char *text = is_base
    ? g_strdup_printf ("client\nremote 192.0.2.1\nauth-user-pass\n\n\n%s\n" CA, row->line)
    : g_strdup_printf (BASE "%s\n" CA, row->line);
  Reading reading = read_text (text);
  const AditImportNote *note = find_note (&reading, row->fatal);

  show (&reading);
  if (strstr (row->line, "BF-CBC:") != NULL)
    note = get_note (&reading, 0);
  g_assert_nonnull (note);
  g_assert_cmpuint (note->line, ==, BASE_LINES + 1);
  g_assert_cmpstr (note->option, ==, row->option != NULL ? row->option : "");
  g_assert_cmpint (note->reason, ==, row->reason);
  g_assert_cmpuint (strlen (note->sentence), >, 10);
  if (row->fatal)
    g_assert_null (reading.profile);
  else if (reading.profile != NULL)
    {
      /* What is written is as if the line had never been, but for a framing that is. */
      Reading plain = read_text (BASE CA);
      g_autofree char *with = write_profile (reading.profile), *without = write_profile (plain.profile);

      if (strstr (row->line, "compress ") == NULL)
        g_assert_cmpstr (with, ==, without);
      reading_clear (&plain);
    }
  reading_clear (&reading);
}

/* Files that can be read in two ways; none of them is read at all. */
static const struct { const char *name, *text; guint line; } ambiguous[] = {
  { "end-with-more", BASE "<ca>\n@CA@</ca>X\nup /tmp/x\n", 0 },
  { "end-with-word", BASE "<ca>\n@CA@</ca> up\n", 0 },
  { "end-with-comment", BASE "<ca>\n@CA@</ca> # x\n", 0 },
  { "opener-with-word", BASE "<ca> x\n@CA@</ca>\n", 6 },
  { "opener-with-comment", BASE "<ca> # x\n@CA@</ca>\n", 6 },
  { "opener-with-more", BASE "<ca>x\n@CA@</ca>\n", 6 },
  { "opener-with-hyphens", BASE "--<ca>\n@CA@</ca>\n", 6 },
  { "opener-quoted", BASE "\"<ca>\"\n@CA@</ca>\n", 6 },
  { "opener-upper-key", BASE CA "<KEY>\n@KEY@</KEY>\n", 0 },
  { "key-without-block", BASE CA "@KEY@", 0 },
  { "static-key-without-block", BASE CA "@STATIC@", 0 },
  { "opener-upper", BASE "<CA>\n@CA@</CA>\n", 6 },
  { "end-upper", BASE "<ca>\n@CA@</CA>\n", 0 },
  { "opener-blank-inside", BASE "< ca>\n@CA@</ca>\n", 6 },
  { "opener-empty", BASE "<>\n@CA@</>\n", 6 },
  { "no-end", BASE "<ca>\n@CA@", 6 },
  { "no-beginning", BASE CA "</cert>\n", 0 },
  { "other-end", BASE "<ca>\n@CA@</cert>\n</ca>\n", 0 },
  { "nested", BASE "<ca>\n<cert>\n@CA@</cert>\n</ca>\n", 0 },
  { "nested-open", BASE "<ca>\n<cert>\n@CA@</ca>\n", 6 },
  { "option-in-pem", BASE "<ca>\n-----BEGIN CERTIFICATE-----\nup /tmp/x\n-----END CERTIFICATE-----\n</ca>\n", 6 },
  { "block-of-a-line", BASE CA "<verb>\n3\n</verb>\n", 0 },
  { "block-up", BASE CA "<up>\n/tmp/x\n</up>\n", 0 },
  { "block-unknown", BASE CA "<anything>\n</anything>\n", 0 },
  { "hyphens-alone", BASE CA "--\n", 0 },
  { "hyphens-word", BASE CA "-- up /tmp/x\n", 0 },
  { "hyphens-twice", BASE CA "----up /tmp/x\n", 0 },
  { "quote-in-word", BASE "setenv a\"b c\n" CA, 6 },
  { "quote-unclosed", BASE "setenv \"a\n" CA, 6 },
  { "quote-unclosed-single", BASE "setenv 'a\n" CA, 6 },
  { "quote-then-word", BASE "setenv \"a\"b c\n" CA, 6 },
  { "quote-around-name", BASE "\"up\" /tmp/x\n" CA, 6 },
  { "quote-in-quotes", BASE "setenv 'a\"b' c\n" CA, 6 },
  { "quotes-empty", BASE "setenv \"\" c\n" CA, 6 },
  { "backslash", BASE "setenv a\\ b c\n" CA, 6 },
  { "backslash-end", BASE "setenv a b\\\n" CA, 6 },
  { "backslash-name", BASE "u\\p /tmp/x\n" CA, 6 },
  { "backslash-single", BASE "setenv 'a\\' c\n" CA, 6 },
  { "seventeen-words", BASE "setenv 1 2 3 4 5 6 7 8 9 a b c d e f g\n" CA, 6 },
  { "mark-inside", BASE "\xef\xbb\xbfverb 3\n" CA, 6 },
  { "mark-twice", "\xef\xbb\xbf\xef\xbb\xbf" BASE CA, 1 },
  { "return-alone", BASE "verb 3\rup /tmp/x\n" CA, 6 },
  { "return-twice", BASE "verb 3\r\r\n" CA, 6 },
  { "return-at-end", BASE CA "verb 3\r", 0 },
  { "form-feed", BASE "verb\f3\n" CA, 6 },
  { "vertical-tab", BASE "verb\v3\n" CA, 6 },
  { "escape", BASE "# \033[2K\n" CA, 6 },
  { "delete", BASE "# \177\n" CA, 6 },
  { "no-utf-8", BASE "# \xff\n" CA, 0 },
  { "letters", BASE "setenv \xc3\xa4 x\n" CA, 6 },
  { "two-remotes", BASE "<connection>\nremote 192.0.2.1\n</connection>\n" CA, 0 },
  { "connection-empty", "client\ndev tun\nauth-user-pass\n\n\n<connection>\n</connection>\n" CA, 6 },
  { "connection-two", "client\ndev tun\nauth-user-pass\n\n<connection>\nremote 192.0.2.1\nremote a.example\n"
    "</connection>\n" CA, 7 },
  { "connection-up", "client\ndev tun\nauth-user-pass\n\n<connection>\nremote 192.0.2.1\ntls-verify /x\n</connection>\n" CA, 7 },
  { "connection-block", "client\ndev tun\nauth-user-pass\n<connection>\nremote 192.0.2.1\n<ca>\n@CA@</ca>\n</connection>\n", 0 },
  { "connection-mtu", "client\ndev tun\nauth-user-pass\n\n<connection>\nremote 192.0.2.1\ntun-mtu 1400\n</connection>\n" CA, 7 },
  { "connection-then-proto", "client\ndev tun\nauth-user-pass\n<connection>\nremote 192.0.2.1\n</connection>\n"
    "proto tcp\n" CA, 7 },
  { "said-twice", BASE "auth SHA256\nauth SHA512\n" CA, 7 },
  { "said-twice-alias", BASE "data-ciphers AES-256-GCM\nncp-ciphers AES-128-GCM\n" CA, 7 },
  { "said-twice-number", BASE "keepalive 10 60\nping 20\n" CA, 7 },
  { "ca-twice", BASE CA CA, 0 },
  { "ca-file-then-block", BASE "ca ca.crt\n" CA, 7 },
  { "credentials-then-line", "client\ndev tun\nremote 192.0.2.1\n<auth-user-pass>\na\nb\n</auth-user-pass>\n"
    "auth-user-pass\n" CA, 8 },
  { "direction-twice", BASE "key-direction 1\ntls-auth ta.key 0\n" CA, 0 },
  { "wrapped-twice", BASE "tls-auth ta.key 1\n<tls-crypt>\n@STATIC@</tls-crypt>\n" CA, 7 },
};

static void
test_p02 (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  Reading reading = read_text (ambiguous[i].text);

  show (&reading);
  g_assert_null (reading.profile);
  g_assert_nonnull (find_note (&reading, TRUE));
  if (ambiguous[i].line > 0)
    g_assert_cmpuint (find_note (&reading, TRUE)->line, ==, ambiguous[i].line);
  reading_clear (&reading);
}

static void
test_p02_bytes (void)
{
  g_autofree char *text = ovpn_sample_fill (BASE CA);
  gsize length = strlen (text);

  /* Every byte that is no letter, anywhere in the first lines; a zero byte, too. */
  for (guint byte = 0; byte < 0x20; byte++)
    for (gsize at = 0; at < strlen (BASE); at += 7)
      {
        g_autofree char *copy = g_malloc (length + 1);
        Reading reading;

        if (byte == '\n' || byte == '\t')
          continue;
        memcpy (copy, text, at);
        copy[at] = (char) byte;
        memcpy (copy + at + 1, text + at, length - at);
        reading = read_bytes (copy, length + 1);
        /* A carriage return in front of an end of line is one. */
        if (byte != '\r' || text[at] != '\n')
          g_assert_null (reading.profile);
        reading_clear (&reading);
      }
}

/* OpenVPN has room for 255 bytes and a zero byte, with the end of the line. */
static void
test_p02_long_lines (void)
{
  for (guint length = 250; length < 260; length++)
    {
      g_autofree char *comment = g_strnfill (length - 2, 'x'), *text = g_strdup_printf (BASE "# %s\n" CA, comment);
      Reading reading = read_text (text);

      g_assert_true ((reading.profile != NULL) == (length + 1 < 256));
      if (reading.profile == NULL)
        g_assert_cmpuint (find_note (&reading, TRUE)->line, ==, BASE_LINES + 1);
      reading_clear (&reading);
    }
}

static void
test_p02_long_files (void)
{
  g_autofree char *text = g_malloc (ADIT_IMPORT_FILE_MAX_BYTES + 1);
  g_autofree char *head = ovpn_sample_fill (BASE CA);
  Reading reading;

  memset (text, '\n', ADIT_IMPORT_FILE_MAX_BYTES + 1);
  memcpy (text, head, strlen (head));
  reading = read_bytes (text, ADIT_IMPORT_FILE_MAX_BYTES);
  g_assert_nonnull (reading.profile);
  reading_clear (&reading);
  reading = read_bytes (text, ADIT_IMPORT_FILE_MAX_BYTES + 1);
  g_assert_null (reading.profile);
  reading_clear (&reading);
  reading = read_bytes (text, 0);
  g_assert_null (reading.profile);
  reading_clear (&reading);
}

/* The file ends at any byte: nothing is read beyond, and half a file is no file. */
static void
test_p02_cut (void)
{
  g_autofree char *text = ovpn_sample_fill (BASE CA);
  gsize length = strlen (text) - 1;

  for (gsize n = 0; n < length; n++)
    {
      g_autofree char *copy = g_memdup2 (text, n);
      Reading reading = read_bytes (copy, n);

      g_assert_null (reading.profile);
      reading_clear (&reading);
    }
}

/* Values that a script would have run.  None is run; none is taken either. */
static void
test_p03 (void)
{
  static const char *const lines[] = {
    "dhcp-option DNS $(id)", "dhcp-option DNS `id`", "dhcp-option DNS \"10.0.0.1;id\"", "dhcp-option DNS 10.0.0.1|id",
    "dhcp-option DNS 127.0.0.1", "dhcp-option DNS 0.0.0.0", "dhcp-option DNS ::1", "dhcp-option DNS fe80::1%eth0",
    "dhcp-option DNS ::ffff:127.0.0.1", "dhcp-option DNS 10.0.0.1:53", "dhcp-option DNS resolver.example.org", "dhcp-option DNS",
    "dhcp-option DNS 10.0.0.1 10.0.0.2", "dhcp-option DNS6 $(id)", "dhcp-option DNS 224.0.0.1",
    "dhcp-option DOMAIN $(id)", "dhcp-option DOMAIN a;id", "dhcp-option DOMAIN -a", "dhcp-option DOMAIN \"a b\"",
    "dhcp-option DOMAIN a..b", "dhcp-option DOMAIN .", "dhcp-option DOMAIN-SEARCH `id`", "dhcp-option DOMAIN 10.0.0.1",
    "dns server 1 address $(id)", "dns server x address 10.0.0.1", "dns server 1 address 10.0.0.1 127.0.0.1",
    "dns search-domains a.example $(id)", "dns server 1", "dns nameserver 1 2 3",
    "remote-cert-eku `id`\\", "verify-x509-name \"a\\\"b\" name", "verify-x509-name \"\xc3\xa4\" name",
    "remote $(id) 1194", "remote 127.1 1194", "remote 0x7f000001 1194", "remote 2130706433", "remote localhost",
    "remote a.localhost",
    "remote ::ffff:127.0.0.1", "remote 192.0.2.1 0", "remote 192.0.2.1 65536", "remote 192.0.2.1 010", "remote 192.0.2.1 0x50",
    "remote 192.0.2.1 -1", "remote 192.0.2.1 1194 tcp-server", "remote 192.0.2.1 1194 UDP", "remote fe80::1 1194",
    "remote a_b.example",
    "remote 224.0.0.1", "remote 192.0.2.2 1194 udp6", "tun-mtu 10x", "tun-mtu 99999999999999999999", "tun-mtu -1", "tun-mtu 0",
    "tun-mtu 575", "tun-mtu 9001", "sndbuf 16777217", "fragment 67", "ping 0", "keepalive 10 19", "reneg-sec x", "hand-window 0",
    "explicit-exit-notify 6", "mssfix 1400 other", "fragment 1400 fixed", "replay-window 0", "replay-window 65537",
    "static-challenge \"x\" 2", "static-challenge x", "static-challenge \"\xc2\x9b\" 1", "key-direction 2",
    "key-direction bidirectional", "tls-version-min 0.9",
    "remote-cert-ku xyz", "remote-cert-ku 10000", "http-proxy 192.0.2.9", "http-proxy 192.0.2.9 80", "proto tcp-server", "port x",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *text = g_strdup_printf (BASE "%s\n" CA, lines[i]);
      gboolean fits_alone = strstr (lines[i], "udp6") == NULL;
      Reading reading = read_text (text);

      g_test_message ("%s", lines[i]);
      g_assert_null (reading.profile);
      g_assert_nonnull (find_note (&reading, TRUE));
      /* That line, and for what is in it; a family does not fit the rest. */
      g_assert_cmpuint (find_note (&reading, TRUE)->line, ==, fits_alone ? BASE_LINES + 1 : 0);
      g_assert_null (strstr (find_note (&reading, TRUE)->sentence, "two things"));
      reading_clear (&reading);
    }
}

static void
test_wanted (void)
{
  Reading reading = read_text (BASE "ca /etc/openvpn/other.crt\ncert client.crt\nkey client.key\ntls-auth ta.key 1\n");
  const AditImportWanted *wanted = &g_array_index (reading.report->wanted, AditImportWanted, 0);

  g_assert_null (reading.profile);
  g_assert_null (find_note (&reading, TRUE));
  g_assert_cmpuint (reading.report->wanted->len, ==, 3);
  g_assert_cmpstr (wanted->name, ==, "other.crt");    /* where it lies is for the person who opens it */
  g_assert_cmpstr (wanted->option, ==, "ca");
  g_assert_true (wanted->required);
  reading_clear (&reading);

  reading = read_text (BASE "ca /some/where/ca.crt\ntls-auth [inline] 1\n<tls-auth>\n@STATIC@</tls-auth>\n");
  g_assert_nonnull (reading.profile);
  g_assert_cmpint (reading.profile->key_direction, ==, 1);
  reading_clear (&reading);

  for (guint i = 0; i < 5; i++)
    {
      static const char *const names[] = { "bad.crt", "control.crt", "..", "a/", "\"a\xe2\x80\xae" "b\"" };
      g_autofree char *text = g_strdup_printf (BASE "ca %s\n", names[i]);

      reading = read_text (text);
      g_assert_null (reading.profile);
      g_assert_nonnull (find_note (&reading, TRUE));
      reading_clear (&reading);
    }
}

static void
test_keys (void)
{
  static const struct { const char *text; gboolean good, locked; } rows[] = {
    { "<key>\n@KEY@</key>\n<cert>\n@CERT@</cert>\n", TRUE, FALSE },
    { "<key>\n@OLDKEY@</key>\n<cert>\n@CERT@</cert>\n", TRUE, FALSE },
    { "<key>\n@ENCRYPTED@</key>\n<cert>\n@CERT@</cert>\n", TRUE, TRUE },
    { "<key>\n@LOCKED@</key>\n<cert>\n@CERT@</cert>\n", TRUE, TRUE },
    { "<cert>\n@CERT@@CA@</cert>\n<key>\n@KEY@</key>\n<extra-certs>\n@CA@</extra-certs>\n", TRUE, FALSE },
    { "<key>\n@KEY@</key>\n", FALSE, FALSE }, { "<cert>\n@CERT@</cert>\n", FALSE, FALSE },
    { "<key>\n@CERT@</key>\n<cert>\n@CERT@</cert>\n", FALSE, FALSE },
    { "<key>\n@KEY@@KEY@</key>\n<cert>\n@CERT@</cert>\n", FALSE, FALSE },
    { "<key>\n@KEY@</key>\n<cert>\n@KEY@</cert>\n", FALSE, FALSE },
    { "<key>\n</key>\n<cert>\n@CERT@</cert>\n", FALSE, FALSE },
    { "<tls-crypt>\n@STATIC@@STATIC@</tls-crypt>\n", FALSE, FALSE }, { "<tls-crypt>\n@V2@</tls-crypt>\n", FALSE, FALSE },
    { "<tls-crypt-v2>\n@STATIC@</tls-crypt-v2>\n", FALSE, FALSE }, { "<tls-auth>\nup x\n@STATIC@</tls-auth>\n", FALSE, FALSE },
    { "<tls-auth>\n-----BEGIN OpenVPN Static key V1-----\n00\n-----END OpenVPN Static key V1-----\n</tls-auth>\n", FALSE, FALSE },
    { "<extra-certs>\n-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n</extra-certs>\n", FALSE, FALSE },
    { "<extra-certs>\n-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n</extra-certs>\n", FALSE, FALSE },
    { "<extra-certs>\n-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n</extra-certs>\n", TRUE, FALSE },
    { "<extra-certs>\n-----BEGIN CERTIFICATE-----\nMAMCAQB=\n-----END CERTIFICATE-----\n</extra-certs>\n", FALSE, FALSE },
    { "<extra-certs>\n-----BEGIN CERTIFICATE-----\nMAMC AQA=\n-----END CERTIFICATE-----\n</extra-certs>\n", FALSE, FALSE },
    { "<extra-certs>\n-----BEGIN CERTIFICATE-----\nMIADAgEA\n-----END CERTIFICATE-----\n</extra-certs>\n", FALSE, FALSE },
    { "<extra-certs>\n-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END X-----\n</extra-certs>\n", FALSE, FALSE },
    { "<extra-certs>\n-----BEGIN CERTIFICATE-----\nMAMCAQA=\n</extra-certs>\n", FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strconcat (BASE CA, rows[i].text, NULL);
      Reading reading = read_text (text);

      g_test_message ("%s", rows[i].text);
      show (&reading);
      g_assert_true ((reading.profile != NULL) == rows[i].good);
      if (rows[i].good)
        g_assert_true (reading.profile->passphrase_needed == rows[i].locked);
      reading_clear (&reading);
    }
}

/* No note ever holds what is in the file but an option's name. */
static void
test_report (void)
{
  GString *text = g_string_new (BASE CA);
  Reading reading;

  for (guint i = 0; i < 2 * ADIT_IMPORT_MAX_NOTES; i++)
    g_string_append_printf (text, "an-option-%u&amp x\nPassword%u\nup /tmp/secret\n", i, i);
  reading = read_text (text->str);
  g_assert_null (reading.profile);
  g_assert_cmpuint (reading.report->notes->len, ==, ADIT_IMPORT_MAX_NOTES);
  g_assert_cmpuint (reading.report->n_more, ==, 5 * ADIT_IMPORT_MAX_NOTES);
  for (guint i = 0; i < reading.report->notes->len; i++)
    g_assert_cmpstr (get_note (&reading, i)->option, ==, i % 3 == 2 ? "up" : "");
  reading_clear (&reading);
  g_string_free (text, TRUE);
}

/* What openvpn takes is taken; "cipher" joins the list only where there is room, and is not said twice. */
static void
test_ciphers (void)
{
  static const struct { const char *lines; guint n; AditOpenvpnCipher fallback; } rows[] = {
    { "data-ciphers " NINE "\n", 9, ADIT_OPENVPN_CIPHER_NONE },
    { "data-ciphers " NINE "\ncipher CAMELLIA-128-CBC\n", 9, ADIT_OPENVPN_CAMELLIA_128_CBC },
    { "data-ciphers " NINE "\ncipher AES-128-CBC\n", 9, ADIT_OPENVPN_AES_128_CBC },
    { "data-ciphers AES-256-GCM:aes-256-gcm:?AES-256-GCM\ncipher AES-256-GCM\n", 1, ADIT_OPENVPN_AES_256_GCM },
    { "data-ciphers AES-256-GCM\ncipher AES-256-CBC\n", 2, ADIT_OPENVPN_AES_256_CBC },
    { "data-ciphers " NINE ":BF-CBC:AES-128-GCM\n", 9, ADIT_OPENVPN_CIPHER_NONE },
    { "data-ciphers " NINE ":CAMELLIA-128-CBC\n", 0, ADIT_OPENVPN_CIPHER_NONE },
    { "data-ciphers CAMELLIA-128-CBC:" NINE "\n", 0, ADIT_OPENVPN_CIPHER_NONE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strconcat (BASE, rows[i].lines, CA, NULL);
      Reading reading = read_text (text);

      g_assert_true ((reading.profile != NULL) == (rows[i].n > 0));
      if (reading.profile != NULL)
        {
          g_assert_cmpuint (reading.profile->n_ciphers, ==, rows[i].n);
          g_assert_cmpuint (reading.profile->fallback_cipher, ==, rows[i].fallback);
          g_assert_true (adit_openvpn_profile_is_valid (reading.profile, NULL));
        }
      else
        {
          g_assert_cmpuint (find_note (&reading, TRUE)->line, ==, BASE_LINES + 1);
          g_assert_cmpint (find_note (&reading, TRUE)->reason, ==, ADIT_IMPORT_MALFORMED);
        }
      reading_clear (&reading);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < n_ovpn_services; i++)
    {
      g_autofree char *path = g_strconcat ("/ovpn-read/service/", ovpn_services[i].name, NULL);

      g_test_add_data_func (path, &ovpn_services[i], test_service);
    }
  g_test_add_func ("/ovpn-read/values", test_values);
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ovpn-read/P01/%" G_GSIZE_FORMAT "-%s", i, hostile[i].option);

      g_test_add_data_func (path, &hostile[i], test_p01);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (ambiguous); i++)
    {
      g_autofree char *path = g_strconcat ("/ovpn-read/P02/", ambiguous[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER ((guint) i), test_p02);
    }
  g_test_add_func ("/ovpn-read/P02/bytes", test_p02_bytes);
  g_test_add_func ("/ovpn-read/P02/long-lines", test_p02_long_lines);
  g_test_add_func ("/ovpn-read/P02/long-files", test_p02_long_files);
  g_test_add_func ("/ovpn-read/P02/cut", test_p02_cut);
  g_test_add_func ("/ovpn-read/P03/values", test_p03);
  g_test_add_func ("/ovpn-read/wanted", test_wanted);
  g_test_add_func ("/ovpn-read/keys", test_keys);
  g_test_add_func ("/ovpn-read/ciphers", test_ciphers);
  g_test_add_func ("/ovpn-read/report", test_report);
  return g_test_run ();
}
