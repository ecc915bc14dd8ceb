/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad-relays.c: what is wrong with the list as a whole refuses it; what is wrong with one relay skips that relay. */
#include "client/provider/mullvad-relays.h"

#include <string.h>

#include "client/base/error.h"
#include "client/model/server-list-writer.h"
#include "client/provider/json-place.h"

#define KEY_MAX_BYTES     40        /* "us-nyc" and any other country and city code */
#define ADDRESS_MAX_BYTES 64
#define EXIT_PORT         51820     /* of a relay that is reached by way of another one */
#define BLOCKING_DNS      "100.64.0.0"
/* WireGuard over IPv4 costs 20 + 8 + 32 bytes of 1500; the same again is left for a tunnel or PPPoE below us. */
#define MTU_BYTES         1380

typedef struct
{
  AditLocation location;    /* without the server */
  gint32       latitude_e6, longitude_e6;
} Location;

/* "se-got": what is before the first dash is the country. */
static Location *
read_location (const char *key, AditJson *object)
{
  g_autofree Location *self = g_new0 (Location, 1);
  g_auto (GStrv) codes = g_strsplit (key, "-", 2);

  if (codes[0] == NULL || codes[1] == NULL || codes[1][0] == '\0' ||
      !adit_place_set (&self->location.place, codes[0], codes[1], NULL) ||
      !adit_json_copy_name (object, "country", self->location.country_name) ||
      !adit_json_copy_name (object, "city", self->location.city_name) ||
      !adit_json_get_coordinate (object, "latitude", 90, &self->latitude_e6) ||
      !adit_json_get_coordinate (object, "longitude", 180, &self->longitude_e6))
    return NULL;
  return g_steal_pointer (&self);
}

static GHashTable *
read_locations (AditJson *locations)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  AditJson *value;

  ADIT_JSON_FOREACH_MEMBER (locations, value)
    {
      g_autofree char *lower = strlen (value->key) < KEY_MAX_BYTES ? g_ascii_strdown (value->key, -1) : NULL;
      Location *location = lower != NULL ? read_location (lower, value) : NULL;

      if (location != NULL && !g_hash_table_contains (table, lower))
        g_hash_table_insert (table, g_steal_pointer (&lower), location);
      else
        g_free (location);
    }
  return table;
}

static gboolean
read_address (AditJson *object, const char *field, AditFamily family, AditAddress *address)
{
  const char *text = adit_json_get_string (object, field, ADDRESS_MAX_BYTES, NULL);

  return text != NULL && adit_address_parse (text, address) && address->family == family && adit_address_is_valid (address);
}

static gboolean
is_optional_object (AditJson *features, const char *field)
{
  return !adit_json_has (features, field) || adit_json_is (adit_json_find (features, field), ADIT_JSON_OBJECT);
}

/* The members that we do not use yet must have their types all the same: a relay that breaks the form is none. */
static gboolean
has_proper_extras (AditJson *relay)
{
  AditJson *daita = adit_json_find (relay, "daita"), *extra = adit_json_find (relay, "shadowsocks_extra_addr_in");
  AditJson *features = adit_json_find (relay, "features"), *quic;

  if ((daita != NULL && !adit_json_is_boolean (daita)) || (extra != NULL && !adit_json_is (extra, ADIT_JSON_ARRAY)))
    return FALSE;
  if (features == NULL)
    return TRUE;
  if (!adit_json_is (features, ADIT_JSON_OBJECT) || !is_optional_object (features, "daita") ||
      !is_optional_object (features, "quic") || !is_optional_object (features, "lwo"))
    return FALSE;
  quic = adit_json_find (features, "quic");
  return !adit_json_is (quic, ADIT_JSON_OBJECT) ||
         (adit_json_count (adit_json_find (quic, "addr_in")) > 0 &&
          adit_json_is (adit_json_find (quic, "token"), ADIT_JSON_STRING) &&
          adit_json_is (adit_json_find (quic, "domain"), ADIT_JSON_STRING));
}

static gboolean
add_relay (AditServerListWriter *writer, GHashTable *locations, AditJson *relay)
{
  g_autofree char *name = NULL, *key = NULL;
  AditServerListServer server = { 0 };
  AditLocation location;
  const char *text;
  const Location *known;
  gint64 weight;

  if (!adit_json_is (adit_json_find (relay, "active"), ADIT_JSON_TRUE) ||
      (text = adit_json_get_string (relay, "hostname", ADIT_SERVER_MAX_BYTES, NULL)) == NULL)
    return FALSE;
  name = g_ascii_strdown (text, -1);
  if ((text = adit_json_get_string (relay, "location", KEY_MAX_BYTES, NULL)) == NULL)
    return FALSE;
  key = g_ascii_strdown (text, -1);
  known = g_hash_table_lookup (locations, key);
  if (known == NULL || !adit_server_is_valid (name))
    return FALSE;

  server.name = name;
  server.provider = adit_json_get_string (relay, "provider", ADIT_NAME_MAX_BYTES, NULL);
  if (server.provider == NULL || !adit_json_get_boolean (relay, "owned", &server.owned, NULL) ||
      !adit_json_get_boolean (relay, "include_in_country", &server.in_country, NULL) ||
      !adit_json_get_integer (relay, "weight", 0, G_MAXINT64, &weight, NULL) ||
      !adit_json_get_key (relay, "public_key", server.key, sizeof server.key, NULL) ||
      !read_address (relay, "ipv4_addr_in", ADIT_FAMILY_IPV4, &server.ipv4) ||
      (adit_json_has (relay, "ipv6_addr_in") && !read_address (relay, "ipv6_addr_in", ADIT_FAMILY_IPV6, &server.ipv6)) ||
      !has_proper_extras (relay))
    return FALSE;
  server.weight = (guint64) weight;
  server.load = ADIT_LOAD_UNKNOWN;
  server.has_ipv6_inside = TRUE;
  server.wireguard_exit_port = EXIT_PORT;
  location = known->location;
  g_strlcpy (location.place.server, name, sizeof location.place.server);
  return adit_server_list_writer_add (writer, &location, known->latitude_e6, known->longitude_e6, &server);
}

static gboolean
read_ports (AditJson *wireguard, AditServerListHead *head, GError **error)
{
  AditJson *ranges = adit_json_get_array (wireguard, "port_ranges", error), *range;

  if (ranges == NULL)
    return FALSE;
  ADIT_JSON_FOREACH (ranges, range)
    {
      gint64 first = adit_json_peek_integer (adit_json_at (range, 0)), last = adit_json_peek_integer (adit_json_at (range, 1));

      /* Zero is also what a value of another type reads as. */
      if (adit_json_count (range) != 2 || first < 1 || last < first || last > G_MAXUINT16)
        {
          g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE,
                               "The service's answer is malformed: \"port_ranges\" has a range that is none");
          return FALSE;
        }
      if (head->n_ports < ADIT_SERVER_LIST_MAX_PORT_RANGES)
        head->ports[head->n_ports++] = (AditPortRange) { (guint16) first, (guint16) last, ADIT_PROTOCOL_WIREGUARD };
    }
  return TRUE;
}

/* What the service's resolvers leave out: 100.64.0.N, N the sum of the bits. */
static void
add_blocks (AditServerListHead *head)
{
  static const char *const names[] = { "ads", "trackers", "malware", "adult", "gambling", "social" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      AditBlock *block = &head->blocks[head->n_blocks++];

      g_strlcpy (block->name, names[i], sizeof block->name);
      adit_address_parse (BLOCKING_DNS, &block->resolver);
      block->bits = (guint8) (1u << i);
    }
}

static gboolean
read_head (AditJson *wireguard, const char *etag, gint64 now_s, AditServerListHead *head, GError **error)
{
  if (!read_ports (wireguard, head, error))
    return FALSE;
  if (!read_address (wireguard, "ipv4_gateway", ADIT_FAMILY_IPV4, &head->dns[0]) ||
      !read_address (wireguard, "ipv6_gateway", ADIT_FAMILY_IPV6, &head->dns[1]))
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE,
                           "The service's answer is malformed: a gateway is missing or is no address");
      return FALSE;
    }
  head->n_dns = 2;
  head->mtu_bytes = MTU_BYTES;
  head->nests_tunnels = TRUE;
  add_blocks (head);
  g_strlcpy (head->service, "mullvad", sizeof head->service);
  /* A tag that does not fit is not kept, which costs one more download. */
  if (strlen (etag) < sizeof head->etag)
    g_strlcpy (head->etag, etag, sizeof head->etag);
  head->fetched_at_s = now_s;
  return TRUE;
}

/**
 * adit_mullvad_read_relays:
 * @bytes: the service's answer
 * @length: its length in bytes
 * @etag: its tag, printable ASCII, or ""
 * @now_s: UTC, seconds since 1970
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Inactive relays are left out, as are those that break the form in any field.
 *
 * Returns: (transfer full) (nullable): the flat form of client/model/server-list.h, with at least one relay
 */
GBytes *
adit_mullvad_read_relays (const void *bytes, gsize length, const char *etag, gint64 now_s, GError **error)
{
  g_autoptr (AditJson) root = adit_json_parse (bytes, length, ADIT_MULLVAD_RELAYS_MAX_BYTES, error);
  g_autoptr (GHashTable) locations = NULL;
  g_autoptr (AditServerListWriter) writer = NULL;
  AditServerListHead head = { 0 };
  AditJson *places, *wireguard, *bridge, *relays, *relay;
  guint n_relays = 0, n_broken = 0;

  if (root == NULL ||
      (places = adit_json_get_object (root, "locations", error)) == NULL ||
      (wireguard = adit_json_get_object (root, "wireguard", error)) == NULL ||
      (relays = adit_json_get_array (wireguard, "relays", error)) == NULL ||
      (bridge = adit_json_get_object (root, "bridge", error)) == NULL ||
      adit_json_get_array (bridge, "relays", error) == NULL ||
      adit_json_get_array (bridge, "shadowsocks", error) == NULL ||
      !read_head (wireguard, etag, now_s, &head, error))
    return NULL;

  writer = adit_server_list_writer_new (&head);
  if (writer == NULL)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE,
                           "The service's answer is malformed: \"port_ranges\" is empty");
      return NULL;
    }
  locations = read_locations (places);
  ADIT_JSON_FOREACH (relays, relay)
    if (add_relay (writer, locations, relay))
      n_relays++;
    else if (!adit_json_is (adit_json_find (relay, "active"), ADIT_JSON_FALSE))
      n_broken++;
  if (!adit_json_check_share (n_relays, n_broken, error))
    return NULL;
  return adit_server_list_writer_finish (g_steal_pointer (&writer));
}
