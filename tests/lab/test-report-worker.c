/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-worker.c: the helper's end of a report with the real worker in its sandbox, with servers that misbehave, and with
 * workers that were taken over, which this program plays itself when it is started as one. */
#include "config.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/helper/worker-report.h"
#include "client/report/report.h"
#include "client/wire/channel.h"
#include "tests/lab/private-world.h"
#include "tests/lab/tls-speaker.h"

#define ID       "0123456789abcdef0123456789abcdef"
#define SERVER   "reports.example.org"
#define LIE_FILE "/run/adit-lab-lie"
#define STRIPPED "/run/adit-lab-stripped"
#define SEALS    (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static const char *const users[] = { "alice", NULL }, *const hosts[] = { "alices-box", NULL };
static const char *const homes[] = { "/home/Alice", NULL }, *const networks[] = { "Caf\xc3\xa9 Blau", NULL };
static const char *const log_lines[] = { "session: connecting as alice", "names: 198.51.100.77 on alices-box", NULL };
static const char *const back_ends[] = { "nftables", NULL }, *const diagnostics[] = { "network: Caf\xc3\xa9 Blau", NULL };

typedef struct
{
  AditWorkerReport *reports;
  GMainLoop        *loop;
  GBytes           *text;
  char             *key;
  AditReportAnswer  answer;
  gboolean          is_answered;
  GError           *error;
} Fixture;

static void
set_up_with (Fixture *f, const char *worker)
{
  memset (f, 0, sizeof *f);
  f->reports = adit_worker_report_new (worker);
  f->loop = g_main_loop_new (NULL, FALSE);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  set_up_with (f, g_getenv ("ADIT_WORKER"));
}

static void
forget (Fixture *f)
{
  g_clear_pointer (&f->text, g_bytes_unref);
  g_clear_pointer (&f->key, g_free);
  g_clear_error (&f->error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  forget (f);
  g_object_unref (f->reports);
  g_main_loop_unref (f->loop);
}

static AditReportFacts
get_facts (int note_fd)
{
  return (AditReportFacts) { .id = ID, .note_fd = note_fd, .words = "I am alice, at 198.51.100.7.",
                             .contact = "alice@example.org",
                             .diagnostics = diagnostics, .log = log_lines, .back_ends = back_ends, .system = "Debian 12",
                             .redact = { hosts, users, homes, networks } };
}

static void
on_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;

  f->text = adit_worker_report_make_finish (f->reports, result, &f->key, &f->error);
  g_main_loop_quit (f->loop);
}

static void
make (Fixture *f, int note_fd)
{
  AditReportFacts facts = get_facts (note_fd);

  forget (f);
  adit_worker_report_make_async (f->reports, &facts, NULL, on_made, f);
  g_main_loop_run (f->loop);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;

  f->is_answered = adit_worker_report_send_finish (f->reports, result, &f->answer, &f->error);
  g_main_loop_quit (f->loop);
}

static void
send_it (Fixture *f, TlsSpeaker *server, const char *pin, GBytes *text, GCancellable *cancellable)
{
  g_autofree char *dsn_text = g_strdup_printf ("https://abc123@" SERVER ":%u/in/42", tls_speaker_get_port (server));
  AditAddress address;
  AditDsn dsn;

  g_assert_true (adit_dsn_parse (dsn_text, &dsn, NULL));
  g_assert_true (adit_address_parse ("127.0.0.1", &address));
  g_clear_error (&f->error);
  f->answer = (AditReportAnswer) { 0 };
  adit_worker_report_send_async (f->reports, &dsn, pin, &address, 1, ID, text, cancellable, on_sent, f);
  g_main_loop_run (f->loop);
}

static char *
dup_text (Fixture *f)
{
  gsize length;
  const char *text;

  g_assert_no_error (f->error);
  text = g_bytes_get_data (f->text, &length);
  return g_strndup (text, length);
}

static AditReport *
read_report (Fixture *f)
{
  g_autofree char *text = dup_text (f);
  g_autoptr (GError) error = NULL;
  AditReport *report = adit_report_read (text, strlen (text), &error);

  g_assert_no_error (error);
  return report;
}

static void
test_problem (Fixture *f, gconstpointer data)
{
  static const char *const canaries[] = { "alice,", "198.51.100", "alices-box", "Blau" };
  g_autofree char *text = NULL;

  make (f, -1);
  text = dup_text (f);
  adit_report_free (read_report (f));
  g_assert_true (g_str_has_prefix (text, "Adit problem report, form 1\nversion: " ADIT_VERSION "\n"));
  for (gsize i = 0; i < G_N_ELEMENTS (canaries); i++)
    g_assert_null (strstr (text, canaries[i]));
  g_assert_nonnull (strstr (text, "\nreport: " ID "\ncontact: alice@example.org\n"));
  g_assert_nonnull (strstr (text, "\n  I am [user name], at [address].\n"));
  g_assert_nonnull (strstr (text, "\n  network: [network name]\n"));
  g_assert_cmpuint (strlen (f->key), ==, ADIT_REPORT_KEY_LENGTH);
}

/* Where the real worker's main() is, by its own table, as a handler would have noted it. */
static void
fill_note (AditCrashNote *note)
{
  g_autofree char *symbols = private_world_run (TRUE, "nm %s", g_getenv ("ADIT_WORKER"));
  g_autofree char *notes = private_world_run (TRUE, "readelf -n %s", g_getenv ("ADIT_WORKER"));
  const char *id = strstr (notes, "Build ID: "), *at = strstr (symbols, " T main\n");

  g_assert_nonnull (id);
  g_assert_nonnull (at);
  adit_crash_note_init (note, "adit-worker", "6889edc2f00d");
  note->signal = SIGABRT;
  note->reason = ADIT_CRASH_ABORT;
  note->n_modules = 1;
  g_strlcpy (note->modules[0].name, "adit-worker", sizeof note->modules[0].name);
  note->modules[0].build_id_size = ADIT_CRASH_ID_MAX_BYTES;
  for (guint i = 0; i < ADIT_CRASH_ID_MAX_BYTES; i++)
    note->modules[0].build_id[i] = (guint8) (g_ascii_xdigit_value (id[10 + 2 * i]) << 4 | g_ascii_xdigit_value (id[11 + 2 * i]));
  note->n_frames = 1;
  note->frames[0].offset = g_ascii_strtoull (at - 16, NULL, 16);
}

/* As the helper makes it for a child, who leaves it at its end. */
static int
make_file (const void *bytes, gsize length)
{
  int fd = memfd_create ("note", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_cmpint (write (fd, bytes, length), ==, (gssize) length);
  return fd;
}

static void
test_crash (Fixture *f, gconstpointer data)
{
  AditCrashNote note;
  g_autoptr (AditReport) report = NULL;
  const AditReportFrame *frame;
  int fd;

  fill_note (&note);
  fd = make_file (&note, sizeof note);
  make (f, fd);
  report = read_report (f);
  frame = ((AditReportThread *) report->threads->pdata[0])->frames->pdata[0];
  g_assert_cmpstr (frame->function, ==, "main");
  g_assert_true (frame->file != NULL && g_str_has_suffix (frame->file, "main.c"));
  g_assert_cmpuint (frame->line, >, 0);
  g_assert_cmpstr (report->fields[ADIT_REPORT_SIGNAL], ==, "SIGABRT");

  /* The descriptor is the caller's, and may be read again. */
  make (f, fd);
  g_assert_no_error (f->error);
  close (fd);
}

/* As distributions ship it: the names are in a file of its own, found by number, and lent only where everybody may read it. */
static void
test_debug_file (Fixture *unused, gconstpointer data)
{
  AditCrashNote note;
  g_autoptr (GString) path = g_string_new ("/usr/lib/debug/.build-id/");
  int fd;

  fill_note (&note);
  if (mount ("tmpfs", "/usr/lib/debug", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") != 0)
    {
      g_test_skip ("there is no /usr/lib/debug to put something over");
      return;
    }
  for (guint i = 0; i < ADIT_CRASH_ID_MAX_BYTES; i++)
    g_string_append_printf (path, "%02x%s", note.modules[0].build_id[i], i == 0 ? "/" : "");
  g_string_append (path, ".debug");
  private_world_do ("mkdir -p /usr/lib/debug/.build-id/%02x", note.modules[0].build_id[0]);
  private_world_do ("objcopy --strip-all %s " STRIPPED, g_getenv ("ADIT_WORKER"));
  private_world_do ("objcopy --only-keep-debug %s %s", g_getenv ("ADIT_WORKER"), path->str);
  fd = make_file (&note, sizeof note);
  for (guint i = 0; i < 4; i++)
    {
      /* What is there, what only root may read, what is no file, what is not there. */
      static const struct { const char *command, *function; } rows[] = {
        { "chmod 644", "main" }, { "chmod 600", NULL }, { "ln -sf /", NULL }, { "rm", NULL },
      };
      Fixture f;
      g_autoptr (AditReport) report = NULL;
      const AditReportFrame *frame;

      private_world_do ("%s %s", rows[i].command, path->str);
      set_up_with (&f, STRIPPED);
      make (&f, fd);
      report = read_report (&f);
      frame = ((AditReportThread *) report->threads->pdata[0])->frames->pdata[0];
      g_assert_cmpstr (frame->function, ==, rows[i].function);
      g_assert_cmpstr (frame->module, ==, "adit-worker");
      tear_down (&f, NULL);
    }
  close (fd);
  g_assert_cmpint (umount ("/usr/lib/debug"), ==, 0);
}

/* Whoever hands in a note may hand in anything: a sentence, at once, and nothing of a file that was not given. */
static void
test_no_note (Fixture *f, gconstpointer data)
{
  g_autofree char *large = g_malloc0 (2 * sizeof (AditCrashNote));
  AditCrashNote note;
  int ends[2], fds[6];

  fill_note (&note);
  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  fds[0] = make_file ("", 0);
  fds[1] = make_file (&note, sizeof note - 1);
  fds[2] = make_file (large, 2 * sizeof (AditCrashNote));
  fds[3] = ends[0];
  fds[4] = open ("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  note.reason = ADIT_CRASH_N_REASONS;
  fds[5] = make_file (&note, sizeof note);
  for (gsize i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      make (f, fds[i]);
      g_assert_null (f->text);
      g_assert_error (f->error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_str_has_prefix (f->error->message, "This is no crash note of ours: "));
      close (fds[i]);
    }
  close (ends[1]);
}

static void
test_much (Fixture *f, gconstpointer data)
{
  AditReportFacts facts = get_facts (-1);
  g_autofree char *words = g_strnfill (ADIT_REPORT_MAX_WORDS_BYTES + 1, 'a');

  facts.words = words;
  adit_worker_report_make_async (f->reports, &facts, NULL, on_made, f);
  g_main_loop_run (f->loop);
  g_assert_error (f->error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (f->error->message, "too long"));
}

static void
test_taken (Fixture *f, gconstpointer data)
{
  g_autoptr (TlsSpeaker) server = tls_speaker_new (SERVER);
  g_autofree char *request = NULL, *host = g_strdup_printf ("\r\nHost: " SERVER ":%u\r\n", tls_speaker_get_port (server));
  g_auto (GStrv) lines = NULL;
  const char *body;
  json_t *event;
  guint n;

  make (f, -1);
  tls_speaker_set_answer (server, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Sentry-Rate-Limits: 60::key\r\n\r\n{}", 0);
  send_it (f, server, tls_speaker_get_pin (server), f->text, NULL);
  g_assert_no_error (f->error);
  g_assert_true (f->is_answered);
  g_assert_cmpint (f->answer.outcome, ==, ADIT_REPORT_SENT);
  g_assert_cmpuint (f->answer.status, ==, 200);
  g_assert_cmpuint (f->answer.retry_after_s, ==, 60);

  request = tls_speaker_take_request (server, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (g_str_has_prefix (request, "POST /in/api/42/envelope/ HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (request, host));
  g_assert_nonnull (strstr (request, "\r\nContent-Type: application/x-sentry-envelope\r\n"));
  g_assert_nonnull (strstr (request, "\r\nX-Sentry-Auth: Sentry sentry_version=7, sentry_client=adit/" ADIT_VERSION
                            ", sentry_key=abc123\r\n"));
  g_assert_null (strstr (request, "User-Agent"));
  g_assert_null (strstr (request, "Cookie"));
  body = strstr (request, "\r\n\r\n") + 4;
  lines = g_strsplit (body, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_cmpstr (lines[0], ==, "{\"event_id\":\"" ID "\"}");
  event = json_loads (lines[2], JSON_REJECT_DUPLICATES, NULL);
  g_assert_cmpstr (json_string_value (json_object_get (event, "event_id")), ==, ID);
  g_assert_true (g_str_has_suffix (json_string_value (json_object_get (event, "timestamp")), "T00:00:00Z"));
  json_decref (event);
}

static void
test_answers (Fixture *f, gconstpointer data)
{
  static const struct { const char *answer; guint n_repeats; AditReportOutcome outcome; guint status, pause_s; } rows[] = {
    { "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", 0, ADIT_REPORT_REFUSED, 401, 0 },
    { "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n", 0, ADIT_REPORT_REFUSED, 413, 0 },
    { "HTTP/1.1 302 Found\r\nLocation: https://" SERVER "/other\r\nContent-Length: 0\r\n\r\n", 0, ADIT_REPORT_REFUSED, 302, 0 },
    { "HTTP/1.1 429 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n", 0, ADIT_REPORT_LATER, 429, 120 },
    { "HTTP/1.1 429 Busy\r\nX-Sentry-Rate-Limits: 7:error:key, 9:session:key\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n", 0,
      ADIT_REPORT_LATER, 429, 7 },
    { "HTTP/1.1 500 Sorry\r\nContent-Length: 0\r\n\r\n", 0, ADIT_REPORT_LATER, 500, 0 },
  };
  g_autoptr (TlsSpeaker) server = tls_speaker_new (SERVER);

  make (f, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *request = NULL;
      guint n;

      tls_speaker_set_answer (server, rows[i].answer, rows[i].n_repeats);
      send_it (f, server, tls_speaker_get_pin (server), f->text, NULL);
      g_assert_no_error (f->error);
      g_assert_cmpint (f->answer.outcome, ==, rows[i].outcome);
      g_assert_cmpuint (f->answer.status, ==, rows[i].status);
      g_assert_cmpuint (f->answer.retry_after_s, ==, rows[i].pause_s);
      request = tls_speaker_take_request (server, &n);
      g_assert_cmpuint (n, ==, 1);    /* no redirect is followed, and nothing is asked twice */
    }
}

static void
test_bad_servers (Fixture *f, gconstpointer data)
{
  static const struct { const char *answer; guint n_repeats; AditError code; } rows[] = {
    { NULL, 0, ADIT_ERROR_SERVICE_UNREACHABLE },
    { "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", 0, ADIT_ERROR_SERVICE_UNREACHABLE },
    { "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", 0, ADIT_ERROR_SERVICE_NONSENSE },
    { "HTTP/1.1 200 OK\r\nX-Filler: 0123456789012345678901234567890123456789012345678901234567890123456789\r\n", 1000,
      ADIT_ERROR_SERVICE_NONSENSE },
    { "SSH-2.0-hello\r\n", 0, ADIT_ERROR_SERVICE_NONSENSE },
  };
  g_autoptr (TlsSpeaker) server = tls_speaker_new (SERVER);

  make (f, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      tls_speaker_set_answer (server, rows[i].answer, rows[i].n_repeats);
      send_it (f, server, tls_speaker_get_pin (server), f->text, NULL);
      g_assert_error (f->error, ADIT_ERROR, (gint) rows[i].code);
    }
}

/* C05: by the key that somebody gave, or by the roots of this computer; else nothing is said to it. */
static void
test_trust (Fixture *f, gconstpointer data)
{
  g_autoptr (TlsSpeaker) server = tls_speaker_new (SERVER), other = tls_speaker_new (SERVER);
  g_autoptr (TlsSpeaker) misnamed = tls_speaker_new ("other.example.org");
  struct { TlsSpeaker *server; const char *pin; } rows[] = {
    { server, NULL }, { server, tls_speaker_get_pin (other) }, { misnamed, tls_speaker_get_pin (misnamed) },
  };
  g_autofree char *said = NULL;
  guint n;

  make (f, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *request = NULL;

      tls_speaker_set_answer (rows[i].server, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0);
      send_it (f, rows[i].server, rows[i].pin, f->text, NULL);
      g_assert_error (f->error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED);
      request = tls_speaker_take_request (rows[i].server, &n);
      g_assert_cmpuint (n, ==, 1);
      g_assert_cmpstr (request, ==, "");
    }
  /* The other half: with its own pin the first of them hears of it. */
  send_it (f, server, tls_speaker_get_pin (server), f->text, NULL);
  g_assert_no_error (f->error);
  said = tls_speaker_take_request (server, &n);
  g_assert_cmpstr (said, !=, "");
}

static gboolean
cancel (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_not_sent (Fixture *f, gconstpointer data)
{
  g_autoptr (TlsSpeaker) server = tls_speaker_new (SERVER);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("Adit crash report, form 1\n", 26), other = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GString) changed = NULL;
  g_autofree char *request = NULL, *text = NULL;
  guint n;

  make (f, -1);
  send_it (f, server, tls_speaker_get_pin (server), nothing, NULL);
  g_assert_error (f->error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
  g_clear_error (&f->error);
  /* Another report's text under this one's number. */
  text = dup_text (f);
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, ID, "f123456789abcdef0123456789abcdef", 1), ==, 1);
  other = g_bytes_new (changed->str, changed->len);
  send_it (f, server, tls_speaker_get_pin (server), other, NULL);
  g_assert_error (f->error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
  g_idle_add (cancel, cancellable);
  send_it (f, server, tls_speaker_get_pin (server), f->text, cancellable);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  request = tls_speaker_take_request (server, &n);
  g_assert_cmpstr (request, ==, "");
}

/* What a worker that was taken over may try: each by a word, and what the helper says to it. */
static const struct { const char *name; gboolean sends; const char *said; } lies[] = {
  { "another address", TRUE, "a connection that it may not have" }, { "text instead", TRUE, "another question" },
  { "a connection", FALSE, "a connection that it may not have" }, { "files without a note", FALSE, "files without a note" },
  { "an answer to a send", FALSE, "another question" }, { "another attempt", FALSE, "another attempt" },
  { "an open file", FALSE, "not as it said" }, { "a shorter file", FALSE, "not as it said" },
  { "a full disk", FALSE, "no room" },
  { "half a message", FALSE, "malformed" }, { "nothing", FALSE, "without an answer" }, { "a token", FALSE, "another question" },
};

static void
lie_with_text (AditWireMessage *message, int *fd, gboolean sealed, guint32 size_bytes)
{
  AditWireMessage text;

  adit_wire_begin (&text, ADIT_WIRE_REPORT, message->header.attempt);
  memset (text.report.key, 'a', ADIT_WIRE_REPORT_KEY_LENGTH);
  text.report.size_text_bytes = size_bytes;
  *fd = memfd_create ("lie", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  g_assert_cmpint (write (*fd, "text", 4), ==, 4);
  if (sealed)
    g_assert_cmpint (fcntl (*fd, F_ADD_SEALS, SEALS), ==, 0);
  *message = text;
}

static int
lie (void)
{
  g_autofree char *which = NULL;
  AditWireMessage message;
  int fds[ADIT_WIRE_MAX_FDS], fd = -1;
  guint n_fds;
  gsize length;
  guint32 attempt;

  if (!g_file_get_contents (LIE_FILE, &which, NULL, NULL) ||
      !adit_channel_receive (3, &message, &length, fds, &n_fds, NULL))
    return 1;
  attempt = message.header.attempt;
  if (g_str_equal (which, "another address") || g_str_equal (which, "a connection"))
    {
      adit_wire_begin (&message, ADIT_WIRE_CONNECT, attempt);
      adit_endpoint_parse ("127.0.0.1:1", &message.connect.endpoint);
    }
  else if (g_str_equal (which, "text instead"))
    lie_with_text (&message, &fd, TRUE, 4);
  else if (g_str_equal (which, "files without a note"))
    adit_wire_begin (&message, ADIT_WIRE_MODULE, attempt);
  else if (g_str_equal (which, "a full disk"))
    {
      adit_wire_begin (&message, ADIT_WIRE_FAILED, attempt);
      message.failed.error = ADIT_ERROR_STORE_FAILED;
      g_strlcpy (message.failed.detail, "there is no room", sizeof message.failed.detail);
    }
  else if (g_str_equal (which, "an answer to a send"))
    {
      adit_wire_begin (&message, ADIT_WIRE_REPORTED, attempt);
      message.reported.status = 200;
    }
  else if (g_str_equal (which, "another attempt"))
    {
      message.header.attempt++;
      lie_with_text (&message, &fd, TRUE, 4);
    }
  else if (g_str_equal (which, "an open file"))
    lie_with_text (&message, &fd, FALSE, 4);
  else if (g_str_equal (which, "a shorter file"))
    lie_with_text (&message, &fd, TRUE, 5);
  else if (g_str_equal (which, "half a message"))
    return write (3, &message, sizeof (AditWireHeader)) > 0 ? 0 : 1;
  else if (g_str_equal (which, "a token"))
    {
      adit_wire_begin (&message, ADIT_WIRE_TOKEN, attempt);
      g_strlcpy (message.token.token, "t", sizeof message.token.token);
      message.token.expires_at_s = 1800000000;
    }
  else
    return 0;
  return adit_channel_send (3, &message, &fd, fd >= 0 ? 1 : 0, NULL) ? 0 : 1;
}

static void
test_lies (Fixture *unused, gconstpointer data)
{
  g_autofree char *own = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (TlsSpeaker) server = tls_speaker_new (SERVER);
  g_autoptr (GBytes) text = g_bytes_new_static ("text", 4);
  guint n;

  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      Fixture f;
      g_autofree char *request = NULL;

      g_test_message ("%s", lies[i].name);
      g_assert_true (g_file_set_contents (LIE_FILE, lies[i].name, -1, NULL));
      g_assert_cmpint (chmod (LIE_FILE, 0644), ==, 0);
      set_up_with (&f, own);
      if (g_str_equal (lies[i].said, "malformed"))
        g_test_expect_message ("adit-worker", G_LOG_LEVEL_WARNING, "*is refused*");
      if (lies[i].sends)
        send_it (&f, server, NULL, text, NULL);
      else
        make (&f, -1);
      g_test_assert_expected_messages ();
      g_assert_error (f.error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED);
      g_assert_nonnull (strstr (f.error->message, lies[i].said));
      g_assert_null (f.text);
      g_assert_false (f.is_answered);
      request = tls_speaker_take_request (server, &n);
      g_assert_cmpuint (n, ==, 0);
      tear_down (&f, NULL);
    }
}

/* What has been answered when it is cancelled is an answer: the server has the report. */
static void
test_answered_and_cancelled (Fixture *unused, gconstpointer data)
{
  g_autofree char *own = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GBytes) text = g_bytes_new_static ("text", 4);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  AditAddress address;
  AditDsn dsn;
  Fixture f;
  siginfo_t ended;

  g_assert_true (g_file_set_contents (LIE_FILE, "an answer to a send", -1, NULL));
  g_assert_cmpint (chmod (LIE_FILE, 0644), ==, 0);
  g_assert_true (adit_dsn_parse ("https://abc123@" SERVER "/42", &dsn, NULL));
  g_assert_true (adit_address_parse ("127.0.0.1", &address));
  set_up_with (&f, own);
  while (waitid (P_ALL, 0, &ended, WEXITED | WNOWAIT) == 0)    /* those before */
    g_main_context_iteration (NULL, FALSE);
  adit_worker_report_send_async (f.reports, &dsn, NULL, &address, 1, ID, text, cancellable, on_sent, &f);
  g_assert_cmpint (waitid (P_ALL, 0, &ended, WEXITED | WNOWAIT), ==, 0);    /* it has said it, and nobody has read it */
  g_cancellable_cancel (cancellable);
  g_main_loop_run (f.loop);
  g_assert_no_error (f.error);
  g_assert_true (f.is_answered);
  g_assert_cmpint (f.answer.outcome, ==, ADIT_REPORT_SENT);
  g_assert_cmpuint (f.answer.status, ==, 200);
  tear_down (&f, NULL);
}

#define ADD(name, function) g_test_add ("/report-worker/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--role"))
    return lie ();
  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
  g_test_init (&argc, &argv, NULL);
  ADD ("problem", test_problem);
  ADD ("crash", test_crash);
  ADD ("debug-file", test_debug_file);
  ADD ("no-note", test_no_note);
  ADD ("much", test_much);
  ADD ("taken", test_taken);
  ADD ("answers", test_answers);
  ADD ("bad-servers", test_bad_servers);
  ADD ("trust", test_trust);
  ADD ("not-sent", test_not_sent);
  ADD ("lies", test_lies);
  ADD ("answered-and-cancelled", test_answered_and_cancelled);
  return g_test_run ();
}
