/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-probes.c: rows of the catalogue about a neighbour who asks for the tunnel's address, and about the kernel's settings that
 * have to do with it. */
#include "tests/lab/leak.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define OWN         "10.10.0.2"
#define OWN6        "2001:db8:10::2"
#define NEIGHBOUR   "10.10.0.3"
#define NEIGHBOUR6  "2001:db8:10::3"
#define OPEN_PORT   7777
#define CLOSED_PORT 7778
#define FROM_PORT   4444
#define TCP_SYN     0x02    /* RFC 9293, 3.1 */
#define TCP_SYN_ACK 0x12
#define TCP_ACK     0x10
#define ARP_MS      1300    /* three questions a second apart would be 3 s; the first is answered within a millisecond */
#define SETTLE_US   50000

static void
run (AditLeak *leak, const char *space, const char *before, const char *value, const char *after)
{
  g_autofree char *line = g_strconcat (before, value, after, NULL);

  adit_leak_run (leak, space, line);
}

/* --- Probes for the tunnel's address -------------------------------------------------------------------------------------- */

typedef enum { PROBE_SYN, PROBE_SYN_CLOSED, PROBE_SYN_ACK, PROBE_ACK, PROBE_UDP, PROBE_ECHO, N_PROBES } Probe;

static const char *const probe_names[N_PROBES] = { "SYN", "SYN to a closed port", "SYN/ACK", "ACK", "UDP", "echo" };

static guint32
add_words (guint32 sum, const guint8 *bytes, gsize n)
{
  for (gsize i = 0; i < n; i += 2)
    sum += (guint32) (bytes[i] << 8 | bytes[i + 1]);
  return sum;
}

/* One segment of a flow that does not exist, with the right checksum: RFC 9293, 3.1. */
static void
send_segment (const char *to, guint16 port, guint8 flags)
{
  gboolean v6 = strchr (to, ':') != NULL;
  const ProbeWay way = { .space = "lan" };
  guint8 addresses[32], segment[20] = { FROM_PORT >> 8, FROM_PORT & 0xff, port >> 8, port & 0xff, 0, 0, 0, 9, 0, 0, 0, 9, 0x50,
                                        flags, 0x40 };
  gsize bytes = v6 ? 16 : 4;
  guint32 sum;

  inet_pton (v6 ? AF_INET6 : AF_INET, v6 ? NEIGHBOUR6 : NEIGHBOUR, addresses);
  inet_pton (v6 ? AF_INET6 : AF_INET, to, addresses + bytes);
  sum = add_words (add_words (IPPROTO_TCP + sizeof segment, addresses, 2 * bytes), segment, sizeof segment);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = ~(sum + (sum >> 16)) & 0xffff;
  segment[16] = (guint8) (sum >> 8);
  segment[17] = (guint8) sum;
  g_assert_true (probe_send (&way, SOCK_RAW, IPPROTO_TCP, to, 0, segment, sizeof segment));
}

static void
send_echo (const char *to)
{
  gboolean v6 = strchr (to, ':') != NULL;
  guint8 echo[8] = { v6 ? 128 : 8, 0, 0xf7, 0xff };    /* ICMPv6's checksum is the kernel's: RFC 3542, 3.1 */
  const ProbeWay way = { .space = "lan" };

  g_assert_true (probe_send (&way, SOCK_RAW, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP, to, 0, echo, sizeof echo));
}

static void
send_probe (AditLeak *leak, Probe probe, const char *to)
{
  const ProbeWay way = { .space = "lan" };

  adit_leak_count (leak, 1);
  switch (probe)
    {
    case PROBE_SYN: send_segment (to, OPEN_PORT, TCP_SYN); break;
    case PROBE_SYN_CLOSED: send_segment (to, CLOSED_PORT, TCP_SYN); break;
    case PROBE_SYN_ACK: send_segment (to, CLOSED_PORT, TCP_SYN_ACK); break;
    case PROBE_ACK: send_segment (to, OPEN_PORT, TCP_ACK); break;
    case PROBE_UDP: g_assert_true (probe_send (&way, SOCK_DGRAM, 0, to, CLOSED_PORT, "x", 1)); break;
    default: send_echo (to); break;
    }
}

/* The neighbour believes that the address is behind the client, and needs no answer to know the client's hardware address. */
static void
point_at_client (AditLeak *leak, char *const addresses[2])
{
  static const char *const argv[] = { "ip", "-o", "link", "show", "dev", "eth0", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 10000, argv, NULL);
  const char *word = strstr (result->out, "link/ether ");
  g_autofree char *own = g_strndup (word + strlen ("link/ether "), strlen ("00:00:00:00:00:00"));

  run (leak, "lan", "ip neigh replace " OWN " dev eth0 nud permanent lladdr ", own, "");
  run (leak, "lan", "ip neigh replace " OWN6 " dev eth0 nud permanent lladdr ", own, "");
  run (leak, "lan", "ip route replace ", addresses[0], " via " OWN);
  run (leak, "lan", "ip -6 route replace ", addresses[1], " via " OWN6);
}

static void
forget_client (AditLeak *leak, char *const addresses[2])
{
  run (leak, "lan", "ip route del ", addresses[0], "");
  run (leak, "lan", "ip -6 route del ", addresses[1], "");
}

/* The same addresses on a device that nobody protects; a pair, since IPv6 waits until there is another end. */
static void
make_bare_device (AditLeak *leak, char *const addresses[2])
{
  adit_leak_run (leak, "client", "ip link add bare type veth peer name bare-end");
  adit_leak_run (leak, "client", "ip link set bare-end up");
  adit_leak_run (leak, "client", "ip link set bare up");
  run (leak, "client", "ip addr add ", addresses[0], "/32 dev bare");
  run (leak, "client", "ip addr add ", addresses[1], "/128 dev bare nodad");
}

/* The probes come from a network that this computer may reach. */
static void
with_lan (AditLeak *leak, void (*row) (AditLeak *leak))
{
  adit_world_expect (adit_leak_get_world (leak), 0, NULL, "settings set lan 10.0.0.0/8 fd00::/8 fe80::/10", 0);
  adit_world_expect (adit_leak_get_world (leak), 0, NULL, "settings set multicast on", 0);
  row (leak);
  adit_world_expect (adit_leak_get_world (leak), 0, NULL, "settings set lan off", 0);
  adit_world_expect (adit_leak_get_world (leak), 0, NULL, "settings set multicast off", 0);
}

static void
row_r07 (AditLeak *leak)
{
  int listener = probe_listen ("client", SOCK_STREAM, "::", OPEN_PORT);    /* both families */
  char *addresses[2];

  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  addresses[0] = adit_leak_dup_tunnel_address (leak, FALSE);
  addresses[1] = adit_leak_dup_tunnel_address (leak, TRUE);
  point_at_client (leak, addresses);
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      for (guint probe = 0; probe < N_PROBES; probe++)
        for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
          send_probe (leak, (Probe) probe, addresses[i]);
      adit_leak_expect_shut (leak, "an answer to a probe");
    }
  adit_leak_expose (leak);
  make_bare_device (leak, addresses);
  for (guint probe = 0; probe < N_PROBES; probe++)
    for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
      {
        send_probe (leak, (Probe) probe, addresses[i]);
        adit_leak_expect_open (leak, probe_names[probe]);
      }
  adit_leak_run (leak, "client", "ip link del bare");
  forget_client (leak, addresses);
  adit_leak_run (leak, "lan", "ip neigh del " OWN " dev eth0");
  adit_leak_run (leak, "lan", "ip neigh del " OWN6 " dev eth0");
  g_free (addresses[0]);
  g_free (addresses[1]);
  close (listener);
}

static void
row_r07_lan (AditLeak *leak)
{
  with_lan (leak, row_r07);
}

/* Whether the client has answered the question who has the address; the datagram is what makes the neighbour ask. */
static gboolean
is_answered (AditLeak *leak, const char *address)
{
  const char *const argv[] = { "ip", "neigh", "show", address, "dev", "eth0", NULL };
  gint64 end = g_get_monotonic_time () + ARP_MS * 1000;
  const ProbeWay way = { .space = "lan" };

  adit_leak_run (leak, "lan", "ip neigh flush dev eth0");
  adit_leak_count (leak, 1);
  (void) probe_send (&way, SOCK_DGRAM, 0, address, CLOSED_PORT, "x", 1);
  do
    {
      g_autoptr (AditLabResult) result = adit_lab_run ("lan", 0, ARP_MS, argv, NULL);

      if (strstr (result->out, "lladdr") != NULL)
        return TRUE;
      g_usleep (SETTLE_US);
    }
  while (g_get_monotonic_time () < end);
  return FALSE;
}

/* ARP and neighbour discovery pass the watcher as upkeep of the link, so the neighbour himself says whether he was answered. */
static void
row_r08 (AditLeak *leak)
{
  char *addresses[2];

  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  addresses[0] = adit_leak_dup_tunnel_address (leak, FALSE);
  addresses[1] = adit_leak_dup_tunnel_address (leak, TRUE);
  run (leak, "lan", "ip route replace ", addresses[0], " dev eth0");
  run (leak, "lan", "ip -6 route replace ", addresses[1], " dev eth0");
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
        if (is_answered (leak, addresses[i]))
          g_error ("the client said that it has %s, state %u", addresses[i], state);
      g_assert_true (is_answered (leak, OWN));
      adit_leak_expect_shut (leak, "an answer");
    }
  adit_leak_expose (leak);
  make_bare_device (leak, addresses);
  /* A kernel answers IPv6 only for the link's own addresses, so there the other half has it on the link. */
  run (leak, "client", "ip addr add ", addresses[1], "/128 dev eth0 nodad");
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_assert_true (is_answered (leak, addresses[i]));
      adit_leak_expect_open (leak, addresses[i]);
    }
  run (leak, "client", "ip addr del ", addresses[1], "/128 dev eth0");
  adit_leak_run (leak, "client", "ip link del bare");
  forget_client (leak, addresses);
  g_free (addresses[0]);
  g_free (addresses[1]);
}

static void
row_r08_lan (AditLeak *leak)
{
  with_lan (leak, row_r08);
}

/* --- Settings of the kernel ----------------------------------------------------------------------------------------------- */

/* Every setting of every link but the tunnel's own, which goes with it. */
static char *
take_settings (void)
{
  static const char *const argv[] = { "sysctl", "-e", "-a", "-r", "^net\\.ipv[46]\\.(conf\\.(all|default|eth0|eth1|lo)|ip_)",
                                      NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 10000, argv, NULL);

  g_assert_nonnull (strstr (result->out, "net.ipv4.conf.all.src_valid_mark"));
  return g_strdup (result->out);
}

static void
expect_same (const char *before, const char *after, const char *what)
{
  g_auto (GStrv) was = g_strsplit (before, "\n", -1), is = g_strsplit (after, "\n", -1);

  g_assert_cmpuint (g_strv_length (was), ==, g_strv_length (is));
  for (guint i = 0; was[i] != NULL; i++)
    if (!g_str_equal (was[i], is[i]))
      g_error ("%s: \"%s\" has become \"%s\"", what, was[i], is[i]);
}

static void
set_filter (AditLeak *leak, guint all, guint link)
{
  g_autofree char *line = g_strdup_printf ("sysctl -qw net.ipv4.conf.all.rp_filter=%u net.ipv4.conf.eth0.rp_filter=%u",
                                           all, link);

  adit_leak_run (leak, "client", line);
}

static void
control (AditLeak *leak)
{
  set_filter (leak, 0, 0);
  adit_leak_expose (leak);
  g_usleep (8 * SETTLE_US);
  adit_leak_expect_open (leak, "senders");
  adit_leak_stop_senders (leak);
}

static void
leave_by_disconnect (AditWorld *world)
{
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* The next helper will connect again. */
static void
leave_by_recover (AditWorld *world)
{
  adit_world_kill_helper (world);
  adit_world_expect (world, 0, NULL, "recover", 0);
}

static void
leave_by_crash (AditWorld *world)
{
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* With a strict filter, since that is where we need a setting of the kernel's. */
static void
row_r13 (AditLeak *leak)
{
  static const struct { const char *name; void (*leave) (AditWorld *world); } ways[] = {
    { "disconnect", leave_by_disconnect }, { "recovery", leave_by_recover }, { "crash", leave_by_crash },
  };
  AditWorld *world = adit_leak_get_world (leak);

  adit_leak_start_senders (leak);
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *before = NULL, *meanwhile = NULL, *after = NULL;

      adit_leak_enter (leak, ADIT_LEAK_LOCKDOWN);
      adit_leak_allow (leak, "settings");
      set_filter (leak, 1, 1);
      before = take_settings ();
      adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
      meanwhile = take_settings ();
      g_assert_cmpstr (before, !=, meanwhile);
      ways[i].leave (world);
      after = take_settings ();
      expect_same (before, after, ways[i].name);
      adit_leak_expect_shut (leak, "settings");
    }
  control (leak);
}

static void
row_r17 (AditLeak *leak)
{
  AditWorld *world = adit_leak_get_world (leak);

  adit_leak_start_senders (leak);
  for (guint i = 0; i < 9; i++)
    {
      g_autofree char *before = NULL, *after = NULL;

      adit_leak_enter (leak, ADIT_LEAK_LOCKDOWN);
      adit_leak_allow (leak, "filter");
      set_filter (leak, i / 3, i % 3);
      before = take_settings ();
      adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
      adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
      adit_world_expect (world, 0, NULL, "disconnect", 0);
      after = take_settings ();
      expect_same (before, after, "filter");
      adit_leak_expect_shut (leak, "filter");
    }
  control (leak);
}

static const AditLeakRow rows[] = {
  { "R07", "probes for the tunnel's address over the cable", row_r07 },
  { "R08", "ARP and neighbour discovery for the tunnel's address", row_r08 },
  { "R07-lan", "the same probes where the LAN is allowed", row_r07_lan },
  { "R08-lan", "the same questions where the LAN is allowed", row_r08_lan },
  { "R13", "the kernel's settings after disconnect, recovery, crash", row_r13 },
  { "R17", "the reverse-path filter at 0, 1 and 2", row_r17 },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
