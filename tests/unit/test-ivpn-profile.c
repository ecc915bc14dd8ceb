/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ivpn-profile.c: the profile of a tunnel that was drawn is one that openvpn may be told, that is kept as a file, and that
 * our own reader reads as the same again. */
#include "client/provider/provider.h"

#include <string.h>

#include "client/worker/ovpn-read.h"
#include "client/worker/ovpn-write-file.h"
#include "client/worker/ovpn-write.h"
#include "tests/fuzz/ovpn-grammar.h"

static AditOpenvpnProfile *
make (AditTransport transport, guint16 port, const char *dns)
{
  AditTunnelSpec spec = { .kind = ADIT_TUNNEL_OPENVPN, .transport = transport, .peer.port = port, .n_dns = 1 };
  AditOpenvpnProfile *profile;
  g_autoptr (GError) error = NULL;

  g_assert_true (adit_address_parse ("192.0.2.20", &spec.peer.address));
  g_assert_true (adit_address_parse (dns, &spec.dns[0]));
  profile = adit_provider_find ("ivpn")->make_profile (&spec);
  g_assert_true (adit_openvpn_profile_is_valid (profile, &error));
  g_assert_no_error (error);
  return profile;
}

static char *
write_launch (const AditOpenvpnProfile *profile)
{
  AditOvpnLaunch launch = { .remote_address = profile->remotes[0].host.address, .device = OVPN_GRAMMAR_DEVICE,
                            .management_path = OVPN_GRAMMAR_SOCKET };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) text = adit_ovpn_write (profile, &launch, &error);
  g_autofree char *fault = NULL;
  const char *bytes;
  gsize length;

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
test_lines (void)
{
  static const char *const lines[] = {
    "remote-cert-tls server", "data-ciphers AES-256-GCM:AES-256-CBC", "data-ciphers-fallback AES-256-CBC", "compress stub",
    "allow-compression asym", "key-direction 1", "<tls-auth>", "ping 8", "ping-restart 30", "hand-window 6", "connect-retry 2 6",
    "auth-user-pass", "tls-version-min 1.2", "ac470c93ff9f5602a8aab37dee84a528", "ffe737b98916dd15ef6235dee4266d3b",
  };
  g_autoptr (AditOpenvpnProfile) udp = make (ADIT_TRANSPORT_UDP, 2049, "172.16.0.1");
  g_autoptr (AditOpenvpnProfile) tcp = make (ADIT_TRANSPORT_TCP, 443, "172.16.0.1");
  g_autofree char *udp_text = write_launch (udp), *tcp_text = write_launch (tcp);

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      assert_line (udp_text, lines[i]);
      assert_line (tcp_text, lines[i]);
    }
  assert_line (udp_text, "remote 192.0.2.20 2049 udp4");
  assert_line (tcp_text, "remote 192.0.2.20 443 tcp4-client");
  g_assert_null (strstr (udp_text, "ifconfig-ipv6"));    /* it is not even taken from the server */
  g_assert_null (udp->username);
}

static void
test_file (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (AditOpenvpnProfile) profile = make (i == 0 ? ADIT_TRANSPORT_UDP : ADIT_TRANSPORT_TCP, 2049, "10.0.254.4");
      g_autoptr (AditOpenvpnProfile) again = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (AditSecret) text = adit_ovpn_write_file (profile, &error);
      g_autoptr (AditImportReport) report = adit_import_report_new ();
      AditImportFile file = { .name = "ivpn.ovpn" };
      gsize length;

      g_assert_no_error (error);
      file.bytes = adit_secret_peek (text, &length);
      file.length = length;
      again = adit_ovpn_read (&file, NULL, 0, report);
      g_assert_nonnull (again);
      g_assert_true (adit_openvpn_profile_equal (profile, again));
    }
}

/* The service's servers name their own resolver; one that leaves something out goes before it. */
static void
test_dns (void)
{
  g_autoptr (AditOpenvpnProfile) plain = make (ADIT_TRANSPORT_UDP, 2049, "172.16.0.1");
  g_autoptr (AditOpenvpnProfile) blocking = make (ADIT_TRANSPORT_UDP, 2049, "10.0.254.4");
  g_autofree char *text = adit_address_dup_text (&blocking->dns[0]);

  g_assert_cmpuint (plain->n_dns, ==, 0);
  g_assert_cmpuint (blocking->n_dns, ==, 1);
  g_assert_cmpstr (text, ==, "10.0.254.4");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ivpn-profile/lines", test_lines);
  g_test_add_func ("/ivpn-profile/file", test_file);
  g_test_add_func ("/ivpn-profile/dns", test_dns);
  return g_test_run ();
}
