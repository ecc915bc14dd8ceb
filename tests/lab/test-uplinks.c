/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-uplinks.c: a computer whose way out is no plain cable: a VLAN, a bridge that its cable is a port of, or a macvlan
 * child.  It connects there as everywhere, and its network is back afterwards. */
#include "tests/lab/world.h"

#include <string.h>

#define TRIES  50
#define TRY_US 100000

typedef struct
{
  const char *name;
  const char *device;             /* which has the address */
  const char *router, *client;    /* how it is made, in a line each; parts separated by ";" */
  const char *undo_router, *undo_client;
} Uplink;

static AditWorld *world;

static const Uplink uplinks[] = {
  { "vlan", "eth0.7",
    "ip link add link br-lan name br-lan.7 type vlan id 7;ip addr add 10.10.0.129/25 dev br-lan.7;ip link set br-lan.7 up",
    "ip link add link eth0 name eth0.7 type vlan id 7;ip link set eth0.7 up", "ip link del br-lan.7", "ip link del eth0.7" },
  { "bridge", "br0", "ip addr add 10.10.0.129/25 dev br-lan",
    "ip link add br0 type bridge;ip link set eth0 master br0;ip link set br0 up", "ip addr del 10.10.0.129/25 dev br-lan",
    "ip link set eth0 nomaster;ip link del br0" },
  { "macvlan", "mac0", "ip addr add 10.10.0.129/25 dev br-lan",
    "ip link add link eth0 name mac0 type macvlan;ip link set mac0 up",
    "ip addr del 10.10.0.129/25 dev br-lan", "ip link del mac0" },
};

static void
run (const char *space, const char *lines)
{
  g_auto (GStrv) all = g_strsplit (lines, ";", -1);

  for (char **line = all; *line != NULL; line++)
    {
      g_autoptr (GError) error = NULL;

      if (!adit_lab_run_line (space, *line, &error))
        g_error ("%s: %s", *line, error->message);
    }
}

/* A bridge's port and a new device need a moment. */
static void
wait_web (const char *address, const char *what)
{
  for (guint i = 0; i < TRIES; i++)
    {
      g_autofree char *seen_as = adit_world_ask_web (world, FALSE);

      if (g_strcmp0 (seen_as, address) == 0)
        return;
      g_usleep (TRY_US);
    }
  adit_world_print_log (world);
  g_error ("%s: the web is not seen from %s", what, address);
}

/* VLANs are a module that not every kernel has. */
static gboolean
has_vlans (void)
{
  if (!adit_lab_run_line ("router", "ip link add link br-lan name br-lan.9 type vlan id 9", NULL))
    return FALSE;
  run ("router", "ip link del br-lan.9");
  return TRUE;
}

static void
test_uplink (gconstpointer data)
{
  const Uplink *self = data;
  g_autofree char *address = g_strdup_printf ("ip addr add 10.10.0.130/25 dev %s", self->device);

  if (g_str_equal (self->name, "vlan") && !has_vlans ())
    {
      g_test_skip ("this kernel has no VLANs; the virtual machine's has");
      return;
    }
  run ("router", self->router);
  run ("client", self->client);
  run ("client", address);
  run ("client", "ip route replace default via 10.10.0.129");
  wait_web (ADIT_LAB_ROUTER_ADDRESS, "before");
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  run ("client", "ip neigh flush all");    /* whoever carries the tunnel's packets has to be found through the lock */
  wait_web (ADIT_LAB_EXIT_ADDRESS, "connected");
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  wait_web (ADIT_LAB_EXIT_ADDRESS, "reconnected");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  wait_web (ADIT_LAB_ROUTER_ADDRESS, "after");
  run ("client", self->undo_client);
  run ("router", self->undo_router);
}

int
main (int argc, char **argv)
{
  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_PLAIN);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (uplinks); i++)
    {
      g_autofree char *path = g_strdup_printf ("/uplinks/%s", uplinks[i].name);

      g_test_add_data_func (path, &uplinks[i], test_uplink);
    }
  return adit_world_end_test (world);
}
