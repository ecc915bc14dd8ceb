/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-answers.c: what a server asks beside the password, and how a connection that was lost comes back without a person: the
 * real command line, helper, worker and openvpn with a real server. */
#include "config.h"

#include <signal.h>
#include <string.h>
#include "tests/lab/openvpn-exit.h"
#include "tests/lab/world.h"

#define FOLDER   "/run/lab/files"
#define STATE_MS 20000

static AditWorld *world;
static AditLabOvpn *server;
/* The password is said once; from then on the server's own token counts. */
static const AditLabOvpnServer tokens = { .lines = "auth-gen-token 3600\n" };

static void
import (const char *name, const char *user, const char *more)
{
  g_autofree char *path = g_strdup_printf (FOLDER "/%s.ovpn", name), *command = g_strdup_printf ("import %s", path);
  g_autofree char *lines = g_strconcat ("<auth-user-pass>\n", user, "\n" ADIT_LAB_OVPN_PASSWORD "\n</auth-user-pass>\n", more,
                                        NULL);
  g_autoptr (GError) error = NULL;

  adit_lab_ovpn_write_client (path, &tokens, lines, &error);
  g_assert_no_error (error);
  adit_world_expect (world, 0, NULL, command, 0);
}

static void
expect_status (const char *words)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");

  if (strstr (result->out, words) == NULL)
    g_error ("no %s in %s", words, result->out);
}

static void
expect_connected (void)
{
  expect_status ("\"question\":null");
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
}

/* The file itself says what is going to be asked: nobody is called before there is an answer. */
static void
test_static (void)
{
  import ("static", ADIT_LAB_OVPN_STATIC, "static-challenge \"Enter the code\" 1\n");
  adit_world_expect (world, 0, NULL, "connect --profile static --wait", 6);
  expect_status ("\"answer-needed\"");
  expect_status ("\"question\":\"Enter the code\"");
  expect_status ("\"lock\":\"all\"");
  adit_world_expect (world, 0, "000000\n", "reconnect --answer --wait", 6);
  expect_status ("\"login-refused\"");
  adit_world_expect (world, 0, ADIT_LAB_OVPN_CODE "\n", "reconnect --answer --wait", 0);
  expect_connected ();
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, ADIT_LAB_OVPN_CODE "\n", "connect --profile static --answer --wait", 0);
  expect_connected ();
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* The server asks in its own words once it has the password; what it hands over with the question goes back with the answer. */
static void
test_dynamic (void)
{
  import ("dynamic", ADIT_LAB_OVPN_DYNAMIC, "");
  adit_world_expect (world, 0, NULL, "connect --profile dynamic --wait", 6);
  expect_status ("\"question\":\"Enter the code\"");
  expect_status ("\"lock\":\"all\"");
  adit_world_expect (world, 0, "000000\n", "reconnect --answer --wait", 6);
  expect_status ("\"login-refused\"");
  adit_world_expect (world, 0, NULL, "reconnect --wait", 6);
  expect_status ("\"answer-needed\"");
  adit_world_expect (world, 0, ADIT_LAB_OVPN_CODE "\n", "reconnect --answer --wait", 0);
  expect_connected ();
}

/* Goes on from there.  The server's token stands for the answer, until the server does not know it any more. */
static void
test_token (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (adit_lab_ovpn_dismiss (server, "RESTART", &error), >=, 1);
  g_assert_no_error (error);
  g_assert_true (adit_world_wait_state (world, "connecting", STATE_MS));
  g_assert_true (adit_world_wait_state (world, "connected", STATE_MS));
  expect_connected ();
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  expect_connected ();

  /* Started anew it has another key for its tokens. */
  adit_lab_ovpn_stop (server, SIGTERM);
  adit_lab_ovpn_start (server, &error);
  g_assert_no_error (error);
  adit_world_expect (world, 0, NULL, "reconnect --wait", 6);
  expect_status ("\"answer-needed\"");
  expect_status ("\"lock\":\"all\"");
  adit_world_expect (world, 0, ADIT_LAB_OVPN_CODE "\n", "reconnect --answer --wait", 0);
  expect_connected ();
}

/* Goes on from there: what was answered was never written down, and a helper that is killed asks again. */
static void
test_killed_helper (void)
{
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "blocked", STATE_MS));
  expect_status ("\"answer-needed\"");
  expect_status ("\"lock\":\"all\"");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  expect_status ("\"question\":null");
}

/* All that it says until @text, or until it ends. */
static char *
read_until (GSubprocess *process, const char *text)
{
  GInputStream *from = g_subprocess_get_stdout_pipe (process);
  GString *said = g_string_new (NULL);
  char byte;

  while ((text == NULL || strstr (said->str, text) == NULL) && g_input_stream_read (from, &byte, 1, NULL, NULL) == 1)
    g_string_append_c (said, byte);
  return g_string_free (said, FALSE);
}

/* Who sits at a terminal is asked there and then, and what they type is not shown. */
static void
test_terminal (void)
{
  g_autofree char *command = g_strdup_printf ("%s connect --profile static --wait", g_getenv ("ADIT_PROGRAM"));
  const char *const argv[] = { "script", "-q", "-e", "-c", command, "/dev/null", NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                                                        G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *asked = NULL, *rest = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  process = adit_world_spawn (world, 0, launcher, argv, &error);
  g_assert_no_error (error);
  asked = read_until (process, "Enter the code: ");
  g_assert_nonnull (strstr (asked, "Enter the code: "));
  g_assert_true (g_output_stream_write_all (g_subprocess_get_stdin_pipe (process), ADIT_LAB_OVPN_CODE "\n",
                                            strlen (ADIT_LAB_OVPN_CODE "\n"), NULL, NULL, &error));
  rest = read_until (process, NULL);
  g_assert_true (g_subprocess_wait (process, NULL, &error));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  g_assert_null (strstr (rest, ADIT_LAB_OVPN_CODE));
  g_assert_nonnull (strstr (rest, "Connected"));
  expect_connected ();
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;

  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  g_assert_no_error (error);
  g_assert_true (adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error));
  server = adit_lab_ovpn_new (&tokens, g_getenv ("ADIT_LAB_OPENVPN_VERIFY"), &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir_with_parents (FOLDER, 0755), ==, 0);
  adit_world_expect_helper (world);
}

int
main (int argc, char **argv)
{
  int status;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/answers/static", test_static);
  g_test_add_func ("/answers/dynamic", test_dynamic);
  g_test_add_func ("/answers/token", test_token);
  g_test_add_func ("/answers/killed-helper", test_killed_helper);
  g_test_add_func ("/answers/terminal", test_terminal);
  status = g_test_run ();
  adit_lab_ovpn_free (server);
  adit_world_free (world);
  return status;
}
