/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-blocked.c: a network that blocks the services: their addresses lead nowhere, are refused, or are answered by others.
 * What was fetched before serves on, and the other ways are tried until one is open. */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "tests/lab/world.h"
#include "tests/simulator/known.h"

#define SERVICES_FILE "/etc/adit/services.conf"
#define DEAD          "192.0.2.200"    /* nobody has it: the router says so after three seconds, and nothing before */
#define TRUST         "trust=/etc/adit/lab-ca.pem\n"
#define RESOLVER      "[doh]\napi-endpoints=" ADIT_LAB_DOH_ADDRESS ":443\nhost=" ADIT_LAB_DOH_HOST "\n" TRUST
#define NO_RESOLVER   "[doh]\napi-endpoints=" DEAD ":443\nhost=" ADIT_LAB_DOH_HOST "\n" TRUST
#define REFUSED_PORT  "444"            /* at the service's own computer, which refuses */
#define MAX_S         20               /* what a person waits for a sign-in at the most, however many addresses are blocked */

static AditWorld *world;

typedef struct { const char *name, *service, *credential, *api; int status; const char *error; } Case;

static const Case cases[] = {
  { "nobody", "mullvad", KNOWN_MULLVAD_ACCOUNT, DEAD ":443;" ADIT_LAB_API_ADDRESS ":443", 0, NULL },
  { "reject", "mullvad", KNOWN_MULLVAD_ACCOUNT, ADIT_LAB_API_ADDRESS ":" REFUSED_PORT ";" ADIT_LAB_API_ADDRESS ":443", 0, NULL },
  { "dropped", "ivpn", KNOWN_IVPN_ACCOUNT, "192.0.2.201:443;192.0.2.202:443;192.0.2.203:443;" DEAD ":443;" ADIT_LAB_IVPN_ADDRESS
    ":443", 0, NULL },
  { "all-dropped", "ivpn", KNOWN_IVPN_ACCOUNT, "192.0.2.201:443;192.0.2.202:443;192.0.2.203:443", 9, "ServiceUnreachable" },
  { "all-refused", "ivpn", KNOWN_IVPN_ACCOUNT, ADIT_LAB_IVPN_ADDRESS ":" REFUSED_PORT, 9, "ServiceUnreachable" },
};

/* @api: what is kept of where they say that they are. */
static const Case told[] = {
  { "told-mullvad", "mullvad", KNOWN_MULLVAD_ACCOUNT, ADIT_LAB_API_ADDRESS ":443\n" },
  { "told-ivpn", "ivpn", KNOWN_IVPN_ACCOUNT, KNOWN_IVPN_API ":443\n" KNOWN_IVPN_API_OTHER ":443\n[" KNOWN_IVPN_API6 "]:443\n" },
};

static void
put_services_alone (const char *text)
{
  adit_world_kill_helper (world);
  g_assert_true (g_file_set_contents (SERVICES_FILE, text, -1, NULL));
  adit_world_expect_helper (world);
}

static void
put_services (const char *text)
{
  g_autofree char *whole = g_strconcat (RESOLVER, text, NULL);

  put_services_alone (whole);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *text = g_strdup_printf ("[%s]\napi-endpoints=%s\n" TRUST, test->service, test->api);
  g_autofree char *login = g_strdup_printf ("login %s --json", test->service);
  g_autoptr (AditLabResult) said = NULL;
  gint64 start_us;

  put_services (text);
  start_us = g_get_monotonic_time ();
  said = adit_world_adit (world, 0, test->credential, login);
  g_test_message ("%d %s, %.1f s", said->status, said->out, (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC);
  g_assert_cmpint (said->status, ==, test->status);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, MAX_S * G_USEC_PER_SEC);
  if (test->error != NULL)
    g_assert_nonnull (strstr (said->out, test->error));
  else
    adit_world_expect (world, 0, NULL, "logout", 0);
}

/* None of the addresses that ship with Adit is on this internet.  By its name the service is found, also while locked. */
static void
test_name (void)
{
  put_services ("[ivpn]\n" TRUST);
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  adit_world_expect (world, 0, KNOWN_IVPN_ACCOUNT, "login ivpn", 0);
  g_assert_false (adit_world_ping (world, ADIT_LAB_IVPN_ADDRESS, 1000));
  adit_world_expect (world, 0, NULL, "account --refresh", 0);
  adit_world_expect (world, 0, NULL, "logout", 0);
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
}

/* Nobody can be asked for a name, and what the last answer was is forgotten. */
static void
put_nameless (const char *text)
{
  adit_world_kill_helper (world);
  g_assert_true (g_remove ("/var/lib/adit/names") == 0 || errno == ENOENT);    /* it may not have been asked for */
  put_services_alone (text);
}

/* The same, but that nobody can be asked for a name: the service has said itself where it is besides, and that is remembered. */
static void
test_told (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *text = g_strdup_printf ("[%s]\n" TRUST, test->service), *kept = NULL;
  g_autofree char *path = g_strdup_printf ("/var/cache/adit/%s.api", test->service);
  g_autofree char *login = g_strdup_printf ("login %s", test->service);
  g_autofree char *refresh = g_strdup_printf ("locations %s --refresh", test->service);
  g_autofree char *nobody = g_strconcat (NO_RESOLVER, text, NULL);

  put_services (text);
  adit_world_set_fault (world, "api-anywhere /app/v1/api-addrs");
  adit_world_expect (world, 0, test->credential, login, 0);
  adit_world_expect (world, 0, NULL, refresh, 0);
  adit_world_set_fault (world, "");
  g_assert_true (g_file_get_contents (path, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, test->api);
  put_nameless (nobody);
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  adit_world_expect (world, 0, NULL, "account --refresh", 0);
  g_assert_false (adit_world_ping (world, ADIT_LAB_IVPN_ADDRESS, 1000));
  adit_world_expect (world, 0, NULL, "logout", 0);
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  /* Without it nobody is found, so it was that. */
  g_assert_cmpint (g_remove (path), ==, 0);
  put_services_alone (nobody);
  adit_world_expect (world, 0, test->credential, login, 9);
}

#define MYSTERIUM "locations mysterium"

/* This one is known by its name alone, and each tunnel is made by it.  Where it is blocked what is known of it stays, and nothing
 * leaves beside a tunnel that cannot be made. */
static void
test_mysterium (void)
{
  static const char *const blocked[] = { DEAD ":443", ADIT_LAB_MYSTERIUM_ADDRESS ":" REFUSED_PORT };
  g_autoptr (GError) error = NULL;
  gboolean signed_in;

  put_services ("[mysterium]\n" TRUST);
  signed_in = adit_world_login_by_page (world, "mysterium", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (signed_in);
  adit_world_expect (world, 0, NULL, MYSTERIUM " --refresh", 0);
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  put_services ("[mysterium]\n" TRUST);    /* the name is looked up once more, through the lock */
  adit_world_expect (world, 0, NULL, "account --refresh", 0);
  adit_world_expect (world, 0, NULL, "connect --wait se", 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  for (guint i = 0; i < G_N_ELEMENTS (blocked); i++)
    {
      g_autofree char *text = g_strdup_printf ("[mysterium]\napi-endpoints=%s\n" TRUST, blocked[i]);
      g_autofree char *first = g_strdup_printf ("[mysterium]\napi-endpoints=%s;" ADIT_LAB_MYSTERIUM_ADDRESS ":443\n" TRUST,
                                                blocked[i]);
      g_autoptr (AditLabResult) refused = NULL;

      put_services (text);
      adit_world_expect (world, 0, NULL, "account --refresh", 9);
      adit_world_expect (world, 0, NULL, MYSTERIUM " --refresh", 9);
      adit_world_expect (world, 0, NULL, MYSTERIUM, 0);
      refused = adit_world_adit (world, 0, NULL, "connect --wait --timeout 8 se --json");
      g_test_message ("%d %s", refused->status, refused->out);
      g_assert_cmpint (refused->status, !=, 0);
      adit_world_expect_web (world, "");
      adit_world_expect (world, 0, NULL, "disconnect", 0);
      put_services (first);
      adit_world_expect (world, 0, NULL, "account --refresh", 0);
    }
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  adit_world_expect (world, 0, NULL, "logout", 0);
}

/* Whatever becomes of the service, the list that there is leads to a tunnel. */
static void
test_kept_list (void)
{
  static const char *const faults[] = { "refuse", "throttle", "portal", "redirect", "html", "half", "error 503", "slow 30000" };

  put_services ("[ovpn]\n" TRUST "[ivpn]\napi-endpoints=" ADIT_LAB_IVPN_ADDRESS ":443\n" TRUST);
  adit_world_expect (world, 0, KNOWN_OVPN_USER "\n" KNOWN_OVPN_PASSWORD, "login ovpn", 0);
  adit_world_expect (world, 0, NULL, "locations ovpn --refresh", 0);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *fault = g_strconcat (faults[i], " /v2/api/client/entry", NULL);
      g_autoptr (AditLabResult) refreshed = NULL;

      adit_world_set_fault (world, fault);
      if (!g_str_has_prefix (faults[i], "slow"))
        {
          refreshed = adit_world_adit (world, 0, NULL, "locations ovpn --refresh");
          g_test_message ("%s: %d %s", fault, refreshed->status, refreshed->err);
        }
      adit_world_expect (world, 0, NULL, "locations ovpn", 0);
      adit_world_expect (world, 0, NULL, "connect --wait Stockholm", 0);
      adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
      adit_world_expect (world, 0, NULL, "disconnect", 0);
    }
  adit_world_set_fault (world, "");
  adit_world_expect (world, 0, NULL, "logout", 0);
}

/* From four hundred cities to a few between two looks: somebody has cut the list, and the one before stays. */
static void
test_cut_list (void)
{
  g_autoptr (AditLabResult) whole = NULL, cut = NULL, after = NULL;

  put_services ("[ovpn]\n" TRUST);
  adit_world_set_fault (world, "many 400 /v2/api/client/entry");
  adit_world_expect (world, 0, NULL, "locations ovpn --refresh", 0);
  adit_world_set_fault (world, "");
  whole = adit_world_adit (world, 0, NULL, "locations ovpn --json");
  cut = adit_world_adit (world, 0, NULL, "locations ovpn --refresh --json");
  after = adit_world_adit (world, 0, NULL, "locations ovpn --json");
  g_test_message ("%d %.300s", cut->status, cut->out);
  g_assert_nonnull (strstr (whole->out, "n399-"));
  g_assert_cmpint (cut->status, ==, 9);
  g_assert_nonnull (strstr (cut->out, "not whole: it has"));
  g_assert_cmpstr (after->out, ==, whole->out);
}

/* The lab's root is not one of this computer's, and none of its keys is IVPN's: nobody but the real one is believed. */
static void
test_pins (void)
{
  g_autoptr (AditLabResult) said = NULL;

  put_services ("[ivpn]\napi-endpoints=" ADIT_LAB_IVPN_ADDRESS ":443\n");
  said = adit_world_adit (world, 0, KNOWN_IVPN_ACCOUNT, "login ivpn --json");
  g_test_message ("%d %s", said->status, said->out);
  g_assert_cmpint (said->status, ==, 9);
  g_assert_nonnull (strstr (said->out, "ServiceUntrusted"));
}

int
main (int argc, char **argv)
{
  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_SERVICES);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/blocked/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/blocked/name", test_name);
  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    {
      g_autofree char *path = g_strconcat ("/blocked/", told[i].name, NULL);

      g_test_add_data_func (path, &told[i], test_told);
    }
  g_test_add_func ("/blocked/mysterium", test_mysterium);
  g_test_add_func ("/blocked/kept-list", test_kept_list);
  g_test_add_func ("/blocked/cut-list", test_cut_list);
  g_test_add_func ("/blocked/pins", test_pins);
  return adit_world_end_test (world);
}
