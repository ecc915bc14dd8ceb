/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diversion.c: the words by which the bus and JSON know them; they are never renamed. */
#include "client/model/diversion.h"

static const char *const nicks[ADIT_N_DIVERSIONS] = { "routes-pushed", "peer-diverted" };

/**
 * adit_diversion_get_nick:
 * @one: one of them
 *
 * Returns: (transfer none): for instance "routes-pushed"; "" for anything else
 */
const char *
adit_diversion_get_nick (AditDiversions one)
{
  for (guint i = 0; i < ADIT_N_DIVERSIONS; i++)
    if (one == 1u << i)
      return nicks[i];
  return "";
}

/**
 * adit_diversion_from_nick:
 * @nick: (nullable): a nick
 * @one: (out): which; untouched on failure
 *
 * Returns: whether there is such a one
 */
gboolean
adit_diversion_from_nick (const char *nick, AditDiversions *one)
{
  for (guint i = 0; i < ADIT_N_DIVERSIONS; i++)
    if (g_strcmp0 (nick, nicks[i]) == 0)
      {
        *one = (AditDiversions) (1u << i);
        return TRUE;
      }
  return FALSE;
}
