/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-installed.c: packages on a fresh Debian, from apt install to apt purge: connected, crashed, upgraded, booted, removed.
 * usage: test-installed TREE FOLDER; packaging/debian/test makes the tree, with the packages in FOLDER/first and FOLDER/later,
 * and what else is needed beside them.
 *
 * What the machine puts on its cable is counted, and in one phase without the lock as well, where something must be seen. */
#include "config.h"
#include "tests/package/installed.h"

#include <string.h>

#define CONNECT_MS    60000

static AditInstalled here;
static const char   *packages;

/* As a boot of the real thing has it: the cable is dead until the network is up, and that is after network-pre.target. */
static const char network_unit[] =
  "[Unit]\nDescription=The lab's cable\nDefaultDependencies=no\nWants=network-pre.target network.target\n"
  "After=network-pre.target\nBefore=network.target shutdown.target\nConflicts=shutdown.target\n"
  "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=ip link set eth0 up\nExecStart=ip addr replace 10.10.0.2/24 dev eth0\n"
  "ExecStart=ip addr replace 2001:db8:10::2/64 dev eth0 nodad\nExecStart=ip route replace default via 10.10.0.1\n"
  "ExecStart=ip -6 route replace default via 2001:db8:10::1\n[Install]\nWantedBy=multi-user.target\n";

static void
do_expect (const char *line)
{
  g_free (adit_machine_expect (here.machine, 0, "%s", line));
}

/* --- In this order ---------------------------------------------------------------------------------------------------------- */

static void
test_install (void)
{
  g_autofree char *units = NULL;

  g_free (adit_machine_expect (here.machine, 1, "dpkg-query -W adit"));    /* fresh */
  adit_machine_install (here.machine, packages, "first");
  units = adit_machine_expect (here.machine, 0, "systemctl is-active aditd.service");
  g_assert_cmpstr (units, ==, "active\n");
  do_expect ("systemctl is-enabled aditd.service adit-early.service");
  do_expect ("getent passwd adit-provider adit-import adit-openvpn adit-wireguard adit-report");
  do_expect ("test -d /var/lib/adit -a -d /run/adit");
  do_expect ("sh -c '[ ! -e /usr/bin/adit-gtk ] || adit-gtk --version'");
  g_assert_false (adit_installed_has_lock ());
}

/* Nobody but root changes what root runs, and nothing brings rights along. */
static void
test_rights (void)
{
  g_autofree char *bad = NULL, *state = NULL;

  bad = adit_machine_expect (here.machine, 0, "sh -c \"find $(dpkg -L $(dpkg-query -W -f '${Package} ' 'adit*')) -maxdepth 0 "
                             "! -type l '(' -perm /6022 -o ! -user root -o ! -group root ')'\"");
  g_assert_cmpstr (bad, ==, "");
  state = adit_machine_expect (here.machine, 0, "stat -c %%a /var/lib/adit /var/cache/adit /run/adit /etc/adit");
  g_assert_cmpstr (state, ==, "700\n700\n755\n755\n");
}

/* A worker loads what reads pictures, with its libraries, and closes itself in. */
static void
test_picture (void)
{
  g_autofree char *said = adit_machine_expect (here.machine, 0, "adit --json import %s/tunnel.png", packages);

  g_assert_nonnull (strstr (said, "\"profile\":0"));
  do_expect ("adit profiles remove tunnel");
}

/* What others run on the installed package (autopkgtest). */
static void
test_own (void)
{
  g_free (adit_machine_expect (here.machine, 0, "sh %s/tests/helper", packages));
  g_assert_false (adit_installed_has_lock ());
}

static void
test_connect (void)
{
  g_autofree char *pid = NULL;

  adit_installed_enter_phase (&here, "open", NULL);
  adit_world_expect_web (here.world, ADIT_LAB_ROUTER_ADDRESS);
  g_usleep (ADIT_INSTALLED_PHASE_US);
  g_assert_cmpuint (adit_leakwatch_get_outside (here.watch, "open"), >, 0);    /* or it would prove nothing below */
  adit_machine_expect_of_service (here.machine, "sh -c 'echo " ADIT_WORLD_ACCOUNT " | adit --json login mullvad'");
  adit_machine_expect_of_service (here.machine, "adit --json connect se-got --wait");
  adit_installed_enter_phase (&here, "connected", adit_installed_allowed);
  adit_world_expect_web (here.world, ADIT_LAB_EXIT_ADDRESS);
  adit_installed_expect_tight (&here, "connected");
  /* Each program by itself, with the rights of its role. */
  pid = adit_machine_expect (here.machine, 0, "pgrep -u adit-wireguard");
  g_assert_cmpint (atoi (pid), >, 0);
}

static char *
dup_pid (void)
{
  return adit_machine_expect (here.machine, 0, "systemctl show --property=MainPID --value aditd.service");
}

/* Until there is another one than @before. */
static void
wait_other_pid (const char *before)
{
  for (guint i = 0; i < 600; i++)
    {
      g_autofree char *after = dup_pid ();

      if (!g_str_equal (before, after) && !g_str_equal (after, "0\n"))
        return;
      g_usleep (100000);
    }
  g_error ("the helper is the same as before: %s", before);
}

static void
test_crash (void)
{
  g_autofree char *before = dup_pid ();

  adit_installed_enter_phase (&here, "crash", adit_installed_allowed);
  do_expect ("systemctl kill --signal=KILL --kill-whom=main aditd.service");
  wait_other_pid (before);
  adit_machine_wait_connected (here.machine);
  adit_world_expect_web (here.world, ADIT_LAB_EXIT_ADDRESS);
  adit_installed_expect_tight (&here, "crash");
}

/* The number of the report of a helper's crash, once there is one. */
static char *
wait_report (void)
{
  gint64 end_us = g_get_monotonic_time () + CONNECT_MS * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end_us)
    {
      g_autofree char *list = adit_machine_expect (here.machine, 0, "adit --json report list");
      g_autoptr (GRegex) row = g_regex_new ("\"id\":\"([0-9a-f]+)\",\"kind\":\"crash\",\"program\":\"aditd\"", 0, 0, NULL);
      g_autoptr (GMatchInfo) found = NULL;

      if (g_regex_match (row, list, 0, &found))
        return g_match_info_fetch (found, 1);
      g_usleep (100000);
    }
  g_error ("nobody has made a report of the crash");
}

/* One that can still leave a note.  The next one has a report made of it, with the names from the package of symbols; it stays
 * until the purge. */
static void
test_report (void)
{
  g_autofree char *before = dup_pid (), *id = NULL, *text = NULL;

  adit_machine_install (here.machine, packages, "symbols");
  do_expect ("test ! -e /usr/lib/debug/.dwz");    /* names that several programs share would be missing from it */
  adit_installed_enter_phase (&here, "report", adit_installed_allowed);
  do_expect ("systemctl kill --signal=SEGV --kill-whom=main aditd.service");
  wait_other_pid (before);
  adit_machine_wait_connected (here.machine);
  id = wait_report ();
  text = adit_machine_expect (here.machine, 0, "adit report show %s", id);
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, "SIGSEGV"));
  g_assert_nonnull (strstr (text, "main.c"));
  adit_installed_expect_tight (&here, "report");
  do_expect ("dpkg --purge adit-dbgsym");
}

/* A main loop that does not turn any more; the watchdog's minute is made shorter. */
static void
test_hang (void)
{
  g_autofree char *before = NULL, *still = NULL;

  do_expect ("mkdir -p /run/systemd/system/aditd.service.d");
  do_expect ("sh -c 'printf \"[Service]\\nWatchdogSec=15\\n\" >/run/systemd/system/aditd.service.d/short.conf'");
  do_expect ("systemctl daemon-reload");
  do_expect ("systemctl restart aditd.service");
  adit_machine_wait_connected (here.machine);
  before = dup_pid ();
  g_usleep (20 * G_USEC_PER_SEC);    /* one that does turn is left alone */
  still = dup_pid ();
  g_assert_cmpstr (still, ==, before);
  adit_installed_enter_phase (&here, "hang", adit_installed_allowed);
  do_expect ("systemctl kill --signal=STOP --kill-whom=main aditd.service");
  wait_other_pid (before);
  adit_machine_wait_connected (here.machine);
  adit_installed_expect_tight (&here, "hang");
  do_expect ("rm -r /run/systemd/system/aditd.service.d");
  do_expect ("systemctl daemon-reload");
}

/* The lock stays, and it comes back connected, by the new program. */
static void
test_upgrade (void)
{
  adit_installed_enter_phase (&here, "upgrade", adit_installed_allowed);
  adit_machine_install (here.machine, packages, "later");
  do_expect ("test -e /usr/share/doc/adit/later");
  adit_machine_wait_connected (here.machine);
  adit_world_expect_web (here.world, ADIT_LAB_EXIT_ADDRESS);
  adit_installed_expect_tight (&here, "upgrade");
}

/* The power is cut while connected; the rules of the kernel go with it, and the cable is dead until the machine wakes it up. */
static void
test_boot (void)
{
  static const char *const lines[] = { "ip link set eth0 down", "nft flush ruleset" };
  g_autofree char *early = NULL;

  adit_machine_write (here.machine, "/etc/systemd/system/lab-network.service", network_unit);
  do_expect ("systemctl enable lab-network.service");
  do_expect ("sync");
  adit_installed_enter_phase (&here, "power cut", adit_installed_allowed);
  adit_machine_cut (here.machine);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GError) error = NULL;

      adit_lab_run_line ("client", lines[i], &error);
      g_assert_no_error (error);
    }
  g_assert_false (adit_installed_has_lock ());
  adit_installed_enter_phase (&here, "boot", adit_installed_allowed);
  adit_machine_boot (here.machine);
  adit_machine_wait_connected (here.machine);
  early = adit_machine_expect (here.machine, 0, "systemctl show --property=Result,ActiveState --value adit-early.service");
  g_assert_cmpstr (early, ==, "success\nactive\n");
  adit_world_expect_web (here.world, ADIT_LAB_EXIT_ADDRESS);
  adit_installed_expect_tight (&here, "boot");
}

static void
test_remove (void)
{
  g_autofree char *resolvers = NULL;

  do_expect ("apt-get -q -y remove adit");
  g_assert_false (adit_installed_has_lock ());
  adit_world_expect_web (here.world, ADIT_LAB_ROUTER_ADDRESS);
  resolvers = adit_machine_expect (here.machine, 0, "cat /etc/resolv.conf");
  g_assert_cmpstr (resolvers, ==, "nameserver " ADIT_LAB_DNS_ADDRESS "\n");
  do_expect ("test ! -e /sys/class/net/adit0");
}

static void
test_purge (void)
{
  g_autofree char *left = NULL, *left_running = NULL;

  do_expect ("apt-get -q -y purge adit");
  /* systemd removes by itself what a power cut has left of a unit's own /tmp. */
  left = adit_machine_expect (here.machine, 0, "find / -xdev ( -path /var/tmp/adit -o -path /var/lib/apt -o "
                              "-path /var/cache/apt -o -path /var/log -o -name 'systemd-private-*' ) -prune "
                              "-o -iname '*adit*' -print");
  g_assert_cmpstr (left, ==, "");
  left_running = adit_machine_expect (here.machine, 0, "find /run -path /run/systemd -prune -o -iname '*adit*' -print");
  g_assert_cmpstr (left_running, ==, "");
}

int
main (int argc, char **argv)
{
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  if (argc < 3)
    g_error ("usage: test-installed TREE FOLDER");
  packages = argv[2];
  adit_installed_begin (&here, argv[1]);
  g_test_add_func ("/installed/install", test_install);
  g_test_add_func ("/installed/rights", test_rights);
  g_test_add_func ("/installed/own", test_own);
  g_test_add_func ("/installed/picture", test_picture);
  g_test_add_func ("/installed/connect", test_connect);
  g_test_add_func ("/installed/crash", test_crash);
  g_test_add_func ("/installed/report", test_report);
  g_test_add_func ("/installed/hang", test_hang);
  g_test_add_func ("/installed/upgrade", test_upgrade);
  g_test_add_func ("/installed/boot", test_boot);
  g_test_add_func ("/installed/remove", test_remove);
  g_test_add_func ("/installed/purge", test_purge);
  return g_test_run ();
}
