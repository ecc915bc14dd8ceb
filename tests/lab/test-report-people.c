/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-people.c: reports of two people at one computer by the command line, and what becomes of them on a disk that is
 * full, damaged or not ours, over restarts, and where another server is set than a yes was said to. */
#include "config.h"
#include "tests/lab/receiver.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "client/helper/run-files.h"
#include "client/report/crash-note.h"
#include "tests/lab/world-private.h"

#define NAME     "org.aditvpn.Adit1"
#define FOLDER   ADIT_REPORTS_DIRECTORY
#define STATE    "/run/lab/alice"         /* in the place of her ~/.local/state */
#define NOTE     STATE "/adit/adit.note"
#define SOON_MS  60000
#define OTHER_DSN "https://0123456789abcdef0123456789abcdef@others.lab.example/7"
#define WORDS    "It stopped, says alice, and her cat saw it"

static AditWorld *world;

/* --- As somebody ------------------------------------------------------------------------------------------------------------ */

static json_t *
ask_as (guint uid, const char *input, const char *line, int status)
{
  const char *const environment[] = { "XDG_STATE_HOME=" STATE, NULL };
  g_autofree char *with_json = g_strconcat ("--json ", line, NULL);
  g_autoptr (AditLabResult) result = adit_world_adit_with (world, uid, environment, input, with_json);
  json_t *answer;

  if (result->status != status)
    {
      adit_world_print_log (world);
      g_error ("adit %s ended with %d, not %d: %s%s", line, result->status, status, result->out, result->err);
    }
  if (result->err[0] != '\0')
    g_test_message ("adit %s: %s", line, result->err);
  answer = json_loads (result->out, 0, NULL);
  return answer != NULL ? answer : json_object ();
}

static void
expect_error (guint uid, const char *line, int status, const char *name)
{
  json_t *answer = ask_as (uid, NULL, line, status);

  g_assert_cmpstr (json_string_value (json_object_get (json_object_get (answer, "error"), "name")), ==, name);
  json_decref (answer);
}

static void
do_as (guint uid, const char *format, const char *id)
{
  g_autofree char *line = g_strdup_printf ("%s%s", format, id);

  json_decref (ask_as (uid, NULL, line, 0));
}

static char *
write_new (const char *words)
{
  json_t *answer = ask_as (ADIT_WORLD_ALICE_UID, words, "report new", 0);
  char *id = g_strdup (json_string_value (json_object_get (answer, "id")));

  g_assert_nonnull (id);
  json_decref (answer);
  return id;
}

/* How many reports somebody is told of; @state and @reason (nullable) of the one that begins with @id. */
static guint
list_as (guint uid, const char *id, char **state, char **reason)
{
  json_t *answer = ask_as (uid, NULL, "report list", 0), *rows = json_object_get (answer, "reports"), *row;
  guint n = (guint) json_array_size (rows);
  gsize i;

  json_array_foreach (rows, i, row)
    if (id != NULL && g_str_equal (json_string_value (json_object_get (row, "id")), id))
      {
        const char *why = json_string_value (json_object_get (row, "reason"));

        *state = g_strdup (json_string_value (json_object_get (row, "state")));
        *reason = g_strdup (why != NULL ? why : "");
      }
  json_decref (answer);
  return n;
}

static guint
count_of (guint uid)
{
  return list_as (uid, NULL, NULL, NULL);
}

static void
wait_for (const char *id, const char *state, const char *reason)
{
  gint64 until_us = g_get_monotonic_time () + SOON_MS * 1000;
  g_autofree char *seen = NULL, *why = NULL;

  for (;;)
    {
      g_clear_pointer (&seen, g_free);
      g_clear_pointer (&why, g_free);
      list_as (ADIT_WORLD_ALICE_UID, id, &seen, &why);
      if (g_strcmp0 (seen, state) == 0 && g_strcmp0 (why, reason) == 0)
        return;
      if (g_get_monotonic_time () > until_us)
        {
          adit_world_print_log (world);
          g_error ("report %s is \"%s\" (%s), not \"%s\" (%s)", id, seen, why, state, reason);
        }
      g_usleep (100000);
    }
}

/* What came to the server in all, each once. */
static void
expect_received (guint n)
{
  guint arrivals, seen = adit_receiver_count (&arrivals);

  if (seen == n && arrivals == n)
    return;
  adit_world_print_log (world);
  g_error ("%u reports are at the server after %u arrivals, not %u", seen, arrivals, n);
}

static void
begin (void)
{
  adit_receiver_forget ();
  adit_receiver_set_fault ("");
  adit_receiver_announce (ADIT_RECEIVER_DSN, NULL);
  do_as (ADIT_WORLD_ALICE_UID, "report server ", "default");
  do_as (ADIT_WORLD_ALICE_UID, "report consent ", "ask");
}

/* So that an hour's worth of the tests before is not counted. */
static void
restart_helper (gboolean forgets_limits)
{
  adit_world_stop_helper (world);
  if (forgets_limits)
    g_unlink (ADIT_REPORT_LIMITS_FILE);
  adit_world_expect_helper (world);
}

static void
expect_logged (const char *pattern)
{
  g_autofree char *log = adit_world_dup_log (world);

  if (!g_pattern_match_simple (pattern, log))
    g_error ("nowhere in the log: %s\n%s", pattern, log);
}

/* --- This program again, as somebody who knows the id ----------------------------------------------------------------------- */

static int
caller_main (const char *method, const char *id)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *remote = NULL;
  g_autoptr (GVariant) answer = NULL;

  answer = g_dbus_connection_call_sync (bus, NAME, "/org/aditvpn/Adit1", NAME, method,
                                        g_variant_new_parsed ("(%s, @a{sv} {'interactive': <false>})", id), NULL,
                                        G_DBUS_CALL_FLAGS_NONE, 20000, NULL, &error);
  remote = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;
  printf ("%s\n", answer != NULL ? "yes" : remote);
  return 0;
}

static char *
call_as_bob (const char *method, const char *id)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  const char *const argv[] = { program, "--caller", method, id, NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  char *out = NULL;

  process = adit_world_spawn_in (world, ADIT_WORLD_BOB_SEATED, ADIT_WORLD_BOB_UID, launcher, argv, &error);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, &error))
    g_error ("%s: %s", method, error->message);
  return g_strchomp (out);
}

/* --- The cases -------------------------------------------------------------------------------------------------------------- */

/* Bob knows the id, and there is no such report for him; nothing leaves before Alice's yes, and then this one alone. */
static void
test_people (void)
{
  static const char *const methods[] = { "GetReport", "SendReport", "DeleteReport" };
  g_autofree char *id = NULL, *other = NULL, *line = NULL;
  const char *text;
  json_t *shown;

  begin ();
  id = write_new (WORDS);
  other = write_new ("Another one");
  wait_for (id, "waiting", "");
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autofree char *answer = call_as_bob (methods[i], id);

      g_assert_cmpstr (answer, ==, NAME ".Error.NoReport");
    }
  g_assert_cmpuint (count_of (ADIT_WORLD_ALICE_UID), ==, 2);
  g_assert_cmpuint (count_of (0), ==, 2);    /* root's are all */

  line = g_strdup_printf ("report show %.8s", id);
  shown = ask_as (ADIT_WORLD_ALICE_UID, NULL, line, 0);
  text = json_string_value (json_object_get (shown, "text"));
  g_assert_nonnull (strstr (text, "It stopped, says [user name], and her cat saw it"));
  g_assert_cmpstr (json_string_value (json_object_get (json_object_get (shown, "server"), "host")), ==, ADIT_RECEIVER_HOST);
  json_decref (shown);

  do_as (ADIT_WORLD_ALICE_UID, "report send ", id);
  wait_for (id, "sent", "");
  wait_for (other, "waiting", "");
  expect_received (1);
  do_as (ADIT_WORLD_ALICE_UID, "report delete ", other);
  do_as (ADIT_WORLD_ALICE_UID, "report delete ", id);
  g_assert_cmpuint (count_of (0), ==, 0);
}

/* While nothing may leave nothing does, over the helper's death; afterwards it goes by itself, once. */
static void
test_held (void)
{
  g_autofree char *id = NULL;

  begin ();
  id = write_new (WORDS);
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  do_as (ADIT_WORLD_ALICE_UID, "report send ", id);
  wait_for (id, "queued", "held");
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  wait_for (id, "queued", "held");
  expect_received (0);
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  wait_for (id, "sent", "");
  expect_received (1);
  restart_helper (TRUE);
  wait_for (id, "sent", "");
  expect_received (1);
  do_as (ADIT_WORLD_ALICE_UID, "report delete ", id);
}

static void
test_inside (void)
{
  g_autofree char *id = NULL;
  const char *peer;
  json_t *received;

  begin ();
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "connect se --wait", 0);
  id = write_new (WORDS);
  do_as (ADIT_WORLD_ALICE_UID, "report send ", id);
  wait_for (id, "sent", "");
  expect_received (1);
  received = adit_receiver_load (id);
  peer = json_string_value (json_object_get (received, "peer"));
  g_assert_nonnull (peer);
  g_assert_true (g_str_has_prefix (peer, ADIT_LAB_EXIT_ADDRESS));    /* and not ADIT_LAB_ROUTER_ADDRESS */
  json_decref (received);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "disconnect", 0);
  do_as (ADIT_WORLD_ALICE_UID, "report delete ", id);
}

/* A yes is about one server. */
static void
test_servers (void)
{
  g_autoptr (AditLabResult) said = NULL;
  g_autofree char *id = NULL, *send = NULL;

  begin ();
  id = write_new (WORDS);
  send = g_strconcat ("report send ", id, NULL);
  adit_receiver_announce (NULL, NULL);
  expect_error (ADIT_WORLD_ALICE_UID, send, 4, "NoReportServer");
  expect_error (ADIT_WORLD_ALICE_UID, "report consent always", 4, "NoReportServer");
  expect_error (ADIT_WORLD_ALICE_UID, "report server http://key@" ADIT_RECEIVER_HOST "/7", 2, "ReportServerMalformed");
  expect_error (ADIT_WORLD_ALICE_UID, "report server " ADIT_RECEIVER_DSN " short", 2, "ReportServerMalformed");
  adit_world_write_file ("/etc/adit/report.conf", "[report]\ndsn=ftp://nonsense\n", 0644);
  expect_error (ADIT_WORLD_ALICE_UID, send, 4, "NoReportServer");
  adit_receiver_announce (ADIT_RECEIVER_DSN, NULL);
  do_as (ADIT_WORLD_ALICE_UID, "report server ", "none");
  expect_error (ADIT_WORLD_ALICE_UID, send, 4, "NoReportServer");
  do_as (ADIT_WORLD_ALICE_UID, "report server ", "default");

  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  do_as (ADIT_WORLD_ALICE_UID, "report send ", id);
  wait_for (id, "queued", "held");
  adit_receiver_announce (OTHER_DSN, NULL);    /* behind her back */
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  wait_for (id, "waiting", "server-changed");
  expect_received (0);
  do_as (ADIT_WORLD_ALICE_UID, "report server ", ADIT_RECEIVER_DSN);
  said = adit_world_adit (world, ADIT_WORLD_ALICE_UID, NULL, send);
  g_assert_cmpstr (said->out, ==, "Your reports go to " ADIT_RECEIVER_HOST ", which you have set.\n");
  wait_for (id, "sent", "");
  expect_received (1);
  do_as (ADIT_WORLD_ALICE_UID, "report delete ", id);
}

/* What a program of Alice's leaves when it crashes at @place. */
static void
leave_note (guint64 place)
{
  AditCrashNote note;

  adit_crash_note_init (&note, "adit", "0");
  note.signal = 11;
  note.reason = ADIT_CRASH_FAULT;
  note.n_modules = note.n_frames = 1;
  g_strlcpy (note.modules[0].name, "adit", sizeof note.modules[0].name);
  note.modules[0].build_id_size = ADIT_CRASH_ID_MAX_BYTES;
  note.frames[0].offset = place;
  g_assert_true (g_file_set_contents (NOTE, (const char *) &note, sizeof note, NULL));
  g_assert_cmpint (g_chmod (NOTE, 0600), ==, 0);
  g_assert_cmpint (chown (NOTE, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ALICE_UID), ==, 0);
}

/* The same crash is one report, three in an hour are enough, and "always" and "never" are about what comes then. */
static void
test_crashes (void)
{
  g_autofree char *id = NULL;
  guint n;

  begin ();
  restart_helper (TRUE);
  leave_note (0x1000);
  g_assert_cmpuint (count_of (ADIT_WORLD_ALICE_UID), ==, 1);
  g_assert_false (g_file_test (NOTE, G_FILE_TEST_EXISTS));
  leave_note (0x1000);
  g_assert_cmpuint (count_of (ADIT_WORLD_ALICE_UID), ==, 1);
  do_as (ADIT_WORLD_ALICE_UID, "report consent ", "always");
  expect_received (0);    /* the one that was there waits still */
  leave_note (0x2000);
  g_assert_cmpuint (count_of (ADIT_WORLD_ALICE_UID), ==, 2);
  for (n = 0; n < SOON_MS / 100 && adit_receiver_count (NULL) == 0; n++)
    g_usleep (100000);
  expect_received (1);
  restart_helper (FALSE);
  leave_note (0x3000);    /* the fourth within an hour */
  g_assert_cmpuint (count_of (ADIT_WORLD_ALICE_UID), ==, 2);
  restart_helper (TRUE);
  do_as (ADIT_WORLD_ALICE_UID, "report consent ", "never");
  leave_note (0x4000);
  g_assert_cmpuint (count_of (ADIT_WORLD_ALICE_UID), ==, 2);
  g_assert_false (g_file_test (NOTE, G_FILE_TEST_EXISTS));
  expect_received (1);
}

/* Alice taking back "always" keeps what it had queued; what she said yes to herself goes. */
static void
test_taken_back (void)
{
  guint n;

  begin ();
  restart_helper (TRUE);
  n = count_of (ADIT_WORLD_ALICE_UID);
  do_as (ADIT_WORLD_ALICE_UID, "report consent ", "always");
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  leave_note (0x5000);
  g_assert_cmpuint (count_of (ADIT_WORLD_ALICE_UID), ==, n + 1);
  do_as (ADIT_WORLD_ALICE_UID, "report consent ", "ask");
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  {
    g_autofree char *id = write_new (WORDS);

    do_as (ADIT_WORLD_ALICE_UID, "report send ", id);
    wait_for (id, "sent", "");
  }
  expect_received (1);
}

/* One person's many take the place of their own, and of nobody else's. */
static void
test_room (void)
{
  g_autofree char *own = NULL;
  json_t *answer;

  begin ();
  restart_helper (TRUE);
  own = write_new (WORDS);
  for (guint i = 0; i < 3; i++)
    {
      restart_helper (TRUE);
      for (guint j = 0; j < 10; j++)
        json_decref (ask_as (0, "Root has much to say", "report new", 0));
    }
  answer = ask_as (0, "Once more", "report new", 1);
  g_assert_cmpstr (json_string_value (json_object_get (json_object_get (answer, "error"), "name")), ==, "TooManyReports");
  json_decref (answer);
  wait_for (own, "waiting", "");
  g_assert_cmpuint (count_of (0) - count_of (ADIT_WORLD_ALICE_UID), ==, 20);
}

static void
put (const char *name, const char *bytes, gsize length)
{
  g_autofree char *path = g_build_filename (FOLDER, name, NULL);

  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
}

#define A "0123456789abcdef0123456789abcde"

static void
test_bad_files (void)
{
  g_autofree char *id = NULL, *path = NULL, *bytes = NULL, *large = g_malloc0 (1 << 20);
  gsize length;

  begin ();
  restart_helper (TRUE);
  id = write_new (WORDS);
  adit_world_stop_helper (world);
  path = g_build_filename (FOLDER, id, NULL);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  put (A "0", bytes, length / 2);
  put (A "1", large, 1 << 20);
  put ("holiday.jpg", "JFIF", 4);
  g_assert_cmpint (symlink ("/etc/shadow", FOLDER "/" A "2"), ==, 0);
  adit_world_expect_helper (world);
  wait_for (id, "waiting", "");
  for (const char *last = "012"; *last != '\0'; last++)
    {
      g_autofree char *send = g_strdup_printf ("report send " A "%c", *last);
      g_autofree char *pattern = g_strdup_printf ("*a report is left out: *" A "%c*", *last);

      expect_error (ADIT_WORLD_ALICE_UID, send, 4, "NoReport");
      expect_error (0, send, 4, "NoReport");
      expect_logged (pattern);
    }
  expect_logged ("*holiday.jpg is no report and is left alone*");
  g_assert_true (g_file_test (FOLDER "/" A "1", G_FILE_TEST_EXISTS));
  expect_received (0);
  for (const char *last = "012"; *last != '\0'; last++)
    {
      g_autofree char *bad = g_strdup_printf (FOLDER "/" A "%c", *last);

      g_assert_cmpint (g_unlink (bad), ==, 0);
    }
  g_assert_cmpint (g_unlink (FOLDER "/holiday.jpg"), ==, 0);
  do_as (ADIT_WORLD_ALICE_UID, "report delete ", id);
}

/* A link in the place of the folder: no reports, a sentence, and all else goes on; mended, they are there again. */
static void
test_link (void)
{
  g_autofree char *id = NULL;

  begin ();
  id = write_new (WORDS);
  adit_world_stop_helper (world);
  g_assert_cmpint (g_rename (FOLDER, "/var/lib/adit/elsewhere"), ==, 0);
  g_assert_cmpint (symlink ("/var/lib/adit/elsewhere", FOLDER), ==, 0);
  adit_world_expect_helper (world);
  expect_logged ("*there are no reports of crashes and problems: *");
  expect_error (ADIT_WORLD_ALICE_UID, "report list", 1, "StoreFailed");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "status", 0);
  g_assert_cmpint (g_unlink (FOLDER), ==, 0);
  g_assert_cmpint (g_rename ("/var/lib/adit/elsewhere", FOLDER), ==, 0);
  wait_for (id, "waiting", "");
  do_as (ADIT_WORLD_ALICE_UID, "report delete ", id);
}

/* No room: a new one is refused with a sentence, her program's note stays with her, and what is there can still be sent, once. */
static void
test_full (void)
{
  g_autofree char *id = NULL;
  json_t *answer;

  begin ();
  adit_world_stop_helper (world);
  g_assert_cmpint (mount ("tmpfs", FOLDER, "tmpfs", 0, "size=64k,mode=700"), ==, 0);
  g_unlink (ADIT_REPORT_LIMITS_FILE);
  adit_world_expect_helper (world);
  id = write_new (WORDS);
  adit_lab_run_line (NULL, "dd if=/dev/zero of=" FOLDER "/1.person.new bs=1k count=64 status=none", NULL);
  answer = ask_as (ADIT_WORLD_ALICE_UID, "There is no room for this", "report new", 1);
  g_assert_cmpstr (json_string_value (json_object_get (json_object_get (answer, "error"), "name")), ==, "StoreFailed");
  json_decref (answer);
  leave_note (0x6000);
  g_assert_cmpuint (count_of (ADIT_WORLD_ALICE_UID), ==, 1);
  g_assert_true (g_file_test (NOTE, G_FILE_TEST_EXISTS));
  wait_for (id, "waiting", "");
  g_assert_cmpint (g_unlink (FOLDER "/1.person.new"), ==, 0);
  g_assert_cmpuint (count_of (ADIT_WORLD_ALICE_UID), ==, 2);
  g_assert_false (g_file_test (NOTE, G_FILE_TEST_EXISTS));

  /* It is full again when the answer comes: sent is sent, whatever the disk says. */
  adit_receiver_stop ();
  do_as (ADIT_WORLD_ALICE_UID, "report send ", id);
  wait_for (id, "queued", "untrusted");    /* another service of the lab answers there */
  adit_lab_run_line (NULL, "dd if=/dev/zero of=" FOLDER "/1.person.new bs=1k count=64 status=none", NULL);
  g_assert_true (adit_receiver_start (ADIT_RECEIVER_TRUSTED, NULL));
  do_as (ADIT_WORLD_ALICE_UID, "report send ", id);
  for (guint n = 0; n < SOON_MS / 100 && count_of (ADIT_WORLD_ALICE_UID) == 2; n++)
    g_usleep (100000);
  expect_received (1);
  g_assert_cmpint (g_unlink (FOLDER "/1.person.new"), ==, 0);
  restart_helper (TRUE);
  {
    g_autofree char *after = write_new ("One that goes after it");

    do_as (ADIT_WORLD_ALICE_UID, "report send ", after);
    wait_for (after, "sent", "");
  }
  expect_received (2);
  adit_world_stop_helper (world);
  g_assert_cmpint (umount (FOLDER), ==, 0);
  adit_world_expect_helper (world);
}

static void
furnish (void)
{
  adit_receiver_begin ();
  adit_world_make_directory (STATE);
  adit_world_make_directory (STATE "/adit");
  g_assert_cmpint (chown (STATE, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ALICE_UID), ==, 0);
  g_assert_cmpint (chown (STATE "/adit", ADIT_WORLD_ALICE_UID, ADIT_WORLD_ALICE_UID), ==, 0);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ACCOUNT, "login mullvad", 0);
}

int
main (int argc, char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--caller"))
    return caller_main (argv[2], argv[3]);
  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_POLKIT | ADIT_WORLD_PEOPLE);
  furnish ();
  g_test_add_func ("/report-people/two", test_people);
  g_test_add_func ("/report-people/held", test_held);
  g_test_add_func ("/report-people/inside", test_inside);
  g_test_add_func ("/report-people/servers", test_servers);
  g_test_add_func ("/report-people/crashes", test_crashes);
  g_test_add_func ("/report-people/taken-back", test_taken_back);
  g_test_add_func ("/report-people/room", test_room);
  g_test_add_func ("/report-people/bad-files", test_bad_files);
  g_test_add_func ("/report-people/link", test_link);
  g_test_add_func ("/report-people/full", test_full);
  return adit_world_end_test (world);
}
