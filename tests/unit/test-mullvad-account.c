/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-mullvad-account.c: new accounts, vouchers, how many devices an account may have, and for how long a token serves. */
#include <string.h>

#include "tests/unit/mullvad-walk.h"

#define CREATE   "POST /accounts/v1/accounts"
#define VOUCHER  "POST /app/v1/submit-voucher"
#define GET_ME   "GET /accounts/v1/accounts/me"
#define GOOD     "ABCD-EFGH-IJKL-MNOP"
#define BODY     "{\"voucher_code\":\"" GOOD "\"}"
#define SPENT    "{\"time_added\":2592000,\"new_expiry\":\"2027-01-30T23:00:00Z\"}"
#define PAID     1801350000    /* 2027-01-30T23:00:00Z */
#define NONSENSE ADIT_ERROR_SERVICE_NONSENSE
#define REFUSED  ADIT_ERROR_SERVICE_REFUSED

typedef struct { const char *name; AditProviderWant want; int error; const char *words; Exchange exchanges[6]; } Case;

#define NEW(answer) { { CREATE, 201, answer, NULL, FALSE, "" } }
#define REDEEM(status, answer) { TOKEN, { VOUCHER, status, answer, NULL, FALSE, BODY } }

static const Case cases[] = {
  { "create", ADIT_PROVIDER_CREATE, FINE, NULL, NEW ("{\"number\":\"1234567890123456\"}") },
  { "create-more", ADIT_PROVIDER_CREATE, FINE, NULL, NEW ("{\"id\":null,\"number\":\"1234567890123456\",\"expiry\":[]}") },
  { "create-200", ADIT_PROVIDER_CREATE, FINE, NULL, { { CREATE, 200, "{\"number\":\"1234567890123456\"}" } } },
  { "create-none", ADIT_PROVIDER_CREATE, NONSENSE, "\"number\"", NEW ("{}") },
  { "create-null", ADIT_PROVIDER_CREATE, NONSENSE, "\"number\"", NEW ("{\"number\":null}") },
  { "create-integer", ADIT_PROVIDER_CREATE, NONSENSE, "\"number\"", NEW ("{\"number\":1234567890123456}") },
  { "create-empty", ADIT_PROVIDER_CREATE, NONSENSE, "\"number\"", NEW ("{\"number\":\"\"}") },
  { "create-short", ADIT_PROVIDER_CREATE, NONSENSE, "\"number\"", NEW ("{\"number\":\"123456789\"}") },
  { "create-long", ADIT_PROVIDER_CREATE, NONSENSE, "\"number\"", NEW ("{\"number\":\"12345678901234567\"}") },
  { "create-spaces", ADIT_PROVIDER_CREATE, NONSENSE, "\"number\"", NEW ("{\"number\":\"1234 5678 9012\"}") },
  { "create-control", ADIT_PROVIDER_CREATE, NONSENSE, "\"number\"", NEW ("{\"number\":\"1234567890\\n\"}") },
  { "create-letters", ADIT_PROVIDER_CREATE, NONSENSE, "\"number\"", NEW ("{\"number\":\"123456789012345a\"}") },
  { "create-twice", ADIT_PROVIDER_CREATE, NONSENSE, "JSON", NEW ("{\"number\":\"1234567890123456\",\"number\":\"1\"}") },
  { "create-array", ADIT_PROVIDER_CREATE, NONSENSE, "\"number\"", NEW ("[\"1234567890123456\"]") },
  { "create-html", ADIT_PROVIDER_CREATE, NONSENSE, "JSON", NEW ("<html></html>") },
  { "create-refused", ADIT_PROVIDER_CREATE, ADIT_ERROR_TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS",
    { { CREATE, 429, "{\"code\":\"TOO_MANY_REQUESTS\"}" } } },
  { "create-token", ADIT_PROVIDER_CREATE, ADIT_ERROR_SIGN_IN_ENDED, "INVALID_ACCESS_TOKEN",
    { { CREATE, 401, "{\"code\":\"INVALID_ACCESS_TOKEN\"}" } } },
  { "create-redirected", ADIT_PROVIDER_CREATE, NONSENSE, "redirection", { { CREATE, 307, "", NULL, TRUE } } },

  { "voucher", ADIT_PROVIDER_VOUCHER, FINE, NULL, REDEEM (200, SPENT) },
  { "voucher-offset", ADIT_PROVIDER_VOUCHER, FINE, NULL,
    REDEEM (200, "{\"new_expiry\":\"2027-01-31T00:00:00.25+01:00\",\"time_added\":\"much\"}") },
  { "voucher-no-end", ADIT_PROVIDER_VOUCHER, NONSENSE, "\"new_expiry\"", REDEEM (200, "{\"time_added\":2592000}") },
  { "voucher-other-end", ADIT_PROVIDER_VOUCHER, NONSENSE, "\"new_expiry\"",
    REDEEM (200, "{\"expiry\":\"2027-01-30T23:00:00Z\"}") },
  { "voucher-end-is-number", ADIT_PROVIDER_VOUCHER, NONSENSE, "\"new_expiry\"", REDEEM (200, "{\"new_expiry\":1801350000}") },
  { "voucher-end-is-null", ADIT_PROVIDER_VOUCHER, NONSENSE, "\"new_expiry\"", REDEEM (200, "{\"new_expiry\":null}") },
  { "voucher-end-is-nowhere", ADIT_PROVIDER_VOUCHER, NONSENSE, "\"new_expiry\"",
    REDEEM (200, "{\"new_expiry\":\"2027-01-30T23:00:00\"}") },
  { "voucher-half", ADIT_PROVIDER_VOUCHER, NONSENSE, "JSON", REDEEM (200, "{\"time_added\":2592000,\"new_e") },
  { "voucher-array", ADIT_PROVIDER_VOUCHER, NONSENSE, "\"new_expiry\"", REDEEM (200, "[]") },
  { "voucher-unknown", ADIT_PROVIDER_VOUCHER, ADIT_ERROR_VOUCHER_REFUSED, "does not know this voucher",
    REDEEM (400, "{\"code\":\"INVALID_VOUCHER\"}") },
  { "voucher-used", ADIT_PROVIDER_VOUCHER, ADIT_ERROR_VOUCHER_USED, "used already", REDEEM (400, "{\"code\":\"VOUCHER_USED\"}") },
  { "voucher-problem", ADIT_PROVIDER_VOUCHER, ADIT_ERROR_VOUCHER_USED, "used already",
    { TOKEN, { VOUCHER, 400, "{\"type\":\"VOUCHER_USED\"}", "application/problem+json" } } },
  { "voucher-account-gone", ADIT_PROVIDER_VOUCHER, ADIT_ERROR_CREDENTIAL_REFUSED, NULL,
    REDEEM (400, "{\"code\":\"INVALID_ACCOUNT\"}") },
  { "voucher-device-gone", ADIT_PROVIDER_VOUCHER, ADIT_ERROR_DEVICE_REVOKED, NULL,
    REDEEM (404, "{\"code\":\"DEVICE_NOT_FOUND\"}") },
  { "voucher-404", ADIT_PROVIDER_VOUCHER, REFUSED, "404", { TOKEN, { VOUCHER, 404, "", NULL, TRUE } } },
  { "voucher-odd-code", ADIT_PROVIDER_VOUCHER, REFUSED, "HTTP 400", REDEEM (400, "{\"code\":\"\\u001b[31mRED\\n\"}") },
  { "voucher-number-unknown", ADIT_PROVIDER_VOUCHER, ADIT_ERROR_CREDENTIAL_REFUSED, NULL,
    { { POST_TOKEN, 400, "{\"code\":\"INVALID_ACCOUNT\"}", NULL, FALSE, "{\"account_number\":\"" NUMBER "\"}" } } },
  { "voucher-token-renewed", ADIT_PROVIDER_VOUCHER, FINE, NULL,
    { TOKEN, { VOUCHER, 401, "{\"code\":\"INVALID_ACCESS_TOKEN\"}" }, TOKEN2, { VOUCHER, 200, SPENT, NULL, FALSE, BODY } } },
  { "voucher-token-renewed-once", ADIT_PROVIDER_VOUCHER, ADIT_ERROR_SIGN_IN_ENDED, "INVALID_ACCESS_TOKEN",
    { TOKEN, { VOUCHER, 401, "{\"code\":\"INVALID_ACCESS_TOKEN\"}" }, TOKEN2,
      { VOUCHER, 401, "{\"code\":\"INVALID_ACCESS_TOKEN\"}" } } },
};

static AditProviderTask *
begin (AditProviderWant want, const char *voucher, const char *token, gint64 token_expires_at_s, GError **error)
{
  static const guint8 key[ADIT_WG_KEY_BYTES] = { 1 };
  static AditProviderRequest request;    /* it outlives the task */
  static AditSecret *lent[3];
  const char *const texts[] = { "1234 5678 9012 3456", voucher, token };

  for (gsize i = 0; i < G_N_ELEMENTS (lent); i++)
    {
      g_clear_pointer (&lent[i], adit_secret_unref);
      lent[i] = texts[i] != NULL ? adit_secret_new (texts[i], strlen (texts[i])) : NULL;
    }
  request = (AditProviderRequest) { .want = want, .credential = want != ADIT_PROVIDER_CREATE ? lent[0] : NULL, .now_s = NOW,
                                    .voucher = lent[1], .token = lent[2], .token_expires_at_s = token_expires_at_s,
                                    .device_id = ID, .public_key = key };
  return adit_provider_task_new (&adit_provider_mullvad, &request, error);
}

static void
test_case (gconstpointer data)
{
  const Case *row = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AditProviderTask) task = begin (row->want, " abcd-efgh ijkl-MNOP\n", NULL, 0, &error);

  g_assert_no_error (error);
  if (!mullvad_walk (task, row->exchanges, NULL, &error))
    {
      g_assert_error (error, ADIT_ERROR, row->error);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (strpbrk (error->message, "\n\x1b"));
      g_assert_null (strstr (error->message, NUMBER));
      g_assert_true (row->words == NULL || strstr (error->message, row->words) != NULL);
      g_assert_null (task->result.credential);
      return;
    }
  g_assert_cmpint (row->error, ==, FINE);
  if (row->want == ADIT_PROVIDER_CREATE)
    {
      g_assert_cmpmem (adit_secret_peek (task->result.credential, NULL), adit_secret_get_size (task->result.credential), NUMBER,
                       strlen (NUMBER));
      g_assert_null (task->fresh_token);
    }
  else
    {
      g_assert_cmpint (task->result.account_expires_at_s, ==, PAID);
      g_assert_nonnull (task->fresh_token);
      g_assert_cmpint (task->fresh_token_expires_at_s, ==, TOKEN_END);
    }
}

/* What a person types becomes the one spelling, or nothing is sent. */
static void
test_vouchers (void)
{
  static const struct { const char *typed, *sent; } rows[] = {
    { "ABCD-EFGH-IJKL-MNOP", GOOD }, { "abcdefghijklmnop", GOOD }, { "  abcd efgh\tijkl\xc2\xa0mnop\r\n", GOOD },
    { "A-B-C-D-EFGHIJKLMNOP--", GOOD }, { "0123-4567-89AB-cdef", "0123-4567-89AB-CDEF" },
    { "ABCD-EFGH-IJKL-MNOP-Q", "ABCD-EFGH-IJKL-MNOP-Q" },
    { "0123456789abcdef0123456789abcdef", "0123-4567-89AB-CDEF-0123-4567-89AB-CDEF" },
    { "0123456789abcdef0123456789abcdef0", NULL }, { "ABCD-EFGH-IJKL-MNO", NULL }, { "", NULL }, { "----------------", NULL },
    { NULL, NULL },
    { "ABCD-EFGH-IJKL-MNO\"", NULL }, { "ABCD-EFGH-IJKL-MNOP\"}", NULL }, { "ABCD_EFGH_IJKL_MNOP", NULL },
    { "ABCD-EFGH-IJKL-MNO\\", NULL }, { "ABCDEFGHIJKLMNO\x01", NULL }, { "ABCDEFGHIJKLMNOP\x7f", NULL },
    { "ABCDEFGHIJKLMNOP\x1b[0m", NULL }, { "ABCDEFGHIJKLMNO\xc3\x84", NULL }, { "ABCDEFGHIJKLMNO\xff", NULL },
    { "ABCDEFGHIJKLMNO\xef\xbc\xa1", NULL },        /* a wide A */
    { "ABCDEFGHIJKLMNO\xe2\x80\xae", NULL },        /* turns the writing direction */
    { "ABCDEFGHIJKLMNO\xd9\xa3", NULL },            /* a digit, of Arabic */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AditProviderTask) task = begin (ADIT_PROVIDER_VOUCHER, rows[i].typed, "t", NOW + 61, &error);
      g_auto (AditHttpRequest) http = { 0 };

      if ((task != NULL) != (rows[i].sent != NULL))
        g_error ("%s: %s", rows[i].sent != NULL ? "not taken" : "taken", rows[i].typed);
      if (task == NULL)
        g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
      else
        {
          g_autofree char *wanted = g_strdup_printf ("{\"voucher_code\":\"%s\"}", rows[i].sent);

          g_assert_true (adit_provider_task_next (task, &http, NULL));
          g_assert_cmpmem (adit_secret_peek (http.body, NULL), adit_secret_get_size (http.body), wanted, strlen (wanted));
        }
    }
}

/* Only told: what is none does no harm. */
static void
test_limits (void)
{
  static const struct { const char *member; guint limit; } rows[] = {
    { "\"max_devices\":5", 5 }, { "\"max_devices\":64", 64 }, { "\"x\":1", 0 }, { "\"max_devices\":0", 0 },
    { "\"max_devices\":-1", 0 }, { "\"max_devices\":65", 0 }, { "\"max_devices\":4294967301", 0 }, { "\"max_devices\":\"5\"", 0 },
    { "\"max_devices\":5.5", 0 }, { "\"max_devices\":null", 0 }, { "\"max_devices\":{}", 0 }, { "\"max_devices\":true", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"id\":\"x\",\"expiry\":\"2027-01-30T23:00:00Z\",%s}", rows[i].member);
      const Exchange exchanges[] = { { GET_ME, 200, body }, { "GET /accounts/v1/devices/" ID, 404, "", NULL, TRUE }, { NULL } };
      g_autoptr (GError) error = NULL;
      g_autoptr (AditProviderTask) task = begin (ADIT_PROVIDER_ACCOUNT, NULL, "t", NOW + 61, &error);

      g_assert_no_error (error);
      g_assert_true (mullvad_walk (task, exchanges, "t", &error));
      g_assert_cmpuint (task->result.plan.device_limit, ==, rows[i].limit);
      g_assert_cmpint (task->result.account_expires_at_s, ==, PAID);
    }
}

/* A token serves as long as it is good, and only one that was fetched is new. */
static void
test_tokens (void)
{
  static const Exchange used[] = { { VOUCHER, 200, SPENT }, { NULL } };
  static const Exchange fetched[] = { TOKEN, { VOUCHER, 200, SPENT }, { NULL } };
  static const Exchange refused[] = { { VOUCHER, 401, "{\"code\":\"INVALID_ACCESS_TOKEN\"}" }, TOKEN2, { VOUCHER, 200, SPENT },
                                      { NULL } };
  static const struct { gint64 expires_at_s; const Exchange *exchanges; const char *fresh; } rows[] = {
    { NOW + 61, used, NULL }, { NOW + 60, fetched, "mva_1" }, { NOW - 1, fetched, "mva_1" }, { NOW + 3600, refused, "mva_2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AditProviderTask) task = begin (ADIT_PROVIDER_VOUCHER, GOOD, "old", rows[i].expires_at_s, &error);

      g_assert_no_error (error);
      g_assert_true (mullvad_walk (task, rows[i].exchanges, "old", &error));
      g_assert_true ((task->fresh_token == NULL) == (rows[i].fresh == NULL));
      if (task->fresh_token != NULL)
        g_assert_cmpmem (adit_secret_peek (task->fresh_token, NULL), adit_secret_get_size (task->fresh_token), rows[i].fresh, 5);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/mullvad-account/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/mullvad-account/vouchers", test_vouchers);
  g_test_add_func ("/mullvad-account/limits", test_limits);
  g_test_add_func ("/mullvad-account/tokens", test_tokens);
  return g_test_run ();
}
