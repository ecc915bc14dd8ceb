/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-picture-read.c: pictures of QR codes, and of nothing, and what only claims to be one. */
#include "config.h"
#include "client/worker/picture-read.h"

#include <stdlib.h>
#include <string.h>

static GBytes *
load (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("ADIT_GOLDEN_DIR"), "pictures", name, NULL), *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new (bytes, length);
}

static void
expect (const char *name, const char *wanted)
{
  g_autoptr (GBytes) picture = load (name);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (picture, &length);
  char *text = adit_picture_read (bytes, length);

  g_assert_nonnull (text);
  g_assert_true (g_str_has_prefix (text, wanted));
  free (text);
}

static void
test_codes (void)
{
  expect ("account.png", "1234567890123456");
  expect ("account.jpg", "1234567890123456");    /* crooked, and with the edges that JPEG leaves */
  expect ("tunnel.png", "[Interface]\nPrivateKey = AQEB");
}

/* Whether it says what it said before it was spoilt; what it says is a text, if it says anything. */
static gboolean
still_says (const guint8 *bytes, gsize length, const char *wanted)
{
  char *text = adit_picture_read (bytes, length);
  gboolean same = g_strcmp0 (text, wanted) == 0;

  if (text != NULL)
    g_assert_true (text[0] != '\0' && g_utf8_validate (text, -1, NULL));
  free (text);
  return same;
}

/* Cut before its middle nothing is read of it.  With a byte turned it is no picture, or one whose code mends itself, or another
 * text. */
static void
test_spoilt (void)
{
  static const char *const names[] = { "account.png", "account.jpg" };
  static const char wanted[] = "1234567890123456";

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GBytes) picture = load (names[i]);
      gsize length;
      const guint8 *bytes = g_bytes_get_data (picture, &length);
      guint n_tried = 0, n_lost = 0;

      g_assert_true (still_says (bytes, length, wanted));
      for (gsize n = 0; n < length; n += 1 + length / 60)
        {
          g_autofree guint8 *cut = g_memdup2 (bytes, n), *turned = g_memdup2 (bytes, length);

          /* A copy of just this size, so that a read beyond the end is seen. */
          if (n < length / 2)
            g_assert_false (still_says (cut, n, wanted));
          turned[n] ^= 0x55;
          n_tried++;
          n_lost += !still_says (turned, length, wanted);
        }
      g_test_message ("%s: %u of %u bytes turned are too many", names[i], n_lost, n_tried);
      g_assert_cmpuint (n_lost, >, 0);
    }
}

/* A PNG says first how large it is, and nobody makes room for that. */
static void
test_large (void)
{
  g_autoptr (GBytes) picture = load ("account.png");
  gsize length;
  const guint8 *bytes = g_bytes_get_data (picture, &length);
  g_autofree guint8 *copy = g_memdup2 (bytes, length);

  memcpy (copy + 16, "\x00\x00\x40\x00\x00\x00\x40\x00", 8);    /* IHDR: width and height */
  g_assert_null (adit_picture_read (copy, length));
}

static void
test_nothing (void)
{
  static const char *const texts[] = { "", "GIF89a", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "[Interface]\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_null (adit_picture_read ((const guint8 *) texts[i], strlen (texts[i])));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture-read/codes", test_codes);
  g_test_add_func ("/picture-read/spoilt", test_spoilt);
  g_test_add_func ("/picture-read/large", test_large);
  g_test_add_func ("/picture-read/nothing", test_nothing);
  return g_test_run ();
}
