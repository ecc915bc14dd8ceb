/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-accounts.c: the page with the accounts: what each service says, devices, a voucher, several side by side, and
 * what is wrong with one of them.  The cases are one day. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <string.h>
#include "tests/simulator/known.h"

#define RULES "/etc/polkit-1/rules.d/20-numbers.rules"
#define RULE  "polkit.addRule(function(action) { if (action.id == \"org.aditvpn.Adit1.reveal\") return polkit.Result.YES; });\n"

/* --- One account ----------------------------------------------------------------------------------------------------------- */

static void
test_facts (void)
{
  account_day_start ();
  account_day_type ("Account number", KNOWN_MULLVAD_ACCOUNT);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "push button", "Connect", SERVICE_MS);
  account_day_open ();
  adit_ax_wait (ax, "label", "~days left · Until ", SERVICE_MS);
  adit_ax_wait (ax, "label", "~Less than a day old · To be changed on ", SOON_MS);
  adit_ax_wait (ax, "label", "~This computer · Since ", SERVICE_MS);
  adit_ax_wait (ax, "label", "~1 device in use", SERVICE_MS);
  g_assert_false (adit_ax_has (ax, "push button", "~Remove "));    /* this computer signs out instead */
  account_day_shoot ("71-accounts");
}

/* The number is asked for each time, and not shown to whom polkit refuses it. */
static void
test_number (void)
{
  g_autofree char *before = adit_ax_dup_tree (ax);

  g_assert_null (strstr (before, "1234 5678"));
  adit_ax_press (ax, "push button", "Show: Account number");
  adit_ax_wait (ax, "label", "You are not allowed to do that.", SOON_MS);
  g_assert_true (g_file_set_contents (RULES, RULE, -1, NULL));
  g_usleep (1000000);    /* until polkit has seen the rule */
  adit_ax_press (ax, "push button", "Show: Account number");
  adit_ax_wait (ax, "label", "1234 5678 9012 3456", SOON_MS);
  account_day_shoot ("72-number");
  adit_ax_press (ax, "push button", "Hide: Account number");
  adit_ax_gone (ax, "label", "1234 5678 9012 3456", SOON_MS);
  adit_ax_press (ax, "push button", "Copy: Account number");
  adit_ax_wait (ax, "label", "~leaves the clipboard", SOON_MS);
  g_assert_false (adit_ax_has (ax, "label", "1234 5678 9012 3456"));
}

/* Somebody else signs in with it, and is removed again. */
static void
test_devices (void)
{
  g_autoptr (AditLabResult) devices = NULL;

  adit_world_expect (world, 0, KNOWN_MULLVAD_ACCOUNT, "login mullvad", 0);
  adit_ax_press (ax, "push button", "Ask the Service Again");
  adit_ax_wait (ax, "label", "~2 devices in use", SERVICE_MS);
  account_day_shoot ("73-devices");
  adit_ax_press (ax, "push button", "~Remove ");
  adit_ax_wait (ax, "label", "~That computer is signed out", SOON_MS);
  adit_ax_press (ax, "push button", "~_Cancel");
  adit_ax_gone (ax, "label", "~That computer is signed out", SOON_MS);
  adit_ax_press (ax, "push button", "~Remove ");
  adit_ax_press (ax, "push button", "~_Remove");
  adit_ax_wait (ax, "label", "~1 device in use", SERVICE_MS);
  devices = adit_world_adit (world, ADIT_WORLD_ALICE_UID, NULL, "account devices --json");
  g_assert_nonnull (strstr (devices->out, "\"ours\":true"));
  g_assert_null (strstr (devices->out, "\"ours\":false"));
  adit_world_expect (world, 0, NULL, "logout --force", 0);
}

static void
type_voucher (const char *voucher)
{
  account_day_type ("Voucher code", voucher);
  adit_ax_press (ax, "push button", "Add Voucher");
}

static void
test_voucher (void)
{
  g_autofree char *after = NULL;

  type_voucher ("short");
  adit_ax_wait (ax, "*", "~cannot be a voucher", SERVICE_MS);
  type_voucher (KNOWN_MULLVAD_USED);
  adit_ax_wait (ax, "*", "~has been used already", SERVICE_MS);
  account_day_shoot ("74-voucher-used");
  type_voucher (KNOWN_MULLVAD_VOUCHER);
  adit_ax_wait (ax, "*", "~The account goes until ", SERVICE_MS);
  adit_ax_wait (ax, "label", "~59 days left · ", SERVICE_MS);
  account_day_shoot ("75-voucher");
}

/* --- Several --------------------------------------------------------------------------------------------------------------- */

static void
add_account (void)
{
  adit_ax_focus (ax, "*", "Add an Account…");
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "*", "Service", SOON_MS);
}

/* Each says what it says; what one does not say is said so. */
static void
test_several (void)
{
  add_account ();
  account_day_shoot ("76-add-account");
  account_day_sign_in (IVPN, "Account ID", KNOWN_IVPN_ACCOUNT);
  adit_ax_wait (ax, "label", "IVPN Pro", SERVICE_MS);
  adit_ax_wait (ax, "push button", "Manage Devices on the Site…", SOON_MS);
  g_assert_false (adit_ax_has (ax, "*", "Voucher code"));
  account_day_shoot ("77-accounts-ivpn");
  add_account ();
  account_day_choose (OVPN);
  account_day_type ("User name", KNOWN_OVPN_USER);
  account_day_type ("Password", KNOWN_OVPN_PASSWORD);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "push button", "Show: User name", SERVICE_MS);
  adit_ax_wait (ax, "label", "The service does not say how long", SOON_MS);
  adit_ax_press (ax, "push button", "Show: User name");
  adit_ax_wait (ax, "label", KNOWN_OVPN_USER, SOON_MS);
  account_day_shoot ("78-accounts-ovpn");
}

static void
expect_current (const char *service)
{
  for (gint64 end = g_get_monotonic_time () + SERVICE_MS * 1000L; g_get_monotonic_time () < end; g_usleep (50000))
    if (adit_ax_is (ax, "check box", service, "checked"))
      return;
  g_error ("%s is not the current account", service);
}

/* GTK 4.8 gives a radio button no action that an assistive program could do; the keyboard gets there. */
static void
use (const char *service)
{
  adit_ax_focus (ax, "list item", service);
  adit_ax_key (ax, "Return");
}

/* One press, and a connection goes over to the other one. */
static void
test_switch (void)
{
  expect_current ("OVPN");
  use ("IVPN");
  adit_ax_wait (ax, "label", "IVPN Pro", SERVICE_MS);
  expect_current ("IVPN");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "connect --wait no", 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  use ("Mullvad");
  expect_current ("Mullvad");
  for (gint64 end = g_get_monotonic_time () + TUNNEL_MS * 1000L; g_get_monotonic_time () < end; g_usleep (200000))
    {
      g_autoptr (AditLabResult) status = adit_world_adit (world, ADIT_WORLD_ALICE_UID, NULL, "status --json");

      if (strstr (status->out, "-wg-") != NULL)    /* as Mullvad alone calls its servers */
        return;
    }
  g_error ("the connection has not gone over");
}

static void
go_home (void)
{
  adit_ax_press (ax, "push button", "Back");
  adit_ax_wait (ax, "push button", "Disconnect", SOON_MS);
}

/* Where the way by two servers begins stands beside where it ends. */
static void
test_entry (void)
{
  use ("IVPN");
  expect_current ("IVPN");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "connect --entry se1 --wait no", 0);
  go_home ();
  adit_ax_wait (ax, "label", "By way of", SOON_MS);
  adit_ax_wait (ax, "label", "~Stockholm, Sweden", SOON_MS);
  adit_ax_wait (ax, "label", "~Oslo, Norway", SOON_MS);
  account_day_shoot ("78-by-way-of");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "connect --wait no", 0);
  adit_ax_gone (ax, "label", "By way of", SOON_MS);
}

/* A key that the service did not change is said so on both pages, and the one leads to the other. */
static void
test_key (void)
{
  adit_world_set_fault (world, "error 503 /v4/session/wg/set");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "account rotate-key", 9);
  adit_ax_wait (ax, "alert", "~key should be changed", SOON_MS);
  account_day_shoot ("78-key-notice");
  adit_ax_press (ax, "push button", "Show the Account");
  adit_ax_wait (ax, "label", "The key could not be changed", SERVICE_MS);
  adit_ax_wait (ax, "label", "~Less than a day old · To be changed on ", SOON_MS);
  account_day_shoot ("78-key-failed");
  adit_world_set_fault (world, "");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "account rotate-key", 0);
  adit_ax_gone (ax, "label", "The key could not be changed", SERVICE_MS);
  use ("Mullvad");
  expect_current ("Mullvad");
}

/* --- What is wrong with one ------------------------------------------------------------------------------------------------ */

static void
test_over (void)
{
  adit_world_set_fault (world, "expired");
  adit_ax_press (ax, "push button", "Ask the Service Again");
  adit_ax_wait (ax, "push button", "Add Time on the Site…", SERVICE_MS);
  account_day_shoot ("79-no-time");
  adit_ax_press (ax, "push button", "Add Time on the Site…");
  for (gint64 end = g_get_monotonic_time () + SOON_MS * 1000L; ; g_usleep (20000))
    {
      g_autofree char *pages = account_day_dup_pages ();

      if (g_str_equal (pages, "https://mullvad.net/account/\n"))
        break;
      if (g_get_monotonic_time () > end)
        g_error ("the browser was sent to \"%s\"", pages);
    }
  adit_world_set_fault (world, "");
  adit_ax_press (ax, "push button", "Ask the Service Again");
  adit_ax_gone (ax, "push button", "Add Time on the Site…", SERVICE_MS);
}

/* Removed elsewhere: the page says so, and leads to where somebody signs in again. */
static void
test_revoked (void)
{
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "disconnect", 0);
  adit_world_set_fault (world, "revoke");
  g_usleep (2000000);    /* until the service has seen it */
  adit_ax_press (ax, "push button", "Ask the Service Again");
  adit_ax_wait (ax, "push button", "Sign Out and In Again…", SERVICE_MS);
  account_day_shoot ("80-revoked");
  adit_ax_press (ax, "push button", "Sign Out and In Again…");
  adit_ax_wait (ax, "*", "Service", SERVICE_MS);
  adit_world_set_fault (world, "");
  account_day_type ("Account number", KNOWN_MULLVAD_ACCOUNT);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "check box", "Mullvad", SERVICE_MS);
  expect_current ("Mullvad");
  adit_ax_gone (ax, "push button", "Sign Out and In Again…", SOON_MS);
}

/* --- Other eyes, and the end ----------------------------------------------------------------------------------------------- */

static void
test_narrow (void)
{
  adit_ax_wait (ax, "label", "~1 device in use", SERVICE_MS);
  adit_display_resize (display, 360, 620);
  account_day_shoot ("82-accounts-narrow");
  adit_ax_focus (ax, "push button", "Copy: Account number");    /* by the keyboard alone, which the page follows */
  account_day_shoot ("82-accounts-narrow-facts");
  account_day_type ("Voucher code", "GOOD");
  adit_ax_focus (ax, "push button", "Add Voucher");
  account_day_shoot ("82-accounts-narrow-voucher");
  adit_display_stop_program (display);
}

static void
test_dark (void)
{
  adit_display_set_variable (display, "ADW_DEBUG_COLOR_SCHEME", "prefer-dark");
  account_day_start ();
  adit_ax_wait (ax, "push button", "~Mullvad", SERVICE_MS);
  adit_ax_press (ax, "push button", "~Mullvad");    /* the other way to the page */
  adit_ax_wait (ax, "label", "~1 device in use", SERVICE_MS);
  account_day_shoot ("83-accounts-dark");
  add_account ();
  account_day_sign_in (IVPN, "Account ID", KNOWN_IVPN_ROBOT);
  adit_ax_wait (ax, "*", "What is written there", SERVICE_MS);
  account_day_shoot ("84-captcha-dark");
  adit_ax_press (ax, "push button", "Cancel");
  adit_ax_press (ax, "push button", "Back");
}

/* A service that is down keeps nobody signed in. */
static void
test_sign_out (void)
{
  adit_ax_press (ax, "push button", "Sign Out of OVPN");
  adit_ax_wait (ax, "label", "Sign out of OVPN?", SOON_MS);
  adit_ax_press (ax, "push button", "~_Sign Out");
  adit_ax_gone (ax, "check box", "OVPN", SERVICE_MS);
  adit_world_stop_service (world);
  adit_ax_press (ax, "push button", "Sign Out of Mullvad");
  adit_ax_press (ax, "push button", "~_Sign Out");
  adit_ax_wait (ax, "label", "Mullvad has not signed this computer out", TUNNEL_MS);
  account_day_shoot ("85-forget");
  adit_ax_press (ax, "push button", "~_Forget It Here");
  adit_ax_wait (ax, "label", "IVPN Pro", TUNNEL_MS);
  adit_ax_press (ax, "push button", "Sign Out of IVPN");
  adit_ax_press (ax, "push button", "~_Sign Out");
  adit_ax_wait (ax, "*", "Service", SERVICE_MS);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

int
main (int argc, char **argv)
{
  int ended = account_day_begin (&argc, &argv);

  if (ended != 0)
    return ended;
  g_test_add_func ("/window-accounts/facts", test_facts);
  g_test_add_func ("/window-accounts/number", test_number);
  g_test_add_func ("/window-accounts/devices", test_devices);
  g_test_add_func ("/window-accounts/voucher", test_voucher);
  g_test_add_func ("/window-accounts/several", test_several);
  g_test_add_func ("/window-accounts/switch", test_switch);
  g_test_add_func ("/window-accounts/entry", test_entry);
  g_test_add_func ("/window-accounts/key", test_key);
  g_test_add_func ("/window-accounts/over", test_over);
  g_test_add_func ("/window-accounts/revoked", test_revoked);
  g_test_add_func ("/window-accounts/narrow", test_narrow);
  g_test_add_func ("/window-accounts/dark", test_dark);
  g_test_add_func ("/window-accounts/sign-out", test_sign_out);
  return account_day_run ();
}
