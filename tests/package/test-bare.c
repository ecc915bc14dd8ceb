/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-bare.c: packages on a Debian without systemd, polkit, NetworkManager, systemd-resolved, nft and WireGuard, from apt
 * install to apt purge: what is missing is said, and what is promised holds all the same.
 * usage: test-bare TREE FOLDER; packaging/debian/test --bare makes the tree. */
#include "config.h"
#include "tests/package/installed.h"

#include <string.h>

#define TUNNEL_EXIT      10    /* of adit(1): no tunnel */
#define NOT_ALLOWED_EXIT 5

static AditInstalled here;
static const char   *packages;

static void
do_expect (const char *line)
{
  g_free (adit_machine_expect (here.machine, 0, "%s", line));
}

/* Fails the test where @line does not end with @status, or does not say @words. */
static void
expect_said (const char *line, int status, const char *words)
{
  g_autoptr (AditLabResult) result = adit_machine_run (here.machine, line);

  if (result->status != status || strstr (result->err, words) == NULL)
    g_error ("%s: ended with %d, not with %d and \"%s\": %s%s", line, result->status, status, words, result->out, result->err);
}

static char *
dup_helper (void)
{
  return adit_machine_expect (here.machine, 0, "pgrep -x aditd");
}

static void
test_install (void)
{
  static const char *const absent[] = { "/lib/systemd/systemd", "/lib/systemd/systemd-resolved", "/usr/lib/polkit-1/polkitd",
                                        "/usr/sbin/NetworkManager", "/usr/sbin/nft", "/usr/bin/wireguard-go" };
  g_autofree char *pid = NULL;

  adit_machine_install (here.machine, packages, "first");
  for (guint i = 0; i < G_N_ELEMENTS (absent); i++)    /* also not as something that the packages need */
    g_free (adit_machine_expect (here.machine, 1, "test -e %s", absent[i]));
  do_expect ("getent passwd adit-provider adit-import adit-openvpn adit-wireguard adit-report");
  /* The bus starts it. */
  g_free (adit_machine_expect (here.machine, 1, "pgrep -x aditd"));
  do_expect ("adit status");
  pid = dup_helper ();
  g_assert_cmpint (atoi (pid), >, 0);
  g_assert_false (adit_installed_has_lock ());
}

/* Nobody can be asked who may, so root may. */
static void
test_polkit (void)
{
  expect_said ("setpriv --reuid=65534 --clear-groups adit lockdown on", NOT_ALLOWED_EXIT, "only root may do this");
  do_expect ("adit lockdown on");
  g_assert_true (adit_installed_has_lock ());
  do_expect ("adit lockdown off");
  g_assert_false (adit_installed_has_lock ());
}

/* What is missing is told by its package's name; what was wanted stays wanted, and is safe meanwhile. */
static void
test_wireguard (void)
{
  adit_machine_expect_of_service (here.machine, "sh -c 'echo " ADIT_WORLD_ACCOUNT " | adit --json login mullvad'");
  if (adit_lab_run_line ("client", "ip link add wgtest type wireguard", NULL))
    {
      g_assert_true (adit_lab_run_line ("client", "ip link del wgtest", NULL));
      g_test_skip ("this kernel has a WireGuard of its own");
      return;
    }
  expect_said ("adit connect se-got --wait", TUNNEL_EXIT, "wireguard-go");
  g_assert_true (adit_installed_has_lock ());
  adit_installed_enter_phase (&here, "no WireGuard", adit_installed_allowed);
  adit_installed_expect_tight (&here, "no WireGuard");
  do_expect ("adit disconnect");
  g_assert_false (adit_installed_has_lock ());
}

/* Names go by /etc/resolv.conf alone. */
static void
test_connect (void)
{
  g_autofree char *resolvers = NULL;

  adit_installed_enter_phase (&here, "open", NULL);
  adit_world_expect_web (here.world, ADIT_LAB_ROUTER_ADDRESS);
  g_usleep (ADIT_INSTALLED_PHASE_US);
  g_assert_cmpuint (adit_leakwatch_get_outside (here.watch, "open"), >, 0);    /* or it would prove nothing below */
  do_expect ("apt-get -q -y -o APT::Sandbox::User=root --no-install-recommends install wireguard-go");
  adit_machine_expect_of_service (here.machine, "adit --json connect se-got --wait");
  adit_installed_enter_phase (&here, "connected", adit_installed_allowed);
  adit_world_expect_web (here.world, ADIT_LAB_EXIT_ADDRESS);
  resolvers = adit_machine_expect (here.machine, 0, "cat /etc/resolv.conf");
  g_assert_null (strstr (resolvers, ADIT_LAB_DNS_ADDRESS));
  adit_installed_expect_tight (&here, "connected");
}

/* Nobody restarts a service here: the package ends the old helper and has the bus start the new one. */
static void
test_upgrade (void)
{
  g_autofree char *before = dup_helper (), *after = NULL;

  adit_installed_enter_phase (&here, "upgrade", adit_installed_allowed);
  adit_machine_install (here.machine, packages, "later");
  do_expect ("test -e /usr/share/doc/adit/later");
  after = dup_helper ();
  g_assert_cmpstr (after, !=, before);
  adit_machine_wait_connected (here.machine);
  adit_world_expect_web (here.world, ADIT_LAB_EXIT_ADDRESS);
  adit_installed_expect_tight (&here, "upgrade");
}

/* While it is connected, and somebody's program has the bus start the helper for as long as there is one: it ends, and lets go of
 * everything. */
static void
test_remove (void)
{
  g_autofree char *resolvers = NULL;

  do_expect ("sh -c 'while test -e /usr/bin/adit; do adit status; done >/dev/null 2>&1 </dev/null &'");
  do_expect ("apt-get -q -y remove adit");
  g_free (adit_machine_expect (here.machine, 1, "pgrep -x aditd"));
  g_assert_false (adit_installed_has_lock ());
  adit_world_expect_web (here.world, ADIT_LAB_ROUTER_ADDRESS);
  resolvers = adit_machine_expect (here.machine, 0, "cat /etc/resolv.conf");
  g_assert_cmpstr (resolvers, ==, "nameserver " ADIT_LAB_DNS_ADDRESS "\n");
  do_expect ("test ! -e /sys/class/net/adit0");
  do_expect ("apt-get -q -y purge adit");
  do_expect ("test ! -e /var/lib/adit -a ! -e /etc/adit -a ! -e /run/adit");
}

int
main (int argc, char **argv)
{
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  if (argc < 3)
    g_error ("usage: test-bare TREE FOLDER");
  packages = argv[2];
  adit_installed_begin (&here, argv[1]);
  g_test_add_func ("/bare/install", test_install);
  g_test_add_func ("/bare/polkit", test_polkit);
  g_test_add_func ("/bare/wireguard", test_wireguard);
  g_test_add_func ("/bare/connect", test_connect);
  g_test_add_func ("/bare/upgrade", test_upgrade);
  g_test_add_func ("/bare/remove", test_remove);
  return g_test_run ();
}
