/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-delay.c: the box on the cable: how late frames are, that none is changed, and what happens when there are too many. */
#include "tests/bench/delay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <gio/gio.h>
#include "tests/bench/bench.h"
#include "tests/lab/lab.h"

#define ONE_WAY_US   10000
#define N_PINGS      25
#define MAX_PING_MS  20.8    /* the median: two waits, and what two wake-ups take on a busy machine */
#define PORT         7777
#define TCP_BYTES    (4 << 20)
#define FLOOD_FRAMES 20000
#define LOSS_FRAMES  2000
#define LOSS         100        /* of a thousand: 200 of these frames, and by chance thirteen more or fewer */
#define FLOOD_WAY_US 1000000    /* so long that also a slow computer fills the queue in that time */

static int ping;

static double
measure_ping (void)
{
  gint64 start_us = g_get_monotonic_time ();

  g_assert_true (bench_ping (ping, ADIT_LAB_WEB_ADDRESS, 2000));
  return bench_get_ms_since (start_us);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

static void
test_ping (void)
{
  double ms[N_PINGS];

  (void) measure_ping ();    /* this one asks for hardware addresses first */
  for (guint i = 0; i < N_PINGS; i++)
    ms[i] = measure_ping ();
  qsort (ms, N_PINGS, sizeof ms[0], compare);
  g_test_message ("round trips: %.2f to %.2f ms, median %.2f", ms[0], ms[N_PINGS - 1], ms[N_PINGS / 2]);
  g_assert_cmpfloat (ms[0], >=, 2 * ONE_WAY_US / 1000.0);
  g_assert_cmpfloat (ms[N_PINGS / 2], <=, MAX_PING_MS);
}

static int
open_socket (const char *space, int type)
{
  int back, fd;

  g_assert_true (adit_lab_switch (space, &back, NULL));
  fd = socket (AF_INET, type | SOCK_CLOEXEC, 0);
  adit_lab_switch_back (back);
  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static guint8
get_byte (guint i)
{
  return (guint8) (i * 31 + (i >> 12));    /* repeats nowhere within a packet, and differs from one to the next */
}

static gpointer
write_all (gpointer data)
{
  g_autofree guint8 *bytes = g_malloc (TCP_BYTES);

  for (guint i = 0; i < TCP_BYTES; i++)
    bytes[i] = get_byte (i);
  for (gsize done = 0; done < TCP_BYTES;)
    {
      gssize sent = send (GPOINTER_TO_INT (data), bytes + done, TCP_BYTES - done, MSG_NOSIGNAL);

      g_assert_cmpint (sent, >, 0);
      done += (gsize) sent;
    }
  return NULL;
}

static void
expect_all (int from_fd, int to_fd)
{
  GThread *writer = g_thread_new ("writer", write_all, GINT_TO_POINTER (from_fd));
  g_autofree guint8 *bytes = g_malloc (1 << 16);
  guint done = 0;

  while (done < TCP_BYTES)
    {
      gssize got = recv (to_fd, bytes, 1 << 16, 0);

      g_assert_cmpint (got, >, 0);
      for (gssize i = 0; i < got; i++)
        if (bytes[i] != get_byte (done++))
          g_error ("byte %u was changed on the way", done - 1);
    }
  g_thread_join (writer);
}

/* Large packets are cut and have their checksums before they reach the box, in both directions. */
static void
test_tcp (void)
{
  struct sockaddr_in web = { .sin_family = AF_INET, .sin_port = htons (PORT) };
  const struct timeval limit = { .tv_sec = 20 };
  int listener = open_socket ("web", SOCK_STREAM), client = open_socket ("client", SOCK_STREAM), server;
  gint64 start_us;

  inet_pton (AF_INET, ADIT_LAB_WEB_ADDRESS, &web.sin_addr);
  g_assert_cmpint (bind (listener, (struct sockaddr *) &web, sizeof web), ==, 0);
  g_assert_cmpint (listen (listener, 1), ==, 0);
  start_us = g_get_monotonic_time ();
  g_assert_cmpint (connect (client, (struct sockaddr *) &web, sizeof web), ==, 0);
  g_assert_cmpfloat (bench_get_ms_since (start_us), >=, 2 * ONE_WAY_US / 1000.0);
  server = accept (listener, NULL, NULL);
  setsockopt (client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt (server, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  start_us = g_get_monotonic_time ();
  expect_all (client, server);
  g_test_message ("%d MiB up in %.0f ms", TCP_BYTES >> 20, bench_get_ms_since (start_us));
  start_us = g_get_monotonic_time ();
  expect_all (server, client);
  g_test_message ("%d MiB down in %.0f ms", TCP_BYTES >> 20, bench_get_ms_since (start_us));
  close (client);
  close (server);
  close (listener);
}

/* More than the queue holds is dropped and not kept for later. */
static void
test_flood (gconstpointer data)
{
  BenchDelay *delay = (BenchDelay *) data;
  struct sockaddr_in web = { .sin_family = AF_INET, .sin_port = htons (PORT) };
  BenchDelayCount before = bench_delay_get_count (delay), after;
  int fd = open_socket ("client", SOCK_DGRAM);
  const guint8 bytes[1400] = { 0 };

  inet_pton (AF_INET, ADIT_LAB_WEB_ADDRESS, &web.sin_addr);
  bench_delay_set_way (delay, FLOOD_WAY_US);
  for (guint i = 0; i < FLOOD_FRAMES; i++)
    (void) sendto (fd, bytes, sizeof bytes, 0, (struct sockaddr *) &web, sizeof web);
  close (fd);
  bench_delay_set_way (delay, ONE_WAY_US);
  g_usleep (FLOOD_WAY_US + 5 * ONE_WAY_US);
  after = bench_delay_get_count (delay);
  g_test_message ("%u sent, %u carried, %u dropped", FLOOD_FRAMES, (guint) (after.n_carried - before.n_carried),
                  (guint) (after.n_dropped - before.n_dropped));
  g_assert_cmpuint (after.n_carried, >, before.n_carried);
  g_assert_cmpuint (after.n_dropped, >, before.n_dropped);
  test_ping ();
}

/* As many as are wanted vanish, and no others. */
static void
test_loss (gconstpointer data)
{
  BenchDelay *delay = (BenchDelay *) data;
  struct sockaddr_in web = { .sin_family = AF_INET, .sin_port = htons (PORT) };
  BenchDelayCount before = bench_delay_get_count (delay), after;
  int fd = open_socket ("client", SOCK_DGRAM);
  guint n_lost;

  inet_pton (AF_INET, ADIT_LAB_WEB_ADDRESS, &web.sin_addr);
  bench_delay_set_loss (delay, LOSS);
  for (guint i = 0; i < LOSS_FRAMES; i++, g_usleep (50))
    (void) sendto (fd, "", 1, 0, (struct sockaddr *) &web, sizeof web);
  g_usleep (5 * ONE_WAY_US);
  bench_delay_set_loss (delay, 0);
  close (fd);
  after = bench_delay_get_count (delay);
  n_lost = (guint) (after.n_lost - before.n_lost);
  g_test_message ("%u sent, %u lost", LOSS_FRAMES, n_lost);
  g_assert_cmpuint (n_lost, >, LOSS_FRAMES * LOSS / 1000 / 2);
  g_assert_cmpuint (n_lost, <, LOSS_FRAMES * LOSS / 1000 * 2);
  g_assert_cmpuint (after.n_dropped, ==, before.n_dropped);
  test_ping ();
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchDelay) delay = NULL;
  g_autoptr (GError) error = NULL;

  adit_lab_enter ();
  g_test_init (&argc, &argv, NULL);
  if (!adit_lab_make_internet (&error) || (delay = bench_delay_new ("client", ONE_WAY_US, &error)) == NULL)
    g_error ("%s", error->message);
  ping = bench_ping_open ("client");
  g_test_add_func ("/delay/ping", test_ping);
  g_test_add_func ("/delay/tcp", test_tcp);
  g_test_add_data_func ("/delay/loss", delay, test_loss);
  g_test_add_data_func ("/delay/flood", delay, test_flood);
  return g_test_run ();
}
