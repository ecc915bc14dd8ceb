/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-wireguard-reads.c: wg and wg-quick themselves say what they read from what we wrote: exactly the profile (P05); and what
 * they refuse is not taken by us without a word. */
#include <string.h>

#include "client/worker/wg-read.h"
#include "client/worker/wg-write.h"
#include "tests/lab/lab.h"
#include "tests/lab/wg-random.h"
#include "tests/lab/wg-settings.h"
#include "tests/unit/wg-sample.h"

#define SEED       4711
#define N_PROFILES   60    /* some hundred milliseconds each */
#define N_DRESSED    40
#define N_SPOILT  20000    /* most are refused at once */
#define N_ASKED     100

static AditWireguardProfile *
read_text (const char *text, gsize length, AditImportReport **report)
{
  g_autofree guint8 *copy = g_memdup2 (text, length);
  const AditImportFile file = { "sample.conf", copy, length };

  *report = adit_import_report_new ();
  return adit_wg_read (&file, *report);
}

static char *
write_text (const AditWireguardProfile *profile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) text = adit_wg_write (profile, &error);
  const guint8 *bytes;
  gsize length;

  g_assert_no_error (error);
  bytes = adit_secret_peek (text, &length);
  return g_strndup ((const char *) bytes, length);
}

/* Nothing else, also no mark and no port. */
static void
check_written (const AditWireguardProfile *profile)
{
  g_autofree char *text = write_text (profile), *said = NULL, *expected = wg_settings_expect (profile);
  g_autofree char *settings = wg_settings_ask (text, strlen (text), &said);

  if (settings == NULL)
    g_error ("wg refused what we wrote:\n%s\n%s", text, said);
  g_assert_cmpstr (settings, ==, expected);
}

/* Whether wg took the file, too; then it read the same from it as we did, but for what we say we leave out. */
static gboolean
check_same (const char *text, gsize length, const AditWireguardProfile *profile, char **said)
{
  g_autofree char *settings = wg_settings_ask (text, length, said), *heard = NULL, *expected = NULL;

  if (settings == NULL)
    {
      g_test_message ("wg: %s", *said);
      return FALSE;
    }
  heard = wg_settings_drop_mute (settings);
  expected = wg_settings_expect (profile);
  if (!g_str_equal (heard, expected))
    g_error ("not read alike:\n%s\nwg:\n%s\nours:\n%s", text, heard, expected);
  return TRUE;
}

static void
test_services (void)
{
  guint n_same = 0;

  for (guint i = 0; i < n_wg_services; i++)
    {
      g_autofree char *text = wg_sample_fill (wg_services[i].text), *said = NULL;
      g_autoptr (AditImportReport) report = NULL;
      g_autoptr (AditWireguardProfile) profile = read_text (text, strlen (text), &report);
      gboolean same;

      g_test_message ("%s", wg_services[i].name);
      g_assert_nonnull (profile);
      check_written (profile);
      same = check_same (text, strlen (text), profile, &said);
      n_same += same;
      /* wg knows no mark of the byte order; Windows' own client, whose editor writes it, does. */
      g_assert_true (same || g_str_has_prefix (text, "\xef\xbb\xbf"));
    }
  g_print ("# wg read %u of %u services' files as we did\n", n_same, n_wg_services);
}

/* Addresses, resolvers and packet size are wg-quick's. */
static void
test_quick (void)
{
  for (guint i = 0; i < n_wg_services; i++)
    {
      g_autofree char *text = wg_sample_fill (wg_services[i].text), *written = NULL, *said = NULL, *expected = NULL;
      g_autoptr (AditImportReport) report = NULL;
      g_autoptr (AditWireguardProfile) profile = read_text (text, strlen (text), &report);

      g_assert_nonnull (profile);
      if (profile->mtu_bytes == 0)    /* else it depends on the way to the peer */
        profile->mtu_bytes = (guint16) (1300 + i);
      g_test_message ("%s", wg_services[i].name);
      written = write_text (profile);
      said = wg_settings_ask_quick (written, strlen (written));
      expected = wg_settings_expect_quick (profile);
      g_assert_cmpstr (said, ==, expected);
    }
}

static void
test_profiles (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);

  for (guint i = 0; i < N_PROFILES; i++)
    {
      g_autoptr (AditWireguardProfile) profile = wg_random_make (rand), again = NULL;
      g_autoptr (AditImportReport) report = NULL;
      g_autofree char *text = write_text (profile);

      check_written (profile);
      again = read_text (text, strlen (text), &report);
      g_assert_nonnull (again);
      g_assert_true (adit_wireguard_profile_equal (profile, again));
    }
}

/* In other words, which both read alike. */
static void
test_dressed (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED + 1);

  for (guint i = 0; i < N_DRESSED; i++)
    {
      g_autoptr (AditWireguardProfile) profile = wg_random_make (rand), read = NULL;
      g_autoptr (AditImportReport) report = NULL;
      g_autofree char *plain = write_text (profile), *text = wg_random_dress (rand, plain), *said = NULL;

      read = read_text (text, strlen (text), &report);
      if (read == NULL || !adit_wireguard_profile_equal (profile, read))
        g_error ("not read as it was written:\n%s", text);
      if (!check_same (text, strlen (text), read, &said))
        g_error ("wg does not take:\n%s\n%s", text, said);
    }
}

/* Whatever is changed in a file: what we take, wg takes, and reads alike; or we say something about it. */
static void
test_spoilt (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED + 2);
  guint n_asked = 0, n_refused = 0, n_said = 0;

  for (guint i = 0; i < N_SPOILT && n_asked < N_ASKED; i++)
    {
      g_autoptr (AditWireguardProfile) profile = wg_random_make (rand), read = NULL;
      g_autoptr (AditImportReport) report = NULL;
      g_autofree char *plain = write_text (profile), *text = NULL, *said = NULL;
      gsize length;

      text = wg_random_spoil (rand, plain, &length);
      read = read_text (text, length, &report);
      n_refused += read == NULL;
      if (read == NULL)
        continue;
      n_asked++;
      if (check_same (text, length, read, &said))
        continue;
      n_said += report->notes->len > 0;
      /* Whether there is a host of that name is not for a reader to say; and see above about the mark. */
      if (report->notes->len == 0 && strstr (said, "name resolution") == NULL && !g_str_has_prefix (text, "\xef\xbb\xbf"))
        g_error ("taken without a word, and refused by wg:\n%s\n%s", text, said);
    }
  g_print ("# of %u changed files %u refused; of %u taken wg refused %u, about each of which something is said\n",
           n_asked + n_refused, n_refused, n_asked, n_said);
  g_assert_cmpuint (n_asked, ==, N_ASKED);
  g_assert_cmpuint (n_said, >, 0);
}

/* The same comparison sees each value where it is changed on purpose. */
static void
test_it_would_be_seen (void)
{
  static const struct { const char *line; gboolean seen; } rows[] = {
    { "", FALSE }, { "# FwMark = 1\n", FALSE }, { "FwMark = 1\n", TRUE }, { "ListenPort = 1\n", TRUE },
    { "PrivateKey = AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n", TRUE },
    { "[Peer]\nPublicKey = AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n", TRUE },
    { "[Peer]\nPublicKey = @KEY2@\nAllowedIPs = 10.1.1.0/24\n", TRUE },
    { "[Peer]\nPublicKey = @KEY2@\nPersistentKeepalive = 7\n", TRUE },
    { "[Peer]\nPublicKey = @KEY2@\nEndpoint = 192.0.2.10:51821\n", TRUE },
    { "[Peer]\nPublicKey = @KEY2@\nPresharedKey = AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n", TRUE },
  };
  g_autofree char *file = wg_sample_fill (WG_SAMPLE_ME WG_SAMPLE_PEER);
  g_autoptr (AditImportReport) report = NULL;
  g_autoptr (AditWireguardProfile) profile = read_text (file, strlen (file), &report);
  g_autofree char *expected = wg_settings_expect (profile);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gboolean is_peer = rows[i].line[0] == '[';
      g_autofree char *own = wg_sample_fill (WG_SAMPLE_ME), *peer = wg_sample_fill (WG_SAMPLE_PEER);
      g_autofree char *line = wg_sample_fill (rows[i].line), *said = NULL, *settings = NULL;
      g_autofree char *text = g_strconcat (own, is_peer ? "" : line, peer, is_peer ? line : "", NULL);

      settings = wg_settings_ask (text, strlen (text), &said);
      if (settings == NULL)
        g_error ("%s: %s", text, said);
      g_test_message ("%s%s", rows[i].line, settings);
      g_assert_true (g_str_equal (settings, expected) != rows[i].seen);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *quick = g_find_program_in_path ("wg-quick"), *go = g_find_program_in_path ("wireguard-go");

  if (quick == NULL || go == NULL)
    {
      g_printerr ("SKIP: %s is missing\n", quick == NULL ? "wg-quick (package wireguard-tools)" : "wireguard-go");
      return ADIT_LAB_SKIP;
    }
  adit_lab_enter ();
  g_test_init (&argc, &argv, NULL);
  wg_settings_begin ();
  g_test_add_func ("/wireguard-reads/P05/services", test_services);
  g_test_add_func ("/wireguard-reads/quick", test_quick);
  g_test_add_func ("/wireguard-reads/P05/profiles", test_profiles);
  g_test_add_func ("/wireguard-reads/P05/dressed", test_dressed);
  g_test_add_func ("/wireguard-reads/P05/spoilt", test_spoilt);
  g_test_add_func ("/wireguard-reads/it-would-be-seen", test_it_would_be_seen);
  return g_test_run ();
}
