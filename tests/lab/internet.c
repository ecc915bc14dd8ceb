/* SPDX-License-Identifier: GPL-2.0-or-later */
/* internet.c: client and neighbour behind a router; service, DNS, two exits and web beyond it.  IPv4 and IPv6. */
#include "tests/lab/lab.h"

#include <sys/stat.h>
#include <unistd.h>
#include <gio/gio.h>

#define EXIT_DEVICE   "wgexit"    /* unlike any other in the lab: all sockets of wireguard-go lie in one folder */
#define EXIT_KEY_FILE "/run/adit-lab-exit.key"
#define EXIT_LOG      "/run/adit-lab-exit.log"
#define ENTRY_DEVICE   "wgentry"
#define ENTRY_KEY_FILE "/run/adit-lab-entry.key"
#define DNS_LOG       "/run/adit-lab-dns.log"

/* The router's end of each cable is "to-NAME".  The client's is where the leak watcher sits. */
typedef struct
{
  const char *space, *bridge, *address4, *address6, *gateway4, *gateway6;
  gboolean    forwards;
} Place;

static const Place places[] = {
  { "client", "br-lan", "10.10.0.2/24",     "2001:db8:10::2/64",   "10.10.0.1",    "2001:db8:10::1" },
  { "lan",    "br-lan", "10.10.0.3/24",     "2001:db8:10::3/64",   "10.10.0.1",    "2001:db8:10::1" },
  { "api",    "br-wan", "192.0.2.10/24",    "2001:db8:ff::10/64",  "192.0.2.1",    "2001:db8:ff::1" },
  { "dns",    "br-wan", "192.0.2.53/24",    "2001:db8:ff::53/64",  "192.0.2.1",    "2001:db8:ff::1" },
  { "exit",   "br-wan", "198.51.100.10/24", "2001:db8:ff::110/64", "198.51.100.1", "2001:db8:ff::1", .forwards = TRUE },
  { "ovpn",   "br-wan", "198.51.100.20/24", "2001:db8:ff::120/64", "198.51.100.1", "2001:db8:ff::1", .forwards = TRUE },
  { "web",    "br-wan", "203.0.113.80/24",  "2001:db8:ff::80/64",  "203.0.113.1",  "2001:db8:ff::1" },
};

/* For those that ask for it: each namespace takes its time. */
static const Place entry_place = { "entry", "br-wan", "198.51.100.30/24", "2001:db8:ff::130/64", "198.51.100.1", "2001:db8:ff::1",
                                   .forwards = TRUE };
static gboolean has_entry;

static gboolean run (const char *space, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
run (const char *space, GError **error, const char *format, ...)
{
  g_autofree char *line = NULL;
  va_list list;

  va_start (list, format);
  line = g_strdup_vprintf (format, list);
  va_end (list);
  return adit_lab_run_line (space, line, error);
}

static gboolean
make_space (const char *space, gboolean forwards, GError **error)
{
  /* accept_dad: otherwise the first IPv6 packet waits two seconds for duplicate address detection. */
  return run (NULL, error, "ip netns add %s", space)
         && run (space, error, "sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0"
                               " net.ipv4.ip_forward=%d net.ipv6.conf.all.forwarding=%d", forwards, forwards)
         && run (space, error, "ip link set lo up");
}

static gboolean
connect_place (const Place *place, GError **error)
{
  const char *space = place->space;

  return make_space (space, place->forwards, error)
         && run (NULL, error, "ip -n router link add to-%s type veth peer name eth0 netns %s", space, space)
         && run (NULL, error, "ip -n router link set to-%s master %s up", space, place->bridge)
         && run (NULL, error, "ip -n %s link set eth0 up", space)
         && run (NULL, error, "ip -n %s addr add %s dev eth0", space, place->address4)
         && run (NULL, error, "ip -n %s addr add %s dev eth0 nodad", space, place->address6)
         && run (NULL, error, "ip -n %s route add default via %s", space, place->gateway4)
         && run (NULL, error, "ip -n %s -6 route add default via %s", space, place->gateway6);
}

/**
 * adit_lab_masquerade:
 * @space: a namespace that forwards
 * @device: its way out
 * @net4: whose packets leave there with its own address
 * @net6: the same for IPv6
 * @error: return location
 *
 * Returns: whether they do
 */
gboolean
adit_lab_masquerade (const char *space, const char *device, const char *net4, const char *net6, GError **error)
{
  return run (space, error, "nft 'table inet nat { chain post { type nat hook postrouting priority srcnat;"
              " oifname \"%s\" ip saddr %s masquerade; oifname \"%s\" ip6 saddr %s masquerade; }; }'", device, net4, device,
              net6);
}

/**
 * adit_lab_make_internet:
 * @error: return location
 *
 * Makes the namespaces client, lan, router, api, dns, exit, ovpn and web.  After adit_lab_enter().
 *
 * Returns: whether all of it is there
 */
gboolean
adit_lab_make_internet (GError **error)
{
  static const char *const router_addresses[] = {
    "10.10.0.1/24 dev br-lan", "2001:db8:10::1/64 dev br-lan nodad", "192.0.2.1/24 dev br-wan", "198.51.100.1/24 dev br-wan",
    "203.0.113.1/24 dev br-wan", "2001:db8:ff::1/64 dev br-wan nodad",
  };

  if (!make_space ("router", TRUE, error)
      || !run (NULL, error, "ip -n router link add br-lan type bridge") || !run (NULL, error, "ip -n router link set br-lan up")
      || !run (NULL, error, "ip -n router link add br-wan type bridge") || !run (NULL, error, "ip -n router link set br-wan up"))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (router_addresses); i++)
    if (!run (NULL, error, "ip -n router addr add %s", router_addresses[i]))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (!connect_place (&places[i], error))
      return FALSE;
  if (!run (NULL, error, "ip -n api addr add %s/24 dev eth0", ADIT_LAB_DOH_ADDRESS))
    return FALSE;
  return adit_lab_masquerade ("router", "br-wan", "10.10.0.0/24", "2001:db8:10::/64", error);
}

static char *
get_key (const char *space, const char *device)
{
  const char *const argv[] = { "wg", "show", device, "public-key", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run (space, 0, 5000, argv, NULL);

  return result != NULL && result->status == 0 ? g_strdup (g_strstrip (result->out)) : NULL;
}

/**
 * adit_lab_get_exit_key:
 *
 * Returns: (transfer full) (nullable): the exit's public key in base64, once adit_lab_start_exit() has run
 */
char *
adit_lab_get_exit_key (void)
{
  return get_key ("exit", EXIT_DEVICE);
}

/* A real wireguard-go without peers, with the gateway's addresses, that lets customers out with its own. */
static gboolean
start_relay (const char *space, const char *device, const char *key_file, GError **error)
{
  const char *const genkey[] = { "wg", "genkey", NULL };
  const char *const tunnel[] = { "wireguard-go", "--foreground", device, NULL };
  g_autoptr (AditLabResult) key = adit_lab_run (NULL, 0, 5000, genkey, error);
  g_autofree char *socket = g_strdup_printf ("/run/wireguard/%s.sock", device);

  if (key == NULL || !g_file_set_contents (key_file, key->out, -1, error) || chmod (key_file, 0600) != 0)
    return FALSE;
  if (adit_lab_spawn_logged (space, 0, tunnel, EXIT_LOG, NULL, error) == 0)    /* it prints a banner */
    return FALSE;
  for (guint i = 0; i < 500 && access (socket, F_OK) != 0; i++)
    g_usleep (10000);
  return run (space, error, "wg set %s listen-port %d private-key %s", device, ADIT_LAB_EXIT_PORT, key_file)
         && run (NULL, error, "ip -n %s addr add %s/10 dev %s", space, ADIT_LAB_GATEWAY, device)
         && run (NULL, error, "ip -n %s addr add %s/64 dev %s nodad", space, ADIT_LAB_GATEWAY6, device)
         && run (NULL, error, "ip -n %s link set %s up mtu 1420", space, device)
         && adit_lab_masquerade (space, "eth0", "10.64.0.0/10", "fc00:bbbb:bbbb:bb01::/64", error);
}

/**
 * adit_lab_start_exit:
 * @dns_server_program: the lab's DNS server, for the resolver inside the tunnel
 * @error: return location
 *
 * Starts a real wireguard-go without peers, its gateway addresses, the way out and both DNS servers.
 *
 * Returns: whether it runs
 */
gboolean
adit_lab_start_exit (const char *dns_server_program, GError **error)
{
  const char *const inner[] = { dns_server_program, ADIT_LAB_GATEWAY, DNS_LOG, NULL };
  const char *const outer[] = { dns_server_program, ADIT_LAB_DNS_ADDRESS, DNS_LOG, NULL };

  return start_relay ("exit", EXIT_DEVICE, EXIT_KEY_FILE, error) && adit_lab_spawn ("exit", 0, inner, error) != 0
         && adit_lab_spawn ("dns", 0, outer, error) != 0;
}

/**
 * adit_lab_add_entry:
 * @error: return location
 *
 * Makes the namespace "entry": a relay like the exit, at another place, but without a resolver inside.  Whoever the exit is told
 * of from then on, it knows too.
 *
 * Returns: whether it runs
 */
gboolean
adit_lab_add_entry (GError **error)
{
  has_entry = connect_place (&entry_place, error) && start_relay ("entry", ENTRY_DEVICE, ENTRY_KEY_FILE, error);
  return has_entry;
}

/**
 * adit_lab_get_entry_key:
 *
 * Returns: (transfer full) (nullable): the other relay's public key in base64, once adit_lab_add_entry() has run
 */
char *
adit_lab_get_entry_key (void)
{
  return has_entry ? get_key ("entry", ENTRY_DEVICE) : NULL;
}

/**
 * adit_lab_add_services:
 * @dns_server_program: the lab's DNS server, for the resolvers inside the tunnels
 * @error: return location
 *
 * After adit_lab_start_exit(): makes the one exit do for customers of the other services, too, and gives addresses to the
 * computer that answers for them all.  Their customers come with other addresses, to other ports and ask other resolvers.
 *
 * Returns: whether that is so
 */
gboolean
adit_lab_add_services (const char *dns_server_program, GError **error)
{
  static const char *const apis[] = { ADIT_LAB_IVPN_ADDRESS "/24", "192.0.2.13/24", "2001:db8:ff::12/64 nodad",
                                      ADIT_LAB_OVPNCOM_ADDRESS "/24", ADIT_LAB_MYSTERIUM_ADDRESS "/24" };
  static const char *const inside[] = { ADIT_LAB_IVPN_GATEWAY "/12", ADIT_LAB_IVPN_GATEWAY6 "/96 nodad",
                                        ADIT_LAB_OVPNCOM_RESOLVER "/32", "192.165.9.158/32", "fd00:0:1337:cafe::1/64 nodad" };
  static const char *const resolvers[] = { ADIT_LAB_IVPN_GATEWAY, ADIT_LAB_OVPNCOM_RESOLVER, "192.165.9.158" };

  for (guint i = 0; i < G_N_ELEMENTS (apis); i++)
    if (!run (NULL, error, "ip -n api addr add %s dev eth0", apis[i]))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (inside); i++)
    if (!run (NULL, error, "ip -n exit addr add %s dev %s", inside[i], EXIT_DEVICE))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (resolvers); i++)
    {
      const char *const argv[] = { dns_server_program, resolvers[i], DNS_LOG, NULL };

      if (adit_lab_spawn ("exit", 0, argv, error) == 0)
        return FALSE;
    }
  /* IVPN's usual port and ranges, OVPN's only one, and what either has for who goes in at one place and out at another. */
  return run ("exit", error, "nft 'table ip ports { chain pre { type nat hook prerouting priority dstnat; iifname \"eth0\""
              " ip daddr %s udp dport { 2049, 9929, 20000-65000 } redirect to :%d; }; }'", ADIT_LAB_EXIT_ADDRESS,
              ADIT_LAB_EXIT_PORT)
         && adit_lab_masquerade ("exit", "eth0", "172.16.0.0/12", "fd00::/16", error);
}

/**
 * adit_lab_add_exit_peer:
 * @public_key: in base64
 * @addresses: its tunnel addresses with prefix, separated by commas
 * @error: return location
 *
 * Returns: whether the exit, and the other relay where there is one, now knows it
 */
gboolean
adit_lab_add_exit_peer (const char *public_key, const char *addresses, GError **error)
{
  return run ("exit", error, "wg set %s peer %s allowed-ips %s", EXIT_DEVICE, public_key, addresses)
         && (!has_entry || run ("entry", error, "wg set %s peer %s allowed-ips %s", ENTRY_DEVICE, public_key, addresses));
}

/**
 * adit_lab_remove_exit_peer:
 * @public_key: in base64
 * @error: return location
 *
 * Returns: whether the exit has forgotten it
 */
gboolean
adit_lab_remove_exit_peer (const char *public_key, GError **error)
{
  return run ("exit", error, "wg set %s peer %s remove", EXIT_DEVICE, public_key)
         && (!has_entry || run ("entry", error, "wg set %s peer %s remove", ENTRY_DEVICE, public_key));
}
