/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-mullvad.c: the simulated Mullvad. */
#include "tests/simulator/asker.h"

#include <string.h>

#include "tests/simulator/known.h"

#define ME      "/accounts/v1/accounts/me"
#define DEVICES "/accounts/v1/devices"
#define RELAYS  "/app/v1/relays"
#define VOUCHER "/app/v1/submit-voucher"

static void
log_in (const char *account)
{
  g_autofree char *body = g_strdup_printf ("{\"account_number\":\"%s\"}", account), *token = NULL;
  g_autoptr (Answer) answer = ask ("POST", "/auth/v1/token", body, NULL, 10);

  g_assert_cmpuint (answer_get_status (answer), ==, 200);
  token = answer_dup_member (answer, "access_token");
  g_assert_true (g_str_has_prefix (token, "mva_"));
  asker_set_token (token);
}

static void
expect_device (guint8 number, guint status, const char *part)
{
  g_autofree char *key = make_key (number);
  g_autofree char *body = g_strdup_printf ("{\"pubkey\":\"%s\",\"hijack_dns\":false}", key);

  expect ("POST", DEVICES, body, NULL, status, part != NULL ? part : key);
}

static char *
find_first_id (void)
{
  g_autoptr (Answer) answer = ask ("GET", DEVICES, "", NULL, 10);

  return answer_dup_member (answer, "id");
}

static void
test_accounts (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc (), yesterday = g_date_time_add_days (now, -1);
  g_autofree char *ended = g_date_time_format (yesterday, "\"expiry\":\"%Y-%m-%dT"), *paid = NULL;
  g_autoptr (GDateTime) later = g_date_time_add_days (now, 30);

  paid = g_date_time_format (later, "\"expiry\":\"%Y-%m-%dT");
  expect ("GET", ME, "", NULL, 401, "\"code\":\"INVALID_ACCESS_TOKEN\"");
  expect ("POST", "/auth/v1/token", "{\"account_number\":\"1\"}", NULL, 400, "\"code\":\"INVALID_ACCOUNT\"");
  expect ("POST", "/auth/v1/token", "{\"acc", NULL, 400, "\"code\":\"INVALID_ACCOUNT\"");
  log_in (KNOWN_MULLVAD_EXPIRED);
  expect ("GET", ME, "", NULL, 200, ended);
  log_in (KNOWN_MULLVAD_FULL);
  expect_device (90, 400, "MAX_DEVICES_REACHED");
  log_in (KNOWN_MULLVAD_ACCOUNT);
  expect ("GET", ME, "", NULL, 200, paid);
  set_fault ("expired\n");
  expect ("GET", ME, "", NULL, 200, ended);
  set_fault ("");
  expect ("GET", "/nowhere", "", NULL, 404, "NOT_FOUND");
}

static void
test_tokens (void)
{
  set_fault ("short-token 400");
  log_in (KNOWN_MULLVAD_ACCOUNT);
  set_fault ("");
  expect ("GET", ME, "", NULL, 200, "expiry");
  g_usleep (450000);
  expect ("GET", ME, "", NULL, 401, "INVALID_ACCESS_TOKEN");
  log_in (KNOWN_MULLVAD_ACCOUNT);
  set_fault ("token-expired");
  expect ("GET", ME, "", NULL, 401, "INVALID_ACCESS_TOKEN");
  set_fault ("");
  expect ("GET", ME, "", NULL, 200, "expiry");
}

static void
test_devices (void)
{
  g_autofree char *id = NULL, *path = NULL, *key_path = NULL, *key = make_key (50), *body = NULL;

  log_in (KNOWN_MULLVAD_ACCOUNT);
  for (guint8 i = 0; i < 5; i++)
    {
      expect_device (i, 201, NULL);
      expect_said ("peer add", i, "");
      expect_device (i, 400, "PUBKEY_IN_USE");
    }
  expect_device (5, 400, "MAX_DEVICES_REACHED");
  expect ("POST", DEVICES, "{\"pubkey\":\"short\"}", NULL, 400, "INVALID_PUBKEY");
  expect ("GET", DEVICES "/none", "", NULL, 404, "DEVICE_NOT_FOUND");
  expect ("PUT", DEVICES, "{}", NULL, 405, "METHOD_NOT_ALLOWED");
  id = find_first_id ();
  path = g_strconcat (DEVICES "/", id, NULL);
  key_path = g_strconcat (path, "/pubkey", NULL);
  body = g_strdup_printf ("{\"pubkey\":\"%s\"}", key);
  expect ("GET", path, "", NULL, 200, "10.67.0.2/32");
  expect ("PUT", key_path, body, NULL, 200, key);
  expect_said ("peer remove", 0, "");
  expect_said ("peer add", 50, " 10.67.0.2/32,fc00:bbbb:bbbb:bb01::102/128");
  log_in (KNOWN_MULLVAD_FULL);
  expect ("DELETE", path, "", NULL, 404, "DEVICE_NOT_FOUND");    /* another's */
  log_in (KNOWN_MULLVAD_ACCOUNT);
  expect ("DELETE", path, "", NULL, 204, "");
  expect_said ("peer remove", 50, "");
  expect ("GET", path, "", NULL, 404, "DEVICE_NOT_FOUND");
}

static void
test_revoke (void)
{
  static const guint8 left[] = { 1, 2, 3, 4 };

  log_in (KNOWN_MULLVAD_ACCOUNT);
  set_fault ("revoke");    /* and no request */
  expect_lost (left, G_N_ELEMENTS (left));
  expect ("GET", DEVICES, "", NULL, 200, "[]");
  expect_device (60, 201, NULL);    /* one that comes later stays */
  expect_said ("peer add", 60, "");
  g_usleep (100000);
  expect ("GET", DEVICES, "", NULL, 200, "quiet otter");
  set_fault ("");
}

static void
test_relays (void)
{
  expect ("GET", RELAYS, "", NULL, 200, "\"hostname\":\"se-got-wg-001\",\"active\":true");
  expect ("GET", RELAYS, "", NULL, 200, "\"hostname\":\"se-sto-wg-001\",\"active\":true");
  expect ("GET", RELAYS, "", NULL, 200, "\"hostname\":\"se-sto-wg-002\",\"active\":false");
  expect ("GET", RELAYS, "", NULL, 200, "\"ipv4_addr_in\":\"198.51.100.99\"");
  expect ("GET", RELAYS, "", "\"lab-1\"", 304, "");
  expect ("GET", "/app/v1/api-addrs", "", NULL, 200, "[\"192.0.2.10:443\"]");
  expect ("GET", "/json", "", NULL, 404, "NOT_FOUND");    /* of another host */
  set_fault ("traversal");
  expect ("GET", RELAYS, "", "\"lab-1\"", 200, "../../etc");
  set_fault ("");
}

/* Weight, the flags of DAITA and the optional fields in each form that the description has: there, null, empty and absent. */
static void
test_relay_fields (void)
{
  expect ("GET", RELAYS, "", NULL, 200, "\"weight\":0,\"include_in_country\":true,\"daita\":false");
  expect ("GET", RELAYS, "", NULL, 200, "\"features\":{\"daita\":{},\"quic\":{\"addr_in\":[\"198.51.100.10\"");
  expect ("GET", RELAYS, "", NULL, 200, "\"features\":{\"daita\":null");
  expect ("GET", RELAYS, "", NULL, 200, "\"shadowsocks_extra_addr_in\":[]");
  expect ("GET", RELAYS, "", NULL, 200, "\"shadowsocks_port_ranges\":[[51900,51949]]");
  expect ("GET", RELAYS, "", NULL, 200, "\"port_ranges\":[[51820,51820]],\"ipv4_gateway\":\"10.64.0.1\"");
  expect ("GET", RELAYS, "", NULL, 200, "\"cipher\":\"aes-256-gcm\"");
  expect ("GET", RELAYS, "", NULL, 200, "\"hostname\":\"se-got-br-001\"");
}

static void
test_vouchers (void)
{
  g_autoptr (Answer) added = NULL;
  g_autofree char *until = NULL;
  g_autoptr (GDateTime) expiry = NULL, now = g_date_time_new_now_utc ();

  asker_set_token ("none");
  expect ("POST", VOUCHER, "{\"voucher_code\":\"" KNOWN_MULLVAD_VOUCHER "\"}", NULL, 401, "INVALID_ACCESS_TOKEN");
  log_in (KNOWN_MULLVAD_EXPIRED);
  expect ("POST", VOUCHER, "{\"voucher_code\":\"NONE-NONE-NONE-NONE\"}", NULL, 400, "INVALID_VOUCHER");
  expect ("POST", VOUCHER, "{}", NULL, 400, "INVALID_VOUCHER");
  expect ("POST", VOUCHER, "{\"voucher_code\":\"" KNOWN_MULLVAD_USED "\"}", NULL, 400, "VOUCHER_USED");
  added = ask ("POST", VOUCHER, "{\"voucher_code\":\"" KNOWN_MULLVAD_VOUCHER "\"}", NULL, 10);
  g_assert_cmpuint (answer_get_status (added), ==, 200);
  g_assert_nonnull (strstr (added->text, "\"time_added\":2592000"));
  until = answer_dup_member (added, "new_expiry");
  expiry = g_date_time_new_from_iso8601 (until, NULL);
  g_assert_cmpint (g_date_time_difference (expiry, now) / G_TIME_SPAN_DAY, >=, 29);
  expect ("GET", ME, "", NULL, 200, until);
  expect ("POST", VOUCHER, "{\"voucher_code\":\"" KNOWN_MULLVAD_VOUCHER "\"}", NULL, 400, "VOUCHER_USED");
}

static void
test_new_account (void)
{
  g_autoptr (Answer) made = ask ("POST", "/accounts/v1/accounts", "", NULL, 10), page = NULL;
  g_autofree char *number = answer_dup_member (made, "number");

  g_assert_cmpuint (answer_get_status (made), ==, 201);
  g_assert_cmpuint (strspn (number, "0123456789"), ==, 16);
  log_in (number);
  expect_device (70, 201, NULL);
  expect_said ("peer add", 70, "");
  page = ask ("POST", "/app/v1/www-auth-token", "", NULL, 10);
  g_assert_cmpuint (answer_get_status (page), ==, 200);
  g_free (answer_dup_member (page, "auth_token"));
  expect ("DELETE", ME, "", NULL, 400, "INVALID_ACCOUNT");    /* its number was not said besides */
  asker_set_header ("Mullvad-Account-Number", KNOWN_MULLVAD_FULL);
  expect ("DELETE", ME, "", NULL, 400, "INVALID_ACCOUNT");
  asker_set_header ("Mullvad-Account-Number", number);
  expect ("DELETE", ME, "", NULL, 204, "");
  expect_said ("peer remove", 70, "");
  expect ("GET", ME, "", NULL, 401, "INVALID_ACCESS_TOKEN");
}

static void
test_log (void)
{
  g_autofree char *text = dup_log ();

  g_assert_true (g_str_has_prefix (text, "GET " ME " 401\n"));
  g_assert_nonnull (strstr (text, "PUT " DEVICES "/ID/pubkey 200\n"));
  g_assert_nonnull (strstr (text, "DELETE " DEVICES "/ID 204\n"));
  g_assert_null (strstr (text, "mva_"));
  g_assert_null (strstr (text, KNOWN_MULLVAD_ACCOUNT));
}

static void
start (void)
{
  asker_use ("mullvad");
}

void
test_mullvad_add (void)
{
  g_test_add_func ("/simulator/mullvad/start", start);
  g_test_add_func ("/simulator/mullvad/accounts", test_accounts);
  g_test_add_func ("/simulator/mullvad/tokens", test_tokens);
  g_test_add_func ("/simulator/mullvad/devices", test_devices);
  g_test_add_func ("/simulator/mullvad/revoke", test_revoke);
  g_test_add_func ("/simulator/mullvad/relays", test_relays);
  g_test_add_func ("/simulator/mullvad/relay-fields", test_relay_fields);
  g_test_add_func ("/simulator/mullvad/vouchers", test_vouchers);
  g_test_add_func ("/simulator/mullvad/new-account", test_new_account);
  g_test_add_func ("/simulator/mullvad/log", test_log);
}
