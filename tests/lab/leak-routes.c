/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-routes.c: rows of the catalogue about a stranger on the cable who pushes routes, redirects, and networks of his own. */
#include "tests/lab/leak.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define ATTACKER   "10.10.0.3"
#define ROUTER     "10.10.0.1"
#define SITE       ADIT_LAB_WEB_ADDRESS
#define SITE6      "2001:db8:ff::80"
#define EXIT       ADIT_LAB_EXIT_ADDRESS
#define CABLE      .device = "eth0"
#define FOLDER     "/run/lab"
#define SCRIPT     FOLDER "/dhcp-script"
#define SERVER_PID FOLDER "/rogue-dhcp.pid"
#define PORT       9999
#define WAIT_MS    3000
#define LEASE_MS   20000    /* ten questions, a second between them */

static const AditLeakPacket packets[] = {
  { "udp", SOCK_DGRAM, 0, SITE, PORT, { 0 } },
  { "udp by the cable", SOCK_DGRAM, 0, SITE, PORT, { CABLE } },
  { "tcp", SOCK_STREAM, 0, SITE, 80, { 0 } },
  { "tcp by the cable", SOCK_STREAM, 0, SITE, 80, { CABLE } },
  { "echo", SOCK_RAW, IPPROTO_ICMP, SITE, 0, { CABLE } },
};

static const AditLeakPacket packets6[] = {
  { "udp", SOCK_DGRAM, 0, SITE6, PORT, { 0 } },
  { "udp by the cable", SOCK_DGRAM, 0, SITE6, PORT, { CABLE } },
  { "tcp", SOCK_STREAM, 0, SITE6, 80, { 0 } },
  { "echo", SOCK_RAW, IPPROTO_ICMPV6, SITE6, 0, { CABLE } },
};

/* To the tunnel's own far end, which the lock opens for the tunnel alone. */
static const AditLeakPacket exit_packets[] = {
  { "udp to the exit", SOCK_DGRAM, 0, EXIT, PORT, { 0 } },
  { "udp to the exit's port by the cable", SOCK_DGRAM, 0, EXIT, ADIT_LAB_EXIT_PORT, { CABLE } },
};

typedef struct
{
  const char           *options[2];    /* what dnsmasq is told to push */
  const char           *shown[2];      /* two routes that the client's kernel has then, as ip writes them */
  const AditLeakPacket *packets;
  gsize                 n_packets;
  gboolean              forwards;      /* the attacker hands on what it gets, so that nobody notices */
} Push;

/* --- The stranger --------------------------------------------------------------------------------------------------------- */

static void
run (AditLeak *leak, const char *space, const char *what, const char *value)
{
  g_autofree char *line = g_strconcat (what, value, NULL);

  adit_leak_run (leak, space, line);
}

/* Has the sites' addresses himself, so that what reaches him is taken. */
static void
settle_attacker (AditLeak *leak, gboolean there)
{
  static const char *const addresses[] = { SITE "/32 dev lo", SITE6 "/128 dev lo nodad", EXIT "/32 dev lo" };

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    run (leak, "lan", there ? "ip addr replace " : "ip addr del ", addresses[i]);
}

static void
expect_listed (AditLeak *leak, const char *line, const char *words)
{
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  gint64 end = g_get_monotonic_time () + WAIT_MS * 1000;

  for (;;)
    {
      g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, WAIT_MS, (const char *const *) argv, NULL);

      if (strstr (result->out, words) != NULL)
        return;
      if (g_get_monotonic_time () > end)
        g_error ("\"%s\" does not say \"%s\", but: %s", line, words, result->out);
      g_usleep (20000);
    }
}

/* The user is told what the network tries, and no longer once it does not. */
static void
expect_notice (AditLeak *leak, const char *notice)
{
  gint64 end = g_get_monotonic_time () + WAIT_MS * 1000;
  g_autofree char *words = g_strdup_printf ("\"notices\":[%s", notice);

  for (;;)
    {
      g_autoptr (AditLabResult) result = adit_world_adit (adit_leak_get_world (leak), 0, NULL, "status --json");

      if (strstr (result->out, words) != NULL)
        return;
      if (g_get_monotonic_time () > end)
        g_error ("not told of %s: %s", notice, result->out);
      g_usleep (20000);
    }
}

/* What a distribution's script does with a lease: address, option 121, option 33, option 3. */
static void
write_script (void)
{
  static const char text[] =
    "#!/bin/sh\n"
    "[ \"$1\" = bound ] || exit 0\n"
    "ip addr replace \"$ip/$mask\" dev \"$interface\"\n"
    "for one in $router; do ip route replace default via \"$one\" dev \"$interface\"; done\n"
    "set -- $staticroutes $(echo \"$routes\" | tr / ' ')\n"
    "while [ $# -ge 2 ]; do ip route replace \"$1\" via \"$2\" dev \"$interface\"; shift 2; done\n";

  g_assert_true (g_file_set_contents (SCRIPT, text, -1, NULL));
  g_assert_cmpint (chmod (SCRIPT, 0755), ==, 0);
}

static GPid
start_dhcp_server (const char *range, const char *const options[2])
{
  g_autofree char *pool = g_strdup_printf ("--dhcp-range=%s,1h", range);
  const char *const argv[] = { "dnsmasq", "--keep-in-foreground", "--port=0", "--conf-file=/dev/null", "--interface=eth0",
                               "--bind-interfaces", "--dhcp-authoritative", "--no-ping", "--user=root", "--dhcp-option=3",
                               "--dhcp-leasefile=" FOLDER "/rogue-leases", "--pid-file=" SERVER_PID, pool,
                               options[0], options[1], NULL };
  g_autoptr (GError) error = NULL;
  GPid pid;

  (void) unlink (SERVER_PID);
  (void) unlink (FOLDER "/rogue-leases");
  pid = adit_lab_spawn_logged ("lan", 0, argv, FOLDER "/log", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < WAIT_MS / 10 && access (SERVER_PID, F_OK) != 0; i++)    /* written when it listens */
    g_usleep (10000);
  return pid;
}

/* The client asks for a lease as it does on every network, and believes what it is given. */
static void
take_lease (AditLeak *leak, const char *range, const char *const options[2])
{
  static const char *const argv[] = { "busybox", "udhcpc", "-f", "-n", "-q", "-i", "eth0", "-t", "10", "-T", "1", "-s", SCRIPT,
                                      "-O", "staticroutes", "-O", "routes", NULL };
  GPid server = start_dhcp_server (range, options);
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, LEASE_MS, argv, &error);

  adit_lab_end (server);
  g_assert_no_error (error);
  if (result->status != 0)
    {
      adit_world_print_log (adit_leak_get_world (leak));
      g_error ("no lease: %s", result->err);
    }
}

static void
put_routes_right (AditLeak *leak)
{
  adit_leak_run (leak, "client", "ip route flush table main proto boot");
  adit_leak_run (leak, "client", "ip route add default via " ROUTER);
  adit_leak_run (leak, "client", "ip route flush cache");
  adit_leak_run (leak, "client", "ip -6 route flush table main proto ra");
  adit_leak_run (leak, "client", "ip -6 route replace default via 2001:db8:10::1");
}

static void
send_all (AditLeak *leak, const AditLeakPacket *all, gsize n)
{
  for (gsize i = 0; i < n; i++)
    adit_leak_send (leak, &all[i]);
}

/* Each of @all leaves where nothing forbids it, and the first of them, a datagram, comes to the attacker. */
static void
expect_caught (AditLeak *leak, const AditLeakPacket *all, gsize n)
{
  int trap = probe_listen ("lan", SOCK_DGRAM, all[0].to, all[0].port);

  adit_leak_allow (leak, "control");    /* what the lease brought with it is none of these */
  for (gsize i = 0; i < n; i++)
    {
      adit_leak_send (leak, &all[i]);
      adit_leak_expect_open (leak, all[i].name);
      if (i == 0 && !probe_heard (trap))
        g_error ("%s did not come to the attacker", all[i].name);
    }
  close (trap);
}

/* --- What it pushes ------------------------------------------------------------------------------------------------------- */

static void
push_routes (AditLeak *leak, const Push *push)
{
  take_lease (leak, "10.10.0.2,10.10.0.2,255.255.255.0", push->options);
  for (gsize i = 0; i < G_N_ELEMENTS (push->shown) && push->shown[i] != NULL; i++)
    expect_listed (leak, "ip route show table main", push->shown[i]);
}

/* The tunnel's own packets take the pushed way as well, and must, since it is the network's; nothing else takes any. */
static void
try_push (AditLeak *leak, const Push *push)
{
  AditWorld *world = adit_leak_get_world (leak);

  write_script ();
  settle_attacker (leak, TRUE);
  run (leak, "lan", "sysctl -qw net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0 net.ipv4.ip_forward=",
       push->forwards ? "1" : "0");
  if (push->forwards)
    adit_leak_run (leak, "lan", "ip addr del " EXIT "/32 dev lo");
  adit_leak_start_senders (leak);
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      push_routes (leak, push);
      if (state == ADIT_LEAK_CONNECTED)
        {
          expect_notice (leak, push->forwards ? "\"routes-pushed\"" : "\"routes-pushed\",\"peer-diverted\"]");
          adit_world_expect_web (world, push->forwards ? EXIT : "");
        }
      send_all (leak, push->packets, push->n_packets);
      adit_leak_expect_shut (leak, push->options[0]);
      put_routes_right (leak);
      if (state == ADIT_LEAK_CONNECTED)
        expect_notice (leak, "]");
    }
  adit_leak_stop_senders (leak);
  adit_leak_expose (leak);
  push_routes (leak, push);
  expect_caught (leak, push->packets, push->n_packets);
  put_routes_right (leak);
  if (push->forwards)
    adit_leak_run (leak, "lan", "ip addr add " EXIT "/32 dev lo");
  settle_attacker (leak, FALSE);
  adit_leak_run (leak, "lan", "sysctl -qw net.ipv4.ip_forward=0");
}

static void
row_r01 (AditLeak *leak)
{
  static const Push pushes[] = {
    { { "--dhcp-option-force=121,0.0.0.0/1," ATTACKER ",128.0.0.0/1," ATTACKER },
      { "0.0.0.0/1 via " ATTACKER, "128.0.0.0/1 via " ATTACKER }, packets, G_N_ELEMENTS (packets), TRUE },
    { { "--dhcp-option-force=121," SITE "/32," ATTACKER }, { SITE " via " ATTACKER }, packets, G_N_ELEMENTS (packets), TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pushes); i++)
    try_push (leak, &pushes[i]);
}

static void
row_r02 (AditLeak *leak)
{
  static const Push push = { { "--dhcp-option-force=33," SITE "," ATTACKER, "--dhcp-option-force=3," ATTACKER },
                             { SITE " via " ATTACKER, "default via " ATTACKER }, packets, G_N_ELEMENTS (packets), TRUE };

  try_push (leak, &push);
}

/* The attacker swallows what it gets, so the tunnel stalls. */
static void
row_r03 (AditLeak *leak)
{
  static const Push push = { { "--dhcp-option-force=121," EXIT "/32," ATTACKER }, { EXIT " via " ATTACKER }, exit_packets,
                             G_N_ELEMENTS (exit_packets), FALSE };

  try_push (leak, &push);
}

/* RFC 4861, 4.2; RFC 4191, 2.3: no default router, and the way to both halves and to the site is here; high preference. */
static void
advertise_routes (AditLeak *leak)
{
  static const guint8 advertisement[] = {
    134, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    24, 2, 1, 0x08, 0, 0, 0x0e, 0x10, 0, 0, 0, 0, 0, 0, 0, 0,
    24, 2, 1, 0x08, 0, 0, 0x0e, 0x10, 0x80, 0, 0, 0, 0, 0, 0, 0,
    24, 3, 128, 0x08, 0, 0, 0x0e, 0x10, 0x20, 0x01, 0x0d, 0xb8, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80,
  };
  const ProbeWay way = { .space = "lan", .device = "eth0", .hops = 255 };

  adit_leak_run (leak, "client", "sysctl -qw net.ipv6.conf.eth0.accept_ra=2 net.ipv6.conf.eth0.accept_ra_rt_info_max_plen=128");
  (void) probe_send (&way, SOCK_RAW, IPPROTO_ICMPV6, "ff02::1", 0, advertisement, sizeof advertisement);
  expect_listed (leak, "ip -6 route show table main", "8000::/1 via fe80:");
  expect_listed (leak, "ip -6 route show table main", SITE6 " via fe80:");
}

static void
row_r02_advertised (AditLeak *leak)
{
  settle_attacker (leak, TRUE);
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      advertise_routes (leak);
      if (state == ADIT_LEAK_CONNECTED)
        expect_notice (leak, "\"routes-pushed\"]");
      send_all (leak, packets6, G_N_ELEMENTS (packets6));
      adit_leak_expect_shut (leak, "a route information option");
      put_routes_right (leak);
    }
  adit_leak_expose (leak);
  advertise_routes (leak);
  expect_caught (leak, packets6, G_N_ELEMENTS (packets6));
  put_routes_right (leak);
  settle_attacker (leak, FALSE);
}

/* RFC 792: "for the site ask the attacker", in the router's name, about an echo reply; for those the kernel needs no socket. */
static void
redirect (void)
{
  guint8 bytes[8 + 20 + 8] = { 5, 1, 0, 0, 10, 10, 0, 3, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, IPPROTO_ICMP, 0, 0, 10, 10, 0, 2 };
  const ProbeWay way = { .space = "router", .device = "br-lan", .from = ROUTER };
  guint32 sum = 0;

  g_assert_cmpint (inet_pton (AF_INET, SITE, bytes + 24), ==, 1);
  for (gsize i = 0; i < sizeof bytes; i += 2)
    sum += (guint32) (bytes[i] << 8 | bytes[i + 1]);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = ~sum & 0xffff;
  bytes[2] = (guint8) (sum >> 8);
  bytes[3] = (guint8) sum;
  g_assert_true (probe_send (&way, SOCK_RAW, IPPROTO_ICMP, "10.10.0.2", 0, bytes, sizeof bytes));
}

static void
row_r02_redirect (AditLeak *leak)
{
  settle_attacker (leak, TRUE);
  adit_leak_run (leak, "client", "sysctl -qw net.ipv4.conf.all.accept_redirects=1 net.ipv4.conf.eth0.accept_redirects=1"
                                 " net.ipv4.conf.eth0.secure_redirects=0 net.ipv4.conf.all.secure_redirects=0");
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      redirect ();
      send_all (leak, packets, G_N_ELEMENTS (packets));
      adit_leak_expect_shut (leak, "a redirect");
    }
  adit_leak_expose (leak);
  redirect ();
  expect_listed (leak, "ip route get " SITE, "via " ATTACKER);
  expect_caught (leak, packets, G_N_ELEMENTS (packets));
  put_routes_right (leak);
  settle_attacker (leak, FALSE);
}

/* --- Public networks that are said to be local ---------------------------------------------------------------------------- */

/* RFC 4861, 4.6.2: the site's network is on this link, no address from it. */
static void
advertise_prefix (AditLeak *leak)
{
  static const guint8 advertisement[] = {
    134, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    3, 4, 64, 0x80, 0, 0, 0x0e, 0x10, 0, 0, 0x0e, 0x10, 0, 0, 0, 0, 0x20, 0x01, 0x0d, 0xb8, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  };
  const ProbeWay way = { .space = "lan", .device = "eth0", .hops = 255 };

  adit_leak_run (leak, "client", "sysctl -qw net.ipv6.conf.eth0.accept_ra=2");
  (void) probe_send (&way, SOCK_RAW, IPPROTO_ICMPV6, "ff02::1", 0, advertisement, sizeof advertisement);
  expect_listed (leak, "ip -6 route show table main", "2001:db8:ff::/64 dev eth0");
}

static void
call_it_local (AditLeak *leak)
{
  static const char *const options[2] = { "--dhcp-option=6", NULL };

  take_lease (leak, "203.0.113.50,203.0.113.50,255.255.255.0", options);
  expect_listed (leak, "ip route show table main", "203.0.113.0/24 dev eth0");
  advertise_prefix (leak);
}

static void
leave_it (AditLeak *leak)
{
  adit_leak_run (leak, "client", "ip addr del 203.0.113.50/24 dev eth0");
  adit_leak_run (leak, "client", "ip -6 route del 2001:db8:ff::/64 dev eth0");
  put_routes_right (leak);
}

static void
row_r05 (AditLeak *leak)
{
  write_script ();
  adit_leak_run (leak, "lan", "ip addr add 203.0.113.80/24 dev eth0");
  adit_leak_run (leak, "lan", "ip addr add " SITE6 "/64 dev eth0 nodad");
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      call_it_local (leak);
      if (state == ADIT_LEAK_CONNECTED)
        adit_world_expect_web (adit_leak_get_world (leak), EXIT);
      send_all (leak, packets, G_N_ELEMENTS (packets));
      send_all (leak, packets6, G_N_ELEMENTS (packets6));
      adit_leak_expect_shut (leak, "a public network on this link");
      leave_it (leak);
    }
  adit_leak_expose (leak);
  call_it_local (leak);
  expect_caught (leak, packets, G_N_ELEMENTS (packets));
  expect_caught (leak, packets6, G_N_ELEMENTS (packets6));
  leave_it (leak);
  adit_leak_run (leak, "lan", "ip addr del 203.0.113.80/24 dev eth0");
  adit_leak_run (leak, "lan", "ip addr del " SITE6 "/64 dev eth0");
}

static const AditLeakRow rows[] = {
  { "R01", "a stranger's DHCP pushes routes by option 121", row_r01 },
  { "R02", "the same by options 33 and 3", row_r02 },
  { "R02-advertised", "a router advertises routes by RFC 4191", row_r02_advertised },
  { "R02-redirect", "ICMP redirects in the router's name", row_r02_redirect },
  { "R03", "option 121 sends the tunnel's own packets to the attacker", row_r03 },
  { "R05", "a public network is said to be local", row_r05 },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
