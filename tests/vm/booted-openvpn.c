/* SPDX-License-Identifier: GPL-2.0-or-later */
/* booted-openvpn.c: a file that somebody was handed, imported and connected by, with the distribution's openvpn. */
#include "config.h"
#include "tests/vm/booted.h"

#include <string.h>
#include "tests/lab/openvpn-exit.h"

#define FILE_NAME "/run/lab.ovpn"

/* The carrier alone: requests to the service, and names, go inside. */
static const char *const carrier[] = { "udp:" ADIT_LAB_OVPN_ADDRESS ":1194", NULL };
static const char *const both[] = { "udp:" ADIT_LAB_OVPN_ADDRESS ":1194", ADIT_LAB_EXIT_RELAY,
                                    "tcp:" ADIT_LAB_API_ADDRESS ":443", "tcp:" ADIT_LAB_DOH_ADDRESS ":443", NULL };

static AditLabOvpn *server;

static void
start_server (void)
{
  static const AditLabOvpnServer honest;
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;

  adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error);
  g_assert_no_error (error);
  server = adit_lab_ovpn_new (&honest, g_getenv ("ADIT_LAB_OPENVPN_VERIFY"), &error);
  g_assert_no_error (error);
  file = adit_lab_ovpn_dup_client (&honest, NULL, &error);
  g_assert_no_error (error);
  adit_machine_write (booted.machine, FILE_NAME, file);
}

/* It reads a stranger's packets, so it is nobody, may do nothing that others may not, and gets nothing by what it starts. */
static void
expect_powerless (const char *program)
{
  static const char *const without[] = { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" };
  g_autofree char *status = adit_machine_expect (booted.machine, 0, "sh -c 'cat /proc/$(pgrep -u adit-openvpn -x %s)/status'",
                                                 program);

  for (guint i = 0; i < G_N_ELEMENTS (without); i++)
    {
      g_autofree char *line = g_strdup_printf ("\n%s:\t0000000000000000\n", without[i]);

      if (strstr (status, line) == NULL)
        g_error ("%s has a right: %s", program, status);
    }
  g_assert_nonnull (strstr (status, "\nNoNewPrivs:\t1\n"));
}

static void
test_openvpn (void)
{
  start_server ();
  booted_enter ("to OpenVPN", both);
  booted_do ("adit import " FILE_NAME);
  booted_do ("sh -c 'printf \"%s\\n\" \"" ADIT_LAB_OVPN_USER "\" \"" ADIT_LAB_OVPN_PASSWORD "\" | adit profiles login lab'");
  booted_do ("adit connect --profile lab --wait --timeout 180");
  booted_enter ("OpenVPN", carrier);
  booted_expect_said ("adit --json status", "\"openvpn\"");
  expect_powerless ("openvpn");
  expect_powerless ("adit-worker");
  booted_expect_said ("sh -c 'cat /proc/$(pgrep -u adit-openvpn -x adit-worker)/attr/current'", "adit-worker (enforce)");
  booted_expect_web (ADIT_LAB_OVPN_ADDRESS);
  booted_expect_names (ADIT_LAB_OVPN_RESOLVER);
  booted_expect_tight ("OpenVPN");
  booted_expect_undenied ();
}

/* With both of them killed it is blocked, until it has started others. */
static void
test_openvpn_killed (void)
{
  booted_enter ("OpenVPN killed", carrier);
  booted_do ("pkill -KILL -u adit-openvpn");
  adit_machine_wait_connected (booted.machine);
  booted_expect_web (ADIT_LAB_OVPN_ADDRESS);
  booted_expect_tight ("OpenVPN killed");
}

static void
test_from_openvpn (void)
{
  booted_enter ("from OpenVPN", both);
  adit_machine_expect_of_service (booted.machine, "adit --json connect se-got --wait --timeout 180");
  booted_do ("sh -c '! pgrep -u adit-openvpn'");
  booted_do ("adit profiles remove lab");
  booted_expect_back ("from OpenVPN");
  g_clear_pointer (&server, adit_lab_ovpn_free);
}

void
booted_add_openvpn (void)
{
  g_test_add_func ("/booted/openvpn", test_openvpn);
  g_test_add_func ("/booted/openvpn-killed", test_openvpn_killed);
  g_test_add_func ("/booted/openvpn-back", test_from_openvpn);
}
