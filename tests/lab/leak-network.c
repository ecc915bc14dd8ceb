/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-network.c: rows of the catalogue about sleep, and about other programs' checks of the network and of the time.  The uplink
 * is NetworkManager's, with an address by DHCP. */
#include "tests/lab/leak.h"

#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <gio/gio.h>

#include "tests/lab/sleeper.h"

#define CYCLES    3
#define SLEEP_US  (2 * G_USEC_PER_SEC)
#define BACK_MS   20000    /* DHCP is in it */
#define CHECKS    "/etc/NetworkManager/conf.d/checks.conf"
#define HUSHED    "/run/NetworkManager/conf.d/adit-while-locked.conf"

static gboolean is_started;

static void
start_networkmanager (AditLeak *leak)
{
  /* Whoever is behind the router is seen from its address; whoever is behind the exit is not. */
  static const char checks[] = "[connectivity]\nuri=http://" ADIT_LAB_WEB_ADDRESS "/\nresponse=" ADIT_LAB_ROUTER_ADDRESS "\n";

  if (is_started)
    return;
  g_assert_true (g_file_set_contents (CHECKS, checks, -1, NULL));
  (void) unlink ("/etc/resolv.conf");
  adit_world_start_networkmanager (adit_leak_get_world (leak), "default", "file");
  is_started = TRUE;
}

/* --- Sleep ----------------------------------------------------------------------------------------------------------------- */

static void
expect_back (AditLeak *leak, gint64 since_us)
{
  AditWorld *world = adit_leak_get_world (leak);
  g_autofree char *asked = NULL, *answer = NULL;

  if (!adit_world_ping (world, ADIT_LAB_GATEWAY, BACK_MS))
    {
      adit_world_print_log (world);
      g_error ("the tunnel is not back");
    }
  g_test_message ("back after %" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - since_us) / 1000);
  g_assert_true (adit_world_wait_state (world, "connected", BACK_MS));
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  g_free (adit_world_dup_dns_log (world));
  answer = adit_world_look_up (world, "web.example");
  asked = adit_world_dup_dns_log (world);
  g_assert_true (g_str_has_prefix (answer, ADIT_LAB_WEB_ADDRESS));
  g_assert_true (g_str_has_prefix (asked, ADIT_LAB_GATEWAY " "));
}

static void
expect_waited_for (AditLeak *leak, Sleeper *sleeper)
{
  for (guint i = 0; i < 200; i++, g_usleep (10000))
    if (sleeper_is_waited_for (sleeper, "Adit"))
      return;
  adit_world_print_log (adit_leak_get_world (leak));
  g_error ("sleep does not wait for the helper");
}

static void
row_l09 (AditLeak *leak)
{
  AditWorld *world = adit_leak_get_world (leak);
  Sleeper *sleeper;

  start_networkmanager (leak);
  sleeper = sleeper_new ();
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  adit_leak_start_senders (leak);
  for (guint i = 0; i < CYCLES; i++)
    {
      g_autofree char *address = g_strdup_printf ("10.10.0.%u", 70 + i);
      gint64 began;
      guint ms;

      expect_waited_for (leak, sleeper);
      adit_leak_allow (leak, "sleep");
      ms = sleeper_fall (sleeper);
      g_assert_cmpuint (ms, <, 4000);    /* logind would go on without us after five seconds */
      adit_world_set_lease_address (world, address);
      g_usleep (SLEEP_US);
      began = g_get_monotonic_time ();
      sleeper_wake (sleeper);
      expect_back (leak, began);
      adit_leak_expect_shut (leak, "over sleep");
    }
  /* The same senders, over the same sleep, without protection. */
  adit_leak_expose (leak);
  (void) sleeper_fall (sleeper);
  sleeper_wake (sleeper);
  g_usleep (SLEEP_US);
  adit_leak_expect_open (leak, "over sleep");
  adit_leak_stop_senders (leak);
  adit_world_set_lease_address (world, "10.10.0.2");
  sleeper_free (sleeper);
}

/* --- Checks ---------------------------------------------------------------------------------------------------------------- */

static char *
check (AditLeak *leak)
{
  g_autoptr (AditLabResult) result = adit_world_nmcli (adit_leak_get_world (leak), "networking connectivity check");

  adit_leak_count (leak, 1);
  return g_strdup (g_strstrip (result->out));
}

static void
expect_check (AditLeak *leak, const char *word, const char *when)
{
  g_autofree char *said = NULL;

  for (guint i = 0; i < 50 && g_strcmp0 (said, word) != 0; i++, g_usleep (100000))
    {
      g_free (said);
      said = check (leak);
    }
  if (!g_str_equal (said, word))
    g_error ("%s: NetworkManager says %s", when, said);
}

static void
row_l23 (AditLeak *leak)
{
  /* RFC 5905: a client's question. */
  static const AditLeakPacket times[] = {
    { "time", SOCK_DGRAM, 0, ADIT_LAB_WEB_ADDRESS, 123, { 0 } },
    { "time, by the uplink", SOCK_DGRAM, 0, ADIT_LAB_WEB_ADDRESS, 123, { .device = "eth0" } },
    { "time, 6", SOCK_DGRAM, 0, "2001:db8:ff::80", 123, { 0 } },
  };

  start_networkmanager (leak);
  for (guint state = 0; state <= ADIT_LEAK_CONNECTED; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      expect_check (leak, "full", "locked");
      for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
        adit_leak_send (leak, &times[i]);
      adit_leak_expect_shut (leak, "checks");
    }
  /* If it did not rest, the lock alone would stop it, and it would say that there is no internet. */
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  g_assert_cmpint (unlink (HUSHED), ==, 0);
  adit_leak_run (leak, NULL, "busctl call org.freedesktop.NetworkManager /org/freedesktop/NetworkManager "
                             "org.freedesktop.NetworkManager Reload u 1");
  expect_check (leak, "limited", "locked, and not told to rest");
  adit_leak_expect_shut (leak, "a check that does not rest");

  adit_leak_expose (leak);
  g_assert_cmpint (access (HUSHED, F_OK), !=, 0);
  expect_check (leak, "full", "open");
  adit_leak_expect_open (leak, "the check");
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      adit_leak_send (leak, &times[i]);
      adit_leak_expect_open (leak, times[i].name);
    }
}

static const AditLeakRow rows[] = {
  { "L09", "sleep, three times, with another address each time", row_l09 },
  { "L23", "NetworkManager's check of the internet, time synchronisation", row_l23 },
};

int
main (int argc, char **argv)
{
  if (!adit_world_can_networkmanager ())
    return ADIT_LAB_SKIP;
  return adit_leak_main (argc, argv, ADIT_WORLD_POLKIT | ADIT_WORLD_PEOPLE | ADIT_WORLD_LOGIND | ADIT_WORLD_NETWORKMANAGER, rows,
                         G_N_ELEMENTS (rows));
}
