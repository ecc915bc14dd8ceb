/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-imported.c: from a file that somebody was handed to a connection: the real command line, helper, workers and openvpn. */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "tests/lab/leakwatch.h"
#include "tests/lab/openvpn-exit.h"
#include "tests/lab/senders.h"
#include "tests/lab/world.h"

#define FOLDER   "/run/lab/files"
#define NAMES    "/var/lib/adit/names"
#define STATE_MS 20000

static AditWorld *world;
static AditLabOvpn *servers[3];
static const AditLabOvpnServer udp_server, tcp_server = { .transport = ADIT_LAB_OVPN_TCP };
/* Comes with the certificate of another server. */
static const AditLabOvpnServer other_server = { .port = 1195, .identity = ADIT_LAB_OVPN_IS_OTHER };

/* With the login in it, so that nobody has to be asked. */
static void
put (const char *name, const AditLabOvpnServer *server, const char *more)
{
  g_autofree char *path = g_build_filename (FOLDER, name, NULL), *login = NULL;
  g_autoptr (GError) error = NULL;

  login = g_strconcat ("<auth-user-pass>\n" ADIT_LAB_OVPN_USER "\n" ADIT_LAB_OVPN_PASSWORD "\n</auth-user-pass>\n", more, NULL);
  adit_lab_ovpn_write_client (path, server, login, &error);
  g_assert_no_error (error);
}

/* The same with the server's name in the place of its address. */
static void
put_named (const char *name, const char *host, const char *more)
{
  g_autofree char *file = g_strconcat (name, ".ovpn", NULL), *path = g_build_filename (FOLDER, file, NULL), *text = NULL;
  g_autofree char *line = g_strdup_printf ("remote %s ", host);
  g_autoptr (GString) named = NULL;
  g_autoptr (GError) error = NULL;

  put (file, &udp_server, NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  named = g_string_new (text);
  g_assert_cmpuint (g_string_replace (named, "remote " ADIT_LAB_OVPN_ADDRESS " ", line, 0), ==, 1);
  g_string_append (named, more);
  g_assert_true (g_file_set_contents (path, named->str, -1, &error));
}

static void
expect_status (const char *words)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");

  if (strstr (result->out, words) == NULL)
    g_error ("no %s in %s", words, result->out);
}

static void
expect_through (const char *name)
{
  g_autofree char *connect = g_strdup_printf ("connect --profile %s --wait", name);

  adit_world_expect (world, 0, NULL, connect, 0);
  expect_status ("\"openvpn\"");
  expect_status (name);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

static void
test_connect (gconstpointer data)
{
  g_autofree char *import = g_strdup_printf ("import " FOLDER "/%s.ovpn", (const char *) data);

  adit_world_expect (world, 0, NULL, import, 0);
  expect_through (data);
}

/* A profile that is in use stays; one that is gone is said to be. */
static void
test_words (void)
{
  adit_world_expect (world, 0, NULL, "connect --profile nothing", 2);
  adit_world_expect (world, 0, NULL, "connect se-got --profile udp", 2);
  adit_world_expect (world, 0, NULL, "connect --profile udp --wait", 0);
  adit_world_expect (world, 0, NULL, "profiles remove udp", 1);
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* The first server of the file does not answer; the second one does. */
static void
test_next_server (void)
{
  adit_world_expect (world, 0, NULL, "import " FOLDER "/list.ovpn", 0);
  adit_world_expect (world, 0, NULL, "connect --profile list --wait --timeout 40", 0);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* The first server's name leads nowhere, or somebody else answers there: neither hides the second one. */
static void
test_bad_server (gconstpointer data)
{
  const char *name = data;
  g_autofree char *import = g_strdup_printf ("import " FOLDER "/%s.ovpn", name);
  g_autofree char *connect = g_strdup_printf ("connect --profile %s --wait --timeout 40", name);

  adit_world_expect (world, 0, NULL, import, 0);
  adit_world_expect (world, 0, NULL, connect, 0);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* And where no name leads anywhere it is blocked, and goes on trying. */
static void
test_dead_names (void)
{
  adit_world_expect (world, 0, NULL, "import " FOLDER "/dead-names.ovpn", 0);
  adit_world_expect (world, 0, NULL, "connect --profile dead-names --wait --timeout 40", 9);
  expect_status ("\"service-unreachable\"");
  expect_status ("\"lock\":\"all\"");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

static char *
dup_word (const char *const *argv, const char *input)
{
  const GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE;
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, flags, NULL);
  char *out = NULL;

  g_assert_true (g_subprocess_communicate_utf8 (process, input, NULL, &out, NULL, NULL));
  return g_strstrip (out);
}

/* A WireGuard file, its keys with it. */
static void
test_wireguard (void)
{
  const char *const make[] = { "wg", "genkey", NULL }, *const derive[] = { "wg", "pubkey", NULL };
  g_autofree char *key = dup_word (make, NULL), *public_key = dup_word (derive, key), *exit_key = adit_lab_get_exit_key ();
  g_autofree char *text = g_strdup_printf ("[Interface]\nPrivateKey = %s\nAddress = 10.66.0.7/24\nDNS = " ADIT_LAB_GATEWAY "\n"
                                           "[Peer]\nPublicKey = %s\nAllowedIPs = 0.0.0.0/0, ::/0\nEndpoint = "
                                           ADIT_LAB_EXIT_ADDRESS ":%d\n", key, exit_key, ADIT_LAB_EXIT_PORT);
  g_autoptr (GError) error = NULL;

  adit_lab_add_exit_peer (public_key, "10.66.0.7/32", &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (FOLDER "/home.conf", text, -1, NULL));
  adit_world_expect (world, 0, NULL, "import " FOLDER "/home.conf", 0);
  adit_world_expect (world, 0, NULL, "connect --profile home --wait", 0);
  expect_status ("\"wireguard-");
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

/* A server that the file gives by name: no resolver of the network is asked, and what was answered once is good without one. */
static void
test_named (void)
{
  g_autofree char *log = NULL;
  g_autoptr (GError) error = NULL;

  put_named ("named", "vpn.example", "");
  adit_world_expect (world, 0, NULL, "import " FOLDER "/named.ovpn", 0);
  g_free (adit_world_dup_dns_log (world));
  adit_world_expect (world, 0, NULL, "connect --profile named --wait", 0);
  log = adit_world_dup_dns_log (world);
  g_assert_null (strstr (log, "vpn.example"));
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_stop_service (world);
  adit_world_expect (world, 0, NULL, "connect --profile named --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_start_service (world, &error);
  g_assert_no_error (error);
}

/* A name goes with the last profile that has asked for it, and not before. */
static void
test_forgotten (void)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  adit_world_expect (world, 0, NULL, "import " FOLDER "/named.ovpn --name again", 0);
  adit_world_stop_service (world);
  adit_world_expect (world, 0, NULL, "connect --profile again --wait", 0);    /* by what the other one has asked */
  adit_world_expect (world, 0, NULL, "profiles remove again", 1);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "profiles remove named", 0);
  g_assert_true (g_file_get_contents (NAMES, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "vpn.example"));
  adit_world_expect (world, 0, NULL, "connect --profile again --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "profiles remove again", 0);
  g_assert_cmpint (access (NAMES, F_OK), ==, -1);
  /* Nobody to ask, and nothing is kept. */
  adit_world_expect (world, 0, NULL, "import " FOLDER "/named.ovpn --name third", 0);
  adit_world_expect (world, 0, NULL, "connect --profile third --wait --timeout 3", 9);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_start_service (world, &error);
  g_assert_no_error (error);
}

/* What the file lacks is said, and nothing is open meanwhile. */
static void
test_login_missing (void)
{
  g_autoptr (AditLabResult) result = NULL;
  g_autoptr (GError) error = NULL;

  adit_lab_ovpn_write_client (FOLDER "/asks.ovpn", &udp_server, "auth-user-pass\n", &error);
  g_assert_no_error (error);
  adit_world_expect (world, 0, NULL, "import " FOLDER "/asks.ovpn", 0);
  result = adit_world_adit (world, 0, NULL, "connect --profile asks --wait");
  g_assert_cmpint (result->status, ==, 6);
  g_assert_nonnull (strstr (result->err, "adit profiles login"));
  expect_status ("\"lock\":\"all\"");
  adit_world_expect (world, 0, "only one line", "profiles login asks", 6);
  adit_world_expect (world, 0, ADIT_LAB_OVPN_USER "\nwrong\n", "profiles login asks", 0);
  adit_world_expect (world, 0, NULL, "connect --profile asks --wait", 6);
  expect_status ("\"login-refused\"");
  adit_world_expect (world, 0, ADIT_LAB_OVPN_USER "\n" ADIT_LAB_OVPN_PASSWORD "\n", "profiles login asks", 0);
  adit_world_expect (world, 0, NULL, "connect --profile asks --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  {
    g_autoptr (AditLabResult) exported = adit_world_adit (world, 0, NULL, "export asks");

    g_assert_cmpint (exported->status, ==, 0);
    g_assert_nonnull (strstr (exported->out, "auth-user-pass"));
    g_assert_null (strstr (exported->out, ADIT_LAB_OVPN_PASSWORD));
  }
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* What the file holds is not what the server knows any more, and is not what anybody is stuck with. */
static void
test_login_changed (void)
{
  g_autoptr (GError) error = NULL;

  adit_lab_ovpn_write_client (FOLDER "/old.ovpn", &udp_server,
                              "<auth-user-pass>\n" ADIT_LAB_OVPN_USER "\nchanged-since\n</auth-user-pass>\n", &error);
  g_assert_no_error (error);
  adit_world_expect (world, 0, NULL, "import " FOLDER "/old.ovpn", 0);
  adit_world_expect (world, 0, NULL, "connect --profile old --wait", 6);
  expect_status ("\"login-refused\"");
  adit_world_expect (world, 0, "\n" ADIT_LAB_OVPN_PASSWORD "\n", "profiles login old", 0);
  adit_world_expect (world, 0, NULL, "connect --profile old --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* At a terminal one question after the other, none of which shows what is typed; an empty answer leaves what the file holds. */
static void
test_login_typed (void)
{
  const char *const argv[] = { g_getenv ("ADIT_TYPIST"), "User name", "", "Password", ADIT_LAB_OVPN_PASSWORD, "--",
                               g_getenv ("ADIT_PROGRAM"), "profiles", "login", "old", NULL };
  g_autoptr (AditLabResult) typed = NULL;

  adit_world_expect (world, 0, "\nwrong\n", "profiles login old", 0);
  adit_world_expect (world, 0, NULL, "connect --profile old --wait", 6);
  typed = adit_world_run (world, 0, argv);
  g_test_message ("%s%s", typed->out, typed->err);
  g_assert_cmpint (typed->status, ==, 0);
  g_assert_nonnull (strstr (typed->out, "User name (not shown): "));
  g_assert_null (strstr (typed->out, ADIT_LAB_OVPN_PASSWORD));
  adit_world_expect (world, 0, NULL, "connect --profile old --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* An archive as a service hands it out, by the command line and the helper, with what is no configuration left out. */
static void
test_archive (void)
{
  const char *const make[] = { "/usr/bin/python3", "-m", "zipfile", "-c", FOLDER "/all.zip", FOLDER "/of-udp.ovpn",
                               FOLDER "/of-tcp.ovpn", FOLDER "/read-me.txt", NULL };
  g_autoptr (AditLabResult) made = NULL, result = NULL, list = NULL;

  put ("of-udp.ovpn", &udp_server, NULL);
  put ("of-tcp.ovpn", &tcp_server, NULL);
  g_assert_true (g_file_set_contents (FOLDER "/read-me.txt", "Thank you for choosing us.\n", -1, NULL));
  made = adit_lab_run (NULL, 0, STATE_MS, make, NULL);
  g_assert_cmpint (made->status, ==, 0);
  result = adit_world_adit (world, 0, NULL, "import " FOLDER "/all.zip");
  g_test_message ("%s%s", result->out, result->err);
  g_assert_cmpint (result->status, ==, 0);
  list = adit_world_adit (world, 0, NULL, "profiles --json");
  g_assert_nonnull (strstr (list->out, "\"of-udp\""));
  g_assert_nonnull (strstr (list->out, "\"of-tcp\""));
  g_assert_null (strstr (list->out, "read-me"));
  expect_through ("of-udp");
  expect_through ("of-tcp");
}

/* What is exported is a file like any other: the profile goes, and comes back from it. */
static void
test_exported (void)
{
  g_autoptr (AditLabResult) exported = adit_world_adit (world, 0, NULL, "export of-tcp"), again = NULL;

  g_assert_cmpint (exported->status, ==, 0);
  g_assert_true (g_file_set_contents (FOLDER "/exported.ovpn", exported->out, -1, NULL));
  adit_world_expect (world, 0, NULL, "profiles remove of-tcp", 0);
  adit_world_expect (world, 0, NULL, "connect --profile of-tcp --wait", 2);
  adit_world_expect (world, 0, NULL, "import " FOLDER "/exported.ovpn", 0);
  expect_through ("exported");
  again = adit_world_adit (world, 0, NULL, "export exported");
  g_assert_cmpstr (again->out, ==, exported->out);
}

/* All the while that phase "killed" has lasted. */
static void
expect_tight (AditLeakwatch *watcher, AditSenders *senders)
{
  g_autofree char *keys = NULL;

  adit_senders_set_phase (senders, "");
  adit_leakwatch_set_phase (watcher, "end", NULL);
  keys = adit_leakwatch_dup_keys (watcher, "killed");
  g_test_message ("%u tried, %u outside %s", adit_senders_get_tried (senders, "killed"),
                  adit_leakwatch_get_outside (watcher, "killed"), keys);
  g_assert_cmpuint (adit_senders_get_tried (senders, "killed"), >, 10);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "killed"), ==, 0);
}

/* The helper is killed while its server has not said a word: the lock outlives it, and the next helper goes on. */
static void
test_killed_while_connecting (gconstpointer data)
{
  static const char *const holes[] = { "udp:" ADIT_LAB_OVPN_ADDRESS ":1194", "tcp:" ADIT_LAB_OVPN_ADDRESS ":443", NULL };
  const char *name = data;
  AditLabOvpn *server = servers[g_str_equal (name, "tcp") ? 1 : 0];
  g_autofree char *connect = g_strdup_printf ("connect --profile %s", name);
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_autoptr (AditSenders) senders = adit_senders_start ("client", &error);

  g_assert_no_error (error);
  g_assert_cmpint (kill (adit_lab_ovpn_get_pid (server), SIGSTOP), ==, 0);
  adit_world_expect (world, 0, NULL, connect, 0);
  g_assert_true (adit_world_wait_state (world, "connecting", STATE_MS));
  adit_leakwatch_set_phase (watcher, "killed", holes);
  adit_senders_set_phase (senders, "killed");
  g_usleep (200000);
  adit_world_kill_helper (world);
  g_usleep (300000);
  adit_world_expect_web (world, "");
  adit_world_expect_helper (world);
  g_assert_cmpint (kill (adit_lab_ovpn_get_pid (server), SIGCONT), ==, 0);
  g_assert_true (adit_world_wait_state (world, "connected", STATE_MS));
  expect_tight (watcher, senders);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* The helper is killed and comes back to the same tunnel; nothing passes beside the carrier all the while. */
static void
test_killed_helper (void)
{
  static const char *const holes[] = { "udp:" ADIT_LAB_OVPN_ADDRESS ":1194", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_autoptr (AditSenders) senders = adit_senders_start ("client", &error);

  g_assert_no_error (error);
  adit_world_expect (world, 0, NULL, "connect --profile udp --wait", 0);
  adit_leakwatch_set_phase (watcher, "killed", holes);
  adit_senders_set_phase (senders, "killed");
  g_usleep (200000);
  adit_world_kill_helper (world);
  g_usleep (300000);
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "connected", STATE_MS));
  g_usleep (200000);
  expect_tight (watcher, senders);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);

  adit_leakwatch_set_phase (watcher, "open", holes);
  adit_senders_set_phase (senders, "open");
  g_usleep (500000);
  adit_senders_set_phase (senders, "");
  adit_leakwatch_set_phase (watcher, "end", NULL);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "open"), >, 10);
}

static void
set_up (void)
{
  const char *verify = g_getenv ("ADIT_LAB_OPENVPN_VERIFY");
  g_autoptr (GError) error = NULL;

  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  g_assert_no_error (error);
  g_assert_true (adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error));
  servers[0] = adit_lab_ovpn_new (&udp_server, verify, &error);
  g_assert_no_error (error);
  servers[1] = adit_lab_ovpn_new (&tcp_server, verify, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir_with_parents (FOLDER, 0755), ==, 0);
  put ("udp.ovpn", &udp_server, NULL);
  put ("tcp.ovpn", &tcp_server, NULL);
  put ("list.ovpn", &(AditLabOvpnServer) { .transport = ADIT_LAB_OVPN_TCP, .port = 444 },
       "remote " ADIT_LAB_OVPN_ADDRESS " 443 tcp\n");
  servers[2] = adit_lab_ovpn_new (&other_server, verify, &error);
  g_assert_no_error (error);
  put ("other-answers.ovpn", &other_server, "remote " ADIT_LAB_OVPN_ADDRESS " 1194 udp\n");
  put_named ("dead-name", "nowhere.example", "remote " ADIT_LAB_OVPN_ADDRESS " 1194 udp\n");
  put_named ("dead-names", "nowhere.example", "remote neither.example 1194\n");
  adit_world_expect_helper (world);
}

int
main (int argc, char **argv)
{
  int status;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_data_func ("/imported/udp", "udp", test_connect);
  g_test_add_data_func ("/imported/tcp", "tcp", test_connect);
  g_test_add_func ("/imported/words", test_words);
  g_test_add_func ("/imported/next-server", test_next_server);
  g_test_add_data_func ("/imported/dead-name", "dead-name", test_bad_server);
  g_test_add_data_func ("/imported/other-answers", "other-answers", test_bad_server);
  g_test_add_func ("/imported/dead-names", test_dead_names);
  g_test_add_func ("/imported/wireguard", test_wireguard);
  g_test_add_func ("/imported/named", test_named);
  g_test_add_func ("/imported/forgotten", test_forgotten);
  g_test_add_func ("/imported/login-missing", test_login_missing);
  g_test_add_func ("/imported/login-changed", test_login_changed);
  g_test_add_func ("/imported/login-typed", test_login_typed);
  g_test_add_func ("/imported/archive", test_archive);
  g_test_add_func ("/imported/exported", test_exported);
  g_test_add_func ("/imported/killed-helper", test_killed_helper);
  g_test_add_data_func ("/imported/killed-helper-connecting-udp", "udp", test_killed_while_connecting);
  g_test_add_data_func ("/imported/killed-helper-connecting-tcp", "tcp", test_killed_while_connecting);
  status = g_test_run ();
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    adit_lab_ovpn_free (servers[i]);
  adit_world_free (world);
  return status;
}
