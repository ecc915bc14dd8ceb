/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-fixture.h: a network with one cable and a tunnel's device, and the kernel that is asked about it. */
#pragma once

#include "platform/linux/route-linux.h"
#include "tests/lab/private-world.h"

G_BEGIN_DECLS

#define ROUTE_JOURNAL_PATH "/run/journal"
#define ROUTE_ALL_IPV4     "net/ipv4/conf/all/"

#define ROUTE_OURS   " mark 0x500"
#define ROUTE_OTHERS " mark 0xca6c"    /* wg-quick's: a bit of it lies under our mask */
#define ROUTE_BOTH   " mark 0x80500"   /* ours, with a bit of Tailscale's */

#define ROUTE_NOWHERE  "No route to host"          /* an unreachable route says so ... */
#define ROUTE_NO_ROUTE "Network is unreachable"    /* ... and this is what the kernel says when no table has a route */

typedef struct
{
  AditJournal   *journal;
  AditRoute     *route;
  AditTunnelSpec spec;
  int            tun_fd;
} RouteFixture;

void  route_set_up           (RouteFixture *f, gconstpointer data);
void  route_tear_down        (RouteFixture *f, gconstpointer data);
void  route_open_journal     (RouteFixture *f);
void  route_make_device      (RouteFixture *f);
void  route_remove_device    (RouteFixture *f);
void  route_apply            (RouteFixture *f);
void  route_revert           (RouteFixture *f);
void  route_add_prefix       (AditPrefix *prefixes, guint *n, const char *text);
void  route_set_sysctl       (const char *name, int value);
int   route_get_sysctl       (const char *name);
char *route_take_listing     (void);
void  route_assert_protected (void);
void  route_assert_nowhere   (void);

#define route_assert_listing(before)                    \
  G_STMT_START {                                        \
    g_autofree char *now_ = route_take_listing ();      \
    g_assert_cmpstr (now_, ==, before);                 \
  } G_STMT_END

#define route_assert_way(question, device)                                          \
  G_STMT_START {                                                                    \
    g_autofree char *said_ = private_world_run (FALSE, "ip route get " question);   \
    if (strstr (said_, device) == NULL)                                             \
      g_error ("%s: wanted \"%s\", the kernel says: %s", question, device, said_);  \
  } G_STMT_END

G_END_DECLS
