/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk-computer.c: the computer that the walk is over, in words that can be compared, and who watches it. */
#include "config.h"
#include "tests/lab/walk.h"

#include <string.h>

static const char *const allowed[] = { ADIT_LAB_EXIT_RELAY, ADIT_LAB_SILENT_RELAY, "tcp:" ADIT_LAB_API_ADDRESS ":443", NULL };

void
walk_run (const char *space, const char *line)
{
  g_autoptr (GError) error = NULL;

  if (!adit_lab_run_line (space, line, &error))
    g_error ("%s", error->message);
}

/* What may fail: the thing it is done to may not be there at this moment. */
void
walk_attempt (const char *line)
{
  (void) adit_lab_run_line ("client", line, NULL);
}

void
walk_expect (const char *line)
{
  g_autoptr (AditLabResult) result = adit_world_adit (walk.world, 0, NULL, line);

  if (result->status != 0)
    walk_fail (line, result->err);
}

void
walk_start_helper (void)
{
  g_autoptr (GError) error = NULL;

  if (!adit_world_start_helper (walk.world, &error))
    walk_fail ("the helper does not start", error->message);
}

char *
walk_read_resolv (void)
{
  char *text = NULL;

  return g_file_get_contents (WALK_RESOLV, &text, NULL, NULL) ? text : g_strdup ("");
}

void
walk_check_nothing_outside (const char *after)
{
  for (guint i = 0; i < G_N_ELEMENTS (walk.watches); i++)
    if (adit_leakwatch_get_outside (walk.watches[i], "walk") > 0)
      {
        g_autofree char *keys = adit_leakwatch_dup_keys (walk.watches[i], "walk");

        walk_fail (after, keys);
      }
}

void
walk_enter_phase (const char *phase)
{
  for (guint i = 0; i < G_N_ELEMENTS (walk.watches); i++)
    adit_leakwatch_set_phase (walk.watches[i], phase, allowed);
}

guint
walk_count_outside (const char *phase)
{
  return adit_leakwatch_get_outside (walk.watches[0], phase) + adit_leakwatch_get_outside (walk.watches[1], phase);
}

gboolean
walk_has_tables (void)
{
  const char *const argv[] = { "nft", "list", "tables", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);

  return strstr (result->out, "inet adit") != NULL && strstr (result->out, "netdev adit") != NULL;
}
