/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-remote.c: somebody who has come over the network does not lock themselves out: they are refused, or it goes back by
 * itself.  Real logind; every command is root's, as with sudo, in the session that it is typed in. */
#include "config.h"
#include "tests/lab/world.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <jansson.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/lab/probe.h"

#define SSH        "10.10.0.3 40000 10.10.0.2 22"
#define FILE_NAME  "/run/adit/confirm"
#define WITHIN     "10"      /* the shortest */
#define WITHIN_MS  10000
#define SOON_MS    15000
#define LITTLE_MS  3000

static AditWorld *world;

static AditLabResult *
adit (AditWorldSession session, const char *ssh, const char *line)
{
  g_autofree char *command = g_strdup_printf ("timeout 90 %s %s", g_getenv ("ADIT_PROGRAM"), line);
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  AditLabResult *result = g_new0 (AditLabResult, 1);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = NULL;

  g_assert_true (g_shell_parse_argv (command, NULL, &argv, NULL));
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "ADIT_DEBUG");
  g_subprocess_launcher_unsetenv (launcher, "SSH_CONNECTION");
  if (ssh != NULL)
    g_subprocess_launcher_setenv (launcher, "SSH_CONNECTION", ssh, TRUE);
  process = adit_world_spawn_in (world, session, 0, launcher, (const char *const *) argv, &error);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &result->out, &result->err, &error))
    g_error ("adit %s: %s", line, error->message);
  result->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : 128;
  return result;
}

static void
expect (AditWorldSession session, const char *ssh, const char *line, int status)
{
  g_autoptr (AditLabResult) result = adit (session, ssh, line);

  if (result->status == status)
    return;
  adit_world_print_log (world);
  g_error ("adit %s in session %d with \"%s\": exit %d, not %d\n%s%s", line, (int) session, ssh != NULL ? ssh : "",
           result->status, status, result->out, result->err);
}

static void
expect_state (const char *state, guint max_ms)
{
  if (adit_world_wait_state (world, state, max_ms))
    return;
  adit_world_print_log (world);
  g_error ("it did not become %s", state);
}

static gboolean
has_tables (void)
{
  const char *const argv[] = { "nft", "list", "tables", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);

  return strstr (result->out, "adit") != NULL;
}

static guint
get_left_s (void)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");
  json_t *object = json_loads (result->out, 0, NULL), *left = json_object_get (object, "confirm_within_s");
  guint seconds = (guint) json_integer_value (left);

  g_assert_true (json_is_integer (left));
  json_decref (object);
  return seconds;
}

/* By facts: sudo has taken the environment away, and the session is still a remote one. */
static void
test_refused (void)
{
  static const struct { AditWorldSession session; const char *ssh; } remote[] = {
    { ADIT_WORLD_ALICE_AWAY, NULL }, { ADIT_WORLD_ALICE_AWAY, SSH }, { ADIT_WORLD_NO_SESSION, SSH },
    { ADIT_WORLD_ALICE_SEATED, SSH }, { ADIT_WORLD_NO_SESSION, "nonsense" },
  };
  g_autoptr (AditLabResult) said = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (remote); i++)
    {
      expect (remote[i].session, remote[i].ssh, "connect se-got", 5);
      expect (remote[i].session, remote[i].ssh, "lockdown on", 5);
    }
  said = adit (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-got --json");
  g_assert_nonnull (strstr (said->out, "\"WouldCutOff\""));
  g_assert_nonnull (strstr (said->out, "adit connect --confirm-within 60"));
  g_assert_false (has_tables ());
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  expect (ADIT_WORLD_ALICE_SEATED, NULL, "lockdown on", 0);
  /* Who got in through it already is not cut off by it. */
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-got --wait", 0);
  expect (ADIT_WORLD_ALICE_AWAY, SSH, "reconnect --wait", 0);
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "disconnect", 0);
  expect (ADIT_WORLD_ALICE_SEATED, NULL, "lockdown off", 0);
  expect (ADIT_WORLD_NO_SESSION, NULL, "connect se-got --wait", 0);
  expect (ADIT_WORLD_NO_SESSION, NULL, "disconnect", 0);
}

static void
test_bounds (void)
{
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-got --confirm-within 9", 2);
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-got --confirm-within 3601", 2);
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-got --confirm-within=-10", 2);
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "confirm", 2);
  g_assert_false (has_tables ());
}

static void
test_goes_back (void)
{
  expect (ADIT_WORLD_ALICE_AWAY, SSH, "connect se-got --wait --confirm-within " WITHIN, 0);
  g_assert_cmpuint (get_left_s (), >, 0);
  g_assert_cmpint (access (FILE_NAME, F_OK), ==, 0);
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-sto", 5);    /* not yet one to rely on */
  expect_state ("disconnected", SOON_MS);
  g_assert_false (has_tables ());
  g_assert_cmpint (access (FILE_NAME, F_OK), !=, 0);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);

  expect (ADIT_WORLD_ALICE_AWAY, NULL, "lockdown on --confirm-within " WITHIN, 0);
  g_assert_true (has_tables ());
  adit_world_expect_web (world, "");
  g_usleep ((WITHIN_MS + LITTLE_MS) * 1000);
  g_assert_false (has_tables ());
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

static void
test_confirmed (void)
{
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-got --confirm-within " WITHIN, 0);
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "confirm", 0);
  g_assert_cmpuint (get_left_s (), ==, 0);
  expect_state ("connected", SOON_MS);
  /* The former place, and not none. */
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-sto --wait --confirm-within " WITHIN, 0);
  g_usleep ((WITHIN_MS + LITTLE_MS) * 1000);
  expect_state ("connected", SOON_MS);
  {
    g_autoptr (AditLabResult) status = adit_world_adit (world, 0, NULL, "status --json");

    g_assert_nonnull (strstr (status->out, "\"got\""));
  }
  expect (ADIT_WORLD_NO_SESSION, NULL, "disconnect", 0);
}

/* What somebody says without a time holds, whoever set one before. */
static void
test_said_since (void)
{
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-got --confirm-within 60", 0);
  expect (ADIT_WORLD_ALICE_SEATED, NULL, "connect se-sto --wait", 0);
  g_assert_cmpuint (get_left_s (), ==, 0);
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-got --confirm-within 60", 0);
  expect (ADIT_WORLD_ALICE_SEATED, NULL, "disconnect", 0);
  g_assert_cmpuint (get_left_s (), ==, 0);
  g_assert_cmpint (access (FILE_NAME, F_OK), !=, 0);
}

/* To sign out is to say it, too: what went before is not to come back to an account that is gone. */
static void
test_signed_out (void)
{
  expect (ADIT_WORLD_NO_SESSION, NULL, "connect se-got --wait", 0);
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-sto --confirm-within " WITHIN, 0);
  g_assert_cmpuint (get_left_s (), >, 0);
  expect (ADIT_WORLD_NO_SESSION, NULL, "logout --disconnect", 0);
  g_assert_cmpuint (get_left_s (), ==, 0);
  g_assert_cmpint (access (FILE_NAME, F_OK), !=, 0);
  g_usleep ((WITHIN_MS + LITTLE_MS) * 1000);
  expect_state ("disconnected", SOON_MS);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
}

static void
test_without_helper (void)
{
  /* Its time runs out while there is none. */
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-got --wait --confirm-within " WITHIN, 0);
  adit_world_kill_helper (world);
  g_usleep ((WITHIN_MS + 1000) * 1000);
  adit_world_expect_web (world, "");
  adit_world_expect_helper (world);
  expect_state ("disconnected", SOON_MS);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  /* The next one hears the clock. */
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "lockdown on --confirm-within " WITHIN, 0);
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-got --wait --confirm-within " WITHIN, 0);
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  g_assert_cmpuint (get_left_s (), >, 0);
  expect_state ("disconnected", SOON_MS);
  g_assert_false (has_tables ());
  /* A file that says nothing opens nothing. */
  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-got --wait --confirm-within " WITHIN, 0);
  adit_world_kill_helper (world);
  g_assert_true (g_file_set_contents (FILE_NAME, "[adit]\nformat=1\nlockdown=false\nconnected=false\n", -1, NULL));
  adit_world_expect_helper (world);
  g_assert_cmpuint (get_left_s (), ==, 0);
  expect_state ("connected", SOON_MS);
  g_usleep (WITHIN_MS * 1000);
  expect_state ("connected", SOON_MS);
  expect (ADIT_WORLD_NO_SESSION, NULL, "disconnect", 0);
}

typedef struct { int listener, here, there; char *ssh; } Pair;

/* A connection to @space by somebody there whose sockets are @uid's. */
static Pair
make_pair (const char *space, const char *address, const char *from, guint uid)
{
  const ProbeWay way = { .space = from };
  struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons (7000) }, own;
  socklen_t length = sizeof own;
  char text[INET_ADDRSTRLEN];
  Pair pair;

  inet_pton (AF_INET, address, &there.sin_addr);
  setfsuid (uid);    /* whose a socket is */
  pair.listener = probe_listen (space, SOCK_STREAM, address, 7000);
  setfsuid (0);
  pair.there = probe_open (&way, SOCK_STREAM, 0, address);
  (void) !connect (pair.there, (struct sockaddr *) &there, sizeof there);
  g_usleep (100000);
  setfsuid (uid);
  pair.here = accept4 (pair.listener, NULL, NULL, SOCK_CLOEXEC);
  setfsuid (0);
  g_assert_cmpint (pair.here, >=, 0);
  g_assert_cmpint (getsockname (pair.there, (struct sockaddr *) &own, &length), ==, 0);
  inet_ntop (AF_INET, &own.sin_addr, text, sizeof text);
  pair.ssh = g_strdup_printf ("%s %u %s 7000", text, ntohs (own.sin_port), address);
  return pair;
}

static void
close_pair (Pair *pair)
{
  close (pair->here);
  close (pair->there);
  close (pair->listener);
  g_free (pair->ssh);
}

/* Whoever keeps a connection says which, and the kernel says whose it is. */
static void
test_kept (void)
{
  Pair of_bob = make_pair ("client", "10.10.0.2", "lan", ADIT_WORLD_BOB_UID), of_root, outgoing;
  g_autofree char *turned = NULL;
  g_auto (GStrv) words = NULL;

  expect (ADIT_WORLD_ALICE_AWAY, NULL, "connect se-got --keep-session", 2);
  expect (ADIT_WORLD_ALICE_AWAY, "nonsense", "connect se-got --keep-session", 2);
  expect (ADIT_WORLD_ALICE_AWAY, SSH, "connect se-got --keep-session", 5);    /* there is none */
  expect (ADIT_WORLD_ALICE_AWAY, SSH, "lockdown on --keep-session", 5);
  expect (ADIT_WORLD_ALICE_AWAY, of_bob.ssh, "connect se-got --keep-session", 5);
  close_pair (&of_bob);
  /* One of root's that went out: nobody listens at its port. */
  outgoing = make_pair ("lan", "10.10.0.3", "client", 0);
  words = g_strsplit (outgoing.ssh, " ", -1);
  turned = g_strdup_printf ("%s %s %s %s", words[2], words[3], words[0], words[1]);
  expect (ADIT_WORLD_ALICE_AWAY, turned, "connect se-got --keep-session", 5);
  close_pair (&outgoing);
  g_assert_false (has_tables ());
  g_assert_cmpint (access ("/run/adit/kept", F_OK), !=, 0);

  of_root = make_pair ("client", "10.10.0.2", "lan", 0);
  expect (ADIT_WORLD_ALICE_AWAY, of_root.ssh, "connect se-got --wait --keep-session", 0);
  g_assert_cmpint (access ("/run/adit/kept", F_OK), ==, 0);
  g_assert_cmpint (send (of_root.here, "x", 1, MSG_NOSIGNAL), ==, 1);
  g_assert_true (probe_heard (of_root.there));
  expect (ADIT_WORLD_ALICE_AWAY, of_root.ssh, "disconnect", 0);
  g_assert_cmpint (access ("/run/adit/kept", F_OK), !=, 0);
  close_pair (&of_root);
}

int
main (int argc, char **argv)
{
  if (access ("/usr/lib/polkit-1/polkitd", X_OK) != 0 || access ("/lib/systemd/systemd-logind", X_OK) != 0)
    {
      g_printerr ("SKIP: there is no polkitd or no systemd-logind\n");
      return ADIT_LAB_SKIP;
    }
  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_POLKIT | ADIT_WORLD_PEOPLE | ADIT_WORLD_LOGIND);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  g_test_add_func ("/remote/refused", test_refused);
  g_test_add_func ("/remote/bounds", test_bounds);
  g_test_add_func ("/remote/kept", test_kept);
  g_test_add_func ("/remote/goes-back", test_goes_back);
  g_test_add_func ("/remote/confirmed", test_confirmed);
  g_test_add_func ("/remote/said-since", test_said_since);
  g_test_add_func ("/remote/signed-out", test_signed_out);
  g_test_add_func ("/remote/without-helper", test_without_helper);
  return adit_world_end_test (world);
}
