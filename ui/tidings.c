/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tidings.c: each is told once, and again only when it was over in between; a session that tries again and fails the same way
 * says nothing new. */
#include "config.h"
#include "ui/tidings.h"

#include <glib/gi18n.h>

#include "client/api/explain.h"
#include "ui/words.h"

#define SOON_S (3 * 24 * 60 * 60)    /* three days: time to pay by any way that services take */

static gboolean
is_blocked (AditTidingsMemory *memory, const AditStatus *status)
{
  /* While it is tried again it is as it was. */
  if (status->state == ADIT_STATE_CONNECTING || status->state == ADIT_STATE_DISCONNECTING)
    return memory->is_told[ADIT_TIDINGS_BLOCKED];
  return status->state == ADIT_STATE_BLOCKED && status->reason != ADIT_REASON_NONE && status->reason != ADIT_REASON_STARTING;
}

static gboolean
is_so (AditTidingsMemory *memory, AditTidingsKind kind, const AditStatus *status, const AditAccountRow *account, gint64 now_s)
{
  switch (kind)
    {
    case ADIT_TIDINGS_BLOCKED:
      return is_blocked (memory, status);
    case ADIT_TIDINGS_PORTAL:
      return (status->notices & ADIT_NOTICE_PORTAL) != 0;
    case ADIT_TIDINGS_EXPIRING:
      return account != NULL && account->expires_at_s > 0 && account->expires_at_s - now_s < SOON_S;
    case ADIT_TIDINGS_NONE:
    case ADIT_N_TIDINGS:
    default:
      return FALSE;
    }
}

static void
tell_blocked (AditTidingsMemory *memory, const AditStatus *status, AditTidings *tidings)
{
  AditExplanation words;

  adit_explain_reason (status->reason, &words);
  tidings->title = memory->was_connected ? _("Connection lost: nothing leaves this computer")
                                         : adit_explain_state (ADIT_STATE_BLOCKED, FALSE);
  /* Translators: what happened, and what can be done */
  tidings->body = g_strdup_printf (_("%s %s"), words.what, words.remedy);
  tidings->button = _("Disconnect");
  tidings->action_name = "app.disconnect";
}

static void
tell (AditTidingsMemory *memory, AditTidingsKind kind, const AditStatus *status, const AditAccountRow *account, gint64 now_s,
      AditTidings *tidings)
{
  AditExplanation words;

  *tidings = (AditTidings) { NULL, NULL, NULL, NULL };
  if (kind == ADIT_TIDINGS_BLOCKED)
    tell_blocked (memory, status, tidings);
  else if (kind == ADIT_TIDINGS_PORTAL)
    {
      (void) adit_explain_notices (ADIT_NOTICE_PORTAL, &words);
      tidings->title = words.what;
      tidings->body = g_strdup (_("Adit’s window shows its page."));
    }
  else
    {
      tidings->title = _("Your account ends soon");
      tidings->body = adit_words_dup_account (account, now_s);
    }
}

/**
 * adit_tidings_follow:
 * @memory: what was told before; all zero in the beginning
 * @kind: what is looked for
 * @status: the newest one
 * @account: (nullable): the current one
 * @now_s: UTC
 * @tidings: (out caller-allocates): what to tell, where the result is %TRUE
 *
 * Look for all of them at each change.  What is no longer so may be taken back: @memory says it.
 *
 * Returns: whether there is something new
 */
gboolean
adit_tidings_follow (AditTidingsMemory *memory, AditTidingsKind kind, const AditStatus *status, const AditAccountRow *account,
                     gint64 now_s, AditTidings *tidings)
{
  gboolean was_told = memory->is_told[kind], is_new;

  memory->is_told[kind] = is_so (memory, kind, status, account, now_s);
  is_new = memory->is_told[kind] && !was_told;
  if (kind == ADIT_TIDINGS_BLOCKED)
    {
      if (status->state == ADIT_STATE_BLOCKED && memory->is_told[kind])
        {
          is_new = is_new || memory->reason != status->reason;
          memory->reason = status->reason;
        }
      if (is_new)
        tell (memory, kind, status, account, now_s, tidings);
      memory->was_connected = status->state == ADIT_STATE_CONNECTED ||
                              (memory->was_connected && status->state == ADIT_STATE_CONNECTING);
      return is_new;
    }
  if (is_new)
    tell (memory, kind, status, account, now_s, tidings);
  return is_new;
}

/**
 * adit_tidings_hears:
 * @kind: what there is to tell
 * @hears: how much somebody wants to hear
 *
 * Returns: whether they want to hear that
 */
gboolean
adit_tidings_hears (AditTidingsKind kind, AditHears hears)
{
  return hears == ADIT_HEARS_ALL || (hears == ADIT_HEARS_IMPORTANT && kind != ADIT_TIDINGS_EXPIRING);
}
