/* SPDX-License-Identifier: GPL-2.0-or-later */
/* select-server.c: who is drawn: those that fit, of them the nearest or those of one city, of them the least loaded, of them
 * one by weight. */
#include "client/provider/select-server.h"

#include "client/base/error.h"

static gboolean
takes_protocol (const AditServerListServer *server, AditProtocol protocol, gboolean is_exit)
{
  if (protocol == ADIT_PROTOCOL_WIREGUARD)
    return server->ipv4.family != ADIT_FAMILY_NONE && (!is_exit || server->wireguard_exit_port != 0);
  return server->openvpn_ipv4.family != ADIT_FAMILY_NONE && (!is_exit || server->openvpn_exit_port != 0);
}

static gboolean
is_at (AditServerList *list, const AditServerListServer *server, const AditPlace *place)
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

/* A list of one's own is of places to leave from; where one enters is said apart. */
static gboolean
lies_there (AditServerList *list, const AditSelection *selection, const AditSelectRole *role, const AditServerListServer *server)
{
  if (selection->n_places == 0 || role->place != selection->place)
    return is_at (list, server, role->place);
  for (guint i = 0; i < selection->n_places; i++)
    if (is_at (list, server, &selection->places[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_known (const AditServerListCity *city)
{
  return city->latitude_e6 != 0 || city->longitude_e6 != 0;
}

/* Whether it may be drawn at all, as far as these parts of the filter say. */
static gboolean
fits (AditServerList *list, const AditSelection *selection, const AditSelectRole *role, const AditServerListServer *server,
      AditFilterParts parts)
{
  const AditServerListHead *head = adit_server_list_get_head (list);

  if (role->other != NULL && (g_str_equal (server->name, role->other->name) ||
                              (head->nests_tunnels && adit_address_equal (&server->ipv4, &role->other->ipv4))))
    return FALSE;
  if (role->needs_ipv6 && server->ipv6.family != ADIT_FAMILY_IPV6)
    return FALSE;
  return (head->makes_tunnels || takes_protocol (server, selection->protocol, role->is_exit)) &&
         (selection->filter == NULL || adit_server_filter_passes (selection->filter, server, parts)) &&
         lies_there (list, selection, role, server);
}

static GArray *
find_all (AditServerList *list, const AditSelection *selection, const AditSelectRole *role, AditFilterParts parts)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < adit_server_list_get_n_servers (list); i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (list, i, &server);
      if (fits (list, selection, role, &server, parts))
        g_array_append_val (found, i);
    }
  return found;
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

/* @found is in the list's order, where the servers of a city stand together. */
static void
keep_one_city (AditServerList *list, GArray *found, const AditRandom *random)
{
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (guint));
  AditServerListServer server;
  guint city = G_MAXUINT, start, end;

  for (guint i = 0; i < found->len; i++)
    {
      adit_server_list_get_server (list, g_array_index (found, guint, i), &server);
      if (server.city != city)
        g_array_append_val (starts, i);
      city = server.city;
    }
  city = (guint) adit_draw_below (random, starts->len);
  start = g_array_index (starts, guint, city);
  end = city + 1 < starts->len ? g_array_index (starts, guint, city + 1) : found->len;
  g_array_set_size (found, end);
  g_array_remove_range (found, 0, start);
}

/* The lower, the better: how far away, then how full, as far as that counts. */
static guint64
get_rank (AditServerList *list, const AditSelection *selection, const AditSelectRole *role, const AditServerListServer *server)
{
  guint64 rank = adit_server_list_get_head (list)->picks_least_loaded ? get_load (server) : 0;
  AditServerListCity city;
  AditPosition there;

  if (selection->pick != ADIT_PICK_NEAREST || !role->is_called)
    return rank;
  adit_server_list_get_city (list, server->city, &city);
  there = (AditPosition) { city.latitude_e6, city.longitude_e6 };
  return rank + ((guint64) (is_known (&city) ? adit_position_measure_m (selection->near, &there) : G_MAXUINT32) << 8);
}

static void
keep_best (AditServerList *list, const AditSelection *selection, const AditSelectRole *role, GArray *found)
{
  guint64 best = G_MAXUINT64;
  guint n = 0;

  for (guint i = 0; i < found->len; i++)
    {
      guint at = g_array_index (found, guint, i);
      AditServerListServer server;
      guint64 rank;

      adit_server_list_get_server (list, at, &server);
      rank = get_rank (list, selection, role, &server);
      if (rank > best)
        continue;
      n = rank < best ? 0 : n;
      best = rank;
      g_array_index (found, guint, n++) = at;
    }
  g_array_set_size (found, n);
}

static guint
draw_by_weight (AditServerList *list, const GArray *found, const AditRandom *random)
{
  AditServerListServer server;
  guint64 sum = 0, ticket;

  for (guint i = 0; i < found->len; i++)
    {
      adit_server_list_get_server (list, g_array_index (found, guint, i), &server);
      sum += get_weight (&server);
    }
  ticket = adit_draw_below (random, sum > 0 ? sum : found->len);
  for (guint i = 0; sum > 0 && i < found->len; i++)
    {
      adit_server_list_get_server (list, g_array_index (found, guint, i), &server);
      if (ticket < get_weight (&server))
        return g_array_index (found, guint, i);
      ticket -= get_weight (&server);
    }
  return g_array_index (found, guint, ticket);
}

/* What has just failed is drawn only where there is nothing else. */
static void
leave_out (AditServerList *list, GArray *found, const char *name)
{
  for (guint i = 0; found->len > 1 && i < found->len; i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (list, g_array_index (found, guint, i), &server);
      if (!g_str_equal (server.name, name))
        continue;
      g_array_remove_index (found, i);
      return;
    }
}

/**
 * adit_select_refuse:
 * @role: for which there is no server
 * @sentence: that ends before the place
 * @error: return location; %ADIT_ERROR_NO_SUCH_PLACE
 *
 * Returns: %FALSE
 */
gboolean
adit_select_refuse (const AditSelectRole *role, const char *format, GError **error)
{
  g_autofree char *text = adit_place_dup_text (role->place);

  g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE, "%s \"%s\"", format, text);
  return FALSE;
}

/**
 * adit_select_refuse_filtered:
 * @what: leaves no server
 * @role: for which
 * @error: return location; %ADIT_ERROR_FILTERED
 *
 * Returns: %FALSE
 */
gboolean
adit_select_refuse_filtered (const char *what, const AditSelectRole *role, GError **error)
{
  g_autofree char *text = adit_place_dup_text (role->place);

  if (text[0] != '\0')
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_FILTERED, "At \"%s\" no server is left by %s", text, what);
  else
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_FILTERED, "No server is left by %s", what);
  return FALSE;
}

static gboolean
find_any (AditServerList *list, const AditSelection *selection, const AditSelectRole *role)
{
  g_autoptr (GArray) found = find_all (list, selection, role, ADIT_FILTER_NOTHING);

  return found->len > 0;
}

/* Names the part that leaves nothing by itself, or where no part does, all of them. */
static gboolean
refuse_empty (AditServerList *list, const AditSelection *selection, const AditSelectRole *role, GError **error)
{
  g_autoptr (GArray) all = find_all (list, selection, role, ADIT_FILTER_NOTHING);
  AditFilterParts guilty = ADIT_FILTER_NOTHING;
  g_autofree char *text = NULL;

  if (all->len == 0 && role->needs_ipv6)
    {
      AditSelectRole by_ipv4 = *role;

      by_ipv4.needs_ipv6 = FALSE;
      if (find_any (list, selection, &by_ipv4))
        return adit_select_refuse_filtered ("ip-outside ipv6, since none has an address of IPv6", role, error);
    }
  if (all->len == 0)
    return adit_select_refuse (role, role->is_called && role->other != NULL
                                     ? "There is no server to enter by, beside the one to leave by, at"
                                     : "There is no server that fits at", error);
  for (guint part = 1; part <= ADIT_FILTER_ALL; part <<= 1)
    {
      g_autoptr (GArray) left = find_all (list, selection, role, (AditFilterParts) part);

      guilty |= left->len == 0 ? part : 0;
    }
  text = adit_server_filter_dup_text (selection->filter, guilty != ADIT_FILTER_NOTHING ? guilty : ADIT_FILTER_ALL);
  return adit_select_refuse_filtered (text, role, error);
}

/* Nearest to what?  Of neither can be guessed: whoever wants the nearest may have a reason. */
static gboolean
can_measure (AditServerList *list, const AditSelection *selection, const AditSelectRole *role, const GArray *found,
             GError **error)
{
  if (selection->pick != ADIT_PICK_NEAREST || !role->is_called)
    return TRUE;
  if (selection->near == NULL)
    return adit_select_refuse_filtered ("pick nearest, while it is not known where this computer is "
                                        "(adit settings set near NORTH,EAST)", role, error);
  for (guint i = 0; i < found->len; i++)
    {
      AditServerListServer server;
      AditServerListCity city;

      adit_server_list_get_server (list, g_array_index (found, guint, i), &server);
      adit_server_list_get_city (list, server.city, &city);
      if (is_known (&city))
        return TRUE;
    }
  return adit_select_refuse_filtered ("pick nearest, while the service does not say where its servers are", role, error);
}

/**
 * adit_select_find_only:
 * @list: a service's servers
 * @selection: the wish
 * @role: which of the wish's servers
 * @server: (out caller-allocates): it
 *
 * Returns: whether there is one, and no choice
 */
gboolean
adit_select_find_only (AditServerList *list, const AditSelection *selection, const AditSelectRole *role,
                       AditServerListServer *server)
{
  g_autoptr (GArray) found = find_all (list, selection, role, ADIT_FILTER_ALL);

  if (found->len != 1)
    return FALSE;
  adit_server_list_get_server (list, g_array_index (found, guint, 0), server);
  return TRUE;
}

/**
 * adit_select_server:
 * @list: a service's servers
 * @selection: the wish, and the source of chance
 * @role: which of the wish's servers
 * @server: (out caller-allocates): one
 * @error: return location; %ADIT_ERROR_NO_SUCH_PLACE or %ADIT_ERROR_FILTERED
 *
 * Returns: whether there is one
 */
gboolean
adit_select_server (AditServerList *list, const AditSelection *selection, const AditSelectRole *role,
                    AditServerListServer *server, GError **error)
{
  g_autoptr (GArray) found = find_all (list, selection, role, ADIT_FILTER_ALL);

  if (found->len == 0)
    return refuse_empty (list, selection, role, error);
  if (!can_measure (list, selection, role, found, error))
    return FALSE;
  leave_out (list, found, role->avoid);
  if (selection->pick == ADIT_PICK_RANDOM)
    keep_one_city (list, found, &selection->random);
  keep_best (list, selection, role, found);
  adit_server_list_get_server (list, draw_by_weight (list, found, &selection->random), server);
  return TRUE;
}
