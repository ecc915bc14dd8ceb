/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-network.c: which of the kernel's own links count as a cable, which as a guest's, and which as nothing; and that changes
 * are heard of. */
#include "platform/linux/network-linux.h"

#include <net/if.h>
#include <sched.h>
#include <string.h>
#include "platform/linux/links.h"
#include "tests/lab/private-world.h"

#define LIMIT_MS 2000
#define BEFORE   "cable 10.1.0.2/24; cable 10.7.7.7/32; cable fd00:1::2/64; far 10.2.0.2/24 guests; virbr0 10.5.0.2/24 guests"

static AditNetwork *network;

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* "cable 10.1.0.2/24; bridge 192.168.122.1/24 guests; ", in alphabetic order */
static char *
dup_list (void)
{
  AditNearby nearby[ADIT_REACH_MAX_NEARBY];
  guint n = adit_network_list (network, nearby, G_N_ELEMENTS (nearby));
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *address = adit_prefix_dup_text (&nearby[i].address);

      g_ptr_array_add (texts, g_strdup_printf ("%s %s%s", nearby[i].link, address, nearby[i].is_guests ? " guests" : ""));
    }
  g_ptr_array_sort (texts, compare_texts);
  g_ptr_array_add (texts, NULL);
  return g_strjoinv ("; ", (char **) texts->pdata);
}

static void
expect_list (const char *wanted)
{
  g_autofree char *list = dup_list ();

  g_assert_cmpstr (list, ==, wanted);
}

static void
test_kinds (void)
{
  private_world_do ("ip link add cable type veth peer name far");
  private_world_do ("ip link add cable2 type veth peer name far2");
  private_world_do ("ip link add virbr0 type bridge");
  private_world_do ("ip link add other link virbr0 type macvlan");
  private_world_do ("ip tuntap add dev adit0 mode tun");
  private_world_do ("ip tuntap add dev foreign mode tun");
  private_world_do ("ip tuntap add dev tap0 mode tap");
  private_world_do ("sysctl -qw net.ipv6.conf.all.addr_gen_mode=1");
  for (guint i = 0; i < 9; i++)
    {
      static const char *const devices[] = { "cable", "far", "cable2", "far2", "virbr0", "other", "adit0", "foreign", "tap0" };

      private_world_do ("sysctl -qw net.ipv6.conf.%s.addr_gen_mode=1", devices[i]);
      private_world_do ("ip addr add 10.%u.0.2/24 dev %s", i + 1, devices[i]);
      private_world_do ("ip link set %s up", devices[i]);
    }
  private_world_do ("ip addr add 127.0.0.2/8 dev lo");
  /* Without a default route a pair is a guest's; a tunnel is neither a cable nor a guest's, whatever goes by it. */
  expect_list ("cable 10.1.0.2/24 guests; cable2 10.3.0.2/24 guests; far 10.2.0.2/24 guests; far2 10.4.0.2/24 guests; "
               "tap0 10.9.0.2/24 guests; virbr0 10.5.0.2/24 guests");
  private_world_do ("ip route add default via 10.1.0.1");
  private_world_do ("ip route add default dev foreign metric 5");
  private_world_do ("ip link del cable2");
  private_world_do ("ip link del tap0");
  private_world_do ("ip addr add fd00:1::2/64 dev cable nodad");
  private_world_do ("ip addr add 10.7.7.7 peer 10.7.7.8/24 dev cable");
  expect_list (BEFORE);
}

/* Replies of a guest's flows are let out only where there is nobody but guests: never by another tunnel, where strangers are,
 * although it is of a tap's kind and no default route goes by it. */
static void
test_guests (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLinks) links = NULL;
  g_autofree char *guests = NULL;

  private_world_do ("ip tuntap add dev tap1 mode tap");
  private_world_do ("ip tuntap add dev tun1 mode tun");
  links = adit_links_read (&error);
  g_assert_no_error (error);
  guests = g_strjoinv (" ", links->guests);
  g_assert_cmpstr (guests, ==, "far tap1 virbr0");
  private_world_do ("ip link del tap1");
  private_world_do ("ip link del tun1");
}

/* A bridge with a cable in it: whether the network names a default route is the network's to decide, and must not make guests of
 * the neighbours.  A macvlan stands for the cable: it is neither a pair nor a tap. */
static void
test_bridged_cable (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLinks) links = NULL;

  private_world_do ("ip link add real link far type macvlan");
  private_world_do ("ip link add br1 type bridge");
  private_world_do ("sysctl -qw net.ipv6.conf.br1.addr_gen_mode=1");
  private_world_do ("ip addr add 10.20.0.2/24 dev br1");
  private_world_do ("ip link set br1 up");
  expect_list ("br1 10.20.0.2/24 guests; " BEFORE);
  private_world_do ("ip link set real master br1");
  expect_list (BEFORE);
  links = adit_links_read (&error);
  g_assert_no_error (error);
  g_assert_false (g_strv_contains ((const char *const *) links->guests, "br1"));
  private_world_do ("ip route add default via 10.20.0.1 metric 9");
  expect_list ("br1 10.20.0.2/24; " BEFORE);
  private_world_do ("ip link del br1");
  private_world_do ("ip link del real");
}

/* --- The way out --------------------------------------------------------------------------------------------------------- */

static gboolean
has_way (const char *to, AditWay *way)
{
  AditAddress address;

  if (to != NULL)
    g_assert_true (adit_address_parse (to, &address));
  return adit_network_find_way (network, to != NULL ? &address : NULL, way);
}

static void
expect_way (const char *to, const char *link, const char *router, const char *source)
{
  g_autofree char *router_text = NULL, *source_text = NULL;
  AditWay way;

  for (guint i = 0; i < 200 && !has_way (to, &way); i++)
    g_usleep (10000);
  g_assert_true (has_way (to, &way));
  g_assert_cmpuint (way.link, ==, if_nametoindex (link));
  if (router == NULL)
    return;
  router_text = adit_address_dup_text (&way.router);
  source_text = adit_address_dup_text (&way.source);
  g_assert_cmpstr (router_text, ==, router);
  g_assert_cmpstr (source_text, ==, source);
}

static void
expect_no_way (const char *to)
{
  AditWay way;

  /* The kernel tells a link's carrier when it has time for it. */
  for (guint i = 0; i < 200 && has_way (to, &way); i++)
    g_usleep (10000);
  g_assert_false (has_way (to, &way));
}

#define FAR4  "198.51.100.10"
#define FAR6  "2001:db8:ff::10"

static void
test_ways (void)
{
  AditWay before, after;

  expect_no_way (NULL);
  expect_no_way (FAR4);
  expect_no_way (FAR6);
  private_world_do ("ip link add out1 type veth peer name end1");
  private_world_do ("ip link add out2 type veth peer name end2");
  for (guint i = 1; i <= 2; i++)
    {
      private_world_do ("sysctl -qw net.ipv6.conf.out%u.accept_dad=0", i);
      private_world_do ("ip link set out%u up", i);
      private_world_do ("ip link set end%u up", i);
      private_world_do ("ip addr add 10.%u.0.2/24 dev out%u", 30 + i, i);
    }
  expect_no_way (FAR4);
  expect_way ("10.31.0.9", "out1", "", "10.31.0.2");    /* a peer on the link needs no default route */
  private_world_do ("ip route add default via 10.31.0.1 metric 10");
  expect_way (NULL, "out1", NULL, NULL);
  expect_way (FAR4, "out1", "10.31.0.1", "10.31.0.2");
  expect_no_way (FAR6);
  g_assert_true (has_way (FAR4, &before));

  /* Another uplink, another router on the same one, another address: another way each time. */
  private_world_do ("ip route add default via 10.32.0.1 metric 5");
  expect_way (FAR4, "out2", "10.32.0.1", "10.32.0.2");
  g_assert_true (has_way (FAR4, &after) && !adit_way_equal (&before, &after));
  private_world_do ("ip route del default via 10.32.0.1");
  g_assert_true (has_way (FAR4, &after) && adit_way_equal (&before, &after));
  private_world_do ("ip route replace default via 10.31.0.9 metric 10");
  g_assert_true (has_way (FAR4, &after) && !adit_way_equal (&before, &after));
  private_world_do ("ip addr del 10.31.0.2/24 dev out1");
  private_world_do ("ip addr add 10.31.0.7/24 dev out1");
  private_world_do ("ip route replace default via 10.31.0.1 metric 10");
  expect_way (FAR4, "out1", "10.31.0.1", "10.31.0.7");

  /* The cable is pulled: the route stays, and leads nowhere. */
  private_world_do ("ip link set end1 down");
  expect_no_way (FAR4);
  expect_no_way (NULL);
  private_world_do ("ip link set end1 up");
  expect_way (FAR4, "out1", "10.31.0.1", "10.31.0.7");

  /* Our own rules, which lead everything but marked packets into the tunnel, are not in the way; our device is none. */
  private_world_do ("ip rule add pref 4410 fwmark 0x500/0xf00 lookup main");
  private_world_do ("ip rule add pref 4490 not fwmark 0x500/0xf00 lookup 44356");
  private_world_do ("ip route add unreachable default table 44356");
  expect_way (FAR4, "out1", "10.31.0.1", "10.31.0.7");
  private_world_do ("ip tuntap add dev adit0 mode tun");
  private_world_do ("ip link set adit0 up");
  private_world_do ("ip route replace default dev adit0 metric 1");
  expect_no_way (FAR4);
  private_world_do ("ip link del adit0");

  private_world_do ("ip -6 addr add 2001:db8:31::2/64 dev out1 nodad");
  private_world_do ("ip -6 route add default via 2001:db8:31::1");
  expect_way (FAR6, "out1", "2001:db8:31::1", "2001:db8:31::2");
  private_world_do ("ip -6 route add unreachable default metric 1");
  expect_no_way (FAR6);

  private_world_do ("ip -6 route del unreachable default metric 1");
  private_world_do ("ip rule del pref 4410");
  private_world_do ("ip rule del pref 4490");
  private_world_do ("ip route flush table 44356");
  private_world_do ("ip link del out1");
  private_world_do ("ip link del out2");
}

static void
on_changed (AditNetwork *self, guint *n)
{
  (*n)++;
}

static void
expect_change (guint *n)
{
  gint64 end = g_get_monotonic_time () + LIMIT_MS * 1000;

  while (*n == 0 && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (*n, >, 0);
  *n = 0;
}

static void
test_changes (void)
{
  static const char *const lines[] = { "ip addr add 10.66.0.2/24 dev virbr0", "ip addr del 10.66.0.2/24 dev virbr0",
                                       "ip route add default via 10.5.0.1 metric 7", "ip link set virbr0 down" };
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_signal_connect (network, "changed", G_CALLBACK (on_changed), &n);
  g_assert_true (adit_network_watch (network, &error));
  g_assert_true (adit_network_watch (network, &error));
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      private_world_do ("%s", lines[i]);
      expect_change (&n);
    }
  g_signal_handlers_disconnect_by_data (network, &n);
}

int
main (int argc, char **argv)
{
  int failed;

  g_test_init (&argc, &argv, NULL);
  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
  network = adit_linux_network_new (NULL);
  g_test_add_func ("/network/ways", test_ways);
  g_test_add_func ("/network/kinds", test_kinds);
  g_test_add_func ("/network/guests", test_guests);
  g_test_add_func ("/network/bridged-cable", test_bridged_cable);
  g_test_add_func ("/network/changes", test_changes);
  failed = g_test_run ();
  g_object_unref (network);
  return failed;
}
