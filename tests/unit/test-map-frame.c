/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-map-frame.c: what is to be seen is in the frame, and the way from one to the next is the shorter one. */
#include "ui/map-frame.h"

#include <math.h>

#define WIDTH  400.0
#define HEIGHT 200.0
#define E6(degrees) ((gint32) ((degrees) * 1000000))

static AditMapPoint
at (double latitude, double longitude)
{
  return adit_map_project (&(AditPosition) { E6 (latitude), E6 (longitude) });
}

static void
expect_seen (const AditMapFrame *frame, const AditMapPoint *point)
{
  AditMapPoint pixel = adit_map_frame_place (frame, point, WIDTH, HEIGHT);

  g_assert_cmpfloat (pixel.x, >, 0);
  g_assert_cmpfloat (pixel.x, <, WIDTH);
  g_assert_cmpfloat (pixel.y, >, 0);
  g_assert_cmpfloat (pixel.y, <, HEIGHT);
}

static void
test_world (void)
{
  AditMapFrame frame = adit_map_frame_fit (NULL, 0, WIDTH / HEIGHT), tall = adit_map_frame_fit (NULL, 0, 0.5);

  g_assert_cmpfloat_with_epsilon (frame.width, 1, 1e-9);
  g_assert_cmpfloat (tall.width, <, 0.5);    /* no white above and below it */
}

static void
test_one (void)
{
  AditMapPoint stockholm = at (59.33, 18.07), auckland = at (-36.85, 174.76);
  AditMapFrame frame = adit_map_frame_fit (&stockholm, 1, WIDTH / HEIGHT);
  AditMapPoint pixel = adit_map_frame_place (&frame, &stockholm, WIDTH, HEIGHT);

  g_assert_cmpfloat_with_epsilon (pixel.x, WIDTH / 2, 1e-6);
  g_assert_cmpfloat (frame.width, <, 0.4);
  expect_seen (&frame, &stockholm);
  frame = adit_map_frame_fit (&auckland, 1, WIDTH / HEIGHT);
  expect_seen (&frame, &auckland);
}

static void
test_two (void)
{
  AditMapPoint pair[] = { at (59.33, 18.07), at (40.71, -74.01) };
  AditMapPoint pacific[] = { at (-36.85, 174.76), at (34.05, -118.24) };
  AditMapFrame frame = adit_map_frame_fit (pair, 2, WIDTH / HEIGHT);

  expect_seen (&frame, &pair[0]);
  expect_seen (&frame, &pair[1]);
  frame = adit_map_frame_fit (pacific, 2, WIDTH / HEIGHT);
  expect_seen (&frame, &pacific[0]);
  expect_seen (&frame, &pacific[1]);
  g_assert_cmpfloat (frame.width, <, 0.8);    /* over the ocean, not round the rest of the globe */
}

static void
test_way (void)
{
  AditMapPoint tokyo = at (35.68, 139.69), los_angeles = at (34.05, -118.24);
  AditMapFrame from = adit_map_frame_fit (&tokyo, 1, 2), to = adit_map_frame_fit (&los_angeles, 1, 2), half, end;

  half = adit_map_frame_mix (&from, &to, 0.5);
  end = adit_map_frame_mix (&from, &to, 1);
  g_assert_cmpfloat (half.centre.x, >, from.centre.x);    /* to the east */
  g_assert_cmpfloat (half.centre.x - from.centre.x, <, 0.25);
  g_assert_cmpfloat_with_epsilon (end.centre.x - floor (end.centre.x), to.centre.x, 1e-9);
  g_assert_cmpfloat_with_epsilon (end.width, to.width, 1e-9);
  g_assert_true (adit_map_frame_equal (&to, &to));
  g_assert_false (adit_map_frame_equal (&from, &to));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/map-frame/world", test_world);
  g_test_add_func ("/map-frame/one", test_one);
  g_test_add_func ("/map-frame/two", test_two);
  g_test_add_func ("/map-frame/way", test_way);
  return g_test_run ();
}
