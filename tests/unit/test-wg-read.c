/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-wg-read.c: WireGuard files as services hand them out, and as attackers would (row P05). */
#include "client/worker/wg-read.h"

#include <string.h>

#include "tests/unit/wg-sample.h"

#define ME   WG_SAMPLE_ME
#define PEER WG_SAMPLE_PEER
#define PEER_LINES 3    /* in front of it */

static AditWireguardProfile *
read_text (const char *text, AditImportReport **report)
{
  g_autofree char *filled = wg_sample_fill (text);
  gsize length = strlen (filled);
  g_autofree guint8 *copy = g_memdup2 (filled, length);    /* so that a read beyond it is seen */
  const AditImportFile file = { "sample.conf", copy, length };
  AditWireguardProfile *profile;

  *report = adit_import_report_new ();
  profile = adit_wg_read (&file, *report);
  for (guint i = 0; i < (*report)->notes->len; i++)
    {
      const AditImportNote *note = &g_array_index ((*report)->notes, AditImportNote, i);

      g_test_message ("line %u, %s: %s%s: %s", note->line, note->option, note->fatal ? "fatal, " : "",
                      adit_import_reason_get_name (note->reason), note->sentence);
      for (guint j = 0; j < 8 && strlen (note->option) > 4; j++)
        g_assert_null (strstr (wg_sample_get_key (j), note->option));
    }
  g_assert_true ((profile == NULL) == (*report)->failed);
  return profile;
}

static const AditImportNote *
find_note (const AditImportReport *report, gboolean fatal)
{
  for (guint i = 0; i < report->notes->len; i++)
    if (g_array_index (report->notes, AditImportNote, i).fatal == fatal)
      return &g_array_index (report->notes, AditImportNote, i);
  return NULL;
}

static const WgService *
find_service (const char *name)
{
  guint i = 0;

  while (!g_str_equal (wg_services[i].name, name))
    i++;
  return &wg_services[i];
}

static void
test_service (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (AditImportReport) report = NULL;
  g_autoptr (AditWireguardProfile) profile = read_text (wg_services[i].text, &report);
  g_autoptr (GString) notes = g_string_new (NULL);

  g_assert_nonnull (profile);
  for (guint n = 0; n < report->notes->len; n++)
    {
      const char *option = g_array_index (report->notes, AditImportNote, n).option;

      g_string_append_printf (notes, "%s%s", n > 0 ? " " : "", option[0] != '\0' ? option : "-");
    }
  g_assert_cmpstr (notes->str, ==, wg_services[i].notes);
  g_assert_cmpuint (profile->n_peers, ==, wg_services[i].n_peers);
}

static void
test_values (void)
{
  g_autoptr (AditImportReport) report = NULL, other_report = NULL, one_report = NULL;
  g_autoptr (AditWireguardProfile) profile = read_text (find_service ("office")->text, &report);
  g_autoptr (AditWireguardProfile) windows = read_text (find_service ("windows")->text, &other_report);
  g_autoptr (AditWireguardProfile) one = read_text (find_service ("one-network")->text, &one_report);
  g_autofree char *network = adit_prefix_dup_text (&profile->peers[1].allowed_ips[1]);
  g_autofree char *host = adit_host_dup_text (&profile->peers[1].endpoint);
  g_autofree char *key = g_base64_encode (adit_secret_peek (profile->private_key, NULL), 32);

  g_assert_cmpstr (key, ==, wg_sample_get_key (0));
  g_assert_cmpstr (network, ==, "10.9.0.0/16");    /* without the host's bits */
  g_assert_cmpstr (host, ==, "2001:db8::1");
  g_assert_cmpuint (profile->peers[1].endpoint.port, ==, 51821);
  g_assert_cmpuint (profile->peers[1].keepalive_s, ==, 0);
  g_assert_cmpuint (profile->n_addresses, ==, 2);
  g_assert_cmpstr (windows->peers[0].endpoint.name, ==, "vpn.example.org");
  g_assert_cmpstr (windows->search[0], ==, "office.example.org");
  g_assert_cmpuint (windows->n_dns, ==, 1);
  g_assert_cmpint (find_note (one_report, FALSE)->reason, ==, ADIT_IMPORT_OWN);
}

/* What wg-quick would run as root, or write, is left out and named. */
static void
test_p05_hooks (void)
{
  static const struct { const char *line, *option; AditImportReason reason; } rows[] = {
    { "PreUp = /bin/sh -c id", "PreUp", ADIT_IMPORT_HOOK }, { "PostUp = id; id", "PostUp", ADIT_IMPORT_HOOK },
    { "PreDown = $(id)", "PreDown", ADIT_IMPORT_HOOK }, { "PostDown = `id`", "PostDown", ADIT_IMPORT_HOOK },
    { "postup=id", "PostUp", ADIT_IMPORT_HOOK }, { " POSTUP = id", "PostUp", ADIT_IMPORT_HOOK },
    { "SaveConfig = true", "SaveConfig", ADIT_IMPORT_FILE }, { "Table = 255", "Table", ADIT_IMPORT_OWN },
    { "FwMark = 0x41444954", "FwMark", ADIT_IMPORT_OWN }, { "ListenPort = 53", "ListenPort", ADIT_IMPORT_OWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf (ME "%s\n" PEER, rows[i].line);
      g_autoptr (AditImportReport) report = NULL;
      g_autoptr (AditWireguardProfile) profile = read_text (text, &report);
      const AditImportNote *note = find_note (report, FALSE);

      g_assert_nonnull (profile);
      g_assert_nonnull (note);
      g_assert_cmpuint (note->line, ==, PEER_LINES + 1);
      g_assert_cmpstr (note->option, ==, rows[i].option);
      g_assert_cmpint (note->reason, ==, rows[i].reason);
    }
}

/* Everything that is refused, and in which line (0: anywhere). */
static const struct { const char *name, *text; guint line; } hostile[] = {
  { "empty", "", 0 }, { "no-interface", PEER, 0 }, { "no-peer", ME, 0 }, { "two-interfaces", ME ME PEER, 4 },
  { "no-section", "PrivateKey = @KEY1@\n" ME PEER, 1 }, { "other-section", ME "[Peers]\n" PEER, 4 },
  { "section-with-more", ME "[Peer] x\n" PEER, 4 }, { "section-open", ME "[Peer\n" PEER, 4 },
  { "unknown-key", ME "Jc = 4\n" PEER, 4 }, { "no-equals", ME "PostUp id\n" PEER, 4 }, { "nothing-behind", ME "MTU =\n" PEER, 4 },
  { "semicolon-comment", ME "; x\n" PEER, 4 }, { "key-with-blank", ME "Post Up = id\n" PEER, 4 },
  { "hook-in-peer", ME PEER "PostUp = id\n", 8 }, { "endpoint-in-interface", ME "Endpoint = 192.0.2.1:1\n" PEER, 4 },
  { "return-in-value", ME "DNS = 10.0.0.1\rPostUp = id\n" PEER, 4 }, { "zero-byte-like", ME "DNS = 10.0.0.1\001\n" PEER, 4 },
  { "form-feed", ME "DNS = 10.0.0.1\f\n" PEER, 4 }, { "mark-inside", ME "\xef\xbb\xbf" "DNS = 10.0.0.1\n" PEER, 4 },
  { "key-twice", ME "PrivateKey = @KEY3@\n" PEER, 4 }, { "mtu-twice", ME "MTU = 1400\nMTU = 1400\n" PEER, 5 },
  { "key-short", "[Interface]\nPrivateKey = AAAA\nAddress = 10.0.0.2\n" PEER, 2 },
  { "key-zero", "[Interface]\nPrivateKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAddress = 10.0.0.2\n" PEER, 2 },
  { "key-not-canonical", "[Interface]\nPrivateKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\nAddress = 10.0.0.2\n" PEER, 2 },
  { "key-with-blank-inside", "[Interface]\nPrivateKey = AAAAAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAA=\n"
    "Address = 10.0.0.2\n" PEER, 2 },
  { "key-alone", "@KEY1@\n" ME PEER, 1 },
  { "no-address", "[Interface]\nPrivateKey = @KEY1@\n" PEER, 0 }, { "address-loopback", ME "Address = 127.0.0.1/8\n" PEER, 4 },
  { "address-zero", ME "Address = 0.0.0.0\n" PEER, 4 }, { "address-name", ME "Address = a.example\n" PEER, 4 },
  { "address-trailing-comma", ME "Address = 10.0.0.3,\n" PEER, 4 }, { "address-prefix", ME "Address = 10.0.0.3/33\n" PEER, 4 },
  { "dns-loopback", ME "DNS = 127.0.0.53\n" PEER, 4 }, { "dns-mapped", ME "DNS = ::ffff:127.0.0.1\n" PEER, 4 },
  { "dns-shell", ME "DNS = $(id)\n" PEER, 4 }, { "dns-option", ME "DNS = 10.0.0.1, -x\n" PEER, 4 },
  { "dns-zone", ME "DNS = fe80::1%eth0\n" PEER, 4 },
  { "mtu-zero", ME "MTU = 0\n" PEER, 4 }, { "mtu-word", ME "MTU = auto\n" PEER, 4 }, { "mtu-hex", ME "MTU = 0x500\n" PEER, 4 },
  { "mtu-huge", ME "MTU = 99999999999999999999\n" PEER, 4 }, { "mtu-negative", ME "MTU = -1\n" PEER, 4 },
  { "allowed-none", ME "[Peer]\nPublicKey = @KEY2@\nEndpoint = 192.0.2.10:1\n", 4 },
  { "allowed-33", ME PEER "AllowedIPs = 10.0.0.0/33\n", 8 }, { "allowed-129", ME PEER "AllowedIPs = ::/129\n", 8 },
  { "allowed-negative", ME PEER "AllowedIPs = 10.0.0.0/-1\n", 8 },
  { "allowed-leading-zero", ME PEER "AllowedIPs = 10.0.0.0/08\n", 8 },
  { "allowed-mask", ME PEER "AllowedIPs = 10.0.0.0/255.0.0.0\n", 8 }, { "allowed-word", ME PEER "AllowedIPs = all\n", 8 },
  { "allowed-host-bits-of-zero", ME PEER "AllowedIPs = 1.2.3.4/0\n", 8 },
  { "allowed-zone", ME PEER "AllowedIPs = fe80::1%lo/64\n", 8 },
  { "allowed-plus", ME PEER "AllowedIPs = +10.0.0.0/8\n", 8 },
  { "allowed-two-slashes", ME PEER "AllowedIPs = 10.0.0.0/8/8\n", 8 },
  { "allowed-blank", ME PEER "AllowedIPs = 10.0.0.0 /8\n", 8 },
  { "allowed-empty-item", ME PEER "AllowedIPs = 10.0.0.0/8,,::/0\n", 8 },
  { "endpoint-none", ME "[Peer]\nPublicKey = @KEY2@\nAllowedIPs = 0.0.0.0/0\n", 0 },
  { "endpoint-loopback", ME "[Peer]\nEndpoint = 127.0.0.1:51820\n", 5 },
  { "endpoint-mapped", ME "[Peer]\nEndpoint = [::ffff:7f00:1]:1\n", 5 },
  { "endpoint-local", ME "[Peer]\nEndpoint = localhost:1\n", 5 }, { "endpoint-port-0", ME "[Peer]\nEndpoint = 192.0.2.1:0\n", 5 },
  { "endpoint-port-large", ME "[Peer]\nEndpoint = 192.0.2.1:65536\n", 5 },
  { "endpoint-no-port", ME "[Peer]\nEndpoint = 192.0.2.1\n", 5 },
  { "endpoint-bare-ipv6", ME "[Peer]\nEndpoint = 2001:db8::1:51820\n", 5 },
  { "endpoint-bracket", ME "[Peer]\nEndpoint = [192.0.2.1]:1\n", 5 },
  { "endpoint-shell", ME "[Peer]\nEndpoint = $(id):1\n", 5 }, { "endpoint-short", ME "[Peer]\nEndpoint = 127.1:1\n", 5 },
  { "endpoint-colon", ME "[Peer]\nEndpoint = :1\n", 5 }, { "endpoint-open", ME "[Peer]\nEndpoint = [:1\n", 5 },
  { "endpoint-empty", ME "[Peer]\nEndpoint = []:1\n", 5 },
  { "keepalive-large", ME PEER "PersistentKeepalive = 65536\n", 8 },
  { "keepalive-word", ME PEER "PersistentKeepalive = on\n", 8 },
  { "same-peer", ME PEER PEER, 8 },
  { "same-network", ME PEER "[Peer]\nPublicKey = @KEY3@\nAllowedIPs = 0.0.0.0/0\nEndpoint = 192.0.2.11:1\n", 8 },
};

static void
test_p05 (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (AditImportReport) report = NULL;
  g_autoptr (AditWireguardProfile) profile = read_text (hostile[i].text, &report);

  g_assert_null (profile);
  g_assert_nonnull (find_note (report, TRUE));
  g_assert_cmpuint (find_note (report, TRUE)->line, ==, hostile[i].line);
}

static void
test_p05_many (void)
{
  for (guint n = ADIT_WIREGUARD_MAX_ALLOWED_IPS - 2; n <= ADIT_WIREGUARD_MAX_ALLOWED_IPS + 1; n++)
    {
      GString *text = g_string_new (ME PEER);
      g_autoptr (AditImportReport) report = NULL;
      g_autoptr (AditWireguardProfile) profile = NULL;

      for (guint i = 2; i < n; i++)
        g_string_append_printf (text, "AllowedIPs = 10.%u.%u.0/24\n", i / 256, i % 256);
      profile = read_text (text->str, &report);
      g_assert_true ((profile != NULL) == (n <= ADIT_WIREGUARD_MAX_ALLOWED_IPS));
      g_string_free (text, TRUE);
    }
}

/* Peers are counted, and their networks together; what is too much is said with its line and the number. */
static void
test_p05_many_peers (void)
{
  for (guint n_networks = 31; n_networks <= 33; n_networks++)
    for (guint n = ADIT_WIREGUARD_MAX_PEERS; n <= ADIT_WIREGUARD_MAX_PEERS + 1; n++)
      {
        gboolean fits = n <= ADIT_WIREGUARD_MAX_PEERS && n * n_networks <= ADIT_WIREGUARD_MAX_ALLOWED_IPS;
        g_autoptr (GString) text = g_string_new (ME);
        g_autoptr (AditImportReport) report = NULL;
        g_autoptr (AditWireguardProfile) profile = NULL;

        for (guint i = 0; i < n; i++)
          {
            guint8 bytes[32] = { 1, (guint8) i };
            g_autofree char *key = g_base64_encode (bytes, sizeof bytes);

            g_string_append_printf (text, "[Peer]\nPublicKey = %s\nEndpoint = 192.0.2.1:%u\n", key, i + 1);
            for (guint j = 0; j < n_networks; j++)
              g_string_append_printf (text, "AllowedIPs = 10.%u.%u.0/24\n", i, j);
          }
        profile = read_text (text->str, &report);
        g_assert_true ((profile != NULL) == fits);
        if (!fits)
          g_assert_nonnull (strstr (find_note (report, TRUE)->sentence, n_networks == 33 ? "256" : "eight"));
      }
}

/* A peer that is left out leaves room for others. */
static void
test_left_out (void)
{
  g_autoptr (GString) text = g_string_new (ME "[Peer]\nPublicKey = @KEY3@\n");
  g_autoptr (AditImportReport) report = NULL;
  g_autoptr (AditWireguardProfile) profile = NULL;

  for (guint i = 0; i < ADIT_WIREGUARD_MAX_ALLOWED_IPS; i++)
    g_string_append_printf (text, "AllowedIPs = 10.0.%u.0/24\n", i);
  g_string_append (text, PEER);
  profile = read_text (text->str, &report);
  g_assert_nonnull (profile);
  g_assert_cmpuint (profile->n_peers, ==, 1);
  g_assert_cmpuint (profile->peers[0].n_allowed_ips, ==, 2);
}

/* Two halves are all. */
static void
test_whole (void)
{
  static const struct { const char *networks; gboolean whole; } rows[] = {
    { "0.0.0.0/0", TRUE }, { "::/0", TRUE }, { "0.0.0.0/1, 128.0.0.0/1", TRUE }, { "::/1, 8000::/1", TRUE },
    { "0.0.0.0/1", FALSE }, { "0.0.0.0/1, 8000::/1", FALSE }, { "0.0.0.0/1, 128.0.0.0/2, 192.0.0.0/2", FALSE },
    { "10.0.0.0/8", FALSE },
    { "0.0.0.0/1\nEndpoint = 192.0.2.1:1\n[Peer]\nPublicKey = @KEY3@\nAllowedIPs = 128.0.0.0/1", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf (ME "DNS = 10.64.0.1\n[Peer]\nPublicKey = @KEY2@\nAllowedIPs = %s\n"
                                               "Endpoint = 192.0.2.10:1\n",
                                               rows[i].networks);
      g_autoptr (AditImportReport) report = NULL;
      g_autoptr (AditWireguardProfile) profile = read_text (text, &report);

      g_assert_nonnull (profile);
      g_assert_true (adit_wireguard_profile_is_whole (profile) == rows[i].whole);
      g_assert_true ((find_note (report, FALSE) == NULL) == rows[i].whole);
    }
}

/* Whether somebody is told that names will not be found. */
static void
test_resolver (void)
{
  g_autoptr (AditImportReport) without = NULL, with = NULL;
  g_autoptr (AditWireguardProfile) nobody = read_text (ME PEER, &without);
  g_autoptr (AditWireguardProfile) domain = read_text (ME "DNS = 10.64.0.1, home.example, work.example\n" PEER, &with);
  static const struct { const char *dns, *networks; guint n_notes; } rows[] = {
    { "DNS = 10.8.0.1\n", "10.8.0.0/24", 1 }, { "DNS = 192.0.2.53\n", "10.8.0.0/24", 2 },
    { "DNS = 192.0.2.53, 10.8.0.1\n", "10.8.0.0/24", 1 }, { "DNS = 192.0.2.53\n", "0.0.0.0/0", 0 }, { "", "10.8.0.0/24", 2 },
    { "DNS = a.example\n", "10.8.0.0/24", 3 }, { "DNS = fd00::1\n", "10.8.0.0/24", 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf (ME "%s[Peer]\nPublicKey = @KEY2@\nAllowedIPs = %s\nEndpoint = 192.0.2.10:1\n",
                                               rows[i].dns, rows[i].networks);
      g_autoptr (AditImportReport) report = NULL;
      g_autoptr (AditWireguardProfile) profile = read_text (text, &report);

      g_assert_nonnull (profile);
      g_assert_cmpuint (report->notes->len, ==, rows[i].n_notes);
    }
  g_assert_cmpuint (nobody->n_dns, ==, 0);
  g_assert_nonnull (strstr (find_note (without, FALSE)->sentence, "resolvers of your own"));
  /* Once, for however many. */
  g_assert_cmpuint (domain->n_search, ==, 2);
  g_assert_cmpuint (with->notes->len, ==, 1);
}

static void
test_cut (void)
{
  g_autofree char *text = wg_sample_fill (find_service ("office")->text);

  for (gsize length = 0; length < strlen (text); length++)
    {
      g_autofree guint8 *copy = g_memdup2 (text, length);
      const AditImportFile file = { "sample.conf", copy, length };
      g_autoptr (AditImportReport) report = adit_import_report_new ();
      g_autoptr (AditWireguardProfile) profile = adit_wg_read (&file, report);

      g_assert_true ((profile == NULL) == report->failed);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < n_wg_services; i++)
    {
      g_autofree char *path = g_strconcat ("/wg-read/service/", wg_services[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER ((guint) i), test_service);
    }
  g_test_add_func ("/wg-read/values", test_values);
  g_test_add_func ("/wg-read/P05/hooks", test_p05_hooks);
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *path = g_strconcat ("/wg-read/P05/", hostile[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER ((guint) i), test_p05);
    }
  g_test_add_func ("/wg-read/P05/many", test_p05_many);
  g_test_add_func ("/wg-read/P05/many-peers", test_p05_many_peers);
  g_test_add_func ("/wg-read/left-out", test_left_out);
  g_test_add_func ("/wg-read/whole", test_whole);
  g_test_add_func ("/wg-read/resolver", test_resolver);
  g_test_add_func ("/wg-read/cut", test_cut);
  return g_test_run ();
}
