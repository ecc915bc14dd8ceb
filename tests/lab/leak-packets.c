/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-packets.c: rows of the catalogue that are a packet of this computer which must not leave, whatever the state. */
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
#define CABLE    .device = "eth0"

#define ROW(packets) adit_leak_try_packets (leak, packets, G_N_ELEMENTS (packets))

/* Binding to a device is free to everybody since Linux 5.7. */
static void
row_l10 (AditLeak *leak)
{
  static const AditLeakPacket packets[] = {
    { "udp", SOCK_DGRAM, 0, OTHER, 9999, { CABLE } }, { "udp6", SOCK_DGRAM, 0, OTHER6, 9999, { CABLE } },
    { "tcp", SOCK_STREAM, 0, OTHER, 80, { CABLE } }, { "tcp6", SOCK_STREAM, 0, OTHER6, 80, { CABLE } },
    { "icmp", SOCK_RAW, IPPROTO_ICMP, OTHER, 0, { CABLE } }, { "icmp6", SOCK_RAW, IPPROTO_ICMPV6, OTHER6, 0, { CABLE } },
    { "sctp", SOCK_RAW, IPPROTO_SCTP, OTHER, 0, { CABLE } }, { "gre", SOCK_RAW, IPPROTO_GRE, OTHER, 0, { CABLE } },
    { "quic", SOCK_DGRAM, 0, OTHER, 443, { CABLE } },
    { "by address", SOCK_DGRAM, 0, OTHER, 9999, { .from = "10.10.0.2" } },
    { "by address, bound", SOCK_DGRAM, 0, OTHER6, 9999, { CABLE, .from = "2001:db8:10::2" } },
  };

  ROW (packets);
}

/* The same by programs of people without rights. */
static void
row_l10_people (AditLeak *leak)
{
  static const char *const lines[] = { "ping -4 -c 1 -W 1 -I eth0 " OTHER, "ping -6 -c 1 -W 1 -I eth0 " OTHER6 };
  static const guint uids[] = { 0, ADIT_WORLD_ALICE_UID, ADIT_WORLD_BOB_UID };

  adit_leak_run (leak, "client", "sysctl -qw 'net.ipv4.ping_group_range=0 2147483647'");
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
        for (gsize j = 0; j < G_N_ELEMENTS (uids); j++)
          adit_leak_attempt (leak, uids[j], lines[i], 1);
      adit_leak_expect_shut (leak, "ping -I");
    }
  adit_leak_expose (leak);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (uids); j++)
      {
        adit_leak_attempt (leak, uids[j], lines[i], 1);
        adit_leak_expect_open (leak, lines[i]);
      }
}

/* What the lock lets through is a mark with an address, a protocol and a port: none of these alone. */
static void
row_l11 (AditLeak *leak)
{
  static const AditLeakPacket packets[] = {
    { "to the exit", SOCK_DGRAM, 0, ADIT_LAB_EXIT_ADDRESS, CARRIER, { 0 } },
    { "to the exit, bound", SOCK_DGRAM, 0, ADIT_LAB_EXIT_ADDRESS, CARRIER, { CABLE } },
    { "to the relay that is silent", SOCK_DGRAM, 0, "198.51.100.99", CARRIER, { CABLE } },
    { "another's mark", SOCK_DGRAM, 0, ADIT_LAB_EXIT_ADDRESS, CARRIER, { .mark = 0xca6c } },
    { "all other bits", SOCK_DGRAM, 0, ADIT_LAB_EXIT_ADDRESS, CARRIER, { .mark = ~ADIT_MARK_MASK } },
    { "our mark, another port", SOCK_DGRAM, 0, ADIT_LAB_EXIT_ADDRESS, CARRIER + 1, { .mark = ADIT_MARK } },
    { "our mark, tcp", SOCK_STREAM, 0, ADIT_LAB_EXIT_ADDRESS, CARRIER, { .mark = ADIT_MARK } },
    { "our mark, icmp", SOCK_RAW, IPPROTO_ICMP, ADIT_LAB_EXIT_ADDRESS, 0, { .mark = ADIT_MARK } },
    { "our mark, elsewhere", SOCK_DGRAM, 0, OTHER, CARRIER, { .mark = ADIT_MARK } },
    { "our mark, elsewhere, 6", SOCK_DGRAM, 0, OTHER6, CARRIER, { .mark = ADIT_MARK } },
    { "the service", SOCK_STREAM, 0, ADIT_LAB_API_ADDRESS, 443, { CABLE } },
    { "the service, udp", SOCK_DGRAM, 0, ADIT_LAB_API_ADDRESS, 443, { .mark = ADIT_MARK } },
    { "the service, another port", SOCK_STREAM, 0, ADIT_LAB_API_ADDRESS, 80, { .mark = ADIT_MARK } },
  };

  ROW (packets);
}

static void
row_d02 (AditLeak *leak)
{
  static const AditLeakPacket packets[] = {
    { "DoT", SOCK_STREAM, 0, ADIT_LAB_DNS_ADDRESS, 853, { CABLE } },
    { "DoQ", SOCK_DGRAM, 0, ADIT_LAB_DNS_ADDRESS, 853, { CABLE } },
    { "DoT 6", SOCK_STREAM, 0, "2001:db8:ff::53", 853, { CABLE } }, { "DoQ 6", SOCK_DGRAM, 0, "2001:db8:ff::53", 853, { CABLE } },
    { "DoH", SOCK_STREAM, 0, ADIT_LAB_DNS_ADDRESS, 443, { CABLE } },
    { "DoT, marked", SOCK_STREAM, 0, ADIT_LAB_DNS_ADDRESS, 853, { .mark = ADIT_MARK } },
  };

  ROW (packets);
}

static void
row_d03 (AditLeak *leak)
{
  static const AditLeakPacket packets[] = {
    { "the router's resolver", SOCK_DGRAM, 0, ROUTER, 53, { 0 } }, { "bound", SOCK_DGRAM, 0, ROUTER, 53, { CABLE } },
    { "tcp", SOCK_STREAM, 0, ROUTER, 53, { CABLE } }, { "6", SOCK_DGRAM, 0, ROUTER6, 53, { CABLE } },
    { "a neighbour's", SOCK_DGRAM, 0, NEIGHBOUR, 53, { 0 } }, { "marked", SOCK_DGRAM, 0, ROUTER, 53, { .mark = ADIT_MARK } },
    { "the provider's", SOCK_DGRAM, 0, ADIT_LAB_DNS_ADDRESS, 53, { CABLE } },
    { "the tunnel's, outside", SOCK_DGRAM, 0, ADIT_LAB_GATEWAY, 53, { CABLE } },
  };

  ROW (packets);
}

static const AditLeakRow rows[] = {
  { "L10", "bound to the physical interface", row_l10 },
  { "L10-people", "ping -I by root and by people without rights", row_l10_people },
  { "L11", "to the server's own address and port", row_l11 },
  { "D02", "DNS over TLS, QUIC and HTTPS to the uplink's resolver", row_d02 },
  { "D03", "the resolvers of the local network", row_d03 },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
