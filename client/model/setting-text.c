/* SPDX-License-Identifier: GPL-2.0-or-later */
/* setting-text.c: a setting's texts: one word, or what is wrong with them. */
#include "client/model/setting-text.h"

#include "client/base/error.h"

/**
 * adit_setting_refuse:
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 * @text: what was typed; it may be a stranger's, so it is shown short and plain
 * @sentence: what is wrong with it
 *
 * Returns: %FALSE
 */
gboolean
adit_setting_refuse (GError **error, const char *text, const char *sentence)
{
  g_autofree char *shown = g_strndup (text, 64);

  for (char *at = shown; *at != '\0'; at++)
    if (!g_ascii_isprint (*at))
      *at = '?';
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "\"%s\" %s", shown, sentence);
  return FALSE;
}

/**
 * adit_setting_is_word:
 * @texts: (array zero-terminated=1): what was typed
 * @word: a word
 *
 * Returns: whether it is that word alone
 */
gboolean
adit_setting_is_word (const char *const *texts, const char *word)
{
  return texts[0] != NULL && texts[1] == NULL && g_str_equal (texts[0], word);
}

/**
 * adit_setting_dup_word:
 * @word: a word
 *
 * Returns: (transfer full) (array zero-terminated=1): it as a setting's texts
 */
char **
adit_setting_dup_word (const char *word)
{
  const char *const words[] = { word, NULL };

  return g_strdupv ((char **) words);
}
