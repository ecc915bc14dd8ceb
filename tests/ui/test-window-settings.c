/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-settings.c: what is switched, chosen and typed on the pages with the settings is what the helper then has, what it
 * refuses is said and shown as it was, and what others change is seen. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <unistd.h>
#include "tests/simulator/known.h"

#define RULES "/etc/polkit-1/rules.d/20-beside.rules"
#define POLKIT_US 1000000    /* until polkit has seen that its rules are others */
#define RULE  "polkit.addRule(function(action) { " \
              "if (action.id == \"org.aditvpn.Adit1.reach-beside\") return polkit.Result.YES; });\n"

static void
expect_setting (const char *name, const char *value)
{
  g_autofree char *line = g_strdup_printf ("settings get %s", name), *wanted = g_strdup_printf ("%s\n", value);

  account_day_expect (line, wanted);
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
  adit_ax_wait (ax, "label", "~Neither printers, nor shares", SOON_MS);
  adit_ax_wait (ax, "label", "~reaches no virtual machine", SOON_MS);
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
  account_day_pick ("Local network", 1);
  adit_ax_wait (ax, "*", "~You are not allowed to do that.", SOON_MS);
  adit_ax_press (ax, "push button", "~_Close");
  adit_ax_wait (ax, "label", "Blocked", SOON_MS);
  expect_setting ("lan", "off");
  g_assert_true (g_file_set_contents (RULES, RULE, -1, NULL));
  g_usleep (POLKIT_US);
  account_day_pick ("Local network", 1);
  expect_setting ("lan", "subnet");
  adit_ax_wait (ax, "label", "~Printers, shares and the router", SOON_MS);

  /* Nothing is set before something was typed, and a range that is none is refused in words. */
  account_day_pick ("Local network", 2);
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
  account_day_pick ("Local network", 1);
  account_day_pick ("Local network", 2);
  adit_ax_wait (ax, "*", "~Addresses, such as", SOON_MS);
  adit_ax_type (ax, "*", "~Addresses, such as", "192.168.7.0/24, 10.1.0.0/16");
  adit_ax_key (ax, "Return");
  expect_setting ("lan", "192.168.7.0/24 10.1.0.0/16");
  adit_ax_wait (ax, "label", "~What is at these addresses", SOON_MS);
  adit_ax_press (ax, "check box", "Announcements");
  expect_setting ("multicast", "on");
  adit_world_expect (world, 0, NULL, "settings set guests virbr0", 0);
  adit_ax_wait (ax, "label", "~behind these interfaces", SOON_MS);
  adit_world_expect (world, 0, NULL, "settings set guests none", 0);
  adit_ax_wait (ax, "label", "~reaches no virtual machine", SOON_MS);
  account_day_pick ("Local network", 0);
  expect_setting ("lan", "off");
  adit_ax_gone (ax, "*", "~Addresses, such as", SOON_MS);
}

/* What somebody is about to type stays when something else is changed meanwhile. */
static void
test_kept (void)
{
  account_day_pick ("Local network", 2);
  adit_ax_wait (ax, "*", "~Addresses, such as", SOON_MS);
  adit_world_expect (world, 0, NULL, "settings set multicast off", 0);
  for (guint i = 0; i < 100 && adit_ax_is (ax, "check box", "Announcements", "checked"); i++)
    g_usleep (50000);
  g_assert_false (adit_ax_is (ax, "check box", "Announcements", "checked"));
  adit_ax_type (ax, "*", "~Addresses, such as", "192.168.9.0/24");
  adit_ax_key (ax, "Return");
  expect_setting ("lan", "192.168.9.0/24");
  account_day_pick ("Local network", 0);
  expect_setting ("lan", "off");
}

static void
test_names (void)
{
  adit_ax_press (ax, "*", "DNS");
  adit_ax_wait (ax, "label", "~Not connected", SOON_MS);
  account_day_pick ("Names are asked of", 1);
  adit_ax_wait (ax, "*", "~Addresses, up to four", SOON_MS);
  adit_ax_type (ax, "*", "~Addresses, up to four", "9.9.9.9");
  adit_ax_key (ax, "Return");
  expect_setting ("dns", "9.9.9.9");
  adit_ax_wait (ax, "label", "~Your own resolvers are asked instead", SOON_MS);
  g_assert_false (adit_ax_is (ax, "check box", "Trackers", "sensitive"));
  account_day_shoot ("95-settings-names");
  account_day_pick ("Names are asked of", 0);
  expect_setting ("dns", "service");
}

/* What the service leaves out goes together; another service's is left as it is. */
static void
test_blocks (void)
{
  adit_world_expect (world, 0, NULL, "settings set block ivpn/basic mullvad/ads", 0);
  for (guint i = 0; i < 100 && !adit_ax_is (ax, "check box", "Advertisements", "checked"); i++)
    g_usleep (50000);
  adit_ax_press (ax, "check box", "Trackers");
  expect_setting ("block", "ivpn/basic mullvad/ads mullvad/trackers");
  adit_ax_press (ax, "check box", "Advertisements");
  expect_setting ("block", "ivpn/basic mullvad/trackers");
}

/* What the leak test says is of the moment: it goes when the state does. */
static void
test_leaks (void)
{
  adit_ax_press (ax, "push button", "Test for leaks");
  adit_ax_wait (ax, "label", "~Not protected: names are asked outside", SOON_MS);
  adit_ax_wait (ax, "label", "~Nothing stops them: the lock is open", SOON_MS);
  account_day_shoot ("95-settings-leaks-open");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "connect se-got --wait", 0);
  adit_ax_gone (ax, "label", "~Not protected: names are asked outside", SOON_MS);
  adit_ax_wait (ax, "label", "~Left out: Trackers", SOON_MS);
  adit_ax_press (ax, "push button", "Test for leaks");
  adit_ax_wait (ax, "label", "~No leak: names are asked inside the tunnel", SOON_MS);
  adit_ax_wait (ax, "label", "~Refused by the lock", SOON_MS);
  account_day_shoot ("95-settings-leaks-none");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "settings set block none", 0);
}

/* "Automatic" first; what the service does not have is grey and says why. */
static void
test_tunnel (void)
{
  adit_ax_press (ax, "*", "Tunnel");
  adit_ax_wait (ax, "label", "WireGuard alone is offered.", SOON_MS);
  adit_ax_wait (ax, "label", "~In at one place, out at another", SOON_MS);
  adit_ax_wait (ax, "label", "The service has 51820", SOON_MS);
  account_day_shoot ("95-settings-tunnel");
  account_day_pick ("Port", 1);
  adit_ax_wait (ax, "*", "~Number of the port", SOON_MS);
  adit_ax_type (ax, "*", "~Number of the port", "51820");
  adit_ax_key (ax, "Return");
  expect_setting ("port", "51820");

  /* What it is refused for is in the sentence; what is taken is what the command line has by the same name. */
  account_day_pick ("Packet size (MTU)", 1);
  adit_ax_wait (ax, "*", "~Bytes, from 1280 to 9000", SOON_MS);
  adit_ax_type (ax, "*", "~Bytes, from 1280 to 9000", "1279");
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "*", "~\"1279\" is neither \"auto\" nor a number of bytes from 1280 to 9000", SOON_MS);
  adit_ax_press (ax, "push button", "~_Close");
  expect_setting ("mtu", "auto");
  account_day_pick ("Packet size (MTU)", 0);
  account_day_pick ("Packet size (MTU)", 1);
  adit_ax_type (ax, "*", "~Bytes, from 1280 to 9000", "1300");
  adit_ax_key (ax, "Return");
  expect_setting ("mtu", "1300");
  account_day_pick ("To the server", 1);
  expect_setting ("ip-outside", "ipv4");
  account_day_pick ("Inside the tunnel", 1);
  expect_setting ("ip-inside", "ipv4");
  account_day_shoot ("95-settings-tunnel-typed");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "connect se-got --wait", 0);
  account_day_expect ("status --json", "~\"mtu_bytes\":1300");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "disconnect", 0);
  account_day_pick ("To the server", 0);
  account_day_pick ("Inside the tunnel", 0);
  account_day_pick ("Packet size (MTU)", 0);
  expect_setting ("mtu", "auto");

  /* A position has a comma of its own. */
  account_day_pick ("This computer is", 1);
  adit_ax_wait (ax, "*", "~Degrees north and east", SOON_MS);
  adit_ax_type (ax, "*", "~Degrees north and east", "59.33,18.07");
  adit_ax_key (ax, "Return");
  account_day_expect ("settings get near", "~59.33");

  /* What is set at the command line is seen here. */
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "settings set key-days 7", 0);
  adit_ax_wait (ax, "*", "~Days, from 1 to 30", SOON_MS);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "settings set pick random", 0);
  adit_ax_wait (ax, "label", "One by chance", SOON_MS);
}

static void
test_automation (void)
{
  adit_ax_press (ax, "*", "Automation");
  account_day_pick ("Connect", 2);
  expect_setting ("auto-connect", "login");
  account_day_shoot ("96-settings-automation");
}

/* For new ones, for the one that this computer is in, and forgotten again. */
static void
test_networks (void)
{
  account_day_pick ("New Wi-Fi networks", 2);
  account_day_expect ("networks", "~  wifi    unknown    lockdown");
  account_day_pick ("A wired network", 3);
  account_day_expect ("networks", "~wired   trusted    ask");
  account_day_shoot ("97-settings-networks");
  account_day_pick ("A wired network", 0);
  account_day_expect ("networks", "~wired   unknown    ask");

  /* A list of choices that is open stays so when something is changed elsewhere. */
  adit_ax_focus (ax, "*", "New Wi-Fi networks");
  adit_ax_key (ax, "space");
  adit_world_expect (world, 0, NULL, "settings set multicast on", 0);
  g_usleep (POLKIT_US);
  adit_ax_key (ax, "Home");
  adit_ax_key (ax, "Down");
  adit_ax_key (ax, "Return");
  account_day_expect ("networks", "~  wifi    unknown    connect");
  account_day_pick ("New Wi-Fi networks", 2);
  account_day_expect ("networks", "~  wifi    unknown    lockdown");
  g_assert_cmpint (unlink (RULES), ==, 0);
  g_usleep (POLKIT_US);
  account_day_pick ("New Wi-Fi networks", 0);
  adit_ax_wait (ax, "*", "~You are not allowed to do that.", SOON_MS);
  adit_ax_press (ax, "push button", "~_Close");
  account_day_expect ("networks", "~  wifi    unknown    lockdown");
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
  g_test_add_func ("/window-settings/blocks", test_blocks);
  g_test_add_func ("/window-settings/leaks", test_leaks);
  g_test_add_func ("/window-settings/tunnel", test_tunnel);
  g_test_add_func ("/window-settings/automation", test_automation);
  g_test_add_func ("/window-settings/networks", test_networks);
  g_test_add_func ("/window-settings/away", test_away);
  return account_day_run ();
}
