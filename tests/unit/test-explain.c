/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-explain.c: every error, reason and state has words, a name of its own and an exit code that was promised. */
#include "client/api/errors.h"
#include "client/api/explain.h"
#include "client/api/names.h"

static void
test_errors (void)
{
  for (gint code = 0; code < ADIT_N_ERRORS; code++)
    {
      AditExplanation words = { NULL, NULL };
      int exit_code = adit_explain_exit_code_for ((AditError) code);

      adit_explain_error ((AditError) code, &words);
      g_assert_nonnull (words.what);
      g_assert_cmpstr (words.what, !=, "");
      g_assert_nonnull (words.remedy);
      g_assert_cmpstr (words.remedy, !=, "");
      g_assert_nonnull (words.command);
      g_assert_cmpint (exit_code, >=, 1);
      g_assert_cmpint (exit_code, <=, 13);
    }
}

static void
test_names (void)
{
  for (gint code = 0; code < ADIT_N_ERRORS; code++)
    {
      AditError back = ADIT_N_ERRORS;
      g_autoptr (GError) sent = g_error_new (ADIT_ERROR, code, "words");
      g_autofree char *name = g_dbus_error_encode_gerror (sent);
      g_autofree char *expected = g_strconcat (ADIT_DBUS_ERROR, adit_error_get_nick ((AditError) code), NULL);
      g_autoptr (GError) received = g_dbus_error_new_for_dbus_error (name, "words");

      g_assert_cmpstr (name, ==, expected);
      g_assert_error (received, ADIT_ERROR, code);
      g_assert_true (adit_error_from_nick (adit_error_get_nick ((AditError) code), &back));
      g_assert_cmpint (back, ==, code);
    }
}

static void
test_reasons (void)
{
  for (gint reason = ADIT_REASON_NONE + 1; reason < ADIT_N_REASONS; reason++)
    {
      AditExplanation words = { NULL, NULL };

      adit_explain_reason ((AditReason) reason, &words);
      g_assert_nonnull (words.what);
      g_assert_cmpstr (words.what, !=, "");
      g_assert_nonnull (words.remedy);
      g_assert_cmpstr (words.remedy, !=, "");
      g_assert_nonnull (words.command);
    }
}

/* Each has its own, and of several the most pressing is told. */
static void
test_notices (void)
{
  AditExplanation words, all;

  adit_explain_notices ((1u << ADIT_N_NOTICES) - 1, &all);
  for (guint i = 0; i < ADIT_N_NOTICES; i++)
    {
      AditNotices back = ADIT_NOTICE_NONE;

      adit_explain_notices (1u << i, &words);
      g_assert_cmpstr (words.what, !=, "");
      g_assert_cmpstr (words.remedy, !=, "");
      g_assert_nonnull (words.command);
      g_assert_true (g_str_equal (words.what, all.what) == (1u << i == ADIT_NOTICE_PEER));
      g_assert_true (adit_notice_from_nick (adit_notice_get_nick (1u << i), &back));
      g_assert_cmpuint (back, ==, 1u << i);
    }
  g_assert_cmpstr (adit_notice_get_nick (1u << ADIT_N_NOTICES), ==, "");
  g_assert_cmpstr (adit_notice_get_nick (ADIT_NOTICE_PEER | ADIT_NOTICE_ROUTES), ==, "");
}

static void
test_states (void)
{
  for (gint state = 0; state < ADIT_N_STATES; state++)
    for (gint other = 0; other < state; other++)
      g_assert_cmpstr (adit_explain_state ((AditState) state, FALSE), !=, adit_explain_state ((AditState) other, FALSE));

  /* "Not protected" would be wrong of a computer that lets nothing out. */
  g_assert_cmpstr (adit_explain_state (ADIT_STATE_DISCONNECTED, TRUE), ==, adit_explain_state (ADIT_STATE_BLOCKED, FALSE));
  g_assert_cmpstr (adit_explain_state (ADIT_STATE_CONNECTED, TRUE), ==, adit_explain_state (ADIT_STATE_CONNECTED, FALSE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adit_errors_register ();
  g_test_add_func ("/explain/errors", test_errors);
  g_test_add_func ("/explain/names", test_names);
  g_test_add_func ("/explain/reasons", test_reasons);
  g_test_add_func ("/explain/notices", test_notices);
  g_test_add_func ("/explain/states", test_states);
  return g_test_run ();
}
