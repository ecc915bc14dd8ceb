/* SPDX-License-Identifier: GPL-2.0-or-later */
/* search.c: "Göteborg" and "goteborg" are one word. */
#include "client/model/search.h"

#include <string.h>

/**
 * adit_search_fold:
 * @text: a name, a code or what somebody typed
 *
 * Returns: (transfer full): its letters and digits, small and without accents
 */
char *
adit_search_fold (const char *text)
{
  /* To look accents up costs far more than all the rest, and most names have none. */
  g_autofree char *ascii = g_str_is_ascii (text) ? g_strdup (text) : g_str_to_ascii (text, NULL);
  char *to = ascii;

  for (const char *from = ascii; *from != '\0'; from++)
    if (g_ascii_isalnum (*from))
      *to++ = g_ascii_tolower (*from);
  *to = '\0';
  return g_steal_pointer (&ascii);
}

/**
 * adit_search_matches:
 * @search: what somebody looks for
 * @text: a name or a code
 *
 * Returns: whether @search is somewhere in @text, without regard to case, accents and punctuation
 */
gboolean
adit_search_matches (const char *search, const char *text)
{
  g_autofree char *needle = adit_search_fold (search), *hay = adit_search_fold (text);

  return needle[0] != '\0' && strstr (hay, needle) != NULL;
}
