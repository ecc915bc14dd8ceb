/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-assigned.h: what a server gave this computer for inside the tunnel, out of the environment that openvpn would have handed
 * to a script. */
#pragma once

#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_OVPN_MAX_RESOLVERS 32    /* named by a server; the first ADIT_TUNNEL_MAX_DNS of them that can be used are taken */
#define ADIT_OVPN_MAX_SERVERS   32    /* "dns server"s; OpenVPN numbers them from 1: dns.c, setenv_dns_options() */

typedef struct
{
  AditPrefix  addresses[ADIT_TUNNEL_MAX_ADDRESSES];    /* this computer's, of all bits: IPv4 first */
  guint       n_addresses;
  AditAddress dns[ADIT_TUNNEL_MAX_DNS];                /* of a family that it has an address of */
  guint       n_dns;
  guint       mtu_bytes;
} AditOvpnAssigned;

/* All zero is none.  Variables come in any order. */
typedef struct
{
  AditAddress ipv4, ipv6;
  struct { AditAddress address; guint order; } resolvers[ADIT_OVPN_MAX_RESOLVERS];
  guint       n_resolvers;
  guint64     unusable;       /* bit N: "dns server" N is not one to ask everything in plain on port 53 */
  guint       mtu_bytes;
} AditOvpnEnvironment;

gboolean adit_ovpn_environment_set    (AditOvpnEnvironment *self, const char *name, const char *value, GError **error);
gboolean adit_ovpn_environment_finish (const AditOvpnEnvironment *self, AditOvpnAssigned *assigned, GError **error);

G_END_DECLS
