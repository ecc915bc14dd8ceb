/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words.c: what a service says of an error in its own words, made fit to be shown. */
#include "client/provider/words.h"

#include <string.h>

static gboolean
is_visible (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT && type != G_UNICODE_SURROGATE && type != G_UNICODE_UNASSIGNED &&
         type != G_UNICODE_PRIVATE_USE && type != G_UNICODE_LINE_SEPARATOR && type != G_UNICODE_PARAGRAPH_SEPARATOR &&
         type != G_UNICODE_SPACE_SEPARATOR && c != '>';
}

/* "&amp;" and "&#60;": up to the semicolon; an ampersand that begins none is one. */
static const char *
skip_entity (const char *p)
{
  gsize length = strspn (p + 1, "#ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

  return length > 0 && length < 10 && p[1 + length] == ';' ? p + 1 + length : p;
}

/* Somebody's whole answer put into a text is nobody's words. */
static gboolean
is_code (const char *text)
{
  return strchr ("{[", text[strspn (text, " \t\r\n")]) != NULL;    /* also where nothing is left */
}

/**
 * adit_words_append:
 * @out: words, which may be empty
 * @text: valid UTF-8 that a service wants to be shown
 * @max_bytes: how long @out may become
 *
 * Adds its words on one line: without tags, entities, control characters and what turns the writing direction or hides, for any
 * number of which stands one blank; cut with an ellipsis.  What is JSON itself is left out.
 */
void
adit_words_append (GString *out, const char *text, gsize max_bytes)
{
  gboolean in_tag = FALSE, is_blank = out->len > 0;

  if (is_code (text))
    return;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean is_tag = in_tag || c == '<';
      const char *end = c == '&' && !is_tag ? skip_entity (p) : p;

      in_tag = is_tag && c != '>';
      if (is_tag || end != p || !is_visible (c))
        {
          is_blank = out->len > 0;
          p = end;
          continue;
        }
      if (out->len + 8 > max_bytes)
        {
          g_string_append (out, "\xe2\x80\xa6");
          return;
        }
      if (is_blank)
        g_string_append_c (out, ' ');
      g_string_append_unichar (out, c);
      is_blank = FALSE;
    }
}

/**
 * adit_words_dup:
 * @text: valid UTF-8 that a service wants to be shown
 * @max_bytes: how long the result may be
 *
 * As adit_words_append().
 *
 * Returns: (transfer full): its words; "" where nothing is left
 */
char *
adit_words_dup (const char *text, gsize max_bytes)
{
  GString *words = g_string_new (NULL);

  adit_words_append (words, text, max_bytes);
  return g_string_free (words, FALSE);
}
