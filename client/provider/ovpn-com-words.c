/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-com-words.c: what OVPN says of an error, made fit to be shown: it has no codes, only words, in two shapes. */
#include "client/provider/ovpn-com.h"

#include <string.h>

#define WORDS_MAX_BYTES  160     /* with what is said before them they fit into what the helper is told */
#define SOURCE_MAX_BYTES 4096    /* of one sentence */
#define MAX_SENTENCES    8

/* Their only sign that an account has all the keys that it may have [C: one independent client]. */
#define TOO_MANY "more than"

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

/* Without tags, entities, control characters and what turns the writing direction: one blank stands for any number of these. */
static void
add_clean (GString *out, const char *text)
{
  gboolean in_tag = FALSE, is_blank = out->len > 0;

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
      if (out->len + 8 > WORDS_MAX_BYTES)
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

/* An answer may repeat what was sent, and errors are logged. */
static gboolean
repeats_login (const char *text, AditSecret *login)
{
  gsize length, text_length = strlen (text);
  const char *name = login != NULL ? (const char *) adit_secret_peek (login, &length) : NULL, *end;

  if (name == NULL)
    return FALSE;
  end = memchr (name, '\n', length);
  return memmem (text, text_length, name, (gsize) (end - name)) != NULL ||
         memmem (text, text_length, end + 1, (gsize) (name + length - end - 1)) != NULL;
}

static void
add_sentence (GString *out, json_t *value, AditSecret *login, gboolean *says_too_many)
{
  const char *text = json_is_array (value) ? json_string_value (json_array_get (value, 0)) : json_string_value (value);
  g_autofree char *lower = NULL;

  if (text == NULL || strlen (text) >= SOURCE_MAX_BYTES)
    return;
  lower = g_ascii_strdown (text, -1);
  *says_too_many |= strstr (lower, TOO_MANY) != NULL;
  if (out->len < WORDS_MAX_BYTES - 16 && !repeats_login (text, login))
    add_clean (out, text);
}

/**
 * adit_ovpn_com_dup_words:
 * @root: (nullable): an answer that is an error
 * @login: (nullable): what was sent, as adit_ovpn_com_read_login() returned it
 * @says_too_many: (out): whether the account has as many keys as it may have
 *
 * Reads "errors", an object of fields with an array of sentences each, of which the first counts, or "message" of "error".
 *
 * Returns: (transfer full): the service's words without markup, but for what repeats what was sent; or ""
 */
char *
adit_ovpn_com_dup_words (json_t *root, AditSecret *login, gboolean *says_too_many)
{
  GString *out = g_string_sized_new (WORDS_MAX_BYTES);
  json_t *errors = json_object_get (root, "errors"), *value;
  const char *field;
  guint n = 0;

  *says_too_many = FALSE;
  json_object_foreach (errors, field, value)
    if (n++ < MAX_SENTENCES)
      add_sentence (out, value, login, says_too_many);
  add_sentence (out, json_object_get (json_object_get (root, "error"), "message"), login, says_too_many);
  if (repeats_login (out->str, login))    /* in pieces that are one only now */
    g_string_truncate (out, 0);
  return g_string_free (out, FALSE);
}
