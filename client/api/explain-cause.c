/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain-cause.c: what happened, then what can be done. */
#include "config.h"
#include "client/api/explain-cause.h"

#include <glib/gi18n-lib.h>

static const AditExplanation causes[ADIT_N_CAUSES] = {
  [ADIT_CAUSE_NONE] = { N_("Nothing is known to be wrong."), "", "" },
  [ADIT_CAUSE_NO_LINK] = { N_("No cable or radio of this computer carries anything."),
                           N_("Plug in a cable or join a Wi-Fi network; Adit goes on by itself then."), "" },
  [ADIT_CAUSE_NO_ADDRESS] = { N_("The network has not given this computer an address."),
                              N_("Leave the network and join it again, or restart its router."), "" },
  [ADIT_CAUSE_NO_ROUTE] = { N_("This computer has an address, and no router that leads further."),
                            N_("Leave the network and join it again."), "ip route" },
  [ADIT_CAUSE_MANAGER_MISSING] = { N_("NetworkManager is not running, and nobody else has set up the network."),
                                   N_("Start it."), "systemctl start NetworkManager" },
  [ADIT_CAUSE_DNS_DEAD] = { N_("The tunnel works, and whoever is to answer this computer's names does not."),
                            N_("Connect to another place; if you chose resolvers of your own, look at them."), "adit dns" },
  [ADIT_CAUSE_RESOLVER_MISSING] = { N_("This computer asks systemd-resolved for its names, and that is not running."),
                                    N_("Start it."), "systemctl start systemd-resolved" },
  [ADIT_CAUSE_SERVICE_BLOCKED] = { N_("Something in this network answers in place of the service."),
                                   N_("It may want you to sign in to it, or block the service. Try another network."),
                                   "adit portal" },
  [ADIT_CAUSE_OTHER_RULES] = { N_("Another program's rules keep the tunnel from coming up."),
                               N_("They are named below, with what can be done."), "" },
  [ADIT_CAUSE_UDP_BLOCKED] = { N_("Several servers do not answer: this network lets no such packets (UDP) through."),
                               N_("Try OpenVPN by TCP where the service has it, or another network."),
                               "adit connect --tunnel openvpn-tcp" },
  [ADIT_CAUSE_RELAY_SILENT] = { N_("The server does not answer."),
                                N_("Connect to another place; some networks block WireGuard altogether."), "adit connect" },
  [ADIT_CAUSE_MTU_BLACK_HOLE] = { N_("Long packets vanish on the way, even those that every network has to carry."),
                                  N_("Pages will begin to load and stop. Try another network, or OpenVPN by TCP."),
                                  "adit connect --tunnel openvpn-tcp" },
  [ADIT_CAUSE_HELPER_MISSING] = { N_("Adit's helper is not running."),
                                  N_("Start it. If the network stays blocked, \"adit recover --open\" opens it."),
                                  "systemctl start aditd" },
  [ADIT_CAUSE_HELPER_OLD] = { N_("The helper that runs is of another build than this program."),
                              N_("Restart it."),
                              "systemctl restart aditd" },
};

static const AditExplanation conflicts[ADIT_N_CONFLICTS] = {
  [ADIT_CONFLICT_RESOLVER] = { N_("Another link is asked for every name as well, so names may not be found."),
                               N_("Take the domain \"~.\" from that link, or end the program that set it."), "" },
  [ADIT_CONFLICT_RANGE] = { N_("Another program has addresses that are the tunnel's as well, so one of the two fails."),
                            N_("End that program while connected, or connect to another place."), "ip route show table all" },
  [ADIT_CONFLICT_REFUSES] = { N_("Another firewall refuses what leaves unless it is named there."),
                              N_("Let out adit0 and the tunnel's own packets there, or leave that to Adit's lock."), "" },
  [ADIT_CONFLICT_RULE] = { N_("Another program's routing rule comes before Adit's."),
                           N_("The lock stops what it names. End that program, or give its rule more than 4499."), "ip rule" },
  [ADIT_CONFLICT_KILL_SWITCH] = { N_("Another kill switch refuses what does not leave by its own device."),
                                  N_("Switch it off there; Adit's lock does the same for Adit's tunnel."), "" },
};

static const char *const checks[ADIT_N_CHECKS] = {
  [ADIT_CHECK_LINK] = N_("Cable or radio"),
  [ADIT_CHECK_ADDRESS] = N_("Address"),
  [ADIT_CHECK_ROUTE] = N_("Way out of this network"),
  [ADIT_CHECK_PARTS] = N_("Lock and tunnel"),
  [ADIT_CHECK_ACCOUNT] = N_("Account and place"),
  [ADIT_CHECK_SERVICE] = N_("Service"),
  [ADIT_CHECK_RULES] = N_("Other programs’ rules"),
  [ADIT_CHECK_SERVER] = N_("Server"),
  [ADIT_CHECK_PACKETS] = N_("Long packets"),
  [ADIT_CHECK_NAMES] = N_("Names"),
  [ADIT_CHECK_EXIT] = N_("Exit address"),
};

/* Of something that is needed for a connection. */
static const char *const verdicts[ADIT_N_VERDICTS] = {
  [ADIT_VERDICT_UNKNOWN] = N_("not known"),
  [ADIT_VERDICT_GOOD] = N_("passed"),
  [ADIT_VERDICT_BAD] = N_("failed"),
};

static void
translate (const AditExplanation *from, AditExplanation *explanation)
{
  explanation->what = _(from->what);
  explanation->remedy = from->remedy[0] != '\0' ? _(from->remedy) : "";    /* gettext answers "" with its header */
  explanation->command = from->command;
}

/**
 * adit_explain_cause:
 * @nick: what is to blame: a cause's word, or a reason's, or ""
 * @explanation: (out caller-allocates): the words; they belong to the catalogue
 */
void
adit_explain_cause (const char *nick, AditExplanation *explanation)
{
  AditCause cause = ADIT_CAUSE_NONE;
  AditReason reason = ADIT_REASON_INTERNAL;

  if (nick[0] == '\0' || adit_cause_from_nick (nick, &cause))
    {
      translate (&causes[cause], explanation);
      return;
    }
  (void) adit_reason_from_nick (nick, &reason);
  adit_explain_reason (reason, explanation);
}

/**
 * adit_explain_conflict:
 * @kind: what is in the way
 * @explanation: (out caller-allocates): the words; they belong to the catalogue
 */
void
adit_explain_conflict (AditConflictKind kind, AditExplanation *explanation)
{
  translate (&conflicts[(guint) kind < ADIT_N_CONFLICTS ? kind : ADIT_CONFLICT_REFUSES], explanation);
}

/**
 * adit_explain_check:
 * @check: something that a connection needs
 *
 * Returns: (transfer none): what a person calls it
 */
const char *
adit_explain_check (AditCheck check)
{
  return _(checks[check]);
}

/**
 * adit_explain_verdict:
 * @verdict: whether that is as it has to be
 *
 * Returns: (transfer none): in a word
 */
const char *
adit_explain_verdict (AditVerdict verdict)
{
  return _(verdicts[verdict]);
}
