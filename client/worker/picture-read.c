/* SPDX-License-Identifier: GPL-2.0-or-later */
/* picture-read.c: PNG and JPEG, as grey pixels, by the libraries that everybody has for them; how large it gets is known before
 * the first pixel is read.  Pure: bytes in, text out. */
#include "config.h"
#include "client/worker/picture-read.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "client/worker/picture-code.h"

#define MAX_SIDE       8192              /* in pixels; a telephone's camera has half of it */
#define MAX_PIXELS     (24u << 20)       /* of PNG, which is not made smaller while it is read: a byte each, and two on the way */
#define ENOUGH_SIDE    2048              /* a code that needs more is none that a person could hold before a camera */
#define MAX_TEXT_BYTES 4096              /* the largest code has 2953 bytes (ISO/IEC 18004, version 40-L) */
#define JPEG_MEMORY    (96l << 20)       /* for one that comes in passes; what needs more would want a file, and gets none */

static gboolean
fits (guint width, guint height)
{
  return width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE && (guint64) width * height <= MAX_PIXELS;
}

static char *
read_png (const guint8 *bytes, gsize length)
{
  static const png_color white = { 255, 255, 255 };    /* what can be seen through is paper */
  png_image image = { .version = PNG_IMAGE_VERSION };
  g_autofree guint8 *grey = NULL;
  char *text = NULL;

  if (png_image_begin_read_from_memory (&image, bytes, length) && fits (image.width, image.height))
    {
      image.format = PNG_FORMAT_GRAY;
      grey = g_try_malloc (PNG_IMAGE_SIZE (image));
      if (grey != NULL && png_image_finish_read (&image, &white, grey, 0, NULL))
        text = adit_picture_code_find (grey, (int) image.width, (int) image.height);
    }
  png_image_free (&image);
  return text;
}

typedef struct
{
  struct jpeg_error_mgr manager;
  jmp_buf               out;
} Jpeg;

static void
on_jpeg_error (j_common_ptr info)
{
  longjmp (((Jpeg *) info->err)->out, 1);
}

static void
on_jpeg_message (j_common_ptr info, int level)
{
}

/* Apart from what is freed after a jump.  Returns: the pixels, or %NULL. */
static guint8 *
decode_jpeg (struct jpeg_decompress_struct *info, const guint8 *bytes, gsize length, guint8 *volatile *grey)
{
  info->mem->max_memory_to_use = JPEG_MEMORY;
  jpeg_mem_src (info, bytes, (unsigned long) length);
  if (jpeg_read_header (info, TRUE) != JPEG_HEADER_OK || info->image_width > MAX_SIDE || info->image_height > MAX_SIDE)
    return NULL;
  info->out_color_space = JCS_GRAYSCALE;
  while (info->scale_denom < 8 && MAX (info->image_width, info->image_height) / info->scale_denom > ENOUGH_SIDE)
    info->scale_denom *= 2;
  if (!jpeg_start_decompress (info) || !fits (info->output_width, info->output_height) || info->output_components != 1)
    return NULL;
  *grey = g_try_malloc ((gsize) info->output_width * info->output_height);
  while (*grey != NULL && info->output_scanline < info->output_height)
    {
      JSAMPROW row = *grey + (gsize) info->output_scanline * info->output_width;

      jpeg_read_scanlines (info, &row, 1);
    }
  return *grey;
}

static char *
read_jpeg (const guint8 *bytes, gsize length)
{
  struct jpeg_decompress_struct info = { 0 };
  Jpeg jpeg;
  guint8 *volatile grey = NULL;
  char *volatile text = NULL;

  info.err = jpeg_std_error (&jpeg.manager);
  jpeg.manager.error_exit = on_jpeg_error;
  jpeg.manager.emit_message = on_jpeg_message;
  if (setjmp (jpeg.out) == 0)
    {
      jpeg_create_decompress (&info);
      if (decode_jpeg (&info, bytes, length, &grey) != NULL)
        text = adit_picture_code_find (grey, (int) info.output_width, (int) info.output_height);
    }
  jpeg_destroy_decompress (&info);
  g_free (grey);
  return text;
}

/**
 * adit_picture_read:
 * @bytes: a picture
 * @length: of @bytes
 *
 * Returns: (transfer full) (nullable): what its QR code says, in UTF-8 and for free(); %NULL for what is no picture of PNG or
 * JPEG, is too large, or shows none that says a text
 */
char *
adit_picture_read (const guint8 *bytes, gsize length)
{
  static const guint8 png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' }, jpeg[] = { 0xff, 0xd8, 0xff };
  char *text = NULL;

  if (length > sizeof png && memcmp (bytes, png, sizeof png) == 0)
    text = read_png (bytes, length);
  else if (length > sizeof jpeg && memcmp (bytes, jpeg, sizeof jpeg) == 0)
    text = read_jpeg (bytes, length);
  if (text == NULL || (text[0] != '\0' && strlen (text) <= MAX_TEXT_BYTES && g_utf8_validate (text, -1, NULL)))
    return text;
  free (text);
  return NULL;
}
