/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unasked.c: what of a service was asked, as the service writes it down. */
#include "tests/lab/unasked.h"

#include <string.h>

#define STATE_MS 20000
#define LIST     "GET /app/v1/relays "
#define LOOKS    60
#define LOOKS_FOR_ONE 300    /* what is to come may take its time on a busy machine */
#define LOOK_US  100000

/**
 * unasked_count_lists:
 * @world: a world
 *
 * Returns: how many lists of servers were fetched so far
 */
guint
unasked_count_lists (AditWorld *world)
{
  g_autofree char *log = adit_world_dup_log (world);
  guint n = 0;

  for (const char *at = log; (at = strstr (at, LIST)) != NULL; at++)
    n++;
  return n;
}

/**
 * unasked_expect_says:
 * @world: a world
 * @line: what is typed behind "adit"
 * @words: what must be said soon
 */
void
unasked_expect_says (AditWorld *world, const char *line, const char *words)
{
  g_autoptr (AditLabResult) result = NULL;

  for (guint i = 0; i < LOOKS; i++, g_usleep (LOOK_US))
    {
      g_clear_pointer (&result, adit_lab_result_free);
      result = adit_world_adit (world, 0, NULL, line);
      if (strstr (result->out, words) != NULL)
        return;
    }
  adit_world_print_log (world);
  g_error ("adit %s: no %s in %s", line, words, result->out);
}

/**
 * unasked_connect_anew:
 * @world: a connected world
 *
 * Its helper is started anew: one that has just been started has fetched nothing in the last hour.
 */
void
unasked_connect_anew (AditWorld *world)
{
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  if (!adit_world_wait_state (world, "connected", STATE_MS))
    {
      adit_world_print_log (world);
      g_error ("not connected");
    }
}

/**
 * unasked_expect_lists:
 * @world: a world
 * @fetched: whether a list has to be fetched, or none
 * @before: unasked_count_lists() before
 */
void
unasked_expect_lists (AditWorld *world, gboolean fetched, guint before)
{
  guint looks = fetched ? LOOKS_FOR_ONE : LOOKS;

  for (guint i = 0; i < looks && (!fetched || unasked_count_lists (world) == before); i++)
    g_usleep (LOOK_US);
  g_test_message ("%u lists before, %u now", before, unasked_count_lists (world));
  g_assert_true ((unasked_count_lists (world) > before) == fetched);
}
