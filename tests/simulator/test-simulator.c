/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-simulator.c: the simulated service against a plain libsoup client on loopback. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>

#define ACCOUNT         "1234567890123456"
#define EXPIRED_ACCOUNT "1111222233334444"
#define FULL_ACCOUNT    "5555666677778888"
#define ME              "/accounts/v1/accounts/me"
#define DEVICES         "/accounts/v1/devices"
#define RELAYS          "/app/v1/relays"

static char *folder, *token;
static FILE *said;      /* the simulator's standard output */
static guint port;

typedef struct { guint status; char *text, *type; gsize length; gint64 took_ms; } Answer;

static void
answer_free (Answer *answer)
{
  g_free (answer->text);
  g_free (answer->type);
  g_free (answer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

static gboolean
accept_any (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags flags, gpointer user_data)
{
  return TRUE;    /* names and trust are the client's subject, not the simulator's */
}

/* NULL if there was no whole answer. */
static Answer *
ask (const char *method, const char *path, const char *body, const char *etag, guint timeout_s)
{
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u%s", port, path);
  g_autoptr (SoupSession) session = soup_session_new_with_options ("timeout", timeout_s, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GBytes) sent = g_bytes_new (body, strlen (body)), bytes = NULL;
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  gint64 start = g_get_monotonic_time ();
  Answer *answer;

  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_any), NULL);
  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  if (etag != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), "If-None-Match", etag);
  if (*body != '\0')
    soup_message_set_request_body_from_bytes (message, "application/json", sent);
  bytes = soup_session_send_and_read (session, message, NULL, NULL);
  if (bytes == NULL)
    return NULL;
  answer = g_new0 (Answer, 1);
  answer->status = soup_message_get_status (message);
  answer->length = g_bytes_get_size (bytes);
  answer->text = g_malloc0 (answer->length + 1);
  if (answer->length > 0)
    memcpy (answer->text, g_bytes_get_data (bytes, NULL), answer->length);
  answer->type = g_strdup (soup_message_headers_get_one (soup_message_get_response_headers (message), "Content-Type"));
  answer->took_ms = (g_get_monotonic_time () - start) / 1000;
  return answer;
}

static void
expect (const char *method, const char *path, const char *body, const char *etag, guint wanted, const char *part)
{
  g_autoptr (Answer) answer = ask (method, path, body, etag, 10);

  g_assert_nonnull (answer);
  g_assert_cmpuint (answer->status, ==, wanted);
  if (strstr (answer->text, part) == NULL)
    g_error ("%s %s: no %s in %.500s", method, path, part, answer->text);
}

static void
expect_nothing (const char *path)
{
  g_autoptr (Answer) answer = ask ("GET", path, "", NULL, 10);

  g_assert_null (answer);
}

static void
set_fault (const char *text)
{
  g_autofree char *control = g_build_filename (folder, "control", NULL);

  g_assert_true (g_file_set_contents (control, text, -1, NULL));
}

static void
log_in (const char *account)
{
  g_autofree char *body = g_strdup_printf ("{\"account_number\":\"%s\"}", account);
  g_autoptr (Answer) answer = ask ("POST", "/auth/v1/token", body, NULL, 10);

  g_assert_cmpuint (answer->status, ==, 200);
  g_free (token);
  token = g_strndup (strstr (answer->text, "mva_"), 40);
}

static char *
make_key (guint8 number)
{
  const guint8 raw[32] = { number };

  return g_base64_encode (raw, sizeof raw);
}

static void
expect_device (guint8 number, guint status, const char *part)
{
  g_autofree char *key = make_key (number);
  g_autofree char *body = g_strdup_printf ("{\"pubkey\":\"%s\",\"hijack_dns\":false}", key);

  expect ("POST", DEVICES, body, NULL, status, part != NULL ? part : key);
}

/* The next line that the simulator says; the test's own time limit bounds the wait. */
static void
expect_said (const char *prefix, guint8 number)
{
  g_autofree char *key = make_key (number), *wanted = g_strconcat (prefix, key, NULL);
  char line[256];

  g_assert_nonnull (fgets (line, sizeof line, said));
  g_assert_true (g_str_has_prefix (line, wanted));
}

static char *
find_first_id (void)
{
  g_autoptr (Answer) answer = ask ("GET", DEVICES, "", NULL, 10);
  const char *id = strstr (answer->text, "\"id\":\"");

  return id != NULL ? g_strndup (id + 6, 36) : NULL;
}

static void
test_accounts (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc (), yesterday = g_date_time_add_days (now, -1);
  g_autofree char *ended = g_date_time_format (yesterday, "\"expiry\":\"%Y-%m-%dT"), *paid = NULL;
  g_autoptr (GDateTime) later = g_date_time_add_days (now, 30);

  paid = g_date_time_format (later, "\"expiry\":\"%Y-%m-%dT");
  expect ("GET", ME, "", NULL, 401, "\"code\":\"INVALID_ACCESS_TOKEN\"");
  expect ("POST", "/auth/v1/token", "{\"account_number\":\"1\"}", NULL, 400, "\"code\":\"INVALID_ACCOUNT\"");
  expect ("POST", "/auth/v1/token", "{\"acc", NULL, 400, "\"code\":\"INVALID_ACCOUNT\"");
  log_in (EXPIRED_ACCOUNT);
  expect ("GET", ME, "", NULL, 200, ended);
  log_in (FULL_ACCOUNT);
  expect_device (90, 400, "MAX_DEVICES_REACHED");
  log_in (ACCOUNT);
  expect ("GET", ME, "", NULL, 200, paid);
  set_fault ("expired\n");
  expect ("GET", ME, "", NULL, 200, ended);
  set_fault ("");
  expect ("GET", "/nowhere", "", NULL, 404, "NOT_FOUND");
}

static void
test_tokens (void)
{
  set_fault ("short-token 400");
  log_in (ACCOUNT);
  set_fault ("");
  expect ("GET", ME, "", NULL, 200, "expiry");
  g_usleep (450000);
  expect ("GET", ME, "", NULL, 401, "INVALID_ACCESS_TOKEN");
  log_in (ACCOUNT);
  set_fault ("token-expired");
  expect ("GET", ME, "", NULL, 401, "INVALID_ACCESS_TOKEN");
  set_fault ("");
  expect ("GET", ME, "", NULL, 200, "expiry");
}

static void
test_devices (void)
{
  g_autofree char *id = NULL, *path = NULL, *key_path = NULL, *key = make_key (50), *body = NULL;

  log_in (ACCOUNT);
  for (guint8 i = 0; i < 5; i++)
    {
      expect_device (i, 201, NULL);
      expect_said ("peer add ", i);
      expect_device (i, 400, "PUBKEY_IN_USE");
    }
  expect_device (5, 400, "MAX_DEVICES_REACHED");
  expect ("POST", DEVICES, "{\"pubkey\":\"short\"}", NULL, 400, "INVALID_PUBKEY");
  expect ("GET", DEVICES "/none", "", NULL, 404, "DEVICE_NOT_FOUND");
  expect ("PUT", DEVICES, "{}", NULL, 405, "METHOD_NOT_ALLOWED");
  id = find_first_id ();
  path = g_strconcat (DEVICES "/", id, NULL);
  key_path = g_strconcat (path, "/pubkey", NULL);
  body = g_strdup_printf ("{\"pubkey\":\"%s\"}", key);
  expect ("GET", path, "", NULL, 200, "10.67.0.2/32");
  expect ("PUT", key_path, body, NULL, 200, key);
  expect_said ("peer remove ", 0);
  expect_said ("peer add ", 50);
  log_in (FULL_ACCOUNT);
  expect ("DELETE", path, "", NULL, 404, "DEVICE_NOT_FOUND");    /* another's */
  log_in (ACCOUNT);
  expect ("DELETE", path, "", NULL, 204, "");
  expect_said ("peer remove ", 50);
  expect ("GET", path, "", NULL, 404, "DEVICE_NOT_FOUND");
}

static void
test_revoke (void)
{
  char line[256];    /* they come in any order */
  gboolean gone[5] = { FALSE };

  log_in (ACCOUNT);
  set_fault ("revoke");    /* and no request */
  for (guint n = 0; n < 4;)
    {
      g_assert_nonnull (fgets (line, sizeof line, said));
      g_assert_true (g_str_has_prefix (line, "peer remove "));
      for (guint8 i = 1; i < 5; i++)
        {
          g_autofree char *key = make_key (i);

          if (strstr (line, key) != NULL && !gone[i])
            {
              gone[i] = TRUE;
              n++;
            }
        }
    }
  expect ("GET", DEVICES, "", NULL, 200, "[]");
  expect_device (60, 201, NULL);    /* one that comes later stays */
  expect_said ("peer add ", 60);
  g_usleep (100000);
  expect ("GET", DEVICES, "", NULL, 200, "quiet otter");
  set_fault ("");
}

static void
test_relays (void)
{
  expect ("GET", RELAYS, "", NULL, 200, "\"hostname\":\"se-got-wg-001\",\"active\":true");
  expect ("GET", RELAYS, "", NULL, 200, "\"hostname\":\"se-sto-wg-001\",\"active\":true");
  expect ("GET", RELAYS, "", NULL, 200, "\"hostname\":\"se-sto-wg-002\",\"active\":false");
  expect ("GET", RELAYS, "", NULL, 200, "\"ipv4_addr_in\":\"198.51.100.99\"");
  expect ("GET", RELAYS, "", "\"lab-1\"", 304, "");
  expect ("GET", "/app/v1/api-addrs", "", NULL, 200, "[\"192.0.2.10:443\"]");
  expect ("GET", "/json", "", NULL, 404, "NOT_FOUND");    /* of another host */
  set_fault ("traversal");
  expect ("GET", RELAYS, "", "\"lab-1\"", 200, "../../etc");
  set_fault ("");
}

static void
test_faults (void)
{
  g_autoptr (Answer) big = NULL, slow = NULL, given_up = NULL, problem = NULL;

  set_fault ("html");
  expect ("GET", ME, "", NULL, 200, "<html>");
  set_fault ("html " RELAYS "\nerror /accounts");
  expect ("GET", RELAYS, "", NULL, 200, "<html>");
  expect ("GET", ME, "", NULL, 500, "\"code\":\"INTERNAL_ERROR\"");
  expect ("GET", "/app/v1/relays-other", "", NULL, 404, "NOT_FOUND");
  set_fault ("half");
  expect ("GET", RELAYS, "", NULL, 200, "\"mv");
  set_fault ("big");
  big = ask ("GET", RELAYS, "", NULL, 30);
  g_assert_cmpuint (strlen (big->text), ==, 50u << 20);
  set_fault ("problem\nerror " RELAYS);
  problem = ask ("GET", "/nowhere", "", NULL, 10);
  g_assert_cmpuint (problem->status, ==, 404);
  g_assert_cmpstr (problem->type, ==, "application/problem+json");
  g_assert_nonnull (strstr (problem->text, "\"type\":\"NOT_FOUND\""));
  expect ("GET", RELAYS, "", NULL, 500, "\"type\":\"INTERNAL_ERROR\"");
  set_fault ("slow 700 " RELAYS);
  slow = ask ("GET", RELAYS, "", NULL, 10);
  g_assert_cmpint (slow->took_ms, >=, 700);
  g_assert_cmpuint (slow->status, ==, 200);
  set_fault ("slow 2000");
  given_up = ask ("GET", RELAYS, "", NULL, 1);
  g_assert_null (given_up);
  set_fault ("");
  g_usleep (1300000);    /* the answer that nobody waits for any more must not end the service */
  expect ("GET", RELAYS, "", NULL, 200, "se-got-wg-001");
  set_fault ("cut " RELAYS);
  expect_nothing (RELAYS);
  expect ("GET", ME, "", NULL, 200, "expiry");
  set_fault ("refuse " RELAYS);
  expect_nothing (RELAYS);
  expect ("GET", ME, "", NULL, 200, "expiry");
  set_fault ("refuse");
  expect_nothing (ME);
  set_fault ("");
  expect ("GET", RELAYS, "", NULL, 200, "se-got-wg-001");
}

static void
test_log (void)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents ("log", &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "GET " ME " 401\n"));
  g_assert_nonnull (strstr (text, "PUT " DEVICES "/ID/pubkey 200\n"));
  g_assert_nonnull (strstr (text, "DELETE " DEVICES "/ID 204\n"));
  g_assert_nonnull (strstr (text, "GET " RELAYS " cut\n"));
  g_assert_null (strstr (text, "mva_"));
  g_assert_null (strstr (text, ACCOUNT));
}

/* A failed test aborts: its simulator must not stay behind. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
remove_folder (void)
{
  static const char *const names[] = { "key.pem", "cert.pem", "control", "log" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_unlink (names[i]);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* The example of RFC 8484, section 4.1.1, whose name nobody has here; and one that somebody has, both ways. */
static void
test_resolver (void)
{
  static const char question[] = "\0\0\1\0\0\1\0\0\0\0\0\0\3vpn\7example\0\0\1\0\1";
  static const char address[] = { (char) 198, 51, 100, 20 };
  g_autoptr (Answer) nobody = ask ("GET", "/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB", "", NULL, 10);
  g_autoptr (Answer) wrong = ask ("POST", "/dns-query", "no question", NULL, 10);
  g_autofree char *encoded = g_base64_encode ((const guchar *) question, sizeof question - 1), *path = NULL;
  g_autoptr (Answer) found = NULL;

  g_assert_cmpuint (nobody->status, ==, 200);
  g_assert_cmpstr (nobody->type, ==, "application/dns-message");
  g_assert_cmpint (nobody->text[3] & 15, ==, 3);
  g_assert_cmpuint (wrong->status, ==, 400);
  g_strdelimit (encoded, "=", '\0');
  path = g_strconcat ("/dns-query?dns=", encoded, NULL);
  found = ask ("GET", path, "", NULL, 10);
  g_assert_cmpuint (found->length, ==, sizeof question - 1 + 13 + 10 + 4);    /* whose, the record, the address */
  g_assert_cmpint (found->text[7], ==, 1);
  g_assert_cmpmem (found->text + found->length - 4, 4, address, 4);
  set_fault ("dns-private");
  g_clear_pointer (&found, answer_free);
  found = ask ("GET", path, "", NULL, 10);
  g_assert_cmpint (found->text[found->length - 4], ==, 10);
  set_fault ("");
}

int
main (int argc, char **argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSubprocess) simulator = NULL;
  g_autoptr (GError) error = NULL;
  int result, pipe_fds[2], status;
  char line[64];

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("adit-simulator-XXXXXX", NULL);
  g_assert_cmpint (g_chdir (folder), ==, 0);
  g_assert_true (g_spawn_command_line_sync ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem"
                                            " -out cert.pem -days 2 -subj /CN=api.mullvad.net", NULL, NULL, &status, &error));
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpint (pipe2 (pipe_fds, O_CLOEXEC), ==, 0);
  g_subprocess_launcher_take_stdout_fd (launcher, pipe_fds[1]);
  g_subprocess_launcher_setenv (launcher, "ADIT_SIMULATOR_LOG", "log", TRUE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  simulator = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("ADIT_SIMULATOR"), "0", "cert.pem", "key.pem", "control",
                                           "key",
                                           NULL);
  g_assert_no_error (error);
  g_clear_object (&launcher);    /* with our copy of the pipe's other end */
  said = fdopen (pipe_fds[0], "r");
  g_assert_nonnull (fgets (line, sizeof line, said));
  g_assert_cmpint (sscanf (line, "listening %u", &port), ==, 1);
  token = g_strdup ("none");
  g_test_add_func ("/simulator/accounts", test_accounts);
  g_test_add_func ("/simulator/tokens", test_tokens);
  g_test_add_func ("/simulator/devices", test_devices);
  g_test_add_func ("/simulator/revoke", test_revoke);
  g_test_add_func ("/simulator/relays", test_relays);
  g_test_add_func ("/simulator/faults", test_faults);
  g_test_add_func ("/simulator/log", test_log);
  g_test_add_func ("/simulator/resolver", test_resolver);
  result = g_test_run ();
  g_subprocess_force_exit (simulator);
  g_subprocess_wait (simulator, NULL, NULL);
  fclose (said);
  remove_folder ();
  return result;
}
