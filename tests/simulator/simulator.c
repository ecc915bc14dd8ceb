/* SPDX-License-Identifier: GPL-2.0-or-later */
/* simulator.c: a VPN service's HTTPS API, from the public description of it, and a resolver's; with faults on request.
 * usage: adit-simulator [--service NAME] [--address ADDRESS]... PORT CERTIFICATE.pem KEY.pem CONTROL-FILE EXIT-KEY
 *
 * EXIT-KEY may be two, with a comma between them: then Mullvad has a second relay, which the other one is reached by.
 * NAME is mullvad, if not said, or ivpn, mysterium or ovpn (known.h has who is a customer); or reports, which is no VPN service
 * but a server for crash reports (service-reports.c has what it makes of EXIT-KEY).  Several services share a computer when each
 * is started with addresses of its own.
 * PORT 0 takes a free one and says "listening PORT".  Else standard output says "peer add KEY ADDRESSES" and "peer remove KEY":
 * what the exit has to know.  "METHOD PATH STATUS" of each request goes to the file that ADIT_SIMULATOR_LOG names, or to
 * standard error.  CONTROL-FILE holds faults, a line each: NAME [NUMBER] [PATH], such as "slow 3000" or "html /app/v1/relays"
 * (see fault.c):
 * of whole answers:
 *   slow [MS]         the answer waits, 30 s if not said
 *   html, half, big   200 with a web page, with half a JSON text, with 50 MB of blanks
 *   deep [N]          200 with arrays in arrays, 100000 if not said
 *   empty             204
 *   cut               the connection ends after half of what Content-Length promised
 *   refuse            the connection ends at once
 *   lost              what was asked for is done, and the connection ends before the answer
 *   error [STATUS]    500, if not said
 *   throttle [S]      429 and Retry-After, 60 s if not said
 *   redirect [STATUS] 302, if not said, to another host
 *   portal            511 with the web page of a hotel
 *   ahead             its clock is an hour ahead
 * of lists:
 *   many [N]          so many entries, 20000 if not said
 *   partial           every second entry has one member only
 *   negative-port, big-port, zero-port    all ports are -1, 65979, 0
 *   short-key, long-key, text-key         all keys have 31 bytes, 33 bytes, are lines of a file
 *   new-keys          all keys are another one, KNOWN_NOBODY_KEY
 *   hostile-names     all names are meant to hurt
 * of customers:
 *   revoke            when it appears, all devices are removed
 *   expired           the account ended yesterday
 *   token-expired     no token is good;  short-token MS: new ones are good for so long only
 * of one service: what its file says
 * of the resolver:
 *   dns-other, dns-nonsense, dns-no-name, dns-loop    the resolver answers about another name, with no records, that there is
 *                     none, with an alias of an alias of itself
 *   dns-private, dns-mixed    with an address at home, alone or beside a public one
 * A server that knows TLS 1.2 only is this one with G_TLS_GNUTLS_PRIORITY=NORMAL:-VERS-TLS1.3 in its environment. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <libsoup/soup.h>

#include "tests/simulator/book.h"
#include "tests/simulator/fault.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"
#include "tests/simulator/resolver.h"
#include "tests/simulator/service.h"
#include "tests/simulator/wrong.h"

#define SLOW_MS    30000
#define CONTROL_MS 20         /* how soon "revoke" is seen without any request */
#define AHEAD_S    3600
#define KEEP_S     3          /* a connection that says nothing is asked after so many seconds, and so often */

static const Service *const services[] = { &service_mullvad, &service_ivpn, &service_mysterium, &service_ovpn,
                                         &service_reports };
static const Service *service = &service_mullvad;
static GTlsCertificate *certificate;
static FILE *request_log;

static gboolean
watch_for_revoke (gpointer user_data)
{
  static gboolean was_on;
  gboolean on = fault_is_on ("revoke", NULL, NULL);

  if (on && !was_on)
    book_remove_devices ();
  was_on = on;
  return G_SOURCE_CONTINUE;
}

static gboolean
go_on (gpointer user_data)
{
  g_object_set_data (user_data, "timer", NULL);
  soup_server_message_unpause (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_disconnected (SoupServerMessage *message, gpointer user_data)
{
  guint timer = GPOINTER_TO_UINT (g_object_steal_data (G_OBJECT (message), "timer"));

  if (timer != 0)
    g_source_remove (timer);
}

static void
hold_back (SoupServerMessage *message, guint wait_ms)
{
  guint timer = g_timeout_add_full (G_PRIORITY_DEFAULT, wait_ms, go_on, g_object_ref (message), g_object_unref);

  g_object_set_data (G_OBJECT (message), "timer", GUINT_TO_POINTER (timer));
  g_signal_connect (message, "disconnected", G_CALLBACK (on_disconnected), NULL);
  soup_server_message_pause (message);
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  g_autofree char *logged_path = service->dup_loggable_path (request_get_path (message)),
                  *method = g_strdup (soup_server_message_get_method (message));
  guint wait_ms = SLOW_MS;
  gboolean slow = fault_is_on ("slow", request_get_path (message), &wait_ms);
  g_autoptr (SoupServerMessage) kept = g_object_ref (message);    /* hanging up ends it */
  const char *wrong;

  watch_for_revoke (NULL);
  if (request_has_fault (message, "ahead"))
    reply_tell_time (message, reply_get_now_s () + AHEAD_S);
  wrong = wrong_answer (service, message);
  if (wrong != NULL && *wrong != '\0')
    {
      fprintf (request_log, "%s %s %s\n", method, logged_path, wrong);
      return;
    }
  if (wrong == NULL && g_str_equal (request_get_path (message), RESOLVER_PATH))
    resolver_handle (message);
  else if (wrong == NULL)
    service->handle (message);
  if (wrong_lose_answer (message))
    {
      fprintf (request_log, "%s %s lost\n", method, logged_path);
      return;
    }
  fprintf (request_log, "%s %s %u\n", method, logged_path, soup_server_message_get_status (message));
  if (slow)
    hold_back (message, wait_ms);
}

/* A client that was killed behind its lock cannot say that it has gone.  Kept for ever, thousands of such connections leave no
 * thread for the handshake of a new one. */
static void
give_up_soon (GSocket *socket)
{
  g_socket_set_keepalive (socket, TRUE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPIDLE, KEEP_S, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPINTVL, 1, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPCNT, KEEP_S, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 2 * KEEP_S * 1000, NULL);
}

/* libsoup's own listener would have no place for "refuse". */
static gboolean
on_incoming (GSocketService *listener, GSocketConnection *connection, GObject *source, SoupServer *server)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autoptr (GIOStream) stream = NULL;

  give_up_soon (g_socket_connection_get_socket (connection));
  if (fault_is_on ("refuse", NULL, NULL))
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  else if ((stream = g_tls_server_connection_new (G_IO_STREAM (connection), certificate, NULL)) != NULL)
    soup_server_accept_iostream (server, stream, local, remote, NULL);
  return TRUE;
}

static gboolean
choose_service (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (services); i++)
    if (g_str_equal (services[i]->name, name))
      {
        service = services[i];
        return TRUE;
      }
  return name == NULL;
}

/* One that listens everywhere does not keep others from addresses of their own, which the kernel prefers.  That is said before
 * binding, where g_socket_bind() would take it back. */
static gboolean
listen_on (GSocketListener *listener, GSocketAddress *address, GError **error)
{
  struct sockaddr_storage native;
  gssize size = g_socket_address_get_native_size (address);
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                             error);

  if (socket == NULL || !g_socket_address_to_native (address, &native, sizeof native, error)
      || !g_socket_set_option (socket, SOL_SOCKET, SO_REUSEADDR, 1, error)
      || !g_socket_set_option (socket, SOL_SOCKET, SO_REUSEPORT, 1, error))
    return FALSE;
  if (bind (g_socket_get_fd (socket), (struct sockaddr *) &native, (socklen_t) size) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot listen: %s", g_strerror (errno));
      return FALSE;
    }
  return g_socket_listen (socket, error) && g_socket_listener_add_socket (listener, socket, NULL, error);
}

static gboolean
listen_at (GSocketListener *listener, const char *const *hosts, const char *port_text, GError **error)
{
  guint64 port;

  if (!g_ascii_string_to_unsigned (port_text, 10, 0, G_MAXUINT16, &port, error))
    return FALSE;
  if (port == 0)
    {
      port = g_socket_listener_add_any_inet_port (listener, NULL, error);
      if (port != 0)
        g_print ("listening %u\n", (guint) port);
      return port != 0;
    }
  for (guint i = 0; hosts[i] != NULL; i++)
    {
      g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (hosts[i], (guint) port);

      if (address == NULL)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is no address", hosts[i]);
      if (address == NULL || !listen_on (listener, address, error))
        return FALSE;
    }
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GSocketService) listener = g_socket_service_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_auto (GStrv) hosts = NULL;
  static const char *const everywhere[] = { "::", NULL };
  const GOptionEntry options[] = {
    { "service", 0, 0, G_OPTION_ARG_STRING, &name, "Whose API it is", "NAME" },
    { "address", 0, 0, G_OPTION_ARG_STRING_ARRAY, &hosts, "Where it listens, if not everywhere", "ADDRESS" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("PORT CERTIFICATE.pem KEY.pem CONTROL-FILE EXIT-KEY");
  const char *log_name = g_getenv ("ADIT_SIMULATOR_LOG");

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 6 || !choose_service (name))
    {
      g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

      g_printerr ("%s", help);
      return 2;
    }
  fault_set_file (argv[4]);
  setvbuf (stdout, NULL, _IOLBF, 0);
  request_log = log_name != NULL ? fopen (log_name, "ae") : stderr;
  if (request_log == NULL)
    {
      g_printerr ("adit-simulator: cannot write to %s\n", log_name);
      return 1;
    }
  setvbuf (request_log, NULL, _IOLBF, 0);
  certificate = g_tls_certificate_new_from_files (argv[2], argv[3], &error);
  if (certificate == NULL || !listen_at (G_SOCKET_LISTENER (listener), hosts != NULL ? (const char *const *) hosts : everywhere,
                                          argv[1], &error))
    {
      g_printerr ("adit-simulator: %s\n", error->message);
      return 1;
    }
  service->open (argv[5]);
  soup_server_add_handler (server, NULL, on_request, NULL, NULL);
  g_signal_connect (listener, "incoming", G_CALLBACK (on_incoming), server);
  g_timeout_add (CONTROL_MS, watch_for_revoke, NULL);
  g_main_loop_run (loop);
  return 0;
}
