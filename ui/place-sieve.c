/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-sieve.c: every server is looked at once, when the sieve is made; afterwards a row's number is one look-up. */
#include "config.h"
#include "ui/place-sieve.h"

struct _AditPlaceSieve
{
  gatomicrefcount ref_count;
  AditServerList *servers;
  AditPlaceLook   look;
  guint8         *passes;        /* of each server, 0 or 1 */
  guint          *of_city;       /* servers that are left */
  guint          *of_country;    /* cities that have one of those */
  guint           n_left;
};

/* As the helper's worker draws one (client/provider/select-server.c). */
static gboolean
is_left (const AditPlaceSieve *self, const AditServerListServer *server)
{
  const AditPlaceLook *look = &self->look;
  gboolean by_openvpn = look->protocol != ADIT_PROTOCOL_WIREGUARD;

  if (!adit_server_filter_passes (&look->filter, server, ADIT_FILTER_ALL))
    return FALSE;
  if (adit_server_list_get_head (self->servers)->makes_tunnels)
    return TRUE;
  if ((by_openvpn ? server->openvpn_ipv4 : server->ipv4).family == ADIT_FAMILY_NONE)
    return FALSE;
  return !look->is_exit || (by_openvpn ? server->openvpn_exit_port : server->wireguard_exit_port) != 0;
}

static void
count (AditPlaceSieve *self)
{
  guint n_servers = adit_server_list_get_n_servers (self->servers), n_cities = adit_server_list_get_n_cities (self->servers);

  self->passes = g_new0 (guint8, n_servers);
  self->of_city = g_new0 (guint, n_cities);
  self->of_country = g_new0 (guint, adit_server_list_get_n_countries (self->servers));
  for (guint i = 0; i < n_servers; i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (self->servers, i, &server);
      self->passes[i] = is_left (self, &server);
      self->of_city[server.city] += self->passes[i];
      self->n_left += self->passes[i];
    }
  for (guint i = 0; i < n_cities; i++)
    {
      AditServerListCity city;

      adit_server_list_get_city (self->servers, i, &city);
      self->of_country[city.country] += self->of_city[i] > 0;
    }
}

/**
 * adit_place_sieve_new:
 * @servers: a service's servers
 * @look: what is asked of them
 *
 * Returns: (transfer full): a sieve
 */
AditPlaceSieve *
adit_place_sieve_new (AditServerList *servers, const AditPlaceLook *look)
{
  AditPlaceSieve *self = g_new0 (AditPlaceSieve, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->servers = adit_server_list_ref (servers);
  self->look = *look;
  if (look->latencies != NULL)
    adit_latencies_ref (look->latencies);
  count (self);
  return self;
}

/**
 * adit_place_sieve_ref:
 * @self: a sieve
 *
 * Returns: (transfer full): the same
 */
AditPlaceSieve *
adit_place_sieve_ref (AditPlaceSieve *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * adit_place_sieve_unref:
 * @self: (transfer full): a sieve
 */
void
adit_place_sieve_unref (AditPlaceSieve *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  adit_server_list_unref (self->servers);
  g_clear_pointer (&self->look.latencies, adit_latencies_unref);
  g_free (self->passes);
  g_free (self->of_city);
  g_free (self->of_country);
  g_free (self);
}

/**
 * adit_place_sieve_get_servers:
 * @self: a sieve
 *
 * Returns: (transfer none): all of the service's servers
 */
AditServerList *
adit_place_sieve_get_servers (AditPlaceSieve *self)
{
  return self->servers;
}

/**
 * adit_place_sieve_get_look:
 * @self: a sieve
 *
 * Returns: (transfer none): what is asked of a server
 */
const AditPlaceLook *
adit_place_sieve_get_look (AditPlaceSieve *self)
{
  return &self->look;
}

/**
 * adit_place_sieve_count:
 * @self: a sieve
 * @row: a row of its list
 *
 * Returns: how much of it is left: servers of a city and of all, cities of a country, 0 or 1 of a server
 */
guint
adit_place_sieve_count (AditPlaceSieve *self, AditPlaceRow row)
{
  return row.kind == ADIT_PLACE_COUNTRY ? self->of_country[row.position]
       : row.kind == ADIT_PLACE_CITY ? self->of_city[row.position]
       : row.kind == ADIT_PLACE_SERVER ? self->passes[row.position] : self->n_left;
}

/**
 * adit_place_sieve_measure_km:
 * @self: a sieve
 * @city: a city of its list
 *
 * Returns: how far away it is, in kilometres; -1 where that is not known
 */
gint64
adit_place_sieve_measure_km (AditPlaceSieve *self, const AditServerListCity *city)
{
  const AditPosition there = { city->latitude_e6, city->longitude_e6 };

  if (!self->look.has_near || (there.latitude_e6 == 0 && there.longitude_e6 == 0))
    return -1;
  return adit_position_measure_m (&self->look.near, &there) / 1000;
}

static gint
get_country_ms (AditPlaceSieve *self, guint position)
{
  AditServerListCountry country;
  gint quickest_ms = -1;

  adit_server_list_get_country (self->servers, position, &country);
  for (guint i = 0; i < country.n_cities; i++)
    {
      gint time_ms = adit_latencies_get_city_ms (self->look.latencies, country.first_city + i);

      if (self->of_city[country.first_city + i] > 0 && time_ms >= 0 && (quickest_ms < 0 || time_ms < quickest_ms))
        quickest_ms = time_ms;
    }
  return quickest_ms;
}

/**
 * adit_place_sieve_get_ms:
 * @self: a sieve
 * @row: a row of its list
 *
 * Returns: how long a packet takes to a city, or to the quickest one of a country, and back, in milliseconds; -1 where that is
 * not known, and of a server, since one of each city is asked
 */
gint
adit_place_sieve_get_ms (AditPlaceSieve *self, AditPlaceRow row)
{
  if (self->look.latencies == NULL)
    return -1;
  return row.kind == ADIT_PLACE_COUNTRY ? get_country_ms (self, row.position)
       : row.kind == ADIT_PLACE_CITY ? adit_latencies_get_city_ms (self->look.latencies, row.position) : -1;
}

static gboolean
find_in_country (AditPlaceSieve *self, const AditServerListCountry *country, const AditPlace *place, AditPlaceRow *row)
{
  for (guint i = 0; i < country->n_cities; i++)
    {
      AditServerListCity city;

      adit_server_list_get_city (self->servers, country->first_city + i, &city);
      if (!g_str_equal (city.code, place->city))
        continue;
      *row = (AditPlaceRow) { .kind = ADIT_PLACE_CITY, .position = country->first_city + i };
      return TRUE;
    }
  return FALSE;
}

static gboolean
find_server (AditPlaceSieve *self, const char *name, AditPlaceRow *row)
{
  for (guint i = 0; i < adit_server_list_get_n_servers (self->servers); i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (self->servers, i, &server);
      if (!g_str_equal (server.name, name))
        continue;
      *row = (AditPlaceRow) { .kind = ADIT_PLACE_SERVER, .position = i };
      return TRUE;
    }
  return FALSE;
}

/**
 * adit_place_sieve_find:
 * @self: a sieve
 * @place: a wish; a server is the one with its name, wherever it is
 * @row: (out caller-allocates): its row
 *
 * Returns: whether the list has it, whatever is left of it
 */
gboolean
adit_place_sieve_find (AditPlaceSieve *self, const AditPlace *place, AditPlaceRow *row)
{
  *row = (AditPlaceRow) { .kind = ADIT_PLACE_ANY };
  if (place->server[0] != '\0')
    return find_server (self, place->server, row);
  for (guint i = 0; place->country[0] != '\0' && i < adit_server_list_get_n_countries (self->servers); i++)
    {
      AditServerListCountry country;

      adit_server_list_get_country (self->servers, i, &country);
      if (!g_str_equal (country.code, place->country))
        continue;
      *row = (AditPlaceRow) { .kind = ADIT_PLACE_COUNTRY, .position = i };
      return place->city[0] == '\0' || find_in_country (self, &country, place, row);
    }
  return place->country[0] == '\0';
}
