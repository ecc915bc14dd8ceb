/* SPDX-License-Identifier: GPL-2.0-or-later */
/* booted-boots.c: boots that are watched from outside from the first packet on (L01), after a good end and after a bad one. */
#include "config.h"
#include "tests/vm/booted.h"

#define SLOW_HOME  "/srv/alice/"
#define SLOW_UNITS SLOW_HOME ".config/systemd/user/"
#define SLOW_PORT  "4444"

static const char link_state[] = "nmcli -g GENERAL.STATE device show eth0";

/* The lock was there before the network. */
static void
expect_early (void)
{
  double early_s = booted_get_start_s ("adit-early.service"), manager_s = booted_get_start_s ("NetworkManager.service");

  g_test_message ("seconds after the kernel's begin: lock %.2f, NetworkManager %.2f, systemd-resolved %.2f, helper %.2f; "
                  "whole boot %.2f", early_s, manager_s, booted_get_start_s ("systemd-resolved.service"),
                  booted_get_start_s ("aditd.service"), booted_get_start_s ("multi-user.target"));
  g_assert_cmpfloat (early_s, >, 0);
  g_assert_cmpfloat (early_s, <=, manager_s);
}

static void
expect_back (const char *phase)
{
  g_autofree char *failures = NULL;

  adit_machine_wait_connected (booted.machine);
  expect_early ();
  failures = adit_machine_expect (booted.machine, 0, "sh -c 'journalctl --quiet --no-pager --boot --unit=aditd "
                                  "--output=short-monotonic --priority=warning || :'");
  g_test_message ("%s", failures);
  booted_expect_back (phase);
}

/* L03, too: the program sends until the power is off. */
static void
test_reboot (void)
{
  booted_enter ("reboot", booted_holes);
  adit_machine_shut_down (booted.machine);
  adit_machine_boot (booted.machine);
  expect_back ("reboot");
}

/* Slow to stop, as a person's program may be: it waits until the helper has gone, and then sends for some seconds more. */
static const char slow_unit[] =
  "[Unit]\nDescription=Slow to stop\n[Service]\nType=oneshot\nRemainAfterExit=yes\nTimeoutStopSec=80\n"
  "ExecStart=/bin/touch %h/begun\nExecStop=/bin/bash %h/slow\n[Install]\nWantedBy=default.target\n";
static const char slow_program[] =
  "cd; n=0\nwhile pgrep -x aditd; do sleep 0.2; done\n"
  "for i in {1..25}; do echo slow >/dev/udp/" ADIT_LAB_WEB_ADDRESS "/" SLOW_PORT "; n=$((n + 1)); sleep 0.2; done 2>/dev/null\n"
  "echo $n >tried; sync\n";

static void
shut_down_slowly (void)
{
  g_autofree char *tried = NULL;

  booted_wait_said ("ls " SLOW_HOME, "begun\n");
  booted_do ("rm -f " SLOW_HOME "begun " SLOW_HOME "tried");
  adit_machine_shut_down (booted.machine);
  adit_machine_boot (booted.machine);
  tried = adit_machine_expect (booted.machine, 0, "cat " SLOW_HOME "tried");
  g_test_message ("%s packets were tried after the helper had gone", g_strstrip (tried));
  g_assert_cmpstr (tried, ==, "25");
}

/* L03: the rules outlive the helper, which ends before others do; and without rules what is sent then is seen. */
static void
test_slow (void)
{
  booted_add_user ("alice");
  adit_machine_write (booted.machine, SLOW_HOME "slow", slow_program);
  adit_machine_write (booted.machine, SLOW_UNITS "slow.service", slow_unit);
  booted_do ("mkdir " SLOW_UNITS "default.target.wants");
  booted_do ("ln -s ../slow.service " SLOW_UNITS "default.target.wants/slow.service");
  booted_do ("chown -R alice: " SLOW_HOME);
  booted_do ("loginctl enable-linger alice");
  booted_enter ("slow shutdown", booted_holes);
  shut_down_slowly ();
  expect_back ("slow shutdown");
  booted_do ("adit disconnect");
  booted_enter ("slow shutdown, open", NULL);
  shut_down_slowly ();
  booted_expect_open ("slow shutdown, open", "udp:" ADIT_LAB_WEB_ADDRESS ":" SLOW_PORT);
  booted_do ("loginctl disable-linger alice");
  booted_do ("rm -r " SLOW_HOME ".config " SLOW_HOME "slow");
  booted_do ("adit connect se-got --wait --timeout 180");
}

/* D11: what was changed for the names is the new boot's own again. */
static void
test_power_cut (void)
{
  booted_enter ("power cut", booted_holes);
  adit_machine_cut (booted.machine);
  adit_machine_boot (booted.machine);
  expect_back ("power cut");
}

/* Told to stay locked, and nobody connects: from the last packet of the old day to the end of the new one nothing leaves but what
 * makes a cable work. */
static void
test_lockdown (void)
{
  booted_do ("adit lockdown on");
  booted_do ("adit disconnect");
  booted_enter ("lockdown", NULL);
  adit_machine_shut_down (booted.machine);
  adit_machine_boot (booted.machine);
  booted_wait_said (link_state, "100");
  booted_wait_said ("adit --json status", "\"state\":\"");
  booted_expect_web ("");
  expect_early ();
  booted_expect_tight ("lockdown");
}

/* L06: what it had noted is spoilt, and lockdown is on. */
static void
test_spoilt (void)
{
  static const char *const texts[] = { "", "garbage" };

  booted_enter ("spoilt", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      booted_do ("systemctl stop aditd.service");
      adit_machine_write (booted.machine, "/var/lib/adit/settings", texts[i]);
      booted_do ("systemctl start aditd.service");
      booted_expect_said ("adit --json status", "\"state\":\"blocked\"");
      booted_expect_web ("");
      booted_expect_tight ("spoilt");
    }
}

void
booted_add_boots (void)
{
  g_test_add_func ("/booted/reboot", test_reboot);
  g_test_add_func ("/booted/slow-shutdown", test_slow);
  g_test_add_func ("/booted/power-cut", test_power_cut);
  g_test_add_func ("/booted/lockdown", test_lockdown);
  g_test_add_func ("/booted/spoilt", test_spoilt);
}
