/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-mysterium.c: the simulated Mysterium, the hosted one. */
#include "tests/simulator/asker.h"

#include <string.h>

#include "tests/simulator/known.h"

#define API       "/api/v1"
#define ID        "0b4bb7a3-6a2c-4e0f-9d0e-6f6a3c1d2e4f"
#define BROWSER   "/oauth/authorize?response_type=activation_none&client_id=cli&request_id=" ID
#define CHECK     API "/auth/check"
#define CONNECT   API "/connection/connect"
#define VERIFIER  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"    /* with its challenge: RFC 7636, appendix B */
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

static char *refresh;

static void
start (void)
{
  asker_use ("mysterium");
}

static void
keep_tokens (Answer *answer)
{
  g_autofree char *access = answer_dup_member (answer, "access_token");

  g_assert_cmpuint (answer_get_status (answer), ==, 200);
  g_free (refresh);
  refresh = answer_dup_member (answer, "refresh_token");
  asker_set_token (access);
}

static void
sign_in (const char *email)
{
  g_autofree char *page = g_strdup_printf (BROWSER "&email=%s", email);
  g_autoptr (Answer) answer = NULL;

  expect ("POST", API "/auth/activation", "{\"id\":\"" ID "\"}", NULL, 204, "");
  expect ("GET", page, "", NULL, 200, "<html>");
  answer = ask ("GET", API "/auth/activation/" ID, "", NULL, 10);
  keep_tokens (answer);
}

static void
test_activation (void)
{
  g_autoptr (Answer) refused = ask ("GET", CHECK, "", NULL, 10), waiting = NULL;

  g_assert_cmpuint (answer_get_status (refused), ==, 401);
  g_assert_cmpstr (answer_get_header (refused, "Content-Type"), ==, "application/vnd.mysterium.error+json");
  g_assert_cmpstr (refused->text, ==, "{\"error\":{\"code\":\"shall_not_pass\",\"message\":\"It cannot be done\"},\"status\":401,"
                   "\"path\":\"" CHECK "\"}");
  expect ("POST", API "/auth/activation", "{\"id\":\"1\"}", NULL, 400, "validation_failed");
  expect ("GET", API "/auth/activation/" ID, "", NULL, 404, "not_found");
  expect ("GET", BROWSER, "", NULL, 400, "<html>");
  expect ("POST", API "/auth/activation", "{\"id\":\"" ID "\"}", NULL, 204, "");
  waiting = ask ("GET", API "/auth/activation/" ID, "", NULL, 10);
  g_assert_cmpstr (waiting->text, ==, "{\"id\":\"" ID "\",\"valid\":true}");
  set_fault ("reject");
  expect ("GET", API "/auth/activation/" ID, "", NULL, 200, "\"valid\":false");
  set_fault ("");
  sign_in (KNOWN_MYSTERIUM_USER);
  expect ("GET", CHECK, "", NULL, 200, "{\"username\":\"" KNOWN_MYSTERIUM_USER "\",\"user_id\":\"user-");
}

static void
ask_mail (guint status, const char *challenge, const char *method, const char *part)
{
  g_autofree char *body = g_strdup_printf ("{\"email\":\"" KNOWN_MYSTERIUM_USER "\",\"client_id\":\"cli\""
                                           ",\"code_challenge\":\"%s\""
                                           ",\"code_challenge_method\":\"%s\",\"continue_to\":\"/\"}", challenge, method);

  expect ("POST", API "/magic-link", body, NULL, status, part);
}

static Answer *
use_code (const char *code, const char *verifier)
{
  g_autofree char *body = g_strdup_printf ("{\"grant_type\":\"authorization_code\",\"client_id\":\"cli\",\"code\":\"%s\","
                                           "\"code_verifier\":\"%s\"}", code, verifier);

  return ask ("POST", API "/oauth/token", body, NULL, 10);
}

static void
test_mail (void)
{
  static const struct { const char *code, *verifier; guint status; } uses[] = {
    { KNOWN_MYSTERIUM_MAIL, CHALLENGE, 400 }, { "another", VERIFIER, 400 }, { KNOWN_MYSTERIUM_MAIL, VERIFIER, 200 },
  };

  ask_mail (400, "short", "S256", "validation_failed");
  ask_mail (400, CHALLENGE, "plain", "validation_failed");
  for (guint i = 0; i < G_N_ELEMENTS (uses); i++)
    {
      g_autoptr (Answer) first = NULL, second = NULL;

      ask_mail (200, CHALLENGE, "S256", "{\"first_time\":false}");
      first = use_code (uses[i].code, uses[i].verifier);
      g_assert_cmpuint (answer_get_status (first), ==, uses[i].status);
      second = use_code (KNOWN_MYSTERIUM_MAIL, VERIFIER);
      g_assert_cmpuint (answer_get_status (second), ==, 400);    /* good or not, a code is for once */
      if (uses[i].status == 200)
        keep_tokens (first);
    }
  expect ("GET", CHECK, "", NULL, 200, KNOWN_MYSTERIUM_USER);
  set_fault ("code-in-reply");
  ask_mail (200, CHALLENGE, "S256", "\"code\":\"" KNOWN_MYSTERIUM_MAIL "\"");
  set_fault ("");
}

static void
test_refresh (void)
{
  g_autofree char *body = NULL;
  g_autoptr (Answer) fresh = NULL;

  set_fault ("short-token 300");
  sign_in (KNOWN_MYSTERIUM_USER);
  set_fault ("");
  expect ("GET", CHECK, "", NULL, 200, KNOWN_MYSTERIUM_USER);
  g_usleep (350000);
  expect ("GET", CHECK, "", NULL, 401, "shall_not_pass");
  body = g_strdup_printf ("{\"grant_type\":\"refresh_token\",\"refresh_token\":\"%s\"}", refresh);
  set_fault ("session-expired");
  expect ("POST", API "/oauth/token", body, NULL, 401, "shall_not_pass");
  set_fault ("");
  fresh = ask ("POST", API "/oauth/token", body, NULL, 10);
  keep_tokens (fresh);
  g_assert_nonnull (strstr (fresh->text, "\"token_type\":\"bearer\",\"expires_in\":3600,"));
  expect ("GET", CHECK, "", NULL, 200, KNOWN_MYSTERIUM_USER);
  expect ("POST", API "/oauth/token", body, NULL, 401, "shall_not_pass");    /* there is a new one for it */
  asker_set_token (refresh);
  expect ("GET", CHECK, "", NULL, 401, "shall_not_pass");    /* which is not for asking */
  expect ("POST", API "/oauth/token", "{\"grant_type\":\"password\"}", NULL, 400, "unsupported_grant_type");
  set_fault ("plain-message");
  expect ("GET", CHECK, "", NULL, 401, "{\"message\":\"");
  set_fault ("");
  sign_in (KNOWN_MYSTERIUM_USER);
  expect ("POST", API "/auth/logout", "", NULL, 204, "");
  expect ("GET", CHECK, "", NULL, 401, "");
}

static void
test_places (void)
{
  g_autoptr (Answer) homes = NULL;

  sign_in (KNOWN_MYSTERIUM_USER);
  expect ("GET", API "/connection/config?ip_type=", "", NULL, 200, "{\"countries\":[\"DE\",\"SE\",\"US\",\"NL\"],"
          "\"top_countries\":[\"SE\"]}");
  expect ("GET", API "/connection/config?ip_type=residential", "", NULL, 200, "{\"countries\":[\"DE\",\"SE\",\"US\"],");
  expect ("GET", API "/connection/config/locations", "", NULL, 200, "[{\"country\":\"DE\",\"total\":3,\"is_available\":true,");
  expect ("GET", API "/connection/config/locations", "", NULL, 200, "{\"city\":\"Frankfurt\",\"total\":3,\"is_available\":true,"
          "\"latitude\":50.1");
  expect ("GET", API "/connection/config/locations", "", NULL, 200, "{\"country\":\"NL\",\"total\":0,\"is_available\":false,");
  homes = ask ("GET", API "/connection/config/locations?ip_type=residential", "", NULL, 10);
  g_assert_null (strstr (homes->text, "Frankfurt"));
  set_fault ("many 50");
  expect ("GET", API "/connection/config/locations", "", NULL, 200, "\"city\":\"n49-Berlin\"");
  set_fault ("");
}

static void
expect_connect (guint8 number, const char *more, guint status, const char *part)
{
  g_autofree char *key = make_key (number);
  g_autofree char *body = g_strdup_printf ("{\"public_key\":\"%s\",\"os_type\":\"linux\"%s}", key, more);

  expect ("POST", CONNECT, body, NULL, status, part);
}

static void
test_connect (void)
{
  g_autofree char *key = make_key (1), *quoted = g_uri_escape_string (key, NULL, FALSE);
  g_autofree char *path = g_strconcat (API "/connection/disconnect?public_key=", quoted, NULL);

  sign_in (KNOWN_MYSTERIUM_USER);
  expect_connect (1, "", 400, "validation_failed");
  expect_connect (1, ",\"country\":\"XX\"", 404, "not_found");
  expect_connect (1, ",\"country\":\"NL\"", 503, "unavailable");
  expect_connect (1, ",\"country\":\"DE\",\"city\":\"Frankfurt\",\"ip_type\":\"residential\"", 404, "not_found");
  expect_connect (1, ",\"country\":\"SE\"", 200, "\"wg_config\":\"[Interface]\\nPrivateKey = %private_key%\\n"
                  "Address = 10.68.0.2/32\\nDNS = 10.64.0.1\\n\\n[Peer]\\nPublicKey = key\\nAllowedIPs = 0.0.0.0/0, ::/0\\n"
                  "Endpoint = 198.51.100.10:51820\\nPersistentKeepalive = 25\\n\"");
  expect_said ("peer add", 1, " 10.68.0.2/32");
  expect_connect (1, ",\"country\":\"DE\",\"city\":\"Berlin\"", 200, "\"exit_ip\":\"198.51.100.10\",\"limit_exceeded\":false,"
                  "\"ip_type\":\"\",\"country\":\"DE\",\"city\":\"Berlin\"}");    /* the same device */
  expect_connect (1, ",\"country\":\"US\",\"dns\":\"10.64.0.7\"", 200, "DNS = 10.64.0.7\\n");
  expect ("GET", path, "", NULL, 204, "");
  expect_said ("peer remove", 1, "");
  expect ("GET", path, "", NULL, 404, "not_found");
  expect_connect (2, ",\"country\":\"SE\"", 200, "");
  expect_said ("peer add", 2, "");
  expect ("GET", API "/connection/disconnect-all", "", NULL, 204, "");
  expect_said ("peer remove", 2, "");
  expect ("POST", API "/connection/connect-openvpn", "{\"country\":\"SE\"}", NULL, 200, "remote 198.51.100.20 1194");
}

static void
test_limit (void)
{
  sign_in (KNOWN_MYSTERIUM_FULL);
  expect_connect (5, ",\"country\":\"SE\"", 200, "\"wg_config\":\"\",\"limit_exceeded\":true");
  sign_in (KNOWN_MYSTERIUM_BASIC);
  expect_connect (6, ",\"country\":\"SE\",\"ip_type\":\"residential\"", 403, "plan_does_not_allow");
  expect_connect (6, ",\"country\":\"SE\"", 200, "%private_key%");
  expect_said ("peer add", 6, "");
  expect_connect (7, ",\"country\":\"SE\"", 200, "\"limit_exceeded\":true");
  expect_connect (6, ",\"country\":\"SE\"", 200, "\"limit_exceeded\":false");
  set_fault ("limit");
  expect_connect (6, ",\"country\":\"SE\",\"reset_connection\":true", 200, "\"limit_exceeded\":true");
  set_fault ("throttle 30 " CONNECT);
  expect_connect (6, ",\"country\":\"SE\",\"reset_connection\":true", 429, "\"code\":\"throttled\"");
  set_fault ("");
}

static void
test_hostile (void)
{
  sign_in (KNOWN_MYSTERIUM_USER);
  set_fault ("hostile-config");
  expect_connect (8, ",\"country\":\"SE\"", 200, "DNS = 10.64.0.1\\nPostUp = touch");
  expect_said ("peer add", 8, "");
  set_fault ("hostile-config 6");
  expect_connect (8, ",\"country\":\"SE\"", 200, "PersistentKeepalive = 25\\n[Peer]\\n");
  set_fault ("no-placeholder");
  expect_connect (8, ",\"country\":\"SE\"", 200, "PrivateKey = ZGVhZCBk");
  set_fault ("negative-port");
  expect_connect (8, ",\"country\":\"SE\"", 200, "Endpoint = 198.51.100.10:-1");
  set_fault ("");
}

static void
test_subscriptions (void)
{
  sign_in (KNOWN_MYSTERIUM_USER);
  expect ("GET", API "/subscription", "", NULL, 200, "{\"active\":true,\"active_until\":\"20");
  expect ("GET", API "/subscription/plan", "", NULL, 200, "\"metadata\":{\"allowed_devices_limit\":6"
          ",\"residential_ips_allowed\":true");
  set_fault ("expired");
  expect ("GET", API "/subscription", "", NULL, 200, "\"expired\":true");
  set_fault ("");
  sign_in (KNOWN_MYSTERIUM_EXPIRED);
  expect ("GET", API "/subscription", "", NULL, 200, "\"paused\":false,\"expired\":true");
  expect_connect (9, ",\"country\":\"SE\"", 403, "subscription_inactive");
  sign_in (KNOWN_MYSTERIUM_PAUSED);
  expect ("GET", API "/subscription", "", NULL, 200, "\"paused\":true,\"expired\":false");
  expect ("GET", API "/subscription", "", NULL, 200, "\"paused_until\":\"20");
  sign_in ("new@lab.example");
  expect ("GET", API "/subscription", "", NULL, 404, "not_found");
}

static void
test_log (void)
{
  g_autofree char *text = dup_log ();

  g_assert_nonnull (strstr (text, "GET " API "/auth/activation/ID 200\n"));
  g_assert_null (strstr (text, ID));
  g_assert_null (strstr (text, "mya_"));
}

void
test_mysterium_add (void)
{
  g_test_add_func ("/simulator/mysterium/start", start);
  g_test_add_func ("/simulator/mysterium/activation", test_activation);
  g_test_add_func ("/simulator/mysterium/mail", test_mail);
  g_test_add_func ("/simulator/mysterium/refresh", test_refresh);
  g_test_add_func ("/simulator/mysterium/places", test_places);
  g_test_add_func ("/simulator/mysterium/connect", test_connect);
  g_test_add_func ("/simulator/mysterium/limit", test_limit);
  g_test_add_func ("/simulator/mysterium/hostile", test_hostile);
  g_test_add_func ("/simulator/mysterium/subscriptions", test_subscriptions);
  g_test_add_func ("/simulator/mysterium/log", test_log);
}
