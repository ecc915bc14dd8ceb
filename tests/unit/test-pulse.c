/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-pulse.c: an idle tunnel is alive, a silent one is asked, then made to prove itself, then dead, and one word from the peer
 * makes it well. */
#include "client/core/pulse.h"

static AditPulseVerdict
at (AditPulse *pulse, gint64 ms, guint64 sent, guint64 received)
{
  AditTunnelProgress progress = { .handshake_age_ms = 1, .sent_bytes = sent, .received_bytes = received };

  return adit_pulse_check (pulse, &progress, 100 * G_TIME_SPAN_SECOND + ms * G_TIME_SPAN_MILLISECOND);
}

#define EXPECT(ms, sent, received, verdict) g_assert_cmpint (at (&pulse, ms, sent, received), ==, ADIT_PULSE_ ## verdict)

static void
test_idle (void)
{
  AditPulse pulse = { 0 };

  EXPECT (0, 0, 0, WELL);
  EXPECT (119999, 0, 0, WELL);
  EXPECT (120000, 0, 0, ASK);
  g_assert_cmpuint (adit_pulse_get_pause_ms (&pulse), ==, 6000);
  EXPECT (126000, 60, 60, WELL);
  EXPECT (246000, 60, 60, ASK);
  /* What was asked is not answered; when in those six seconds it was asked is not known. */
  EXPECT (252000, 120, 60, ASK);
  g_assert_cmpuint (adit_pulse_get_pause_ms (&pulse), ==, 500);
  EXPECT (253499, 120, 60, ASK);
  EXPECT (253500, 120, 60, RENEW);
  EXPECT (255500, 120, 0, RENEW);
  EXPECT (257000, 120, 0, DEAD);
}

/* Never dead at the first look, however long ago the one before was. */
static void
test_long_pause (void)
{
  AditPulse pulse = { 0 };

  EXPECT (0, 100, 100, WELL);
  EXPECT (3600000, 400, 100, ASK);
  EXPECT (3600500, 500, 200, WELL);
}

static void
test_silence (void)
{
  AditPulse pulse = { 0 };

  EXPECT (0, 100, 100, WELL);
  EXPECT (1000, 400, 100, WELL);    /* silent since 0 */
  EXPECT (1499, 400, 100, WELL);
  EXPECT (1500, 500, 100, ASK);
  EXPECT (2500, 600, 100, ASK);
  EXPECT (3000, 700, 100, RENEW);
  EXPECT (3500, 148, 0, ASK);       /* the new peer counts from zero, and that is no word of it */
  EXPECT (4999, 148, 0, ASK);
  EXPECT (5000, 296, 0, RENEW);
  EXPECT (6499, 148, 0, ASK);
  EXPECT (6500, 148, 0, DEAD);
}

/* Who only sends hears nothing but handshakes, and each is as long as the one before. */
static void
test_one_way (void)
{
  AditPulse pulse = { 0 };

  EXPECT (0, 100, 100, WELL);
  EXPECT (1000, 400, 100, WELL);
  EXPECT (3000, 700, 100, RENEW);
  EXPECT (3500, 248, 92, WELL);
  EXPECT (4500, 500, 92, WELL);
  EXPECT (6500, 900, 92, RENEW);
  EXPECT (7000, 248, 92, WELL);
  EXPECT (8000, 500, 92, WELL);
  EXPECT (10000, 900, 92, RENEW);
  EXPECT (10500, 248, 92, WELL);
}

static void
test_answer_in_time (void)
{
  AditPulse pulse = { 0 };

  EXPECT (0, 100, 0, WELL);
  EXPECT (1000, 200, 0, WELL);
  EXPECT (4000, 240, 0, RENEW);
  EXPECT (4500, 148, 92, WELL);     /* the handshake's second half */
  EXPECT (5500, 500, 92, WELL);
  EXPECT (6000, 500, 92, ASK);
  EXPECT (6500, 500, 124, WELL);
  EXPECT (60000, 500, 124, WELL);
}

static void
test_pauses (void)
{
  AditPulse pulse = { 0 };

  g_assert_cmpuint (adit_pulse_get_pause_ms (&pulse), ==, 1000);
  EXPECT (0, 0, 0, WELL);
  EXPECT (1000, 100, 100, WELL);    /* a keepalive */
  g_assert_cmpuint (adit_pulse_get_pause_ms (&pulse), ==, 6000);
  EXPECT (8000, 5000, 5000, WELL);
  g_assert_cmpuint (adit_pulse_get_pause_ms (&pulse), ==, 1000);
  EXPECT (9000, 5000, 5000, WELL);
  g_assert_cmpuint (adit_pulse_get_pause_ms (&pulse), ==, 6000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pulse/idle", test_idle);
  g_test_add_func ("/pulse/long-pause", test_long_pause);
  g_test_add_func ("/pulse/silence", test_silence);
  g_test_add_func ("/pulse/one-way", test_one_way);
  g_test_add_func ("/pulse/answer-in-time", test_answer_in_time);
  g_test_add_func ("/pulse/pauses", test_pauses);
  return g_test_run ();
}
