/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-demo.c: ./demo on a computer with a screen: its window opens there, signed in, and does the main job at one key press. */
#include "config.h"
#include "tests/lab/lab.h"

#include <gio/gio.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <glib-unix.h>

#define X_SOCKETS "/tmp/.X11-unix"
#define START_MS  20000
#define TRIES     5
#define WINDOW_MS 60000
#define TITLE     "^Adit$"
#define SUCCESS   "#1B8553"    /* libadwaita's success colour on light ground: the emblem of "Connected" alone has it */

static const char *
program (const char *variable)
{
  const char *path = g_getenv (variable);

  if (path == NULL)
    g_error ("%s has to name a program; run this through meson test", variable);
  return path;
}

/* A network and a folder of screens of the test's own, so that no screen of this computer is met. */
static void
enter (void)
{
  if (unshare (CLONE_NEWNS | CLONE_NEWNET) != 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
    {
      g_printerr ("SKIP: needs root\n");
      exit (ADIT_LAB_SKIP);
    }
  if (g_mkdir_with_parents (X_SOCKETS, 01777) != 0 || mount ("tmpfs", X_SOCKETS, "tmpfs", 0, "mode=1777") != 0)
    g_error ("cannot hide %s", X_SOCKETS);
}

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
start (GSubprocessLauncher *launcher, const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  if (process == NULL)
    g_error ("%s", error->message);
  return process;
}

static GSubprocess *
start_screen (void)
{
  const char *const argv[] = { "/usr/bin/Xvfb", "-displayfd", "3", "-screen", "0", "860x620x24", "-nolisten", "tcp", "-nolock",
                               "-ac", "-noreset", NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  GSubprocess *screen;
  g_autofree char *name = NULL;
  char number[16] = "";
  int fds[2];

  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  g_subprocess_launcher_take_fd (launcher, fds[1], 3);
  screen = start (launcher, argv);
  g_subprocess_launcher_close (launcher);
  if (poll (&(struct pollfd) { .fd = fds[0], .events = POLLIN }, 1, START_MS) != 1 ||
      read (fds[0], number, sizeof number - 1) <= 0)
    g_error ("Xvfb did not come up");
  close (fds[0]);
  name = g_strconcat (":", g_strstrip (number), NULL);
  g_setenv ("DISPLAY", name, TRUE);
  return screen;
}

static void
end_screen (GSubprocess *screen)
{
  g_subprocess_force_exit (screen);
  g_subprocess_wait (screen, NULL, NULL);
  g_object_unref (screen);
}

static char *
ask (const char *line)
{
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autoptr (AditLabResult) result = adit_lab_run (NULL, 0, START_MS, (const char *const *) argv, NULL);

  return g_strdup (result->out);
}

/* A picture of the screen for the gallery, and whether it has that colour. */
static gboolean
has_colour (const char *colour)
{
  g_autofree char *file = g_build_filename (program ("ADIT_GALLERY"), "24-demo.png", NULL);
  g_autofree char *shoot = g_strdup_printf ("import -window root %s", file);
  g_autofree char *count = g_strdup_printf ("convert %s -format %%c histogram:info:-", file), *colours = NULL;

  g_free (ask (shoot));
  colours = ask (count);
  return strstr (colours, colour) != NULL;
}

static gboolean
has_window (const char *title)
{
  g_autofree char *search = g_strdup_printf ("xdotool search --onlyvisible --name %s", title), *ids = ask (search);

  return ids[0] != '\0';
}

static gboolean
wait_for (gboolean (*has) (const char *what), const char *what)
{
  for (gint64 end = g_get_monotonic_time () + WINDOW_MS * 1000L; g_get_monotonic_time () < end; g_usleep (100000))
    if (has (what))
      return TRUE;
  return FALSE;
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer ended)
{
  *(gboolean *) ended = TRUE;
  (void) g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
}

/* Whether its window came before it ended. */
static gboolean
comes_up (GSubprocess *demo)
{
  static gboolean ended;

  ended = FALSE;
  g_subprocess_wait_async (demo, NULL, on_ended, &ended);
  for (gint64 end = g_get_monotonic_time () + WINDOW_MS * 1000L; !ended && g_get_monotonic_time () < end; g_usleep (100000))
    {
      if (has_window (TITLE))
        return TRUE;
      while (g_main_context_iteration (NULL, FALSE))
        continue;
    }
  return FALSE;
}

/* A screen of the same number that ends just now, another test's, takes the new one's socket away with its own: then there is
 * another screen, and the demo is started again there. */
static GSubprocess *
start_demo (GSubprocess **screen)
{
  const char *const argv[] = { program ("ADIT_DEMO"), NULL };

  for (guint i = 0; i < TRIES; i++)
    {
      g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
      g_autoptr (GSubprocess) demo = NULL;

      *screen = start_screen ();
      g_subprocess_launcher_setenv (launcher, "GSK_RENDERER", "cairo", TRUE);
      g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
      demo = start (launcher, argv);
      if (comes_up (demo))
        return g_steal_pointer (&demo);
      g_printerr ("the window did not come up, try %u\n", i + 1);
      g_subprocess_force_exit (demo);
      end_screen (g_steal_pointer (screen));
    }
  g_error ("no window");
}

static void
test_window (void)
{
  GSubprocess *screen;
  g_autoptr (GSubprocess) demo = start_demo (&screen);

  g_assert_false (has_colour (SUCCESS));

  /* Nothing but the keys: whoever is signed in connects. */
  g_usleep (1000000);
  g_free (ask ("xdotool search --onlyvisible --name " TITLE " windowfocus key ctrl+Return"));
  g_assert_true (wait_for (has_colour, SUCCESS));
  g_free (ask ("xdotool search --onlyvisible --name " TITLE " windowfocus key ctrl+q"));
  g_assert_true (g_subprocess_wait_check (demo, NULL, NULL));
  end_screen (screen);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  enter ();
  g_test_add_func ("/demo/window", test_window);
  return g_test_run ();
}
