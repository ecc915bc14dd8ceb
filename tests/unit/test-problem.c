/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-problem.c: which problem is told, and that each has its way out. */
#include "client/base/error.h"
#include "ui/problem.h"

#define NOW_S 1800000000

/* A status whose words are there, as adit_status_new_from_variant() makes it. */
static AditStatus
new_status (AditState state, AditReason reason)
{
  return (AditStatus) { .state = state, .reason = reason, .detail = (char *) "", .account = (char *) "one",
                         .lock = (char *) "all" };
}

static AditProblemFacts
new_facts (const AditStatus *status)
{
  return (AditProblemFacts) { .presence = ADIT_PRESENCE_HERE, .status = status, .online = TRUE, .now_s = NOW_S };
}

static void
test_none (void)
{
  static const AditState states[] = { ADIT_STATE_DISCONNECTED, ADIT_STATE_CONNECTING, ADIT_STATE_CONNECTED };
  AditAccountRow account = { .expires_at_s = NOW_S + 1 };
  AditProblem problem;

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      AditStatus status = new_status (states[i], ADIT_REASON_NONE);
      AditProblemFacts facts = new_facts (&status);

      facts.account = &account;
      g_assert_false (adit_problem_find (&facts, &problem));
    }
}

static void
test_away (void)
{
  g_autoptr (GError) absence = g_error_new (ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE, "not on the bus");
  AditProblemFacts facts = { .presence = ADIT_PRESENCE_AWAY, .absence = absence, .online = FALSE };
  AditProblem problem;

  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.words.command, ==, "systemctl start aditd");
  g_assert_cmpstr (problem.detail, ==, "not on the bus");
}

static void
test_diverted (void)
{
  AditStatus status = new_status (ADIT_STATE_CONNECTED, ADIT_REASON_NONE);
  AditProblemFacts facts = new_facts (&status);
  AditProblem routes, peer;

  status.notices = ADIT_NOTICE_ROUTES;
  g_assert_true (adit_problem_find (&facts, &routes));
  status.notices |= ADIT_NOTICE_PEER;
  g_assert_true (adit_problem_find (&facts, &peer));
  g_assert_cmpstr (routes.words.what, !=, peer.words.what);
}

/* What can be done about it is done in the window, or at a terminal; of what a network tries, nothing can. */
static void
test_notices (void)
{
  static const struct { AditNotices notice; const char *action_name, *detail, *command; } rows[] = {
    { ADIT_NOTICE_ROUTES, NULL, "", "" }, { ADIT_NOTICE_PEER, NULL, "", "" },
    { ADIT_NOTICE_ACCOUNT_ENDED, "win.show-accounts", "", "" }, { ADIT_NOTICE_RELAY_KEY, "win.show-places", "se-got-wg-001", "" },
    { ADIT_NOTICE_KEY_KEPT, "win.show-accounts", "", "" }, { ADIT_NOTICE_KEY_REPLACED, "win.show-accounts", "", "" },
    { ADIT_NOTICE_OTHER_PROGRAM, "win.show-diagnosis", "", "" }, { ADIT_NOTICE_NETWORK, NULL, "", "adit networks" },
    { ADIT_NOTICE_PORTAL, "win.show-portal", "", "" }, { ADIT_NOTICE_NAMES, "win.show-places", "", "" },
  };

  g_assert_cmpuint (G_N_ELEMENTS (rows), ==, ADIT_N_NOTICES);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditStatus status = new_status (ADIT_STATE_CONNECTED, ADIT_REASON_NONE);
      AditProblemFacts facts = new_facts (&status);
      AditExplanation words;
      AditProblem problem;

      status.notices = rows[i].notice;
      status.changed_relay = (char *) "se-got-wg-001";
      g_assert_true (adit_problem_find (&facts, &problem));
      g_assert_cmpint (adit_explain_notices (rows[i].notice, &words), ==, rows[i].notice);
      g_assert_cmpstr (problem.words.what, ==, words.what);
      g_assert_cmpstr (problem.action_name, ==, rows[i].action_name);
      g_assert_true ((problem.button[0] != '\0') == (rows[i].action_name != NULL));
      g_assert_cmpstr (problem.words.command, ==, rows[i].command);
      g_assert_cmpstr (problem.detail, ==, rows[i].detail);
    }
}

/* The page comes before what it is the reason of; with nothing locked nobody has to let a browser through. */
static void
test_captive (void)
{
  AditStatus status = new_status (ADIT_STATE_BLOCKED, ADIT_REASON_SERVICE_UNREACHABLE);
  AditProblemFacts facts = new_facts (&status);
  AditProblem problem;

  status.notices = ADIT_NOTICE_PORTAL | ADIT_NOTICE_ROUTES;
  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.action_name, ==, "win.show-portal");
  g_assert_cmpstr (problem.words.command, ==, "");
  status.state = ADIT_STATE_DISCONNECTED;
  status.lock = (char *) "off";
  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_null (problem.action_name);
  g_assert_cmpstr (problem.button, ==, "");
}

static void
test_every_reason (void)
{
  for (gint reason = ADIT_REASON_NONE + 1; reason < ADIT_N_REASONS; reason++)
    {
      AditStatus status = new_status (ADIT_STATE_BLOCKED, (AditReason) reason);
      AditProblemFacts facts = new_facts (&status);
      AditProblem problem;

      g_assert_true (adit_problem_find (&facts, &problem));
      g_assert_cmpstr (problem.words.what, !=, "");
      g_assert_cmpstr (problem.words.remedy, !=, "");
      g_assert_cmpstr (problem.button, !=, "");
      g_assert_nonnull (problem.action_name);
      g_assert_cmpstr (problem.words.command, !=, "adit diagnose");    /* it is a button */
    }
}

/* What may be a leak comes first; what the person just tried comes before what stands. */
static void
test_order (void)
{
  AditStatus open_lock = new_status (ADIT_STATE_BLOCKED, ADIT_REASON_LOCK_FAILED);
  AditStatus unreachable = new_status (ADIT_STATE_BLOCKED, ADIT_REASON_SERVICE_UNREACHABLE);
  g_autoptr (GError) failure = g_error_new (ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, "polkit said no");
  AditProblemFacts facts = new_facts (&open_lock);
  AditProblem problem;
  AditExplanation words;

  facts.failure = failure;
  facts.online = FALSE;
  g_assert_true (adit_problem_find (&facts, &problem));
  adit_explain_reason (ADIT_REASON_LOCK_FAILED, &words);
  g_assert_cmpstr (problem.words.what, ==, words.what);

  facts.status = &unreachable;
  g_assert_true (adit_problem_find (&facts, &problem));
  adit_explain_error (ADIT_ERROR_NOT_ALLOWED, &words);
  g_assert_cmpstr (problem.words.what, ==, words.what);
  g_assert_cmpstr (problem.action_name, ==, "win.dismiss");

  /* Offline explains why the service cannot be reached. */
  facts.failure = NULL;
  g_assert_true (adit_problem_find (&facts, &problem));
  adit_explain_reason (ADIT_REASON_SERVICE_UNREACHABLE, &words);
  g_assert_cmpstr (problem.words.what, !=, words.what);
  facts.online = TRUE;
  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.words.what, ==, words.what);
}

/* Each cause has its way out, which is a command only where the window cannot do it. */
static void
test_causes (void)
{
  for (gint cause = ADIT_CAUSE_NO_LINK; cause < ADIT_N_CAUSES; cause++)
    {
      g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_parsed ("{'build_id': <'one'>, 'cause': <%s>}",
                                                                             adit_cause_get_nick ((AditCause) cause)));
      g_autoptr (AditDiagnosis) diagnosis = adit_diagnosis_new (answer, "one");
      AditProblem problem;

      g_assert_true (adit_problem_find_cause (diagnosis, &problem));
      g_assert_cmpstr (problem.words.what, !=, "");
      g_assert_cmpstr (problem.words.remedy, !=, "");
      g_assert_true ((problem.button[0] != '\0') == (problem.action_name != NULL));
      g_assert_false (problem.can_diagnose);
    }
}

static void
test_out_of_time (void)
{
  AditStatus status = new_status (ADIT_STATE_DISCONNECTED, ADIT_REASON_NONE);
  AditAccountRow account = { .expires_at_s = NOW_S };
  AditProblemFacts facts = new_facts (&status);
  AditProblem problem;

  facts.account = &account;
  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.action_name, ==, "win.refresh-account");
  account.expires_at_s = 0;    /* the service does not say */
  g_assert_false (adit_problem_find (&facts, &problem));
  account.is_inactive = TRUE;    /* but that it is not paid */
  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.action_name, ==, "win.refresh-account");
}

/* To try again leads nowhere where the service has forgotten this computer. */
static void
test_revoked (void)
{
  AditStatus status = new_status (ADIT_STATE_BLOCKED, ADIT_REASON_DEVICE_REVOKED);
  AditProblemFacts facts = new_facts (&status);
  AditProblem problem;

  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.action_name, ==, "win.show-accounts");
}

/* Whom the server wants to log in is asked, unless there is nothing to say. */
static void
test_log_in (void)
{
  char *asks[] = { (char *) "password", NULL, NULL }, *nothing[] = { NULL };
  AditProfileRow profile = { .asks = asks, .takes = asks };
  AditStatus status = new_status (ADIT_STATE_BLOCKED, ADIT_REASON_LOGIN_REFUSED);
  AditAccountRow account = { .expires_at_s = NOW_S };
  AditProblemFacts facts = new_facts (&status);
  AditProblem problem;

  facts.profile = &profile;
  facts.account = &account;    /* has no time left, which is of no interest here */
  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.action_name, ==, "win.log-in");
  asks[0] = (char *) "proxy-password";
  asks[1] = (char *) "challenge";
  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.action_name, ==, "win.log-in");
  status.reason = ADIT_REASON_ANSWER_NEEDED;
  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.action_name, ==, "win.answer");
  status.reason = ADIT_REASON_LOGIN_REFUSED;
  /* What the file holds is not what the server takes. */
  profile.asks = nothing;
  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.action_name, ==, "win.log-in");
  profile.takes = nothing;
  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.action_name, ==, "win.reconnect");
}

static void
test_lockdown (void)
{
  AditStatus status = new_status (ADIT_STATE_DISCONNECTED, ADIT_REASON_NONE);
  AditProblemFacts facts = new_facts (&status);
  AditProblem problem;

  status.lockdown = TRUE;
  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.action_name, ==, "win.lockdown-off");
  status.state = ADIT_STATE_CONNECTED;
  g_assert_false (adit_problem_find (&facts, &problem));
}

static void
test_somebody_else (void)
{
  AditStatus status = new_status (ADIT_STATE_CONNECTED, ADIT_REASON_NONE);
  AditProblemFacts facts = new_facts (&status);
  AditProblem problem;

  status.account = (char *) "";
  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.button, ==, "");
}

static void
test_other_build (void)
{
  AditStatus status = new_status (ADIT_STATE_CONNECTED, ADIT_REASON_NONE);
  AditProblemFacts facts = new_facts (&status);
  AditProblem problem;

  facts.other_build = TRUE;
  g_assert_true (adit_problem_find (&facts, &problem));
  g_assert_cmpstr (problem.words.command, !=, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/problem/none", test_none);
  g_test_add_func ("/problem/away", test_away);
  g_test_add_func ("/problem/every-reason", test_every_reason);
  g_test_add_func ("/problem/diverted", test_diverted);
  g_test_add_func ("/problem/notices", test_notices);
  g_test_add_func ("/problem/causes", test_causes);
  g_test_add_func ("/problem/captive", test_captive);
  g_test_add_func ("/problem/order", test_order);
  g_test_add_func ("/problem/out-of-time", test_out_of_time);
  g_test_add_func ("/problem/revoked", test_revoked);
  g_test_add_func ("/problem/log-in", test_log_in);
  g_test_add_func ("/problem/lockdown", test_lockdown);
  g_test_add_func ("/problem/somebody-else", test_somebody_else);
  g_test_add_func ("/problem/other-build", test_other_build);
  return g_test_run ();
}
