/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cause.c: what is nearest to this computer comes first: without a link nothing behind it is to blame. */
#include "client/model/cause.h"

/* On the bus and in JSON; never renamed. */
static const char *const nicks[ADIT_N_CAUSES] = {
  [ADIT_CAUSE_NONE] = "",
  [ADIT_CAUSE_REASON] = "",
  [ADIT_CAUSE_NO_LINK] = "no-link",
  [ADIT_CAUSE_NO_ADDRESS] = "no-address",
  [ADIT_CAUSE_NO_ROUTE] = "no-route",
  [ADIT_CAUSE_MANAGER_MISSING] = "network-manager-missing",
  [ADIT_CAUSE_DNS_DEAD] = "dns-dead",
  [ADIT_CAUSE_RESOLVER_MISSING] = "resolver-missing",
  [ADIT_CAUSE_SERVICE_BLOCKED] = "service-blocked",
  [ADIT_CAUSE_OTHER_RULES] = "other-rules",
  [ADIT_CAUSE_UDP_BLOCKED] = "udp-blocked",
  [ADIT_CAUSE_RELAY_SILENT] = "relay-silent",
  [ADIT_CAUSE_MTU_BLACK_HOLE] = "mtu-black-hole",
  [ADIT_CAUSE_HELPER_MISSING] = "helper-missing",
  [ADIT_CAUSE_HELPER_OLD] = "helper-old",
};

static AditCause
find_in_network (const AditCauseFacts *facts)
{
  if (facts->has_link && facts->has_address && facts->has_route)
    return ADIT_CAUSE_NONE;
  if (facts->is_manager_missing)
    return ADIT_CAUSE_MANAGER_MISSING;
  return !facts->has_link ? ADIT_CAUSE_NO_LINK : !facts->has_address ? ADIT_CAUSE_NO_ADDRESS : ADIT_CAUSE_NO_ROUTE;
}

/* Packets went out, and what was waited for did not come. */
static AditCause
find_on_way (const AditCauseFacts *facts)
{
  switch (facts->reason)
    {
    case ADIT_REASON_SERVICE_UNREACHABLE:
      return facts->is_untrusted ? ADIT_CAUSE_SERVICE_BLOCKED : ADIT_CAUSE_REASON;
    case ADIT_REASON_NO_HANDSHAKE:
      if (facts->is_untrusted)
        return ADIT_CAUSE_SERVICE_BLOCKED;
      return facts->are_several_silent ? ADIT_CAUSE_UDP_BLOCKED : ADIT_CAUSE_RELAY_SILENT;
    default:
      return ADIT_CAUSE_REASON;
    }
}

/* The tunnel is up. */
static AditCause
find_inside (const AditCauseFacts *facts)
{
  if (facts->state != ADIT_STATE_CONNECTED)
    return ADIT_CAUSE_NONE;
  return facts->are_names_dead ? ADIT_CAUSE_DNS_DEAD : facts->loses_long_packets ? ADIT_CAUSE_MTU_BLACK_HOLE : ADIT_CAUSE_NONE;
}

/**
 * adit_cause_find:
 * @facts: what is known
 *
 * Returns: what is to blame; %ADIT_CAUSE_NONE where nothing is known to be wrong
 */
AditCause
adit_cause_find (const AditCauseFacts *facts)
{
  AditCause cause;

  switch (facts->reason)
    {
    case ADIT_REASON_NONE:
    case ADIT_REASON_OFFLINE:
    case ADIT_REASON_SERVICE_UNREACHABLE:
    case ADIT_REASON_NO_HANDSHAKE:
    case ADIT_REASON_TUNNEL_FAILED:
    case ADIT_REASON_DNS_FAILED:
      break;
    default:
      return ADIT_CAUSE_REASON;    /* nothing of this computer's network would change it */
    }
  cause = find_in_network (facts);
  if (cause != ADIT_CAUSE_NONE)
    return cause;
  if (facts->is_resolver_missing && (facts->reason == ADIT_REASON_NONE || facts->reason == ADIT_REASON_DNS_FAILED))
    return ADIT_CAUSE_RESOLVER_MISSING;
  /* What was found at the last try, until this one is over. */
  if (facts->state == ADIT_STATE_CONNECTING && facts->is_untrusted)
    return ADIT_CAUSE_SERVICE_BLOCKED;
  if (facts->reason == ADIT_REASON_NONE)
    return find_inside (facts);
  if (facts->has_other_rules && facts->reason != ADIT_REASON_DNS_FAILED && !facts->is_untrusted)
    return ADIT_CAUSE_OTHER_RULES;
  return find_on_way (facts);
}

/**
 * adit_cause_get_nick:
 * @cause: a cause
 *
 * Returns: (transfer none): its word; "" for none, for %ADIT_CAUSE_REASON and for a number that is none
 */
const char *
adit_cause_get_nick (AditCause cause)
{
  return (guint) cause < ADIT_N_CAUSES ? nicks[cause] : "";
}

/**
 * adit_cause_from_nick:
 * @nick: a word, not ""
 * @cause: (out): its cause; untouched where there is none
 *
 * Returns: whether it is a cause's own word, and not a reason's
 */
gboolean
adit_cause_from_nick (const char *nick, AditCause *cause)
{
  for (guint i = ADIT_CAUSE_NO_LINK; i < ADIT_N_CAUSES; i++)
    if (g_strcmp0 (nicks[i], nick) == 0)
      {
        *cause = (AditCause) i;
        return TRUE;
      }
  return FALSE;
}
