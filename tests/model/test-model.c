/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-model.c: the product's table keeps every promise in every configuration, and a table with one wrong cell does not.
 *
 * A checker that finds nothing proves nothing until it has found something, so each promise is broken here once on purpose, in a
 * copy of the table or in the order around it, and the path to the damage is printed. */
#include "tests/model/explorer.h"
#include "tests/model/promises.h"

static void
test_product (void)
{
  g_auto (Finding) finding = { 0 };
  Machine machine;

  machine_init (&machine);
  explorer_explore (&machine, &finding);
  if (finding.broken != NULL)
    g_test_message ("%s:\n%s", finding.broken, finding.path);
  g_assert_null (finding.broken);
  g_test_message ("%u configurations, %u transitions", finding.n_configs, finding.n_transitions);
}

static void
expect (const char *name, const Machine *machine, const char *promise)
{
  g_auto (Finding) finding = { 0 };

  explorer_explore (machine, &finding);
  g_test_message ("%s: after %u configurations: %s\n%s", name, finding.n_configs,
                  finding.broken != NULL ? finding.broken : "nothing found", finding.path != NULL ? finding.path : "");
  g_assert_cmpstr (finding.broken, ==, promise);
  g_assert_nonnull (finding.path);
}

static const struct
{
  const char *name;
  AditState   state;
  AditEvent   event;
  AditState   next;
  const char *promise;
} wrong_cells[] = {
  { "a lost tunnel disconnects", ADIT_STATE_CONNECTED, ADIT_EVENT_TUNNEL_LOST, ADIT_STATE_DISCONNECTED, PROMISE_ONLY_USER_OPENS },
  { "without a link it disconnects", ADIT_STATE_CONNECTED, ADIT_EVENT_OFFLINE, ADIT_STATE_DISCONNECTED, PROMISE_ONLY_USER_OPENS },
  { "a lock that failed is given up", ADIT_STATE_CONNECTED, ADIT_EVENT_LOCK_FAILED, ADIT_STATE_DISCONNECTED,
    PROMISE_ONLY_USER_OPENS },
  { "disconnecting ends in blocked", ADIT_STATE_DISCONNECTING, ADIT_EVENT_UNDONE, ADIT_STATE_BLOCKED, PROMISE_TO_DISCONNECTED },
  { "a lock that is refused is tried again at once", ADIT_STATE_DISCONNECTED, ADIT_EVENT_LOCK_FAILED, ADIT_STATE_CONNECTING,
    PROMISE_ENDS },
  { "a handshake changes nothing", ADIT_STATE_CONNECTING, ADIT_EVENT_CONFIRMED, ADIT_STATE_CONNECTING, PROMISE_TO_CONNECTED },
  { "connected out of nothing", ADIT_STATE_DISCONNECTED, ADIT_EVENT_CONFIRMED, ADIT_STATE_CONNECTED, PROMISE_CONNECTED_IS_UP },
  { "a retry stays blocked", ADIT_STATE_BLOCKED, ADIT_EVENT_RETRY_DUE, ADIT_STATE_BLOCKED, PROMISE_RETRIES },
};

static void
test_wrong_cells (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong_cells); i++)
    {
      Machine machine;

      machine_init (&machine);
      machine.next[wrong_cells[i].state][wrong_cells[i].event] = wrong_cells[i].next;
      expect (wrong_cells[i].name, &machine, wrong_cells[i].promise);
    }
}

static void
test_no_way_out (void)
{
  Machine machine;

  machine_init (&machine);
  for (guint event = 0; event < ADIT_N_EVENTS; event++)
    machine.next[ADIT_STATE_BLOCKED][event] = ADIT_STATE_BLOCKED;
  expect ("no row out of blocked", &machine, PROMISE_RETRIES);
}

static const struct
{
  const char *name;
  AditState   state;
  gboolean    lockdown;
  AditLock    lock;
  const char *promise;
} wrong_locks[] = {
  { "connecting is open", ADIT_STATE_CONNECTING, FALSE, ADIT_LOCK_OFF, PROMISE_ONLY_USER_OPENS },
  { "blocked is open", ADIT_STATE_BLOCKED, FALSE, ADIT_LOCK_OFF, PROMISE_ONLY_USER_OPENS },
  { "connected lets the API out", ADIT_STATE_CONNECTED, FALSE, ADIT_LOCK_PEER, PROMISE_STATE_HAS_LOCK },
  { "lockdown is open", ADIT_STATE_DISCONNECTED, TRUE, ADIT_LOCK_OFF, PROMISE_LOCKDOWN },
  { "disconnected stays shut", ADIT_STATE_DISCONNECTED, FALSE, ADIT_LOCK_ALL, PROMISE_STATE_HAS_LOCK },
};

static void
test_wrong_locks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong_locks); i++)
    {
      Machine machine;

      machine_init (&machine);
      machine.lock[wrong_locks[i].state][wrong_locks[i].lockdown] = wrong_locks[i].lock;
      expect (wrong_locks[i].name, &machine, wrong_locks[i].promise);
    }
}

static const struct
{
  const char *name;
  Fault       fault;
  const char *promise;
} wrong_orders[] = {
  { "undo, then lock", FAULT_UNDO_FIRST, PROMISE_START_LOCKS_FIRST },
  { "no lock, no wish", FAULT_QUIET, PROMISE_ONLY_USER_OPENS },
  { "device, then lock", FAULT_DEVICE_FIRST, PROMISE_LOCK_FIRST },
  { "open, then undo", FAULT_OPEN_FIRST, PROMISE_LOCK_LAST },
  { "nobody tries again", FAULT_NO_RETRY, PROMISE_RETRIES },
  { "a link that comes back is not noticed", FAULT_STAYS_OFFLINE, PROMISE_BY_ITSELF },
  { "a retry without an attempt", FAULT_IDLE, PROMISE_BY_ITSELF },
  { "undone without a lock", FAULT_UNDO_UNLOCKED, PROMISE_UNDO_IS_LOCKED },
  { "a lost wish", FAULT_ABSENCE, PROMISE_ONLY_USER_OPENS },
  { "the old attempt goes on", FAULT_NO_WAIT, PROMISE_STATE_HAS_LOCK },
};

static void
test_wrong_orders (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong_orders); i++)
    {
      Machine machine;

      machine_init (&machine);
      machine.fault = wrong_orders[i].fault;
      expect (wrong_orders[i].name, &machine, wrong_orders[i].promise);
    }
}

/* Not only the cells that somebody thought of: each that does not lead to `disconnected` is made to. */
static void
test_every_opening (void)
{
  guint n = 0;

  for (guint state = 0; state < ADIT_N_STATES; state++)
    for (guint event = 0; event < ADIT_N_EVENTS; event++)
      {
        g_auto (Finding) finding = { 0 };
        Machine machine;

        machine_init (&machine);
        if (machine.next[state][event] == ADIT_STATE_DISCONNECTED)
          continue;
        machine.next[state][event] = ADIT_STATE_DISCONNECTED;
        explorer_explore (&machine, &finding);
        if (finding.broken == NULL)
          g_test_message ("not found: %s in %s", adit_event_get_nick (event), adit_state_get_nick (state));
        g_assert_nonnull (finding.broken);
        n++;
      }
  g_test_message ("%u tables with one cell that opens, all found", n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/product", test_product);
  g_test_add_func ("/model/wrong-cells", test_wrong_cells);
  g_test_add_func ("/model/no-way-out", test_no_way_out);
  g_test_add_func ("/model/wrong-locks", test_wrong_locks);
  g_test_add_func ("/model/wrong-orders", test_wrong_orders);
  g_test_add_func ("/model/every-opening", test_every_opening);
  return g_test_run ();
}
