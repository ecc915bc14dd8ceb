/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-metered.c: a network that the real NetworkManager calls metered: it is said so, and no list of servers is fetched there
 * that nobody has asked for. */
#include "tests/lab/unasked.h"

#include <unistd.h>

static AditWorld *world;

/* What a person says of a network holds from when it is joined. */
static void
set_metered (const char *word)
{
  g_autofree char *line = g_strdup_printf ("connection modify wired connection.metered %s", word);
  g_autoptr (AditLabResult) set = adit_world_nmcli (world, line), up = adit_world_nmcli (world, "connection up wired");

  g_assert_cmpint (set->status, ==, 0);
  g_assert_cmpint (up->status, ==, 0);
}

static void
test_told (void)
{
  set_metered ("yes");
  unasked_expect_says (world, "networks --json", "\"metered\":\"yes\"");
  unasked_expect_says (world, "networks", "(metered)");
  unasked_expect_says (world, "diagnose --json", "\"metered\":\"yes\"");
  set_metered ("no");
  unasked_expect_says (world, "networks --json", "\"metered\":\"no\"");
  unasked_expect_says (world, "diagnose --json", "\"metered\":\"no\"");
}

static void
test_list (void)
{
  guint before;

  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  set_metered ("yes");
  before = unasked_count_lists (world);
  unasked_connect_anew (world);
  unasked_expect_lists (world, FALSE, before);
  unasked_expect_says (world, "diagnose --json", "\"metered\":\"yes\"");
  adit_world_expect (world, 0, NULL, "locations --refresh", 0);    /* somebody asks */
  unasked_expect_lists (world, TRUE, before);
  /* The same where bytes cost nothing. */
  set_metered ("no");
  before = unasked_count_lists (world);
  unasked_connect_anew (world);
  unasked_expect_lists (world, TRUE, before);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* A network is the same one, whatever it costs. */
static void
test_same (void)
{
  (void) adit_world_ping (world, ADIT_LAB_ROUTER_ADDRESS, 1000);
  adit_world_expect (world, 0, NULL, "networks trust here ask", 0);
  set_metered ("yes");
  (void) adit_world_ping (world, ADIT_LAB_ROUTER_ADDRESS, 1000);
  unasked_expect_says (world, "networks --json", "\"trust\":\"trusted\",\"action\":\"ask\",\"metered\":\"yes\",\"here\":true");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (!adit_world_can_networkmanager ())
    return ADIT_LAB_SKIP;
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = adit_world_new (ADIT_WORLD_NETWORKMANAGER, &error);
  if (world == NULL)
    g_error ("%s", error->message);
  (void) unlink ("/etc/resolv.conf");
  adit_world_start_networkmanager (world, "default", "file");
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  g_test_add_func ("/metered/told", test_told);
  g_test_add_func ("/metered/list", test_list);
  g_test_add_func ("/metered/same", test_same);
  return adit_world_end_test (world);
}
