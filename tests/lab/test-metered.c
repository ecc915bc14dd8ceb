/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-metered.c: a network that the real NetworkManager calls metered: it is said so, and no list of servers is fetched there
 * that nobody has asked for. */
#include "tests/lab/world.h"

#include <string.h>
#include <unistd.h>

#define STATE_MS 20000
#define LIST     "GET /app/v1/relays "    /* as the service writes it down */
#define LOOKS    60
#define LOOK_US  100000

static AditWorld *world;

static guint
count_lists (void)
{
  g_autofree char *log = adit_world_dup_log (world);
  guint n = 0;

  for (const char *at = log; (at = strstr (at, LIST)) != NULL; at++)
    n++;
  return n;
}

static void
expect_says (const char *line, const char *words)
{
  g_autoptr (AditLabResult) result = NULL;

  for (guint i = 0; i < LOOKS; i++, g_usleep (LOOK_US))
    {
      g_clear_pointer (&result, adit_lab_result_free);
      result = adit_world_adit (world, 0, NULL, line);
      if (strstr (result->out, words) != NULL)
        return;
    }
  adit_world_print_log (world);
  g_error ("adit %s: no %s in %s", line, words, result->out);
}

/* What a person says of a network holds from when it is joined. */
static void
set_metered (const char *word)
{
  g_autofree char *line = g_strdup_printf ("connection modify wired connection.metered %s", word);
  g_autoptr (AditLabResult) set = adit_world_nmcli (world, line), up = adit_world_nmcli (world, "connection up wired");

  g_assert_cmpint (set->status, ==, 0);
  g_assert_cmpint (up->status, ==, 0);
}

/* A helper that has just been started has fetched nothing in the last hour. */
static void
connect_anew (void)
{
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  if (!adit_world_wait_state (world, "connected", STATE_MS))
    {
      adit_world_print_log (world);
      g_error ("not connected");
    }
}

static void
expect_lists (gboolean fetched, guint before)
{
  for (guint i = 0; i < LOOKS && (!fetched || count_lists () == before); i++)
    g_usleep (LOOK_US);
  g_test_message ("%u lists before, %u now", before, count_lists ());
  g_assert_true ((count_lists () > before) == fetched);
}

static void
test_told (void)
{
  set_metered ("yes");
  expect_says ("networks --json", "\"metered\":\"yes\"");
  expect_says ("networks", "(metered)");
  expect_says ("diagnose --json", "\"metered\":\"yes\"");
  set_metered ("no");
  expect_says ("networks --json", "\"metered\":\"no\"");
  expect_says ("diagnose --json", "\"metered\":\"no\"");
}

static void
test_list (void)
{
  guint before;

  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  set_metered ("yes");
  before = count_lists ();
  connect_anew ();
  expect_lists (FALSE, before);
  expect_says ("diagnose --json", "\"metered\":\"yes\"");
  adit_world_expect (world, 0, NULL, "locations --refresh", 0);    /* somebody asks */
  expect_lists (TRUE, before);
  /* The same where bytes cost nothing. */
  set_metered ("no");
  before = count_lists ();
  connect_anew ();
  expect_lists (TRUE, before);
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
  expect_says ("networks --json", "\"trust\":\"trusted\",\"action\":\"ask\",\"metered\":\"yes\",\"here\":true");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int failed;

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
  failed = g_test_run ();
  adit_world_free (world);
  return failed;
}
