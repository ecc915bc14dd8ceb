/* SPDX-License-Identifier: GPL-2.0-or-later */
/* relays.c: a list as Mullvad's, as long as somebody wants it; its members, and how long they are, as in its description. */
#include "tests/bench/relays.h"

#define CITIES 900    /* the services have some 100; a list of so many relays would have more */

static void
append_city (GString *text, guint i)
{
  int first = (int) (i / 26 % 26), second = (int) (i % 26);

  g_string_append_printf (text, "%s\n  \"%c%c-c%03u\": {\"city\":\"Göteborg %u\",\"country\":\"Country %c%c\","
                          "\"latitude\":%.5f,\"longitude\":%.5f}", i > 0 ? "," : "", 'a' + first, 'a' + second, i, i,
                          'A' + first, 'A' + second, (int) (i % 180) - 89.70887, (int) (i % 360) - 179.97456);
}

static void
append_relay (GString *text, guint i)
{
  guint city = i % CITIES;
  char place[16];
  guint8 key[32] = { (guint8) i, (guint8) (i >> 8), (guint8) (i >> 16), 77 };
  g_autofree char *public_key = g_base64_encode (key, sizeof key);
  const char *owned = i % 2 == 0 ? "true" : "false";

  g_snprintf (place, sizeof place, "%c%c-c%03u", 'a' + (int) (city / 26 % 26), 'a' + (int) (city % 26), city);
  g_string_append_printf (text, "%s\n   {\"hostname\":\"%s-wg-%05u\",\"active\":true,\"owned\":%s,\"location\":\"%s\","
                          "\"provider\":\"ExampleHost%u\",\"ipv4_addr_in\":\"198.%u.%u.%u\",\"ipv6_addr_in\":\"2001:db8:%x::%x\","
                          "\"weight\":100,\"include_in_country\":true,\"public_key\":\"%s\",\"daita\":true,"
                          "\"shadowsocks_extra_addr_in\":[\"198.51.%u.%u\",\"2001:db8:1:%x::11\"],"
                          "\"features\":{\"daita\":{},\"quic\":{\"addr_in\":[\"192.0.2.%u\",\"2001:db8:2::%x\"],"
                          "\"token\":\"test-token\",\"domain\":\"%s-quic-%05u.example\"},\"lwo\":{}}}",
                          i > 0 ? "," : "", place, i, owned, place, i % 40, 18 + i / 65025 % 2, i / 255 % 255, i % 255 + 1,
                          i >> 8, i, public_key, i / 255 % 255, i % 255, i % 65536, i % 255, i, place, i);
}

/**
 * bench_relays_new:
 * @n_relays: how many
 *
 * Returns: (transfer full): the text of a list
 */
GString *
bench_relays_new (guint n_relays)
{
  GString *text = g_string_new ("{\n \"locations\": {");

  for (guint i = 0; i < CITIES; i++)
    append_city (text, i);
  g_string_append (text, "\n },\n \"wireguard\": {\"port_ranges\": [[53,53],[4000,33433]],\"ipv4_gateway\":\"10.64.0.1\","
                   "\"ipv6_gateway\":\"fc00:bbbb:bbbb:bb01::1\",\"shadowsocks_port_ranges\":[[51900,51949]],\n  \"relays\": [");
  for (guint i = 0; i < n_relays; i++)
    append_relay (text, i);
  g_string_append (text, "\n  ]},\n \"bridge\": {\"shadowsocks\":[],\"relays\":[]}\n}\n");
  return text;
}
