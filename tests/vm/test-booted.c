/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-booted.c: the packages on a computer of their own: stock kernel with its WireGuard, systemd, NetworkManager,
 * systemd-resolved, polkit, logind, AppArmor.  usage: test-booted DISK FOLDER; packaging/debian/test --machine makes
 * the disk, with the packages in FOLDER.
 *
 * The watcher stands outside, at the router's end of the cable, and sees each packet from the first on.  A program in the machine
 * sends from before the network is up until the power is off. */
#include "config.h"
#include "tests/vm/booted.h"

#include <string.h>

static void
test_install (void)
{
  booted_enter ("open", NULL);
  booted_wait_said ("nmcli -g GENERAL.STATE device show eth0", "100");
  booted_expect_web (ADIT_LAB_ROUTER_ADDRESS);
  adit_machine_install (booted.machine, booted.packages, "first");
  booted_expect_said ("systemctl is-active aditd.service", "active");
  /* As aa-enforce does it, which is in no package that comes by itself. */
  booted_do ("sh -c \"sed 's/ flags=(complain)//' /etc/apparmor.d/adit-worker | apparmor_parser --replace\"");
  /* L23: the clock's keeper asks, too. */
  booted_expect_open ("open", "udp:" ADIT_LAB_WEB_ADDRESS ":123");
}

static void
test_connect (void)
{
  gint64 began_us;

  adit_machine_expect_of_service (booted.machine, "sh -c 'echo " ADIT_WORLD_ACCOUNT " | adit --json login mullvad'");
  began_us = g_get_monotonic_time ();
  adit_machine_expect_of_service (booted.machine, "adit --json connect se-got --wait --timeout 180");
  g_test_message ("connected after %.1f s", (double) (g_get_monotonic_time () - began_us) / G_USEC_PER_SEC);
  booted_enter ("connected", booted_holes);
  booted_expect_said ("ip -details link show adit0", "wireguard");
  booted_do ("sh -c '! pgrep -u adit-wireguard'");    /* the kernel's own */
  booted_expect_web (ADIT_LAB_EXIT_ADDRESS);
  booted_expect_names (ADIT_LAB_GATEWAY);
  booted_expect_tight ("connected");
}

/* Every worker so far has run under it: it signed in, fetched lists and keys, looked at what it had, read a file and spoke with
 * OpenVPN.  And one that does what it may not is seen. */
static void
test_confined (void)
{
  static const char log_line[] = "journalctl --quiet --no-pager --dmesg --output=cat";

  booted_expect_undenied ();
  booted_do ("sh -c '! aa-exec --profile=adit-worker -- cat /etc/shadow'");
  booted_wait_said (log_line, "apparmor=\"DENIED\"");
}

/* L05: the lock stays, and it comes back connected, by the new program. */
static void
test_upgrade (void)
{
  booted_enter ("upgrade", booted_holes);
  adit_machine_install (booted.machine, booted.packages, "later");
  booted_do ("test -e /usr/share/doc/adit/later");
  booted_expect_back ("upgrade");
}

static void
test_remove (void)
{
  booted_enter ("removed", NULL);
  booted_do ("apt-get -q -y remove adit");
  booted_do ("sh -c '! nft list tables | grep adit'");
  booted_do ("test ! -e /sys/class/net/adit0");
  booted_expect_web (ADIT_LAB_ROUTER_ADDRESS);
  booted_wait_said ("resolvectl query --legend=no --cache=no web.example", ADIT_LAB_WEB_ADDRESS);
  booted_expect_said ("resolvectl dns eth0", ADIT_LAB_DNS_ADDRESS);
  booted_expect_open ("removed", NULL);
}

static void
test_purge (void)
{
  g_autofree char *left = NULL;

  booted_do ("apt-get -q -y purge adit");
  left = adit_machine_expect (booted.machine, 0, "find / -xdev ( -path /var/tmp/adit -o -path /var/lib/apt -o -path /var/cache "
                              "-o -path /var/log -o -name 'systemd-private-*' ) -prune -o -iname '*adit*' -print");
  g_assert_cmpstr (left, ==, "");
}

/* Where the lab's service is, as an administrator would say it. */
static void
copy_in (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  adit_machine_write (booted.machine, path, text);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *disk = NULL;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  if (argc < 3)
    g_error ("usage: test-booted DISK FOLDER");
  disk = g_canonicalize_filename (argv[1], NULL);
  booted.packages = argv[2];
  booted.world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  g_assert_no_error (error);
  booted.machine = adit_machine_new (disk);
  adit_world_set_lease (booted.world, ADIT_LAB_DNS_ADDRESS);
  booted.watch = adit_leakwatch_start ("router", "to-client", &error);
  g_assert_no_error (error);
  booted_enter ("before", NULL);
  adit_machine_boot (booted.machine);
  copy_in ("/etc/adit/services.conf");
  copy_in ("/etc/adit/lab-ca.pem");
  g_test_add_func ("/booted/install", test_install);
  g_test_add_func ("/booted/connect", test_connect);
  booted_add_network ();
  booted_add_openvpn ();
  booted_add_roles ();
  booted_add_people ();
  g_test_add_func ("/booted/confined", test_confined);
  booted_add_faults ();
  booted_add_timing ();
  g_test_add_func ("/booted/upgrade", test_upgrade);
  booted_add_boots ();
  g_test_add_func ("/booted/remove", test_remove);
  g_test_add_func ("/booted/purge", test_purge);
  return g_test_run ();
}
