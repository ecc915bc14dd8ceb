/* SPDX-License-Identifier: GPL-2.0-or-later */
/* map-marks.c: where the places of a connection are.  A service tells it of its cities or does not; then it is somewhere in the
 * country, and where that is unknown too, nothing is marked. */
#include "config.h"
#include "ui/map-marks.h"

#include <glib/gi18n.h>
#include <string.h>

#include "client/api/place-names.h"

/* Codes are each service's own, and a list may be another account's: the name has to be the same where it is known. */
static gboolean
find_city (AditServerList *list, const char *country, const char *city, const char *city_name, AditPosition *position)
{
  AditServerListCountry in;
  AditServerListCity row;

  for (guint i = 0; list != NULL && city[0] != '\0' && i < adit_server_list_get_n_cities (list); i++)
    {
      adit_server_list_get_city (list, i, &row);
      adit_server_list_get_country (list, row.country, &in);
      *position = (AditPosition) { row.latitude_e6, row.longitude_e6 };
      if (g_str_equal (row.code, city) && g_str_equal (in.code, country) &&
          (city_name[0] == '\0' || g_str_equal (row.name, city_name)))
        return (row.latitude_e6 != 0 || row.longitude_e6 != 0) && adit_position_is_valid (position);
    }
  return FALSE;
}

static AditMark
find_mark (AditServerList *list, AditOutlines *outlines, const char *country, const char *city, const char *city_name)
{
  AditMark mark = { ADIT_MARK_NONE };
  AditPosition position;

  if (find_city (list, country, city, city_name, &position))
    mark.kind = ADIT_MARK_PLACE;
  else if (adit_outlines_find_country (outlines, country, &position))
    mark.kind = ADIT_MARK_COUNTRY;
  if (mark.kind != ADIT_MARK_NONE)
    mark.point = adit_map_project (&position);
  return mark;
}

/* A wish for a server alone names no place. */
static const char *
find_city_of_server (AditServerList *list, const char *server, const char **country)
{
  AditServerListServer row;
  AditServerListCity city;
  AditServerListCountry in;

  for (guint i = 0; list != NULL && i < adit_server_list_get_n_servers (list); i++)
    {
      adit_server_list_get_server (list, i, &row);
      if (!g_str_equal (row.name, server))
        continue;
      adit_server_list_get_city (list, row.city, &city);
      adit_server_list_get_country (list, city.country, &in);
      *country = in.code;
      return city.code;
    }
  return NULL;
}

/**
 * adit_marks_find:
 * @self: (out caller-allocates): what to mark
 * @status: (nullable): the session
 * @wanted: (nullable): where the next connection goes, which is marked while there is none; none of a file's
 * @list: (nullable): servers of the service
 * @outlines: where countries are
 */
void
adit_marks_find (AditMarks *self, const AditStatus *status, const AditPlace *wanted, AditServerList *list, AditOutlines *outlines)
{
  memset (self, 0, sizeof *self);
  if (status != NULL && status->profile[0] != '\0')
    return;
  if (status != NULL && status->city_name[0] != '\0')
    {
      self->exit = find_mark (list, outlines, status->country, status->city, status->city_name);
      if (status->entry_country[0] != '\0')
        self->entry = find_mark (list, outlines, status->entry_country, status->entry_city, status->entry_city_name);
      self->is_connected = status->state == ADIT_STATE_CONNECTED;
    }
  else if (wanted != NULL)
    {
      const char *country = wanted->country, *city = wanted->city;

      if (country[0] == '\0' && wanted->server[0] != '\0')
        {
          city = find_city_of_server (list, wanted->server, &country);
          city = city != NULL ? city : "";
        }
      self->exit = find_mark (list, outlines, country, city, "");
    }
}

static gboolean
is_same (const AditMark *a, const AditMark *b)
{
  return a->kind == b->kind && (a->kind == ADIT_MARK_NONE || (a->point.x == b->point.x && a->point.y == b->point.y));
}

/**
 * adit_marks_equal:
 * @a: what is marked
 * @b: what else could be
 *
 * Returns: whether the map looks the same
 */
gboolean
adit_marks_equal (const AditMarks *a, const AditMarks *b)
{
  return is_same (&a->entry, &b->entry) && is_same (&a->exit, &b->exit) && a->is_connected == b->is_connected;
}

/**
 * adit_marks_dup_words:
 * @self: what is marked
 * @status: (nullable): of what it was found
 *
 * Returns: (transfer full): the map for somebody who does not see it
 */
char *
adit_marks_dup_words (const AditMarks *self, const AditStatus *status)
{
  const char *country = NULL;

  if (self->exit.kind == ADIT_MARK_NONE)
    return g_strdup (_("Map of the world, with no place marked"));
  if (!self->is_connected)
    return g_strdup (_("Map of the world, with the place to connect to"));
  country = adit_place_names_get_country (status->country, status->country_name);
  if (self->entry.kind != ADIT_MARK_NONE)
    /* Translators: the places of the first and of the second server */
    return g_strdup_printf (_("Map of the world: the traffic enters the tunnels at %s, %s and leaves them at %s, %s"),
                            status->entry_city_name,
                            adit_place_names_get_country (status->entry_country, status->entry_country_name),
                            status->city_name, country);
  if (self->exit.kind == ADIT_MARK_COUNTRY)
    /* Translators: a country */
    return g_strdup_printf (_("Map of the world: the traffic leaves the tunnel somewhere in %s"), country);
  /* Translators: a city and its country */
  return g_strdup_printf (_("Map of the world: the traffic leaves the tunnel at %s, %s"), status->city_name, country);
}
