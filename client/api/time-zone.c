/* SPDX-License-Identifier: GPL-2.0-or-later */
/* time-zone.c: /etc/localtime leads to ".../zoneinfo/Europe/Stockholm", and zone.tab beside the zones says where that is. */
#include "client/api/time-zone.h"

#include <string.h>
#include "client/base/file.h"

#define ZONES          "/zoneinfo/"
#define TABLE          "zone.tab"       /* zone1970.tab leaves out what has the same time as a larger city since 1970 */
#define TABLE_MAX_BYTES (256 * 1024)    /* it has 19 KiB */

/* "SE <tab> +5920+01803 <tab> Europe/Stockholm [<tab> comment]" */
static gboolean
find_row (const char *table, const char *zone, AditPosition *position)
{
  g_auto (GStrv) lines = g_strsplit (table, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) columns = g_strsplit (*line, "\t", 4);

      if (**line != '#' && g_strv_length (columns) >= 3 && g_str_equal (columns[2], zone))
        return adit_position_parse_zone (columns[1], position);
    }
  return FALSE;
}

/**
 * adit_time_zone_find_position:
 * @local_time: the link that leads to the zone: /etc/localtime
 * @database: the folder of the zones: /usr/share/zoneinfo
 * @position: (out caller-allocates): of the city that the zone is named after
 *
 * Root's own files.  It is as exact as a time zone, which is enough for which of two cities is nearer.
 *
 * Returns: whether they say so
 */
gboolean
adit_time_zone_find_position (const char *local_time, const char *database, AditPosition *position)
{
  g_autofree char *target = g_file_read_link (local_time, NULL), *path = g_build_filename (database, TABLE, NULL), *table = NULL;
  const char *zone = target != NULL ? strstr (target, ZONES) : NULL;
  gsize length;

  if (zone == NULL || (table = adit_file_read (path, TABLE_MAX_BYTES, &length, NULL)) == NULL)
    return FALSE;
  return find_row (table, zone + strlen (ZONES), position);
}
