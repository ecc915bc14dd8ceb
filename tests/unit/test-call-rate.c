/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-call-rate.c: who calls too often is refused, and soon not any more; nobody else is. */
#include "client/helper/call-rate.h"

#define NOW_US    (1000 * (gint64) G_USEC_PER_SEC)
#define FLOOD     ":1.66"
#define SOMEBODY  ":1.7"

static guint
count_taken (AditCallRate *rate, const char *sender, guint n, gint64 now_us, gint64 each_us)
{
  guint n_taken = 0;

  for (guint i = 0; i < n; i++)
    n_taken += adit_call_rate_take (rate, sender, now_us + i * each_us) == ADIT_CALL_TAKEN;
  return n_taken;
}

static void
test_burst (void)
{
  AditCallRate *rate = adit_call_rate_new ();

  g_assert_cmpuint (count_taken (rate, FLOOD, 5000, NOW_US, 0), ==, ADIT_CALL_RATE_BURST);
  g_assert_cmpint (adit_call_rate_take (rate, SOMEBODY, NOW_US), ==, ADIT_CALL_TAKEN);
  g_assert_cmpint (adit_call_rate_take (rate, FLOOD, NOW_US), ==, ADIT_CALL_IGNORED);
  g_assert_cmpuint (count_taken (rate, FLOOD, 5000, NOW_US + G_USEC_PER_SEC / 2, 0), ==, ADIT_CALL_RATE_PER_SECOND / 2);
  g_assert_cmpuint (count_taken (rate, FLOOD, 5000, NOW_US + 10 * G_USEC_PER_SEC, 0), ==, ADIT_CALL_RATE_BURST);
  adit_call_rate_free (rate);
}

/* 10,000 a second, for five: what was asked for at once, and then the rate. */
static void
test_flood (void)
{
  AditCallRate *rate = adit_call_rate_new ();
  guint n = count_taken (rate, FLOOD, 50000, NOW_US, 100);

  g_assert_cmpuint (n, >=, ADIT_CALL_RATE_BURST + 5 * ADIT_CALL_RATE_PER_SECOND - 2);
  g_assert_cmpuint (n, <=, ADIT_CALL_RATE_BURST + 5 * ADIT_CALL_RATE_PER_SECOND + 2);
  g_assert_cmpuint (count_taken (rate, SOMEBODY, 2000, NOW_US, G_USEC_PER_SEC / ADIT_CALL_RATE_PER_SECOND), ==, 2000);
  adit_call_rate_free (rate);
}

/* Whoever calls a little too often learns it each time. */
static void
test_refused (void)
{
  AditCallRate *rate = adit_call_rate_new ();

  g_assert_cmpuint (count_taken (rate, FLOOD, ADIT_CALL_RATE_BURST, NOW_US, 0), ==, ADIT_CALL_RATE_BURST);
  for (guint i = 0; i < ADIT_CALL_RATE_REFUSALS; i++)
    g_assert_cmpint (adit_call_rate_take (rate, FLOOD, NOW_US), ==, ADIT_CALL_REFUSED);
  g_assert_cmpint (adit_call_rate_take (rate, FLOOD, NOW_US), ==, ADIT_CALL_IGNORED);
  g_assert_cmpint (adit_call_rate_take (rate, FLOOD, NOW_US + G_USEC_PER_SEC / ADIT_CALL_RATE_PER_SECOND), ==, ADIT_CALL_TAKEN);
  adit_call_rate_free (rate);
}

/* Those that come and go do not take the place of one that is being refused. */
static void
test_many (void)
{
  AditCallRate *rate = adit_call_rate_new ();

  g_assert_cmpuint (count_taken (rate, FLOOD, 5000, NOW_US, 0), ==, ADIT_CALL_RATE_BURST);
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *other = g_strdup_printf (":1.%u", 1000 + i);

      g_assert_cmpint (adit_call_rate_take (rate, other, NOW_US), ==, ADIT_CALL_TAKEN);
    }
  g_assert_cmpint (adit_call_rate_take (rate, FLOOD, NOW_US), ==, ADIT_CALL_IGNORED);
  adit_call_rate_free (rate);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/call-rate/burst", test_burst);
  g_test_add_func ("/call-rate/flood", test_flood);
  g_test_add_func ("/call-rate/refused", test_refused);
  g_test_add_func ("/call-rate/many", test_many);
  return g_test_run ();
}
