/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-firewall-refused.c: what may not leave does not.  All of it is also sent with the lock off, so that a watcher that is
 * blind or a sender that is mute is found out. */
#include "tests/lab/firewall-fixture.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include "platform/linux/marks.h"

static FirewallFixture f;

static const FirewallPacket refused[] = {
  { "udp", SOCK_DGRAM, 0, OTHER, 9999, { 0 } },
  { "tcp", SOCK_STREAM, 0, OTHER, 80, { 0 } },
  { "icmp", SOCK_RAW, IPPROTO_ICMP, OTHER, 0, { 0 } },
  { "udp6", SOCK_DGRAM, 0, OTHER6, 9999, { 0 } },
  { "tcp6", SOCK_STREAM, 0, OTHER6, 80, { 0 } },
  { "icmp6", SOCK_RAW, IPPROTO_ICMPV6, OTHER6, 0, { 0 } },
  { "sctp", SOCK_RAW, IPPROTO_SCTP, OTHER, 0, { 0 } },
  { "dns", SOCK_DGRAM, 0, "192.0.2.1", 53, { 0 } },
  { "dns-tcp", SOCK_STREAM, 0, "192.0.2.1", 53, { 0 } },
  { "dns6", SOCK_DGRAM, 0, "2001:db8:1::1", 53, { 0 } },
  { "dns-tls", SOCK_STREAM, 0, "192.0.2.1", 853, { 0 } },
  { "dns-quic", SOCK_DGRAM, 0, "192.0.2.1", 853, { 0 } },
  { "dns-marked", SOCK_DGRAM, 0, "192.0.2.1", 53, { .mark = ADIT_MARK } },
  { "bound", SOCK_DGRAM, 0, OTHER, 9999, { .device = "cable" } },
  { "bound-6", SOCK_DGRAM, 0, OTHER6, 9999, { .device = "cable" } },
  { "lan", SOCK_DGRAM, 0, "192.0.2.1", 631, { 0 } },
  { "mdns", SOCK_DGRAM, 0, "224.0.0.251", 5353, { .device = "cable" } },
  { "ssdp", SOCK_DGRAM, 0, "239.255.255.250", 1900, { .device = "cable" } },
  { "mdns6", SOCK_DGRAM, 0, "ff02::fb", 5353, { .device = "cable" } },
  { "broadcast", SOCK_DGRAM, 0, "255.255.255.255", 9, { .device = "cable" } },
  { "dhcp-other-source", SOCK_DGRAM, 0, "255.255.255.255", 67, { .device = "cable", .from_port = 69 } },
  { "dhcp-server", SOCK_DGRAM, 0, "255.255.255.255", 68, { .device = "cable", .from_port = 67 } },
  { "dhcp-unicast", SOCK_DGRAM, 0, OTHER, 67, { .device = "cable", .from_port = 68 } },
  { "dhcp6-elsewhere", SOCK_DGRAM, 0, OTHER6, 547, { .device = "cable", .from_port = 546 } },
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
  { "inside-address-outside-6", SOCK_DGRAM, 0, OTHER6, 9999, { .device = "cable", .from = OWN6 } },
  { "guest-macvlan", SOCK_DGRAM, 0, OTHER, 9999, { .space = "mac" } },
  { "guest-macvlan-dns", SOCK_DGRAM, 0, "192.0.2.1", 53, { .space = "mac" } },
  { "guest-macvlan-marked", SOCK_DGRAM, 0, OTHER, 9999, { .space = "mac", .mark = ADIT_CT_MARK_INSIDE } },
  { "guest-macvlan-marked-dns", SOCK_DGRAM, 0, "192.0.2.1", 53, { .space = "mac", .mark = ADIT_CT_MARK_INSIDE } },
  { "guest-macvlan-our-mark", SOCK_DGRAM, 0, OTHER, 51820, { .space = "mac", .mark = ADIT_MARK } },
  { "guest-bridged-marked", SOCK_DGRAM, 0, "192.168.9.1", 9999, { .space = "vm", .mark = ADIT_CT_MARK_INSIDE } },
  { "guest-routed", SOCK_DGRAM, 0, OTHER, 9999, { .space = "routed" } },
  { "guest-routed-tcp", SOCK_STREAM, 0, OTHER, 80, { .space = "routed" } },
  { "guest-routed-dns", SOCK_DGRAM, 0, OTHER, 53, { .space = "routed" } },
  { "guest-bridged", SOCK_DGRAM, 0, "192.168.9.1", 9999, { .space = "vm" } },
  { "guest-bridged-broadcast", SOCK_DGRAM, 0, "255.255.255.255", 9, { .space = "vm", .device = "g1" } },
};

static gboolean
reaches_cable (const FirewallPacket *one)
{
  int watcher = g_strcmp0 (one->way.space, "vm") == 0 ? f.bridged : f.cable;

  probe_forget (watcher);
  firewall_packet_send (one);
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
  firewall_fixture_set_lock (&f, GPOINTER_TO_UINT (lock));
  check_refused (GPOINTER_TO_UINT (lock) == ADIT_LOCK_OFF);
}

/* Frames that no inet table sees; the wrong type word would hide them from a look at the socket's. */
static void
check_frames (gboolean open)
{
  static const char *const forms[][2] = { { "192.0.2.2", OTHER }, { "2001:db8:1::2", OTHER6 } };
  static const guint8 types[][2] = { { 0x88, 0xcc }, { 0x88, 0x64 } };
  guint8 frame[128];

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      gsize length = probe_make_udp (frame, forms[i][0], 4000, forms[i][1], 4000);

      probe_forget (f.cable);
      probe_frame (NULL, "cable", frame, length);
      g_assert_cmpuint (probe_count (f.cable, FALSE).n > 0, ==, open);
    }
  /* LLDP tells the computer's name; a session of PPP over Ethernet has IP inside, and nobody dials in here. */
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      memcpy (frame + 12, types[i], sizeof types[i]);
      probe_forget (f.cable);
      probe_frame (NULL, "cable", frame, 60);
      g_assert_cmpuint (probe_count (f.cable, FALSE).n > 0, ==, open);
    }
}

static void
test_frames (void)
{
  for (guint lock = ADIT_LOCK_ALL; lock <= ADIT_LOCK_OFF; lock++)
    {
      firewall_fixture_set_lock (&f, lock);
      check_frames (lock == ADIT_LOCK_OFF);
    }
}

/* With ALL the carrier is shut too. */
static void
test_peer_shut (void)
{
  static const FirewallPacket carrier = { "peer", SOCK_DGRAM, 0, PEER, 51820, { .mark = ADIT_MARK } };

  firewall_fixture_set_lock (&f, ADIT_LOCK_ALL);
  g_assert_false (reaches_cable (&carrier));
  firewall_fixture_set_lock (&f, ADIT_LOCK_TUNNEL);
  g_assert_true (reaches_cable (&carrier));
}

static void
test_at_once (void)
{
  static const char *const targets[] = { OTHER, OTHER6 };
  static const guint16 ports[] = { 80, 53, 853 };

  for (guint lock = ADIT_LOCK_ALL; lock < ADIT_LOCK_OFF; lock++)
    {
      firewall_fixture_set_lock (&f, lock);
      for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
        for (guint j = 0; j < G_N_ELEMENTS (ports); j++)
          {
            const ProbeWay way = { 0 };
            int problem = probe_connect (&way, targets[i], ports[j], FIREWALL_AT_ONCE_MS);

            g_assert_cmpint (problem, !=, 0);
            g_assert_cmpint (problem, !=, ETIMEDOUT);
            /* An ICMP answer is an error on a connected UDP socket, or already on sending. */
            g_assert_false (probe_send (&way, SOCK_DGRAM, 0, targets[i], ports[j], "x", 1));
          }
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!firewall_fixture_set_up (&f))
    return PRIVATE_WORLD_SKIP;
  g_test_add_data_func ("/firewall/refused/open", GUINT_TO_POINTER (ADIT_LOCK_OFF), test_refused);
  g_test_add_data_func ("/firewall/refused/all", GUINT_TO_POINTER (ADIT_LOCK_ALL), test_refused);
  g_test_add_data_func ("/firewall/refused/peer", GUINT_TO_POINTER (ADIT_LOCK_PEER), test_refused);
  g_test_add_data_func ("/firewall/refused/tunnel", GUINT_TO_POINTER (ADIT_LOCK_TUNNEL), test_refused);
  g_test_add_func ("/firewall/frames", test_frames);
  g_test_add_func ("/firewall/peer-shut", test_peer_shut);
  g_test_add_func ("/firewall/at-once", test_at_once);
  status = g_test_run ();
  firewall_fixture_tear_down (&f);
  return status;
}
