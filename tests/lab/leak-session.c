/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-session.c: rows of the catalogue about moments: a crash, a switch, a link that comes and goes, lost settings.  A program
 * tries every way out all the time. */
#include "tests/lab/leak.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define MOMENT_US   400000
#define STATE_MS    30000
#define SETTINGS    "/var/lib/adit/settings"
#define DEAD_PLACE  "us-nyc"

static void
adit (AditLeak *leak, const char *line)
{
  adit_world_expect (adit_leak_get_world (leak), 0, NULL, line, 0);
}

static void
expect_state (AditLeak *leak, const char *state)
{
  if (!adit_world_wait_state (adit_leak_get_world (leak), state, STATE_MS))
    {
      adit_world_print_log (adit_leak_get_world (leak));
      g_error ("it did not become %s", state);
    }
}

/* The second half of each row: without protection the watcher sees the same senders. */
static void
control (AditLeak *leak)
{
  adit_leak_expose (leak);
  g_usleep (MOMENT_US);
  adit_leak_expect_open (leak, "senders");
  adit_leak_stop_senders (leak);
}

/* Back to what was wanted last, and never to "disconnected". */
static void
row_l04 (AditLeak *leak)
{
  AditWorld *world = adit_leak_get_world (leak);

  adit_leak_start_senders (leak);
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  for (guint i = 0; i < 3; i++)
    {
      adit_world_kill_helper (world);
      g_usleep (MOMENT_US);
      adit_leak_expect_shut (leak, "killed while connected");
      adit_leak_allow (leak, "again");
      adit_world_expect_helper (world);
      expect_state (leak, "connected");
      adit_leak_expect_shut (leak, "started again");
      adit_leak_allow (leak, "next");
    }
  adit_leak_enter (leak, ADIT_LEAK_CONNECTING);
  adit_world_kill_helper (world);
  g_usleep (MOMENT_US);
  adit_leak_expect_shut (leak, "killed while connecting");
  adit_leak_allow (leak, "again");
  adit_world_expect_helper (world);
  expect_state (leak, "connecting");
  adit_leak_expect_shut (leak, "started again");
  control (leak);
}

static void
spoil (const char *text)
{
  FILE *file;

  g_assert_true (unlink (SETTINGS) == 0 || errno == ENOENT);
  if (text == NULL)
    return;
  file = fopen (SETTINGS, "w");
  g_assert_nonnull (file);
  g_assert_cmpint (fputs (text, file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
row_l06 (AditLeak *leak)
{
  static const char *const texts[] = { NULL, "", "garbage\n", "[settings]\nformat=1\nlockdown=perhaps\n",
                                       "[settings]\nlockdown=" };
  AditWorld *world = adit_leak_get_world (leak);

  adit_leak_start_senders (leak);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      adit_leak_enter (leak, ADIT_LEAK_LOCKDOWN);
      adit_world_kill_helper (world);
      spoil (texts[i]);
      adit_world_expect_helper (world);
      expect_state (leak, "blocked");
      g_usleep (MOMENT_US);
      adit_leak_expect_shut (leak, texts[i] != NULL ? texts[i] : "no settings at all");
    }
  control (leak);
}

static void
row_l07 (AditLeak *leak)
{
  adit_leak_start_senders (leak);
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  adit_leak_allow (leak, "switching");
  for (guint i = 0; i < 5; i++)
    {
      adit (leak, "connect se-sto --wait");
      adit (leak, "reconnect --wait");
      adit (leak, "connect " DEAD_PLACE);    /* the ladder of tries */
      g_usleep (MOMENT_US);
      adit (leak, "connect se-got --wait");
    }
  adit_leak_expect_shut (leak, "switching");
  control (leak);
}

static void
put_uplink_right (AditLeak *leak)
{
  adit_leak_run (leak, "client", "ip link set eth0 up");
  adit_leak_run (leak, "client", "ip addr replace 2001:db8:10::2/64 dev eth0 nodad");
  adit_leak_run (leak, "client", "ip route replace default via 10.10.0.1");
  adit_leak_run (leak, "client", "ip -6 route replace default via 2001:db8:10::1");
}

static void
plug_second (AditLeak *leak)
{
  adit_leak_run (leak, "router", "ip addr replace 10.11.0.1/24 dev to-second");
  adit_leak_run (leak, "client", "ip link set eth1 up");
  adit_leak_run (leak, "client", "ip addr add 10.11.0.2/24 dev eth1");
  adit_leak_run (leak, "client", "ip route replace default via 10.11.0.1 dev eth1");
}

static void
pull_second (AditLeak *leak)
{
  adit_leak_run (leak, "client", "ip addr flush dev eth1");
  adit_leak_run (leak, "client", "ip link set eth1 down");
  put_uplink_right (leak);
}

/* The tunnel's own packets follow the better way, and nothing else does. */
static void
row_l08 (AditLeak *leak)
{
  adit_leak_start_senders (leak);
  for (guint state = 0; state <= ADIT_LEAK_CONNECTED; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      adit_leak_allow (leak, "links");
      for (guint i = 0; i < 3; i++)
        {
          plug_second (leak);
          g_usleep (MOMENT_US);
          pull_second (leak);
          adit_leak_run (leak, "client", "ip link set eth0 down");
          g_usleep (MOMENT_US / 4);
          put_uplink_right (leak);
        }
      adit_leak_expect_shut (leak, "links that come and go");
    }
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  plug_second (leak);
  adit_world_expect_web (adit_leak_get_world (leak), ADIT_LAB_EXIT_ADDRESS);
  pull_second (leak);
  control (leak);
}

static const AditLeakRow rows[] = {
  { "L04", "kill -9 of the helper, connected and connecting", row_l04 },
  { "L06", "settings gone or spoilt under lockdown", row_l06 },
  { "L07", "switch of server, reconnect, a relay that never answers", row_l07 },
  { "L08", "links flap, a second one comes with a better route", row_l08 },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
