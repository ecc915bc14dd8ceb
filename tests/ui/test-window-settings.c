/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-settings.c: what is switched, chosen and typed on the pages with the settings is what the helper then has, what it
 * refuses is said and shown as it was, and what others change is seen. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <string.h>
#include <unistd.h>
#include "tests/simulator/known.h"

#define RULES "/etc/polkit-1/rules.d/20-beside.rules"
#define POLKIT_US 1000000    /* until polkit has seen that its rules are others */
#define RULE  "polkit.addRule(function(action) { " \
              "if (action.id == \"org.aditvpn.Adit1.reach-beside\") return polkit.Result.YES; });\n"

/* What the command line says, or with ~ before it what is in that, soon. */
static void
expect_line (const char *line, const char *wanted)
{
  gint64 end_us = g_get_monotonic_time () + SOON_MS * G_TIME_SPAN_MILLISECOND;

  for (;;)
    {
      g_autoptr (AditLabResult) result = adit_world_adit (world, ADIT_WORLD_ALICE_UID, NULL, line);

      if (wanted[0] == '~' ? strstr (result->out, wanted + 1) != NULL : g_str_equal (result->out, wanted))
        return;
      if (g_get_monotonic_time () > end_us)
        g_error ("%s: %s, not %s", line, result->out, wanted);
      g_usleep (50000);
    }
}

static void
expect_setting (const char *name, const char *value)
{
  g_autofree char *line = g_strdup_printf ("settings get %s", name), *wanted = g_strdup_printf ("%s\n", value);

  expect_line (line, wanted);
}

static void
choose (const char *row, guint which)
{
  adit_ax_focus (ax, "*", row);
  adit_ax_key (ax, "space");
  adit_ax_key (ax, "Home");
  for (guint i = 0; i < which; i++)
    adit_ax_key (ax, "Down");
  adit_ax_key (ax, "Return");
}

static void
test_open (void)
{
  account_day_start ();
  account_day_type ("Account number", KNOWN_MULLVAD_ACCOUNT);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "push button", "Connect", SERVICE_MS);
  adit_ax_key (ax, "ctrl+comma");
  adit_ax_wait (ax, "label", "Local network", SOON_MS);
  account_day_shoot ("92-settings");
}

static void
test_lockdown (void)
{
  adit_ax_press (ax, "check box", "Lockdown");
  expect_setting ("lockdown", "on");
  g_assert_true (adit_ax_is (ax, "check box", "Lockdown", "checked"));

  /* Less protection asks for a password, and nobody is there who could be asked: it stays, and shows that it does. */
  adit_ax_press (ax, "check box", "Lockdown");
  adit_ax_wait (ax, "*", "~You are not allowed to do that.", SOON_MS);
  account_day_shoot ("93-settings-refused");
  adit_ax_press (ax, "push button", "~_Close");
  expect_setting ("lockdown", "on");
  g_assert_true (adit_ax_is (ax, "check box", "Lockdown", "checked"));

  /* Changed elsewhere, and seen here. */
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  for (guint i = 0; i < 100 && adit_ax_is (ax, "check box", "Lockdown", "checked"); i++)
    g_usleep (50000);
  g_assert_false (adit_ax_is (ax, "check box", "Lockdown", "checked"));
}

/* The choice goes back where it is refused. */
static void
test_lan (void)
{
  choose ("Local network", 1);
  adit_ax_wait (ax, "*", "~You are not allowed to do that.", SOON_MS);
  adit_ax_press (ax, "push button", "~_Close");
  adit_ax_wait (ax, "label", "Blocked", SOON_MS);
  expect_setting ("lan", "off");
  g_assert_true (g_file_set_contents (RULES, RULE, -1, NULL));
  g_usleep (POLKIT_US);
  choose ("Local network", 1);
  expect_setting ("lan", "subnet");

  /* Nothing is set before something was typed, and a range that is none is refused in words. */
  choose ("Local network", 2);
  adit_ax_wait (ax, "*", "~Addresses, such as", SOON_MS);
  expect_setting ("lan", "subnet");
  adit_ax_type (ax, "*", "~Addresses, such as", "8.8.8.0/24");
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "*", "~\"8.8.8.0/24\" is not a local network", SOON_MS);
  account_day_shoot ("94-settings-wrong");
  adit_ax_press (ax, "push button", "~_Close");
  expect_setting ("lan", "subnet");
}

static void
test_typed (void)
{
  choose ("Local network", 1);
  choose ("Local network", 2);
  adit_ax_wait (ax, "*", "~Addresses, such as", SOON_MS);
  adit_ax_type (ax, "*", "~Addresses, such as", "192.168.7.0/24, 10.1.0.0/16");
  adit_ax_key (ax, "Return");
  expect_setting ("lan", "192.168.7.0/24 10.1.0.0/16");
  adit_ax_press (ax, "check box", "Announcements");
  expect_setting ("multicast", "on");
  choose ("Local network", 0);
  expect_setting ("lan", "off");
  adit_ax_gone (ax, "*", "~Addresses, such as", SOON_MS);
}

/* What somebody is about to type stays when something else is changed meanwhile. */
static void
test_kept (void)
{
  choose ("Local network", 2);
  adit_ax_wait (ax, "*", "~Addresses, such as", SOON_MS);
  adit_world_expect (world, 0, NULL, "settings set multicast off", 0);
  for (guint i = 0; i < 100 && adit_ax_is (ax, "check box", "Announcements", "checked"); i++)
    g_usleep (50000);
  g_assert_false (adit_ax_is (ax, "check box", "Announcements", "checked"));
  adit_ax_type (ax, "*", "~Addresses, such as", "192.168.9.0/24");
  adit_ax_key (ax, "Return");
  expect_setting ("lan", "192.168.9.0/24");
  choose ("Local network", 0);
  expect_setting ("lan", "off");
}

static void
test_names (void)
{
  adit_ax_press (ax, "*", "Names");
  adit_ax_wait (ax, "label", "~Not connected", SOON_MS);
  choose ("Names are asked of", 1);
  adit_ax_wait (ax, "*", "~Addresses, up to four", SOON_MS);
  adit_ax_type (ax, "*", "~Addresses, up to four", "9.9.9.9");
  adit_ax_key (ax, "Return");
  expect_setting ("dns", "9.9.9.9");
  account_day_shoot ("95-settings-names");
  choose ("Names are asked of", 0);
  expect_setting ("dns", "service");
}

static void
test_automation (void)
{
  adit_ax_press (ax, "*", "Automation");
  choose ("Connect", 2);
  expect_setting ("auto-connect", "login");
  account_day_shoot ("96-settings-automation");
}

/* For new ones, for the one that this computer is in, and forgotten again. */
static void
test_networks (void)
{
  choose ("New Wi-Fi networks", 2);
  expect_line ("networks", "~  wifi    unknown    lockdown");
  choose ("A wired network", 3);
  expect_line ("networks", "~wired   trusted    ask");
  account_day_shoot ("97-settings-networks");
  choose ("A wired network", 0);
  expect_line ("networks", "~wired   unknown    ask");

  /* A list of choices that is open stays so when something is changed elsewhere. */
  adit_ax_focus (ax, "*", "New Wi-Fi networks");
  adit_ax_key (ax, "space");
  adit_world_expect (world, 0, NULL, "settings set multicast on", 0);
  g_usleep (POLKIT_US);
  adit_ax_key (ax, "Home");
  adit_ax_key (ax, "Down");
  adit_ax_key (ax, "Return");
  expect_line ("networks", "~  wifi    unknown    connect");
  choose ("New Wi-Fi networks", 2);
  expect_line ("networks", "~  wifi    unknown    lockdown");
  g_assert_cmpint (unlink (RULES), ==, 0);
  g_usleep (POLKIT_US);
  choose ("New Wi-Fi networks", 0);
  adit_ax_wait (ax, "*", "~You are not allowed to do that.", SOON_MS);
  adit_ax_press (ax, "push button", "~_Close");
  expect_line ("networks", "~  wifi    unknown    lockdown");
}

/* Without a helper the window before which it stands is needed: it can be closed. */
static void
test_away (void)
{
  adit_world_kill_helper (world);
  adit_ax_wait (ax, "*", "No helper", SOON_MS);
  adit_ax_key (ax, "Escape");
  adit_ax_gone (ax, "*", "Automation", SOON_MS);
  adit_world_expect_helper (world);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

int
main (int argc, char **argv)
{
  int ended = account_day_begin (&argc, &argv);

  if (ended != 0)
    return ended;
  g_test_add_func ("/window-settings/open", test_open);
  g_test_add_func ("/window-settings/lockdown", test_lockdown);
  g_test_add_func ("/window-settings/lan", test_lan);
  g_test_add_func ("/window-settings/typed", test_typed);
  g_test_add_func ("/window-settings/kept", test_kept);
  g_test_add_func ("/window-settings/names", test_names);
  g_test_add_func ("/window-settings/automation", test_automation);
  g_test_add_func ("/window-settings/networks", test_networks);
  g_test_add_func ("/window-settings/away", test_away);
  return account_day_run ();
}
