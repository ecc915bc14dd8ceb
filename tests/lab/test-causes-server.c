/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-causes-server.c: what a server of OpenVPN wants of a person, and what is missing to call it or to trust a service at all,
 * as `adit diagnose` names it. */
#include "config.h"
#include "tests/lab/diagnosis.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>

#include "tests/lab/openvpn-exit.h"

#define FOLDER "/run/lab/files"
#define EMPTY  "/run/lab/empty"
#define TRUST  "/etc/adit/lab-ca.pem"

static AditWorld *world;
static const AditLabOvpnServer verified = { .lines = "" };

static void
adit (const char *line)
{
  adit_world_expect (world, 0, NULL, line, 0);
}

static void
import (const char *name, const char *user, const char *password, const char *more)
{
  g_autofree char *path = g_strdup_printf (FOLDER "/%s.ovpn", name), *command = g_strdup_printf ("import %s", path);
  g_autofree char *lines = g_strdup_printf ("<auth-user-pass>\n%s\n%s\n</auth-user-pass>\n%s", user, password, more);
  g_autoptr (GError) error = NULL;

  adit_lab_ovpn_write_client (path, &verified, lines, &error);
  g_assert_no_error (error);
  adit (command);
}

static void
expect_connected (void)
{
  if (!adit_world_wait_state (world, "connected", 30000))
    adit_world_print_log (world);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  diagnosis_expect (world, "", "Nothing is known to be wrong.");
}

static void
test_login_refused (void)
{
  import ("wrong", ADIT_LAB_OVPN_USER, "not the password", "");
  adit ("connect --profile wrong");
  diagnosis_expect (world, "login-refused", "The server does not accept this user name and password.");
  import ("right", ADIT_LAB_OVPN_USER, ADIT_LAB_OVPN_PASSWORD, "");
  adit ("connect --profile right --wait");
  expect_connected ();
}

static void
test_answer_needed (void)
{
  import ("code", ADIT_LAB_OVPN_STATIC, ADIT_LAB_OVPN_PASSWORD, "static-challenge \"Enter the code\" 1\n");
  adit ("connect --profile code");
  diagnosis_expect (world, "answer-needed", "The server asks for one more answer.");
  adit_world_expect (world, 0, ADIT_LAB_OVPN_CODE "\n", "reconnect --answer --wait", 0);
  expect_connected ();
}

/* Not executable: as good as not there. */
static void
test_no_openvpn (void)
{
  adit ("disconnect");
  g_assert_true (g_file_set_contents (EMPTY, "", 0, NULL));
  g_assert_cmpint (mount (EMPTY, ADIT_OPENVPN_PROGRAM, NULL, MS_BIND, NULL), ==, 0);
  adit ("connect --profile right");
  diagnosis_expect (world, "no-openvpn", "This computer has no OpenVPN.");
  adit_world_expect_web (world, "");
  g_assert_cmpint (umount2 (ADIT_OPENVPN_PROGRAM, MNT_DETACH), ==, 0);
  adit ("connect --profile right --wait");
  expect_connected ();
}

/* The file by which the service is known holds nothing, and the service has to be asked. */
static void
test_trust (void)
{
  g_autofree char *pem = NULL;
  gsize length;

  adit ("disconnect");
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  adit ("connect se --wait");
  adit_world_kill_helper (world);
  g_assert_true (g_file_get_contents (TRUST, &pem, &length, NULL));
  g_assert_true (g_file_set_contents (TRUST, "", 0, NULL));
  g_assert_true (adit_lab_run_line ("client", "sh -c 'rm -rf /var/cache/adit/*'", NULL));
  adit_world_expect_helper (world);
  diagnosis_expect (world, "trust-unusable", "The certificates by which the service is known cannot be used.");
  adit_world_expect_web (world, "");
  g_assert_true (g_file_set_contents (TRUST, pem, (gssize) length, NULL));
  adit ("reconnect --wait");
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  diagnosis_expect (world, "", "Nothing is known to be wrong.");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  AditLabOvpn *server;
  int failed;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  g_assert_no_error (error);
  g_assert_true (adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error));
  server = adit_lab_ovpn_new (&verified, g_getenv ("ADIT_LAB_OPENVPN_VERIFY"), &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir_with_parents (FOLDER, 0755), ==, 0);
  adit_world_expect_helper (world);
  g_test_add_func ("/causes-server/login-refused", test_login_refused);
  g_test_add_func ("/causes-server/answer-needed", test_answer_needed);
  g_test_add_func ("/causes-server/no-openvpn", test_no_openvpn);
  g_test_add_func ("/causes-server/trust", test_trust);
  failed = g_test_run ();
  adit_lab_ovpn_free (server);
  adit_world_free (world);
  return failed;
}
