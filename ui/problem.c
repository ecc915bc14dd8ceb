/* SPDX-License-Identifier: GPL-2.0-or-later */
/* problem.c: which problem is told when there are several: the table from top to bottom, and the first that applies. */
#include "config.h"
#include "ui/problem.h"

#include <glib/gi18n.h>

#include "ui/account-words.h"
#include "ui/import-words.h"

typedef gboolean (*Test) (const AditProblemFacts *facts);

static gboolean
is_blocked_for (const AditProblemFacts *facts, AditReason reason)
{
  return facts->status != NULL && facts->status->state == ADIT_STATE_BLOCKED && facts->status->reason == reason;
}

static gboolean
is_away (const AditProblemFacts *facts)
{
  return facts->presence == ADIT_PRESENCE_AWAY;
}

static gboolean
has_open_lock (const AditProblemFacts *facts)
{
  return is_blocked_for (facts, ADIT_REASON_LOCK_FAILED);
}

static gboolean
has_failed (const AditProblemFacts *facts)
{
  return facts->failure != NULL;
}

/* What is in its way then is the network's page, whatever else is told of it. */
static gboolean
is_captive (const AditProblemFacts *facts)
{
  return facts->status != NULL && (facts->status->notices & ADIT_NOTICE_PORTAL) != 0;
}

static gboolean
is_out_of_time (const AditProblemFacts *facts)
{
  const AditAccountRow *account = facts->account;

  return is_blocked_for (facts, ADIT_REASON_ACCOUNT_EXPIRED) ||
         (account != NULL && facts->profile == NULL && adit_account_words_is_over (account, facts->now_s));
}

static gboolean
is_offline (const AditProblemFacts *facts)
{
  return !facts->online;
}

static gboolean
is_asked_to_log_in (const AditProblemFacts *facts)
{
  return is_blocked_for (facts, ADIT_REASON_LOGIN_REFUSED) && facts->profile != NULL &&
         adit_import_words_takes_login (facts->profile);
}

static gboolean
is_asked_a_question (const AditProblemFacts *facts)
{
  return is_blocked_for (facts, ADIT_REASON_ANSWER_NEEDED);
}

static gboolean
is_revoked (const AditProblemFacts *facts)
{
  return is_blocked_for (facts, ADIT_REASON_DEVICE_REVOKED);
}

static gboolean
is_blocked (const AditProblemFacts *facts)
{
  return facts->status != NULL && facts->status->state == ADIT_STATE_BLOCKED && facts->status->reason != ADIT_REASON_NONE;
}

/* Whoever is not the owner is told the state, the lock and the lockdown, and nothing else. */
static gboolean
is_of_somebody_else (const AditProblemFacts *facts)
{
  return facts->status != NULL && facts->status->state != ADIT_STATE_DISCONNECTED && facts->status->account[0] == '\0' &&
         !is_blocked (facts);
}

static gboolean
is_locked_down (const AditProblemFacts *facts)
{
  return facts->status != NULL && facts->status->state == ADIT_STATE_DISCONNECTED && facts->status->lockdown;
}

static gboolean
has_notice (const AditProblemFacts *facts)
{
  return facts->status != NULL && facts->status->notices != ADIT_NOTICE_NONE;
}

static gboolean
is_other_build (const AditProblemFacts *facts)
{
  return facts->other_build;
}

typedef enum
{
  WORDS_OWN, WORDS_OF_ABSENCE, WORDS_OF_FAILURE, WORDS_OF_REASON, WORDS_OF_NOTICE, WORDS_OF_PORTAL, WORDS_OF_VERSION
} Words;

static const struct
{
  Test        test;
  Words       words;
  const char *what, *remedy, *button, *action_name;
} rows[] = {
  { is_away, WORDS_OF_ABSENCE, NULL, NULL, "", NULL },    /* the large button is its way out */
  { has_open_lock, WORDS_OF_REASON, NULL, NULL, N_("Try Again"), "win.reconnect" },
  { has_failed, WORDS_OF_FAILURE, NULL, NULL, N_("Dismiss"), "win.dismiss" },
  { is_captive, WORDS_OF_PORTAL, NULL, NULL, "", NULL },
  { is_out_of_time, WORDS_OWN, N_("Your account has no time left."), N_("Add time, then look again."), N_("Look Again"),
    "win.refresh-account" },
  { is_offline, WORDS_OWN, N_("This computer is offline."), N_("Connect it to a network; Adit goes on by itself."), "", NULL },
  { is_asked_to_log_in, WORDS_OWN, N_("The server wants you to log in."),
    N_("Enter what whoever gave you the file told you. If you have entered it before, the server did not accept it."),
    N_("Log In…"), "win.log-in" },
  { is_asked_a_question, WORDS_OWN, N_("The server asks for one more answer."),
    N_("It holds for this connection alone; Adit does not keep it."), N_("Answer…"), "win.answer" },
  { is_revoked, WORDS_OF_REASON, NULL, NULL, N_("Show the Account"), "win.show-accounts" },
  { is_blocked, WORDS_OF_REASON, NULL, NULL, N_("Try Again"), "win.reconnect" },
  { is_of_somebody_else, WORDS_OWN, N_("Somebody else on this computer uses Adit."),
    N_("Where they are connected to is theirs alone to see."), "", NULL },
  { is_locked_down, WORDS_OWN, N_("Lockdown is on, so the network stays blocked."),
    N_("Connect, or turn lockdown off to use the network without a tunnel."), N_("Turn Lockdown Off"), "win.lockdown-off" },
  { has_notice, WORDS_OF_NOTICE, NULL, NULL, "", NULL },
  { is_other_build, WORDS_OF_VERSION, NULL, NULL, "", NULL },
};

/* A command is for those who sit before a terminal: where the window can do it, it does. */
static const struct { AditNotices notice; const char *button, *action_name; } ways_out[] = {
  { ADIT_NOTICE_PORTAL, N_("Show Its Page"), "win.show-portal" },
  { ADIT_NOTICE_OTHER_PROGRAM, N_("Look Which Ones"), "win.show-diagnosis" },
  { ADIT_NOTICE_ACCOUNT_ENDED, N_("Show the Account"), "win.show-accounts" },
  { ADIT_NOTICE_NAMES, N_("Choose Another Place"), "win.show-places" },
  { ADIT_NOTICE_RELAY_KEY, N_("Choose Another Place"), "win.show-places" },
  { ADIT_NOTICE_KEY_KEPT, N_("Show the Account"), "win.show-accounts" },
  { ADIT_NOTICE_KEY_REPLACED, N_("Show the Account"), "win.show-accounts" },
};

static void
tell_notice (AditNotices notices, const AditStatus *status, AditProblem *problem)
{
  AditNotices told = adit_explain_notices (notices, &problem->words);

  if (told == ADIT_NOTICE_RELAY_KEY)
    problem->detail = status->changed_relay;
  for (gsize i = 0; i < G_N_ELEMENTS (ways_out); i++)
    if (ways_out[i].notice == told)
      {
        problem->words.command = "";
        problem->button = _(ways_out[i].button);
        problem->action_name = ways_out[i].action_name;
      }
}

/* With nothing locked any browser gets there. */
static void
tell_portal (const AditStatus *status, AditProblem *problem)
{
  tell_notice (ADIT_NOTICE_PORTAL, status, problem);
  if (!g_str_equal (status->lock, adit_lock_get_nick (ADIT_LOCK_OFF)))
    return;
  problem->words.remedy = _("Open any page in a browser; the network leads it to its own.");
  problem->button = "";
  problem->action_name = NULL;
}

static AditError
code_of (const GError *error)
{
  return error != NULL && error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED;
}

static void
find_words (Words words, const AditProblemFacts *facts, AditProblem *problem)
{
  const GError *error = words == WORDS_OF_ABSENCE ? facts->absence : facts->failure;

  switch (words)
    {
    case WORDS_OF_ABSENCE:
    case WORDS_OF_FAILURE:
      adit_explain_error (code_of (error), &problem->words);
      problem->detail = error != NULL ? error->message : "";
      break;
    case WORDS_OF_REASON:
      adit_explain_reason (facts->status->reason, &problem->words);
      problem->detail = facts->status->detail;
      problem->can_diagnose = TRUE;
      break;
    case WORDS_OF_NOTICE:
      tell_notice (facts->status->notices, facts->status, problem);
      break;
    case WORDS_OF_PORTAL:
      tell_portal (facts->status, problem);
      break;
    case WORDS_OF_VERSION:
      adit_explain_error (ADIT_ERROR_OTHER_VERSION, &problem->words);
      break;
    case WORDS_OWN:
    default:
      break;
    }
}

/* What the window has a page for needs no terminal. */
static void
leave_out_command (AditProblem *problem)
{
  if (!g_str_equal (problem->words.command, "adit diagnose"))
    return;
  problem->words.command = "";
  problem->can_diagnose = TRUE;
}

/**
 * adit_problem_find:
 * @facts: what is known
 * @problem: (out caller-allocates): the most pressing problem; its words live as long as @facts
 *
 * Returns: whether there is one
 */
gboolean
adit_problem_find (const AditProblemFacts *facts, AditProblem *problem)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (!rows[i].test (facts))
        continue;
      *problem = (AditProblem) { .words = { "", "", "" }, .detail = "", .action_name = rows[i].action_name,
                                 .button = rows[i].button[0] != '\0' ? _(rows[i].button) : "" };
      if (rows[i].words == WORDS_OWN)
        {
          problem->words.what = _(rows[i].what);
          problem->words.remedy = _(rows[i].remedy);
        }
      else
        find_words (rows[i].words, facts, problem);
      leave_out_command (problem);
      return TRUE;
    }
  return FALSE;
}

/* The words of a cause are the command line's; where the window can do what its command does, it does. */
static const struct { const char *cause, *button, *action_name; gboolean keeps_command; } causes[] = {
  { "dns-dead", N_("Choose Another Place"), "win.show-places", FALSE },
  { "relay-silent", N_("Choose Another Place"), "win.show-places", FALSE },
  { "no-such-place", N_("Choose Another Place"), "win.show-places", FALSE },
  { "filtered", N_("Choose Another Place"), "win.show-places", FALSE },
  { "account-expired", N_("Show the Account"), "win.show-accounts", FALSE },
  { "device-revoked", N_("Show the Account"), "win.show-accounts", FALSE },
  { "key-lost", N_("Show the Account"), "win.show-accounts", FALSE },
  { "service-blocked", N_("Show Its Page"), "win.show-portal", FALSE },
  { "helper-missing", N_("Try Again"), "win.look-again", TRUE },
};

/**
 * adit_problem_find_cause:
 * @diagnosis: what is known
 * @problem: (out caller-allocates): what is to blame; its words live as long as @diagnosis
 *
 * Returns: whether anything is
 */
gboolean
adit_problem_find_cause (const AditDiagnosis *diagnosis, AditProblem *problem)
{
  *problem = (AditProblem) { .words = diagnosis->words, .detail = diagnosis->detail, .button = "" };
  leave_out_command (problem);
  problem->can_diagnose = FALSE;    /* it has been done */
  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    if (g_str_equal (causes[i].cause, diagnosis->cause))
      {
        problem->button = _(causes[i].button);
        problem->action_name = causes[i].action_name;
        if (!causes[i].keeps_command)
          problem->words.command = "";
      }
  return diagnosis->cause[0] != '\0';
}
