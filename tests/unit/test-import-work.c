/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-import-work.c: a person's files into profiles and into what is said of them. */
#include "client/worker/import-work.h"

#include <string.h>

#include "tests/unit/ovpn-sample.h"
#include "tests/unit/zip-sample.h"

#define KEY1 "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="    /* 32 times 1, and so on */
#define KEY2 "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
#define WG   "[Interface]\nPrivateKey = " KEY1 "\nAddress = 10.64.0.2/32\nDNS = 10.64.0.1\n\n[Peer]\nPublicKey = " KEY2 "\n" \
             "AllowedIPs = 0.0.0.0/0\nEndpoint = vpn.example.org:51820\n"
#define OVPN "client\ndev tun\nremote vpn.example.org\nremote 192.0.2.1 443 tcp\nauth-user-pass\nca ca.crt\nup /bin/true\n"

static AditImportFile
file (const char *name, const char *text)
{
  return (AditImportFile) { name, (const guint8 *) text, strlen (text) };
}

static const AditImportProfile *
get_profile (const AditImportResult *result, guint n)
{
  const AditImportProfile *profile;

  g_assert_cmpuint (result->profiles->len, >, n);
  profile = result->profiles->pdata[n];
  g_assert_true (adit_profile_facts_is_valid (&profile->facts));
  return profile;
}

static GPtrArray *
read_lines (const AditImportResult *result)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *outcomes = adit_import_lines_read (result->lines->str, result->lines->len, &error);

  g_assert_no_error (error);
  return outcomes;
}

static void
test_wireguard (void)
{
  /* Whatever it is called, with what tools of Windows and people write in front. */
  static const char *const before[] = { "", "\xef\xbb\xbf", "# a comment\n; another\n\n", "\r\n\t" };

  for (gsize i = 0; i < G_N_ELEMENTS (before); i++)
    {
      g_autofree char *text = g_strconcat (before[i], WG "PersistentKeepalive = 0\n", NULL);
      const AditImportFile input = file (i == 0 ? "Office 2.conf" : "wg.ovpn", text);
      g_autoptr (AditImportResult) result = adit_import_work (&input, 1);
      const AditImportProfile *profile;

      if (strchr (before[i], ';') != NULL)    /* WireGuard has no such comments */
        {
          g_assert_cmpuint (result->profiles->len, ==, 0);
          continue;
        }
      profile = get_profile (result, 0);
      g_assert_cmpint (profile->facts.kind, ==, ADIT_PROFILE_WIREGUARD);
      g_assert_cmpstr (profile->facts.name, ==, i == 0 ? "Office 2" : "wg");
      g_assert_cmpuint (profile->facts.n_servers, ==, 1);
      g_assert_cmpuint (profile->facts.n_dns, ==, 1);
      g_assert_cmpuint (profile->facts.needs_names, ==, 1);
      g_assert_cmpuint (profile->facts.is_whole, ==, 1);
      g_assert_cmpstr ((const char *) adit_secret_peek (profile->text, NULL), ==, WG);
    }
}

static void
test_openvpn (void)
{
  const AditImportFile alone[] = { file ("office.ovpn", OVPN "static-challenge \"What?\" 1\n") };
  const AditImportFile both[] = { alone[0], file ("ca.crt", ovpn_sample_get ()->ca) };
  g_autoptr (AditImportResult) wanting = adit_import_work (alone, 1), result = adit_import_work (both, 2);
  g_autoptr (GPtrArray) wanted = read_lines (wanting), outcomes = read_lines (result);
  const AditImportOutcome *outcome = wanted->pdata[0];
  const AditImportProfile *profile = get_profile (result, 0);

  g_assert_cmpuint (wanting->profiles->len, ==, 0);
  g_assert_cmpint (outcome->profile, ==, -1);
  g_assert_cmpint (outcome->kind, ==, ADIT_PROFILE_OPENVPN);
  g_assert_cmpstr (g_array_index (outcome->report->wanted, AditImportWanted, 0).name, ==, "ca.crt");

  outcome = outcomes->pdata[0];
  g_assert_cmpint (outcome->profile, ==, 0);
  g_assert_cmpstr (g_array_index (outcome->report->notes, AditImportNote, 0).option, ==, "up");
  g_assert_cmpint (g_array_index (outcome->report->notes, AditImportNote, 0).reason, ==, ADIT_IMPORT_HOOK);
  g_assert_cmpstr (profile->facts.name, ==, "office");
  g_assert_cmpuint (profile->facts.n_servers, ==, 2);
  g_assert_cmpint (profile->facts.login, ==, ADIT_PROFILE_LOGIN_ASK_BOTH);
  g_assert_cmpstr (profile->facts.challenge, ==, "What?");
  g_assert_cmpuint (profile->facts.challenge_echo, ==, 1);
  g_assert_cmpuint (profile->facts.needs_names, ==, 1);
  g_assert_nonnull (strstr ((const char *) adit_secret_peek (profile->text, NULL), "BEGIN CERTIFICATE"));
  g_assert_null (strstr ((const char *) adit_secret_peek (profile->text, NULL), "/bin"));
}

static void
test_facts (void)
{
  const AditProfileLogin none = ADIT_PROFILE_LOGIN_NONE, both = ADIT_PROFILE_LOGIN_ASK_BOTH;
  const struct { const char *lines; AditProfileLogin login, proxy_login; gboolean passphrase, names; } rows[] = {
    { "auth-user-pass\n", both, none, FALSE, FALSE },
    { "<auth-user-pass>\na\n</auth-user-pass>\n", ADIT_PROFILE_LOGIN_ASK_PASSWORD, none, FALSE, FALSE },
    { "<auth-user-pass>\na\nb\n</auth-user-pass>\n", ADIT_PROFILE_LOGIN_KEPT, none, FALSE, FALSE },
    { "<cert>\n@CERT@</cert>\n<key>\n@LOCKED@</key>\n", none, none, TRUE, FALSE },
    { "<cert>\n@CERT@</cert>\n<key>\n@KEY@</key>\nstatic-challenge x 0\n", none, none, FALSE, FALSE },
    { "auth-user-pass\nproto tcp\nsocks-proxy p.example 1080 stdin\n", both, both, FALSE, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strconcat ("client\ndev tun\nremote 192.0.2.1\n<ca>\n@CA@</ca>\n", rows[i].lines, NULL);
      g_autofree char *filled = ovpn_sample_fill (text);
      const AditImportFile input = file ("\n.ovpn", filled);
      g_autoptr (AditImportResult) result = adit_import_work (&input, 1);
      const AditProfileFacts *facts = &get_profile (result, 0)->facts;

      g_assert_cmpint (facts->login, ==, rows[i].login);
      g_assert_cmpint (facts->proxy_login, ==, rows[i].proxy_login);
      g_assert_cmpint (facts->needs_passphrase, ==, rows[i].passphrase);
      g_assert_cmpint (facts->needs_names, ==, rows[i].names);
      g_assert_cmpstr (facts->challenge, ==, "");
      g_assert_cmpstr (facts->name, ==, "192.0.2.1");    /* nothing of the file's own name can be shown */
    }
}

static void
test_names (void)
{
  static const struct { const char *file, *name; } rows[] = {
    { "a.conf", "a" }, { "A.OVPN", "A" }, { ".conf", ".conf" }, { "a.b.conf", "a.b" }, { " a .ovpn", "a" },
    { "a\xe2\x80\xae" "b.conf", "ab" }, { "a\tb", "ab" }, { "B\xc3\xbcro", "B\xc3\xbcro" }, { "\xff", "vpn.example.org" },
    { "", "vpn.example.org" },
  };
  g_autofree char *longer = g_strnfill (300, 'x');
  AditProfileFacts facts;
  AditHost host;

  g_assert_true (adit_host_set (&host, "vpn.example.org", 1));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      adit_profile_facts_set_name (&facts, rows[i].file, &host);
      g_assert_cmpstr (facts.name, ==, rows[i].name);
    }
  adit_profile_facts_set_name (&facts, longer, &host);
  g_assert_cmpuint (strlen (facts.name), ==, sizeof facts.name - 1);
}

static void
test_archive (void)
{
  const ZipSampleFile in[] = {
    { "se/office.ovpn", OVPN, TRUE, 0, 0 }, { "se/ca.crt", ovpn_sample_get ()->ca, TRUE, 0, 0 },
    { "no/office.ovpn", OVPN, TRUE, 0, 0 },
    { "wg/a.conf", WG, FALSE, 0, 0 }, { "wg/bad.conf", "[Interface]\nPostUp = id\n", FALSE, 0, 0 }, { "README.txt",
    "x", FALSE, 0, 0 },
  };
  static const int profiles[] = { 0, -1, 1, -1 };
  g_autoptr (GByteArray) bytes = zip_sample_make (in, G_N_ELEMENTS (in)), none = zip_sample_make (in + 5, 1);
  const AditImportFile archive = { "all.zip", bytes->data, bytes->len }, empty = { "no.zip", none->data, none->len };
  g_autoptr (AditImportResult) result = adit_import_work (&archive, 1), nothing = adit_import_work (&empty, 1);
  g_autoptr (GPtrArray) outcomes = read_lines (result), said = read_lines (nothing);

  g_assert_cmpuint (outcomes->len, ==, G_N_ELEMENTS (profiles));
  for (guint i = 0; i < outcomes->len; i++)
    g_assert_cmpint (((const AditImportOutcome *) outcomes->pdata[i])->profile, ==, profiles[i]);
  g_assert_cmpint (get_profile (result, 0)->facts.kind, ==, ADIT_PROFILE_OPENVPN);
  g_assert_cmpint (get_profile (result, 1)->facts.kind, ==, ADIT_PROFILE_WIREGUARD);
  /* Files of another folder are another's. */
  g_assert_cmpuint (((const AditImportOutcome *) outcomes->pdata[1])->report->wanted->len, ==, 1);
  g_assert_cmpuint (said->len, ==, 1);
  g_assert_cmpstr (((const AditImportOutcome *) said->pdata[0])->file, ==, "no.zip");
  g_assert_true (((const AditImportOutcome *) said->pdata[0])->report->failed);
}

static void
test_many (void)
{
  ZipSampleFile in[ADIT_IMPORT_MAX_PROFILES + 1];
  char paths[ADIT_IMPORT_MAX_PROFILES + 1][16];

  for (guint i = 0; i < G_N_ELEMENTS (in); i++)
    {
      g_snprintf (paths[i], sizeof paths[i], "%u.conf", i);
      in[i] = (ZipSampleFile) { paths[i], WG, TRUE, 0, 0 };
    }
  for (guint more = 0; more <= 1; more++)
    {
      g_autoptr (GByteArray) bytes = zip_sample_make (in, ADIT_IMPORT_MAX_PROFILES + more);
      const AditImportFile archive = { "all.zip", bytes->data, bytes->len };
      g_autoptr (AditImportResult) result = adit_import_work (&archive, 1);

      g_assert_cmpuint (result->profiles->len, ==, more ? 0 : ADIT_IMPORT_MAX_PROFILES);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import-work/wireguard", test_wireguard);
  g_test_add_func ("/import-work/openvpn", test_openvpn);
  g_test_add_func ("/import-work/facts", test_facts);
  g_test_add_func ("/import-work/names", test_names);
  g_test_add_func ("/import-work/archive", test_archive);
  g_test_add_func ("/import-work/many", test_many);
  return g_test_run ();
}
