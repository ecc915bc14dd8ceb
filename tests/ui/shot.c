/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shot.c: Xvfb keeps what is on its screen in a file, as xwd writes one: it is read there, which takes hardly any time. */
#include "config.h"
#include "tests/ui/shot.h"

#include <string.h>
#include <gdk-pixbuf/gdk-pixbuf.h>

#define N_COLOURS (1u << 24)

/* The beginning of the file, each of them 32 bits and the highest first: X11/XWDFile.h. */
enum { HEADER_BYTES, VERSION, FORMAT, DEPTH, WIDTH, HEIGHT, X_OFFSET, BYTES_ORDER, UNIT, BIT_ORDER, PAD, BITS, LINE_BYTES,
       VISUAL_CLASS, RED, GREEN, BLUE, RGB_BITS, N_MAPPED, N_ENTRIES, N_FIELDS };
#define ENTRY_BYTES 12    /* XWDColor */

struct _AditShot
{
  guint    width, height;
  guint32 *pixels;    /* 0xRRGGBB */
};

static void
read_header (GMappedFile *file, const char *name, guint32 fields[N_FIELDS])
{
  gsize length = g_mapped_file_get_length (file);

  if (length < N_FIELDS * sizeof (guint32))
    g_error ("%s: too short", name);
  memcpy (fields, g_mapped_file_get_contents (file), N_FIELDS * sizeof (guint32));
  for (guint i = 0; i < N_FIELDS; i++)
    fields[i] = GUINT32_FROM_BE (fields[i]);
  if (fields[BITS] != 32 || fields[RED] != 0xff0000 || fields[GREEN] != 0xff00 || fields[BLUE] != 0xff ||
      length < fields[HEADER_BYTES] + (gsize) fields[N_ENTRIES] * ENTRY_BYTES + (gsize) fields[LINE_BYTES] * fields[HEIGHT])
    g_error ("%s: not a screen of 24 bits", name);
}

/**
 * adit_shot_take:
 * @memory: the file in which Xvfb (-fbdir) keeps a screen
 * @width: from the left edge, in pixels
 * @height: from the top, in pixels
 *
 * Copies as much of the screen as there is of that.
 *
 * Returns: (transfer full): it
 */
AditShot *
adit_shot_take (const char *memory, guint width, guint height)
{
  AditShot *self = g_new0 (AditShot, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GMappedFile) file = g_mapped_file_new (memory, FALSE, &error);
  guint32 fields[N_FIELDS];
  const char *lines;

  if (file == NULL)
    g_error ("%s", error->message);
  read_header (file, memory, fields);
  lines = g_mapped_file_get_contents (file) + fields[HEADER_BYTES] + (gsize) fields[N_ENTRIES] * ENTRY_BYTES;
  self->width = MIN (width, fields[WIDTH]);
  self->height = MIN (height, fields[HEIGHT]);
  self->pixels = g_new (guint32, (gsize) self->width * self->height);
  for (guint y = 0; y < self->height; y++)
    memcpy (self->pixels + (gsize) y * self->width, lines + (gsize) y * fields[LINE_BYTES], self->width * sizeof (guint32));
  for (gsize i = 0; i < (gsize) self->width * self->height; i++)    /* it is on this computer: its numbers are built as ours */
    self->pixels[i] &= N_COLOURS - 1;
  return self;
}

/**
 * adit_shot_free:
 * @self: (nullable): a shot
 */
void
adit_shot_free (AditShot *self)
{
  if (self == NULL)
    return;
  g_free (self->pixels);
  g_free (self);
}

/**
 * adit_shot_equal:
 * @one: a shot
 * @other: another one
 *
 * Returns: whether nothing has moved between them
 */
gboolean
adit_shot_equal (const AditShot *one, const AditShot *other)
{
  return one->width == other->width && one->height == other->height &&
         memcmp (one->pixels, other->pixels, sizeof (guint32) * one->width * one->height) == 0;
}

/**
 * adit_shot_equal_in:
 * @one: a shot
 * @other: one of the same size
 * @x: from the left edge, in pixels
 * @y: from the top, in pixels
 * @width: of what is looked at, in pixels; it is within both
 * @height: of what is looked at, in pixels
 *
 * Returns: whether that part is the same
 */
gboolean
adit_shot_equal_in (const AditShot *one, const AditShot *other, guint x, guint y, guint width, guint height)
{
  for (guint line = y; line < y + height; line++)
    if (memcmp (one->pixels + (gsize) line * one->width + x, other->pixels + (gsize) line * other->width + x,
                width * sizeof *one->pixels) != 0)
      return FALSE;
  return TRUE;
}

/**
 * adit_shot_feed:
 * @self: a shot
 * @x: from the left edge, in pixels
 * @y: from the top, in pixels
 * @width: of what is looked at, in pixels; it is within the shot
 * @height: of what is looked at, in pixels
 * @checksum: what gets that part
 */
void
adit_shot_feed (const AditShot *self, guint x, guint y, guint width, guint height, GChecksum *checksum)
{
  for (guint line = y; line < y + height; line++)
    g_checksum_update (checksum, (const guchar *) (self->pixels + (gsize) line * self->width + x),
                       (gssize) (width * sizeof *self->pixels));
}

/**
 * adit_shot_count_colours:
 * @self: a shot
 *
 * Returns: how many there are in it
 */
guint
adit_shot_count_colours (const AditShot *self)
{
  g_autofree guint8 *seen = g_new0 (guint8, N_COLOURS / 8);
  guint n = 0;

  for (gsize i = 0; i < (gsize) self->width * self->height; i++)
    {
      guint8 *byte = &seen[self->pixels[i] / 8], bit = (guint8) (1u << self->pixels[i] % 8);

      n += (*byte & bit) == 0;
      *byte |= bit;
    }
  return n;
}

/**
 * adit_shot_save:
 * @self: a shot
 * @path: of a PNG file; two of the same thing are the same file
 */
void
adit_shot_save (const AditShot *self, const char *path)
{
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, (int) self->width, (int) self->height);
  guint8 *bytes = gdk_pixbuf_get_pixels (picture);
  int stride = gdk_pixbuf_get_rowstride (picture);
  g_autoptr (GError) error = NULL;

  for (guint y = 0; y < self->height; y++)
    for (guint x = 0; x < self->width; x++)
      {
        guint32 pixel = self->pixels[(gsize) y * self->width + x];
        guint8 *target = bytes + (gsize) y * stride + (gsize) x * 3;

        target[0] = (guint8) (pixel >> 16);
        target[1] = (guint8) (pixel >> 8);
        target[2] = (guint8) pixel;
      }
  if (!gdk_pixbuf_save (picture, path, "png", &error, "compression", "1", NULL))
    g_error ("%s: %s", path, error->message);
}
