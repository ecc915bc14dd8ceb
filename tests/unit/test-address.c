/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-address.c: one spelling in, one spelling out; what is not an address is refused. */
#include "client/model/address.h"

#include <gio/gio.h>

static void
test_addresses (void)
{
  static const struct { const char *text, *canonical; } good[] = {
    { "192.0.2.1", "192.0.2.1" }, { "2001:DB8::1", "2001:db8::1" }, { "2001:db8:0:0:0:0:0:1", "2001:db8::1" },
    { "fe80::1", "fe80::1" }, { "255.255.255.255", "255.255.255.255" },
  };
  static const char *const bad[] = {
    "", " 192.0.2.1", "192.0.2.1 ", "192.0.2", "192.0.2.256", "192.0.2.1/32", "fe80::1%eth0", "[2001:db8::1]", "2001:db8::1::",
    "localhost", "1", "0x7f.1", "192.0.2.01x",
  };
  AditAddress address;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *text = NULL;

      g_assert_true (adit_address_parse (good[i].text, &address));
      text = adit_address_dup_text (&address);
      g_assert_cmpstr (text, ==, good[i].canonical);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (adit_address_parse (bad[i], &address));
  g_assert_false (adit_address_parse (NULL, &address));
}

/* What GIO, and so the C library, makes of the same text. */
static void
assert_same (const char *text)
{
  g_autoptr (GInetAddress) theirs = g_inet_address_new_from_string (text);
  g_autofree char *their_text = theirs != NULL ? g_inet_address_to_string (theirs) : NULL, *our_text = NULL;
  AditAddress ours;
  gboolean is_one = adit_address_parse (text, &ours);

  if (is_one != (theirs != NULL))
    g_error ("\"%s\" is %san address", text, theirs != NULL ? "" : "not ");
  if (!is_one)
    return;
  g_assert_cmpmem (ours.bytes, g_inet_address_get_native_size (theirs), g_inet_address_to_bytes (theirs),
                   g_inet_address_get_native_size (theirs));
  our_text = adit_address_dup_text (&ours);
  if (adit_address_is_valid (&ours))
    g_assert_cmpstr (our_text, ==, their_text);
}

/* Texts of what IPv6 addresses are written with, most of them none, and all patterns of zeros. */
static void
test_groups (void)
{
  static const char *const pieces[] = {
    ":", "::", "0", "1", "ffff", "10000", "a0", "0000", "192.0.2.1", "192.0.2", ".", "g", "F",
  };
  static const char *const edges[] = {
    "::", ":", ":::", "1::", "::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:7:192.0.2.1",
    "1:2:3:4:5::192.0.2.1", "::192.0.2.1", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "1::2::3", "::192.0.2.1:1",
    "12345::", "::00001", "::1:", "1:::2", "::.",
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (gsize i = 0; i < G_N_ELEMENTS (edges); i++)
    assert_same (edges[i]);
  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint j = g_rand_int_range (random, 1, 16); j > 0; j--)
        g_string_append (text, g_rand_boolean (random) ? ":" : pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
      assert_same (text->str);
    }
  for (guint zeros = 0; zeros < 256; zeros++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint i = 0; i < 8; i++)
        g_string_append_printf (text, "%s%x", i > 0 ? ":" : "", (zeros >> i & 1) != 0 ? 0 : i == 5 ? 0xffff : 0x20 + i);
      assert_same (text->str);
    }
}

static void
test_prefixes (void)
{
  static const struct { const char *text, *canonical; } good[] = {
    { "10.64.0.2/32", "10.64.0.2/32" }, { "10.64.0.2", "10.64.0.2/32" }, { "0.0.0.0/0", "0.0.0.0/0" }, { "::/0", "::/0" },
    { "0.0.0.0/1", "0.0.0.0/1" }, { "0.0.0.0/8", "0.0.0.0/8" }, { "::/3", "::/3" },
    { "fc00::1/128", "fc00::1/128" }, { "fc00::1", "fc00::1/128" },
  };
  static const char *const bad[] = { "", "/", "10.0.0.1/", "10.0.0.1/33", "10.0.0.1/032", "10.0.0.1/-1", "10.0.0.1/8/8", "::/129",
                                     "10.0.0.1/0", "0.0.0.0", "0.0.0.0/32", "::/128" };
  AditPrefix prefix;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *text = NULL;

      g_assert_true (adit_prefix_parse (good[i].text, &prefix));
      text = adit_prefix_dup_text (&prefix);
      g_assert_cmpstr (text, ==, good[i].canonical);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (adit_prefix_parse (bad[i], &prefix));
}

static void
test_endpoints (void)
{
  static const char *const good[] = { "192.0.2.1:443", "[2001:db8::1]:51820", "192.0.2.1:1", "192.0.2.1:65535" };
  static const char *const bad[] = { "", ":", "192.0.2.1", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:0443",
                                     "2001:db8::1:443", "[192.0.2.1]:443", "[2001:db8::1]443", "[]:443", "[:443", "0.0.0.0:1",
                                     "host:443", "[2001:db8::1%eth0]:443" };
  AditEndpoint endpoint;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *text = NULL;

      g_assert_true (adit_endpoint_parse (good[i], &endpoint));
      text = adit_endpoint_dup_text (&endpoint);
      g_assert_cmpstr (text, ==, good[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (adit_endpoint_parse (bad[i], &endpoint));
}

static void
test_public (void)
{
  static const char *const public[] = { "45.83.223.196", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1",
                                        "2a03:1b20::1", "192.0.2.1" };
  static const char *const other[] = { "10.1.2.3", "127.0.0.1", "169.254.1.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
                                       "100.64.0.1", "100.127.255.255", "0.1.2.3", "224.0.0.1", "255.255.255.255", "198.18.0.1",
                                       "198.19.0.1", "::1", "fe80::1", "fc00::1", "fd00::1", "ff02::1", "::ffff:1.1.1.1",
                                       "2002::1",
                                       "64:ff9b::1", "2001::1" };
  AditAddress address;

  for (gsize i = 0; i < G_N_ELEMENTS (public); i++)
    g_assert_true (adit_address_parse (public[i], &address) && adit_address_is_public (&address));
  for (gsize i = 0; i < G_N_ELEMENTS (other); i++)
    {
      g_assert_true (adit_address_parse (other[i], &address));
      if (adit_address_is_public (&address))
        g_error ("%s is taken for public", other[i]);
    }
}

static void
test_local (void)
{
  static const char *const local[] = { "10.0.0.0/8", "10.1.2.3/32", "172.31.0.0/16", "192.168.0.0/16", "169.254.7.7/16",
                                       "fc00::/7", "fd12::1/64", "fe80::/10", "fe80::1/64" };
  static const char *const other[] = { "0.0.0.0/0", "::/0", "10.0.0.0/7", "172.0.0.0/8", "192.169.0.0/16", "203.0.113.0/24",
                                       "100.64.0.0/10", "2001:db8::/32", "fc00::/6", "224.0.0.0/4", "ff02::/16" };
  AditPrefix prefix, part;

  for (gsize i = 0; i < G_N_ELEMENTS (local); i++)
    g_assert_true (adit_prefix_parse (local[i], &prefix) && adit_prefix_is_local (&prefix));
  for (gsize i = 0; i < G_N_ELEMENTS (other); i++)
    {
      g_assert_true (adit_prefix_parse (other[i], &prefix));
      if (adit_prefix_is_local (&prefix))
        g_error ("%s is taken for local", other[i]);
    }
  /* All of the internet has four local parts in IPv4, and nothing else. */
  g_assert_true (adit_prefix_parse ("0.0.0.0/0", &prefix));
  for (guint i = 0; i < 4; i++)
    g_assert_true (adit_prefix_get_local_part (&prefix, i, &part) && adit_prefix_is_local (&part));
  g_assert_false (adit_prefix_get_local_part (&prefix, 4, &part));
  g_assert_true (adit_prefix_parse ("192.168.1.77/20", &prefix));
  part = adit_prefix_mask (&prefix);
  {
    g_autofree char *text = adit_prefix_dup_text (&part);

    g_assert_cmpstr (text, ==, "192.168.0.0/20");
  }
}

static void
test_strangers (void)
{
  AditAddress unknown_family = { .family = 7, .bytes = { 1 } };
  AditAddress long_ipv4 = { .family = ADIT_FAMILY_IPV4, .bytes = { 1, 2, 3, 4, 5 } };
  AditPrefix long_prefix = { .address = { .family = ADIT_FAMILY_IPV4, .bytes = { 1 } }, .prefix_bits = 33 };

  g_assert_false (adit_address_is_valid (&unknown_family));
  g_assert_false (adit_address_is_valid (&long_ipv4));
  g_assert_false (adit_prefix_is_valid (&long_prefix));
}

static void
test_unicast (void)
{
  static const char *const one[] = {
    "10.65.0.2", "100.64.0.1", "192.168.1.1", "198.51.100.7", "8.8.8.8", "fd00::1", "2001:db8::1", "fc00:bbbb::1",
  };
  static const char *const none[] = {
    "0.1.2.3", "127.0.0.1", "127.255.0.1", "169.254.1.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::1", "::ffff:10.0.0.1", "64:ff9b::1", "fe80::1", "febf::1", "ff02::1",
  };
  AditAddress address = { 0 };

  g_assert_false (adit_address_is_unicast (&address));
  for (gsize i = 0; i < G_N_ELEMENTS (one); i++)
    g_assert_true (adit_address_parse (one[i], &address) && adit_address_is_unicast (&address));
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_assert_true (adit_address_parse (none[i], &address));
      if (adit_address_is_unicast (&address))
        g_error ("taken for one computer's: %s", none[i]);
    }
  g_assert_true (adit_address_parse ("10.65.0.2", &address));
  address.bytes[9] = 1;
  g_assert_false (adit_address_is_unicast (&address));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/addresses", test_addresses);
  g_test_add_func ("/address/groups", test_groups);
  g_test_add_func ("/address/prefixes", test_prefixes);
  g_test_add_func ("/address/endpoints", test_endpoints);
  g_test_add_func ("/address/public", test_public);
  g_test_add_func ("/address/local", test_local);
  g_test_add_func ("/address/unicast", test_unicast);
  g_test_add_func ("/address/strangers", test_strangers);
  return g_test_run ();
}
