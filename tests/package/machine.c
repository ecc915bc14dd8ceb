/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine.c: boots a tree in the lab's client; what it writes goes to a layer above the tree and stays over a boot. */
#include "config.h"
#include "tests/package/machine.h"

#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>
#include <gio/gio.h>

#define FOLDER  "/run/machine"
#define ROOT    FOLDER "/root"
#define GROUPS  FOLDER "/groups"
#define CONSOLE FOLDER "/console"
#define BOOT_MS 120000    /* some hundred milliseconds where the computer does nothing else */
#define CONNECT_MS 60000   /* seconds, where the computer does nothing else */
#define RUN_MS  300000    /* apt on a busy computer */

/* What a boot loader and a kernel would do. */
static const char boot_script[] =
  "set -e; mkdir -p " GROUPS "/machine; echo $$ >" GROUPS "/machine/cgroup.procs; "
  "exec unshare --mount --uts --ipc --pid --cgroup --fork --kill-child --propagation private sh -c '"
  "set -e; cd " ROOT "; mount --bind . .; cd " ROOT "; mount -t proc proc proc; mount -t sysfs -o ro sysfs sys; "
  "mount -t tmpfs -o mode=755 tmpfs dev; mkdir dev/net dev/pts dev/shm; "
  "for name in null zero full random urandom tty net/tun; do touch dev/$name; mount --bind /dev/$name dev/$name; done; "
  "mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts; ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd; "
  "mount -t tmpfs tmpfs dev/shm; mount -t tmpfs -o mode=755 tmpfs run; mount -t cgroup2 cgroup2 sys/fs/cgroup; hostname machine; "
  "mkdir -p old; pivot_root . old; umount -l /old; "
  "exec env -i container=lab PATH=/usr/sbin:/usr/bin:/sbin:/bin /sbin/init </dev/null'";

struct _AditMachine
{
  GPid outer;       /* who waits for it */
  char *init;       /* process id of its systemd, as this lab counts; NULL while it is off */
};

static void
mount_or_die (const char *type, const char *where, const char *data)
{
  g_assert_no_errno (g_mkdir_with_parents (where, 0755));
  if (mount (type, where, type, 0, data) != 0)
    g_error ("cannot mount %s: %s", where, g_strerror (errno));
}

/**
 * adit_machine_new:
 * @tree: a Debian in a folder, which stays as it is
 *
 * After adit_lab_enter() and adit_lab_make_internet().
 *
 * Returns: (transfer full): the machine, switched off
 */
AditMachine *
adit_machine_new (const char *tree)
{
  g_autofree char *options = g_strdup_printf ("lowerdir=%s,upperdir=" FOLDER "/upper,workdir=" FOLDER "/below", tree);

  mount_or_die ("tmpfs", FOLDER, "mode=755");
  g_assert_no_errno (mkdir (FOLDER "/upper", 0755));
  g_assert_no_errno (mkdir (FOLDER "/below", 0755));
  mount_or_die ("overlay", ROOT, options);
  mount_or_die ("cgroup2", GROUPS, NULL);
  /* The kernel is another machine's. */
  g_assert_no_errno (g_mkdir_with_parents (ROOT "/etc/systemd/system", 0755));
  g_assert_no_errno (symlink ("/dev/null", ROOT "/etc/systemd/system/systemd-modules-load.service"));
  return g_new0 (AditMachine, 1);
}

/**
 * adit_machine_free:
 * @self: the machine
 */
void
adit_machine_free (AditMachine *self)
{
  adit_machine_cut (self);
  g_free (self);
}

/**
 * adit_machine_write:
 * @self: the machine
 * @path: absolute, in it; its folder is made
 * @content: what the file is to hold
 */
void
adit_machine_write (AditMachine *self G_GNUC_UNUSED, const char *path, const char *content)
{
  g_autofree char *outside = g_strconcat (ROOT, path, NULL), *folder = g_path_get_dirname (outside);
  g_autoptr (GError) error = NULL;

  g_assert_no_errno (g_mkdir_with_parents (folder, 0755));
  (void) unlink (outside);    /* it may be a link */
  g_file_set_contents (outside, content, -1, &error);
  g_assert_no_error (error);
  g_assert_no_errno (chmod (outside, 0644));
}

/* The only child of a process that has unshared its process ids. */
static char *
find_child (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/task/%d/children", pid, pid), *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL) || g_strstrip (text)[0] == '\0')
    return NULL;
  text[strcspn (text, " ")] = '\0';
  return g_steal_pointer (&text);
}

/**
 * adit_machine_boot:
 * @self: the machine, switched off
 *
 * Boots it and waits until it is up.
 */
void
adit_machine_boot (AditMachine *self)
{
  static const char *const argv[] = { "sh", "-c", boot_script, NULL };
  gint64 end_us = g_get_monotonic_time () + BOOT_MS * G_TIME_SPAN_MILLISECOND;
  g_autofree char *console = NULL;
  g_autoptr (GError) error = NULL;

  self->outer = adit_lab_spawn_logged ("client", 0, argv, CONSOLE, NULL, &error);
  g_assert_no_error (error);
  while (g_get_monotonic_time () < end_us)
    {
      g_free (self->init);
      self->init = find_child (self->outer);
      if (self->init != NULL && adit_machine_is_running (self))
        return;
      g_usleep (50000);
    }
  (void) g_file_get_contents (CONSOLE, &console, NULL, NULL);
  g_error ("the machine does not come up:\n%s", console);
}

/* Its processes end after the one that is waited for. */
static gboolean
is_alive (void)
{
  g_autofree char *events = NULL;

  return g_file_get_contents (GROUPS "/machine/cgroup.events", &events, NULL, NULL) && strstr (events, "populated 1") != NULL;
}

/**
 * adit_machine_cut:
 * @self: the machine
 *
 * Cuts its power, if it has any: nothing in it gets a chance to do anything.
 */
void
adit_machine_cut (AditMachine *self)
{
  if (self->outer != 0)
    adit_lab_end (self->outer);
  while (is_alive ())
    g_usleep (10000);
  self->outer = 0;
  g_clear_pointer (&self->init, g_free);
}

/**
 * adit_machine_get_connect_ms:
 * @self: the machine
 *
 * Returns: how long its helper may take to be connected, in milliseconds
 */
guint
adit_machine_get_connect_ms (AditMachine *self G_GNUC_UNUSED)
{
  return CONNECT_MS;
}

/**
 * adit_machine_run:
 * @self: the machine, running
 * @line: program and arguments, quoted as in a shell
 *
 * Returns: (transfer full): what root got by it
 */
AditLabResult *
adit_machine_run (AditMachine *self, const char *line)
{
  g_autofree char *whole = g_strdup_printf ("nsenter --target %s --mount --uts --ipc --net --pid --cgroup env -i "
                                            "PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "
                                            "HOME=/root %s", self->init, line);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  AditLabResult *result;

  g_shell_parse_argv (whole, NULL, &argv, &error);
  g_assert_no_error (error);
  result = adit_lab_run (NULL, 0, RUN_MS, (const char *const *) argv, &error);
  g_assert_no_error (error);
  return result;
}
