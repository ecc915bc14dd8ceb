/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-networks.c: a computer that comes into networks with rules, by the real NetworkManager, real DHCP and real neighbours.
 * The router becomes another one by another hardware address: everything that it says of itself stays as it was. */
#include "tests/lab/arrivals.h"

#include <string.h>
#include <unistd.h>

#define STATE_MS  20000
#define FILE_PATH "/var/lib/adit/networks"

static AditWorld *world;

static char *
ask (const char *line)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, line);

  if (result->status != 0)
    g_error ("adit %s: %s", line, result->err);
  return g_strdup (result->out);
}

static void
expect_lockdown (gboolean on)
{
  gint64 end = g_get_monotonic_time () + STATE_MS * 1000;

  for (;;)
    {
      g_autofree char *status = ask ("status --json");

      if ((strstr (status, on ? "\"lockdown\":true" : "\"lockdown\":false") != NULL))
        return;
      if (g_get_monotonic_time () > end)
        {
          adit_world_print_log (world);
          g_error ("lockdown: %s", status);
        }
      g_usleep (50000);
    }
}

/* What has to stay as it is is looked at for as long as an arrival takes. */
static void
expect_stays (const char *state)
{
  for (guint i = 0; i < 30; i++, g_usleep (100000))
    {
      g_autofree char *now = adit_world_get_state (world);

      g_assert_cmpstr (now, ==, state);
    }
}

static void
expect_state (const char *state)
{
  if (!adit_world_wait_state (world, state, STATE_MS))
    {
      adit_world_print_log (world);
      g_error ("not %s", state);
    }
}

static void
test_list (void)
{
  g_autofree char *out = NULL, *text = NULL;

  (void) adit_world_ping (world, ADIT_LAB_ROUTER_ADDRESS, 1000);
  out = ask ("networks list --json");
  g_test_message ("%s", out);
  g_assert_nonnull (strstr (out, "\"here\":true"));
  g_assert_nonnull (strstr (out, "\"kind\":\"wired\""));
  g_assert_cmpint (access (FILE_PATH, F_OK), !=, 0);    /* looking writes nothing */
  adit_world_expect (world, 0, NULL, "networks trust here disconnect", 0);
  g_assert_true (g_file_get_contents (FILE_PATH, &text, NULL, NULL));
  g_assert_null (strstr (text, arrivals_get_home ()));
  /* What is no action, no network, no trust. */
  adit_world_expect (world, 0, NULL, "networks trust here open", 2);
  adit_world_expect (world, 0, NULL, "networks forget 00112233445566778899aabbccddeeff", 2);
  adit_world_expect (world, 0, NULL, "networks set wired disconnect", 2);
  adit_world_expect (world, 0, NULL, "networks distrust here disconnect", 2);
}

static void
test_rules (void)
{
  adit_world_expect (world, 0, NULL, "networks set wired connect", 0);
  expect_stays ("disconnected");
  arrivals_move_to (world, ARRIVALS_ELSEWHERE);
  expect_state ("connected");
  arrivals_move_home (world);
  expect_state ("disconnected");
}

/* All that a network says of itself is the same but the router's hardware: it is a new one, and nothing is opened for it. */
static void
test_copy (void)
{
  arrivals_move_to (world, ARRIVALS_COPY);
  expect_state ("connected");
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  expect_state ("connected");
  expect_stays ("connected");
}

/* A person who connects in a network that disconnects stays connected there: staying is not coming. */
static void
test_staying (void)
{
  arrivals_move_home (world);
  expect_state ("disconnected");
  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  expect_stays ("connected");
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  expect_state ("connected");
  expect_stays ("connected");
  {
    g_autoptr (AditLabResult) down = adit_world_nmcli (world, "device disconnect eth0");
    g_autoptr (AditLabResult) up = adit_world_nmcli (world, "connection up wired");
  }
  expect_state ("connected");
  expect_stays ("connected");
}

/* Under lockdown no network disconnects; and where a network asks for lockdown, it stays when that is left. */
static void
test_lockdown (void)
{
  arrivals_move_to (world, ARRIVALS_ELSEWHERE);
  expect_state ("connected");
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  arrivals_move_home (world);
  expect_state ("connected");
  expect_stays ("connected");
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "networks set wired lockdown", 0);
  arrivals_move_to (world, ARRIVALS_COPY);
  expect_lockdown (TRUE);
  arrivals_move_home (world);
  g_usleep (2 * G_USEC_PER_SEC);
  expect_lockdown (TRUE);
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
}

static gboolean
is_told (const char *notice)
{
  g_autofree char *status = ask ("status --json"), *quoted = g_strdup_printf ("\"%s\"", notice);

  return strstr (status, quoted) != NULL;
}

/* NetworkManager's check has found somebody else's page.  While locked that check rests, and what it said before is not told. */
static void
test_captive (void)
{
  gint64 end = g_get_monotonic_time () + STATE_MS * 1000;

  while (!is_told ("captive-portal"))
    {
      if (g_get_monotonic_time () > end)
        {
          adit_world_print_log (world);
          g_error ("no portal was noticed");
        }
      g_usleep (50000);
    }
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  g_assert_false (is_told ("captive-portal"));
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
}

int
main (int argc, char **argv)
{
  if (!adit_world_can_networkmanager ())
    return ADIT_LAB_SKIP;
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = arrivals_new_world ("[connectivity]\nuri=http://" ADIT_LAB_WEB_ADDRESS "/\nresponse=another page\n");
  g_test_add_func ("/networks/captive", test_captive);
  g_test_add_func ("/networks/list", test_list);
  g_test_add_func ("/networks/rules", test_rules);
  g_test_add_func ("/networks/copy", test_copy);
  g_test_add_func ("/networks/staying", test_staying);
  g_test_add_func ("/networks/lockdown", test_lockdown);
  return adit_world_end_test (world);
}
