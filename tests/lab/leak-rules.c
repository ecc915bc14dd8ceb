/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-rules.c: rows of the catalogue about the rules themselves: somebody removes them, or the kernel leaves one out. */
#include "tests/lab/leak.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define OTHER      ADIT_LAB_WEB_ADDRESS
#define OTHER6     "2001:db8:ff::80"
#define CABLE      .device = "eth0"
#define WHOLE_MS   5000
#define RUN_MS     10000
#define RESTART    "/run/adit-nftables.conf"
#define LOCK_FAILED 11    /* what `adit` exits with: client/api/errors.c */

/* What a distribution's nftables.service runs at each restart. */
static const char distribution[] =
  "flush ruleset\n"
  "table inet filter {\n"
  "  chain input { type filter hook input priority filter; policy accept; }\n"
  "  chain output { type filter hook output priority filter; policy accept; }\n"
  "}\n";

static const AditLeakPacket packets[] = {
  { "udp", SOCK_DGRAM, 0, OTHER, 9999, { 0 } }, { "udp, by the cable", SOCK_DGRAM, 0, OTHER, 9999, { CABLE } },
  { "tcp", SOCK_STREAM, 0, OTHER, 80, { CABLE } }, { "ping", SOCK_RAW, IPPROTO_ICMP, OTHER, 0, { CABLE } },
  { "udp, 6", SOCK_DGRAM, 0, OTHER6, 9999, { CABLE } }, { "DNS", SOCK_DGRAM, 0, OTHER, 53, { CABLE } },
};

static void
send_all (AditLeak *leak)
{
  guint8 frame[128] = { 0 };
  gsize length = probe_make_udp (frame, "10.10.0.2", 4000, OTHER, 4000);

  for (gsize i = 0; i < G_N_ELEMENTS (packets); i++)
    adit_leak_send (leak, &packets[i]);
  adit_leak_count (leak, 1);
  (void) probe_frame ("client", "eth0", frame, length);
}

static char *
read_rules (void)
{
  const char *const inet[] = { "nft", "-s", "list", "table", "inet", "adit", NULL };
  const char *const netdev[] = { "nft", "-s", "list", "table", "netdev", "adit", NULL };
  g_autoptr (AditLabResult) a = adit_lab_run ("client", 0, RUN_MS, inet, NULL);
  g_autoptr (AditLabResult) b = adit_lab_run ("client", 0, RUN_MS, netdev, NULL);

  return g_strconcat (a->out, b->out, NULL);
}

static void
wait_whole (AditLeak *leak, const char *whole, const char *change)
{
  gint64 since_us = g_get_monotonic_time ();

  for (;;)
    {
      g_autofree char *now = read_rules ();

      if (g_str_equal (now, whole))
        break;
      if (g_get_monotonic_time () - since_us > WHOLE_MS * 1000)
        g_error ("%s: not put back:\n%s", change, now);
    }
  g_test_message ("%s: whole again when looked at after %.0f ms", change, (double) (g_get_monotonic_time () - since_us) / 1000);
}

static void
wait_web (AditLeak *leak, const char *change)
{
  gint64 since_us = g_get_monotonic_time ();

  for (;;)
    {
      g_autofree char *seen_as = adit_world_ask_web (adit_leak_get_world (leak), FALSE);

      if (g_strcmp0 (seen_as, ADIT_LAB_EXIT_ADDRESS) == 0)
        break;
      if (g_get_monotonic_time () - since_us > WHOLE_MS * 1000)
        g_error ("%s: the tunnel did not come back", change);
    }
  g_test_message ("%s: the tunnel carries again after %.0f ms", change, (double) (g_get_monotonic_time () - since_us) / 1000);
}

/* While the helper lives the rules are put back.  What gets out until then is measured in test-firewall-disturbed.c and told in
 * SECURITY.md; here it is that nothing does afterwards. */
static void
row_l24 (AditLeak *leak)
{
  static const char *const changes[] = {
    "nft flush ruleset", "nft -f " RESTART, "nft delete table inet adit", "nft delete table netdev adit",
    "nft flush table inet adit", "nft flush chain netdev adit pass", "nft insert rule inet adit output accept",
    "nft add element inet adit own4 { 10.10.0.2 }",
  };
  static const AditLeakState states[] = { ADIT_LEAK_LOCKDOWN, ADIT_LEAK_CONNECTING, ADIT_LEAK_CONNECTED };

  g_assert_true (g_file_set_contents (RESTART, distribution, -1, NULL));
  for (guint state = 0; state < G_N_ELEMENTS (states); state++)
    {
      g_autofree char *whole = NULL;

      for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
        {
          g_auto (GStrv) argv = g_strsplit (changes[i], " ", -1);
          g_autoptr (AditLabResult) result = NULL;

          /* A try ends after four seconds, and the next one has another lock. */
          if (i == 0 || states[state] == ADIT_LEAK_CONNECTING)
            {
              adit_leak_enter (leak, states[state]);
              g_free (whole);
              whole = read_rules ();
              g_assert_nonnull (strstr (whole, "egress"));
            }
          result = adit_lab_run ("client", 0, RUN_MS, (const char *const *) argv, NULL);
          wait_whole (leak, whole, changes[i]);
          adit_leak_allow (leak, changes[i]);
          send_all (leak);
          adit_leak_expect_shut (leak, changes[i]);
        }
    }
  /* The second half: nobody is there to put them back, and the next helper does. */
  adit_leak_enter (leak, ADIT_LEAK_ORPHANED);
  adit_leak_run (leak, "client", "nft flush ruleset");
  send_all (leak);
  adit_leak_expect_open (leak, "flushed while there is no helper");
  adit_world_expect_helper (adit_leak_get_world (leak));
  g_assert_true (adit_world_wait_state (adit_leak_get_world (leak), "connected", RUN_MS));
  adit_leak_allow (leak, "the next helper");
  send_all (leak);
  adit_leak_expect_shut (leak, "the next helper");
  adit_leak_run (leak, "client", "rm " RESTART);
}

/* The lock holds whatever becomes of the routes; while the helper lives they come back as well. */
static void
row_l24_routes (AditLeak *leak)
{
  static const char *const changes[] = {
    "ip rule del pref 4490", "ip -6 rule del pref 4490", "ip rule del pref 4410", "ip route flush table 44356",
    "ip -6 route flush table 44356", "ip rule flush", "ip addr flush dev adit0", "ip link set adit0 down",
  };

  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      adit_leak_run (leak, "client", changes[i]);
      if (g_str_equal (changes[i], "ip rule flush"))    /* takes main and default along, which are not ours */
        {
          adit_leak_run (leak, "client", "ip rule add pref 32766 lookup main");
          adit_leak_run (leak, "client", "ip rule add pref 32767 lookup default");
        }
      send_all (leak);
      wait_web (leak, changes[i]);
      send_all (leak);
      adit_leak_expect_shut (leak, changes[i]);
      adit_leak_allow (leak, changes[i]);
    }
  adit_leak_expose (leak);
  send_all (leak);
  adit_leak_expect_open (leak, "without a lock");
}

/* The environment is the helper's; there is one thread now. */
static void
start_lossy_helper (AditLeak *leak, const char *lost)
{
  const char *lossy = g_getenv ("ADIT_LOSSY_NFT_LIBRARY");

  if (lossy == NULL)
    g_error ("ADIT_LOSSY_NFT_LIBRARY does not name the library");
  adit_world_kill_helper (adit_leak_get_world (leak));
  g_setenv ("LD_PRELOAD", lossy, TRUE);
  g_setenv ("ADIT_LOSSY_NFT", lost, TRUE);
  adit_world_expect_helper (adit_leak_get_world (leak));
  g_unsetenv ("LD_PRELOAD");
  g_unsetenv ("ADIT_LOSSY_NFT");
}

/* Where a rule is missing nothing connects; and a lock that stands already is not given up for one that is not whole. */
static void
row_r15 (AditLeak *leak)
{
  static const char *const lost[] = { "jump pass", "udp dport { 53, 853 } reject", "ct direction 1", "@holes4" };
  AditWorld *world = adit_leak_get_world (leak);

  for (guint i = 0; i < G_N_ELEMENTS (lost); i++)
    {
      adit_leak_enter (leak, ADIT_LEAK_LOCKDOWN);
      start_lossy_helper (leak, lost[i]);
      send_all (leak);
      adit_leak_expect_shut (leak, lost[i]);
      adit_leak_allow (leak, lost[i]);
      adit_world_expect (world, 0, NULL, "connect se-got --wait", LOCK_FAILED);
      send_all (leak);
      adit_leak_expect_shut (leak, lost[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (lost); i++)
    {
      const char *const device[] = { "ip", "link", "show", "adit0", NULL };
      g_autoptr (AditLabResult) result = NULL;

      adit_leak_expose (leak);
      start_lossy_helper (leak, lost[i]);
      adit_world_expect (world, 0, NULL, "connect se-got --wait", LOCK_FAILED);
      result = adit_lab_run ("client", 0, RUN_MS, device, NULL);
      g_assert_cmpint (result->status, !=, 0);
    }
  adit_leak_expose (leak);
  send_all (leak);
  adit_leak_expect_open (leak, "without a lock");
}

static const AditLeakRow rows[] = {
  { "L24", "rules flushed, deleted, changed by another program", row_l24 },
  { "L24-routes", "routing rules, routes, addresses deleted, the device off", row_l24_routes },
  { "R15", "a kernel that leaves out a rule", row_r15 },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
