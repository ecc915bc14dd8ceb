/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-openvpn.c: the real worker and the real openvpn, each with nothing but what it needs, at a real server in another network
 * namespace.  This program is the helper: it makes the device, lends descriptors, and believes nobody. */
#include "platform/process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "client/wire/channel.h"
#include "platform/linux/tun.h"
#include "tests/lab/private-world.h"

#define OPENVPN     "/usr/sbin/openvpn"
#define USER        "adit-openvpn"
#define USER_ID     64003                  /* private-world.c */
#define FOLDER      "/run/adit-lab-openvpn"
#define SOCKET      FOLDER "/management"
#define DEVICE      "adit0"
#define WAIT_MS     15000
#define SERVER      "192.0.2.1"
#define SERVER6     "2001:db8::1"
#define UDP_PORT    1194
#define TCP_PORT    443

static GPid servers[2];

typedef struct
{
  AditProcess *worker, *openvpn;
  int          socket;         /* to the worker */
  AditWireOp   before;
  AditWireMessage last;
} Try;

static void
write_file (const char *name, mode_t mode, const char *format, ...)
{
  g_autofree char *path = g_strconcat (FOLDER "/", name, NULL), *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (chmod (path, mode), ==, 0);
}

static char *
read_file (const char *name)
{
  g_autofree char *path = g_strconcat (FOLDER "/", name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
make_certificates (void)
{
#define NEW_KEY "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
  write_file ("extensions", 0600,
              "extendedKeyUsage=serverAuth\nkeyUsage=digitalSignature\nsubjectAltName=DNS:server.example\n");
  private_world_do ("openssl req -x509 " NEW_KEY " -keyout " FOLDER "/ca.key -out " FOLDER "/ca.crt -subj /CN=lab -days 2");
  private_world_do ("openssl req " NEW_KEY " -keyout " FOLDER "/server.key -out " FOLDER "/server.csr -subj /CN=server.example");
  private_world_do ("openssl x509 -req -in " FOLDER "/server.csr -CA " FOLDER "/ca.crt -CAkey " FOLDER "/ca.key -CAcreateserial "
                    "-out " FOLDER "/server.crt -days 2 -extfile " FOLDER "/extensions");
  private_world_do ("openssl req -x509 " NEW_KEY " -keyout " FOLDER "/other.key -out " FOLDER "/other.crt -subj /CN=other");
}

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

/* It pushes what a service pushes, and what it has no business with. */
static GPid
start_server (guint i, const char *protocol, guint port)
{
  g_autofree char *name = g_strdup_printf ("server-%u.conf", i), *path = g_strconcat (FOLDER "/", name, NULL);
  g_autofree char *log = g_strdup_printf (FOLDER "/server-%u.log", i);
  char *argv[] = { (char *) "ip", (char *) "netns", (char *) "exec", (char *) "exit", (char *) OPENVPN, (char *) "--config", path,
                   (char *) "--log", log, NULL };
  GPid pid;

  write_file (name, 0600,
              "dev srv%u\ndev-type tun\nserver 10.65.%u.0 255.255.255.0\nserver-ipv6 fd65:%u::/64\ntopology subnet\ndh none\n"
              "ca " FOLDER "/ca.crt\ncert " FOLDER "/server.crt\nkey " FOLDER "/server.key\nverify-client-cert none\n"
              "username-as-common-name\nscript-security 2\nauth-user-pass-verify " FOLDER "/verify via-file\n"
              "port %u\nproto %s\nkeepalive 2 8\nverb 3\nauth-gen-token 3600\n"
              "push \"dhcp-option DNS 10.65.%u.1\"\npush \"redirect-gateway def1\"\npush \"route 192.0.2.0 255.255.255.0\"\n"
              "push \"setenv opt X 1\"\npush \"block-outside-dns\"\npush \"echo hello\"\n", i, i, i, port, protocol, i);
  g_assert_true (g_spawn_async (NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, die_with_parent, NULL,
                                &pid, NULL));
  return pid;
}

static void
await_server (guint i)
{
  g_autofree char *name = g_strdup_printf ("server-%u.log", i);
  gint64 until = g_get_monotonic_time () + WAIT_MS * 1000;

  for (;;)
    {
      g_autofree char *path = g_strconcat (FOLDER "/", name, NULL), *text = NULL;

      if (g_file_get_contents (path, &text, NULL, NULL) && strstr (text, "Initialization Sequence Completed") != NULL)
        return;
      if (g_get_monotonic_time () > until)
        g_error ("no server: %s", text);
      g_usleep (10000);
    }
}

static void
make_internet (void)
{
  g_assert_cmpint (mkdir (FOLDER, 0711), ==, 0);
  g_assert_cmpint (chmod (FOLDER, 0711), ==, 0);
  make_certificates ();
  write_file ("verify", 0700, "#!/bin/sh\n{ read -r u; read -r p; } < \"$1\"\n[ \"$u\" = \"some body\" ] || exit 1\n"
              "[ \"$p\" = 'p\"w\\' ] || [ \"$p\" = 'SCRV1:cFwid1w=:MTIz' ] || [ \"${p#SESS_ID_AT_}\" != \"$p\" ]\n");
  private_world_do ("ip netns add exit");
  private_world_do ("ip link add to-exit type veth peer name to-client netns exit");
  private_world_do ("ip addr add 192.0.2.2/24 dev to-exit");
  private_world_do ("ip addr add 2001:db8::2/64 dev to-exit nodad");
  private_world_do ("ip link set to-exit up");
  private_world_do ("ip -n exit addr add " SERVER "/24 dev to-client");
  private_world_do ("ip -n exit addr add " SERVER6 "/64 dev to-client nodad");
  private_world_do ("ip -n exit link set to-client up");
  private_world_do ("ip -n exit link set lo up");
  servers[0] = start_server (0, "udp6", UDP_PORT);
  servers[1] = start_server (1, "tcp-server", TCP_PORT);
  await_server (0);
  await_server (1);
}

static int
make_profile (const char *lines, const char *ca)
{
  g_autofree char *certificate = read_file (ca);
  g_autofree char *text = g_strdup_printf ("client\ndev tun\nremote " SERVER " %d udp\nremote " SERVER " %d tcp\n"
                                           "remote " SERVER " 444 tcp\nremote " SERVER6 " %d udp6\nremote-cert-tls server\n"
                                           "auth-user-pass\n%s<ca>\n%s</ca>\n", UDP_PORT, TCP_PORT, UDP_PORT, lines,
                                           certificate);
  int fd = memfd_create ("profile", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, text, strlen (text)), ==, strlen (text));
  return fd;
}

static void
make_request (AditWireMessage *message, guint remote, const char *password)
{
  static const guint ports[] = { UDP_PORT, TCP_PORT, 444, UDP_PORT };
  AditWireOpenvpn *wanted = &message->request.openvpn;

  adit_wire_begin (message, ADIT_WIRE_REQUEST, 42);
  message->request.want = ADIT_WIRE_WANT_OPENVPN;
  message->request.now_s = 1800000000;
  g_assert_true (adit_address_parse (remote == 3 ? SERVER6 : SERVER, &wanted->remote.address));
  wanted->remote.port = (guint16) ports[remote];
  wanted->remote_number = (guint8) remote;
  wanted->over_tcp = remote == 1 || remote == 2;
  strcpy (wanted->device, DEVICE);
  strcpy (wanted->management_path, SOCKET);
  strcpy (wanted->username, "some body");
  strcpy (wanted->password, password);
}

static AditProcess *
start_worker (int *to_worker)
{
  static const char *const argv[] = { "adit-worker", "--role", "openvpn", NULL }, *const envp[] = { "LANG=C", NULL };
  AditProcessSpec spec = { .path = g_getenv ("ADIT_WORKER"), .argv = argv, .envp = envp, .user = USER, .n_fds = 1,
                           .keep_stderr = TRUE };
  g_autoptr (GError) error = NULL;
  AditProcess *worker;
  int pair[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), ==, 0);
  spec.fds[0].from = pair[1];
  spec.fds[0].to = 3;
  worker = adit_process_start (&spec, &error);
  g_assert_no_error (error);
  close (pair[1]);
  *to_worker = pair[0];
  return worker;
}

/* The next message, at its turn, into self->last. */
static AditWireOp
receive_any (Try *self, int *fd)
{
  struct pollfd wait = { .fd = self->socket, .events = POLLIN };
  int fds[ADIT_WIRE_MAX_FDS];
  guint n_fds;
  gsize length;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (poll (&wait, 1, WAIT_MS), ==, 1);
  g_assert_true (adit_channel_receive (self->socket, &self->last, &length, fds, &n_fds, &error));
  adit_wire_check_from_worker (&self->last, length, n_fds, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (self->last.header.attempt, ==, 42);
  g_assert_true (adit_wire_may_follow (ADIT_WIRE_WANT_OPENVPN, self->before, (AditWireOp) self->last.header.op));
  if (!adit_wire_is_aside ((AditWireOp) self->last.header.op))
    self->before = (AditWireOp) self->last.header.op;
  g_assert_true (n_fds == 0 || fd != NULL);    /* none comes unasked */
  if (n_fds > 0)
    *fd = fds[0];
  if (self->before == ADIT_WIRE_FAILED)
    g_test_message ("%s; pause %u s", self->last.failed.detail, self->last.failed.pause_s);
  return (AditWireOp) self->last.header.op;
}

/* The server's token is somebody else's test. */
static AditWireOp
receive (Try *self, int *fd)
{
  AditWireOp op = receive_any (self, fd);

  return op == ADIT_WIRE_AUTH_TOKEN ? receive_any (self, fd) : op;
}

static int
listen_for_openvpn (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = SOCKET };
  int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  unlink (SOCKET);
  g_assert_cmpint (bind (listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (chown (SOCKET, USER_ID, USER_ID), ==, 0);
  g_assert_cmpint (chmod (SOCKET, 0600), ==, 0);
  g_assert_cmpint (listen (listener, 1), ==, 0);
  return listener;
}

static int
accept_openvpn (Try *self, int listener)
{
  struct pollfd wait = { .fd = listener, .events = POLLIN };
  struct ucred peer;
  socklen_t length = sizeof peer;
  int connection;

  g_assert_cmpint (poll (&wait, 1, WAIT_MS), ==, 1);
  connection = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);
  g_assert_cmpint (getsockopt (connection, SOL_SOCKET, SO_PEERCRED, &peer, &length), ==, 0);
  g_assert_cmpint (peer.pid, ==, adit_process_get_pid (self->openvpn));
  g_assert_cmpuint (peer.uid, ==, USER_ID);
  close (listener);
  return connection;
}

static void
start_openvpn (Try *self, int configuration, guint16 tcp_port)
{
  static const char *const argv[] = { "openvpn", "--config", "stdin", NULL };
  static const char *const envp[] = { "LANG=C", "OPENSSL_CONF=", NULL };    /* no file of OpenSSL's */
  AditProcessSpec spec = { .path = OPENVPN, .argv = argv, .envp = envp, .user = USER, .n_fds = 1, .tcp_port = tcp_port,
                           .confinement = ADIT_CONFINEMENT_OPENVPN };
  g_autoptr (GError) error = NULL;

  spec.fds[0].from = configuration;
  spec.fds[0].to = 0;
  self->openvpn = adit_process_start (&spec, &error);
  g_assert_no_error (error);
}

/* From the request to where openvpn and the worker talk. */
static void
begin (Try *self, guint remote, const char *password, const char *lines, const char *ca)
{
  int profile = make_profile (lines, ca), configuration = -1, listener, connection;
  g_autoptr (GError) error = NULL;
  AditWireMessage message;
  struct stat status;

  *self = (Try) { 0 };
  adit_tun_make_for (DEVICE, USER_ID, &error);
  g_assert_no_error (error);
  self->worker = start_worker (&self->socket);
  make_request (&message, remote, password);
  if (strstr (lines, "static-challenge") != NULL)
    strcpy (message.request.openvpn.answer, "123");
  g_assert_true (adit_channel_send (self->socket, &message, &profile, 1, &error));
  close (profile);
  g_assert_cmpint (receive (self, &configuration), ==, ADIT_WIRE_CONFIGURATION);
  g_assert_cmpint (fcntl (configuration, F_GET_SEALS), ==, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
  g_assert_cmpint (fstat (configuration, &status), ==, 0);
  g_assert_cmpint (status.st_size, ==, self->last.configuration.size_bytes);

  listener = listen_for_openvpn ();
  start_openvpn (self, configuration, message.request.openvpn.over_tcp ? message.request.openvpn.remote.port : 0);
  close (configuration);
  connection = accept_openvpn (self, listener);
  adit_wire_begin (&message, ADIT_WIRE_MANAGEMENT, 42);
  g_assert_true (adit_channel_send (self->socket, &message, &connection, 1, &error));
  close (connection);
  self->before = ADIT_WIRE_MANAGEMENT;
}

static void
await_ends (Try *self)
{
  gint64 until = g_get_monotonic_time () + WAIT_MS * 1000;

  while (adit_process_is_running (self->worker) || adit_process_is_running (self->openvpn))
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (2000);
      g_assert_cmpint (g_get_monotonic_time (), <, until);
    }
  g_clear_object (&self->worker);
  g_clear_object (&self->openvpn);
  private_world_do ("ip link del " DEVICE);    /* which no one else could take away */
}

static void
expect_failure (Try *self, AditError code, const char *sentence)
{
  AditWireOp op = receive (self, NULL);

  g_assert_cmpint (op, ==, ADIT_WIRE_FAILED);
  g_assert_cmpint (self->last.failed.error, ==, code);
  g_assert_nonnull (strstr (self->last.failed.detail, sentence));
  await_ends (self);
  close (self->socket);
}

static char *
read_status (AditProcess *process, const char *field)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", adit_process_get_pid (process)), *text = NULL;
  g_autofree char *name = g_strconcat ("\n", field, ":\t", NULL);
  char *value;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  value = strstr (text, name);
  g_assert_nonnull (value);
  value += strlen (name);
  return g_strndup (value, strcspn (value, "\n"));
}

static void
check_confined (AditProcess *process)
{
  static const struct { const char *field, *value; } wanted[] = {
    { "Uid", "64003\t64003\t64003\t64003" }, { "CapEff", "0000000000000000" }, { "CapBnd", "0000000000000000" },
    { "NoNewPrivs", "1" }, { "Seccomp", "2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autofree char *value = read_status (process, wanted[i].field);

      g_assert_cmpstr (value, ==, wanted[i].value);
    }
}

static void
check_connection (guint remote)
{
  gint64 start_us = g_get_monotonic_time (), running_us;
  g_autofree char *gateway = g_strdup_printf ("10.65.%u.1", remote == 1 ? 1 : 0), *address = NULL, *said = NULL;
  AditWireAssigned *assigned;
  AditAddress resolver;
  Try try;

  begin (&try, remote, "p\"w\\", "verify-x509-name server.example name\n", "ca.crt");
  check_confined (try.worker);
  check_confined (try.openvpn);
  g_assert_cmpint (receive (&try, NULL), ==, ADIT_WIRE_ASSIGNED);
  assigned = &try.last.assigned;
  g_assert_cmpuint (assigned->n_addresses, ==, 2);
  g_assert_cmpuint (assigned->mtu_bytes, ==, 1500);
  g_assert_cmpuint (assigned->n_dns, ==, 1);
  g_assert_true (adit_address_parse (gateway, &resolver) && adit_address_equal (&resolver, &assigned->dns[0]));
  address = adit_prefix_dup_text (&assigned->addresses[0]);
  g_assert_cmpint (receive (&try, NULL), ==, ADIT_WIRE_RUNNING);
  running_us = g_get_monotonic_time ();

  /* Nobody but us sets what was assigned. */
  said = private_world_run (TRUE, "ip -o addr show dev " DEVICE);
  g_assert_null (strstr (said, "10.65."));
  private_world_do ("ip addr add %s dev " DEVICE, address);
  private_world_do ("ip link set " DEVICE " up");
  private_world_do ("ip route add %s dev " DEVICE, gateway);
  private_world_do ("ping -c 3 -i 0.05 -W 3 %s", gateway);

  g_assert_cmpint (receive (&try, NULL), ==, ADIT_WIRE_PROGRESS);
  g_assert_cmpuint (try.last.progress.received_bytes, >, 1000);
  g_assert_cmpuint (try.last.progress.age_ms, <, 6000);
  g_test_message ("running after %d us", (int) (running_us - start_us));

  close (try.socket);    /* the helper hangs up */
  await_ends (&try);
}

static void
test_udp (void)
{
  check_connection (0);
}

static void
test_tcp (void)
{
  check_connection (1);
}

static void
test_ipv6 (void)
{
  check_connection (3);
}

static void
test_challenge (void)
{
  Try try;

  begin (&try, 0, "p\\\"w\\", "static-challenge \"Enter PIN\" 1\n", "ca.crt");
  g_assert_cmpint (receive (&try, NULL), ==, ADIT_WIRE_ASSIGNED);
  g_assert_cmpint (receive (&try, NULL), ==, ADIT_WIRE_RUNNING);
  close (try.socket);
  await_ends (&try);
}

static void
test_failures (void)
{
  Try try;

  begin (&try, 0, "wrong", "", "ca.crt");
  expect_failure (&try, ADIT_ERROR_CREDENTIAL_REFUSED, "user name and password");
  begin (&try, 1, "wrong", "", "ca.crt");
  expect_failure (&try, ADIT_ERROR_CREDENTIAL_REFUSED, "user name and password");

  begin (&try, 0, "p\"w\\", "verify-x509-name other.example name\n", "ca.crt");
  expect_failure (&try, ADIT_ERROR_SERVICE_UNTRUSTED, "another name");
  g_assert_cmpuint (try.last.failed.pause_s, >=, 1);
  begin (&try, 0, "p\"w\\", "", "other.crt");
  expect_failure (&try, ADIT_ERROR_SERVICE_UNTRUSTED, "does not end");
  begin (&try, 0, "p\"w\\", "data-ciphers AES-256-CBC\n", "ca.crt");
  expect_failure (&try, ADIT_ERROR_TUNNEL_FAILED, "no cipher that is allowed");
  begin (&try, 2, "p\"w\\", "", "ca.crt");    /* nobody listens there */
  expect_failure (&try, ADIT_ERROR_NO_HANDSHAKE, "cannot be reached");
  g_assert_cmpuint (try.last.failed.pause_s, >=, 1);
}

/* openvpn dies, the server goes away; the talk ends with a word about it. */
static void
test_ends (void)
{
  Try try;

  begin (&try, 0, "p\"w\\", "", "ca.crt");
  g_assert_cmpint (receive (&try, NULL), ==, ADIT_WIRE_ASSIGNED);
  g_assert_cmpint (receive (&try, NULL), ==, ADIT_WIRE_RUNNING);
  adit_process_kill (try.openvpn);
  expect_failure (&try, ADIT_ERROR_TUNNEL_FAILED, "ended by itself");

  begin (&try, 1, "p\"w\\", "", "ca.crt");
  g_assert_cmpint (receive (&try, NULL), ==, ADIT_WIRE_ASSIGNED);
  g_assert_cmpint (receive (&try, NULL), ==, ADIT_WIRE_RUNNING);
  kill (servers[1], SIGKILL);
  waitpid (servers[1], NULL, 0);
  expect_failure (&try, ADIT_ERROR_NO_HANDSHAKE, "cut");
}

/* The worker takes only what fits the profile, whatever it is asked. */
static void
test_other_server (void)
{
  for (guint i = 0; i < 4; i++)
    {
      Try try = { 0 };
      AditWireMessage message;
      int profile = make_profile ("", "ca.crt");

      try.worker = start_worker (&try.socket);
      make_request (&message, 0, "x");
      if (i == 0)
        message.request.openvpn.remote.port = 53;
      else if (i == 1)
        message.request.openvpn.over_tcp = 1;
      else if (i == 2)
        message.request.openvpn.remote_number = 4;
      else
        g_assert_true (adit_endpoint_parse ("192.0.2.9:3128", &message.request.openvpn.proxy));
      g_assert_true (adit_channel_send (try.socket, &message, &profile, 1, NULL));
      close (profile);
      g_assert_cmpint (receive (&try, NULL), ==, ADIT_WIRE_FAILED);
      g_assert_cmpint (try.last.failed.error, ==, ADIT_ERROR_WORKER_FAILED);
      while (adit_process_is_running (try.worker))
        g_main_context_iteration (NULL, TRUE);
      g_clear_object (&try.worker);
      close (try.socket);
    }
}

/* In openvpn's place somebody who says what he likes.  What comes of it is @code, and what he got to know is @told. */
static void
lie (const char *text, AditError code, gboolean told)
{
  int profile = make_profile ("", "ca.crt"), configuration = -1, ends[2];
  AditWireMessage message;
  char heard[4096] = "";
  gssize n, length = 0;
  Try try = { 0 };

  try.worker = start_worker (&try.socket);
  make_request (&message, 0, "very-secret");
  g_assert_true (adit_channel_send (try.socket, &message, &profile, 1, NULL));
  g_assert_cmpint (receive (&try, &configuration), ==, ADIT_WIRE_CONFIGURATION);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  adit_wire_begin (&message, ADIT_WIRE_MANAGEMENT, 42);
  g_assert_true (adit_channel_send (try.socket, &message, &ends[1], 1, NULL));
  try.before = ADIT_WIRE_MANAGEMENT;
  close (ends[1]);
  close (profile);
  close (configuration);

  g_assert_cmpint (send (ends[0], text, strlen (text), MSG_NOSIGNAL), ==, strlen (text));
  g_assert_cmpint (receive (&try, NULL), ==, ADIT_WIRE_FAILED);
  g_assert_cmpint (try.last.failed.error, ==, code);
  while ((n = recv (ends[0], heard + length, sizeof heard - 1 - (gsize) length, 0)) > 0)
    length += n;
  g_assert_true ((strstr (heard, "very-secret") != NULL) == told);
  g_assert_nonnull (strstr (heard, "signal SIGTERM\n"));
  while (adit_process_is_running (try.worker))
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&try.worker);
  close (ends[0]);
  close (try.socket);
}

static void
test_lies (void)
{
#define HOLD ">HOLD:Waiting for hold release:0\r\n"
#define UP(address, mtu) HOLD ">UPDOWN:UP\r\n>UPDOWN:ENV,ifconfig_local=" address "\r\n>UPDOWN:ENV,tun_mtu=" mtu \
                         "\r\n>UPDOWN:ENV,END\r\n"
  g_autofree char *endless = g_strnfill (20000, 'x');

  lie (UP ("127.0.0.1", "1500"), ADIT_ERROR_SERVICE_NONSENSE, FALSE);
  lie (UP ("224.0.0.1", "1500"), ADIT_ERROR_SERVICE_NONSENSE, FALSE);
  lie (UP ("$(reboot)", "1500"), ADIT_ERROR_SERVICE_NONSENSE, FALSE);
  lie (UP ("10.0.0.1", "65535"), ADIT_ERROR_SERVICE_NONSENSE, FALSE);
  lie (HOLD HOLD, ADIT_ERROR_TUNNEL_FAILED, FALSE);
  lie (HOLD ">STATE:1,CONNECTED,SUCCESS,10.0.0.1," SERVER ",1194,,\r\n", ADIT_ERROR_TUNNEL_FAILED, FALSE);
  lie (HOLD ">REMOTE:198.51.100.9,1194,udp\r\n", ADIT_ERROR_TUNNEL_FAILED, FALSE);
  lie (HOLD ">PASSWORD:Need 'HTTP Proxy' username/password\r\n", ADIT_ERROR_TUNNEL_FAILED, FALSE);
  lie (HOLD ">INFOMSG:WEB_AUTH::https://example.org/\r\n", ADIT_ERROR_SERVICE_REFUSED, FALSE);
  lie (endless, ADIT_ERROR_TUNNEL_FAILED, FALSE);
  /* What openvpn may ask for it gets, since it has to carry it to the server. */
  lie (HOLD ">PASSWORD:Need 'Auth' username/password\r\n>STATE:1,RECONNECTING,x,,,,,\r\n", ADIT_ERROR_TUNNEL_FAILED, TRUE);
}

static void
test_device (void)
{
  g_autofree char *said = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (adit_tun_make_for (DEVICE, USER_ID, &error));
  said = private_world_run (TRUE, "ip -d link show dev " DEVICE);
  g_assert_nonnull (strstr (said, "persist on"));
  g_assert_nonnull (strstr (said, "user " USER));
  g_assert_false (adit_tun_make_for (DEVICE, USER_ID, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
  private_world_do ("ip link del " DEVICE);
}

int
main (int argc, char **argv)
{
  int status;

  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
  if (access (OPENVPN, X_OK) != 0)
    {
      g_printerr ("SKIP: needs openvpn\n");
      return PRIVATE_WORLD_SKIP;
    }
  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (g_getenv ("ADIT_WORKER"));
  make_internet ();
  g_test_add_func ("/openvpn/device", test_device);
  g_test_add_func ("/openvpn/udp", test_udp);
  g_test_add_func ("/openvpn/tcp", test_tcp);
  g_test_add_func ("/openvpn/ipv6", test_ipv6);
  g_test_add_func ("/openvpn/challenge", test_challenge);
  g_test_add_func ("/openvpn/failures", test_failures);
  g_test_add_func ("/openvpn/other-server", test_other_server);
  g_test_add_func ("/openvpn/lies", test_lies);
  g_test_add_func ("/openvpn/ends", test_ends);
  status = g_test_run ();
  kill (servers[0], SIGTERM);
  return status;
}
