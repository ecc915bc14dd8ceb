/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-carrier.c: rows that are a packet which must not leave while openvpn carries the tunnel, by UDP or TCP. */
#include "config.h"
#include "tests/lab/leak.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include "platform/linux/marks.h"
#include "tests/lab/openvpn-bare.h"

#define FOLDER  "/run/lab/files"
#define OTHER   ADIT_LAB_WEB_ADDRESS
#define OTHER6  "2001:db8:ff::80"
#define SERVER  ADIT_LAB_OVPN_ADDRESS
#define CARRIER 61003    /* adit-openvpn's in the lab */
#define STATE_MS 40000   /* a server that is silent is waited for 15 s */
#define N_TRIES 100
#define CABLE   .device = "eth0"

static const char *const holes[] = { "udp:" SERVER ":1194", "tcp:" SERVER ":443", NULL };

/* Its user alone, or its server alone, opens nothing; nor does our mark, which is for what the helper opens itself. */
static const AditLeakPacket packets[] = {
  { "udp", SOCK_DGRAM, 0, OTHER, 9999, { CABLE } }, { "udp6", SOCK_DGRAM, 0, OTHER6, 9999, { CABLE } },
  { "tcp", SOCK_STREAM, 0, OTHER, 80, { CABLE } }, { "tcp6", SOCK_STREAM, 0, OTHER6, 80, { CABLE } },
  { "icmp", SOCK_RAW, IPPROTO_ICMP, OTHER, 0, { CABLE } }, { "icmp6", SOCK_RAW, IPPROTO_ICMPV6, OTHER6, 0, { CABLE } },
  { "to the server", SOCK_DGRAM, 0, SERVER, 1194, { CABLE } }, { "tcp to the server", SOCK_STREAM, 0, SERVER, 443, { CABLE } },
  { "to the server by Bob", SOCK_DGRAM, 0, SERVER, 1194, { .uid = ADIT_WORLD_BOB_UID } },
  { "to the server, marked", SOCK_DGRAM, 0, SERVER, 1194, { .mark = ADIT_MARK } },
  { "its user, another port", SOCK_DGRAM, 0, SERVER, 1195, { .uid = CARRIER } },
  { "its user, another address", SOCK_DGRAM, 0, OTHER, 1194, { CABLE, .uid = CARRIER } },
  { "its user, tcp", SOCK_STREAM, 0, OTHER, 443, { CABLE, .uid = CARRIER } },
  { "its user, names", SOCK_DGRAM, 0, ADIT_LAB_DNS_ADDRESS, 53, { CABLE, .uid = CARRIER } },
  { "its user, 6", SOCK_DGRAM, 0, OTHER6, 1194, { CABLE, .uid = CARRIER } },
};

static const AditLabOvpnServer servers[] = { { 0 }, { .transport = ADIT_LAB_OVPN_TCP } };

/* Needs the world. */
static void
start_servers (AditLabOvpn **udp, AditLabOvpn **tcp)
{
  static gboolean is_made;
  const char *verify = g_getenv ("ADIT_LAB_OPENVPN_VERIFY");
  g_autoptr (GError) error = NULL;

  is_made = is_made || adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error);
  if (!is_made || (*udp = adit_lab_ovpn_new (&servers[0], verify, &error)) == NULL ||
      (*tcp = adit_lab_ovpn_new (&servers[1], verify, &error)) == NULL)
    g_error ("%s", error->message);
}

static void
row_l11_openvpn (AditLeak *leak)
{
  static const char *const connects[] = { "connect --profile udp --wait", "connect --profile tcp --wait" };
  AditWorld *world = adit_leak_get_world (leak);
  g_autoptr (AditLabOvpn) udp = NULL, tcp = NULL;

  start_servers (&udp, &tcp);
  adit_lab_ovpn_put_file (FOLDER "/udp.ovpn", &servers[0], NULL);
  adit_lab_ovpn_put_file (FOLDER "/tcp.ovpn", &servers[1], NULL);
  adit_world_expect (world, 0, NULL, "import " FOLDER "/udp.ovpn", 0);
  adit_world_expect (world, 0, NULL, "import " FOLDER "/tcp.ovpn", 0);
  adit_leak_allow_also (leak, holes);
  adit_leak_enter (leak, ADIT_LEAK_LOCKDOWN);
  for (guint i = 0; i < G_N_ELEMENTS (connects); i++)
    {
      adit_leak_allow (leak, "connecting");
      adit_world_expect (world, 0, NULL, connects[i], 0);
      adit_leak_expect_shut (leak, connects[i]);
      adit_leak_allow (leak, "connected");
      for (gsize j = 0; j < G_N_ELEMENTS (packets); j++)
        adit_leak_send (leak, &packets[j]);
      adit_world_expect_web (world, SERVER);
      adit_leak_expect_shut (leak, connects[i]);
      /* And when nobody watches over it. */
      adit_leak_allow (leak, "orphaned");
      adit_world_kill_helper (world);
      for (gsize j = 0; j < G_N_ELEMENTS (packets); j++)
        adit_leak_send (leak, &packets[j]);
      adit_leak_expect_shut (leak, "orphaned");
      adit_world_expect_helper (world);
    }
  adit_leak_allow_also (leak, NULL);
  adit_leak_expose (leak);
  for (gsize i = 0; i < G_N_ELEMENTS (packets); i++)
    {
      adit_leak_send (leak, &packets[i]);
      adit_leak_expect_open (leak, packets[i].name);
    }
}

/* --- From one server of a file to the next -------------------------------------------------------------------------------- */

static const char *const udp_hole[] = { "udp:" SERVER ":1194", NULL }, *const tcp_hole[] = { "tcp:" SERVER ":443", NULL };

/* By the only user who may, to the one and to the other. */
static const AditLeakPacket by_udp = { "to the first server", SOCK_DGRAM, 0, SERVER, 1194, { .uid = CARRIER } };
static const AditLeakPacket by_tcp = { "to the second server", SOCK_STREAM, 0, SERVER, 443, { CABLE, .uid = CARRIER } };

/* Only the server in use is reached, and that one is. */
static void
expect_only (AditLeak *leak, const char *const *hole, const AditLeakPacket *used, const AditLeakPacket *other, const char *when)
{
  adit_leak_allow_also (leak, hole);
  adit_leak_allow (leak, when);
  for (guint i = 0; i < N_TRIES; i++)
    adit_leak_send (leak, other);
  adit_leak_expect_passed (leak, used, 1);
  adit_leak_expect_shut (leak, when);
}

/* The first server falls silent; while it is tried the second one is shut, and then the first one. */
static void
row_l07_openvpn (AditLeak *leak)
{
  AditWorld *world = adit_leak_get_world (leak);
  g_autoptr (AditLabOvpn) udp = NULL, tcp = NULL;

  start_servers (&udp, &tcp);
  adit_lab_ovpn_put_file (FOLDER "/list.ovpn", &servers[0], "remote " SERVER " 443 tcp\n");
  adit_world_expect (world, 0, NULL, "import " FOLDER "/list.ovpn", 0);
  adit_leak_enter (leak, ADIT_LEAK_LOCKDOWN);
  adit_leak_start_senders (leak);
  adit_leak_allow_also (leak, udp_hole);
  adit_leak_allow (leak, "connecting");
  adit_world_expect (world, 0, NULL, "connect --profile list --wait", 0);
  adit_leak_expect_shut (leak, "connecting to the first server");
  expect_only (leak, udp_hole, &by_udp, &by_tcp, "connected to the first server");

  kill (adit_lab_ovpn_get_pid (udp), SIGSTOP);
  adit_leak_allow_also (leak, holes);
  adit_leak_allow (leak, "moving");
  adit_world_expect (world, 0, NULL, "reconnect", 0);
  g_assert_true (adit_world_wait_state (world, "connecting", STATE_MS));
  adit_leak_expect_shut (leak, "moving");
  expect_only (leak, udp_hole, &by_udp, &by_tcp, "the first server is silent");
  adit_leak_allow_also (leak, holes);
  adit_leak_allow (leak, "moved");
  g_assert_true (adit_world_wait_state (world, "connected", STATE_MS));
  adit_leak_expect_shut (leak, "moved");
  expect_only (leak, tcp_hole, &by_tcp, &by_udp, "connected to the second server");
  kill (adit_lab_ovpn_get_pid (udp), SIGCONT);
  adit_world_expect_web (world, SERVER);
  adit_leak_stop_senders (leak);

  adit_leak_allow_also (leak, NULL);
  adit_leak_expose (leak);
  adit_leak_send (leak, &by_udp);
  adit_leak_expect_open (leak, by_udp.name);
  adit_leak_send (leak, &by_tcp);
  adit_leak_expect_open (leak, by_tcp.name);
}

static const AditLeakRow rows[] = {
  { "L11-openvpn", "beside openvpn's carrier: its user, its server, our mark", row_l11_openvpn },
  { "L07-openvpn", "from one server of OpenVPN to the next, by the carrier's own user", row_l07_openvpn },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
