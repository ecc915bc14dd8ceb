/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-picture-size.c: pictures that say how large they are, and what only says to be one. */
#include "ui/picture-size.h"

#define PNG_HEAD 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'

static const guint8 png[] = { PNG_HEAD, 0, 0, 0, 100, 0, 0, 0, 36, 8, 2, 0, 0, 0 };
static const guint8 bomb[] = { PNG_HEAD, 0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff, 8, 6, 0, 0, 0 };
static const guint8 flat[] = { PNG_HEAD, 0, 0, 0, 100, 0, 0, 0, 0, 8, 2, 0, 0, 0 };
static const guint8 no_ihdr[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 't', 'E', 'X', 't', 0, 0, 0, 1, 0, 0,
                                  0, 1 };
/* Start, a comment, fill, a Huffman table (which is no frame), then the frame: 24 high, 80 wide. */
static const guint8 jpeg[] = { 0xff, 0xd8, 0xff, 0xfe, 0, 4, 'h', 'i', 0xff, 0xff, 0xc4, 0, 3, 0, 0xff, 0xc2, 0, 11, 8, 0, 24,
                               0, 80, 1 };
static const guint8 wide[] = { 0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 24, 0xff, 0xff, 1 };
static const guint8 endless[] = { 0xff, 0xd8, 0xff, 0xfe, 0, 0, 0xff, 0xfe, 0, 0, 0xff, 0xfe };
/* A marker that has no length: a decoder goes on right behind it, to the frame that is wide, and not by what looks like one. */
static const guint8 hidden[] = { 0xff, 0xd8, 0xff, 0xd0, 0, 15, 0xff, 0xc0, 0, 11, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0,
                                 0xff, 0xc0, 0, 11, 8, 0, 24, 0, 80, 1 };
static const guint8 hidden_tem[] = { 0xff, 0xd8, 0xff, 0x01, 0, 2, 0xff, 0xc0, 0, 11, 8, 0, 24, 0, 80, 1 };
static const guint8 scan[] = { 0xff, 0xd8, 0xff, 0xda, 0, 2, 0xff, 0xc0, 0, 11, 8, 0, 24, 0, 80, 1 };
static const guint8 gif[] = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00";

static const struct { const char *name; const guint8 *bytes; gsize length; gboolean fine; guint32 width, height; } rows[] = {
  { "png", png, sizeof png, TRUE, 100, 36 }, { "bomb", bomb, sizeof bomb, FALSE, 65535, 65535 },
  { "flat", flat, sizeof flat, FALSE, 100, 0 }, { "no-ihdr", no_ihdr, sizeof no_ihdr, FALSE, 0, 0 },
  { "jpeg", jpeg, sizeof jpeg, TRUE, 80, 24 }, { "wide", wide, sizeof wide, FALSE, 65535, 24 },
  { "hidden", hidden, sizeof hidden, FALSE, 0, 0 }, { "hidden-tem", hidden_tem, sizeof hidden_tem, FALSE, 0, 0 },
  { "scan", scan, sizeof scan, FALSE, 0, 0 },
  { "endless", endless, sizeof endless, FALSE, 0, 0 }, { "gif", gif, sizeof gif, FALSE, 0, 0 },
  { "nothing", png, 0, FALSE, 0, 0 },
};

static void
test_row (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  guint32 width = 0, height = 0;
  gboolean read = adit_picture_size_read (rows[i].bytes, rows[i].length, &width, &height);

  g_assert_true (read == (rows[i].width > 0));
  if (read)
    {
      g_assert_cmpuint (width, ==, rows[i].width);
      g_assert_cmpuint (height, ==, rows[i].height);
    }
  g_assert_true (adit_picture_size_is_fine (rows[i].bytes, rows[i].length) == rows[i].fine);
}

/* Cut anywhere, in memory that ends there, it is no picture until the size has come. */
static void
test_cut (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize length = 0; length < rows[i].length; length++)
      {
        g_autofree guint8 *copy = g_memdup2 (rows[i].bytes, MAX (length, 1));
        guint32 width, height;

        if (adit_picture_size_read (copy, length, &width, &height))
          g_assert_cmpuint (width, ==, rows[i].width);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/picture-size/", rows[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/picture-size/cut", test_cut);
  return g_test_run ();
}
