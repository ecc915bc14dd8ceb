/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-diagnosis.c: the page that says what is wrong, on a computer that is broken for real; it says what `adit diagnose`
 * says. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <string.h>

#include "tests/simulator/known.h"

static void
run_in_client (const char *line)
{
  g_autoptr (GError) error = NULL;

  if (!adit_lab_run_line ("client", line, &error))
    g_error ("%s", error->message);
}

static void
open_page (void)
{
  adit_ax_press (ax, "push button", "Menu");
  adit_ax_press (ax, "menu item", "Diagnostics");
  adit_ax_wait (ax, "push button", "Run Again", SOON_MS);
}

/* Pressed again until it says so: what the helper knows may be older than what was just broken. */
static void
expect_after_run (const char *text)
{
  for (guint i = 0; i < 20; i++)
    {
      adit_ax_press (ax, "push button", "Run Again");
      g_usleep (200000);
      if (adit_ax_has (ax, "*", text))
        return;
    }
  adit_ax_wait (ax, "*", text, SOON_MS);
}

static void
test_well (void)
{
  account_day_start ();
  account_day_type ("Account number", KNOWN_MULLVAD_ACCOUNT);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "push button", "Connect", SERVICE_MS);
  open_page ();
  adit_ax_wait (ax, "label", "Nothing is known to be wrong.", SOON_MS);
  adit_ax_wait (ax, "label", "Cable or radio", SOON_MS);
  adit_ax_wait (ax, "label", "passed", SOON_MS);
  g_assert_false (adit_ax_has (ax, "label", "failed"));
  account_day_shoot ("98-diagnosis");
}

/* What is copied is what the command line prints. */
static void
test_copied (void)
{
  g_autoptr (AditLabResult) printed = NULL;
  g_autofree char *read = NULL, *pasted = NULL;

  adit_ax_press (ax, "push button", "Copy");
  adit_ax_wait (ax, "push button", "Copied", SOON_MS);
  printed = adit_world_adit (world, ADIT_WORLD_ALICE_UID, NULL, "diagnose");
  adit_ax_key (ax, "ctrl+f");
  adit_ax_key (ax, "ctrl+v");
  adit_ax_wait (ax, "*", "No such place", SOON_MS);
  read = adit_ax_dup_text (ax, "*", "Search places");
  pasted = g_strcompress (read);    /* lines come as "\\n" */
  g_assert_cmpstr (pasted, ==, printed->out);
  g_assert_nonnull (strstr (pasted, "passed"));
  adit_ax_type (ax, "*", "Search places", "");
}

static void
test_link (void)
{
  run_in_client ("ip link set eth0 down");
  expect_after_run ("No cable or radio of this computer carries anything.");
  adit_ax_wait (ax, "label", "failed", SOON_MS);
  account_day_shoot ("99-diagnosis-no-link");
  run_in_client ("ip link set eth0 up");
  run_in_client ("ip route replace default via 10.10.0.1");
  expect_after_run ("Nothing is known to be wrong.");
  adit_ax_press (ax, "push button", "Back");
  adit_ax_wait (ax, "push button", "Connect", SOON_MS);
}

/* Another program has the tunnel's addresses as well: the banner leads to the page. */
static void
test_other_program (void)
{
  run_in_client ("ip link add tailscale0 type bridge");
  run_in_client ("ip link set tailscale0 up");
  run_in_client ("ip route add 10.64.0.0/10 dev tailscale0");
  adit_ax_press (ax, "push button", "Connect");
  adit_ax_press (ax, "push button", "Look Which Ones");
  adit_ax_wait (ax, "label", "~tailscale, ", SOON_MS);
  adit_ax_wait (ax, "label", "~End that program while connected", SOON_MS);
  account_day_shoot ("100-diagnosis-in-the-way");
  run_in_client ("ip link del tailscale0");
  expect_after_run ("Nothing is known to be wrong.");
  adit_ax_gone (ax, "label", "~tailscale, ", SOON_MS);
}

/* It follows by itself who is there. */
static void
test_helper (void)
{
  adit_world_kill_helper (world);
  adit_ax_wait (ax, "label", "systemctl start aditd", SOON_MS);
  adit_ax_wait (ax, "label", "not known", SOON_MS);
  account_day_shoot ("101-diagnosis-no-helper");
  adit_world_expect_helper (world);
  adit_ax_wait (ax, "label", "Nothing is known to be wrong.", TUNNEL_MS);
  adit_ax_press (ax, "push button", "Back");
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_ax_press (ax, "push button", "Disconnect");
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

int
main (int argc, char **argv)
{
  int ended = account_day_begin (&argc, &argv);

  if (ended != 0)
    return ended;
  g_test_add_func ("/window-diagnosis/well", test_well);
  g_test_add_func ("/window-diagnosis/copied", test_copied);
  g_test_add_func ("/window-diagnosis/link", test_link);
  g_test_add_func ("/window-diagnosis/other-program", test_other_program);
  g_test_add_func ("/window-diagnosis/helper", test_helper);
  return account_day_run ();
}
