/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-route-kept.c: ways stay while the tunnel is wanted, whatever else goes, and nothing is done where nothing has to be. */
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/linux/marks.h"
#include "platform/linux/netlink.h"
#include "tests/lab/route-fixture.h"

#define PUT_BACK_MS 500

static void
test_device_gone (RouteFixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;

  route_remove_device (f);
  before = route_take_listing ();
  route_make_device (f);
  route_apply (f);
  route_remove_device (f);
  route_assert_nowhere ();
  route_revert (f);
  route_assert_listing (before);
}

static void
test_no_own_way_out (RouteFixture *f, gconstpointer data)
{
  /* The carrier must not fall into the tunnel that it carries. */
  route_apply (f);
  private_world_do ("ip route del default via 192.0.2.1");
  route_assert_way ("203.0.113.5" ROUTE_OURS, ROUTE_NO_ROUTE);
  route_assert_way ("198.51.100.7", "dev adit0");
}

static void
test_quiet_when_so (RouteFixture *f, gconstpointer data)
{
  static const int groups[] = { RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE };
  const struct sockaddr_nl address = { .nl_family = AF_NETLINK };
  char event[4096];
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

  route_apply (f);
  /* without a number it hears nothing */
  g_assert_cmpint (bind (fd, (const struct sockaddr *) &address, sizeof address), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    g_assert_cmpint (setsockopt (fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof groups[i]), ==, 0);
  route_apply (f);    /* no rule goes, not even for a moment */
  g_assert_cmpint (recv (fd, event, sizeof event, MSG_DONTWAIT), ==, -1);
  g_assert_cmpint (errno, ==, EAGAIN);
  g_assert_true (adit_address_parse ("10.64.0.53", &f->spec.dns[0]));
  route_apply (f);    /* another resolver: one rule comes, one goes */
  for (guint i = 0; i < 2; i++)
    {
      const struct nlmsghdr *message = (const void *) event;

      g_assert_cmpint (recv (fd, event, sizeof event, MSG_DONTWAIT), >, 0);
      g_assert_cmpint (message->nlmsg_type, ==, i == 0 ? RTM_NEWRULE : RTM_DELRULE);
    }
  g_assert_cmpint (recv (fd, event, sizeof event, MSG_DONTWAIT), ==, -1);
  close (fd);
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
test_taken_meanwhile (RouteFixture *f, gconstpointer data)
{
  g_autofree char *applied = NULL;
  guint n_taken = 0;
  GThread *taker;

  route_apply (f);
  applied = route_take_listing ();
  taker = g_thread_new ("taker", take_twice, &n_taken);
  live (PUT_BACK_MS);
  g_thread_join (taker);
  g_assert_cmpuint (n_taken, ==, 2);
  route_assert_listing (applied);
}

/* The bell of the routes does not ring itself: when all is as it should be nothing is done. */
static void
test_bell_falls_silent (RouteFixture *f, gconstpointer data)
{
  static const int groups[] = { RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_IFADDR,
                                RTNLGRP_IPV6_IFADDR };
  const struct sockaddr_nl address = { .nl_family = AF_NETLINK };
  char event[4096];
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

  route_apply (f);
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
#define ADD(path, function, data) g_test_add ("/route-kept/" path, RouteFixture, data, route_set_up, function, route_tear_down)
  ADD ("device-gone", test_device_gone, NULL);
  ADD ("no-own-way-out", test_no_own_way_out, NULL);
  ADD ("quiet-when-so", test_quiet_when_so, NULL);
  ADD ("taken-meanwhile", test_taken_meanwhile, NULL);
  ADD ("bell-falls-silent", test_bell_falls_silent, NULL);
#undef ADD
  return g_test_run ();
}
