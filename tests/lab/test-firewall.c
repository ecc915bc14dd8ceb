/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-firewall.c: the lock proved with packets.  What is refused is also sent with the lock off, so that a watcher that is blind
 * or a sender that is mute is found out. */
#include "platform/linux/nft.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include "platform/linux/marks.h"
#include "tests/lab/private-world.h"
#include "tests/lab/probe.h"

#define API   "198.51.100.10"
#define API6  "2001:db8:9::10"
#define PEER  "198.51.100.20"
#define OTHER "198.51.100.30"
#define OWN   "10.64.0.2"
#define OWN6  "fc00:bbbb::2"
#define DNS   "10.64.0.1"
#define DNS6  "fc00:bbbb::1"
#define AT_ONCE_MS 100

static AditFirewall *firewall;
static int cable, inside, bridged;    /* watchers */
static guint n_disturbed;
static gboolean was_put_back;
static gint64 reported_gap_us;

static int G_GNUC_PRINTF (1, 2)
run (const char *format, ...)
{
  g_autofree char *line = NULL;
  g_auto (GStrv) argv = NULL;
  int status = -1;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  argv = g_strsplit (line, " ", -1);
  g_assert_true (g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
  return status;
}

#define do_run(...) g_assert_cmpint (run (__VA_ARGS__), ==, 0)

static char *
say (const char *line)
{
  char *out = NULL;

  g_assert_true (g_spawn_command_line_sync (line, &out, NULL, NULL, NULL));
  return out;
}

static void
set_sysctl (const char *path, const char *value)
{
  g_autofree char *full = g_strconcat ("/proc/sys/net/", path, NULL);
  FILE *file = fopen (full, "w");

  g_assert_nonnull (file);
  g_assert_cmpint (fputs (value, file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

static AditLockPolicy
new_policy (AditLock lock)
{
  AditLockPolicy policy = { .lock = lock, .n_api = 2, .n_tunnel_addresses = 2, .n_dns = 2 };

  g_assert_true (adit_endpoint_parse (API ":443", &policy.api[0]));
  g_assert_true (adit_endpoint_parse ("[" API6 "]:443", &policy.api[1]));
  g_assert_true (adit_endpoint_parse (PEER ":51820", &policy.peer));
  g_assert_true (adit_prefix_parse (OWN "/32", &policy.tunnel_addresses[0]));
  g_assert_true (adit_prefix_parse (OWN6 "/128", &policy.tunnel_addresses[1]));
  g_assert_true (adit_address_parse (DNS, &policy.dns[0]));
  g_assert_true (adit_address_parse (DNS6, &policy.dns[1]));
  return policy;
}

static void
set_lock (AditLock lock)
{
  AditLockPolicy policy = new_policy (lock);
  g_autoptr (GError) error = NULL;

  adit_firewall_apply (firewall, &policy, &error);
  g_assert_no_error (error);
}

static void
on_disturbed (AditFirewall *self, gboolean put_back, gint64 gap_us, const char *by, gpointer user_data)
{
  n_disturbed++;
  was_put_back = put_back;
  reported_gap_us = gap_us;
}

/* This namespace is the computer; "far" is its network and the internet, "exit" the far end of the tunnel, "vm", "mac" and
 * "routed" are guests: on a bridge with the cable "cable2", on a macvlan of "cable", and behind a routed link. */
static void
set_up (void)
{
  static const char *const spaces[] = { "far", "exit", "vm", "mac", "routed", NULL };

  for (guint i = 0; spaces[i] != NULL; i++)
    do_run ("ip netns add %s", spaces[i]);
  /* No waiting for duplicate addresses: nobody else is there, and until then a link-local address cannot send. */
  set_sysctl ("ipv6/conf/default/accept_dad", "0");
  for (guint i = 0; spaces[i] != NULL; i++)
    do_run ("ip netns exec %s sysctl -qw net.ipv6.conf.default.accept_dad=0", spaces[i]);
  do_run ("ip link add cable address 02:00:00:00:00:cc type veth peer name wire netns far");
  do_run ("ip link add cable2 type veth peer name wire2 netns far");
  do_run ("ip link add adit0 type veth peer name deep netns exit");
  do_run ("ip link add g0 type veth peer name g1 netns vm");
  do_run ("ip link add r0 type veth peer name r1 netns routed");
  do_run ("ip link add br0 type bridge");
  do_run ("ip link set cable2 master br0");
  do_run ("ip link set g0 master br0");
  do_run ("ip link add mac0 link cable type macvlan mode bridge");
  do_run ("ip link set mac0 netns mac");

  do_run ("ip addr add 192.0.2.2/24 dev cable");
  do_run ("ip addr add 2001:db8:1::2/64 dev cable nodad");
  do_run ("ip addr add " OWN "/24 dev adit0");
  do_run ("ip addr add " OWN6 "/64 dev adit0 nodad");
  do_run ("ip addr add 172.16.5.1/24 dev r0");
  do_run ("ip -n far addr add 192.0.2.1/24 dev wire");
  do_run ("ip -n far addr add 2001:db8:1::1/64 dev wire nodad");
  do_run ("ip -n far addr add 192.168.9.1/24 dev wire2");
  do_run ("ip -n exit addr add " DNS "/24 dev deep");
  do_run ("ip -n exit addr add " DNS6 "/64 dev deep nodad");
  do_run ("ip -n vm addr add 192.168.9.7/24 dev g1");
  do_run ("ip -n mac addr add 192.0.2.77/24 dev mac0");
  do_run ("ip -n routed addr add 172.16.5.2/24 dev r1");
  for (const char *const *device = (const char *const[]) { "cable", "cable2", "adit0", "g0", "r0", "br0", NULL }; *device != NULL; device++)
    do_run ("ip link set %s up", *device);
  do_run ("ip -n far link set lo up");
  do_run ("ip -n far link set wire up");
  do_run ("ip -n far link set wire2 up");
  do_run ("ip -n exit link set lo up");
  do_run ("ip -n exit link set deep up");
  do_run ("ip -n vm link set g1 up");
  do_run ("ip -n mac link set mac0 up");
  do_run ("ip -n routed link set r1 up");
  do_run ("ip -n far addr add " API "/32 dev lo");
  do_run ("ip -n far addr add " PEER "/32 dev lo");
  do_run ("ip -n far addr add " OTHER "/32 dev lo");
  do_run ("ip -n far addr add " API6 "/128 dev lo nodad");
  do_run ("ip -n far addr add 2001:db8:9::30/128 dev lo nodad");
  do_run ("ip route add default via 192.0.2.1");
  do_run ("ip route add default via 2001:db8:1::1");
  do_run ("ip -n far route add 172.16.5.0/24 via 192.0.2.2");
  do_run ("ip -n mac route add default via 192.0.2.1");
  do_run ("ip -n routed route add default via 172.16.5.1");
  do_run ("ip -n exit route add default via " OWN);
  /* A tunnel has no neighbours: nothing of ARP or NDP may be needed there. */
  do_run ("ip link set adit0 address 02:00:00:00:00:aa");
  do_run ("ip -n exit link set deep address 02:00:00:00:00:bb");
  do_run ("ip neigh replace " DNS " lladdr 02:00:00:00:00:bb dev adit0 nud permanent");
  do_run ("ip neigh replace " DNS6 " lladdr 02:00:00:00:00:bb dev adit0 nud permanent");
  do_run ("ip neigh replace 10.64.0.9 lladdr 02:00:00:00:00:bb dev adit0 nud permanent");
  do_run ("ip neigh replace fc00:bbbb::9 lladdr 02:00:00:00:00:bb dev adit0 nud permanent");
  do_run ("ip -n exit neigh replace " OWN " lladdr 02:00:00:00:00:aa dev deep nud permanent");
  do_run ("ip -n exit neigh replace " OWN6 " lladdr 02:00:00:00:00:aa dev deep nud permanent");
  set_sysctl ("ipv4/ip_forward", "1");
  set_sysctl ("ipv4/conf/all/rp_filter", "0");
  set_sysctl ("ipv4/conf/cable/rp_filter", "0");
  set_sysctl ("ipv4/conf/adit0/rp_filter", "0");
  cable = probe_watch ("far", "wire");
  bridged = probe_watch ("far", "wire2");
  inside = probe_watch ("exit", "deep");
  /* A new link needs a second or two before neighbours answer in IPv6; a port where nobody listens answers with a reset. */
  for (guint i = 0; i < 100 && probe_connect (&(ProbeWay) { 0 }, API6, 9, 50) != ECONNREFUSED; i++)
    g_usleep (20000);
  g_assert_cmpint (probe_connect (&(ProbeWay) { 0 }, API6, 9, 1000), ==, ECONNREFUSED);
}

/* --- what may not leave --------------------------------------------------------------------------------------------------- */

static const guint8 echo4[8] = { 8, 0, 0xf7, 0xff };
static const guint8 echo6[8] = { 128 };

typedef struct
{
  const char *name;
  int         type, protocol;
  const char *to;
  guint16     port;
  ProbeWay    way;
} Refused;

static const Refused refused[] = {
  { "udp", SOCK_DGRAM, 0, OTHER, 9999, { 0 } },
  { "tcp", SOCK_STREAM, 0, OTHER, 80, { 0 } },
  { "icmp", SOCK_RAW, IPPROTO_ICMP, OTHER, 0, { 0 } },
  { "udp6", SOCK_DGRAM, 0, "2001:db8:9::30", 9999, { 0 } },
  { "tcp6", SOCK_STREAM, 0, "2001:db8:9::30", 80, { 0 } },
  { "icmp6", SOCK_RAW, IPPROTO_ICMPV6, "2001:db8:9::30", 0, { 0 } },
  { "sctp", SOCK_RAW, IPPROTO_SCTP, OTHER, 0, { 0 } },
  { "dns", SOCK_DGRAM, 0, "192.0.2.1", 53, { 0 } },
  { "dns-tcp", SOCK_STREAM, 0, "192.0.2.1", 53, { 0 } },
  { "dns6", SOCK_DGRAM, 0, "2001:db8:1::1", 53, { 0 } },
  { "dns-tls", SOCK_STREAM, 0, "192.0.2.1", 853, { 0 } },
  { "dns-quic", SOCK_DGRAM, 0, "192.0.2.1", 853, { 0 } },
  { "dns-marked", SOCK_DGRAM, 0, "192.0.2.1", 53, { .mark = ADIT_MARK } },
  { "bound", SOCK_DGRAM, 0, OTHER, 9999, { .device = "cable" } },
  { "bound-6", SOCK_DGRAM, 0, "2001:db8:9::30", 9999, { .device = "cable" } },
  { "lan", SOCK_DGRAM, 0, "192.0.2.1", 631, { 0 } },
  { "mdns", SOCK_DGRAM, 0, "224.0.0.251", 5353, { .device = "cable" } },
  { "ssdp", SOCK_DGRAM, 0, "239.255.255.250", 1900, { .device = "cable" } },
  { "mdns6", SOCK_DGRAM, 0, "ff02::fb", 5353, { .device = "cable" } },
  { "broadcast", SOCK_DGRAM, 0, "255.255.255.255", 9, { .device = "cable" } },
  { "dhcp-other-source", SOCK_DGRAM, 0, "255.255.255.255", 67, { .device = "cable", .from_port = 69 } },
  { "dhcp-server", SOCK_DGRAM, 0, "255.255.255.255", 68, { .device = "cable", .from_port = 67 } },
  { "dhcp-unicast", SOCK_DGRAM, 0, OTHER, 67, { .device = "cable", .from_port = 68 } },
  { "dhcp6-elsewhere", SOCK_DGRAM, 0, "2001:db8:9::30", 547, { .device = "cable", .from_port = 546 } },
  { "api-unmarked", SOCK_STREAM, 0, API, 443, { 0 } },
  { "api6-unmarked", SOCK_STREAM, 0, API6, 443, { 0 } },
  { "api-other-port", SOCK_STREAM, 0, API, 80, { .mark = ADIT_MARK } },
  { "api-udp", SOCK_DGRAM, 0, API, 443, { .mark = ADIT_MARK } },
  { "api-icmp", SOCK_RAW, IPPROTO_ICMP, API, 0, { .mark = ADIT_MARK } },
  { "peer-unmarked", SOCK_DGRAM, 0, PEER, 51820, { 0 } },
  { "peer-other-mark", SOCK_DGRAM, 0, PEER, 51820, { .mark = 0xca6c } },
  { "peer-other-port", SOCK_DGRAM, 0, PEER, 51821, { .mark = ADIT_MARK } },
  { "peer-tcp", SOCK_STREAM, 0, PEER, 51820, { .mark = ADIT_MARK } },
  { "marked-elsewhere", SOCK_DGRAM, 0, OTHER, 51820, { .mark = ADIT_MARK } },
  { "inside-address-outside", SOCK_DGRAM, 0, OTHER, 9999, { .device = "cable", .from = OWN } },
  { "inside-address-outside-6", SOCK_DGRAM, 0, "2001:db8:9::30", 9999, { .device = "cable", .from = OWN6 } },
  { "guest-macvlan", SOCK_DGRAM, 0, OTHER, 9999, { .space = "mac" } },
  { "guest-macvlan-dns", SOCK_DGRAM, 0, "192.0.2.1", 53, { .space = "mac" } },
  { "guest-routed", SOCK_DGRAM, 0, OTHER, 9999, { .space = "routed" } },
  { "guest-routed-tcp", SOCK_STREAM, 0, OTHER, 80, { .space = "routed" } },
  { "guest-routed-dns", SOCK_DGRAM, 0, OTHER, 53, { .space = "routed" } },
  { "guest-bridged", SOCK_DGRAM, 0, "192.168.9.1", 9999, { .space = "vm" } },
  { "guest-bridged-broadcast", SOCK_DGRAM, 0, "255.255.255.255", 9, { .space = "vm", .device = "g1" } },
};

static void
send_one (const Refused *one)
{
  if (one->type == SOCK_STREAM)
    probe_connect (&one->way, one->to, one->port, 5);
  else if (one->protocol == IPPROTO_ICMP)
    probe_send (&one->way, one->type, one->protocol, one->to, 0, echo4, sizeof echo4);
  else
    probe_send (&one->way, one->type, one->protocol, one->to, one->port, echo6, sizeof echo6);
}

static gboolean
reaches_cable (const Refused *one)
{
  int watcher = g_strcmp0 (one->way.space, "vm") == 0 ? bridged : cable;

  probe_forget (watcher);
  send_one (one);
  return probe_count (watcher, FALSE).n > 0;
}

static void
check_refused (gboolean open)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    if (reaches_cable (&refused[i]) != open)
      {
        g_test_message ("%s: %s", refused[i].name, open ? "not seen although nothing forbids it" : "left");
        g_test_fail ();
      }
}

static void
test_refused (gconstpointer lock)
{
  set_lock (GPOINTER_TO_UINT (lock));
  check_refused (GPOINTER_TO_UINT (lock) == ADIT_LOCK_OFF);
}

/* Frames that no inet table sees; the wrong type word would hide them from a look at the socket's. */
static void
check_frames (gboolean open)
{
  static const char *const forms[][2] = { { "192.0.2.2", OTHER }, { "2001:db8:1::2", "2001:db8:9::30" } };
  guint8 frame[128];

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      gsize length = probe_make_udp (frame, forms[i][0], 4000, forms[i][1], 4000);

      probe_forget (cable);
      probe_frame (NULL, "cable", frame, length);
      g_assert_cmpuint (probe_count (cable, FALSE).n > 0, ==, open);
    }
  frame[12] = 0x88;    /* 0x88cc, LLDP: tells the computer's name */
  frame[13] = 0xcc;
  probe_forget (cable);
  probe_frame (NULL, "cable", frame, 60);
  g_assert_cmpuint (probe_count (cable, FALSE).n > 0, ==, open);
}

static void
test_frames (void)
{
  for (guint lock = ADIT_LOCK_ALL; lock <= ADIT_LOCK_OFF; lock++)
    {
      set_lock (lock);
      check_frames (lock == ADIT_LOCK_OFF);
    }
}

/* --- what must leave ------------------------------------------------------------------------------------------------------ */

static void
test_link_forms (void)
{
  static const guint8 solicit_router[8] = { 133 };
  static const ProbeWay dhcp = { .device = "cable", .from_port = 68 }, dhcp6 = { .device = "cable", .from_port = 546 };
  static const ProbeWay near = { .device = "cable", .hops = 255 }, not_near = { .device = "cable", .hops = 64 };
  static const guint8 arp[42] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1 };
  guint8 frame[128];
  gsize length = probe_make_udp (frame, "0.0.0.0", 68, "255.255.255.255", 67);

  for (guint lock = ADIT_LOCK_ALL; lock < ADIT_LOCK_OFF; lock++)
    {
      int client;

      set_lock (lock);
      probe_forget (cable);
      probe_send (&dhcp, SOCK_DGRAM, 0, "255.255.255.255", 67, echo4, sizeof echo4);
      g_assert_cmpuint (probe_count (cable, FALSE).n, ==, 1);
      probe_send (&dhcp6, SOCK_DGRAM, 0, "ff02::1:2", 547, echo4, sizeof echo4);
      g_assert_cmpuint (probe_count (cable, FALSE).n, ==, 1);
      probe_frame (NULL, "cable", frame, length);
      g_assert_cmpuint (probe_count (cable, FALSE).n, ==, 1);
      probe_frame (NULL, "cable", arp, sizeof arp);
      g_assert_cmpuint (probe_count (cable, TRUE).n, >=, 1);
      probe_forget (cable);
      probe_send (&near, SOCK_RAW, IPPROTO_ICMPV6, "ff02::2", 0, solicit_router, sizeof solicit_router);
      g_assert_cmpuint (probe_count (cable, TRUE).n, >=, 1);
      probe_forget (cable);
      probe_send (&not_near, SOCK_RAW, IPPROTO_ICMPV6, "ff02::2", 0, solicit_router, sizeof solicit_router);
      g_assert_cmpuint (probe_count (cable, FALSE).n, ==, 0);

      client = probe_listen (NULL, SOCK_DGRAM, "0.0.0.0", 68);
      {
        const ProbeWay server = { .space = "far", .device = "wire", .from_port = 67 };

        probe_send (&server, SOCK_DGRAM, 0, "255.255.255.255", 68, echo4, sizeof echo4);
        g_assert_true (probe_heard (client));
      }
      close (client);
    }
}

static void
test_api (void)
{
  static const ProbeWay marked = { .mark = ADIT_MARK | 0x10001 };    /* with bits of others */
  int server = probe_listen ("far", SOCK_STREAM, API, 443), server6 = probe_listen ("far", SOCK_STREAM, API6, 443);

  for (guint lock = ADIT_LOCK_ALL; lock < ADIT_LOCK_OFF; lock++)
    {
      set_lock (lock);
      g_assert_cmpint (probe_connect (&marked, API, 443, AT_ONCE_MS) == 0, ==, lock != ADIT_LOCK_TUNNEL);
      g_assert_cmpint (probe_connect (&marked, API6, 443, AT_ONCE_MS) == 0, ==, lock != ADIT_LOCK_TUNNEL);
    }
  close (server);
  close (server6);
}

/* The carrier, its answer, a stranger's packet to the same port, and an error that belongs to the flow. */
static guint16
own_port (int fd)
{
  struct sockaddr_in own;
  socklen_t length = sizeof own;

  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &own, &length), ==, 0);
  return ntohs (own.sin_port);
}

static void
send_too_long (guint16 port, guint16 mtu)
{
  /* RFC 792 and RFC 1191: type 3, code 4, the next hop's MTU, and the head of the packet that was too long. */
  guint8 error[36] = { 3, 4, 0, 0, 0, 0, mtu >> 8, mtu & 0xff, 0x45, 0, 0x05, 0xdc, 0, 0, 0x40, 0, 64, IPPROTO_UDP, 0, 0,
                       192, 0, 2, 2, 198, 51, 100, 20, port >> 8, port & 0xff, 51820 >> 8, 51820 & 0xff, 0x05, 0xc8, 0, 0 };
  const ProbeWay router = { .space = "far" };
  guint32 sum = 0;

  for (guint i = 0; i < sizeof error; i += 2)
    sum += (guint32) (error[i] << 8 | error[i + 1]);
  while (sum >> 16 != 0)
    sum = (sum & 0xffff) + (sum >> 16);
  error[2] = (guint8) (~sum >> 8);
  error[3] = (guint8) ~sum;
  probe_send (&router, SOCK_RAW, IPPROTO_ICMP, "192.0.2.2", 0, error, sizeof error);
  g_usleep (20000);
}

static int
path_mtu (int fd)
{
  int mtu = 0;
  socklen_t length = sizeof mtu;

  g_assert_cmpint (getsockopt (fd, IPPROTO_IP, IP_MTU, &mtu, &length), ==, 0);
  return mtu;
}

static void
test_peer (void)
{
  static const ProbeWay marked = { .mark = ADIT_MARK }, wrong_peer = { .space = "far", .from = OTHER, .from_port = 51820 };
  static const ProbeWay wrong_port = { .space = "far", .from = PEER, .from_port = 51999 };
  int peer = probe_listen ("far", SOCK_DGRAM, PEER, 51820);
  struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons (51820) }, back;
  socklen_t back_bytes = sizeof back;

  inet_pton (AF_INET, PEER, &there.sin_addr);
  for (guint lock = ADIT_LOCK_PEER; lock <= ADIT_LOCK_OFF; lock++)
    {
      gboolean open = lock == ADIT_LOCK_OFF;
      int carrier = probe_open (&marked, SOCK_DGRAM, 0, PEER);
      char byte;

      set_lock (lock);
      g_assert_cmpint (sendto (carrier, "x", 1, 0, (struct sockaddr *) &there, sizeof there), ==, 1);
      g_usleep (20000);
      g_assert_cmpint (recvfrom (peer, &byte, 1, 0, (struct sockaddr *) &back, &back_bytes), ==, 1);
      g_assert_cmpint (sendto (peer, "y", 1, 0, (struct sockaddr *) &back, back_bytes), ==, 1);
      g_assert_true (probe_heard (carrier));

      probe_send (&wrong_peer, SOCK_DGRAM, 0, "192.0.2.2", own_port (carrier), "z", 1);
      g_assert_cmpint (probe_heard (carrier), ==, open);
      probe_send (&wrong_port, SOCK_DGRAM, 0, "192.0.2.2", own_port (carrier), "z", 1);
      g_assert_cmpint (probe_heard (carrier), ==, open);

      g_assert_cmpint (connect (carrier, (struct sockaddr *) &there, sizeof there), ==, 0);
      g_assert_cmpint (path_mtu (carrier), ==, 1500);
      send_too_long (own_port (carrier) ^ 1, 1300);    /* no flow of ours */
      if (!open)
        g_assert_cmpint (path_mtu (carrier), ==, 1500);
      send_too_long (own_port (carrier), 1300);
      g_assert_cmpint (path_mtu (carrier), ==, 1300);
      close (carrier);
      do_run ("ip route flush cache");
      do_run ("ip link set cable mtu 1400");    /* forgets what was learned of the path */
      do_run ("ip link set cable mtu 1500");
    }
  close (peer);
}

/* With ALL the carrier is shut too. */
static void
test_peer_shut (void)
{
  static const Refused carrier = { "peer", SOCK_DGRAM, 0, PEER, 51820, { .mark = ADIT_MARK } };

  set_lock (ADIT_LOCK_ALL);
  g_assert_false (reaches_cable (&carrier));
  set_lock (ADIT_LOCK_TUNNEL);
  g_assert_true (reaches_cable (&carrier));
}

/* --- inside the tunnel ---------------------------------------------------------------------------------------------------- */

static void
test_inside (void)
{
  static const struct { const char *from, *to; guint16 port; int type; gboolean passes; } forms[] = {
    { OWN, "10.64.0.9", 9999, SOCK_DGRAM, TRUE },       { OWN, "10.64.0.9", 80, SOCK_STREAM, TRUE },
    { OWN6, "fc00:bbbb::9", 9999, SOCK_DGRAM, TRUE },   { "192.0.2.2", "10.64.0.9", 9999, SOCK_DGRAM, FALSE },
    { "2001:db8:1::2", "fc00:bbbb::9", 9999, SOCK_DGRAM, FALSE }, { OWN, DNS, 53, SOCK_DGRAM, TRUE },
    { OWN, DNS, 53, SOCK_STREAM, TRUE },                { OWN, DNS, 853, SOCK_STREAM, TRUE },
    { OWN6, DNS6, 53, SOCK_DGRAM, TRUE },               { OWN, "10.64.0.9", 53, SOCK_DGRAM, FALSE },
    { OWN, "10.64.0.9", 53, SOCK_STREAM, FALSE },       { OWN, "10.64.0.9", 853, SOCK_STREAM, FALSE },
    { OWN6, "fc00:bbbb::9", 53, SOCK_DGRAM, FALSE },    { "192.0.2.2", DNS, 53, SOCK_DGRAM, FALSE },
  };

  for (guint lock = ADIT_LOCK_ALL; lock <= ADIT_LOCK_OFF; lock++)
    {
      set_lock (lock);
      for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
        {
          const ProbeWay way = { .device = "adit0", .from = forms[i].from };
          const Refused one = { "", forms[i].type, 0, forms[i].to, forms[i].port, way };
          gboolean expected = lock == ADIT_LOCK_OFF || (lock != ADIT_LOCK_ALL && forms[i].passes), seen;

          probe_forget (inside);
          send_one (&one);
          seen = probe_count (inside, FALSE).n > 0;
          if (seen != expected)
            {
              g_test_message ("lock %u: %s to %s port %u %s", lock, forms[i].from, forms[i].to, forms[i].port, seen ? "passed" : "did not pass");
              g_test_fail ();
            }
        }
    }
}

/* The exit opens nothing here; what it answers comes in; a neighbour on the cable cannot put words into its mouth. */
static void
test_from_inside (void)
{
  int own = probe_listen (NULL, SOCK_DGRAM, OWN, 7777), own_tcp = probe_listen (NULL, SOCK_STREAM, OWN, 7777);
  int server = probe_listen ("exit", SOCK_DGRAM, DNS, 7);
  static const ProbeWay from_exit = { .space = "exit", .device = "deep" };
  struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons (7) }, back;
  socklen_t back_bytes = sizeof back;
  guint8 frame[128];
  static const guint8 cable_address[ETH_ALEN] = { 2, 0, 0, 0, 0, 0xcc };

  inet_pton (AF_INET, DNS, &there.sin_addr);
  for (guint lock = ADIT_LOCK_PEER; lock <= ADIT_LOCK_OFF; lock++)
    {
      const ProbeWay way = { .device = "adit0", .from = OWN };
      gboolean open = lock == ADIT_LOCK_OFF;
      int flow = probe_open (&way, SOCK_DGRAM, 0, DNS);
      gsize length;
      char byte;

      set_lock (lock);
      probe_send (&from_exit, SOCK_DGRAM, 0, OWN, 7777, "x", 1);
      g_assert_cmpint (probe_heard (own), ==, open);
      g_assert_cmpint (probe_connect (&from_exit, OWN, 7777, AT_ONCE_MS) == 0, ==, open);

      g_assert_cmpint (sendto (flow, "x", 1, 0, (struct sockaddr *) &there, sizeof there), ==, 1);
      g_usleep (20000);
      g_assert_cmpint (recvfrom (server, &byte, 1, 0, (struct sockaddr *) &back, &back_bytes), ==, 1);
      g_assert_cmpint (sendto (server, "y", 1, 0, (struct sockaddr *) &back, back_bytes), ==, 1);
      g_assert_true (probe_heard (flow));

      /* CVE-2019-14899 in its UDP form: the flow's own addresses, by the wrong link. */
      close (flow);
      flow = probe_listen (NULL, SOCK_DGRAM, OWN, own_port (own) + 1);
      g_assert_cmpint (sendto (flow, "x", 1, 0, (struct sockaddr *) &there, sizeof there), ==, 1);
      g_usleep (20000);
      g_assert_cmpint (recv (server, &byte, 1, 0), ==, 1);
      length = probe_make_udp (frame, DNS, 7, OWN, own_port (flow));
      memcpy (frame, cable_address, sizeof cable_address);
      probe_frame ("far", "wire", frame, length);
      g_assert_cmpint (probe_heard (flow), ==, open);
      close (flow);
    }
  close (own);
  close (own_tcp);
  close (server);
}

/* A guest's flow goes through the tunnel and its answers come back; when its packet is too long for the tunnel it is told. */
static void
test_guest_inside (void)
{
  int guest = probe_watch ("routed", "r1"), server = probe_listen ("exit", SOCK_DGRAM, "10.64.0.1", 9);
  const ProbeWay way = { .space = "routed" };
  struct sockaddr_in back;
  socklen_t back_bytes = sizeof back;
  static const guint8 much[1400];
  int discover = IP_PMTUDISC_DO, flow = probe_open (&way, SOCK_DGRAM, 0, DNS);
  struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons (9) };
  char byte;

  inet_pton (AF_INET, DNS, &there.sin_addr);
  setsockopt (flow, IPPROTO_IP, IP_MTU_DISCOVER, &discover, sizeof discover);
  do_run ("ip link set adit0 mtu 1300");
  set_lock (ADIT_LOCK_TUNNEL);
  g_assert_cmpint (sendto (flow, "x", 1, 0, (struct sockaddr *) &there, sizeof there), ==, 1);
  g_usleep (20000);
  g_assert_cmpint (recvfrom (server, &byte, 1, 0, (struct sockaddr *) &back, &back_bytes), ==, 1);
  g_assert_cmpint (sendto (server, "y", 1, 0, (struct sockaddr *) &back, back_bytes), ==, 1);
  g_assert_true (probe_heard (flow));
  probe_forget (guest);
  g_assert_cmpint (sendto (flow, much, sizeof much, 0, (struct sockaddr *) &there, sizeof there), ==, sizeof much);
  g_assert_cmpuint (probe_count (guest, FALSE).n, ==, 1);
  g_assert_cmpint (connect (flow, (struct sockaddr *) &there, sizeof there), ==, 0);
  g_assert_cmpint (path_mtu (flow), ==, 1300);
  do_run ("ip link set adit0 mtu 1500");

  /* The exit opens nothing to the guest either. */
  {
    int listener = probe_listen ("routed", SOCK_DGRAM, "172.16.5.2", 7778);
    const ProbeWay from_exit = { .space = "exit" };

    probe_send (&from_exit, SOCK_DGRAM, 0, "172.16.5.2", 7778, "x", 1);
    g_assert_false (probe_heard (listener));
    set_lock (ADIT_LOCK_OFF);
    probe_send (&from_exit, SOCK_DGRAM, 0, "172.16.5.2", 7778, "x", 1);
    g_assert_true (probe_heard (listener));
    close (listener);
  }
  close (flow);
  close (server);
  close (guest);
}

/* --- programs are told at once -------------------------------------------------------------------------------------------- */

static void
test_at_once (void)
{
  static const char *const targets[] = { OTHER, "2001:db8:9::30" };
  static const guint16 ports[] = { 80, 53, 853 };

  for (guint lock = ADIT_LOCK_ALL; lock < ADIT_LOCK_OFF; lock++)
    {
      set_lock (lock);
      for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
        for (guint j = 0; j < G_N_ELEMENTS (ports); j++)
          {
            const ProbeWay way = { 0 };
            int problem = probe_connect (&way, targets[i], ports[j], AT_ONCE_MS);

            g_assert_cmpint (problem, !=, 0);
            g_assert_cmpint (problem, !=, ETIMEDOUT);
            /* An ICMP answer is an error on a connected UDP socket, or already on sending. */
            g_assert_false (probe_send (&way, SOCK_DGRAM, 0, targets[i], ports[j], "x", 1));
          }
    }
}

/* --- others who change the rules ------------------------------------------------------------------------------------------ */

typedef struct { gint stop; guint n; } Flood;

/* Small packets without a pause, so that the hole in time shows on the wire. */
static gpointer
flood (gpointer data)
{
  Flood *self = data;
  const ProbeWay way = { 0 };
  int fd = probe_open (&way, SOCK_DGRAM, 0, OTHER);
  struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons (9999) };

  inet_pton (AF_INET, OTHER, &there.sin_addr);
  while (!g_atomic_int_get (&self->stop))
    {
      sendto (fd, "x", 1, 0, (struct sockaddr *) &there, sizeof there);
      self->n++;
    }
  close (fd);
  return NULL;
}

static void
wait_disturbed (guint before)
{
  gint64 until_us = g_get_monotonic_time () + 3 * G_USEC_PER_SEC;

  while (n_disturbed == before && g_get_monotonic_time () < until_us)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (100);
  g_assert_cmpuint (n_disturbed, >, before);
  g_assert_true (was_put_back);
}

static void
test_put_back (void)
{
  static const char *const changes[] = {
    "nft flush ruleset", "nft delete table inet adit", "nft delete table netdev adit", "nft insert rule inet adit output accept",
    "nft add rule netdev adit pass accept", "nft flush chain inet adit input", "nft add chain inet adit mine", NULL };
  static const ProbeWay way = { 0 };

  set_lock (ADIT_LOCK_ALL);
  for (guint i = 0; changes[i] != NULL; i++)
    {
      g_autofree char *whole = say ("nft -s list ruleset"), *after = NULL;
      guint before = n_disturbed;
      Flood flooding = { 0 };
      g_auto (GStrv) argv = g_strsplit (changes[i], " ", -1);
      GThread *thread;
      ProbeSeen seen;

      probe_forget (cable);
      thread = g_thread_new ("flood", flood, &flooding);
      /* Not waited for: what stands open while the other program ends is part of the gap. */
      g_assert_true (g_spawn_async (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL));
      wait_disturbed (before);
      g_atomic_int_set (&flooding.stop, 1);
      g_thread_join (thread);
      seen = probe_count (cable, FALSE);
      g_test_message ("%s: put back, %u of %u packets left over %.1f ms (the helper saw %.1f ms)", changes[i], seen.n, flooding.n,
                      (double) (seen.last_us - seen.first_us) / 1000, (double) reported_gap_us / 1000);
      after = say ("nft -s list ruleset");
      g_assert_cmpstr (whole, ==, after);
      probe_forget (cable);
      probe_send (&way, SOCK_DGRAM, 0, OTHER, 9999, "x", 1);
      g_assert_cmpuint (probe_count (cable, FALSE).n, ==, 0);
    }
}

/* A stranger's table is nobody's business. */
static void
test_foreign_table (void)
{
  guint before = n_disturbed;

  set_lock (ADIT_LOCK_ALL);
  do_run ("nft add table inet stranger");
  g_usleep (50000);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (n_disturbed, ==, before);
  do_run ("nft delete table inet stranger");
}

/* --- links ---------------------------------------------------------------------------------------------------------------- */

static gboolean
has_chain (const char *device)
{
  g_autofree char *listing = say ("nft list table netdev adit"), *head = g_strdup_printf ("device \"%s\"", device);

  return strstr (listing, head) != NULL;
}

static void
test_late_link (void)
{
  guint before = n_disturbed, early = 0;
  gint64 since_us, made_us = 0;
  guint8 frame[128];
  gsize length = probe_make_udp (frame, "192.0.2.2", 4000, OTHER, 4000);
  int watcher;

  set_lock (ADIT_LOCK_ALL);
  do_run ("ip link add late type veth peer name late1 netns far");
  do_run ("ip -n far link set late1 up");
  watcher = probe_watch ("far", "late1");
  do_run ("ip link set late up");
  since_us = g_get_monotonic_time ();
  while (!has_chain ("late") && g_get_monotonic_time () - since_us < 3 * G_USEC_PER_SEC)
    {
      early += probe_frame (NULL, "late", frame, length);
      g_main_context_iteration (NULL, FALSE);
    }
  made_us = g_get_monotonic_time () - since_us;
  g_assert_true (has_chain ("late"));
  g_test_message ("egress chain there %.1f ms after the link was up, %u raw frames sent before", (double) made_us / 1000, early);
  probe_count (watcher, FALSE);
  probe_frame (NULL, "late", frame, length);
  g_assert_cmpuint (probe_count (watcher, FALSE).n, ==, 0);

  do_run ("ip link delete late");
  g_usleep (50000);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_false (has_chain ("late"));
  g_assert_cmpuint (n_disturbed, ==, before);
  close (watcher);
}

/* A name that no rule can hold must not keep the lock from being set, nor leave a door. */
static void
test_odd_name (void)
{
  g_autofree char *state = NULL;

  do_run ("ip link add o\"dd type veth peer name odd1 netns far");
  do_run ("ip link set o\"dd up");
  g_test_expect_message ("adit-lock", G_LOG_LEVEL_WARNING, "*switched off*");
  set_lock (ADIT_LOCK_ALL);
  g_test_assert_expected_messages ();
  state = say ("ip -o link show dev 'o\"dd'");
  g_assert_null (strstr (state, ",UP"));
  do_run ("ip link set o\"dd up");
  g_test_expect_message ("adit-lock", G_LOG_LEVEL_WARNING, "*switched off*");
  g_usleep (50000);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_test_assert_expected_messages ();
  do_run ("ip link delete o\"dd");
}

static void
test_again_and_off (void)
{
  g_autofree char *once = NULL, *twice = NULL, *tables = NULL;

  set_lock (ADIT_LOCK_TUNNEL);
  g_assert_true (adit_firewall_is_present (firewall));
  once = say ("nft -s list ruleset");
  set_lock (ADIT_LOCK_TUNNEL);
  twice = say ("nft -s list ruleset");
  g_assert_cmpstr (once, ==, twice);
  set_lock (ADIT_LOCK_OFF);
  tables = say ("nft list tables");
  g_assert_cmpstr (tables, ==, "");
  g_assert_false (adit_firewall_is_present (firewall));
  set_lock (ADIT_LOCK_OFF);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
  firewall = adit_nft_firewall_new ();
  g_signal_connect (firewall, "disturbed", G_CALLBACK (on_disturbed), NULL);
  if (!adit_firewall_probe (firewall, &error))
    {
      g_printerr ("SKIP: %s\n", error->message);
      return PRIVATE_WORLD_SKIP;
    }
  set_up ();
  g_test_add_data_func ("/firewall/refused/open", GUINT_TO_POINTER (ADIT_LOCK_OFF), test_refused);
  g_test_add_data_func ("/firewall/refused/all", GUINT_TO_POINTER (ADIT_LOCK_ALL), test_refused);
  g_test_add_data_func ("/firewall/refused/peer", GUINT_TO_POINTER (ADIT_LOCK_PEER), test_refused);
  g_test_add_data_func ("/firewall/refused/tunnel", GUINT_TO_POINTER (ADIT_LOCK_TUNNEL), test_refused);
  g_test_add_func ("/firewall/frames", test_frames);
  g_test_add_func ("/firewall/link-forms", test_link_forms);
  g_test_add_func ("/firewall/api", test_api);
  g_test_add_func ("/firewall/peer", test_peer);
  g_test_add_func ("/firewall/peer-shut", test_peer_shut);
  g_test_add_func ("/firewall/inside", test_inside);
  g_test_add_func ("/firewall/from-inside", test_from_inside);
  g_test_add_func ("/firewall/guest-inside", test_guest_inside);
  g_test_add_func ("/firewall/at-once", test_at_once);
  g_test_add_func ("/firewall/put-back", test_put_back);
  g_test_add_func ("/firewall/foreign-table", test_foreign_table);
  g_test_add_func ("/firewall/late-link", test_late_link);
  g_test_add_func ("/firewall/odd-name", test_odd_name);
  g_test_add_func ("/firewall/again-and-off", test_again_and_off);
  status = g_test_run ();
  g_object_unref (firewall);
  return status;
}
