/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-booted.c: the packages on a computer of their own: stock kernel with its WireGuard, systemd, NetworkManager,
 * systemd-resolved, AppArmor.  usage: test-booted DISK FOLDER; packaging/debian/test --machine makes the disk, with the packages
 * in FOLDER.
 *
 * The watcher stands outside, at the router's end of the cable, and sees each packet from the first on.  A program in the machine
 * sends from before the network is up until the power is off. */
#include "config.h"
#include "tests/vm/emulated.h"

#include <string.h>

#include "tests/lab/leakwatch.h"
#include "tests/lab/world.h"

#define PHASE_US 3000000    /* how long a phase is watched that has no end of its own */
#define WAIT_MS  60000

static AditWorld     *world;
static AditMachine   *machine;
static AditLeakwatch *watch;
static const char    *packages;

static const char *const allowed[] = { ADIT_LAB_EXIT_RELAY, "tcp:" ADIT_LAB_API_ADDRESS ":443",
                                       "tcp:" ADIT_LAB_DOH_ADDRESS ":443", NULL };

static void
do_expect (const char *line)
{
  g_free (adit_machine_expect (machine, 0, "%s", line));
}

static void
expect_said (const char *line, const char *part)
{
  g_autofree char *said = adit_machine_expect (machine, 0, "%s", line);

  if (strstr (said, part) == NULL)
    g_error ("%s: there is no \"%s\" in: %s", line, part, said);
}

/* Until @line says @part. */
static void
wait_said (const char *line, const char *part)
{
  gint64 end_us = g_get_monotonic_time () + WAIT_MS * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end_us)
    {
      g_autoptr (AditLabResult) result = adit_machine_run (machine, line);

      if (strstr (result->out, part) != NULL)
        return;
      g_usleep (200000);
    }
  expect_said (line, part);
}

/* What the web server sees of the machine; "" where it cannot be reached. */
static void
expect_web (const char *address)
{
  g_autoptr (AditLabResult) result =
    adit_machine_run (machine, "timeout 10 bash -c 'exec 3<>/dev/tcp/" ADIT_LAB_WEB_ADDRESS "/80 && "
                      "printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3 && tail -n 1 <&3'");

  g_assert_cmpstr (g_strstrip (result->out), ==, address);
}

static guint64
count_noise (void)
{
  g_autofree char *count = adit_machine_expect (machine, 0, "cat /run/noise.count");

  return g_ascii_strtoull (count, NULL, 10);
}

static void
enter_phase (const char *phase, const char *const *may_leave)
{
  adit_leakwatch_set_phase (watch, phase, may_leave);
}

static void
expect_tight (const char *phase)
{
  g_autofree char *keys = NULL;
  guint64 before = count_noise (), after;

  g_usleep (PHASE_US);
  after = count_noise ();
  g_assert_cmpuint (after, >, before);
  keys = adit_leakwatch_dup_keys (watch, phase);
  g_test_message ("%s: %" G_GUINT64_FORMAT " tried since the boot, %u allowed, %u outside", phase, after,
                  adit_leakwatch_get_allowed (watch, phase), adit_leakwatch_get_outside (watch, phase));
  if (adit_leakwatch_get_outside (watch, phase) > 0)
    g_error ("outside in \"%s\": %s", phase, keys);
}

/* A name is asked for inside of the tunnel, by systemd-resolved. */
static void
expect_names (void)
{
  g_autofree char *log = NULL;

  wait_said ("resolvectl domain adit0", "~.");
  g_free (adit_world_dup_dns_log (world));
  expect_said ("resolvectl query --legend=no --cache=no web.example", ADIT_LAB_WEB_ADDRESS);
  log = adit_world_dup_dns_log (world);
  g_assert_nonnull (strstr (log, ADIT_LAB_GATEWAY));
  g_assert_null (strstr (log, ADIT_LAB_DNS_ADDRESS));
}

/* Seconds since the kernel began, of a unit's start. */
static double
get_start (const char *unit)
{
  g_autofree char *said = adit_machine_expect (machine, 0, "systemctl show --property=ActiveEnterTimestampMonotonic --value %s",
                                               unit);

  return (double) g_ascii_strtoull (said, NULL, 10) / G_USEC_PER_SEC;
}

/* --- In this order ---------------------------------------------------------------------------------------------------------- */

static void
test_install (void)
{
  enter_phase ("open", NULL);
  wait_said ("nmcli -g GENERAL.STATE device show eth0", "100");
  expect_web (ADIT_LAB_ROUTER_ADDRESS);
  adit_machine_install (machine, packages, "first");
  expect_said ("systemctl is-active aditd.service", "active");
  /* As aa-enforce does it, which is in no package that comes by itself. */
  do_expect ("sh -c \"sed 's/ flags=(complain)//' /etc/apparmor.d/adit-worker | apparmor_parser --replace\"");
  g_usleep (PHASE_US);
  g_assert_cmpuint (adit_leakwatch_get_outside (watch, "open"), >, 0);    /* or it would prove nothing below */
}

static void
test_connect (void)
{
  gint64 began_us;

  adit_machine_expect_of_service (machine, "sh -c 'echo " ADIT_WORLD_ACCOUNT " | adit --json login mullvad'");
  began_us = g_get_monotonic_time ();
  adit_machine_expect_of_service (machine, "adit --json connect se-got --wait");
  g_test_message ("connected after %.1f s", (double) (g_get_monotonic_time () - began_us) / G_USEC_PER_SEC);
  enter_phase ("connected", allowed);
  expect_said ("ip -details link show adit0", "wireguard");
  do_expect ("sh -c '! pgrep -u adit-wireguard'");    /* the kernel's own */
  expect_web (ADIT_LAB_EXIT_ADDRESS);
  expect_names ();
  expect_tight ("connected");
}

static void
test_networkmanager (void)
{
  enter_phase ("NetworkManager", allowed);
  do_expect ("systemctl restart NetworkManager.service");
  wait_said ("nmcli -g GENERAL.STATE device show eth0", "100");
  expect_said ("nmcli -g GENERAL.STATE device show adit0", "unmanaged");
  adit_machine_wait_connected (machine);
  expect_web (ADIT_LAB_EXIT_ADDRESS);
  expect_names ();
  expect_tight ("NetworkManager");
}

static void
test_resolved (void)
{
  enter_phase ("systemd-resolved", allowed);
  do_expect ("systemctl restart systemd-resolved.service");
  expect_names ();
  expect_web (ADIT_LAB_EXIT_ADDRESS);
  expect_tight ("systemd-resolved");
}

/* Every worker so far has run under it: it signed in, fetched lists and keys, and looked at what it had.  And one that does what
 * it may not is seen. */
static void
test_confined (void)
{
  static const char log_line[] = "journalctl --quiet --no-pager --dmesg --output=cat";
  static const char loaded[] = "name=\"adit-worker\"", denied[] = "apparmor=\"DENIED\"";
  g_autofree char *before = adit_machine_expect (machine, 0, "%s", log_line);

  expect_said ("cat /sys/kernel/security/apparmor/profiles", "adit-worker (enforce)");
  g_assert_nonnull (strstr (before, loaded));
  if (strstr (before, denied) != NULL)
    g_error ("%s", strstr (before, denied));
  do_expect ("sh -c '! aa-exec --profile=adit-worker -- cat /etc/shadow'");
  wait_said (log_line, denied);
}

/* The lock stays, and it comes back connected, by the new program. */
static void
test_upgrade (void)
{
  enter_phase ("upgrade", allowed);
  adit_machine_install (machine, packages, "later");
  do_expect ("test -e /usr/share/doc/adit/later");
  adit_machine_wait_connected (machine);
  expect_web (ADIT_LAB_EXIT_ADDRESS);
  expect_names ();
  expect_tight ("upgrade");
}

/* Told to stay locked, and nobody connects: from the last packet of the old day to the end of the new one nothing leaves but what
 * makes a cable work. */
static void
test_lockdown (void)
{
  double early;

  do_expect ("adit lockdown on");
  do_expect ("adit disconnect");
  enter_phase ("reboot", NULL);
  do_expect ("systemctl --no-block reboot");
  adit_machine_wait_off (machine);
  adit_machine_boot (machine);
  wait_said ("nmcli -g GENERAL.STATE device show eth0", "100");
  wait_said ("adit --json status", "\"state\":\"");
  expect_web ("");
  expect_tight ("reboot");
  early = get_start ("adit-early.service");
  g_test_message ("seconds after the kernel's begin: lock %.2f, NetworkManager %.2f, helper %.2f; whole boot %.2f", early,
                  get_start ("NetworkManager.service"), get_start ("aditd.service"), get_start ("multi-user.target"));
  g_assert_cmpfloat (early, >, 0);
  g_assert_cmpfloat (early, <=, get_start ("NetworkManager.service"));
}

static void
test_remove (void)
{
  do_expect ("apt-get -q -y remove adit");
  do_expect ("sh -c '! nft list tables | grep adit'");
  do_expect ("test ! -e /sys/class/net/adit0");
  expect_web (ADIT_LAB_ROUTER_ADDRESS);
  g_free (adit_world_dup_dns_log (world));
  wait_said ("resolvectl query --legend=no --cache=no web.example", ADIT_LAB_WEB_ADDRESS);
  expect_said ("resolvectl dns eth0", ADIT_LAB_DNS_ADDRESS);
}

static void
test_purge (void)
{
  g_autofree char *left = NULL;

  do_expect ("apt-get -q -y purge adit");
  left = adit_machine_expect (machine, 0, "find / -xdev ( -path /var/tmp/adit -o -path /var/lib/apt -o -path /var/cache -o "
                              "-path /var/log -o -name 'systemd-private-*' ) -prune -o -iname '*adit*' -print");
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
  adit_machine_write (machine, path, text);
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
  packages = argv[2];
  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  g_assert_no_error (error);
  machine = adit_machine_new (disk);
  adit_world_set_lease (world, ADIT_LAB_DNS_ADDRESS);
  watch = adit_leakwatch_start ("router", "to-client", &error);
  g_assert_no_error (error);
  adit_leakwatch_set_phase (watch, "before", NULL);
  adit_machine_boot (machine);
  copy_in ("/etc/adit/services.conf");
  copy_in ("/etc/adit/lab-ca.pem");
  g_test_add_func ("/booted/install", test_install);
  g_test_add_func ("/booted/connect", test_connect);
  g_test_add_func ("/booted/networkmanager", test_networkmanager);
  g_test_add_func ("/booted/resolved", test_resolved);
  g_test_add_func ("/booted/confined", test_confined);
  g_test_add_func ("/booted/upgrade", test_upgrade);
  g_test_add_func ("/booted/lockdown", test_lockdown);
  g_test_add_func ("/booted/remove", test_remove);
  g_test_add_func ("/booted/purge", test_purge);
  return g_test_run ();
}
