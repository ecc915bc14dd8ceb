/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-links.c: links that flap, go and change, and relays that fall silent, under the real helper.  Each case begins and ends
 * connected, by a ping that only the exit answers. */
#include "tests/lab/links.h"

#include <string.h>

#define FLAP_MS      300
#define SHORT_MS     600     /* well inside the second in which a cable may be gone: client/core/session-network.c */
#define MAX_FLAPS    30
#define LONG_MS     2500
#define BACK_MS     5000
#define DEAD_MAX_MS 10000    /* from the last packet that came through to the first by another relay */

static AditWorld *world;

/* --- A cable ---------------------------------------------------------------------------------------------------------------- */

/* Whether the cable was back before anybody may take this computer for offline; a busy one comes too late with the commands. */
static gboolean
flap (void)
{
  gint64 since_us = g_get_monotonic_time ();

  links_run ("router", "ip link set to-client down");
  g_usleep (FLAP_MS * 1000);
  links_run ("router", "ip link set to-client up");
  return g_get_monotonic_time () - since_us < SHORT_MS * 1000;
}

/* Connections inside outlive it: it is the same tunnel afterwards. */
static void
test_flap (void)
{
  for (guint n = 0, tries = 0; n < 3; tries++)
    {
      g_autofree char *before = links_dup_since (world), *after = NULL;
      gboolean is_short = flap ();

      g_assert_cmpuint (tries, <, MAX_FLAPS);
      g_assert_true (adit_world_ping (world, ADIT_LAB_GATEWAY, BACK_MS));
      if (!is_short)
        g_assert_true (adit_world_wait_state (world, "connected", BACK_MS));
      links_expect_state (world, "connected", NULL);
      after = links_dup_since (world);
      if (is_short)
        {
          g_assert_cmpstr (before, ==, after);
          n++;
        }
    }
}

static void
test_offline (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) watch = adit_leakwatch_start ("router", "to-client", &error);
  const char *const nothing[] = { NULL };
  g_autoptr (AditLabResult) said = NULL;
  gint64 began;

  g_assert_no_error (error);
  adit_leakwatch_set_phase (watch, "offline", nothing);
  links_run ("router", "ip link set to-client down");
  if (!adit_world_wait_state (world, "blocked", LONG_MS))
    links_fail (world, "not blocked");
  links_expect_state (world, "blocked", "offline");
  said = adit_world_adit (world, 0, NULL, "status");
  g_assert_nonnull (strstr (said->out, "This computer is offline."));
  g_usleep (LONG_MS * 1000);
  adit_world_expect (world, 0, NULL, "reconnect --wait", 9);    /* what the user wants cannot be had either */
  links_expect_state (world, "blocked", "offline");
  /* A cable that is down carries nothing, so the other side of it is asked: nothing waited for it to come back. */
  g_assert_cmpuint (adit_leakwatch_get_outside (watch, "offline"), ==, 0);

  began = g_get_monotonic_time ();
  links_run ("router", "ip link set to-client up");
  g_assert_true (adit_world_ping (world, ADIT_LAB_GATEWAY, BACK_MS));
  g_test_message ("back after %" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - began) / 1000);
  links_expect_connected (world);
}

/* Somebody has asked for the router while the cable was out, and waits for an answer without end. */
static void
test_asked_in_vain (void)
{
  links_run ("router", "ip link set to-client down");
  if (!adit_world_wait_state (world, "blocked", LONG_MS))
    links_fail (world, "not blocked");
  links_run ("client", "ip neigh replace 10.10.0.1 dev eth0 nud incomplete");
  links_run ("router", "ip link set to-client up");
  if (!adit_world_ping (world, ADIT_LAB_GATEWAY, BACK_MS))
    links_fail (world, "still waiting for the router");
  links_expect_connected (world);
}

/* The route goes and the carrier stays: a lease that has run out. */
static void
test_no_route (void)
{
  links_run ("client", "ip route del default");
  links_run ("client", "ip -6 route del default");
  if (!adit_world_wait_state (world, "blocked", LONG_MS))
    links_fail (world, "not blocked");
  links_expect_state (world, "blocked", "offline");
  links_run ("client", "ip route add default via 10.10.0.1");
  links_run ("client", "ip -6 route add default via 2001:db8:10::1");
  g_assert_true (adit_world_ping (world, ADIT_LAB_GATEWAY, BACK_MS));
  links_expect_connected (world);
}

/* Whoever connects without a network is told so at once, and is connected when there is one. */
static void
test_connect_offline (void)
{
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  links_run ("client", "ip link set eth0 down");
  adit_world_expect (world, 0, NULL, "connect se --wait", 9);
  links_expect_state (world, "blocked", "offline");
  links_run ("client", "ip link set eth0 up");
  links_run ("client", "ip route replace default via 10.10.0.1");
  links_run ("client", "ip -6 addr add 2001:db8:10::2/64 dev eth0 nodad");
  links_run ("client", "ip -6 route replace default via 2001:db8:10::1");
  if (!adit_world_wait_state (world, "connected", BACK_MS))
    links_fail (world, "not connected");
  links_expect_connected (world);
}

/* The helper dies while there is no network and starts without one. */
static void
test_start_offline (void)
{
  links_run ("router", "ip link set to-client down");
  if (!adit_world_wait_state (world, "blocked", LONG_MS))
    links_fail (world, "not blocked");
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  if (!adit_world_wait_state (world, "blocked", LONG_MS))
    links_fail (world, "not blocked after the start");
  links_expect_state (world, "blocked", "offline");
  links_run ("router", "ip link set to-client up");
  if (!adit_world_wait_state (world, "connected", BACK_MS))
    links_fail (world, "not connected");
  links_expect_connected (world);
}

/* --- Another way out -------------------------------------------------------------------------------------------------------- */

/* How often a relay that was there all the time has been made to prove its key. */
static guint
count_proofs (void)
{
  g_autofree char *log = adit_world_dup_log (world);
  guint n = 0;

  for (const char *at = log; (at = strstr (at, "proved its key again")) != NULL; at++)
    n++;
  return n;
}

static void
expect_proof (guint before, const char *what)
{
  for (guint i = 0; i < 300 && count_proofs () == before; i++)
    g_usleep (10000);
  if (count_proofs () == before)
    links_fail (world, what);
}

static void
expect_same_tunnel (const char *before, const char *what)
{
  g_autofree char *after = NULL;

  if (!adit_world_ping (world, ADIT_LAB_GATEWAY, BACK_MS))
    links_fail (world, what);
  links_expect_connected (world);
  after = links_dup_since (world);
  g_assert_cmpstr (before, ==, after);
}

static void
test_other_address (void)
{
  g_autofree char *before = links_dup_since (world);
  guint proofs = count_proofs ();

  links_run ("client", "ip addr add 10.10.0.66/24 dev eth0");
  links_run ("client", "ip route replace default via 10.10.0.1 src 10.10.0.66");
  expect_proof (proofs, "another address");
  expect_same_tunnel (before, "another address");
  proofs = count_proofs ();
  links_run ("client", "ip route replace default via 10.10.0.1");
  links_run ("client", "ip addr del 10.10.0.66/24 dev eth0");
  expect_proof (proofs, "the first address");
  expect_same_tunnel (before, "the first address");
}

static void
test_two_uplinks (void)
{
  g_autofree char *before = links_dup_since (world);
  guint proofs;

  links_run (NULL, "ip -n router link add to-client2 type veth peer name eth1 netns client");
  links_run ("router", "ip addr add 10.11.0.1/24 dev to-client2");
  links_run ("router", "ip link set to-client2 up");
  links_run ("router", "nft add rule inet nat post oifname br-wan ip saddr 10.11.0.0/24 masquerade");
  links_run ("client", "ip link set eth1 up");
  links_run ("client", "ip addr add 10.11.0.2/24 dev eth1");
  links_run ("client", "ip route add default via 10.11.0.1 dev eth1 metric 50");
  g_usleep (FLAP_MS * 1000);
  expect_same_tunnel (before, "the second as well");
  proofs = count_proofs ();
  links_run ("client", "ip route del default via 10.10.0.1 dev eth0");
  expect_proof (proofs, "the second");
  expect_same_tunnel (before, "the second");

  /* Its cable is pulled, and the first has a route again: not offline for a moment. */
  proofs = count_proofs ();
  links_run ("client", "ip route add default via 10.10.0.1 dev eth0 metric 100");
  links_run ("router", "ip link set to-client2 down");
  links_run ("client", "ip route del default dev eth1");
  expect_proof (proofs, "the first again");
  expect_same_tunnel (before, "the first again");
  links_run ("client", "ip link del eth1");
  links_run ("client", "ip route add default via 10.10.0.1 dev eth0");
  links_run ("client", "ip route del default via 10.10.0.1 dev eth0 metric 100");
  g_usleep (FLAP_MS * 1000);
  expect_same_tunnel (before, "as it was");
}

/* --- A relay that falls silent ---------------------------------------------------------------------------------------------- */

static void
test_silent_relay (void)
{
  g_autofree char *before = links_dup_server (world), *after = NULL;
  gint64 began, last = 0;

  links_keep_busy (world);
  links_silence (world);
  began = g_get_monotonic_time ();
  while (!adit_world_ping (world, ADIT_LAB_GATEWAY, 100) && g_get_monotonic_time () - began < 2 * DEAD_MAX_MS * 1000)
    last = g_get_monotonic_time ();
  g_test_message ("another relay after %" G_GINT64_FORMAT " ms", (last - began) / 1000);
  if (last - began > DEAD_MAX_MS * 1000)
    links_fail (world, "too late");
  links_expect_state (world, "connected", NULL);
  after = links_dup_server (world);
  g_assert_cmpstr (after, !=, before);
  links_end_silence ();
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
}

/* Who only sends, to somebody who never answers, and whose resolver is dead: nothing comes back but what the peer owes.  The
 * tunnel is well, and stays. */
static void
test_one_way (void)
{
  g_autofree char *before = links_dup_since (world), *after = NULL;
  gint64 end = g_get_monotonic_time () + 2 * DEAD_MAX_MS * 1000;

  links_run ("exit", "nft 'table inet mute { chain o { type filter hook output priority 0; oifname \"wgexit\" drop; }; "
                     "chain f { type filter hook forward priority 0; oifname \"wgexit\" drop; }; }'");
  while (g_get_monotonic_time () < end)
    {
      g_assert_false (adit_world_ping (world, ADIT_LAB_WEB_ADDRESS, 20));
      g_usleep (100000);
    }
  links_expect_state (world, "connected", NULL);
  links_run ("exit", "nft delete table inet mute");
  g_assert_true (adit_world_ping (world, ADIT_LAB_GATEWAY, BACK_MS));
  after = links_dup_since (world);
  g_assert_cmpstr (before, ==, after);
}

/* Five packets of a hundred are lost, in either direction: nobody is given up for that. */
static void
test_lossy (void)
{
  g_autofree char *before = links_dup_since (world), *after = NULL;
  gint64 end = g_get_monotonic_time () + 2 * DEAD_MAX_MS * 1000;
  guint n_answered = 0;

  links_run ("router", "nft 'table ip lossy { chain f { type filter hook forward priority 0; udp sport 51820 numgen random "
                       "mod 100 < 5 drop; udp dport 51820 numgen random mod 100 < 5 drop; }; }'");
  while (g_get_monotonic_time () < end)
    {
      n_answered += adit_world_ping (world, ADIT_LAB_GATEWAY, 4);
      g_usleep (50000);
    }
  links_run ("router", "nft delete table ip lossy");
  links_expect_state (world, "connected", NULL);
  g_assert_cmpuint (n_answered, >, 100);
  after = links_dup_since (world);
  g_assert_cmpstr (before, ==, after);
}

/* On the way packets may be no longer than @bytes, and whoever drops one says nothing. */
static void
narrow (guint bytes)
{
  g_autofree char *rule = g_strdup_printf ("nft 'table ip narrow { chain f { type filter hook forward priority 0; "
                                           "meta length > %u drop; }; }'", bytes);

  links_run ("router", rule);
}

static guint
get_mtu (void)
{
  const char *const argv[] = { "ip", "-o", "link", "show", "adit0", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);
  const char *mtu = strstr (result->out, " mtu ");

  return mtu != NULL ? (guint) g_ascii_strtoull (mtu + strlen (" mtu "), NULL, 10) : 0;
}

static gboolean
fetch (void)
{
  const char *const argv[] = { "ping", "-c", "1", "-W", "1", "-M", "do", "-s", "1252", ADIT_LAB_GATEWAY, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);

  return result->status == 0;
}

/* A path on which long packets vanish: the tunnel's become shorter, and then everything gets through. */
static void
test_narrow (void)
{
  guint before = get_mtu (), after = 0;

  g_assert_true (fetch ());
  narrow (1360);    /* WireGuard adds 60 bytes to a packet, and fills it up to a multiple of 16 */
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  for (guint i = 0; i < 300 && (after = get_mtu ()) >= before; i++)
    g_usleep (100000);
  g_test_message ("an MTU of %u instead of %u", after, before);
  g_assert_cmpuint (after, >=, 1280);
  g_assert_cmpuint (after, <=, 1300);
  g_assert_true (fetch ());
  links_run ("router", "nft delete table ip narrow");
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  g_usleep (G_USEC_PER_SEC);
  g_assert_cmpuint (get_mtu (), ==, before);
}

int
main (int argc, char **argv)
{
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = links_new_world (ADIT_WORLD_PLAIN);
  g_test_add_func ("/links/flap", test_flap);
  g_test_add_func ("/links/offline", test_offline);
  g_test_add_func ("/links/asked-in-vain", test_asked_in_vain);
  g_test_add_func ("/links/no-route", test_no_route);
  g_test_add_func ("/links/connect-offline", test_connect_offline);
  g_test_add_func ("/links/start-offline", test_start_offline);
  g_test_add_func ("/links/other-address", test_other_address);
  g_test_add_func ("/links/two-uplinks", test_two_uplinks);
  g_test_add_func ("/links/silent-relay", test_silent_relay);
  g_test_add_func ("/links/one-way", test_one_way);
  g_test_add_func ("/links/lossy", test_lossy);
  g_test_add_func ("/links/narrow", test_narrow);
  return adit_world_end_test (world);
}
