/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-firewall-reach.c: whatever a network says that it is, the kernel takes the lock that comes of it, and lists it as it was
 * written. */
#include "platform/linux/nft.h"

#include <string.h>
#include "client/model/reach.h"
#include "tests/lab/private-world.h"

#define ROUNDS 400
#define GUEST  "virbr0"

static AditFirewall *firewall;

/* Private, public and shared ones, close to each other so that networks lie within networks. */
static void
draw_prefix (AditPrefix *prefix)
{
  static const char *const heads[] = { "10.0.0.0", "172.16.0.0", "172.31.255.0", "192.168.0.0", "169.254.0.0", "11.0.0.0",
                                       "100.64.0.0", "203.0.113.0", "fe80::", "febf:ff::", "fd00::", "fc00::",
                                       "fdff:ffff:ffff:ffff::", "2001:db8::" };
  guint bits;

  do
    {
      g_assert_true (adit_address_parse (heads[g_test_rand_int_range (0, G_N_ELEMENTS (heads))], &prefix->address));
      bits = prefix->address.family == ADIT_FAMILY_IPV4 ? 32 : 128;
      prefix->address.bytes[bits / 8 - 2] |= (guint8) g_test_rand_int_range (0, 3);
      prefix->address.bytes[bits / 8 - 1] = (guint8) g_test_rand_int_range (1, 4);
      prefix->prefix_bits = (guint8) g_test_rand_int_range (0, (int) bits + 1);
    }
  while (!adit_prefix_is_valid (prefix));
}

static void
draw_settings (AditReachSettings *settings)
{
  AditPrefix one;

  *settings = (AditReachSettings) { .lan = (AditLan) g_test_rand_int_range (0, 3), .multicast = g_test_rand_int_range (0, 2) };
  g_strlcpy (settings->guests[settings->n_guests++], GUEST, ADIT_LINK_NAME_BYTES);
  for (guint i = 0; settings->lan == ADIT_LAN_LIST && i < 2 * ADIT_REACH_MAX_RANGES; i++)
    {
      draw_prefix (&one);
      if (settings->n_ranges < ADIT_REACH_MAX_RANGES && adit_prefix_is_local (&one))
        settings->ranges[settings->n_ranges++] = adit_prefix_mask (&one);
    }
  for (guint i = 0; i < 2; i++)
    {
      draw_prefix (&one);
      if (adit_reach_resolver_is_valid (&one.address))
        settings->dns[settings->n_dns++] = one.address;
    }
}

static guint
draw_nearby (AditNearby nearby[ADIT_REACH_MAX_NEARBY])
{
  static const char *const links[] = { "eth0", "wlan0", "br-0a1b2c3d4e5", "a@b.c+d-e_f", "adit", GUEST };
  guint n = (guint) g_test_rand_int_range (0, g_test_rand_int_range (0, 4) == 0 ? ADIT_REACH_MAX_NEARBY : 5);

  for (guint i = 0; i < n; i++)
    {
      const char *link = links[g_test_rand_int_range (0, G_N_ELEMENTS (links))];

      nearby[i] = (AditNearby) { .is_guests = g_str_equal (link, GUEST) };
      g_strlcpy (nearby[i].link, link, sizeof nearby[i].link);
      draw_prefix (&nearby[i].address);
    }
  return n;
}

static void
test_any_network (void)
{
  AditTunnelSpec spec = { .n_addresses = 1, .n_dns = 1 };

  g_assert_true (adit_prefix_parse ("10.64.0.2/32", &spec.addresses[0]));
  g_assert_true (adit_address_parse ("10.64.0.1", &spec.dns[0]));
  for (guint round = 0; round < ROUNDS; round++)
    {
      AditNearby nearby[ADIT_REACH_MAX_NEARBY];
      AditLockPolicy policy = { .lock = g_test_rand_bit () ? ADIT_LOCK_TUNNEL : ADIT_LOCK_ALL, .n_tunnel_addresses = 1 };
      AditReachSettings settings;
      g_autoptr (GError) error = NULL;

      policy.tunnel_addresses[0] = spec.addresses[0];
      draw_settings (&settings);
      adit_reach_resolve (&policy.reach, &settings, nearby, draw_nearby (nearby), &spec);
      adit_firewall_apply (firewall, &policy, &error);
      g_assert_no_error (error);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int failed;

  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
  g_test_init (&argc, &argv, NULL);
  firewall = adit_nft_firewall_new ();
  if (!adit_firewall_probe (firewall, &error))
    {
      g_printerr ("SKIP: %s\n", error->message);
      return PRIVATE_WORLD_SKIP;
    }
  g_test_add_func ("/firewall/reach/any-network", test_any_network);
  failed = g_test_run ();
  g_object_unref (firewall);
  return failed;
}
