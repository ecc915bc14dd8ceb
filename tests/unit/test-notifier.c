/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-notifier.c: what a service manager hears. */
#include "client/helper/notifier.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_MS 60000    /* for a computer with much to do */

/* A service manager's socket, which the environment names from then on. */
static int
listen_at (char **directory)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  struct timeval patience = { .tv_sec = FIRST_MS / 1000 };
  g_autofree char *path = NULL;
  int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  *directory = g_dir_make_tmp ("adit-notifier-XXXXXX", NULL);
  path = g_build_filename (*directory, "socket", NULL);
  g_assert_cmpuint (strlen (path), <, sizeof address.sun_path);
  strcpy (address.sun_path, path);
  g_assert_no_errno (bind (fd, (struct sockaddr *) &address, sizeof address));
  g_assert_no_errno (setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience));
  g_setenv ("NOTIFY_SOCKET", path, TRUE);
  return fd;
}

static void
end (int fd, char *directory)
{
  g_autofree char *path = g_build_filename (directory, "socket", NULL);

  close (fd);
  g_assert_no_errno (unlink (path));
  g_assert_no_errno (rmdir (directory));
  g_free (directory);
}

static void
expect (int fd, const char *text)
{
  char buffer[64] = "";

  g_assert_cmpint (recv (fd, buffer, sizeof buffer - 1, 0), >, 0);
  g_assert_cmpstr (buffer, ==, text);
}

static void
expect_nothing (int fd)
{
  char buffer[64];

  g_assert_cmpint (recv (fd, buffer, sizeof buffer, MSG_DONTWAIT), <, 0);
}

static void
test_life (void)
{
  char *directory;
  int fd = listen_at (&directory);
  AditNotifier *notifier = adit_notifier_new ();

  g_assert_null (g_getenv ("NOTIFY_SOCKET"));    /* nothing that the helper starts is to speak in its name */
  expect_nothing (fd);
  adit_notifier_ready (notifier);
  expect (fd, "READY=1");
  expect_nothing (fd);
  adit_notifier_free (notifier);
  expect (fd, "STOPPING=1");
  end (fd, directory);
}

static void
test_watchdog (void)
{
  g_autoptr (AditNotifier) notifier = NULL;
  char *directory, buffer[64] = "";
  int fd = listen_at (&directory);

  g_setenv ("WATCHDOG_USEC", "40000", TRUE);
  notifier = adit_notifier_new ();
  g_assert_null (g_getenv ("WATCHDOG_USEC"));
  /* A loop that does not turn is not alive. */
  g_usleep (100000);
  expect_nothing (fd);
  while (recv (fd, buffer, sizeof buffer - 1, MSG_DONTWAIT) < 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (buffer, ==, "WATCHDOG=1");
  g_clear_pointer (&notifier, adit_notifier_free);
  end (fd, directory);
}

/* Started by hand, or with nonsense in the environment. */
static void
test_nobody (void)
{
  static const char *const paths[] = { NULL, "", "@", "relative", "/nonexistent/socket" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (AditNotifier) notifier = NULL;

      if (paths[i] != NULL)
        g_setenv ("NOTIFY_SOCKET", paths[i], TRUE);
      g_setenv ("WATCHDOG_USEC", "nonsense", TRUE);
      notifier = adit_notifier_new ();
      adit_notifier_ready (notifier);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notifier/life", test_life);
  g_test_add_func ("/notifier/watchdog", test_watchdog);
  g_test_add_func ("/notifier/nobody", test_nobody);
  return g_test_run ();
}
