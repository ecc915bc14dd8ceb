/* SPDX-License-Identifier: GPL-2.0-or-later */
/* display.c: starts what a person's desktop has between the kernel and a window: X, her own bus, accessibility, her folders. */
#include "config.h"
#include "tests/ui/display-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY  "/run/adit-display"
#define HOME       DIRECTORY "/home"
#define TMP        DIRECTORY "/tmp"
#define LOCALES    DIRECTORY "/locales"
#define SERVICES   DIRECTORY "/services"
#define RUNTIME    "/run/user/61011"
#define BUS        "unix:path=" RUNTIME "/bus"
#define A11Y_SERVICE "/usr/share/dbus-1/services/org.a11y.Bus.service"
#define X_SOCKETS  "/tmp/.X11-unix"
#define START_MS   20000    /* X and the bus: a tenth of a second each here; the rest is for a busy machine */
#define LOCALE_MS  60000

/* Only what accessibility needs can be started by a name, whatever else this computer has installed (portals, keyrings). */
static const char bus_configuration[] =
  "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" "
  "\"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
  "<busconfig><type>session</type><listen>" BUS "</listen><auth>EXTERNAL</auth><servicedir>" SERVICES "</servicedir>\n"
  "<policy context=\"default\"><allow send_destination=\"*\"/><allow receive_sender=\"*\"/><allow own=\"*\"/></policy>"
  "</busconfig>\n";

/* Pictures that are taken at any moment look the same, and nobody waits for a page to slide in. */
static const char settings[] = "[Settings]\ngtk-enable-animations=0\ngtk-cursor-blink=0\n";

/**
 * adit_display_get_missing:
 *
 * Call it before adit_world_enter().
 *
 * Returns: (nullable): what a display needs and this computer does not have
 */
const char *
adit_display_get_missing (void)
{
  static const char *const parts[] = {
    "/usr/bin/Xvfb", "/usr/bin/dbus-daemon", "/usr/bin/xdotool", "/usr/bin/xprop", "/usr/bin/python3",
    "/usr/bin/localedef", "/usr/share/i18n/locales", "/usr/libexec/at-spi-bus-launcher", A11Y_SERVICE,
  };
  const char *const atspi[] = { "/usr/bin/python3", "-c", "import gi; gi.require_version ('Atspi', '2.0')", NULL };
  g_autoptr (AditLabResult) result = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (access (parts[i], F_OK) != 0)
      return parts[i];
  result = adit_lab_run (NULL, 0, START_MS, atspi, NULL);
  return result != NULL && result->status == 0 ? NULL : "Atspi for Python";
}

static void
make_folder (const char *path, mode_t mode)
{
  if (g_mkdir_with_parents (path, 0755) != 0 || chmod (path, mode) != 0 ||
      chown (path, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ALICE_UID) != 0)
    g_error ("cannot make %s: %s", path, g_strerror (errno));
}

static void
write_text (const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (path, text, -1, &error))
    g_error ("%s", error->message);
  g_assert_cmpint (chmod (path, 0644), ==, 0);
}

static void
make_folders (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *service = NULL;

  make_folder (DIRECTORY, 0755);
  make_folder (HOME, 0700);
  make_folder (HOME "/.config", 0700);
  make_folder (HOME "/.config/gtk-4.0", 0700);
  make_folder (TMP, 0700);
  make_folder (SERVICES, 0755);
  make_folder ("/run/user", 0755);
  make_folder (RUNTIME, 0700);
  write_text (HOME "/.config/gtk-4.0/settings.ini", settings);
  write_text (DIRECTORY "/bus.conf", bus_configuration);
  if (!g_file_get_contents (A11Y_SERVICE, &service, NULL, &error))
    g_error ("%s", error->message);
  write_text (SERVICES "/org.a11y.Bus.service", service);
  /* X's sockets have to be in this folder.  An empty one of the lab's own over it: the real screens are neither seen nor met. */
  if (g_mkdir_with_parents (X_SOCKETS, 01777) != 0 ||
      mount ("tmpfs", X_SOCKETS, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") != 0)
    g_error ("cannot hide %s: %s", X_SOCKETS, g_strerror (errno));
}

static GStrv
make_environment (void)
{
  static const char *const kept[] = { "PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS" };
  static const char *const own[][2] = {
    { "HOME", HOME }, { "XDG_CACHE_HOME", HOME "/.cache" }, { "USER", "alice" }, { "LOGNAME", "alice" }, { "TMPDIR", TMP },
    { "XDG_RUNTIME_DIR", RUNTIME }, { "DBUS_SESSION_BUS_ADDRESS", BUS }, { "XDG_SESSION_TYPE", "x11" }, { "GDK_BACKEND", "x11" },
    { "GSK_RENDERER", "cairo" }, { "GSETTINGS_BACKEND", "memory" }, { "LANG", "C.UTF-8" },
  };
  GStrv environment = g_new0 (char *, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    if (g_getenv (kept[i]) != NULL)
      environment = g_environ_setenv (environment, kept[i], g_getenv (kept[i]), TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (own); i++)
    environment = g_environ_setenv (environment, own[i][0], own[i][1], TRUE);
  return environment;
}

/* As root, because only root may leave out the lock file, which would be in the real /tmp; and as nothing keeps others of this
 * computer away from the screen then, any of them may draw on it: there is nobody but Alice. */
static void
start_screen (AditDisplay *self, guint width, guint height)
{
  g_autofree char *screen = g_strdup_printf ("%ux%ux24", width + ADIT_DISPLAY_BESIDE, height);
  const char *const argv[] = { "/usr/bin/Xvfb", "-displayfd", "3", "-screen", "0", screen, "-nolisten", "tcp", "-nolock", "-ac",
                               "-noreset", "-fbdir", DIRECTORY, NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  char number[16] = "";
  gsize length = 0;
  int fds[2];

  if (pipe2 (fds, O_CLOEXEC) != 0)
    g_error ("no pipe: %s", g_strerror (errno));
  g_subprocess_launcher_set_environ (launcher, self->environment);
  g_subprocess_launcher_take_fd (launcher, fds[1], 3);
  g_subprocess_launcher_set_stdout_file_path (launcher, DIRECTORY "/screen.log");
  self->screen = adit_world_spawn (self->world, 0, launcher, argv, &error);
  if (self->screen == NULL)
    g_error ("%s", error->message);
  g_subprocess_launcher_close (launcher);
  /* Number and newline come one after the other, and Xvfb gives up where it cannot write both. */
  while (strchr (number, '\n') == NULL && length < sizeof number - 1)
    {
      if (poll (&(struct pollfd) { .fd = fds[0], .events = POLLIN }, 1, START_MS) != 1 || read (fds[0], number + length, 1) != 1)
        g_error ("Xvfb did not come up");
      length++;
    }
  close (fds[0]);
  name = g_strdup_printf (":%s", g_strstrip (number));
  adit_display_set_variable (self, "DISPLAY", name);
}

static void
start_bus (AditDisplay *self)
{
  const char *const argv[] = { "/usr/bin/dbus-daemon", "--config-file=" DIRECTORY "/bus.conf", "--nofork", "--nopidfile", NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_MERGE);

  g_subprocess_launcher_set_stdout_file_path (launcher, DIRECTORY "/bus.log");
  self->bus = adit_display_launch (self, launcher, argv);
  for (guint i = 0; i < START_MS && access (RUNTIME "/bus", F_OK) != 0; i++)
    g_usleep (1000);
  if (access (RUNTIME "/bus", F_OK) != 0)
    g_error ("her bus did not come up");
}

/* Where no window is: what is beneath a resting pointer counts as chosen in some lists, where one opens there. */
static void
put_pointer_aside (AditDisplay *self)
{
  g_autofree char *x = g_strdup_printf ("%u", self->width + ADIT_DISPLAY_BESIDE - 1);
  g_autofree char *y = g_strdup_printf ("%u", self->height - 1);
  const char *const argv[] = { "xdotool", "mousemove", x, y, NULL };
  g_autoptr (AditLabResult) result = adit_display_run (self, argv);

  if (result->status != 0)
    g_error ("xdotool: %s", result->err);
}

/**
 * adit_display_new:
 * @world: the world
 * @width: of what a picture shows of the screen, in pixels
 * @height: of the screen, in pixels
 *
 * Starts screen and session bus for Alice; the bus starts accessibility when somebody asks for it.  One display at a time.
 *
 * Returns: (transfer full): the display
 */
AditDisplay *
adit_display_new (AditWorld *world, guint width, guint height)
{
  AditDisplay *self = g_new0 (AditDisplay, 1);

  self->world = world;
  self->environment = make_environment ();
  self->width = width;
  self->height = height;
  make_folders ();
  start_screen (self, width, height);
  start_bus (self);
  put_pointer_aside (self);
  return self;
}

/* Kills and waits until it is gone. */
void
adit_display_end (GSubprocess **process)
{
  if (*process == NULL)
    return;
  g_subprocess_force_exit (*process);
  g_subprocess_wait (*process, NULL, NULL);
  g_clear_object (process);
}

/**
 * adit_display_free:
 * @self: (nullable): the display; all that runs on it ends
 */
void
adit_display_free (AditDisplay *self)
{
  if (self == NULL)
    return;
  adit_display_end (&self->program);
  adit_display_end (&self->bus);
  adit_display_end (&self->screen);
  (void) unlink (RUNTIME "/bus");
  if (umount2 (X_SOCKETS, MNT_DETACH) != 0)
    g_printerr ("display: %s stays hidden: %s\n", X_SOCKETS, g_strerror (errno));
  g_strfreev (self->environment);
  g_free (self);
}

/**
 * adit_display_set_variable:
 * @self: a display
 * @name: a variable of the environment
 * @value: (nullable): its value for programs started from now on; %NULL takes it away
 */
void
adit_display_set_variable (AditDisplay *self, const char *name, const char *value)
{
  self->environment = value != NULL ? g_environ_setenv (self->environment, name, value, TRUE)
                                    : g_environ_unsetenv (self->environment, name);
}

/**
 * adit_display_make_locale:
 * @self: a display
 * @locale: (nullable): language and country as in "ar_EG"; %NULL is none, as in the beginning
 *
 * Builds that locale in UTF-8, which the computer need not have installed; programs started from now on speak it.
 */
void
adit_display_make_locale (AditDisplay *self, const char *locale)
{
  g_autofree char *name = g_strdup_printf ("%s.UTF-8", locale != NULL ? locale : "C");
  g_autofree char *path = g_build_filename (LOCALES, name, NULL), *language = NULL;
  const char *const argv[] = { "/usr/bin/localedef", "-i", locale, "-f", "UTF-8", path, NULL };
  g_autoptr (AditLabResult) result = NULL;

  adit_display_set_variable (self, "LANG", name);
  adit_display_set_variable (self, "LANGUAGE", NULL);
  adit_display_set_variable (self, "LOCPATH", NULL);    /* the C library looks nowhere else then, not even for C.UTF-8 */
  if (locale == NULL)
    return;
  if (access (path, F_OK) != 0)
    {
      make_folder (LOCALES, 0755);
      result = adit_lab_run (NULL, 0, LOCALE_MS, argv, NULL);
      if (result == NULL || result->status > 1 || access (path, F_OK) != 0)    /* 1: there were warnings */
        g_error ("localedef made no %s: %s", name, result != NULL ? result->err : "not started");
    }
  language = g_strndup (locale, strcspn (locale, "_"));
  adit_display_set_variable (self, "LANGUAGE", language);
  adit_display_set_variable (self, "LOCPATH", LOCALES);
}

/**
 * adit_display_install_catalogue:
 * @self: a display
 * @language: as in "ar"
 * @po: a file with messages in it
 *
 * Where the programs look for it.
 *
 * Returns: (transfer full): the file that they read
 */
char *
adit_display_install_catalogue (AditDisplay *self, const char *language, const char *po)
{
  g_autofree char *folder = g_build_filename (ADIT_LOCALEDIR, language, "LC_MESSAGES", NULL);
  char *file = g_build_filename (folder, "adit.mo", NULL);
  const char *const argv[] = { "msgfmt", "-o", file, po, NULL };
  g_autoptr (AditLabResult) result = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  result = adit_lab_run (NULL, 0, LOCALE_MS, argv, NULL);
  if (result == NULL || result->status != 0)
    g_error ("msgfmt: %s", result != NULL ? result->err : "not started");
  return file;
}
