/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-refused.c: what may not become of a report does not: it is neither lost nor doubled where the helper is killed
 * while it is made, is not sent after a no that no disk keeps, nor to another server than was shown, and what is no report is
 * not shown. */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "client/helper/report-spool.h"
#include "client/helper/run-files.h"
#include "tests/lab/receiver.h"
#include "tests/lab/report-client.h"
#include "tests/lab/world-private.h"

#define NAME      "org.aditvpn.Adit1"
#define FOLDER    ADIT_REPORTS_DIRECTORY
#define FORMER    FOLDER "/helper.former"
#define STATE     "/run/lab/root"    /* in the place of root's ~/.local/state */
#define QUIET_MS  1500               /* in which a report that goes by itself would have arrived: one takes a tenth of that */
#define FIRST_US  2000
#define GROWTH    1.3                /* of the time that each helper has: a slow computer's needs seconds */
#define MAX_KILLS 40
#define MIN_TORN  3

static AditWorld *world;

static AditLabResult *
adit (const char *line)
{
  static const char *const environment[] = { "XDG_STATE_HOME=" STATE, NULL };

  return adit_world_adit_with (world, 0, environment, NULL, line);
}

static void
expect_adit (const char *line, int status, const char *words)
{
  g_autoptr (AditLabResult) result = adit (line);

  g_test_message ("adit %s: %d: %s%s", line, result->status, result->out, result->err);
  g_assert_cmpint (result->status, ==, status);
  g_assert_nonnull (strstr (result->err, words));
}

static void
expect_arrived (guint n)
{
  guint arrivals, seen;

  g_usleep (QUIET_MS * 1000);
  seen = adit_receiver_count (&arrivals);
  if (seen != n || arrivals != n)
    {
      adit_world_print_log (world);
      g_error ("%u reports are at the server after %u arrivals, not %u", seen, arrivals, n);
    }
}

/* --- The helper is killed while it makes one -------------------------------------------------------------------------------- */

/* While no helper runs: as one leaves it that has crashed at @place. */
static void
leave_note (guint32 place)
{
  AditCrashNote note;

  adit_crash_note_init (&note, "aditd", "0");
  note.signal = SIGSEGV;
  note.reason = ADIT_CRASH_FAULT;
  note.n_modules = note.n_frames = 1;
  g_strlcpy (note.modules[0].name, "aditd", sizeof note.modules[0].name);
  note.modules[0].build_id_size = ADIT_CRASH_ID_MAX_BYTES;
  note.frames[0].offset = place;
  g_assert_true (g_file_set_contents_full (FOLDER "/helper.note", (const char *) &note, sizeof note, G_FILE_SET_CONTENTS_NONE,
                                           0600, NULL));
}

/* On the disk, whoever may be told of them. */
static guint
count_kept (void)
{
  g_autoptr (GDir) folder = g_dir_open (FOLDER, 0, NULL);
  const char *name;
  guint n = 0;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    n += adit_report_id_is_valid (name);
  return n;
}

static void
start_and_kill (guint after_us)
{
  static const char *const argv[] = { ADIT_LIBEXECDIR "/aditd", NULL };
  g_autoptr (GError) error = NULL;

  adit_world_wait_nobody (world, NAME);
  world->helper = adit_lab_spawn_logged ("client", 0, argv, ADIT_WORLD_LOG, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < REPORT_SOON_MS && !g_file_test (FORMER, G_FILE_TEST_EXISTS); i++)
    g_usleep (1000);
  g_usleep (after_us);
  adit_world_kill_helper (world);
}

/* A little later each time, until one has come to its end: the note is there until the report is, and that is one. */
static void
test_killed (void)
{
  g_autofree char *id = NULL;
  guint n_torn = 0;
  double after_us = FIRST_US;

  report_client_begin_hour ();
  adit_world_stop_helper (world);
  leave_note (0x1000);
  while (count_kept () == 0 && n_torn < MAX_KILLS)
    {
      start_and_kill ((guint) after_us);
      after_us *= GROWTH;
      if (count_kept () > 0)
        break;
      g_assert_true (g_file_test (FORMER, G_FILE_TEST_EXISTS));
      n_torn++;
    }
  g_test_message ("%u helpers were killed before the report was kept", n_torn);
  g_assert_cmpuint (n_torn, >=, MIN_TORN);
  g_assert_cmpuint (count_kept (), ==, 1);
  for (guint i = 0; i < 2; i++)
    {
      adit_world_expect_helper (world);
      for (guint j = 0; j < REPORT_SOON_MS && g_file_test (FORMER, G_FILE_TEST_EXISTS); j++)
        g_usleep (1000);
      g_assert_false (g_file_test (FORMER, G_FILE_TEST_EXISTS));
      g_assert_cmpuint (report_client_count (), ==, 1);
      adit_world_stop_helper (world);
    }
  adit_world_expect_helper (world);
  id = report_client_wait_new ("aditd");
  report_client_delete (id);
}

/* --- A no that no disk keeps ------------------------------------------------------------------------------------------------ */

static void
make_read_only (void)
{
  g_assert_cmpint (mount (FOLDER, FOLDER, NULL, MS_BIND, NULL), ==, 0);
  g_assert_cmpint (mount (NULL, FOLDER, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), ==, 0);
}

/* Three wait for the way to open: one by "always", two by a yes of their own.  Two are taken back while the folder is read-only,
 * and each time the answer is that this is not kept; what goes then is what nobody took back. */
static void
test_no (void)
{
  g_autofree char *always = NULL, *deleted = NULL, *wanted = NULL, *line = NULL;

  adit_receiver_forget ();
  report_client_begin_hour ();
  expect_adit ("report consent always", 0, "");
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  adit_world_stop_helper (world);
  leave_note (0x2000);
  adit_world_expect_helper (world);
  always = report_client_wait_new ("aditd");
  deleted = report_client_add_problem ("Somebody thinks better of it", "");
  wanted = report_client_add_problem ("This one is wanted", "");
  report_client_send (deleted);
  report_client_send (wanted);
  report_client_expect (always, "queued", "held");
  report_client_expect (deleted, "queued", "held");

  make_read_only ();
  line = g_strdup_printf ("report delete %s", deleted);
  expect_adit ("report consent never", 1, "Adit's own files could not be read or written.");
  expect_adit (line, 1, "Adit's own files could not be read or written.");
  report_client_expect (always, "waiting", "");
  report_client_expect (deleted, "waiting", "");
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  for (guint i = 0; i < REPORT_SOON_MS / 100 && adit_receiver_count (NULL) == 0; i++)
    g_usleep (100000);
  expect_arrived (1);    /* and it is not sent again, though no disk keeps that it was */
  g_assert_cmpint (umount (FOLDER), ==, 0);

  expect_adit ("report consent never", 0, "");
  expect_adit (line, 0, "");
  report_client_delete (always);
  report_client_delete (wanted);
  expect_adit ("report consent ask", 0, "");
  expect_arrived (1);
}

/* --- Another server --------------------------------------------------------------------------------------------------------- */

/* Returns: the name of the error; NULL for none */
static char *
send_to (const char *id, const char *server)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;

  answer = g_dbus_connection_call_sync (bus, NAME, "/org/aditvpn/Adit1", NAME, "SendReport",
                                        g_variant_new_parsed ("(%s, @a{sv} {'server': <%s>})", id, server), NULL,
                                        G_DBUS_CALL_FLAGS_NONE, 20000, NULL, &error);
  return answer != NULL ? NULL : g_dbus_error_get_remote_error (error);
}

static char *
dup_server_name (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  g_autoptr (GVariant) answer = NULL, row = NULL;
  char *name = NULL;

  answer = g_dbus_connection_call_sync (bus, NAME, "/org/aditvpn/Adit1", NAME, "GetReportServer",
                                        g_variant_new_parsed ("(@a{sv} {},)"), NULL, G_DBUS_CALL_FLAGS_NONE, 20000, NULL, NULL);
  g_assert_nonnull (answer);
  row = g_variant_get_child_value (answer, 0);
  g_assert_true (g_variant_lookup (row, "server", "s", &name));
  return name;
}

/* A yes names the server that somebody has seen.  The same host with another pin is another one, and so is none. */
static void
test_other_server (void)
{
  g_autofree char *pin = adit_receiver_dup_pin (), *pinned = NULL, *name = NULL, *id = NULL;

  adit_receiver_forget ();
  report_client_begin_hour ();
  id = report_client_add_problem ("Where does it go?", "");
  report_client_set_server (ADIT_RECEIVER_DSN, pin);
  pinned = dup_server_name ();
  report_client_set_server ("", "");
  name = dup_server_name ();
  g_assert_cmpstr (name, !=, pinned);
  for (const char *const *other = (const char *const []) { pinned, "", "nonsense", NULL }; *other != NULL; other++)
    {
      g_autofree char *error = send_to (id, *other);

      g_assert_cmpstr (error, ==, NAME ".Error.Failed");
      report_client_expect (id, "waiting", "");
    }
  expect_arrived (0);
  g_assert_null (send_to (id, name));
  report_client_expect (id, "sent", "");
  expect_arrived (1);
  report_client_delete (id);
}

/* --- A text that is no report ----------------------------------------------------------------------------------------------- */

static void
put (const char *id, const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSpool) spool = adit_spool_open (FOLDER, &error);
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  AditSpoolEntry entry = { .kind = ADIT_SPOOL_CRASH, .day_s = 86400, .program = "aditd" };

  g_assert_no_error (error);
  g_strlcpy (entry.id, id, sizeof entry.id);
  memset (entry.key, 'a', sizeof entry.key - 1);
  g_assert_nonnull (adit_spool_add (spool, &entry, bytes, &error));
  g_assert_no_error (error);
}

/* As a worker that was taken over by a note could hand it up: the helper keeps it unread, and that is as far as it comes. */
static void
test_foreign (void)
{
  static const char *const ids[] = { "f0000000000000000000000000000001", "f0000000000000000000000000000002" };
  g_autofree char *good = NULL, *text = NULL;
  g_autoptr (GString) changed = NULL;

  adit_receiver_forget ();
  report_client_begin_hour ();
  good = report_client_add_problem ("Nothing is wrong with this", "");
  text = report_client_dup_text (good);
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, "Nothing", "\x1b]0;Nothing\x07", 1), ==, 1);
  g_assert_cmpuint (g_string_replace (changed, good, ids[0], 1), ==, 1);
  adit_world_stop_helper (world);
  put (ids[0], changed->str, changed->len);
  put (ids[1], "\x1b[2J\x1b[31mYou have won", 21);
  adit_world_expect_helper (world);
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      static const char *const lines[] = { "report show ID", "--json report show ID", "report save ID " STATE "/saved" };
      g_autofree char *sent = g_strdup_printf ("report send %s", ids[i]);

      for (gsize j = 0; j < G_N_ELEMENTS (lines); j++)
        {
          g_autoptr (GString) line = g_string_new (lines[j]);
          g_autoptr (AditLabResult) result = NULL;

          g_string_replace (line, "ID", ids[i], 1);
          result = adit (line->str);
          g_test_message ("%s: %d: %s", line->str, result->status, result->err);
          g_assert_cmpint (result->status, ==, 1);
          g_assert_null (strpbrk (result->out, "\x1b\x07"));
          g_assert_null (strpbrk (result->err, "\x1b\x07"));
          g_assert_null (strstr (result->out, "othing"));
        }
      g_assert_false (g_file_test (STATE "/saved", G_FILE_TEST_EXISTS));
      expect_adit (sent, 0, "");
    }
  expect_arrived (0);    /* the worker that is to send it looks at it, too */
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    report_client_delete (ids[i]);
  report_client_delete (good);
}

int
main (int argc, char **argv)
{
  int failed;

  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_PLAIN);
  adit_receiver_begin ();
  adit_receiver_announce (ADIT_RECEIVER_DSN, NULL);
  adit_world_make_directory (STATE);
  report_client_open (world);
  g_test_add_func ("/report-refused/killed", test_killed);
  g_test_add_func ("/report-refused/no", test_no);
  g_test_add_func ("/report-refused/other-server", test_other_server);
  g_test_add_func ("/report-refused/foreign", test_foreign);
  failed = adit_world_end_test (world);
  report_client_close ();
  return failed;
}
