/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk.c: a random walk over what people do and what can go wrong, with lockdown on, senders at work and a watcher on each cable.
 * Nothing may get out on the way, and at the end the computer is what it was.  Then, without the lock, the same watchers see the
 * same senders.
 * usage: walk [--seed N] [--steps N] [--json]
 * The same seed takes the same way. */
#include "config.h"
#include "tests/lab/walk.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS          60
#define USAGE_EXIT     2
#define STEPS_WITH_KEY 1000    /* one key at the least in so many; some thirty are changed */
#define CONTROL_US     500000
#define STEP_MAX_S     30    /* one takes half a second; a walk that hangs ends */

Walk walk;

static struct { int seed, steps; gboolean json; guint done, control; } options = { .seed = -1, .steps = STEPS };

/* Each entry into a state is a line of the helper's log. */
static guint
count_transitions (void)
{
  g_autofree char *log = adit_world_dup_log (walk.world);
  guint n = 0;

  for (const char *at = log; (at = strstr (at, ", lock ")) != NULL; at++)
    n++;
  return n;
}

static void
print_result (gboolean ok)
{
  guint tried = walk.senders != NULL ? adit_senders_get_tried (walk.senders, "walk") : 0;
  json_t *object;
  char *text;

  object = json_pack ("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:b}", "seed", options.seed, "steps", (int) options.done,
                      "transitions", (int) count_transitions (), "packets_tried", (int) tried, "packets_leaked",
                      (int) walk_count_outside ("walk"), "packets_seen_without_lock", (int) options.control, "faults",
                      (int) walk.n_faults, "keys_changed", (int) walk.n_keys, "ok", ok);
  text = json_dumps (object, JSON_COMPACT);
  if (options.json)
    printf ("%s\n", text);
  else
    printf ("%s: %s\n", ok ? "nothing got out" : "FAILED", text);
  fflush (stdout);
  free (text);
  json_decref (object);
}

void
walk_fail (const char *what, const char *detail)
{
  g_autofree char *log = adit_world_dup_log (walk.world);
  gsize length = strlen (log);

  fprintf (stderr, "--- the end of the lab's log ---\n%s\n---\n", log + (length > 12000 ? length - 12000 : 0));
  fprintf (stderr, "seed %d, step %u: %s: %s\n", options.seed, options.done, what, detail);
  print_result (FALSE);
  exit (1);    /* what else runs in here is ended by the kernel */
}

/* Whatever has happened, it works, and goes without a trace. */
static void
end_well (const char *before)
{
  g_autofree char *after = NULL, *seen = NULL, *resolv = NULL;

  walk_await_command ();
  walk_pull_second ();
  walk_repair_uplink ();
  walk_expect ("connect se-got --wait");
  seen = adit_world_ask_web (walk.world, FALSE);
  if (!g_str_equal (seen, ADIT_LAB_EXIT_ADDRESS))
    walk_fail ("the web server sees", seen);
  walk_expect ("disconnect");
  walk_enter_phase ("after");
  walk_check_nothing_outside ("the end");
  walk_expect ("lockdown off");
  after = adit_world_dup_picture (walk.world);
  if (!g_str_equal (after, before))
    walk_fail ("the computer is not what it was", after);
  resolv = walk_read_resolv ();
  if (!g_str_equal (resolv, walk.resolv_expected))
    walk_fail (WALK_RESOLV " is not what it was", resolv);
  if (walk_has_tables ())
    walk_fail ("the lock", "tables are left");
}

/* Without this the walk would prove nothing. */
static void
prove_watchers (void)
{
  walk_enter_phase ("control");
  adit_senders_set_phase (walk.senders, "control");
  g_usleep (CONTROL_US);
  walk_enter_phase ("over");
  options.control = walk_count_outside ("control");
  if (options.control == 0 || adit_senders_get_tried (walk.senders, "walk") == 0)
    walk_fail ("the control", "the watchers saw nothing without the lock");
}

static void
run_walk (void)
{
  gint64 end_us = g_get_monotonic_time () + (gint64) options.steps * STEP_MAX_S * G_USEC_PER_SEC;
  g_autofree char *before = NULL;

  walk_start_helper ();
  adit_world_expect (walk.world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  walk.resolv_expected = walk_read_resolv ();
  before = adit_world_dup_picture (walk.world);
  walk_expect ("lockdown on");
  walk.senders = adit_senders_start ("client", NULL);
  adit_senders_set_phase (walk.senders, "walk");
  walk_enter_phase ("walk");
  while (options.done < (guint) options.steps)
    {
      walk_step (++options.done);
      if (g_get_monotonic_time () > end_us)
        walk_fail ("the walk", "it does not get on");
    }
  end_well (before);
  if (walk.n_keys < options.done / STEPS_WITH_KEY)
    walk_fail ("the keys", "fewer were changed than can be by chance");
  prove_watchers ();
}

static gboolean
parse (int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "Which way; a number that is printed otherwise", "N" },
    { "steps", 0, 0, G_OPTION_ARG_INT, &options.steps, "How far", "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "The result as one object on one line", NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- a random walk over what can go wrong");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    fprintf (stderr, "walk: %s\n", error->message);
  else if (*argc > 1 || options.steps <= 0)
    fprintf (stderr, "walk: say --seed NUMBER, --steps NUMBER, --json, and nothing else\n");
  else
    return TRUE;
  return FALSE;
}

/* What meson's own run sets as well: where the programs are that were built beside this one. */
static void
set_environment (void)
{
  g_auto (GStrv) all = g_strsplit (WALK_ENVIRONMENT, "|", -1);

  for (char **one = all; *one != NULL; one++)
    {
      g_auto (GStrv) pair = g_strsplit (*one, "=", 2);

      g_setenv (pair[0], pair[1], FALSE);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (!parse (&argc, &argv))
    return USAGE_EXIT;
  set_environment ();
  adit_world_enter ();
  if (options.seed < 0)
    options.seed = g_random_int_range (0, G_MAXINT32);
  fprintf (stderr, "seed %d\n", options.seed);
  walk.dice = g_rand_new_with_seed ((guint32) options.seed);
  walk.world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  if (walk.world == NULL)
    g_error ("%s", error->message);
  walk_run ("router", "ip link add to-second type veth peer name eth1");
  walk_run ("router", "ip link set to-second up");
  walk_run ("router", "ip addr add 10.11.0.1/24 dev to-second");
  walk.watches[0] = adit_leakwatch_start ("router", "to-client", NULL);
  walk.watches[1] = adit_leakwatch_start ("router", "to-second", NULL);
  run_walk ();
  print_result (TRUE);
  adit_senders_stop (walk.senders);
  adit_leakwatch_stop (walk.watches[0]);
  adit_leakwatch_stop (walk.watches[1]);
  adit_world_free (walk.world);
  g_rand_free (walk.dice);
  g_free (walk.resolv_expected);
  return 0;
}
