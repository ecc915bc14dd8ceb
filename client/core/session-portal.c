/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-portal.c: a blocked computer waits while one program shows itself to the network: no try of ours changes routes or lock
 * under it.  No state is left or entered for it but "connecting", which is given up. */
#define G_LOG_DOMAIN "adit-session"

#include "client/core/session-private.h"

#include "client/base/error.h"

static gboolean
set_room (AditSession *self, gboolean has_portal, GError **error)
{
  gboolean is_whole;

  if (adit_session_lock_set_portal (&self->lock, has_portal, &is_whole, error))
    return TRUE;
  if (!is_whole)
    adit_session_handle (self, ADIT_EVENT_LOCK_FAILED, ADIT_REASON_LOCK_FAILED, error != NULL ? *error : NULL);
  return FALSE;
}

/* What is open needs no hole, and inside a tunnel nobody asks one to show oneself. */
static gboolean
is_in_the_way (AditSession *self, GError **error)
{
  if (adit_session_get_lock (self) == ADIT_LOCK_OFF)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "Nothing is locked: any browser can show the network's page");
  else if (self->lock.refused || self->state == ADIT_STATE_DISCONNECTING)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_BUSY, "The lock is being changed");
  else if (self->state == ADIT_STATE_CONNECTED)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "The tunnel works: no page of the network is in the way");
  else
    return TRUE;
  return FALSE;
}

/**
 * adit_session_open_portal:
 * @self: a session
 * @hole: what the program in the control group ADIT_PORTAL_GROUP may reach
 * @seconds: for how long at most
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT where none is needed, %ADIT_ERROR_LOCK_FAILED
 *
 * Returns: whether the hole is there
 */
gboolean
adit_session_open_portal (AditSession *self, const AditPortalHole *hole, guint seconds, GError **error)
{
  if (!is_in_the_way (self, error))
    return FALSE;
  self->has_portal = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->state == ADIT_STATE_CONNECTING)
    {
      g_autoptr (GError) cause = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE,
                                                      "The network's page is being shown");

      adit_session_handle (self, ADIT_EVENT_GAVE_UP, ADIT_REASON_SERVICE_UNREACHABLE, cause);
    }
  if (set_room (self, TRUE, error) && adit_firewall_open_portal (self->platform->firewall, hole, seconds, error))
    return TRUE;
  adit_session_close_portal (self);
  return FALSE;
}

/**
 * adit_session_is_portal_free:
 * @self: a session
 *
 * Routes of a try that was given up for the hole lead into its tunnel until it has said its last word.
 *
 * Returns: whether there is a hole and nothing of ours in its way; that this has become so is told as a change
 */
gboolean
adit_session_is_portal_free (AditSession *self)
{
  return self->has_portal && self->cancellable == NULL;
}

/**
 * adit_session_close_portal:
 * @self: a session, with a hole or without
 *
 * Makes the lock anew without room for one; what is wanted is tried again at once.
 */
void
adit_session_close_portal (AditSession *self)
{
  g_autoptr (GError) error = NULL;

  if (!self->has_portal)
    return;
  self->has_portal = FALSE;
  if (!set_room (self, FALSE, &error))
    g_warning ("the hole for the network's page goes by its time alone: %s", error->message);
  adit_session_try_again (self);
}
