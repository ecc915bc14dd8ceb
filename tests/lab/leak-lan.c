/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-lan.c: rows of the catalogue where something beside the tunnel is allowed: only that passes, and it does pass. */
#include "tests/lab/leak.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define OTHER       ADIT_LAB_WEB_ADDRESS
#define OTHER6      "2001:db8:ff::80"
#define ROUTER      "10.10.0.1"
#define NEIGHBOUR   "10.10.0.3"
#define NEIGHBOUR6  "2001:db8:10::3"    /* of the cable's network, and public */
#define NEIGHBOURU  "fd00:10::3"
#define OWN         "10.10.0.2"
#define GUEST       "172.16.5.2"
#define HOST_PORT   7777
#define GUEST_PORT  7778
#define REPLY_MS    1000
#define FOLLOWED_MS 300    /* within this the helper has heard of a new address */
#define CABLE       .device = "eth0"
#define FROM_GUEST  .space = "guest"
#define PACKETS(packets) packets, G_N_ELEMENTS (packets)

/* What the kernel itself asks a neighbour now and then, once he may be spoken to. */
static const char *const upkeep[] = { "icmp6:" NEIGHBOURU ":135", "icmp6:" NEIGHBOURU ":136", NULL };

static void
adit (AditLeak *leak, const char *line)
{
  adit_world_expect (adit_leak_get_world (leak), 0, NULL, line, 0);
}

static void
send_all (AditLeak *leak, const AditLeakPacket *packets, gsize n_packets)
{
  for (gsize i = 0; i < n_packets; i++)
    adit_leak_send (leak, &packets[i]);
}

/* The second half of each row. */
static void
expose (AditLeak *leak, const AditLeakPacket *packets, gsize n_packets)
{
  adit_leak_expose (leak);
  for (gsize i = 0; i < n_packets; i++)
    {
      adit_leak_send (leak, &packets[i]);
      adit_leak_expect_open (leak, packets[i].name);
    }
}

/* In each state: what is refused does not leave, what is allowed does. */
static void
try_in_each_state (AditLeak *leak, const AditLeakPacket *refused, gsize n_refused, const AditLeakPacket *allowed,
                   gsize n_allowed)
{
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      send_all (leak, refused, n_refused);
      adit_leak_expect_passed (leak, allowed, n_allowed);
      adit_leak_expect_shut (leak, "after that");
    }
}

/* --- The local network ---------------------------------------------------------------------------------------------------- */

static const AditLeakPacket neighbours[] = {
  { "the neighbour", SOCK_DGRAM, 0, NEIGHBOUR, 631, { 0 } }, { "the neighbour, tcp", SOCK_STREAM, 0, NEIGHBOUR, 22, { 0 } },
  { "the neighbour by the cable", SOCK_DGRAM, 0, NEIGHBOUR, 631, { CABLE } },
  { "the neighbour, echo", SOCK_RAW, IPPROTO_ICMP, NEIGHBOUR, 0, { 0 } },
  { "the neighbour, 6", SOCK_DGRAM, 0, NEIGHBOURU, 631, { 0 } }, { "the router's page", SOCK_STREAM, 0, ROUTER, 80, { 0 } },
};

static const AditLeakPacket groups[] = {
  { "mDNS", SOCK_DGRAM, 0, "224.0.0.251", 5353, { CABLE } }, { "mDNS 6", SOCK_DGRAM, 0, "ff02::fb", 5353, { CABLE } },
  { "LLMNR", SOCK_DGRAM, 0, "224.0.0.252", 5355, { CABLE } }, { "LLMNR 6", SOCK_DGRAM, 0, "ff02::1:3", 5355, { CABLE } },
  { "SSDP", SOCK_DGRAM, 0, "239.255.255.250", 1900, { CABLE } }, { "SSDP 6", SOCK_DGRAM, 0, "ff02::c", 1900, { CABLE } },
  { "WS-Discovery", SOCK_DGRAM, 0, "239.255.255.250", 3702, { CABLE } },
};

static const AditLeakPacket others[] = {
  { "a site", SOCK_DGRAM, 0, OTHER, 9999, { CABLE } }, { "a site, tcp", SOCK_STREAM, 0, OTHER, 80, { CABLE } },
  { "a site, 6", SOCK_STREAM, 0, OTHER6, 80, { CABLE } },
  { "the neighbour's public address", SOCK_STREAM, 0, NEIGHBOUR6, 22, { CABLE } },
  { "another private network", SOCK_DGRAM, 0, "192.168.77.1", 9999, { CABLE } },
  { "NetBIOS", SOCK_DGRAM, 0, "10.10.0.255", 137, { CABLE } }, { "broadcast", SOCK_DGRAM, 0, "255.255.255.255", 9, { CABLE } },
  { "all hosts", SOCK_RAW, IPPROTO_ICMP, "224.0.0.1", 0, { CABLE } },
  { "all nodes", SOCK_RAW, IPPROTO_ICMPV6, "ff02::1", 0, { CABLE } },
  { "a group on another port", SOCK_DGRAM, 0, "224.0.0.251", 9999, { CABLE } },
  { "a group of its own", SOCK_DGRAM, 0, "239.255.255.251", 1900, { CABLE } },
  { "a group by tcp's number", SOCK_RAW, 99, "224.0.0.251", 0, { CABLE } },
};

/* A neighbour begins: nothing of it is answered. */
static const AditLeakPacket calls[] = {
  { "a neighbour's connection", SOCK_STREAM, 0, OWN, HOST_PORT, { .space = "lan" } },
  { "a neighbour's connection to nothing", SOCK_STREAM, 0, OWN, HOST_PORT + 9, { .space = "lan" } },
  { "a neighbour's datagram to nothing", SOCK_DGRAM, 0, OWN, HOST_PORT + 9, { .space = "lan" } },
};

/* From the tunnel's address nothing goes to a neighbour, who would learn it. */
static void
speak_in_the_tunnels_name (AditLeak *leak)
{
  g_autofree char *own = adit_leak_dup_tunnel_address (leak, FALSE);
  const AditLeakPacket packets[] = {
    { "in the tunnel's name", SOCK_DGRAM, 0, NEIGHBOUR, 631, { .from = own } },
    { "in the tunnel's name, by the cable", SOCK_DGRAM, 0, NEIGHBOUR, 631, { .from = own, CABLE } },
    { "to a group in the tunnel's name", SOCK_DGRAM, 0, "224.0.0.251", 5353, { .from = own, CABLE } },
  };

  send_all (leak, PACKETS (packets));
}

static void
row_l19_lan (AditLeak *leak)
{
  static const AditLeakPacket one[] = { { "the neighbour", SOCK_DGRAM, 0, NEIGHBOUR, 631, { 0 } } };
  static const AditLeakPacket flow[] = { { "the flow", SOCK_DGRAM, 0, NEIGHBOUR, 631, { .from_port = 20011 } } };
  int listener = probe_listen ("client", SOCK_STREAM, "0.0.0.0", HOST_PORT);

  adit_leak_run (leak, "client", "ip addr add fd00:10::2/64 dev eth0 nodad");
  adit_leak_run (leak, "lan", "ip addr add " NEIGHBOURU "/64 dev eth0 nodad");
  adit_leak_allow_also (leak, upkeep);
  adit (leak, "settings set lan subnet");
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      send_all (leak, PACKETS (others));
      send_all (leak, PACKETS (groups));
      adit_leak_expect_passed (leak, PACKETS (neighbours));
      send_all (leak, PACKETS (calls));
      if (state == ADIT_LEAK_CONNECTED)
        speak_in_the_tunnels_name (leak);
      adit_leak_expect_shut (leak, "an answer to a neighbour, or the tunnel's address");
    }
  /* Changes while connected: a shorter list, nothing, a flow of before. */
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  adit_leak_expect_passed (leak, PACKETS (flow));
  adit (leak, "settings set lan " NEIGHBOUR);
  adit_leak_send (leak, &neighbours[5]);
  adit_leak_expect_passed (leak, PACKETS (one));
  adit_world_expect_web (adit_leak_get_world (leak), ADIT_LAB_EXIT_ADDRESS);
  adit (leak, "settings set lan off");
  send_all (leak, PACKETS (flow));
  send_all (leak, PACKETS (neighbours));
  adit_leak_expect_shut (leak, "switched off");
  adit (leak, "settings set multicast on");
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      send_all (leak, PACKETS (others));
      send_all (leak, PACKETS (neighbours));
      adit_leak_expect_passed (leak, PACKETS (groups));
      send_all (leak, PACKETS (calls));
      if (state == ADIT_LEAK_CONNECTED)
        speak_in_the_tunnels_name (leak);
      adit_leak_expect_shut (leak, "an answer to a neighbour, or the tunnel's address");
    }
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  adit (leak, "settings set multicast off");
  send_all (leak, PACKETS (groups));
  adit_leak_expect_shut (leak, "multicast switched off");
  adit_leak_allow_also (leak, NULL);
  expose (leak, PACKETS (others));
  expose (leak, PACKETS (groups));
  expose (leak, PACKETS (neighbours));
  expose (leak, PACKETS (calls));
  adit_leak_run (leak, "client", "ip addr del fd00:10::2/64 dev eth0");
  adit_leak_run (leak, "lan", "ip addr del " NEIGHBOURU "/64 dev eth0");
  close (listener);
}

/* An access point that calls public addresses its own; and one that says that half of the internet is near. */
static void
row_r05_lan (AditLeak *leak)
{
  static const AditLeakPacket public[] = {
    { "udp", SOCK_DGRAM, 0, OTHER, 9999, { 0 } }, { "udp by the cable", SOCK_DGRAM, 0, OTHER, 9999, { CABLE } },
    { "tcp by the cable", SOCK_STREAM, 0, OTHER, 80, { CABLE } },
    { "from the public address", SOCK_DGRAM, 0, OTHER, 9999, { .from = "203.0.113.99" } },
    { "udp 6", SOCK_DGRAM, 0, OTHER6, 9999, { 0 } }, { "tcp 6 by the cable", SOCK_STREAM, 0, OTHER6, 80, { CABLE } },
    { "of the larger network", SOCK_DGRAM, 0, "11.1.2.3", 9999, { CABLE } },
  };
  static const AditLeakPacket private[] = {
    { "of its private part", SOCK_DGRAM, 0, "10.99.0.3", 9999, { 0 } }, { "the neighbour", SOCK_DGRAM, 0, NEIGHBOUR, 631, { 0 } },
  };

  adit (leak, "settings set lan subnet");
  adit_leak_run (leak, "lan", "ip addr add " OTHER "/24 dev eth0");
  adit_leak_run (leak, "lan", "ip addr add " OTHER6 "/64 dev eth0 nodad");
  adit_leak_run (leak, "lan", "ip addr add 11.1.2.3/7 dev eth0");
  adit_leak_run (leak, "lan", "ip addr add 10.99.0.3/7 dev eth0");
  adit_leak_run (leak, "client", "ip addr add 203.0.113.99/24 dev eth0");
  adit_leak_run (leak, "client", "ip addr add 2001:db8:ff::99/64 dev eth0 nodad");
  adit_leak_run (leak, "client", "ip addr add 11.9.9.9/7 dev eth0");
  try_in_each_state (leak, PACKETS (public), PACKETS (private));
  expose (leak, PACKETS (public));
  adit_leak_run (leak, "client", "ip addr del 203.0.113.99/24 dev eth0");
  adit_leak_run (leak, "client", "ip addr del 2001:db8:ff::99/64 dev eth0");
  adit_leak_run (leak, "client", "ip addr del 11.9.9.9/7 dev eth0");
  adit_leak_run (leak, "lan", "ip addr del " OTHER "/24 dev eth0");
  adit_leak_run (leak, "lan", "ip addr del " OTHER6 "/64 dev eth0");
  adit_leak_run (leak, "lan", "ip addr del 11.1.2.3/7 dev eth0");
  adit (leak, "settings set lan off");
}

/* A network that knows the address inside the tunnel gives it to the computer as its own. */
static void
row_r05_own (AditLeak *leak)
{
  static const AditLeakPacket other[] = { { "the neighbour", SOCK_DGRAM, 0, NEIGHBOUR, 631, { 0 } } };
  g_autofree char *own = NULL, *near = NULL;

  adit (leak, "settings set lan subnet");
  adit (leak, "settings set multicast on");
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  own = adit_leak_dup_tunnel_address (leak, FALSE);
  near = g_strdup_printf ("%.*s.200", (int) (strrchr (own, '.') - own), own);
  {
    g_autofree char *give = g_strdup_printf ("ip addr add %s/24 dev eth0", own);
    g_autofree char *take = g_strdup_printf ("ip addr del %s/24 dev eth0", own);
    g_autofree char *neighbour = g_strdup_printf ("ip addr add %s/24 dev eth0", near);
    g_autofree char *no_neighbour = g_strdup_printf ("ip addr del %s/24 dev eth0", near);
    const AditLeakPacket packets[] = {
      { "in the tunnel's name", SOCK_DGRAM, 0, near, 631, { .from = own } },
      { "in the tunnel's name, by the cable", SOCK_DGRAM, 0, near, 631, { .from = own, CABLE } },
      { "the same, tcp", SOCK_STREAM, 0, near, 22, { .from = own, CABLE } },
      { "to a group in the tunnel's name", SOCK_DGRAM, 0, "224.0.0.251", 5353, { .from = own, CABLE } },
    };

    adit_leak_run (leak, "lan", neighbour);
    adit_leak_run (leak, "client", give);
    g_usleep (FOLLOWED_MS * 1000);
    send_all (leak, PACKETS (packets));
    adit_leak_expect_passed (leak, PACKETS (other));
    adit_leak_expect_shut (leak, "the tunnel's address");
    expose (leak, PACKETS (packets));
    adit_leak_run (leak, "client", take);
    adit_leak_run (leak, "lan", no_neighbour);
  }
  adit (leak, "settings set multicast off");
  adit (leak, "settings set lan off");
}

/* --- Resolvers ------------------------------------------------------------------------------------------------------------ */

static void
row_d03_lan (AditLeak *leak)
{
  static const AditLeakPacket names[] = {
    { "the router's resolver", SOCK_DGRAM, 0, ROUTER, 53, { 0 } }, { "the same, tcp", SOCK_STREAM, 0, ROUTER, 53, { 0 } },
    { "the same by the cable", SOCK_DGRAM, 0, ROUTER, 53, { CABLE } }, { "over TLS", SOCK_STREAM, 0, ROUTER, 853, { 0 } },
    { "over QUIC", SOCK_DGRAM, 0, ROUTER, 853, { 0 } }, { "a neighbour's", SOCK_DGRAM, 0, NEIGHBOUR, 53, { 0 } },
  };
  static const AditLeakPacket page[] = { { "the router's page", SOCK_STREAM, 0, ROUTER, 80, { 0 } } };

  adit (leak, "settings set lan subnet");
  try_in_each_state (leak, PACKETS (names), PACKETS (page));
  expose (leak, PACKETS (names));
  adit (leak, "settings set lan off");
}

/* While there is a tunnel, or one is being made, the one that was chosen; under lockdown not even that. */
static void
row_d04 (AditLeak *leak)
{
  static const AditLeakPacket chosen[] = {
    { "chosen", SOCK_DGRAM, 0, NEIGHBOUR, 53, { 0 } }, { "chosen, tcp", SOCK_STREAM, 0, NEIGHBOUR, 53, { 0 } },
    { "chosen, by the cable", SOCK_DGRAM, 0, NEIGHBOUR, 53, { CABLE } },
  };
  static const AditLeakPacket others_than_that[] = {
    { "over TLS", SOCK_STREAM, 0, NEIGHBOUR, 853, { 0 } }, { "over QUIC", SOCK_DGRAM, 0, NEIGHBOUR, 853, { 0 } },
    { "its page", SOCK_STREAM, 0, NEIGHBOUR, 80, { 0 } }, { "its web", SOCK_STREAM, 0, NEIGHBOUR, 443, { CABLE } },
    { "echo", SOCK_RAW, IPPROTO_ICMP, NEIGHBOUR, 0, { 0 } }, { "the router's", SOCK_DGRAM, 0, ROUTER, 53, { 0 } },
    { "the uplink's", SOCK_DGRAM, 0, ADIT_LAB_DNS_ADDRESS, 53, { CABLE } },
    { "a site", SOCK_DGRAM, 0, OTHER, 53, { CABLE } }, { "mDNS", SOCK_DGRAM, 0, "224.0.0.251", 5353, { CABLE } },
  };

  adit (leak, "dns " NEIGHBOUR);
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      send_all (leak, PACKETS (others_than_that));
      if (state == ADIT_LEAK_LOCKDOWN)
        send_all (leak, PACKETS (chosen));
      else
        adit_leak_expect_passed (leak, PACKETS (chosen));
      adit_leak_expect_shut (leak, "other than the chosen resolver");
    }
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  adit (leak, "dns service");
  send_all (leak, PACKETS (chosen));
  adit_leak_expect_shut (leak, "no longer chosen");
  expose (leak, PACKETS (others_than_that));
  expose (leak, PACKETS (chosen));
}

/* The uplink's own, which is public: it sees the exit's address, and the cable sees nothing of it. */
static void
row_d06 (AditLeak *leak)
{
  static const AditLeakPacket names[] = {
    { "by the cable", SOCK_DGRAM, 0, ADIT_LAB_DNS_ADDRESS, 53, { CABLE } },
    { "by the cable, tcp", SOCK_STREAM, 0, ADIT_LAB_DNS_ADDRESS, 53, { CABLE } },
    { "over TLS", SOCK_STREAM, 0, ADIT_LAB_DNS_ADDRESS, 853, { CABLE } },
    { "as routes will", SOCK_DGRAM, 0, ADIT_LAB_DNS_ADDRESS, 53, { 0 } },
  };
  AditWorld *world = adit_leak_get_world (leak);

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *found = NULL, *log = NULL;

      adit (leak, i == 0 ? "dns service" : "dns " ADIT_LAB_DNS_ADDRESS);
      for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
        {
          adit_leak_enter (leak, (AditLeakState) state);
          send_all (leak, PACKETS (names));
          adit_leak_expect_shut (leak, "a public resolver");
        }
      adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
      g_free (adit_world_dup_dns_log (world));
      found = adit_world_look_up (world, "web.example");
      log = adit_world_dup_dns_log (world);
      g_assert_cmpstr (found, !=, "");
      /* Who was asked, and by whom. */
      if ((strstr (log, ADIT_LAB_DNS_ADDRESS " " ADIT_LAB_EXIT_ADDRESS) != NULL) != (i == 1))
        g_error ("asked: %s", log);
      adit_leak_expect_shut (leak, "a name");
    }
  adit (leak, "dns service");
  expose (leak, PACKETS (names));
}

/* --- Guests --------------------------------------------------------------------------------------------------------------- */

static void
make_guest (AditLeak *leak)
{
  adit_leak_run (leak, NULL, "ip netns add guest");
  adit_leak_run (leak, "client", "ip link add g0 type veth peer name g1 netns guest");
  adit_leak_run (leak, "client", "sysctl -qw net.ipv4.ip_forward=1");
  adit_leak_run (leak, "client", "ip addr add 172.16.5.1/24 dev g0");
  adit_leak_run (leak, "client", "ip link set g0 up");
  adit_leak_run (leak, "guest", "ip addr add " GUEST "/24 dev g1");
  adit_leak_run (leak, "guest", "ip link set g1 up");
  adit_leak_run (leak, "guest", "ip route add default via 172.16.5.1");
}

/* This computer's connection to its guest is answered; the guest's to this computer is not heard. */
static void
expect_guest (AditLeak *leak, int host, int guest, gboolean allowed)
{
  const ProbeWay from_guest = { FROM_GUEST }, from_host = { .space = "client" };
  int problem = probe_connect (&from_host, GUEST, GUEST_PORT, allowed ? REPLY_MS : 5);
  int asked = probe_listen ("guest", SOCK_DGRAM, GUEST, GUEST_PORT);

  if ((problem == 0) != allowed)
    g_error ("a connection to the guest: %s, and is %s", g_strerror (problem), allowed ? "allowed" : "not allowed");
  (void) probe_send (&from_host, SOCK_DGRAM, 0, GUEST, GUEST_PORT, "x", 1);
  g_assert_cmpint (probe_heard (asked), ==, allowed);
  g_assert_cmpint (probe_connect (&from_guest, "172.16.5.1", HOST_PORT, 50), !=, 0);
  (void) probe_send (&from_guest, SOCK_DGRAM, 0, "172.16.5.1", HOST_PORT, "x", 1);
  g_assert_false (probe_heard (host));
  close (asked);
}

static void
row_l14_guests (AditLeak *leak)
{
  static const AditLeakPacket packets[] = {
    { "udp", SOCK_DGRAM, 0, OTHER, 9999, { FROM_GUEST } }, { "tcp", SOCK_STREAM, 0, OTHER, 80, { FROM_GUEST } },
    { "icmp", SOCK_RAW, IPPROTO_ICMP, OTHER, 0, { FROM_GUEST } },
    { "dns", SOCK_DGRAM, 0, ADIT_LAB_DNS_ADDRESS, 53, { FROM_GUEST } },
    { "the uplink's resolver", SOCK_DGRAM, 0, ROUTER, 53, { FROM_GUEST } },
    { "to the exit", SOCK_DGRAM, 0, ADIT_LAB_EXIT_ADDRESS, ADIT_LAB_EXIT_PORT, { FROM_GUEST } },
    { "to the service", SOCK_STREAM, 0, ADIT_LAB_API_ADDRESS, 443, { FROM_GUEST } },
    { "to the neighbour", SOCK_DGRAM, 0, NEIGHBOUR, 9999, { FROM_GUEST } },
    { "to the neighbour, tcp", SOCK_STREAM, 0, NEIGHBOUR, 22, { FROM_GUEST } },
  };
  static const AditLeakPacket own[] = {
    { "the guest's network by the cable", SOCK_DGRAM, 0, GUEST, 9999, { CABLE } },
    { "the same in the bridge's name", SOCK_DGRAM, 0, GUEST, 9999, { CABLE, .from = "172.16.5.1" } },
  };
  int host, tcp, guest;

  make_guest (leak);
  host = probe_listen ("client", SOCK_DGRAM, "172.16.5.1", HOST_PORT);
  tcp = probe_listen ("client", SOCK_STREAM, "172.16.5.1", HOST_PORT);
  guest = probe_listen ("guest", SOCK_STREAM, GUEST, GUEST_PORT);
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  expect_guest (leak, host, guest, FALSE);
  adit (leak, "settings set guests g0 eth0");    /* the cable is nobody's guest by being named */
  for (guint lan = 0; lan < 2; lan++)
    {
      adit_leak_enter (leak, ADIT_LEAK_LOCKDOWN);
      adit (leak, lan == 0 ? "settings set lan off" : "settings set lan subnet");
      for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
        {
          adit_leak_enter (leak, (AditLeakState) state);
          expect_guest (leak, host, guest, TRUE);
          send_all (leak, PACKETS (packets));
          /* A stranger's route says that the guest is on the cable. */
          adit_leak_run (leak, "client", "ip route add " GUEST " via " ROUTER " dev eth0");
          send_all (leak, PACKETS (own));
          adit_leak_run (leak, "client", "ip route del " GUEST " via " ROUTER " dev eth0");
          if (lan == 0)
            adit_leak_send (leak, &neighbours[0]);
          else
            adit_leak_expect_passed (leak, neighbours, 1);
          adit_leak_expect_shut (leak, "a guest");
        }
    }
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  adit (leak, "settings set lan off");
  adit (leak, "settings set guests none");
  expect_guest (leak, host, guest, FALSE);
  expose (leak, PACKETS (packets));
  adit_leak_run (leak, "client", "ip route add " GUEST " via " ROUTER " dev eth0");
  expose (leak, PACKETS (own));
  adit_leak_run (leak, "client", "ip link del g0");
  adit_leak_run (leak, NULL, "ip netns del guest");
  adit_leak_run (leak, "client", "ip route del " GUEST " via " ROUTER " dev eth0");
  adit_leak_run (leak, "client", "sysctl -qw net.ipv4.ip_forward=0");
  close (host);
  close (tcp);
  close (guest);
}

static const AditLeakRow rows[] = {
  { "D03-lan", "the resolvers of a local network that is allowed", row_d03_lan },
  { "D04", "a private resolver of one's own, and nothing else", row_d04 },
  { "D06", "a public resolver of one's own, inside alone", row_d06 },
  { "L14-guests", "from a guest that this computer may reach", row_l14_guests },
  { "L19-lan", "around a local network, or groups, that are allowed", row_l19_lan },
  { "R05-lan", "a public network is said to be local where LAN is on", row_r05_lan },
  { "R05-own", "a network gives the address inside the tunnel to the computer", row_r05_own },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
