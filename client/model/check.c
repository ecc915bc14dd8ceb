/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check.c: what is known of each, from the same facts as the cause: the cause is always the blame of one that failed. */
#include "client/model/check.h"

/* On the bus and in JSON; never renamed. */
static const char *const nicks[ADIT_N_CHECKS] = {
  [ADIT_CHECK_LINK] = "link",
  [ADIT_CHECK_ADDRESS] = "address",
  [ADIT_CHECK_ROUTE] = "route",
  [ADIT_CHECK_PARTS] = "parts",
  [ADIT_CHECK_ACCOUNT] = "account",
  [ADIT_CHECK_SERVICE] = "service",
  [ADIT_CHECK_RULES] = "rules",
  [ADIT_CHECK_SERVER] = "server",
  [ADIT_CHECK_PACKETS] = "long-packets",
  [ADIT_CHECK_NAMES] = "names",
  [ADIT_CHECK_EXIT] = "exit",
};

static const char *const verdict_nicks[ADIT_N_VERDICTS] = {
  [ADIT_VERDICT_UNKNOWN] = "unknown",
  [ADIT_VERDICT_GOOD] = "passed",
  [ADIT_VERDICT_BAD] = "failed",
};

/* Why it is blocked shows one of them alone; ADIT_N_CHECKS: none. */
static const AditCheck blamed[ADIT_N_REASONS] = {
  [ADIT_REASON_NONE] = ADIT_N_CHECKS,
  [ADIT_REASON_STARTING] = ADIT_CHECK_PARTS,
  [ADIT_REASON_SETTINGS_LOST] = ADIT_CHECK_PARTS,
  [ADIT_REASON_NO_ACCOUNT] = ADIT_CHECK_ACCOUNT,
  [ADIT_REASON_ACCOUNT_EXPIRED] = ADIT_CHECK_ACCOUNT,
  [ADIT_REASON_DEVICE_REVOKED] = ADIT_CHECK_ACCOUNT,
  [ADIT_REASON_KEY_LOST] = ADIT_CHECK_ACCOUNT,
  [ADIT_REASON_NO_SUCH_PLACE] = ADIT_CHECK_ACCOUNT,
  [ADIT_REASON_FILTERED] = ADIT_CHECK_ACCOUNT,
  [ADIT_REASON_SERVICE_UNREACHABLE] = ADIT_CHECK_SERVICE,
  [ADIT_REASON_WRONG_CLOCK] = ADIT_CHECK_PARTS,
  [ADIT_REASON_SERVICE_NONSENSE] = ADIT_CHECK_SERVICE,
  [ADIT_REASON_NO_WIREGUARD] = ADIT_CHECK_PARTS,
  [ADIT_REASON_NO_OPENVPN] = ADIT_CHECK_PARTS,
  [ADIT_REASON_TRUST_UNUSABLE] = ADIT_CHECK_PARTS,
  [ADIT_REASON_LOGIN_REFUSED] = ADIT_CHECK_ACCOUNT,
  [ADIT_REASON_ANSWER_NEEDED] = ADIT_CHECK_ACCOUNT,
  [ADIT_REASON_TUNNEL_FAILED] = ADIT_CHECK_SERVER,
  [ADIT_REASON_NO_HANDSHAKE] = ADIT_CHECK_SERVER,
  [ADIT_REASON_OFFLINE] = ADIT_CHECK_ROUTE,
  [ADIT_REASON_DNS_FAILED] = ADIT_CHECK_NAMES,
  [ADIT_REASON_LOCK_FAILED] = ADIT_CHECK_PARTS,
  [ADIT_REASON_WORKER_FAILED] = ADIT_CHECK_PARTS,
  [ADIT_REASON_INTERNAL] = ADIT_CHECK_PARTS,
};

static AditVerdict
blame_it (const char **blame, AditCause cause, AditReason reason)
{
  *blame = cause == ADIT_CAUSE_REASON ? adit_reason_get_nick (reason) : adit_cause_get_nick (cause);
  return ADIT_VERDICT_BAD;
}

static AditVerdict
find_link (const AditCauseFacts *facts, const char **blame)
{
  if (facts->has_link)
    return ADIT_VERDICT_GOOD;
  return blame_it (blame, facts->is_manager_missing ? ADIT_CAUSE_MANAGER_MISSING : ADIT_CAUSE_NO_LINK, ADIT_REASON_NONE);
}

static AditVerdict
find_address (const AditCauseFacts *facts, const char **blame)
{
  if (!facts->has_link)
    return ADIT_VERDICT_UNKNOWN;
  if (facts->has_address)
    return ADIT_VERDICT_GOOD;
  return blame_it (blame, facts->is_manager_missing ? ADIT_CAUSE_MANAGER_MISSING : ADIT_CAUSE_NO_ADDRESS, ADIT_REASON_NONE);
}

static AditVerdict
find_route (const AditCauseFacts *facts, const char **blame)
{
  if (!facts->has_link || !facts->has_address)
    return ADIT_VERDICT_UNKNOWN;
  if (!facts->has_route)
    return blame_it (blame, facts->is_manager_missing ? ADIT_CAUSE_MANAGER_MISSING : ADIT_CAUSE_NO_ROUTE, ADIT_REASON_NONE);
  return facts->reason == ADIT_REASON_OFFLINE ? ADIT_VERDICT_UNKNOWN : ADIT_VERDICT_GOOD;
}

/* Of a connection that stands, or of a server that was tried, what it took to come there is good. */
static AditVerdict
find_before_server (const AditCauseFacts *facts, const char **blame)
{
  return facts->state == ADIT_STATE_CONNECTED || blamed[facts->reason] == ADIT_CHECK_SERVER ? ADIT_VERDICT_GOOD
                                                                                            : ADIT_VERDICT_UNKNOWN;
}

static AditVerdict
find_service (const AditCauseFacts *facts, const char **blame)
{
  if (facts->is_untrusted && adit_cause_find (facts) == ADIT_CAUSE_SERVICE_BLOCKED)
    return blame_it (blame, ADIT_CAUSE_SERVICE_BLOCKED, ADIT_REASON_NONE);
  return facts->has_exit ? ADIT_VERDICT_GOOD : ADIT_VERDICT_UNKNOWN;
}

static AditVerdict
find_rules (const AditCauseFacts *facts, const char **blame)
{
  if (!facts->has_other_rules)
    return ADIT_VERDICT_GOOD;
  if (adit_cause_find (facts) == ADIT_CAUSE_OTHER_RULES)
    return blame_it (blame, ADIT_CAUSE_OTHER_RULES, ADIT_REASON_NONE);
  return facts->state == ADIT_STATE_CONNECTED ? ADIT_VERDICT_GOOD : ADIT_VERDICT_UNKNOWN;
}

static AditVerdict
find_server (const AditCauseFacts *facts, const char **blame)
{
  AditCause cause = adit_cause_find (facts);

  if (cause == ADIT_CAUSE_UDP_BLOCKED || cause == ADIT_CAUSE_RELAY_SILENT)
    return blame_it (blame, cause, ADIT_REASON_NONE);
  return facts->state == ADIT_STATE_CONNECTED ? ADIT_VERDICT_GOOD : ADIT_VERDICT_UNKNOWN;
}

static AditVerdict
find_packets (const AditCauseFacts *facts, const char **blame)
{
  if (facts->state != ADIT_STATE_CONNECTED)
    return ADIT_VERDICT_UNKNOWN;
  return facts->loses_long_packets ? blame_it (blame, ADIT_CAUSE_MTU_BLACK_HOLE, ADIT_REASON_NONE) : ADIT_VERDICT_GOOD;
}

static AditVerdict
find_names (const AditCauseFacts *facts, const char **blame)
{
  if (adit_cause_find (facts) == ADIT_CAUSE_RESOLVER_MISSING)
    return blame_it (blame, ADIT_CAUSE_RESOLVER_MISSING, ADIT_REASON_NONE);
  if (facts->state != ADIT_STATE_CONNECTED)
    return ADIT_VERDICT_UNKNOWN;
  return facts->are_names_dead ? blame_it (blame, ADIT_CAUSE_DNS_DEAD, ADIT_REASON_NONE) : ADIT_VERDICT_GOOD;
}

/* That nobody has said where one leaves is no fault: of what was imported nobody does. */
static AditVerdict
find_exit (const AditCauseFacts *facts, const char **blame)
{
  return facts->state == ADIT_STATE_CONNECTED && facts->has_exit ? ADIT_VERDICT_GOOD : ADIT_VERDICT_UNKNOWN;
}

static AditVerdict (*const finders[ADIT_N_CHECKS]) (const AditCauseFacts *facts, const char **blame) = {
  [ADIT_CHECK_LINK] = find_link,
  [ADIT_CHECK_ADDRESS] = find_address,
  [ADIT_CHECK_ROUTE] = find_route,
  [ADIT_CHECK_PARTS] = find_before_server,
  [ADIT_CHECK_ACCOUNT] = find_before_server,
  [ADIT_CHECK_SERVICE] = find_service,
  [ADIT_CHECK_RULES] = find_rules,
  [ADIT_CHECK_SERVER] = find_server,
  [ADIT_CHECK_PACKETS] = find_packets,
  [ADIT_CHECK_NAMES] = find_names,
  [ADIT_CHECK_EXIT] = find_exit,
};

/**
 * adit_check_find:
 * @check: what is looked at
 * @facts: what is known
 * @blame: (out): for %ADIT_VERDICT_BAD the word of a cause or reason; otherwise ""
 *
 * Returns: whether it is as it has to be
 */
AditVerdict
adit_check_find (AditCheck check, const AditCauseFacts *facts, const char **blame)
{
  *blame = "";
  if (blamed[facts->reason] == check && adit_cause_find (facts) == ADIT_CAUSE_REASON)
    return blame_it (blame, ADIT_CAUSE_REASON, facts->reason);
  return finders[check] (facts, blame);
}

static gboolean
find_nick (const char *const *list, guint n, const char *nick, guint *found)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (list[i], nick) == 0)
      {
        *found = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * adit_check_get_nick:
 * @check: a check
 *
 * Returns: (transfer none): its word
 */
const char *
adit_check_get_nick (AditCheck check)
{
  return nicks[check];
}

/**
 * adit_check_from_nick:
 * @nick: a word
 * @check: (out): its check; untouched where there is none
 *
 * Returns: whether there is one
 */
gboolean
adit_check_from_nick (const char *nick, AditCheck *check)
{
  guint found;

  if (!find_nick (nicks, ADIT_N_CHECKS, nick, &found))
    return FALSE;
  *check = (AditCheck) found;
  return TRUE;
}

/**
 * adit_verdict_get_nick:
 * @verdict: a verdict
 *
 * Returns: (transfer none): its word
 */
const char *
adit_verdict_get_nick (AditVerdict verdict)
{
  return verdict_nicks[verdict];
}

/**
 * adit_verdict_from_nick:
 * @nick: a word
 * @verdict: (out): its verdict; untouched where there is none
 *
 * Returns: whether there is one
 */
gboolean
adit_verdict_from_nick (const char *nick, AditVerdict *verdict)
{
  guint found;

  if (!find_nick (verdict_nicks, ADIT_N_VERDICTS, nick, &found))
    return FALSE;
  *verdict = (AditVerdict) found;
  return TRUE;
}
