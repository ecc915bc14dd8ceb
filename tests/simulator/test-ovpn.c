/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ovpn.c: the simulated OVPN. */
#include "tests/simulator/asker.h"

#include <string.h>

#include "tests/simulator/known.h"

#define ENTRY "/v2/api/client/entry"
#define WHO   "/v2/api/client/ptr"
#define KEYS  "/v4/api/keys"

static void
start (void)
{
  asker_use ("ovpn");
}

static char *
make_form (const char *user, const char *password, const char *field, const char *key)
{
  return soup_form_encode ("username", user, "password", password, field, key, NULL);
}

static void
expect_key (const char *method, const char *user, const char *password, guint8 number, guint status, const char *part)
{
  g_autofree char *key = make_key (number);
  g_autofree char *form = make_form (user, password, *method == 'P' ? "new_key" : "key", key);

  expect (method, KEYS, form, NULL, status, part);
}

static void
test_list (void)
{
  expect ("GET", ENTRY, "", NULL, 200, "{\"success\":true,\"datacenters\":[{\"slug\":\"sthlm\",\"city\":\"Stockholm\"");
  expect ("GET", ENTRY, "", NULL, 200, "\"country\":\"SE\",\"country_name\":\"Sweden\""
          ",\"pools\":[\"pool-1.prd.se.sthlm.ovpn.com\"");
  expect ("GET", ENTRY, "", NULL, 200, "\"ip\":\"198.51.100.10\",\"ptr\":\"vpn10.prd.sthlm.ovpn.com\""
          ",\"name\":\"VPN10 - Stockholm\",\"online\":true,\"load\":14,\"public_key\":\"key\",\"public_key_ipv4\":\"");
  expect ("GET", ENTRY, "", NULL, 200, "\"wireguard_ports\":[9929],\"multihop_openvpn_port\":20010"
          ",\"multihop_wireguard_port\":30010");
  expect ("GET", ENTRY, "", NULL, 200, "\"multihop_openvpn_port\":0,\"multihop_wireguard_port\":0");
  expect ("GET", ENTRY, "", NULL, 200, "\"online\":false,\"load\":null");
  expect ("GET", ENTRY, "", NULL, 200, "\"slug\":\"new-york\"");
  expect ("GET", ENTRY, "", NULL, 200, "\"method\":\"chacha20-ietf-poly1305\",\"password\":\"example-only\",\"ports\":[8388]");
}

static void
test_list_faults (void)
{
  g_autoptr (Answer) offline = NULL, bare = NULL, many = NULL;

  set_fault ("failure " ENTRY);
  expect ("GET", ENTRY, "", NULL, 200, "\"success\":false");
  set_fault ("null-load");
  expect ("GET", ENTRY, "", NULL, 200, "\"online\":true,\"load\":null");
  set_fault ("all-offline");
  offline = ask ("GET", ENTRY, "", NULL, 10);
  g_assert_null (strstr (offline->text, "\"online\":true"));
  set_fault ("no-ipv4-key");
  bare = ask ("GET", ENTRY, "", NULL, 10);
  g_assert_null (strstr (bare->text, "public_key_ipv4"));
  set_fault ("negative-port");
  expect ("GET", ENTRY, "", NULL, 200, "\"wireguard_ports\":[-1],\"multihop_openvpn_port\":-1");
  set_fault ("hostile-names");
  expect ("GET", ENTRY, "", NULL, 200, "\\nremote 203.0.113.66 1194");
  set_fault ("many 300");
  many = ask ("GET", ENTRY, "", NULL, 10);
  g_assert_nonnull (strstr (many->text, "\"slug\":\"n299-sthlm\""));
  set_fault ("error 500");
  expect ("GET", ENTRY, "", NULL, 500, "{\"error\":{\"message\":");
  set_fault ("");
}

/* Who is not connected gets his address in the text of an error. */
static void
test_who (void)
{
  expect ("GET", WHO, "", NULL, 404, "\"message\":\"127.0.0.1 is not an OVPN address\"");
  set_fault ("connected");
  expect ("GET", WHO, "", NULL, 200, "{\"success\":true,\"ip\":\"127.0.0.1\",\"ptr\":\"");
  set_fault ("connected\nold-flag");
  expect ("GET", WHO, "", NULL, 200, "{\"status\":true");
  set_fault ("failure");
  expect ("GET", WHO, "", NULL, 200, "{\"success\":false");
  set_fault ("");
}

static void
test_keys (void)
{
  g_autofree char *form = make_form (KNOWN_OVPN_USER, KNOWN_OVPN_PASSWORD, "new_key", "AAAA");

  expect_key ("POST", KNOWN_OVPN_USER, KNOWN_OVPN_PASSWORD, 1, 201, "\"ipv4\":\"172.21.0.2\"");
  expect_said ("peer add", 1, " 172.21.0.2/32,fd00:0000:1337:cafe:1111:1111:0000:0002/128");
  expect_key ("POST", KNOWN_OVPN_USER, KNOWN_OVPN_PASSWORD, 2, 201, "\"ipv6\":\"fd00:0000:1337:cafe:1111:1111:0000:0003\"");
  expect_said ("peer add", 2, "");
  expect_key ("POST", KNOWN_OVPN_USER, KNOWN_OVPN_PASSWORD, 2, 422, "\"errors\":{\"new_key\":[\"");
  expect_key ("POST", KNOWN_OVPN_USER, "wrong", 3, 401, "\"message\"");
  expect_key ("POST", "nobody", KNOWN_OVPN_PASSWORD, 3, 401, "\"message\"");
  expect_key ("POST", KNOWN_OVPN_BANNED, KNOWN_OVPN_PASSWORD, 3, 403, "\"message\"");
  expect_key ("POST", KNOWN_OVPN_BUSY, "wrong", 3, 423, "\"message\"");
  expect_key ("POST", KNOWN_OVPN_FULL, KNOWN_OVPN_PASSWORD, 3, 422, "more than");
  expect ("POST", KEYS, form, NULL, 422, "\"new_key\":[\"");
  expect ("POST", KEYS, "{\"username\":\"lab\"}", NULL, 422, "\"username\":[\"");    /* no form */
  expect_key ("DELETE", KNOWN_OVPN_USER, "wrong", 1, 401, "");
  expect_key ("DELETE", KNOWN_OVPN_FULL, KNOWN_OVPN_PASSWORD, 1, 404, "");    /* another's */
  expect_key ("DELETE", KNOWN_OVPN_USER, KNOWN_OVPN_PASSWORD, 1, 200, "");
  expect_said ("peer remove", 1, "");
  expect_key ("DELETE", KNOWN_OVPN_USER, KNOWN_OVPN_PASSWORD, 1, 404, "");
  set_fault ("quiet");
  expect_key ("DELETE", KNOWN_OVPN_USER, KNOWN_OVPN_PASSWORD, 2, 204, "");
  expect_said ("peer remove", 2, "");
  set_fault ("");
}

static void
test_key_faults (void)
{
  static const guint8 left[] = { 21 };
  g_autoptr (Answer) bare = NULL;
  g_autofree char *key = make_key (21), *form = make_form (KNOWN_OVPN_USER, KNOWN_OVPN_PASSWORD, "new_key", key);

  set_fault ("locked");
  expect_key ("POST", KNOWN_OVPN_USER, KNOWN_OVPN_PASSWORD, 20, 423, "");
  set_fault ("session-expired");
  expect_key ("POST", KNOWN_OVPN_USER, KNOWN_OVPN_PASSWORD, 20, 401, "");
  set_fault ("error " KEYS);
  expect_key ("POST", KNOWN_OVPN_USER, KNOWN_OVPN_PASSWORD, 20, 500, "{\"error\":{\"message\":\"");
  set_fault ("html " KEYS);
  expect_key ("POST", KNOWN_OVPN_USER, KNOWN_OVPN_PASSWORD, 20, 200, "<html>");
  set_fault ("text-id\nno-address");
  bare = ask ("POST", KEYS, form, NULL, 10);
  g_assert_cmpuint (answer_get_status (bare), ==, 201);
  g_assert_null (strstr (bare->text, "\"ipv4\""));
  g_assert_nonnull (strstr (bare->text, "\"id\":\"1234"));
  expect_said ("peer add", 21, "");
  set_fault ("revoke");
  expect_lost (left, 1);
  set_fault ("");
}

static void
test_health (void)
{
  expect ("GET", "/datacenters/sthlm/servers", "", NULL, 200, "{\"data\":[{\"name\":\"VPN10\",\"ip\":\"198.51.100.10\""
          ",\"online\":true,\"uptime\":\"41 days\",\"bandwidth\":1400,\"bandwidth_usage\":14,\"port_speed\":10000}");
  expect ("GET", "/datacenters/nowhere/servers", "", NULL, 404, "");
  expect ("GET", "/datacenters/sthlm", "", NULL, 404, "");
}

static void
test_log (void)
{
  g_autofree char *text = dup_log ();

  g_assert_nonnull (strstr (text, "DELETE " KEYS " 204\n"));
  g_assert_null (strstr (text, KNOWN_OVPN_PASSWORD));
}

void
test_ovpn_add (void)
{
  g_test_add_func ("/simulator/ovpn/start", start);
  g_test_add_func ("/simulator/ovpn/list", test_list);
  g_test_add_func ("/simulator/ovpn/list-faults", test_list_faults);
  g_test_add_func ("/simulator/ovpn/who", test_who);
  g_test_add_func ("/simulator/ovpn/keys", test_keys);
  g_test_add_func ("/simulator/ovpn/key-faults", test_key_faults);
  g_test_add_func ("/simulator/ovpn/health", test_health);
  g_test_add_func ("/simulator/ovpn/log", test_log);
}
