/* SPDX-License-Identifier: GPL-2.0-or-later */
/* booted-network.c: connected, while the network and those who rule it change, and while the machine sleeps. */
#include "config.h"
#include "tests/vm/booted.h"

#define LINK           "nmcli -g GENERAL.STATE device show eth0"
#define LINK_IS_UP     "100"    /* NM_DEVICE_STATE_ACTIVATED */
#define FIRST_ADDRESS  "10.10.0.2"
#define OTHER_ADDRESS  "10.10.0.9"
#define OTHER_RESOLVER "10.10.0.1"

static void
expect_connected (const char *phase)
{
  booted_wait_said (LINK, LINK_IS_UP);
  booted_expect_back (phase);
}

/* D07; and L23, since it asks whether there is an internet, and the clock's keeper asks for the time. */
static void
test_networkmanager (void)
{
  booted_enter ("NetworkManager", booted_holes);
  booted_do ("systemctl restart NetworkManager.service systemd-timesyncd.service");
  booted_wait_said (LINK, LINK_IS_UP);
  booted_expect_said ("nmcli -g GENERAL.STATE device show adit0", "unmanaged");
  g_free (adit_machine_expect (booted.machine, 0, "nmcli networking connectivity check"));
  expect_connected ("NetworkManager");
}

/* D07. */
static void
test_resolved (void)
{
  booted_enter ("systemd-resolved", booted_holes);
  booted_do ("systemctl restart systemd-resolved.service");
  expect_connected ("systemd-resolved");
}

/* The router gives another address and names another resolver, a private one, after the cable was pulled. */
static void
test_dhcp (void)
{
  booted_enter ("DHCP", booted_holes);
  adit_world_set_lease_address (booted.world, OTHER_ADDRESS);
  adit_world_set_lease (booted.world, OTHER_RESOLVER);
  adit_machine_set_cable (booted.machine, FALSE);
  booted_wait_said ("cat /sys/class/net/eth0/carrier", "0");
  adit_machine_set_cable (booted.machine, TRUE);
  booted_wait_said ("nmcli -g IP4.ADDRESS,IP4.DNS device show eth0", OTHER_ADDRESS);
  booted_expect_said ("nmcli -g IP4.DNS device show eth0", OTHER_RESOLVER);
  expect_connected ("DHCP");
}

/* L09: while it sleeps the router changes its mind once more. */
static void
test_sleep (void)
{
  booted_do ("grep -w mem /sys/power/state");
  booted_enter ("sleep", booted_holes);
  adit_machine_sleep (booted.machine);
  adit_world_set_lease_address (booted.world, FIRST_ADDRESS);
  adit_machine_wake (booted.machine);
  booted_wait_said ("nmcli -g IP4.ADDRESS device show eth0", FIRST_ADDRESS "/");
  expect_connected ("sleep");
}

void
booted_add_network (void)
{
  g_test_add_func ("/booted/networkmanager", test_networkmanager);
  g_test_add_func ("/booted/resolved", test_resolved);
  g_test_add_func ("/booted/dhcp", test_dhcp);
  g_test_add_func ("/booted/sleep", test_sleep);
}
