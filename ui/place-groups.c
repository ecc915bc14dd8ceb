/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-groups.c: each group is a list model of its own; a heading is a row with nothing but words.  While somebody searches
 * there are no groups: what is found is found once. */
#include "config.h"
#include "ui/place-groups.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/place-list.h"
#include "ui/profile-item.h"

#define MAX_QUICKEST 5    /* more nobody compares */

enum { PROFILES, ANY, FAVOURITES, RECENT, QUICKEST, HEADING, PLACES };

struct _AditPlaceGroups
{
  AditMirror       *mirror;
  GListStore       *stores[PLACES];    /* the rows of each group */
  GListStore       *parts;             /* of those, and of the places behind them */
  GtkTreeListModel *rows;
  AditPlaceSieve   *sieve;             /* (nullable): while there is a list */
  AditPlaceList    *places;            /* (nullable): likewise */
  char             *text;              /* what is looked for */
  gboolean          is_entry;
};

/* --- One group ------------------------------------------------------------------------------------------------------------- */

static void
fill (AditPlaceGroups *self, guint part, GPtrArray *items)
{
  GListStore *store = self->stores[part];

  g_list_store_splice (store, 0, g_list_model_get_n_items (G_LIST_MODEL (store)), items->pdata, items->len);
}

/* What was imported says by itself where it leads, so there is nothing to enter by. */
static void
fill_profiles (AditPlaceGroups *self)
{
  const GPtrArray *rows = self->is_entry ? NULL : adit_mirror_get_profiles (self->mirror);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      g_autoptr (AditProfileItem) item = adit_profile_item_new (rows->pdata[i]);

      if (adit_profile_item_matches (item, self->text))
        g_ptr_array_add (found, g_steal_pointer (&item));
    }
  fill (self, PROFILES, found);
}

static void
add_place (AditPlaceGroups *self, GPtrArray *items, const AditPlace *place)
{
  AditPlaceRow row;

  if (adit_place_sieve_find (self->sieve, place, &row) && adit_place_sieve_count (self->sieve, row) > 0)
    g_ptr_array_add (items, adit_place_item_new (self->sieve, row, TRUE));
}

/* Below a heading; without any there is none.  Returns: whether there are any */
static gboolean
fill_below (AditPlaceGroups *self, guint part, const char *title, GPtrArray *items)
{
  if (items->len > 0)
    g_ptr_array_insert (items, 0, gtk_string_object_new (title));
  fill (self, part, items);
  return items->len > 0;
}

static gboolean
fill_places (AditPlaceGroups *self, guint part, const char *title, const AditPlace *places, guint n)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    add_place (self, items, &places[i]);
  return fill_below (self, part, title, items);
}

static gboolean
fill_favourites (AditPlaceGroups *self, gboolean shown)
{
  AditPlace places[ADIT_CHOICE_MAX_FAVOURITES];
  guint n = shown ? adit_mirror_get_favourites (self->mirror, places) : 0;

  return fill_places (self, FAVOURITES, _("Favourites"), places, n);
}

static gboolean
fill_recent (AditPlaceGroups *self, gboolean shown)
{
  const AditMemory *memory = adit_mirror_get_memory (self->mirror);
  AditServerList *servers = self->sieve != NULL ? adit_place_sieve_get_servers (self->sieve) : NULL;
  const char *service = servers != NULL ? adit_server_list_get_head (servers)->service : "";
  AditPlace places[ADIT_MEMORY_MAX_RECENT];
  guint n = 0;

  for (guint i = 0; shown && i < memory->n_recent; i++)
    if (g_str_equal (memory->recent[i].service, service))
      places[n++] = memory->recent[i].place;
  return fill_places (self, RECENT, _("Recent"), places, n);
}

/* Of the cities that answered, those that are left. */
static gboolean
fill_quickest (AditPlaceGroups *self, gboolean shown)
{
  AditLatencies *latencies = shown ? adit_place_sieve_get_look (self->sieve)->latencies : NULL;
  guint n_known = latencies != NULL ? adit_latencies_get_n_known (latencies) : 0;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_known && items->len < MAX_QUICKEST; i++)
    {
      const AditPlaceRow row = { .kind = ADIT_PLACE_CITY, .position = adit_latencies_get_city (latencies, i) };

      if (adit_place_sieve_count (self->sieve, row) > 0)
        g_ptr_array_add (items, adit_place_item_new (self->sieve, row, TRUE));
    }
  /* Translators: above the places that answered first when it was measured */
  return fill_below (self, QUICKEST, _("Quickest to answer"), items);
}

static void
fill_any (AditPlaceGroups *self, gboolean shown)
{
  static const AditPlace anywhere;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  if (shown)
    add_place (self, items, &anywhere);
  fill (self, ANY, items);
}

/* What stands above all places is only needed where there is something else. */
static void
fill_heading (AditPlaceGroups *self, gboolean shown)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  if (shown)
    g_ptr_array_add (items, gtk_string_object_new (_("All places")));
  fill (self, HEADING, items);
}

static void
fill_groups (AditPlaceGroups *self)
{
  gboolean shown = self->sieve != NULL && self->text[0] == '\0', has_favourites, has_recent, has_quickest;

  fill_profiles (self);
  fill_any (self, shown);
  has_favourites = fill_favourites (self, shown);
  has_recent = fill_recent (self, shown);
  has_quickest = fill_quickest (self, shown);
  fill_heading (self, has_favourites || has_recent || has_quickest);
}

/* --- All of them ----------------------------------------------------------------------------------------------------------- */

static gboolean
is_same_look (const AditPlaceLook *a, const AditPlaceLook *b)
{
  return memcmp (&a->filter, &b->filter, sizeof a->filter) == 0 && a->protocol == b->protocol && a->is_exit == b->is_exit &&
         a->pick == b->pick && a->has_near == b->has_near && a->near.latitude_e6 == b->near.latitude_e6 &&
         a->near.longitude_e6 == b->near.longitude_e6 && a->latencies == b->latencies;
}

static GListModel *
create_parts (gpointer item, gpointer user_data)
{
  AditPlaceList *parts = ADIT_IS_PLACE_ITEM (item) ? adit_place_list_new_parts (ADIT_PLACE_ITEM (item)) : NULL;

  return parts != NULL ? G_LIST_MODEL (parts) : NULL;
}

/* A list that is looked at as before stays as it is, with what is unfolded in it. */
static void
sift (AditPlaceGroups *self)
{
  AditServerList *servers = adit_mirror_get_list (self->mirror);
  gboolean had_places = self->places != NULL;
  AditPlaceLook look;

  adit_mirror_find_look (self->mirror, self->is_entry, &look);
  if (self->sieve != NULL && servers == adit_place_sieve_get_servers (self->sieve) &&
      is_same_look (adit_place_sieve_get_look (self->sieve), &look))
    return;
  g_clear_object (&self->places);
  g_clear_pointer (&self->sieve, adit_place_sieve_unref);
  if (servers != NULL)
    {
      self->sieve = adit_place_sieve_new (servers, &look);
      self->places = adit_place_list_new (self->sieve);
      adit_place_list_search (self->places, self->text);
    }
  g_list_store_splice (self->parts, PLACES, had_places ? 1 : 0, (gpointer *) &self->places, self->places != NULL ? 1 : 0);
}

/**
 * adit_place_groups_update:
 * @self: groups
 *
 * Something that they are made of is different now.
 */
void
adit_place_groups_update (AditPlaceGroups *self)
{
  sift (self);
  fill_groups (self);
}

/**
 * adit_place_groups_search:
 * @self: groups
 * @text: what somebody types; "" is all of them again
 */
void
adit_place_groups_search (AditPlaceGroups *self, const char *text)
{
  if (g_str_equal (self->text, text))
    return;
  g_free (self->text);
  self->text = g_strdup (text);
  if (self->places != NULL)
    adit_place_list_search (self->places, text);
  fill_groups (self);
}

/**
 * adit_place_groups_set_entry:
 * @self: groups
 * @is_entry: whether the place is chosen where the way to another one begins
 */
void
adit_place_groups_set_entry (AditPlaceGroups *self, gboolean is_entry)
{
  self->is_entry = is_entry;
  adit_place_groups_update (self);
}

/**
 * adit_place_groups_get_rows:
 * @self: groups
 *
 * Returns: (transfer none): of GtkTreeListRow, whose items are #AditProfileItem, #AditPlaceItem, or #GtkStringObject, a heading
 */
GListModel *
adit_place_groups_get_rows (AditPlaceGroups *self)
{
  return G_LIST_MODEL (self->rows);
}

/**
 * adit_place_groups_get_sieve:
 * @self: groups
 *
 * Returns: (transfer none) (nullable): which of the service's servers there are to choose among
 */
AditPlaceSieve *
adit_place_groups_get_sieve (AditPlaceGroups *self)
{
  return self->sieve;
}

/**
 * adit_place_groups_is_empty:
 * @self: groups
 *
 * Returns: whether there is nothing that could be chosen
 */
gboolean
adit_place_groups_is_empty (AditPlaceGroups *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->rows)) == 0;
}

/**
 * adit_place_groups_new:
 * @mirror: knows what there is
 *
 * Returns: (transfer full): the groups as they are now; adit_place_groups_update() when that changes
 */
AditPlaceGroups *
adit_place_groups_new (AditMirror *mirror)
{
  AditPlaceGroups *self = g_new0 (AditPlaceGroups, 1);
  GtkFlattenListModel *flat;

  self->mirror = g_object_ref (mirror);
  self->text = g_strdup ("");
  self->parts = g_list_store_new (G_TYPE_LIST_MODEL);
  for (guint i = 0; i < PLACES; i++)
    {
      self->stores[i] = g_list_store_new (G_TYPE_OBJECT);
      g_list_store_append (self->parts, self->stores[i]);
    }
  flat = gtk_flatten_list_model_new (G_LIST_MODEL (g_object_ref (self->parts)));
  self->rows = gtk_tree_list_model_new (G_LIST_MODEL (flat), FALSE, FALSE, create_parts, NULL, NULL);
  adit_place_groups_update (self);
  return self;
}

/**
 * adit_place_groups_free:
 * @self: (nullable): groups
 */
void
adit_place_groups_free (AditPlaceGroups *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->rows);
  g_clear_object (&self->parts);
  for (guint i = 0; i < PLACES; i++)
    g_clear_object (&self->stores[i]);
  g_clear_object (&self->places);
  g_clear_pointer (&self->sieve, adit_place_sieve_unref);
  g_clear_object (&self->mirror);
  g_free (self->text);
  g_free (self);
}
