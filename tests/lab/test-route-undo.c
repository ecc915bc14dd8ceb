/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-route-undo.c: all is as it was before, also after a crash, and for sockets that have the tunnel's address. */
#include <arpa/inet.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/base/error.h"
#include "platform/linux/marks.h"
#include "tests/lab/route-fixture.h"

#define UPLINK_FILTER "net/ipv4/conf/uplink/rp_filter"

static void
test_leftovers (RouteFixture *f, gconstpointer data)
{
  g_autofree char *before = route_take_listing (), *applied = NULL;

  route_apply (f);
  applied = route_take_listing ();
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
  route_assert_way ("198.51.100.7", "dev uplink");
  route_open_journal (f);
  route_apply (f);
  private_world_do ("ip rule del pref 4399");
  private_world_do ("ip rule del pref 4500");
  route_assert_listing (applied);
  /* A helper that crashed, and whose journal is lost as well. */
  g_assert_cmpint (g_unlink (ROUTE_JOURNAL_PATH), ==, 0);
  route_set_sysctl (ROUTE_ALL_IPV4 "arp_ignore", 0);
  route_open_journal (f);
  route_revert (f);
  route_assert_listing (before);
}

static void
test_crash (RouteFixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;

  route_set_sysctl (UPLINK_FILTER, 1);
  before = route_take_listing ();
  route_apply (f);
  route_open_journal (f);
  route_apply (f);
  route_open_journal (f);
  g_assert_true (adit_journal_has (f->journal, "route"));
  route_revert (f);
  route_assert_listing (before);
  g_assert_false (g_file_test (ROUTE_JOURNAL_PATH, G_FILE_TEST_EXISTS));
}

static void
test_nothing_to_undo (RouteFixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;
  gint64 began;

  route_remove_device (f);
  before = route_take_listing ();
  began = g_get_monotonic_time ();
  route_revert (f);
  g_assert_cmpint (g_get_monotonic_time () - began, <, G_USEC_PER_SEC / 2);
  route_assert_listing (before);
  g_assert_false (g_file_test (ROUTE_JOURNAL_PATH, G_FILE_TEST_EXISTS));
}

static void
test_settings (RouteFixture *f, gconstpointer data)
{
  route_apply (f);
  g_assert_cmpint (route_get_sysctl (ROUTE_ALL_IPV4 "src_valid_mark"), ==, 0);    /* nobody filters strictly */
  g_assert_cmpint (route_get_sysctl (ROUTE_ALL_IPV4 "arp_ignore"), ==, 2);
  route_set_sysctl (UPLINK_FILTER, 1);
  route_apply (f);
  g_assert_cmpint (route_get_sysctl (ROUTE_ALL_IPV4 "src_valid_mark"), ==, 1);
  route_set_sysctl (ROUTE_ALL_IPV4 "rp_filter", 2);                               /* loose on all: the larger number counts */
  route_apply (f);
  g_assert_cmpint (route_get_sysctl (ROUTE_ALL_IPV4 "src_valid_mark"), ==, 0);
  route_set_sysctl (ROUTE_ALL_IPV4 "rp_filter", 1);
  route_apply (f);
  route_revert (f);
  g_assert_cmpint (route_get_sysctl (ROUTE_ALL_IPV4 "src_valid_mark"), ==, 0);
  g_assert_cmpint (route_get_sysctl (ROUTE_ALL_IPV4 "arp_ignore"), ==, 0);
  g_assert_cmpint (route_get_sysctl (ROUTE_ALL_IPV4 "rp_filter"), ==, 1);

  /* Somebody else has set them before: not ours to give back. */
  route_set_sysctl (ROUTE_ALL_IPV4 "src_valid_mark", 1);
  route_set_sysctl (ROUTE_ALL_IPV4 "arp_ignore", 8);
  route_apply (f);
  g_assert_cmpint (route_get_sysctl (ROUTE_ALL_IPV4 "arp_ignore"), ==, 8);
  route_revert (f);
  g_assert_cmpint (route_get_sysctl (ROUTE_ALL_IPV4 "src_valid_mark"), ==, 1);
  g_assert_cmpint (route_get_sysctl (ROUTE_ALL_IPV4 "arp_ignore"), ==, 8);

  /* Somebody else changes them meanwhile: theirs stays. */
  route_set_sysctl (ROUTE_ALL_IPV4 "arp_ignore", 1);
  route_apply (f);
  g_assert_cmpint (route_get_sysctl (ROUTE_ALL_IPV4 "arp_ignore"), ==, 2);
  route_set_sysctl (ROUTE_ALL_IPV4 "arp_ignore", 3);
  route_revert (f);
  g_assert_cmpint (route_get_sysctl (ROUTE_ALL_IPV4 "arp_ignore"), ==, 3);
}

static void
test_no_change_without_journal (RouteFixture *f, gconstpointer data)
{
  g_autofree char *before = route_take_listing ();
  g_autoptr (GError) error = NULL;

  g_clear_object (&f->route);
  g_clear_pointer (&f->journal, adit_journal_free);
  f->journal = adit_journal_open ("/run/absent/journal", &error);
  g_assert_no_error (error);
  f->route = adit_linux_route_new (f->journal);
  g_assert_false (adit_route_apply (f->route, &f->spec, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  route_assert_listing (before);
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
test_sockets (RouteFixture *f, gconstpointer data)
{
  struct sockaddr_storage bound;
  socklen_t length;
  int udp, udp6, mapped, listener, tcp, other;

  route_apply (f);
  udp = bind_socket (AF_INET, SOCK_DGRAM, "10.64.0.2", &bound, &length);
  udp6 = bind_socket (AF_INET6, SOCK_DGRAM, "fd00:64::2", &bound, &length);
  mapped = bind_socket (AF_INET6, SOCK_DGRAM, "::ffff:10.64.0.2", &bound, &length);
  other = bind_socket (AF_INET, SOCK_DGRAM, "192.0.2.2", &bound, &length);
  listener = bind_socket (AF_INET6, SOCK_STREAM, "fd00:64::2", &bound, &length);
  g_assert_cmpint (listen (listener, 4), ==, 0);
  tcp = socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (connect (tcp, (struct sockaddr *) &bound, length), ==, 0);
  route_apply (f);    /* the addresses stay, and so do the sockets */
  g_assert_cmpint (take_socket_error (udp), ==, 0);
  g_assert_cmpint (take_socket_error (tcp), ==, 0);
  if (data != NULL)
    route_remove_device (f);
  route_open_journal (f);
  route_revert (f);
  g_assert_cmpint (take_socket_error (udp), ==, ECONNABORTED);
  g_assert_cmpint (take_socket_error (udp6), ==, 0);    /* that one is prohibited to send: below */
  g_assert_cmpint (take_socket_error (mapped), ==, ECONNABORTED);
  g_assert_cmpint (take_socket_error (tcp), !=, 0);
  g_assert_cmpint (accept (listener, NULL, NULL), ==, -1);
  g_assert_cmpint (take_socket_error (other), ==, 0);
  close (udp);
  close (udp6);
  route_open_journal (f);
  route_revert (f);    /* takes the rule */
  close (mapped);
  close (other);
  close (listener);
  close (tcp);
}

/* What cannot be ended: its address is prohibited until it ends, over disconnects and another helper, but not for a tunnel
 * that has the address again. */
static void
test_socket_that_stays (RouteFixture *f, gconstpointer data)
{
  g_autofree char *before = route_take_listing (), *left = NULL, *again = NULL;
  struct sockaddr_storage bound;
  socklen_t length;
  int udp;

  route_apply (f);
  udp = bind_socket (AF_INET6, SOCK_DGRAM, "fd00:64::2", &bound, &length);
  route_revert (f);
  left = route_take_listing ();
  g_assert_nonnull (strstr (left, "4400:\tfrom fd00:64::2 prohibit"));
  route_open_journal (f);
  route_revert (f);
  route_assert_listing (left);
  route_apply (f);
  again = route_take_listing ();
  g_assert_null (strstr (again, "4400:"));
  route_revert (f);
  route_assert_listing (left);
  close (udp);
  route_revert (f);
  route_assert_listing (before);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
#define ADD(path, function, data) g_test_add ("/route-undo/" path, RouteFixture, data, route_set_up, function, route_tear_down)
  ADD ("leftovers", test_leftovers, NULL);
  ADD ("crash", test_crash, NULL);
  ADD ("nothing-to-undo", test_nothing_to_undo, NULL);
  ADD ("settings", test_settings, NULL);
  ADD ("no-change-without-journal", test_no_change_without_journal, NULL);
  ADD ("sockets", test_sockets, NULL);
  ADD ("socket-that-stays", test_socket_that_stays, NULL);
  ADD ("sockets-of-a-vanished-device", test_sockets, GINT_TO_POINTER (TRUE));
#undef ADD
  return g_test_run ();
}
