/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-session.c: from an account number to protected traffic and back, with the real helper, worker, tunnel and lock. */
#include "config.h"
#include "tests/lab/world.h"

#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define WISH            "/var/lib/adit/wanted"
#define EXIT_ADDRESS_MS 5000    /* for two names' worth of round trips, or for all retries */

static AditWorld *world;

/* Without a helper: through the tunnel, where the device is the kernel's own and outlives it, or nowhere; never beside it. */
static void
expect_no_way_round (void)
{
  g_autofree char *seen = adit_world_ask_web (world, FALSE);

  if (seen[0] != '\0')
    g_assert_cmpstr (seen, ==, ADIT_LAB_EXIT_ADDRESS);
}

static char *
get_file (const char *path)
{
  char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  return content;
}

/* Rules of ours in the client's kernel, as nft lists them. */
static gboolean
has_tables (void)
{
  const char *const argv[] = { "nft", "list", "tables", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);

  return strstr (result->out, "inet adit") != NULL && strstr (result->out, "netdev adit") != NULL;
}

/* --- Each test begins and ends disconnected and signed in, but for the first ones ---------------------------------------- */

static void
test_before_login (void)
{
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, NULL, "status", 0);
  adit_world_expect (world, 0, NULL, "connect --wait", 4);    /* nobody is signed in */
  adit_world_expect (world, 0, "abcdef\n", "login mullvad", 6);
  adit_world_expect (world, 0, "1234567890123457\n", "login mullvad", 6);
  adit_world_expect (world, 0, "12 34\n", "login mullvad", 6);
  {
    g_autofree char *long_number = g_strnfill (300, '1');

    adit_world_expect (world, 0, long_number, "login mullvad", 6);
  }
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  g_assert_false (has_tables ());
}

static void
test_login (void)
{
  g_autofree char *log = NULL;

  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  adit_world_expect (world, 0, NULL, "logout", 0);
  log = adit_world_dup_log (world);
  if (strstr (log, "DELETE /accounts/v1/devices/ID 204") == NULL)    /* the device goes at the service too */
    {
      adit_world_print_log (world);
      g_error ("the device was not removed");
    }
  adit_world_expect (world, 0, NULL, "account --refresh", 4);
  adit_world_expect (world, 0, "1234 5678 9012 3456\n", "login mullvad", 0);
  adit_world_expect (world, 0, NULL, "account", 0);
  adit_world_expect (world, 0, NULL, "account --refresh", 0);
  adit_world_expect (world, 0, NULL, "locations", 0);
  adit_world_expect (world, 0, NULL, "locations --search gothenburg", 0);
  adit_world_expect (world, 0, NULL, "locations --search atlantis", 4);
  adit_world_expect (world, 0, NULL, "connect atlantis", 4);
  g_assert_false (has_tables ());
}

/* What the status says of the exit's address, "" for nothing. */
static char *
get_exit_address (guint uid)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, uid, NULL, "status --json");
  json_t *status = json_loads (result->out, 0, NULL), *address = json_object_get (status, "exit_address");
  char *text;

  /* Not known, or not this person's business: the key is there all the same. */
  if (address == NULL || (!json_is_null (address) && !json_is_string (address)))
    g_error ("status --json has no exit_address:\n%s", result->out);
  text = g_strdup (json_is_null (address) ? "" : json_string_value (address));
  json_decref (status);
  return text;
}

/* Waits until it is known, for at most @max_ms. */
static char *
wait_exit_address (guint max_ms)
{
  gint64 end_us = g_get_monotonic_time () + max_ms * G_TIME_SPAN_MILLISECOND;

  for (;;)
    {
      g_autofree char *text = get_exit_address (0);

      if (text[0] != '\0' || g_get_monotonic_time () >= end_us)
        return g_steal_pointer (&text);
      g_usleep (50000);
    }
}

/* The address that the world sees is asked for inside the tunnel, and forgotten with it. */
static void
test_exit_address (void)
{
  g_autofree char *before = get_exit_address (0), *during = NULL, *for_bob = NULL, *again = NULL, *after = NULL, *dns = NULL;
  g_autoptr (AditLabResult) result = NULL;

  g_assert_cmpstr (before, ==, "");
  g_free (adit_world_dup_dns_log (world));
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  during = wait_exit_address (EXIT_ADDRESS_MS);
  if (!g_str_equal (during, ADIT_LAB_EXIT_ADDRESS))
    {
      adit_world_print_log (world);
      g_error ("the exit's address is \"%s\"", during);
    }
  for_bob = get_exit_address (ADIT_WORLD_BOB_UID);
  g_assert_cmpstr (for_bob, ==, "");
  result = adit_world_adit (world, 0, NULL, "status");
  g_assert_nonnull (strstr (result->out, ADIT_LAB_EXIT_ADDRESS));
  dns = adit_world_dup_dns_log (world);
  g_assert_nonnull (strstr (dns, " ipv4.am.i.mullvad.net 1\n"));
  g_assert_null (strstr (dns, ADIT_LAB_DNS_ADDRESS " "));

  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  again = wait_exit_address (EXIT_ADDRESS_MS);
  g_assert_cmpstr (again, ==, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  after = get_exit_address (0);
  g_assert_cmpstr (after, ==, "");
}

static void
test_connect (void)
{
  g_autofree char *resolv_before = get_file ("/etc/resolv.conf"), *resolv_during = NULL, *resolv_after = NULL;
  g_autofree char *dns = NULL, *answer = NULL;
  g_autoptr (AditLabResult) result = NULL;
  json_t *status;

  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  {
    g_autofree char *seen = adit_world_ask_web (world, TRUE);

    g_assert_cmpstr (seen, ==, "2001:db8:ff::110");
  }
  g_free (adit_world_dup_dns_log (world));
  answer = adit_world_look_up (world, "web.example");
  g_assert_true (g_str_has_prefix (answer, ADIT_LAB_WEB_ADDRESS));
  dns = adit_world_dup_dns_log (world);
  g_assert_nonnull (strstr (dns, ADIT_LAB_GATEWAY " "));
  g_assert_null (strstr (dns, ADIT_LAB_DNS_ADDRESS " "));
  resolv_during = get_file ("/etc/resolv.conf");
  g_assert_nonnull (strstr (resolv_during, ADIT_LAB_GATEWAY));

  result = adit_world_adit (world, 0, NULL, "status --json");
  status = json_loads (result->out, 0, NULL);
  g_assert_cmpstr (json_string_value (json_object_get (status, "state")), ==, "connected");
  g_assert_cmpstr (json_string_value (json_object_get (json_object_get (status, "place"), "city")), ==, "got");
  g_assert_cmpstr (json_string_value (json_object_get (status, "lock")), ==, "tunnel");
  g_assert_true (g_str_has_prefix (json_string_value (json_object_get (status, "tunnel")), "wireguard-"));
  json_decref (status);

  adit_world_expect (world, 0, NULL, "account --refresh", 0);    /* through the tunnel now */
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "logout", 1);               /* in use */
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  resolv_after = get_file ("/etc/resolv.conf");
  g_assert_cmpstr (resolv_after, ==, resolv_before);
  g_assert_false (has_tables ());
}

static void
test_killed_helper (void)
{
  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  adit_world_kill_helper (world);
  adit_world_expect (world, 0, NULL, "status", 3);
  g_assert_true (has_tables ());
  expect_no_way_round ();
  adit_world_expect_helper (world);
  if (!adit_world_wait_state (world, "connected", 15000))
    {
      adit_world_print_log (world);
      g_error ("a restarted helper did not come back to what was wanted");
    }
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);

  /* The same with an orderly stop: that is no disconnect either. */
  (void) adit_world_stop_helper (world);
  g_assert_true (has_tables ());
  expect_no_way_round ();
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "connected", 15000));
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

static void
test_recover (void)
{
  g_autofree char *resolv_before = get_file ("/etc/resolv.conf"), *resolv_after = NULL;

  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  adit_world_expect (world, 0, NULL, "recover", 13);    /* a helper is running */
  adit_world_kill_helper (world);
  adit_world_expect (world, 0, NULL, "recover", 0);
  resolv_after = get_file ("/etc/resolv.conf");
  g_assert_cmpstr (resolv_after, ==, resolv_before);
  g_assert_true (has_tables ());
  adit_world_expect_web (world, "");
  adit_world_expect (world, 0, NULL, "recover --open", 0);
  g_assert_false (has_tables ());
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "disconnected", 5000));
}

static void
test_lockdown (void)
{
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  adit_world_expect_web (world, "");
  adit_world_expect (world, 0, NULL, "account --refresh", 0);    /* the API's hole is for the worker */
  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect_web (world, "");
  adit_world_kill_helper (world);
  expect_no_way_round ();
  adit_world_expect_helper (world);
  adit_world_expect_web (world, "");
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

static void
test_foreign_flush (void)
{
  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  g_assert_true (adit_lab_run_line ("client", "nft flush ruleset", NULL));
  for (guint i = 0; i < 100 && !has_tables (); i++)
    g_usleep (10000);
  g_assert_true (has_tables ());
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  g_assert_false (has_tables ());
}

static void
test_service_that_misbehaves (void)
{
  static const char *const faults[] = { "html", "error", "half", "big" };

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      adit_world_set_fault (world, faults[i]);
      adit_world_expect (world, 0, NULL, "account --refresh", 9);
      adit_world_expect (world, 0, NULL, "locations --refresh", 9);
      adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
    }
  adit_world_set_fault (world, "");
  adit_world_expect (world, 0, NULL, "locations --refresh", 0);

  adit_world_stop_service (world);
  adit_world_expect (world, 0, NULL, "account --refresh", 9);
  adit_world_expect (world, 0, NULL, "connect --wait", 0);    /* list and key are here already */
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  {
    g_autofree char *seen = wait_exit_address (EXIT_ADDRESS_MS);

    g_assert_cmpstr (seen, ==, "");
    adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  }
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  {
    g_autoptr (GError) error = NULL;

    if (!adit_world_start_service (world, &error))
      g_error ("%s", error->message);
  }
}

static void
test_strangers (void)
{
  /* No polkit on this bus: only root may. */
  adit_world_expect (world, ADIT_WORLD_BOB_UID, NULL, "status", 0);
  adit_world_expect (world, ADIT_WORLD_BOB_UID, NULL, "connect", 5);
  adit_world_expect (world, ADIT_WORLD_BOB_UID, NULL, "disconnect", 5);
  adit_world_expect (world, ADIT_WORLD_BOB_UID, NULL, "lockdown off", 5);
  adit_world_expect (world, ADIT_WORLD_BOB_UID, NULL, "account", 5);
  adit_world_expect (world, ADIT_WORLD_BOB_UID, NULL, "recover", 5);
  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  {
    g_autoptr (AditLabResult) result = adit_world_adit (world, ADIT_WORLD_BOB_UID, NULL, "status --json");

    g_assert_nonnull (strstr (result->out, "connected"));
    g_assert_null (strstr (result->out, "se-got"));
    g_assert_null (strstr (result->out, ADIT_LAB_GATEWAY));
  }
  adit_world_expect (world, ADIT_WORLD_BOB_UID, NULL, "disconnect", 5);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

static void
test_second_helper (void)
{
  const char *const argv[] = { ADIT_LIBEXECDIR "/aditd", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);

  g_assert_cmpint (result->status, ==, 13);
  g_assert_nonnull (strstr (result->err, "Another helper is running"));
  adit_world_expect (world, 0, NULL, "status", 0);
}

static void
test_settings_lost (void)
{
  (void) adit_world_stop_helper (world);
  g_assert_true (g_file_set_contents ("/var/lib/adit/settings", "garbage", -1, NULL));
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "blocked", 5000));
  adit_world_expect_web (world, "");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect_web (world, "");    /* lockdown is what lost settings mean */
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

/* A disconnect is on disk, so a wish that is gone was lost, and is taken for no disconnect. */
static void
test_wish_lost (void)
{
  g_autofree char *said = NULL;

  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  adit_world_kill_helper (world);
  g_assert_cmpint (unlink (WISH), ==, 0);
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "blocked", 5000));
  g_assert_true (has_tables ());
  adit_world_expect_web (world, "");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  said = get_file (WISH);
  g_assert_nonnull (strstr (said, "connected=false"));
  g_assert_null (strstr (said, "account"));
  g_assert_null (strstr (said, "country"));

  /* Nor without a lock, as after a reboot. */
  (void) adit_world_stop_helper (world);
  g_assert_cmpint (unlink (WISH), ==, 0);
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "blocked", 5000));
  adit_world_expect_web (world, "");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  g_assert_true (g_file_test (WISH, G_FILE_TEST_EXISTS));

  /* Lockdown alone survives a start, with the wish and without. */
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "disconnected", 5000));
  adit_world_kill_helper (world);
  g_assert_cmpint (unlink (WISH), ==, 0);
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "blocked", 5000));
  adit_world_expect_web (world, "");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

/* Every key that the interface names, whatever its value is here. */
static void
test_diagnose (void)
{
  static const char *const keys[] = { "firewall", "tunnels", "tunnels_missing", "dns", "landlock_abi", "mysterium_node",
                                      "helper_version", "build_id", "service_overrides" };
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "diagnose --json");
  json_t *object = json_loads (result->out, 0, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (json_object_get (object, keys[i]) == NULL)
      g_error ("diagnose does not tell \"%s\": %s", keys[i], result->out);
  g_assert_cmpstr (json_string_value (json_object_get (object, "firewall")), ==, "nftables");
  g_assert_cmpstr (json_string_value (json_array_get (json_object_get (object, "service_overrides"), 0)), ==, "mullvad");
  json_decref (object);
}

static void
test_logout (void)
{
  adit_world_expect (world, 0, NULL, "logout", 0);
  adit_world_expect (world, 0, NULL, "connect --wait", 4);
  adit_world_expect (world, 0, NULL, "logout", 4);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  AditWorldFlags flags = ADIT_WORLD_PLAIN;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = adit_world_new (flags, &error);
  if (world == NULL)
    g_error ("%s", error->message);
  g_test_add_func ("/session/before-login", test_before_login);
  g_test_add_func ("/session/login", test_login);
  g_test_add_func ("/session/connect", test_connect);
  g_test_add_func ("/session/exit-address", test_exit_address);
  g_test_add_func ("/session/killed-helper", test_killed_helper);
  g_test_add_func ("/session/recover", test_recover);
  g_test_add_func ("/session/lockdown", test_lockdown);
  g_test_add_func ("/session/foreign-flush", test_foreign_flush);
  g_test_add_func ("/session/service-that-misbehaves", test_service_that_misbehaves);
  g_test_add_func ("/session/strangers", test_strangers);
  g_test_add_func ("/session/second-helper", test_second_helper);
  g_test_add_func ("/session/settings-lost", test_settings_lost);
  g_test_add_func ("/session/wish-lost", test_wish_lost);
  g_test_add_func ("/session/diagnose", test_diagnose);
  g_test_add_func ("/session/logout", test_logout);
  return adit_world_end_test (world);
}
