/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-crashes.c: a random walk over what can go wrong, with lockdown on, senders at work and a watcher on the cable.  Nothing
 * may get out on the way, and at the end the computer is what it was.  It prints its seed; ADIT_SEED=NUMBER walks the same way
 * again, ADIT_STEPS=NUMBER another distance. */
#include "config.h"
#include "tests/lab/world.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/lab/leakwatch.h"
#include "tests/lab/senders.h"

#define STEPS       60
#define WALK_MAX_US (60 * G_TIME_SPAN_SECOND)   /* a slow machine walks less far */
#define PAUSE_US    250000
#define RESOLV      "/etc/resolv.conf"
#define DEAD_PLACE  "us-nyc"                 /* its one relay is at an address where nobody answers */

typedef enum { WISH_UNKNOWN, WISH_CONNECTED, WISH_DISCONNECTED } Wish;

static const char *const allowed[] = { "udp:" ADIT_LAB_EXIT_ADDRESS ":51820", "udp:198.51.100.99:51820",
                                       "tcp:" ADIT_LAB_API_ADDRESS ":443", NULL };

static AditWorld *world;
static AditLeakwatch *watches[2];    /* the cable, and the second one that is plugged in at times */
static AditSenders *senders;
static GRand *dice;
static GSubprocess *pending;         /* a command that was not waited for */
static Wish wish;
static char *resolv_expected;
static gboolean second_is_in;

static void
run (const char *space, const char *line)
{
  g_autoptr (GError) error = NULL;

  if (!adit_lab_run_line (space, line, &error))
    g_error ("%s", error->message);
}

/* What may fail: the thing it is done to may not be there at this moment. */
static void
attempt (const char *line)
{
  (void) adit_lab_run_line ("client", line, NULL);
}

static void
fail (const char *what, const char *detail)
{
  g_autofree char *log = adit_world_dup_log (world);
  gsize length = strlen (log), from = length > 12000 ? length - 12000 : 0;

  g_printerr ("--- the lab's log, its end ---\n%s\n---\n", log + from);
  g_error ("%s: %s", what, detail);
}

static void
expect (const char *line)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, line);

  if (result->status != 0)
    fail (line, result->err);
}

static void
start_helper (void)
{
  g_autoptr (GError) error = NULL;

  if (!adit_world_start_helper (world, &error))
    fail ("the helper does not start", error->message);
}

/* A command whose outcome a crash may have cut short leaves it open what is wanted. */
static void
start_command (const char *line)
{
  pending = adit_world_start_adit (world, line, NULL);
  wish = WISH_UNKNOWN;
}

static void
await_command (void)
{
  if (pending != NULL)
    g_subprocess_wait (pending, NULL, NULL);
  g_clear_object (&pending);
}

/* --- What the computer is, in words that can be compared ----------------------------------------------------------------- */

static int
compare_lines (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static char *
take_picture (void)
{
  static const char *const lines[] = {
    "ip -4 rule", "ip -6 rule", "ip -4 route show table all", "ip -6 route show table all", "ip -o addr", "nft list tables",
    "sysctl -a -r ^net\\.ipv[46]\\.conf\\.(all|default|eth0|lo)\\.",
  };
  GString *picture = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (GStrv) argv = g_strsplit (lines[i], " ", -1), words = NULL;
      g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 10000, (const char *const *) argv, NULL);
      g_autofree char *text = NULL;

      g_assert_cmpint (result->status, ==, 0);
      words = g_strsplit (result->out, "\n", -1);
      qsort (words, g_strv_length (words), sizeof *words, compare_lines);
      text = g_strjoinv ("\n", words);
      g_string_append (picture, text);
    }
  return g_string_free (picture, FALSE);
}

static char *
read_resolv (void)
{
  char *text = NULL;

  return g_file_get_contents (RESOLV, &text, NULL, NULL) ? text : g_strdup ("");
}

static void
check_nothing_outside (const char *after)
{
  for (guint i = 0; i < G_N_ELEMENTS (watches); i++)
    if (adit_leakwatch_get_outside (watches[i], "walk") > 0)
      {
        g_autofree char *keys = adit_leakwatch_dup_keys (watches[i], "walk");

        fail (after, keys);
      }
}

static void
enter_phase (const char *phase)
{
  for (guint i = 0; i < G_N_ELEMENTS (watches); i++)
    adit_leakwatch_set_phase (watches[i], phase, allowed);
}

/* --- What goes wrong ----------------------------------------------------------------------------------------------------- */

static void
do_command (void)
{
  static const char *const lines[] = { "connect se-got", "connect se-sto", "connect " DEAD_PLACE, "disconnect", "reconnect",
                                       "lockdown on", "account --refresh", "locations --refresh" };
  guint which = (guint) g_rand_int_range (dice, 0, G_N_ELEMENTS (lines));

  g_test_message ("  adit %s", lines[which]);
  start_command (lines[which]);
}

static void
do_connect (void)
{
  expect ("connect se-got --wait");
  wish = WISH_CONNECTED;
}

static void
do_disconnect (void)
{
  expect ("disconnect");
  wish = WISH_DISCONNECTED;
}

/* The helper comes back to what was wanted, where that is known. */
static void
come_back (void)
{
  g_autofree char *state = NULL;

  start_helper ();
  await_command ();
  state = adit_world_get_state (world);
  if (wish == WISH_CONNECTED && !g_str_equal (state, "connecting") && !g_str_equal (state, "connected"))
    fail ("it was to come back connected, and is", state);
  if (wish == WISH_DISCONNECTED && !g_str_equal (state, "disconnected"))
    fail ("it was to come back disconnected, and is", state);
}

static void
do_kill (void)
{
  adit_world_kill_helper (world);
  come_back ();
}

/* At a moment of the command's own: this is where most of what can break breaks. */
static void
do_command_and_kill (void)
{
  do_command ();
  g_usleep ((gulong) g_rand_int_range (dice, 0, 200000));
  do_kill ();
}

static void
do_kill_twice (void)
{
  const char *const argv[] = { ADIT_LIBEXECDIR "/aditd", NULL };
  GPid pid;

  adit_world_kill_helper (world);
  pid = adit_lab_spawn_logged ("client", 0, argv, "/run/lab/log", NULL, NULL);
  g_usleep ((gulong) g_rand_int_range (dice, 0, 100000));
  adit_lab_end (pid);
  come_back ();
}

static void
do_stop (void)
{
  (void) adit_world_stop_helper (world);
  come_back ();
}

static void
do_recover (void)
{
  adit_world_kill_helper (world);
  expect ("recover");
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
  g_usleep ((gulong) g_rand_int_range (dice, 0, 500000));
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
  attempt ("ip link del adit0");
}

static void
do_take_device_down (void)
{
  attempt ("ip link set adit0 down");
}

static void
repair_uplink (void)
{
  run ("client", "ip link set eth0 up");
  attempt ("ip addr del 10.10.0.77/24 dev eth0");
  run ("client", "ip addr replace 10.10.0.2/24 dev eth0");
  run ("client", "ip addr replace 2001:db8:10::2/64 dev eth0 nodad");
  run ("client", "ip route replace default via 10.10.0.1");
  run ("client", "ip -6 route replace default via 2001:db8:10::1");
}

static void
do_flap (void)
{
  run ("client", "ip link set eth0 down");
  g_usleep ((gulong) g_rand_int_range (dice, 0, 300000));
  repair_uplink ();
}

static void
do_change_address (void)
{
  run ("client", "ip addr del 10.10.0.2/24 dev eth0");
  run ("client", "ip addr add 10.10.0.77/24 dev eth0");
  run ("client", "ip route replace default via 10.10.0.1");
  g_usleep ((gulong) g_rand_int_range (dice, 0, 300000));
  repair_uplink ();
}

static void
pull_second (void)
{
  if (second_is_in)
    run ("client", "ip link set eth1 netns router");
  second_is_in = FALSE;
  run ("client", "ip route replace default via 10.10.0.1");
}

/* A second way out that is better than the first: the default route leads there. */
static void
do_second_uplink (void)
{
  if (second_is_in)
    {
      pull_second ();
      return;
    }
  run ("router", "ip link set eth1 netns client");
  second_is_in = TRUE;
  run ("client", "ip link set eth1 up");
  run ("client", "ip addr add 10.11.0.2/24 dev eth1");
  run ("client", "ip route replace default via 10.11.0.1 dev eth1");
}

/* As a DHCP client does; both ways of writing a file are met: a new one in its place, and new bytes in the old one. */
static void
do_write_resolv (void)
{
  gboolean in_place = g_rand_boolean (dice);
  FILE *file = NULL;

  g_free (resolv_expected);
  resolv_expected = g_strdup_printf ("# written by somebody, number %d\nnameserver " ADIT_LAB_DNS_ADDRESS "\n",
                                     g_rand_int_range (dice, 0, G_MAXINT));
  if (!in_place)
    g_assert_true (g_file_set_contents (RESOLV, resolv_expected, -1, NULL));
  else
    {
      file = fopen (RESOLV, "w");
      g_assert_nonnull (file);
      g_assert_cmpint (fputs (resolv_expected, file), >=, 0);
      g_assert_cmpint (fclose (file), ==, 0);
    }
}

/* The egress chains alone hold what programs send until the other table is back; that nothing leaves is part of the walk. */
static void
do_delete_table (void)
{
  attempt ("nft delete table inet adit");
}

static gboolean
has_tables (void)
{
  const char *const argv[] = { "nft", "list", "tables", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);

  return strstr (result->out, "inet adit") != NULL && strstr (result->out, "netdev adit") != NULL;
}

/* Until the helper's answer packets may leave, or raw frames at least (SECURITY.md says for how long),
 * so they are not counted. */
static void
do_flush (void)
{
  gint64 end_us = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;

  enter_phase ("flushed");
  attempt (g_rand_boolean (dice) ? "nft flush ruleset" : "nft delete table netdev adit");
  while (!has_tables ())
    {
      if (g_get_monotonic_time () > end_us)
        fail ("the lock", "it was not put back");
      g_usleep (1000);
    }
  enter_phase ("walk");
}

static void
do_service_down (void)
{
  g_autoptr (GError) error = NULL;

  adit_world_stop_service (world);
  g_usleep ((gulong) g_rand_int_range (dice, 0, 300000));
  if (!adit_world_start_service (world, &error))
    g_error ("%s", error->message);
}

/* Lost settings mean: blocked until somebody says what is wanted. */
static void
do_lose_settings (void)
{
  adit_world_kill_helper (world);
  await_command ();
  unlink ("/var/lib/adit/settings");
  start_helper ();
  if (!adit_world_wait_state (world, "blocked", 2000))
    fail ("settings lost", "it is not blocked");
  expect ("lockdown on");
  wish = WISH_UNKNOWN;
}

static const struct { const char *name; guint weight; void (*act) (void); } events[] = {
  { "command", 10, do_command },
  { "connect", 8, do_connect },
  { "disconnect", 5, do_disconnect },
  { "command, then kill -9", 12, do_command_and_kill },
  { "kill -9", 5, do_kill },
  { "kill -9 during the start too", 4, do_kill_twice },
  { "stop", 2, do_stop },
  { "recover", 2, do_recover },
  { "kill wireguard-go", 4, do_kill_tunnel },
  { "halt wireguard-go", 2, do_halt_tunnel },
  { "kill workers", 3, do_kill_workers },
  { "remove the device", 3, do_remove_device },
  { "take the device down", 2, do_take_device_down },
  { "link down and up", 3, do_flap },
  { "another address", 3, do_change_address },
  { "second uplink", 5, do_second_uplink },
  { "resolv.conf written", 5, do_write_resolv },
  { "inet table deleted", 4, do_delete_table },
  { "flushed, or no egress chains", 3, do_flush },
  { "service down", 2, do_service_down },
  { "settings lost", 1, do_lose_settings },
};

static guint
choose_event (void)
{
  guint total = 0, which = 0;
  guint at;

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    total += events[i].weight;
  at = (guint) g_rand_int_range (dice, 0, (gint32) total);
  while (at >= events[which].weight)
    at -= events[which++].weight;
  return which;
}

static gboolean
must_not_wait (guint which)
{
  return events[which].act == do_connect || events[which].act == do_disconnect;
}

static void
step (guint number)
{
  guint which = choose_event ();

  g_test_message ("step %u: %s", number, events[which].name);
  if (pending != NULL && (events[which].act == do_command || events[which].act == do_command_and_kill || must_not_wait (which)))
    await_command ();
  events[which].act ();
  if (g_rand_boolean (dice))
    g_usleep ((gulong) g_rand_int_range (dice, 0, PAUSE_US));
  check_nothing_outside (events[which].name);
}

static void
test_walk (void)
{
  const char *steps = g_getenv ("ADIT_STEPS");
  guint n_steps = steps != NULL ? (guint) atoi (steps) : STEPS, i = 0;
  gint64 end_us = g_get_monotonic_time () + (steps != NULL ? 60 : 1) * WALK_MAX_US;
  g_autofree char *before = NULL, *after = NULL, *seen = NULL, *resolv = NULL;

  start_helper ();
  {
    g_autoptr (AditLabResult) login = adit_world_adit (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad");

    g_assert_cmpint (login->status, ==, 0);
  }
  resolv_expected = read_resolv ();
  before = take_picture ();
  expect ("lockdown on");
  senders = adit_senders_start ("client", NULL);
  adit_senders_set_phase (senders, "walk");
  enter_phase ("walk");
  while (i < n_steps && g_get_monotonic_time () < end_us)
    step (++i);
  g_test_message ("%u steps, %u packets tried", i, adit_senders_get_tried (senders, "walk"));

  /* Whatever has happened, it works. */
  await_command ();
  pull_second ();
  repair_uplink ();
  expect ("connect se-got --wait");
  seen = adit_world_ask_web (world, FALSE);
  g_assert_cmpstr (seen, ==, ADIT_LAB_EXIT_ADDRESS);
  expect ("disconnect");
  enter_phase ("after");
  check_nothing_outside ("the end");
  g_assert_cmpuint (adit_senders_get_tried (senders, "walk"), >, 100);
  adit_senders_stop (senders);

  /* And goes without a trace. */
  expect ("lockdown off");
  after = take_picture ();
  g_assert_cmpstr (after, ==, before);
  resolv = read_resolv ();
  g_assert_cmpstr (resolv, ==, resolv_expected);
  g_assert_false (has_tables ());
}

/* Frames without a pause: a change of rules that leaves a hook open for microseconds shows only so. */
static gpointer
flood (gpointer data)
{
  guint8 frame[64] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 2, 2, 2, 2, 2, ETH_P_IP >> 8, ETH_P_IP & 0xff, 0x45 };
  struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = ETH_ALEN };
  gint *stopping = data;
  int back, fd;

  if (!adit_lab_switch ("client", &back, NULL))
    return NULL;
  close (back);    /* this thread ends there */
  to.sll_ifindex = (int) if_nametoindex ("eth0");
  fd = socket (AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  memcpy (frame + 34, ADIT_SENDERS_MAGIC, sizeof ADIT_SENDERS_MAGIC - 1);
  while (!g_atomic_int_get (stopping))
    (void) !sendto (fd, frame, sizeof frame, 0, (struct sockaddr *) &to, sizeof to);
  close (fd);
  return NULL;
}

static void
test_changes (void)
{
  gint stopping = 0;
  GThread *thread;

  expect ("lockdown on");
  enter_phase ("walk");
  thread = g_thread_new ("flood", flood, &stopping);
  for (guint i = 0; i < 8; i++)
    {
      expect ("connect se-got --wait");
      expect ("reconnect --wait");
      do_second_uplink ();    /* the lock is made anew for another set of links */
      expect ("disconnect");
    }
  enter_phase ("after");
  g_atomic_int_set (&stopping, 1);
  g_thread_join (thread);
  check_nothing_outside ("changes of the lock");
  expect ("lockdown off");
}

/* The same watcher, senders and keys with the lock taken away: without this the walk would prove nothing. */
static void
test_control (void)
{
  enter_phase ("control");
  senders = adit_senders_start ("client", NULL);
  adit_senders_set_phase (senders, "control");
  g_usleep (500000);
  enter_phase ("over");
  adit_senders_stop (senders);
  g_assert_cmpuint (adit_leakwatch_get_outside (watches[0], "control"), >, 0);
}

int
main (int argc, char **argv)
{
  const char *wanted = g_getenv ("ADIT_SEED");
  g_autoptr (GError) error = NULL;
  guint32 seed = wanted != NULL ? (guint32) g_ascii_strtoull (wanted, NULL, 10) : g_random_int ();
  int failed;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  g_printerr ("ADIT_SEED=%u\n", seed);
  dice = g_rand_new_with_seed (seed);
  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  if (world == NULL)
    g_error ("%s", error->message);
  run ("router", "ip link add to-second type veth peer name eth1");
  run ("router", "ip link set to-second up");
  run ("router", "ip addr add 10.11.0.1/24 dev to-second");
  watches[0] = adit_leakwatch_start ("router", "to-client", NULL);
  watches[1] = adit_leakwatch_start ("router", "to-second", NULL);
  g_test_add_func ("/crashes/walk", test_walk);
  g_test_add_func ("/crashes/control", test_control);
  g_test_add_func ("/crashes/changes", test_changes);
  failed = g_test_run ();
  for (guint i = 0; i < G_N_ELEMENTS (watches); i++)
    adit_leakwatch_stop (watches[i]);
  adit_world_free (world);
  g_rand_free (dice);
  g_free (resolv_expected);
  return failed;
}
