/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-reports.c: what somebody sees of a crash, of a problem that they describe, and of what would be sent; the crashes
 * are real, and nothing is sent to anybody.  The cases are one day: each begins where the one before it ended. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/simulator/known.h"
#include "tests/ui/notices-host.h"

#define HELPER  "org.aditvpn.Adit1"
#define WINDOW  "org.aditvpn.Adit"
#define NOTE    "/run/adit-display/home/.local/state/adit/adit-gtk.note"
#define SAVED   "/run/adit-display/home/report.txt"
#define DSN     "https://0123456789abcdef0123456789abcdef@reports.example.org/1"
#define TEXT    "Text of the report"
#define WORDS   "What happened, and what did you expect?"
#define READ     "I have read it, and it may be sent"
#define WAITING "It waits for you. Nothing of it was sent."
#define TOLD    "Adit’s helper crashed | A report of it waits for you. Nothing was sent."

static NoticesHost *host;

/* Of a bus itself: of her desktop's, or of the system's. */
static GVariant *
ask_bus (gboolean is_system, const char *method, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = NULL;
  GVariant *answer = NULL;

  if (!is_system)
    return notices_host_ask (host, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
                             g_variant_new ("(s)", name));
  bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);
  if (bus != NULL)
    answer = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
                                          g_variant_new ("(s)", name), NULL, G_DBUS_CALL_FLAGS_NONE, SOON_MS, NULL, &error);
  if (answer == NULL)
    g_error ("%s: %s", name, error->message);
  return answer;
}

static gboolean
is_running (gboolean is_system, const char *name)
{
  g_autoptr (GVariant) answer = ask_bus (is_system, "NameHasOwner", name);
  gboolean is_owned;

  g_variant_get (answer, "(b)", &is_owned);
  return is_owned;
}

/* Until whoever has that name is dead of it. */
static void
end_by (gboolean is_system, const char *name, int number)
{
  g_autoptr (GVariant) answer = ask_bus (is_system, "GetConnectionUnixProcessID", name);
  guint32 pid;

  g_variant_get (answer, "(u)", &pid);
  g_assert_cmpint (kill ((pid_t) pid, number), ==, 0);
  for (guint i = 0; i < SOON_MS / 50 && is_running (is_system, name); i++)
    g_usleep (50000);
  g_assert_false (is_running (is_system, name));
}

static void
open_reports (void)
{
  adit_ax_press (ax, "push button", "Menu");
  adit_ax_press (ax, "menu item", "_Reports");
  adit_ax_wait (ax, "label", "After a crash", SOON_MS);
}

static void
open_report (const char *title)
{
  adit_ax_focus (ax, "*", title);
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "text", TEXT, SOON_MS);
}

/* As soon as it has come. */
static char *
dup_report (const char *wanted)
{
  gint64 end_us = g_get_monotonic_time () + SOON_MS * G_TIME_SPAN_MILLISECOND;

  for (;;)
    {
      g_autofree char *text = adit_ax_dup_text (ax, "text", TEXT), *lines = g_strcompress (text);

      if (strstr (lines, wanted) != NULL)
        return g_steal_pointer (&lines);
      if (g_get_monotonic_time () > end_us)
        g_error ("\"%s\" is not in the report:\n%s", wanted, lines);
      g_usleep (50000);
    }
}

static void
close_report (void)
{
  adit_ax_key (ax, "Escape");
  adit_ax_gone (ax, "text", TEXT, SOON_MS);
}

/* --- A problem ------------------------------------------------------------------------------------------------------------- */

/* What is typed is in it, and what was typed by mistake is not. */
static void
test_problem (void)
{
  g_autofree char *text = NULL;

  account_day_start ();
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, KNOWN_MULLVAD_ACCOUNT, "login mullvad", 0);
  adit_ax_wait (ax, "push button", "Connect", SERVICE_MS);
  adit_ax_key (ax, "ctrl+i");
  adit_ax_press (ax, "push button", "Report a Problem…");
  adit_ax_wait (ax, "push button", "Look at the Report", SOON_MS);
  g_assert_false (adit_ax_is (ax, "push button", "Look at the Report", "sensitive"));
  adit_ax_type (ax, "text", WORDS, "It stops at 203.0.113.77, with the account " KNOWN_MULLVAD_ACCOUNT ".");
  account_day_type ("How to answer you, if you want that", "alice@example.org");
  account_day_shoot ("160-report-form");
  adit_ax_press (ax, "push button", "Look at the Report");
  adit_ax_wait (ax, "*", WAITING, SERVICE_MS);
  text = dup_report ("It stops at [address], with the account [account number].");
  g_assert_nonnull (strstr (text, "alice@example.org"));
  g_assert_null (strstr (text, KNOWN_MULLVAD_ACCOUNT));
  g_assert_null (strstr (text, "203.0.113.77"));
  adit_ax_wait (ax, "label", "~Taken out, and marked: [account number] × ", SOON_MS);
  adit_ax_wait (ax, "label", "Nowhere", SOON_MS);
  account_day_shoot ("161-report-nowhere");
  g_assert_false (adit_ax_is (ax, "push button", "Send", "sensitive"));
}

/* What is saved is what is shown, and nobody else may read it. */
static void
test_saved (void)
{
  g_autofree char *shown = dup_report ("It stops at "), *saved = NULL;
  GStatBuf status;

  adit_ax_press (ax, "push button", "Save…");
  adit_ax_wait (ax, "push button", "_Save Save", SOON_MS);
  adit_ax_type (ax, "text", "Name:", SAVED);
  adit_ax_press (ax, "push button", "_Save Save");
  adit_ax_gone (ax, "push button", "_Save Save", SOON_MS);
  for (guint i = 0; (g_stat (SAVED, &status) != 0 || status.st_size == 0) && i < 100; i++)
    g_usleep (100000);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (SAVED, &saved, NULL, NULL));
  g_assert_cmpstr (g_strchomp (saved), ==, g_strchomp (shown));
}

/* A server is a wish of the person's; the switch comes before anything is sent. */
static void
test_server (void)
{
  adit_ax_press (ax, "push button", "Change…");
  account_day_type ("Address, such as https://key@example.org/1", "http://example.org");
  account_day_shoot ("162-report-server");
  adit_ax_press (ax, "push button", "~Use It");
  adit_ax_wait (ax, "*", "That cannot be the address of a server for reports; nothing was changed.", SOON_MS);
  adit_ax_press (ax, "push button", "~_Close");
  adit_ax_wait (ax, "label", "Nowhere", SOON_MS);
  adit_ax_press (ax, "push button", "Change…");
  account_day_type ("Address, such as https://key@example.org/1", DSN);
  adit_ax_press (ax, "push button", "~Use It");
  adit_ax_wait (ax, "label", "reports.example.org", SOON_MS);
  adit_ax_wait (ax, "*", WAITING, SOON_MS);
  account_day_shoot ("163-report");
  g_assert_false (adit_ax_is (ax, "check box", READ, "checked"));
  g_assert_false (adit_ax_is (ax, "push button", "Send", "sensitive"));
}

/* A yes is a yes to this one; it can be taken back as long as it was not sent, which nothing in this lab takes. */
static void
test_yes (void)
{
  adit_ax_press (ax, "check box", READ);
  adit_ax_wait_is (ax, "push button", "Send", "sensitive", TRUE, SOON_MS);
  adit_ax_press (ax, "push button", "Send");
  adit_ax_gone (ax, "*", WAITING, SOON_MS);
  adit_ax_gone (ax, "push button", "Send", SOON_MS);
  account_day_shoot ("164-report-queued");
  account_day_expect ("report list --json", "~\"queued\"");
  adit_ax_press (ax, "push button", "Delete");
  adit_ax_gone (ax, "text", TEXT, SOON_MS);
  open_reports ();
  adit_ax_wait (ax, "label", "There is no report.", SOON_MS);
}

/* --- A crash --------------------------------------------------------------------------------------------------------------- */

/* Of the window: the next one shows it by itself, and the one after that does not again. */
static void
test_window_crash (void)
{
  g_autofree char *text = NULL;

  end_by (FALSE, WINDOW, SIGSEGV);
  g_assert_cmpint (access (NOTE, F_OK), ==, 0);
  account_day_start ();
  adit_ax_wait (ax, "label", "Adit’s window crashed", SERVICE_MS);
  text = dup_report ("signal: SIGSEGV");
  g_assert_nonnull (strstr (text, "thread: "));
  g_assert_cmpint (access (NOTE, F_OK), !=, 0);
  account_day_shoot ("165-report-crash");
  g_assert_false (adit_ax_is (ax, "push button", "Send Once", "sensitive"));
  g_assert_false (adit_ax_is (ax, "push button", "Always Send", "sensitive"));
  close_report ();
  adit_display_stop_program (display);

  account_day_start ();
  open_reports ();
  adit_ax_wait (ax, "label", "Adit’s window crashed", SOON_MS);
  g_assert_false (adit_ax_has (ax, "text", TEXT));
  account_day_shoot ("166-reports");
  open_report ("Adit’s window crashed");
  g_free (dup_report ("signal: SIGSEGV"));
  close_report ();
}

static void
crash_helper (void)
{
  end_by (TRUE, HELPER, SIGABRT);
  adit_world_kill_helper (world);    /* which is dead: it is buried */
  adit_world_expect_helper (world);
}

static void
expect_told (const char *wanted)
{
  g_autofree char *told = notices_host_wait (host, TUNNEL_MS);

  g_assert_cmpstr (told, ==, wanted);
}

/* Whoever is working is told once by the desktop; "never" is the end of it, until that is taken back. */
static void
test_helper_crash (void)
{
  g_autofree char *more = NULL;

  crash_helper ();
  expect_told (TOLD);
  g_assert_false (adit_ax_has (ax, "text", TEXT));
  notices_host_press (host, "default");
  g_free (dup_report ("signal: SIGABRT"));
  account_day_shoot ("167-report-helper");
  adit_ax_press (ax, "push button", "Never");
  adit_ax_gone (ax, "text", TEXT, SOON_MS);
  adit_ax_wait (ax, "label", "Make no report", SOON_MS);
  account_day_expect ("report list --json", "~\"never\"");
  crash_helper ();    /* of which there will be no word: test_always */
  more = notices_host_wait (host, 0);
  g_assert_null (more);
}

/* How many reports of the helper's crashes she has. */
static guint
count_helper_crashes (void)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, ADIT_WORLD_ALICE_UID, NULL, "report list --json");
  guint n = 0;

  for (const char *at = result->out; (at = strstr (at, "\"aditd\"")) != NULL; at++)
    n++;
  return n;
}

/* A yes to all that come is taken back in the same place: what was on its way waits for its own, which is told, and unsaid when
 * somebody has decided. */
static void
test_always (void)
{
  account_day_pick ("After a crash", 1);
  account_day_expect ("report list --json", "~\"always\"");
  crash_helper ();
  adit_ax_wait (ax, "label", "Adit’s helper crashed", TUNNEL_MS);
  account_day_expect ("report list --json", "~\"queued\"");
  g_assert_cmpuint (count_helper_crashes (), ==, 1);    /* and none of the one after "never" */
  account_day_shoot ("168-reports-always");
  account_day_pick ("After a crash", 0);
  account_day_expect ("report list --json", "~\"ask\"");
  expect_told (TOLD);
  open_report ("Adit’s helper crashed");
  adit_ax_press (ax, "push button", "Delete");
  adit_ax_gone (ax, "text", TEXT, SOON_MS);
  expect_told ("closed");
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

int
main (int argc, char **argv)
{
  int ended = account_day_begin (&argc, &argv);

  if (ended != 0)
    return ended;
  host = notices_host_new ();
  g_test_add_func ("/window-reports/problem", test_problem);
  g_test_add_func ("/window-reports/saved", test_saved);
  g_test_add_func ("/window-reports/server", test_server);
  g_test_add_func ("/window-reports/yes", test_yes);
  g_test_add_func ("/window-reports/window-crash", test_window_crash);
  g_test_add_func ("/window-reports/helper-crash", test_helper_crash);
  g_test_add_func ("/window-reports/always", test_always);
  ended = account_day_run ();
  notices_host_free (host);
  return ended;
}
