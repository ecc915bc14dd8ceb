/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-mobile.c: a computer whose only way out is a modem, by the real NetworkManager; what a modem and its card say comes from a
 * stand-in for ModemManager. */
#include "tests/lab/modem.h"

#include <string.h>
#include <unistd.h>

#include "tests/lab/diagnosis.h"
#include "tests/lab/here.h"
#include "tests/lab/leakwatch.h"
#include "tests/lab/links.h"
#include "tests/lab/senders.h"
#include "tests/lab/unasked.h"

#define RULES     "/var/lib/adit/networks"
#define OTHER_APN "company.lab.example"
#define PHASE_US  (2 * G_USEC_PER_SEC)

static const ModemCarrier home = { "8946200000000000018", "24099", MODEM_LTE };
static const ModemCarrier other_card = { "8946200000000000026", "24099", MODEM_LTE };
static const ModemCarrier roaming = { "8946200000000000018", "26299", MODEM_LTE };
static const ModemCarrier old = { "8946200000000000018", "24099", MODEM_EDGE };
static AditWorld *world;
static Modem *modem;

static void
arrive (const ModemCarrier *carrier)
{
  modem_take_out (modem);
  modem_plug_in (modem, carrier);
  modem_wait_active (modem, TRUE);
}

/* What the profile says holds from when it is joined. */
static void
set_profile (const char *what)
{
  g_autofree char *line = g_strdup_printf ("connection modify mobile %s", what);
  g_autoptr (AditLabResult) set = adit_world_nmcli (world, line), up = adit_world_nmcli (world, "connection up mobile");

  g_assert_cmpint (set->status, ==, 0);
  g_assert_cmpint (up->status, ==, 0);
}

/* --- What is said of it ----------------------------------------------------------------------------------------------------- */

static void
test_list (void)
{
  here_expect (world, "kind", "mobile");
  here_expect (world, "name", MODEM_APN);
  here_expect (world, "trust", "unknown");
  diagnosis_expect_at_once (world, "");
  g_assert_cmpint (access (RULES, F_OK), !=, 0);    /* looking writes nothing */
  adit_world_expect (world, 0, NULL, "networks trust here ask", 0);
  g_assert_cmpint (access (RULES, F_OK), ==, 0);
  g_assert_true (here_is_written ("/etc/NetworkManager", MODEM_APN));    /* so that the search is one */
  here_expect_secret (MODEM_APN);
  here_expect_secret (home.sim);
}

/* NetworkManager's own guess, until somebody says otherwise. */
static void
test_metered (void)
{
  guint before;

  here_expect (world, "metered", "yes");
  unasked_expect_says (world, "networks", "(metered)");
  unasked_expect_says (world, "diagnose --json", "\"metered\":\"yes\"");
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  before = unasked_count_lists (world);
  unasked_connect_anew (world);
  unasked_expect_lists (world, FALSE, before);
  set_profile ("connection.metered no");
  here_expect (world, "metered", "no");
  here_expect (world, "trust", "trusted");    /* the same network, whatever it costs */
  before = unasked_count_lists (world);
  unasked_connect_anew (world);
  unasked_expect_lists (world, TRUE, before);
  set_profile ("connection.metered unknown");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* --- What is done there ----------------------------------------------------------------------------------------------------- */

static void
test_rules (void)
{
  adit_world_expect (world, 0, NULL, "networks trust here disconnect", 0);
  adit_world_expect (world, 0, NULL, "networks set mobile ask", 0);
  arrive (&other_card);
  unasked_expect_says (world, "status --json", "\"network-asks\"");
  here_expect_stays (world, "disconnected");
  adit_world_expect (world, 0, NULL, "networks set mobile connect", 0);
  here_expect_stays (world, "disconnected");    /* nobody comes into a network by saying something */
  arrive (&home);
  here_expect_stays (world, "disconnected");
  arrive (&other_card);
  here_expect_state (world, "connected");
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  arrive (&home);
  here_expect_state (world, "disconnected");
  adit_world_expect (world, 0, NULL, "networks set mobile lockdown", 0);
  arrive (&other_card);
  unasked_expect_says (world, "status --json", "\"lockdown\":true");
  arrive (&home);
  here_expect_stays (world, "disconnected");
  unasked_expect_says (world, "status --json", "\"lockdown\":true");    /* leaving is no reason to be less careful */
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  adit_world_expect (world, 0, NULL, "networks set mobile connect", 0);
}

/* The same modem says the same each time but for one thing, and it is a new network, for which nothing is opened. */
static void
test_copies (void)
{
  static const ModemCarrier *const copies[] = { &other_card, &roaming, &old };
  g_autofree char *own = here_dup (world, "id");

  for (guint i = 0; i < G_N_ELEMENTS (copies); i++)
    {
      arrive (copies[i]);
      here_expect_state (world, "connected");
      here_expect_unknown (world, own, MODEM_APN);
      /* Before 4G a network proves nothing to the card, so it may be trusted, but not opened for. */
      if (copies[i] == &old)
        {
          adit_world_expect (world, 0, NULL, "networks trust here disconnect", 2);
          adit_world_expect (world, 0, NULL, "networks trust here ask", 0);
          here_expect (world, "trust", "trusted");
          adit_world_expect (world, 0, NULL, "networks forget here", 0);
        }
      arrive (&home);
      here_expect_state (world, "disconnected");
      here_expect (world, "id", own);
    }
  /* Somebody has drowned the newer one, and all connections stay as they are. */
  modem_set_technology (modem, MODEM_EDGE);
  here_expect_state (world, "connected");
  here_expect_unknown (world, own, MODEM_APN);
  modem_set_technology (modem, MODEM_LTE);
  here_expect_state (world, "disconnected");
  here_expect (world, "id", own);
  set_profile ("gsm.apn " OTHER_APN);
  here_expect_state (world, "connected");
  here_expect_unknown (world, own, OTHER_APN);
  set_profile ("gsm.apn " MODEM_APN);
  here_expect_state (world, "disconnected");
  here_expect (world, "id", own);
}

/* --- What gets out by it ---------------------------------------------------------------------------------------------------- */

typedef struct { AditLeakwatch *at; AditSenders *senders; } Watch;

static void
set_phase (Watch *watch, const char *phase)
{
  static const char *const allowed[] = { ADIT_LAB_EXIT_RELAY, "tcp:" ADIT_LAB_API_ADDRESS ":443", NULL };

  adit_leakwatch_set_phase (watch->at, phase, allowed);
  adit_senders_set_phase (watch->senders, phase);
}

static void
expect_watched (Watch *watch, const char *phase, gboolean leaks)
{
  g_autofree char *keys = adit_leakwatch_dup_keys (watch->at, phase);
  guint outside = adit_leakwatch_get_outside (watch->at, phase), allowed = adit_leakwatch_get_allowed (watch->at, phase);
  guint tried = adit_senders_get_tried (watch->senders, phase);

  g_test_message ("%s: of %u tries %u outside the tunnel, %u packets allowed; %s", phase, tried, outside, allowed,
                  leaks ? "" : keys);
  g_assert_cmpuint (tried, >, 0);
  g_assert_true ((outside > 0) == leaks);
  g_assert_true (leaks || allowed > 0);
}

static void
test_tunnel (void)
{
  g_autoptr (GError) error = NULL;
  Watch watch = { 0 };
  gint64 began;

  adit_world_expect (world, 0, NULL, "networks trust here ask", 0);
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  watch.at = adit_leakwatch_start ("router", MODEM_CARRIER, &error);
  g_assert_no_error (error);
  watch.senders = adit_senders_start_on ("client", MODEM_CLIENT, &error);
  g_assert_no_error (error);

  set_phase (&watch, "connected");
  links_expect_connected (world);
  links_keep_busy (world);

  modem_set_covered (modem, FALSE);
  modem_wait_active (modem, FALSE);
  here_expect_state (world, "blocked");
  links_expect_state (world, "blocked", "offline");
  diagnosis_expect (world, "no-link", NULL);
  began = g_get_monotonic_time ();
  modem_set_covered (modem, TRUE);
  here_expect_state (world, "connected");
  g_test_message ("connected again after %" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - began) / 1000);
  links_expect_connected (world);
  diagnosis_expect (world, "", NULL);
  here_expect (world, "kind", "mobile");
  set_phase (&watch, "");
  expect_watched (&watch, "connected", FALSE);

  /* The same senders over the same way, without protection. */
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  set_phase (&watch, "unprotected");
  g_usleep (PHASE_US);
  set_phase (&watch, "");
  expect_watched (&watch, "unprotected", TRUE);
  adit_senders_stop (watch.senders);
  adit_leakwatch_stop (watch.at);
}

/* The cable is there until NetworkManager has found its feet, and is taken out for good. */
static void
set_up (void)
{
  g_autoptr (AditLabResult) out = NULL;
  g_autoptr (GError) error = NULL;

  world = adit_world_new (ADIT_WORLD_NETWORKMANAGER, &error);
  if (world == NULL)
    g_error ("%s", error->message);
  (void) unlink ("/etc/resolv.conf");
  modem = modem_new (world);
  adit_world_start_networkmanager (world, "default", "file");
  modem_add_profile (modem);
  out = adit_world_nmcli (world, "connection delete wired");
  g_assert_cmpint (out->status, ==, 0);
  links_run (NULL, "ip -n router link set to-client down");
  modem_plug_in (modem, &home);
  modem_wait_active (modem, TRUE);
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
}

int
main (int argc, char **argv)
{
  int failed;

  if (!adit_world_can_networkmanager ())
    return ADIT_LAB_SKIP;
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/mobile/list", test_list);
  g_test_add_func ("/mobile/metered", test_metered);
  g_test_add_func ("/mobile/rules", test_rules);
  g_test_add_func ("/mobile/copies", test_copies);
  g_test_add_func ("/mobile/tunnel", test_tunnel);
  failed = g_test_run ();
  modem_free (modem);
  adit_world_free (world);
  return failed;
}
