/* SPDX-License-Identifier: GPL-2.0-or-later */
/* latencies.c: out of the lines of "adit latency" (client/cli/latency-list.c): "  se-got   12 ms  Gothenburg, Sweden". */
#include "config.h"
#include "ui/latencies.h"

#include <string.h>

#define UNKNOWN_MS (-1)

struct _AditLatencies
{
  gatomicrefcount ref_count;
  GArray         *times_ms;    /* of gint32, of each city */
  GArray         *order;       /* of guint: the cities that answered, as they are listed, the quickest first */
};

static GHashTable *
index_cities (AditServerList *servers)
{
  GHashTable *cities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < adit_server_list_get_n_cities (servers); i++)
    {
      AditServerListCity city;
      AditServerListCountry country;

      adit_server_list_get_city (servers, i, &city);
      adit_server_list_get_country (servers, city.country, &country);
      g_hash_table_insert (cities, g_strconcat (country.code, "-", city.code, NULL), GUINT_TO_POINTER (i));
    }
  return cities;
}

/* What is no such line is left out: the list may have been another one when it was measured. */
static void
read_line (AditLatencies *self, GHashTable *cities, const char *line)
{
  const char *start = line + strspn (line, " ");
  const char *end = start + strcspn (start, " ");
  g_autofree char *code = g_strndup (start, (gsize) (end - start));
  gint64 time_ms = g_ascii_strtoll (end, NULL, 10);
  gpointer found;
  gint32 *known_ms;
  guint city;

  if (*end == '\0' || time_ms < 0 || time_ms > G_MAXINT32 || !g_hash_table_lookup_extended (cities, code, NULL, &found))
    return;
  city = GPOINTER_TO_UINT (found);
  known_ms = &g_array_index (self->times_ms, gint32, city);
  if (*known_ms == UNKNOWN_MS)
    g_array_append_val (self->order, city);
  *known_ms = (gint32) time_ms;
}

/**
 * adit_latencies_new:
 * @servers: a service's servers
 * @lines: what the command line printed of them
 *
 * Returns: (transfer full): how long it takes to each city that answered
 */
AditLatencies *
adit_latencies_new (AditServerList *servers, const char *lines)
{
  g_autoptr (GHashTable) cities = index_cities (servers);
  g_auto (GStrv) split = g_strsplit (lines, "\n", -1);
  AditLatencies *self = g_new0 (AditLatencies, 1);
  const gint32 unknown_ms = UNKNOWN_MS;

  g_atomic_ref_count_init (&self->ref_count);
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  self->times_ms = g_array_new (FALSE, FALSE, sizeof (gint32));
  for (guint i = 0; i < adit_server_list_get_n_cities (servers); i++)
    g_array_append_val (self->times_ms, unknown_ms);
  for (char **line = split; *line != NULL; line++)
    read_line (self, cities, *line);
  return self;
}

/**
 * adit_latencies_ref:
 * @self: what was measured
 *
 * Returns: (transfer full): the same
 */
AditLatencies *
adit_latencies_ref (AditLatencies *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * adit_latencies_unref:
 * @self: (transfer full): what was measured
 */
void
adit_latencies_unref (AditLatencies *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->times_ms);
  g_array_unref (self->order);
  g_free (self);
}

/**
 * adit_latencies_get_n_known:
 * @self: what was measured
 *
 * Returns: how many cities answered
 */
guint
adit_latencies_get_n_known (AditLatencies *self)
{
  return self->order->len;
}

/**
 * adit_latencies_get_city:
 * @self: what was measured
 * @position: below adit_latencies_get_n_known()
 *
 * Returns: the city's position in the list; the first is the quickest
 */
guint
adit_latencies_get_city (AditLatencies *self, guint position)
{
  return g_array_index (self->order, guint, position);
}

/**
 * adit_latencies_get_city_ms:
 * @self: what was measured
 * @city: a city's position in the list
 *
 * Returns: milliseconds there and back; -1 where it did not answer
 */
gint
adit_latencies_get_city_ms (AditLatencies *self, guint city)
{
  return g_array_index (self->times_ms, gint32, city);
}
