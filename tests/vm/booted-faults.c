/* SPDX-License-Identifier: GPL-2.0-or-later */
/* booted-faults.c: connected, while the helper dies, and while the disk takes nothing more. */
#include "config.h"
#include "tests/vm/booted.h"

#define DROP_IN  "/run/systemd/system/aditd.service.d/slow.conf"
#define FILL     "/var/tmp/fill"
#define DEAD     "us-nyc"    /* connecting for as long as nobody says otherwise */
#define MANY_RESTARTS 8    /* systemd leaves it at five unless a unit says otherwise */
#define RESTARTS "systemctl show --property=NRestarts --value aditd.service"

static const char *const dead_holes[] = { ADIT_LAB_SILENT_RELAY, ADIT_LAB_EXIT_RELAY, "tcp:" ADIT_LAB_API_ADDRESS ":443",
                                          "tcp:" ADIT_LAB_DOH_ADDRESS ":443", NULL };

/* systemd waits before it starts it again, so that there is a while to look at, in which nobody could put anything right. */
static void
kill_helper (const char *phase, const char *state)
{
  g_autofree char *before = adit_machine_expect (booted.machine, 0, RESTARTS), *after = NULL;

  booted_do ("systemctl kill --signal=KILL aditd.service");
  booted_wait_said ("systemctl show --property=SubState --value aditd.service", "auto-restart");
  booted_do ("sh -c '! pgrep -x aditd'");
  booted_do ("nft list table inet adit");
  booted_do ("nft list table netdev adit");
  booted_expect_tight (phase);
  booted_do ("sh -c '! pgrep -x aditd'");
  booted_wait_said ("adit --json status", state);
  after = adit_machine_expect (booted.machine, 0, RESTARTS);
  g_assert_cmpuint (g_ascii_strtoull (after, NULL, 10), ==, g_ascii_strtoull (before, NULL, 10) + 1);
}

/* L04: with all that it had started.  The tunnel is the kernel's, and goes on by itself meanwhile. */
static void
test_killed (void)
{
  adit_machine_write (booted.machine, DROP_IN, "[Service]\nRestartSec=30\n");
  booted_do ("systemctl daemon-reload");
  booted_enter ("killed", booted_holes);
  kill_helper ("killed", "\"state\":\"connected\"");
  booted_expect_back ("killed");
  booted_enter ("killed while connecting", dead_holes);
  booted_do ("adit connect " DEAD);
  booted_wait_said ("adit --json status", "\"state\":\"connecting\"");
  kill_helper ("killed while connecting", "\"state\":\"connecting\"");
  booted_expect_web ("");
  booted_expect_tight ("killed while connecting");
  adit_machine_expect_of_service (booted.machine, "adit --json connect se-got --wait --timeout 180");
  booted_do ("rm -r /run/systemd/system/aditd.service.d");
  booted_do ("systemctl daemon-reload");
}

/* What has to be written down is not begun; what is written down already goes on. */
static void
expect_kept (const char *phase)
{
  booted_expect_refused (1, "\"StoreFailed\"", "adit --json lockdown on");
  booted_expect_refused (1, "Check that the disk is not full and not read-only.", "adit connect se-sto");
  booted_expect_said ("adit --json status", "\"state\":\"connected\"");
  booted_expect_said ("adit --json status", "\"lockdown\":false");
  booted_do ("adit reconnect");
  booted_expect_back (phase);
}

/* systemd 252 makes a unit's own /dev by way of a folder in /tmp, and starts nothing where it cannot: then the lock is there
 * alone, and the helper is tried again for as long as it takes.  Where /tmp is in memory, as Debian 13 has it, it starts, needs
 * nothing of the disk, and connects. */
static void
expect_restarts (const char *phase)
{
  guint64 n_restarts = 0;

  g_free (adit_machine_expect (booted.machine, 1, "systemctl restart aditd.service"));
  booted_expect_refused (3, "Adit's helper is not running.", "adit status");
  booted_expect_web ("");
  booted_expect_tight (phase);
  for (guint i = 0; n_restarts <= MANY_RESTARTS; i++)
    {
      g_autofree char *said = adit_machine_expect (booted.machine, 0, RESTARTS);

      n_restarts = g_ascii_strtoull (said, NULL, 10);
      g_assert_cmpuint (i, <, 60);
      g_usleep (G_USEC_PER_SEC);
    }
  booted_do ("mount -t tmpfs -o mode=1777 tmpfs /tmp");
  booted_wait_said ("adit --json status", "\"state\":\"connected\"");
  booted_expect_back (phase);
  booted_do ("umount --lazy /tmp");
}

static void
expect_writes (const char *phase)
{
  booted_do ("adit lockdown on");
  booted_do ("adit lockdown off");
  booted_do ("systemctl restart aditd.service");
  booted_expect_back (phase);
}

/* Blocks without a content, which take no room on the computer outside; the kernel keeps some for itself, so the last few are
 * taken one by one, and again when it has put its own books in order. */
static void
test_full (void)
{
  booted_enter ("full disk", booted_holes);
  booted_do ("sh -c 'fallocate -l $(($(stat -f -c %f*%S /) - 33554432)) " FILL "'");
  booted_do ("sh -c 'for i in 1 2 3; do dd if=/dev/zero of=" FILL ".$i bs=4096 2>/dev/null; sync; done; true'");
  booted_do ("sh -c '! dd if=/dev/zero of=" FILL ".more bs=4096 count=1 conv=fsync'");
  expect_kept ("full disk");
  expect_restarts ("full disk");
  booted_do ("sh -c 'rm " FILL " " FILL ".*'");
  expect_writes ("full disk");
}

/* As the kernel leaves a disk on which it has found an error: whoever has a file open to write it is not asked. */
static void
test_read_only (void)
{
  booted_enter ("read-only", booted_holes);
  booted_do ("sh -c 'sync && echo u >/proc/sysrq-trigger'");
  booted_wait_said ("grep ' / ext4 ' /proc/mounts", " ro,");
  booted_do ("sh -c '! touch /var/lib/adit/here /etc/adit/here'");
  expect_kept ("read-only");
  expect_restarts ("read-only");
  booted_do ("mount -o remount,rw /");
  expect_writes ("read-only");
}

void
booted_add_faults (void)
{
  g_test_add_func ("/booted/killed", test_killed);
  g_test_add_func ("/booted/full", test_full);
  g_test_add_func ("/booted/read-only", test_read_only);
}
