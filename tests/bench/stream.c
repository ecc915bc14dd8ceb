/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stream.c: a thread at each end of one TCP connection; what a download is to the client, an upload is to the server. */
#include "tests/bench/stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/bench/bench.h"
#include "tests/lab/lab.h"

#define PORT        7011
#define CHUNK_BYTES (256 * 1024)
#define PATIENCE_S  10    /* without a byte */
#define CONGESTION  "reno"    /* every kernel has it; what a computer uses otherwise differs, and some guess at speeds */

typedef struct { int fd; gboolean sends; gsize n_bytes; } End;

static int
open_socket (const char *space)
{
  const struct timeval limit = { .tv_sec = PATIENCE_S };
  const int yes = 1;
  int back, fd;

  if (!adit_lab_switch (space, &back, NULL))
    g_error ("there is no \"%s\"", space);
  fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  adit_lab_switch_back (back);
  if (fd < 0 || setsockopt (fd, IPPROTO_TCP, TCP_CONGESTION, CONGESTION, strlen (CONGESTION)) != 0 ||
      setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0 ||
      setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0 ||
      setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0)
    g_error ("no socket in \"%s\": %s", space, g_strerror (errno));
  return fd;
}

/* Ends when all has gone out, or come in. */
static gpointer
carry (gpointer data)
{
  End *end = data;
  g_autofree guint8 *chunk = g_malloc0 (CHUNK_BYTES);
  gsize left = end->n_bytes;

  while (left > 0)
    {
      gsize n = MIN (left, CHUNK_BYTES);
      gssize done = end->sends ? send (end->fd, chunk, n, MSG_NOSIGNAL) : recv (end->fd, chunk, n, 0);

      if (done <= 0)
        g_error ("%" G_GSIZE_FORMAT " bytes did not come through: %s", left, g_strerror (errno));
      left -= (gsize) done;
    }
  return NULL;
}

/**
 * bench_stream_run_s:
 * @way: from the server to the client, or to it
 * @n_bytes: how many
 *
 * Returns: seconds from the first byte's leaving to the last one's arrival; the connection was made before
 */
double
bench_stream_run_s (BenchStreamWay way, gsize n_bytes)
{
  struct sockaddr_in web = { .sin_family = AF_INET, .sin_port = htons (PORT) };
  int listener = open_socket ("web"), client = open_socket ("client"), server;
  End here, there;
  GThread *thread;
  gint64 start_us;
  double s;

  inet_pton (AF_INET, ADIT_LAB_WEB_ADDRESS, &web.sin_addr);
  if (bind (listener, (struct sockaddr *) &web, sizeof web) != 0 || listen (listener, 1) != 0 ||
      connect (client, (struct sockaddr *) &web, sizeof web) != 0 || (server = accept (listener, NULL, NULL)) < 0)
    g_error ("the web server cannot be reached: %s", g_strerror (errno));
  here = (End) { .fd = client, .sends = way == BENCH_STREAM_UP, .n_bytes = n_bytes };
  there = (End) { .fd = server, .sends = way == BENCH_STREAM_DOWN, .n_bytes = n_bytes };
  start_us = g_get_monotonic_time ();
  thread = g_thread_new ("stream", carry, &there);
  carry (&here);
  g_thread_join (thread);
  s = bench_get_ms_since (start_us) / 1000;
  close (client);
  close (server);
  close (listener);
  return s;
}
