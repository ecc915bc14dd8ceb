/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-early.c: rows of the catalogue about the time between the network's start and the helper's.  What a reboot leaves is
 * played: no rule, no device, no route, nothing in /run; the boot itself is tried in the virtual machine. */
#include "config.h"
#include "tests/lab/leak.h"

#include <string.h>

#define MOMENT_US  400000
#define STATE_MS   30000
#define RUN_MS     10000
#define EARLY      ADIT_LIBEXECDIR "/aditd --early"
#define BOOT_MARK  "/etc/adit/connect-at-boot"
#define LOCK_MARK  "/etc/adit/lockdown"
#define OTHER_HELPER 13    /* what `adit` and aditd exit with: client/api/errors.c */

static void
adit (AditLeak *leak, const char *line)
{
  adit_world_expect (adit_leak_get_world (leak), 0, NULL, line, 0);
}

static gboolean
is_marked (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
boot (AditLeak *leak)
{
  static const char *const rules[] = { "4410", "4420", "4430", "4490" };

  adit_world_kill_helper (adit_leak_get_world (leak));
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    for (guint family = 0; family < 2; family++)
      {
        g_autofree char *line = g_strdup_printf ("ip %s rule del pref %s", family == 0 ? "-4" : "-6", rules[i]);

        (void) adit_lab_run_line ("client", line, NULL);
      }
  (void) adit_lab_run_line ("client", "ip link del adit0", NULL);
  adit_leak_run (leak, "client", "rm -rf /run/adit");
  adit_leak_run (leak, "client", "nft flush ruleset");
}

static void
expect_state (AditLeak *leak, const char *state)
{
  if (!adit_world_wait_state (adit_leak_get_world (leak), state, STATE_MS))
    g_error ("it did not become %s", state);
}

/* The second half: without the early lock the senders are seen, until the helper is there. */
static void
control (AditLeak *leak)
{
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  adit_leak_allow (leak, "a boot without the early lock");
  boot (leak);
  g_usleep (MOMENT_US);
  adit_leak_expect_open (leak, "senders");
  adit_leak_stop_senders (leak);
}

static void
row_l01 (AditLeak *leak)
{
  adit_leak_start_senders (leak);
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  adit (leak, "lockdown off");
  g_assert_true (is_marked (BOOT_MARK) && !is_marked (LOCK_MARK));
  boot (leak);
  adit_leak_run (leak, "client", EARLY);
  adit_leak_allow (leak, "before the helper");
  g_usleep (MOMENT_US);
  adit_leak_expect_shut (leak, "before the helper");
  adit_leak_allow (leak, "the helper takes over");
  adit_world_expect_helper (adit_leak_get_world (leak));
  expect_state (leak, "connected");
  adit_leak_expect_shut (leak, "the helper takes over");

  /* It keeps its hands from a helper's lock, and the helper's disconnect ends what it has begun. */
  adit_leak_run (leak, "client", "sh -c '" EARLY "; test $? = " G_STRINGIFY (OTHER_HELPER) "'");
  g_assert_true (adit_world_wait_state (adit_leak_get_world (leak), "connected", 0));
  adit (leak, "disconnect");
  g_assert_false (is_marked (BOOT_MARK));
  adit (leak, "lockdown on");
  g_assert_true (is_marked (LOCK_MARK));
  boot (leak);
  adit_leak_run (leak, "client", EARLY);
  adit_leak_allow (leak, "lockdown, before the helper");
  g_usleep (MOMENT_US);
  adit_leak_expect_shut (leak, "lockdown, before the helper");
  adit_leak_allow (leak, "lockdown, with the helper");
  adit_world_expect_helper (adit_leak_get_world (leak));
  expect_state (leak, "disconnected");
  adit_leak_expect_shut (leak, "lockdown, with the helper");
  control (leak);
}

static void
row_l02 (AditLeak *leak)
{
  adit_leak_start_senders (leak);
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  boot (leak);
  adit_leak_run (leak, "client", "unshare --mount sh -c 'mount -t tmpfs -o ro none /var && mount --bind /etc /etc &&"
                                 " mount -o remount,ro,bind /etc && exec " EARLY "'");
  adit_leak_allow (leak, "without /var and with /etc read-only");
  g_usleep (MOMENT_US);
  adit_leak_expect_shut (leak, "without /var and with /etc read-only");
  control (leak);
}

static const AditLeakRow rows[] = {
  { "L01-early", "before the helper, with the early lock", row_l01 },
  { "L02-early", "the same without /var, /etc read-only", row_l02 },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
