/* SPDX-License-Identifier: GPL-2.0-or-later */
/* demo-window.c: takes the way to the screen along into the namespaces, where neither the compositor's socket nor the cookie of X
 * could be reached by name any more. */
#include "config.h"
#include "tests/lab/demo-window.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <glib-unix.h>

#include "tests/lab/world.h"

#define COOKIE     "/run/lab/xauthority"
#define HOME       "/run/lab/home"
#define WAYLAND_FD 3
#define SERVICE    "mullvad"

struct _DemoScreen
{
  int    wayland_fd;    /* connected to the compositor, or -1 */
  char  *display;       /* (nullable): of X, on this computer */
  char  *cookie;        /* (nullable): X's authority file */
  gsize  cookie_length;
};

static int
connect_to_compositor (void)
{
  const char *name = g_getenv ("WAYLAND_DISPLAY"), *folder = g_getenv ("XDG_RUNTIME_DIR");
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char *path = NULL;
  int fd;

  if (name == NULL || name[0] == '\0' || (folder == NULL && name[0] != '/'))
    return -1;
  path = name[0] == '/' ? g_strdup (name) : g_build_filename (folder, name, NULL);
  if (g_strlcpy (address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path)
    return -1;
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    {
      close (fd);
      fd = -1;
    }
  return fd;
}

/* A screen of another computer is behind the network, which the lab does not have. */
static gboolean
is_local (const char *display)
{
  return display != NULL && (display[0] == ':' || g_str_has_prefix (display, "unix:"));
}

/**
 * demo_screen_find:
 *
 * Call it before adit_world_enter().
 *
 * Returns: (transfer full) (nullable): the screen that the environment names, if there is one on this computer
 */
DemoScreen *
demo_screen_find (void)
{
  g_autoptr (DemoScreen) self = g_new0 (DemoScreen, 1);
  const char *authority = g_getenv ("XAUTHORITY");

  self->wayland_fd = connect_to_compositor ();
  if (is_local (g_getenv ("DISPLAY")))
    self->display = g_strdup (g_getenv ("DISPLAY"));
  if (authority != NULL)
    (void) g_file_get_contents (authority, &self->cookie, &self->cookie_length, NULL);
  return self->wayland_fd >= 0 || self->display != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * demo_screen_free:
 * @self: (transfer full): a screen
 */
void
demo_screen_free (DemoScreen *self)
{
  if (self->wayland_fd >= 0)
    close (self->wayland_fd);
  g_free (self->display);
  g_free (self->cookie);
  g_free (self);
}

static void
give_to_alice (const char *path, int mode)
{
  if (chmod (path, (mode_t) mode) != 0 || chown (path, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ALICE_UID) != 0)
    g_error ("cannot give away %s: %s", path, g_strerror (errno));
}

static GSubprocess *
start_window (DemoScreen *screen, AditWorld *world, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  const char *const argv[] = { g_getenv ("ADIT_WINDOW"), NULL };

  if (argv[0] == NULL)
    g_error ("ADIT_WINDOW has to name adit-gtk; run this through ./demo");
  if (g_mkdir_with_parents (HOME, 0700) != 0)
    g_error ("cannot make " HOME ": %s", g_strerror (errno));
  give_to_alice (HOME, 0700);
  g_subprocess_launcher_setenv (launcher, "HOME", HOME, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", HOME, TRUE);
  g_subprocess_launcher_setenv (launcher, "GSETTINGS_BACKEND", "memory", TRUE);
  g_subprocess_launcher_setenv (launcher, "GTK_A11Y", "none", TRUE);    /* the screen's own session bus is not in here */
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  if (screen->display != NULL)
    g_subprocess_launcher_setenv (launcher, "DISPLAY", screen->display, TRUE);
  if (screen->cookie != NULL)
    {
      if (!g_file_set_contents (COOKIE, screen->cookie, (gssize) screen->cookie_length, error))
        return NULL;
      give_to_alice (COOKIE, 0600);
      g_subprocess_launcher_setenv (launcher, "XAUTHORITY", COOKIE, TRUE);
    }
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  if (screen->wayland_fd >= 0)
    {
      g_subprocess_launcher_take_fd (launcher, dup (screen->wayland_fd), WAYLAND_FD);
      g_subprocess_launcher_setenv (launcher, "WAYLAND_SOCKET", G_STRINGIFY (WAYLAND_FD), TRUE);
    }
  return adit_world_spawn (world, ADIT_WORLD_ALICE_UID, launcher, argv, error);
}

static gboolean
on_interrupt (gpointer window)
{
  g_subprocess_send_signal (window, SIGTERM);
  return G_SOURCE_REMOVE;
}

static void
on_window_ended (GObject *source, GAsyncResult *result, gpointer loop)
{
  (void) g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  g_main_loop_quit (loop);
}

/**
 * demo_window_run:
 * @screen: where the window opens
 *
 * Makes the world, signs Alice in, and waits until she has closed the window.
 *
 * Returns: what the demo exits with
 */
int
demo_window_run (DemoScreen *screen)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSubprocess) window = NULL;
  AditWorld *world;
  int exit_code = 1;

  g_print ("A small internet: router, service, exit, DNS, web server, neighbour; "
           "nothing of it touches this computer's network\n");
  world = adit_world_new (ADIT_WORLD_POLKIT, &error);
  if (world != NULL && adit_world_start_helper (world, &error))
    {
      g_autoptr (AditLabResult) login = adit_world_adit (world, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ACCOUNT "\n", "login " SERVICE);

      if (login->status == 0)
        window = start_window (screen, world, &error);
      else
        g_set_error (&error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", login->err);
    }
  if (window != NULL)
    {
      g_print ("The window opens, signed in at the simulated service.  Press Connect, choose another place, disconnect.\n"
               "Sign out and in again with any spelling of 1234 5678 9012 3456.  Close the window to end the demo.\n");
      g_unix_signal_add (SIGINT, on_interrupt, window);
      g_unix_signal_add (SIGTERM, on_interrupt, window);
      g_subprocess_wait_async (window, NULL, on_window_ended, loop);
      g_main_loop_run (loop);
      if (g_subprocess_get_if_exited (window))
        exit_code = g_subprocess_get_exit_status (window);
    }
  else
    g_printerr ("demo: %s\n", error->message);
  adit_world_free (world);
  return exit_code;
}
