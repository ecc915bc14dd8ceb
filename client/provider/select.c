/* SPDX-License-Identifier: GPL-2.0-or-later */
/* select.c: weighted drawing among the relays that fit a wish. */
#include "client/provider/select.h"

#include <string.h>

#include "client/base/error.h"

/* WireGuard over IPv4 costs 20 + 8 + 32 bytes of 1500; the same again is left for a tunnel or PPPoE below us. */
#define MTU_BYTES 1380

static guint64
draw_below (const AditSelection *selection, guint64 limit)
{
  /* The last, incomplete round of @limit values would favour the low ones: draw again. */
  guint64 rest = (G_MAXUINT64 % limit + 1) % limit, number;

  do
    number = selection->random (selection->random_data);
  while (number > G_MAXUINT64 - rest);
  return number % limit;
}

static gboolean
fits (AditServerList *list, const AditServerListServer *server, const AditPlace *place)
{
  AditServerListCity city;
  AditServerListCountry country;

  if (server->ipv4.family == ADIT_FAMILY_NONE)
    return FALSE;
  if (place->server[0] != '\0' && !g_str_equal (place->server, server->name))
    return FALSE;
  if (place->city[0] == '\0' && place->server[0] == '\0' && !server->in_country)
    return FALSE;
  if (place->country[0] == '\0')
    return TRUE;
  adit_server_list_get_city (list, server->city, &city);
  adit_server_list_get_country (list, city.country, &country);
  return g_str_equal (place->country, country.code) && (place->city[0] == '\0' || g_str_equal (place->city, city.code));
}

/* A weight is 64 bits wide; of that much, 32 are enough, and sums of them cannot overflow. */
static guint64
get_weight (const AditServerListServer *server)
{
  return MIN (server->weight, G_MAXUINT32);
}

static gboolean
draw_server (AditServerList *list, const AditSelection *selection, AditServerListServer *server)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n = adit_server_list_get_n_servers (list), avoided = G_MAXUINT;
  guint64 sum = 0, ticket;

  for (guint i = 0; i < n; i++)
    {
      adit_server_list_get_server (list, i, server);
      if (!fits (list, server, selection->place))
        continue;
      if (g_str_equal (server->name, selection->avoid))
        {
          avoided = i;
          continue;
        }
      sum += get_weight (server);
      g_array_append_val (found, i);
    }
  if (found->len == 0)
    {
      if (avoided != G_MAXUINT)
        adit_server_list_get_server (list, avoided, server);
      return avoided != G_MAXUINT;
    }
  if (sum == 0)
    {
      adit_server_list_get_server (list, g_array_index (found, guint, draw_below (selection, found->len)), server);
      return TRUE;
    }
  ticket = draw_below (selection, sum);
  for (guint i = 0; i < found->len; i++)
    {
      adit_server_list_get_server (list, g_array_index (found, guint, i), server);
      if (ticket < get_weight (server))
        return TRUE;
      ticket -= get_weight (server);
    }
  g_return_val_if_reached (FALSE);
}

/* Ranges may overlap; each port of their union is equally likely. */
static guint16
draw_port (const AditServerListHead *head, const AditSelection *selection)
{
  guint8 is_in[G_MAXUINT16 + 1] = { 0 };
  guint n = 0, port = 0, ticket;

  for (guint i = 0; i < head->n_ports; i++)
    for (guint p = head->ports[i].first; p <= head->ports[i].last; p++)
      {
        n += !is_in[p];
        is_in[p] = 1;
      }
  ticket = (guint) draw_below (selection, n);
  while (!is_in[port] || ticket-- > 0)
    port++;
  return (guint16) port;
}

static void
fill_location (AditServerList *list, const AditServerListServer *server, AditLocation *location)
{
  AditServerListCity city;
  AditServerListCountry country;

  adit_server_list_get_city (list, server->city, &city);
  adit_server_list_get_country (list, city.country, &country);
  /* All three come from a checked list, so they fit. */
  adit_place_set (&location->place, country.code, city.code, server->name);
  g_strlcpy (location->country_name, country.name, sizeof location->country_name);
  g_strlcpy (location->city_name, city.name, sizeof location->city_name);
}

/**
 * adit_select_tunnel:
 * @list: a service's relays
 * @selection: the wish, and the source of chance
 * @spec: (out caller-allocates): the tunnel; @addresses stay empty, they belong to the device
 * @error: return location; %ADIT_ERROR_NO_SUCH_PLACE when no relay fits
 *
 * A relay that the service keeps out of country-wide wishes is drawn only for its city or by its name.  Each relay is as likely
 * as its weight says; where all weights are zero, all are equally likely.
 *
 * Returns: %TRUE with a whole tunnel but for this computer's own addresses
 */
gboolean
adit_select_tunnel (AditServerList *list, const AditSelection *selection, AditTunnelSpec *spec, GError **error)
{
  const AditServerListHead *head = adit_server_list_get_head (list);
  AditServerListServer server;

  memset (spec, 0, sizeof *spec);
  if (!draw_server (list, selection, &server))
    {
      g_autofree char *place = adit_place_dup_text (selection->place);

      g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE, "There is no server at \"%s\"", place);
      return FALSE;
    }
  spec->peer.address = server.ipv4;
  spec->peer.port = draw_port (head, selection);
  memcpy (spec->peer_key, server.key, sizeof spec->peer_key);
  adit_prefix_parse ("0.0.0.0/0", &spec->allowed_ips[spec->n_allowed_ips++]);
  if (selection->has_ipv6)
    adit_prefix_parse ("::/0", &spec->allowed_ips[spec->n_allowed_ips++]);
  if (head->gateway_ipv4.family != ADIT_FAMILY_NONE)
    spec->dns[spec->n_dns++] = head->gateway_ipv4;
  if (head->gateway_ipv6.family != ADIT_FAMILY_NONE && selection->has_ipv6)
    spec->dns[spec->n_dns++] = head->gateway_ipv6;
  spec->mtu_bytes = MTU_BYTES;
  fill_location (list, &server, &spec->location);
  return TRUE;
}
