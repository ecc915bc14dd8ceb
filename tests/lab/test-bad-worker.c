/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-bad-worker.c: whatever a worker does, its question fails in a sentence, and helper, lock and files are as they were. */
#include "config.h"
#include "tests/lab/openvpn-exit.h"
#include "tests/lab/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lab/bad-worker.h"

#define WORKER      ADIT_LIBEXECDIR "/adit-worker"
#define IMPORTED    "/run/lab/imported.conf"
#define PROFILE     "[Interface]\nPrivateKey = AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\nAddress = 10.64.0.2/32\n" \
                    "[Peer]\nPublicKey = AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\nAllowedIPs = 0.0.0.0/0\n" \
                    "Endpoint = 192.0.2.10:51820\n"
#define QUESTION_MS 10000
#define HANG_MS     55000    /* the helper's patience with a silent worker, 45 s, and some for a slow computer */

static AditWorld *world;

static const struct { const char *word, *input, *line; guint max_ms; } acts[] = {
  { "nothing",          NULL,                 "account --refresh --json",   QUESTION_MS },
  { "crash",            NULL,                 "account --refresh --json",   QUESTION_MS },
  { "garbage",          NULL,                 "account --refresh --json",   QUESTION_MS },
  { "empty",            NULL,                 "account --refresh --json",   QUESTION_MS },
  { "long",             NULL,                 "account --refresh --json",   QUESTION_MS },
  { "other-attempt",    NULL,                 "account --refresh --json",   QUESTION_MS },
  { "other-answer",     NULL,                 "account --refresh --json",   QUESTION_MS },
  { "mirror",           NULL,                 "account --refresh --json",   QUESTION_MS },
  { "few-descriptors",  NULL,                 "account --refresh --json",   QUESTION_MS },
  { "many-descriptors", NULL,                 "account --refresh --json",   QUESTION_MS },
  { "huge-count",       NULL,                 "account --refresh --json",   QUESTION_MS },
  { "endless-text",     NULL,                 "account --refresh --json",   QUESTION_MS },
  { "other-address",    NULL,                 "account --refresh --json",   QUESTION_MS },
  { "many-connections", NULL,                 "account --refresh --json",   QUESTION_MS },
  { "many-tokens",      NULL,                 "account --refresh --json",   QUESTION_MS },
  { "list-unasked",     NULL,                 "account --refresh --json",   QUESTION_MS },
  { "token-unasked",    NULL,                 "locations --refresh --json", QUESTION_MS },
  { "unsealed",         NULL,                 "locations --refresh --json", QUESTION_MS },
  { "small",            NULL,                 "locations --refresh --json", QUESTION_MS },
  { "not-a-memfd",      NULL,                 "locations --refresh --json", QUESTION_MS },
  { "nothing",          NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "garbage",          NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "other-attempt",    NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "other-answer",     NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "mirror",           NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "many-descriptors", NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "token-unasked",    NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "list-unasked",     NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "import-endless",   NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "import-sizes",     NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "import-one-more",  NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "import-unsealed",  NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "import-short",     NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "import-long",      NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "import-mirror",    NULL,                 "import " IMPORTED " --json", QUESTION_MS },
  { "crash",            NULL,                 "logout --json",              QUESTION_MS },
  { "other-answer",     "1111222233334444\n", "login mullvad --json",       QUESTION_MS },
  { "other-address",    "1111222233334444\n", "login mullvad --json",       QUESTION_MS },
};

static void
put_file (const char *from, const char *to)
{
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (from, &content, &length, NULL));
  g_assert_true (g_file_set_contents (to, content, (gssize) length, NULL));
  g_assert_cmpint (chmod (to, 0755), ==, 0);
}

/* In one step, since a helper may be about to start it. */
static void
put_worker (const char *program)
{
  put_file (program, WORKER ".new");
  g_assert_cmpint (rename (WORKER ".new", WORKER), ==, 0);
}

static void
put_bad_worker (const char *word)
{
  g_assert_true (g_file_set_contents (ADIT_BAD_WORKER_FILE, word, -1, NULL));
  g_assert_cmpint (chmod (ADIT_BAD_WORKER_FILE, 0644), ==, 0);
  put_worker (g_getenv ("ADIT_BAD_WORKER"));
}

/* The helper, and no other program of that name. */
static int
find_helper (void)
{
  g_autoptr (GDir) directory = g_dir_open ("/proc", 0, NULL);
  const char *name;
  int pid = 0;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_strdup_printf ("/proc/%s/exe", name), *target = g_file_read_link (path, NULL);

      if (atoi (name) == 0 || target == NULL || !g_str_equal (target, ADIT_LIBEXECDIR "/aditd"))
        continue;
      g_assert_cmpint (pid, ==, 0);
      pid = atoi (name);
    }
  return pid;
}

static guint
count_descriptors (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd", pid);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (directory != NULL && g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* A digest of every file that the helper keeps, by name. */
static void
digest_files (const char *path, GString *text)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *child = g_build_filename (path, names->pdata[i], NULL), *content = NULL;
      gsize length;

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        digest_files (child, text);
      else if (g_file_get_contents (child, &content, &length, NULL))
        {
          g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content, length);

          g_string_append_printf (text, "%s %s\n", child, digest);
        }
    }
}

static char *
dup_files (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  digest_files ("/var/lib/adit", text);
  digest_files ("/var/cache/adit", text);
  return g_strdup (text->str);
}

static char *
dup_rules (void)
{
  const char *const argv[] = { "nft", "-s", "list", "ruleset", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);

  return g_steal_pointer (&result->out);
}

/* Reaping and closing follow the answer by a turn of the helper's main loop. */
static gboolean
settles_at (int pid, guint n_descriptors)
{
  for (guint i = 0; i < 200; i++)
    {
      if (count_descriptors (pid) == n_descriptors)
        return TRUE;
      g_usleep (10000);
    }
  return FALSE;
}

/* How many the helper has while it asks nobody anything: the list of places may still be on its way after a sign-in. */
static guint
count_when_quiet (int pid)
{
  guint n_descriptors = count_descriptors (pid);

  for (guint same = 0; same < 30; same++)
    {
      guint now = count_descriptors (pid);

      if (now != n_descriptors)
        same = 0;
      n_descriptors = now;
      g_usleep (10000);
    }
  return n_descriptors;
}

static void
try_act (const char *word, const char *input, const char *line, guint max_ms, const char *state)
{
  int pid = find_helper ();
  guint n_descriptors = count_when_quiet (pid);
  g_autofree char *files = dup_files (), *rules = dup_rules (), *files_after = NULL, *rules_after = NULL, *state_after = NULL;
  g_autoptr (AditLabResult) result = NULL;
  gint64 start_us = g_get_monotonic_time ();

  put_bad_worker (word);
  result = adit_world_adit (world, 0, input, line);
  if (result->status != 1 || g_get_monotonic_time () - start_us > max_ms * G_TIME_SPAN_MILLISECOND ||
      strstr (result->out, "WorkerFailed") == NULL || find_helper () != pid || !settles_at (pid, n_descriptors))
    {
      adit_world_print_log (world);
      g_error ("%s while %s: adit %s: exit %d after %d ms, helper %d then %d, %u descriptors then %u\n%s%s", word, state, line,
               result->status, (int) ((g_get_monotonic_time () - start_us) / 1000), pid, find_helper (), n_descriptors,
               find_helper () != 0 ? count_descriptors (find_helper ()) : 0, result->out, result->err);
    }
  files_after = dup_files ();
  rules_after = dup_rules ();
  state_after = adit_world_get_state (world);
  g_assert_cmpstr (files_after, ==, files);
  g_assert_cmpstr (rules_after, ==, rules);
  g_assert_cmpstr (state_after, ==, state);
}

static void
try_all (const char *state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++)
    if (!g_str_equal (state, "connected") || !g_str_has_prefix (acts[i].line, "logout"))    /* an account in use stays */
      try_act (acts[i].word, acts[i].input, acts[i].line, acts[i].max_ms, state);
}

static void
test_disconnected (void)
{
  g_autofree char *seen = NULL;

  try_all ("disconnected");
  seen = adit_world_ask_web (world, FALSE);
  g_assert_cmpstr (seen, ==, ADIT_LAB_ROUTER_ADDRESS);
}

static gboolean
has_exit_address (void)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");

  return strstr (result->out, "\"" ADIT_LAB_EXIT_ADDRESS "\"") != NULL;
}

/* The helper asks for it by itself once it is connected: what is counted below must not begin in the middle of that. */
static void
wait_exit_address (void)
{
  for (guint i = 0; i < 100 && !has_exit_address (); i++)
    g_usleep (50000);
  g_assert_true (has_exit_address ());
}

static guint
count_in_log (const char *words)
{
  g_autofree char *log = adit_world_dup_log (world);
  guint n = 0;

  for (const char *p = log; (p = strstr (p, words)) != NULL; p++)
    n++;
  return n;
}

/* The one worker that may ask for an address that is not in its request: only on port 443, and never one of a home network, nor
 * another resolver.  The connection stands whatever it does. */
static void
test_exit (void)
{
  static const struct { const char *word, *said; } rows[] = {
    { "exit-other-port",     "asked for a connection that it may not have" },
    { "exit-neighbour",      "asked for a connection that it may not have" },
    { "exit-this-computer",  "asked for a connection that it may not have" },
    { "exit-other-resolver", "asked for a connection that it may not have" },
    { "exit-resolver-https", "asked for a connection that it may not have" },
    { "exit-private",        "a worker's message is refused" },
  };

  put_file (g_getenv ("ADIT_WORKER"), ADIT_BAD_WORKER_REAL);
  put_worker (g_getenv ("ADIT_WORKER"));
  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  wait_exit_address ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint before = count_in_log (rows[i].said);
      int pid = find_helper ();
      g_autofree char *seen = NULL;

      put_bad_worker (rows[i].word);
      adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
      for (guint j = 0; j < 100 && count_in_log (rows[i].said) == before; j++)
        g_usleep (50000);
      if (count_in_log (rows[i].said) == before || has_exit_address () || find_helper () != pid)
        {
          adit_world_print_log (world);
          g_error ("%s was not refused", rows[i].word);
        }
      seen = adit_world_ask_web (world, FALSE);
      g_assert_cmpstr (seen, ==, ADIT_LAB_EXIT_ADDRESS);
    }
  put_worker (g_getenv ("ADIT_WORKER"));
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  wait_exit_address ();
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

static void
test_connected (void)
{
  g_autofree char *seen = NULL;

  put_worker (g_getenv ("ADIT_WORKER"));
  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  wait_exit_address ();
  try_all ("connected");
  seen = adit_world_ask_web (world, FALSE);
  g_assert_cmpstr (seen, ==, ADIT_LAB_EXIT_ADDRESS);
  put_worker (g_getenv ("ADIT_WORKER"));
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* The lists themselves are not for root to judge: one is kept, and a second one ends the worker. */
static void
test_many_lists (void)
{
  g_autoptr (AditLabResult) result = NULL;
  int pid = find_helper ();
  guint n_descriptors = count_when_quiet (pid);

  put_bad_worker ("many-lists");
  result = adit_world_adit (world, 0, NULL, "locations --refresh --json");
  g_assert_cmpint (result->status, ==, 1);
  g_assert_nonnull (strstr (result->out, "WorkerFailed"));
  g_assert_cmpint (find_helper (), ==, pid);
  g_assert_true (settles_at (pid, n_descriptors));
  put_worker (g_getenv ("ADIT_WORKER"));
  adit_world_expect (world, 0, NULL, "locations --refresh", 0);
}

/* While the one hangs, the helper hears everybody else. */
static void
test_hanging (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) other = NULL;
  gint64 start_us;

  put_bad_worker ("hang");
  other = adit_world_start_adit (world, "account --refresh --json", &error);
  g_assert_no_error (error);
  g_usleep (500000);
  start_us = g_get_monotonic_time ();
  adit_world_expect (world, 0, NULL, "status", 0);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 5 * G_TIME_SPAN_SECOND);
  g_assert_true (g_subprocess_wait (other, NULL, &error));
  g_assert_cmpint (g_subprocess_get_exit_status (other), ==, 1);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, HANG_MS * G_TIME_SPAN_MILLISECOND);
}

/* Whoever clicks Disconnect does not wait for one that hangs over the profile. */
static void
test_hanging_profile (void)
{
  g_autofree char *rules = NULL, *rules_after = NULL, *seen = NULL;
  guint n_descriptors;
  gint64 start_us;

  put_worker (g_getenv ("ADIT_WORKER"));
  g_assert_true (g_file_set_contents (IMPORTED, PROFILE, -1, NULL));
  adit_world_expect (world, 0, NULL, "import " IMPORTED, 0);
  n_descriptors = count_when_quiet (find_helper ());
  rules = dup_rules ();
  put_bad_worker ("hang");
  adit_world_expect (world, 0, NULL, "connect --profile imported", 0);
  g_usleep (500000);
  start_us = g_get_monotonic_time ();
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 5 * G_TIME_SPAN_SECOND);
  g_assert_true (settles_at (find_helper (), n_descriptors));
  rules_after = dup_rules ();
  g_assert_cmpstr (rules_after, ==, rules);
  seen = adit_world_ask_web (world, FALSE);
  g_assert_cmpstr (seen, ==, ADIT_LAB_ROUTER_ADDRESS);
}

/* While the worker that stands beside openvpn does not stop talking.  Returns: how often it was told. */
static guint
ask_during_flood (void)
{
  guint n_told = 0;

  adit_world_expect (world, 0, NULL, "connect --profile flood", 0);
  for (guint i = 0; i < 10; i++)
    {
      gint64 start_us = g_get_monotonic_time ();
      g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");

      g_assert_cmpint (result->status, ==, 0);
      g_assert_cmpint (g_get_monotonic_time () - start_us, <, 5 * G_TIME_SPAN_SECOND);
      g_assert_null (strstr (result->out, "\"lock\":\"off\""));
      n_told += strstr (result->out, "says too much") != NULL;
      g_usleep (200000);
    }
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  return n_told;
}

static void
test_flooding_tunnel (void)
{
  g_autoptr (GError) error = NULL;
  guint n_descriptors;

  put_worker (g_getenv ("ADIT_WORKER"));
  g_assert_true (adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error));
  adit_lab_ovpn_write_client (IMPORTED, &(AditLabOvpnServer) { 0 }, "<auth-user-pass>\na\nb\n</auth-user-pass>\n", &error);
  g_assert_no_error (error);
  adit_world_expect (world, 0, NULL, "import " IMPORTED " --name flood", 0);
  put_file (g_getenv ("ADIT_WORKER"), ADIT_BAD_WORKER_REAL);
  put_bad_worker ("openvpn-flood");
  g_assert_cmpuint (ask_during_flood (), >, 0);
  n_descriptors = count_when_quiet (find_helper ());    /* what the helper keeps open from its first tunnel on is there now */
  g_assert_cmpuint (ask_during_flood (), >, 0);
  g_assert_true (settles_at (find_helper (), n_descriptors));
}

int
main (int argc, char **argv)
{
  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_PLAIN);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  adit_world_expect (world, 0, NULL, "locations", 0);
  g_assert_true (g_file_set_contents (IMPORTED, "[Interface]\n", -1, NULL));
  g_test_add_func ("/bad-worker/disconnected", test_disconnected);
  g_test_add_func ("/bad-worker/connected", test_connected);
  g_test_add_func ("/bad-worker/exit", test_exit);
  g_test_add_func ("/bad-worker/many-lists", test_many_lists);
  g_test_add_func ("/bad-worker/hanging", test_hanging);
  g_test_add_func ("/bad-worker/hanging-profile", test_hanging_profile);
  g_test_add_func ("/bad-worker/flooding-tunnel", test_flooding_tunnel);
  return adit_world_end_test (world);
}
