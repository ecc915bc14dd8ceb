/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-simulator.c: the simulated service against a plain libsoup client on loopback. */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>

#define PORT 18443

static char *folder, *token;

static gboolean
accept_any (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags flags, gpointer user_data)
{
  return TRUE;    /* names and trust are the client's subject, not the simulator's */
}

static char *
ask (const char *method, const char *path, const char *body, const char *etag, guint *status)
{
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%d%s", PORT, path);
  g_autoptr (SoupSession) session = soup_session_new_with_options ("timeout", 10, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GBytes) sent = g_bytes_new (body, strlen (body)), answer = NULL;
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  g_autoptr (GError) error = NULL;

  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_any), NULL);
  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  if (etag != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), "If-None-Match", etag);
  if (*body != '\0')
    soup_message_set_request_body_from_bytes (message, "application/json", sent);
  answer = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  *status = soup_message_get_status (message);
  return g_bytes_get_size (answer) == 0 ? g_strdup ("") : g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
}

static void
expect (const char *method, const char *path, const char *body, const char *etag, guint wanted, const char *part)
{
  guint status;
  g_autofree char *text = ask (method, path, body, etag, &status);

  g_assert_cmpuint (status, ==, wanted);
  g_assert_nonnull (strstr (text, part));
}

static void
test_api (void)
{
  g_autofree char *control = g_build_filename (folder, "control", NULL), *text = NULL;
  guint status;

  token = g_strdup ("none");
  expect ("GET", "/accounts/v1/accounts/me", "", NULL, 401, "\"code\":\"INVALID_ACCESS_TOKEN\"");
  expect ("POST", "/auth/v1/token", "{\"account_number\":\"1\"}", NULL, 400, "\"code\":\"INVALID_ACCOUNT\"");
  text = ask ("POST", "/auth/v1/token", "{\"account_number\":\"1234567890123456\"}", NULL, &status);
  token = g_strndup (strstr (text, "mva_"), 40);
  expect ("GET", "/accounts/v1/accounts/me", "", NULL, 200, "\"expiry\"");
  for (guint8 i = 0; i < 6; i++)
    {
      guint8 key[32] = { i };
      g_autofree char *encoded = g_base64_encode (key, sizeof key);
      g_autofree char *body = g_strdup_printf ("{\"pubkey\":\"%s\",\"hijack_dns\":false}", encoded);

      expect ("POST", "/accounts/v1/devices", body, NULL, i < 5 ? 201 : 400, i < 5 ? encoded : "MAX_DEVICES_REACHED");
      if (i < 5)
        expect ("POST", "/accounts/v1/devices", body, NULL, 400, "PUBKEY_IN_USE");
    }
  expect ("GET", "/accounts/v1/devices/none", "", NULL, 404, "DEVICE_NOT_FOUND");
  expect ("GET", "/app/v1/relays", "", NULL, 200, "se-got-wg-001");
  expect ("GET", "/app/v1/relays", "", "\"lab-1\"", 304, "");
  g_assert_true (g_file_set_contents (control, "html", -1, NULL));
  expect ("GET", "/app/v1/relays", "", NULL, 200, "<html>");
  g_assert_true (g_file_set_contents (control, "error", -1, NULL));
  expect ("GET", "/app/v1/relays", "", NULL, 500, "INTERNAL_ERROR");
}

/* A failed test aborts: its simulator must not stay behind. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GSubprocess) simulator = NULL;
  g_autofree char *line = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("adit-simulator-XXXXXX", NULL);
  g_assert_cmpint (g_chdir (folder), ==, 0);
  line = g_strdup ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=api.mullvad.net");
  g_assert_true (g_spawn_command_line_sync (line, NULL, NULL, NULL, NULL));
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  simulator = g_subprocess_launcher_spawn (launcher, NULL, g_getenv ("ADIT_SIMULATOR"), G_STRINGIFY (PORT), "cert.pem", "key.pem",
                                           "control", "key", NULL);
  g_assert_nonnull (simulator);
  g_usleep (500000);    /* until it listens */
  g_test_add_func ("/simulator/api", test_api);
  result = g_test_run ();
  g_subprocess_force_exit (simulator);
  return result;
}
