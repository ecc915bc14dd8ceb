/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-item.c: one place, as an object for as long as it is shown. */
#include "config.h"
#include "ui/place-item.h"

#include <glib/gi18n.h>
#include <string.h>

#include "client/api/place-names.h"

struct _AditPlaceItem
{
  GObject         parent_instance;
  AditPlaceSieve *sieve;
  AditPlaceRow    row;
  gboolean        found;
};

G_DEFINE_FINAL_TYPE (AditPlaceItem, adit_place_item, G_TYPE_OBJECT)

static void
adit_place_item_finalize (GObject *object)
{
  adit_place_sieve_unref (ADIT_PLACE_ITEM (object)->sieve);
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
  if (row.kind == ADIT_PLACE_ANY)
    return;
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
  parts->country.name = adit_place_names_get_country (parts->country.code, parts->country.name);
}

/**
 * adit_place_item_new:
 * @sieve: which of a service's servers there are
 * @row: a row of its list
 * @found: whether it stands among what a search found, without its country above it
 *
 * Returns: (transfer full): the place
 */
AditPlaceItem *
adit_place_item_new (AditPlaceSieve *sieve, AditPlaceRow row, gboolean found)
{
  AditPlaceItem *self = g_object_new (ADIT_TYPE_PLACE_ITEM, NULL);

  self->sieve = adit_place_sieve_ref (sieve);
  self->row = row;
  self->found = found;
  return self;
}

static void
read_parts (AditPlaceItem *self, AditPlaceParts *parts)
{
  adit_place_parts_read (adit_place_sieve_get_servers (self->sieve), self->row, parts);
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

  read_parts (self, &parts);
  switch ((AditPlaceKind) self->row.kind)
    {
    case ADIT_PLACE_COUNTRY:
      return parts.country.name;
    case ADIT_PLACE_CITY:
      return parts.city.name;
    case ADIT_PLACE_SERVER:
      return parts.server.name;
    case ADIT_PLACE_ANY:
    default:
      return _("Any place");
    }
}

/* Who decides where it goes. */
static const char *
describe_pick (AditPick pick)
{
  return pick == ADIT_PICK_NEAREST ? _("The nearest one") : pick == ADIT_PICK_RANDOM ? _("One by chance")
                                                                                     : _("As the service has it");
}

/* Whose house it stands in, where that is said. */
static char *
dup_ownership (const AditServerListServer *server)
{
  if (server->owned)
    return g_strdup (_("owned by the service"));
  /* Translators: a company from which the service rents the machine */
  return server->provider[0] != '\0' ? g_strdup_printf (_("rented from %s"), server->provider) : g_strdup ("");
}

/* What goes to it, and through it; of a place that the service makes tunnels for nobody can tell. */
static const char *
describe_ways (AditServerList *servers, const AditServerListServer *server)
{
  gboolean by_wireguard = server->ipv4.family != ADIT_FAMILY_NONE, by_openvpn = server->openvpn_ipv4.family != ADIT_FAMILY_NONE;

  if (adit_server_list_get_head (servers)->makes_tunnels)
    return "";
  return by_wireguard && by_openvpn ? _("WireGuard, OpenVPN") : by_openvpn ? _("OpenVPN") : _("WireGuard");
}

static void
add_part (GString *text, const char *part)
{
  if (part[0] != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", part);
}

static char *
dup_server_detail (AditPlaceItem *self, const AditPlaceParts *parts)
{
  g_autofree char *whose = dup_ownership (&parts->server);
  /* Translators: a city and its country */
  g_autofree char *where = g_strdup_printf (_("%s, %s"), parts->city.name, parts->country.name);
  GString *text = g_string_new (self->found ? where : NULL);

  add_part (text, whose);
  add_part (text, describe_ways (adit_place_sieve_get_servers (self->sieve), &parts->server));
  add_part (text, parts->server.has_ipv6_inside ? _("IPv6") : "");
  return g_string_free (text, FALSE);
}

/**
 * adit_place_item_dup_detail:
 * @self: a place
 *
 * Returns: (transfer full): what stands below the name: where it is, how much is in it, whose it is, and by which ways it
 * is reached; may be ""
 */
char *
adit_place_item_dup_detail (AditPlaceItem *self)
{
  guint n = adit_place_sieve_count (self->sieve, self->row);
  AditPlaceParts parts;

  read_parts (self, &parts);
  switch ((AditPlaceKind) self->row.kind)
    {
    case ADIT_PLACE_COUNTRY:
      return g_strdup_printf (ngettext ("%u city", "%u cities", n), n);
    case ADIT_PLACE_CITY:
      return self->found ? g_strdup (parts.country.name) : g_strdup_printf (ngettext ("%u server", "%u servers", n), n);
    case ADIT_PLACE_SERVER:
      return dup_server_detail (self, &parts);
    case ADIT_PLACE_ANY:
    default:
      return g_strdup (describe_pick (adit_place_sieve_get_look (self->sieve)->pick));
    }
}

/**
 * adit_place_item_dup_figure:
 * @self: a place
 *
 * Returns: (transfer full): how soon a country or a city answers where that was measured, else how far away the city is; how full
 * a server is; "" where that is not known
 */
char *
adit_place_item_dup_figure (AditPlaceItem *self)
{
  AditPlaceParts parts;
  gint time_ms = adit_place_sieve_get_ms (self->sieve, self->row);
  gint64 distance_km;

  if (time_ms >= 0)
    return g_strdup_printf (_("%d ms"), time_ms);
  read_parts (self, &parts);
  if (self->row.kind == ADIT_PLACE_SERVER && parts.server.load != ADIT_LOAD_UNKNOWN)
    /* Translators: how full a server is */
    return g_strdup_printf (_("%u%% full"), parts.server.load);
  if (self->row.kind != ADIT_PLACE_CITY)
    return g_strdup ("");
  distance_km = adit_place_sieve_measure_km (self->sieve, &parts.city);
  return distance_km >= 0 ? g_strdup_printf (_("%u km"), (guint) distance_km) : g_strdup ("");
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

  read_parts (self, &parts);
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
 * adit_place_item_get_sieve:
 * @self: a place
 *
 * Returns: (transfer none): which servers there are, beside it
 */
AditPlaceSieve *
adit_place_item_get_sieve (AditPlaceItem *self)
{
  return self->sieve;
}
