/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-sent.c: reports go from the real helper and worker to a server that takes nothing which is not exactly right: not
 * before a yes, once after it, and no more than what was shown. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/lab/receiver.h"
#include "tests/lab/report-client.h"
#include "tests/lab/sidecar.h"
#include "tests/lab/world-private.h"

#define QUIET_MS 1500    /* in which a report that goes by itself would have arrived: one takes a tenth of that */
#define WORDS    "It stopped.\n<script>alert(1)</script> [me](https://elsewhere.example/)\n{\"type\":\"event\",\"length\":2}\n{}\n\"}"

static AditWorld *world;

static void
expect_arrived (guint reports, guint arrivals)
{
  g_autofree char *refused = adit_receiver_dup_refused ();
  guint seen_arrivals, seen = adit_receiver_count (&seen_arrivals);

  if (seen == reports && seen_arrivals == arrivals && refused[0] == '\0')
    return;
  adit_world_print_log (world);
  g_error ("%u reports in %u arrivals, not %u in %u; refused: %s", seen, seen_arrivals, reports, arrivals, refused);
}

static void
expect_quiet (guint reports)
{
  g_usleep (QUIET_MS * 1000);
  expect_arrived (reports, reports);
}

static void
begin (void)
{
  adit_receiver_forget ();
  adit_receiver_set_fault ("");
  expect_arrived (0, 0);
}

/* --- What was shown is what is sent ----------------------------------------------------------------------------------------- */

/* The same in each report, and so nothing about anybody. */
static const char *const fixed[] = { "c", "adit", "crash", "problem", "fatal", "info", "default", "log", "os", "signal", "never",
                                     "A problem without words", "application/json", "event", NULL };

static void
expect_shown (const char *text, json_t *value, const char *name)
{
  const char *key;
  json_t *member;
  gsize i;

  if (json_is_string (value) && !g_strv_contains (fixed, json_string_value (value)))
    {
      g_auto (GStrv) lines = g_strsplit (json_string_value (value), "\n", -1);

      for (guint j = 0; lines[j] != NULL; j++)
        {
          const char *line = lines[j];

          /* Written another way, and no other thing: "adit@1.0", "0x1f", "2026-11-22T00:00:00Z". */
          if (g_str_has_prefix (line, "adit@"))
            line += strlen ("adit@");
          if (g_str_equal (name, "timestamp"))
            lines[j][strlen ("2026-11-22")] = '\0';
          if (strstr (text, line) == NULL)
            g_error ("%s is \"%s\", which nobody was shown:\n%s", name, line, text);
        }
    }
  json_object_foreach (value, key, member)
    expect_shown (text, member, key);
  json_array_foreach (value, i, member)
    expect_shown (text, member, name);
}

static void
expect_received_as_shown (const char *id, const char *text)
{
  json_t *received = adit_receiver_load (id), *items = json_object_get (received, "items");

  g_assert_nonnull (received);
  g_assert_cmpuint (json_array_size (items), ==, 1);
  g_assert_cmpstr (json_string_value (json_object_get (adit_receiver_get_event (received), "event_id")), ==, id);
  expect_shown (text, adit_receiver_get_event (received), "event");
  json_decref (received);
}

/* --- Consent ---------------------------------------------------------------------------------------------------------------- */

static void
test_problem (void)
{
  g_autofree char *id = NULL, *text = NULL, *other = NULL;
  json_t *received;
  const char *words;

  begin ();
  id = report_client_add_problem (WORDS, "carrier pigeon");
  other = report_client_add_problem ("This one nobody says yes to.", "");
  report_client_expect (id, "waiting", "");
  expect_quiet (0);
  text = report_client_dup_text (id);
  report_client_send (id);
  report_client_expect (id, "sent", "");
  expect_arrived (1, 1);
  expect_received_as_shown (id, text);
  /* Words stay one text, whatever they look like. */
  received = adit_receiver_load (id);
  words = json_string_value (json_object_get (json_object_get (adit_receiver_get_event (received), "logentry"), "formatted"));
  g_assert_nonnull (strstr (words, "<script>alert(1)</script>"));
  g_assert_nonnull (strstr (words, "{\"type\":\"event\",\"length\":2}\n{}"));
  json_decref (received);
  report_client_send (id);
  expect_quiet (1);
  report_client_delete (other);
  adit_world_stop_helper (world);
  adit_world_expect_helper (world);
  report_client_expect (id, "sent", "");
  expect_quiet (1);
  report_client_delete (id);
}

static void
crash_helper (void)
{
  int status = 0;

  kill (world->helper, SIGSEGV);
  while (waitpid (world->helper, &status, 0) < 0 && errno == EINTR)
    ;
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGSEGV);
  world->helper = 0;
  adit_world_expect_helper (world);
}

static void
test_crash (void)
{
  g_autofree char *id = NULL, *text = NULL;
  json_t *received;

  begin ();
  crash_helper ();
  id = report_client_wait_new ("aditd");
  report_client_expect (id, "waiting", "");
  expect_quiet (0);
  text = report_client_dup_text (id);
  report_client_send (id);
  report_client_expect (id, "sent", "");
  expect_arrived (1, 1);
  expect_received_as_shown (id, text);
  received = adit_receiver_load (id);
  /* Where it waited for something to do, deep in a library. */
  g_assert_cmpstr (adit_receiver_find_function (received), ==, "adit_helper_run");
  json_decref (received);
  report_client_delete (id);
}

static void
test_always (void)
{
  g_autofree char *id = NULL;

  begin ();
  report_client_set_consent ("always");
  crash_helper ();
  id = report_client_wait_new ("aditd");
  report_client_expect (id, "sent", "");
  expect_quiet (1);
  report_client_delete (id);
  report_client_set_consent ("never");
  crash_helper ();
  expect_quiet (1);
  g_assert_cmpuint (report_client_count (), ==, 0);
  report_client_set_consent ("ask");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int failed;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  g_assert_no_error (error);
  g_assert_true (adit_receiver_make (&error));
  g_assert_true (adit_receiver_start (ADIT_RECEIVER_TRUSTED, &error));
  g_assert_no_error (error);
  adit_receiver_announce (ADIT_RECEIVER_DSN, NULL);
  adit_world_expect_helper (world);
  report_client_open (world);
  g_test_add_func ("/report-sent/problem", test_problem);
  g_test_add_func ("/report-sent/crash", test_crash);
  g_test_add_func ("/report-sent/always", test_always);
  failed = g_test_run ();
  report_client_close ();
  adit_world_free (world);
  return failed;
}
