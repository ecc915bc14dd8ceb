/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-guests.c: rows of the catalogue whose packets come from a guest of this computer. */
#include "tests/lab/leak.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "platform/linux/marks.h"

#define OTHER    ADIT_LAB_WEB_ADDRESS
#define OTHER6   "2001:db8:ff::80"
#define ROUTER   "10.10.0.1"
#define ROUTER6  "2001:db8:10::1"
#define NEIGHBOUR  "10.10.0.3"
#define CARRIER  ADIT_LAB_EXIT_PORT

#define ROW(packets) adit_leak_try_packets (leak, packets, G_N_ELEMENTS (packets))

static void
row_l14 (AditLeak *leak)
{
  static const AditLeakPacket packets[] = {
    { "udp", SOCK_DGRAM, 0, OTHER, 9999, { .space = "guest" } }, { "udp6", SOCK_DGRAM, 0, OTHER6, 9999, { .space = "guest" } },
    { "tcp", SOCK_STREAM, 0, OTHER, 80, { .space = "guest" } }, { "tcp6", SOCK_STREAM, 0, OTHER6, 80, { .space = "guest" } },
    { "icmp", SOCK_RAW, IPPROTO_ICMP, OTHER, 0, { .space = "guest" } },
    { "dns", SOCK_DGRAM, 0, ADIT_LAB_DNS_ADDRESS, 53, { .space = "guest" } },
    { "dns over tls", SOCK_STREAM, 0, ADIT_LAB_DNS_ADDRESS, 853, { .space = "guest" } },
    { "to the exit", SOCK_DGRAM, 0, ADIT_LAB_EXIT_ADDRESS, CARRIER, { .space = "guest" } },
    { "to the service", SOCK_STREAM, 0, ADIT_LAB_API_ADDRESS, 443, { .space = "guest" } },
    { "to the neighbour", SOCK_DGRAM, 0, NEIGHBOUR, 9999, { .space = "guest" } },
  };

  adit_leak_run (leak, NULL, "ip netns add guest");
  adit_leak_run (leak, "client", "ip link add g0 type veth peer name g1 netns guest");
  adit_leak_run (leak, "client", "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
  adit_leak_run (leak, "client", "ip addr add 172.16.5.1/24 dev g0");
  adit_leak_run (leak, "client", "ip addr add fd00:5::1/64 dev g0 nodad");
  adit_leak_run (leak, "client", "ip link set g0 up");
  adit_leak_run (leak, "guest", "ip addr add 172.16.5.2/24 dev g1");
  adit_leak_run (leak, "guest", "ip addr add fd00:5::2/64 dev g1 nodad");
  adit_leak_run (leak, "guest", "ip link set g1 up");
  adit_leak_run (leak, "guest", "ip route add default via 172.16.5.1");
  adit_leak_run (leak, "guest", "ip -6 route add default via fd00:5::1");
  ROW (packets);
  adit_leak_run (leak, "client", "ip link del g0");
  adit_leak_run (leak, NULL, "ip netns del guest");
  adit_leak_run (leak, "client", "sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0");
}

/* Children of the cable in other namespaces, and a guest on a bridge that the second cable is a port of. */
static void
row_l15 (AditLeak *leak)
{
  static const AditLeakPacket packets[] = {
    { "macvlan", SOCK_DGRAM, 0, OTHER, 9999, { .space = "mac" } },
    { "macvlan 6", SOCK_DGRAM, 0, OTHER6, 9999, { .space = "mac" } },
    { "macvlan tcp", SOCK_STREAM, 0, OTHER, 80, { .space = "mac" } },
    { "macvlan dns", SOCK_DGRAM, 0, ROUTER, 53, { .space = "mac" } },
    /* A child of the cable keeps the mark that its owner has set. */
    { "macvlan, marked as a reply to a guest", SOCK_DGRAM, 0, OTHER, 9999, { .space = "mac", .mark = ADIT_CT_MARK_INSIDE } },
    { "macvlan, with our mark", SOCK_DGRAM, 0, OTHER, 9999, { .space = "mac", .mark = ADIT_MARK } },
    { "bridged", SOCK_DGRAM, 0, "10.11.0.1", 9999, { .space = "vm" } },
    { "bridged broadcast", SOCK_DGRAM, 0, "255.255.255.255", 9, { .space = "vm", .device = "g1" } },
    { "ipvlan", SOCK_DGRAM, 0, OTHER, 9999, { .space = "ipv" } },    /* last: some kernels have none */
  };
  static const char *const spaces[] = { "mac", "ipv", "vm" };
  gboolean has_ipvlan;

  for (gsize i = 0; i < G_N_ELEMENTS (spaces); i++)
    {
      g_autofree char *line = g_strdup_printf ("ip netns add %s", spaces[i]);

      adit_leak_run (leak, NULL, line);
      adit_leak_run (leak, spaces[i], "sysctl -qw net.ipv6.conf.default.accept_dad=0");
    }
  adit_leak_run (leak, "client", "ip link add mac0 link eth0 type macvlan mode bridge");
  adit_leak_run (leak, "client", "ip link set mac0 netns mac");
  adit_leak_run (leak, "mac", "ip addr add 10.10.0.66/24 dev mac0");
  adit_leak_run (leak, "mac", "ip addr add 2001:db8:10::66/64 dev mac0 nodad");
  adit_leak_run (leak, "mac", "ip link set mac0 up");
  adit_leak_run (leak, "mac", "ip route add default via " ROUTER);
  adit_leak_run (leak, "mac", "ip -6 route add default via " ROUTER6);
  adit_leak_run (leak, "client", "ip link add br0 type bridge");
  adit_leak_run (leak, "client", "ip link add g0 type veth peer name g1 netns vm");
  adit_leak_run (leak, "client", "ip link set eth1 master br0");
  adit_leak_run (leak, "client", "ip link set g0 master br0");
  for (gsize i = 0; i < 3; i++)
    {
      static const char *const devices[] = { "eth1", "g0", "br0" };
      g_autofree char *line = g_strdup_printf ("ip link set %s up", devices[i]);

      adit_leak_run (leak, "client", line);
    }
  adit_leak_run (leak, "vm", "ip addr add 10.11.0.7/24 dev g1");
  adit_leak_run (leak, "vm", "ip link set g1 up");
  adit_leak_run (leak, "router", "ip addr replace 10.11.0.1/24 dev to-second");
  /* ipvlan and macvlan exclude each other on one device: the second cable's bridge has it. */
  has_ipvlan = adit_lab_run_line ("client", "ip link add ipv0 link br0 type ipvlan mode l2", NULL);
  if (has_ipvlan)
    {
      adit_leak_run (leak, "client", "ip link set ipv0 netns ipv");
      adit_leak_run (leak, "ipv", "ip addr add 10.11.0.66/24 dev ipv0");
      adit_leak_run (leak, "ipv", "ip link set ipv0 up");
      adit_leak_run (leak, "ipv", "ip route add default via 10.11.0.1");
    }
  else
    g_test_message ("this kernel has no ipvlan");
  adit_leak_try_packets (leak, packets, G_N_ELEMENTS (packets) - (has_ipvlan ? 0 : 1));
  adit_leak_run (leak, "client", "ip link del br0");
  adit_leak_run (leak, "client", "ip link del g0");
  for (gsize i = 0; i < G_N_ELEMENTS (spaces); i++)
    {
      g_autofree char *line = g_strdup_printf ("ip netns del %s", spaces[i]);

      adit_leak_run (leak, NULL, line);
    }
}

static const AditLeakRow rows[] = {
  { "L14", "forwarded from a guest behind this computer", row_l14 },
  { "L15", "macvlan and ipvlan children, a bridged guest", row_l15 },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
