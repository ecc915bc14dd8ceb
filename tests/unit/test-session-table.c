/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-session-table.c: every state against every event, and the three promises that the table makes. */
#include "client/core/session-table.h"

#define BLOCKED   "blocked"
#define TRYING    "connecting"
#define CONNECTED "connected"
#define ENDING    "disconnecting"
#define OPEN      "disconnected"

/* The table a second time, as one would draw it: rows are states, columns the events in their order. */
static const char *const expected[ADIT_N_STATES][ADIT_N_EVENTS] = {
  /*               connect disconnect confirmed  try-failed gave-up  lost     retry-due  offline  lock-failed undone */
  /* blocked   */ { TRYING, ENDING,    BLOCKED,   BLOCKED,   BLOCKED, BLOCKED, TRYING,    BLOCKED, BLOCKED,    BLOCKED },
  /* trying    */ { TRYING, ENDING,    CONNECTED, TRYING,    BLOCKED, TRYING,  TRYING,    BLOCKED, BLOCKED,    TRYING },
  /* connected */ { TRYING, ENDING,    CONNECTED, TRYING,    BLOCKED, TRYING,  CONNECTED, BLOCKED, BLOCKED,    CONNECTED },
  /* ending    */ { TRYING, ENDING,    ENDING,    ENDING,    ENDING,  ENDING,  ENDING,    ENDING,  BLOCKED,    OPEN },
  /* open      */ { TRYING, OPEN,      OPEN,      OPEN,      OPEN,    OPEN,    OPEN,      OPEN,    BLOCKED,    OPEN },
};

static void
test_every_cell (void)
{
  for (guint state = 0; state < ADIT_N_STATES; state++)
    for (guint event = 0; event < ADIT_N_EVENTS; event++)
      g_assert_cmpstr (adit_state_get_nick (adit_session_table_next (state, event)), ==, expected[state][event]);
}

static void
test_numbers_outside (void)
{
  g_assert_cmpint (adit_session_table_next (ADIT_N_STATES, ADIT_EVENT_UNDONE), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_table_next (ADIT_STATE_DISCONNECTED, ADIT_N_EVENTS), ==, ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_table_lock (ADIT_N_STATES, FALSE), ==, ADIT_LOCK_ALL);
}

static void
test_locks (void)
{
  g_assert_cmpint (adit_session_table_lock (ADIT_STATE_BLOCKED, FALSE), ==, ADIT_LOCK_ALL);
  g_assert_cmpint (adit_session_table_lock (ADIT_STATE_CONNECTING, FALSE), ==, ADIT_LOCK_PEER);
  g_assert_cmpint (adit_session_table_lock (ADIT_STATE_CONNECTED, FALSE), ==, ADIT_LOCK_TUNNEL);
  g_assert_cmpint (adit_session_table_lock (ADIT_STATE_DISCONNECTED, FALSE), ==, ADIT_LOCK_OFF);
  g_assert_cmpint (adit_session_table_lock (ADIT_STATE_DISCONNECTED, TRUE), ==, ADIT_LOCK_ALL);
  for (guint state = 0; state < ADIT_N_STATES; state++)
    if (state != ADIT_STATE_DISCONNECTED)
      g_assert_cmpint (adit_session_table_lock (state, TRUE), ==, adit_session_table_lock (state, FALSE));
}

/* Everything that can be reached from @from without the user's disconnect. */
static gboolean
reaches_open_lock (AditState from, gboolean with_disconnect)
{
  gboolean seen[ADIT_N_STATES] = { FALSE };
  gboolean grew = TRUE;

  seen[from] = TRUE;
  while (grew)
    {
      grew = FALSE;
      for (guint state = 0; state < ADIT_N_STATES; state++)
        for (guint event = 0; seen[state] && event < ADIT_N_EVENTS; event++)
          {
            AditState next = adit_session_table_next (state, event);

            if (event == ADIT_EVENT_USER_DISCONNECT && !with_disconnect)
              continue;
            grew = grew || !seen[next];
            seen[next] = TRUE;
          }
    }
  for (guint state = 0; state < ADIT_N_STATES; state++)
    if (seen[state] && adit_session_table_lock (state, FALSE) == ADIT_LOCK_OFF)
      return TRUE;
  return FALSE;
}

static void
test_only_the_user_opens (void)
{
  g_assert_false (reaches_open_lock (ADIT_STATE_CONNECTED, FALSE));
  g_assert_false (reaches_open_lock (ADIT_STATE_CONNECTING, FALSE));
  g_assert_false (reaches_open_lock (ADIT_STATE_BLOCKED, FALSE));
}

static void
test_every_state_has_a_way_out (void)
{
  for (guint state = 0; state < ADIT_N_STATES; state++)
    {
      g_assert_true (reaches_open_lock (state, TRUE));
      g_assert_cmpint (adit_session_table_next (state, ADIT_EVENT_USER_CONNECT), ==, ADIT_STATE_CONNECTING);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session-table/every-cell", test_every_cell);
  g_test_add_func ("/session-table/numbers-outside", test_numbers_outside);
  g_test_add_func ("/session-table/locks", test_locks);
  g_test_add_func ("/session-table/only-the-user-opens", test_only_the_user_opens);
  g_test_add_func ("/session-table/every-state-has-a-way-out", test_every_state_has_a_way_out);
  return g_test_run ();
}
