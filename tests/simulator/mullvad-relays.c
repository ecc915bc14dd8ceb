/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad-relays.c: the list of Mullvad's relays: one exit under two names, one that is switched off, one that is not there. */
#include "tests/simulator/mullvad.h"

#include "tests/simulator/distort.h"
#include "tests/simulator/known.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"

static json_t *
describe (const char *host, const char *place, gboolean active, const char *address4, const char *address6, const char *key,
          int weight)
{
  return json_pack ("{s:s,s:b,s:b,s:s,s:s,s:s,s:s,s:i,s:b,s:s}", "hostname", host, "active", active, "owned", 1, "location",
                    place, "provider", "Lab", "ipv4_addr_in", address4, "ipv6_addr_in", address6, "weight", weight,
                    "include_in_country", 1,
                    "public_key", key);
}

/**
 * mullvad_relays_handle:
 * @message: a request for the list
 * @exit_key: of the exit
 */
void
mullvad_relays_handle (SoupServerMessage *message, const char *exit_key)
{
  const char *known = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "If-None-Match");
  gboolean bad = request_has_fault (message, "traversal");
  const char *etag = bad ? "\"lab-bad\"" : "\"lab-1\"";
  json_t *relays;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "ETag", etag);
  if (g_strcmp0 (known, etag) == 0)
    {
      reply_nothing (message, 304);
      return;
    }
  relays = json_array ();
  json_array_append_new (relays, describe (bad ? "../../etc" : "se-got-wg-001", "se-got", TRUE, KNOWN_EXIT, KNOWN_EXIT6,
                                           exit_key, 100));
  json_array_append_new (relays, describe ("se-sto-wg-001", "se-sto", TRUE, KNOWN_EXIT, KNOWN_EXIT6, exit_key, 100));
  json_array_append_new (relays, describe ("se-sto-wg-002", "se-sto", FALSE, "198.51.100.12", "2001:db8:ff::112",
                                           KNOWN_NOBODY_KEY, 100));
  /* Weight 0: drawn by those who ask for it, and not by those who leave the choice to us. */
  json_array_append_new (relays, describe ("us-nyc-wg-001", "us-nyc", TRUE, KNOWN_NOBODY, KNOWN_NOBODY6, KNOWN_NOBODY_KEY, 0));
  distort_list (message, relays);
  reply_json (message, 200, json_pack (
    "{s:{s:{s:s,s:s,s:f,s:f},s:{s:s,s:s,s:f,s:f},s:{s:s,s:s,s:f,s:f}},s:{s:[[i,i]],s:s,s:s,s:[],s:o},s:{s:[],s:[]}}", "locations",
    "se-got", "city", "Gothenburg", "country", "Sweden", "latitude", 57.70887, "longitude", 11.97456,
    "se-sto", "city", "Stockholm", "country", "Sweden", "latitude", 59.3289, "longitude", 18.0649,
    "us-nyc", "city", "New York, NY", "country", "USA", "latitude", 40.7128, "longitude", -74.006,
    "wireguard", "port_ranges", KNOWN_EXIT_PORT, KNOWN_EXIT_PORT, "ipv4_gateway", "10.64.0.1", "ipv6_gateway",
    "fc00:bbbb:bbbb:bb01::1", "shadowsocks_port_ranges", "relays", relays, "bridge", "shadowsocks", "relays"));
}
