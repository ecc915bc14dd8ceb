/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-desktop.c: the same way on a desktop: polkit decides who may, systemd-resolved answers the names; both real. */
#include "config.h"
#include "tests/lab/world.h"

#include <string.h>
#include <unistd.h>

#define ALICE ADIT_WORLD_ALICE_UID
#define BOB   ADIT_WORLD_BOB_UID

static AditWorld *world;

/* Who is asked when a program of this computer looks a name up: @asked is, @spared is not. */
static void
expect_resolver (const char *asked, const char *spared)
{
  g_autofree char *log = NULL, *answer = NULL;

  g_free (adit_world_dup_dns_log (world));
  answer = adit_world_look_up (world, "web.example");
  log = adit_world_dup_dns_log (world);
  if (!g_str_has_prefix (answer, ADIT_LAB_WEB_ADDRESS) || strstr (log, asked) == NULL || strstr (log, spared) != NULL)
    {
      adit_world_print_log (world);
      g_error ("asked for a name, \"%s\" came back, and these were asked:\n%s", answer, log);
    }
}

static void
test_who_may (void)
{
  adit_world_expect_helper (world);
  adit_world_expect (world, BOB, "1234567890123456\n", "login mullvad", 5);
  adit_world_expect (world, ALICE, "1234567890123456\n", "login mullvad", 0);
  adit_world_expect (world, BOB, NULL, "account", 5);
  adit_world_expect (world, BOB, NULL, "connect", 5);
  adit_world_expect (world, ALICE, NULL, "connect --wait", 0);
  adit_world_expect (world, BOB, NULL, "disconnect", 5);
  adit_world_expect (world, BOB, NULL, "status", 0);
  {
    g_autoptr (AditLabResult) hers = adit_world_adit (world, ALICE, NULL, "status --json");
    g_autoptr (AditLabResult) his = adit_world_adit (world, BOB, NULL, "status --json");

    g_assert_nonnull (strstr (hers->out, "se-"));
    g_assert_null (strstr (his->out, "se-"));
    g_assert_nonnull (strstr (his->out, "\"connected\""));
  }
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, ALICE, NULL, "lockdown on", 0);      /* raising protection does not ask */
  adit_world_expect (world, ALICE, NULL, "lockdown off", 5);     /* lowering does, and there is nobody here who could answer */
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  adit_world_expect (world, ALICE, NULL, "disconnect", 0);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

static void
test_names (void)
{
  g_autofree char *link_before = g_file_read_link ("/etc/resolv.conf", NULL), *link_during = NULL;

  expect_resolver (ADIT_LAB_DNS_ADDRESS " ", ADIT_LAB_GATEWAY " ");
  adit_world_expect (world, ALICE, NULL, "connect --wait", 0);
  expect_resolver (ADIT_LAB_GATEWAY " ", ADIT_LAB_DNS_ADDRESS " ");
  link_during = g_file_read_link ("/etc/resolv.conf", NULL);
  g_assert_cmpstr (link_during, ==, link_before);
  {
    g_autoptr (AditLabResult) status = adit_world_adit (world, ALICE, NULL, "status --json");

    g_assert_nonnull (strstr (status->out, "\"backend\":\"resolved\""));
  }
  adit_world_expect (world, ALICE, NULL, "disconnect", 0);
  expect_resolver (ADIT_LAB_DNS_ADDRESS " ", ADIT_LAB_GATEWAY " ");
}

static void
test_names_after_a_crash (void)
{
  adit_world_expect (world, ALICE, NULL, "connect --wait", 0);
  adit_world_kill_helper (world);
  adit_world_expect_web (world, "");
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "connected", 15000));
  expect_resolver (ADIT_LAB_GATEWAY " ", ADIT_LAB_DNS_ADDRESS " ");
  adit_world_kill_helper (world);
  adit_world_expect (world, 0, NULL, "recover --open", 0);
  expect_resolver (ADIT_LAB_DNS_ADDRESS " ", ADIT_LAB_GATEWAY " ");
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

/* Of their own: one that only the cable has, then one that only the exit reaches. */
static void
test_own_resolvers (void)
{
  const char *const argv[] = { g_getenv ("ADIT_LAB_DNS_SERVER"), "192.168.50.3", "/run/adit-lab-dns.log", NULL };
  g_autoptr (GError) error = NULL;
  GPid server;

  g_assert_true (adit_lab_run_line ("client", "ip addr add 192.168.50.2/24 dev eth0", &error));
  g_assert_true (adit_lab_run_line ("lan", "ip addr add 192.168.50.3/24 dev eth0", &error));
  server = adit_lab_spawn ("lan", 0, argv, &error);
  g_assert_no_error (error);
  adit_world_expect_helper (world);
  adit_world_expect (world, ALICE, NULL, "connect --wait", 0);
  adit_world_expect (world, 0, NULL, "dns 192.168.50.3", 0);
  expect_resolver ("192.168.50.3 ", ADIT_LAB_GATEWAY " ");
  adit_world_expect (world, 0, NULL, "dns " ADIT_LAB_DNS_ADDRESS, 0);
  expect_resolver (ADIT_LAB_DNS_ADDRESS " " ADIT_LAB_EXIT_ADDRESS, "192.168.50.3 ");
  adit_world_expect (world, 0, NULL, "dns service", 0);
  expect_resolver (ADIT_LAB_GATEWAY " ", ADIT_LAB_DNS_ADDRESS " ");
  adit_world_expect (world, ALICE, NULL, "disconnect", 0);
  expect_resolver (ADIT_LAB_DNS_ADDRESS " ", ADIT_LAB_GATEWAY " ");
  adit_lab_end (server);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (!adit_world_can_resolved ())
    return ADIT_LAB_SKIP;
  if (access ("/usr/lib/polkit-1/polkitd", X_OK) != 0)
    {
      g_printerr ("SKIP: there is no polkitd\n");
      return ADIT_LAB_SKIP;
    }
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = adit_world_new (ADIT_WORLD_POLKIT | ADIT_WORLD_RESOLVED, &error);
  if (world == NULL)
    g_error ("%s", error->message);
  g_test_add_func ("/desktop/who-may", test_who_may);
  g_test_add_func ("/desktop/names", test_names);
  g_test_add_func ("/desktop/names-after-a-crash", test_names_after_a_crash);
  g_test_add_func ("/desktop/own-resolvers", test_own_resolvers);
  return adit_world_end_test (world);
}
