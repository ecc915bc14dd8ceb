/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ovpn-write-file.c: the file that is kept of a profile is read as that profile again, and has nothing else in it. */
#include "client/worker/ovpn-write-file.h"

#include <string.h>

#include "client/base/error.h"
#include "client/worker/ovpn-read.h"
#include "tests/unit/ovpn-sample.h"

#define LEAST "client\ndev tun\nremote 192.0.2.1\n<ca>\n@CA@</ca>\n"
#define LOGIN "auth-user-pass\n"
#define FILE_OF_LOGIN "some body\n\xc3\x9c \"#\\\n"
#define LONG  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static AditOpenvpnProfile *
read_text (const char *text)
{
  const OvpnSample *sample = ovpn_sample_get ();
  g_autofree char *filled = ovpn_sample_fill (text);
  const AditImportFile file = { "sample.ovpn", (const guint8 *) filled, strlen (filled) };
  const AditImportFile others[] = { { "ca.crt", (const guint8 *) sample->ca, strlen (sample->ca) },
                                    { "login", (const guint8 *) FILE_OF_LOGIN, strlen (FILE_OF_LOGIN) } };
  g_autoptr (AditImportReport) report = adit_import_report_new ();

  return adit_ovpn_read (&file, others, G_N_ELEMENTS (others), report);
}

/* Writes, reads again, and compares in both directions: as values, and as text. */
static char *
check_again (const AditOpenvpnProfile *profile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) text = adit_ovpn_write_file (profile, &error), again_text = NULL;
  g_autoptr (AditOpenvpnProfile) again = NULL;
  gsize length;
  const char *bytes;

  g_assert_no_error (error);
  bytes = (const char *) adit_secret_peek (text, &length);
  again = read_text (bytes);
  if (again == NULL)
    g_error ("not read again:\n%s", bytes);
  g_assert_true (adit_openvpn_profile_equal (profile, again));
  again_text = adit_ovpn_write_file (again, &error);
  g_assert_no_error (error);
  g_assert_true (adit_secret_equal (text, again_text));
  return g_strndup (bytes, length);
}

static void
test_services (void)
{
  for (guint i = 0; i < n_ovpn_services; i++)
    {
      g_autoptr (AditOpenvpnProfile) profile = read_text (ovpn_services[i].text);

      g_test_message ("%s", ovpn_services[i].name);
      g_free (check_again (profile));
    }
}

static const struct { const char *text, *line; } rows[] = {
  { LEAST LOGIN "remote vpn.example.org 443 tcp6\n", "remote vpn.example.org 443 tcp6-client" },
  { LEAST LOGIN "remote-random\n", "remote-random" },
  { LEAST LOGIN "tls-crypt [inline]\n<tls-crypt>\n@STATIC@</tls-crypt>\nkey-direction 0\n", "key-direction 0" },
  { LEAST LOGIN "<tls-auth>\n@STATIC@</tls-auth>\nkey-direction 1\n", "key-direction 1" },
  { LEAST LOGIN "<tls-crypt-v2>\n@V2@</tls-crypt-v2>\n", "<tls-crypt-v2>" },
  { LEAST "auth-user-pass login\n", "some body\n\xc3\x9c \"#\\" },
  { LEAST "<auth-user-pass>\nsomebody\n</auth-user-pass>\n", "<auth-user-pass>\nsomebody\n</auth-user-pass>" },
  { LEAST LOGIN "static-challenge \"What's that?\" 1\n", "static-challenge \"What's that?\" 1" },
  { LEAST "<cert>\n@CERT@</cert>\n<key>\n@LOCKED@</key>\nstatic-challenge \"Code\" 0\n", "static-challenge \"Code\" 0" },
  { LEAST LOGIN "proto tcp\nhttp-proxy proxy.example.org 3128 login\n", "http-proxy proxy.example.org 3128 stdin basic" },
  { LEAST LOGIN "proto tcp\nhttp-proxy 2001:db8::9 3128\n", "http-proxy 2001:db8::9 3128" },
  { LEAST LOGIN "proto tcp\nsocks-proxy 192.0.2.9 1080 login\n", "<socks-proxy-user-pass>\nsome body\n\xc3\x9c \"#\\" },
  { LEAST LOGIN "proto tcp\nsocks-proxy 192.0.2.9 1080 stdin\n", "socks-proxy 192.0.2.9 1080 stdin" },
  { LEAST LOGIN "<http-proxy-user-pass>\na\nb\n</http-proxy-user-pass>\n", "auth-user-pass" },
  { LEAST LOGIN "dhcp-option DNS 192.0.2.3\ndns server 1 address 2001:db8::3\n", "dhcp-option DNS 2001:db8::3" },
  { LEAST LOGIN "dns search-domains a.example b.example\n", "dhcp-option DOMAIN-SEARCH b.example" },
  { LEAST LOGIN "pull-filter ignore ifconfig-ipv6\n", "block-ipv6" },
  { LEAST LOGIN "comp-lzo\n", "comp-lzo yes" },
  { LEAST LOGIN "allow-compression asym\ncompress stub\n", "allow-compression asym" },
  { LEAST LOGIN "mssfix 1300 fixed\nfragment 1200 mtu\n", "fragment 1200 mtu" },
  { LEAST LOGIN "proto tcp\nexplicit-exit-notify 2\nconnect-retry 5 300\n", "connect-retry 5 300" },
  { LEAST LOGIN "remote-cert-ku a0 4\nremote-cert-eku \"a 'b'\"\nverify-x509-name \"#;\" name-prefix\n", "remote-cert-ku a0 4" },
  { LEAST LOGIN "data-ciphers AES-128-GCM:AES-256-CBC\ncipher AES-128-CBC\nauth sha512\n", "data-ciphers-fallback AES-128-CBC" },
  { LEAST LOGIN "<extra-certs>\n@CA@</extra-certs>\n<crl-verify>\n@REVOKED@</crl-verify>\n", "<crl-verify>" },
};

static void
test_lines (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditOpenvpnProfile) profile = NULL;
      g_autofree char *text = NULL, *line = g_strdup_printf ("\n%s\n", rows[i].line);

      g_test_message ("%s", rows[i].line);
      profile = read_text (rows[i].text);
      g_assert_nonnull (profile);
      text = check_again (profile);
      if (strstr (text, line) == NULL)
        g_error ("there is no \"%s\" in:\n%s", rows[i].line, text);
    }
}

/* Each value counts: no two rows' profiles are the same. */
static void
test_equal (void)
{
  g_autoptr (AditOpenvpnProfile) least = read_text (LEAST LOGIN);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize j = 0; j < i; j++)
      {
        g_autoptr (AditOpenvpnProfile) a = read_text (rows[i].text), b = read_text (rows[j].text);

        g_assert_false (adit_openvpn_profile_equal (a, b));
        g_assert_true (adit_openvpn_profile_equal (a, a));
      }
  g_assert_true (adit_openvpn_profile_equal (least, least));
}

/* Hooks, folders and comments of the file are not in what is kept. */
static void
test_clean (void)
{
  g_autoptr (AditOpenvpnProfile) profile = read_text (LEAST LOGIN "# remember-this\nup /bin/true\nscript-security 2\nlog /tmp/x\n"
                                                      "setenv X y\nuser nobody\nmanagement /run/x unix\n");
  g_autofree char *text = check_again (profile);
  static const char *const gone[] = { "remember", "/bin", "script", "/tmp", "setenv", "nobody", "management" };

  for (gsize i = 0; i < G_N_ELEMENTS (gone); i++)
    g_assert_null (strstr (text, gone[i]));
}

/* What could not be read again is not written: such profiles come from no file. */
static void
test_refused (void)
{
  static const char *const credentials[] = { "a\nup /x", " a", "a ", "</auth-user-pass>", "a\x7f", "\xff", LONG LONG LONG LONG };
  g_autoptr (AditOpenvpnProfile) short_enough = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (credentials); i++)
    {
      g_autoptr (AditOpenvpnProfile) profile = read_text (LEAST LOGIN);
      g_autoptr (GError) error = NULL;

      profile->username = adit_secret_new (credentials[i], strlen (credentials[i]));
      g_assert_null (adit_ovpn_write_file (profile, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
    }
  /* A host's name that fits into no line of OpenVPN's with what stands behind it. */
  g_assert_null (read_text (LEAST LOGIN "remote " LONG "." LONG "." LONG "." LONG "." LONG ".example\n"));
  short_enough = read_text (LEAST LOGIN "remote " LONG "." LONG "." LONG "." LONG ".example\n");
  g_assert_nonnull (short_enough);
  g_assert_null (read_text (LEAST "<auth-user-pass>\nsomebody \n</auth-user-pass>\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ovpn-write-file/services", test_services);
  g_test_add_func ("/ovpn-write-file/lines", test_lines);
  g_test_add_func ("/ovpn-write-file/equal", test_equal);
  g_test_add_func ("/ovpn-write-file/clean", test_clean);
  g_test_add_func ("/ovpn-write-file/refused", test_refused);
  return g_test_run ();
}
