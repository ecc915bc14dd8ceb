/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-deed.c: programs of a build with -Dtest_faults=true read in /run/adit-crash in which way they are to die. */
#include "config.h"
#include "tests/lab/crash-deed.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/report/symbols.h"

#define WANTED  "/run/adit-crash"
#define NOTE_MS 30000

/* Root removes what it has obeyed; others may not. */
void
crash_want (const char *name, const char *way)
{
  g_autofree char *text = g_strdup_printf ("%s %s\n", name, way);

  g_assert_true (g_file_set_contents (WANTED, text, -1, NULL));
  g_assert_cmpint (chmod (WANTED, 0644), ==, 0);
}

void
crash_want_nothing (void)
{
  (void) g_unlink (WANTED);
}

/* Tells whoever runs @program to look at what is wanted; not its child that has yet to run another, and has a higher number. */
void
crash_signal (const char *program)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc", 0, NULL);
  const char *name;
  int first = 0;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *link = g_build_filename ("/proc", name, "exe", NULL), *path = g_file_read_link (link, NULL);

      if (atoi (name) > 0 && g_strcmp0 (path, program) == 0 && (first == 0 || atoi (name) < first))
        first = atoi (name);
    }
  g_assert_cmpint (first, >, 0);
  g_assert_cmpint (kill (first, SIGUSR2), ==, 0);
}

/* The functions of the program's own frames, the innermost first. */
static char *
dup_functions (const AditCrashNote *note, const char *program)
{
  g_autofree char *base = g_path_get_basename (program);
  g_autoptr (AditSymbols) symbols = NULL;
  g_autoptr (GError) error = NULL;
  GString *functions = g_string_new (NULL);
  int fd = open (program, O_RDONLY | O_CLOEXEC);

  for (guint i = 0; i < note->n_frames; i++)
    {
      const AditCrashFrame *frame = &note->frames[i];
      const AditCrashModule *module = frame->module != ADIT_CRASH_NO_MODULE ? &note->modules[frame->module] : NULL;
      g_auto (AditSymbol) symbol = { 0 };

      if (module == NULL || !g_str_equal (module->name, base))
        continue;
      if (symbols == NULL)
        symbols = adit_symbols_open (fd, -1, module->build_id, module->build_id_size, &error);
      g_assert_no_error (error);
      if (adit_symbols_find (symbols, frame->offset, &symbol) && symbol.function != NULL)
        g_string_append_printf (functions, "%s ", symbol.function);
    }
  g_clear_pointer (&symbols, adit_symbols_free);
  close (fd);
  return g_string_free (functions, FALSE);
}

/* Waits until it is there, whole, and says what it has to; takes it away. */
AditCrashNote *
crash_expect_note (const char *path, const char *program, const char *way)
{
  static const struct { const char *way; int signal; AditCrashReason reason; } ways[] = {
    { "segv", SIGSEGV, ADIT_CRASH_NO_POINTER }, { "abort", SIGABRT, ADIT_CRASH_ABORT }, { "error", SIGTRAP, ADIT_CRASH_TRAP },
    { "bus", SIGBUS, ADIT_CRASH_FAULT }, { "heap", SIGABRT, ADIT_CRASH_ABORT },
    { "overflow", SIGSEGV, ADIT_CRASH_STACK_OVERFLOW }, { "thread", SIGSEGV, ADIT_CRASH_STACK_OVERFLOW },
  };
  gint64 end_us = g_get_monotonic_time () + NOTE_MS * 1000L;
  g_autofree char *base = g_path_get_basename (program), *functions = NULL;
  g_autoptr (GError) error = NULL;
  AditCrashNote *note = NULL;

  while (note == NULL && g_get_monotonic_time () < end_us)
    {
      g_autofree char *bytes = NULL;
      gsize length = 0;

      if (g_file_get_contents (path, &bytes, &length, NULL) && length == sizeof *note && bytes[0] != '\0')
        note = (AditCrashNote *) g_steal_pointer (&bytes);
      else
        g_usleep (2000);
    }
  if (note == NULL)
    g_error ("%s, %s: there is no note at %s", program, way, path);
  g_assert_true (adit_crash_note_check (note, sizeof *note, &error));
  functions = dup_functions (note, program);
  g_test_message ("%s, %s: %s, %s, in %.90s", base, way, adit_crash_signal_get_name (note->signal),
                  adit_crash_reason_describe (note->reason), functions);
  g_assert_cmpstr (note->program, ==, base);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_str_equal (ways[i].way, way))
      {
        g_assert_cmpint (note->signal, ==, ways[i].signal);
        g_assert_cmpint (note->reason, ==, ways[i].reason);
      }
  if (strstr (functions, CRASH_FUNCTION) == NULL)
    g_error ("%s, %s: %s is not in %s", program, way, CRASH_FUNCTION, functions);
  return note;
}

/* How many of the threads that did not crash have said where they are. */
guint
crash_count_answers (const AditCrashNote *note)
{
  GString *names = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < note->n_others; i++)
    {
      g_string_append_printf (names, " %s (%u)", note->others[i].name, note->others[i].n_frames);
      n += note->others[i].n_frames > 1 && !note->others[i].cut;
    }
  g_test_message ("%s: of %u other threads, and %u more, %u have answered:%s", note->program, note->n_others, note->n_more, n,
                  names->str);
  g_string_free (names, TRUE);
  return n;
}

/* A home of root's own, where its command line leaves its note: strings that live as long as the test. */
char **
crash_cli_environment (void)
{
  static const char *const environment[] = { "HOME=" CRASH_CLI_HOME, NULL };

  g_assert_cmpint (g_mkdir_with_parents (CRASH_CLI_HOME, 0700), ==, 0);
  return (char **) environment;
}

/* Whether a report that is kept has @text in it. */
gboolean
crash_spool_has (const char *text)
{
  g_autoptr (GDir) folder = g_dir_open (CRASH_SPOOL, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (CRASH_SPOOL, name, NULL), *bytes = NULL;
      gsize length = 0;

      if (g_file_get_contents (path, &bytes, &length, NULL) && memmem (bytes, length, text, strlen (text)) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* While no helper runs: no report, no note, and no count of the last hour's. */
void
crash_spool_empty (void)
{
  g_autoptr (GDir) folder = g_dir_open (CRASH_SPOOL, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (CRASH_SPOOL, name, NULL);

      (void) g_unlink (path);
    }
  (void) g_unlink (ADIT_REPORT_LIMITS_FILE);
}
