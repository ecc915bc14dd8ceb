/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-keys.c: a row of the catalogue about the address inside the tunnel: whoever meets a computer by it meets the same one for
 * as long as it has the same key, and a log that has it meets it for ever. */
#include "config.h"
#include "tests/lab/aged-key.h"
#include "tests/lab/attack.h"

#include <stdio.h>
#include "tests/lab/world-private.h"
#include "tests/simulator/known.h"

#define N_WEEKS  3
#define WEEK     7
#define STATE_MS 40000

static void
expect_connected (AditWorld *world)
{
  if (!adit_world_wait_state (world, "connected", STATE_MS))
    {
      adit_world_print_log (world);
      g_error ("it does not come back");
    }
}

/* What an observer beyond the tunnel knows this computer by, a week later. */
static char *
dup_address_a_week_later (AditWorld *world)
{
  adit_world_change_key (world, "ivpn", WEEK, FALSE);
  expect_connected (world);
  return adit_world_dup_own_address ();
}

static void
write_to_log (const char *address)
{
  FILE *log = fopen (ADIT_WORLD_LOG, "ae");

  g_assert_nonnull (log);
  fprintf (log, "planted: %s\n", address);
  fclose (log);
}

static void
row_r09 (AditAttack *attack)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *last = NULL, *met = NULL;

  adit_world_kill_helper (world);
  g_assert_true (adit_world_add_services (world, &error));
  g_assert_no_error (error);
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, KNOWN_IVPN_ACCOUNT, "login ivpn", 0);
  adit_world_expect (world, 0, NULL, "connect --wait --account ivpn no", 0);
  g_ptr_array_add (addresses, adit_world_dup_own_address ());
  for (guint week = 1; week <= N_WEEKS; week++)
    {
      char *now = dup_address_a_week_later (world);

      for (guint i = 0; i < addresses->len; i++)
        adit_attack_expect_refused (attack, !g_str_equal (now, addresses->pdata[i]), "%s is met again after %u weeks", now,
                                    week - i);
      g_ptr_array_add (addresses, now);
    }
  for (guint i = 0; i < addresses->len; i++)
    adit_attack_expect_refused (attack, adit_world_count_in_log (world, addresses->pdata[i]) == 0, "%s is in a log",
                                (char *) addresses->pdata[i]);

  adit_world_expect (world, 0, NULL, "settings set key-days 30", 0);
  last = adit_world_dup_own_address ();
  met = dup_address_a_week_later (world);
  adit_attack_expect_obeyed (attack, g_str_equal (met, last), "meeting %s again", last);
  write_to_log (met);
  adit_attack_expect_obeyed (attack, adit_world_count_in_log (world, met) > 0, "finding %s", met);
  adit_world_expect (world, 0, NULL, "settings set key-days service", 0);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

static const AditAttackRow rows[] = {
  { "R09", "the address inside the tunnel stays the same for weeks", row_r09 },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
