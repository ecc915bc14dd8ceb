/* SPDX-License-Identifier: GPL-2.0-or-later */
/* display-program.c: programs on the display, what they print, and how large their windows are. */
#include "config.h"
#include "tests/ui/display-private.h"

#include <errno.h>
#include <fcntl.h>

#define OUTPUT    "/run/adit-display/program.log"
#define RUN_MS    20000

/* As Alice, in her environment. */
GSubprocess *
adit_display_launch (AditDisplay *self, GSubprocessLauncher *launcher, const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_environ (launcher, self->environment);
  g_subprocess_launcher_set_cwd (launcher, "/");
  process = adit_world_spawn (self->world, ADIT_WORLD_ALICE_UID, launcher, argv, &error);
  if (process == NULL)
    g_error ("%s: %s", argv[0], error->message);
  return process;
}

/**
 * adit_display_spawn:
 * @self: a display
 * @argv: program and arguments
 * @flags: which of its standard streams are pipes
 *
 * Starts any program of Alice's on her display.
 *
 * Returns: (transfer full): the process
 */
GSubprocess *
adit_display_spawn (AditDisplay *self, const char *const *argv, GSubprocessFlags flags)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);

  return adit_display_launch (self, launcher, argv);
}

/**
 * adit_display_run:
 * @self: a display
 * @argv: program and arguments
 *
 * Runs a program of Alice's on her display and waits for it; one that stays for 20 seconds is killed.
 *
 * Returns: (transfer full): what it said and how it ended
 */
AditLabResult *
adit_display_run (AditDisplay *self, const char *const *argv)
{
  g_autoptr (GPtrArray) limited = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  AditLabResult *result = g_new0 (AditLabResult, 1);

  g_ptr_array_add (limited, (char *) "timeout");
  g_ptr_array_add (limited, (char *) "--signal=KILL");
  g_ptr_array_add (limited, (char *) G_STRINGIFY (RUN_MS) "e-3");
  for (guint i = 0; argv[i] != NULL; i++)
    g_ptr_array_add (limited, (char *) argv[i]);
  g_ptr_array_add (limited, NULL);
  process = adit_display_spawn (self, (const char *const *) limited->pdata,
                                G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  if (!g_subprocess_communicate_utf8 (process, NULL, NULL, &result->out, &result->err, &error))
    g_error ("%s: %s", argv[0], error->message);
  result->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process)
                                                        : 128 + g_subprocess_get_term_sig (process);
  return result;
}

/**
 * adit_display_start_program:
 * @self: a display without a running program
 * @argv: program and arguments
 *
 * Starts the program that the test is about; what it prints is kept apart from what others print.
 */
void
adit_display_start_program (AditDisplay *self, const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_MERGE);
  int fd = open (OUTPUT, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);

  if (fd < 0)
    g_error ("%s: %s", OUTPUT, g_strerror (errno));
  adit_display_stop_program (self);
  g_subprocess_launcher_take_stdout_fd (launcher, fd);
  self->program = adit_display_launch (self, launcher, argv);
}

/**
 * adit_display_stop_program:
 * @self: a display; whether the program still runs does not matter
 */
void
adit_display_stop_program (AditDisplay *self)
{
  adit_display_end (&self->program);
}

/**
 * adit_display_wait_ended:
 * @self: a display
 * @max_ms: how long at the most
 *
 * Returns: whether the program ended by itself and with success
 */
gboolean
adit_display_wait_ended (AditDisplay *self, guint max_ms)
{
  gint64 end = g_get_monotonic_time () + max_ms * 1000L;

  while (g_subprocess_get_identifier (self->program) != NULL)
    {
      if (g_get_monotonic_time () >= end)
        return FALSE;
      g_usleep (5000);
    }
  g_subprocess_wait (self->program, NULL, NULL);
  return g_subprocess_get_successful (self->program);
}

/**
 * adit_display_dup_output:
 * @self: a display
 *
 * Returns: (transfer full): what the last program has printed so far, on both streams
 */
char *
adit_display_dup_output (AditDisplay *self)
{
  char *text = NULL;

  return g_file_get_contents (OUTPUT, &text, NULL, NULL) ? text : g_strdup ("");
}

/**
 * adit_display_find_warning:
 * @self: a display
 *
 * Returns: (transfer full) (nullable): the first line in which a library complains to the last program
 */
char *
adit_display_find_warning (AditDisplay *self)
{
  g_autofree char *text = adit_display_dup_output (self);
  g_autoptr (GMatchInfo) match = NULL;
  /* That nobody shows notifications on this desktop is no fault of the program's. */
  g_autoptr (GRegex) complaint = g_regex_new ("^.*\\b(WARNING|CRITICAL|ERROR) \\*\\*(?!.*unable to send notifications).*$",
                                              G_REGEX_MULTILINE, 0, NULL);

  return g_regex_match (complaint, text, 0, &match) ? g_match_info_fetch (match, 0) : NULL;
}

/**
 * adit_display_expect_quiet:
 * @self: a display
 *
 * Fails the test where a library has complained to the program.
 */
void
adit_display_expect_quiet (AditDisplay *self)
{
  g_autofree char *warning = adit_display_find_warning (self);

  if (warning != NULL)
    g_error ("the program was told off: %s", warning);
}

/**
 * adit_display_resize:
 * @self: a display with a program
 * @width: the window's, in pixels
 * @height: the window's, in pixels
 *
 * There is no window manager: the window does as it is told, down to the least size that it asks for.
 */
void
adit_display_resize (AditDisplay *self, guint width, guint height)
{
  g_autofree char *w = g_strdup_printf ("%u", width), *h = g_strdup_printf ("%u", height);
  const char *const argv[] = { "xdotool", "search", "--sync", "--onlyvisible", "--class", ".", "windowsize", "%1", w, h, NULL };
  g_autoptr (AditLabResult) result = adit_display_run (self, argv);

  if (result->status != 0)
    g_error ("no window to resize: %s", result->err);
}

/**
 * adit_display_resize_all:
 * @self: a display with a program
 * @width: of each window, in pixels
 * @height: of each window, in pixels
 *
 * As adit_display_resize(), also for the windows that stand before the first one; pictures become as large.
 */
void
adit_display_resize_all (AditDisplay *self, guint width, guint height)
{
  g_autofree char *w = g_strdup_printf ("%u", width), *h = g_strdup_printf ("%u", height);
  const char *const argv[] = { "xdotool", "search", "--sync", "--onlyvisible", "--class", ".", "windowsize", "%@", w, h, NULL };
  g_autoptr (AditLabResult) result = adit_display_run (self, argv);

  if (result->status != 0)
    g_error ("no window to resize: %s", result->err);
  self->width = width;
  self->height = height;
}

/**
 * adit_display_look_beside:
 * @self: a display with a program
 *
 * Pictures show what is right of the window as well, until adit_display_resize_all(): a menu may be wider than its window.
 */
void
adit_display_look_beside (AditDisplay *self)
{
  self->width += ADIT_DISPLAY_BESIDE;
}
