/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-worker.c: the real adit-worker (ADIT_WORKER names it), in its real sandbox, asked over a socket pair. */
#include "client/worker/roles.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/model/server-list-writer.h"
#include "client/worker/list-file.h"

static pid_t
start (int *socket)
{
  char *argv[] = { (char *) g_getenv ("ADIT_WORKER"), (char *) "--role", (char *) "provider", NULL };
  char *envp[] = { (char *) "OPENSSL_CONF=/dev/null", (char *) "ADIT_DEBUG=all", NULL };
  int pair[2];
  pid_t child;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), ==, 0);
  child = fork ();
  if (child == 0)
    {
      int end = fcntl (pair[1], F_DUPFD, 10);

      dup2 (end, ADIT_WORKER_SOCKET);
      close_range (ADIT_WORKER_SOCKET + 1, ~0u, 0);
      execve (argv[0], argv, envp);
      _exit (127);
    }
  close (pair[1]);
  *socket = pair[0];
  return child;
}

static int
wait_for (pid_t child)
{
  int status;

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
receive (int socket, AditWireMessage *message)
{
  int fds[ADIT_WIRE_MAX_FDS];
  guint n_fds;
  gsize length;
  g_autoptr (GError) error = NULL;

  g_assert_true (adit_channel_receive (socket, message, &length, fds, &n_fds, &error));
  g_assert_no_error (error);
  adit_wire_check_from_worker (message, length, n_fds, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (message->header.attempt, ==, 42);
}

static int
make_list (void)
{
  AditServerListHead head = { .service = "mullvad", .ports = { { 51820, 51820 } }, .n_dns = 1, .mtu_bytes = 1380, .n_ports = 1 };
  AditServerListServer server = { .name = "se-got-wg-001", .provider = "", .in_country = TRUE, .weight = 1, .key = { 1 } };
  AditLocation location = { .country_name = "Sweden", .city_name = "Gothenburg" };
  AditServerListWriter *writer;
  g_autoptr (GBytes) bytes = NULL;

  adit_address_parse ("10.64.0.1", &head.dns[0]);
  adit_address_parse ("198.51.100.7", &server.ipv4);
  adit_place_set (&location.place, "se", "got", server.name);
  writer = adit_server_list_writer_new (&head);
  g_assert_true (adit_server_list_writer_add (writer, &location, 0, 0, &server));
  bytes = adit_server_list_writer_finish (writer);
  return adit_list_file_seal (bytes, NULL);
}

static void
begin_choose (AditWireMessage *message, const char *country)
{
  adit_wire_begin (message, ADIT_WIRE_REQUEST, 42);
  message->request.want = ADIT_WIRE_WANT_CHOOSE;
  strcpy (message->request.service, "mullvad");
  message->request.now_s = 1800000000;
  message->request.has_list = 1;
  g_assert_true (adit_place_set (&message->request.place, country, NULL, NULL));
}

static void
test_choose (void)
{
  AditWireMessage message;
  int socket, list = make_list ();
  gint64 start_us = g_get_monotonic_time ();
  pid_t child = start (&socket);

  begin_choose (&message, "se");
  g_assert_true (adit_channel_send (socket, &message, &list, 1, NULL));
  receive (socket, &message);
  g_assert_cmpuint (message.header.op, ==, ADIT_WIRE_TUNNEL);
  g_assert_cmpstr (message.tunnel.location.place.server, ==, "se-got-wg-001");
  g_assert_cmpuint (message.tunnel.peer.port, ==, 51820);
  g_assert_cmpint (wait_for (child), ==, 0);
  g_test_message ("from start to end: %d us", (int) (g_get_monotonic_time () - start_us));
  close (socket);
  close (list);
}

static void
expect_failure (AditWireMessage *request, const int *fds, guint n_fds, AditError code)
{
  AditWireMessage message;
  int socket;
  pid_t child = start (&socket);

  g_assert_true (adit_channel_send (socket, request, fds, n_fds, NULL));
  receive (socket, &message);
  g_assert_cmpuint (message.header.op, ==, ADIT_WIRE_FAILED);
  g_assert_cmpuint (message.failed.error, ==, code);
  g_assert_cmpstr (message.failed.detail, !=, "");
  g_assert_cmpint (wait_for (child), ==, 0);
  close (socket);
}

static void
test_failures (void)
{
  AditWireMessage message;
  int list = make_list ();

  begin_choose (&message, "no");
  expect_failure (&message, &list, 1, ADIT_ERROR_NO_SUCH_PLACE);
  message.request.build_id[0] ^= 1;
  expect_failure (&message, &list, 1, ADIT_ERROR_OTHER_VERSION);
  begin_choose (&message, "se");
  strcpy (message.request.service, "nobody");
  expect_failure (&message, &list, 1, ADIT_ERROR_NO_SUCH_SERVICE);
  begin_choose (&message, "se");
  expect_failure (&message, NULL, 0, ADIT_ERROR_WORKER_FAILED);    /* the list does not come */
  adit_wire_begin (&message, ADIT_WIRE_DONE, 42);
  expect_failure (&message, NULL, 0, ADIT_ERROR_WORKER_FAILED);
  close (list);

  adit_wire_begin (&message, ADIT_WIRE_REQUEST, 42);
  message.request.want = ADIT_WIRE_WANT_LOG_IN;
  strcpy (message.request.service, "mullvad");
  strcpy (message.request.credential, "my account");
  message.request.public_key[0] = 1;
  message.request.now_s = 1800000000;
  adit_endpoint_parse ("192.0.2.1:443", &message.request.api[0]);
  message.request.n_api = 1;
  expect_failure (&message, NULL, 0, ADIT_ERROR_CREDENTIAL_MALFORMED);
}

/* Without a list it asks for the address that it was told, and for no other; a refusal is passed on. */
static void
test_connect (void)
{
  AditWireMessage message;
  AditEndpoint api;
  int socket;
  pid_t child = start (&socket);

  begin_choose (&message, "se");
  message.request.has_list = 0;
  adit_endpoint_parse ("192.0.2.1:443", &api);
  message.request.api[0] = api;
  message.request.n_api = 1;
  g_assert_true (adit_channel_send (socket, &message, NULL, 0, NULL));
  receive (socket, &message);
  g_assert_cmpuint (message.header.op, ==, ADIT_WIRE_CONNECT);
  g_assert_true (adit_endpoint_equal (&message.connect.endpoint, &api));
  adit_wire_begin (&message, ADIT_WIRE_CONNECTED, 42);
  message.connected.error = 1 + ADIT_ERROR_SERVICE_UNREACHABLE;
  g_assert_true (adit_channel_send (socket, &message, NULL, 0, NULL));
  receive (socket, &message);
  g_assert_cmpuint (message.failed.error, ==, ADIT_ERROR_SERVICE_UNREACHABLE);
  g_assert_cmpint (wait_for (child), ==, 0);
  close (socket);
}

/* A server that is gone when the first byte is written to it: an error to tell, no signal that ends the worker without a word. */
static void
test_hung_up (void)
{
  AditWireMessage message;
  int socket, ends[2];
  pid_t child = start (&socket);

  begin_choose (&message, "se");
  message.request.has_list = 0;
  adit_endpoint_parse ("192.0.2.1:443", &message.request.api[0]);
  message.request.n_api = 1;
  g_assert_true (adit_channel_send (socket, &message, NULL, 0, NULL));
  receive (socket, &message);
  g_assert_cmpuint (message.header.op, ==, ADIT_WIRE_CONNECT);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), ==, 0);
  close (ends[0]);
  adit_wire_begin (&message, ADIT_WIRE_CONNECTED, 42);
  g_assert_true (adit_channel_send (socket, &message, &ends[1], 1, NULL));
  close (ends[1]);
  receive (socket, &message);
  g_assert_cmpuint (message.header.op, ==, ADIT_WIRE_FAILED);
  g_assert_cmpuint (message.failed.error, ==, ADIT_ERROR_SERVICE_UNREACHABLE);
  g_assert_cmpint (wait_for (child), ==, 0);
  close (socket);
}

#define EXIT_HOST "\4ipv4\2am\1i\7mullvad\3net"

/* What its resolver answers: one record of @address, to the question that came, @spoilt at its number or not. */
static void
answer_question (int resolver, const char *address, gboolean spoilt)
{
  static const guint8 wanted[] = "\1\0\0\1\0\0\0\0\0\0" EXIT_HOST "\0\0\1\0\1";
  static const guint8 record[] = { 0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4 };
  guint8 message[2 + 2 + sizeof wanted - 1 + sizeof record + 4];
  const gsize asked = 2 + sizeof wanted - 1;
  AditAddress found;

  g_assert_cmpint (recv (resolver, message, 2 + asked, MSG_WAITALL), ==, 2 + asked);
  g_assert_cmpuint (message[0] << 8 | message[1], ==, asked);
  g_assert_cmpmem (message + 4, asked - 2, wanted, sizeof wanted - 1);
  g_assert_true (adit_address_parse (address, &found));
  message[1] = (guint8) (sizeof message - 2);
  message[3] ^= spoilt ? 1 : 0;
  message[4] = 0x81;
  message[9] = 1;
  memcpy (message + 2 + asked, record, sizeof record);
  memcpy (message + 2 + asked + sizeof record, found.bytes, 4);
  /* In two parts, as a network may bring it. */
  g_assert_cmpint (send (resolver, message, 5, MSG_NOSIGNAL), ==, 5);
  g_usleep (20000);
  g_assert_cmpint (send (resolver, message + 5, sizeof message - 5, MSG_NOSIGNAL), ==, sizeof message - 5);
}

static pid_t
ask_exit (int *socket, int *resolver)
{
  AditWireMessage message;
  AditEndpoint named;
  pid_t child = start (socket);
  int ends[2];

  g_assert_true (adit_endpoint_parse ("10.64.0.1:53", &named));
  adit_wire_begin (&message, ADIT_WIRE_REQUEST, 42);
  message.request.want = ADIT_WIRE_WANT_EXIT;
  strcpy (message.request.service, "mullvad");
  message.request.now_s = 1800000000;
  message.request.api[0] = named;
  message.request.n_api = 1;
  g_assert_true (adit_channel_send (*socket, &message, NULL, 0, NULL));
  receive (*socket, &message);
  g_assert_cmpuint (message.header.op, ==, ADIT_WIRE_CONNECT);
  g_assert_true (adit_endpoint_equal (&message.connect.endpoint, &named));
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  g_assert_cmpint (fcntl (ends[1], F_SETFL, O_NONBLOCK), ==, 0);
  adit_wire_begin (&message, ADIT_WIRE_CONNECTED, 42);
  g_assert_true (adit_channel_send (*socket, &message, &ends[1], 1, NULL));
  close (ends[1]);
  *resolver = ends[0];
  return child;
}

/* It asks the one resolver for the one name, and then for a connection to what that says. */
static void
test_exit (void)
{
  AditWireMessage message;
  AditEndpoint wanted;
  int socket, resolver;
  pid_t child = ask_exit (&socket, &resolver);

  answer_question (resolver, "192.0.2.10", FALSE);
  receive (socket, &message);
  g_assert_cmpuint (message.header.op, ==, ADIT_WIRE_CONNECT);
  g_assert_true (adit_endpoint_parse ("192.0.2.10:443", &wanted));
  g_assert_true (adit_endpoint_equal (&message.connect.endpoint, &wanted));
  adit_wire_begin (&message, ADIT_WIRE_CONNECTED, 42);
  message.connected.error = 1 + ADIT_ERROR_SERVICE_UNREACHABLE;
  g_assert_true (adit_channel_send (socket, &message, NULL, 0, NULL));
  receive (socket, &message);
  g_assert_cmpuint (message.header.op, ==, ADIT_WIRE_FAILED);
  g_assert_cmpuint (message.failed.error, ==, ADIT_ERROR_SERVICE_UNREACHABLE);
  g_assert_cmpint (wait_for (child), ==, 0);
  close (resolver);
  close (socket);
}

static void
test_exit_bad_resolver (void)
{
  static const struct { const char *address; gboolean spoilt; AditError error; } rows[] = {
    { "192.168.0.1", FALSE, ADIT_ERROR_SERVICE_NONSENSE }, { "127.0.0.1", FALSE, ADIT_ERROR_SERVICE_NONSENSE },
    { "192.0.2.10", TRUE, ADIT_ERROR_SERVICE_NONSENSE }, { NULL, FALSE, ADIT_ERROR_SERVICE_UNREACHABLE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditWireMessage message;
      int socket, resolver;
      pid_t child = ask_exit (&socket, &resolver);

      if (rows[i].address != NULL)
        answer_question (resolver, rows[i].address, rows[i].spoilt);
      close (resolver);    /* or hangs up without a word */
      receive (socket, &message);
      g_assert_cmpuint (message.header.op, ==, ADIT_WIRE_FAILED);
      g_assert_cmpuint (message.failed.error, ==, rows[i].error);
      g_assert_cmpint (wait_for (child), ==, 0);
      close (socket);
    }
}

/* The resolver's addresses are all that it asks to be connected to, one after the other, and never the name's own. */
static void
test_look_up (void)
{
  static const char *const resolvers[] = { "192.0.2.53:443", "192.0.2.54:443" };
  AditWireMessage message;
  int socket;
  pid_t child = start (&socket);

  adit_wire_begin (&message, ADIT_WIRE_REQUEST, 42);
  message.request.want = ADIT_WIRE_WANT_LOOK_UP;
  strcpy (message.request.service, "doh");
  strcpy (message.request.look_up.host, "vpn.example.net");
  strcpy (message.request.look_up.resolver, "dns.example.net");
  message.request.now_s = 1800000000;
  message.request.n_api = G_N_ELEMENTS (resolvers);
  for (gsize i = 0; i < G_N_ELEMENTS (resolvers); i++)
    g_assert_true (adit_endpoint_parse (resolvers[i], &message.request.api[i]));
  g_assert_true (adit_channel_send (socket, &message, NULL, 0, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (resolvers); i++)
    {
      AditEndpoint wanted;

      receive (socket, &message);
      g_assert_cmpuint (message.header.op, ==, ADIT_WIRE_CONNECT);
      g_assert_true (adit_endpoint_parse (resolvers[i], &wanted));
      g_assert_true (adit_endpoint_equal (&message.connect.endpoint, &wanted));
      adit_wire_begin (&message, ADIT_WIRE_CONNECTED, 42);
      message.connected.error = 1 + ADIT_ERROR_SERVICE_UNREACHABLE;
      g_assert_true (adit_channel_send (socket, &message, NULL, 0, NULL));
    }
  receive (socket, &message);
  g_assert_cmpuint (message.header.op, ==, ADIT_WIRE_FAILED);
  g_assert_cmpuint (message.failed.error, ==, ADIT_ERROR_SERVICE_UNREACHABLE);
  g_assert_cmpint (wait_for (child), ==, 0);
  close (socket);
}

static void
test_gone (void)
{
  int socket;
  pid_t child = start (&socket);

  close (socket);
  g_assert_cmpint (wait_for (child), ==, 0);
}

int
main (int argc, char **argv)
{
  /* The worker refuses to run as root, which is not what is tested here. */
  if (g_getenv ("ADIT_WORKER") == NULL || getuid () == 0)
    return 77;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/worker/choose", test_choose);
  g_test_add_func ("/worker/failures", test_failures);
  g_test_add_func ("/worker/connect", test_connect);
  g_test_add_func ("/worker/hung-up", test_hung_up);
  g_test_add_func ("/worker/exit", test_exit);
  g_test_add_func ("/worker/exit-bad-resolver", test_exit_bad_resolver);
  g_test_add_func ("/worker/look-up", test_look_up);
  g_test_add_func ("/worker/gone", test_gone);
  return g_test_run ();
}
