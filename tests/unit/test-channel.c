/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-channel.c: messages and descriptors over a real socket pair. */
#include "client/wire/channel.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct { int ours, theirs; } Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  int pair[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair), ==, 0);
  f->ours = pair[0];
  f->theirs = pair[1];
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  close (f->ours);
  if (f->theirs >= 0)
    close (f->theirs);
}

static guint
count_fds (void)
{
  g_autoptr (GDir) directory = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

static void
send_raw (int socket, const void *bytes, gsize length, const int *fds, guint n_fds)
{
  union { struct cmsghdr align; char bytes[CMSG_SPACE (sizeof (int) * 64)]; } control = { 0 };
  struct iovec part = { (void *) bytes, length };
  struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };

  if (n_fds > 0)
    {
      packet.msg_control = control.bytes;
      packet.msg_controllen = CMSG_SPACE (sizeof (int) * n_fds);
      control.align = (struct cmsghdr) { CMSG_LEN (sizeof (int) * n_fds), SOL_SOCKET, SCM_RIGHTS };
      memcpy (CMSG_DATA (&control.align), fds, sizeof (int) * n_fds);
    }
  g_assert_cmpint (sendmsg (socket, &packet, 0), ==, (int) length);
}

static void
test_round_trip (Fixture *f, gconstpointer data)
{
  AditWireMessage sent, got;
  int fds[ADIT_WIRE_MAX_FDS], files[2] = { open ("/dev/null", O_RDONLY), open ("/dev/zero", O_RDONLY) };
  guint n_fds;
  gsize length;
  char byte = 1;

  adit_wire_begin (&sent, ADIT_WIRE_REQUEST, 3);
  strcpy (sent.request.service, "mullvad");
  g_assert_true (adit_channel_send (f->ours, &sent, files, 2, NULL));
  memset (&got, 0xff, sizeof got);
  g_assert_true (adit_channel_receive (f->theirs, &got, &length, fds, &n_fds, NULL));
  g_assert_cmpuint (length, ==, sizeof (AditWireRequest));
  g_assert_cmpmem (&got, sizeof got, &sent, sizeof sent);
  g_assert_cmpuint (n_fds, ==, 2);
  g_assert_cmpint (read (fds[0], &byte, 1), ==, 0);    /* in their order */
  g_assert_cmpint (read (fds[1], &byte, 1), ==, 1);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (fcntl (fds[i], F_GETFD) & FD_CLOEXEC);
      close (fds[i]);
      close (files[i]);
    }
}

/* The byte in front of a port is no field, so it may hold anything; it must not leave this process. */
static void
test_hole (Fixture *f, gconstpointer data)
{
  AditWireMessage sent;
  guint8 got[sizeof (AditWireConnect)];

  adit_wire_begin (&sent, ADIT_WIRE_CONNECT, 1);
  memset (&sent.connect.endpoint, 0xaa, sizeof sent.connect.endpoint);
  g_assert_true (adit_channel_send (f->ours, &sent, NULL, 0, NULL));
  g_assert_cmpint (recv (f->theirs, got, sizeof got, 0), ==, sizeof got);
  g_assert_cmpint (got[sizeof (AditWireHeader) + sizeof (AditAddress)], ==, 0);
  g_assert_cmpint (got[sizeof (AditWireHeader) + sizeof (AditAddress) - 1], ==, 0xaa);
}

static void
test_end (Fixture *f, gconstpointer data)
{
  AditWireMessage message;
  int fds[ADIT_WIRE_MAX_FDS];
  guint n_fds;
  gsize length;
  g_autoptr (GError) error = NULL, gone = NULL;

  g_assert_false (adit_channel_receive (f->ours, &message, &length, fds, &n_fds, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_AGAIN);
  g_clear_error (&error);
  close (f->theirs);
  f->theirs = -1;
  g_assert_false (adit_channel_receive (f->ours, &message, &length, fds, &n_fds, &error));
  g_assert_no_error (error);
  adit_wire_begin (&message, ADIT_WIRE_DONE, 1);
  g_assert_false (adit_channel_send (f->ours, &message, NULL, 0, &gone));    /* and no SIGPIPE */
  g_assert_nonnull (gone);
}

static void
test_too_much (Fixture *f, gconstpointer data)
{
  static guint8 big[ADIT_WIRE_MESSAGE_MAX_BYTES + 1] = { 1 };
  AditWireMessage message;
  int fds[ADIT_WIRE_MAX_FDS], many[40];
  guint n_fds, before;
  gsize length;

  for (guint i = 0; i < G_N_ELEMENTS (many); i++)
    many[i] = f->ours;
  before = count_fds ();
  for (guint n = 0; n <= G_N_ELEMENTS (many); n++)
    {
      g_autoptr (GError) error = NULL;
      gboolean fits = n <= ADIT_WIRE_MAX_FDS;

      send_raw (f->theirs, big, 16, many, n);
      g_assert_true (adit_channel_receive (f->ours, &message, &length, fds, &n_fds, &error) == fits);
      g_assert_cmpuint (n_fds, ==, fits ? n : 0);
      for (guint i = 0; i < n_fds; i++)
        close (fds[i]);
      if (!fits)
        g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED);
      g_assert_cmpuint (count_fds (), ==, before);
    }
  send_raw (f->theirs, big, sizeof big, many, 1);
  g_assert_false (adit_channel_receive (f->ours, &message, &length, fds, &n_fds, NULL));
  g_assert_cmpuint (count_fds (), ==, before);
  g_assert_cmpint (message.bytes[0], ==, 0);
}

static void
test_wrong_send (Fixture *f, gconstpointer data)
{
  AditWireMessage message;
  int too_many[ADIT_WIRE_MAX_FDS + 1] = { 0 };

  adit_wire_begin (&message, ADIT_WIRE_DONE, 1);
  g_assert_false (adit_channel_send (f->ours, &message, too_many, G_N_ELEMENTS (too_many), NULL));
  message.header.size_bytes = 4000;
  g_assert_false (adit_channel_send (f->ours, &message, NULL, 0, NULL));
  message.header.op = 99;
  g_assert_false (adit_channel_send (f->ours, &message, NULL, 0, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/channel/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/channel/hole", Fixture, NULL, set_up, test_hole, tear_down);
  g_test_add ("/channel/end", Fixture, NULL, set_up, test_end, tear_down);
  g_test_add ("/channel/too-much", Fixture, NULL, set_up, test_too_much, tear_down);
  g_test_add ("/channel/wrong-send", Fixture, NULL, set_up, test_wrong_send, tear_down);
  return g_test_run ();
}
