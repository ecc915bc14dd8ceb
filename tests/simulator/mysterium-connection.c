/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mysterium-connection.c: Mysterium's countries and cities, and the configurations that lead there. */
#include "tests/simulator/mysterium.h"

#include <string.h>

#include "tests/simulator/book.h"
#include "tests/simulator/distort.h"
#include "tests/simulator/fault.h"
#include "tests/simulator/known.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"

#define RESOLVER "10.64.0.1"    /* inside the tunnel */

static const struct
{
  const char *country, *city;
  gboolean    available, residential, answers;
  double      latitude, longitude;
} places[] = {
  { "DE", "Berlin",    TRUE,  TRUE,  TRUE,  52.52,   13.405 },
  { "DE", "Frankfurt", TRUE,  FALSE, TRUE,  50.1109, 8.6821 },
  { "SE", "Stockholm", TRUE,  TRUE,  TRUE,  59.3289, 18.0649 },
  { "US", "New York",  TRUE,  TRUE,  FALSE, 40.7128, -74.006 },
  { "NL", "Amsterdam", FALSE, FALSE, FALSE, 52.3676, 4.9041 },
};

/* What must not be in a configuration: "hostile-config N" chooses one. */
static const char *const hostile[] = {
  "PostUp = touch /run/adit-lab-hostile", "PreDown = touch /run/adit-lab-hostile", "Table = off", "FwMark = 0x1",
  "SaveConfig = true", "ListenPort = 22", "[Peer]\nPublicKey = " KNOWN_NOBODY_KEY "\nAllowedIPs = 10.0.0.0/8", "MTU = -1",
  "DNS = 127.0.0.1\nAddress = 0.0.0.0/0", "Endpoint = " KNOWN_EXIT ":-1", "Address = 10.10.0.2/8\r\nPostUp = x",
};

static gboolean
fits (guint i, const char *ip_type)
{
  return places[i].residential || g_strcmp0 (ip_type, "residential") != 0;
}

static void
handle_countries (SoupServerMessage *message)
{
  g_autofree char *ip_type = request_dup_query (message, "ip_type");
  json_t *countries = json_array ();

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (fits (i, ip_type) && (i == 0 || !g_str_equal (places[i].country, places[i - 1].country)))
      json_array_append_new (countries, json_string (places[i].country));
  reply_json (message, 200, json_pack ("{s:o,s:[s]}", "countries", countries, "top_countries", "SE"));
}

static json_t *
describe_city (guint i)
{
  return json_pack ("{s:s,s:i,s:b,s:f,s:f,s:{s:s}}", "city", places[i].city, "total", places[i].available ? 3 : 0, "is_available",
                    places[i].available, "latitude", places[i].latitude, "longitude", places[i].longitude, "translations", "en",
                    places[i].city);
}

static void
handle_locations (SoupServerMessage *message)
{
  g_autofree char *ip_type = request_dup_query (message, "ip_type");
  json_t *list = json_array ();

  for (guint i = 0; i < G_N_ELEMENTS (places);)
    {
      json_t *cities = json_array ();
      guint first = i;

      for (; i < G_N_ELEMENTS (places) && g_str_equal (places[i].country, places[first].country); i++)
        if (fits (i, ip_type))
          json_array_append_new (cities, describe_city (i));
      if (first == 0)
        distort_list (message, cities);
      if (json_array_size (cities) > 0)
        json_array_append_new (list, json_pack ("{s:s,s:i,s:b,s:{s:s},s:O}", "country", places[first].country, "total",
                                            places[first].available ? 3 : 0, "is_available", places[first].available,
                                            "translations", "en", places[first].country, "cities", cities));
      json_decref (cities);
    }
  reply_json (message, 200, list);
}

/* A place that the request fits, or -1 when the refusal is already written. */
static int
choose_place (SoupServerMessage *message, const MysteriumUser *user)
{
  g_autofree char *country = request_dup_text (message, "country"), *city = request_dup_text (message, "city");
  g_autofree char *ip_type = request_dup_text (message, "ip_type");

  if (country == NULL || strlen (country) != 2)
    mysterium_refuse (message, 400, "validation_failed");
  else if (!user->active || request_has_fault (message, "expired"))
    mysterium_refuse (message, 403, "subscription_inactive");
  else if (g_strcmp0 (ip_type, "residential") == 0 && !user->residential)
    mysterium_refuse (message, 403, "plan_does_not_allow");
  else
    {
      for (guint i = 0; i < G_N_ELEMENTS (places); i++)
        if (g_str_equal (places[i].country, country) && fits (i, ip_type)
            && (city == NULL || *city == '\0' || g_str_equal (places[i].city, city)))
          {
            if (places[i].available)
              return (int) i;
            mysterium_refuse (message, 503, "unavailable");
            return -1;
          }
      mysterium_refuse (message, 404, "not_found");
    }
  return -1;
}

static char *
make_config (SoupServerMessage *message, const BookDevice *device, guint place, const char *exit_key)
{
  gboolean answers = places[place].answers;
  const char *key = request_has_fault (message, "short-key") ? "c2hvcnQ=" : answers ? exit_key : KNOWN_NOBODY_KEY;
  guint which = 0;
  gboolean wrong = fault_is_on ("hostile-config", request_get_path (message), &which);
  const char *line = hostile[which % G_N_ELEMENTS (hostile)];
  g_autofree char *dns = request_dup_text (message, "dns");

  return g_strdup_printf ("[Interface]\nPrivateKey = %s\nAddress = 10.68.%u.%u/32\nDNS = %s\n%s%s"
                          "\n[Peer]\nPublicKey = %s\nAllowedIPs = 0.0.0.0/0, ::/0\nEndpoint = %s:%d\nPersistentKeepalive = 25\n"
                          "%s%s",
                          request_has_fault (message, "no-placeholder") ? KNOWN_NOBODY_KEY : "%private_key%",
                          device->number / 256, device->number % 256, dns != NULL && *dns != '\0' ? dns : RESOLVER,
                          wrong && *line != '[' ? line : "", wrong && *line != '[' ? "\n" : "", key,
                          answers ? KNOWN_EXIT : KNOWN_NOBODY,
                          request_has_fault (message, "negative-port") ? -1 : KNOWN_EXIT_PORT, wrong && *line == '[' ? line : "",
                          wrong && *line == '[' ? "\n" : "");
}

static void
reply_config (SoupServerMessage *message, const char *id, const char *member, const char *config, int place)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, config, -1);
  g_autofree char *ip_type = request_dup_text (message, "ip_type");
  gboolean answers = places[place].answers;

  reply_json (message, 200, json_pack ("{s:s,s:s,s:s,s:s,s:b,s:s,s:s,s:s}", "id", id, member, config, "hash", hash, "exit_ip",
                                       answers ? KNOWN_EXIT : KNOWN_NOBODY, "limit_exceeded", 0, "ip_type",
                                       ip_type != NULL ? ip_type : "", "country", places[place].country, "city",
                                       places[place].city));
}

static void
handle_connect (SoupServerMessage *message, const char *email, const char *exit_key)
{
  const MysteriumUser *user = mysterium_users_find (email);
  g_autofree char *key = request_dup_text (message, "public_key"), *config = NULL;
  BookDevice *device = book_find_key (key);
  g_autoptr (GPtrArray) own = book_list_devices (email);
  int place;

  if (!request_is_key (key) || (device != NULL && !g_str_equal (device->owner, email)))
    {
      mysterium_refuse (message, 400, "validation_failed");
      return;
    }
  place = choose_place (message, user);
  if (place < 0)
    return;
  if (request_has_fault (message, "limit") || (device == NULL && own->len >= user->limit))
    {
      reply_json (message, 200, json_pack ("{s:s,s:s,s:b}", "id", "", "wg_config", "", "limit_exceeded", 1));
      return;
    }
  if (device == NULL)
    device = book_add_device (email, key);
  config = make_config (message, device, (guint) place, exit_key);
  reply_config (message, device->id, "wg_config", config, place);
}

/* The lab has servers of its own and says what leads there. */
static void
handle_openvpn (SoupServerMessage *message, const char *email)
{
  const char *file = g_getenv ("ADIT_SIMULATOR_OVPN");
  g_autofree char *config = NULL;
  int place = choose_place (message, mysterium_users_find (email));

  if (place < 0)
    return;
  if (file == NULL || !g_file_get_contents (file, &config, NULL, NULL))
    config = g_strdup ("client\ndev tun\nproto udp\nremote " KNOWN_OVPN_EXIT " 1194\nremote-cert-tls server\n"
                       "<ca>\n-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n</ca>\n");
  reply_config (message, "openvpn", "ovpn_config", config, place);
}

static void
handle_disconnect (SoupServerMessage *message, const char *email)
{
  g_autofree char *key = request_dup_query (message, "public_key"), *id = request_dup_query (message, "device_id");
  g_autoptr (GPtrArray) own = book_list_devices (email);

  for (guint i = 0; i < own->len; i++)
    {
      BookDevice *device = own->pdata[i];

      if (g_strcmp0 (device->key, key) == 0 || g_strcmp0 (device->id, id) == 0)
        {
          book_remove_device (device);
          reply_nothing (message, 204);
          return;
        }
    }
  mysterium_refuse (message, 404, "not_found");
}

/**
 * mysterium_connection_handle:
 * @message: a request
 * @what: its path after "connection/"
 * @email: whose it is
 * @exit_key: of the exit
 *
 * Returns: whether there is such a call; otherwise nothing is answered
 */
gboolean
mysterium_connection_handle (SoupServerMessage *message, const char *what, const char *email, const char *exit_key)
{
  gboolean get = request_has_method (message, "GET"), post = request_has_method (message, "POST");

  if (get && g_str_equal (what, "config"))
    handle_countries (message);
  else if (get && g_str_equal (what, "config/locations"))
    handle_locations (message);
  else if (post && g_str_equal (what, "connect"))
    handle_connect (message, email, exit_key);
  else if (post && g_str_equal (what, "connect-openvpn"))
    handle_openvpn (message, email);
  else if (get && g_str_equal (what, "disconnect"))
    handle_disconnect (message, email);
  else if (get && g_str_equal (what, "disconnect-all"))
    {
      book_remove_devices_of (email);
      reply_nothing (message, 204);
    }
  else
    return FALSE;
  return TRUE;
}
