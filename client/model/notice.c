/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notice.c: the words by which the bus and JSON know them; they are never renamed. */
#include "client/model/notice.h"

static const char *const nicks[ADIT_N_NOTICES] = {
  "routes-pushed", "peer-diverted", "relay-key-changed", "account-ended", "key-not-changed", "key-replaced",
  "network-asks", "other-program", "captive-portal", "names-unanswered",
};

/**
 * adit_notice_get_nick:
 * @one: exactly one bit
 *
 * Returns: (transfer none): its word; "" for anything else
 */
const char *
adit_notice_get_nick (AditNotices one)
{
  for (guint i = 0; i < ADIT_N_NOTICES; i++)
    if ((guint) one == 1u << i)
      return nicks[i];
  return "";
}

/**
 * adit_notice_from_nick:
 * @nick: a word
 * @one: (out): its bit; untouched where there is none
 *
 * Returns: whether there is such a word
 */
gboolean
adit_notice_from_nick (const char *nick, AditNotices *one)
{
  for (guint i = 0; i < ADIT_N_NOTICES; i++)
    if (g_strcmp0 (nicks[i], nick) == 0)
      {
        *one = (AditNotices) (1u << i);
        return TRUE;
      }
  return FALSE;
}
