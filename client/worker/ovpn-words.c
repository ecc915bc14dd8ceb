/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-words.c: splits a line as OpenVPN does where that is plain to see, and refuses it where it is not. */
#include "config.h"
#include "client/worker/ovpn-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
is_blank (char letter)
{
  return letter == ' ' || letter == '\t';
}

/* <name> or </name>, and nothing behind it but blanks.  OpenVPN ends a block at whatever begins with its end, and opens none
 * where a word follows; nobody who reads such a file expects that. */
static gboolean
take_bracket (AditOvpnWords *self, const char *line, const char **sentence)
{
  const char *name = line + (line[1] == '/' ? 2 : 1);
  gsize length = strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-");

  *sentence = N_("A block's beginning or end stands alone on its line, as <ca> and </ca> do.");
  if (length == 0 || name[length] != '>' || strspn (name + length + 1, " \t") != strlen (name + length + 1))
    return FALSE;
  memcpy (self->text, name, length);
  self->text[length] = '\0';
  self->words[0] = self->text;
  self->n_words = 1;
  self->opens_block = line[1] != '/';
  self->closes_block = !self->opens_block;
  return TRUE;
}

/* Copies the word at @at, which is no blank; returns what follows it, or NULL. */
static const char *
take_word (const char *at, char **to, gboolean first, const char **sentence)
{
  char quote = *at == '"' || *at == '\'' ? *at : '\0';

  *sentence = N_("The name of an option is not put between quotes.");
  if (quote != '\0' && first)
    return NULL;
  *sentence = N_("Quotes stand around a whole word, and there are none inside it.");
  for (at += quote != '\0'; *at != '\0' && *at != quote && (quote != '\0' || !is_blank (*at)); at++)
    {
      if (*at == '"' || (*at == '\'' && quote == '\0'))
        return NULL;
      if (quote == '\0' && (guint8) *at > 0x7e)
        {
          *sentence = N_("Letters beyond ASCII stand between quotes.");
          return NULL;
        }
      *(*to)++ = *at;
    }
  if (quote != '\0')
    {
      if (*at != quote || (at[1] != '\0' && !is_blank (at[1])))
        return NULL;
      at++;
    }
  *(*to)++ = '\0';
  return at;
}

/**
 * adit_ovpn_words_split:
 * @self: (out caller-allocates): the words
 * @line: a line without its end, as adit_import_text_new() lets through
 * @sentence: (out): why, where it is refused
 *
 * Backslashes are refused outside of comments: OpenVPN's rules for them are its own, and what needs them (folders of Windows,
 * quotes within quotes) is nothing that we could use.
 *
 * Returns: whether it can be read in one way only
 */
gboolean
adit_ovpn_words_split (AditOvpnWords *self, const char *line, const char **sentence)
{
  char *to = self->text;
  const char *at = line + strspn (line, " \t");

  memset (self, 0, sizeof *self);
  if (*at == '<')
    return take_bracket (self, at, sentence);
  for (; *at != '\0' && *at != '#' && *at != ';'; at += strspn (at, " \t"))
    {
      const char *word = to;

      *sentence = N_("There are more words in this line than OpenVPN reads.");
      if (self->n_words == ADIT_OVPN_MAX_WORDS)
        return FALSE;
      at = take_word (at, &to, self->n_words == 0, sentence);
      if (at == NULL)
        return FALSE;
      *sentence = N_("There is nothing between these quotes.");
      if (word[0] == '\0')
        return FALSE;
      *sentence = N_("Adit reads no backslashes.");
      if (strchr (word, '\\') != NULL)
        return FALSE;
      self->words[self->n_words++] = word;
    }
  if (self->n_words > 0 && g_str_has_prefix (self->words[0], "--"))
    {
      /* As on a command line, which OpenVPN takes in files, too; but never twice, and never as the name of nothing. */
      *sentence = N_("Two hyphens stand before an option's name or not at all.");
      self->words[0] += 2;
      if (!g_ascii_islower (self->words[0][0]))
        return FALSE;
    }
  return TRUE;
}
