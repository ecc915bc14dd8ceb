/* SPDX-License-Identifier: GPL-2.0-or-later */
/* firewall-fixture.h: a computer with the real lock on it, its network, a tunnel's far end, three kinds of guests, and a watcher
 * on every cable that a packet could leave by. */
#pragma once

#include "platform/firewall.h"
#include "tests/lab/private-world.h"
#include "tests/lab/probe.h"

G_BEGIN_DECLS

#define API    "198.51.100.10"
#define API6   "2001:db8:9::10"
#define PEER   "198.51.100.20"
#define OTHER  "198.51.100.30"
#define OTHER6 "2001:db8:9::30"
#define OWN    "10.64.0.2"
#define OWN6   "fc00:bbbb::2"
#define DNS    "10.64.0.1"
#define DNS6   "fc00:bbbb::1"

#define FIREWALL_AT_ONCE_MS 100    /* within this a program knows that it was refused */

typedef struct
{
  AditFirewall *firewall;
  int           cable, inside, bridged;    /* watchers */
} FirewallFixture;

/* One packet, or the first one of a connection. */
typedef struct
{
  const char *name;
  int         type, protocol;
  const char *to;
  guint16     port;
  ProbeWay    way;
} FirewallPacket;

gboolean firewall_fixture_set_up    (FirewallFixture      *self);
void     firewall_fixture_tear_down (FirewallFixture      *self);
gboolean firewall_fixture_try_lock  (FirewallFixture      *self,
                                     AditLock              lock,
                                     GError              **error);
void     firewall_fixture_set_lock  (FirewallFixture      *self,
                                     AditLock              lock);
void     firewall_fixture_set_carrier (FirewallFixture *self, AditLock lock, AditTransport transport, guint32 uid);
void     firewall_packet_send       (const FirewallPacket *self);

G_END_DECLS
