/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-sent.c: reports go from the real helper and worker to a server that takes nothing which is not exactly right: not
 * before a yes, once after it, and no more than what was shown. */
#include "config.h"

#include <signal.h>
#include <string.h>

#include "tests/lab/receiver.h"
#include "tests/lab/report-client.h"
#include "tests/lab/sidecar.h"

#define QUIET_MS 1500    /* in which a report that goes by itself would have arrived: one takes a tenth of that */
#define WORDS    "It stopped.\n<script>alert(1)</script> [me](https://elsewhere.example/)\n" \
                 "{\"type\":\"event\",\"length\":2}\n{}\n\"}"

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
  g_assert_cmpint (report_client_crash_helper (SIGSEGV), ==, SIGSEGV);
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
  g_assert_cmpstr (adit_receiver_find_function (adit_receiver_get_event (received)), ==, "adit_helper_run");
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

/* --- A server that is not ours ---------------------------------------------------------------------------------------------- */

/* Of what came as @seen, the event; its text is what our own server has understood of the same envelope. */
static void
expect_same_event (json_t *seen, json_t *wanted)
{
  const char *key;
  json_t *member;

  json_object_foreach (wanted, key, member)
    if (!json_equal (json_object_get (seen, key), member))
      g_error ("%s was understood in another way: %s", key, json_dumps (seen, JSON_INDENT (1)));
}

static void
send (const char *id)
{
  report_client_send (id);
  report_client_expect (id, "sent", "");
}

/* A crash and a problem arrive at both; what Sentry's own code makes of them is what ours does. */
static void
test_not_ours (void)
{
  g_autofree char *crash = NULL, *problem = NULL, *path = NULL, *to_sidecar = NULL;
  g_autoptr (GError) error = NULL;
  json_t *received, *read, *list, *words, *exception;

  if (adit_sidecar_find () == NULL)
    {
      g_test_skip ("Sentry's reader and sidecar could not be had from npm (tests/rig/fetch-sentry)");
      return;
    }
  begin ();
  report_client_begin_hour ();
  adit_sidecar_start (&error);
  g_assert_no_error (error);
  crash_helper ();
  crash = report_client_wait_new ("aditd");
  send (crash);
  received = adit_receiver_load (crash);
  path = adit_receiver_dup_path (crash);
  read = adit_sidecar_read_envelope (path, &error);
  g_assert_no_error (error);
  expect_same_event (adit_receiver_get_event (read), adit_receiver_get_event (received));
  json_decref (read);
  json_decref (received);
  report_client_delete (crash);

  report_client_set_server (ADIT_SIDECAR_DSN, "");
  crash_helper ();
  g_free (crash);
  crash = report_client_wait_new ("aditd");
  problem = report_client_add_problem (WORDS, "carrier pigeon");
  to_sidecar = report_client_dup_text (crash);
  list = adit_sidecar_list ();
  g_assert_cmpuint (json_array_size (list), ==, 0);
  json_decref (list);
  send (crash);
  send (problem);
  list = adit_sidecar_list ();
  g_assert_cmpuint (json_array_size (list), ==, 2);
  exception = json_object_get (adit_sidecar_find_event (list, crash), "exception");
  words = json_object_get (adit_sidecar_find_event (list, problem), "logentry");
  g_assert_nonnull (exception);
  g_assert_nonnull (words);
  expect_shown (to_sidecar, exception, "exception");
  g_assert_nonnull (strstr (json_string_value (json_object_get (words, "formatted")), "<script>alert(1)</script>"));
  json_decref (list);
  expect_arrived (1, 1);
  report_client_set_server ("", "");
}

int
main (int argc, char **argv)
{
  int failed;

  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_PLAIN);
  adit_receiver_begin ();
  report_client_open (world);
  g_test_add_func ("/report-sent/problem", test_problem);
  g_test_add_func ("/report-sent/crash", test_crash);
  g_test_add_func ("/report-sent/always", test_always);
  g_test_add_func ("/report-sent/not-ours", test_not_ours);
  failed = adit_world_end_test (world);
  report_client_close ();
  return failed;
}
