/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ivpn.c: the simulated IVPN.  HTTP says 200 to everything; what counts is in the JSON. */
#include "tests/simulator/asker.h"

#include <string.h>

#include "tests/simulator/known.h"

#define NEW     "/v4/session/new"
#define STATUS  "/v4/session/status"
#define DELETE  "/v4/session/delete"
#define KEY     "/v4/session/wg/set"
#define SERVERS "/v5/servers.json"

static char *session;

static void
start (void)
{
  asker_use ("ivpn");
}

static char *
make_login (const char *account, guint8 number, const char *force, const char *more)
{
  g_autofree char *key = make_key (number);

  return g_strdup_printf ("{\"username\":\"%s\",\"force\":%s,\"wg_public_key\":\"%s\"%s}", account, force, key, more);
}

static void
expect_login (const char *account, guint8 number, const char *more, const char *part)
{
  g_autofree char *body = make_login (account, number, "false", more);

  expect ("POST", NEW, body, NULL, 200, part);
}

/* Sets the session. */
static void
log_in (const char *account, guint8 number, const char *force)
{
  g_autofree char *body = make_login (account, number, force, "");
  g_autoptr (Answer) answer = ask ("POST", NEW, body, NULL, 10);

  g_assert_true (g_str_has_prefix (answer->text, "{\"status\":200,"));
  g_free (session);
  session = answer_dup_member (answer, "token");
}

static void
expect_session (const char *path, const char *part)
{
  g_autofree char *body = g_strdup_printf ("{\"session_token\":\"%s\"}", session);

  expect ("POST", path, body, NULL, 200, part);
}

static void
expect_key (guint8 number, const char *connected, const char *part)
{
  g_autofree char *key = make_key (number);
  g_autofree char *body = g_strdup_printf ("{\"session_token\":\"%s\",\"public_key\":\"%s\",\"connected_public_key\":\"%s\","
                                           "\"kem_public_key1\":\"AAAA\",\"kem_library_version\":\"0.10.0\"}", session, key,
                                           connected);

  expect ("POST", KEY, body, NULL, 200, part);
}

static void
test_login (void)
{
  expect_login ("i-NONE-NONE-NONE", 1, "", "\"status\":401,\"message\":\"");
  expect_login ("1234567890123456", 1, "", "\"status\":401");
  expect ("POST", NEW, "{\"username\":\"" KNOWN_IVPN_ACCOUNT "\"}", NULL, 200, "\"status\":400");
  expect ("POST", NEW, "{\"user", NULL, 200, "\"status\":400");
  log_in (KNOWN_IVPN_ACCOUNT, 1, "false");
  expect_said ("peer add", 1, " 172.23.0.2/32,fd00:4956:504e:ffff::ac17:2/128");
  expect_login (KNOWN_IVPN_OLD, 2, "", "\"current_plan\":\"IVPN Standard\"");
  expect_said ("peer add", 2, "");
  expect_login (KNOWN_IVPN_ACCOUNT, 3, ",\"kem_public_key1\":\"AAAA\"", "\"vpn_username\":\"lab\""
                ",\"vpn_password\":\"battery staple\",\"device_name\":\"Quiet Heron\""
                ",\"service_status\":{\"is_active\":true,\"active_until\":");
  expect_said ("peer add", 3, "");
  expect_login (KNOWN_IVPN_ACCOUNT, 4, "", "\"wireguard\":{\"status\":200,\"message\":\"\",\"ip_address\":\"172.23.0.5\"}");
  expect_said ("peer add", 4, "");
  /* A key that somebody has: it is a login all the same, only without an address. */
  expect_login (KNOWN_IVPN_ACCOUNT, 4, "", "\"wireguard\":{\"status\":400");
  expect_session (STATUS, "\"status\":200,\"service_status\":{\"is_active\":true");
  expect_session (STATUS, "\"capabilities\":[\"MultiHop\"]");
}

static void
test_limit (void)
{
  g_autofree char *body = make_login (KNOWN_IVPN_FULL, 10, "true", "");

  expect_login (KNOWN_IVPN_FULL, 10, "", "\"status\":602,\"message\":\"");
  expect_login (KNOWN_IVPN_FULL, 10, "", "\"data\":{");
  expect_login (KNOWN_IVPN_FULL, 10, "", "\"upgradable\":true,\"upgrade_to_plan\":\"IVPN Pro\",\"upgrade_to_url\":\"https://");
  expect_login (KNOWN_IVPN_FULL, 10, "", "\"limit\":2}");
  expect ("POST", NEW, body, NULL, 200, "\"status\":200");
  expect_said ("peer add", 10, "");
  expect_login (KNOWN_IVPN_FULL, 11, "", "\"status\":200");    /* of two there is one again */
  expect_said ("peer add", 11, "");
  expect_login (KNOWN_IVPN_FULL, 12, "", "\"status\":602");
}

static void
test_force (void)
{
  static const guint8 others[] = { 10, 11 };
  g_autofree char *mine = NULL;

  log_in (KNOWN_IVPN_FULL, 12, "true");
  expect_lost (others, G_N_ELEMENTS (others));
  expect_said ("peer add", 12, "");
  expect_session (STATUS, "\"status\":200");
  mine = g_strdup (session);
  log_in (KNOWN_IVPN_FULL, 13, "true");
  expect_said ("peer remove", 12, "");
  expect_said ("peer add", 13, "");
  g_free (session);
  session = g_steal_pointer (&mine);
  expect_session (STATUS, "\"status\":601");
}

static void
test_ended (void)
{
  expect_login (KNOWN_IVPN_CLOSED, 20, "", "\"status\":702");
  log_in (KNOWN_IVPN_ENDED, 20, "false");
  expect_said ("peer add", 20, "");
  expect_session (STATUS, "{\"status\":702,\"message\":\"Account is not active\"}");
  log_in (KNOWN_IVPN_ACCOUNT, 21, "false");
  expect_said ("peer add", 21, "");
  set_fault ("expired");
  expect_session (STATUS, "\"status\":702");
  set_fault ("session-expired");
  expect_session (STATUS, "\"status\":601");
  set_fault ("");
  expect_session (DELETE, "{\"status\":200}");
  expect_said ("peer remove", 21, "");
  expect_session (DELETE, "\"status\":601");
  expect_session (STATUS, "\"status\":601");
}

/* The picture is one: width and height are where a PNG has them. */
static void
check_picture (Answer *answer)
{
  static const guint8 start_of_it[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R',
                                         0, 0, 0, 100 };
  g_autofree char *image = answer_dup_member (answer, "captcha_image");
  g_autofree guchar *bytes = NULL;
  gsize length;

  g_assert_true (g_str_has_prefix (image, "data:image/png;base64,"));
  bytes = g_base64_decode (strchr (image, ',') + 1, &length);
  g_assert_cmpmem (bytes, sizeof start_of_it, start_of_it, sizeof start_of_it);
}

static void
test_captcha (void)
{
  g_autofree char *plain = make_login (KNOWN_IVPN_ROBOT, 30, "false", "");
  g_autofree char *id = NULL, *again = NULL, *wrong = NULL, *right = NULL;
  g_autoptr (Answer) first = ask ("POST", NEW, plain, NULL, 10), second = NULL;

  g_assert_true (g_str_has_prefix (first->text, "{\"status\":70001,"));
  check_picture (first);
  id = answer_dup_member (first, "captcha_id");
  wrong = g_strdup_printf (",\"captcha_id\":\"%s\",\"captcha\":\"XXXX\"", id);
  g_free (plain);
  plain = make_login (KNOWN_IVPN_ROBOT, 30, "false", wrong);
  second = ask ("POST", NEW, plain, NULL, 10);
  g_assert_true (g_str_has_prefix (second->text, "{\"status\":70002,"));
  check_picture (second);
  again = answer_dup_member (second, "captcha_id");
  g_assert_cmpstr (id, !=, again);
  right = g_strdup_printf (",\"captcha_id\":\"%s\",\"captcha\":\"" KNOWN_IVPN_CAPTCHA "\"", id);
  expect_login (KNOWN_IVPN_ROBOT, 30, right, "\"status\":70002");    /* the old picture is over */
  g_free (right);
  right = g_strdup_printf (",\"captcha_id\":\"%s\",\"captcha\":\"" KNOWN_IVPN_CAPTCHA "\"", again);
  expect_login (KNOWN_IVPN_ROBOT, 30, right, "\"status\":200");
  expect_said ("peer add", 30, "");
}

static void
test_code (void)
{
  g_autofree char *plain = make_login (KNOWN_IVPN_BOTH, 32, "false", ""), *id = NULL, *more = NULL;
  g_autoptr (Answer) answer = ask ("POST", NEW, plain, NULL, 10);

  expect_login (KNOWN_IVPN_TOTP, 31, "", "\"status\":70011");
  expect_login (KNOWN_IVPN_TOTP, 31, ",\"confirmation\":\"000000\"", "\"status\":70012");
  expect_login (KNOWN_IVPN_TOTP, 31, ",\"confirmation\":\"" KNOWN_IVPN_CODE "\"", "\"status\":200");
  expect_said ("peer add", 31, "");
  id = answer_dup_member (answer, "captcha_id");
  more = g_strdup_printf (",\"captcha_id\":\"%s\",\"captcha\":\"" KNOWN_IVPN_CAPTCHA "\"", id);
  expect_login (KNOWN_IVPN_BOTH, 32, more, "\"status\":70011");
  g_free (more);
  more = g_strdup_printf (",\"captcha_id\":\"%s\",\"captcha\":\"" KNOWN_IVPN_CAPTCHA "\""
                          ",\"confirmation\":\"" KNOWN_IVPN_CODE "\"", id);
  expect_login (KNOWN_IVPN_BOTH, 32, more, "\"status\":200");
  expect_said ("peer add", 32, "");
}

static void
test_keys (void)
{
  static const guint8 both[] = { 41, 42 };
  g_autofree char *old = make_key (41), *others = make_key (1);

  log_in (KNOWN_IVPN_ACCOUNT, 40, "false");
  expect_said ("peer add", 40, "");
  /* Nobody is connected: all that there were are gone. */
  expect_key (41, "", "\"status\":200,\"message\":\"\",\"ip_address\":\"172.23.");
  expect_said ("peer remove", 40, "");
  expect_said ("peer add", 41, "");
  /* Somebody is, with a key that must stay until he has come back with the new one. */
  expect_key (42, old, "\"status\":200");
  expect_said ("peer add", 42, "");
  expect_key (43, others, "\"status\":424");    /* another session's */
  expect_key (41, "AAAA", "\"status\":424");
  expect_key (43, "", "\"status\":200");
  expect_lost (both, G_N_ELEMENTS (both));
  expect_said ("peer add", 43, "");
  set_fault ("no-wireguard");
  expect_key (44, "", "{\"status\":200,\"message\":\"\"}");
  expect_said ("peer remove", 43, "");
  expect_said ("peer add", 44, "");
  set_fault ("bad-address");
  expect_key (45, "", "\"ip_address\":\"172.23.0.999\"");
  expect_said ("peer remove", 44, "");
  expect_said ("peer add", 45, "");
  set_fault ("");
  g_free (session);
  session = g_strdup ("ivt_none");
  expect_key (46, "", "\"status\":601");
}

static void
test_servers (void)
{
  g_autoptr (Answer) many = NULL;

  expect ("GET", SERVERS, "", NULL, 200, "{\"wireguard\":[{\"gateway\":\"se.wg.ivpn.net\",\"country_code\":\"SE\"");
  expect ("GET", SERVERS, "", NULL, 200, "\"host\":\"198.51.100.10\",\"load\":12.5,\"multihop_port\":21000");
  expect ("GET", SERVERS, "", NULL, 200, "\"public_key\":\"key\",\"local_ip\":\"172.16.0.1/12\""
          ",\"ipv6\":{\"local_ip\":\"fd00:4956:");
  expect ("GET", SERVERS, "", NULL, 200, "\"ipv6\":{}");
  expect ("GET", SERVERS, "", NULL, 200, "\"host\":\"198.51.100.10/32\"");
  expect ("GET", SERVERS, "", NULL, 200, "\"openvpn\":[{\"gateway\":\"se.gw.ivpn.net\"");
  expect ("GET", SERVERS, "", NULL, 200, "\"hostname\":\"se1.gw.ivpn.net\",\"dns_name\":\"se1.gw.ivpn.net\""
          ",\"host\":\"" KNOWN_IVPN_OPENVPN_OTHER "\"");
  expect ("GET", SERVERS, "", NULL, 200, "\"api\":{\"ips\":[\"192.0.2.12\"");
  expect ("GET", SERVERS, "", NULL, 200, "{\"port\":51820}");
  expect ("GET", SERVERS, "", NULL, 200, "\"Normal\":\"10.0.254.4\",\"Hardcore\":\"10.0.254.5\"");
  set_fault ("no-ports");
  expect ("GET", SERVERS, "", NULL, 200, "\"wireguard\":[],\"obfs3\"");
  set_fault ("negative-port");
  expect ("GET", SERVERS, "", NULL, 200, "\"range\":{\"min\":-1,\"max\":-1}");
  expect ("GET", SERVERS, "", NULL, 200, "\"multihop_port\":-1");
  set_fault ("many 100");
  many = ask ("GET", SERVERS, "", NULL, 10);
  g_assert_nonnull (strstr (many->text, "\"gateway\":\"n99-se.wg.ivpn.net\""));
  set_fault ("");
}

static void
test_http (void)
{
  g_autofree char *good = NULL;

  expect ("GET", "/v4/geo-lookup", "", NULL, 200, "{\"ip_address\":\"127.0.0.1\",\"isp\":\"Lab\"");
  expect ("GET", "/v4/geo-lookup", "", NULL, 200, "\"longitude\":10.75,\"isIvpnServer\":false}");
  set_fault ("http-status 503");    /* and yet it is a success */
  expect ("GET", "/v4/geo-lookup", "", NULL, 503, "\"ip_address\":\"127.0.0.1\"");
  expect ("GET", SERVERS, "", NULL, 503, "\"wireguard\":[");
  set_fault ("throttle");
  expect ("POST", NEW, "{}", NULL, 429, "{\"status\":429,\"message\":\"");
  set_fault ("");
  expect ("GET", NEW, "", NULL, 404, "\"status\":404");
  asker_set_header ("Host", "www.example.com");    /* an address or its own name is what it knows itself by */
  expect ("GET", SERVERS, "", NULL, 421, "\"status\":421");
  good = dup_log ();
  g_assert_null (strstr (good, "ivt_"));
}

void
test_ivpn_add (void)
{
  g_test_add_func ("/simulator/ivpn/start", start);
  g_test_add_func ("/simulator/ivpn/login", test_login);
  g_test_add_func ("/simulator/ivpn/limit", test_limit);
  g_test_add_func ("/simulator/ivpn/force", test_force);
  g_test_add_func ("/simulator/ivpn/ended", test_ended);
  g_test_add_func ("/simulator/ivpn/captcha", test_captcha);
  g_test_add_func ("/simulator/ivpn/code", test_code);
  g_test_add_func ("/simulator/ivpn/keys", test_keys);
  g_test_add_func ("/simulator/ivpn/servers", test_servers);
  g_test_add_func ("/simulator/ivpn/http", test_http);
}
