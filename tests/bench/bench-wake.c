/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-wake.c: from the moment at which a computer wakes up to its first ping through the tunnel.  The relay has forgotten it
 * meanwhile, as after a night.  Arguments: "dhcp", where the router gives NetworkManager another address on waking, and how many
 * rounds. */
#include "config.h"
#include "tests/bench/bench.h"

#include <stdlib.h>
#include <string.h>
#include "tests/lab/links.h"
#include "tests/lab/sleeper.h"

#define ROUNDS       50
#define N_ADDRESSES  20
#define ASLEEP_MS  1000
#define BACK_MS   20000
#define EXIT      "wgexit"

static AditWorld *world;

static AditLabResult *
wg (const char *what)
{
  const char *const argv[] = { "wg", "show", EXIT, what, NULL };
  AditLabResult *result = adit_lab_run ("exit", 0, 5000, argv, NULL);

  if (result == NULL || result->status != 0)
    g_error ("the relay does not say what it knows");
  return result;
}

/* Whoever it knew it knows again, and has no session with anybody: a key is good for three minutes, and this night is short. */
static void
forget (void)
{
  g_autoptr (AditLabResult) known = wg ("allowed-ips");
  g_auto (GStrv) lines = g_strsplit (g_strstrip (known->out), "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (lines[i], "\t", 2);
      g_autofree char *away = g_strdup_printf ("wg set " EXIT " peer %s remove", parts[0]), *back = NULL;

      g_strdelimit (parts[1], " ", ',');
      back = g_strdup_printf ("wg set " EXIT " peer %s allowed-ips %s", parts[0], parts[1]);
      links_run ("exit", away);
      links_run ("exit", back);
    }
}

/* Whether it has shaken hands with somebody since. */
static gboolean
has_shaken_hands (void)
{
  g_autoptr (AditLabResult) times = wg ("latest-handshakes");
  g_auto (GStrv) lines = g_strsplit (g_strstrip (times->out), "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (!g_str_has_suffix (lines[i], "\t0"))
      return TRUE;
  return FALSE;
}

/* Its sleep waits for the helper again. */
static void
expect_waited_for (Sleeper *sleeper)
{
  for (guint i = 0; i < 500 && !sleeper_is_waited_for (sleeper, "Adit"); i++)
    g_usleep (10000);
  if (!sleeper_is_waited_for (sleeper, "Adit"))
    links_fail (world, "sleep does not wait for the helper");
}

static void
measure (Sleeper *sleeper, BenchResult *result, guint rounds, gboolean is_dhcp)
{
  for (guint i = 0; i < rounds; i++)
    {
      g_autofree char *address = g_strdup_printf ("10.10.0.%u", 70 + i % N_ADDRESSES);
      gint64 start_us;

      expect_waited_for (sleeper);
      (void) sleeper_fall (sleeper);
      forget ();
      if (is_dhcp)
        adit_world_set_lease_address (world, address);
      g_usleep (ASLEEP_MS * 1000);
      g_assert_false (has_shaken_hands ());
      start_us = g_get_monotonic_time ();
      sleeper_wake (sleeper);
      if (!adit_world_ping (world, ADIT_LAB_GATEWAY, BACK_MS))
        links_fail (world, "not back");
      bench_result_add_ours (result, bench_get_ms_since (start_us));
      g_assert_true (has_shaken_hands ());
      links_expect_connected (world);
    }
}

int
main (int argc, char **argv)
{
  gboolean is_dhcp = argc > 1 && g_str_equal (argv[1], "dhcp");
  const char *rounds = argc > 1 + is_dhcp ? argv[1 + is_dhcp] : NULL;
  g_autoptr (BenchResult) result = bench_result_new (is_dhcp ? "wake-dhcp" : "wake", "ms", BENCH_GOAL_FIGURE, 2000);
  Sleeper *sleeper;

  if (is_dhcp && !adit_world_can_networkmanager ())
    return BENCH_SKIP;
  adit_world_enter ();
  g_unsetenv ("ADIT_DEBUG");
  world = links_new_world (ADIT_WORLD_POLKIT | ADIT_WORLD_LOGIND | (is_dhcp ? ADIT_WORLD_NETWORKMANAGER : ADIT_WORLD_PLAIN));
  if (is_dhcp)
    {
      adit_world_start_networkmanager (world, "default", "file");
      adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
    }
  sleeper = sleeper_new ();
  measure (sleeper, result, rounds != NULL ? (guint) atoi (rounds) : ROUNDS, is_dhcp);
  bench_result_write (result);
  sleeper_free (sleeper);
  adit_world_free (world);
  return 0;
}
