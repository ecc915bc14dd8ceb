/* SPDX-License-Identifier: GPL-2.0-or-later */
/* demo-exit.c: the exits of the lab's internet: a service's relay by WireGuard, and servers of OpenVPN that a file leads to. */
#include "tests/lab/demo-exit.h"

#include <string.h>
#include "tests/lab/openvpn-exit.h"

#define FILE_NAME "/run/lab-demo.ovpn"
#define LOGIN     "<auth-user-pass>\n" ADIT_LAB_OVPN_USER "\n" ADIT_LAB_OVPN_PASSWORD "\n</auth-user-pass>\n"

#define RELAY "udp:" ADIT_LAB_EXIT_ADDRESS ":51820"
#define API   "tcp:" ADIT_LAB_API_ADDRESS ":443"
#define UDP   "udp:" ADIT_LAB_OVPN_ADDRESS ":1194"
#define TCP   "tcp:" ADIT_LAB_OVPN_ADDRESS ":443"

/* What SECURITY.md lets through: the worker's connections to the API while there is no tunnel, the tunnel's own packets.
 * The first of a service is its default. */
static const DemoExit exits[] = {
  { "mullvad", "wireguard", ADIT_LAB_EXIT_ADDRESS, ADIT_LAB_GATEWAY, { RELAY }, { RELAY, API }, { API } },
  { "file", "openvpn-udp", ADIT_LAB_OVPN_ADDRESS, ADIT_LAB_OVPN_RESOLVER, { UDP }, { UDP }, { NULL } },
  { "file", "openvpn-tcp", ADIT_LAB_OVPN_ADDRESS, ADIT_LAB_OVPN_RESOLVER, { TCP }, { TCP }, { NULL } },
};

/* Somebody's own file says itself which of the two. */
static const DemoExit by_file = { "file", "openvpn-udp", ADIT_LAB_OVPN_ADDRESS, ADIT_LAB_OVPN_RESOLVER, { UDP, TCP },
                                  { UDP, TCP }, { NULL } };

static const char *const tunnels[] = { "wireguard", "openvpn-udp", "openvpn-tcp", NULL };

static gboolean
is_service (const char *service)
{
  gboolean found = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (exits); i++)
    found = found || g_str_equal (exits[i].service, service);
  return found;
}

/**
 * demo_exit_find:
 * @service: (nullable): "mullvad", which is the default, or "file"
 * @tunnel: (nullable): "wireguard", "openvpn-udp", "openvpn-tcp", or "openvpn", which is by UDP
 * @config: (nullable): somebody's own file
 * @why: (out): a sentence for whoever asked for what there is not
 *
 * Returns: (transfer none) (nullable): the exit
 */
const DemoExit *
demo_exit_find (const char *service, const char *tunnel, const char *config, char **why)
{
  service = service != NULL ? service : "mullvad";
  if (g_strcmp0 (tunnel, "openvpn") == 0)
    tunnel = "openvpn-udp";
  *why = NULL;
  if (!is_service (service))
    *why = g_strdup_printf ("There is no service \"%s\" here: mullvad, or file for a file of OpenVPN.", service);
  else if (tunnel != NULL && !g_strv_contains (tunnels, tunnel))
    *why = g_strdup_printf ("There is no tunnel \"%s\" here: wireguard, openvpn-udp or openvpn-tcp.", tunnel);
  else if (config != NULL && !g_str_equal (service, "file"))
    *why = g_strdup_printf ("A file is connected to with --service file, not with %s.", service);
  else if (config != NULL && !g_file_test (config, G_FILE_TEST_IS_REGULAR))
    *why = g_strdup_printf ("There is no file \"%s\".", config);
  else if (config != NULL && tunnel == NULL)
    return &by_file;
  for (gsize i = 0; *why == NULL && i < G_N_ELEMENTS (exits); i++)
    if (g_str_equal (exits[i].service, service) && (tunnel == NULL || g_str_equal (exits[i].tunnel, tunnel)))
      return &exits[i];
  if (*why == NULL)
    *why = g_strdup_printf ("%s cannot be connected to by %s.", service, tunnel);
  return NULL;
}

/**
 * demo_exit_is_file:
 * @self: an exit
 *
 * Returns: whether a file leads there, and no service
 */
gboolean
demo_exit_is_file (const DemoExit *self)
{
  return g_str_equal (self->service, "file");
}

/**
 * demo_exit_dup_file:
 * @self: an exit that a file leads to; after adit_world_new()
 * @error: return location
 *
 * Starts the lab's servers of OpenVPN, by UDP and by TCP, and writes the file that leads to the one that was asked for.  They go
 * with the program.
 *
 * Returns: (transfer full) (nullable): the file's path
 */
char *
demo_exit_dup_file (const DemoExit *self, GError **error)
{
  static const AditLabOvpnServer udp, tcp = { .transport = ADIT_LAB_OVPN_TCP };
  const AditLabOvpnServer *server = g_str_equal (self->tunnel, "openvpn-tcp") ? &tcp : &udp;
  const char *verify = g_getenv ("ADIT_LAB_OPENVPN_VERIFY");

  if (!adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), error) || adit_lab_ovpn_new (&udp, verify, error) == NULL ||
      adit_lab_ovpn_new (&tcp, verify, error) == NULL || !adit_lab_ovpn_write_client (FILE_NAME, server, LOGIN, error))
    return NULL;
  return g_strdup (FILE_NAME);
}
