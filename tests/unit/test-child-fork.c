/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-child-fork.c: the heap is not in a child that is forked without it, and is in the next one.  What a child does take along
 * is tested by those that run (tests/lab/test-process.c). */
#include "platform/linux/child-fork.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The kernel says EFAULT where there is nothing to read. */
static gboolean
child_has (const char *byte, int fd)
{
  int pid = _Fork (), status = -1;

  if (pid == 0)
    _exit (write (fd, byte, 1) == 1 ? 0 : errno == EFAULT ? 1 : 2);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), <, 2);
  return WEXITSTATUS (status) == 0;
}

static gboolean
is_in_heap (const char *byte)
{
  g_autofree char *maps = NULL;
  const char *line;
  gsize from, to;

  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  line = strstr (maps, "[heap]");
  if (line == NULL)
    return FALSE;
  while (line > maps && line[-1] != '\n')
    line--;
  return sscanf (line, "%zx-%zx", &from, &to) == 2 && (gsize) byte >= from && (gsize) byte < to;
}

static void
test_heap (void)
{
  g_autofree char *known = g_strdup ("what only the parent knows");
  char own = 'x';
  int pipe_fds[2];

  if (!is_in_heap (known))
    {
      g_test_skip ("this C library, or who checks its memory, keeps it elsewhere");
      return;
    }
  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  adit_child_share_the_heap (FALSE);
  g_assert_false (child_has (known, pipe_fds[1]));
  g_assert_true (child_has (&own, pipe_fds[1]));
  adit_child_share_the_heap (TRUE);
  g_assert_true (child_has (known, pipe_fds[1]));
  close (pipe_fds[0]);
  close (pipe_fds[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/child-fork/heap", test_heap);
  return g_test_run ();
}
