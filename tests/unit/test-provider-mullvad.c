/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-provider-mullvad.c: the adapter walked by hand: a table of answers leads to a result or to an error. */
#include <string.h>

#include "tests/unit/mullvad-walk.h"

#define ME     { "GET /accounts/v1/accounts/me", 200, "{\"id\":\"x\",\"expiry\":\"2026-12-31T23:00:00Z\",\"more\":1}" }
#define CREATE "POST /accounts/v1/devices"
#define GET    "GET /accounts/v1/devices/" ID
#define DELETE "DELETE /accounts/v1/devices/" ID
#define RELAYS "GET /app/v1/relays"

typedef struct { const char *name; AditProviderWant want; int error; Exchange exchanges[8]; } Case;

static const Case cases[] = {
  { "log-in", ADIT_PROVIDER_LOG_IN, FINE, { TOKEN, ME, { CREATE, 201, DEVICE } } },
  { "log-in-other-2xx", ADIT_PROVIDER_LOG_IN, FINE, { TOKEN, ME, { CREATE, 200, DEVICE } } },
  { "unknown-number", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_CREDENTIAL_REFUSED,
    { { "POST /auth/v1/token", 404, "{\"code\":\"INVALID_ACCOUNT\"}" } } },
  { "problem-json", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_CREDENTIAL_REFUSED,
    { { "POST /auth/v1/token", 400, "{\"type\":\"INVALID_ACCOUNT\"}", "application/problem+json" } } },
  { "problem-json-with-parameter", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE,
    { { "POST /auth/v1/token", 400, "{\"type\":\"INVALID_ACCOUNT\"}", "application/problem+json; charset=utf-8" } } },
  { "problem-without-type", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED,
    { { "POST /auth/v1/token", 400, "{}", "application/problem+json" } } },
  { "method-not-allowed", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_NOT_UNDERSTOOD,
    { { "POST /auth/v1/token", 405, "{\"code\":\"INVALID_ACCOUNT\"}" } } },
  { "no-length", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED,
    { { "POST /auth/v1/token", 400, "{\"code\":\"INVALID_ACCOUNT\"}", NULL, TRUE } } },
  { "html", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_FAILED,
    { { "POST /auth/v1/token", 502, "<html>Bad Gateway</html>", "text/html" } } },
  { "html-as-success", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE,
    { { "POST /auth/v1/token", 200, "<html>Wi-Fi log in</html>" } } },
  { "server-error", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_FAILED, { { "POST /auth/v1/token", 500, "", NULL, TRUE } } },
  { "unknown-code", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED,
    { { "POST /auth/v1/token", 400, "{\"code\":\"SOMETHING_NEW\"}" } } },
  { "code-is-number", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, { { "POST /auth/v1/token", 400, "{\"code\":3}" } } },
  { "redirect", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, { { "POST /auth/v1/token", 302, "", NULL, TRUE } } },
  { "half-json", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE,
    { { "POST /auth/v1/token", 200, "{\"access_token\":\"mva" } } },
  { "empty", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, { { "POST /auth/v1/token", 200, "" } } },
  { "null-token", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE,
    { { "POST /auth/v1/token", 200, "{\"access_token\":null,\"expiry\":\"2026-09-01T12:00:00Z\"}" } } },
  { "empty-token", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE,
    { { "POST /auth/v1/token", 200, "{\"access_token\":\"\",\"expiry\":\"2026-09-01T12:00:00Z\"}" } } },
  { "token-with-line-break", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE,
    { { "POST /auth/v1/token", 200, "{\"access_token\":\"a\\r\\nX: y\",\"expiry\":\"2026-09-01T12:00:00Z\"}" } } },
  { "two-tokens", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE,
    { { "POST /auth/v1/token", 200, "{\"access_token\":\"a\",\"access_token\":\"b\",\"expiry\":\"2026-09-01T12:00:00Z\"}" } } },
  { "too-many-devices", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_TOO_MANY_DEVICES,
    { TOKEN, ME, { CREATE, 400, "{\"code\":\"MAX_DEVICES_REACHED\"}" } } },
  { "key-in-use-by-us", ADIT_PROVIDER_LOG_IN, FINE,
    { TOKEN, ME, { CREATE, 400, "{\"code\":\"PUBKEY_IN_USE\"}" },
      { "GET /accounts/v1/devices", 200, "[" OTHER_DEVICE "," DEVICE "]" } } },
  { "key-in-use-by-others", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_KEY_REFUSED,
    { TOKEN, ME, { CREATE, 400, "{\"code\":\"PUBKEY_IN_USE\"}" }, { "GET /accounts/v1/devices", 200, "[" OTHER_DEVICE "]" } } },
  { "devices-no-array", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE,
    { TOKEN, ME, { CREATE, 400, "{\"code\":\"PUBKEY_IN_USE\"}" }, { "GET /accounts/v1/devices", 200, "{}" } } },
  { "token-renewed", ADIT_PROVIDER_LOG_IN, FINE,
    { TOKEN, ME, { CREATE, 401, "{\"code\":\"INVALID_ACCESS_TOKEN\"}" }, TOKEN2, { CREATE, 201, DEVICE } } },
  { "token-renewed-once", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SIGN_IN_ENDED,
    { TOKEN, { "GET /accounts/v1/accounts/me", 401, "{\"code\":\"INVALID_ACCESS_TOKEN\"}" }, TOKEN2,
      { "GET /accounts/v1/accounts/me", 401, "{\"code\":\"INVALID_ACCESS_TOKEN\"}" } } },
  { "other-key", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, { TOKEN, ME, { CREATE, 201, OTHER_DEVICE } } },
  { "id-is-path", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE,
    { TOKEN, ME, { CREATE, 201, "{\"id\":\"../../etc\",\"name\":\"a\",\"pubkey\":\"" KEY "\","
                                "\"ipv4_address\":\"10.0.0.1/32\",\"ipv6_address\":\"fc00::1/128\"}" } } },
  { "address-is-net", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE,
    { TOKEN, ME, { CREATE, 201, "{\"id\":\"a\",\"name\":\"a\",\"pubkey\":\"" KEY "\","
                                "\"ipv4_address\":\"10.0.0.0/8\",\"ipv6_address\":\"fc00::1/128\"}" } } },
  { "address-is-null", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE,
    { TOKEN, ME, { CREATE, 201, "{\"id\":\"a\",\"name\":\"a\",\"pubkey\":\"" KEY "\","
                                "\"ipv4_address\":null,\"ipv6_address\":\"fc00::1/128\"}" } } },

  { "account", ADIT_PROVIDER_ACCOUNT, FINE, { TOKEN, ME, { GET, 200, DEVICE } } },
  { "account-device-gone", ADIT_PROVIDER_ACCOUNT, FINE, { TOKEN, ME, { GET, 404, "{\"code\":\"DEVICE_NOT_FOUND\"}" } } },
  { "account-key-gone", ADIT_PROVIDER_ACCOUNT, FINE,    /* the device is there, with another key than ours */
    { TOKEN, ME, { GET, 200, DEVICE_OF (ID, "ZGVhZCBkZWFkIGRlYWQgZGVhZCBkZWFkIGRlYWQgZGU=") } } },
  { "account-device-gone-quietly", ADIT_PROVIDER_ACCOUNT, FINE, { TOKEN, ME, { GET, 404, "", NULL, TRUE } } },
  { "account-gone", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_CREDENTIAL_REFUSED,
    { TOKEN, ME, { GET, 400, "{\"code\":\"INVALID_ACCOUNT\"}" } } },
  { "account-device-revoked-elsewhere", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_DEVICE_REVOKED,
    { TOKEN, { "GET /accounts/v1/accounts/me", 404, "{\"code\":\"DEVICE_NOT_FOUND\"}" } } },
  { "account-no-time", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE,
    { TOKEN, { "GET /accounts/v1/accounts/me", 200, "{\"id\":\"x\"}" } } },

  { "log-out", ADIT_PROVIDER_LOG_OUT, FINE, { TOKEN, { DELETE, 204, "", NULL, TRUE } } },
  { "log-out-gone", ADIT_PROVIDER_LOG_OUT, FINE, { TOKEN, { DELETE, 404, "<html></html>" } } },
  { "log-out-gone-by-code", ADIT_PROVIDER_LOG_OUT, FINE, { TOKEN, { DELETE, 400, "{\"code\":\"DEVICE_NOT_FOUND\"}" } } },
  { "log-out-fails", ADIT_PROVIDER_LOG_OUT, ADIT_ERROR_SERVICE_FAILED, { TOKEN, { DELETE, 500, "", NULL, TRUE } } },

  { "list-not-asked-for", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_NONSENSE, { { RELAYS, 304, "", NULL, TRUE } } },
  { "list-error", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_FAILED, { { RELAYS, 503, "", NULL, TRUE } } },
  { "list-token-error", ADIT_PROVIDER_LIST, ADIT_ERROR_SIGN_IN_ENDED,
    { { RELAYS, 401, "{\"code\":\"INVALID_ACCESS_TOKEN\"}" } } },
  { "list-html", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_NONSENSE, { { RELAYS, 200, "<html></html>" } } },
};

static void
test_case (gconstpointer data)
{
  const Case *row = data;
  gsize length;
  g_autofree guint8 *key = g_base64_decode (KEY, &length);
  g_autoptr (AditSecret) number = adit_secret_new ("1234 5678 9012 3456", 19);
  AditProviderRequest request = { .want = row->want, .credential = number, .now_s = NOW, .device_id = ID, .public_key = key };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditProviderTask) task = adit_provider_task_new (adit_provider_find ("mullvad"), &request, &error);

  g_assert_no_error (error);
  if (mullvad_walk (task, row->exchanges, NULL, &error))
    {
      g_assert_cmpint (row->error, ==, FINE);
      if (row->want != ADIT_PROVIDER_LOG_OUT)
        g_assert_cmpint (task->result.account_expires_at_s, ==, 1798758000);
      if (row->want == ADIT_PROVIDER_LOG_IN)
        {
          g_assert_cmpstr (task->result.device_id, ==, ID);
          g_assert_cmpstr (task->result.device_name, ==, "Happy Seagull");
        }
      g_assert_cmpuint (task->result.n_addresses, ==, task->result.device_is_known ? 2 : 0);
      g_assert_true (task->result.device_is_known == (row->want != ADIT_PROVIDER_LOG_OUT && strstr (row->name, "gone") == NULL));
      g_assert_true (task->result.key_is_other == g_str_equal (row->name, "account-key-gone"));
      g_assert_nonnull (task->fresh_token);
      g_assert_cmpint (task->fresh_token_expires_at_s, ==, 1788264000);
    }
  else
    g_assert_error (error, ADIT_ERROR, row->error);
}

static void
test_numbers (void)
{
  static const struct { const char *text, *sent; } rows[] = {
    { "1234567890123456", "1234567890123456" }, { "1234 5678 9012 3456\n", "1234567890123456" },
    { "1234-5678-9012-3456", "1234567890123456" }, { "1234\xc2\xa0" "5678\xe2\x80\xaf" "9012\t3456", "1234567890123456" },
    { "1234567890", "1234567890" }, { "123456789", NULL }, { "12345678901234567", NULL }, { "", NULL }, { "   ", NULL },
    { "1234 5678 9012 345a", NULL }, { "\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4\xd9\xa5\xd9\xa6\xd9\xa7\xd9\xa8\xd9\xa9\xd9\xa0", NULL },
    { "1234567890\xff", NULL }, { "1234567890\"}", NULL }, { "+1234567890", NULL },
    { "11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditSecret) number = adit_secret_new (rows[i].text, strlen (rows[i].text));
      AditProviderRequest request = { .want = ADIT_PROVIDER_LOG_OUT, .credential = number, .now_s = NOW, .device_id = ID };
      g_autoptr (GError) error = NULL;
      g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_mullvad, &request, &error);
      g_auto (AditHttpRequest) http = { 0 };

      g_assert_true ((task != NULL) == (rows[i].sent != NULL));
      if (task == NULL)
        g_assert_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED);
      else
        {
          g_autofree char *wanted = g_strdup_printf ("{\"account_number\":\"%s\"}", rows[i].sent);

          g_assert_true (adit_provider_task_next (task, &http, NULL));
          g_assert_cmpmem (adit_secret_peek (http.body, NULL), adit_secret_get_size (http.body), wanted, strlen (wanted));
        }
    }
}

static void
test_token_kept (void)
{
  static const struct { gint64 expires_at_s; gboolean used; } rows[] = {
    { NOW + 61, TRUE }, { NOW + 60, FALSE }, { NOW - 5, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditSecret) number = adit_secret_new ("1234567890123456", 16), token = adit_secret_new ("old", 3);
      AditProviderRequest request = { .want = ADIT_PROVIDER_LOG_OUT, .credential = number, .token = token,
                                      .token_expires_at_s = rows[i].expires_at_s, .now_s = NOW, .device_id = ID };
      g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_mullvad, &request, NULL);
      g_auto (AditHttpRequest) http = { 0 };

      g_assert_true (adit_provider_task_next (task, &http, NULL));
      g_assert_cmpstr (http.path, ==, rows[i].used ? "/accounts/v1/devices/" ID : "/auth/v1/token");
    }
}

#define HEAD "{\"locations\":{\"se-got\":{\"city\":\"Gothenburg\",\"country\":\"Sweden\"," \
             "\"latitude\":57.70887,\"longitude\":11.97456}}," \
             "\"bridge\":{\"shadowsocks\":[],\"relays\":[]},\"wireguard\":{\"port_ranges\":[[53,53],[4000,33433]]," \
             "\"ipv4_gateway\":\"10.64.0.1\",\"ipv6_gateway\":\"fc00:bbbb:bbbb:bb01::1\",\"relays\":["
#define TAIL "]}}"
#define RELAY(name, rest) "{\"hostname\":" name ",\"active\":true,\"owned\":true,\"location\":\"se-got\",\"provider\":\"P\"," \
             "\"ipv4_addr_in\":\"192.0.2.10\",\"weight\":100,\"include_in_country\":true,\"public_key\":\"" KEY "\"" rest "}"
#define GOOD_RELAY RELAY ("\"se-got-wg-001\"", "")

static AditServerList *
read_list (const char *text, GError **error)
{
  AditProviderRequest request = { .want = ADIT_PROVIDER_LIST, .now_s = NOW };
  g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_mullvad, &request, NULL);
  g_auto (AditHttpRequest) http = { 0 };
  g_auto (AditHttpAnswer) answer = { 0 };
  Exchange exchange = { RELAYS, 200, text };

  g_assert_true (adit_provider_task_next (task, &http, NULL));
  mullvad_fill (&answer, &exchange);
  g_free (answer.etag);
  answer.etag = g_strdup ("\"v1\"");
  if (!adit_provider_task_answer (task, &answer, error))
    return NULL;
  return adit_server_list_new_for_bytes (task->result.list, error);
}

static void
test_relays (void)
{
  /* Next to a good relay: is this one taken as well? */
  static const struct { const char *relay; gboolean taken; } rows[] = {
    { RELAY ("\"SE-got-wg-002\"", ""), TRUE },
    { RELAY ("\"../../etc\"", ""), FALSE },
    { RELAY ("\"\"", ""), FALSE },
    { RELAY ("null", ""), FALSE },
    { RELAY ("7", ""), FALSE },
    { GOOD_RELAY, FALSE },    /* twice */
    { RELAY ("\"b\"", ",\"ipv6_addr_in\":null"), TRUE },
    { RELAY ("\"b\"", ",\"ipv6_addr_in\":\"2001:db8::10\""), TRUE },
    { RELAY ("\"b\"", ",\"ipv6_addr_in\":\"192.0.2.1\""), FALSE },
    { RELAY ("\"b\"", ",\"daita\":true"), TRUE },
    { RELAY ("\"b\"", ",\"daita\":null"), FALSE },
    { RELAY ("\"b\"", ",\"features\":{\"daita\":null,\"quic\":null,\"lwo\":{}}"), TRUE },
    { RELAY ("\"b\"", ",\"features\":null"), FALSE },
    { RELAY ("\"b\"", ",\"features\":{\"quic\":{\"addr_in\":[],\"token\":\"t\",\"domain\":\"d\"}}"), FALSE },
    { RELAY ("\"b\"", ",\"features\":{\"quic\":{\"addr_in\":[\"192.0.2.1\"],\"token\":\"t\",\"domain\":\"d\"}}"), TRUE },
    { RELAY ("\"b\"", ",\"shadowsocks_extra_addr_in\":7"), FALSE },
    { "{\"hostname\":\"b\"}", FALSE },
    { "null", FALSE },
    { "[]", FALSE },
    { "{\"hostname\":\"b\",\"active\":false,\"owned\":true,\"location\":\"se-got\",\"provider\":\"P\","
      "\"ipv4_addr_in\":\"192.0.2.10\",\"weight\":100,\"include_in_country\":true,\"public_key\":\"" KEY "\"}", FALSE },
    { "{\"hostname\":\"b\",\"active\":true,\"owned\":true,\"location\":\"xx-yyy\",\"provider\":\"P\","
      "\"ipv4_addr_in\":\"192.0.2.10\",\"weight\":100,\"include_in_country\":true,\"public_key\":\"" KEY "\"}", FALSE },
    { "{\"hostname\":\"b\",\"active\":true,\"owned\":true,\"location\":\"SE-GOT\",\"provider\":\"P\","
      "\"ipv4_addr_in\":\"192.0.2.10\",\"weight\":0,\"include_in_country\":true,\"public_key\":\"" KEY "\"}", TRUE },
    { "{\"hostname\":\"b\",\"active\":true,\"owned\":true,\"location\":\"se-got\",\"provider\":\"P\","
      "\"ipv4_addr_in\":\"192.0.2.10\",\"weight\":-1,\"include_in_country\":true,\"public_key\":\"" KEY "\"}", FALSE },
    { "{\"hostname\":\"b\",\"active\":true,\"owned\":true,\"location\":\"se-got\",\"provider\":\"P\","
      "\"ipv4_addr_in\":\"192.0.2.10\",\"weight\":1,\"public_key\":\"" KEY "\"}", FALSE },
    { "{\"hostname\":\"b\",\"active\":true,\"owned\":true,\"location\":\"se-got\",\"provider\":\"P\","
      "\"ipv4_addr_in\":\"192.0.2.10\",\"weight\":1,\"include_in_country\":true,\"public_key\":\"AAAA\"}", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strconcat (HEAD, GOOD_RELAY, ",", rows[i].relay, TAIL, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (AditServerList) list = read_list (text, &error);
      AditServerListServer server;

      g_assert_no_error (error);
      if (adit_server_list_get_n_servers (list) != (rows[i].taken ? 2 : 1))
        g_error ("%s: %s", rows[i].taken ? "not taken" : "taken", rows[i].relay);
      g_assert_cmpstr (adit_server_list_get_head (list)->etag, ==, "\"v1\"");
      g_assert_true (adit_server_list_get_head (list)->nests_tunnels);    /* in at one, out at another, at its port: */
      adit_server_list_get_server (list, 0, &server);
      g_assert_cmpuint (server.wireguard_exit_port, ==, 51820);
      g_assert_cmpint (adit_server_list_get_head (list)->fetched_at_s, ==, NOW);
    }
}

static void
replace_and_refuse (const char *what, const char *with)
{
  g_autoptr (GString) text = g_string_new (HEAD GOOD_RELAY TAIL);
  g_autoptr (GError) error = NULL;

  if (g_string_replace (text, what, with, 1) != 1)
    g_error ("not in the list: %s", what);
  if (read_list (text->str, &error) != NULL)
    g_error ("taken with %s for %s", with, what);
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
}

static void
test_lists (void)
{
  static const char *const rows[][2] = {
    { "\"locations\"", "\"l\"" }, { "\"wireguard\"", "\"w\"" }, { "\"bridge\"", "\"b\"" }, { "\"shadowsocks\"", "\"s\"" },
    { "\"port_ranges\"", "\"p\"" }, { "\"ipv4_gateway\"", "\"g\"" }, { "\"ipv6_gateway\"", "\"g\"" }, { "[53,53]", "[53]" },
    { "[53,53]", "[0,53]" }, { "[53,53]", "[54,53]" }, { "[53,53]", "[53,65536]" }, { "[53,53]", "[\"53\",53]" },
    { "[53,53]", "null" },
    { "[[53,53],[4000,33433]]", "[]" }, { "\"10.64.0.1\"", "null" }, { "\"10.64.0.1\"", "\"fc00::1\"" },
    { "\"10.64.0.1\"", "\"gateway\"" },
    { "\"active\":true", "\"active\":false" }, { "\"Sweden\"", "\"Swe\\u202eden\"" }, { "57.70887", "157.7" },
    { "11.97456", "\"east\"" }, { "\"se-got\":{", "\"segot\":{" }, { "]}}", "]}" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditServerList) list = read_list (HEAD GOOD_RELAY TAIL, &error);
  g_autofree char *large = g_malloc (50 * 1024 * 1024 + 1);

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    replace_and_refuse (rows[i][0], rows[i][1]);
  memset (large, ' ', 50 * 1024 * 1024);
  large[0] = '{';
  large[50 * 1024 * 1024] = '\0';
  g_assert_null (read_list (large, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
  g_assert_nonnull (strstr (error->message, "too long"));
}

static void
test_not_modified (void)
{
  AditProviderRequest request = { .want = ADIT_PROVIDER_LIST, .now_s = NOW, .etag = "W/\"7\"" };
  g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_mullvad, &request, NULL);
  g_auto (AditHttpRequest) http = { 0 };
  g_auto (AditHttpAnswer) answer = { 0 };
  Exchange exchange = { RELAYS, 304, "", NULL, TRUE };

  g_assert_true (adit_provider_task_next (task, &http, NULL));
  g_assert_true (g_strv_contains ((const char *const *) http.headers, "If-None-Match: W/\"7\""));
  mullvad_fill (&answer, &exchange);
  g_assert_true (adit_provider_task_answer (task, &answer, NULL));
  g_assert_true (task->is_done);
  g_assert_null (task->result.list);
}

#define EXIT "GET /json"

/* One question to another host than the API's, without token or account; only "ip" is read. */
static void
test_exit (void)
{
  static const struct { Exchange exchange; int error; } rows[] = {
    { { EXIT, 200, "{\"ip\":\"198.51.100.9\",\"country\":\"Sweden\",\"city\":null,\"mullvad_exit_ip\":true}" }, FINE },
    { { EXIT, 200, "{\"ip\":\"198.51.100.9\"}" }, FINE },
    { { EXIT, 200, "{}" }, ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 200, "{\"ip\":null}" }, ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 200, "{\"ip\":\"\"}" }, ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 200, "{\"ip\":3325256713}" }, ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 200, "{\"ip\":\"10.64.0.2\"}" }, ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 200, "{\"ip\":\"0.0.0.0\"}" }, ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 200, "{\"ip\":\"2001:db8::1\"}" }, ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 200, "{\"ip\":\"198.51.100.9/32\"}" }, ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 200, "{\"ip\":\"198.51.100.9\",\"ip\":\"198.51.100.8\"}" }, ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 200, "{\"ip\":\"1111111111111111111111111111111111111111111111111111111111111111111\"}" },
      ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 200, "[\"198.51.100.9\"]" }, ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 200, "198.51.100.9" }, ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 200, "<html></html>" }, ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 302, "", NULL, TRUE }, ADIT_ERROR_SERVICE_NONSENSE },
    { { EXIT, 401, "{\"code\":\"INVALID_ACCESS_TOKEN\"}" }, ADIT_ERROR_SIGN_IN_ENDED },
    { { EXIT, 500, "", NULL, TRUE }, ADIT_ERROR_SERVICE_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditProviderRequest request = { .want = ADIT_PROVIDER_EXIT, .now_s = NOW };
      g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_mullvad, &request, NULL);
      g_auto (AditHttpRequest) http = { 0 };
      g_auto (AditHttpAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;
      AditAddress wanted;

      g_assert_true (adit_provider_task_next (task, &http, NULL));
      g_assert_cmpstr (http.host, ==, "ipv4.am.i.mullvad.net");
      g_assert_cmpstr (http.path, ==, "/json");
      g_assert_cmpint (http.method, ==, ADIT_HTTP_GET);
      g_assert_null (http.bearer);
      g_assert_null (http.body);
      mullvad_fill (&answer, &rows[i].exchange);
      if (adit_provider_task_answer (task, &answer, &error))
        {
          g_assert_cmpint (rows[i].error, ==, FINE);
          g_assert_true (task->is_done);
          g_assert_true (adit_address_parse ("198.51.100.9", &wanted));
          g_assert_true (adit_address_equal (&task->result.exit_address, &wanted));
        }
      else
        g_assert_error (error, ADIT_ERROR, rows[i].error);
    }
}

static void
test_bad_device_id (void)
{
  static const char *const ids[] = { "", "../x", "a b", "a?b=c", "a%2f", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (AditSecret) number = adit_secret_new ("1234567890123456", 16);
      AditProviderRequest request = { .want = ADIT_PROVIDER_LOG_OUT, .credential = number, .now_s = NOW, .device_id = ids[i] };
      g_autoptr (GError) error = NULL;

      g_assert_null (adit_provider_task_new (&adit_provider_mullvad, &request, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
    }
}

#define API "GET /app/v1/api-addrs"

/* Asked of nobody in particular: no account is named. */
static void
test_api (void)
{
  static const struct { Exchange exchange; guint n; int error; } rows[] = {
    { { API, 200, "[\"45.83.223.196:443\",\"192.0.2.55:443\"]", NULL, FALSE, "" }, 2, FINE },
    { { API, 200, "[\"10.0.0.1:443\",\"192.0.2.55:443\"]" }, 1, FINE },
    { { API, 200, "[\"10.0.0.1:443\"]" }, 0, ADIT_ERROR_SERVICE_NONSENSE },
    { { API, 200, "[]" }, 0, ADIT_ERROR_SERVICE_NONSENSE },
    { { API, 200, "{}" }, 0, ADIT_ERROR_SERVICE_NONSENSE },
    { { API, 200, "<html></html>" }, 0, ADIT_ERROR_SERVICE_NONSENSE },
    { { API, 500, "", NULL, TRUE }, 0, ADIT_ERROR_SERVICE_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Exchange exchanges[] = { rows[i].exchange, { NULL } };
      AditProviderRequest request = { .want = ADIT_PROVIDER_API, .now_s = NOW };
      g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_mullvad, &request, NULL);
      g_autoptr (GError) error = NULL;

      if (mullvad_walk (task, exchanges, NULL, &error))
        g_assert_cmpint (rows[i].error, ==, FINE);
      else
        g_assert_error (error, ADIT_ERROR, rows[i].error);
      g_assert_cmpuint (task->result.api.n, ==, rows[i].n);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/provider-mullvad/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/provider-mullvad/numbers", test_numbers);
  g_test_add_func ("/provider-mullvad/token-kept", test_token_kept);
  g_test_add_func ("/provider-mullvad/relays", test_relays);
  g_test_add_func ("/provider-mullvad/lists", test_lists);
  g_test_add_func ("/provider-mullvad/not-modified", test_not_modified);
  g_test_add_func ("/provider-mullvad/bad-device-id", test_bad_device_id);
  g_test_add_func ("/provider-mullvad/exit", test_exit);
  g_test_add_func ("/provider-mullvad/api", test_api);
  return g_test_run ();
}
