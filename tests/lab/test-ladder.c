/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ladder.c: a network that lets a service's usual way fall: the next try goes by another port, or by the other kind of
 * address; and where nothing is in the way, the usual one is taken. */
#include "config.h"
#include "tests/lab/world.h"

#include <string.h>
#include "tests/simulator/known.h"

static AditWorld *world;

static void
run (const char *line)
{
  adit_world_expect (world, 0, NULL, line, 0);
}

/* Where the tunnel's packets go to, as the device has it. */
static char *
dup_endpoint (void)
{
  const char *const argv[] = { "wg", "show", "adit0", "endpoints", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, &error);
  const char *tab;

  g_assert_no_error (error);
  tab = strchr (result->out, '\t');
  g_assert_nonnull (tab);
  return g_strchomp (g_strdup (tab + 1));
}

/* @rule: what the network between lets fall; NULL: nothing any more */
static void
let_fall (const char *rule)
{
  g_autofree char *line = g_strdup_printf ("nft 'table inet ladder { chain forward { type filter hook forward priority 0;"
                                           " %s drop; }; }'", rule);
  g_autoptr (GError) error = NULL;

  adit_lab_run_line ("router", rule != NULL ? line : "nft delete table inet ladder", &error);
  g_assert_no_error (error);
}

static void
test_ports (void)
{
  g_autofree char *usual = NULL, *other = NULL;

  adit_world_expect (world, 0, KNOWN_IVPN_ACCOUNT, "login ivpn", 0);
  run ("connect no --wait");
  usual = dup_endpoint ();
  g_assert_cmpstr (usual, ==, ADIT_LAB_EXIT_ADDRESS ":2049");
  run ("disconnect");
  let_fall ("udp dport 2049");
  run ("connect no --wait --timeout 40");
  other = dup_endpoint ();
  g_test_message ("%s, then %s", usual, other);
  g_assert_true (g_str_has_prefix (other, ADIT_LAB_EXIT_ADDRESS ":"));
  g_assert_cmpstr (other, !=, usual);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  run ("disconnect");
  adit_world_expect (world, 0, NULL, "connect no --port 2049 --wait --timeout 40", 10);    /* that one and no other */
  run ("disconnect");
  let_fall (NULL);
  /* One of two servers is dead: whichever is drawn first, the other one is found. */
  for (guint i = 0; i < 3; i++)
    run ("connect se --wait --timeout 40");
  run ("disconnect");
  run ("logout");
}

static void
test_families (void)
{
  g_autofree char *usual = NULL, *other = NULL;

  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT, "login mullvad", 0);
  run ("connect se-sto-wg-001 --wait");
  usual = dup_endpoint ();
  g_assert_cmpstr (usual, ==, ADIT_LAB_EXIT_ADDRESS ":51820");
  run ("disconnect");
  let_fall ("ip daddr " ADIT_LAB_EXIT_ADDRESS " udp dport 51820");
  run ("connect se-sto-wg-001 --wait --timeout 40");
  other = dup_endpoint ();
  g_assert_cmpstr (other, ==, "[" KNOWN_EXIT6 "]:51820");
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  run ("disconnect");
  let_fall (NULL);
  run ("logout");
}

/* The only port that the service has. */
static void
test_only_port (void)
{
  g_autofree char *endpoint = NULL;

  adit_world_expect (world, 0, KNOWN_OVPN_USER "\n" KNOWN_OVPN_PASSWORD, "login ovpn", 0);
  run ("connect Stockholm --wait --timeout 40");
  endpoint = dup_endpoint ();
  g_assert_cmpstr (endpoint, ==, ADIT_LAB_EXIT_ADDRESS ":9929");
  run ("disconnect");
  run ("logout");
}

int
main (int argc, char **argv)
{
  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_SERVICES);
  g_test_add_func ("/ladder/ports", test_ports);
  g_test_add_func ("/ladder/families", test_families);
  g_test_add_func ("/ladder/only-port", test_only_port);
  return adit_world_end_test (world);
}
