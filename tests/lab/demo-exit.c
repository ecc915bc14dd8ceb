/* SPDX-License-Identifier: GPL-2.0-or-later */
/* demo-exit.c: the exits of the lab's internet: relays of services by WireGuard, and servers of OpenVPN that a file leads to. */
#include "tests/lab/demo-exit.h"

#include <string.h>
#include "tests/lab/demo-keys.h"
#include "tests/lab/openvpn-services.h"
#include "tests/simulator/known.h"
#include "tests/simulator/names.h"

#define FILE_NAME "/run/lab-demo.ovpn"
#define COPY_MS   10000
#define LOGIN     "<auth-user-pass>\n" ADIT_LAB_OVPN_USER "\n" ADIT_LAB_OVPN_PASSWORD "\n</auth-user-pass>\n"

#define USUAL       "mullvad"
#define IVPN        .signed_in_with = "an account ID", .credential = KNOWN_IVPN_ACCOUNT "\n"
#define OVPN        .signed_in_with = "a user name and a password", .credential = KNOWN_OVPN_USER "\n" KNOWN_OVPN_PASSWORD "\n"
#define RELAY(port) "udp:" ADIT_LAB_EXIT_ADDRESS ":" port
#define API(api)    "tcp:" api ":443"
#define SERVICE(id, port, api) .service = id, .tunnel = "wireguard", .exit_address = ADIT_LAB_EXIT_ADDRESS, \
  .carrier = { RELAY (port) }, .connecting = { RELAY (port), API (api) }, .blocked = { API (api) }

#define UDP   "udp:" ADIT_LAB_OVPN_ADDRESS ":1194"
#define TCP   "tcp:" ADIT_LAB_OVPN_ADDRESS ":443"

#define IVPN_UDP  "udp:" ADIT_LAB_IVPN_OVPN_ADDRESS ":1194"
#define IVPN_TCP  "tcp:" ADIT_LAB_IVPN_OVPN_ADDRESS ":443"
#define OTHER_UDP "udp:" ADIT_LAB_OVPN_ADDRESS ":1195"    /* OVPN's servers have two, of which either is taken */
#define BY_IVPN   .service = "ivpn", .exit_address = ADIT_LAB_IVPN_OVPN_ADDRESS, .resolver = ADIT_LAB_OVPN_RESOLVER, \
  .place = "no", .city = "Oslo", IVPN, .blocked = { API (ADIT_LAB_IVPN_ADDRESS) }
#define BY_OVPN   .service = "ovpn", .exit_address = ADIT_LAB_OVPN_ADDRESS, .resolver = ADIT_LAB_OVPNCOM_RESOLVER, \
  .place = "Oslo", .city = "Oslo", OVPN, .blocked = { API (ADIT_LAB_OVPNCOM_ADDRESS) }

/* What SECURITY.md lets through: the worker's connections to the API while there is no tunnel, the tunnel's own packets.
 * The first of a service is its default. */
static const DemoExit exits[] = {
  { SERVICE (USUAL, "51820", ADIT_LAB_API_ADDRESS), .resolver = ADIT_LAB_GATEWAY, .place = "se-got", .city = "Gothenburg",
    .signed_in_with = "an account number", .credential = KNOWN_MULLVAD_ACCOUNT "\n" },
  { SERVICE ("ivpn", "2049", ADIT_LAB_IVPN_ADDRESS), .resolver = ADIT_LAB_IVPN_GATEWAY, .place = "no", .city = "Oslo", IVPN },
  { BY_IVPN, .tunnel = "openvpn-udp", .carrier = { IVPN_UDP }, .connecting = { IVPN_UDP, API (ADIT_LAB_IVPN_ADDRESS) } },
  { BY_IVPN, .tunnel = "openvpn-tcp", .carrier = { IVPN_TCP }, .connecting = { IVPN_TCP, API (ADIT_LAB_IVPN_ADDRESS) } },
  { SERVICE ("ovpn", "9929", ADIT_LAB_OVPNCOM_ADDRESS), .resolver = ADIT_LAB_OVPNCOM_RESOLVER, .place = "Stockholm",
    .city = "Stockholm", OVPN },
  { BY_OVPN, .tunnel = "openvpn-udp", .carrier = { UDP, OTHER_UDP },
    .connecting = { UDP, OTHER_UDP, API (ADIT_LAB_OVPNCOM_ADDRESS) } },
  { BY_OVPN, .tunnel = "openvpn-tcp", .carrier = { TCP }, .connecting = { TCP, API (ADIT_LAB_OVPNCOM_ADDRESS) } },
  { SERVICE ("mysterium", "51820", ADIT_LAB_MYSTERIUM_ADDRESS), .resolver = ADIT_LAB_GATEWAY, .place = "se", .city = "Stockholm",
    .signed_in_with = "a page in the browser" },
  { .service = "file", .tunnel = "openvpn-udp", .exit_address = ADIT_LAB_OVPN_ADDRESS, .resolver = ADIT_LAB_OVPN_RESOLVER,
    .carrier = { UDP }, .connecting = { UDP } },
  { .service = "file", .tunnel = "openvpn-tcp", .exit_address = ADIT_LAB_OVPN_ADDRESS, .resolver = ADIT_LAB_OVPN_RESOLVER,
    .carrier = { TCP }, .connecting = { TCP } },
};

/* Somebody's own file says itself which of the two. */
static const DemoExit by_file = {
  .service = "file", .tunnel = "openvpn-udp", .exit_address = ADIT_LAB_OVPN_ADDRESS, .resolver = ADIT_LAB_OVPN_RESOLVER,
  .carrier = { UDP, TCP }, .connecting = { UDP, TCP },
};

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
 * @service: (nullable): "mullvad", which is the default, "ivpn", "ovpn", "mysterium", or "file"
 * @tunnel: (nullable): "wireguard", "openvpn-udp", "openvpn-tcp", or "openvpn", which is by UDP
 * @config: (nullable): somebody's own file
 * @why: (out): a sentence for whoever asked for what there is not
 *
 * Returns: (transfer none) (nullable): the exit
 */
const DemoExit *
demo_exit_find (const char *service, const char *tunnel, const char *config, char **why)
{
  service = service != NULL ? service : USUAL;
  if (g_strcmp0 (tunnel, "openvpn") == 0)
    tunnel = "openvpn-udp";
  *why = NULL;
  if (!is_service (service))
    *why = g_strdup_printf ("There is no service \"%s\" here: mullvad, ivpn, ovpn, mysterium, or file for a file of OpenVPN.",
                            service);
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
 * demo_exit_is_openvpn:
 * @self: an exit
 *
 * Returns: whether the tunnel to it is one of OpenVPN
 */
gboolean
demo_exit_is_openvpn (const DemoExit *self)
{
  return g_str_has_prefix (self->tunnel, "openvpn");
}

/**
 * demo_exit_is_usual:
 * @self: an exit
 *
 * Returns: whether its service is the one that the lab always has
 */
gboolean
demo_exit_is_usual (const DemoExit *self)
{
  return g_str_equal (self->service, USUAL);
}

/**
 * demo_exit_start:
 * @self: an exit of a service; after adit_world_add_services()
 * @error: return location
 *
 * Returns: whether there is a server at it; of WireGuard there is one always
 */
gboolean
demo_exit_start (const DemoExit *self, GError **error)
{
  return !demo_exit_is_openvpn (self) ||
         adit_lab_ovpn_add_services (g_getenv ("ADIT_LAB_DNS_SERVER"), g_getenv ("ADIT_LAB_OPENVPN_VERIFY"), error);
}

/**
 * demo_exit_dup_file:
 * @self: an exit that a file leads to; after adit_world_new()
 * @keys: (nullable): a folder for the keys of the lab's servers, which are made when it has none; the file goes there, too, as
 *   "demo.ovpn"
 * @error: return location
 *
 * Starts the lab's servers of OpenVPN, by UDP and by TCP, and writes the file that leads to the one that was asked for.  They go
 * with the program.
 *
 * Returns: (transfer full) (nullable): the file's path
 */
char *
demo_exit_dup_file (const DemoExit *self, const char *keys, GError **error)
{
  static const AditLabOvpnServer udp, tcp = { .transport = ADIT_LAB_OVPN_TCP };
  const AditLabOvpnServer *server = g_str_equal (self->tunnel, "openvpn-tcp") ? &tcp : &udp;
  const char *verify = g_getenv ("ADIT_LAB_OPENVPN_VERIFY");

  /* They are kept before a server has written anything beside them. */
  if ((keys != NULL && !demo_keys_fetch (keys, ADIT_LAB_OVPN_DIRECTORY, error)) ||
      !adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), error) ||
      !adit_lab_ovpn_write_client (FILE_NAME, server, LOGIN, error) ||
      (keys != NULL && !demo_keys_keep (keys, ADIT_LAB_OVPN_DIRECTORY, FILE_NAME, error)) ||
      adit_lab_ovpn_new (&udp, verify, error) == NULL || adit_lab_ovpn_new (&tcp, verify, error) == NULL)
    return NULL;
  return g_strdup (FILE_NAME);
}

/* The addresses of @host, which is one or a name; a name that the lab does not know leads nowhere. */
static void
add_ways (GStrvBuilder *builder, const char *transport, const char *host, const char *port)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  g_autofree char *name = g_ascii_strdown (host, -1), *text = address != NULL ? g_inet_address_to_string (address) : NULL;
  const KnownName *known = address == NULL ? names_find (name) : NULL;
  const char *found[3] = { text };

  if (known != NULL && known->alias != NULL)
    {
      add_ways (builder, transport, known->alias, port);
      return;
    }
  if (known != NULL)
    {
      found[0] = known->address4 != NULL ? known->address4 : known->address6;
      found[1] = found[0] != known->address6 ? known->address6 : NULL;
    }
  for (guint i = 0; found[i] != NULL; i++)
    {
      g_autofree char *way = g_strdup_printf ("%s:%s:%s", transport, found[i], port);

      g_strv_builder_add (builder, way);
    }
}

/**
 * demo_exit_dup_remotes:
 * @configuration: as adit exports one
 * @connecting: while there is no tunnel, when the names in it are asked for, too: by HTTPS, and in no other way
 *
 * Returns: (transfer full): where openvpn connects to by it, as the watcher writes that: "udp:192.0.2.1:1194"; in place of a name
 *   the addresses that it has in the lab
 */
char **
demo_exit_dup_remotes (const char *configuration, gboolean connecting)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) lines = g_strsplit (configuration, "\n", -1);
  gboolean by_name = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", -1);
      gboolean by_proxy = g_str_has_suffix (words[0] != NULL ? words[0] : "", "-proxy");
      guint n = g_strv_length (words);

      if (n < 3 || !(by_proxy || (g_str_equal (words[0], "remote") && n >= 4)))
        continue;
      add_ways (builder, by_proxy || !g_str_has_prefix (words[3], "udp") ? "tcp" : "udp", words[1], words[2]);
      by_name = by_name || !g_hostname_is_ip_address (words[1]);
    }
  if (connecting && by_name)
    g_strv_builder_add (builder, API (ADIT_LAB_DOH_ADDRESS));
  return g_strv_builder_end (builder);
}

/**
 * demo_exit_is_of_openvpn:
 * @configuration: as adit exports one
 *
 * Returns: whether OpenVPN connects by it, and not WireGuard
 */
gboolean
demo_exit_is_of_openvpn (const char *configuration)
{
  return g_str_has_prefix (configuration, "remote ") || strstr (configuration, "\nremote ") != NULL;
}

/**
 * demo_exit_blames_file:
 * @status: how "adit connect" ended (docs/first-connection.md has the list)
 *
 * Returns: whether that may be because of the file: its password, its server, or nobody in time.  The rest is the computer's, as
 *   is a lock that cannot be set.
 */
gboolean
demo_exit_blames_file (int status)
{
  return status == 6 || status == 10 || status == 12;
}
