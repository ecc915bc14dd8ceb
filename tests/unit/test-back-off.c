/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-back-off.c: never sooner than 15 s, never later than ten minutes, and not for everybody at the same moment. */
#include "client/core/back-off.h"

static void
test_doubles (void)
{
  static const guint seconds[] = { 15, 30, 60, 120, 240, 480, 480, 480 };

  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    g_assert_cmpuint (adit_back_off_get_pause_ms (i, 0), ==, seconds[i] * 1000);
}

static void
test_never_runs_away (void)
{
  for (guint shift = 0; shift < 32; shift++)
    g_assert_cmpuint (adit_back_off_get_pause_ms (7 + (1u << shift), 0.999), <, 600 * 1000);
  g_assert_cmpuint (adit_back_off_get_pause_ms (G_MAXUINT, 0), ==, 480 * 1000);
}

static void
test_chance (void)
{
  guint before = 0;

  for (guint percent = 0; percent < 100; percent++)
    {
      guint pause_ms = adit_back_off_get_pause_ms (0, percent / 100.0);

      g_assert_cmpuint (pause_ms, >=, 15000);
      g_assert_cmpuint (pause_ms, <, 15000 + 15000 / 4);
      g_assert_cmpuint (pause_ms, >, before);
      before = pause_ms;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/back-off/doubles", test_doubles);
  g_test_add_func ("/back-off/never-runs-away", test_never_runs_away);
  g_test_add_func ("/back-off/chance", test_chance);
  return g_test_run ();
}
