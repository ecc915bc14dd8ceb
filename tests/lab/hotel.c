/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hotel.c: a web server and a simulator on the router, and rules that lead everybody there. */
#include "tests/lab/hotel.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/lab/lab.h"

#define ROUTER "10.10.0.1"
#define PKI    "/run/lab/portal"

static void
run (const char *space, const char *line)
{
  g_autoptr (GError) error = NULL;

  if (!adit_lab_run_line (space, line, &error))
    g_error ("%s: %s", line, error->message);
}

/* A server that knows no TLS says so in its own language. */
static gpointer
answer_in_text (gpointer data)
{
  static const char page[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nThis is a web page of the hotel.";
  char hello[4096];

  for (;;)
    {
      int connection = accept4 (GPOINTER_TO_INT (data), NULL, NULL, SOCK_CLOEXEC);

      if (connection < 0)
        return NULL;
      if (read (connection, hello, sizeof hello) > 0)
        (void) send (connection, page, sizeof page - 1, MSG_NOSIGNAL);
      close (connection);
    }
}

static void
start_text (void)
{
  struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons (8080) };
  g_autoptr (GError) error = NULL;
  int listener, back;

  g_assert_true (adit_lab_switch ("router", &back, &error));
  listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (listener, (struct sockaddr *) &here, sizeof here), ==, 0);
  g_assert_cmpint (listen (listener, 8), ==, 0);
  adit_lab_switch_back (back);
  g_thread_unref (g_thread_new ("text", answer_in_text, GINT_TO_POINTER (listener)));
}

/**
 * hotel_start:
 *
 * In a world that has been made: the router has a page, and is somebody else's service, with TLS and without.
 */
void
hotel_start (void)
{
  static const char certificate[] = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
                                    " -subj '/CN=hotel.example' -addext 'subjectAltName=DNS:api.mullvad.net'"
                                    " -keyout " PKI ".key -out " PKI ".pem";
  const char *const pages[] = { g_getenv ("ADIT_LAB_WEB_SERVER"), "80", NULL };
  const char *const own[] = { g_getenv ("ADIT_SIMULATOR"), "8443", PKI ".pem", PKI ".key", "/dev/null", "none", NULL };
  g_autoptr (GError) error = NULL;
  int fd;

  run (NULL, certificate);
  start_text ();
  if (adit_lab_spawn ("router", 0, pages, &error) == 0 || adit_lab_spawn_logged ("router", 0, own, PKI ".log", &fd, &error) == 0)
    g_error ("%s", error->message);
  run ("router", "timeout 10 sh -c 'until curl -sk -o /dev/null https://" ROUTER ":8443/ && curl -s -o /dev/null http://"
                       ROUTER "/; do sleep 0.05; done'");
}

/**
 * hotel_shut:
 * @knows_tls: whether who answers in everybody's place has a certificate of its own, or does not even know TLS
 *
 * Nothing goes through any more, and whoever calls a web server gets the router's.
 */
void
hotel_shut (gboolean knows_tls)
{
  g_autofree char *line = g_strdup_printf ("nft 'table inet hotel { chain shut { type filter hook forward priority 0; iifname"
                                           " br-lan drop; }; chain instead { type nat hook prerouting priority -100;"
                                           " iifname != br-lan accept; ip daddr 10.10.0.0/24 accept;"
                                           " tcp dport 443 dnat ip to " ROUTER ":%s;"
                                           " tcp dport 80 dnat ip to " ROUTER ":80; }; }'",
                                           knows_tls ? "8443" : "8080");

  run ("router", line);
}

/**
 * hotel_let_through:
 *
 * Somebody has seen the page.
 */
void
hotel_let_through (void)
{
  run ("router", "nft delete table inet hotel");
}
