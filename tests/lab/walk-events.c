/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk-events.c: what people do and what goes wrong, one row each, and the die that chooses. */
#include "config.h"
#include "tests/lab/walk.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAUSE_US    250000
#define DEAD_PLACE  "us-nyc"    /* its one relay is at an address where nobody answers */
#define CHANGE_KEY  "account rotate-key"
#define REFUSE      "nft 'add table inet down; add chain inet down input { type filter hook input priority 0; }; " \
                    "add rule inet down input tcp dport 443 reject with tcp reset'"

/* A command whose outcome a crash may have cut short leaves it open what is wanted. */
static void
start_command (const char *line)
{
  walk.pending = adit_world_start_adit (walk.world, line, NULL);
  walk.changes_key = g_str_equal (line, CHANGE_KEY);
  walk.wish = WISH_UNKNOWN;
}

void
walk_await_command (void)
{
  if (walk.pending != NULL)
    {
      g_subprocess_wait (walk.pending, NULL, NULL);
      walk.n_keys += walk.changes_key && g_subprocess_get_successful (walk.pending);
    }
  g_clear_object (&walk.pending);
}

static void
do_command (void)
{
  static const char *const lines[] = { "connect se-got", "connect se-sto", "connect " DEAD_PLACE, "disconnect", "reconnect",
                                       "lockdown on", "account --refresh", "locations --refresh",
                                       CHANGE_KEY };
  guint which = (guint) g_rand_int_range (walk.dice, 0, G_N_ELEMENTS (lines));

  g_printerr ("  adit %s\n", lines[which]);
  start_command (lines[which]);
}

/* Somebody waits for it; whether it is changed depends on the moment. */
static void
do_change_key (void)
{
  WalkWish wish = walk.wish;

  start_command (CHANGE_KEY);
  walk_await_command ();
  walk.wish = wish;
}

static void
do_connect (void)
{
  walk_expect ("connect se-got --wait");
  walk.wish = WISH_CONNECTED;
}

static void
do_disconnect (void)
{
  walk_expect ("disconnect");
  walk.wish = WISH_DISCONNECTED;
}

/* The helper comes back to what was wanted, where that is known. */
static void
come_back (void)
{
  g_autofree char *state = NULL;

  walk_start_helper ();
  walk_await_command ();
  state = adit_world_get_state (walk.world);
  if (walk.wish == WISH_CONNECTED && !g_str_equal (state, "connecting") && !g_str_equal (state, "connected"))
    walk_fail ("it was to come back connected, and is", state);
  if (walk.wish == WISH_DISCONNECTED && !g_str_equal (state, "disconnected"))
    walk_fail ("it was to come back disconnected, and is", state);
}

static void
do_kill (void)
{
  adit_world_kill_helper (walk.world);
  come_back ();
}

/* At a moment of the command's own: this is where most of what can break breaks. */
static void
do_command_and_kill (void)
{
  do_command ();
  g_usleep ((gulong) g_rand_int_range (walk.dice, 0, 200000));
  do_kill ();
}

static void
do_kill_twice (void)
{
  const char *const argv[] = { ADIT_LIBEXECDIR "/aditd", NULL };
  GPid pid;

  adit_world_kill_helper (walk.world);
  pid = adit_lab_spawn_logged ("client", 0, argv, "/run/lab/log", NULL, NULL);
  g_usleep ((gulong) g_rand_int_range (walk.dice, 0, 100000));
  adit_lab_end (pid);
  come_back ();
}

static void
do_stop (void)
{
  (void) adit_world_stop_helper (walk.world);
  come_back ();
}

static void
do_recover (void)
{
  adit_world_kill_helper (walk.world);
  walk_expect ("recover");
  come_back ();
}

/* Every process of that name in the lab whose arguments hold @word. */
static void
signal_all (const char *name, const char *word, int number)
{
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *entry;

  while ((entry = g_dir_read_name (processes)) != NULL)
    {
      int pid = atoi (entry);
      g_autofree char *path = g_strdup_printf ("/proc/%d/cmdline", pid), *arguments = NULL;
      gsize length = 0;

      if (pid > 1 && g_file_get_contents (path, &arguments, &length, NULL) &&
          memmem (arguments, length, name, strlen (name)) != NULL &&
          memmem (arguments, length, word, strlen (word)) != NULL)
        kill (pid, number);
    }
}

static void
do_kill_tunnel (void)
{
  signal_all ("wireguard-go", "adit0", SIGKILL);
}

static void
do_halt_tunnel (void)
{
  signal_all ("wireguard-go", "adit0", SIGSTOP);
  g_usleep ((gulong) g_rand_int_range (walk.dice, 0, 500000));
  signal_all ("wireguard-go", "adit0", SIGCONT);
}

static void
do_kill_workers (void)
{
  signal_all ("adit-worker", "", SIGKILL);
}

static void
do_remove_device (void)
{
  walk_attempt ("ip link del adit0");
}

static void
do_take_device_down (void)
{
  walk_attempt ("ip link set adit0 down");
}

void
walk_repair_uplink (void)
{
  walk_run ("client", "ip link set eth0 up");
  walk_attempt ("ip addr del 10.10.0.77/24 dev eth0");
  walk_run ("client", "ip addr replace 10.10.0.2/24 dev eth0");
  walk_run ("client", "ip addr replace 2001:db8:10::2/64 dev eth0 nodad");
  walk_run ("client", "ip route replace default via 10.10.0.1");
  walk_run ("client", "ip -6 route replace default via 2001:db8:10::1");
}

static void
do_flap (void)
{
  walk_run ("client", "ip link set eth0 down");
  g_usleep ((gulong) g_rand_int_range (walk.dice, 0, 300000));
  walk_repair_uplink ();
}

static void
do_change_address (void)
{
  walk_run ("client", "ip addr del 10.10.0.2/24 dev eth0");
  walk_run ("client", "ip addr add 10.10.0.77/24 dev eth0");
  walk_run ("client", "ip route replace default via 10.10.0.1");
  g_usleep ((gulong) g_rand_int_range (walk.dice, 0, 300000));
  walk_repair_uplink ();
}

void
walk_pull_second (void)
{
  if (walk.second_is_in)
    walk_run ("client", "ip link set eth1 netns router");
  walk.second_is_in = FALSE;
  walk_run ("client", "ip route replace default via 10.10.0.1");
}

/* A second way out that is better than the first: the default route leads there. */
/* A new link has its egress chain some hundredths of a second later, and until then the inet table alone holds on it: if somebody
 * deletes that in the same moment, nothing does.  That one is told in SECURITY.md, and is not what is looked for here. */
static void
wait_for_chain (void)
{
  const char *const argv[] = { "nft", "list", "table", "netdev", "adit", NULL };
  gint64 end_us = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  for (;;)
    {
      g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);

      if (strstr (result->out, "\"eth1\"") != NULL)
        return;
      if (g_get_monotonic_time () > end_us)
        walk_fail ("the second uplink", "it got no egress chain");
      g_usleep (1000);
    }
}

static void
do_second_uplink (void)
{
  if (walk.second_is_in)
    {
      walk_pull_second ();
      return;
    }
  walk_run ("router", "ip link set eth1 netns client");
  walk.second_is_in = TRUE;
  walk_run ("client", "ip link set eth1 up");
  walk_run ("client", "ip addr add 10.11.0.2/24 dev eth1");
  walk_run ("client", "ip route replace default via 10.11.0.1 dev eth1");
  wait_for_chain ();
}

/* As a DHCP client does; both ways of writing a file are met: a new one in its place, and new bytes in the old one. */
static void
do_write_resolv (void)
{
  gboolean in_place = g_rand_boolean (walk.dice);
  FILE *file = NULL;

  g_free (walk.resolv_expected);
  walk.resolv_expected = g_strdup_printf ("# written by somebody, number %d\nnameserver " ADIT_LAB_DNS_ADDRESS "\n",
                                     g_rand_int_range (walk.dice, 0, G_MAXINT));
  if (!in_place)
    g_assert_true (g_file_set_contents (WALK_RESOLV, walk.resolv_expected, -1, NULL));
  else
    {
      file = fopen (WALK_RESOLV, "w");
      g_assert_nonnull (file);
      g_assert_cmpint (fputs (walk.resolv_expected, file), >=, 0);
      g_assert_cmpint (fclose (file), ==, 0);
    }
}

/* The egress chains alone hold what programs send until the other table is back; that nothing leaves is part of the walk. */
static void
do_delete_table (void)
{
  walk_attempt ("nft delete table inet adit");
}

/* Until the helper's answer packets may leave, or raw frames at least (SECURITY.md says for how long),
 * so they are not counted. */
static void
do_flush (void)
{
  gint64 end_us = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;

  walk_enter_phase ("flushed");
  walk_attempt (g_rand_boolean (walk.dice) ? "nft flush ruleset" : "nft delete table netdev adit");
  while (!walk_has_tables ())
    {
      if (g_get_monotonic_time () > end_us)
        walk_fail ("the lock", "it was not put back");
      g_usleep (1000);
    }
  walk_enter_phase ("walk");
}

/* Not its process, which would forget the account with it: no key could be changed from then on. */
static void
do_service_down (void)
{
  walk_run ("api", REFUSE);
  g_usleep ((gulong) g_rand_int_range (walk.dice, 0, 300000));
  walk_run ("api", "nft delete table inet down");
}

/* Lost settings mean: blocked until somebody says what is wanted. */
static void
do_lose_settings (void)
{
  adit_world_kill_helper (walk.world);
  walk_await_command ();
  unlink ("/var/lib/adit/settings");
  walk_start_helper ();
  if (!adit_world_wait_state (walk.world, "blocked", 2000))
    walk_fail ("settings lost", "it is not blocked");
  walk_expect ("lockdown on");
  walk.wish = WISH_UNKNOWN;
}

static const struct { const char *name; guint weight; gboolean is_fault; void (*act) (void); } events[] = {
  { "command", 10, FALSE, do_command },
  { "connect", 8, FALSE, do_connect },
  { "disconnect", 5, FALSE, do_disconnect },
  { "another key", 3, FALSE, do_change_key },
  { "command, then kill -9", 12, TRUE, do_command_and_kill },
  { "kill -9", 5, TRUE, do_kill },
  { "kill -9 during the start too", 4, TRUE, do_kill_twice },
  { "stop", 2, FALSE, do_stop },
  { "recover", 2, FALSE, do_recover },
  { "kill wireguard-go", 4, TRUE, do_kill_tunnel },
  { "halt wireguard-go", 2, TRUE, do_halt_tunnel },
  { "kill workers", 3, TRUE, do_kill_workers },
  { "remove the device", 3, TRUE, do_remove_device },
  { "take the device down", 2, TRUE, do_take_device_down },
  { "link down and up", 3, TRUE, do_flap },
  { "another address", 3, TRUE, do_change_address },
  { "second uplink", 5, TRUE, do_second_uplink },
  { "resolv.conf written", 5, TRUE, do_write_resolv },
  { "inet table deleted", 4, TRUE, do_delete_table },
  { "flushed, or no egress chains", 3, TRUE, do_flush },
  { "service down", 2, TRUE, do_service_down },
  { "settings lost", 1, TRUE, do_lose_settings },
};

static guint
choose_event (void)
{
  guint total = 0, which = 0;
  guint at;

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    total += events[i].weight;
  at = (guint) g_rand_int_range (walk.dice, 0, (gint32) total);
  while (at >= events[which].weight)
    at -= events[which++].weight;
  return which;
}

static gboolean
must_not_wait (guint which)
{
  return events[which].act == do_connect || events[which].act == do_disconnect || events[which].act == do_change_key;
}

void
walk_step (guint number)
{
  guint which = choose_event ();

  g_printerr ("step %u: %s\n", number, events[which].name);
  if (walk.pending != NULL &&
      (events[which].act == do_command || events[which].act == do_command_and_kill || must_not_wait (which)))
    walk_await_command ();
  events[which].act ();
  walk.n_faults += events[which].is_fault;
  if (g_rand_boolean (walk.dice))
    g_usleep ((gulong) g_rand_int_range (walk.dice, 0, PAUSE_US));
  walk_check_nothing_outside (events[which].name);
}
