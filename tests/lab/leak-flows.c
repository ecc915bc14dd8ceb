/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-flows.c: rows of the catalogue about connections that outlive what they were made for, and about those that the tunnel's
 * far end begins. */
#include "tests/lab/leak.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/lab/senders.h"

#define SITE        ADIT_LAB_WEB_ADDRESS
#define SITE6       "2001:db8:ff::80"
#define FLOW_PORT   7000
#define PORT        7777
#define FIRST_PORT  ADIT_SENDERS_TCP_FIRST    /* the watcher allows no list to name what comes from these ports */
#define FLOW_MS     3000
#define REFUSED_MS  150
#define DEAD_PLACE  "us-nyc"
#define STATE_MS    30000
#define GUEST       "172.16.5.2"
#define NEIGHBOUR   "10.10.0.3"
#define NEIGHBOUR6  "2001:db8:10::3"
#define BARE        "10.64.99.9"
#define BARE6       "fc00:bbbb:bbbb:bb01::9:9"
#define EXIT_DEVICE "wgexit"
#define BARE_KEY    "/run/lab/bare.key"
#define REACHED     GUEST "/32," NEIGHBOUR "/32," NEIGHBOUR6 "/128"

typedef struct { int server, client; } Flow;

static void
run (AditLeak *leak, const char *space, const char *before, const char *value, const char *after)
{
  g_autofree char *line = g_strconcat (before, value, after, NULL);

  adit_leak_run (leak, space, line);
}

static void
adit (AditLeak *leak, const char *line)
{
  adit_world_expect (adit_leak_get_world (leak), 0, NULL, line, 0);
}

static char *
ask (const char *space, const char *line)
{
  g_auto (GStrv) argv = NULL;
  g_autoptr (AditLabResult) result = NULL;

  g_assert_true (g_shell_parse_argv (line, NULL, &argv, NULL));
  result = adit_lab_run (space, 0, FLOW_MS, (const char *const *) argv, NULL);
  g_assert_cmpint (result->status, ==, 0);
  return g_strdup (g_strstrip (result->out));
}

/* --- Flows from before ---------------------------------------------------------------------------------------------------- */

static gboolean
wait_for (int fd, short what, int max_ms)
{
  struct pollfd wait = { .fd = fd, .events = what };

  return poll (&wait, 1, max_ms) == 1;
}

static int
begin_stream (const ProbeWay *way, const char *to)
{
  int fd = probe_open (way, SOCK_STREAM, 0, to);
  struct sockaddr_in6 there6 = { .sin6_family = AF_INET6, .sin6_port = htons (FLOW_PORT) };
  struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons (FLOW_PORT) };
  gboolean v6 = strchr (to, ':') != NULL;

  inet_pton (v6 ? AF_INET6 : AF_INET, to, v6 ? (void *) &there6.sin6_addr : (void *) &there.sin_addr);
  (void) !connect (fd, v6 ? (struct sockaddr *) &there6 : (struct sockaddr *) &there, v6 ? sizeof there6 : sizeof there);
  return fd;
}

static Flow
begin_flow (const char *from, guint16 from_port, const char *to)
{
  const ProbeWay way = { .space = "client", .from = from, .from_port = from_port };
  int listener = probe_listen ("web", SOCK_STREAM, to, FLOW_PORT);
  Flow flow = { -1, begin_stream (&way, to) };

  g_assert_true (wait_for (listener, POLLIN, FLOW_MS));
  flow.server = accept4 (listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  close (listener);
  g_assert_true (wait_for (flow.client, POLLOUT, FLOW_MS));
  g_assert_cmpint (send (flow.client, "x", 1, MSG_NOSIGNAL), ==, 1);
  g_assert_true (probe_heard (flow.server));
  return flow;
}

/* The site forgets it at once.  Else it would go on sending what nobody took, and this computer answer that it knows of nothing,
 * as soon as it is open again: before the next lock, and yet while the next row counts. */
static void
end_flow (Flow *flow)
{
  const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

  (void) setsockopt (flow->server, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close (flow->client);
  close (flow->server);
}

/* What came to @space by its end of the tunnel, as far as the rule counts it. */
static void
begin_count (AditLeak *leak, const char *space, const char *rule)
{
  run (leak, space, "nft 'table inet seen { chain before { type filter hook prerouting priority -300; ", rule, " counter; }; }'");
}

static guint
count_inside (const char *space)
{
  g_autofree char *list = ask (space, "nft list chain inet seen before");
  const char *word = strstr (list, "packets ");

  return (guint) g_ascii_strtoull (word + strlen ("packets "), NULL, 10);
}

/* Neither end hears the other any more, and this one is told that it is over. */
static void
expect_dead (AditLeak *leak, Flow *flow)
{
  char byte;

  adit_leak_count (leak, 2);
  (void) send (flow->server, "y", 1, MSG_NOSIGNAL);
  g_assert_false (wait_for (flow->client, POLLIN, PROBE_WAIT_MS));
  (void) send (flow->client, "x", 1, MSG_NOSIGNAL);
  if (!wait_for (flow->client, POLLERR | POLLHUP | POLLIN, FLOW_MS) || recv (flow->client, &byte, 1, 0) >= 0 || errno == EAGAIN)
    g_error ("a flow from before still lives");
  g_assert_cmpint (send (flow->client, "x", 1, MSG_NOSIGNAL), ==, -1);
  g_assert_false (probe_heard (flow->server));
}

static void
row_l13 (AditLeak *leak)
{
  static const struct { const char *line, *state; } ways[] = {
    { "lockdown on", "disconnected" }, { "connect " DEAD_PLACE, "connecting" }, { "connect se-got", "connected" },
  };
  static const char *const sites[] = { SITE, SITE6 };
  guint16 port = FIRST_PORT;
  guint inside;

  begin_count (leak, "exit", "iifname \"" EXIT_DEVICE "\" tcp dport 7000");
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      Flow flows[2];

      adit_leak_expose (leak);
      for (gsize k = 0; k < G_N_ELEMENTS (sites); k++)
        flows[k] = begin_flow (NULL, port++, sites[k]);
      adit_leak_allow (leak, "old flow");
      adit (leak, ways[i].line);
      g_assert_true (adit_world_wait_state (adit_leak_get_world (leak), ways[i].state, STATE_MS));
      inside = count_inside ("exit");
      for (gsize k = 0; k < G_N_ELEMENTS (flows); k++)
        expect_dead (leak, &flows[k]);
      adit_leak_expect_shut (leak, ways[i].line);
      g_assert_cmpuint (count_inside ("exit"), ==, inside);
      for (gsize k = 0; k < G_N_ELEMENTS (flows); k++)
        end_flow (&flows[k]);
    }
  /* A new flow does go inside, and is counted there. */
  {
    Flow flow = begin_flow (NULL, 0, SITE);

    end_flow (&flow);
    g_assert_cmpuint (count_inside ("exit"), >, inside);
  }
  adit_leak_expose (leak);
  for (gsize k = 0; k < G_N_ELEMENTS (sites); k++)
    {
      Flow flow = begin_flow (NULL, port++, sites[k]);

      adit_leak_count (leak, 1);
      adit_leak_expect_open (leak, sites[k]);
      end_flow (&flow);
    }
  adit_leak_run (leak, "exit", "nft delete table inet seen");
}

/* --- What the far end begins ---------------------------------------------------------------------------------------------- */

typedef struct { const char *space, *address; gboolean by_cable; } Target;

static void
make_guest (AditLeak *leak)
{
  adit_leak_run (leak, NULL, "ip netns add guest");
  adit_leak_run (leak, "client", "ip link add to-guest type veth peer name eth0 netns guest");
  adit_leak_run (leak, "client", "ip addr add 172.16.5.1/24 dev to-guest");
  adit_leak_run (leak, "client", "ip link set to-guest up");
  adit_leak_run (leak, "guest", "ip addr add " GUEST "/24 dev eth0");
  adit_leak_run (leak, "guest", "ip link set eth0 up");
  adit_leak_run (leak, "guest", "ip route add default via 172.16.5.1");
  adit_leak_run (leak, "exit", "ip route add " GUEST "/32 dev " EXIT_DEVICE);
  adit_leak_run (leak, "exit", "ip route add " NEIGHBOUR "/32 dev " EXIT_DEVICE);
  adit_leak_run (leak, "exit", "ip -6 route add " NEIGHBOUR6 "/128 dev " EXIT_DEVICE);
  adit_leak_run (leak, "client", "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
}

static void
remove_guest (AditLeak *leak)
{
  adit_leak_run (leak, "client", "sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0");
  adit_leak_run (leak, "client", "ip link del to-guest");
  adit_leak_run (leak, NULL, "ip netns del guest");
  adit_leak_run (leak, "exit", "ip route del " GUEST "/32");
  adit_leak_run (leak, "exit", "ip route del " NEIGHBOUR "/32");
  adit_leak_run (leak, "exit", "ip -6 route del " NEIGHBOUR6 "/128");
}

/* The exit sends to whatever it likes by this computer's tunnel. */
static void
make_exit_reach (AditLeak *leak, const char *const own[2])
{
  g_autofree char *list = ask ("exit", "wg show " EXIT_DEVICE " allowed-ips"),
                  *wanted = g_strconcat (own[0], "/32," , own[1], "/128," REACHED, NULL);
  g_auto (GStrv) lines = g_strsplit (list, "\n", -1);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], own[0]) != NULL)
      {
        *strchr (lines[i], '\t') = '\0';
        if (adit_lab_add_exit_peer (lines[i], wanted, &error))
          return;
      }
  g_error ("the exit has no peer with %s: %s", own[0], list);
}

/* A tunnel to the same exit beside which there is no lock. */
static GPid
start_bare_tunnel (AditLeak *leak)
{
  static const char *const argv[] = { "wireguard-go", "--foreground", "bare", NULL };
  g_autofree char *public_key = ask ("client", "sh -c 'umask 077; wg genkey > " BARE_KEY "; wg pubkey < " BARE_KEY "'"),
                  *exit_key = adit_lab_get_exit_key ();
  g_autoptr (GError) error = NULL;
  GPid pid = adit_lab_spawn_logged ("client", 0, argv, "/run/lab/log", NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < 300 && access ("/run/wireguard/bare.sock", F_OK) != 0; i++)
    g_usleep (10000);
  g_assert_true (adit_lab_add_exit_peer (public_key, BARE "/32," BARE6 "/128," REACHED, NULL));
  run (leak, "client", "wg set bare private-key " BARE_KEY " peer ", exit_key,
       " endpoint 198.51.100.10:51820 allowed-ips 0.0.0.0/0,::/0");
  adit_leak_run (leak, "client", "ip addr add " BARE "/32 dev bare");
  adit_leak_run (leak, "client", "ip addr add " BARE6 "/128 dev bare nodad");
  adit_leak_run (leak, "client", "ip link set bare up");
  adit_leak_run (leak, "client", "ip route add " ADIT_LAB_GATEWAY "/32 dev bare");
  adit_leak_run (leak, "client", "ip -6 route add " ADIT_LAB_GATEWAY6 "/128 dev bare");
  adit_leak_run (leak, "client", "ping -q -c 1 -W 5 " ADIT_LAB_GATEWAY);    /* the exit knows now where this tunnel ends */
  return pid;
}

static void
try_target (AditLeak *leak, const Target *target, gboolean open)
{
  const ProbeWay way = { .space = "exit" };
  int listener = probe_listen (target->space, SOCK_STREAM, target->address, PORT),
      datagrams = probe_listen (target->space, SOCK_DGRAM, target->address, PORT);
  gboolean heard, connected;

  adit_leak_count (leak, 2);
  heard = probe_send (&way, SOCK_DGRAM, 0, target->address, PORT, "x", 1) && probe_heard (datagrams);
  connected = probe_connect (&way, target->address, PORT, REFUSED_MS) == 0;
  if (heard != open)
    g_error ("a datagram to %s (%s) %s", target->address, target->space, heard ? "came through" : "did not come, with no lock");
  /* The neighbour answers by its own router, so its side of the flow does not come back. */
  if (connected != (open && !target->by_cable))
    g_error ("a connection to %s (%s) %s", target->address, target->space, connected ? "was made" : "was not made, with no lock");
  close (listener);
  close (datagrams);
}

static void
row_l25 (AditLeak *leak)
{
  const char *own[2];
  GPid bare;

  make_guest (leak);
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  own[0] = adit_leak_dup_tunnel_address (leak, FALSE);
  own[1] = adit_leak_dup_tunnel_address (leak, TRUE);
  make_exit_reach (leak, own);
  {
    const Target targets[] = { { "client", own[0], FALSE }, { "client", own[1], FALSE }, { "guest", GUEST, FALSE },
                               { "lan", NEIGHBOUR, TRUE }, { "lan", NEIGHBOUR6, TRUE } };

    begin_count (leak, "client", "iifname \"adit0\" meta l4proto { tcp, udp } th dport 7777");
    for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
      {
        guint before = count_inside ("client");

        try_target (leak, &targets[i], FALSE);
        g_assert_cmpuint (count_inside ("client"), >=, before + 2);    /* it came as far as here */
      }
    adit_leak_run (leak, "client", "nft delete table inet seen");
  }
  adit_leak_expect_shut (leak, "what the far end began");
  adit_leak_expose (leak);
  bare = start_bare_tunnel (leak);
  {
    const Target targets[] = { { "client", BARE, FALSE }, { "client", BARE6, FALSE }, { "guest", GUEST, FALSE },
                               { "lan", NEIGHBOUR, TRUE }, { "lan", NEIGHBOUR6, TRUE } };

    for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
      {
        adit_leak_allow (leak, "control");    /* this tunnel's own packets are none of the row's */
        try_target (leak, &targets[i], TRUE);
        if (targets[i].by_cable)
          adit_leak_expect_open (leak, targets[i].address);
      }
  }
  adit_lab_end (bare);
  remove_guest (leak);
  g_free ((char *) own[0]);
  g_free ((char *) own[1]);
}

static const AditLeakRow rows[] = {
  { "L13", "connections from before the lock", row_l13 },
  { "L25", "connections that the tunnel's far end begins", row_l25 },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
