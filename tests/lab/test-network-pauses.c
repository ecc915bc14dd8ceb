/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-network-pauses.c: a pause is on, and the computer comes into a network with a rule.  A pause ends by itself or by the
 * person; only what a network asks of lockdown is stronger. */
#include "tests/lab/arrivals.h"

#include <jansson.h>
#include <unistd.h>

#include "tests/lab/links.h"

#define PAUSE_S    15    /* a move takes about two seconds, and an arrival is looked at for as long */
#define LONG_S     600
#define ARRIVAL_MS 4000
#define LATE_MS    4000
#define STATE_MS   20000
#define PAUSE_FILE "/run/adit/pause"

static AditWorld *world;

static json_t *
get_status (void)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");
  json_t *root = json_loads (result->out, 0, NULL);

  g_assert_nonnull (root);
  return root;
}

static gboolean
is_true (const char *member)
{
  json_t *root = get_status ();
  gboolean is_so = json_is_true (json_object_get (root, member));

  json_decref (root);
  return is_so;
}

static void
expect_member (const char *name, const char *wanted)
{
  g_autofree char *said = links_dup_member (world, name);

  if (g_str_equal (said, wanted))
    return;
  g_printerr ("%s is %s, not %s\n", name, said, wanted);
  links_fail (world, name);
}

/* For as long as an arrival takes. */
static void
expect_stays_paused (void)
{
  gint64 end_us = g_get_monotonic_time () + ARRIVAL_MS * 1000;

  while (g_get_monotonic_time () < end_us)
    {
      if (!is_true ("paused"))
        links_fail (world, "the pause is over");
      g_usleep (100000);
    }
  expect_member ("lock", "off");
  expect_member ("state", "disconnected");
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

/* Until then nothing has ended it. */
static void
expect_over_by_itself (gint64 began_us)
{
  gint64 early_us = began_us + (PAUSE_S - 1) * G_USEC_PER_SEC, late_us = began_us + PAUSE_S * G_USEC_PER_SEC + LATE_MS * 1000;

  while (is_true ("paused"))
    {
      if (g_get_monotonic_time () > late_us)
        links_fail (world, "the pause does not end");
      g_usleep (50000);
    }
  if (g_get_monotonic_time () < early_us)
    links_fail (world, "the pause has ended before its time");
}

/* By the rule, and so that nothing of the pause is left for a helper that comes later. */
static void
expect_over_by_lockdown (void)
{
  gint64 end_us = g_get_monotonic_time () + STATE_MS * 1000;

  while (is_true ("paused") || !is_true ("lockdown"))
    {
      if (g_get_monotonic_time () > end_us)
        links_fail (world, "lockdown does not end the pause");
      g_usleep (50000);
    }
  g_assert_cmpint (access (PAUSE_FILE, F_OK), !=, 0);
}

static void
expect_connected (const char *server)
{
  if (!adit_world_wait_state (world, "connected", STATE_MS))
    links_fail (world, "not connected");
  expect_member ("server", server);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
}

static void
adit (const char *line)
{
  adit_world_expect (world, 0, NULL, line, 0);
}

static gint64
begin_pause (guint seconds)
{
  gint64 now_us = g_get_monotonic_time ();

  adit_world_pause (world, seconds);
  return now_us;
}

static void
restart_helper (void)
{
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
}

static void
move_and_be_seen (const char *hardware)
{
  arrivals_move_to (world, hardware);
  g_usleep (ARRIVAL_MS * 1000);
}

/* At home, where nothing is done, connected to a place that "adit connect" alone does not lead to. */
static void
begin_connected (void)
{
  arrivals_move_home (world);
  adit ("connect se-sto --wait");
}

static void
end_open (void)
{
  adit ("lockdown off");
  adit ("disconnect");
  adit ("networks set wired ask");
}

static void
test_connect (void)
{
  gint64 began_us;

  begin_connected ();
  adit ("networks set wired connect");
  began_us = begin_pause (PAUSE_S);
  arrivals_move_to (world, ARRIVALS_ELSEWHERE);
  expect_stays_paused ();
  expect_over_by_itself (began_us);
  expect_connected ("se-sto-wg-001");
  end_open ();
}

/* What was promised is a tunnel when the pause is over: a network that asks for less does not take that back. */
static void
test_disconnect (void)
{
  gint64 began_us;

  arrivals_move_home (world);
  adit ("networks trust here disconnect");
  move_and_be_seen (ARRIVALS_ELSEWHERE);
  adit ("connect se-sto --wait");
  began_us = begin_pause (PAUSE_S);
  arrivals_move_home (world);
  expect_stays_paused ();
  expect_over_by_itself (began_us);
  expect_connected ("se-sto-wg-001");
  /* The other half: without a pause it does. */
  move_and_be_seen (ARRIVALS_ELSEWHERE);
  expect_connected ("se-sto-wg-001");
  arrivals_move_home (world);
  if (!adit_world_wait_state (world, "disconnected", STATE_MS))
    links_fail (world, "the rule does nothing at all");
  adit ("networks forget here");
  end_open ();
}

static void
test_lockdown (void)
{
  g_autofree char *since = NULL, *later = NULL;

  begin_connected ();
  adit ("networks set wired lockdown");
  begin_pause (PAUSE_S);
  arrivals_move_to (world, ARRIVALS_ELSEWHERE);
  expect_over_by_lockdown ();
  expect_connected ("se-sto-wg-001");
  /* The moment at which it would have been over is one like any other. */
  since = links_dup_since (world);
  g_usleep ((PAUSE_S + 1) * G_USEC_PER_SEC);
  later = links_dup_since (world);
  g_assert_cmpstr (later, ==, since);
  expect_connected ("se-sto-wg-001");

  /* A pause that opened lockdown itself. */
  begin_pause (LONG_S);
  arrivals_move_to (world, ARRIVALS_COPY);
  expect_over_by_lockdown ();
  expect_connected ("se-sto-wg-001");

  /* Where nothing is connected it is the lock alone; and who pauses in such a network has meant it. */
  adit ("disconnect");
  begin_pause (LONG_S);
  expect_stays_paused ();
  arrivals_move_to (world, ARRIVALS_ELSEWHERE);
  expect_over_by_lockdown ();
  expect_member ("lock", "all");
  adit_world_expect_web (world, "");
  end_open ();
}

/* What a network asks for is done when the pause is over, unless its person has said something else meanwhile. */
static void
test_put_off (void)
{
  gint64 began_us;

  arrivals_move_home (world);
  adit ("networks set wired connect");
  adit ("lockdown on");
  began_us = begin_pause (PAUSE_S);
  arrivals_move_to (world, ARRIVALS_ELSEWHERE);
  expect_stays_paused ();
  restart_helper ();
  expect_stays_paused ();
  expect_over_by_itself (began_us);
  if (!adit_world_wait_state (world, "connected", STATE_MS))
    links_fail (world, "what was put off is not done");

  adit ("disconnect");
  begin_pause (LONG_S);
  arrivals_move_to (world, ARRIVALS_COPY);
  expect_stays_paused ();
  adit ("resume");
  if (!adit_world_wait_state (world, "connected", STATE_MS))
    links_fail (world, "what was put off is not done after a person's word");

  adit ("disconnect");
  begin_pause (LONG_S);
  arrivals_move_to (world, ARRIVALS_ELSEWHERE);
  expect_stays_paused ();
  adit ("disconnect");
  g_usleep (ARRIVAL_MS * 1000);
  expect_member ("state", "disconnected");
  expect_member ("lock", "all");
  restart_helper ();
  g_usleep (ARRIVAL_MS * 1000);
  expect_member ("state", "disconnected");
  end_open ();
}

/* A helper that starts elsewhere than the last one ended: the pause goes on with its time, or is over where that counts. */
static void
test_helper (void)
{
  gint64 began_us;

  begin_connected ();
  adit ("networks set wired connect");
  began_us = begin_pause (PAUSE_S);
  adit_world_kill_helper (world);
  arrivals_move_to (world, ARRIVALS_COPY);
  adit_world_expect_helper (world);
  expect_stays_paused ();
  expect_over_by_itself (began_us);
  expect_connected ("se-sto-wg-001");

  adit ("networks set wired lockdown");
  begin_pause (LONG_S);
  adit_world_kill_helper (world);
  arrivals_move_to (world, ARRIVALS_ELSEWHERE);
  adit_world_expect_helper (world);
  expect_over_by_lockdown ();
  expect_connected ("se-sto-wg-001");
  restart_helper ();
  expect_connected ("se-sto-wg-001");
  end_open ();
}

/* A rule has connected; what is paused then is that, and comes back. */
static void
test_after_rule (void)
{
  gint64 began_us;

  arrivals_move_home (world);
  adit ("networks set wired connect");
  arrivals_move_to (world, ARRIVALS_COPY);
  if (!adit_world_wait_state (world, "connected", STATE_MS))
    links_fail (world, "the rule does nothing");
  began_us = begin_pause (PAUSE_S);
  expect_stays_paused ();
  expect_over_by_itself (began_us);
  if (!adit_world_wait_state (world, "connected", STATE_MS))
    links_fail (world, "not connected again");
  end_open ();
}

int
main (int argc, char **argv)
{
  if (!adit_world_can_networkmanager ())
    return ADIT_LAB_SKIP;
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = arrivals_new_world (NULL);
  g_test_add_func ("/network-pauses/connect", test_connect);
  g_test_add_func ("/network-pauses/disconnect", test_disconnect);
  g_test_add_func ("/network-pauses/lockdown", test_lockdown);
  g_test_add_func ("/network-pauses/put-off", test_put_off);
  g_test_add_func ("/network-pauses/helper", test_helper);
  g_test_add_func ("/network-pauses/after-rule", test_after_rule);
  return adit_world_end_test (world);
}
