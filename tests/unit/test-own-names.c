/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-own-names.c: what people call their own country and city leads to what a service calls it. */
#include "client/model/country.h"
#include "client/model/own-names.h"
#include "client/model/search.h"

#include <locale.h>
#include <string.h>

static void
test_find (void)
{
  static const struct { const char *typed, *country, *city; } rows[] = {
    { "Sverige", "se", NULL }, { "deutschland", "de", NULL }, { "Österreich", "at", NULL }, { "Oesterreich", "at", NULL },
    { "göteborg", "se", "Gothenburg" }, { "GOTEBORG", "se", "Gothenburg" }, { "wien", "at", "Vienna" },
    { "kobenhavn", "dk", "Copenhagen" }, { "København", "dk", "Copenhagen" }, { "köln", "de", "Cologne" },
    { "firenze", "it", "Florence" }, { "den haag", "nl", "The Hague" }, { "hannover", "de", "Hanover" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *names = rows[i].city != NULL ? adit_own_names_find_city (rows[i].country, rows[i].city)
                                               : adit_own_names_find_country (rows[i].country);
      g_autofree char *folded = adit_search_fold (rows[i].typed);

      g_assert_true (adit_search_has (folded, names));
    }
}

/* To connect it is a whole name, not a part of one. */
static void
test_has (void)
{
  static const struct { const char *names, *folded; gboolean has; } rows[] = {
    { "Schweiz Suisse Svizzera", "suisse", TRUE }, { "Den-Haag", "denhaag", TRUE }, { "Den-Haag", "den", FALSE },
    { "Sverige", "sver", FALSE }, { "", "", FALSE },
    { "Schweiz Suisse", "schweizsuiss", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (adit_own_names_has (rows[i].names, rows[i].folded), ==, rows[i].has);
}

/* The city of another country is another one, and what nobody knows has no name. */
static void
test_none (void)
{
  g_assert_cmpstr (adit_own_names_find_city ("us", "Vienna"), ==, "");
  g_assert_cmpstr (adit_own_names_find_city ("se", "Stockholm"), ==, "");
  g_assert_cmpstr (adit_own_names_find_country ("xx"), ==, "");
}

/* Each code is one of a country, and each name something that can be typed. */
static void
test_whole (void)
{
  guint n = 0;

  for (char first = 'a'; first <= 'z'; first++)
    for (char second = 'a'; second <= 'z'; second++)
      {
        const char code[] = { first, second, '\0' }, *names = adit_own_names_find_country (code);
        g_autofree char *folded = adit_search_fold (names);

        if (names[0] == '\0')
          continue;
        n++;
        g_assert_nonnull (adit_country_get_name (code));
        g_assert_cmpuint (strlen (folded), >, 1);
      }
  g_assert_cmpuint (n, >, 60);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/own-names/find", test_find);
  g_test_add_func ("/own-names/has", test_has);
  g_test_add_func ("/own-names/none", test_none);
  g_test_add_func ("/own-names/whole", test_whole);
  return g_test_run ();
}
