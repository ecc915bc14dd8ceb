/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-link.c: rows of the catalogue about the link itself: frames beside IP, its announcements, its neighbours. */
#include "tests/lab/leak.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define OTHER    ADIT_LAB_WEB_ADDRESS
#define OTHER6   "2001:db8:ff::80"
#define ROUTER   "10.10.0.1"
#define ROUTER6  "2001:db8:10::1"
#define NEIGHBOUR  "10.10.0.3"
#define NEIGHBOUR6 "2001:db8:10::3"
#define CABLE    .device = "eth0"

#define ROW(packets) adit_leak_try_packets (leak, packets, G_N_ELEMENTS (packets))

/* --- Frames that no inet table sees --------------------------------------------------------------------------------------- */

typedef struct { const char *name; const char *from, *to; guint8 type[2]; } Frame;

static void
send_frame (AditLeak *leak, const Frame *frame)
{
  guint8 bytes[128] = { 0 };
  gsize length = probe_make_udp (bytes, frame->from, 4000, frame->to, 4000);

  if (frame->type[0] != 0)
    memcpy (bytes + 12, frame->type, sizeof frame->type);
  adit_leak_count (leak, 1);
  (void) probe_frame ("client", "eth0", bytes, length);
}

static void
row_l16 (AditLeak *leak)
{
  static const Frame frames[] = {
    { "IPv4", "10.10.0.2", OTHER, { 0 } }, { "IPv6", "2001:db8:10::2", OTHER6, { 0 } },
    { "LLDP, which names the computer", "10.10.0.2", OTHER, { 0x88, 0xcc } },
    { "a type that nobody has", "10.10.0.2", OTHER, { 0x88, 0xb5 } },
    { "802.1Q", "10.10.0.2", OTHER, { 0x81, 0x00 } }, { "MPLS", "10.10.0.2", OTHER, { 0x88, 0x47 } },
    { "PPP over Ethernet, where nobody dials in", "10.10.0.2", OTHER, { 0x88, 0x64 } },
  };

  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
        send_frame (leak, &frames[i]);
      adit_leak_expect_shut (leak, "frames");
    }
  adit_leak_expose (leak);
  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      send_frame (leak, &frames[i]);
      adit_leak_expect_open (leak, frames[i].name);
    }
}

/* --- The link's own ------------------------------------------------------------------------------------------------------- */

/* RFC 4861, 4.2 and 4.6.2: a router advertisement with one prefix, valid and preferred for an hour. */
static void
advertise (AditLeak *leak)
{
  static const guint8 advertisement[] = {
    134, 0, 0, 0, 64, 0, 0x07, 0x08, 0, 0, 0, 0, 0, 0, 0, 0,
    3, 4, 64, 0xc0, 0, 0, 0x0e, 0x10, 0, 0, 0x0e, 0x10, 0, 0, 0, 0,
    0x20, 0x01, 0x0d, 0xb8, 0x00, 0x77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  };
  const ProbeWay way = { .space = "router", .device = "br-lan", .hops = 255 };

  for (guint i = 0; i < 50; i++)
    {
      const char *const argv[] = { "ip", "-6", "-o", "addr", "show", "dev", "eth0", NULL };
      g_autoptr (AditLabResult) addresses = adit_lab_run ("client", 0, 5000, argv, NULL);

      if (strstr (addresses->out, "2001:db8:77:") != NULL)
        return;
      (void) probe_send (&way, SOCK_RAW, IPPROTO_ICMPV6, "ff02::1", 0, advertisement, sizeof advertisement);
      g_usleep (20000);
    }
  g_error ("the client took no address from the router's advertisement");
}

static void
row_l17 (AditLeak *leak)
{
  static const AditLeakPacket packets[] = {
    { "udp", SOCK_DGRAM, 0, OTHER6, 9999, { CABLE } }, { "tcp", SOCK_STREAM, 0, OTHER6, 80, { CABLE } },
    { "unbound", SOCK_DGRAM, 0, OTHER6, 9999, { 0 } }, { "to the new prefix", SOCK_DGRAM, 0, "2001:db8:77::5", 9999, { CABLE } },
  };

  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      adit_leak_run (leak, "client", "sysctl -qw net.ipv6.conf.eth0.accept_ra=2 net.ipv6.conf.eth0.autoconf=1");
      advertise (leak);
      for (gsize i = 0; i < G_N_ELEMENTS (packets); i++)
        adit_leak_send (leak, &packets[i]);
      adit_leak_expect_shut (leak, "after the advertisement");
      adit_leak_run (leak, "client", "ip -6 route flush dev eth0 proto ra");
      adit_leak_run (leak, "client", "ip -6 addr flush dev eth0 dynamic");
    }
  adit_leak_expose (leak);
  advertise (leak);
  for (gsize i = 0; i < G_N_ELEMENTS (packets); i++)
    {
      adit_leak_send (leak, &packets[i]);
      if (i < 3)    /* nobody has the last one's address, so only its neighbour solicitation leaves, which is allowed */
        adit_leak_expect_open (leak, packets[i].name);
    }
  adit_leak_run (leak, "client", "ip -6 route flush dev eth0 proto ra");
  adit_leak_run (leak, "client", "ip -6 addr flush dev eth0 dynamic");
}

static void
row_l19 (AditLeak *leak)
{
  static const AditLeakPacket packets[] = {
    { "mDNS", SOCK_DGRAM, 0, "224.0.0.251", 5353, { CABLE } }, { "mDNS 6", SOCK_DGRAM, 0, "ff02::fb", 5353, { CABLE } },
    { "LLMNR", SOCK_DGRAM, 0, "224.0.0.252", 5355, { CABLE } }, { "LLMNR 6", SOCK_DGRAM, 0, "ff02::1:3", 5355, { CABLE } },
    { "SSDP", SOCK_DGRAM, 0, "239.255.255.250", 1900, { CABLE } }, { "SSDP 6", SOCK_DGRAM, 0, "ff02::c", 1900, { CABLE } },
    { "NetBIOS", SOCK_DGRAM, 0, "10.10.0.255", 137, { CABLE } }, { "broadcast", SOCK_DGRAM, 0, "255.255.255.255", 9, { CABLE } },
    { "all hosts", SOCK_RAW, IPPROTO_ICMP, "224.0.0.1", 0, { CABLE } },
    { "all nodes", SOCK_RAW, IPPROTO_ICMPV6, "ff02::1", 0, { CABLE } },
    { "the neighbour", SOCK_DGRAM, 0, NEIGHBOUR, 631, { 0 } },
    { "the neighbour, tcp", SOCK_STREAM, 0, NEIGHBOUR, 22, { 0 } },
    { "the neighbour, 6", SOCK_STREAM, 0, NEIGHBOUR6, 22, { CABLE } },
    { "the router's page", SOCK_STREAM, 0, ROUTER, 80, { CABLE } },
  };

  ROW (packets);
}

/* Membership of multicast DNS's group, as a listener reports it; with a second record of neighbour solicitation behind or
 * before it. */
static void
send_reports (AditLeak *leak)
{
  static const guint8 reports[][48] = {
    { 143, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb },
    { 143, 0, 0, 0, 0, 0, 0, 2, 4, 0, 0, 0, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 1, 2, 3,
      4, 0, 0, 0, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb },
    { 143, 0, 0, 0, 0, 0, 0, 2, 4, 0, 0, 0, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb,
      4, 0, 0, 0, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 1, 2, 3 },
  };
  const ProbeWay way = { .space = "client", .device = "eth0", .hops = 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (reports); i++)
    {
      adit_leak_count (leak, 1);
      (void) probe_send (&way, SOCK_RAW, IPPROTO_ICMPV6, "ff02::16", 0, reports[i], i == 0 ? 28 : 48);
    }
}

static void
row_l20_reports (AditLeak *leak)
{
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      send_reports (leak);
      adit_leak_expect_shut (leak, "reports");
    }
  adit_leak_expose (leak);
  send_reports (leak);
  adit_leak_expect_open (leak, "reports");
}

static void
row_l20 (AditLeak *leak)
{
  static const AditLeakPacket packets[] = {
    { "DHCP server", SOCK_DGRAM, 0, "255.255.255.255", 68, { CABLE, .from_port = 67 } },
    { "DHCP from another port", SOCK_DGRAM, 0, "255.255.255.255", 67, { CABLE, .from_port = 69 } },
    { "DHCP renewal to a public address", SOCK_DGRAM, 0, OTHER, 67, { CABLE, .from_port = 68 } },
    { "DHCPv6 to a unicast address", SOCK_DGRAM, 0, ROUTER6, 547, { CABLE, .from_port = 546 } },
    { "DHCPv6 server", SOCK_DGRAM, 0, "ff02::1:2", 546, { CABLE, .from_port = 547 } },
    { "IGMP", SOCK_RAW, IPPROTO_IGMP, "224.0.0.22", 0, { CABLE } },
    { "ICMPv6 echo to all routers", SOCK_RAW, IPPROTO_ICMPV6, "ff02::2", 0, { CABLE, .hops = 255 } },
  };

  ROW (packets);
}

static const AditLeakRow rows[] = {
  { "L16", "frames through an AF_PACKET socket", row_l16 },
  { "L17", "a router advertises an IPv6 prefix meanwhile", row_l17 },
  { "L19", "link-local and multicast services, the LAN", row_l19 },
  { "L20-reports", "which multicast groups are joined", row_l20_reports },
  { "L20", "other forms of DHCP and of group membership", row_l20 },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
