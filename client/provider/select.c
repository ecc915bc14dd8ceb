/* SPDX-License-Identifier: GPL-2.0-or-later */
/* select.c: which of the servers that fit a wish, by which port, and who answers names there. */
#include "client/provider/select.h"

#include <string.h>

#include "client/base/error.h"
#include "client/provider/select-server.h"

#define IPV6_MORE_BYTES 20    /* its header has 40, that of IPv4 20: RFC 8200, section 3 */

/* Where it leaves by another server and tunnels are not nested, the port is that one's. */
static guint16
get_wanted_port (const AditServerListHead *head, const AditSelection *selection)
{
  return selection->filter != NULL && (selection->entry == NULL || head->nests_tunnels) ? selection->filter->port : 0;
}

static gboolean
refuse_port (const AditServerListHead *head, const AditSelection *selection, const AditSelectRole *role, GError **error)
{
  g_autofree char *text = g_strdup_printf ("port %u, which the service does not offer for this",
                                           get_wanted_port (head, selection));

  return adit_select_refuse_filtered (text, role, error);
}

/* Ranges may overlap; each port of their union is equally likely, but that the first one is not tried twice where there are
 * others.  0: the service has none for that protocol, or not the one that is wanted. */
static guint16
draw_port (const AditServerListHead *head, const AditSelection *selection)
{
  guint8 is_in[G_MAXUINT16 + 1] = { 0 };
  guint n = 0, port = 0, first = 0, wanted = get_wanted_port (head, selection), ticket;

  for (guint i = 0; i < head->n_ports; i++)
    for (guint p = head->ports[i].first; head->ports[i].protocol == selection->protocol && p <= head->ports[i].last; p++)
      {
        first = n == 0 ? p : first;
        n += !is_in[p];
        is_in[p] = 1;
      }
  if (n == 0 || wanted != 0)
    return n > 0 && is_in[wanted] ? (guint16) wanted : 0;
  if (head->picks_first_port && (selection->try_number == 0 || n == 1))
    return (guint16) first;
  if (head->picks_first_port)
    {
      is_in[first] = 0;
      n--;
    }
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

/* What the service does not have any more is stood in for where it has something for that; else it is not left out, and not said
 * to be. */
static const AditBlock *
find_block (AditServerList *list, const char *name)
{
  const AditBlock *block = adit_server_list_find_block (list, name);

  if (block != NULL)
    return block;
  return adit_server_list_find_block (list, g_str_has_suffix (name, ADIT_BLOCK_HARD_SUFFIX)
                                              ? ADIT_BLOCK_DEFAULT ADIT_BLOCK_HARD_SUFFIX : ADIT_BLOCK_DEFAULT);
}

/* What is left out of the answers is asked of one resolver; those with bits can be had together. */
static void
fill_blocking_dns (AditServerList *list, const AditServerFilter *filter, AditTunnelSpec *spec)
{
  guint8 bits = 0;

  for (guint i = 0; filter != NULL && i < filter->n_blocks; i++)
    {
      const AditBlock *block = find_block (list, filter->blocks[i]);

      if (block == NULL || (spec->n_blocks > 0 && (block->bits == 0 || bits == 0)))
        continue;
      spec->dns[0] = block->resolver;
      spec->n_dns = 1;
      bits |= block->bits;
      spec->dns[0].bytes[3] |= bits;
      g_strlcpy (spec->blocks[spec->n_blocks++], block->name, sizeof spec->blocks[0]);
    }
}

static void
fill_dns (AditServerList *list, const AditServerFilter *filter, gboolean has_ipv6, AditTunnelSpec *spec)
{
  const AditServerListHead *head = adit_server_list_get_head (list);

  fill_blocking_dns (list, filter, spec);
  for (guint i = 0; spec->n_blocks == 0 && i < head->n_dns; i++)
    if (head->dns[i].family == ADIT_FAMILY_IPV4 || has_ipv6)
      spec->dns[spec->n_dns++] = head->dns[i];
}

static AditIpVersion
get_outside (const AditSelection *selection)
{
  return selection->filter != NULL ? (AditIpVersion) selection->filter->outside : ADIT_IP_ANY;
}

/* Where IPv4 to it does not get through, IPv6 may: each second try, as in the order that Mullvad's client has. */
static gboolean
goes_by_ipv6 (const AditSelection *selection, const AditServerListServer *called)
{
  AditIpVersion wanted = get_outside (selection);

  return selection->protocol == ADIT_PROTOCOL_WIREGUARD && called->ipv6.family == ADIT_FAMILY_IPV6 &&
         (wanted == ADIT_IP_IPV6 || (wanted == ADIT_IP_ANY && selection->has_ipv6_outside && selection->try_number % 2 == 1));
}

/* Of a tunnel that somebody else describes nothing can be promised. */
static gboolean
can_keep_version (const AditSelection *selection, gboolean is_ours, const AditSelectRole *role, GError **error)
{
  AditIpVersion outside = get_outside (selection);
  gboolean by_ipv4_inside = selection->filter != NULL && selection->filter->inside == ADIT_IP_IPV4;

  if (is_ours && outside == ADIT_IP_IPV6 && !selection->has_ipv6_outside)
    return adit_select_refuse_filtered ("ip-outside ipv6, while this computer has no way by IPv6", role, error);
  if (!is_ours && (outside == ADIT_IP_IPV6 || by_ipv4_inside))
    return adit_select_refuse_filtered (by_ipv4_inside ? "ip-inside ipv4, which cannot be had with this kind of tunnel"
                                                       : "ip-outside ipv6, which cannot be had with this kind of tunnel",
                                        role, error);
  return TRUE;
}

/**
 * adit_select_keeps_version:
 * @selection: the wish
 * @peer: whom the tunnel calls that a service has made for it
 * @error: return location; %ADIT_ERROR_FILTERED
 *
 * Returns: whether that is by a version of IP that may be used
 */
gboolean
adit_select_keeps_version (const AditSelection *selection, const AditEndpoint *peer, GError **error)
{
  const AditSelectRole role = { .place = selection->place };

  return get_outside (selection) != ADIT_IP_IPV4 || peer->address.family == ADIT_FAMILY_IPV4 ||
         adit_select_refuse_filtered ("ip-outside ipv4, as the service has made a tunnel by IPv6", &role, error);
}

/* The server that carries, and the one that is reached by it alone and lets out. */
static void
fill_nested (AditTunnelSpec *spec, const AditSelection *selection, const AditServerListServer *entry,
             const AditServerListServer *exit, guint16 port)
{
  AditTunnelPeer *inner = &spec->more_peers[0];

  spec->peer = (AditEndpoint) { goes_by_ipv6 (selection, entry) ? entry->ipv6 : entry->ipv4, port };
  memcpy (spec->peer_key, entry->key, sizeof spec->peer_key);
  spec->allowed_ips[spec->n_allowed_ips++] = (AditPrefix) { exit->ipv4, 32 };
  inner->endpoint = (AditEndpoint) { exit->ipv4, exit->wireguard_exit_port };
  memcpy (inner->key, exit->key, sizeof inner->key);
  spec->n_more_peers = 1;
  spec->is_nested = TRUE;
}

/* The server that is called, and the one that lets out, which may be the same. */
static void
fill_peer (AditTunnelSpec *spec, const AditSelection *selection, const AditServerListServer *called,
           const AditServerListServer *exit, guint16 port)
{
  AditProtocol protocol = selection->protocol;
  gboolean is_wireguard = protocol == ADIT_PROTOCOL_WIREGUARD, is_alone = called == exit;
  gboolean by_ipv6 = goes_by_ipv6 (selection, called);

  spec->kind = is_wireguard ? ADIT_TUNNEL_WIREGUARD : ADIT_TUNNEL_OPENVPN;
  spec->transport = protocol == ADIT_PROTOCOL_OPENVPN_TCP ? ADIT_TRANSPORT_TCP : ADIT_TRANSPORT_UDP;
  spec->peer.address = !is_wireguard ? called->openvpn_ipv4 : by_ipv6 ? called->ipv6 : called->ipv4;
  spec->peer.port = is_alone ? port : is_wireguard ? exit->wireguard_exit_port : exit->openvpn_exit_port;
  if (is_wireguard)
    memcpy (spec->peer_key, exit->key, sizeof spec->peer_key);
}

/**
 * adit_select_location:
 * @list: of a service that makes each tunnel itself
 * @selection: the wish, and the source of chance; of the rest only @avoid and what is said of servers are looked at
 * @location: (out): for which place the service is to make a tunnel, with the names that the list has for it
 * @error: return location; %ADIT_ERROR_NO_SUCH_PLACE when there is none that fits, %ADIT_ERROR_FILTERED when it is the rest that
 *   leaves none
 *
 * Returns: %TRUE with a place
 */
gboolean
adit_select_location (AditServerList *list, const AditSelection *selection, AditLocation *location, GError **error)
{
  const AditSelectRole role = { selection->place, selection->avoid, NULL, FALSE, TRUE, FALSE };
  const AditServerListHead *head = adit_server_list_get_head (list);
  AditServerListServer server;

  memset (location, 0, sizeof *location);
  if (!head->makes_tunnels || selection->protocol != ADIT_PROTOCOL_WIREGUARD ||
      selection->entry != NULL)
    return adit_select_refuse (&role, "There is nothing that fits at", error);
  if (get_wanted_port (head, selection) != 0)
    return refuse_port (head, selection, &role, error);
  if (!can_keep_version (selection, FALSE, &role, error))
    return FALSE;
  if (!adit_select_server (list, selection, &role, &server, error))
    return FALSE;
  fill_location (list, &server, location);
  return TRUE;
}

/**
 * adit_select_tunnel:
 * @list: a service's relays; one that makes each tunnel itself has none
 * @selection: the wish, and the source of chance
 * @spec: (out caller-allocates): the tunnel; @addresses stay empty, they belong to the device
 * @error: return location; %ADIT_ERROR_NO_SUCH_PLACE when no relay fits, %ADIT_ERROR_FILTERED when it is the rest of the wish
 *   that leaves none, with what part of it
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
  gboolean is_wireguard = selection->protocol == ADIT_PROTOCOL_WIREGUARD, by_ipv6 = get_outside (selection) == ADIT_IP_IPV6;
  AditSelectRole exit_role = { selection->place, selection->avoid, NULL, has_entry, !has_entry, !has_entry && by_ipv6 };
  AditSelectRole entry_role = { selection->entry, selection->avoid, NULL, FALSE, TRUE, by_ipv6 };
  AditServerListServer exit, entry, only;
  guint16 port = draw_port (head, selection);

  memset (spec, 0, sizeof *spec);
  if (port == 0 && get_wanted_port (head, selection) != 0)
    return refuse_port (head, selection, &exit_role, error);
  if (port == 0)
    return adit_select_refuse (&exit_role, "There is no server that fits at", error);
  if (!can_keep_version (selection, is_wireguard, &exit_role, error))
    return FALSE;
  if (has_entry && adit_select_find_only (list, selection, &entry_role, &only))
    exit_role.other = &only;
  /* Where both can only be the same one, it is the entry that is wanted too much. */
  if (exit_role.other != NULL && !adit_select_server (list, selection, &exit_role, &exit, NULL))
    exit_role.other = NULL;
  if (exit_role.other == NULL && !adit_select_server (list, selection, &exit_role, &exit, error))
    return FALSE;
  entry_role.other = &exit;
  if (has_entry && !adit_select_server (list, selection, &entry_role, &entry, error))
    return FALSE;
  if (is_nested)
    fill_nested (spec, selection, &entry, &exit, port);
  else
    fill_peer (spec, selection, has_entry ? &entry : &exit, &exit, port);
  fill_location (list, &exit, &spec->location);
  if (has_entry)
    fill_location (list, &entry, &spec->entry);
  has_ipv6 = selection->has_ipv6 && (selection->filter == NULL || selection->filter->inside == ADIT_IP_ANY) &&
             (has_entry && !is_nested ? &entry : &exit)->has_ipv6_inside;
  adit_prefix_parse ("0.0.0.0/0", &spec->allowed_ips[spec->n_allowed_ips++]);
  if (has_ipv6)
    adit_prefix_parse ("::/0", &spec->allowed_ips[spec->n_allowed_ips++]);
  if (is_nested)
    spec->more_peers[0].n_allowed_ips = (guint16) (spec->n_allowed_ips - 1);
  fill_dns (list, selection->filter, has_ipv6, spec);
  spec->mtu_bytes = head->mtu_bytes;
  if (spec->peer.address.family == ADIT_FAMILY_IPV6)
    spec->mtu_bytes = (guint16) MAX (head->mtu_bytes - IPV6_MORE_BYTES, ADIT_TUNNEL_MTU_MIN_BYTES);
  spec->keepalive_s = head->keepalive_s;
  return TRUE;
}
