/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-local-node.c: a node is seen by its process or its port, and nothing else passes for one. */
#include "client/api/local-node.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static char *folder;

static void
put (const char *directory, const char *name, const char *text)
{
  g_autofree char *below = g_build_filename (folder, directory, NULL), *path = g_build_filename (below, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (below, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
expect (const char *text)
{
  g_autofree char *found = adit_local_node_describe (folder);

  g_assert_cmpstr (found, ==, text);
}

static void
test_lists (void)
{
  static const char head[] = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";
  g_autofree char *other = g_strconcat (head, "   0: 0100007F:0FD2 0100007F:C350 01 0:0\n"
                                        "   1: 0A00000A:0FD2 00000000:0000 0A 0:0\n", NULL);
  g_autofree char *node = g_strconcat (head, "   0: 0100007F:0277 00000000:0000 0A 0:0\n"
                                       "  12: 0100007F:0FD2 00000000:0000 0A 0:0\n"
                                       "  13: 00000000:AC12 00000000:0000 0A 0:0\n", NULL);

  folder = g_dir_make_tmp ("adit-proc-XXXXXX", NULL);
  expect ("");
  put ("17", "comm", "mystic\n");
  put ("self", "comm", "myst\n");    /* no number, no process */
  put ("net", "tcp", other);
  expect ("");
  put ("net", "tcp", node);
  expect ("its API's port 4050 is open here, its API's port 44050 is open here");
  put ("net", "tcp", head);
  put ("812", "comm", "myst\n");
  expect ("myst runs (process 812)");
}

/* This kernel's own lists: this very process is called so for a moment, and listens. */
static void
test_here (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (44050), .sin_addr = { htonl (INADDR_LOOPBACK) } };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), reuse = 1;
  g_autofree char *found = NULL, *wanted = g_strdup_printf ("myst runs (process %d)", (int) getpid ());

  g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse), ==, 0);
  if (bind (fd, (struct sockaddr *) &address, sizeof address) != 0)
    {
      g_test_skip ("somebody has that port");
      close (fd);
      return;
    }
  g_assert_cmpint (listen (fd, 1), ==, 0);
  g_assert_cmpint (prctl (PR_SET_NAME, "myst"), ==, 0);
  found = adit_local_node_describe (ADIT_PROC);
  g_assert_nonnull (strstr (found, wanted));
  g_assert_nonnull (strstr (found, "port 44050 is open here"));
  close (fd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/local-node/lists", test_lists);
  g_test_add_func ("/local-node/here", test_here);
  return g_test_run ();
}
