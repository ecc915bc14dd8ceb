/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-provider-mysterium.c: the adapter walked by hand: a table of answers leads to a result or to an error. */
#include "client/provider/mysterium.h"

#include <string.h>

#define KEY   "IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM="
#define PEER  "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
#define UUID  "3f2a9c1e-0b7d-4c5a-9e21-6d4f8a7b3c10"
#define NOW   G_GINT64_CONSTANT (1785542400)    /* 2026-08-01 */
#define ENVELOPE "application/vnd.mysterium.error+json"
#define FINE  (-1)

#define ACTIVATE "POST /api/v1/auth/activation"
#define POLL     "GET /api/v1/auth/activation/" UUID
#define RENEW    "POST /api/v1/oauth/token"
#define SUB      "GET /api/v1/subscription"
#define PLAN     "GET /api/v1/subscription/plan"
#define PLACES   "GET /api/v1/connection/config/locations?ip_type="
#define CONNECT  "POST /api/v1/connection/connect"
#define DISCONNECT "GET /api/v1/connection/disconnect?public_key=IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM%3D"
#define LOG_OUT  "POST /api/v1/auth/logout"
#define TOKENS(n) "{\"access_token\":\"access-" n "\",\"refresh_token\":\"refresh-" n "\",\"token_type\":\"bearer\"," \
                  "\"expires_in\":3600,\"user_id\":\"u\",\"first_time\":false}"
#define SIGNED_IN { POLL, 200, "{\"id\":\"" UUID "\",\"valid\":true,\"token\":" TOKENS ("1") "}" }
#define ACTIVE  { SUB, 200, "{\"active\":true,\"active_until\":\"2026-12-31T23:00:00Z\"," \
                  "\"period_start\":\"2026-01-01T00:00:00Z\",\"paused\":false,\"expired\":false,\"recurring\":true," \
                  "\"plan_id\":\"Yearly\",\"subscription_id\":7}" }
#define LIMITS  { PLAN, 200, "{\"metadata\":{\"allowed_devices_limit\":6,\"residential_ips_allowed\":true}}" }
#define NO_TIME { SUB, 401, "{\"error\":{\"code\":\"shall_not_pass\",\"message\":\"no\"},\"status\":401}", ENVELOPE }
#define RENEWED { RENEW, 200, TOKENS ("2") }

#define HEAD_OF(private_key) "[Interface]\\nPrivateKey = " private_key "\\nAddress = 10.182.0.2/24\\nDNS = 10.182.0.1\\n\\n"
#define PEER_OF(endpoint) "[Peer]\\nPublicKey = " PEER "\\nEndpoint = " endpoint "\\nAllowedIPs = 0.0.0.0/0, ::/0\\n" \
                          "PersistentKeepalive = 18\\n"
#define TEMPLATE HEAD_OF ("%private_key%") PEER_OF ("198.51.100.7:51820")
#define TUNNEL(rest) "{\"id\":\"c\",\"wg_config\":\"" TEMPLATE "\",\"hash\":\"h\",\"exit_ip\":\"203.0.113.7\"" rest "}"

typedef struct { const char *request; guint status; const char *body, *type; } Exchange;
typedef struct { const char *name; AditProviderWant want; int error; Exchange exchanges[8]; } Case;

static const char *const method_names[] = { "GET", "POST", "PUT", "DELETE" };

static const Case cases[] = {
  { "ask", ADIT_PROVIDER_LOG_IN, FINE, { { ACTIVATE, 204, "" } } },
  { "ask-with-body", ADIT_PROVIDER_LOG_IN, FINE, { { ACTIVATE, 200, "{}" } } },
  { "ask-refused", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED, { { ACTIVATE, 400, "{\"message\":\"no\"}" } } },
  { "ask-unauthorized", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED, { { ACTIVATE, 401, "" } } },
  { "ask-too-often", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_TOO_MANY_REQUESTS, { { ACTIVATE, 429, "" } } },
  { "ask-redirected", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, { { ACTIVATE, 302, "" } } },

  { "account", ADIT_PROVIDER_ACCOUNT, FINE, { ACTIVE, LIMITS } },
  { "account-renewed", ADIT_PROVIDER_ACCOUNT, FINE, { NO_TIME, RENEWED, ACTIVE, LIMITS } },
  { "account-renewed-later", ADIT_PROVIDER_ACCOUNT, FINE, { ACTIVE, { PLAN, 401, "" }, RENEWED, LIMITS } },
  { "account-renewed-once", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SIGN_IN_ENDED, { NO_TIME, RENEWED, NO_TIME } },
  { "account-renewal-refused", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SIGN_IN_ENDED, { NO_TIME, { RENEW, 401, "" } } },
  { "account-renewal-bad-grant", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SIGN_IN_ENDED, { NO_TIME, { RENEW, 400, "{}" } } },
  { "account-renewal-fails", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_FAILED, { NO_TIME, { RENEW, 503, "" } } },
  { "account-renewal-too-often", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_TOO_MANY_REQUESTS, { NO_TIME, { RENEW, 429, "" } } },
  { "account-renewal-without-token", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE,
    { NO_TIME, { RENEW, 200, "{\"token_type\":\"bearer\",\"expires_in\":3600}" } } },
  { "account-renewal-line-break", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE,
    { NO_TIME, { RENEW, 200, "{\"access_token\":\"a\\r\\nX: y\",\"token_type\":\"bearer\",\"expires_in\":3600}" } } },
  { "account-renewal-quote", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE,
    { NO_TIME, { RENEW, 200, "{\"access_token\":\"a\",\"refresh_token\":\"a\\\"b\",\"expires_in\":1}" } } },
  { "account-renewal-other-type", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE,
    { NO_TIME, { RENEW, 200, "{\"access_token\":\"a\",\"token_type\":\"mac\",\"expires_in\":3600}" } } },
  { "account-renewal-no-life", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE,
    { NO_TIME, { RENEW, 200, "{\"access_token\":\"a\",\"token_type\":\"bearer\",\"expires_in\":0}" } } },
  { "account-renewal-endless", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE,
    { NO_TIME, { RENEW, 200, "{\"access_token\":\"a\",\"token_type\":\"bearer\",\"expires_in\":9223372036854775807}" } } },
  { "account-none", ADIT_PROVIDER_ACCOUNT, FINE, { { SUB, 404, "" } } },
  { "account-without-plan", ADIT_PROVIDER_ACCOUNT, FINE, { ACTIVE, { PLAN, 404, "" } } },
  { "account-no-flag", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE, { { SUB, 200, "{}" } } },
  { "account-flag-is-text", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE,
    { { SUB, 200, "{\"active\":true,\"paused\":\"no\"}" } } },
  { "account-no-time", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE,
    { { SUB, 200, "{\"active\":true,\"active_until\":\"tomorrow\"}" } } },
  { "account-html", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE, { { SUB, 200, "<html></html>", "text/html" } } },
  { "account-list", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE, { { SUB, 200, "[]" } } },
  { "account-plan-no-metadata", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE, { ACTIVE, { PLAN, 200, "{}" } } },
  { "account-limit-is-text", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_NONSENSE,
    { ACTIVE, { PLAN, 200, "{\"metadata\":{\"allowed_devices_limit\":\"6\"}}" } } },
  { "account-forbidden", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_REFUSED, { { SUB, 403, "" } } },

  { "tunnel", ADIT_PROVIDER_TUNNEL, FINE, { { CONNECT, 200, TUNNEL ("") } } },
  { "tunnel-created", ADIT_PROVIDER_TUNNEL, FINE, { { CONNECT, 201, TUNNEL (",\"limit_exceeded\":false") } } },
  { "tunnel-renewed", ADIT_PROVIDER_TUNNEL, FINE, { { CONNECT, 401, "" }, RENEWED, { CONNECT, 200, TUNNEL ("") } } },
  { "tunnel-limit", ADIT_PROVIDER_TUNNEL, ADIT_ERROR_TOO_MANY_DEVICES,
    { { CONNECT, 200, "{\"limit_exceeded\":true,\"wg_config\":\"\"}" } } },
  { "tunnel-limit-all-the-same", ADIT_PROVIDER_TUNNEL, ADIT_ERROR_TOO_MANY_DEVICES,
    { { CONNECT, 200, TUNNEL (",\"limit_exceeded\":true") } } },
  { "tunnel-limit-is-number", ADIT_PROVIDER_TUNNEL, ADIT_ERROR_SERVICE_NONSENSE,
    { { CONNECT, 200, TUNNEL (",\"limit_exceeded\":0") } } },
  { "tunnel-too-often", ADIT_PROVIDER_TUNNEL, ADIT_ERROR_TOO_MANY_REQUESTS, { { CONNECT, 429, "" } } },
  { "tunnel-fails", ADIT_PROVIDER_TUNNEL, ADIT_ERROR_SERVICE_FAILED, { { CONNECT, 500, "" } } },
  { "tunnel-none", ADIT_PROVIDER_TUNNEL, ADIT_ERROR_SERVICE_NONSENSE, { { CONNECT, 200, "{}" } } },
  { "tunnel-empty", ADIT_PROVIDER_TUNNEL, ADIT_ERROR_SERVICE_NONSENSE, { { CONNECT, 200, "{\"wg_config\":\"\"}" } } },
  { "tunnel-elsewhere", ADIT_PROVIDER_TUNNEL, ADIT_ERROR_SERVICE_NONSENSE, { { CONNECT, 200, TUNNEL (",\"country\":\"RU\"") } } },

  { "log-out", ADIT_PROVIDER_LOG_OUT, FINE, { { DISCONNECT, 200, "" }, { LOG_OUT, 204, "" } } },
  { "log-out-unknown-key", ADIT_PROVIDER_LOG_OUT, FINE, { { DISCONNECT, 404, "" }, { LOG_OUT, 200, "{}" } } },
  { "log-out-renewed", ADIT_PROVIDER_LOG_OUT, FINE,
    { { DISCONNECT, 401, "" }, RENEWED, { DISCONNECT, 200, "" }, { LOG_OUT, 200, "" } } },
  { "log-out-ended-already", ADIT_PROVIDER_LOG_OUT, FINE, { { DISCONNECT, 401, "" }, { RENEW, 401, "" } } },
  { "log-out-ended-meanwhile", ADIT_PROVIDER_LOG_OUT, FINE,
    { { DISCONNECT, 200, "" }, { LOG_OUT, 401, "" }, RENEWED, { LOG_OUT, 401, "" } } },
  { "log-out-fails", ADIT_PROVIDER_LOG_OUT, ADIT_ERROR_SERVICE_FAILED, { { DISCONNECT, 500, "" } } },
  { "log-out-too-often", ADIT_PROVIDER_LOG_OUT, ADIT_ERROR_TOO_MANY_REQUESTS, { { DISCONNECT, 200, "" }, { LOG_OUT, 429, "" } } },
  { "log-out-renewal-fails", ADIT_PROVIDER_LOG_OUT, ADIT_ERROR_SERVICE_FAILED, { { DISCONNECT, 401, "" }, { RENEW, 502, "" } } },

  { "list-renewed", ADIT_PROVIDER_LIST, FINE, { { PLACES, 401, "" }, RENEWED,
    { PLACES, 200, "[{\"country\":\"DE\",\"total\":1,\"is_available\":true,\"cities\":[]}]" } } },
  { "list-not-asked-for", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_NONSENSE, { { PLACES, 304, "" } } },
  { "list-error", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_FAILED, { { PLACES, 503, "" } } },
  { "list-html", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_NONSENSE, { { PLACES, 200, "<html></html>" } } },
};

typedef struct
{
  AditSecret         *refresh, *access;
  guint8             *key;
  AditLocation        location;
  AditProviderRequest request;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  gsize length;

  f->refresh = adit_secret_new ("refresh-0", 9);
  f->access = adit_secret_new ("access-0", 8);
  f->key = g_base64_decode (KEY, &length);
  f->location = (AditLocation) { .place = { "de", "any", "de-any" }, .country_name = "Germany", .city_name = "Any city" };
  f->request = (AditProviderRequest) {
    .credential = f->refresh, .token = f->access, .token_expires_at_s = NOW + 61, .now_s = NOW, .public_key = f->key,
    .place = &f->location.place, .location = &f->location, .nonce = UUID,
  };
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  adit_secret_unref (f->refresh);
  adit_secret_unref (f->access);
  g_free (f->key);
}

static AditProviderTask *
begin (Fixture *f, AditProviderWant want)
{
  g_autoptr (GError) error = NULL;
  AditProviderTask *task;

  f->request.want = want;
  task = adit_provider_task_new (adit_provider_find ("mysterium"), &f->request, &error);
  g_assert_no_error (error);
  return task;
}

static void
fill (AditHttpAnswer *answer, const Exchange *exchange)
{
  adit_http_answer_init (answer, 1000);
  answer->status = exchange->status;
  g_free (answer->content_type);
  answer->content_type = g_strdup (exchange->type != NULL ? exchange->type : "application/json");
  g_byte_array_append (answer->body, (const guint8 *) exchange->body, (guint) strlen (exchange->body));
}

static void
assert_secret (AditSecret *secret, const char *wanted)
{
  g_assert_nonnull (secret);
  g_assert_cmpmem (adit_secret_peek (secret, NULL), adit_secret_get_size (secret), wanted, strlen (wanted));
}

static gboolean
walk (AditProviderTask *task, const Exchange *exchanges, GError **error)
{
  const char *token = task->request.want == ADIT_PROVIDER_LOG_IN || task->token == NULL ? NULL : "access-0";

  for (; exchanges->request != NULL; exchanges++)
    {
      g_auto (AditHttpRequest) http = { 0 };
      g_auto (AditHttpAnswer) answer = { 0 };
      g_autofree char *asked = NULL;
      gboolean is_renewal = g_str_equal (exchanges->request, RENEW);

      g_assert_false (task->is_done);
      g_assert_true (adit_provider_task_next (task, &http, error));
      asked = g_strconcat (method_names[http.method], " ", http.path, NULL);
      g_assert_cmpstr (asked, ==, exchanges->request);
      g_assert_cmpstr (http.host, ==, "api.mysteriumvpn.com");
      g_assert_true ((http.body == NULL) == (http.method == ADIT_HTTP_GET));
      if (is_renewal || token == NULL)
        g_assert_null (http.bearer);
      else
        assert_secret (http.bearer, token);
      if (is_renewal)
        {
          assert_secret (http.body, "{\"grant_type\":\"refresh_token\",\"client_id\":\"cli\",\"refresh_token\":\"refresh-0\"}");
          token = "access-2";
        }
      fill (&answer, exchanges);
      if (!adit_provider_task_answer (task, &answer, error))
        {
          g_assert_null (exchanges[1].request);
          return FALSE;
        }
    }
  g_assert_true (task->is_done);
  return TRUE;
}

static void
test_case (Fixture *f, gconstpointer data)
{
  const Case *row = data;
  g_autoptr (AditProviderTask) task = begin (f, row->want);
  g_autoptr (GError) error = NULL;
  gboolean renewed = FALSE;

  for (const Exchange *exchange = row->exchanges; exchange->request != NULL; exchange++)
    renewed |= g_str_equal (exchange->request, RENEW) && exchange->status == 200;
  if (!walk (task, row->exchanges, &error))
    {
      g_assert_error (error, ADIT_ERROR, row->error);
      return;
    }
  g_assert_cmpint (row->error, ==, FINE);
  g_assert_true ((task->fresh_token != NULL) == renewed);
  g_assert_true ((task->result.credential != NULL) == renewed);
  if (renewed)
    {
      assert_secret (task->result.credential, "refresh-2");
      assert_secret (task->fresh_token, "access-2");
      g_assert_cmpint (task->fresh_token_expires_at_s, ==, NOW + 3600);
    }
  g_assert_true (task->result.device_is_known == (row->want == ADIT_PROVIDER_ACCOUNT));
  if (row->want == ADIT_PROVIDER_TUNNEL)
    g_assert_true (adit_tunnel_spec_is_valid (&task->result.tunnel, NULL));
}

static void
test_sign_in (Fixture *f, gconstpointer data)
{
  static const struct { int error; Exchange exchange; } rows[] = {
    { FINE, { POLL, 200, "{\"id\":\"" UUID "\",\"valid\":true,\"token\":null}" } },
    { FINE, { POLL, 200, "{\"id\":\"" UUID "\",\"valid\":true}" } },
    { FINE, { POLL, 200, "{\"id\":\"" UUID "\"}" } },
    { ADIT_ERROR_SIGN_IN_ENDED, { POLL, 200, "{\"id\":\"" UUID "\",\"valid\":false}" } },
    { ADIT_ERROR_SIGN_IN_ENDED, { POLL, 200, "{\"id\":\"" UUID "\",\"valid\":false,\"token\":" TOKENS ("1") "}" } },
    { ADIT_ERROR_SIGN_IN_ENDED, { POLL, 404, "" } },
    { ADIT_ERROR_SERVICE_REFUSED, { POLL, 401, "" } },
    { ADIT_ERROR_TOO_MANY_REQUESTS, { POLL, 429, "" } },
    { ADIT_ERROR_SERVICE_NONSENSE, { POLL, 200, "{\"valid\":true,\"token\":" TOKENS ("1") "}" } },
    { ADIT_ERROR_SERVICE_NONSENSE, { POLL, 200, "{\"id\":\"" UUID "\",\"valid\":1}" } },
    { ADIT_ERROR_SERVICE_NONSENSE, { POLL, 200, "{\"id\":\"" UUID "\",\"valid\":true,\"token\":\"t\"}" } },
    { ADIT_ERROR_SERVICE_NONSENSE, { POLL, 200, "{\"id\":\"" UUID "\",\"valid\":true,\"token\":{}}" } },
    { ADIT_ERROR_SERVICE_NONSENSE,    /* without a refresh token nothing could stand for the account */
      { POLL, 200, "{\"id\":\"" UUID "\",\"valid\":true,\"token\":{\"access_token\":\"a\",\"expires_in\":3600}}" } },
    { ADIT_ERROR_SERVICE_NONSENSE,
      { POLL, 200, "{\"id\":\"00000000-0000-4000-8000-000000000000\",\"valid\":true,\"token\":" TOKENS ("1") "}" } },
  };
  static const Exchange signed_in[] = { SIGNED_IN, { NULL } };
  g_autoptr (AditProviderTask) first = NULL, last = NULL;
  g_auto (AditHttpRequest) http = { 0 };
  static const Exchange announced[] = { { ACTIVATE, 204, "" }, { NULL } };

  f->request.credential = NULL;
  f->request.token = NULL;
  first = begin (f, ADIT_PROVIDER_LOG_IN);
  g_assert_true (adit_provider_task_next (first, &http, NULL));
  assert_secret (http.body, "{\"id\":\"" UUID "\"}");
  g_assert_true (walk (first, announced, NULL));
  g_assert_cmpint (first->result.question.kind, ==, ADIT_QUESTION_BROWSER);
  g_assert_cmpstr (first->result.question.handle, ==, UUID);
  g_assert_cmpstr (first->result.question.text, ==,
                   "https://app.mysteriumvpn.com/oauth/authorize?response_type=activation_none&client_id=cli&request_id=" UUID);
  g_assert_null (first->fresh_token);

  f->request.captcha_handle = first->result.question.handle;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Exchange exchanges[] = { rows[i].exchange, { NULL } };
      g_autoptr (AditProviderTask) task = begin (f, ADIT_PROVIDER_LOG_IN);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", rows[i].exchange.body);
      if (walk (task, exchanges, &error))
        {
          g_assert_cmpint (rows[i].error, ==, FINE);
          g_assert_cmpint (task->result.question.kind, ==, ADIT_QUESTION_BROWSER);
          g_assert_cmpstr (task->result.question.handle, ==, UUID);
        }
      else
        g_assert_error (error, ADIT_ERROR, rows[i].error);
      g_assert_null (task->fresh_token);
      g_assert_null (task->result.credential);
    }
  last = begin (f, ADIT_PROVIDER_LOG_IN);
  g_assert_true (walk (last, signed_in, NULL));
  g_assert_cmpint (last->result.question.kind, ==, ADIT_QUESTION_NONE);
  assert_secret (last->result.credential, "refresh-1");
  assert_secret (last->fresh_token, "access-1");
  g_assert_cmpint (last->fresh_token_expires_at_s, ==, NOW + 3600);
  g_assert_true (last->result.device_is_known);
}

static void
test_wrong_requests (Fixture *f, gconstpointer data)
{
  static const char *const ids[] = {
    "", "3f2a9c1e", "3F2A9C1E-0B7D-4C5A-9E21-6D4F8A7B3C10", UUID "0", "3f2a9c1e-0b7d-1c5a-9e21-6d4f8a7b3c10",
    "3f2a9c1e-0b7d-4c5a-0e21-6d4f8a7b3c10", "../../../../connection/disconnect-al", "3f2a9c1e-0b7d-4c5a-9e21-6d4f8a7b3c1\n",
  };
  g_autoptr (AditSecret) quoted = adit_secret_new ("a\"b", 3), broken = adit_secret_new ("a\r\nb", 4);
  struct
  {
    AditSecret         *credential;
    const AditPlace    *place;
    const AditLocation *location;
    const guint8       *key;
    int                 error;
  } rows[] = {
    { NULL, f->request.place, f->request.location, f->key, ADIT_ERROR_CREDENTIAL_MALFORMED },
    { quoted, f->request.place, f->request.location, f->key, ADIT_ERROR_CREDENTIAL_MALFORMED },
    { broken, f->request.place, f->request.location, f->key, ADIT_ERROR_CREDENTIAL_MALFORMED },
    { f->refresh, f->request.place, f->request.location, NULL, ADIT_ERROR_INVALID_ARGUMENT },
    { f->refresh, NULL, NULL, f->key, ADIT_ERROR_INVALID_ARGUMENT },
    { f->refresh, &(AditPlace) { "", "", "" }, NULL, f->key, ADIT_ERROR_INVALID_ARGUMENT },
    { f->refresh, &(AditPlace) { "de", "berlin", "" }, NULL, f->key, ADIT_ERROR_INVALID_ARGUMENT },
    { f->refresh, NULL, &(AditLocation) { .place = { "de", "berlin", "" }, .city_name = "Hamburg" }, f->key,
      ADIT_ERROR_INVALID_ARGUMENT },
  };
  static const AditProviderWant not_had[] = {
    ADIT_PROVIDER_CREATE, ADIT_PROVIDER_VOUCHER, ADIT_PROVIDER_DEVICES, ADIT_PROVIDER_REMOVE_DEVICE, ADIT_PROVIDER_ROTATE,
    ADIT_PROVIDER_EXIT,
  };

  f->request.want = ADIT_PROVIDER_LOG_IN;
  for (gsize i = 0; i <= G_N_ELEMENTS (ids) * 2; i++)
    {
      g_autoptr (GError) error = NULL;

      f->request.nonce = i < G_N_ELEMENTS (ids) ? ids[i] : i == G_N_ELEMENTS (ids) ? NULL : UUID;
      f->request.captcha_handle = i > G_N_ELEMENTS (ids) ? ids[i - G_N_ELEMENTS (ids) - 1] : NULL;
      g_assert_null (adit_provider_task_new (&adit_provider_mysterium, &f->request, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
    }
  f->request.want = ADIT_PROVIDER_TUNNEL;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      f->request.credential = rows[i].credential;
      f->request.place = rows[i].place;
      f->request.location = rows[i].location;
      f->request.public_key = rows[i].key;
      g_assert_null (adit_provider_task_new (&adit_provider_mysterium, &f->request, &error));
      g_assert_error (error, ADIT_ERROR, rows[i].error);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (not_had); i++)
    {
      f->request.want = not_had[i];
      g_assert_null (adit_provider_task_new (&adit_provider_mysterium, &f->request, NULL));
    }
}

/* An old token is not even tried, and a list is asked for also by who has none. */
static void
test_tokens (Fixture *f, gconstpointer data)
{
  static const Exchange renewed[] = { RENEWED, ACTIVE, LIMITS, { NULL } };
  static const Exchange kept[] = {
    { RENEW, 200, "{\"access_token\":\"access-2\",\"expires_in\":60}" }, ACTIVE, LIMITS, { NULL }
  };
  static const Exchange nobody[] = { { PLACES, 401, "" }, { NULL } };
  g_autoptr (AditProviderTask) first = NULL, second = NULL, third = NULL;
  g_autoptr (GError) error = NULL;

  f->request.token_expires_at_s = NOW + 60;
  first = begin (f, ADIT_PROVIDER_ACCOUNT);
  g_assert_true (walk (first, renewed, NULL));
  assert_secret (first->result.credential, "refresh-2");
  second = begin (f, ADIT_PROVIDER_ACCOUNT);
  g_assert_true (walk (second, kept, NULL));
  g_assert_null (second->result.credential);    /* the old one is good */
  assert_secret (second->fresh_token, "access-2");
  f->request.credential = NULL;
  f->request.token = NULL;
  third = begin (f, ADIT_PROVIDER_LIST);
  g_assert_false (walk (third, nobody, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT);
}

static void
test_subscriptions (Fixture *f, gconstpointer data)
{
  static const struct { const char *subscription, *plan; gint64 end_s; guint limit; gboolean is_inactive, is_renewed; } rows[] = {
    { "{\"active\":true,\"active_until\":\"2026-12-31T23:00:00Z\",\"recurring\":true}",
      "{\"metadata\":{\"allowed_devices_limit\":6}}", 1798758000, 6, FALSE, TRUE },
    { "{\"active\":true,\"active_until\":\"2026-12-31T23:00:00.5+00:00\"}", "{\"metadata\":{}}", 1798758000, 0, FALSE, FALSE },
    { "{\"active\":true,\"active_until\":null}", "{\"metadata\":{\"allowed_devices_limit\":-1}}", 0, 0, FALSE, FALSE },
    { "{\"active\":true,\"paused\":true,\"active_until\":\"2026-12-31T23:00:00Z\"}",
      "{\"metadata\":{\"allowed_devices_limit\":9007199254740993}}", 1798758000, 0, TRUE, FALSE },
    { "{\"active\":true,\"expired\":true}", "{\"metadata\":{}}", 0, 0, TRUE, FALSE },
    { "{\"active\":false,\"active_until\":\"0001-01-01T00:00:00Z\"}", "{\"metadata\":{}}", 0, 0, TRUE, FALSE },
    { "{\"active\":false,\"active_until\":\"\",\"plan_id\":7}", "{\"metadata\":{}}", 0, 0, TRUE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Exchange exchanges[] = { { SUB, 200, rows[i].subscription }, { PLAN, 200, rows[i].plan }, { NULL } };
      g_autoptr (AditProviderTask) task = begin (f, ADIT_PROVIDER_ACCOUNT);
      g_autoptr (GError) error = NULL;

      walk (task, exchanges, &error);
      g_assert_no_error (error);
      g_assert_cmpint (task->result.account_expires_at_s, ==, rows[i].end_s);
      g_assert_cmpuint (task->result.plan.device_limit, ==, rows[i].limit);
      g_assert_true (task->result.plan.is_inactive == rows[i].is_inactive);
      g_assert_true (task->result.plan.is_renewed == rows[i].is_renewed);
    }
}

/* What the service says is shown, made harmless; and never our own token back. */
static void
test_words (Fixture *f, gconstpointer data)
{
#define SAID "The service answered with an error: HTTP 500: "
#define MUTE "The service answered with an error: HTTP 500, and did not say why"
  static const struct { const char *type, *body, *wanted; } rows[] = {
    { ENVELOPE, "{\"error\":{\"code\":\"c\",\"message\":\"short\",\"detail\":\"longer\"},\"status\":500}", SAID "\"longer\"" },
    { ENVELOPE "; charset=utf-8", "{\"error\":{\"code\":\"c\",\"message\":\"short\"},\"status\":500}", SAID "\"short\"" },
    { ENVELOPE, "{\"error\":{\"message\":\"short\",\"detail\":\"\"}}", SAID "\"short\"" },
    { "application/json", "{\"message\":\"plain\"}", SAID "\"plain\"" },
    { "application/json", "{\"message\":\"<b>Buy</b> <a href='x'>here</a>\\u001b[2J\\r\\nnow &amp; \\u202eevil\"}",
      SAID "\"Buy here [2J now evil\"" },
    { "application/json", "{\"message\":\"<script\"}", MUTE },
    { "application/json", "{\"message\":\"you sent refresh-0\"}", MUTE },
    { "application/json", "{\"message\":\"you sent acc<i></i>-0\"}", SAID "\"you sent acc -0\"" },
    { "application/json", "{\"message\":\"you sent access-0.\"}", MUTE },
    { "application/json", "{\"message\":7}", MUTE },
    { "application/json", "{\"error\":\"x\"}", MUTE },
    { "application/json", "[\"x\"]", MUTE },
    { "application/json", "", MUTE },
    { "application/jsonx", "{\"message\":\"plain\"}", MUTE },
    { "text/html", "<html>Bad Gateway</html>", MUTE },
    { "", "{\"message\":\"plain\"}", MUTE },
  };
  g_autofree char *rest = g_strnfill (300, 'x'), *long_body = g_strdup_printf ("{\"message\":\"\xc3\xa4%s\"}", rest);
  const Exchange long_words[] = { { SUB, 500, long_body }, { NULL } };
  g_autoptr (AditProviderTask) long_task = begin (f, ADIT_PROVIDER_ACCOUNT);
  g_autoptr (GError) long_error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Exchange exchanges[] = { { SUB, 500, rows[i].body, rows[i].type }, { NULL } };
      g_autoptr (AditProviderTask) task = begin (f, ADIT_PROVIDER_ACCOUNT);
      g_autoptr (GError) error = NULL;

      g_assert_false (walk (task, exchanges, &error));
      g_assert_cmpstr (error->message, ==, rows[i].wanted);
    }
  g_assert_false (walk (long_task, long_words, &long_error));
  g_assert_cmpuint (strlen (long_error->message), <, 256);
  g_assert_true (g_utf8_validate (long_error->message, -1, NULL));
}

static void
test_wishes (Fixture *f, gconstpointer data)
{
#define ASKED(country, city) "{\"public_key\":\"" KEY "\",\"country\":\"" country "\",\"city\":\"" city "\",\"ip_type\":\"\"," \
                             "\"os_type\":\"linux\"}"
  static const struct
  {
    AditPlace place;
    const char *city, *asked, *answered;
    const char *found, *found_name;    /* SERVER, and the city's name */
  } rows[] = {
    { { "de", "any", "de-any" }, "Any city", ASKED ("DE", ""), "", "de-any", "Any city" },
    { { "de", "any", "de-any" }, "Any city", ASKED ("DE", ""), ",\"country\":\"DE\",\"city\":\"Berlin\"", "de-berlin", "Berlin" },
    { { "de", "any", "de-any" }, "Any city", ASKED ("DE", ""), ",\"country\":null,\"city\":null", "de-any", "Any city" },
    { { "de", "any", "de-any" }, "Any city", ASKED ("DE", ""), ",\"country\":\"\",\"city\":\"\"", "de-any", "Any city" },
    { { "de", "", "" }, NULL, ASKED ("DE", ""), "", "de-any", "Any city" },
    { { "de", "berlin", "de-berlin" }, "Berlin", ASKED ("DE", "Berlin"), "", "de-berlin", "Berlin" },
    { { "de", "berlin", "de-berlin" }, "Berlin", ASKED ("DE", "Berlin"), ",\"city\":\"Bonn\"", "de-bonn", "Bonn" },
    { { "de", "a-b-c-6efe", "" }, "A \"B\" \\C", ASKED ("DE", "A \\\"B\\\" \\\\C"), "", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *body = g_strconcat ("{\"wg_config\":\"" TEMPLATE "\"", rows[i].answered, "}", NULL);
      const Exchange exchanges[] = { { CONNECT, 200, body }, { NULL } };
      AditLocation location = { .place = rows[i].place, .country_name = "Germany" };
      g_autoptr (AditProviderTask) task = NULL;
      g_autoptr (GError) error = NULL;
      g_auto (AditHttpRequest) http = { 0 };

      if (rows[i].city != NULL)
        g_strlcpy (location.city_name, rows[i].city, sizeof location.city_name);
      if (rows[i].found == NULL)
        adit_mysterium_write_city_code (rows[i].city, location.place.city);
      f->request.place = &location.place;
      f->request.location = rows[i].city != NULL ? &location : NULL;
      task = begin (f, ADIT_PROVIDER_TUNNEL);
      g_assert_true (adit_provider_task_next (task, &http, NULL));
      assert_secret (http.body, rows[i].asked);
      if (rows[i].found == NULL)
        continue;
      g_assert_true (walk (task, exchanges, &error));
      g_assert_true (adit_location_is_valid (&task->result.tunnel.location));
      g_assert_cmpstr (task->result.tunnel.location.place.server, ==, rows[i].found);
      g_assert_cmpstr (task->result.tunnel.location.city_name, ==, rows[i].found_name);
      g_assert_cmpstr (task->result.tunnel.location.country_name, ==, "Germany");
    }
}

static void
test_list_kept (Fixture *f, gconstpointer data)
{
  g_autoptr (AditProviderTask) task = NULL;
  g_auto (AditHttpRequest) http = { 0 };
  g_auto (AditHttpAnswer) answer = { 0 };
  Exchange exchange = { PLACES, 304, "" };

  f->request.etag = "\"v1\"";
  task = begin (f, ADIT_PROVIDER_LIST);
  g_assert_true (adit_provider_task_next (task, &http, NULL));
  g_assert_true (g_strv_contains ((const char *const *) http.headers, "If-None-Match: \"v1\""));
  fill (&answer, &exchange);
  g_assert_true (adit_provider_task_answer (task, &answer, NULL));
  g_assert_true (task->is_done && task->result.list == NULL);
}

static void
test_rules (void)
{
  const AditProviderOps *ops = adit_provider_find ("mysterium");
  const AditService *service = adit_service_find ("mysterium");

  g_assert_true (ops == &adit_provider_mysterium);
  g_assert_null (ops->tls.roots_pem);    /* this computer's */
  g_assert_true (ops->tls.send_server_name);
  g_assert_cmpstr (service->api_host, ==, "api.mysteriumvpn.com");
  g_assert_null (service->api_endpoints[0]);
}

static void
add (const char *name, void (*test) (Fixture *f, gconstpointer data), gconstpointer data)
{
  g_autofree char *path = g_strconcat ("/provider-mysterium/", name, NULL);

  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    add (cases[i].name, test_case, &cases[i]);
  add ("sign-in", test_sign_in, NULL);
  add ("wrong-requests", test_wrong_requests, NULL);
  add ("tokens", test_tokens, NULL);
  add ("subscriptions", test_subscriptions, NULL);
  add ("words", test_words, NULL);
  add ("wishes", test_wishes, NULL);
  add ("list-kept", test_list_kept, NULL);
  g_test_add_func ("/provider-mysterium/rules", test_rules);
  return g_test_run ();
}
