/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-answers.c: for how long an answer and a token hold, and that nobody else gets them. */
#include "client/helper/answers.h"

#include <string.h>

static AditSecret *
secret (const char *text)
{
  return adit_secret_new (text, strlen (text));
}

static char *
dup_text (AditSecret *one)
{
  gsize length = 0;
  const guint8 *bytes = one != NULL ? adit_secret_peek (one, &length) : NULL;

  return one != NULL ? g_strndup ((const char *) bytes, length) : g_strdup ("-");
}

/* What one try gets, as answer|handle|token. */
static void
expect_lent (AditAnswers *answers, const char *wanted)
{
  AditTunnelSecrets secrets = { NULL };
  gboolean is_enough = adit_answers_lend (answers, &secrets);
  g_autofree char *answer = dup_text (secrets.answer), *handle = dup_text (secrets.question), *token = dup_text (secrets.token);
  g_autofree char *found = g_strjoin ("|", answer, handle, token, NULL);

  g_assert_cmpstr (found, ==, wanted);
  g_assert_cmpint (is_enough, ==, secrets.answer != NULL || secrets.token != NULL);
  adit_tunnel_secrets_clear (&secrets);
}

static void
begin (AditAnswers *answers, const char *profile, const char *text)
{
  g_autoptr (AditSecret) answer = text != NULL ? secret (text) : NULL;

  adit_answers_begin (answers, profile, answer);
}

static void
test_question (void)
{
  g_autoptr (AditAnswers) answers = adit_answers_new ();
  g_autoptr (AditSecret) handle = secret ("state77");

  begin (answers, "a", NULL);
  g_assert_null (adit_answers_get_question (answers));
  expect_lent (answers, "-|-|-");
  adit_answers_ask (answers, "Code?", TRUE, handle);
  g_assert_false (adit_answers_refused (answers, ADIT_ERROR_ANSWER_NEEDED));
  g_assert_cmpstr (adit_answers_get_question (answers)->text, ==, "Code?");
  g_assert_true (adit_answers_get_question (answers)->echo);
  expect_lent (answers, "-|-|-");
  begin (answers, "a", "42");
  g_assert_null (adit_answers_get_question (answers));
  expect_lent (answers, "42|state77|-");

  /* A server that is silent has taken nothing; one that refuses has. */
  g_assert_false (adit_answers_refused (answers, ADIT_ERROR_NO_HANDSHAKE));
  expect_lent (answers, "42|state77|-");
  g_assert_false (adit_answers_refused (answers, ADIT_ERROR_LOGIN_REFUSED));
  expect_lent (answers, "-|-|-");
}

/* Without an answer everything begins anew, and nothing of it is for another profile. */
static void
test_forgotten (void)
{
  g_autoptr (AditAnswers) answers = adit_answers_new ();
  g_autoptr (AditSecret) handle = secret ("state77"), token = secret ("tok");

  begin (answers, "a", NULL);
  adit_answers_ask (answers, "Code?", FALSE, handle);
  begin (answers, "a", NULL);
  begin (answers, "a", "42");
  expect_lent (answers, "42|-|-");
  adit_answers_keep_token (answers, token);
  adit_answers_ask (answers, "Code?", FALSE, handle);
  begin (answers, "b", "42");
  expect_lent (answers, "42|-|-");
  g_assert_null (adit_answers_get_question (answers));
  adit_answers_keep_token (answers, token);
  begin (answers, "", NULL);
  begin (answers, "", NULL);
  begin (answers, "b", NULL);
  expect_lent (answers, "-|-|-");
}

static void
test_token (void)
{
  g_autoptr (AditAnswers) answers = adit_answers_new ();
  g_autoptr (AditSecret) token = secret ("tok"), newer = secret ("newer");

  begin (answers, "a", "42");
  expect_lent (answers, "42|-|-");
  adit_answers_keep_token (answers, token);
  adit_answers_accepted (answers);
  expect_lent (answers, "-|-|tok");
  adit_answers_keep_token (answers, newer);
  g_assert_false (adit_answers_refused (answers, ADIT_ERROR_NO_HANDSHAKE));
  begin (answers, "a", NULL);
  expect_lent (answers, "-|-|newer");
  g_assert_true (adit_answers_refused (answers, ADIT_ERROR_LOGIN_REFUSED));
  expect_lent (answers, "-|-|-");
  g_assert_false (adit_answers_refused (answers, ADIT_ERROR_LOGIN_REFUSED));

  /* A question in the token's place is one for the person. */
  adit_answers_keep_token (answers, token);
  expect_lent (answers, "-|-|tok");
  adit_answers_ask (answers, "", FALSE, NULL);
  g_assert_false (adit_answers_refused (answers, ADIT_ERROR_ANSWER_NEEDED));
  expect_lent (answers, "-|-|-");
  g_assert_nonnull (adit_answers_get_question (answers));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/answers/question", test_question);
  g_test_add_func ("/answers/forgotten", test_forgotten);
  g_test_add_func ("/answers/token", test_token);
  return g_test_run ();
}
