/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mysterium-locations.c: countries and cities, in which the service itself chooses a server.  What is wrong with the list as a
 * whole refuses it; what is wrong with one place skips that place. */
#include "client/provider/mysterium.h"

#include <string.h>

#include "client/model/country.h"
#include "client/model/server-list-writer.h"
#include "client/provider/json-place.h"

#define HASH_DIGITS 4    /* behind a name that was cut: one in 65536 meets another of the same beginning */

typedef struct
{
  char   country[3], country_name[ADIT_NAME_MAX_BYTES];
  gint32 latitude_e6, longitude_e6;    /* of its first city */
  gboolean has_city;
} Country;

/* Letters and digits stay, all else becomes one dash; TRUE if the name can be told from the code. */
static gboolean
write_slug (const char *name, char *slug, gsize slug_bytes)
{
  gboolean is_whole = TRUE;
  gsize n = 0;

  for (; *name != '\0'; name++)
    {
      char c = g_ascii_isalnum (*name) ? g_ascii_tolower (*name) : '-';
      gboolean fits = n + 1 < slug_bytes && (c != '-' || (n > 0 && slug[n - 1] != '-'));

      is_whole = is_whole && fits && (c != '-' || *name == ' ');
      if (fits)
        slug[n++] = c;
    }
  for (; n > 0 && slug[n - 1] == '-'; n--)
    is_whole = FALSE;
  slug[n] = '\0';
  return is_whole && n > 0;
}

/**
 * adit_mysterium_write_city_code:
 * @city: a city as the service spells it
 * @code: (out): %ADIT_CODE_MAX_BYTES for our code of it
 *
 * The service has no codes.  Ours depends on the name alone, so that a wish for a city outlives every change of the list: its
 * letters where they fit, otherwise their beginning and some digits that tell it from others.
 */
void
adit_mysterium_write_city_code (const char *city, char *code)
{
  char slug[ADIT_CODE_MAX_BYTES], start[ADIT_CODE_MAX_BYTES - HASH_DIGITS - 1];
  g_autofree char *hash = NULL;

  if (write_slug (city, slug, sizeof slug) && !g_str_equal (slug, ADIT_MYSTERIUM_ANY_CITY))
    {
      g_strlcpy (code, slug, ADIT_CODE_MAX_BYTES);
      return;
    }
  write_slug (city, start, sizeof start);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, city, -1);
  g_snprintf (code, ADIT_CODE_MAX_BYTES, "%s%s%.*s", start, start[0] != '\0' ? "-" : "", HASH_DIGITS, hash);
}

/* One that does not say is at 0. */
static gboolean
read_coordinate (AditJson *object, const char *field, double limit, gint32 *e6)
{
  *e6 = 0;
  return !adit_json_has (object, field) || adit_json_get_coordinate (object, field, limit, e6);
}

/* TRUE if somebody can be sent there; how many servers there are says how likely it is drawn. */
static gboolean
read_available (AditJson *object, AditServerListServer *server)
{
  gboolean is_available;
  gint64 total;

  if (!adit_json_get_boolean (object, "is_available", &is_available, NULL) || !is_available ||
      !adit_json_get_integer (object, "total", 0, G_MAXINT64, &total, NULL))
    return FALSE;
  *server = (AditServerListServer) { .provider = "", .weight = (guint64) total, .load = ADIT_LOAD_UNKNOWN };
  return TRUE;
}

/* A server that stands for a place, and is named like it: "de-berlin", "de-any". */
static gboolean
add (AditServerListWriter *writer, const Country *country, const char *code, const char *city, gint32 latitude_e6,
     gint32 longitude_e6, AditServerListServer *server)
{
  g_autofree char *name = g_strconcat (country->country, "-", code, NULL);
  AditLocation location = { 0 };

  server->name = name;
  server->in_country = g_str_equal (code, ADIT_MYSTERIUM_ANY_CITY);
  if (!adit_place_set (&location.place, country->country, code, name))
    return FALSE;
  g_strlcpy (location.country_name, country->country_name, sizeof location.country_name);
  g_strlcpy (location.city_name, city, sizeof location.city_name);
  return adit_server_list_writer_add (writer, &location, latitude_e6, longitude_e6, server);
}

/* The name goes back to the service as it came, so one that would be cut or changed is none. */
static void
add_city (AditServerListWriter *writer, Country *country, AditJson *object)
{
  const char *city = adit_json_get_string (object, "city", ADIT_NAME_MAX_BYTES, NULL);
  char code[ADIT_CODE_MAX_BYTES];
  gint32 latitude_e6, longitude_e6;
  AditServerListServer server;

  if (city == NULL || !adit_name_is_valid (city) || !read_available (object, &server) ||
      !read_coordinate (object, "latitude", 90, &latitude_e6) || !read_coordinate (object, "longitude", 180, &longitude_e6))
    return;
  adit_mysterium_write_city_code (city, code);
  if (!add (writer, country, code, city, latitude_e6, longitude_e6, &server) || country->has_city)
    return;
  country->has_city = TRUE;
  country->latitude_e6 = latitude_e6;
  country->longitude_e6 = longitude_e6;
}

static gboolean
read_country (AditJson *object, Country *country)
{
  const char *code = adit_json_get_string (object, "country", sizeof country->country, NULL), *name;

  memset (country, 0, sizeof *country);
  if (code == NULL || !g_ascii_isalpha (code[0]) || !g_ascii_isalpha (code[1]))
    return FALSE;
  country->country[0] = g_ascii_tolower (code[0]);
  country->country[1] = g_ascii_tolower (code[1]);
  name = adit_country_get_name (country->country);
  g_strlcpy (country->country_name, name != NULL ? name : code, sizeof country->country_name);
  return TRUE;
}

/* Its cities first, since the country lies where the first of them does. */
static gboolean
add_country (AditServerListWriter *writer, GHashTable *seen, AditJson *object)
{
  AditServerListServer server;
  Country country;
  AditJson *city;

  if (!read_country (object, &country) || !read_available (object, &server) ||
      (adit_json_has (object, "cities") && adit_json_get_array (object, "cities", NULL) == NULL) ||
      !g_hash_table_add (seen, g_strdup (country.country)))
    return FALSE;
  ADIT_JSON_FOREACH (adit_json_find (object, "cities"), city)
    add_city (writer, &country, city);
  return add (writer, &country, ADIT_MYSTERIUM_ANY_CITY, ADIT_MYSTERIUM_ANY_CITY_NAME, country.latitude_e6,
              country.longitude_e6, &server);
}

/**
 * adit_mysterium_read_locations:
 * @bytes: the service's answer
 * @length: its length in bytes
 * @etag: its tag, printable ASCII, or ""
 * @now_s: UTC, seconds since 1970
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Each city becomes a server that stands for it, and each country one that leaves the city to the service.  Places that are not
 * available are left out.
 *
 * Returns: (transfer full) (nullable): the flat form of client/model/server-list.h, with at least one country
 */
GBytes *
adit_mysterium_read_locations (const void *bytes, gsize length, const char *etag, gint64 now_s, GError **error)
{
  g_autoptr (AditJson) root = adit_json_parse (bytes, length, ADIT_MYSTERIUM_ANSWER_MAX_BYTES, error);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (AditServerListWriter) writer = NULL;
  AditServerListHead head = { .service = "mysterium", .fetched_at_s = now_s, .makes_tunnels = TRUE };
  guint n_countries = 0, n_broken = 0;
  AditJson *country;

  if (root == NULL)
    return NULL;
  /* A tag that does not fit is not kept, which costs one more download. */
  if (strlen (etag) < sizeof head.etag)
    g_strlcpy (head.etag, etag, sizeof head.etag);
  writer = adit_server_list_writer_new (&head);
  if (!adit_json_is (root, ADIT_JSON_ARRAY) || writer == NULL)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE,
                           "The service's answer is malformed: its places are no list");
      return NULL;
    }
  ADIT_JSON_FOREACH (root, country)
    if (add_country (writer, seen, country))
      n_countries++;
    else if (!adit_json_is (adit_json_find (country, "is_available"), ADIT_JSON_FALSE))
      n_broken++;
  if (!adit_json_check_share (n_countries, n_broken, error))
    return NULL;
  return adit_server_list_writer_finish (g_steal_pointer (&writer));
}
