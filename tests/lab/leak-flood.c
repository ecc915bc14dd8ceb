/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-flood.c: a change of rules that leaves a hook open for microseconds shows only under a sender that never pauses. */
#include "tests/lab/leak.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/lab/senders.h"

#define ROUNDS     8
#define CONTROL_US 100000

typedef struct { gint stopping, n_sent; } Flood;

static gpointer
flood (gpointer data)
{
  guint8 frame[64] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 2, 2, 2, 2, 2, ETH_P_IP >> 8, ETH_P_IP & 0xff, 0x45 };
  struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = ETH_ALEN };
  Flood *self = data;
  int back, fd;

  if (!adit_lab_switch ("client", &back, NULL))
    return NULL;
  close (back);    /* this thread ends there */
  to.sll_ifindex = (int) if_nametoindex ("eth0");
  fd = socket (AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  memcpy (frame + 34, ADIT_SENDERS_MAGIC, sizeof ADIT_SENDERS_MAGIC - 1);
  for (; !g_atomic_int_get (&self->stopping); g_atomic_int_inc (&self->n_sent))
    (void) !sendto (fd, frame, sizeof frame, 0, (struct sockaddr *) &to, sizeof to);
  close (fd);
  return NULL;
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

/* Raw frames on the cable, while the lock goes from one to the other. */
static void
row_l07_flood (AditLeak *leak)
{
  Flood state = { 0 };
  GThread *thread;

  adit_leak_enter (leak, ADIT_LEAK_LOCKDOWN);
  adit_leak_allow (leak, "flood");
  thread = g_thread_new ("flood", flood, &state);
  for (guint i = 0; i < ROUNDS; i++)
    {
      adit (leak, "connect se-got --wait");
      adit (leak, "reconnect --wait");
      plug_and_pull (leak);
      adit_world_kill_helper (adit_leak_get_world (leak));
      adit_world_expect_helper (adit_leak_get_world (leak));
      adit (leak, "disconnect");
    }
  g_atomic_int_set (&state.stopping, 1);
  g_thread_join (thread);
  adit_leak_count (leak, (guint) g_atomic_int_get (&state.n_sent));
  adit_leak_expect_shut (leak, "changes of the lock under a flood");

  state = (Flood) { 0 };
  adit_leak_expose (leak);
  thread = g_thread_new ("flood", flood, &state);
  g_usleep (CONTROL_US);
  g_atomic_int_set (&state.stopping, 1);
  g_thread_join (thread);
  adit_leak_expect_open (leak, "the flood");
}

static const AditLeakRow rows[] = {
  { "L07-flood", "raw frames without a pause while the lock changes and the helper is killed", row_l07_flood },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
