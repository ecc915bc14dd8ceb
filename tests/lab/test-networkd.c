/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-networkd.c: a computer whose uplink is systemd-networkd's, the real one, with its address by real DHCP: connecting,
 * another lease, a link that is lost, networkd itself that starts again, and files of its that would take the tunnel's device. */
#include "config.h"

#include <string.h>
#include <sys/mount.h>
#include <unistd.h>
#include "tests/lab/links.h"
#include "tests/lab/senders.h"
#include "tests/lab/world-private.h"

#define NETWORKD  "/lib/systemd/systemd-networkd"
#define SERVICE   "org.freedesktop.network1"
#define FILES     "/etc/systemd/network"
#define OURS      FILES "/00-adit.network"
#define LEASE_MS  20000
#define RENEW_S   "4"
#define REBIND_S  "6"
#define SETTLE_US (2 * G_USEC_PER_SEC)
#define ADDRESSES "ip -4 addr show dev"
#define SET_UP    "networkctl list adit0 --no-pager --no-legend"
#define TAKEN     "configur"    /* "configuring" for good where what it has set is gone before it has looked, else "configured" */
#define STRANGE   "192.168.77.1"    /* what a file for every device gives to each */

static AditWorld *world;
static GPid networkd, dhcp_server;
static AditLeakwatch *watcher;
static AditSenders *senders;

static void
install_ours (void)
{
  g_autofree char *file = g_build_filename (adit_world_get_program ("ADIT_LAB_DATA"), "networkd.network", NULL);

  /* An installation has it below /usr/lib, which is not the lab's own. */
  adit_world_copy_file (file, OURS, 0644);
}

static void
put_file (const char *path, const char *text)
{
  adit_world_write_file (path, text, 0644);
}

static gboolean
shows (const char *space, const char *line, const char *what)
{
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autoptr (AditLabResult) result = adit_lab_run (space, 0, 5000, (const char *const *) argv, NULL);

  return result != NULL && strstr (result->out, what) != NULL;
}

static void
wait_shown (const char *line, const char *what)
{
  for (gint64 end = g_get_monotonic_time () + LEASE_MS * 1000; !shows ("client", line, what); g_usleep (20000))
    if (g_get_monotonic_time () > end)
      {
        g_auto (GStrv) argv = g_strsplit (line, " ", -1);
        g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, (const char *const *) argv, NULL);

        g_printerr ("%s: no \"%s\" in\n%s%s\n", line, what, result->out, result->err);
        links_fail (world, "networkd does not do what it is to do");
      }
}

/* A client asks for its address again after some seconds: first its own server, which the lock refuses, then anybody. */
static void
start_dhcp_server (const char *address)
{
  g_autofree char *range = g_strdup_printf ("--dhcp-range=%s,%s,2m", address, address);
  const char *const argv[] = { "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--interface=br-lan",
                               "--bind-interfaces", "--no-ping", "--dhcp-authoritative", "--user=root", "--pid-file=",
                               "--dhcp-leasefile=" ADIT_WORLD_DIRECTORY "/leases", "--dhcp-option=3,10.10.0.1",
                               "--dhcp-option=6," ADIT_LAB_DNS_ADDRESS, "--dhcp-option=option:T1," RENEW_S,
                               "--dhcp-option=option:T2," REBIND_S, range, NULL };
  g_autoptr (GError) error = NULL;

  if (dhcp_server != 0)
    adit_lab_end (dhcp_server);
  dhcp_server = adit_lab_spawn_logged ("router", 0, argv, ADIT_WORLD_LOG, NULL, &error);
  g_assert_no_error (error);
}

static void
start_networkd (void)
{
  const char *const argv[] = { NETWORKD, NULL };
  g_autoptr (GError) error = NULL;

  networkd = adit_lab_spawn_logged ("client", 0, argv, ADIT_WORLD_LOG, NULL, &error);
  if (networkd == 0 || !adit_world_wait_owner (world, SERVICE, &error))
    links_fail (world, error->message);
  wait_shown ("networkctl list --no-pager", "configured");
}

/* --- Tests ----------------------------------------------------------------------------------------------------------------- */

static void
begin_watch (const char *phase)
{
  static const char *const relay[] = { ADIT_LAB_EXIT_RELAY, NULL };

  adit_leakwatch_set_phase (watcher, phase, relay);
  adit_senders_set_phase (senders, phase);
}

static void
end_watch (const char *phase, gboolean is_open)
{
  g_autofree char *keys = NULL;

  adit_senders_set_phase (senders, "");
  adit_leakwatch_set_phase (watcher, "", NULL);
  keys = adit_leakwatch_dup_keys (watcher, phase);
  g_test_message ("%s: %u tried, %u outside %s", phase, adit_senders_get_tried (senders, phase),
                  adit_leakwatch_get_outside (watcher, phase), keys);
  g_assert_cmpuint (adit_senders_get_tried (senders, phase), >, 10);
  if (is_open)
    g_assert_cmpuint (adit_leakwatch_get_outside (watcher, phase), >, 10);
  else
    g_assert_cmpuint (adit_leakwatch_get_outside (watcher, phase), ==, 0);
}

static void
expect_through (const char *before)
{
  g_autofree char *after = NULL;

  if (!adit_world_ping (world, ADIT_LAB_GATEWAY, LEASE_MS))
    links_fail (world, "nothing comes back");
  links_expect_connected (world);
  after = links_dup_since (world);
  if (before != NULL)
    g_assert_cmpstr (before, ==, after);
}

static void
test_connect (void)
{
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  adit_world_expect (world, 0, NULL, "connect se --wait", 0);
  begin_watch ("connected");
  expect_through (NULL);
  g_usleep (G_USEC_PER_SEC);
  end_watch ("connected", FALSE);
  wait_shown (SET_UP, "unmanaged");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  begin_watch ("open");
  g_usleep (G_USEC_PER_SEC);
  end_watch ("open", TRUE);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  adit_world_expect (world, 0, NULL, "connect se --wait", 0);
}

static void
test_lease (void)
{
  g_autofree char *before = links_dup_since (world);

  begin_watch ("lease");
  start_dhcp_server ("10.10.0.77");
  wait_shown (ADDRESSES " eth0", "10.10.0.77/24");
  expect_through (before);
  g_assert_false (shows ("client", ADDRESSES " eth0", "10.10.0.2/24"));
  end_watch ("lease", FALSE);
}

static void
test_link (void)
{
  links_run ("router", "ip link set to-client down");
  if (!adit_world_wait_state (world, "blocked", LEASE_MS))
    links_fail (world, "not blocked");
  links_expect_state (world, "blocked", "offline");
  begin_watch ("link");
  links_run ("router", "ip link set to-client up");
  expect_through (NULL);
  end_watch ("link", FALSE);
}

/* One that starts takes away the rules and routes that are not its own. */
static void
test_restart (void)
{
  g_autofree char *before = links_dup_since (world);

  begin_watch ("restart");
  adit_lab_end (networkd);
  expect_through (before);
  start_networkd ();
  expect_through (before);
  links_run ("client", "networkctl reconfigure eth0");
  g_usleep (G_USEC_PER_SEC);
  wait_shown ("networkctl list --no-pager", "configured");
  expect_through (before);
  end_watch ("restart", FALSE);
}

/* A file for every device does not count for ours; without the one that says so it is taken, and what was ours on it comes
 * back. */
static void
test_greedy (void)
{
  g_autofree char *before = links_dup_since (world);

  begin_watch ("greedy");
  put_file (FILES "/99-all.network", "[Match]\nName=*\nType=!loopback\n[Network]\nDHCP=ipv4\nIPv6AcceptRA=no\n"
                                     "Address=" STRANGE "/24\n[DHCPv4]\nClientIdentifier=mac\n");
  links_run ("client", "networkctl reload");
  g_usleep (SETTLE_US);
  wait_shown (SET_UP, "unmanaged");
  g_assert_false (shows ("client", ADDRESSES " adit0", STRANGE));
  expect_through (before);

  g_assert_cmpint (unlink (OURS), ==, 0);
  links_run ("client", "networkctl reload");
  wait_shown (SET_UP, TAKEN);
  g_usleep (SETTLE_US);
  g_assert_false (shows ("client", ADDRESSES " adit0", STRANGE));
  expect_through (before);
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  wait_shown (SET_UP, TAKEN);
  g_usleep (SETTLE_US);
  g_assert_false (shows ("client", ADDRESSES " adit0", STRANGE));
  expect_through (NULL);
  end_watch ("greedy", FALSE);
  install_ours ();
}

static gboolean
can_networkd (void)
{
  g_autofree char *dnsmasq = g_find_program_in_path ("dnsmasq"), *networkctl = g_find_program_in_path ("networkctl");

  if (access (NETWORKD, X_OK) == 0 && dnsmasq != NULL && networkctl != NULL)
    return TRUE;
  g_printerr ("SKIP: there is no systemd-networkd, or no dnsmasq to be the DHCP server\n");
  return FALSE;
}

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;

  /* A /sys that cannot be written to tells networkd that there is no udev to wait for. */
  if (mount (NULL, "/sys", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) != 0)
    g_error ("cannot make /sys read-only");
  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  if (world == NULL || (watcher = adit_leakwatch_start ("router", "to-client", &error)) == NULL ||
      (senders = adit_senders_start ("client", &error)) == NULL)
    g_error ("%s", error->message);
  adit_senders_set_phase (senders, "");
  start_dhcp_server ("10.10.0.2");
  adit_world_make_directory ("/run/systemd");
  adit_world_make_directory (FILES);
  install_ours ();
  put_file (FILES "/50-wired.network",
            "[Match]\nName=eth0\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\nIPv6AcceptRA=no\nAddress=2001:db8:10::2/64\n"
            "Gateway=2001:db8:10::1\n[DHCPv4]\nClientIdentifier=mac\n");
  links_run ("client", "ip addr flush dev eth0");
  start_networkd ();
  wait_shown (ADDRESSES " eth0", "10.10.0.2/24");
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
}

int
main (int argc, char **argv)
{
  int failed;

  if (!can_networkd ())
    return ADIT_LAB_SKIP;
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/networkd/connect", test_connect);
  g_test_add_func ("/networkd/lease", test_lease);
  g_test_add_func ("/networkd/link", test_link);
  g_test_add_func ("/networkd/restart", test_restart);
  g_test_add_func ("/networkd/greedy", test_greedy);
  failed = g_test_run ();
  adit_senders_stop (senders);
  adit_leakwatch_stop (watcher);
  adit_world_free (world);
  return failed;
}
