/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-limits.c: what a hostile list of servers may cost.  Each of the four adapters is handed lists that are endless, deep, cut
 * or full of what is meant to hurt, in a process of its own that has little room: it refuses them before its memory grows. */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "client/model/place.h"
#include "client/provider/provider.h"

#define KEY       "IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM="
#define MIB       (1024.0 * 1024)
#define ROOM_MIB  160     /* beyond what the process has: the text twice, as the test has one, and what is made of it */
#define GROWN_MIB 64      /* of 16 MiB: as much again for the answer, 24 MiB for a million values, and their texts */
#define N_RELAYS  20000
#define ENDLESS   10000000u

typedef struct
{
  const char *service, *start, *end;
  const char *row, *row_end;    /* one server, between them its number */
  gsize       max_bytes;
  gboolean    takes_many;       /* 20,000 fit into what the service's answers may be */
} Service;

static const Service services[] = {
  { "mullvad",
    "{\"locations\":{\"se-got\":{\"city\":\"Gothenburg\",\"country\":\"Sweden\",\"latitude\":57.7,\"longitude\":11.9}},"
    "\"wireguard\":{\"port_ranges\":[[53,53]],\"ipv4_gateway\":\"10.64.0.1\",\"ipv6_gateway\":\"fc00::1\",\"relays\":[",
    "]},\"bridge\":{\"shadowsocks\":[],\"relays\":[]}}",
    "{\"active\":true,\"owned\":true,\"location\":\"se-got\",\"provider\":\"Host\",\"ipv4_addr_in\":\"198.51.100.1\","
    "\"weight\":100,\"include_in_country\":true,\"public_key\":\"" KEY "\",\"hostname\":\"se-got-wg-", "\"}", 16u << 20, TRUE },
  { "ivpn",
    "{\"openvpn\":[],\"config\":{\"ports\":{\"openvpn\":[{\"port\":443}],\"wireguard\":[{\"port\":2049}]}},"
    "\"wireguard\":[{\"gateway\":\"no.wg.ivpn.net\",\"country_code\":\"NO\",\"country\":\"Norway\",\"city\":\"Oslo\","
    "\"latitude\":59.9,\"longitude\":10.7,\"isp\":\"Ex\",\"hosts\":[", "]}]}",
    "{\"host\":\"198.51.100.1\",\"public_key\":\"" KEY "\",\"local_ip\":\"172.16.0.1/12\",\"ipv6\":{},\"load\":1,"
    "\"multihop_port\":1,\"dns_name\":\"no", ".gw.ivpn.net\"}", 16u << 20, TRUE },
  { "ovpn",
    "{\"success\":true,\"datacenters\":[{\"slug\":\"oslo\",\"city\":\"Oslo\",\"country\":\"NO\",\"country_name\":\"Norway\","
    "\"servers\":[", "]}]}",
    "{\"ip\":\"198.51.100.1\",\"online\":true,\"load\":1,\"public_key\":\"" KEY "\",\"wireguard_ports\":[9929],"
    "\"multihop_openvpn_port\":1,\"multihop_wireguard_port\":1,\"ptr\":\"vpn", ".prd.oslo.ovpn.com\"}", 2u << 20, FALSE },
  { "mysterium", "[{\"country\":\"DE\",\"total\":9,\"is_available\":true,\"cities\":[", "]}]",
    "{\"total\":1,\"is_available\":true,\"latitude\":1,\"longitude\":1,\"city\":\"Town ", "\"}", 1u << 20, FALSE },
};

static void
append_rows (GString *text, const Service *service, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s%05u%s", i > 0 ? "," : "", service->row, i, service->row_end);
}

static GString *
make_list (const Service *service, guint n)
{
  GString *text = g_string_new (service->start);

  append_rows (text, service, n);
  g_string_append (text, service->end);
  return text;
}

/* As the worker does it, but for the connection: no more is kept of an answer than the adapter has said. */
static GBytes *
take (const Service *service, const char *text, gsize length, GError **error)
{
  g_autoptr (AditSecret) credential = adit_secret_new ("refresh", 7), token = adit_secret_new ("token", 5);
  AditProviderRequest request = { .want = ADIT_PROVIDER_LIST, .now_s = 1000, .credential = credential, .token = token,
                                  .token_expires_at_s = 100000 };
  g_autoptr (AditProviderTask) task = adit_provider_task_new (adit_provider_find (service->service), &request, NULL);
  g_auto (AditHttpRequest) http = { 0 };
  g_auto (AditHttpAnswer) answer = { 0 };

  g_assert_true (adit_provider_task_next (task, &http, NULL));
  g_assert_cmpuint (http.answer_max_bytes, ==, service->max_bytes);
  adit_http_answer_init (&answer, http.answer_max_bytes);
  answer.status = 200;
  g_byte_array_append (answer.body, (const guint8 *) text, (guint) length);
  return adit_provider_task_answer (task, &answer, error) ? g_bytes_ref (task->result.list) : NULL;
}

static void
expect_refused (const Service *service, const GString *text, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) list = take (service, text->str, text->len, &error);

  if (list != NULL)
    g_error ("%s is let through", what);
  g_test_message ("%s: %s", what, error->message);
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
}

static double
read_mib (const char *field)
{
  g_autofree char *text = NULL;
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  line = strstr (text, field);
  g_assert_nonnull (line);
  return (double) g_ascii_strtoull (line + strlen (field) + 1, NULL, 10) / 1024;
}

/* proc(5), clear_refs: 5 begins the highest resident size anew.  GLib 2.78 lets nobody look into a test's child, so that it
 * leaves no core; not even itself. */
static void
reset_peak (void)
{
  FILE *file;

  g_assert_cmpint (prctl (PR_SET_DUMPABLE, 1, 0, 0, 0), ==, 0);
  file = fopen ("/proc/self/clear_refs", "w");
  g_assert_nonnull (file);
  g_assert_cmpint (fputs ("5", file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
limit_room (void)
{
  rlim_t room = (rlim_t) ((read_mib ("VmSize") + ROOM_MIB) * MIB);
  struct rlimit limit = { room, room };

  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
}

/* "start", then as many of @again as there is room for in the longest answer, or @n. */
static GString *
fill (const Service *service, const char *start, const char *again, guint n, gsize bytes)
{
  GString *text = g_string_sized_new (bytes + 1);

  g_string_append (text, start);
  for (guint i = 0; i < n && text->len + strlen (again) <= bytes; i++)
    g_string_append (text, again);
  return text;
}

static void
expect_cheap (const Service *service, GString *text, const char *what)
{
  double before_mib, grown_mib;

  reset_peak ();
  before_mib = read_mib ("VmHWM");
  expect_refused (service, text, what);
  grown_mib = read_mib ("VmHWM") - before_mib;
  g_test_message ("%s of %.1f MiB: %.1f MiB more", what, (double) text->len / MIB, grown_mib);
  g_assert_cmpfloat (grown_mib, <, GROWN_MIB);
  g_string_free (text, TRUE);
}

/* Ten million relays come in a stream; what is kept of it is what the answer may be, and there the wrapper ends it (test-curl).
 * The rest is what a service could put into so many bytes. */
static void
work_endless (gconstpointer data)
{
  const Service *service = data;
  g_autofree char *row = g_strconcat (service->row, "0", service->row_end, ",", NULL);
  gsize max = service->max_bytes;

  limit_room ();
  expect_cheap (service, fill (service, service->start, row, ENDLESS, max), "ten million relays, as far as they are read");
  expect_cheap (service, fill (service, service->start, row, ENDLESS, max + strlen (row)), "more than an answer may have");
  expect_cheap (service, fill (service, service->start, "{},", ENDLESS, max), "ten million empty relays");
  expect_cheap (service, fill (service, service->start, "[],", ENDLESS, max), "arrays");
  expect_cheap (service, fill (service, service->start, "0,", ENDLESS, max), "numbers");
  expect_cheap (service, fill (service, service->start, "\"\",", ENDLESS, max), "empty texts");
  expect_cheap (service, fill (service, "", "[", 100000, max), "a hundred thousand levels");
  expect_cheap (service, fill (service, service->start, "{\"a\":", 100000, max), "a hundred thousand levels of objects");
  expect_cheap (service, fill (service, "{\"", "a", ENDLESS * 2, max), "one endless key");
  expect_cheap (service, fill (service, "[\"", "\\u0041", ENDLESS, max), "one endless text");
}

static void
test_endless (gconstpointer data)
{
  const Service *service = data;
  g_autofree char *path = g_strconcat ("/limits/endless/", service->service, NULL);

  if (g_test_subprocess ())
    {
      work_endless (service);
      return;
    }
  g_test_trap_subprocess (path, 120 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

/* The same look sees it where there is no limit: the process may not have what an unlimited reader would take. */
static void
test_room_ends (void)
{
  if (g_test_subprocess ())
    {
      limit_room ();
      memset (g_malloc (2 * ROOM_MIB * (gsize) MIB), 1, 1);
      return;
    }
  g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
}

static void
test_many (gconstpointer data)
{
  const Service *service = data;
  guint n = service->takes_many ? N_RELAYS : 2000;
  g_autoptr (GString) text = make_list (service, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) list = take (service, text->str, text->len, &error);
  g_autoptr (AditServerList) servers = NULL;
  AditServerListServer last = { 0 };
  guint n_found = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (text->len, <=, service->max_bytes);
  servers = adit_server_list_new_for_bytes (list, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (adit_server_list_get_n_servers (servers), >=, n);
  for (guint i = 0; i < adit_server_list_get_n_servers (servers); i++)
    {
      AditPlace place = { .server = "" };

      adit_server_list_get_server (servers, i, &last);
      if (i % 997 != 0)
        continue;
      g_strlcpy (place.server, last.name, sizeof place.server);
      g_assert_true (adit_server_list_has_place (servers, &place));
      n_found++;
    }
  g_assert_cmpuint (n_found, >, 0);
}

/* Whatever is in one row: that row is none, or what is in it can be shown; and two good ones beside it stay. */
static void
test_rows (gconstpointer data)
{
  static const char *const hurtful[] = {
    "\\u001b[2J", "\\r\\nremote 203.0.113.66", "\\u202e", "<b>bold</b>", "../../etc/passwd", "%s%n", "\\u0007", "", "$(reboot)",
    "\\ufeff",
  };
  const Service *service = data;
  g_autofree char *huge = g_strnfill (500000, 'W');

  for (gsize i = 0; i <= G_N_ELEMENTS (hurtful); i++)
    {
      const char *word = i < G_N_ELEMENTS (hurtful) ? hurtful[i] : huge;
      g_autoptr (GString) text = g_string_new (service->start);
      g_autoptr (GBytes) list = NULL;
      g_autoptr (AditServerList) servers = NULL;

      append_rows (text, service, 2);
      g_string_append_printf (text, ",%s%s%s%s", service->row, word, service->row_end, service->end);
      list = take (service, text->str, text->len, NULL);
      g_assert_nonnull (list);
      servers = adit_server_list_new_for_bytes (list, NULL);
      g_assert_nonnull (servers);
      g_assert_cmpuint (adit_server_list_get_n_servers (servers), >=, 2);
      for (guint j = 0; j < adit_server_list_get_n_servers (servers); j++)
        {
          AditServerListServer server;
          AditServerListCity city;

          adit_server_list_get_server (servers, j, &server);
          adit_server_list_get_city (servers, server.city, &city);
          g_assert_true (adit_server_is_valid (server.name));
          g_assert_true (adit_name_is_valid (city.name));
        }
    }
}

static void
expect_replaced (const Service *service, const char *old, const char *new, const char *what)
{
  g_autoptr (GString) text = make_list (service, 1);

  g_assert_cmpuint (g_string_replace (text, old, new, 0), >, 0);
  expect_refused (service, text, what);
}

/* What is no JSON, or says one thing twice, is refused whole; so are ports that are none where they are the list's only ones. */
static void
test_whole (gconstpointer data)
{
  const Service *service = data;
  g_autoptr (GString) good = make_list (service, 3);

  for (gsize length = 0; length < good->len; length += MAX (1, good->len / 97))
    {
      g_autoptr (GString) cut = g_string_new_len (good->str, (gssize) length);

      expect_refused (service, cut, "a part of a list");
    }
  if (g_str_equal (service->service, "mysterium"))
    {
      expect_replaced (service, "\"total\":9", "\"total\":NaN", "NaN");
      expect_replaced (service, "\"total\":9", "\"total\":9,\"total\":9", "a key twice");
      expect_replaced (service, "\"total\":9", "\"total\":-1", "a negative number");
      return;
    }
  expect_replaced (service, "\"public_key\":", "\"x\":NaN,\"public_key\":", "NaN");
  expect_replaced (service, "\"public_key\":", "\"x\":-Infinity,\"public_key\":", "infinity");
  expect_replaced (service, "\"public_key\":", "\"public_key\":\"" KEY "\",\"public_key\":", "a key twice");
  if (g_str_equal (service->service, "mullvad"))
    expect_replaced (service, "[[53,53]]", "[[-1,53]]", "a negative port");
  else
    expect_replaced (service, "_port\":1", "_port\":-1", "a negative port");
}

/* A broken row in a good list is skipped; a list of which most is broken is none. */
static void
test_share (gconstpointer data)
{
  const Service *service = data;
  gboolean is_mysterium = g_str_equal (service->service, "mysterium");
  const char *broken = is_mysterium ? "" : ",{\"online\":true}";
  g_autoptr (GString) text = g_string_new (service->start), bad = NULL;
  g_autoptr (GBytes) list = NULL;

  append_rows (text, service, 2);
  g_string_append_printf (text, "%s%s%s", broken, broken, service->end);
  list = take (service, text->str, text->len, NULL);
  g_assert_nonnull (list);
  bad = g_string_new (service->start);
  append_rows (bad, service, 2);
  if (is_mysterium)
    g_string_append (bad, "]},{\"country\":\"SE\"},{\"country\":\"NO\"},{\"country\":\"DK\",\"cities\":[]}]");
  else
    g_string_append_printf (bad, "%s%s%s%s", broken, broken, broken, service->end);
  expect_refused (service, bad, "a list that is mostly broken");
}

int
main (int argc, char **argv)
{
  static const struct { const char *name; GTestDataFunc run; } tests[] = {
    { "endless", test_endless }, { "many", test_many }, { "rows", test_rows }, { "share", test_share }, { "whole", test_whole },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (tests); j++)
      {
        g_autofree char *path = g_strdup_printf ("/limits/%s/%s", tests[j].name, services[i].service);

        g_test_add_data_func (path, &services[i], tests[j].run);
      }
  g_test_add_func ("/limits/room-ends", test_room_ends);
  return g_test_run ();
}
