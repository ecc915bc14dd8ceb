/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-session.c: the walk through the table with recording fakes: what is called in which order,
 * and which lock is in force then. */
#include "tests/unit/session-fixture.h"

#include <string.h>

#include "client/base/error.h"
#include "client/core/session-private.h"

static void
test_quiet_start (Fixture *f, gconstpointer data)
{
  session_start_disconnected (f);
  for (guint i = 0; i < f->log->len; i++)
    g_assert_false (g_str_has_prefix (f->log->pdata[i], "firewall.apply"));
}

static void
test_connect_order (Fixture *f, gconstpointer data)
{
  const AditLockPolicy *policy;

  session_start_connected (f);
  ASSERT_ORDER (f, "firewall.apply peer", "firewall.apply peer", "tunnel.start", "route.apply", "dns.apply",
                "firewall.apply tunnel");
  policy = adit_fake_firewall_get_policy (f->firewall);
  g_assert_cmpint (policy->lock, ==, ADIT_LOCK_TUNNEL);
  g_assert_cmpuint (policy->peer.port, ==, 51820);
  g_assert_cmpuint (policy->n_dns, ==, 1);
  g_assert_cmpuint (policy->n_tunnel_addresses, ==, 1);
  g_assert_cmpint (adit_session_get_since_s (f->session), >, 0);
}

/* Where it is known to whom, the first lock is open to them; where it is not, to nobody until there is an offer. */
static void
test_foreseen (Fixture *f, gconstpointer data)
{
  const AditLockPolicy *policy;

  session_start_disconnected (f);
  for (guint i = 0; i < 2; i++)
    {
      f->source->foresees = i == 1;
      g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
      policy = adit_fake_firewall_get_policy (f->firewall);
      g_assert_cmpint (policy->lock, ==, ADIT_LOCK_PEER);
      g_assert_cmpuint (policy->peer.port, ==, i == 1 ? 51820 : 0);
      g_assert_cmpuint (f->source->n_asked, ==, i + 1);
      adit_session_disconnect (f->session);
      session_wait_for (f, ADIT_STATE_DISCONNECTED);
    }
}

static guint
count (Fixture *f, const char *line)
{
  guint n = 0;

  for (guint i = 0; i < f->log->len; i++)
    n += g_str_has_prefix (f->log->pdata[i], line) ? 1 : 0;
  return n;
}

static void
assign_inside (Fixture *f)
{
  AditTunnelSpec assigned = { .kind = ADIT_TUNNEL_OPENVPN };

  adit_fake_tunnel_set_assigned (f->tunnel, &assigned);
  f->source->kind = ADIT_TUNNEL_OPENVPN;
}

/* OpenVPN's processes are begun before the lock, and told whom to connect to where that is known; the undo spares them. */
static void
test_begun_ahead (Fixture *f, gconstpointer data)
{
  session_start_disconnected (f);
  assign_inside (f);
  for (guint i = 0; i < 2; i++)
    {
      f->source->foresees = i == 1;
      adit_fake_tunnel_hold_start (f->tunnel, TRUE);
      g_ptr_array_set_size (f->log, 0);
      g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
      g_assert_cmpuint (count (f, "tunnel.stop"), ==, 0);
      g_assert_cmpuint (count (f, "tunnel.brief"), ==, i);
      g_assert_cmpuint (count (f, "tunnel.start"), ==, 0);
      session_settle ();
      ASSERT_ORDER (f, "tunnel.prepare", "firewall.apply peer", "route.revert", "tunnel.brief", "firewall.apply peer",
                    "tunnel.start");
      if (i == 1)
        ASSERT_ORDER (f, "tunnel.prepare", "tunnel.brief", "firewall.apply peer", "tunnel.start");
      g_assert_cmpuint (count (f, "tunnel.prepare"), ==, 1);
      g_assert_cmpuint (count (f, "tunnel.stop"), ==, 0);
      adit_session_disconnect (f->session);
      g_assert_true (adit_fake_tunnel_release_start (f->tunnel));
      session_wait_for (f, ADIT_STATE_DISCONNECTED);
      session_settle ();
    }
}

/* Where there is no lock then, they end at once, and nothing of them was started. */
static void
test_begun_in_vain (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) refusal = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "no");

  session_start_disconnected (f);
  assign_inside (f);
  f->source->foresees = TRUE;
  g_ptr_array_set_size (f->log, 0);
  adit_fake_firewall_fail_next (f->firewall, "apply", refusal);
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_LOCK_FAILED);
  session_settle ();
  ASSERT_ORDER (f, "tunnel.prepare", "tunnel.brief", "firewall.apply peer", "firewall.apply all", "tunnel.stop");
  g_assert_cmpuint (count (f, "tunnel.start"), ==, 0);
}

static void
test_nested (Fixture *f, gconstpointer data)
{
  const AditLockPolicy *policy;

  f->source->is_nested = TRUE;
  session_start_connected (f);
  policy = adit_fake_firewall_get_policy (f->firewall);
  g_assert_cmpuint (policy->peer.port, ==, 53);
  g_assert_cmpuint (policy->n_more_peers, ==, 0);    /* the second is nobody's on the wire */
  g_assert_cmpuint (policy->inner_peer.port, ==, 51820);
  adit_session_disconnect (f->session);
  session_wait_for (f, ADIT_STATE_DISCONNECTED);
  f->source->is_nested = FALSE;
  session_start_connected_again (f);
  policy = adit_fake_firewall_get_policy (f->firewall);
  g_assert_cmpuint (policy->inner_peer.port, ==, 0);
}

/* Which of the two is silent is said, and that one is avoided. */
static void
test_nested_silence (Fixture *f, gconstpointer data)
{
  static const struct { guint64 of_entry_bytes; const char *said, *avoided; } rows[] = {
    { 0, "to enter by did not answer", "nl-ams-wg-001" }, { 92, "to leave by did not answer", "se-got-wg-001" },
  };

  f->source->is_nested = TRUE;
  session_start_disconnected (f);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditTunnelProgress silence = { .handshake_age_ms = -1, .sent_bytes = 148, .others_received_bytes = rows[i].of_entry_bytes };
      guint n_asked = f->source->n_asked;

      adit_fake_tunnel_set_progress (f->tunnel, &silence);
      g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
      session_wait_for_offers (f, n_asked + 2);
      g_assert_cmpstr (f->source->avoid, ==, rows[i].avoided);
      g_assert_error (adit_session_get_error (f->session), ADIT_ERROR, ADIT_ERROR_NO_HANDSHAKE);
      g_assert_nonnull (strstr (adit_session_get_error (f->session)->message, rows[i].said));
      adit_session_disconnect (f->session);
      session_wait_for (f, ADIT_STATE_DISCONNECTED);
    }
}

static void
test_openvpn (Fixture *f, gconstpointer data)
{
  const AditLockPolicy *policy;

  session_start_openvpn (f, "10.65.0.2/24", "10.65.0.1");
  session_wait_for (f, ADIT_STATE_CONNECTED);
  ASSERT_ORDER (f, "firewall.apply peer", "firewall.apply peer", "tunnel.start", "firewall.apply tunnel", "route.apply",
                "dns.apply", "firewall.apply tunnel");
  policy = adit_fake_firewall_get_policy (f->firewall);
  g_assert_cmpuint (policy->carrier_uid, ==, 61003);
  g_assert_cmpint (policy->transport, ==, ADIT_TRANSPORT_TCP);
  g_assert_cmpuint (policy->n_tunnel_addresses, ==, 1);
  g_assert_cmpuint (policy->n_dns, ==, 1);
}

/* What it assigns can be a lie. */
static void
test_openvpn_refused (Fixture *f, gconstpointer data)
{
  static const struct { const char *address, *resolver; AditReason reason; } lies[] = {
    { "127.0.0.1/8", "10.65.0.1", ADIT_REASON_TUNNEL_FAILED }, { "10.65.0.2/24", "127.0.0.53", ADIT_REASON_TUNNEL_FAILED },
    { "224.0.0.1/24", "10.65.0.1", ADIT_REASON_TUNNEL_FAILED }, { "10.65.0.2/24", NULL, ADIT_REASON_DNS_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      session_start_openvpn (f, lies[i].address, lies[i].resolver);
      session_wait_for (f, ADIT_STATE_BLOCKED);
      g_assert_cmpint (adit_session_get_reason (f->session), ==, lies[i].reason);
      g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_ALL);
      for (guint n = 0; n < f->log->len; n++)
        g_assert_false (g_str_has_prefix (f->log->pdata[n], "route.apply"));
      adit_session_disconnect (f->session);
      session_settle ();
    }
}

static void
test_disconnect_order (Fixture *f, gconstpointer data)
{
  session_start_connected (f);
  g_ptr_array_set_size (f->log, 0);
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  ASSERT_ORDER (f, "dns.revert", "route.revert", "firewall.apply off");
  g_assert_cmpint (adit_session_get_since_s (f->session), ==, 0);
  g_assert_null (adit_session_get_spec (f->session));
  /* What is left of the device after the routes are gone lets nothing out, and nobody waits for its end. */
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));
  session_settle ();
  ASSERT_ORDER (f, "firewall.apply off", "tunnel.stop");
}

/* A device that may still have its address or be up goes before the lock does. */
static void
test_disconnect_with_routes_that_stay (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "on purpose");

  session_start_connected (f);
  g_ptr_array_set_size (f->log, 0);
  adit_fake_route_fail_next (f->route, "revert", error);
  adit_session_disconnect (f->session);
  ASSERT_ORDER (f, "route.revert", "tunnel.stop", "firewall.apply off");
  g_assert_error (adit_session_get_error (f->session), ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
}

/* Whoever connects again at once does not meet the device of before. */
static void
test_connect_after_disconnect (Fixture *f, gconstpointer data)
{
  session_start_connected (f);
  g_ptr_array_set_size (f->log, 0);
  adit_session_disconnect (f->session);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  session_wait_for (f, ADIT_STATE_CONNECTED);
  ASSERT_ORDER (f, "firewall.apply off", "firewall.apply peer", "tunnel.stop", "tunnel.start", "firewall.apply tunnel");
  g_ptr_array_set_size (f->log, 0);
  session_settle ();
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));
}

static void
test_shell_that_stays_is_told (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "on purpose");

  session_start_connected (f);
  adit_fake_tunnel_fail_next (f->tunnel, "stop", error);
  adit_session_disconnect (f->session);
  g_assert_no_error (adit_session_get_error (f->session));
  session_settle ();
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  g_assert_error (adit_session_get_error (f->session), ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
}

static void
test_switch_never_opens (Fixture *f, gconstpointer data)
{
  session_start_connected (f);
  g_ptr_array_set_size (f->log, 0);
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTING);
  session_wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_false (adit_fake_log_has (f->log, "firewall.apply off"));
  ASSERT_ORDER (f, "firewall.apply peer", "tunnel.stop", "firewall.apply peer", "tunnel.start", "firewall.apply tunnel");
}

/* While a start is held back, the user changes their mind: nothing is undone before the start has said its last word. */
static void
test_disconnect_during_start (Fixture *f, gconstpointer data)
{
  session_start_disconnected (f);
  adit_fake_tunnel_hold_start (f->tunnel, TRUE);
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  session_settle ();
  g_ptr_array_set_size (f->log, 0);
  adit_session_disconnect (f->session);
  session_settle ();
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTING);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_PEER);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));
  g_assert_true (adit_fake_tunnel_release_start (f->tunnel));
  session_wait_for (f, ADIT_STATE_DISCONNECTED);
  session_settle ();
  g_assert_false (adit_fake_log_has (f->log, "route.apply"));
  ASSERT_ORDER (f, "route.revert", "firewall.apply off", "tunnel.stop");
}

static void
test_reconnect_during_start_makes_one_attempt (Fixture *f, gconstpointer data)
{
  session_start_disconnected (f);
  session_shake_hands (f);
  adit_fake_tunnel_hold_start (f->tunnel, TRUE);
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  session_settle ();
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  session_settle ();
  g_assert_cmpuint (f->source->n_asked, ==, 1);
  adit_fake_tunnel_hold_start (f->tunnel, FALSE);
  g_assert_true (adit_fake_tunnel_release_start (f->tunnel));
  session_wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_cmpuint (f->source->n_asked, ==, 2);
}

static void
test_no_account_blocks (Fixture *f, gconstpointer data)
{
  f->source->error = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "nobody");
  session_start_disconnected (f);
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  session_wait_for (f, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_NO_ACCOUNT);
  g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
  g_assert_error (adit_session_get_error (f->session), ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT);
  adit_session_disconnect (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
}

/* The pause doubles with each failure, and not twice. */
static void
test_failure_counted_once (Fixture *f, gconstpointer data)
{
  session_start_disconnected (f);
  f->source->error = g_error_new (ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "on purpose");
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  session_wait_for (f, ADIT_STATE_BLOCKED);
  g_assert_cmpuint (f->session->retry_number, ==, 1);
}

/* It goes on by itself, not earlier than so long after @begin_us and not later than so long from now. */
static void
expect_wait (Fixture *f, gint64 begin_us, gint64 least_ms, gint64 most_ms)
{
  gint64 due_us = g_source_get_ready_time (g_main_context_find_source_by_id (NULL, f->session->timer));

  g_assert_cmpint (due_us, >=, begin_us + least_ms * 1000);
  g_assert_cmpint (due_us, <=, g_get_monotonic_time () + most_ms * 1000);
}

static void
wait_for_timer (Fixture *f)
{
  while (f->session->timer == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* The far end's pause, between tries and out of blocked; but not for as long as it likes. */
static void
test_pause_of_far_end (Fixture *f, gconstpointer data)
{
  static const struct { guint pause_s; gint64 wait_ms; } rows[] = {
    { 0, 1000 }, { 1, 1000 }, { 7, 7000 }, { 60, 60000 }, { 300, 300000 }, { 3600, 300000 }, { G_MAXUINT, 300000 },
  };
  g_autoptr (GError) silence = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_NO_HANDSHAKE, "come again later");
  g_autoptr (GError) broken = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "on purpose");
  gint64 begin_us;

  session_start_disconnected (f);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      adit_fake_tunnel_set_pause_s (f->tunnel, rows[i].pause_s);
      begin_us = g_get_monotonic_time ();
      adit_fake_tunnel_fail_next (f->tunnel, "start", silence);    /* a try that is followed by another */
      g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
      wait_for_timer (f);
      g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTING);
      expect_wait (f, begin_us, rows[i].wait_ms, rows[i].wait_ms);
      adit_session_disconnect (f->session);
      session_wait_for (f, ADIT_STATE_DISCONNECTED);

      begin_us = g_get_monotonic_time ();
      adit_fake_tunnel_fail_next (f->tunnel, "start", broken);    /* one that is not; the session's own pause is 15 s or more */
      g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
      session_wait_for (f, ADIT_STATE_BLOCKED);
      expect_wait (f, begin_us, MAX (rows[i].wait_ms, 15000), MAX (rows[i].wait_ms, 15000 * 5 / 4));
      adit_session_disconnect (f->session);
      session_wait_for (f, ADIT_STATE_DISCONNECTED);
    }

  /* And one that was connected for a short time. */
  adit_fake_tunnel_set_pause_s (f->tunnel, 0);
  session_start_connected_again (f);
  adit_fake_tunnel_set_pause_s (f->tunnel, 7);
  begin_us = g_get_monotonic_time ();
  adit_tunnel_emit_lost (ADIT_TUNNEL (f->tunnel), silence);
  wait_for_timer (f);
  expect_wait (f, begin_us, 7000, 7000);
}

/* A step that fails leaves the computer blocked, undone and told why, whichever step it is. */
static void
test_failing_steps (Fixture *f, gconstpointer data)
{
  static const struct { const char *what; AditError code; AditReason reason; } steps[] = {
    { "tunnel", ADIT_ERROR_TUNNEL_FAILED, ADIT_REASON_TUNNEL_FAILED },
    { "route", ADIT_ERROR_TUNNEL_FAILED, ADIT_REASON_TUNNEL_FAILED },
    { "dns", ADIT_ERROR_DNS_FAILED, ADIT_REASON_DNS_FAILED },
  };

  session_start_disconnected (f);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GError) error = g_error_new (ADIT_ERROR, (gint) steps[i].code, "%s on purpose", steps[i].what);

      g_ptr_array_set_size (f->log, 0);
      if (i == 0)
        adit_fake_tunnel_fail_next (f->tunnel, "start", error);
      else if (i == 1)
        adit_fake_route_fail_next (f->route, "apply", error);
      else
        adit_fake_dns_fail_next (f->dns, "apply", error);
      g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
      session_wait_for (f, ADIT_STATE_BLOCKED);
      g_assert_cmpint (adit_session_get_reason (f->session), ==, steps[i].reason);
      g_assert_cmpint (adit_fake_firewall_get_lock (f->firewall), ==, ADIT_LOCK_ALL);
      ASSERT_ORDER (f, "firewall.apply all", "dns.revert", "route.revert", "tunnel.stop");
      g_assert_false (adit_fake_log_has (f->log, "firewall.apply off"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);    /* warnings are part of what is tested */
#define ADD(name, function) g_test_add ("/session/" name, Fixture, NULL, session_set_up, function, session_tear_down)
  ADD ("quiet-start", test_quiet_start);
  ADD ("connect-order", test_connect_order);
  ADD ("foreseen", test_foreseen);
  ADD ("begun-ahead", test_begun_ahead);
  ADD ("begun-in-vain", test_begun_in_vain);
  ADD ("nested", test_nested);
  ADD ("nested-silence", test_nested_silence);
  ADD ("openvpn", test_openvpn);
  ADD ("openvpn-refused", test_openvpn_refused);
  ADD ("disconnect-order", test_disconnect_order);
  ADD ("disconnect-with-routes-that-stay", test_disconnect_with_routes_that_stay);
  ADD ("connect-after-disconnect", test_connect_after_disconnect);
  ADD ("shell-that-stays-is-told", test_shell_that_stays_is_told);
  ADD ("switch-never-opens", test_switch_never_opens);
  ADD ("disconnect-during-start", test_disconnect_during_start);
  ADD ("reconnect-during-start-makes-one-attempt", test_reconnect_during_start_makes_one_attempt);
  ADD ("no-account-blocks", test_no_account_blocks);
  ADD ("failing-steps", test_failing_steps);
  ADD ("pause-of-far-end", test_pause_of_far_end);
  ADD ("failure-counted-once", test_failure_counted_once);
  return g_test_run ();
}
