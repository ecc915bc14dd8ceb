/* SPDX-License-Identifier: GPL-2.0-or-later */
/* select.c: which of the servers that fit a wish, by which port, and who answers names there. */
#include "client/provider/select.h"

#include <string.h>

#include "client/base/error.h"
#include "client/base/field.h"

/* What one of the two servers has to be. */
typedef struct
{
  const AditPlace *place;
  const char      *avoid;
  const AditServerListServer *other;    /* (nullable): the server that it must not be, nor, where tunnels are nested, beside */
  gboolean         is_exit;      /* it is reached by way of another one */
} Role;

static gboolean
takes_protocol (const AditServerListServer *server, AditProtocol protocol, gboolean is_exit)
{
  if (protocol == ADIT_PROTOCOL_WIREGUARD)
    return server->ipv4.family != ADIT_FAMILY_NONE && (!is_exit || server->wireguard_exit_port != 0);
  return server->openvpn_ipv4.family != ADIT_FAMILY_NONE && (!is_exit || server->openvpn_exit_port != 0);
}

static gboolean
passes (const AditServerListServer *server, const AditServerFilter *filter)
{
  gboolean is_there = filter == NULL || filter->n_hosting == 0;

  if (filter == NULL)
    return TRUE;
  for (guint i = 0; i < filter->n_hosting; i++)
    is_there |= g_str_equal (filter->hosting[i], server->provider);
  return is_there && (!filter->only_with_ipv6 || server->has_ipv6_inside) &&
         (filter->ownership == ADIT_OWNED_OR_RENTED || (filter->ownership == ADIT_OWNED_ONLY) == server->owned);
}

static gboolean
lies_at (AditServerList *list, const AditServerListServer *server, const AditPlace *place)
{
  AditServerListCity city;
  AditServerListCountry country;

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

static guint
get_load (const AditServerListServer *server)
{
  return MIN (server->load, 100);    /* who does not say counts as full */
}

static guint
draw_by_weight (AditServerList *list, const GArray *found, guint64 sum, const AditRandom *random)
{
  guint64 ticket = adit_draw_below (random, sum > 0 ? sum : found->len);

  for (guint i = 0; sum > 0 && i < found->len; i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (list, g_array_index (found, guint, i), &server);
      if (ticket < get_weight (&server))
        return g_array_index (found, guint, i);
      ticket -= get_weight (&server);
    }
  return g_array_index (found, guint, ticket);
}

static gboolean
fits (AditServerList *list, const AditSelection *selection, const Role *role, const AditServerListServer *server)
{
  const AditServerListHead *head = adit_server_list_get_head (list);

  if (role->other != NULL && (g_str_equal (server->name, role->other->name) ||
                              (head->nests_tunnels && adit_address_equal (&server->ipv4, &role->other->ipv4))))
    return FALSE;
  return (head->makes_tunnels || takes_protocol (server, selection->protocol, role->is_exit)) &&
         passes (server, selection->filter) && lies_at (list, server, role->place);
}

/* The only server of a role; %FALSE where there is none, or a choice. */
static gboolean
find_only (AditServerList *list, const AditSelection *selection, const Role *role, AditServerListServer *server)
{
  AditServerListServer one;
  guint n_found = 0;

  for (guint i = 0; i < adit_server_list_get_n_servers (list); i++)
    {
      adit_server_list_get_server (list, i, &one);
      if (!fits (list, selection, role, &one))
        continue;
      *server = one;
      n_found++;
    }
  return n_found == 1;
}

static gboolean
draw_server (AditServerList *list, const AditSelection *selection, const Role *role, AditServerListServer *server)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (guint));
  const AditServerListHead *head = adit_server_list_get_head (list);
  gboolean by_load = head->picks_least_loaded;
  guint n = adit_server_list_get_n_servers (list), avoided = G_MAXUINT, least = G_MAXUINT;
  guint64 sum = 0;

  for (guint i = 0; i < n; i++)
    {
      adit_server_list_get_server (list, i, server);
      if (!fits (list, selection, role, server))
        continue;
      if (g_str_equal (server->name, role->avoid))
        {
          avoided = i;
          continue;
        }
      if (by_load && get_load (server) < least)
        {
          least = get_load (server);
          sum = 0;
          g_array_set_size (found, 0);
        }
      if (by_load && get_load (server) > least)
        continue;
      sum += get_weight (server);
      g_array_append_val (found, i);
    }
  if (found->len == 0 && avoided == G_MAXUINT)
    return FALSE;
  adit_server_list_get_server (list, found->len > 0 ? draw_by_weight (list, found, sum, &selection->random) : avoided, server);
  return TRUE;
}

/* Ranges may overlap; each port of their union is equally likely.  0: the service has none for that protocol. */
static guint16
draw_port (const AditServerListHead *head, const AditSelection *selection)
{
  guint8 is_in[G_MAXUINT16 + 1] = { 0 };
  guint n = 0, port = 0, wanted = selection->filter != NULL ? selection->filter->port : 0, ticket;

  for (guint i = 0; i < head->n_ports; i++)
    for (guint p = head->ports[i].first; head->ports[i].protocol == selection->protocol && p <= head->ports[i].last; p++)
      {
        if (n == 0 && head->picks_first_port && selection->try_number == 0 && wanted == 0)
          wanted = p;
        n += !is_in[p];
        is_in[p] = 1;
      }
  if (n == 0 || is_in[wanted])
    return n == 0 ? 0 : (guint16) wanted;
  ticket = (guint) adit_draw_below (&selection->random, n);
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

/* What is left out of the answers is asked of one resolver; those with bits can be had together. */
static gboolean
fill_blocking_dns (AditServerList *list, const AditServerFilter *filter, AditTunnelSpec *spec)
{
  guint8 bits = 0;

  for (guint i = 0; filter != NULL && i < filter->n_blocks; i++)
    {
      const AditBlock *block = adit_server_list_find_block (list, filter->blocks[i]);

      if (block == NULL || (spec->n_dns > 0 && block->bits == 0))
        continue;
      spec->dns[0] = block->resolver;
      spec->n_dns = 1;
      bits |= block->bits;
      if (block->bits == 0)
        return TRUE;
      spec->dns[0].bytes[3] = bits;
    }
  return spec->n_dns > 0;
}

static void
fill_dns (AditServerList *list, const AditServerFilter *filter, gboolean has_ipv6, AditTunnelSpec *spec)
{
  const AditServerListHead *head = adit_server_list_get_head (list);

  if (fill_blocking_dns (list, filter, spec))
    return;
  for (guint i = 0; i < head->n_dns; i++)
    if (head->dns[i].family == ADIT_FAMILY_IPV4 || has_ipv6)
      spec->dns[spec->n_dns++] = head->dns[i];
}

/* The server that carries, and the one that is reached by it alone and lets out. */
static void
fill_nested (AditTunnelSpec *spec, const AditServerListServer *entry, const AditServerListServer *exit, guint16 port)
{
  AditTunnelPeer *inner = &spec->more_peers[0];

  spec->peer = (AditEndpoint) { entry->ipv4, port };
  memcpy (spec->peer_key, entry->key, sizeof spec->peer_key);
  spec->allowed_ips[spec->n_allowed_ips++] = (AditPrefix) { exit->ipv4, 32 };
  inner->endpoint = (AditEndpoint) { exit->ipv4, exit->wireguard_exit_port };
  memcpy (inner->key, exit->key, sizeof inner->key);
  spec->n_more_peers = 1;
  spec->is_nested = TRUE;
}

/* The server that is called, and the one that lets out, which may be the same. */
static void
fill_peer (AditTunnelSpec *spec, AditProtocol protocol, const AditServerListServer *called, const AditServerListServer *exit,
           guint16 port)
{
  gboolean is_wireguard = protocol == ADIT_PROTOCOL_WIREGUARD, is_alone = called == exit;

  spec->kind = is_wireguard ? ADIT_TUNNEL_WIREGUARD : ADIT_TUNNEL_OPENVPN;
  spec->transport = protocol == ADIT_PROTOCOL_OPENVPN_TCP ? ADIT_TRANSPORT_TCP : ADIT_TRANSPORT_UDP;
  spec->peer.address = is_wireguard ? called->ipv4 : called->openvpn_ipv4;
  spec->peer.port = is_alone ? port : is_wireguard ? exit->wireguard_exit_port : exit->openvpn_exit_port;
  if (is_wireguard)
    memcpy (spec->peer_key, exit->key, sizeof spec->peer_key);
}

static gboolean
refuse (const AditPlace *place, const char *format, GError **error)
{
  g_autofree char *text = adit_place_dup_text (place);

  g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE, "%s \"%s\"", format, text);
  return FALSE;
}

/**
 * adit_select_location:
 * @list: of a service that makes each tunnel itself
 * @selection: the wish, and the source of chance; of the rest only @avoid and what is said of servers are looked at
 * @location: (out): for which place the service is to make a tunnel, with the names that the list has for it
 * @error: return location; %ADIT_ERROR_NO_SUCH_PLACE when there is none that fits
 *
 * Returns: %TRUE with a place
 */
gboolean
adit_select_location (AditServerList *list, const AditSelection *selection, AditLocation *location, GError **error)
{
  AditServerListServer server;

  memset (location, 0, sizeof *location);
  if (!adit_server_list_get_head (list)->makes_tunnels || selection->protocol != ADIT_PROTOCOL_WIREGUARD ||
      selection->entry != NULL ||
      !draw_server (list, selection, &(Role) { selection->place, selection->avoid, NULL, FALSE }, &server))
    return refuse (selection->place, "There is nothing that fits at", error);
  fill_location (list, &server, location);
  return TRUE;
}

/**
 * adit_select_tunnel:
 * @list: a service's relays; one that makes each tunnel itself has none
 * @selection: the wish, and the source of chance
 * @spec: (out caller-allocates): the tunnel; @addresses stay empty, they belong to the device
 * @error: return location; %ADIT_ERROR_NO_SUCH_PLACE when no relay fits
 *
 * A relay that the service keeps out of country-wide wishes is drawn only for its city or by its name.  Each relay is as likely
 * as its weight says; where all weights are zero, all are equally likely; and where the service has the least loaded taken, only
 * those count.  Entry and exit are never the same: where either can only be one, the other is none such.
 *
 * Returns: %TRUE with a whole tunnel but for this computer's own addresses and, of OpenVPN, what a profile has besides
 */
gboolean
adit_select_tunnel (AditServerList *list, const AditSelection *selection, AditTunnelSpec *spec, GError **error)
{
  const AditServerListHead *head = adit_server_list_get_head (list);
  gboolean has_entry = selection->entry != NULL, is_nested = has_entry && head->nests_tunnels, has_ipv6;
  const Role lone_exit_role = { selection->place, selection->avoid, NULL, has_entry };
  Role exit_role = lone_exit_role;
  Role entry_role = { selection->entry, selection->avoid, NULL, FALSE };
  AditServerListServer exit, entry, only;
  guint16 port = draw_port (head, selection);

  memset (spec, 0, sizeof *spec);
  if (has_entry && find_only (list, selection, &entry_role, &only))
    exit_role.other = &only;
  if (port == 0 || (!draw_server (list, selection, &exit_role, &exit) &&
                    /* Where both can only be the same one, it is the entry that is wanted too much. */
                    (exit_role.other == NULL || !draw_server (list, selection, &lone_exit_role, &exit))))
    return refuse (selection->place, "There is no server that fits at", error);
  entry_role.other = &exit;
  if (has_entry && !draw_server (list, selection, &entry_role, &entry))
    return refuse (selection->entry, "There is no server to enter by, beside the one to leave by, at", error);
  if (is_nested)
    fill_nested (spec, &entry, &exit, port);
  else
    fill_peer (spec, selection->protocol, has_entry ? &entry : &exit, &exit, port);
  fill_location (list, &exit, &spec->location);
  if (has_entry)
    fill_location (list, &entry, &spec->entry);
  has_ipv6 = selection->has_ipv6 && (has_entry && !is_nested ? &entry : &exit)->has_ipv6_inside;
  adit_prefix_parse ("0.0.0.0/0", &spec->allowed_ips[spec->n_allowed_ips++]);
  if (has_ipv6)
    adit_prefix_parse ("::/0", &spec->allowed_ips[spec->n_allowed_ips++]);
  if (is_nested)
    spec->more_peers[0].n_allowed_ips = (guint16) (spec->n_allowed_ips - 1);
  fill_dns (list, selection->filter, has_ipv6, spec);
  spec->mtu_bytes = head->mtu_bytes;
  spec->keepalive_s = head->keepalive_s;
  return TRUE;
}
