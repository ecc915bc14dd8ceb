/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-provider-ovpn.c: the calls of OVPN's adapter walked by hand: a table of answers leads to a result or to a sentence. */
#include "client/provider/provider.h"

#include <string.h>

#define KEY      "IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM="
#define OLD_KEY  "AAAAXnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM="
#define NOW      G_GINT64_CONSTANT (1785542400)    /* 2026-08-01 */
#define LOGIN    "alice\ns3cret"
#define FORM     "username=alice&password=s3cret&"
#define NEW_FORM FORM "new_key=IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM%3D"
#define OLD_FORM FORM "key=AAAAXnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM%3D"
#define POST     "POST /v4/api/keys"
#define DELETE   "DELETE /v4/api/keys"
#define ENTRY    "GET /v2/api/client/entry"
#define PTR      "GET /v2/api/client/ptr"
#define DATA(rest) "{\"data\":{\"id\":123456,\"key\":\"" KEY "\"," rest "}}"
#define IPV4     "\"ipv4\":\"172.21.4.9\""
#define IPV6     "\"ipv6\":\"fd00:0000:1337:cafe:1111:1111:0001:0002\""
#define GOOD     DATA (IPV4 "," IPV6)
#define A63      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A126     A63 A63
#define FINE     (-1)

typedef struct { const char *request; guint status; const char *body; } Exchange;
typedef struct
{
  const char      *name;
  AditProviderWant want;
  Exchange         exchanges[3];
  int              error;
  const char      *sentence;    /* what the error must have in it */
} Case;

static const char *const method_names[] = { "GET", "POST", "PUT", "DELETE" };

#define REGISTER(name, status, body, code, sentence) { name, ADIT_PROVIDER_LOG_IN, { { POST, status, body } }, code, sentence }
#define REFUSED   ADIT_ERROR_SERVICE_REFUSED
#define BROKEN    ADIT_ERROR_SERVICE_FAILED
#define NONSENSE  ADIT_ERROR_SERVICE_NONSENSE
#define TOO_MANY  ADIT_ERROR_TOO_MANY_DEVICES

static const Case cases[] = {
  REGISTER ("log-in", 201, GOOD, FINE, NULL),
  REGISTER ("id-is-text", 201, "{\"data\":{\"id\":\"a_b-7\"," IPV4 "}}", FINE, NULL),
  REGISTER ("without-key", 201, "{\"data\":{\"id\":1," IPV4 "," IPV6 "}}", FINE, NULL),
  REGISTER ("without-ipv6", 201, DATA (IPV4), FINE, NULL),
  REGISTER ("null-ipv6", 201, DATA (IPV4 ",\"ipv6\":null"), FINE, NULL),
  REGISTER ("with-lengths", 201, DATA ("\"ipv4\":\"172.21.4.9/32\",\"ipv6\":\"fd00::2/128\""), FINE, NULL),
  REGISTER ("more-fields", 201, "{\"data\":{\"id\":1,\"name\":null," IPV4 "},\"more\":[1]}", FINE, NULL),

  /* What the table of errors has. */
  REGISTER ("wrong-password", 401, "{\"error\":{\"message\":\"more than that\"}}", ADIT_ERROR_CREDENTIAL_REFUSED,
            "does not know this user name with this password"),
  REGISTER ("wrong-password-html", 403, "<html></html>", ADIT_ERROR_CREDENTIAL_REFUSED, "does not know this user name"),
  REGISTER ("too-often", 423, "{}", ADIT_ERROR_TOO_MANY_REQUESTS, "wait a minute"),
  REGISTER ("too-often-html", 423, "<html></html>", ADIT_ERROR_TOO_MANY_REQUESTS, "wait a minute"),
  REGISTER ("too-many", 422, "{\"errors\":{\"new_key\":[\"You cannot have More Than 7 keys.\",\"b\"]}}",
            TOO_MANY, "https://www.ovpn.com/account/wireguard/keys"),
  REGISTER ("too-many-second-field", 422, "{\"errors\":{\"a\":[\"b\"],\"c\":[\"no more than 7\"]}}", TOO_MANY,
            "as many keys"),
  REGISTER ("too-many-message", 400, "{\"error\":{\"message\":\"Not more than 7\"}}", TOO_MANY, "as many keys"),
  REGISTER ("other-errors", 422, "{\"errors\":{\"new_key\":[\"The key is invalid.\",\"2nd\"],\"b\":[\"It is odd.\"]}}", REFUSED,
            "The service says: The key is invalid. It is odd. (HTTP 422)"),
  REGISTER ("other-message", 500, "{\"error\":{\"message\":\"It burns\"}}", BROKEN, "The service says: It burns (HTTP 500)"),
  REGISTER ("no-words", 500, "{}", BROKEN, "did not register this computer's key: HTTP 500"),
  REGISTER ("html", 502, "<html>Bad Gateway</html>", BROKEN, "did not register this computer's key: HTTP 502"),
  REGISTER ("empty", 503, "", BROKEN, "did not register this computer's key: HTTP 503"),
  REGISTER ("html-as-success", 200, "<html>Wi-Fi log in</html>", NONSENSE, "not JSON"),
  REGISTER ("html-as-created", 201, "<html>Wi-Fi log in</html>", NONSENSE, "not JSON"),
  REGISTER ("not-created", 200, GOOD, REFUSED, "HTTP 200"),
  REGISTER ("redirect", 302, "", NONSENSE, "redirection"),

  /* Words that are no words. */
  REGISTER ("markup", 422, "{\"errors\":{\"a\":[\"<b onclick='x'>Bad</b>&nbsp;key&#10;R&amp;D a & b <i\"]}}", REFUSED,
            "says: Bad key R D a & b (HTTP"),
  REGISTER ("controls", 422, "{\"error\":{\"message\":\" a\\u001b[31m\\r\\n\\tb\\u202ec\\u2028d  \"}}", REFUSED,
            "says: a [31m b c d (HTTP"),
  REGISTER ("half-markup", 422, "{\"error\":{\"message\":\"a>b > c\"}}", REFUSED, "says: a b c (HTTP"),
  REGISTER ("only-markup", 422, "{\"error\":{\"message\":\"<br>\\u0000\"}}", REFUSED, "HTTP 422"),
  REGISTER ("echoed-password", 422, "{\"errors\":{\"a\":[\"Wrong: s3cret!\"],\"b\":[\"It is odd.\"]}}", REFUSED,
            "says: It is odd. (HTTP"),
  REGISTER ("echoed-name", 422, "{\"error\":{\"message\":\"No alice here\"}}", REFUSED, "key: HTTP 422"),
  REGISTER ("errors-are-array", 422, "{\"errors\":[\"a\"]}", REFUSED, "HTTP 422"),
  REGISTER ("errors-of-numbers", 422, "{\"errors\":{\"a\":[1],\"b\":2,\"c\":[],\"d\":{}},\"error\":\"x\"}", REFUSED, "HTTP 422"),
  REGISTER ("errors-without-array", 422, "{\"errors\":{\"a\":\"Odd\"}}", REFUSED, "says: Odd (HTTP"),

  /* What a liar could register. */
  REGISTER ("no-ipv4", 201, DATA (IPV6), NONSENSE, "\"ipv4\""),
  REGISTER ("null-ipv4", 201, DATA ("\"ipv4\":null," IPV6), NONSENSE, "\"ipv4\""),
  REGISTER ("swapped", 201, DATA ("\"ipv4\":\"fd00::1\",\"ipv6\":\"172.21.4.9\""), NONSENSE, "no single address"),
  REGISTER ("net", 201, DATA ("\"ipv4\":\"172.21.4.9/12\""), NONSENSE, "no single address"),
  REGISTER ("everything", 201, DATA ("\"ipv4\":\"0.0.0.0/0\""), NONSENSE, "no single address"),
  REGISTER ("multicast", 201, DATA ("\"ipv4\":\"224.0.0.1\""), NONSENSE, "no single address"),
  REGISTER ("bad-ipv6", 201, DATA (IPV4 ",\"ipv6\":\"fd00::1%eth0\""), NONSENSE, "no single address"),
  REGISTER ("ipv6-is-number", 201, DATA (IPV4 ",\"ipv6\":6"), NONSENSE, "\"ipv6\""),
  REGISTER ("other-key", 201, "{\"data\":{\"id\":1,\"key\":\"" OLD_KEY "\"," IPV4 "}}", NONSENSE, "another key"),
  REGISTER ("key-is-none", 201, "{\"data\":{\"id\":1,\"key\":\"AAAA\"," IPV4 "}}", NONSENSE, "\"key\""),
  REGISTER ("no-id", 201, "{\"data\":{" IPV4 "}}", NONSENSE, "\"id\""),
  REGISTER ("id-is-path", 201, "{\"data\":{\"id\":\"../x\"," IPV4 "}}", NONSENSE, "\"id\""),
  REGISTER ("id-is-empty", 201, "{\"data\":{\"id\":\"\"," IPV4 "}}", NONSENSE, "\"id\""),
  REGISTER ("id-is-negative", 201, "{\"data\":{\"id\":-1," IPV4 "}}", NONSENSE, "\"id\""),
  REGISTER ("id-is-real", 201, "{\"data\":{\"id\":1.5," IPV4 "}}", NONSENSE, "\"id\""),
  REGISTER ("id-is-long", 201, "{\"data\":{\"id\":\"" A63 "a\"," IPV4 "}}", NONSENSE, "\"id\""),
  REGISTER ("two-ids", 201, "{\"data\":{\"id\":1,\"id\":2," IPV4 "}}", NONSENSE, "not JSON"),
  REGISTER ("no-data", 201, "{}", NONSENSE, "\"data\""),
  REGISTER ("array", 201, "[1]", NONSENSE, "\"data\""),

  { "account", ADIT_PROVIDER_ACCOUNT, { { NULL } }, FINE, NULL },

  { "log-out", ADIT_PROVIDER_LOG_OUT, { { DELETE, 200, "{}" } }, FINE, NULL },
  { "log-out-empty", ADIT_PROVIDER_LOG_OUT, { { DELETE, 204, "" } }, FINE, NULL },
  { "log-out-gone", ADIT_PROVIDER_LOG_OUT, { { DELETE, 404, "<html></html>" } }, FINE, NULL },
  { "log-out-wrong-password", ADIT_PROVIDER_LOG_OUT, { { DELETE, 401, "" } }, ADIT_ERROR_CREDENTIAL_REFUSED, "this password" },
  { "log-out-too-often", ADIT_PROVIDER_LOG_OUT, { { DELETE, 423, "" } }, ADIT_ERROR_TOO_MANY_REQUESTS, "wait a minute" },
  { "log-out-fails", ADIT_PROVIDER_LOG_OUT, { { DELETE, 500, "" } }, BROKEN, "answered with an error: HTTP 500" },
  { "log-out-odd", ADIT_PROVIDER_LOG_OUT, { { DELETE, 422, "{\"error\":{\"message\":\"more than 7\"}}" } }, REFUSED,
    "says: more than 7" },

  { "rotate", ADIT_PROVIDER_ROTATE, { { POST, 201, GOOD }, { DELETE, 204, "" } }, FINE, NULL },
  { "rotate-old-gone", ADIT_PROVIDER_ROTATE, { { POST, 201, GOOD }, { DELETE, 404, "" } }, FINE, NULL },
  { "rotate-old-stays", ADIT_PROVIDER_ROTATE, { { POST, 201, GOOD }, { DELETE, 500, "" } }, FINE, NULL },
  { "rotate-too-often", ADIT_PROVIDER_ROTATE, { { POST, 423, "" } }, ADIT_ERROR_TOO_MANY_REQUESTS, "wait a minute" },
  { "rotate-too-many", ADIT_PROVIDER_ROTATE, { { POST, 422, "{\"errors\":{\"a\":[\"more than\"]}}" } },
    TOO_MANY, "as many keys" },

  { "list-error", ADIT_PROVIDER_LIST, { { ENTRY, 500, "{}" } }, BROKEN, "answered with an error: HTTP 500" },
  { "list-good-but-error", ADIT_PROVIDER_LIST, { { ENTRY, 500, "{\"success\":true,\"datacenters\":[]}" } }, BROKEN, "HTTP 500" },
  { "list-empty", ADIT_PROVIDER_LIST, { { ENTRY, 204, "" } }, NONSENSE, "not JSON" },
  { "list-not-modified", ADIT_PROVIDER_LIST, { { ENTRY, 304, "" } }, NONSENSE, "redirection" },
  { "list-redirect", ADIT_PROVIDER_LIST, { { ENTRY, 301, "" } }, NONSENSE, "redirection" },
  { "list-unsuccessful", ADIT_PROVIDER_LIST, { { ENTRY, 200, "{\"success\":false}" } }, BROKEN, "no list" },
  { "list-html", ADIT_PROVIDER_LIST, { { ENTRY, 200, "<html></html>" } }, NONSENSE, "not JSON" },
};

static void
fill (AditHttpAnswer *answer, const Exchange *exchange)
{
  adit_http_answer_init (answer, 1000);
  answer->status = exchange->status;
  answer->has_length = exchange->body[0] != '\0';
  g_byte_array_append (answer->body, (const guint8 *) exchange->body, (guint) strlen (exchange->body));
}

static AditSecret *
lend (const char *text)
{
  return adit_secret_new (text, strlen (text));
}

/* Nothing but the form has the password, and it has only what it must. */
static void
check_request (const AditHttpRequest *http, const char *wanted)
{
  g_autofree char *asked = g_strconcat (method_names[http->method], " ", http->path, NULL);
  const char *form = http->method == ADIT_HTTP_POST ? NEW_FORM : http->method == ADIT_HTTP_DELETE ? OLD_FORM : NULL;
  const char *const *headers = (const char *const *) http->headers;

  g_assert_cmpstr (asked, ==, wanted);
  g_assert_cmpstr (http->host, ==, "www.ovpn.com");
  g_assert_null (http->bearer);
  g_assert_true (g_strv_contains (headers, "Accept: application/json"));
  g_assert_true (g_str_has_prefix (headers[0], "User-Agent: Adit/"));
  g_assert_true (g_strv_contains (headers, "Content-Type: application/x-www-form-urlencoded") == (form != NULL));
  g_assert_true ((http->body != NULL) == (form != NULL));
  if (form != NULL)
    g_assert_cmpmem (adit_secret_peek (http->body, NULL), adit_secret_get_size (http->body), form, strlen (form));
  g_assert_cmpuint (http->timeout_ms, ==, http->method == ADIT_HTTP_POST ? 20000
                                          : g_str_has_suffix (http->path, "ptr") ? 6000 : 10000);
  g_assert_cmpuint (http->answer_max_bytes, ==, g_str_has_suffix (http->path, "entry") ? 2 * 1024 * 1024 : 65536);
}

static gboolean
walk (AditProviderTask *task, const Exchange *exchanges, GError **error)
{
  for (; exchanges->request != NULL; exchanges++)
    {
      g_auto (AditHttpRequest) http = { 0 };
      g_auto (AditHttpAnswer) answer = { 0 };

      g_assert_false (task->is_done);
      g_assert_true (adit_provider_task_next (task, &http, error));
      check_request (&http, exchanges->request);
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
check_result (const Case *row, const AditProviderResult *result)
{
  gboolean has_device = row->want == ADIT_PROVIDER_LOG_IN || row->want == ADIT_PROVIDER_ROTATE;
  const char *body = row->exchanges[0].body;

  /* Nobody may be told that his computer is unknown, or his time over, because nobody says so. */
  g_assert_true (result->device_is_known == (row->want != ADIT_PROVIDER_LOG_OUT));
  g_assert_cmpint (result->account_expires_at_s, ==, 0);
  g_assert_null (result->openvpn_username);
  g_assert_null (result->openvpn_password);
  g_assert_cmpuint (result->n_addresses, ==, !has_device ? 0 : strstr (body, "\"fd00") != NULL ? 2 : 1);
  g_assert_cmpstr (result->device_id, ==, !has_device ? "" : strstr (body, "\"a_b-7\"") != NULL ? "a_b-7" :
                   strstr (body, "123456") != NULL ? "123456" : "1");
  for (guint i = 0; i < result->n_addresses; i++)
    {
      g_autofree char *text = adit_prefix_dup_text (&result->addresses[i]);

      if (i == 0)
        g_assert_cmpstr (text, ==, "172.21.4.9/32");
      else
        g_assert_true (g_str_has_suffix (text, "2/128"));
    }
}

static void
test_case (gconstpointer data)
{
  const Case *row = data;
  gsize length;
  g_autofree guint8 *key = g_base64_decode (KEY, &length), *old = g_base64_decode (OLD_KEY, &length);
  g_autoptr (AditSecret) login = lend (LOGIN);
  AditProviderRequest request = { .want = row->want, .credential = login, .now_s = NOW, .device_id = "123456" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditProviderTask) task = NULL;

  request.public_key = row->want == ADIT_PROVIDER_LOG_OUT ? NULL : key;
  request.old_public_key = row->want == ADIT_PROVIDER_LOG_OUT || row->want == ADIT_PROVIDER_ROTATE ? old : NULL;
  task = adit_provider_task_new (adit_provider_find ("ovpn"), &request, &error);
  g_assert_no_error (error);
  if (walk (task, row->exchanges, &error))
    {
      g_assert_cmpint (row->error, ==, FINE);
      check_result (row, &task->result);
      return;
    }
  g_assert_error (error, ADIT_ERROR, row->error);
  if (strstr (error->message, row->sentence) == NULL)
    g_error ("not said: \"%s\", but \"%s\"", row->sentence, error->message);
  g_assert_null (strstr (error->message, "s3cret"));
  g_assert_null (strstr (error->message, "alice"));
  g_assert_cmpuint (strlen (error->message), <, 256);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_logins (void)
{
  static const struct { const char *text, *form; } rows[] = {
    { LOGIN, FORM }, { LOGIN "\n", FORM }, { "  alice\t\r\ns3cret", FORM },
    { "alice\n s3 cret ", "username=alice&password=%20s3%20cret%20&" },
    { "a&b=c%+\n\"'\xc3\xa9\xf0\x9f\x94\x91\\", "username=a%26b%3Dc%25%2B&password=%22%27%C3%A9%F0%9F%94%91%5C&" },
    { "a.b-c_d~e\n&new_key=x", "username=a.b-c_d~e&password=%26new_key%3Dx&" },
    { "alice smith\nx", "username=alice%20smith&password=x&" },
    { A126 "a\nx", "username=" A126 "a&password=x&" }, { "x\n" A126 "a", "username=x&password=" A126 "a&" },
    { A126 "aa\nx", NULL }, { "x\n" A126 "aa", NULL },
    { "", NULL }, { "\n", NULL }, { "alice", NULL }, { "alice\n", NULL }, { "alice\n\n", NULL }, { "\ns3cret", NULL },
    { "  \ns3cret", NULL }, { "alice\ns3cret\n\n", NULL }, { "alice\ns3\ncret", NULL }, { "alice\ns3cret\r", NULL },
    { "al\tice\ns3cret", NULL }, { "alice\ns3\x1b" "cret", NULL }, { "alice\ns3\xff" "cret", NULL }, { "\xff\ns3cret", NULL },
  };
  static const guint8 key[ADIT_WG_KEY_BYTES] = { 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditSecret) login = lend (rows[i].text);
      AditProviderRequest request = { .want = ADIT_PROVIDER_LOG_IN, .credential = login, .now_s = NOW, .public_key = key };
      g_autoptr (GError) error = NULL;
      g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_ovpn, &request, &error);
      g_auto (AditHttpRequest) http = { 0 };

      if (task == NULL)
        {
          g_assert_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED);
          g_assert_null (rows[i].form);
        }
      else
        {
          g_autofree char *encoded = g_base64_encode (key, sizeof key);
          g_autofree char *bare = g_strndup (encoded, 43), *wanted = g_strconcat (rows[i].form, "new_key=", bare, "%3D", NULL);

          g_assert_nonnull (rows[i].form);
          g_assert_true (adit_provider_task_next (task, &http, NULL));
          g_assert_cmpmem (adit_secret_peek (http.body, NULL), adit_secret_get_size (http.body), wanted, strlen (wanted));
        }
    }
}

static void
test_bad_keys (void)
{
  static const guint8 a[ADIT_WG_KEY_BYTES] = { 1 }, b[ADIT_WG_KEY_BYTES] = { 2 };
  static const struct { AditProviderWant want; const guint8 *key, *old; gboolean is_connected; int error; } rows[] = {
    { ADIT_PROVIDER_LOG_IN, NULL, a, FALSE, ADIT_ERROR_INVALID_ARGUMENT },
    { ADIT_PROVIDER_LOG_OUT, a, NULL, FALSE, ADIT_ERROR_INVALID_ARGUMENT },
    { ADIT_PROVIDER_ROTATE, a, NULL, FALSE, ADIT_ERROR_INVALID_ARGUMENT },
    { ADIT_PROVIDER_ROTATE, NULL, a, FALSE, ADIT_ERROR_INVALID_ARGUMENT },
    { ADIT_PROVIDER_ROTATE, a, a, FALSE, ADIT_ERROR_INVALID_ARGUMENT },
    { ADIT_PROVIDER_ROTATE, a, b, TRUE, ADIT_ERROR_BUSY },
    { ADIT_PROVIDER_VOUCHER, a, b, FALSE, ADIT_ERROR_SERVICE_REFUSED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditSecret) login = lend (LOGIN);
      AditProviderRequest request = { .want = rows[i].want, .credential = login, .now_s = NOW, .public_key = rows[i].key,
                                      .old_public_key = rows[i].old, .is_connected = rows[i].is_connected };
      g_autoptr (GError) error = NULL;

      g_assert_null (adit_provider_task_new (&adit_provider_ovpn, &request, &error));
      g_assert_error (error, ADIT_ERROR, rows[i].error);
    }
}

/* Errors tell the address, too. */
static void
test_exit (void)
{
  static const struct { guint status; const char *body, *address; } rows[] = {
    { 200, "{\"success\":true,\"ip\":\"198.51.100.9\",\"ptr\":\"cli-malmo-52.ovpn.com\"}", "198.51.100.9" },
    { 200, "{\"status\":true,\"ip\":\"198.51.100.9\"}", "198.51.100.9" },
    { 404, "{\"success\":false,\"error\":{\"message\":\"198.51.100.9 is not an OVPN address\"}}", "198.51.100.9" },
    { 400, "{\"message\":\"We see 198.51.100.9.\"}", "198.51.100.9" },
    { 500, "{\"a\":\"1.2, v3.4.5 and 198.51.100.9\",\"b\":\"203.0.113.1\"}", "198.51.100.9" },
    { 200, "{\"ip\":null,\"text\":\"198.51.100.9\"}", "198.51.100.9" },
    { 200, "{\"ip\":\"2001:db8::1\",\"text\":\"198.51.100.9\"}", "198.51.100.9" },
    { 200, "{\"ip\":\"10.64.0.2\"}", NULL }, { 200, "{\"ip\":\"0.0.0.0\"}", NULL }, { 200, "{\"ip\":\"2001:db8::1\"}", NULL },
    { 200, "{\"text\":\"10.0.0.1, 198.51.100.9\"}", NULL },
    { 200, "{}", NULL }, { 200, "{\"text\":\"1.2.3.4.5 256.1.1.1 1111111111111111111.1 .1.1.1.1 01.2.3.4\"}", NULL },
    { 200, "198.51.100.9", NULL }, { 200, "<html>198.51.100.9</html>", NULL }, { 200, "", NULL },
    { 302, "{\"ip\":\"198.51.100.9\"}", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditProviderRequest request = { .want = ADIT_PROVIDER_EXIT, .now_s = NOW };
      g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_ovpn, &request, NULL);
      const Exchange exchanges[] = { { PTR, rows[i].status, rows[i].body }, { NULL } };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", rows[i].body);
      if (walk (task, exchanges, &error))
        {
          g_autofree char *text = adit_address_dup_text (&task->result.exit_address);

          g_assert_cmpstr (text, ==, rows[i].address);
        }
      else
        {
          g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
          g_assert_null (rows[i].address);
        }
    }
}

/* The website's certificate ends in a root of the computer's, and its host has others beside it. */
static void
test_rules (void)
{
  g_assert_null (adit_provider_ovpn.tls.roots_pem);
  g_assert_null (adit_provider_ovpn.tls.pins);
  g_assert_true (adit_provider_ovpn.tls.send_server_name);
  g_assert_false (adit_provider_ovpn.tls.only_tls_1_3);
  g_assert_true (adit_provider_find ("ovpn") == &adit_provider_ovpn);
  g_assert_cmpstr (adit_service_find ("ovpn")->name, ==, "OVPN");
  g_assert_null (adit_service_find ("ovpn")->api_endpoints[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/provider-ovpn/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/provider-ovpn/logins", test_logins);
  g_test_add_func ("/provider-ovpn/bad-keys", test_bad_keys);
  g_test_add_func ("/provider-ovpn/exit", test_exit);
  g_test_add_func ("/provider-ovpn/rules", test_rules);
  return g_test_run ();
}
