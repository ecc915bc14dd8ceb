/* SPDX-License-Identifier: GPL-2.0-or-later */
/* auto-connect.c: in the form of the other settings. */
#include "client/model/auto-connect.h"

#include "client/model/setting-text.h"

static const char *const words[ADIT_N_AUTO_CONNECTS] = { "off", "boot", "login" };

/**
 * adit_auto_connect_dup_texts:
 * @when: a value
 *
 * Returns: (transfer full) (array zero-terminated=1): that in the form that is read again
 */
char **
adit_auto_connect_dup_texts (AditAutoConnect when)
{
  return adit_setting_dup_word (words[(guint) when < ADIT_N_AUTO_CONNECTS ? when : ADIT_AUTO_CONNECT_OFF]);
}

/**
 * adit_auto_connect_set_texts:
 * @when: (out): untouched on failure
 * @texts: (array zero-terminated=1): "off", "boot" or "login"
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT with a sentence for whoever typed it
 *
 * Returns: whether it is set
 */
gboolean
adit_auto_connect_set_texts (AditAutoConnect *when, const char *const *texts, GError **error)
{
  for (guint i = 0; i < ADIT_N_AUTO_CONNECTS; i++)
    if (adit_setting_is_word (texts, words[i]))
      {
        *when = (AditAutoConnect) i;
        return TRUE;
      }
  return adit_setting_refuse (error, texts[0] != NULL ? texts[0] : "", "is none of \"off\", \"boot\" and \"login\"");
}
