/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-sign-ins.c: where a person is sent, what counts as an answer, and what goes to the service with it. */
#include "client/helper/sign-ins.h"

#include <string.h>

#define PAGE "https://app.mysteriumvpn.com/oauth/authorize?request_id=1"

static AditWaitingSignIn *
make (const char *service, guint32 uid)
{
  static const guint8 key[ADIT_WG_KEY_BYTES] = { 1 };
  g_autoptr (AditSecret) private_key = adit_secret_new (key, sizeof key);

  return adit_waiting_sign_in_new (adit_account_new (adit_service_find (service), uid, NULL, private_key));
}

static gboolean
ask (AditWaitingSignIn *waiting, AditWireAsks kind, const char *text, const char *handle)
{
  g_autoptr (AditWorkerAnswer) words = adit_worker_answer_new ();
  g_autoptr (GError) error = NULL;
  gboolean taken;

  words->has_question = TRUE;
  words->question.kind = kind;
  g_strlcpy (words->question.text, text, sizeof words->question.text);
  g_strlcpy (words->question.handle, handle, sizeof words->question.handle);
  taken = adit_waiting_sign_in_ask (waiting, words, &error);
  g_assert_true (taken == (error == NULL));
  return taken;
}

/* A worker may be anybody's: it can send nobody to another page, and not at all where the service has none. */
static void
test_pages (void)
{
  static const char *const bad[] = {
    "", "https://app.mysteriumvpn.com", "http://app.mysteriumvpn.com/", "https://app.mysteriumvpn.com.example/",
    "https://app.mysteriumvpn.com@example/", "javascript:1", " https://app.mysteriumvpn.com/",
  };
  g_autoptr (AditWaitingSignIn) mysterium = make ("mysterium", 1), ivpn = make ("ivpn", 1);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (ask (mysterium, ADIT_WIRE_ASKS_BROWSER, bad[i], "1"));
  g_assert_false (ask (mysterium, ADIT_WIRE_ASKS_BROWSER, PAGE, ""));
  g_assert_false (ask (ivpn, ADIT_WIRE_ASKS_BROWSER, PAGE, "1"));
  g_assert_true (ask (mysterium, ADIT_WIRE_ASKS_BROWSER, PAGE, "1"));
}

static void
test_answers (void)
{
  g_autofree char *long_text = g_strnfill (ADIT_WIRE_CAPTCHA_MAX_BYTES, 'x');
  g_autoptr (AditSecret) word = adit_secret_new ("K7PQ", 4), code = adit_secret_new ("424242", 6);
  g_autoptr (AditSecret) too_long = adit_secret_new (long_text, strlen (long_text));
  g_autoptr (AditWaitingSignIn) ivpn = make ("ivpn", 1), mysterium = make ("mysterium", 1);
  AditWireRequest request = { 0 };

  g_assert_true (ask (ivpn, ADIT_WIRE_ASKS_CAPTCHA, "", "picture-1"));
  g_assert_false (adit_waiting_sign_in_answer (ivpn, NULL, NULL));
  g_assert_false (adit_waiting_sign_in_answer (ivpn, too_long, NULL));
  g_assert_true (adit_waiting_sign_in_answer (ivpn, word, NULL));
  adit_waiting_sign_in_lend (ivpn, word, &request);
  g_assert_cmpstr (request.answers.captcha, ==, "K7PQ");
  g_assert_cmpstr (request.answers.handle, ==, "picture-1");

  /* The code goes with the picture's words, which the service wants again; a new picture forgets them. */
  request = (AditWireRequest) { 0 };
  g_assert_true (ask (ivpn, ADIT_WIRE_ASKS_CODE, "", ""));
  adit_waiting_sign_in_lend (ivpn, code, &request);
  g_assert_cmpstr (request.answers.code, ==, "424242");
  g_assert_cmpstr (request.answers.captcha, ==, "K7PQ");
  g_assert_cmpstr (request.answers.handle, ==, "picture-1");
  g_assert_true (ask (ivpn, ADIT_WIRE_ASKS_CAPTCHA, "", "picture-2"));
  g_assert_null (ivpn->captcha);

  g_assert_true (ask (mysterium, ADIT_WIRE_ASKS_BROWSER, PAGE, "1"));
  g_assert_false (adit_waiting_sign_in_answer (mysterium, word, NULL));
  g_assert_true (adit_waiting_sign_in_answer (mysterium, NULL, NULL));
}

/* One each, and nobody gets another's. */
static void
test_people (void)
{
  g_autoptr (AditSignIns) all = adit_sign_ins_new ();
  AditWaitingSignIn *alice = make ("ivpn", 1), *again = make ("ivpn", 1), *bob = make ("ivpn", 2);

  alice->asked_at_us = again->asked_at_us = bob->asked_at_us = g_get_monotonic_time ();
  adit_sign_ins_keep (all, alice);
  adit_sign_ins_keep (all, bob);
  g_assert_true (adit_sign_ins_find (all, 1) == alice && adit_sign_ins_find (all, 2) == bob);
  g_assert_null (adit_sign_ins_find (all, 3));
  adit_sign_ins_keep (all, again);
  g_assert_true (adit_sign_ins_find (all, 1) == again);
  again->asked_at_us -= 11 * 60 * G_TIME_SPAN_SECOND;
  g_assert_null (adit_sign_ins_take (all, 1));
  g_assert_true (adit_sign_ins_find (all, 2) == bob);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sign-ins/pages", test_pages);
  g_test_add_func ("/sign-ins/answers", test_answers);
  g_test_add_func ("/sign-ins/people", test_people);
  return g_test_run ();
}
