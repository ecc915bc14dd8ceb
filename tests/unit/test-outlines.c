/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-outlines.c: the map that is kept is read, and what is damaged, cut short or no globe is refused. */
#include "ui/outlines.h"

#include <math.h>
#include <string.h>

#define E6(degrees) ((gint32) ((degrees) * 1000000))

static GBytes *
read_map (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("ADIT_GOLDEN_DIR"), "..", "..", "data", "map", "world.map", NULL);
  char *data;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  return g_bytes_new_take (data, size);
}

static gboolean
is_refused (const void *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AditOutlines) outlines = adit_outlines_new (bytes, &error);

  g_assert_true ((outlines == NULL) == (error != NULL));
  return outlines == NULL;
}

static void
expect_country (AditOutlines *outlines, const char *code, double south, double north, double west, double east)
{
  AditPosition position;

  g_assert_true (adit_outlines_find_country (outlines, code, &position));
  g_assert_cmpint (position.latitude_e6, >, E6 (south));
  g_assert_cmpint (position.latitude_e6, <, E6 (north));
  g_assert_cmpint (position.longitude_e6, >, E6 (west));
  g_assert_cmpint (position.longitude_e6, <, E6 (east));
}

static void
test_kept (void)
{
  g_autoptr (GBytes) bytes = read_map ();
  g_autoptr (AditOutlines) outlines = adit_outlines_new (bytes, NULL);
  AditPosition position = { 7, 7 };
  guint n;

  g_assert_nonnull (outlines);
  adit_outlines_get (outlines, &n);
  g_assert_cmpuint (n, >, 100);
  expect_country (outlines, "se", 55, 69, 11, 24);
  expect_country (outlines, "sg", 1, 2, 103, 105);
  expect_country (outlines, "fj", -19, -16, 176, 180);    /* on both sides of the 180th meridian */
  expect_country (outlines, "ru", 50, 70, 60, 140);
  expect_country (outlines, "us", 30, 45, -120, -80);
  g_assert_false (adit_outlines_find_country (outlines, "zz", &position));
  g_assert_false (adit_outlines_find_country (outlines, "", &position));
  g_assert_false (adit_outlines_find_country (outlines, "sea", &position));
  g_assert_cmpint (position.latitude_e6, ==, 7);
}

static void
test_cut (void)
{
  g_autoptr (GBytes) bytes = read_map ();
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *longer = g_malloc0 (size + 1);

  for (gsize n = 0; n < size; n += n < 400 || n + 400 > size ? 1 : 97)
    g_assert_true (is_refused (data, n));
  memcpy (longer, data, size);
  g_assert_true (is_refused (longer, size + 1));
}

/* One outline of three points, and two countries. */
static const guint8 least[] = { 'A', 'M', 'A', 'P', 1, 0, 1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 100, 0,
                                'd', 'e', 1, 0, 2, 0, 's', 'e', 3, 0, 4, 0 };

static void
test_hostile (void)
{
  static const struct { gsize at; guint8 byte; } changes[] = {
    { 0, 'B' }, { 4, 2 },         /* another form */
    { 6, 0xff }, { 8, 3 },        /* more than there is */
    { 10, 2 }, { 11, 0xff },      /* two points are no outline; nor are there so many */
    { 15, 0x30 }, { 13, 0x90 },   /* no such latitude, no such longitude */
    { 24, 'D' }, { 25, 0 },       /* no code */
    { 30, 'd' }, { 30, 'a' },     /* not in their order: 'd' 'e' again, or before it */
    { 27, 0x60 },                 /* no place on the globe */
  };
  guint8 data[sizeof least];

  g_assert_false (is_refused (least, sizeof least));
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      memcpy (data, least, sizeof least);
      g_assert_cmpuint (data[changes[i].at], !=, changes[i].byte);
      data[changes[i].at] = changes[i].byte;
      if (!is_refused (data, sizeof data))
        g_error ("byte %zu may be %u", changes[i].at, changes[i].byte);
    }
}

static void
test_projection (void)
{
  AditMapPoint origin = adit_map_project (&(AditPosition) { 0, 0 }), west = adit_map_project (&(AditPosition) { 0, E6 (-180) });
  AditMapPoint north = adit_map_project (&(AditPosition) { E6 (60), 0 });
  AditMapPoint south = adit_map_project (&(AditPosition) { E6 (-60), 0 });
  AditMapPoint pole = adit_map_project (&(AditPosition) { E6 (90), 0 });

  g_assert_cmpfloat_with_epsilon (origin.x, 0.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (origin.y, 0.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (west.x, 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (north.y + south.y, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (0.5 - north.y, log (tan (G_PI * 75 / 180)) / (2 * G_PI), 1e-9);    /* 45 + 60/2 degrees */
  g_assert_true (isfinite (pole.y) && pole.y >= 0 && pole.y < north.y);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outlines/kept", test_kept);
  g_test_add_func ("/outlines/cut", test_cut);
  g_test_add_func ("/outlines/hostile", test_hostile);
  g_test_add_func ("/outlines/projection", test_projection);
  return g_test_run ();
}
