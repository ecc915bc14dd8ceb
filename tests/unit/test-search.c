/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-search.c: what people type finds what a list says. */
#include "client/model/search.h"

static void
test_fold (void)
{
  static const struct { const char *text, *folded; } rows[] = {
    { "Göteborg", "goteborg" }, { "New York, NY", "newyorkny" }, { "se-got-wg-001", "segotwg001" }, { "", "" }, { " - ", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *folded = adit_search_fold (rows[i].text);

      g_assert_cmpstr (folded, ==, rows[i].folded);
    }
}

static void
test_matches (void)
{
  g_assert_true (adit_search_matches ("gote", "Göteborg"));
  g_assert_true (adit_search_matches ("SE GOT", "se-got-wg-001"));
  g_assert_false (adit_search_matches ("oslo", "Göteborg"));
  g_assert_false (adit_search_matches ("", "Göteborg"));
  g_assert_false (adit_search_matches (" ", "Göteborg"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search/fold", test_fold);
  g_test_add_func ("/search/matches", test_matches);
  return g_test_run ();
}
