/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-table.c: which state follows which event.  Data only: no clock, no I/O, so every row can be tested.
 *
 * A cell that somebody forgets is zero, and zero is `blocked`: it costs a connection, never a packet. */
#include "client/core/session-table.h"

static const AditState transitions[ADIT_N_STATES][ADIT_N_EVENTS] = {
  [ADIT_STATE_BLOCKED] = {
    [ADIT_EVENT_USER_CONNECT]    = ADIT_STATE_CONNECTING,
    [ADIT_EVENT_USER_DISCONNECT] = ADIT_STATE_DISCONNECTING,
    [ADIT_EVENT_CONFIRMED]       = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_TRY_FAILED]      = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_GAVE_UP]         = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_TUNNEL_LOST]     = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_RETRY_DUE]       = ADIT_STATE_CONNECTING,
    [ADIT_EVENT_OFFLINE]         = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_LOCK_FAILED]     = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_UNDONE]          = ADIT_STATE_BLOCKED,
  },
  [ADIT_STATE_CONNECTING] = {
    [ADIT_EVENT_USER_CONNECT]    = ADIT_STATE_CONNECTING,
    [ADIT_EVENT_USER_DISCONNECT] = ADIT_STATE_DISCONNECTING,
    [ADIT_EVENT_CONFIRMED]       = ADIT_STATE_CONNECTED,
    [ADIT_EVENT_TRY_FAILED]      = ADIT_STATE_CONNECTING,
    [ADIT_EVENT_GAVE_UP]         = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_TUNNEL_LOST]     = ADIT_STATE_CONNECTING,
    [ADIT_EVENT_RETRY_DUE]       = ADIT_STATE_CONNECTING,
    [ADIT_EVENT_OFFLINE]         = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_LOCK_FAILED]     = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_UNDONE]          = ADIT_STATE_CONNECTING,
  },
  [ADIT_STATE_CONNECTED] = {
    [ADIT_EVENT_USER_CONNECT]    = ADIT_STATE_CONNECTING,
    [ADIT_EVENT_USER_DISCONNECT] = ADIT_STATE_DISCONNECTING,
    [ADIT_EVENT_CONFIRMED]       = ADIT_STATE_CONNECTED,
    [ADIT_EVENT_TRY_FAILED]      = ADIT_STATE_CONNECTING,
    [ADIT_EVENT_GAVE_UP]         = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_TUNNEL_LOST]     = ADIT_STATE_CONNECTING,    /* still locked on the way */
    [ADIT_EVENT_RETRY_DUE]       = ADIT_STATE_CONNECTED,
    [ADIT_EVENT_OFFLINE]         = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_LOCK_FAILED]     = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_UNDONE]          = ADIT_STATE_CONNECTED,
  },
  [ADIT_STATE_DISCONNECTING] = {
    [ADIT_EVENT_USER_CONNECT]    = ADIT_STATE_CONNECTING,
    [ADIT_EVENT_USER_DISCONNECT] = ADIT_STATE_DISCONNECTING,
    [ADIT_EVENT_CONFIRMED]       = ADIT_STATE_DISCONNECTING,
    [ADIT_EVENT_TRY_FAILED]      = ADIT_STATE_DISCONNECTING,
    [ADIT_EVENT_GAVE_UP]         = ADIT_STATE_DISCONNECTING,
    [ADIT_EVENT_TUNNEL_LOST]     = ADIT_STATE_DISCONNECTING,
    [ADIT_EVENT_RETRY_DUE]       = ADIT_STATE_DISCONNECTING,
    [ADIT_EVENT_OFFLINE]         = ADIT_STATE_DISCONNECTING,
    [ADIT_EVENT_LOCK_FAILED]     = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_UNDONE]          = ADIT_STATE_DISCONNECTED,
  },
  [ADIT_STATE_DISCONNECTED] = {
    [ADIT_EVENT_USER_CONNECT]    = ADIT_STATE_CONNECTING,
    [ADIT_EVENT_USER_DISCONNECT] = ADIT_STATE_DISCONNECTED,
    [ADIT_EVENT_CONFIRMED]       = ADIT_STATE_DISCONNECTED,
    [ADIT_EVENT_TRY_FAILED]      = ADIT_STATE_DISCONNECTED,
    [ADIT_EVENT_GAVE_UP]         = ADIT_STATE_DISCONNECTED,
    [ADIT_EVENT_TUNNEL_LOST]     = ADIT_STATE_DISCONNECTED,
    [ADIT_EVENT_RETRY_DUE]       = ADIT_STATE_DISCONNECTED,
    [ADIT_EVENT_OFFLINE]         = ADIT_STATE_DISCONNECTED,
    [ADIT_EVENT_LOCK_FAILED]     = ADIT_STATE_BLOCKED,
    [ADIT_EVENT_UNDONE]          = ADIT_STATE_DISCONNECTED,
  },
};

/* ADIT_LOCK_ALL is 0.  Disconnecting is not here: it keeps the lock that is in force (session.c). */
static const AditLock lock_for_state[ADIT_N_STATES] = {
  [ADIT_STATE_CONNECTING]   = ADIT_LOCK_PEER,
  [ADIT_STATE_CONNECTED]    = ADIT_LOCK_TUNNEL,
  [ADIT_STATE_DISCONNECTED] = ADIT_LOCK_OFF,    /* the one row that opens; lockdown replaces it */
};

static const char *const nicks[ADIT_N_EVENTS] = {
  [ADIT_EVENT_USER_CONNECT]    = "user-connect",
  [ADIT_EVENT_USER_DISCONNECT] = "user-disconnect",
  [ADIT_EVENT_CONFIRMED]       = "confirmed",
  [ADIT_EVENT_TRY_FAILED]      = "try-failed",
  [ADIT_EVENT_GAVE_UP]         = "gave-up",
  [ADIT_EVENT_TUNNEL_LOST]     = "tunnel-lost",
  [ADIT_EVENT_RETRY_DUE]       = "retry-due",
  [ADIT_EVENT_OFFLINE]         = "offline",
  [ADIT_EVENT_LOCK_FAILED]     = "lock-failed",
  [ADIT_EVENT_UNDONE]          = "undone",
};

/**
 * adit_session_table_next:
 * @state: where the session is
 * @event: what has happened
 *
 * Returns: where it goes; %ADIT_STATE_BLOCKED for numbers that are no state or event
 */
AditState
adit_session_table_next (AditState state, AditEvent event)
{
  if ((guint) state >= ADIT_N_STATES || (guint) event >= ADIT_N_EVENTS)
    return ADIT_STATE_BLOCKED;
  return transitions[state][event];
}

/**
 * adit_session_table_lock:
 * @state: a state that is being entered
 * @lockdown: whether the user wants the lock also while disconnected
 *
 * Returns: the lock of that state; %ADIT_LOCK_ALL for a number that is no state
 */
AditLock
adit_session_table_lock (AditState state, gboolean lockdown)
{
  if ((guint) state >= ADIT_N_STATES || (state == ADIT_STATE_DISCONNECTED && lockdown))
    return ADIT_LOCK_ALL;
  return lock_for_state[state];
}

/**
 * adit_event_get_nick:
 * @event: an event
 *
 * Returns: (transfer none): its name for the log
 */
const char *
adit_event_get_nick (AditEvent event)
{
  return (guint) event < ADIT_N_EVENTS ? nicks[event] : "?";
}
