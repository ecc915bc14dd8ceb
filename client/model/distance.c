/* SPDX-License-Identifier: GPL-2.0-or-later */
/* distance.c: along the great circle, which is enough for who is nearer. */
#include "client/model/distance.h"

#include <math.h>
#include <string.h>

#define EARTH_M        6371000.0    /* mean radius: IUGG; also what the services' own clients take */
#define ONE_E6         1000000
#define MAX_LATITUDE   90
#define MAX_LONGITUDE  180

/**
 * adit_position_is_valid:
 * @self: a position from elsewhere
 *
 * Returns: whether there is such a place
 */
gboolean
adit_position_is_valid (const AditPosition *self)
{
  return ABS ((gint64) self->latitude_e6) <= MAX_LATITUDE * ONE_E6 && ABS ((gint64) self->longitude_e6) <= MAX_LONGITUDE * ONE_E6;
}

static gboolean
read_degrees (const char *text, int max, gint32 *degrees_e6)
{
  char *end;
  double value;

  /* No "nan", no "1e5", no blank before it: what is not of these is no number that a person means. */
  if (text[0] == '\0' || strspn (text, "+-.0123456789") != strlen (text))
    return FALSE;
  value = g_ascii_strtod (text, &end);
  if (*end != '\0' || value < -max || value > max)
    return FALSE;
  *degrees_e6 = (gint32) lround (value * ONE_E6);
  return TRUE;
}

/**
 * adit_position_parse:
 * @text: "59.33,18.07": degrees to the north, degrees to the east
 * @self: (out caller-allocates): the position; untouched on failure
 *
 * Returns: whether it is written so
 */
gboolean
adit_position_parse (const char *text, AditPosition *self)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", 3);
  AditPosition read;

  if (g_strv_length (parts) != 2 || !read_degrees (parts[0], MAX_LATITUDE, &read.latitude_e6) ||
      !read_degrees (parts[1], MAX_LONGITUDE, &read.longitude_e6))
    return FALSE;
  *self = read;
  return TRUE;
}

/* "+5920" or "+592000": a sign, degrees of so many digits, minutes, perhaps seconds. */
static gboolean
read_sexagesimal (const char *text, gsize length, gsize degree_digits, gint32 *degrees_e6)
{
  const gsize digits[] = { degree_digits, 2, 2 };
  gsize at = 1, n_parts = length == 1 + degree_digits + 2 ? 2 : 3;
  gint64 value_s = 0, unit_s = 3600;

  if ((text[0] != '+' && text[0] != '-') || (n_parts == 3 && length != 1 + degree_digits + 4))
    return FALSE;
  for (gsize part = 0; part < n_parts; part++, unit_s /= 60)
    {
      gint64 number = 0;

      for (gsize i = 0; i < digits[part]; i++, at++)
        {
          if (!g_ascii_isdigit (text[at]))
            return FALSE;
          number = number * 10 + (text[at] - '0');
        }
      value_s += number * unit_s;
    }
  *degrees_e6 = (gint32) ((text[0] == '-' ? -value_s : value_s) * ONE_E6 / 3600);
  return TRUE;
}

/**
 * adit_position_parse_zone:
 * @text: "+5920+01803" or "+404251-0740023", as zone.tab of the time zones' database has it (ISO 6709)
 * @self: (out caller-allocates): the position; untouched on failure
 *
 * Returns: whether it is written so
 */
gboolean
adit_position_parse_zone (const char *text, AditPosition *self)
{
  gsize length = strlen (text), latitude = length > 0 ? 1 + strcspn (text + 1, "+-") : 0;
  AditPosition read;

  if (length > 15 || latitude >= length || !read_sexagesimal (text, latitude, 2, &read.latitude_e6) ||
      !read_sexagesimal (text + latitude, length - latitude, 3, &read.longitude_e6) || !adit_position_is_valid (&read))
    return FALSE;
  *self = read;
  return TRUE;
}

/**
 * adit_position_dup_text:
 * @self: a position
 *
 * Returns: (transfer full): as adit_position_parse() reads it
 */
char *
adit_position_dup_text (const AditPosition *self)
{
  char latitude[G_ASCII_DTOSTR_BUF_SIZE], longitude[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (latitude, sizeof latitude, "%.6f", self->latitude_e6 / (double) ONE_E6);
  g_ascii_formatd (longitude, sizeof longitude, "%.6f", self->longitude_e6 / (double) ONE_E6);
  return g_strdup_printf ("%s,%s", latitude, longitude);
}

/**
 * adit_position_measure_m:
 * @self: a position
 * @other: another
 *
 * Returns: how far it is, in metres
 */
guint32
adit_position_measure_m (const AditPosition *self, const AditPosition *other)
{
  const double radians = G_PI / 180 / ONE_E6;
  double north = sin ((other->latitude_e6 - self->latitude_e6) * radians / 2);
  double east = sin (((double) other->longitude_e6 - self->longitude_e6) * radians / 2);
  double chord = north * north + cos (self->latitude_e6 * radians) * cos (other->latitude_e6 * radians) * east * east;

  return (guint32) lround (2 * EARTH_M * asin (sqrt (MIN (chord, 1))));
}
