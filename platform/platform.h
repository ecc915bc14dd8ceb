/* SPDX-License-Identifier: GPL-2.0-or-later */
/* platform.h: everything that one operating system offers, gathered once by the helper's main.c. */
#pragma once

#include <gio/gio.h>
#include "client/base/journal.h"
#include "platform/authority.h"
#include "platform/dns.h"
#include "platform/firewall.h"
#include "platform/network.h"
#include "platform/route.h"
#include "platform/tunnel.h"

G_BEGIN_DECLS

#define ADIT_PLATFORM_MAX_CHOICES 4

typedef struct
{
  AditFirewall  *firewall;
  AditRoute     *route;
  AditNetwork   *network;    /* (nullable): then nothing is near */
  AditAuthority *authority;
  AditTunnel    *tunnels[ADIT_PLATFORM_MAX_CHOICES];    /* best first */
  guint          n_tunnels;
  AditDns       *dns[ADIT_PLATFORM_MAX_CHOICES];        /* most specific first */
  guint          n_dns;
} AditPlatform;

/* @journal must outlive the platform; @bus may be %NULL during recovery without a bus (then resolved and polkit are absent). */
AditPlatform *adit_platform_new  (AditJournal *journal, GDBusConnection *bus);
void          adit_platform_free (AditPlatform *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditPlatform, adit_platform_free)

G_END_DECLS
