/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-shown.c: nothing of what a stranger has written is obeyed by a terminal or a label. */
#include "client/api/shown.h"

static void
test_rows (void)
{
  static const struct { const char *text, *also, *shown; } rows[] = {
    { "Café 5", "", "Café 5" }, { "a\033[2Jb", "", "a?[2Jb" }, { "a\nb", "", "a?b" }, { "a\nb\033", "\n", "a\nb?" },
    { "a\xe2\x80\xa8" "b", "", "a?b" }, { "a\xe2\x80\xa9" "b", "", "a?b" }, { "a\xe2\x80\xae" "b", "\n", "a?b" },
    { "a\xff" "b", "", "a\xef\xbf\xbd" "b" }, { "", "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *shown = adit_shown_dup (rows[i].text, rows[i].also);

      g_assert_cmpstr (shown, ==, rows[i].shown);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shown/rows", test_rows);
  return g_test_run ();
}
