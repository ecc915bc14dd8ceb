/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tls-front.c: speaks TLS for a server that cannot, and that listens in a namespace where nothing else is.
 * usage: lab-tls-front ADDRESS PORT CERTIFICATE.pem KEY.pem NAMESPACE TO-PORT: in front of 127.0.0.1:TO-PORT there */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>
#include <gio/gio.h>

static GTlsCertificate *certificate;
static guint16 to_port;

static gpointer
carry_back (gpointer data)
{
  GIOStream **pair = data;

  g_output_stream_splice (g_io_stream_get_output_stream (pair[1]), g_io_stream_get_input_stream (pair[0]),
                          G_OUTPUT_STREAM_SPLICE_NONE, NULL, NULL);
  g_io_stream_close (pair[1], NULL, NULL);
  return NULL;
}

/* One thread a connection, and one more for the way back. */
static gboolean
on_run (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  g_autoptr (GIOStream) outer = g_tls_server_connection_new (G_IO_STREAM (connection), certificate, NULL), inner = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GIOStream *pair[2];
  GThread *back;

  if (outer == NULL || !g_tls_connection_handshake (G_TLS_CONNECTION (outer), NULL, NULL))
    return TRUE;
  inner = G_IO_STREAM (g_socket_client_connect_to_host (client, "127.0.0.1", to_port, NULL, NULL));
  if (inner == NULL)
    return TRUE;
  pair[0] = inner;
  pair[1] = outer;
  back = g_thread_new ("back", carry_back, pair);
  g_output_stream_splice (g_io_stream_get_output_stream (inner), g_io_stream_get_input_stream (outer), G_OUTPUT_STREAM_SPLICE_NONE,
                          NULL, NULL);
  g_io_stream_close (inner, NULL, NULL);
  g_thread_join (back);
  return TRUE;
}

/* The socket stays where it was made; what is made from now on, is made in the other namespace. */
static gboolean
enter (const char *name)
{
  g_autofree char *path = g_build_filename ("/run/netns", name, NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean entered = fd >= 0 && setns (fd, CLONE_NEWNET) == 0;

  if (!entered)
    g_printerr ("lab-tls-front: %s: %s\n", path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return entered;
}

int
main (int argc, char **argv)
{
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (16);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;
  guint64 port, to;

  if (argc != 7 || !g_ascii_string_to_unsigned (argv[2], 10, 1, G_MAXUINT16, &port, NULL)
      || !g_ascii_string_to_unsigned (argv[6], 10, 1, G_MAXUINT16, &to, NULL)
      || (address = g_inet_socket_address_new_from_string (argv[1], (guint) port)) == NULL)
    {
      g_printerr ("usage: lab-tls-front ADDRESS PORT CERTIFICATE.pem KEY.pem NAMESPACE TO-PORT\n");
      return 2;
    }
  to_port = (guint16) to;
  certificate = g_tls_certificate_new_from_files (argv[3], argv[4], &error);
  if (certificate == NULL
      || !g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, NULL,
                                         &error))
    {
      g_printerr ("lab-tls-front: %s\n", error->message);
      return 1;
    }
  if (!enter (argv[5]))
    return 1;
  g_signal_connect (service, "run", G_CALLBACK (on_run), NULL);
  g_main_loop_run (loop);
  return 0;
}
