/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-services.c: real servers as IVPN and OVPN have them, from what is known of these and not from what we tell openvpn.
 * Each has addresses and ports of its own, by which the kernel leads to it, and lets out by its machine's address. */
#include "tests/lab/openvpn-services.h"

#include <gio/gio.h>

#define IN      ADIT_LAB_OVPN_DIRECTORY "/"
#define DNS_LOG "/run/adit-lab-dns.log"

#define OVPNCOM_OTHER "192.165.9.158"

/* IVPN's clients say "compress" and "cipher AES-256-CBC" and have no IPv6 inside; newer ones may have AES-256-GCM. */
#define IVPN_LINES(ciphers) "allow-compression asym\ncompress\ncipher AES-256-CBC\ndata-ciphers " ciphers "\n"
/* OVPN's say this order, and want no new keys but when the server does. */
#define OVPNCOM_LINES \
  "cipher CHACHA20-POLY1305\ndata-ciphers CHACHA20-POLY1305:AES-256-GCM:AES-256-CBC:AES-128-GCM\nreneg-sec 0\n"

static const char *const ivpn_pushes[] = { "redirect-gateway def1", "dhcp-option DNS " ADIT_LAB_OVPN_RESOLVER, NULL };
static const char *const ovpncom_pushes[] = { "redirect-gateway def1", "dhcp-option DNS " ADIT_LAB_OVPNCOM_RESOLVER, NULL };

#define SERVER(way, number, its_pushes, its_lines) \
  { .transport = ADIT_LAB_OVPN_##way, .port = number, .wrap = ADIT_LAB_OVPN_TLS_AUTH, .is_ipv4_alone = TRUE, .is_silent = TRUE, \
    .pushes = its_pushes, .lines = its_lines }

static const struct
{
  const char       *exit_address;    /* its machine's */
  AditLabOvpnServer server;
} servers[] = {
  { ADIT_LAB_IVPN_OVPN_ADDRESS, SERVER (UDP, 2201, ivpn_pushes, IVPN_LINES ("AES-256-CBC")) },
  { ADIT_LAB_IVPN_OVPN_ADDRESS, SERVER (TCP, 2202, ivpn_pushes, IVPN_LINES ("AES-256-CBC")) },
  { ADIT_LAB_IVPN_OVPN_OTHER, SERVER (UDP, 2101, ivpn_pushes, IVPN_LINES ("AES-256-GCM:AES-256-CBC")) },
  { ADIT_LAB_IVPN_OVPN_OTHER, SERVER (TCP, 2102, ivpn_pushes, IVPN_LINES ("AES-256-GCM:AES-256-CBC")) },
  { ADIT_LAB_OVPN_ADDRESS, SERVER (UDP, 2001, ovpncom_pushes, OVPNCOM_LINES) },
  { ADIT_LAB_OVPN_ADDRESS, SERVER (TCP, 2002, ovpncom_pushes, OVPNCOM_LINES) },
};

/* Which server is behind an address and port.  In at one place and out at another: the port is the exit's, and tells which. */
static const char *const doors[] = {
  "ip daddr " ADIT_LAB_IVPN_OVPN_ADDRESS " udp dport 1194 redirect to :2201",
  "ip daddr " ADIT_LAB_IVPN_OVPN_ADDRESS " tcp dport 443 redirect to :2202",
  "ip daddr " ADIT_LAB_IVPN_OVPN_OTHER " udp dport 1194 redirect to :2101",
  "ip daddr " ADIT_LAB_IVPN_OVPN_OTHER " tcp dport 443 redirect to :2102",
  "ip daddr " ADIT_LAB_IVPN_OVPN_OTHER " udp dport 20300 redirect to :2201",    /* no1, by the simulator's list */
  "ip daddr " ADIT_LAB_IVPN_OVPN_OTHER " tcp dport 20300 redirect to :2202",
  "ip daddr " ADIT_LAB_IVPN_OVPN_ADDRESS " udp dport 21000 redirect to :2101",  /* se1 */
  "ip daddr " ADIT_LAB_IVPN_OVPN_ADDRESS " tcp dport 21000 redirect to :2102",
  "ip daddr " ADIT_LAB_OVPN_ADDRESS " udp dport { 1194, 1195 } redirect to :2001",
  "ip daddr " ADIT_LAB_OVPN_ADDRESS " tcp dport 443 redirect to :2002",
};

static gboolean
write_trust (GError **error)
{
  g_autofree char *roots = NULL, *key = NULL, *both = NULL;

  if (!g_file_get_contents (IN "ca.pem", &roots, NULL, error) || !g_file_get_contents (IN "tls-auth.key", &key, NULL, error))
    return FALSE;
  both = g_strconcat (roots, key, NULL);
  return g_file_set_contents_full (ADIT_LAB_OVPN_TRUST_FILE, both, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
}

static gboolean
add_addresses (const char *dns_server_program, GError **error)
{
  static const char *const lines[] = {
    "ip -n ovpn addr add " ADIT_LAB_IVPN_OVPN_ADDRESS "/24 dev eth0",
    "ip -n ovpn addr add " ADIT_LAB_IVPN_OVPN_OTHER "/24 dev eth0",
    "ip -n ovpn addr add " ADIT_LAB_OVPNCOM_RESOLVER "/32 dev lo",
    "ip -n ovpn addr add " OVPNCOM_OTHER "/32 dev lo",
  };
  static const char *const resolvers[] = { ADIT_LAB_OVPNCOM_RESOLVER, OVPNCOM_OTHER };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    if (!adit_lab_run_line (NULL, lines[i], error))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (resolvers); i++)
    {
      const char *const argv[] = { dns_server_program, resolvers[i], DNS_LOG, NULL };

      if (adit_lab_spawn ("ovpn", 0, argv, error) == 0)
        return FALSE;
    }
  return TRUE;
}

/* Before what adit_lab_make_ovpn() has made, which lets all of them out by one address. */
static gboolean
open_doors (const guint *numbers, GError **error)
{
  g_autoptr (GString) line = g_string_new ("nft 'table ip doors { chain pre { type nat hook prerouting priority dstnat;");

  for (gsize i = 0; i < G_N_ELEMENTS (doors); i++)
    g_string_append_printf (line, " iifname \"eth0\" %s;", doors[i]);
  g_string_append (line, " }; chain post { type nat hook postrouting priority srcnat - 1;");
  for (gsize i = 0; i < G_N_ELEMENTS (servers); i++)
    g_string_append_printf (line, " oifname \"eth0\" ip saddr 10.65.%u.0/24 snat to %s;", numbers[i], servers[i].exit_address);
  g_string_append (line, " }; }'");
  /* OVPN's Stockholm, which is another computer, has 20000 and the number of Oslo's server. */
  return adit_lab_run_line ("ovpn", line->str, error) &&
         adit_lab_run_line ("exit", "nft 'table ip doors { chain pre { type nat hook prerouting priority dstnat - 1;"
                            " iifname \"eth0\" udp dport 20039 dnat to " ADIT_LAB_OVPN_ADDRESS ":1194; };"
                            " chain post { type nat hook postrouting priority srcnat - 1;"
                            " ip daddr " ADIT_LAB_OVPN_ADDRESS " udp dport 1194 masquerade; }; }'", error);
}

/**
 * adit_lab_ovpn_add_services:
 * @dns_server_program: the lab's DNS server, for the resolvers inside the tunnels
 * @verify_program: the lab's own, that knows the users
 * @error: return location
 *
 * After adit_lab_add_services(): starts the OpenVPN servers of IVPN and OVPN that the simulated services name, and writes
 * %ADIT_LAB_OVPN_TRUST_FILE.  They go with the program.
 *
 * Returns: whether they listen
 */
gboolean
adit_lab_ovpn_add_services (const char *dns_server_program, const char *verify_program, GError **error)
{
  guint numbers[G_N_ELEMENTS (servers)];

  if (!adit_lab_make_ovpn (dns_server_program, error) || !write_trust (error) || !add_addresses (dns_server_program, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      AditLabOvpn *server = adit_lab_ovpn_new (&servers[i].server, verify_program, error);

      if (server == NULL)
        return FALSE;
      numbers[i] = adit_lab_ovpn_get_number (server);
    }
  return open_doors (numbers, error);
}
