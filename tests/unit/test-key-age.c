/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-key-age.c: when each service's keys are changed, after a restart, a sleep, a step of the clock and failures. */
#include "client/core/key-age.h"

#define MINUTE 60
#define HOUR   3600
#define DAY    86400
#define NOW_S  (G_GINT64_CONSTANT (1800000000))
#define US(seconds) ((seconds) * (gint64) G_USEC_PER_SEC)
#define BOOTED_US US (1000)    /* the computer was started a quarter of an hour ago; keys may be older than that */

typedef struct { const char *service; guint days_set, days; } Days;

static void
test_days (void)
{
  static const Days table[] = {
    { "mullvad", 0, 30 }, { "mullvad", 7, 7 }, { "mullvad", 30, 30 }, { "mullvad", 1, 1 },
    { "ivpn", 0, 1 }, { "ivpn", 30, 30 }, { "ivpn", 3, 3 },
    { "ovpn", 0, 14 }, { "ovpn", 1, 1 }, { "ovpn", 28, 28 }, { "ovpn", 30, 28 },
    { "mysterium", 0, 0 }, { "mysterium", 30, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const AditKeyRules *rules = &adit_service_find (table[i].service)->keys;
      gint64 us = US (table[i].days * (gint64) DAY);
      AditKeyAge age;

      adit_key_age_begin (&age, NOW_S, NOW_S, BOOTED_US);
      g_assert_cmpuint (adit_key_age_get_days (rules, table[i].days_set), ==, table[i].days);
      g_assert_cmpint (adit_key_age_get_next_us (&age, rules, table[i].days_set, BOOTED_US), ==,
                       table[i].days > 0 ? BOOTED_US + us : ADIT_KEY_AGE_NEVER);
      g_assert_false (adit_key_age_is_due (&age, rules, table[i].days_set, BOOTED_US + us - 1));
      g_assert_true (adit_key_age_is_due (&age, rules, table[i].days_set, BOOTED_US + us) == (table[i].days > 0));
    }
}

/* Only what the calendar said at the first look counts: no step of it afterwards. */
static void
test_clock (void)
{
  const AditKeyRules *rules = &adit_service_find ("mullvad")->keys;
  AditKeyAge age;

  adit_key_age_begin (&age, NOW_S - 20 * DAY, NOW_S, BOOTED_US);    /* after a restart */
  g_assert_cmpint (adit_key_age_get_s (&age, BOOTED_US), ==, 20 * DAY);
  g_assert_cmpint (adit_key_age_get_next_us (&age, rules, 0, BOOTED_US), ==, BOOTED_US + US (10 * DAY));
  g_assert_cmpint (adit_key_age_get_s (&age, BOOTED_US + US (9 * DAY)), ==, 29 * DAY);    /* asleep or not */
  g_assert_true (adit_key_age_is_due (&age, rules, 0, BOOTED_US + US (10 * DAY)));

  /* Overdue since before this computer was started. */
  g_assert_cmpint (adit_key_age_get_next_us (&age, rules, 7, BOOTED_US), ==, BOOTED_US - US (13 * DAY));
  g_assert_true (adit_key_age_is_due (&age, rules, 7, BOOTED_US));

  adit_key_age_begin (&age, NOW_S + 400 * DAY, NOW_S, BOOTED_US);    /* made while the clock was ahead */
  g_assert_cmpint (adit_key_age_get_s (&age, BOOTED_US), ==, 0);
  g_assert_cmpint (adit_key_age_get_next_us (&age, rules, 0, BOOTED_US), ==, BOOTED_US + US (30 * DAY));

  adit_key_age_begin (&age, NOW_S, NOW_S + US (400 * DAY), BOOTED_US);    /* read while it is, beyond all measure */
  g_assert_true (adit_key_age_is_due (&age, rules, 0, BOOTED_US));

  adit_key_age_begin (&age, 0, NOW_S, BOOTED_US);    /* nobody has written it down */
  g_assert_cmpint (adit_key_age_get_s (&age, BOOTED_US), ==, -1);
  g_assert_true (adit_key_age_is_due (&age, rules, 30, BOOTED_US));
  g_assert_cmpint (adit_key_age_get_next_us (&age, rules, 30, BOOTED_US), ==, BOOTED_US);
}

typedef struct { const char *service; guint n_failures; gint64 pause_s; } Pause;

static void
test_failures (void)
{
  static const Pause table[] = {
    { "mullvad", 1, DAY }, { "mullvad", 2, DAY }, { "mullvad", G_MAXUINT, DAY },
    { "ivpn", 1, 5 * MINUTE }, { "ivpn", 2, 10 * MINUTE }, { "ivpn", 12, HOUR }, { "ivpn", 13, HOUR },
    { "ivpn", G_MAXUINT, HOUR },
    { "ovpn", 1, HOUR }, { "ovpn", 24, DAY }, { "ovpn", 25, DAY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const AditKeyRules *rules = &adit_service_find (table[i].service)->keys;
      gint64 failed_us = BOOTED_US + US (1);
      AditKeyAge age;

      adit_key_age_begin (&age, NOW_S - 31 * DAY, NOW_S, BOOTED_US);
      age.n_failures = table[i].n_failures;
      age.failed_us = failed_us;
      g_assert_cmpint (adit_key_age_get_next_us (&age, rules, 0, failed_us), ==, failed_us + US (table[i].pause_s));
      g_assert_true (adit_key_age_is_due (&age, rules, 0, failed_us));    /* whoever connects may try at once */
      adit_key_age_begin (&age, NOW_S, NOW_S, BOOTED_US);
      age.n_failures = 1;    /* somebody wanted a new one although the old one was young */
      age.failed_us = failed_us;
      g_assert_cmpint (adit_key_age_get_next_us (&age, rules, 0, failed_us), >=, BOOTED_US + US (DAY));
    }
}

static void
test_grace (void)
{
  const AditKeyRules *ivpn = &adit_service_find ("ivpn")->keys, *mullvad = &adit_service_find ("mullvad")->keys;
  AditKeyAge age;

  adit_key_age_begin (&age, NOW_S, NOW_S, BOOTED_US);
  g_assert_false (adit_key_age_is_over (&age, ivpn, 7, BOOTED_US + US (10 * DAY) - 1));
  g_assert_true (adit_key_age_is_over (&age, ivpn, 7, BOOTED_US + US (10 * DAY)));
  g_assert_true (adit_key_age_is_over (&age, ivpn, 0, BOOTED_US + US (4 * DAY)));
  g_assert_false (adit_key_age_is_over (&age, mullvad, 1, BOOTED_US + US (400 * (gint64) DAY)));
  adit_key_age_begin (&age, 0, NOW_S, BOOTED_US);
  g_assert_true (adit_key_age_is_over (&age, ivpn, 0, BOOTED_US));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key-age/days", test_days);
  g_test_add_func ("/key-age/clock", test_clock);
  g_test_add_func ("/key-age/failures", test_failures);
  g_test_add_func ("/key-age/grace", test_grace);
  return g_test_run ();
}
