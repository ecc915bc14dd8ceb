/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-search.c: what people type finds what a list says. */
#include "client/model/search.h"

static void
test_fold (void)
{
  static const struct { const char *text, *folded; } rows[] = {
    { "Göteborg", "goteborg" }, { "New York, NY", "newyorkny" }, { "se-got-wg-001", "segotwg001" }, { "", "" }, { " - ", "" },
    { "Go\u0308teborg", "goteborg" }, { "Straße", "strasse" }, { "Łódź", "lodz" }, { "Швеция", "швеция" }, { "السويد", "السويد" },
    { "スウェーデン", "スウェーデン" }, { "瑞典 (SE)", "瑞典se" }, { "สวีเดน", "สวเดน" }, { "\xff?", "" }, { "x\xf0", "x" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *folded = adit_search_fold (rows[i].text);

      g_assert_cmpstr (folded, ==, rows[i].folded);
    }
}

static void
test_has (void)
{
  static const struct { const char *search, *text; gboolean has; } rows[] = {
    { "gote", "Göteborg", TRUE }, { "SE GOT", "se-got-wg-001", TRUE }, { "oslo", "Göteborg", FALSE }, { "", "Göteborg", FALSE },
    { " ", "Göteborg", FALSE }, { "швец", "ШВЕЦИЯ", TRUE }, { "?", "السويد", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *folded = adit_search_fold (rows[i].search);

      g_assert_cmpint (adit_search_has (folded, rows[i].text), ==, rows[i].has);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search/fold", test_fold);
  g_test_add_func ("/search/has", test_has);
  return g_test_run ();
}
