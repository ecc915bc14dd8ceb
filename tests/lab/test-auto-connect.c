/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-auto-connect.c: a computer that starts, and somebody who logs in.  A start is played: no rule, no device, nothing in /run,
 * then what adit-early.service does, then the helper.  From the first moment to the connection a program tries every way out;
 * where nothing is set and lockdown is off it is seen. */
#include "config.h"
#include "tests/lab/links.h"

#include <string.h>

#include "tests/lab/senders.h"

#define EARLY     ADIT_LIBEXECDIR "/aditd --early"
#define BOOT_MARK "/etc/adit/connect-at-boot"
#define LOCK_MARK "/etc/adit/lockdown"
#define MOMENT_US 500000

static AditWorld *world;
static AditLeakwatch *watch;
static AditSenders *senders;

static const char *const allowed[] = { "tcp:" ADIT_LAB_API_ADDRESS ":443", "udp:" ADIT_LAB_EXIT_ADDRESS ":51820",
                                       LINKS_APART_RELAY, NULL };

static void
run (const char *line)
{
  adit_world_expect (world, 0, NULL, line, 0);
}

static void
set_phase (const char *phase)
{
  adit_leakwatch_set_phase (watch, phase, allowed);
  adit_senders_set_phase (senders, phase);
}

static void
expect_seen (const char *phase, gboolean is_open)
{
  guint outside = adit_leakwatch_get_outside (watch, phase), tried = adit_senders_get_tried (senders, phase);

  g_test_message ("%s: %u packets tried, %u seen", phase, tried, outside);
  g_assert_cmpuint (tried, >, 10);
  if (is_open != (outside > 0))
    links_fail (world, phase);
}

/* As the unit's conditions have it. */
static void
boot (const char *phase)
{
  static const char *const rules[] = { "4410", "4420", "4430", "4490" };

  adit_senders_set_phase (senders, "");
  adit_world_kill_helper (world);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *line = g_strdup_printf ("ip %s rule del pref %s", i % 2 == 0 ? "-4" : "-6", rules[i / 2]);

      (void) adit_lab_run_line ("client", line, NULL);
    }
  (void) adit_lab_run_line ("client", "ip link del adit0", NULL);
  links_run ("client", "rm -rf /run/adit");
  links_run ("client", "nft flush ruleset");
  g_usleep (MOMENT_US);    /* wireguard-go ends */
  if (g_file_test (BOOT_MARK, G_FILE_TEST_EXISTS) || g_file_test (LOCK_MARK, G_FILE_TEST_EXISTS))
    links_run ("client", EARLY);
  set_phase (phase);
  g_usleep (MOMENT_US);
}

static void
expect_in_file (const char *words, gboolean is_there)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents ("/var/lib/adit/wanted", &text, NULL, NULL));
  g_assert_cmpint (strstr (text, words) != NULL, ==, is_there);
}

static void
test_off (void)
{
  run ("disconnect");
  expect_in_file ("[last]", FALSE);    /* nothing is kept that is not needed */
  boot ("off");
  adit_world_expect_helper (world);
  g_usleep (MOMENT_US);
  links_expect_state (world, "disconnected", NULL);
  expect_seen ("off", TRUE);
  run ("connect --at-login");
  links_expect_state (world, "disconnected", NULL);
  run ("lockdown on");
  boot ("off, lockdown");
  adit_world_expect_helper (world);
  g_usleep (MOMENT_US);
  links_expect_state (world, "disconnected", NULL);
  expect_seen ("off, lockdown", FALSE);
  run ("lockdown off");
}

static void
test_boot (void)
{
  run ("settings set auto-connect boot");
  run ("connect se --wait");
  run ("disconnect");
  expect_in_file ("[last]", TRUE);
  /* A helper that is started anew is no start of the computer. */
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  g_usleep (MOMENT_US);
  links_expect_state (world, "disconnected", NULL);
  boot ("boot");
  adit_world_expect_helper (world);
  links_expect_connected (world);
  g_usleep (MOMENT_US);
  expect_seen ("boot", FALSE);
  run ("disconnect");
  run ("lockdown on");
  boot ("boot, lockdown");
  adit_world_expect_helper (world);
  links_expect_connected (world);
  expect_seen ("boot, lockdown", FALSE);
  run ("lockdown off");
  run ("connect --at-login");    /* not what is set */
}

static void
test_login (void)
{
  run ("settings set auto-connect login");
  run ("disconnect");
  expect_in_file ("[last]", TRUE);
  run ("lockdown on");
  boot ("login");
  adit_world_expect_helper (world);
  g_usleep (MOMENT_US);
  links_expect_state (world, "disconnected", NULL);
  run ("connect --at-login");
  links_expect_connected (world);
  run ("connect --at-login");
  links_expect_connected (world);
  expect_seen ("login", FALSE);
  run ("lockdown off");
  run ("disconnect");
  expect_in_file ("[last]", TRUE);
  /* What is only tried is no last place, until somebody confirms it. */
  run ("connect se-got --confirm-within 60");
  run ("reconnect");
  run ("disconnect");
  expect_in_file ("city=got", FALSE);
  run ("connect se-got --confirm-within 60");
  run ("confirm");
  run ("disconnect");
  expect_in_file ("city=got", TRUE);
  run ("logout");
  expect_in_file ("[last]", FALSE);    /* by an account that is gone nobody connects */
  run ("settings set auto-connect off");
  adit_world_expect (world, 0, NULL, "settings set auto-connect always", 2);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int failed;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = links_new_world (ADIT_WORLD_PLAIN);
  watch = adit_leakwatch_start ("router", "to-client", &error);
  g_assert_no_error (error);
  senders = adit_senders_start ("client", &error);
  g_assert_no_error (error);
  g_test_add_func ("/auto-connect/off", test_off);
  g_test_add_func ("/auto-connect/boot", test_boot);
  g_test_add_func ("/auto-connect/login", test_login);
  failed = g_test_run ();
  adit_senders_stop (senders);
  adit_leakwatch_stop (watch);
  adit_world_free (world);
  return failed;
}
