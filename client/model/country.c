/* SPDX-License-Identifier: GPL-2.0-or-later */
/* country.c: the codes of ISO 3166-1, each with a short English name as people use it. */
#include "config.h"
#include "client/model/country.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

typedef struct { char code[3]; const char *name; } Country;

/* By code, to be searched.
 * Translators: all words of this file are countries and territories, by the short names that people use. */
static const Country countries[] = {
  { "ad", N_ ("Andorra") }, { "ae", N_ ("United Arab Emirates") }, { "af", N_ ("Afghanistan") },
  { "ag", N_ ("Antigua and Barbuda") }, { "ai", N_ ("Anguilla") }, { "al", N_ ("Albania") }, { "am", N_ ("Armenia") },
  { "ao", N_ ("Angola") }, { "aq", N_ ("Antarctica") }, { "ar", N_ ("Argentina") }, { "as", N_ ("American Samoa") },
  { "at", N_ ("Austria") }, { "au", N_ ("Australia") }, { "aw", N_ ("Aruba") }, { "ax", N_ ("Åland Islands") },
  { "az", N_ ("Azerbaijan") }, { "ba", N_ ("Bosnia and Herzegovina") }, { "bb", N_ ("Barbados") }, { "bd", N_ ("Bangladesh") },
  { "be", N_ ("Belgium") }, { "bf", N_ ("Burkina Faso") }, { "bg", N_ ("Bulgaria") }, { "bh", N_ ("Bahrain") },
  { "bi", N_ ("Burundi") }, { "bj", N_ ("Benin") }, { "bl", N_ ("Saint Barthélemy") }, { "bm", N_ ("Bermuda") },
  { "bn", N_ ("Brunei") }, { "bo", N_ ("Bolivia") }, { "bq", N_ ("Caribbean Netherlands") }, { "br", N_ ("Brazil") },
  { "bs", N_ ("Bahamas") }, { "bt", N_ ("Bhutan") }, { "bv", N_ ("Bouvet Island") }, { "bw", N_ ("Botswana") },
  { "by", N_ ("Belarus") }, { "bz", N_ ("Belize") }, { "ca", N_ ("Canada") }, { "cc", N_ ("Cocos Islands") },
  { "cd", N_ ("Congo (Kinshasa)") }, { "cf", N_ ("Central African Republic") }, { "cg", N_ ("Congo (Brazzaville)") },
  { "ch", N_ ("Switzerland") }, { "ci", N_ ("Côte d’Ivoire") }, { "ck", N_ ("Cook Islands") }, { "cl", N_ ("Chile") },
  { "cm", N_ ("Cameroon") }, { "cn", N_ ("China") }, { "co", N_ ("Colombia") }, { "cr", N_ ("Costa Rica") },
  { "cu", N_ ("Cuba") }, { "cv", N_ ("Cabo Verde") }, { "cw", N_ ("Curaçao") }, { "cx", N_ ("Christmas Island") },
  { "cy", N_ ("Cyprus") }, { "cz", N_ ("Czechia") }, { "de", N_ ("Germany") }, { "dj", N_ ("Djibouti") },
  { "dk", N_ ("Denmark") }, { "dm", N_ ("Dominica") }, { "do", N_ ("Dominican Republic") }, { "dz", N_ ("Algeria") },
  { "ec", N_ ("Ecuador") }, { "ee", N_ ("Estonia") }, { "eg", N_ ("Egypt") }, { "eh", N_ ("Western Sahara") },
  { "er", N_ ("Eritrea") }, { "es", N_ ("Spain") }, { "et", N_ ("Ethiopia") }, { "fi", N_ ("Finland") }, { "fj", N_ ("Fiji") },
  { "fk", N_ ("Falkland Islands") }, { "fm", N_ ("Micronesia") }, { "fo", N_ ("Faroe Islands") }, { "fr", N_ ("France") },
  { "ga", N_ ("Gabon") }, { "gb", N_ ("United Kingdom") }, { "gd", N_ ("Grenada") }, { "ge", N_ ("Georgia") },
  { "gf", N_ ("French Guiana") }, { "gg", N_ ("Guernsey") }, { "gh", N_ ("Ghana") }, { "gi", N_ ("Gibraltar") },
  { "gl", N_ ("Greenland") }, { "gm", N_ ("Gambia") }, { "gn", N_ ("Guinea") }, { "gp", N_ ("Guadeloupe") },
  { "gq", N_ ("Equatorial Guinea") }, { "gr", N_ ("Greece") }, { "gs", N_ ("South Georgia") }, { "gt", N_ ("Guatemala") },
  { "gu", N_ ("Guam") }, { "gw", N_ ("Guinea-Bissau") }, { "gy", N_ ("Guyana") }, { "hk", N_ ("Hong Kong") },
  { "hm", N_ ("Heard Island") }, { "hn", N_ ("Honduras") }, { "hr", N_ ("Croatia") }, { "ht", N_ ("Haiti") },
  { "hu", N_ ("Hungary") }, { "id", N_ ("Indonesia") }, { "ie", N_ ("Ireland") }, { "il", N_ ("Israel") },
  { "im", N_ ("Isle of Man") }, { "in", N_ ("India") }, { "io", N_ ("British Indian Ocean Territory") }, { "iq", N_ ("Iraq") },
  { "ir", N_ ("Iran") }, { "is", N_ ("Iceland") }, { "it", N_ ("Italy") }, { "je", N_ ("Jersey") }, { "jm", N_ ("Jamaica") },
  { "jo", N_ ("Jordan") }, { "jp", N_ ("Japan") }, { "ke", N_ ("Kenya") }, { "kg", N_ ("Kyrgyzstan") },
  { "kh", N_ ("Cambodia") }, { "ki", N_ ("Kiribati") }, { "km", N_ ("Comoros") }, { "kn", N_ ("Saint Kitts and Nevis") },
  { "kp", N_ ("North Korea") }, { "kr", N_ ("South Korea") }, { "kw", N_ ("Kuwait") }, { "ky", N_ ("Cayman Islands") },
  { "kz", N_ ("Kazakhstan") }, { "la", N_ ("Laos") }, { "lb", N_ ("Lebanon") }, { "lc", N_ ("Saint Lucia") },
  { "li", N_ ("Liechtenstein") }, { "lk", N_ ("Sri Lanka") }, { "lr", N_ ("Liberia") }, { "ls", N_ ("Lesotho") },
  { "lt", N_ ("Lithuania") }, { "lu", N_ ("Luxembourg") }, { "lv", N_ ("Latvia") }, { "ly", N_ ("Libya") },
  { "ma", N_ ("Morocco") }, { "mc", N_ ("Monaco") }, { "md", N_ ("Moldova") }, { "me", N_ ("Montenegro") },
  { "mf", N_ ("Saint Martin") }, { "mg", N_ ("Madagascar") }, { "mh", N_ ("Marshall Islands") },
  { "mk", N_ ("North Macedonia") }, { "ml", N_ ("Mali") }, { "mm", N_ ("Myanmar") }, { "mn", N_ ("Mongolia") },
  { "mo", N_ ("Macao") }, { "mp", N_ ("Northern Mariana Islands") }, { "mq", N_ ("Martinique") }, { "mr", N_ ("Mauritania") },
  { "ms", N_ ("Montserrat") }, { "mt", N_ ("Malta") }, { "mu", N_ ("Mauritius") }, { "mv", N_ ("Maldives") },
  { "mw", N_ ("Malawi") }, { "mx", N_ ("Mexico") }, { "my", N_ ("Malaysia") }, { "mz", N_ ("Mozambique") },
  { "na", N_ ("Namibia") }, { "nc", N_ ("New Caledonia") }, { "ne", N_ ("Niger") }, { "nf", N_ ("Norfolk Island") },
  { "ng", N_ ("Nigeria") }, { "ni", N_ ("Nicaragua") }, { "nl", N_ ("Netherlands") }, { "no", N_ ("Norway") },
  { "np", N_ ("Nepal") }, { "nr", N_ ("Nauru") }, { "nu", N_ ("Niue") }, { "nz", N_ ("New Zealand") }, { "om", N_ ("Oman") },
  { "pa", N_ ("Panama") }, { "pe", N_ ("Peru") }, { "pf", N_ ("French Polynesia") }, { "pg", N_ ("Papua New Guinea") },
  { "ph", N_ ("Philippines") }, { "pk", N_ ("Pakistan") }, { "pl", N_ ("Poland") }, { "pm", N_ ("Saint Pierre and Miquelon") },
  { "pn", N_ ("Pitcairn") }, { "pr", N_ ("Puerto Rico") }, { "ps", N_ ("Palestine") }, { "pt", N_ ("Portugal") },
  { "pw", N_ ("Palau") }, { "py", N_ ("Paraguay") }, { "qa", N_ ("Qatar") }, { "re", N_ ("Réunion") }, { "ro", N_ ("Romania") },
  { "rs", N_ ("Serbia") }, { "ru", N_ ("Russia") }, { "rw", N_ ("Rwanda") }, { "sa", N_ ("Saudi Arabia") },
  { "sb", N_ ("Solomon Islands") }, { "sc", N_ ("Seychelles") }, { "sd", N_ ("Sudan") }, { "se", N_ ("Sweden") },
  { "sg", N_ ("Singapore") }, { "sh", N_ ("Saint Helena") }, { "si", N_ ("Slovenia") }, { "sj", N_ ("Svalbard and Jan Mayen") },
  { "sk", N_ ("Slovakia") }, { "sl", N_ ("Sierra Leone") }, { "sm", N_ ("San Marino") }, { "sn", N_ ("Senegal") },
  { "so", N_ ("Somalia") }, { "sr", N_ ("Suriname") }, { "ss", N_ ("South Sudan") }, { "st", N_ ("São Tomé and Príncipe") },
  { "sv", N_ ("El Salvador") }, { "sx", N_ ("Sint Maarten") }, { "sy", N_ ("Syria") }, { "sz", N_ ("Eswatini") },
  { "tc", N_ ("Turks and Caicos Islands") }, { "td", N_ ("Chad") }, { "tf", N_ ("French Southern Territories") },
  { "tg", N_ ("Togo") }, { "th", N_ ("Thailand") }, { "tj", N_ ("Tajikistan") }, { "tk", N_ ("Tokelau") },
  { "tl", N_ ("Timor-Leste") }, { "tm", N_ ("Turkmenistan") }, { "tn", N_ ("Tunisia") }, { "to", N_ ("Tonga") },
  { "tr", N_ ("Türkiye") }, { "tt", N_ ("Trinidad and Tobago") }, { "tv", N_ ("Tuvalu") }, { "tw", N_ ("Taiwan") },
  { "tz", N_ ("Tanzania") }, { "ua", N_ ("Ukraine") }, { "ug", N_ ("Uganda") }, { "um", N_ ("United States Outlying Islands") },
  { "us", N_ ("United States") }, { "uy", N_ ("Uruguay") }, { "uz", N_ ("Uzbekistan") }, { "va", N_ ("Vatican City") },
  { "vc", N_ ("Saint Vincent and the Grenadines") }, { "ve", N_ ("Venezuela") }, { "vg", N_ ("British Virgin Islands") },
  { "vi", N_ ("United States Virgin Islands") }, { "vn", N_ ("Vietnam") }, { "vu", N_ ("Vanuatu") },
  { "wf", N_ ("Wallis and Futuna") }, { "ws", N_ ("Samoa") }, { "ye", N_ ("Yemen") }, { "yt", N_ ("Mayotte") },
  { "za", N_ ("South Africa") }, { "zm", N_ ("Zambia") }, { "zw", N_ ("Zimbabwe") },
};

static int
compare (const void *code, const void *country)
{
  return strcmp (code, ((const Country *) country)->code);
}

/**
 * adit_country_get_name:
 * @code: two lower-case letters
 *
 * Returns: (transfer none) (nullable): its name in English, UTF-8; %NULL where nobody has that code
 */
const char *
adit_country_get_name (const char *code)
{
  const Country *found = bsearch (code, countries, G_N_ELEMENTS (countries), sizeof *countries, compare);

  return found != NULL ? found->name : NULL;
}
