/* SPDX-License-Identifier: GPL-2.0-or-later */
/* firewall-fixture.c: the links and addresses, and the policy that a lock is tried with. */
#include "tests/lab/firewall-fixture.h"

#include <errno.h>
#include <stdio.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include "platform/linux/nft.h"

static void
set_sysctl (const char *path, const char *value)
{
  g_autofree char *full = g_strconcat ("/proc/sys/net/", path, NULL);
  FILE *file = fopen (full, "w");

  g_assert_nonnull (file);
  g_assert_cmpint (fputs (value, file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* This namespace is the computer; "far" is its network and the internet, "exit" the far end of the tunnel, "vm", "mac" and
 * "routed" are guests: on a bridge with the cable "cable2", on a macvlan of "cable", and behind a routed link. */
static void
make_links (FirewallFixture *self)
{
  static const char *const spaces[] = { "far", "exit", "vm", "mac", "routed", NULL };
  static const char *const devices[] = { "cable", "cable2", "adit0", "g0", "r0", "br0", NULL };

  for (guint i = 0; spaces[i] != NULL; i++)
    private_world_do ("ip netns add %s", spaces[i]);
  /* No waiting for duplicate addresses: nobody else is there, and until then a link-local address cannot send. */
  set_sysctl ("ipv6/conf/default/accept_dad", "0");
  for (guint i = 0; spaces[i] != NULL; i++)
    private_world_do ("ip netns exec %s sysctl -qw net.ipv6.conf.default.accept_dad=0", spaces[i]);
  private_world_do ("ip link add cable address 02:00:00:00:00:cc type veth peer name wire netns far");
  private_world_do ("ip link add cable2 type veth peer name wire2 netns far");
  private_world_do ("ip link add adit0 type veth peer name deep netns exit");
  private_world_do ("ip link add g0 type veth peer name g1 netns vm");
  private_world_do ("ip link add r0 type veth peer name r1 netns routed");
  private_world_do ("ip link add br0 type bridge");
  private_world_do ("ip link set cable2 master br0");
  private_world_do ("ip link set g0 master br0");
  private_world_do ("ip link add mac0 link cable type macvlan mode bridge");
  private_world_do ("ip link set mac0 netns mac");

  private_world_do ("ip addr add 192.0.2.2/24 dev cable");
  private_world_do ("ip addr add 2001:db8:1::2/64 dev cable nodad");
  private_world_do ("ip addr add " OWN "/24 dev adit0");
  private_world_do ("ip addr add " OWN6 "/64 dev adit0 nodad");
  private_world_do ("ip addr add 172.16.5.1/24 dev r0");
  private_world_do ("ip -n far addr add 192.0.2.1/24 dev wire");
  private_world_do ("ip -n far addr add 2001:db8:1::1/64 dev wire nodad");
  private_world_do ("ip -n far addr add 192.168.9.1/24 dev wire2");
  private_world_do ("ip -n exit addr add " DNS "/24 dev deep");
  private_world_do ("ip -n exit addr add " DNS6 "/64 dev deep nodad");
  private_world_do ("ip -n vm addr add 192.168.9.7/24 dev g1");
  private_world_do ("ip -n mac addr add 192.0.2.77/24 dev mac0");
  private_world_do ("ip -n routed addr add 172.16.5.2/24 dev r1");
  for (guint i = 0; devices[i] != NULL; i++)
    private_world_do ("ip link set %s up", devices[i]);
  private_world_do ("ip -n far link set lo up");
  private_world_do ("ip -n far link set wire up");
  private_world_do ("ip -n far link set wire2 up");
  private_world_do ("ip -n exit link set lo up");
  private_world_do ("ip -n exit link set deep up");
  private_world_do ("ip -n vm link set g1 up");
  private_world_do ("ip -n mac link set mac0 up");
  private_world_do ("ip -n routed link set r1 up");
  private_world_do ("ip -n far addr add " API "/32 dev lo");
  private_world_do ("ip -n far addr add " PEER "/32 dev lo");
  private_world_do ("ip -n far addr add " OTHER "/32 dev lo");
  private_world_do ("ip -n far addr add " API6 "/128 dev lo nodad");
  private_world_do ("ip -n far addr add 2001:db8:9::30/128 dev lo nodad");
  private_world_do ("ip route add default via 192.0.2.1");
  private_world_do ("ip route add default via 2001:db8:1::1");
  private_world_do ("ip -n far route add 172.16.5.0/24 via 192.0.2.2");
  private_world_do ("ip -n mac route add default via 192.0.2.1");
  private_world_do ("ip -n routed route add default via 172.16.5.1");
  private_world_do ("ip -n exit route add default via " OWN);
  /* A tunnel has no neighbours: nothing of ARP or NDP may be needed there. */
  private_world_do ("ip link set adit0 address 02:00:00:00:00:aa");
  private_world_do ("ip -n exit link set deep address 02:00:00:00:00:bb");
  private_world_do ("ip neigh replace " DNS " lladdr 02:00:00:00:00:bb dev adit0 nud permanent");
  private_world_do ("ip neigh replace " DNS6 " lladdr 02:00:00:00:00:bb dev adit0 nud permanent");
  private_world_do ("ip neigh replace 10.64.0.9 lladdr 02:00:00:00:00:bb dev adit0 nud permanent");
  private_world_do ("ip neigh replace fc00:bbbb::9 lladdr 02:00:00:00:00:bb dev adit0 nud permanent");
  private_world_do ("ip -n exit neigh replace " OWN " lladdr 02:00:00:00:00:aa dev deep nud permanent");
  private_world_do ("ip -n exit neigh replace " OWN6 " lladdr 02:00:00:00:00:aa dev deep nud permanent");
  set_sysctl ("ipv4/ip_forward", "1");
  set_sysctl ("ipv4/conf/all/rp_filter", "0");
  set_sysctl ("ipv4/conf/cable/rp_filter", "0");
  set_sysctl ("ipv4/conf/adit0/rp_filter", "0");
  self->cable = probe_watch ("far", "wire");
  self->bridged = probe_watch ("far", "wire2");
  self->inside = probe_watch ("exit", "deep");
  /* A new link needs a second or two before neighbours answer in IPv6; a port where nobody listens answers with a reset. */
  for (guint i = 0; i < 100 && probe_connect (&(ProbeWay) { 0 }, API6, 9, 50) != ECONNREFUSED; i++)
    g_usleep (20000);
  g_assert_cmpint (probe_connect (&(ProbeWay) { 0 }, API6, 9, 1000), ==, ECONNREFUSED);
}

/**
 * firewall_fixture_set_up:
 * @self: all zero
 *
 * Call it first in main(), while there is one thread.
 *
 * Returns: FALSE, having said why, where this is not possible; the caller exits with %PRIVATE_WORLD_SKIP
 */
gboolean
firewall_fixture_set_up (FirewallFixture *self)
{
  g_autoptr (GError) error = NULL;

  if (!private_world_enter ())
    return FALSE;
  self->firewall = adit_nft_firewall_new ();
  if (!adit_firewall_probe (self->firewall, &error))
    {
      g_printerr ("SKIP: %s\n", error->message);
      g_clear_object (&self->firewall);
      return FALSE;
    }
  make_links (self);
  return TRUE;
}

/**
 * firewall_fixture_tear_down:
 * @self: set up
 *
 * Ends our side; the links go with the process.
 */
void
firewall_fixture_tear_down (FirewallFixture *self)
{
  g_clear_object (&self->firewall);
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

/**
 * firewall_fixture_try_lock:
 * @self: set up
 * @lock: what may leave
 * @error: return location; as adit_firewall_apply()
 *
 * Returns: whether that lock is in force
 */
gboolean
firewall_fixture_try_lock (FirewallFixture *self, AditLock lock, GError **error)
{
  AditLockPolicy policy = new_policy (lock);

  return adit_firewall_apply (self->firewall, &policy, error);
}

/**
 * firewall_fixture_set_lock:
 * @self: set up
 * @lock: what may leave
 *
 * Puts that lock in force, which must work.
 */
void
firewall_fixture_set_lock (FirewallFixture *self, AditLock lock)
{
  g_autoptr (GError) error = NULL;

  firewall_fixture_try_lock (self, lock, &error);
  g_assert_no_error (error);
}

/**
 * firewall_fixture_set_carrier:
 * @self: set up
 * @lock: what may leave
 * @transport: how the peer is reached, at port 1194
 * @uid: by whom
 *
 * Puts that lock in force, which must work.
 */
void
firewall_fixture_set_carrier (FirewallFixture *self, AditLock lock, AditTransport transport, guint32 uid)
{
  AditLockPolicy policy = new_policy (lock);
  g_autoptr (GError) error = NULL;

  g_assert_true (adit_endpoint_parse (PEER ":1194", &policy.peer));
  policy.transport = transport;
  policy.carrier_uid = uid;
  adit_firewall_apply (self->firewall, &policy, &error);
  g_assert_no_error (error);
}

/**
 * firewall_packet_send:
 * @self: what and whence
 *
 * Tries to send it; whether it left, a watcher tells.
 */
void
firewall_packet_send (const FirewallPacket *self)
{
  static const guint8 echo4[8] = { 8, 0, 0xf7, 0xff };
  static const guint8 echo6[8] = { 128 };

  if (self->type == SOCK_STREAM)
    probe_connect (&self->way, self->to, self->port, 5);
  else if (self->protocol == IPPROTO_ICMP)
    probe_send (&self->way, self->type, self->protocol, self->to, 0, echo4, sizeof echo4);
  else
    probe_send (&self->way, self->type, self->protocol, self->to, self->port, echo6, sizeof echo6);
}
