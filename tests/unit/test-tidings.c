/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-tidings.c: what is told once, and when it is told again. */
#include "ui/tidings.h"

#define NOW_S 1800000000
#define DAY_S (24 * 60 * 60)

static gboolean
follow (AditTidingsMemory *memory, AditState state, AditReason reason, AditTidings *tidings)
{
  AditStatus status = { .state = state, .reason = reason };

  return adit_tidings_follow (memory, ADIT_TIDINGS_BLOCKED, &status, NULL, NOW_S, tidings);
}

static void
test_blocked (void)
{
  AditTidingsMemory memory = { 0 };
  AditTidings first, second, third;

  g_assert_false (follow (&memory, ADIT_STATE_CONNECTING, ADIT_REASON_NONE, &first));
  g_assert_false (follow (&memory, ADIT_STATE_BLOCKED, ADIT_REASON_STARTING, &first));
  g_assert_true (follow (&memory, ADIT_STATE_BLOCKED, ADIT_REASON_NO_HANDSHAKE, &first));
  g_assert_cmpstr (first.action_name, ==, "app.disconnect");
  g_assert_nonnull (first.body);

  /* The same again, after a try, is nothing new; another reason is. */
  g_assert_false (follow (&memory, ADIT_STATE_CONNECTING, ADIT_REASON_NONE, &second));
  g_assert_false (follow (&memory, ADIT_STATE_BLOCKED, ADIT_REASON_NO_HANDSHAKE, &second));
  g_assert_true (follow (&memory, ADIT_STATE_BLOCKED, ADIT_REASON_ACCOUNT_EXPIRED, &second));
  g_assert_cmpstr (first.body, !=, second.body);
  g_assert_cmpstr (first.title, ==, second.title);

  /* What stood and is lost has other words; it is over when it stands. */
  g_assert_false (follow (&memory, ADIT_STATE_CONNECTED, ADIT_REASON_NONE, &third));
  g_assert_false (memory.is_told[ADIT_TIDINGS_BLOCKED]);
  g_assert_false (follow (&memory, ADIT_STATE_CONNECTING, ADIT_REASON_NONE, &third));
  g_assert_true (follow (&memory, ADIT_STATE_BLOCKED, ADIT_REASON_NO_HANDSHAKE, &third));
  g_assert_cmpstr (third.title, !=, first.title);
  g_assert_false (follow (&memory, ADIT_STATE_DISCONNECTED, ADIT_REASON_NONE, &third));
  g_assert_false (memory.is_told[ADIT_TIDINGS_BLOCKED]);
  g_free (first.body);
  g_free (second.body);
  g_free (third.body);
}

static void
test_expiring (void)
{
  AditStatus status = { .state = ADIT_STATE_DISCONNECTED };
  AditAccountRow account = { .service_name = (char *) "Mullvad", .device_name = (char *) "" };
  AditTidingsMemory memory = { 0 };
  AditTidings tidings;

  /* A service that does not say when; then one that does. */
  g_assert_false (adit_tidings_follow (&memory, ADIT_TIDINGS_EXPIRING, &status, &account, NOW_S, &tidings));
  account.expires_at_s = NOW_S + 4 * DAY_S;
  g_assert_false (adit_tidings_follow (&memory, ADIT_TIDINGS_EXPIRING, &status, &account, NOW_S, &tidings));
  g_assert_true (adit_tidings_follow (&memory, ADIT_TIDINGS_EXPIRING, &status, &account, NOW_S + 2 * DAY_S, &tidings));
  g_assert_cmpstr (tidings.body, ==, "Mullvad · 2 days left");
  g_assert_false (adit_tidings_follow (&memory, ADIT_TIDINGS_EXPIRING, &status, &account, NOW_S + 3 * DAY_S, &tidings));
  g_free (tidings.body);
}

static void
test_hears (void)
{
  for (guint i = ADIT_TIDINGS_NONE + 1; i < ADIT_N_TIDINGS; i++)
    {
      g_assert_true (adit_tidings_hears ((AditTidingsKind) i, ADIT_HEARS_ALL));
      g_assert_true (adit_tidings_hears ((AditTidingsKind) i, ADIT_HEARS_IMPORTANT) == (i != ADIT_TIDINGS_EXPIRING));
      g_assert_false (adit_tidings_hears ((AditTidingsKind) i, ADIT_HEARS_NOTHING));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tidings/blocked", test_blocked);
  g_test_add_func ("/tidings/expiring", test_expiring);
  g_test_add_func ("/tidings/hears", test_hears);
  return g_test_run ();
}
