/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-rotation.c: the key that a service knows this computer by, end to end: changed on demand, by time, after a restart, where
 * it is dead; and what is said where a service does not take a new one, has ended the account or has forgotten the computer. */
#include "config.h"

#include <string.h>
#include "tests/lab/aged-key.h"
#include "tests/simulator/known.h"

#define DAY_S         86400
#define STATE_MS      40000    /* three tries, of which the last may take fifteen seconds */
#define LOST_MS       90000    /* until silence in the tunnel counts, and the tries after it */
#define SOON_MS       8000
#define OVPN_LOGIN    KNOWN_OVPN_USER "\n" KNOWN_OVPN_PASSWORD
#define NEW_KEY_IVPN  "POST /v4/session/wg/set"

static AditWorld *world;

static char *
ask (const char *line)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, line);

  return g_strconcat (result->out, result->err, NULL);
}

static void
expect_words (const char *line, const char *words, gboolean wanted)
{
  g_autofree char *said = ask (line);

  if ((strstr (said, words) != NULL) == wanted)
    return;
  adit_world_print_log (world);
  g_error ("adit %s: %s \"%s\" in %s", line, wanted ? "no" : "there is", words, said);
}

static gint64
read_number (const char *line, const char *name)
{
  g_autofree char *said = ask (line), *key = g_strdup_printf ("\"%s\":", name);
  const char *at = strstr (said, key);

  if (at == NULL || !g_ascii_isdigit (at[strlen (key)]))
    g_error ("adit %s: no number \"%s\" in %s", line, name, said);
  return g_ascii_strtoll (at + strlen (key), NULL, 10);
}

static void
wait_for_state (const char *state, guint max_ms)
{
  if (adit_world_wait_state (world, state, max_ms))
    return;
  adit_world_print_log (world);
  g_error ("it is not %s within %u ms", state, max_ms);
}

/* The same key means the same address, at all of the services here. */
static void
wait_for_other_address (const char *before, guint max_ms)
{
  gint64 until_us = g_get_monotonic_time () + max_ms * 1000L;

  while (g_get_monotonic_time () < until_us)
    {
      g_autofree char *now = adit_world_dup_own_address (), *state = adit_world_get_state (world);

      if (now[0] != '\0' && !g_str_equal (now, before) && g_strcmp0 (state, "connected") == 0)
        return;
      g_usleep (50000);
    }
  adit_world_print_log (world);
  g_error ("the tunnel still has %s", before);
}

static void
wait_in_log (const char *words, guint n_before, guint max_ms)
{
  for (guint i = 0; i < max_ms / 50; i++)
    {
      if (adit_world_count_in_log (world, words) > n_before)
        return;
      g_usleep (50000);
    }
  adit_world_print_log (world);
  g_error ("nobody asked for %s", words);
}

static void
sign_in (const char *service, const char *credential)
{
  g_autofree char *line = g_strconcat ("login ", service, NULL);

  adit_world_set_fault (world, "");
  adit_world_expect (world, 0, credential, line, 0);
}

static void
sign_out (void)
{
  adit_world_set_fault (world, "");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "settings set key-days service", 0);
  adit_world_expect (world, 0, NULL, "logout --force", 0);
}

static void
connect_to (const char *place)
{
  g_autofree char *line = g_strconcat ("connect --wait ", place, NULL);

  adit_world_expect (world, 0, NULL, line, 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
}

/* --- On demand -------------------------------------------------------------------------------------------------------------- */

/* IVPN keeps the key that is named, so the tunnel goes over without a gap that anybody could wait for. */
static void
test_connected (void)
{
  g_autofree char *before = NULL;

  sign_in ("ivpn", KNOWN_IVPN_ACCOUNT);
  connect_to ("no");
  before = adit_world_dup_own_address ();
  g_assert_cmpint (read_number ("account --json", "key_age_s"), <, 60);
  expect_words ("account", "0 days old", TRUE);
  adit_world_expect (world, 0, NULL, "account rotate-key", 0);
  wait_for_other_address (before, SOON_MS);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  expect_words ("status --json", "\"notices\":[]", TRUE);
  adit_world_expect (world, 0, NULL, "account rotate-key more", 2);
  sign_out ();
}

/* Mullvad's relays may need minutes to hear of it; whoever does not want to wait reconnects. */
static void
test_mullvad (void)
{
  g_autofree char *log = NULL;

  sign_in ("mullvad", KNOWN_MULLVAD_ACCOUNT);
  connect_to ("se-sto-wg-001");
  adit_world_expect (world, 0, NULL, "account rotate-key --json", 0);
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  g_assert_cmpint (adit_world_count_in_log (world, "PUT /accounts/v1/devices/ID/pubkey 200"), ==, 1);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "account rotate-key", 0);
  connect_to ("se-sto-wg-001");
  expect_words ("account devices --json", "\"ours\":true", TRUE);
  sign_out ();
}

/* OVPN has keys changed only while they are not in use. */
static void
test_ovpn (void)
{
  g_autofree char *before = NULL, *after = NULL;

  sign_in ("ovpn", OVPN_LOGIN);
  connect_to ("Stockholm");
  before = adit_world_dup_own_address ();
  expect_words ("account rotate-key", "disconnect first", TRUE);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "account rotate-key", 0);
  g_assert_cmpuint (adit_world_count_in_log (world, "DELETE /v4/api/keys 200"), >, 0);
  connect_to ("Stockholm");
  after = adit_world_dup_own_address ();
  g_assert_cmpstr (after, !=, before);
  sign_out ();
}

/* One change at a time; whoever connects meanwhile waits for it, and has the new key. */
static void
test_meanwhile (void)
{
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (GSubprocess) first = NULL;
  g_autoptr (GError) error = NULL;
  guint n_asked;

  sign_in ("ivpn", KNOWN_IVPN_ACCOUNT);
  connect_to ("no");
  before = adit_world_dup_own_address ();
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  n_asked = adit_world_count_in_log (world, NEW_KEY_IVPN);
  adit_world_set_fault (world, "slow 3000 /v4/session/wg/set");
  first = adit_world_start_adit (world, "account rotate-key", &error);
  g_assert_no_error (error);
  wait_in_log (NEW_KEY_IVPN, n_asked, SOON_MS);
  adit_world_expect (world, 0, NULL, "account rotate-key", 1);
  adit_world_expect (world, 0, NULL, "logout", 1);
  connect_to ("no");
  (void) g_subprocess_wait_check (first, NULL, &error);
  g_assert_no_error (error);
  after = adit_world_dup_own_address ();
  g_assert_cmpstr (after, !=, before);
  expect_words ("account --json", "\"key_error\":null", TRUE);
  /* Nor beside an attempt; and whoever disconnects does not wait for anything. */
  adit_world_expect (world, 0, NULL, "connect us", 0);
  adit_world_expect (world, 0, NULL, "account rotate-key", 1);
  sign_out ();
}

/* --- By time ---------------------------------------------------------------------------------------------------------------- */

static void
test_time (void)
{
  g_autofree char *before = NULL;
  guint n_asked;

  sign_in ("ivpn", KNOWN_IVPN_ACCOUNT);
  adit_world_expect (world, 0, NULL, "settings set key-days 30", 0);
  adit_world_change_key (world, "ivpn", 20, FALSE);
  n_asked = adit_world_count_in_log (world, NEW_KEY_IVPN);
  g_assert_cmpint (read_number ("account --json", "key_age_s"), >=, 20 * DAY_S);    /* a restart makes no key younger */
  connect_to ("no");
  g_assert_cmpuint (adit_world_count_in_log (world, NEW_KEY_IVPN), ==, n_asked);
  before = adit_world_dup_own_address ();
  adit_world_expect (world, 0, NULL, "settings set key-days 7", 0);    /* so it is overdue, with the tunnel up */
  wait_for_other_address (before, SOON_MS);
  g_assert_cmpuint (adit_world_count_in_log (world, NEW_KEY_IVPN), ==, n_asked + 1);
  g_assert_cmpint (read_number ("account --json", "key_age_s"), <, 60);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_change_key (world, "ivpn", 8, FALSE);    /* and with nothing wanted */
  wait_in_log (NEW_KEY_IVPN, n_asked + 1, SOON_MS);
  adit_world_change_key (world, "ivpn", 3, FALSE);
  g_usleep (3 * G_USEC_PER_SEC);
  g_assert_cmpuint (adit_world_count_in_log (world, NEW_KEY_IVPN), ==, n_asked + 2);
  sign_out ();
}

/* A helper that comes back to a connection changes what is due before it. */
static void
test_first (void)
{
  g_autofree char *before = NULL, *after = NULL;

  sign_in ("ovpn", OVPN_LOGIN);
  connect_to ("Stockholm");
  before = adit_world_dup_own_address ();
  adit_world_change_key (world, "ovpn", 15, FALSE);
  wait_for_state ("connected", STATE_MS);
  after = adit_world_dup_own_address ();
  g_assert_cmpstr (after, !=, before);
  g_assert_cmpint (read_number ("account --json", "key_age_s"), <, 60);
  sign_out ();
}

static void
test_setting (void)
{
  static const char *const bad[] = { "0", "31", "-1", "7.5", "never", "7 8", "" };

  sign_in ("mullvad", KNOWN_MULLVAD_ACCOUNT);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *line = g_strdup_printf ("settings set key-days %s", bad[i]);

      adit_world_expect (world, 0, NULL, line, 2);
    }
  expect_words ("settings set key-days 31", "from 1 to 30", TRUE);
  expect_words ("settings get key-days", "service", TRUE);
  adit_world_expect (world, 0, NULL, "settings set key-days 7", 0);
  adit_world_expect (world, 0, NULL, "lockdown on", 0);    /* another setting leaves it alone */
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  expect_words ("settings get key-days --json", "[\"7\"]", TRUE);
  sign_out ();
}

/* A key that comes due while its account is being signed out is not changed any more: at some services the computer would stay
 * known by one that nobody has. */
static void
test_leaving (void)
{
  g_autoptr (GSubprocess) leaving = NULL;
  g_autoptr (GError) error = NULL;
  guint n_asked, n_left;

  sign_in ("ivpn", KNOWN_IVPN_ACCOUNT);
  adit_world_expect (world, 0, NULL, "settings set key-days 30", 0);
  adit_world_change_key (world, "ivpn", 20, FALSE);
  n_asked = adit_world_count_in_log (world, NEW_KEY_IVPN);
  n_left = adit_world_count_in_log (world, "POST /v4/session/delete");
  adit_world_set_fault (world, "slow 4000 /v4/session/delete");
  leaving = adit_world_start_adit (world, "logout", &error);
  g_assert_no_error (error);
  wait_in_log ("POST /v4/session/delete", n_left, SOON_MS);
  adit_world_expect (world, 0, NULL, "settings set key-days 7", 0);
  adit_world_expect (world, 0, NULL, "connect no", 1);
  (void) g_subprocess_wait_check (leaving, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (adit_world_count_in_log (world, NEW_KEY_IVPN), ==, n_asked);
  adit_world_expect (world, 0, NULL, "settings set key-days service", 0);
}

/* --- What fails ------------------------------------------------------------------------------------------------------------- */

static void
test_kept (void)
{
  g_autofree char *before = NULL, *after = NULL;

  sign_in ("ivpn", KNOWN_IVPN_ACCOUNT);
  connect_to ("no");
  before = adit_world_dup_own_address ();
  adit_world_set_fault (world, "error 500 /v4/session/wg/set");
  adit_world_expect (world, 0, NULL, "account rotate-key", 9);
  after = adit_world_dup_own_address ();
  g_assert_cmpstr (after, ==, before);
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  expect_words ("status --json", "key-not-changed", TRUE);
  expect_words ("status", "The old one is used as long as it works", TRUE);
  expect_words ("account --json", "\"key_error\":{", TRUE);
  adit_world_set_fault (world, "");
  adit_world_expect (world, 0, NULL, "account rotate-key", 0);
  wait_for_other_address (before, SOON_MS);
  expect_words ("status --json", "key-not-changed", FALSE);
  expect_words ("account --json", "\"key_error\":null", TRUE);
  sign_out ();
}

/* With no tunnel named IVPN drops the key that there was as soon as it hears of another. */
static void
test_wiped (void)
{
  sign_in ("ivpn", KNOWN_IVPN_ACCOUNT);
  adit_world_set_fault (world, "error 500 /v4/session/wg/set");
  adit_world_expect (world, 0, NULL, "account rotate-key", 9);
  expect_words ("account --json", "\"key_age_s\":null", TRUE);
  adit_world_expect (world, 0, NULL, "connect no", 0);
  wait_for_state ("blocked", STATE_MS);
  expect_words ("status --json", "\"reason\":\"key-lost\"", TRUE);
  expect_words ("status", "does not take this computer's key", TRUE);
  adit_world_expect_web (world, "");
  adit_world_set_fault (world, "");
  adit_world_expect (world, 0, NULL, "account rotate-key", 0);
  connect_to ("no");
  sign_out ();
}

/* --- Dead keys, and accounts ------------------------------------------------------------------------------------------------ */

/* Mullvad says which key it has; the others are given a new one, once. */
static void
test_dead (gconstpointer data)
{
  const char *const *test = data;

  sign_in (test[0], test[1]);
  adit_world_change_key (world, test[0], 0, TRUE);
  connect_to (test[2]);
  expect_words ("status --json", "key-replaced", TRUE);
  expect_words ("status", "look who else can use the account", TRUE);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  expect_words ("status --json", "key-replaced", FALSE);
  connect_to (test[2]);
  sign_out ();
}

static const char *const dead_mullvad[] = { "mullvad", KNOWN_MULLVAD_ACCOUNT, "se-sto-wg-001" };
static const char *const dead_ivpn[] = { "ivpn", KNOWN_IVPN_ACCOUNT, "no" };
static const char *const dead_ovpn[] = { "ovpn", OVPN_LOGIN, "Stockholm" };

/* A relay that answers nobody is not made to answer by one new key after the other. */
static void
test_silent (void)
{
  guint n_asked;

  sign_in ("mullvad", KNOWN_MULLVAD_ACCOUNT);
  n_asked = adit_world_count_in_log (world, "PUT /accounts");
  adit_world_expect (world, 0, NULL, "connect us-nyc", 0);
  wait_for_state ("blocked", STATE_MS);
  expect_words ("status --json", "\"reason\":\"no-handshake\"", TRUE);
  g_assert_cmpuint (adit_world_count_in_log (world, "PUT /accounts"), ==, n_asked);
  sign_out ();
}

static void
expect_blocked (const char *reason, const char *words)
{
  g_autofree char *quoted = g_strdup_printf ("\"reason\":\"%s\"", reason);

  wait_for_state ("blocked", LOST_MS);
  expect_words ("status --json", quoted, TRUE);
  expect_words ("status", words, TRUE);
  adit_world_expect_web (world, "");
}

/* Somebody removes the device at Mullvad: the relay falls silent, and the service says why. */
static void
test_revoked (void)
{
  sign_in ("mullvad", KNOWN_MULLVAD_ACCOUNT);
  connect_to ("se-sto-wg-001");
  adit_world_set_fault (world, "revoke");
  for (guint i = 0; i < LOST_MS / 1000; i++)
    {
      g_autofree char *state = adit_world_get_state (world);

      if (g_strcmp0 (state, "blocked") == 0)
        break;
      (void) adit_world_ping (world, ADIT_LAB_WEB_ADDRESS, 1000);
    }
  expect_blocked ("device-revoked", "no longer knows this computer");
  sign_out ();
}

/* Where it says so while the tunnel is up, that is given up at once. */
static void
test_session_gone (void)
{
  sign_in ("ivpn", KNOWN_IVPN_ACCOUNT);
  connect_to ("no");
  adit_world_set_fault (world, "session-expired");
  adit_world_expect (world, 0, NULL, "account --refresh", 6);
  expect_blocked ("device-revoked", "no longer knows this computer");
  adit_world_set_fault (world, "");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  connect_to ("no");
  adit_world_set_fault (world, "session-expired");
  adit_world_expect (world, 0, NULL, "account rotate-key", 6);
  expect_blocked ("device-revoked", "no longer knows this computer");
  sign_out ();
}

/* OVPN knows no session: its password is asked for where a key is. */
static void
test_password_gone (void)
{
  sign_in ("ovpn", OVPN_LOGIN);
  adit_world_change_key (world, "ovpn", 0, TRUE);
  adit_world_set_fault (world, "session-expired");
  adit_world_expect (world, 0, NULL, "connect Stockholm", 0);
  expect_blocked ("device-revoked", "no longer knows this computer");
  sign_out ();
}

/* While the relay lets us, the tunnel stays and it is told; the next connection is refused with the reason. */
static void
test_expired (gconstpointer data)
{
  const char *const *test = data;
  g_autofree char *connect = g_strconcat ("connect ", test[2], NULL);

  sign_in (test[0], test[1]);
  connect_to (test[2]);
  adit_world_set_fault (world, "expired");
  adit_world_expect (world, 0, NULL, "account --refresh", 0);
  expect_words ("status --json", "account-ended", TRUE);
  expect_words ("status", "no time left; the tunnel may end", TRUE);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, connect, 0);
  expect_blocked ("account-expired", "no time left");
  adit_world_set_fault (world, "");
  adit_world_expect (world, 0, NULL, "account --refresh", 0);
  connect_to (test[2]);
  sign_out ();
}

/* At Mysterium a tunnel is asked for each time, with a key that nobody has registered. */
static void
test_mysterium (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;

  adit_world_set_fault (world, "");
  g_assert_true (adit_world_login_by_page (world, "mysterium", &url, &error));
  g_assert_no_error (error);
  expect_words ("account --json", "\"key_changes_at\":null", TRUE);
  expect_words ("account rotate-key", "registers no key", TRUE);
  connect_to ("se");
  adit_world_set_fault (world, "expired");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "connect se", 0);
  expect_blocked ("account-expired", "no time left");
  adit_world_set_fault (world, "session-expired");
  adit_world_expect (world, 0, NULL, "reconnect", 0);
  expect_blocked ("device-revoked", "no longer knows this computer");
  sign_out ();
}

/* --- The servers' keys ------------------------------------------------------------------------------------------------------ */

static void
test_relays (void)
{
  sign_in ("mullvad", KNOWN_MULLVAD_ACCOUNT);
  connect_to ("se-sto-wg-001");
  adit_world_expect (world, 0, NULL, "locations --refresh", 0);    /* with nothing new in it */
  expect_words ("status --json", "relay-key-changed", FALSE);
  adit_world_set_fault (world, "new-keys /app/v1/relays");
  adit_world_expect (world, 0, NULL, "locations --refresh", 0);
  expect_words ("status --json", "\"relay-key-changed\"", TRUE);
  expect_words ("status --json", "\"changed_relay\":\"se-", TRUE);
  expect_words ("status", "has another key than before", TRUE);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  expect_words ("status --json", "relay-key-changed", FALSE);
  adit_world_set_fault (world, "");
  adit_world_expect (world, 0, NULL, "locations --refresh", 0);
  sign_out ();
}

int
main (int argc, char **argv)
{
  static const struct { const char *path; GTestFunc run; } tests[] = {
    { "/rotation/connected", test_connected }, { "/rotation/mullvad", test_mullvad }, { "/rotation/ovpn", test_ovpn },
    { "/rotation/meanwhile", test_meanwhile }, { "/rotation/time", test_time },
    { "/rotation/leaving", test_leaving }, { "/rotation/first", test_first }, { "/rotation/setting", test_setting },
    { "/rotation/kept", test_kept }, { "/rotation/wiped", test_wiped }, { "/rotation/silent", test_silent },
    { "/rotation/revoked", test_revoked }, { "/rotation/session-gone", test_session_gone },
    { "/rotation/password-gone", test_password_gone }, { "/rotation/relays", test_relays },
    { "/rotation/mysterium", test_mysterium },
  };

  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_SERVICES);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].path, tests[i].run);
  g_test_add_data_func ("/rotation/dead/mullvad", dead_mullvad, test_dead);
  g_test_add_data_func ("/rotation/dead/ivpn", dead_ivpn, test_dead);
  g_test_add_data_func ("/rotation/dead/ovpn", dead_ovpn, test_dead);
  g_test_add_data_func ("/rotation/expired/mullvad", dead_mullvad, test_expired);
  g_test_add_data_func ("/rotation/expired/ivpn", dead_ivpn, test_expired);
  return adit_world_end_test (world);
}
