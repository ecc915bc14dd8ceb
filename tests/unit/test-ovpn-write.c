/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ovpn-write.c: what openvpn is told, line by line, and what nobody can make us tell it. */
#include "client/worker/ovpn-write.h"

#include <string.h>

#include "client/base/error.h"
#include "client/worker/ovpn-read.h"
#include "tests/fuzz/ovpn-grammar.h"
#include "tests/unit/ovpn-sample.h"

#define LEAST "client\ndev tun\nremote 192.0.2.1\n<auth-user-pass>\nsomebody\nhidden-word\n</auth-user-pass>\n<ca>\n@CA@</ca>\n"

static AditOpenvpnProfile *
read_text (const char *text)
{
  const OvpnSample *sample = ovpn_sample_get ();
  g_autofree char *filled = ovpn_sample_fill (text);
  const AditImportFile file = { "sample.ovpn", (const guint8 *) filled, strlen (filled) };
  const AditImportFile others[] = { { "ca.crt", (const guint8 *) sample->ca, strlen (sample->ca) } };
  g_autoptr (AditImportReport) report = adit_import_report_new ();
  AditOpenvpnProfile *profile = adit_ovpn_read (&file, others, G_N_ELEMENTS (others), report);

  g_assert_nonnull (profile);
  return profile;
}

static AditOvpnLaunch
make_launch (const AditOpenvpnProfile *profile, guint n)
{
  AditOvpnLaunch launch = { .remote = n, .device = OVPN_GRAMMAR_DEVICE, .management_path = OVPN_GRAMMAR_SOCKET };

  launch.remote_address = profile->remotes[n].host.address;
  if (profile->remotes[n].host.name[0] != '\0')
    g_assert_true (adit_address_parse ("192.0.2.1", &launch.remote_address));
  if (profile->proxy != ADIT_OPENVPN_NO_PROXY)
    g_assert_true (adit_address_parse ("192.0.2.2", &launch.proxy_address));
  return launch;
}

static char *
write_text (const AditOpenvpnProfile *profile, const AditOvpnLaunch *launch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) text = adit_ovpn_write (profile, launch, &error);
  gsize length;
  const char *bytes;
  g_autofree char *fault = NULL;

  g_assert_no_error (error);
  bytes = (const char *) adit_secret_peek (text, &length);
  fault = ovpn_grammar_find_fault (bytes, length);
  g_assert_cmpstr (fault, ==, NULL);
  return g_strndup (bytes, length);
}

static void
assert_line (const char *text, const char *line)
{
  g_autofree char *between = g_strdup_printf ("\n%s\n", line);

  if (strstr (text, between) == NULL)
    g_error ("there is no \"%s\" in:\n%s", line, text);
}

static void
test_services (void)
{
  for (guint i = 0; i < n_ovpn_services; i++)
    {
      g_autoptr (AditOpenvpnProfile) profile = read_text (ovpn_services[i].text);

      for (guint n = 0; n < profile->n_remotes; n++)
        {
          AditOvpnLaunch launch = make_launch (profile, n);

          g_free (write_text (profile, &launch));
        }
    }
}

static void
test_lines (void)
{
  g_autoptr (AditOpenvpnProfile) profile = read_text (LEAST "<cert>\n@CERT@</cert>\n<key>\n@KEY@</key>\nfragment 1300\n"
                                                      "static-challenge \"What's that?\" 1\ntls-crypt [inline]\n"
                                                      "<tls-crypt>\n@STATIC@</tls-crypt>\nkey-direction 1\n"
                                                      "remote 2001:db8::1 443 udp\n");
  AditOvpnLaunch launch = make_launch (profile, 1);
  g_autofree char *text = NULL, *connected = NULL;
  const char *const always[] = {
    "dev adit0", "dev-type tun", "nobind", "ifconfig-noexec", "route-noexec", "script-security 0", "disable-dco", "auth-nocache",
    "auth-retry none", "pull-filter ignore \"\"", "management " OVPN_GRAMMAR_SOCKET " unix", "management-hold",
    "management-query-passwords", "allow-compression no", "tls-version-min 1.2", "remote 2001:db8::1 443 udp6", "fragment 1300",
    "static-challenge \"What's that?\" 1", "fast-io", "explicit-exit-notify 1",
    "data-ciphers AES-256-GCM:AES-128-GCM:CHACHA20-POLY1305",
    "rcvbuf 524288",
  };

  text = write_text (profile, &launch);
  for (gsize i = 0; i < G_N_ELEMENTS (always); i++)
    assert_line (text, always[i]);
  /* Keys are decoded and encoded again, and come out as they were. */
  g_assert_nonnull (strstr (text, ovpn_sample_get ()->cert));
  g_assert_nonnull (strstr (text, ovpn_sample_get ()->key));
  g_assert_nonnull (strstr (text, strstr (ovpn_sample_get ()->static_key, "-----BEGIN")));
  /* Credentials are asked for by the management socket; a direction is for tls-auth. */
  g_assert_null (strstr (text, "hidden-word"));
  g_assert_null (strstr (text, "somebody"));
  g_assert_null (strstr (text, "key-direction"));
  g_assert_null (strstr (text, "\nmanagement-client\n"));

  launch.management_connect = TRUE;
  connected = write_text (profile, &launch);
  assert_line (connected, "management-client");
}

static void
test_tcp (void)
{
  g_autoptr (AditOpenvpnProfile) profile = read_text (LEAST "proto tcp\nexplicit-exit-notify 2\nreplay-window 128 30\n");
  AditOvpnLaunch launch = make_launch (profile, 0);
  g_autofree char *text = write_text (profile, &launch);

  assert_line (text, "remote 192.0.2.1 1194 tcp4-client");
  assert_line (text, "replay-window 128 30");
  g_assert_null (strstr (text, "\nexplicit-exit-notify"));
  g_assert_null (strstr (text, "\nfast-io"));
  g_assert_null (strstr (text, "\nrcvbuf"));
}

/* What the file says of its buffers stands, be it that they are the system's. */
static void
test_buffers (void)
{
  static const char *const lines[] = { "rcvbuf 0", "rcvbuf 65536" };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *file = g_strconcat (LEAST, lines[i], "\n", NULL);
      g_autoptr (AditOpenvpnProfile) profile = read_text (file);
      AditOvpnLaunch launch = make_launch (profile, 0);
      g_autofree char *text = write_text (profile, &launch);

      assert_line (text, lines[i]);
      g_assert_null (strstr (text, "rcvbuf 524288"));
    }
}

static void
test_server_says (void)
{
  g_autoptr (AditOpenvpnProfile) plain = read_text (LEAST), compressed = read_text (LEAST "compress lz4\nblock-ipv6\n");
  AditOvpnLaunch launch = make_launch (plain, 0);
  g_autofree char *text = write_text (plain, &launch), *other = write_text (compressed, &launch);

  assert_line (text, "pull-filter accept \"ifconfig-ipv6 \"");
  g_assert_null (strstr (text, "accept \"compress\""));
  g_assert_null (strstr (text, "accept \"route "));
  g_assert_nonnull (strstr (other, "accept \"compress\"\n"));
  g_assert_null (strstr (other, "ifconfig-ipv6"));
  assert_line (other, "allow-compression asym");
}

static void
assert_refused (const AditOpenvpnProfile *profile, const AditOvpnLaunch *launch)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (adit_ovpn_write (profile, launch, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
}

static void
test_launch (void)
{
  static const char *const devices[] = { NULL, "", "tun 0", "tun\n", "a\"b", "../x", "a.b", "adit0123456789ab" };
  static const char *const paths[] = { NULL, "", "run/x", "/run/a b", "/run/a\nup /x", "/run/\"x\"", "/run/a\\b",
                                        "/run/\xc3\xa4" };
  g_autoptr (AditOpenvpnProfile) profile = read_text (LEAST), proxy = read_text (LEAST "proto tcp\nhttp-proxy 192.0.2.9 80\n");
  const AditOvpnLaunch good = make_launch (profile, 0);
  AditOvpnLaunch launch = good;

  for (gsize i = 0; i < G_N_ELEMENTS (devices); i++, launch = good)
    {
      launch.device = devices[i];
      assert_refused (profile, &launch);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++, launch = good)
    {
      launch.management_path = paths[i];
      assert_refused (profile, &launch);
    }
  launch.remote = 1;
  assert_refused (profile, &launch);
  launch = good;
  g_assert_true (adit_address_parse ("192.0.2.99", &launch.remote_address));    /* not the file's */
  assert_refused (profile, &launch);
  launch.remote_address = (AditAddress) { 0 };
  assert_refused (profile, &launch);
  launch = good;
  assert_refused (proxy, &launch);    /* without the proxy's address it would go straight */
  launch.proxy_address = launch.remote_address;
  assert_refused (profile, &launch);
}

/* A profile that no file makes, as a worker that was taken over would hand in. */
static void
test_profile (void)
{
  static const char *const texts[] = { "a\"\nup /x", "a\nb", "a\\", "\xff", "a\x7f", "\"", "\xc2\x85" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (AditOpenvpnProfile) profile = read_text (LEAST);
      AditOvpnLaunch launch = make_launch (profile, 0);

      g_strlcpy (profile->challenge, texts[i], sizeof profile->challenge);
      assert_refused (profile, &launch);
      memset (profile->challenge, 0, sizeof profile->challenge);
      g_strlcpy (profile->extended_usage, texts[i], sizeof profile->extended_usage);
      assert_refused (profile, &launch);
      memset (profile->extended_usage, 0, sizeof profile->extended_usage);
      g_strlcpy (profile->tls_ciphers, texts[i], sizeof profile->tls_ciphers);
      assert_refused (profile, &launch);
      memset (profile->tls_ciphers, 0, sizeof profile->tls_ciphers);
      profile->server_name_type = ADIT_OPENVPN_SUBJECT;
      g_strlcpy (profile->server_name, texts[i], sizeof profile->server_name);
      assert_refused (profile, &launch);
    }
  for (guint i = 0; i < ADIT_OPENVPN_N_NUMBERS; i++)
    {
      g_autoptr (AditOpenvpnProfile) profile = read_text (LEAST);
      AditOvpnLaunch launch = make_launch (profile, 0);

      profile->numbers_set = 1u << i;
      profile->numbers[i] = G_MAXUINT32;
      assert_refused (profile, &launch);
    }
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (AditOpenvpnProfile) profile = read_text (LEAST);
      AditOvpnLaunch launch = make_launch (profile, 0);
      guint8 *const fields[] = {
        &profile->ciphers[0], &profile->fallback_cipher, &profile->digest, &profile->wrap, &profile->compression,
        &profile->mssfix_mode, &profile->fragment_mode, &profile->proxy,
      };

      *fields[i] = 200;
      assert_refused (profile, &launch);
    }
  for (guint n = 1; n <= ADIT_OPENVPN_MAX_CIPHERS + 1; n++)
    {
      g_autoptr (AditOpenvpnProfile) profile = read_text (LEAST);
      AditOvpnLaunch launch = make_launch (profile, 0);

      /* The long names first: there is no room for nine of them; and behind each of them the first once more. */
      for (guint i = 0; i < ADIT_OPENVPN_MAX_CIPHERS; i++)
        profile->ciphers[i] = (guint8) (ADIT_OPENVPN_CAMELLIA_128_CBC - i);
      profile->n_ciphers = n;
      if (n >= ADIT_OPENVPN_MAX_CIPHERS)
        {
          assert_refused (profile, &launch);
          continue;
        }
      g_assert_true (adit_openvpn_profile_is_valid (profile, NULL));
      profile->ciphers[n - 1] = profile->ciphers[0];
      if (n > 1)
        assert_refused (profile, &launch);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ovpn-write/services", test_services);
  g_test_add_func ("/ovpn-write/lines", test_lines);
  g_test_add_func ("/ovpn-write/tcp", test_tcp);
  g_test_add_func ("/ovpn-write/buffers", test_buffers);
  g_test_add_func ("/ovpn-write/server-says", test_server_says);
  g_test_add_func ("/ovpn-write/P03/launch", test_launch);
  g_test_add_func ("/ovpn-write/P03/profile", test_profile);
  return g_test_run ();
}
