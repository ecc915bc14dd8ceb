/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-transport.c: the descriptors that a worker is lent, and what comes instead of one. */
#include "platform/transport.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "client/base/error.h"
#include "platform/linux/marks.h"
#include "tests/lab/private-world.h"

typedef struct
{
  int          listener;
  AditEndpoint endpoint;
} Fixture;

static void
set_up (Fixture *f, gconstpointer text)
{
  struct sockaddr_storage address = { 0 };
  socklen_t length;

  g_assert_true (adit_address_parse (text, &f->endpoint.address));
  address.ss_family = f->endpoint.address.family == ADIT_FAMILY_IPV4 ? AF_INET : AF_INET6;
  length = address.ss_family == AF_INET ? sizeof (struct sockaddr_in) : sizeof (struct sockaddr_in6);
  f->listener = socket (address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (f->listener, (struct sockaddr *) &address, length), ==, 0);
  g_assert_cmpint (listen (f->listener, 4), ==, 0);
  g_assert_cmpint (getsockname (f->listener, (struct sockaddr *) &address, &length), ==, 0);
  f->endpoint.port = g_ntohs (((struct sockaddr_in *) &address)->sin_port);    /* at the same place in both families */
}

static void
tear_down (Fixture *f, gconstpointer text)
{
  if (f->listener >= 0)
    close (f->listener);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static int
wait_for (GAsyncResult **result, GError **error)
{
  g_autoptr (GAsyncResult) owned = NULL;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  owned = g_steal_pointer (result);
  return adit_transport_connect_finish (owned, error);
}

static int
open_way (const AditEndpoint *endpoint, AditTransportWay way, guint timeout_ms, GCancellable *cancellable, GError **error)
{
  GAsyncResult *result = NULL;

  adit_transport_connect_async (endpoint, way, timeout_ms, cancellable, on_done, &result);
  g_assert_null (result);    /* never before it returns */
  return wait_for (&result, error);
}

static guint32
get_option (int fd, int level, int option)
{
  guint32 value = 0;
  socklen_t length = sizeof value;

  g_assert_cmpint (getsockopt (fd, level, option, &value, &length), ==, 0);
  return value;
}

static guint
count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_connects (Fixture *f, gconstpointer text)
{
  for (AditTransportWay way = ADIT_WAY_INSIDE; way <= ADIT_WAY_OUTSIDE; way++)
    {
      g_autoptr (GError) error = NULL;
      int fd = open_way (&f->endpoint, way, 5000, NULL, &error), other;

      g_assert_no_error (error);
      g_assert_cmpint (fd, >=, 0);
      g_assert_cmpuint (get_option (fd, SOL_SOCKET, SO_MARK), ==, way == ADIT_WAY_OUTSIDE ? ADIT_MARK : 0);
      g_assert_cmpuint (get_option (fd, IPPROTO_TCP, TCP_NODELAY), !=, 0);
      g_assert_true (fcntl (fd, F_GETFD) & FD_CLOEXEC);
      g_assert_true (fcntl (fd, F_GETFL) & O_NONBLOCK);
      other = accept (f->listener, NULL, NULL);
      g_assert_cmpint (send (fd, "x", 1, MSG_NOSIGNAL), ==, 1);    /* connected already, so nothing has to be waited for */
      close (other);
      close (fd);
    }
}

static void
test_refused (Fixture *f, gconstpointer text)
{
  g_autoptr (GError) error = NULL;

  close (f->listener);
  f->listener = -1;
  g_assert_cmpint (open_way (&f->endpoint, ADIT_WAY_OUTSIDE, 5000, NULL, &error), ==, -1);
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, g_strerror (ECONNREFUSED)));
}

static void
test_no_way (Fixture *f, gconstpointer text)
{
  g_autoptr (GError) error = NULL;
  AditEndpoint nobody;

  g_assert_true (adit_endpoint_parse ("198.51.100.7:443", &nobody));    /* this network has loopback and nothing else */
  g_assert_cmpint (open_way (&nobody, ADIT_WAY_OUTSIDE, 5000, NULL, &error), ==, -1);
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, g_strerror (ENETUNREACH)));
  g_clear_error (&error);
  nobody.address.family = ADIT_FAMILY_NONE;
  g_assert_cmpint (open_way (&nobody, ADIT_WAY_OUTSIDE, 5000, NULL, &error), ==, -1);
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE);
}

/* A listener whose queue is full lets the next one wait. */
static void
fill_queue (Fixture *f, int *first, int *second)
{
  g_assert_cmpint (listen (f->listener, 0), ==, 0);
  *first = open_way (&f->endpoint, ADIT_WAY_INSIDE, 5000, NULL, NULL);
  g_assert_cmpint (*first, >=, 0);
  *second = open_way (&f->endpoint, ADIT_WAY_INSIDE, 100, NULL, NULL);
}

static void
test_times_out (Fixture *f, gconstpointer text)
{
  g_autoptr (GError) error = NULL;
  int first, second;
  gint64 began;

  fill_queue (f, &first, &second);
  began = g_get_monotonic_time ();
  g_assert_cmpint (open_way (&f->endpoint, ADIT_WAY_INSIDE, 150, NULL, &error), ==, -1);
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, g_strerror (ETIMEDOUT)));
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 149 * 1000);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 2 * G_USEC_PER_SEC);
  close (first);
  if (second >= 0)
    close (second);
}

static gboolean
cancel_later (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_cancelled (Fixture *f, gconstpointer text)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  int first, second;
  gint64 began;

  fill_queue (f, &first, &second);
  began = g_get_monotonic_time ();
  g_timeout_add (50, cancel_later, cancellable);
  g_assert_cmpint (open_way (&f->endpoint, ADIT_WAY_INSIDE, 5000, cancellable, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 2 * G_USEC_PER_SEC);
  g_clear_error (&error);
  g_assert_cmpint (open_way (&f->endpoint, ADIT_WAY_INSIDE, 5000, cancellable, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  close (first);
  if (second >= 0)
    close (second);
}

/* Whoever does not take the descriptor must not keep it open. */
static void
test_unwanted (Fixture *f, gconstpointer text)
{
  GAsyncResult *result = NULL;
  guint before = count_fds ();

  adit_transport_connect_async (&f->endpoint, ADIT_WAY_INSIDE, 5000, NULL, on_done, &result);
  g_assert_cmpuint (count_fds (), ==, before + 1);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (result);
  while (g_main_context_iteration (NULL, FALSE));
  g_assert_cmpuint (count_fds (), ==, before);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
#define ADD(path, function, address) g_test_add ("/transport/" path, Fixture, address, set_up, function, tear_down)
  ADD ("connects", test_connects, "127.0.0.1");
  ADD ("connects-ipv6", test_connects, "::1");
  ADD ("refused", test_refused, "127.0.0.1");
  ADD ("no-way", test_no_way, "127.0.0.1");
  ADD ("times-out", test_times_out, "127.0.0.1");
  ADD ("cancelled", test_cancelled, "127.0.0.1");
  ADD ("unwanted", test_unwanted, "127.0.0.1");
#undef ADD
  return g_test_run ();
}
