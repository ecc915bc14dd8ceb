/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mysterium-tunnel.c: the service is told our public key and a place, and answers with a tunnel to a server of its choice. */
#include "client/provider/mysterium.h"

#include <stdlib.h>
#include <string.h>

#include "client/model/country.h"

#define TEMPLATE_MAX_BYTES 8192    /* a file of one peer has some 400 */

static gboolean
refuse (GError **error, AditError code, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, code, text);
  return FALSE;
}

static const AditPlace *
get_place (const AditProviderRequest *request)
{
  return request->location != NULL ? &request->location->place : request->place;
}

static gboolean
names_city (const AditPlace *place)
{
  return place->city[0] != '\0' && !g_str_equal (place->city, ADIT_MYSTERIUM_ANY_CITY);
}

/* A name (place.h) has no control characters. */
static void
append_escaped (GString *text, const char *name)
{
  for (; *name != '\0'; name++)
    {
      if (*name == '"' || *name == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *name);
    }
}

/**
 * adit_mysterium_write_wish:
 * @request: of a tunnel
 *
 * No other field is sent: above all not the one that asks for another address, for which the service makes people wait.
 *
 * Returns: (transfer full) (nullable): the body that asks for it; %NULL when the request names no country, or a city without the
 * service's own spelling of it
 */
AditSecret *
adit_mysterium_write_wish (const AditProviderRequest *request)
{
  const AditPlace *place = get_place (request);
  const char *city = "";
  g_autofree char *country = NULL, *key = NULL, *body = NULL;
  char code[ADIT_CODE_MAX_BYTES];
  GString *text;
  AditSecret *secret;

  if (request->public_key == NULL || place == NULL || place->country[0] == '\0')
    return NULL;
  if (names_city (place))
    {
      if (request->location == NULL)
        return NULL;
      city = request->location->city_name;
      adit_mysterium_write_city_code (city, code);
      if (!g_str_equal (code, place->city))
        return NULL;
    }
  country = g_ascii_strup (place->country, -1);
  key = g_base64_encode (request->public_key, ADIT_WG_KEY_BYTES);
  body = g_strdup_printf ("{\"public_key\":\"%s\",\"country\":\"%s\",\"city\":\"", key, country);
  text = g_string_new (body);
  append_escaped (text, city);
  g_string_append (text, "\",\"ip_type\":\"\",\"os_type\":\"linux\"}");
  secret = adit_secret_new (text->str, text->len);
  g_string_free (text, TRUE);
  return secret;
}

/* Nothing of a longer name may stay behind the new one. */
static void
set_city (AditLocation *location, const char *city)
{
  memset (location->city_name, 0, sizeof location->city_name);
  memset (location->place.city, 0, sizeof location->place.city);
  memset (location->place.server, 0, sizeof location->place.server);
  g_strlcpy (location->city_name, city, sizeof location->city_name);
  adit_mysterium_write_city_code (city, location->place.city);
  g_snprintf (location->place.server, sizeof location->place.server, "%s-%s", location->place.country, location->place.city);
}

/* What was asked for, with all its names. */
static void
fill_location (const AditProviderRequest *request, AditLocation *location)
{
  const AditPlace *wish = get_place (request);
  const char *name = adit_country_get_name (wish->country);

  if (request->location != NULL)
    {
      *location = *request->location;
      return;
    }
  g_strlcpy (location->place.country, wish->country, sizeof location->place.country);
  g_strlcpy (location->country_name, name != NULL ? name : wish->country, sizeof location->country_name);
  g_strlcpy (location->place.city, ADIT_MYSTERIUM_ANY_CITY, sizeof location->place.city);
  g_strlcpy (location->city_name, ADIT_MYSTERIUM_ANY_CITY_NAME, sizeof location->city_name);
  g_snprintf (location->place.server, sizeof location->place.server, "%s-" ADIT_MYSTERIUM_ANY_CITY, wish->country);
}

/* The service chose, and says where.  In another country than was asked for nobody wants to be. */
static gboolean
take_location (const AditProviderRequest *request, AditJson *root, AditLocation *location, GError **error)
{
  const AditPlace *wish = get_place (request);
  const char *country = "", *city = "";

  if (adit_json_has (root, "country") && (country = adit_json_get_string (root, "country", ADIT_CODE_MAX_BYTES, error)) == NULL)
    return FALSE;
  if (adit_json_has (root, "city") && (city = adit_json_get_string (root, "city", ADIT_NAME_MAX_BYTES, error)) == NULL)
    return FALSE;
  if (country[0] != '\0' && g_ascii_strcasecmp (country, wish->country) != 0)
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service made a tunnel to another country than it was asked for");
  fill_location (request, location);
  if (!adit_name_is_valid (city))
    return TRUE;
  set_city (location, city);
  return TRUE;
}

/**
 * adit_mysterium_take_tunnel:
 * @task: a task that has asked for a tunnel
 * @root: the service's answer
 * @error: return location; %ADIT_ERROR_TOO_MANY_DEVICES, %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: %TRUE with a tunnel that can be started in the result
 */
gboolean
adit_mysterium_take_tunnel (AditProviderTask *task, AditJson *root, GError **error)
{
  AditProviderResult *result = &task->result;
  gboolean is_limited = FALSE;
  const char *text;

  if (adit_json_has (root, "limit_exceeded") && !adit_json_get_boolean (root, "limit_exceeded", &is_limited, error))
    return FALSE;
  if (is_limited)
    return refuse (error, ADIT_ERROR_TOO_MANY_DEVICES,
                   "The account is connected on as many devices, or has changed its address as often, as it may");
  text = adit_json_get_string (root, "wg_config", TEMPLATE_MAX_BYTES, error);
  if (text == NULL || !adit_mysterium_read_template (text, &result->tunnel, &result->preshared_key, error) ||
      !take_location (&task->request, root, &result->tunnel.location, error))
    return FALSE;
  task->is_done = TRUE;
  return TRUE;
}
