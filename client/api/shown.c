/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shown.c: what is left of a text when nothing of it is obeyed. */
#include "client/api/shown.h"

#include <string.h>

/* What a terminal or a label would obey instead of showing it. */
static gboolean
is_shown (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT && type != G_UNICODE_LINE_SEPARATOR &&
         type != G_UNICODE_PARAGRAPH_SEPARATOR;
}

/**
 * adit_shown_dup:
 * @text: what somebody else has written, of any bytes
 * @also: characters of ASCII that may stay although they are not shown, such as "\n"
 *
 * Returns: (transfer full): the same in UTF-8, with a question mark for whatever moves the cursor, breaks the line or turns the
 *   writing direction
 */
char *
adit_shown_dup (const char *text, const char *also)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *shown = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (shown, is_shown (c) || (c < 0x80 && strchr (also, (int) c) != NULL) ? c : '?');
    }
  return g_string_free (shown, FALSE);
}
