/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-item.c: one place, as an object for as long as it is shown. */
#include "config.h"
#include "ui/place-item.h"

#include <glib/gi18n.h>
#include <string.h>

struct _AditPlaceItem
{
  GObject         parent_instance;
  AditServerList *servers;
  AditPlaceRow    row;
  gboolean        found;
};

G_DEFINE_FINAL_TYPE (AditPlaceItem, adit_place_item, G_TYPE_OBJECT)

static void
adit_place_item_finalize (GObject *object)
{
  adit_server_list_unref (ADIT_PLACE_ITEM (object)->servers);
  G_OBJECT_CLASS (adit_place_item_parent_class)->finalize (object);
}

static void
adit_place_item_class_init (AditPlaceItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_place_item_finalize;
}

static void
adit_place_item_init (AditPlaceItem *self)
{
}

/**
 * adit_place_parts_read:
 * @servers: a service's servers
 * @row: a row of it
 * @parts: (out caller-allocates): the row and what is above it; the rest is empty
 */
void
adit_place_parts_read (AditServerList *servers, AditPlaceRow row, AditPlaceParts *parts)
{
  guint position = row.position;

  memset (parts, 0, sizeof *parts);
  if (row.kind == ADIT_PLACE_SERVER)
    {
      adit_server_list_get_server (servers, position, &parts->server);
      position = parts->server.city;
    }
  if (row.kind != ADIT_PLACE_COUNTRY)
    {
      adit_server_list_get_city (servers, position, &parts->city);
      position = parts->city.country;
    }
  adit_server_list_get_country (servers, position, &parts->country);
}

/**
 * adit_place_item_new:
 * @servers: a service's servers
 * @row: a row of it
 * @found: whether it stands among what a search found, without its country above it
 *
 * Returns: (transfer full): the place
 */
AditPlaceItem *
adit_place_item_new (AditServerList *servers, AditPlaceRow row, gboolean found)
{
  AditPlaceItem *self = g_object_new (ADIT_TYPE_PLACE_ITEM, NULL);

  self->servers = adit_server_list_ref (servers);
  self->row = row;
  self->found = found;
  return self;
}

/* What the row itself is called. */
static const char *
name_of (const AditPlaceParts *parts, AditPlaceRow row)
{
  return row.kind == ADIT_PLACE_COUNTRY ? parts->country.name
       : row.kind == ADIT_PLACE_CITY ? parts->city.name : parts->server.name;
}

/**
 * adit_place_item_get_name:
 * @self: a place
 *
 * Returns: (transfer none): what it is called
 */
const char *
adit_place_item_get_name (AditPlaceItem *self)
{
  AditPlaceParts parts;

  adit_place_parts_read (self->servers, self->row, &parts);
  return name_of (&parts, self->row);
}

/**
 * adit_place_item_dup_detail:
 * @self: a place
 *
 * Returns: (transfer full): what stands beside the name: where it is, or how much is in it; may be ""
 */
char *
adit_place_item_dup_detail (AditPlaceItem *self)
{
  AditPlaceParts parts;

  adit_place_parts_read (self->servers, self->row, &parts);
  if (self->row.kind == ADIT_PLACE_COUNTRY)
    return g_strdup_printf (ngettext ("%u city", "%u cities", parts.country.n_cities), parts.country.n_cities);
  if (self->row.kind == ADIT_PLACE_CITY && !self->found)
    return g_strdup_printf (ngettext ("%u server", "%u servers", parts.city.n_servers), parts.city.n_servers);
  if (self->row.kind == ADIT_PLACE_CITY)
    return g_strdup (parts.country.name);
  if (self->found)
    /* Translators: a city and its country */
    return g_strdup_printf (_("%s, %s"), parts.city.name, parts.country.name);
  return g_strdup (parts.server.owned ? _("owned by the service") : parts.server.provider);
}

/**
 * adit_place_item_get_place:
 * @self: a place
 * @place: (out caller-allocates): the wish to leave from there
 */
void
adit_place_item_get_place (AditPlaceItem *self, AditPlace *place)
{
  AditPlaceParts parts;

  adit_place_parts_read (self->servers, self->row, &parts);
  (void) adit_place_set (place, parts.country.code, parts.city.code, parts.server.name);
}

/**
 * adit_place_item_get_row:
 * @self: a place
 *
 * Returns: which row of the list it is
 */
AditPlaceRow
adit_place_item_get_row (AditPlaceItem *self)
{
  return self->row;
}

/**
 * adit_place_item_get_servers:
 * @self: a place
 *
 * Returns: (transfer none): the list it is a row of
 */
AditServerList *
adit_place_item_get_servers (AditPlaceItem *self)
{
  return self->servers;
}
