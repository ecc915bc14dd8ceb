/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-wifi.c: a computer that moves between Wi-Fi networks, by the real NetworkManager and wpa_supplicant, at real access
 * points on simulated radios. */
#include "tests/lab/radios.h"

#include <string.h>
#include <unistd.h>

#include "tests/lab/here.h"
#include "tests/lab/leakwatch.h"
#include "tests/lab/senders.h"

#define BACK_MS  120000   /* an access point has gone, and another one is looked for */
#define LOOK_US  100000
#define LOOKS    60
#define HOME     0        /* the access points' numbers */
#define PHONE    1
#define NAME     "Haus-Übersee"
#define KEY      "correct horse battery"
#define RULES    "/var/lib/adit/networks"
/* What an access point tells its wire when somebody joins: an 802.2 XID in the joiner's name, made by the router's kernel. */
#define JOINED   "eth:0006"

static const RadiosNetwork home = { .name = NAME, .key = KEY }, phone = { .name = "Telefon", .key = "another long secret" },
                           open_copy = { .name = NAME };
static AditWorld *world;

static char *
ask (const char *line)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, line);

  if (result->status != 0)
    g_error ("adit %s: %s", line, result->err);
  return g_strdup (result->out);
}

static void
expect_says (const char *line, const char *words)
{
  g_autofree char *out = NULL;

  for (guint i = 0; i < LOOKS; i++, g_usleep (LOOK_US))
    {
      g_free (out);
      out = ask (line);
      if (strstr (out, words) != NULL)
        return;
    }
  adit_world_print_log (world);
  g_error ("adit %s: no %s in %s", line, words, out);
}

/* Comes into it, and somebody there sends something, so that the router's hardware address is known. */
static void
arrive (const char *profile)
{
  radios_join (world, profile);
  (void) adit_world_ping (world, ADIT_LAB_ROUTER_ADDRESS, 500);
}

static void
become (const RadiosNetwork *network)
{
  radios_end (HOME);
  radios_begin (HOME, network);
}

/* --- What is said of it ----------------------------------------------------------------------------------------------------- */

static void
test_list (void)
{
  json_t *row = here_find (world);

  g_assert_cmpstr (json_string_value (json_object_get (row, "kind")), ==, "wifi");
  g_assert_cmpstr (json_string_value (json_object_get (row, "name")), ==, NAME);
  g_assert_cmpstr (json_string_value (json_object_get (row, "metered")), ==, "no");
  json_decref (row);
  expect_says ("networks", NAME);
  expect_says ("diagnose --json", "\"metered\":\"no\"");
  g_assert_cmpint (access (RULES, F_OK), !=, 0);    /* looking writes nothing */
  adit_world_expect (world, 0, NULL, "networks trust here disconnect", 0);
  g_assert_cmpint (access (RULES, F_OK), ==, 0);
  g_assert_true (here_is_written ("/etc/NetworkManager", NAME));    /* so that the search is one */
  here_expect_secret (NAME);
}

static void
test_metered (void)
{
  g_autoptr (AditLabResult) set = adit_world_nmcli (world, "connection modify home connection.metered yes"), unset = NULL;

  g_assert_cmpint (set->status, ==, 0);
  arrive ("home");
  here_expect (world, "metered", "yes");
  expect_says ("networks", "(metered)");
  expect_says ("diagnose --json", "\"metered\":\"yes\"");
  here_expect (world, "trust", "trusted");    /* the same network, whatever it costs */
  unset = adit_world_nmcli (world, "connection modify home connection.metered unknown");
  g_assert_cmpint (unset->status, ==, 0);
  /* Nobody has said anything of that one; its DHCP server says what a telephone's does. */
  arrive ("phone");
  here_expect (world, "name", "Telefon");
  here_expect (world, "metered", "yes");
}

/* --- What is done there ----------------------------------------------------------------------------------------------------- */

static void
test_rules (void)
{
  arrive ("home");
  adit_world_expect (world, 0, NULL, "networks set wifi connect", 0);
  here_expect_stays (world, "disconnected");    /* nobody comes into a network by saying something */
  arrive ("phone");
  here_expect_state (world, "connected");
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  arrive ("home");
  here_expect_state (world, "disconnected");
}

/* NetworkManager looks around, and finds that the network in which it is wants a key. */
static void
expect_claim_heard (void)
{
  gint64 end = g_get_monotonic_time () + BACK_MS * 1000L;

  for (;; g_usleep (LOOK_US))
    {
      g_autoptr (AditLabResult) again = adit_world_nmcli (world, "device wifi rescan");
      g_autoptr (AditLabResult) said = adit_world_nmcli (world, "-g IN-USE,RSN-FLAGS,SSID device wifi list --rescan no");

      if (strstr (said->out, "*:pair_ccmp group_ccmp psk:" NAME) != NULL)
        return;
      if (g_get_monotonic_time () > end)
        {
          adit_world_print_log (world);
          g_error ("the claim is not heard: %s", said->out);
        }
    }
}

/* The same radio says the same of itself each time but for one thing, and it is a new network, for which nothing is opened. */
static void
test_copies (void)
{
  static const RadiosNetwork other_router = { .name = NAME, .key = KEY, .hardware = "02:00:00:00:77:01" };
  g_autofree char *own = here_dup (world, "id");

  become (&other_router);
  arrive ("home");
  here_expect_state (world, "connected");
  here_expect_unknown (world, own, NAME);

  become (&open_copy);
  arrive ("open");
  here_expect_unknown (world, own, NAME);
  adit_world_expect (world, 0, NULL, "networks trust here disconnect", 2);
  radios_claim_key (HOME);
  expect_claim_heard ();
  here_expect_unknown (world, own, NAME);
  adit_world_expect (world, 0, NULL, "networks trust here disconnect", 2);

  become (&home);
  arrive ("home");
  here_expect (world, "id", own);
  here_expect_state (world, "disconnected");
}

/* --- What gets out between two networks ------------------------------------------------------------------------------------- */

typedef struct { AditLeakwatch *at[RADIOS_N]; AditSenders *senders; } Watch;

static void
set_phase (Watch *watch, const char *phase)
{
  static const char *const allowed[] = { ADIT_LAB_EXIT_RELAY, "tcp:" ADIT_LAB_API_ADDRESS ":443", JOINED, NULL };

  for (guint i = 0; i < RADIOS_N; i++)
    adit_leakwatch_set_phase (watch->at[i], phase, allowed);
  adit_senders_set_phase (watch->senders, phase);
}

static void
expect_watched (Watch *watch, const char *phase, gboolean leaks)
{
  set_phase (watch, "");
  for (guint i = 0; i < RADIOS_N; i++)
    {
      g_autofree char *keys = adit_leakwatch_dup_keys (watch->at[i], phase);
      guint outside = adit_leakwatch_get_outside (watch->at[i], phase);
      guint allowed = adit_leakwatch_get_allowed (watch->at[i], phase);

      g_test_message ("%s, access point %u: of %u tries %u outside the tunnel, %u packets allowed; %s", phase, i,
                      adit_senders_get_tried (watch->senders, phase), outside, allowed, leaks ? "" : keys);
      g_assert_cmpuint (adit_senders_get_tried (watch->senders, phase), >, 0);
      g_assert_cmpuint (allowed, >, 0);
      if (leaks)
        g_assert_cmpuint (outside, >, 0);
      else
        g_assert_cmpuint (outside, ==, 0);
    }
}

static void
expect_back (gint64 since_us)
{
  if (!adit_world_ping (world, ADIT_LAB_GATEWAY, BACK_MS))
    {
      adit_world_print_log (world);
      g_error ("the tunnel is not back");
    }
  g_test_message ("back after %" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - since_us) / 1000);
  here_expect_state (world, "connected");
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
}

static void
test_moving (void)
{
  g_autofree char *own = here_dup (world, "id"), *forget = g_strdup_printf ("networks forget %s", own);
  g_autoptr (GError) error = NULL;
  Watch watch = { 0 };
  gint64 began;

  adit_world_expect (world, 0, NULL, "networks set wifi ask", 0);
  adit_world_expect (world, 0, NULL, forget, 0);
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  for (guint i = 0; i < RADIOS_N; i++)
    {
      g_autofree char *device = radios_dup_device (i);

      watch.at[i] = adit_leakwatch_start ("router", device, &error);
      g_assert_no_error (error);
    }
  watch.senders = adit_senders_start_on ("client", RADIOS_CLIENT, &error);
  g_assert_no_error (error);

  set_phase (&watch, "moving");
  began = g_get_monotonic_time ();
  radios_join (world, "phone");
  expect_back (began);
  /* And without anybody's hand: that access point goes, and NetworkManager finds the other one. */
  began = g_get_monotonic_time ();
  radios_end (PHONE);
  expect_back (began);
  expect_watched (&watch, "moving", FALSE);

  /* The same senders over the same way, without protection. */
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  radios_begin (PHONE, &phone);
  set_phase (&watch, "unprotected");
  radios_join (world, "phone");
  g_usleep (5 * LOOK_US);
  expect_watched (&watch, "unprotected", TRUE);
  adit_senders_stop (watch.senders);
  for (guint i = 0; i < RADIOS_N; i++)
    adit_leakwatch_stop (watch.at[i]);
}

/* The cable is there until NetworkManager has found its feet, and is taken out for good. */
static void
set_up (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLabResult) out = NULL;

  world = adit_world_new (ADIT_WORLD_NETWORKMANAGER, &error);
  if (world == NULL)
    g_error ("%s", error->message);
  (void) unlink ("/etc/resolv.conf");
  radios_set_up (world);
  adit_world_start_networkmanager (world, "default", "file");
  out = adit_world_nmcli (world, "connection delete wired");
  g_assert_cmpint (out->status, ==, 0);
  radios_begin (HOME, &home);
  radios_begin (PHONE, &phone);
  radios_add_profile (world, "home", HOME, &home);
  radios_add_profile (world, "open", HOME, &open_copy);
  radios_add_profile (world, "phone", PHONE, &phone);
  radios_join (world, "home");
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
}

int
main (int argc, char **argv)
{
  if (!radios_are_there () || !adit_world_can_networkmanager ())
    return ADIT_LAB_SKIP;
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/wifi/list", test_list);
  g_test_add_func ("/wifi/metered", test_metered);
  g_test_add_func ("/wifi/rules", test_rules);
  g_test_add_func ("/wifi/copies", test_copies);
  g_test_add_func ("/wifi/moving", test_moving);
  return adit_world_end_test (world);
}
