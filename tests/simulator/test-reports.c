/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-reports.c: the server for reports takes what Sentry's document has, and one wrong thing is enough for it to refuse. */
#include "tests/simulator/asker.h"

#include <string.h>

#include "tests/simulator/known.h"

#define PATH "/api/" KNOWN_REPORTS_PROJECT "/envelope/"
#define LIMITS "X-Sentry-Rate-Limits"
#define TYPE "application/x-sentry-envelope"
#define ID   "fc6d8c0c43fc4630ad850ee518f1b9d0"
#define DSN  "https://" KNOWN_REPORTS_KEY "@" KNOWN_REPORTS_HOST "/" KNOWN_REPORTS_PROJECT
#define AUTH "Sentry sentry_version=7, sentry_client=adit/1.0, sentry_key=" KNOWN_REPORTS_KEY

/* All that an event of ours might have, each member once. */
#define EVENT "{\"event_id\":\"" ID "\",\"timestamp\":1795305600,\"platform\":\"native\",\"level\":\"fatal\"," \
              "\"release\":\"adit@1.0\",\"tags\":{\"program\":\"aditd\"},\"contexts\":{\"os\":{\"name\":\"Debian\"}}," \
              "\"breadcrumbs\":{\"values\":[{\"message\":\"state: connected\"}]}," \
              "\"threads\":{\"values\":[{\"id\":0,\"name\":\"aditd\",\"crashed\":true},{\"id\":1,\"name\":\"gmain\"," \
              "\"stacktrace\":{\"frames\":[{\"function\":\"poll\",\"package\":\"libc.so.6\"}]}}]}," \
              "\"exception\":{\"values\":[{\"type\":\"SIGSEGV\",\"thread_id\":0,\"stacktrace\":" \
              "{\"frames\":[{\"function\":\"main\",\"filename\":\"client/helper/main.c\",\"lineno\":12," \
              "\"instruction_addr\":\"0x4711\"}]}}]}," \
              "\"modules\":{\"libc.so\":\"abcd\"},\"debug_meta\":{\"images\":[{\"type\":\"elf\",\"code_id\":\"abcd\",\"image_addr\":\"0x0\"}]}}"

#define ATTACHED(name, length) "{\"type\":\"attachment\",\"length\":" length ",\"filename\":\"" name \
                               "\",\"content_type\":\"text/plain\"}\n"

static void
start (void)
{
  asker_use ("reports");
}

/* An envelope of one event, with @header instead of the usual one, and @text after it. */
static char *
make_envelope (const char *header, const char *event, const char *text)
{
  return g_strdup_printf ("%s\n{\"type\":\"event\",\"length\":%zu,\"content_type\":\"application/json\"}\n%s\n%s",
                          header != NULL ? header : "{\"event_id\":\"" ID "\"}", strlen (event), event, text);
}

static Answer *
post (const char *path, const char *auth, const char *type, const char *text)
{
  const char *const headers[] = { auth != NULL ? "X-Sentry-Auth" : NULL, auth, NULL };
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  return ask_with (path, headers, type, body);
}

static void
expect_post (const char *path, const char *auth, const char *type, const char *text, guint wanted, const char *part)
{
  g_autoptr (Answer) answer = post (path, auth, type, text);

  if (answer == NULL || answer_get_status (answer) != wanted || strstr (answer->text, part) == NULL)
    g_error ("%u, not %u with \"%s\": %.500s", answer != NULL ? answer_get_status (answer) : 0, wanted, part,
             answer != NULL ? answer->text : "nothing");
}

static void
expect_refused (const char *envelope, const char *why)
{
  expect_post (PATH, AUTH, TYPE, envelope, 400, why);
}

/* The usual event with @from in it replaced by @to. */
static void
expect_event_refused (const char *from, const char *to, const char *why)
{
  g_autoptr (GString) event = g_string_new (EVENT);
  g_autofree char *envelope = NULL;

  g_assert_cmpuint (g_string_replace (event, from, to, 1), ==, 1);
  envelope = make_envelope (NULL, event->str, "");
  expect_refused (envelope, why);
}

static void
test_request (void)
{
  g_autofree char *good = make_envelope (NULL, EVENT, "");

  expect_post ("/api/8/envelope/", AUTH, TYPE, good, 404, "no such place");
  expect_post ("/api/" KNOWN_REPORTS_PROJECT "/store/", AUTH, TYPE, good, 404, "no such place");
  expect ("GET", PATH, "", NULL, 405, "not a POST");
  expect_post (PATH, NULL, TYPE, good, 401, "no X-Sentry-Auth");
  expect_post (PATH, AUTH ", sentry_secret=1", TYPE, good, 401, "not version, client and key");
  expect_post (PATH, "Sentry sentry_version=7, sentry_client=a/1, sentry_key=0", TYPE, good, 403, "another key");
  expect_post (PATH "?sentry_key=" KNOWN_REPORTS_KEY, AUTH, TYPE, good, 401, "a query");
  expect_post (PATH, AUTH, "application/json", good, 400, "Content-Type");
  asker_set_header ("Accept-Language", "sv");
  expect_post (PATH, AUTH, TYPE, good, 400, "the header Accept-Language");
  asker_set_header ("User-Agent", "adit (Linux; alice's laptop)");
  expect_post (PATH, AUTH, TYPE, good, 400, "more than a name");
  asker_set_header ("Content-Encoding", "br");
  expect_post (PATH, AUTH, TYPE, good, 400, "not gzip");
}

/* Instead of the usual header. */
static void
expect_header_refused (const char *header, const char *why)
{
  g_autofree char *envelope = make_envelope (header, EVENT, "");

  expect_refused (envelope, why);
}

/* After the usual event. */
static void
expect_item_refused (const char *item, const char *why)
{
  g_autofree char *envelope = make_envelope (NULL, EVENT, item);

  expect_refused (envelope, why);
}

static void
test_envelope (void)
{
  expect_refused ("", "no header");
  expect_refused ("{\"event_id\":\"" ID "\"}\n", "0 events");
  expect_header_refused ("{}", "no proper event_id");
  expect_header_refused ("{\"event_id\":\"" ID "\",\"dsn\":\"https://a@b/1\"}", "another server");
  expect_header_refused ("{\"event_id\":\"" ID "\",\"sent_at\":\"2026-11-22T10:11:12Z\"}", "more than the day");
  expect_header_refused ("{\"event_id\":\"" ID "\",\"host\":\"laptop\"}", "has \\\"host\\\"");
  expect_header_refused ("{\"event_id\":\"" ID "\",\"event_id\":\"" ID "\"}", "no JSON object");
  expect_item_refused ("{\"type\":\"event\",\"length\":2}\n{}", "not the envelope's");
  expect_item_refused ("{\"type\":\"session\",\"length\":2}\n{}", "an item is a session");
  expect_item_refused ("{\"type\":\"attachment\",\"length\":2,\"filename\":\"a\",\"content_type\":\"text/html\"}\nhi",
                       "not text/plain");
  expect_item_refused (ATTACHED ("a/b", "2") "hi", "no proper filename");
  expect_item_refused (ATTACHED ("a", "2") "hid", "longer than it says");
  expect_item_refused (ATTACHED ("a", "9") "hi", "ends early");
  expect_item_refused (ATTACHED ("a", "\"2\"") "hi", "how long it is");
}

static void
test_event (void)
{
  expect_event_refused ("\"event_id\":\"fc6d", "\"event_id\":\"0000", "not the envelope's");
  expect_event_refused ("\"timestamp\":1795305600,", "", "no timestamp");
  expect_event_refused ("1795305600", "1795305601", "more than the day");
  expect_event_refused ("1795305600", "\"2026-11-22T00:00:01Z\"", "more than the day");
  expect_event_refused ("\"native\"", "\"javascript\"", "platform");
  expect_event_refused ("\"fatal\"", "\"terrible\"", "level");
  expect_event_refused ("\"release\"", "\"user\":{},\"release\"", "has \\\"user\\\"");
  expect_event_refused ("\"release\"", "\"server_name\":\"laptop\",\"release\"", "has \\\"server_name\\\"");
  expect_event_refused ("\"aditd\"}", "\"two\\nlines\"}", "no proper one");
  expect_event_refused ("\"os\":", "\"device\":", "has \\\"device\\\"");
  expect_event_refused ("\"state: ", "\"\\u001b[31m", "control character");
  expect_event_refused ("{\"message\"", "{\"timestamp\":1795305601,\"message\"", "more than the day");
  expect_event_refused ("\"id\":1", "\"id\":0", "no id of its own");
  expect_event_refused ("\"thread_id\":0", "\"thread_id\":7", "a thread that there is not");
  expect_event_refused ("\"lineno\":12", "\"vars\":{\"key\":\"1\"}", "has \\\"vars\\\"");
  expect_event_refused ("\"lineno\":12", "\"lineno\":0", "below 1");
  expect_event_refused ("\"client/", "\"/srv/client/", "somebody's disk");
  expect_event_refused ("\"0x4711\"", "\"0x7fff5bf3456c\"", "is no offset");
  expect_event_refused ("\"libc.so\"", "\"/usr/lib/libc.so\"", "says where it lies");
  expect_event_refused ("\"0x0\"", "\"0x55d1c0000000\"", "an address of a process");
  expect_event_refused ("\"frames\":[{\"function\":\"poll\",\"package\":\"libc.so.6\"}]", "\"frames\":[]", "without frames");
  expect_event_refused ("\"stacktrace\":{", "\"stacktrace\":{\"registers\":{\"rip\":\"0x0\"},", "has \\\"registers\\\"");
}

static GBytes *
compress (const char *text)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GConverter) gzip = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, gzip);

  g_assert_true (g_output_stream_write_all (stream, text, strlen (text), NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static void
expect_file (const char *name, const char *part)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (name, &text, NULL, NULL));
  if (strstr (text, part) == NULL)
    g_error ("%s has no %s: %s", name, part, text);
}

/* The envelope of Sentry's document, which is compressed the second time, and another one of the same id the third. */
static void
test_kept (void)
{
  g_autofree char *good = make_envelope ("{\"event_id\":\"" ID "\",\"dsn\":\"" DSN "\",\"sent_at\":\"2026-11-22T00:00:00Z\"}",
                                         EVENT, ATTACHED ("report.txt", "8") "<b>hi</b\n"),
                  *other = make_envelope (NULL, EVENT, "");
  const char *const headers[] = { "X-Sentry-Auth", AUTH, "Content-Encoding", "gzip", NULL };
  g_autoptr (GBytes) compressed = compress (good);
  g_autoptr (Answer) again = NULL;

  expect_post (PATH, AUTH, TYPE, good, 200, "{\"id\":\"" ID "\"}");
  expect_file ("key" ID ".json", "\"arrivals\": 1");
  expect_file ("key" ID ".json", "\"text\": \"<b>hi</b\"");
  again = ask_with (PATH, headers, TYPE, compressed);
  g_assert_cmpuint (answer_get_status (again), ==, 200);
  expect_file ("key" ID ".json", "\"arrivals\": 2");
  expect_file ("key" ID ".json", "\"differs\": false");
  expect_post (PATH, AUTH, TYPE, other, 200, "\"id\"");
  expect_file ("key" ID ".json", "\"differs\": true");
  expect_file ("keyarrivals", ID " 127.0.0.1\n" ID " 127.0.0.1\n" ID " 127.0.0.1\n");
  expect_file ("keyrefused", "404 there is no such place here\n");
}

static void
expect_header (const char *fault, guint status, const char *name, const char *value)
{
  g_autofree char *good = make_envelope (NULL, EVENT, "");
  g_autoptr (Answer) answer = NULL;

  set_fault (fault);
  answer = post (PATH, AUTH, TYPE, good);
  g_assert_cmpuint (answer_get_status (answer), ==, status);
  if (value != NULL)
    g_assert_cmpstr (answer_get_header (answer, name), ==, value);
  else
    g_assert_nonnull (answer_get_header (answer, name));
  set_fault ("");
}

static void
test_faults (void)
{
  g_autofree char *good = make_envelope (NULL, EVENT, "");
  g_autoptr (Answer) lost = NULL;

  expect_header ("limited 40", 429, LIMITS,
                 "20:transaction:organization, 40:default;error;security:organization");
  expect_header ("slow-down 40", 200, LIMITS, "40:error:key");
  expect_header ("other-limit", 200, LIMITS, "3600:transaction;session:organization");
  expect_header ("mad-limit", 429, LIMITS, NULL);
  expect_header ("retry-date 40", 429, "Retry-After", NULL);
  expect_header ("error 413", 413, "X-Sentry-Error", "INTERNAL_ERROR");
  expect_header ("throttle 7", 429, "Retry-After", "7");
  expect_header ("redirect 307", 307, "Location", "https://elsewhere.example" PATH);
  set_fault ("lost");
  lost = post (PATH, AUTH, TYPE, good);
  g_assert_null (lost);
  expect_file ("key" ID ".json", "\"arrivals\": 6");
  set_fault ("");
}

void
test_reports_add (void)
{
  g_test_add_func ("/simulator/reports/start", start);
  g_test_add_func ("/simulator/reports/request", test_request);
  g_test_add_func ("/simulator/reports/envelope", test_envelope);
  g_test_add_func ("/simulator/reports/event", test_event);
  g_test_add_func ("/simulator/reports/kept", test_kept);
  g_test_add_func ("/simulator/reports/faults", test_faults);
}
