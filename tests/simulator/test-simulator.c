/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-simulator.c: the simulated services, each against what is publicly described of it. */
#include "tests/simulator/asker.h"

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  asker_open ();
  test_mullvad_add ();
  test_ivpn_add ();
  test_mysterium_add ();
  test_ovpn_add ();
  test_reports_add ();
  test_wrong_add ();
  result = g_test_run ();
  asker_close ();
  return result;
}
