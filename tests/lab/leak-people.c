/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-people.c: the row about somebody who connects this computer from another one and keeps their session: real ssh, from
 * beyond the router.  Their connection goes on through everything, and nothing else passes where it does. */
#include "config.h"
#include "tests/lab/leak.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <gio/gunixinputstream.h>
#include <poll.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/lab/senders.h"

#define SSH_PORT    2222
#define FOLDER      "/run/lab/ssh"
#define DEAD_PLACE  "us-nyc"
#define STATE_MS    40000    /* of tries, until it is blocked */
#define ANSWER_MS   20000    /* of the command line; of an echo, whatever TCP has to send again */
#define CLOSED_MS   8000     /* the helper looks every five seconds */

typedef struct { const char *family, *client, *far, *near; } Way;

/* By the router, whose way is the default one. */
static const Way ways[] = {
  { "IPv4", "10.10.0.2", ADIT_LAB_WEB_ADDRESS, "10.10.0.3" },
  { "IPv6", "2001:db8:10::2", "2001:db8:ff::80", "2001:db8:10::3" },
};

typedef struct { GSubprocess *process; GOutputStream *in; int out; GString *text; guint16 port; } Session;

static void
write_file (const char *path, const char *text, int mode)
{
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (path, text, -1, &error))
    g_error ("%s", error->message);
  g_assert_cmpint (chmod (path, (mode_t) mode), ==, 0);
}

/* (nullable) Where the server lies: "" for an installed one, or the folder that it was unpacked to. */
static const char *
find_sshd (void)
{
  const char *folder = g_getenv ("ADIT_LAB_SSHD");
  g_autofree char *path = folder != NULL ? g_strconcat (folder, "/usr/sbin/sshd", NULL) : NULL;

  if (path != NULL && access (path, X_OK) == 0)
    return folder;
  return access ("/usr/sbin/sshd", X_OK) == 0 ? "" : NULL;
}

/* A configuration, a host key and a person's key of this run alone. */
static void
start_sshd (AditLeak *leak, const char *folder)
{
  g_autofree char *sshd = g_strconcat (folder, "/usr/sbin/sshd", NULL);
  g_autofree char *libraries = g_strdup_printf ("LD_LIBRARY_PATH=%s/usr/lib/x86_64-linux-gnu:%s/usr/lib/aarch64-linux-gnu",
                                                folder, folder);
  g_autofree char *session = g_strconcat (folder, "/usr/lib/openssh/sshd-session", NULL);
  g_autofree char *auth = g_strconcat (folder, "/usr/lib/openssh/sshd-auth", NULL);
  const char *const argv[] = { "env", libraries, sshd, "-D", "-f", FOLDER "/sshd_config", "-E", FOLDER "/log", NULL };
  g_autofree char *text = g_strdup_printf (
    "Port %u\nHostKey " FOLDER "/host\nAuthorizedKeysFile " FOLDER "/person.pub\nPidFile none\nUsePAM no\nPermitRootLogin yes\n"
    "PasswordAuthentication no\nStrictModes no\nUseDNS no\n", SSH_PORT);
  gboolean is_split = access (session, X_OK) == 0, is_split_more = access (auth, X_OK) == 0;    /* OpenSSH 9.8; 10.0 */
  g_autofree char *paths = g_strdup_printf ("%s%s%s\n%s%s\n", text, is_split ? "SshdSessionPath " : "", is_split ? session : "",
                                            is_split_more ? "SshdAuthPath " : "", is_split_more ? auth : "");
  g_autoptr (GError) error = NULL;

  if (getpwnam ("sshd") == NULL)    /* whom an installation makes */
    adit_lab_add_user ("sshd", 61016);
  g_assert_cmpint (g_mkdir_with_parents (FOLDER, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents ("/run/sshd", 0755), ==, 0);
  write_file (FOLDER "/sshd_config", paths, 0600);
  adit_leak_run (leak, NULL, "ssh-keygen -q -t ed25519 -N '' -C '' -f " FOLDER "/host");
  adit_leak_run (leak, NULL, "ssh-keygen -q -t ed25519 -N '' -C '' -f " FOLDER "/person");
  if (adit_lab_spawn ("client", 0, argv, &error) == 0)
    g_error ("%s", error->message);
}

/* --- A person at another computer ---------------------------------------------------------------------------------------- */

/* What has been said up to and with @end; fails when it does not come. */
static char *
read_to (Session *self, const char *end, guint max_ms)
{
  gint64 until = g_get_monotonic_time () + max_ms * 1000L;
  char *found;

  while ((found = strstr (self->text->str, end)) == NULL)
    {
      struct pollfd wait = { .fd = self->out, .events = POLLIN };
      gint64 left_ms = (until - g_get_monotonic_time ()) / 1000;
      char bytes[4096];
      gssize n = 0;

      if (left_ms <= 0 || poll (&wait, 1, (int) left_ms) != 1 || (n = read (self->out, bytes, sizeof bytes)) <= 0)
        return NULL;
      g_string_append_len (self->text, bytes, n);
    }
  {
    char *text = g_strndup (self->text->str, (gsize) (found - self->text->str));

    g_string_erase (self->text, 0, (gssize) (found - self->text->str) + (gssize) strlen (end));
    return text;
  }
}

/* Types it there, and waits for what it says; the exit code stands behind. */
static char *
type (Session *self, const char *line, int *status)
{
  static guint n;
  g_autofree char *end = g_strdup_printf ("end-of-%u ", ++n);
  g_autofree char *whole = g_strdup_printf ("%s; echo %s $?\n", line, end), *code = NULL;
  char *said;

  g_assert_true (g_output_stream_write_all (self->in, whole, strlen (whole), NULL, NULL, NULL));
  said = read_to (self, end, ANSWER_MS);
  code = said != NULL ? read_to (self, "\n", ANSWER_MS) : NULL;
  if (code != NULL && status != NULL)
    *status = atoi (code);
  return said;
}

static void
expect_typed (AditLeak *leak, Session *self, const char *line, int wanted)
{
  int status = -1;
  g_autofree char *said = type (self, line, &status);

  if (said == NULL || status != wanted)
    {
      adit_world_print_log (adit_leak_get_world (leak));
      g_error ("over ssh, %s: %s, exit %d, not %d\n%s", line, said != NULL ? "answered" : "the session is dead", status, wanted,
               said != NULL ? said : "");
    }
}

static Session
log_in (const Way *way)
{
  g_autofree char *port = g_strdup_printf ("%u", SSH_PORT), *where = g_strconcat ("root@", way->client, NULL), *said = NULL;
  const char *const argv[] = {
    "ip", "netns", "exec", "web", "ssh", "-T", "-F", "none", "-i", FOLDER "/person", "-p", port, "-o", "StrictHostKeyChecking=no",
    "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=10", where, "exec /bin/sh 2>&1", NULL };
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  Session self = { .text = g_string_new (NULL) };

  self.process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  self.in = g_subprocess_get_stdin_pipe (self.process);
  self.out = g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (g_subprocess_get_stdout_pipe (self.process)));
  said = type (&self, "echo $SSH_CONNECTION", NULL);
  if (said == NULL)
    {
      g_autofree char *log = NULL;

      g_file_get_contents (FOLDER "/log", &log, NULL, NULL);
      g_error ("nobody gets in by ssh: %s", log);
    }
  words = g_strsplit (g_strstrip (said), " ", -1);
  g_assert_cmpuint (g_strv_length (words), ==, 4);
  self.port = (guint16) g_ascii_strtoull (words[1], NULL, 10);
  return self;
}

static void
log_out (Session *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
  g_string_free (self->text, TRUE);
}

/* --- What must not pass -------------------------------------------------------------------------------------------------- */

/* A segment as root can make one: with the watcher's sign in it, so it is never taken for the session's own. */
static void
send_segment (AditLeak *leak, const Way *way, guint16 from_port, const char *to, guint16 to_port, guint8 flags)
{
  ProbeWay raw = { .space = "client", .from = way->client };
  struct { struct tcphdr head; char sign[sizeof ADIT_SENDERS_MAGIC]; } __attribute__ ((packed)) segment = {
    .head = { .th_sport = htons (from_port), .th_dport = htons (to_port), .th_seq = 1, .th_off = 5, .th_win = htons (1000) },
    .sign = ADIT_SENDERS_MAGIC };

  segment.head.th_flags = flags;
  adit_leak_count (leak, 1);
  (void) probe_send (&raw, SOCK_RAW, IPPROTO_TCP, to, to_port, &segment, sizeof segment);
}

/* An ordinary frame of the session's own numbers, which has not passed the output chain. */
static void
send_frame (AditLeak *leak, const Way *way, guint16 port)
{
  guint8 frame[128];
  gsize length;
  guint8 *ip = frame + 14;
  gboolean v6 = strchr (way->client, ':') != NULL;

  length = probe_make_udp (frame, way->client, SSH_PORT, way->far, port);
  ip[v6 ? 6 : 9] = IPPROTO_TCP;    /* its first words are the ports as well */
  memcpy (frame + length, ADIT_SENDERS_MAGIC, sizeof ADIT_SENDERS_MAGIC);
  adit_leak_count (leak, 1);
  (void) probe_frame ("client", "eth0", frame, length + sizeof ADIT_SENDERS_MAGIC);
}

enum { OTHER_PORT, OTHER_END, OTHER_HOST, OTHER_PROTOCOL, BEGINNING, PROGRAM, PROGRAM_BOUND, FRAME, N_TRIES };
static const char *const tries[N_TRIES] = { "from another port", "to another port", "to another host", "by UDP",
                                            "another beginning of the same numbers", "a program's own",
                                            "a program's own, on the cable", "a frame" };

static void
try_one (AditLeak *leak, const Way *way, guint16 port, guint which)
{
  switch (which)
    {
    case OTHER_PORT: send_segment (leak, way, SSH_PORT + 1, way->far, port, TH_ACK); break;
    case OTHER_END: send_segment (leak, way, SSH_PORT, way->far, port ^ 1, TH_ACK); break;
    case OTHER_HOST: send_segment (leak, way, SSH_PORT, way->near, port, TH_ACK); break;
    case OTHER_PROTOCOL:
      adit_leak_send (leak, &(AditLeakPacket) { "udp", SOCK_DGRAM, 0, way->far, port, { .from_port = SSH_PORT } });
      break;
    case BEGINNING: send_segment (leak, way, SSH_PORT, way->far, port, TH_SYN); break;
    case PROGRAM: adit_leak_send (leak, &(AditLeakPacket) { "tcp", SOCK_STREAM, 0, way->far, port, { 0 } }); break;
    case PROGRAM_BOUND:
      adit_leak_send (leak, &(AditLeakPacket) { "tcp", SOCK_STREAM, 0, way->far, port, { .device = "eth0" } });
      break;
    default: send_frame (leak, way, port); break;
    }
}

/* The session is alive, nothing else passes, and nobody new gets in by the same door. */
static void
check (AditLeak *leak, const Way *way, Session *session, const char *what)
{
  const ProbeWay stranger = { .space = "web" };

  expect_typed (leak, session, "true", 0);
  for (guint i = 0; i < N_TRIES; i++)
    try_one (leak, way, session->port, i);
  g_assert_cmpint (probe_connect (&stranger, way->client, SSH_PORT, 200), !=, 0);
  expect_typed (leak, session, "true", 0);
  adit_leak_expect_shut (leak, what);
  adit_leak_allow (leak, what);
}

static gboolean
is_shut (const Way *way)
{
  const char *set = strchr (way->client, ':') != NULL ? "kept6" : "kept4";
  const char *const argv[] = { "nft", "list", "table", "inet", "adit", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);

  g_assert_cmpint (result->status, ==, 0);
  return strstr (result->out, set) == NULL && access ("/run/adit/kept", F_OK) != 0;
}

static void
expect_state (AditLeak *leak, const char *state)
{
  if (adit_world_wait_state (adit_leak_get_world (leak), state, STATE_MS))
    return;
  adit_world_print_log (adit_leak_get_world (leak));
  g_error ("it did not become %s", state);
}

static void
try_way (AditLeak *leak, const Way *way)
{
  AditWorld *world = adit_leak_get_world (leak);
  g_autofree char *key = NULL, *connect = NULL, *hidden = NULL, *stay = NULL, *switches = NULL;
  const char *also[2] = { NULL };
  Session session;

  adit_leak_expose (leak);
  session = log_in (way);
  key = g_strdup_printf ("tcp:%s:%u", way->far, session.port);
  also[0] = key;
  adit_leak_allow_also (leak, also);
  connect = g_strdup_printf ("%s connect se-got --wait", g_getenv ("ADIT_PROGRAM"));
  hidden = g_strdup_printf ("env -u SSH_CONNECTION %s", connect);
  stay = g_strdup_printf ("%s --keep-session", connect);
  switches = g_strdup_printf ("%s connect se-sto --wait", g_getenv ("ADIT_PROGRAM"));
  adit_leak_allow (leak, way->family);
  expect_typed (leak, &session, connect, 5);
  expect_typed (leak, &session, hidden, 5);    /* there is no logind here: by the ancestors */
  expect_typed (leak, &session, stay, 0);
  /* It is used all the time: one refused packet would end it. */
  expect_typed (leak, &session, "perl -e '$| = 1; while (1) { print qq(.\\n); select (undef, undef, undef, 0.0001) }' & true", 0);
  check (leak, way, &session, "connected");
  expect_typed (leak, &session, switches, 0);
  check (leak, way, &session, "switched");
  adit_world_kill_helper (world);
  check (leak, way, &session, "killed");
  adit_world_expect_helper (world);
  check (leak, way, &session, "starting again");
  expect_state (leak, "connected");
  check (leak, way, &session, "started again");
  adit_world_expect (world, 0, NULL, "connect " DEAD_PLACE, 0);
  expect_state (leak, "connecting");
  check (leak, way, &session, "connecting");
  expect_state (leak, "blocked");
  check (leak, way, &session, "blocked");
  adit_world_kill_helper (world);
  adit_world_expect (world, 0, NULL, "recover", 0);
  check (leak, way, &session, "recovered");
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  check (leak, way, &session, "lockdown");
  g_assert_false (is_shut (way));
  /* With the connection the hole goes. */
  log_out (&session);
  for (guint i = 0; i < CLOSED_MS / 100 && !is_shut (way); i++)
    g_usleep (100000);
  g_assert_true (is_shut (way));
  adit_leak_allow_also (leak, NULL);
}

static void
row_l27 (AditLeak *leak)
{
  const char *folder = find_sshd ();

  if (folder == NULL || access ("/usr/bin/ssh", X_OK) != 0)
    {
      adit_leak_skip (leak, "there is no ssh; tests/rig/fetch-sshd unpacks its server");
      return;
    }
  start_sshd (leak, folder);
  /* The replies of a session that is kept are looked for where it comes from. */
  adit_leak_run (leak, "client", "sysctl -qw net.ipv4.conf.all.rp_filter=1");
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    try_way (leak, &ways[i]);
  adit_leak_expose (leak);
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    for (guint n = 0; n < N_TRIES; n++)
      {
        try_one (leak, &ways[i], 40000, n);
        adit_leak_expect_open (leak, tries[n]);
      }
}

static const AditLeakRow rows[] = {
  { "L27-ssh", "what is not the session that somebody over ssh keeps", row_l27 },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
