/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-crash.c: each of our programs dies in each way while connected, with senders at work: its note names where, the helper
 * comes back, and nothing leaves.  Only in a build with -Dtest_faults=true. */
#include "config.h"
#include "tests/lab/leak.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/lab/crash-deed.h"
#include "tests/ui/ax.h"

#define STATE_MS  60000
#define WINDOW_MS 60000
#define REPORT_MS 60000

#define WINDOW_NOTE "/run/adit-display/home/.local/state/adit/adit-gtk.note"

static const char *const ways[] = { "segv", "abort", "error", "bus", "heap", "overflow", "thread" };
/* Of these the window begins anew each time. */
static const char *const window_ways[] = { "segv", "abort", "bus", "heap", "overflow", "thread" };
/* It has one thread, and a filter of system calls. */
static const char *const worker_ways[] = { "segv", "abort", "error", "bus", "heap", "overflow", "call" };

/* Of other threads, in all crashes of one program: each has one at least that waits for D-Bus. */
static guint n_helper_answers, n_window_answers;

static void
expect_connected (AditLeak *leak)
{
  if (!adit_world_wait_state (adit_leak_get_world (leak), "connected", STATE_MS))
    {
      adit_world_print_log (adit_leak_get_world (leak));
      g_error ("it is not connected any more");
    }
}

/* The service manager's part: a helper that has died is started again. */
static void
restart (AditLeak *leak)
{
  adit_world_kill_helper (adit_leak_get_world (leak));
  adit_world_expect_helper (adit_leak_get_world (leak));
  expect_connected (leak);
}

static void
expect_report (const char *text, const char *what)
{
  gint64 end_us = g_get_monotonic_time () + REPORT_MS * 1000L;

  while (!crash_spool_has (text))
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("%s: there is no report with %s", what, text);
      g_usleep (20000);
    }
}

static void
kill_helper (AditLeak *leak, const char *way)
{
  g_autofree AditCrashNote *note = NULL;

  crash_want ("aditd", way);
  crash_signal (ADIT_LIBEXECDIR "/aditd");
  note = crash_expect_note (CRASH_HELPER_NOTE, ADIT_LIBEXECDIR "/aditd", way);
  n_helper_answers += crash_count_answers (note);
  restart (leak);
  if (g_str_equal (way, ways[0]))
    {
      /* Function and line, and what the one that died had logged before. */
      expect_report (CRASH_FUNCTION, "aditd");
      expect_report ("connected", "aditd");
    }
}

static void
kill_worker (AditLeak *leak, const char *way)
{
  AditWorld *world = adit_leak_get_world (leak);
  g_autoptr (AditLabResult) result = NULL;

  adit_world_kill_helper (world);
  crash_spool_empty ();
  adit_world_expect_helper (world);
  expect_connected (leak);
  crash_want ("provider", way);
  result = adit_world_adit (world, 0, NULL, "locations --refresh");
  crash_want_nothing ();
  g_assert_cmpint (result->status, !=, 0);
  expect_report (CRASH_FUNCTION, way);
  expect_report ("adit-worker", way);
  g_test_message ("adit-worker, %s: there is a report that names %s", way, CRASH_FUNCTION);
}

static void
kill_command (AditLeak *leak, const char *way)
{
  g_autoptr (AditLabResult) result = NULL;
  g_autofree AditCrashNote *note = NULL;

  crash_want ("adit", way);
  result = adit_world_adit_with (adit_leak_get_world (leak), 0, (const char *const *) crash_cli_environment (), NULL, "status");
  g_assert_cmpint (result->status, >=, 128);
  note = crash_expect_note (CRASH_CLI_NOTE, g_getenv ("ADIT_PROGRAM"), way);
  g_assert_cmpint (unlink (CRASH_CLI_NOTE), ==, 0);
}

static void
kill_window (AditLeak *leak, AditDisplay *display, AditAx *ax, const char *way)
{
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), NULL };
  g_autofree AditCrashNote *note = NULL;

  adit_display_start_program (display, argv);
  adit_ax_wait (ax, "push button", "Menu", WINDOW_MS);
  crash_want ("adit-gtk", way);
  crash_signal (argv[0]);
  note = crash_expect_note (WINDOW_NOTE, argv[0], way);
  n_window_answers += crash_count_answers (note);
  crash_want_nothing ();
  g_assert_false (adit_display_wait_ended (display, WINDOW_MS));    /* as a program that ends of itself */
  adit_display_stop_program (display);
  g_assert_cmpint (unlink (WINDOW_NOTE), ==, 0);
}

/* The other half: without the lock the same senders are seen. */
static void
expose (AditLeak *leak)
{
  adit_leak_expose (leak);
  g_usleep (300000);
  adit_leak_expect_open (leak, "senders");
  adit_leak_stop_senders (leak);
}

static const char *window_missing;

static void
row_window (AditLeak *leak)
{
  g_autoptr (AditDisplay) display = NULL;
  g_autoptr (AditAx) ax = NULL;

  if (window_missing != NULL)
    {
      adit_leak_skip (leak, window_missing);
      return;
    }
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  adit_leak_start_senders (leak);
  display = adit_display_new (adit_leak_get_world (leak), 860, 720);
  ax = adit_ax_new (display);
  for (guint i = 0; i < G_N_ELEMENTS (window_ways); i++)
    {
      adit_leak_allow (leak, window_ways[i]);
      kill_window (leak, display, ax, window_ways[i]);
      adit_leak_expect_shut (leak, "a crash of the window");
    }
  g_assert_cmpuint (n_window_answers, >=, G_N_ELEMENTS (window_ways));
  expose (leak);
}

static void
row_p21 (AditLeak *leak)
{
  static const struct { const char *what; void (*die) (AditLeak *leak, const char *way); const char *const *ways; } deeds[] = {
    { "a crash of the helper", kill_helper, ways }, { "a crash of a worker", kill_worker, worker_ways },
    { "a crash of the command line", kill_command, ways },
  };

  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  adit_leak_start_senders (leak);
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    for (guint j = 0; j < G_N_ELEMENTS (ways); j++)
      {
        adit_leak_allow (leak, deeds[i].ways[j]);
        deeds[i].die (leak, deeds[i].ways[j]);
        expect_connected (leak);
        adit_leak_expect_shut (leak, deeds[i].what);
      }
  g_assert_cmpuint (n_helper_answers, >=, G_N_ELEMENTS (ways));
  expose (leak);
}

static const AditLeakRow rows[] = {
  { "P21", "each program dies of a fault, its heap or a small stack used up: each is noted", row_p21 },
  { "P21-window", "the window dies of the same: each is noted", row_window },
};

int
main (int argc, char **argv)
{
  window_missing = g_getenv ("ADIT_WINDOW") == NULL ? "it was not built" : adit_display_get_missing ();
  return adit_leak_main (argc, argv, ADIT_WORLD_POLKIT, rows, G_N_ELEMENTS (rows));
}
