/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ivpn-servers.c: IVPN's servers.json in, our flat list out: what is kept, what is skipped, what refuses all of it.  With
 * ADIT_LISTS_DIR, also the real list in the file ivpn-servers.json of that folder. */
#include "client/provider/provider.h"

#include <string.h>

#include "client/model/server-list.h"
#include "client/provider/select.h"

#define NOW   G_GINT64_CONSTANT (1785542400)    /* 2026-08-01 */
#define KEY   "IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM="
#define PORTS "\"ports\":{\"openvpn\":[{\"type\":\"UDP\",\"port\":53},{\"type\":\"udp\",\"range\":{\"min\":2000,\"max\":2100}}," \
              "{\"type\":\"TCP\",\"port\":80},{\"type\":\"TCP\",\"port\":443}]," \
              "\"wireguard\":[{\"port\":53},{\"type\":\"UDP\",\"port\":2049},{\"type\":\"TCP\",\"port\":80}]}"
#define LISTS "\"antitracker_plus\":{\"DnsServers\":[" \
              "{\"Name\":\"Basic\",\"Description\":\"x\",\"Normal\":\"10.0.254.4\",\"Hardcore\":\"10.0.254.5\"}," \
              "{\"Name\":\"Hageziproplus\",\"Normal\":\"10.0.254.24\",\"Hardcore\":\"10.0.254.25\"}]}"
#define CONFIG "\"config\":{" LISTS "," PORTS "}"
#define SITE(protocol, gateway, code, city, hosts) \
              "{\"gateway\":\"" gateway "." protocol ".ivpn.net\",\"country_code\":\"" code "\"," \
              "\"country\":\"Land " code "\",\"city\":\"" city "\",\"latitude\":59.91,\"longitude\":-10.75,\"isp\":\"Site\"," \
              "\"hosts\":[" hosts "]}"
#define WG(name, rest) "{\"hostname\":\"" name ".wg.ivpn.net\",\"dns_name\":\"" name ".gw.ivpn.net\",\"host\":\"192.0.2.10\"," \
              "\"public_key\":\"" KEY "\",\"local_ip\":\"172.16.0.1/12\",\"ipv6\":{\"local_ip\":\"fd00:4956:504e:ffff::/96\"}," \
              "\"load\":12.5,\"multihop_port\":21000,\"v2ray\":\"192.0.2.12\",\"isp\":\"Ex\"" rest "}"
#define GW(name, rest) "{\"hostname\":\"" name ".gw.ivpn.net\",\"dns_name\":\"" name ".gw.ivpn.net\",\"host\":\"192.0.2.20\"," \
              "\"load\":12.5,\"multihop_port\":22000,\"obfs\":{},\"isp\":\"Ex\"" rest "}"
#define LIST(wireguard, openvpn) "{\"wireguard\":[" wireguard "],\"openvpn\":[" openvpn "]," CONFIG "}"
#define BOTH  LIST (SITE ("wg", "no", "NO", "Oslo", WG ("no1", "")), SITE ("gw", "no", "NO", "Oslo", GW ("no1", "")))

static void
fill (AditHttpAnswer *answer, const char *text, gsize length)
{
  adit_http_answer_init (answer, 1000);
  answer->status = 200;
  g_free (answer->etag);
  answer->etag = g_strdup ("\"v1\"");
  g_byte_array_append (answer->body, (const guint8 *) text, (guint) length);
}

static AditServerList *
read_bytes (const char *text, gsize length, GError **error)
{
  AditProviderRequest request = { .want = ADIT_PROVIDER_LIST, .now_s = NOW };
  g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_ivpn, &request, NULL);
  g_auto (AditHttpRequest) http = { 0 };
  g_auto (AditHttpAnswer) answer = { 0 };

  g_assert_true (adit_provider_task_next (task, &http, NULL));
  g_assert_cmpstr (http.path, ==, "/v5/servers.json");
  fill (&answer, text, length);
  if (!adit_provider_task_answer (task, &answer, error))
    return NULL;
  g_assert_true (task->is_done);
  return adit_server_list_new_for_bytes (task->result.list, error);
}

/* Without it, or with one that is out of order, a list is as good; with it, that of IPv4 comes first. */
static void
test_api (void)
{
  static const struct { const char *api; guint n; } rows[] = {
    { "", 0 }, { "\"api\":7,", 0 }, { "\"api\":{\"ips\":\"192.0.2.12\"},", 0 },
    { "\"api\":{\"ips\":[\"10.0.0.1\",\"192.0.2.12:443\",null]},", 0 },
    { "\"api\":{\"ipv6s\":[\"2001:db8:ff::12\"],\"ips\":[\"192.0.2.12\",\"192.0.2.13\"]},", 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GStrv) parts = g_strsplit (BOTH, "\"config\":{", 2);
      g_autofree char *text = g_strconcat (parts[0], "\"config\":{", rows[i].api, parts[1], NULL);
      AditProviderRequest request = { .want = ADIT_PROVIDER_LIST, .now_s = NOW };
      g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_ivpn, &request, NULL);
      g_auto (AditHttpAnswer) answer = { 0 };

      fill (&answer, text, strlen (text));
      g_assert_true (adit_provider_task_answer (task, &answer, NULL));
      g_assert_cmpuint (task->result.api.n, ==, rows[i].n);
      if (rows[i].n > 0)
        g_assert_cmpint (task->result.api.endpoints[0].address.family, ==, ADIT_FAMILY_IPV4);
    }
}

static AditServerList *
read_list (const char *text)
{
  g_autoptr (GError) error = NULL;
  AditServerList *list = read_bytes (text, strlen (text), &error);

  g_assert_no_error (error);
  return list;
}

static void
assert_address (const AditAddress *address, const char *wanted)
{
  g_autofree char *text = adit_address_dup_text (address);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_merged (void)
{
  g_autoptr (AditServerList) list = read_list (BOTH);
  const AditServerListHead *head = adit_server_list_get_head (list);
  AditServerListServer server;
  AditServerListCity city;
  AditServerListCountry country;

  g_assert_cmpuint (adit_server_list_get_n_servers (list), ==, 1);
  adit_server_list_get_server (list, 0, &server);
  adit_server_list_get_city (list, server.city, &city);
  adit_server_list_get_country (list, city.country, &country);
  g_assert_cmpstr (server.name, ==, "no1");
  g_assert_cmpstr (server.provider, ==, "Ex");
  g_assert_cmpstr (city.code, ==, "oslo");
  g_assert_cmpstr (city.name, ==, "Oslo");
  g_assert_cmpint (city.latitude_e6, ==, 59910000);
  g_assert_cmpint (city.longitude_e6, ==, -10750000);
  g_assert_cmpstr (country.code, ==, "no");
  assert_address (&server.ipv4, "192.0.2.10");
  assert_address (&server.openvpn_ipv4, "192.0.2.20");
  g_assert_cmpuint (server.wireguard_exit_port, ==, 21000);
  g_assert_cmpuint (server.openvpn_exit_port, ==, 22000);
  g_assert_cmpuint (server.load, ==, 13);
  g_assert_true (server.has_ipv6_inside && server.in_country && !server.owned);

  g_assert_cmpstr (head->service, ==, "ivpn");
  g_assert_cmpstr (head->etag, ==, "\"v1\"");
  g_assert_cmpint (head->fetched_at_s, ==, NOW);
  g_assert_cmpuint (head->n_dns, ==, 1);
  assert_address (&head->dns[0], "172.16.0.1");
  g_assert_cmpuint (head->mtu_bytes, ==, 1420);
  g_assert_cmpuint (head->keepalive_s, ==, 25);
  g_assert_true (head->picks_first_port && !head->picks_least_loaded);
}

static void
test_blocks (void)
{
  static const struct { const char *name, *resolver; } rows[] = {
    { "basic", "10.0.254.4" }, { "basic-hard", "10.0.254.5" }, { "hageziproplus", "10.0.254.24" },
    { "hageziprop-hard", "10.0.254.25" },
  };
  g_autoptr (AditServerList) list = read_list (BOTH), without = NULL;
  g_autoptr (GString) text = g_string_new (BOTH);

  g_assert_cmpuint (adit_server_list_get_head (list)->n_blocks, ==, G_N_ELEMENTS (rows));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const AditBlock *block = adit_server_list_find_block (list, rows[i].name);

      g_assert_nonnull (block);
      g_assert_cmpuint (block->bits, ==, 0);
      assert_address (&block->resolver, rows[i].resolver);
    }
  /* For who has chosen one that is gone. */
  {
    g_autoptr (GString) older = g_string_new (BOTH);
    g_autoptr (AditServerList) with = NULL;

    g_assert_cmpuint (g_string_replace (older, "\"antitracker_plus\"", "\"antitracker\":{\"default\":{\"ip\":\"10.0.254.2\"},"
                                        "\"hardcore\":{\"ip\":\"10.0.254.3\"}},\"antitracker_plus\"", 1), ==, 1);
    with = read_list (older->str);
    assert_address (&adit_server_list_find_block (with, "default")->resolver, "10.0.254.2");
    assert_address (&adit_server_list_find_block (with, "default-hard")->resolver, "10.0.254.3");
  }
  /* Only what cannot be used is left out. */
  g_string_replace (text, "10.0.254.5", "::1", 1);
  g_string_replace (text, "10.0.254.24", "none", 1);
  without = read_list (text->str);
  g_assert_cmpuint (adit_server_list_get_head (without)->n_blocks, ==, 2);
  g_assert_null (adit_server_list_find_block (without, "basic-hard"));
  g_assert_nonnull (adit_server_list_find_block (without, "hageziprop-hard"));
}

/* Of a list without anything to go in by WireGuard, whose OpenVPN half is whole, nothing is believed; and the other way round. */
static void
test_half (void)
{
  static const char *const lists[] = {
    LIST (SITE ("wg", "no", "NO", "Oslo", "{},{}"), SITE ("gw", "no", "NO", "Oslo", GW ("no1", "") "," GW ("no2", ""))),
    LIST (SITE ("wg", "no", "NO", "Oslo", WG ("no1", "") "," WG ("no2", "")), SITE ("gw", "no", "NO", "Oslo", "{},{}")),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_bytes (lists[i], strlen (lists[i]), &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
    }
}

static guint64
draw_nothing (gpointer data)
{
  return 0;
}

/* The first try goes to the service's own default; a later one draws. */
static void
test_ports (void)
{
  static const struct { AditProtocol protocol; guint16 first, lowest; } rows[] = {
    { ADIT_PROTOCOL_WIREGUARD, 2049, 53 }, { ADIT_PROTOCOL_OPENVPN_UDP, 2049, 53 }, { ADIT_PROTOCOL_OPENVPN_TCP, 443, 80 },
  };
  g_autoptr (AditServerList) list = read_list (BOTH);
  AditPlace place = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint try_number = 0; try_number < 2; try_number++)
      {
        AditSelection selection = { .place = &place, .protocol = rows[i].protocol, .avoid = "", .try_number = try_number,
                                    .random = { draw_nothing, NULL } };
        AditTunnelSpec spec;
        g_autoptr (GError) error = NULL;

        g_assert_true (adit_select_tunnel (list, &selection, &spec, &error));
        g_assert_no_error (error);
        g_assert_cmpuint (spec.peer.port, ==, try_number == 0 ? rows[i].first : rows[i].lowest);
        assert_address (&spec.peer.address, rows[i].protocol == ADIT_PROTOCOL_WIREGUARD ? "192.0.2.10" : "192.0.2.20");
      }
}

static void
test_port_rows (void)
{
  /* Beside one that is good: how many ports of WireGuard are there then? */
  static const struct { const char *row; guint n; } rows[] = {
    { "{\"port\":1}", 2 }, { "{\"type\":\"UDP\",\"range\":{\"min\":5,\"max\":5}}", 2 }, { "{\"port\":65535}", 2 },
    { "{\"port\":0}", 1 }, { "{\"port\":65536}", 1 }, { "{\"port\":\"1\"}", 1 }, { "{\"port\":1.5}", 1 }, { "{\"port\":-1}", 1 },
    { "{\"type\":\"TCP\",\"port\":1}", 1 }, { "{\"type\":\"SCTP\",\"port\":1}", 1 }, { "{\"type\":7,\"port\":1}", 1 },
    { "{\"type\":null,\"port\":1}", 2 }, { "{\"range\":{\"min\":6,\"max\":5}}", 1 }, { "{\"range\":{\"min\":0,\"max\":5}}", 1 },
    { "{\"range\":{\"min\":1,\"max\":65536}}", 1 }, { "{\"range\":[1,2]}", 1 }, { "{}", 1 }, { "null", 1 }, { "7", 1 },
    { "[1,2]", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) text = g_string_new (BOTH);
      g_autofree char *with = g_strconcat (rows[i].row, ",{\"port\":9}]", NULL);
      g_autoptr (AditServerList) list = NULL;
      guint n = 0;

      g_assert_cmpuint (g_string_replace (text, "{\"port\":53},{\"type\":\"UDP\",\"port\":2049},{\"type\":\"TCP\",\"port\":80}]",
                                          with, 1), ==, 1);
      list = read_list (text->str);
      for (guint j = 0; j < adit_server_list_get_head (list)->n_ports; j++)
        n += adit_server_list_get_head (list)->ports[j].protocol == ADIT_PROTOCOL_WIREGUARD;
      if (n != rows[i].n)
        g_error ("%u: %s", n, rows[i].row);
    }
}

/* More ranges than there is room for must leave each way some. */
static void
test_many_ports (void)
{
  g_autoptr (GString) text = g_string_new (BOTH), ports = g_string_new ("\"ports\":{\"openvpn\":[");
  g_autoptr (AditServerList) list = NULL;
  const AditServerListHead *head;
  guint n[ADIT_N_PROTOCOLS] = { 0 };

  for (guint i = 0; i < 500; i++)
    g_string_append_printf (ports, "{\"port\":%u},", 3000 + 2 * i);
  g_assert_cmpuint (g_string_replace (text, "\"ports\":{\"openvpn\":[", ports->str, 1), ==, 1);
  list = read_list (text->str);
  head = adit_server_list_get_head (list);
  for (guint i = 0; i < head->n_ports; i++)
    n[head->ports[i].protocol]++;
  g_assert_cmpuint (n[ADIT_PROTOCOL_OPENVPN_UDP], >=, 15);
  g_assert_cmpuint (n[ADIT_PROTOCOL_OPENVPN_TCP], ==, 2);
  g_assert_cmpuint (n[ADIT_PROTOCOL_WIREGUARD], ==, 2);
}

/* What becomes of a row of the first list, beside one that is good; and of its fields. */
static void
test_hosts (void)
{
  static const struct { const char *row, *what, *with; gboolean is_taken; } rows[] = {
    { WG ("no2", ""), NULL, NULL, TRUE },
    { WG ("NO2", ""), NULL, NULL, TRUE },
    { WG ("no2", ""), "\"multihop_port\":21000", "\"multihop_port\":0", TRUE },
    { WG ("no2", ""), ",\"multihop_port\":21000", "", TRUE },
    { WG ("no2", ""), "\"host\":\"192.0.2.10\"", "\"host\":\"192.0.2.10/32\"", TRUE },
    { WG ("no2", ""), "\"load\":12.5", "\"load\":\"12\"", TRUE },
    { WG ("no2", ""), "\"isp\":\"Ex\"", "\"isp\":7", TRUE },
    { WG ("no2", ""), "{\"local_ip\":\"fd00:4956:504e:ffff::/96\"}", "{}", TRUE },
    { WG ("no2", ""), "fd00:4956:504e:ffff::/96", "fd00:4956:504e:fffe::/96", TRUE },
    { WG ("no1", ""), NULL, NULL, FALSE },    /* twice */
    { WG ("../../etc", ""), NULL, NULL, FALSE },
    { WG ("", ""), NULL, NULL, FALSE },
    { WG ("no 2", ""), NULL, NULL, FALSE },
    { WG ("no2", ""), "\"dns_name\"", "\"d\"", FALSE },
    { WG ("no2", ""), "\"multihop_port\":21000", "\"multihop_port\":65536", FALSE },
    { WG ("no2", ""), "\"multihop_port\":21000", "\"multihop_port\":-1", FALSE },
    { WG ("no2", ""), "\"multihop_port\":21000", "\"multihop_port\":\"21000\"", FALSE },
    { WG ("no2", ""), "\"public_key\"", "\"p\"", FALSE },
    { WG ("no2", ""), KEY, "AAAA", FALSE },
    { WG ("no2", ""), KEY, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", FALSE },    /* zero: nobody's key */
    { WG ("no2", ""), "\"192.0.2.10\"", "\"2001:db8::1\"", FALSE },
    { WG ("no2", ""), "\"192.0.2.10\"", "\"127.0.0.1\"", FALSE },
    { WG ("no2", ""), "\"192.0.2.10\"", "\"no2.wg.ivpn.net\"", FALSE },
    { WG ("no2", ""), "\"192.0.2.10\"", "null", FALSE },
    { WG ("no2", ""), "172.16.0.1/12", "172.17.0.1/12", FALSE },
    { WG ("no2", ""), "\"local_ip\":\"172.16.0.1/12\"", "\"l\":1", FALSE },
    { "null", NULL, NULL, FALSE }, { "[]", NULL, NULL, FALSE }, { "{}", NULL, NULL, FALSE }, { "7", NULL, NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) row = g_string_new (rows[i].row);
      g_autoptr (AditServerList) list = NULL;
      g_autofree char *text = NULL;

      if (rows[i].what != NULL)
        g_assert_cmpuint (g_string_replace (row, rows[i].what, rows[i].with, 1), ==, 1);
      text = g_strconcat ("{\"wireguard\":[" SITE ("wg", "no", "NO", "Oslo", WG ("no1", "")) ","
                          "{\"gateway\":\"no.wg.ivpn.net\",\"country_code\":\"NO\",\"country\":\"Norway\",\"city\":\"Oslo\","
                          "\"latitude\":59.91,\"longitude\":10.75,\"hosts\":[", row->str, "]}],\"openvpn\":[]," CONFIG "}", NULL);
      list = read_list (text);
      if (adit_server_list_get_n_servers (list) != (rows[i].is_taken ? 2 : 1))
        g_error ("%s: %s", rows[i].is_taken ? "not taken" : "taken", row->str);
    }
}

static void
test_details (void)
{
  g_autoptr (AditServerList) list = read_list (LIST (SITE ("wg", "no", "NO", "Oslo",
      WG ("no1", ",\"x\":1") "," "{\"dns_name\":\"no2.gw.ivpn.net\",\"host\":\"192.0.2.11\",\"public_key\":\"" KEY "\","
      "\"local_ip\":\"172.16.0.1/12\",\"ipv6\":{},\"load\":100.5}"), SITE ("gw", "no", "NO", "Oslo", GW ("no3", ""))));
  AditServerListServer server;

  g_assert_cmpuint (adit_server_list_get_n_servers (list), ==, 3);
  adit_server_list_get_server (list, 1, &server);
  g_assert_cmpstr (server.name, ==, "no2");
  g_assert_cmpstr (server.provider, ==, "Site");    /* its own is not told */
  g_assert_cmpuint (server.load, ==, ADIT_LOAD_UNKNOWN);
  g_assert_false (server.has_ipv6_inside);
  g_assert_cmpuint (server.wireguard_exit_port, ==, 0);
  g_assert_cmpint (server.openvpn_ipv4.family, ==, ADIT_FAMILY_NONE);
  adit_server_list_get_server (list, 2, &server);
  g_assert_cmpstr (server.name, ==, "no3");    /* OpenVPN alone */
  g_assert_cmpint (server.ipv4.family, ==, ADIT_FAMILY_NONE);
  assert_address (&server.openvpn_ipv4, "192.0.2.20");
}

static void
test_cities (void)
{
  static const struct { const char *gateway, *country, *city, *code; } rows[] = {
    { "us-ca", "US", "Los Angeles, CA", "ca" }, { "us-ca-sjc", "US", "San Jose, CA", "ca-sjc" },
    { "gb", "GB", "London", "london" },
    { "il", "IL", "Holon, Tel Aviv", "holon-tel-aviv" },
    { "mx", "MX", "Quer\xc3\xa9taro", "queretaro" },
    { "nz", "NZ", "Taumatawhakatangihanga", "taumatawhakatan" }, { "us-", "US", "Boston", "boston" },
    { "us-california-north-1", "US", "Fremont", "fremont" }, { "usa", "US", "Boston", "boston" },
    { "jp", "JP", "\xe6\x9d\xb1\xe4\xba\xac", "jp" }, { "../x", "US", "Boston", "boston" }, { "", "US", "Boston", "boston" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf (LIST (SITE ("wg", "%s", "%s", "%s", WG ("a1", "")), ""), rows[i].gateway,
                                               rows[i].country, rows[i].country, rows[i].city);
      g_autoptr (AditServerList) list = read_list (text);
      AditServerListCity city;

      adit_server_list_get_city (list, 0, &city);
      g_assert_cmpstr (city.code, ==, rows[i].code);
      g_assert_cmpstr (city.name, ==, rows[i].city);
    }
}

static void
test_refused (void)
{
  static const char *const rows[][2] = {
    { "\"wireguard\":[{\"gateway\"", "\"w\":[{\"gateway\"" }, { "\"openvpn\":[{\"gateway\"", "\"o\":[{\"gateway\"" },
    { "\"config\"", "\"c\"" }, { "\"ports\"", "\"p\"" }, { "{\"openvpn\":[{\"type\"", "{\"o\":[{\"type\"" },
    { "\"wireguard\":[{\"port\"", "\"w\":[{\"port\"" },
    { "[{\"port\":53},{\"type\":\"UDP\",\"port\":2049},", "[" },    /* only TCP is left, which WireGuard is not */
    { "\"config\":{", "\"config\":[{" }, { "]}", "]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) text = g_string_new (BOTH);
      g_autoptr (GError) error = NULL;

      if (g_string_replace (text, rows[i][0], rows[i][1], 1) != 1)
        g_error ("not in the list: %s", rows[i][0]);
      if (read_bytes (text->str, text->len, &error) != NULL)
        g_error ("taken with %s for %s", rows[i][1], rows[i][0]);
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
    }
}

static void
test_no_servers (void)
{
  static const char *const rows[] = { LIST ("", ""), LIST ("null,7", "{}"), LIST (SITE ("wg", "no", "NO", "Oslo", ""), ""),
                                      LIST (SITE ("wg", "no", "NORWAY-IN-FULL-X", "Oslo", WG ("no1", "")), ""),
                                      LIST (SITE ("wg", "no", "N/", "Oslo", WG ("no1", "")), ""),
                                      LIST (SITE ("wg", "no", "NO", "Os\\u202elo", WG ("no1", "")), "") };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_bytes (rows[i], strlen (rows[i]), &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
    }
}

/* Ten million rows, ten million levels, and more bytes than a list may have: refused before anything is made of them. */
static void
test_too_much (void)
{
  static const struct { const char *start, *again; guint n; const char *said; } rows[] = {
    { "{\"wireguard\":[", "{},", 10000000, "too long" }, { "{\"wireguard\":[", "{},", 5000000, "too much" },
    { "{\"wireguard\":[", "0,", 5000000, "too much" }, { "", "[", 200000, "too deeply" },
    { "{\"a\":\"", "aaaaaaaa", 3000000, "too long" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) text = g_string_new (rows[i].start);
      g_autoptr (GError) error = NULL;
      gint64 start_us;

      for (guint j = 0; j < rows[i].n; j++)
        g_string_append (text, rows[i].again);
      start_us = g_get_monotonic_time ();
      g_assert_null (read_bytes (text->str, text->len, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
      if (strstr (error->message, rows[i].said) == NULL)
        g_error ("%s: %s", rows[i].said, error->message);
      g_assert_cmpint (g_get_monotonic_time () - start_us, <, 2 * G_USEC_PER_SEC);
    }
}

static void
test_not_modified (void)
{
  AditProviderRequest request = { .want = ADIT_PROVIDER_LIST, .now_s = NOW, .etag = "W/\"7\"" };
  g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_ivpn, &request, NULL);
  g_auto (AditHttpRequest) http = { 0 };
  g_auto (AditHttpAnswer) answer = { 0 };

  g_assert_true (adit_provider_task_next (task, &http, NULL));
  g_assert_true (g_strv_contains ((const char *const *) http.headers, "If-None-Match: W/\"7\""));
  fill (&answer, "", 0);
  answer.status = 304;
  g_assert_true (adit_provider_task_answer (task, &answer, NULL));
  g_assert_true (task->is_done);
  g_assert_null (task->result.list);
}

/* The list as the service had it when it was kept: every machine is there, and can be entered and left by both ways. */
static void
test_real (void)
{
  g_autofree char *path = NULL, *text = NULL;
  g_autoptr (AditServerList) list = NULL;
  g_autoptr (GError) error = NULL;
  guint n_with_ipv6 = 0;
  gsize length;

  if (g_getenv ("ADIT_LISTS_DIR") == NULL)
    {
      g_test_skip ("ADIT_LISTS_DIR is not set");
      return;
    }
  path = g_build_filename (g_getenv ("ADIT_LISTS_DIR"), "ivpn-servers.json", NULL);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  list = read_bytes (text, length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (adit_server_list_get_n_countries (list), ==, 41);
  g_assert_cmpuint (adit_server_list_get_n_cities (list), ==, 58);
  g_assert_cmpuint (adit_server_list_get_n_servers (list), ==, 88);
  g_assert_cmpuint (adit_server_list_get_head (list)->n_blocks, ==, 22);
  g_assert_cmpuint (adit_server_list_get_head (list)->n_ports, ==, 38);
  for (guint i = 0; i < 88; i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (list, i, &server);
      g_assert_cmpint (server.ipv4.family, ==, ADIT_FAMILY_IPV4);
      g_assert_cmpint (server.openvpn_ipv4.family, ==, ADIT_FAMILY_IPV4);
      g_assert_cmpuint (server.load, <=, 100);
      g_assert_cmpuint (server.wireguard_exit_port, >=, 20300);
      g_assert_cmpuint (server.wireguard_exit_port, ==, server.openvpn_exit_port);
      n_with_ipv6 += server.has_ipv6_inside;
    }
  g_assert_cmpuint (n_with_ipv6, ==, 86);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ivpn-servers/api", test_api);
  g_test_add_func ("/ivpn-servers/merged", test_merged);
  g_test_add_func ("/ivpn-servers/blocks", test_blocks);
  g_test_add_func ("/ivpn-servers/half", test_half);
  g_test_add_func ("/ivpn-servers/ports", test_ports);
  g_test_add_func ("/ivpn-servers/port-rows", test_port_rows);
  g_test_add_func ("/ivpn-servers/many-ports", test_many_ports);
  g_test_add_func ("/ivpn-servers/hosts", test_hosts);
  g_test_add_func ("/ivpn-servers/details", test_details);
  g_test_add_func ("/ivpn-servers/cities", test_cities);
  g_test_add_func ("/ivpn-servers/refused", test_refused);
  g_test_add_func ("/ivpn-servers/no-servers", test_no_servers);
  g_test_add_func ("/ivpn-servers/too-much", test_too_much);
  g_test_add_func ("/ivpn-servers/not-modified", test_not_modified);
  g_test_add_func ("/ivpn-servers/real", test_real);
  return g_test_run ();
}
