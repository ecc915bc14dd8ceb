/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-sockets.c: the row of the catalogue about sockets bound to the tunnel's address that are still there when it is not.
 * IPv4 refuses to send from an address that is gone; IPv6 does not ask. */
#include "tests/lab/leak.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SITE        ADIT_LAB_WEB_ADDRESS
#define SITE6       "2001:db8:ff::80"
#define FLOW_PORT   7000
#define PORT        7777
#define FLOW_MS     3000
#define SYN_AGAIN_US 1200000    /* a SYN is sent again after a second: RFC 6298, 2 */
#define BARE6       "fc00:bbbb:bbbb:bb01::9:9"
#define MAX_KINDS   8

typedef struct { const char *name; int type, protocol; gboolean v6, connected; } Kind;

static const Kind kinds[] = {
  { "tcp", SOCK_STREAM, 0, FALSE, TRUE }, { "tcp, 6", SOCK_STREAM, 0, TRUE, TRUE },
  { "udp", SOCK_DGRAM, 0, FALSE, FALSE }, { "udp, connected", SOCK_DGRAM, 0, FALSE, TRUE },
  { "udp, connected, 6", SOCK_DGRAM, 0, TRUE, TRUE },
  { "raw", SOCK_RAW, IPPROTO_ICMP, FALSE, FALSE }, { "ping", SOCK_DGRAM, IPPROTO_ICMP, FALSE, FALSE },
  { "raw, of a number", SOCK_RAW, 253, FALSE, FALSE },    /* RFC 3692: for trying out */
};

static const Kind kinds_unconnected6[] = {
  { "udp, 6", SOCK_DGRAM, 0, TRUE, FALSE }, { "raw, 6", SOCK_RAW, IPPROTO_ICMPV6, TRUE, FALSE },
  { "ping, 6", SOCK_DGRAM, IPPROTO_ICMPV6, TRUE, FALSE }, { "raw, of a number, 6", SOCK_RAW, 253, TRUE, FALSE },
};

typedef struct { struct sockaddr_storage storage; socklen_t bytes; } There;

G_STATIC_ASSERT (G_N_ELEMENTS (kinds) <= MAX_KINDS && G_N_ELEMENTS (kinds_unconnected6) <= MAX_KINDS);

static void
adit (AditLeak *leak, const char *line)
{
  adit_world_expect (adit_leak_get_world (leak), 0, NULL, line, 0);
}

static There
get_site (const Kind *kind)
{
  guint16 port = htons (kind->type == SOCK_STREAM ? FLOW_PORT : kind->type == SOCK_RAW ? 0 : PORT);
  struct sockaddr_in6 site6 = { .sin6_family = AF_INET6, .sin6_port = port };
  struct sockaddr_in site = { .sin_family = AF_INET, .sin_port = port };
  There there = { .bytes = kind->v6 ? sizeof site6 : sizeof site };

  inet_pton (AF_INET, SITE, &site.sin_addr);
  inet_pton (AF_INET6, SITE6, &site6.sin6_addr);
  memcpy (&there.storage, kind->v6 ? (void *) &site6 : (void *) &site, there.bytes);
  return there;
}

static int
open_bound (const Kind *kind, const char *from)
{
  const ProbeWay way = { .space = "client", .from = from };
  int fd = probe_open (&way, kind->type, kind->protocol, kind->v6 ? SITE6 : SITE);
  There there = get_site (kind);

  if (kind->connected)
    (void) !connect (fd, (struct sockaddr *) &there.storage, there.bytes);
  return fd;
}

static void
send_bound (AditLeak *leak, const Kind *kind, int fd)
{
  guint8 bytes[16] = { kind->v6 ? 128 : 8, 0, 0xf7, 0xff };
  There there = get_site (kind);

  for (guint i = 0; i < 3; i++)    /* the first may only fetch an error */
    {
      adit_leak_count (leak, 1);
      if (kind->connected)
        (void) !send (fd, bytes, sizeof bytes, MSG_NOSIGNAL);
      else
        (void) !sendto (fd, bytes, sizeof bytes, 0, (struct sockaddr *) &there.storage, there.bytes);
    }
}

static void
leave_by_disconnect (AditLeak *leak)
{
  adit (leak, "disconnect");
}

static void
leave_by_switch (AditLeak *leak)
{
  adit (leak, "connect se-sto --wait");
}

static void
leave_by_crash (AditLeak *leak)
{
  adit_world_kill_helper (adit_leak_get_world (leak));
  adit_world_expect_helper (adit_leak_get_world (leak));
  adit (leak, "disconnect");
}

static void
leave_by_recover (AditLeak *leak)
{
  adit_world_kill_helper (adit_leak_get_world (leak));
  adit (leak, "recover --open");
}

/* The second half: an address of a device that goes without us. */
static void
leave_bare_address (AditLeak *leak, const Kind *all, gsize n)
{
  int fds[MAX_KINDS];

  adit_leak_expose (leak);
  adit_leak_run (leak, "client", "ip link add bare type veth peer name bare-end");
  adit_leak_run (leak, "client", "ip link set bare-end up");
  adit_leak_run (leak, "client", "ip link set bare up");
  adit_leak_run (leak, "client", "ip addr add " BARE6 "/128 dev bare nodad");
  adit_leak_run (leak, "client", "ip -6 route add " SITE6 "/128 dev bare");
  for (gsize i = 0; i < n; i++)
    fds[i] = all[i].v6 ? open_bound (&all[i], BARE6) : -1;
  adit_leak_run (leak, "client", "ip link del bare");
  for (gsize i = 0; i < n; i++)
    if (fds[i] >= 0)
      {
        send_bound (leak, &all[i], fds[i]);
        if (all[i].type == SOCK_STREAM)
          g_usleep (SYN_AGAIN_US);
        adit_leak_expect_open (leak, all[i].name);
        close (fds[i]);
      }
}

/* Lockdown is off, so that nothing but what was done about the sockets keeps them from sending; there is no other traffic. */
static void
try_kinds (AditLeak *leak, const Kind *all, gsize n)
{
  static const struct { const char *name; void (*leave) (AditLeak *leak); } ways[] = {
    { "disconnect", leave_by_disconnect }, { "switch", leave_by_switch }, { "crash", leave_by_crash },
    { "recovery", leave_by_recover },
  };
  int listener = probe_listen ("web", SOCK_STREAM, "::", FLOW_PORT);    /* both families */

  adit_leak_run (leak, "client", "sysctl -qw 'net.ipv4.ping_group_range=0 0'");
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *own = NULL, *own6 = NULL;
      int fds[MAX_KINDS];

      adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
      adit (leak, "lockdown off");
      own = adit_leak_dup_tunnel_address (leak, FALSE);
      own6 = adit_leak_dup_tunnel_address (leak, TRUE);
      for (gsize k = 0; k < n; k++)
        {
          struct pollfd wait = { .events = POLLOUT };

          wait.fd = fds[k] = open_bound (&all[k], all[k].v6 ? own6 : own);
          if (all[k].type == SOCK_STREAM)
            g_assert_cmpint (poll (&wait, 1, FLOW_MS), ==, 1);
        }
      adit_leak_allow (leak, ways[i].name);
      ways[i].leave (leak);
      for (gsize k = 0; k < n; k++)
        send_bound (leak, &all[k], fds[k]);
      g_usleep (SYN_AGAIN_US);
      adit_leak_expect_shut (leak, ways[i].name);
      for (gsize k = 0; k < n; k++)
        close (fds[k]);
    }
  close (listener);
  leave_bare_address (leak, all, n);
}

static void
row_l26 (AditLeak *leak)
{
  try_kinds (leak, kinds, G_N_ELEMENTS (kinds));
}

/* Ending a UDP socket leaves it bound, and nothing ends the others. */
static void
row_l26_unconnected (AditLeak *leak)
{
  try_kinds (leak, kinds_unconnected6, G_N_ELEMENTS (kinds_unconnected6));
}

static const AditLeakRow rows[] = {
  { "L26", "sockets bound to the tunnel's address, after it", row_l26 },
  { "L26-unconnected", "the same of IPv6, where nothing ends them", row_l26_unconnected },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
