/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-captive.c: a network whose router lets nobody through before they have seen its page, and answers in everybody's place
 * meanwhile.  A locked computer says so, shows the page to one program, and goes on by itself when it is let through. */
#include "tests/lab/diagnosis.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/lab/links.h"

#define ROUTER "10.10.0.1"
#define PAGE   "/run/lab/page"
#define PKI    "/run/lab/portal"
#define STAYS_MS 20000    /* another try is under way then */
#define BACK_MS  60000

#define SENTENCE "Something in this network answers in place of the service."

static AditWorld *world;

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

static void
start_portal (void)
{
  static const char certificate[] = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
                                    " -subj '/CN=hotel.example' -addext 'subjectAltName=DNS:api.mullvad.net'"
                                    " -keyout " PKI ".key -out " PKI ".pem";
  const char *const pages[] = { g_getenv ("ADIT_LAB_WEB_SERVER"), "80", NULL };
  const char *const own[] = { g_getenv ("ADIT_SIMULATOR"), "8443", PKI ".pem", PKI ".key", "/dev/null", "none", NULL };
  g_autoptr (GError) error = NULL;
  int fd;

  links_run (NULL, certificate);
  if (adit_lab_spawn ("router", 0, pages, &error) == 0 || adit_lab_spawn_logged ("router", 0, own, PKI ".log", &fd, &error) == 0)
    g_error ("%s", error->message);
  links_run ("router", "timeout 10 sh -c 'until curl -sk -o /dev/null https://" ROUTER ":8443/ && curl -s -o /dev/null http://"
                       ROUTER "/; do sleep 0.05; done'");
}

/* Nothing goes through, and whoever calls a web server gets the router's: over TLS the one with a certificate of its own, or one
 * that does not even know TLS. */
static void
shut (gboolean knows_tls)
{
  g_autofree char *line = g_strdup_printf ("nft 'table inet hotel { chain shut { type filter hook forward priority 0; iifname"
                                           " br-lan drop; }; chain instead { type nat hook prerouting priority -100;"
                                           " iifname != br-lan accept; ip daddr 10.10.0.0/24 accept;"
                                           " tcp dport 443 dnat ip to " ROUTER ":%s;"
                                           " tcp dport 80 dnat ip to " ROUTER ":80; }; }'",
                                           knows_tls ? "8443" : "8080");

  links_run ("router", line);
}

static void
let_through (void)
{
  links_run ("router", "nft delete table inet hotel");
}

static void
expect_told (void)
{
  g_autoptr (AditLabResult) status = NULL;

  diagnosis_expect (world, "service-blocked", SENTENCE);
  diagnosis_expect_notice (world, "captive-portal", TRUE);
  status = adit_world_adit (world, 0, NULL, "status");
  if (strstr (status->out, "adit portal") == NULL || strstr (status->out, "show yourself on a page of its own") == NULL)
    {
      g_printerr ("%s\n", status->out);
      links_fail (world, "no way out is told");
    }
  adit_world_expect_web (world, "");
}

/* It goes on to be tried, and what was learned is not forgotten meanwhile. */
static void
expect_stays_told (void)
{
  gint64 end_us = g_get_monotonic_time () + STAYS_MS * 1000;

  while (g_get_monotonic_time () < end_us)
    {
      diagnosis_expect_at_once (world, "service-blocked");
      diagnosis_expect_notice (world, "captive-portal", TRUE);
      g_usleep (200000);
    }
}

/* The page, then the way out, by itself. */
static void
sign_in_to_network (void)
{
  g_autoptr (AditLabResult) shown = NULL;
  g_autofree char *text = NULL;

  links_run (NULL, "rm -f " PAGE);
  shown = adit_world_adit (world, 0, NULL, "portal -- curl -s -m 10 -o " PAGE);
  if (shown->status != 0 || !g_file_get_contents (PAGE, &text, NULL, NULL) || !g_str_equal (text, "10.10.0.2"))
    {
      g_printerr ("%d %s %s\n", shown->status, shown->out, shown->err);
      links_fail (world, "the page is not seen");
    }
  let_through ();
  if (!adit_world_wait_state (world, "connected", BACK_MS))
    links_fail (world, "it does not go on");
  diagnosis_expect_well (world);
  diagnosis_expect_notice (world, "captive-portal", FALSE);
}

static void
test_certificate (void)
{
  shut (TRUE);
  adit_world_expect (world, 0, NULL, "connect se", 0);
  expect_told ();
  expect_stays_told ();
  sign_in_to_network ();
}

static void
test_no_tls (void)
{
  shut (FALSE);
  adit_world_expect (world, 0, NULL, "connect se", 0);
  expect_told ();
  sign_in_to_network ();
}

/* The other half: a network that lets the same packets fall, and answers in nobody's place, is not called one. */
static void
test_nobody_answers (void)
{
  diagnosis_let_fall ("router", "iifname br-lan drop");
  adit_world_expect (world, 0, NULL, "connect se", 0);
  diagnosis_expect (world, "udp-blocked", NULL);
  diagnosis_expect_notice (world, "captive-portal", FALSE);
  diagnosis_let_fall ("router", NULL);
  adit_world_expect (world, 0, NULL, "connect se --wait", 0);
  diagnosis_expect_well (world);
}

int
main (int argc, char **argv)
{
  int failed;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  if (mount ("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL) != 0)
    {
      g_printerr ("SKIP: no control groups: %s\n", g_strerror (errno));
      return ADIT_LAB_SKIP;
    }
  world = links_new_world (ADIT_WORLD_PLAIN);
  start_portal ();
  start_text ();
  g_test_add_func ("/captive/certificate", test_certificate);
  g_test_add_func ("/captive/no-tls", test_no_tls);
  g_test_add_func ("/captive/nobody-answers", test_nobody_answers);
  failed = g_test_run ();
  adit_world_free (world);
  return failed;
}
