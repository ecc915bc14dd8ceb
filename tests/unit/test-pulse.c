/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-pulse.c: an idle tunnel is alive, a silent one is dead after 30 s, and one word from the peer makes it well. */
#include "client/core/pulse.h"

static gboolean
at (AditPulse *pulse, gint64 second, guint64 sent, guint64 received)
{
  AditTunnelProgress progress = { .handshake_age_ms = 1, .sent_bytes = sent, .received_bytes = received };

  return adit_pulse_check (pulse, &progress, (100 + second) * G_TIME_SPAN_SECOND);
}

static void
test_idle (void)
{
  AditPulse pulse = { 0 };

  for (gint64 second = 0; second < 1000; second += 5)
    g_assert_true (at (&pulse, second, 0, 0));
}

static void
test_silence (void)
{
  AditPulse pulse = { 0 };

  g_assert_true (at (&pulse, 0, 100, 100));
  g_assert_true (at (&pulse, 5, 200, 100));
  g_assert_true (at (&pulse, 34, 300, 100));
  g_assert_false (at (&pulse, 35, 300, 100));
}

static void
test_answer_in_time (void)
{
  AditPulse pulse = { 0 };

  g_assert_true (at (&pulse, 0, 100, 0));
  g_assert_true (at (&pulse, 29, 200, 1));
  g_assert_true (at (&pulse, 58, 300, 1));
  g_assert_true (at (&pulse, 87, 400, 1));
  g_assert_false (at (&pulse, 88, 400, 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pulse/idle", test_idle);
  g_test_add_func ("/pulse/silence", test_silence);
  g_test_add_func ("/pulse/answer-in-time", test_answer_in_time);
  return g_test_run ();
}
