/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-name-watch.c: who answers names is asked while the tunnel is used, and dead when he alone is silent, twice. */
#include "client/core/name-watch.h"

static gboolean
is_due (AditNameWatch *watch, gint64 s, guint64 sent, guint64 received)
{
  AditTunnelProgress progress = { .sent_bytes = sent, .received_bytes = received };

  return adit_name_watch_is_due (watch, &progress, (100 + s) * G_TIME_SPAN_SECOND);
}

static gboolean
is_news (AditNameWatch *watch, gboolean is_answered, guint64 received)
{
  AditTunnelProgress progress = { .received_bytes = received };

  return adit_name_watch_told (watch, is_answered, &progress);
}

/* Nobody is asked because of a keepalive, a handshake, or because he was asked before. */
static void
test_rest (void)
{
  AditNameWatch watch = { 0 };

  g_assert_false (is_due (&watch, 0, 180, 0));
  g_assert_false (is_due (&watch, 60, 360, 0));
  g_assert_true (is_due (&watch, 61, 541, 0));
  g_assert_false (is_news (&watch, TRUE, 100));
  g_assert_false (is_due (&watch, 90, 2000, 9000));
  g_assert_false (is_due (&watch, 91, 2100, 9000));
  g_assert_true (is_due (&watch, 92, 2300, 9000));
}

static void
test_dead (void)
{
  AditNameWatch watch = { 0 };

  g_assert_true (is_due (&watch, 0, 1000, 1000));
  g_assert_false (is_news (&watch, FALSE, 2000));
  g_assert_false (is_due (&watch, 4, 2000, 2000));
  g_assert_true (is_due (&watch, 5, 3000, 3000));
  g_assert_true (is_news (&watch, FALSE, 4000));
  g_assert_true (watch.are_dead);
  g_assert_true (is_due (&watch, 10, 4000, 4000));
  g_assert_false (is_news (&watch, FALSE, 4000));
  g_assert_true (watch.are_dead);
  g_assert_true (is_due (&watch, 15, 5000, 5000));
  g_assert_true (is_news (&watch, TRUE, 5000));
  g_assert_false (watch.are_dead);
  /* One question that is lost is nothing. */
  g_assert_true (is_due (&watch, 45, 6000, 6000));
  g_assert_false (is_news (&watch, FALSE, 7000));
  g_assert_true (is_due (&watch, 50, 7000, 7000));
  g_assert_false (is_news (&watch, TRUE, 8000));
}

/* Where nothing at all comes back he is not the one to be told of; a peer that was made anew counts from zero. */
static void
test_all_silent (void)
{
  AditNameWatch watch = { 0 };

  g_assert_true (is_due (&watch, 0, 1000, 1000));
  g_assert_false (is_news (&watch, FALSE, 1000));
  g_assert_true (is_due (&watch, 5, 2000, 1000));
  g_assert_false (is_news (&watch, FALSE, 1000));
  g_assert_false (is_due (&watch, 10, 148, 0));
  g_assert_true (is_due (&watch, 11, 1148, 0));
  g_assert_false (is_news (&watch, FALSE, 0));
  g_assert_true (is_due (&watch, 16, 2148, 92));
  g_assert_true (is_news (&watch, FALSE, 92));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/name-watch/rest", test_rest);
  g_test_add_func ("/name-watch/dead", test_dead);
  g_test_add_func ("/name-watch/all-silent", test_all_silent);
  return g_test_run ();
}
