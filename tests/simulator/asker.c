/* SPDX-License-Identifier: GPL-2.0-or-later */
/* asker.c: one folder for all services of a run; each has its control file, its log and what it says there. */
#include "tests/simulator/asker.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <glib/gstdio.h>

#define SERVICES  5

typedef struct
{
  char        *name, *token;
  GSubprocess *process;
  FILE        *said;      /* its standard output */
  guint        port;
} Simulated;

static Simulated simulated[SERVICES], *current;
static char *folder;
static const char *header_name, *header_value;    /* of the next request */

/**
 * asker_open:
 *
 * Makes the folder, goes there, and makes a certificate.
 */
void
asker_open (void)
{
  g_autoptr (GError) error = NULL;
  int status;

  folder = g_dir_make_tmp ("adit-simulator-XXXXXX", NULL);
  g_assert_cmpint (g_chdir (folder), ==, 0);
  g_assert_true (g_spawn_command_line_sync ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem"
                                            " -out cert.pem -days 2 -subj /CN=api.mullvad.net", NULL, NULL, &status, &error));
  g_assert_cmpint (status, ==, 0);
}

/**
 * asker_close:
 *
 * Ends the services and removes the folder.
 */
void
asker_close (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  for (guint i = 0; i < SERVICES && simulated[i].name != NULL; i++)
    {
      g_subprocess_force_exit (simulated[i].process);
      g_subprocess_wait (simulated[i].process, NULL, NULL);
      g_object_unref (simulated[i].process);
      fclose (simulated[i].said);
      g_free (simulated[i].name);
      g_free (simulated[i].token);
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    g_unlink (name);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);
}

/* A failed test aborts: its simulators must not stay behind. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
start (Simulated *self, const char *name)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;
  g_autofree char *control = g_strconcat (name, ".control", NULL), *log = g_strconcat (name, ".log", NULL);
  int pipe_fds[2];
  char line[64];

  self->name = g_strdup (name);
  self->token = g_strdup ("none");
  g_assert_cmpint (pipe2 (pipe_fds, O_CLOEXEC), ==, 0);
  g_subprocess_launcher_take_stdout_fd (launcher, pipe_fds[1]);
  g_subprocess_launcher_setenv (launcher, "ADIT_SIMULATOR_LOG", log, TRUE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  self->process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("ADIT_SIMULATOR"), "--service", name, "0", "cert.pem",
                                               "key.pem", control, "key", NULL);
  g_assert_no_error (error);
  g_clear_object (&launcher);    /* with our copy of the pipe's other end */
  self->said = fdopen (pipe_fds[0], "r");
  g_assert_nonnull (fgets (line, sizeof line, self->said));
  g_assert_cmpint (sscanf (line, "listening %u", &self->port), ==, 1);
}

/**
 * asker_use:
 * @service: a name that the simulator knows
 *
 * That one is meant from now on; it is started if it does not run.  Nothing is wrong with it.
 */
void
asker_use (const char *service)
{
  for (current = simulated; current->name != NULL && !g_str_equal (current->name, service); current++)
    g_assert_true (current + 1 < simulated + SERVICES);
  if (current->name == NULL)
    start (current, service);
  set_fault ("");
}

/**
 * asker_get_port:
 *
 * Returns: where the service listens, on 127.0.0.1, for a client of another kind; what it shows is in cert.pem, signed by itself
 */
guint
asker_get_port (void)
{
  return current->port;
}

/**
 * asker_set_token:
 * @token: what is sent as a bearer from now on
 */
void
asker_set_token (const char *token)
{
  g_free (current->token);
  current->token = g_strdup (token);
}

/**
 * asker_set_header:
 * @name: of a header
 * @value: what it says in the next request, and only there; both texts must stay until then
 */
void
asker_set_header (const char *name, const char *value)
{
  header_name = name;
  header_value = value;
}

static gboolean
accept_any (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags flags, gpointer user_data)
{
  return TRUE;    /* names and trust are the client's subject, not the simulator's */
}

static SoupMessage *
make_message (const char *method, const char *path)
{
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u%s", current->port, path);
  SoupMessage *message = soup_message_new (method, url);

  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_any), NULL);
  if (header_name != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), header_name, header_value);
  header_name = NULL;
  return message;
}

static Answer *
get_answer (SoupMessage *message, guint timeout_s)
{
  g_autoptr (SoupSession) session = soup_session_new_with_options ("timeout", timeout_s, NULL);
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GBytes) bytes = soup_session_send_and_read (session, message, NULL, NULL);
  Answer *answer;

  if (bytes == NULL)
    return NULL;
  answer = g_new0 (Answer, 1);
  answer->message = g_object_ref (message);
  answer->length = g_bytes_get_size (bytes);
  answer->text = g_malloc0 (answer->length + 1);
  if (answer->length > 0)
    memcpy (answer->text, g_bytes_get_data (bytes, NULL), answer->length);
  answer->took_ms = (g_get_monotonic_time () - start_us) / 1000;
  return answer;
}

/**
 * ask:
 * @method: of HTTP
 * @path: with a query, if there is one
 * @body: JSON if it begins so, otherwise a form; "" for none
 * @etag: (nullable): what is known of the answer already
 * @timeout_s: for how long
 *
 * Returns: (transfer full) (nullable): %NULL if there was no whole answer
 */
Answer *
ask (const char *method, const char *path, const char *body, const char *etag, guint timeout_s)
{
  g_autoptr (SoupMessage) message = make_message (method, path);
  g_autoptr (GBytes) sent = g_bytes_new (body, strlen (body));
  g_autofree char *bearer = g_strconcat ("Bearer ", current->token, NULL);

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  if (etag != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), "If-None-Match", etag);
  if (*body != '\0')
    soup_message_set_request_body_from_bytes (message, *body == '{' ? "application/json" : "application/x-www-form-urlencoded",
                                              sent);
  return get_answer (message, timeout_s);
}

/**
 * ask_with:
 * @path: where a body is sent to, by POST
 * @headers: (nullable): names and values in turn, %NULL at the end; there is no other header but that of asker_set_header()
 * @type: (nullable): of the body
 * @body: any bytes
 *
 * Returns: (transfer full) (nullable): %NULL if there was no whole answer
 */
Answer *
ask_with (const char *path, const char *const *headers, const char *type, GBytes *body)
{
  g_autoptr (SoupMessage) message = make_message ("POST", path);

  for (guint i = 0; headers != NULL && headers[i] != NULL; i += 2)
    soup_message_headers_append (soup_message_get_request_headers (message), headers[i], headers[i + 1]);
  soup_message_set_request_body_from_bytes (message, type, body);
  return get_answer (message, 10);
}

void
answer_free (Answer *answer)
{
  g_object_unref (answer->message);
  g_free (answer->text);
  g_free (answer);
}

guint
answer_get_status (Answer *answer)
{
  return soup_message_get_status (answer->message);
}

const char *
answer_get_header (Answer *answer, const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (answer->message), name);
}

/**
 * answer_dup_member:
 * @answer: an answer
 * @name: of a member with a text
 *
 * Returns: (transfer full): the first such member's text, wherever in the answer it is
 */
char *
answer_dup_member (Answer *answer, const char *name)
{
  g_autofree char *start = g_strdup_printf ("\"%s\":\"", name);
  const char *found = strstr (answer->text, start);

  if (found == NULL)
    g_error ("no %s in %.500s", name, answer->text);
  found += strlen (start);
  return g_strndup (found, strcspn (found, "\""));
}

/**
 * expect:
 * @method: of HTTP
 * @path: with a query, if there is one
 * @body: see ask()
 * @etag: (nullable): see ask()
 * @wanted: the status that has to come
 * @part: what has to be in the answer
 */
void
expect (const char *method, const char *path, const char *body, const char *etag, guint wanted, const char *part)
{
  g_autoptr (Answer) answer = ask (method, path, body, etag, 10);

  if (answer == NULL || answer_get_status (answer) != wanted || strstr (answer->text, part) == NULL)
    g_error ("%s %s: %u, not %u with %s: %.500s", method, path, answer != NULL ? answer_get_status (answer) : 0, wanted, part,
             answer != NULL ? answer->text : "");
}

/**
 * expect_nothing:
 * @path: what is asked for; no whole answer may come
 */
void
expect_nothing (const char *path)
{
  g_autoptr (Answer) answer = ask ("GET", path, "", NULL, 10);

  g_assert_null (answer);
}

/**
 * expect_said:
 * @prefix: "peer add" or "peer remove"
 * @number: whose key
 * @rest: how the line ends, "" for all the same
 *
 * That is the next line that the service says; the test's own time limit bounds the wait.
 */
void
expect_said (const char *prefix, guint8 number, const char *rest)
{
  g_autofree char *key = make_key (number), *wanted = g_strdup_printf ("%s %s", prefix, key);
  char line[256];

  g_assert_nonnull (fgets (line, sizeof line, current->said));
  if (!g_str_has_prefix (line, wanted) || !g_str_has_suffix (g_strchomp (line), rest))
    g_error ("\"%s\", not \"%s ... %s\"", line, wanted, rest);
}

/**
 * expect_lost:
 * @numbers: whose keys
 * @n_numbers: how many
 *
 * The next lines say that these are removed, in any order.
 */
void
expect_lost (const guint8 *numbers, guint n_numbers)
{
  g_autoptr (GHashTable) left = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  char line[256];

  for (guint i = 0; i < n_numbers; i++)
    {
      g_autofree char *key = make_key (numbers[i]);

      g_hash_table_add (left, g_strdup_printf ("peer remove %s\n", key));
    }
  while (g_hash_table_size (left) > 0)
    {
      g_assert_nonnull (fgets (line, sizeof line, current->said));
      if (!g_hash_table_remove (left, line))
        g_error ("nobody is to be told: %s", line);
    }
}

/**
 * set_fault:
 * @text: what the control file says from now on
 */
void
set_fault (const char *text)
{
  g_autofree char *control = g_strconcat (current->name, ".control", NULL);

  g_assert_true (g_file_set_contents (control, text, -1, NULL));
}

/**
 * make_key:
 * @number: whose
 *
 * Returns: (transfer full): a key in base64
 */
char *
make_key (guint8 number)
{
  const guint8 raw[32] = { number };

  return g_base64_encode (raw, sizeof raw);
}

/**
 * dup_log:
 *
 * Returns: (transfer full): what the service has logged
 */
char *
dup_log (void)
{
  g_autofree char *name = g_strconcat (current->name, ".log", NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (name, &text, NULL, NULL));
  return text;
}
