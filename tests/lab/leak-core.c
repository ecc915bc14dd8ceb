/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-core.c: what a program of ours leaves of its memory when it dies: no core, nothing that another process could read, and no
 * word of it in a note or a report.  Only in a build with -Dtest_faults=true. */
#include "config.h"
#include "tests/lab/attack.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/base/fault.h"
#include "tests/lab/crash-deed.h"

#define CORES    "/run/crash-cores"    /* where the programs are started that are to leave none */
#define LOG      ADIT_RUN_DIRECTORY "/log"
#define REPORT_MS 60000

/* In the memory of who dies: what client/base/fault-crash.c puts there, and what belongs to the account. */
static const char *const canaries[] = { ADIT_FAULT_CANARY, ADIT_WORLD_ACCOUNT, "192.0.2.77" };

static const char *const ways[] = { "segv", "abort", "error", "heap", "overflow" };

static gboolean
holds (const char *bytes, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (canaries); i++)
    if (memmem (bytes, length, canaries[i], strlen (canaries[i])) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
file_holds (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;

  return g_file_get_contents (path, &bytes, &length, NULL) && holds (bytes, length);
}

static gboolean
folder_holds (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (file_holds (child))
        return TRUE;
    }
  return FALSE;
}

static guint
count_files (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

/* Below one page there is none, whatever the kernel does with cores. */
static gboolean
may_leave_core (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/limits", pid), *limits = NULL;
  const char *line;

  g_assert_true (g_file_get_contents (path, &limits, NULL, NULL));
  line = strstr (limits, "Max core file size");
  g_assert_nonnull (line);
  line += strlen ("Max core file size");
  line += strspn (line, " ");
  return *line != '0' && !g_str_has_prefix (line, "1 ");
}

/* While somebody types their number: a process that is not dumpable is root's in /proc, and nobody of its user reads it. */
static gboolean
is_readable (int pid, const char *wanted)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/mem", pid), *link = g_strdup_printf ("/proc/%d/exe", pid);
  struct stat status;

  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *program = g_file_read_link (link, NULL);

      if (g_strcmp0 (program, wanted) == 0 && stat (path, &status) == 0 && (i > 100 || status.st_uid == 0))
        return status.st_uid != 0;
      g_usleep (2000);
    }
  g_error ("%s did not begin", wanted);
}

static gboolean
is_readable_while_it_waits (AditWorld *world, const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                                                        G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                                                        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) command = adit_world_spawn (world, ADIT_WORLD_ALICE_UID, launcher, argv, &error);
  g_autofree char *program = realpath (argv[0], NULL);
  gboolean readable;

  g_assert_no_error (error);
  readable = is_readable (atoi (g_subprocess_get_identifier (command)), program);
  g_subprocess_force_exit (command);
  g_subprocess_wait (command, NULL, NULL);
  return readable;
}

static void
try_typing (AditAttack *attack)
{
  const char *const login[] = { g_getenv ("ADIT_PROGRAM"), "login", "mullvad", NULL };
  const char *const other[] = { "/bin/sleep", "60", NULL };
  AditWorld *world = adit_attack_get_world (attack);

  adit_attack_expect_refused (attack, !is_readable_while_it_waits (world, login),
                              "the memory of a command line at which somebody types");
  adit_attack_expect_obeyed (attack, is_readable_while_it_waits (world, other), "that of another program");
}

static void
try_helper (AditAttack *attack, const char *way)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autofree AditCrashNote *note = NULL;

  adit_world_kill_helper (world);
  crash_spool_empty ();
  adit_world_expect_helper (world);
  adit_attack_expect_refused (attack, !may_leave_core (adit_attack_find_helper ()), "a core of the helper, by its limit");
  crash_want ("aditd", way);
  crash_signal (ADIT_LIBEXECDIR "/aditd");
  note = crash_expect_note (CRASH_HELPER_NOTE, ADIT_LIBEXECDIR "/aditd", way);
  adit_attack_expect_refused (attack, !holds ((const char *) note, sizeof *note), "the helper's note, %s", way);
  g_assert_true (g_file_test (LOG, G_FILE_TEST_EXISTS));
  adit_attack_expect_refused (attack, !file_holds (LOG), "the log that it leaves, %s", way);
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  for (gint64 end_us = g_get_monotonic_time () + REPORT_MS * 1000L; !crash_spool_has (CRASH_FUNCTION); g_usleep (20000))
    if (g_get_monotonic_time () > end_us)
      g_error ("there is no report of the helper's crash");
  adit_attack_expect_refused (attack, !folder_holds (CRASH_SPOOL), "the report of it, %s", way);
}

static void
try_command (AditAttack *attack, const char *way)
{
  const char *const *home = (const char *const *) crash_cli_environment ();
  g_autoptr (AditLabResult) result = NULL;
  g_autofree AditCrashNote *note = NULL;

  crash_want ("adit", way);
  result = adit_world_adit_with (adit_attack_get_world (attack), 0, home, NULL, "account");
  note = crash_expect_note (CRASH_CLI_NOTE, g_getenv ("ADIT_PROGRAM"), way);
  adit_attack_expect_refused (attack, !holds ((const char *) note, sizeof *note), "the command line's note, %s", way);
  g_assert_cmpint (unlink (CRASH_CLI_NOTE), ==, 0);
}

/* A program as any other, with the same word in its memory, dies of a fault. */
static void
leave_core (void)
{
  static volatile char word[64];
  int status, pid = fork ();

  if (pid == 0)
    {
      if (chdir (CORES) != 0)
        _exit (1);
      strcpy ((char *) word, ADIT_FAULT_CANARY);
      signal (SIGSEGV, SIG_DFL);
      raise (SIGSEGV);
      _exit (2);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
}

/* Who is started by this test may leave whatever core there is room for. */
static void
allow_cores (void)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_CORE, &limit), ==, 0);
  limit.rlim_cur = limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_CORE, &limit), ==, 0);
}

/* What this computer's own limit, above which we do not get, leaves room for. */
static gboolean
is_core_allowed (void)
{
  struct rlimit limit;

  return getrlimit (RLIMIT_CORE, &limit) == 0 && limit.rlim_cur > 1;
}

/* Where the kernel puts cores into the folder of who dies; it is one for the whole machine, and not ours to change. */
static gboolean
are_cores_seen (void)
{
  g_autofree char *pattern = NULL;

  return is_core_allowed () &&
         g_file_get_contents ("/proc/sys/kernel/core_pattern", &pattern, NULL, NULL) && pattern[0] != '|' && pattern[0] != '/';
}

static void
row_c03 (AditAttack *attack)
{
  g_autofree char *before = g_get_current_dir ();

  g_assert_cmpint (g_mkdir_with_parents (CORES, 0777), ==, 0);
  g_assert_cmpint (chdir (CORES), ==, 0);
  adit_world_expect (adit_attack_get_world (attack), 0, NULL, "connect se-got --wait", 0);
  try_typing (attack);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      try_helper (attack, ways[i]);
      try_command (attack, ways[i]);
    }

  /* The same looks, where nothing forbids it. */
  if (is_core_allowed ())
    adit_attack_expect_obeyed (attack, may_leave_core (getpid ()), "a core of anybody else, by its limit");
  if (are_cores_seen ())
    {
      adit_attack_expect_refused (attack, count_files (CORES) == 0, "a core in the folder of who died");
      leave_core ();
      adit_attack_expect_obeyed (attack, folder_holds (CORES), "a core");
    }
  g_assert_true (g_file_set_contents (CRASH_SPOOL "/canary", ADIT_FAULT_CANARY, -1, NULL));
  adit_attack_expect_obeyed (attack, folder_holds (CRASH_SPOOL), "a word of its memory in a report");
  g_assert_cmpint (chdir (before), ==, 0);
}

static const AditAttackRow rows[] = {
  { "C03", "memory of who has crashed: in a core, a note, a log or a report", row_c03 },
};

int
main (int argc, char **argv)
{
  allow_cores ();
  return adit_attack_main (argc, argv, ADIT_WORLD_POLKIT, rows, G_N_ELEMENTS (rows));
}
