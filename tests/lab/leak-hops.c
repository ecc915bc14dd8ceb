/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-hops.c: rows of a tunnel in a tunnel.  What a program sends to the exit's own address belongs, by WireGuard's allowed IPs,
 * to the entry: that could read it, since it would be enciphered for the entry alone.  So the watcher sits at the entry's
 * cable. */
#include "config.h"
#include "tests/lab/leak.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "platform/linux/marks.h"

#define CARRIER ADIT_LAB_EXIT_PORT
#define TUNNEL  .device = ADIT_TUNNEL_DEVICE
#define NOBODY  "198.51.100.99"    /* us-nyc */
#define WAIT_MS 5000

static AditLeakwatch *entry;    /* at its cable */

static AditLeakPacket packets[] = {
  { "udp", SOCK_DGRAM, 0, NULL, 9999, { 0 } }, { "udp, bound", SOCK_DGRAM, 0, NULL, 9999, { TUNNEL } },
  { "as the tunnel does", SOCK_DGRAM, 0, NULL, CARRIER, { 0 } },
  { "as the tunnel does, bound", SOCK_DGRAM, 0, NULL, CARRIER, { TUNNEL } },
  { "by Bob", SOCK_DGRAM, 0, NULL, CARRIER, { .uid = ADIT_WORLD_BOB_UID } },
  { "another's mark", SOCK_DGRAM, 0, NULL, CARRIER, { .mark = 0xca6c } },
  { "all other bits", SOCK_DGRAM, 0, NULL, CARRIER, { .mark = ~ADIT_MARK_MASK } },
  { "our mark, another port", SOCK_DGRAM, 0, NULL, CARRIER + 1, { .mark = ADIT_MARK } },
  { "our mark, tcp", SOCK_STREAM, 0, NULL, CARRIER, { .mark = ADIT_MARK } },
  { "our mark, icmp", SOCK_RAW, IPPROTO_ICMP, NULL, 0, { .mark = ADIT_MARK } },
  { "tcp", SOCK_STREAM, 0, NULL, 80, { 0 } }, { "tcp, bound", SOCK_STREAM, 0, NULL, 443, { TUNNEL } },
  { "quic", SOCK_DGRAM, 0, NULL, 443, { 0 } }, { "icmp", SOCK_RAW, IPPROTO_ICMP, NULL, 0, { 0 } },
  { "names", SOCK_DGRAM, 0, NULL, 53, { 0 } }, { "names, tcp", SOCK_STREAM, 0, NULL, 53, { 0 } },
  { "sctp", SOCK_RAW, IPPROTO_SCTP, NULL, 0, { 0 } },
};

static void
begin (const char *phase)
{
  static const char *const carried[] = { "udp:" ADIT_LAB_EXIT_ADDRESS ":51820", "udp:" NOBODY ":51820", NULL };

  adit_leakwatch_set_phase (entry, phase, carried);
}

/* What the tunnel itself sends to the exit leaves the entry: the way that must not be taken is open. */
static gboolean
is_carried (const char *phase)
{
  for (guint i = 0; i < WAIT_MS && adit_leakwatch_get_allowed (entry, phase) == 0; i++)
    g_usleep (1000);
  return adit_leakwatch_get_allowed (entry, phase) > 0;
}

/* What is sent to @to and leaves the entry in the clear: each kind once. */
static guint
count_in_clear (AditLeak *leak, const char *phase, const char *to)
{
  g_autofree char *keys = NULL;
  g_auto (GStrv) seen = NULL;
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (packets); i++)
    {
      packets[i].to = to;
      adit_leak_send (leak, &packets[i]);
    }
  adit_leakwatch_set_phase (entry, "between", NULL);
  keys = adit_leakwatch_dup_keys (entry, phase);
  seen = g_strsplit (keys, " ", -1);
  for (guint i = 0; seen[i] != NULL; i++)
    n += strstr (seen[i], to) != NULL;
  g_test_message ("%s: %s", phase, keys);
  return n;
}

static int
find_helper (void)
{
  const char *const argv[] = { "pidof", "-s", "aditd", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run (NULL, 0, 5000, argv, NULL);

  g_assert_cmpint (result->status, ==, 0);
  return atoi (result->out);
}

static void
row_l12 (AditLeak *leak)
{
  static const char *const to_entry[] = { "udp:" ADIT_LAB_ENTRY_ADDRESS ":51820", NULL };
  static const struct { const char *connect, *state, *exit; } rows[] = {
    { "connect --entry nl-ams us-nyc", "connecting", NOBODY },    /* the tunnel to the entry is there, and there is no exit */
    { "connect --entry nl-ams se-got --wait", "connected", ADIT_LAB_EXIT_ADDRESS },
  };
  AditWorld *world = adit_leak_get_world (leak);
  g_autoptr (GError) error = NULL;
  guint n_seen;
  int helper;

  entry = adit_leakwatch_start ("router", "to-entry", &error);
  g_assert_no_error (error);
  adit_leak_enter (leak, ADIT_LEAK_LOCKDOWN);
  adit_leak_allow_also (leak, to_entry);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      adit_leak_allow (leak, rows[i].state);
      begin (rows[i].state);
      adit_world_expect (world, 0, NULL, rows[i].connect, 0);
      g_assert_true (adit_world_wait_state (world, rows[i].state, WAIT_MS) && is_carried (rows[i].state));
      g_assert_cmpuint (count_in_clear (leak, rows[i].state, rows[i].exit), ==, 0);
      adit_leak_expect_shut (leak, rows[i].connect);
    }
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);

  /* Without the lock, and nobody who puts it back.  Its programs are this lab's alone: a PID namespace. */
  helper = find_helper ();
  g_assert_cmpint (kill (helper, SIGSTOP), ==, 0);
  adit_leak_run (leak, "client", "nft delete table inet adit");
  begin ("control");
  n_seen = count_in_clear (leak, "control", ADIT_LAB_EXIT_ADDRESS);
  g_assert_cmpint (kill (helper, SIGCONT), ==, 0);
  g_assert_cmpuint (n_seen, >=, 8);    /* each key once: protocol, address and port */
  adit_leak_count_seen (leak, n_seen);
  adit_leak_allow_also (leak, NULL);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_leakwatch_stop (entry);
}

static const AditLeakRow rows[] = {
  { "L12", "to the exit's own address, where the way begins at another server", row_l12 },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_ENTRY, rows, G_N_ELEMENTS (rows));
}
