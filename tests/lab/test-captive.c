/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-captive.c: a network whose router lets nobody through before they have seen its page, and answers in everybody's place
 * meanwhile.  A locked computer says so, shows the page to one program, and goes on by itself when it is let through. */
#include "tests/lab/diagnosis.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>

#include "tests/lab/hotel.h"
#include "tests/lab/links.h"

#define PAGE "/run/lab/page"
#define STAYS_MS 20000    /* another try is under way then */
#define BACK_MS  60000

#define SENTENCE "Something in this network answers in place of the service."

static AditWorld *world;

static void
expect_told (void)
{
  g_autoptr (AditLabResult) status = NULL;

  diagnosis_expect (world, "service-blocked", SENTENCE);
  diagnosis_expect_notice (world, "captive-portal", TRUE);
  status = adit_world_adit (world, 0, NULL, "status");
  if (strstr (status->out, "adit portal") == NULL || strstr (status->out, "show yourself on a page of its own") == NULL)
    {
      g_printerr ("%s\n", status->out);
      links_fail (world, "no way out is told");
    }
  adit_world_expect_web (world, "");
}

/* It goes on to be tried, and what was learned is not forgotten meanwhile. */
static void
expect_stays_told (void)
{
  gint64 end_us = g_get_monotonic_time () + STAYS_MS * 1000;

  while (g_get_monotonic_time () < end_us)
    {
      diagnosis_expect_at_once (world, "service-blocked");
      diagnosis_expect_notice (world, "captive-portal", TRUE);
      g_usleep (200000);
    }
}

/* The page, then the way out, by itself. */
static void
sign_in_to_network (void)
{
  g_autoptr (AditLabResult) shown = NULL;
  g_autofree char *text = NULL;

  links_run (NULL, "rm -f " PAGE);
  shown = adit_world_adit (world, 0, NULL, "portal -- curl -s -m 10 -o " PAGE);
  if (shown->status != 0 || !g_file_get_contents (PAGE, &text, NULL, NULL) || !g_str_equal (text, "10.10.0.2"))
    {
      g_printerr ("%d %s %s\n", shown->status, shown->out, shown->err);
      links_fail (world, "the page is not seen");
    }
  hotel_let_through ();
  if (!adit_world_wait_state (world, "connected", BACK_MS))
    links_fail (world, "it does not go on");
  diagnosis_expect_well (world);
  diagnosis_expect_notice (world, "captive-portal", FALSE);
}

static void
test_certificate (void)
{
  hotel_shut (TRUE);
  adit_world_expect (world, 0, NULL, "connect se", 0);
  expect_told ();
  expect_stays_told ();
  sign_in_to_network ();
}

static void
test_no_tls (void)
{
  hotel_shut (FALSE);
  adit_world_expect (world, 0, NULL, "connect se", 0);
  expect_told ();
  sign_in_to_network ();
}

/* The other half: a network that lets the same packets fall, and answers in nobody's place, is not called one. */
static void
test_nobody_answers (void)
{
  diagnosis_let_fall ("router", "iifname br-lan drop");
  adit_world_expect (world, 0, NULL, "connect se", 0);
  diagnosis_expect (world, "udp-blocked", NULL);
  diagnosis_expect_notice (world, "captive-portal", FALSE);
  diagnosis_let_fall ("router", NULL);
  adit_world_expect (world, 0, NULL, "connect se --wait", 0);
  diagnosis_expect_well (world);
}

int
main (int argc, char **argv)
{
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  if (mount ("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL) != 0)
    {
      g_printerr ("SKIP: no control groups: %s\n", g_strerror (errno));
      return ADIT_LAB_SKIP;
    }
  world = links_new_world (ADIT_WORLD_PLAIN);
  hotel_start ();
  g_test_add_func ("/captive/certificate", test_certificate);
  g_test_add_func ("/captive/no-tls", test_no_tls);
  g_test_add_func ("/captive/nobody-answers", test_nobody_answers);
  return adit_world_end_test (world);
}
