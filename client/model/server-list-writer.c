/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server-list-writer.c: collects rows in any order, then sorts and writes them. */
#include "client/model/server-list-writer.h"

#include <string.h>

#include "client/base/field.h"
#include "client/model/server-list-form.h"

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

  if (!adit_server_list_head_is_valid (head))
    return NULL;
  self = g_new0 (AditServerListWriter, 1);
  self->head = *head;
  self->providers = g_string_chunk_new (4096);
  self->countries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) new_country_free);
  self->cities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) new_city_free);
  self->servers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) new_server_free);
  self->estimate_bytes = sizeof (AditFormHead) + 1;
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
  gsize more_bytes = sizeof (AditFormServer) + sizeof (AditFormCity) + sizeof (AditFormCountry) + 2 * ADIT_CODE_MAX_BYTES +
                     ADIT_SERVER_MAX_BYTES + 3 * ADIT_NAME_MAX_BYTES;

  if (!adit_location_is_valid (location) || !adit_server_list_server_is_valid (&self->head, server) ||
      !g_str_equal (server->name, location->place.server) || ABS ((gint64) latitude_e6) > ADIT_FORM_MAX_LATITUDE_E6 ||
      ABS ((gint64) longitude_e6) > ADIT_FORM_MAX_LONGITUDE_E6 || g_hash_table_contains (self->servers, server->name) ||
      self->estimate_bytes + more_bytes > ADIT_FORM_MAX_BYTES)
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
fill_server (AditFormServer *row, const AditServerListServer *server)
{
  row->flags = (server->owned ? ADIT_FORM_OWNED : 0) | (server->in_country ? ADIT_FORM_IN_COUNTRY : 0) |
               (server->has_ipv6_inside ? ADIT_FORM_IPV6_INSIDE : 0) |
               (server->ipv4.family != ADIT_FAMILY_NONE ? ADIT_FORM_IPV4 : 0) |
               (server->ipv6.family != ADIT_FAMILY_NONE ? ADIT_FORM_IPV6 : 0) |
               (server->openvpn_ipv4.family != ADIT_FAMILY_NONE ? ADIT_FORM_OPENVPN : 0) |
               (!adit_field_is_zero (server->key, sizeof server->key) ? ADIT_FORM_WIREGUARD : 0);
  row->weight = server->weight;
  row->load = server->load;
  row->wireguard_exit_port = server->wireguard_exit_port;
  row->openvpn_exit_port = server->openvpn_exit_port;
  memcpy (row->ipv4, server->ipv4.bytes, sizeof row->ipv4);
  memcpy (row->ipv6, server->ipv6.bytes, sizeof row->ipv6);
  memcpy (row->openvpn_ipv4, server->openvpn_ipv4.bytes, sizeof row->openvpn_ipv4);
  memcpy (row->key, server->key, sizeof row->key);
}

static void
append_servers (GByteArray *form, GList *servers, GArray *cities, GString *strings, GHashTable *offsets)
{
  guint32 n = 0;

  for (GList *l = servers; l != NULL; l = l->next, n++)
    {
      NewServer *server = l->data;
      AditFormCity *city = &g_array_index (cities, AditFormCity, server->city->position);
      AditFormServer row = { 0 };

      if (city->n_servers++ == 0)
        city->first_server = n;
      row.name = add_string (strings, offsets, server->name);
      row.provider = add_string (strings, offsets, server->provider);
      row.city = server->city->position;
      fill_server (&row, &server->server);
      g_byte_array_append (form, (const guint8 *) &row, sizeof row);
    }
}

static void
fill_head (AditFormHead *form, const AditServerListHead *head)
{
  form->fetched_at_s = head->fetched_at_s;
  form->n_ports = head->n_ports;
  form->n_dns = head->n_dns;
  form->n_blocks = head->n_blocks;
  form->mtu_bytes = head->mtu_bytes;
  form->keepalive_s = head->keepalive_s;
  form->picks_least_loaded = head->picks_least_loaded ? 1 : 0;
  form->picks_first_port = head->picks_first_port ? 1 : 0;
  form->makes_tunnels = head->makes_tunnels ? 1 : 0;
  form->nests_tunnels = head->nests_tunnels ? 1 : 0;
  g_strlcpy (form->service, head->service, sizeof form->service);
  g_strlcpy (form->etag, head->etag, sizeof form->etag);
  memcpy (form->ports, head->ports, head->n_ports * sizeof *form->ports);
  memcpy (form->dns, head->dns, head->n_dns * sizeof *form->dns);
  for (guint i = 0; i < head->n_blocks; i++)
    {
      g_strlcpy (form->blocks[i].name, head->blocks[i].name, sizeof form->blocks[i].name);
      form->blocks[i].resolver = head->blocks[i].resolver;
      form->blocks[i].bits = head->blocks[i].bits;
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
  g_autoptr (GArray) country_rows = g_array_new (FALSE, TRUE, sizeof (AditFormCountry));
  g_autoptr (GArray) city_rows = g_array_new (FALSE, TRUE, sizeof (AditFormCity));
  g_autoptr (GByteArray) server_rows = g_byte_array_new ();
  g_autoptr (GHashTable) offsets = g_hash_table_new (g_str_hash, g_str_equal);
  GString *strings = g_string_new (NULL);
  GByteArray *form = g_byte_array_new ();
  AditFormHead head = { .magic = ADIT_FORM_MAGIC, .version = ADIT_FORM_VERSION };

  add_string (strings, offsets, "");    /* so that the table is never empty */
  for (GList *l = countries; l != NULL; l = l->next)
    {
      NewCountry *country = l->data;
      AditFormCountry row = { .code = add_string (strings, offsets, country->code),
                         .name = add_string (strings, offsets, country->name) };

      country->position = country_rows->len;
      g_array_append_val (country_rows, row);
    }
  cities = g_list_sort (g_hash_table_get_values (self->cities), (GCompareFunc) compare_cities);
  for (GList *l = cities; l != NULL; l = l->next)
    {
      NewCity *city = l->data;
      AditFormCountry *country = &g_array_index (country_rows, AditFormCountry, city->country->position);
      AditFormCity row = { .code = add_string (strings, offsets, city->code), .name = add_string (strings, offsets, city->name),
                      .country = city->country->position, .latitude_e6 = city->latitude_e6, .longitude_e6 = city->longitude_e6 };

      city->position = city_rows->len;
      if (country->n_cities++ == 0)
        country->first_city = city->position;
      g_array_append_val (city_rows, row);
    }
  servers = g_list_sort (g_hash_table_get_values (self->servers), (GCompareFunc) compare_servers);
  append_servers (server_rows, servers, city_rows, strings, offsets);

  fill_head (&head, &self->head);
  head.n_countries = country_rows->len;
  head.n_cities = city_rows->len;
  head.n_servers = g_hash_table_size (self->servers);
  head.strings_bytes = (guint32) strings->len;
  head.size_bytes = (guint32) (sizeof head + country_rows->len * sizeof (AditFormCountry) +
                               city_rows->len * sizeof (AditFormCity) + server_rows->len + strings->len);
  g_byte_array_append (form, (const guint8 *) &head, sizeof head);
  g_byte_array_append (form, (const guint8 *) country_rows->data, country_rows->len * sizeof (AditFormCountry));
  g_byte_array_append (form, (const guint8 *) city_rows->data, city_rows->len * sizeof (AditFormCity));
  g_byte_array_append (form, server_rows->data, server_rows->len);
  g_byte_array_append (form, (const guint8 *) strings->str, (guint) strings->len);
  g_string_free (strings, TRUE);
  return g_byte_array_free_to_bytes (form);
}
