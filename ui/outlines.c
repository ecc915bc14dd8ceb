/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outlines.c: reads the one form in which the outlines are kept, and projects them, as Mercator does, so that what is seen
 * closely has its own shape.  What is not whole or is no place on the globe is refused. */
#include "ui/outlines.h"

#include <math.h>
#include <string.h>

#include "client/base/error.h"

/* data/map/make-map writes it, and tells the form. */
#define MAGIC            "AMAP"
#define VERSION          1
#define HEAD_BYTES       10
#define POINT_BYTES      4
#define COUNTRY_BYTES    6
#define LEAST_POINTS     3
#define E6_OF_HUNDREDTH  10000
#define MAX_LONGITUDE    27000    /* what crosses the 180th meridian goes on beyond it */
#define MAX_LATITUDE     9000

#define TOP_LATITUDE     85.0     /* beyond it Mercator's map is endless and the globe is empty */

typedef struct { char code[3]; AditPosition position; } Country;

struct _AditOutlines
{
  AditOutline  *outlines;
  AditMapPoint *points;
  Country      *countries;
  guint         n_outlines, n_points, n_countries;
};

typedef struct { const guint8 *data; gsize left; } Reader;

static gboolean
read_u16 (Reader *reader, guint16 *value)
{
  if (reader->left < 2)
    return FALSE;
  *value = (guint16) (reader->data[0] | reader->data[1] << 8);
  reader->data += 2;
  reader->left -= 2;
  return TRUE;
}

static gboolean
read_position (Reader *reader, AditPosition *position)
{
  guint16 longitude, latitude;

  if (!read_u16 (reader, &longitude) || !read_u16 (reader, &latitude) || ABS ((gint16) longitude) > MAX_LONGITUDE ||
      ABS ((gint16) latitude) > MAX_LATITUDE)
    return FALSE;
  position->longitude_e6 = (gint16) longitude * E6_OF_HUNDREDTH;
  position->latitude_e6 = (gint16) latitude * E6_OF_HUNDREDTH;
  return TRUE;
}

/**
 * adit_map_project:
 * @position: a place on the globe
 *
 * Returns: where it is on a map of it; what is farther to the north or south than 85 degrees is at its edge
 */
AditMapPoint
adit_map_project (const AditPosition *position)
{
  double latitude = CLAMP (position->latitude_e6 / 1e6, -TOP_LATITUDE, TOP_LATITUDE) * G_PI / 180;

  return (AditMapPoint) { position->longitude_e6 / 360e6 + 0.5, 0.5 - log (tan (G_PI / 4 + latitude / 2)) / (2 * G_PI) };
}

static gboolean
read_outline (AditOutlines *self, Reader *reader, AditOutline *outline)
{
  AditPosition position;
  guint16 n;

  if (!read_u16 (reader, &n) || n < LEAST_POINTS || reader->left < (gsize) n * POINT_BYTES)
    return FALSE;
  outline->first = self->n_points;
  outline->n_points = n;
  outline->least = (AditMapPoint) { G_MAXDOUBLE, G_MAXDOUBLE };
  outline->most = (AditMapPoint) { -G_MAXDOUBLE, -G_MAXDOUBLE };
  self->points = g_renew (AditMapPoint, self->points, self->n_points + n);
  for (guint i = 0; i < n; i++)
    {
      AditMapPoint *point = &self->points[self->n_points];

      if (!read_position (reader, &position))
        return FALSE;
      *point = adit_map_project (&position);
      self->n_points++;
      outline->least = (AditMapPoint) { MIN (outline->least.x, point->x), MIN (outline->least.y, point->y) };
      outline->most = (AditMapPoint) { MAX (outline->most.x, point->x), MAX (outline->most.y, point->y) };
    }
  return TRUE;
}

/* They are in the order of their codes, each once. */
static gboolean
read_country (Reader *reader, const Country *before, Country *country)
{
  if (reader->left < COUNTRY_BYTES || !g_ascii_islower (reader->data[0]) || !g_ascii_islower (reader->data[1]))
    return FALSE;
  memcpy (country->code, reader->data, 2);
  reader->data += 2;
  reader->left -= 2;
  return (before == NULL || strcmp (before->code, country->code) < 0) && read_position (reader, &country->position) &&
         adit_position_is_valid (&country->position);
}

static gboolean
read_all (AditOutlines *self, Reader *reader)
{
  guint16 version, n_outlines, n_countries;

  if (reader->left < HEAD_BYTES || memcmp (reader->data, MAGIC, strlen (MAGIC)) != 0)
    return FALSE;
  reader->data += strlen (MAGIC);
  reader->left -= strlen (MAGIC);
  if (!read_u16 (reader, &version) || version != VERSION || !read_u16 (reader, &n_outlines) || !read_u16 (reader, &n_countries))
    return FALSE;
  self->outlines = g_new0 (AditOutline, n_outlines);
  for (; self->n_outlines < n_outlines; self->n_outlines++)
    if (!read_outline (self, reader, &self->outlines[self->n_outlines]))
      return FALSE;
  self->countries = g_new0 (Country, n_countries);
  for (guint i = 0; i < n_countries; i++, self->n_countries++)
    if (!read_country (reader, i > 0 ? &self->countries[i - 1] : NULL, &self->countries[i]))
      return FALSE;
  return reader->left == 0;
}

/**
 * adit_outlines_new:
 * @bytes: what make-map has written
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Returns: (transfer full) (nullable): the outlines; %NULL where @bytes are not whole or not in this form
 */
AditOutlines *
adit_outlines_new (GBytes *bytes, GError **error)
{
  g_autoptr (AditOutlines) self = g_new0 (AditOutlines, 1);
  Reader reader = { .data = g_bytes_get_data (bytes, NULL), .left = g_bytes_get_size (bytes) };

  if (read_all (self, &reader))
    return g_steal_pointer (&self);
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_FAILED, "The map is damaged");
  return NULL;
}

/**
 * adit_outlines_free:
 * @self: (transfer full): outlines
 */
void
adit_outlines_free (AditOutlines *self)
{
  g_free (self->outlines);
  g_free (self->points);
  g_free (self->countries);
  g_free (self);
}

/**
 * adit_outlines_get:
 * @self: outlines
 * @n_outlines: (out): how many
 *
 * Returns: (transfer none) (array length=n_outlines): all of them
 */
const AditOutline *
adit_outlines_get (AditOutlines *self, guint *n_outlines)
{
  *n_outlines = self->n_outlines;
  return self->outlines;
}

/**
 * adit_outlines_get_points:
 * @self: outlines
 *
 * Returns: (transfer none): the points that they are made of
 */
const AditMapPoint *
adit_outlines_get_points (AditOutlines *self)
{
  return self->points;
}

static int
compare (const void *code, const void *country)
{
  return strcmp (code, ((const Country *) country)->code);
}

/**
 * adit_outlines_find_country:
 * @self: outlines
 * @code: two lower-case letters, or whatever a service calls a country
 * @position: (out caller-allocates): a point within its largest part; untouched on failure
 *
 * Returns: whether it is known where it is
 */
gboolean
adit_outlines_find_country (AditOutlines *self, const char *code, AditPosition *position)
{
  const Country *found = bsearch (code, self->countries, self->n_countries, sizeof *self->countries, compare);

  if (found != NULL)
    *position = found->position;
  return found != NULL;
}
