/* SPDX-License-Identifier: GPL-2.0-or-later */
/* booted-people.c: who may connect is decided by the system's own polkit, by the sessions that its own logind knows. */
#include "config.h"
#include "tests/vm/booted.h"

#define AS       "systemd-run --quiet --pipe --wait --collect --uid="
#define LOGIN    " --property=PAMName=login "
#define AT_SEAT  AS "alice" LOGIN "--property=TTYPath=/dev/tty1 "
#define BY_NET   AS "alice" LOGIN    /* a session, and no seat, as one by ssh is */
#define NO_LOGIN AS "alice "         /* as from a timer, or by su */
#define OTHER    AS "bob" LOGIN "--property=TTYPath=/dev/tty2 "    /* whose screen is not the one that is shown */
#define CONNECT  "adit --json connect se-got --wait --timeout 180"

static const char refusal[] = "You are not allowed to do that. Ask the person who administers this computer.";

static void
expect_no_say (void)
{
  static const char *const callers[] = { BY_NET, NO_LOGIN, OTHER };
  static const char *const calls[] = { "adit connect se-got", "adit disconnect" };

  for (guint i = 0; i < G_N_ELEMENTS (callers); i++)
    for (guint j = 0; j < G_N_ELEMENTS (calls); j++)
      {
        g_autofree char *line = g_strconcat (callers[i], calls[j], NULL);

        booted_expect_refused (5, refusal, line);
      }
  booted_expect_said ("adit --json status", "\"state\":\"connected\"");
}

/* Whoever sits there has an account of their own, and needs nobody's password; the connection is theirs then, and somebody else's
 * at a seat that is not shown stays without a say. */
static void
test_seats (void)
{
  booted_add_user ("alice");
  booted_add_user ("bob");
  booted_enter ("seats", booted_holes);
  expect_no_say ();
  booted_expect_refused (5, refusal, AT_SEAT "adit disconnect");    /* root's */
  booted_expect_tight ("seats");
  booted_do ("adit disconnect");
  booted_enter ("at a seat", NULL);
  booted_expect_said (AT_SEAT "loginctl show-session --property=Active --property=Seat self", "Active=yes");
  adit_machine_expect_of_service (booted.machine, "sh -c 'echo " ADIT_WORLD_ACCOUNT " | " AT_SEAT "adit --json login mullvad'");
  adit_machine_expect_of_service (booted.machine, AT_SEAT CONNECT);
  booted_enter ("hers", booted_holes);
  booted_expect_web (ADIT_LAB_EXIT_ADDRESS);
  expect_no_say ();
  booted_do (AT_SEAT "adit lockdown on");
  booted_expect_refused (5, refusal, AT_SEAT "adit lockdown off");    /* which asks, and nobody is there to be asked */
  booted_expect_tight ("hers");
  booted_do ("adit lockdown off");
  booted_do (AT_SEAT "adit disconnect");
  booted_enter ("at a seat, open", NULL);
  booted_expect_web (ADIT_LAB_ROUTER_ADDRESS);
  booted_expect_open ("at a seat, open", NULL);
  booted_do (AT_SEAT "adit logout");
  adit_machine_expect_of_service (booted.machine, CONNECT);
  booted_enter ("root's again", booted_holes);
  booted_expect_back ("root's again");
}

void
booted_add_people (void)
{
  g_test_add_func ("/booted/seats", test_seats);
}
