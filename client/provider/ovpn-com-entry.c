/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-com-entry.c: OVPN's list of datacenters and their servers, read into our own flat form.  What is wrong with the list as a
 * whole refuses it; what is wrong with one server, or with what is said of its city, skips that. */
#include "client/provider/ovpn-com.h"

#include <string.h>

#include "client/base/error.h"
#include "client/model/server-list-writer.h"
#include "client/provider/json-place.h"

#define SLUG_MAX_BYTES     64
#define STEM_MAX_BYTES     10     /* of a code that is made of a slug: with a dash and four digits it is one of 15 letters */
#define PTR_MAX_BYTES      254    /* RFC 1035, 2.3.4 */
#define DOMAIN             ".ovpn.com"
#define ADDRESS_MAX_BYTES  64
#define MTU_BYTES          1320   /* what the service's own client sets */
#define KEEPALIVE_S        25
/* The list has none.  No city lies where both are zero, so that is what "unknown" looks like. */
#define NO_LATITUDE_E6     0
#define NO_LONGITUDE_E6    0

typedef struct { guint n_good, n_broken; } Count;

static gboolean
refuse (GError **error, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, text);
  return FALSE;
}

/* A slug that can be a code is one.  Of any other the code is its beginning and four digits that stand for the whole, so that it
 * is the same in every list, whatever else is in it. */
static gboolean
make_city_code (const char *slug, char *code)
{
  g_autofree char *lower = g_ascii_strdown (slug, -1), *hash = NULL;
  char stem[STEM_MAX_BYTES + 1];
  gsize length = 0;

  if (adit_code_is_valid (lower))
    {
      g_strlcpy (code, lower, ADIT_CODE_MAX_BYTES);
      return TRUE;
    }
  for (const char *p = lower; *p != '\0' && length < STEM_MAX_BYTES; p++)
    if (g_ascii_isalnum (*p))
      stem[length++] = *p;
    else if (length > 0 && stem[length - 1] != '-')
      stem[length++] = '-';
  if (length > 0 && stem[length - 1] == '-')
    length--;
  stem[length] = '\0';
  if (length == 0)
    return FALSE;
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, lower, -1);
  g_snprintf (code, ADIT_CODE_MAX_BYTES, "%s-%.4s", stem, hash);
  return adit_code_is_valid (code);
}

static gboolean
read_location (AditJson *datacenter, const char *code, AditLocation *location)
{
  const char *country = adit_json_get_string (datacenter, "country", 3, NULL);
  g_autofree char *lower = country != NULL && strlen (country) == 2 ? g_ascii_strdown (country, -1) : NULL;

  memset (location, 0, sizeof *location);
  return lower != NULL && g_ascii_isalpha (lower[0]) && g_ascii_isalpha (lower[1]) &&
         adit_place_set (&location->place, lower, code, NULL) &&
         adit_json_copy_name (datacenter, "country_name", location->country_name) &&
         adit_json_copy_name (datacenter, "city", location->city_name);
}

/* "vpn52.prd.malmo.ovpn.com" is "malmo-vpn52": the labels from the widest, without the one that all of them have. */
static char *
make_server_name (const char *ptr)
{
  g_autofree char *lower = g_ascii_strdown (ptr, -1);
  g_auto (GStrv) labels = NULL;
  GString *name;

  if (!g_str_has_suffix (lower, DOMAIN) || strspn (lower, "abcdefghijklmnopqrstuvwxyz0123456789.-") != strlen (lower))
    return NULL;
  lower[strlen (lower) - strlen (DOMAIN)] = '\0';
  labels = g_strsplit (lower, ".", -1);
  name = g_string_new (NULL);
  for (guint i = g_strv_length (labels); i > 0; i--)
    if (!g_str_equal (labels[i - 1], "prd"))
      g_string_append_printf (name, "%s%s", name->len > 0 ? "-" : "", labels[i - 1]);
  return g_string_free (name, FALSE);
}

/* Whoever does not say, or says what is no percentage, counts as full. */
static guint8
read_load (AditJson *server)
{
  double load;

  if (!adit_json_has (server, "load") || !adit_json_get_number (server, "load", &load, NULL) || load < 0 || load > 100)
    return ADIT_LOAD_UNKNOWN;
  return (guint8) (load + 0.5);
}

/* Missing or 0: nobody can leave by this server who enters by another. */
static gboolean
read_exit_port (AditJson *server, const char *field, guint16 *port)
{
  gint64 number = 0;

  if (adit_json_has (server, field) && !adit_json_get_integer (server, field, 0, G_MAXUINT16, &number, NULL))
    return FALSE;
  *port = (guint16) number;
  return TRUE;
}

/* The list has one port for all.  A server that has another one for WireGuard is good for OpenVPN alone. */
static gboolean
takes_wireguard (AditJson *ports)
{
  AditJson *port;

  ADIT_JSON_FOREACH (ports, port)
    if (adit_json_peek_integer (port) == ADIT_OVPN_COM_WIREGUARD_PORT)
      return TRUE;
  return FALSE;
}

static gboolean
add_server (AditServerListWriter *writer, const AditLocation *where, AditJson *object)
{
  /* The service owns its machines, and gives every key an address of IPv6, too. */
  AditServerListServer server = { .provider = "", .owned = TRUE, .in_country = TRUE, .has_ipv6_inside = TRUE, .weight = 1 };
  AditLocation location = *where;
  g_autofree char *name = NULL;
  const char *text;
  AditJson *ports;
  gboolean online;

  if (!adit_json_get_boolean (object, "online", &online, NULL) || !online ||
      (text = adit_json_get_string (object, "ptr", PTR_MAX_BYTES, NULL)) == NULL || (name = make_server_name (text)) == NULL ||
      !adit_server_is_valid (name) || (ports = adit_json_get_array (object, "wireguard_ports", NULL)) == NULL ||
      (text = adit_json_get_string (object, "ip", ADDRESS_MAX_BYTES, NULL)) == NULL ||
      !adit_address_parse (text, &server.openvpn_ipv4) || server.openvpn_ipv4.family != ADIT_FAMILY_IPV4 ||
      !adit_address_is_unicast (&server.openvpn_ipv4) ||
      !adit_json_get_key (object, "public_key", server.key, sizeof server.key, NULL) ||
      !read_exit_port (object, "multihop_wireguard_port", &server.wireguard_exit_port) ||
      !read_exit_port (object, "multihop_openvpn_port", &server.openvpn_exit_port))
    return FALSE;
  server.name = name;
  server.load = read_load (object);
  if (takes_wireguard (ports))
    server.ipv4 = server.openvpn_ipv4;
  else
    {
      memset (server.key, 0, sizeof server.key);
      server.wireguard_exit_port = 0;
    }
  g_strlcpy (location.place.server, name, sizeof location.place.server);
  return adit_server_list_writer_add (writer, &location, NO_LATITUDE_E6, NO_LONGITUDE_E6, &server);
}

/* Of two datacenters with one slug nobody knows which is meant: that is no list. */
static gboolean
add_datacenter (AditServerListWriter *writer, GHashTable *codes, AditJson *datacenter, Count *count, GError **error)
{
  const char *slug = adit_json_get_string (datacenter, "slug", SLUG_MAX_BYTES, NULL);
  char code[ADIT_CODE_MAX_BYTES];
  AditJson *servers, *server;
  AditLocation location;

  if (slug == NULL || !make_city_code (slug, code))
    {
      count->n_broken++;
      return TRUE;
    }
  if (!g_hash_table_add (codes, g_strdup (code)))
    return refuse (error, "The service's answer is malformed: two datacenters have one \"slug\"");
  servers = adit_json_get_array (datacenter, "servers", NULL);
  if (servers == NULL || !read_location (datacenter, code, &location))
    {
      count->n_broken += servers != NULL ? adit_json_count (servers) : 1;
      return TRUE;
    }
  ADIT_JSON_FOREACH (servers, server)
    if (add_server (writer, &location, server))
      count->n_good++;
    else if (!adit_json_is (adit_json_find (server, "online"), ADIT_JSON_FALSE))
      count->n_broken++;
  return TRUE;
}

/* The answer names ports for WireGuard alone, and no resolver: these are the service's own, the same for all of its servers. */
static void
fill_head (AditServerListHead *head, gint64 now_s)
{
  static const AditPortRange ports[] = {
    { ADIT_OVPN_COM_WIREGUARD_PORT, ADIT_OVPN_COM_WIREGUARD_PORT, ADIT_PROTOCOL_WIREGUARD },
    { 1194, 1195, ADIT_PROTOCOL_OPENVPN_UDP },
    { ADIT_OVPN_COM_TCP_PORT, ADIT_OVPN_COM_TCP_PORT, ADIT_PROTOCOL_OPENVPN_TCP },
  };
  static const char *const resolvers[] = {
    "46.227.67.134", "192.165.9.158", "2a07:a880:4601:10f0:cd45::1", "2001:67c:750:1:cafe:cd45::1",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (resolvers) <= ADIT_TUNNEL_MAX_DNS);
  memcpy (head->ports, ports, sizeof ports);
  head->n_ports = G_N_ELEMENTS (ports);
  for (gsize i = 0; i < G_N_ELEMENTS (resolvers); i++)
    adit_address_parse (resolvers[i], &head->dns[head->n_dns++]);
  /* Assumed: what this resolver leaves out is not written anywhere, only that files of the service's name it with "adb". */
  g_strlcpy (head->blocks[0].name, "ads", sizeof head->blocks[0].name);
  adit_address_parse ("217.64.148.33", &head->blocks[0].resolver);
  head->n_blocks = 1;
  head->mtu_bytes = MTU_BYTES;
  head->keepalive_s = KEEPALIVE_S;
  head->picks_least_loaded = TRUE;
  g_strlcpy (head->service, "ovpn", sizeof head->service);
  head->fetched_at_s = now_s;
}

/**
 * adit_ovpn_com_read_entry:
 * @bytes: the service's answer
 * @length: its length in bytes
 * @now_s: UTC, seconds since 1970
 * @error: return location; %ADIT_ERROR_SERVICE_FAILED where it says itself that this is none, otherwise
 *   %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Servers that are not online are left out, as are those that break the form in any field; names of pools, the addresses for
 * pings and what is for other protocols are not read.
 *
 * Returns: (transfer full) (nullable): the flat form of client/model/server-list.h, with at least one server
 */
GBytes *
adit_ovpn_com_read_entry (const void *bytes, gsize length, gint64 now_s, GError **error)
{
  g_autoptr (AditJson) root = adit_json_parse (bytes, length, ADIT_OVPN_COM_ENTRY_MAX_BYTES, error);
  g_autoptr (GHashTable) codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (AditServerListWriter) writer = NULL;
  AditServerListHead head = { 0 };
  AditJson *datacenters, *datacenter;
  gboolean success;
  Count count = { 0 };

  if (root == NULL || !adit_json_get_boolean (root, "success", &success, error))
    return NULL;
  if (!success)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_FAILED,
                           "The service has no list of its servers at the moment");
      return NULL;
    }
  datacenters = adit_json_get_array (root, "datacenters", error);
  if (datacenters == NULL)
    return NULL;
  fill_head (&head, now_s);
  writer = adit_server_list_writer_new (&head);
  g_return_val_if_fail (writer != NULL, NULL);
  ADIT_JSON_FOREACH (datacenters, datacenter)
    if (!add_datacenter (writer, codes, datacenter, &count, error))
      return NULL;
  if (!adit_json_check_share (count.n_good, count.n_broken, error))
    return NULL;
  return adit_server_list_writer_finish (g_steal_pointer (&writer));
}
