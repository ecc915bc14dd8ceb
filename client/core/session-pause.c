/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-pause.c: the user's own wish to be without tunnel and lock for a time.  What is wanted stays what it was; whoever keeps
 * the time says when it counts again. */
#define G_LOG_DOMAIN "adit-session"

#include "client/core/session-private.h"

/* Nothing is wanted but the lock: it is there again before anything else is done. */
static void
close_again (AditSession *self)
{
  g_autoptr (GError) error = NULL;

  if (self->state == ADIT_STATE_DISCONNECTED &&
      !adit_session_lock_apply (&self->lock, adit_session_table_lock (self->state, self->lockdown), NULL, &error))
    adit_session_handle (self, ADIT_EVENT_LOCK_FAILED, ADIT_REASON_LOCK_FAILED, error);
  else
    adit_session_changed (self);
}

/**
 * adit_session_pause:
 * @self: a started session; the caller has noted until when
 * @error: return location; %ADIT_ERROR_LOCK_FAILED where lockdown's lock cannot be opened, and then nothing has changed
 *
 * Disconnects and opens the lock, lockdown's too, until adit_session_resume() or another wish.
 *
 * Returns: whether it is so, or will be when everything is undone
 */
gboolean
adit_session_pause (AditSession *self, GError **error)
{
  if (self->state == ADIT_STATE_DISCONNECTED && !adit_session_lock_apply (&self->lock, ADIT_LOCK_OFF, NULL, error))
    return FALSE;
  self->is_paused = TRUE;
  if (self->state == ADIT_STATE_DISCONNECTED)
    adit_session_changed (self);
  else
    adit_session_handle (self, ADIT_EVENT_USER_DISCONNECT, ADIT_REASON_NONE, NULL);
  return TRUE;
}

/**
 * adit_session_resume:
 * @self: a session; nothing is done where it is not paused
 *
 * The pause is over: what was wanted before it counts again.  A computer that cannot be locked is blocked for that reason, told
 * and tried again: it is not left open without a word.
 */
void
adit_session_resume (AditSession *self)
{
  if (!self->is_paused)
    return;
  self->is_paused = FALSE;
  if (!self->wish.connected)
    {
      close_again (self);
      return;
    }
  self->peer = (AditAddress) { 0 };
  self->try_number = self->retry_number = self->pause_ms = 0;
  adit_session_watch_network (self);
  adit_session_handle (self, ADIT_EVENT_USER_CONNECT, ADIT_REASON_NONE, NULL);
}

/**
 * adit_session_start_paused:
 * @self: a session that has not started
 * @wish: what is wanted when the pause is over
 * @lockdown: whether lockdown is on
 *
 * As adit_session_start(), where an earlier helper was asked for a pause that is not over.
 */
void
adit_session_start_paused (AditSession *self, const AditWish *wish, gboolean lockdown)
{
  self->is_paused = TRUE;
  adit_session_start (self, ADIT_REASON_STARTING, wish, lockdown);
}

/**
 * adit_session_end_pause:
 * @self: a session
 *
 * Another wish has come, which is about to be followed.  Where that is to be disconnected, it is already: the lock is put as
 * lockdown wants it, and told.
 */
void
adit_session_end_pause (AditSession *self)
{
  gboolean was_paused = self->is_paused;

  self->is_paused = FALSE;
  if (was_paused && !self->wish.connected)
    close_again (self);
}

/**
 * adit_session_is_paused:
 * @self: a session
 *
 * Returns: whether it is disconnected for a time
 */
gboolean
adit_session_is_paused (AditSession *self)
{
  return self->is_paused;
}
