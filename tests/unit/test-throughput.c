/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-throughput.c: rates are what was counted over the time that passed, and a graph's top holds the highest of them. */
#include "ui/throughput.h"

#define SECOND G_GINT64_CONSTANT (1000000)

static void
test_rates (void)
{
  AditThroughput throughput = { 0 };

  adit_throughput_add (&throughput, 5 * SECOND, 1000, 100);
  g_assert_cmpuint (throughput.n_samples, ==, 0);    /* nobody knows since when */
  adit_throughput_add (&throughput, 7 * SECOND, 5000, 100);
  adit_throughput_add (&throughput, 7 * SECOND, 9000, 100);    /* no time has passed */
  adit_throughput_add (&throughput, 8 * SECOND, 5000, 400);
  g_assert_cmpuint (throughput.n_samples, ==, 2);
  g_assert_cmpfloat (throughput.down[0], ==, 2000);
  g_assert_cmpfloat (throughput.up[0], ==, 0);
  g_assert_cmpfloat (throughput.down[1], ==, 0);
  g_assert_cmpfloat (throughput.up[1], ==, 300);
}

static void
test_anew (void)
{
  AditThroughput throughput = { 0 };

  adit_throughput_add (&throughput, 1 * SECOND, 1000, 1000);
  adit_throughput_add (&throughput, 2 * SECOND, 2000, 2000);
  adit_throughput_add (&throughput, 3 * SECOND, 10, 10);    /* another tunnel */
  g_assert_cmpuint (throughput.n_samples, ==, 0);
  adit_throughput_add (&throughput, 4 * SECOND, 20, 10);
  g_assert_cmpuint (throughput.n_samples, ==, 1);
  g_assert_cmpfloat (throughput.down[0], ==, 10);
  adit_throughput_add (&throughput, 4000 * SECOND, 30, 10);    /* the window was closed meanwhile */
  g_assert_cmpuint (throughput.n_samples, ==, 0);
  adit_throughput_clear (&throughput);
  g_assert_cmpint (throughput.at_us, ==, 0);
}

static void
test_full (void)
{
  AditThroughput throughput = { 0 };
  guint64 sum = 0;

  for (guint i = 0; i <= ADIT_THROUGHPUT_MAX_SAMPLES + 5; i++)
    adit_throughput_add (&throughput, (i + 1) * SECOND, sum += i, 0);
  g_assert_cmpuint (throughput.n_samples, ==, ADIT_THROUGHPUT_MAX_SAMPLES);
  g_assert_cmpfloat (throughput.down[0], ==, 6);
  g_assert_cmpfloat (throughput.down[ADIT_THROUGHPUT_MAX_SAMPLES - 1], ==, ADIT_THROUGHPUT_MAX_SAMPLES + 5);
}

static void
test_ceiling (void)
{
  static const struct { guint64 rate; double ceiling; } rows[] = {
    { 0, 1e4 }, { 9999, 1e4 }, { 10000, 1e4 }, { 10001, 2e4 }, { 20001, 5e4 }, { 50001, 1e5 }, { 100001, 2e5 },
    { 123456789, 2e8 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditThroughput down = { 0 }, up = { 0 };

      adit_throughput_add (&down, SECOND, 0, 0);
      adit_throughput_add (&down, 2 * SECOND, rows[i].rate, 0);
      adit_throughput_add (&up, SECOND, 0, 0);
      adit_throughput_add (&up, 2 * SECOND, 0, rows[i].rate);
      g_assert_cmpfloat_with_epsilon (adit_throughput_get_ceiling (&down), rows[i].ceiling, 1e-3);
      g_assert_cmpfloat_with_epsilon (adit_throughput_get_ceiling (&up), rows[i].ceiling, 1e-3);
    }
}

static void
test_words (void)
{
  g_autofree char *none = adit_throughput_dup_rate (0), *much = adit_throughput_dup_rate (1.25e6);

  g_assert_cmpstr (none, ==, "0 bytes/s");
  g_assert_cmpstr (much, ==, "1.2\xc2\xa0MB/s");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/throughput/rates", test_rates);
  g_test_add_func ("/throughput/anew", test_anew);
  g_test_add_func ("/throughput/full", test_full);
  g_test_add_func ("/throughput/ceiling", test_ceiling);
  g_test_add_func ("/throughput/words", test_words);
  return g_test_run ();
}
