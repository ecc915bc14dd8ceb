/* SPDX-License-Identifier: GPL-2.0-or-later */
/* search.c: "Göteborg" and "goteborg" are one word. */
#include "client/model/search.h"

#include <string.h>

/* Latin letters without their accents; of other scripts the letters as they are, since nothing else is typed there. */
static void
append_character (GString *to, gunichar character)
{
  char text[7] = "";
  g_autofree char *ascii = NULL;

  g_unichar_to_utf8 (character, text);
  /* By the rules of a German desktop "goteborg" would be no "Göteborg", which is "goeteborg" there. */
  ascii = g_str_to_ascii (text, "C");
  if (!g_str_equal (ascii, "?"))
    adit_search_append_folded (to, ascii);
  else if (g_unichar_isalnum (character))
    g_string_append_unichar (to, g_unichar_tolower (character));
}

/**
 * adit_search_append_folded:
 * @to: where it goes
 * @text: a name, a code or what somebody typed
 *
 * Appends its letters and digits, small and without accents.
 */
void
adit_search_append_folded (GString *to, const char *text)
{
  /* A letter with its accents behind it is the same letter.  To look accents up costs far more than all the rest, and most names
   * have none. */
  g_autofree char *composed = g_str_is_ascii (text) ? NULL : g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);

  /* What is not UTF-8 is gone through byte by byte: the last one may claim that more come. */
  for (const char *from = composed != NULL ? composed : text; *from != '\0';
       from = composed != NULL ? g_utf8_next_char (from) : from + 1)
    if (g_ascii_isalnum (*from))
      g_string_append_c (to, g_ascii_tolower (*from));
    else if ((guchar) *from >= 0x80 && composed != NULL)
      append_character (to, g_utf8_get_char (from));
}

/**
 * adit_search_fold:
 * @text: a name, a code or what somebody typed
 *
 * Returns: (transfer full): its letters and digits, small and without accents
 */
char *
adit_search_fold (const char *text)
{
  GString *folded = g_string_new (NULL);

  adit_search_append_folded (folded, text);
  return g_string_free (folded, FALSE);
}

/**
 * adit_search_has:
 * @folded: what somebody looks for, folded
 * @text: a name or a code
 *
 * Returns: whether it is somewhere in @text, without regard to case, accents and punctuation
 */
gboolean
adit_search_has (const char *folded, const char *text)
{
  g_autofree char *hay = adit_search_fold (text);

  return folded[0] != '\0' && strstr (hay, folded) != NULL;
}
