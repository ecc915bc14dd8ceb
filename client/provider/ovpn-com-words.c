/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-com-words.c: what OVPN says of an error, made fit to be shown: it has no codes, only words, in two shapes. */
#include "client/provider/ovpn-com.h"

#include <string.h>

#include "client/provider/words.h"

#define WORDS_MAX_BYTES  160     /* with what is said before them they fit into what the helper is told */
#define SOURCE_MAX_BYTES 4096    /* of one sentence */
#define MAX_SENTENCES    8

/* Their only sign that an account has all the keys that it may have [C: one independent client]. */
#define TOO_MANY "more than"

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
add_sentence (GString *out, AditJson *value, AditSecret *login, gboolean *says_too_many)
{
  AditJson *first = adit_json_is (value, ADIT_JSON_ARRAY) ? adit_json_at (value, 0) : value;
  const char *text = adit_json_peek_text (first);
  g_autofree char *lower = NULL;

  if (text == NULL || strlen (text) >= SOURCE_MAX_BYTES)
    return;
  lower = g_ascii_strdown (text, -1);
  *says_too_many |= strstr (lower, TOO_MANY) != NULL;
  if (out->len < WORDS_MAX_BYTES - 16 && !repeats_login (text, login))
    adit_words_append (out, text, WORDS_MAX_BYTES);
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
adit_ovpn_com_dup_words (AditJson *root, AditSecret *login, gboolean *says_too_many)
{
  GString *out = g_string_sized_new (WORDS_MAX_BYTES);
  AditJson *errors = adit_json_find (root, "errors"), *value;
  guint n = 0;

  *says_too_many = FALSE;
  ADIT_JSON_FOREACH_MEMBER (errors, value)
    if (n++ < MAX_SENTENCES)
      add_sentence (out, value, login, says_too_many);
  add_sentence (out, adit_json_find (adit_json_find (root, "error"), "message"), login, says_too_many);
  if (repeats_login (out->str, login))    /* in pieces that are one only now */
    g_string_truncate (out, 0);
  return g_string_free (out, FALSE);
}
