/* SPDX-License-Identifier: GPL-2.0-or-later */
/* display-shoot.c: pictures of what programs draw. */
#include "config.h"
#include "tests/ui/display-private.h"

#include <errno.h>

#include "tests/ui/shot.h"

#define SHOT_MS   50
#define N_SAME    5       /* in a row: it stands still */
#define N_SHOTS   40      /* a spinner never does */

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
