/* SPDX-License-Identifier: GPL-2.0-or-later */
/* booted-roles.c: the worker's rarer roles, which read a picture and a helper's end, and speak with the server for reports. */
#include "config.h"
#include "tests/vm/booted.h"

#include "tests/lab/receiver.h"

#define PICTURE   "/run/tunnel.png"
#define AUTHORITY "/etc/adit/lab-ca.pem"    /* of the lab: test-booted has put it there */
#define TRUSTED   "/etc/ssl/certs/ca-certificates.crt"

static const char report_conf[] = "[report]\ndsn=" ADIT_RECEIVER_DSN "\n";

static void
copy_picture (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("ADIT_PICTURES"), "tunnel.png", NULL), *bytes = NULL, *text = NULL;
  gsize length;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  text = g_base64_encode ((const guchar *) bytes, length);
  adit_machine_write (booted.machine, PICTURE ".64", text);
  booted_do ("sh -c 'base64 --decode " PICTURE ".64 >" PICTURE "'");
}

static void
test_picture (void)
{
  booted_enter ("picture", booted_holes);
  copy_picture ();
  booted_do ("adit import " PICTURE);
  booted_expect_said ("adit --json profiles", "\"tunnel\"");
  booted_do ("adit profiles remove tunnel");
  booted_expect_tight ("picture");
  booted_expect_undenied ();
}

/* There is one, which is of that kind. */
static char *
wait_for_report (const char *kind)
{
  g_autofree char *wanted = g_strdup_printf ("\"kind\":\"%s\"", kind), *said = NULL;
  json_t *answer;
  char *id;

  booted_wait_said ("adit --json report list", wanted);
  said = adit_machine_expect (booted.machine, 0, "adit --json report list");
  answer = json_loads (said, 0, NULL);
  id = g_strdup (json_string_value (json_object_get (json_array_get (json_object_get (answer, "reports"), 0), "id")));
  json_decref (answer);
  g_assert_nonnull (id);
  return id;
}

/* Shown, sent, and taken by a server that takes nothing which is not exactly right. */
static void
expect_sent (const char *kind)
{
  g_autofree char *id = wait_for_report (kind), *show = g_strdup_printf ("adit report show %s", id),
                  *send = g_strdup_printf ("adit report send %s", id), *delete = g_strdup_printf ("adit report delete %s", id);
  json_t *received;

  booted_do (show);
  booted_do (send);
  booted_wait_said ("adit --json report list", "\"state\":\"sent\"");
  received = adit_receiver_load (id);
  g_assert_nonnull (received);
  json_decref (received);
  booted_do (delete);
}

static void
test_reports (void)
{
  adit_receiver_begin ();
  booted_do ("sh -c 'cat " AUTHORITY " >>" TRUSTED "'");
  adit_machine_write (booted.machine, "/etc/adit/report.conf", report_conf);
  booted_enter ("reports", booted_holes);
  booted_do ("systemctl restart aditd.service");    /* which reads what the administrator says */
  adit_machine_wait_connected (booted.machine);
  booted_do ("sh -c 'echo It stopped. | adit report new'");
  expect_sent ("problem");
  booted_do ("systemctl kill --kill-who=main --signal=SEGV aditd.service");
  expect_sent ("crash");
  booted_expect_back ("reports");
  booted_expect_undenied ();
  adit_receiver_stop ();
}

void
booted_add_roles (void)
{
  g_test_add_func ("/booted/picture", test_picture);
  g_test_add_func ("/booted/reports", test_reports);
}
