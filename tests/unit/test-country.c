/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-country.c: every code is found, and every name is one that a server list takes. */
#include "client/model/country.h"

#include "client/model/place.h"

static void
test_names (void)
{
  static const struct { const char *code, *name; } rows[] = {
    { "ad", "Andorra" }, { "de", "Germany" }, { "gb", "United Kingdom" }, { "us", "United States" }, { "zw", "Zimbabwe" },
    { "cw", "Cura\xc3\xa7" "ao" }, { "xx", NULL }, { "", NULL }, { "d", NULL }, { "deu", NULL }, { "DE", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (adit_country_get_name (rows[i].code), ==, rows[i].name);
}

/* The search finds only what is in its place. */
static void
test_all (void)
{
  guint n = 0;

  for (char first = 'a'; first <= 'z'; first++)
    for (char second = 'a'; second <= 'z'; second++)
      {
        const char *name = adit_country_get_name ((char[]) { first, second, '\0' });

        if (name == NULL)
          continue;
        g_assert_true (adit_name_is_valid (name));
        n++;
      }
  g_assert_cmpuint (n, ==, 249);    /* ISO 3166-1, as of 2024 */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/country/names", test_names);
  g_test_add_func ("/country/all", test_all);
  return g_test_run ();
}
