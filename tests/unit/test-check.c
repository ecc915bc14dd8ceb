/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-check.c: whatever the facts are, the one cause is the blame of something that failed; where there is none, nothing has. */
#include "client/model/check.h"

enum { LINK = 1, ADDRESS = 2, ROUTE = 4, MANAGER = 8, RESOLVER = 16, UNTRUSTED = 32, RULES = 64, SILENT = 128, LONG = 256,
       NAMES = 512, EXIT = 1024, ALL = 2048 };

static AditCauseFacts
make_facts (AditState state, AditReason reason, guint bits)
{
  return (AditCauseFacts) {
    .state = state, .reason = reason, .has_link = (bits & LINK) != 0, .has_address = (bits & ADDRESS) != 0,
    .has_route = (bits & ROUTE) != 0, .is_manager_missing = (bits & MANAGER) != 0, .is_resolver_missing = (bits & RESOLVER) != 0,
    .is_untrusted = (bits & UNTRUSTED) != 0, .has_other_rules = (bits & RULES) != 0, .are_several_silent = (bits & SILENT) != 0,
    .loses_long_packets = (bits & LONG) != 0, .are_names_dead = (bits & NAMES) != 0, .has_exit = (bits & EXIT) != 0,
  };
}

static void
expect_consistent (const AditCauseFacts *facts)
{
  AditCause cause = adit_cause_find (facts);
  const char *wanted = cause == ADIT_CAUSE_REASON ? adit_reason_get_nick (facts->reason) : adit_cause_get_nick (cause);
  guint n_failed = 0, n_cause = 0;

  for (guint i = 0; i < ADIT_N_CHECKS; i++)
    {
      const char *blame;
      AditVerdict verdict = adit_check_find ((AditCheck) i, facts, &blame);

      g_assert_true ((verdict == ADIT_VERDICT_BAD) == (blame[0] != '\0'));
      n_failed += verdict == ADIT_VERDICT_BAD;
      n_cause += verdict == ADIT_VERDICT_BAD && g_str_equal (blame, wanted);
    }
  if ((cause == ADIT_CAUSE_NONE) != (n_failed == 0) || (cause == ADIT_CAUSE_NONE) != (n_cause == 0))
    g_error ("state %d, reason %s, cause \"%s\": %u failed, %u for it", facts->state, adit_reason_get_nick (facts->reason),
             wanted, n_failed, n_cause);
}

/* A session has a reason only where it is blocked or tries again. */
static void
test_consistent (void)
{
  static const AditState states[] = { ADIT_STATE_BLOCKED, ADIT_STATE_CONNECTING };

  for (guint bits = 0; bits < ALL; bits++)
    {
      for (guint state = 0; state < ADIT_N_STATES; state++)
        {
          AditCauseFacts facts = make_facts ((AditState) state, ADIT_REASON_NONE, bits);

          expect_consistent (&facts);
        }
      for (guint i = 0; i < G_N_ELEMENTS (states); i++)
        for (guint reason = ADIT_REASON_NONE + 1; reason < ADIT_N_REASONS; reason++)
          {
            AditCauseFacts facts = make_facts (states[i], (AditReason) reason, bits);

            expect_consistent (&facts);
          }
    }
}

#define WAY LINK | ADDRESS | ROUTE

static const struct
{
  AditState   state;
  AditReason  reason;
  guint       bits;
  AditCheck   check;
  AditVerdict verdict;
  const char *blame;
} cases[] = {
  { ADIT_STATE_DISCONNECTED, ADIT_REASON_NONE, WAY, ADIT_CHECK_ROUTE, ADIT_VERDICT_GOOD, "" },
  { ADIT_STATE_DISCONNECTED, ADIT_REASON_NONE, WAY, ADIT_CHECK_SERVER, ADIT_VERDICT_UNKNOWN, "" },
  { ADIT_STATE_DISCONNECTED, ADIT_REASON_NONE, 0, ADIT_CHECK_ADDRESS, ADIT_VERDICT_UNKNOWN, "" },
  { ADIT_STATE_DISCONNECTED, ADIT_REASON_NONE, MANAGER, ADIT_CHECK_LINK, ADIT_VERDICT_BAD, "network-manager-missing" },
  { ADIT_STATE_CONNECTED, ADIT_REASON_NONE, WAY | EXIT, ADIT_CHECK_EXIT, ADIT_VERDICT_GOOD, "" },
  { ADIT_STATE_CONNECTED, ADIT_REASON_NONE, WAY, ADIT_CHECK_EXIT, ADIT_VERDICT_UNKNOWN, "" },
  { ADIT_STATE_CONNECTED, ADIT_REASON_NONE, WAY, ADIT_CHECK_SERVER, ADIT_VERDICT_GOOD, "" },
  { ADIT_STATE_CONNECTED, ADIT_REASON_NONE, WAY | NAMES, ADIT_CHECK_NAMES, ADIT_VERDICT_BAD, "dns-dead" },
  { ADIT_STATE_BLOCKED, ADIT_REASON_ACCOUNT_EXPIRED, WAY, ADIT_CHECK_ACCOUNT, ADIT_VERDICT_BAD, "account-expired" },
  { ADIT_STATE_BLOCKED, ADIT_REASON_NO_HANDSHAKE, WAY, ADIT_CHECK_ACCOUNT, ADIT_VERDICT_GOOD, "" },
  { ADIT_STATE_BLOCKED, ADIT_REASON_NO_HANDSHAKE, WAY | RULES, ADIT_CHECK_SERVER, ADIT_VERDICT_UNKNOWN, "" },
  { ADIT_STATE_BLOCKED, ADIT_REASON_NO_HANDSHAKE, WAY | RULES, ADIT_CHECK_RULES, ADIT_VERDICT_BAD, "other-rules" },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AditCauseFacts facts = make_facts (cases[i].state, cases[i].reason, cases[i].bits);
      const char *blame;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (adit_check_find (cases[i].check, &facts, &blame), ==, cases[i].verdict);
      g_assert_cmpstr (blame, ==, cases[i].blame);
    }
}

static void
test_nicks (void)
{
  AditCheck check = ADIT_N_CHECKS;
  AditVerdict verdict = ADIT_N_VERDICTS;

  for (guint i = 0; i < ADIT_N_CHECKS; i++)
    {
      g_assert_true (adit_check_from_nick (adit_check_get_nick ((AditCheck) i), &check));
      g_assert_cmpint (check, ==, i);
    }
  for (guint i = 0; i < ADIT_N_VERDICTS; i++)
    {
      g_assert_true (adit_verdict_from_nick (adit_verdict_get_nick ((AditVerdict) i), &verdict));
      g_assert_cmpint (verdict, ==, i);
    }
  g_assert_false (adit_check_from_nick ("weather", &check));
  g_assert_false (adit_verdict_from_nick ("perhaps", &verdict));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check/consistent", test_consistent);
  g_test_add_func ("/check/cases", test_cases);
  g_test_add_func ("/check/nicks", test_nicks);
  return g_test_run ();
}
