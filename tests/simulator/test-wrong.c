/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-wrong.c: what goes wrong with any service, tried at Mullvad's; and the resolver. */
#include "tests/simulator/asker.h"

#include <string.h>

#define ME     "/accounts/v1/accounts/me"
#define RELAYS "/app/v1/relays"

static void
start (void)
{
  asker_use ("mullvad");
}

static void
test_whole (void)
{
  g_autoptr (Answer) big = NULL, slow = NULL, given_up = NULL, problem = NULL;
  g_autofree char *log = NULL;

  asker_set_token ("none");
  set_fault ("html");
  expect ("GET", ME, "", NULL, 200, "<html>");
  set_fault ("html " RELAYS "\nerror /accounts");
  expect ("GET", RELAYS, "", NULL, 200, "<html>");
  expect ("GET", ME, "", NULL, 500, "\"code\":\"INTERNAL_ERROR\"");
  expect ("GET", "/app/v1/relays-other", "", NULL, 404, "NOT_FOUND");
  set_fault ("half");
  expect ("GET", RELAYS, "", NULL, 200, "\"mv");
  set_fault ("big");
  big = ask ("GET", RELAYS, "", NULL, 30);
  g_assert_cmpuint (strlen (big->text), ==, 50u << 20);
  set_fault ("problem\nerror " RELAYS);
  problem = ask ("GET", "/nowhere", "", NULL, 10);
  g_assert_cmpuint (answer_get_status (problem), ==, 404);
  g_assert_cmpstr (answer_get_header (problem, "Content-Type"), ==, "application/problem+json");
  g_assert_nonnull (strstr (problem->text, "\"type\":\"NOT_FOUND\""));
  expect ("GET", RELAYS, "", NULL, 500, "\"type\":\"INTERNAL_ERROR\"");
  set_fault ("slow 700 " RELAYS);
  slow = ask ("GET", RELAYS, "", NULL, 10);
  g_assert_cmpint (slow->took_ms, >=, 700);
  g_assert_cmpuint (answer_get_status (slow), ==, 200);
  set_fault ("slow 2000");
  given_up = ask ("GET", RELAYS, "", NULL, 1);
  g_assert_null (given_up);
  set_fault ("");
  g_usleep (1300000);    /* the answer that nobody waits for any more must not end the service */
  expect ("GET", RELAYS, "", NULL, 200, "se-got-wg-001");
  set_fault ("cut " RELAYS);
  expect_nothing (RELAYS);
  expect ("GET", ME, "", NULL, 401, "INVALID_ACCESS_TOKEN");
  set_fault ("refuse " RELAYS);
  expect_nothing (RELAYS);
  expect ("GET", ME, "", NULL, 401, "INVALID_ACCESS_TOKEN");
  set_fault ("refuse");
  expect_nothing (ME);
  set_fault ("");
  expect ("GET", RELAYS, "", NULL, 200, "se-got-wg-001");
  log = dup_log ();
  g_assert_nonnull (strstr (log, "GET " RELAYS " cut\n"));
  g_assert_nonnull (strstr (log, "GET " RELAYS " refused\n"));
}

static void
test_sent_away (void)
{
  g_autoptr (Answer) away = NULL, late = NULL, empty = NULL;

  set_fault ("redirect " RELAYS);
  away = ask ("GET", RELAYS, "", NULL, 10);
  g_assert_cmpuint (answer_get_status (away), ==, 302);
  g_assert_cmpstr (answer_get_header (away, "Location"), ==, "https://elsewhere.example" RELAYS);
  set_fault ("portal");
  expect ("GET", RELAYS, "", NULL, 511, "<form");
  set_fault ("throttle 7");
  late = ask ("GET", RELAYS, "", NULL, 10);
  g_assert_cmpuint (answer_get_status (late), ==, 429);
  g_assert_cmpstr (answer_get_header (late, "Retry-After"), ==, "7");
  g_assert_nonnull (strstr (late->text, "\"code\":\"THROTTLED\""));
  set_fault ("error 503");
  expect ("GET", RELAYS, "", NULL, 503, "\"code\"");
  set_fault ("empty");
  empty = ask ("GET", RELAYS, "", NULL, 10);
  g_assert_cmpuint (answer_get_status (empty), ==, 204);
  g_assert_cmpuint (empty->length, ==, 0);
  set_fault ("");
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (; (text = strstr (text, part)) != NULL; text++)
    n++;
  return n;
}

static void
test_lists (void)
{
  g_autoptr (Answer) deep = NULL, many = NULL, partial = NULL;

  set_fault ("deep");
  deep = ask ("GET", RELAYS, "", NULL, 10);
  g_assert_cmpuint (deep->length, ==, 200000);
  g_assert_cmpuint (count (deep->text, "["), ==, 100000);
  set_fault ("many " RELAYS);
  many = ask ("GET", RELAYS, "", NULL, 30);
  /* The bridge is not one of them. */
  g_assert_cmpuint (count (many->text, "\"hostname\":\""), ==, 20001);
  g_assert_cmpuint (count (many->text, "\"hostname\":\"n19999-"), ==, 1);
  set_fault ("partial");
  partial = ask ("GET", RELAYS, "", NULL, 10);
  g_assert_cmpuint (count (partial->text, "\"hostname\""), ==, 5);
  g_assert_cmpuint (count (partial->text, "\"public_key\""), ==, 2);
  set_fault ("");
}

static void
test_values (void)
{
  g_autoptr (Answer) keys = NULL, names = NULL;
  g_autofree char *key = NULL;
  g_autofree guchar *raw = NULL;
  gsize length;

  set_fault ("negative-port");
  expect ("GET", RELAYS, "", NULL, 200, "\"port_ranges\":[[-1,-1]]");
  set_fault ("big-port");
  expect ("GET", RELAYS, "", NULL, 200, "\"port_ranges\":[[65979,65979]]");
  set_fault ("short-key");
  keys = ask ("GET", RELAYS, "", NULL, 10);
  key = answer_dup_member (keys, "public_key");
  raw = g_base64_decode (key, &length);
  g_assert_cmpuint (length, ==, 31);
  set_fault ("text-key");
  expect ("GET", RELAYS, "", NULL, 200, "\\nPostUp = ");
  set_fault ("hostile-names");
  names = ask ("GET", RELAYS, "", NULL, 10);
  g_assert_cmpuint (count (names->text, "se-got-wg-001"), ==, 0);
  g_assert_nonnull (strstr (names->text, "../../etc"));
  g_assert_nonnull (strstr (names->text, "\\nremote 203.0.113.66 1194"));
  set_fault ("");
}

/* The example of RFC 8484, section 4.1.1, whose name nobody has here; and one that somebody has, both ways. */
static void
test_resolver (void)
{
  static const char question[] = "\0\0\1\0\0\1\0\0\0\0\0\0\3vpn\7example\0\0\1\0\1";
  static const char address[] = { (char) 198, 51, 100, 20 };
  g_autoptr (Answer) nobody = ask ("GET", "/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB", "", NULL, 10);
  g_autoptr (Answer) wrong = ask ("POST", "/dns-query", "no question", NULL, 10);
  g_autofree char *encoded = g_base64_encode ((const guchar *) question, sizeof question - 1), *path = NULL;
  g_autoptr (Answer) found = NULL;

  g_assert_cmpuint (answer_get_status (nobody), ==, 200);
  g_assert_cmpstr (answer_get_header (nobody, "Content-Type"), ==, "application/dns-message");
  g_assert_cmpint (nobody->text[3] & 15, ==, 3);
  g_assert_cmpuint (answer_get_status (wrong), ==, 400);
  g_strdelimit (encoded, "=", '\0');
  path = g_strconcat ("/dns-query?dns=", encoded, NULL);
  found = ask ("GET", path, "", NULL, 10);
  g_assert_cmpuint (found->length, ==, sizeof question - 1 + 13 + 10 + 4);    /* whose, the record, the address */
  g_assert_cmpint (found->text[7], ==, 1);
  g_assert_cmpmem (found->text + found->length - 4, 4, address, 4);
  set_fault ("dns-private");
  g_clear_pointer (&found, answer_free);
  found = ask ("GET", path, "", NULL, 10);
  g_assert_cmpint (found->text[found->length - 4], ==, 10);
  set_fault ("");
}

void
test_wrong_add (void)
{
  g_test_add_func ("/simulator/wrong/start", start);
  g_test_add_func ("/simulator/wrong/whole", test_whole);
  g_test_add_func ("/simulator/wrong/sent-away", test_sent_away);
  g_test_add_func ("/simulator/wrong/lists", test_lists);
  g_test_add_func ("/simulator/wrong/values", test_values);
  g_test_add_func ("/simulator/wrong/resolver", test_resolver);
}
