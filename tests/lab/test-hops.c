/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-hops.c: in at one of Mullvad's relays and out at another: who sees what on the way, what goes when one of the two does not
 * answer, and what is left afterwards.  Both relays are real ones, and the second is reached by the first alone. */
#include "config.h"
#include "tests/lab/world.h"

#include <jansson.h>
#include <string.h>
#include "tests/lab/leakwatch.h"
#include "tests/lab/senders.h"

#define ENTRY    "udp:" ADIT_LAB_ENTRY_ADDRESS ":51820"
#define EXIT     "udp:" ADIT_LAB_EXIT_ADDRESS ":51820"
#define LISTENERS "icmp6:ff02::16:143"   /* the cable's own: which groups the computers at it listen to */
#define CUSTOMER "udp:198.51.100.1:"    /* the client, as its router has it for the entry */
#define SAID_MS  20000
#define LOOK_US  700000

static AditWorld *world;

static char * G_GNUC_PRINTF (2, 3)
run (const char *space, const char *format, ...)
{
  g_autofree char *line = NULL;
  const char *argv[] = { "sh", "-c", NULL, NULL };
  g_autoptr (AditLabResult) result = NULL;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  argv[2] = line;
  result = adit_lab_run (space, 0, 20000, argv, NULL);
  if (result == NULL || result->status != 0)
    g_error ("%s: %s: %s", space, line, result != NULL ? result->err : "could not be run");
  return g_strdup (g_strstrip (result->out));
}

/* "se-got-wg-001" and the like; "" where the status has none. */
static char *
dup_server (const char *place)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");
  json_t *status = json_loads (result->out, 0, NULL);
  const char *server = json_string_value (json_object_get (json_object_get (status, place), "server"));
  char *copy = g_strdup (server != NULL ? server : "");

  g_assert_nonnull (status);
  json_decref (status);
  return copy;
}

static void
expect_places (const char *entry, const char *exit)
{
  g_autofree char *from = dup_server ("entry"), *to = dup_server ("place");

  g_assert_cmpstr (from, ==, entry);
  g_assert_cmpstr (to, ==, exit);
}

static gboolean
fits (const char *address, guint bytes)
{
  g_autofree char *size = g_strdup_printf ("%u", bytes);
  const char *const argv[] = { "ping", "-q", "-c", "1", "-w", "3", "-M", "do", "-s", size, address, NULL };
  g_autoptr (AditLabResult) result = adit_world_run (world, 0, argv);

  return result->status == 0;
}

/* While everything tries to get out: from the client only to the entry, and from the entry only to the client and, enciphered, to
 * the exit.  What was seen at each, and how many were tried. */
static guint
look (char **at_client, char **at_entry, guint *n_carried)
{
  static const char *const to_entry[] = { ENTRY, NULL }, *const to_exit[] = { EXIT, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) client = adit_leakwatch_start ("router", "to-client", &error);
  g_autoptr (AditLeakwatch) entry = adit_leakwatch_start ("router", "to-entry", &error);
  g_autoptr (AditSenders) senders = adit_senders_start ("client", &error);

  g_assert_no_error (error);
  adit_leakwatch_set_phase (client, "now", to_entry);
  adit_leakwatch_set_phase (entry, "now", to_exit);
  adit_senders_set_phase (senders, "now");
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  g_usleep (LOOK_US);
  adit_senders_set_phase (senders, "");
  g_usleep (100000);
  adit_leakwatch_set_phase (client, "end", NULL);
  adit_leakwatch_set_phase (entry, "end", NULL);
  *at_client = adit_leakwatch_dup_keys (client, "now");
  *at_entry = adit_leakwatch_dup_keys (entry, "now");
  *n_carried = MIN (adit_leakwatch_get_allowed (client, "now"), adit_leakwatch_get_allowed (entry, "now"));
  return adit_senders_get_tried (senders, "now");
}

static void
test_through (void)
{
  g_autofree char *at_client = NULL, *at_entry = NULL, *found = NULL, *seen6 = NULL, *log = NULL;
  g_auto (GStrv) keys = NULL;
  guint n_tried, n_carried;

  adit_world_expect (world, 0, NULL, "connect --entry nl-ams se-got --wait", 0);
  expect_places ("nl-ams-wg-001", "se-got-wg-001");
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  seen6 = adit_world_ask_web (world, TRUE);
  g_assert_cmpstr (seen6, ==, "2001:db8:ff::110");
  g_free (adit_world_dup_dns_log (world));
  found = adit_world_look_up (world, "web.example");
  g_assert_true (g_str_has_prefix (found, ADIT_LAB_WEB_ADDRESS));
  log = adit_world_dup_dns_log (world);
  g_assert_nonnull (strstr (log, "web.example"));

  n_tried = look (&at_client, &at_entry, &n_carried);
  g_test_message ("%u tried, %u carried; outside at the client: %s; at the entry: %s", n_tried, n_carried, at_client, at_entry);
  g_assert_cmpuint (n_tried, >, 10);
  g_assert_cmpuint (n_carried, >, 10);
  g_assert_cmpstr (at_client, ==, "");
  keys = g_strsplit (at_entry, " ", -1);
  for (guint i = 0; keys[i] != NULL && keys[i][0] != '\0'; i++)
    g_assert_true (g_str_has_prefix (keys[i], CUSTOMER) || g_str_equal (keys[i], LISTENERS));
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* A packet of a program is as long as it may be: 1380 is the device's, 60 and 15 are the inner tunnel's.  28 and 48 bytes are IP
 * and ICMP. */
static void
test_packet_size (void)
{
  adit_world_expect (world, 0, NULL, "connect --entry nl-ams se-got --wait", 0);
  g_assert_true (fits (ADIT_LAB_GATEWAY, 1305 - 28));
  g_assert_false (fits (ADIT_LAB_GATEWAY, 1305 - 28 + 1));
  g_assert_true (fits (ADIT_LAB_GATEWAY6, 1305 - 48));
  g_assert_false (fits (ADIT_LAB_GATEWAY6, 1305 - 48 + 1));
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  expect_places ("", "se-got-wg-001");
  g_assert_true (fits (ADIT_LAB_GATEWAY, 1380 - 28));
  g_assert_false (fits (ADIT_LAB_GATEWAY, 1380 - 28 + 1));
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* The other way round, and each of them alone: from one kind of tunnel to the other and back. */
static void
test_switch (void)
{
  static const struct { const char *line, *entry, *exit, *seen; } rows[] = {
    { "connect se-got --wait", "", "se-got-wg-001", ADIT_LAB_EXIT_ADDRESS },
    { "connect --entry nl-ams se-got --wait", "nl-ams-wg-001", "se-got-wg-001", ADIT_LAB_EXIT_ADDRESS },
    { "connect --entry se-sto nl-ams --wait", "se-sto-wg-001", "nl-ams-wg-001", ADIT_LAB_ENTRY_ADDRESS },
    { "reconnect --wait", "se-sto-wg-001", "nl-ams-wg-001", ADIT_LAB_ENTRY_ADDRESS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *hole = NULL;

      adit_world_expect (world, 0, NULL, rows[i].line, 0);
      expect_places (rows[i].entry, rows[i].exit);
      adit_world_expect_web (world, rows[i].seen);
      hole = run ("client", "nft -nn list set inet adit holes4 | grep -o '198[0-9.]* . 17 . 51820'");
      g_assert_true (g_str_has_prefix (hole, i == 1 ? ADIT_LAB_ENTRY_ADDRESS : ADIT_LAB_EXIT_ADDRESS));
    }
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* After a crash it goes on by the same two; after the end nothing of it is left. */
static void
test_kept (void)
{
  g_autofree char *rules = NULL, *routes = NULL, *devices = NULL, *seen = NULL;

  adit_world_expect (world, 0, NULL, "connect --entry nl-ams se-got --wait", 0);
  adit_world_kill_helper (world);
  seen = adit_world_ask_web (world, FALSE);
  if (seen[0] != '\0')    /* by a device that is the kernel's own and outlives it */
    g_assert_cmpstr (seen, ==, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "connected", SAID_MS));
  expect_places ("nl-ams-wg-001", "se-got-wg-001");
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  rules = run ("client", "ip rule show pref 4407");
  g_assert_nonnull (strstr (rules, "to " ADIT_LAB_EXIT_ADDRESS));

  adit_world_kill_helper (world);
  adit_world_expect (world, 0, NULL, "recover --open", 0);
  g_free (rules);
  rules = run ("client", "ip rule; ip -6 rule");
  routes = run ("client", "ip route show table all; ip -6 route show table all");
  devices = run ("client", "ip link");
  g_assert_null (strstr (rules, "44"));
  g_assert_null (strstr (routes, "44356"));
  g_assert_null (strstr (devices, "adit0"));
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

static void
test_refused (void)
{
  static const char *const lines[] = {
    "connect --entry se-got-wg-001 se-got-wg-001 --wait",
    "connect --entry se-sto se-got --wait",    /* two names of one computer */
    "connect --entry nowhere se-got --wait", "connect --entry nl-ams nl-ams --wait",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      adit_world_expect (world, 0, NULL, lines[i], 4);
      adit_world_expect (world, 0, NULL, "disconnect", 0);
    }
}

static gboolean
is_said (const char *what)
{
  gint64 end = g_get_monotonic_time () + SAID_MS * 1000;

  do
    {
      g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");

      if (strstr (result->out, what) != NULL)
        return TRUE;
      (void) fits (ADIT_LAB_GATEWAY, 100);    /* only who says something is owed an answer */
    }
  while (g_get_monotonic_time () < end);
  return FALSE;
}

/* Which of the two does not answer is told while it is tried again. */
static void
test_dead (void)
{
  static const struct { const char *line, *said; } rows[] = {
    { "connect --entry us-nyc se-got", "relay to enter by did not answer" },
    { "connect --entry nl-ams us-nyc", "relay to leave by did not answer within" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      adit_world_expect (world, 0, NULL, rows[i].line, 0);
      if (!is_said (rows[i].said))
        g_error ("\"%s\" is not said", rows[i].said);
      adit_world_expect_web (world, "");
      adit_world_expect (world, 0, NULL, "disconnect", 0);
    }
}

/* One of the two goes while all is well: which one is told, and it goes on by both when it is back. */
static void
test_lost (void)
{
  static const struct { const char *cable, *said; } rows[] = {
    { "to-entry", "relay to enter by has stopped answering" }, { "to-exit", "relay to leave by has stopped answering" },
  };

  adit_world_expect (world, 0, NULL, "connect --entry nl-ams se-got --wait", 0);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_free (run ("router", "ip link set %s down", rows[i].cable));
      if (!is_said (rows[i].said))
        g_error ("\"%s\" is not said", rows[i].said);
      adit_world_expect_web (world, "");
      g_free (run ("router", "ip link set %s up", rows[i].cable));
      g_assert_true (adit_world_wait_state (world, "connected", SAID_MS));
      expect_places ("nl-ams-wg-001", "se-got-wg-001");
    }
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

int
main (int argc, char **argv)
{
  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_ENTRY);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  g_test_add_func ("/hops/through", test_through);
  g_test_add_func ("/hops/packet-size", test_packet_size);
  g_test_add_func ("/hops/switch", test_switch);
  g_test_add_func ("/hops/kept", test_kept);
  g_test_add_func ("/hops/refused", test_refused);
  g_test_add_func ("/hops/dead", test_dead);
  g_test_add_func ("/hops/lost", test_lost);
  return adit_world_end_test (world);
}
