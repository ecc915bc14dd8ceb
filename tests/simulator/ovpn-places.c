/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-places.c: OVPN's datacenters and their servers, and how these are. */
#include "tests/simulator/ovpn.h"

#include "tests/simulator/distort.h"
#include "tests/simulator/known.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"

#define WIREGUARD_PORT       9929     /* what every server has; the lab's exit has it, too */
#define MULTIHOP_OPENVPN     20000    /* and the server's number */
#define MULTIHOP_WIREGUARD   30000
#define PUBLIC_IPV4_KEY      "cHVibGljIElQdjQgcHVibGljIElQdjQgcHVibGljIG4="
#define NOT_KNOWN            (-1)

typedef struct
{
  guint       number;
  const char *ip;
  gboolean    online;
  int         load;        /* or NOT_KNOWN */
  gboolean    multihop;    /* otherwise its ports are 0 */
} Server;

/* Stockholm has the exit for WireGuard, Oslo that for OpenVPN; the one that answers is also the one with the least load. */
static const struct
{
  const char *slug, *city, *country, *country_name;
  Server      servers[4];    /* as long as they have a number */
} places[] = {
  { "sthlm", "Stockholm", "SE", "Sweden", {
      { 10, KNOWN_EXIT, TRUE, 14, TRUE }, { 11, KNOWN_NOBODY, TRUE, 71, TRUE }, { 12, KNOWN_NOBODY, TRUE, NOT_KNOWN, TRUE } } },
  { "malmo", "Malm\303\266", "SE", "Sweden", {
      { 52, KNOWN_EXIT, TRUE, 31, FALSE }, { 53, KNOWN_NOBODY, FALSE, NOT_KNOWN, TRUE } } },
  { "oslo", "Oslo", "NO", "Norway", { { 39, KNOWN_OVPN_EXIT, TRUE, 22, TRUE } } },
  { "vienna", "Vienna", "AT", "Austria", { { 61, KNOWN_NOBODY, FALSE, NOT_KNOWN, TRUE } } },
  { "new-york", "New York", "US", "United States", {
      { 70, KNOWN_NOBODY, TRUE, 5, TRUE }, { 71, KNOWN_NOBODY, TRUE, 98, TRUE } } },
};

static json_t *
describe_load (SoupServerMessage *message, int load)
{
  return load == NOT_KNOWN || request_has_fault (message, "null-load") ? json_null () : json_integer (load);
}

static json_t *
describe_server (SoupServerMessage *message, guint place, const Server *server, const char *exit_key)
{
  const char *slug = places[place].slug;
  gboolean is_exit = !g_str_equal (server->ip, KNOWN_NOBODY);
  json_t *object = json_object ();

  json_object_set_new (object, "ip", json_string (server->ip));
  json_object_set_new (object, "ptr", json_sprintf ("vpn%u.prd.%s.ovpn.com", server->number, slug));
  json_object_set_new (object, "name", json_sprintf ("VPN%u - %s", server->number, places[place].city));
  json_object_set_new (object, "online", json_boolean (server->online && !request_has_fault (message, "all-offline")));
  json_object_set_new (object, "load", describe_load (message, server->load));
  json_object_set_new (object, "public_key", json_string (is_exit ? exit_key : KNOWN_NOBODY_KEY));
  if (!request_has_fault (message, "no-ipv4-key"))
    json_object_set_new (object, "public_key_ipv4", json_string (PUBLIC_IPV4_KEY));
  json_object_set_new (object, "wireguard_ports", json_pack ("[i]", WIREGUARD_PORT));
  json_object_set_new (object, "multihop_openvpn_port", json_integer (server->multihop ? MULTIHOP_OPENVPN + server->number : 0));
  json_object_set_new (object, "multihop_wireguard_port",
                       json_integer (server->multihop ? MULTIHOP_WIREGUARD + server->number : 0));
  return object;
}

static json_t *
describe_place (SoupServerMessage *message, guint place, const char *exit_key)
{
  g_autofree char *country = g_ascii_strdown (places[place].country, -1);
  json_t *servers = json_array (), *pools = json_array ();

  for (const Server *server = places[place].servers; server->number != 0; server++)
    json_array_append_new (servers, describe_server (message, place, server, exit_key));
  for (guint k = 1; k <= 2; k++)
    json_array_append_new (pools, json_sprintf ("pool-%u.prd.%s.%s.ovpn.com", k, country, places[place].slug));
  return json_pack ("{s:s,s:s,s:s,s:s,s:o,s:s,s:o}", "slug", places[place].slug, "city", places[place].city, "country",
                    places[place].country, "country_name", places[place].country_name, "pools", pools, "ping_address",
                    places[place].servers[0].ip, "servers", servers);
}

/**
 * ovpn_places_handle:
 * @message: a request for the list
 * @exit_key: of the exit
 */
void
ovpn_places_handle (SoupServerMessage *message, const char *exit_key)
{
  json_t *list = json_array ();

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    json_array_append_new (list, describe_place (message, i, exit_key));
  distort_list (message, list);
  if (request_has_fault (message, "failure"))
    json_array_clear (list);
  reply_json (message, 200, json_pack ("{s:b,s:o,s:{s:s,s:s,s:s,s:[i]}}", "success", !request_has_fault (message, "failure"),
                                       "datacenters", list, "shadowsocks", "mode", "tcp_and_udp", "method",
                                       "chacha20-ietf-poly1305", "password", "example-only", "ports", 8388));
}

static json_t *
describe_health (const Server *server)
{
  guint usage = server->load == NOT_KNOWN ? 0 : (guint) server->load;

  return json_pack ("{s:o,s:s,s:b,s:s,s:i,s:i,s:i}", "name", json_sprintf ("VPN%u", server->number), "ip", server->ip, "online",
                    server->online, "uptime", server->online ? "41 days" : "", "bandwidth", usage * 100, "bandwidth_usage", usage,
                    "port_speed", 10000);
}

/**
 * ovpn_places_handle_health:
 * @message: a request for how a datacenter's servers are
 * @slug: which one
 *
 * Returns: whether there is such a datacenter; otherwise nothing is answered
 */
gboolean
ovpn_places_handle_health (SoupServerMessage *message, const char *slug)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_str_equal (places[i].slug, slug))
      {
        json_t *list = json_array ();

        for (const Server *server = places[i].servers; server->number != 0; server++)
          json_array_append_new (list, describe_health (server));
        reply_json (message, 200, json_pack ("{s:o}", "data", list));
        return TRUE;
      }
  return FALSE;
}
