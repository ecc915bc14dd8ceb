/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world-ask.c: asks the computer: by the command line, the web, its resolver and ping; and reads what was logged. */
#include "config.h"
#include "tests/lab/world-private.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* "adit LINE" on the client, as @uid, with @environment ("NAME=value") beside the usual one. */
static GSubprocess *
start_adit (AditWorld *self, guint uid, const char *const *environment, const char *input, const char *line,
            GSubprocessFlags flags, GError **error)
{
  /* A file, not a pipe: a program that ends without reading would break the pipe under whoever is still writing. */
  int input_fd = memfd_create ("input", MFD_CLOEXEC);
  g_autofree char *command = g_strdup_printf ("timeout 90 %s %s", adit_world_get_program ("ADIT_PROGRAM"), line);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_auto (GStrv) argv = NULL;

  if (input_fd < 0 || pwrite (input_fd, input, strlen (input), 0) != (gssize) strlen (input))
    g_error ("no memory for the input of adit: %s", g_strerror (errno));
  g_subprocess_launcher_take_stdin_fd (launcher, input_fd);
  if (!g_shell_parse_argv (command, NULL, &argv, error))
    return NULL;
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "ADIT_DEBUG");
  g_subprocess_launcher_unsetenv (launcher, "SSH_CONNECTION");    /* of whoever runs the tests */
  for (guint i = 0; environment != NULL && environment[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (environment[i], "=", 2);

      g_subprocess_launcher_setenv (launcher, pair[0], pair[1], TRUE);
    }
  return adit_world_spawn (self, uid, launcher, (const char *const *) argv, error);
}

/**
 * adit_world_start_adit:
 * @self: the world
 * @line: what root types behind "adit"
 * @error: return location
 *
 * Starts the command line on the client and does not wait for it; its output is dropped.
 *
 * Returns: (transfer full) (nullable): the process
 */
GSubprocess *
adit_world_start_adit (AditWorld *self, const char *line, GError **error)
{
  return start_adit (self, 0, NULL, "", line, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, error);
}

/* What it said and how it ended; takes @process. */
static AditLabResult *
collect (GSubprocess *process, const char *what, GError *start_error)
{
  g_autoptr (GSubprocess) taken = process;
  g_autoptr (GError) error = start_error;
  AditLabResult *result = g_new0 (AditLabResult, 1);

  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &result->out, &result->err, &error))
    g_error ("%s: %s", what, error->message);
  result->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : 128;
  return result;
}

/**
 * adit_world_adit_with:
 * @self: the world
 * @uid: who types it
 * @environment: (nullable): "NAME=value" of each variable that is set before
 * @input: (nullable): its standard input
 * @line: what is typed behind "adit"
 *
 * As adit_world_adit().
 *
 * Returns: (transfer full): what it said and how it ended
 */
AditLabResult *
adit_world_adit_with (AditWorld *self, guint uid, const char *const *environment, const char *input, const char *line)
{
  GError *error = NULL;
  GSubprocess *process = start_adit (self, uid, environment, input != NULL ? input : "", line,
                                     G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);

  return collect (process, line, error);
}

/**
 * adit_world_run:
 * @self: the world
 * @uid: as whom; Alice's programs are in her session
 * @argv: program and arguments
 *
 * Returns: (transfer full): what it said and how it ended
 */
AditLabResult *
adit_world_run (AditWorld *self, guint uid, const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  GError *error = NULL;
  GSubprocess *process = adit_world_spawn (self, uid, launcher, argv, &error);

  return collect (process, argv[0], error);
}

/**
 * adit_world_adit:
 * @self: the world
 * @uid: who types it
 * @input: (nullable): its standard input
 * @line: what is typed behind "adit", quoted as in a shell; no shell runs
 *
 * Runs the command line on the client, for at most 90 seconds.
 *
 * Returns: (transfer full): what it said and how it ended
 */
AditLabResult *
adit_world_adit (AditWorld *self, guint uid, const char *input, const char *line)
{
  return adit_world_adit_with (self, uid, NULL, input, line);
}

/**
 * adit_world_get_state:
 * @self: the world
 *
 * Returns: (transfer full): the state's nick, "" without a helper
 */
char *
adit_world_get_state (AditWorld *self)
{
  g_autoptr (AditLabResult) result = adit_world_adit (self, 0, NULL, "status --json");
  json_t *object = json_loads (result->out, 0, NULL);
  const char *state = json_string_value (json_object_get (object, "state"));
  char *copy = g_strdup (state != NULL ? state : "");

  if (state == NULL)
    g_printerr ("adit status ended with %d: %s%s\n", result->status, result->out, result->err);
  json_decref (object);
  return copy;
}

/**
 * adit_world_wait_state:
 * @self: the world
 * @state: a state's nick
 * @max_ms: how long at the most
 *
 * Returns: whether the helper got there in time
 */
gboolean
adit_world_wait_state (AditWorld *self, const char *state, guint max_ms)
{
  gint64 end = g_get_monotonic_time () + max_ms * 1000L;

  do
    {
      g_autofree char *now = adit_world_get_state (self);

      if (g_str_equal (now, state))
        return TRUE;
      g_usleep (20000);
    }
  while (g_get_monotonic_time () < end);
  return FALSE;
}

/**
 * adit_world_ask_web:
 * @self: the world
 * @ipv6: by which family
 *
 * Returns: (transfer full): the address that the web server saw; "" if it could not be reached within two seconds
 */
char *
adit_world_ask_web (AditWorld *self, gboolean ipv6)
{
  static const char request[] = "GET / HTTP/1.0\r\nHost: web.example\r\n\r\n";
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new_from_string (ipv6 ? "2001:db8:ff::80" : ADIT_LAB_WEB_ADDRESS, 80);
  g_autoptr (GSocket) socket = NULL;
  char answer[4096] = "";
  gsize length = 0;
  gssize got = 1;
  const char *body;
  int back;

  if (!adit_lab_switch ("client", &back, NULL))
    return g_strdup ("");
  socket = g_socket_new (g_socket_address_get_family (to), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_socket_set_timeout (socket, 2);
  if (g_socket_connect (socket, to, NULL, NULL) && g_socket_send (socket, request, strlen (request), NULL, NULL) > 0)
    while (got > 0 && length < sizeof answer - 1)
      {
        got = g_socket_receive (socket, answer + length, sizeof answer - 1 - length, NULL, NULL);
        length += got > 0 ? (gsize) got : 0;
      }
  adit_lab_switch_back (back);
  body = strstr (answer, "\r\n\r\n");
  return g_strdup (body != NULL ? body + 4 : "");
}

/**
 * adit_world_look_up:
 * @self: the world
 * @name: a name
 *
 * Asks as any program does: by the computer's own resolver.
 *
 * Returns: (transfer full): the answer's first line, "" for none
 */
char *
adit_world_look_up (AditWorld *self, const char *name)
{
  const char *const argv[] = { "getent", "ahostsv4", name, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 10000, argv, NULL);
  char *end = result != NULL ? strchr (result->out, '\n') : NULL;

  if (end != NULL)
    *end = '\0';
  return g_strdup (result != NULL && result->status == 0 ? result->out : "");
}

/**
 * adit_world_ping:
 * @self: the world
 * @address: an IPv4 address
 * @max_ms: how long at the most
 *
 * Sends an ICMP echo every two milliseconds until one is answered.
 *
 * Returns: whether one was
 */
gboolean
adit_world_ping (AditWorld *self, const char *address, guint max_ms)
{
  struct sockaddr_in to = { .sin_family = AF_INET };
  gint64 end = g_get_monotonic_time () + max_ms * 1000L;
  gboolean answered = FALSE;
  guint16 sequence = 0;
  int back, fd;

  inet_pton (AF_INET, address, &to.sin_addr);
  if (!adit_lab_switch ("client", &back, NULL))
    return FALSE;
  fd = socket (AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMP);
  adit_lab_switch_back (back);
  while (fd >= 0 && !answered && g_get_monotonic_time () < end)
    {
      struct icmphdr echo = { .type = ICMP_ECHO, .un.echo = { .id = 4711, .sequence = ++sequence } };
      guint32 sum = 0;
      guint8 packet[256];
      gssize got;

      for (gsize i = 0; i < sizeof echo / 2; i++)
        sum += ((guint16 *) &echo)[i];
      echo.checksum = (guint16) ~((sum & 0xffff) + (sum >> 16));
      (void) sendto (fd, &echo, sizeof echo, 0, (struct sockaddr *) &to, sizeof to);
      g_usleep (2000);
      while ((got = recv (fd, packet, sizeof packet, 0)) > 0)
        answered = answered || (got >= 28 && packet[20] == ICMP_ECHOREPLY && memcmp (packet + 12, &to.sin_addr, 4) == 0);
    }
  if (fd >= 0)
    close (fd);
  return answered;
}

/**
 * adit_world_dup_dns_log:
 * @self: the world
 *
 * Returns: (transfer full): what the DNS servers were asked since the last call, a line a question: server, asker, name, type
 */
char *
adit_world_dup_dns_log (AditWorld *self)
{
  g_autofree char *text = NULL;
  char *copy;

  if (!g_file_get_contents (ADIT_WORLD_DNS_LOG, &text, NULL, NULL))
    return g_strdup ("");
  copy = g_steal_pointer (&text);
  if (truncate (ADIT_WORLD_DNS_LOG, 0) != 0)
    g_printerr ("lab: %s: %s\n", ADIT_WORLD_DNS_LOG, g_strerror (errno));
  return copy;
}

/**
 * adit_world_dup_log:
 * @self: the world
 *
 * Returns: (transfer full): what helper, workers and servers have said so far
 */
char *
adit_world_dup_log (AditWorld *self)
{
  char *text = NULL;

  return g_file_get_contents (ADIT_WORLD_LOG, &text, NULL, NULL) ? text : g_strdup ("");
}

static int
compare_lines (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/**
 * adit_world_dup_picture:
 * @self: the world
 *
 * Returns: (transfer full): the client's rules, routes, addresses, tables and kernel settings, in an order that does not change
 */
char *
adit_world_dup_picture (AditWorld *self)
{
  static const char *const lines[] = {
    "ip -4 rule", "ip -6 rule", "ip -4 route show table all", "ip -6 route show table all", "ip -o addr", "nft list tables",
    "sysctl -a -r ^net\\.ipv[46]\\.conf\\.(all|default|eth0|lo)\\.",
  };
  GString *picture = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (GStrv) argv = g_strsplit (lines[i], " ", -1), words = NULL;
      g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 10000, (const char *const *) argv, NULL);
      g_autofree char *text = NULL;

      g_assert_cmpint (result->status, ==, 0);
      words = g_strsplit (result->out, "\n", -1);
      qsort (words, g_strv_length (words), sizeof *words, compare_lines);
      text = g_strjoinv ("\n", words);
      g_string_append (picture, text);
    }
  return g_string_free (picture, FALSE);
}
