/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-server.c: a row about a tunnel's server that somebody's file gives by name, on a network that lies about names. */
#include "config.h"
#include "tests/lab/leak.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/lab/openvpn-bare.h"

#define FOLDER    "/run/lab/files"
#define ATTACKER  "10.10.0.3"
#define SITE      ADIT_LAB_WEB_ADDRESS      /* what every name leads to here, and what the attacker wants to read */
#define SERVER    ADIT_LAB_OVPN_ADDRESS
#define NAME      "vpn.example"             /* really SERVER's: tests/simulator/names.c */
#define EXIT_NAME "four.example"            /* really the exit's */
#define RESOLVERS "/etc/resolv.conf"
#define CABLE     .device = "eth0"
#define WAIT_MS   3000

/* Whom the files really mean, and the resolver that is asked by HTTPS for them. */
static const char *const also[] = { "tcp:" ADIT_LAB_DOH_ADDRESS ":443", "udp:" SERVER ":1194", "tcp:" SERVER ":443", NULL };

/* To the address that the lie names, and as the tunnel's own packets go; to the real one, without being the tunnel's own. */
static const AditLeakPacket packets[] = {
  { "tcp to the site", SOCK_STREAM, 0, SITE, 80, { CABLE } }, { "udp to the site", SOCK_DGRAM, 0, SITE, 9999, { CABLE } },
  { "echo to the site", SOCK_RAW, IPPROTO_ICMP, SITE, 0, { CABLE } },
  { "to the site, the server's port", SOCK_DGRAM, 0, SITE, 1194, { CABLE } },
  { "to the site, the other server's port", SOCK_STREAM, 0, SITE, 443, { CABLE } },
  { "to the site, the peer's port", SOCK_DGRAM, 0, SITE, ADIT_LAB_EXIT_PORT, { CABLE } },
  { "to the site by Bob", SOCK_DGRAM, 0, SITE, 1194, { CABLE, .uid = ADIT_WORLD_BOB_UID } },
  { "to the server", SOCK_DGRAM, 0, SERVER, 1194, { CABLE } },
  { "to the server by Bob", SOCK_STREAM, 0, SERVER, 443, { CABLE, .uid = ADIT_WORLD_BOB_UID } },
  { "to the exit", SOCK_DGRAM, 0, ADIT_LAB_EXIT_ADDRESS, ADIT_LAB_EXIT_PORT, { CABLE } },
  { "a name", SOCK_DGRAM, 0, ATTACKER, 53, { CABLE } },
};

static const struct { const char *profile, *web; } profiles[] = {
  { "udp", SERVER }, { "tcp", SERVER }, { "wireguard", ADIT_LAB_EXIT_ADDRESS },
};

/* --- A network that lies -------------------------------------------------------------------------------------------------- */

static GPid
start_liar (void)
{
  const char *const argv[] = { "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
                               "--listen-address=" ATTACKER, "--bind-interfaces", "--user=root", "--pid-file=",
                               "--address=/#/" SITE, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid = adit_lab_spawn_logged ("lan", 0, argv, "/run/lab/liar.log", NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (RESOLVERS, "nameserver " ATTACKER "\noptions timeout:1 attempts:1\n", -1, NULL));
  return pid;
}

/* Everybody here believes it. */
static void
expect_lie (AditLeak *leak, const char *name)
{
  gint64 end = g_get_monotonic_time () + WAIT_MS * 1000;
  g_autofree char *said = NULL;

  do
    {
      g_free (said);
      said = adit_world_look_up (adit_leak_get_world (leak), name);
    }
  while (!g_str_has_prefix (said, SITE) && g_get_monotonic_time () < end);
  if (!g_str_has_prefix (said, SITE))
    g_error ("%s is \"%s\" here", name, said);
}

/* --- Files that name their server ------------------------------------------------------------------------------------------ */

static void
import (AditLeak *leak, const char *profile, const char *ending, const char *text)
{
  g_autofree char *path = g_strdup_printf (FOLDER "/%s.%s", profile, ending), *line = g_strconcat ("import ", path, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  adit_world_expect (adit_leak_get_world (leak), 0, NULL, line, 0);
}

static void
import_openvpn (AditLeak *leak, const char *profile, const AditLabOvpnServer *server)
{
  g_autofree char *path = g_strdup_printf (FOLDER "/%s.ovpn", profile), *text = NULL;
  g_autoptr (GString) named = NULL;

  adit_lab_ovpn_put_file (path, server, NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  named = g_string_new (text);
  g_assert_cmpuint (g_string_replace (named, "remote " SERVER " ", "remote " NAME " ", 0), ==, 1);
  import (leak, profile, "ovpn", named->str);
}

static char *
dup_output (const char *line)
{
  const char *const argv[] = { "sh", "-c", line, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run (NULL, 0, WAIT_MS, argv, NULL);

  return g_strdup (g_strstrip (result->out));
}

static void
import_wireguard (AditLeak *leak, const char *profile)
{
  g_autofree char *key = dup_output ("wg genkey"), *derive = g_strdup_printf ("echo %s | wg pubkey", key);
  g_autofree char *public_key = dup_output (derive), *exit_key = adit_lab_get_exit_key ();
  g_autofree char *text = g_strdup_printf ("[Interface]\nPrivateKey = %s\nAddress = 10.66.0.7/32\nDNS = " ADIT_LAB_GATEWAY "\n"
                                           "[Peer]\nPublicKey = %s\nAllowedIPs = 0.0.0.0/0\nEndpoint = " EXIT_NAME ":%d\n",
                                           key, exit_key, ADIT_LAB_EXIT_PORT);
  g_autoptr (GError) error = NULL;

  adit_lab_add_exit_peer (public_key, "10.66.0.7/32", &error);
  g_assert_no_error (error);
  import (leak, profile, "conf", text);
}

/* --- TunnelCrack's second half ---------------------------------------------------------------------------------------------- */

/* Another client believes the lie, and opens the way to the site for everybody: CVE-2023-36673.  Ours has nobody lie to it, and
 * opens nothing to anybody but itself. */
static void
row_r06 (AditLeak *leak)
{
  static const AditLabOvpnServer servers[] = { { 0 }, { .transport = ADIT_LAB_OVPN_TCP } };
  const char *verify = g_getenv ("ADIT_LAB_OPENVPN_VERIFY");
  g_autofree char *program = g_find_program_in_path ("dnsmasq"), *before = NULL;
  AditWorld *world = adit_leak_get_world (leak);
  g_autoptr (AditLabOvpn) udp = NULL, tcp = NULL;
  g_autoptr (GError) error = NULL;
  GPid liar, bare;

  if (program == NULL)
    {
      adit_leak_skip (leak, "there is no dnsmasq to lie about names");
      return;
    }
  if (!adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error) ||
      (udp = adit_lab_ovpn_new (&servers[0], verify, &error)) == NULL ||
      (tcp = adit_lab_ovpn_new (&servers[1], verify, &error)) == NULL)
    g_error ("%s", error->message);
  g_assert_true (g_file_get_contents (RESOLVERS, &before, NULL, NULL));
  import_openvpn (leak, "udp", &servers[0]);
  import_openvpn (leak, "tcp", &servers[1]);
  import_wireguard (leak, "wireguard");
  liar = start_liar ();
  expect_lie (leak, NAME);
  expect_lie (leak, EXIT_NAME);

  adit_leak_allow_also (leak, also);
  adit_leak_enter (leak, ADIT_LEAK_LOCKDOWN);
  for (gsize i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      g_autofree char *connect = g_strdup_printf ("connect --profile %s --wait", profiles[i].profile);

      adit_leak_allow (leak, "connecting");
      adit_world_expect (world, 0, NULL, connect, 0);
      adit_leak_expect_shut (leak, connect);
      adit_leak_allow (leak, "connected");
      for (gsize j = 0; j < G_N_ELEMENTS (packets); j++)
        adit_leak_send (leak, &packets[j]);
      adit_world_expect_web (world, profiles[i].web);    /* the site sees the far end, so it is reached inside */
      adit_leak_expect_shut (leak, profiles[i].profile);
      adit_world_expect (world, 0, NULL, "disconnect", 0);
    }

  adit_leak_allow_also (leak, NULL);
  adit_leak_expose (leak);
  expect_lie (leak, NAME);
  adit_leak_expect_open (leak, "the name is asked of the attacker");
  bare = adit_lab_ovpn_start_bare (FOLDER "/udp.ovpn", "[AF_INET]" SITE ":1194");
  g_assert_cmpint (bare, >, 0);
  g_usleep (100000);
  adit_lab_ovpn_end_bare (bare);
  adit_leak_expect_open (leak, "openvpn calls the site");
  for (gsize i = 0; i < G_N_ELEMENTS (packets); i++)
    {
      adit_leak_send (leak, &packets[i]);
      adit_leak_expect_open (leak, packets[i].name);
    }
  adit_lab_end (liar);
  g_assert_true (g_file_set_contents (RESOLVERS, before, -1, NULL));
}

static const AditLeakRow rows[] = {
  { "R06", "names are lied about where a file gives its server by name", row_r06 },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
