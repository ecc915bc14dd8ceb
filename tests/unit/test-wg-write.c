/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-wg-write.c: the file that is kept of a WireGuard profile is read as that profile again, and has nothing else in it. */
#include "client/worker/wg-write.h"

#include <string.h>

#include "client/base/error.h"
#include "client/worker/wg-read.h"

#define KEY1 "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="    /* 32 times 1, and so on */
#define KEY2 "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
#define KEY3 "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM="
#define ME   "[Interface]\nPrivateKey = " KEY1 "\nAddress = 10.64.0.2/32\n"
#define PEER "\n[Peer]\nPublicKey = " KEY2 "\nAllowedIPs = 0.0.0.0/0\nEndpoint = 192.0.2.10:51820\n"

/* What a person has, and what is kept of it. */
static const struct { const char *text, *kept; } rows[] = {
  { ME PEER, ME PEER },
  { "[Interface]\r\n# mine\r\nPrivateKey=" KEY1 "\r\nAddress=10.64.0.2\r\nPostUp = iptables -A x\r\nPreDown = y\r\n"
    "Table = off\r\nSaveConfig = true\r\n[PEER]\r\nPUBLICKEY=" KEY2 "\r\nallowedips=0.0.0.0/0\r\n"
    "endpoint=192.0.2.10:51820 # here\r\n", ME PEER },
  { ME "Address = 2001:db8::2/64\nDNS = 10.64.0.1, a.example\nDNS = 2001:db8::1\nMTU = 1300\nFwMark = 7\nListenPort = 1\n" PEER,
    "[Interface]\nPrivateKey = " KEY1 "\nAddress = 10.64.0.2/32, 2001:db8::2/64\nDNS = 10.64.0.1, 2001:db8::1, a.example\n"
    "MTU = 1300\n" PEER },
  { ME "DNS = only.example\n" PEER, ME "DNS = only.example\n" PEER },
  { ME "[Peer]\nPublicKey = " KEY2 "\nPresharedKey = " KEY3 "\nAllowedIPs = 10.9.0.7/16, ::/0\nEndpoint = [2001:db8::9]:443\n"
    "PersistentKeepalive = 25\n[Peer]\nPublicKey = " KEY3 "\nAllowedIPs = 10.0.0.0/24\n",
    ME "\n[Peer]\nPublicKey = " KEY2 "\nPresharedKey = " KEY3 "\nAllowedIPs = 10.9.0.0/16, ::/0\nEndpoint = [2001:db8::9]:443\n"
    "PersistentKeepalive = 25\n" },
  { ME "[Peer]\nPublicKey = " KEY2 "\nAllowedIPs = 10.0.0.0/24\nEndpoint = VPN.example.org:51820\n" PEER,
    NULL },    /* two peers with one key */
  { ME "[Peer]\nPublicKey = " KEY3 "\nAllowedIPs = 10.0.0.0/24\nEndpoint = VPN.example.org:51820\n"
    "PersistentKeepalive = off\n" PEER,
    ME "\n[Peer]\nPublicKey = " KEY3 "\nAllowedIPs = 10.0.0.0/24\nEndpoint = vpn.example.org:51820\n" PEER },
};

static AditWireguardProfile *
read_text (const char *text)
{
  const AditImportFile file = { "sample.conf", (const guint8 *) text, strlen (text) };
  g_autoptr (AditImportReport) report = adit_import_report_new ();

  return adit_wg_read (&file, report);
}

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditWireguardProfile) profile = read_text (rows[i].text), again = NULL;
      g_autoptr (AditSecret) text = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true ((profile != NULL) == (rows[i].kept != NULL));
      if (profile == NULL)
        continue;
      text = adit_wg_write (profile, &error);
      g_assert_no_error (error);
      g_assert_cmpstr ((const char *) adit_secret_peek (text, NULL), ==, rows[i].kept);
      again = read_text ((const char *) adit_secret_peek (text, NULL));
      g_assert_nonnull (again);
      g_assert_true (adit_wireguard_profile_equal (profile, again));
    }
}

/* As many networks as there may be: shared by all peers, or one peer's. */
static void
check_most (guint n_peers)
{
  g_autoptr (GString) file = g_string_new (ME);
  g_autoptr (AditWireguardProfile) profile = NULL, again = NULL;
  g_autoptr (AditSecret) text = NULL;

  for (guint i = 0; i < n_peers; i++)
    {
      guint8 bytes[ADIT_WG_KEY_BYTES] = { 9, (guint8) i };
      g_autofree char *key = g_base64_encode (bytes, sizeof bytes);

      g_string_append_printf (file, "[Peer]\nPublicKey = %s\nEndpoint = 192.0.2.1:%u\n", key, i + 1);
      for (guint j = 0; j < ADIT_WIREGUARD_MAX_ALLOWED_IPS / n_peers; j++)
        g_string_append_printf (file, "AllowedIPs = 2001:db8:1111:1111:1111:1111:%x:1%03x/128\n", i + 0x1111, j);
    }
  profile = read_text (file->str);
  g_assert_nonnull (profile);
  text = adit_wg_write (profile, NULL);
  again = read_text ((const char *) adit_secret_peek (text, NULL));
  g_assert_nonnull (again);
  g_assert_true (adit_wireguard_profile_equal (profile, again));
}

static void
test_most (void)
{
  check_most (ADIT_WIREGUARD_MAX_PEERS);
  check_most (1);
}

/* Each value counts. */
static void
test_equal (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize j = 0; j < i; j++)
      {
        g_autoptr (AditWireguardProfile) a = read_text (rows[i].text), b = read_text (rows[j].text);

        if (a != NULL && b != NULL)
          g_assert_true (adit_wireguard_profile_equal (a, b) == (strcmp (rows[i].kept, rows[j].kept) == 0));
      }
}

static void
test_refused (void)
{
  g_autoptr (AditWireguardProfile) profile = read_text (ME PEER);
  g_autoptr (GError) error = NULL;

  g_strlcpy (profile->search[0], "a\nPostUp = x", sizeof profile->search[0]);
  profile->n_search = 1;
  g_assert_null (adit_wg_write (profile, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
  g_clear_error (&error);
  profile->n_search = 0;
  g_strlcpy (profile->peers[0].endpoint.name, "a b", sizeof profile->peers[0].endpoint.name);
  g_assert_null (adit_wg_write (profile, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wg-write/rows", test_rows);
  g_test_add_func ("/wg-write/most", test_most);
  g_test_add_func ("/wg-write/equal", test_equal);
  g_test_add_func ("/wg-write/refused", test_refused);
  return g_test_run ();
}
