/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel-offer.h: by which ways somebody's account can connect, and why not by the others. */
#pragma once

#include "client/api/answer.h"
#include "ui/memory.h"

G_BEGIN_DECLS

/* Reasons are sentences for people; "" where there is something to choose. */
typedef struct
{
  gboolean     has[ADIT_N_PROTOCOLS];
  guint        n_protocols;
  AditProtocol protocol;           /* the one that is used */
  const char  *protocol_reason;
  gboolean     multihop;           /* it is used */
  const char  *multihop_reason;
  const char  *port_reason;
  const char  *ip_reason, *mtu_reason;
} AditTunnelOffer;

void  adit_tunnel_offer_find      (AditTunnelOffer *self, AditServerList *list, const AditAccountRow *account,
                                   const AditMemory *memory);
char *adit_tunnel_offer_dup_ports (const AditTunnelOffer *self, AditServerList *list);
const char *adit_tunnel_offer_name (AditProtocol protocol);

G_END_DECLS
