/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-doh.c: a question in RFC 8484's form, what counts as its answer, and where the system's roots are. */
#include "client/provider/doh.h"

#include <string.h>

#define TYPE "application/dns-message"

static void
test_request (void)
{
  g_auto (AditHttpRequest) http = { 0 };
  gsize length;

  adit_doh_fill_request (&http, "dns.example.net", (const guint8 *) "a\0b", 3, 512);
  g_assert_cmpint (http.method, ==, ADIT_HTTP_POST);
  g_assert_cmpstr (http.host, ==, "dns.example.net");
  g_assert_cmpstr (http.path, ==, "/dns-query");
  g_assert_cmpstr (http.headers[0], ==, "Content-Type: " TYPE);
  g_assert_cmpstr (http.headers[1], ==, "Accept: " TYPE);
  g_assert_null (http.headers[2]);
  g_assert_null (http.bearer);
  g_assert_cmpmem (adit_secret_peek (http.body, &length), 3, "a\0b", 3);
  g_assert_cmpuint (length, ==, 3);
  g_assert_cmpuint (http.answer_max_bytes, ==, 512);
}

static void
test_answer (void)
{
  static const struct { guint status; const char *type; int error; } rows[] = {
    { 200, TYPE, -1 }, { 200, "Application/DNS-Message", -1 }, { 200, TYPE "; charset=x", -1 }, { 200, TYPE " ;a=b", -1 },
    { 200, "", ADIT_ERROR_SERVICE_NONSENSE }, { 200, "text/html", ADIT_ERROR_SERVICE_NONSENSE },
    { 200, "application/dns-json", ADIT_ERROR_SERVICE_NONSENSE }, { 200, TYPE "s", ADIT_ERROR_SERVICE_NONSENSE },
    { 200, "application/dns", ADIT_ERROR_SERVICE_NONSENSE }, { 204, TYPE, ADIT_ERROR_SERVICE_NONSENSE },
    { 302, TYPE, ADIT_ERROR_SERVICE_NONSENSE }, { 404, TYPE, ADIT_ERROR_SERVICE_NONSENSE },
    { 429, TYPE, ADIT_ERROR_SERVICE_UNREACHABLE }, { 500, TYPE, ADIT_ERROR_SERVICE_UNREACHABLE },
    { 503, "text/html", ADIT_ERROR_SERVICE_UNREACHABLE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditHttpAnswer answer = { .status = rows[i].status, .content_type = (char *) rows[i].type };
      g_autoptr (GError) error = NULL;
      gboolean ok = adit_doh_check_answer (&answer, &error);

      g_assert_true (ok == (rows[i].error < 0) && ok == (error == NULL));
      if (!ok)
        g_assert_error (error, ADIT_ERROR, rows[i].error);
    }
}

/* Before anybody has looked for them there are none, and then they are what this system has. */
static void
test_roots (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *roots = adit_doh_dup_roots (&error), *bundle = NULL;

  g_assert_null (roots);
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED);
  if (!g_file_get_contents ("/etc/ssl/certs/ca-certificates.crt", &bundle, NULL, NULL))
    {
      g_test_skip ("not a system with /etc/ssl/certs/ca-certificates.crt");
      return;
    }
  adit_doh_init ();
  roots = adit_doh_dup_roots (NULL);
  g_assert_cmpstr (roots, ==, bundle);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doh/request", test_request);
  g_test_add_func ("/doh/answer", test_answer);
  g_test_add_func ("/doh/roots", test_roots);
  return g_test_run ();
}
