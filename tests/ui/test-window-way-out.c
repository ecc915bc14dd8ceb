/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-window-way-out.c: the first thing that somebody sees, and what they see when the helper is dead, too old or not for them;
 * each is made so for real. */
#include "config.h"
#include "tests/ui/account-day.h"

#include <signal.h>
#include <string.h>

#include "tests/simulator/known.h"
#include "tests/ui/notices-host.h"

#define NAME     "org.aditvpn.Adit1"
#define BUS_CONF "/run/lab/bus.conf"
#define BLOCKED  "Network is blocked on purpose"

static GDBusConnection *
get_bus (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);

  if (bus == NULL)
    g_error ("%s", error->message);
  return bus;
}

static GVariant *
ask_bus (GDBusConnection *bus, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                                             "org.freedesktop.DBus", method, arguments, NULL,
                                                             G_DBUS_CALL_FLAGS_NONE, SOON_MS, NULL, &error);

  if (answer == NULL)
    g_error ("%s: %s", method, error->message);
  return g_steal_pointer (&answer);
}

static void
tell_bus (GDBusConnection *bus, const char *method, GVariant *arguments)
{
  g_variant_unref (ask_bus (bus, method, arguments));
}

static void
test_first_run (void)
{
  account_day_start ();
  adit_ax_wait (ax, "push button", "Sign In", SOON_MS);
  adit_ax_wait (ax, "label", "~everything leaves through the tunnel or not at all", SOON_MS);
  account_day_shoot ("104-first-run");
  account_day_type ("Account number", KNOWN_MULLVAD_ACCOUNT);
  adit_ax_press (ax, "push button", "Sign In");
  adit_ax_wait (ax, "label", "~days left", SERVICE_MS);
}

static void
expect_told (NoticesHost *host, const char *wanted)
{
  g_autofree char *told = notices_host_wait (host, TUNNEL_MS);

  if (told == NULL || !g_str_has_prefix (told, wanted))
    g_error ("\"%s\" is expected to be told, not \"%s\"", wanted, told != NULL ? told : "");
}

/* Beside the clock, where there is a place for it. */
static void
expect_item (NoticesHost *host, const char *title)
{
  g_autoptr (GVariant) answer = notices_host_ask_item (host, "org.freedesktop.DBus.Properties", "Get",
                                                       g_variant_new ("(ss)", "org.kde.StatusNotifierItem", "Title"));
  g_autoptr (GVariant) pressed = NULL, value = NULL;

  g_variant_get (answer, "(v)", &value);
  g_assert_cmpstr (g_variant_get_string (value, NULL), ==, title);
  pressed = notices_host_ask_item (host, "org.kde.StatusNotifierItem", "Activate", g_variant_new ("(ii)", 0, 0));
  g_assert_cmpuint (adit_ax_count (ax, "frame"), ==, 1);
}

/* Somebody who does not look is told, can do something about it at once, and is not told any more when it is over; unless they
 * want to hear of nothing. */
static void
test_told (void)
{
  NoticesHost *host = notices_host_new ();
  g_autofree char *more = NULL;

  adit_world_set_fault (world, "expired");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "account --refresh", 0);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "connect", 0);
  expect_told (host, "Your account ends soon | Mullvad");
  expect_told (host, "Blocked on purpose | Your account has no time left. ");
  notices_host_press (host, "app.disconnect");
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "connect", 0);
  expect_told (host, "Blocked on purpose | Your account has no time left. ");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "disconnect", 0);
  expect_told (host, "closed");

  adit_ax_key (ax, "ctrl+comma");
  adit_ax_press (ax, "*", "Automation");
  adit_ax_focus (ax, "*", "Notifications");
  adit_ax_key (ax, "space");
  adit_ax_key (ax, "End");
  adit_ax_key (ax, "Return");
  adit_ax_wait (ax, "label", "Nothing", SOON_MS);
  account_day_shoot ("108-notifications");
  adit_ax_key (ax, "Escape");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "connect", 0);
  adit_ax_wait (ax, "*", "Blocked on purpose", SERVICE_MS);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "disconnect", 0);
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
  while ((more = notices_host_wait (host, 0)) != NULL)
    {
      g_assert_cmpstr (more, ==, "closed");
      g_clear_pointer (&more, g_free);
    }
  adit_world_set_fault (world, "");
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "account --refresh", 0);
  expect_item (host, "Adit: Not protected");
  notices_host_free (host);
}

/* Who answers in its name knows nothing of what is asked. */
static void
test_too_old (void)
{
  g_autoptr (GDBusConnection) bus = get_bus ();

  adit_world_kill_helper (world);
  adit_ax_wait (ax, "*", "No helper", SOON_MS);
  tell_bus (bus, "RequestName", g_variant_new ("(su)", NAME, 0));
  adit_ax_wait (ax, "*", "The parts of Adit are of different versions.", SOON_MS);
  adit_ax_wait (ax, "label", "systemctl restart aditd", SOON_MS);
  account_day_shoot ("105-too-old");
  tell_bus (bus, "ReleaseName", g_variant_new ("(s)", NAME));
  adit_world_expect_helper (world);
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
}

/* It is there and takes its time, as while it starts. */
static void
test_slow (void)
{
  g_autoptr (GDBusConnection) bus = get_bus ();
  g_autoptr (GVariant) answer = ask_bus (bus, "GetConnectionUnixProcessID", g_variant_new ("(s)", NAME));
  guint pid;

  g_variant_get (answer, "(u)", &pid);
  adit_display_stop_program (display);
  g_assert_cmpint (kill ((pid_t) pid, SIGSTOP), ==, 0);
  account_day_start ();
  adit_ax_wait (ax, "*", "One moment", SOON_MS);
  account_day_shoot ("105-starting");
  g_assert_cmpint (kill ((pid_t) pid, SIGCONT), ==, 0);
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
}

/* The bus lets nobody of hers through to it. */
static void
test_refused (void)
{
  g_autoptr (GDBusConnection) bus = get_bus ();
  g_autoptr (GString) text = NULL;
  g_autofree char *before = NULL;

  g_assert_true (g_file_get_contents (BUS_CONF, &before, NULL, NULL));
  text = g_string_new (before);
  g_assert_cmpuint (g_string_replace (text, "</busconfig>", "<policy user=\"" G_STRINGIFY (ADIT_WORLD_ALICE_UID) "\">"
                                      "<deny send_destination=\"" NAME "\"/></policy></busconfig>", 0), ==, 1);
  g_assert_true (g_file_set_contents (BUS_CONF, text->str, -1, NULL));
  tell_bus (bus, "ReloadConfig", NULL);
  adit_display_stop_program (display);
  account_day_start ();
  adit_ax_wait (ax, "*", "You are not allowed to do that.", SOON_MS);
  account_day_shoot ("106-refused");
  g_assert_true (g_file_set_contents (BUS_CONF, before, -1, NULL));
  tell_bus (bus, "ReloadConfig", NULL);
  adit_ax_press (ax, "push button", "Try Again");
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
}

/* It died while something was locked: that is said, with the ways out of it; and it is unsaid when the lock is opened by hand. */
static void
test_dead (void)
{
  adit_ax_press (ax, "push button", "Connect");
  adit_ax_wait (ax, "*", "Connected", TUNNEL_MS);
  adit_world_kill_helper (world);
  adit_ax_wait (ax, "*", BLOCKED, SOON_MS);
  adit_world_expect_web (world, "");
  adit_ax_wait (ax, "label", "sudo adit recover --open", SOON_MS);
  account_day_shoot ("107-blocked-on-purpose");
  adit_ax_press (ax, "push button", "Start the Helper");    /* nobody on this bus can */
  adit_ax_wait (ax, "*", BLOCKED, SOON_MS);
  adit_world_expect (world, 0, NULL, "recover --open", 0);
  adit_ax_wait (ax, "*", "No helper", SOON_MS);
  g_assert_false (adit_ax_has (ax, "*", BLOCKED));
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  adit_world_expect_helper (world);
  adit_ax_wait (ax, "*", "Not protected", SERVICE_MS);
}

/* A window that has never heard the helper sees it, too. */
static void
test_dead_before (void)
{
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "lockdown on", 0);
  adit_world_kill_helper (world);
  adit_display_stop_program (display);
  account_day_start ();
  adit_ax_wait (ax, "*", BLOCKED, SOON_MS);
  adit_world_expect_helper (world);
  adit_ax_wait (ax, "*", "Blocked on purpose", SERVICE_MS);
  adit_ax_gone (ax, "*", BLOCKED, SOON_MS);
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  adit_display_expect_quiet (display);
  adit_display_stop_program (display);
}

int
main (int argc, char **argv)
{
  int ended = account_day_begin (&argc, &argv);

  if (ended != 0)
    return ended;
  g_test_add_func ("/window-way-out/first-run", test_first_run);
  g_test_add_func ("/window-way-out/told", test_told);
  g_test_add_func ("/window-way-out/too-old", test_too_old);
  g_test_add_func ("/window-way-out/slow", test_slow);
  g_test_add_func ("/window-way-out/refused", test_refused);
  g_test_add_func ("/window-way-out/dead", test_dead);
  g_test_add_func ("/window-way-out/dead-before", test_dead_before);
  return account_day_run ();
}
