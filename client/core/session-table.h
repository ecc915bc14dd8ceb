/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-table.h: which state follows which event, and which lock belongs to a state. */
#pragma once

#include "client/model/state.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_EVENT_USER_CONNECT = 0,    /* connect, reconnect and switch, and the replay of that wish at start-up */
  ADIT_EVENT_USER_DISCONNECT,     /* the same for the other wish: the only event that leads to an open lock */
  ADIT_EVENT_CONFIRMED,           /* handshake seen, resolver set, the connected lock in force */
  ADIT_EVENT_TRY_FAILED,          /* this try is over, another follows by itself */
  ADIT_EVENT_GAVE_UP,             /* no other try would do better now */
  ADIT_EVENT_TUNNEL_LOST,         /* device, process or peer is gone */
  ADIT_EVENT_RETRY_DUE,           /* blocked for a passing reason, and the pause is over or the network another */
  ADIT_EVENT_OFFLINE,             /* no link leads anywhere */
  ADIT_EVENT_LOCK_FAILED,         /* the firewall did not take a lock */
  ADIT_EVENT_UNDONE,              /* resolver, routes and device are as they were before */
  ADIT_N_EVENTS
} AditEvent;

AditState   adit_session_table_next (AditState state, AditEvent event);
AditLock    adit_session_table_lock (AditState state, gboolean lockdown);
const char *adit_event_get_nick     (AditEvent event);

G_END_DECLS
