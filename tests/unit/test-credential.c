/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-credential.c: a credential comes through a pipe or a sealed memfd, bounded, and through nothing else. */
#include "client/helper/credential.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/base/error.h"

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* What comes out of @fd; NULL with @error set for what is refused. */
static AditSecret *
read_from (int fd, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  adit_credential_read_async (fd, on_read, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return adit_credential_read_finish (result, error);
}

static void
assert_refused (int fd)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_from (fd, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED);
}

static void
assert_reads (int fd, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) secret = read_from (fd, &error);
  const guint8 *bytes;
  gsize length;

  g_assert_no_error (error);
  bytes = adit_secret_peek (secret, &length);
  g_assert_cmpmem (bytes, length, wanted, strlen (wanted));
}

static int
pipe_with (const void *bytes, gsize length)
{
  int ends[2];

  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  g_assert_cmpint (write (ends[1], bytes, length), ==, (gssize) length);
  close (ends[1]);
  return ends[0];
}

static int
memfd_with (const char *text, int seals)
{
  int fd = memfd_create ("credential", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
  g_assert_cmpint (fcntl (fd, F_ADD_SEALS, seals), ==, 0);
  return fd;
}

static void
test_pipe (void)
{
  g_autofree char *long_text = g_strnfill (4097, '1'), *longest = g_strnfill (4096, '1');

  assert_reads (pipe_with ("1234 5678", 9), "1234 5678");
  assert_reads (pipe_with ("1234\r\n", 6), "1234");
  assert_reads (pipe_with (longest, 4096), longest);
  assert_refused (pipe_with (long_text, 4097));
  assert_refused (pipe_with ("", 0));
  assert_refused (pipe_with ("\n\n", 2));
}

static void
test_memfd (void)
{
  const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  g_autofree char *long_text = g_strnfill (4097, '1');

  assert_reads (memfd_with ("1234\n", seals), "1234");
  assert_refused (memfd_with ("1234", F_SEAL_SHRINK));    /* could still change while it is read */
  assert_refused (memfd_with (long_text, seals));
  assert_refused (memfd_with ("", seals));
}

/* Root must not be made to read what the caller may not, nor to wait for a file that somebody else serves. */
static void
test_other_kinds (void)
{
  int ends[2];

  assert_refused (open ("/etc/passwd", O_RDONLY | O_CLOEXEC));
  assert_refused (open ("/dev/zero", O_RDONLY | O_CLOEXEC));
  assert_refused (open ("/proc/self/environ", O_RDONLY | O_CLOEXEC));
  assert_refused (open ("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  close (ends[0]);
  assert_refused (ends[1]);    /* the writing end */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/credential/pipe", test_pipe);
  g_test_add_func ("/credential/memfd", test_memfd);
  g_test_add_func ("/credential/other-kinds", test_other_kinds);
  return g_test_run ();
}
