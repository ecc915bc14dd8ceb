/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-far.c: a network from which everything is 300 ms away and in which five of a hundred frames are lost, in either direction:
 * signing in and connecting work, and a tunnel that is used is never taken for dead. */
#include "config.h"

#include <string.h>
#include "tests/bench/bench.h"
#include "tests/bench/delay.h"
#include "tests/lab/links.h"
#include "tests/lab/openvpn-exit.h"
#include "tests/lab/senders.h"

#define ONE_WAY_US     150000
#define LOST_PER_MILLE     50
#define WATCHED_S          60
#define PING_MS          2000
#define ASKED             10    /* so often is asked what is wrong: a question and its answer are lost, too */

typedef struct
{
  const char *name, *connect, *inside;
  const char *carrier[3];    /* all that leaves the computer, ended by NULL */
} Carrier;

static const Carrier carriers[] = {
  { "wireguard", "connect se-got --wait", ADIT_LAB_GATEWAY, { ADIT_LAB_EXIT_RELAY } },
  { "openvpn-udp", "connect --profile udp --wait", ADIT_LAB_OVPN_RESOLVER, { "udp:" ADIT_LAB_OVPN_ADDRESS ":1194" } },
  { "openvpn-tcp", "connect --profile tcp --wait", ADIT_LAB_OVPN_RESOLVER, { "tcp:" ADIT_LAB_OVPN_ADDRESS ":443" } },
};

static AditWorld *world;
static BenchDelay *box;
static AditLeakwatch *watcher;
static AditSenders *senders;
static int ping;

static guint
get_mtu (void)
{
  const char *const argv[] = { "ip", "-o", "link", "show", "adit0", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);
  const char *mtu = strstr (result->out, " mtu ");

  return mtu != NULL ? (guint) g_ascii_strtoull (mtu + strlen (" mtu "), NULL, 10) : 0;
}

static void
expect_cause_none (void)
{
  for (guint i = 0; i < ASKED; i++)
    {
      g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "diagnose --json");

      if (strstr (result->out, "\"cause\":null") != NULL || strstr (result->out, "\"cause\":\"\"") != NULL)
        return;
      g_test_message ("%s", result->out);
    }
  links_fail (world, "something is said to be wrong");
}

static void
test_far (gconstpointer data)
{
  const Carrier *carrier = data;
  g_autofree char *before = NULL, *after = NULL, *keys = NULL, *log = NULL;
  BenchDelayCount count = bench_delay_get_count (box), count_after;
  guint n_sent = 0, n_answered = 0, mtu;
  gint64 began_us = g_get_monotonic_time (), end_us;
  gsize logged;

  adit_world_expect (world, 0, NULL, carrier->connect, 0);
  g_test_message ("connected after %" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - began_us) / 1000);
  before = links_dup_since (world);
  mtu = get_mtu ();
  log = adit_world_dup_log (world);
  logged = strlen (log);
  adit_leakwatch_set_phase (watcher, carrier->name, carrier->carrier);
  adit_senders_set_phase (senders, carrier->name);
  for (end_us = g_get_monotonic_time () + WATCHED_S * G_USEC_PER_SEC; g_get_monotonic_time () < end_us; n_sent++)
    n_answered += bench_ping (ping, carrier->inside, PING_MS);
  adit_senders_set_phase (senders, "");
  adit_leakwatch_set_phase (watcher, "", NULL);
  links_expect_state (world, "connected", NULL);
  after = links_dup_since (world);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (get_mtu (), ==, mtu);
  g_free (log);
  log = adit_world_dup_log (world);
  g_assert_null (strstr (log + logged, "has stopped answering"));
  g_assert_null (strstr (log + logged, "vanish on the way"));
  g_assert_null (strstr (log + logged, "nobody answers names"));

  count_after = bench_delay_get_count (box);
  keys = adit_leakwatch_dup_keys (watcher, carrier->name);
  g_test_message ("%u of %u pings answered; of %" G_GUINT64_FORMAT " frames %" G_GUINT64_FORMAT " lost, %" G_GUINT64_FORMAT
                  " too many; %u tried, %u outside %s", n_answered, n_sent, count_after.n_carried - count.n_carried,
                  count_after.n_lost - count.n_lost, count_after.n_dropped - count.n_dropped,
                  adit_senders_get_tried (senders, carrier->name), adit_leakwatch_get_outside (watcher, carrier->name), keys);
  g_assert_cmpuint (n_answered, >, n_sent * 9 / 10);
  g_assert_cmpuint (n_answered, <, WATCHED_S * G_USEC_PER_SEC / (2 * ONE_WAY_US) + 1);    /* else the way is not that long */
  g_assert_cmpuint (count_after.n_lost, >, count.n_lost);
  g_assert_cmpuint (adit_senders_get_tried (senders, carrier->name), >, 1000);
  g_assert_cmpuint (adit_leakwatch_get_allowed (watcher, carrier->name), >, n_sent);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, carrier->name), ==, 0);
  expect_cause_none ();
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

static AditLabOvpn *
start_server (const char *name, AditLabOvpnTransport transport)
{
  const AditLabOvpnServer server = { .transport = transport };
  g_autofree char *path = g_strdup_printf ("/run/lab/%s.ovpn", name), *import = g_strconcat ("import ", path, NULL);
  g_autoptr (GError) error = NULL;
  AditLabOvpn *ovpn = adit_lab_ovpn_new (&server, g_getenv ("ADIT_LAB_OPENVPN_VERIFY"), &error);

  g_assert_no_error (error);
  adit_lab_ovpn_write_client (path, &server, "<auth-user-pass>\n" ADIT_LAB_OVPN_USER "\n" ADIT_LAB_OVPN_PASSWORD
                              "\n</auth-user-pass>\n", &error);
  g_assert_no_error (error);
  adit_world_expect (world, 0, NULL, import, 0);
  return ovpn;
}

int
main (int argc, char **argv)
{
  g_autoptr (AditLabOvpn) udp = NULL, tcp = NULL;
  g_autoptr (GError) error = NULL;
  int failed;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  if (world == NULL || !adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error) ||
      (box = bench_delay_new ("client", ONE_WAY_US, &error)) == NULL ||
      (watcher = adit_leakwatch_start ("router", "to-client", &error)) == NULL ||
      (senders = adit_senders_start ("client", &error)) == NULL)
    g_error ("%s", error->message);
  ping = bench_ping_open ("client");
  adit_senders_set_phase (senders, "");
  bench_delay_set_loss (box, LOST_PER_MILLE);
  adit_world_expect_helper (world);
  udp = start_server ("udp", ADIT_LAB_OVPN_UDP);
  tcp = start_server ("tcp", ADIT_LAB_OVPN_TCP);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (carriers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/far/%s", carriers[i].name);

      g_test_add_data_func (path, &carriers[i], test_far);
    }
  failed = g_test_run ();
  adit_senders_stop (senders);
  adit_leakwatch_stop (watcher);
  adit_world_free (world);
  bench_delay_free (box);
  return failed;
}
