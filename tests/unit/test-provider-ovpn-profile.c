/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-provider-ovpn-profile.c: what openvpn is told to reach one of OVPN's servers, written by what writes all of its files. */
#include "client/provider/provider.h"

#include <string.h>

#include "client/worker/ovpn-read.h"
#include "client/worker/ovpn-write-file.h"
#include "client/worker/ovpn-write.h"
#include "tests/fuzz/ovpn-grammar.h"

static const char *const lines[] = {
  "data-ciphers CHACHA20-POLY1305:AES-256-GCM:AES-256-CBC:AES-128-GCM", "data-ciphers-fallback CHACHA20-POLY1305",
  "tls-version-min 1.2", "allow-compression asym", "remote-cert-tls server", "auth-user-pass", "reneg-sec 0",
  "replay-window 256", "key-direction 1", "<ca>", "<tls-auth>", "81782767e4d59c4464cc5d1896f1cf60",
  "bedd044e48a0f1f96527bfdcc940aa09", "MIIEfTCCA2WgAwIBAgIJAK2aIWqpLj1/MA0GCSqGSIb3DQEBBQUAMIGFMQswCQYD",
};

static AditTunnelSpec
make_spec (AditTransport transport, guint16 port)
{
  AditTunnelSpec spec = { .kind = ADIT_TUNNEL_OPENVPN, .transport = transport, .peer.port = port, .n_dns = 2 };

  adit_address_parse ("192.0.2.10", &spec.peer.address);
  adit_address_parse ("46.227.67.134", &spec.dns[0]);
  adit_address_parse ("2001:67c:750:1:cafe:cd45::1", &spec.dns[1]);
  return spec;
}

static void
assert_line (AditSecret *text, const char *line)
{
  g_autofree char *between = g_strdup_printf ("\n%s\n", line);
  const char *bytes = (const char *) adit_secret_peek (text, NULL);

  if (strstr (bytes, between) == NULL)
    g_error ("there is no \"%s\" in:\n%s", line, bytes);
}

/* Both writers, the rules of what openvpn may be told, and our own reader, which makes the same of it. */
static void
check_profile (const AditOpenvpnProfile *profile, const AditTunnelSpec *spec, const char *remote, const char *launched)
{
  AditOvpnLaunch launch = { .device = OVPN_GRAMMAR_DEVICE, .management_path = OVPN_GRAMMAR_SOCKET,
                            .remote_address = spec->peer.address };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) file = adit_ovpn_write_file (profile, &error), told = NULL;
  g_autoptr (AditImportReport) report = adit_import_report_new ();
  g_autoptr (AditOpenvpnProfile) again = NULL;
  g_autofree char *fault = NULL;
  AditImportFile import = { .name = "ovpn.ovpn" };

  g_assert_no_error (error);
  told = adit_ovpn_write (profile, &launch, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      assert_line (file, lines[i]);
      assert_line (told, lines[i]);
    }
  assert_line (file, remote);
  assert_line (file, "dhcp-option DNS 46.227.67.134");
  assert_line (told, launched);
  g_assert_true ((strstr ((const char *) adit_secret_peek (told, NULL), "\nexplicit-exit-notify 2\n") != NULL) ==
                 (spec->transport == ADIT_TRANSPORT_UDP));
  fault = ovpn_grammar_find_fault ((const char *) adit_secret_peek (told, NULL), adit_secret_get_size (told));
  g_assert_cmpstr (fault, ==, NULL);
  import.bytes = adit_secret_peek (file, &import.length);
  again = adit_ovpn_read (&import, NULL, 0, report);
  g_assert_nonnull (again);
  g_assert_true (adit_openvpn_profile_equal (profile, again));
}

static void
test_transports (void)
{
  static const struct { AditTransport transport; guint16 port; const char *remote, *launched; } rows[] = {
    { ADIT_TRANSPORT_UDP, 1194, "remote 192.0.2.10 1194 udp", "remote 192.0.2.10 1194 udp4" },
    { ADIT_TRANSPORT_UDP, 1195, "remote 192.0.2.10 1195 udp", "remote 192.0.2.10 1195 udp4" },
    { ADIT_TRANSPORT_UDP, 20039, "remote 192.0.2.10 20039 udp", "remote 192.0.2.10 20039 udp4" },    /* out by another one */
    { ADIT_TRANSPORT_TCP, 443, "remote 192.0.2.10 443 tcp-client", "remote 192.0.2.10 443 tcp4-client" },
    { ADIT_TRANSPORT_TCP, 20039, NULL, NULL }, { ADIT_TRANSPORT_UDP, 0, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditTunnelSpec spec = make_spec (rows[i].transport, rows[i].port);
      g_autoptr (AditOpenvpnProfile) profile = adit_provider_ovpn.make_profile (&spec);

      g_assert_true ((profile != NULL) == (rows[i].remote != NULL));
      if (profile == NULL)
        continue;
      g_assert_cmpuint (profile->n_remotes, ==, 1);
      g_assert_true (profile->credentials_needed);
      g_assert_null (profile->username);
      g_assert_null (profile->password);
      check_profile (profile, &spec, rows[i].remote, rows[i].launched);
    }
}

static void
test_other_kind (void)
{
  AditTunnelSpec spec = make_spec (ADIT_TRANSPORT_UDP, 9929);

  spec.kind = ADIT_TUNNEL_WIREGUARD;
  g_assert_null (adit_provider_ovpn.make_profile (&spec));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider-ovpn-profile/transports", test_transports);
  g_test_add_func ("/provider-ovpn-profile/other-kind", test_other_kind);
  return g_test_run ();
}
