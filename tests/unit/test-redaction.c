/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-redaction.c: what has to go, what has to stay, and that a second time changes nothing. */
#include "client/report/redaction.h"

#include <string.h>

static const char *const hosts[] = { "tuxedo.example.org", "localhost", NULL };
static const char *const users[] = { "alice", "root", "Blue", "Blue Phone", "Blue Phone Two", NULL };
static const char *const homes[] = { "/srv/people/alice", "/", NULL };
static const char *const networks[] = { "Café am Eck", "ab", NULL };
static const AditRedactionWords words = { hosts, users, homes, networks };

/* Every one as it is to come out. */
static const struct { const char *text, *redacted; } gone[] = {
  /* accounts */
  { "account 1234567890123456 x", "account [account number] x" }, { "1234 5678 9012 3456", "[account number]" },
  { "1234-5678-9012-3456", "[account number]" }, { "1234  5678\t9012 3456", "[account number]" },
  { "1234\xc2\xa0" "5678\xe2\x80\xaf" "9012\xe2\x80\x91" "3456", "[account number]" },
  { "12345678 90123456.", "[account number]." },
  { "1234%205678%209012%203456", "[account number]" }, { "n1234567890123456n", "n[account number]n" },
  { "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6", "[account number]" }, { "1234567890", "[account number]" },
  { "/v1/accounts/1234567890123456/devices", "/v1/accounts/[account number]/devices" },
  { "i-ABCD-EFGH-IJKL", "[account number]" }, { "I-abcd-1234-ijkl,", "[account number]," },
  { "i ABCD EFGH IJKL", "[account number]" },
  /* A word before it is no reason to leave its end. */
  { "We paid 1234 5678 9012 3456 then 1234-5678-9012-3456.", "We [account number] [account number]." },
  { "%3Di-ABCD-EFGH-IJKL", "%3D[account number]" }, { "ivpnABCDEFGH", "[account number]" },
  { "IVPNabcd123!", "[account number]!" },
  { "ABCD-EFGH-1234-IJKL", "[account number]" },
  { "username=bob&password=s3cret", "username=[token]&password=[token]" },
  { "{\"account\":\"bob\"}", "{\"account\":\"[token]\"}" },
  { "0x1111111111111111111111111111111111111111", "[token]" },
  { "1234\n5678\r\n9012\n3456", "[account number]" }, { "1234 5678\n9012 3456", "[account number]" },
  { "1234:5678:9012:3456", "[account number]" }, { "1234, 5678, 9012, 3456", "[account number]" },
  { "1234|5678|9012|3456", "[account number]" }, { "1234 -  - 5678 9012 3456", "[account number]" },
  { "1234.5678.9012.3456", "[account number]" }, { "12-34-56-78-90-12-34-56", "[account number]" },
  { "session.c:3919\n0325.4142.7321.9255 x", "session.c:[account number] x" },
  { "１２３４５６７８９０１２３４５６", "[account number]" }, { "١٢٣٤ ٥٦٧٨ ٩٠١٢ ٣٤٥٦", "[account number]" },
  { "۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵۶", "[account number]" }, { "１９２．０．２．７７", "[address]" },
  { "iABCDEFGHJKMN", "[account number]" }, { "iABCD-EFGH-JKMN", "[account number]" }, { "i-ABCDEFGHJKMN.", "[account number]." },
  { "iabcd1efghjkm", "[account number]" }, { "IABCD1EFGHJKM", "[account number]" },
  /* keys and tokens */
  { "PublicKey = kZb0f4mC2rQv3m0b8i2n5t8Jx1y7p3q9w6e5r4t3y2U=", "PublicKey = [key]" },
  { "peer(kZb0/4mC2rQv+m0b8i2n5t8Jx1y7p3q9w6e5r4t3y2U=)", "peer([key])" },
  { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=", "[key]" },
  { "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nnext", "[key]\nnext" },
  { "-----BEGIN KEY-----\nMIIE\n-----END KEY-----; 1234\n5678\n9012\n3456", "[key]; [account number]" },
  { "x -----BEGIN RSA PRIVATE KEY-----\nMIIE", "x [key]" },
  { "Authorization: Basic QWxhZGRpbjpvcGVu\nnext", "Authorization: [token]\nnext" }, { "bearer abc.def", "bearer [token]" },
  { "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "[token]" }, { "mva_EXAMPLE", "[token]" },
  { "mva_a8fed21c.", "[token]." },
  { "d41d8cd98f00b204e9800998ecf8427e", "[token]" }, { "Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZg", "[token]" },
  { "password: hunter2.", "password: [token]" }, { "wg_private_key=00ff", "wg_private_key=[token]" },
  /* values with a name, in the ways in which programs write them */
  { "password = \"correct horse battery staple\"", "password = \"[token]\"" },
  { "psk=\"my wifi password\" x", "psk=\"[token]\" x" },
  { "'password': 'hun ter2'", "'password': '[token]'" }, { "{\"password\" : \"hunter2\"}", "{\"password\" : \"[token]\"}" },
  { "{ \"token\" :  \"abc\", \"n\": 1 }", "{ \"token\" :  \"[token]\", \"n\": 1 }" },
  { "{\\\"password\\\":\\\"hun ter2\\\"}", "{\\\"password\\\":\\\"[token]\\\"}" },
  { "password=\"a \\\" b\" x", "password=\"[token]\" x" }, { "password: 'don't say'", "password: '[token]'" },
  { "password=\"cut off here\nnext", "password=\"[token]\nnext" }, { "password=\"me@example.org too\"", "password=\"[token]\"" },
  { "password => hunter2", "password => [token]" }, { "password->hunter2", "password->[token]" },
  { "<psk>hunter2</psk>", "<psk>[token]</psk>" }, { "pwd=hunter2", "pwd=[token]" }, { "api-key=abc", "api-key=[token]" },
  { "X-API-Key: abc", "X-API-Key: [token]" }, { "secret_key: abc", "secret_key: [token]" },
  { "the private key: YWJj", "the private key: [token]" }, { "pre-shared key = YWJj", "pre-shared key = [token]" },
  { "session=abc", "session=[token]" }, { "sessionid: abc", "sessionid: [token]" },
  { "ESSID:\"Home Net\"  ", "ESSID:\"[network name]\"  " }, { "ssid=\"My Home Net\"", "ssid=\"[network name]\"" },
  { "\tSSID: Home Net\n\tfreq: 2412", "\tSSID: [network name]\n\tfreq: 2412" },
  { "802-11-wireless.ssid:                   Home Net", "802-11-wireless.ssid:                   [network name]" },
  { "{\"account\" : \"anna\"}", "{\"account\" : \"[token]\"}" },
  /* addresses */
  { "192.0.2.77:51820", "[address]:51820" }, { "10.0.0.0/8", "[address]/8" }, { "(192.0.2.77)", "([address])" },
  { "192-0-2-77.example.net", "[address][host name]" }, { "77.2.0.192.in-addr.arpa", "[address]" },
  { "192.0.2.77.", "[address]." },
  { "2001:db8::1", "[address]" }, { "[2001:db8::1]:443", "[address]:443" }, { "::ffff:192.0.2.1", "[address]" },
  { "fe80::1%wlan0", "[address]" }, { "abcd:dead:beef::", "[address]" }, { "::dead:beef:1234", "[address]" },
  { "0::0", "[address]" },
  { "2001:db8:0:1:2:3:4:5/64", "[address]/64" }, { "64:ff9b::192.0.2.33", "[address]" }, { "addr:2001:db8::7", "addr:[address]" },
  { "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "[address]" }, { "xfe80::1", "x[address]" },
  { "52:54:00:12:34:56", "[hardware address]" }, { "52-54-00-AB-cd-56: up", "[hardware address]: up" },
  { "5254.0012.3456", "[hardware address]" },
  { "wlx525400123456: up", "[hardware address]: up" }, { "device 4cfb0324-daf6-4ad8-448b-e61fe0a1f918", "device [UUID]" },
  /* names */
  { "host TUXEDO is up", "host [host name] is up" }, { "tuxedo.example.org", "[host name]" },
  { "www.example.com.", "[host name]." },
  { "WWW.EXAMPLE.COM", "[host name]" }, { "printer.local", "[host name]" }, { "_dns.resolver.arpa", "[host name]" },
  { "bücher.example", "[host name]" }, { "aÊorg.aditvpn.adit", "[host name]" },
  { "https://shop.example/cart?id=7 failed", "https://[web address] failed" },
  { "socks5://u:p@127.0.0.1:1080/", "socks5://[web address]" }, { "me.and+you@example.org", "[e-mail]" },
  { "<a@b.example>", "<[e-mail]>" },
  { "user alice logged in", "user [user name] logged in" }, { "ALICE's", "[user name]'s" }, { "Blue Phone", "[user name]" },
  { "CAFÉ AM ECK", "[network name]" },
  { "Blue Phone Two, blue phone, Tuxedo.Example.Org", "[user name], [user name], [host name]" },
  { "joined Café am Eck2", "joined [network name]2" }, { "on ab.", "on [network name]." },
  { "/home/Bob/my files: no", "[path] files: no" }, { "“/home/Bob/my files”", "“[path]”" },
  { "'/home/B/c d'", "'[path]'" },
  { "/srv/people/alice/x.conf", "[path]" }, { "file:///home/Bob/x%20y", "file://[path]" }, { "~/vpn/x.conf", "[path]" },
  { "/run/media/bob/STICK", "/run[path]" },
  { "se-got-wg-001", "[server]" }, { "SE-GOT-WG-SOCKS5-001:", "[server]:" }, { "us-nyc-ovpn-401", "[server]" },
  { "us-tx1", "[server]" },
  { "vpn12 is full", "[server] is full" }, { "VPN12 - Stockholm", "[server]" },
  { "se-got-wg-001.relays.mullvad.net", "[host name]" },
};

/* What a developer reads. */
static const char *const kept[] = {
  "aditd: session: connecting, lock tunnel", "client/core/session.c:391: adit_session_enter: assertion failed: (state == 3)",
  "ADIT_ERROR_SERVICE_UNREACHABLE", "org.aditvpn.Adit1.Error.AccountExpired",
  "/org/freedesktop/NetworkManager/ActiveConnection/12",
  "GLib-GObject-CRITICAL **: g_object_unref: assertion 'G_IS_OBJECT (object)' failed", "libc.so.6 (2.36-9+deb12u14)", "1.42.4",
  "Linux 6.1.0-18-amd64", "/run/adit/lock", "/var/lib/adit/settings.conf", "/etc/adit/report.conf", "aditd.service: start 3",
  "09:47:59",
  "127.0.0.1:53", "0.0.0.0", "::1", "[::1]:80", "adit_wg_write_profile_when_it_is_whole", "after 1234567 us",
  "2026-11-22 06:57:54",
  "[talpid_core::firewall]", "mark 0x61646974", "0x7f83a9c01234", "uid 1000", "tun0: mtu 1420", "adit0", "port 51820",
  "g_dbus_connection_call_sync_internal", "memcpy@GLIBC_2.2.5", "getty@tty1.service", "e.g. this, i.e. that", "std::vector",
  "foo.constprop.0", "foo.cold", "https: refused", "no ipv6, no-ipv6 there", "the account: no time left", "exit status 134",
  "AdwPreferencesWindowClass", "GtkApplicationWindow 0x55d0c8a2", "error 12 of 34, 56 of 78", "xchacha20poly1305",
  "x86_64-linux-gnu",
  "signal 11 (SIGSEGV)", "i have been there with them", "a: b: c", "key: none", "5 (0x5)", "build 5777866abcde", "99.9 %", "root",
  "internationally, an installation and an implementation", "INTERNATIONAL", "interface0001", "issue-with-this", "1:23:45, 12:34",
  "a\nkey: b\nsession: idle", "connected to \"x\" by account", "bssid", "5254:12:34", "libnm.so.0|libc.so.6|1234", "user\\nname",
};

static char *
redact (const char *text)
{
  return adit_redact (text, strlen (text), &words, NULL);
}

static void
test_gone (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (gone); i++)
    {
      g_autofree char *once = redact (gone[i].text), *twice = redact (once);

      g_assert_cmpstr (once, ==, gone[i].redacted);
      g_assert_cmpstr (twice, ==, once);
    }
}

static void
test_kept (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autofree char *once = redact (kept[i]);

      g_assert_cmpstr (once, ==, kept[i]);
    }
}

/* Without words there are only those that look like something. */
static void
test_no_words (void)
{
  static const AditRedactionWords none = { NULL };
  static const char text[] = "alice at 192.0.2.1";
  g_autofree char *a = adit_redact (text, strlen (text), NULL, NULL), *b = adit_redact (text, strlen (text), &none, NULL);

  g_assert_cmpstr (a, ==, "alice at [address]");
  g_assert_cmpstr (b, ==, a);
}

static void
test_spans (void)
{
  g_autoptr (GArray) spans = NULL, again = NULL;
  const char *text = "ä alice: 192.0.2.1";
  g_autofree char *once = adit_redact (text, strlen (text), &words, &spans);
  g_autofree char *twice = adit_redact (once, strlen (once), NULL, &again);

  g_assert_cmpuint (spans->len, ==, 2);
  for (guint i = 0; i < spans->len; i++)
    {
      AditRedactionSpan *span = &g_array_index (spans, AditRedactionSpan, i);
      g_autofree char *word = g_strndup (once + span->start, span->length);

      g_assert_cmpint (span->kind, ==, i == 0 ? ADIT_REDACTED_USER : ADIT_REDACTED_ADDRESS);
      g_assert_cmpstr (word, ==, adit_redaction_kind_get_word (span->kind));
    }
  /* What stands in a stored text can be marked without what it was made of. */
  g_assert_cmpmem (spans->data, spans->len * sizeof (AditRedactionSpan), again->data, again->len * sizeof (AditRedactionSpan));
}

static void
test_plain (void)
{
  static const char bytes[] = "a\x1b[31mb\0c\xff\xe2\x80\xae" "d\t" "e\n";
  g_autofree char *plain = adit_redact (bytes, sizeof bytes - 1, NULL, NULL);

  g_assert_cmpstr (plain, ==, "a [31mb\xef\xbf\xbd" "c\xef\xbf\xbd d\t" "e\n");
}

/* All that ends a line is one; what somebody is answered by keeps its digits. */
static void
test_lines (void)
{
  static const char text[] = "a\xe2\x80\xa8" "b\xe2\x80\xa9" "c\xc2\x85" "x\xdb\xb1";
  g_autofree char *redacted = adit_redact (text, strlen (text), NULL, NULL);
  g_autofree char *plain = adit_redaction_dup_plain (text, strlen (text));

  g_assert_cmpstr (redacted, ==, "a\nb\nc\nx1");
  g_assert_cmpstr (plain, ==, "a\nb\nc\nx\xdb\xb1");
}

/* A computer of two thousand people: 6000 words, which all begin alike, for as many lines as a report may have. */
static void
test_many (void)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  g_autoptr (AditRedactionIndex) index = NULL;
  g_autoptr (GString) text = g_string_new ("user u001999 is u001998's, not U001 or /srv/home/u000007/x; ");
  AditRedactionWords many = { NULL };
  g_autofree char *first = NULL;
  gint64 start;

  for (guint i = 0; i < 2000; i++)
    {
      g_ptr_array_add (people, g_strdup_printf ("u%06u", i));
      g_ptr_array_add (people, g_strdup_printf ("u Number %06u", i));
      g_ptr_array_add (paths, g_strdup_printf ("/srv/home/u%06u", i));
    }
  many.user_names = (const char *const *) people->pdata;
  many.home_paths = (const char *const *) paths->pdata;
  many.index = index = adit_redaction_index_new (&many);
  first = adit_redact (text->str, text->len, &many, NULL);
  g_assert_cmpstr (first, ==, "user [user name] is [user name]'s, not U001 or [path]; ");
  while (text->len < (16u << 10))
    g_string_append (text, "under u0019 /srv/home/u0019 usual words ");
  start = g_get_monotonic_time ();
  g_free (adit_redact (text->str, text->len, &many, NULL));
  for (guint i = 0; i < 600; i++)
    g_free (adit_redact (text->str, 80, &many, NULL));
  g_test_message ("%" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
}

/* Each of these is looked at again at every byte by something careless. */
static void
test_bounds (void)
{
  static const char *const parts[] = { ":", "a:", "1.", "a.", "a-", "1 ", "-----BEGIN ", "a", "0", "://", "[", "a@", "=",
    "x=", "a/",
    "i-", "1:", "::", "/home/", "\"", "se-got-", "\xc2\xa0", "0x", "ab", "%20", "eyJ.", "1-", "1234:",
    "pin='", "pin=\"a ", "pin=\\\"", "ssid: ", "key ", "iABCD", "é" };
  gsize most = 2 * ADIT_REDACTION_MAX_BYTES;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GString) text = g_string_sized_new (most);
      g_autofree char *once = NULL;
      gint64 start = g_get_monotonic_time ();

      while (text->len < most)
        g_string_append (text, parts[i]);
      once = adit_redact (text->str, text->len, &words, NULL);
      g_assert_cmpuint (strlen (once), <=, 8 * ADIT_REDACTION_MAX_BYTES);
      g_test_message ("\"%s\": %" G_GINT64_FORMAT " ms", parts[i], (g_get_monotonic_time () - start) / 1000);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
    }
}

static void
test_golden (void)
{
  g_autofree char *before = g_build_filename (g_getenv ("ADIT_GOLDEN_DIR"), "redaction-before.txt", NULL);
  g_autofree char *after = g_build_filename (g_getenv ("ADIT_GOLDEN_DIR"), "redaction-after.txt", NULL);
  g_autofree char *text = NULL, *expected = NULL, *redacted = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (before, &text, NULL, &error));
  g_assert_true (g_file_get_contents (after, &expected, NULL, &error));
  redacted = redact (text);
  g_assert_cmpstr (redacted, ==, expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redaction/gone", test_gone);
  g_test_add_func ("/redaction/kept", test_kept);
  g_test_add_func ("/redaction/no-words", test_no_words);
  g_test_add_func ("/redaction/spans", test_spans);
  g_test_add_func ("/redaction/plain", test_plain);
  g_test_add_func ("/redaction/lines", test_lines);
  g_test_add_func ("/redaction/many", test_many);
  g_test_add_func ("/redaction/bounds", test_bounds);
  g_test_add_func ("/redaction/golden", test_golden);
  return g_test_run ();
}
