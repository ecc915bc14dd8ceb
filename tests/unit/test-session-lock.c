/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-session-lock.c: a lock that cannot be had, is taken away or cannot be opened, and a helper that begins after another has
 * died: nothing of it opens anything. */
#include "tests/unit/session-fixture.h"

#include "client/base/error.h"

static void
test_disconnect_into_lockdown (Fixture *f, gconstpointer data)
{
  GError *error = NULL;

  session_start_connected (f);
  g_assert_true (adit_session_set_lockdown (f->session, TRUE, &error));
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  g_assert_true (adit_session_set_lockdown (f->session, FALSE, &error));
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_OFF);
}

static void
test_lock_that_fails (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");
  GError *probe_error = NULL;

  session_start_disconnected (f);
  /* A computer that cannot be locked is left as it is. */
  adit_fake_firewall_fail_next (f->firewall, "probe", error);
  g_assert_false (adit_session_connect (f->session, &session_wish, &probe_error));
  g_assert_error (probe_error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED);
  g_clear_error (&probe_error);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);

  /* A lock that fails on the way is an error that blocks, and nothing was built behind it. */
  g_ptr_array_set_size (f->log, 0);
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_LOCK_FAILED);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.start"));
}

static void
test_opening_that_fails_stays_locked (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");

  session_start_connected (f);
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
}

static void
test_lost_tunnel_reconnects (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "the process is gone");

  session_start_connected (f);
  g_ptr_array_set_size (f->log, 0);
  adit_tunnel_emit_lost (ADIT_TUNNEL (f->tunnel), error);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTING);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_PEER);
  session_wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_false (adit_fake_log_has (f->log, "firewall.apply off"));
}

static void
test_disturbed_firewall (Fixture *f, gconstpointer data)
{
  session_start_connected (f);
  adit_firewall_emit_disturbed (ADIT_FIREWALL (f->firewall), TRUE, 700, "nft[1]");
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  adit_firewall_emit_disturbed (ADIT_FIREWALL (f->firewall), FALSE, 700, "");
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_LOCK_FAILED);
}

/* Without a lock the routes into the tunnel are all that keeps packets in, so they stay until there is one; however often it is
 * refused. */
static void
test_lock_that_is_gone (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");

  session_start_connected (f);
  for (guint i = 0; i < 2; i++)
    {
      g_ptr_array_set_size (f->log, 0);
      adit_fake_firewall_fail_next (f->firewall, "apply", error);
      adit_firewall_emit_disturbed (ADIT_FIREWALL (f->firewall), FALSE, 700, "");
      g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
      g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_LOCK_FAILED);
      session_settle ();
      g_assert_false (adit_fake_log_has (f->log, "route.revert"));
      g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));
    }
  session_wait_for (f, ADIT_STATE_CONNECTED);
  ASSERT_ORDER (f, "firewall.apply all", "route.revert", "firewall.apply tunnel");
}

/* Whoever disconnects wants their network, lock or no lock; but nobody is told of a lock that may not be there. */
static void
test_disconnect_without_a_lock (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");

  session_start_connected (f);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_TUNNEL);
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  adit_firewall_emit_disturbed (ADIT_FIREWALL (f->firewall), FALSE, 700, "");
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_OFF);
  g_ptr_array_set_size (f->log, 0);
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  ASSERT_ORDER (f, "dns.revert", "route.revert", "firewall.apply off");
}

/* What is there goes as soon as there is a lock; where the wish is lost nothing else does, and that is told again. */
static void
test_lost_wish_without_a_lock (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");
  gint64 end_us = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  adit_session_start (f->session, ADIT_REASON_SETTINGS_LOST, &session_nothing, FALSE);
  g_ptr_array_set_size (f->log, 0);
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  adit_firewall_emit_disturbed (ADIT_FIREWALL (f->firewall), FALSE, 700, "");
  session_settle ();
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_LOCK_FAILED);
  g_assert_false (adit_fake_log_has (f->log, "route.revert"));
  while (adit_session_get_reason (f->session) == ADIT_REASON_LOCK_FAILED && g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_SETTINGS_LOST);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_ALL);
  ASSERT_ORDER (f, "firewall.apply all", "firewall.apply all", "dns.revert", "route.revert", "tunnel.stop");
  g_assert_false (adit_fake_log_has (f->log, "firewall.apply off"));
}

/* One refusal at the start is made good at once; it must not hide for good that the wish is lost. */
static void
test_lost_wish_refused_once (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");
  gint64 end_us = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  adit_fake_firewall_set_present (f->firewall, TRUE);
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  adit_session_start (f->session, ADIT_REASON_SETTINGS_LOST, &session_nothing, FALSE);
  while (adit_session_get_reason (f->session) != ADIT_REASON_SETTINGS_LOST && g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_SETTINGS_LOST);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_ALL);
}

/* Lockdown without a connection is a promise too. */
static void
test_lockdown_that_is_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "on purpose");

  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  adit_session_start (f->session, ADIT_REASON_STARTING, &session_nothing, TRUE);
  adit_fake_firewall_fail_next (f->firewall, "apply", error);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  session_wait_for (f, ADIT_STATE_DISCONNECTED);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
}

static void
test_disturbed_resolver (Fixture *f, gconstpointer data)
{
  session_start_connected (f);
  adit_dns_emit_disturbed (ADIT_DNS (f->dns), FALSE);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_DNS_FAILED);
}

static void
test_start_after_crash (Fixture *f, gconstpointer data)
{
  adit_fake_firewall_set_present (f->firewall, TRUE);
  session_shake_hands (f);
  adit_session_start (f->session, ADIT_REASON_STARTING, &session_wish, FALSE);
  ASSERT_ORDER (f, "firewall.apply all", "dns.revert", "route.revert", "tunnel.stop");
  session_wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_false (adit_fake_log_has (f->log, "firewall.apply off"));
}

static void
test_start_after_crash_in_disconnect (Fixture *f, gconstpointer data)
{
  adit_fake_firewall_set_present (f->firewall, TRUE);
  adit_session_start (f->session, ADIT_REASON_STARTING, &session_nothing, FALSE);
  ASSERT_ORDER (f, "firewall.apply all", "tunnel.stop", "firewall.apply off");
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
}

static void
test_start_with_lost_settings (Fixture *f, gconstpointer data)
{
  adit_session_start (f->session, ADIT_REASON_SETTINGS_LOST, &session_nothing, TRUE);
  session_settle ();
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_SETTINGS_LOST);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
}

static void
test_undo_that_fails_still_opens (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "on purpose");

  session_start_connected (f);
  adit_fake_dns_fail_next (f->dns, "revert", error);
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_OFF);
  g_assert_error (adit_session_get_error (f->session), ADIT_ERROR, ADIT_ERROR_DNS_FAILED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);    /* warnings are part of what is tested */
#define ADD(name, function) g_test_add ("/session-lock/" name, Fixture, NULL, session_set_up, function, session_tear_down)
  ADD ("disconnect-into-lockdown", test_disconnect_into_lockdown);
  ADD ("lock-that-fails", test_lock_that_fails);
  ADD ("opening-that-fails-stays-locked", test_opening_that_fails_stays_locked);
  ADD ("lost-tunnel-reconnects", test_lost_tunnel_reconnects);
  ADD ("disturbed-firewall", test_disturbed_firewall);
  ADD ("lock-that-is-gone", test_lock_that_is_gone);
  ADD ("disconnect-without-a-lock", test_disconnect_without_a_lock);
  ADD ("lost-wish-without-a-lock", test_lost_wish_without_a_lock);
  ADD ("lost-wish-refused-once", test_lost_wish_refused_once);
  ADD ("lockdown-that-is-refused", test_lockdown_that_is_refused);
  ADD ("disturbed-resolver", test_disturbed_resolver);
  ADD ("start-after-crash", test_start_after_crash);
  ADD ("start-after-crash-in-disconnect", test_start_after_crash_in_disconnect);
  ADD ("start-with-lost-settings", test_start_with_lost_settings);
  ADD ("undo-that-fails-still-opens", test_undo_that_fails_still_opens);
  return g_test_run ();
}
