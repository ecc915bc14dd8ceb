/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server-list.c: opens a list, which is checked in one pass, and answers what is in it. */
#include "client/model/server-list-form.h"

#include <string.h>

#include "client/base/error.h"
#include "client/base/field.h"

struct _AditServerList
{
  gatomicrefcount        references;
  GBytes                *bytes;
  AditServerListHead     head;
  const AditFormHead    *form;
  const AditFormCountry *countries;
  const AditFormCity    *cities;
  const AditFormServer  *servers;
  const char            *strings;
};

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "The server list cannot be read: %s", what);
  return FALSE;
}

/* After the table's last byte was seen to be zero, @offset names a string that ends inside it. */
static gboolean
has_string (AditServerList *self, guint32 offset)
{
  return offset < self->form->strings_bytes;
}

static gboolean
has_name (AditServerList *self, guint32 code, guint32 name)
{
  return has_string (self, code) && has_string (self, name) && adit_code_is_valid (self->strings + code) &&
         adit_name_is_valid (self->strings + name);
}

static gboolean
check_sizes (const AditFormHead *form, gsize length, GError **error)
{
  guint64 wanted = sizeof *form;

  if (form->magic != ADIT_FORM_MAGIC)
    return refuse (error, "it is something else");
  if (form->version != ADIT_FORM_VERSION)
    {
      g_set_error (error, ADIT_ERROR, form->version > ADIT_FORM_VERSION ? ADIT_ERROR_NEWER_FORMAT : ADIT_ERROR_FAILED,
                   "The server list has form %u, this program reads form %u", form->version, ADIT_FORM_VERSION);
      return FALSE;
    }
  wanted += (guint64) form->n_countries * sizeof (AditFormCountry) + (guint64) form->n_cities * sizeof (AditFormCity);
  wanted += (guint64) form->n_servers * sizeof (AditFormServer) + form->strings_bytes;
  if (form->size_bytes != length || wanted != length || form->strings_bytes == 0)
    return refuse (error, "its parts do not add up to its length");
  return TRUE;
}

static gboolean
read_blocks (AditServerList *self)
{
  const AditFormHead *form = self->form;

  for (guint i = 0; i < form->n_blocks; i++)
    {
      AditBlock *block = &self->head.blocks[i];

      memcpy (block->name, form->blocks[i].name, sizeof block->name);
      block->resolver = form->blocks[i].resolver;
      block->bits = form->blocks[i].bits;
      if (!adit_field_is_zero (form->blocks[i].reserved, sizeof form->blocks[i].reserved))
        return FALSE;
    }
  self->head.n_blocks = form->n_blocks;
  return adit_field_is_zero (form->blocks + form->n_blocks,
                             (ADIT_SERVER_LIST_MAX_BLOCKS - form->n_blocks) * sizeof *form->blocks);
}

static gboolean
read_head (AditServerList *self, GError **error)
{
  const AditFormHead *form = self->form;
  AditServerListHead *head = &self->head;

  if (form->n_ports > ADIT_SERVER_LIST_MAX_PORT_RANGES || form->n_dns > ADIT_TUNNEL_MAX_DNS ||
      form->n_blocks > ADIT_SERVER_LIST_MAX_BLOCKS || form->picks_least_loaded > 1 || form->picks_first_port > 1 ||
      form->makes_tunnels > 1 || form->nests_tunnels > 1)
    return refuse (error, "its head is malformed");
  memcpy (head->service, form->service, sizeof head->service);
  memcpy (head->etag, form->etag, sizeof head->etag);
  memcpy (head->ports, form->ports, sizeof head->ports);
  memcpy (head->dns, form->dns, sizeof head->dns);
  head->fetched_at_s = form->fetched_at_s;
  head->n_ports = form->n_ports;
  head->n_dns = form->n_dns;
  head->mtu_bytes = form->mtu_bytes;
  head->keepalive_s = form->keepalive_s;
  head->picks_least_loaded = form->picks_least_loaded != 0;
  head->picks_first_port = form->picks_first_port != 0;
  head->makes_tunnels = form->makes_tunnels != 0;
  head->nests_tunnels = form->nests_tunnels != 0;
  if (!read_blocks (self) ||
      !adit_field_is_zero (form->ports + form->n_ports,
                           (ADIT_SERVER_LIST_MAX_PORT_RANGES - form->n_ports) * sizeof *form->ports) ||
      !adit_field_is_zero (form->dns + form->n_dns, (ADIT_TUNNEL_MAX_DNS - form->n_dns) * sizeof *form->dns))
    return refuse (error, "unused parts are not empty");
  return adit_server_list_head_is_valid (head) || refuse (error, "its head is malformed");
}

static gboolean
check_cities (AditServerList *self, GError **error)
{
  guint32 next_city = 0;

  for (guint32 i = 0; i < self->form->n_countries; i++)
    {
      const AditFormCountry *row = &self->countries[i];

      if (!has_name (self, row->code, row->name))
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

static void
read_ipv4 (const guint8 *bytes, gboolean there, AditAddress *address)
{
  if (!there)
    return;
  address->family = ADIT_FAMILY_IPV4;
  memcpy (address->bytes, bytes, 4);
}

static void
read_server (AditServerList *self, const AditFormServer *row, AditServerListServer *server)
{
  memset (server, 0, sizeof *server);
  server->name = self->strings + row->name;
  server->provider = self->strings + row->provider;
  server->city = row->city;
  server->owned = (row->flags & ADIT_FORM_OWNED) != 0;
  server->in_country = (row->flags & ADIT_FORM_IN_COUNTRY) != 0;
  server->has_ipv6_inside = (row->flags & ADIT_FORM_IPV6_INSIDE) != 0;
  server->weight = row->weight;
  server->load = row->load;
  server->wireguard_exit_port = row->wireguard_exit_port;
  server->openvpn_exit_port = row->openvpn_exit_port;
  memcpy (server->key, row->key, sizeof server->key);
  read_ipv4 (row->ipv4, (row->flags & ADIT_FORM_IPV4) != 0, &server->ipv4);
  read_ipv4 (row->openvpn_ipv4, (row->flags & ADIT_FORM_OPENVPN) != 0, &server->openvpn_ipv4);
  if ((row->flags & ADIT_FORM_IPV6) != 0)
    {
      server->ipv6.family = ADIT_FAMILY_IPV6;
      memcpy (server->ipv6.bytes, row->ipv6, sizeof row->ipv6);
    }
}

/* What a flag leaves out is zero, so that there is one form for each list. */
static gboolean
check_server (AditServerList *self, const AditFormServer *row)
{
  AditServerListServer server;

  if (!has_string (self, row->name) || !has_string (self, row->provider) || (row->flags & ~ADIT_FORM_ALL_FLAGS) != 0 ||
      !adit_field_is_zero (row->reserved, sizeof row->reserved) ||
      ((row->flags & ADIT_FORM_IPV4) != 0) == adit_field_is_zero (row->ipv4, sizeof row->ipv4) ||
      ((row->flags & ADIT_FORM_IPV6) != 0) == adit_field_is_zero (row->ipv6, sizeof row->ipv6) ||
      ((row->flags & ADIT_FORM_OPENVPN) != 0) == adit_field_is_zero (row->openvpn_ipv4, sizeof row->openvpn_ipv4) ||
      ((row->flags & ADIT_FORM_WIREGUARD) != 0) == adit_field_is_zero (row->key, sizeof row->key))
    return FALSE;
  read_server (self, row, &server);
  return adit_server_list_server_is_valid (&self->head, &server);
}

static gboolean
check_servers (AditServerList *self, GError **error)
{
  guint32 next_server = 0;

  for (guint32 i = 0; i < self->form->n_cities; i++)
    {
      const AditFormCity *row = &self->cities[i];

      if (!has_name (self, row->code, row->name))
        return refuse (error, "a city has no proper name");
      if (ABS ((gint64) row->latitude_e6) > ADIT_FORM_MAX_LATITUDE_E6 ||
          ABS ((gint64) row->longitude_e6) > ADIT_FORM_MAX_LONGITUDE_E6 || row->reserved != 0)
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
  if (length < sizeof (AditFormHead) || length > ADIT_FORM_MAX_BYTES)
    {
      refuse (error, length > ADIT_FORM_MAX_BYTES ? "it is too long" : "it is too short");
      return NULL;
    }
  /* A slice of other bytes may start anywhere; the rows want their alignment. */
  self->bytes = (gsize) data % 8 == 0 ? g_bytes_ref (bytes) : g_bytes_new (data, length);
  data = g_bytes_get_data (self->bytes, NULL);
  self->form = (const AditFormHead *) data;
  if (!check_sizes (self->form, length, error) || !read_head (self, error))
    return NULL;

  self->countries = (const AditFormCountry *) (data + sizeof (AditFormHead));
  self->cities = (const AditFormCity *) (self->countries + self->form->n_countries);
  self->servers = (const AditFormServer *) (self->cities + self->form->n_cities);
  self->strings = (const char *) (self->servers + self->form->n_servers);
  if (self->strings[self->form->strings_bytes - 1] != '\0')
    {
      refuse (error, "its last string has no end");
      return NULL;
    }
  if (!check_cities (self, error) || !check_servers (self, error))
    return NULL;
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
  const AditFormCountry *row;

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
  const AditFormCity *row;

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
  memset (server, 0, sizeof *server);
  g_return_if_fail (position < self->form->n_servers);
  read_server (self, &self->servers[position], server);
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
      const AditFormCity *city = &self->cities[i];
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

/**
 * adit_server_list_find_block:
 * @self: a list
 * @name: of something that a resolver may leave out
 *
 * Returns: (transfer none) (nullable): it, if the service has it
 */
const AditBlock *
adit_server_list_find_block (AditServerList *self, const char *name)
{
  for (guint i = 0; i < self->head.n_blocks; i++)
    if (g_str_equal (self->head.blocks[i].name, name))
      return &self->head.blocks[i];
  return NULL;
}
