/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-send-answer.c: a server's answer to a report becomes one of three words and a pause that somebody can live with. */
#include "client/worker/send-answer.h"

#define NOW 1800000000
#define DAY ADIT_WIRE_RETRY_MAX_S

static void
test_answers (void)
{
  static const struct { guint status; const char *retry, *limits; gint64 at_s; AditWireSend outcome; guint pause_s; } rows[] = {
    { 200, "", "", 0, ADIT_WIRE_SEND_DONE, 0 },
    { 202, "", "", 0, ADIT_WIRE_SEND_DONE, 0 },
    { 200, "", "60:error:organization", 0, ADIT_WIRE_SEND_DONE, 60 },
    { 200, "30", "", 0, ADIT_WIRE_SEND_DONE, 30 },
    { 429, "120", "", 0, ADIT_WIRE_SEND_LATER, 120 },
    { 429, "2.5", "", 0, ADIT_WIRE_SEND_LATER, 3 },
    { 429, "2.0", "", 0, ADIT_WIRE_SEND_LATER, 2 },
    { 429, "", "", 0, ADIT_WIRE_SEND_LATER, 60 },
    { 429, "soon", "", 0, ADIT_WIRE_SEND_LATER, 60 },
    { 429, "0", "", 0, ADIT_WIRE_SEND_LATER, 60 },
    { 429, "-5", "", 0, ADIT_WIRE_SEND_LATER, 60 },
    { 429, "99999999999999999999", "", 0, ADIT_WIRE_SEND_LATER, DAY },
    { 429, "Sun, 06 Nov 1994 08:49:37 GMT", "", 784111777, ADIT_WIRE_SEND_LATER, 60 },
    { 503, "Fri, 15 Jan 2027 08:01:40 GMT", "", NOW + 100, ADIT_WIRE_SEND_LATER, 100 },
    { 503, "a date", "", G_MAXINT64, ADIT_WIRE_SEND_LATER, DAY },
    { 503, "60 seconds", "", NOW + 5, ADIT_WIRE_SEND_LATER, 0 },
    { 429, "5", "60::organization", 0, ADIT_WIRE_SEND_LATER, 60 },
    { 429, "5", "60", 0, ADIT_WIRE_SEND_LATER, 60 },
    { 429, "5", "10:transaction:key, 2700:default;error;security:organization:quota, 50:error:key", 0, ADIT_WIRE_SEND_LATER,
      2700 },
    { 429, "5", "70:Error:key,80:session;DEFAULT:key", 0, ADIT_WIRE_SEND_LATER, 80 },
    { 429, "5", "600:transaction;attachment:key", 0, ADIT_WIRE_SEND_LATER, 60 },
    { 429, "5", ",,:::,60:errors:x", 0, ADIT_WIRE_SEND_LATER, 60 },
    { 200, "5", "99999999999:error:x", 0, ADIT_WIRE_SEND_DONE, DAY },
    { 500, "", "", 0, ADIT_WIRE_SEND_LATER, 0 },
    { 502, "7", "", 0, ADIT_WIRE_SEND_LATER, 7 },
    { 408, "", "", 0, ADIT_WIRE_SEND_LATER, 0 },
    { 301, "5", "", 0, ADIT_WIRE_SEND_REFUSED, 0 },
    { 308, "", "", 0, ADIT_WIRE_SEND_REFUSED, 0 },
    { 400, "", "", 0, ADIT_WIRE_SEND_REFUSED, 0 },
    { 401, "", "", 0, ADIT_WIRE_SEND_REFUSED, 0 },
    { 403, "", "60:error:key", 0, ADIT_WIRE_SEND_REFUSED, 0 },
    { 404, "", "", 0, ADIT_WIRE_SEND_REFUSED, 0 },
    { 413, "", "", 0, ADIT_WIRE_SEND_REFUSED, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditSendHeaders headers = { rows[i].status, rows[i].retry, rows[i].limits, rows[i].at_s };
      AditWireMessage message;
      g_autoptr (GError) error = NULL;

      g_test_message ("%u, %s, %s", rows[i].status, rows[i].retry, rows[i].limits);
      adit_wire_begin (&message, ADIT_WIRE_REPORTED, 1);
      g_assert_true (adit_send_answer_read (&headers, NOW, &message.reported, &error));
      g_assert_no_error (error);
      g_assert_cmpint (message.reported.outcome, ==, rows[i].outcome);
      g_assert_cmpuint (message.reported.status, ==, rows[i].status);
      g_assert_cmpuint (message.reported.retry_after_s, ==, rows[i].pause_s);
      g_assert_true (adit_wire_check_from_worker (&message, message.header.size_bytes, 0, NULL));
    }
}

static void
test_no_answer (void)
{
  static const guint statuses[] = { 0, 99, 100, 199, 600, G_MAXUINT };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      AditSendHeaders headers = { statuses[i], "", "", 0 };
      AditWireReported reported = { .reserved = 0 };
      g_autoptr (GError) error = NULL;

      g_assert_false (adit_send_answer_read (&headers, NOW, &reported, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/send-answer/answers", test_answers);
  g_test_add_func ("/send-answer/no-answer", test_no_answer);
  return g_test_run ();
}
