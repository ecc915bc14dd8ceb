/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state.h: the words for where the session is, why it is blocked, and what the lock lets through.
 * Zero is the safe value of each. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ADIT_STATE_BLOCKED = 0,
  ADIT_STATE_CONNECTING,
  ADIT_STATE_CONNECTED,
  ADIT_STATE_DISCONNECTING,
  ADIT_STATE_DISCONNECTED,
  ADIT_N_STATES
} AditState;

/* What may leave, besides loopback, the DHCP client and the needed part of NDP, MLD and ARP. */
typedef enum
{
  ADIT_LOCK_ALL = 0,    /* only the workers' marked sockets to the API addresses */
  ADIT_LOCK_PEER,       /* that, the tunnel's own packets, and what is inside the tunnel */
  ADIT_LOCK_TUNNEL,     /* the tunnel's own packets and what is inside the tunnel */
  ADIT_LOCK_OFF,        /* everything: no rule of ours exists */
  ADIT_N_LOCKS
} AditLock;

typedef enum
{
  ADIT_REASON_NONE = 0,
  ADIT_REASON_STARTING,               /* the helper has just started and has not yet done what was wanted last */
  ADIT_REASON_SETTINGS_LOST,          /* settings are corrupt or gone: locked until the user says otherwise */
  ADIT_REASON_NO_ACCOUNT,
  ADIT_REASON_ACCOUNT_EXPIRED,
  ADIT_REASON_DEVICE_REVOKED,
  ADIT_REASON_KEY_LOST,               /* the service takes another key, or none, and a new one could not be given to it yet */
  ADIT_REASON_NO_SUCH_PLACE,
  ADIT_REASON_FILTERED,               /* there are servers, but none that is all that was asked of one */
  ADIT_REASON_SERVICE_UNREACHABLE,
  ADIT_REASON_WRONG_CLOCK,            /* TLS and WireGuard refuse; it is set by nobody while the lock holds */
  ADIT_REASON_SERVICE_NONSENSE,
  ADIT_REASON_NO_WIREGUARD,
  ADIT_REASON_NO_OPENVPN,
  ADIT_REASON_TRUST_UNUSABLE,
  ADIT_REASON_LOGIN_REFUSED,
  ADIT_REASON_ANSWER_NEEDED,          /* a person has to answer what the server asks */
  ADIT_REASON_TUNNEL_FAILED,
  ADIT_REASON_NO_HANDSHAKE,
  ADIT_REASON_OFFLINE,                /* no link leads anywhere; goes on by itself as soon as one does */
  ADIT_REASON_DNS_FAILED,
  ADIT_REASON_LOCK_FAILED,            /* the lock could not be set or read back: told as a possible leak */
  ADIT_REASON_WORKER_FAILED,
  ADIT_REASON_INTERNAL,
  ADIT_N_REASONS
} AditReason;

const char *adit_state_get_nick  (AditState state);
const char *adit_lock_get_nick   (AditLock lock);
const char *adit_reason_get_nick (AditReason reason);
gboolean    adit_state_from_nick  (const char *nick, AditState *state);
gboolean    adit_reason_from_nick (const char *nick, AditReason *reason);
AditReason  adit_reason_from_error (const GError *error);

G_END_DECLS
