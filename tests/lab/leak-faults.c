/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-faults.c: the helper is killed before and after each of its effects, while connecting, switching, disconnecting and
 * recovering, with senders at work.  Started again it ends in a known state, and at last the computer is what it was.  Only in a
 * build with -Dtest_faults=true. */
#include "tests/lab/leak.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define WANTED    "/run/adit-fault"
#define PASSED    "/run/adit-fault-passed"
#define KILLED_MS 10000
#define STATE_MS  30000

/* What is done, from where; @end is where the computer then is, unless the helper died before it had written the wish down. */
typedef struct
{
  const char *name;
  gboolean    from_connected, helper_is_dead;
  const char *line, *end;
} Deed;

static const Deed deeds[] = {
  { "connect", FALSE, FALSE, "connect se-got --wait", "connected" },
  { "switch", TRUE, FALSE, "connect se-sto --wait", "connected" },
  { "reconnect", TRUE, FALSE, "reconnect --wait", "connected" },
  { "disconnect", TRUE, FALSE, "disconnect", "disconnected" },
  { "recover", TRUE, TRUE, "recover", "connected" },
};

static void
adit (AditLeak *leak, const char *line)
{
  adit_world_expect (adit_leak_get_world (leak), 0, NULL, line, 0);
}

static void
prepare (AditLeak *leak, const Deed *deed)
{
  adit_world_kill_helper (adit_leak_get_world (leak));
  adit_world_expect_helper (adit_leak_get_world (leak));
  adit (leak, deed->from_connected ? "connect se-got --wait" : "disconnect");
  if (deed->helper_is_dead)
    adit_world_kill_helper (adit_leak_get_world (leak));
}

static void
set_file (const char *path, const char *text)
{
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* The points that the deed passes, in order; one that is passed twice stands there twice. */
static char **
list_points (AditLeak *leak, const Deed *deed)
{
  g_autofree char *text = NULL;

  prepare (leak, deed);
  set_file (PASSED, "");
  adit (leak, deed->line);
  g_assert_true (g_file_get_contents (PASSED, &text, NULL, NULL));
  g_assert_cmpint (unlink (PASSED), ==, 0);
  return g_strsplit (g_strstrip (text), "\n", -1);
}

static guint
count_before (char **points, guint at)
{
  guint n = 0;

  for (guint i = 0; i < at; i++)
    n += g_str_equal (points[i], points[at]);
  return n;
}

static gboolean
wait_killed (void)
{
  for (guint i = 0; i < KILLED_MS && access (WANTED, F_OK) == 0; i++)
    g_usleep (1000);
  return access (WANTED, F_OK) != 0;
}

static void
check_end (AditLeak *leak, const Deed *deed, const char *point)
{
  AditWorld *world = adit_leak_get_world (leak);
  gint64 end_us = g_get_monotonic_time () + STATE_MS * 1000L;
  g_autofree char *state = NULL;

  do
    {
      g_free (state);
      state = adit_world_get_state (world);
      if (g_str_equal (state, deed->end) || g_str_equal (state, deed->from_connected ? "connected" : "disconnected"))
        return;
      g_usleep (20000);
    }
  while (g_get_monotonic_time () < end_us);
  adit_world_print_log (world);
  g_error ("%s, killed at %s: it is %s", deed->name, point, state);
}

/* One death: nothing gets out while nobody is there, nor when it comes back. */
static gboolean
die_at (AditLeak *leak, const Deed *deed, const char *point, guint times, const char *before)
{
  AditWorld *world = adit_leak_get_world (leak);
  g_autofree char *wanted = g_strdup_printf ("%s %u\n", point, times), *what = NULL, *after = NULL;
  g_autoptr (GSubprocess) command = NULL;
  gboolean killed;

  prepare (leak, deed);
  what = g_strdup_printf ("%s, killed at %s", deed->name, wanted);
  adit_leak_allow (leak, deed->name);
  set_file (WANTED, wanted);
  command = adit_world_start_adit (world, deed->line, NULL);
  killed = wait_killed ();
  (void) unlink (WANTED);
  g_subprocess_wait (command, NULL, NULL);
  adit_world_kill_helper (world);    /* the parts of a dead one, and one that passed another way */
  adit_world_expect_helper (world);
  check_end (leak, deed, wanted);
  adit_leak_expect_shut (leak, what);
  adit (leak, "disconnect");
  after = adit_world_dup_picture (world);
  if (!g_str_equal (before, after))
    g_error ("%s: the computer is not what it was\n%s\n--- but\n%s", what, before, after);
  return killed;
}

static void
row_l04_faults (AditLeak *leak)
{
  guint n_killed = 0, n_points = 0;
  g_autofree char *before = NULL;

  adit_leak_enter (leak, ADIT_LEAK_LOCKDOWN);
  before = adit_world_dup_picture (adit_leak_get_world (leak));
  adit_leak_start_senders (leak);
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_auto (GStrv) points = list_points (leak, &deeds[i]);

      g_assert_cmpuint (g_strv_length (points), >, 1);
      for (guint j = 0; points[j] != NULL; j++, n_points++)
        n_killed += die_at (leak, &deeds[i], points[j], count_before (points, j) + 1, before);
    }
  g_test_message ("%u points, %u deaths", n_points, n_killed);
  /* A point that is passed again only when time permits may be missed; most must not be. */
  g_assert_cmpuint (n_killed * 10, >=, n_points * 9);
  adit_leak_expose (leak);
  g_usleep (300000);
  adit_leak_expect_open (leak, "senders");
  adit_leak_stop_senders (leak);
}

static const AditLeakRow rows[] = {
  { "L04-faults", "killed before and after each effect of connect, switch, disconnect and recover", row_l04_faults },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
