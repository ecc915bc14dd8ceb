/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe.c: a socket belongs to the namespace in which it was opened, so one thread can send and watch in all of them. */
#include "tests/lab/probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int
enter (const char *space)
{
  g_autofree char *path = g_strconcat ("/run/netns/", space, NULL);
  int back = open ("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), there = open (path, O_RDONLY | O_CLOEXEC);

  g_assert_true (back >= 0 && there >= 0 && setns (there, CLONE_NEWNET) == 0);
  close (there);
  return back;
}

static void
leave (int back)
{
  g_assert_cmpint (setns (back, CLONE_NEWNET), ==, 0);
  close (back);
}

static guint
index_of (const char *space, const char *device)
{
  int back = space != NULL ? enter (space) : -1;
  guint index = if_nametoindex (device);

  if (back >= 0)
    leave (back);
  return index;
}

int
probe_socket (const char *space, int domain, int type, int protocol)
{
  int back = space != NULL ? enter (space) : -1;
  int fd = socket (domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);

  if (back >= 0)
    leave (back);
  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static socklen_t
fill (struct sockaddr_storage *storage, const char *address, guint16 port)
{
  struct sockaddr_in *v4 = (struct sockaddr_in *) storage;
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *) storage;

  memset (storage, 0, sizeof *storage);
  if (strchr (address, ':') == NULL)
    {
      v4->sin_family = AF_INET;
      v4->sin_port = htons (port);
      g_assert_cmpint (inet_pton (AF_INET, address, &v4->sin_addr), ==, 1);
      return sizeof *v4;
    }
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons (port);
  g_assert_cmpint (inet_pton (AF_INET6, address, &v6->sin6_addr), ==, 1);
  return sizeof *v6;
}

int
probe_open (const ProbeWay *way, int type, int protocol, const char *to)
{
  gboolean v6 = strchr (to, ':') != NULL;
  struct sockaddr_storage from;
  int fd, one = 1;

  /* A socket is the user's whose files this thread would make. */
  setfsuid (way->uid);
  fd = probe_socket (way->space, v6 ? AF_INET6 : AF_INET, type, protocol);
  setfsuid (0);
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  setsockopt (fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof one);
  if (way->mark != 0)
    g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_MARK, &way->mark, sizeof way->mark), ==, 0);
  if (way->device != NULL)
    g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_BINDTODEVICE, way->device, strlen (way->device)), ==, 0);
  if (v6 && way->device != NULL)
    {
      int index = (int) index_of (way->space, way->device);

      setsockopt (fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index);
    }
  if (way->hops != 0)
    {
      setsockopt (fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_UNICAST_HOPS : IP_TTL, &way->hops, sizeof way->hops);
      setsockopt (fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_MULTICAST_HOPS : IP_MULTICAST_TTL, &way->hops, sizeof way->hops);
    }
  if (way->from != NULL || way->from_port != 0)
    {
      socklen_t length = fill (&from, way->from != NULL ? way->from : v6 ? "::" : "0.0.0.0", way->from_port);

      if (bind (fd, (struct sockaddr *) &from, length) != 0)
        g_error ("cannot bind to %s port %u: %s", way->from, way->from_port, g_strerror (errno));
    }
  return fd;
}

gboolean
probe_send (const ProbeWay *way, int type, int protocol, const char *to, guint16 port, const void *bytes, gsize length)
{
  int fd = probe_open (way, type, protocol, to);
  struct sockaddr_storage there;
  socklen_t there_bytes = fill (&there, to, type == SOCK_RAW ? 0 : port);
  gboolean sent = sendto (fd, bytes, length, 0, (struct sockaddr *) &there, there_bytes) == (gssize) length;

  close (fd);
  return sent;
}

/* Returns 0, or the errno with which it ended; ETIMEDOUT after @max_ms. */
int
probe_connect (const ProbeWay *way, const char *to, guint16 port, guint max_ms)
{
  int fd = probe_open (way, SOCK_STREAM, 0, to), problem = 0;
  struct sockaddr_storage there;
  socklen_t length = fill (&there, to, port), problem_bytes = sizeof problem;

  if (connect (fd, (struct sockaddr *) &there, length) != 0)
    {
      struct pollfd wait = { .fd = fd, .events = POLLOUT };
      gint64 end_us = g_get_monotonic_time () + max_ms * 1000L;
      int ready = -1;

      if (errno != EINPROGRESS)
        problem = errno;
      /* A child that ends meanwhile interrupts; what is not known yet is no success. */
      while (problem == 0 && ready < 0)
        {
          ready = poll (&wait, 1, (int) MAX (0, (end_us - g_get_monotonic_time ()) / 1000));
          g_assert_true (ready >= 0 || errno == EINTR);
        }
      if (ready == 0)
        problem = ETIMEDOUT;
      else if (problem == 0)
        getsockopt (fd, SOL_SOCKET, SO_ERROR, &problem, &problem_bytes);
    }
  close (fd);
  return problem;
}

gboolean
probe_frame (const char *space, const char *device, const void *bytes, gsize length)
{
  int fd = probe_socket (space, AF_PACKET, SOCK_RAW, 0);
  struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = (int) index_of (space, device), .sll_halen = ETH_ALEN };
  gboolean sent = sendto (fd, bytes, length, 0, (struct sockaddr *) &to, sizeof to) == (gssize) length;

  close (fd);
  return sent;
}

static guint16
sum_header (const guint8 *bytes)
{
  guint32 sum = 0;

  for (guint i = 0; i < 20; i += 2)
    sum += (guint32) (bytes[i] << 8 | bytes[i + 1]);
  sum = (sum & 0xffff) + (sum >> 16);
  return (guint16) ~(sum + (sum >> 16));
}

/* A broadcast Ethernet frame with a UDP packet of four bytes and no checksum (allowed in IPv4;
 * in IPv6 only a watcher takes it). */
gsize
probe_make_udp (guint8 *frame, const char *from, guint16 from_port, const char *to, guint16 to_port)
{
  gboolean v6 = strchr (to, ':') != NULL;
  guint8 *ip = frame + ETH_HLEN, *udp = ip + (v6 ? 40 : 20);

  memset (frame, 0, ETH_HLEN + 40 + 12);
  memset (frame, 0xff, ETH_ALEN);
  frame[ETH_ALEN] = 2;
  frame[12] = v6 ? 0x86 : 0x08;
  frame[13] = v6 ? 0xdd : 0x00;
  if (v6)
    {
      ip[0] = 0x60;
      ip[5] = 12;
      ip[6] = IPPROTO_UDP;
      ip[7] = 64;
    }
  else
    {
      ip[0] = 0x45;
      ip[3] = 32;
      ip[8] = 64;
      ip[9] = IPPROTO_UDP;
    }
  g_assert_cmpint (inet_pton (v6 ? AF_INET6 : AF_INET, from, ip + (v6 ? 8 : 12)), ==, 1);
  g_assert_cmpint (inet_pton (v6 ? AF_INET6 : AF_INET, to, ip + (v6 ? 24 : 16)), ==, 1);
  if (!v6)
    {
      guint16 sum = sum_header (ip);

      ip[10] = sum >> 8;
      ip[11] = sum & 0xff;
    }
  udp[0] = from_port >> 8;
  udp[1] = from_port & 0xff;
  udp[2] = to_port >> 8;
  udp[3] = to_port & 0xff;
  udp[5] = 12;
  return (gsize) (udp + 12 - frame);
}

int
probe_listen (const char *space, int type, const char *address, guint16 port)
{
  const ProbeWay way = { .space = space, .from = address, .from_port = port };
  int fd = probe_open (&way, type, 0, address);

  if (type == SOCK_STREAM)
    g_assert_cmpint (listen (fd, 8), ==, 0);
  return fd;
}

/* Whether something came to this socket within the usual time; it is taken out. */
gboolean
probe_heard (int fd)
{
  struct pollfd wait = { .fd = fd, .events = POLLIN };
  guint8 bytes[64];

  return poll (&wait, 1, PROBE_WAIT_MS) == 1 && recv (fd, bytes, sizeof bytes, 0) >= 0;
}

int
probe_watch (const char *space, const char *device)
{
  int fd = probe_socket (space, AF_PACKET, SOCK_RAW, htons (ETH_P_ALL)), one = 1, bytes = 8 << 20;
  struct sockaddr_ll own = { .sll_family = AF_PACKET, .sll_protocol = htons (ETH_P_ALL),
                             .sll_ifindex = (int) index_of (space, device) };

  g_assert_cmpint (bind (fd, (struct sockaddr *) &own, sizeof own), ==, 0);
  g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one), ==, 0);
  setsockopt (fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  return fd;
}

/* What the kernel sends of itself on any link: ARP, router and neighbour discovery, multicast reports. */
static gboolean
is_upkeep (const guint8 *frame, gsize length)
{
  guint type = (guint) (frame[12] << 8 | frame[13]);

  if (type != ETH_P_IPV6 || length < ETH_HLEN + 49)
    return type == ETH_P_ARP;
  if (frame[ETH_HLEN + 6] == IPPROTO_HOPOPTS)
    return frame[ETH_HLEN + 48] == 143;
  return frame[ETH_HLEN + 6] == IPPROTO_ICMPV6 && frame[ETH_HLEN + 40] >= 133 && frame[ETH_HLEN + 40] <= 136 &&
         frame[ETH_HLEN + 7] == 255;
}

/* One frame: -1 none, 0 not counted, 1 counted. */
static int
take (int watcher, gboolean upkeep_too, gint64 *when_us)
{
  guint8 frame[2048];
  char control[256];
  struct iovec part = { frame, sizeof frame };
  struct sockaddr_ll from = { 0 };
  struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &part, .msg_iovlen = 1,
                            .msg_control = control, .msg_controllen = sizeof control };
  gssize n = recvmsg (watcher, &message, MSG_DONTWAIT);

  if (n < 0)
    return -1;
  for (struct cmsghdr *c = CMSG_FIRSTHDR (&message); c != NULL; c = CMSG_NXTHDR (&message, c))
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
      {
        struct timespec stamp;

        memcpy (&stamp, CMSG_DATA (c), sizeof stamp);
        *when_us = (gint64) stamp.tv_sec * G_USEC_PER_SEC + stamp.tv_nsec / 1000;
      }
  return n >= ETH_HLEN && from.sll_pkttype != PACKET_OUTGOING && (upkeep_too || !is_upkeep (frame, (gsize) n));
}

void
probe_forget (int watcher)
{
  gint64 when_us;

  while (take (watcher, TRUE, &when_us) >= 0)
    continue;
}

ProbeSeen
probe_count (int watcher, gboolean upkeep_too)
{
  gint64 until_us = g_get_monotonic_time () + PROBE_WAIT_MS * 1000, when_us = 0;
  ProbeSeen seen = { 0 };

  do
    {
      int one = take (watcher, upkeep_too, &when_us);

      if (one < 0)
        g_usleep (500);
      if (one != 1)
        continue;
      if (seen.n++ == 0)
        seen.first_us = when_us;
      seen.last_us = when_us;
    }
  while (g_get_monotonic_time () < until_us);
  return seen;
}
