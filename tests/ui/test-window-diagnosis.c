/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-diagnosis.c: the page that says what is wrong, on a computer that is broken for real; it says what `adit diagnose`
 * says. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lab/hotel.h"
#include "tests/simulator/known.h"

#define RULES     "/etc/polkit-1/rules.d/20-portal.rules"
#define RULE      "polkit.addRule(function(action) { " \
                  "if (action.id == \"org.aditvpn.Adit1.reach-beside\") return polkit.Result.YES; });\n"
#define POLKIT_US 1000000    /* until polkit has seen that its rules are others */
#define CAPTIVE_MS 60000    /* servers are tried before the service is asked why none answers */
#define PROGRAMS  "/run/adit-display/programs"
#define PAGE      "/run/adit-display/home/page"
/* Alice's browser, by the name of one. */
#define BROWSER   "#!/bin/sh\ncurl -s -m 10 -o " PAGE ".new \"$2\"; mv " PAGE ".new " PAGE "; sleep 60\n"

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
  adit_ax_key (ax, "ctrl+i");
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
  g_autofree char *programs = g_strconcat (g_getenv ("PATH"), ":" PROGRAMS, NULL);

  adit_display_set_variable (display, "PATH", programs);
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

/* Waits until the lines that are shown have it, or have it no more. */
static void
expect_log (const char *wanted, gboolean is_there)
{
  g_autofree char *lines = NULL;

  for (guint i = 0; i < SOON_MS / 50; i++)
    {
      g_clear_pointer (&lines, g_free);
      lines = adit_ax_has (ax, "text", "Lines of the log") ? adit_ax_dup_text (ax, "text", "Lines of the log") : g_strdup ("");
      if ((strstr (lines, wanted) != NULL) == is_there)
        return;
      g_usleep (50000);
    }
  g_error ("\"%s\" %s in the log: %s", wanted, is_there ? "is not" : "is still", lines);
}

/* It grows while somebody looks, shows what is asked for, and holds nothing of a server. */
static void
test_log (void)
{
  g_autofree char *lines = NULL, *copied = NULL;

  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "connect se-got --wait", 0);
  expect_log ("session: connected, lock tunnel", TRUE);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "pause 5", 0);
  expect_log ("notice   service: paused for 300 s", TRUE);
  expect_log ("session: disconnected, lock off", TRUE);
  account_day_pick ("Lines", 1);
  expect_log ("session: connected, lock tunnel", FALSE);
  expect_log ("service: paused for 300 s", TRUE);
  adit_ax_press (ax, "push button", "Copy the Log");
  adit_ax_wait (ax, "*", "Copied", SOON_MS);
  account_day_pick ("Lines", 2);
  adit_ax_wait (ax, "label", "No such line yet.", SOON_MS);
  account_day_pick ("Lines", 0);
  expect_log ("session: connected, lock tunnel", TRUE);
  adit_ax_focus (ax, "text", "Lines of the log");    /* and the page scrolls to it */
  account_day_shoot ("98-diagnosis-log");
  lines = adit_ax_dup_text (ax, "text", "Lines of the log");
  g_assert_null (strstr (lines, "se-got"));
  g_assert_null (strstr (lines, "198.51.100"));
  g_assert_null (strstr (lines, KNOWN_MULLVAD_ACCOUNT));
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "disconnect", 0);

  adit_ax_key (ax, "ctrl+f");
  adit_ax_key (ax, "ctrl+v");
  adit_ax_wait (ax, "*", "No such place", SOON_MS);
  copied = adit_ax_dup_text (ax, "*", "Search places");
  g_assert_nonnull (strstr (copied, "service: paused for 300 s"));
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
}

static gboolean
can_alice_see_page (void)
{
  const char *const argv[] = { "curl", "-s", "-m", "2", "-o", "/dev/null", "http://10.10.0.1/", NULL };
  g_autoptr (AditLabResult) result = adit_display_run (display, argv);

  return result->status == 0;
}

/* Those of the computer that this runs on are none of Alice's. */
static void
hide_browsers (void)
{
  static const char *const names[] = { "epiphany", "chromium", "firefox" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_find_program_in_path (names[i]);

      if (path != NULL)
        g_assert_cmpint (mount ("/dev/null", path, NULL, MS_BIND, NULL), ==, 0);
    }
}

/* A network that wants to be seen: one browser alone gets there, and then everything goes on by itself. */
static void
test_portal (void)
{
  g_autofree char *text = NULL;

  /* Already there: what has made a session for Alice needed them as well. */
  if (mount ("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL) != 0 && errno != EBUSY)
    {
      g_test_skip ("no control groups here");
      return;
    }
  hide_browsers ();
  hotel_start ();
  hotel_shut (FALSE);
  adit_ax_press (ax, "push button", "Connect");
  adit_ax_wait (ax, "push button", "Show Its Page", CAPTIVE_MS);
  account_day_shoot ("102-portal");
  g_assert_false (can_alice_see_page ());

  /* There is no browser that can be shown alone; then there is one, and nobody who could be asked whether it may. */
  adit_ax_press (ax, "push button", "Show Its Page");
  adit_ax_wait (ax, "*", "No browser was found that can show it alone.", SOON_MS);
  account_day_shoot ("103-portal-no-browser");
  adit_ax_press (ax, "push button", "~_Close");
  g_assert_cmpint (g_mkdir_with_parents (PROGRAMS, 0755), ==, 0);
  g_assert_true (g_file_set_contents (PROGRAMS "/epiphany", BROWSER, -1, NULL));
  g_assert_cmpint (chmod (PROGRAMS "/epiphany", 0755), ==, 0);
  adit_ax_press (ax, "push button", "Show Its Page");
  adit_ax_wait (ax, "*", "~You are not allowed to do that.", SOON_MS);
  adit_ax_press (ax, "push button", "~_Close");
  g_assert_cmpint (access (PAGE, F_OK), !=, 0);

  g_assert_true (g_file_set_contents (RULES, RULE, -1, NULL));
  g_usleep (POLKIT_US);
  adit_ax_press (ax, "push button", "Show Its Page");
  for (guint i = 0; i < SERVICE_MS / 50 && access (PAGE, F_OK) != 0; i++)
    g_usleep (50000);
  g_assert_true (g_file_get_contents (PAGE, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "10.10.0.2");
  g_assert_false (can_alice_see_page ());    /* nobody else may, also while that one does */
  hotel_let_through ();
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "portal close", 0);
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_ax_gone (ax, "push button", "Show Its Page", SOON_MS);
  g_assert_cmpint (unlink (RULES), ==, 0);
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
  g_test_add_func ("/window-diagnosis/log", test_log);
  g_test_add_func ("/window-diagnosis/link", test_link);
  g_test_add_func ("/window-diagnosis/other-program", test_other_program);
  g_test_add_func ("/window-diagnosis/helper", test_helper);
  g_test_add_func ("/window-diagnosis/portal", test_portal);
  return account_day_run ();
}
