/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-cause.c: which of several things that are wrong is named. */
#include "client/model/cause.h"

#define WELL .has_link = TRUE, .has_address = TRUE, .has_route = TRUE

static const struct { AditCauseFacts facts; AditCause cause; } cases[] = {
  { { ADIT_STATE_CONNECTED, WELL }, ADIT_CAUSE_NONE },
  { { ADIT_STATE_DISCONNECTED, WELL }, ADIT_CAUSE_NONE },
  /* Nothing without a link has an address, and nobody is to blame behind it. */
  { { ADIT_STATE_BLOCKED, ADIT_REASON_OFFLINE }, ADIT_CAUSE_NO_LINK },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_OFFLINE, .has_link = TRUE }, ADIT_CAUSE_NO_ADDRESS },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_OFFLINE, .has_link = TRUE, .has_address = TRUE }, ADIT_CAUSE_NO_ROUTE },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_NO_HANDSHAKE, .has_other_rules = TRUE }, ADIT_CAUSE_NO_LINK },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_OFFLINE, .has_link = TRUE, .is_manager_missing = TRUE }, ADIT_CAUSE_MANAGER_MISSING },
  { { ADIT_STATE_CONNECTED, WELL, .is_manager_missing = TRUE }, ADIT_CAUSE_NONE },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_OFFLINE, WELL }, ADIT_CAUSE_REASON },
  /* An account is one whatever the network is. */
  { { ADIT_STATE_BLOCKED, ADIT_REASON_ACCOUNT_EXPIRED }, ADIT_CAUSE_REASON },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_LOCK_FAILED, WELL, .has_other_rules = TRUE }, ADIT_CAUSE_REASON },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_WRONG_CLOCK, WELL, .are_several_silent = TRUE }, ADIT_CAUSE_REASON },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_NO_HANDSHAKE, WELL }, ADIT_CAUSE_RELAY_SILENT },
  { { ADIT_STATE_CONNECTING, ADIT_REASON_NO_HANDSHAKE, WELL }, ADIT_CAUSE_RELAY_SILENT },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_NO_HANDSHAKE, WELL, .are_several_silent = TRUE }, ADIT_CAUSE_UDP_BLOCKED },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_NO_HANDSHAKE, WELL, .are_several_silent = TRUE, .has_other_rules = TRUE },
    ADIT_CAUSE_OTHER_RULES },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_SERVICE_UNREACHABLE, WELL }, ADIT_CAUSE_REASON },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_SERVICE_UNREACHABLE, WELL, .is_untrusted = TRUE }, ADIT_CAUSE_SERVICE_BLOCKED },
  { { ADIT_STATE_CONNECTING, ADIT_REASON_NONE, WELL, .is_untrusted = TRUE }, ADIT_CAUSE_SERVICE_BLOCKED },
  { { ADIT_STATE_CONNECTING, ADIT_REASON_NO_HANDSHAKE, WELL, .are_several_silent = TRUE, .is_untrusted = TRUE },
    ADIT_CAUSE_SERVICE_BLOCKED },
  { { ADIT_STATE_CONNECTING, ADIT_REASON_NONE, .is_untrusted = TRUE }, ADIT_CAUSE_NO_LINK },
  { { ADIT_STATE_DISCONNECTED, ADIT_REASON_NONE, WELL, .is_untrusted = TRUE }, ADIT_CAUSE_NONE },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_DNS_FAILED, WELL, .is_resolver_missing = TRUE }, ADIT_CAUSE_RESOLVER_MISSING },
  { { ADIT_STATE_DISCONNECTED, WELL, .is_resolver_missing = TRUE }, ADIT_CAUSE_RESOLVER_MISSING },
  { { ADIT_STATE_BLOCKED, ADIT_REASON_DNS_FAILED, WELL, .has_other_rules = TRUE }, ADIT_CAUSE_REASON },
  { { ADIT_STATE_CONNECTED, WELL, .loses_long_packets = TRUE }, ADIT_CAUSE_MTU_BLACK_HOLE },
  { { ADIT_STATE_DISCONNECTED, WELL, .loses_long_packets = TRUE }, ADIT_CAUSE_NONE },
  { { ADIT_STATE_CONNECTED, WELL, .are_names_dead = TRUE, .loses_long_packets = TRUE }, ADIT_CAUSE_DNS_DEAD },
  { { ADIT_STATE_DISCONNECTED, WELL, .are_names_dead = TRUE }, ADIT_CAUSE_NONE },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (adit_cause_find (&cases[i].facts), ==, cases[i].cause);
    }
}

/* Each has a word of its own, and none has a reason's. */
static void
test_nicks (void)
{
  for (guint i = ADIT_CAUSE_NO_LINK; i < ADIT_N_CAUSES; i++)
    {
      AditCause cause = ADIT_CAUSE_NONE;
      AditReason reason;

      g_assert_true (adit_cause_from_nick (adit_cause_get_nick (i), &cause));
      g_assert_cmpint (cause, ==, i);
      g_assert_false (adit_reason_from_nick (adit_cause_get_nick (i), &reason));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cause/cases", test_cases);
  g_test_add_func ("/cause/nicks", test_nicks);
  return g_test_run ();
}
