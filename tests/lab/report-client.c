/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-client.c: the helper's methods about reports, over the bus. */
#include "config.h"
#include "tests/lab/report-client.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/helper/report-spool.h"
#include "client/helper/run-files.h"
#include "tests/lab/world-private.h"

#define NAME    "org.aditvpn.Adit1"
#define OBJECT  "/org/aditvpn/Adit1"
#define CALL_MS 60000
#define LOOK_MS 50

static AditWorld *world;
static GDBusConnection *bus;

static void G_GNUC_NORETURN G_GNUC_PRINTF (1, 2)
fail (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list list;

  va_start (list, format);
  text = g_strdup_vprintf (format, list);
  va_end (list);
  adit_world_print_log (world);
  g_error ("%s", text);
}

static GVariant *
call (const char *method, GVariant *arguments, GUnixFDList *fds, GUnixFDList **out)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer = g_dbus_connection_call_with_unix_fd_list_sync (bus, NAME, OBJECT, NAME, method, arguments, NULL,
                                                                    G_DBUS_CALL_FLAGS_NONE, CALL_MS, fds, out, NULL, &error);

  if (answer == NULL)
    fail ("%s: %s", method, error->message);
  return answer;
}

static void
call_plainly (const char *method, GVariant *arguments)
{
  g_variant_unref (call (method, arguments, NULL, NULL));
}

static GVariant *
no_options (void)
{
  return g_variant_new ("a{sv}", NULL);
}

/**
 * report_client_open:
 * @its_world: where; it outlives what follows
 */
void
report_client_open (AditWorld *its_world)
{
  g_autoptr (GError) error = NULL;

  world = its_world;
  bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);
  if (bus == NULL)
    fail ("no bus: %s", error->message);
  g_dbus_connection_set_exit_on_close (bus, FALSE);
}

/**
 * report_client_close:
 */
void
report_client_close (void)
{
  g_clear_object (&bus);
}

/**
 * report_client_add_problem:
 * @words: of the person
 * @contact: how to answer, or ""
 *
 * Returns: (transfer full): the report's id
 */
char *
report_client_add_problem (const char *words, const char *contact)
{
  g_autoptr (GVariant) answer = call ("AddProblem", g_variant_new ("(ss@a{sv})", words, contact, no_options ()), NULL, NULL);
  char *id;

  g_variant_get (answer, "(s)", &id);
  return id;
}

/**
 * report_client_add_crash:
 * @note_file: what a program has written
 * @program: which
 *
 * Returns: (transfer full): the report's id, "" where there is none to be
 */
char *
report_client_add_crash (const char *note_file, const char *program)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *bytes = NULL;
  int fd = memfd_create ("note", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  gsize length;
  char *id;

  if (!g_file_get_contents (note_file, &bytes, &length, NULL) || write (fd, bytes, length) != (gssize) length ||
      fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0 ||
      g_unix_fd_list_append (fds, fd, NULL) != 0)
    fail ("no note at %s", note_file);
  close (fd);
  answer = call ("AddCrash", g_variant_new_parsed ("(@h 0, {'program': <%s>})", program), fds, NULL);
  g_variant_get (answer, "(s)", &id);
  return id;
}

/**
 * report_client_send:
 * @id: of a report that somebody says yes to, or wants tried again
 */
void
report_client_send (const char *id)
{
  call_plainly ("SendReport", g_variant_new ("(s@a{sv})", id, no_options ()));
}

/**
 * report_client_delete:
 * @id: of a report
 */
void
report_client_delete (const char *id)
{
  call_plainly ("DeleteReport", g_variant_new ("(s@a{sv})", id, no_options ()));
}

/**
 * report_client_set_server:
 * @dsn: root's own server, "" for the administrator's, "none" for none
 * @pin: its certificate's, or ""
 */
void
report_client_set_server (const char *dsn, const char *pin)
{
  call_plainly ("SetReportServer", g_variant_new ("(ss@a{sv})", dsn, pin, no_options ()));
}

/**
 * report_client_set_consent:
 * @consent: "ask", "always" or "never"
 */
void
report_client_set_consent (const char *consent)
{
  call_plainly ("SetReportConsent", g_variant_new ("(s@a{sv})", consent, no_options ()));
}

static GVariant *
get_reports (void)
{
  g_autoptr (GVariant) answer = call ("GetReports", g_variant_new ("(@a{sv})", no_options ()), NULL, NULL);

  return g_variant_get_child_value (answer, 0);
}

/**
 * report_client_count:
 *
 * Returns: how many reports there are of everybody's
 */
guint
report_client_count (void)
{
  g_autoptr (GVariant) rows = get_reports ();

  return (guint) g_variant_n_children (rows);
}

/**
 * report_client_wait_new:
 * @program: whose crash
 *
 * Returns: (transfer full): the id of its newest report, as soon as there is one
 */
char *
report_client_wait_new (const char *program)
{
  for (gint64 end = g_get_monotonic_time () + REPORT_SOON_MS * 1000; g_get_monotonic_time () < end; g_usleep (LOOK_MS * 1000))
    {
      g_autoptr (GVariant) rows = get_reports ();

      for (gsize i = 0; i < g_variant_n_children (rows); i++)
        {
          g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
          const char *of, *id;

          if (g_variant_lookup (row, "program", "&s", &of) && g_str_equal (of, program) &&
              g_variant_lookup (row, "id", "&s", &id))
            return g_strdup (id);
        }
    }
  fail ("there is no report of %s", program);
}

/**
 * report_client_dup_state:
 * @id: of a report
 * @next_try_s: (out) (optional): UTC, 0: not by time
 *
 * Returns: (transfer full): "STATE REASON"; "" where there is no such report
 */
char *
report_client_dup_state (const char *id, gint64 *next_try_s)
{
  g_autoptr (GVariant) rows = get_reports ();

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      const char *own, *state, *reason;
      gint64 at_s = 0;

      if (!g_variant_lookup (row, "id", "&s", &own) || !g_str_equal (own, id))
        continue;
      if (!g_variant_lookup (row, "state", "&s", &state) || !g_variant_lookup (row, "reason", "&s", &reason) ||
          !g_variant_lookup (row, "next_try", "x", &at_s))
        fail ("a report is not told whole");
      if (next_try_s != NULL)
        *next_try_s = at_s;
      return g_strdup_printf ("%s %s", state, reason);
    }
  return g_strdup ("");
}

/**
 * report_client_expect:
 * @id: of a report
 * @state: what it has to become
 * @reason: why
 */
void
report_client_expect (const char *id, const char *state, const char *reason)
{
  g_autofree char *wanted = g_strdup_printf ("%s %s", state, reason), *seen = NULL;

  for (gint64 end = g_get_monotonic_time () + REPORT_SOON_MS * 1000; g_get_monotonic_time () < end; g_usleep (LOOK_MS * 1000))
    {
      g_free (seen);
      seen = report_client_dup_state (id, NULL);
      if (g_str_equal (seen, wanted))
        return;
    }
  fail ("a report is \"%s\", not \"%s\"", seen, wanted);
}

/**
 * report_client_dup_text:
 * @id: of a report
 *
 * Returns: (transfer full): its exact text
 */
char *
report_client_dup_text (const char *id)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer = call ("GetReport", g_variant_new ("(s@a{sv})", id, no_options ()), NULL, &fds);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_malloc0 (ADIT_REPORT_MAX_BYTES + 1);
  int fd = g_unix_fd_list_get (fds, 0, &error);
  gssize length = fd >= 0 ? pread (fd, text, ADIT_REPORT_MAX_BYTES, 0) : -1;

  if (length <= 0)
    fail ("a report without text");
  close (fd);
  return g_steal_pointer (&text);
}

/**
 * report_client_crash_helper:
 * @signal_number: what it is sent, of which it dies
 *
 * Waits until it has, and starts it again.
 *
 * Returns: the signal that ended it
 */
int
report_client_crash_helper (int signal_number)
{
  int status = 0;

  kill (world->helper, signal_number);
  while (waitpid (world->helper, &status, 0) < 0 && errno == EINTR)
    ;
  world->helper = 0;
  if (!WIFSIGNALED (status))
    fail ("the helper ended with %d", status);
  adit_world_expect_helper (world);
  return WTERMSIG (status);
}

/**
 * report_client_begin_hour:
 *
 * The helper is started anew and has counted no report yet: there are only so many in an hour, for as long as the computer runs.
 */
void
report_client_begin_hour (void)
{
  adit_world_stop_helper (world);
  unlink (ADIT_REPORT_LIMITS_FILE);
  adit_world_expect_helper (world);
}

/**
 * report_client_be_patient:
 * @id: of a report that a server has asked to wait with
 *
 * As if its time had come: the helper is stopped, what it has on the disk is made older, and it is started again.
 */
void
report_client_be_patient (const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSpool) spool = NULL;
  AditSpoolEntry *entry, changed;

  adit_world_stop_helper (world);
  spool = adit_spool_open (ADIT_REPORTS_DIRECTORY, &error);
  entry = spool != NULL ? adit_spool_find (spool, id) : NULL;
  if (entry == NULL)
    fail ("no such report on the disk");
  changed = *entry;
  changed.next_try_s = 0;
  changed.asked_s = 0;
  if (!adit_spool_change (spool, entry, &changed, &error))
    fail ("%s", error->message);
  g_clear_pointer (&spool, adit_spool_close);
  adit_world_expect_helper (world);
}
