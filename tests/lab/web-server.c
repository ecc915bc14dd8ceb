/* SPDX-License-Identifier: GPL-2.0-or-later */
/* web-server.c: answers every request with the address that it comes from.  usage: lab-web-server PORT */
#include <libsoup/soup.h>

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  GSocketAddress *peer = soup_server_message_get_remote_address (message);
  g_autofree char *text = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (peer)));

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, text, strlen (text));
}

int
main (int argc, char **argv)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  guint64 port;

  if (argc != 2 || !g_ascii_string_to_unsigned (argv[1], 10, 1, G_MAXUINT16, &port, &error))
    {
      g_printerr ("usage: lab-web-server PORT\n");
      return 2;
    }
  soup_server_add_handler (server, NULL, on_request, NULL, NULL);
  if (!soup_server_listen_all (server, (guint) port, 0, &error))
    {
      g_printerr ("lab-web-server: %s\n", error->message);
      return 1;
    }
  g_main_loop_run (loop);
  return 0;
}
