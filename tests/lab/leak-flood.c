/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-flood.c: a change of rules that leaves a hook open for microseconds shows only under a sender that never pauses.  Beside
 * ours a kill switch of the usual kind is applied again under the same flood. */
#include "tests/lab/leak.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/lab/kill-switch.h"
#include "tests/lab/senders.h"

#define ROUNDS     10
#define CONTROL_US 100000
#define RUN_MS     10000
#define PORT       9999

typedef struct { gboolean raw; gint stopping, n_sent; GThread *thread; } Flood;

static int
open_raw (void)
{
  return socket (AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
}

static void
send_frames (Flood *self, int fd)
{
  guint8 frame[64] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 2, 2, 2, 2, 2, ETH_P_IP >> 8, ETH_P_IP & 0xff, 0x45 };
  struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = ETH_ALEN, .sll_ifindex = (int) if_nametoindex ("eth0") };

  memcpy (frame + 34, ADIT_SENDERS_MAGIC, sizeof ADIT_SENDERS_MAGIC - 1);
  for (; !g_atomic_int_get (&self->stopping); g_atomic_int_inc (&self->n_sent))
    (void) !sendto (fd, frame, sizeof frame, 0, (struct sockaddr *) &to, sizeof to);
}

static void
send_datagrams (Flood *self, int fd)
{
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons (PORT) };

  inet_pton (AF_INET, ADIT_LAB_WEB_ADDRESS, &to.sin_addr);
  g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_BINDTODEVICE, "eth0", 5), ==, 0);
  for (; !g_atomic_int_get (&self->stopping); g_atomic_int_inc (&self->n_sent))
    (void) !sendto (fd, ADIT_SENDERS_MAGIC, sizeof ADIT_SENDERS_MAGIC - 1, 0, (struct sockaddr *) &to, sizeof to);
}

static gpointer
flood (gpointer data)
{
  Flood *self = data;
  int back, fd;

  if (!adit_lab_switch ("client", &back, NULL))
    return NULL;
  close (back);    /* this thread ends there */
  fd = self->raw ? open_raw () : socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (self->raw)
    send_frames (self, fd);
  else
    send_datagrams (self, fd);
  close (fd);
  return NULL;
}

static void
start_flood (Flood *self, gboolean raw)
{
  *self = (Flood) { .raw = raw };
  self->thread = g_thread_new ("flood", flood, self);
}

static guint
stop_flood (Flood *self)
{
  g_atomic_int_set (&self->stopping, 1);
  g_thread_join (self->thread);
  return (guint) g_atomic_int_get (&self->n_sent);
}

static void
adit (AditLeak *leak, const char *line)
{
  adit_world_expect (adit_leak_get_world (leak), 0, NULL, line, 0);
}

/* The lock is made anew for another set of links. */
static void
plug_and_pull (AditLeak *leak)
{
  adit_leak_run (leak, "client", "ip link add late0 type veth peer name late1");
  adit_leak_run (leak, "client", "ip link set late0 up");
  adit_leak_run (leak, "client", "ip link del late0");
}

static void
switch_server (AditLeak *leak)
{
  adit (leak, "connect se-sto --wait");
  adit (leak, "connect se-got --wait");
}

static void
kill_and_start (AditLeak *leak)
{
  adit_world_kill_helper (adit_leak_get_world (leak));
  adit_world_expect_helper (adit_leak_get_world (leak));
  g_assert_true (adit_world_wait_state (adit_leak_get_world (leak), "connected", RUN_MS));
}

/* What is left of the lock still holds frames back; the next helper finds it so. */
static void
find_half_a_lock (AditLeak *leak)
{
  adit_world_kill_helper (adit_leak_get_world (leak));
  adit_leak_run (leak, "client", "nft delete table inet adit");
  adit_world_expect_helper (adit_leak_get_world (leak));
  g_assert_true (adit_world_wait_state (adit_leak_get_world (leak), "connected", RUN_MS));
}

static void
come_and_go (AditLeak *leak)
{
  adit (leak, "disconnect");
  adit (leak, "connect se-got --wait");
  adit (leak, "reconnect --wait");
}

/* Each round is looked at by itself, so "0 in 10 of 10" is what passing means. */
static void
row_l07_flood (AditLeak *leak)
{
  static const struct { const char *name; void (*act) (AditLeak *leak); } acts[] = {
    { "the lock is made again", plug_and_pull }, { "the server is switched", switch_server },
    { "the helper is killed and started", kill_and_start }, { "disconnected under lockdown and connected", come_and_go },
    { "half of the lock is gone when the helper starts", find_half_a_lock },
  };
  Flood state;

  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  for (guint act = 0; act < G_N_ELEMENTS (acts); act++)
    {
      guint n_sent = 0;

      for (guint i = 0; i < ROUNDS; i++)
        {
          guint n;

          adit_leak_allow (leak, acts[act].name);
          start_flood (&state, i % 2 == 0);
          acts[act].act (leak);
          n = stop_flood (&state);
          adit_leak_count (leak, n);
          n_sent += n;
          adit_leak_expect_shut (leak, acts[act].name);
        }
      g_test_message ("%s: 0 of %u packets in %u of %u rounds", acts[act].name, n_sent, ROUNDS, ROUNDS);
    }
  adit_leak_expose (leak);
  start_flood (&state, TRUE);
  g_usleep (CONTROL_US);
  (void) stop_flood (&state);
  adit_leak_expect_open (leak, "the flood");
}

static void
run_kill_switch (AditLeak *leak)
{
  for (guint i = 0; i < KILL_SWITCH_N_CALLS; i++)
    adit_leak_run (leak, "client", kill_switch_calls[i]);
}

/* What is seen without the protection is here what a script lets out that is run again. */
static void
row_l07_script (AditLeak *leak)
{
  Flood state;

  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  for (guint i = 0; i < ROUNDS; i++)
    {
      adit_leak_allow (leak, "the lock is made again");
      start_flood (&state, FALSE);
      plug_and_pull (leak);
      adit_leak_count (leak, stop_flood (&state));
      adit_leak_expect_shut (leak, "the lock is made again");
    }
  adit_leak_expose (leak);
  run_kill_switch (leak);
  for (guint i = 0; i < ROUNDS; i++)
    {
      adit_leak_allow (leak, "the script is run again");
      start_flood (&state, FALSE);
      run_kill_switch (leak);
      (void) stop_flood (&state);
      adit_leak_expect_open (leak, "the script is run again");
    }
  adit_leak_run (leak, "client", "nft flush ruleset");
}

static const AditLeakRow rows[] = {
  { "L07-flood", "senders without a pause while the lock changes and the helper is killed", row_l07_flood },
  { "L07-script", "the same beside 41 iptables calls that are run again", row_l07_script },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
