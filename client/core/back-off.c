/* SPDX-License-Identifier: GPL-2.0-or-later */
/* back-off.c: 15 s, doubled up to 8 minutes, each with up to a quarter of chance. */
#include "client/core/back-off.h"

#define FIRST_MS      15000
#define MAX_DOUBLINGS 5

/**
 * adit_back_off_get_pause_ms:
 * @n_failures: how often it was tried again and failed: 0 before the first time
 * @chance: a random number, 0 or more and below 1, so that the clients of a relay that comes back do not come back all at once
 *
 * Returns: the pause in milliseconds
 */
guint
adit_back_off_get_pause_ms (guint n_failures, double chance)
{
  guint pause_ms = FIRST_MS << MIN (n_failures, MAX_DOUBLINGS);

  g_return_val_if_fail (chance >= 0 && chance < 1, pause_ms);
  return pause_ms + (guint) (pause_ms * chance / 4);
}
