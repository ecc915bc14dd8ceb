/* SPDX-License-Identifier: GPL-2.0-or-later */
/* private-world.c: called first thing in main(), while the process has one thread. */
#include "tests/lab/private-world.h"

#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void
bring_loopback_up (void)
{
  struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (ioctl (fd, SIOCSIFFLAGS, &request), ==, 0);
  close (fd);
}

/* As udev makes it: for everybody.  Where there is no udev it may be root's alone. */
static void
open_tun (void)
{
  if (access ("/dev/net", F_OK) != 0 || mount ("tmpfs", "/dev/net", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755") != 0)
    return;
  g_assert_cmpint (mknod ("/dev/net/tun", S_IFCHR | 0666, makedev (10, 200)), ==, 0);    /* devices.txt of the kernel */
  g_assert_cmpint (chmod ("/dev/net/tun", 0666), ==, 0);
}

/**
 * private_world_enter:
 *
 * Returns: FALSE, having said why, where this is not possible; the caller exits with %PRIVATE_WORLD_SKIP
 */
gboolean
private_world_enter (void)
{
  g_autofree char *users = NULL, *with_ours = NULL;

  if (geteuid () != 0 || unshare (CLONE_NEWNS | CLONE_NEWNET) != 0)
    {
      g_printerr ("SKIP: needs root and new namespaces (%s)\n", geteuid () != 0 ? "not root" : g_strerror (errno));
      return FALSE;
    }
  g_assert_cmpint (mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), ==, 0);
  g_assert_cmpint (mount ("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"), ==, 0);
  g_assert_true (g_file_get_contents ("/etc/passwd", &users, NULL, NULL));
  with_ours = g_strconcat (users, "adit-provider:x:64001:64001::/:/usr/sbin/nologin\n"
                           "adit-wireguard:x:64002:64002::/:/usr/sbin/nologin\n"
                           "adit-openvpn:x:64003:64003::/:/usr/sbin/nologin\n"
                           "adit-import:x:64004:64004::/:/usr/sbin/nologin\n"
                           "adit-report:x:64005:64005::/:/usr/sbin/nologin\n", NULL);
  g_assert_true (g_file_set_contents ("/run/passwd", with_ours, -1, NULL));
  g_assert_cmpint (chmod ("/run/passwd", 0644), ==, 0);
  g_assert_cmpint (mount ("/run/passwd", "/etc/passwd", NULL, MS_BIND, NULL), ==, 0);
  bring_loopback_up ();
  open_tun ();
  return TRUE;
}

/**
 * private_world_run:
 * @must_work: whether failing fails the test
 * @format: a program and its words, separated by blanks
 *
 * Returns: (transfer full): what it said on both outputs
 */
char *
private_world_run (gboolean must_work, const char *format, ...)
{
  g_autofree char *line = NULL, *said = NULL, *complained = NULL;
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  va_list arguments;
  int status;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  argv = g_strsplit (line, " ", -1);
  g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, &complained, &status, &error);
  g_assert_no_error (error);
  if (must_work && !g_spawn_check_wait_status (status, NULL))
    g_error ("failed: %s: %s", line, complained);
  return g_strconcat (said, complained, NULL);
}

/**
 * private_world_find_field:
 * @text: lines of "name=value"
 * @name: one of them
 *
 * Returns: (transfer full): its value, or "(missing)"
 */
char *
private_world_find_field (const char *text, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], name) && lines[i][strlen (name)] == '=')
      return g_strdup (lines[i] + strlen (name) + 1);
  return g_strdup ("(missing)");
}
