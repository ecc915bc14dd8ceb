/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arrivals.c: the router becomes another one by another hardware address: everything that it says of itself stays as it was. */
#include "tests/lab/arrivals.h"

#include <string.h>
#include <unistd.h>

#define CHECKS "/etc/NetworkManager/conf.d/checks.conf"

static char hardware[sizeof ARRIVALS_ELSEWHERE];    /* the router's own */

static void
read_hardware (void)
{
  const char *const show[] = { "ip", "-o", "link", "show", "br-lan", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("router", 0, 2000, show, NULL);
  const char *at = strstr (result->out, "link/ether ");

  g_assert_nonnull (at);
  g_strlcpy (hardware, at + strlen ("link/ether "), sizeof hardware);
}

/**
 * arrivals_new_world:
 * @checks: (nullable): what NetworkManager is told of its check of the internet
 *
 * Returns: (transfer full): a world in its home network, signed in, where nothing is connected and no rule is set
 */
AditWorld *
arrivals_new_world (const char *checks)
{
  g_autoptr (GError) error = NULL;
  AditWorld *world = adit_world_new (ADIT_WORLD_NETWORKMANAGER, &error);

  if (world == NULL)
    g_error ("%s", error->message);
  (void) unlink ("/etc/resolv.conf");
  g_assert_true (checks == NULL || g_file_set_contents (CHECKS, checks, -1, NULL));
  adit_world_start_networkmanager (world, "default", "file");
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  read_hardware ();
  return world;
}

/**
 * arrivals_get_home:
 *
 * Returns: (transfer none): the hardware address of the router at home
 */
const char *
arrivals_get_home (void)
{
  return hardware;
}

/**
 * arrivals_move_to:
 * @world: a world of arrivals_new_world()
 * @address: of whose router
 *
 * The client leaves, and comes back to a router with that hardware address.
 */
void
arrivals_move_to (AditWorld *world, const char *address)
{
  g_autofree char *line = g_strdup_printf ("ip link set br-lan address %s", address);
  g_autoptr (AditLabResult) down = adit_world_nmcli (world, "device disconnect eth0"), up = NULL;
  g_autoptr (GError) error = NULL;

  if (!adit_lab_run_line ("router", line, &error))
    g_error ("%s: %s", line, error->message);
  up = adit_world_nmcli (world, "connection up wired");
  g_assert_cmpint (up->status, ==, 0);
  /* Somebody sends something. */
  (void) adit_world_ping (world, ADIT_LAB_ROUTER_ADDRESS, 200);
}

/**
 * arrivals_move_home:
 * @world: a world of arrivals_new_world()
 *
 * As arrivals_move_to(), to where it began.
 */
void
arrivals_move_home (AditWorld *world)
{
  arrivals_move_to (world, hardware);
}
