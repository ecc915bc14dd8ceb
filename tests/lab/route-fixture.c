/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-fixture.c: a network with one cable and a tunnel's device, and the kernel that is asked about it. */
#include "tests/lab/route-fixture.h"

#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "platform/linux/marks.h"
#include "platform/linux/sysctl.h"
#include "platform/linux/tun.h"

void
route_set_sysctl (const char *name, int value)
{
  g_autoptr (GError) error = NULL;

  adit_sysctl_write (name, value, &error);
  g_assert_no_error (error);
}

int
route_get_sysctl (const char *name)
{
  int value;

  g_assert_true (adit_sysctl_read (name, &value));
  return value;
}

void
route_add_prefix (AditPrefix *prefixes, guint *n, const char *text)
{
  g_assert_true (adit_prefix_parse (text, &prefixes[(*n)++]));
}

void
route_open_journal (RouteFixture *f)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&f->route);
  g_clear_pointer (&f->journal, adit_journal_free);
  f->journal = adit_journal_open (ROUTE_JOURNAL_PATH, &error);
  g_assert_no_error (error);
  f->route = adit_linux_route_new (f->journal);
}

void
route_make_device (RouteFixture *f)
{
  g_autoptr (GError) error = NULL;

  f->tun_fd = adit_tun_open (ADIT_TUNNEL_DEVICE, ADIT_TUN_PACKET_INFO, FALSE, &error);
  g_assert_no_error (error);
}

void
route_remove_device (RouteFixture *f)
{
  close (f->tun_fd);
  f->tun_fd = -1;
}

/* A carrier comes a moment after the link is up, and brings its routes, or the listings of later are of another network. */
static void
wait_for_carriers (void)
{
  static const char *const signs[] = { "local 2001:db8:1::2 dev uplink", "ff00::/8 dev uplink", "ff00::/8 dev far" };
  gint64 end_us = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  for (gsize i = 0; i < G_N_ELEMENTS (signs);)
    {
      g_autofree char *said = private_world_run (FALSE, "ip -6 route show table local");

      if (strstr (said, signs[i]) != NULL)
        i++;
      else if (g_get_monotonic_time () > end_us)
        g_error ("no %s in %s", signs[i], said);
      else
        g_usleep (1000);
    }
}

void
route_set_up (RouteFixture *f, gconstpointer data)
{
  static const char *const ends[] = { "uplink", "far" };

  g_assert_cmpint (unshare (CLONE_NEWNET), ==, 0);    /* a network of its own for each test */
  g_unlink (ROUTE_JOURNAL_PATH);
  private_world_do ("ip link set lo up");
  private_world_do ("ip link add uplink type veth peer name far");
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *generated = g_strdup_printf ("net/ipv6/conf/%s/addr_gen_mode", ends[i]);
      g_autofree char *filter = g_strdup_printf ("net/ipv4/conf/%s/rp_filter", ends[i]);

      route_set_sysctl (generated, 1);    /* nothing comes up by itself while listings are compared */
      route_set_sysctl (filter, 0);
      private_world_do ("ip link set %s up", ends[i]);
    }
  route_set_sysctl (ROUTE_ALL_IPV4 "rp_filter", 0);
  route_set_sysctl ("net/ipv4/conf/default/rp_filter", 0);
  route_set_sysctl (ROUTE_ALL_IPV4 "arp_ignore", 0);
  private_world_do ("ip addr add 192.0.2.2/24 dev uplink");
  private_world_do ("ip addr add 2001:db8:1::2/64 dev uplink nodad");
  private_world_do ("ip route add default via 192.0.2.1");
  private_world_do ("ip route add default via 2001:db8:1::1");
  wait_for_carriers ();
  route_make_device (f);
  route_open_journal (f);

  f->spec = (AditTunnelSpec) { .mtu_bytes = 1380, .n_dns = 2 };
  memset (f->spec.peer_key, 7, sizeof f->spec.peer_key);
  g_assert_true (adit_endpoint_parse ("203.0.113.5:51820", &f->spec.peer));
  route_add_prefix (f->spec.addresses, &f->spec.n_addresses, "10.64.0.2/32");
  route_add_prefix (f->spec.addresses, &f->spec.n_addresses, "fd00:64::2/128");
  route_add_prefix (f->spec.allowed_ips, &f->spec.n_allowed_ips, "0.0.0.0/0");
  route_add_prefix (f->spec.allowed_ips, &f->spec.n_allowed_ips, "::/0");
  g_assert_true (adit_address_parse ("10.64.0.1", &f->spec.dns[0]));
  g_assert_true (adit_address_parse ("fd00:64::1", &f->spec.dns[1]));
}

void
route_tear_down (RouteFixture *f, gconstpointer data)
{
  g_clear_object (&f->route);
  g_clear_pointer (&f->journal, adit_journal_free);
  if (f->tun_fd >= 0)
    close (f->tun_fd);
}

void
route_apply (RouteFixture *f)
{
  g_autoptr (GError) error = NULL;
  gboolean done = adit_route_apply (f->route, &f->spec, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

void
route_revert (RouteFixture *f)
{
  g_autoptr (GError) error = NULL;
  gboolean done = adit_route_revert (f->route, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_false (adit_journal_has (f->journal, "route"));
}

/* Everything that route_apply may touch. */
char *
route_take_listing (void)
{
  g_autofree char *rules = private_world_run (TRUE, "ip rule"), *rules6 = private_world_run (TRUE, "ip -6 rule");
  g_autofree char *routes = private_world_run (TRUE, "ip route show table all"),
                  *routes6 = private_world_run (TRUE, "ip -6 route show table all");
  g_autofree char *addresses = private_world_run (TRUE, "ip -o addr");

  return g_strdup_printf ("%s--\n%s--\n%s--\n%s--\n%s--\nsrc_valid_mark %d arp_ignore %d\n", rules, rules6, routes, routes6,
                          addresses, route_get_sysctl (ROUTE_ALL_IPV4 "src_valid_mark"),
                          route_get_sysctl (ROUTE_ALL_IPV4 "arp_ignore"));
}

void
route_assert_protected (void)
{
  route_assert_way ("198.51.100.7", "dev adit0");
  route_assert_way ("2001:db8:9::7", "dev adit0");
  route_assert_way ("198.51.100.7" ROUTE_OTHERS, "dev adit0");
  route_assert_way ("198.51.100.7" ROUTE_OURS, "dev uplink");
  route_assert_way ("198.51.100.7" ROUTE_BOTH, "dev uplink");
  route_assert_way ("2001:db8:9::7" ROUTE_OURS, "dev uplink");
  route_assert_way ("192.0.2.77", "dev adit0");
  route_assert_way ("10.64.0.1", "dev adit0");
  route_assert_way ("fd00:64::1", "dev adit0");
}

void
route_assert_nowhere (void)
{
  route_assert_way ("198.51.100.7", ROUTE_NOWHERE);
  route_assert_way ("2001:db8:9::7", ROUTE_NOWHERE);
  route_assert_way ("198.51.100.7" ROUTE_OTHERS, ROUTE_NOWHERE);
  route_assert_way ("198.51.100.7" ROUTE_OURS, "dev uplink");
}
