/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-session-network.c: links that come and go, other ways out, sleep, and who answers in the place of others. */
#include "tests/unit/session-fixture.h"

#include "client/base/error.h"

/* Who is silent where somebody answers in the service's place is not to blame; that is known until another wish. */
static void
test_untrusted_silence (Fixture *f, gconstpointer data)
{
  AditTunnelProgress silence = { .handshake_age_ms = -1, .sent_bytes = 148 };

  session_start_disconnected (f);
  adit_fake_tunnel_set_progress (f->tunnel, &silence);
  f->source->is_untrusted = TRUE;
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  session_wait_for (f, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_SERVICE_UNREACHABLE);
  g_assert_error (adit_session_get_error (f->session), ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED);
  g_assert_true (adit_session_is_untrusted (f->session));
  f->source->is_untrusted = FALSE;
  adit_session_sleep (f->session);
  adit_session_wake (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTING);
  g_assert_true (adit_session_is_untrusted (f->session));
  session_wait_for_offers (f, f->source->n_asked + 1);
  g_assert_true (adit_session_is_untrusted (f->session));
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  g_assert_false (adit_session_is_untrusted (f->session));
  adit_session_disconnect (f->session);
  session_wait_for (f, ADIT_STATE_DISCONNECTED);
}

#define CABLE 7
#define RADIO 8

static void
start_on_cable (Fixture *f)
{
  adit_fake_network_set_way (f->network, CABLE);
  session_start_connected (f);
  g_ptr_array_set_size (f->log, 0);
}

static gboolean
on_waited (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_waited, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* Blocked, and at once connected again, without any of the pauses that failures bring. */
static void
test_offline (Fixture *f, gconstpointer data)
{
  gint64 began;

  start_on_cable (f);
  adit_fake_network_set_way (f->network, 0);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  session_wait_for (f, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_OFFLINE);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_ALL);
  ASSERT_ORDER (f, "firewall.apply all", "dns.revert", "route.revert", "tunnel.stop");
  began = g_get_monotonic_time ();
  adit_fake_network_set_way (f->network, CABLE);
  session_wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 900 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpstr (f->source->avoid, ==, "");
}

static void
test_connect_while_offline (Fixture *f, gconstpointer data)
{
  adit_fake_network_set_way (f->network, 0);
  session_start_disconnected (f);
  session_shake_hands (f);
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  session_wait_for (f, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_OFFLINE);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.start"));
  adit_fake_network_set_way (f->network, RADIO);
  session_wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_cmpstr (f->source->avoid, ==, "");    /* the same one first */
}

/* What failed because there was no network is said to be that; and when one comes, it is tried at once. */
static void
test_offline_while_blocked (Fixture *f, gconstpointer data)
{
  adit_fake_network_set_way (f->network, CABLE);
  session_start_disconnected (f);
  session_shake_hands (f);
  f->source->error = g_error_new (ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "on purpose");
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  session_wait_for (f, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_SERVICE_UNREACHABLE);
  adit_fake_network_set_way (f->network, 0);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_OFFLINE);
  g_clear_error (&f->source->error);
  adit_fake_network_set_way (f->network, CABLE);
  session_wait_for (f, ADIT_STATE_CONNECTED);

  /* A reason that does not pass stays said. */
  f->source->error = g_error_new (ADIT_ERROR, ADIT_ERROR_ACCOUNT_EXPIRED, "on purpose");
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  session_wait_for (f, ADIT_STATE_BLOCKED);
  adit_fake_network_set_way (f->network, 0);
  g_assert_cmpint (adit_session_get_reason (f->session), ==, ADIT_REASON_ACCOUNT_EXPIRED);
  g_clear_error (&f->source->error);
}

/* Nothing is tried under a program that shows the network's page, and all is taken up again when it is over; where nothing is in
 * the way there is no hole. */
static void
test_portal (Fixture *f, gconstpointer data)
{
  static const AditPortalHole hole;
  g_autoptr (GError) error = NULL;

  adit_fake_network_set_way (f->network, CABLE);
  session_start_disconnected (f);
  g_assert_false (adit_session_open_portal (f->session, &hole, 300, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  f->source->error = g_error_new (ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED, "on purpose");
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  g_assert_true (adit_session_open_portal (f->session, &hole, 300, &error));    /* while connecting */
  g_assert_no_error (error);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_ALL);
  g_assert_true (adit_fake_log_has (f->log, "firewall.portal"));
  g_assert_true (adit_fake_firewall_get_policy (f->firewall)->reach.has_portal);
  session_settle ();
  g_clear_error (&f->source->error);
  session_shake_hands (f);
  adit_fake_network_set_way (f->network, RADIO);
  adit_session_wake (f->session);
  session_settle ();
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_BLOCKED);
  adit_session_close_portal (f->session);
  g_assert_false (adit_fake_firewall_get_policy (f->firewall)->reach.has_portal);
  session_wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_false (adit_session_open_portal (f->session, &hole, 300, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
}

/* A cable that is put back, and another way out: the tunnel stays, and proves itself. */
static void
test_other_way (Fixture *f, gconstpointer data)
{
  start_on_cable (f);
  adit_fake_network_set_way (f->network, 0);
  run_for (300);
  adit_fake_network_set_way (f->network, CABLE);
  ASSERT_ORDER (f, "tunnel.renew");
  session_shake_hands (f);
  run_for (1200);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));

  g_ptr_array_set_size (f->log, 0);
  adit_fake_network_set_way (f->network, RADIO);
  ASSERT_ORDER (f, "tunnel.renew");
  session_shake_hands (f);
  run_for (300);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));

  g_ptr_array_set_size (f->log, 0);
  adit_fake_network_set_way (f->network, RADIO);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.renew"));
}

/* Where no proof comes within three seconds it goes on to another server, and does not pause before. */
static void
test_no_proof (Fixture *f, gconstpointer data)
{
  gint64 began;

  start_on_cable (f);
  began = g_get_monotonic_time ();
  adit_fake_network_set_way (f->network, RADIO);
  session_wait_for (f, ADIT_STATE_CONNECTING);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 2900 * G_TIME_SPAN_MILLISECOND);
  began = g_get_monotonic_time ();
  g_assert_cmpstr (f->source->avoid, ==, "se-got-wg-001");
  session_shake_hands (f);
  session_wait_for (f, ADIT_STATE_CONNECTED);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 900 * G_TIME_SPAN_MILLISECOND);
}

static guint
count_log (Fixture *f, const char *line)
{
  guint n = 0;

  for (guint i = 0; i < f->log->len; i++)
    n += g_str_equal (g_ptr_array_index (f->log, i), line);
  return n;
}

static void
test_sleep (Fixture *f, gconstpointer data)
{
  start_on_cable (f);
  adit_session_sleep (f->session);
  adit_fake_network_set_way (f->network, 0);
  run_for (1200);    /* the links go, and nobody minds */
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  adit_fake_network_set_way (f->network, CABLE);
  g_assert_cmpuint (f->log->len, ==, 0);
  adit_session_wake (f->session);
  ASSERT_ORDER (f, "firewall.apply tunnel", "route.apply", "dns.apply", "tunnel.renew");
  g_assert_cmpint (adit_session_get_lock (f->session), ==, ADIT_LOCK_TUNNEL);
  session_shake_hands (f);
  run_for (300);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);
  g_assert_false (adit_fake_log_has (f->log, "tunnel.stop"));

  /* In another network: its proof is asked for once, since the relay would leave out a second question. */
  adit_session_sleep (f->session);
  adit_fake_network_set_way (f->network, RADIO);
  g_ptr_array_set_size (f->log, 0);
  adit_session_wake (f->session);
  g_assert_cmpuint (count_log (f, "tunnel.renew"), ==, 1);
  session_shake_hands (f);
  run_for (300);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_CONNECTED);

  /* Whoever was blocked by something passing does not wait for the end of a pause that began before. */
  f->source->error = g_error_new (ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "on purpose");
  g_assert_true (adit_session_connect (f->session, &session_wish, NULL));
  session_wait_for (f, ADIT_STATE_BLOCKED);
  g_clear_error (&f->source->error);
  adit_session_sleep (f->session);
  adit_session_wake (f->session);
  session_wait_for (f, ADIT_STATE_CONNECTED);

  /* A disconnected computer sleeps, too. */
  adit_session_disconnect (f->session);
  session_settle ();
  g_ptr_array_set_size (f->log, 0);
  adit_session_sleep (f->session);
  adit_session_wake (f->session);
  g_assert_cmpint (adit_session_get_state (f->session), ==, ADIT_STATE_DISCONNECTED);
  g_assert_cmpuint (f->log->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);    /* warnings are part of what is tested */
#define ADD(name, function) g_test_add ("/session-network/" name, Fixture, NULL, session_set_up, function, session_tear_down)
  ADD ("untrusted-silence", test_untrusted_silence);
  ADD ("offline", test_offline);
  ADD ("connect-while-offline", test_connect_while_offline);
  ADD ("offline-while-blocked", test_offline_while_blocked);
  ADD ("portal", test_portal);
  ADD ("other-way", test_other_way);
  ADD ("no-proof", test_no_proof);
  ADD ("sleep", test_sleep);
  return g_test_run ();
}
