/* SPDX-License-Identifier: GPL-2.0-or-later */
/* display-shoot.c: pictures of what programs draw. */
#include "config.h"
#include "tests/ui/display-private.h"

#include <errno.h>

#include "tests/ui/shot.h"

#define SHOT_MS   30
#define N_SAME    5       /* in a row: it stands still */
#define N_SHOTS   40      /* a spinner never does */
#define FRAME_MS  3       /* between two looks at what moves: shorter than a frame */
#define STILL_MS  1500    /* without a change: it has ended */

/**
 * adit_display_shoot:
 * @self: a display
 * @name: of the picture, without ending; it is put into the folder that ADIT_GALLERY names
 *
 * Takes a picture of the screen once it stands still.
 *
 * Returns: how many colours it has
 */
guint
adit_display_shoot (AditDisplay *self, const char *name)
{
  const char *gallery = g_getenv ("ADIT_GALLERY");
  g_autofree char *file = g_strdup_printf ("%s.png", name);
  g_autofree char *path = g_build_filename (gallery != NULL ? gallery : "/run", file, NULL);
  g_autoptr (AditShot) shot = adit_shot_take (ADIT_DISPLAY_MEMORY, self->width, self->height);
  guint n_same = 0;

  if (gallery != NULL && g_mkdir_with_parents (gallery, 0755) != 0)
    g_error ("cannot make %s: %s", gallery, g_strerror (errno));
  for (guint i = 0; i < N_SHOTS && n_same < N_SAME; i++)
    {
      g_autoptr (AditShot) now = NULL;

      g_usleep (SHOT_MS * 1000);
      now = adit_shot_take (ADIT_DISPLAY_MEMORY, self->width, self->height);
      n_same = adit_shot_equal (now, shot) ? n_same + 1 : 0;
      adit_shot_free (shot);
      shot = g_steal_pointer (&now);
    }
  adit_shot_save (shot, path);
  return adit_shot_count_colours (shot);
}

/* Which of all pictures it is. */
static char *
dup_picture (const AditShot *shot, guint x, guint y, guint width, guint height)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);

  adit_shot_feed (shot, x, y, width, height, checksum);
  return g_strdup (g_checksum_get_string (checksum));
}

/**
 * adit_display_count_frames:
 * @self: a display
 * @x: from the left edge of the screen, in pixels
 * @y: from its top, in pixels
 * @width: of the part that is looked at, in pixels
 * @height: of the part that is looked at, in pixels
 *
 * Watches that part from now on until nothing changes in it any more.
 *
 * Returns: how many pictures were seen there after the first one; one that comes again counts once
 */
guint
adit_display_count_frames (AditDisplay *self, guint x, guint y, guint width, guint height)
{
  g_autoptr (AditShot) shot = adit_shot_take (ADIT_DISPLAY_MEMORY, x + width, y + height);
  gint64 end_us = g_get_monotonic_time () + STILL_MS * G_TIME_SPAN_MILLISECOND;
  g_autoptr (GHashTable) pictures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  while (g_get_monotonic_time () < end_us)
    {
      g_autoptr (AditShot) now = NULL;

      g_usleep (FRAME_MS * 1000);
      now = adit_shot_take (ADIT_DISPLAY_MEMORY, x + width, y + height);
      if (adit_shot_equal_in (now, shot, x, y, width, height))
        continue;
      g_hash_table_add (pictures, dup_picture (now, x, y, width, height));
      end_us = g_get_monotonic_time () + STILL_MS * G_TIME_SPAN_MILLISECOND;
      adit_shot_free (shot);
      shot = g_steal_pointer (&now);
    }
  return g_hash_table_size (pictures);
}
