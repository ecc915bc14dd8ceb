/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ivpn-servers.c: IVPN's servers.json, two lists of the same machines, read into one flat list.  What is wrong with it as a whole
 * refuses it; what is wrong with one location or host skips that one. */
#include "client/provider/ivpn.h"

#include <string.h>

#include "client/model/server-list-writer.h"
#include "client/provider/api-list.h"
#include "client/provider/json-place.h"

#define ADDRESS_MAX_BYTES  64
#define HOST_MAX_BYTES     254     /* RFC 1035, 2.3.4 */
#define MAX_MACHINES       20000

typedef struct
{
  AditLocation location;    /* of a site: without the server */
  gint32       latitude_e6, longitude_e6;
  const char  *isp;         /* "" or in the document that is read */
  AditServerListServer server;
} Machine;

typedef struct
{
  GPtrArray  *machines;     /* in the list's order */
  GHashTable *by_name;      /* the whole name of both lists -> Machine */
  guint       n_good[2], n_broken[2];    /* rows for OpenVPN, and for WireGuard */
} Reader;

static const char *
get_isp (AditJson *object, const char *otherwise)
{
  const char *isp = adit_json_get_string (object, "isp", ADIT_NAME_MAX_BYTES, NULL);

  return isp != NULL && adit_name_is_valid (isp) ? isp : otherwise;
}

/* "us-ca.wg.ivpn.net" is "us-ca"; lower-case. */
static char *
dup_label (AditJson *object, const char *field)
{
  const char *name = adit_json_get_string (object, field, HOST_MAX_BYTES, NULL);

  return name != NULL ? g_ascii_strdown (name, (gssize) strcspn (name, ".")) : g_strdup ("");
}

/* "Holon, Tel Aviv" is "holon-tel-aviv". */
static char *
dup_slug (const char *name)
{
  g_autofree char *ascii = g_str_to_ascii (name, "C");
  GString *slug = g_string_new (NULL);

  for (const char *p = ascii; *p != '\0' && slug->len < ADIT_CODE_MAX_BYTES - 1; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (slug, g_ascii_tolower (*p));
    else if (slug->len > 0 && slug->str[slug->len - 1] != '-')
      g_string_append_c (slug, '-');
  if (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  return g_string_free (slug, FALSE);
}

/* The service calls a location "us-ca", and where a country has but one, "ar", for which its name stands. */
static gboolean
read_site (AditJson *object, Machine *site)
{
  g_autofree char *country = NULL, *gateway = NULL, *city = NULL;
  const char *code = adit_json_get_string (object, "country_code", ADIT_CODE_MAX_BYTES, NULL), *rest = "";

  if (code == NULL || !adit_json_copy_name (object, "country", site->location.country_name) ||
      !adit_json_copy_name (object, "city", site->location.city_name) ||
      !adit_json_get_coordinate (object, "latitude", 90, &site->latitude_e6) ||
      !adit_json_get_coordinate (object, "longitude", 180, &site->longitude_e6))
    return FALSE;
  country = g_ascii_strdown (code, -1);
  gateway = dup_label (object, "gateway");
  if (g_str_has_prefix (gateway, country))
    rest = gateway + strlen (country);
  if (*rest == '-' && adit_code_is_valid (rest + 1))
    city = g_strdup (rest + 1);
  else
    city = dup_slug (site->location.city_name);
  site->isp = get_isp (object, "");
  return adit_place_set (&site->location.place, country, city[0] != '\0' ? city : country, NULL);
}

/* "172.16.0.1/12": what is behind the slash says nothing. */
static gboolean
read_address (AditJson *object, const char *field, AditAddress *address)
{
  const char *text = adit_json_get_string (object, field, ADDRESS_MAX_BYTES, NULL);
  g_autofree char *alone = text != NULL ? g_strndup (text, strcspn (text, "/")) : NULL;

  return alone != NULL && adit_address_parse (alone, address) && adit_address_is_unicast (address);
}

static gboolean
is_address (AditJson *object, const char *field, const char *wanted_text)
{
  AditAddress found, wanted;

  return adit_address_parse (wanted_text, &wanted) && read_address (object, field, &found) &&
         adit_address_equal (&found, &wanted);
}

static gboolean
read_exit_port (AditJson *host, guint16 *port)
{
  gint64 number = 0;

  if (adit_json_has (host, "multihop_port") && !adit_json_get_integer (host, "multihop_port", 0, G_MAXUINT16, &number, NULL))
    return FALSE;
  *port = (guint16) number;
  return TRUE;
}

static gboolean
read_wireguard (AditJson *host, AditServerListServer *server)
{
  AditJson *inside = adit_json_get_object (host, "ipv6", NULL);

  if (!read_address (host, "host", &server->ipv4) || server->ipv4.family != ADIT_FAMILY_IPV4 ||
      !adit_json_get_key (host, "public_key", server->key, sizeof server->key, NULL) ||
      !is_address (host, "local_ip", ADIT_IVPN_DNS) || !read_exit_port (host, &server->wireguard_exit_port))
    return FALSE;
  server->has_ipv6_inside = inside != NULL && is_address (inside, "local_ip", ADIT_IVPN_IPV6_PREFIX);
  return TRUE;
}

static gboolean
read_openvpn (AditJson *host, AditServerListServer *server)
{
  return read_address (host, "host", &server->openvpn_ipv4) && server->openvpn_ipv4.family == ADIT_FAMILY_IPV4 &&
         read_exit_port (host, &server->openvpn_exit_port);
}

static guint8
read_load (AditJson *host)
{
  double load;

  if (!adit_json_get_number (host, "load", &load, NULL) || load < 0 || load > 100)
    return ADIT_LOAD_UNKNOWN;
  return (guint8) (load + 0.5);
}

static Machine *
ensure_machine (Reader *reader, AditJson *host, const Machine *site)
{
  const char *text = adit_json_get_string (host, "dns_name", HOST_MAX_BYTES, NULL);
  g_autofree char *name = text != NULL ? g_ascii_strdown (text, -1) : NULL, *label = dup_label (host, "dns_name");
  Machine *machine = name != NULL ? g_hash_table_lookup (reader->by_name, name) : NULL;

  if (machine != NULL || name == NULL || reader->machines->len >= MAX_MACHINES || !adit_server_is_valid (label))
    return machine;
  machine = g_new (Machine, 1);
  *machine = *site;
  g_strlcpy (machine->location.place.server, label, sizeof machine->location.place.server);
  machine->server = (AditServerListServer) { .name = machine->location.place.server, .provider = get_isp (host, site->isp),
                                             .in_country = TRUE, .load = read_load (host) };
  g_ptr_array_add (reader->machines, machine);
  g_hash_table_insert (reader->by_name, g_steal_pointer (&name), machine);
  return machine;
}

/* A machine has one row in each list; of two in the same one, the first holds. */
static void
take_host (Reader *reader, AditJson *host, const Machine *site, gboolean is_wireguard)
{
  AditServerListServer read = { 0 };
  Machine *machine;

  if (!(is_wireguard ? read_wireguard (host, &read) : read_openvpn (host, &read)) ||
      (machine = ensure_machine (reader, host, site)) == NULL)
    {
      reader->n_broken[is_wireguard]++;
      return;
    }
  reader->n_good[is_wireguard]++;
  if (is_wireguard && machine->server.ipv4.family == ADIT_FAMILY_NONE)
    {
      machine->server.ipv4 = read.ipv4;
      memcpy (machine->server.key, read.key, sizeof read.key);
      machine->server.wireguard_exit_port = read.wireguard_exit_port;
      machine->server.has_ipv6_inside = read.has_ipv6_inside;
    }
  else if (!is_wireguard && machine->server.openvpn_ipv4.family == ADIT_FAMILY_NONE)
    {
      machine->server.openvpn_ipv4 = read.openvpn_ipv4;
      machine->server.openvpn_exit_port = read.openvpn_exit_port;
    }
}

static void
take_locations (Reader *reader, AditJson *locations, gboolean is_wireguard)
{
  AditJson *row, *hosts, *host;

  ADIT_JSON_FOREACH (locations, row)
    {
      Machine site = { 0 };

      hosts = adit_json_get_array (row, "hosts", NULL);
      if (hosts == NULL || !read_site (row, &site))
        {
          reader->n_broken[is_wireguard] += hosts != NULL ? adit_json_count (hosts) : 1;
          continue;
        }
      ADIT_JSON_FOREACH (hosts, host)
        take_host (reader, host, &site, is_wireguard);
    }
}

static GBytes *
write_list (Reader *reader, const AditServerListHead *head, GError **error)
{
  g_autoptr (AditServerListWriter) writer = adit_server_list_writer_new (head);
  guint n = 0;

  for (guint i = 0; writer != NULL && i < reader->machines->len; i++)
    {
      Machine *machine = g_ptr_array_index (reader->machines, i);

      if (adit_server_list_writer_add (writer, &machine->location, machine->latitude_e6, machine->longitude_e6, &machine->server))
        n++;
    }
  /* Most machines are in both lists: each by itself may not be mostly broken, or nobody could go in by the one any more. */
  for (guint i = 0; i < G_N_ELEMENTS (reader->n_broken); i++)
    if (reader->n_broken[i] > 0 && !adit_json_check_share (reader->n_good[i], reader->n_broken[i], error))
      return NULL;
  return adit_json_check_share (n, 0, error) ? adit_server_list_writer_finish (g_steal_pointer (&writer)) : NULL;
}

/* Not everybody has IPv6, so those of IPv4 come first. */
static void
read_api (AditJson *config, AditProviderApi *api)
{
  static const char *const fields[] = { "ips", "ipv6s" };
  AditJson *object = adit_json_get_object (config, "api", NULL);

  for (gsize i = 0; object != NULL && i < G_N_ELEMENTS (fields); i++)
    {
      AditJson *texts = adit_json_get_array (object, fields[i], NULL);

      if (texts != NULL)
        adit_api_list_read (texts, FALSE, api);
    }
}

/**
 * adit_ivpn_read_servers:
 * @bytes: the service's answer
 * @length: its length in bytes
 * @etag: its tag, printable ASCII, or ""
 * @now_s: UTC, seconds since 1970
 * @api: (inout): all zero; afterwards where the list says that the API is
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * A machine that is in both lists is one server with two addresses.
 *
 * Returns: (transfer full) (nullable): the flat form of client/model/server-list.h, with at least one server
 */
GBytes *
adit_ivpn_read_servers (const void *bytes, gsize length, const char *etag, gint64 now_s, AditProviderApi *api, GError **error)
{
  g_autoptr (AditJson) root = adit_json_parse (bytes, length, ADIT_IVPN_SERVERS_MAX_BYTES, error);
  g_autoptr (GPtrArray) machines = NULL;
  g_autoptr (GHashTable) by_name = NULL;
  AditServerListHead head = { .service = "ivpn", .fetched_at_s = now_s };
  Reader reader;
  AditJson *wireguard, *openvpn, *config;

  if (root == NULL || (wireguard = adit_json_get_array (root, "wireguard", error)) == NULL ||
      (openvpn = adit_json_get_array (root, "openvpn", error)) == NULL ||
      (config = adit_json_get_object (root, "config", error)) == NULL || !adit_ivpn_read_head (config, &head, error))
    return NULL;
  /* A tag that does not fit is not kept, which costs one more download. */
  if (strlen (etag) < sizeof head.etag)
    g_strlcpy (head.etag, etag, sizeof head.etag);
  machines = g_ptr_array_new_with_free_func (g_free);
  by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader = (Reader) { .machines = machines, .by_name = by_name };
  take_locations (&reader, wireguard, TRUE);
  take_locations (&reader, openvpn, FALSE);
  read_api (config, api);
  return write_list (&reader, &head, error);
}
