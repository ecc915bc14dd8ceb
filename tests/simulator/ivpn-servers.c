/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ivpn-servers.c: IVPN's locations with their hosts, by protocol, and what goes for all of them. */
#include "tests/simulator/ivpn.h"

#include "tests/simulator/distort.h"
#include "tests/simulator/known.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"

typedef struct
{
  const char *id;
  const char *openvpn;          /* where it answers by OpenVPN; NULL: nowhere, nor by WireGuard */
  double      load;
  guint       multihop_port;    /* 0: it has none */
  gboolean    ipv6;             /* in the tunnel */
} Host;

/* The first host of each location is the one that answers, if any does. */
static const struct
{
  const char *id, *code, *country, *city;
  double      latitude, longitude;
  Host        hosts[3];    /* as long as they have a name */
} places[] = {
  { "se", "SE", "Sweden", "Stockholm", 59.3289, 18.0649, {
      { "se1", KNOWN_IVPN_OPENVPN_OTHER, 12.5, 21000, TRUE }, { "se2", NULL, 83.41, 21001, FALSE } } },
  { "no", "NO", "Norway", "Oslo", 59.91, 10.75, { { "no1", KNOWN_IVPN_OPENVPN, 6, 20300, FALSE } } },
  { "ch", "CH", "Switzerland", "Zurich", 47.3667, 8.55, { { "ch1", KNOWN_IVPN_OPENVPN_OTHER, 40.1, 0, TRUE } } },
  { "us-ny", "US", "United States", "New York, NY", 40.7128, -74.006, { { "us-ny1", NULL, 97.91, 27901, TRUE } } },
  { "us-tx", "US", "United States", "Dallas, TX", 32.7767, -96.797, { { "us-tx1", NULL, 0, 27900, TRUE } } },
};

static const char config[] =
  "{\"antitracker\":{\"default\":{\"ip\":\"10.0.254.2\",\"multihop-ip\":\"10.0.254.102\"},"
  "\"hardcore\":{\"ip\":\"10.0.254.3\",\"multihop-ip\":\"10.0.254.103\"}},"
  "\"antitracker_plus\":{\"DnsServers\":["
  "{\"Name\":\"Basic\",\"Description\":\"Advertising\",\"Normal\":\"10.0.254.4\",\"Hardcore\":\"10.0.254.5\"},"
  "{\"Name\":\"Restrictive\",\"Description\":\"Much\",\"Normal\":\"10.0.254.18\",\"Hardcore\":\"10.0.254.19\"}]},"
  "\"api\":{\"ips\":[\"" KNOWN_IVPN_API "\",\"" KNOWN_IVPN_API_OTHER "\"],\"ipv6s\":[\"" KNOWN_IVPN_API6 "\"]},"
  "\"ports\":{\"openvpn\":[{\"type\":\"UDP\",\"port\":1194},{\"type\":\"TCP\",\"port\":443}],"
  /* A type may be absent or in small letters.  The lab's exit has them all. */
  "\"wireguard\":[{\"type\":\"UDP\",\"port\":2049},{\"port\":51820},{\"type\":\"udp\",\"range\":{\"min\":30000,\"max\":65000}}],"
  "\"obfs3\":{\"port\":5145},\"obfs4\":{\"port\":5146},\"test\":[{\"echoserver\":\"" KNOWN_NOBODY "\"}],"
  "\"v2ray\":{\"id\":\"27a0a2b8-9d9b-4f1e-9c0b-1f2e3d4c5b6a\",\"openvpn\":[{\"type\":\"UDP\",\"port\":20501}],"
  "\"wireguard\":[{\"type\":\"UDP\",\"port\":15351}]}}}";

static json_t *
describe_host (const Host *host, gboolean wireguard, const char *exit_key)
{
  const char *address = host->openvpn == NULL ? KNOWN_NOBODY : wireguard ? KNOWN_EXIT : host->openvpn;
  json_t *object = json_object ();

  json_object_set_new (object, "hostname", json_sprintf ("%s.%s.ivpn.net", host->id, wireguard ? "wg" : "gw"));
  json_object_set_new (object, "dns_name", json_sprintf ("%s.gw.ivpn.net", host->id));
  json_object_set_new (object, "host", json_sprintf ("%s%s", address, host->multihop_port == 0 ? "/32" : ""));
  json_object_set_new (object, "load", json_real (host->load));
  if (host->multihop_port != 0)
    json_object_set_new (object, "multihop_port", json_integer (host->multihop_port));
  json_object_set_new (object, "v2ray", json_string (KNOWN_NOBODY));
  json_object_set_new (object, "isp", json_string ("Lab"));
  if (wireguard)
    {
      json_object_set_new (object, "public_key", json_string (host->openvpn != NULL ? exit_key : KNOWN_NOBODY_KEY));
      json_object_set_new (object, "local_ip", json_string (KNOWN_IVPN_GATEWAY "/12"));
      json_object_set_new (object, "ipv6", json_object ());
      if (host->ipv6)
        json_object_set_new (json_object_get (object, "ipv6"), "local_ip", json_string (KNOWN_IVPN_PREFIX6 "/96"));
    }
  else
    json_object_set_new (object, "obfs", json_pack ("{s:i,s:i,s:s}", "obfs3_multihop_port", host->multihop_port + 1,
                                                    "obfs4_multihop_port", host->multihop_port + 2, "obfs4_key",
                                                    "bGFiIGxhYiBsYWIgbGFiIGxhYiBsYWIgbGFiIGxhYiBsYWIgbGFiIGxhYiBsYWIgbGFiIA"));
  return object;
}

static json_t *
describe_places (SoupServerMessage *message, gboolean wireguard, const char *exit_key)
{
  json_t *list = json_array ();

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      json_t *hosts = json_array (), *place;

      for (guint j = 0; j < G_N_ELEMENTS (places[i].hosts) && places[i].hosts[j].id != NULL; j++)
        json_array_append_new (hosts, describe_host (&places[i].hosts[j], wireguard, exit_key));
      place = json_pack ("{s:o,s:s,s:s,s:s,s:f,s:f,s:s,s:o}", "gateway",
                         json_sprintf ("%s.%s.ivpn.net", places[i].id, wireguard ? "wg" : "gw"), "country_code", places[i].code,
                         "country", places[i].country, "city", places[i].city, "latitude", places[i].latitude, "longitude",
                         places[i].longitude, "isp", "Lab", "hosts", hosts);
      json_array_append_new (list, place);
    }
  distort_list (message, list);
  return list;
}

/**
 * ivpn_servers_handle:
 * @message: a request for the list
 * @exit_key: of the exit
 */
void
ivpn_servers_handle (SoupServerMessage *message, const char *exit_key)
{
  json_t *list = json_loads (config, 0, NULL);

  g_assert (list != NULL);
  if (request_has_fault (message, "no-ports"))
    json_object_set_new (json_object_get (list, "ports"), "wireguard", json_array ());
  ivpn_reply (message, 200, json_pack ("{s:o,s:o,s:o}", "wireguard", describe_places (message, TRUE, exit_key), "openvpn",
                                       describe_places (message, FALSE, exit_key), "config", list));
}
