/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-firewall-allowed.c: what has to leave does, its answers come back, and nothing else comes in with them. */
#include "tests/lab/firewall-fixture.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/if_ether.h>
#include "platform/linux/marks.h"

#define CARRIER 61777    /* nobody's */

static FirewallFixture f;

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

      firewall_fixture_set_lock (&f, lock);
      probe_forget (f.cable);
      probe_send (&dhcp, SOCK_DGRAM, 0, "255.255.255.255", 67, "x", 1);
      g_assert_cmpuint (probe_count (f.cable, FALSE).n, ==, 1);
      probe_send (&dhcp6, SOCK_DGRAM, 0, "ff02::1:2", 547, "x", 1);
      g_assert_cmpuint (probe_count (f.cable, FALSE).n, ==, 1);
      probe_frame (NULL, "cable", frame, length);
      g_assert_cmpuint (probe_count (f.cable, FALSE).n, ==, 1);
      probe_frame (NULL, "cable", arp, sizeof arp);
      g_assert_cmpuint (probe_count (f.cable, TRUE).n, >=, 1);
      probe_forget (f.cable);
      probe_send (&near, SOCK_RAW, IPPROTO_ICMPV6, "ff02::2", 0, solicit_router, sizeof solicit_router);
      g_assert_cmpuint (probe_count (f.cable, TRUE).n, >=, 1);
      probe_forget (f.cable);
      probe_send (&not_near, SOCK_RAW, IPPROTO_ICMPV6, "ff02::2", 0, solicit_router, sizeof solicit_router);
      g_assert_cmpuint (probe_count (f.cable, FALSE).n, ==, 0);

      client = probe_listen (NULL, SOCK_DGRAM, "0.0.0.0", 68);
      {
        const ProbeWay server = { .space = "far", .device = "wire", .from_port = 67 };

        probe_send (&server, SOCK_DGRAM, 0, "255.255.255.255", 68, "x", 1);
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
      firewall_fixture_set_lock (&f, lock);
      g_assert_cmpint (probe_connect (&marked, API, 443, FIREWALL_AT_ONCE_MS) == 0, ==, lock != ADIT_LOCK_TUNNEL);
      g_assert_cmpint (probe_connect (&marked, API6, 443, FIREWALL_AT_ONCE_MS) == 0, ==, lock != ADIT_LOCK_TUNNEL);
    }
  close (server);
  close (server6);
}

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

/* The carrier, its answer, a stranger's packet to the same port, and an error that belongs to the flow. */
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

      firewall_fixture_set_lock (&f, lock);
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
      private_world_do ("ip route flush cache");
      private_world_do ("ip link set cable mtu 1400");    /* forgets what was learned of the path */
      private_world_do ("ip link set cable mtu 1500");
    }
  close (peer);
}

/* A carrier that cannot mark: one user's packets, to one port of one address, by one protocol; the mark alone opens nothing. */
static void
test_carrier (gconstpointer data)
{
  AditTransport transport = GPOINTER_TO_UINT (data);
  static const ProbeWay own = { .uid = CARRIER }, other = { .uid = CARRIER + 1 }, root = { 0 };
  static const ProbeWay marked = { .mark = ADIT_MARK }, other_marked = { .uid = CARRIER + 1, .mark = ADIT_MARK };
  const int type = transport == ADIT_TRANSPORT_TCP ? SOCK_STREAM : SOCK_DGRAM;
  const int wrong_type = transport == ADIT_TRANSPORT_TCP ? SOCK_DGRAM : SOCK_STREAM;
  const struct { const char *to; guint16 port; int type; ProbeWay way; gboolean passes; } forms[] = {
    { PEER, 1194, type, own, TRUE },         { PEER, 1195, type, own, FALSE },          { OTHER, 1194, type, own, FALSE },
    { PEER, 1194, wrong_type, own, FALSE },  { API, 1194, type, own, FALSE },           { PEER, 1194, type, other, FALSE },
    { PEER, 1194, type, root, FALSE },       { PEER, 1194, type, marked, FALSE },       { PEER, 1194, type, other_marked, FALSE },
  };

  for (guint lock = ADIT_LOCK_ALL; lock <= ADIT_LOCK_OFF; lock++)
    {
      firewall_fixture_set_carrier (&f, lock, transport, CARRIER);
      for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
        {
          const FirewallPacket one = { "", forms[i].type, 0, forms[i].to, forms[i].port, forms[i].way };
          gboolean tunnel = lock == ADIT_LOCK_PEER || lock == ADIT_LOCK_TUNNEL;
          gboolean expected = lock == ADIT_LOCK_OFF || (tunnel && forms[i].passes), seen;

          probe_forget (f.cable);
          firewall_packet_send (&one);
          seen = probe_count (f.cable, FALSE).n > 0;
          if (seen != expected)
            {
              g_test_message ("lock %u: user %u, mark %x, to %s port %u %s", lock, forms[i].way.uid, forms[i].way.mark,
                              forms[i].to, forms[i].port, seen ? "passed" : "did not pass");
              g_test_fail ();
            }
        }
    }
  if (transport == ADIT_TRANSPORT_TCP)
    {
      int server = probe_listen ("far", SOCK_STREAM, PEER, 1194);

      firewall_fixture_set_carrier (&f, ADIT_LOCK_TUNNEL, transport, CARRIER);
      g_assert_cmpint (probe_connect (&own, PEER, 1194, FIREWALL_AT_ONCE_MS), ==, 0);    /* its answers come in */
      g_assert_cmpint (probe_connect (&other, PEER, 1194, FIREWALL_AT_ONCE_MS), !=, 0);
      close (server);
    }
}

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
      firewall_fixture_set_lock (&f, lock);
      for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
        {
          const ProbeWay way = { .device = "adit0", .from = forms[i].from };
          const FirewallPacket one = { "", forms[i].type, 0, forms[i].to, forms[i].port, way };
          gboolean expected = lock == ADIT_LOCK_OFF || (lock != ADIT_LOCK_ALL && forms[i].passes), seen;

          probe_forget (f.inside);
          firewall_packet_send (&one);
          seen = probe_count (f.inside, FALSE).n > 0;
          if (seen != expected)
            {
              g_test_message ("lock %u: %s to %s port %u %s", lock, forms[i].from, forms[i].to, forms[i].port,
                              seen ? "passed" : "did not pass");
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

      firewall_fixture_set_lock (&f, lock);
      probe_send (&from_exit, SOCK_DGRAM, 0, OWN, 7777, "x", 1);
      g_assert_cmpint (probe_heard (own), ==, open);
      g_assert_cmpint (probe_connect (&from_exit, OWN, 7777, FIREWALL_AT_ONCE_MS) == 0, ==, open);

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
  private_world_do ("ip link set adit0 mtu 1300");
  firewall_fixture_set_lock (&f, ADIT_LOCK_TUNNEL);
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
  private_world_do ("ip link set adit0 mtu 1500");

  /* The exit opens nothing to the guest either. */
  {
    int listener = probe_listen ("routed", SOCK_DGRAM, "172.16.5.2", 7778);
    const ProbeWay from_exit = { .space = "exit" };

    probe_send (&from_exit, SOCK_DGRAM, 0, "172.16.5.2", 7778, "x", 1);
    g_assert_false (probe_heard (listener));
    firewall_fixture_set_lock (&f, ADIT_LOCK_OFF);
    probe_send (&from_exit, SOCK_DGRAM, 0, "172.16.5.2", 7778, "x", 1);
    g_assert_true (probe_heard (listener));
    close (listener);
  }
  close (flow);
  close (server);
  close (guest);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!firewall_fixture_set_up (&f))
    return PRIVATE_WORLD_SKIP;
  g_test_add_func ("/firewall/link-forms", test_link_forms);
  g_test_add_func ("/firewall/api", test_api);
  g_test_add_func ("/firewall/peer", test_peer);
  g_test_add_data_func ("/firewall/carrier-udp", GUINT_TO_POINTER (ADIT_TRANSPORT_UDP), test_carrier);
  g_test_add_data_func ("/firewall/carrier-tcp", GUINT_TO_POINTER (ADIT_TRANSPORT_TCP), test_carrier);
  g_test_add_func ("/firewall/inside", test_inside);
  g_test_add_func ("/firewall/from-inside", test_from_inside);
  g_test_add_func ("/firewall/guest-inside", test_guest_inside);
  status = g_test_run ();
  firewall_fixture_tear_down (&f);
  return status;
}
