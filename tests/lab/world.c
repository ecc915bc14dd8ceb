/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world.c: the computer that Adit runs on, made of overlays over the real one; its helper comes and goes. */
#include "config.h"
#include "tests/lab/world-private.h"

#include <errno.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the computer has of its own: written here, read by the real one below. */
static const char *const overlays[] = { "/etc", "/usr/local", "/usr/share/polkit-1/actions", "/var/lib", "/var/cache" };

static const struct { const char *name; guint uid; } users[] = {
  { "adit-provider", 61001 }, { "adit-import", 61002 }, { "adit-openvpn", 61003 }, { "adit-wireguard", 61004 },
  { "adit-report", 61005 },
  { "alice", ADIT_WORLD_ALICE_UID }, { "bob", ADIT_WORLD_BOB_UID }, { "systemd-resolve", 61013 }, { "polkitd", 61014 },
  { "adit-lab-daemon", ADIT_WORLD_DAEMON_UID },
};

const char *
adit_world_get_program (const char *variable)
{
  const char *path = g_getenv (variable);

  if (path == NULL)
    g_error ("%s has to name a program; run this through meson test or ./demo", variable);
  return path;
}

void
adit_world_make_directory (const char *path)
{
  if (g_mkdir_with_parents (path, 0755) != 0)
    g_error ("cannot make %s: %s", path, g_strerror (errno));
}

static void
overlay (const char *path, guint number)
{
  g_autofree char *upper = g_strdup_printf (ADIT_WORLD_DIRECTORY "/overlay-%u/upper", number),
                  *work = g_strdup_printf (ADIT_WORLD_DIRECTORY "/overlay-%u/work", number);
  g_autofree char *options = g_strdup_printf ("lowerdir=%s,upperdir=%s,workdir=%s", path, upper, work);

  adit_world_make_directory (path);
  adit_world_make_directory (upper);
  adit_world_make_directory (work);
  if (mount ("overlay", path, "overlay", 0, options) != 0)
    {
      g_printerr ("SKIP: no overlay over %s: %s\n", path, g_strerror (errno));
      exit (ADIT_LAB_SKIP);
    }
}

void
adit_world_write_file (const char *path, const char *content, int mode)
{
  g_autoptr (GError) error = NULL;

  if (unlink (path) != 0 && errno != ENOENT)
    g_error ("cannot replace %s: %s", path, g_strerror (errno));
  if (!g_file_set_contents (path, content, -1, &error))
    g_error ("%s", error->message);
  g_assert_cmpint (chmod (path, (mode_t) mode), ==, 0);
}

void
adit_world_copy_file (const char *from, const char *to, int mode)
{
  g_autoptr (GFile) source = g_file_new_for_path (from), target = g_file_new_for_path (to);
  g_autoptr (GError) error = NULL;

  if (!g_file_copy (source, target, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, &error))
    g_error ("%s: %s", from, error->message);
  g_assert_cmpint (chmod (to, (mode_t) mode), ==, 0);
}

/* The programs stand where an installation puts them, because that is where helper and window look. */
static void
install (void)
{
  const char *data = adit_world_get_program ("ADIT_LAB_DATA");
  g_autofree char *policy = g_build_filename (data, "org.aditvpn.Adit1.policy", NULL);

  adit_world_make_directory (ADIT_BINDIR);
  adit_world_copy_file (adit_world_get_program ("ADIT_PROGRAM"), ADIT_BINDIR "/adit", 0755);
  adit_world_make_directory (ADIT_LIBEXECDIR);
  adit_world_copy_file (adit_world_get_program ("ADIT_HELPER"), ADIT_LIBEXECDIR "/aditd", 0755);
  adit_world_copy_file (adit_world_get_program ("ADIT_WORKER"), ADIT_LIBEXECDIR "/adit-worker", 0755);
  if (g_getenv ("ADIT_LAB_PICTURE") != NULL)
    adit_world_copy_file (adit_world_get_program ("ADIT_LAB_PICTURE"), ADIT_LIBEXECDIR "/adit-picture.so", 0755);
  adit_world_copy_file (policy, "/usr/share/polkit-1/actions/org.aditvpn.Adit1.policy", 0644);
  adit_world_make_directory ("/etc/adit");
  adit_world_write_file (ADIT_WORLD_SERVICES_FILE, ADIT_WORLD_SERVICES, 0644);
  adit_world_write_file ("/etc/resolv.conf",
                         "# the lab's own\nnameserver " ADIT_LAB_DNS_ADDRESS "\noptions timeout:1 attempts:1\n", 0644);
  adit_world_write_file ("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n", 0644);
}

/**
 * adit_world_enter:
 *
 * adit_lab_enter(), and a computer of the lab's own in it.  Call it first in main().
 */
void
adit_world_enter (void)
{
  adit_lab_enter ();
  g_setenv ("ADIT_DEBUG", "all", TRUE);    /* for the helper and its workers; while there is one thread */
  adit_world_make_directory (ADIT_WORLD_DIRECTORY);
  adit_world_make_directory ("/run/dbus");
  for (guint i = 0; i < G_N_ELEMENTS (overlays); i++)
    overlay (overlays[i], i);
  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    adit_lab_add_user (users[i].name, users[i].uid);
  install ();
}

/**
 * adit_world_new:
 * @flags: what else runs on the computer
 * @error: return location
 *
 * Makes the internet, the exit, the service and the desktop; the helper is started by adit_world_start_helper().
 *
 * Returns: (transfer full) (nullable): the world
 */
AditWorld *
adit_world_new (AditWorldFlags flags, GError **error)
{
  g_autoptr (AditWorld) self = g_new0 (AditWorld, 1);
  const char *const web[] = { adit_world_get_program ("ADIT_LAB_WEB_SERVER"), "80", NULL };

  self->peers_fd = -1;
  adit_world_set_fault (self, "");
  adit_world_write_file (ADIT_WORLD_DNS_LOG, "", 0644);
  if (!adit_lab_make_internet (error) || !adit_lab_start_exit (adit_world_get_program ("ADIT_LAB_DNS_SERVER"), error) ||
      ((flags & ADIT_WORLD_ENTRY) != 0 && !adit_lab_add_entry (error)) ||
      adit_lab_spawn_logged ("web", 0, web, ADIT_WORLD_LOG, NULL, error) == 0 || !adit_world_make_pki (error) ||
      !adit_world_start_service (self, error) ||
      !adit_world_wait_listening ("web", ADIT_LAB_WEB_ADDRESS, 80, error) ||
      !adit_world_start_desktop (self, flags, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * adit_world_free:
 * @self: (nullable): the world; what still runs in it ends with the program
 */
void
adit_world_free (AditWorld *self)
{
  if (self == NULL)
    return;
  adit_world_kill_helper (self);
  adit_world_stop_service (self);
  g_clear_object (&self->bus);
  g_free (self);
}

/**
 * adit_world_start_helper:
 * @self: the world, without a running helper
 * @error: return location
 *
 * Returns: whether the helper is on the bus
 */
gboolean
adit_world_start_helper (AditWorld *self, GError **error)
{
  const char *const argv[] = { ADIT_LIBEXECDIR "/aditd", NULL };

  adit_world_wait_nobody (self, "org.aditvpn.Adit1");
  self->helper = adit_lab_spawn_logged ("client", 0, argv, ADIT_WORLD_LOG, NULL, error);
  return self->helper != 0 && adit_world_wait_owner (self, "org.aditvpn.Adit1", error);
}

/**
 * adit_world_kill_helper:
 * @self: the world
 *
 * Kills the helper at once, as a crash would.
 */
void
adit_world_kill_helper (AditWorld *self)
{
  if (self->helper != 0)
    adit_lab_end (self->helper);
  self->helper = 0;
}

/**
 * adit_world_stop_helper:
 * @self: the world
 *
 * Ends the helper as a service manager does.
 *
 * Returns: its wait status
 */
int
adit_world_stop_helper (AditWorld *self)
{
  int status = 0;

  kill (self->helper, SIGTERM);
  while (waitpid (self->helper, &status, 0) < 0 && errno == EINTR)
    ;
  self->helper = 0;
  return status;
}
