/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-refusals.c: every code by which each of the four services refuses, with the error that it becomes and the sentence that a
 * person reads; and what a code that nobody has heard of looks like. */
#include <string.h>

#include "client/api/explain.h"
#include "client/provider/provider.h"

#define NOW     G_GINT64_CONSTANT (1785542400)    /* 2026-08-01 */
#define KEY     "IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM="
#define JSON    "application/json"
#define PROBLEM "application/problem+json"
#define ERROR   "application/vnd.mysterium.error+json"
#define TOKEN   { 200, JSON, "{\"access_token\":\"mva_1\",\"expiry\":\"2026-09-01T12:00:00Z\"}" }
#define MAX_ANSWERS 6
#define DETAIL_MAX_BYTES 256    /* ADIT_WIRE_DETAIL_MAX_BYTES */

typedef struct { guint status; const char *type, *body; } Reply;
typedef struct
{
  const char      *name, *service;
  AditProviderWant want;
  AditError        error;
  const char      *sentence;    /* how it begins */
  const char      *detail;      /* what is in it, or NULL */
  Reply            replies[MAX_ANSWERS];
} Row;

#define NO_CREDENTIAL "The service does not accept what was given to sign in."
#define NO_SIGN_IN    "The service has ended this sign-in. Sign in again."
#define NO_DEVICE     "The service no longer knows this computer."
#define NO_ROOM       "The account is used on as many devices as it allows."
#define NO_KEY        "The service does not accept this computer's key."
#define NO_TIME       "Your account has no time left."
#define NO_VOUCHER    "The service does not know this voucher."
#define USED_VOUCHER  "This voucher has been used already."
#define IS_BROKEN     "The service has a fault of its own at the moment."
#define IS_BUSY       "The service was asked too often."
#define IS_OTHER      "The service did not understand what Adit asked of it."
#define IS_NONSENSE   "The service answered in a way that Adit does not understand."
#define IS_REFUSED    "The service refused. Its own words"
#define NO_PLACE      "There is no server in that place."

#define MULLVAD(code) { 400, JSON, "{\"code\":\"" code "\"}" }
#define IVPN(status)  { { 200, JSON, "{\"status\":" #status ",\"message\":\"Words\"}" } }
#define MYST(code, status) { { status, ERROR, "{\"error\":{\"code\":\"" code "\",\"message\":\"Words\"},\"status\":400}" } }

static const Row rows[] = {
  /* Mullvad: its list of codes, and what it does with anything else. */
  { "invalid-account", "mullvad", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_CREDENTIAL_REFUSED, NO_CREDENTIAL, "account number",
    { MULLVAD ("INVALID_ACCOUNT") } },
  { "invalid-account-problem", "mullvad", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_CREDENTIAL_REFUSED, NO_CREDENTIAL, "account number",
    { { 400, PROBLEM, "{\"type\":\"INVALID_ACCOUNT\"}" } } },
  { "invalid-access-token", "mullvad", ADIT_PROVIDER_VOUCHER, ADIT_ERROR_SIGN_IN_ENDED, NO_SIGN_IN, "token",
    { TOKEN, MULLVAD ("INVALID_ACCESS_TOKEN"), TOKEN, MULLVAD ("INVALID_ACCESS_TOKEN") } },
  { "device-not-found", "mullvad", ADIT_PROVIDER_ROTATE, ADIT_ERROR_DEVICE_REVOKED, NO_DEVICE, "DEVICE_NOT_FOUND",
    { TOKEN, MULLVAD ("DEVICE_NOT_FOUND") } },
  { "max-devices-reached", "mullvad", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_TOO_MANY_DEVICES, NO_ROOM, "MAX_DEVICES",
    { TOKEN, { 200, JSON, "{\"expiry\":\"2027-01-01T00:00:00Z\"}" }, MULLVAD ("MAX_DEVICES_REACHED") } },
  { "pubkey-in-use", "mullvad", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_KEY_REFUSED, NO_KEY, "key",
    { TOKEN, { 200, JSON, "{\"expiry\":\"2027-01-01T00:00:00Z\"}" }, MULLVAD ("PUBKEY_IN_USE"), { 200, JSON, "[]" } } },
  { "invalid-voucher", "mullvad", ADIT_PROVIDER_VOUCHER, ADIT_ERROR_VOUCHER_REFUSED, NO_VOUCHER, "INVALID_VOUCHER",
    { TOKEN, MULLVAD ("INVALID_VOUCHER") } },
  { "voucher-used", "mullvad", ADIT_PROVIDER_VOUCHER, ADIT_ERROR_VOUCHER_USED, USED_VOUCHER, "VOUCHER_USED",
    { TOKEN, MULLVAD ("VOUCHER_USED") } },
  { "method-not-allowed", "mullvad", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_NOT_UNDERSTOOD, IS_OTHER, "405", { { 405, JSON, "{}" } } },
  { "throttled", "mullvad", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_TOO_MANY_REQUESTS, IS_BUSY, "429",
    { { 429, JSON, "{\"code\":\"THROTTLED\"}" } } },
  { "in-trouble", "mullvad", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_FAILED, IS_BROKEN, "503",
    { { 503, "text/html", "<html>Bad gateway</html>" } } },
  { "portal", "mullvad", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_UNTRUSTED, "Something else answers in place", "511",
    { { 511, "text/html", "<html>Your room:</html>" } } },
  { "unknown", "mullvad", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "HTTP 400, SOME_NEW_CODE",
    { MULLVAD ("SOME_NEW_CODE") } },
  { "unknown-hostile", "mullvad", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "HTTP 400",
    { MULLVAD ("<b>A</b>\\u001b[2J{") } },
  { "no-json", "mullvad", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_NONSENSE, IS_NONSENSE, "HTTP 400", { { 400, JSON, "{" } } },

  /* IVPN: the numbers inside the answers.  Questions are none of these (see test-provider-ivpn.c). */
  { "401", "ivpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_CREDENTIAL_REFUSED, NO_CREDENTIAL, "401: Words", IVPN (401) },
  { "424", "ivpn", ADIT_PROVIDER_ROTATE, ADIT_ERROR_KEY_REFUSED, NO_KEY, "424: Words", IVPN (424) },
  { "601", "ivpn", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_DEVICE_REVOKED, NO_DEVICE, "601: Words", IVPN (601) },
  { "602", "ivpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_TOO_MANY_DEVICES, NO_ROOM, "602: Words", IVPN (602) },
  { "702", "ivpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_ACCOUNT_EXPIRED, NO_TIME, "702: Words", IVPN (702) },
  { "70001-unasked", "ivpn", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "70001: Words", IVPN (70001) },
  { "70002-unasked", "ivpn", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "70002: Words", IVPN (70002) },
  { "70011-unasked", "ivpn", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "70011: Words", IVPN (70011) },
  { "70012-unasked", "ivpn", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "70012: Words", IVPN (70012) },
  { "429", "ivpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_TOO_MANY_REQUESTS, IS_BUSY, "429: Words", IVPN (429) },
  { "500", "ivpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_FAILED, IS_BROKEN, "500: Words", IVPN (500) },
  { "unknown", "ivpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "(12345: Words)", IVPN (12345) },
  { "unknown-hostile", "ivpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "(9: Go [2J now)",
    { { 200, JSON, "{\"status\":9,\"message\":\"<b>Go</b>\\u001b[2J\\u202e\\n now\"}" } } },
  { "unknown-json", "ivpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "error (9)",
    { { 200, JSON, "{\"status\":9,\"message\":\" {\\\"errors\\\":[{\\\"a\\\":{\\\"b\\\":1}}]}\"}" } } },
  { "gateway", "ivpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_FAILED, IS_BROKEN, "HTTP 502",
    { { 502, "text/html", "<html>Bad gateway</html>" } } },

  /* OVPN: its error table; what is about tunnels is said by openvpn and by the session. */
  { "entry-unsuccessful", "ovpn", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_FAILED, IS_BROKEN, "no list of its servers",
    { { 200, JSON, "{\"success\":false}" } } },
  { "entry-no-json", "ovpn", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_NONSENSE, IS_NONSENSE, "not JSON",
    { { 200, "text/html", "<html></html>" } } },
  { "401", "ovpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_CREDENTIAL_REFUSED, NO_CREDENTIAL, "password", { { 401, JSON, "{}" } } },
  { "403", "ovpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_CREDENTIAL_REFUSED, NO_CREDENTIAL, "password", { { 403, JSON, "{}" } } },
  { "423", "ovpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_TOO_MANY_REQUESTS, IS_BUSY, "wait a minute", { { 423, JSON, "{}" } } },
  { "too-many-keys", "ovpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_TOO_MANY_DEVICES, NO_ROOM, "https://www.ovpn.com/account/",
    { { 422, JSON, "{\"errors\":{\"new_key\":[\"You may not have more than 8 keys\"]}}" } } },
  { "too-many-keys-message", "ovpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_TOO_MANY_DEVICES, NO_ROOM, "https://www.ovpn.com/account/",
    { { 422, JSON, "{\"error\":{\"message\":\"Not more than 8\"}}" } } },
  { "error-message", "ovpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_FAILED, IS_BROKEN, "says: It burns",
    { { 500, JSON, "{\"error\":{\"message\":\"It burns\"}}" } } },
  { "html", "ovpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_FAILED, IS_BROKEN, "HTTP 502", { { 502, "text/html", "<html>" } } },
  { "unknown", "ovpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "says: Odd (HTTP 422)",
    { { 422, JSON, "{\"errors\":{\"new_key\":[\"<i>Odd</i>\\u001b\"]}}" } } },
  { "unknown-json", "ovpn", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "key: HTTP 422",
    { { 422, JSON, "{\"error\":{\"message\":\"[{\\\"a\\\":1}]\"}}" } } },

  /* Mysterium: the codes that all calls of its interface share, and what its hosted service says by HTTP. */
  { "not-found", "mysterium", ADIT_PROVIDER_LIST, ADIT_ERROR_NOT_UNDERSTOOD, IS_OTHER, "Words", MYST ("not_found", 404) },
  { "no-such-place", "mysterium", ADIT_PROVIDER_TUNNEL, ADIT_ERROR_NO_SUCH_PLACE, NO_PLACE, "Words", MYST ("not_found", 404) },
  { "internal", "mysterium", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_FAILED, IS_BROKEN, "Words", MYST ("internal", 500) },
  { "parse-failed", "mysterium", ADIT_PROVIDER_LIST, ADIT_ERROR_NOT_UNDERSTOOD, IS_OTHER, "Words", MYST ("parse_failed", 400) },
  { "validation-failed", "mysterium", ADIT_PROVIDER_TUNNEL, ADIT_ERROR_NOT_UNDERSTOOD, IS_OTHER, "country: required",
    { { 400, ERROR, "{\"error\":{\"code\":\"validation_failed\",\"message\":\"No\",\"detail\":\"country: required\","
                    "\"fields\":{\"country\":{\"code\":\"required\"}}}}" } } },
  { "unavailable", "mysterium", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_FAILED, IS_BROKEN, "Words", MYST ("unavailable", 503) },
  { "shall-not-pass", "mysterium", ADIT_PROVIDER_LIST, ADIT_ERROR_SIGN_IN_ENDED, NO_SIGN_IN, "Words",
    MYST ("shall_not_pass", 403) },
  { "renewal-refused", "mysterium", ADIT_PROVIDER_ACCOUNT, ADIT_ERROR_SIGN_IN_ENDED, NO_SIGN_IN, "sign in again",
    { { 401, JSON, "{}" }, { 401, JSON, "{}" } } },
  { "limit-exceeded", "mysterium", ADIT_PROVIDER_TUNNEL, ADIT_ERROR_TOO_MANY_DEVICES, NO_ROOM, "address",
    { { 200, JSON, "{\"limit_exceeded\":true}" } } },
  { "429", "mysterium", ADIT_PROVIDER_TUNNEL, ADIT_ERROR_TOO_MANY_REQUESTS, IS_BUSY, "429", { { 429, JSON, "{}" } } },
  { "503", "mysterium", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_FAILED, IS_BROKEN, "503", { { 503, "text/html", "<html>" } } },
  { "message-alone", "mysterium", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "\"Not you\"",
    { { 403, JSON, "{\"message\":\"Not you\"}" } } },
  { "unknown", "mysterium", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "Words", MYST ("err_new", 422) },
  { "unknown-hostile", "mysterium", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "\"Go [2J now\"",
    { { 422, ERROR, "{\"error\":{\"code\":\"\\u001b\",\"message\":\"<b>Go</b>\\u001b[2J\\u202e\\n now\"}}" } } },
  { "unknown-json", "mysterium", ADIT_PROVIDER_LIST, ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "did not say why",
    { { 422, ERROR, "{\"error\":{\"code\":\"x\",\"message\":\"{\\\"a\\\":[1,2]}\"}}" } } },
};

static const char *
get_credential (const char *service)
{
  static const struct { const char *service, *credential; } known[] = {
    { "mullvad", "1234567890123456" }, { "ivpn", "i-ABCD-EFGH-IJKL" }, { "ovpn", "alice\ns3cret" }, { "mysterium", "refresh-1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].service, service))
      return known[i].credential;
  return "";
}

static gboolean
walk (AditProviderTask *task, const Reply *reply, GError **error)
{
  for (guint i = 0; i < MAX_ANSWERS && !task->is_done; i++, reply++)
    {
      g_auto (AditHttpRequest) http = { 0 };
      g_auto (AditHttpAnswer) answer = { 0 };

      if (!adit_provider_task_next (task, &http, error))
        return FALSE;
      g_assert_nonnull (reply->body);    /* the row has as many answers as there are questions */
      adit_http_answer_init (&answer, http.answer_max_bytes);
      answer.status = reply->status;
      answer.has_length = reply->body[0] != '\0';
      g_free (answer.content_type);
      answer.content_type = g_strdup (reply->type);
      g_byte_array_append (answer.body, (const guint8 *) reply->body, (guint) strlen (reply->body));
      if (!adit_provider_task_answer (task, &answer, error))
        return FALSE;
    }
  return TRUE;
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  const char *typed = get_credential (row->service);
  gboolean is_new = row->want == ADIT_PROVIDER_LOG_IN;
  g_autoptr (AditSecret) credential = adit_secret_new (typed, strlen (typed)), token = adit_secret_new ("t0ken", 5);
  g_autoptr (AditSecret) voucher = adit_secret_new ("ABCD-EFGH-IJKL-MNOP", 19);
  g_autofree guchar *key = NULL, *old_key = NULL;
  AditPlace place = { .country = "de" };
  gsize length;
  AditProviderRequest request = { .want = row->want, .credential = credential, .now_s = NOW, .device_id = "9b0e7a7a",
                                  .voucher = voucher, .place = &place };
  g_autoptr (AditProviderTask) task = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  AditExplanation words;

  key = g_base64_decode (KEY, &length);
  old_key = g_base64_decode ("AAAAXnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM=", &length);
  request.public_key = key;
  request.old_public_key = is_new ? NULL : old_key;
  /* Mullvad's tokens are part of the walk; the others' are there. */
  if (!is_new && !g_str_equal (row->service, "mullvad"))
    {
      request.token = token;
      request.token_expires_at_s = NOW + 86400;
    }
  task = adit_provider_task_new (adit_provider_find (row->service), &request, &error);
  g_assert_no_error (error);
  g_assert_false (walk (task, row->replies, &error));
  g_assert_error (error, ADIT_ERROR, (int) row->error);
  adit_explain_error (row->error, &words);
  sentence = g_strconcat (words.what, " ", words.remedy, NULL);
  g_test_message ("%s (%s)", sentence, error->message);
  g_assert_true (g_str_has_prefix (sentence, row->sentence));
  g_assert_cmpstr (words.remedy, !=, "");
  if (row->detail != NULL && strstr (error->message, row->detail) == NULL)
    g_error ("\"%s\" is not in: %s", row->detail, error->message);
  g_assert_cmpuint (strlen (error->message), <, DETAIL_MAX_BYTES);
  g_assert_null (strpbrk (error->message, "<>{}\033\n\r"));
  g_assert_null (strstr (error->message, "\xe2\x80\xae"));    /* U+202E turns the writing direction */
}

/* Ten thousand words are cut, whoever says them. */
static void
test_long (void)
{
  static const struct { const char *service, *type, *before, *after; guint status; } talkers[] = {
    { "ivpn", JSON, "{\"status\":9,\"message\":\"", "\"}", 200 }, { "ovpn", JSON, "{\"errors\":{\"a\":[\"", "\"]}}", 422 },
    { "mysterium", ERROR, "{\"error\":{\"code\":\"x\",\"message\":\"", "\"}}", 422 },
  };
  g_autofree char *lament = g_strnfill (3500, 'W');

  for (gsize i = 0; i < G_N_ELEMENTS (talkers); i++)
    {
      g_autofree char *body = g_strconcat (talkers[i].before, lament, talkers[i].after, NULL);
      gboolean is_list = g_str_equal (talkers[i].service, "mysterium");
      Row row = { "", talkers[i].service, is_list ? ADIT_PROVIDER_LIST : ADIT_PROVIDER_LOG_IN,
                  ADIT_ERROR_SERVICE_REFUSED, IS_REFUSED, "WWWWW", { { talkers[i].status, talkers[i].type, body } } };

      test_row (&row);
    }
}

/* What was sent is a secret, and errors are told and logged: no service gets it there by saying it back, however it spells it. */
static void
test_repeats (void)
{
  static const struct { const char *service; AditProviderWant want; Reply replies[2]; } rows_of[] = {
    { "ivpn", ADIT_PROVIDER_LOG_IN, { { 200, JSON, "{\"status\":401,\"message\":\"No account i-ABCD-EFGH-IJKL here\"}" } } },
    { "ivpn", ADIT_PROVIDER_LOG_IN, { { 200, JSON, "{\"status\":9,\"message\":\"iabcd efgh<b>IJKL</b>\"}" } } },
    { "ivpn", ADIT_PROVIDER_ACCOUNT, { { 200, JSON, "{\"status\":601,\"message\":\"t0ken-of-session is gone\"}" } } },
    { "mullvad", ADIT_PROVIDER_LOG_IN, { MULLVAD ("1234567890123456") } },
    { "mullvad", ADIT_PROVIDER_VOUCHER, { TOKEN, MULLVAD ("ABCD_EFGH_IJKL_MNOP") } },
    { "ovpn", ADIT_PROVIDER_LOG_IN, { { 422, JSON, "{\"errors\":{\"a\":[\"Alice.Long: S3cret-Words\"]}}" } } },
    { "mysterium", ADIT_PROVIDER_LIST, { { 422, ERROR, "{\"error\":{\"code\":\"x\",\"message\":\"Not Refresh_1\"}}" } } },
  };
  static const char *const secrets[] = { "ABCD", "efgh", "t0ken", "123456", "S3cret", "Refresh", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (rows_of); i++)
    {
      const char *service = rows_of[i].service;
      const char *typed = g_str_equal (service, "ovpn") ? "alice.long\ns3cret-words" : get_credential (service);
      g_autoptr (AditSecret) credential = adit_secret_new (typed, strlen (typed));
      g_autoptr (AditSecret) token = adit_secret_new ("t0ken-of-session", 16);
      g_autoptr (AditSecret) voucher = adit_secret_new ("ABCD-EFGH-IJKL-MNOP", 19);
      g_autofree guchar *key = NULL;
      gsize length;
      AditProviderRequest request = { .want = rows_of[i].want, .credential = credential, .now_s = NOW, .device_id = "9b0e7a7a",
                                      .voucher = voucher };
      g_autoptr (AditProviderTask) task = NULL;
      g_autoptr (GError) error = NULL;

      request.public_key = key = g_base64_decode (KEY, &length);
      request.token = g_str_equal (service, "mullvad") ? NULL : token;
      request.token_expires_at_s = NOW + 86400;
      task = adit_provider_task_new (adit_provider_find (service), &request, &error);
      g_assert_no_error (error);
      g_assert_false (walk (task, rows_of[i].replies, &error));
      for (const char *const *secret = secrets; *secret != NULL; secret++)
        if (strstr (error->message, *secret) != NULL)
          g_error ("%s: %s", service, error->message);
    }
}

/* Two codes of one service are two sentences, but for those that mean the same to whoever reads them. */
static void
test_distinct (void)
{
  for (gint a = 0; a < ADIT_N_ERRORS; a++)
    for (gint b = 0; b < a; b++)
      {
        AditExplanation one, other;

        adit_explain_error ((AditError) a, &one);
        adit_explain_error ((AditError) b, &other);
        g_assert_cmpstr (one.what, !=, other.what);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/refusals/%s/%s", rows[i].service, rows[i].name);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/refusals/long", test_long);
  g_test_add_func ("/refusals/repeats", test_repeats);
  g_test_add_func ("/refusals/distinct", test_distinct);
  return g_test_run ();
}
