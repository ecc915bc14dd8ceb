/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad-relays.c: the list of Mullvad's relays: one exit under two names, one that is switched off, one that is not there; and,
 * where there is one, another relay that works. */
#include "tests/simulator/mullvad.h"

#include <string.h>

#include "tests/simulator/distort.h"
#include "tests/simulator/known.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"

typedef struct
{
  const char *host, *place, *address4, *address6;
  gboolean    active;
  enum { NOBODY, EXIT, ENTRY } who;
  int         weight;
  const char *features, *extra;    /* as JSON */
} Relay;

#define QUIC "\"quic\":{\"addr_in\":[\"198.51.100.10\",\"2001:db8:ff::110\"],\"token\":\"lab-token\"," \
             "\"domain\":\"se-got-quic-001.lab.example\"}"

static const Relay relays[] = {
  { "se-got-wg-001", "se-got", KNOWN_EXIT, KNOWN_EXIT6, TRUE, EXIT, 100, "{\"daita\":{}," QUIC ",\"lwo\":{}}",
    "[\"198.51.100.11\",\"2001:db8:ff::111\"]" },
  { "se-sto-wg-001", "se-sto", KNOWN_EXIT, KNOWN_EXIT6, TRUE, EXIT, 100, "{\"daita\":null,\"quic\":null,\"lwo\":null}", NULL },
  { "se-sto-wg-002", "se-sto", "198.51.100.12", "2001:db8:ff::112", FALSE, NOBODY, 100, NULL, "[]" },
  /* Weight 0: drawn by those who ask for it, and not by those who leave the choice to us. */
  { "us-nyc-wg-001", "us-nyc", KNOWN_NOBODY, KNOWN_NOBODY6, TRUE, NOBODY, 0, NULL, NULL },
  { "nl-ams-wg-001", "nl-ams", KNOWN_ENTRY, KNOWN_ENTRY6, TRUE, ENTRY, 0, "{\"lwo\":{}}", NULL },
};

static json_t *
describe (const Relay *relay, const char *name, const char *const *keys)
{
  const char *key = relay->who == NOBODY ? KNOWN_NOBODY_KEY : keys[relay->who == ENTRY ? 1 : 0];
  gboolean daita = relay->features != NULL && strstr (relay->features, "\"daita\":{}") != NULL;
  json_t *object = json_pack ("{s:s,s:b,s:b,s:s,s:s,s:s,s:s,s:i,s:b,s:b,s:s}", "hostname", name, "active", relay->active, "owned",
                              1, "location", relay->place, "provider", "Lab", "ipv4_addr_in", relay->address4, "ipv6_addr_in",
                              relay->address6, "weight", relay->weight, "include_in_country", 1, "daita", daita, "public_key",
                              key);

  if (relay->features != NULL)
    json_object_set_new (object, "features", json_loads (relay->features, 0, NULL));
  if (relay->extra != NULL)
    json_object_set_new (object, "shadowsocks_extra_addr_in", json_loads (relay->extra, 0, NULL));
  return object;
}

/* A way to the API for where the direct one is closed. */
static json_t *
describe_bridges (void)
{
  return json_pack ("{s:[{s:s,s:i,s:s,s:s}],s:[{s:s,s:b,s:b,s:s,s:s,s:s,s:i,s:b}]}", "shadowsocks", "protocol", "tcp",
                    "port", 443, "cipher", "aes-256-gcm", "password", "mullvad",
                    "relays", "hostname", "se-got-br-001", "active", 1, "owned", 1, "location", "se-got",
                    "provider", "Lab", "ipv4_addr_in", KNOWN_NOBODY, "weight", 100, "include_in_country", 1);
}

/**
 * mullvad_relays_handle:
 * @message: a request for the list
 * @exit_key: of the exit; behind a comma that of the other relay, where there is one
 *
 * "apart" gives the exit's second name addresses of its own, so that one can die without the other.
 */
void
mullvad_relays_handle (SoupServerMessage *message, const char *exit_key)
{
  const char *known = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "If-None-Match");
  gboolean bad = request_has_fault (message, "traversal");
  g_auto (GStrv) keys = g_strsplit (exit_key, ",", 2);
  gboolean has_entry = keys[0] != NULL && keys[1] != NULL;
  const char *etag = bad ? "\"lab-bad\"" : request_has_fault (message, "new-keys") ? "\"lab-3\""
                     : has_entry ? "\"lab-2\"" : "\"lab-1\"";
  json_t *list, *places;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "ETag", etag);
  if (g_strcmp0 (known, etag) == 0)
    {
      reply_nothing (message, 304);
      return;
    }
  list = json_array ();
  for (guint i = 0; i < G_N_ELEMENTS (relays); i++)
    {
      Relay relay = relays[i];

      if (relay.who == ENTRY && !has_entry)
        continue;
      if (request_has_fault (message, "apart") && g_str_equal (relay.host, "se-sto-wg-001"))
        {
          relay.address4 = KNOWN_EXIT_APART;
          relay.address6 = KNOWN_EXIT_APART6;
        }
      json_array_append_new (list, describe (&relay, bad && i == 0 ? "../../etc" : relay.host, (const char **) keys));
    }
  distort_list (message, list);
  places = json_pack (
    "{s:{s:s,s:s,s:f,s:f},s:{s:s,s:s,s:f,s:f},s:{s:s,s:s,s:f,s:f}}",
    "se-got", "city", "Gothenburg", "country", "Sweden", "latitude", 57.70887, "longitude", 11.97456,
    "se-sto", "city", "Stockholm", "country", "Sweden", "latitude", 59.3289, "longitude", 18.0649,
    "us-nyc", "city", "New York, NY", "country", "USA", "latitude", 40.7128, "longitude", -74.006);
  if (has_entry)
    json_object_set_new (places, "nl-ams", json_pack ("{s:s,s:s,s:f,s:f}", "city", "Amsterdam", "country", "Netherlands",
                                                      "latitude", 52.35, "longitude", 4.916667));
  reply_json (message, 200, json_pack (
    "{s:o,s:{s:[[i,i]],s:s,s:s,s:[[i,i]],s:o},s:o}", "locations", places,
    "wireguard", "port_ranges", KNOWN_EXIT_PORT, KNOWN_EXIT_PORT, "ipv4_gateway", "10.64.0.1", "ipv6_gateway",
    "fc00:bbbb:bbbb:bb01::1", "shadowsocks_port_ranges", 51900, 51949, "relays", list,
    "bridge", describe_bridges ()));
}
