/* SPDX-License-Identifier: GPL-2.0-or-later */
/* picture.c: contrast as WCAG 2.1 has it ("contrast ratio", "relative luminance"), of pixels as they are on the screen. */
#include "config.h"
#include "tests/ui/picture.h"

#include <math.h>
#include <stdlib.h>
#include <gdk-pixbuf/gdk-pixbuf.h>

/* Letters are drawn softly: only the middle of a stroke has their colour.  A few pixels that stand out more may be anything. */
#define N_STROKE 4

struct _AditPicture
{
  GdkPixbuf *pixels;
};

/**
 * adit_picture_read:
 * @path: of a picture
 *
 * Returns: (transfer full): it; there being none ends the test
 */
AditPicture *
adit_picture_read (const char *path)
{
  AditPicture *self = g_new0 (AditPicture, 1);
  g_autoptr (GError) error = NULL;

  self->pixels = gdk_pixbuf_new_from_file (path, &error);
  if (self->pixels == NULL)
    g_error ("%s: %s", path, error->message);
  return self;
}

/**
 * adit_picture_free:
 * @self: (nullable): a picture
 */
void
adit_picture_free (AditPicture *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->pixels);
  g_free (self);
}

static double
make_linear (guint8 value)
{
  double part = value / 255.0;

  return part <= 0.04045 ? part / 12.92 : pow ((part + 0.055) / 1.055, 2.4);
}

static double
find_luminance (guint32 colour)
{
  return 0.2126 * make_linear (colour >> 16 & 255) + 0.7152 * make_linear (colour >> 8 & 255) +
         0.0722 * make_linear (colour & 255);
}

static double
find_ratio (guint32 one, guint32 other)
{
  double a = find_luminance (one), b = find_luminance (other);

  return (MAX (a, b) + 0.05) / (MIN (a, b) + 0.05);
}

static int
compare_colours (const void *one, const void *other)
{
  guint32 a = *(const guint32 *) one, b = *(const guint32 *) other;

  return (a > b) - (a < b);
}

/* What there is most of. */
static guint32
find_background (const guint32 *sorted, gsize n)
{
  guint32 best = sorted[0];
  gsize n_best = 0;

  for (gsize i = 0, end; i < n; i = end)
    {
      for (end = i; end < n && sorted[end] == sorted[i]; end++)
        ;
      if (end - i > n_best)
        {
          n_best = end - i;
          best = sorted[i];
        }
    }
  return best;
}

/**
 * adit_picture_measure_contrast:
 * @self: a picture
 * @x: where a text begins
 * @y: its upper end
 * @width: of it
 * @height: of it
 *
 * Returns: from 1 for nothing to be seen to 21 for black on white
 */
double
adit_picture_measure_contrast (AditPicture *self, int x, int y, int width, int height)
{
  const guint8 *pixels = gdk_pixbuf_read_pixels (self->pixels);
  int stride = gdk_pixbuf_get_rowstride (self->pixels), n_channels = gdk_pixbuf_get_n_channels (self->pixels);
  int left = MAX (x, 0), right = MIN (x + width, gdk_pixbuf_get_width (self->pixels));
  int top = MAX (y, 0), bottom = MIN (y + height, gdk_pixbuf_get_height (self->pixels));
  double most[N_STROKE] = { 1, 1, 1, 1 };
  g_autofree guint32 *colours = NULL;
  guint32 background;
  gsize n = 0;

  if (left >= right || top >= bottom)
    return 1;
  colours = g_new (guint32, (gsize) (right - left) * (gsize) (bottom - top));
  for (int row = top; row < bottom; row++)
    for (int column = left; column < right; column++)
      {
        const guint8 *pixel = pixels + row * stride + column * n_channels;

        colours[n++] = (guint32) pixel[0] << 16 | (guint32) pixel[1] << 8 | pixel[2];
      }
  qsort (colours, n, sizeof colours[0], compare_colours);
  background = find_background (colours, n);
  for (gsize i = 0; i < n; i++)
    {
      double ratio = i > 0 && colours[i] == background ? 1 : find_ratio (colours[i], background);

      for (guint k = 0; k < N_STROKE; k++)
        if (ratio > most[k])
          {
            double before = most[k];

            most[k] = ratio;
            ratio = before;
          }
    }
  return most[N_STROKE - 1];
}
