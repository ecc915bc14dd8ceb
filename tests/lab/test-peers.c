/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-peers.c: a WireGuard file of two peers, an exit and a company's network, each a real WireGuard: what goes to whom, what
 * a dead one means, and that nothing leaves beside the two. */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/lab/leakwatch.h"
#include "tests/lab/senders.h"
#include "tests/lab/world.h"

#define FOLDER        "/run/lab/files"
#define OFFICE        "wgoffice"                /* unlike any other in the lab, as the exit's */
#define OFFICE_SPACE  "ovpn"
#define OFFICE_PORT   51821
#define ROAMED_PORT   51899
#define OFFICE_INSIDE "10.9.0.1"
#define OFFICE_INSIDE6 "fd00:9::1"
#define EXIT_DEVICE   "wgexit"
#define OURS          "10.66.0.7"
#define OURS6         "fc00:bbbb:bbbb:bb01::7"
#define PING_BYTES    1200
#define LAN_ADDRESS   "192.168.7.1"    /* in none of its networks */
#define N_PINGS       5

static const char *const holes[] = { "udp:" ADIT_LAB_EXIT_ADDRESS ":51820", "udp:" ADIT_LAB_OVPN_ADDRESS ":51821", NULL };
static AditWorld *world;
static char *our_key, *our_public, *exit_key, *office_key, *shared_key;

static char * G_GNUC_PRINTF (2, 3)
run (const char *space, const char *format, ...)
{
  g_autofree char *line = NULL;
  const char *argv[] = { "sh", "-c", NULL, NULL };
  g_autoptr (AditLabResult) result = NULL;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  argv[2] = line;
  result = adit_lab_run (space, 0, 20000, argv, NULL);
  if (result == NULL || result->status != 0)
    g_error ("%s: %s: %s", space, line, result != NULL ? result->err : "could not be run");
  return g_strdup (g_strstrip (result->out));
}

static void
make_office (void)
{
  const char *const go[] = { "wireguard-go", "--foreground", OFFICE, NULL };
  g_autofree char *private_key = run (NULL, "wg genkey");
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents ("/run/lab/office.key", private_key, -1, NULL));
  g_assert_true (g_file_set_contents ("/run/lab/shared.key", shared_key, -1, NULL));
  adit_lab_spawn_logged (OFFICE_SPACE, 0, go, "/run/lab/office.log", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 500 && access ("/run/wireguard/" OFFICE ".sock", F_OK) != 0; i++)
    g_usleep (10000);
  g_free (run (OFFICE_SPACE, "wg set " OFFICE " listen-port %d private-key /run/lab/office.key", OFFICE_PORT));
  g_free (run (OFFICE_SPACE, "wg set " OFFICE " peer %s preshared-key /run/lab/shared.key allowed-ips " OURS "/32," OURS6 "/128",
               our_public));
  g_free (run (OFFICE_SPACE, "ip addr add " OFFICE_INSIDE "/16 dev " OFFICE " && ip addr add " OFFICE_INSIDE6 "/64 dev " OFFICE
               " nodad && ip link set " OFFICE " up mtu 1420 && ip route add " OURS " dev " OFFICE
               " && ip -6 route add " OURS6 " dev " OFFICE));
  office_key = run (OFFICE_SPACE, "wg show " OFFICE " public-key");
}

/* The company's first: order says nothing.  @resolver: NULL for a file that names none. */
static void
import_with (const char *resolver, const char *name, const char *office_networks, const char *office_endpoint,
             const char *exit_networks, guint exit_port)
{
  g_autofree char *path = g_strdup_printf (FOLDER "/%s.conf", name), *line = g_strdup_printf ("import %s", path);
  g_autofree char *text = g_strdup_printf (
    "[Interface]\nPrivateKey = %s\nAddress = " OURS "/32, " OURS6 "/128\n%s%s\n"
    "[Peer]\nPublicKey = %s\nPresharedKey = %s\nAllowedIPs = %s\nEndpoint = %s\n"
    "[Peer]\nPublicKey = %s\nAllowedIPs = %s\nEndpoint = " ADIT_LAB_EXIT_ADDRESS ":%u\n",
    our_key, resolver != NULL ? "DNS = " : "", resolver != NULL ? resolver : "", office_key,
    shared_key, office_networks, office_endpoint, exit_key, exit_networks, exit_port);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  adit_world_expect (world, 0, NULL, line, 0);
}

static void
import (const char *name, const char *office_networks, const char *office_endpoint, const char *exit_networks, guint exit_port)
{
  import_with (ADIT_LAB_GATEWAY, name, office_networks, office_endpoint, exit_networks, exit_port);
}

static gboolean
ping (const char *address, guint n)
{
  g_autofree char *count = g_strdup_printf ("%u", n), *bytes = g_strdup_printf ("%d", PING_BYTES);
  const char *const argv[] = { "ping", "-q", "-c", count, "-i", "0.1", "-w", "3", "-s", bytes, address, NULL };
  g_autoptr (AditLabResult) result = adit_world_run (world, 0, argv);

  return result->status == 0;
}

/* From us. */
static guint64
count_received (const char *space, const char *device)
{
  g_autofree char *text = run (space, "wg show %s transfer | grep -F '%s' | cut -f 2", device, our_public);

  return g_ascii_strtoull (text, NULL, 10);
}

/* What goes to @address arrives at one far end, and hardly a byte at the other. */
static void
expect_way (const char *address, gboolean to_office)
{
  guint64 office = count_received (OFFICE_SPACE, OFFICE), exit = count_received ("exit", EXIT_DEVICE);

  if (!ping (address, N_PINGS))
    {
      adit_world_print_log (world);
      g_error ("%s does not answer", address);
    }
  office = count_received (OFFICE_SPACE, OFFICE) - office;
  exit = count_received ("exit", EXIT_DEVICE) - exit;
  g_test_message ("%s: %" G_GUINT64_FORMAT " bytes to the office, %" G_GUINT64_FORMAT " to the exit", address, office, exit);
  g_assert_cmpuint (to_office ? office : exit, >=, N_PINGS * PING_BYTES);
  g_assert_cmpuint (to_office ? exit : office, <, PING_BYTES);
}

static void
expect_holes (guint n)
{
  g_autofree char *set = run ("client", "nft -nn list set inet adit holes4");
  g_auto (GStrv) members = g_strsplit (set, " . 17 . ", -1);

  if (g_strv_length (members) != n + 1)
    g_error ("there are not %u holes in %s", n, set);
  g_assert_nonnull (strstr (set, ADIT_LAB_EXIT_ADDRESS " . 17 . 51820"));
  g_assert_nonnull (strstr (set, ADIT_LAB_OVPN_ADDRESS " . 17 . 51821"));
}

/* Everything that tries to leave otherwise, for a while. */
static guint
count_outside (const char *const *allowed, guint *n_tried)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_autoptr (AditSenders) senders = adit_senders_start ("client", &error);
  g_autofree char *keys = NULL;

  g_assert_no_error (error);
  adit_leakwatch_set_phase (watcher, "now", allowed);
  adit_senders_set_phase (senders, "now");
  g_usleep (700000);
  adit_senders_set_phase (senders, "");
  g_usleep (100000);
  adit_leakwatch_set_phase (watcher, "end", NULL);
  keys = adit_leakwatch_dup_keys (watcher, "now");
  *n_tried = adit_senders_get_tried (senders, "now");
  g_test_message ("%u tried, %u outside %s", *n_tried, adit_leakwatch_get_outside (watcher, "now"), keys);
  return adit_leakwatch_get_outside (watcher, "now");
}

static void
expect_tight (void)
{
  guint n_tried;

  g_assert_cmpuint (count_outside (holes, &n_tried), ==, 0);
  g_assert_cmpuint (n_tried, >, 10);
}

/* The same look sees that they would leave. */
static void
expect_open (void)
{
  guint n_tried;

  g_assert_cmpuint (count_outside (holes, &n_tried), >, 10);
}

static void
test_both (void)
{
  import ("both", "10.9.0.0/16, fd00:9::/64", ADIT_LAB_OVPN_ADDRESS ":51821", "0.0.0.0/0, ::/0", ADIT_LAB_EXIT_PORT);
  adit_world_expect (world, 0, NULL, "connect --profile both --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  expect_way (OFFICE_INSIDE, TRUE);
  expect_way (OFFICE_INSIDE6, TRUE);
  expect_way (ADIT_LAB_GATEWAY, FALSE);
  expect_way (ADIT_LAB_GATEWAY6, FALSE);
  expect_holes (2);
  expect_tight ();
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  expect_open ();
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

/* Only what the file names goes inside, and nothing else goes anywhere. */
static void
test_split (void)
{
  import ("split", "10.9.0.0/16", ADIT_LAB_OVPN_ADDRESS ":51821", "10.64.0.0/24", ADIT_LAB_EXIT_PORT);
  adit_world_expect (world, 0, NULL, "connect --profile split --wait", 0);
  expect_way (OFFICE_INSIDE, TRUE);
  expect_way (ADIT_LAB_GATEWAY, FALSE);
  adit_world_expect_web (world, "");
  g_assert_false (ping (OFFICE_INSIDE6, 1));
  expect_tight ();
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* A resolver that none of the networks has is not asked, not even outside, and keeps nobody from connecting. */
static void
test_resolver_outside (void)
{
  g_autofree char *found = NULL, *log = NULL;

  import_with (ADIT_LAB_DNS_ADDRESS, "outside", "10.9.0.0/16", ADIT_LAB_OVPN_ADDRESS ":51821", "10.64.0.0/24",
               ADIT_LAB_EXIT_PORT);
  adit_world_expect (world, 0, NULL, "connect --profile outside --wait", 0);
  expect_way (OFFICE_INSIDE, TRUE);
  g_free (adit_world_dup_dns_log (world));
  found = adit_world_look_up (world, "web.example");
  g_assert_cmpstr (found, ==, "");
  log = adit_world_dup_dns_log (world);
  g_assert_null (strstr (log, "web.example"));
  expect_tight ();
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  g_free (found);
  found = adit_world_look_up (world, "web.example");
  g_assert_true (g_str_has_prefix (found, ADIT_LAB_WEB_ADDRESS));
}

/* As routers hand them out.  Nobody is asked in its place but whom the person names. */
static void
test_no_resolver (void)
{
  g_autoptr (AditLabResult) status = NULL;
  g_autofree char *found = NULL;

  import_with (NULL, "nobody", "10.9.0.0/16", ADIT_LAB_OVPN_ADDRESS ":51821", "10.64.0.0/24", ADIT_LAB_EXIT_PORT);
  adit_world_expect (world, 0, NULL, "connect --profile nobody --wait", 10);
  status = adit_world_adit (world, 0, NULL, "status --json");
  g_assert_nonnull (strstr (status->out, "adit dns"));
  g_assert_nonnull (strstr (status->out, "\"lock\":\"all\""));
  /* Somebody of this network is nobody there. */
  adit_world_expect (world, 0, NULL, "dns " LAN_ADDRESS, 0);
  adit_world_expect (world, 0, NULL, "connect --profile nobody --wait", 10);
  adit_world_expect (world, 0, NULL, "dns " ADIT_LAB_GATEWAY, 0);
  adit_world_expect (world, 0, NULL, "connect --profile nobody --wait", 0);
  found = adit_world_look_up (world, "web.example");
  g_assert_true (g_str_has_prefix (found, ADIT_LAB_WEB_ADDRESS));
  expect_tight ();
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "dns service", 0);
}

/* Halves are all; and the office's name is looked up, not by anybody of this network. */
static void
test_named (void)
{
  g_autofree char *log = NULL;

  import ("named", "10.9.0.0/16", "vpn.example:51821", "0.0.0.0/1, 128.0.0.0/1", ADIT_LAB_EXIT_PORT);
  g_free (adit_world_dup_dns_log (world));
  adit_world_expect (world, 0, NULL, "connect --profile named --wait", 0);
  log = adit_world_dup_dns_log (world);
  g_assert_null (strstr (log, "vpn.example"));
  expect_way (OFFICE_INSIDE, TRUE);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  expect_holes (2);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* The way to everything else is dead, so there is no tunnel, however well the office answers. */
static void
test_dead_exit (void)
{
  g_autofree char *state = NULL;

  import ("dead-exit", "10.9.0.0/16", ADIT_LAB_OVPN_ADDRESS ":51821", "0.0.0.0/0", ROAMED_PORT);
  adit_world_expect (world, 0, NULL, "connect --profile dead-exit --wait --timeout 3", 12);
  g_assert_true (ping (OFFICE_INSIDE, 1));
  state = adit_world_get_state (world);
  g_assert_cmpstr (state, ==, "connecting");
  adit_world_expect_web (world, "");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* The other way round, there is one, and what the office does not take is not sent elsewhere. */
static void
test_dead_office (void)
{
  guint64 exit;

  import ("dead-office", "10.9.0.0/16", ADIT_LAB_OVPN_ADDRESS ":51899", "0.0.0.0/0, ::/0", ADIT_LAB_EXIT_PORT);
  adit_world_expect (world, 0, NULL, "connect --profile dead-office --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  exit = count_received ("exit", EXIT_DEVICE);
  g_assert_false (ping (OFFICE_INSIDE, 1));
  g_assert_cmpuint (count_received ("exit", EXIT_DEVICE) - exit, <, PING_BYTES);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* The office moves to another port and calls from there.  WireGuard would follow whoever has the key; the lock does not let its
 * first packet in, so it is asked where the file says, and nowhere else. */
static guint
count_roamed (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_autofree char *keys = NULL;

  g_assert_no_error (error);
  adit_leakwatch_set_phase (watcher, "roamed", holes);
  g_free (run (OFFICE_SPACE, "wg set " OFFICE " listen-port %d; ping -q -c 3 -i 0.2 -w 2 " OURS " || true", ROAMED_PORT));
  (void) ping (OFFICE_INSIDE, 2);
  g_usleep (100000);
  adit_leakwatch_set_phase (watcher, "end", NULL);
  keys = adit_leakwatch_dup_keys (watcher, "roamed");
  g_test_message ("%u outside %s", adit_leakwatch_get_outside (watcher, "roamed"), keys);
  g_free (run (OFFICE_SPACE, "wg set " OFFICE " listen-port %d", OFFICE_PORT));
  return adit_leakwatch_get_outside (watcher, "roamed");
}

static void
test_roaming (void)
{
  g_autofree char *helper = NULL;

  /* The router would keep a stranger's packet from us; here it is one that does not. */
  g_free (run ("router", "nft 'table ip roam { chain pre { type nat hook prerouting priority dstnat;"
               " udp sport %d dnat to 10.10.0.2; }; }'", ROAMED_PORT));
  adit_world_expect (world, 0, NULL, "connect --profile both --wait", 0);
  expect_way (OFFICE_INSIDE, TRUE);
  g_assert_cmpuint (count_roamed (), ==, 0);
  expect_holes (2);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  expect_way (OFFICE_INSIDE, TRUE);

  /* Without the lock, and nobody who puts it back, it is followed.  Its programs are this lab's alone: a PID namespace. */
  helper = run (NULL, "pidof -s aditd");
  g_assert_cmpint (kill (atoi (helper), SIGSTOP), ==, 0);
  g_free (run ("client", "nft delete table inet adit; nft delete table netdev adit"));
  g_assert_cmpuint (count_roamed (), >, 0);
  g_assert_cmpint (kill (atoi (helper), SIGCONT), ==, 0);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;

  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir_with_parents (FOLDER, 0755), ==, 0);
  our_key = run (NULL, "wg genkey");
  shared_key = run (NULL, "wg genpsk");
  our_public = run (NULL, "echo %s | wg pubkey", our_key);
  exit_key = adit_lab_get_exit_key ();
  adit_lab_add_exit_peer (our_public, OURS "/32," OURS6 "/128", &error);
  g_assert_no_error (error);
  make_office ();
  adit_world_expect_helper (world);
}

int
main (int argc, char **argv)
{
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/peers/both", test_both);
  g_test_add_func ("/peers/split", test_split);
  g_test_add_func ("/peers/resolver-outside", test_resolver_outside);
  g_test_add_func ("/peers/no-resolver", test_no_resolver);
  g_test_add_func ("/peers/named", test_named);
  g_test_add_func ("/peers/dead-exit", test_dead_exit);
  g_test_add_func ("/peers/dead-office", test_dead_office);
  g_test_add_func ("/peers/roaming", test_roaming);
  return adit_world_end_test (world);
}
