/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-sign-in.c: somebody signs in at each service in the window, whatever it asks, and nothing typed is lost where it
 * says no.  The services are simulated, the rest is real. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <string.h>
#include "tests/simulator/known.h"

#define GO "/run/adit-display/home/pages.go"

/* As after each sign-in: the one account goes, and the form comes back. */
static void
sign_out (const char *service)
{
  g_autofree char *question = g_strdup_printf ("Sign out of %s?", service);

  adit_ax_wait (ax, "push button", "Connect", SERVICE_MS);
  adit_ax_press (ax, "push button", "Menu");
  adit_ax_press (ax, "menu item", "Sign Out…");
  adit_ax_wait (ax, "label", question, SOON_MS);
  adit_ax_press (ax, "push button", "~_Sign Out");
  adit_ax_wait (ax, "*", "Service", SERVICE_MS);
}

/* --- Mullvad --------------------------------------------------------------------------------------------------------------- */

static void
test_mullvad (void)
{
  account_day_start ();
  adit_ax_wait (ax, "push button", "Create an Account", SOON_MS);
  account_day_shoot ("60-sign-in");
  account_day_sign_in (MULLVAD, "Account number", "12");
  adit_ax_wait (ax, "*", "~cannot be an account", SOON_MS);
  account_day_shoot ("61-sign-in-malformed");
  account_day_sign_in (MULLVAD, "Account number", KNOWN_MULLVAD_ACCOUNT);
  sign_out ("Mullvad");
}

/* All devices are taken: one goes, and then there is room. */
static void
test_mullvad_full (void)
{
  account_day_sign_in (MULLVAD, "Account number", KNOWN_MULLVAD_FULL);
  adit_ax_wait (ax, "*", "Too many devices", SERVICE_MS);
  adit_ax_wait (ax, "push button", "~Remove ", SERVICE_MS);
  account_day_shoot ("62-too-many");
  adit_ax_press (ax, "push button", "Sign In Again");
  adit_ax_wait (ax, "*", "The service still counts too many devices.", SERVICE_MS);
  adit_ax_press (ax, "push button", "~Remove ");
  adit_ax_wait (ax, "label", "~That computer is signed out", SOON_MS);
  account_day_shoot ("63-remove-device");
  adit_ax_press (ax, "push button", "~_Remove");
  adit_ax_wait (ax, "label", "~4 devices in use", SERVICE_MS);
  adit_ax_press (ax, "push button", "Sign In Again");
  sign_out ("Mullvad");
}

static void
test_mullvad_new (void)
{
  g_autofree char *number = NULL;

  account_day_choose (MULLVAD);
  adit_ax_press (ax, "push button", "Create an Account");
  adit_ax_wait (ax, "*", "Your new account", SERVICE_MS);
  number = adit_ax_dup_name (ax, "label", "9");
  g_assert_cmpuint (strlen (number), ==, strlen ("9999 9999 9999 9999"));
  account_day_shoot ("64-new-account");
  adit_ax_press (ax, "push button", "Sign In With It");
  adit_ax_wait (ax, "push button", "Connect", SERVICE_MS);
  adit_ax_gone (ax, "label", number, SOON_MS);
  sign_out ("Mullvad");
}

/* --- IVPN ------------------------------------------------------------------------------------------------------------------ */

/* A picture, which is guessed wrong; then a code, the same; the ID is typed once. */
static void
test_ivpn_questions (void)
{
  account_day_sign_in (IVPN, "Account ID", KNOWN_IVPN_BOTH);
  adit_ax_wait (ax, "*", "What is written there", SERVICE_MS);
  account_day_shoot ("65-captcha");
  account_day_type ("What is written there", "XXXX");
  adit_ax_press (ax, "push button", "Continue");
  adit_ax_wait (ax, "*", "~This is a new picture", SERVICE_MS);
  account_day_shoot ("66-captcha-wrong");
  adit_ax_press (ax, "push button", "Another Picture");
  adit_ax_gone (ax, "*", "~This is a new picture", SERVICE_MS);
  account_day_type ("What is written there", KNOWN_IVPN_CAPTCHA);
  adit_ax_press (ax, "push button", "Continue");
  adit_ax_wait (ax, "*", "Code of your second factor", SERVICE_MS);
  account_day_type ("Code of your second factor", "000000");
  adit_ax_press (ax, "push button", "Continue");
  adit_ax_wait (ax, "*", "~type the newest one", SERVICE_MS);
  account_day_shoot ("67-code-wrong");
  account_day_type ("Code of your second factor", KNOWN_IVPN_CODE);
  adit_ax_key (ax, "Return");    /* from the field itself */
  sign_out ("IVPN");
}

/* What was typed is still there after a question that nobody answered. */
static void
test_ivpn_cancel (void)
{
  account_day_sign_in (IVPN, "Account ID", KNOWN_IVPN_ROBOT);
  adit_ax_wait (ax, "*", "What is written there", SERVICE_MS);
  adit_ax_press (ax, "push button", "Cancel");
  adit_ax_wait (ax, "*", "Service", SOON_MS);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "*", "What is written there", SERVICE_MS);
  adit_ax_press (ax, "push button", "Cancel");
  account_day_type ("Account ID", "i-NONE-NONE-NONE");
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "*", "~does not accept what was given", SERVICE_MS);
  g_assert_true (adit_ax_is (ax, "push button", "Sign In", "sensitive"));
}

static void
test_ivpn_full (void)
{
  account_day_sign_in (IVPN, "Account ID", KNOWN_IVPN_FULL);
  adit_ax_wait (ax, "*", "Too many devices", SERVICE_MS);
  account_day_shoot ("68-too-many-ivpn");
  adit_ax_press (ax, "push button", "Sign All Other Devices Out…");
  adit_ax_wait (ax, "label", "Sign all other devices out?", SOON_MS);
  adit_ax_press (ax, "push button", "~_Sign All Out");
  sign_out ("IVPN");
}

/* --- OVPN ------------------------------------------------------------------------------------------------------------------ */

static void
test_ovpn (void)
{
  account_day_choose (OVPN);
  adit_ax_wait (ax, "*", "User name", SOON_MS);
  account_day_type ("User name", KNOWN_OVPN_USER);
  account_day_type ("Password", "wrong");
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "*", "~does not know this user name and password", SERVICE_MS);
  account_day_shoot ("69-ovpn-wrong");
  account_day_type ("Password", KNOWN_OVPN_PASSWORD);    /* the name is still there */
  adit_ax_press (ax, "push button", "Sign In");
  sign_out ("OVPN");
  account_day_choose (OVPN);
  account_day_type ("User name", KNOWN_OVPN_FULL);
  account_day_type ("Password", KNOWN_OVPN_PASSWORD);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "*", "Too many devices", SERVICE_MS);
  g_assert_false (adit_ax_has (ax, "push button", "Sign All Other Devices Out…"));
  adit_ax_press (ax, "push button", "Cancel");
  adit_ax_wait (ax, "*", "Service", SOON_MS);
}

/* --- Mysterium ------------------------------------------------------------------------------------------------------------- */

static void
expect_page (const char *start, guint n)
{
  g_autofree char *pages = NULL;

  for (gint64 end = g_get_monotonic_time () + SOON_MS * 1000L; g_get_monotonic_time () < end; g_usleep (20000))
    {
      g_auto (GStrv) lines = NULL;

      g_free (pages);
      pages = account_day_dup_pages ();
      lines = g_strsplit (pages, "\n", -1);
      if (g_strv_length (lines) == n + 1 && g_str_has_prefix (lines[n - 1], start))
        return;
    }
  g_error ("no page %u at %s: %s", n, start, pages);
}

/* Cancelled, nothing comes of it; the second time the person signs in there, and the window notices. */
static void
test_mysterium (void)
{
  account_day_choose (MYSTERIUM);
  adit_ax_press (ax, "push button", "Create an Account on Its Site…");
  expect_page ("https://app.mysteriumvpn.com/", 1);
  adit_ax_press (ax, "push button", "Sign In With the Browser");
  adit_ax_wait (ax, "*", "Go on in the browser", SERVICE_MS);
  expect_page ("https://app.mysteriumvpn.com/oauth/authorize?", 2);
  account_day_shoot ("70-browser");
  adit_ax_press (ax, "push button", "Cancel");
  adit_ax_wait (ax, "*", "Service", SOON_MS);
  adit_ax_press (ax, "push button", "Sign In With the Browser");
  adit_ax_wait (ax, "*", "Go on in the browser", SERVICE_MS);
  expect_page ("https://app.mysteriumvpn.com/oauth/authorize?", 3);
  adit_ax_press (ax, "push button", "Open the Page Again");
  expect_page ("https://app.mysteriumvpn.com/oauth/authorize?", 4);
  g_assert_true (g_file_set_contents (GO, "", -1, NULL));
  sign_out ("Mysterium VPN");
}

/* --- After it -------------------------------------------------------------------------------------------------------------- */

static void
test_nothing_left (void)
{
  g_autofree char *tree = adit_ax_dup_tree (ax), *output = adit_display_dup_output (display);
  static const char *const secrets[] = { KNOWN_MULLVAD_ACCOUNT, KNOWN_MULLVAD_FULL, KNOWN_IVPN_BOTH, KNOWN_OVPN_PASSWORD };

  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      g_assert_null (strstr (tree, secrets[i]));
      g_assert_null (strstr (output, secrets[i]));
    }
}

/* On a small screen, where nothing may be cut off. */
static void
test_narrow (void)
{
  account_day_choose (IVPN);
  adit_display_resize (display, 360, 620);
  account_day_shoot ("86-sign-in-narrow");
  account_day_type ("Account ID", KNOWN_IVPN_ROBOT);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "*", "What is written there", SERVICE_MS);
  account_day_shoot ("87-captcha-narrow");
  adit_ax_press (ax, "push button", "Cancel");
  account_day_type ("Account ID", "");
  adit_display_resize (display, 860, 620);
}

/* A service that does not answer: said at the field, and what was typed is not lost. */
static void
test_unreachable (void)
{
  adit_world_stop_service (world);
  account_day_sign_in (MULLVAD, "Account number", KNOWN_MULLVAD_ACCOUNT);
  adit_ax_wait (ax, "*", "~The service cannot be reached.", TUNNEL_MS);
  g_assert_true (adit_world_start_service (world, NULL));
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "push button", "Connect", SERVICE_MS);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

int
main (int argc, char **argv)
{
  int ended = account_day_begin (&argc, &argv);

  if (ended != 0)
    return ended;
  g_test_add_func ("/window-sign-in/mullvad", test_mullvad);
  g_test_add_func ("/window-sign-in/mullvad-full", test_mullvad_full);
  g_test_add_func ("/window-sign-in/mullvad-new", test_mullvad_new);
  g_test_add_func ("/window-sign-in/ivpn-questions", test_ivpn_questions);
  g_test_add_func ("/window-sign-in/ivpn-cancel", test_ivpn_cancel);
  g_test_add_func ("/window-sign-in/ivpn-full", test_ivpn_full);
  g_test_add_func ("/window-sign-in/ovpn", test_ovpn);
  g_test_add_func ("/window-sign-in/mysterium", test_mysterium);
  g_test_add_func ("/window-sign-in/nothing-left", test_nothing_left);
  g_test_add_func ("/window-sign-in/narrow", test_narrow);
  g_test_add_func ("/window-sign-in/unreachable", test_unreachable);
  return account_day_run ();
}
