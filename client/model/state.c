/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state.c: the nicks of states, locks and reasons, as they stand on the bus, in JSON and on disk; they are never renamed. */
#include "client/model/state.h"

#include "client/base/error.h"

static const char *const state_nicks[ADIT_N_STATES] = {
  [ADIT_STATE_BLOCKED] = "blocked",
  [ADIT_STATE_CONNECTING] = "connecting",
  [ADIT_STATE_CONNECTED] = "connected",
  [ADIT_STATE_DISCONNECTING] = "disconnecting",
  [ADIT_STATE_DISCONNECTED] = "disconnected",
};

static const char *const lock_nicks[ADIT_N_LOCKS] = {
  [ADIT_LOCK_ALL] = "all",
  [ADIT_LOCK_PEER] = "peer",
  [ADIT_LOCK_TUNNEL] = "tunnel",
  [ADIT_LOCK_OFF] = "off",
};

static const char *const reason_nicks[ADIT_N_REASONS] = {
  [ADIT_REASON_NONE] = "",
  [ADIT_REASON_STARTING] = "starting",
  [ADIT_REASON_SETTINGS_LOST] = "settings-lost",
  [ADIT_REASON_NO_ACCOUNT] = "no-account",
  [ADIT_REASON_ACCOUNT_EXPIRED] = "account-expired",
  [ADIT_REASON_DEVICE_REVOKED] = "device-revoked",
  [ADIT_REASON_KEY_LOST] = "key-lost",
  [ADIT_REASON_NO_SUCH_PLACE] = "no-such-place",
  [ADIT_REASON_FILTERED] = "filtered",
  [ADIT_REASON_SERVICE_UNREACHABLE] = "service-unreachable",
  [ADIT_REASON_WRONG_CLOCK] = "wrong-clock",
  [ADIT_REASON_SERVICE_NONSENSE] = "service-nonsense",
  [ADIT_REASON_NO_WIREGUARD] = "no-wireguard",
  [ADIT_REASON_NO_OPENVPN] = "no-openvpn",
  [ADIT_REASON_TRUST_UNUSABLE] = "trust-unusable",
  [ADIT_REASON_LOGIN_REFUSED] = "login-refused",
  [ADIT_REASON_ANSWER_NEEDED] = "answer-needed",
  [ADIT_REASON_TUNNEL_FAILED] = "tunnel-failed",
  [ADIT_REASON_NO_HANDSHAKE] = "no-handshake",
  [ADIT_REASON_OFFLINE] = "offline",
  [ADIT_REASON_DNS_FAILED] = "dns-failed",
  [ADIT_REASON_LOCK_FAILED] = "lock-failed",
  [ADIT_REASON_WORKER_FAILED] = "worker-failed",
  [ADIT_REASON_INTERNAL] = "internal",
};

/* What an error means for the session; what is not named here is internal. */
static const AditReason reason_for_error[ADIT_N_ERRORS] = {
  [ADIT_ERROR_FAILED] = ADIT_REASON_INTERNAL,
  [ADIT_ERROR_NO_ACCOUNT] = ADIT_REASON_NO_ACCOUNT,
  [ADIT_ERROR_NO_SUCH_PLACE] = ADIT_REASON_NO_SUCH_PLACE,
  [ADIT_ERROR_FILTERED] = ADIT_REASON_FILTERED,
  [ADIT_ERROR_CREDENTIAL_REFUSED] = ADIT_REASON_DEVICE_REVOKED,
  [ADIT_ERROR_SIGN_IN_ENDED] = ADIT_REASON_DEVICE_REVOKED,
  [ADIT_ERROR_KEY_REFUSED] = ADIT_REASON_DEVICE_REVOKED,
  [ADIT_ERROR_ACCOUNT_EXPIRED] = ADIT_REASON_ACCOUNT_EXPIRED,
  [ADIT_ERROR_DEVICE_REVOKED] = ADIT_REASON_DEVICE_REVOKED,
  [ADIT_ERROR_KEY_LOST] = ADIT_REASON_KEY_LOST,
  [ADIT_ERROR_SERVICE_UNREACHABLE] = ADIT_REASON_SERVICE_UNREACHABLE,
  [ADIT_ERROR_SERVICE_UNTRUSTED] = ADIT_REASON_SERVICE_UNREACHABLE,
  [ADIT_ERROR_WRONG_CLOCK] = ADIT_REASON_WRONG_CLOCK,
  [ADIT_ERROR_SERVICE_NONSENSE] = ADIT_REASON_SERVICE_NONSENSE,
  [ADIT_ERROR_SERVICE_FAILED] = ADIT_REASON_SERVICE_UNREACHABLE,
  [ADIT_ERROR_TOO_MANY_REQUESTS] = ADIT_REASON_SERVICE_UNREACHABLE,
  [ADIT_ERROR_NOT_UNDERSTOOD] = ADIT_REASON_SERVICE_NONSENSE,
  [ADIT_ERROR_SERVICE_REFUSED] = ADIT_REASON_SERVICE_NONSENSE,
  [ADIT_ERROR_WORKER_FAILED] = ADIT_REASON_WORKER_FAILED,
  [ADIT_ERROR_OTHER_VERSION] = ADIT_REASON_WORKER_FAILED,
  [ADIT_ERROR_TUNNEL_FAILED] = ADIT_REASON_TUNNEL_FAILED,
  [ADIT_ERROR_NO_WIREGUARD] = ADIT_REASON_NO_WIREGUARD,
  [ADIT_ERROR_NO_OPENVPN] = ADIT_REASON_NO_OPENVPN,
  [ADIT_ERROR_TRUST_UNUSABLE] = ADIT_REASON_TRUST_UNUSABLE,
  [ADIT_ERROR_LOGIN_REFUSED] = ADIT_REASON_LOGIN_REFUSED,
  [ADIT_ERROR_ANSWER_NEEDED] = ADIT_REASON_ANSWER_NEEDED,
  [ADIT_ERROR_NO_HANDSHAKE] = ADIT_REASON_NO_HANDSHAKE,
  [ADIT_ERROR_OFFLINE] = ADIT_REASON_OFFLINE,
  [ADIT_ERROR_DNS_FAILED] = ADIT_REASON_DNS_FAILED,
  [ADIT_ERROR_LOCK_FAILED] = ADIT_REASON_LOCK_FAILED,
};

static int
find_nick (const char *const *nicks, guint n_nicks, const char *nick)
{
  for (guint i = 0; i < n_nicks; i++)
    if (g_strcmp0 (nicks[i], nick) == 0)
      return (int) i;
  return -1;
}

/**
 * adit_state_get_nick:
 * @state: a state
 *
 * Returns: (transfer none): for instance "connected"; "blocked" for a number that is no state
 */
const char *
adit_state_get_nick (AditState state)
{
  return (guint) state < ADIT_N_STATES ? state_nicks[state] : state_nicks[ADIT_STATE_BLOCKED];
}

/**
 * adit_lock_get_nick:
 * @lock: a lock
 *
 * Returns: (transfer none): "all", "peer", "tunnel" or "off"; "all" for a number that is no lock
 */
const char *
adit_lock_get_nick (AditLock lock)
{
  return (guint) lock < ADIT_N_LOCKS ? lock_nicks[lock] : lock_nicks[ADIT_LOCK_ALL];
}

/**
 * adit_reason_get_nick:
 * @reason: a reason
 *
 * Returns: (transfer none): for instance "no-handshake"; "" for none
 */
const char *
adit_reason_get_nick (AditReason reason)
{
  return (guint) reason < ADIT_N_REASONS ? reason_nicks[reason] : reason_nicks[ADIT_REASON_INTERNAL];
}

/**
 * adit_state_from_nick:
 * @nick: (nullable): a state's nick
 * @state: (out): the state; untouched on failure
 *
 * Returns: whether there is such a state
 */
gboolean
adit_state_from_nick (const char *nick, AditState *state)
{
  int found = find_nick (state_nicks, ADIT_N_STATES, nick);

  if (found >= 0)
    *state = (AditState) found;
  return found >= 0;
}

/**
 * adit_reason_from_nick:
 * @nick: (nullable): a reason's nick
 * @reason: (out): the reason; untouched on failure
 *
 * Returns: whether there is such a reason
 */
gboolean
adit_reason_from_nick (const char *nick, AditReason *reason)
{
  int found = find_nick (reason_nicks, ADIT_N_REASONS, nick);

  if (found >= 0)
    *reason = (AditReason) found;
  return found >= 0;
}

/**
 * adit_reason_from_error:
 * @error: why something failed
 *
 * Returns: the reason that the session is blocked for; never %ADIT_REASON_NONE
 */
AditReason
adit_reason_from_error (const GError *error)
{
  AditReason reason = ADIT_REASON_NONE;

  if (error->domain == ADIT_ERROR && error->code >= 0 && error->code < ADIT_N_ERRORS)
    reason = reason_for_error[error->code];
  return reason != ADIT_REASON_NONE ? reason : ADIT_REASON_INTERNAL;
}
