/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-provider-ivpn.c: the adapter's calls walked by hand: a table of answers leads to a result, a question or an error. */
#include "client/provider/provider.h"

#include <string.h>

#define KEY      "IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM="
#define OLD_KEY  "kZb0f4mC2rQv3m0b8i2n5t8Jx1y7p3q9w6e5r4t3y2U="
#define ID       "0123456789abcdef0123456789abcdef"
#define NOW      G_GINT64_CONSTANT (1785542400)    /* 2026-08-01 */
#define UNTIL    G_GINT64_CONSTANT (1798761600)
#define FINE     (-1)

#define NEW      "POST /v4/session/new"
#define STATUS   "POST /v4/session/status"
#define DELETE   "POST /v4/session/delete"
#define SET      "POST /v4/session/wg/set"
#define EXIT     "GET /v4/geo-lookup"
#define SERVERS  "GET /v5/servers.json"

#define PLAN(active, capabilities) "\"service_status\":{\"is_active\":" active ",\"active_until\":1798761600," \
  "\"current_plan\":\"IVPN Pro\",\"payment_method\":\"prepaid\",\"is_renewable\":true,\"will_auto_rebill\":true," \
  "\"is_on_free_trial\":false," capabilities "\"upgradable\":false,\"upgrade_to_plan\":\"\",\"upgrade_to_url\":\"\"," \
  "\"device_management\":true,\"device_management_url\":\"https://www.example.net/devices\",\"limit\":7}"
#define ACTIVE   PLAN ("true", "\"capabilities\":[\"MultiHop\"],")
#define SESSION(wireguard) "{\"status\":200,\"token\":\"tok\\\"en\\\\1\",\"vpn_username\":\"ivpn3hKq8s7d\"," \
  "\"vpn_password\":\"p4Zr\",\"device_name\":\"Quiet Heron\"," ACTIVE wireguard "}"
#define GOOD     ",\"wireguard\":{\"status\":200,\"message\":\"\",\"ip_address\":\"172.23.41.9\"}"
#define SIGNED_IN { NEW, SESSION (GOOD) }
#define ADDRESS  "{\"status\":200,\"message\":\"\",\"ip_address\":\"172.23.41.9\"}"

typedef struct { const char *request, *body; guint http; } Exchange;
typedef struct { const char *name; AditProviderWant want; int error; const char *said; Exchange exchanges[3]; } Case;

static const char *const method_names[] = { "GET", "POST", "PUT", "DELETE" };

static const Case cases[] = {
  { "log-in", ADIT_PROVIDER_LOG_IN, FINE, NULL, { SIGNED_IN } },
  { "log-in-by-another-http", ADIT_PROVIDER_LOG_IN, FINE, NULL, { { NEW, SESSION (GOOD), 503 } } },
  { "log-in-then-key", ADIT_PROVIDER_LOG_IN, FINE, NULL, { { NEW, SESSION ("") }, { SET, ADDRESS } } },
  { "log-in-empty-address", ADIT_PROVIDER_LOG_IN, FINE, NULL,
    { { NEW, SESSION (",\"wireguard\":{\"status\":424,\"ip_address\":\"\"}") }, { SET, ADDRESS } } },
  { "log-in-null-wireguard", ADIT_PROVIDER_LOG_IN, FINE, NULL, { { NEW, SESSION (",\"wireguard\":null") }, { SET, ADDRESS } } },
  { "log-in-address-is-net", ADIT_PROVIDER_LOG_IN, FINE, NULL,
    { { NEW, SESSION (",\"wireguard\":{\"ip_address\":\"172.23.41.9/12\"}") }, { SET, ADDRESS } } },
  { "log-in-address-is-ipv6", ADIT_PROVIDER_LOG_IN, FINE, NULL,
    { { NEW, SESSION (",\"wireguard\":{\"ip_address\":\"2001:db8::1\"}") }, { SET, ADDRESS } } },
  { "log-in-address-is-loopback", ADIT_PROVIDER_LOG_IN, FINE, NULL,
    { { NEW, SESSION (",\"wireguard\":{\"ip_address\":\"127.0.0.1\"}") }, { SET, ADDRESS } } },
  { "log-in-without-key", ADIT_PROVIDER_LOG_IN, FINE, NULL, { { NEW, SESSION ("") }, { SET, "{\"status\":500}" } } },
  { "log-in-key-is-nonsense", ADIT_PROVIDER_LOG_IN, FINE, NULL, { { NEW, SESSION ("") }, { SET, "<html>" } } },
  { "log-in-ended-at-once", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_DEVICE_REVOKED, "601",
    { { NEW, SESSION ("") }, { SET, "{\"status\":601}" } } },
  { "unknown-account", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_CREDENTIAL_REFUSED,
    "The service does not take this account (401: Account not found)",
    { { NEW, "{\"status\":401,\"message\":\"Account not found\"}" } } },
  { "refused-with-http", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_CREDENTIAL_REFUSED,
    "HTTP 401: The service does not take this account (401)",
    { { NEW, "{\"status\":401}", 401 } } },
  { "key-unknown", ADIT_PROVIDER_ROTATE, ADIT_ERROR_KEY_REFUSED,
    "The service does not know this computer's key, which needs a new one (424: WireGuard public key not found)",
    { { SET, "{\"status\":424,\"message\":\"WireGuard public key not found\"}" } } },
  { "session-limit", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_TOO_MANY_DEVICES,
    "The account is in use on as many devices as it may have, which is 2 (602: You have reached the session limit)",
    { { NEW, "{\"status\":602,\"message\":\"You have reached the session limit\",\"data\":{\"current_plan\":\"IVPN Standard\","
             "\"upgradable\":true,\"upgrade_to_plan\":\"IVPN Pro\",\"device_management\":false,\"limit\":2}}" } } },
  { "session-limit-untold", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_TOO_MANY_DEVICES,
    "The account is in use on as many devices as it may have (602)", { { NEW, "{\"status\":602,\"data\":{\"limit\":\"2\"}}" } } },
  { "not-active", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_ACCOUNT_EXPIRED, "The account is not active (702: Pay first)",
    { { NEW, "{\"status\":702,\"message\":\"Pay first\"}" } } },
  { "unknown-status", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED, "The service answered with an error (12345: Try later)",
    { { NEW, "{\"status\":12345,\"message\":\"Try later\"}" } } },
  { "unknown-status-alone", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED, "The service answered with an error (0)",
    { { NEW, "{\"status\":0,\"message\":7}" } } },
  { "captcha-elsewhere", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_REFUSED, "(70001: Who are you?)",
    { { STATUS, "{\"status\":70001,\"message\":\"Who are you?\",\"captcha_id\":\"c\",\"captcha_image\":\"AAAA\"}" } } },
  { "markup", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED,
    "The service answered with an error (9: Please visit our page now)",
    { { NEW, "{\"status\":9,\"message\":\"<p>Please\\n<a href=\\\"x\\\">visit\\u202e our</a>\\u001b page</p><br/> now\"}" } } },
  { "cut-markup", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED, "The service answered with an error (9: Go)",
    { { NEW, "{\"status\":9,\"message\":\"Go <script\"}" } } },
  { "html", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_FAILED, "HTTP 502: ", { { NEW, "<html>Bad Gateway</html>", 502 } } },
  { "html-as-success", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, NULL, { { NEW, "<html>Wi-Fi log in</html>" } } },
  { "empty", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, NULL, { { NEW, "" } } },
  { "array", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, NULL, { { NEW, "[200]" } } },
  { "no-status", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, "\"status\"", { { NEW, "{\"token\":\"a\"}" } } },
  { "status-is-text", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, "\"status\"", { { NEW, "{\"status\":\"200\"}" } } },
  { "status-is-vast", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, "\"status\"", { { NEW, "{\"status\":4294967496}" } } },
  { "no-token", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, "\"token\"",
    { { NEW, "{\"status\":200,\"vpn_username\":\"a\",\"vpn_password\":\"b\"," ACTIVE GOOD "}" } } },
  { "empty-token", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, "\"token\" is empty",
    { { NEW, "{\"status\":200,\"token\":\"\",\"vpn_username\":\"a\",\"vpn_password\":\"b\"," ACTIVE GOOD "}" } } },
  { "token-with-line-break", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, "\"token\"",
    { { NEW, "{\"status\":200,\"token\":\"a\\nb\",\"vpn_username\":\"a\",\"vpn_password\":\"b\"," ACTIVE GOOD "}" } } },
  { "name-with-line-break", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, "\"vpn_username\"",
    { { NEW, "{\"status\":200,\"token\":\"a\",\"vpn_username\":\"a\\nb\",\"vpn_password\":\"b\"," ACTIVE GOOD "}" } } },
  { "no-password", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, "\"vpn_password\"",
    { { NEW, "{\"status\":200,\"token\":\"a\",\"vpn_username\":\"a\"," ACTIVE GOOD "}" } } },
  { "no-plan", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, "\"service_status\"",
    { { NEW, "{\"status\":200,\"token\":\"a\",\"vpn_username\":\"a\",\"vpn_password\":\"b\"" GOOD "}" } } },

  { "account", ADIT_PROVIDER_ACCOUNT, FINE, NULL, { { STATUS, "{\"status\":200,\"device_name\":\"Quiet Heron\"," ACTIVE "}" } } },
  { "account-no-end", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE, "\"active_until\"",
    { { STATUS, "{\"status\":200,\"service_status\":{\"is_active\":true}}" } } },
  { "account-end-is-negative", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE, "\"active_until\"",
    { { STATUS, "{\"status\":200,\"service_status\":{\"is_active\":true,\"active_until\":-1}}" } } },
  { "account-session-gone", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_DEVICE_REVOKED,
    "The service has signed this computer out (601: Session not found)",
    { { STATUS, "{\"status\":601,\"message\":\"Session not found\"}" } } },
  { "account-refused", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_CREDENTIAL_REFUSED, "401", { { STATUS, "{\"status\":401}" } } },

  { "log-out", ADIT_PROVIDER_LOG_OUT, FINE, NULL, { { DELETE, "{\"status\":200}" } } },
  { "log-out-gone", ADIT_PROVIDER_LOG_OUT, FINE, NULL, { { DELETE, "{\"status\":601,\"message\":\"Session not found\"}" } } },
  { "log-out-fails", ADIT_PROVIDER_LOG_OUT, ADIT_ERROR_SERVICE_FAILED, "500", { { DELETE, "{\"status\":500}" } } },
  { "log-out-html", ADIT_PROVIDER_LOG_OUT, ADIT_ERROR_SERVICE_NONSENSE, NULL, { { DELETE, "<html>" } } },

  { "rotate", ADIT_PROVIDER_ROTATE, FINE, NULL, { { SET, ADDRESS } } },
  { "rotate-gone", ADIT_PROVIDER_ROTATE, ADIT_ERROR_DEVICE_REVOKED, "601", { { SET, "{\"status\":601}" } } },
  { "rotate-not-active", ADIT_PROVIDER_ROTATE, ADIT_ERROR_ACCOUNT_EXPIRED, "702", { { SET, "{\"status\":702}" } } },
  { "rotate-no-address", ADIT_PROVIDER_ROTATE, ADIT_ERROR_SERVICE_NONSENSE, "\"ip_address\"", { { SET, "{\"status\":200}" } } },
  { "rotate-bad-address", ADIT_PROVIDER_ROTATE, ADIT_ERROR_SERVICE_NONSENSE, "\"ip_address\"",
    { { SET, "{\"status\":200,\"ip_address\":\"172.23.41\"}" } } },

  { "exit", ADIT_PROVIDER_EXIT, FINE, NULL,
    { { EXIT, "{\"ip_address\":\"198.51.100.9\",\"isp\":\"Example\",\"country_code\":\"NO\",\"latitude\":59.91,"
              "\"longitude\":10.75,\"isIvpnServer\":false}" } } },
  { "exit-is-private", ADIT_PROVIDER_EXIT, ADIT_ERROR_SERVICE_NONSENSE, NULL, { { EXIT, "{\"ip_address\":\"172.23.41.9\"}" } } },
  { "exit-is-ipv6", ADIT_PROVIDER_EXIT, ADIT_ERROR_SERVICE_NONSENSE, NULL, { { EXIT, "{\"ip_address\":\"2001:db8::1\"}" } } },
  { "exit-missing", ADIT_PROVIDER_EXIT, ADIT_ERROR_SERVICE_NONSENSE, NULL, { { EXIT, "{}" } } },
  { "exit-refused", ADIT_PROVIDER_EXIT, ADIT_ERROR_TOO_MANY_REQUESTS, "(429: Slower)",
    { { EXIT, "{\"status\":429,\"message\":\"Slower\"}", 429 } } },

  { "list-not-asked-for", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_NONSENSE, NULL, { { SERVERS, "", 304 } } },
  { "list-html", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_FAILED, "HTTP 503: ", { { SERVERS, "<html>", 503 } } },
  { "list-error", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_NONSENSE, NULL, { { SERVERS, "{\"status\":500}" } } },
};

static void
fill (AditHttpAnswer *answer, const char *body, guint http)
{
  adit_http_answer_init (answer, 1000);
  answer->status = http != 0 ? http : 200;
  g_byte_array_append (answer->body, (const guint8 *) body, (guint) strlen (body));
}

static gboolean
walk (AditProviderTask *task, const Exchange *exchanges, GError **error)
{
  for (; exchanges->request != NULL; exchanges++)
    {
      g_auto (AditHttpRequest) http = { 0 };
      g_auto (AditHttpAnswer) answer = { 0 };
      g_autofree char *asked = NULL;

      g_assert_false (task->is_done);
      g_assert_true (adit_provider_task_next (task, &http, error));
      asked = g_strconcat (method_names[http.method], " ", http.path, NULL);
      g_assert_cmpstr (asked, ==, exchanges->request);
      g_assert_cmpstr (http.host, ==, "api.ivpn.net");
      g_assert_null (http.bearer);    /* a token is sent in the body alone */
      g_assert_true ((http.body != NULL) == (http.method == ADIT_HTTP_POST));
      g_assert_true (g_strv_contains ((const char *const *) http.headers, "Content-Type: application/json") ==
                     (http.body != NULL));
      fill (&answer, exchanges->body, exchanges->http);
      if (!adit_provider_task_answer (task, &answer, error))
        {
          g_assert_null (exchanges[1].request);
          return FALSE;
        }
    }
  g_assert_true (task->is_done);
  return TRUE;
}

static AditProviderTask *
begin (AditProviderWant want, const char *token_text, const AditProviderRequest *more)
{
  static guint8 key[ADIT_WG_KEY_BYTES];
  g_autoptr (AditSecret) token = token_text != NULL ? adit_secret_new (token_text, strlen (token_text)) : NULL;
  static AditSecret *account;
  AditProviderRequest request = more != NULL ? *more : (AditProviderRequest) { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree guchar *bytes = NULL;
  AditProviderTask *task;
  gsize length;

  bytes = g_base64_decode (KEY, &length);
  memcpy (key, bytes, sizeof key);
  if (account == NULL)
    account = adit_secret_new ("i-ABCD-EFGH-IJKL", 16);
  request.want = want;
  request.credential = account;
  request.token = token;
  request.now_s = NOW;
  request.device_id = want == ADIT_PROVIDER_LOG_IN ? NULL : ID;
  request.public_key = key;
  task = adit_provider_task_new (adit_provider_find ("ivpn"), &request, &error);
  g_assert_no_error (error);
  return task;
}

static void
assert_addresses (const AditProviderResult *result, const char *ipv4, const char *ipv6)
{
  g_autofree char *first = adit_prefix_dup_text (&result->addresses[0]), *second = adit_prefix_dup_text (&result->addresses[1]);

  g_assert_cmpuint (result->n_addresses, ==, 2);
  g_assert_cmpstr (first, ==, ipv4);
  g_assert_cmpstr (second, ==, ipv6);
}

static void
check_log_in (const AditProviderTask *task, gboolean has_address)
{
  const AditProviderResult *result = &task->result;
  g_autofree guchar *key = NULL;
  g_autofree char *digest = NULL;
  gsize length;

  key = g_base64_decode (KEY, &length);
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, key, length);
  g_assert_cmpuint (strlen (result->device_id), ==, 32);
  g_assert_true (g_str_has_prefix (digest, result->device_id));
  g_assert_cmpmem (adit_secret_peek (task->fresh_token, NULL), adit_secret_get_size (task->fresh_token), "tok\"en\\1", 8);
  g_assert_cmpint (task->fresh_token_expires_at_s, ==, 253402300799);
  g_assert_cmpmem (adit_secret_peek (result->openvpn_username, NULL), adit_secret_get_size (result->openvpn_username),
                   "ivpn3hKq8s7d", 12);
  g_assert_cmpmem (adit_secret_peek (result->openvpn_password, NULL), adit_secret_get_size (result->openvpn_password), "p4Zr", 4);
  if (has_address)
    assert_addresses (result, "172.23.41.9/32", "fd00:4956:504e:ffff::ac17:2909/128");
  else
    g_assert_cmpuint (result->n_addresses, ==, 0);
}

static void
check_result (const Case *row, const AditProviderTask *task)
{
  const AditProviderResult *result = &task->result;

  if (row->want == ADIT_PROVIDER_EXIT || row->want == ADIT_PROVIDER_LOG_OUT)
    return;
  g_assert_true (result->device_is_known);
  if (row->want == ADIT_PROVIDER_LOG_IN)
    check_log_in (task, row->exchanges[1].request == NULL || strstr (row->exchanges[1].body, "ip_address") != NULL);
  else
    {
      g_assert_cmpstr (result->device_id, ==, ID);
      g_assert_null (task->fresh_token);
    }
  if (row->want == ADIT_PROVIDER_ROTATE)
    {
      assert_addresses (result, "172.23.41.9/32", "fd00:4956:504e:ffff::ac17:2909/128");
      return;
    }
  g_assert_cmpstr (result->device_name, ==, "Quiet Heron");
  g_assert_cmpint (result->account_expires_at_s, ==, UNTIL);
  g_assert_cmpstr (result->plan.plan, ==, "IVPN Pro");
  g_assert_cmpuint (result->plan.device_limit, ==, 7);
  g_assert_true (result->plan.is_renewed && !result->plan.is_inactive && !result->plan.refuses_multihop);
}

static void
test_case (gconstpointer data)
{
  const Case *row = data;
  gboolean has_token = row->want != ADIT_PROVIDER_LOG_IN && row->want != ADIT_PROVIDER_EXIT && row->want != ADIT_PROVIDER_LIST;
  g_autoptr (AditProviderTask) task = begin (row->want, has_token ? "to\"k" : NULL, NULL);
  g_autoptr (GError) error = NULL;

  if (walk (task, row->exchanges, &error))
    {
      g_assert_cmpint (row->error, ==, FINE);
      check_result (row, task);
      return;
    }
  g_assert_error (error, ADIT_ERROR, row->error);
  if (row->said != NULL && strstr (error->message, row->said) == NULL)
    g_error ("%s: \"%s\" is not in: %s", row->name, row->said, error->message);
  g_assert_cmpuint (strlen (error->message), <, 256);    /* or the wire would cut it */
}

static void
assert_body (AditProviderTask *task, const char *wanted)
{
  g_auto (AditHttpRequest) http = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (adit_provider_task_next (task, &http, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (adit_secret_peek (http.body, NULL), adit_secret_get_size (http.body), wanted, strlen (wanted));
}

static AditSecret *
keep (const char *text)
{
  return text != NULL ? adit_secret_new (text, strlen (text)) : NULL;
}

/* Both answers go with the one request, each as it was given, and nothing of an earlier session. */
static void
test_log_in_bodies (void)
{
  static const struct { const char *captcha, *handle, *code; gboolean is_forced; const char *wanted; } rows[] = {
    { NULL, NULL, NULL, FALSE, "\"force\":false,\"wg_public_key\":\"" KEY "\"}" },
    { NULL, NULL, NULL, TRUE, "\"force\":true,\"wg_public_key\":\"" KEY "\"}" },
    { "aB3 x", "c-81f2", NULL, FALSE,
      "\"force\":false,\"wg_public_key\":\"" KEY "\",\"captcha_id\":\"c-81f2\",\"captcha\":\"aB3x\"}" },
    { NULL, NULL, "123 456\n", TRUE, "\"force\":true,\"wg_public_key\":\"" KEY "\",\"confirmation\":\"123456\"}" },
    { "a\"\\}", "c\"", "123456", FALSE, "\"force\":false,\"wg_public_key\":\"" KEY "\",\"captcha_id\":\"c\\\"\","
                                          "\"captcha\":\"a\\\"\\\\}\",\"confirmation\":\"123456\"}" },
    { "\x01\xc3\xa9", "c", NULL, FALSE,
      "\"force\":false,\"wg_public_key\":\"" KEY "\",\"captcha_id\":\"c\",\"captcha\":\"\\u0001\xc3\xa9\"}" },
    { "abc", NULL, NULL, FALSE, "\"force\":false,\"wg_public_key\":\"" KEY "\"}" },
    { "abc", "", NULL, FALSE, "\"force\":false,\"wg_public_key\":\"" KEY "\"}" },
    { NULL, "c", NULL, FALSE, "\"force\":false,\"wg_public_key\":\"" KEY "\"}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditSecret) captcha = keep (rows[i].captcha), code = keep (rows[i].code);
      AditProviderRequest more = { .captcha = captcha, .captcha_handle = rows[i].handle, .code = code,
                                   .is_forced = rows[i].is_forced };
      g_autoptr (AditProviderTask) task = begin (ADIT_PROVIDER_LOG_IN, "another", &more);
      g_autofree char *wanted = g_strconcat ("{\"username\":\"i-ABCD-EFGH-IJKL\",", rows[i].wanted, NULL);

      assert_body (task, wanted);
    }
}

static void
test_bad_answers (void)
{
  g_autofree char *long_text = g_strnfill (128, 'a');
  const char *const answers[] = { "", " ", "\xff", long_text };

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (AditSecret) answer = keep (answers[i / 2]);
      AditProviderRequest more = { .captcha = i % 2 ? answer : NULL, .captcha_handle = "c", .code = i % 2 ? NULL : answer };
      g_autoptr (AditProviderTask) task = begin (ADIT_PROVIDER_LOG_IN, NULL, &more);
      g_auto (AditHttpRequest) http = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_false (adit_provider_task_next (task, &http, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
    }
}

/* The service forgets every other key unless the one of a tunnel that is up is named. */
static void
test_session_bodies (void)
{
  g_autofree guchar *old_key = NULL;
  gsize length;
  AditProviderRequest more = { 0 };

  old_key = g_base64_decode (OLD_KEY, &length);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (AditProviderTask) task = NULL;
      g_autofree char *wanted = NULL;

      more = (AditProviderRequest) { .old_public_key = i & 1 ? old_key : NULL, .is_connected = (i & 2) != 0 };
      task = begin (ADIT_PROVIDER_ROTATE, "to\"k", &more);
      wanted = g_strconcat ("{\"session_token\":\"to\\\"k\",\"public_key\":\"" KEY "\",\"connected_public_key\":\"",
                            i == 3 ? OLD_KEY : "", "\"}", NULL);
      assert_body (task, wanted);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (AditProviderTask) task = begin (i == 0 ? ADIT_PROVIDER_ACCOUNT : ADIT_PROVIDER_LOG_OUT, "tok", NULL);

      assert_body (task, "{\"session_token\":\"tok\"}");
    }
}

static void
test_key_after_log_in (void)
{
  g_autofree guchar *old_key = NULL;
  gsize length;
  AditProviderRequest more = { .is_connected = TRUE };
  g_autoptr (AditProviderTask) task = NULL;
  g_auto (AditHttpAnswer) answer = { 0 };

  old_key = g_base64_decode (OLD_KEY, &length);
  more.old_public_key = old_key;    /* of another session's tunnel */
  task = begin (ADIT_PROVIDER_LOG_IN, NULL, &more);
  fill (&answer, SESSION (""), 200);
  g_assert_true (adit_provider_task_answer (task, &answer, NULL));
  assert_body (task, "{\"session_token\":\"tok\\\"en\\\\1\",\"public_key\":\"" KEY "\",\"connected_public_key\":\"\"}");
}

#define PNG "iVBORw0KGgo="
#define CAPTCHA(status, handle, image) "{\"status\":" status ",\"message\":\"<b>Type</b> it\",\"captcha_id\":" handle \
  ",\"captcha_image\":" image "}"

static void
test_questions (void)
{
  static const struct { const char *body; AditQuestionKind kind; gboolean was_wrong, has_picture; } rows[] = {
    { CAPTCHA ("70001", "\"c-81f2\"", "\"data:image/png;base64," PNG "\""), ADIT_QUESTION_CAPTCHA, FALSE, TRUE },
    { CAPTCHA ("70002", "\"c-81f2\"", "\"data:image/png;base64," PNG "\""), ADIT_QUESTION_CAPTCHA, TRUE, TRUE },
    { CAPTCHA ("70001", "\"c-81f2\"", "\"DATA:image/JPEG;base64," PNG "\""), ADIT_QUESTION_CAPTCHA, FALSE, TRUE },
    { CAPTCHA ("70001", "\"c-81f2\"", "\"" PNG "\""), ADIT_QUESTION_CAPTCHA, FALSE, TRUE },
    { "{\"status\":70011,\"message\":\"Type it\"}", ADIT_QUESTION_CODE, FALSE, FALSE },
    { "{\"status\":70012,\"message\":\"Type it\"}", ADIT_QUESTION_CODE, TRUE, FALSE },
    { CAPTCHA ("70001", "\"c-81f2\"", "\"data:image/svg+xml;base64," PNG "\""), ADIT_QUESTION_NONE, FALSE, FALSE },
    { CAPTCHA ("70001", "\"c-81f2\"", "\"data:image/png," PNG "\""), ADIT_QUESTION_NONE, FALSE, FALSE },
    { CAPTCHA ("70001", "\"c-81f2\"", "\"https://example.net/c.png\""), ADIT_QUESTION_NONE, FALSE, FALSE },
    { CAPTCHA ("70001", "\"c-81f2\"", "\"data:image/png;base64,iVBO Rw0K\""), ADIT_QUESTION_NONE, FALSE, FALSE },
    { CAPTCHA ("70001", "\"c-81f2\"", "\"iVBORw0KGg\""), ADIT_QUESTION_NONE, FALSE, FALSE },
    { CAPTCHA ("70001", "\"c-81f2\"", "\"data:image/png;base64,\""), ADIT_QUESTION_NONE, FALSE, FALSE },
    { CAPTCHA ("70001", "\"c-81f2\"", "\"\""), ADIT_QUESTION_NONE, FALSE, FALSE },
    { CAPTCHA ("70001", "\"c-81f2\"", "null"), ADIT_QUESTION_NONE, FALSE, FALSE },
    { CAPTCHA ("70001", "\"\"", "\"" PNG "\""), ADIT_QUESTION_NONE, FALSE, FALSE },
    { CAPTCHA ("70001", "\"a b\"", "\"" PNG "\""), ADIT_QUESTION_NONE, FALSE, FALSE },
    { CAPTCHA ("70001", "7", "\"" PNG "\""), ADIT_QUESTION_NONE, FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditProviderTask) task = begin (ADIT_PROVIDER_LOG_IN, NULL, NULL);
      const AditProviderQuestion *question = &task->result.question;
      g_auto (AditHttpAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;

      fill (&answer, rows[i].body, 200);
      if (adit_provider_task_answer (task, &answer, &error) != (rows[i].kind != ADIT_QUESTION_NONE))
        g_error ("%s", rows[i].body);
      g_assert_cmpint (question->kind, ==, rows[i].kind);
      if (rows[i].kind == ADIT_QUESTION_NONE)
        {
          g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
          continue;
        }
      g_assert_true (task->is_done);
      g_assert_true (question->was_wrong == rows[i].was_wrong);
      g_assert_cmpstr (question->text, ==, "Type it");
      g_assert_cmpstr (question->handle, ==, rows[i].kind == ADIT_QUESTION_CAPTCHA ? "c-81f2" : "");
      g_assert_true ((question->picture != NULL) == rows[i].has_picture);
      if (question->picture != NULL)
        g_assert_cmpmem (g_bytes_get_data (question->picture, NULL), g_bytes_get_size (question->picture),
                         "\x89PNG\r\n\x1a\n", 8);
      g_assert_null (task->fresh_token);
      g_assert_false (task->result.device_is_known);
    }
}

static void
test_large_picture (void)
{
  for (guint i = 0; i < 2; i++)
    {
      gsize length = 128 * 1024 + i;    /* the most, and one byte more */
      g_autofree guchar *bytes = g_malloc0 (length);
      g_autofree char *base64 = g_base64_encode (bytes, length);
      g_autofree char *body = g_strdup_printf (CAPTCHA ("70001", "\"c\"", "\"data:image/png;base64,%s\""), base64);
      g_autoptr (AditProviderTask) task = begin (ADIT_PROVIDER_LOG_IN, NULL, NULL);
      g_auto (AditHttpAnswer) answer = { 0 };

      fill (&answer, body, 200);
      g_assert_true (adit_provider_task_answer (task, &answer, NULL) == (i == 0));
    }
}

static void
test_plans (void)
{
  static const struct { const char *plan; gboolean is_inactive, refuses_multihop; } rows[] = {
    { ACTIVE, FALSE, FALSE },
    { PLAN ("false", "\"capabilities\":[\"multihop\"],"), TRUE, FALSE },
    { PLAN ("true", "\"capabilities\":[\"port-forwarding\",\"MULTIHOP\",7],"), FALSE, FALSE },
    { PLAN ("true", "\"capabilities\":[],"), FALSE, TRUE },
    { PLAN ("true", "\"capabilities\":[7,null],"), FALSE, TRUE },
    { PLAN ("true", "\"capabilities\":null,"), FALSE, FALSE },
    { PLAN ("true", ""), FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditProviderTask) task = begin (ADIT_PROVIDER_ACCOUNT, "tok", NULL);
      g_autofree char *body = g_strconcat ("{\"status\":200,", rows[i].plan, "}", NULL);
      g_auto (AditHttpAnswer) answer = { 0 };

      fill (&answer, body, 200);
      g_assert_true (adit_provider_task_answer (task, &answer, NULL));
      g_assert_true (task->result.plan.is_inactive == rows[i].is_inactive);
      g_assert_true (task->result.plan.refuses_multihop == rows[i].refuses_multihop);
      g_assert_cmpstr (task->result.device_name, ==, "");
    }
}

/* The session stays, so this is an answer and no error. */
static void
test_inactive (void)
{
  g_autoptr (AditProviderTask) task = begin (ADIT_PROVIDER_ACCOUNT, "tok", NULL);
  const Exchange exchanges[] = { { STATUS, "{\"status\":702,\"message\":\"Account is not active\"}" }, { NULL } };
  g_autoptr (GError) error = NULL;

  g_assert_true (walk (task, exchanges, &error));
  g_assert_true (task->result.plan.is_inactive);
  g_assert_true (task->result.device_is_known);
  g_assert_cmpstr (task->result.device_id, ==, ID);
  g_assert_cmpint (task->result.account_expires_at_s, ==, 0);
}

static void
test_accounts (void)
{
  static const struct { const char *typed, *sent; } rows[] = {
    { "i-ABCD-EFGH-IJKL", "i-ABCD-EFGH-IJKL" }, { "I-ab1d-EFGH-IJ2L\n", "i-ab1d-EFGH-IJ2L" },
    { "\xc2\xa0i-ABCD-EFGH-IJKL\t", "i-ABCD-EFGH-IJKL" }, { "i-ABCD -\xe2\x80\xaf" "EFGH- IJKL", "i-ABCD-EFGH-IJKL" },
    { "ivpn1234567", "ivpn1234567" }, { "ivpnabcdEFGH", "ivpnabcdEFGH" }, { " IVPN 1234 5678", "ivpn12345678" },
    { "ivpn123456", NULL }, { "ivpn123456789", NULL }, { "", NULL }, { "   ", NULL }, { "ivpn", NULL },
    { "i-ABCDEFGHIJKL", NULL }, { "i-ABCD-EFGH-IJK", NULL }, { "i-ABCD-EFGH-IJKLM", NULL }, { "j-ABCD-EFGH-IJKL", NULL },
    /* What the service's own client lets through: only the beginning or only the end is right. */
    { "i-ABCD-EFGH-IJKL and more", NULL }, { "moreivpn1234567", NULL }, { "i-....-....-....", NULL },
    { "i-AB-D-EFGH-IJKL", NULL },
    { "ivpn1234-567", NULL }, { "i-ABCD-EFGH-IJK\"", NULL }, { "i-ABCD-EFGH-IJK\xff", NULL }, { "i-ABCD-EFGH-IJK\xc3\xa9", NULL },
    { "i\xe2\x80\x93" "ABCD-EFGH-IJKL", NULL }, { "1234567890123456", NULL },
    { "ivpn11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint8 key[ADIT_WG_KEY_BYTES] = { 0 };
      g_autoptr (AditSecret) typed = adit_secret_new (rows[i].typed, strlen (rows[i].typed));
      AditProviderRequest request = { .want = ADIT_PROVIDER_LOG_IN, .credential = typed, .public_key = key };
      g_autoptr (GError) error = NULL;
      g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_ivpn, &request, &error);
      g_auto (AditHttpRequest) http = { 0 };
      g_autofree char *wanted = g_strdup_printf ("{\"username\":\"%s\",", rows[i].sent);

      if ((task != NULL) != (rows[i].sent != NULL))
        g_error ("%s: %s", task != NULL ? "taken" : "not taken", rows[i].typed);
      if (task == NULL)
        {
          g_assert_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED);
          continue;
        }
      g_assert_true (adit_provider_task_next (task, &http, NULL));
      g_assert_true (g_str_has_prefix ((const char *) adit_secret_peek (http.body, NULL), wanted));
    }
}

/* A request that lacks what its call needs is never sent. */
static void
test_incomplete (void)
{
  static const AditProviderWant wants[] = { ADIT_PROVIDER_ACCOUNT, ADIT_PROVIDER_LOG_OUT, ADIT_PROVIDER_ROTATE };
  guint8 key[ADIT_WG_KEY_BYTES] = { 0 };
  g_autoptr (AditSecret) token = keep ("tok"), account = keep ("ivpn1234567");
  g_autofree char *long_id = g_strnfill (ADIT_DEVICE_ID_MAX_BYTES, 'a');
  const AditProviderRequest rows[] = {
    { .device_id = ID, .public_key = key }, { .token = token, .public_key = key },
    { .token = token, .device_id = long_id, .public_key = key },
  };
  AditProviderRequest request = { .want = ADIT_PROVIDER_ROTATE, .token = token, .device_id = ID };

  for (gsize i = 0; i < G_N_ELEMENTS (wants) * G_N_ELEMENTS (rows); i++)
    {
      AditProviderRequest incomplete = rows[i % G_N_ELEMENTS (rows)];
      g_autoptr (GError) error = NULL;

      incomplete.want = wants[i / G_N_ELEMENTS (rows)];
      g_assert_null (adit_provider_task_new (&adit_provider_ivpn, &incomplete, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
    }
  g_assert_null (adit_provider_task_new (&adit_provider_ivpn, &request, NULL));
  request = (AditProviderRequest) { .want = ADIT_PROVIDER_LOG_IN, .credential = account };
  g_assert_null (adit_provider_task_new (&adit_provider_ivpn, &request, NULL));
}

/* Who talks to the service checks its name, its root and its key, and shows the name. */
static void
test_tls (void)
{
  const AditTlsRules *tls = &adit_provider_ivpn.tls;

  g_assert_null (tls->roots_pem);
  g_assert_true (tls->send_server_name);
  g_assert_false (tls->only_tls_1_3);
  g_assert_cmpuint (g_strv_length ((char **) tls->pins), ==, 3);
  for (guint i = 0; tls->pins[i] != NULL; i++)
    {
      g_autofree guchar *digest = NULL;
      g_autofree char *nothing = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "", 0);
      g_autoptr (GString) hex = g_string_new (NULL);
      gsize length;

      digest = g_base64_decode (tls->pins[i], &length);
      g_assert_cmpuint (length, ==, 32);
      for (gsize j = 0; j < length; j++)
        g_string_append_printf (hex, "%02x", digest[j]);
      g_assert_cmpstr (hex->str, !=, nothing);
    }
}

/* All of them are tried, and a locked computer must reach them without asking for a name. */
static void
test_service (void)
{
  const AditService *service = adit_service_find ("ivpn");
  guint n = 0;

  g_assert_cmpstr (service->name, ==, "IVPN");
  g_assert_cmpstr (service->api_host, ==, "api.ivpn.net");
  for (; service->api_endpoints[n] != NULL; n++)
    {
      AditEndpoint endpoint;

      g_assert_true (adit_endpoint_parse (service->api_endpoints[n], &endpoint));
      g_assert_true (adit_address_is_public (&endpoint.address));
      g_assert_cmpuint (endpoint.port, ==, 443);
      for (guint i = 0; i < n; i++)
        g_assert_cmpstr (service->api_endpoints[i], !=, service->api_endpoints[n]);
    }
  g_assert_cmpuint (n, ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/provider-ivpn/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/provider-ivpn/accounts", test_accounts);
  g_test_add_func ("/provider-ivpn/log-in-bodies", test_log_in_bodies);
  g_test_add_func ("/provider-ivpn/bad-answers", test_bad_answers);
  g_test_add_func ("/provider-ivpn/session-bodies", test_session_bodies);
  g_test_add_func ("/provider-ivpn/key-after-log-in", test_key_after_log_in);
  g_test_add_func ("/provider-ivpn/questions", test_questions);
  g_test_add_func ("/provider-ivpn/large-picture", test_large_picture);
  g_test_add_func ("/provider-ivpn/plans", test_plans);
  g_test_add_func ("/provider-ivpn/inactive", test_inactive);
  g_test_add_func ("/provider-ivpn/incomplete", test_incomplete);
  g_test_add_func ("/provider-ivpn/tls", test_tls);
  g_test_add_func ("/provider-ivpn/service", test_service);
  return g_test_run ();
}
