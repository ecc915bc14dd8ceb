/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server-list.c: the flat form of a service's relays: head, countries, cities, servers, strings, without a gap, in host byte
 * order (the magic number tells a foreign one).  Cities lie together by country and servers by city, so every range is exact and
 * can be checked in one pass. */
#include "client/model/server-list.h"

#include <string.h>

#include "client/base/error.h"
#include "client/base/field.h"

#define MAGIC             0x4c534441u                 /* "ADSL" */
#define VERSION           1
#define MAX_BYTES         (16 * 1024 * 1024)          /* 20,000 relays need 4 MiB; also what the wire takes */
#define MAX_LATITUDE_E6   (90 * 1000000)
#define MAX_LONGITUDE_E6  (180 * 1000000)

#define FLAG_OWNED        1u
#define FLAG_IN_COUNTRY   2u
#define FLAG_IPV4         4u
#define FLAG_IPV6         8u
#define ALL_FLAGS         15u

typedef struct
{
  guint32       magic, version, size_bytes, n_countries, n_cities, n_servers, strings_bytes, n_ports;
  gint64        fetched_at_s;
  char          service[16];
  char          etag[ADIT_ETAG_MAX_BYTES];
  AditAddress   gateway_ipv4, gateway_ipv6;
  guint8        reserved[6];
  AditPortRange ports[ADIT_SERVER_LIST_MAX_PORT_RANGES];
} Head;

typedef struct { guint32 code, name, first_city, n_cities; } CountryRow;

typedef struct
{
  guint32 code, name, country, first_server, n_servers;
  gint32  latitude_e6, longitude_e6;
  guint32 reserved;
} CityRow;

typedef struct
{
  guint32 name, provider, city, flags;
  guint64 weight;
  guint8  ipv4[4], ipv6[16], key[ADIT_WG_KEY_BYTES];
  guint32 reserved;
} ServerRow;

/* Each part starts where the one before it ends; multiples of eight keep the 64-bit fields aligned. */
G_STATIC_ASSERT (sizeof (Head) == 32 + 8 + 16 + 256 + 2 * 17 + 6 + 128 && sizeof (Head) % 8 == 0);
G_STATIC_ASSERT (sizeof (CountryRow) == 16 && sizeof (CityRow) == 32 && sizeof (ServerRow) == 80);

struct _AditServerList
{
  gatomicrefcount    references;
  GBytes            *bytes;
  AditServerListHead head;
  const Head        *form;
  const CountryRow  *countries;
  const CityRow     *cities;
  const ServerRow   *servers;
  const char        *strings;
};

static gboolean
is_clean_text (const char *text, gsize size)
{
  if (!adit_field_is_terminated (text, size))
    return FALSE;
  for (; *text != '\0'; text++)
    if (!g_ascii_isprint (*text))    /* the tag goes back to the service in a header line */
      return FALSE;
  return TRUE;
}

static gboolean
is_gateway (const AditAddress *address, AditFamily family)
{
  return address->family == ADIT_FAMILY_NONE ? adit_field_is_zero (address, sizeof *address)
                                             : address->family == family && adit_address_is_valid (address);
}

static gboolean
is_valid_head (const char *service, const char *etag, gint64 fetched_at_s, const AditAddress *ipv4, const AditAddress *ipv6,
               const AditPortRange *ports, guint n_ports)
{
  if (!is_clean_text (service, 16) || service[0] == '\0' || !is_clean_text (etag, ADIT_ETAG_MAX_BYTES) || fetched_at_s < 0 ||
      !is_gateway (ipv4, ADIT_FAMILY_IPV4) || !is_gateway (ipv6, ADIT_FAMILY_IPV6) ||
      (ipv4->family == ADIT_FAMILY_NONE && ipv6->family == ADIT_FAMILY_NONE) ||
      n_ports == 0 || n_ports > ADIT_SERVER_LIST_MAX_PORT_RANGES)
    return FALSE;
  for (guint i = 0; i < n_ports; i++)
    if (ports[i].first == 0 || ports[i].first > ports[i].last)
      return FALSE;
  return TRUE;
}

static gboolean
is_valid_provider (const char *text)
{
  return text[0] == '\0' || adit_name_is_valid (text);
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "The server list cannot be read: %s", what);
  return FALSE;
}

/* After this, @offset names a string that ends inside the table, whose last byte is zero. */
static gboolean
has_string (AditServerList *self, guint32 offset)
{
  return offset < self->form->strings_bytes;
}

static gboolean
check_head (AditServerList *self, gsize length, GError **error)
{
  const Head *form = self->form;
  guint64 wanted = sizeof *form;

  if (form->magic != MAGIC)
    return refuse (error, "it is something else");
  if (form->version != VERSION)
    {
      g_set_error (error, ADIT_ERROR, form->version > VERSION ? ADIT_ERROR_NEWER_FORMAT : ADIT_ERROR_FAILED,
                   "The server list has form %u, this program reads form %u", form->version, VERSION);
      return FALSE;
    }
  wanted += (guint64) form->n_countries * sizeof (CountryRow) + (guint64) form->n_cities * sizeof (CityRow);
  wanted += (guint64) form->n_servers * sizeof (ServerRow) + form->strings_bytes;
  if (form->size_bytes != length || wanted != length || form->strings_bytes == 0)
    return refuse (error, "its parts do not add up to its length");
  if (!adit_field_is_zero (form->reserved, sizeof form->reserved) || form->n_ports > ADIT_SERVER_LIST_MAX_PORT_RANGES ||
      !adit_field_is_zero (form->ports + form->n_ports, (ADIT_SERVER_LIST_MAX_PORT_RANGES - form->n_ports) * sizeof *form->ports))
    return refuse (error, "unused parts are not empty");
  if (!is_valid_head (form->service, form->etag, form->fetched_at_s, &form->gateway_ipv4, &form->gateway_ipv6, form->ports,
                      form->n_ports))
    return refuse (error, "its head is malformed");
  return TRUE;
}

static gboolean
check_cities (AditServerList *self, GError **error)
{
  guint32 next_city = 0;

  for (guint32 i = 0; i < self->form->n_countries; i++)
    {
      const CountryRow *row = &self->countries[i];

      if (!has_string (self, row->code) || !has_string (self, row->name) || !adit_code_is_valid (self->strings + row->code) ||
          !adit_name_is_valid (self->strings + row->name))
        return refuse (error, "a country has no proper name");
      if (row->first_city != next_city || row->n_cities == 0 || row->n_cities > self->form->n_cities - next_city)
        return refuse (error, "a country's cities are not there");
      for (guint32 j = 0; j < row->n_cities; j++)
        if (self->cities[next_city + j].country != i)
          return refuse (error, "a city is in two countries");
      next_city += row->n_cities;
    }
  if (next_city != self->form->n_cities)
    return refuse (error, "a city is in no country");
  return TRUE;
}

static gboolean
check_server (AditServerList *self, const ServerRow *row)
{
  return has_string (self, row->name) && has_string (self, row->provider) && adit_server_is_valid (self->strings + row->name) &&
         is_valid_provider (self->strings + row->provider) && (row->flags & ~ALL_FLAGS) == 0 &&
         (row->flags & (FLAG_IPV4 | FLAG_IPV6)) != 0 && row->reserved == 0 && !adit_field_is_zero (row->key, sizeof row->key) &&
         ((row->flags & FLAG_IPV4) != 0) == !adit_field_is_zero (row->ipv4, sizeof row->ipv4) &&
         ((row->flags & FLAG_IPV6) != 0) == !adit_field_is_zero (row->ipv6, sizeof row->ipv6);
}

static gboolean
check_servers (AditServerList *self, GError **error)
{
  guint32 next_server = 0;

  for (guint32 i = 0; i < self->form->n_cities; i++)
    {
      const CityRow *row = &self->cities[i];

      if (!has_string (self, row->code) || !has_string (self, row->name) || !adit_code_is_valid (self->strings + row->code) ||
          !adit_name_is_valid (self->strings + row->name))
        return refuse (error, "a city has no proper name");
      if (ABS ((gint64) row->latitude_e6) > MAX_LATITUDE_E6 || ABS ((gint64) row->longitude_e6) > MAX_LONGITUDE_E6 ||
          row->reserved != 0)
        return refuse (error, "a city is not on this planet");
      if (row->first_server != next_server || row->n_servers == 0 || row->n_servers > self->form->n_servers - next_server)
        return refuse (error, "a city's servers are not there");
      for (guint32 j = 0; j < row->n_servers; j++)
        if (self->servers[next_server + j].city != i || !check_server (self, &self->servers[next_server + j]))
          return refuse (error, "a server is malformed");
      next_server += row->n_servers;
    }
  if (next_server != self->form->n_servers)
    return refuse (error, "a server is in no city");
  return TRUE;
}

/**
 * adit_server_list_new_for_bytes:
 * @bytes: a list in its flat form
 * @error: return location; %ADIT_ERROR_NEWER_FORMAT for a later version's list, otherwise %ADIT_ERROR_FAILED
 *
 * Checks all of it: lengths, ranges, the end of every string, what every field may be.
 *
 * Returns: (transfer full) (nullable): the list, which holds @bytes
 */
AditServerList *
adit_server_list_new_for_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (AditServerList) self = g_new0 (AditServerList, 1);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  g_atomic_ref_count_init (&self->references);
  if (length < sizeof (Head) || length > MAX_BYTES)
    {
      refuse (error, length > MAX_BYTES ? "it is too long" : "it is too short");
      return NULL;
    }
  /* A slice of other bytes may start anywhere; the rows want their alignment. */
  self->bytes = (gsize) data % 8 == 0 ? g_bytes_ref (bytes) : g_bytes_new (data, length);
  data = g_bytes_get_data (self->bytes, NULL);
  self->form = (const Head *) data;
  if (!check_head (self, length, error))
    return NULL;

  self->countries = (const CountryRow *) (data + sizeof (Head));
  self->cities = (const CityRow *) (self->countries + self->form->n_countries);
  self->servers = (const ServerRow *) (self->cities + self->form->n_cities);
  self->strings = (const char *) (self->servers + self->form->n_servers);
  if (self->strings[self->form->strings_bytes - 1] != '\0')
    {
      refuse (error, "its last string has no end");
      return NULL;
    }
  if (!check_cities (self, error) || !check_servers (self, error))
    return NULL;

  memcpy (self->head.service, self->form->service, sizeof self->head.service);
  memcpy (self->head.etag, self->form->etag, sizeof self->head.etag);
  memcpy (self->head.ports, self->form->ports, sizeof self->head.ports);
  self->head.fetched_at_s = self->form->fetched_at_s;
  self->head.gateway_ipv4 = self->form->gateway_ipv4;
  self->head.gateway_ipv6 = self->form->gateway_ipv6;
  self->head.n_ports = self->form->n_ports;
  return g_steal_pointer (&self);
}

/**
 * adit_server_list_new_for_fd:
 * @fd: a file that no one changes any more: sealed, or root's own; stays the caller's
 * @error: return location; as for adit_server_list_new_for_bytes()
 *
 * Maps the file and checks all of it.
 *
 * Returns: (transfer full) (nullable): the list
 */
AditServerList *
adit_server_list_new_for_fd (int fd, GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new_from_fd (fd, FALSE, error);
  g_autoptr (GBytes) bytes = NULL;

  if (file == NULL)
    return NULL;
  bytes = g_mapped_file_get_bytes (file);
  return adit_server_list_new_for_bytes (bytes, error);
}

/**
 * adit_server_list_ref:
 * @self: a list
 *
 * Returns: (transfer full): @self
 */
AditServerList *
adit_server_list_ref (AditServerList *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

/**
 * adit_server_list_unref:
 * @self: (transfer full): a list
 *
 * Unmaps it with the last reference; strings that were got from it are then gone.
 */
void
adit_server_list_unref (AditServerList *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

/**
 * adit_server_list_get_head:
 * @self: a list
 *
 * Returns: (transfer none): what holds for the whole list
 */
const AditServerListHead *
adit_server_list_get_head (AditServerList *self)
{
  return &self->head;
}

/**
 * adit_server_list_get_n_countries:
 * @self: a list
 *
 * Returns: how many countries it has
 */
guint
adit_server_list_get_n_countries (AditServerList *self)
{
  return self->form->n_countries;
}

/**
 * adit_server_list_get_n_cities:
 * @self: a list
 *
 * Returns: how many cities it has in all
 */
guint
adit_server_list_get_n_cities (AditServerList *self)
{
  return self->form->n_cities;
}

/**
 * adit_server_list_get_n_servers:
 * @self: a list
 *
 * Returns: how many servers it has in all
 */
guint
adit_server_list_get_n_servers (AditServerList *self)
{
  return self->form->n_servers;
}

/**
 * adit_server_list_get_country:
 * @self: a list
 * @position: below adit_server_list_get_n_countries()
 * @country: (out caller-allocates): the country
 */
void
adit_server_list_get_country (AditServerList *self, guint position, AditServerListCountry *country)
{
  const CountryRow *row;

  memset (country, 0, sizeof *country);
  g_return_if_fail (position < self->form->n_countries);
  row = &self->countries[position];
  country->code = self->strings + row->code;
  country->name = self->strings + row->name;
  country->first_city = row->first_city;
  country->n_cities = row->n_cities;
}

/**
 * adit_server_list_get_city:
 * @self: a list
 * @position: below adit_server_list_get_n_cities()
 * @city: (out caller-allocates): the city
 */
void
adit_server_list_get_city (AditServerList *self, guint position, AditServerListCity *city)
{
  const CityRow *row;

  memset (city, 0, sizeof *city);
  g_return_if_fail (position < self->form->n_cities);
  row = &self->cities[position];
  city->code = self->strings + row->code;
  city->name = self->strings + row->name;
  city->country = row->country;
  city->first_server = row->first_server;
  city->n_servers = row->n_servers;
  city->latitude_e6 = row->latitude_e6;
  city->longitude_e6 = row->longitude_e6;
}

/**
 * adit_server_list_get_server:
 * @self: a list
 * @position: below adit_server_list_get_n_servers()
 * @server: (out caller-allocates): the server
 */
void
adit_server_list_get_server (AditServerList *self, guint position, AditServerListServer *server)
{
  const ServerRow *row;

  memset (server, 0, sizeof *server);
  g_return_if_fail (position < self->form->n_servers);
  row = &self->servers[position];
  server->name = self->strings + row->name;
  server->provider = self->strings + row->provider;
  server->city = row->city;
  server->owned = (row->flags & FLAG_OWNED) != 0;
  server->in_country = (row->flags & FLAG_IN_COUNTRY) != 0;
  server->weight = row->weight;
  memcpy (server->key, row->key, sizeof server->key);
  if (row->flags & FLAG_IPV4)
    {
      server->ipv4.family = ADIT_FAMILY_IPV4;
      memcpy (server->ipv4.bytes, row->ipv4, sizeof row->ipv4);
    }
  if (row->flags & FLAG_IPV6)
    {
      server->ipv6.family = ADIT_FAMILY_IPV6;
      memcpy (server->ipv6.bytes, row->ipv6, sizeof row->ipv6);
    }
}

/**
 * adit_server_list_has_place:
 * @self: a list
 * @place: a wish
 *
 * Returns: %TRUE if some server of the list lies there
 */
gboolean
adit_server_list_has_place (AditServerList *self, const AditPlace *place)
{
  for (guint32 i = 0; i < self->form->n_cities; i++)
    {
      const CityRow *city = &self->cities[i];
      const char *country = self->strings + self->countries[city->country].code;

      if (place->country[0] != '\0' && !g_str_equal (place->country, country))
        continue;
      if (place->city[0] != '\0' && !g_str_equal (place->city, self->strings + city->code))
        continue;
      if (place->server[0] == '\0')
        return TRUE;
      for (guint32 j = 0; j < city->n_servers; j++)
        if (g_str_equal (place->server, self->strings + self->servers[city->first_server + j].name))
          return TRUE;
    }
  return FALSE;
}

/* --- The writer. --- */

typedef struct { char *code, *name; guint position; } NewCountry;
typedef struct { char *code, *name; NewCountry *country; gint32 latitude_e6, longitude_e6; guint position; } NewCity;
typedef struct { char *name; const char *provider; NewCity *city; AditServerListServer server; } NewServer;

struct _AditServerListWriter
{
  AditServerListHead head;
  GStringChunk      *providers;
  GHashTable        *countries;    /* code -> NewCountry */
  GHashTable        *cities;       /* country-city -> NewCity */
  GHashTable        *servers;      /* name -> NewServer */
  gsize              estimate_bytes;
};

static void
new_country_free (NewCountry *country)
{
  g_free (country->code);
  g_free (country->name);
  g_free (country);
}

static void
new_city_free (NewCity *city)
{
  g_free (city->code);
  g_free (city->name);
  g_free (city);
}

static void
new_server_free (NewServer *server)
{
  g_free (server->name);
  g_free (server);
}

/**
 * adit_server_list_writer_new:
 * @head: what holds for the whole list; copied
 *
 * Returns: (transfer full) (nullable): a writer without servers, or %NULL when @head breaks the form
 */
AditServerListWriter *
adit_server_list_writer_new (const AditServerListHead *head)
{
  AditServerListWriter *self;

  if (!is_valid_head (head->service, head->etag, head->fetched_at_s, &head->gateway_ipv4, &head->gateway_ipv6, head->ports,
                      head->n_ports))
    return NULL;
  self = g_new0 (AditServerListWriter, 1);
  self->head = *head;
  self->providers = g_string_chunk_new (4096);
  self->countries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) new_country_free);
  self->cities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) new_city_free);
  self->servers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) new_server_free);
  self->estimate_bytes = sizeof (Head) + 1;
  return self;
}

/**
 * adit_server_list_writer_free:
 * @self: (transfer full): a writer
 */
void
adit_server_list_writer_free (AditServerListWriter *self)
{
  g_hash_table_unref (self->servers);
  g_hash_table_unref (self->cities);
  g_hash_table_unref (self->countries);
  g_string_chunk_free (self->providers);
  g_free (self);
}

static NewCity *
ensure_city (AditServerListWriter *self, const AditLocation *location, gint32 latitude_e6, gint32 longitude_e6)
{
  g_autofree char *key = g_strconcat (location->place.country, "/", location->place.city, NULL);
  NewCountry *country = g_hash_table_lookup (self->countries, location->place.country);
  NewCity *city = g_hash_table_lookup (self->cities, key);

  if (country == NULL)
    {
      country = g_new0 (NewCountry, 1);
      country->code = g_strdup (location->place.country);
      country->name = g_strdup (location->country_name);
      g_hash_table_insert (self->countries, country->code, country);
    }
  if (city == NULL)
    {
      city = g_new0 (NewCity, 1);
      city->code = g_strdup (location->place.city);
      city->name = g_strdup (location->city_name);
      city->country = country;
      city->latitude_e6 = latitude_e6;
      city->longitude_e6 = longitude_e6;
      g_hash_table_insert (self->cities, g_steal_pointer (&key), city);
    }
  return city;
}

/**
 * adit_server_list_writer_add:
 * @self: a writer
 * @location: where the server is; the first name that a country or city comes with stays
 * @latitude_e6: millionths of a degree
 * @longitude_e6: millionths of a degree
 * @server: the server; its @city is not read
 *
 * Returns: %FALSE, and nothing is added, when the row breaks the form, its name is there already, or the list is full
 */
gboolean
adit_server_list_writer_add (AditServerListWriter *self, const AditLocation *location, gint32 latitude_e6, gint32 longitude_e6,
                             const AditServerListServer *server)
{
  NewServer *added;
  gsize more_bytes = sizeof (ServerRow) + sizeof (CityRow) + sizeof (CountryRow) + 2 * ADIT_CODE_MAX_BYTES +
                     ADIT_SERVER_MAX_BYTES + 3 * ADIT_NAME_MAX_BYTES;

  if (!adit_location_is_valid (location) || server->name == NULL || !g_str_equal (server->name, location->place.server) ||
      server->provider == NULL || !is_valid_provider (server->provider) || adit_field_is_zero (server->key, sizeof server->key) ||
      ABS ((gint64) latitude_e6) > MAX_LATITUDE_E6 || ABS ((gint64) longitude_e6) > MAX_LONGITUDE_E6 ||
      !is_gateway (&server->ipv4, ADIT_FAMILY_IPV4) || !is_gateway (&server->ipv6, ADIT_FAMILY_IPV6) ||
      (server->ipv4.family == ADIT_FAMILY_NONE && server->ipv6.family == ADIT_FAMILY_NONE) ||
      g_hash_table_contains (self->servers, server->name) || self->estimate_bytes + more_bytes > MAX_BYTES)
    return FALSE;

  added = g_new0 (NewServer, 1);
  added->name = g_strdup (server->name);
  added->provider = g_string_chunk_insert_const (self->providers, server->provider);
  added->city = ensure_city (self, location, latitude_e6, longitude_e6);
  added->server = *server;
  g_hash_table_insert (self->servers, added->name, added);
  self->estimate_bytes += more_bytes;
  return TRUE;
}

static int
compare_countries (const NewCountry *a, const NewCountry *b)
{
  int order = strcmp (a->name, b->name);

  return order != 0 ? order : strcmp (a->code, b->code);
}

static int
compare_cities (const NewCity *a, const NewCity *b)
{
  int order = (int) a->country->position - (int) b->country->position;

  if (order == 0)
    order = strcmp (a->name, b->name);
  return order != 0 ? order : strcmp (a->code, b->code);
}

static int
compare_servers (const NewServer *a, const NewServer *b)
{
  int order = (int) a->city->position - (int) b->city->position;

  return order != 0 ? order : strcmp (a->name, b->name);
}

/* Each text once: providers repeat in thousands of rows. */
static guint32
add_string (GString *strings, GHashTable *offsets, const char *text)
{
  gpointer known;

  if (!g_hash_table_lookup_extended (offsets, text, NULL, &known))
    {
      known = GSIZE_TO_POINTER (strings->len);
      g_hash_table_insert (offsets, (gpointer) text, known);
      g_string_append_len (strings, text, (gssize) strlen (text) + 1);
    }
  return (guint32) GPOINTER_TO_SIZE (known);
}

static void
append_servers (GByteArray *form, GList *servers, GArray *cities, GString *strings, GHashTable *offsets)
{
  guint32 n = 0;

  for (GList *l = servers; l != NULL; l = l->next, n++)
    {
      NewServer *server = l->data;
      CityRow *city = &g_array_index (cities, CityRow, server->city->position);
      ServerRow row = { 0 };

      if (city->n_servers++ == 0)
        city->first_server = n;
      row.name = add_string (strings, offsets, server->name);
      row.provider = add_string (strings, offsets, server->provider);
      row.city = server->city->position;
      row.flags = (server->server.owned ? FLAG_OWNED : 0) | (server->server.in_country ? FLAG_IN_COUNTRY : 0) |
                  (server->server.ipv4.family != ADIT_FAMILY_NONE ? FLAG_IPV4 : 0) |
                  (server->server.ipv6.family != ADIT_FAMILY_NONE ? FLAG_IPV6 : 0);
      row.weight = server->server.weight;
      memcpy (row.ipv4, server->server.ipv4.bytes, sizeof row.ipv4);
      memcpy (row.ipv6, server->server.ipv6.bytes, sizeof row.ipv6);
      memcpy (row.key, server->server.key, sizeof row.key);
      g_byte_array_append (form, (const guint8 *) &row, sizeof row);
    }
}

/**
 * adit_server_list_writer_finish:
 * @self: (transfer full): a writer
 *
 * Sorts countries and cities by name, servers by name, and writes the flat form.
 *
 * Returns: (transfer full): what adit_server_list_new_for_bytes() reads
 */
GBytes *
adit_server_list_writer_finish (AditServerListWriter *self)
{
  g_autoptr (AditServerListWriter) writer = self;
  g_autoptr (GList) countries = g_list_sort (g_hash_table_get_values (self->countries), (GCompareFunc) compare_countries);
  g_autoptr (GList) cities = NULL, servers = NULL;
  g_autoptr (GArray) country_rows = g_array_new (FALSE, TRUE, sizeof (CountryRow));
  g_autoptr (GArray) city_rows = g_array_new (FALSE, TRUE, sizeof (CityRow));
  g_autoptr (GByteArray) server_rows = g_byte_array_new ();
  g_autoptr (GHashTable) offsets = g_hash_table_new (g_str_hash, g_str_equal);
  GString *strings = g_string_new (NULL);
  GByteArray *form = g_byte_array_new ();
  Head head = { .magic = MAGIC, .version = VERSION, .fetched_at_s = writer->head.fetched_at_s, .n_ports = writer->head.n_ports };

  add_string (strings, offsets, "");    /* so that the table is never empty */
  for (GList *l = countries; l != NULL; l = l->next)
    {
      NewCountry *country = l->data;
      CountryRow row = { .code = add_string (strings, offsets, country->code),
                         .name = add_string (strings, offsets, country->name) };

      country->position = country_rows->len;
      g_array_append_val (country_rows, row);
    }
  cities = g_list_sort (g_hash_table_get_values (self->cities), (GCompareFunc) compare_cities);
  for (GList *l = cities; l != NULL; l = l->next)
    {
      NewCity *city = l->data;
      CountryRow *country = &g_array_index (country_rows, CountryRow, city->country->position);
      CityRow row = { .code = add_string (strings, offsets, city->code), .name = add_string (strings, offsets, city->name),
                      .country = city->country->position, .latitude_e6 = city->latitude_e6, .longitude_e6 = city->longitude_e6 };

      city->position = city_rows->len;
      if (country->n_cities++ == 0)
        country->first_city = city->position;
      g_array_append_val (city_rows, row);
    }
  servers = g_list_sort (g_hash_table_get_values (self->servers), (GCompareFunc) compare_servers);
  append_servers (server_rows, servers, city_rows, strings, offsets);

  memcpy (head.service, self->head.service, sizeof head.service);
  memcpy (head.etag, self->head.etag, sizeof head.etag);
  memcpy (head.ports, self->head.ports, head.n_ports * sizeof *head.ports);
  head.gateway_ipv4 = self->head.gateway_ipv4;
  head.gateway_ipv6 = self->head.gateway_ipv6;
  head.n_countries = country_rows->len;
  head.n_cities = city_rows->len;
  head.n_servers = g_hash_table_size (self->servers);
  head.strings_bytes = (guint32) strings->len;
  head.size_bytes = (guint32) (sizeof head + country_rows->len * sizeof (CountryRow) + city_rows->len * sizeof (CityRow) +
                               server_rows->len + strings->len);
  g_byte_array_append (form, (const guint8 *) &head, sizeof head);
  g_byte_array_append (form, (const guint8 *) country_rows->data, country_rows->len * sizeof (CountryRow));
  g_byte_array_append (form, (const guint8 *) city_rows->data, city_rows->len * sizeof (CityRow));
  g_byte_array_append (form, server_rows->data, server_rows->len);
  g_byte_array_append (form, (const guint8 *) strings->str, (guint) strings->len);
  g_string_free (strings, TRUE);
  return g_byte_array_free_to_bytes (form);
}
