/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-place-names.c: a German reads "Schweden", and what nobody has translated is as its service has it. */
#include "config.h"
#include "client/api/place-names.h"

#include <libintl.h>
#include <locale.h>

static void
test_country (void)
{
  static const struct { const char *code, *name, *shown; } rows[] = {
    { "se", "Sweden", "Schweden" }, { "us", "USA", "Vereinigte Staaten" }, { "xx", "Atlantis", "Atlantis" }, { "", "", "" },
    { "SE", "Sweden", "Sweden" }, { "any", "Anywhere", "Anywhere" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (adit_place_names_get_country (rows[i].code, rows[i].name), ==, rows[i].shown);
}

static void
test_order (void)
{
  static const char *const names[] = { "Norwegen", "Belgien", "Schweden", "Belgien", "" };
  static const guint wanted[] = { 4, 1, 3, 0, 2 };
  g_autofree guint *order = adit_place_names_order (names, G_N_ELEMENTS (names)), *none = adit_place_names_order (NULL, 0);

  g_assert_cmpmem (order, sizeof wanted, wanted, sizeof wanted);
}

int
main (int argc, char **argv)
{
  /* glibc 2.41 translates nothing in the other. */
  if (setlocale (LC_ALL, "en_US.UTF-8") == NULL)
    setlocale (LC_ALL, "C.UTF-8");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("ADIT_CATALOGUES"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/place-names/country", test_country);
  g_test_add_func ("/place-names/order", test_order);
  return g_test_run ();
}
