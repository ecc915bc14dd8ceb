/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-pause.c: a pause is open and says so, is over by itself, whatever happened to the helper meanwhile, and from then on
 * nothing leaves outside: counted on the cable while a program tries every way out, which is seen there while the pause lasts. */
#include "tests/lab/links.h"

#include <jansson.h>
#include <string.h>

#include "tests/lab/senders.h"

#define PAUSE_S   6
#define MOMENT_US 600000
#define LATE_MS   3000    /* after the time is over; a handshake is made by then */

static AditWorld *world;
static AditLeakwatch *watch;
static AditSenders *senders;

/* What may leave beside what the senders try: the tunnel's packets, and the service's. */
static const char *const allowed[] = { "tcp:" ADIT_LAB_API_ADDRESS ":443", "udp:" ADIT_LAB_EXIT_ADDRESS ":51820",
                                       LINKS_APART_RELAY, NULL };

static void
set_phase (const char *phase)
{
  adit_leakwatch_set_phase (watch, phase, allowed);
  adit_senders_set_phase (senders, phase);
}

static void
expect_seen (const char *phase, gboolean is_open)
{
  guint outside = adit_leakwatch_get_outside (watch, phase), tried = adit_senders_get_tried (senders, phase);
  g_autofree char *keys = adit_leakwatch_dup_keys (watch, phase);

  g_test_message ("%s: %u packets tried, %u seen", phase, tried, outside);
  g_assert_cmpuint (tried, >, 10);
  if (is_open != (outside > 0))
    {
      g_printerr ("%s: %u seen: %s\n", phase, outside, keys);
      links_fail (world, is_open ? "nothing is seen where it is open" : "packets leave");
    }
}

static json_t *
get_status (void)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");
  json_t *root = json_loads (result->out, 0, NULL);

  g_assert_nonnull (root);
  return root;
}

static void
expect_paused (gboolean is_paused, const char *lock)
{
  json_t *root = get_status ();
  int left = (int) json_integer_value (json_object_get (root, "pause_left_s"));

  g_assert_cmpint (json_is_true (json_object_get (root, "paused")), ==, is_paused);
  g_assert_cmpint (left > 0 && left <= 86400, ==, is_paused);
  g_assert_cmpstr (json_string_value (json_object_get (root, "lock")), ==, lock);
  json_decref (root);
}

static void
expect_words (const char *command, const char *words)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, command);

  if (strstr (result->out, words) == NULL)
    {
      g_printerr ("%s %s\n", result->out, result->err);
      links_fail (world, words);
    }
}

/* Back by itself, and shut from the first moment on. */
static void
expect_back (const char *phase, guint left_s)
{
  gint64 began_us = g_get_monotonic_time ();

  for (;;)
    {
      json_t *root = get_status ();
      gboolean is_over = !json_is_true (json_object_get (root, "paused"));

      json_decref (root);
      if (is_over)
        break;
      if (g_get_monotonic_time () - began_us > (left_s * 1000 + LATE_MS) * 1000)
        links_fail (world, "the pause does not end");
      g_usleep (20000);
    }
  g_test_message ("%s: over after %" G_GINT64_FORMAT " ms", phase, (g_get_monotonic_time () - began_us) / 1000);
  set_phase (phase);
  links_expect_connected (world);
  g_usleep (MOMENT_US);
  expect_paused (FALSE, "tunnel");
  expect_seen (phase, FALSE);
}

static void
test_over (void)
{
  set_phase ("before it");
  g_usleep (MOMENT_US);
  expect_seen ("before it", FALSE);
  adit_world_pause (world, PAUSE_S);
  set_phase ("while it lasts");
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  expect_paused (TRUE, "off");
  links_expect_state (world, "disconnected", NULL);
  expect_words ("status", "Paused, not protected");
  expect_words ("status", "Everything may leave; in 0:0");
  g_usleep (MOMENT_US);
  expect_seen ("while it lasts", TRUE);
  expect_back ("after it", PAUSE_S);
}

static void
test_resume (void)
{
  adit_world_expect (world, 0, NULL, "pause 30", 0);
  expect_paused (TRUE, "off");
  set_phase ("resumed");
  adit_world_expect (world, 0, NULL, "resume", 0);
  set_phase ("after that");
  expect_back ("after resume", 0);
  adit_world_expect (world, 0, NULL, "resume", 2);
  adit_world_expect (world, 0, NULL, "pause 0", 2);
  adit_world_expect (world, 0, NULL, "pause 2000", 2);
  adit_world_pause (world, 60);
  adit_world_expect (world, 0, NULL, "connect se --wait", 0);    /* another wish ends it */
  expect_paused (FALSE, "tunnel");
}

/* It goes on where it was, with its time; also as a part of what somebody else starts in its place. */
static void
test_helper_killed (void)
{
  adit_world_pause (world, PAUSE_S + 2);
  adit_world_kill_helper (world);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  adit_world_expect_helper (world);
  expect_paused (TRUE, "off");
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  expect_back ("after a killed helper", PAUSE_S + 2);
}

/* Nobody is there when it is over: whoever is next does not open for one packet more. */
static void
test_over_without_helper (void)
{
  adit_world_pause (world, 2);
  adit_world_kill_helper (world);
  g_usleep (2500000);
  adit_world_expect_helper (world);
  expect_back ("over without a helper", 0);
}

/* What a reboot takes along, or what cannot be read, is no pause. */
static void
test_file_gone (void)
{
  adit_world_pause (world, 600);
  adit_world_kill_helper (world);
  g_assert_true (g_file_test ("/run/adit/pause", G_FILE_TEST_EXISTS));
  links_run ("client", "rm /run/adit/pause");
  adit_world_expect_helper (world);
  expect_back ("after a reboot", 0);
  adit_world_pause (world, 600);
  adit_world_kill_helper (world);
  links_run ("client", "sh -c 'sed -i s/deadline=.*/deadline=999999999999999/ /run/adit/pause'");
  adit_world_expect_helper (world);
  expect_back ("a file that says too much", 0);
}

/* Nothing goes on then, also for a helper that comes later. */
static void
test_disconnected (void)
{
  adit_world_pause (world, 600);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  expect_paused (FALSE, "off");
  g_assert_false (g_file_test ("/run/adit/pause", G_FILE_TEST_EXISTS));
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  expect_paused (FALSE, "off");
  adit_world_expect (world, 0, NULL, "connect se --wait", 0);
}

static void
test_lockdown (void)
{
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  adit_world_pause (world, PAUSE_S);
  expect_paused (TRUE, "off");
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  expect_back ("under lockdown", PAUSE_S);

  /* Nothing was connected: afterwards the lock is there, and nothing else. */
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_pause (world, PAUSE_S);
  set_phase ("lockdown alone, open");
  g_usleep (MOMENT_US);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  expect_seen ("lockdown alone, open", TRUE);
  g_usleep ((PAUSE_S + 1) * G_USEC_PER_SEC);
  set_phase ("lockdown alone, shut");
  g_usleep (MOMENT_US);
  expect_paused (FALSE, "all");
  expect_seen ("lockdown alone, shut", FALSE);

  /* Who disconnects in it wants lockdown's lock. */
  adit_world_pause (world, 600);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  set_phase ("disconnected in it");
  g_usleep (MOMENT_US);
  expect_paused (FALSE, "all");
  expect_seen ("disconnected in it", FALSE);
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  adit_world_expect (world, 0, NULL, "pause", 2);    /* nothing is there to be paused */
  adit_world_expect (world, 0, NULL, "connect se --wait", 0);
  adit_world_pause (world, 600);
  adit_world_expect (world, 0, NULL, "lockdown on", 0);    /* who wants more protection wants it now */
  expect_back ("lockdown on in it", 0);
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int failed;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = links_new_world (ADIT_WORLD_PLAIN);
  watch = adit_leakwatch_start ("router", "to-client", &error);
  g_assert_no_error (error);
  senders = adit_senders_start ("client", &error);
  g_assert_no_error (error);
  g_test_add_func ("/pause/over", test_over);
  g_test_add_func ("/pause/resume", test_resume);
  g_test_add_func ("/pause/helper-killed", test_helper_killed);
  g_test_add_func ("/pause/over-without-helper", test_over_without_helper);
  g_test_add_func ("/pause/file-gone", test_file_gone);
  g_test_add_func ("/pause/disconnected", test_disconnected);
  g_test_add_func ("/pause/lockdown", test_lockdown);
  failed = g_test_run ();
  adit_senders_stop (senders);
  adit_leakwatch_stop (watch);
  adit_world_free (world);
  return failed;
}
