/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-faults.c: whatever a server for reports does wrong, each report that somebody said yes to is there once at last. */
#include "config.h"

#include <string.h>

#include "tests/lab/receiver.h"
#include "tests/lab/report-client.h"

#define QUIET_MS  1000
#define ELSEWHERE "elsewhere.example"

typedef enum
{
  AGAIN,        /* somebody wants it tried again, and it goes */
  NOT_YET,      /* the server has asked for time, and nobody's wish makes that shorter */
} Then;

typedef struct
{
  const char *fault, *state, *reason;
  Then        then;
  guint       wait_s;        /* at least, in NOT_YET */
  guint       before;        /* how often it arrived before all was well */
} Fault;

static const Fault faults[] = {
  { "error 401", "refused", "key", AGAIN, 0, 0 },
  { "error 403", "refused", "key", AGAIN, 0, 0 },
  { "error 413", "refused", "too-large", AGAIN, 0, 0 },
  { "error 400", "refused", "not-taken", AGAIN, 0, 0 },
  { "redirect", "refused", "not-taken", AGAIN, 0, 0 },
  { "redirect 308", "refused", "not-taken", AGAIN, 0, 0 },
  { "cut", "queued", "unreachable", AGAIN, 0, 0 },
  { "refuse", "queued", "unreachable", AGAIN, 0, 0 },
  { "lost", "queued", "unreachable", AGAIN, 0, 1 },
  { "error 500", "queued", "asked-to-wait", NOT_YET, 60, 0 },
  { "error 503", "queued", "asked-to-wait", NOT_YET, 60, 0 },
  { "throttle 300", "queued", "asked-to-wait", NOT_YET, 300, 0 },
  { "retry-date 300", "queued", "asked-to-wait", NOT_YET, 290, 0 },
  { "limited 300", "queued", "asked-to-wait", NOT_YET, 300, 0 },
  { "mad-limit", "queued", "asked-to-wait", NOT_YET, 300, 0 },
};

static const struct { const char *name; AditReceiverCertificate certificate; gboolean pinned; gboolean good; } shown[] = {
  { "other key", ADIT_RECEIVER_OTHER_KEY, TRUE, FALSE },
  { "other name", ADIT_RECEIVER_OTHER_NAME, FALSE, FALSE },
  { "stranger", ADIT_RECEIVER_STRANGER, FALSE, FALSE },
  { "stranger instead of the pinned", ADIT_RECEIVER_STRANGER, TRUE, FALSE },
  { "pinned", ADIT_RECEIVER_TRUSTED, TRUE, TRUE },
};

static AditWorld *world;
static guint n_sent;    /* reports that somebody said yes to */

/* Nobody may write more than ten in an hour. */
static char *
add_problem (const char *about)
{
  g_autofree char *words = g_strdup_printf ("About \"%s\".", about);

  if (++n_sent % 10 == 0)
    report_client_begin_hour ();
  return report_client_add_problem (words, "");
}

/* Whatever happened until now: one each, and the server has found nothing wrong with any. */
static void
expect_each_once (void)
{
  g_autoptr (GPtrArray) ids = adit_receiver_list ();
  g_autofree char *refused = adit_receiver_dup_refused ();
  g_auto (GStrv) lines = g_strsplit (refused, "\n", -1);

  g_assert_cmpuint (ids->len, ==, n_sent);
  for (guint i = 0; i < ids->len; i++)
    {
      json_t *report = adit_receiver_load (ids->pdata[i]);

      g_assert_false (json_is_true (json_object_get (report, "differs")));
      json_decref (report);
    }
  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    if (strstr (lines[i], "INTERNAL_ERROR") == NULL && strstr (lines[i], "THROTTLED") == NULL &&
        strstr (lines[i], "quota") == NULL)
      g_error ("the server found fault: %s", lines[i]);
}

static void
try_fault (const Fault *fault)
{
  g_autofree char *id = add_problem (fault->fault);
  guint before = adit_receiver_count_arrivals ();
  gint64 next_s, now_s = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *state = NULL;

  adit_receiver_set_fault (fault->fault);
  report_client_send (id);
  report_client_expect (id, fault->state, fault->reason);
  g_assert_cmpuint (adit_receiver_count_arrivals () - before, ==, fault->before);
  state = report_client_dup_state (id, &next_s);
  adit_receiver_set_fault ("");
  if (fault->then == NOT_YET)
    {
      g_assert_cmpint (next_s, >=, now_s + fault->wait_s);
      g_assert_cmpint (next_s, <=, now_s + 25 * 3600);
      report_client_send (id);
      g_usleep (QUIET_MS * 1000);
      g_assert_cmpuint (adit_receiver_count_arrivals () - before, ==, fault->before);
      report_client_be_patient (id);
    }
  else
    report_client_send (id);
  report_client_expect (id, "sent", "");
  g_assert_cmpuint (adit_receiver_count_arrivals () - before, ==, fault->before + 1);
  expect_each_once ();
  report_client_delete (id);
}

static void
test_answers (void)
{
  g_autofree char *asked = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_test_message ("%s", faults[i].fault);
      try_fault (&faults[i]);
    }
  /* Where a redirection leads nobody looked, not even by name. */
  asked = adit_world_dup_dns_log (world);
  g_assert_null (strstr (asked, ELSEWHERE));
}

/* With the yes comes the wish to be left alone; a wish about other things is none. */
static void
test_taken_but (void)
{
  g_autofree char *first = NULL, *second = NULL, *third = NULL;
  guint before = adit_receiver_count_arrivals ();

  adit_receiver_set_fault ("other-limit");
  first = add_problem ("another kind");
  report_client_send (first);
  report_client_expect (first, "sent", "");
  adit_receiver_set_fault ("slow-down 300");
  second = add_problem ("the last for now");
  report_client_send (second);
  report_client_expect (second, "sent", "");
  adit_receiver_set_fault ("");
  third = add_problem ("one too many");
  report_client_send (third);
  g_usleep (QUIET_MS * 1000);
  g_assert_cmpuint (adit_receiver_count_arrivals () - before, ==, 2);
  report_client_be_patient (third);
  report_client_expect (third, "sent", "");
  expect_each_once ();
  report_client_delete (first);
  report_client_delete (second);
  report_client_delete (third);
}

/* It was taken, and fifty megabytes say so: the worker does not read them, and one that is sent again is known. */
static void
test_huge (void)
{
  g_autofree char *id = add_problem ("a huge answer");
  gsize taken;

  adit_receiver_set_fault ("huge");
  report_client_send (id);
  taken = adit_receiver_wait_taken ();
  g_test_message ("%zu bytes of it had gone", taken);
  g_assert_cmpuint (taken, <, ADIT_RECEIVER_HUGE_MAX_BYTES);
  adit_receiver_set_fault ("");
  report_client_send (id);
  report_client_expect (id, "sent", "");
  expect_each_once ();
  report_client_delete (id);
}

/* Nobody else gets it, whoever shows another certificate; the same server may have it afterwards. */
static void
test_certificates (void)
{
  g_autofree char *pin = adit_receiver_dup_pin ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      g_autofree char *id = NULL;
      guint before = adit_receiver_count_arrivals ();

      g_test_message ("%s", shown[i].name);
      adit_receiver_announce (ADIT_RECEIVER_DSN, shown[i].pinned ? pin : NULL);
      id = add_problem (shown[i].name);
      g_assert_true (adit_receiver_start (shown[i].certificate, &error));
      report_client_send (id);
      if (!shown[i].good)
        {
          report_client_expect (id, "queued", "untrusted");
          g_assert_cmpuint (adit_receiver_count_arrivals (), ==, before);
          g_assert_true (adit_receiver_start (ADIT_RECEIVER_TRUSTED, &error));
          report_client_send (id);
        }
      report_client_expect (id, "sent", "");
      expect_each_once ();
      report_client_delete (id);
    }
  adit_receiver_announce (ADIT_RECEIVER_DSN, NULL);
}

/* Neither a server whose computer is gone, nor the helper's death in the middle of it, loses one. */
static void
test_down (void)
{
  g_autofree char *id = add_problem ("nobody there");
  g_autoptr (GError) error = NULL;

  g_assert_true (adit_lab_run_line (NULL, "ip -n api addr del " ADIT_LAB_REPORTS_ADDRESS "/24 dev eth0", &error));
  report_client_send (id);
  report_client_expect (id, "queued", "unreachable");
  adit_world_kill_helper (world);
  g_assert_true (adit_lab_run_line (NULL, "ip -n api addr add " ADIT_LAB_REPORTS_ADDRESS "/24 dev eth0", &error));
  adit_world_expect_helper (world);
  report_client_send (id);
  report_client_expect (id, "sent", "");
  expect_each_once ();
  report_client_delete (id);
}

int
main (int argc, char **argv)
{
  int failed;

  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_PLAIN);
  adit_receiver_begin ();
  report_client_open (world);
  g_test_add_func ("/report-faults/answers", test_answers);
  g_test_add_func ("/report-faults/taken-but", test_taken_but);
  g_test_add_func ("/report-faults/huge", test_huge);
  g_test_add_func ("/report-faults/certificates", test_certificates);
  g_test_add_func ("/report-faults/down", test_down);
  failed = adit_world_end_test (world);
  report_client_close ();
  return failed;
}
