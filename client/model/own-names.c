/* SPDX-License-Identifier: GPL-2.0-or-later */
/* own-names.c: services name places in English; people type what they call them.  Latin letters alone, since a search folds
 * names to those; several names stand behind each other, and a blank in one is a hyphen.
 *
 * "Koeln" and "Kobenhavn" are how such names are typed without their letters, where the folding makes another word of them. */
#include "client/model/own-names.h"

#include "client/model/search.h"

typedef struct { const char *code, *names; } Country;
typedef struct { const char *country, *city, *names; } City;

static const Country countries[] = {
  { "al", "Shqipëria" }, { "am", "Hayastan" }, { "at", "Österreich Oesterreich" }, { "az", "Azərbaycan Azerbaycan" },
  { "ba", "Bosna" }, { "be", "België Belgique Belgien" }, { "bg", "Balgariya" }, { "br", "Brasil" },
  { "ca", "Kanada" }, { "ch", "Schweiz Suisse Svizzera Svizra" }, { "cn", "Zhongguo" }, { "cy", "Kypros Kıbrıs" },
  { "cz", "Česko Czech-Republic Tschechien" }, { "de", "Deutschland Allemagne Alemania" }, { "dk", "Danmark" },
  { "ee", "Eesti" }, { "eg", "Misr" }, { "es", "España Spanien" }, { "fi", "Suomi" }, { "fr", "Frankreich" },
  { "gb", "UK Great-Britain England Scotland Wales Britannia" }, { "ge", "Sakartvelo" }, { "gl", "Kalaallit-Nunaat" },
  { "gr", "Ellada Hellas" }, { "hr", "Hrvatska" }, { "hu", "Magyarország" }, { "ie", "Éire" }, { "il", "Yisrael" },
  { "in", "Bharat" }, { "is", "Ísland" }, { "it", "Italia Italien" }, { "jp", "Nippon Nihon" }, { "kr", "Korea Hanguk" },
  { "kz", "Qazaqstan" }, { "lt", "Lietuva" }, { "lu", "Luxemburg Lëtzebuerg" }, { "lv", "Latvija" }, { "ma", "Maroc" },
  { "md", "Moldavia" }, { "me", "Crna-Gora" }, { "mk", "Makedonija" }, { "mx", "México" }, { "my", "Malaysia" },
  { "nl", "Nederland Holland Pays-Bas Niederlande" }, { "no", "Norge Noreg" }, { "nz", "Aotearoa" }, { "pe", "Perú" },
  { "ph", "Pilipinas" }, { "pl", "Polska" }, { "ro", "România" }, { "rs", "Srbija" }, { "ru", "Rossiya" },
  { "se", "Sverige Schweden Suède" }, { "sg", "Singapura" }, { "si", "Slovenija" }, { "sk", "Slovensko" },
  { "th", "Prathet-Thai" },
  { "tr", "Türkiye Turkey Tuerkei" }, { "ua", "Ukraina" }, { "us", "United-States America" }, { "vn", "Việt-Nam Vietnam" },
  { "za", "Suid-Afrika" },
};

static const City cities[] = {
  { "ae", "Dubai", "Dubayy" }, { "at", "Vienna", "Wien" }, { "be", "Antwerp", "Antwerpen Anvers" },
  { "be", "Brussels", "Bruxelles Brussel" }, { "bg", "Sofia", "Sofiya" }, { "ch", "Geneva", "Genève Genf" },
  { "ch", "Zurich", "Zürich Zuerich" }, { "cn", "Beijing", "Peking" }, { "cz", "Prague", "Praha Prag" },
  { "de", "Cologne", "Köln Koeln" }, { "de", "Dusseldorf", "Düsseldorf Duesseldorf" }, { "de", "Hanover", "Hannover" },
  { "de", "Munich", "München Muenchen" }, { "de", "Nuremberg", "Nürnberg Nuernberg" },
  { "dk", "Copenhagen", "København Kobenhavn" }, { "es", "Seville", "Sevilla" }, { "fi", "Helsinki", "Helsingfors" },
  { "gr", "Athens", "Athina" }, { "hr", "Zagreb", "Agram" }, { "il", "Tel Aviv", "Tel-Aviv-Yafo" },
  { "it", "Florence", "Firenze" },
  { "it", "Milan", "Milano" }, { "it", "Naples", "Napoli" }, { "it", "Rome", "Roma" }, { "it", "Turin", "Torino" },
  { "it", "Venice", "Venezia" }, { "lu", "Luxembourg", "Luxemburg Lëtzebuerg" }, { "md", "Chisinau", "Chișinău Kishinev" },
  { "mx", "Mexico City", "Ciudad-de-México" }, { "nl", "The Hague", "Den-Haag" }, { "pl", "Warsaw", "Warszawa" },
  { "pt", "Lisbon", "Lisboa" }, { "ro", "Bucharest", "București" }, { "rs", "Belgrade", "Beograd" }, { "ru", "Moscow", "Moskva" },
  { "se", "Gothenburg", "Göteborg Goteborg" }, { "se", "Malmo", "Malmö" }, { "tr", "Istanbul", "İstanbul" },
  { "ua", "Kyiv", "Kiev" }, { "vn", "Ho Chi Minh City", "Saigon" },
};

/**
 * adit_own_names_find_country:
 * @code: a country's code: ISO 3166-1
 *
 * Returns: (transfer none): what else it is called; "" where nothing is known
 */
const char *
adit_own_names_find_country (const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (countries); i++)
    if (g_str_equal (countries[i].code, code))
      return countries[i].names;
  return "";
}

/**
 * adit_own_names_find_city:
 * @country_code: the code of its country
 * @city: what a service calls it, perhaps with a part of the country behind it
 *
 * Returns: (transfer none): what else it is called; "" where nothing is known
 */
const char *
adit_own_names_find_city (const char *country_code, const char *city)
{
  g_autofree char *folded = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cities); i++)
    {
      g_autofree char *name = NULL;

      if (!g_str_equal (cities[i].country, country_code))
        continue;
      if (folded == NULL)
        folded = adit_search_fold (city);
      name = adit_search_fold (cities[i].city);
      if (g_str_has_prefix (folded, name))
        return cities[i].names;
    }
  return "";
}

/**
 * adit_own_names_has:
 * @names: what something is also called
 * @folded: what somebody typed, folded
 *
 * Returns: whether that is one of the names
 */
gboolean
adit_own_names_has (const char *names, const char *folded)
{
  g_auto (GStrv) words = g_strsplit (names, " ", -1);

  for (char **word = words; *word != NULL; word++)
    {
      g_autofree char *name = adit_search_fold (*word);

      if (name[0] != '\0' && g_str_equal (name, folded))
        return TRUE;
    }
  return FALSE;
}
