/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-list.c: a row is a kind and a position in the mapped list, so 10,000 of them are 40 KiB; what GTK shows of them, a few
 * dozen at a time, becomes an object. */
#include "config.h"
#include "ui/place-list.h"

#include <glib/gi18n.h>
#include <string.h>

#include "client/api/place-names.h"
#include "client/model/own-names.h"
#include "client/model/search.h"

#define KEY_BYTES 48    /* what a server's takes, mostly */

typedef struct { guint32 start, own_end; } Key;    /* where a row's begins, and where its own name ends */

struct _AditPlaceList
{
  GObject         parent_instance;
  AditPlaceSieve *sieve;
  AditServerList *servers;  /* the sieve's */
  GArray         *rows;     /* of AditPlaceRow */
  gboolean        found;
  gsize           keys_bytes;
  char           *keys;     /* made with the first search: each row of the whole list, folded, one after the other */
  GArray         *rows_keys;    /* of Key */
};

static GType
get_item_type (GListModel *model)
{
  return ADIT_TYPE_PLACE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return ADIT_PLACE_LIST (model)->rows->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  AditPlaceList *self = ADIT_PLACE_LIST (model);

  if (position >= self->rows->len)
    return NULL;
  return adit_place_item_new (self->sieve, g_array_index (self->rows, AditPlaceRow, position), self->found);
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (AditPlaceList, adit_place_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
adit_place_list_finalize (GObject *object)
{
  AditPlaceList *self = ADIT_PLACE_LIST (object);

  adit_place_sieve_unref (self->sieve);
  g_array_unref (self->rows);
  g_clear_pointer (&self->rows_keys, g_array_unref);
  g_free (self->keys);
  G_OBJECT_CLASS (adit_place_list_parent_class)->finalize (object);
}

static void
adit_place_list_class_init (AditPlaceListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_place_list_finalize;
}

static void
adit_place_list_init (AditPlaceList *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (AditPlaceRow));
}

/* Of those that are left. */
static void
append_row (AditPlaceList *self, AditPlaceRow row)
{
  if (adit_place_sieve_count (self->sieve, row) > 0)
    g_array_append_val (self->rows, row);
}

static const char *
get_shown_name (AditPlaceList *self, AditPlaceRow row)
{
  AditPlaceParts parts;

  adit_place_parts_read (self->servers, row, &parts);
  return row.kind == ADIT_PLACE_COUNTRY ? parts.country.name : row.kind == ADIT_PLACE_CITY ? parts.city.name : parts.server.name;
}

/* Servers stand as their service has them, which is by number. */
static void
append_range (AditPlaceList *self, AditPlaceKind kind, guint first, guint n_rows)
{
  g_autofree const char **names = g_new (const char *, n_rows);
  g_autofree guint *order = NULL;

  for (guint i = 0; i < n_rows; i++)
    names[i] = get_shown_name (self, (AditPlaceRow) { .kind = kind, .position = first + i });
  order = kind != ADIT_PLACE_SERVER ? adit_place_names_order (names, n_rows) : NULL;
  for (guint i = 0; i < n_rows; i++)
    append_row (self, (AditPlaceRow) { .kind = kind, .position = first + (order != NULL ? order[i] : i) });
}

static AditPlaceList *
new_range (AditPlaceSieve *sieve, AditPlaceKind kind, guint first, guint n_rows)
{
  AditPlaceList *self = g_object_new (ADIT_TYPE_PLACE_LIST, NULL);

  self->sieve = adit_place_sieve_ref (sieve);
  self->servers = adit_place_sieve_get_servers (sieve);
  append_range (self, kind, first, n_rows);
  return self;
}

/**
 * adit_place_list_new:
 * @sieve: which of a service's servers there are
 *
 * Returns: (transfer full): the countries that have one, by name
 */
AditPlaceList *
adit_place_list_new (AditPlaceSieve *sieve)
{
  return new_range (sieve, ADIT_PLACE_COUNTRY, 0, adit_server_list_get_n_countries (adit_place_sieve_get_servers (sieve)));
}

/**
 * adit_place_list_new_parts:
 * @item: a place
 *
 * Returns: (transfer full) (nullable): the cities of a country, the servers of a city
 */
AditPlaceList *
adit_place_list_new_parts (AditPlaceItem *item)
{
  AditPlaceSieve *sieve = adit_place_item_get_sieve (item);
  AditPlaceRow row = adit_place_item_get_row (item);
  AditPlaceParts parts;

  adit_place_parts_read (adit_place_sieve_get_servers (sieve), row, &parts);
  if (row.kind == ADIT_PLACE_COUNTRY)
    return new_range (sieve, ADIT_PLACE_CITY, parts.country.first_city, parts.country.n_cities);
  if (row.kind == ADIT_PLACE_CITY)
    return new_range (sieve, ADIT_PLACE_SERVER, parts.city.first_server, parts.city.n_servers);
  return NULL;
}

/* --- Searching ------------------------------------------------------------------------------------------------------------- */

static guint
count_of (AditServerList *servers, guint kind)
{
  return kind == ADIT_PLACE_COUNTRY ? adit_server_list_get_n_countries (servers)
       : kind == ADIT_PLACE_CITY ? adit_server_list_get_n_cities (servers) : adit_server_list_get_n_servers (servers);
}

/* Where the folded names of countries and cities end that others stand below. */
typedef struct { guint32 start, bytes; } Folded;

/* What people there call it is as good, and so is what it is called here. */
static Folded
append_folded (GString *text, const char *name, const char *shown, const char *own_names)
{
  Folded folded = { .start = (guint32) text->len };

  adit_search_append_folded (text, name);
  g_string_append_c (text, '\n');
  if (shown != name)
    {
      adit_search_append_folded (text, shown);
      g_string_append_c (text, '\n');
    }
  adit_search_append_folded (text, own_names);
  folded.bytes = (guint32) text->len - folded.start;
  return folded;
}

static void
append_name (GString *keys, const GString *names, Folded name)
{
  g_string_append_len (keys, names->str + name.start, name.bytes);
  g_string_append_c (keys, '\n');
}

/* The row's own name, then what is above it: "gothenburg\ngoteborg\nsweden\nsverige\n".  The line feed is in no name, so no word
 * spans two. */
static void
begin_key (AditPlaceList *self, GString *keys)
{
  Key key = { .start = (guint32) keys->len };

  g_array_append_val (self->rows_keys, key);
}

static void
end_own (AditPlaceList *self, GString *keys)
{
  g_array_index (self->rows_keys, Key, self->rows_keys->len - 1).own_end = (guint32) keys->len;
}

/* Each name is folded once: a city's is beside all of its servers, and to fold it is most of the work. */
static void
make_keys (AditPlaceList *self)
{
  guint n_countries = count_of (self->servers, ADIT_PLACE_COUNTRY), n_cities = count_of (self->servers, ADIT_PLACE_CITY);
  guint n_servers = count_of (self->servers, ADIT_PLACE_SERVER);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree Folded *countries = g_new (Folded, n_countries), *cities = g_new (Folded, n_cities);
  g_autofree guint *country_of = g_new (guint, n_cities);
  GString *keys = g_string_sized_new ((gsize) n_servers * KEY_BYTES);

  self->rows_keys = g_array_sized_new (FALSE, FALSE, sizeof (Key), n_countries + n_cities + n_servers);
  for (guint i = 0; i < n_countries; i++)
    {
      AditServerListCountry country;

      adit_server_list_get_country (self->servers, i, &country);
      countries[i] = append_folded (names, country.name, adit_place_names_get_country (country.code, country.name),
                                    adit_own_names_find_country (country.code));
      begin_key (self, keys);
      append_name (keys, names, countries[i]);
      end_own (self, keys);
      g_string_append_c (keys, '\0');
    }
  for (guint i = 0; i < n_cities; i++)
    {
      AditServerListCity city;
      AditServerListCountry country;

      adit_server_list_get_city (self->servers, i, &city);
      adit_server_list_get_country (self->servers, city.country, &country);
      country_of[i] = city.country;
      cities[i] = append_folded (names, city.name, city.name, adit_own_names_find_city (country.code, city.name));
      begin_key (self, keys);
      append_name (keys, names, cities[i]);
      end_own (self, keys);
      append_name (keys, names, countries[city.country]);
      g_string_append_c (keys, '\0');
    }
  for (guint i = 0; i < n_servers; i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (self->servers, i, &server);
      begin_key (self, keys);
      adit_search_append_folded (keys, server.name);
      end_own (self, keys);
      g_string_append_c (keys, '\n');
      append_name (keys, names, cities[server.city]);
      append_name (keys, names, countries[country_of[server.city]]);
      g_string_append_c (keys, '\0');
    }
  self->keys_bytes = keys->len;
  self->keys = g_string_free (keys, FALSE);
}

/* Every word has to be somewhere, and one of them in the row's own name: "sweden" is the country and not each of its servers.
 * @first is where the first of them was found. */
static gboolean
is_found (const char *key, const char *own_end, const char *first, char **words)
{
  gboolean own = first < own_end;

  for (char **word = words + 1; *word != NULL; word++)
    {
      const char *at = strstr (key, *word);

      if (at == NULL)
        return FALSE;
      own = own || at < own_end;
    }
  return own;
}

static char **
split_words (const char *text)
{
  g_auto (GStrv) typed = g_strsplit_set (text, " ,\t\n", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (char **word = typed; *word != NULL; word++)
    {
      g_autofree char *folded = adit_search_fold (*word);

      if (folded[0] != '\0')
        g_strv_builder_add (words, folded);
    }
  return g_strv_builder_end (words);
}

/* The first row from @n on that has what was found at @offset. */
static guint
find_row (AditPlaceList *self, guint n, guint32 offset)
{
  const Key *keys = (const Key *) self->rows_keys->data;
  guint last = self->rows_keys->len;

  while (n + 1 < last && offset >= keys[n + 1].start)
    {
      guint middle = n + (last - n) / 2;

      if (keys[middle].start <= offset)
        n = middle;
      else
        last = middle;
    }
  return n;
}

/* Which row of the whole list that is: its countries come first, then its cities, then its servers. */
static AditPlaceRow
row_at (AditPlaceList *self, guint n)
{
  guint kind = ADIT_PLACE_COUNTRY;

  for (; n >= count_of (self->servers, kind); kind++)
    n -= count_of (self->servers, kind);
  return (AditPlaceRow) { .kind = kind, .position = n };
}

/* All keys are looked through as one text, which is many times faster than row by row where few have the word. */
static void
find (AditPlaceList *self, char **words)
{
  gsize length = strlen (words[0]);
  const char *from, *end, *at;
  guint n = 0;

  if (self->keys == NULL)
    make_keys (self);
  end = self->keys + self->keys_bytes;
  for (from = self->keys; (at = memmem (from, (gsize) (end - from), words[0], length)) != NULL; n++)
    {
      const Key *key;

      n = find_row (self, n, (guint32) (at - self->keys));
      key = &g_array_index (self->rows_keys, Key, n);
      if (is_found (self->keys + key->start, self->keys + key->own_end, at, words))
        append_row (self, row_at (self, n));
      from = n + 1 < self->rows_keys->len ? self->keys + key[1].start : end;
    }
}

/* What was found of one kind, which stands together; servers keep their service's order, which is by number. */
static void
sort_found (AditPlaceList *self, AditPlaceKind kind)
{
  AditPlaceRow *rows = (AditPlaceRow *) (gpointer) self->rows->data;
  g_autofree AditPlaceRow *found = NULL;
  g_autofree const char **names = NULL;
  g_autofree guint *order = NULL;
  guint first = 0, n = 0;

  while (first < self->rows->len && rows[first].kind != kind)
    first++;
  while (first + n < self->rows->len && rows[first + n].kind == kind)
    n++;
  if (n < 2)
    return;
  names = g_new (const char *, n);
  for (guint i = 0; i < n; i++)
    names[i] = get_shown_name (self, rows[first + i]);
  order = adit_place_names_order (names, n);
  found = g_memdup2 (rows + first, n * sizeof *rows);
  for (guint i = 0; i < n; i++)
    rows[first + i] = found[order[i]];
}

/**
 * adit_place_list_search:
 * @self: a list made by adit_place_list_new()
 * @text: what somebody types: words in any order, without regard to case and accents; "" is the countries again
 *
 * From now on the list is the countries, then the cities, then the servers that @text names, by the rules of this person's
 * language.
 */
void
adit_place_list_search (AditPlaceList *self, const char *text)
{
  g_auto (GStrv) words = split_words (text);
  guint n_before = self->rows->len;

  g_array_set_size (self->rows, 0);
  self->found = text[0] != '\0';
  if (words[0] != NULL)
    {
      find (self, words);
      sort_found (self, ADIT_PLACE_COUNTRY);
      sort_found (self, ADIT_PLACE_CITY);
    }
  else if (!self->found)
    append_range (self, ADIT_PLACE_COUNTRY, 0, count_of (self->servers, ADIT_PLACE_COUNTRY));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->rows->len);
}

/**
 * adit_place_list_get_sieve:
 * @self: a list
 *
 * Returns: (transfer none): which servers there are to find
 */
AditPlaceSieve *
adit_place_list_get_sieve (AditPlaceList *self)
{
  return self->sieve;
}

/**
 * adit_place_list_dup_name:
 * @servers: a service's servers
 * @place: a wish
 *
 * Returns: (transfer full) (nullable): what people call it; %NULL where @servers does not have it
 */
char *
adit_place_list_dup_name (AditServerList *servers, const AditPlace *place)
{
  if (adit_place_is_any (place))
    return g_strdup (_("Any place"));
  if (place->server[0] != '\0')
    return g_strdup (place->server);
  for (guint i = 0; i < adit_server_list_get_n_countries (servers); i++)
    {
      AditServerListCountry country;

      adit_server_list_get_country (servers, i, &country);
      if (!g_str_equal (country.code, place->country))
        continue;
      if (place->city[0] == '\0')
        return g_strdup (adit_place_names_get_country (country.code, country.name));
      for (guint j = 0; j < country.n_cities; j++)
        {
          AditServerListCity city;

          adit_server_list_get_city (servers, country.first_city + j, &city);
          if (g_str_equal (city.code, place->city))
            return g_strdup_printf (_("%s, %s"), city.name, adit_place_names_get_country (country.code, country.name));
        }
    }
  return NULL;
}
