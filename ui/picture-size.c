/* SPDX-License-Identifier: GPL-2.0-or-later */
/* picture-size.c: a few kilobytes can say to be a picture of gigabytes, so size and kind are read before a decoder sees them.
 * What a decoder for another kind would take is none here. */
#include "ui/picture-size.h"

#include <string.h>

#define SIDE_MAX_PX 2048    /* a picture with a few letters has some hundred */

static guint32
read_be (const guint8 *bytes, guint n)
{
  guint32 number = 0;

  for (guint i = 0; i < n; i++)
    number = number << 8 | bytes[i];
  return number;
}

/* Its first chunk is always IHDR (PNG, third edition, 5.6). */
static gboolean
read_png (const guint8 *bytes, gsize length, guint32 *width, guint32 *height)
{
  static const guint8 head[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R' };

  if (length < sizeof head + 8 || memcmp (bytes, head, sizeof head) != 0)
    return FALSE;
  *width = read_be (bytes + sizeof head, 4);
  *height = read_be (bytes + sizeof head + 4, 4);
  return TRUE;
}

/* Start of frame: 0xc0 to 0xcf but for tables (c4, cc) and an extension (c8) (ITU-T T.81, table B.1). */
static gboolean
is_frame (guint8 marker)
{
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* Tables, restart interval, application's own and comments: what stands before a frame, and has a length.  Whatever has none a
 * decoder reads otherwise than by its length, and so comes to another frame. */
static gboolean
is_segment (guint8 marker)
{
  return marker == 0xc4 || marker == 0xcc || marker == 0xdb || marker == 0xdd || (marker >= 0xe0 && marker <= 0xef) ||
         marker == 0xfe;
}

/* Segments, each with a marker and its length, until one that begins the frame (T.81, B.1.1). */
static gboolean
read_jpeg (const guint8 *bytes, gsize length, guint32 *width, guint32 *height)
{
  gsize at = 2;

  if (length < 4 || bytes[0] != 0xff || bytes[1] != 0xd8)
    return FALSE;
  while (at + 9 <= length && bytes[at] == 0xff)
    {
      if (bytes[at + 1] == 0xff)    /* fill before a marker */
        at++;
      else if (is_frame (bytes[at + 1]))
        {
          *height = read_be (bytes + at + 5, 2);
          *width = read_be (bytes + at + 7, 2);
          return TRUE;
        }
      else if (is_segment (bytes[at + 1]) && read_be (bytes + at + 2, 2) >= 2)
        at += 2 + read_be (bytes + at + 2, 2);
      else
        return FALSE;
    }
  return FALSE;
}

/**
 * adit_picture_size_read:
 * @bytes: a picture of a stranger's
 * @length: how many
 * @width: (out): in pixels
 * @height: (out): in pixels
 *
 * Returns: whether it is a PNG or JPEG that says how large it is
 */
gboolean
adit_picture_size_read (const guint8 *bytes, gsize length, guint32 *width, guint32 *height)
{
  return read_png (bytes, length, width, height) || read_jpeg (bytes, length, width, height);
}

/**
 * adit_picture_size_is_fine:
 * @bytes: a picture of a stranger's
 * @length: how many
 *
 * Returns: whether a decoder may see it: it is a PNG or JPEG, and needs no more than some megabytes
 */
gboolean
adit_picture_size_is_fine (const guint8 *bytes, gsize length)
{
  guint32 width, height;

  return adit_picture_size_read (bytes, length, &width, &height) && width > 0 && height > 0 && width <= SIDE_MAX_PX &&
         height <= SIDE_MAX_PX;
}
