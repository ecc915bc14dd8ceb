/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-provider-ovpn-list.c: OVPN's list of servers, good and hostile, and what is drawn from it. */
#include "client/provider/provider.h"

#include <string.h>

#include "client/provider/select.h"

#define NOW    G_GINT64_CONSTANT (1785542400)    /* 2026-08-01 */
#define KEY_1  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE="
#define KEY_2  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAU="
#define MALMO  "\"slug\":\"malmo\",\"city\":\"Malm\xc3\xb6\",\"country\":\"SE\",\"country_name\":\"Sweden\"," \
               "\"pools\":[\"pool-1.prd.se.malmo.ovpn.com\"],\"ping_address\":\"192.0.2.10\""
#define OSLO   "\"slug\":\"oslo\",\"city\":\"Oslo\",\"country\":\"NO\",\"country_name\":\"Norway\"," \
               "\"pools\":[\"pool-1.prd.no.oslo.ovpn.com\"],\"ping_address\":\"198.51.100.7\""
#define SERVER(n, city, ip, load, key) \
  "{\"ip\":\"" ip "\",\"ptr\":\"vpn" n ".prd." city ".ovpn.com\",\"name\":\"VPN" n "\",\"online\":true,\"load\":" load "," \
  "\"public_key\":\"" key "\",\"public_key_ipv4\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI=\"," \
  "\"wireguard_ports\":[9929],\"multihop_openvpn_port\":200" n ",\"multihop_wireguard_port\":300" n "}"
#define VPN52  SERVER ("52", "malmo", "192.0.2.10", "14", KEY_1)
#define VPN39  SERVER ("39", "oslo", "198.51.100.7", "31", KEY_2)
#define HEAD   "{\"success\":true,\"datacenters\":["
#define TAIL   "],\"shadowsocks\":{\"mode\":\"tcp_and_udp\",\"method\":\"x\",\"password\":\"example-only\",\"ports\":[8388]}}"
#define IN(where, servers)  "{" where ",\"servers\":[" servers "]}"
#define GOOD   HEAD IN (MALMO, VPN52) "," IN (OSLO, VPN39) TAIL

static AditServerList *
read_bytes (const char *text, gsize length, GError **error)
{
  AditProviderRequest request = { .want = ADIT_PROVIDER_LIST, .now_s = NOW, .etag = "\"e\"" };
  g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_ovpn, &request, NULL);
  g_auto (AditHttpRequest) http = { 0 };
  g_auto (AditHttpAnswer) answer = { 0 };

  g_assert_true (adit_provider_task_next (task, &http, NULL));
  g_assert_null (http.body);
  adit_http_answer_init (&answer, length);
  answer.status = 200;
  answer.has_length = TRUE;
  g_byte_array_append (answer.body, (const guint8 *) text, (guint) length);
  if (!adit_provider_task_answer (task, &answer, error))
    return NULL;
  g_assert_true (task->is_done);
  return adit_server_list_new_for_bytes (task->result.list, error);
}

static AditServerList *
read_list (const char *text, GError **error)
{
  return read_bytes (text, strlen (text), error);
}

static void
assert_address (const AditAddress *address, const char *wanted)
{
  g_autofree char *text = adit_address_dup_text (address);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_head (void)
{
  static const char *const dns[] = { "46.227.67.134", "192.165.9.158", "2a07:a880:4601:10f0:cd45::1",
                                     "2001:67c:750:1:cafe:cd45:0:1" };
  static const AditPortRange ports[] = { { 9929, 9929, ADIT_PROTOCOL_WIREGUARD }, { 1194, 1195, ADIT_PROTOCOL_OPENVPN_UDP },
                                         { 443, 443, ADIT_PROTOCOL_OPENVPN_TCP } };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditServerList) list = read_list (GOOD, &error);
  const AditServerListHead *head;

  g_assert_no_error (error);
  head = adit_server_list_get_head (list);
  g_assert_cmpstr (head->service, ==, "ovpn");
  g_assert_cmpstr (head->etag, ==, "");
  g_assert_cmpint (head->fetched_at_s, ==, NOW);
  g_assert_cmpuint (head->mtu_bytes, ==, 1320);
  g_assert_cmpuint (head->keepalive_s, ==, 25);
  g_assert_true (head->picks_least_loaded);
  g_assert_cmpuint (head->n_dns, ==, G_N_ELEMENTS (dns));
  for (guint i = 0; i < head->n_dns; i++)
    assert_address (&head->dns[i], dns[i]);
  g_assert_cmpmem (head->ports, head->n_ports * sizeof *ports, ports, sizeof ports);
  g_assert_cmpuint (head->n_blocks, ==, 1);
  assert_address (&adit_server_list_find_block (list, "ads")->resolver, "217.64.148.33");
}

static void
test_servers (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditServerList) list = read_list (GOOD, &error);
  AditServerListServer server;
  AditServerListCity city;
  AditServerListCountry country;

  g_assert_no_error (error);
  g_assert_cmpuint (adit_server_list_get_n_servers (list), ==, 2);
  adit_server_list_get_server (list, 1, &server);    /* Norway comes before Sweden */
  adit_server_list_get_city (list, server.city, &city);
  adit_server_list_get_country (list, city.country, &country);
  g_assert_cmpstr (server.name, ==, "malmo-vpn52");
  g_assert_cmpstr (city.code, ==, "malmo");
  g_assert_cmpstr (city.name, ==, "Malm\xc3\xb6");
  g_assert_cmpstr (country.code, ==, "se");
  g_assert_cmpstr (country.name, ==, "Sweden");
  g_assert_cmpint (city.latitude_e6, ==, 0);
  g_assert_cmpint (city.longitude_e6, ==, 0);
  g_assert_cmpuint (server.load, ==, 14);
  g_assert_cmpuint (server.key[31], ==, 1);    /* not the other one of the same server */
  g_assert_cmpuint (server.wireguard_exit_port, ==, 30052);
  g_assert_cmpuint (server.openvpn_exit_port, ==, 20052);
  assert_address (&server.ipv4, "192.0.2.10");
  assert_address (&server.openvpn_ipv4, "192.0.2.10");
  g_assert_cmpint (server.ipv6.family, ==, ADIT_FAMILY_NONE);
  g_assert_true (server.in_country);
  g_assert_true (server.owned);
  g_assert_true (server.has_ipv6_inside);
}

enum { GONE, THERE, ONLY_OPENVPN };

/* One thing of the second server is changed; the first is there all the same. */
static const struct { const char *what, *with; int found; } changes[] = {
  { "\"load\":31", "\"load\":null", THERE }, { "\"load\":31,", "", THERE }, { "\"load\":31", "\"load\":101", THERE },
  { "\"load\":31", "\"load\":-1", THERE }, { "\"load\":31", "\"load\":\"full\"", THERE },
  { "\"public_key_ipv4\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI=\",", "", THERE },
  { "\"name\":\"VPN39\",", "", THERE }, { "[\"pool-1.prd.no.oslo.ovpn.com\"]", "[\"x\\nscript-security 2\"]", THERE },
  { "\"ping_address\":\"198.51.100.7\"", "\"ping_address\":\"; rm\"", THERE },
  { "[9929]", "[9930,9929]", THERE }, { "[9929]", "[9930]", ONLY_OPENVPN }, { "[9929]", "[]", ONLY_OPENVPN },
  { "[9929]", "[\"9929\"]", ONLY_OPENVPN }, { "[9929]", "9929", GONE }, { "\"wireguard_ports\"", "\"w\"", GONE },
  { "\"online\":true", "\"online\":false", GONE }, { "\"online\":true", "\"online\":null", GONE },
  { "\"online\":true", "\"online\":1", GONE }, { "\"online\":true,", "", GONE },
  { "\"ip\":\"198.51.100.7\"", "\"ip\":\"2001:db8::1\"", GONE }, { "\"ip\":\"198.51.100.7\"", "\"ip\":\"198.51.100\"", GONE },
  { "\"ip\":\"198.51.100.7\"", "\"ip\":\"198.51.100.7 443\"", GONE }, { "\"ip\":\"198.51.100.7\"", "\"ip\":\"0.0.0.0\"", GONE },
  { "\"ip\":\"198.51.100.7\"", "\"ip\":\"127.0.0.1\\nup x\"", GONE }, { "\"ip\":\"198.51.100.7\"", "\"ip\":null", GONE },
  { "\"ip\":\"198.51.100.7\"", "\"ip\":\"127.0.0.1\"", GONE }, { "\"ip\":\"198.51.100.7\"", "\"ip\":\"224.0.0.1\"", GONE },
  { "\"ip\":\"198.51.100.7\"", "\"ip\":\"169.254.0.1\"", GONE },
  { KEY_2, "AAAA", GONE }, { KEY_2, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", GONE },
  { KEY_2, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAV=", GONE },    /* spare bits that are set */
  { KEY_2, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAU= ", GONE }, { "\"public_key\"", "\"p\"", GONE },
  { "vpn39.prd.oslo.ovpn.com", "vpn39.prd.oslo.ovpn.com.example.org", GONE }, { "vpn39.prd.oslo.ovpn.com", "ovpn.com", GONE },
  { "vpn39.prd.oslo.ovpn.com", "vpn39.prd.oslo.evilovpn.com", GONE }, { "vpn39.prd.oslo.ovpn.com", ".ovpn.com", GONE },
  { "vpn39.prd.oslo.ovpn.com", "vpn39/../x.ovpn.com", GONE }, { "vpn39.prd.oslo.ovpn.com", "vpn 39.ovpn.com", GONE },
  { "vpn39.prd.oslo.ovpn.com", "vpn39\\n.ovpn.com", GONE }, { "vpn39.prd.oslo.ovpn.com", "vpn\xc3\xb6.ovpn.com", GONE },
  { "vpn39.prd.oslo.ovpn.com", "vpn52.prd.malmo.ovpn.com", GONE },    /* whose name is taken */
  { "\"multihop_openvpn_port\":20039", "\"multihop_openvpn_port\":65536", GONE },
  { "\"multihop_openvpn_port\":20039", "\"multihop_openvpn_port\":\"20039\"", GONE },
  { "\"multihop_wireguard_port\":30039", "\"multihop_wireguard_port\":-1", GONE },
  { "\"multihop_wireguard_port\":30039", "\"multihop_wireguard_port\":0", THERE },
  { ",\"multihop_wireguard_port\":30039", "", THERE },
  { "\"NO\"", "\"no\"", THERE }, { "\"NO\"", "\"NOR\"", GONE }, { "\"NO\"", "\"N\"", GONE }, { "\"NO\"", "\"../\"", GONE },
  { "\"NO\"", "\"4O\"", GONE }, { "\"NO\"", "null", GONE }, { "\"Norway\"", "\"\"", GONE },
  { "\"Norway\"", "\"Nor\\u202eway\"", GONE }, { "\"Oslo\"", "\"Os\\nlo\"", GONE }, { "\"city\":\"Oslo\",", "", GONE },
  { "\"slug\":\"oslo\"", "\"slug\":7", GONE }, { "\"slug\":\"oslo\"", "\"slug\":\"\"", GONE },
  { "\"slug\":\"oslo\"", "\"slug\":\"../..\"", GONE }, { "\"slug\":\"oslo\",", "", GONE },
};

static char *
change (const char *what, const char *with)
{
  g_autoptr (GString) text = g_string_new (IN (OSLO, VPN39));

  if (g_string_replace (text, what, with, 1) != 1)
    g_error ("not in the list: %s", what);
  return g_strconcat (HEAD, IN (MALMO, VPN52), ",", text->str, TAIL, NULL);
}

static void
test_changes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *text = change (changes[i].what, changes[i].with);
      g_autoptr (GError) error = NULL;
      g_autoptr (AditServerList) list = read_list (text, &error);
      AditServerListServer server;

      g_test_message ("%s", changes[i].with);
      g_assert_no_error (error);
      g_assert_cmpuint (adit_server_list_get_n_servers (list), ==, changes[i].found == GONE ? 1 : 2);
      adit_server_list_get_server (list, 0, &server);
      g_assert_cmpstr (server.name, ==, changes[i].found == GONE ? "malmo-vpn52" : "oslo-vpn39");
      if (changes[i].found == GONE)
        continue;
      g_assert_cmpint (server.ipv4.family, ==, changes[i].found == THERE ? ADIT_FAMILY_IPV4 : ADIT_FAMILY_NONE);
      assert_address (&server.openvpn_ipv4, "198.51.100.7");
      g_assert_cmpuint (server.load, ==, strstr (changes[i].what, "load") != NULL ? ADIT_LOAD_UNKNOWN : 31);
      g_assert_cmpuint (server.wireguard_exit_port, ==,
                        changes[i].found == ONLY_OPENVPN || strstr (changes[i].what, "30039") != NULL ? 0 : 30039);
    }
}

/* Whatever a datacenter is called, its code fits, says something, and is another one than its neighbour's. */
static void
test_slugs (void)
{
  static const struct { const char *slug, *begin; } rows[] = {
    { "oslo", "oslo" }, { "Oslo", "oslo" }, { "kualalumpur-two", "kualalumpur-two" }, { "frankfurt-am-main", "frankfurt-" },
    { "frankfurt-am-main-2", "frankfurt-" }, { "new_york", "new-york-" }, { "new york", "new-york-" }, { "-oslo-", "oslo-" },
    { "s\xc3\xa3o-paulo", "s-o-paulo-" }, { "aaaaaaaaaaaaaaaa", "aaaaaaaaaa-" }, { "aaaaaaaaaaaaaaab", "aaaaaaaaaa-" },
    { "x/../../etc", "x-etc-" },
  };
  g_autoptr (GHashTable) codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *slug = g_strdup_printf ("\"slug\":\"%s\"", rows[i].slug), *text = change ("\"slug\":\"oslo\"", slug);
      g_autoptr (GError) error = NULL;
      g_autoptr (AditServerList) list = read_list (text, &error), again = read_list (text, &error);
      AditServerListCity city, same;

      g_assert_no_error (error);
      adit_server_list_get_city (list, 0, &city);
      adit_server_list_get_city (again, 0, &same);
      g_assert_cmpstr (city.code, ==, same.code);
      g_assert_true (g_str_has_prefix (city.code, rows[i].begin));
      g_assert_true (adit_code_is_valid (city.code));
      if (i != 1 && !g_hash_table_add (codes, g_strdup (city.code)))    /* letters of either size are the same */
        g_error ("two slugs have the code %s", city.code);
    }
}

static void
test_refused (void)
{
  static const struct { const char *text; int error; } rows[] = {
    { "{\"success\":false,\"datacenters\":[" IN (OSLO, VPN39) "]}", ADIT_ERROR_SERVICE_FAILED },
    { "{\"success\":\"true\",\"datacenters\":[" IN (OSLO, VPN39) "]}", ADIT_ERROR_SERVICE_NONSENSE },
    { "{\"datacenters\":[" IN (OSLO, VPN39) "]}", ADIT_ERROR_SERVICE_NONSENSE },
    { "{\"success\":true}", ADIT_ERROR_SERVICE_NONSENSE },
    { "{\"success\":true,\"datacenters\":{}}", ADIT_ERROR_SERVICE_NONSENSE },
    { "{\"success\":true,\"datacenters\":null}", ADIT_ERROR_SERVICE_NONSENSE },
    { HEAD TAIL, ADIT_ERROR_SERVICE_NONSENSE },
    { HEAD IN (OSLO, "") TAIL, ADIT_ERROR_SERVICE_NONSENSE },
    { HEAD "1,null,\"x\",[]" TAIL, ADIT_ERROR_SERVICE_NONSENSE },
    { HEAD IN (OSLO, "1,null,\"x\",[],{}") TAIL, ADIT_ERROR_SERVICE_NONSENSE },
    { HEAD "{" OSLO "}" TAIL, ADIT_ERROR_SERVICE_NONSENSE },
    { HEAD "{" OSLO ",\"servers\":{\"a\":" VPN39 "}}" TAIL, ADIT_ERROR_SERVICE_NONSENSE },
    { HEAD IN (MALMO, VPN52) "," IN (MALMO, VPN39) TAIL, ADIT_ERROR_SERVICE_NONSENSE },
    { HEAD IN (MALMO, VPN52) ",{\"slug\":\"Malmo\"}" TAIL, ADIT_ERROR_SERVICE_NONSENSE },
    { HEAD IN (MALMO, VPN52) "]", ADIT_ERROR_SERVICE_NONSENSE }, { "", ADIT_ERROR_SERVICE_NONSENSE },
    { "[]", ADIT_ERROR_SERVICE_NONSENSE },
  };
  gsize length = 2 * 1024 * 1024 + 1;
  g_autofree char *large = g_malloc (length);
  g_autoptr (GError) large_error = NULL;
  g_autoptr (AditServerList) largest = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", rows[i].text);
      g_assert_null (read_list (rows[i].text, &error));
      g_assert_error (error, ADIT_ERROR, rows[i].error);
    }
  memset (large, ' ', length);
  memcpy (large + length - strlen (GOOD), GOOD, strlen (GOOD));
  largest = read_bytes (large + 1, length - 1, &large_error);
  g_assert_no_error (large_error);
  g_assert_null (read_bytes (large, length, &large_error));
  g_assert_error (large_error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
}

static guint64
draw (gpointer data)
{
  return ++*(guint64 *) data;
}

#define VPN53  SERVER ("53", "malmo", "192.0.2.11", "null", KEY_2)
#define VPN54  SERVER ("54", "malmo", "192.0.2.12", "9", KEY_2)

/* The least loaded one; who does not say how loaded it is comes last. */
static void
test_drawn (void)
{
  static const struct { const char *servers, *wanted; } rows[] = {
    { VPN52 "," VPN53, "malmo-vpn52" }, { VPN53 "," VPN54 "," VPN52, "malmo-vpn54" }, { VPN53, "malmo-vpn53" },
  };
  guint64 state = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strconcat (HEAD "{" MALMO ",\"servers\":[", rows[i].servers, "]}" TAIL, NULL);
      g_autoptr (AditServerList) list = read_list (text, NULL);
      AditPlace place = { .country = "se" }, nowhere = { .country = "no" };
      AditSelection selection = { .place = &place, .avoid = "", .has_ipv6 = TRUE, .random = { draw, &state } };
      g_autoptr (GError) error = NULL;
      AditTunnelSpec spec;

      for (guint n = 0; n < 10; n++)
        {
          g_assert_true (adit_select_tunnel (list, &selection, &spec, NULL));
          g_assert_cmpstr (spec.location.place.server, ==, rows[i].wanted);
          g_assert_cmpuint (spec.peer.port, ==, 9929);
          g_assert_cmpuint (spec.n_allowed_ips, ==, 2);
        }
      selection.place = &nowhere;
      g_assert_false (adit_select_tunnel (list, &selection, &spec, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE);
    }
}

/* In by one, out by the other: its key, and its port at the first one's address.  A less loaded exit without the port is none. */
static void
test_two_servers (void)
{
  g_autofree char *closed = change ("\"multihop_wireguard_port\":30039", "\"multihop_wireguard_port\":0");
  g_autoptr (AditServerList) list = read_list (GOOD, NULL), other = read_list (closed, NULL);
  guint64 state = 0;
  AditPlace in = { .country = "se" }, out = { .country = "no" };
  AditSelection selection = { .place = &out, .entry = &in, .avoid = "", .random = { draw, &state } };
  AditTunnelSpec spec;

  g_assert_true (adit_select_tunnel (list, &selection, &spec, NULL));
  assert_address (&spec.peer.address, "192.0.2.10");
  g_assert_cmpuint (spec.peer.port, ==, 30039);
  g_assert_cmpuint (spec.peer_key[31], ==, 5);
  g_assert_cmpstr (spec.location.place.server, ==, "oslo-vpn39");
  g_assert_false (adit_select_tunnel (other, &selection, &spec, NULL));
  selection.protocol = ADIT_PROTOCOL_OPENVPN_UDP;
  g_assert_true (adit_select_tunnel (other, &selection, &spec, NULL));
  assert_address (&spec.peer.address, "192.0.2.10");
  g_assert_cmpuint (spec.peer.port, ==, 20039);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider-ovpn-list/head", test_head);
  g_test_add_func ("/provider-ovpn-list/servers", test_servers);
  g_test_add_func ("/provider-ovpn-list/changes", test_changes);
  g_test_add_func ("/provider-ovpn-list/slugs", test_slugs);
  g_test_add_func ("/provider-ovpn-list/refused", test_refused);
  g_test_add_func ("/provider-ovpn-list/drawn", test_drawn);
  g_test_add_func ("/provider-ovpn-list/two-servers", test_two_servers);
  return g_test_run ();
}
