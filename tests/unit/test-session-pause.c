/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-session-pause.c: a pause in the walk through the table: what is open in it, what ends it, what is wanted afterwards. */
#include "tests/unit/session-fixture.h"

#include "client/base/error.h"

/* Lockdown's lock too; and what is wanted is still known.  The lock is there again before anything else. */
static void
test_pause (Fixture *f, gconstpointer data)
{
  session_start_connected (f);
  g_assert_true (adit_session_set_lockdown (f->session, TRUE, NULL));
  g_assert_true (adit_session_pause (f->session, NULL));
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_OFF);
  g_assert_true (adit_session_is_paused (f->session) && adit_session_get_wish (f->session)->connected);
  g_ptr_array_set_size (f->log, 0);
  adit_session_resume (f->session);
  g_assert_false (adit_session_is_paused (f->session));
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_PEER);
  session_wait_for (f, ADIT_STATE_CONNECTED);
  ASSERT_ORDER (f, "firewall.apply peer", "tunnel.start", "firewall.apply tunnel");
  adit_session_resume (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
}

/* Disconnected for good, more protection, or another wish: each ends it, and none leaves anything open that it would not. */
static void
test_pause_that_is_ended (Fixture *f, gconstpointer data)
{
  session_start_connected (f);
  g_assert_true (adit_session_set_lockdown (f->session, TRUE, NULL));
  g_assert_true (adit_session_pause (f->session, NULL));
  adit_session_disconnect (f->session);
  g_assert_false (adit_session_is_paused (f->session));
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  g_assert_true (adit_session_pause (f->session, NULL));    /* of lockdown alone */
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_OFF);
  adit_session_resume (f->session);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  g_assert_true (adit_session_pause (f->session, NULL));
  g_assert_true (adit_session_set_lockdown (f->session, TRUE, NULL));
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  g_assert_true (adit_session_pause (f->session, NULL));
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  session_wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_false (adit_session_is_paused (f->session));
}

/* It is disconnected before and after, and all the same somebody has to be told that the pause is none any more. */
static void
test_pause_that_is_given_up (Fixture *f, gconstpointer data)
{
  guint before;

  session_start_connected (f);
  g_assert_true (adit_session_pause (f->session, NULL));
  before = adit_session_get_revision (f->session);
  adit_session_disconnect (f->session);
  g_assert_false (adit_session_is_paused (f->session));
  g_assert_cmpuint (adit_session_get_revision (f->session), >, before);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_OFF);
}

/* A computer that cannot be locked when it is over is told of, and tried again. */
static void
test_pause_without_lock_after (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");

  session_start_connected (f);
  g_assert_true (adit_session_pause (f->session, NULL));
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  adit_session_resume (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_LOCK_FAILED);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_ALL);
}

/* A helper that starts in the middle of one neither connects nor locks; without one it does. */
static void
test_start_in_pause (Fixture *f, gconstpointer data)
{
  adit_fake_firewall_set_present (f->firewall, GPOINTER_TO_INT (data));
  session_shake_hands (f);
  adit_session_start_paused (f->session, &session_wish, TRUE);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_OFF);
  adit_session_resume (f->session);
  session_wait_for (f, ADIT_STATE_CONNECTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);    /* warnings are part of what is tested */
#define ADD(name, function) g_test_add ("/session-pause/" name, Fixture, NULL, session_set_up, function, session_tear_down)
  ADD ("pause", test_pause);
  ADD ("pause-that-is-ended", test_pause_that_is_ended);
  ADD ("pause-that-is-given-up", test_pause_that_is_given_up);
  ADD ("pause-without-lock-after", test_pause_without_lock_after);
  ADD ("start-in-pause", test_start_in_pause);
  return g_test_run ();
}
