/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-route.c: the kernel itself is asked which way a packet would take, before, during and after. */
#include "platform/linux/route-linux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "client/base/error.h"
#include "platform/linux/marks.h"
#include "platform/linux/netlink.h"
#include "platform/linux/sysctl.h"
#include "platform/linux/tun.h"
#include "tests/lab/private-world.h"

#define JOURNAL_PATH  "/run/journal"
#define ALL_IPV4      "net/ipv4/conf/all/"
#define PUT_BACK_MS   500
#define UPLINK_FILTER "net/ipv4/conf/uplink/rp_filter"

typedef struct
{
  AditJournal   *journal;
  AditRoute     *route;
  AditTunnelSpec spec;
  int            tun_fd;
} Fixture;

static void
set_sysctl (const char *name, int value)
{
  g_autoptr (GError) error = NULL;

  adit_sysctl_write (name, value, &error);
  g_assert_no_error (error);
}

static int
get_sysctl (const char *name)
{
  int value;

  g_assert_true (adit_sysctl_read (name, &value));
  return value;
}

static void
add_prefix (AditPrefix *prefixes, guint *n, const char *text)
{
  g_assert_true (adit_prefix_parse (text, &prefixes[(*n)++]));
}

static void
open_journal (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&f->route);
  g_clear_pointer (&f->journal, adit_journal_free);
  f->journal = adit_journal_open (JOURNAL_PATH, &error);
  g_assert_no_error (error);
  f->route = adit_linux_route_new (f->journal);
}

static void
make_device (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->tun_fd = adit_tun_open (ADIT_TUNNEL_DEVICE, ADIT_TUN_PACKET_INFO, FALSE, &error);
  g_assert_no_error (error);
}

static void
remove_device (Fixture *f)
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

static void
set_up (Fixture *f, gconstpointer data)
{
  static const char *const ends[] = { "uplink", "far" };

  g_assert_cmpint (unshare (CLONE_NEWNET), ==, 0);    /* a network of its own for each test */
  g_unlink (JOURNAL_PATH);
  private_world_do ("ip link set lo up");
  private_world_do ("ip link add uplink type veth peer name far");
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *generated = g_strdup_printf ("net/ipv6/conf/%s/addr_gen_mode", ends[i]);
      g_autofree char *filter = g_strdup_printf ("net/ipv4/conf/%s/rp_filter", ends[i]);

      set_sysctl (generated, 1);    /* nothing comes up by itself while listings are compared */
      set_sysctl (filter, 0);
      private_world_do ("ip link set %s up", ends[i]);
    }
  set_sysctl (ALL_IPV4 "rp_filter", 0);
  set_sysctl ("net/ipv4/conf/default/rp_filter", 0);
  set_sysctl (ALL_IPV4 "arp_ignore", 0);
  private_world_do ("ip addr add 192.0.2.2/24 dev uplink");
  private_world_do ("ip addr add 2001:db8:1::2/64 dev uplink nodad");
  private_world_do ("ip route add default via 192.0.2.1");
  private_world_do ("ip route add default via 2001:db8:1::1");
  wait_for_carriers ();
  make_device (f);
  open_journal (f);

  f->spec = (AditTunnelSpec) { .mtu_bytes = 1380, .n_dns = 2 };
  memset (f->spec.peer_key, 7, sizeof f->spec.peer_key);
  g_assert_true (adit_endpoint_parse ("203.0.113.5:51820", &f->spec.peer));
  add_prefix (f->spec.addresses, &f->spec.n_addresses, "10.64.0.2/32");
  add_prefix (f->spec.addresses, &f->spec.n_addresses, "fd00:64::2/128");
  add_prefix (f->spec.allowed_ips, &f->spec.n_allowed_ips, "0.0.0.0/0");
  add_prefix (f->spec.allowed_ips, &f->spec.n_allowed_ips, "::/0");
  g_assert_true (adit_address_parse ("10.64.0.1", &f->spec.dns[0]));
  g_assert_true (adit_address_parse ("fd00:64::1", &f->spec.dns[1]));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->route);
  g_clear_pointer (&f->journal, adit_journal_free);
  if (f->tun_fd >= 0)
    close (f->tun_fd);
}

static void
apply (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  gboolean done = adit_route_apply (f->route, &f->spec, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
revert (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  gboolean done = adit_route_revert (f->route, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_false (adit_journal_has (f->journal, "route"));
}

/* Everything that apply may touch. */
static char *
take_listing (void)
{
  g_autofree char *rules = private_world_run (TRUE, "ip rule"), *rules6 = private_world_run (TRUE, "ip -6 rule");
  g_autofree char *routes = private_world_run (TRUE, "ip route show table all"),
                  *routes6 = private_world_run (TRUE, "ip -6 route show table all");
  g_autofree char *addresses = private_world_run (TRUE, "ip -o addr");

  return g_strdup_printf ("%s--\n%s--\n%s--\n%s--\n%s--\nsrc_valid_mark %d arp_ignore %d\n", rules, rules6, routes, routes6,
                          addresses, get_sysctl (ALL_IPV4 "src_valid_mark"), get_sysctl (ALL_IPV4 "arp_ignore"));
}

#define assert_listing(before)                          \
  G_STMT_START {                                        \
    g_autofree char *now_ = take_listing ();            \
    g_assert_cmpstr (now_, ==, before);                 \
  } G_STMT_END

#define assert_way(question, device)                                        \
  G_STMT_START {                                                            \
    g_autofree char *said_ = private_world_run (FALSE, "ip route get " question);         \
    if (strstr (said_, device) == NULL)                                     \
      g_error ("%s: wanted \"%s\", the kernel says: %s", question, device, said_); \
  } G_STMT_END

#define OURS   " mark 0x500"
#define OTHERS " mark 0xca6c"    /* wg-quick's: a bit of it lies under our mask */
#define BOTH   " mark 0x80500"   /* ours, with a bit of Tailscale's */

#define NOWHERE  "No route to host"          /* an unreachable route says so ... */
#define NO_ROUTE "Network is unreachable"    /* ... and this is what the kernel says when no table has a route */

static void
assert_protected (void)
{
  assert_way ("198.51.100.7", "dev adit0");
  assert_way ("2001:db8:9::7", "dev adit0");
  assert_way ("198.51.100.7" OTHERS, "dev adit0");
  assert_way ("198.51.100.7" OURS, "dev uplink");
  assert_way ("198.51.100.7" BOTH, "dev uplink");
  assert_way ("2001:db8:9::7" OURS, "dev uplink");
  assert_way ("192.0.2.77", "dev adit0");
  assert_way ("10.64.0.1", "dev adit0");
  assert_way ("fd00:64::1", "dev adit0");
}

static void
assert_nowhere (void)
{
  assert_way ("198.51.100.7", NOWHERE);
  assert_way ("2001:db8:9::7", NOWHERE);
  assert_way ("198.51.100.7" OTHERS, NOWHERE);
  assert_way ("198.51.100.7" OURS, "dev uplink");
}

static void
test_ways (Fixture *f, gconstpointer data)
{
  g_autofree char *before = take_listing (), *applied = NULL, *link = NULL;

  assert_way ("198.51.100.7", "dev uplink");
  apply (f);
  assert_protected ();
  assert_way ("198.51.100.7", "src 10.64.0.2");
  assert_way ("2001:db8:9::7", "src fd00:64::2");
  /* What came out of the tunnel finds the computer's own nets and no way further out. */
  set_sysctl (ALL_IPV4 "forwarding", 1);
  assert_way ("192.0.2.77 from 203.0.113.9 iif adit0", "dev uplink");
  assert_way ("198.51.100.7 from 203.0.113.9 iif adit0", "dev adit0");
  set_sysctl (ALL_IPV4 "forwarding", 0);
  link = private_world_run (TRUE, "ip link show adit0");
  g_assert_nonnull (strstr (link, "mtu 1380"));
  g_assert_nonnull (strstr (link, ",UP"));
  applied = take_listing ();
  g_assert_null (strstr (applied, "fe80"));
  g_assert_null (strstr (applied, "tentative"));
  apply (f);
  assert_listing (applied);
  revert (f);
  assert_listing (before);
  revert (f);
  assert_listing (before);
}

/* The user who carries the tunnel finds its far end by main, and by nothing else. */
static void
test_carrier (Fixture *f, gconstpointer data)
{
  g_autofree char *before = take_listing (), *applied = NULL;

  f->spec.kind = ADIT_TUNNEL_OPENVPN;
  f->spec.carrier_uid = 61777;
  apply (f);
  assert_protected ();
  assert_way ("203.0.113.5 uid 61777", "dev uplink");
  assert_way ("203.0.113.6 uid 61777", "dev adit0");
  assert_way ("203.0.113.5 uid 61778", "dev adit0");
  assert_way ("203.0.113.5", "dev adit0");
  applied = take_listing ();
  apply (f);
  assert_listing (applied);
  /* Where there is no way, what carries the tunnel does not go into the tunnel. */
  private_world_do ("ip route del default via 192.0.2.1");
  assert_way ("203.0.113.5 uid 61777", NO_ROUTE);
  assert_way ("203.0.113.5 uid 61778", "dev adit0");
  private_world_do ("ip route add default via 192.0.2.1");
  revert (f);
  assert_listing (before);
}

/* What is enciphered for the second of two servers enters the device again, with our address inside; what is enciphered for the
 * first leaves by the cable.  Packets of programs are so much shorter that what is made of them fits. */
static void
test_nested (Fixture *f, gconstpointer data)
{
  static const struct { const char *exit, *question; guint mtu; } rows[] = {
    { "203.0.113.9", "203.0.113.9" OURS, 1305 },
    { "2001:db8:9::9", "2001:db8:9::9" OURS, 1285 },
  };
  const AditTunnelSpec usual = f->spec;
  g_autofree char *before = take_listing ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditTunnelPeer *inner = &f->spec.more_peers[0];
      g_autofree char *applied = NULL, *mtu = g_strdup_printf ("mtu %u ", rows[i].mtu), *way = NULL, *ask = NULL, *to_exit = NULL;

      f->spec = usual;
      f->spec.is_nested = TRUE;
      f->spec.n_more_peers = 1;
      memset (inner->key, 8, sizeof inner->key);
      g_assert_true (adit_address_parse (rows[i].exit, &inner->endpoint.address));
      inner->endpoint.port = 51820;
      inner->n_allowed_ips = 2;
      memmove (&f->spec.allowed_ips[1], &f->spec.allowed_ips[0], 2 * sizeof f->spec.allowed_ips[0]);
      f->spec.allowed_ips[0] = (AditPrefix) { inner->endpoint.address, i == 0 ? 32 : 128 };
      f->spec.n_allowed_ips = 3;
      apply (f);
      assert_protected ();
      ask = g_strconcat (i == 0 ? "ip route get " : "ip -6 route get ", rows[i].question, NULL);
      to_exit = private_world_run (FALSE, "%s", ask);
      g_assert_true (strstr (to_exit, "dev adit0") != NULL &&
                     strstr (to_exit, i == 0 ? "src 10.64.0.2" : "src fd00:64::2") != NULL);
      g_assert_null (strstr (to_exit, mtu));
      assert_way ("203.0.113.5" OURS, "dev uplink");    /* the first */
      way = private_world_run (FALSE, i == 0 ? "ip route get 198.51.100.7" : "ip -6 route get 2001:db8:9::7");
      g_assert_nonnull (strstr (way, mtu));
      applied = take_listing ();
      apply (f);
      assert_listing (applied);
      /* Where the cable has no way, it does not go into the tunnel that it carries. */
      private_world_do ("ip route del default via 192.0.2.1");
      assert_way ("203.0.113.5" OURS, NO_ROUTE);
      private_world_do ("ip route add default via 192.0.2.1");
    }
  f->spec = usual;
  apply (f);    /* over to one server: its rule is gone, and so are the packet sizes */
  assert_way ("203.0.113.9" OURS, "dev uplink");
  revert (f);
  assert_listing (before);
}

static void
test_pushed_routes (Fixture *f, gconstpointer data)
{
  apply (f);
  private_world_do ("ip route add 0.0.0.0/1 via 192.0.2.1");
  private_world_do ("ip route add 128.0.0.0/1 via 192.0.2.1");
  private_world_do ("ip route add 198.51.100.7 via 192.0.2.1");
  private_world_do ("ip route add 10.64.0.1 via 192.0.2.1");
  private_world_do ("ip -6 route add ::/1 via 2001:db8:1::1");
  private_world_do ("ip -6 route add fd00:64::1 via 2001:db8:1::1");
  assert_protected ();
  remove_device (f);
  assert_nowhere ();
  assert_way ("10.64.0.1", NOWHERE);
  assert_way ("fd00:64::1", NOWHERE);
}

static void
test_device_gone (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;

  remove_device (f);
  before = take_listing ();
  make_device (f);
  apply (f);
  remove_device (f);
  assert_nowhere ();
  revert (f);
  assert_listing (before);
}

static void
test_no_own_way_out (Fixture *f, gconstpointer data)
{
  /* The carrier must not fall into the tunnel that it carries. */
  apply (f);
  private_world_do ("ip route del default via 192.0.2.1");
  assert_way ("203.0.113.5" OURS, NO_ROUTE);
  assert_way ("198.51.100.7", "dev adit0");
}

static void
test_quiet_when_so (Fixture *f, gconstpointer data)
{
  static const int groups[] = { RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE };
  const struct sockaddr_nl address = { .nl_family = AF_NETLINK };
  char event[4096];
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

  apply (f);
  /* without a number it hears nothing */
  g_assert_cmpint (bind (fd, (const struct sockaddr *) &address, sizeof address), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    g_assert_cmpint (setsockopt (fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof groups[i]), ==, 0);
  apply (f);    /* no rule goes, not even for a moment */
  g_assert_cmpint (recv (fd, event, sizeof event, MSG_DONTWAIT), ==, -1);
  g_assert_cmpint (errno, ==, EAGAIN);
  g_assert_true (adit_address_parse ("10.64.0.53", &f->spec.dns[0]));
  apply (f);    /* another resolver: one rule comes, one goes */
  for (guint i = 0; i < 2; i++)
    {
      const struct nlmsghdr *message = (const void *) event;

      g_assert_cmpint (recv (fd, event, sizeof event, MSG_DONTWAIT), >, 0);
      g_assert_cmpint (message->nlmsg_type, ==, i == 0 ? RTM_NEWRULE : RTM_DELRULE);
    }
  g_assert_cmpint (recv (fd, event, sizeof event, MSG_DONTWAIT), ==, -1);
  close (fd);
}

static void
test_leftovers (Fixture *f, gconstpointer data)
{
  g_autofree char *before = take_listing (), *applied = NULL;

  apply (f);
  applied = take_listing ();
  private_world_do ("ip rule add pref 4401 to 198.51.100.0/24 lookup main");
  private_world_do ("ip rule add pref 4410 fwmark 0x500/0xff00 lookup main");
  /* ours but for one word */
  private_world_do ("ip rule add pref 4410 fwmark 0x500/0xf00 ipproto tcp lookup main protocol kernel");
  private_world_do ("ip rule add pref 4499 uidrange 0-10 lookup main");
  private_world_do ("ip -6 rule add pref 4450 oif uplink lookup main");
  private_world_do ("ip rule add pref 4400 iif uplink to 198.51.100.0/24 goto 32766");
  private_world_do ("ip route add 198.51.100.0/24 via 192.0.2.1 table %u", ADIT_ROUTE_TABLE);
  private_world_do ("ip route add default via 192.0.2.1 dev uplink table %u metric 0", ADIT_ROUTE_TABLE);
  private_world_do ("ip -6 route add blackhole 2001:db8:9::/48 table %u", ADIT_ROUTE_TABLE);
  private_world_do ("ip addr add 10.99.0.1/24 dev adit0");
  private_world_do ("ip rule add pref 4399 to 192.0.2.200 lookup main");    /* not ours, though near */
  private_world_do ("ip rule add pref 4500 to 192.0.2.201 lookup main");
  assert_way ("198.51.100.7", "dev uplink");
  open_journal (f);
  apply (f);
  private_world_do ("ip rule del pref 4399");
  private_world_do ("ip rule del pref 4500");
  assert_listing (applied);
  /* A helper that crashed, and whose journal is lost as well. */
  g_assert_cmpint (g_unlink (JOURNAL_PATH), ==, 0);
  set_sysctl (ALL_IPV4 "arp_ignore", 0);
  open_journal (f);
  revert (f);
  assert_listing (before);
}

static void
test_crash (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;

  set_sysctl (UPLINK_FILTER, 1);
  before = take_listing ();
  apply (f);
  open_journal (f);
  apply (f);
  open_journal (f);
  g_assert_true (adit_journal_has (f->journal, "route"));
  revert (f);
  assert_listing (before);
  g_assert_false (g_file_test (JOURNAL_PATH, G_FILE_TEST_EXISTS));
}

static void
test_nothing_to_undo (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;
  gint64 began;

  remove_device (f);
  before = take_listing ();
  began = g_get_monotonic_time ();
  revert (f);
  g_assert_cmpint (g_get_monotonic_time () - began, <, G_USEC_PER_SEC / 2);
  assert_listing (before);
  g_assert_false (g_file_test (JOURNAL_PATH, G_FILE_TEST_EXISTS));
}

static void
test_settings (Fixture *f, gconstpointer data)
{
  apply (f);
  g_assert_cmpint (get_sysctl (ALL_IPV4 "src_valid_mark"), ==, 0);    /* nobody filters strictly */
  g_assert_cmpint (get_sysctl (ALL_IPV4 "arp_ignore"), ==, 2);
  set_sysctl (UPLINK_FILTER, 1);
  apply (f);
  g_assert_cmpint (get_sysctl (ALL_IPV4 "src_valid_mark"), ==, 1);
  set_sysctl (ALL_IPV4 "rp_filter", 2);                               /* loose on all: the larger number counts */
  apply (f);
  g_assert_cmpint (get_sysctl (ALL_IPV4 "src_valid_mark"), ==, 0);
  set_sysctl (ALL_IPV4 "rp_filter", 1);
  apply (f);
  revert (f);
  g_assert_cmpint (get_sysctl (ALL_IPV4 "src_valid_mark"), ==, 0);
  g_assert_cmpint (get_sysctl (ALL_IPV4 "arp_ignore"), ==, 0);
  g_assert_cmpint (get_sysctl (ALL_IPV4 "rp_filter"), ==, 1);

  /* Somebody else has set them before: not ours to give back. */
  set_sysctl (ALL_IPV4 "src_valid_mark", 1);
  set_sysctl (ALL_IPV4 "arp_ignore", 8);
  apply (f);
  g_assert_cmpint (get_sysctl (ALL_IPV4 "arp_ignore"), ==, 8);
  revert (f);
  g_assert_cmpint (get_sysctl (ALL_IPV4 "src_valid_mark"), ==, 1);
  g_assert_cmpint (get_sysctl (ALL_IPV4 "arp_ignore"), ==, 8);

  /* Somebody else changes them meanwhile: theirs stays. */
  set_sysctl (ALL_IPV4 "arp_ignore", 1);
  apply (f);
  g_assert_cmpint (get_sysctl (ALL_IPV4 "arp_ignore"), ==, 2);
  set_sysctl (ALL_IPV4 "arp_ignore", 3);
  revert (f);
  g_assert_cmpint (get_sysctl (ALL_IPV4 "arp_ignore"), ==, 3);
}

static void
test_no_change_without_journal (Fixture *f, gconstpointer data)
{
  g_autofree char *before = take_listing ();
  g_autoptr (GError) error = NULL;

  g_clear_object (&f->route);
  g_clear_pointer (&f->journal, adit_journal_free);
  f->journal = adit_journal_open ("/run/absent/journal", &error);
  g_assert_no_error (error);
  f->route = adit_linux_route_new (f->journal);
  g_assert_false (adit_route_apply (f->route, &f->spec, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  assert_listing (before);
}

static void
test_narrow (Fixture *f, gconstpointer data)
{
  g_autofree char *main_table = NULL;

  f->spec.addresses[0].prefix_bits = 24;
  f->spec.n_allowed_ips = 0;
  add_prefix (f->spec.allowed_ips, &f->spec.n_allowed_ips, "10.70.1.2/10");
  add_prefix (f->spec.allowed_ips, &f->spec.n_allowed_ips, "198.51.96.0/20");
  apply (f);
  assert_way ("198.51.100.7", "dev adit0");
  assert_way ("10.64.0.1", "dev adit0");
  assert_way ("198.51.112.1", NOWHERE);
  main_table = private_world_run (TRUE, "ip route show");
  g_assert_null (strstr (main_table, ADIT_TUNNEL_DEVICE));
  assert_way ("2001:db8:9::7", NOWHERE);
}

static void
test_one_family (Fixture *f, gconstpointer data)
{
  f->spec.n_addresses = 1;
  apply (f);
  assert_way ("198.51.100.7", "dev adit0");
  assert_way ("2001:db8:9::7", NOWHERE);
  assert_way ("2001:db8:1::77", NOWHERE);
  assert_way ("2001:db8:9::7" OURS, "dev uplink");
}

static void
test_ipv6_off (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL, *rules = NULL, *bare = private_world_run (TRUE, "ip -6 rule");

  set_sysctl ("net/ipv6/conf/all/disable_ipv6", 1);
  before = take_listing ();
  apply (f);
  assert_way ("198.51.100.7", "dev adit0");
  rules = private_world_run (TRUE, "ip -6 rule");
  g_assert_cmpstr (rules, ==, bare);
  revert (f);
  assert_listing (before);
}

static void
test_no_device (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  remove_device (f);
  g_assert_false (adit_route_apply (f->route, &f->spec, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
}

static int
bind_socket (int family, int type, const char *address, struct sockaddr_storage *bound, socklen_t *length)
{
  int fd = socket (family, type | SOCK_CLOEXEC, 0);

  memset (bound, 0, sizeof *bound);
  bound->ss_family = family;
  *length = family == AF_INET ? sizeof (struct sockaddr_in) : sizeof (struct sockaddr_in6);
  g_assert_cmpint (inet_pton (family, address, family == AF_INET ? (void *) &((struct sockaddr_in *) bound)->sin_addr
                                                                 : (void *) &((struct sockaddr_in6 *) bound)->sin6_addr), ==, 1);
  g_assert_cmpint (bind (fd, (struct sockaddr *) bound, *length), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) bound, length), ==, 0);
  return fd;
}

static int
take_socket_error (int fd)
{
  int code = -1;
  socklen_t length = sizeof code;

  g_assert_cmpint (getsockopt (fd, SOL_SOCKET, SO_ERROR, &code, &length), ==, 0);
  return code;
}

/* @data: whether the device is gone before the sockets are ended, so that only the journal knows the addresses. */
static void
test_sockets (Fixture *f, gconstpointer data)
{
  struct sockaddr_storage bound;
  socklen_t length;
  int udp, udp6, mapped, listener, tcp, other;

  apply (f);
  udp = bind_socket (AF_INET, SOCK_DGRAM, "10.64.0.2", &bound, &length);
  udp6 = bind_socket (AF_INET6, SOCK_DGRAM, "fd00:64::2", &bound, &length);
  mapped = bind_socket (AF_INET6, SOCK_DGRAM, "::ffff:10.64.0.2", &bound, &length);
  other = bind_socket (AF_INET, SOCK_DGRAM, "192.0.2.2", &bound, &length);
  listener = bind_socket (AF_INET6, SOCK_STREAM, "fd00:64::2", &bound, &length);
  g_assert_cmpint (listen (listener, 4), ==, 0);
  tcp = socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (connect (tcp, (struct sockaddr *) &bound, length), ==, 0);
  apply (f);    /* the addresses stay, and so do the sockets */
  g_assert_cmpint (take_socket_error (udp), ==, 0);
  g_assert_cmpint (take_socket_error (tcp), ==, 0);
  if (data != NULL)
    remove_device (f);
  open_journal (f);
  revert (f);
  g_assert_cmpint (take_socket_error (udp), ==, ECONNABORTED);
  g_assert_cmpint (take_socket_error (udp6), ==, 0);    /* that one is prohibited to send: below */
  g_assert_cmpint (take_socket_error (mapped), ==, ECONNABORTED);
  g_assert_cmpint (take_socket_error (tcp), !=, 0);
  g_assert_cmpint (accept (listener, NULL, NULL), ==, -1);
  g_assert_cmpint (take_socket_error (other), ==, 0);
  close (udp);
  close (udp6);
  open_journal (f);
  revert (f);    /* takes the rule */
  close (mapped);
  close (other);
  close (listener);
  close (tcp);
}

/* What cannot be ended: its address is prohibited until it ends, over disconnects and another helper, but not for a tunnel
 * that has the address again. */
static void
test_socket_that_stays (Fixture *f, gconstpointer data)
{
  g_autofree char *before = take_listing (), *left = NULL, *again = NULL;
  struct sockaddr_storage bound;
  socklen_t length;
  int udp;

  apply (f);
  udp = bind_socket (AF_INET6, SOCK_DGRAM, "fd00:64::2", &bound, &length);
  revert (f);
  left = take_listing ();
  g_assert_nonnull (strstr (left, "4400:\tfrom fd00:64::2 prohibit"));
  open_journal (f);
  revert (f);
  assert_listing (left);
  apply (f);
  again = take_listing ();
  g_assert_null (strstr (again, "4400:"));
  revert (f);
  assert_listing (left);
  close (udp);
  revert (f);
  assert_listing (before);
}

static void
add_net (AditReach *reach, const char *to, gboolean is_guests)
{
  g_assert_true (adit_prefix_parse (to, &reach->nets[reach->n_nets].to));
  reach->nets[reach->n_nets++].is_guests = is_guests;
}

static void
set_reach (Fixture *f, const AditReach *reach)
{
  g_autoptr (GError) error = NULL;

  adit_route_set_reach (f->route, reach, &error);
  g_assert_no_error (error);
}

/* What may be reached beside the tunnel goes where main has a way of its own to it, and never by the default route; the tunnel's
 * resolvers stay inside, wherever the local network says that it is. */
static void
test_reach (Fixture *f, gconstpointer data)
{
  static const AditReach nothing;
  AditReach reach = { .n_inside = 1, .n_outside = 1, .n_groups = 1 };
  g_autofree char *before = NULL, *applied = NULL, *rules = NULL;

  private_world_do ("ip addr add 10.1.0.2/16 dev uplink");
  private_world_do ("ip addr add fd00:1::2/64 dev uplink nodad");
  private_world_do ("ip link add virbr0 type bridge");
  set_sysctl ("net/ipv6/conf/virbr0/addr_gen_mode", 1);
  private_world_do ("ip addr add 192.168.122.1/24 dev virbr0");
  private_world_do ("ip link set virbr0 up");
  g_assert_true (adit_address_parse ("9.9.9.9", &reach.inside[0]));
  g_assert_true (adit_address_parse ("10.1.0.1", &reach.outside[0]));
  g_assert_true (adit_endpoint_parse ("239.255.255.250:1900", &reach.groups[0].to));
  before = take_listing ();
  apply (f);
  applied = take_listing ();
  assert_way ("10.1.0.7", "dev adit0");
  add_net (&reach, "10.0.0.0/8", FALSE);
  add_net (&reach, "10.0.0.0/8", FALSE);    /* of another address of the same link */
  add_net (&reach, "fd00::/16", FALSE);
  add_net (&reach, "192.168.122.0/24", TRUE);
  set_reach (f, &reach);
  assert_protected ();
  assert_way ("10.1.0.7", "dev uplink");
  assert_way ("10.1.0.1", "dev uplink");
  assert_way ("10.2.0.7", "dev adit0");           /* in the range, and main has nothing but its default */
  assert_way ("fd00:1::7", "dev uplink");
  assert_way ("fd00:2::7", "dev adit0");
  assert_way ("192.168.122.7", "dev virbr0");
  assert_way ("9.9.9.9", "dev adit0");
  assert_way ("239.255.255.250", "dev uplink");
  assert_way ("239.255.255.251", "dev adit0");
  private_world_do ("ip route add 9.9.9.9 via 192.0.2.1");
  private_world_do ("ip route add 10.64.0.0/16 via 192.0.2.1");
  assert_protected ();
  assert_way ("9.9.9.9", "dev adit0");
  private_world_do ("ip route del 9.9.9.9");
  private_world_do ("ip route del 10.64.0.0/16");
  rules = private_world_run (TRUE, "ip rule");
  g_assert_null (strstr (strstr (rules, "to 10.0.0.0/8") + 1, "to 10.0.0.0/8"));
  set_reach (f, &nothing);
  assert_listing (applied);
  /* Remembered for the next tunnel, and gone with it. */
  set_reach (f, &reach);
  revert (f);
  assert_listing (before);
  apply (f);
  assert_way ("10.1.0.7", "dev uplink");
  revert (f);
  assert_listing (before);
}

/* Takes our first rule away, and once more as soon as it is back, which is while the others are still being looked at. */
static gpointer
take_twice (gpointer data)
{
  const gint64 end = g_get_monotonic_time () + PUT_BACK_MS * 1000L;
  guint *n_taken = data;

  while (*n_taken < 2 && g_get_monotonic_time () < end)
    {
      const struct fib_rule_hdr header = { .family = AF_INET, .action = FR_ACT_TO_TBL };
      const guint32 priority = ADIT_RULE_MARKED;
      AditNetlinkRequest request;
      struct nlmsghdr *message = adit_netlink_begin (&request, RTM_DELRULE, 0, &header, sizeof header);

      adit_netlink_put (message, FRA_PRIORITY, &priority, sizeof priority);
      *n_taken += adit_netlink_send (NETLINK_ROUTE, message, NULL, NULL, 0, NULL);
    }
  return NULL;
}

static gboolean
on_time (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
live (guint time_ms)
{
  gboolean over = FALSE;

  g_timeout_add (time_ms, on_time, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* What goes in the very moment in which something else is put back comes back too. */
static void
test_taken_meanwhile (Fixture *f, gconstpointer data)
{
  g_autofree char *applied = NULL;
  guint n_taken = 0;
  GThread *taker;

  apply (f);
  applied = take_listing ();
  taker = g_thread_new ("taker", take_twice, &n_taken);
  live (PUT_BACK_MS);
  g_thread_join (taker);
  g_assert_cmpuint (n_taken, ==, 2);
  assert_listing (applied);
}

/* The bell of the routes does not ring itself: when all is as it should be nothing is done. */
static void
test_bell_falls_silent (Fixture *f, gconstpointer data)
{
  static const int groups[] = { RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_IFADDR,
                                RTNLGRP_IPV6_IFADDR };
  const struct sockaddr_nl address = { .nl_family = AF_NETLINK };
  char event[4096];
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

  apply (f);
  private_world_do ("ip route add 198.51.100.7 via 192.0.2.1");
  live (PUT_BACK_MS);
  g_assert_cmpint (bind (fd, (const struct sockaddr *) &address, sizeof address), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    g_assert_cmpint (setsockopt (fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof groups[i]), ==, 0);
  live (PUT_BACK_MS);
  g_assert_cmpint (recv (fd, event, sizeof event, MSG_DONTWAIT), ==, -1);
  g_assert_cmpint (errno, ==, EAGAIN);
  close (fd);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
#define ADD(path, function, data) g_test_add ("/route/" path, Fixture, data, set_up, function, tear_down)
  ADD ("ways", test_ways, NULL);
  ADD ("carrier", test_carrier, NULL);
  ADD ("nested", test_nested, NULL);
  ADD ("pushed-routes", test_pushed_routes, NULL);
  ADD ("reach", test_reach, NULL);
  ADD ("device-gone", test_device_gone, NULL);
  ADD ("no-own-way-out", test_no_own_way_out, NULL);
  ADD ("quiet-when-so", test_quiet_when_so, NULL);
  ADD ("taken-meanwhile", test_taken_meanwhile, NULL);
  ADD ("bell-falls-silent", test_bell_falls_silent, NULL);
  ADD ("leftovers", test_leftovers, NULL);
  ADD ("crash", test_crash, NULL);
  ADD ("nothing-to-undo", test_nothing_to_undo, NULL);
  ADD ("settings", test_settings, NULL);
  ADD ("no-change-without-journal", test_no_change_without_journal, NULL);
  ADD ("narrow", test_narrow, NULL);
  ADD ("one-family", test_one_family, NULL);
  ADD ("ipv6-off", test_ipv6_off, NULL);
  ADD ("no-device", test_no_device, NULL);
  ADD ("sockets", test_sockets, NULL);
  ADD ("socket-that-stays", test_socket_that_stays, NULL);
  ADD ("sockets-of-a-vanished-device", test_sockets, GINT_TO_POINTER (TRUE));
#undef ADD
  return g_test_run ();
}
