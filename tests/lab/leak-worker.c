/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-worker.c: rows of the catalogue about a worker that was taken over: what it says to the helper, and where else it gets. */
#include "config.h"
#include "tests/lab/attack.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lab/bad-worker.h"

#define HELPER      ADIT_LIBEXECDIR "/aditd"
#define WORKER      ADIT_LIBEXECDIR "/adit-worker"
#define N_SEEDS     80                   /* in each of two states */
#define ANSWER_MS   10000
#define SETTLE_MS   2000
#define GROWTH_KIB  (16 * 1024)

/* In one step, since a helper may be about to start it. */
static void
put_worker (const char *program)
{
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (program, &content, &length, NULL));
  g_assert_true (g_file_set_contents (WORKER ".new", content, (gssize) length, NULL));
  g_assert_cmpint (chmod (WORKER ".new", 0755), ==, 0);
  g_assert_cmpint (rename (WORKER ".new", WORKER), ==, 0);
}

static void
say (const char *word)
{
  g_assert_true (g_file_set_contents (ADIT_BAD_WORKER_FILE, word, -1, NULL));
  g_assert_cmpint (chmod (ADIT_BAD_WORKER_FILE, 0644), ==, 0);
}

/* --- P12-channel: any bytes from the worker --------------------------------------------------------------------------------- */

/* A worker may say how long the account lasts, and such things are kept; all else stays as it was. */
static char *
dup_picture (AditAttack *attack)
{
  g_autofree char *picture = adit_attack_dup_picture (attack);
  g_auto (GStrv) lines = g_strsplit (picture, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "/var/lib/adit/vault/"))
      *strrchr (lines[i], ' ') = '\0';
  return g_strjoinv ("\n", lines);
}

static gboolean
settles (int helper, guint n_descriptors)
{
  for (guint i = 0; i < SETTLE_MS / 10; i++)
    {
      if (adit_attack_count_descriptors (helper) <= n_descriptors)
        return TRUE;
      g_usleep (10000);
    }
  return FALSE;
}

static void
try_seeds (AditAttack *attack, const char *state)
{
  AditWorld *world = adit_attack_get_world (attack);
  int helper = adit_attack_find_helper ();
  guint n_descriptors = adit_attack_count_descriptors (helper);
  gsize before_kib = adit_attack_read_memory (helper);
  g_autofree char *before = dup_picture (attack);

  for (guint seed = 1; seed <= N_SEEDS; seed++)
    {
      g_autofree char *word = g_strdup_printf ("fuzz %u", seed), *after = NULL;
      g_autoptr (AditLabResult) result = NULL;
      gint64 start_us = g_get_monotonic_time ();

      say (word);
      result = adit_world_adit (world, 0, NULL, "account --refresh --json");
      after = dup_picture (attack);
      adit_attack_expect_refused (attack, g_str_equal (after, before) && adit_attack_find_helper () == helper &&
                                  settles (helper, n_descriptors) &&
                                  g_get_monotonic_time () - start_us < (ANSWER_MS + SETTLE_MS) * G_TIME_SPAN_MILLISECOND,
                                  "%s while %s, exit %d: %s%s\nbefore:\n%s\nafter:\n%s", word, state, result->status, result->out,
                                  result->err, before, after);
    }
  adit_attack_expect_refused (attack, adit_attack_read_memory (helper) < before_kib + GROWTH_KIB, "the helper grew");
}

static void
row_p12_channel (AditAttack *attack)
{
  AditWorld *world = adit_attack_get_world (attack);

  g_usleep (G_USEC_PER_SEC);
  put_worker (g_getenv ("ADIT_BAD_WORKER"));
  try_seeds (attack, "disconnected");
  put_worker (g_getenv ("ADIT_WORKER"));
  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  g_usleep (G_USEC_PER_SEC);
  put_worker (g_getenv ("ADIT_BAD_WORKER"));
  try_seeds (attack, "connected");
  /* The same program, with every byte in its place, is believed. */
  say ("fuzz 0");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "account --refresh --json");

      adit_attack_expect_obeyed (attack, result->status == 0, "exit %d: %s", result->status, result->out);
    }
  put_worker (g_getenv ("ADIT_WORKER"));
  adit_attack_rest (attack);
}

/* --- P24: where else it gets ------------------------------------------------------------------------------------------------ */

static guint
get_provider_uid (void)
{
  const char *const argv[] = { "id", "-u", "adit-provider", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run (NULL, 0, 5000, argv, NULL);

  return (guint) atoi (result->out);
}

/* What the program said of a door since @from. */
static char *
dup_said (AditAttack *attack, gsize from, const char *door, int pid)
{
  g_autofree char *log = adit_world_dup_log (adit_attack_get_world (attack));
  g_autofree char *start = g_strdup_printf ("taken: %s %d ", door, pid);
  GString *said = g_string_new (NULL);

  for (const char *p = log + MIN (from, strlen (log)); (p = strstr (p, start)) != NULL; p += strlen (start))
    g_string_append_printf (said, "%.*s;", (int) strcspn (p + strlen (start), "\n"), p + strlen (start));
  return g_string_free (said, FALSE);
}

static void
try_door (AditAttack *attack, const char *door, int pid, const char *whose)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autofree char *word = g_strdup_printf ("%s %d", door, pid), *log = adit_world_dup_log (world), *said = NULL;
  const char *const free_argv[] = { g_getenv ("ADIT_TAKEN_WORKER"), "--free", NULL };
  g_autoptr (AditLabResult) result = NULL, free_result = NULL;

  say (word);
  result = adit_world_adit (world, 0, NULL, "account --refresh --json");
  said = dup_said (attack, strlen (log), door, pid);
  adit_attack_expect_refused (attack, g_str_has_prefix (said, "trying;") && strstr (said, "open;") == NULL && result->status != 0,
                              "%s of %s: %s", door, whose, said);
  free_result = adit_lab_run ("client", 0, ANSWER_MS, free_argv, NULL);
  adit_attack_expect_obeyed (attack, g_str_has_suffix (free_result->err, " open\n"), "%s of %s: %s", door, whose,
                             free_result->err);
}

static void
row_p24 (AditAttack *attack)
{
  static const char *const alone[] = { "vault", "settings", "journal", "services", "password", "uapi", "drop", "internet",
                                       "datagram", "packet", "netlink", "bus" };
  static const char *const others[] = { "memory", "maps", "environment", "descriptors", "signal", "read-memory", "pidfd",
                                        "trace" };
  const char *const sleep_argv[] = { "sleep", "600", NULL };
  AditWorld *world = adit_attack_get_world (attack);
  GPid sibling = adit_lab_spawn (NULL, get_provider_uid (), sleep_argv, NULL);
  struct { const char *whose; int pid; } processes[3];

  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  g_usleep (G_USEC_PER_SEC);
  processes[0].whose = "a worker of its own user";
  processes[0].pid = sibling;
  processes[1].whose = "wireguard-go";
  processes[1].pid = adit_attack_find_child (ADIT_WIREGUARD_GO);
  processes[2].whose = "the helper";
  processes[2].pid = adit_attack_find_helper ();
  put_worker (g_getenv ("ADIT_TAKEN_WORKER"));
  for (guint i = 0; i < G_N_ELEMENTS (alone); i++)
    try_door (attack, alone[i], 0, "the computer");
  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    for (guint j = 0; processes[i].pid != 0 && j < G_N_ELEMENTS (others); j++)
      try_door (attack, others[j], processes[i].pid, processes[i].whose);
  adit_lab_end (sibling);
  put_worker (g_getenv ("ADIT_WORKER"));
  adit_attack_rest (attack);
}

static const AditAttackRow rows[] = {
  { "P12-channel", "messages of a worker with any bytes wrong, cut short, too long, with descriptors", row_p12_channel },
  { "P24", "a worker at the files, memory and sockets of everybody else", row_p24 },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
