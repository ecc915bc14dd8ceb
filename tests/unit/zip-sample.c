/* SPDX-License-Identifier: GPL-2.0-or-later */
/* zip-sample.c: local headers with their files, the central directory, its end (PKWARE's APPNOTE 6.3, 4.3.6). */
#include "tests/unit/zip-sample.h"

#include <gio/gio.h>
#include <string.h>

static void
put (GByteArray *out, guint bytes, guint32 value)
{
  for (guint i = 0; i < bytes; i++, value >>= 8)
    {
      guint8 byte = value & 0xff;

      g_byte_array_append (out, &byte, 1);
    }
}

static GByteArray *
deflate (const char *text)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, 9);
  GByteArray *out = g_byte_array_new ();
  gsize read_bytes, written_bytes;

  g_byte_array_set_size (out, (guint) strlen (text) + 64);
  g_assert_cmpint (g_converter_convert (G_CONVERTER (compressor), text, strlen (text), out->data, out->len,
                                        G_CONVERTER_INPUT_AT_END, &read_bytes, &written_bytes, NULL), ==, G_CONVERTER_FINISHED);
  g_byte_array_set_size (out, (guint) written_bytes);
  return out;
}

static guint32
get_crc (const char *text)
{
  guint32 crc = ~0u;

  for (; *text != '\0'; text++)
    {
      crc ^= (guint8) *text;
      for (guint bit = 0; bit < 8; bit++)
        crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
  return ~crc;
}

/* What both headers say of a file. */
static void
put_common (GByteArray *out, const ZipSampleFile *file, guint packed_bytes)
{
  put (out, 2, 20);
  put (out, 2, file->flags);
  put (out, 2, file->deflated ? 8 : 0);
  put (out, 4, 0x21 << 16);    /* the first day of DOS */
  put (out, 4, get_crc (file->text));
  put (out, 4, packed_bytes);
  put (out, 4, (guint32) strlen (file->text));
  put (out, 2, (guint32) strlen (file->path));
  put (out, 2, 0);
}

/**
 * zip_sample_make:
 * @files: what is in it
 * @n_files: how many
 *
 * Returns: (transfer full): an archive
 */
GByteArray *
zip_sample_make (const ZipSampleFile *files, guint n_files)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GByteArray) directory = g_byte_array_new ();

  for (guint i = 0; i < n_files; i++)
    {
      const ZipSampleFile *file = &files[i];
      g_autoptr (GByteArray) packed = file->deflated ? deflate (file->text) : NULL;
      guint packed_bytes = packed != NULL ? packed->len : (guint) strlen (file->text), offset = out->len;

      put (out, 4, 0x04034b50);
      put_common (out, file, packed_bytes);
      g_byte_array_append (out, (const guint8 *) file->path, (guint) strlen (file->path));
      g_byte_array_append (out, packed != NULL ? packed->data : (const guint8 *) file->text, packed_bytes);
      put (directory, 4, 0x02014b50);
      put (directory, 2, file->mode != 0 ? 3 << 8 | 20 : 20);
      put_common (directory, file, packed_bytes);
      put (directory, 6, 0);
      put (directory, 4, file->mode << 16);
      put (directory, 4, offset);
      g_byte_array_append (directory, (const guint8 *) file->path, (guint) strlen (file->path));
    }
  put (directory, 4, 0x06054b50);
  put (directory, 4, 0);
  put (directory, 2, n_files);
  put (directory, 2, n_files);
  put (directory, 4, directory->len - 12);
  put (directory, 4, out->len);
  put (directory, 2, 0);
  g_byte_array_append (out, directory->data, directory->len);
  return out;
}
